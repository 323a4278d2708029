"""How does the incident table travel into a page? As compressed typed columns, dossier texts apart.

The columns that the map, filters, charts and downloads need travel as one gzip stream: a little-endian
uint32 header length, the header (JSON), then the blocks. A text column is a dictionary of its distinct
values and a code a row; numbers are int32, bytes grouped by significance (they compress far better so).
What only an opened dossier shows travels in chunks of rows, each its own gzip stream, decoded on demand.
Positions are EPSG:4326, longitude first, in steps of 1e-5 degrees (about a metre).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from sahel_map.views.dossiers import detail_chunks
from sahel_map.views.outlines import steps_of
from sahel_map.views.packing import gzip64
from sahel_map.views.shared_figures import shared_figures

TEXT_COLUMNS = (
    "incident_id", "event_type", "sub_event_type", "actor1", "actor2", "country", "admin1", "admin2",
    "adm1_pcode", "location", "sources", "report_ids", "kind", "status", "adm2_pcode", "admin1_today",
    "admin2_today", "actor1_status", "outcome", "victim_groups",
)  # fmt: skip
NUMBER_COLUMNS = (
    "time_precision", "geo_precision", "where_prec", "fatalities_low", "fatalities_high", "fatalities_best",
    "uncertainty_km",
)  # fmt: skip
DAY_COLUMNS = ("event_date", "date_from", "date_to")
FLAG_COLUMNS = ("disputed", "background")
MISSING = -(2**31)
DEGREE_STEPS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The packed table: base64 gzip of the columns, one a chunk of dossiers, and what was left out."""

    columns: str
    chunks: tuple[str, ...]
    count: int
    bounds: tuple[float, float, float, float] | None  # west, south, east, north of what can be drawn
    left_out: dict[str, int] = field(default_factory=dict)


def pack(incidents: gpd.GeoDataFrame, *, details: bool = True) -> Payload:
    """Pack an incident table (columns of ``sahel_map.incidents``, geometry EPSG:4326) for the page.

    Rows come out in the order of their days, undated ones last. Columns that are absent stay absent;
    ``details=False`` leaves out notes, quotes, mentions and reports.
    """
    days = {name: days_of(incidents[name]) for name in DAY_COLUMNS if name in incidents}
    first = days.get("date_from", days.get("event_date", np.full(len(incidents), MISSING, np.int64)))
    order = np.argsort(np.where(first == MISSING, 2**40, first), kind="stable")
    table = incidents.iloc[order].reset_index(drop=True)
    days = {name: values[order] for name, values in days.items()}
    writer = _Writer()
    for name, values in days.items():
        writer.numbers(name, values)
    for name in NUMBER_COLUMNS:
        if name in table:
            writer.numbers(name, _integers(table[name]))
    for name in FLAG_COLUMNS:
        if name in table:
            writer.numbers(name, _flags(table[name]))
    for name in TEXT_COLUMNS:
        if name in table:
            writer.texts(name, table[name])
    lon, lat, faulty = positions_of(table)
    writer.numbers("lon", lon)
    writer.numbers("lat", lat)
    writer.header["shapes"] = _shapes(table, writer)
    chunks, starts = detail_chunks(table) if details else ((), [])
    writer.header.update(count=len(table), chunk_starts=starts, shared=shared_figures(table))
    return Payload(
        columns=writer.packed(), chunks=chunks, count=len(table), bounds=_news_bounds(table, lon, lat),
        left_out={"impossible_position": faulty},
    )  # fmt: skip


