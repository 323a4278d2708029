"""The incident table without nesting, for formats that know only cells; and its ledger as tables of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sahel_map.exports.geojson import compact
from sahel_map.incidents import MENTION_COLUMNS, NESTED_COLUMNS, TOLL_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

REPORT_COLUMNS = ("report_id", "title", "source", "url", "published", "language")
DAY_COLUMNS = ("event_date", "date_from", "date_to")
POINTS, LINES, AREAS = ("Point",), ("LineString", "MultiLineString"), ("Polygon", "MultiPolygon")


def flat(incidents: gpd.GeoDataFrame, *, ledger: bool = True, days: bool = True) -> gpd.GeoDataFrame:
    """Scalar columns only. Nested columns become JSON text (``ledger``) or are left out; days become dates (``days``)."""
    import pandas as pd

    table = incidents.copy()
    for column in [c for c in NESTED_COLUMNS if c in table]:
        if ledger:
            table[column] = [compact(_listed(v)) for v in table[column]]
        else:
            del table[column]
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
