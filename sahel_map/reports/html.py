"""Web pages as saved: the story by trafilatura, the day by htmldate (extensive_search=False: right or silent)."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from sahel_map.errors import InputError
from sahel_map.language.detect import detect
from sahel_map.model import Report
from sahel_map.reports.documents import Document, Entry, Fault
from sahel_map.reports.text import decode

MAX_NESTING = 500  # open tags in a row; deeper pages are bombs, and trafilatura's tree walk is recursive
_BLOCKS = frozenset("p div br li ul ol h1 h2 h3 h4 h5 h6 tr table blockquote article section header footer".split())
_NOT_STORY = frozenset("script style figure figcaption nav aside template".split())
# tags that end by themselves, or whose end may be left out: they do not nest
_FLAT = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr thead tbody option".split()
)


def read_html(document: Document) -> Iterator[Entry | Fault]:
    """One page, one report; title, source, URL, day and language from its metadata."""
    yield Entry(report=report_from_html(decode(document.read()), report_id=document.stem))


def report_from_html(html: str, *, report_id: str) -> Report:
    """The story of an HTML page. Raises InputError when the page holds none."""
    import trafilatura

    if _nesting(html) > MAX_NESTING:
        raise InputError(f"nests tags more than {MAX_NESTING:,} deep; that is no article")
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(html, include_comments=False, include_tables=False, with_metadata=True)
    except RecursionError as error:
        raise InputError("nests its tags too deep; that is no article") from error
    if found is None or isinstance(found, dict) or not found.text:
        raise InputError("holds no story that can be told from its furniture; save the article's text instead")
    return Report(
        report_id=report_id, text=found.text, title=found.title or "", source=found.sitename or "",
        url=found.url or "", published=_published(html), language=detect(found.text) or _language(html),
    )  # fmt: skip


def fragment_text(html: str) -> str:
    """The text of a piece of HTML, such as a feed's or a mail's: a line a block, no pictures, scripts or menus.

    >>> fragment_text("<p>Six people were killed.</p><script>x()</script><p>The army confirmed it.</p>")
    'Six people were killed.\\nThe army confirmed it.'
    """
    parser = _Fragment()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


class _Fragment(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _NOT_STORY
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _NOT_STORY))
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data.replace("\n", " "))


def _published(html: str) -> dt.date | None:
    from htmldate import find_date

    found = find_date(html, extensive_search=False, original_date=True)
    return dt.date.fromisoformat(found) if found else None


def _language(html: str) -> str:
    match = re.search(r"<html[^>]{0,400}?\blang=[\"']?([A-Za-z]{2})", html[:20_000])
    return match.group(1).lower() if match else ""


def _nesting(html: str) -> int:
    """An upper bound of how deep tags nest, cheap enough for any input."""
    depth = deepest = 0
    for piece in html.split("<")[1:]:
        if piece[:1] == "/":
            depth = max(0, depth - (_tag(piece[1:]) not in _FLAT))
        elif piece[:1].isalpha() and not piece.partition(">")[0].endswith("/") and _tag(piece) not in _FLAT:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _tag(piece: str) -> str:
    match = re.match(r"[A-Za-z][A-Za-z0-9:-]{0,40}", piece)
    return match.group().lower() if match else ""
