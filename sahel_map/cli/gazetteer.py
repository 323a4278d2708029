"""``sahel-map gazetteer``: update the gazetteer of this machine, add places to it, say what it holds."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sahel_map.errors import GazetteerError, InputError

if TYPE_CHECKING:
    from sahel_map.gazetteer_sources.collect import Harvest


@click.group()
def gazetteer() -> None:
    """Update, extend and describe the gazetteer on this machine."""


@gazetteer.command()
@click.option(
    "--from", "folder", type=click.Path(path_type=Path), help="Take the files of this folder, without network."
)
@click.option("--countries", default="ML,BF,NE", show_default=True, help="ISO codes of the countries to download.")
def update(folder: Path | None, countries: str) -> int:
    """Make the full gazetteer anew, from GeoNames over the network or from the files of a folder.

    An update that fails leaves the gazetteer there was. Files are recognised by their content:
    GeoNames dumps, OCHA settlement lists and boundaries, Who's On First tables, OpenStreetMap
    extracts, and any CSV with names, latitudes and longitudes.

    \b
    Examples:
      sahel-map gazetteer update
      sahel-map gazetteer update --from my-sources/
    """
    from sahel_map.gazetteer import local_path
    from sahel_map.gazetteer_sources.collect import build, collect

    target = local_path()
    harvest = collect(folder if folder is not None else _downloaded(countries, target.parent / "downloads"))
    for reading in harvest.readings:
        faults = f", {len(reading.faults)} bad lines left ({'; '.join(reading.faults[:3])})" if reading.faults else ""
        drawn = "".join(_drawn(d.country, d.since, len(d.polygons)) for d in reading.divisions)
        names = f", names for {len(reading.more_names)} places" if reading.more_names else ""
        print(
            f"took {reading.path.name}: {reading.source}, {len(reading.places)} places{names}{drawn}{faults}",
            file=sys.stderr,
        )
    for path, reason in harvest.left:
        print(f"left {path.name}: {reason}", file=sys.stderr)
    _refuse_to_shrink(target, harvest)
    count = build(target, harvest)
    print(f"{count} places in {target}")
    return 0


def _refuse_to_shrink(target: Path, harvest: Harvest) -> None:
    """A folder with a damaged file does not replace a gazetteer that holds more than the rest of it."""
    from sahel_map.gazetteer import Gazetteer

    damaged = [path.name for path, reason in harvest.left if reason.startswith("damaged")]
    if not damaged or not target.is_file():
        return
    try:
        there = len(Gazetteer.open(target))
    except GazetteerError:
        return  # of another version, or no gazetteer any more
    read = sum(len(reading.places) for reading in harvest.readings) + len(Gazetteer.open(local=False))
    if read < there:
        raise GazetteerError(
            f"the old gazetteer is kept: it holds {there:,} places, the files that can be read at most {read:,}, and"
            f" {', '.join(damaged[:5])} cannot; fetch that again, or take it out of the folder"
        )


@gazetteer.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def info(as_json: bool) -> int:
    """Say what is loaded, of what day, under which licence.

    \b
    Examples:
      sahel-map gazetteer info
      sahel-map gazetteer info --json
    """
    from sahel_map.gazetteer import Gazetteer, local_path, user_places_path
    from sahel_map.gazetteer_sources.reading import source_rows

    loaded = Gazetteer.open()
    if as_json:
        files = [{"path": str(path), **{str(key): value for key, value in meta.items()}} for path, meta in loaded.meta]
        local, own = local_path(), user_places_path()
        told = {
            "loaded": files,
            "local": str(local) if local.is_file() else None,
            "own_places": str(own) if own.is_file() else None,
        }
        print(json.dumps(told, ensure_ascii=False, default=str))
        return 0
    licences = {row["kind"]: (row["title"], row["licence"]) for row in reversed(source_rows())}
    for path, meta in loaded.meta:
        print(f"{meta.get('title', 'gazetteer')}: {meta['places']} places, {path}")
        if "made" in meta:
            print(f"  made {meta['made']}")
        for entry in json.loads(meta.get("files", "[]")):
            licence = licences.get(_KINDS.get(entry["source"], entry["source"]), ("", "as its owner says"))[1]
            drawn = "".join(
                _drawn(d["country"], dt.date.fromisoformat(d["since"] or "0001-01-01"), d["units"])
                for d in entry.get("divisions", [])
            )
            print(
                f"  {entry['file']}: {entry['source']}, {entry['places']} places{drawn}, of {entry['day']}, {licence}"
            )
    if not local_path().is_file():
        print(f"no full gazetteer on this machine ({local_path()}): run `sahel-map gazetteer update`")
    print(f"your own places: {user_places_path()}{'' if user_places_path().is_file() else ' (none yet)'}")
    print("shipped tables: see gazetteer/SOURCES.md for the source and licence of each")
    return 0


def _drawn(country: str, since: dt.date, units: int) -> str:
    """The polygons of a file in words."""
    division = "earliest division" if since == dt.date.min else f"division since {since.isoformat()}"
    return f", polygons of {units} units of {country} ({division})"


_KINDS = {"ocha-settlements": "settlements"}


@gazetteer.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False)
@click.argument("latitude", required=False)
@click.argument("longitude", required=False)
@click.option("--country", default="", help="Country of the place: a name or ISO code (default: by the point).")
@click.option("--also", multiple=True, help="Another spelling; may be repeated.")
@click.option("--note", default="", help="Where you know it from.")
@click.option("--from", "source", type=click.Path(path_type=Path), help="CSV with name, latitude, longitude, …")
def add(
    name: str | None, latitude: str | None, longitude: str | None, country: str, also: tuple[str, ...], note: str,
    source: Path | None,
) -> int:  # fmt: skip
    """Add your own place, NAME LATITUDE LONGITUDE, or a CSV of them; they win over all others.

    One of the same name within 50 km of one added before takes its place.

    \b
    Examples:
      sahel-map gazetteer add "Tin-Akof" 14.965 -0.163 --also Tinakof --note "our correspondent"
      sahel-map gazetteer add --from my-places.csv
    """
    from sahel_map.gazetteer_sources.own_places import OwnPlace, append, from_table

    if (source is None) == (name is None or latitude is None or longitude is None):
        raise click.UsageError("give NAME LATITUDE LONGITUDE, or --from FILE.csv")
    if source is not None:
        places, faults = from_table(source)
    else:
        try:
            lat, lon = float(latitude or ""), float(longitude or "")
        except ValueError:
            raise InputError(f"{latitude!r}, {longitude!r} are no degrees: want e.g. 14.80 -1.30") from None
        places, faults = [OwnPlace(name or "", lat, lon, country, also, note)], []
    path = append(places)
    for fault in faults:
        print(f"left {fault}", file=sys.stderr)
    print(f"{len(places)} place{'s' * (len(places) != 1)} added to {path}")
    if faults:
        print(f"{len(faults)} line{'s' * (len(faults) != 1)} of {source} left out", file=sys.stderr)
    return 1 if faults else 0


def _downloaded(countries: str, folder: Path) -> Path:
    """The GeoNames files of the countries, fetched into a folder; the places must come, the names may fail."""
    from tqdm import tqdm

    from sahel_map.countries import country_code
    from sahel_map.errors import DownloadError
    from sahel_map.gazetteer_sources import geonames
    from sahel_map.gazetteer_sources.download import boundaries_wanted, fetch, wanted

    codes = []
    for text in countries.split(","):
        if not country_code(text):
            raise InputError(f"--countries {text!r} is no country we know: want ISO codes such as ML,BF,NE,DZ")
        codes.append(country_code(text))
    for file in [*wanted(codes), *boundaries_wanted(codes)]:
        with tqdm(desc=file.title, unit="B", unit_scale=True, disable=None, leave=False) as bar:

            def show(_: str, done: int, total: int | None, bar: tqdm = bar) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                path = fetch(file, folder, progress=show)
                if file.source.startswith("geonames") and not geonames.recognises(path):
                    path.unlink()
                    raise DownloadError(f"{file.url} gave something else than a GeoNames dump; nothing was changed")
            except DownloadError:
                if file.source.startswith(("geonames-names", "cod-ab")):
                    print(f"left {file.title}: not to be had now", file=sys.stderr)
                    continue
                raise
    if not folder.is_dir():
        raise GazetteerError("nothing was downloaded")
    return folder
