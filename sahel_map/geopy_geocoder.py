"""A geocoder with geopy's manners, offline: code written for geopy works by changing one line.

>>> geocoder = SahelGeocoder()
>>> round(geocoder.geocode("Djibo, Burkina Faso").latitude, 1)
14.1
>>> geocoder.reverse((14.10, -1.63)).raw["country"]
'BF'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geopy.location import Location
from geopy.point import Point

from sahel_map.countries import country_name
from sahel_map.model import LonLat, Resolution
from sahel_map.resolution import Resolver, default_resolver
from sahel_map.reversing import Reverse, reverse


class SahelGeocoder:
    """geopy's ``geocode`` and ``reverse`` over the local gazetteer; no network, no rate limit.

    A Location's ``raw`` holds the answer's fields; geopy's points are (latitude, longitude).
    """

    def __init__(self, *, resolver: Resolver | None = None, **_: Any) -> None:
        self._resolver = resolver or default_resolver()

    def geocode(
        self, query: str, *, exactly_one: bool = True, country_codes: str | Sequence[str] | None = None, **_: Any
    ) -> Location | list[Location] | None:
        """The place of a name or phrase; None when it has no position. Options of online services are ignored."""
        answer = self._resolver.resolve(query, country=country_codes)
        if answer.position is None:
            return None
        best = _location(answer)
        if exactly_one:
            return best
        others = [c.place for c in answer.candidates if answer.chosen is None or c.place != answer.chosen.place]
        return [
            best,
            *(
                Location(f"{p.name}, {country_name(p.country)}", Point(p.position.lat, p.position.lon), {})
                for p in others
            ),
        ]

    def reverse(self, query: Any, *, exactly_one: bool = True, **_: Any) -> Location | list[Location] | None:
        """What lies at a point: a geopy Point, (latitude, longitude) or "lat, lon"; None outside the countries covered."""
        point = Point(query)
        here = reverse(LonLat(point.longitude, point.latitude), resolver=self._resolver)
        if not here.units.country:
            return None
        location = _reversed(here)
        return location if exactly_one else [location]


def _location(answer: Resolution) -> Location:
    parts = dict.fromkeys(p for p in (answer.location, answer.admin2, answer.admin1, country_name(answer.country)) if p)
    raw = {
        "status": answer.status.value, "score": answer.score, "method": answer.method, "country": answer.country,
        "adm1_pcode": answer.adm1_pcode, "adm2_pcode": answer.adm2_pcode, "uncertainty_km": answer.uncertainty_km,
        "reason": answer.reason,
    }  # fmt: skip
    lon, lat = answer.position or LonLat(0.0, 0.0)
    return Location(", ".join(parts), Point(lat, lon), raw)


def _reversed(here: Reverse) -> Location:
    units = here.units
    names = [units.admin2.name if units.admin2 else "", units.admin1.name if units.admin1 else ""]
    near = here.nearest[0] if here.nearest else None
    first = f"{near.distance_km:g} km {near.compass} of {near.place.name}" if near and near.distance_km > 2 else ""
    first = first or (near.place.name if near else "")
    parts = dict.fromkeys(p for p in (first, *names, country_name(units.country)) if p)
    raw = {
        "country": units.country,
        "adm1_pcode": units.admin1.pcode if units.admin1 else "",
        "adm2_pcode": units.admin2.pcode if units.admin2 else "",
        "nearest": near.place.name if near else "",
        "distance_km": near.distance_km if near else None,
    }
    return Location(", ".join(parts), Point(here.position.lat, here.position.lon), raw)
