"""How does an incident table become a folium.Map? With its own Leaflet, so that no network is needed."""

from __future__ import annotations

from typing import Any, cast

import folium
import geopandas as gpd
from branca.element import Element, Figure
from folium.template import Template

from sahel_map.views.assets import vendor_text
from sahel_map.views.layers.incident_layer import IncidentLayer
from sahel_map.views.layers.raw import Raw
from sahel_map.views.tiles import origin_of


class IncidentMap(folium.Map):
    """A folium.Map whose page needs no network: Leaflet comes with it; jQuery too, for folium's popups, once one is added."""

    language = "en"
    title = ""
    tile_host = ""

    # folium's own header forbids zooming by hand, which readers with weak eyes need
    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>html, body { width: 100%; height: 100%; margin: 0; padding: 0; }
            #{{ this.get_name() }} { position: {{ this.position }}; width: {{ this.width[0] }}{{ this.width[1] }};
              height: {{ this.height[0] }}{{ this.height[1] }}; left: {{ this.left[0] }}{{ this.left[1] }}; top: {{ this.top[0] }}{{ this.top[1] }}; }</style>
        {% endmacro %}
        {% macro html(this, kwargs) %}<div class="folium-map" id={{ this.get_name()|tojson }}></div>{% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
                { center: {{ this.location|tojson }}, crs: L.CRS.{{ this.crs }}, ...{{ this.options|tojavascript }} });
        {% endmacro %}
        """
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.default_js, self.default_css = [], []

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Put Leaflet into the page itself, and jQuery where a folium popup asks for it."""
        figure = cast(Figure, self.get_root())
        figure.header.add_child(Raw(lambda: f"<style>{vendor_text('leaflet-1.9.4.css')}</style>"), name="leaflet_css")
        figure.header.add_child(Raw(lambda: f"<script>{vendor_text('leaflet-1.9.4.js')}</script>"), name="leaflet")
        if any(isinstance(child, folium.Popup) for child in descendants(self)):
            figure.header.add_child(Raw(lambda: f"<script>{vendor_text('jquery-3.7.1.js')}</script>"), name="jquery")
        super().render(**kwargs)  # type: ignore[no-untyped-call]


def map_incidents(
    incidents: gpd.GeoDataFrame, *, title: str = "", language: str = "en", tiles: str | dict[str, str] | None = None,
    generalise: str | float | None = None, height: int | str | None = None, basemap: bool = True,
) -> folium.Map:  # fmt: skip
    """The incidents as a folium.Map that shows itself in Jupyter and takes further folium layers.

    ``tiles``: None for the offline basemap alone, "openstreetmap", or {"url", "attribution"} of a tile server
    drawn behind it. ``generalise``: "adm1", "adm2" or a grid in kilometres, for publishing with care.
    ``height``: of the frame in a notebook, pixels (720 if not given).

    >>> map_incidents(incidents, title="Week 22").save("map.html")  # doctest: +SKIP
    """
    layer = IncidentLayer(
        incidents, title=title, language=language, tiles=tiles, generalise=generalise, basemap=basemap, shell=True
    )
    map_ = IncidentMap(location=_middle(layer.config["bounds"]), zoom_start=6, tiles=None, zoom_snap=0.5)
    map_.language, map_.title = language, title
    source = layer.config["tiles"]
    map_.tile_host = origin_of(source["url"]) if source else ""
    cast(Figure, map_.get_root()).height = f"{height or 720}px" if not isinstance(height, str) else height
    layer.add_to(map_)
    return map_


def _middle(bounds: tuple[float, float, float, float]) -> list[float]:
    west, south, east, north = bounds
    return [(south + north) / 2, (west + east) / 2]  # folium wants latitude first


def descendants(element: Element) -> list[Element]:
    """All that hangs on a folium element, children first."""
    found = list(element._children.values())
    return found + [deeper for child in found for deeper in descendants(child)]
