"""The main flow over a corpus: the same incidents as ``pipeline.build``, made by many workers. START HERE.

read -> tell copies apart -> code -> merge by blocks -> put the edges together -> number and write
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map import __version__
from sahel_map.corpus.keeper import Terms, let_go
from sahel_map.corpus.spreading import Job, Progress, spread
from sahel_map.errors import InputError
from sahel_map.estimates import Rule
from sahel_map.model import Report, Toll
from sahel_map.reports.documents import Fault

if TYPE_CHECKING:
    import geopandas as gpd

    from sahel_map.corpus.catalogue import Catalogue
    from sahel_map.pipeline import Build

__all__ = ["Corpus", "Terms", "build", "run", "workers"]

# what Dask measures of itself many times a second, which pieces of some seconds do not need
_QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
}
Results = Iterator[tuple[Job, dict[str, Any]]]
Spread = Callable[..., Results]


@dataclass(slots=True, kw_only=True)
class Corpus:
    """What a corpus build made and where: parts of GeoParquet, counts, and what was set aside."""

    work: Path
    parts: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)  # GeoParquet files, in the order of the incident table
    faults: list[Fault] = field(default_factory=list)
    aggregates: list[Toll] = field(default_factory=list)
    reports: int = 0
    mentions: int = 0
    incidents: int = 0

    def build(self) -> Build:
        """All of it in memory, as ``pipeline.run`` gives it; totals stand under one report without text."""
        from sahel_map.coding.report import CodedReport
        from sahel_map.corpus.finishing import table
        from sahel_map.pipeline import Build
        from sahel_map.review import gravest_first

        incidents, doubts = table(self.work, self.parts)
        totals = CodedReport(report=Report(report_id="", text=""), mentions=(), aggregates=tuple(self.aggregates))
        return Build(
            incidents=incidents, coded=(totals,), faults=tuple(self.faults), doubts=tuple(gravest_first(doubts))
        )


def build(
    inputs: Sequence[str | Path | Report] | str | Path | Report, *, client: Any = None, **options: Any
) -> gpd.GeoDataFrame:
    """Read reports and coded data and return the incidents, one a row: ``pipeline.build``, with its options.

    With ``client``, a ``distributed.Client``, files of reports are read, coded and merged by its workers: the same
    table, row for row. Workers on other machines must see the same folders. Needs the extra "dask".
    """
    import tempfile
    import warnings

    from sahel_map.pipeline import ReportWarning
    from sahel_map.pipeline import build as build_here

    if client is None:
        return build_here(inputs, **options)
    with tempfile.TemporaryDirectory(prefix="sahel-map-") as folder:
        many = [inputs] if isinstance(inputs, str | Path | Report) else inputs
        made = run(many, Path(folder) / "out", Path(folder) / "work", client=client, **options)
        for fault in made.faults:
            warnings.warn(str(fault), ReportWarning, stacklevel=2)
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
    terms: Terms | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Build a corpus of report files into parts of GeoParquet under ``out``, year by year.

    Finished pieces are kept in ``work``: the same call goes on after an interruption. Without ``client`` the
    same is done here, one piece after another. ``terms`` limit what one article may take. Raises InputError
    for coded data and standard input, which are no corpus, and for a ``work`` folder of another build.
    """
    from sahel_map.corpus import coding, reading
    from sahel_map.corpus.catalogue import Catalogue
    from sahel_map.corpus.work import opened
    from sahel_map.reports import report_files

    paths, missing = report_files(_checked(inputs))
    terms = _known_gazetteer(terms)
    day = published.isoformat() if isinstance(published, dt.date) else published or ""
    made = Corpus(work=work, faults=missing)
    spread = partial(_spread, folder=work, client=client, progress=progress)
    settings = _settings(paths, day, language, Rule(rule), terms)
    try:
        with opened(work, settings), Catalogue(work / "catalogue.sqlite") as catalogue:
            batches = _read(made, catalogue, spread(reading, reading.jobs(paths, day, language, terms)))
            fates = _copies(catalogue, spread)
            jobs = [Job(batch, (fates.get(batch, {}), terms)) for batch in batches]
            _code(made, catalogue, spread(coding, jobs))
            _merge(made, catalogue, spread, Rule(rule))
            _finish(made, catalogue, spread, out)
    finally:
        let_go()
    return made


