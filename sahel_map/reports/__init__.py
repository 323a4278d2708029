"""Files become reports: one module a format, one fault a thing that could not be read.

``read_reports`` never stops at a bad file: what is wrong is said once, naming file, line and remedy,
and the rest is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sahel_map.errors import InputError
from sahel_map.language.detect import detect
from sahel_map.model import Report
from sahel_map.reports.copies import join_copies
from sahel_map.reports.documents import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_TABLE_BYTES,
    Document,
    Entry,
    Fault,
    Opened,
    Wanted,
    every,
)
from sahel_map.reports.file_names import named

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "Fault", "Reading", "read_reports"]

STANDARD_INPUT = "-"
_LONE = re.compile("[\ud800-\udfff]")
_STANDARD_ID = "stdin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The reports read and the faults met."""

    reports: tuple[Report, ...]
    faults: tuple[Fault, ...] = ()


def read_reports(
    inputs: Sequence[str | Path | Report],
    *,
    published: dt.date | None = None,
    language: str = "",
    without: Collection[Path] = (),
    apart: bool = False,
) -> Reading:
    """Read files, folders, globs and standard input ("-") into reports.

    A report's day, outlet and language are what it says of itself, else what its file name says, else
    ``published`` and ``language``. Texts that are copies of each other come back as one, with every
    outlet in ``also_in``. The result is sorted by report_id: the order of inputs changes nothing.
    Files of ``without`` (coded data, read elsewhere) are passed over. ``apart`` leaves all as they were read:
    ``standing`` joins them later.
    """
    given = [item for item in inputs if isinstance(item, Report)]
    faults: list[Fault] = []
    kept = [report for report in (_complete(r, published, language) for r in given) if _usable(report, faults)]
    paths, missing = report_files([item for item in inputs if not isinstance(item, Report)])
    faults += missing
    for path in paths:
        for found in () if path in without else reports_of(path, published=published, language=language):
            (faults if isinstance(found, Fault) else kept).append(found)  # type: ignore[arg-type]
    return Reading(reports=tuple(kept) if apart else standing(kept), faults=tuple(faults))


def standing(reports: Iterable[Report]) -> tuple[Report, ...]:
    """One report a text and one text an id, sorted by id; the order of ``reports`` changes nothing."""
    return join_copies(_unique(reports))


# --- which files ------------------------------------------------------------------------------------------


def report_files(items: Iterable[str | Path]) -> tuple[list[Path], list[Fault]]:
    """The files that files, folders and globs mean, each once, in the order of their paths; and what means none."""
    faults: list[Fault] = []
    found = {path for item in items for path in files_meant(str(item), faults)}
    return sorted(found), faults


def files_meant(item: str, faults: list[Fault]) -> Iterator[Path]:
    """The files of one of these as they are found, in no order; a fault where there is none."""
    path = Path(item)
    if not item.strip():  # else an empty variable of a script would mean the folder one stands in
        faults.append(Fault(path=repr(item), message="is no name; name a file, a folder or a pattern"))
    elif item == STANDARD_INPUT or path.is_file():
        yield path
    elif path.is_dir():
        wanted = f"holds no report; wanted files ending in {', '.join(_suffixes())}"
        yield from _any(_reports_under(path), Fault(path=item, message=wanted), faults)
    elif any(sign in item for sign in "*?["):
        yield from _any(_glob(path), Fault(path=item, message="matches no file; check the pattern"), faults)
    else:
        faults.append(Fault(path=item, message="no such file or folder; check the spelling of the path"))


def files_under(folder: Path) -> Iterator[Path]:
    """The files below a folder, one at a time: there may be any number. Links to folders are not followed."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from files_under(folder / entry.name)
                elif entry.is_file():
                    yield folder / entry.name
    except OSError:  # a folder nobody may look into
        return


def _any(found: Iterable[Path], none: Fault, faults: list[Fault]) -> Iterator[Path]:
    path = None
    for path in found:
        yield path
    if path is None:
        faults.append(none)


def _glob(pattern: Path) -> Iterator[Path]:
    try:
        found = Path(pattern.anchor or ".").glob(str(pattern.relative_to(pattern.anchor or ".")))
        yield from (p for p in found if p.is_file())
    except (ValueError, NotImplementedError):
        return  # "**.txt" is no pattern


def _reports_under(folder: Path) -> Iterator[Path]:
    """Hidden files and folders (".git", "._article.txt") are nobody's reports, nor is what an earlier build wrote."""
    from sahel_map.reports.formats import ending

    for path in files_under(folder):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        written = path.name in _WRITTEN and all((path.parent / name).is_file() for name in _BUILD)
        if ending(path) in _suffixes() and not hidden and not written:
            yield path


