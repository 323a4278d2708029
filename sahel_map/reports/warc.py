"""Web archives (WARC, ISO 28500): each saved page is a report, known by its number in the file (extra "dask")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sahel_map.errors import InputError
from sahel_map.reports.documents import MAX_BYTES, Document, Entry, Fault
from sahel_map.reports.html import report_from_html
from sahel_map.reports.text import decode

_PAGES = ("text/html", "application/xhtml+xml")


def read_warc(document: Document) -> Iterator[Entry | Fault]:
    """Every saved page, compressed or not; the day is what the page says of itself, not the day of the crawl."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise InputError('needs warcio to be read; pip install "sahel-map[dask]"') from error
    number = 0
    try:
        for record in ArchiveIterator(document.stream):
            number += 1
            if not document.wanted(number) or not _is_page(record):
                continue
            try:
                yield Entry(report=_page(record, f"{document.stem}:{number}"), line=number)
            except InputError as error:
                yield document.fault(str(error), number)
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise InputError(
            f"breaks off or is damaged after record {number} ({str(error)[:80]}); fetch it again"
        ) from error
    if number == 0:
        raise InputError("is empty, or no web archive; nothing to read")


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    return kind in _PAGES and record.http_headers.get_statuscode() == "200"


def _page(record: Any, report_id: str) -> Any:
    data = record.content_stream().read(MAX_BYTES + 1)
    if getattr(record.raw_stream, "limit", 0) > 0 and len(data) <= MAX_BYTES:
        raise InputError("breaks off in the middle; the archive was cut short: fetch it again")
    if len(data) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES:,} bytes; that is no article")
    if not data:
        raise InputError("is an empty page")
    report = report_from_html(decode(data), report_id=report_id)
    return replace(report, url=report.url or record.rec_headers.get_header("WARC-Target-URI") or "")
