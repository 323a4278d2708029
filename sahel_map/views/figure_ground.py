"""What stands round the incidents on a static figure? Basemap, frame, north arrow and scale."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
import shapely.geometry

from sahel_map.countries import TRI_BORDER
from sahel_map.views.checking import last_day
from sahel_map.views.ground import basemap, features_of
from sahel_map.views.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KM_PER_DEGREE = 111.32


def window_of(table: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """West, south, east, north of what is drawn, with a margin."""
    bounds = table.geometry.total_bounds if len(table) else np.full(4, np.nan)
    west, south, east, north = bounds if np.isfinite(bounds).all() else (-12.3, 9.4, 16.0, 25.0)
    margin = max(0.8, 0.08 * max(east - west, north - south))
    return max(-180.0, west - margin), max(-85.0, south - margin), min(180.0, east + margin), min(85.0, north + margin)


def draw_ground(axes: Axes, table: gpd.GeoDataFrame, language: str) -> None:
    source = basemap()
    day = (dt.date(1970, 1, 1) + dt.timedelta(days=last_day(table))).isoformat()
    axes.set_facecolor(INK["neighbour"])
    countries = [
        (feature["properties"], shapely.geometry.shape(feature["geometry"]))
        for feature in features_of(source.get("countries"))
    ]
    edge = shapely.box(*shapely.total_bounds([shape for _, shape in countries])).boundary.buffer(1e-3)
    for said, shape in countries:
        fill(
            axes,
            shape,
            facecolor=INK["land"] if said.get("country") in TRI_BORDER else INK["neighbour"],
            linewidth=0,
            zorder=1,
        )
        for line in shapely.get_parts(shape.boundary.difference(edge)):  # where the basemap ends there is no border
            axes.plot(*shapely.get_coordinates(line).T, color=INK["border"], linewidth=0.9, zorder=2)
    for feature in features_of(source.get("admin1")):
        said = feature["properties"]
        if (said.get("valid_from") or "") <= day <= (said.get("valid_to") or "9999"):
            _polygon(axes, feature, facecolor="none", edgecolor=INK["region"], linewidth=0.5, zorder=2)
    for feature in features_of(source.get("rivers")):
        for line in _lines(feature):
            axes.plot(*line.T, color=INK["river"], linewidth=0.8, zorder=2)
    for feature in features_of(source.get("lakes")):
        _polygon(axes, feature, facecolor=INK["water"], edgecolor=INK["river"], linewidth=0.5, zorder=2)
    for feature in features_of(source.get("liptako_gourma")):
        _polygon(
            axes, feature, facecolor="none", edgecolor=INK["outline"], linewidth=1.0, linestyle=(0, (6, 4)), zorder=3
        )
    named: list[tuple[float, float]] = []
    for town in sorted(source.get("towns", []), key=lambda town: town["rank"]):
        if town["rank"] <= 2 and all(abs(town["lon"] - x) > 0.7 or abs(town["lat"] - y) > 0.2 for x, y in named):
            named.append((town["lon"], town["lat"]))
            axes.plot(town["lon"], town["lat"], ".", color=INK["text"], markersize=3.5, zorder=4)
            axes.annotate(
                town["name"], (town["lon"], town["lat"]), xytext=(4, 1), textcoords="offset points", fontsize=6.5, color=INK["text"],
                fontweight="bold" if town["rank"] == 1 else "normal", annotation_clip=True, zorder=4,
            )  # fmt: skip


def _polygon(axes: Axes, feature: dict[str, Any], **look: Any) -> None:
    fill(axes, shapely.geometry.shape(feature["geometry"]), **look)


def fill(axes: Axes, shape: Any, **look: Any) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    for part in shapely.get_parts(shape):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]
        if rings:
            axes.add_patch(
                PathPatch(Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings)), **look)
            )


def draw_frame(axes: Axes, window: tuple[float, float, float, float]) -> None:
    west, south, east, north = window
    stretch = 1 / math.cos(math.radians((south + north) / 2))
    box = axes.get_window_extent()
    wanted = box.width / box.height * stretch  # degrees of longitude to a degree of latitude in this frame
    wide, high = max(east - west, (north - south) * wanted), max(north - south, (east - west) / wanted)
    axes.set_xlim((west + east - wide) / 2, (west + east + wide) / 2)
    axes.set_ylim((south + north - high) / 2, (south + north + high) / 2)
    axes.set_aspect(stretch, adjustable="box")
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_color(INK["border"])
    axes.annotate(
        "N",
        (0.975, 0.965),
        xycoords="axes fraction",
        ha="center",
        va="top",
        fontsize=11,
        fontweight="bold",
        color=INK["text"],
    )
    axes.annotate(
        "",
        (0.975, 0.925),
        xytext=(0.975, 0.86),
        xycoords="axes fraction",
        arrowprops={"arrowstyle": "-|>", "color": INK["text"]},
    )


def draw_scale(axes: Axes, window: tuple[float, float, float, float]) -> None:
    """A bar of a round length, true at the middle latitude."""
    west, east = axes.get_xlim()
    per_degree = KM_PER_DEGREE * math.cos(math.radians((window[1] + window[3]) / 2))
    wanted = (east - west) * per_degree / 6
    km = next((step for step in (1000, 500, 200, 100, 50, 20, 10, 5) if step <= wanted), 5)
    long = km / per_degree / (east - west)
    axes.plot(
        [0.985 - long, 0.985],
        [0.03, 0.03],
        transform=axes.transAxes,
        color=INK["text"],
        linewidth=2.2,
        solid_capstyle="butt",
        zorder=9,
    )
    axes.text(
        0.985 - long / 2,
        0.04,
        f"{km} km",
        transform=axes.transAxes,
        ha="center",
        fontsize=8,
        color=INK["text"],
        zorder=9,
    )


def _lines(feature: dict[str, Any]) -> list[Any]:
    return [shapely.get_coordinates(part) for part in shapely.get_parts(shapely.geometry.shape(feature["geometry"]))]
