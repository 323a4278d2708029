"""What makes an SQLite file a GeoPackage 1.3 that QGIS opens as the map looks: its own tables, layers and styles."""

from __future__ import annotations

import sqlalchemy as sa

from sahel_map.exports.geopackage import STYLES_INSERT, STYLES_TABLE
from sahel_map.exports.qgis import style_of
from sahel_map.store.column_types import SRID
from sahel_map.store.schema import ATTRIBUTES, LAYERS

_WGS_84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
_TABLES = (
    f"PRAGMA application_id = {int.from_bytes(b'GPKG', 'big')}",
    "PRAGMA user_version = 10300",
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,"
    " organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)",
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,"
    " description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),"
    " min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,"
    " CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))",
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,"
    " srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),"
    " CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),"
    " CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))",
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),"
    " ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),"
    f" ('WGS 84 geodetic', {SRID}, 'EPSG', {SRID}, '{_WGS_84}', 'longitude first')",
)


def found(connection: sa.Connection) -> None:
    """Make the empty file a GeoPackage, before its first table."""
    for statement in _TABLES:
        connection.exec_driver_sql(statement)


def register(connection: sa.Connection) -> None:
    """Tell readers which tables are layers and which are tables, and how the layers look."""
    layers = [("incidents", "GEOMETRY"), *LAYERS.items()]
    contents = [("features", name) for name, _ in layers] + [("attributes", name) for name in ATTRIBUTES]
    for data_type, name in contents:
        connection.exec_driver_sql(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)",
            (name, data_type, name, SRID if data_type == "features" else 0),
        )
    for name, kind in layers:
        connection.exec_driver_sql(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (name, kind, SRID)
        )
    for statement in STYLES_TABLE:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(STYLES_INSERT, [(name, style_of(name)) for name in LAYERS])


def touch(connection: sa.Connection) -> None:
    """Note when the tables last changed, and the box that the layers fill."""
    connection.exec_driver_sql("UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')")
    connection.exec_driver_sql(
        "UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) ="
        " (SELECT min(longitude) - 3, min(latitude) - 3, max(longitude) + 3, max(latitude) + 3 FROM incidents)"
        " WHERE data_type = 'features'"
    )
