"""The incidents of a store: only what changed is written, and what it was before goes into its history."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
import shapely
import sqlalchemy as sa

from sahel_map.exports.values import plain, plain_column
from sahel_map.incidents import EXTRA_COLUMNS, INCIDENT_COLUMNS, NESTED_COLUMNS, typed
from sahel_map.store.column_types import many, one
from sahel_map.store.contents import insert
from sahel_map.store.schema import incident_versions, incidents, mentions, tolls

if TYPE_CHECKING:
    import geopandas as gpd

_COLUMNS = (*INCIDENT_COLUMNS, *EXTRA_COLUMNS)
_LEDGER = ("mentions", "tolls", "reports")  # their changes are told by the columns made of them
_PIECE = 500  # ids in one question


@dataclass(slots=True, kw_only=True)
class Changes:
    """Incidents that a run added, changed and removed, by id."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def replace_incidents(
    connection: sa.Connection,
    table: gpd.GeoDataFrame,
    *,
    run_id: int,
    news: Mapping[str, Iterable[str]],
    otherwise: str,
) -> Changes:
    """Make the stored incidents those of ``table``; what they were before goes into incident_versions.

    ``news`` names the reports (and datasets) that this run brought, with the reports they are copies of;
    ``otherwise`` is the reason of a change that none of them explains.
    """  # fmt: skip
    known = {key: (digest, version) for key, digest, version in connection.execute(
        sa.select(incidents.c.incident_id, incidents.c.digest, incidents.c.version))}  # fmt: skip
    current: dict[str, str] = {}
    fresh: list[dict[str, Any]] = []
    for row in _rows(table):
        current[row["incident_id"]] = row["digest"]
        if known.get(row["incident_id"], ("", 0))[0] != row["digest"]:
            fresh.append(row | {name: plain(row[name] or []) for name in NESTED_COLUMNS})
    gone = sorted(set(known) - set(current))
    before = _stored(connection, [*gone, *(row["incident_id"] for row in fresh if row["incident_id"] in known)])
    last = _last_versions(connection, [row["incident_id"] for row in fresh if row["incident_id"] not in known])
    owner = _owners(fresh) if gone else {}
    history, changes = [], Changes()
    for row in fresh:
        key = row["incident_id"]
        old = before.get(key)
        row["version"] = (known[key][1] if old else last.get(key, 0)) + 1
        row["run_id"] = run_id
        (changes.changed if old else changes.added).append(key)
        history.append(_version(row, old, run_id, news, otherwise))
    for key in gone:
        changes.removed.append(key)
        history.append(_removal(before[key], known[key][1] + 1, run_id, owner, news, otherwise))
    _write(connection, [*before], fresh, history)
    return changes


def stored_incidents(connection: sa.Connection) -> gpd.GeoDataFrame:
    """The incident table, as ``build`` returns it."""
    import geopandas as gpd
    import pandas as pd

    rows = [dict(row) for row in connection.execute(sa.select(incidents)).mappings()]
    rows.sort(key=lambda row: (row["date_from"] or "", row["incident_id"]))
    frame = typed(pd.DataFrame(rows, columns=list(_COLUMNS)))
    shapes = gpd.GeoSeries([_shape(row) for row in rows], crs="EPSG:4326", index=frame.index)
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


# --- rows ---------------------------------------------------------------------------------------------------------


