"""GeoJSON after RFC 7946: EPSG:4326, longitude first, outer rings anticlockwise, no crs member."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from sahel_map.exports.files import write_whole

if TYPE_CHECKING:
    import geopandas as gpd

_DIGITS = 5  # about one metre; more would claim a precision that no report has


def write_geojson(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """Write the incident table; the ledger, mentions and reasons travel along as nested properties."""
    return write_whole(path, dumps(incidents))


def dumps(incidents: gpd.GeoDataFrame) -> str:
    """The table as GeoJSON text. A country-level incident has a null geometry."""
    features = [feature(row) for row in incidents.to_dict("records")]
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def feature(row: dict[Any, Any]) -> dict[str, Any]:
    """One row, with its ``geometry``, as a GeoJSON feature."""
    shape = row.pop("geometry", None)
    geometry = None if shape is None or shape.is_empty else mapping(_rounded(_oriented(shape)))
    return {
        "type": "Feature",
        "id": row.get("incident_id"),
        "geometry": geometry,
        "properties": {str(k): plain(v) for k, v in row.items()},
    }


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
