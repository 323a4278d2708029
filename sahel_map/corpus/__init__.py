"""The main flow over a corpus: the same incidents as ``pipeline.build``, made by many workers. START HERE.

read -> tell copies apart -> code -> merge by blocks -> put the edges together -> number and write
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map import __version__
from sahel_map.corpus.cluster import workers
from sahel_map.corpus.keeper import Terms, let_go
from sahel_map.corpus.made import CATALOGUE, Corpus
from sahel_map.corpus.spreading import Progress
from sahel_map.errors import InputError
from sahel_map.estimates import Rule
from sahel_map.model import Report

if TYPE_CHECKING:
    import geopandas as gpd


__all__ = ["Corpus", "Terms", "build", "run", "workers"]


def build(
    inputs: Sequence[str | Path | Report] | str | Path | Report, *, client: Any = None, **options: Any
) -> gpd.GeoDataFrame:
    """Read reports and coded data and return the incidents, one a row: ``pipeline.build``, with its options.

    With ``client``, a ``distributed.Client``, files of reports are read, coded and merged by its workers: the same
    table, row for row. Workers on other machines must see the same folders. Needs the extra "dask".
    """
    import tempfile

    from sahel_map.pipeline import build as build_here
    from sahel_map.pipeline import warn

    if client is None:
        return build_here(inputs, **options)
    with tempfile.TemporaryDirectory(prefix="sahel-map-") as folder:
        many = [inputs] if isinstance(inputs, str | Path | Report) else inputs
        made = run(many, Path(folder) / "out", Path(folder) / "work", client=client, **options)
        warn(made.faults, made.rejects)
        return made.build().incidents


def run(
    inputs: Sequence[str | Path | Report],
    out: Path,
    work: Path,
    *,
    client: Any = None,
    published: dt.date | str | None = None,
    language: str = "",
    rule: Rule | str = Rule.UCDP,
    corrections: Path | None = None,
    mapping: Path | None = None,
    terms: Terms | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Build a corpus of files into parts of GeoParquet under ``out``, year by year: reports, and coded data beside them.

    ``corrections`` and ``mapping`` are those of ``pipeline.run``; coded files are read here, whole. Finished pieces are
    kept in ``work``: the same call goes on after an interruption. Without ``client`` the same is done here, one piece
    after another. ``terms`` limit what one article may take. Raises InputError for standard input, which is no
    corpus, and for a ``work`` folder of another build.
    """
    from sahel_map.corpus.catalogue import Catalogue
    from sahel_map.corpus.files import digest, find
    from sahel_map.corpus.steps import Steps
    from sahel_map.corpus.work import check, opened
    from sahel_map.corrections import read_corrections
    from sahel_map.datasets import coded_files, read_coded
    from sahel_map.datasets.mapping import path_beside
    from sahel_map.resolution import default_resolver

    files, rule = _checked(inputs), Rule(rule)
    coded = coded_files(files, mapping=mapping)
    decided = read_corrections(corrections) if corrections is not None else ()
    terms = _known_gazetteer(terms)
    day = published.isoformat() if isinstance(published, dt.date) else published or ""
    try:
        with opened(work), Catalogue(work / CATALOGUE) as catalogue:
            find(catalogue, files, coded)
            given = digest(catalogue, (*coded, *map(path_beside, coded), mapping, corrections))
            check(work, _settings(given, day, language, rule, terms))
            steps = Steps(folder=work, catalogue=catalogue, client=client, progress=progress)
            steps.read(day, language, terms)
            steps.tell_copies_apart()
            made = Corpus(work=work)
            made.reports, made.mentions, made.totals = steps.code(terms)
            if coded:
                events = read_coded(coded, default_resolver(), mapping=mapping)
                made.events, made.rejects = len(events), events.rejects
                steps.add_events(events)
            steps.merge(rule)
            if decided:
                made.unfit = tuple(steps.correct(decided, default_resolver(), rule))
            for name, told in sorted(steps.write(out), key=lambda part: part[0]):
                made.parts.append(name)
                made.paths.append(Path(told["path"]))
                made.incidents += told["incidents"]
    finally:
        let_go()
    return made


# --- before it begins ---------------------------------------------------------------------------------------------


def _checked(inputs: Sequence[str | Path | Report]) -> list[str | Path]:
    """Files; InputError for anything else."""
    files = [item for item in inputs if not isinstance(item, Report) and str(item) != "-"]
    if len(files) < len(inputs):
        raise InputError("a corpus is files, folders or globs; reports in memory and standard input need no Dask")
    return files


def _known_gazetteer(terms: Terms | None) -> Terms:
    from sahel_map.corpus.process import identity
    from sahel_map.gazetteer import Gazetteer

    return replace(terms or Terms(), gazetteer=identity(Gazetteer.open()))


def _settings(files: str, day: str, language: str, rule: Rule, terms: Terms) -> dict[str, Any]:
    """What must be the same for finished pieces to be used again."""
    return {
        "version": __version__, "files": files, "published": day, "language": language, "rule": str(rule),
        "gazetteer": terms.gazetteer, "limits": f"{terms.seconds:g} s, {terms.megabytes} MB",
    }  # fmt: skip
