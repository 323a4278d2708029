"""Build the shipped tables of the gazetteer from pinned packages and the hand-kept tables in kept/.

    python gazetteer/build.py [--packages FOLDER] [--out FOLDER]

Run twice, it writes the same bytes. ``kept_places.csv`` is kept by hand and left alone.
Needs shapely 2.2 with GEOS 3.14 to give the very bytes that are committed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import areas
import basemap
import partition
import shapely
import towns
import units
from packages import Packages

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Build every table into ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, default=HERE / ".packages", help="where archives are kept")
    parser.add_argument("--out", type=Path, default=HERE / "tables")
    args = parser.parse_args()
    packages = Packages(args.packages)
    work = args.packages / "work"
    cells = partition.cells(packages, work)
    all_units = units.units(packages)
    shapes = units.geometries(all_units, cells)
    files = {"admin_units.csv": units.table(all_units, shapes).encode()}
    files |= _cell_files(cells, all_units)
    files |= {f"units_level{level}.geojson": _unit_collection(all_units, shapes, level) for level in (0, 1, 2)}
    found = towns.towns(packages, work, cells, all_units, shapes)
    files["places.csv"] = towns.table(found, cells, all_units).encode()
    named = areas.areas(packages, work, cells, shapes)
    files["areas.geojson"] = collection([feature(dict(p), g) for p, g in named])
    liptako = next(g for p, g in named if p["area_id"] == "liptako-gourma")
    files["basemap.json"] = basemap.basemap(packages, work, cells, all_units, found, liptako)
    for name, content in sorted(files.items()):
        _replace(args.out / name, content)
        print(f"{name}: {len(content):,} bytes")


def _cell_files(cells: list[partition.Cell], all_units: list[units.Unit]) -> dict[str, bytes]:
    """cells.wkb (one collection) and cells.csv (the units each cell belongs to), in the same order."""
    member: dict[str, list[str]] = {}
    for unit in all_units:
        for key in unit.cells:
            member.setdefault(key, []).append(unit.unit_id)
    lines = ["cell,country,units", *(f'"{c.key}",{c.country},{"|".join(sorted(member[c.key]))}' for c in cells)]
    collection = shapely.GeometryCollection([c.geometry for c in cells])
    return {
        "cells.csv": ("\n".join(lines) + "\n").encode(),
        "cells.wkb": shapely.to_wkb(collection, byte_order=1, output_dimension=2),
    }


def _unit_collection(all_units: list[units.Unit], shapes: dict[str, BaseGeometry], level: int) -> bytes:
    """One GeoJSON FeatureCollection (RFC 7946), a feature a line."""
    lines = []
    for u in all_units:
        if u.level == level and u.unit_id in shapes and not (level == 2 and u.country in partition.NEIGHBOURS):
            properties = {
                "unit_id": u.unit_id, "name": u.name, "country": u.country, "pcode": u.pcode,
                "valid_from": u.valid_from or None, "valid_to": u.valid_to or None,
            }  # fmt: skip
            lines.append(feature(properties, shapes[u.unit_id]))
    return collection(lines)


def feature(properties: dict[str, object], geometry: BaseGeometry) -> str:
    """A GeoJSON feature on one line, outer rings counter-clockwise."""
    right = shapely.orient_polygons(geometry) if geometry.geom_type.endswith("Polygon") else geometry
    body = {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(right))}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def collection(lines: list[str]) -> bytes:
    """A GeoJSON FeatureCollection of ready features."""
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def _replace(path: Path, content: bytes) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(content)
    part.replace(path)


if __name__ == "__main__":
    main()
