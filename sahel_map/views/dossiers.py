"""How do the texts that only an opened dossier shows travel? In chunks of rows, each decoded on demand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from sahel_map.views.packing import gzip64

DETAIL_COLUMNS = (
    "notes", "place_spellings", "resolution_reason", "reasons", "conflicts", "reports", "mentions", "tolls",
)  # fmt: skip
CHUNK_BYTES = 200_000
_MENTION_KEEP = ("report_id", "place_text", "event_date", "actor1", "actor2", "sentence", "reason")


def detail_chunks(table: gpd.GeoDataFrame) -> tuple[tuple[str, ...], list[int]]:
    """Dossier texts in chunks of about CHUNK_BYTES, and the first row of each."""
    present = [name for name in DETAIL_COLUMNS if name in table]
    present = [name for name in present if not table[name].map(_is_nothing).all()]
    if not present:
        return (), []
    chunks: list[str] = []
    starts: list[int] = []
    held: list[str] = []
    size = 0
    for row, record in enumerate(_details(table, present)):
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str)
        if not held:
            starts.append(row)
        held.append(text)
        size += len(text)
        if size > CHUNK_BYTES:
            chunks.append(gzip64(f"[{','.join(held)}]".encode("utf-8", "replace")))
            held, size = [], 0
    if held:
        chunks.append(gzip64(f"[{','.join(held)}]".encode("utf-8", "replace")))
    return tuple(chunks), starts


def listed(value: Any) -> list[Any]:
    """The records of a ledger cell: a list as it is, JSON text read back; nothing is an empty list."""
    if _is_nothing(value):
        return []
    plain = _from_text(value) if isinstance(value, str) else value
    return list(plain) if isinstance(plain, Iterable) and not isinstance(plain, str | dict) else [plain]


def _details(table: gpd.GeoDataFrame, names: list[str]) -> Iterator[dict[str, Any]]:
    for values in zip(*(table[name] for name in names), strict=True):
        yield {name: _plain(name, value) for name, value in zip(names, values, strict=True) if not _is_nothing(value)}


def _plain(name: str, value: Any) -> Any:
    """A value as JSON knows it; lists that came back from a file as JSON text are lists again."""
    if isinstance(value, str) and name not in {"notes", "place_spellings", "resolution_reason"}:
        value = _from_text(value)
    if name == "mentions" and isinstance(value, list):
        return [
            {key: _scalar(row.get(key)) for key in _MENTION_KEEP if not _is_nothing(row.get(key))}
            for row in value
            if isinstance(row, dict)
        ]
    if isinstance(value, Iterable) and not isinstance(value, str | dict):
        return [_plain_record(item) for item in value]
    return _scalar(value)


def _plain_record(item: Any) -> Any:
    if isinstance(item, dict):
        return {str(key): _scalar(value) for key, value in item.items() if not _is_nothing(value)}
    return _scalar(item)


def _scalar(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return int(value) if value.is_integer() else value if np.isfinite(value) else None
    return value if isinstance(value, str | int | bool) else str(value)


def _from_text(text: str) -> Any:
    if text.startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return [text]
    return [text]


def _is_nothing(value: Any) -> bool:
    if isinstance(value, str | list | tuple | dict | set):
        return len(value) == 0
    return bool(value is None or pd.isna(value))
