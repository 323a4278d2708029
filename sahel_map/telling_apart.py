"""Which places of several gazetteers are one? Those with a name in common within 5 km."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sahel_map.model import Place
from sahel_map.names import compact

_NEAR = 0.045  # degrees, some 5 km


class Distinct:
    """Tells the places apart that are offered one after the other.

    It admits none twice, nor another layer's word on a place already there (a name in common within 5 km).
    """

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._rows: dict[int, list[Place]] = {}  # by bands of latitude, so that a name of many places stays cheap

    def admits(self, place: Place) -> bool:
        if place.place_id in self._ids:
            return False
        row, rows = int(place.position.lat / _NEAR), self._rows
        for near in (row - 1, row, row + 1):
            if near in rows:
                for other in rows[near]:
                    if _one_place(place, other):
                        return False
        self._ids.add(place.place_id)
        rows.setdefault(row, []).append(place)
        return True


class Apart:
    """The same for places whose twins are known beforehand: many times as fast."""

    def __init__(self, twins: Mapping[str, str]) -> None:
        self._twins, self._seen = twins, set[str]()

    def admits(self, place: Place) -> bool:
        one = self._twins.get(place.place_id, place.place_id)
        if one in self._seen:
            return False
        self._seen.add(one)
        return True


def twins(groups: Iterable[Sequence[Place]]) -> dict[str, str]:
    """For every place that is one with another of its group, told before it: the id of the first of them.

    A group are places with a name in common, in the order in which they count.
    """
    found: dict[str, str] = {}
    for group in groups:
        rows: dict[int, list[Place]] = {}
        for place in group if len(group) > 1 else ():
            row = int(place.position.lat / _NEAR)
            near = (other for beside in (row - 1, row, row + 1) for other in rows.get(beside, ()))
            first = next((other for other in near if _are_near(place, other)), None)
            if first is not None and first.place_id != place.place_id:
                found.setdefault(place.place_id, found.get(first.place_id, first.place_id))
            rows.setdefault(row, []).append(place)
    return found


def _are_near(one: Place, other: Place) -> bool:
    return abs(one.position.lat - other.position.lat) < _NEAR and abs(one.position.lon - other.position.lon) < _NEAR


def _one_place(one: Place, other: Place) -> bool:
    if not _are_near(one, other):
        return False
    spellings = _spellings(one.name, one.alternate_names)
    return not spellings.isdisjoint(_spellings(other.name, other.alternate_names))


@lru_cache(maxsize=1 << 14)
def _spellings(name: str, others: tuple[str, ...]) -> frozenset[str]:
    return frozenset(compact(spelling) for spelling in (name, *others))
