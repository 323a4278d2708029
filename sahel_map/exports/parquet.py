"""GeoParquet 1.1: geometry and scalar columns by GeoPandas, the nested ledger by pyarrow."""

from __future__ import annotations

import io
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.errors import OutputError
from sahel_map.exports.files import replacing
from sahel_map.exports.flat import REPORT_COLUMNS
from sahel_map.incidents import MENTION_COLUMNS, NESTED_COLUMNS, TOLL_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd

_COLUMNS = {"mentions": (*MENTION_COLUMNS, "evidence"), "tolls": TOLL_COLUMNS, "reports": REPORT_COLUMNS}
_TYPES = {
    **dict.fromkeys(("low", "high", "start", "end", "geo_precision", "time_precision"), "int64"),
    **dict.fromkeys(("latitude", "longitude"), "float64"), "background": "bool",
}  # fmt: skip


def write_geoparquet(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """Every column as it is, the ledger nested, a bounding box a row, zstd. Needs pyarrow."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise OutputError('GeoParquet needs pyarrow; install it with: pip install "sahel-map[parquet]"') from error
    nested = [c for c in NESTED_COLUMNS if c in incidents]
    scalars = io.BytesIO()
    incidents.drop(columns=nested).to_parquet(
        scalars, index=False, compression=None, schema_version="1.1.0", write_covering_bbox=True
    )
    table = pyarrow.parquet.read_table(scalars)
    for name in nested:
        table = table.append_column(name, _lists(name, incidents[name].tolist()))
    with replacing(path) as temporary:
        pyarrow.parquet.write_table(table, temporary, compression="zstd")
    return path


def _lists(name: str, cells: list[Any]) -> Any:
    """A nested column as Arrow lists. Where its records are of the known form their types are given, for finding them
    out takes three times as long; what is of another form is looked at value by value."""
    import pyarrow

    rows = [cell if isinstance(cell, list | tuple) else [] for cell in cells]
    form = pyarrow.string()
    if name in _COLUMNS:
        if not set(chain.from_iterable(chain.from_iterable(rows))) <= set(_COLUMNS[name]):
            return pyarrow.array(rows)
        form = pyarrow.struct([(c, _type(c)) for c in _COLUMNS[name]])
    try:
        return pyarrow.array(rows, type=pyarrow.list_(form))
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
        return pyarrow.array(rows)


def _type(column: str) -> Any:
    import pyarrow

    if column == "evidence":
        return pyarrow.list_(
            pyarrow.struct([(c, _type(c)) for c in ("field", "words", "start", "end", "sentence", "value")])
        )
    return pyarrow.type_for_alias(_TYPES.get(column, "string"))
