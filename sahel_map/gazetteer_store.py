"""Where do the places of a gazetteer lie on disk? One SQLite file: places, their names, who said so.

A name is kept in three forms (folded, compact, Sahel sound key; see names.py), each indexed, so one
look-up reads a few pages of the file, and a thousand are served from memory after ``load_names``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sahel_map.errors import GazetteerError
from sahel_map.model import LonLat, Place
from sahel_map.names import compact, fold, sound_key

SCHEMA = "5"  # raise it when the tables or the sound rules change: older files are rebuilt or refused

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE places (
  id INTEGER PRIMARY KEY, place_id TEXT NOT NULL, name TEXT NOT NULL, alternate_names TEXT NOT NULL,
  feature_code TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL, country TEXT NOT NULL,
  adm1_pcode TEXT NOT NULL, adm2_pcode TEXT NOT NULL, population INTEGER NOT NULL,
  sources TEXT NOT NULL, note TEXT NOT NULL);
CREATE TABLE cells (country TEXT NOT NULL, units TEXT NOT NULL, geometry BLOB NOT NULL);
CREATE TABLE names (folded TEXT NOT NULL, compact TEXT NOT NULL, sound TEXT NOT NULL, place INTEGER NOT NULL);
"""
_INDEXES = """
CREATE INDEX names_folded ON names (folded, place);
CREATE INDEX names_compact ON names (compact, place);
CREATE INDEX names_sound ON names (sound, compact);
CREATE INDEX places_position ON places (lat, lon);
"""


class NameRow(NamedTuple):
    """One spelling of one place: where it stands in the store."""

    folded: str
    compact: str
    sound: str
    place: int


class Store:
    """A gazetteer file, read only. Raises GazetteerError when it is no gazetteer or of another version."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self.meta = dict(self._db.execute("SELECT key, value FROM meta"))
        except sqlite3.Error as error:
            raise GazetteerError(
                f"{path} cannot be read as a gazetteer ({error}): run `sahel-map gazetteer update`"
            ) from error
        if self.meta.get("schema") != SCHEMA:
            raise GazetteerError(
                f"{path} was written by another version (schema {self.meta.get('schema')!r}, wanted {SCHEMA!r}): "
                "run `sahel-map gazetteer update` again"
            )
        self._places: dict[int, Place] = {}

    def place(self, number: int) -> Place:
        """The place of that row number."""
        known = self._places.get(number)
        if known is None:
            row = self._db.execute("SELECT * FROM places WHERE id = ?", (number,)).fetchone()
            known = self._places[number] = _place(row)
        return known

    def load_places(self) -> dict[int, Place]:
        """Every place, by row number; kept for the next call."""
        if len(self._places) < int(self.meta["places"]):
            self._places = {row[0]: _place(row) for row in self._db.execute("SELECT * FROM places")}
        return self._places

    def names(self) -> list[NameRow]:
        """Every spelling of every place."""
        return [NameRow(*row) for row in self._db.execute("SELECT folded, compact, sound, place FROM names")]

    def prominent_names(self) -> Iterator[str]:
        """Names of seats, of towns of 5,000 people and more, and of the places kept by hand or by the user."""
        known = "feature_code IN ('PPLC', 'PPLA', 'PPLA2', 'PPLA3') OR population >= 5000"
        yield from (row[0] for row in self._db.execute(f"SELECT name FROM places WHERE {known}"))
        for row in self._db.execute(
            "SELECT name, alternate_names FROM places WHERE sources = 'user' OR sources LIKE 'kept%'"
        ):
            yield from (row[0], *row[1].split("|"))

    def compacts(self) -> list[tuple[str, str]]:
        """Every distinct (compact, sound) pair."""
        return self._db.execute("SELECT DISTINCT sound, compact FROM names").fetchall()

    def with_compact(self, key: str) -> list[int]:
        return [row[0] for row in self._db.execute("SELECT DISTINCT place FROM names WHERE compact = ?", (key,))]

    def with_sound(self, sound: str) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT DISTINCT compact FROM names WHERE sound = ?", (sound,))]

    def beginning_with(self, folded: str, limit: int = 60) -> list[str]:
        """Compact forms of the names whose first words are these."""
        rows = self._db.execute(
            "SELECT DISTINCT compact FROM names WHERE folded > ? AND folded < ? LIMIT ?",
            (folded + " ", folded + "!", limit),
        )
        return [row[0] for row in rows]

    def within(self, west: float, south: float, east: float, north: float) -> list[Place]:
        """The places in a box of degrees."""
        query = "SELECT id FROM places WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"
        return [self.place(row[0]) for row in self._db.execute(query, (south, north, west, east))]

    def cells(self) -> list[tuple[str, str, bytes]]:
        """(country, unit ids joined by "|", WKB) of the ground cut by the boundaries the file was made with, if any."""
        if not int(self.meta.get("cells", 0)):
            return []
        return self._db.execute("SELECT country, units, geometry FROM cells").fetchall()

    def close(self) -> None:
        self._db.close()

    def __del__(self) -> None:
        if hasattr(self, "_db"):  # a file that could not be opened has none
            self._db.close()


def write_store(
    path: Path, places: Iterable[Place], meta: dict[str, str], cells: Sequence[tuple[str, str, bytes]] = ()
) -> int:
    """Write a gazetteer file, with boundaries as `Store.cells` gives them, in whole or not at all; how many places.

    The file is built beside `path` and moved over it at the end, so an interruption leaves the old one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    try:
        with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as db:
            count = _fill(db, places, {**meta, "cells": str(len(cells))})
            db.executemany("INSERT INTO cells VALUES (?,?,?)", cells)
        Path(temporary).chmod(0o644)  # mkstemp makes it private
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return count


