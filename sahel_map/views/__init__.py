"""Views of the incident table: map page, folium layers, static figure, charts. They see nothing but the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sahel_map.views.layers.incident_layer import IncidentLayer
    from sahel_map.views.layers.markers import incident_markers
    from sahel_map.views.mapping import map_incidents
    from sahel_map.views.page import write_page

_WHERE = {
    "map_incidents": "mapping",
    "IncidentLayer": "layers.incident_layer",
    "incident_markers": "layers.markers",
    "write_page": "page",
}
__all__ = ["IncidentLayer", "incident_markers", "map_incidents", "write_page"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
