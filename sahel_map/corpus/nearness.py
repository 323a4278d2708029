"""Which mentions of other blocks could link with those of a block? Near in space and time, or of one name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import Any

from sahel_map.blocking import BACKGROUND_DAYS, close_pairs
from sahel_map.corpus.mentions import EPOCH, KEYS, extents_of

At = tuple[int, int]  # where a mention stands among those of its country: day, id
_LIGHT = ", ".join(("id", *KEYS))
_COUNTRY, _NAME, _FIRST, _LAST, _PUBLISHED = (1 + KEYS.index(key) for key in ("country", "name", "first", "last", "published"))  # fmt: skip
_ANY_DAY = (-EPOCH, 4_000_000)
_IDS = 30_000  # SQLite's parameters in one statement
Row = tuple[Any, ...]


def own_of(database: Connection, block: tuple[str, int, At, At]) -> list[Row]:
    """The mentions of a block: what nearness needs of each."""
    country, dated, after, until = block
    query = f"""SELECT {_LIGHT} FROM mentions WHERE country = ? AND dated = ? AND (day, id) > (?, ?) AND (day, id) <= (?, ?)
        ORDER BY day, id"""
    return database.execute(query, (country, dated, *after, *until)).fetchall()


def near_of(database: Connection, own: list[Row], longest: int) -> set[int]:
    """The ids of the others near them; no mention of the country tells of more days than ``longest`` and one."""
    first, last = _days_told(own)
    found = set(_of_one_name(database, own, first, last))
    if own[0][_FIRST] is not None:
        query = f"SELECT {_LIGHT} FROM mentions WHERE country = ? AND first BETWEEN ? AND ? AND last >= ?"
        span = (own[0][_COUNTRY], first - 1 - longest, last + 1, first - 1)
        others = database.execute(query, span).fetchall()
        pairs = close_pairs(extents_of([row[1:] for row in own]), extents_of([row[1:] for row in others]))
        found.update(others[j][0] for j in set(pairs[:, 1].tolist()))
    return found.difference(row[0] for row in own)


def mentions_of(database: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Mentions by their number, whole."""
    names = ("id", "mention", "report", "geometry")
    found: list[dict[str, Any]] = []
    for start in range(0, len(ids), _IDS):
        some = ids[start : start + _IDS]
        query = f"SELECT {', '.join(names)} FROM mentions WHERE id IN ({', '.join('?' * len(some))})"
        found += [dict(zip(names, row, strict=True)) for row in database.execute(query, some)]
    return found


def _of_one_name(database: Connection, own: list[Row], first: int, last: int) -> Iterator[int]:
    dated = "first <= ? AND last >= ?"
    undated = "first IS NULL AND (published IS NULL OR published BETWEEN ? AND ?)"
    for country, name in {(row[_COUNTRY], row[_NAME]) for row in own}:
        for around, span in ((dated, (last + 1, first - 1)), (undated, (first - 1, last + BACKGROUND_DAYS + 1))):
            query = f"SELECT id FROM mentions WHERE country = ? AND name = ? AND {around}"
            yield from (row[0] for row in database.execute(query, (country, name, *span)))


def _days_told(own: list[Row]) -> tuple[int, int]:
    """The first and the last day that these may be of; every day when one gives neither day nor publication."""
    spans = []
    for row in own:
        if row[_FIRST] is not None:
            spans.append((row[_FIRST], row[_LAST]))
        elif row[_PUBLISHED] is not None:
            spans.append((row[_PUBLISHED] - BACKGROUND_DAYS, row[_PUBLISHED] + 1))
        else:
            spans.append(_ANY_DAY)
    return min(first for first, _ in spans), max(last for _, last in spans)
