"""Which incidents go out? Filters by place, day, type, actor, background, and a condition in SQL."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from sahel_map.countries import country_codes_of
from sahel_map.errors import InputError
from sahel_map.exports.tables import SHEET_COLUMNS
from sahel_map.exports.values import plain_column
from sahel_map.names import fold

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry import Polygon

_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION)


def filtered(
    incidents: gpd.GeoDataFrame,
    *,
    bbox: tuple[float, float, float, float] | None = None,
    country: Sequence[str] = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
    event_type: Sequence[str] = (),
    actor: str = "",
    where: str = "",
    background: bool | None = None,
) -> gpd.GeoDataFrame:
    """The incidents that fit all the filters given, in their order.

    ``bbox``: west, south, east, north in degrees (EPSG:4326); what touches it is kept. ``since``, ``until``: days,
    both included; an incident known by a window is kept if the window overlaps, an undated one is not.
    ``event_type``: ACLED event types or sub-types. ``actor``: a part of either actor's name. ``where``: a condition
    in SQLite's SQL over the scalar columns. ``background``: only, or without, what is told as background.
    Raises InputError for a country, box or condition that makes no sense.
    """
    kept = incidents
    if bbox is not None:
        kept = kept[kept.intersects(_box(bbox))]
    if country:
        kept = kept[kept["country"].isin(country_codes_of(list(country)))]
    if since is not None:
        kept = kept[kept["date_to"].fillna("") >= since.isoformat()]
    if until is not None:
        kept = kept[kept["date_from"].fillna("9999") <= until.isoformat()]
    if event_type:
        wanted = {fold(name) for name in event_type}
        kept = kept[kept["event_type"].map(_fold).isin(wanted) | kept["sub_event_type"].map(_fold).isin(wanted)]
    if actor:
        part = fold(actor)
        kept = kept[
            [part in _fold(one) or part in _fold(two) for one, two in zip(kept["actor1"], kept["actor2"], strict=True)]
        ]
    if background is not None:
        kept = kept[kept["background"].astype(bool) == background]
    return _where(kept, where) if where else kept


def _fold(value: object) -> str:
    return fold(value) if isinstance(value, str) else ""


def _box(bbox: tuple[float, float, float, float]) -> Polygon:
    import shapely

    west, south, east, north = bbox
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise InputError(f"box {bbox!r}: want west, south, east, north in degrees, for example -6,11,4,18")
    return shapely.box(west, south, east, north)


def _where(incidents: gpd.GeoDataFrame, condition: str) -> gpd.GeoDataFrame:
    """Ask SQLite, which may do nothing here but read this one table."""
    columns = [c for c in SHEET_COLUMNS if c in incidents and c not in ("conflicts", "reasons")]
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute(f"CREATE TABLE incidents (row INTEGER, {', '.join(columns)})")
        rows = zip(range(len(incidents)), *(plain_column(incidents[c]) for c in columns), strict=True)
        base.executemany(f"INSERT INTO incidents VALUES ({', '.join('?' * (len(columns) + 1))})", rows)
        base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
        try:
            found = [row for (row,) in base.execute(f"SELECT row FROM incidents WHERE ({condition}) ORDER BY row")]
        except (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError) as error:
            raise InputError(
                f"condition {condition!r}: {error}; write it as SQL over {', '.join(columns[:6])} …, "
                "for example \"fatalities_best >= 10 AND admin1 = 'Mopti'\""
            ) from error
    return incidents.iloc[found]
