"""How many faults does a build survive? Each kind many times, at moments of chance; the table of docs/reliability.md.

    python benchmarks/reliability.py [--rounds 50] [--write docs/reliability.md]

The trials are those of tests/faults.py, done for real on processes, file systems and a server of this machine.
A round is survived when what was there before is whole, what is reported is one clear line, and the next build is right.
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import random
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests import faults

BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
TRIALS: dict[str, tuple[Callable[..., str], float]] = {  # what is done, and the share of the rounds it is done
    "kill -9 at any moment of a build": (faults.killed_in_a_build, 1),
    "kill -9 at any moment of a corpus build, then the same call": (faults.killed_in_a_corpus, 0.4),
    "two builds at once into one folder": (faults.two_builds_into_one_folder, 0.4),
    "a disk full at any point of writing": (faults.full_disk, 0.4),
    "a file system that really is full": (faults.full_file_system, 0.4),
    "a folder nobody may write to": (faults.read_only, 0.1),
    "an input file cut or damaged anywhere": (faults.truncated_input, 20),
    "a clock years off, or jumping": (faults.clock, 0.3),
    "a download that stalls, lies, breaks off or is another": (faults.bad_line, 2),
}


def main() -> None:
    """Do them all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # what libraries think of broken files
    rows = []
    for title, (trial, share) in TRIALS.items():
        count = max(1, round(options.rounds * share))
        told = rounds(trial, count, options.seed)
        rows.append((title, count, count - sum(told.values())))
        print(f"{title:60} {rows[-1][2]:>5} of {count}", flush=True)
        for fault, times in told.most_common(3):
            print(f"    {times} times: {fault[:300]}")
    if options.write:
        write(options.write, rows)


def rounds(trial: Callable[..., str], count: int, seed: int) -> Counter[str]:
    """What went wrong, and how often."""
    told: Counter[str] = Counter()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        more = [faults.samples(Path(folder) / "samples")] if trial is faults.truncated_input else []
        for number in range(count):
            fault = trial(Path(folder) / str(number % 5 if not more else number), chance, *more)
            if fault:
                told[fault] += 1
    return told


def write(path: Path, rows: list[tuple[str, int, int]]) -> None:
    """Put the table between the marks of the document."""
    table = [f"{dt.date.today().isoformat()}, {platform.system()}, Python {platform.python_version()}:", "",
             "| fault | survived |", "|---|---|", *(f"| {title} | {good} of {count} |" for title, count, good in rows)]  # fmt: skip
    text = path.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{chr(10).join(table)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
