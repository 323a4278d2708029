"""Where does an unfinished corpus build keep what is done? A folder of finished pieces, each whole or not there.

A piece is written beside its place and moved there at the end; its result, a small JSON file, comes last. A
piece with a result is done and is never made again: that is all there is to going on after an interruption.
"""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sahel_map.errors import InputError, OutputError

MANIFEST = "manifest.json"


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """Make the work folder, or go on in it, alone. Raises InputError when another process is at work in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot work in {str(folder)!r}: {error.strerror or error}; choose another --work"
        ) from error
    with _alone(folder):
        yield


def check(folder: Path, settings: dict[str, Any]) -> None:
    """Go on only with the settings the folder was begun with. Raises InputError when it is of another build."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    except ValueError as error:
        raise InputError(f"{str(path)!r} is damaged; delete its folder, or name another with --work") from error
    if found is None:
        write_json(path, settings)
    elif found != settings:
        changed = sorted(k for k in {*found, *settings} if found.get(k) != settings.get(k))
        raise InputError(
            f"{str(path.parent)!r} holds an unfinished build of other {', '.join(changed)}; "
            "delete the folder to begin anew, or name another with --work"
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A lock that goes with the process that holds it, however it ends: SQLite's, on every system alike."""
    lock = sqlite3.connect(folder / "lock.sqlite", timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise OutputError(f"cannot work in {str(folder)!r}: {error}; choose another --work") from error
        raise InputError(f"another build is at work in {str(folder)!r}; wait for it, or name another --work") from error
    finally:
        lock.close()


def result_of(folder: Path, stage: str, name: str) -> Any:
    """What a finished piece told, or None where it is not finished."""
    try:
        return json.loads((folder / stage / f"{name}.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all."""
    with written(path) as temporary:
        temporary.write_text(json.dumps(value, ensure_ascii=True), encoding="utf-8")


@contextmanager
def written_lines(path: Path) -> Iterator[Callable[[Any], object]]:
    """What writes values one a line, however many; all of them are there at the end, or none."""
    with written(path) as temporary, temporary.open("w", encoding="ascii") as file:
        yield lambda value: file.write(json.dumps(value) + "\n")


def read_lines(path: Path) -> Iterator[Any]:
    """The values of such a file."""
    with path.open(encoding="ascii") as file:
        yield from map(json.loads, file)


def write_rows(path: Path, rows: list[dict[str, Any]], schema: Any) -> None:
    """Write rows as Parquet, whole or not at all; no file for no rows."""
    import pyarrow as pa
    from pyarrow import parquet

    if rows:
        with written(path) as temporary:
            parquet.write_table(pa.Table.from_pylist(rows, schema=schema), temporary, compression="zstd")


def read_rows(path: Path, columns: list[str] | None = None) -> list[dict[str, Any]]:
    """The rows of such a file; none where there is no file."""
    from pyarrow import parquet

    if not path.exists():
        return []
    rows: list[dict[str, Any]] = parquet.ParquetFile(path).read(columns).to_pylist()
    return rows


def rows_at(path: Path, numbers: list[int], columns: list[str] | None = None) -> list[dict[str, Any]]:
    """Chosen rows of such a file, in that order."""
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.ParquetFile(path).read(columns).take(numbers).to_pylist()
    return rows


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to, moved into place once it is on disk. Raises OutputError naming the remedy."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r}: {error.strerror or error}; free some space or choose another folder, "
            "then give the same command again: what is done is kept"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


Piece = Callable[..., dict[str, Any]]
