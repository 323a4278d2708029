"""The commands resolve, reverse and gazetteer: what they print and write, and what they say of bad input."""

import csv
import json

import pandas as pd
import pytest

import sahel_map as sm
from sahel_map.cli import main
from sahel_map.errors import InputError
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import LonLat
from sahel_map.resolution import Resolver
from sahel_map.resolution_table import COLUMNS, resolve_table
from sahel_map.reversing import nearest, reverse, reverse_table

ISSUE_COLUMNS = (
    "matched_name latitude longitude country_code admin1 admin2 adm1_pcode adm2_pcode geo_precision "
    "uncertainty_km method score status reason"
).split()


@pytest.fixture(scope="module")
def resolver():
    return Resolver(Gazetteer.open(local=False))


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_name_is_described_for_people(capsys):
    assert main(["resolve", "Djibo", "--country", "BF", "--date", "2024-01-01"]) == 0
    out = capsys.readouterr().out
    assert "Djibo: resolved" in out
    assert "14.09" in out
    assert "Soum, Sahel, Burkina Faso" in out
    assert "Djelgodji, Soum" in out  # today's units beside


def test_a_name_as_json(capsys):
    assert main(["resolve", "between Gao and Ansongo", "--country", "Mali", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["kind"] == "stretch"
    assert record["geometry"]["type"] == "LineString"


def test_terminal_control_characters_are_not_passed_on(capsys):
    assert main(["resolve", "Djibo\x1b[31m"]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["resolve"], 2, "--from"),
        (["resolve", "Djibo", "--country", "Atlantis"], 1, "Atlantis"),
        (["resolve", "Djibo", "--near", "here"], 1, "LAT,LON"),
        (["resolve", "--from", "missing.csv"], 1, "missing.csv"),
        (["resolve", "Djibo", "--date", "soon"], 2, "YYYY-MM-DD"),
        (["reverse", "14.1"], 2, "LONGITUDE"),
        (["reverse", "north", "1"], 1, "degrees"),
        (["reverse", "200", "1"], 1, "not on Earth"),
        (["reverse", "-1.63", "14.10"], 1, "exchanged"),
        (["gazetteer", "update", "--from", "nowhere"], 1, "nowhere"),
        (["gazetteer", "add", "Camp"], 2, "LATITUDE"),
        (["gazetteer", "add", "Camp", "99", "200"], 1, "not on Earth"),
    ],
)
def test_bad_input_is_one_clear_line(args, code, told, capsys):
    assert main(args) == code
    assert told in capsys.readouterr().err


def test_a_table_keeps_its_rows_in_order_and_answers_each(tmp_path, capsys):
    source, out = tmp_path / "in.csv", tmp_path / "deep" / "out.csv"
    rows = [
        ("Djibo", "Burkina Faso", "2024-05-01"), ("", "Mali", ""), ("15 km north of Djibo", "BF", ""), ("Djibo", "BFA", "2026-01-01"),
        ("<b>x</b>", "BF", ""), ("Gao", "Atlantis", ""), ("x" * 10_000, "ML", ""), ("Soum province", "BF", "2024-01-01"),
        ("=cmd|' /C calc'!A0", "ML", "not a day"), ("كيدال", "ML", "2020-01-01"),
    ]  # fmt: skip
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("place", "land", "day"), *rows])
    code = main(
        [
            "resolve",
            "--from",
            str(source),
            "--name-column",
            "place",
            "--country-column",
            "land",
            "--date-column",
            "day",
            "--out",
            str(out),
        ]
    )
    assert code == 0
    answers = read(out)
    assert set(ISSUE_COLUMNS) <= answers[0].keys()
    assert [a["land"] for a in answers] == [row[1] for row in rows]
    assert [a["status"] for a in answers] == [
        "resolved", "unresolved", "resolved", "resolved", "unresolved", "unresolved", "unresolved", "resolved", "unresolved",
        "unresolved"]  # fmt: skip
    assert (answers[0]["admin1"], answers[3]["admin1"]) == ("Sahel", "Soum")
    assert "Atlantis" in answers[5]["reason"]
    assert all(a["reason"] for a in answers)
    assert answers[8]["place"].startswith("'=")  # no formula for a spreadsheet
    assert "10 rows" in capsys.readouterr().err


