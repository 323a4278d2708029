"""How does a line or region travel into a page? Simplified, as whole differences of lon and lat."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

SHAPE_TOLERANCE = 0.004  # degrees, about 400 m: less than a pixel until zoom 9


def steps_of(shape: Any, tolerance: float = SHAPE_TOLERANCE) -> dict[str, Any]:
    """A line or polygon as {"closed", "parts"}: each part a flat list of lon, lat differences in 1e-4 degrees."""
    slim = shapely.simplify(shape, tolerance)
    slim = shape if shapely.is_empty(slim) else slim
    parts: list[list[int]] = []
    closed = False
    for part in shapely.get_parts(np.atleast_1d(slim)).ravel():
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        closed = closed or part.geom_type == "Polygon"
        parts.extend(_differences(shapely.get_coordinates(ring)) for ring in rings)
    return {"closed": closed, "parts": [part for part in parts if part]}


def _differences(coordinates: npt.NDArray[np.float64]) -> list[int]:
    finite = coordinates[np.isfinite(coordinates).all(axis=1)]
    steps = np.rint(finite * 10_000).astype(np.int64)
    result: list[int] = np.diff(steps, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel().tolist()
    return result
