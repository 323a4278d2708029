"""``sahel-map reverse``: the country, admin units and nearest places of a point, or of a table of points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sahel_map.cli.dates import Day
from sahel_map.cli.tables import read_csv, write_csv
from sahel_map.errors import InputError

if TYPE_CHECKING:
    import datetime as dt

    from sahel_map.model import AdminUnit
    from sahel_map.reversing import Reverse


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("latitude", required=False)
@click.argument("longitude", required=False)
@click.option("--date", type=Day(), help="Day whose admin units are wanted (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--from", "source", type=click.Path(path_type=Path), help="CSV file with coordinates in every row.")
@click.option("--latitude-column", default="latitude", show_default=True, help="Column of --from with latitudes.")
@click.option("--longitude-column", default="longitude", show_default=True, help="Column of --from with longitudes.")
@click.option("--date-column", help="Column of --from that holds the day.")
@click.option("--out", type=click.Path(path_type=Path), help="CSV file to write (default: standard output).")
@click.option("--gazetteer", "path", type=click.Path(path_type=Path), help="Another gazetteer file than the local one.")
def reverse(
    latitude: str | None, longitude: str | None, date: dt.date | None, as_json: bool, source: Path | None,
    latitude_column: str, longitude_column: str, date_column: str | None, out: Path | None, path: Path | None,
) -> int:  # fmt: skip
    """Name the country, admin units and nearest places of a point: LATITUDE LONGITUDE in degrees.

    \b
    Examples:
      sahel-map reverse 14.10 -1.63 --date 2025-06-01
      sahel-map reverse 14.10 -1.63 --json
      sahel-map reverse --from points.csv --date-column event_date --out units.csv
    """
    from sahel_map.gazetteer import Gazetteer
    from sahel_map.model import LonLat
    from sahel_map.resolution import Resolver
    from sahel_map.reversing import reverse as look_up
    from sahel_map.reversing import reverse_table

    if (source is None) == (latitude is None or longitude is None):
        raise click.UsageError("give LATITUDE LONGITUDE, or --from FILE.csv")
    resolver = Resolver(Gazetteer.open(path))
    if source is not None:
        table = reverse_table(
            read_csv(source), latitude_column=latitude_column, longitude_column=longitude_column,
            date_column=date_column, resolver=resolver,
        )  # fmt: skip
        write_csv(table, out)
        return 0
    here = look_up(LonLat(_degrees(longitude), _degrees(latitude)), date=date, resolver=resolver)
    print(json.dumps(_record(here), ensure_ascii=False) if as_json else _described(here))
    return 0


def _degrees(text: str | None) -> float:
    try:
        return float((text or "").replace(",", "."))
    except ValueError:
        raise InputError(f"{text!r} is no number of degrees: want e.g. 14.10 -1.63 (latitude first)") from None


def _described(here: Reverse) -> str:
    from sahel_map.countries import country_name

    units = here.units
    if not units.country:
        return f"{here.position.lat:g}, {here.position.lon:g}: outside the countries covered"
    lines = [f"{here.position.lat:g}, {here.position.lon:g}: {country_name(units.country)}"]
    lines.append(f"  of the day  {_named(units.admin2)}, {_named(units.admin1)}")
    lines.append(f"  today       {_named(units.admin2_today)}, {_named(units.admin1_today)}")
    for near in here.nearest:
        place = near.place
        lines.append(f"  {near.distance_km:6.1f} km {near.compass:2} of {place.name} ({place.country})")
    return "\n".join(lines)


def _named(unit: AdminUnit | None) -> str:
    return f"{unit.name} ({unit.pcode})" if unit and unit.pcode else unit.name if unit else "–"


def _record(here: Reverse) -> dict[str, Any]:
    units = here.units
    record: dict[str, Any] = {
        "latitude": here.position.lat,
        "longitude": here.position.lon,
        "country_code": units.country,
    }
    for key in ("admin1", "admin2", "admin1_today", "admin2_today"):
        unit = getattr(units, key)
        record[key] = unit.name if unit else ""
        record[key.replace("admin", "adm") + "_pcode"] = unit.pcode if unit else ""
    record["nearest"] = [
        {"name": n.place.name, "country": n.place.country, "distance_km": n.distance_km, "bearing": n.bearing}
        for n in here.nearest
    ]
    return record
