"""The incident table without nesting, for formats that know only cells; and its ledger as tables of their own."""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sahel_map.exports.values import json_text
from sahel_map.incidents import MENTION_COLUMNS, NESTED_COLUMNS, TOLL_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

REPORT_COLUMNS = ("report_id", "title", "source", "url", "published", "language")
DAY_COLUMNS = ("event_date", "date_from", "date_to")
POINTS, LINES, AREAS = ("Point",), ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon")


def flat(
    incidents: gpd.GeoDataFrame, *, nested: Collection[str] = NESTED_COLUMNS, days: bool = True
) -> gpd.GeoDataFrame:
    """Scalar columns only. The ``nested`` columns become JSON text, others are left out; days become dates (``days``)."""
    import pandas as pd

    table = incidents.drop(columns=[c for c in NESTED_COLUMNS if c in incidents and c not in nested])
    for column in [c for c in NESTED_COLUMNS if c in table]:
        table[column] = pd.Series([json_text(_listed(v)) for v in table[column]], index=table.index, dtype="str")
    if days:
        for column in [c for c in DAY_COLUMNS if c in table]:
            table[column] = pd.to_datetime(table[column], format="%Y-%m-%d", errors="coerce").dt.as_unit("ms")
    return table


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple | str) else []


def of_types(table: gpd.GeoDataFrame, types: tuple[str, ...], *, empty: bool = False) -> gpd.GeoDataFrame:
    """The rows whose geometry is of these types; with ``empty`` also those without any."""
    kept = table.geometry.geom_type.isin(types)
    return table[kept | table.geometry.isna()] if empty else table[kept]


def ledgers(incidents: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    """The tables mentions, tolls and reports; each report once."""
    import pandas as pd

    found = {name: _rows(incidents, name) for name in ("mentions", "tolls", "reports")}
    reports = {str(row.get("report_id")): row for row in found["reports"]}
    columns = {"mentions": MENTION_COLUMNS, "tolls": TOLL_COLUMNS, "reports": REPORT_COLUMNS}
    found["reports"] = [reports[key] for key in sorted(reports)]
    return {name: pd.DataFrame(rows, columns=list(columns[name])) for name, rows in found.items()}


def _rows(incidents: gpd.GeoDataFrame, name: str) -> list[dict[str, Any]]:
    if name not in incidents:
        return []
    return [row for rows in incidents[name] if isinstance(rows, list | tuple) for row in rows]


def with_arrow() -> bool:
    """Whether GDAL can be given whole columns: faster by half, but pyarrow is an extra."""
    return find_spec("pyarrow") is not None
