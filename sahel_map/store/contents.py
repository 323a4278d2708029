"""What came in: reports, rows of coded files and corrections, kept as they were read; and what each report tells."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
import sqlalchemy as sa

from sahel_map.coding.report import CodedReport
from sahel_map.corrections import Correction
from sahel_map.datasets import Reject, with_reports
from sahel_map.datasets.events import COLUMNS, ORIGIN, CodedEvents
from sahel_map.json_records import from_json, to_json
from sahel_map.model import Report
from sahel_map.store.schema import EVENT_NUMBERS, codings, corrections, events, reports

if TYPE_CHECKING:
    import pandas as pd

_UNSTORABLE = {
    0: 0xFFFD,
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}  # PostgreSQL takes no NUL, UTF-8 no surrogates
_CHUNK = 20_000  # rows in memory on their way to the database


# --- reports ------------------------------------------------------------------------------------------------------


def keep_reports(connection: sa.Connection, given: Iterable[Report], run_id: int) -> list[Report]:
    """Keep the reports that the store does not have yet, and return those."""
    clean = {digest_of(report): report for report in map(_storable, given)}
    known = set(connection.scalars(sa.select(reports.c.digest)))
    new = {digest: report for digest, report in clean.items() if digest not in known}
    rows = [
        {"digest": digest, "report_id": r.report_id, "title": r.title, "source": r.source, "url": r.url,
         "published": r.published.isoformat() if r.published else None, "language": r.language, "text": r.text, "run_id": run_id}
        for digest, r in new.items()
    ]  # fmt: skip
    insert(connection, reports, rows)
    return list(new.values())


def kept_reports(connection: sa.Connection) -> list[Report]:
    """Every report as it was read, copies and all."""
    query = sa.select(
        *(reports.c[name] for name in ("report_id", "text", "title", "source", "url", "published", "language"))
    )
    return [
        Report(**{**row, "published": dt.date.fromisoformat(row["published"]) if row["published"] else None})
        for row in connection.execute(query.order_by(reports.c.fid)).mappings()
    ]  # fmt: skip


def digest_of(report: Report) -> str:
    """A digest of all that is known of a report: the same report read twice has the same."""
    told = json.dumps(to_json(astuple(report)), ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _storable(report: Report) -> Report:
    return replace(
        report, report_id=storable(report.report_id), text=storable(report.text), title=storable(report.title),
        source=storable(report.source), url=storable(report.url), language=storable(report.language),
    )  # fmt: skip


# --- what each report tells ---------------------------------------------------------------------------------------


def known_codings(connection: sa.Connection, wanted: Sequence[Report], coder: str) -> dict[str, CodedReport]:
    """What this coder made of these reports before, by report id; those not coded yet are missing."""
    by_digest = {digest_of(report): report for report in wanted}
    found = {}
    for digest, record in connection.execute(
        sa.select(codings.c.digest, codings.c.record).where(codings.c.coder == coder)
    ):
        if (report := by_digest.get(digest)) is not None:
            found[report.report_id] = from_json(CodedReport, {**record, "report": to_json(report)})
    return found  # fmt: skip


def keep_codings(connection: sa.Connection, coded: Iterable[CodedReport], coder: str) -> None:
    """Keep what this coder made of reports, in the place of what another made of them."""
    rows = []
    for one in coded:
        record = to_json(one)
        del record["report"]  # it is in the table of reports
        rows.append({"digest": digest_of(one.report), "coder": coder, "record": record})
    connection.execute(codings.delete().where(codings.c.coder != coder))
    insert(connection, codings, rows)


# --- rows of coded files ------------------------------------------------------------------------------------------


def keep_events(connection: sa.Connection, given: CodedEvents, run_id: int) -> tuple[int, list[Reject]]:
    """Keep the rows of coded files: how many are new or changed, and those that another file told before.

    A file given again replaces its own rows. Of one event in two files the row of the first file by name counts,
    as when both are built at once.
    """
    frame, new, twice = given.events, [], []
    query = sa.select(*(c for c in events.c if c.name not in ("fid", "run_id")))
    known = {row["event_id"]: dict(row) for row in connection.execute(query).mappings()} if len(frame) else {}
    for row in _rows(frame):
        old = known.get(row["event_id"])
        if old is not None and Path(old["path"]) < Path(row["path"]):
            reason = f"this event id came before, in {old['path']}; that row counts"
            if _words(old) != _words(row):
                twice.append(Reject(path=row["path"], row=row["row"], column="id", value=row["own_id"], reason=reason))
        elif old != row:
            new.append({**row, "run_id": run_id})
    gone = [row["event_id"] for row in new if row["event_id"] in known]
    for start in range(0, len(gone), 500):
        connection.execute(events.delete().where(events.c.event_id.in_(gone[start : start + 500])))
    insert(connection, events, new)
    return len(new), twice


def kept_events(connection: sa.Connection) -> CodedEvents:
    """The rows of all coded files, in the order in which building all files at once reads them."""
    import pandas as pd

    names = [*(c for c in COLUMNS if c != "geometry"), "shape", *ORIGIN]
    found = connection.execute(sa.select(*(events.c[name] for name in names))).all()
    frame = pd.DataFrame(found, columns=names)
    ranks = {path: rank for rank, path in enumerate(sorted(set(frame["path"]), key=Path))}
    frame = frame.assign(path=frame["path"].map(ranks)).sort_values(["path", "row"], ignore_index=True)
    for name in ("first", "last"):
        frame[name] = pd.to_datetime(frame[name]).dt.as_unit("s")
    for name in EVENT_NUMBERS:
        frame[name] = frame[name].astype("float64")
    for name in set(COLUMNS) - {"first", "last", "geometry", *EVENT_NUMBERS}:
        frame[name] = frame[name].astype("str")
    frame["geometry"] = _shapes(frame["shape"].tolist())
    return with_reports(CodedEvents(events=frame[list(COLUMNS)]))


def _rows(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """The rows as plain values; rows that share a region's polygon share its bytes."""
    if frame.empty:
        return
    names = [c for c in COLUMNS if c != "geometry"]
    shapes = {id(shape): shapely.to_wkb(shape) for shape in frame["geometry"] if shape is not None}
    columns = [_plain(frame[name], name) for name in names]
    paths, rows = (frame[name].tolist() for name in ("path", "row"))
    for values, shape, path, row in zip(zip(*columns, strict=True), frame["geometry"], paths, rows, strict=True):
        yield {**dict(zip(names, values, strict=True)), "shape": shapes.get(id(shape)), "path": path, "row": row}


