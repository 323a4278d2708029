"""UCDP GED, annual and candidate: its columns as coded events.

Codebook: Högbladh (2024), UCDP GED Codebook version 24.1. Licence of the data: CC BY 4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sahel_map.crosswalk import EVENT_OF_VIOLENCE, TIME_OF_DATE, VIOLENCE_MEANS, WHERE_MEANS
from sahel_map.datasets.fields import Fields

if TYPE_CHECKING:
    import pandas as pd

NAME = "UCDP GED"
KEY = "ucdp-ged"
REQUIRED = ("id", "type_of_violence", "side_a", "side_b", "date_start", "date_end", "country", "latitude", "longitude")


def fits(header: frozenset[str]) -> bool:
    """Whether these column names are GED's."""
    return {"type_of_violence", "date_start"} <= header and bool(header & {"best", "best_est", "side_a", "dyad_name"})


def read(fields: Fields) -> pd.DataFrame:
    """GED's rows as coded events (see ``datasets.events.COLUMNS``), one a row."""
    import pandas as pd

    fields.require(*REQUIRED)
    if "best" not in fields.texts and "best_est" not in fields.texts:
        fields.require("best")
    kind = fields.number("type_of_violence", least=1, most=3, whole=True)
    where = fields.number("where_prec", least=1, most=7, whole=True)
    span = fields.number("date_prec", least=1, most=5, whole=True)
    first, last = fields.day("date_start"), fields.day("date_end")
    fields.reject(last < first, "date_end", "is before date_start", fields.text("date_end"))
    fields.reject(kind.isna() & (fields.text("type_of_violence") == ""), "type_of_violence", "is empty; want 1, 2 or 3")
    table = pd.DataFrame({
        "event_id": "UCDP-" + fields.text("id"), "own_id": fields.text("id"), "dataset": NAME, "first": first, "last": last,
        "time_precision": span.map(TIME_OF_DATE), "where_prec": where.fillna(5), "geo_precision": float("nan"),
        "event_type": kind.map(lambda n: EVENT_OF_VIOLENCE.get(n, ("", ""))[0]),
        "sub_event_type": kind.map(lambda n: EVENT_OF_VIOLENCE.get(n, ("", ""))[1]),
        "actor1": fields.text("side_a"), "actor2": fields.text("side_b"),
        "place_text": fields.text("where_coordinates"), "stated_country": fields.text("country"),
        "stated_admin1": fields.text("adm_1"), "stated_admin2": fields.text("adm_2"),
        "latitude": fields.number("latitude", least=-90, most=90),
        "longitude": fields.number("longitude", least=-180, most=180),
        "sentence": fields.text("source_headline", "source_article").str.slice(0, 500),
        **_figures(fields),
    })  # fmt: skip
    outlets, described = (
        fields.text("source_office", "source_article").str.slice(0, 300),
        fields.text("where_description"),
    )
    clarity = fields.number("event_clarity", least=1, most=2, whole=True)
    violence = kind.map(VIOLENCE_MEANS)
    table["reason"] = "coded by UCDP GED as event " + table.own_id + ", " + violence.fillna("") + " violence"
    table["reason"] += (", from " + outlets).where(outlets != "", "")
    table["place_reason"] = table.where_prec.map(lambda n: f"where_prec {n:g} ({WHERE_MEANS.get(n, '')})")
    table["place_reason"] += (": " + described.str.slice(0, 300)).where(described != "", "")
    table["notes"] = clarity.map({2.0: "an aggregate of several events that UCDP could not part"}).fillna("")
    odd = ~((table.low <= table.best) & (table.best <= table.high))
    table.loc[odd, "notes"] = _joined(table.notes[odd], "UCDP's low, best and high are not in order: "
        + table.low[odd].astype(int).astype(str) + ", " + table.best[odd].astype(int).astype(str) + ", "
        + table.high[odd].astype(int).astype(str))  # fmt: skip
    return table


def _figures(fields: Fields) -> dict[str, pd.Series[float]]:
    most = 10_000_000
    best = fields.number("best", "best_est", least=0, most=most, whole=True).fillna(0)
    found = {
        "best": best,
        "low": fields.number("low", "low_est", least=0, most=most, whole=True).fillna(best),
        "high": fields.number("high", "high_est", least=0, most=most, whole=True).fillna(best),
    }
    for side in ("a", "b", "civilians", "unknown"):
        found[f"deaths_{side}"] = fields.number(f"deaths_{side}", least=0, most=most, whole=True).fillna(0)
    return found


def _joined(before: pd.Series[str], after: pd.Series[str]) -> pd.Series[str]:
    return before.where(before == "", before + "; ") + after
