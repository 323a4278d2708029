"""The store: the same incidents as building all at once, in whatever order they came, with what changed and why."""

from __future__ import annotations

import datetime as dt
import json
import random
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import sqlalchemy as sa

from sahel_map.boundaries import Boundaries
from sahel_map.cli import main
from sahel_map.coding.report import CodedReport
from sahel_map.errors import InputError
from sahel_map.gazetteer import Gazetteer
from sahel_map.gazetteer_store import Store, write_store
from sahel_map.json_records import from_json, to_json
from sahel_map.model import LonLat, Place, Report
from sahel_map.pipeline import code, run
from sahel_map.resolution import Resolver, default_resolver
from sahel_map.store import incidents_of
from sahel_map.store.adding import add
from sahel_map.store.changes import changes_since
from sahel_map.store.connecting import reading, writing
from sahel_map.store.migrating import NEWEST
from sahel_map.store.schema import incidents, mentions, metadata, runs, tolls
from tests.coded_files import acled, ged, write_acled, write_ged
from tests.postgis_server import Server

LONG_AGO = dt.date(2000, 1, 1)
FIRST = Report(
    report_id="first", source="Courier", language="en", published=dt.date(2024, 6, 4),
    text="Jihadists of JNIM attacked the army base at Djibo in northern Burkina Faso on 3 June 2024, killing 12 soldiers, two security sources said.",
)  # fmt: skip
SECOND = Report(
    report_id="second", source="Gazette", language="en", published=dt.date(2024, 6, 5),
    text="The attack on the army base at Djibo in Burkina Faso on Monday killed 20 soldiers, a local official said. JNIM has claimed it.",
)  # fmt: skip


@pytest.fixture(params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new store may be made, in each of the two kinds."""
    if request.param == "geopackage":
        return str(tmp_path / "store" / "sahel.gpkg")
    server: Server = request.getfixturevalue("postgis")
    return server.new_database()


@pytest.fixture
def inputs(tmp_path: Path, checkout: Path) -> list[Path]:
    """Ten reports, some of one event, and coded files that tell of each other's and the reports' events."""
    djibo = tmp_path / "djibo.txt"
    djibo.write_text(
        f"---\nsource: Courier\npublished: 2024-06-04\nlanguage: en\n---\n{FIRST.text}\n", encoding="utf-8"
    )
    region = ged(3, where_prec=4, latitude=14.0, longitude=-0.5)
    coded = [
        write_ged(tmp_path / "ged.csv", ged(1), ged(2, date_start="2024-01-05", date_end="2024-01-09", date_prec=3), region),
        write_acled(tmp_path / "acled.csv", acled(1), acled(2, event_date="2023-03-04", location="Dori", latitude=14.03, longitude=-0.03)),
    ]  # fmt: skip
    return [*sorted((checkout / "examples" / "reports").glob("*.txt")), djibo, *coded]


def same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Whether two incident tables hold the same rows, columns, types and geometries, to the last digit."""
    assert list(one.columns) == list(other.columns)
    assert [str(t) for t in one.dtypes] == [str(t) for t in other.dtypes]
    for column in one.columns.drop("geometry"):
        assert [plain(v) for v in one[column]] == [plain(v) for v in other[column]], column
    assert [g and g.wkb for g in one.geometry] == [g and g.wkb for g in other.geometry]
    return True


def plain(value: Any) -> Any:
    return None if not isinstance(value, list | dict) and pd.isna(value) else value


def lines_of(where: str, table: sa.Table) -> list[tuple[Any, ...]]:
    """A table's rows without their numbers."""
    with reading(where) as connection:
        found = connection.execute(sa.select(*(c for c in table.c if c.name not in ("fid", "run_id", "version"))))
        return sorted((tuple(map(str, row)) for row in found), key=str)


# --- the same as all at once --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_adding_piece_by_piece_in_any_order_gives_what_building_all_at_once_gives(
    place: str, inputs: list[Path], seed: int
) -> None:
    pieces = random.Random(seed).sample(inputs, len(inputs))
    for start in range(0, len(pieces), 3):
        add(place, pieces[start : start + 3])
    at_once = run(inputs)
    assert same(incidents_of(place), at_once.incidents)
    assert len(lines_of(place, mentions)) == sum(len(rows) for rows in at_once.incidents["mentions"])
    assert len(lines_of(place, tolls)) == sum(len(rows) for rows in at_once.incidents["tolls"])


