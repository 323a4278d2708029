"""The records of ``model.py`` as JSON and back: every field by its type, fields at their default left out.

Not pickle: a store or a work folder may come from someone else, and reading it must never run anything.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Callable
from enum import Enum
from functools import cache, partial
from typing import Any, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from sahel_map.errors import InputError

_T = TypeVar("_T")
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def to_json(value: Any) -> Any:
    """A record as JSON values: dictionaries, lists, text, numbers; days as ISO text, geometries as hexadecimal WKB.

    >>> from sahel_map.model import DateRange
    >>> to_json(DateRange(first=dt.date(2025, 6, 1), last=dt.date(2025, 6, 1), text="Sunday"))
    {'first': '2025-06-01', 'last': '2025-06-01', 'text': 'Sunday'}
    """
    if type(value) in _AS_THEY_ARE:
        return value
    fields = _fields(typing.cast(Any, type(value)))
    if fields:
        pairs = ((field, getattr(value, field.name)) for field in fields)
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
        result: _T = _reader(typing.cast(Any, kind))(value)
    except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError) as error:
        raise InputError(f"a stored {kind.__name__} is damaged: {error}") from error
    return result


def _is_default(field: dataclasses.Field[Any], value: Any) -> bool:
    return field.default is not dataclasses.MISSING and type(value) is type(field.default) and value == field.default


@cache
def _fields(kind: Any) -> tuple[dataclasses.Field[Any], ...]:
    """The fields of a record's type; none where it is no record."""
    return dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of that type of its JSON."""
    if isinstance(kind, types.UnionType):  # X | None is the only union of the records
        (inner,) = (_reader(k) for k in kind.__args__ if k is not types.NoneType)
        return lambda value: None if value is None else inner(value)
    if typing.get_origin(kind) is tuple:
        inner = _reader(typing.get_args(kind)[0])
        return lambda value: tuple(map(inner, value))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind, localns={"BaseGeometry": BaseGeometry})
        readers = {name: _reader(hint) for name, hint in hints.items()}
        make = typing.cast(Any, kind)
        return lambda value: make(**{name: readers[name](inner) for name, inner in value.items()})
    if kind is dt.date:
        return dt.date.fromisoformat
    if kind is BaseGeometry:
        return shapely.from_wkb
    if hasattr(kind, "_fields"):  # a NamedTuple: LonLat
        return lambda value: kind(*value)
    return kind if issubclass(kind, Enum) else partial(_plain, kind, (int, float) if kind is float else kind)


def _plain(kind: type, wanted: Any, value: Any) -> Any:
    if not isinstance(value, wanted):
        raise TypeError(f"{value!r} is not {kind.__name__}")
    return value
