"""Any table of events with a mapping file: CSV, Excel, GeoJSON and GeoPackage, in the shapes people send them."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from sahel_map.cli import main
from sahel_map.datasets import coded_files, read_coded, unmapped
from sahel_map.datasets.mapping import FIELDS, event_types, guess, path_beside, read_mapping, write_guess
from sahel_map.errors import InputError, OutputError
from sahel_map.incidents import to_table
from sahel_map.merging import merge
from sahel_map.model import Report
from sahel_map.pipeline import Build, run, write
from sahel_map.resolution import default_resolver
from sahel_map.store import incidents_of
from sahel_map.store.adding import add
from tests.coded_files import acled, ged, text_of, write_acled, write_ged, write_workbook

COLUMNS = ["ref", "day", "place", "province", "region", "country", "lat", "lon", "killed", "kind", "who", "notes"]


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    """One row of a made-up log: Djibo, 3 June 2024, 7 dead."""
    return {
        "ref": number, "day": "2024-06-03", "place": "Djibo", "province": "Soum", "region": "Sahel", "country": "Burkina Faso",
        "lat": "14.102", "lon": "-1.6306", "killed": 7, "kind": "Armed clash", "who": "JNIM", "notes": "A made-up note.", **more,
    }  # fmt: skip


def table(
    path: Path, *rows: dict[str, Any], delimiter: str = ",", encoding: str = "utf-8", columns: list[str] | None = None
) -> Path:
    path.write_text(text_of(list(rows), columns or COLUMNS, delimiter), encoding=encoding)
    return path  # fmt: skip


def mapped(path: Path, **more: str) -> Path:
    """The table with a mapping file beside it: its columns by their names here, ``more`` as other lines at the top."""
    columns = {"id": "ref", "date": "day", "location": "place", "admin1": "region", "admin2": "province", "country": "country",
               "latitude": "lat", "longitude": "lon", "fatalities": "killed", "event_type": "kind", "actor1": "who", "notes": "notes"}  # fmt: skip
    top = [f"{key} = {json.dumps(value)}" for key, value in {"name": "Our log", **more}.items()]
    body = [f"{key} = {json.dumps(value)}" for key, value in columns.items()]
    path_beside(path).write_text("\n".join([*top, "[columns]", *body]), encoding="utf-8")
    return path


def only(made: Build) -> dict[str, Any]:
    assert len(made.incidents) == 1, made.rejects
    return dict(made.incidents.iloc[0])


def values(found: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if not isinstance(v, list | dict) and pd.isna(v) else v
        for key, v in found.items()
        if key != "geometry"
    }


# --- what a mapped row becomes ------------------------------------------------------------------------------------


def test_a_mapped_row_becomes_an_incident_with_its_source_figure_and_words(tmp_path: Path) -> None:
    found = only(run([mapped(table(tmp_path / "log.csv", row()))]))
    assert found["incident_id"] == "our-log-1"
    assert (found["event_date"], found["location"], found["country"], found["admin1"]) == (
        "2024-06-03",
        "Djibo",
        "BF",
        "Sahel",
    )
    assert (found["event_type"], found["sub_event_type"]) == ("Battles", "Armed clash")
    assert found["actor1"] == "JNIM: Group for Support of Islam and Muslims"
    assert (found["fatalities_low"], found["fatalities_best"], found["fatalities_high"]) == (7, 7, 7)
    assert (found["sources"], found["report_ids"]) == ("Our log", "our-log")
    assert found["mentions"][0]["sentence"] == "A made-up note."
    assert (found["geo_precision"], found["where_prec"]) == (1, 1)


def test_an_empty_figure_is_no_figure_and_nought_is_nought(tmp_path: Path) -> None:
    made = run([mapped(table(tmp_path / "log.csv", row(1, killed=""), row(2, killed=0, day="2024-01-01")))])
    rows = {r["incident_id"]: r for r in made.incidents.to_dict("records")}
    assert pd.isna(rows["our-log-1"]["fatalities_low"])
    assert rows["our-log-1"]["tolls"] == []
    assert rows["our-log-2"]["fatalities_low"] == 0


def test_the_short_way_into_the_table_gives_the_same_rows_as_the_long_one(tmp_path: Path) -> None:
    rows = [row(n, killed="" if n % 3 else n, lat="" if n % 4 == 0 else "14.1", kind=("Battles", "Attack", "shooting", "")[n % 4])
            for n in range(1, 10)]  # fmt: skip
    events = read_coded([mapped(table(tmp_path / "log.csv", *rows))], default_resolver())
    every = np.ones(len(events), dtype=bool)
    assert len(events) == 9
    short, long = events.table(every), to_table(merge(events.mentions(every), events.reports), events.reports)
    short, long = (t.set_index("incident_id").sort_index() for t in (short, long))
    for column in short.columns.drop("geometry"):
        one, other = (t[column].astype(object).where(t[column].notna(), None).tolist() for t in (short, long))
        assert one == other, column


@pytest.mark.parametrize(
    "shape", ["semicolons", "tabs", "latin", "utf-16", "commas", "upper case", "xlsx", "xlsx text"]
)
def test_every_shape_of_a_table_gives_the_same_incident(tmp_path: Path, shape: str) -> None:
    said = row(notes="à Djibo")
    wanted = values(only(run([mapped(table(tmp_path / "plain.csv", said))])))
    comma = said | {"lat": "14,102", "lon": "-1,6306"}
    path = tmp_path / ("other.xlsx" if "xlsx" in shape else "other.csv")
    if shape == "semicolons":
        table(path, comma, delimiter=";")
    elif shape == "tabs":
        table(path, comma, delimiter="\t")
    elif shape == "latin":
        table(path, said, encoding="cp1252")
    elif shape == "utf-16":
        table(path, said, delimiter="\t", encoding="utf-16")
    elif shape == "commas":
        table(path, comma)
    elif shape == "upper case":
        path.write_text(text_of([said], COLUMNS).replace("ref,day,place", " REF , Day,PLACE", 1))
    elif shape == "xlsx":
        write_workbook(path, [said | {"lat": 14.102, "lon": -1.6306, "day": dt.datetime(2024, 6, 3)}], COLUMNS)
    else:
        write_workbook(path, [{k: str(v) for k, v in said.items()}], COLUMNS, above=2)
    assert values(only(run([mapped(path)]))) == wanted


def test_a_workbooks_days_serial_numbers_and_numeric_ids_are_read_and_rows_are_numbered_as_it_shows_them(
    tmp_path: Path,
) -> None:
    rows = [
        row(17.0, day=45446),
        row(18, day=dt.datetime(2024, 6, 20, 13, 30)),
        row(19, killed="many"),
        row(None, day="2024-06-25"),
    ]
    made = run([mapped(write_workbook(tmp_path / "log.xlsx", rows, COLUMNS))])
    assert made.incidents[["incident_id", "event_date"]].to_numpy().tolist() == [
        ["our-log-17", "2024-06-03"], ["our-log-18", "2024-06-20"], ["our-log-row5", "2024-06-25"]]  # fmt: skip
    assert [(r.row, r.column) for r in made.rejects] == [(4, "killed")]


@pytest.mark.parametrize("kind", ["ucdp", "acled"])
def test_ucdp_and_acled_files_saved_from_excel_are_known_by_their_header(tmp_path: Path, kind: str) -> None:
    if kind == "ucdp":
        plain, columns, said = (
            write_ged(tmp_path / "p.csv", ged()),
            list(ged()),
            ged(date_start=dt.datetime(2024, 6, 3), best=6.0),
        )
    else:
        plain, columns, said = write_acled(tmp_path / "p.csv", acled()), list(acled()), acled(event_date=45446)
    book = write_workbook(tmp_path / "log.xlsx", [said], columns)
    assert values(only(run([book]))) == values(only(run([plain])))
    assert coded_files([tmp_path]) == (book, plain)


# --- GeoJSON and GeoPackage ---------------------------------------------------------------------------------------


def features(*shapes: Any, **more: Any) -> dict[str, Any]:
    told = [{"type": "Feature", "geometry": s and s.__geo_interface__, "properties": {k: v for k, v in row(n).items() if k not in ("lat", "lon")}}
            for n, s in enumerate(shapes, 1)]  # fmt: skip
    return {"type": "FeatureCollection", "features": told, **more}


def located(path: Path) -> Path:
    mapped(path)
    beside = path_beside(path)
    beside.write_text(
        beside.read_text().replace('"lat"', '"geometry latitude"').replace('"lon"', '"geometry longitude"')
    )
    return path


def test_geojson_gives_points_points_within_areas_and_names_where_there_is_no_geometry(tmp_path: Path) -> None:
    path = tmp_path / "log.geojson"
    path.write_text(
        json.dumps(features(Point(-1.6306, 14.102), box(-1.7, 14.0, -1.5, 14.2), None)), encoding="utf-8-sig"
    )
    made = run([located(path)])
    rows = {r["incident_id"]: r for r in made.incidents.to_dict("records")}
    assert (rows["our-log-1"]["longitude"], rows["our-log-1"]["where_prec"]) == (-1.6306, 1)
    assert (rows["our-log-2"]["kind"], rows["our-log-2"]["where_prec"]) == ("near", 5)
    assert box(-1.7, 14.0, -1.5, 14.2).contains(rows["our-log-2"]["geometry"])
    assert "placed by its name" in rows["our-log-3"]["notes"]


def test_a_geopackage_layer_in_metres_is_brought_to_degrees(tmp_path: Path) -> None:
    frame = (
        gpd.GeoDataFrame([row()], geometry=[Point(-1.6306, 14.102)], crs=4326)
        .drop(columns=["lat", "lon"])
        .to_crs(32630)
    )
    path = tmp_path / "log.gpkg"
    frame.to_file(path, driver="GPKG", layer="events")
    found = only(run([located(path)]))
    assert (found["latitude"], found["longitude"]) == (14.102, -1.6306)
    frame.to_file(path, driver="GPKG", layer="others")
    made = run([path])
    assert "has the layers 'events', 'others'; name one as layer" in made.rejects[0].reason
    beside = path_beside(path)
    beside.write_text('layer = "others"\n' + beside.read_text())
    assert run([path]).events == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("log.geojson", '<OGRVRTDataSource><OGRVRTLayer name="passwd"></OGRVRTLayer></OGRVRTDataSource>', "is not GeoJSON"),
        ("log.geojson", '{"type": "Topology", "objects": {}}', "wanted a FeatureCollection"),
        ("log.geojson", '{"type": "FeatureCollection", "features": 3}', "not of GeoJSON's form"),
        ("log.geojson", '{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:32630"}}, "features": []}', "not in longitude and latitude"),
        ("log.geojson", "[" * 100_000, "is not GeoJSON"),
        ("log.gpkg", '{"type": "FeatureCollection"}', "is not a GeoPackage"),
        ("log.gpkg", "SQLite format 3\x00" + "x" * 200, "is not a GeoPackage"),
        ("log.xlsx", "PK\x03\x04 not a zip", "is not an Excel workbook"),
        ("log.xlsx", "ref,day\n1,2\n", "is not an Excel workbook"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_rest_is_read(
    tmp_path: Path, name: str, content: str, words: str
) -> None:
    (tmp_path / name).write_text(content)
    made = run([mapped(tmp_path / name), write_ged(tmp_path / "g.csv", ged())])
    assert made.events == 1
    assert [words in r.reason for r in made.rejects] == [True]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sahel_map.datasets.spreadsheet.MAX_UNPACKED", 1000)
    made = run([mapped(write_workbook(tmp_path / "log.xlsx", [row()], COLUMNS))])
    assert "unpacks to more than" in made.rejects[0].reason


def test_a_store_of_ours_is_not_read_as_a_table(tmp_path: Path) -> None:
    add(tmp_path / "s.gpkg", [write_ged(tmp_path / "g.csv", ged())])
    assert "is a store of sahel-map" in run([tmp_path / "s.gpkg"]).rejects[0].reason


# --- bad rows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "column", "words"),
    [
        ({"lat": "-1.6306", "lon": "14.102"}, "latitude", "look swapped"),
        ({"lat": "-1.6306", "lon": "14.102", "country": "", "region": ""}, "latitude", "look swapped"),
        ({"lat": "north"}, "lat", "is not a number from -90 to 90"),
        ({"day": ""}, "day", "is not a day"),
        ({"day": "3/4/2024"}, "day", "day/month or month/day"),
        ({"killed": "7,5"}, "killed", "is not a whole number"),
        ({"ref": 1}, "id", "came before"),
        ({"lat": "", "place": "", "region": "", "country": ""}, "place", "neither coordinates nor the name of a place"),
    ],
)  # fmt: skip
def test_bad_rows_go_to_the_rejects_by_row_and_the_tables_own_column(
    tmp_path: Path, fault: dict[str, Any], column: str, words: str
) -> None:
    path = mapped(table(tmp_path / "log.csv", row(1), row(2, **fault), row(3)))
    made = run([path])
    assert made.events == 2
    assert [(r.row, r.column) for r in made.rejects] == [(3, column)]
    assert words in made.rejects[0].reason
    write(made, tmp_path / "out")
    assert len(pd.read_csv(tmp_path / "out" / "rejects.csv")) == 1


def test_a_day_that_is_none_does_not_spoil_the_order_that_the_others_tell(tmp_path: Path) -> None:
    made = run(
        [
            mapped(
                table(tmp_path / "log.csv", row(1, day="31/05/2024"), row(2, day="13/13/2024"), row(3, day="2/6/2024"))
            )
        ]
    )
    assert sorted(made.incidents["event_date"]) == ["2024-05-31", "2024-06-02"]
    assert [(r.row, r.column, r.reason[:12]) for r in made.rejects] == [(3, "day", "is not a day")]


@pytest.mark.parametrize("good", [0, 1])
def test_every_fault_of_many_rows_is_in_the_rejects_even_where_no_row_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], good: int
) -> None:
    bad = [row(n, day="never", killed="many") for n in range(10, 18)]
    path, out = mapped(table(tmp_path / "log.csv", *bad, *[row(n) for n in range(good)])), tmp_path / "out"
    assert main(["build", str(path), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert f"… and 6 more faults of coded rows; all are in {out / 'rejects.csv'}" in said
    assert ("8 rows rejected" in said) == bool(good)
    assert len(pd.read_csv(out / "rejects.csv")) == 16


def test_rejects_of_an_earlier_build_do_not_stay(tmp_path: Path) -> None:
    write(run([mapped(table(tmp_path / "log.csv", row(1), row(2, day="never")))]), tmp_path / "out")
    assert (tmp_path / "out" / "rejects.csv").is_file()
    write(run([mapped(table(tmp_path / "log.csv", row(1)))]), tmp_path / "out")
    assert not (tmp_path / "out" / "rejects.csv").exists()


def test_rows_are_placed_by_name_region_or_country_and_points_checked(tmp_path: Path) -> None:
    lost = {"lat": "", "lon": ""}
    made = run([mapped(table(
        tmp_path / "log.csv", row(1, **lost), row(2, place="", province="", **lost), row(3, place="", province="", region="", **lost),
        row(4, lat="13.51", lon="2.12"), row(5, country=""),
    ))])  # fmt: skip
    rows = {r["incident_id"][-1]: r for r in made.incidents.to_dict("records")}
    assert "placed by its name" in rows["1"]["notes"]
    assert rows["1"]["latitude"] == pytest.approx(14.1, abs=0.05)
    assert (rows["2"]["kind"], rows["2"]["admin1"]) == ("unit", "Sahel")
    assert (rows["3"]["kind"], rows["3"]["country"], rows["3"]["geometry"]) == ("country", "BF", None)
    assert "its point lies in Niger, not in Burkina Faso" in rows["4"]["notes"]
    assert rows["5"]["country"] == "BF"


def test_a_person_can_say_which_of_day_and_month_comes_first(tmp_path: Path) -> None:
    path = table(tmp_path / "log.csv", row(day="3/4/2024"))
    for order, wanted in (("day first", "2024-04-03"), ("month first", "2024-03-04")):
        assert only(run([mapped(path, day_order=order)]))["event_date"] == wanted


def test_words_of_the_table_become_acleds_types_and_others_stay(tmp_path: Path) -> None:
    kinds = ["attaque armée", "Battles", "mob violence", "vol de bétail"]
    path = mapped(table(tmp_path / "log.csv", *(row(n, kind=k, day=f"2024-0{n}-01") for n, k in enumerate(kinds, 1))))
    beside = path_beside(path)
    beside.write_text(beside.read_text() + '\n[event_types]\n"Attaque Armee" = "Armed clash"\n', encoding="utf-8")
    made = run([path])
    assert made.incidents[["event_type", "sub_event_type"]].to_numpy().tolist() == [
        ["Battles", "Armed clash"], ["Battles", ""], ["Riots", "Mob violence"], ["", "vol de bétail"]]  # fmt: skip


# --- mapping files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = 3", "name is 3, not str"),
        ("colums = {}", "colums is not known"),
        ("[columns]\nwhen = 'day'", "when is no field"),
        ("[columns]\nlocation = 'place'", "date is wanted"),
        ("[columns]\ndate = 'day'", "location, or latitude and longitude, are wanted"),
        ("[columns]\ndate = 3", "write it in quotes"),
        ("decimal = ';'\n[columns]\ndate='day'\nlocation='place'", "wanted one of '.', ','"),
        ("[columns]\ndate='day'\nlocation='place'\n[event_types]\nx='Battle'", "none of ACLED's types"),
        ("[columns\n", "is not TOML"),
        ("[columns]\ndate = 'jour'\nlocation = 'lieu'", "names the columns 'jour', 'lieu', which"),
    ],
)  # fmt: skip
def test_faults_of_a_mapping_file_are_named_and_nothing_is_read(tmp_path: Path, text: str, words: str) -> None:
    path = table(tmp_path / "log.csv", row())
    path_beside(path).write_text(text)
    made = run([path, write_ged(tmp_path / "g.csv", ged())])
    assert made.events == 1
    assert words in made.rejects[0].reason
    assert "log.mapping.toml" in made.rejects[0].reason


def test_one_mapping_file_may_serve_many_tables_and_folders_need_one_beside(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    one, two = table(folder / "a.csv", row(1)), table(folder / "b.csv", row(2, day="2024-01-01"))
    shared = path_beside(mapped(tmp_path / "any.csv"))
    assert run([one, two], mapping=shared).events == 2
    assert coded_files([folder]) == ()
    mapped(one)
    assert coded_files([folder]) == (one,)


def test_a_mapping_file_that_fits_no_input_is_said_to_be_unused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = path_beside(mapped(tmp_path / "any.csv"))
    events, out = write_ged(tmp_path / "g.csv", ged()), str(tmp_path / "out")
    assert main(["build", str(events), "--mapping", str(shared), "--out", out]) == 0
    assert f"{shared}: explains none of the inputs" in capsys.readouterr().err
    assert main(["build", str(table(tmp_path / "log.csv", row())), "--mapping", str(shared), "--out", out]) == 0
    assert "explains none" not in capsys.readouterr().err


def test_an_unknown_table_of_events_is_refused_with_a_first_guess_that_then_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path / "log.csv", row(), columns=COLUMNS)
    assert unmapped([path]) == (path,)
    argv = ["build", str(path), "--out", str(tmp_path / "out")]
    assert main(argv) == 1
    said = capsys.readouterr().err
    assert "a first guess of what its columns mean is in" in said
    assert "log.mapping.toml" in said
    assert not (tmp_path / "out").exists()
    assert main(argv) == 0
    found = pd.read_csv(tmp_path / "out" / "incidents.csv").iloc[0]
    assert (found["location"], found["fatalities_low"], found["sources"]) == ("Djibo", 7, "log")


def test_a_guess_never_overwrites_a_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = mapped(table(tmp_path / "log.csv", row()))
    before = path_beside(path).read_text()
    assert main(["mapping", str(path)]) == 1
    assert "is not overwritten" in capsys.readouterr().err
    assert path_beside(path).read_text() == before
    assert main(["mapping", str(path), "--out", str(tmp_path / "new.toml")]) == 0
    with pytest.raises(OutputError, match="cannot write"):
        write_guess(path, ["a"], tmp_path / "none" / "x.toml")


def test_tables_of_reports_are_still_reports(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text(
        "date,location,type,text\n2024-06-04,Djibo,news,Gunmen killed four soldiers at Djibo in Burkina Faso on 3 June 2024.\n"
    )
    assert coded_files([path]) == ()
    assert len(run([path]).coded) == 1


@given(st.lists(st.text(max_size=12), max_size=8, unique=True))
@settings(max_examples=60, deadline=None)
def test_a_guess_is_always_a_mapping_file_that_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, header: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("guess")
    path = write_guess(folder / "t.csv", [*header, "Date", "Latitude", "Lon"])
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    assert told["columns"] == guess([*header, "Date", "Latitude", "Lon"])
    assert read_mapping(path, folder / "t.csv").columns.keys() == told["columns"].keys()


def test_fields_and_words_of_the_data_files_fit_together() -> None:
    assert set(guess(["date", "lat", "lon", "place", "ref"])) == {"date", "latitude", "longitude", "location", "id"}
    from sahel_map.language.lexicon import read_rows

    assert {r["field"] for r in read_rows("sahel_map.datasets", "mapping_words")} == set(FIELDS)
    assert len(event_types()) == 25
    assert len(set(event_types().values())) == 6
    with pytest.raises(InputError, match="cannot be read"):
        read_mapping(Path("absent.toml"), Path("t.csv"))


# --- merging ------------------------------------------------------------------------------------------------------

NEWS = Report(
    report_id="news", source="Courier", language="en", published=dt.date(2024, 6, 4),
    text="Jihadists of JNIM attacked the army base at Djibo in northern Burkina Faso on 3 June 2024, killing 12 soldiers, two security sources said.",
)  # fmt: skip


def test_acled_ucdp_a_report_and_a_table_of_one_event_are_one_incident_with_every_figure_and_what_they_disagree_on(
    tmp_path: Path,
) -> None:
    inputs = [
        NEWS, write_ged(tmp_path / "g.csv", ged(1), ged(2, date_start="2024-06-20", date_end="2024-06-20")),
        write_acled(tmp_path / "a.csv", acled(1, event_date="2024-06-04"), acled(2, event_date="2024-06-20", location="Gao", country="Mali",
                    admin1="Gao", latitude=16.27, longitude=-0.04)),
        mapped(table(tmp_path / "log.csv", row(1), row(2, day="2024-06-20"), row(3, killed="", day="2024-06-03", place="Dori", lat="14.0354", lon="-0.0345"))),
    ]  # fmt: skip
    made = run(inputs)
    rows = {r["incident_id"]: r for r in made.incidents.to_dict("records")}
    assert len(rows) == 4
    (main_one,) = (r for r in rows.values() if "news" in r["report_ids"])
    assert set(main_one["report_ids"].split("; ")) == {"news", "ucdp-ged", "acled", "our-log"}
    figures = {(t["speaker"], t["low"]) for t in main_one["tolls"] if not t["part_of"]}
    assert {("UCDP GED", 6), ("ACLED", 8), ("Our log", 7)} <= figures
    assert 12 in {low for _, low in figures}
    assert (main_one["fatalities_low"], main_one["fatalities_high"], main_one["disputed"]) == (5, 12, True)
    told = " ".join(main_one["conflicts"])
    assert all(speaker in told for speaker in ("UCDP GED", "ACLED", "Our log"))
    assert any(c.startswith("date: 2024-06-03") for c in main_one["conflicts"])
    assert main_one["event_date"] == "2024-06-03"
    assert any(r.startswith("one day apart") for r in main_one["reasons"])
    (later,) = (r for r in rows.values() if r["event_date"] == "2024-06-20" and r["location"] == "Djibo")
    assert set(later["report_ids"].split("; ")) == {"ucdp-ged", "our-log"}
    (gao,) = (r for r in rows.values() if r["location"] == "Gao")
    assert gao["report_ids"] == "acled"
    (dori,) = (r for r in rows.values() if r["location"] == "Dori")
    assert pd.isna(dori["fatalities_low"])


def test_a_store_takes_tables_too_the_same_as_all_at_once(tmp_path: Path) -> None:
    inputs = [NEWS, write_ged(tmp_path / "g.csv", ged(1)), write_acled(tmp_path / "a.csv", acled(1)),
              mapped(table(tmp_path / "log.csv", row(1), row(2, killed="", day="2024-01-03"), row(3, lat="", day="2023-01-03")))]  # fmt: skip
    for piece in reversed(inputs):
        add(tmp_path / "s.gpkg", [piece])
    at_once, grown = run(inputs).incidents, incidents_of(tmp_path / "s.gpkg")
    assert [values(r) for r in grown.to_dict("records")] == [values(r) for r in at_once.to_dict("records")]
