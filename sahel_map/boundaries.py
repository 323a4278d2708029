"""Which country, region and district a point lies in on a given day, and how far from a border.

The shipped partition is a set of cells that touch without gap or overlap (gazetteer/partition.py);
every unit of every day is a union of cells, so a point is looked up once for all days.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from sahel_map.boundary_tables import Cell, read_areas, read_cells, read_units
from sahel_map.errors import GazetteerError, InputError
from sahel_map.model import AdminUnit, Area, LonLat
from sahel_map.names import fold

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

NEAR_DEGREES = 0.02  # a point this close outside every cell (some 2 km) belongs to the nearest one
_KM_PER_DEGREE = 111.195  # of latitude, on the mean Earth radius 6371.0088 km
_DISTRICTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PointUnits:
    """The units a point lies in: those of the day asked for, and today's.

    ``country`` is ISO 3166-1 alpha-2, "" outside the fifteen countries covered. In Mali since 13 March 2023 ``admin2``
    is the former cercle where no open polygon shows the new one: its ``valid_to`` tells.
    """

    country: str = ""
    admin1: AdminUnit | None = None
    admin2: AdminUnit | None = None
    admin1_today: AdminUnit | None = None
    admin2_today: AdminUnit | None = None


class Boundaries:
    """Dated admin units with their polygons (EPSG:4326, lon lat).

    >>> here = Boundaries.shipped().at(LonLat(-1.63, 14.10), dt.date(2025, 6, 1))
    >>> here.admin1.name, here.admin1_today.name
    ('Sahel', 'Soum')
    """

    def __init__(self, units: Iterable[AdminUnit], cells: Sequence[Cell], areas: Iterable[Area] = ()) -> None:
        self._units = {u.unit_id: u for u in units}
        self._cells = list(cells)
        self._areas = {a.area_id: a for a in areas}

    @classmethod
    def shipped(cls) -> Boundaries:
        """The boundaries that come with the package, read once."""
        return _shipped()

    def overlaid(self, polygons: Mapping[str, BaseGeometry]) -> Boundaries:
        """These boundaries with better polygons of some units, such as OCHA's COD-AB, EPSG:4326, lon lat.

        They are keyed by unit id, or by P-code for the units of today, and are of one division: units that no two of
        lie on the same ground on one day. Inside them they decide the district and region on the days the unit
        exists; other days keep their answer, and so does ground they do not cover. A country's border never moves.
        Raises GazetteerError for keys that are no unit.
        """
        today = {u.pcode: u for u in self.units(date=dt.date.today()) if u.pcode and u.level}
        if unknown := sorted(key for key in polygons if key not in self._units and key not in today):
            raise GazetteerError(f"no unit of today has the P-code {', '.join(unknown[:5])} ({len(unknown)} unknown)")
        drawn = [(self._units.get(key) or today[key], shape) for key, shape in polygons.items()]
        cells = self._cells
        for level in (1, _DISTRICTS):  # districts last: they know their region
            of_level = [(unit, shape) for unit, shape in drawn if unit.level == level]
            cells = self._cut(cells, [unit for unit, _ in of_level], [shape for _, shape in of_level])
        return Boundaries(self._units.values(), cells, self._areas.values())

    def with_cells(self, cells: Iterable[Cell]) -> Boundaries:
        """These boundaries with other cells for the countries that the cells are of."""
        known = [replace(c, unit_ids=tuple(i for i in c.unit_ids if i in self._units)) for c in cells]
        countries = {cell.country for cell in known}
        kept = [cell for cell in self._cells if cell.country not in countries]
        return Boundaries(self._units.values(), [*kept, *known], self._areas.values())

    def cells(self, countries: Collection[str]) -> list[Cell]:
        """The cells of some countries (ISO 3166-1 alpha-2)."""
        return [cell for cell in self._cells if cell.country in countries]

    def _cut(self, cells: list[Cell], units: Sequence[AdminUnit], shapes: Sequence[BaseGeometry]) -> list[Cell]:
        """The cells cut finer by the polygons of units, which then own the pieces inside them."""
        tree = shapely.STRtree(list(shapes))
        own = {unit.unit_id for unit in units} | {unit.parent_id for unit in units}
        cut = []
        for cell in cells:
            rest = cell.geometry
            for number in sorted(tree.query(cell.geometry, predicate="intersects")):
                if units[number].country != cell.country:
                    continue
                piece = _area_of(rest.intersection(shapes[number]))
                if not piece.is_empty:
                    cut.append(Cell(cell.country, piece, self._given_to(units[number], cell.unit_ids, own)))
                    rest = _area_of(rest.difference(shapes[number]))
            if not rest.is_empty:
                cut.append(replace(cell, geometry=rest))
        return cut

    def _given_to(self, unit: AdminUnit, unit_ids: Iterable[str], own: Collection[str]) -> tuple[str, ...]:
        """The units of a piece of ground that a unit, and the region it is part of, take from those of their level."""
        for new in (unit, self._units.get(unit.parent_id)):
            if new is not None and new.level:
                unit_ids = [
                    *(i for i in unit_ids if not _is_replaced(self._units[i], new, is_own=i in own)),
                    new.unit_id,
                ]
        return tuple(unit_ids)

    def units(
        self, level: int | None = None, country: str | None = None, date: dt.date | None = None
    ) -> tuple[AdminUnit, ...]:
        """Units of a level (0 country, 1 region, 2 district), a country and a day; None: all."""
        return tuple(
            u
            for u in self._units.values()
            if (level is None or u.level == level)
            and (country is None or u.country == country)
            and (date is None or valid_on(u, date))
        )

    def unit(self, unit_id: str) -> AdminUnit:
        """The unit of this id; GazetteerError when there is none."""
        try:
            return self._units[unit_id]
        except KeyError:
            raise GazetteerError(f"no admin unit {unit_id!r}; ids look like 'ML1-mopti-2023'") from None

    def geometry(self, unit_id: str) -> BaseGeometry | None:
        """The unit's polygon, None where no source draws it (most of Mali's cercles of 2023)."""
        self.unit(unit_id)
        return self._geometry(unit_id)

    def named(
        self, name: str, *, level: int | None = None, country: str | None = None, date: dt.date | None = None
    ) -> tuple[AdminUnit, ...]:
        """Units of this name, alternate name or P-code, folded; those still valid come first.

        >>> tuple(u.level for u in Boundaries.shipped().named("Soum"))  # a region since 2025, a province before
        (1, 2)
        """
        key = fold(name)
        found = self._by_name.get(key) or self._by_name.get(_bare(name), ())
        return tuple(
            u
            for u in found
            if (level is None or u.level == level)
            and (country is None or u.country == country)
            and (date is None or valid_on(u, date))
        )

    def at(self, position: LonLat, date: dt.date | None = None) -> PointUnits:
        """The units at ``position`` on ``date`` (None: today) and today; empty outside the fifteen countries."""
        lon, lat = position
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise InputError(f"position {tuple(position)!r}: want longitude -180…180 first, then latitude -90…90")
        index = self._cell_at(lon, lat)
        if index < 0:
            return PointUnits()
        day = self.epoch(date)
        today = self.epoch(None)
        first, second = self._lookup
        ids = (first[day, index], second[day, index], first[today, index], second[today, index])
        return PointUnits(
            country=self._cells[index].country,
            admin1=self._order[ids[0]], admin2=self._order[ids[1]],
            admin1_today=self._order[ids[2]], admin2_today=self._order[ids[3]],
        )  # fmt: skip

    def at_many(self, lons: ArrayLike, lats: ArrayLike, dates: ArrayLike | None = None) -> pd.DataFrame:
        """The units of many points at once, as a table in their order.

        ``lons``, ``lats``: EPSG:4326 degrees; NaN, infinite or out-of-range positions give empty cells.
        ``dates``: anything numpy reads as datetime64[D], NaT or None meaning today.
        Columns: country, admin1, adm1_pcode, admin2, adm2_pcode (of the day), admin1_today, adm1_pcode_today,
        admin2_today, adm2_pcode_today; categories, "" where unknown.
        """
        import pandas as pd

        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        if x.shape != y.shape or x.ndim != 1:
            raise InputError(f"lons has shape {x.shape}, lats {y.shape}: want two lists of one length")
        cell = self._cells_at(x, y)
        epoch = self._epochs_of(dates, len(x))
        first, second = self._lookup
        columns = {"country": pd.Categorical.from_codes(self._country_of[cell], categories=pd.Index(self._countries))}
        for suffix, when in (("", epoch), ("_today", self._epochs_of(None, len(x)))):
            for level, table in (("1", first), ("2", second)):
                unit = table[when, cell]
                columns[f"admin{level}{suffix}"] = self._category([u.name if u else "" for u in self._order], unit)
                columns[f"adm{level}_pcode{suffix}"] = self._category([u.pcode if u else "" for u in self._order], unit)
        return pd.DataFrame(columns)

    def border_distance_km(self, position: LonLat, country: str) -> float:
        """Kilometres from ``position`` to the nearest point of ``country``'s border, on a local plane (±1 %)."""
        border = self._border(country)
        scale = math.cos(math.radians(position.lat))
        window = shapely.box(position.lon - 5, position.lat - 5, position.lon + 5, position.lat + 5)
        near = border.intersection(window)
        stretch = np.array([scale, 1.0])
        flat = shapely.transform(border if near.is_empty else near, lambda xy: xy * stretch)
        return float(flat.distance(shapely.Point(position.lon * scale, position.lat))) * _KM_PER_DEGREE

    def area(self, area_id: str) -> Area:
        """The named area, e.g. ``liptako-gourma``; GazetteerError when there is none."""
        try:
            return self._area_index[area_id]
        except KeyError:
            raise GazetteerError(f"no area {area_id!r}; there are {', '.join(self._area_index)}") from None

    def areas(self) -> tuple[Area, ...]:
        """The areas people write about that no administration knows."""
        return tuple(self._area_index.values())

    def area_named(self, name: str) -> Area | None:
        """The area of this English, French or alternate name, folded; None when there is none."""
        return self._area_by_name.get(_bare(name))

    # ---- loaded on first use -------------------------------------------------------------

    @cached_property
    def _area_index(self) -> dict[str, Area]:
        return self._areas or {a.area_id: a for a in read_areas()}

    @cached_property
    def _area_by_name(self) -> dict[str, Area]:
        return {_bare(n): a for a in self.areas() for n in (*a.alternate_names, a.name_fr, a.name_en) if n}

    @cached_property
    def _by_name(self) -> dict[str, tuple[AdminUnit, ...]]:
        found: dict[str, list[AdminUnit]] = {}
        for u in sorted(self._units.values(), key=lambda u: (u.valid_to is not None, u.level, u.unit_id)):
            for key in {fold(n) for n in (u.name, u.pcode, *u.alternate_names) if n}:
                found.setdefault(key, []).append(u)
        return {key: tuple(units) for key, units in found.items()}

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree([c.geometry for c in self._cells])

    @cached_property
    def _starts(self) -> list[dt.date]:
        """The days on which any unit began, after the first epoch."""
        return sorted({u.valid_from for u in self._units.values() if u.valid_from})

    @cached_property
    def _order(self) -> list[AdminUnit | None]:
        return [*self._units.values(), None]

    @cached_property
    def _lookup(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """For level 1 and 2: place in ``_order`` by epoch and cell; the last column stands for "no cell"."""
        none = len(self._order) - 1
        place = {u.unit_id: i for i, u in enumerate(self._units.values())}
        days = [dt.date.min, *self._starts]
        tables = np.full((_DISTRICTS, len(days), len(self._cells) + 1), none, dtype=np.int32)
        for c, cell in enumerate(self._cells):
            for unit in (self._units[i] for i in cell.unit_ids):
                if not 1 <= unit.level <= _DISTRICTS:
                    continue
                table = tables[unit.level - 1]
                for d, day in enumerate(days):
                    if (unit.valid_from or dt.date.min) <= day and self._goes_before(unit, table[d, c], day):
                        table[d, c] = place[unit.unit_id]
        return tables[0], tables[1]

    def _goes_before(self, unit: AdminUnit, number: int, day: dt.date) -> bool:
        """Whether a unit, rather than an earlier one of the same ground, answers for a day.

        Of the units of the day the last; a day without one (Mali's new cercles that no source draws) keeps the
        unit that was there latest.
        """
        other = self._order[number]
        if other is None or valid_on(unit, day):
            return True
        return not valid_on(other, day) and (unit.valid_from or dt.date.min) >= (other.valid_from or dt.date.min)

    @cached_property
    def _countries(self) -> list[str]:
        return ["", *sorted({c.country for c in self._cells})]

    @cached_property
    def _country_of(self) -> NDArray[np.int16]:
        codes = [self._countries.index(c.country) for c in self._cells]
        return np.array([*codes, 0], dtype=np.int16)

    @lru_cache(maxsize=256)  # noqa: B019 - one instance lives as long as the process
    def _geometry(self, unit_id: str) -> BaseGeometry | None:
        parts = [c.geometry for c in self._cells if unit_id in c.unit_ids]
        return shapely.union_all(parts) if parts else None

    @lru_cache(maxsize=32)  # noqa: B019
    def _border(self, country: str) -> BaseGeometry:
        parts = [c.geometry for c in self._cells if c.country == country]
        if not parts:
            raise GazetteerError(f"no border of country {country!r}; want one of {', '.join(self._countries[1:])}")
        return shapely.union_all(parts).boundary

    # ---- look-ups ------------------------------------------------------------------------

    @lru_cache(maxsize=1 << 16)  # noqa: B019 - one instance lives as long as the process
    def _cell_at(self, lon: float, lat: float) -> int:
        point = shapely.Point(lon, lat)
        hits = self._tree.query(point, predicate="intersects")
        if len(hits):
            return int(hits.min())
        near = self._tree.query_nearest(point, max_distance=NEAR_DEGREES)
        return int(near.min()) if len(near) else -1

    def _cells_at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
        """Cell of every point, -1 for none: one pass over the cells, never over the points."""
        cell = np.full(len(x), -1, dtype=np.int32)
        good = np.isfinite(x) & np.isfinite(y) & (np.abs(x) <= 180) & (np.abs(y) <= 90)
        order = np.flatnonzero(good)[np.argsort(x[good], kind="stable")]
        sorted_x = x[order]
        for number in range(len(self._cells) - 1, -1, -1):  # the first cell wins on a shared border, as in _cell_at
            geometry = self._cells[number].geometry
            west, south, east, north = geometry.bounds
            near = order[np.searchsorted(sorted_x, west) : np.searchsorted(sorted_x, east, side="right")]
            near = near[(y[near] >= south) & (y[near] <= north)]
            if len(near):
                shapely.prepare(geometry)
                cell[near[shapely.intersects_xy(geometry, x[near], y[near])]] = number
        lost = np.flatnonzero(good & (cell < 0))
        if len(lost):
            points = shapely.points(x[lost], y[lost])
            which, tree = self._tree.query_nearest(points, max_distance=NEAR_DEGREES, all_matches=False)
            cell[lost[which]] = tree
        return cell

    def epoch(self, date: dt.date | None) -> int:
        """The number of the period between two reforms that a day (None: today) lies in; the units are the same throughout it."""
        return self._epoch(date or dt.date.today())

    @lru_cache(maxsize=4096)  # noqa: B019 - one instance lives as long as the process
    def _epoch(self, day: dt.date) -> int:
        return int(np.searchsorted(self._starts_np, np.datetime64(day, "D"), side="right"))

    def _epochs_of(self, dates: ArrayLike | None, count: int) -> NDArray[np.intp]:
        if dates is None:
            return np.full(count, self.epoch(None), dtype=np.intp)
        days = np.asarray(dates, dtype="datetime64[D]")
        if days.shape != (count,):
            raise InputError(f"dates has shape {days.shape}: want one date for each of the {count} points")
        days = np.where(np.isnat(days), np.datetime64(dt.date.today(), "D"), days)
        return np.searchsorted(self._starts_np, days, side="right")

    @cached_property
    def _starts_np(self) -> NDArray[np.datetime64]:
        return np.array(self._starts, dtype="datetime64[D]")

    @staticmethod
    def _category(labels: list[str], codes: NDArray[np.int32]) -> Any:
        import pandas as pd

        distinct = sorted(set(labels) | {""})
        place = {label: i for i, label in enumerate(distinct)}
        return pd.Categorical.from_codes(
            np.array([place[label] for label in labels])[codes], categories=pd.Index(distinct)
        )


def valid_on(unit: AdminUnit, day: dt.date) -> bool:
    """Whether ``unit`` existed on ``day``; both ends of its period belong to it."""
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or day <= unit.valid_to)


def _is_replaced(old: AdminUnit, new: AdminUnit, *, is_own: bool) -> bool:
    """Whether a unit loses ground to a new polygon: one drawn too, or that never was but while the new one is."""
    if old.level != new.level or old.unit_id == new.unit_id:
        return old.unit_id == new.unit_id
    first, last = new.valid_from or dt.date.min, new.valid_to or dt.date.max
    begins, ends = old.valid_from or dt.date.min, old.valid_to or dt.date.max
    if is_own:
        return begins <= last and first <= ends
    return first <= begins and ends <= last


def _area_of(geometry: BaseGeometry) -> BaseGeometry:
    """Its polygons alone: cutting leaves points and lines where two only touch."""
    return shapely.union_all([p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"])


def _bare(name: str) -> str:
    """The folded name without its article: "le Gourma", "the three-border area"."""
    first, _, rest = fold(name).partition(" ")
    return rest if rest and first in {"the", "le", "la", "les", "l"} else fold(name)


@lru_cache(maxsize=1)
def _shipped() -> Boundaries:
    return Boundaries(read_units(), read_cells())
