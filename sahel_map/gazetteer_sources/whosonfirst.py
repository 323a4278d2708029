"""Who's On First as a plain table: id, country, placetype, name, alternate_names, latitude, longitude, …

https://whosonfirst.org (CC0 and CC BY, GeoNames among its sources). Regions and counties are areas.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from sahel_map.gazetteer_sources.reading import Reading, position_of
from sahel_map.model import Place
from sahel_map.place_merging import mended, usable_names

WANTED = {"id", "country", "placetype", "name", "alternate_names", "latitude", "longitude"}
FEATURE_CODES = {
    "locality": "PPL", "neighbourhood": "PPLX", "macrohood": "PPLX", "campus": "FCL", "venue": "FCL",
    "region": "ADM1", "county": "ADM2", "localadmin": "ADM3", "country": "PCLI",
}  # fmt: skip


def recognises(path: Path) -> bool:
    """Does its head say id, country, placetype, name…?"""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return set(head) >= WANTED


def read(path: Path) -> Reading:
    """One place a row; rows without name or position are counted, not fatal."""
    reading = Reading(path, "whosonfirst")
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                reading.places.append(_place(row))
                reading.day = max(reading.day, _day(row))
            except (ValueError, TypeError, AttributeError) as error:
                reading.faults.append(f"line {number}: {error}")
    return reading


def _day(row: dict[str, str]) -> str:
    return dt.datetime.fromtimestamp(int(row.get("last_modified") or 0), dt.UTC).date().isoformat()


def _place(row: dict[str, str]) -> Place:
    name = mended(row["name"].strip())
    if not name:
        raise ValueError("no name")
    return Place(
        place_id=f"whosonfirst:{row['id']}",
        name=name,
        position=position_of(row["longitude"], row["latitude"]),
        country=row["country"],
        alternate_names=usable_names(row["alternate_names"].split("|"), but=name),
        feature_code=FEATURE_CODES.get(row["placetype"], "PPL"),
        population=int(float(row.get("population") or 0)),
        sources=(f"whosonfirst:{row['id']}",),
    )