def test_only_new_reports_are_coded_and_a_report_given_again_changes_nothing(place: str) -> None:
    seen: list[str] = []

    def progress(reports: Iterable[Report]) -> Iterable[Report]:
        for report in reports:
            seen.append(report.report_id)
            yield report

    add(place, [FIRST], progress=progress)
    add(place, [FIRST, SECOND], progress=progress)
    before = lines_of(place, incidents)
    again = add(place, [SECOND, FIRST], progress=progress)
    assert seen == ["first", "second"]
    assert (again.new_reports, again.changes.added, again.changes.changed, again.changes.removed) == (0, [], [], [])
    assert lines_of(place, incidents) == before


def test_a_copy_that_comes_a_day_later_joins_its_first_printing(place: str) -> None:
    copy = replace(FIRST, report_id="copy", source="Another Paper", published=dt.date(2024, 6, 3))
    add(place, [FIRST])
    add(place, [copy])
    assert same(incidents_of(place), run([FIRST, copy]).incidents)
    (row,) = incidents_of(place).to_dict("records")
    assert row["sources"] in ("Courier; Another Paper", "Another Paper; Courier")


def test_two_texts_under_one_id_are_both_kept_whichever_comes_first(tmp_path: Path) -> None:
    other = replace(SECOND, report_id="first")
    for name, order in (("a", (FIRST, other)), ("b", (other, FIRST))):
        for report in order:
            add(tmp_path / f"{name}.gpkg", [report])
        assert same(incidents_of(tmp_path / f"{name}.gpkg"), run([FIRST, other]).incidents)


def test_a_coded_file_given_again_with_changed_rows_replaces_them(place: str, tmp_path: Path) -> None:
    path = write_ged(tmp_path / "ged.csv", ged(1), ged(2, date_start="2024-01-05", date_end="2024-01-05"))
    add(place, [path])
    write_ged(path, ged(1, best=7), ged(2, date_start="2024-01-05", date_end="2024-01-05"))
    added = add(place, [path])
    assert (added.new_events, added.changes.changed) == (1, ["UCDP-900001"])
    assert same(incidents_of(place), run([path]).incidents)


def test_of_an_event_in_two_files_the_row_of_the_first_file_by_name_counts(tmp_path: Path) -> None:
    a, b = write_ged(tmp_path / "a.csv", ged(1, best=6)), write_ged(tmp_path / "b.csv", ged(1, best=8, high=11))
    for name, order in (("one", (a, b)), ("other", (b, a))):
        added = [add(tmp_path / f"{name}.gpkg", [path]) for path in order]
        assert same(incidents_of(tmp_path / f"{name}.gpkg"), run([a, b]).incidents)
    assert [len(one.made.rejects) for one in added] == [0, 0]  # a.csv took the place of b.csv's row
    assert "came before, in" in add(tmp_path / "one.gpkg", [b]).made.rejects[0].reason


def test_hostile_text_is_kept_and_comes_back_as_text(place: str) -> None:
    bad = replace(
        FIRST, report_id="x'); DROP TABLE reports;--\x00", source="\ud800=cmd|' /C calc'!A0", title="<script>"
    )
    add(place, [bad])
    (row,) = incidents_of(place).to_dict("records")
    assert "DROP TABLE" in row["report_ids"]
    assert row["sources"].endswith("=cmd|' /C calc'!A0")


def test_with_another_gazetteer_every_report_is_coded_again_and_the_history_says_why(
    place: str, tmp_path: Path
) -> None:
    write_store(
        tmp_path / "own.sqlite",
        [Place(place_id="own:1", name="Zorgatanga", position=LonLat(-1.5, 14.3), country="BF", population=90_000)],
        {"title": "user"},
    )
    layers = [Store(tmp_path / "own.sqlite"), *(Store(path) for path, _ in Gazetteer.open(local=False).meta)]
    other = Resolver(Gazetteer(layers), Boundaries.shipped())
    unknown = replace(FIRST, text=FIRST.text.replace("Djibo", "Zorgatanga"))
    add(place, [unknown])
    add(place, resolver=other)
    assert same(incidents_of(place), run([unknown], resolver=other).incidents)
    assert incidents_of(place)["latitude"].tolist() == [14.3]
    assert {c.because for c in changes_since(place, LONG_AGO) if c.run_id == 2} == {
        ("another program version, gazetteer or rule",)
    }


# --- corrections --------------------------------------------------------------------------------------------------


