"""The user's own places: a CSV file beside the local gazetteer, whose rows win over all others."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sahel_map.boundaries import Boundaries
from sahel_map.countries import country_code
from sahel_map.errors import InputError, OutputError
from sahel_map.gazetteer import user_places_path
from sahel_map.gazetteer_sources import settlements
from sahel_map.gazetteer_sources.reading import position_of
from sahel_map.model import LonLat
from sahel_map.names import fold
from sahel_map.ranking import distance_km

COLUMNS = ("name", "latitude", "longitude", "alternate_names", "country", "feature_code", "population", "note")


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A place as the user gives it, degrees in EPSG:4326."""

    name: str
    latitude: float
    longitude: float
    country: str = ""
    alternate_names: Sequence[str] = ()
    note: str = ""


def from_table(path: Path) -> tuple[list[OwnPlace], list[str]]:
    """The places of a CSV with name, latitude, longitude and, if there, alternate names and country; and its faults."""
    if not path.is_file():
        raise InputError(f"there is no file {str(path)!r}")
    if reason := settlements.refusal(path):
        raise InputError(f"{path} holds {reason}")
    if not settlements.recognises(path):
        raise InputError(f"{path} is no table of places: want columns name, latitude, longitude")
    reading = settlements.read(path)
    places = [OwnPlace(p.name, p.position.lat, p.position.lon, p.country, p.alternate_names) for p in reading.places]
    return places, reading.faults


def append(places: Sequence[OwnPlace], path: Path | None = None) -> Path:
    """Add places to the user's file, all or none; the file's path. Raises InputError for one that cannot be.

    One of the same name and country within 50 km of one added before is that one put right, and takes its place.
    """
    target = path or user_places_path()
    rows = [_row(place) for place in places]
    before = target.read_text(encoding="utf-8") if target.is_file() else ",".join(COLUMNS) + "\n"
    before = _without(before, places)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(before if before.endswith("\n") else before + "\n")
            csv.writer(file, lineterminator="\n").writerows(rows)
        Path(temporary).replace(target)
    except OSError as error:
        raise OutputError(f"{target} could not be written: {error}") from error
    return target


def _without(table: str, places: Sequence[OwnPlace]) -> str:
    """The file's text without the rows that the places put right; as it is when there are none."""
    head, *lines = csv.reader(io.StringIO(table))
    kept = [line for line in lines if not any(_is_put_right(dict(zip(head, line, strict=False)), p) for p in places)]
    if len(kept) == len(lines):
        return table
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *kept])
    return out.getvalue()


def _is_put_right(line: Mapping[str, str], place: OwnPlace) -> bool:
    if fold(line.get("name") or "") != fold(place.name):
        return False
    try:
        before = position_of(line.get("longitude") or "", line.get("latitude") or "")
        now = position_of(place.longitude, place.latitude)
    except ValueError:
        return False  # a line that the user broke: theirs to mend
    country = country_code(place.country) or _country_at(now)
    return (line.get("country") or country) == country and distance_km(before, now) <= _SAME_PLACE_KM


_SAME_PLACE_KM = 50.0


def _row(place: OwnPlace) -> list[str | float]:
    if not fold(place.name) or len(place.name) > 120:
        raise InputError(f"{place.name[:40]!r} is no name of a place")
    try:
        position = position_of(place.longitude, place.latitude)
    except ValueError as error:
        raise InputError(f"{place.name}: {error}") from None
    country = country_code(place.country) or _country_at(position)
    if place.country and not country_code(place.country):
        raise InputError(f"{place.name}: country {place.country!r} is not known")
    others = "|".join(name.replace("|", " ") for name in place.alternate_names)
    return [place.name, position.lat, position.lon, others, country, "PPL", "", place.note]


def _country_at(position: LonLat) -> str:
    return Boundaries.shipped().at(position).country
