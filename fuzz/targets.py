"""What is fuzzed, one function a reader: bytes in, and nothing but our own errors out; spans inside the text.

    python fuzz/run.py dates --seconds 3600

Each is run by tests/test_fuzz.py too, for some thousand inputs.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from functools import cache

from sahel_map.errors import SahelMapError
from sahel_map.gazetteer import Gazetteer
from sahel_map.language.dates import dates as read_dates
from sahel_map.language.numbers import numbers as read_numbers
from sahel_map.language.plain import plain
from sahel_map.language.sentences import sentences as read_sentences
from sahel_map.reports.documents import Document
from sahel_map.reports.formats import READERS, sniff
from sahel_map.reports.text import parse_day
from sahel_map.toponyms import spot

DAY = dt.date(2025, 6, 5)


def _text(data: bytes) -> tuple[str, str]:
    """A text and its language, from bytes."""
    return data[1:].decode("utf-8", "replace"), "fr" if data[:1] > b"\x7f" else "en"


def dates(data: bytes) -> None:
    """Days and windows."""
    text, language = _text(data)
    flat = plain(text)
    for found in read_dates(flat, language, DAY):
        assert 0 <= found.start <= found.end <= len(text)
        assert found.first is None or found.last is None or found.first <= found.last


def numbers(data: bytes) -> None:
    """Counts."""
    text, language = _text(data)
    for found in read_numbers(plain(text), language):
        assert 0 <= found.start <= found.end <= len(text)
        assert found.low >= 0


def sentences(data: bytes) -> None:
    """Sentences, in order, each the text itself."""
    text, language = _text(data)
    for found in read_sentences(text, language):
        assert text[found.start : found.end] == found.text


def phrases(data: bytes) -> None:
    """Place phrases: "15 km north of A", spotted in running text with the shipped gazetteer."""
    text, language = _text(data)
    for found in spot(text, _shipped(), language=language):
        assert text[found.start : found.end] == found.text


@cache
def _shipped() -> Gazetteer:
    return Gazetteer.open(local=False)


def days(data: bytes) -> None:
    """Publication days."""
    try:
        parse_day(_text(data)[0])
    except SahelMapError:
        return


def files(data: bytes) -> None:
    """Files of every format, by the first byte, or known by their content."""
    readers = [*READERS.values()]
    reader = readers[data[0] % len(readers)] if data else sniff(data)
    try:
        for _ in reader(Document(path="fuzz", stem="fuzz", stream=io.BytesIO(data[1:]))):
            pass
    except SahelMapError:
        return


def incidents(data: bytes) -> None:
    """Saved incidents, read again."""
    import tempfile
    from pathlib import Path

    from sahel_map.incidents import read_incidents

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("x.csv" if data[:1] > b"\x7f" else "x.geojson")
        path.write_bytes(data[1:])
        try:
            read_incidents(path)
        except SahelMapError:
            return


def records(data: bytes) -> None:
    """Stored records, which a stranger may have written."""
    from sahel_map.json_records import from_json
    from sahel_map.model import EventMention

    try:
        from_json(EventMention, json.loads(data))
    except (SahelMapError, ValueError, RecursionError):
        return


TARGETS: dict[str, Callable[[bytes], None]] = {
    f.__name__: f for f in (dates, numbers, sentences, phrases, days, files, incidents, records)
}
