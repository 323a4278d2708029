"""How does a gazetteer come over a bad line? Resumed, checked, and only then used.

A file is written beside its place as ``.part``, continued with a range request where it broke off, checked
for its length and content, and moved into place at the end. Nothing that was there before is touched
until then. This and geocoding.py are the only network of the package.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sahel_map.errors import DownloadError
from sahel_map.gazetteer_sources.reading import source_rows

log = logging.getLogger(__name__)
TIMEOUT = (20.0, 60.0)  # seconds to connect, and without a byte
CHUNK = 1 << 14
TRIES = 4
_FORMATS = ("GEOJSON", "GEOPACKAGE", "SHP")  # of boundaries, the wanted first
Progress = Callable[[str, int, int | None], None]  # title, bytes so far, bytes in all


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch."""

    source: str
    title: str
    url: str


def wanted(countries: Iterable[str]) -> list[Wanted]:
    """The GeoNames dumps and alternate names of these countries (ISO alpha-2)."""
    rows = {row["source"]: row for row in source_rows()}
    found = []
    for code in countries:
        for kind in ("geonames", "geonames-names"):
            pattern = rows[f"{kind}-ML"]  # GeoNames names its files alike for every country
            found.append(
                Wanted(
                    f"{kind}-{code}",
                    pattern["title"].replace("Mali", code),
                    pattern["url"].replace("/ML.zip", f"/{code}.zip"),
                )
            )
    return found


def boundaries_wanted(countries: Iterable[str]) -> list[Wanted]:
    """OCHA's boundaries of these countries, as far as the Humanitarian Data Exchange can be asked and has them.

    Its catalogue lists several formats; the zip of the first of _FORMATS is taken.
    """
    import requests

    found = []
    for row in source_rows():
        if row["kind"] != "cod-ab" or row["source"].removeprefix("cod-ab-") not in countries:
            continue
        try:
            answer = requests.get(row["url"], timeout=TIMEOUT, headers={"User-Agent": "sahel-map"}).json()
            resources = [(str(r["format"]).upper(), str(r["url"])) for r in answer["result"]["resources"]]
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            log.info("%s cannot be asked for: %s", row["title"], error)
            continue
        zips = [(kind, url) for kind, url in resources if url.lower().endswith(".zip") and kind in _FORMATS]
        if zips:
            _, url = min(zips, key=lambda one: _FORMATS.index(one[0]))
            found.append(Wanted(row["source"], row["title"], url))
    return found


def fetch(file: Wanted, folder: Path, *, progress: Progress | None = None) -> Path:
    """Download one file into `folder`; its path once it is whole and a sound zip.

    Raises DownloadError, naming the address and what to do, when it cannot be had or does not check.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{file.source}.zip"
    part = target.with_suffix(".part")
    problem = ""
    for attempt in range(1, TRIES + 1):
        try:
            _append(file, part, progress)
        except DownloadError as error:
            problem = str(error)
            log.info("%s, try %d of %d", problem, attempt, TRIES)
            continue
        fault = _fault(part)
        if not fault:
            part.replace(target)
            return target
        problem = f"{file.url} is damaged: {fault}"
        part.unlink()
    raise DownloadError(
        f"{problem}; the gazetteer you have is untouched. Try again later, or download the file by other means "
        "and run `sahel-map gazetteer update --from FOLDER`"
    )


def _append(file: Wanted, part: Path, progress: Progress | None) -> None:
    """Fetch what is still missing of a file."""
    import requests

    have = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "sahel-map", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        with requests.get(file.url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            if response.status_code == 416:  # nothing is missing, or the file has changed: the check tells
                return
            response.raise_for_status()
            if response.status_code != 206:
                have = 0
            length = response.headers.get("Content-Length")
            total = have + int(length) if length else None
            with part.open("ab" if have else "wb") as out:
                for chunk in response.iter_content(CHUNK):
                    out.write(chunk)
                    have += len(chunk)
                    if progress:
                        progress(file.title, have, total)
    except (requests.RequestException, OSError) as error:
        raise DownloadError(f"{file.url} broke off: {error}") from error
    if total is not None and have != total:
        raise DownloadError(f"{file.url} broke off at {have} of {total} bytes")


def _fault(path: Path) -> str:
    """What is wrong with a zip of a table or map, or ""."""
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
            if broken:
                return f"{broken} fails its checksum"
            kinds = (".txt", ".shp", ".geojson", ".json", ".gpkg")
            return "" if any(name.lower().endswith(kinds) for name in archive.namelist()) else "no table or map in it"
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        return str(error)
