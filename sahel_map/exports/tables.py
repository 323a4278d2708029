"""CSV files: incidents.csv, mentions.csv, tolls.csv. UTF-8, comma, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.exports.files import replacing
from sahel_map.exports.hxl import tags
from sahel_map.exports.values import plain, plain_column
from sahel_map.incidents import (
    EVIDENCE_COLUMNS,
    EXTRA_COLUMNS,
    INCIDENT_COLUMNS,
    MENTION_COLUMNS,
    NESTED_COLUMNS,
    TOLL_COLUMNS,
    evidence_rows,
)

if TYPE_CHECKING:
    import geopandas as gpd

SHEET_COLUMNS = (*INCIDENT_COLUMNS, *(c for c in EXTRA_COLUMNS if c not in NESTED_COLUMNS), "conflicts", "reasons")
_LISTS = ("conflicts", "reasons")
_FORMULA = frozenset("=+-@\t\r")
_CHUNK = 50_000  # rows in memory as text at a time


def write_incidents_csv(incidents: gpd.GeoDataFrame, path: Path, *, hxl: bool = False) -> Path:
    """One incident a row; the nested ledger goes to mentions.csv and tolls.csv instead. ``hxl``: tags in row 2."""
    return _write(path, SHEET_COLUMNS, _sheet_lines(incidents), tags(SHEET_COLUMNS) if hxl else ())


def _sheet_lines(incidents: gpd.GeoDataFrame) -> Iterator[Sequence[Any]]:
    """The rows of incidents.csv, made column by column: a large table has few sorts of cell and many cells."""
    for start in range(0, len(incidents), _CHUNK):
        part = incidents.iloc[start : start + _CHUNK]
        columns = []
        for name in SHEET_COLUMNS:
            values = plain_column(part[name]) if name in part else [None] * len(part)
            columns.append([cell(_listed(v)) for v in values] if name in _LISTS else [cell(v) for v in values])
        yield from zip(*columns, strict=True)


def _listed(value: Any) -> str:
    return value if isinstance(value, str) else " | ".join(value) if isinstance(value, list | tuple) else ""


def write_mentions_csv(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One row for each incident that each report tells of."""
    return write_rows(path, MENTION_COLUMNS, [m for rows in incidents.get("mentions", []) for m in rows])


def write_evidence_csv(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One row for each value of a mention that was read from words: the words, their sentence and characters."""
    mentions = (m for rows in incidents.get("mentions", []) for m in rows)
    return write_rows(path, EVIDENCE_COLUMNS, evidence_rows(mentions))


def write_tolls_csv(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One row a figure."""
    return write_rows(path, TOLL_COLUMNS, [t for rows in incidents.get("tolls", []) for t in rows])


def write_rows(
    path: Path, columns: Sequence[str], rows: Iterable[Mapping[Any, Any]], *, tags: Sequence[str] = ()
) -> Path:
    """Write rows under ``columns``; text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return _write(path, columns, ([cell(row.get(column)) for column in columns] for row in rows), tags)


def _write(path: Path, columns: Sequence[str], lines: Iterable[Sequence[Any]], tags: Sequence[str]) -> Path:
    # "replace": a lone surrogate in hostile text is no UTF-8
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        if tags:
            writer.writerow(tags)
        writer.writerows(lines)
    return path


def cell(value: Any) -> Any:
    """A CSV cell: empty for a missing value, true/false for a truth value, text made safe."""
    if type(value) is str:  # most cells are
        text = f"'{value}" if value[:1] in _FORMULA else value
        return text.replace("\x00", "") if "\x00" in text else text
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return cell(str(value)) if isinstance(value, str) else value