def test_corrections_stay_until_another_file_takes_their_place(place: str, tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    header = "action,target,field,value,who,why\n"
    path.write_text(header + "set,first:1,actor1,IS Sahel,me,seen the video\n")
    add(place, [FIRST], corrections=path)
    later = add(place, [SECOND])
    assert same(incidents_of(place), run([FIRST, SECOND], corrections=path).incidents)
    assert later.new_reports == 1
    path.write_text(header)
    undone = add(place, corrections=path)
    assert same(incidents_of(place), run([FIRST, SECOND]).incidents)
    assert undone.changes.changed
    change = changes_since(place, LONG_AGO)[-1]
    assert change.because == ("corrections",)


def test_the_rule_of_the_last_build_stays_until_another_is_given(place: str) -> None:
    add(place, [FIRST], rule="acled")
    add(place, [SECOND])
    assert same(incidents_of(place), run([FIRST, SECOND], rule="acled").incidents)
    add(place, rule="ucdp")
    assert same(incidents_of(place), run([FIRST, SECOND], rule="ucdp").incidents)
    assert changes_since(place, LONG_AGO)[-1].because == ("another program version, gazetteer or rule",)


# --- history ------------------------------------------------------------------------------------------------------


def test_what_changed_when_and_because_of_which_report_is_kept(place: str) -> None:
    add(place, [FIRST])
    add(place, [SECOND])
    first, second = changes_since(place, LONG_AGO)
    assert (first.change, first.version, first.because) == ("added", 1, ("first",))
    assert (second.change, second.version, second.because) == ("changed", 2, ("second",))
    fields = {name: (before, now) for name, before, now in second.fields}
    assert fields["fatalities_high"] == (12, 20)
    assert fields["report_ids"] == ("first", "first; second")
    assert first.when <= second.when <= dt.datetime.now(dt.UTC)
    with reading(place) as connection:
        (old,) = connection.scalars(sa.text("SELECT record FROM incident_versions WHERE change = 'changed'"))
    old = json.loads(old) if isinstance(old, str) else old
    assert (old["fatalities_high"], old["geometry"][:5]) == (12, "POINT")


def test_an_incident_that_became_another_says_which(place: str, tmp_path: Path) -> None:
    add(place, [SECOND])
    ((before),) = incidents_of(place)["incident_id"]
    add(place, [write_acled(tmp_path / "a.csv", acled(event_date="2024-06-03"))])
    add(place, [replace(FIRST, text=FIRST.text.replace("3 June", "2 June"), published=dt.date(2024, 6, 3))])
    changes = changes_since(place, LONG_AGO)
    gone = {c.incident_id: c for c in changes if c.change == "removed"}
    now = set(incidents_of(place)["incident_id"])
    assert same(incidents_of(place), run([SECOND, tmp_path / "a.csv", replace(
        FIRST, text=FIRST.text.replace("3 June", "2 June"), published=dt.date(2024, 6, 3))]).incidents)  # fmt: skip
    assert before in now | set(gone)
    for change in gone.values():
        assert change.incident_id not in now
        assert set(change.now) <= now
        assert change.because in (("first",), ("acled",))


def test_the_changes_command_tells_people_and_programs(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    add(place, [FIRST])
    add(place, [SECOND])
    capsys.readouterr()
    assert main(["changes", "--since", "2000-01-01", "--in", place]) == 0
    told = capsys.readouterr()
    assert "BF-djibo-20240603 changed (second)" in told.out
    assert "    fatalities_high: 12 -> 20" in told.out
    assert "1 added, 1 changed, 0 removed" in told.err
    assert main(["changes", "--since", "2000-01-01", "--in", place, "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["change"], r["because"]) for r in rows] == [("added", ["first"]), ("changed", ["second"])]
    assert main(["changes", "--since", "2999-01-01", "--in", place]) == 0
    assert capsys.readouterr().out == ""


# --- the command line ---------------------------------------------------------------------------------------------


def test_export_explain_and_map_read_a_store(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_ged(tmp_path / "ged.csv", ged(1), ged(2, date_start="2024-01-05", date_end="2024-01-05"))
    assert main(["build", str(path), "--into", place]) == 0
    assert "0 new reports, 2 new coded events; incidents: 2 added, 0 changed, 0 removed" in capsys.readouterr().err
    assert not (tmp_path / "outputs").exists()
    assert main(["export", place, "--to", str(tmp_path / "out.csv")]) == 0
    assert len(pd.read_csv(tmp_path / "out.csv")) == 2
    assert main(["explain", "UCDP-900001", "--in", place]) == 0
    assert "Djibo" in capsys.readouterr().out
    assert main(["map", place, "--out", str(tmp_path / "map.html")]) == 0
    assert (tmp_path / "map.html").stat().st_size > 100_000


def test_the_files_of_a_build_can_be_written_from_the_store(tmp_path: Path) -> None:
    for number in (1, 2):
        path = write_ged(tmp_path / f"{number}.csv", ged(number))
        argv = ["build", str(path), "--into", str(tmp_path / "s.gpkg"), "--out", str(tmp_path / "out")]
        assert main(argv) == 0
    assert len(pd.read_csv(tmp_path / "out" / "incidents.csv")) == 2


def test_bad_files_are_said_and_the_rest_goes_into_the_store(place: str, tmp_path: Path) -> None:
    path = write_ged(tmp_path / "g.csv", ged(1), ged(2, best="six"))
    assert main(["build", str(path), str(tmp_path / "none.txt"), "--into", place]) == 1
    assert len(incidents_of(place)) == 1
    with reading(place) as connection:
        assert connection.execute(sa.select(runs.c.events, runs.c.rejects)).one() == (1, 1)


# --- the file and its tables --------------------------------------------------------------------------------------


def test_gdal_opens_the_geopackage_without_a_warning_in_layers_of_one_type(tmp_path: Path, inputs: list[Path]) -> None:
    path = tmp_path / "s.gpkg"
    made = add(path, inputs).made.incidents
    layers = dict(pyogrio.list_layers(path))
    assert {"incidents", "mentions", "tolls", "reports", "corrections", "runs", "incident_versions"} <= set(layers)
    assert (layers["incidents_points"], layers["incidents_areas"]) == ("Point", "MultiPolygon")
    whole = pyogrio.read_dataframe(path, layer="incidents")
    parts = [pyogrio.read_dataframe(path, layer=name) for name in layers if name.startswith("incidents_")]
    assert len(whole) == sum(map(len, parts)) == len(made)
    assert whole.crs == "EPSG:4326"
    assert set(parts[0].geometry.dropna().geom_type) == {"Point"}
    assert pyogrio.read_info(path, layer="incidents")["fid_column"] == "fid"
    box = pyogrio.read_info(path, layer="incidents")["total_bounds"]
    assert box[0] < box[2] < 30
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("SELECT count(*) FROM layer_styles WHERE useAsDefault").fetchone() == (3,)
    base.close()


def test_the_migrations_make_the_tables_of_the_schema(tmp_path: Path) -> None:
    from alembic.script import ScriptDirectory

    import sahel_map.store.migrations

    folder = Path(str(sahel_map.store.migrations.__file__)).parent
    assert ScriptDirectory(str(folder)).get_current_head() == NEWEST
    add(tmp_path / "s.gpkg", [FIRST])
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.NullPool)
    with engine.begin() as plain_base, reading(tmp_path / "s.gpkg") as migrated:
        metadata.create_all(plain_base)
        query = sa.text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        wanted = {name: " ".join(words.split()) for name, words in plain_base.execute(query)}
        found = {name: " ".join(words.split()) for name, words in migrated.execute(query)}
    assert wanted
    assert {name: found.get(name) for name in wanted} == wanted


def test_a_store_of_a_newer_program_is_left_alone(place: str) -> None:
    add(place, [FIRST])
    with writing(place) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for work in (lambda: add(place, [SECOND]), lambda: incidents_of(place)):
        with pytest.raises(InputError, match="newer sahel-map"):
            work()


def test_what_a_report_tells_comes_back_from_json_as_it_was(checkout: Path) -> None:
    reports = sorted((checkout / "examples" / "reports").glob("*.txt"))
    from sahel_map.reports import read_reports

    for coded in code(read_reports(reports).reports, default_resolver()):
        assert from_json(CodedReport, json.loads(json.dumps(to_json(coded)))) == coded


@pytest.mark.parametrize("record", [{"mentions": 3}, {"mentions": [{"nope": 1}]}, {"aggregates": [{"who": 3}]}, []])
def test_a_damaged_record_is_said_to_be_damaged(record: object) -> None:
    with pytest.raises(InputError, match="stored CodedReport is damaged"):
        from_json(CodedReport, record)
