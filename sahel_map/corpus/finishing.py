"""Merged pieces become the incident table: in order, numbered where two share an id, in parts by year."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.corpus.catalogue import Catalogue
from sahel_map.corpus.mentions import geometry
from sahel_map.corpus.spreading import Job
from sahel_map.corpus.work import read_rows, rows_at, write_rows
from sahel_map.incidents import table_of
from sahel_map.merging import shared_notes

if TYPE_CHECKING:
    import geopandas as gpd

STAGE = "incidents"
PART = 20_000  # incidents
UNDATED = dt.date.min.toordinal()


def index(catalogue: Catalogue, folder: Path, parts: Iterable[str]) -> None:
    """Put the merged incidents into the catalogue, and number those that share an id."""
    for part in sorted(parts):
        rows = read_rows(folder / f"{part}.parquet", ["day", "incident_id", "mention_id", "members", "shared"])
        catalogue.add(
            "incidents", ((part, n, r["day"], r["incident_id"], r["mention_id"], 1) for n, r in enumerate(rows))
        )
        catalogue.add("members", ((m, part, n) for n, r in enumerate(rows) for m in _escaped(r["members"])))
    catalogue.index("incidents")
    _number(catalogue)
    catalogue.change("CREATE INDEX incidents_part ON incidents (part, row)")


def _number(catalogue: Catalogue) -> None:
    """Tell incidents of one id apart, in the order of the table: the second is number 2."""
    query = """SELECT incident_id, day, mention_id, rowid FROM incidents WHERE incident_id IN (
        SELECT incident_id FROM incidents GROUP BY incident_id HAVING count(*) > 1) ORDER BY incident_id"""
    for _, rows in groupby(catalogue.ask(query), key=itemgetter(0)):
        ordered = sorted((day, json.loads(mention_id), row) for _, day, mention_id, row in rows)
        for number, (_, _, row) in enumerate(ordered, 1):
            catalogue.change("UPDATE incidents SET number = ? WHERE rowid = ?", number, row)


def jobs(catalogue: Catalogue, folder: Path, out: Path) -> Iterator[Job]:
    """Parts of the table: PART incidents of one year at most, in the order of the whole table."""
    part: list[tuple[str, int, str]] = []
    year, number = "", 0
    # ids stand in JSON's spelling; the order is that of the texts themselves
    for day, rows in _by_day(catalogue):
        now = "undated" if day == UNDATED else str(dt.date.fromordinal(day).year)
        for row in rows:
            if part and (len(part) == PART or now != year):
                yield _job(number, year, part, catalogue, folder, out)
                part, number = [], number + 1
            year = now
            part.append(row)
    if part:
        yield _job(number, year, part, catalogue, folder, out)


def piece(
    folder: Path, name: str, year: str, out: str, wanted: dict[str, list[list[Any]]], owners: dict[str, str]
) -> dict[str, Any]:
    """Write one part: its rows under ``incidents/NAME.parquet`` of the work folder, and as GeoParquet under ``out``."""
    from sahel_map.exports import export

    placed: list[tuple[int, dict[str, Any]]] = []
    for part, numbers in wanted.items():
        rows = rows_at(folder / f"{part}.parquet", [number for number, _, _ in numbers])
        for row, (_, incident_id, place) in zip(rows, numbers, strict=True):
            placed.append((place, _final(row, incident_id, owners)))
    ordered = [row for _, row in sorted(placed, key=lambda pair: pair[0])]
    write_rows(folder / STAGE / f"{name}.parquet", ordered, schema())
    path = Path(out) / f"year={year}" / f"part-{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    export(table_of([json.loads(r["row"]) for r in ordered], [geometry(r["geometry"]) for r in ordered]), path)
    return {"incidents": len(ordered), "path": str(path)}


def table(folder: Path, names: Iterable[str]) -> tuple[gpd.GeoDataFrame, list[dict[str, Any]]]:
    """The whole incident table of the parts, in memory, and its doubts."""
    rows = [row for name in sorted(names) for row in read_rows(folder / STAGE / f"{name}.parquet")]
    found = [doubt for row in rows for doubt in json.loads(row["doubts"])]
    return table_of([json.loads(row["row"]) for row in rows], [geometry(row["geometry"]) for row in rows]), found


@cache
def schema() -> Any:
    """The columns of a finished part."""
    import pyarrow as pa

    return pa.schema([("row", pa.string()), ("doubts", pa.string()), ("geometry", pa.binary())])


def _by_day(catalogue: Catalogue) -> Iterator[tuple[int, list[tuple[str, int, str]]]]:
    """The incidents of each day, in order: (part, row, final id)."""
    days: list[tuple[str, str, str, int, int]] = []
    before = None
    for day, part, row, incident_id, mention_id, number in catalogue.ask(
        "SELECT day, part, row, incident_id, mention_id, number FROM incidents ORDER BY day"
    ):
        if before is not None and day != before:
            yield before, _in_order(days)
            days = []
        before = day
        days.append((json.loads(incident_id), json.loads(mention_id), part, row, number))
    if before is not None:
        yield before, _in_order(days)


def _in_order(found: list[tuple[str, str, str, int, int]]) -> list[tuple[str, int, str]]:
    return [(part, row, _numbered(incident_id, n)) for incident_id, _, part, row, n in sorted(found)]


def _numbered(incident_id: str, number: int) -> str:
    return incident_id if number == 1 else f"{incident_id}-{number}"


def _job(
    number: int, year: str, rows: list[tuple[str, int, str]], catalogue: Catalogue, folder: Path, out: Path
) -> Job:
    wanted: dict[str, list[list[Any]]] = defaultdict(list)
    for place, (part, row, incident_id) in enumerate(rows):
        wanted[part].append([row, incident_id, place])
    owners: dict[str, str] = {}
    for part, numbers in wanted.items():
        shared = read_rows(folder / f"{part}.parquet", ["shared"])
        figures = [figure for n, _, _ in numbers for figure in json.loads(shared[n]["shared"])]
        for mention in {mention for _, others in figures for mention in others}:
            owners.update(_owner(catalogue, mention))
    return Job(f"{number:07d}", (year, str(out), dict(wanted), owners))


def _owner(catalogue: Catalogue, mention_id: str) -> dict[str, str]:
    query = """SELECT incident_id, number FROM incidents JOIN members USING (part, row) WHERE members.mention_id = ?"""
    found = next(catalogue.ask(query, json.dumps(mention_id)), None)
    return {mention_id: _numbered(json.loads(found[0]), found[1])} if found else {}


def _final(row: dict[str, Any], incident_id: str, owners: dict[str, str]) -> dict[str, Any]:
    told = json.loads(row["row"])
    for inner in (told, *told["mentions"], *told["tolls"]):
        inner["incident_id"] = incident_id
    told["notes"] = shared_notes(told["notes"], json.loads(row["shared"]), owners)
    found = [{**doubt, "incident_id": incident_id} for doubt in json.loads(row["doubts"])]
    return {"row": json.dumps(told), "doubts": json.dumps(found), "geometry": row["geometry"]}


def _escaped(members: str) -> list[str]:
    return [json.dumps(member) for member in json.loads(members)]