@contextmanager
def workers(scheduler: str = "", count: int | None = None) -> Iterator[Any]:
    """A client of the scheduler at that address, or of workers on this machine, one a core."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise InputError('building on Dask needs its extra: pip install "sahel-map[dask]"') from error
    if scheduler:
        try:
            client = Client(scheduler, timeout="5s")
        except (OSError, ValueError) as error:
            raise InputError(
                f"no Dask scheduler answers at {scheduler!r} ({error}); wanted e.g. tcp://host:8786"
            ) from error
        with client:
            yield client
        return
    with dask.config.set(_QUIET):
        cluster = LocalCluster(
            n_workers=count or os.cpu_count() or 1,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
        )
        with cluster, Client(cluster) as client:
            yield client


# --- the steps ----------------------------------------------------------------------------------------------------


def _read(made: Corpus, catalogue: Catalogue, results: Results) -> list[str]:
    """Batches of reports, by name, and the catalogue of them."""
    from sahel_map.corpus.work import read_rows

    batches: list[str] = []
    faults: dict[str, list[Fault]] = {}
    columns = ["report_id", "digest", "language", "day", "size", "report"]
    for job, result in results:
        faults[job.name] = [Fault(**fault) for fault in result["faults"]]
        for number in range(len(result["batches"])):
            batch = f"{job.name}-{number:07d}"
            rows = read_rows(made.work / "reports" / f"{batch}.parquet", columns)
            catalogue.add("reports", ((batch, n, *(row[c] for c in columns)) for n, row in enumerate(rows)))
            batches.append(batch)
    made.faults += [fault for name in sorted(faults) for fault in faults[name]]
    catalogue.index("reports")
    return sorted(batches)


def _copies(catalogue: Catalogue, spread: Spread) -> dict[str, Any]:
    """What changes of which report, because another has its id or prints the same text."""
    from sahel_map.corpus import copying

    fates = copying.renamed(catalogue)
    found = {
        ((batch, row), (other, other_row))
        for _, result in spread(copying, copying.jobs(catalogue, fates))
        for batch, row, other, other_row in result["pairs"]
    }
    copying.joined(catalogue, fates, found)
    return fates


def _code(made: Corpus, catalogue: Catalogue, results: Results) -> None:
    """Mentions into the catalogue, totals and what was set aside into ``made``."""
    from sahel_map.corpus.mentions import KEYS
    from sahel_map.corpus.work import read_rows
    from sahel_map.json_records import from_json

    coded = []
    for job, result in results:
        coded.append(job.name)
        made.aggregates += [from_json(Toll, row) for row in result["aggregates"]]
        made.faults += [Fault(**fault) for fault in result["faults"]]
        made.reports += result["reports"]
        made.mentions += result["mentions"]
    columns = (*KEYS, "mention", "report", "geometry")
    for name in sorted(coded):  # in one order, so that each mention has the same number when the build goes on
        rows = read_rows(made.work / "coded" / f"{name}.parquet")
        catalogue.add("mentions", ((None, *(row[c] for c in columns)) for row in rows))
    made.aggregates.sort(key=lambda toll: toll.report_id)
    catalogue.index("mentions")


def _merge(made: Corpus, catalogue: Catalogue, spread: Spread, rule: Rule) -> None:
    """Blocks, then the chains that cross their edges; the merged incidents into the catalogue."""
    from sahel_map.corpus import edges, finishing, joining

    parts = []
    leaving: list[list[int]] = []
    for job, result in spread(joining, joining.jobs(catalogue, rule), total=-(-made.mentions // joining.BLOCK)):
        leaving += result["leaving"]
        parts += [f"{joining.STAGE}/{job.name}"] * bool(result["incidents"])
    for job, _ in spread(edges, edges.jobs(catalogue, leaving, rule)):
        parts.append(f"{edges.STAGE}/{job.name}")
    finishing.index(catalogue, made.work, parts)


def _finish(made: Corpus, catalogue: Catalogue, spread: Spread, out: Path) -> None:
    """The parts of the table, written."""
    from sahel_map.corpus import finishing

    for job, result in spread(finishing, finishing.jobs(catalogue, made.work, out)):
        made.parts.append(job.name)
        made.paths.append(Path(result["path"]))
        made.incidents += result["incidents"]
    made.parts.sort()
    made.paths.sort(key=lambda path: path.name)


def _spread(stage: Any, jobs: Iterable[Job], *, total: int = 0, **where: Any) -> Results:
    """A stage is a module with a name (STAGE) and a function (piece)."""
    count = len(jobs) if isinstance(jobs, list) else total
    return spread(
        stage.STAGE, stage.piece, jobs, where["folder"], where["client"], total=count, progress=where["progress"]
    )


# --- before it begins ---------------------------------------------------------------------------------------------


def _checked(inputs: Sequence[str | Path | Report]) -> list[str | Path]:
    """Files of reports; InputError for anything else."""
    from sahel_map.datasets import coded_files

    files = [item for item in inputs if not isinstance(item, Report) and str(item) != "-"]
    if len(files) < len(inputs):
        raise InputError("a corpus is files, folders or globs; reports in memory and standard input need no Dask")
    coded = coded_files(files)
    if coded:
        raise InputError(f"{str(coded[0])!r} is coded data, which is built without Dask; leave it out of the corpus")
    return files


def _known_gazetteer(terms: Terms | None) -> Terms:
    from sahel_map.corpus.process import identity
    from sahel_map.gazetteer import Gazetteer

    return replace(terms or Terms(), gazetteer=identity(Gazetteer.open()))


def _settings(paths: Iterable[Path], day: str, language: str, rule: Rule, terms: Terms) -> dict[str, Any]:
    """What must be the same for finished pieces to be used again."""
    files = hashlib.sha256()
    for path in paths:
        stat = path.stat()
        files.update(f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}\n".encode("utf-8", "surrogatepass"))
    return {
        "version": __version__, "files": files.hexdigest(), "published": day, "language": language, "rule": str(rule),
        "gazetteer": terms.gazetteer, "limits": f"{terms.seconds:g} s, {terms.megabytes} MB",
    }  # fmt: skip
