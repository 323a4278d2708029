"""The one incident table: its columns, and the crossing from records to GeoDataFrame.

Views and exports see only this table, so a map can be redrawn from a saved file. Geometry is what is
known: a point for a place, the polygon of a region, the line of a stretch, nothing for a country
(EPSG:4326, longitude first). ``latitude`` and ``longitude`` are its representative point.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.errors import InputError
from sahel_map.model import (
    OVERRULED,
    DateRange,
    EventMention,
    Evidence,
    GeoPrecision,
    Incident,
    PlaceKind,
    Report,
    Resolution,
    Toll,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

INCIDENT_COLUMNS = (
    "incident_id", "event_date", "date_from", "date_to", "time_precision",
    "event_type", "sub_event_type", "actor1", "actor2",
    "country", "admin1", "admin2", "adm1_pcode", "location", "latitude", "longitude", "geo_precision",
    "fatalities_low", "fatalities_high", "disputed", "background", "sources", "report_ids", "notes",
)  # fmt: skip
# Kept beside them: how the values came about, and the ledger itself.
EXTRA_COLUMNS = (
    "kind", "uncertainty_km", "where_prec", "adm2_pcode", "admin1_today", "admin2_today", "fatalities_best", "status",
    "actor1_status", "outcome", "victim_groups", "place_spellings", "resolution_reason",
    "reasons", "conflicts", "reports", "mentions", "tolls",
)  # fmt: skip
INTEGERS = ("time_precision", "geo_precision", "fatalities_low", "fatalities_high", "fatalities_best", "where_prec")
FLOATS = ("latitude", "longitude", "uncertainty_km")
FLAGS = ("disputed", "background")
NESTED_COLUMNS = ("reasons", "conflicts", "reports", "mentions", "tolls")
MENTION_COLUMNS = (
    "mention_id", "incident_id", "report_id", "place_text", "location", "country", "admin1", "admin2",
    "latitude", "longitude", "geo_precision", "event_date", "date_from", "date_to", "time_precision",
    "event_type", "sub_event_type", "actor1", "actor2", "background", "sentence", "start", "end", "reason",
)  # fmt: skip
EVIDENCE_COLUMNS = (
    "mention_id", "incident_id", "report_id", "field", "value", "words", "sentence", "start", "end",
)  # fmt: skip
TOLL_COLUMNS = (
    "toll_id", "mention_id", "incident_id", "report_id", "who", "kind", "low", "high", "qualifier",
    "speaker", "status", "shared_with", "quote", "start", "end", "speaker_kind", "origin", "part_of", "revision",
)  # fmt: skip
Row = dict[str, Any]


def to_table(incidents: Iterable[Incident], reports: Iterable[Report] = ()) -> gpd.GeoDataFrame:
    """Incidents as a GeoDataFrame, one a row, in EPSG:4326: INCIDENT_COLUMNS, EXTRA_COLUMNS and geometry.

    An empty ``fatalities_low`` means that nobody gave a figure, an empty ``fatalities_high`` that the
    figures are open ("more than 30").
    """
    by_id = {report.report_id: report for report in reports}
    pairs = [(incident_row(incident, by_id), drawn(incident)) for incident in incidents]
    return table_of([row for row, _ in pairs], [shape for _, shape in pairs])


def drawn(incident: Incident) -> BaseGeometry | None:
    """What is drawn of an incident; nothing for a whole country."""
    return incident.resolution.geometry if incident.resolution.kind is not PlaceKind.COUNTRY else None


def table_of(rows: list[Row], shapes: list[BaseGeometry | None]) -> gpd.GeoDataFrame:
    """Rows as ``incident_row`` makes them, with their geometries, as the incident table."""
    import geopandas as gpd
    import numpy as np
    import pandas as pd

    columns: dict[str, Any] = {c: [row[c] for row in rows] for c in (*INCIDENT_COLUMNS, *EXTRA_COLUMNS)}
    # a column made of its type costs less than a column given its type
    columns |= {c: pd.array(columns[c], dtype="Int64") for c in INTEGERS}
    columns |= {c: np.array(columns[c], dtype="float64") for c in FLOATS}
    columns |= {c: np.array(columns[c], dtype="bool") for c in FLAGS}
    return gpd.GeoDataFrame(columns, geometry=_series(shapes, None), crs="EPSG:4326")


def joined(*tables: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Incident tables as one, in the order of their days, undated first."""
    import pandas as pd

    filled = [table for table in tables if len(table)] or [tables[-1]]
    both = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    order = list(zip(both["date_from"].fillna(""), both["incident_id"], strict=True))
    if len(filled) == 1 and order == sorted(order):
        return both  # as merge leaves them
    return both.sort_values(["date_from", "incident_id"], na_position="first", kind="stable", ignore_index=True)


