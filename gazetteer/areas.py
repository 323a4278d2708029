"""Make the areas people write about that no administration knows: unions of units, clipped by lines drawn by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from basemap import EXTENT, river_table
from partition import kept

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from packages import Packages
    from partition import Cell
    from shapely.geometry.base import BaseGeometry


RIVER_WIDTH = 0.05  # degrees to each side


def areas(
    packages: Packages, folder: Path, cells: list[Cell], shapes: Mapping[str, BaseGeometry]
) -> list[tuple[dict[str, str], BaseGeometry]]:
    """(properties, polygon) of every area, in the order of kept/areas.csv.

    Its column ``cells`` takes cells, ``@`` and a unit's id, or ``~`` and the number of a Natural Earth river.
    """
    rivers = river_table(packages, folder)
    parts_of = {c.key: c.geometry for c in cells} | {f"@{k}": g for k, g in shapes.items()}
    for number in rivers["rivernum"].unique():
        lines = rivers.geometry[rivers["rivernum"] == number].to_list()
        parts_of[f"~{number}"] = shapely.union_all(lines).intersection(EXTENT).buffer(RIVER_WIDTH)
    out = []
    for row in kept("areas.csv"):
        parts = [parts_of[p] for p in row["cells"].split("|") if p]
        polygon = _polygon(row["polygon"])
        area = shapely.union_all(parts) if parts else polygon
        if parts and polygon is not None:
            area = area.intersection(polygon)
        assert area is not None, row["area_id"]
        properties = {
            k: row[k] for k in ("area_id", "name_en", "name_fr", "alternate_names", "countries", "rule", "source")
        }
        out.append((properties, _tidy(area)))
    return out


def _polygon(text: str) -> BaseGeometry | None:
    """A polygon from "lon lat; lon lat; …"."""
    points = [tuple(map(float, pair.split())) for pair in text.split(";")] if text else []
    return shapely.Polygon(points) if points else None


def _tidy(geometry: BaseGeometry) -> BaseGeometry:
    """Some 1 km simpler, on the 1e-3 degree grid, crumbs dropped: areas are vague, their files small."""
    simple = shapely.set_precision(shapely.simplify(geometry, 0.01), 1e-3)
    parts = [p for p in shapely.get_parts(simple) if p.geom_type == "Polygon" and p.area > 0.005]
    out = shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0]
    return shapely.normalize(shapely.transform(out, lambda xy: xy.round(3)))
