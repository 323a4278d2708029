"""A coded file becomes a table of text: its format, delimiter, encoding, HXL row and broken lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.datasets.features import read_geojson, read_geopackage
from sahel_map.datasets.spreadsheet import rows_of
from sahel_map.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 2_000_000_000  # the world's GED of 1989-2024 is 0.3 GB
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".geojson", ".gpkg")
FEATURES: dict[str, Callable[[Path], pd.DataFrame]] = {".geojson": read_geojson, ".gpkg": read_geopackage}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 65_536
_LONGEST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that could not be used: the file, its row as a spreadsheet counts (the header is 1), and why."""

    path: str
    row: int
    column: str
    value: str
    reason: str


def header_of(path: Path) -> tuple[str, ...]:
    """The column names of a table, lower case; () for a text file that is none.

    Raises InputError for a workbook, GeoJSON or GeoPackage file that is something else.
    """
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        found = next(rows_of(path), (0, []))[1]
    elif suffix in FEATURES:
        found = [str(name) for name in FEATURES[suffix](path).columns]
    else:
        found = _first_row(path)
    return tuple(name.strip().lower() for name in found)


def _first_row(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return []
    wide = head.startswith(_UTF_16)
    if b"\x00" in head and not wide:
        return []
    text = head.decode("utf-16" if wide else "utf-8-sig", "replace")
    first = text.split("\n", 1)[0]
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(first)), [])
    except csv.Error:
        return []


def delimiter_of(first_line: str) -> str:
    """Comma, semicolon or tab, whichever the header holds most of."""
    return max(",;\t", key=first_line.count)


def read_texts(path: Path, *, sheet: str = "", layer: str = "") -> tuple[pd.DataFrame, list[Reject], str]:
    """Every row as text, with its ``row`` number in the index, the broken rows, and the decimal sign.

    Delimited text in UTF-8 with or without its mark, UTF-16 with it, else Windows-1252; an Excel workbook's ``sheet``;
    GeoJSON; a GeoPackage's ``layer``. Raises InputError for a file that is too large, unreadable or something else.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"{str(path)!r} is {size / 1e9:.1f} GB; at most {MAX_BYTES / 1e9:.0f} GB are read; split it"
            )
        table, rejects, decimal = _read(path, sheet, layer)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror or error}; check its permissions") from error
    table.columns = [str(name).strip().lower() for name in table.columns]
    table = table.loc[:, ~table.columns.duplicated()]
    if len(table) and _is_hxl(table.iloc[0].tolist()):
        table = table.iloc[1:]
    return table, rejects, decimal


def _read(path: Path, sheet: str, layer: str) -> tuple[pd.DataFrame, list[Reject], str]:
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        return _sheet(path, sheet), [], "."
    if suffix == ".gpkg":
        return read_geopackage(path, layer), [], "."
    if suffix in FEATURES:
        return FEATURES[suffix](path), [], "."
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sign = delimiter_of(file.readline())
    table, rejects = _parsed(path, sign, encoding)
    return table, rejects, "," if sign == ";" else "."


def _sheet(path: Path, sheet: str) -> pd.DataFrame:
    import pandas as pd

    rows = rows_of(path, sheet)
    _, header = next(rows, (0, []))
    numbers: list[int] = []
    cells: list[list[str]] = []
    for number, row in rows:
        numbers.append(number)
        cells.append((row + [""] * len(header))[: len(header)])
    return pd.DataFrame(cells, columns=header, index=numbers, dtype=str)


def _encoding(path: Path) -> str:
    """UTF-8 if all of it is; decoded in pieces, so that memory stays small."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            piece = file.read(1 << 22)
            if piece.startswith(_UTF_16):
                return "utf-16"
            while piece:
                decoder.decode(piece)
                piece = file.read(1 << 22)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _parsed(path: Path, sign: str, encoding: str) -> tuple[pd.DataFrame, list[Reject]]:
    import pandas as pd

    try:
        table = pd.read_csv(path, sep=sign, dtype=str, keep_default_na=False, na_filter=False, encoding=encoding,
                            encoding_errors="replace", skip_blank_lines=True)  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        return _parsed_by_row(path, sign, encoding)
    if not isinstance(table.index, pd.RangeIndex):  # rows longer than the header shift its columns
        return _parsed_by_row(path, sign, encoding)
    table.index = pd.RangeIndex(2, len(table) + 2)
    return table.fillna(""), []


def _parsed_by_row(path: Path, sign: str, encoding: str) -> tuple[pd.DataFrame, list[Reject]]:
    """The same, slower: each row that does not fit the header is set aside by itself."""
    import pandas as pd

    csv.field_size_limit(_LONGEST_FIELD)
    rows: list[list[str]] = []
    numbers: list[int] = []
    rejects: list[Reject] = []
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=sign, strict=True)
        number = 1
        try:
            header = next(reader, [])
            for number, row in enumerate(reader, 2):
                if len(row) == len(header):
                    rows.append(row)
                    numbers.append(number)
                elif row:
                    reason = f"holds {len(row)} fields, the header {len(header)}; mend its quotes or delimiters"
                    rejects.append(Reject(path=str(path), row=number, column="", value="", reason=reason))
        except csv.Error as error:
            reason = f"is not CSV from here on ({error}); the file may be cut off"
            rejects.append(Reject(path=str(path), row=number + 1, column="", value="", reason=reason))
    return pd.DataFrame(rows, columns=header, index=numbers, dtype=str), rejects


def _is_hxl(cells: list[str]) -> bool:
    return any(c.startswith("#") for c in cells) and all(not c or c.startswith("#") for c in cells)
