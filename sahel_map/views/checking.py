"""Can this table be drawn, and what of it cannot?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from sahel_map.errors import InputError
from sahel_map.views.columns import MISSING, Payload, days_of, positions_of

FIRST_DAY, LAST_DAY = -25567, 47482  # 1900-01-01 and 2100-01-01 as days since 1970: what a timeline takes in


def checked(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The table as it can be drawn: a GeoDataFrame in EPSG:4326, built from latitude and longitude if need be."""
    if not isinstance(incidents, pd.DataFrame):
        raise InputError(
            f"incidents are a table (GeoDataFrame), not {type(incidents).__name__}; sahel_map.build() makes one"
        )
    if isinstance(incidents, gpd.GeoDataFrame) and incidents.active_geometry_name is not None:
        if incidents.crs is not None and not incidents.crs.equals("EPSG:4326"):
            raise InputError(
                f"incidents are in {incidents.crs.to_string()!r}; the map wants EPSG:4326: use incidents.to_crs(4326)"
            )
        return incidents
    if not {"latitude", "longitude"} <= set(incidents.columns):
        raise InputError("incidents have neither a geometry nor columns latitude and longitude")
    parts = [pd.to_numeric(incidents[name], errors="coerce") for name in ("longitude", "latitude")]
    return gpd.GeoDataFrame(incidents, geometry=gpd.points_from_xy(*parts), crs="EPSG:4326")


def left_out(table: gpd.GeoDataFrame, payload: Payload) -> dict[str, int]:
    """How many incidents the map or the timeline cannot show, by reason."""
    first = next(
        (days_of(table[name]) for name in ("date_from", "event_date") if name in table), np.full(len(table), MISSING)
    )
    odd = (first != MISSING) & ((first < FIRST_DAY) | (first > LAST_DAY))
    unplaced = int((positions_of(table)[0] == MISSING).sum()) - payload.left_out["impossible_position"]
    return {
        **payload.left_out,
        "no_position": unplaced,
        "undated": int((first == MISSING).sum()),
        "odd_date": int(odd.sum()),
    }


def last_day(table: gpd.GeoDataFrame) -> int:
    """The last plausible day of the table, for the regions to be drawn."""
    days = [days_of(table[name]) for name in ("date_to", "event_date") if name in table]
    known = [part[(part != MISSING) & (part > FIRST_DAY) & (part < LAST_DAY)] for part in days]
    best = [int(part.max()) for part in known if len(part)]
    return max(best) if best else int(np.datetime64("today", "D").astype(np.int64))
