"""The main flow: reports and coded data in, incidents out. START HERE.

read -> code -> merge -> table -> files
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.coding.report import CodedReport, code_report
from sahel_map.coding.scenes import Locator
from sahel_map.corrections import Correction, apply_to_mentions, read_corrections
from sahel_map.datasets import REJECT_COLUMNS, Reject, coded_files, read_coded
from sahel_map.estimates import Rule
from sahel_map.incidents import joined, to_table
from sahel_map.merging import merge
from sahel_map.model import Report
from sahel_map.reports import Fault, read_reports
from sahel_map.resolution import Resolver, default_resolver
from sahel_map.review import REVIEW_COLUMNS, review

if TYPE_CHECKING:
    import geopandas as gpd

    from sahel_map.datasets.events import CodedEvents

REJECTS = "rejects.csv"
Progress = Callable[[Iterable[Report]], Iterable[Report]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What was read and not yet coded or merged."""

    reports: tuple[Report, ...]
    events: CodedEvents
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What one build made: the incident table, what each report told, and what could not be read."""

    incidents: gpd.GeoDataFrame
    coded: tuple[CodedReport, ...]
    faults: tuple[Fault, ...] = ()
    doubts: tuple[dict[str, Any], ...] = ()  # the rows of review.csv
    unfit: tuple[str, ...] = ()  # corrections that no longer fit
    rejects: tuple[Reject, ...] = ()  # rows of coded files that could not be used
    events: int = 0  # rows of coded files that could


def build(
    inputs: Sequence[str | Path | Report] | str | Path | Report,
    *,
    published: dt.date | str | None = None,
    language: str = "",
    rule: Rule | str = Rule.UCDP,
    resolver: Resolver | None = None,
) -> gpd.GeoDataFrame:
    """Read reports and coded data and return the incidents, one a row (see ``incidents.to_table`` for the columns).

    ``inputs`` are files, folders, globs or Report records; UCDP GED and ACLED files are known by their header. ``published`` (a day) and ``language`` ("en",
    "fr") are for reports that do not carry their own. What cannot be read is warned about and left out.
    """
    many = [inputs] if isinstance(inputs, str | Path | Report) else list(inputs)
    made = run(many, published=published, language=language, rule=rule, resolver=resolver)
    warn(made.faults, made.rejects)
    return made.incidents


def warn(faults: Iterable[Fault], rejects: Sequence[Reject]) -> None:
    """Warn, two calls up, of what could not be read."""
    import warnings

    for fault in faults:
        warnings.warn(str(fault), ReportWarning, stacklevel=3)
    if rejects:
        first = rejects[0]
        text = f"{len(rejects)} rows of coded data left out; the first: {first.path}, row {first.row}, {first.column}: {first.reason}"
        warnings.warn(text, ReportWarning, stacklevel=3)


def run(
    inputs: Sequence[str | Path | Report],
    *,
    published: dt.date | str | None = None,
    language: str = "",
    rule: Rule | str = Rule.UCDP,
    corrections: Path | None = None,
    mapping: Path | None = None,
    resolver: Resolver | None = None,
    progress: Progress = iter,
) -> Build:
    """The same as ``build``, with the faults and each report's coding returned beside the table."""
    known = resolver or default_resolver()
    given = read(inputs, known, published=published, language=language, mapping=mapping)
    coded = code(given.reports, known, progress=progress)
    decided = read_corrections(corrections) if corrections is not None else None
    made = assemble(given.reports, coded, given.events, known, rule=rule, corrections=decided)
    return replace(made, faults=given.faults)


def read(
    inputs: Sequence[str | Path | Report],
    resolver: Resolver,
    *,
    published: dt.date | str | None = None,
    language: str = "",
    mapping: Path | None = None,
    apart: bool = False,
) -> Material:
    """Files, folders and globs as reports and coded events.

    ``mapping`` explains the columns of tables that are neither UCDP's nor ACLED's; ``apart`` leaves copies of one
    report apart.
    """
    day = dt.date.fromisoformat(published) if isinstance(published, str) else published
    files = coded_files(inputs, mapping=mapping)
    reading = read_reports(inputs, published=day, language=language, without=files, apart=apart)
    return Material(reports=reading.reports, events=read_coded(files, resolver, mapping=mapping), faults=reading.faults)


