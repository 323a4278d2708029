"""What does a folder hold that a gazetteer can be made of? Every file a reader knows, and why the rest was left."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import logging
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import shapely

from sahel_map.boundaries import Boundaries
from sahel_map.errors import GazetteerError, OutputError
from sahel_map.gazetteer import read_shipped
from sahel_map.gazetteer_sources import cod_ab, geonames, openstreetmap, settlements, whosonfirst
from sahel_map.gazetteer_sources.divisions import divide, overlaid
from sahel_map.gazetteer_sources.reading import Reading
from sahel_map.gazetteer_store import fingerprint, write_store
from sahel_map.model import Place
from sahel_map.place_merging import TRUST, merge, usable_names
from sahel_map.shipped import gazetteer_tables

log = logging.getLogger(__name__)
READERS = (geonames, whosonfirst, openstreetmap, cod_ab, settlements)  # the most particular first
UNKNOWN = "no reader recognises it"


@dataclass(slots=True)
class Harvest:
    """What was read of a folder, and what was left with the reason."""

    readings: list[Reading] = field(default_factory=list)
    left: list[tuple[Path, str]] = field(default_factory=list)


def collect(folder: Path, *, progress: Callable[[Path], None] | None = None) -> Harvest:
    """Read every file under `folder` that a reader recognises by content.

    Raises GazetteerError when the folder is missing or holds nothing that can be used.
    """
    if not folder.exists():
        raise GazetteerError(f"there is no folder {str(folder)!r}")
    harvest = Harvest()
    files = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file())
    for path in files:
        if progress:
            progress(path)
        _read_one(path, harvest)
    if not any(reading.places for reading in harvest.readings):
        why = "".join(f"\n  {path.name}: {reason}" for path, reason in harvest.left[:20])
        raise GazetteerError(f"no file under {str(folder)!r} is a gazetteer that a reader knows{why}")
    return harvest


def build(path: Path, harvest: Harvest) -> int:
    """Merge what was read with the shipped places into one gazetteer file; how many places it holds.

    Raises OutputError when the file cannot be written; the old one then stays.
    """
    tables = [gazetteer_tables() / name for name in ("kept_places.csv", "places.csv")]
    shipped = [place for table in tables if table.is_file() for place in read_shipped(table)]
    more: dict[str, list[str]] = {}
    for reading in harvest.readings:
        for place_id, names in reading.more_names.items():
            more.setdefault(place_id, []).extend(names)
    readings = sorted(harvest.readings, key=lambda r: TRUST.index(r.source) if r.source in TRUST else 0)
    read = [_with_names(place, more) for reading in readings for place in reading.places]
    boundaries = overlaid(Boundaries.shipped(), harvest.readings)
    drawn = {division.country for reading in harvest.readings for division in reading.divisions}
    cells = [(c.country, "|".join(c.unit_ids), shapely.to_wkb(c.geometry)) for c in boundaries.cells(drawn)]
    places = _placed(merge([*shipped, *read]), boundaries)
    log.info("%d places of %d entries", len(places), len(read) + len(shipped))
    try:
        return write_store(path, places, _meta(harvest, tables), cells)
    except (OSError, sqlite3.Error) as error:
        raise OutputError(
            f"cannot write {str(path)!r}: {getattr(error, 'strerror', None) or error}; free some space, or name another"
            " file with SAHEL_MAP_GAZETTEER; the old gazetteer, if any, is unchanged"
        ) from error


def _read_one(path: Path, harvest: Harvest) -> None:
    if path.stat().st_size == 0:
        harvest.left.append((path, "empty"))
        return
    if reason := settlements.refusal(path):
        harvest.left.append((path, reason))
        return
    reader = next((reader for reader in READERS if reader.recognises(path)), None)
    if reader is None:
        harvest.left.append((path, "damaged: a zip that is cut short or forged" if _is_broken_zip(path) else UNKNOWN))
        return
    try:
        reading = reader.read(path)
    except (GazetteerError, OSError, ValueError, EOFError) as error:
        harvest.left.append((path, f"damaged: {error}"))
        return
    if len(reading.faults) > len(reading.places) + len(reading.more_names):
        harvest.left.append((path, f"damaged: {len(reading.faults)} bad lines, first {reading.faults[0]}"))
    else:
        divide(reading, Boundaries.shipped())
        harvest.readings.append(reading)


def _is_broken_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK" and not zipfile.is_zipfile(path)


def _placed(places: list[Place], boundaries: Boundaries) -> list[Place]:
    """The places with today's P-codes, and a country where their source gives none, by polygon."""
    units = boundaries.at_many([p.position.lon for p in places], [p.position.lat for p in places])
    columns = (units[c].astype(str).tolist() for c in ("country", "adm1_pcode", "adm2_pcode"))
    return [
        dataclasses.replace(place, country=place.country or country, adm1_pcode=one, adm2_pcode=two)
        if (place.country or country) == country
        else place
        for place, country, one, two in zip(places, *columns, strict=True)
    ]


def _with_names(place: Place, more: dict[str, list[str]]) -> Place:
    names = more.get(place.place_id)
    if not names:
        return place
    return dataclasses.replace(place, alternate_names=usable_names((*place.alternate_names, *names), but=place.name))


def _meta(harvest: Harvest, tables: Iterable[Path]) -> dict[str, str]:
    files = [
        {
            "file": reading.path.name,
            "source": reading.source,
            "places": len(reading.places),
            "bad_lines": len(reading.faults),
            "divisions": [
                {
                    "country": d.country,
                    "since": "" if d.since == dt.date.min else d.since.isoformat(),
                    "units": len(d.polygons),
                }
                for d in reading.divisions
            ],
            "day": reading.day or dt.date.fromtimestamp(reading.path.stat().st_mtime).isoformat(),
        }
        for reading in harvest.readings
    ]
    return {
        "title": "local gazetteer",
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "shipped": fingerprint(tables),
        "files": json.dumps(files, ensure_ascii=False),
    }


def sources_of(harvest: Harvest) -> Iterator[str]:
    """The kinds of source that were read, once each."""
    yield from dict.fromkeys(reading.source for reading in harvest.readings)
