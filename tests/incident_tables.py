"""Made-up incident tables for the views' tests: every precision, every doubt, in English and French."""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, Polygon

from sahel_map.incidents import INCIDENT_COLUMNS


def toll(low: int, high: int | None, speaker: str, status: str, quote: str, **more: Any) -> dict[str, Any]:
    return {
        "toll_id": f"t{low}", "report_id": "r1", "who": "soldiers", "kind": "killed", "low": low, "high": high,
        "qualifier": "exact", "speaker": speaker, "status": status, "shared_with": "", "quote": quote, "start": 0, "end": 9, **more,
    }  # fmt: skip


def report(number: int, title: str, language: str = "en") -> dict[str, Any]:
    return {
        "report_id": f"r{number}", "title": title, "source": f"Courier {number}", "published": "2025-06-02",
        "url": f"https://news.example.org/{number}?a=1&b=2", "language": language,
    }  # fmt: skip


def row(number: int, day: str | None, place: str, geometry: Any, **more: Any) -> dict[str, Any]:
    lon, lat = (
        (geometry.centroid.x, geometry.centroid.y) if geometry is not None and not geometry.is_empty else (None, None)
    )
    values: dict[str, Any] = dict.fromkeys(INCIDENT_COLUMNS)
    values.update(
        incident_id=f"I{number:03d}", event_date=day, date_from=day, date_to=day, time_precision=1, event_type="Battles",
        sub_event_type="Armed clash", actor1="JNIM", actor2="Military Forces of Mali", country="ML", admin1="Mopti", admin2="",
        location=place, latitude=lat, longitude=lon, geo_precision=1, disputed=False, background=False,
        sources="Courier 1; Courier 2", report_ids="r1; r2", notes="", geometry=geometry, kind="place", status="reported",
        tolls=[], mentions=[], reports=[], conflicts=[], reasons=[],
    )  # fmt: skip
    values.update(more)
    return values


def sample() -> gpd.GeoDataFrame:
    """Ten incidents: places, near, a road, a region, an area, a country, one without a place."""
    tillaberi = Polygon([(0.2, 13.6), (2.4, 13.4), (3.1, 15.2), (0.4, 15.0)])
    rows = [
        row(1, "2025-06-01", "Boulkessi", Point(-1.1, 15.0), fatalities_low=30, status="claimed", admin2="Douentza", disputed=True,
            tolls=[toll(30, None, "two security sources", "reported", "more than 30 men died"), toll(0, 0, "army staff", "claimed", "no losses on our side")],
            conflicts=["One report dates the attack to 31 May.", "The army gives no figure."], reports=[report(1, "Base overrun in the east"), report(2, "Une base prise", "fr")],
            reasons=["Same place, a day apart, same attacker."], place_spellings="Boulkessi; Boulikessi", resolution_reason="Exact name; the country agrees.",
            mentions=[{"report_id": "r1", "place_text": "Boulikessi", "sentence": "Gunmen took the Boulikessi post on Sunday.", "reason": "named"}],
            notes="The base fell in the morning."),
        row(2, "2025-06-02", "Tombouctou", Point(-3.01, 16.77), admin1="Tombouctou", event_type="Explosions/Remote violence", sub_event_type="Suicide bomb",
            fatalities_low=13, fatalities_high=13, status="confirmed", victim_groups="militants"),
        row(3, "2025-05-24", "Dioura", Point(-5.25, 14.83), fatalities_low=40, fatalities_high=60, status="claimed"),
        row(4, "2025-05-30", "15 km north of Sirakorola", Point(-7.55, 13.4), kind="near", uncertainty_km=12, geo_precision=2, admin1="Koulikoro", disputed=True),
        row(5, "2025-05-15", "Djibo", Point(-1.63, 14.1), date_to="2025-05-19", time_precision=2, country="BF", admin1="Sahel", actor2="VDP; Military Forces of Burkina Faso",
            fatalities_low=200, fatalities_high=200, status="claimed"),
        row(6, "2025-05-26", "Tillabéri", tillaberi, kind="unit", country="NE", admin1="Tillabéri", geo_precision=3, fatalities_low=50, event_type="Violence against civilians",
            sub_event_type="Attack", victim_groups="civilians"),
        row(7, "2025-05-20", "Gao – Ansongo road", LineString([(-0.05, 16.27), (0.2, 15.95), (0.5, 15.66)]), kind="stretch", geo_precision=2, admin1="Gao",
            event_type="Explosions/Remote violence", sub_event_type="Remote explosive/landmine/IED", fatalities_low=3, fatalities_high=5, status="confirmed"),
        row(8, "2025-05-18", "Niger", None, kind="country", country="NE", admin1="", geo_precision=4, event_type="Strategic developments", sub_event_type="Other"),
        row(9, None, "", None, kind="none", country="", admin1="", geo_precision=None, event_type="Riots", sub_event_type="Mob violence"),
        row(10, "2024-07-27", "Tinzaouaten", Point(2.96, 19.95), admin1="Kidal", background=True, fatalities_low=47, fatalities_high=84),
    ]  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def many(count: int, seed: int = 5) -> gpd.GeoDataFrame:
    """So many coded incidents with all fields but free text, round 300 made-up towns over six years."""
    chance = np.random.default_rng(seed)
    towns = np.column_stack([chance.uniform(-11, 13, 300), chance.uniform(10, 20, 300)]).round(4)
    town = chance.choice(300, count, p=chance.dirichlet(np.full(300, 0.4)))
    first = np.datetime64("2019-01-01") + np.sort(chance.integers(0, 2400, count)).astype("timedelta64[D]")
    days = pd.Series(first.astype(str))
    types = np.array(
        [
            "Battles",
            "Explosions/Remote violence",
            "Violence against civilians",
            "Protests",
            "Riots",
            "Strategic developments",
        ]
    )
    actors = np.array([f"Armed group {number}" for number in range(60)])
    low = chance.geometric(0.25, count) - 1
    spread = chance.normal(0, 0.03, (count, 2))
    at = (towns[town] + spread).round(4)
    frame = pd.DataFrame({
        "incident_id": [f"E{number:07d}" for number in range(count)], "event_date": days, "date_from": days, "date_to": days,
        "time_precision": chance.choice([1, 1, 1, 2, 3], count), "event_type": chance.choice(types, count, p=[0.35, 0.15, 0.3, 0.08, 0.05, 0.07]),
        "sub_event_type": chance.choice(["Armed clash", "Attack", "Air/drone strike", "Other"], count), "actor1": chance.choice(actors, count),
        "actor2": chance.choice(actors, count), "country": np.array(["ML", "BF", "NE"])[town % 3], "admin1": np.array([f"Region {number}" for number in range(40)])[town % 40],
        "admin2": np.array([f"Cercle {number}" for number in range(120)])[town % 120], "adm1_pcode": np.array([f"P{number:03d}" for number in range(40)])[town % 40],
        "location": np.array([f"Town {number}" for number in range(300)])[town], "latitude": at[:, 1], "longitude": at[:, 0],
        "geo_precision": chance.choice([1, 1, 2, 3], count), "fatalities_low": low, "fatalities_high": low + chance.choice([0, 0, 0, 5], count),
        "disputed": chance.random(count) < 0.1, "background": False, "sources": np.array([f"Source {number}" for number in range(200)])[chance.integers(0, 200, count)],
        "report_ids": "", "notes": "",
    })  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame.longitude, frame.latitude), crs="EPSG:4326")


def today() -> str:
    return dt.date.today().isoformat()