def typed(frame: Any) -> Any:
    """The columns' types: nullable integers for figures and precisions, booleans, floats, text."""
    for column in INTEGERS:
        if column in frame:
            frame[column] = frame[column].astype("Int64")
    for column in FLOATS:
        if column in frame:
            frame[column] = frame[column].astype("float64")
    for column in FLAGS:
        if column in frame:
            frame[column] = frame[column].fillna(False).astype("bool")
    return frame


def incident_row(incident: Incident, reports: Mapping[str, Report]) -> Row:
    """One incident as a row of the table."""
    place = incident.resolution
    tolls = [toll_row(t, n, m, incident) for m in incident.mentions for n, t in enumerate(m.tolls, 1)]
    return {
        "incident_id": incident.incident_id, **_days(incident.when),
        "event_type": incident.event_type, "sub_event_type": incident.sub_event_type,
        "actor1": incident.actor1, "actor2": incident.actor2, **_where(place), "adm1_pcode": place.adm1_pcode,
        "fatalities_low": incident.fatalities_low, "fatalities_high": incident.fatalities_high,
        "disputed": incident.disputed, "background": incident.background,
        "sources": "; ".join(incident.sources), "report_ids": "; ".join(incident.report_ids), "notes": incident.notes,
        "kind": str(place.kind), "uncertainty_km": place.uncertainty_km, "where_prec": place.where_prec,
        "adm2_pcode": place.adm2_pcode, "admin1_today": place.admin1_today, "admin2_today": place.admin2_today,
        "fatalities_best": incident.fatalities_best, "status": incident.status,
        "actor1_status": incident.extra.get("actor1_status", ""), "outcome": incident.extra.get("outcome", ""),
        "victim_groups": "; ".join(sorted({t["who"] for t in tolls if t["low"] and t["revision"] != OVERRULED})),
        "place_spellings": "; ".join(_texts(incident.extra.get("place_spellings", ()))),
        "resolution_reason": place.reason, "reasons": list(incident.reasons), "conflicts": list(incident.conflicts),
        "reports": [report_row(reports[i]) for i in incident.report_ids if i in reports],
        "mentions": [mention_row(m, incident) for m in incident.mentions], "tolls": tolls,
    }  # fmt: skip


def mention_row(mention: EventMention, incident: Incident) -> Row:
    """One mention as a row of mentions.csv, with its evidence where it was read from words."""
    row = {
        "mention_id": mention.mention_id, "incident_id": incident.incident_id, "report_id": mention.report_id,
        "place_text": mention.place_text, **_where(mention.resolution), **_days(mention.when),
        "event_type": mention.event_type, "sub_event_type": mention.sub_event_type,
        "actor1": mention.actor1, "actor2": mention.actor2, "background": mention.background,
        "sentence": mention.sentence, "start": mention.start, "end": mention.end, "reason": mention.reason,
    }  # fmt: skip
    found = [_evidence(e, mention) for e in mention.evidence]
    return {**row, "evidence": found} if found else row


def _evidence(evidence: Evidence, mention: EventMention) -> Row:
    """The sentence only where it is not the mention's own."""
    row = {"field": evidence.field, "words": evidence.words, "start": evidence.start, "end": evidence.end}
    row |= {"value": evidence.value} if evidence.value else {}
    return row if evidence.sentence == mention.sentence else {**row, "sentence": evidence.sentence}


def evidence_rows(mentions: Iterable[Row]) -> Iterator[Row]:
    """Rows of EVIDENCE_COLUMNS: for each value of each mention the words it was read from and their sentence."""
    for mention in mentions:
        for told in mention.get("evidence") or ():
            column = _VALUE_OF.get(told["field"], told["field"])
            yield {
                **{key: mention.get(key) for key in ("mention_id", "incident_id", "report_id")},
                "value": mention.get(column), "sentence": mention.get("sentence"), **told,
            }  # fmt: skip


