"""A million points to their units of the day: Boundaries.at_many beside geopandas.sjoin on the same polygons.

python benchmarks/boundaries.py [POINTS] [GEONAMES]

With GEONAMES, a folder of GeoNames' country files (ML.zip, BF.zip, NE.zip), it also prints the share of each country's
populated places that the boundaries put into that country.
"""

from __future__ import annotations

import sys
import time
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

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
    if len(sys.argv) > 2:
        _print_populated_places(Path(sys.argv[2]), boundaries)


def _print_populated_places(folder: Path, boundaries: Boundaries) -> None:
    for country in ("ML", "BF", "NE"):
        with zipfile.ZipFile(folder / f"{country}.zip") as archive, archive.open(f"{country}.txt") as file:
            table = pd.read_csv(file, sep="\t", header=None, quoting=3, usecols=[4, 5, 6, 8], keep_default_na=False)
        places = table[(table[6] == "P") & (table[8] == country)]
        found = boundaries.at_many(places[5].to_numpy(float), places[4].to_numpy(float), None)["country"]
        print(f"{country}: {(found == country).mean():.1%} of {len(places):,} populated places of GeoNames lie in it")


if __name__ == "__main__":
    main()
