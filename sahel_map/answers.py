"""How is an answer put: the point, stretch or area on the map, its uncertainty and both precision codes?

ACLED's geo_precision (1 place, 2 near, 3 region, 4 ours: country) and UCDP GED's where_prec (1 exact,
2 within some 25 km of a known point, 3 ADM2, 4 ADM1, 5 linear or fuzzy, 6 country).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sahel_map.boundaries import Boundaries, PointUnits
from sahel_map.model import (
    AdminUnit,
    Area,
    Candidate,
    GeoPrecision,
    LonLat,
    PlaceKind,
    Resolution,
    ResolutionStatus,
)
from sahel_map.ranking import distance_km

if TYPE_CHECKING:
    from shapely import LineString
    from shapely.geometry.base import BaseGeometry

_KM_PER_DEGREE = 111.195
TOWN_KM = 5.0  # a point stands for a town with its surroundings
NEAR_KM = 20.0  # "near A", "A area"
_BORDER_DEGREES = 0.05  # about 5 km: how far a simplified border may be off
COMMUNE_KM = 25.0  # a commune known by its seat


def at_point(query: str, here: LonLat, boundaries: Boundaries, date: dt.date | None, **known: Any) -> Resolution:
    """The admin units and country of a point, to be completed by the caller or by the fields ``known``."""
    units = _units_at(boundaries, here, date, dt.date.today())
    one, two = units.admin1, units.admin2
    fields: dict[str, Any] = {
        "status": ResolutionStatus.UNRESOLVED,
        "position": here,
        "country": units.country,
        "admin1": one.name if one else "",
        "admin2": two.name if two else "",
        "adm1_pcode": one.pcode if one else "",
        "adm2_pcode": two.pcode if two else "",
        "admin1_today": units.admin1_today.name if units.admin1_today else "",
        "admin2_today": units.admin2_today.name if units.admin2_today else "",
    }
    return Resolution(query=query, **{**fields, **known})


@lru_cache(maxsize=1 << 14)  # what is told of once is told of again
def _units_at(boundaries: Boundaries, here: LonLat, date: dt.date | None, _today: dt.date) -> PointUnits:
    return boundaries.at(here, date)


def place_answer(
    query: str,
    chosen: Candidate,
    score: float,
    candidates: Sequence[Candidate],
    boundaries: Boundaries,
    date: dt.date | None,
    **known: Any,
) -> Resolution:
    """A place by its point; the fields ``known`` stand in for those of a place that is sure."""
    place = chosen.place
    fields: dict[str, Any] = {
        "position": place.position,
        "kind": PlaceKind.PLACE,
        "location": place.name,
        "matched_name": chosen.matched_name,
        "geometry": _point(place.position),
        "uncertainty_km": TOWN_KM,
        "geo_precision": GeoPrecision.PLACE,
        "where_prec": 1,
        "method": chosen.method,
        "score": score,
        "candidates": tuple(candidates),
        "chosen": chosen,
    }
    here = _on_its_side(place.position, place.country, boundaries)
    placed = at_point(query, here, boundaries, date, **{**fields, **known})
    return placed if placed.country else replace(placed, country=place.country)


@lru_cache(maxsize=1 << 14)
def _point(position: LonLat) -> BaseGeometry:
    import shapely

    return shapely.Point(position)


@lru_cache(maxsize=1 << 14)
def _on_its_side(position: LonLat, own: str, boundaries: Boundaries) -> LonLat:
    """The point to ask for units: a border town lies in its own country, whatever a drawn border's metres say."""
    from shapely.geometry import Point
    from shapely.ops import nearest_points

    if not own or boundaries.at(position).country in (own, ""):
        return position
    country = boundaries.units(level=0, country=own)
    shape = boundaries.geometry(country[0].unit_id) if country else None
    point = Point(position)
    if shape is None or shape.distance(point) > _BORDER_DEGREES:
        return position
    inside = nearest_points(shape.buffer(-0.01), point)[0]
    return LonLat(inside.x, inside.y)


def compass(bearing: float) -> str:
    """A bearing in degrees clockwise from north as one of eight points.

    >>> compass(0), compass(225), compass(350)
    ('N', 'SW', 'N')
    """
    return ("N", "NE", "E", "SE", "S", "SW", "W", "NW")[round(bearing / 45) % 8]


