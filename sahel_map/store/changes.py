"""What changed in a store since a day, and because of which report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sahel_map.store.connecting import reading
from sahel_map.store.migrating import check_readable
from sahel_map.store.schema import incident_versions, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One incident added, changed or removed by one run."""

    incident_id: str
    version: int
    change: str  # added, changed, removed
    when: dt.datetime  # UTC
    run_id: int
    fields: tuple[tuple[str, Any, Any], ...]  # (column, before, now)
    because: tuple[str, ...]  # report ids or datasets, or what else explains it
    now: tuple[str, ...] = ()  # of a removed incident: those that its mentions belong to now


def changes_since(where: str | Path, since: dt.date) -> list[Change]:
    """The changes of all runs that ended on or after ``since`` (a day in UTC), oldest first. Raises InputError."""
    start = dt.datetime.combine(since, dt.time(), dt.UTC)
    versions = incident_versions.c
    query = (
        sa.select(incident_versions, runs.c.finished)
        .join(runs, runs.c.run_id == versions.run_id)
        .where(runs.c.finished >= start)
        .order_by(versions.run_id, versions.incident_id)
    )
    with reading(where) as connection:
        check_readable(connection, where)
        return [
            Change(
                incident_id=row["incident_id"], version=row["version"], change=row["change"], when=row["finished"],
                run_id=row["run_id"], fields=tuple((f[0], f[1], f[2]) for f in row["fields"]),
                because=tuple(row["because"]), now=tuple(row["now"]),
            )
            for row in connection.execute(query).mappings()
        ]  # fmt: skip


def told(change: Change) -> Iterator[str]:
    """One change as lines for a person."""
    when = change.when.strftime("%Y-%m-%d %H:%M")
    because = f" ({', '.join(change.because)})"
    if change.change == "removed":
        where = f"now in {', '.join(change.now)}" if change.now else "no report tells of it now"
        yield f"{when}  {change.incident_id} removed: {where}{because}"
        return
    yield f"{when}  {change.incident_id} {change.change}{because}"
    for name, before, now in change.fields:
        if before is not None or now is not None:
            yield f"    {name}: {_short(before)} -> {_short(now)}"


def _short(value: Any) -> str:
    text = "; ".join(map(str, value)) if isinstance(value, list) else "-" if value is None else str(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
