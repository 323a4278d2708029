"""What puts the incidents on a folium.Map? A layer that carries packed columns and the scripts that draw them."""

from __future__ import annotations

import re
from typing import Any

import geopandas as gpd
from branca.element import Figure, MacroElement
from folium.template import Template

from sahel_map.errors import InputError
from sahel_map.views import style
from sahel_map.views.assets import own_script, own_style, vendor_text
from sahel_map.views.checking import checked, last_day, left_out
from sahel_map.views.columns import pack
from sahel_map.views.generalising import generalise as generalised
from sahel_map.views.ground import credits, packed_ground, short_credits
from sahel_map.views.layers.raw import Raw
from sahel_map.views.tiles import tile_source

SAHEL = (-12.3, 9.4, 16.0, 25.0)  # west, south, east, north: Mali, Burkina Faso and Niger


class IncidentLayer(MacroElement):
    """Incidents, basemap, legend and timeline as one layer: ``IncidentLayer(incidents).add_to(folium.Map())``.

    ``incidents``: GeoDataFrame in EPSG:4326 with the columns of ``sahel_map.incidents``; others are optional.
    ``shell=True`` lays out the whole page (header, filters, table, dossier) round the map;
    ``basemap=False`` leaves the ground to the map's own tiles. Raises InputError for any other CRS.
    """

    def __init__(
        self, incidents: gpd.GeoDataFrame, *, title: str = "", language: str = "en", generalise: str | float | None = None,
        tiles: str | dict[str, str] | None = None, basemap: bool = True, shell: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "IncidentLayer"
        if language not in {"en", "fr"}:
            raise InputError(f"language {language!r} is not known to the page; choose 'en' or 'fr'")
        table = checked(incidents)
        if generalise is not None:
            table = generalised(table, generalise)
        self.payload = pack(table, details=generalise is None)
        self.basemap = basemap
        self.config: dict[str, Any] = {
            "title": title, "language": language, "shell": shell, "ground": basemap, "generalised": None if generalise is None else str(generalise),
            "tiles": tile_source(tiles), "bounds": self.payload.bounds or SAHEL, "day": last_day(table), "left_out": left_out(table, self.payload),
            "credits": credits() if basemap else "", "short_credits": short_credits() if basemap else "",
        }  # fmt: skip

    _template = Template(
        "{% macro script(this, kwargs) %}SahelMap.mount({{ this._parent.get_name() }}, {{ this.get_name()|tojson }});{% endmacro %}"
    )

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Put scripts, style and data into the figure; the scripts once, however many layers."""
        figure = self.get_root()
        assert isinstance(figure, Figure)
        figure.header.add_child(Raw(lambda: f"<style>{own_style()}</style>"), name="sahel_map_style")
        figure.header.add_child(Raw(_scripts), name="sahel_map_script")
        figure.html.add_child(Raw(self._data), name=f"{self.get_name()}_data")
        super().render(**kwargs)  # type: ignore[no-untyped-call]

    def _data(self) -> str:
        name = self.get_name()
        config = {**self.config, "style": style.settings(), "labels": style.labels()}
        parts = {
            "config": style.json_for_page(config),
            "columns": self.payload.columns,
            "chunks": style.json_for_page(self.payload.chunks),
        }
        if self.basemap:
            parts["ground"] = packed_ground()
        without = " / ".join(words["needs_script"] for words in style.labels().values())
        return f"<noscript><p>{without}</p></noscript>\n" + "\n".join(
            f'<script type="application/json" id="{name}-{part}">{text}</script>' for part, text in parts.items()
        )


def _scripts() -> str:
    fflate = vendor_text("fflate-0.8.2.js")
    pin = re.findall(r"leaflet-default-icon-path\s*{[^}]*url\((data:[^)]*)\)", vendor_text("leaflet-1.9.4.css"))
    icons = f"L.Icon.Default.imagePath='';L.Icon.Default.mergeOptions({{iconUrl:'{pin[0]}',iconRetinaUrl:'{pin[0]}',shadowUrl:null}});"
    first = f"{fflate}\nwindow.SahelMap = window.SahelMap || {{}};SahelMap.fflate = window.fflate;{icons}"
    return f"<script>{first}</script>\n<script>{own_script()}</script>"
