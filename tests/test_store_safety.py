"""The store under bad luck: killed writers, two at once, full disks, damaged and strange files, databases that go away."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa

from sahel_map.cli import main
from sahel_map.errors import InputError, OutputError
from sahel_map.exports import export
from sahel_map.model import Report
from sahel_map.pipeline import run
from sahel_map.store import incidents_of, named
from sahel_map.store.adding import add
from sahel_map.store.connecting import reading
from tests.coded_files import ged, write_ged
from tests.conftest import CHECKOUT
from tests.postgis_server import Server, running
from tests.test_store import FIRST, SECOND, same


def command(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sahel_map", *map(str, arguments)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip


def reports_in(where: str | Path) -> set[str]:
    with reading(where) as connection:
        return set(connection.scalars(sa.text("SELECT report_id FROM reports")))


# --- killed -------------------------------------------------------------------------------------------------------


def test_killed_at_fifty_random_moments_of_writing_no_store_is_damaged_and_no_report_lost(tmp_path: Path) -> None:
    work = [sys.executable, "-m", "tests.store_killing", str(tmp_path), "50", "6"]
    done = subprocess.run(work, text=True, capture_output=True, check=False, cwd=CHECKOUT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("50 kills")


@pytest.mark.postgis
def test_a_writer_of_a_database_that_is_killed_leaves_nothing_half_written(postgis: Server, tmp_path: Path) -> None:
    url = postgis.new_database()
    add(url, [FIRST])
    code = (
        "import os, signal, sys\n"
        "from sahel_map.store.adding import add\n"
        "from tests.test_store import SECOND\n"
        "add(sys.argv[1], [SECOND], progress=lambda reports: os.kill(os.getpid(), signal.SIGKILL))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, url], check=False, capture_output=True, cwd=CHECKOUT)
    assert done.returncode == -9
    assert reports_in(url) == {"first"}
    add(url, [SECOND])
    assert same(incidents_of(url), run([FIRST, SECOND]).incidents)


# --- at once ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def test_writers_at_the_same_time_wait_for_each_other(
    kind: str, tmp_path: Path, checkout: Path, request: pytest.FixtureRequest
) -> None:
    where = tmp_path / "s.gpkg" if kind == "geopackage" else request.getfixturevalue("postgis").new_database()
    files = sorted((checkout / "examples" / "reports").glob("*.txt"))[:6]
    writers = [command("build", *files[n::3], "--into", where) for n in range(3)]
    for writer in writers:
        _, said = writer.communicate(timeout=120)
        assert writer.returncode == 0, said
    assert same(incidents_of(where), run(files).incidents)


def test_a_reader_sees_the_store_as_it_was_while_another_writes(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    add(path, [FIRST])
    seen: list[set[str]] = []

    def look(reports: Iterable[Report]) -> Iterable[Report]:
        reader = threading.Thread(target=lambda: seen.append(reports_in(path)))
        reader.start()
        reader.join()
        return reports

    add(path, [SECOND], progress=look)
    assert seen == [{"first"}]
    assert reports_in(path) == {"first", "second"}


# --- files that are no store --------------------------------------------------------------------------------------


def refused(where: str | Path, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        add(where, [FIRST])


def test_files_that_are_no_store_are_named_and_left_as_they_are(tmp_path: Path) -> None:
    table = run([FIRST]).incidents
    ours = export(table, tmp_path / "export.gpkg")
    other = tmp_path / "other.gpkg"
    shutil.copy(ours, other)
    base = sqlite3.connect(other)
    base.execute("CREATE TABLE private (x)")
    base.close()
    text = tmp_path / "text.gpkg"
    text.write_text("not a GeoPackage at all")
    plain = tmp_path / "plain.gpkg"
    base = sqlite3.connect(plain)
    base.execute("CREATE TABLE t (x)")
    base.close()
    for path, words in ((ours, "did not make as a store"), (other, "did not make"), (text, "is not a GeoPackage"), (plain, "not a GeoPackage")):  # fmt: skip
        before = Path(path).read_bytes()
        refused(path, InputError, words)
        with pytest.raises(InputError, match=words):
            incidents_of(path)
        assert Path(path).read_bytes() == before
    refused(tmp_path, InputError, "is a folder")
    refused(tmp_path / "store.txt", InputError, "ending in .gpkg")
    with pytest.raises(InputError, match="there is no store"):
        incidents_of(tmp_path / "absent.gpkg")
    assert not (tmp_path / "absent.gpkg").exists()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_a_half_copied_store_is_said_to_be_damaged_and_never_written(tmp_path: Path, share: float) -> None:
    whole, half = tmp_path / "whole.gpkg", tmp_path / "half.gpkg"
    add(whole, [FIRST, write_ged(tmp_path / "g.csv", *(ged(n) for n in range(40)))])
    data = whole.read_bytes()
    half.write_bytes(data[: int(len(data) * share)])
    before = half.read_bytes()
    refused(half, InputError, "is damaged|beginning is damaged")
    with pytest.raises(InputError, match=r"is damaged|beginning is damaged"):
        incidents_of(half)
    assert half.read_bytes() == before


@pytest.mark.parametrize(
    ("column", "value", "words"), [("tolls", "[{", "is not JSON"), ("geom", b"GP", "a geometry of the store")]
)
def test_a_cell_damaged_by_another_program_is_said(tmp_path: Path, column: str, value: object, words: str) -> None:
    path = tmp_path / "s.gpkg"
    add(path, [FIRST])
    base = sqlite3.connect(path)
    base.execute(f"UPDATE incidents SET {column} = ?", (value,))
    base.commit()
    base.close()
    with pytest.raises(InputError, match=words):
        incidents_of(path)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    path.touch()
    with pytest.raises(InputError, match="holds no store yet"):
        incidents_of(path)
    add(path, [FIRST])
    assert len(incidents_of(path)) == 1


def test_a_folder_that_takes_no_file_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = write_ged(tmp_path / "g.csv", ged(1))
    assert main(["build", str(report), "--into", "/proc/sahel.gpkg"]) == 1  # read-only even to root
    said = capsys.readouterr().err.splitlines()
    assert (
        len([line for line in said if "/proc/sahel.gpkg" in line and "choose a folder you may write to" in line]) == 1
    )


def test_a_full_disk_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    add(path, [FIRST])
    room = path.stat().st_size + 20_000
    more = write_ged(tmp_path / "g.csv", *(ged(n) for n in range(200)))
    work = [sys.executable, "-m", "sahel_map", "build", str(more), "--into", str(path)]
    done = subprocess.run(
        work, text=True, capture_output=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )  # fmt: skip
    assert done.returncode == 1
    assert "the store is as it was before" in done.stderr
    assert "Traceback" not in done.stderr
    assert same(incidents_of(path), run([FIRST]).incidents)
    add(path, [more])
    assert same(incidents_of(path), run([FIRST, more]).incidents)


# --- databases ----------------------------------------------------------------------------------------------------


@pytest.mark.postgis
def test_a_database_that_goes_away_in_the_middle_is_said_and_nothing_is_half_written(tmp_path: Path) -> None:
    with running() as server:  # one of its own: it is stopped
        url = server.new_database()
        add(url, [FIRST])

        def stop(reports: Iterable[Report]) -> Iterable[Report]:
            server.stop()
            return reports

        with pytest.raises(OutputError, match="nothing was written") as told:
            add(url, [SECOND], progress=stop)
        assert "postgresql" in str(told.value)
        with pytest.raises(OutputError, match="cannot reach the database"):
            incidents_of(url)
        server.start()
        assert reports_in(url) == {"first"}
        add(url, [SECOND])
        assert same(incidents_of(url), run([FIRST, SECOND]).incidents)


@pytest.mark.postgis
def test_databases_that_cannot_be_used_are_said_without_the_password(postgis: Server) -> None:
    url = postgis.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    refused(postgis.url("nowhere"), OutputError, 'database "nowhere" does not exist')
    postgis.sql("postgres", "CREATE ROLE guest LOGIN")
    refused(postgis.url(name, user="guest"), OutputError, "does not let this user write")
    postgis.sql(name, "CREATE SCHEMA sahel_map; CREATE TABLE sahel_map.reports (x int)")
    refused(url, InputError, "did not make as a store")
    with pytest.raises(OutputError) as told:
        add("postgresql://me:secret@127.0.0.1:1/maps", [FIRST])
    assert "cannot reach the database postgresql://me:***@127.0.0.1:1/maps" in str(told.value)
    assert "secret" not in str(told.value)
    for bad in ("postgresql://host:port/x", "postgresql://[::1"):
        refused(bad, InputError, "that is no database URL")
        assert named(bad)


@pytest.mark.postgis
def test_a_store_leaves_the_other_tables_of_its_database_alone(postgis: Server) -> None:
    url = postgis.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    postgis.sql(name, "CREATE TABLE reports (mine text); INSERT INTO reports VALUES ('kept')")
    add(url, [FIRST])
    assert postgis.sql(name, "SELECT * FROM public.reports") == "[('kept',)]"
    assert postgis.sql(name, "SELECT count(*), max(ST_SRID(geom)) FROM sahel_map.incidents_points") == "[(1, 4326)]"


@pytest.mark.postgis
def test_export_into_postgis_replaces_its_own_tables_whole(postgis: Server, tmp_path: Path) -> None:
    import geopandas as gpd

    url = postgis.new_database()
    region = ged(2, where_prec=4, date_start="2024-01-05", date_end="2024-01-05")
    table = run([write_ged(tmp_path / "g.csv", ged(1), region, ged(3, where_prec=6, date_start="2023-01-05", date_end="2023-01-05"))]).incidents  # fmt: skip
    for _ in range(2):
        assert export(table, url) == named(url)
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    back = gpd.read_postgis("SELECT * FROM sahel_map_export.incidents ORDER BY date_from", engine, geom_col="geom")
    engine.dispose()
    assert back["incident_id"].tolist() == table["incident_id"].tolist()
    assert back["geom"].geom_equals(table.geometry.set_crs(4326)).where(table.geometry.notna(), True).all()
    assert back.crs == "EPSG:4326"
    name = url.partition("@/")[2].partition("?")[0]
    assert postgis.sql(name, "SELECT count(*) FROM sahel_map_export.tolls") == f"[({sum(map(len, table['tolls']))},)]"
