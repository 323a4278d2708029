"""Is this a store, and of which version? A new one is made, an older one brought up to date, a strange one left alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from sahel_map.errors import InputError
from sahel_map.exports.postgis import add_postgis, named
from sahel_map.store import geopackage
from sahel_map.store.connecting import SCHEMA

NEWEST = "0001"  # the last file in migrations/versions
_HERE = Path(__file__).parent / "migrations"


def make_ready(connection: sa.Connection, where: str | Path) -> None:
    """Bring the store to NEWEST, inside the writer's transaction. Raises InputError for what is no store of ours."""
    postgres = connection.dialect.name == "postgresql"
    version = version_of(connection, where)
    if version == NEWEST:
        return
    new = not version
    if new and postgres:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        add_postgis(connection, where)
    elif new:
        geopackage.found(connection)
    _upgrade(connection)
    if new and not postgres:
        geopackage.register(connection)


def version_of(connection: sa.Connection, where: str | Path) -> str:
    """The store's version, "" for an empty file or database. Raises InputError for what is no store, or newer than we."""
    postgres = connection.dialect.name == "postgresql"
    tables = set(sa.inspect(connection).get_table_names(schema=SCHEMA if postgres else None))
    if "alembic_version" not in tables:
        if tables:
            kind = "a database whose schema sahel_map" if postgres else "a GeoPackage that"
            raise InputError(
                f"{named(where)!r} is {kind} sahel-map did not make as a store; it is left as it is; name another"
            )
        return ""
    version = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
    if version > NEWEST:
        raise InputError(
            f"{named(where)!r} was written by a newer sahel-map (tables {version}, known here {NEWEST}); update this one"
        )
    return version


def check_readable(connection: sa.Connection, where: str | Path) -> None:
    """Raises InputError unless the store can be read as it is."""
    version = version_of(connection, where)
    if not version:
        raise InputError(f"{named(where)!r} holds no store yet; `sahel-map build … --into {named(where)}` makes one")
    if version < NEWEST:
        raise InputError(
            f"{named(where)!r} is of an older sahel-map; any `sahel-map build … --into {named(where)}` brings it up to date"
        )


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST)
