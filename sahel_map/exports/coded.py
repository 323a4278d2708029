"""ACLED-like and UCDP-like CSV: our incidents in the columns of others, their codes through the crosswalk."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map import crosswalk
from sahel_map.countries import country_name
from sahel_map.exports.hxl import tags
from sahel_map.exports.tables import write_rows
from sahel_map.exports.values import plain

if TYPE_CHECKING:
    import geopandas as gpd

ACLED_COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1", "actor2",
    "country", "admin1", "admin2", "location", "latitude", "longitude", "geo_precision", "source", "notes", "fatalities",
)  # fmt: skip
UCDP_COLUMNS = (
    "id", "year", "type_of_violence", "side_a", "side_b", "source_office", "source_headline", "where_prec",
    "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "country", "event_clarity",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low",
)  # fmt: skip


def write_acled_like(incidents: gpd.GeoDataFrame, path: Path, *, hxl: bool = False) -> Path:
    """ACLED's columns as far as we know them; as ACLED does, the lowest figure, and 0 where nobody gave one."""
    rows = [_acled(_plain(row)) for row in incidents.drop(columns="geometry").to_dict("records")]
    return write_rows(path, ACLED_COLUMNS, rows, tags=tags(ACLED_COLUMNS) if hxl else ())


def write_ucdp_like(incidents: gpd.GeoDataFrame, path: Path, *, hxl: bool = False) -> Path:
    """GED's columns as far as we know them. Only violence is UCDP's: protests and strategic developments are left out."""
    rows = [_plain(row) for row in incidents.drop(columns="geometry").to_dict("records")]
    kept = [_ucdp(row) for row in rows if crosswalk.DISORDER.get(row["event_type"] or "", "") == "Political violence"]
    return write_rows(path, UCDP_COLUMNS, kept, tags=tags(UCDP_COLUMNS) if hxl else ())


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): plain(value) for key, value in row.items()}


def _acled(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{c: row.get(c) for c in ACLED_COLUMNS}, "event_id_cnty": row["incident_id"].removeprefix("ACLED-"), "year": _year(row),
        "disorder_type": crosswalk.DISORDER.get(row["event_type"] or "", ""), "country": country_name(row["country"] or ""),
        "source": row["sources"], "fatalities": row["fatalities_low"] or 0,
    }  # fmt: skip


def _ucdp(row: dict[str, Any]) -> dict[str, Any]:
    best, parts = row.get("fatalities_best") or 0, _by_side(row)
    where = row.get("where_prec") or crosswalk.WHERE_OF_GEO.get(row["geo_precision"], 6)
    return {
        "id": row["incident_id"].removeprefix("UCDP-"), "year": _year(row),
        "type_of_violence": crosswalk.violence(row["event_type"], row["actor1"] or "", row["actor2"] or ""),
        "side_a": row["actor1"], "side_b": row["actor2"], "source_office": row["sources"],
        "source_headline": next((m.get("sentence") for m in row.get("mentions") or []), ""), "where_prec": where,
        "where_coordinates": row["location"], "where_description": row.get("place_spellings"), "adm_1": row["admin1"],
        "adm_2": row["admin2"], "latitude": row["latitude"], "longitude": row["longitude"], "country": country_name(row["country"] or ""),
        "event_clarity": 2 if "aggregate of several events" in (row["notes"] or "") else 1,
        "date_prec": _date_prec(row), "date_start": row["date_from"], "date_end": row["date_to"],
        **parts, "deaths_unknown": max(0, best - sum(parts.values())), "best": best, "low": row["fatalities_low"] or 0,
        "high": max(best, row["fatalities_high"] or 0),
    }  # fmt: skip


def _by_side(row: dict[str, Any]) -> dict[str, int]:
    """Deaths by side where the ledger of a coded event tells them; else nought, and all are unknown."""
    told = {"deaths_a": 0, "deaths_b": 0, "deaths_civilians": 0}
    for toll in row.get("tolls") or []:
        name = str(toll.get("quote") or "").partition(" ")[0]
        if toll.get("speaker_kind") == "dataset" and name in told:
            told[name] = toll["low"]
        elif toll.get("speaker_kind") == "dataset" and toll.get("who") == "civilians" and not toll.get("part_of"):
            told["deaths_civilians"] = toll["low"]
    return told if sum(told.values()) <= (row.get("fatalities_best") or 0) else dict.fromkeys(told, 0)


def _year(row: dict[str, Any]) -> str:
    return (row["event_date"] or "")[:4]


def _date_prec(row: dict[str, Any]) -> int | None:
    """UCDP's code of the window, unless the incident's own precision says otherwise."""
    if not row["date_from"]:
        return None
    days = (dt.date.fromisoformat(row["date_to"]) - dt.date.fromisoformat(row["date_from"])).days + 1
    code, stated = crosswalk.date_prec(days), row["time_precision"]
    return code if stated is None or crosswalk.TIME_OF_DATE[code] == stated else crosswalk.DATE_OF_TIME[stated]
