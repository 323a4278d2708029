"""Which numbers do pairs tie together, when there are too many for memory? Sets that grow in the catalogue's table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from sahel_map.corpus.catalogue import Catalogue

_SHORTEN = """UPDATE chains SET up = (SELECT above.up FROM chains AS above WHERE above.id = chains.up)
    WHERE up <> (SELECT above.up FROM chains AS above WHERE above.id = chains.up)"""


class Chains:
    """Sets of numbers; each set is known by its smallest."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        catalogue.change("DELETE FROM chains")

    def tie(self, numbers: Iterable[int]) -> None:
        """These belong together, and so does all that belongs to any of them."""
        smallest, *others = sorted({self._smallest(number) for number in numbers})
        for other in others:
            self._catalogue.change("UPDATE chains SET up = ? WHERE id = ?", smallest, other)

    def sets(self, query: str = "SELECT up, id FROM chains ORDER BY up, id") -> Iterator[list[int]]:
        """Each set, in order. A ``query`` may order them otherwise."""
        while self._catalogue.change(_SHORTEN):  # every step halves the way up
            pass
        for _, rows in groupby(self._catalogue.ask(query), key=itemgetter(0)):
            yield [number for _, number in rows]

    def _smallest(self, number: int) -> int:
        passed = []
        while (up := self._up(number)) != number:
            passed.append(number)
            number = up
        for below in passed[:-1]:
            self._catalogue.change("UPDATE chains SET up = ? WHERE id = ?", number, below)
        return number

    def _up(self, number: int) -> int:
        for (up,) in self._catalogue.ask("SELECT up FROM chains WHERE id = ?", number):
            return int(up)
        self._catalogue.change("INSERT INTO chains VALUES (?, ?)", number, number)
        return number
