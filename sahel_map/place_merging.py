"""When do two sources speak of one place? When a name is the same, or sounds it, within five kilometres.

The first source in the order of trust gives name and position; every further one adds its spellings,
its population where there was none, and its own id, so that a place says who knows it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator

from sahel_map.model import LonLat, Place
from sahel_map.names import compact, fold, sound_key

NEAR_KM = 5.0
LONGEST = 200  # characters of a name; longer is a damaged line
_SEPARATOR = "|"
_CELL = 0.05  # degrees: a little more than NEAR_KM
TRUST = ("user", "kept", "shipped", "table", "geonames", "ocha-settlements", "cod-ab", "openstreetmap", "whosonfirst")


def merge(places: Iterable[Place]) -> list[Place]:
    """One place of each, in the order of trust given by the caller.

    Areas (feature codes ADM…), waters and hills are never merged with settlements of the same name.
    """
    groups: list[list[Place]] = []
    cells: dict[tuple[int, int], list[int]] = {}
    keys: list[set[str]] = []
    for place in places:
        own = _keys(place)
        number = next(_same(place, own, groups, keys, cells), None)
        if number is None:
            number = len(groups)
            groups.append([])
            keys.append(set())
            cells.setdefault(_cell(place.position), []).append(number)
        groups[number].append(place)
        keys[number] |= own
    return [_one(group) for group in groups]


def kind_of(feature_code: str) -> str:
    """settlement, area, or the code's own class: what may be one place."""
    if feature_code.startswith(("PPL", "STLMT")):
        return "settlement"
    if feature_code.startswith(("ADM", "PCL")):
        return "area"
    return feature_code[:3]


def usable_names(names: Iterable[str], *, but: str = "") -> tuple[str, ...]:
    """Distinct names in Latin letters, in their order, without the main one and without damaged ones."""
    kept: dict[str, None] = {}
    for name in names:
        cleaned = mended(" ".join(name.replace(_SEPARATOR, " ").split()))
        if cleaned[:1].islower() and not but[:1].islower():
            continue  # GeoNames' automatic transliterations ("jia ao" of 加奥)
        if cleaned and cleaned != but and len(cleaned) <= LONGEST and fold(cleaned).replace(" ", "").isascii():
            kept[cleaned] = None
    return tuple(kept)


def mended(name: str) -> str:
    """A name whose UTF-8 was once read as Latin-1, put right ("InÃ©kar" is Inékar); any other as it is."""
    if "Ã" not in name:
        return name
    try:
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name


def _same(
    place: Place,
    own: set[str],
    groups: list[list[Place]],
    keys: list[set[str]],
    cells: dict[tuple[int, int], list[int]],
) -> Iterator[int]:
    row, column = _cell(place.position)
    for r in (row - 1, row, row + 1):
        for c in (column - 1, column, column + 1):
            for number in cells.get((r, c), ()):
                first = groups[number][0]
                if (
                    not own.isdisjoint(keys[number])
                    and kind_of(first.feature_code) == kind_of(place.feature_code)
                    and (not first.country or not place.country or first.country == place.country)
                    and _km(first.position, place.position) <= NEAR_KM
                    and not _twins(groups[number], place)
                ):
                    yield number


def _twins(group: list[Place], place: Place) -> bool:
    """Two entries of one source are two places unless they carry the very same name."""
    source = place.sources[0].split(":")[0]
    return any(p.sources[0].split(":")[0] == source and compact(p.name) != compact(place.name) for p in group)


def _one(group: list[Place]) -> Place:
    first = group[0]
    names = [name for place in group for name in (place.name, *place.alternate_names)]
    far = [p for p in group[1:] if _km(p.position, first.position) > 2]
    note = "; ".join([first.note] * bool(first.note) + [
        f"{p.sources[0]} puts it {_km(p.position, first.position):.0f} km away" for p in far])  # fmt: skip
    return dataclasses.replace(
        first,
        country=next((p.country for p in group if p.country), ""),
        alternate_names=usable_names(names, but=first.name),
        population=next((p.population for p in group if p.population), 0),
        sources=tuple(dict.fromkeys(source for place in group for source in place.sources)),
        adm1_pcode=first.adm1_pcode,
        adm2_pcode=first.adm2_pcode,
        note=note,
    )


def _keys(place: Place) -> set[str]:
    names = (place.name, *place.alternate_names)
    return {compact(name) for name in names} | {"~" + sound_key(name) for name in names}


def _cell(position: LonLat) -> tuple[int, int]:
    return math.floor(position.lat / _CELL), math.floor(position.lon / _CELL)


def _km(one: LonLat, other: LonLat) -> float:
    across = (one.lon - other.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return 111.32 * math.hypot(across, one.lat - other.lat)
