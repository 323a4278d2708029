"""GeoJSON a feature a line, for tools that read without loading all: newline-delimited, or RFC 8142 with its marks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.exports.files import replacing
from sahel_map.exports.geojson import features

if TYPE_CHECKING:
    import geopandas as gpd

_MARK = b"\x1e"


def write_lines(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One feature a line, nothing before it (.geojsonl)."""
    return _write(incidents, path, b"")


def write_sequence(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One feature a line, each after a record separator (.geojsons)."""
    return _write(incidents, path, _MARK)


def _write(incidents: gpd.GeoDataFrame, path: Path, mark: bytes) -> Path:
    with replacing(path) as temporary, temporary.open("wb") as file:
        for feature in features(incidents):
            file.write(b"%b%b\n" % (mark, feature))
    return path
