"""The steps of a corpus build: each spreads its pieces, and takes in what they tell one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sahel_map.corpus import aside, coding, copying, edges, finishing, joining, reading, standing
from sahel_map.corpus.catalogue import UNDATED, Catalogue, key
from sahel_map.corpus.deciding import correct
from sahel_map.corpus.files import found
from sahel_map.corpus.keeper import Terms
from sahel_map.corpus.mentions import in_catalogue, mention_row
from sahel_map.corpus.spreading import Job, Progress, in_order, name_of, spread, told_by
from sahel_map.corpus.work import read_lines, read_rows
from sahel_map.corrections import Correction
from sahel_map.estimates import Rule
from sahel_map.json_records import from_json
from sahel_map.model import Toll
from sahel_map.reports.documents import Fault

if TYPE_CHECKING:
    from sahel_map.datasets.events import CodedEvents
    from sahel_map.resolution import Resolver

_EVENTS = 1000  # made into mentions at once
_COLUMNS = ["report_id", "digest", "language", "day", "size", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """One build: its folder, its catalogue, and who works."""

    folder: Path
    catalogue: Catalogue
    client: Any = None
    progress: Progress | None = None

    def read(self, published: str, language: str, terms: Terms) -> None:
        """Files into batches of reports."""
        pieces = sum(1 for _ in reading.jobs(found(self.catalogue), published, language, terms))
        jobs = reading.jobs(found(self.catalogue), published, language, terms)
        for name, told in in_order(self._spread(reading, jobs, pieces), map(name_of, count())):
            if told["faults"]:
                faults = read_lines(self.folder / reading.STAGE / f"{name}.faults")
                aside.keep_faults(self.catalogue, aside.READ, name, (from_json(Fault, fault) for fault in faults))
            for number in range(told["batches"]):
                self._keep_batch(reading.batch_name(name, number))
        self.catalogue.index("reports")

    def tell_copies_apart(self) -> None:
        """What changes of which report, because another has its id or prints the same text."""
        standing.rename(self.catalogue)
        pieces = self._done(copying, copying.jobs(self.catalogue), self._count("reports") // copying.SPAN)
        told = told_by(copying.STAGE, self.folder, map(name_of, range(pieces)))
        standing.join(self.catalogue, (pair for result in told for pair in result["pairs"]))

    def code(self, terms: Terms) -> tuple[int, int, int]:
        """Batches of reports into mentions; how many of both, and of totals told apart."""
        reports = mentions = totals = 0
        names = (name for (name,) in self.catalogue.ask("SELECT name FROM batches ORDER BY first"))
        jobs = coding.jobs(self.catalogue, terms)
        for name, told in in_order(self._spread(coding, jobs, self._count("batches")), names):
            aside.keep_totals(self.catalogue, (from_json(Toll, row) for row in told["aggregates"]))
            aside.keep_faults(self.catalogue, aside.CODED, name, (from_json(Fault, row) for row in told["faults"]))
            self.catalogue.add("mentions", map(in_catalogue, read_rows(self.folder / coding.STAGE / f"{name}.parquet")))
            reports, mentions, totals = (
                reports + told["reports"], mentions + told["mentions"], totals + len(told["aggregates"])
            )  # fmt: skip
        return reports, mentions, totals

    def add_events(self, events: CodedEvents) -> None:
        """Coded events as mentions, beside those of the reports."""
        reports = {report.report_id: report for report in events.reports}
        for start in range(0, len(events), _EVENTS):
            some = replace(events, events=events.events[start : start + _EVENTS])
            told = some.mentions(np.ones(len(some), dtype=bool))
            self.catalogue.add("mentions", (in_catalogue(mention_row(m, reports[m.report_id])) for m in told))

    def merge(self, rule: Rule, turn: str = "", joined: Iterable[Sequence[int]] = ()) -> None:
        """Blocks, then the chains that cross their edges; the merged incidents into the catalogue.

        It may have its ``turn`` again, once mentions were changed and some ``joined`` by a person.
        """
        self.catalogue.index("mentions")
        likely = -(-self._count("mentions") // joining.BLOCK)
        blocks = self._done(joining, joining.jobs(self.catalogue, rule, turn), likely)
        told = told_by(joining.STAGE, self.folder, (name_of(n, turn) for n in range(blocks)))
        chains = edges.tie(self.catalogue, chain((ids for result in told for ids in result["leaving"]), joined))
        pieces = self._done(edges, edges.jobs(self.catalogue, chains, rule, turn))
        parts = (
            f"{stage}/{name_of(n, turn)}"
            for stage, many in ((joining.STAGE, blocks), (edges.STAGE, pieces))
            for n in range(many)
        )
        finishing.index(self.catalogue, self.folder, parts)

    def correct(self, corrections: Sequence[Correction], resolver: Resolver, rule: Rule) -> list[str]:
        """A person's decisions on what was merged, and all merged again by them; those that no longer fit."""
        unfit, joined = correct(self.catalogue, self.folder, corrections, resolver)
        self.merge(rule, "corrected-", joined)
        return unfit

    def write(self, out: Path) -> Iterator[tuple[str, dict[str, Any]]]:
        """The parts of the table, written: each its name and what it tells."""
        jobs = finishing.jobs(self.catalogue, out)
        for job, told in self._spread(finishing, jobs, self._count("placed") // finishing.PART):
            yield job.name, told

    def _keep_batch(self, batch: str) -> None:
        rows = read_rows(self.folder / reading.STAGE / f"{batch}.parquet", _COLUMNS)
        ((first,),) = self.catalogue.ask("SELECT coalesce(max(id), 0) + 1 FROM reports")
        self.catalogue.add("batches", [(first, batch, len(rows))])
        self.catalogue.add("reports", (_report(first + n, row) for n, row in enumerate(rows)))

    def _count(self, table: str) -> int:
        ((found,),) = self.catalogue.ask(f"SELECT count(*) FROM {table}")
        return int(found)

    def _done(self, stage: Any, jobs: Iterable[Job], total: int = 0) -> int:
        """Do all; how many there were."""
        return sum(1 for _ in self._spread(stage, jobs, total))

    def _spread(self, stage: Any, jobs: Iterable[Job], total: int = 0) -> Iterator[tuple[Job, dict[str, Any]]]:
        """A stage is a module with a name (STAGE) and a function (piece)."""
        return spread(stage.STAGE, stage.piece, jobs, self.folder, self.client, total=total, progress=self.progress)


def _report(number: int, row: dict[str, Any]) -> tuple[Any, ...]:
    day = UNDATED if row["day"] is None else row["day"]
    return number, key(json.loads(row["report_id"])), row["digest"], row["language"], day, row["size"], row["report"]