class _Writer:
    """Collects blocks and their place in the header."""

    def __init__(self) -> None:
        self.header: dict[str, Any] = {"columns": []}
        self._blocks: list[bytes] = []
        self._offset = 0

    def numbers(self, name: str, values: npt.NDArray[np.int64]) -> None:
        """Add a column of int32; a constant one costs nothing."""
        if len(values) and (values == values[0]).all():
            self.header["columns"].append({"name": name, "constant": int(values[0])})
            return
        known = values != MISSING
        step = max(1, int(np.gcd.reduce(values[known]))) if known.any() else 1
        small = np.where(known, values // step, MISSING).astype("<i4")  # four decimals need no room for a fifth
        self._add({"name": name, "bytes": 4, "step": step}, small.view(np.uint8).reshape(-1, 4).T.tobytes())

    def texts(self, name: str, values: pd.Series) -> None:
        """Add a column of text as its distinct values and one code a row."""
        text = values.astype("object").where(values.notna(), "")
        codes, distinct = pd.factorize(text.map(_as_text) if not _all_text(text) else text)
        if len(distinct) == len(values) >= 1000 and self._numbered(name, distinct):
            return
        self.codes(name, codes, [str(value) for value in distinct])

    def _numbered(self, name: str, distinct: Any) -> bool:
        """Add identifiers such as MLI01234 as prefix, number and width; False where they are not of that form."""
        parts = pd.Series(distinct, dtype="str").str.extract(r"^(.*?)(\d{1,9})$")
        prefixes: Any = parts[0].unique() if parts.notna().all(axis=None) else ()
        if not 0 < len(prefixes) < 256:
            return False
        number: npt.NDArray[np.int64] = np.array(parts[1].astype("int64").tolist(), dtype=np.int64)
        self.header["columns"].append({"name": name, "numbered": True})
        self.codes(f"{name}.prefix", pd.factorize(parts[0])[0], [str(prefix) for prefix in prefixes])
        self.numbers(f"{name}.number", np.diff(number, prepend=0))
        self.numbers(f"{name}.width", np.array(parts[1].str.len().tolist(), dtype=np.int64))
        return True

    def codes(self, name: str, codes: npt.NDArray[np.int64], distinct: list[str]) -> None:
        width = 1 if len(distinct) < 2**8 else 2 if len(distinct) < 2**16 else 4
        block = codes.astype(f"<u{width}").view(np.uint8).reshape(-1, width).T.tobytes()
        self._add({"name": name, "bytes": width, "distinct": distinct}, block)

    def packed(self) -> str:
        head = json.dumps(self.header, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        raw = head.encode("utf-8", "replace")
        return gzip64(len(raw).to_bytes(4, "little") + raw + b"".join(self._blocks))

    def _add(self, entry: dict[str, Any], block: bytes) -> None:
        self.header["columns"].append({**entry, "offset": self._offset})
        self._blocks.append(block)
        self._offset += len(block)


def _all_text(values: pd.Series) -> bool:
    return bool(pd.api.types.infer_dtype(values, skipna=False) == "string")


def _as_text(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple | set) else str(value)


def days_of(values: pd.Series) -> npt.NDArray[np.int64]:
    """Days since 1970-01-01; MISSING for what is no date."""
    text = values.astype("object").where(values.notna(), "").map(lambda value: str(value)[:10])
    codes, distinct = pd.factorize(text)
    parsed = np.array([_day(value) for value in distinct], dtype=np.int64)
    return parsed[codes] if len(parsed) else np.zeros(0, np.int64)


def _day(text: str) -> int:
    try:
        day = np.datetime64(text, "D")
    except ValueError:
        return MISSING
    return MISSING if np.isnat(day) else int(np.clip(day.astype(np.int64), -(2**30), 2**30))


def _integers(values: pd.Series) -> npt.NDArray[np.int64]:
    numbers = pd.to_numeric(values, errors="coerce").astype("float64").to_numpy()
    good = np.isfinite(numbers) & (np.abs(numbers) < 2**31)
    whole: npt.NDArray[np.int64] = np.where(good, np.rint(np.where(good, numbers, 0)), MISSING).astype(np.int64)
    return whole


def _flags(values: pd.Series) -> npt.NDArray[np.int64]:
    said = values.astype("str").str.strip().str.lower().isin(["true", "1", "1.0", "yes"])
    return np.array(said.tolist(), dtype=np.int64)


def positions_of(table: gpd.GeoDataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Longitudes and latitudes in steps, MISSING where there is none, and how many are impossible.

    A point's own position; for lines and polygons the table's latitude and longitude, else a point inside.
    """
    shapes = _without_empty(table.geometry.to_numpy())
    kinds = shapely.get_type_id(shapes)
    lon, lat = shapely.get_x(shapes), shapely.get_y(shapes)
    if {"longitude", "latitude"} <= set(table.columns):
        given = [
            pd.to_numeric(table[name], errors="coerce").astype("float64").to_numpy()
            for name in ("longitude", "latitude")
        ]
        own = (kinds == 0) & np.isfinite(lon)
        lon, lat = np.where(own, lon, given[0]), np.where(own, lat, given[1])
    inside = (kinds > 0) & ~(np.isfinite(lon) & np.isfinite(lat))
    if inside.any():
        points = shapely.point_on_surface(shapes[inside])
        lon[inside], lat[inside] = shapely.get_x(points), shapely.get_y(points)
    said = ~(np.isnan(lon) | np.isnan(lat))
    good = said & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    steps = [
        np.where(good, np.rint(np.where(good, part, 0) * DEGREE_STEPS), MISSING).astype(np.int64) for part in (lon, lat)
    ]
    return steps[0], steps[1], int((said & ~good).sum())


def _without_empty(shapes: Any) -> Any:
    return np.where(shapely.is_empty(shapes), None, shapes)


def _news_bounds(
    table: gpd.GeoDataFrame, lon: npt.NDArray[np.int64], lat: npt.NDArray[np.int64]
) -> tuple[float, float, float, float] | None:
    """The extent of the news, regions and stretches in full; of background, which the page opens without, only where there is nothing else."""
    news = _flags(table["background"]) == 0 if "background" in table else np.ones(len(table), dtype=bool)
    bounds = _bounds(lon[news], lat[news]) or _bounds(lon, lat)
    shapes = _without_empty(table.geometry.to_numpy())[news]
    drawn = shapes[shapely.get_type_id(shapes) > 0]
    if bounds is None or not len(drawn):
        return bounds
    west, south, east, north = shapely.total_bounds(drawn)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return bounds
    return (
        float(min(bounds[0], west)), float(min(bounds[1], south)), float(max(bounds[2], east)), float(max(bounds[3], north)),
    )  # fmt: skip


def _bounds(lon: npt.NDArray[np.int64], lat: npt.NDArray[np.int64]) -> tuple[float, float, float, float] | None:
    known = lon != MISSING
    if not known.any():
        return None
    x, y = lon[known] / DEGREE_STEPS, lat[known] / DEGREE_STEPS
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _shapes(table: gpd.GeoDataFrame, writer: _Writer) -> list[dict[str, Any]]:
    """Distinct lines and polygons once each, and a column "shape" saying which a row has (-1: none)."""
    shapes = _without_empty(table.geometry.to_numpy())
    drawn = shapely.get_type_id(shapes) > 0
    index = np.full(len(table), -1, np.int64)
    if not drawn.any():
        writer.numbers("shape", index)
        return []
    codes, distinct = pd.factorize(pd.Series(shapely.to_wkb(shapes[drawn]), dtype="object"))
    index[drawn] = codes
    writer.numbers("shape", index)
    return [steps_of(shape) for shape in shapely.from_wkb(np.asarray(distinct, dtype=object))]
