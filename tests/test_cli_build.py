"""``sahel-map build`` on bad input: one clear line each on stderr, the rest done, an exit code that tells."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from sahel_map.cli import main

REPORT = (
    "Armed men attacked the village of Banibangou on Sunday and killed six civilians, the governor said. "
    "The army sent soldiers to the area on Monday, and calm has returned."
)


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "2025-06-04_wire.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_good_report_gives_every_file_and_exit_code_0(good, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["build", str(good), "--out", str(out)]) == 0
    assert {"map.html", "incidents.geojson", "incidents.csv", "mentions.csv", "tolls.csv"} <= {
        p.name for p in out.iterdir()
    }
    (incident,) = table(out / "incidents.csv")
    assert (incident["event_date"], incident["country"], incident["fatalities_low"]) == ("2025-06-01", "NE", "6")
    assert (incident["location"], incident["report_ids"], incident["sources"]) == (
        "Banibangou",
        "2025-06-04_wire",
        "wire",
    )
    assert "1 report" in capsys.readouterr().err


def test_bad_files_are_named_the_rest_is_done_and_the_exit_code_is_1(good, tmp_path, capsys):
    bad = tmp_path / "bad.jsonl"
    bad.write_text(
        '{"report_id": "x", "text": \n' + json.dumps({"report_id": "y", "published": "2025-02-30", "text": REPORT}),
        encoding="utf-8",
    )
    binary = tmp_path / "picture.txt"
    binary.write_bytes(b"\x89PNG\r\n\x00\x01")
    out = tmp_path / "out"
    assert main(["build", str(good), str(bad), str(binary), str(tmp_path / "none.txt"), "--out", str(out)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if "bad.jsonl:1: is not JSON" in line]
    assert [line for line in said if "bad.jsonl:2: published: '2025-02-30' is not a day" in line]
    assert [line for line in said if "picture.txt: is binary" in line]
    assert [line for line in said if "none.txt: no such file" in line]
    assert len(table(out / "incidents.csv")) >= 1


def test_when_nothing_can_be_read_nothing_is_written(tmp_path, capsys):
    empty = tmp_path / "empty.txt"
    empty.touch()
    assert main(["build", str(empty), "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()
    assert "is empty" in capsys.readouterr().err


def test_a_second_text_of_one_id_is_kept_under_another_and_that_is_said(tmp_path, capsys):
    for name, text in (("a.txt", REPORT), ("b.txt", REPORT.replace("six", "seven").replace("Banibangou", "Djibo"))):
        (tmp_path / name).write_text(f"---\nreport_id: same\npublished: 2025-06-04\n---\n{text}", encoding="utf-8")
    assert main(["build", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    (said,) = [line for line in capsys.readouterr().err.splitlines() if "another text has the id 'same' too" in line]
    kept = said.rpartition("kept as ")[2].strip("'")
    ids = {row["report_id"] for row in table(tmp_path / "out" / "mentions.csv")}
    assert ids == {"same", kept}


def test_without_a_publication_day_relative_days_stay_unresolved_and_say_so(tmp_path, capsys):
    path = tmp_path / "undated.txt"
    path.write_text(REPORT, encoding="utf-8")
    assert main(["build", str(path), "--out", str(tmp_path / "out")]) == 0
    assert "no publication date" in capsys.readouterr().err
    assert {row["event_date"] for row in table(tmp_path / "out" / "incidents.csv")} <= {""}


def test_a_report_without_an_incident_is_said_to_have_none(tmp_path, capsys):
    path = tmp_path / "2025-06-04_weather.txt"
    path.write_text(
        "The rains began early this year. Farmers said that the harvest of the region will be good.", encoding="utf-8"
    )
    assert main(["build", str(path), "--out", str(tmp_path / "out")]) == 0
    assert "no incident" in capsys.readouterr().err
    assert table(tmp_path / "out" / "incidents.csv") == []


@pytest.mark.parametrize(
    "satire",
    [
        "On 2025-02-30 gunmen attacked Banibangou. Minus 5 soldiers were killed, the governor said with a smile.",
        "Gunmen attacked Banibangou on Sunday, and 10^9 killed were counted by the governor of the region himself.",
        "Gunmen attacked Banibangou on Sunday and −5 soldiers were killed, according to the governor of the region.",
    ],
)
def test_satire_of_the_format_invents_no_figure(tmp_path, satire):
    path = tmp_path / "2025-06-04.txt"
    path.write_text(satire, encoding="utf-8")
    main(["build", str(path), "--out", str(tmp_path / "out")])
    assert table(tmp_path / "out" / "tolls.csv") == []
    assert {row["fatalities_low"] for row in table(tmp_path / "out" / "incidents.csv")} <= {""}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "x.txt", "--published", "2025-02-30"], "is not a day"),
        (["build", "x.txt", "--language", "es"], "--language"),
        (["build", "x.txt", "--rule", "guess"], "--rule"),
        (["build"], "INPUT"),
        (["fly"], "fly"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_names_the_argument(arguments, words, capsys):
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_a_folder_that_is_a_file_is_refused(good, capsys):
    assert main(["build", str(good), "--out", str(good)]) != 0
    assert str(good) in capsys.readouterr().err
    assert good.read_text(encoding="utf-8") == REPORT


def test_standard_input_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(REPORT.encode())))
    assert main(["build", "-", "--published", "2025-06-04", "--out", str(tmp_path / "out")]) == 0
    assert table(tmp_path / "out" / "mentions.csv")[0]["report_id"] == "stdin"


def test_a_second_build_replaces_files_whole_and_leaves_nothing_beside_them(good, tmp_path):
    out = tmp_path / "out"
    for _ in range(2):
        assert main(["build", str(good), "--out", str(out)]) == 0
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


def test_data_goes_to_stdout_and_talk_to_stderr(good, tmp_path):
    command = [sys.executable, "-m", "sahel_map", "build", str(good), "--out", "made"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert all((tmp_path / line).exists() for line in ran.stdout.splitlines())
    assert "told as background" in ran.stderr


def test_the_version_needs_no_heavy_library():
    code = (
        "import sys; from sahel_map.cli import main; main(['--version']);"
        "heavy = {'geopandas', 'pandas', 'folium', 'trafilatura', 'shapely'} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_one_text_in_two_outlets_is_one_mention_with_both_named(good, tmp_path):
    text = (
        REPORT
        + " People in the area said that they had heard shots for an hour, and that the attackers left on motorbikes."
    )
    for name in ("2025-06-04_wire.txt", "2025-06-05_daily.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["build", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    (incident,) = table(tmp_path / "out" / "incidents.csv")
    assert incident["sources"] == "wire; daily"
    assert incident["report_ids"] == "2025-06-04_wire; 2025-06-05_daily"
    assert len(table(tmp_path / "out" / "mentions.csv")) == 1
