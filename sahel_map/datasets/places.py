"""Where is a coded event? Its point checked against the country and region it states, or its name resolved.

Nothing is moved: a point that lies elsewhere than its row says is kept and flagged in ``notes``.
Latitude and longitude that are plainly swapped are rejected, for no reader could trust either.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, cast

from sahel_map.answers import reach_km
from sahel_map.countries import country_code, country_name
from sahel_map.crosswalk import GEO_OF_WHERE
from sahel_map.model import LonLat, PlaceKind, Resolution, ResolutionStatus

if TYPE_CHECKING:
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from sahel_map.boundaries import Boundaries
    from sahel_map.datasets.fields import Fields
    from sahel_map.resolution import Resolver

# what each where_prec is drawn as, and within how many km the true place then lies
_KIND = {1: "place", 2: "near", 3: "unit", 4: "unit", 5: "near", 6: "country", 7: "country"}
_KM = {1: 5.0, 2: 25.0, 3: 40.0, 4: 120.0, 5: 50.0}
_SLACK = 0.15  # degrees (16 km): borders are drawn coarsely, and coders' regions are often of another year
_SETTLEMENT = re.compile(r" (?:city|town|village|locality|hamlet)$", re.IGNORECASE)
_UNIT_WORD = re.compile(r"\b(?:region|province|cercle|department|district|state|région|département)\b", re.IGNORECASE)


def place(events: pd.DataFrame, fields: Fields, resolver: Resolver) -> pd.DataFrame:
    """The events with country, units, kind, uncertainty and geometry; rows without a point are resolved by name."""
    events = events.copy()
    events["country"] = events["stated_country"].map(
        {s: country_code(s) or s for s in events["stated_country"].unique()}
    )
    events["status"] = "resolved"
    lost = (
        events["latitude"].isna()
        | events["longitude"].isna()
        | ((events["latitude"] == 0) & (events["longitude"] == 0))
    )
    events.loc[lost, ["latitude", "longitude"]] = float("nan")
    events["geo_precision"] = events["geo_precision"].fillna(events["where_prec"].map(GEO_OF_WHERE))
    inside = _check(events, fields, resolver.boundaries, lost)
    events["country"] = events["country"].where(events["country"] != "", inside)
    events["kind"] = events["where_prec"].map(_KIND)
    events["uncertainty_km"] = events["where_prec"].map(_KM)
    bare = events["place_text"].str.replace(_SETTLEMENT, "", regex=True)  # UCDP writes "Diabaly town"
    events["location"] = bare.where(bare != "", events["stated_admin1"])
    units = _units(events, resolver.boundaries)
    events[units.columns] = units
    events["geometry"] = _points(events)
    _draw_units(events, resolver.boundaries)
    if lost.any():
        _resolve(events, lost & (events["kind"] != "country"), resolver)
    events["location"] = events["location"].where(events["kind"] != "country", events["country"].map(country_name))
    country = (events["kind"] == "country").to_numpy()
    events.loc[country, ["latitude", "longitude"]] = float("nan")
    return events


# --- checks -----------------------------------------------------------------------------------------------------


def _check(events: pd.DataFrame, fields: Fields, boundaries: Boundaries, lost: pd.Series[bool]) -> pd.Series[str]:
    """Flag points outside their stated country or region; reject swapped latitudes and longitudes.

    Returns the country that each point lies in.
    """
    x, y = events["longitude"].to_numpy(), events["latitude"].to_numpy()
    inside = boundaries.at_many(x, y).set_index(events.index)["country"].astype(str)
    known = {u.country for u in boundaries.units(level=0)}
    stated = events["country"].where(events["country"].isin(known), "")
    # a border town may fall a kilometre on the other side: far is only what no slack explains
    outside = (stated != "") & (inside != stated) & ~lost & (events["where_prec"] < 7)
    wrong = outside & ~_within(events, outside, stated, boundaries)
    turned = boundaries.at_many(y, x).set_index(events.index)["country"].astype(str)
    silent = (events["country"] == "") & (inside == "") & (turned != "") & ~lost
    swapped = (wrong & (turned == stated) & (stated != "")) | silent
    said = events["latitude"].astype(str) + ", " + events["longitude"].astype(str)
    fields.reject(
        swapped,
        "latitude",
        "latitude and longitude look swapped: the other way round the point lies in its country",
        said,
    )
    where = inside.map({c: f"in {country_name(c)}" if c else "outside the region's countries" for c in inside.unique()})
    says = "its point lies " + where.astype(str) + ", not in " + stated.map(country_name).astype(str) + " as it says"
    _flag(events, wrong & ~swapped, says)
    _check_regions(events, wrong | lost, boundaries)
    return inside


def _within(
    events: pd.DataFrame, rows: pd.Series[bool], stated: pd.Series[str], boundaries: Boundaries
) -> pd.Series[bool]:
    """Whether each of these rows' points lies in its stated country or within the slack of it."""
    import pandas as pd
    import shapely

    result = pd.Series(False, index=events.index)
    for code in stated[rows].unique():
        unit = boundaries.units(level=0, country=code)[0]
        shape = boundaries.geometry(unit.unit_id)
        members = events.index[rows & (stated == code)]
        if shape is not None:
            points = shapely.points(events.loc[members, ["longitude", "latitude"]].to_numpy())
            result.loc[members] = shapely.dwithin(shape, points, _SLACK)
    return result


