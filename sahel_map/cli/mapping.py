"""``sahel-map mapping``: a first guess of what a table's columns mean, written for a person to edit."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; TABLE.mapping.toml if not given."
)
def mapping(table: Path, out: Path | None) -> int:
    """Write a first guess of what the columns of TABLE mean, by their names. A file that is there is never overwritten.

    TABLE is a table of events: .csv, .xlsx, .geojson or .gpkg. `sahel-map build TABLE` then uses the file beside it.

    \b
    Example:
      sahel-map mapping incidents_2024.xlsx
    """
    from sahel_map.datasets.mapping import guess, write_guess
    from sahel_map.datasets.reading import header_of
    from sahel_map.errors import InputError

    header = header_of(table)
    if not header:
        raise InputError(f"{str(table)!r} has no row of column names; wanted a table: .csv, .xlsx, .geojson or .gpkg")
    click.echo(str(write_guess(table, header, out)))
    found = guess(header)
    told = ", ".join(f"{name} = {column!r}" for name, column in found.items())
    click.echo(f"guessed: {told or 'nothing; fill in at least a date and a place'}", err=True)
    return 0
