"""Which reader reads which file: by its ending, or by its first bytes where it has none."""

from __future__ import annotations

import re
from pathlib import Path

from sahel_map.reports.documents import Reader
from sahel_map.reports.docx import read_docx
from sahel_map.reports.feed import read_feed
from sahel_map.reports.html import read_html
from sahel_map.reports.jsonl import read_jsonl
from sahel_map.reports.mail import read_mail
from sahel_map.reports.parquet import read_parquet
from sahel_map.reports.pdf import read_pdf
from sahel_map.reports.table import read_table
from sahel_map.reports.text import read_text
from sahel_map.reports.warc import read_warc

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".eml": read_mail,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_table,
    ".tsv": read_table,
    ".parquet": read_parquet,
    ".warc": read_warc,
    ".warc.gz": read_warc,
}


def ending(path: Path) -> str:
    """What a file's name ends in, lower case: ".txt", ".warc.gz"."""
    return ".warc.gz" if path.name.lower().endswith(".warc.gz") else path.suffix.lower()


_SIGNS: tuple[tuple[bytes, Reader], ...] = (
    (rb"%PDF-", read_pdf),
    (rb"PK\x03\x04", read_docx),
    (rb"\s*\{", read_jsonl),
    (rb"\s*<(?:\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<?(?:rss|feed|rdf:RDF)\b", read_feed),
    (rb"(?i)\s*<(?:!doctype html|html|head|body)\b", read_html),
    (rb"(?i)(?:return-path|received|from|delivered-to|message-id|mime-version|subject): \S", read_mail),
)


def sniff(first_bytes: bytes) -> Reader:
    """The reader for content without a name (standard input, a file without ending); text when nothing says more."""
    head = first_bytes.removeprefix(b"\xef\xbb\xbf")[:512]
    for sign, reader in _SIGNS:
        if re.match(sign, head, re.DOTALL):
            return reader
    return read_text
