"""Read the shipped tables of boundaries: units, the cells they are made of, and named areas."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from sahel_map.errors import GazetteerError
from sahel_map.model import AdminUnit, Area, LonLat
from sahel_map.shipped import gazetteer_tables

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Cell:
    """A territory that no border of any day divides."""

    country: str
    geometry: BaseGeometry
    unit_ids: tuple[str, ...]


def read_units() -> list[AdminUnit]:
    """The dated units of admin_units.csv."""
    with (gazetteer_tables() / "admin_units.csv").open(encoding="utf-8", newline="") as file:
        return [_unit(row) for row in csv.DictReader(file)]


def read_cells() -> list[Cell]:
    """The cells of cells.wkb with the units cells.csv gives them; GazetteerError when the two do not fit."""
    folder = gazetteer_tables()
    geometries = shapely.get_parts(shapely.from_wkb((folder / "cells.wkb").read_bytes()))
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) != len(geometries):
        raise GazetteerError(
            f"{folder}: cells.csv has {len(rows)} rows, cells.wkb {len(geometries)} polygons; reinstall"
        )
    return [Cell(r["country"], g, tuple(r["units"].split("|"))) for r, g in zip(rows, geometries, strict=True)]


def read_areas() -> list[Area]:
    """The named areas of areas.geojson."""
    path = gazetteer_tables() / "areas.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    out = []
    for feature in features:
        p = feature["properties"]
        geometry = shapely.from_geojson(json.dumps(feature["geometry"]))
        area = Area(
            area_id=p["area_id"], name_en=p["name_en"], name_fr=p["name_fr"], geometry=geometry,
            alternate_names=_split(p["alternate_names"]), countries=_split(p["countries"]),
            rule=p["rule"], source=p["source"],
        )  # fmt: skip
        out.append(area)
    return out


def _unit(row: Mapping[str, str]) -> AdminUnit:
    return AdminUnit(
        unit_id=row["unit_id"], pcode=row["pcode"], name=row["name"], level=int(row["level"]),
        country=row["country"], parent_id=row["parent_id"], iso_3166_2=row["iso_3166_2"],
        valid_from=_day(row["valid_from"]), valid_to=_day(row["valid_to"]),
        predecessors=_split(row["predecessors"]), successors=_split(row["successors"]),
        alternate_names=_split(row["alternate_names"]), seat=row["seat"], source=row["source"],
        position=LonLat(float(row["longitude"]), float(row["latitude"])) if row["latitude"] else None,
    )  # fmt: skip


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
