"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
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
            f"cannot write into {str(path.parent)!r}: {error.strerror or error}; choose a folder you may write to"
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
        raise OutputError(
            f"cannot write {str(path)!r}: {error.strerror or error}; the old file, if any, is unchanged"
        ) from error
    return path


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
            f"cannot write into {str(path.parent)!r}: {error.strerror or error}; choose a folder you may write to"
        ) from error
    temporary = folder / path.name
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r}: {error.strerror or error}; the old file, if any, is unchanged"
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