_VALUE_OF = {"place": "location", "date": "event_date", "event_type": "sub_event_type"}


def toll_row(toll: Toll, number: int, mention: EventMention, incident: Incident) -> Row:
    """One figure as a row of tolls.csv."""
    return {
        "toll_id": f"{mention.mention_id}.{number}", "mention_id": mention.mention_id,
        "incident_id": incident.incident_id, "report_id": mention.report_id, "who": toll.who, "kind": toll.kind,
        "low": toll.low, "high": toll.high, "qualifier": toll.qualifier, "speaker": toll.speaker, "status": toll.status,
        "shared_with": "; ".join(toll.shared_with), "quote": toll.quote, "start": toll.start, "end": toll.end,
        "speaker_kind": toll.speaker_kind, "origin": toll.origin, "part_of": toll.part_of, "revision": toll.revision,
    }  # fmt: skip


def report_row(report: Report) -> Row:
    """What a reader of the map may see of a report: where it is from, not its text."""
    return {
        "report_id": report.report_id, "title": report.title, "source": report.source, "url": report.url,
        "published": report.published.isoformat() if report.published else "", "language": report.language,
    }  # fmt: skip


def read(path: str | Path) -> gpd.GeoDataFrame:
    """Read a saved incidents file (incidents.geojson or incidents.csv) back into the table.

    Only these two formats are opened, each with its own reader. Raises InputError for anything else.
    """
    path = Path(path)
    if path.suffix.lower() in (".geojson", ".json"):
        return _from_geojson(path)
    if path.suffix.lower() == ".csv":
        return _from_csv(path)
    if not path.exists():
        raise InputError(f"there is no file or folder {str(path)!r}; `sahel-map build` makes one")
    raise InputError(f"{str(path)!r}: wanted an incidents file ending in .geojson or .csv")


def _days(when: DateRange | None) -> Row:
    if when is None:
        return {"event_date": None, "date_from": None, "date_to": None, "time_precision": None}
    middle = when.first + (when.last - when.first) // 2  # ACLED's rule for windows: the day in the middle
    return {
        "event_date": middle.isoformat(), "date_from": when.first.isoformat(), "date_to": when.last.isoformat(),
        "time_precision": int(when.precision),
    }  # fmt: skip


def _where(place: Resolution) -> Row:
    point = place.position if place.kind is not PlaceKind.COUNTRY else None
    precision = place.geo_precision or (GeoPrecision.COUNTRY if place.kind is PlaceKind.COUNTRY else None)
    return {
        "location": place.location, "country": place.country, "admin1": place.admin1, "admin2": place.admin2,
        "latitude": round(point.lat, 5) if point else None, "longitude": round(point.lon, 5) if point else None,
        "geo_precision": int(precision) if precision else None,
    }  # fmt: skip


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, tuple | list) else []


