"""A million points to their units of the day: Boundaries.at_many beside geopandas.sjoin on the same polygons.

python benchmarks/boundaries.py [POINTS]
"""

from __future__ import annotations

import sys
import time

import geopandas as gpd
import numpy as np

from sahel_map.boundaries import Boundaries


def main() -> None:
    """Print seconds and their ratio, and how often the two agree on the country."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    random = np.random.default_rng(1)
    lons, lats = random.uniform(-12, 16, count), random.uniform(9, 25, count)
    days = np.datetime64("2012-01-01") + random.integers(0, 5000, count)
    boundaries = Boundaries.shipped()
    start = time.perf_counter()
    ours = boundaries.at_many(lons, lats, days)
    mine = time.perf_counter() - start
    countries = [(u.country, boundaries.geometry(u.unit_id)) for u in boundaries.units(0)]
    frame = gpd.GeoDataFrame({"name": [c for c, _ in countries]}, geometry=[g for _, g in countries], crs=4326)
    start = time.perf_counter()
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lons, lats), crs=4326)
    joined = points.sjoin(frame, how="left", predicate="within")
    theirs = time.perf_counter() - start
    theirs_country = joined[~joined.index.duplicated()]["name"].fillna("").to_numpy()
    agree = float((ours["country"].to_numpy() == theirs_country).mean())
    print(f"{count:,} points: at_many {mine:.2f} s (country, both levels, of the day and today)")
    print(f"geopandas.sjoin {theirs:.2f} s (country alone); ratio {theirs / mine:.1f}; same country {agree:.2%}")


if __name__ == "__main__":
    main()
