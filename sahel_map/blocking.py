"""Which pairs of events are near enough in space and time to be weighed? Record linkage calls this blocking.

A tree over longitude and day finds them, so that a hundred thousand events of two datasets, or a million
mentions, are never compared all with all. Latitude and country are checked on what is left.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sahel_map.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sahel_map.model import EventMention, Report

BACKGROUND_DAYS = 30  # what gives no day is of so many days before its report, as far as anybody can say
_ANY_DAY = (0, dt.date.max.toordinal())
_ONE_DAY = dt.timedelta(days=1)
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


# --- of mentions --------------------------------------------------------------------------------------------


def candidate_pairs(mentions: Sequence[EventMention], reports: Mapping[str, Report]) -> Iterator[tuple[int, int]]:
    """Pairs worth weighing: of one country, near in space or of one name, and in time as far as days are told."""
    yield from _pairs_of_coded(mentions)
    told = [i for i, m in enumerate(mentions) if not m.event_id]
    near = extents(mentions[i] for i in told)
    for chunk in each_close(near, near):
        for a, b in chunk[chunk[:, 0] < chunk[:, 1]].tolist():
            yield told[a], told[b]
    cells: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, mention in enumerate(mentions):
        cells[(mention.resolution.country, fold(mention.resolution.location))].append(i)
    box = dict(zip(told, near.box.tolist(), strict=True))
    for members in cells.values():
        for i, j in (*_far_apart(mentions, members, box), *_without_day(mentions, members, reports)):
            yield (i, j) if i < j else (j, i)


def _far_apart(
    mentions: Sequence[EventMention], members: list[int], box: Mapping[int, list[float]]
) -> Iterator[tuple[int, int]]:
    """One name and kind is one place however far apart its points are."""
    dated = sorted((w.first, i) for i in members if i in box and (w := mentions[i].when) is not None)
    for position, (_, i) in enumerate(dated):
        reach = mentions[i].when.last + _ONE_DAY  # type: ignore[union-attr]
        for first, j in dated[position + 1 :]:
            if first > reach:
                break  # sorted by first day: all that follow begin later still
            if not _overlap(box[i], box[j]):  # the rest is known from its place
                yield i, j


def _without_day(
    mentions: Sequence[EventMention], members: list[int], reports: Mapping[str, Report]
) -> Iterator[tuple[int, int]]:
    """Who gives no day is found by name alone, among what happened in the weeks before it was published."""
    undated = [i for i in members if mentions[i].when is None]
    if not undated:
        return
    spans = {i: _span_told(mentions[i], reports) for i in members}
    anywhen = [j for j in members if spans[j] == _ANY_DAY]
    known = sorted((spans[j], j) for j in members if spans[j] != _ANY_DAY)
    firsts = [first for (first, _), _ in known]
    longest = max((last - first for (first, last), _ in known), default=0)
    for i in undated:
        earliest, latest = spans[i]
        within = known[bisect_left(firsts, earliest - longest) : bisect_right(firsts, latest)]
        for j in (*anywhen, *(j for (_, last), j in within if last >= earliest)):
            if i != j and (mentions[j].when is not None or i < j):
                yield i, j


def _span_told(mention: EventMention, reports: Mapping[str, Report]) -> tuple[int, int]:
    """The days, as ordinals, that a mention may be of: those it gives, else the month before it was published."""
    if mention.when is not None:
        return mention.when.first.toordinal(), mention.when.last.toordinal()
    published = published_day(mention, reports)
    if published == dt.date.max:
        return _ANY_DAY
    return published.toordinal() - BACKGROUND_DAYS, published.toordinal() + 1


def _overlap(a: list[float], b: list[float]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _pairs_of_coded(mentions: Sequence[EventMention]) -> Iterator[tuple[int, int]]:
    """Coded events beside reports and beside other datasets; those of one dataset are never one event."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, mention in enumerate(mentions):
        groups[mention.report_id if mention.event_id else ""].append(i)
    known = {key: extents(mentions[i] for i in rows) for key, rows in groups.items()} if set(groups) - {""} else {}
    for one, other in combinations(sorted(known), 2):
        for a, b in close_pairs(known[one], known[other]):
            i, j = groups[one][a], groups[other][b]
            yield (i, j) if i < j else (j, i)


def published_day(mention: EventMention, reports: Mapping[str, Report]) -> dt.date:
    """When the report of a mention was published; the last of days where that is not told."""
    report = reports.get(mention.report_id)
    return report.published if report and report.published else dt.date.max
