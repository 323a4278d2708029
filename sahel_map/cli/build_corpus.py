"""``sahel-map build --engine dask``: a corpus of files, built by many workers."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from sahel_map.cli.build import tell_of_tables

DRAWN = 250_000  # incidents; more are not drawn on one page or written as one GeoJSON file
TOLD = 1_000_000  # mentions and totals; more are not held in memory
_STAGES = {"reports": "reading", "copies": "telling copies apart", "coded": "coding", "blocks": "merging",
           "edges": "merging over edges", "incidents": "writing"}  # fmt: skip


def build_corpus(
    inputs: Sequence[str],
    out: Path,
    *,
    scheduler: str,
    work: Path | None,
    title: str,
    page_language: str,
    **options: Any,
) -> int:
    """Build, say what was set aside, and return the exit code."""
    from sahel_map.corpus import run, workers
    from sahel_map.pipeline import write, write_rejects

    folder = work or out / ".work"
    with workers(scheduler) as client:
        made = run(inputs, folder / "table", folder, client=client, progress=_progress(), **options)
    faulty = False
    for fault in made.faults:
        faulty = True
        click.echo(f"sahel-map: {fault}", err=True)
    tell_of_tables(made.rejects, inputs, options["mapping"], out)
    if not made.reports and not made.events:
        shutil.rmtree(folder if work is None else folder / "table", ignore_errors=True)
        click.echo("sahel-map: no report or event could be read; nothing was written", err=True)
        return 1
    for line in made.unfit:
        click.echo(f"sahel-map: {line}", err=True)
    if made.incidents <= DRAWN and made.mentions + made.events + made.totals <= TOLD:
        for path in write(made.build(), out, title=title, language=page_language):
            click.echo(str(path))
    else:
        click.echo(
            f"sahel-map: more than {DRAWN:,} incidents, or {TOLD:,} mentions and totals: only GeoParquet is written; export or draw parts of it",
            err=True,
        )
        if made.rejects:
            click.echo(str(write_rejects(made.rejects, out)))
    click.echo(str(_put(folder / "table", out / "incidents.parquet")))
    if work is None:
        shutil.rmtree(folder)
    click.echo(
        f"{made.reports:,} reports, {made.events:,} coded events: {made.incidents:,} incidents of {made.mentions:,} mentions; "
        f"{made.totals:,} totals kept apart",
        err=True,
    )
    return 1 if faulty or made.rejects else 0


def _put(made: Path, target: Path) -> Path:
    """The finished parts in place of those of an earlier build."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    made.mkdir(parents=True, exist_ok=True)  # there is none where there is no incident
    shutil.move(made, target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _progress() -> Callable[[str, int, int], None]:
    """A bar a stage, on a terminal only."""
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def step(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            bars[stage] = tqdm(desc=_STAGES[stage], unit=" pieces", disable=not sys.stderr.isatty(), leave=False)
        bars[stage].total = total
        bars[stage].update(done - bars[stage].n)

    return step
