"""What lies at a point? The country, the units of the day and of today, and the nearest places.

>>> here = reverse(LonLat(-1.63, 14.10), limit=1)
>>> here.units.country, here.units.admin1_today.name, here.nearest[0].place.name
('BF', 'Soum', 'Djibo')
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sahel_map.answers import compass
from sahel_map.boundaries import Boundaries, PointUnits
from sahel_map.countries import TRI_BORDER
from sahel_map.errors import InputError
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import LonLat, Place
from sahel_map.ranking import distance_km
from sahel_map.resolution import Resolver, default_resolver

if TYPE_CHECKING:
    import pandas as pd

_WIDEST = 8.0  # degrees looked around a point for a place


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """A place with the way from it to the point."""

    place: Place
    distance_km: float
    bearing: float  # degrees clockwise from north, from the place to the point

    @property
    def compass(self) -> str:
        """The bearing as one of eight points: N, NE, E…"""
        return compass(self.bearing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    """What lies at a point."""

    position: LonLat
    units: PointUnits
    nearest: tuple[Nearby, ...]


def reverse(
    position: LonLat, *, date: dt.date | None = None, limit: int = 3, resolver: Resolver | None = None
) -> Reverse:
    """The units at a point (lon, lat) on a day (None: today) and the nearest settlements of any country.

    Raises InputError for a position that is not on Earth, or outside the countries covered and inside
    them with latitude and longitude exchanged.
    """
    resolver = resolver or default_resolver()
    checked(position, resolver.boundaries)
    units = resolver.boundaries.at(position, date)
    return Reverse(position=position, units=units, nearest=nearest(position, resolver.gazetteer, limit=limit))


def nearest(position: LonLat, gazetteer: Gazetteer, *, limit: int = 3) -> tuple[Nearby, ...]:
    """The nearest settlements, with distance and bearing."""
    width = 0.25
    while True:
        height = width * math.cos(math.radians(position.lat))
        box = (position.lon - width, position.lat - height, position.lon + width, position.lat + height)
        found = sorted((distance_km(position, p.position), p.place_id, p) for p in gazetteer.settlements_within(box))
        sure = [entry for entry in found if entry[0] <= height * 111.0]
        if len(sure) >= limit or width >= _WIDEST:
            break
        width *= 2
    return tuple(
        Nearby(place=place, distance_km=round(km, 1), bearing=round(bearing(place.position, position), 1))
        for km, _, place in found[:limit]
    )


def bearing(start: LonLat, end: LonLat) -> float:
    """Initial great-circle bearing from one position to another, degrees clockwise from north."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*start, *end))
    y = math.sin(lon2 - lon1) * math.cos(lat2)
    x = math.cos(lat1) * math.sin(lat2) - math.sin(lat1) * math.cos(lat2) * math.cos(lon2 - lon1)
    return math.degrees(math.atan2(y, x)) % 360


def checked(position: LonLat, boundaries: Boundaries) -> LonLat:
    """The position if it can be one; InputError saying so if latitude and longitude look exchanged."""
    lon, lat = position
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"latitude {lat:g}, longitude {lon:g} is not on Earth: want -90…90 and -180…180")
    if not boundaries.at(position).country and abs(lon) <= 90 and boundaries.at(LonLat(lat, lon)).country in TRI_BORDER:
        raise InputError(
            f"latitude {lat:g}, longitude {lon:g} lies outside the countries covered, {lon:g}, {lat:g} inside: "
            "are they exchanged? Latitude comes first on the command line"
        )
    return position


def reverse_table(
    table: pd.DataFrame,
    *,
    latitude_column: str = "latitude",
    longitude_column: str = "longitude",
    date_column: str | None = None,
    resolver: Resolver | None = None,
) -> pd.DataFrame:
    """The table with country_code, the units of the day and of today, nearest_place, nearest_km and nearest_bearing.

    Rows keep their order; one whose coordinates are empty or not on Earth has empty cells. Raises
    InputError for a missing column.
    """
    import numpy as np
    import pandas as pd

    for column in (latitude_column, longitude_column, date_column):
        if column is not None and column not in table.columns:
            raise InputError(f"the table has no column {column!r}; it has {', '.join(map(str, table.columns))}")
    resolver = resolver or default_resolver()
    lats = pd.to_numeric(table[latitude_column], errors="coerce").to_numpy(float)
    lons = pd.to_numeric(table[longitude_column], errors="coerce").to_numpy(float)
    days = None
    if date_column is not None:
        days = pd.to_datetime(table[date_column], errors="coerce", format="mixed").to_numpy("datetime64[D]")
    units = resolver.boundaries.at_many(lons, lats, days).rename(columns={"country": "country_code"})
    good = np.isfinite(lats) & np.isfinite(lons) & (np.abs(lats) <= 90) & (np.abs(lons) <= 180)
    near = _nearest_many(lons, lats, good, resolver.gazetteer)
    kept = table.rename(columns={c: f"input_{c}" for c in table.columns if c in units.columns or c in near.columns})
    return pd.concat([kept, units.set_axis(table.index), near.set_axis(table.index)], axis=1)


def _nearest_many(lons: Any, lats: Any, good: Any, gazetteer: Gazetteer) -> pd.DataFrame:
    import numpy as np
    import pandas as pd
    import shapely

    places = [place for place in gazetteer.places() if place.feature_code.startswith("PPL")]
    near = pd.DataFrame({"nearest_place": "", "nearest_km": np.nan, "nearest_bearing": np.nan}, index=range(len(lons)))
    if not places or not good.any():
        return near
    at = np.array([place.position for place in places])
    # on a plane stretched for latitude 15°, where these countries lie: off by 1 in 100 at most
    stretch = math.cos(math.radians(15))
    points: list[Any] = np.atleast_1d(shapely.points(at[:, 0] * stretch, at[:, 1])).tolist()  # type: ignore[arg-type]
    tree = shapely.STRtree(points)
    found = tree.nearest(shapely.points(lons[good] * stretch, lats[good]))
    lon1, lat1, lon2, lat2 = map(np.radians, (at[found, 0], at[found, 1], lons[good], lats[good]))
    h = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    y = np.sin(lon2 - lon1) * np.cos(lat2)
    x = np.cos(lat1) * np.sin(lat2) - np.sin(lat1) * np.cos(lat2) * np.cos(lon2 - lon1)
    rows = np.flatnonzero(good)
    names = np.array([place.name for place in places], dtype=object)
    column = near["nearest_place"].to_numpy(dtype=object).copy()
    column[rows] = names[found]
    near["nearest_place"] = column
    near.loc[rows, "nearest_km"] = np.round(2 * 6371.0088 * np.arcsin(np.sqrt(h)), 1)
    near.loc[rows, "nearest_bearing"] = np.round(np.degrees(np.arctan2(y, x)) % 360, 1)
    return near
