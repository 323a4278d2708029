"""The tables of a store, the same in a GeoPackage and in PostGIS. ``migrations`` makes and changes them.

What came in, and is never changed: reports (as they were read, with their text), events (rows of coded files),
corrections, runs. What was made of it, and can be made again: codings (what each report tells), incidents,
mentions, tolls. What was before: incident_versions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from sahel_map.datasets.events import COLUMNS as EVENT_COLUMNS
from sahel_map.incidents import EXTRA_COLUMNS, INCIDENT_COLUMNS, MENTION_COLUMNS, NESTED_COLUMNS, TOLL_COLUMNS
from sahel_map.store.column_types import Day, Geometry, Moment, Nested

metadata = sa.MetaData()
SCALAR_COLUMNS = tuple(c for c in (*INCIDENT_COLUMNS, *EXTRA_COLUMNS) if c not in NESTED_COLUMNS)
EVENT_NUMBERS = ("time_precision", "where_prec", "geo_precision", "latitude", "longitude", "uncertainty_km", "best", "low", "high",
                 "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")  # fmt: skip
_TYPES: dict[str, Any] = {
    **dict.fromkeys(("time_precision", "geo_precision", "fatalities_low", "fatalities_high", "fatalities_best", "where_prec",
                     "start", "end", "low", "high"), sa.Integer),
    **dict.fromkeys(("latitude", "longitude", "uncertainty_km"), sa.Double),
    **dict.fromkeys(("disputed", "background"), sa.Boolean),
    **dict.fromkeys(("event_date", "date_from", "date_to", "published"), Day),
    **dict.fromkeys(NESTED_COLUMNS, Nested),
}  # fmt: skip


def _columns(names: Iterable[str], types: dict[str, Any] = _TYPES) -> list[sa.Column[Any]]:
    return [sa.Column(name, types.get(name, sa.Text)) for name in names]


def _key(name: str = "fid") -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=True)


runs = sa.Table(
    "runs", metadata, _key("run_id"),
    sa.Column("started", Moment), sa.Column("finished", Moment),
    *_columns(("program", "coder", "rule")), sa.Column("inputs", Nested),
    *(sa.Column(name, sa.Integer) for name in ("reports", "events", "rejects", "added", "changed", "removed")),
)  # fmt: skip
reports = sa.Table(
    "reports", metadata, _key(), sa.Column("digest", sa.Text, unique=True, nullable=False),
    *_columns(("report_id", "title", "source", "url", "published", "language", "text")), sa.Column("run_id", sa.Integer),
)  # fmt: skip
events = sa.Table(
    "events", metadata, _key(), sa.Column("event_id", sa.Text, unique=True, nullable=False),
    *_columns((c for c in EVENT_COLUMNS if c not in ("event_id", "first", "last", "geometry")), dict.fromkeys(EVENT_NUMBERS, sa.Double)),
    sa.Column("first", sa.Date), sa.Column("last", sa.Date), sa.Column("shape", sa.LargeBinary),
    sa.Column("path", sa.Text), sa.Column("row", sa.Integer), sa.Column("run_id", sa.Integer),
)  # fmt: skip
corrections = sa.Table(
    "corrections", metadata, _key(), *_columns(("action", "target", "field", "value", "who", "why")), sa.Column("line", sa.Integer),
    sa.Column("run_id", sa.Integer), sa.Column("withdrawn_run_id", sa.Integer),
)  # fmt: skip
codings = sa.Table(
    "codings", metadata, _key(), sa.Column("digest", sa.Text, unique=True, nullable=False),
    sa.Column("coder", sa.Text), sa.Column("record", Nested),
)  # fmt: skip
incidents = sa.Table(
    "incidents", metadata, _key(), *_columns((*INCIDENT_COLUMNS, *EXTRA_COLUMNS)), sa.Column("geometry_type", sa.Text),
    sa.Column("geom", Geometry), sa.Column("digest", sa.Text), sa.Column("version", sa.Integer), sa.Column("run_id", sa.Integer),
)  # fmt: skip
mentions = sa.Table("mentions", metadata, _key(), *_columns(MENTION_COLUMNS))
tolls = sa.Table("tolls", metadata, _key(), *_columns(TOLL_COLUMNS))
incident_versions = sa.Table(
    "incident_versions", metadata, _key(), sa.Column("incident_id", sa.Text), sa.Column("version", sa.Integer),
    sa.Column("run_id", sa.Integer), sa.Column("change", sa.Text), sa.Column("fields", Nested), sa.Column("because", Nested),
    sa.Column("now", Nested), sa.Column("record", Nested),
)  # fmt: skip
sa.Index("incidents_incident_id", incidents.c.incident_id, unique=True)
sa.Index("mentions_incident_id", mentions.c.incident_id)
sa.Index("tolls_incident_id", tolls.c.incident_id)
sa.Index("incident_versions_run_id", incident_versions.c.run_id)
sa.Index("incident_versions_incident_id", incident_versions.c.incident_id)

ATTRIBUTES = (
    "runs",
    "reports",
    "events",
    "corrections",
    "mentions",
    "tolls",
    "incident_versions",
)  # shown in QGIS as tables
# views of the incidents, a layer each, for a styled layer holds one type of geometry
LAYERS = {"incidents_points": "POINT", "incidents_stretches": "MULTILINESTRING", "incidents_areas": "MULTIPOLYGON"}
