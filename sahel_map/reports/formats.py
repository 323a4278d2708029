"""Which reader reads which file ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sahel_map.model import Report
from sahel_map.reports import Fault
from sahel_map.reports.html import read_html
from sahel_map.reports.jsonl import read_jsonl
from sahel_map.reports.text import read_text

Reader = Callable[[Path, list[Fault]], list[Report]]
READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}
STREAMED = frozenset({".jsonl", ".ndjson"})  # many reports a file: the size limit is each report's
