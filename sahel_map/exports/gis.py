"""FlatGeobuf and zipped Shapefile: one table of incidents each, through well-kept libraries."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.exports.files import replacing
from sahel_map.exports.flat import AREAS, LINES, POINTS, flat, of_types, with_arrow

if TYPE_CHECKING:
    import geopandas as gpd

# dBASE allows ten characters a name and 254 a text: the names are chosen, not cut
SHAPEFILE_NAMES = {
    "incident_id": "id", "event_date": "date", "date_from": "date_from", "date_to": "date_to", "time_precision": "time_prec",
    "event_type": "type", "sub_event_type": "sub_type", "actor1": "actor1", "actor2": "actor2", "country": "country",
    "admin1": "admin1", "admin2": "admin2", "adm1_pcode": "adm1_pcode", "adm2_pcode": "adm2_pcode", "location": "location",
    "latitude": "latitude", "longitude": "longitude", "geo_precision": "geo_prec", "where_prec": "where_prec",
    "kind": "kind", "uncertainty_km": "uncert_km", "fatalities_low": "dead_low", "fatalities_best": "dead_best",
    "fatalities_high": "dead_high", "status": "status", "disputed": "disputed", "background": "background",
    "sources": "sources", "report_ids": "report_ids", "notes": "notes",
}  # fmt: skip
_LONGEST = 254


def write_flatgeobuf(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """All columns, nested ones as JSON text. Indexed by place unless an incident has no geometry, which an index cannot hold."""
    import pyogrio

    table = flat(incidents)
    index = "NO" if table.geometry.isna().any() or table.empty else "YES"
    with replacing(path) as temporary:
        pyogrio.write_dataframe(
            table,
            temporary,
            driver="FlatGeobuf",
            geometry_type="Unknown",
            SPATIAL_INDEX=index,
            layer="incidents",
            use_arrow=with_arrow(),
        )
        # a disk that is full at the very end cuts the file and GDAL says nothing: reading it through does
        pyogrio.raw.read(temporary, columns=[])
    return path


def write_shapefile(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """A zip of up to three shapefiles (points, stretches, areas), for those who must: short names, texts cut at 254 bytes."""
    import pyogrio

    named = {old: new for old, new in SHAPEFILE_NAMES.items() if old in incidents}
    table = flat(incidents, nested=(), days=False)[[*named, "geometry"]].rename(columns=named)
    for column in table.columns.drop("geometry"):
        if table[column].dtype == bool:
            table[column] = table[column].astype("int32")
        elif table[column].dtype.kind == "O" or str(table[column].dtype) in ("str", "string"):
            table[column] = table[column].map(_cut, na_action="ignore")
    with replacing(path) as temporary:
        for name, types in (("points", POINTS), ("stretches", LINES), ("areas", AREAS)):
            rows = of_types(table, types, empty=types == POINTS)
            if len(rows) or types == POINTS:
                shape = "Point" if types == POINTS else "MultiPolygon" if types == AREAS else "MultiLineString"
                pyogrio.write_dataframe(
                    rows, temporary.parent / f"incidents_{name}.shp", driver="ESRI Shapefile", encoding="UTF-8",
                    geometry_type=shape, promote_to_multi=types != POINTS,
                )  # fmt: skip
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(temporary.parent.glob("incidents_*.*")):
                archive.write(part, part.name)
    return path


def _cut(text: object) -> str:
    """At most 254 bytes of UTF-8, cut between characters."""
    return str(text).encode("utf-8", "replace")[:_LONGEST].decode("utf-8", "ignore")
