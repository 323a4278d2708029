"""``sahel-map map``: a saved incidents file in, the map page out."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="map")
@click.argument("file", metavar="FILE_OR_STORE")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Page to write; map.html beside it if not given."
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
    file: str, out: Path | None, title: str, language: str, tiles: str | None, attribution: str, generalise: str | None
) -> int:
    """Redraw the map page from an incidents.geojson, an incidents.csv or a store that sahel-map wrote.

    The page is one file that needs no network. With --tiles it shows an online basemap too, where there is one.
    With --generalise exact places, quotes and notes are not in the page at all.

    \b
    Examples:
      sahel-map map outputs/incidents.geojson --title "Week 22" --language fr
      sahel-map map sahel.gpkg --out public.html --generalise adm2
    """
    from sahel_map.store import saved_incidents
    from sahel_map.views.page import write_page

    source = {"url": tiles, "attribution": attribution} if tiles and "/" in tiles else tiles
    path = write_page(
        saved_incidents(file), out or _beside(file), title=title, language=language, tiles=source, generalise=generalise
    )  # fmt: skip
    click.echo(str(path))
    return 0


def _beside(file: str) -> Path:
    from sahel_map.store import is_url

    return Path("map.html") if is_url(file) else Path(file).with_name("map.html")
