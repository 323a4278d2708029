"""Files become reports: one module a format, one fault a thing that could not be read.

``read_reports`` never stops at a bad file: what is wrong is said once, naming file, line and remedy,
and the rest is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sahel_map.errors import InputError
from sahel_map.language.detect import detect
from sahel_map.model import Report

MAX_BYTES = 20_000_000  # of one file of one report
MAX_CHARACTERS = 200_000  # of one report's text; longer texts are refused, never cut silently


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that could not be read: where, what is wrong, and what to do about it."""

    path: str
    message: str
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The reports read and the faults met."""

    reports: tuple[Report, ...]
    faults: tuple[Fault, ...] = ()


def read_reports(
    inputs: Sequence[str | Path | Report], *, published: dt.date | None = None, language: str = ""
) -> Reading:
    """Read files, folders and globs into reports.

    ``published`` and ``language`` are given to reports that do not carry their own. The result is sorted
    by report_id, so the order of inputs changes nothing.
    """
    reports: list[Report] = [item for item in inputs if isinstance(item, Report)]
    faults: list[Fault] = []
    for item in inputs:
        if isinstance(item, Report):
            continue
        for path in _files(str(item), faults):
            try:
                reports += _read_file(path, faults)
            except InputError as error:
                faults.append(Fault(path=str(path), message=str(error)))
    completed = [_complete(report, published, language) for report in reports]
    kept = [report for report in completed if _usable(report, faults)]
    return Reading(reports=tuple(sorted(_unique(kept), key=lambda r: r.report_id)), faults=tuple(faults))


def _files(item: str, faults: list[Fault]) -> list[Path]:
    path = Path(item)
    if path.is_file():
        return [path]
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in _suffixes())
        if not found:
            faults.append(Fault(path=item, message=f"holds no report; wanted files ending in {', '.join(_suffixes())}"))
        return found
    if any(sign in item for sign in "*?["):
        found = sorted(
            p for p in Path(path.anchor or ".").glob(str(path.relative_to(path.anchor or "."))) if p.is_file()
        )
        if found:
            return found
    faults.append(Fault(path=item, message="no such file or folder; check the spelling of the path"))
    return []


def _suffixes() -> tuple[str, ...]:
    from sahel_map.reports import formats

    return tuple(formats.READERS)


def _read_file(path: Path, faults: list[Fault]) -> list[Report]:
    from sahel_map.reports import formats

    reader = formats.READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"ends in {path.suffix or 'nothing'!r}; wanted one of {', '.join(formats.READERS)}")
    try:
        size = path.stat().st_size
        if size == 0:
            raise InputError("is empty; nothing to read")
        if size > MAX_BYTES and path.suffix.lower() not in formats.STREAMED:
            raise InputError(f"is {size:,} bytes; at most {MAX_BYTES:,} are read as one report; split it into reports")
        return reader(path, faults)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}; check its permissions") from error


def _complete(report: Report, published: dt.date | None, language: str) -> Report:
    return replace(
        report,
        published=report.published or published,
        language=report.language if report.language in ("en", "fr") else (language or detect(report.text)),
    )


def _usable(report: Report, faults: list[Fault]) -> bool:
    message = ""
    if not report.text.strip():
        message = "holds no text; nothing to read"
    elif len(report.text) > MAX_CHARACTERS:
        message = f"is {len(report.text):,} characters; at most {MAX_CHARACTERS:,} are read as one report; split it"
    elif report.language not in ("en", "fr"):
        message = "is neither English nor French as far as can be told; name the language with --language if it is"
    if message:
        faults.append(Fault(path=report.report_id, message=message))
    return not message


def _unique(reports: Iterable[Report]) -> list[Report]:
    """One report an id: the same report given twice is one; two different texts under one id get a suffix."""
    found: dict[str, Report] = {}
    for report in sorted(reports, key=lambda r: (r.report_id, r.text)):
        known = found.get(report.report_id)
        if known is None:
            found[report.report_id] = report
        elif known.text != report.text:
            digest = hashlib.sha256(report.text.encode()).hexdigest()[:6]
            found[f"{report.report_id}#{digest}"] = replace(report, report_id=f"{report.report_id}#{digest}")
    return list(found.values())
