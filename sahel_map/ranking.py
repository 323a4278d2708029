"""Which of the places a name may mean is meant here, and how sure is that?

A conditional logit: every candidate has features (how its spelling differs, what it is, how it fits the
country, unit and neighbours named), ``data/ranking_weights.csv`` holds a weight for each, and one more
option says "none of these". The probabilities that come out are what the scores of answers are made of.
Weights are fitted by benchmarks/fit_ranking.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sahel_map.model import Candidate, LonLat, Place
from sahel_map.names import read_rows, similarities, similarity

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SAME_PLACE_KM = 25.0  # candidates this near each other are one answer
FULL = 70_000  # places of a full gazetteer of the three countries
USUAL_KM = 150.0  # from one place of a report to another; nearer speaks for a candidate
FARTHEST_OUTSIDE_KM = 150.0
_FAMILY = {"geonames": "geonames", "ocha": "ocha", "ocha-settlements": "ocha", "who's": "whosonfirst", "kept": "kept",
           "whosonfirst": "whosonfirst", "openstreetmap": "openstreetmap", "table": "table"}  # fmt: skip
_KM_PER_DEGREE = 111.32


InZones = Callable[[Sequence[LonLat]], Sequence[bool]]  # for each of some positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What else is known about the place meant."""

    countries: frozenset[str] = frozenset()  # ISO alpha-2; empty: any
    units: tuple[BaseGeometry, ...] = ()  # the polygons it is said to lie in, over all the days of the units named
    near: tuple[LonLat, ...] = ()  # other places of the report
    border: BaseGeometry | None = None  # a border line it is said to be near
    in_zones: InZones | None = None  # where most incidents of these years happened
    known_places: int = FULL  # how many places the gazetteer holds: a small one misses more names


class Ranked(NamedTuple):
    """A candidate with the probability that it is the place meant."""

    candidate: Candidate
    probability: float


def rank(
    name: str, candidates: Sequence[Candidate], context: Context, own: Sequence[float] = ()
) -> tuple[list[Ranked], float]:
    """The candidates in the order of their probability, and the probability that none is meant.

    ``own`` are the ``own_logits`` of the candidates, where they are known and neither units nor a border are named.
    """
    weights = _weights()
    none = math.exp(weights["none"] + weights["small"] * smallness(context))
    if context.units or context.border is not None:
        logits = [
            sum(weights[key] * value for key, value in features(name, candidate, context).items())
            for candidate in candidates
        ]
    else:
        logits = list(own or own_logits(name, candidates, context.in_zones))
        if context.near:
            near = (_nearness(candidate.place.position, context.near) for candidate in candidates)
            logits = [logit + weights["near"] * value for logit, value in zip(logits, near, strict=True)]
    powers = [math.exp(min(logit, 50.0)) for logit in logits]
    total = sum(powers) + none
    ranked = [Ranked(c, p / total) for c, p in zip(candidates, powers, strict=True)]
    ranked.sort(key=lambda r: (-r.probability, r.candidate.place.place_id))
    return ranked, none / total


def own_logits(name: str, candidates: Sequence[Candidate], in_zones: InZones | None) -> tuple[float, ...]:
    """What speaks for each candidate for a name whatever surrounds it."""
    weights = _weights()
    alike = similarities(name, [candidate.matched_name for candidate in candidates])
    found = map(_own_features, candidates, alike, _zoned(candidates, in_zones))
    return tuple([sum([weights[key] * value for key, value in features.items()]) for features in found])


def _zoned(candidates: Sequence[Candidate], in_zones: InZones | None) -> Sequence[bool]:
    """Whether each candidate lies where most incidents happened."""
    if in_zones is None:
        return [False] * len(candidates)
    return in_zones([candidate.place.position for candidate in candidates])


def smallness(context: Context) -> float:
    """How many powers of ten the gazetteer falls short of a full one."""
    return max(0.0, math.log10(FULL / max(context.known_places, 1)))


def features(name: str, candidate: Candidate, context: Context) -> dict[str, float]:
    """What speaks for and against a candidate, by the names of ranking_weights.csv; absent ones are 0."""
    place = candidate.place
    [in_zone] = _zoned([candidate], context.in_zones)
    found = _own_features(candidate, similarity(name, candidate.matched_name), in_zone)
    if context.units:
        outside = min(_outside_km(unit, place.position) for unit in context.units)
        if outside > 3:
            found["outside"] = 1.0
            found["outside_km"] = min(outside, FARTHEST_OUTSIDE_KM)
            found.pop("notable", None)  # the text says that it lies elsewhere
    if context.near:
        found["near"] = _nearness(place.position, context.near)
    if context.border is not None:
        found["border"] = min(_outside_km(context.border, place.position), 300.0)
    return found


