"""``sahel-map map``: a saved incidents file in, the map page out."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="map")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Page to write; map.html beside FILE if not given."
)
@click.option("--title", default="", help="Title of the page.")
@click.option(
    "--language",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="Language the page opens in; readers can switch.",
)
@click.option("--tiles", default=None, help="Online basemap behind the offline one: openstreetmap, or a tile address.")
@click.option("--attribution", default="", help="Who made the tiles, when --tiles is an address.")
@click.option(
    "--generalise", default=None, metavar="adm1|adm2|KM", help="Publish with care: move places to units or a grid."
)
def map_(
    file: Path, out: Path | None, title: str, language: str, tiles: str | None, attribution: str, generalise: str | None
) -> int:
    """Redraw the map page from FILE, an incidents.geojson or incidents.csv that sahel-map wrote.

    The page is one file that needs no network. With --tiles it shows an online basemap too, where there is one.
    With --generalise exact places, quotes and notes are not in the page at all.
    """
    from sahel_map import incidents
    from sahel_map.views.page import write_page

    source = {"url": tiles, "attribution": attribution} if tiles and "/" in tiles else tiles
    path = write_page(
        incidents.read(file), out or file.with_name("map.html"), title=title, language=language, tiles=source, generalise=generalise
    )  # fmt: skip
    click.echo(str(path))
    return 0
