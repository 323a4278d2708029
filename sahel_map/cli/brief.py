"""``sahel-map brief``: the brief of a week, or of any days, from saved incidents."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from sahel_map.cli.dates import Day


@click.command(name="brief")
@click.option(
    "--in", "source", default="outputs", show_default=True, help="Folder, incidents file or store to tell of."
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("brief.html"), show_default=True,
    help="File to write; its ending (html, docx, pdf) is the format.",
)  # fmt: skip
@click.option("--since", type=Day(), help="First day told of (YYYY-MM-DD).")
@click.option("--until", type=Day(), help="Last day told of.")
@click.option("--title", default="", help="Title of the brief.")
@click.option(
    "--language", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Language of the brief."
)
def brief_(source: str, out: Path, since: dt.date | None, until: dt.date | None, title: str, language: str) -> int:
    """Write a brief: what happened, where, tolls with ranges and speakers, what is disputed, charts, table, sources.

    Every line ends in the numbers of the reports it comes from. Quotes stay in their own language. What nobody
    counted is told as "no toll given", totals over weeks are kept apart, background is counted but not told.
    Figures, Word and PDF need: pip install "sahel-map[brief]".

    \b
    Examples:
      sahel-map brief --since 2025-05-26 --until 2025-06-01
      sahel-map brief --since 2025-05-26 --out week.docx --language fr --title "Semaine 22"
      sahel-map brief --in sahel.gpkg --since 2025-06-01 --until 2025-06-30 --out june.pdf
    """
    from sahel_map.brief import ending_of, read_totals, write_brief
    from sahel_map.store import saved_incidents

    ending_of(out)
    table = saved_incidents(source)
    path = write_brief(
        table, out, since=since, until=until, title=title, language=language, totals=read_totals(source)
    )  # fmt: skip
    click.echo(str(path))
    return 0
