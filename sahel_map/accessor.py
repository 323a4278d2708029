"""What can be asked of an incident table in Python and Jupyter? ``incidents.sahel.explore()``, ``.near("Djibo", km=50)`` …

The accessor belongs to every DataFrame, so it survives pandas' operations: what is filtered, sorted or joined can
be asked again. It is there once ``sahel_map.build``, ``read_incidents`` or this module has been imported.
"""

from __future__ import annotations

import datetime as dt
import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from sahel_map.errors import InputError
from sahel_map.incidents import with_lists

if TYPE_CHECKING:
    import folium
    import geopandas as gpd

    from sahel_map.brief import Brief
    from sahel_map.resolution import Resolver

_NEEDED = ("incident_id", "event_date", "event_type", "latitude", "longitude")
_FIGURES = ("fatalities_low", "fatalities_best", "fatalities_high")
_EARTH_KM = 6371.0


class Dossier(str):
    """Text that Jupyter shows as it stands, with nothing in it run."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f'<pre style="white-space: pre-wrap">{html.escape(self)}</pre>'


@pd.api.extensions.register_dataframe_accessor("sahel")
class IncidentAccessor:
    """Questions to an incident table (the columns of ``sahel_map.incidents``); each returns something new.

    Sums have the columns ``incidents``, ``no_toll`` (incidents that nobody gives a toll of; they add nothing), and
    ``low``, ``best`` and ``high`` killed. What is told as background counts too: leave it out first with
    ``incidents[~incidents["background"]]``.

    >>> incidents.sahel.between("2025-06-01", "2025-06-30").sahel.by_region("admin1")  # doctest: +SKIP
    """

    _frame: gpd.GeoDataFrame

    def __init__(self, frame: Any) -> None:
        missing = [c for c in _NEEDED if c not in frame]
        if missing:
            raise AttributeError(f"no incident table: it lacks the columns {', '.join(missing)}")
        self._frame = with_lists(frame)

    def explore(self, *, height: int | str = 480, **options: Any) -> folium.Map:
        """The map page as a widget-sized map; ``options`` as for ``views.map_incidents``."""
        from sahel_map.views.mapping import map_incidents

        return map_incidents(self._frame, height=height, **options)

    def timeline(self, every: str = "month") -> pd.DataFrame:
        """Incidents and deaths (low, best, high) by "day", "week", "month" or "year", empty periods with nought.

        An incident known by a window counts at the day in its middle; undated ones are left out.
        """
        steps = {"day": "D", "week": "W", "month": "M", "year": "Y"}
        if every not in steps:
            raise InputError(f"timeline by {every!r}: want one of {', '.join(steps)}")
        days = pd.to_datetime(self._frame["event_date"], errors="coerce")
        dated = self._frame[days.notna()]
        table = _sums(dated, days.dropna().dt.to_period(steps[every]).rename(every))
        if len(table):
            whole = pd.period_range(table.index.min(), table.index.max(), freq=steps[every], name=every)
            table = table.reindex(whole, fill_value=0)
        return table

    def by_region(self, level: str = "admin1", *, date: dt.date | str | None = None) -> gpd.GeoDataFrame:
        """Incidents and deaths by the regions ("admin1") or districts ("admin2") of a day (None: today), with polygons.

        Counted by the representative point. What is known less precisely than the level asked for, or lies
        outside the countries known, is counted in a last row without a name.
        """
        import geopandas as gpd
        import numpy as np

        from sahel_map.resolution import default_resolver

        if level not in ("admin1", "admin2"):
            raise InputError(f"level {level!r}: want 'admin1' or 'admin2'")
        day = _day(date) if date is not None else dt.date.today()
        known, table = default_resolver().boundaries, self._frame.reset_index(drop=True)
        at = known.at_many(table["longitude"], table["latitude"], np.full(len(table), np.datetime64(day))).astype(str)
        keys = at[["country", level, f"{level.replace('admin', 'adm')}_pcode"]].set_axis(
            ["country", "name", "pcode"], axis=1
        )
        coarse = table["geo_precision"].fillna(4).ge(4 if level == "admin1" else 3)
        keys = keys.mask(coarse | (keys["name"] == ""), "")
        counted = _sums(table, [keys[c] for c in keys]).reset_index()
        units = {(u.country, u.name, u.pcode): u for u in known.units(int(level[-1]), date=day)}
        shapes: Any = [
            known.geometry(units[key].unit_id) if key in units else None
            for key in zip(counted["country"], counted["name"], counted["pcode"], strict=True)
        ]
        regions = gpd.GeoDataFrame(counted, geometry=gpd.GeoSeries(shapes, index=counted.index, crs="EPSG:4326"))
        return regions.sort_values(["name", "country"], key=lambda c: c.where(c != "", "\uffff"), ignore_index=True)

    def tolls(self) -> pd.DataFrame:
        """The ledger: one figure a row, with who says so and of which incident."""
        from sahel_map.incidents import TOLL_COLUMNS

        rows = [toll for tolls in self._frame.get("tolls", []) if isinstance(tolls, list | tuple) for toll in tolls]
        return pd.DataFrame(rows, columns=list(TOLL_COLUMNS))

    def dossier(self, incident_id: str) -> Dossier:
        """The story of one incident; InputError when there is none of this id."""
        from sahel_map.dossier import story

        rows = self._frame[self._frame["incident_id"] == incident_id]
        if rows.empty:
            raise InputError(
                f"no incident {incident_id!r}; there are {', '.join(self._frame['incident_id'].head(8))} …"
            )
        return Dossier(story({str(k): v for k, v in rows.iloc[0].items()}))

    def brief(self, **options: Any) -> Brief:
        """The brief of these incidents, to look at or to ``save("week.docx")``; ``options`` as for ``brief.make_brief``.

        >>> incidents.sahel.brief(since="2025-05-26", until="2025-06-01", language="fr").save("note.pdf")  # doctest: +SKIP
        PosixPath('note.pdf')
        """
        from sahel_map.brief import make_brief

        return make_brief(self._frame, **options)

    def near(
        self, place: str, *, km: float = 50.0, country: str | None = None, resolver: Resolver | None = None
    ) -> gpd.GeoDataFrame:
        """Incidents whose representative point lies within ``km`` of a place, nearest first, with the distance in ``km``.

        Raises InputError when the gazetteer is not sure which place is meant.
        """
        import numpy as np

        from sahel_map.model import ResolutionStatus
        from sahel_map.resolution import default_resolver

        if not km > 0:
            raise InputError(f"within {km!r} km: want a distance above 0")
        found = (resolver or default_resolver()).resolve(place, country=country)
        if found.position is None or found.status is not ResolutionStatus.RESOLVED:
            raise InputError(
                f"place {place!r} is {found.status}: {found.reason}; add its country, or spell it as the gazetteer does"
            )
        lon, lat = (np.radians(self._frame[c].to_numpy(dtype=float)) for c in ("longitude", "latitude"))
        lon0, lat0 = np.radians(found.position)
        h = np.sin((lat - lat0) / 2) ** 2 + np.cos(lat) * np.cos(lat0) * np.sin((lon - lon0) / 2) ** 2
        away = 2 * _EARTH_KM * np.arcsin(np.sqrt(h))
        near: gpd.GeoDataFrame = self._frame.assign(km=away.round(1))[away <= km].sort_values("km", kind="stable")
        return near

    def within(self, name: str) -> gpd.GeoDataFrame:
        """Incidents whose representative point lies in a country, an admin unit (of today first) or an area such as Liptako-Gourma."""
        import shapely

        shape = _shape_of(name)
        inside = shapely.intersects_xy(
            shape, self._frame["longitude"].to_numpy(float), self._frame["latitude"].to_numpy(float)
        )
        return self._frame[inside]

    def between(self, first: dt.date | str, last: dt.date | str) -> gpd.GeoDataFrame:
        """Incidents that happened, or may have, from ``first`` to ``last``, both included."""
        one, two = (_day(day).isoformat() for day in (first, last))
        if two < one:
            raise InputError(f"between {one} and {two}: the last day lies before the first")
        middle = self._frame["event_date"]
        start, end = (self._frame.get(c, middle).fillna(middle) for c in ("date_from", "date_to"))
        return self._frame[(start <= two).fillna(False).astype(bool) & (end >= one).fillna(False).astype(bool)]

    def actors(self) -> pd.DataFrame:
        """Every actor named, with its incidents, their deaths, and its first and last day; the most incidents first."""
        both = pd.concat([self._frame.assign(actor=self._frame[side]) for side in ("actor1", "actor2")])
        both = both[both["actor"].fillna("") != ""].drop_duplicates(["incident_id", "actor"])
        table = _sums(both, both["actor"])
        days = both.dropna(subset=["event_date"]).groupby("actor")["event_date"]  # a missing day has no order
        table["first"], table["last"] = days.min(), days.max()
        return table.sort_values(["incidents", "best"], ascending=False, kind="stable")


def _day(value: dt.date | str) -> dt.date:
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise InputError(f"{value!r} is not a day; write it as YYYY-MM-DD, for example 2025-06-02") from error


def _sums(table: Any, by: Any) -> pd.DataFrame:
    """Incidents, deaths, and how many incidents nobody gives a toll of: they add nothing, which is not nought deaths.

    An open high counts as the best.
    """
    none = pd.Series(pd.NA, index=table.index, dtype="Int64")
    low, best, high = (table[c].astype("Int64") if c in table else none for c in _FIGURES)
    best = best.fillna(low)
    columns = {"incidents": 1, "no_toll": low.isna(), "low": low, "best": best, "high": high.fillna(best)}
    frame = pd.DataFrame(columns, index=table.index)
    return frame.fillna(0).astype("int64").groupby(by, observed=True).sum()


def _shape_of(name: str) -> Any:
    from sahel_map.countries import country_code
    from sahel_map.resolution import default_resolver

    known = default_resolver().boundaries
    area = known.area_named(name)
    if area is not None:
        return area.geometry
    code = country_code(name)
    units = known.units(level=0, country=code) if code else known.named(name)
    shape = next((g for unit in units if (g := known.geometry(unit.unit_id)) is not None), None)
    if shape is None:
        raise InputError(
            f"no country, admin unit or area {name!r} that is drawn; try 'Mali', 'Mopti' or 'Liptako-Gourma'"
        )
    return shape
