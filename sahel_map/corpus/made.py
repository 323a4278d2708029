"""What did a corpus build make, and where? Counts, files, and, on disk, what was set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.model import Report, Toll
from sahel_map.reports.documents import Fault

if TYPE_CHECKING:
    from sahel_map.datasets import Reject
    from sahel_map.pipeline import Build

CATALOGUE = "catalogue.sqlite"


@dataclass(slots=True, kw_only=True)
class Corpus:
    """What a corpus build made and where: parts of GeoParquet, counts, and, on disk, what was set aside."""

    work: Path
    parts: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)  # GeoParquet files, in the order of the incident table
    reports: int = 0
    mentions: int = 0
    totals: int = 0
    events: int = 0  # rows of coded files
    incidents: int = 0
    rejects: tuple[Reject, ...] = ()  # rows of coded files that could not be used
    unfit: tuple[str, ...] = ()  # corrections that no longer fit

    @property
    def faults(self) -> Iterator[Fault]:
        """What was set aside and why, in the order of the files."""
        from sahel_map.corpus.aside import kept_faults

        return kept_faults(self.work / CATALOGUE)

    @property
    def aggregates(self) -> Iterator[Toll]:
        """The totals told apart from incidents, in the order of the reports' ids."""
        from sahel_map.corpus.aside import kept_totals

        return kept_totals(self.work / CATALOGUE)

    def build(self) -> Build:
        """All of it in memory, as ``pipeline.run`` gives it; totals stand under one report without text."""
        from sahel_map.coding.report import CodedReport
        from sahel_map.corpus.finishing import table
        from sahel_map.pipeline import Build
        from sahel_map.review import gravest_first

        incidents, doubts = table(self.work, self.parts)
        totals = CodedReport(report=Report(report_id="", text=""), mentions=(), aggregates=tuple(self.aggregates))
        return Build(
            incidents=incidents, coded=(totals,), faults=tuple(self.faults), doubts=tuple(gravest_first(doubts)),
            unfit=self.unfit, rejects=self.rejects, events=self.events,
        )  # fmt: skip