def code(reports: Iterable[Report], resolver: Resolver, *, progress: Progress = iter) -> tuple[CodedReport, ...]:
    """What each report tells; no report's coding depends on another report."""
    locator = Locator(resolver)
    return tuple(code_report(report, locator) for report in progress(reports))


def assemble(
    reports: Sequence[Report],
    coded: Sequence[CodedReport],
    events: CodedEvents,
    resolver: Resolver,
    *,
    rule: Rule | str = Rule.UCDP,
    corrections: Sequence[Correction] | None = None,
) -> Build:
    """Everything that is known, merged into incidents and corrected: the order of what comes in changes nothing."""
    mentions = tuple(m for c in coded for m in c.mentions)
    # what only one dataset tells of needs no weighing, unless a person's corrections may speak of it
    weighed = events.shared(mentions) | (corrections is not None)
    mentions += events.mentions(weighed)
    sources = (*reports, *events.reports)
    incidents = merge(mentions, sources, rule=Rule(rule))
    unfit: list[str] = []
    if corrections is not None:
        mentions, decisions = apply_to_mentions(mentions, incidents, corrections, resolver)
        incidents = merge(mentions, sources, rule=Rule(rule), must=decisions.must, never=decisions.never)
        unfit = decisions.unfit
    apart = [] if weighed.all() else [events.table(~weighed)]
    return Build(
        incidents=joined(to_table(incidents, sources), *apart), coded=tuple(coded),
        doubts=tuple(review(incidents)), unfit=tuple(unfit), rejects=events.rejects, events=len(events),
    )  # fmt: skip


def write(made: Build, folder: Path, *, title: str = "", language: str = "en") -> list[Path]:
    """Write map.html, incidents.geojson, incidents.csv, mentions.csv, evidence.csv, tolls.csv, aggregates.csv and review.csv into ``folder``.

    rejects.csv, the rows of coded files that could not be used, is written when there are any.
    """
    from sahel_map.exports.files import replacing_set
    from sahel_map.exports.geojson import write_geojson
    from sahel_map.exports.tables import (
        write_evidence_csv,
        write_incidents_csv,
        write_mentions_csv,
        write_rows,
        write_tolls_csv,
    )
    from sahel_map.views.page import write_page

    table = made.incidents
    with replacing_set(folder) as staging:
        written = [
            *([write_rejects(made.rejects, staging)] if made.rejects else []),
            write_geojson(table, staging / "incidents.geojson"),
            write_incidents_csv(table, staging / "incidents.csv"),
            write_mentions_csv(table, staging / "mentions.csv"),
            write_evidence_csv(table, staging / "evidence.csv"),
            write_tolls_csv(table, staging / "tolls.csv"),
            _write_aggregates(made, staging / "aggregates.csv"),
            write_rows(staging / "review.csv", REVIEW_COLUMNS, made.doubts),
            Path(write_page(table, staging / "map.html", language=language, **({"title": title} if title else {}))),
        ]
    if not made.rejects:
        (folder / REJECTS).unlink(missing_ok=True)  # an earlier build's, which is no longer true
    return [folder / path.name for path in written]


def write_rejects(rejects: Iterable[Reject], folder: Path) -> Path:
    """Write rejects.csv into ``folder``: path, row, column, value and reason of what could not be used of coded files."""
    from sahel_map.exports.tables import write_rows

    rows = [{c: getattr(r, c) for c in REJECT_COLUMNS} for r in rejects]
    return write_rows(folder / REJECTS, REJECT_COLUMNS, rows)


def _write_aggregates(made: Build, path: Path) -> Path:
    """Totals over time or area, kept as such: they are no incident's toll."""
    from sahel_map.exports.tables import write_rows

    columns = ("report_id", "who", "kind", "low", "high", "qualifier", "speaker", "quote", "start", "end")
    rows = [{c: getattr(t, c) for c in columns} for coded in made.coded for t in coded.aggregates]
    return write_rows(path, columns, rows)


class ReportWarning(UserWarning):
    """Something of the input that could not be read, or not fully."""
