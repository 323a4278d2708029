"""Make the dated admin units: who was what, from which day to which, out of whom, and which cells they cover.

A unit is new whenever its name, territory, parent or P-code changes; ``valid_to`` is its last day.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely
from partition import NEIGHBOURS, kept, natural_earth

if TYPE_CHECKING:
    from packages import Packages
    from partition import Cell
    from shapely.geometry.base import BaseGeometry

NIGER_2011, MALI_2016, MALI_2023, BURKINA_2025 = "2011-08-08", "2016-01-19", "2023-03-13", "2025-07-02"
OCHA = "OCHA P-codes (hdx-python-country 4.2.5)"
LAW = {
    NIGER_2011: "Law of 8 August 2011 turning administrative posts into departments",
    MALI_2016: "Laws 2012-017 and 2012-018, in force from 19 January 2016",
    MALI_2023: "Laws 2023-006 and 2023-007 of 13 March 2023",
    BURKINA_2025: "Decrees of 2 July 2025",
    "": "as before the reforms kept here",
}
FIELDS = [
    "unit_id",
    "pcode",
    "name",
    "level",
    "parent_id",
    "country",
    "iso_3166_2",
    "valid_from",
    "valid_to",
    "predecessors",
    "successors",
    "alternate_names",
    "seat",
    "latitude",
    "longitude",
    "source",
]


@dataclass
class Unit:
    """One unit in one period; ``before`` holds the names of those it came from."""

    country: str
    level: int
    name: str
    valid_from: str = ""
    valid_to: str = ""
    parent: str = ""
    pcode: str = ""
    iso: str = ""
    seat: str = ""
    alternates: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    source: str = ""
    parent_id: str = ""
    predecessors: list[str] = field(default_factory=list)
    successors: list[str] = field(default_factory=list)

    @property
    def unit_id(self) -> str:
        year = f"-{self.valid_from[:4]}" if self.valid_from else ""
        return f"{self.country}{self.level}-{_slug(self.name)}{year}"


def units(packages: Packages) -> list[Unit]:
    """Every unit, linked to its parent, predecessors and successors."""
    out = [*_countries(packages), *_regions(), *_cercles(), *_provinces(), *_departments(), *_neighbours(packages)]
    _cover_regions(out)
    _link(out)
    _check_pcodes(out, packages)
    return sorted(out, key=lambda u: (u.country, u.level, u.unit_id))


def geometries(all_units: Iterable[Unit], cells: list[Cell]) -> dict[str, BaseGeometry]:
    """unit_id -> union of its cells, for the units that have any."""
    by_key = {c.key: c.geometry for c in cells}
    return {u.unit_id: shapely.coverage_union_all([by_key[k] for k in u.cells]) for u in all_units if u.cells}


def table(all_units: list[Unit], shapes: dict[str, BaseGeometry]) -> str:
    """admin_units.csv."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FIELDS)
    for u in all_units:
        point = shapes[u.unit_id].representative_point() if u.unit_id in shapes else None
        where = [f"{point.y:.3f}", f"{point.x:.3f}"] if point else ["", ""]
        links = ["|".join(x) for x in (u.predecessors, u.successors, u.alternates)]
        head = [u.unit_id, u.pcode, u.name, u.level, u.parent_id, u.country, u.iso, u.valid_from, u.valid_to]
        writer.writerow([*head, *links, u.seat, *where, u.source])
    return file.getvalue()


def _countries(packages: Packages) -> list[Unit]:
    features = natural_earth(packages)
    out = []
    for row in kept("countries.csv"):
        cells = []
        if row["country"] in NEIGHBOURS:
            cells = [f["properties"]["name"] for f in features if f["properties"]["iso_a2"] == row["country"]]
        unit = Unit(row["country"], 0, row["name"], pcode=row["iso_3"], seat=row["seat"], source="ISO 3166-1")
        unit.alternates = _split(row["alternate_names"])
        unit.cells = sorted({f"{row['country']}-{c}" for c in cells})
        out.append(unit)
    return out


def _neighbours(packages: Packages) -> list[Unit]:
    out: dict[str, Unit] = {}
    for f in natural_earth(packages):
        p = f["properties"]
        if p["iso_a2"] in NEIGHBOURS:
            unit = Unit(p["iso_a2"], 1, p["name"], parent=p["iso_a2"], source="Natural Earth 10m admin-1")
            unit.iso = p["iso_3166_2"] if re.fullmatch(r"[A-Z]{2}-\w+", p["iso_3166_2"] or "") else ""
            names = {p.get("name_en"), p.get("name_fr"), *(p.get("name_alt") or "").split("|")} - {None, "", p["name"]}
            unit.alternates = sorted(names)
            unit.cells = [f"{p['iso_a2']}-{p['name']}"]
            out.setdefault(unit.unit_id, unit)
    return list(out.values())


