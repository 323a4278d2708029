"""How does a map become one file that needs nothing else? Every asset inlined, locked by a policy, replaced whole.

The policy (a ``<meta>`` Content-Security-Policy, which works from file:// too) allows only scripts and styles
whose sha256 it names, pictures from data: and, by choice, from one tile server. It is the second wall:
the first is that text enters as JSON read by ``textContent``.
"""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import folium

from sahel_map.errors import InputError, OutputError
from sahel_map.views.assets import vendor_text
from sahel_map.views.mapping import descendants, map_incidents
from sahel_map.views.tiles import origin_of

# scripts and styles in the order they stand, so that "<style" inside a script is not taken for one
_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_LINKED = re.compile(
    r"<script[^>]*\ssrc=[\"']([^\"']*)[\"'][^>]*>\s*</script>|<link[^>]*\shref=[\"']([^\"']*)[\"'][^>]*/?>",
    re.IGNORECASE,
)
# what folium asks for, and what we carry for it; "" where the page can do without
_KNOWN = {
    "leaflet.js": "leaflet-1.9.4.js", "leaflet.css": "leaflet-1.9.4.css", "jquery-3.7.1.min.js": "jquery-3.7.1.js",
    "bootstrap.bundle.min.js": "", "bootstrap.min.css": "", "bootstrap-glyphicons.css": "", "all.min.css": "",
    "leaflet.awesome-markers.js": "", "leaflet.awesome-markers.css": "", "leaflet.awesome.rotate.min.css": "",
}  # fmt: skip


def write_page(incidents: Any, path: str | os.PathLike[str], **options: Any) -> Path:
    """Write one self-contained HTML page and return its path.

    ``incidents`` is an incident table (GeoDataFrame, EPSG:4326), drawn by ``map_incidents`` with ``options``
    (title, language, tiles, generalise…), or a folium.Map that is ready. The file is replaced whole or not at
    all. Raises InputError when the map asks for a script or style that the page cannot carry.
    """
    ready = incidents if isinstance(incidents, folium.Map) else map_incidents(incidents, **options)
    return _replace(Path(path), page_text(ready))


def page_text(map_: folium.Map) -> str:
    """The page of a folium.Map as text: assets inlined, policy and language set."""
    # as a browser's parser will read it, or a hash would not fit: line ends, NUL, lone surrogates
    text = map_.get_root().render().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _LINKED.sub(_inline, text)
    language, title = getattr(map_, "language", "en"), getattr(map_, "title", "")
    tiles = " ".join(dict.fromkeys(tile_hosts(map_)))
    head = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{policy(text, tiles)}">\n'
    head += "" if tiles else '<meta name="referrer" content="no-referrer">\n'  # tile servers want to know who asks
    head += f"<title>{html.escape(title.encode('utf-8', 'replace').decode('utf-8') or 'sahel-map')}</title>"
    text = text.replace("<head>", head, 1)
    return text.replace("<html>", f'<html lang="{language}">', 1)


def tile_hosts(map_: folium.Map) -> list[str]:
    """The tile servers that a map asks: its own, and those of its folium tile layers."""
    own = [getattr(map_, "tile_host", "")]
    added = [origin_of(layer.tiles) for layer in descendants(map_) if isinstance(layer, folium.TileLayer)]
    return [host for host in own + added if host]


def policy(text: str, tile_host: str = "") -> str:
    """The policy that allows exactly the scripts and styles that stand in the text."""
    none = "'none'"
    found = [(tag.lower(), _hash(body)) for tag, attributes, body in _INLINE.findall(text) if "json" not in attributes]
    scripts, styles = (
        " ".join(dict.fromkeys(value for kind, value in found if kind == tag)) for tag in ("script", "style")
    )
    if vendor_text("jquery-3.7.1.js") in text:
        styles += "; style-src-attr 'unsafe-inline'"  # folium's popups carry a width; no address is reached by it
    images = f"data: blob: {tile_host}".strip()
    return (
        f"default-src 'none'; script-src {scripts or none}; style-src {styles or none}; img-src {images}; "
        "font-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"
    )


def _inline(match: re.Match[str]) -> str:
    url = match[1] or match[2]
    name = url.rsplit("/", 1)[-1]
    if name not in _KNOWN:
        raise InputError(
            f"the map asks for {url!r}, which an offline page cannot carry; leave that layer or plugin out, or save the map with folium's own save()"
        )
    if not _KNOWN[name]:
        return ""
    text = vendor_text(_KNOWN[name])
    return f"<style>{text}</style>" if name.endswith(".css") else f"<script>{text}</script>"


def _hash(body: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(body.encode('utf-8')).digest()).decode('ascii')}'"


def _replace(path: Path, text: str) -> Path:
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r}: {error.strerror or error}; free some space, or choose a folder that exists and can be written to"
        ) from error
    return path
