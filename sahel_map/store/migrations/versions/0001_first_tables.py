"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from sahel_map.store import column_types as types

revision = "0001"
down_revision = None

# A migration keeps the columns as they were on its day; today's are in store/schema.py.
_TYPES = {
    "text": sa.Text, "integer": sa.Integer, "double": sa.Double, "boolean": sa.Boolean, "date": sa.Date, "bytes": sa.LargeBinary,
    "day": types.Day, "moment": types.Moment, "nested": types.Nested, "geometry": types.Geometry,
}  # fmt: skip
_TABLES = {
    "runs": "run_id:key started:moment finished:moment program:text coder:text rule:text inputs:nested reports:integer events:integer"
    " rejects:integer added:integer changed:integer removed:integer",
    "reports": "fid:key digest:unique report_id:text title:text source:text url:text published:day language:text text:text run_id:integer",
    "events": "fid:key event_id:unique own_id:text dataset:text report_id:text time_precision:double where_prec:double geo_precision:double"
    " event_type:text sub_event_type:text actor1:text actor2:text place_text:text location:text country:text admin1:text admin2:text"
    " adm1_pcode:text adm2_pcode:text admin1_today:text admin2_today:text latitude:double longitude:double kind:text uncertainty_km:double"
    " status:text sentence:text reason:text place_reason:text notes:text best:double low:double high:double deaths_a:double deaths_b:double"
    " deaths_civilians:double deaths_unknown:double first:date last:date shape:bytes path:text row:integer run_id:integer",
    "corrections": "fid:key action:text target:text field:text value:text who:text why:text line:integer run_id:integer"
    " withdrawn_run_id:integer",
    "codings": "fid:key digest:unique coder:text record:nested",
    "incidents": "fid:key incident_id:text event_date:day date_from:day date_to:day time_precision:integer event_type:text"
    " sub_event_type:text actor1:text actor2:text country:text admin1:text admin2:text adm1_pcode:text location:text latitude:double"
    " longitude:double geo_precision:integer fatalities_low:integer fatalities_high:integer disputed:boolean background:boolean"
    " sources:text report_ids:text notes:text kind:text uncertainty_km:double where_prec:integer adm2_pcode:text admin1_today:text"
    " admin2_today:text fatalities_best:integer status:text actor1_status:text outcome:text victim_groups:text place_spellings:text"
    " resolution_reason:text reasons:nested conflicts:nested reports:nested mentions:nested tolls:nested geometry_type:text geom:geometry"
    " digest:text version:integer run_id:integer",
    "mentions": "fid:key mention_id:text incident_id:text report_id:text place_text:text location:text country:text admin1:text admin2:text"
    " latitude:double longitude:double geo_precision:integer event_date:day date_from:day date_to:day time_precision:integer event_type:text"
    " sub_event_type:text actor1:text actor2:text background:boolean sentence:text start:integer end:integer reason:text",
    "tolls": "fid:key toll_id:text mention_id:text incident_id:text report_id:text who:text kind:text low:integer high:integer"
    " qualifier:text speaker:text status:text shared_with:text quote:text start:integer end:integer speaker_kind:text origin:text"
    " part_of:text revision:text",
    "incident_versions": "fid:key incident_id:text version:integer run_id:integer change:text fields:nested because:nested now:nested"
    " record:nested",
}
_INDEXES = (("incidents", "incident_id", True), ("mentions", "incident_id", False), ("tolls", "incident_id", False),
            ("incident_versions", "run_id", False), ("incident_versions", "incident_id", False))  # fmt: skip
_LAYERS = {
    "incidents_points": "geometry_type = 'Point' OR geometry_type IS NULL",
    "incidents_stretches": "geometry_type IN ('LineString', 'MultiLineString')",
    "incidents_areas": "geometry_type IN ('Polygon', 'MultiPolygon')",
}


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.create_table(name, *(_column(*column.split(":")) for column in columns.split()))
    for table, column, unique in _INDEXES:
        op.create_index(f"{table}_{column}", table, [column], unique=unique)
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute("CREATE INDEX incidents_geom ON incidents USING gist (geom)")
    names = [part.partition(":")[0] for part in _TABLES["incidents"].split()][1:]
    for name, condition in _LAYERS.items():
        number = "fid" if postgres else 'fid AS "OGC_FID"'  # the name by which GDAL knows the key of a view
        op.execute(f"CREATE VIEW {name} AS SELECT {number}, {', '.join(names)} FROM incidents WHERE {condition}")


def _column(name: str, kind: str) -> sa.Column[Any]:
    if kind == "key":
        return sa.Column(name, sa.Integer, primary_key=True, autoincrement=True)
    if kind == "unique":
        return sa.Column(name, sa.Text, unique=True, nullable=False)
    return sa.Column(name, _TYPES[kind])
