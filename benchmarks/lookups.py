"""How fast are look-ups, tables, reversing and spotting, beside the usual tools in the same run?

    python benchmarks/lookups.py [GAZETTEER.sqlite] [--rows 1000000]

Beside: rapidfuzz over the whole list of names, reverse_geocoder (pip install reverse_geocoder, if there) and
geopandas.sjoin. Read ratios, not seconds.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from sahel_map.boundaries import Boundaries
from sahel_map.gazetteer import Gazetteer
from sahel_map.names import compact, fold, sound_key
from sahel_map.resolution import Resolver
from sahel_map.resolution_table import resolve_table
from sahel_map.reversing import reverse_table
from sahel_map.toponyms import spot


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gazetteer", nargs="?", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    gazetteer = Gazetteer.open(options.gazetteer) if options.gazetteer else Gazetteer.open(local=False)
    names = sorted({place.name for place in gazetteer.places()})
    print(f"{len(gazetteer):,} places, {len(names):,} names")
    random.seed(1)
    lookups(gazetteer, names)
    tables(gazetteer, names, options.rows)
    reversing(gazetteer, options.rows)
    spotting(gazetteer, names)
    process_start(options.gazetteer)


def lookups(gazetteer: Gazetteer, names: list[str]) -> None:
    exact = [random.choice(names) for _ in range(200_000)]
    wrong = [misspelt(random.choice(names)) for _ in range(20_000)]
    rate("building what all look-ups share, once", 1, lambda: list(gazetteer.search_many(["Ouagadugou"])))
    index = gazetteer.load()
    rate("exact look-ups", len(exact), lambda: [gazetteer.lookup(name) for name in exact])
    forms = [(compact(name), sound_key(name)) for name in wrong]
    rate("misspelt keys found, one by one", 5000, lambda: [index.alike(*both) for both in forms[:5000]])
    rate("misspelt keys found, together", len(forms), lambda: index.alike_many(forms))
    rate("misspelt names searched and ranked, one by one", 5000, lambda: [gazetteer.search(n) for n in wrong[:5000]])
    rate("misspelt names searched and ranked, together", 15000, lambda: list(gazetteer.search_many(wrong[5000:])))
    keys = [compact(name) for name in names]
    some = [compact(name) for name in wrong[:300]]
    rate(
        "rapidfuzz over the list",
        300,
        lambda: [process.extract(k, keys, scorer=OSA.distance, score_cutoff=2, limit=8) for k in some],
    )


def tables(gazetteer: Gazetteer, names: list[str], rows: int) -> None:
    some = random.sample(names, min(2000, len(names)))
    table = pd.DataFrame({"name": random.choices(some, k=rows), "country": random.choices(["ML", "BF", "NE"], k=rows)})
    table["day"] = np.datetime64("2015-01-01") + np.random.default_rng(1).integers(0, 4000, rows).astype(
        "timedelta64[D]"
    )
    resolver = Resolver(gazetteer)
    rate(
        f"table of {rows:,} rows, 2,000 names", rows, lambda: resolve_table(table, date_column="day", resolver=resolver)
    )


def reversing(gazetteer: Gazetteer, rows: int) -> None:
    generator = np.random.default_rng(2)
    points = pd.DataFrame({"latitude": generator.uniform(10, 20, rows), "longitude": generator.uniform(-11, 14, rows)})
    resolver = Resolver(gazetteer)
    boundaries = Boundaries.shipped()
    boundaries.at_many([0.0], [14.0])
    rate(
        f"reverse {rows:,} points: units of two days",
        rows,
        lambda: boundaries.at_many(points["longitude"], points["latitude"]),
    )
    rate(f"reverse {rows:,} points: and nearest place", rows, lambda: reverse_table(points, resolver=resolver))
    few = points.iloc[: rows // 10]
    units = boundaries.units(level=2, date=pd.Timestamp("2024-01-01").date())
    shapes = [(u.pcode, g) for u in units if (g := boundaries.geometry(u.unit_id)) is not None]
    frame = gpd.GeoDataFrame({"pcode": [p for p, _ in shapes]}, geometry=[g for _, g in shapes], crs=4326)
    at = gpd.GeoDataFrame(geometry=gpd.points_from_xy(few["longitude"], few["latitude"]), crs=4326)
    rate(f"geopandas.sjoin of {len(few):,} points", len(few), lambda: gpd.sjoin(at, frame, predicate="within"))
    try:
        import reverse_geocoder
    except ImportError:
        print("reverse_geocoder is not installed")
        return
    pairs = list(zip(few["latitude"], few["longitude"], strict=True))
    reverse_geocoder.search(pairs[:2], mode=1)
    rate(
        f"reverse_geocoder, {len(pairs):,} points, nearest town only",
        len(pairs),
        lambda: reverse_geocoder.search(pairs, mode=1),
    )


def spotting(gazetteer: Gazetteer, names: list[str]) -> None:
    sentence = "On Monday, gunmen attacked {} and burned houses near {}, in the region of {}, a local official said. "
    articles = ["".join(sentence.format(*random.sample(names, 3)) for _ in range(12)) for _ in range(300)]
    spot(articles[0], gazetteer, language="en")
    print(f"an article of {sum(map(len, articles)) // 300} letters, {len(fold(articles[0]).split())} words")
    rate("articles spotted", len(articles), lambda: [spot(text, gazetteer, language="en") for text in articles])


def process_start(path: Path | None) -> None:
    command = [sys.executable, "-m", "sahel_map", "resolve", "Boulkessi", *(["--gazetteer", str(path)] if path else [])]
    subprocess.run(command, check=True, capture_output=True)
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    print(f"sahel-map resolve Boulkessi, whole process: {time.perf_counter() - start:.2f} s")


def rate(title: str, count: int, run: Callable[[], object]) -> None:
    start = time.process_time()
    run()
    seconds = time.process_time() - start
    print(f"{title:55} {seconds:7.2f} s  {count / seconds:12,.0f}/s")


def misspelt(name: str) -> str:
    at = random.randrange(len(name))
    return random.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + random.choice("aeiou") + name[at:],
            name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
        )
    )


if __name__ == "__main__":
    main()
