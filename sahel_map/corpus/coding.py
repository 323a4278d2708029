"""Batches of reports become batches of mentions; an article that stops the process is set aside with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sahel_map.corpus.catalogue import Catalogue
from sahel_map.corpus.keeper import Poisoned, Terms, keeper
from sahel_map.corpus.mentions import schema
from sahel_map.corpus.reading import reports_in
from sahel_map.corpus.spreading import Job
from sahel_map.corpus.standing import Fate, fates_of
from sahel_map.corpus.work import write_rows
from sahel_map.json_records import from_json, to_json
from sahel_map.model import Report
from sahel_map.reports.documents import Fault

STAGE = "coded"


def jobs(catalogue: Catalogue, terms: Terms) -> Iterator[Job]:
    """The batches, in order, each with the fates of its reports by row."""
    for first, name, reports in catalogue.ask("SELECT first, name, reports FROM batches ORDER BY first"):
        yield Job(name, (fates_of(catalogue, first, reports), terms))


def piece(folder: Path, name: str, fates: dict[int, Fate], terms: Terms) -> dict[str, Any]:
    """Code the batch NAME into ``coded/NAME.parquet``; counts, totals kept apart, and what was set aside."""
    rows: list[dict[str, Any]] = []
    told: dict[str, Any] = {"reports": 0, "mentions": 0, "aggregates": [], "faults": []}
    fated = (_fated(report, fates.get(n, {})) for n, report in enumerate(reports_in(folder, name)))
    waiting = [report for report in fated if report is not None]
    while waiting:
        answered = 0
        try:
            for answer in keeper(terms).ask({"reports": [to_json(report) for report in waiting]}):
                answered += 1
                rows += answer["mentions"]
                told["aggregates"] += answer["aggregates"]
        except Poisoned as error:  # at the first that is not answered
            path = waiting.pop(answered).report_id
            told["faults"].append(to_json(Fault(path=path, message=f"set aside: coding it {error}")))
        told["reports"] += answered
        waiting = waiting[answered:]
    for row in rows:
        row["geometry"] = bytes.fromhex(row["geometry"]) if row["geometry"] else None
    told["mentions"] = len(rows)
    write_rows(folder / STAGE / f"{name}.parquet", rows, schema())
    return told


def _fated(report: Report, fate: Fate) -> Report | None:
    """The report under the id, day and outlets it has in the whole corpus; None for a copy of another."""
    if fate is None:
        return None
    return replace(report, **{name: getattr(from_json(Report, _blank | fate), name) for name in fate})


_blank = {"report_id": "", "text": ""}
