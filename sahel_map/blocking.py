"""Which pairs of events are near enough in space and time to be weighed? Record linkage calls this blocking.

A tree over longitude and day finds them, so that a hundred thousand events of two datasets, or a million
mentions, are never compared all with all. Latitude and country are checked on what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sahel_map.model import EventMention

MARGIN = 0.25  # degrees on either side: two points within 45 km always meet
_AREA_MARGIN = 0.75  # what merging allows around a region that is named loosely
_FAR = 1000.0
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Extents:
    """Where and when each event may have been: degrees (EPSG:4326), days since 1970, country."""

    box: NDArray[np.float64]  # west, south, east, north; far beyond the globe where unknown
    days: NDArray[np.float64]  # first, last; NaN where undated
    country: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.box)


def extents(mentions: Iterable[EventMention]) -> Extents:
    """The extents of mentions: a point with a margin, a region's bounds, the whole globe for a country."""
    boxes, days, countries = [], [], []
    for mention in mentions:
        place = mention.resolution
        if place.geometry is not None and place.kind in ("unit", "area"):
            west, south, east, north = place.geometry.bounds
            boxes.append((west - _AREA_MARGIN, south - _AREA_MARGIN, east + _AREA_MARGIN, north + _AREA_MARGIN))
        elif place.position is not None and place.kind in ("place", "near", "stretch"):
            lon, lat = place.position
            boxes.append((lon - MARGIN, lat - MARGIN, lon + MARGIN, lat + MARGIN))
        else:
            boxes.append((-_FAR, -_FAR, _FAR, _FAR))
        when = mention.when
        days.append((when.first.toordinal() - 719_163, when.last.toordinal() - 719_163) if when else (np.nan, np.nan))
        countries.append(place.country)
    return Extents(
        np.array(boxes, dtype=float).reshape(-1, 4), np.array(days, dtype=float).reshape(-1, 2),
        np.array(countries, dtype=object),
    )  # fmt: skip


def close_pairs(a: Extents, b: Extents) -> NDArray[np.int64]:
    """Pairs (row of ``a``, row of ``b``), n × 2, that overlap in space, lie within a day, and share a country."""
    found = list(each_close(a, b))
    return np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)


def each_close(a: Extents, b: Extents) -> Iterator[NDArray[np.int64]]:
    """The pairs of ``close_pairs``, some thousand rows of ``a`` at a time: memory stays small."""
    import shapely

    if not len(a) or not len(b):
        return
    tree = shapely.STRtree(_flat(b))
    boxes = _flat(a)
    for start in range(0, len(a), _CHUNK):
        left, right = tree.query(boxes[start : start + _CHUNK])
        left = left + start
        keep = (a.box[left, 1] <= b.box[right, 3]) & (b.box[right, 1] <= a.box[left, 3])
        keep &= a.country[left] == b.country[right]
        yield np.column_stack([left[keep], right[keep]])


def _flat(extents: Extents) -> NDArray[np.object_]:
    """Boxes of longitude by day, half a day wider each way: days that follow each other meet. Undated: none."""
    import shapely

    boxes = shapely.box(
        extents.box[:, 0], extents.days[:, 0] - 0.5, extents.box[:, 2], extents.days[:, 1] + 0.5
    )  # a NaN makes an empty box, which meets nothing
    boxes[np.isnan(extents.days[:, 0])] = shapely.Point()
    return np.asarray(boxes)
