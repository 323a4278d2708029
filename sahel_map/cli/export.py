"""``sahel-map export``: a saved incidents file out to any GIS format, filtered on the way."""

from __future__ import annotations

import datetime as dt

import click

from sahel_map.cli.dates import Day


@click.command(name="export")
@click.argument("file", metavar="FILE_OR_STORE")
@click.option(
    "--to",
    "out",
    required=True,
    help="File to write; its ending names the format. Or a PostGIS database, postgresql://…",
)
@click.option(
    "--bbox", default="", metavar="W,S,E,N", help="Keep what touches this box, in degrees, for example -6,11,4,18."
)
@click.option("--country", multiple=True, help="Keep this country (name or ISO code); may be repeated.")
@click.option("--since", type=Day(), help="Keep incidents on or after this day (YYYY-MM-DD).")
@click.option("--until", type=Day(), help="Keep incidents on or before this day.")
@click.option("--event-type", multiple=True, help="Keep this ACLED event type or sub-type; may be repeated.")
@click.option("--actor", default="", help="Keep incidents one of whose actors' names holds this.")
@click.option("--where", default="", help="Keep incidents that fulfil this SQL condition over the columns.")
@click.option("--background/--no-background", default=None, help="Only, or without, what is told as background.")
@click.option("--hxl", is_flag=True, help="Add a row of HXL tags (.csv, .xlsx).")
@click.option(
    "--ledger/--no-ledger", default=True, show_default=True,
    help="With, or without, mentions, figures and reports: two thirds of a large file.",
)  # fmt: skip
def export_(
    file: str, out: str, bbox: str, country: tuple[str, ...], since: dt.date | None, until: dt.date | None,
    event_type: tuple[str, ...], actor: str, where: str, background: bool | None, hxl: bool, ledger: bool,
) -> int:  # fmt: skip
    """Write a saved incidents file in another format, chosen by its ending.

    FILE_OR_STORE is an incidents.geojson, an incidents.csv (with mentions.csv and tolls.csv if
    they lie beside it), the folder that build wrote, or a
    store (.gpkg, postgresql://…). Endings:
    .geojson .geojsonl .geojsons .gpkg .parquet .fgb .kml .kmz .csv .xlsx .shp.zip .acled.csv .ucdp.csv

    \b
    Examples:
      sahel-map export outputs --to sahel.gpkg
      sahel-map export sahel.gpkg --to postgresql://me@host/maps
      sahel-map export outputs/incidents.geojson --to mali.kmz --country Mali --since 2025-01-01
      sahel-map export outputs --to points.fgb --no-ledger
      sahel-map export outputs --to grave.xlsx --where "fatalities_best >= 10" --no-background --hxl
    """
    from sahel_map.exports import check_target, export
    from sahel_map.exports.filters import filtered
    from sahel_map.store import saved_incidents

    check_target(out)  # a wrong ending is said before a long read
    table = saved_incidents(file)
    kept = filtered(
        table, bbox=_box(bbox), country=country, since=since, until=until, event_type=event_type, actor=actor,
        where=where, background=background,
    )  # fmt: skip
    click.echo(export(kept, out, hxl=hxl, ledger=ledger))
    click.echo(f"{len(kept):,} of {len(table):,} incidents", err=True)
    return 0


def _box(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not west,south,east,north, for example -6,11,4,18", param_hint="--bbox"
        ) from None
    return west, south, east, north
