"""Figures set by a person: into the ledger and the estimate, with what they correct kept and overruled."""

from __future__ import annotations

from pathlib import Path

import pytest

from sahel_map.cli import main
from sahel_map.pipeline import run
from tests.test_pipeline import EXAMPLES

HEADER = "action,target,field,value,who,why\n"
BANIBANGOU = "NE-banibangou-20250619"


def built(tmp_path: Path, *lines: str):
    path = tmp_path / "corrections.csv"
    path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
    made = run([EXAMPLES], corrections=path)
    return {row["incident_id"]: row for row in made.incidents.to_dict("records")}, made


@pytest.mark.parametrize(
    ("field", "value", "killed"),
    [
        ("killed", "36", (36, 36, 36)),
        ("killed", "30-36", (30, 30, 36)),
        ("killed", "30+", (30, 30, None)),
        ("killed", "0", (0, 0, 0)),
        ("killed", "unknown", (None, None, None)),
        ("killed:soldiers", "36", (36, 36, 36)),
    ],
)
def test_a_figure_that_a_person_sets_is_the_estimate(field, value, killed, tmp_path):
    rows, made = built(tmp_path, f"set,{BANIBANGOU},{field},{value},A. Analyst,the list of names")
    row = rows[BANIBANGOU]
    found = tuple(row[f"fatalities_{bound}"] for bound in ("low", "best", "high"))
    assert tuple(None if f is None or f != f else int(f) for f in found) == killed
    assert not made.unfit
    assert not any(conflict.startswith("toll: soldiers killed") for conflict in row["conflicts"])
    assert "the list of names" in row["notes"]


def test_what_the_reports_say_stays_in_the_ledger_overruled(tmp_path):
    before = {r["incident_id"]: r for r in run([EXAMPLES]).incidents.to_dict("records")}[BANIBANGOU]
    rows, made = built(tmp_path, f"set,{BANIBANGOU},killed,36,A. Analyst,the list of names")
    ledger = rows[BANIBANGOU]["tolls"]
    said = [(t["low"], t["speaker"]) for t in before["tolls"] if t["kind"] == "killed"]
    overruled = [(t["low"], t["speaker"]) for t in ledger if t["revision"] == "overruled"]
    assert said
    assert overruled == said
    person = [t for t in ledger if t["speaker_kind"] == "person"]
    assert [(t["low"], t["high"], t["speaker"], t["quote"]) for t in person] == [
        (36, 36, "A. Analyst", "the list of names")
    ]
    assert {t["kind"] for t in before["tolls"]} == {t["kind"] for t in ledger}
    assert not [d for d in made.doubts if d["incident_id"] == BANIBANGOU and d["doubt"].endswith("toll")]
    assert rows[BANIBANGOU]["report_ids"] == before["report_ids"]  # joined by what the reports say


def test_one_groups_figure_leaves_the_others(tmp_path):
    rows, _ = built(tmp_path, f"set,{BANIBANGOU},killed:militants,7,A. Analyst,bodies seen")
    ledger = rows[BANIBANGOU]["tolls"]
    assert {t["who"] for t in ledger if t["revision"] == "overruled"} <= {"militants"}
    assert ("militants", 7) in [(t["who"], t["low"]) for t in ledger]
    assert any(t["who"] != "militants" and t["revision"] != "overruled" for t in ledger)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("killed", "-5", "'-5' is no figure"),
        ("killed", "20-15", "'20-15' is no figure"),
        ("killed", "many", 'wanted e.g. 17, 15-20, 12+ (or more) or "unknown"'),
        ("killed", "10000000000", "is no figure"),
        ("killed", "", "''"),
        ("killed:goats", "3", "field 'killed:goats' cannot be set"),
        ("dead", "3", "killed, injured, abducted, missing"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_line(field, value, complaint, tmp_path, capsys):
    path = tmp_path / "corrections.csv"
    path.write_text(HEADER + f"set,{BANIBANGOU},{field},{value},A. Analyst,because\n", encoding="utf-8")
    assert main(["build", str(EXAMPLES), "--out", str(tmp_path / "o"), "--corrections", str(path)]) == 1
    said = capsys.readouterr().err
    assert "corrections.csv:2" in said
    assert complaint in said


def test_explain_shows_who_overruled_what(tmp_path, capsys):
    path = tmp_path / "corrections.csv"
    path.write_text(HEADER + f"set,{BANIBANGOU},killed,36,A. Analyst,the list of names\n", encoding="utf-8")
    assert main(["build", str(EXAMPLES), "--out", str(tmp_path / "o"), "--corrections", str(path)]) == 0
    capsys.readouterr()
    assert main(["explain", BANIBANGOU, "--in", str(tmp_path / "o")]) == 0
    told = capsys.readouterr().out
    assert "36 unspecified killed (exact), reported by A. Analyst" in told
    assert "overruled" in told


def test_a_figure_that_only_a_person_gives_needs_no_other(tmp_path):
    rows, _ = built(tmp_path, f"set,{BANIBANGOU},missing,4,A. Analyst,families asked")
    assert ("missing", 4) in [(t["kind"], t["low"]) for t in rows[BANIBANGOU]["tolls"]]
