"""The records of ``model.py`` as JSON and back: every field by its type, fields at their default left out.

Not pickle: a store or a work folder may come from someone else, and reading it must never run anything.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from sahel_map.errors import InputError

_T = TypeVar("_T")


def to_json(value: Any) -> Any:
    """A record as JSON values: dictionaries, lists, text, numbers; days as ISO text, geometries as hexadecimal WKB.

    >>> from sahel_map.model import DateRange
    >>> to_json(DateRange(first=dt.date(2025, 6, 1), last=dt.date(2025, 6, 1), text="Sunday"))
    {'first': '2025-06-01', 'last': '2025-06-01', 'text': 'Sunday'}
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: to_json(inner) for field, inner in pairs if not _is_default(field, inner)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [to_json(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, BaseGeometry):
        return shapely.to_wkb(value, hex=True)
    return value.item() if hasattr(value, "item") else value


def from_json(kind: type[_T], value: Any) -> _T:
    """The record of that type. Raises InputError for values that are not of its form."""
    try:
        result: _T = _read(kind, value)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise InputError(f"a stored {kind.__name__} is damaged: {error}") from error
    return result


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    return field.default is not dataclasses.MISSING and type(value) is type(field.default) and value == field.default


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, types.UnionType):  # X | None is the only union of the records
        if value is None:
            return None
        (kind,) = (k for k in kind.__args__ if k is not types.NoneType)
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_read(inner, item) for item in value)
    if dataclasses.is_dataclass(kind):
        hints = _hints(typing.cast(Any, kind))
        return kind(**{name: _read(hints[name], inner) for name, inner in value.items()})  # type: ignore[operator]
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    if kind is BaseGeometry:
        return shapely.from_wkb(value)
    if hasattr(kind, "_fields"):  # a NamedTuple: LonLat
        return kind(*value)
    if issubclass(kind, Enum):
        return kind(value)
    wanted = (int, float) if kind is float else kind
    if not isinstance(value, wanted):
        raise TypeError(f"{value!r} is not {kind.__name__}")
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind, localns={"BaseGeometry": BaseGeometry})