def _check_regions(events: pd.DataFrame, skip: pd.Series[bool], boundaries: Boundaries) -> None:
    """Flag points that lie in no region, of any day, of the name that their row states."""
    import numpy as np
    import shapely

    checked = events[(events["stated_admin1"] != "") & ~skip & (events["where_prec"] < 6)]
    outside: list[Any] = []
    for (country, name), rows in checked.groupby(["country", "stated_admin1"], sort=True):
        bare = " ".join(_UNIT_WORD.sub(" ", str(name)).split())
        units = boundaries.named(bare, country=str(country)) or boundaries.named(str(name), country=str(country))
        shapes = [g for u in units if u.level and (g := boundaries.geometry(u.unit_id)) is not None]
        if not shapes:
            continue  # a region that we do not know cannot be checked
        points = shapely.points(rows[["longitude", "latitude"]].to_numpy())
        outside += list(rows.index[~np.any([shapely.dwithin(s, points, _SLACK) for s in shapes], axis=0)])
    flagged = events.index.isin(outside)
    _flag(events, flagged, "its point lies outside the region it states (" + events["stated_admin1"] + ")")


def _flag(events: pd.DataFrame, rows: Any, text: pd.Series[str]) -> None:
    before = events["notes"]
    events["notes"] = before.mask(rows, before.where(before == "", before + "; ") + text)


# --- units and shapes -------------------------------------------------------------------------------------------


def _units(events: pd.DataFrame, boundaries: Boundaries) -> pd.DataFrame:
    """The units of the event's first day and of today where its point is known, else what the row states."""
    at = boundaries.at_many(events["longitude"].to_numpy(), events["latitude"].to_numpy(), events["first"].to_numpy())
    found = at.set_index(events.index).drop(columns=["country", "adm1_pcode_today", "adm2_pcode_today"]).astype(str)
    unknown = found["admin1"] == ""
    for column in ("admin1", "admin2"):
        found[column] = found[column].mask(unknown, events[f"stated_{column}"])
    coarse = events["kind"].eq("unit") & events["where_prec"].eq(4)
    found[["admin2", "adm2_pcode", "admin2_today"]] = found[["admin2", "adm2_pcode", "admin2_today"]].mask(coarse, "")
    none = events["kind"] == "country"
    return found.mask(none, "")


def _points(events: pd.DataFrame) -> Any:
    import numpy as np
    import shapely

    xy = events[["longitude", "latitude"]].to_numpy()
    shapes = np.full(len(events), None, dtype=object)
    known = ~np.isnan(xy).any(axis=1) & (events["kind"] != "country").to_numpy()
    shapes[known] = shapely.points(xy[known])
    return shapes


