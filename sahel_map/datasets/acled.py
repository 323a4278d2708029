"""ACLED exports: the 31 columns of today, older ones, and HDX's copies, as coded events.

ACLED forbids passing its rows on: this reads a user's own export and ships none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sahel_map.crosswalk import GEO_MEANS, WHERE_OF_GEO
from sahel_map.datasets.fields import Fields

if TYPE_CHECKING:
    import pandas as pd

NAME = "ACLED"
KEY = "acled"
REQUIRED = ("event_date", "event_type", "actor1", "country", "latitude", "longitude", "fatalities")
HALF_WINDOW = {1: 0, 2: 3, 3: 15}  # days either side: ACLED gives a window by the day in its middle


def fits(header: frozenset[str]) -> bool:
    """Whether these column names are ACLED's."""
    ids = {"event_id_cnty", "event_id_no_cnty", "data_id"} & header
    return "incident_id" not in header and {"event_date", "actor1"} <= header and bool(ids or "fatalities" in header)


def read(fields: Fields) -> pd.DataFrame:
    """ACLED's rows as coded events (see ``datasets.events.COLUMNS``), one a row."""
    import pandas as pd

    fields.require(*REQUIRED)
    own = fields.text("event_id_cnty", "data_id", "event_id_no_cnty")
    own = own.where(own != "", "row" + pd.Series(own.index.astype(str), index=own.index))
    geo = fields.number("geo_precision", least=1, most=3, whole=True).fillna(2)
    time = fields.number("time_precision", least=1, most=3, whole=True).fillna(1)
    day, half = fields.day("event_date"), pd.to_timedelta(time.map(HALF_WINDOW), unit="D").astype("timedelta64[s]")
    dead = fields.number("fatalities", least=0, most=10_000_000, whole=True).fillna(0)
    sub_type, notes = fields.text("sub_event_type"), fields.text("notes")
    table = pd.DataFrame({
        "event_id": "ACLED-" + own, "own_id": own, "dataset": NAME, "first": day - half, "last": day + half,
        "time_precision": time, "where_prec": geo.map(WHERE_OF_GEO), "geo_precision": geo,
        "event_type": fields.text("event_type"), "sub_event_type": sub_type,
        "actor1": fields.text("actor1"), "actor2": fields.text("actor2"),
        "place_text": fields.text("location"), "stated_country": fields.text("country"),
        "stated_admin1": fields.text("admin1"), "stated_admin2": fields.text("admin2"),
        "latitude": fields.number("latitude", least=-90, most=90),
        "longitude": fields.number("longitude", least=-180, most=180),
        "sentence": notes.str.slice(0, 1000), "best": dead, "low": dead, "high": dead,
        "deaths_a": 0.0, "deaths_b": 0.0, "deaths_civilians": 0.0, "deaths_unknown": dead, "notes": "",
    })  # fmt: skip
    source = fields.text("source").str.slice(0, 300)
    table["reason"] = "coded by ACLED as event " + own + (", from " + source).where(source != "", "")
    table["place_reason"] = "geo_precision " + geo.map(lambda n: f"{n:g} ({GEO_MEANS.get(n, '')})")
    return table
