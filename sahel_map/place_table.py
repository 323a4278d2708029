"""Which places do many names mean most likely, when the spellings like each are known?

The same as Gazetteer.search says of one name, but in columns of numbers for all at once: a place itself is
touched only to be given out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sahel_map.model import Candidate, Place
from sahel_map.spelling_index import Numbers, objects, runs

_METHODS = objects(["close", "sound"])
Row = TypeVar("Row")


class Similar(NamedTuple):
    """Spellings that are like some names, in the names' order and the likeliest of each first."""

    owners: Numbers  # the number of the name
    spellings: Numbers  # the number of the spelling
    scores: NDArray[np.float64]
    sounding: NDArray[np.bool_]  # whether it sounds the same


class PlaceTable:
    """The places of numbered spellings, a row for each."""

    def __init__(
        self, groups: Sequence[Sequence[Place]], names: Iterable[Sequence[str]], twins: Mapping[str, str]
    ) -> None:
        """The places of each spelling, their names so spelt, and which are one (telling_apart.twins)."""
        places = list(chain.from_iterable(groups))
        self._counts = np.array([len(group) for group in groups], dtype=np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._places, self._names = objects(places), objects(list(chain.from_iterable(names)))
        self._countries = objects([place.country for place in places])
        ids = [place.place_id for place in places]
        number = {place_id: rank for rank, place_id in enumerate(sorted(set(ids)))}
        self._ones = np.array([number[twins.get(place_id, place_id)] for place_id in ids], dtype=np.int64)
        wanted = np.lexsort(([number[place_id] for place_id in ids], [-place.population for place in places]))
        self._ranks = np.argsort(wanted)  # the more populated first

    def best(self, similar: Similar, names: int, country: str | None, limit: int) -> list[tuple[Candidate, ...]]:
        """The likeliest places of each of so many names."""
        found, rows = runs(self._starts[similar.spellings], self._counts[similar.spellings])
        # a place counts by the likeliest of its spellings, and of places that are one the first
        pairs = similar.owners[found] << 32 | self._ones[rows]
        order = np.argsort(pairs, kind="stable")
        order = order[np.diff(pairs[order], prepend=-1) > 0]
        if country is not None:
            order = order[self._countries[rows[order]] == country]
        found, rows = found[order], rows[order]
        # the likeliest first, of equals the more populated
        scores = _rounded(similar.scores)[found]
        lacking = 10_000 - np.rint(10_000 * scores).astype(np.int64)
        order = np.argsort((similar.owners[found] << 14 | lacking) << 32 | self._ranks[rows])
        owners = similar.owners[found[order]]
        order = order[np.arange(len(order)) - np.searchsorted(owners, owners) < limit]
        found, rows = found[order], rows[order]
        every = zip(
            self._places[rows].tolist(),
            self._names[rows].tolist(),
            methods(similar.sounding[found]),
            scores[order].tolist(),
            strict=True,
        )
        candidates = [Candidate(place=p, matched_name=name, method=m, score=score) for p, name, m, score in every]
        return parted(candidates, similar.owners[found], names)


def _rounded(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """To four digits, as Python rounds."""
    distinct, which = np.unique(scores, return_inverse=True)
    return np.array([round(score, 4) for score in distinct.tolist()])[which]


def methods(sounding: NDArray[np.bool_]) -> list[str]:
    """How spellings were found, as Candidate.method says it."""
    found: list[str] = _METHODS[sounding.astype(int)].tolist()
    return found


def parted(rows: Sequence[Row], owners: Numbers, names: int) -> list[tuple[Row, ...]]:
    """The rows of each of so many names, when rows stand in the order of the names that own them."""
    ends = np.searchsorted(owners, np.arange(names + 1)).tolist()
    return [tuple(rows[start:stop]) for start, stop in pairwise(ends)]
