"""What lies under the incidents? The vector basemap that ships with the gazetteer, packed for the page.

Countries, dated regions, rivers, lakes, towns and the Liptako-Gourma outline, EPSG:4326.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import shapely.geometry

from sahel_map.shipped import gazetteer_tables
from sahel_map.views.outlines import steps_of
from sahel_map.views.packing import gzip64

LAYERS = ("countries", "admin1", "rivers", "lakes", "liptako_gourma")
KEEP = ("name", "name_en", "name_fr", "country", "unit_id", "valid_from", "valid_to", "rank")


@functools.cache
def basemap() -> dict[str, Any]:
    """The shipped basemap as read from ``gazetteer/tables/basemap.json``; empty when it is not there."""
    path = gazetteer_tables() / "basemap.json"
    if not path.is_file():
        return {}
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@functools.cache
def packed_ground() -> str:
    """The basemap as base64 gzip JSON: per layer a list of {"closed", "parts", names…}, towns as rows."""
    source = basemap()
    ground: dict[str, Any] = {layer: [_feature(item) for item in features_of(source.get(layer))] for layer in LAYERS}
    ground["towns"] = [
        [town.get("name", ""), town.get("lon"), town.get("lat"), town.get("population") or 0, town.get("rank") or 9]
        for town in source.get("towns", [])
    ]
    ground["credits"] = credits()
    raw = json.dumps(ground, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return gzip64(raw)


def credits() -> str:
    """Who made the basemap's data, in one line."""
    said = basemap().get("credits", "")
    return said if isinstance(said, str) else "; ".join(map(str, said))


def short_credits() -> str:
    """The makers' names alone, for the map's corner: "Natural Earth · GeoNames"."""
    said = basemap().get("credits", [])
    makers = [line.split(": ", 1)[-1].split(" (", 1)[0] for line in ([said] if isinstance(said, str) else said)]
    return " · ".join(dict.fromkeys(makers))


def features_of(part: Any) -> list[dict[str, Any]]:
    """The features of one layer, however it is wrapped: a collection, a list, a feature or a geometry."""
    if not part:
        return []
    if isinstance(part, list):
        return [feature for item in part for feature in features_of(item)]
    if part.get("type") == "FeatureCollection":
        return features_of(part["features"])
    if part.get("type") == "Feature":
        return [part]
    if "coordinates" in part:
        return [{"type": "Feature", "properties": {}, "geometry": part}]
    properties = {key: value for key, value in part.items() if key != "geometry"}
    return [{"type": "Feature", "properties": properties, "geometry": part["geometry"]}]


def _feature(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties") or {}
    kept = {key: properties[key] for key in KEEP if properties.get(key) not in (None, "")}
    shape = shapely.geometry.shape(feature["geometry"])
    return {**kept, **steps_of(shape, 0.0)}  # neighbours simplified apart would gape