_BUILD = ("incidents.geojson", "mentions.csv", "tolls.csv")  # files by which the folder of a build is known
_WRITTEN = {*_BUILD, "incidents.csv", "evidence.csv", "aggregates.csv", "review.csv", "rejects.csv", "map.html"}


def _suffixes() -> tuple[str, ...]:
    from sahel_map.reports.formats import READERS

    return tuple(READERS)


# --- reading one file -------------------------------------------------------------------------------------


def reports_of(
    path: Path,
    *,
    published: dt.date | None = None,
    language: str = "",
    wanted: Wanted = every,
    opened: Opened = every,
) -> Iterator[Report | Fault]:
    """The reports of one file, one at a time, as complete as they can be; a fault for what cannot be used.

    Of a file of many, only those whose number is ``wanted``; those decoded together only if they are to be ``opened``.
    """
    for found in _read(path, wanted, opened):
        if isinstance(found, Fault):
            yield found
            continue
        report = _complete(named(found.report, path.stem), published, language)
        faults: list[Fault] = []
        if _usable(report, faults, str(path), found.line):
            yield report
        yield from faults


def _read(path: Path, wanted: Wanted, opened: Opened) -> Iterator[Entry | Fault]:
    """The reports of one file; whatever stops the reading is its last fault."""
    from sahel_map.reports.formats import READERS, ending, sniff

    name = str(path)
    try:
        if name == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MAX_TABLE_BYTES + 1)
            name = "standard input"
            yield from sniff(data[:512])(Document(path=name, stem=_STANDARD_ID, stream=io.BytesIO(data)))
            return
        reader = READERS.get(ending(path))
        if reader is None and path.suffix:
            raise InputError(f"ends in {path.suffix!r}; wanted one of {', '.join(READERS)}")
        with path.open("rb") as file:
            yield from (reader or sniff(file.peek(512)))(
                Document(path=name, stem=path.stem, stream=file, wanted=wanted, opened=opened)
            )
    except InputError as error:
        yield Fault(path=name, message=str(error))
    except OSError as error:
        yield Fault(path=name, message=f"cannot be read: {error.strerror or error}; check its permissions")


# --- what a report needs ----------------------------------------------------------------------------------


def _complete(report: Report, published: dt.date | None, language: str) -> Report:
    report = _encodable(report)
    told = report.language.lower()[:2]
    return replace(report, published=report.published or published, language=told or detect(report.text) or language)


def _encodable(report: Report) -> Report:
    """Half a surrogate pair, which JSON can spell and no file can hold, becomes U+FFFD: as long as before."""
    fields = {name: getattr(report, name) for name in ("report_id", "text", "title", "source", "url", "language")}
    mended: dict[str, Any] = {name: _LONE.sub("\ufffd", value) for name, value in fields.items() if _LONE.search(value)}
    return replace(report, **mended) if mended else report


def _usable(report: Report, faults: list[Fault], path: str = "", line: int = 0) -> bool:
    message = ""
    if not report.text.strip():
        message = "holds no text; nothing to read"
    elif len(report.text) > MAX_CHARACTERS:
        message = f"is {len(report.text):,} characters; at most {MAX_CHARACTERS:,} are read as one report; split it"
    elif report.language not in ("en", "fr"):
        which = (
            f"is in {report.language!r}" if report.language else "is neither English nor French as far as can be told"
        )
        message = f"{which}; only English and French are read; name the language with --language if it is one of them"
    if message:
        faults.append(Fault(path=path or report.report_id, line=line, message=message))
    return not message


def text_digest(text: str) -> str:
    """What tells two texts apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _unique(reports: Iterable[Report]) -> list[Report]:
    """One report an id: the same report given twice is one; two different texts under one id get a suffix."""
    found: dict[str, Report] = {}
    digests: dict[str, str] = {}
    keyed = sorted(((r.report_id, text_digest(r.text), r) for r in reports), key=lambda key: key[:2])
    for report_id, digest, report in keyed:
        if report_id not in found:
            found[report_id], digests[report_id] = report, digest
        elif digests.get(report_id) != digest:
            other = f"{report_id}#{digest[:6]}"
            found.setdefault(other, replace(report, report_id=other))
    return list(found.values())


def renamed(reports: Iterable[Report]) -> dict[str, str]:
    """The ids that were given to a second text of one id, each with the id that both had."""
    ids = {report.report_id for report in reports}
    return {one: told for one in sorted(ids) if (told := one.rpartition("#")[0]) in ids and _SECOND.search(one)}


_SECOND = re.compile(r"#[0-9a-f]{6}$")
