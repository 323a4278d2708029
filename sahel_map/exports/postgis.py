"""PostGIS: how a database is reached by its URL, what its refusals mean, and the incident table written into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sahel_map.errors import InputError, OutputError, SahelMapError
from sahel_map.exports.flat import DAY_COLUMNS, flat, ledgers

if TYPE_CHECKING:
    import geopandas as gpd
    import sqlalchemy as sa

EXPORT_SCHEMA = "sahel_map_export"  # never the schema of a store
_URLS = ("postgresql://", "postgres://", "postgresql+psycopg://")
# SQLSTATE, or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_REFUSALS: dict[str, tuple[type[SahelMapError], str]] = {
    "08": (OutputError, "went away; nothing was written; run this again when it is back"),
    "57": (OutputError, "was shut down; nothing was written; run this again when it is back"),
    "53": (OutputError, "has no room left (disk, memory or connections); nothing was written"),
    "55": (OutputError, "is being written by another build; wait for it to finish, and run this again"),
    "42501": (OutputError, "does not let this user write; ask its owner for the right to create schemas and, once, for CREATE EXTENSION postgis"),
    "25006": (OutputError, "is read-only; nothing was written"),
}  # fmt: skip


def is_url(where: object) -> bool:
    """Whether this names a database rather than a file."""
    return str(where).startswith(_URLS)


def named(where: object) -> str:
    """A file or database for messages: a URL without its password."""
    if not is_url(where):
        return str(where)
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(str(where)).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return "postgresql://…"


def engine_of(url: str) -> sa.Engine:
    """A SQLAlchemy engine over psycopg 3. Raises InputError for what is no URL, or without the extra ``postgis``."""
    import sqlalchemy as sa
    from sqlalchemy.exc import ArgumentError
    from sqlalchemy.pool import NullPool

    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise InputError('PostGIS needs psycopg; install it with: pip install "sahel-map[postgis]"') from error
    try:
        known = sa.make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise InputError(
            "that is no database URL; wanted postgresql://user@host/database, or postgresql:///database on this machine"
        ) from error
    return sa.create_engine(known, poolclass=NullPool, connect_args={"connect_timeout": 15})


def refusal(url: object, error: Any) -> Exception:
    """What to tell a person of a DBAPIError; one that only a programmer can mend comes back as it is."""
    from sqlalchemy.exc import OperationalError

    state = str(getattr(error.orig, "sqlstate", None) or "")
    told = _REFUSALS.get(state) or _REFUSALS.get(state[:2])
    if told is None and error.connection_invalidated:
        told = _REFUSALS["08"]
    if told is not None:
        return told[0](f"the database {named(url)} {told[1]}")
    if not state and isinstance(error, OperationalError):
        return OutputError(f"cannot reach the database {named(url)}: {_first_line(error.orig)}; nothing was written")
    return error if isinstance(error, Exception) else OutputError(str(error))


def add_postgis(connection: sa.Connection, url: object) -> None:
    """Make sure that the database has the extension. Raises OutputError where its server has none."""
    if connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'postgis'").first():
        return
    if not connection.exec_driver_sql("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'").first():
        raise OutputError(
            f"the server of the database {named(url)} has no PostGIS; install it there (Debian: postgresql-postgis)"
        )
    connection.exec_driver_sql("CREATE EXTENSION postgis SCHEMA public")


def write_postgis(incidents: gpd.GeoDataFrame, url: str) -> str:
    """Replace the tables incidents, mentions, tolls and reports of the schema sahel_map_export, all or none.

    EPSG:4326. Returns the URL without its password. Raises OutputError when the database refuses.
    """
    import sqlalchemy as sa
    from sqlalchemy.exc import DBAPIError

    try:
        import geoalchemy2  # noqa: F401
    except ImportError as error:
        raise InputError('PostGIS needs GeoAlchemy2; install it with: pip install "sahel-map[postgis]"') from error
    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {EXPORT_SCHEMA}")
            add_postgis(connection, url)
            table = flat(incidents).rename_geometry("geom")
            table.to_postgis(
                "incidents", connection, schema=EXPORT_SCHEMA, if_exists="replace", dtype=dict.fromkeys(DAY_COLUMNS, sa.Date)
            )  # fmt: skip
            for name, sheet in ledgers(incidents).items():
                sheet.to_sql(name, connection, schema=EXPORT_SCHEMA, if_exists="replace", index=False, chunksize=10_000)
    except DBAPIError as error:
        raise refusal(url, error) from error
    finally:
        engine.dispose()
    return named(url)


def _first_line(error: object) -> str:
    return (str(error).strip().splitlines() or ["no answer"])[0]