def _from_geojson(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{str(path)!r} is not GeoJSON: {error}") from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise InputError(f"{str(path)!r} is not a GeoJSON FeatureCollection; wanted a file that sahel-map build wrote")
    try:
        shapes = [shape(f["geometry"]) if f.get("geometry") else None for f in features]
        frame = pd.DataFrame([dict(f["properties"]) for f in features])
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
        raise InputError(f"{str(path)!r}: a feature is not of the form sahel-map writes ({error})") from error
    for column in INCIDENT_COLUMNS:
        if column not in frame:
            frame[column] = None
    return gpd.GeoDataFrame(typed(frame), geometry=_series(shapes, frame.index), crs="EPSG:4326")


def _series(shapes: list[Any], index: Any) -> gpd.GeoSeries:
    import geopandas as gpd
    import numpy as np

    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return gpd.GeoSeries(array, crs="EPSG:4326", index=index)


def _from_csv(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{str(path)!r} cannot be read as CSV: {error}") from error
    missing = [c for c in ("incident_id", "latitude", "longitude") if c not in frame]
    if missing:
        raise InputError(f"{str(path)!r} lacks the columns {', '.join(missing)}; wanted an incidents.csv")
    _check_whole(path)
    frame = frame[~frame["incident_id"].str.startswith("#")]  # a row of HXL tags
    for column in frame:
        frame[column] = frame[column].where(frame[column] != "", None)
    for column in ("latitude", "longitude", "uncertainty_km", "time_precision", "geo_precision", "fatalities_low",
                   "fatalities_high", "fatalities_best", "where_prec"):  # fmt: skip
        if column in frame:
            frame[column] = _numbers(frame[column], frame["incident_id"], path)
    for column in ("disputed", "background"):
        if column in frame:
            frame[column] = frame[column].map(lambda text: str(text).strip().lower() in ("true", "1", "yes"))
    points = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs="EPSG:4326")
    shapes = gpd.GeoSeries(points, index=frame.index).where(
        frame["latitude"].notna() & frame["longitude"].notna(), None
    )
    for column in ("mentions", "tolls"):
        if column not in frame:
            beside = _rows_beside(path.with_name(f"{column}.csv"), frame["incident_id"])
            frame[column] = pd.Series(beside, index=frame.index, dtype="object")
    return with_lists(gpd.GeoDataFrame(typed(frame), geometry=shapes, crs="EPSG:4326"))


def _check_whole(path: Path) -> None:
    """InputError for a last row with fewer cells than the header: a file copied half, not a row without figures."""
    with path.open("rb") as file:
        file.seek(-1, io.SEEK_END)
        if file.read() in b"\r\n":
            return
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            rows = list(csv.reader(text))
    except csv.Error:
        return  # a cell longer than the csv module takes, which pandas has read
    if len(rows[-1]) < len(rows[0]):
        raise InputError(
            f"{str(path)!r}, row {len(rows)} ({rows[-1][0]}): has fewer cells than the header, as a file copied half"
            " ends; copy or build it again"
        )


def _numbers(cells: pd.Series[Any], ids: pd.Series[Any], path: Path) -> pd.Series[Any]:
    """A column's numbers; InputError for what is none, which must not become "no figure"."""
    import pandas as pd

    numbers: pd.Series[Any] = pd.to_numeric(cells, errors="coerce")
    bad = cells.index[numbers.isna() & cells.notna()]
    if len(bad):
        raise InputError(
            f"{str(path)!r}, row {bad[0] + 2} ({ids[bad[0]]}), {cells.name}: {str(cells[bad[0]])[:40]!r} is not a number;"
            " write it with digits and a decimal point"
        )
    return numbers


def with_lists(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The table with its nested columns as lists, whatever a file format made of them: Parquet's arrays, CSV's "a | b".

    The same table comes back where there is nothing to do.
    """
    odd = [c for c in NESTED_COLUMNS if c in frame and not all(type(cell) is list for cell in frame[c])]
    return frame.assign(**{c: _series_of_lists(frame[c]) for c in odd}) if odd else frame


def _series_of_lists(column: Any) -> Any:
    import pandas as pd

    def one(cell: Any) -> list[Any]:
        if isinstance(cell, str):
            return [part for part in cell.split(" | ") if part]
        return [_with_inner_lists(item) for item in cell] if hasattr(cell, "__iter__") else []

    return pd.Series([one(cell) for cell in column], index=column.index, dtype="object")


def _with_inner_lists(item: Any) -> Any:
    """A mention's evidence is an array where Parquet was read."""
    import numpy as np

    if not isinstance(item, dict):
        return item
    return {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in item.items()}


def _rows_beside(path: Path, incident_ids: Iterable[str]) -> list[list[Row]]:
    """The rows of a mentions.csv or tolls.csv that lies beside an incidents.csv, a list for each incident."""
    import pandas as pd

    found: dict[str, list[Row]] = {}
    if path.is_file():
        try:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise InputError(f"{str(path)!r} cannot be read as CSV: {error}") from error
        for row in table.to_dict("records"):
            said = {str(name): value for name, value in row.items() if value != ""}
            for name in ("low", "high"):
                if name in said:
                    said[name] = int(said[name]) if str(said[name]).isdigit() else None
            said = {**dict.fromkeys(table.columns), **said}
            found.setdefault(str(said.get("incident_id", "")), []).append(said)
    return [found.get(incident_id, []) for incident_id in incident_ids]


def day(text: str | None) -> dt.date | None:
    """The day of a date column, or None."""
    return dt.date.fromisoformat(text[:10]) if text else None


read_incidents = read  # the name it has at the top of the package
