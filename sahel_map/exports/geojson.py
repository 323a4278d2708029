"""GeoJSON after RFC 7946: EPSG:4326, longitude first, outer rings anticlockwise, no crs member."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from sahel_map.exports.files import write_whole

if TYPE_CHECKING:
    import geopandas as gpd

_CHUNK = 10_000
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_DIGITS = 5  # about one metre; more would claim a precision that no report has


def write_geojson(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """Write the incident table; the ledger, mentions and reasons travel along as nested properties."""
    return write_whole(path, dumps(incidents))


def dumps(incidents: gpd.GeoDataFrame) -> str:
    """The table as GeoJSON text. A country-level incident has a null geometry."""
    return f'{{"type":"FeatureCollection","features":[{",".join(feature_texts(incidents))}]}}'


def feature_texts(incidents: gpd.GeoDataFrame) -> Iterator[str]:
    """Each incident as the text of a GeoJSON feature; incidents that share a region's polygon share its text."""
    known: dict[int, str] = {}
    for start in range(0, len(incidents), _CHUNK):
        for row in incidents.iloc[start : start + _CHUNK].to_dict("records"):
            shape = row.pop("geometry", None)
            if shape is None or shape.geom_type == "Point":
                geometry = _geometry_text(shape)
            else:
                geometry = known.get(id(shape)) or known.setdefault(id(shape), _geometry_text(shape))
            yield f'{{"type":"Feature","id":{compact(row.get("incident_id"))},"geometry":{geometry},"properties":{_cells(row)}}}'


def compact(value: Any) -> str:
    """JSON text without blanks; what JSON does not know is made plain first."""
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError):  # numpy's numbers, NaN, NA: rare in the ledger, and looking for them is slow
        return _ENCODER.encode(plain(value))


def _cells(row: dict[Any, Any]) -> str:
    return compact({str(k): v if type(v) in (str, int, bool, list) else plain(v) for k, v in row.items()})


def _geometry_text(shape: BaseGeometry | None) -> str:
    return "null" if shape is None or shape.is_empty else compact(mapping(_rounded(_oriented(shape))))


def _oriented(shape: BaseGeometry) -> BaseGeometry:
    if isinstance(shape, Polygon):
        return orient(shape)
    if isinstance(shape, MultiPolygon):
        return MultiPolygon([orient(part) for part in shape.geoms])
    return shape


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    import shapely

    return shapely.transform(shape, lambda xy: xy.round(_DIGITS))


def plain(value: Any) -> Any:
    """A JSON value: missing values become null, numpy's numbers Python's."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if (
        value is None
        or (isinstance(value, float) and not math.isfinite(value))
        or type(value).__name__ in ("NAType", "NaTType")
    ):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
