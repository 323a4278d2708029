"""Column types that mean the same in a GeoPackage and in PostGIS: days, moments, nested values, geometries."""

from __future__ import annotations

import datetime as dt
import struct
from typing import Any

import orjson
import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from sahel_map.errors import InputError
from sahel_map.exports.values import json_text

SRID = 4326  # WGS 84; longitude first in both
_MULTI: dict[str, Any] = {"Polygon": shapely.multipolygons, "LineString": shapely.multilinestrings}


class _Spatial(UserDefinedType[Any]):
    """The database's own geometry type, any shape."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return f"geometry(Geometry,{SRID})"


class _GeoPackageGeometry(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "GEOMETRY"


class _GeoPackageMoment(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "DATETIME"


class Geometry(TypeDecorator[BaseGeometry]):
    """A shapely geometry in EPSG:4326: a GeoPackage blob, or PostGIS's geometry."""

    impl = sa.LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_Spatial() if dialect.name == "postgresql" else _GeoPackageGeometry())

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return shapely.to_wkb(shapely.set_srid(value, SRID), hex=True, include_srid=True)
        return blob(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            shape: BaseGeometry = shapely.set_srid(shapely.from_wkb(value), 0)
            return shape
        try:
            return unblob(value)
        except (ValueError, TypeError, shapely.errors.ShapelyError) as error:
            raise InputError(f"a geometry of the store is damaged: {error}") from error


class Nested(TypeDecorator[Any]):
    """Lists and dictionaries: JSON text in a GeoPackage (which has no type for them), JSONB in PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return json_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise InputError(f"a cell of the store is damaged: {str(value)[:60]!r} is not JSON") from error


class Day(TypeDecorator[str]):
    """A day, "2025-06-01" in Python as in the incident table."""

    impl = sa.Date
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> dt.date | None:
        return dt.date.fromisoformat(value[:10]) if value else None

    def process_result_value(self, value: dt.date | None, dialect: Dialect) -> str | None:
        return value.isoformat() if value else None


class Moment(TypeDecorator[dt.datetime]):
    """A moment in UTC: GeoPackage's DATETIME text with its Z, or PostgreSQL's timestamp with time zone."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        known = sa.DateTime(timezone=True) if dialect.name == "postgresql" else _GeoPackageMoment()
        return dialect.type_descriptor(known)

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None or dialect.name == "postgresql":
            return value.astimezone(dt.UTC) if value else None
        return dt.datetime.fromisoformat(value)


def blob(shape: BaseGeometry) -> bytes:
    """A geometry as a GeoPackage blob (OGC 12-128r19, clause 2.1.3): header, box unless it is a point, WKB."""
    point = shape.geom_type == "Point" or shape.is_empty
    west, south, east, north = shape.bounds if not point else (0.0, 0.0, 0.0, 0.0)
    flags = 0b00000001 | (0 if point else 0b00000010) | (0b00010000 if shape.is_empty else 0)
    box = b"" if point else struct.pack("<4d", west, east, south, north)
    return struct.pack("<2sBBi", b"GP", 0, flags, SRID) + box + shapely.to_wkb(shape, byte_order=1)


def unblob(data: bytes) -> BaseGeometry:
    """The geometry of a GeoPackage blob. Raises ValueError for anything else."""
    boxes = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
    if len(data) < 8 or data[:2] != b"GP" or (data[3] >> 1) & 7 not in boxes:
        raise ValueError("not a GeoPackage geometry")
    return shapely.from_wkb(data[8 + boxes[(data[3] >> 1) & 7] :])


def many(shape: BaseGeometry | None) -> BaseGeometry | None:
    """Polygons and lines as their many-part kin, so that a layer holds one type; ``one`` turns them back."""
    if shape is None or shape.geom_type not in _MULTI:
        return shape
    made: BaseGeometry = _MULTI[shape.geom_type]([shape])
    return made


def one(shape: BaseGeometry | None, geometry_type: str) -> BaseGeometry | None:
    """A geometry as it was before ``many``."""
    return shape.geoms[0] if shape is not None and geometry_type in _MULTI else shape  # type: ignore[attr-defined]
