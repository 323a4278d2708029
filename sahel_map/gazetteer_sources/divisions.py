"""Which dated units do the polygons of a file draw? Those of the one division that its P-codes and names fit best.

A P-code outlives the unit: ML0505 was Djenné until 2023 and is Konna since. So polygons are never given to the
units of a day by their P-codes alone, but all of a country to one division, and none to a unit of another name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import shapely

from sahel_map.boundaries import Boundaries
from sahel_map.gazetteer_sources.reading import Division, Reading, UnitPolygon
from sahel_map.model import AdminUnit
from sahel_map.names import similarity

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_SAME_NAME = 0.75  # similarity from which two spellings are one unit's


def divide(reading: Reading, boundaries: Boundaries) -> None:
    """Work out the divisions that the polygons of a file draw; what fits none is a fault of the file."""
    for country in sorted({polygon.pcode[:2] for polygon in reading.polygons}):
        polygons = [polygon for polygon in reading.polygons if polygon.pcode[:2] == country]
        periods = sorted({u.valid_from or dt.date.min for u in boundaries.units(country=country) if u.level})
        if not periods:
            reading.faults.append(f"{country} is no country whose units have P-codes here")
            continue
        since = max(periods, key=lambda start: (_fit(polygons, start, boundaries), _holds(start, periods, reading.day)))
        drawn: dict[str, BaseGeometry] = {}
        for polygon in polygons:
            try:
                unit = _unit_of(polygon, country, since, boundaries)
            except ValueError as error:
                reading.faults.append(str(error))
            else:
                drawn[unit.unit_id] = shapely.union_all(
                    [polygon.geometry, *([drawn[i] for i in [unit.unit_id] if i in drawn])]
                )
        if drawn:
            reading.divisions.append(Division(country, since, drawn))


def overlaid(boundaries: Boundaries, readings: Iterable[Reading]) -> Boundaries:
    """The boundaries with the polygons of all files, the latest division last."""
    together: dict[tuple[str, dt.date], dict[str, BaseGeometry]] = {}
    for division in (division for reading in readings for division in reading.divisions):
        together.setdefault((division.country, division.since), {}).update(division.polygons)
    for _, polygons in sorted(together.items()):
        boundaries = boundaries.overlaid(polygons)
    return boundaries


def _fit(polygons: Sequence[UnitPolygon], start: dt.date, boundaries: Boundaries) -> tuple[int, int]:
    """How many polygons have the P-code and name, and how many the P-code, of a unit of that day."""
    units = {(u.level, u.pcode): u for u in boundaries.units(country=polygons[0].pcode[:2], date=start)}
    known = [(p, units[p.level, p.pcode]) for p in polygons if (p.level, p.pcode) in units]
    return sum(_is_called(unit, p.names) for p, unit in known), len(known)


def _holds(start: dt.date, periods: Sequence[dt.date], day: str) -> tuple[bool, dt.date]:
    """Whether a file's day lies in the period; among equals the later."""
    after = [period for period in periods if period > start]
    return bool(day) and start.isoformat() <= day and (not after or day < after[0].isoformat()), start


def _unit_of(polygon: UnitPolygon, country: str, since: dt.date, boundaries: Boundaries) -> AdminUnit:
    """The unit that a polygon draws; ValueError saying why it draws none."""
    units = boundaries.units(polygon.level, country, since)
    unit = next((u for u in units if u.pcode == polygon.pcode), None)
    named = f"{polygon.pcode} {polygon.names[0]}"
    if unit is None:
        raise ValueError(f"{named}: no such P-code in the division {_since(since)}")
    if not _is_called(unit, polygon.names):
        others = [u for u in boundaries.units(polygon.level, country) if _is_called(u, polygon.names)]
        if others:
            raise ValueError(f"{named}: this P-code is {unit.name} in the division {_since(since)}")
    whole = boundaries.geometry(boundaries.units(0, country)[0].unit_id)
    if whole is not None and not whole.intersects(polygon.geometry):
        raise ValueError(f"{named}: its polygon lies outside {country}; are longitude and latitude exchanged?")
    return unit


def _is_called(unit: AdminUnit, names: Iterable[str]) -> bool:
    own = (unit.name, *unit.alternate_names)
    return any(similarity(name, other) >= _SAME_NAME for name in names for other in own)


def _since(day: dt.date) -> str:
    return "of the earliest days" if day == dt.date.min else f"since {day.isoformat()}"
