"""Which online basemap may lie behind the vector one? A tile server named with its attribution, by choice only."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sahel_map.errors import InputError

OPENSTREETMAP = {
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "attribution": "\u00a9 OpenStreetMap contributors (openstreetmap.org/copyright)",
}


def tile_source(tiles: str | dict[str, str] | None) -> dict[str, str] | None:
    """Address and attribution of an online basemap; InputError without an attribution."""
    if tiles is None or tiles == "":
        return None
    if isinstance(tiles, str):
        if tiles.lower() in {"openstreetmap", "osm"}:
            return OPENSTREETMAP
        raise InputError(
            f"tiles {tiles!r} is not known; use 'openstreetmap' or {{'url': 'https://…/{{z}}/{{x}}/{{y}}.png', 'attribution': '…'}}"
        )
    if not tiles.get("url") or not tiles.get("attribution"):
        raise InputError("tiles need both 'url' and 'attribution': who makes a basemap is named on it")
    origin_of(tiles["url"])
    return {"url": tiles["url"], "attribution": tiles["attribution"]}


def origin_of(url: str) -> str:
    """Scheme and host of a tile address as a policy names them; ``{s}`` becomes a wildcard."""
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not re.fullmatch(r"[A-Za-z0-9.{}:-]+", parts.netloc):
        raise InputError(
            f"tiles {url!r} is no http(s) address of a tile server, such as https://tile.example.org/{{z}}/{{x}}/{{y}}.png"
        )
    return f"{parts.scheme}://{re.sub(r'^{[a-z]}', '*', parts.netloc)}"
