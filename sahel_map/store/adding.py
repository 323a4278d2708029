"""Today's reports into the store: what is new is coded, everything known is merged, what changed is written.

The incidents are always those that building everything at once would give: reports are kept as they were
read and copies joined anew, what each report tells is kept by its content, and merging looks at all of it.
One transaction holds it all, so a build that is killed at any moment has changed nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from sahel_map import __version__
from sahel_map.corrections import read_corrections
from sahel_map.estimates import Rule
from sahel_map.model import Report
from sahel_map.pipeline import Build, Progress, assemble, code, read
from sahel_map.reports import standing
from sahel_map.resolution import Resolver, default_resolver
from sahel_map.shipped import gazetteer_tables
from sahel_map.store import contents, geopackage
from sahel_map.store.connecting import writing
from sahel_map.store.migrating import make_ready
from sahel_map.store.results import Changes, replace_incidents
from sahel_map.store.schema import runs

# what reads no report cannot change what is read in one
_NOT_CODING = ("brief", "cli", "corpus", "datasets", "exports", "store", "views")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one run made of the whole store, and what it changed in it."""

    made: Build
    changes: Changes
    new_reports: int
    new_events: int

    def __str__(self) -> str:
        c = self.changes
        return (
            f"{self.new_reports:,} new reports, {self.new_events:,} new coded events; incidents: {len(c.added):,} added,"
            f" {len(c.changed):,} changed, {len(c.removed):,} removed"
        )


def add(
    where: str | Path,
    inputs: Sequence[str | Path | Report] = (),
    *,
    published: dt.date | str | None = None,
    language: str = "",
    rule: Rule | str | None = None,
    corrections: Path | None = None,
    mapping: Path | None = None,
    resolver: Resolver | None = None,
    progress: Progress = iter,
) -> Addition:
    """Add reports and coded data to the store ``where``, a GeoPackage's path or a URL postgresql://…, making it if need be.

    ``corrections`` become the decisions that apply, ``rule`` how conflicting tolls become one figure; without them,
    those given last still do. Raises InputError for
    what is no store of ours, OutputError when it cannot be written; the store then is as it was before.
    """
    started = _now()
    known = resolver or default_resolver()
    given = read(inputs, known, published=published, language=language, mapping=mapping, apart=True)
    decided = read_corrections(corrections) if corrections is not None else None
    coder = coder_of(known)
    with writing(where) as connection:
        make_ready(connection, where)
        rule = Rule(rule or _last_rule(connection))
        run_id = _begin(connection, started, coder, rule, inputs)
        new = contents.keep_reports(connection, given.reports, run_id)
        new_events, twice = contents.keep_events(connection, given.events, run_id)
        redecided = decided is not None and contents.keep_corrections(connection, decided, run_id)

        reports = standing(contents.kept_reports(connection))
        coded = contents.known_codings(connection, reports, coder)
        fresh = code([r for r in reports if r.report_id not in coded], known, progress=progress)
        contents.keep_codings(connection, fresh, coder)
        coded |= {one.report.report_id: one for one in fresh}

        made = assemble(
            reports, [coded[r.report_id] for r in reports], contents.kept_events(connection), known, rule=rule,
            corrections=contents.kept_corrections(connection),
        )  # fmt: skip
        changes = replace_incidents(
            connection, made.incidents, run_id=run_id, news=_news(new, reports, given.events.events["report_id"] if new_events else ()),
            otherwise=_unexplained(connection, run_id, redecided=redecided),
        )  # fmt: skip
        made = replace(made, faults=given.faults, rejects=(*given.events.rejects, *twice))
        _finish(connection, run_id, made, changes, len(new), new_events)
    return Addition(made=made, changes=changes, new_reports=len(new), new_events=new_events)


@cache
def coder_of(resolver: Resolver) -> str:
    """A short digest of what decides how a report is read: the program, its lexicons and the gazetteer."""
    package = Path(__file__).parents[1]
    own = {p.relative_to(package).as_posix(): p for p in package.rglob("*.*") if p.suffix in (".py", ".csv")}
    read = [path for name, path in sorted(own.items()) if name.partition("/")[0] not in _NOT_CODING]
    layers = resolver.gazetteer.meta
    digest = hashlib.blake2b(str([meta.get("fingerprint") for _, meta in layers]).encode(), digest_size=10)
    # a layer made of tables carries their fingerprint; any other is known by its content
    full = [path for path, meta in layers if "fingerprint" not in meta]
    for path in (*read, *sorted(gazetteer_tables().glob("*.*")), *full):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _unexplained(connection: sa.Connection, run_id: int, *, redecided: bool) -> str:
    """Why an incident changed that no new report tells of."""
    if redecided:
        return "corrections"
    query = sa.select(runs.c.coder, runs.c.rule).where(runs.c.run_id <= run_id).order_by(runs.c.run_id.desc()).limit(2)
    settings = {tuple(row) for row in connection.execute(query)}
    return "merging beside new reports" if len(settings) == 1 else "another program version, gazetteer or rule"


def _news(new: Sequence[Report], reports: Sequence[Report], datasets: Iterable[str]) -> dict[str, set[str]]:
    """What this run brought: reports by id, each with the reports it stands beside as a copy; datasets by name."""
    kin = {r.report_id: {r.report_id, *r.copies} for r in reports}
    of_copy = {copy: group for group in kin.values() for copy in group}
    return {r.report_id: of_copy.get(r.report_id, set()) for r in new} | {name: set() for name in set(datasets)}


def _last_rule(connection: sa.Connection) -> str:
    return connection.scalar(sa.select(runs.c.rule).order_by(runs.c.run_id.desc()).limit(1)) or Rule.UCDP


def _begin(connection: sa.Connection, started: dt.datetime, coder: str, rule: Rule, inputs: Sequence[object]) -> int:
    named = [contents.storable(item.report_id if isinstance(item, Report) else str(item)) for item in inputs]
    row = {"started": started, "program": __version__, "coder": coder, "rule": str(rule), "inputs": named}
    key = connection.execute(runs.insert().values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _finish(
    connection: sa.Connection, run_id: int, made: Build, changes: Changes, new_reports: int, new_events: int
) -> None:
    counts = {
        "finished": _now(), "reports": new_reports, "events": new_events, "rejects": len(made.rejects),
        "added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed),
    }  # fmt: skip
    connection.execute(runs.update().where(runs.c.run_id == run_id).values(counts))
    if connection.dialect.name == "sqlite":
        geopackage.touch(connection)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
