"""An Excel workbook's sheet as a table of text: days as YYYY-MM-DD, whole numbers without ".0"."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sahel_map.errors import InputError

MAX_UNPACKED = 1_000_000_000  # bytes; a workbook is a zip file, and a small one may unpack to anything
_LONGEST_ROW = 2_000  # columns


def rows_of(path: Path, sheet: str = "") -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not empty. Raises InputError for what is no workbook."""
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise InputError('an Excel workbook needs openpyxl; install it with: pip install "sahel-map[excel]"') from error
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise InputError(f"{str(path)!r} unpacks to more than {MAX_UNPACKED / 1e9:.0f} GB; save it as CSV")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise InputError(f"{str(path)!r} is not an Excel workbook (.xlsx): {error}; save it anew, or as CSV") from error
    try:
        if sheet and sheet not in book.sheetnames:
            raise InputError(f"{str(path)!r} has no sheet {sheet!r}; it has {', '.join(map(repr, book.sheetnames))}")
        page = book[sheet] if sheet else book.worksheets[0]
        for number, row in enumerate(page.iter_rows(values_only=True), 1):
            cells = [text_of(value) for value in islice(row, _LONGEST_ROW)]
            if any(cells):
                yield number, cells
    finally:
        book.close()


def text_of(value: Any) -> str:
    """A cell as the text it would have in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
