"""CSV files: incidents.csv, mentions.csv, tolls.csv. UTF-8, comma, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.exports.files import write_whole
from sahel_map.exports.geojson import plain
from sahel_map.exports.hxl import tags
from sahel_map.incidents import EXTRA_COLUMNS, INCIDENT_COLUMNS, MENTION_COLUMNS, NESTED_COLUMNS, TOLL_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd

SHEET_COLUMNS = (*INCIDENT_COLUMNS, *(c for c in EXTRA_COLUMNS if c not in NESTED_COLUMNS), "conflicts", "reasons")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_incidents_csv(incidents: gpd.GeoDataFrame, path: Path, *, hxl: bool = False) -> Path:
    """One incident a row; the nested ledger goes to mentions.csv and tolls.csv instead. ``hxl``: tags in row 2."""
    nested = [c for c in ("mentions", "tolls", "reports", "geometry") if c in incidents]
    rows = incidents.drop(columns=nested).to_dict("records")
    for row in rows:
        row["conflicts"] = _listed(row.get("conflicts"))
        row["reasons"] = _listed(row.get("reasons"))
    return write_rows(path, SHEET_COLUMNS, rows, tags=tags(SHEET_COLUMNS) if hxl else ())


def _listed(value: Any) -> str:
    return value if isinstance(value, str) else " | ".join(value) if isinstance(value, list | tuple) else ""


def write_mentions_csv(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One row for each incident that each report tells of."""
    return write_rows(path, MENTION_COLUMNS, [m for rows in incidents.get("mentions", []) for m in rows])


def write_tolls_csv(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One row a figure."""
    return write_rows(path, TOLL_COLUMNS, [t for rows in incidents.get("tolls", []) for t in rows])


def write_rows(
    path: Path, columns: Sequence[str], rows: Iterable[Mapping[Any, Any]], *, tags: Sequence[str] = ()
) -> Path:
    """Write rows under ``columns``; text that a spreadsheet would run as a formula gets an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    if tags:
        writer.writerow(tags)
    for row in rows:
        writer.writerow([cell(row.get(column)) for column in columns])
    return write_whole(path, buffer.getvalue())


def cell(value: Any) -> Any:
    """A CSV cell: empty for a missing value, true/false for a truth value, text made safe."""
    if type(value) is not str:  # most cells are: looking further at those takes half the time of a large file
        value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value.replace("\x00", "") if isinstance(value, str) else value
