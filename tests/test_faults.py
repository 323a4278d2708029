"""What is killed, full, cut, stalled or done twice harms nothing that was there (benchmarks/reliability.py does more)."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

from tests import faults


@pytest.mark.parametrize("round_", range(3))
def test_a_killed_build_leaves_whole_files(tmp_path, round_):
    assert not faults.killed_in_a_build(tmp_path, random.Random(round_))


def test_a_killed_corpus_build_goes_on(tmp_path):
    assert not faults.killed_in_a_corpus(tmp_path, random.Random(2))


def test_two_builds_into_one_folder_do_not_mix(tmp_path):
    assert not faults.two_builds_into_one_folder(tmp_path, random.Random(1))


@pytest.mark.parametrize("round_", range(2))
def test_a_full_disk_is_one_clear_line_and_changes_nothing(tmp_path, round_):
    assert not faults.full_disk(tmp_path, random.Random(round_))


def test_a_full_file_system_is_one_clear_line(tmp_path):
    assert not faults.full_file_system(tmp_path, random.Random(1))


def test_a_read_only_folder_is_one_clear_line(tmp_path):
    assert not faults.read_only(tmp_path, random.Random(1))


@pytest.fixture(scope="session")
def samples(tmp_path_factory):
    """A small sound file of most formats."""
    return faults.samples(tmp_path_factory.mktemp("samples"))


@pytest.mark.parametrize("round_", range(60))
@pytest.mark.filterwarnings("ignore")  # what the libraries of the formats think of a broken file
def test_a_cut_or_damaged_file_is_read_as_far_as_it_goes_or_named(tmp_path, samples, round_):
    assert not faults.truncated_input(tmp_path, random.Random(round_), samples)


@pytest.mark.parametrize("rows", [0, 1])
def test_a_coded_file_without_a_good_row_is_named(tmp_path, rows):
    from sahel_map.pipeline import run
    from tests.coded_files import ged, write_ged

    path = write_ged(tmp_path / "ged.csv", ged(1))
    header = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(header + "\n" + "1,cut" * rows, encoding="utf-8")
    made = run([path])
    assert made.events == 0
    assert made.rejects


def test_the_clock_changes_nothing(tmp_path):
    assert not faults.clock(tmp_path, random.Random(4))


@pytest.mark.loopback
@pytest.mark.parametrize("round_", range(7))
def test_a_bad_line_leaves_the_old_gazetteer(tmp_path, round_):
    assert not faults.bad_line(tmp_path, random.Random(round_))


def test_the_whole_main_job_makes_no_connection(tmp_path):
    script = (
        "import socket, sys\n"
        "def refused(*a, **k): print('CONNECTION', a, file=sys.stderr); raise OSError('refused')\n"
        "for name in ('connect', 'connect_ex', 'sendto'): setattr(socket.socket, name, refused)\n"
        "socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refused\n"
        "from sahel_map.cli import main\n"
        f"out = {str(tmp_path)!r}\n"
        f"codes = [main(['build', {str(faults.EXAMPLES)!r}, '--out', out]), main(['resolve', 'Boulkessi']), main(['reverse', '14.1', '-1.6']),\n"
        "         main(['export', out + '/incidents.geojson', '--to', out + '/x.gpkg']), main(['map', out + '/incidents.csv', '--out', out + '/y.html'])]\n"
        "sys.exit(max(codes))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "CONNECTION" not in done.stderr
    assert (tmp_path / "y.html").stat().st_size > 100_000


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="network namespaces are Linux's, and root's")
def test_the_main_job_runs_where_there_is_no_network_at_all(tmp_path):
    command = ["unshare", "-n", *faults.BUILD, str(faults.EXAMPLES), "--out", str(tmp_path / "o")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=faults.CHECKOUT)
    if "unshare failed" in done.stderr:
        pytest.skip("this machine lets nobody make a network namespace")
    assert done.returncode == 0, done.stderr
    assert not faults.whole(tmp_path / "o")
