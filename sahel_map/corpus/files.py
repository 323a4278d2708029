"""Which files are the corpus? Their names go into the catalogue as they are found, so there may be any number."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from sahel_map.corpus.aside import NAMED, keep_faults
from sahel_map.corpus.catalogue import Catalogue, key, text_of
from sahel_map.reports import files_meant
from sahel_map.reports.documents import Fault


def find(catalogue: Catalogue, inputs: Sequence[str | Path], without: Collection[Path] = ()) -> None:
    """Put the files of reports that files, folders and globs mean into the catalogue, and what means none."""
    for item in inputs:
        faults: list[Fault] = []
        catalogue.add("files", _rows(files_meant(str(item), faults), without))
        keep_faults(catalogue, NAMED, "", faults)


def found(catalogue: Catalogue) -> Iterator[tuple[Path, int]]:
    """The files in the order of their paths, each with its size."""
    for path, size in catalogue.ask("SELECT path, size FROM files ORDER BY path"):
        yield _path(path), size


def digest(catalogue: Catalogue, others: Iterable[Path | None] = ()) -> str:
    """What tells these files and those others that are there, as they are now, from any."""
    told = hashlib.sha256()
    here = Path.cwd()
    beside = _rows((path for path in others if path is not None and path.is_file()), ())
    for path, size, changed in chain(catalogue.ask("SELECT path, size, changed FROM files ORDER BY path"), beside):
        told.update(key(f"{here / _path(path)}|{size}|{changed}\n"))
    return told.hexdigest()


def _rows(paths: Iterable[Path], without: Collection[Path]) -> Iterator[tuple[bytes, int, int]]:
    for path in paths:
        if path not in without:
            stat = path.stat()
            # parts of a path, not its letters, are what paths are ordered by
            yield key(str(path).replace(os.sep, "\0")), stat.st_size, stat.st_mtime_ns


def _path(found: bytes) -> Path:
    return Path(text_of(found).replace("\0", os.sep))