def near_answer(answer: Resolution, *, km: float = NEAR_KM) -> Resolution:
    """The surroundings of an answered place instead of the place itself."""
    if answer.kind is not PlaceKind.PLACE:
        return answer
    km = max(km, answer.uncertainty_km or 0.0)
    return replace(answer, kind=PlaceKind.NEAR, uncertainty_km=km, geo_precision=GeoPrecision.NEAR, where_prec=2)


def offset_answer(
    anchor: Resolution, distance: float, bearing: float | None, boundaries: Boundaries, date: dt.date | None
) -> Resolution:
    """`distance` km from an answered place, towards `bearing` if that is said, else anywhere around it.

    Distances in news are by road and rounded, bearings are of eight points: a fifth of the distance
    either way and the width of the sector are uncertain.
    """
    import shapely

    if anchor.position is None:
        return anchor
    own = anchor.uncertainty_km or 0.0
    if bearing is None:
        position, uncertainty = anchor.position, distance * 1.1 + own
    else:
        position, uncertainty = moved(anchor.position, distance, bearing), 0.45 * distance + own
    placed = at_point(anchor.query, position, boundaries, date)
    return replace(
        anchor,
        kind=PlaceKind.NEAR,
        position=position,
        geometry=shapely.Point(position),
        uncertainty_km=round(uncertainty, 1),
        geo_precision=GeoPrecision.NEAR,
        where_prec=2,
        country=placed.country or anchor.country,
        admin1=placed.admin1,
        admin2=placed.admin2,
        adm1_pcode=placed.adm1_pcode,
        adm2_pcode=placed.adm2_pcode,
        admin1_today=placed.admin1_today,
        admin2_today=placed.admin2_today,
        method="offset",
    )


def stretch_answer(
    query: str,
    ends: Sequence[Resolution],
    boundaries: Boundaries,
    date: dt.date | None,
    *,
    line: LineString | None = None,
) -> Resolution:
    """The stretch between two answered places: `line`, or a straight one, for the road itself is not known."""
    import shapely

    points = [end.position for end in ends if end.position is not None]
    line = line or shapely.LineString(points)
    middle = line.interpolate(0.5, normalized=True)
    length = distance_km(points[0], points[-1])
    centre = LonLat(round(middle.x, 5), round(middle.y, 5))
    placed = at_point(query, centre, boundaries, date)
    return replace(
        placed,
        kind=PlaceKind.STRETCH,
        status=min((end.status for end in ends), key=_STRICTNESS.index),
        location=" – ".join(end.location for end in ends),
        matched_name=" – ".join(end.matched_name for end in ends),
        geometry=line,
        uncertainty_km=round(max(distance_km(centre, point) for point in points) + TOWN_KM, 1),
        geo_precision=GeoPrecision.NEAR if length <= 100 else GeoPrecision.REGION,
        where_prec=5,
        method="stretch",
        score=round(ends[0].score * ends[-1].score, 3),
        candidates=tuple(c for end in ends for c in end.candidates),
    )


_STRICTNESS = [ResolutionStatus.UNRESOLVED, ResolutionStatus.AMBIGUOUS, ResolutionStatus.RESOLVED]


def unit_answer(query: str, unit: AdminUnit, boundaries: Boundaries, date: dt.date | None) -> Resolution:
    """A whole admin unit: its polygon of that day, at a point in its middle."""
    geometry = boundaries.geometry(unit.unit_id)
    position, uncertainty = _middle_of(boundaries, unit.unit_id) if geometry is not None else (unit.position, 100.0)
    placed = (
        at_point(query, position, boundaries, date)
        if position
        else Resolution(query=query, status=ResolutionStatus.UNRESOLVED)
    )
    parent = boundaries.unit(unit.parent_id) if unit.level == 2 and unit.parent_id else None
    return replace(
        placed,
        status=ResolutionStatus.RESOLVED,
        kind=PlaceKind.COUNTRY if unit.level == 0 else PlaceKind.UNIT,
        location=unit.name,
        matched_name=unit.name,
        position=position,
        geometry=geometry,
        uncertainty_km=uncertainty,
        geo_precision=GeoPrecision.REGION if unit.level else GeoPrecision.COUNTRY,
        where_prec={0: 6, 1: 4, 2: 3}[unit.level],
        country=unit.country,
        admin1=unit.name if unit.level == 1 else parent.name if parent else "",
        admin2=unit.name if unit.level == 2 else "",
        adm1_pcode=unit.pcode if unit.level == 1 else parent.pcode if parent else "",
        adm2_pcode=unit.pcode if unit.level == 2 else "",
        admin2_today=placed.admin2_today if unit.level == 2 else "",
        method="unit",
        score=0.95,
    )


