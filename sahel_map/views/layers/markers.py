"""Which plain folium layer shows incidents, safely? For small tables, beside other folium layers.

folium's popups and tooltips are HTML and template text; here everything in them went through
``style.text_for_folium``, so that a place name is shown as it is written and never runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from sahel_map.views.checking import checked
from sahel_map.views.style import symbol_of, text_for_folium

SHOWN = ("event_date", "event_type", "actor1", "actor2", "admin1", "country", "sources", "notes")


def incident_markers(incidents: gpd.GeoDataFrame, *, name: str = "Incidents") -> folium.FeatureGroup:
    """The incidents (EPSG:4326) as folium circles, lines and polygons with popups, in one FeatureGroup.

    Meant for some hundreds; ``IncidentLayer`` carries a million. What has no geometry is left out.

    >>> incident_markers(incidents).add_to(map_)  # doctest: +SKIP
    """
    table = checked(incidents)
    group = folium.FeatureGroup(name=text_for_folium(name))
    for record in table.to_dict("records"):
        shape = record[table.geometry.name]
        if shape is None or shape.is_empty or not np.isfinite(shape.bounds).all():
            continue
        for vector in _vectors(shape, record):
            title = text_for_folium(_said(record, "location") or _said(record, "admin1") or _said(record, "country"))
            vector.add_child(folium.Tooltip(title))
            vector.add_child(folium.Popup(_popup(title, record), max_width=320))
            vector.add_to(group)
    return group


def _vectors(shape: Any, record: Mapping[Any, Any]) -> list[Any]:
    colour = symbol_of(_said(record, "event_type")).colour
    vectors: list[Any] = []
    for part in shapely.get_parts(shape):
        lines = [
            [(y, x) for x, y in shapely.get_coordinates(ring)] for ring in shapely.get_rings(part)
        ]  # folium wants lat first
        if part.geom_type == "Point":
            vectors.append(
                folium.CircleMarker(
                    (part.y, part.x), radius=7, color="#26231c", weight=1, fill_color=colour, fill_opacity=0.85
                )
            )
        elif lines:
            vectors.append(folium.Polygon(lines, color=colour, weight=2, fill_opacity=0.15))
        else:
            line = [(y, x) for x, y in shapely.get_coordinates(part)]
            vectors.append(folium.PolyLine(line, color=colour, weight=4))  # type: ignore[no-untyped-call]
    return vectors


def _popup(title: str, record: Mapping[Any, Any]) -> str:
    low, high = _said(record, "fatalities_low"), _said(record, "fatalities_high")
    lines = [text_for_folium(_said(record, name)[:600]) for name in SHOWN if _said(record, name)]
    lines += [text_for_folium(f"killed: {low or '?'} to {high or 'open'}")] if low or high else []
    return f"<b>{title}</b><br>" + "<br>".join(lines)


def _said(record: Mapping[Any, Any], name: str) -> str:
    value = record.get(name)
    return (
        ""
        if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)) or value is pd.NA
        else str(value)
    )
