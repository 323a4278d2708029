"""An Excel workbook: incidents, mentions, tolls and reports a sheet each. Text stays text, even if it begins with "="."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.errors import OutputError
from sahel_map.exports.files import write_whole
from sahel_map.exports.flat import ledgers
from sahel_map.exports.hxl import tags
from sahel_map.exports.tables import SHEET_COLUMNS
from sahel_map.exports.values import plain

if TYPE_CHECKING:
    import geopandas as gpd

MAX_ROWS = 1_048_576
_LONGEST = 32_767  # characters of a cell
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_xlsx(incidents: gpd.GeoDataFrame, path: Path, *, hxl: bool = False) -> Path:
    """Write the workbook; ``hxl`` puts tags into row 2 of the incidents. Needs openpyxl."""
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise OutputError("XLSX needs openpyxl; install it with: pip install 'sahel-map[excel]'") from error
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    nested = [c for c in ("mentions", "tolls", "reports", "geometry") if c in incidents]
    buffer = io.BytesIO()
    try:
        _sheet(book, "incidents", SHEET_COLUMNS, incidents.drop(columns=nested).to_dict("records"), hxl)
        for name, table in ledgers(incidents).items():
            _sheet(book, name, list(table.columns), table.to_dict("records"), False)
        book.save(buffer)
    except (LxmlError, FileNotFoundError) as error:  # openpyxl keeps a sheet in the system's folder until it is whole
        raise OutputError(
            f"cannot write {str(path)!r}: a sheet could not be kept in the folder for temporary files ({error}); free"
            " some space there, or name another with the variable TMPDIR; the old file, if any, is unchanged"
        ) from error
    return write_whole(path, buffer.getvalue())


def _sheet(book: Any, name: str, columns: Sequence[str], rows: Sequence[Mapping[Any, Any]], hxl: bool) -> None:
    if len(rows) + 2 > MAX_ROWS:
        raise OutputError(
            f"{len(rows):,} {name} do not fit a sheet of {MAX_ROWS:,} rows; filter them, or write .csv or .parquet"
        )
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for line in _lines(columns, rows, hxl):
        sheet.append([_cell(sheet, value) for value in line])


def _lines(columns: Sequence[str], rows: Iterable[Mapping[Any, Any]], hxl: bool) -> Iterator[list[Any]]:
    yield list(columns)
    if hxl:
        yield tags(columns)
    for row in rows:
        yield [row.get(column) for column in columns]


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    value = plain(value)
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=_NOT_XML.sub(" ", value)[:_LONGEST])
    cell.data_type = "s"  # else a text that begins with "=" would be a formula
    return cell
