"""Kill builds into a store at random moments of their writing, and look what is left: run by test_store_safety.py.

    python -m tests.store_killing FOLDER COUNT SEED

A process of its own, without threads, that forks a writer, waits until it writes, waits a random while more, and
kills it with SIGKILL. After each kill the store must be whole and hold every report whose build had ended.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from sahel_map.model import Report
from sahel_map.store.adding import add
from tests.coded_files import ged, write_ged

COUNT_OF_ROWS = 40  # of coded events a build, so that writing takes a while


def report(number: int) -> Report:
    return Report(
        report_id=f"r{number}", source="Courier", language="en", published=None,
        text=f"Jihadists of JNIM attacked the army base at Djibo in Burkina Faso on {number % 28 + 1} June 2024, killing {number + 2} soldiers.",
    )  # fmt: skip


def inputs(folder: Path, number: int, version: int) -> list[Path | Report]:
    rows = [ged(number * 1000 + n, best=version, low=0, high=version + n, date_start=f"2023-{n % 12 + 1:02}-05", date_end=f"2023-{n % 12 + 1:02}-05")
            for n in range(COUNT_OF_ROWS)]  # fmt: skip
    return [write_ged(folder / f"ged{number:03}.csv", *rows), report(number)]


def writer(folder: Path, number: int, version: int, tell: int) -> None:
    """Add one piece, or a new version of it; say "w" when writing has begun and "c" when the build has ended."""

    def progress(reports: Iterable[Report]) -> Iterable[Report]:
        os.write(tell, b"w")
        return reports

    add(folder / "s.gpkg", inputs(folder, number, version), progress=progress)
    os.write(tell, b"c")


def attempt(folder: Path, number: int, version: int, wait: float) -> tuple[bool, bool, float]:
    """Whether the writer ended its build, whether it was killed while at it, and how long it wrote."""
    heard, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            writer(folder, number, version, tell)
        finally:
            os._exit(0)
    os.close(tell)
    os.read(heard, 1)
    began = time.monotonic()
    ended = b""
    if wait >= 0:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    ended = os.read(heard, 1)
    os.close(heard)
    return ended == b"c", os.WIFSIGNALED(status), time.monotonic() - began


def check(folder: Path, committed: dict[int, int], tried: tuple[int, int]) -> dict[int, int]:
    """The version of each piece in the store; ``committed`` were in it, and ``tried`` may be (killed after its commit)."""
    base = sqlite3.connect(folder / "s.gpkg")
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    kept = {int(row[0][1:]) for row in base.execute("SELECT report_id FROM reports")}
    assert set(committed) <= kept, f"lost: {set(committed) - kept}"
    pieces = base.execute(
        "SELECT (own_id - 900000) / 1000, min(best), max(best), count(*) FROM events GROUP BY 1"
    ).fetchall()
    assert {piece for piece, *_ in pieces} == kept, "reports without the rows that came with them"
    for piece, least, most, count in pieces:
        assert (least, count) == (most, COUNT_OF_ROWS), "a build half written"
        assert least == committed.get(piece) or (piece, least) == tried, "a build lost"
    told = base.execute("SELECT count(DISTINCT incident_id), (SELECT count(*) FROM incidents) FROM mentions").fetchone()
    assert told[0] == told[1], "incidents and mentions of two builds"
    assert base.execute("SELECT count(*) FROM runs WHERE finished IS NULL").fetchone() == (0,)
    base.close()
    return {piece: least for piece, least, *_ in pieces}


def main(folder: Path, count: int, seed: int) -> None:
    chance = random.Random(seed)
    add(folder / "warm.gpkg", inputs(folder, 9, 0))  # what is imported and loaded here, the forked writers have at hand
    committed: dict[int, int] = {}
    ended, _, length = attempt(folder, 0, 0, -1)
    assert ended
    committed[0] = 0
    kills = version = 0
    while kills < count:
        version += 1
        piece = chance.randrange(3)
        ended, killed, took = attempt(folder, piece, version, chance.uniform(0, length * 1.2))
        length = took if ended else length
        kills += killed and not ended
        now = check(folder, committed, (piece, version))
        assert not ended or now[piece] == version, "an ended build lost"
        committed = now
    sys.stdout.write(f"{kills} kills, {len(committed)} pieces committed, {version - kills} builds ended\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
