"""GeoJSON after RFC 7946: EPSG:4326, longitude first, outer rings anticlockwise, no crs member."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from shapely.geometry import MultiPolygon, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from sahel_map.exports.files import replacing
from sahel_map.exports.values import json_bytes, plain_column

if TYPE_CHECKING:
    import geopandas as gpd

_CHUNK = 10_000
_DIGITS = 5  # about one metre; more would claim a precision that no report has


def write_geojson(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """Write the incident table; the ledger, mentions and reasons travel along as nested properties.

    A country-level incident has a null geometry.
    """
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for number, feature in enumerate(features(incidents)):
            file.write(b"," + feature if number else feature)
        file.write(b"]}")
    return path


def features(incidents: gpd.GeoDataFrame) -> Iterator[bytes]:
    """Each incident as the UTF-8 text of a GeoJSON feature; incidents that share a region's polygon share its text."""
    known: dict[int, bytes] = {}
    names = [str(column) for column in incidents.columns if column != "geometry"]
    for start in range(0, len(incidents), _CHUNK):
        part = incidents.iloc[start : start + _CHUNK]
        rows = zip(*(plain_column(part[name]) for name in names), strict=True)
        shapes = part["geometry"].to_numpy() if "geometry" in part else [None] * len(part)
        for shape, cells in zip(shapes, rows, strict=True):
            if shape is None or shape.geom_type == "Point":
                geometry = _geometry(shape)
            else:
                geometry = known.get(id(shape)) or known.setdefault(id(shape), _geometry(shape))
            properties = dict(zip(names, cells, strict=True))
            number = json_bytes(properties.get("incident_id"))
            yield b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}' % (
                number,
                geometry,
                json_bytes(properties),
            )


def _geometry(shape: BaseGeometry | None) -> bytes:
    if shape is None or shape.is_empty:
        return b"null"
    if isinstance(shape, Point):
        return b'{"type":"Point","coordinates":%b}' % json_bytes([round(shape.x, _DIGITS), round(shape.y, _DIGITS)])
    return json_bytes(mapping(_rounded(_oriented(shape))))


def _oriented(shape: BaseGeometry) -> BaseGeometry:
    if isinstance(shape, Polygon):
        return orient(shape)
    if isinstance(shape, MultiPolygon):
        return MultiPolygon([orient(part) for part in shape.geoms])
    return shape


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    import shapely

    return shapely.transform(shape, lambda xy: xy.round(_DIGITS))
