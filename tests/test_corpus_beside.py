"""Coded data and a person's decisions in a corpus: the table of one process, row for row."""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

import pandas as pd
import pytest

from sahel_map import corpus, pipeline
from sahel_map.cli import main
from sahel_map.corpus import joining
from sahel_map.errors import InputError
from tests.coded_files import acled, ged, write_acled, write_ged

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from make_corpus import make, save

MAPPING = """
[columns]
id = "nr"
date = "day"
event_type = "what"
latitude = "lat"
longitude = "lon"
country = "land"
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Some articles of known truth, in several files."""
    folder = tmp_path_factory.mktemp("told")
    save(folder, *make(240, seed=7), files=3)
    return folder / "articles"


@pytest.fixture(scope="module")
def alone(told):
    """What one process makes of them."""
    return pipeline.run([told])


@pytest.fixture
def coded(tmp_path, alone):
    """GED, ACLED and a mapped table that tell of some of the same events, of others, and of none that can be used."""
    chance = random.Random(3)
    rows = [(n, row) for n, row in enumerate(alone.incidents.itertuples()) if row.latitude == row.latitude]
    ours = [{"id": n, "latitude": r.latitude + chance.uniform(-0.02, 0.02), "longitude": r.longitude, "date_start": r.date_from,
             "date_end": r.date_to, "where_coordinates": r.location, "best": n % 9, "high": n % 9, "low": n % 9} for n, r in rows[:40]]  # fmt: skip
    write_ged(tmp_path / "ged.csv", *(ged(**row) for row in ours), *(ged(n) for n in range(30)), ged(31, best="many"))
    theirs = [{"event_id_cnty": f"BFO{n}", "latitude": r.latitude, "longitude": r.longitude, "event_date": r.date_from,
               "location": r.location, "country": "Mali", "fatalities": n % 7} for n, r in rows[20:50]]  # fmt: skip
    write_acled(tmp_path / "acled.csv", *(acled(**row) for row in theirs))
    with (tmp_path / "log.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("nr", "day", "what", "lat", "lon", "land"), *(
            (n, r.date_from, "attack", r.latitude, r.longitude, r.country) for n, r in rows[30:60])])  # fmt: skip
    (tmp_path / "shared.toml").write_text(MAPPING)
    return [tmp_path / "ged.csv", tmp_path / "acled.csv", tmp_path / "log.csv"]


@pytest.fixture
def decisions(tmp_path, alone):
    """Every action: what is far apart joined across blocks, what belongs together parted, dropped, placed and dated anew."""
    ids = list(alone.incidents["incident_id"])
    many = next(row for row in alone.incidents.itertuples() if len(row.mentions) > 2)
    single = [m["mention_id"] for m in many.mentions]
    lines = [
        ("join", f"{ids[0]}; {ids[-1]}", "", ""), ("join", f"{ids[3]}; {single[0]}", "", ""), ("split", f"{single[1]}; {single[2]}", "", ""),
        ("drop", ids[7], "", ""), ("set", ids[9], "event_date", "2023-02-01"), ("set", ids[10], "actor1", "Dan Na Ambassagou"),
        ("place", ids[11], "", "14.1, -1.6"), ("place", ids[12], "", "Nowhere at all"), ("set", ids[14], "killed", "17"), ("drop", "no such incident", "", ""),
        ("join", f"{ids[20]}; {ids[21]}", "", ""), ("drop", ids[21], "", ""), ("set", ids[21], "actor1", "Volunteers"),
    ]  # fmt: skip
    with (tmp_path / "corrections.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [("action", "target", "field", "value", "who", "why"), *((*line, "I", "because") for line in lines)]
        )
    return tmp_path / "corrections.csv"


def same(one, other):
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.incidents.drop(columns="geometry")), pd.DataFrame(other.incidents.drop(columns="geometry"))
    )
    assert all(
        a is b or a.equals_exact(b, 0) for a, b in zip(one.incidents.geometry, other.incidents.geometry, strict=True)
    )
    assert (one.doubts, one.unfit, one.rejects, one.events) == (other.doubts, other.unfit, other.rejects, other.events)


def test_coded_data_beside_reports_come_out_the_same(told, coded, tmp_path, monkeypatch):
    monkeypatch.setattr(joining, "BLOCK", 25)
    inputs, options = [told, *coded], {"mapping": tmp_path / "shared.toml"}
    one = pipeline.run(inputs, **options)
    assert (one.events, len(one.rejects)) == (130, 1)
    assert one.incidents["sources"].str.contains("; ").any()
    same(one, corpus.run(inputs, tmp_path / "out", tmp_path / "work", **options).build())


def test_coded_data_alone_come_out_the_same(coded, tmp_path):
    same(pipeline.run(coded[:2]), corpus.run(coded[:2], tmp_path / "out", tmp_path / "work").build())


@pytest.mark.parametrize("with_coded", [False, True])
def test_corrections_come_out_the_same(told, coded, decisions, tmp_path, monkeypatch, with_coded):
    monkeypatch.setattr(joining, "BLOCK", 25)
    inputs = [told, *coded[:2]] if with_coded else [told]
    one = pipeline.run(inputs, corrections=decisions)
    assert len(one.unfit) == 3
    made = corpus.run(inputs, tmp_path / "out", tmp_path / "work", corrections=decisions)
    same(one, made.build())
    again = corpus.run(inputs, tmp_path / "out", tmp_path / "work", corrections=decisions)
    same(one, again.build())


def test_other_corrections_are_another_build(told, decisions, tmp_path):
    corpus.run([told], tmp_path / "out", tmp_path / "work", corrections=decisions)
    with pytest.raises(InputError, match="other files"):
        corpus.run([told], tmp_path / "out", tmp_path / "work")


@pytest.mark.loopback
def test_the_command_takes_tables_and_corrections(told, coded, decisions, tmp_path, capsys):
    command = [
        "build",
        str(told),
        *map(str, coded),
        "--mapping",
        str(tmp_path / "shared.toml"),
        "--corrections",
        str(decisions),
    ]
    assert main([*command, "--out", str(tmp_path / "here")]) == 1
    here = capsys.readouterr().err
    assert main([*command, "--out", str(tmp_path / "there"), "--engine", "dask"]) == 1
    there = capsys.readouterr().err
    for name in ("incidents.csv", "mentions.csv", "tolls.csv", "review.csv", "rejects.csv", "aggregates.csv"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()
    said = [line for line in here.splitlines() if "no longer fits" in line or ".csv" in line]
    assert len(said) == 4
    assert set(said) <= set(there.splitlines())
