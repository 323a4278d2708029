"""Coded data in: UCDP GED and ACLED files in all their shapes, checked, and merged with reports and each other."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sahel_map import crosswalk
from sahel_map.datasets import coded_files, read_coded, recognise
from sahel_map.incidents import to_table
from sahel_map.merging import merge
from sahel_map.model import Report
from sahel_map.pipeline import Build, run, write
from sahel_map.resolution import default_resolver
from tests.coded_files import ACLED_COLUMNS, GED_COLUMNS, HXL, acled, ged, text_of, write_acled, write_ged


def built(*paths: Path | Report, **options: Any) -> Build:
    return run(list(paths), **options)


def only(made: Build) -> dict[str, Any]:
    assert len(made.incidents) == 1, made.rejects
    return dict(made.incidents.iloc[0])


# --- recognised by header -----------------------------------------------------------------------------------------


def test_files_are_known_by_their_header_whatever_they_are_called(tmp_path: Path) -> None:
    assert recognise(write_ged(tmp_path / "acled.csv", ged())) == "ucdp-ged"
    assert recognise(write_acled(tmp_path / "ged.csv", acled())) == "acled"
    (tmp_path / "news.csv").write_text("title,text,published\na,b,2024-01-01\n")
    assert recognise(tmp_path / "news.csv") == ""
    assert recognise(tmp_path / "absent.csv") == ""


def test_our_own_incident_table_is_not_taken_for_acled(tmp_path: Path) -> None:
    made = built(write_ged(tmp_path / "g.csv", ged()))
    write(made, tmp_path / "out")
    assert recognise(tmp_path / "out" / "incidents.csv") == ""


def test_a_folder_may_hold_reports_and_coded_files(tmp_path: Path) -> None:
    write_ged(tmp_path / "events.csv", ged())
    (tmp_path / "note.txt").write_text("Gunmen killed four soldiers at Gao in Mali on 4 May 2023, the army said.")
    made = built(tmp_path)
    assert coded_files([tmp_path]) == (tmp_path / "events.csv",)
    assert not made.faults
    assert made.events == 1
    assert len(made.coded) == 1


# --- UCDP GED -----------------------------------------------------------------------------------------------------


def test_a_ged_row_keeps_its_codes_figures_and_words(tmp_path: Path) -> None:
    row = only(built(write_ged(tmp_path / "g.csv", ged())))
    assert row["incident_id"] == "UCDP-900001"
    assert (row["where_prec"], row["geo_precision"], row["time_precision"]) == (1, 1, 1)
    assert (row["fatalities_low"], row["fatalities_best"], row["fatalities_high"]) == (5, 6, 9)
    assert (row["actor1"], row["actor2"]) == (
        "Military Forces of Burkina Faso",
        "JNIM: Group for Support of Islam and Muslims",
    )
    assert (row["country"], row["admin1"], row["location"]) == ("BF", "Sahel", "Djibo")
    assert row["place_spellings"] == "Djibo town"
    parts = {t["who"]: (t["low"], t["part_of"]) for t in row["tolls"] if t["part_of"]}
    assert parts == {"soldiers": (2, "best 6"), "militants": (3, "best 6"), "civilians": (1, "best 6")}
    assert {t["speaker"] for t in row["tolls"]} == {"UCDP GED"}


@pytest.mark.parametrize("shape", ["utf-8-sig", "semicolons", "renamed", "latin", "newlines", "times"])
def test_every_shape_of_a_ged_file_gives_the_same_incident(tmp_path: Path, shape: str) -> None:
    wanted = only(built(write_ged(tmp_path / "plain.csv", ged(where_description="à Djibo"))))
    row = ged(where_description="à Djibo")
    path = tmp_path / "other.csv"
    if shape == "utf-8-sig":
        write_ged(path, row, encoding="utf-8-sig")
    elif shape == "semicolons":
        row |= {"latitude": "14,102", "longitude": "-1,6306", "gwnoa": "2;200;900"}
        write_ged(path, row, delimiter=";")
    elif shape == "renamed":
        columns = [f"{c}_est" if c in ("best", "high", "low") else c for c in GED_COLUMNS]
        path.write_text(text_of([row | {"best_est": 6, "high_est": 9, "low_est": 5}], columns), encoding="utf-8")
    elif shape == "latin":
        write_ged(path, row, encoding="cp1252")
    elif shape == "newlines":
        write_ged(path, row | {"source_original": 'Officials\nof the\r\nministry, "so called"'})
    else:
        write_ged(path, row | {"date_start": "2024-06-03 00:00:00.000", "date_end": "2024-06-03 00:00:00.000"})
    got = only(built(path))
    for column in wanted:
        if column != "geometry":
            assert np.array_equal(pd.Series([got[column]]).isna(), pd.Series([wanted[column]]).isna())
            assert got[column] is pd.NA or got[column] != got[column] or got[column] == wanted[column], column


def test_candidate_files_without_some_columns_are_read(tmp_path: Path) -> None:
    columns = [c for c in GED_COLUMNS if c not in ("gwnoa", "gwnob", "geom_wkt", "active_year", "low")]
    path = tmp_path / "candidate.csv"
    path.write_text(text_of([ged()], columns))
    assert only(built(path))["fatalities_low"] == 6


@pytest.mark.parametrize(
    ("where", "kind", "geo"),
    [
        (1, "place", 1),
        (2, "near", 2),
        (3, "unit", 2),
        (4, "unit", 3),
        (5, "near", 2),
        (6, "country", 4),
        (7, "country", 4),
    ],
)
def test_where_prec_decides_what_is_drawn(tmp_path: Path, where: int, kind: str, geo: int) -> None:
    row = only(built(write_ged(tmp_path / "g.csv", ged(where_prec=where))))
    assert (row["kind"], row["geo_precision"], row["where_prec"]) == (kind, geo, where)
    assert (row["geometry"] is None) == (kind == "country")
    if kind == "unit":
        assert row["geometry"].geom_type.endswith("Polygon")
        assert row["location"] == ("Soum" if where == 3 else "Sahel")


def test_figures_out_of_order_are_kept_and_said(tmp_path: Path) -> None:
    row = only(built(write_ged(tmp_path / "g.csv", ged(low=7, best=6, high=3))))
    assert (row["fatalities_low"], row["fatalities_best"], row["fatalities_high"]) == (3, 6, 7)
    assert "7, 6, 3" in row["notes"]


# --- ACLED --------------------------------------------------------------------------------------------------------


def test_all_three_shapes_of_acled_files_are_read(tmp_path: Path) -> None:
    new = write_acled(tmp_path / "new.csv", acled())
    old_columns = [
        "data_id",
        "iso3",
        "event_id_no_cnty",
        *(c for c in ACLED_COLUMNS if c not in ("disorder_type", "civilian_targeting", "tags")),
    ]
    old = write_acled(
        tmp_path / "old.csv", acled(event_date="03 June 2024", data_id=7, iso3="BFA"), columns=old_columns
    )
    hdx = tmp_path / "hdx.csv"
    hdx.write_text(text_of([HXL, acled()], ACLED_COLUMNS))
    rows = [only(built(path)) for path in (new, old, hdx)]
    for row in rows:
        assert row["incident_id"] == "ACLED-MADE1"
        assert (row["event_date"], row["fatalities_low"], row["fatalities_high"]) == ("2024-06-03", 8, 8)
        assert row["actor2"] == "Military Forces of Burkina Faso"
        assert row["mentions"][0]["sentence"] == "A made-up note."


@pytest.mark.parametrize(
    ("code", "span"),
    [(1, ("2024-06-03", "2024-06-03")), (2, ("2024-05-31", "2024-06-06")), (3, ("2024-05-19", "2024-06-18"))],
)
def test_acleds_time_precision_becomes_a_window_round_its_day(tmp_path: Path, code: int, span: tuple[str, str]) -> None:
    row = only(built(write_acled(tmp_path / "a.csv", acled(time_precision=code))))
    assert (row["date_from"], row["date_to"]) == span
    assert (row["event_date"], row["time_precision"]) == ("2024-06-03", code)


def test_the_crosswalk_of_geo_precision_comes_back(tmp_path: Path) -> None:
    for code in (1, 2, 3):
        row = only(built(write_acled(tmp_path / "a.csv", acled(geo_precision=code))))
        assert row["geo_precision"] == code
        assert crosswalk.GEO_OF_WHERE[row["where_prec"]] == code


# --- places -------------------------------------------------------------------------------------------------------


def test_rows_without_coordinates_are_resolved(tmp_path: Path) -> None:
    row = only(built(write_acled(tmp_path / "a.csv", acled(latitude="", longitude=""))))
    assert row["latitude"] == pytest.approx(14.1, abs=0.05)
    assert row["longitude"] == pytest.approx(-1.63, abs=0.05)
    assert "placed by its name" in row["notes"]


def test_a_point_in_another_country_is_kept_and_flagged(tmp_path: Path) -> None:
    made = built(write_ged(tmp_path / "g.csv", ged(latitude=13.51, longitude=2.12)))
    row = only(made)
    assert "its point lies in Niger, not in Burkina Faso" in row["notes"]
    assert row["longitude"] == 2.12
    assert [d["doubt"] for d in made.doubts] == ["point elsewhere"]


def test_a_point_in_another_region_is_flagged(tmp_path: Path) -> None:
    row = only(built(write_ged(tmp_path / "g.csv", ged(latitude=12.37, longitude=-1.52))))
    assert "outside the region it states (Sahel region)" in row["notes"]


def test_events_outside_our_countries_keep_what_they_state(tmp_path: Path) -> None:
    far = ged(
        country="Yemen (North Yemen)",
        adm_1="Sana'a",
        adm_2="",
        latitude=15.35,
        longitude=44.2,
        where_coordinates="Sana'a",
    )
    row = only(built(write_ged(tmp_path / "g.csv", far)))
    assert (row["country"], row["admin1"], row["notes"]) == ("Yemen (North Yemen)", "Sana'a", "")


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "column", "words"),
    [
        ({"latitude": "north"}, "latitude", "is not a number from -90 to 90"),
        ({"latitude": "141.02"}, "latitude", "is not a number"),
        ({"latitude": -1.6306, "longitude": 14.102}, "latitude", "look swapped"),
        ({"best": "six"}, "best", "is not a whole number"),
        ({"best": "-4"}, "best", "is not a whole number"),
        ({"best": "1e400"}, "best", "is not a whole number"),
        ({"date_start": "soon"}, "date_start", "is not a day"),
        ({"date_start": ""}, "date_start", "is not a day"),
        ({"date_start": "3/4/2024", "date_end": "3/4/2024"}, "date_start", "day/month or month/day"),
        ({"date_end": "2024-05-01"}, "date_end", "is before date_start"),
        ({"type_of_violence": 4}, "type_of_violence", "is not a whole number from 1 to 3"),
        ({"where_prec": 9}, "where_prec", "from 1 to 7"),
    ],
)  # fmt: skip
def test_bad_rows_are_set_aside_with_row_column_and_reason(
    tmp_path: Path, fault: dict[str, Any], column: str, words: str
) -> None:
    made = built(write_ged(tmp_path / "g.csv", ged(1), ged(2, **fault), ged(3)))
    assert made.events == 2
    first = next(r for r in made.rejects if r.column == column)
    assert first.row == 3
    assert words in first.reason


def test_rejects_are_written_and_the_rest_is_done(tmp_path: Path) -> None:
    made = built(write_ged(tmp_path / "g.csv", ged(1), ged(1), ged(2, best="=1+1")))
    write(made, tmp_path / "out")
    with (tmp_path / "out" / "rejects.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["row"], r["column"]) for r in rows] == [("3", "id"), ("4", "best")]
    assert rows[1]["value"] == "'=1+1"
    assert len(made.incidents) == 1


def test_dates_of_spreadsheets_are_read_when_the_column_tells_their_order(tmp_path: Path) -> None:
    rows = [
        ged(1, date_start="13/06/2024", date_end="13/06/2024"),
        ged(2, date_start="3/6/2024", date_end="3/6/2024"),
        ged(3, date_start="45446", date_end="45446"),
    ]
    made = built(write_ged(tmp_path / "g.csv", *rows))
    assert sorted(made.incidents["event_date"]) == ["2024-06-03", "2024-06-03", "2024-06-13"]


def test_rows_with_too_many_or_too_few_fields_are_set_aside(tmp_path: Path) -> None:
    path = write_ged(tmp_path / "g.csv", ged(1), ged(2))
    path.write_text(path.read_text() + "1,2,3\n" + "x," * 60 + "\n")
    made = built(path)
    assert made.events == 2
    assert {r.row for r in made.rejects} == {4, 5}


def test_a_file_cut_off_in_a_quoted_field_loses_only_its_last_row(tmp_path: Path) -> None:
    path = write_ged(tmp_path / "g.csv", ged(1), ged(2, source_headline="two\nlines"))
    path.write_text(path.read_text().rsplit("lines", 1)[0])
    made = built(path)
    assert made.events == 1
    assert "cut off" in made.rejects[0].reason


def test_a_file_without_a_needed_column_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text(text_of([ged(5)], [c for c in GED_COLUMNS if c not in ("latitude", "side_b")]))
    made = built(path, write_ged(tmp_path / "whole.csv", ged(1)))
    assert made.events == 1
    assert "lacks the columns side_b, latitude" in made.rejects[0].reason


# --- merging ------------------------------------------------------------------------------------------------------


def test_acled_ucdp_and_a_report_of_one_event_are_one_incident_with_all_figures(tmp_path: Path) -> None:
    report = Report(
        report_id="news", source="Courier", language="en", published=__import__("datetime").date(2024, 6, 4),
        text="Jihadists of JNIM attacked the army base at Djibo in northern Burkina Faso on 3 June 2024, killing 12 soldiers, two security sources said.",
    )  # fmt: skip
    row = only(built(report, write_ged(tmp_path / "g.csv", ged()), write_acled(tmp_path / "a.csv", acled())))
    assert set(row["report_ids"].split("; ")) == {"news", "ucdp-ged", "acled"}
    assert {(t["speaker"], t["low"]) for t in row["tolls"]} >= {("UCDP GED", 6), ("ACLED", 8)}
    assert 12 in {t["low"] for t in row["tolls"]}
    assert row["disputed"]
    assert any("ACLED" in c and "UCDP GED" in c for c in row["conflicts"])
    assert any(r.startswith("same place") for r in row["reasons"])
    assert any(r.startswith("same day") for r in row["reasons"])


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ({}, 1),
        ({"event_date": "2024-06-04"}, 1),  # a day apart, same actors
        ({"event_date": "2024-06-09"}, 2),  # another day
        (
            {"location": "Gao", "admin1": "Gao", "country": "Mali", "latitude": 16.27, "longitude": -0.04},
            2,
        ),  # another place
        ({"latitude": 14.13, "longitude": -1.66}, 1),  # 5 km off
        ({"event_type": "Protests", "sub_event_type": "Peaceful protest"}, 2),  # another sort of event
    ],
)
def test_one_event_of_two_datasets_is_one_incident_only_where_nothing_contradicts(
    tmp_path: Path, other: dict[str, Any], count: int
) -> None:
    made = built(write_ged(tmp_path / "g.csv", ged()), write_acled(tmp_path / "a.csv", acled(**other)))
    assert len(made.incidents) == count


def test_two_events_of_one_dataset_at_one_place_and_day_stay_two(tmp_path: Path) -> None:
    made = built(write_ged(tmp_path / "g.csv", ged(1), ged(2)))
    assert sorted(made.incidents["incident_id"]) == ["UCDP-900001", "UCDP-900002"]


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    g, a = (
        write_ged(tmp_path / "g.csv", ged(1), ged(2)),
        write_acled(tmp_path / "a.csv", acled(1), acled(2, fatalities=6)),
    )
    one, other = built(g, a).incidents, built(a, g).incidents
    assert one.drop(columns="geometry").to_json() == other.drop(columns="geometry").to_json()


def test_the_short_way_into_the_table_gives_the_same_rows_as_the_long_one(tmp_path: Path) -> None:
    rows = [
        ged(n, where_prec=n % 7 + 1, date_prec=n % 5 + 1, date_end=f"2024-06-{3 + n:02d}", best=n, deaths_civilians=n if n % 2 else 0,
            low=n - n % 3, high=n + n % 2, event_clarity=1 + n % 2)
        for n in range(1, 15)
    ]  # fmt: skip
    write_ged(tmp_path / "g.csv", *rows)
    assert_same_both_ways([tmp_path / "g.csv"])


def test_the_real_half_of_ged_is_built_whole_and_the_same_both_ways(shared: Path) -> None:
    path = shared / "data" / "ucdp" / "ged_events_dev.csv"
    assert_same_both_ways([path], count=1984)


def assert_same_both_ways(paths: list[Path], count: int = 0) -> None:
    events = read_coded(paths, default_resolver())
    assert not events.rejects
    assert not count or len(events) == count
    every = np.ones(len(events), dtype=bool)
    short = events.table(every)
    long = to_table(merge(events.mentions(every), events.reports), events.reports)
    short, long = (t.set_index("incident_id").sort_index() for t in (short, long))
    assert list(short.index) == list(long.index)
    for column in short.columns.drop("geometry"):
        one, other = (t[column].astype(object).where(t[column].notna(), None).tolist() for t in (short, long))
        assert one == other, column
    assert short.geometry.geom_equals(long.geometry).where(short.geometry.notna(), True).all()
