"""From news reports and coded events about attacks in the Sahel to maps, tables and GIS files."""

from typing import Any

__version__ = "0.1.0"

# public name -> module that holds it; imported when first asked for, so that the command line starts at once
_LAZY = {
    "build": "sahel_map.corpus",
    "Report": "sahel_map.model",
    "read_incidents": "sahel_map.incidents",
    "resolve": "sahel_map.resolution",
    "Resolver": "sahel_map.resolution",
    "resolve_table": "sahel_map.resolution_table",
    "reverse": "sahel_map.reversing",
    "reverse_table": "sahel_map.reversing",
    "SahelGeocoder": "sahel_map.geopy_geocoder",
    "Gazetteer": "sahel_map.gazetteer",
    "Boundaries": "sahel_map.boundaries",
    "LonLat": "sahel_map.model",
    "map_incidents": "sahel_map.views.mapping",
    "IncidentLayer": "sahel_map.views.layers.incident_layer",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    if name in ("build", "read_incidents"):  # what gives a table gives it its questions: incidents.sahel
        importlib.import_module("sahel_map.accessor")
    return getattr(importlib.import_module(_LAZY[name]), name)