def _rows(table: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Each incident as plain values, but for the nested ones, with a digest of all of them."""
    columns = [plain_column(table[name]) for name in _COLUMNS]
    for shape, *cells in zip(table.geometry, *columns, strict=True):
        values = dict(zip(_COLUMNS, cells, strict=True))
        told = _sorted_json(values) + (shapely.to_wkb(shape) if shape is not None else b"")
        yield {
            **values, "geometry_type": shape.geom_type if shape is not None else None, "geom": many(shape),
            "digest": hashlib.sha256(told).hexdigest(),
        }  # fmt: skip


def _sorted_json(values: dict[str, Any]) -> bytes:
    """The same bytes for the same values, whatever the order of their keys."""
    return orjson.dumps(values, default=plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY)


def _shape(row: Mapping[str, Any]) -> Any:
    return one(row["geom"], row["geometry_type"] or "")


def _stored(connection: sa.Connection, ids: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), _PIECE):
        query = sa.select(incidents).where(incidents.c.incident_id.in_(ids[start : start + _PIECE]))
        found |= {row["incident_id"]: dict(row) for row in connection.execute(query).mappings()}
    return found


def _last_versions(connection: sa.Connection, ids: list[str]) -> dict[str, int]:
    """The number of the last version of incidents that were removed once, and come back."""
    table = incident_versions.c
    found: dict[str, int] = {}
    for start in range(0, len(ids), _PIECE):
        query = sa.select(table.incident_id, sa.func.max(table.version)).where(
            table.incident_id.in_(ids[start : start + _PIECE])
        )
        found |= {key: int(version) for key, version in connection.execute(query.group_by(table.incident_id))}
    return found


def _write(
    connection: sa.Connection, outdated: list[str], fresh: list[dict[str, Any]], history: list[dict[str, Any]]
) -> None:
    for start in range(0, len(outdated), _PIECE):
        piece = outdated[start : start + _PIECE]
        for table in (incidents, mentions, tolls):
            connection.execute(table.delete().where(table.c.incident_id.in_(piece)))
    insert(connection, incidents, fresh)
    for name, table in (("mentions", mentions), ("tolls", tolls)):
        names = [c.name for c in table.columns if c.name != "fid"]
        insert(connection, table, [{n: inner.get(n) for n in names} for row in fresh for inner in row[name]])
    insert(connection, incident_versions, history)


# --- history ------------------------------------------------------------------------------------------------------


def _version(
    row: dict[str, Any], old: dict[str, Any] | None, run_id: int, news: Mapping[str, Iterable[str]], otherwise: str
) -> dict[str, Any]:
    fields = _differences(old, row) if old else []
    told_by = set(row["report_ids"].split("; "))
    because = sorted(told_by & set(news)) or sorted(key for key, kin in news.items() if told_by & set(kin))
    return {
        "incident_id": row["incident_id"], "version": row["version"], "run_id": run_id,
        "change": "changed" if old else "added", "fields": fields, "because": because or [otherwise], "now": [],
        "record": _record(old) if old else None,
    }  # fmt: skip


def _removal(
    old: dict[str, Any], version: int, run_id: int, owner: Mapping[str, dict[str, Any]],
    news: Mapping[str, Iterable[str]], otherwise: str,
) -> dict[str, Any]:  # fmt: skip
    """An incident that is no more; its mentions may now belong to another."""
    heirs = {row["incident_id"]: row for m in old["mentions"] if (row := owner.get(m["mention_id"])) is not None}
    told_by = {report for row in heirs.values() for report in row["report_ids"].split("; ")}
    return {
        "incident_id": old["incident_id"], "version": version, "run_id": run_id, "change": "removed", "fields": [],
        "because": sorted(told_by & set(news)) or [otherwise], "now": sorted(heirs), "record": _record(old),
    }  # fmt: skip


def _owners(fresh: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Which of the new incidents each mention belongs to."""
    return {mention["mention_id"]: row for row in fresh for mention in row["mentions"]}


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[list[Any]]:
    """[column, before, now] of what changed; of the ledger and the geometry only that they did."""
    told = [[name, old[name], new[name]] for name in _COLUMNS if name not in _LEDGER and old[name] != new[name]]
    told += [[name, None, None] for name in _LEDGER if old[name] != new[name]]
    return told + ([["geometry", None, None]] if not _same_shape(old, new) else [])


def _same_shape(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return bool(old["geom"] == new["geom"]) and old["geometry_type"] == new["geometry_type"]


def _record(old: dict[str, Any]) -> dict[str, Any]:
    """A row as it was, whole: JSON with its geometry as WKT."""
    shape = _shape(old)
    return {**{name: old[name] for name in _COLUMNS}, "geometry": shape.wkt if shape is not None else None}
