"""The incident table as files: one module a format, chosen by the file's ending."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.errors import InputError
from sahel_map.exports.postgis import is_url, write_postgis

if TYPE_CHECKING:
    import geopandas as gpd

# ending -> (module:function, what it is); the longest ending that fits wins
FORMATS: dict[str, tuple[str, str]] = {
    ".geojson": ("geojson:write_geojson", "GeoJSON (RFC 7946)"),
    ".json": ("geojson:write_geojson", "GeoJSON (RFC 7946)"),
    ".geojsonl": ("sequence:write_lines", "GeoJSON, a feature a line"),
    ".geojsons": ("sequence:write_sequence", "GeoJSON text sequence (RFC 8142)"),
    ".gpkg": ("geopackage:write_geopackage", "GeoPackage with layers, ledger and QGIS styles"),
    ".parquet": ("parquet:write_geoparquet", "GeoParquet 1.1"),
    ".geoparquet": ("parquet:write_geoparquet", "GeoParquet 1.1"),
    ".fgb": ("gis:write_flatgeobuf", "FlatGeobuf"),
    ".kml": ("kml:write_kml", "KML 2.2 with time and styles"),
    ".kmz": ("kml:write_kmz", "KML, zipped"),
    ".csv": ("tables:write_incidents_csv", "CSV"),
    ".acled.csv": ("coded:write_acled_like", "CSV in ACLED's columns"),
    ".ucdp.csv": ("coded:write_ucdp_like", "CSV in UCDP GED's columns"),
    ".xlsx": ("excel:write_xlsx", "Excel workbook"),
    ".shp.zip": ("gis:write_shapefile", "Shapefiles, zipped"),
    ".zip": ("gis:write_shapefile", "Shapefiles, zipped"),
}
LEDGER_COLUMNS = ("mentions", "tolls", "reports")
TAGGED = (".csv", ".acled.csv", ".ucdp.csv", ".xlsx")  # those that can carry an HXL row


def export(incidents: gpd.GeoDataFrame, path: str | Path, *, hxl: bool = False, ledger: bool = True) -> Path | str:
    """Write the incident table (EPSG:4326) in the format that ``path`` ends in, whole or not at all.

    A URL postgresql://… is a PostGIS database, and comes back without its password.
    ``hxl`` adds a row of HXL tags (CSV and XLSX); without ``ledger`` mentions, figures and reports stay out, two
    thirds of a large file. Raises InputError for an unknown ending, OutputError when the
    file cannot be written. What each format cannot hold is in docs/formats.md.
    """
    if not ledger:
        incidents = incidents.drop(columns=[c for c in LEDGER_COLUMNS if c in incidents])
    if is_url(path):
        if hxl:
            raise InputError(f"a database carries no HXL row; only {', '.join(TAGGED)} can")
        return write_postgis(incidents, str(path))
    path = Path(path)
    ending = ending_of(path)
    if hxl and ending not in TAGGED:
        raise InputError(f"{str(path)!r}: only {', '.join(TAGGED)} can carry an HXL row")
    module, name = FORMATS[ending][0].split(":")
    writer: Any = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    result: Path = writer(incidents, path, hxl=True) if hxl else writer(incidents, path)
    return result


def check_target(path: str | Path) -> None:
    """Raises InputError for a file name whose ending names no format."""
    if not is_url(path):
        ending_of(Path(path))


def ending_of(path: Path) -> str:
    """The known ending of a file name, the longest first; InputError for any other."""
    name = path.name.lower()
    for ending in sorted(FORMATS, key=len, reverse=True):
        if name.endswith(ending) and len(name) > len(ending):
            return ending
    raise InputError(f"{str(path)!r}: wanted a file name ending in one of {', '.join(FORMATS)}")