def fingerprint(paths: Iterable[Path]) -> str:
    """A short digest of the content of files and of the schema: equal when nothing needs rebuilding."""
    digest = hashlib.blake2b(SCHEMA.encode(), digest_size=10)
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return digest.hexdigest()


def _fill(db: sqlite3.Connection, places: Iterable[Place], meta: dict[str, str]) -> int:
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;" + _TABLES)
    count = 0
    for count, place in enumerate(places, start=1):
        db.execute("INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", (count, *_row(place)))
        db.executemany("INSERT INTO names VALUES (?,?,?,?)", [(*forms, count) for forms in _forms(place)])
    db.execute("COMMIT")
    db.executescript(_INDEXES)
    rows = {**meta, "schema": SCHEMA, "places": str(count)}
    db.executemany("INSERT INTO meta VALUES (?,?)", sorted(rows.items()))
    return count


def _forms(place: Place) -> Iterator[tuple[str, str, str]]:
    seen = set()
    for name in (place.name, *place.alternate_names):
        folded = fold(name)
        if folded and folded not in seen:
            seen.add(folded)
            yield folded, compact(name), sound_key(name)


def _row(place: Place) -> tuple[str | float | int, ...]:
    return (
        place.place_id,
        place.name,
        "|".join(place.alternate_names),
        place.feature_code,
        *place.position,
        place.country,
        place.adm1_pcode,
        place.adm2_pcode,
        place.population,
        "|".join(place.sources),
        place.note,
    )


def _place(row: tuple) -> Place:  # type: ignore[type-arg]
    _, place_id, name, alternates, feature_code, lon, lat, country, adm1, adm2, population, sources, note = row
    return Place(
        place_id=place_id,
        name=name,
        position=LonLat(lon, lat),
        country=country,
        alternate_names=tuple(alternates.split("|")) if alternates else (),
        feature_code=feature_code,
        adm1_pcode=adm1,
        adm2_pcode=adm2,
        population=population,
        sources=tuple(sources.split("|")) if sources else (),
        note=note,
    )
