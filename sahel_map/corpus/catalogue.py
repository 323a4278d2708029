"""What stands in which batch? One SQLite file of the build's reports, mentions and incidents: memory stays small.

It is made anew from the finished batches whenever a build begins or goes on, and is never what anything is kept in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE reports (batch TEXT, row INT, report_id TEXT, digest TEXT, language TEXT, day INT, size INT, report TEXT);
CREATE TABLE mentions (
  id INTEGER PRIMARY KEY, country TEXT, name TEXT, west REAL, south REAL, east REAL, north REAL, first INT, last INT, published INT,
  mention TEXT, report TEXT, geometry BLOB);
CREATE TABLE incidents (part TEXT, row INT, day INT, incident_id TEXT, mention_id TEXT, number INT);
CREATE TABLE members (mention_id TEXT PRIMARY KEY, part TEXT, row INT) WITHOUT ROWID;
"""
_INDEXES = {
    "reports": "CREATE INDEX reports_id ON reports (report_id); CREATE INDEX reports_day ON reports (language, day);",
    "mentions": "CREATE INDEX mentions_day ON mentions (country, first); CREATE INDEX mentions_name ON mentions (country, name);",
    "incidents": "CREATE INDEX incidents_order ON incidents (day, incident_id, mention_id);",
}
_IDS = 30_000  # SQLite's parameters in one statement


class Catalogue:
    """The catalogue of a work folder."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(_TABLES)

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows, in the order of the table's columns."""
        for first in (rows := iter(rows)):
            marks = ", ".join("?" * len(first))
            self._db.execute("BEGIN")
            self._db.execute(f"INSERT INTO {table} VALUES ({marks})", first)
            self._db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            self._db.execute("COMMIT")

    def index(self, table: str) -> None:
        """All rows of a table are in."""
        self._db.executescript(_INDEXES[table])

    def ask(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        return iter(self._db.execute(query, values))

    def change(self, query: str, *values: Any) -> None:
        """Run a statement."""
        self._db.execute(query, values)

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()


def mentions_of(path: str | Path, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Mentions by their number, from any process: the file is only read."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        found = []
        for start in range(0, len(ids), _IDS):
            some = ids[start : start + _IDS]
            query = f"SELECT id, mention, report, geometry FROM mentions WHERE id IN ({', '.join('?' * len(some))})"
            found += [
                {"id": row[0], "mention": row[1], "report": row[2], "geometry": row[3]}
                for row in database.execute(query, some)
            ]
        return found
    finally:
        database.close()
