"""JSON Lines: one report a line, with report_id, text, title, published, source, url, language."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sahel_map.errors import InputError
from sahel_map.reports.documents import MAX_BYTES, Document, Entry, Fault
from sahel_map.reports.records import entry


def read_jsonl(document: Document) -> Iterator[Entry | Fault]:
    """Read every good line, one at a time; a bad one becomes a fault with its line number."""
    number = 0
    while raw := document.stream.readline(MAX_BYTES):
        number += 1
        end = raw
        while len(end) == MAX_BYTES and not end.endswith(b"\n"):  # the rest of a line too long is no line of its own
            end = document.stream.readline(MAX_BYTES)
        if not raw.strip() or not document.wanted(number):
            continue
        try:
            yield from entry(_record(raw), document, number)
        except InputError as error:
            yield document.fault(str(error), number)
    if number == 0:
        raise InputError("is empty; nothing to read")


def _record(raw: bytes) -> dict[str, object]:
    if len(raw) == MAX_BYTES:
        raise InputError(f"is longer than {MAX_BYTES:,} bytes; split it into reports")
    try:
        record = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8; save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:  # ValueError: no JSON, or a number of more than 4,300 digits
        raise InputError(f"is not JSON ({_short(error)}); one report object a line is wanted") from error
    if not isinstance(record, dict):
        raise InputError(f"is a JSON {type(record).__name__}; wanted an object with at least report_id and text")
    return record


def _short(error: Exception) -> str:
    return str(error)[:80]
