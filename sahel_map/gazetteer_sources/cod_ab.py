"""OCHA's administrative boundaries (COD-AB): polygons of units by P-code, and a place at a point inside each.

GeoJSON, GeoPackage or shapefiles, plain or zipped, with columns such as ADM2_FR, ADM2_PCODE, validOn or
adm2_name, adm2_pcode, valid_on (https://data.humdata.org, CC BY-IGO; the language ending differs by country).
Any CRS is brought to EPSG:4326; the units the polygons draw are told by ``divisions``.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from sahel_map.gazetteer_sources.reading import Reading, UnitPolygon, position_of
from sahel_map.model import Place

_PCODE = re.compile(r"ADM(\d)_PCODE")
_DAYS = ("VALIDON", "VALID_ON", "DATE")  # the first that a layer has
_HEADS = {".geojson": b"{", ".json": b"{", ".gpkg": b"SQLite format 3", ".shp": b"\0\0\x27\x0a"}
_CHUNK = 1 << 20


def recognises(path: Path) -> bool:
    """Is it GeoJSON, GeoPackage or a shapefile, plain or zipped, with ADMn_PCODE columns?"""
    try:
        with path.open("rb") as file:
            head = file.read(100)
            if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
                return _has_pcodes(file)
    except OSError:
        return False
    if head.startswith(b"PK"):
        return bool(_members(path))
    is_geopackage = head.startswith(b"SQLite format 3") and head[68:72] == b"GPKG"
    return is_geopackage or (head.startswith(_HEADS[".shp"]) and path.suffix.lower() == ".shp")


def read(path: Path) -> Reading:
    """The units of the deepest level of each layer. Raises ValueError for a damaged file, or one without P-codes."""
    import pyogrio

    reading = Reading(path, "cod-ab")
    try:
        for name in [f"/vsizip/{path}/{member}" for member in _members(path)] or [str(path)]:
            for layer, _ in pyogrio.list_layers(name):
                _read_layer(name, layer, reading)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ValueError(str(error)) from error
    if not reading.places and not reading.faults:
        raise ValueError("no layer of polygons has a column of P-codes (ADM1_PCODE, ADM2_PCODE)")
    return reading


def _read_layer(name: str, layer: str, reading: Reading) -> None:
    import pyogrio
    import shapely

    meta, _, geometry, fields = pyogrio.raw.read(name, layer=layer)
    columns = {str(column).upper(): values for column, values in zip(meta["fields"], fields, strict=True)}
    levels = [int(m[1]) for m in map(_PCODE.fullmatch, columns) if m]
    if not levels or geometry is None:
        return
    days = next((columns[day] for day in _DAYS if day in columns), ())
    reading.day = max([reading.day, *(str(day)[:10].replace("/", "-") for day in days if str(day)[:1] in "12")])
    shapes = _in_degrees(shapely.from_wkb(geometry, on_invalid="ignore"), meta["crs"])
    for row, shape in enumerate(shapes):
        try:
            _read_unit({k: v[row] for k, v in columns.items()}, max(levels), _mended(shape), reading)
        except ValueError as error:
            reading.faults.append(f"{layer} row {row + 1}: {error}")


def _read_unit(row: dict[str, Any], level: int, shape: Any, reading: Reading) -> None:
    names = [str(row[c]) for c in row if re.fullmatch(rf"ADM{level}_(NAME\d?|(?!PCODE)[A-Z]{{2}})", c) and row[c]]
    pcode = str(row[f"ADM{level}_PCODE"] or "").strip()
    if not pcode or not names:
        raise ValueError("no P-code" if names else "no name")
    west, south, east, north = shape.bounds
    position_of(west, south), position_of(east, north)
    point = shape.point_on_surface()
    if level in (1, 2):
        reading.polygons.append(UnitPolygon(pcode, level, tuple(names), shape))
    place = Place(
        place_id=f"cod-ab:{pcode}",
        name=names[0],
        position=position_of(point.x, point.y),
        country=pcode[:2],
        alternate_names=tuple(names[1:]),
        feature_code=f"ADM{level}" if level else "PCLI",
        adm1_pcode=str(row.get("ADM1_PCODE") or ""),
        adm2_pcode=str(row.get("ADM2_PCODE") or ""),
        sources=(f"cod-ab:{pcode}",),
    )
    reading.places.append(place)


def _in_degrees(shapes: Any, crs: str | None) -> Any:
    """Geometries in EPSG:4326, longitude first; without a CRS they are taken as they are."""
    if not crs or crs in ("EPSG:4326", "OGC:CRS84"):
        return shapes
    import geopandas as gpd

    return gpd.GeoSeries(shapes, crs=crs).to_crs(4326).to_numpy()


def _mended(shape: Any) -> Any:
    """The polygons of a geometry, its rings put right; ValueError when there are none."""
    import shapely

    parts = [part for part in shapely.get_parts(shapely.make_valid(shape)) if part is not None and part.area > 0]
    polygons = [part for one in parts for part in shapely.get_parts(one) if part.geom_type == "Polygon"]
    if not polygons:
        raise ValueError("no polygon")
    return shapely.union_all(polygons)


def _has_pcodes(file: Any) -> bool:
    """Whether a GeoJSON names a P-code column anywhere; geometries may come before it."""
    file.seek(0)
    before = b""
    while chunk := file.read(_CHUNK):
        text = (before + chunk).upper()
        if b'"ADM' in text and b'_PCODE"' in text:
            return True
        before = chunk[-32:]
    return False


def _members(path: Path) -> list[str]:
    """The layers of a zip, each known by its first bytes, so that none can point GDAL at other files."""
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                head = _HEADS.get(Path(name).suffix.lower())
                if head is None:
                    continue
                with archive.open(name) as member:
                    is_so = member.read(100).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(head)
                    if is_so and (head != b"{" or _has_pcodes(member)):
                        found.append(name)
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError):
        return []
    return found