def _regions() -> list[Unit]:
    out = []
    for row in kept("regions.csv"):
        unit = Unit(row["country"], 1, row["name"], row["valid_from"], row["valid_to"], row["country"])
        unit.pcode, unit.iso, unit.seat = row["pcode"], row["iso_3166_2"], row["seat"]
        unit.alternates, unit.before = _split(row["alternate_names"]), _split(row["predecessors"])
        unit.source = f"{OCHA}; {LAW[row['valid_from']]}" if unit.pcode else LAW[row["valid_from"]]
        out.append(unit)
    return out


def _cercles() -> list[Unit]:
    """Mali's level 2: 49 cercles and Bamako; Ménaka's and Taoudénit's of 2016; OCHA's 160 since 2023."""
    moves = kept("mali_moves.csv")
    out = []
    for row in kept("mali_cercles.csv"):
        name = row["cercle"]
        taken = [m["cell"] for m in moves if m["cercle"] == name]
        split = row["region"] in ("Gao", "Tombouctou")
        first = _mali(row, "", MALI_2016 if split else MALI_2023, row["region"], [name, *taken])
        out.append(first)
        if split:
            left = [m["cell"] for m in moves if m["cercle"] == name and m["region_2016"] != row["region"]]
            kept_cells = [name, *[t for t in taken if t not in left]]
            later = _mali(row, MALI_2016, MALI_2023, row["region_2016"], kept_cells)
            later.before = [name]
            out.append(later)
    for name, region, former in _cercles_of_2016():
        unit = Unit("ML", 2, name, MALI_2016, _eve(MALI_2023), region, source=LAW[MALI_2016], seat=name)
        unit.before, unit.cells = [former], [f"ML-{name}"] if region == "Ménaka" else []
        out.append(unit)
    regions = {r["pcode"]: r["name"] for r in kept("regions.csv") if r["valid_from"] == MALI_2023}
    for row in kept("mali_cercles_2023.csv"):
        unit = Unit("ML", 2, row["name"], MALI_2023, "", regions[row["pcode"][:4]], row["pcode"], seat=row["name"])
        unit.alternates, unit.source = _split(row["alternate_names"]), f"{OCHA}; {LAW[MALI_2023]}"
        own = [u.name for u in out if u.name == row["name"] and u.valid_to == _eve(MALI_2023)]
        unit.before = own or _split(row["former_cercle"])
        unit.cells = [f"ML-{row['name']}"] if row["drawn"] else []
        out.append(unit)
    return out


def _cercles_of_2016() -> list[tuple[str, str, str]]:
    """(cercle, region, former cercle) that Law 2012-017 added in Ménaka and Taoudénit."""
    menaka = [(n, "Ménaka", "Ménaka") for n in ("Anderamboukane", "Inékar", "Tidermène")]
    north = ("Taoudénit", "Araouane", "Foum-Elba", "Bou-Djébéha", "Al-Ourche", "Achouratt")
    return menaka + [(n, "Taoudénit", "Tombouctou") for n in north]


def _mali(row: dict[str, str], start: str, end: str, region: str, cells: list[str]) -> Unit:
    unit = Unit("ML", 2, row["cercle"], start, _eve(end), region, row["pcode"], seat=row["cercle"])
    unit.alternates, unit.cells = _split(row["alternate_names"]), [f"ML-{c}" for c in cells]
    unit.source = f"OCHA P-codes before 2023; {LAW[start]}"
    return unit


def _provinces() -> list[Unit]:
    """Burkina Faso's 45 provinces, and the 47 since 2 July 2025."""
    new = kept("burkina_new_provinces.csv")
    out = []
    for row in kept("burkina_provinces.csv"):
        carved = [f"BF-{n['name']}" for n in new if n["carved_from"] == row["name"]]
        old = Unit("BF", 2, row["name"], "", _eve(BURKINA_2025), row["region"], row["pcode"], row["iso_3166_2"])
        old.seat, old.alternates, old.cells = (
            row["seat"],
            _split(row["alternate_names"]),
            [f"BF-{row['name']}", *carved],
        )
        old.source = f"OCHA P-codes before 2025; {LAW['']}"
        now = Unit("BF", 2, row["name_2025"], BURKINA_2025, "", row["region_2025"], row["pcode_2025"])
        now.iso = row["iso_3166_2"] if row["name"] == row["name_2025"] else ""
        now.seat, now.alternates, now.cells = row["seat"], _split(row["alternate_names_2025"]), [f"BF-{row['name']}"]
        now.before, now.source = [row["name"]], f"{OCHA}; {LAW[BURKINA_2025]}"
        out += [old, now]
    for row in new:
        unit = Unit("BF", 2, row["name"], BURKINA_2025, "", row["region"], row["pcode"], seat=row["seat"])
        unit.alternates, unit.cells = _split(row["alternate_names"]), [f"BF-{row['name']}"]
        unit.before, unit.source = [row["carved_from"]], f"{OCHA}; {row['source']}"
        out.append(unit)
    return out


