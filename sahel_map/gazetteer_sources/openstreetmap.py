"""OpenStreetMap extracts: nodes tagged place=… with a name, from .osm.pbf or .osm, read by GDAL.

https://www.openstreetmap.org/copyright (ODbL 1.0). The local gazetteer that holds them is a database
derived from OpenStreetMap: share it under the ODbL or not at all.
"""

from __future__ import annotations

import re
from pathlib import Path

from sahel_map.gazetteer_sources.reading import Reading, position_of
from sahel_map.model import Place
from sahel_map.place_merging import usable_names

FEATURE_CODES = {"city": "PPL", "town": "PPL", "village": "PPL", "hamlet": "PPL", "isolated_dwelling": "PPLL",
                 "suburb": "PPLX", "quarter": "PPLX", "neighbourhood": "PPLX", "locality": "LCTY"}  # fmt: skip
_TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')


def recognises(path: Path) -> bool:
    """Does it begin as OSM XML or as a PBF header block?"""
    try:
        with path.open("rb") as file:
            head = file.read(400)
    except OSError:
        return False
    return b"OSMHeader" in head[:40] or (head.lstrip().startswith(b"<") and b"<osm" in head)


def read(path: Path) -> Reading:
    """Named place nodes."""
    import pyogrio

    reading = Reading(path, "openstreetmap")
    columns = ["osm_id", "name", "place", "other_tags"]
    meta, _, geometry, values = pyogrio.raw.read(path, layer="points", columns=columns, where="place IS NOT NULL")
    by_name = dict(zip(meta["fields"], values, strict=True))  # older pyogrio gives them in the file's order
    fields = [by_name[column] for column in columns]
    import shapely

    points = shapely.from_wkb(geometry)
    for (number, name, kind, tags), lon, lat in zip(
        zip(*fields, strict=True), shapely.get_x(points), shapely.get_y(points), strict=True
    ):
        if not name:
            reading.faults.append(f"node {number}: no name")
            continue
        others = dict(_TAG.findall(tags or ""))
        names = [
            value for key, value in others.items() if key.split(":")[0] in ("name", "alt_name", "int_name", "old_name")
        ]
        population = re.sub(r"\D", "", others.get("population", ""))[:9]
        reading.places.append(
            Place(
                place_id=f"openstreetmap:{number}",
                name=name,
                position=position_of(lon, lat),
                country="",
                alternate_names=usable_names([part for n in names for part in n.split(";")], but=name),
                feature_code=FEATURE_CODES.get(kind, "PPL"),
                population=int(population or 0),
                sources=(f"openstreetmap:{number}",),
            )
        )
    return reading
