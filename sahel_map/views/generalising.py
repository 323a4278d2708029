"""How is an incident table made safe to publish? Positions moved to a unit or grid, exact places and quotes dropped."""

from __future__ import annotations

import datetime as dt
import functools
import json
import math
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import shapely.geometry

from sahel_map.errors import GazetteerError, InputError
from sahel_map.shipped import gazetteer_tables

KM_PER_DEGREE = 111.32  # of latitude, WGS 84 mean
KEPT = (
    "event_date", "date_from", "date_to", "time_precision", "event_type", "sub_event_type", "actor1", "actor2",
    "country", "fatalities_low", "fatalities_high", "fatalities_best", "disputed", "background", "status",
    "actor1_status", "victim_groups",
)  # fmt: skip


def generalise(incidents: gpd.GeoDataFrame, to: str | float) -> gpd.GeoDataFrame:
    """A new table with positions moved ``to`` "adm1", "adm2" or a grid of so many kilometres (5 to 500).

    Only the columns of KEPT survive, with new identifiers; names of places, coordinates, notes, quotes,
    reports, mentions and figures' words are gone. EPSG:4326. Where no second-level unit is known on the day the region stands in; an incident in no unit
    keeps its country only.
    """
    table = incidents.reset_index(drop=True)
    kept = pd.DataFrame({name: table[name] for name in KEPT if name in table})
    kept.insert(0, "incident_id", [f"G{number:05d}" for number in range(1, len(table) + 1)])
    points = _points(table)
    level = {"adm1": 1, "adm2": 2}.get(str(to).lower())
    if level:
        return _to_units(kept, points, level)
    return _to_grid(kept, points, _kilometres(to), table)


def _kilometres(to: str | float) -> float:
    try:
        km = float(str(to).lower().removesuffix("km"))
    except ValueError:
        km = math.nan
    if not 5 <= km <= 500:
        raise InputError(
            f"generalise {to!r} is not known; choose adm1, adm2 or a grid of 5 to 500 kilometres such as 25"
        )
    return km


def _points(table: gpd.GeoDataFrame) -> list[shapely.Point | None]:
    """One point a row, None where nothing is drawn."""
    shapes = table.geometry.to_numpy()
    nothing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    return [None if none else point for none, point in zip(nothing, shapely.point_on_surface(shapes), strict=True)]


def _to_grid(
    kept: pd.DataFrame, points: list[shapely.Point | None], km: float, table: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    moved: Any = [None if point is None else _cell_middle(point.x, point.y, km) for point in points]
    kept["kind"] = ["country" if point is None else "near" for point in moved]
    kept["geo_precision"] = [4 if point is None else 2 for point in moved]
    kept["uncertainty_km"] = math.ceil(km * math.sqrt(0.5))
    kept["admin1"] = table["admin1"] if "admin1" in table and km < 100 else ""
    return gpd.GeoDataFrame(kept, geometry=gpd.GeoSeries(moved, index=kept.index), crs="EPSG:4326")


def _cell_middle(lon: float, lat: float, km: float) -> shapely.Point | None:
    """The middle of the grid cell: rows of km in latitude, cells of km in the row's longitude."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 90):
        return None
    step = km / KM_PER_DEGREE
    middle = min(89.0, max(-89.0, (math.floor(lat / step) + 0.5) * step))
    wide = step / math.cos(math.radians(middle))
    return shapely.Point(round((math.floor(lon / wide) + 0.5) * wide, 4), round(middle, 4))


def _to_units(kept: pd.DataFrame, points: list[shapely.Point | None], level: int) -> gpd.GeoDataFrame:
    days = kept["date_from"] if "date_from" in kept else kept.get("event_date", pd.Series([None] * len(kept)))
    iso = [_day(day) for day in days]
    regions = _units_at(_units(1), points, iso)
    found = (
        regions
        if level == 1
        else [district or region for district, region in zip(_units_at(_units(2), points, iso), regions, strict=True)]
    )
    kept["kind"] = ["country" if unit is None else "unit" for unit in found]
    kept["geo_precision"] = [4 if unit is None else 3 for unit in found]
    kept["location"] = ["" if unit is None else unit["name"] for unit in found]
    kept["admin1"] = ["" if region is None else region["name"] for region in regions]
    shapes: Any = [None if unit is None else unit["shape"] for unit in found]
    return gpd.GeoDataFrame(kept, geometry=gpd.GeoSeries(shapes, index=kept.index), crs="EPSG:4326")


@functools.cache
def _units(level: int) -> tuple[dict[str, Any], ...]:
    path = gazetteer_tables() / f"units_level{level}.geojson"
    if not path.is_file():
        raise GazetteerError(
            f"generalising to adm{level} needs {path.name} of the gazetteer's tables, which is not there; use a grid in kilometres"
        )
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return tuple(
        {**feature["properties"], "shape": shapely.geometry.shape(feature["geometry"])}
        for feature in features
        if feature.get("geometry")
    )


def _units_at(units: tuple[dict[str, Any], ...], points: list[Any], days: list[str]) -> list[dict[str, Any] | None]:
    """The unit that held each point on its day; None outside all of them."""
    found: list[dict[str, Any] | None] = [None] * len(points)
    tree = shapely.STRtree([unit["shape"] for unit in units])
    for row, number in zip(*tree.query(points, predicate="intersects"), strict=True):
        unit = units[number]
        if (unit.get("valid_from") or "") <= days[row] <= (unit.get("valid_to") or "9999"):
            found[row] = found[row] or unit
    return found


def _day(value: Any) -> str:
    try:
        return dt.date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return dt.date.today().isoformat()
