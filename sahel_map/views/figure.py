"""What does the map look like on paper? A static figure: basemap, regions, symbols, legend, scale, north, credits.

Drawn with matplotlib (the extra ``figure``) in plate carrée stretched by the middle latitude, which keeps
shapes within a few percent over the Sahel. Symbols, colours and words are those of the page.
"""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from sahel_map.errors import InputError, OutputError
from sahel_map.views.checking import checked
from sahel_map.views.figure_ground import KM_PER_DEGREE, draw_frame, draw_ground, draw_scale, fill, window_of
from sahel_map.views.ground import credits
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
        window = window_of(table)
        draw_ground(axes, table, language)
        drawn, crowd = _incidents(axes, table)
        draw_frame(axes, window)
        draw_scale(axes, window)
        _legend(axes, table, language, crowd)
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


def _incidents(axes: Axes, table: gpd.GeoDataFrame) -> tuple[int, float]:
    """Draw each incident as precisely as it is known; the number drawn, and by how much symbols had to shrink."""
    drawn = 0
    shapes: dict[tuple[bytes, str], Any] = {}  # each region once for each colour
    points: dict[tuple[Symbol, str, bool], list[tuple[float, float, float]]] = defaultdict(list)
    for record in table.to_dict("records"):
        shape, symbol = record[table.geometry.name], symbol_of(str(record.get("event_type") or ""))
        if shape is None or shape.is_empty or not np.isfinite(shape.bounds).all():
            continue
        drawn += 1
        if shape.geom_type != "Point":
            shapes[shape.wkb, symbol.colour] = shape
            continue
        _disc(axes, shape, record, symbol, 0.18 if len(table) <= 300 else 0.03)
        look = (symbol, str(record.get("status") or ""), str(record.get("background")) == "True")
        points[look].append((shape.x, shape.y, _area(record.get("fatalities_low"))))
    for (_, colour), shape in shapes.items():
        _draw_shape(axes, shape, colour)
    crowd = min(1.0, max(0.12, 150 / max(1, sum(map(len, points.values())))))  # the more there are, the smaller each
    for look, found in points.items():
        _draw_points(axes, *look, found, crowd)
    return drawn, crowd


def _draw_shape(axes: Axes, shape: Any, colour: str) -> None:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            fill(axes, part, facecolor="none", edgecolor=colour, hatch="////", linewidth=1.2, zorder=5, alpha=0.7)
        elif part.geom_type == "LineString":
            line = shapely.get_coordinates(part).T
            axes.plot(*line, color=colour, linewidth=3, linestyle=(0, (0.4, 1.6)), dash_capstyle="round", zorder=6)


def _draw_points(
    axes: Axes, symbol: Symbol, status: str, faint: bool, found: list[tuple[float, float, float]], crowd: float
) -> None:
    outline = next((outline for outline in OUTLINES if outline.status == status), OUTLINES[1])
    x, y, area = np.array(sorted(found, key=lambda point: -point[2])).T  # small ones stay visible on top
    axes.scatter(
        x, y, s=area * crowd, marker=MARKERS[symbol.shape], facecolor=symbol.colour, edgecolor="#26231c", zorder=7,
        linewidth=outline.width * 0.6 * max(0.5, crowd), linestyle=[(0, outline.dash)] if outline.dash else "-",
        alpha=0.45 if faint else 0.92 if crowd == 1 else 0.75,
    )  # fmt: skip


def _disc(axes: Axes, point: Any, record: Mapping[Any, Any], symbol: Symbol, strength: float) -> None:
    km = _number(record.get("uncertainty_km"))
    if record.get("kind") != "near" or not km > 0:
        return
    from matplotlib.patches import Ellipse

    high = 2 * float(km) / KM_PER_DEGREE
    wide = high / max(0.1, math.cos(math.radians(point.y)))
    axes.add_patch(Ellipse((point.x, point.y), wide, high, facecolor=symbol.colour, alpha=strength, zorder=5))
    axes.add_patch(
        Ellipse(
            (point.x, point.y),
            wide,
            high,
            facecolor="none",
            edgecolor=symbol.colour,
            linestyle="--",
            linewidth=0.8,
            alpha=min(1.0, 5 * strength),
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


def _legend(axes: Axes, table: gpd.GeoDataFrame, language: str, crowd: float) -> None:
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
        Line2D([], [], linestyle="", marker="o", markersize=math.sqrt(_area(deaths) * crowd), markerfacecolor="none", markeredgecolor="#5f5a4e",
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
