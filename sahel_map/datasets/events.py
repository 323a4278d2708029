"""Coded events as mentions, like those of reports, or, where nothing else can tell of them, as rows of the table.

An event that another source may tell of too becomes an EventMention and goes through ``merging.merge``.
All others, most of a large file, go straight into the incident table, column by column: the same row
either way, a hundred times faster.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sahel_map.blocking import MARGIN, Extents, close_pairs, extents
from sahel_map.datasets.reading import Reject
from sahel_map.incidents import EXTRA_COLUMNS, INCIDENT_COLUMNS, report_row, to_table, typed
from sahel_map.model import (
    DateRange,
    EventMention,
    GeoPrecision,
    LonLat,
    PlaceKind,
    Report,
    Resolution,
    ResolutionStatus,
    TimePrecision,
    Toll,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

COLUMNS = (
    "event_id", "own_id", "dataset", "report_id", "first", "last", "time_precision", "where_prec", "geo_precision",
    "event_type", "sub_event_type", "actor1", "actor2", "place_text", "location", "country", "admin1", "admin2",
    "adm1_pcode", "adm2_pcode", "admin1_today", "admin2_today", "latitude", "longitude", "kind", "uncertainty_km",
    "geometry", "status", "sentence", "reason", "place_reason", "notes",
    "best", "low", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown",
)  # fmt: skip
ORIGIN = ("path", "row")  # where each stood: the file, and its row as a spreadsheet counts
_TOLL_START = {
    "kind": "killed",
    "shared_with": "",
    "start": -1,
    "end": -1,
    "speaker_kind": "dataset",
    "origin": "",
    "revision": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedEvents:
    """The good rows of all coded files (COLUMNS, ORIGIN), the bad ones, and a Report that stands for each dataset."""

    events: pd.DataFrame
    reports: tuple[Report, ...] = ()
    rejects: tuple[Reject, ...] = ()

    def __len__(self) -> int:
        return len(self.events)

    def shared(self, mentions: Sequence[EventMention]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which events another dataset or one of these mentions may tell of too, or a person should look at."""
        if self.events.empty:
            return np.zeros(0, dtype=bool)
        doubtful = (self.events["status"] != "resolved") | self.events["notes"].str.contains(
            "its point lies", regex=False
        )
        marked = doubtful.to_numpy(dtype=bool, copy=True)
        whole = _extents(self.events)
        others = extents(mentions)
        for key in dict.fromkeys(self.events["report_id"]):
            rows = np.flatnonzero((self.events["report_id"] == key).to_numpy())
            rest = np.flatnonzero((self.events["report_id"] > key).to_numpy())
            own = _taken(whole, rows)
            marked[rows[close_pairs(own, others)[:, 0]]] = True
            pairs = close_pairs(own, _taken(whole, rest))
            marked[rows[pairs[:, 0]]] = True
            marked[rest[pairs[:, 1]]] = True
        return marked

    def mentions(self, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[EventMention, ...]:
        """These events as mentions."""
        if not rows.any():
            return ()
        return tuple(_mention(row) for row in self.events[rows].itertuples(index=False))

    def table(self, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> gpd.GeoDataFrame:
        """These events as an incident table, one incident each."""
        return _table(self.events[rows], {r.report_id: r for r in self.reports})


def _taken(whole: Extents, rows: np.ndarray[Any, Any]) -> Extents:
    return Extents(whole.box[rows], whole.days[rows], whole.country[rows])


def _extents(events: pd.DataFrame) -> Extents:
    """As ``blocking.extents``, from columns."""
    import shapely

    xy = events[["longitude", "latitude"]].to_numpy(dtype=float)
    box = np.column_stack([xy - MARGIN, xy + MARGIN])
    box[np.isnan(xy).any(axis=1)] = (-1000.0, -1000.0, 1000.0, 1000.0)
    units = events["kind"].isin(["unit", "area"]).to_numpy()
    box[units] = shapely.bounds(events["geometry"].to_numpy()[units]) + np.array([-0.75, -0.75, 0.75, 0.75])
    days = np.column_stack([events[c].to_numpy().astype("datetime64[D]").astype(float) for c in ("first", "last")])
    return Extents(box, days, events["country"].to_numpy(dtype=object))


# --- as mentions --------------------------------------------------------------------------------------------------


def _mention(row: Any) -> EventMention:
    when = DateRange(first=row.first.date(), last=row.last.date(), stated=_precision(row.time_precision))
    return EventMention(
        mention_id=row.event_id, event_id=row.event_id, report_id=row.report_id, place_text=row.place_text,
        resolution=_resolution(row), when=when, event_type=row.event_type, sub_event_type=row.sub_event_type,
        actor1=row.actor1, actor2=row.actor2, sentence=row.sentence, reason=row.reason, notes=(row.notes,) if row.notes else (),
        tolls=tuple(
            Toll(who=who, kind="killed", low=low, high=high, qualifier=qualifier, speaker=row.dataset, speaker_kind="dataset",
                 report_id=row.report_id, quote=quote, part_of=part_of)
            for who, low, high, qualifier, quote, part_of in figures(
                row.best, row.low, row.high, row.deaths_a, row.deaths_b, row.deaths_civilians, row.actor1, row.actor2)
        ),
    )  # fmt: skip


def _precision(code: float) -> TimePrecision | None:
    return TimePrecision(int(code)) if code == code else None


def _resolution(row: Any) -> Resolution:
    known = row.latitude == row.latitude
    return Resolution(
        query=row.place_text, status=ResolutionStatus(row.status), kind=PlaceKind(row.kind), location=row.location,
        matched_name=row.place_text, position=LonLat(row.longitude, row.latitude) if known else None, geometry=row.geometry,
        uncertainty_km=row.uncertainty_km if row.uncertainty_km == row.uncertainty_km else None,
        geo_precision=GeoPrecision(int(row.geo_precision)), where_prec=int(row.where_prec), country=row.country,
        admin1=row.admin1, admin2=row.admin2, adm1_pcode=row.adm1_pcode, adm2_pcode=row.adm2_pcode,
        admin1_today=row.admin1_today, admin2_today=row.admin2_today, method="coded", score=1.0, reason=row.place_reason,
    )  # fmt: skip


def figures(
    best: float, low: float, high: float, side_a: float, side_b: float, civilians: float, actor1: str, actor2: str
) -> Iterator[tuple[str, int, int, str, str, str]]:
    """The ledger of one event: (who, low, high, qualifier, quote, part of which quote).

    First the best figure, then the range if it is one, then the deaths by side as parts of the best.
    """
    if best != best:
        return  # nobody gave a figure
    total, least, most = int(best), int(min(low, best, high)), int(max(low, best, high))
    who = "civilians" if civilians and civilians == best else "unspecified"
    quote = f"best {total}"
    yield who, total, total, "exact", quote, ""
    if (least, most) != (total, total):
        yield who, least, most, "range", f"low {least}, high {most}", ""
    if who == "civilians":
        return
    for number, name, actor in ((side_a, "a", actor1), (side_b, "b", actor2)):
        if number:
            yield _side(actor), int(number), int(number), "exact", f"deaths_{name} {int(number)}", quote
    if civilians:
        yield "civilians", int(civilians), int(civilians), "exact", f"deaths_civilians {int(civilians)}", quote


@cache
def _side(actor: str) -> str:
    from sahel_map.crosswalk import is_state

    return "soldiers" if is_state(actor) else "civilians" if actor == "Civilians" else "militants"


# --- as rows of the table -----------------------------------------------------------------------------------------


def _table(events: pd.DataFrame, reports: dict[str, Report]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd

    if events.empty:
        return to_table([])
    first, last = (events[c].to_numpy().astype("datetime64[D]") for c in ("first", "last"))
    middle = first + (last - first) // 2
    days = (last - first).astype(int) + 1
    window = np.select([days <= 1, days <= 8, days <= 31], [1, 2, 3], 4)
    ids = events["event_id"].tolist()
    # text goes over as pandas holds it (.array): taking it out and putting it in again costs more than all else
    frame = pd.DataFrame({
        "incident_id": events["event_id"].array, "event_date": middle.astype(str), "date_from": first.astype(str), "date_to": last.astype(str),
        "time_precision": events["time_precision"].fillna(pd.Series(window, index=events.index)).to_numpy(),
        **{c: events[c].array for c in (
            "event_type", "sub_event_type", "actor1", "actor2", "country", "admin1", "admin2", "adm1_pcode", "location")},
        "latitude": _rounded(events["latitude"]), "longitude": _rounded(events["longitude"]),
        "geo_precision": events["geo_precision"].to_numpy(),
        "fatalities_low": events[["low", "best", "high"]].min(axis=1).to_numpy(),
        "fatalities_high": events[["low", "best", "high"]].max(axis=1).to_numpy(),
        "disputed": False, "background": False, "sources": events["dataset"].array,
        "report_ids": events["report_id"].array, "notes": events["notes"].array, "kind": events["kind"].array,
        "uncertainty_km": events["uncertainty_km"].to_numpy(dtype=float), "where_prec": events["where_prec"].to_numpy(),
        **{c: events[c].array for c in ("adm2_pcode", "admin1_today", "admin2_today")},
        "fatalities_best": events["best"].to_numpy(), "status": np.where(events["best"].notna(), "reported", ""), "actor1_status": "", "outcome": "",
        "place_spellings": events["place_text"].array, "resolution_reason": events["place_reason"].array,
    })  # fmt: skip
    with _collector_paused():
        tolls, mentions = list(_tolls(events, ids)), list(_mentions(events, frame, ids))
    sheets = {key: [report_row(report)] for key, report in reports.items()}
    frame["victim_groups"] = [_hit(rows) for rows in tolls]
    for column in ("reasons", "conflicts"):
        frame[column] = _cells([[] for _ in ids])
    frame["reports"] = _cells([sheets.get(key, []) for key in events["report_id"]])
    frame["mentions"], frame["tolls"] = _cells(mentions), _cells(tolls)
    frame = typed(frame[[*INCIDENT_COLUMNS, *EXTRA_COLUMNS]])
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(events["geometry"].to_numpy(), crs="EPSG:4326"))


def _hit(tolls: list[dict[str, Any]]) -> str:
    groups = {toll["who"] for toll in tolls if toll["low"]}
    return groups.pop() if len(groups) == 1 else "; ".join(sorted(groups))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Millions of new dictionaries, none of them garbage: looking through them again and again takes longer than making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _rounded(degrees: pd.Series[float]) -> list[float]:
    return [round(value, 5) for value in degrees.tolist()]  # Python's rounding, as for mentions: numpy's differs


def _cells(values: Collection[Any]) -> Any:
    cells = np.empty(len(values), dtype=object)  # filled one by one: numpy would take lists of one length for a matrix
    for index, value in enumerate(values):
        cells[index] = value
    return cells


def _texts(column: pd.Series[str]) -> list[str]:
    """A column's texts, equal ones being one object: a million rows hold few actors, places and days."""
    known: dict[str, str] = {}
    return [known.setdefault(text, text) for text in column.tolist()]


def _tolls(events: pd.DataFrame, ids: list[str]) -> Iterator[list[dict[str, Any]]]:
    known: dict[str, str] = {}
    numbers = [events[c].tolist() for c in ("best", "low", "high", "deaths_a", "deaths_b", "deaths_civilians")]
    rows = zip(*numbers, _texts(events["actor1"]), _texts(events["actor2"]), strict=True)
    for event_id, report_id, dataset, row in zip(
        ids, _texts(events["report_id"]), _texts(events["dataset"]), rows, strict=True
    ):
        yield [
            {"toll_id": f"{event_id}.{number}", "mention_id": event_id, "incident_id": event_id, "report_id": report_id,
             "who": who, "low": low, "high": high, "qualifier": qualifier, "speaker": dataset, "status": "reported",
             "quote": known.setdefault(quote, quote), "part_of": known.setdefault(part_of, part_of), **_TOLL_START}
            for number, (who, low, high, qualifier, quote, part_of) in enumerate(figures(*row), 1)
        ]  # fmt: skip


def _mentions(events: pd.DataFrame, frame: pd.DataFrame, ids: list[str]) -> Iterator[list[dict[str, Any]]]:
    copied = ("location", "country", "admin1", "admin2", "event_date", "date_from", "date_to", "event_type",
              "sub_event_type", "actor1", "actor2")  # fmt: skip
    texts = [_texts(frame[c]) for c in copied]
    numbers = [_numbers(frame[c]) for c in ("latitude", "longitude", "geo_precision", "time_precision")]
    given = [ids, *(_texts(events[c]) for c in ("report_id", "place_text", "sentence", "reason"))]
    for row in zip(*texts, *numbers, *given, strict=True):
        values = dict(zip(copied, row, strict=False))
        lat, lon, geo, time, event_id, report_id, place_text, sentence, reason = row[len(copied) :]
        values.update(
            mention_id=event_id, incident_id=event_id, report_id=report_id, place_text=place_text, latitude=lat, longitude=lon,
            geo_precision=int(geo), time_precision=int(time), background=False, sentence=sentence, start=-1, end=-1, reason=reason,
        )  # fmt: skip
        yield [values]


def _numbers(column: pd.Series[float]) -> list[float | None]:
    return [None if value != value else value for value in column.tolist()]
