"""Word files (.docx): a zip of XML, opened with limits, since a small zip may hold gigabytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports.documents import Document, Entry, Fault
from sahel_map.reports.markup import parse_events

MAX_UNPACKED = 50_000_000  # bytes of the document's XML; 200,000 characters with all their formatting are a tenth
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BREAKS = frozenset({f"{_W}br", f"{_W}tab", f"{_W}cr"})
# what is not the text as it stands: deleted words, field codes, and the second copy of a text box
_SKIPPED = frozenset({f"{_W}del", f"{_W}instrText", f"{_MARKUP}Fallback"})


def read_docx(document: Document) -> Iterator[Entry | Fault]:
    """One file, one report; title and language from its properties; paragraphs in style Caption left out."""
    try:
        with zipfile.ZipFile(io.BytesIO(document.read())) as archive:
            body = _part(archive, "word/document.xml")
            properties = _part(archive, "docProps/core.xml") if "docProps/core.xml" in archive.namelist() else b""
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InputError("is not a Word document that can be read; save it again as .docx or as text") from error
    told = _properties(properties) if properties else {}
    text = "\n".join(_paragraphs(body))
    yield Entry(
        report=Report(
            report_id=document.stem, text=text, title=told.get("title", ""), language=told.get("language", "")[:2].lower()
        )
    )  # fmt: skip


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member, read no further than the limit whatever the archive says of its size."""
    with archive.open(name) as member:
        data = member.read(MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        raise InputError(f"unpacks to more than {MAX_UNPACKED:,} bytes; that is no report")
    return data


def _properties(xml: bytes) -> dict[str, str]:
    found = {}
    for event, element in parse_events(xml):
        if event == "end" and element.tag.startswith(_DC) and element.text:
            found[element.tag.removeprefix(_DC)] = element.text.strip()
    return found


def _paragraphs(xml: bytes) -> Iterator[str]:
    pieces: list[str] = []
    skipping = 0
    caption = False
    for event, element in parse_events(xml):
        if element.tag in _SKIPPED:
            skipping += 1 if event == "start" else -1
        elif event == "start" and element.tag in _BREAKS:
            pieces.append(" ")
        elif event == "start" and element.tag == f"{_W}pStyle":
            caption = caption or _is_caption(element)
        elif event == "end" and element.tag == f"{_W}t" and not skipping:
            pieces.append(element.text or "")
        elif event == "end" and element.tag == f"{_W}p":
            if pieces and not caption:
                yield " ".join("".join(pieces).split())
            pieces, caption = [], False
        if event == "end":
            element.clear()


def _is_caption(element: Any) -> bool:
    return (element.get(f"{_W}val") or "").lower() in ("caption", "lgende", "légende", "legende")
