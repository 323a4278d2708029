"""Mentions as rows of Parquet: what blocking needs as columns, the rest as JSON, the geometry as WKB.

JSON is written in ASCII, so that text no encoding can hold (half a surrogate pair) comes back as it was. Nothing
is pickled: reading a work folder never runs anything.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import shapely

from sahel_map.blocking import Extents, extents
from sahel_map.corpus.catalogue import UNDATED
from sahel_map.json_records import from_json, to_json
from sahel_map.model import EventMention, Report
from sahel_map.names import fold

EPOCH = 719_163  # the ordinal of 1 January 1970
BOX = ("west", "south", "east", "north")
KEYS = ("country", "name", *BOX, "first", "last", "published")


def mention_row(mention: EventMention, report: Report) -> dict[str, Any]:
    """A mention and the report that tells it, without its text: degrees (EPSG:4326), days since 1970."""
    place = mention.resolution
    near = extents([mention])
    first, last = near.days[0].tolist()
    dated = mention.when is not None
    return {
        "country": place.country, "name": _spelt(fold(place.location)), **dict(zip(BOX, near.box[0].tolist(), strict=True)),
        "first": int(first) if dated else None, "last": int(last) if dated else None,
        "published": report.published.toordinal() - EPOCH if report.published else None,
        "mention": _text(replace(mention, resolution=replace(place, geometry=None))),
        "report": _text(replace(report, text="")),
        "geometry": shapely.to_wkb(place.geometry, hex=True) if place.geometry is not None else None,
    }  # fmt: skip


def in_catalogue(row: dict[str, Any], number: int | None = None) -> tuple[Any, ...]:
    """Such a row as the catalogue holds it: numbered there, in the order of the days told or of publication."""
    told = row["first"] is not None
    day = row["first"] if told else row["published"]
    shape = row["geometry"]
    given = (
        *(row[name] for name in (*KEYS, "mention", "report")),
        bytes.fromhex(shape) if isinstance(shape, str) else shape,
    )
    return number, told, UNDATED if day is None else day, *given


def from_row(row: dict[str, Any]) -> tuple[EventMention, Report]:
    """The mention and its report, as they were."""
    mention = from_json(EventMention, json.loads(row["mention"]))
    shape = geometry(row["geometry"])
    return replace(mention, resolution=replace(mention.resolution, geometry=shape)), _report(row["report"])


@lru_cache(maxsize=4096)
def geometry(wkb: bytes | str | None) -> Any:
    """A geometry of its WKB; the border of a region is made once for all who tell of it."""
    return shapely.from_wkb(wkb) if wkb is not None else None


@cache
def schema() -> Any:
    """The columns of such a file."""
    import pyarrow as pa

    return pa.schema([
        ("country", pa.string()), ("name", pa.string()), *((side, pa.float64()) for side in BOX),
        ("first", pa.int64()), ("last", pa.int64()), ("published", pa.int64()), ("mention", pa.string()), ("report", pa.string()), ("geometry", pa.binary()),
    ])  # fmt: skip


def extents_of(rows: list[tuple[Any, ...]]) -> Extents:
    """The extents of rows of KEYS."""
    import numpy as np

    nan = float("nan")
    return Extents(
        np.array([row[2:6] for row in rows], dtype=float).reshape(-1, 4),
        np.array([(nan, nan) if row[6] is None else row[6:8] for row in rows], dtype=float).reshape(-1, 2),
        np.array([row[0] for row in rows], dtype=object),
    )


def _text(record: Any) -> str:
    return json.dumps(to_json(record), ensure_ascii=True)


def _spelt(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=4096)
def _report(text: str) -> Report:
    return from_json(Report, json.loads(text))
