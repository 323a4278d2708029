"""JSON Lines: one report a line, with report_id, text, title, published, source, url, language."""

from __future__ import annotations

import json
from pathlib import Path

from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports import Fault
from sahel_map.reports.text import parse_day


def read_jsonl(path: Path, faults: list[Fault]) -> list[Report]:
    """Read every good line; a bad one becomes a fault with its line number."""
    reports: list[Report] = []
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                reports.append(_report(raw, path, number, faults))
            except InputError as error:
                faults.append(Fault(path=str(path), line=number, message=str(error)))
    return reports


def _report(raw: bytes, path: Path, number: int, faults: list[Fault]) -> Report:
    try:
        record = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8; save the file as UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"is not JSON ({error}); one report object a line is wanted") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise InputError("has no text; wanted an object with at least report_id and text")
    published = None
    if record.get("published"):
        try:
            published = parse_day(str(record["published"]))
        except InputError as error:
            faults.append(Fault(path=str(path), line=number, message=f"published: {error}"))
    return Report(
        report_id=str(record.get("report_id") or f"{path.stem}:{number}"), text=record["text"],
        title=str(record.get("title") or ""), source=str(record.get("source") or ""), url=str(record.get("url") or ""),
        published=published, language=str(record.get("language") or ""),
    )  # fmt: skip
