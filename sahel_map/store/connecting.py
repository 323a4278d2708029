"""How is a store reached? A GeoPackage by its path, a PostGIS database by its URL; every refusal in words.

One writer at a time: a writer takes the lock before it reads, so what it read still holds when it writes.
A GeoPackage locks its file, PostgreSQL an advisory lock of the database. Readers never wait long and never write.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from sahel_map.errors import InputError, OutputError, SahelMapError
from sahel_map.exports.postgis import engine_of, is_url, refusal

SCHEMA = "sahel_map"  # in PostgreSQL: the tables' own schema
_WAIT_SECONDS = 600  # a writer waits so long for another to finish
_LOCK = 0x5A4E1  # any number that all writers share
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID = slice(68, 72)


def is_geopackage(path: Path) -> bool:
    """Whether a file begins as a GeoPackage does."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    return head.startswith(_MAGIC) and head[_APPLICATION_ID] in (b"GPKG", b"GP10", b"GP11")


@contextmanager
def reading(where: str | Path) -> Iterator[sa.Connection]:
    """A connection that only reads. Raises InputError when there is no store."""
    with _connected(where, begin="BEGIN", create=False) as connection:
        yield connection


@contextmanager
def writing(where: str | Path) -> Iterator[sa.Connection]:
    """A connection with the writer's lock, committed at the end if nothing was raised, else rolled back whole."""
    with _connected(where, begin="BEGIN IMMEDIATE", create=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield connection


@contextmanager
def _connected(where: str | Path, *, begin: str, create: bool) -> Iterator[sa.Connection]:
    try:
        engine = _postgis(str(where)) if is_url(where) else _geopackage(Path(where), begin, create=create)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()
    except DBAPIError as error:
        raise _refusal(where, error) from error


# --- a GeoPackage -------------------------------------------------------------------------------------------------


def _geopackage(path: Path, begin: str, *, create: bool) -> sa.Engine:
    _check_file(path, create=create)
    mode = "rwc" if create else "rw"  # also a reader may have to roll back what a killed writer left

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, timeout=_WAIT_SECONDS, isolation_level=None
        )

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    # SQLite's driver begins no transaction for CREATE TABLE or SELECT: begin ours ourselves, so that all is one
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _check_file(path: Path, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise InputError(f"{str(path)!r} is a folder; name a file in it, such as {str(path / 'sahel.gpkg')!r}")
        if not path.exists():
            if not create:
                raise InputError(f"there is no store {str(path)!r}; `sahel-map build … --into {path}` makes one")
            if path.suffix.lower() != ".gpkg":
                raise InputError(f"{str(path)!r}: wanted a file ending in .gpkg, or a URL postgresql://…")
            path.parent.mkdir(parents=True, exist_ok=True)
        elif path.stat().st_size and not is_geopackage(path):
            raise InputError(f"{str(path)!r} is not a GeoPackage; it is left as it is; name another file")
    except OSError as error:
        raise OutputError(f"cannot write {str(path)!r}: {error.strerror}; choose a folder you may write to") from error


# --- PostGIS ------------------------------------------------------------------------------------------------------


def _postgis(url: str) -> sa.Engine:
    engine = engine_of(url)

    @sa.event.listens_for(engine, "connect")
    def _find_our_tables_first(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT set_config('search_path', '{SCHEMA}, ' || current_setting('search_path'), false)")
        connection.commit()

    return engine


# --- refusals -----------------------------------------------------------------------------------------------------

_SQLITE: dict[str, tuple[type[SahelMapError], str]] = {
    "SQLITE_NOTADB": (InputError, "is not a GeoPackage, or its beginning is damaged; take a copy from before"),
    "SQLITE_CORRUPT": (InputError, "is damaged, perhaps copied half; take a copy from before, or build a new store"),
    "SQLITE_BUSY": (OutputError, "is being written by another build; wait for it to finish, and run this again"),
    "SQLITE_LOCKED": (OutputError, "is being written by another build; wait for it to finish, and run this again"),
    "SQLITE_FULL": (OutputError, "does not fit on the disk; free some space; the store is as it was before"),
    "SQLITE_IOERR": (OutputError, "cannot be written: the disk refuses; the store is as it was before"),
    "SQLITE_READONLY": (OutputError, "cannot be written; choose a folder you may write to"),
    "SQLITE_CANTOPEN": (OutputError, "cannot be opened for writing; choose a folder you may write to"),
    "SQLITE_PERM": (OutputError, "cannot be opened: permission denied"),
}


def _refusal(where: str | Path, error: DBAPIError) -> Exception:
    """What to tell a person; an error that only a programmer can mend is passed on as it is."""
    if not isinstance(error.orig, sqlite3.Error):
        return refusal(where, error)
    code = str(getattr(error.orig, "sqlite_errorname", ""))
    kind, words = next((told for key, told in _SQLITE.items() if code.startswith(key)), (None, ""))
    return kind(f"{str(where)!r} {words}") if kind else error