def test_a_table_without_the_column_is_named_with_those_it_has(tmp_path, capsys):
    source = tmp_path / "in.csv"
    source.write_text("place\nDjibo\n", encoding="utf-8")
    assert main(["resolve", "--from", str(source)]) == 1
    err = capsys.readouterr().err
    assert "'name'" in err
    assert "place" in err


def test_reverse_names_units_of_the_day_and_of_today(capsys):
    assert main(["reverse", "14.10", "-1.63", "--date", "2025-06-01", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["admin1"], record["admin1_today"]) == ("Sahel", "Soum")
    assert record["nearest"][0]["name"] == "Djibo"


def test_reverse_is_right_at_a_border(resolver):
    """Boulkessi lies in Mali, a few kilometres from Burkina Faso, whose villages are nearer than Mali's."""
    (known,) = [p for p in resolver.gazetteer.lookup("Boulkessi") if p.country == "ML"]
    assert reverse(known.position, resolver=resolver).units.country == "ML"


def test_nearest_places_come_with_distance_and_bearing(resolver):
    (djibo,) = [p for p in resolver.gazetteer.lookup("Djibo") if p.country == "BF"][:1]
    north = LonLat(djibo.position.lon, djibo.position.lat + 0.03)
    first = next(n for n in nearest(north, resolver.gazetteer, limit=5) if n.place.name == "Djibo")
    assert first.distance_km == pytest.approx(3.3, abs=0.2)
    assert first.compass == "N"


def test_reverse_of_a_table(resolver):
    points = pd.DataFrame(
        {"latitude": [14.10, None, 200.0, 48.0], "longitude": [-1.63, 1.0, 1.0, 2.0], "day": ["2024-01-01"] * 4}
    )
    found = reverse_table(points, date_column="day", resolver=resolver)
    assert found["country_code"].tolist() == ["BF", "", "", ""]
    assert found["admin1"].tolist()[0] == "Sahel"
    assert found["nearest_place"].tolist()[:3] == ["Djibo", "", ""]
    with pytest.raises(InputError, match="no column 'lat'"):
        reverse_table(points, latitude_column="lat", resolver=resolver)


def test_a_table_in_python_keeps_its_index_and_renames_what_collides(resolver):
    table = pd.DataFrame({"name": ["Gao", "Djibo"], "country": ["ML", "BF"], "latitude": [1.0, 2.0]}, index=[7, 3])
    found = resolve_table(table, resolver=resolver)
    assert found.index.tolist() == [7, 3]
    assert found["input_latitude"].tolist() == [1.0, 2.0]
    assert found["latitude"].round(1).tolist() == [16.3, 14.1]
    assert set(COLUMNS) <= set(found.columns)
    assert len(resolve_table(table.iloc[:0], resolver=resolver)) == 0


def test_code_written_for_geopy_works(resolver):
    geocoder = sm.SahelGeocoder(resolver=resolver, user_agent="any", timeout=3)
    place = geocoder.geocode("Djibo, Burkina Faso", addressdetails=True)
    assert place.latitude == pytest.approx(14.1, abs=0.02)
    assert "Burkina Faso" in place.address
    assert geocoder.geocode("Xyzzyville") is None
    assert len(geocoder.geocode("Namissiguima", exactly_one=False)) > 1
    assert "Djibo" in geocoder.reverse("14.10, -1.63").address
    assert geocoder.reverse((48.0, 2.0)) is None


def test_own_places_win_and_info_tells_of_them(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SAHEL_MAP_GAZETTEER", str(tmp_path / "gazetteer.sqlite"))
    source = tmp_path / "files"
    source.mkdir()
    (source / "places.csv").write_text("name,lat,lon,country\nZamsé,14.7,-1.3,BF\n", encoding="utf-8")
    assert main(["gazetteer", "update", "--from", str(source)]) == 0
    assert main(["gazetteer", "add", "Djibo", "10.5", "-5.0", "--note", "ours"]) == 0
    capsys.readouterr()
    assert main(["resolve", "Djibo", "--country", "BF", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["latitude"], record["method"]) == (10.5, "user")
    assert main(["resolve", "Zamsé", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["latitude"] == 14.7
    assert main(["gazetteer", "info"]) == 0
    out = capsys.readouterr().out
    assert "places.csv" in out
    assert "my_places.csv" in out


def test_a_place_added_again_nearby_is_put_right_and_a_namesake_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("SAHEL_MAP_GAZETTEER", str(tmp_path / "gazetteer.sqlite"))
    for position in (("14.80", "-1.30"), ("11.20", "-3.00"), ("14.90", "-1.25")):
        assert main(["gazetteer", "add", "Kourtoubé", *position, "--country", "BF"]) == 0
    lines = (tmp_path / "my_places.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["11.2", "14.9"]


def test_a_tables_country_and_region_are_used_if_they_are_there(tmp_path, capsys):
    table = tmp_path / "in.csv"
    table.write_text("name,country,adm1\nGao,Atlantis,\nDjibo,BF,Sahel\n", encoding="utf-8")
    assert main(["resolve", "--from", str(table)]) == 0
    said = capsys.readouterr()
    assert "1 resolved, 0 ambiguous, 1 unresolved" in said.err
    assert "'Atlantis'" in said.out


def test_own_places_of_a_table_with_bad_lines_are_added_and_the_rest_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SAHEL_MAP_GAZETTEER", str(tmp_path / "gazetteer.sqlite"))
    table = tmp_path / "own.csv"
    table.write_text("name,latitude,longitude\nZamsé,14.7,0\nNowhere,99,1\nNothing,,\n", encoding="utf-8")
    assert main(["gazetteer", "add", "--from", str(table)]) == 1
    said = capsys.readouterr()
    assert "1 place added" in said.out
    assert "2 lines of" in said.err
    assert "line 3" in said.err


def test_a_failed_update_leaves_the_gazetteer_there_was(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SAHEL_MAP_GAZETTEER", str(tmp_path / "gazetteer.sqlite"))
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    (good / "places.csv").write_text("name,lat,lon,country\nZamsé,14.7,-1.3,BF\n", encoding="utf-8")
    (bad / "ML.zip").write_bytes(b"PK\x03\x04 cut off")
    assert main(["gazetteer", "update", "--from", str(good)]) == 0
    before = (tmp_path / "gazetteer.sqlite").read_bytes()
    assert main(["gazetteer", "update", "--from", str(bad)]) == 1
    assert "ML.zip" in capsys.readouterr().err
    assert (tmp_path / "gazetteer.sqlite").read_bytes() == before


def test_a_damaged_file_beside_a_good_one_does_not_shrink_the_gazetteer(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SAHEL_MAP_GAZETTEER", str(tmp_path / "gazetteer.sqlite"))
    source = tmp_path / "source"
    source.mkdir()
    (source / "places.csv").write_text(
        "name,lat,lon,country\nZamsé,14.7,-1.3,BF\nZimtenga,13.6,-1.6,BF\n", encoding="utf-8"
    )
    assert main(["gazetteer", "update", "--from", str(source)]) == 0
    before = (tmp_path / "gazetteer.sqlite").read_bytes()
    (source / "places.csv").write_text("name,lat,lon,country\nZamsé,14.7,-1.3,BF\n", encoding="utf-8")
    (source / "ML.zip").write_bytes(b"PK\x03\x04 cut off")
    assert main(["gazetteer", "update", "--from", str(source)]) == 1
    assert "ML.zip" in capsys.readouterr().err
    assert (tmp_path / "gazetteer.sqlite").read_bytes() == before
    (source / "ML.zip").unlink()  # the user takes it out: fewer places are then what is wanted
    assert main(["gazetteer", "update", "--from", str(source)]) == 0
