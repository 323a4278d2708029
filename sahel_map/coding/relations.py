"""How two places, and two windows of days, relate: the same, one inside the other, different, or unknown."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from shapely.geometry import Point

from sahel_map.model import DateRange, LonLat, PlaceKind, Resolution, ResolutionStatus
from sahel_map.names import fold

SAME_PLACE_KM = 12.0  # a town and its outskirts; coders' points of one village differ by as much


def distance_km(a: LonLat, b: LonLat) -> float:
    """Great-circle distance in km on a sphere of 6,371 km."""
    lon1, lat1, lon2, lat2 = map(radians, (a.lon, a.lat, b.lon, b.lat))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 12742.0 * asin(min(1.0, sqrt(h)))


def place_relation(a: Resolution | None, b: Resolution | None, *, slack_km: float = 30.0) -> str:
    """ "same", "inside" (b lies in a), "around" (b contains a), "different" or "unknown".

    Of two uncertain places ``slack_km`` at most is added to what counts as the same.
    """
    if a is None or b is None:
        return "unknown"
    if a.location and fold(a.location) == fold(b.location) and a.country == b.country and a.kind == b.kind:
        return "same"
    if a.kind is PlaceKind.COUNTRY or b.kind is PlaceKind.COUNTRY:
        if a.country and b.country and a.country != b.country:
            return "different"
        return "inside" if a.kind is PlaceKind.COUNTRY else "around"
    large_a, large_b = _is_large(a), _is_large(b)
    if (large_a and b.kind is PlaceKind.NONE) or (large_b and a.kind is PlaceKind.NONE):
        return "unknown"  # a village that nobody knows may well lie in the region told of
    if large_a and large_b:
        return _of_areas(a, b)
    if large_a:
        return "inside" if _holds(a, b) else "different"
    if large_b:
        return "around" if _holds(b, a) else "different"
    if _is_an_end(a, b) or _is_an_end(b, a):
        return "same"
    if _share_an_end(a, b):
        return "around"
    if _is_told_beside(a) or _is_told_beside(b):
        return "different"  # of another name
    if a.position is None or b.position is None:
        return "same" if fold(a.location) == fold(b.location) and a.location else "unknown"
    reach = SAME_PLACE_KM + min(slack_km, max(a.uncertainty_km or 0.0, b.uncertainty_km or 0.0) / 2)
    return "same" if distance_km(a.position, b.position) <= reach else "different"


def _is_told_beside(place: Resolution) -> bool:
    """A village that nobody knows, known only by the one it is told with: "in A and in B"."""
    unknown = place.status is ResolutionStatus.UNRESOLVED and not place.method
    return place.kind is PlaceKind.NEAR and place.position is None and unknown


def date_relation(a: DateRange | None, b: DateRange | None) -> str:
    """ "same" (they overlap), "near" (a day apart, both exact), "different" or "unknown"."""
    if a is None or b is None:
        return "unknown"
    if a.first <= b.last and b.first <= a.last:
        return "same"
    gap = max((b.first - a.last).days, (a.first - b.last).days)
    return "near" if gap <= 1 else "different"


def _is_an_end(place: Resolution, road: Resolution) -> bool:
    """ "on a road to Kayes", then "between Diboli and Kayes"."""
    if (place.kind, road.kind) != (PlaceKind.PLACE, PlaceKind.STRETCH):
        return False
    return fold(place.location) in [fold(end) for end in road.location.split(" – ")]


def _share_an_end(a: Resolution, b: Resolution) -> bool:
    """ "Between Anéfis and Kidal" and "between Anéfis and Aguelhok": ways that run together for a while."""
    if (a.kind, b.kind) != (PlaceKind.STRETCH, PlaceKind.STRETCH):
        return False
    return not {fold(end) for end in a.location.split(" – ")}.isdisjoint(fold(end) for end in b.location.split(" – "))


def _is_large(r: Resolution) -> bool:
    return r.kind in (PlaceKind.UNIT, PlaceKind.AREA)


def _of_areas(a: Resolution, b: Resolution) -> str:
    if a.geometry is None or b.geometry is None:
        return "unknown"
    shared = a.geometry.intersection(b.geometry).area
    share_a, share_b = shared / a.geometry.area, shared / b.geometry.area
    if share_a > 0.8 and share_b > 0.8:
        return "same"
    if share_b > 0.8:
        return "inside"
    if share_a > 0.8:
        return "around"
    smaller = a.geometry.area / b.geometry.area
    if max(share_a, share_b) > 0.3 and not 1 / 3 < smaller < 3:
        return "inside" if smaller > 1 else "around"  # a park across three borders, and the north of one country
    return "unknown" if max(share_a, share_b) > 0.2 else "different"


def _holds(large: Resolution, small: Resolution) -> bool:
    if large.geometry is None or small.position is None:
        return bool(large.country and large.country == small.country)
    # degrees: a unit's border is drawn coarsely (16 km), "the east" is written loosely (80 km)
    margin = 0.75 if large.kind is PlaceKind.AREA else 0.15
    return bool(large.geometry.dwithin(Point(small.position), margin))
