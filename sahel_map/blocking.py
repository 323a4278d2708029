"""Which pairs of events are near enough in space and time to be weighed? Record linkage calls this blocking.

A tree over longitude and day finds them, so that a hundred thousand events of two datasets, or a million
mentions, are never compared all with all. Latitude and country are checked on what is left.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, combinations, islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sahel_map.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sahel_map.model import EventMention, Report

BACKGROUND_DAYS = 30  # what gives no day is of so many days before its report, as far as anybody can say
_ANY_DAY = (0, dt.date.max.toordinal())
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

    def of(self, rows: Sequence[int]) -> Extents:
        """Those of some rows."""
        return Extents(self.box[rows], self.days[rows], self.country[rows])


def extents(mentions: Iterable[EventMention]) -> Extents:
    """The extents of mentions: a point with a margin, a region's bounds, the whole globe for a country."""
    boxes, days, countries = [], [], []
    for mention in mentions:
        place = mention.resolution
        if place.geometry is not None and place.kind in ("unit", "area"):
            west, south, east, north = place.geometry.bounds
            boxes.append((west - _AREA_MARGIN, south - _AREA_MARGIN, east + _AREA_MARGIN, north + _AREA_MARGIN))
        elif place.geometry is not None and place.kind == "stretch":  # ways may share an end, or end at a town
            west, south, east, north = place.geometry.bounds
            boxes.append((west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN))
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
    """The pairs of ``close_pairs``, some thousand rows of ``a`` at a time: memory stays small.

    Each lot of rows, which follow each other by day, meets a tree of those days only: one tree over all would take
    longer for each the more there are.
    """
    import shapely

    ours, theirs = _by_first_day(a), _by_first_day(b)
    if not len(ours) or not len(theirs):
        return
    boxes, others = _flat(a), _flat(b)
    begins = b.days[theirs, 0]
    ends = np.maximum.accumulate(b.days[theirs, 1])  # of all up to here
    for start in range(0, len(ours), _CHUNK):
        rows = ours[start : start + _CHUNK]
        first, last = a.days[rows, 0].min() - 1, a.days[rows, 1].max() + 1
        some = theirs[np.searchsorted(ends, first) : np.searchsorted(begins, last, side="right")]
        some = some[b.days[some, 1] >= first]
        if not len(some):
            continue
        left, right = shapely.STRtree(others[some]).query(boxes[rows])
        left, right = rows[left], some[right]
        keep = (a.box[left, 1] <= b.box[right, 3]) & (b.box[right, 1] <= a.box[left, 3])
        keep &= a.country[left] == b.country[right]
        yield np.column_stack([left[keep], right[keep]])


def _by_first_day(extents: Extents) -> NDArray[np.int64]:
    """The rows that give a day, in the order of the first of their days."""
    dated = np.flatnonzero(~np.isnan(extents.days[:, 0]))
    return dated[np.argsort(extents.days[dated, 0], kind="stable")]


def _flat(extents: Extents) -> NDArray[np.object_]:
    """Boxes of longitude by day, half a day wider each way: days that follow each other meet."""
    import shapely

    west, east = extents.box[:, 0], extents.box[:, 2]
    return np.asarray(shapely.box(west, extents.days[:, 0] - 0.5, east, extents.days[:, 1] + 0.5))


# --- of mentions --------------------------------------------------------------------------------------------


def candidate_pairs(mentions: Sequence[EventMention], reports: Mapping[str, Report]) -> Iterator[tuple[int, int]]:
    """Pairs worth weighing: of one country, near in space or of one name, and in time as far as days are told."""
    whole = extents(mentions)
    datasets: dict[str, list[int]] = defaultdict(list)
    cells: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, mention in enumerate(mentions):
        datasets[mention.report_id if mention.event_id else ""].append(i)
        cells[(mention.resolution.country, fold(mention.resolution.location))].append(i)
    told = datasets.pop("", [])
    yield from _pairs_of_coded(datasets | {"": told}, whole)
    near = whole.of(told)
    numbers = np.array(told, dtype=np.int64)
    for chunk in each_close(near, near):
        yield from map(tuple, numbers[chunk[chunk[:, 0] < chunk[:, 1]]].tolist())
    far_apart = _FarApart(whole, told)
    for members in cells.values():
        for i, j in chain(far_apart.pairs(members), _without_day(mentions, members, reports)):
            yield (i, j) if i < j else (j, i)


class _FarApart:
    """One name and kind is one place however far apart its points are: the rest is known from its place."""

    def __init__(self, whole: Extents, told: Sequence[int]) -> None:
        self._told = set(told)
        self._first, self._last = whole.days[:, 0].tolist(), whole.days[:, 1].tolist()
        boxes, which = np.unique(whole.box, axis=0, return_inverse=True)
        self._boxes, self._which = boxes.tolist(), which.ravel().tolist()

    def pairs(self, members: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Those of one name that lie within a day and not near each other."""
        first, last, which = self._first, self._last, self._which
        if len({which[i] for i in members}) == 1:
            return
        dated = sorted((first[i], i) for i in members if i in self._told and first[i] == first[i])
        for position, (_, i) in enumerate(dated):
            reach = last[i] + 1
            for begins, j in islice(dated, position + 1, None):
                if begins > reach:
                    break  # sorted by first day: all that follow begin later still
                if which[i] != which[j] and not _overlap(self._boxes[which[i]], self._boxes[which[j]]):
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


def _pairs_of_coded(datasets: Mapping[str, list[int]], whole: Extents) -> Iterator[tuple[int, int]]:
    """Coded events beside reports and beside other datasets; those of one dataset are never one event."""
    known = {key: whole.of(rows) for key, rows in datasets.items()} if len(datasets) > 1 else {}
    for one, other in combinations(sorted(known), 2):
        for a, b in close_pairs(known[one], known[other]).tolist():
            i, j = datasets[one][a], datasets[other][b]
            yield (i, j) if i < j else (j, i)


def published_day(mention: EventMention, reports: Mapping[str, Report]) -> dt.date:
    """When the report of a mention was published; the last of days where that is not told."""
    report = reports.get(mention.report_id)
    return report.published if report and report.published else dt.date.max
