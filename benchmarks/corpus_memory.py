"""How much memory does a corpus build take as the corpus grows? All of it but reading and coding texts.

    python benchmarks/corpus_memory.py [ARTICLES ...] [--workers 1] [--folder FOLDER] [--client-alone]

A work folder is filled with what reading and coding so many made articles leave: one in four a copy of another, one in a
hundred under another's id, some set aside, a total for each tenth and a mention for one in two, as thick as 60 a day. A
fresh process goes on from there as after an interruption: workers tell copies apart, merge and write. Memory is looked
at ten times a second; the client is the process that builds, with Dask's scheduler in it. With --client-alone the folder
also holds made results of all workers: the client takes in every one of them, and that is all there is to do.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.watching import Watching
from sahel_map import corpus
from sahel_map.corpus import coding, joining, mentions, reading
from sahel_map.corpus.catalogue import Catalogue
from sahel_map.corpus.spreading import name_of
from sahel_map.corpus.steps import Steps
from sahel_map.corpus.work import write_json, write_rows, written_lines
from sahel_map.estimates import Rule
from sahel_map.json_records import to_json
from sahel_map.model import EventMention, Report, Toll
from sahel_map.reports.documents import Fault
from tests.mentions import random_mentions

FILE = 20_000  # articles of one file
PER_DAY = 60  # mentions
TOWNS = 400


def main() -> None:
    """Fill a folder for each size and build from it, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="fill and use this folder")
    parser.add_argument("--step", choices=["fill", "build"], help=argparse.SUPPRESS)
    parser.add_argument("--client-alone", action="store_true", help="make the results of workers too")
    options = parser.parse_args()
    workers = 0 if options.client_alone else options.workers
    if options.step:
        (fill if options.step == "fill" else build)(options.folder, options.articles[0], workers)
        return
    for articles in options.articles:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            for step in ("fill", "build"):
                told = [str(articles), "--folder", folder, "--step", step, "--workers", str(options.workers)]
                alone = ["--client-alone"] * options.client_alone
                subprocess.run([sys.executable, __file__, *told, *alone], check=True)


