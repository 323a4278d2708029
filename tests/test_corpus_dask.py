"""The same on Dask's workers, in processes of their own, one of which is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import sahel_map as sm
from sahel_map import corpus, pipeline
from sahel_map.corpus import reading

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from corpus_truth import check, truth
from make_corpus import make, save

pytestmark = pytest.mark.loopback


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dask")
    save(folder, *make(900, seed=5), files=3)
    return folder


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 40)
    killed = []

    with corpus.workers(count=2) as client:

        def kill(stage, done, _):
            if stage == "coded" and done == 1 and not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        built = corpus.run([folder / "articles"], tmp_path / "out", tmp_path / "work", client=client, progress=kill)
    assert killed
    table = built.build().incidents
    whole = pipeline.run([folder / "articles"]).incidents
    pd.testing.assert_frame_equal(
        pd.DataFrame(whole.drop(columns="geometry")), pd.DataFrame(table.drop(columns="geometry"))
    )
    counts, wrong = check(table, truth(folder))
    assert not wrong, counts


def test_the_python_function_takes_a_client_and_gives_the_table(folder):
    with corpus.workers(count=1) as client:
        table = sm.build(folder / "articles" / "part-000.jsonl", client=client)
    assert list(table["incident_id"]) == list(sm.build(folder / "articles" / "part-000.jsonl")["incident_id"])


def test_the_command_writes_the_usual_files_and_geoparquet_and_cleans_up(folder, tmp_path):
    command = [
        sys.executable,
        "-m",
        "sahel_map",
        "build",
        str(folder / "articles"),
        "--engine",
        "dask",
        "--out",
        str(tmp_path / "o"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (tmp_path / "o").iterdir()} >= {
        "map.html",
        "incidents.csv",
        "incidents.geojson",
        "incidents.parquet",
    }
    assert not (tmp_path / "o" / ".work").exists()
    assert len(pd.read_csv(tmp_path / "o" / "incidents.csv")) == len(truth(folder))


def test_a_scheduler_that_does_not_answer_is_named(tmp_path, capsys):
    from sahel_map.cli import main

    assert (
        main(["build", str(tmp_path), "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", "--out", str(tmp_path)])
        == 1
    )
    assert "no Dask scheduler answers at 'tcp://127.0.0.1:9'" in capsys.readouterr().err
