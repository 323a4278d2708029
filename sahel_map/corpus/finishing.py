"""Merged pieces become the incident table: in order, numbered where two share an id, in parts by year."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from sahel_map.corpus.catalogue import Catalogue, key, looking, text_of
from sahel_map.corpus.mentions import geometry
from sahel_map.corpus.spreading import Job, name_of
from sahel_map.corpus.work import read_rows, rows_at, write_rows
from sahel_map.incidents import table_of
from sahel_map.merging import shared_notes

if TYPE_CHECKING:
    import geopandas as gpd

STAGE = "incidents"
PART = 20_000  # incidents
UNDATED = dt.date.min.toordinal()


def index(catalogue: Catalogue, folder: Path, parts: Iterable[str]) -> None:
    """Put the merged incidents into the catalogue, in the order of the table, each with the id it gets there."""
    catalogue.empty("incidents", "members", "placed")
    for part in parts:
        rows = read_rows(folder / f"{part}.parquet", ["day", "incident_id", "mention_id", "members"])
        ids = ((part, n, r["day"], _key(r["incident_id"]), _key(r["mention_id"])) for n, r in enumerate(rows))
        catalogue.add("incidents", ids)
        catalogue.add("members", ((key(m), part, n) for n, r in enumerate(rows) for m in json.loads(r["members"])))
    catalogue.index("members")
    catalogue.change(_PLACE)
    catalogue.index("placed")


# of incidents of one id the second is number 2, in the order in which merging leaves them
_PLACE = """INSERT INTO placed (part, row, day, incident_id) SELECT part, row, day, told FROM (
    SELECT *, CASE number WHEN 1 THEN incident_id ELSE CAST(incident_id || '-' || number AS BLOB) END AS told FROM (
    SELECT *, row_number() OVER (PARTITION BY incident_id ORDER BY day, mention_id) AS number FROM incidents))
    ORDER BY day, told, incident_id, mention_id"""


def jobs(catalogue: Catalogue, out: Path) -> Iterator[Job]:
    """Parts of the table: PART incidents of one year at most, in the order of the whole table."""
    number, first, year = 0, 1, ""
    place = 0
    for place, day in catalogue.ask("SELECT place, day FROM placed ORDER BY place"):
        now = "undated" if day == UNDATED else str(dt.date.fromordinal(day).year)
        if place > first and (place - first == PART or now != year):
            yield Job(name_of(number), (str(catalogue.path), str(out), year, first, place))
            number, first = number + 1, place
        year = now
    if place:
        yield Job(name_of(number), (str(catalogue.path), str(out), year, first, place + 1))


def piece(folder: Path, name: str, catalogue: str, out: str, year: str, first: int, end: int) -> dict[str, Any]:
    """Write one part: its rows under ``incidents/NAME.parquet`` of the work folder, and as GeoParquet under ``out``."""
    from sahel_map.exports import export

    with looking(catalogue) as database:
        query = "SELECT part, row, place, incident_id FROM placed WHERE place >= ? AND place < ? ORDER BY part, row"
        found = database.execute(query, (first, end)).fetchall()
        placed: list[tuple[int, dict[str, Any]]] = []
        for part, some in groupby(found, key=itemgetter(0)):
            wanted = list(some)
            rows = rows_at(folder / f"{part}.parquet", [row for _, row, _, _ in wanted])
            for row, (_, _, place, incident_id) in zip(rows, wanted, strict=True):
                placed.append((place, _final(row, text_of(incident_id), database)))
    ordered = [row for _, row in sorted(placed, key=itemgetter(0))]
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


def _final(row: dict[str, Any], incident_id: str, database: Connection) -> dict[str, Any]:
    told = json.loads(row["row"])
    for inner in (told, *told["mentions"], *told["tolls"]):
        inner["incident_id"] = incident_id
    shared = json.loads(row["shared"])
    owners = {other: _owner(database, other) for _, others in shared for other in others}
    told["notes"] = shared_notes(told["notes"], shared, {other: owner for other, owner in owners.items() if owner})
    found = [{**doubt, "incident_id": incident_id} for doubt in json.loads(row["doubts"])]
    return {"row": json.dumps(told), "doubts": json.dumps(found), "geometry": row["geometry"]}


def _owner(database: Connection, mention_id: str) -> str:
    """The incident that a mention belongs to; nothing for one that is not known."""
    query = "SELECT incident_id FROM placed JOIN members USING (part, row) WHERE members.mention_id = ?"
    found = database.execute(query, (key(mention_id),)).fetchone()
    return text_of(found[0]) if found else ""


def _key(text: str) -> bytes:
    return key(json.loads(text))
