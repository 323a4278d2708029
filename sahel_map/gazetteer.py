"""Which places may a name mean? Every known spelling, searched in tiers, strictest first.

A gazetteer is layers of places: the user's own (they win), the full gazetteer on this machine if
there is one (``sahel-map gazetteer update``), and the tables that ship with the package.

>>> gazetteer = Gazetteer.open(local=False)
>>> gazetteer.search("Gorom Gorom", country="BF")[0].place.name
'Gorom-Gorom'
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, compress, islice
from operator import not_
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from sahel_map.errors import GazetteerError, InputError
from sahel_map.gazetteer_store import Store, fingerprint, write_store
from sahel_map.model import Candidate, LonLat, Place
from sahel_map.name_index import LEAST_SIMILARITY, SCORES, Alike, LoadedNames, NameIndex, StoredNames
from sahel_map.names import compact, fold, has_qualifier, qualifiers, similarity_of_forms, sound_key, sound_keys
from sahel_map.place_merging import merge
from sahel_map.shipped import gazetteer_tables
from sahel_map.telling_apart import Distinct

if TYPE_CHECKING:
    from sahel_map.boundaries import Boundaries

GAZETTEER_VARIABLE = "SAHEL_MAP_GAZETTEER"
LONGEST_NAME = 120  # characters; a longer text is no place name
BULK = 300  # look-ups after which everything is loaded into memory

REMEMBERED = 8192  # names whose candidates are kept
MOST_SPELLINGS = 30  # of other spellings that are weighed
AT_ONCE = 4000  # names searched together


def local_path() -> Path:
    """Where the full gazetteer of this machine lies, or would: SAHEL_MAP_GAZETTEER, or the user's data folder."""
    named = os.environ.get(GAZETTEER_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("sahel-map", False)) / "gazetteer.sqlite"


def user_places_path(gazetteer: Path | None = None) -> Path:
    """The user's own places: a CSV file beside the local gazetteer."""
    return (gazetteer or local_path()).with_name("my_places.csv")


