"""Coded data in: UCDP GED and ACLED files, and any table with a mapping, become events of the incident table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sahel_map.datasets import acled, ucdp
from sahel_map.datasets.features import layer_of
from sahel_map.datasets.mapping import guess, is_report_table, path_beside, read_mapping
from sahel_map.datasets.reading import SUFFIXES, Reject, header_of, read_texts
from sahel_map.datasets.table import MappedTable
from sahel_map.errors import InputError
from sahel_map.model import Report
from sahel_map.reports import files_under

if TYPE_CHECKING:
    import pandas as pd

    from sahel_map.datasets.events import CodedEvents
    from sahel_map.resolution import Resolver

__all__ = [
    "REJECT_COLUMNS",
    "Reject",
    "coded_files",
    "explained",
    "read_coded",
    "recognise",
    "unmapped",
    "with_reports",
]

REJECT_COLUMNS = ("path", "row", "column", "value", "reason")
_TEXT_TABLES = (".csv", ".tsv")
_ONLY_TABLES = (".xlsx", ".xlsm", ".geojson", ".gpkg")  # no report is read from these
_FORMATS: dict[str, Any] = {ucdp.KEY: ucdp, acled.KEY: acled}


def recognise(path: str | Path) -> str:
    """Whose columns a file has, whatever it is called: "ucdp-ged", "acled", or "" for anything else."""
    header = frozenset(_header(Path(path)))
    return next((key for key, form in _FORMATS.items() if form.fits(header)), "")


def coded_files(inputs: Iterable[object], *, mapping: Path | None = None) -> tuple[Path, ...]:
    """The coded files among files, folders and globs, each once, in the order of their paths.

    UCDP GED and ACLED files by their header; any table with a mapping file beside it, or that ``mapping`` may be
    for; and, of those named one by one, tables that look like events, to be refused with what to do.
    """
    found: set[Path] = set()
    for item in inputs:
        if isinstance(item, str | Path):
            named_one_by_one = not Path(item).is_dir()
            found |= {p for p in _tables(str(item)) if _is_coded(p, mapping, named_one_by_one)}
    return tuple(sorted(found))


def unmapped(inputs: Iterable[object]) -> tuple[Path, ...]:
    """The tables of events, named one by one, whose columns nobody has explained yet."""
    return tuple(
        p for p in coded_files(inputs) if not recognise(p) and not path_beside(p).is_file() and guess(_header(p))
    )


def explained(inputs: Iterable[object], mapping: Path) -> tuple[Path, ...]:
    """The tables that ``mapping`` is used for: neither UCDP's nor ACLED's, and without a mapping file of their own."""
    return tuple(p for p in coded_files(inputs, mapping=mapping) if not recognise(p) and not path_beside(p).is_file())


def _is_coded(path: Path, mapping: Path | None, named_one_by_one: bool) -> bool:
    if path_beside(path).is_file() or recognise(path):
        return True
    if not named_one_by_one:
        return False
    if path.suffix.lower() in _ONLY_TABLES:
        return True
    header = _header(path)
    return (
        path.suffix.lower() in _TEXT_TABLES
        and "incident_id" not in header
        and bool(guess(header) or (mapping and not is_report_table(header)))
    )


def _header(path: Path) -> tuple[str, ...]:
    """The header, or () for a file that is not what its name says; reading it will say why."""
    try:
        return header_of(path)
    except (InputError, OSError):
        return ()


def read_coded(paths: Sequence[Path], resolver: Resolver, *, mapping: Path | None = None) -> CodedEvents:
    """Read coded files. Bad rows are set aside with their reason, and so is a file that lacks needed columns.

    ``mapping`` explains tables that are neither UCDP's nor ACLED's and have no mapping file beside them.
    Rows without coordinates are resolved with ``resolver``; an event id given twice counts once.
    """
    import pandas as pd

    from sahel_map.datasets.events import COLUMNS, ORIGIN, CodedEvents

    frames, rejects = [], []
    for path in paths:
        events, faults = _read(path, resolver, mapping)
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
        found = (p for p in files_under(path) if p.suffix.lower() in (*_TEXT_TABLES, *_ONLY_TABLES))
        return [p for p in found if not p.name.startswith(".")]
    if any(sign in item for sign in "*?["):
        root = Path(path.anchor or ".")
        try:
            found = root.glob(str(path.relative_to(root)) if path.anchor else item)
            return [p for p in found if p.is_file() and p.suffix.lower() in SUFFIXES]
        except (ValueError, NotImplementedError):
            return []
    return []


def _read(path: Path, resolver: Resolver, mapping: Path | None) -> tuple[pd.DataFrame | None, list[Reject]]:
    from sahel_map.datasets.actors import actor_name
    from sahel_map.datasets.fields import Fields
    from sahel_map.datasets.places import place

    try:
        form, settings, order = _form(path, mapping)
        texts, broken, decimal = read_texts(path, **settings)
        fields = Fields(str(path), texts, order.get("decimal") or decimal, order.get("day_order", ""), broken)
        if texts.empty:  # nothing but a header, or no row that could be read
            reason = "holds no event; nothing to read"
            return None, fields.rejects or [Reject(path=str(path), row=1, column="", value="", reason=reason)]
        events = form.read(fields)
    except InputError as error:
        return None, [Reject(path=str(path), row=1, column="", value="", reason=str(error))]
    events = events[fields.good()]
    events = place(events, fields, resolver)
    events = events[fields.good().reindex(events.index)]
    for side in ("actor1", "actor2"):
        pairs = set(zip(events[side], events["country"], strict=True))
        names = {pair: actor_name(*pair) for pair in pairs}
        events[side] = [names[pair] for pair in zip(events[side], events["country"], strict=True)]
    return events.assign(report_id=form.KEY), fields.rejects


def _form(path: Path, mapping: Path | None) -> tuple[Any, dict[str, str], dict[str, str]]:
    """What reads the file's rows, which part of the file to read, and how its numbers and days are written.

    Raises InputError for a file that is not what its name says, or a table that nobody has explained.
    """
    header = header_of(path) if path.suffix.lower() != ".gpkg" else ()
    for form in _FORMATS.values():
        if form.fits(frozenset(header)):
            return form, {}, {}
    beside = path_beside(path)
    if not beside.is_file() and mapping is None:
        if path.suffix.lower() == ".gpkg":
            layer_of(path)  # a store, or a file of several layers, has a message of its own
        raise InputError(
            f"the columns are not known; say what they mean in {str(beside)!r}: `sahel-map mapping {path}` writes a first guess"
        )
    told = read_mapping(beside if beside.is_file() else cast(Path, mapping), path)
    return (
        MappedTable(told),
        {"sheet": told.sheet, "layer": told.layer},
        {"decimal": told.decimal, "day_order": told.day_order},
    )


def _reports(events: pd.DataFrame) -> tuple[Report, ...]:
    blank = Report(report_id="", text="", language="en")
    names = {ucdp.KEY: (ucdp.NAME, "https://ucdp.uu.se"), acled.KEY: (acled.NAME, "https://acleddata.com")}
    told = dict(zip(events["report_id"], events["dataset"], strict=True))
    found = [(key, *names.get(key, (told[key], ""))) for key in sorted(told)]
    return tuple(replace(blank, report_id=key, title=name, source=name, url=url) for key, name, url in found)
