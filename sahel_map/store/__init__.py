"""An incident database in one file, or in PostGIS, that grows by each day's reports.

``add`` puts reports and coded data in, ``incidents_of`` gives the incident table back, ``changes_since`` tells what
changed and why. A store is a GeoPackage, which QGIS opens as it is, or a database by its URL (postgresql://…).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sahel_map.exports.postgis import is_url, named

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["incidents_of", "is_url", "named", "saved_incidents"]


def incidents_of(where: str | Path) -> gpd.GeoDataFrame:
    """The incident table of a store (EPSG:4326). Raises InputError when ``where`` is none."""
    from sahel_map.store.connecting import reading
    from sahel_map.store.migrating import check_readable
    from sahel_map.store.results import stored_incidents

    with reading(where) as connection:
        check_readable(connection, where)
        return stored_incidents(connection)


def saved_incidents(where: str | Path) -> gpd.GeoDataFrame:
    """The incident table of whatever holds one: a store, an incidents.geojson or .csv, the folder of a build."""
    from sahel_map.incidents import read

    if is_url(where) or Path(where).suffix.lower() == ".gpkg":
        return incidents_of(where)
    path = Path(where)
    return read(path / "incidents.geojson" if path.is_dir() else path)
