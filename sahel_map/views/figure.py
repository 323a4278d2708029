"""What does the map look like on paper? A static figure: basemap, regions, symbols, legend, scale, north, credits.

Drawn with matplotlib (the extra ``figure``) in plate carrée stretched by the middle latitude, which keeps
shapes within a few percent over the Sahel. Symbols, colours and words are those of the page.
"""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely.geometry

from sahel_map.errors import InputError, OutputError
from sahel_map.views.checking import checked, last_day
from sahel_map.views.ground import basemap, credits, features_of
from sahel_map.views.style import INK, OTHER_SYMBOL, OUTLINES, SYMBOLS, Symbol, labels, symbol_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf")
MARKERS: dict[str, Any] = {
    "diamond": "D",
    "star": (8, 1, 0),
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "hexagon": "h",
    "cross": "P",
}
KM_PER_DEGREE = 111.32


def draw_map(
    incidents: gpd.GeoDataFrame, path: str | os.PathLike[str], *, title: str = "", language: str = "en"
) -> Path:
    """Draw the incidents (EPSG:4326) as a figure and return its path; the ending says png, svg or pdf.

    Regions are those of the last day in the table. What is known only by country is counted under the map.
    Raises InputError for another ending or without matplotlib, OutputError when the file cannot be written.
    """
    table = checked(incidents)
    with drawing(Path(path)) as figure:
        axes = figure.add_axes((0.02, 0.09, 0.75, 0.82))
        window = _window(table)
        _ground(axes, table, language)
        drawn = _incidents(axes, table)
        _frame(axes, window)
        _scale(axes, window)
        _legend(axes, table, language)
        _words(figure, table, drawn, title, language)
    return Path(path)


@contextmanager
def drawing(path: Path, size: tuple[float, float] = (10, 7.4)) -> Iterator[Figure]:
    """A matplotlib figure that is written whole to the path at the end, or not at all."""
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"{str(path)!r}: a figure ends in .png, .svg or .pdf")
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError('figures need matplotlib: pip install "sahel-map[figure]"') from error
    figure = Figure(figsize=size, dpi=160, facecolor="#fbf9f4")
    yield figure
    part = path.with_name(f".{path.name}.part")
    try:
        figure.savefig(
            part,
            format=path.suffix[1:].lower(),
            metadata={"Creator": "sahel-map"} if path.suffix.lower() != ".png" else None,
        )
        part.replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r}: {error.strerror or error}; choose a folder that exists"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _window(table: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """West, south, east, north of what is drawn, with a margin."""
    bounds = table.geometry.total_bounds if len(table) else np.full(4, np.nan)
    west, south, east, north = bounds if np.isfinite(bounds).all() else (-12.3, 9.4, 16.0, 25.0)
    margin = max(0.8, 0.08 * max(east - west, north - south))
    return max(-180.0, west - margin), max(-85.0, south - margin), min(180.0, east + margin), min(85.0, north + margin)


def _ground(axes: Axes, table: gpd.GeoDataFrame, language: str) -> None:
    source = basemap()
    day = (dt.date(1970, 1, 1) + dt.timedelta(days=last_day(table))).isoformat()
    axes.set_facecolor("#dfe6e6")
    for feature in features_of(source.get("countries")):
        ours = feature["properties"].get("country") in {"ML", "BF", "NE"}
        _polygon(
            axes,
            feature,
            facecolor=INK["land"] if ours else INK["neighbour"],
            edgecolor=INK["border"],
            linewidth=0.9,
            zorder=1,
        )
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
    _fill(axes, shapely.geometry.shape(feature["geometry"]), **look)


def _fill(axes: Axes, shape: Any, **look: Any) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    for part in shapely.get_parts(shape):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]
        if rings:
            axes.add_patch(
                PathPatch(Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings)), **look)
            )


def _lines(feature: dict[str, Any]) -> list[Any]:
    return [shapely.get_coordinates(part) for part in shapely.get_parts(shapely.geometry.shape(feature["geometry"]))]


def _incidents(axes: Axes, table: gpd.GeoDataFrame) -> int:
    """Draw each incident as precisely as it is known; the number drawn."""
    dashes = {outline.status: outline for outline in OUTLINES}
    drawn = 0
    for record in table.to_dict("records"):
        shape, symbol = record[table.geometry.name], symbol_of(str(record.get("event_type") or ""))
        if shape is None or shape.is_empty or not np.isfinite(shape.bounds).all():
            continue
        drawn += 1
        if shape.geom_type.endswith("Polygon"):
            _fill(
                axes, shape, facecolor="none", edgecolor=symbol.colour, hatch="////", linewidth=1.2, zorder=5, alpha=0.8
            )
        elif shape.geom_type.endswith("String"):
            for part in shapely.get_parts(shape):
                axes.plot(
                    *shapely.get_coordinates(part).T,
                    color=symbol.colour,
                    linewidth=3,
                    linestyle=(0, (0.4, 1.6)),
                    dash_capstyle="round",
                    zorder=6,
                )
        else:
            _disc(axes, shape, record, symbol)
            outline = dashes.get(str(record.get("status") or ""), OUTLINES[1])
            faint = str(record.get("background")) == "True"
            axes.scatter(
                shape.x, shape.y, s=_area(record.get("fatalities_low")), marker=MARKERS[symbol.shape], facecolor=symbol.colour,
                edgecolor="#26231c", linewidth=outline.width * 0.6, linestyle=[(0, outline.dash or (1, 0))] if outline.dash else "-",
                alpha=0.45 if faint else 0.92, zorder=7,
            )  # fmt: skip
    return drawn


def _disc(axes: Axes, point: Any, record: Mapping[Any, Any], symbol: Symbol) -> None:
    km = _number(record.get("uncertainty_km"))
    if record.get("kind") != "near" or not km > 0:
        return
    from matplotlib.patches import Ellipse

    high = 2 * float(km) / KM_PER_DEGREE
    wide = high / max(0.1, math.cos(math.radians(point.y)))
    axes.add_patch(Ellipse((point.x, point.y), wide, high, facecolor=symbol.colour, alpha=0.18, zorder=5))
    axes.add_patch(
        Ellipse(
            (point.x, point.y),
            wide,
            high,
            facecolor="none",
            edgecolor=symbol.colour,
            linestyle="--",
            linewidth=0.8,
            zorder=5,
        )
    )


def _area(low: Any) -> float:
    deaths = _number(low)
    return 26.0 if math.isnan(deaths) else 26.0 + 4.0 * min(max(deaths, 0.0), 150.0)


def _number(value: Any) -> float:
    """A number, NaN for what is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _frame(axes: Axes, window: tuple[float, float, float, float]) -> None:
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


