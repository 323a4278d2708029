"""Coded data in: UCDP GED and ACLED files, recognised by their header, become events of the incident table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sahel_map.datasets import acled, ucdp
from sahel_map.datasets.reading import SUFFIXES, Reject, header_of, read_texts
from sahel_map.model import Report

if TYPE_CHECKING:
    import pandas as pd

    from sahel_map.datasets.events import CodedEvents
    from sahel_map.resolution import Resolver

__all__ = ["REJECT_COLUMNS", "Reject", "coded_files", "read_coded", "recognise", "with_reports"]

REJECT_COLUMNS = ("path", "row", "column", "value", "reason")
_FORMATS: dict[str, Any] = {ucdp.KEY: ucdp, acled.KEY: acled}


def recognise(path: str | Path) -> str:
    """Whose columns a file has, whatever it is called: "ucdp-ged", "acled", or "" for anything else."""
    header = frozenset(header_of(Path(path)))
    return next((key for key, form in _FORMATS.items() if form.fits(header)), "")


def coded_files(inputs: Iterable[object]) -> tuple[Path, ...]:
    """The coded files among files, folders and globs, each once, in the order of their paths."""
    found = {path for item in inputs if isinstance(item, str | Path) for path in _tables(str(item))}
    return tuple(sorted(path for path in found if recognise(path)))


def read_coded(paths: Sequence[Path], resolver: Resolver) -> CodedEvents:
    """Read coded files. Bad rows are set aside with their reason, and so is a file that lacks needed columns.

    Rows without coordinates are resolved with ``resolver``; an event id given twice counts once.
    """
    import pandas as pd

    from sahel_map.datasets.events import COLUMNS, ORIGIN, CodedEvents

    frames, rejects = [], []
    for path in paths:
        events, faults = _read(path, resolver)
        rejects += faults
        if events is not None and len(events):
            frames.append(events.assign(path=str(path)))
    if not frames:
        return CodedEvents(events=pd.DataFrame(columns=[*COLUMNS, *ORIGIN]), rejects=tuple(rejects))
    events = frames[0] if len(frames) == 1 else pd.concat(frames)
    twice = events["event_id"].duplicated().to_numpy()
    for row, path_, own in zip(events.index[twice], events["path"][twice], events["own_id"][twice], strict=True):
        rejects.append(
            Reject(
                path=path_,
                row=int(row),
                column="id",
                value=own,
                reason="this event id came before; the first row counts",
            )
        )
    events = events.assign(row=events.index).loc[~twice, [*COLUMNS, *ORIGIN]].reset_index(drop=True)
    return with_reports(CodedEvents(events=events, rejects=tuple(sorted(rejects, key=lambda r: (r.path, r.row)))))


def with_reports(events: CodedEvents) -> CodedEvents:
    """The same events with a Report that stands for each of their datasets."""
    return replace(events, reports=_reports(events.events))


def _tables(item: str) -> list[Path]:
    path = Path(item)
    if path.is_file():
        return [path] if path.suffix.lower() in SUFFIXES or not path.suffix else []
    if path.is_dir():
        return [
            p
            for p in path.rglob("*")
            if p.suffix.lower() in SUFFIXES[:2] and p.is_file() and not p.name.startswith(".")
        ]
    if any(sign in item for sign in "*?["):
        root = Path(path.anchor or ".")
        try:
            found = list(root.glob(str(path.relative_to(root)) if path.anchor else item))
        except (ValueError, NotImplementedError):
            return []
        return [p for p in found if p.is_file() and p.suffix.lower() in SUFFIXES]
    return []


def _read(path: Path, resolver: Resolver) -> tuple[pd.DataFrame | None, list[Reject]]:
    from sahel_map.datasets.actors import actor_name
    from sahel_map.datasets.fields import Fields
    from sahel_map.datasets.places import place
    from sahel_map.errors import InputError

    form = _FORMATS[recognise(path)]
    try:
        texts, broken, decimal = read_texts(path)
        fields = Fields(str(path), texts, decimal, broken)
        events = form.read(fields)
    except InputError as error:
        return None, [Reject(path=str(path), row=1, column="", value="", reason=str(error))]
    events = events[fields.good()]
    events = place(events, fields, resolver)
    events = events[fields.good().reindex(events.index)]
    for side in ("actor1", "actor2"):
        pairs = list(zip(events[side].tolist(), events["country"].tolist(), strict=True))
        names = {pair: actor_name(*pair) for pair in set(pairs)}
        events[side] = [names[pair] for pair in pairs]
    return events.assign(report_id=form.KEY), fields.rejects


def _reports(events: pd.DataFrame) -> tuple[Report, ...]:
    blank = Report(report_id="", text="", language="en")
    names = {ucdp.KEY: (ucdp.NAME, "https://ucdp.uu.se"), acled.KEY: (acled.NAME, "https://acleddata.com")}
    return tuple(
        replace(blank, report_id=key, title=names[key][0], source=names[key][0], url=names[key][1])
        for key in sorted(set(events["report_id"]))
    )
