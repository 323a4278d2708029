"""Plain text, with or without front matter (``title:``, ``published:``, … between two ``---`` lines)."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports import Fault

FIELDS = ("report_id", "title", "source", "url", "published", "language")
_ENCODINGS = ("utf-8-sig", "cp1252")


def read_text(path: Path, faults: list[Fault]) -> list[Report]:
    """One file, one report; the file's name without ending is its id unless the front matter names one."""
    text = decode(path.read_bytes())
    fields, body, first_line = _front_matter(text)
    for key in fields:
        if key not in FIELDS:
            faults.append(
                Fault(
                    path=str(path), line=1, message=f"front matter key {key!r} is not known; wanted {', '.join(FIELDS)}"
                )
            )
    published = None
    if fields.get("published"):
        try:
            published = parse_day(fields["published"])
        except InputError as error:
            faults.append(Fault(path=str(path), line=first_line, message=f"published: {error}"))
    return [
        Report(
            report_id=fields.get("report_id") or path.stem, text=body, title=fields.get("title", ""),
            source=fields.get("source", ""), url=fields.get("url", ""), published=published,
            language=fields.get("language", ""),
        )
    ]  # fmt: skip


def decode(data: bytes) -> str:
    """Bytes to text: UTF-8, UTF-16 with its mark, or Windows-1252; InputError for anything binary."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(f"begins as UTF-16 but is not ({error.reason}); save it as UTF-8") from error
    if b"\x00" in data[:4096] or data[:4] in (
        b"%PDF",
        b"PK\x03\x04",
        b"\x89PNG",
        b"\xff\xd8\xff\xe0",
        b"\x1f\x8b\x08\x00",
    ):
        raise InputError("is binary, not text; save it as UTF-8 text")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise InputError("is neither UTF-8 nor Windows-1252 text; save it as UTF-8")


def parse_day(text: str) -> dt.date:
    """A publication day: ISO 8601, with or without a time. InputError says what was wanted."""
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise InputError(f"{text!r} is not a day; write it as YYYY-MM-DD, for example 2025-06-02") from error


def _front_matter(text: str) -> tuple[dict[str, str], str, int]:
    match = re.match(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", text, re.DOTALL)
    if match is None:
        return {}, text, 0
    fields: dict[str, str] = {}
    line_of_published = 0
    for number, line in enumerate(match.group(1).split("\n"), start=2):
        key, colon, value = line.partition(":")
        if colon:
            fields[key.strip().lower()] = value.strip().strip("\"'")
            if key.strip().lower() == "published":
                line_of_published = number
    return fields, text[match.end() :].lstrip("\n"), line_of_published
