"""Units of a day, distances to borders and named areas."""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
import shapely.ops

from sahel_map.boundaries import NEAR_DEGREES, Boundaries, valid_on
from sahel_map.errors import GazetteerError, InputError
from sahel_map.model import LonLat

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "units.csv").read_text(encoding="utf-8").splitlines()))
SHIPPED = Boundaries.shipped()
COLUMNS = ("country", "admin1", "admin2", "admin1_today", "admin2_today")


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['place']} {c['date']}")
def test_a_point_and_a_day_give_the_units_of_that_day_and_of_today(case: dict[str, str]) -> None:
    here = SHIPPED.at(LonLat(float(case["longitude"]), float(case["latitude"])), dt.date.fromisoformat(case["date"]))
    units = (here.admin1, here.admin2, here.admin1_today, here.admin2_today)
    assert (here.country, *(u.name if u else "" for u in units)) == tuple(case[c] for c in COLUMNS)


def test_many_points_at_once_answer_as_one_by_one() -> None:
    lons, lats = ([float(c[k]) for c in CASES] for k in ("longitude", "latitude"))
    table = SHIPPED.at_many(lons, lats, [c["date"] for c in CASES])
    assert [tuple(row) for row in table[list(COLUMNS)].itertuples(index=False)] == [
        tuple(c[k] for k in COLUMNS) for c in CASES
    ]


def test_random_points_agree_between_the_two_ways() -> None:
    random = np.random.default_rng(7)
    lons, lats = random.uniform(-13, 17, 400), random.uniform(9, 26, 400)
    days = np.datetime64("2009-01-01") + random.integers(0, 6500, 400)
    table = SHIPPED.at_many(lons, lats, days)
    for row, lon, lat, day in zip(table.itertuples(), lons, lats, days, strict=True):
        here = SHIPPED.at(LonLat(lon, lat), day.astype(object))
        assert (row.country, row.admin1, row.admin2) == (
            here.country,
            here.admin1.name if here.admin1 else "",
            here.admin2.name if here.admin2 else "",
        )


def test_bad_positions_in_a_table_leave_their_row_empty() -> None:
    table = SHIPPED.at_many([np.nan, 200.0, np.inf, -1.63], [14.0, 14.0, 14.0, 14.10])
    assert table["country"].tolist() == ["", "", "", "BF"]


def test_missing_dates_mean_today() -> None:
    table = SHIPPED.at_many([-1.63, -1.63], [14.10, 14.10], [None, "2020-01-01"])
    assert table["admin1"].tolist() == ["Soum", "Sahel"]


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(InputError, match="one length"):
        SHIPPED.at_many([1.0, 2.0], [14.0])
    with pytest.raises(InputError, match="one date for each"):
        SHIPPED.at_many([1.0, 2.0], [14.0, 14.0], ["2020-01-01"])


@pytest.mark.parametrize("position", [LonLat(14.1, 181.63), LonLat(-181.0, 14.0), LonLat(float("nan"), 14.0)])
def test_a_position_outside_the_world_is_an_error(position: LonLat) -> None:
    with pytest.raises(InputError, match="longitude"):
        SHIPPED.at(position)


def test_no_point_of_the_three_countries_is_in_two_cells_or_none() -> None:
    cells = [c.geometry for c in SHIPPED._cells]
    assert shapely.coverage_is_valid(cells)
    whole = shapely.coverage_union_all(cells)
    assert not [ring for part in shapely.get_parts(whole) for ring in part.interiors]


def test_a_point_just_outside_every_polygon_gets_the_nearest_unit() -> None:
    coast = SHIPPED.geometry("SN0-senegal")
    assert coast is not None
    west = shapely.Point(-17.6, 14.72)
    edge = shapely.ops.nearest_points(coast, west)[0]
    assert SHIPPED.at(LonLat(edge.x - NEAR_DEGREES / 4, edge.y)).country == "SN"
    assert SHIPPED.at(LonLat(edge.x - NEAR_DEGREES * 20, edge.y)).country == ""


def test_names_find_units_by_name_alternate_and_code() -> None:
    assert {u.unit_id for u in SHIPPED.named("soum")} == {"BF1-soum-2025", "BF2-soum"}
    assert [u.unit_id for u in SHIPPED.named("SOUM", level=2)] == ["BF2-soum"]
    assert [u.name for u in SHIPPED.named("Timbuktu", level=1, date=dt.date(2020, 1, 1))] == ["Tombouctou"]
    assert [u.name for u in SHIPPED.named("ml18")] == ["Douentza"]
    assert [u.name for u in SHIPPED.named("la Tapoa", level=1)] == ["Tapoa"]
    assert SHIPPED.named("no such unit") == ()
    assert SHIPPED.named("") == ()


