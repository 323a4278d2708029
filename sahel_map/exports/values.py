"""What is a cell in a file? The table's values as JSON knows them, one by one or a column at a time."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import pandas as pd

_PLAIN = (str, bool, int, list, dict, type(None))


def plain(value: Any) -> Any:
    """A JSON value: missing values become null, numpy's numbers Python's."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if (
        value is None
        or (isinstance(value, float) and not math.isfinite(value))
        or type(value).__name__ in ("NAType", "NaTType")
    ):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value


def plain_column(column: pd.Series[Any]) -> list[Any]:
    """A column's cells, each as ``plain`` makes it; lists and dictionaries are passed on as they are.

    >>> import pandas as pd
    >>> plain_column(pd.Series([1, None], dtype="Int64")), plain_column(pd.Series([0.5, float("nan")]))
    ([1, None], [0.5, None])
    """
    if column.dtype.kind in "iufb" or str(column.dtype) in ("str", "string"):
        cells: list[Any] = column.astype(object).where(column.notna(), None).tolist()
        return cells if column.dtype.kind != "f" else [plain(cell) for cell in cells]
    return [cell if type(cell) in _PLAIN else plain(cell) for cell in column.tolist()]


def json_bytes(value: Any) -> bytes:
    """JSON in UTF-8 without blanks; a lone surrogate, which is no UTF-8, becomes "?"."""
    try:
        return orjson.dumps(value, default=plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)
    except TypeError:
        text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


def json_text(value: Any) -> str:
    """The same as text."""
    return json_bytes(value).decode("utf-8")
