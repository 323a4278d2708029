"""Which reports of a corpus are one text? The pairs, found some thousand reports at a time.

Copies lie within some days of each other. In the order of their days, undated ones last, each run of a language is looked
at beside what follows within these days and beside what is undated, a run at a time. ``standing`` decides
who stands for whom.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from sahel_map.corpus.catalogue import UNDATED, Catalogue, key, looking
from sahel_map.corpus.spreading import Job, name_of
from sahel_map.corpus.work import rows_at
from sahel_map.reports.copies import DAYS, Print, is_copy, numbers_told, shingle_counts

STAGE = "copies"
SPAN = 20_000  # reports of one run
At = tuple[int, int]  # where a report stands among those of its language: day, id
_START: At = (0, 0)
Row = tuple[Any, ...]


def jobs(catalogue: Catalogue) -> Iterator[Job]:
    """Runs of one language, each beside the runs that follow near it; the first of these also within itself."""
    numbers = count()
    for (language,) in catalogue.ask("SELECT DISTINCT language FROM reports ORDER BY language"):
        for after, until in _runs(catalogue, language, _START, UNDATED):
            within = True
            for other in _near(catalogue, language, until):
                yield Job(name_of(next(numbers)), (str(catalogue.path), language, (after, until), other, within))
                within = False


def piece(
    folder: Path, name: str, catalogue: str, language: str, own: tuple[At, At], other: tuple[At, At], within: bool
) -> dict[str, Any]:
    """The pairs (copy, what it is a copy of) of a report of the one run and one of the other, or of the same."""
    with looking(catalogue) as database:
        rows = [(*row, run is own) for run in (own, other) for row in _of_run(database, language, run)]
    prints = dict(_prints(folder, rows, language))
    rows.sort(key=itemgetter(1))
    mine = [row[-1] for row in rows]
    found = copy_pairs([prints[row[0]] for row in rows], lambda i, j: mine[i] != mine[j] or (within and mine[i]))
    alike = [(rows[i], rows[j]) for i, j in found]
    told = dict(_numbers(folder, {row[:-1] for pair in alike for row in pair}, language))
    return {"pairs": [[copy[0], original[0]] for copy, original in alike if told[copy[0]] <= told[original[0]]]}


def copy_pairs(prints: list[Print], wanted: Callable[[int, int], bool]) -> Iterator[tuple[int, int]]:
    """Each wanted pair (copy, original) of prints in the order of ``standing``."""
    counts = shingle_counts(prints)
    likely: dict[int, list[int]] = defaultdict(list)
    for index, candidate in enumerate(prints):
        for other in {other for shingle in candidate.rarest(counts) for other in likely[shingle]}:
            if wanted(index, other) and is_copy(candidate, prints[other]):
                yield index, other
        for shingle in candidate.shingles:
            if counts[shingle] > 1:
                likely[shingle].append(index)


# --- which are looked at together -----------------------------------------------------------------------------


def _runs(catalogue: Catalogue, language: str, after: At, day: int) -> Iterator[tuple[At, At]]:
    """Runs of SPAN reports up to a day, each as (after, until)."""
    while (until := _end(catalogue, language, after, day)) is not None:
        yield after, until
        after = until


def _near(catalogue: Catalogue, language: str, until: At) -> Iterator[tuple[At, At]]:
    """The runs after that; an empty one where none follows."""
    found = list(_runs(catalogue, language, until, until[0] + DAYS))
    if until[0] != UNDATED:
        found += _runs(catalogue, language, (UNDATED, 0), UNDATED)
    return iter(found or [(until, until)])


def _end(catalogue: Catalogue, language: str, after: At, day: int) -> At | None:
    query = """SELECT day, id FROM (SELECT day, id FROM reports WHERE language = ? AND (day, id) > (?, ?) AND day <= ?
        ORDER BY day, id LIMIT ?) ORDER BY day DESC, id DESC LIMIT 1"""
    return next(catalogue.ask(query, language, *after, day, SPAN), None)


# --- what tells them apart ------------------------------------------------------------------------------------


def _of_run(database: Connection, language: str, run: tuple[At, At]) -> Iterator[Row]:
    """(id, place in the order of ``standing``, day, batch, row in it) of the reports of a run that are coded."""
    query = """SELECT id, size, day, report_id, fate, (SELECT max(first) FROM batches WHERE first <= id)
        FROM reports LEFT JOIN fates USING (id) WHERE language = ? AND (day, id) > (?, ?) AND (day, id) <= (?, ?)"""
    for number, size, day, report_id, fate, first in database.execute(query, (language, *run[0], *run[1])):
        told = json.loads(fate) if fate else {}
        if told is not None:
            ((batch,),) = database.execute("SELECT name FROM batches WHERE first = ?", (first,))
            yield number, (-size, day, key(told["report_id"]) if told else report_id), day, batch, number - first


def _prints(folder: Path, rows: Iterable[Row], language: str) -> Iterator[tuple[int, Print]]:
    """Prints that tell no number: few texts are so alike that their numbers matter."""
    for (number, _, day, *_), told in _read(folder, rows, ["words", "shingles"]):
        when = None if day == UNDATED else dt.date.fromordinal(day)
        yield number, Print(language, when, told["words"], frozenset(told["shingles"]), frozenset)


def _numbers(folder: Path, rows: Iterable[Row], language: str) -> Iterator[tuple[int, frozenset[float]]]:
    for (number, *_), told in _read(folder, rows, ["text"]):
        yield number, numbers_told(json.loads(told["text"]), language)


def _read(folder: Path, rows: Iterable[Row], columns: list[str]) -> Iterator[tuple[Row, dict[str, Any]]]:
    for batch, some in groupby(sorted(rows, key=itemgetter(3, 4)), key=itemgetter(3)):
        wanted = list(some)
        told = rows_at(folder / "reports" / f"{batch}.parquet", [row[4] for row in wanted], columns)
        yield from zip(wanted, told, strict=True)
