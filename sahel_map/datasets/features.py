"""GeoJSON and GeoPackage layers as tables of text, their geometry as the columns ``geometry latitude`` and ``… longitude``.

Each is opened by the one reader of its format, after a look at what the file really is: a .geojson is parsed as JSON
and never given to GDAL, which would follow whatever other format hides behind the name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.datasets.spreadsheet import text_of
from sahel_map.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 500_000_000  # of a GeoJSON file, which is read whole
LATITUDE, LONGITUDE, SHAPE = "geometry latitude", "geometry longitude", "geometry type"
_OURS = "incident_versions"  # a table that only our stores have
_HEADS = (b"GPKG", b"GP10", b"GP11")


def read_geojson(path: Path) -> pd.DataFrame:
    """The features of a FeatureCollection, numbered from 1. Raises InputError for anything else."""
    import pandas as pd
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"{str(path)!r} is larger than {MAX_BYTES / 1e6:.0f} MB; save it as GeoPackage or CSV")
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(told, dict) or told.get("type") != "FeatureCollection":
            raise InputError(f"{str(path)!r} is not GeoJSON: wanted a FeatureCollection")
        crs = json.dumps(told.get("crs"))
        if told.get("crs") and not any(name in crs for name in ("CRS84", "4326")):
            raise InputError(f"{str(path)!r} is not in longitude and latitude (WGS 84), as GeoJSON is: {crs[:100]}")
        features: list[Any] = told["features"]
        rows = [dict(feature.get("properties") or {}) for feature in features]
        shapes = [shape(f["geometry"]) if f.get("geometry") else None for f in features]
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{str(path)!r} is not GeoJSON: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
        raise InputError(f"{str(path)!r}: a feature is not of GeoJSON's form ({error})") from error
    return _with_points(pd.DataFrame(rows, index=range(1, len(rows) + 1)), shapes)


def read_geopackage(path: Path, layer: str = "") -> pd.DataFrame:
    """One layer or table, by its own numbers, brought to EPSG:4326. Raises InputError for what is no GeoPackage."""
    import geopandas as gpd
    import pyogrio

    name = layer_of(path, layer)
    try:
        found = pyogrio.read_dataframe(path, layer=name, fid_as_index=True)
        if isinstance(found, gpd.GeoDataFrame) and found.crs is not None:
            found = found.to_crs(4326)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise InputError(f"{str(path)!r}, layer {name!r}, cannot be read: {error}") from error
    if not isinstance(found, gpd.GeoDataFrame):
        return _texts(found)
    return _with_points(found.drop(columns=found.geometry.name), list(found.geometry))


def layer_of(path: Path, layer: str = "") -> str:
    """The layer to read. Raises InputError where it must be named, or for what is no GeoPackage, or a store of ours."""
    import pyogrio

    with path.open("rb") as file:
        head = file.read(100)
    if not head.startswith(b"SQLite format 3\x00") or head[68:72] not in _HEADS:
        raise InputError(f"{str(path)!r} is not a GeoPackage")
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0] if name != "layer_styles"]
    except pyogrio.errors.DataSourceError as error:
        raise InputError(f"{str(path)!r} is not a GeoPackage that can be read: {error}") from error
    if _OURS in names:
        raise InputError(f"{str(path)!r} is a store of sahel-map, not a table of events; add to it with --into")
    if layer and layer not in names:
        raise InputError(f"{str(path)!r} has no layer {layer!r}; it has {', '.join(map(repr, names))}")
    if not layer and len(names) != 1:
        raise InputError(
            f"{str(path)!r} has the layers {', '.join(map(repr, names))}; name one as layer in its mapping file"
        )
    return layer or names[0]  # fmt: skip


def _with_points(rows: pd.DataFrame, shapes: Sequence[Any]) -> pd.DataFrame:
    """The columns as text, with a point of each geometry, inside it where it is a line or an area."""
    table = _texts(rows)
    points = [
        None if s is None or s.is_empty else s if s.geom_type == "Point" else s.representative_point() for s in shapes
    ]
    table[LATITUDE] = ["" if p is None else repr(p.y) for p in points]
    table[LONGITUDE] = ["" if p is None else repr(p.x) for p in points]
    table[SHAPE] = ["" if s is None else s.geom_type for s in shapes]
    return table  # fmt: skip


def _texts(rows: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    columns = {str(name): [_cell(value) for value in rows[name].tolist()] for name in rows.columns}
    return pd.DataFrame(columns, index=rows.index, dtype=str)


def _cell(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if value is None or value != value:  # NaN, NaT
        return ""
    return text_of(value.to_pydatetime() if hasattr(value, "to_pydatetime") else value)