def _departments() -> list[Unit]:
    """Niger's 36 departments until August 2011, then 63 and the four cities OCHA counts beside them."""
    rows = kept("niger_departments.csv")
    out = []
    for row in rows:
        children = [r["name"] for r in rows if r["carved_from"] == row["name"]]
        now = Unit("NE", 2, row["name"], "", "", row["region"], row["pcode"], seat=row["seat"])
        now.alternates, now.cells = _split(row["alternate_names"]), [f"NE-{row['name']}"]
        now.source = f"{OCHA}; {LAW[row['valid_from']]}"
        now.before = _split(row["carved_from"])
        if row["valid_from"] or children:
            now.valid_from = NIGER_2011
        if children:
            cells = [f"NE-{n}" for n in (row["name"], *children)]
            old = Unit("NE", 2, row["name"], "", _eve(NIGER_2011), row["region"], seat=row["seat"], cells=cells)
            old.alternates, old.source = list(now.alternates), LAW[""]
            now.before, now.source = [row["name"]], f"{OCHA}; {LAW[NIGER_2011]}"
            out.append(old)
        out.append(now)
    return out


def _cover_regions(all_units: list[Unit]) -> None:
    """Give regions the cells of their level 2, and countries those of their regions."""
    moves = {m["cell"]: m for m in kept("mali_moves.csv")}
    home = {m["cell"]: m["cercle"] for m in moves.values()}
    mali = {r["cercle"]: r for r in kept("mali_cercles.csv")}
    for region in [u for u in all_units if u.level == 1 and not u.cells]:
        if region.country == "ML":
            column = {"": "region", MALI_2016: "region_2016", MALI_2023: "region_2023"}[region.valid_from]
            for cell in [*mali, *moves]:
                row = moves[cell] if cell in moves and column != "region" else mali[home.get(cell, cell)]
                if row[column] == region.name:
                    region.cells.append(f"ML-{cell}")
        else:
            children = [
                u for u in all_units if u.level == 2 and u.country == region.country and u.parent == region.name
            ]
            day = region.valid_from or "1900-01-01"
            region.cells = [
                c for u in children if u.valid_from <= day and (u.valid_to or "9999") >= day for c in u.cells
            ]
        region.cells = sorted(set(region.cells))
    for country in [u for u in all_units if u.level == 0 and not u.cells]:
        first = [u for u in all_units if u.level == 1 and u.country == country.country and not u.valid_from]
        country.cells = sorted({c for u in first for c in u.cells})


def _link(all_units: list[Unit]) -> None:
    """Turn names of parents and predecessors into unit ids."""
    for u in all_units:
        peers = [v for v in all_units if v.country == u.country]
        if u.level == 1:
            u.parent_id = next(v.unit_id for v in peers if v.level == 0)
        if u.level == 2:
            day = u.valid_from or "1900-01-01"
            u.parent_id = next(
                v.unit_id for v in peers
                if v.level == 1 and v.name == u.parent and v.valid_from <= day and (v.valid_to or "9999") >= day
            )  # fmt: skip
        for name in u.before:
            old = next(v for v in peers if v.level == u.level and v.name == name and v.valid_to == _eve(u.valid_from))
            u.predecessors.append(old.unit_id)
            old.successors.append(u.unit_id)


def _check_pcodes(all_units: list[Unit], packages: Packages) -> None:
    """Stop when today's units and OCHA's list of P-codes differ in code, level or parent."""
    text = packages.read("hdx-python-country", "fixtures-download-global-pcodes-adm-1-2.csv").decode("utf-8-sig")
    wanted = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["Location"] in ("MLI", "BFA", "NER"):
            parent = row["Parent P-Code"] if row["Admin Level"] == "2" else ""
            wanted[row["P-Code"]] = (int(row["Admin Level"]), parent)
    ids = {u.unit_id: u for u in all_units}
    today = [u for u in all_units if u.country in ("ML", "BF", "NE") and u.level and not u.valid_to]
    have = {u.pcode: (u.level, ids[u.parent_id].pcode if u.level == 2 else "") for u in today}
    if have != wanted:
        raise SystemExit(f"P-codes differ from OCHA's: {sorted(set(have.items()) ^ set(wanted.items()))}")


def _eve(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat() if day else ""


def _split(text: str) -> list[str]:
    return [t for t in text.split("|") if t]


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
