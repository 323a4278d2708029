"""The main flow on the example reports, and on the real ones where they are at hand."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sahel_map as sm
from sahel_map.cli import main
from sahel_map.errors import InputError
from sahel_map.exports import export
from sahel_map.incidents import INCIDENT_COLUMNS, MENTION_COLUMNS, TOLL_COLUMNS, read
from sahel_map.model import Report
from sahel_map.pipeline import Build, run
from sahel_map.reports import read_reports

EXAMPLES = Path(__file__).parents[1] / "examples" / "reports"
OPEN = ("None", "<NA>")
CASES = list(
    csv.DictReader((Path(__file__).parent / "cases" / "examples.csv").read_text(encoding="utf-8").splitlines())
)


@pytest.fixture(scope="module")
def built() -> Build:
    return run([EXAMPLES])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built")
    assert main(["build", str(EXAMPLES), "--out", str(out)]) == 0
    return out


@pytest.mark.parametrize("case", CASES, ids=[c["incident_id"] for c in CASES])
def test_the_examples_tell_these_incidents(built: Build, case: dict[str, str]) -> None:
    rows = {r["incident_id"]: r for r in built.incidents.to_dict("records")}
    assert case["incident_id"] in rows
    row = rows[case["incident_id"]]
    for column, wanted in case.items():
        if column != "lesson" and wanted:
            got = row[column]
            text = "" if got is None or str(got) == "<NA>" else str(got)
            assert text.lower() == ("" if wanted == "-" else wanted).lower(), (column, case["lesson"])


def test_the_examples_tell_no_other_incident(built: Build) -> None:
    assert set(built.incidents["incident_id"]) == {c["incident_id"] for c in CASES}


def test_every_value_leads_back_to_its_sentence(built: Build) -> None:
    texts = {r.report_id: r.text for r in read_reports([EXAMPLES]).reports}
    for row in built.incidents.to_dict("records"):
        for mention in row["mentions"]:
            assert texts[mention["report_id"]][mention["start"] : mention["end"]] == mention["sentence"]
        for toll in row["tolls"]:
            assert toll["quote"] in texts[toll["report_id"]]
            figure = texts[toll["report_id"]][toll["start"] : toll["end"]]
            assert figure
            assert figure in toll["quote"]


def test_the_order_of_the_inputs_changes_nothing(built: Build) -> None:
    files = sorted(EXAMPLES.iterdir())
    random.Random(3).shuffle(files)
    again = run(files).incidents
    assert again.drop(columns="geometry").to_dict("records") == built.incidents.drop(columns="geometry").to_dict(
        "records"
    )


def test_a_total_over_weeks_is_no_incident(built: Build) -> None:
    totals = [t for c in built.coded for t in c.aggregates]
    assert [t.low for t in totals] == [400]
    assert not any(t["low"] == 400 for row in built.incidents["tolls"] for t in row)


def test_a_report_without_an_incident_says_so(built: Build) -> None:
    silent = [c for c in built.coded if not c.mentions]
    assert [c.report.report_id for c in silent] == ["10_desert-monitor_brief"]
    assert "tells of no incident that can be placed" in silent[0].notes


def test_build_writes_the_promised_files_with_the_promised_columns(folder: Path) -> None:
    for name, columns in (("incidents", INCIDENT_COLUMNS), ("mentions", MENTION_COLUMNS), ("tolls", TOLL_COLUMNS)):
        header = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert header[: len(columns)] == list(columns)
    assert (folder / "map.html").stat().st_size > 100_000
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


def test_the_geojson_is_rfc_7946(folder: Path) -> None:
    collection = json.loads((folder / "incidents.geojson").read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    kinds = {f["geometry"]["type"] for f in collection["features"] if f["geometry"]}
    assert {"Point", "LineString"} <= kinds
    assert kinds & {"Polygon", "MultiPolygon"}
    for feature in collection["features"]:
        if feature["geometry"] and feature["geometry"]["type"] == "Polygon":
            ring = feature["geometry"]["coordinates"][0]
            assert sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in itertools.pairwise(ring)) < 0  # anticlockwise


def test_a_saved_file_reads_back_as_the_same_table(folder: Path, built: Build) -> None:
    back = read(folder / "incidents.geojson")
    assert list(back["incident_id"]) == list(built.incidents["incident_id"])
    assert list(back["fatalities_low"].fillna(-1)) == list(built.incidents["fatalities_low"].fillna(-1))
    assert back.iloc[0]["tolls"] == built.incidents.iloc[0]["tolls"]
    assert back.crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            ",200,200,",
            ",200 soldiers,200,",
            "row 2 (BF-djibo-20250510), fatalities_low: '200 soldiers' is not a number",
        ),
        (",14.099,", ",,", ""),
    ],
)
def test_a_number_that_is_none_does_not_become_no_figure(
    tmp_path: Path, folder: Path, old: str, new: str, words: str
) -> None:
    text = (folder / "incidents.csv").read_text(encoding="utf-8-sig")
    assert old in text
    path = tmp_path / "incidents.csv"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    if words:
        with pytest.raises(InputError, match=re.escape(words)):
            read(path)
    else:
        assert read(path).iloc[0].geometry is None


def test_a_csv_cut_in_a_row_is_refused_and_one_with_tags_is_read(tmp_path: Path, folder: Path, built: Build) -> None:
    text = (folder / "incidents.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "incidents.csv"
    path.write_text(text[: text.index("ML-dioura-20250524") + 60], encoding="utf-8")
    with pytest.raises(InputError, match=re.escape("row 3 (ML-dioura-20250524): has fewer cells than the header")):
        read(path)
    assert list(read(export(built.incidents, path, hxl=True))["incident_id"]) == list(built.incidents["incident_id"])


def test_explain_tells_the_story(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ML-tombouctou-20250602", "--in", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "14 militants killed" in told
    assert "they disagree on" in told
    assert main(["explain", "ML-boulkessi-20250601", "--in", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "killed: 30 or more\n" in told
    assert "30 or more soldiers killed (more than), reported by deux sources sécuritaires" in told
    assert main(["explain", "nowhere", "--in", str(folder)]) == 1
    assert "no incident 'nowhere'" in capsys.readouterr().err


def test_build_is_importable() -> None:
    with pytest.warns(UserWarning, match="no such file"):
        table = sm.build([EXAMPLES / "06_sahel-wire_banibangou.txt", "missing.txt"])
    assert list(table["country"]) == ["NE"]


def test_without_a_publication_day_relative_dates_stay_open() -> None:
    report = Report(report_id="r", text="Gunmen killed nine villagers in Gorom-Gorom on Monday.", language="en")
    made = run([report])
    assert made.incidents.iloc[0]["event_date"] is None
    assert any("no publication date" in note for note in made.coded[0].notes)


def test_a_report_whose_only_news_is_old_is_background_that_somebody_should_look_at() -> None:
    old = Report(
        report_id="inquiry", language="en", published=dt.date(2024, 6, 15),
        text="Soldiers killed 20 villagers in Djibo on 3 March 2024, witnesses said.",
    )  # fmt: skip
    context = Report(
        report_id="news", language="en", published=dt.date(2024, 6, 15),
        text="Gunmen killed four people in Dori on Friday. On 3 March 2024 gunmen killed nine in Djibo.",
    )  # fmt: skip
    assert [(d["doubt"], d["value"], d["why"]) for d in run([old]).doubts] == [
        ("old news", "2024-03-03", "all news of its report is old: 104 days before its report")
    ]
    assert run([context]).doubts == ()


def test_a_crash_halfway_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["build", str(EXAMPLES / "06_sahel-wire_banibangou.txt"), "--out", str(tmp_path)]) == 0
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    (tmp_path / "blocked").mkdir()
    monkeypatch.setattr("tempfile.mkstemp", _no_space)
    assert main(["build", str(EXAMPLES), "--out", str(tmp_path)]) == 1
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


def _no_space(*_: object, **__: object) -> tuple[int, str]:
    raise OSError(28, "No space left on device")


def test_corrections_are_reapplied_and_say_when_they_no_longer_fit(tmp_path: Path) -> None:
    corrections = tmp_path / "corrections.csv"
    corrections.write_text(
        "action,target,field,value,who,why\n"
        "set,NE-banibangou-20250619,event_date,2025-06-18,A. Analyst,the ministry's statement\n"
        'place,BF-djibo-20250510,,"14.20, -1.60",A. Analyst,the garrison north of the town\n'
        "drop,ML-sirakorola-20250530,,,A. Analyst,denied\n"
        "join,ML-nowhere-20200101; NE-banibangou-20250619,,,A. Analyst,same\n",
        encoding="utf-8",
    )
    made = run([EXAMPLES], corrections=corrections)
    rows = {r["incident_id"]: r for r in made.incidents.to_dict("records")}
    assert "NE-banibangou-20250618" in rows
    assert (rows["BF-djibo-20250510"]["latitude"], rows["BF-djibo-20250510"]["longitude"]) == (14.2, -1.6)
    assert "ML-sirakorola-20250530" not in rows
    assert len(made.unfit) == 1
    assert "no longer fits" in made.unfit[0]


def test_a_bad_corrections_file_names_every_bad_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corrections = tmp_path / "corrections.csv"
    corrections.write_text(
        "action,target,field,value,who,why\nmove,x,,,me,because\nset,x,event_date,soon,me,because\n", encoding="utf-8"
    )
    assert main(["build", str(EXAMPLES), "--out", str(tmp_path / "o"), "--corrections", str(corrections)]) == 1
    said = capsys.readouterr().err
    assert "corrections.csv:2" in said
    assert "corrections.csv:3" in said
    assert not (tmp_path / "o").exists()


def test_the_five_articles_give_these_incidents_and_no_other_as_news(shared: Path, tmp_path: Path) -> None:
    days = {"000": "2025-06-02", "001": "2025-06-03", "002": "2025-06-03", "003": "2025-06-02", "004": "2025-06-02"}
    reports = [
        Report(
            report_id=path.stem,
            text=path.read_text(encoding="utf-8"),
            language="en",
            published=dt.date.fromisoformat(days[path.name[:3]]),
        )
        for path in sorted((shared / "reports").glob("00*.txt"))
    ]
    table = run(reports).incidents
    news = {r["incident_id"]: r for r in table[~table["background"]].to_dict("records")}
    assert set(news) == {
        "ML-boulkessi-20250601", "ML-tombouctou-20250602", "ML-dioura-20250524", "ML-sirakorola-20250530",
        "BF-djibo-20250510", "NE-tahoua-20250524", "NE-dosso-20250526",
    }  # fmt: skip
    boulkessi = news["ML-boulkessi-20250601"]
    assert boulkessi["fatalities_low"] == 30
    assert str(boulkessi["fatalities_high"]) in OPEN
    assert any("2025-05-31" in c for c in boulkessi["conflicts"])
    assert len({t["origin"] for t in boulkessi["tolls"] if t["low"] == 30}) == 1
    assert (news["ML-tombouctou-20250602"]["fatalities_low"], news["ML-tombouctou-20250602"]["status"]) == (
        13,
        "claimed",
    )
    assert news["ML-sirakorola-20250530"]["disputed"]
    assert str(news["ML-sirakorola-20250530"]["fatalities_low"]) in OPEN
    assert news["BF-djibo-20250510"]["time_precision"] == 3
    assert news["NE-tahoua-20250524"]["kind"] == news["NE-dosso-20250526"]["kind"] == "unit"
    assert [t["shared_with"] for t in news["NE-tahoua-20250524"]["tolls"]] != [""]


@pytest.mark.parametrize(("language", "least"), [("en", 0.9), ("fr", 0.9)])
def test_the_coded_articles_are_read_as_well_as_measured(
    shared: Path, tmp_path: Path, language: str, least: float
) -> None:
    assert main(["build", str(shared / "reports" / "articles_dev.jsonl"), "--out", str(tmp_path)]) == 0
    scorer = [
        sys.executable,
        str(shared / "tools" / "score_news.py"),
        str(shared / "reports" / "coded_dev.json"),
        str(tmp_path),
    ]
    said = subprocess.run(scorer, capture_output=True, text=True, check=True).stdout
    line = next(row for row in said.splitlines() if row.startswith(language))
    assert float(line.split("F1 ")[1].split("%")[0]) / 100 >= least, said
    assert float(line.split("= ")[1].split("%")[0]) / 100 >= 0.85, said
    assert "0 incidents hold two events" in said
    shutil.rmtree(tmp_path)
