"""GeoJSON a feature a line, for tools that read without loading all: newline-delimited, or RFC 8142 with its marks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.exports.files import replacing
from sahel_map.exports.geojson import feature_texts

if TYPE_CHECKING:
    import geopandas as gpd

_MARK = "\x1e"


def write_lines(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One feature a line, nothing before it (.geojsonl)."""
    return _write(incidents, path, "")


def write_sequence(incidents: gpd.GeoDataFrame, path: Path) -> Path:
    """One feature a line, each after a record separator (.geojsons)."""
    return _write(incidents, path, _MARK)


def _write(incidents: gpd.GeoDataFrame, path: Path, mark: str) -> Path:
    # "replace": a lone surrogate in hostile text is no UTF-8
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        for text in feature_texts(incidents):
            file.write(f"{mark}{text}\n")
    return path
