"""KML 2.2 and KMZ: placemarks by event type with their time, coloured as on the map, every cell as extended data."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from sahel_map.exports.files import write_whole
from sahel_map.exports.flat import flat
from sahel_map.exports.qgis import SYMBOLS
from sahel_map.exports.values import plain

if TYPE_CHECKING:
    import geopandas as gpd

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ICON = "http://maps.google.com/mapfiles/kml/shapes/placemark_circle.png"  # Google Earth carries it


def write_kml(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One KML document, a folder for each event type."""
    return write_whole(path, dumps(incidents))


def write_kmz(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """The same, zipped, as doc.kml."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml", (2025, 1, 1, 0, 0, 0)), dumps(incidents), zipfile.ZIP_DEFLATED)
    return write_whole(path, buffer.getvalue())


def dumps(incidents: gpd.GeoDataFrame) -> str:
    """The table as KML text. Incidents without geometry are placemarks without a place."""
    rows = flat(incidents, days=False).to_dict("records")
    types = [name for name in SYMBOLS if any(_type(row) == name for row in rows)]
    return "".join(
        ['<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Incidents</name>\n',
         *(_style(number, colour) for number, (_, colour) in enumerate(SYMBOLS.values())),
         *(part for name in types for part in _folder(name, [row for row in rows if _type(row) == name])),
         "</Document></kml>\n"]
    )  # fmt: skip


def _type(row: dict[Any, Any]) -> str:
    return row["event_type"] if row.get("event_type") in SYMBOLS else ""


def _style(number: int, colour: str) -> str:
    bgr = colour[5:7] + colour[3:5] + colour[1:3]  # KML writes alpha, blue, green, red
    return (
        f'<Style id="type{number}"><IconStyle><color>ff{bgr}</color><Icon><href>{_ICON}</href></Icon></IconStyle>'
        f"<LineStyle><color>ff{bgr}</color><width>3</width></LineStyle><PolyStyle><color>40{bgr}</color></PolyStyle></Style>\n"
    )


def _folder(name: str, rows: list[dict[Any, Any]]) -> Iterator[str]:
    number = list(SYMBOLS).index(name)
    yield f"<Folder><name>{_text(name or 'Other')}</name>\n"
    for row in rows:
        shape = row.pop("geometry", None)
        cells = {str(key): plain(value) for key, value in row.items()}
        first, last = cells.get("date_from"), cells.get("date_to")
        time = f"<TimeSpan><begin>{_text(first)}</begin><end>{_text(last or first)}</end></TimeSpan>" if first else ""
        data = "".join(
            f"<Data name={quoteattr(key)}><value>{_text(_cell(value))}</value></Data>"
            for key, value in cells.items() if value not in (None, "")
        )  # fmt: skip
        title = ", ".join(str(cells[c]) for c in ("location", "event_date") if cells.get(c)) or str(
            cells.get("incident_id")
        )
        yield (
            f"<Placemark><name>{_text(title)}</name>{time}<styleUrl>#type{number}</styleUrl>"
            f"<ExtendedData>{data}</ExtendedData>{_shape(shape)}</Placemark>\n"
        )
    yield "</Folder>\n"


def _cell(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _text(value: object) -> str:
    return escape(_NOT_XML.sub(" ", str(value)))


def _shape(shape: Any) -> str:
    if shape is None or shape.is_empty:
        return ""
    if shape.geom_type == "Point":
        return f"<Point><coordinates>{_ring(shape.coords)}</coordinates></Point>"
    if shape.geom_type == "LineString":
        return f"<LineString><coordinates>{_ring(shape.coords)}</coordinates></LineString>"
    if shape.geom_type == "Polygon":
        holes = "".join(f"<innerBoundaryIs>{_linear(ring.coords)}</innerBoundaryIs>" for ring in shape.interiors)
        return f"<Polygon><outerBoundaryIs>{_linear(shape.exterior.coords)}</outerBoundaryIs>{holes}</Polygon>"
    return f"<MultiGeometry>{''.join(_shape(part) for part in shape.geoms)}</MultiGeometry>"


def _linear(coordinates: Any) -> str:
    return f"<LinearRing><coordinates>{_ring(coordinates)}</coordinates></LinearRing>"


def _ring(coordinates: Any) -> str:
    return " ".join(f"{x:.5f},{y:.5f}".replace(".00000", "") for x, y, *_ in coordinates)
