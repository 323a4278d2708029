"""Plain text, with or without front matter (``title:``, ``published:``, … between two ``---`` lines)."""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections.abc import Iterator
from itertools import pairwise

from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports.documents import Document, Entry, Fault

FIELDS = ("report_id", "title", "source", "url", "published", "language")
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b\x08",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WIDEST_WRAP = 100  # characters: longer lines are paragraphs, not lines of a wrapped text
_SENTENCE_END = re.compile(r"[.!?…:;][\"'»”’)\]]*$")


def read_text(document: Document) -> Iterator[Entry | Fault]:
    """One file, one report; the file's name without ending is its id unless the front matter names one."""
    fields, body, lines, faults = _front_matter(decode(document.read()))
    for line, message in faults:
        yield document.fault(message, line)
    for key in fields:
        if key not in FIELDS:
            wanted = ", ".join(FIELDS)
            yield document.fault(f"front matter key {key!r} is not known; wanted {wanted}", lines[key])
    published = None
    if fields.get("published"):
        try:
            published = parse_day(fields["published"])
        except InputError as error:
            yield document.fault(f"published: {error}", lines["published"])
    report = Report(
        report_id=fields.get("report_id") or document.stem, text=unwrap(body), title=fields.get("title", ""),
        source=fields.get("source", ""), url=fields.get("url", ""), published=published,
        language=fields.get("language", ""),
    )  # fmt: skip
    yield Entry(report=report)


def decode(data: bytes) -> str:
    """Bytes to text: UTF-8, UTF-16 with its mark, Windows-1252, or lines of both; InputError for anything binary."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return _lines(data.decode("utf-16"))
        except UnicodeDecodeError as error:
            raise InputError(f"begins as UTF-16 but is not ({error.reason}); save it as UTF-8") from error
    if data.startswith(_BINARY) or b"\x00" in data[:65_536]:
        raise InputError("is binary, not text; save it as UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "".join(_decode_line(line) for line in data.splitlines(keepends=True))
    if len(_CONTROL.findall(text[:65_536])) > len(text[:65_536]) // 100:
        raise InputError("is binary, not text; save it as UTF-8 text")
    return _lines(_CONTROL.sub(" ", text))


def _decode_line(line: bytes) -> str:
    """Lines pasted from two sources may come in two encodings: each is read in its own."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("is neither UTF-8 nor Windows-1252 text; save it as UTF-8")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unwrap(text: str) -> str:
    """Join the lines of a text wrapped at a fixed width; as long as before, so that spans stay those of the file.

    >>> unwrap("Gunmen attacked the village of\\nBanibangou on Sunday, killing\\nsix people.")
    'Gunmen attacked the village of Banibangou on Sunday, killing six people.'
    """
    lines = text.split("\n")
    inner = [line for line, after in pairwise(lines) if line.strip() and after.strip()]
    if not inner or len(max(inner, key=len)) > _WIDEST_WRAP:
        return text
    width = statistics.median(len(line) for line in inner)
    open_ends = sum(not _SENTENCE_END.search(line.rstrip()) for line in inner)
    if width < 25 or open_ends < 0.6 * len(inner):
        return text
    joined = lines[0]
    for before, line in pairwise(lines):
        wraps = before.strip() and line.strip() and len(before) >= 0.6 * width
        joined += (" " if wraps else "\n") + line
    return joined


def parse_day(text: str) -> dt.date:
    """A publication day: ISO 8601, with or without a time. InputError says what was wanted."""
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise InputError(f"{text[:40]!r} is not a day; write it as YYYY-MM-DD, for example 2025-06-02") from error


def _front_matter(text: str) -> tuple[dict[str, str], str, dict[str, int], list[tuple[int, str]]]:
    """The fields, the text after them, the line each field stands on, and what is wrong, each with its line."""
    match = re.match(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", text, re.DOTALL)
    if match is None:
        return {}, text, {}, [(1, _UNCLOSED)] if _OPENED.match(text) else []
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(match.group(1).split("\n"), start=2):
        name, colon, value = line.partition(":")
        key = name.strip().lower()
        if not colon or not key:
            continue
        if key in fields:
            faults.append((number, f"front matter key {key!r} came before, in line {lines[key]}; the first counts"))
            continue
        fields[key], lines[key] = value.strip().strip("\"'"), number
    return fields, text[match.end() :].lstrip("\n"), lines, faults


# a text may well begin with a rule; one of our keys below it makes it front matter
_OPENED = re.compile(rf"---[ \t]*\n[ \t]*(?:{'|'.join(FIELDS)})[ \t]*:", re.IGNORECASE)
_UNCLOSED = "front matter begins here and no line '---' ends it, so none of it is used; write one below its last key"
