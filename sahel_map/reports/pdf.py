"""PDF files: their text by pypdf, lines joined into paragraphs. Pictures of text hold no text.

A PDF's creation day is the day somebody printed it, not the day of publication: it is left alone.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports.documents import MAX_CHARACTERS, Document, Entry, Fault

MAX_PAGES = 100  # longer documents are no report of an event
_PAGE_NUMBER = re.compile(r"(?:page )?\d{1,4}(?: ?(?:/|of|sur) ?\d{1,4})?", re.IGNORECASE)


def read_pdf(document: Document) -> Iterator[Entry | Fault]:
    """One file, one report; its title from the document's properties. InputError when it holds no text."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    data = document.read()
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("is locked with a password; save it without one")
        if len(reader.pages) > MAX_PAGES:
            raise InputError(f"has {len(reader.pages)} pages; at most {MAX_PAGES} are read; save the pages that matter")
        text = _text(page.extract_text() for page in reader.pages)
        title = str(reader.metadata.title or "") if reader.metadata else ""
    # damaged files make pypdf raise whatever its parser trips over; each of these was met while testing
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError,
            AssertionError, NotImplementedError, MemoryError, OSError) as error:  # fmt: skip
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"is not a PDF that can be read ({type(error).__name__}); save it again or give its text"
        ) from error
    if not text.strip():
        raise InputError("holds pictures but no text; run it through text recognition (OCR) first")
    yield Entry(report=Report(report_id=document.stem, text=text, title=title))


def _text(pages: Iterator[str]) -> str:
    """The pages as paragraphs; stops soon after the limit, which refuses the report later."""
    found: list[str] = []
    size = 0
    for page in pages:
        found.append(paragraphs(page))
        size += len(page)
        if size > MAX_CHARACTERS:
            break
    return "\n".join(found)


def paragraphs(page: str) -> str:
    """Lines as set on paper, joined: a line goes on unless it ends a sentence short of the margin.

    >>> paragraphs("Armed men attacked the mar-\\nket of the town of Djibo on\\nMonday.\\n\\n3")
    'Armed men attacked the market of the town of Djibo on Monday.'
    """
    lines = [line.strip() for line in page.split("\n")]
    width = max((len(line) for line in lines), default=0)
    done: list[str] = []
    current = ""
    for line in [*lines, ""]:
        if not line or _PAGE_NUMBER.fullmatch(line):
            done.append(current)
            current = ""
            continue
        current = _glued(current, line)
        if len(line) < 0.75 * width and (re.search(r"[.!?…][\"'»”’)]*$", line) or len(line) < 0.5 * width):
            done.append(current)
            current = ""
    return "\n".join(part for part in done if part)


def _glued(before: str, line: str) -> str:
    if re.search(r"[^\W\d_]{2}-$", before) and line[0].islower():
        return before[:-1] + line
    return f"{before} {line}".strip()