def _draw_units(events: pd.DataFrame, boundaries: Boundaries) -> None:
    """Give events known by a unit its polygon; where none is drawn they stay a point with its uncertainty."""
    keys = ["country", "admin1", "adm1_pcode", "admin2", "adm2_pcode"]
    rows = events[events["kind"] == "unit"]
    shapes, names, reach, kinds = {}, {}, {}, {}
    for _, members in rows.groupby([*keys, "where_prec"], sort=False):
        one = members.iloc[0]
        name, shape = _unit_of(one, boundaries)
        for index in members.index:
            shapes[index] = shape if shape is not None else events.at[index, "geometry"]
            names[index] = name or events.at[index, "location"]
            kinds[index] = "unit" if shape is not None else "near"
            if shape is not None:
                reach[index] = reach_km(shape, LonLat(one["longitude"], one["latitude"]))
    for column, values in (("geometry", shapes), ("location", names), ("kind", kinds), ("uncertainty_km", reach)):
        _set(events, column, values)


def _unit_of(one: pd.Series[Any], boundaries: Boundaries) -> tuple[str, BaseGeometry | None]:
    """Name and polygon of the unit, of the event's day, that a row known by district or region lies in."""
    if one["longitude"] != one["longitude"]:  # no point
        return "", None
    here = boundaries.at(LonLat(one["longitude"], one["latitude"]), one["first"].date())
    unit = here.admin2 if one["where_prec"] == 3 else here.admin1
    if unit is None or here.country != one["country"]:
        return "", None
    shape = boundaries.geometry(unit.unit_id)
    return (unit.name, shape) if shape is not None else ("", None)


def _set(events: pd.DataFrame, column: str, values: dict[Any, Any]) -> None:
    if values:
        array = events[column].to_numpy(dtype=object, copy=True)
        places = [events.index.get_loc(row) for row in values]
        for position, value in zip(places, values.values(), strict=True):
            array[position] = value
        events[column] = (
            array if column in ("geometry",) else array.astype(events[column].dtype.name.replace("str", "object"))
        )


# --- rows without a point ---------------------------------------------------------------------------------------


def _resolve(events: pd.DataFrame, rows: pd.Series[bool], resolver: Resolver) -> None:
    """Ask the gazetteer where the named places are, each once."""
    keys = ["place_text", "country", "stated_admin1", "first"]
    for key, members in events[rows].groupby(keys, sort=False):
        name, country, region, day = cast(tuple[str, str, str, dt.datetime], key)
        query = _UNIT_WORD.sub(" ", name) if name else region
        found = _ask(resolver, query, country, _UNIT_WORD.sub(" ", region), day.date())
        for index in members.index:
            _place_by(events, index, found)


def _ask(resolver: Resolver, name: str, country: str, region: str, day: dt.date) -> Resolution:
    known = country if len(country) == 2 else None
    found = resolver.resolve(name, country=known, admin1=region or None, date=day)
    if found.position is None and region:
        found = resolver.resolve(name, country=known, date=day)
    return found


def _place_by(events: pd.DataFrame, index: Any, found: Resolution) -> None:
    drawn = found.kind not in (PlaceKind.COUNTRY, PlaceKind.NONE)
    note = events.at[index, "notes"]
    told = "placed by its name" if found.status is ResolutionStatus.RESOLVED else f"place {found.status} by its name"
    values: dict[str, Any] = {
        "notes": "; ".join(filter(None, [str(note), told])), "geometry": found.geometry if drawn else None,
        "latitude": found.position.lat if found.position and drawn else float("nan"),
        "longitude": found.position.lon if found.position and drawn else float("nan"),
        "kind": str(found.kind), "uncertainty_km": found.uncertainty_km, "location": found.location or events.at[index, "location"],
        "admin1": found.admin1, "admin2": found.admin2, "adm1_pcode": found.adm1_pcode, "adm2_pcode": found.adm2_pcode,
        "admin1_today": found.admin1_today, "admin2_today": found.admin2_today, "status": str(found.status),
        "place_reason": f"no coordinates in the row; {found.reason}",
        "geo_precision": float(found.geo_precision or 4), "where_prec": float(found.where_prec or 6),
    }  # fmt: skip
    for column, value in values.items():
        events.at[index, column] = value
