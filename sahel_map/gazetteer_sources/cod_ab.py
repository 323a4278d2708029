"""OCHA's administrative boundaries (COD-AB): every unit becomes a place of its name at a point inside it.

GeoJSON, GeoPackage or a zip of shapefiles with columns such as ADM2_FR, ADM2_PCODE, ADM0_PCODE
(https://data.humdata.org, CC BY-IGO; the language ending differs by country).
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from sahel_map.gazetteer_sources.reading import Reading, position_of
from sahel_map.model import Place

_PCODE = re.compile(r"adm(\d)_pcode", re.IGNORECASE)


def recognises(path: Path) -> bool:
    """Is it GeoJSON, GeoPackage or a zip with shapefiles, with ADMn_PCODE columns?"""
    try:
        with path.open("rb") as file:
            head = file.read(8000)
    except OSError:
        return False
    if head.lstrip().startswith(b"{"):
        return b'"ADM' in head.upper() and b"_PCODE" in head.upper() and b"FEATURE" in head.upper()
    if head.startswith(b"SQLite format 3"):
        return path.suffix.lower() == ".gpkg"
    return head.startswith(b"PK") and zipfile.is_zipfile(path) and bool(_shapefiles(path))


def read(path: Path) -> Reading:
    """The units of the deepest level of each layer."""
    import pyogrio

    reading = Reading(path, "cod-ab")
    zipped = path.read_bytes()[:2] == b"PK" if path.stat().st_size < 1 << 28 else path.suffix == ".zip"
    names = [f"/vsizip/{path}/{member}" for member in _shapefiles(path)] if zipped else [str(path)]
    for name in names:
        for layer, _ in pyogrio.list_layers(name):
            _read_layer(name, layer, reading)
    return reading


def _read_layer(name: str, layer: str, reading: Reading) -> None:
    import pyogrio
    import shapely

    meta, _, geometry, fields = pyogrio.raw.read(name, layer=layer)
    columns = {str(column).upper(): values for column, values in zip(meta["fields"], fields, strict=True)}
    levels = [int(m[1]) for m in map(_PCODE.fullmatch, columns) if m]
    if not levels:
        return
    points = shapely.point_on_surface(shapely.from_wkb(geometry))
    for row, point in enumerate(points):
        try:
            reading.places.append(_unit({k: v[row] for k, v in columns.items()}, max(levels), point))
        except (ValueError, StopIteration) as error:
            reading.faults.append(f"{layer} row {row}: {error}")


def _unit(row: dict[str, Any], level: int, point: Any) -> Place:
    spellings = [row[c] for c in row if re.fullmatch(rf"ADM{level}_(?!PCODE)(NAME|[A-Z]{{2}})", c) and row[c]]
    pcode = str(row[f"ADM{level}_PCODE"])
    return Place(
        place_id=f"cod-ab:{pcode}",
        name=str(next(iter(spellings))),
        position=position_of(point.x, point.y),
        country=pcode[:2],
        alternate_names=tuple(str(s) for s in spellings[1:]),
        feature_code=f"ADM{level}" if level else "PCLI",
        adm1_pcode=str(row.get("ADM1_PCODE") or ""),
        adm2_pcode=str(row.get("ADM2_PCODE") or ""),
        sources=(f"cod-ab:{pcode}",),
    )


def _shapefiles(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return [name for name in archive.namelist() if name.lower().endswith(".shp")]
    except (OSError, zipfile.BadZipFile):
        return []
