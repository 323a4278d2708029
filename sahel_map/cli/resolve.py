"""``sahel-map resolve``: what the gazetteer makes of names and phrases, one by one or a table of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sahel_map.cli.dates import Day
from sahel_map.cli.tables import read_csv, write_csv
from sahel_map.errors import InputError

if TYPE_CHECKING:
    import datetime as dt

    from sahel_map.model import Resolution
    from sahel_map.resolution import Resolver


@click.command()
@click.argument("names", nargs=-1)
@click.option("--country", default="", help="Country the place is in: a name or ISO code.")
@click.option("--admin1", default="", help="Region or province it is in, of any day.")
@click.option("--near", "near", multiple=True, metavar="LAT,LON", help="Another place of the report; may be repeated.")
@click.option("--date", type=Day(), help="Day whose admin units are wanted (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print the answers as JSON, one a line.")
@click.option("--from", "source", type=click.Path(path_type=Path), help="CSV file with a name in every row.")
@click.option("--name-column", default="name", show_default=True, help="Column of --from that holds the names.")
@click.option("--country-column", help="Column of --from that holds the country (default: country, if there).")
@click.option(
    "--admin1-column",
    help="Column of --from that holds the region or province (default: adm1, if there).",
)
@click.option("--date-column", help="Column of --from that holds the day.")
@click.option("--out", type=click.Path(path_type=Path), help="CSV file to write (default: standard output).")
@click.option("--gazetteer", "path", type=click.Path(path_type=Path), help="Another gazetteer file than the local one.")
@click.option("--online", is_flag=True, help="Ask OpenStreetMap's Nominatim for names that nothing here knows.")
def resolve(
    names: tuple[str, ...], country: str, admin1: str, near: tuple[str, ...], date: dt.date | None, as_json: bool,
    source: Path | None, name_column: str, country_column: str | None, admin1_column: str | None,
    date_column: str | None, out: Path | None, path: Path | None, online: bool,
) -> int:  # fmt: skip
    """Say what the gazetteer makes of place NAMES or phrases.

    Names come with their point, how far off it may be, the units of the day and of today, and the reason; "ambiguous"
    and "unresolved" are answers too.

    \b
    Examples:
      sahel-map resolve Boulkessi
      sahel-map resolve "15 km north of Djibo" --country BF
      sahel-map resolve Tessit --json
      sahel-map resolve --from events.csv --country-column country --admin1-column adm1 --out placed.csv
    """
    if bool(names) == (source is not None):
        raise click.UsageError("give one or more names, or --from FILE.csv")
    resolver = _resolver(path, online)
    if source is not None:
        return _table(resolver, source, name_column, country_column, admin1_column, date_column, out)
    points = [_position(text) for text in near]
    answers = [
        resolver.resolve(n, country=country or None, admin1=admin1 or None, near=points, date=date) for n in names
    ]
    for answer in answers:
        print(json.dumps(_record(answer), ensure_ascii=False) if as_json else _described(answer))
    return 0


def _resolver(path: Path | None, online: bool) -> Resolver:
    from sahel_map.gazetteer import Gazetteer
    from sahel_map.resolution import Resolver

    if online:
        from sahel_map.geocoding import OnlineGeocoder

        return Resolver(Gazetteer.open(path), online=OnlineGeocoder())
    return Resolver(Gazetteer.open(path))


def _table(
    resolver: Resolver,
    source: Path,
    name: str,
    country: str | None,
    admin1: str | None,
    date: str | None,
    out: Path | None,
) -> int:
    from tqdm import tqdm

    from sahel_map.resolution_table import resolve_table

    table = read_csv(source)
    for column in (name, country, admin1, date):
        if column is not None and column not in table.columns:
            raise InputError(f"{source} has no column {column!r}; it has {', '.join(table.columns)}")
    country, admin1 = country or "country", admin1 or "adm1"  # which are used if they are there
    answers = resolve_table(
        table, name_column=name, country_column=country, admin1_column=admin1, date_column=date, resolver=resolver,
        progress=lambda questions: tqdm(questions, unit=" names", disable=None, leave=False, file=sys.stderr),
    )  # fmt: skip
    write_csv(answers, out)
    counts = answers["status"].value_counts()
    told = ", ".join(f"{counts.get(s, 0)} {s}" for s in ("resolved", "ambiguous", "unresolved"))
    print(f"{len(answers)} rows: {told}", file=sys.stderr)
    return 0


def _position(text: str) -> Any:
    from sahel_map.model import LonLat

    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--near {text!r} is no position: want LAT,LON such as 14.1,-1.63") from None
    return LonLat(lon, lat)


def _described(answer: Resolution) -> str:
    from sahel_map.countries import country_name

    lines = [f"{_clean(answer.query)}: {answer.status.value}"]
    if answer.location:
        sure = f", {answer.score:.0%} sure" if answer.score else ""
        lines.append(f"  {answer.kind.value:11} {answer.location} ({answer.method or 'context'}{sure})")
    if answer.position:
        about = f" ± {answer.uncertainty_km:g} km" if answer.uncertainty_km else ""
        lines.append(f"  position    {answer.position.lat:.4f}, {answer.position.lon:.4f}{about}")
    units = [u for u in (answer.admin2, answer.admin1, country_name(answer.country) if answer.country else "") if u]
    if units:
        lines.append(f"  in          {', '.join(units)}")
    if answer.admin1_today and (answer.admin1_today, answer.admin2_today) != (answer.admin1, answer.admin2):
        lines.append(f"  today       {', '.join(u for u in (answer.admin2_today, answer.admin1_today) if u)}")
    if answer.geo_precision:
        lines.append(f"  precision   ACLED {int(answer.geo_precision)}, UCDP {answer.where_prec}")
    lines.append(f"  why         {_clean(answer.reason)}")
    for candidate in [c for c in answer.candidates if c != answer.chosen][:5]:
        place = candidate.place
        if answer.chosen is not None and place == answer.chosen.place:
            continue
        where = f"{place.position.lat:.3f}, {place.position.lon:.3f}"
        lines.append(f"  or          {place.name} ({place.country}) {where}, {candidate.method}, {candidate.score:.0%}")
    return "\n".join(lines)


def _record(answer: Resolution) -> dict[str, Any]:
    from sahel_map.resolution_table import COLUMNS, _row

    record = {"query": answer.query, **dict(zip(COLUMNS, _row(answer), strict=True))}
    record["geometry"] = getattr(answer.geometry, "__geo_interface__", None)
    record["candidates"] = [
        {"name": c.place.name, "country": c.place.country, "latitude": c.place.position.lat,
         "longitude": c.place.position.lon, "method": c.method, "score": c.score, "place_id": c.place.place_id}
        for c in answer.candidates
    ]  # fmt: skip
    return record


def _clean(text: str) -> str:
    """Without control characters, which could drive a terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)
