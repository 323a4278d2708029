"""Tables of names and coordinates: OCHA's settlement lists from HDX, or any CSV a user has.

Columns are found by their heads (``data/table_columns.csv``). A table of coded events
(``data/event_columns.csv``) is refused: its points are what a gazetteer is asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sahel_map.countries import country_code
from sahel_map.errors import GazetteerError
from sahel_map.gazetteer_sources.reading import Reading, position_of
from sahel_map.model import Place
from sahel_map.names import read_rows
from sahel_map.place_merging import usable_names

SEATS = {"admin0 capital": "PPLC", "admin1 capital": "PPLA", "admin2 capital": "PPLA2", "admin3 capital": "PPLA3"}


def recognises(path: Path) -> bool:
    """Does it have a column of names and two of coordinates?"""
    columns = _columns(_head(path))
    return {"name", "latitude", "longitude"} <= columns.keys()


def refusal(path: Path) -> str:
    """Why a table that looks like places is none, or ""."""
    events = {row["column"]: row["whose"] for row in read_rows("event_columns.csv")}
    whose = [f"{events[column.lower()]}'s {column!r}" for column in _head(path) if column.lower() in events]
    return f"coded events, not a gazetteer (column {whose[0]})" if whose else ""


def read(path: Path) -> Reading:
    """One place a row; rows without a name or a position on Earth are counted, not fatal."""
    columns = _columns(_head(path))
    reading = Reading(path, "ocha-settlements" if "pcode" in columns else "table")
    for number, row in enumerate(_rows(path), start=2):
        try:
            reading.places.append(_place(row, columns, reading.source, f"{path.stem}:{number}"))
        except ValueError as error:
            reading.faults.append(f"line {number}: {error}")
    return reading


def _place(row: dict[str, str], columns: dict[str, list[str]], source: str, fallback: str) -> Place:
    cells = {field: [row.get(c) or "" for c in heads] for field, heads in columns.items()}
    name = next((cell.strip() for cell in cells["name"] if cell.strip()), "")
    if not name:
        raise ValueError("no name")
    others = [part for cell in cells.get("alternate", []) + cells["name"] for part in cell.replace(";", "|").split("|")]
    number = _first(cells, "pcode") or fallback
    codes = [country_code(cell) for cell in cells.get("country", [])]
    return Place(
        place_id=f"{source}:{number}",
        name=name,
        position=position_of(cells["longitude"][0], cells["latitude"][0]),
        country=next((code for code in codes if code), ""),
        alternate_names=usable_names(others, but=name),
        feature_code=SEATS.get(_first(cells, "class").lower(), "PPL"),
        adm1_pcode=_first(cells, "adm1_pcode"),
        adm2_pcode=_first(cells, "adm2_pcode"),
        population=int(float(_first(cells, "population").replace(" ", "") or 0)),
        sources=(f"{source}:{number}",),
    )


def _first(cells: dict[str, list[str]], field: str) -> str:
    return next((cell.strip() for cell in cells.get(field, []) if cell.strip()), "")


def _columns(head: list[str]) -> dict[str, list[str]]:
    """Our fields -> the heads of this table that hold them."""
    found: dict[str, list[str]] = {}
    by_name = {column.strip().lower().lstrip("#"): column for column in head}
    for field, column in _known_columns():
        if column in by_name:
            found.setdefault(field, []).append(by_name[column])
    return found


@cache
def _known_columns() -> list[tuple[str, str]]:
    return [(row["field"], row["column"]) for row in read_rows("table_columns.csv")]


def _head(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            first = file.readline(100_000)
        line = first.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    return next(csv.reader([line], delimiter=_delimiter(line)), []) if line.strip() else []


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GazetteerError(f"{path} is not UTF-8 text ({error}): save it as UTF-8 and try again") from error
    lines = io.StringIO(text, newline="")
    yield from csv.DictReader(lines, delimiter=_delimiter(text[:100_000].split("\n", 1)[0]))


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)
