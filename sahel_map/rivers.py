"""Which reach of a river lies between two places? For "on the river between Mopti and Timbuktu".

The lines are the basemap's (Natural Earth 10m, generalised to some 1 km), lon/lat in EPSG:4326. In the inner delta
the Niger runs in several arms: the shortest way along them is taken.
"""

from __future__ import annotations

import heapq
import itertools
import json
import math
from functools import cache
from typing import TYPE_CHECKING

from sahel_map.model import LonLat
from sahel_map.shipped import gazetteer_tables

if TYPE_CHECKING:
    from shapely import LineString

BANK = 0.25  # degrees from a river's line within which a town is on it: lines in lakes and the delta are rough

Vertex = tuple[float, float]


def reach(one: LonLat, other: LonLat) -> LineString | None:
    """The river's line from near one place to near the other; None when no single river passes both.

    >>> line = reach(LonLat(-4.18, 14.48), LonLat(-3.01, 16.77))  # from Mopti to Timbuktu, through the delta
    >>> middle = line.interpolate(0.5, normalized=True)
    >>> round(middle.x), round(middle.y)
    (-4, 16)
    >>> reach(LonLat(-1.63, 14.1), LonLat(-3.01, 16.77)) is None  # Djibo is on no river
    True
    """
    import shapely

    ways = [_way(river, one, other) for river in _rivers()]
    found = [way for way in ways if len(way) > 1]
    return shapely.LineString(min(found, key=_length)) if found else None


def _way(river: dict[Vertex, set[Vertex]], one: Vertex, other: Vertex) -> list[Vertex]:
    """The vertices of the shortest way along a river (Dijkstra), none when a place is not on it."""
    first, last = (min(river, key=lambda vertex: _distance(vertex, place)) for place in (one, other))
    if max(_distance(first, one), _distance(last, other)) > BANK:
        return []
    queue: list[tuple[float, Vertex, list[Vertex]]] = [(0.0, first, [first])]
    seen: set[Vertex] = set()
    while queue:
        length, vertex, way = heapq.heappop(queue)
        if vertex == last:
            return way
        if vertex not in seen:
            seen.add(vertex)
            for further in river[vertex] - seen:
                heapq.heappush(queue, (length + _distance(vertex, further), further, [*way, further]))
    return []


def _length(way: list[Vertex]) -> float:
    return sum(_distance(a, b) for a, b in itertools.pairwise(way))


def _distance(a: Vertex, b: Vertex) -> float:
    return math.dist(a, b)


@cache
def _rivers() -> tuple[dict[Vertex, set[Vertex]], ...]:
    """Each river's vertices with those next to them."""
    import shapely

    path = gazetteer_tables() / "basemap.json"
    features = json.loads(path.read_text(encoding="utf-8"))["rivers"]["features"] if path.exists() else []
    rivers: dict[str, dict[Vertex, set[Vertex]]] = {}
    for feature in features:
        river = rivers.setdefault(feature["properties"]["name"], {})
        for part in shapely.get_parts(shapely.geometry.shape(feature["geometry"])):
            vertices = [(round(x, 2), round(y, 2)) for x, y in part.coords]  # 1 km: where arms meet they miss by less
            for a, b in itertools.pairwise(vertices):
                river.setdefault(a, set()).add(b)
                river.setdefault(b, set()).add(a)
    return tuple(rivers.values())
