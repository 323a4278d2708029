"""What is a brief made of? Headings, paragraphs, lists, pictures, tables and sources, whatever file they end in."""

from __future__ import annotations

from dataclasses import dataclass

_KEPT = "\u200c\u200d"  # joiners that Arabic script and others need


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Some text in one face; with ``source`` it is the number of an entry of Sources and leads there."""

    text: str
    bold: bool = False
    italic: bool = False
    source: int = 0
    url: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; level 1 is the title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; ``note`` is set smaller."""

    line: Line
    note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list without order."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG with words for those who cannot see it."""

    png: bytes
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a header; ``widths`` are shares of the page's width."""

    header: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The numbered list of reports, the first is 1."""

    items: tuple[Line, ...]


Block = Heading | Paragraph | Bullets | Picture | Table | Sources


def clean(value: object, longest: int = 200) -> str:
    """Text of others on one line: no control character, none that turns the writing direction, no endless name.

    >>> clean("Gao\\u202e\\n town"), clean("A" * 300, 5)
    ('Gao town', 'AAAA…')
    """
    text = "".join(c if c.isprintable() or c in _KEPT else " " for c in str(value))
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
