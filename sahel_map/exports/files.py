"""Files are replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sahel_map.errors import OutputError


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write ``content`` beside ``path`` and move it into place. Raises OutputError; the old file then stays."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise OutputError(
            f"cannot write into {str(path.parent)!r}: {error.strerror or error}; {_remedy(error)}"
        ) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"cannot write {str(path)!r}: {error.strerror or error}; {_remedy(error)}") from error
    return path


@contextmanager
def replacing_set(folder: Path) -> Iterator[Path]:
    """A fresh folder inside ``folder`` to write a set of files into; all are moved into place at the end, or none.

    Files that belong together are never a mix of two builds, but for the instant of moving them. What a
    killed build left behind is swept away by the next one an hour later. Raises OutputError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob(f"{_STAGING}*"):
            if time.time() - stale.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(stale, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    except OSError as error:
        raise OutputError(f"cannot write into {str(folder)!r}: {error.strerror or error}; {_remedy(error)}") from error
    try:
        yield staging
        for file in sorted(staging.iterdir()):
            file.replace(folder / file.name)
    except OutputError as error:  # names the file where it was made, which nobody needs to know
        raise OutputError(str(error).replace(str(staging), str(folder))) from error
    except OSError as error:
        raise OutputError(f"cannot write into {str(folder)!r}: {error.strerror or error}; {_remedy(error)}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _remedy(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free some space; the old files, if any, are unchanged"
    return "choose a folder you may write to; the old files, if any, are unchanged"


_STAGING = ".sahel-map-"
_STALE_SECONDS = 3600


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file of the same name in a fresh folder beside ``path``, to be written by a library; moved into place at the end.

    Raises OutputError when the disk refuses; the old file, if any, then stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise OutputError(
            f"cannot write into {str(path.parent)!r}: {error.strerror or error}; {_remedy(error)}"
        ) from error
    temporary = folder / path.name
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {str(path)!r}: {error.strerror or error}; {_remedy(error)}") from error
    except _of_libraries() as error:
        reason = str(error).replace(str(temporary), path.name).partition("\n")[0][:120]
        raise OutputError(
            f"cannot write {str(path)!r}: {reason}; is there space left? The old file, if any, is unchanged"
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _of_libraries() -> tuple[type[Exception], ...]:
    """What GDAL and SQLite raise when the disk refuses: errors of their own, without a number that says why."""
    import sqlite3

    from pyogrio.errors import DataLayerError, DataSourceError

    return DataLayerError, DataSourceError, sqlite3.Error
