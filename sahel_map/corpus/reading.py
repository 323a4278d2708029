"""Files become batches of reports: each batch a Parquet file small enough to be coded in some seconds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sahel_map.corpus.keeper import Poisoned, Terms, keeper
from sahel_map.corpus.spreading import Job, name_of
from sahel_map.corpus.work import read_rows, write_rows, written_lines
from sahel_map.json_records import from_json, to_json
from sahel_map.model import Report
from sahel_map.reports import text_digest
from sahel_map.reports.copies import Print
from sahel_map.reports.documents import Fault

STAGE = "reports"
BATCH = 200  # reports
_BYTES = 20_000_000  # of files read as one piece
_FILES = 100
SetAside = Callable[[dict[str, Any]], object]


def jobs(files: Iterable[tuple[Path, int]], published: str, language: str, terms: Terms) -> Iterator[Job]:
    """Files in their order, each with its size, some small ones together; the jobs' names sort as their files do."""
    for number, group in enumerate(_groups(files)):
        yield Job(name_of(number), (group, published, language, terms))


def piece(folder: Path, name: str, paths: list[str], published: str, language: str, terms: Terms) -> dict[str, Any]:
    """Read files into batches ``reports/NAME-0000000.parquet`` …; how many, and how much could not be read.

    That stands in ``reports/NAME.faults``: one file may hold any number of both.
    """
    batches = faults = 0

    def set_aside(fault: Any) -> None:
        nonlocal faults
        faults += 1
        write(fault)

    with written_lines(folder / STAGE / f"{name}.faults") as write:
        for batches, batch in enumerate(_batches(_reports(paths, published, language, terms, set_aside)), 1):
            rows = [report_row(report) for report in batch]
            write_rows(folder / STAGE / f"{batch_name(name, batches - 1)}.parquet", rows, schema())
    return {"batches": batches, "faults": faults}


def batch_name(job: str, number: int) -> str:
    """The name of one batch of a job: in order as text too."""
    return f"{job}-{name_of(number)}"


def report_row(report: Report) -> dict[str, Any]:
    """A report as a row: what tells copies apart as columns, the report as JSON."""
    told = Print.of(report)
    return {
        "report_id": json.dumps(report.report_id), "digest": text_digest(report.text), "language": report.language,
        "day": _day(report.published), "size": len(report.text), "words": told.words,
        "shingles": sorted(told.shingles),
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
        ("size", pa.int64()), ("words", pa.int64()), ("shingles", pa.list_(pa.uint32())),
        ("report", pa.string()), ("text", pa.string()),
    ])  # fmt: skip


def _reports(
    paths: Iterable[str], published: str, language: str, terms: Terms, set_aside: SetAside
) -> Iterator[Report]:
    for path in paths:
        request: dict[str, Any] = {"path": path, "published": published, "language": language, "after": 0}
        while request["after"] is not None:
            request["after"] = yield from _read_on(request, terms, set_aside)


def _read_on(request: dict[str, Any], terms: Terms, set_aside: SetAside) -> Generator[Report, None, int | None]:
    """Read a file after the entry named; the entry at which its reader stopped, None at the end.

    That entry is set aside. A reader that gets no further costs what is decoded together with the next entry, a row
    group of Parquet, or else the rest of the file.
    """
    path, at = request["path"], request["after"]
    answered, last = True, 0
    try:
        for answer in keeper(terms).ask(request):
            answered = "at" not in answer
            if "at" in answer:
                at = answer["at"]
            elif "opened" in answer:
                at, last = max(at, last), answer["opened"]
            elif "fault" in answer:
                set_aside(answer["fault"])
            else:
                yield from_json(Report, answer["report"])
    except Poisoned as error:
        if not answered:
            set_aside(to_json(Fault(path=path, line=at, message=f"set aside: reading it {error}")))
        elif at == request["after"] and at < last:
            set_aside(
                to_json(Fault(path=path, line=at + 1, message=f"set aside up to entry {last}: reading on {error}"))
            )
            return int(last)
        elif at == request["after"]:
            what = f"set aside after entry {at}: reading on" if at else "set aside: reading it"
            set_aside(to_json(Fault(path=path, message=f"{what} {error}")))
            return None
        return int(at)
    return None


def _groups(files: Iterable[tuple[Path, int]]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for path, more in files:
        if group and (size + more > _BYTES or len(group) >= _FILES):
            yield group
            group, size = [], 0
        group.append(str(path))
        size += more
    if group:
        yield group


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
