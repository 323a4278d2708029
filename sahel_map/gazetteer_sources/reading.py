"""What every reader gives back, and the small steps they share."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from sahel_map.model import LonLat, Place


@dataclass(slots=True)
class Reading:
    """What one file gave: its places, names for places of other files, and the lines that were left."""

    path: Path
    source: str  # the kind of source, as in sources.csv
    places: list[Place] = field(default_factory=list)
    more_names: dict[str, list[str]] = field(default_factory=dict)  # place_id -> names
    faults: list[str] = field(default_factory=list)
    day: str = ""  # the last day the data was changed, as far as it says


def position_of(longitude: str | float | None, latitude: str | float | None) -> LonLat:
    """A position on Earth; raises ValueError saying what is wrong with it."""
    lon, lat = float(longitude or "nan"), float(latitude or "nan")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"coordinates {latitude!r}, {longitude!r} are not on Earth")
    return LonLat(round(lon, 6), round(lat, 6))


def source_rows() -> list[dict[str, str]]:
    """The rows of sources.csv: source, title, url, licence, kind."""
    with (Path(__file__).resolve().parent / "sources.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
