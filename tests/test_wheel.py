"""The wheel alone is enough: installed into an empty environment, it builds the examples from another folder."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

_OFFLINE = ("Temporary failure in name resolution", "Failed to establish a new connection", "Network is unreachable")


def run(*command: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd, env=environment)


@pytest.fixture(scope="module")
def installed(checkout, tmp_path_factory):
    """The bin folder of an empty environment with nothing but the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, checkout)
    if any(sign in built.stderr for sign in _OFFLINE):
        pytest.skip("no package index within reach to build the wheel with")
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("sahel_map-*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    added = run(environment / "bin" / "python", "-m", "pip", "install", "--quiet", wheel)
    assert added.returncode == 0, added.stderr
    return environment / "bin"


def test_the_wheel_builds_the_examples_from_another_folder(installed, checkout, tmp_path):
    built = run(installed / "sahel-map", "build", checkout / "examples" / "reports", "--out", "made", cwd=tmp_path)

    assert built.returncode == 0, built.stderr
    page = (tmp_path / "made" / "map.html").read_text(encoding="utf-8")
    features = json.loads((tmp_path / "made" / "incidents.geojson").read_text(encoding="utf-8"))["features"]
    with (tmp_path / "made" / "incidents.csv").open(encoding="utf-8-sig", newline="") as file:
        incidents = list(csv.DictReader(file))
    assert page.lstrip().lower().startswith("<!doctype html")
    assert len(features) == len(incidents) >= 6
    assert {"ML", "BF", "NE"} <= {row["country"] for row in incidents}
    assert any(row["latitude"] for row in incidents)


def test_the_wheel_holds_the_gazetteer(installed, tmp_path):
    answer = run(installed / "sahel-map", "resolve", "Boulikessi", cwd=tmp_path)

    assert answer.returncode == 0, answer.stderr
    assert "Boulkessi" in answer.stdout


def test_the_wheel_reads_web_pages_where_an_older_pip_installed_it(installed, tmp_path):
    story = "<p>Six civilians were killed on Sunday when gunmen attacked the town of Djibo, in Burkina Faso, residents said.</p>"
    (tmp_path / "page.html").write_text(f"<html><body><article>{story}</article></body></html>", encoding="utf-8")

    built = run(installed / "sahel-map", "build", "page.html", "--published", "2025-06-02", cwd=tmp_path)

    assert built.returncode == 0, built.stderr
    assert "BF-djibo-20250601" in (tmp_path / "outputs" / "incidents.csv").read_text(encoding="utf-8-sig")


def test_the_version_is_told_without_loading_the_maps(installed, tmp_path):
    code = "import sys, sahel_map.cli; sys.exit('geopandas' in sys.modules or 'folium' in sys.modules)"

    assert run(installed / "python", "-c", code, cwd=tmp_path).returncode == 0
    assert "0." in run(installed / "sahel-map", "--version", cwd=tmp_path).stdout