def _own_features(candidate: Candidate, alike: float, in_zone: bool) -> dict[str, float]:
    """The features that a candidate for a name so far alike has whatever else the text tells."""
    place, method = candidate.place, candidate.method
    found = _of_itself(place)
    if method in ("alternate", "compact", "sound", "close", "part", "user"):
        found[method] = 1.0
    if method in ("sound", "close", "part"):
        found["dissimilarity"] = 1.0 - alike
    if "kept" in found and place.note and method in ("exact", "alternate", "compact"):
        found["notable"] = 1.0  # what happened there speaks for its own spellings, not for a misspelling
    if in_zone:
        found["zone"] = 1.0
    return found


def _nearness(position: LonLat, others: Sequence[LonLat]) -> float:
    return math.log1p(nearest_km(position, others) / 20) - math.log1p(USUAL_KM / 20)


def _of_itself(place: Place) -> dict[str, float]:
    """The features that a place has whatever is asked."""
    kind = _class(place.feature_code)
    found = {kind: 1.0} if kind else {}
    if place.population > 0:
        found["population"] = max(0.0, math.log10(place.population) - 2)
    families = {_family(source.partition(":")[0]) for source in place.sources} - {""}
    found["sources"] = float(max(len(families) - 1, 0))
    if "kept" in families:
        found["kept"] = 1.0
    return found


@cache
def _family(source: str) -> str:
    """Which of the sources that know of each other nothing it is, "" for another."""
    return _FAMILY.get(source.split()[0].lower(), "")


def distance_km(one: LonLat, other: LonLat) -> float:
    """Great-circle distance in km on a sphere of radius 6371.0088 km."""
    return nearest_km(one, (other,))


def nearest_km(one: LonLat, others: Iterable[LonLat]) -> float:
    """The distance in km to the nearest of the others."""
    lon, lat = math.radians(one.lon), math.radians(one.lat)
    cosine = math.cos(lat)
    least = 1.0
    for other_lon, other_lat in others:
        other = math.radians(other_lat)
        across = cosine * math.cos(other) * math.sin((lon - math.radians(other_lon)) / 2) ** 2
        half_chord = math.sin((lat - other) / 2) ** 2 + across
        if half_chord < least:  # min() takes half as long again
            least = half_chord
    return 2 * 6371.0088 * math.asin(math.sqrt(least))


def is_within(one: LonLat, other: LonLat, km: float) -> bool:
    """Whether two positions lie no farther apart than ``km``; most do, and their latitudes tell."""
    if abs(one.lat - other.lat) * _KM_PER_DEGREE > km * 1.01:
        return False
    return distance_km(one, other) <= km


def _inside(geometry: BaseGeometry, position: LonLat) -> bool:
    import shapely

    return bool(shapely.contains_xy(geometry, *position))


def _outside_km(geometry: BaseGeometry, position: LonLat) -> float:
    """Kilometres outside a polygon, 0 within; beyond FARTHEST_OUTSIDE_KM only roughly, for that is all that is asked."""
    import shapely

    west, south, east, north = geometry.bounds
    lon, lat = position
    least = max(west - lon, lon - east, south - lat, lat - north) * _KM_PER_DEGREE
    if least > FARTHEST_OUTSIDE_KM:
        return float(least)
    if _inside(geometry, position):
        return 0.0
    return float(shapely.distance(geometry, shapely.Point(position))) * _KM_PER_DEGREE


@cache
def _class(feature_code: str) -> str:
    if feature_code in ("PPLC", "PPLA", "PPLA2"):
        return "capital"
    if feature_code in ("PPLA3", "PPLA4"):
        return "seat"
    if feature_code.startswith(("ADM", "PCL")):
        return "area"
    if feature_code in ("PPLX",):
        return "quarter"
    if feature_code in ("PPLQ", "PPLW", "PPLH"):
        return "abandoned"
    if feature_code.startswith(("WLL", "WTRH", "PND", "SPNG", "LK", "LKI", "LGN")):
        return "water"
    if feature_code.startswith(("PPL", "STLMT", "MIL", "CMP", "BDG", "MKT", "MN", "AIR")):
        return ""
    return "nature"


@cache
def _weights() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in read_rows("ranking_weights.csv")}