class Gazetteer:
    """Places by name, from one or more layers; an earlier layer wins over a later one."""

    def __init__(self, layers: Iterable[Store]) -> None:
        self._layers = tuple(layers)
        self._lookups = 0
        self._prepared: dict[str, Sequence[Alike]] = {}
        # one article asks for the same name a dozen times, a year of news for the same thousand
        self._exact = lru_cache(maxsize=REMEMBERED)(self._exact_candidates)
        self._alike = lru_cache(maxsize=REMEMBERED)(self._spellings_alike)
        self._spelt = lru_cache(maxsize=32)(self._spelt_within)  # a report stays in its district

    @classmethod
    def open(cls, path: Path | None = None, *, local: bool = True) -> Gazetteer:
        """The user's places, the local gazetteer and the shipped tables, as far as they exist.

        `path` names another local gazetteer file; ``local=False`` reads only what ships with the package.
        Raises GazetteerError for a file that is not a gazetteer, or named and missing.
        """
        shipped = [gazetteer_tables() / name for name in ("kept_places.csv", "places.csv")]
        if not local:
            return cls([compiled(shipped, read_shipped, "shipped")])
        where = path or local_path()
        if not where.is_file() and (path or os.environ.get(GAZETTEER_VARIABLE)):
            raise GazetteerError(f"there is no gazetteer at {str(where)!r}: run `sahel-map gazetteer update`")
        layers = []
        own = user_places_path(where)
        if own.is_file():
            layers.append(compiled([own], read_user_places, "user"))
        full = [Store(where)] if where.is_file() else []
        if not full or full[0].meta.get("shipped") != fingerprint(shipped):
            layers.append(compiled(shipped, read_shipped, "shipped"))
        return cls([*layers, *full])

    @property
    def meta(self) -> list[tuple[Path, dict[str, str]]]:
        """(file, what it says of itself) of every layer, the winning one first."""
        return [(layer.path, layer.meta) for layer in self._layers]

    @cached_property
    def boundaries(self) -> Boundaries:
        """The shipped admin units, with the polygons the local gazetteer was made with where it has some."""
        from sahel_map.boundaries import Boundaries
        from sahel_map.boundary_tables import Cell

        rows = next((rows for layer in self._layers if (rows := layer.cells())), [])
        if not rows:
            return Boundaries.shipped()
        import shapely

        shapes = shapely.from_wkb([geometry for *_, geometry in rows])
        cells = (Cell(code, g, tuple(ids.split("|"))) for (code, ids, _), g in zip(rows, shapes, strict=True))
        return Boundaries.shipped().with_cells(cells)

    def __len__(self) -> int:
        return sum(int(layer.meta["places"]) for layer in self._layers)

    def places(self) -> Iterator[Place]:
        """Every place of every layer; one that two layers know comes twice."""
        for layer in self._layers:
            yield from layer.load_places().values()

    def folded_names(self) -> Iterator[str]:
        """Every known spelling, folded (names.fold); some more than once."""
        for layer in self._layers:
            for row in layer.names():
                yield row.folded

    def prominent_names(self) -> Iterator[str]:
        """Folded names of places everybody knows: seats, towns of 5,000 people and more, the user's own."""
        for layer in self._layers:
            yield from map(fold, layer.prominent_names())

    def load(self) -> LoadedNames:
        """Load everything into memory now, for many look-ups."""
        if not isinstance(self._index, LoadedNames):
            self._index: NameIndex = LoadedNames(self._layers)
        return self._index

    def lookup(self, name: str, *, country: str | None = None) -> tuple[Place, ...]:
        """The places written exactly so, accents, case, hyphens and spaces aside; country is ISO alpha-2.

        >>> Gazetteer.open(local=False).lookup("TIN-AKOF")[0].country
        'BF'
        """
        found = self._names().with_compact(compact(name))
        return tuple(p for p in found if p.country == country) if country else found

    def search(self, name: str, *, country: str | None = None, limit: int = 8) -> tuple[Candidate, ...]:
        """The likeliest places of that name, exact ones first, then by sound, then by close spelling.

        The score (0–1) says how well the spelling fits, nothing else; among equals the more
        populated comes first. Empty when nothing is near.
        """
        return self._best(name, self._alike(name), country, limit)

    def search_many(
        self, names: Iterable[str], *, country: str | None = None, limit: int = 8
    ) -> Iterator[tuple[Candidate, ...]]:
        """``search`` for each of many names, in their order: faster, because their spellings are compared together."""
        index = self.load()
        rest = iter(names)
        while some := list(islice(rest, AT_ONCE)):
            keys = [_key(name) for name in some]
            sounds = sound_keys(name if key else "" for name, key in zip(some, keys, strict=True))
            forms = list(zip(keys, sounds, strict=True))
            special = [self._is_special(fold(name), key) for name, key in zip(some, keys, strict=True)]
            alike = iter(index.alike_many(list(compress(forms, special))))
            answers = iter(index.places_alike(list(compress(forms, map(not_, special))), country, limit))
            for name, key, is_special in zip(some, keys, special, strict=True):
                if is_special:
                    yield self._best(name, self._with_parts(name, key, next(alike)), country, limit)
                else:
                    yield next(answers)

    def prepare(self, names: Iterable[str]) -> None:
        """Find the other spellings of many names at once, for ``search`` and ``near`` of these names: faster than each alone."""
        forms = {name: (key, sound_key(name)) for name in names if (key := _key(name))}
        self._prepared = dict(zip(forms, self.load().alike_many(list(forms.values())), strict=True))

    def _is_special(self, folded: str, key: str) -> bool:
        """Whether more than other spellings tells what is meant: it is known, wholly or in part, or has a qualifier."""
        if not key or self._index.with_compact(key):
            return True
        words = folded.split()
        return has_qualifier(words) or any(self._parts(words))

    def _best(self, name: str, spellings: Sequence[Alike], country: str | None, limit: int) -> tuple[Candidate, ...]:
        """The likeliest places written exactly so or as one of the spellings, which come the likeliest first."""
        index, admits, asked = self._index, self._index.apart().admits, qualifiers(name)
        found = [c for c in self._exact(name) if admits(c.place) and country in (None, c.place.country)]
        found.sort(key=lambda c: (-c.score, -c.place.population, c.place.place_id))
        near: list[tuple[float, int, str, Place, str, str]] = []  # in the order they are wanted
        room = limit - len(found)
        for score, key, method in spellings if room > 0 else ():
            worth = round(score, 4)
            if len(near) >= room and not asked and -near[room - 1][0] > worth:
                break  # no further one can be among the best
            for place, spelt in index.spelt(key):
                if admits(place) and (country is None or place.country == country):
                    if asked:
                        worth = _worth(score, spelt, asked)
                    near.append((-worth, -place.population, place.place_id, place, spelt, method))
        near.sort()
        best = [
            Candidate(place=place, matched_name=spelt, method=method, score=-worth)
            for worth, _, _, place, spelt, method in near[: max(room, 0)]
        ]
        return (*found[:limit], *best)

    def exact(self, name: str) -> list[Candidate]:
        """Places written exactly so: as their name, as another of their names, or but for the spaces."""
        return list(self._exact(name))

    def _exact_candidates(self, name: str) -> tuple[Candidate, ...]:
        key = compact(name)
        places = self._names().with_compact(key) if len(key) <= LONGEST_NAME else ()
        if not places:
            return ()
        folded = fold(name)
        return tuple(distinct(_exact_candidate(place, folded, key) for place in places))

    def near(
        self, name: str, *, most: int = MOST_SPELLINGS, meant: Callable[[Place], bool] | None = None
    ) -> list[Candidate]:
        """Places that sound alike, begin alike or differ by a letter or two; not the exact ones.

        Of the other spellings the `most` likely are looked at; of the places those that may be `meant`, if not all.
        """
        spellings = self._alike(name)[:most]
        index, admits, asked = self._index, self._index.apart().admits, qualifiers(name)
        return [
            Candidate(place=place, matched_name=spelt, method=method, score=_worth(score, spelt, asked))
            for score, key, method in spellings
            for place, spelt in index.spelt(key)
            if admits(place) and (meant is None or meant(place))
        ]

    def _spellings_alike(self, name: str) -> Sequence[Alike]:
        key = _key(name)
        if not key:
            return []
        alike = self._prepared.get(name)
        return self._with_parts(name, key, self._names().alike(key, sound_key(name)) if alike is None else alike)

    def _with_parts(self, name: str, key: str, alike: Sequence[Alike]) -> Sequence[Alike]:
        """The other spellings that are anything like a name, the likeliest first."""
        if not key:
            return []
        if parts := set(self._parts(fold(name).split())) - {key}:
            parts.difference_update(spelling for _, spelling, _ in alike)
            more = [(SCORES["part"] * _part_similarity(key, part), part, "part") for part in parts]
            return sorted([*alike, *more], reverse=True)
        return alike

    def alike_within(self, name: str, box: tuple[float, float, float, float]) -> list[Candidate]:
        """Places in a box (west, south, east, north) whose spelling is anything like the name, method "close".

        For a name misspelt beyond two letters whose surroundings are known.
        """
        found = []
        key, sound = compact(name), sound_key(name)
        for place, names, forms in self._spelt(box):
            alike = [similarity_of_forms(key, sound, *both) for both in forms]
            if (most := max(alike)) >= LEAST_SIMILARITY:
                score = round(SCORES["close"] * most, 4)
                spelt = names[alike.index(most)]
                found.append(Candidate(place=place, matched_name=spelt, method="close", score=score))
        return distinct(sorted(found, key=lambda c: -c.score))

    def _spelt_within(
        self, box: tuple[float, float, float, float]
    ) -> list[tuple[Place, tuple[str, ...], list[tuple[str, str]]]]:
        """Every place in a box with its names, and the compact form and sound key of each."""
        places = [place for layer in self._layers for place in layer.within(*box)]
        names = [(place.name, *place.alternate_names) for place in places]
        sounds = iter(sound_keys(chain.from_iterable(names)))
        forms = [[(compact(spelt), next(sounds)) for spelt in known] for known in names]
        return list(zip(places, names, forms, strict=True))

    def settlements_within(self, box: tuple[float, float, float, float]) -> list[Place]:
        """The settlements in a box (west, south, east, north), each once."""
        new = Distinct()
        found = (p for layer in self._layers for p in layer.within(*box) if p.feature_code.startswith("PPL"))
        return [place for place in found if new.admits(place)]

    def _parts(self, words: Sequence[str]) -> Iterator[str]:
        """Spellings that add words to the end of a name's folded words, or leave its last ones out."""
        index = self._index
        if len("".join(words)) >= 4:
            yield from index.beginning_with(" ".join(words))
        for end in range(len(words) - 1, 0, -1):
            shorter = "".join(words[:end])
            if len(shorter) >= 4 and index.with_compact(shorter):
                yield shorter

    @cached_property
    def _index(self) -> NameIndex:
        return StoredNames(self._layers)

    def _names(self) -> NameIndex:
        self._lookups += 1
        if self._lookups == BULK:
            self.load()
        return self._index


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates without the same place twice; the first is kept."""
    new = Distinct()
    return [candidate for candidate in candidates if new.admits(candidate.place)]


def compiled(tables: list[Path], read: Callable[[Path], Iterator[Place]], title: str) -> Store:
    """The tables as a gazetteer file in the user's cache, written again when a table has changed.

    Where the cache cannot be written, a temporary file of this process is used.
    """
    digest = fingerprint(tables)
    path = Path(platformdirs.user_cache_dir("sahel-map", False)) / f"{title}-{digest}.sqlite"
    if path.is_file():
        try:
            return Store(path)
        except GazetteerError:
            path.unlink(missing_ok=True)
    places = merge(place for table in tables if table.is_file() for place in read(table))
    meta = {"title": title, "fingerprint": digest}
    try:
        write_store(path, places, meta)
    except OSError:
        import tempfile

        path = Path(tempfile.mkdtemp(prefix="sahel-map-")) / path.name
        write_store(path, places, meta)
    return Store(path)


def read_shipped(table: Path) -> Iterator[Place]:
    """The places of a shipped table (gazetteer/tables/places.csv, kept_places.csv)."""
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Place(
                place_id=row["place_id"],
                name=row["name"],
                alternate_names=_split(row["alternate_names"]),
                feature_code=row["feature_code"] or "PPL",
                position=LonLat(float(row["longitude"]), float(row["latitude"])),
                country=row["country"],
                adm1_pcode=row["adm1_pcode"],
                adm2_pcode=row["adm2_pcode"],
                population=int(row["population"] or 0),
                sources=("kept",) * (table.stem == "kept_places") + _split(row["source"]),
                note=row["note"],
            )


def read_user_places(table: Path) -> Iterator[Place]:
    """The user's own places: columns name, latitude, longitude and, if known, alternate_names, country, feature_code."""
    with table.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                position = LonLat(float(row["longitude"]), float(row["latitude"]))
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(f"{table} line {number}: {error}; wanted name, latitude, longitude") from error
            yield Place(
                place_id=f"user:{number - 1}",
                name=row["name"],
                position=position,
                country=row.get("country") or "",
                alternate_names=_split(row.get("alternate_names") or ""),
                feature_code=row.get("feature_code") or "PPL",
                population=int(row.get("population") or 0),
                sources=("user",),
                note=row.get("note") or "",
            )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _exact_candidate(place: Place, folded: str, key: str) -> Candidate:
    if fold(place.name) == folded:
        name, method = place.name, "exact"
    else:
        spelt = [n for n in place.alternate_names if fold(n) == folded]
        name = spelt[0] if spelt else next(n for n in (place.name, *place.alternate_names) if compact(n) == key)
        method = "alternate" if spelt else "compact"
    if place.sources == ("user",):
        method = "user"
    return Candidate(place=place, matched_name=name, method=method, score=SCORES[method])


def _worth(score: float, spelt: str, asked: frozenset[str]) -> float:
    """How well a spelling of that score fits, when a name with such qualifiers was asked for."""
    if asked and (has := qualifiers(spelt)) and not asked & has:
        return round(0.85 * score, 4)  # X-Peul is not X-Dogon
    return round(score, 4)


def _key(name: str) -> str:
    """The compact form; empty for what can be no name."""
    key = compact(name)
    return key if len(key) <= LONGEST_NAME else ""


def _part_similarity(one: str, other: str) -> float:
    shorter, longer = sorted((len(one), len(other)))
    return 0.7 + 0.3 * shorter / longer
