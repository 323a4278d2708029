"""What every reader gives back, and the small steps they share."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.model import LonLat, Place

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class UnitPolygon:
    """The polygon of an admin unit as a file draws it, EPSG:4326, lon lat."""

    pcode: str
    level: int  # 1 or 2
    names: tuple[str, ...]
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Division:
    """What a file draws of a country's units of one period."""

    country: str  # ISO 3166-1 alpha-2
    since: dt.date  # dt.date.min: since before our records
    polygons: dict[str, BaseGeometry]  # by unit id


@dataclass(slots=True)
class Reading:
    """What one file gave: its places, names for places of other files, and the lines that were left."""

    path: Path
    source: str  # the kind of source, as in sources.csv
    places: list[Place] = field(default_factory=list)
    more_names: dict[str, list[str]] = field(default_factory=dict)  # place_id -> names
    polygons: list[UnitPolygon] = field(default_factory=list)
    divisions: list[Division] = field(default_factory=list)  # the units that the polygons were found to draw
    faults: list[str] = field(default_factory=list)
    day: str = ""  # the last day the data was changed, as far as it says


def position_of(longitude: str | float | None, latitude: str | float | None) -> LonLat:
    """A position on Earth; raises ValueError saying what is wrong with it."""
    lon, lat = (float("nan" if given in (None, "") else given) for given in (longitude, latitude))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"coordinates {latitude!r}, {longitude!r} are not on Earth")
    return LonLat(round(lon, 6), round(lat, 6))


def source_rows() -> list[dict[str, str]]:
    """The rows of sources.csv: source, title, url, licence, kind."""
    with (Path(__file__).resolve().parent / "sources.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
