"""``sahel-map figure``: a saved incidents file in, a picture for a report out."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", metavar="FILE_OR_STORE")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("map.png"),
    show_default=True,
    help="Picture to write; its ending (png, svg, pdf) is the format.",
)
@click.option("--title", default="", help="Title above the picture.")
@click.option(
    "--language", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Language of the picture."
)
@click.option(
    "--chart",
    type=click.Choice(["month", "region", "actor"]),
    default=None,
    help="A bar chart by this instead of the map.",
)
def figure(file: str, out: Path, title: str, language: str, chart: str | None) -> int:
    """Draw a static map of incidents for a report: basemap, regions, symbols, legend, scale, north, credits.

    FILE is an incidents.geojson or incidents.csv, the folder of a build, or a store.

    \b
    Examples:
      sahel-map figure outputs --out map.pdf --title "Week 22"
      sahel-map figure outputs --chart region --out regions.svg --language fr

    Needs matplotlib: pip install "sahel-map[figure]".
    """
    from sahel_map.store import saved_incidents
    from sahel_map.views.charts import draw_chart
    from sahel_map.views.figure import draw_map

    table = saved_incidents(file)
    path = (
        draw_chart(table, out, by=chart, title=title, language=language)
        if chart
        else draw_map(table, out, title=title, language=language)
    )
    click.echo(str(path))
    return 0