def _plain(column: pd.Series[Any], name: str) -> list[Any]:
    if name in ("first", "last"):
        return [day.date() for day in column]
    if name in EVENT_NUMBERS:
        return [None if value != value else float(value) for value in column.tolist()]
    return [storable(str(value)) for value in column.tolist()]


def _words(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("path", "row")}


def _shapes(found: list[bytes | None]) -> Any:
    import numpy as np

    known: dict[bytes, Any] = {}
    shapes = np.full(len(found), None, dtype=object)
    for index, data in enumerate(found):
        if data is not None:
            shapes[index] = known.get(data) or known.setdefault(data, shapely.from_wkb(data))
    return shapes


# --- corrections --------------------------------------------------------------------------------------------------


def keep_corrections(connection: sa.Connection, given: Sequence[Correction], run_id: int) -> bool:
    """Make these the decisions that apply; those that are not among them are withdrawn, never deleted. Whether any changed."""
    now = [_correction_row(correction) for correction in given]
    before = dict(_applying(connection))
    if list(before.values()) == now:
        return False
    connection.execute(corrections.update().where(corrections.c.fid.in_(list(before))).values(withdrawn_run_id=run_id))
    insert(connection, corrections, [{**row, "run_id": run_id} for row in now])
    return True


def kept_corrections(connection: sa.Connection) -> tuple[Correction, ...] | None:
    """The decisions that apply, in their order; None where nobody ever gave any."""
    rows = [row for _, row in _applying(connection)]
    if not rows:
        return None
    return tuple(
        Correction(
            action=row["action"], targets=tuple(row["target"].split("; ")), field=row["field"], value=row["value"],
            who=row["who"], why=row["why"], line=row["line"],
        )
        for row in rows
    )  # fmt: skip


def _correction_row(c: Correction) -> dict[str, Any]:
    texts = {
        "action": c.action,
        "target": "; ".join(c.targets),
        "field": c.field,
        "value": c.value,
        "who": c.who,
        "why": c.why,
    }
    return {**{name: storable(text) for name, text in texts.items()}, "line": c.line}  # fmt: skip


def _applying(connection: sa.Connection) -> list[tuple[int, dict[str, Any]]]:
    names = ("action", "target", "field", "value", "who", "why", "line")
    query = sa.select(corrections).where(corrections.c.withdrawn_run_id.is_(None)).order_by(corrections.c.fid)
    return [(row["fid"], {name: row[name] for name in names}) for row in connection.execute(query).mappings()]


def storable(text: str) -> str:
    """Text that every database takes, each character in its place."""
    return text.translate(_UNSTORABLE)


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in pieces that fit in memory; none is fine."""
    for start in range(0, len(rows), _CHUNK):
        connection.execute(table.insert(), rows[start : start + _CHUNK])
