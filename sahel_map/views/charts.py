"""How do incidents and tolls spread over months, regions and actors? Bar charts for a report."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import pandas as pd

from sahel_map.errors import InputError
from sahel_map.views.figure import drawing, plain
from sahel_map.views.style import labels

LISTED = 20  # bars of a chart: the largest regions or actors, the latest months
_LABEL = 44  # letters of a bar's name
COLUMNS = {"month": ("date_from", "event_date"), "region": ("admin1",), "actor": ("actor1", "actor2")}


def counts(incidents: gpd.GeoDataFrame, by: str) -> pd.DataFrame:
    """Incidents and lowest reported deaths by "month", "region" or "actor", background left out.

    Columns ``incidents`` and ``killed_at_least``, indexed by the value; an incident counts once for a value.

    >>> counts(incidents, "region").loc["Mopti", "incidents"]  # doctest: +SKIP
    3
    """
    if by not in COLUMNS:
        raise InputError(f"a chart by {by!r} is not known; choose month, region or actor")
    news = incidents[incidents["background"].astype("str") != "True"] if "background" in incidents else incidents
    low = pd.to_numeric(news["fatalities_low"], errors="coerce").fillna(0) if "fatalities_low" in news else 0
    table = pd.DataFrame({"value": _values(news, by), "killed_at_least": low}).explode("value")
    table = table[table["value"].notna() & (table["value"] != "")]
    found = table.groupby("value").agg(incidents=("value", "size"), killed_at_least=("killed_at_least", "sum"))
    found = found.astype({"killed_at_least": "int64"})
    return found.sort_index() if by == "month" else found.sort_values(["incidents", "killed_at_least"], ascending=False)


def draw_chart(
    incidents: gpd.GeoDataFrame, path: str | os.PathLike[str], *, by: str = "month", title: str = "", language: str = "en"
) -> Path:  # fmt: skip
    """Draw incidents and deaths side by side as bars and return the path (png, svg or pdf)."""
    say = labels()[language]
    table = counts(incidents, by)
    table = table.tail(LISTED) if by == "month" else table.head(LISTED)
    with drawing(Path(path), (9, 1.6 + 0.27 * max(4, len(table)))) as figure:
        left, right = figure.subplots(1, 2, sharey=True)
        names = [_label(say.get(f"{by}:{name}", str(name))) for name in table.index]
        for axes, column, colour, label in (
            (left, "incidents", "#26435f", say["incidents"]),
            (right, "killed_at_least", "#a93f35", say["deaths_at_least"]),
        ):
            bars = axes.barh(names, table[column].to_numpy(), color=colour)
            axes.bar_label(bars, fontsize=7, padding=2)
            axes.set_title(label, fontsize=9, loc="left")
            axes.set_xticks([])
            axes.set_facecolor("none")
            axes.tick_params(axis="y", labelsize=8, length=0)
            axes.spines[["top", "right", "bottom"]].set_visible(False)
        if names:
            left.invert_yaxis()
        figure.suptitle(
            plain(title or say[f"by_{by}"]), fontsize=12, fontweight="bold", family="serif", x=0.02, ha="left"
        )
        figure.tight_layout()
    return Path(path)


def _label(name: str) -> str:
    """A name that leaves room for its bar."""
    return plain(name if len(name) <= _LABEL else f"{name[: _LABEL - 1]}…")


def _values(news: gpd.GeoDataFrame, by: str) -> pd.Series:
    present = [name for name in COLUMNS[by] if name in news]
    if not present:
        return pd.Series([None] * len(news), index=news.index, dtype="object")
    if by == "month":
        return news[present[0]].astype("object").map(lambda day: str(day)[:7] if pd.notna(day) else None)
    cells = (
        news[present].fillna("").astype("str").agg("; ".join, axis=1)
        if len(present) > 1
        else news[present[0]].fillna("").astype("str")
    )
    return cells.map(
        lambda cell: list(dict.fromkeys(part for part in cell.split("; ") if part)) if by == "actor" else cell
    )