def build(folder: Path, articles: int, workers: int) -> None:
    """Go on from the filled folder; print the most memory held in each step."""
    start = time.perf_counter()
    names = {"reports": "reading", "copies": "copies", "coded": "coding", "blocks": "merging", "edges": "edges", "incidents": "writing"}  # fmt: skip
    some = corpus.workers(count=workers) if workers else nullcontext()
    with some as client, Catalogue(folder / "catalogue.sqlite") as catalogue:
        catalogue.add("files", ((b"%09d" % n, 20_000_000, 0) for n in range(-(-articles // FILE))))
        with Watch() as watch:
            steps = Steps(
                folder=folder, catalogue=catalogue, client=client, progress=lambda stage, *_: watch.now(stage)
            )
            steps.read("", "", corpus.Terms())
            steps.tell_copies_apart()
            _, told, _ = steps.code(corpus.Terms())
            steps.merge(Rule.UCDP)
            incidents = sum(part["incidents"] for _, part in steps.write(folder / "out"))
    size = (folder / "catalogue.sqlite").stat().st_size
    print(f"{articles:,} articles, {told:,} mentions, {incidents:,} incidents: {time.perf_counter() - start:.0f} s, "
          f"catalogue {size / 1e6:,.0f} MB, client {max(watch.client.values()) / 1e6:.0f} MB, "
          f"largest worker {max(watch.worker.values()) / 1e6:.0f} MB")  # fmt: skip
    for kind, held in (("client", watch.client), ("worker", watch.worker)):
        print(f"  {kind}:", ", ".join(f"{names.get(stage, stage)} {most / 1e6:.0f}" for stage, most in held.items()), flush=True)  # fmt: skip


class Watch(Watching):
    """The most memory that this process and the largest it started held, by step."""

    pause = 0.1

    def __init__(self) -> None:
        super().__init__()
        self.client: dict[str, int] = {}
        self.worker: dict[str, int] = {}
        self._stage = "start"

    def now(self, stage: str) -> None:
        """What is looked at from now on belongs to that step."""
        self._stage = stage

    def look(self, me: psutil.Process) -> None:
        """The memory that is held now."""
        others = [child.memory_info().rss for child in me.children(recursive=True) if child.is_running()]
        for held, most in ((self.client, me.memory_info().rss), (self.worker, max(others, default=0))):
            held[self._stage] = max(held.get(self._stage, 0), most)


# --- what reading and coding leave ------------------------------------------------------------------------------------


def fill(folder: Path, articles: int, workers: int) -> None:
    """Finished pieces of reading and coding, file by file; without workers those of all else."""
    if not workers:
        _fill_results(folder, articles)
    for number, start in enumerate(range(0, articles, FILE)):
        chance = random.Random(number)
        made = _batches if workers else _quick_batches
        batches = list(made(chance, number, min(FILE, articles - start)))
        faults = [to_json(Fault(path="made", line=n, message="holds no text; nothing to read")) for n in range(20)]
        with written_lines(folder / "reports" / f"{name_of(number)}.faults") as write:
            for fault in faults:
                write(fault)
        for n, (rows, coded, totals) in enumerate(batches):
            name = reading.batch_name(name_of(number), n)
            write_rows(folder / "reports" / f"{name}.parquet", rows, reading.schema())
            write_rows(folder / "coded" / f"{name}.parquet", coded, mentions.schema())
            told = {"reports": len(rows), "mentions": len(coded), "aggregates": totals, "faults": faults[:1]}
            write_json(folder / coding.STAGE / f"{name}.json", told)
        write_json(folder / reading.STAGE / f"{name_of(number)}.json", {"batches": len(batches), "faults": len(faults)})


def _batches(chance: random.Random, file: int, articles: int) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    days = max(2, articles // 2 // PER_DAY)
    told = random_mentions(articles // 2, seed=file, days=days, places=TOWNS)
    shingles: list[int] = []
    for start in range(0, articles, reading.BATCH):
        rows, coded, totals = [], [], []
        for n in range(start, min(start + reading.BATCH, articles)):
            day = dt.date(1950, 1, 1) + dt.timedelta(days=file * days + n * days // articles)
            number = n - 1 if n % 100 == 99 else n
            report = Report(
                report_id=f"r{file:05}-{number:06}", text="", source=f"S{n % 50}", published=day, language="en"
            )
            if n % 4 != 1:  # else the same words as the one before
                shingles = sorted(chance.sample(range(1 << 32), 70))
            rows.append({
                "report_id": json.dumps(report.report_id), "digest": f"{n:016}", "language": "en", "day": day.toordinal(),
                "size": 500, "words": 80, "shingles": shingles, "report": json.dumps(to_json(report)), "text": '""',
            })  # fmt: skip
            if n % 2 == 0 and n // 2 < len(told):
                coded.append(_row(told[n // 2], report))
            if n % 10 == 0:
                totals.append(to_json(Toll(who="civilians", kind="killed", low=900, high=900, report_id=report.report_id, quote="some 900 dead this year")))  # fmt: skip
        yield rows, coded, totals


def _quick_batches(chance: random.Random, file: int, articles: int) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    """The same without shingles, and every mention of one text: what the client holds of them is not less."""
    toll = to_json(Toll(who="civilians", kind="killed", low=900, high=900, report_id=f"r{file:05}", quote="some 900 dead this year"))  # fmt: skip
    _, ((told, *_), *_), _ = zip(*_batches(chance, file, 4), strict=True)
    ((row, *_), *_) = (rows for rows, _, _ in _batches(chance, file, 4))
    for start in range(0, articles, reading.BATCH):
        numbers = range(start, min(start + reading.BATCH, articles))
        rows = [row | {"report_id": json.dumps(f"r{file:05}-{n - n % 100 // 99:06}"), "digest": f"{n:016}", "day": row["day"] + n // 100} for n in numbers]  # fmt: skip
        coded = [told | {"name": f"town {chance.randrange(TOWNS)}", "first": told["published"] + n // 100, "last": told["published"] + n // 100} for n in numbers[::2]]  # fmt: skip
        yield rows, coded, [toll] * (len(numbers) // 10)


def _fill_results(folder: Path, articles: int) -> None:
    """What workers tell of copies, one report in four; of incidents, three for four mentions; of chains that leave, one in ten."""
    chance = random.Random(1)
    mentions_made, day = articles // 2, dt.date(1950, 1, 1).toordinal()
    for n in range(articles // 5_000 + 10):  # more than are asked for
        pairs = [[i + 1, i] for i in range(n * 5_000 + 1, min(n * 5_000 + 5_000, articles - 1), 4)]
        write_json(folder / "copies" / f"{name_of(n)}.json", {"pairs": pairs})
        first, last = n * 2_500, min(n * 2_500 + 2_500, mentions_made)
        rows = [{"day": day + i // PER_DAY, "incident_id": json.dumps(f"ML-town-{i // 3}"), "mention_id": json.dumps(f"m{i:09}:1"),
                 "members": json.dumps([f"m{i:09}:{k}" for k in (1, 2)]), "row": "{}", "shared": "[]", "doubts": "[]"}
                for i in range(first, last) if i % 4]  # fmt: skip
        write_rows(folder / "blocks" / f"{name_of(n)}.parquet", rows, joining.schema())
        leaving = [[i + 1, i + 1 + chance.randrange(1, 4)] for i in range(first, max(first, last - 4), 10)]
        write_json(folder / "blocks" / f"{name_of(n)}.json", {"incidents": len(rows), "leaving": leaving})
        write_json(folder / "edges" / f"{name_of(n)}.json", {"incidents": 0})
        write_json(folder / "incidents" / f"{name_of(n)}.json", {"incidents": 0, "path": f"{n}"})


def _row(mention: EventMention, report: Report) -> dict[str, Any]:
    """A mention of that report, told of some days around its publication."""
    name = f"{report.report_id}:1"
    tolls = tuple(replace(toll, report_id=report.report_id, shared_with=()) for toll in mention.tolls)
    when = mention.when
    if when is not None and report.published is not None:
        last = report.published - dt.timedelta(days=1)
        when = replace(when, first=last - (when.last - when.first), last=last)
    row = mentions.mention_row(
        replace(mention, mention_id=name, report_id=report.report_id, tolls=tolls, when=when), report
    )
    return row | {"geometry": bytes.fromhex(row["geometry"]) if row["geometry"] else None}


if __name__ == "__main__":
    main()
