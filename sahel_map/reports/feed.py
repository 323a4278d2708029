"""RSS and Atom files: one report an entry."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, tostring

from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports.documents import Document, Entry, Fault
from sahel_map.reports.html import fragment_text
from sahel_map.reports.markup import parse_events
from sahel_map.reports.text import parse_day

_ROOTS = frozenset({"rss", "feed", "RDF"})
_ITEMS = frozenset({"item", "entry"})
_TEXTS = ("encoded", "content", "description", "summary")  # the fullest first
_DAYS = ("pubDate", "published", "issued", "date", "updated")


def read_feed(document: Document) -> Iterator[Entry | Fault]:
    """Every entry of an RSS 0.9–2.0 or Atom file; its id is the feed's name and a digest of the entry's own id."""
    channel: dict[str, str] = {}
    item: dict[str, str] | None = None
    number = depth = item_depth = 0
    for event, element in parse_events(document.read()):
        name = _local(element.tag)
        depth += 1 if event == "start" else -1
        if event == "start":
            if depth == 1 and name not in _ROOTS:
                raise InputError(f"is XML of the kind {name[:40]!r}; wanted an RSS or Atom feed")
            if name in _ITEMS and item is None:
                item, item_depth = {}, depth
        elif item is None:
            _note(channel, name, element)
        elif depth == item_depth:
            _note(item, name, element)
        elif depth == item_depth - 1:
            number += 1
            if document.wanted(number):
                yield from _entry(item, channel, document, number)
            item = None
            element.clear()
    if number == 0:
        raise InputError("is a feed without entries; nothing to read")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _note(fields: dict[str, str], name: str, element: Element) -> None:
    """Keep the first of each element; an Atom link stands in its attribute, Atom XHTML in child elements."""
    value = (element.text or "").strip()
    if len(element):
        for child in element.iter():
            child.tag = _local(child.tag)
        value = tostring(element, encoding="unicode", method="html")
    elif name == "link":
        value = value or element.get("href") or ""
    if value:
        fields.setdefault(name, value)


def _entry(item: dict[str, str], channel: dict[str, str], document: Document, number: int) -> Iterator[Entry | Fault]:
    text = next((fragment_text(item[name]) for name in _TEXTS if item.get(name)), "")
    if not text:
        yield document.fault(f"entry {number} ({item.get('title', 'without title')[:60]!r}) has no text")
        return
    published = None
    told = next((item[name] for name in _DAYS if item.get(name)), "")
    if told:
        try:
            published = _day(told)
        except InputError as error:
            yield document.fault(f"entry {number}: {error}")
    own_id = item.get("guid") or item.get("id") or item.get("link") or text
    digest = hashlib.sha256(own_id.encode()).hexdigest()[:8]
    report = Report(
        report_id=f"{document.stem}:{digest}", text=text, title=fragment_text(item.get("title", "")),
        source=fragment_text(channel.get("title", "")), url=item.get("link", ""), published=published,
        language=(item.get("language") or channel.get("language", ""))[:2].lower(),
    )  # fmt: skip
    yield Entry(report=report)


def _day(text: str) -> dt.date:
    """RFC 822 (RSS) or ISO 8601 (Atom), the day in the feed's own time zone."""
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        return parse_day(text)
