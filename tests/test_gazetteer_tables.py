"""Every row of every shipped gazetteer table: unique, sourced, in its place and in its time."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import Counter

import pytest
import shapely

from sahel_map.boundaries import Boundaries
from sahel_map.model import AdminUnit, LonLat
from sahel_map.names import fold
from sahel_map.shipped import gazetteer_tables

TABLES = gazetteer_tables()
COVERED = ("ML", "BF", "NE")
LARGEST = 2_500_000  # bytes a file
NEAR_BORDER_KM = 6.0  # border posts may lie across the line a 1:10m map draws
SHIPPED = Boundaries.shipped()


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((TABLES / name).read_text(encoding="utf-8").splitlines()))


PLACES = rows("places.csv")
KEPT = rows("kept_places.csv")
UNITS = SHIPPED.units()
BASEMAP = json.loads((TABLES / "basemap.json").read_text(encoding="utf-8"))


def faults(table: list[dict[str, str]]) -> list[str]:
    """What is wrong with the rows of a table of places, a line each."""
    out = []
    for row in table:
        where = f"{row['place_id']} {row['name']}"
        checks = {
            "no name": bool(fold(row["name"])),
            "a name folds to nothing": all(
                fold(n) for n in row["alternate_names"].split("|") if row["alternate_names"]
            ),
            "stray space": all(v == v.strip() for v in row.values()),
            "no source": bool(row["source"]),
            "feature code": bool(re.fullmatch(r"[A-Z][A-Z0-9]{1,4}", row["feature_code"])),
            "adm1 P-code": bool(re.fullmatch(r"((ML|BF)\d{2}|NE\d{3})?", row["adm1_pcode"])),
            "adm2 P-code": bool(re.fullmatch(r"((ML|BF)\d{4}|NE\d{6})?", row["adm2_pcode"])),
            "adm2 outside adm1": row["adm2_pcode"].startswith(row["adm1_pcode"]) or not row["adm2_pcode"],
            "population": bool(re.fullmatch(r"\d*", row["population"])),
        }
        out += [f"{where}: {name}" for name, good in checks.items() if not good]
    return out


@pytest.mark.parametrize("table", [PLACES, KEPT], ids=["places", "kept"])
def test_every_place_is_whole(table: list[dict[str, str]]) -> None:
    assert faults(table) == []


@pytest.mark.parametrize("table", [PLACES, KEPT], ids=["places", "kept"])
def test_ids_are_unique_and_sorted(table: list[dict[str, str]]) -> None:
    ids = [row["place_id"] for row in table]
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert ids == sorted(ids)


def test_no_two_rows_are_one_place() -> None:
    """One name within a kilometre in one table is the same place twice."""
    for table in (PLACES, KEPT):
        seen = Counter(
            (row["country"], fold(row["name"]), round(float(row["latitude"]), 2), round(float(row["longitude"]), 2))
            for row in table
        )
        assert [key for key, n in seen.items() if n > 1] == []


@pytest.mark.parametrize("table", [PLACES, KEPT], ids=["places", "kept"])
def test_every_place_lies_in_its_country(table: list[dict[str, str]]) -> None:
    found = SHIPPED.at_many([float(r["longitude"]) for r in table], [float(r["latitude"]) for r in table])
    strays = []
    for row, country in zip(table, found["country"], strict=True):
        if country != row["country"]:
            here = LonLat(float(row["longitude"]), float(row["latitude"]))
            if SHIPPED.border_distance_km(here, row["country"]) > NEAR_BORDER_KM:
                strays.append(row["place_id"])
    assert strays == []


def test_every_kept_place_lies_in_the_region_it_names() -> None:
    strays = []
    for row in KEPT:
        here = SHIPPED.at(LonLat(float(row["longitude"]), float(row["latitude"])))
        if row["adm1_pcode"] and here.country == row["country"]:
            assert here.admin1_today is not None
            if here.admin1_today.pcode != row["adm1_pcode"]:
                strays.append((row["place_id"], row["adm1_pcode"], here.admin1_today.pcode))
    assert strays == []


def test_there_are_hundreds_of_kept_places_in_each_of_the_three_countries() -> None:
    count = Counter(row["country"] for row in KEPT)
    assert sum(count.values()) >= 400
    assert min(count[c] for c in COVERED) >= 100


def test_every_admin_seat_is_a_place() -> None:
    known = {(r["country"], fold(n)) for r in (*PLACES, *KEPT) for n in (r["name"], *r["alternate_names"].split("|"))}
    seats = {(u.country, u.seat) for u in UNITS if u.country in COVERED and u.level == 1 and u.valid_to is None}
    assert sorted(s for s in seats if (s[0], fold(s[1])) not in known) == []


def test_units_have_their_parents_and_sources() -> None:
    ids = {u.unit_id: u for u in UNITS}
    assert len(ids) == len(UNITS)
    for u in UNITS:
        assert u.source, u.unit_id
        assert fold(u.name), u.unit_id
        if u.level:
            assert ids[u.parent_id].level == u.level - 1
            assert ids[u.parent_id].country == u.country


def test_a_unit_lives_within_the_life_of_its_parent() -> None:
    for u in UNITS:
        if u.level == 2:
            parent = SHIPPED.unit(u.parent_id)
            assert (parent.valid_from or dt.date.min) <= (u.valid_from or dt.date.min), u.unit_id
            assert (parent.valid_to or dt.date.max) >= (u.valid_to or dt.date.max), u.unit_id


def test_predecessors_and_successors_name_each_other_and_periods_meet() -> None:
    for u in UNITS:
        for old_id in u.predecessors:
            old = SHIPPED.unit(old_id)
            assert u.unit_id in old.successors
            assert old.valid_to is not None
            assert u.valid_from == old.valid_to + dt.timedelta(days=1)
        for new_id in u.successors:
            assert u.unit_id in SHIPPED.unit(new_id).predecessors


def test_a_unit_that_ended_has_a_successor_and_one_that_began_comes_from_another() -> None:
    undrawn = {"Kassambéré", "Achibogho", "Takalote"}  # whose former cercle no source here names
    ended = [u.unit_id for u in UNITS if u.valid_to and not u.successors]
    began = [u.unit_id for u in UNITS if u.valid_from and not u.predecessors and u.name not in undrawn]
    assert (ended, began) == ([], [])


def test_p_codes_have_their_country_and_their_parent_in_them() -> None:
    shapes = {"ML": (r"ML\d\d", r"ML\d{4}"), "BF": (r"BF\d\d", r"BF\d{4}"), "NE": (r"NE\d{3}", r"NE\d{6}")}
    for u in UNITS:
        if u.country in COVERED and u.level and u.pcode:
            assert re.fullmatch(shapes[u.country][u.level - 1], u.pcode), u.unit_id
            parent = SHIPPED.unit(u.parent_id)
            if u.level == 2 and parent.pcode and not u.valid_to:
                assert u.pcode.startswith(parent.pcode), u.unit_id


def test_no_two_units_of_a_day_share_a_code_or_an_iso_code() -> None:
    for day in (dt.date(2010, 1, 1), dt.date(2018, 1, 1), dt.date(2024, 1, 1), dt.date(2026, 1, 1)):
        for field in ("pcode", "iso_3166_2"):
            codes = Counter(getattr(u, field) for u in SHIPPED.units(date=day) if getattr(u, field))
            assert [c for c, n in codes.items() if n > 1] == []


def test_every_region_of_the_three_countries_has_a_polygon() -> None:
    undrawn = [
        u.unit_id for u in UNITS if u.level <= 1 and u.country in COVERED and SHIPPED.geometry(u.unit_id) is None
    ]
    assert undrawn == []


def test_every_unit_that_holds_its_point() -> None:
    for u in UNITS:
        if u.position is not None:
            polygon = SHIPPED.geometry(u.unit_id)
            assert polygon is not None
            assert polygon.intersects(shapely.Point(u.position)), u.unit_id


@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_geojson_of_a_level_holds_the_polygons_the_package_answers_with(level: int) -> None:
    features = json.loads((TABLES / f"units_level{level}.geojson").read_text(encoding="utf-8"))["features"]
    ids = [f["properties"]["unit_id"] for f in features]
    assert len(set(ids)) == len(ids)
    for feature in features[:: max(1, len(features) // 20)]:
        unit: AdminUnit = SHIPPED.unit(feature["properties"]["unit_id"])
        ours = SHIPPED.geometry(unit.unit_id)
        theirs = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert unit.level == level
        assert ours is not None
        assert theirs.is_valid
        assert theirs.area == pytest.approx(ours.area, rel=1e-6)


def test_every_area_is_valid_named_in_two_languages_and_says_its_rule() -> None:
    areas = SHIPPED.areas()
    assert len(areas) >= 40
    for area in areas:
        assert area.geometry.is_valid
        assert area.geometry.area > 0
        assert area.name_en
        assert area.name_fr
        assert area.rule
        assert area.source
        assert all(SHIPPED.units(0, c) for c in area.countries)


def test_no_name_means_two_areas() -> None:
    names = Counter(fold(n) for a in SHIPPED.areas() for n in {a.name_en, a.name_fr, *a.alternate_names})
    assert [
        n
        for n, count in names.items()
        if count > 1
        and len(
            {a.area_id for a in SHIPPED.areas() if n in {fold(x) for x in (a.name_en, a.name_fr, *a.alternate_names)}}
        )
        > 1
    ] == []


@pytest.mark.parametrize("layer", ["countries", "admin1", "rivers", "lakes", "liptako_gourma"])
def test_the_basemap_layers_are_valid_and_in_range(layer: str) -> None:
    features = BASEMAP[layer]["features"]
    assert features
    for feature in features:
        geometry = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert feature["properties"]["name"]
        assert not geometry.is_empty
        west, south, east, north = geometry.bounds
        assert -13 <= west <= east <= 17.001
        assert 8.9 <= south <= north <= 26.001


def test_the_basemap_has_its_rivers_towns_and_credits() -> None:
    names = {f["properties"]["name"] for f in BASEMAP["rivers"]["features"]}
    assert {"Niger", "Bani", "Mouhoun", "Sénégal", "Nakambé"} <= names
    assert not any("?" in n for n in names)
    capitals = {t["name"] for t in BASEMAP["towns"] if t["capital"]}
    assert {"Bamako", "Ouagadougou", "Niamey"} <= capitals
    assert all(1 <= t["rank"] <= 5 for t in BASEMAP["towns"])
    assert any("GeoNames" in line for line in BASEMAP["credits"])
    dated = [f["properties"] for f in BASEMAP["admin1"]["features"] if f["properties"]["country"] == "BF"]
    assert Counter("valid_to" in p for p in dated) == {True: 13, False: 17}


def test_no_shipped_file_is_too_large() -> None:
    sizes = {p.name: p.stat().st_size for p in TABLES.iterdir() if p.is_file()}
    assert {n: s for n, s in sizes.items() if s > LARGEST} == {}
    assert sizes["basemap.json"] < 450_000


def test_tables_are_utf8_with_unix_line_ends() -> None:
    for path in TABLES.glob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert content.decode("utf-8").endswith("\n")


def test_every_table_has_its_line_in_sources() -> None:
    sources = TABLES.parent / "SOURCES.md"
    if not sources.is_file():
        pytest.skip("an installed package: SOURCES.md is in the repository")
    text = sources.read_text(encoding="utf-8")
    assert [p.name for p in TABLES.iterdir() if p.is_file() and f"`{p.name}`" not in text] == []