def area_answer(
    query: str, area: Area, name: str, boundaries: Boundaries, date: dt.date | None, country: str = ""
) -> Resolution:
    """An area that no administration knows, by its polygon; of one that several share only what lies in `country`."""
    if country not in area.countries:
        country = area.countries[0] if len(area.countries) == 1 else ""
    geometry, position, uncertainty = _extent_of(boundaries, area.area_id, country if len(area.countries) > 1 else "")
    placed = at_point(query, position, boundaries, date)
    return replace(
        placed,
        status=ResolutionStatus.RESOLVED,
        kind=PlaceKind.AREA,
        location=name,
        matched_name=name,
        geometry=geometry,
        uncertainty_km=uncertainty,
        geo_precision=GeoPrecision.REGION if country else GeoPrecision.COUNTRY,
        where_prec=5,
        country=country,
        admin1="",
        admin2="",
        adm1_pcode="",
        adm2_pcode="",
        admin1_today="",
        admin2_today="",
        method="area",
        score=0.95,
    )


@lru_cache(maxsize=1024)
def _middle_of(boundaries: Boundaries, unit_id: str) -> tuple[LonLat | None, float]:
    """A point in the middle of a unit that is drawn, and how far the unit reaches from it."""
    geometry = boundaries.geometry(unit_id)
    assert geometry is not None
    position = centre_of(geometry)
    return position, reach_km(geometry, position)


@lru_cache(maxsize=1024)
def _extent_of(boundaries: Boundaries, area_id: str, country: str) -> tuple[BaseGeometry, LonLat, float]:
    """The polygon of an area, or of its part in a country, with a point in its middle and how far it reaches."""
    geometry = boundaries.area(area_id).geometry
    for unit in boundaries.units(level=0, country=country) if country else ():
        land = boundaries.geometry(unit.unit_id)
        part = geometry.intersection(land) if land is not None else geometry
        geometry = geometry if part.is_empty else part
    position = centre_of(geometry)
    return geometry, position, reach_km(geometry, position)


def country_answer(query: str, code: str, name: str) -> Resolution:
    """A whole country: listed, not drawn."""
    return Resolution(
        query=query,
        status=ResolutionStatus.RESOLVED,
        kind=PlaceKind.COUNTRY,
        location=name,
        matched_name=name,
        geo_precision=GeoPrecision.COUNTRY,
        where_prec=6,
        country=code,
        method="country",
        score=0.99,
        reason=f"{name} is a country",
    )


def moved(start: LonLat, distance: float, bearing: float) -> LonLat:
    """The point `distance` km from `start` towards `bearing` (degrees clockwise from north).

    >>> moved(LonLat(0.0, 15.0), 111.195, 0.0)
    LonLat(lon=0.0, lat=16.0)
    """
    angle = math.radians(bearing)
    lat = start.lat + distance * math.cos(angle) / _KM_PER_DEGREE
    lon = start.lon + distance * math.sin(angle) / (_KM_PER_DEGREE * math.cos(math.radians((start.lat + lat) / 2)))
    return LonLat(round(lon, 5), round(lat, 5))


def centre_of(geometry: BaseGeometry) -> LonLat:
    """The centroid, or the nearest thing to it inside."""
    middle = geometry.centroid
    if not geometry.covers(middle):
        middle = geometry.representative_point()
    return LonLat(round(middle.x, 5), round(middle.y, 5))


def reach_km(geometry: BaseGeometry, position: LonLat) -> float:
    """How far the farthest corner of a polygon lies from a position, in km."""
    import numpy as np
    import shapely

    corners = shapely.get_coordinates(geometry)
    across = (corners[:, 0] - position.lon) * math.cos(math.radians(position.lat))
    return round(float(np.hypot(across, corners[:, 1] - position.lat).max()) * _KM_PER_DEGREE, 1)