@pytest.mark.parametrize(
    ("country", "day", "regions", "districts"),
    [
        ("ML", dt.date(2010, 1, 1), 9, 50),
        ("ML", dt.date(2018, 1, 1), 11, 59),
        ("ML", dt.date(2024, 1, 1), 20, 160),
        ("BF", dt.date(2025, 7, 1), 13, 45),
        ("BF", dt.date(2025, 7, 2), 17, 47),
        ("NE", dt.date(2011, 8, 7), 8, 37),
        ("NE", dt.date(2011, 8, 8), 8, 67),
    ],
)
def test_the_number_of_units_on_a_day(country: str, day: dt.date, regions: int, districts: int) -> None:
    assert len(SHIPPED.units(1, country, day)) == regions
    assert len(SHIPPED.units(2, country, day)) == districts


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("ML", "2010-01-01"),
        ("ML", "2018-01-01"),
        ("ML", "2026-01-01"),
        ("BF", "2020-01-01"),
        ("BF", "2026-01-01"),
        ("NE", "2020-01-01"),
    ],
)
def test_the_regions_of_a_day_make_up_their_country(country: str, day: str) -> None:
    whole = SHIPPED.geometry(SHIPPED.units(0, country)[0].unit_id)
    parts = [SHIPPED.geometry(u.unit_id) for u in SHIPPED.units(1, country, dt.date.fromisoformat(day))]
    assert whole is not None
    assert None not in parts
    assert sum(p.area for p in parts if p) == pytest.approx(whole.area, rel=1e-9)


def test_the_distance_to_a_border_is_in_kilometres() -> None:
    boulkessi = LonLat(-1.303, 14.798)
    assert 4 < SHIPPED.border_distance_km(boulkessi, "BF") < 10
    assert SHIPPED.border_distance_km(boulkessi, "NE") > 100
    with pytest.raises(GazetteerError, match="FR"):
        SHIPPED.border_distance_km(boulkessi, "FR")


def test_unknown_ids_are_errors_and_undrawn_units_none() -> None:
    with pytest.raises(GazetteerError, match="XX1"):
        SHIPPED.unit("XX1-nowhere")
    with pytest.raises(GazetteerError, match="atlantis"):
        SHIPPED.area("atlantis")
    assert SHIPPED.geometry("ML2-korientze-2023") is None


@pytest.mark.parametrize(
    ("name", "area", "inside", "outside"),
    [
        ("the tri-border area", "trois-frontieres", (0.307, 15.221), (-8.0, 12.65)),
        ("zone des trois frontières", "trois-frontieres", (-0.233, 14.45), (2.11, 13.51)),
        ("Liptako Gourma", "liptako-gourma", (0.454, 13.382), (-5.68, 11.32)),
        ("delta central du Niger", "inner-niger-delta", (-4.6, 14.326), (-0.045, 16.272)),
        ("Delta intérieur du Niger", "inner-niger-delta", (-4.26, 15.368), (2.11, 13.51)),
        ("le Gourma", "gourma", (-1.303, 14.798), (-0.35, 17.8)),
        ("north of Mali", "northern-mali", (1.408, 18.441), (-4.183, 14.484)),
        ("Parc du W", "w-park", (2.4, 12.2), (1.3, 11.5)),
        ("W-Arly-Pendjari", "wap-complex", (1.5, 11.2), (0.358, 12.062)),
        ("bassin du lac Tchad", "lake-chad-basin", (13.31, 13.699), (2.11, 13.51)),
        ("Boucle du Niger", "niger-bend", (-0.045, 16.272), (-8.0, 12.65)),
        ("Pays dogon", "dogon-country", (-3.57, 13.954), (-4.183, 14.484)),
    ],
)
def test_areas_are_found_by_name_and_hold_what_they_should(
    name: str, area: str, inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    found = SHIPPED.area_named(name)
    assert found is not None
    assert found.area_id == area
    assert found.geometry.contains(shapely.Point(inside))
    assert not found.geometry.contains(shapely.Point(outside))


def test_a_users_own_polygons_decide_todays_units_and_leave_the_past_alone() -> None:
    own = SHIPPED.overlaid(
        {"ML0505": shapely.box(-4.1, 14.8, -3.7, 15.1), "ML1805": shapely.box(-2.2, 14.4, -1.0, 15.0)}
    )
    konna = LonLat(-3.895, 14.943)
    here, before = own.at(konna, dt.date(2025, 6, 1)), own.at(konna, dt.date(2022, 3, 4))
    assert here.admin2 is not None
    assert (here.admin2.name, here.admin2.valid_to) == ("Konna", None)
    assert before.admin2 is not None
    assert before.admin2.name == "Mopti"
    assert before.admin2_today is not None
    assert before.admin2_today.pcode == "ML0505"
    drawn = own.geometry("ML2-konna-2023")
    assert drawn is not None
    assert drawn.contains(shapely.Point(konna))
    assert own.at(LonLat(-1.2, 14.52), dt.date(2025, 6, 1)).country == "BF", "a polygon never moves a country's border"
    mopti = LonLat(-4.183, 14.484)
    assert own.at(mopti, dt.date(2025, 6, 1)) == SHIPPED.at(mopti, dt.date(2025, 6, 1))
    assert own.at_many([-3.895], [14.943])["adm2_pcode_today"].tolist() == ["ML0505"]


def test_polygons_of_unknown_p_codes_are_refused() -> None:
    with pytest.raises(GazetteerError, match="ML9999"):
        SHIPPED.overlaid({"ML9999": shapely.box(0, 14, 1, 15)})


def test_a_unit_is_valid_on_both_ends_of_its_period() -> None:
    soum = SHIPPED.unit("BF2-soum")
    assert valid_on(soum, dt.date(2025, 7, 1))
    assert not valid_on(soum, dt.date(2025, 7, 2))


def test_importing_the_module_loads_neither_pandas_nor_geopandas() -> None:
    code = "import sys, sahel_map.boundaries; assert not {'pandas', 'geopandas', 'pyogrio'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
