"""Files become batches of reports: each batch a Parquet file small enough to be coded in some seconds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sahel_map.corpus.keeper import Poisoned, Terms, keeper
from sahel_map.corpus.spreading import Job
from sahel_map.corpus.work import read_rows, write_rows
from sahel_map.json_records import from_json, to_json
from sahel_map.model import Report
from sahel_map.reports import text_digest
from sahel_map.reports.copies import Print
from sahel_map.reports.documents import Fault

STAGE = "reports"
BATCH = 200  # reports
_BYTES = 20_000_000  # of files read as one piece
_FILES = 100


def jobs(paths: Sequence[Path], published: str, language: str, terms: Terms) -> list[Job]:
    """Files in the order of their paths, some small ones together; the jobs' names sort as their files do."""
    groups: list[list[str]] = [[]]
    size = 0
    for path in paths:
        more = path.stat().st_size
        if groups[-1] and (size + more > _BYTES or len(groups[-1]) >= _FILES):
            groups.append([])
            size = 0
        groups[-1].append(str(path))
        size += more
    return [Job(f"{n:07d}", (group, published, language, terms)) for n, group in enumerate(g for g in groups if g)]


def piece(folder: Path, name: str, paths: list[str], published: str, language: str, terms: Terms) -> dict[str, Any]:
    """Read files into batches ``reports/NAME-0000.parquet`` …; the batches' sizes, and what could not be read."""
    faults: list[dict[str, Any]] = []
    sizes = []
    for number, batch in enumerate(_batches(_reports(paths, published, language, terms, faults))):
        write_rows(folder / STAGE / f"{name}-{number:07d}.parquet", [report_row(r) for r in batch], schema())
        sizes.append(len(batch))
    return {"batches": sizes, "faults": faults}


def report_row(report: Report) -> dict[str, Any]:
    """A report as a row: what tells copies apart as columns, the report as JSON."""
    told = Print.of(report)
    return {
        "report_id": json.dumps(report.report_id), "digest": text_digest(report.text), "language": report.language,
        "day": _day(report.published), "size": len(report.text), "words": told.words,
        "shingles": sorted(told.shingles), "numbers": sorted(told.numbers()),
        "report": json.dumps(to_json(replace(report, text="")), ensure_ascii=True), "text": json.dumps(report.text),
    }  # fmt: skip


def reports_in(folder: Path, batch: str) -> list[Report]:
    """The reports of one batch."""
    rows = read_rows(folder / STAGE / f"{batch}.parquet", ["report", "text"])
    return [from_json(Report, json.loads(row["report"]) | {"text": json.loads(row["text"])}) for row in rows]


@cache
def schema() -> Any:
    """The columns of a batch."""
    import pyarrow as pa

    return pa.schema([
        ("report_id", pa.string()), ("digest", pa.string()), ("language", pa.string()), ("day", pa.int32()),
        ("size", pa.int64()), ("words", pa.int64()), ("shingles", pa.list_(pa.uint32())), ("numbers", pa.list_(pa.float64())),
        ("report", pa.string()), ("text", pa.string()),
    ])  # fmt: skip


def _reports(
    paths: Iterable[str], published: str, language: str, terms: Terms, faults: list[dict[str, Any]]
) -> Iterator[Report]:
    for path in paths:
        request: dict[str, Any] = {"path": path, "published": published, "language": language, "after": 0}
        while request["after"] is not None:
            request["after"] = yield from _read_on(request, terms, faults)


def _read_on(
    request: dict[str, Any], terms: Terms, faults: list[dict[str, Any]]
) -> Generator[Report, None, int | None]:
    """Read a file after the entry named; the entry at which its reader stopped, None at the end.

    That entry is set aside, and so is the rest of a file whose reader stops between entries.
    """
    path, at = request["path"], request["after"]
    answered = True
    try:
        for answer in keeper(terms).ask(request):
            answered = "at" not in answer
            if "at" in answer:
                at = answer["at"]
            elif "fault" in answer:
                faults.append(answer["fault"])
            else:
                yield from_json(Report, answer["report"])
    except Poisoned as error:
        if not answered:
            faults.append(to_json(Fault(path=path, line=at, message=f"set aside: reading it {error}")))
        elif at == request["after"]:
            what = f"set aside after entry {at}: reading on" if at else "set aside: reading it"
            faults.append(to_json(Fault(path=path, message=f"{what} {error}")))
            return None
        return int(at)
    return None


def _batches(reports: Iterable[Report]) -> Iterator[list[Report]]:
    batch: list[Report] = []
    for report in reports:
        batch.append(report)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _day(published: dt.date | None) -> int | None:
    return published.toordinal() if published else None
