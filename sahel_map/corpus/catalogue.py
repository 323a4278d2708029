"""What stands where? One SQLite file of a build's files, reports, mentions and incidents: memory stays small.

It is made anew from the finished pieces whenever a build begins or goes on, and is never what anything is kept in.
Workers look things up in it while nobody writes: what a stage tells that reads it is taken in when the stage is over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

UNDATED = 10_000_000  # the day of what has none: after all others
Rows = Iterator[tuple[Any, ...]]

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8000;  -- kB; each of its sorts takes as much
CREATE TABLE files (path BLOB PRIMARY KEY, size INT, changed INT) WITHOUT ROWID;
CREATE TABLE faults (step INT, name TEXT, fault TEXT);
CREATE TABLE batches (first INTEGER PRIMARY KEY, name TEXT, reports INT);
CREATE TABLE reports (id INTEGER PRIMARY KEY, report_id BLOB, digest TEXT, language TEXT, day INT, size INT, report TEXT);
CREATE TABLE pairs (copy INT, original INT);
CREATE TABLE fates (id INTEGER PRIMARY KEY, fate TEXT);
CREATE TABLE totals (report_id BLOB, toll TEXT);
CREATE TABLE mentions (
  id INTEGER PRIMARY KEY, dated INT, day INT, country TEXT, name TEXT, west REAL, south REAL, east REAL, north REAL,
  first INT, last INT, published INT, mention TEXT, report TEXT, geometry BLOB);
CREATE TABLE decided (must INT, one TEXT, other TEXT);
CREATE TABLE chains (id INTEGER PRIMARY KEY, up INT);
CREATE TABLE incidents (part TEXT, row INT, day INT, incident_id BLOB, mention_id BLOB);
CREATE TABLE members (mention_id BLOB, part TEXT, row INT);
CREATE TABLE placed (place INTEGER PRIMARY KEY, part TEXT, row INT, day INT, incident_id BLOB);
"""
_INDEXES = {
    "reports": "CREATE INDEX IF NOT EXISTS reports_id ON reports (report_id, digest); CREATE INDEX IF NOT EXISTS reports_day ON reports (language, day);",
    "pairs": "CREATE INDEX IF NOT EXISTS pairs_copy ON pairs (copy);",
    "mentions": """CREATE INDEX IF NOT EXISTS mentions_order ON mentions (country, dated, day);
        CREATE INDEX IF NOT EXISTS mentions_day ON mentions (country, first, last); CREATE INDEX IF NOT EXISTS mentions_name ON mentions (country, name, first);""",
    "members": "CREATE INDEX IF NOT EXISTS members_id ON members (mention_id);",
    "placed": """CREATE INDEX IF NOT EXISTS placed_part ON placed (part, row);
        CREATE INDEX IF NOT EXISTS placed_id ON placed (incident_id);""",
}


class Catalogue:
    """The catalogue of a work folder, as the one who builds writes it."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(_TABLES)

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows, in the order of the table's columns; of the same key the first counts."""
        for first in (rows := iter(rows)):
            insert = f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(first))})"
            with self.at_once():
                self._db.execute(insert, first)
                self._db.executemany(insert, rows)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Changes that go to disk together."""
        self._db.execute("BEGIN")
        yield
        self._db.execute("COMMIT")

    def empty(self, *tables: str) -> None:
        """Begin these tables anew."""
        for table in tables:
            own = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
            for (index,) in list(self.ask(own, table)):
                self.change(f"DROP INDEX {index}")
            self.change(f"DELETE FROM {table}")

    def index(self, table: str) -> None:
        """All rows of a table are in; once is enough."""
        self._db.executescript(_INDEXES[table])

    def ask(self, query: str, *values: Any) -> Rows:
        """The rows of a query."""
        return iter(self._db.execute(query, values))

    def change(self, query: str, *values: Any) -> int:
        """Run a statement; how many rows it changed."""
        return self._db.execute(query, values).rowcount

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()


@contextmanager
def looking(path: str | Path) -> Iterator[sqlite3.Connection]:
    """A catalogue to look things up in, from any process, while nobody writes."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        yield database


def key(text: str) -> bytes:
    """Text as the catalogue orders it: as Python does, letter by letter, and whatever it holds."""
    return text.encode("utf-8", "surrogatepass")


def text_of(found: bytes) -> str:
    """The text of such a key."""
    return found.decode("utf-8", "surrogatepass")
