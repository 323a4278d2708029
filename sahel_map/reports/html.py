"""Web pages as saved: the story by trafilatura, the day by htmldate (extensive_search=False: right or silent)."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports import Fault
from sahel_map.reports.text import decode

MAX_NESTING = 2_000  # open tags in a row; deeper pages are bombs, and trafilatura's tree walk is recursive


def read_html(path: Path, faults: list[Fault]) -> list[Report]:
    """One page, one report; title, source, URL and language from its metadata."""
    return [report_from_html(decode(path.read_bytes()), report_id=path.stem)]


def report_from_html(html: str, *, report_id: str) -> Report:
    """The story of an HTML page. Raises InputError when the page holds none."""
    import trafilatura

    if _nesting(html) > MAX_NESTING:
        raise InputError(f"nests tags more than {MAX_NESTING:,} deep; that is no article")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        document = trafilatura.bare_extraction(html, include_comments=False, include_tables=False, with_metadata=True)
    except RecursionError as error:
        raise InputError("nests its tags too deep; that is no article") from error
    if document is None or not document.text:
        raise InputError("holds no story that can be told from its furniture; save the article's text instead")
    return Report(
        report_id=report_id, text=document.text, title=document.title or "", source=document.sitename or "",
        url=document.url or "", published=_published(html), language=(document.language or "")[:2],
    )  # fmt: skip


def _published(html: str) -> dt.date | None:
    from htmldate import find_date

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    found = find_date(html, extensive_search=False, original_date=True)
    return dt.date.fromisoformat(found) if found else None


def _nesting(html: str) -> int:
    """An upper bound of how deep tags nest, cheap enough for any input."""
    depth = deepest = 0
    for piece in html.split("<")[1:]:
        if piece[:1] == "/":
            depth = max(0, depth - 1)
        elif piece[:1].isalpha() and not piece.partition(">")[0].endswith("/") and not _is_void(piece):
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _is_void(piece: str) -> bool:
    name = piece.split(">", 1)[0].split(None, 1)
    return bool(name) and name[0].lower() in _VOID


_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "td", "tr", "option"])
