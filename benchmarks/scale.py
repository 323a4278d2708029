"""A corpus of known truth on two workers, one of which is killed: how fast, in how much memory, and is it right?

    python benchmarks/scale.py [ARTICLES] [--workers 2] [--folder FOLDER] [--without-one]

Makes the corpus (make_corpus.py), builds it with Dask, kills a worker in the middle with SIGKILL, compares the
incidents with the truth and with those of one process, row for row, and prints what each took. Memory and processor
seconds are those of the scheduler's process, the workers and their reading processes together, looked at five times a second.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
from corpus_truth import check, truth
from make_corpus import make, save
from watching import Watching

from sahel_map import corpus, pipeline

MEGABYTE = 1e6


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="keep the corpus and the results here")
    parser.add_argument("--without-one", action="store_true", help="leave out the build in one process")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if not (folder / "truth.jsonl").exists():
            save(folder, *make(options.articles), files=20)
        size = sum(path.stat().st_size for path in (folder / "articles").iterdir())
        lines = sum(path.read_bytes().count(b"\n") for path in (folder / "articles").iterdir())
        print(f"{lines:,} articles, {size / MEGABYTE:.0f} MB, {len(truth(folder)):,} events")
        table = on_dask(folder, options.workers, lines)
        if not options.without_one:
            in_one_process(folder, table, lines)


def on_dask(folder: Path, count: int, lines: int) -> Any:
    """Build with workers, one killed; print time, memory and truth; the table."""
    killed: list[int] = []
    stages: dict[str, list[float]] = {}
    start = time.perf_counter()
    with corpus.workers(count=count) as client, Watch() as watch:
        ready = time.perf_counter() - start

        def step(stage: str, done: int, total: int) -> None:
            now = time.perf_counter() - start
            stages.setdefault(stage, [now, now])[1] = now
            if stage == "coded" and done == max(1, total // 2) and not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        built = corpus.run([folder / "articles"], folder / "out", folder / "work", client=client, progress=step)
        seconds = time.perf_counter() - start - ready
    work = sum(path.stat().st_size for path in (folder / "work").rglob("*") if path.is_file())
    print(
        f"dask, {count} workers: {seconds:.0f} s, {lines / seconds:.0f} articles/s, {lines / seconds / count:.0f} a worker"
    )
    print(
        f"  processor {sum(watch.seconds().values()):.0f} s: {', '.join(f'{k} {v:.0f}' for k, v in watch.seconds().items())}"
    )
    print(
        f"  peak memory {watch.peak / MEGABYTE:.0f} MB: {', '.join(f'{k} {v / MEGABYTE:.0f}' for k, v in watch.parts.items())}"
    )
    print(
        f"  work folder {work / MEGABYTE:.0f} MB; workers killed: {len(killed)}; set aside: {len(list(built.faults))}"
    )
    before = ready
    for stage, (_, last) in sorted(stages.items(), key=lambda pair: pair[1][1]):
        print(f"  {stage:10} {last - before:7.1f} s")
        before = last
    table = built.build().incidents
    counts, wrong = check(table, truth(folder))
    print(f"  truth: {counts['recovered']:,} of {len(truth(folder)):,} events recovered exactly; {dict(counts)}")
    for fault, event, _ in wrong[:3]:
        print("   ", fault, event)
    return table


def in_one_process(folder: Path, table: Any, lines: int) -> None:
    """The same set in one process, and whether its table is the same."""
    start = time.perf_counter()
    with Watch() as watch:
        one = pipeline.run([folder / "articles"]).incidents
    seconds = time.perf_counter() - start
    print(
        f"one process: {seconds:.0f} s, {lines / seconds:.0f} articles/s, processor {sum(watch.seconds().values()):.0f} s, "
        f"peak memory {watch.peak / MEGABYTE:.0f} MB"
    )
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.drop(columns="geometry")), pd.DataFrame(table.drop(columns="geometry"))
    )
    print(f"  the same {len(one):,} incidents, row for row")


class Watch(Watching):
    """The most memory that this process and those it started hold at once, and their processor seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._began = sum(psutil.Process().cpu_times()[:2])
        self._spent: dict[int, tuple[str, float]] = {}
        self.peak = 0
        self.parts: dict[str, int] = {}

    def seconds(self) -> dict[str, float]:
        """Processor seconds, by what a process is for."""
        found: dict[str, float] = {}
        for name, spent in self._spent.values():
            found[name] = found.get(name, 0.0) + spent
        return found

    def look(self, me: psutil.Process) -> None:
        """The memory that is held now, and the seconds spent so far."""
        parts: dict[str, int] = {"this process": me.memory_info().rss}
        self._spent[me.pid] = ("this process", sum(me.cpu_times()[:2]) - self._began)
        for child in me.children(recursive=True):
            try:
                name = "reading" if "sahel_map.corpus.process" in child.cmdline() else "workers"
                parts[name] = parts.get(name, 0) + child.memory_info().rss
                self._spent[child.pid] = (name, sum(child.cpu_times()[:2]))
            except psutil.Error:
                continue
        if sum(parts.values()) > self.peak:
            self.peak, self.parts = sum(parts.values()), parts


if __name__ == "__main__":
    main()
