"""Which reports of a corpus are one text? The same answer as ``reports.standing``, found span by span of days.

Copies lie within some days of each other, so the pairs are found by workers, each with a span of one language and
the days after it; undated reports are looked at beside every span. Who stands for whom is then decided in one order.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sahel_map.corpus.catalogue import Catalogue
from sahel_map.corpus.spreading import Job
from sahel_map.corpus.work import read_rows
from sahel_map.json_records import from_json
from sahel_map.model import Report
from sahel_map.reports.copies import DAYS, Print, is_copy, merged_copies, shingle_counts, standing

STAGE = "copies"
SPAN = 20_000  # reports looked at together
Key = tuple[str, int]  # batch, row
Fates = dict[str, dict[str, dict[str, Any] | None]]  # batch -> row -> what changes
_COLUMNS = ["language", "day", "size", "words", "shingles", "numbers"]


def renamed(catalogue: Catalogue) -> Fates:
    """The reports whose id another has: the same text is dropped, a different one gets a suffix."""
    fates: Fates = defaultdict(dict)
    query = """SELECT batch, row, report_id, digest FROM reports WHERE report_id IN (
        SELECT report_id FROM reports GROUP BY report_id HAVING count(*) > 1) ORDER BY report_id, digest, batch, row"""
    before = first = ("", "")
    for batch, row, report_id, digest in catalogue.ask(query):
        if report_id != before[0]:
            first = (report_id, digest)
        elif digest in (before[1], first[1]):
            fates[batch][str(row)] = None
        else:
            fates[batch][str(row)] = {"report_id": f"{json.loads(report_id)}#{digest[:6]}"}
        before = (report_id, digest)
    return fates


def jobs(catalogue: Catalogue, fates: Fates) -> list[Job]:
    """Spans of days of one language, with the batches that hold reports of it."""
    found = []
    for (language,) in list(catalogue.ask("SELECT DISTINCT language FROM reports ORDER BY language")):
        for first, last in _spans(catalogue, language):
            query = "SELECT DISTINCT batch FROM reports WHERE language = ? AND (day IS NULL OR day BETWEEN ? AND ?)"
            batches = [batch for (batch,) in catalogue.ask(query, language, first, last + DAYS)]
            known = {batch: fates[batch] for batch in batches if batch in fates}
            found.append(Job(f"{language}-{first}", (language, first, last, sorted(batches), known)))
    return found


def piece(
    folder: Path, name: str, language: str, first: int, last: int, batches: list[str], fates: Fates
) -> dict[str, Any]:
    """The pairs (copy, what it is a copy of) of which one is of these days, the other of these or the next, or undated."""
    found: list[tuple[tuple[Any, ...], Key, Print]] = []
    for batch in batches:
        for number, row in enumerate(read_rows(folder / "reports" / f"{batch}.parquet", ["report_id", *_COLUMNS])):
            fate = fates.get(batch, {}).get(str(number), {})
            near = row["day"] is None or first <= row["day"] <= last + DAYS
            if row["language"] == language and near and fate is not None:
                report_id = fate.get("report_id") or json.loads(row["report_id"])
                day = dt.date.fromordinal(row["day"]) if row["day"] is not None else None
                order = (-row["size"], day.isoformat() if day else "9", report_id)
                told = Print(
                    language, day, row["words"], frozenset(row["shingles"]), partial(frozenset, row["numbers"])
                )
                found.append((order, (batch, number), told))
    found.sort(key=lambda each: each[0])
    prints = [told for _, _, told in found]
    ends = dt.date.fromordinal(last)
    pairs = [
        [*found[i][1], *found[j][1]]
        for i, j in copy_pairs(prints)
        if any((day := prints[k].published) is None or day <= ends for k in (i, j))
    ]
    return {"pairs": pairs}


def copy_pairs(prints: list[Print]) -> Iterator[tuple[int, int]]:
    """Each pair (copy, original) of prints in the order of ``standing``."""
    counts = shingle_counts(prints)
    likely: dict[int, list[int]] = defaultdict(list)
    for index, candidate in enumerate(prints):
        for other in {other for shingle in candidate.rarest(counts) for other in likely[shingle]}:
            if is_copy(candidate, prints[other]):
                yield index, other
        for shingle in candidate.shingles:
            if counts[shingle] > 1:
                likely[shingle].append(index)


def joined(catalogue: Catalogue, fates: Fates, pairs: set[tuple[Key, Key]]) -> None:
    """Add to the fates who is a copy of whom: the first in order that a report is a copy of, if that stands itself."""
    originals: dict[Key, list[Key]] = defaultdict(list)
    for copy, original in pairs:
        originals[copy].append(original)
    reports = {key: _report(catalogue, key, fates) for key in {key for pair in pairs for key in pair}}
    order = {key: place for place, key in enumerate(sorted(reports, key=lambda key: standing(reports[key][1])))}
    stands: dict[Key, list[Key]] = {}
    for key in order:
        first = min((o for o in originals[key] if o in stands), key=order.__getitem__, default=None)
        if first is None:
            stands[key] = []
        else:
            stands[first].append(key)
    for key, copies in stands.items():
        _decide(fates, key, copies, {k: reports[k][0] for k in (key, *copies)})


def _decide(fates: Fates, key: Key, copies: list[Key], reports: dict[Key, Report]) -> None:
    if not copies:
        return
    whole = merged_copies(reports[key], [reports[copy] for copy in copies])
    day = whole.published.isoformat() if whole.published else None
    said = {"published": day, "also_in": list(whole.also_in), "copies": list(whole.copies)}
    fates[key[0]][str(key[1])] = (fates[key[0]].get(str(key[1])) or {}) | said
    for batch, row in copies:
        fates[batch][str(row)] = None


def _report(catalogue: Catalogue, key: Key, fates: Fates) -> tuple[Report, Report]:
    """A report without its text, and one whose text is as long, for the order."""
    query = "SELECT report, size FROM reports WHERE batch = ? AND row = ?"
    text, size = next(catalogue.ask(query, *key))
    told = json.loads(text) | (fates[key[0]].get(str(key[1])) or {})
    report = from_json(Report, told)
    return report, replace(report, text=" " * size)


def _spans(catalogue: Catalogue, language: str) -> Iterator[tuple[int, int]]:
    """Runs of days with about SPAN reports."""
    days = Counter(dict(catalogue.ask(
        "SELECT day, count(*) FROM reports WHERE language = ? AND day IS NOT NULL GROUP BY day ORDER BY day", language)))  # fmt: skip
    first, count, last = None, 0, 0
    for last, reports in sorted(days.items()):
        first = last if first is None else first
        count += reports
        if count >= SPAN:
            yield first, last
            first, count = None, 0
    if first is not None or not days:
        yield (first, last) if first is not None else (1, 1)