def _scale(axes: Axes, window: tuple[float, float, float, float]) -> None:
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


def _legend(axes: Axes, table: gpd.GeoDataFrame, language: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    say = labels()[language]
    present = set(table["event_type"].dropna().astype(str)) if "event_type" in table else set()
    used = [symbol for symbol in SYMBOLS if symbol.event_type in present]
    used += [OTHER_SYMBOL] if present - {symbol.event_type for symbol in SYMBOLS} else []
    handles: list[Any] = [
        Line2D([], [], linestyle="", marker=MARKERS[symbol.shape], markersize=7, markerfacecolor=symbol.colour, markeredgecolor="#26231c",
               markeredgewidth=0.5, label=say.get(f"event_type:{symbol.event_type}", say["type_unknown"])) for symbol in used
    ]  # fmt: skip
    kinds = {shape.geom_type for shape in table.geometry if shape is not None}
    if kinds & {"Polygon", "MultiPolygon"}:
        handles.append(Patch(facecolor="none", edgecolor="#5f5a4e", hatch="////", label=say["kind:unit"]))
    if kinds & {"LineString", "MultiLineString"}:
        handles.append(
            Line2D([], [], color="#5f5a4e", linewidth=3, linestyle=(0, (0.4, 1.6)), label=say["kind:stretch"])
        )
    handles += [
        Line2D([], [], linestyle="", marker="o", markersize=math.sqrt(_area(deaths)), markerfacecolor="none", markeredgecolor="#5f5a4e",
               label=f"{deaths} {say['killed_word']}") for deaths in (0, 10, 50)
    ]  # fmt: skip
    handles += [
        Line2D([], [], linestyle="--" if outline.dash else "-", color="#26231c", linewidth=outline.width, label=say[f"status:{outline.status}"])
        for outline in OUTLINES if "status" in table and outline.status in set(table["status"].dropna())
    ]  # fmt: skip
    axes.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.015, 1.0), fontsize=8, frameon=False, borderaxespad=0, labelspacing=0.9
    )  # fmt: skip


def _words(figure: Figure, table: gpd.GeoDataFrame, drawn: int, title: str, language: str) -> None:
    say = labels()[language]
    figure.text(
        0.02, 0.955, plain(title or say["title"]), fontsize=15, fontweight="bold", family="serif", color="#26231c"
    )
    count = say["shown_all"].format(n=len(table))
    rest = len(table) - drawn
    note = count + (f" · {say['left_no_position'].format(n=rest)}" if rest else "")
    figure.text(0.02, 0.055, note, fontsize=8.5, color=INK["text"])
    figure.text(0.02, 0.022, plain(credits()), fontsize=6, color=INK["text"])


def plain(text: str) -> str:
    """Text as it stands: a dollar sign starts no formula, a control character breaks no file."""
    return "".join(character for character in text if character.isprintable()).replace("$", r"\$")
