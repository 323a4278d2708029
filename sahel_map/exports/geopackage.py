"""GeoPackage: incidents by geometry, the ledger as tables, and QGIS styles inside, so that it opens as the map looks."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.exports.files import replacing
from sahel_map.exports.flat import AREAS, LINES, POINTS, flat, ledgers, of_types, with_arrow
from sahel_map.exports.qgis import style_of

if TYPE_CHECKING:
    import geopandas as gpd

LAYERS = {"incidents_points": POINTS, "incidents_stretches": LINES, "incidents_areas": AREAS}
STYLES_TABLE = (
    "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),"
    " f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,"
    " styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)",
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
    " VALUES ('layer_styles', 'attributes', 'layer_styles', 'QGIS styles', '2025-01-01T00:00:00.000Z', 0)",
)
STYLES_INSERT = (  # of (layer, style)
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,"
    " useAsDefault, description) VALUES ('', '', ?, 'geom', 'sahel-map', ?, 1, 'as on the map page')"
)


def write_geopackage(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """Write layers incidents_points (and what has no geometry), incidents_stretches, incidents_areas; tables mentions, tolls, reports.

    EPSG:4326. A layer without rows is left out, but for incidents_points.
    """
    import pyogrio

    table = flat(incidents, nested=("reasons", "conflicts"))  # the ledger has tables of its own
    with replacing(path) as temporary:
        written: list[str] = []
        for name, types in LAYERS.items():
            rows = of_types(table, types, empty=name == "incidents_points")
            if len(rows) or name == "incidents_points":
                shape = "Point" if types == POINTS else "MultiPolygon" if types == AREAS else "MultiLineString"
                pyogrio.write_dataframe(
                    rows, temporary, layer=name, driver="GPKG", geometry_type=shape, append=bool(written),
                    dataset_options={"VERSION": "1.3"},  # of 1.4 the QGIS of long-term distributions warns
                    promote_to_multi=shape != "Point", use_arrow=with_arrow(),
                )  # fmt: skip
                written.append(name)
        for name, sheet in ledgers(incidents).items():
            pyogrio.write_dataframe(sheet, temporary, layer=name, driver="GPKG", append=True, use_arrow=with_arrow())
        _add_styles(temporary, written)
    return path


def _add_styles(path: Path, layers: list[str]) -> None:
    base = sqlite3.connect(path)
    try:
        for statement in STYLES_TABLE:
            base.execute(statement)
        base.executemany(STYLES_INSERT, [(layer, style_of(layer)) for layer in layers])
        base.commit()
    finally:
        base.close()
