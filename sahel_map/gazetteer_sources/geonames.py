"""GeoNames country dumps: ML.zip or ML.txt, nineteen columns; and their alternate names, eight to ten.

https://download.geonames.org/export/dump/readme.txt (CC BY 4.0). Admin codes of older dumps are of
their day and are not read: a point is placed by polygon.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sahel_map.gazetteer_sources.reading import Reading, position_of
from sahel_map.model import Place
from sahel_map.place_merging import usable_names

COLUMNS = 19
NOT_NAMES = {"link", "post", "iata", "icao", "faac", "unlc", "wkdt", "phon", "piny", "tcid"}  # codes, not spellings


def recognises(path: Path) -> bool:
    """Is this a GeoNames dump of places or of alternate names?"""
    return _kind(path) != ""


def read(path: Path) -> Reading:
    """The places, or the further names, of a dump; damaged lines are counted, not fatal."""
    if _kind(path) == "names":
        return _read_names(path)
    reading = Reading(path, "geonames")
    with _text(path) as file:
        for number, line in enumerate(file, start=1):
            cells = line.rstrip("\r\n").split("\t")
            try:
                reading.places.append(_place(cells))
                reading.day = max(reading.day, cells[18][:10])
            except (ValueError, IndexError) as error:
                reading.faults.append(f"line {number}: {error}")
    return reading


def _place(cells: list[str]) -> Place:
    if len(cells) < COLUMNS:
        raise ValueError(f"{len(cells)} columns instead of {COLUMNS}")
    number, name, ascii_name, alternates, latitude, longitude, _, feature_code, country = cells[:9]
    if not name or not number.isdigit():
        raise ValueError("no name or no id")
    return Place(
        place_id=f"geonames:{number}",
        name=name,
        position=position_of(longitude, latitude),
        country=country,
        alternate_names=usable_names((ascii_name, *alternates.split(",")), but=name),
        feature_code=feature_code or "PPL",
        population=int(cells[14] or 0),
        sources=(f"geonames:{number}",),
    )


def _read_names(path: Path) -> Reading:
    reading = Reading(path, "geonames-names")
    with _text(path) as file:
        for number, line in enumerate(file, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) < 4 or not cells[1].isdigit():
                reading.faults.append(f"line {number}: {len(cells)} columns")
            elif cells[2] not in NOT_NAMES:
                reading.more_names.setdefault(f"geonames:{cells[1]}", []).append(cells[3])
    return reading


def _kind(path: Path) -> str:
    try:
        with _text(path) as file:
            cells = file.readline(20_000).rstrip("\r\n").split("\t")
    except (OSError, ValueError, zipfile.BadZipFile, LookupError):
        return ""
    if len(cells) == COLUMNS and cells[0].isdigit() and len(cells[6]) <= 1 and len(cells[8]) == 2:
        return "places"
    if 8 <= len(cells) <= 10 and cells[0].isdigit() and cells[1].isdigit() and len(cells[2]) <= 7:
        return "names"
    return ""


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    """The dump as text, from the zip or as it is; ValueError when it is neither."""
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8", newline="\n") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        members = [n for n in archive.namelist() if n.endswith(".txt") and "readme" not in n.lower()]
        if len(members) != 1:
            raise ValueError(f"{path}: {len(members)} text files where a GeoNames zip has one")
        with archive.open(members[0]) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="\n") as text:
            yield text
