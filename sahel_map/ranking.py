"""Which of the places a name may mean is meant here, and how sure is that?

A conditional logit: every candidate has features (how its spelling differs, what it is, how it fits the
country, unit and neighbours named), ``data/ranking_weights.csv`` holds a weight for each, and one more
option says "none of these". The probabilities that come out are what the scores of answers are made of.
Weights are fitted by benchmarks/fit_ranking.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sahel_map.model import Candidate, LonLat
from sahel_map.names import read_rows, similarity

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SAME_PLACE_KM = 25.0  # candidates this near each other are one answer
FULL = 70_000  # places of a full gazetteer of the three countries
USUAL_KM = 150.0  # from one place of a report to another; nearer speaks for a candidate
FARTHEST_OUTSIDE_KM = 150.0
_FAMILY = {"geonames": "geonames", "ocha": "ocha", "ocha-settlements": "ocha", "who's": "whosonfirst", "kept": "kept",
           "whosonfirst": "whosonfirst", "openstreetmap": "openstreetmap", "table": "table"}  # fmt: skip
_KM_PER_DEGREE = 111.32


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What else is known about the place meant."""

    countries: frozenset[str] = frozenset()  # ISO alpha-2; empty: any
    units: tuple[BaseGeometry, ...] = ()  # the polygons it is said to lie in, over all the days of the units named
    near: tuple[LonLat, ...] = ()  # other places of the report
    border: BaseGeometry | None = None  # a border line it is said to be near
    in_zones: Callable[[LonLat], bool] | None = None  # where most incidents of these years happened
    known_places: int = FULL  # how many places the gazetteer holds: a small one misses more names


class Ranked(NamedTuple):
    """A candidate with the probability that it is the place meant."""

    candidate: Candidate
    probability: float


def rank(name: str, candidates: Sequence[Candidate], context: Context) -> tuple[list[Ranked], float]:
    """The candidates in the order of their probability, and the probability that none is meant."""
    weights = _weights()
    none = math.exp(weights["none"] + weights["small"] * smallness(context))
    logits = [sum(weights[k] * v for k, v in features(name, c, context).items()) for c in candidates]
    powers = [math.exp(min(logit, 50.0)) for logit in logits]
    total = sum(powers) + none
    ranked = [Ranked(c, p / total) for c, p in zip(candidates, powers, strict=True)]
    ranked.sort(key=lambda r: (-r.probability, r.candidate.place.place_id))
    return ranked, none / total


def smallness(context: Context) -> float:
    """How many powers of ten the gazetteer falls short of a full one."""
    return max(0.0, math.log10(FULL / max(context.known_places, 1)))


def features(name: str, candidate: Candidate, context: Context) -> dict[str, float]:
    """What speaks for and against a candidate, by the names of ranking_weights.csv; absent ones are 0."""
    place, method = candidate.place, candidate.method
    found = dict(_of_itself(place.feature_code, place.population, place.sources))
    if method in ("alternate", "compact", "sound", "close", "part", "user"):
        found[method] = 1.0
    if method in ("sound", "close", "part"):
        found["dissimilarity"] = 1.0 - similarity(name, candidate.matched_name)
    if "kept" in found and place.note and method in ("exact", "alternate", "compact"):
        found["notable"] = 1.0  # what happened there speaks for its own spellings, not for a misspelling
    if context.in_zones is not None and context.in_zones(place.position):
        found["zone"] = 1.0
    if context.units:
        outside = min(_outside_km(unit, place.position) for unit in context.units)
        if outside > 3:
            found["outside"] = 1.0
            found["outside_km"] = min(outside, FARTHEST_OUTSIDE_KM)
            found.pop("notable", None)  # the text says that it lies elsewhere
    if context.near:
        nearest = min(distance_km(place.position, other) for other in context.near)
        found["near"] = math.log1p(nearest / 20) - math.log1p(USUAL_KM / 20)
    if context.border is not None:
        found["border"] = min(_outside_km(context.border, place.position), 300.0)
    return found


@lru_cache(maxsize=1 << 16)
def _of_itself(feature_code: str, population: int, sources: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """The features that a place has whatever is asked."""
    found = {_class(feature_code): 1.0} if _class(feature_code) else {}
    if population > 0:
        found["population"] = max(0.0, math.log10(population) - 2)
    families = {family for source in sources if (family := _FAMILY.get(source.split(":")[0].split()[0].lower()))}
    found["sources"] = float(max(len(families) - 1, 0))
    if "kept" in families:
        found["kept"] = 1.0
    return tuple(found.items())


def distance_km(one: LonLat, other: LonLat) -> float:
    """Great-circle distance in km on a sphere of radius 6371.0088 km."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*one, *other))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, h)))


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
