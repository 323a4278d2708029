"""Batches of reports become batches of mentions; an article that stops the process is set aside with its reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sahel_map.corpus.keeper import Poisoned, Terms, keeper
from sahel_map.corpus.mentions import schema
from sahel_map.corpus.reading import reports_in
from sahel_map.corpus.work import write_rows
from sahel_map.json_records import from_json, to_json
from sahel_map.model import Report
from sahel_map.reports.documents import Fault

STAGE = "coded"
Fates = dict[str, dict[str, Any] | None]  # row of a batch -> what changes of its report; None: it is not coded


def piece(folder: Path, name: str, fates: Fates, terms: Terms) -> dict[str, Any]:
    """Code the batch NAME into ``coded/NAME.parquet``; counts, totals kept apart, and what was set aside."""
    process = keeper(terms)
    rows: list[dict[str, Any]] = []
    told: dict[str, Any] = {"reports": 0, "mentions": 0, "aggregates": [], "faults": []}
    for number, found in enumerate(reports_in(folder, name)):
        report = _fated(found, fates.get(str(number), {}))
        if report is None:
            continue
        try:
            for answer in process.ask({"report": to_json(report)}):
                rows += answer["mentions"]
                told["aggregates"] += answer["aggregates"]
                told["reports"] += 1
        except Poisoned as error:
            told["faults"].append(to_json(Fault(path=report.report_id, message=f"set aside: coding it {error}")))
    for row in rows:
        row["geometry"] = bytes.fromhex(row["geometry"]) if row["geometry"] else None
    told["mentions"] = len(rows)
    write_rows(folder / STAGE / f"{name}.parquet", rows, schema())
    return told


def _fated(report: Report, fate: dict[str, Any] | None) -> Report | None:
    """The report under the id, day and outlets it has in the whole corpus; None for a copy of another."""
    if fate is None:
        return None
    return replace(report, **{name: getattr(from_json(Report, _blank | fate), name) for name in fate})


_blank = {"report_id": "", "text": ""}
