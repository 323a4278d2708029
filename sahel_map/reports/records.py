"""A record (a JSON object, a table row) becomes a report: which of its fields is which is ``columns.csv``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from sahel_map.errors import InputError
from sahel_map.language.lexicon import read_rows
from sahel_map.model import Report
from sahel_map.names import fold
from sahel_map.reports.documents import Document, Entry, Fault
from sahel_map.reports.text import parse_day


def entry(record: Mapping[str, object], document: Document, line: int) -> Iterator[Entry | Fault]:
    """The report of one record, and a fault for a date that is none. InputError when there is no text."""
    fields = dict(_known(record))
    if not isinstance(fields.get("text"), str):
        raise InputError(f"has no text; wanted one of the fields {', '.join(names('text'))}")
    published = None
    if fields.get("published"):
        try:
            published = parse_day(str(fields["published"]))
        except InputError as error:
            yield document.fault(f"published: {error}", line)
    told = {field: str(value) for field, value in fields.items()}
    report = Report(
        report_id=told.get("report_id") or f"{document.stem}:{line}", text=told["text"], title=told.get("title", ""),
        source=told.get("source", ""), url=told.get("url", ""), published=published, language=told.get("language", ""),
    )  # fmt: skip
    yield Entry(report=report, line=line)


def names(field: str) -> list[str]:
    """The names that a column of this meaning may have, the first wins."""
    return [row["name"] for row in read_rows("sahel_map.reports", "columns") if row["field"] == field]


def _known(record: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """(field, value) of what is known, the names listed first last, so that they win."""
    by_name = {fold(str(key)): value for key, value in record.items() if value not in (None, "")}
    for field, name in reversed(_columns()):
        if name in by_name:
            yield field, by_name[name]


@cache
def _columns() -> tuple[tuple[str, str], ...]:
    return tuple((row["field"], fold(row["name"])) for row in read_rows("sahel_map.reports", "columns"))
