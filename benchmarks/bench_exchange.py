"""How long do 400,000 coded events take in and out, and in how much memory? Beside plain pandas and geopandas.

    python benchmarks/bench_exchange.py [ROWS]

A made-up file in UCDP GED's format is built into the incident table and exported; the peers read the same
file with pandas.read_csv and write its points with geopandas, which neither check nor code anything.
Read ratios, not seconds.
"""

from __future__ import annotations

import csv
import functools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

TOWNS = (
    ("Djibo", "Sahel region", "Burkina Faso", 14.102, -1.6306), ("Gao", "Gao region", "Mali", 16.271, -0.0447),
    ("Tillabéri", "Tillabéri region", "Niger", 14.212, 1.4531), ("Mopti", "Mopti region", "Mali", 14.484, -4.183),
    ("Dori", "Sahel region", "Burkina Faso", 14.035, -0.0345), ("Diffa", "Diffa region", "Niger", 13.315, 12.613),
)  # fmt: skip
COLUMNS = ("id", "type_of_violence", "side_a", "side_b", "source_office", "source_headline", "where_prec", "where_coordinates",
           "where_description", "adm_1", "adm_2", "latitude", "longitude", "country", "event_clarity", "date_prec", "date_start",
           "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low")  # fmt: skip
ENDINGS = (".parquet", ".csv", ".geojsonl", ".fgb", ".gpkg")
PEERS: dict[str, Callable[[Any, Path], object]] = {
    "parquet": lambda table, path: table.to_parquet(path),
    "fgb": lambda table, path: table.to_file(path, driver="FlatGeobuf"),
    "gpkg": lambda table, path: table.to_file(path, driver="GPKG"),
}


def make(path: Path, count: int) -> None:
    """Write a made-up GED-like file: six towns' surroundings, thirty-five years."""
    chance = np.random.default_rng(6)
    towns = chance.integers(0, len(TOWNS), count)
    off = chance.normal(0, 0.2, (count, 2))
    days = (np.datetime64("1989-01-01") + chance.integers(0, 12_700, count)).astype(str)
    where = chance.choice([1, 2, 3, 4, 5, 6], count, p=[0.45, 0.3, 0.08, 0.03, 0.12, 0.02])
    dead = chance.geometric(0.3, (count, 4)) - 1
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(count):
            name, region, country, lat, lon = TOWNS[towns[n]]
            a, b, c, d = dead[n].tolist()
            writer.writerow([n, n % 3 + 1, f"Government of {country}", "JNIM" if n % 2 else "IS", "Made Up Agency", f"Made-up headline {n}",
                where[n], f"{name} town", f"made up, near {name}", region, "", round(lat + off[n, 0], 5), round(lon + off[n, 1], 5), country,
                1, 1, days[n], days[n], a, b, c, d, a + b + c + d, a + b + c + d + n % 3, a + b])  # fmt: skip


def timed(label: str, work: Any) -> tuple[float, Any]:
    """Run, print the seconds (on the clock, and of processor) and the peak memory so far, and return the clock's and the result."""
    start, busy = time.perf_counter(), time.process_time()
    result = work()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{label:<42} {seconds:7.1f} s  cpu {busy:6.1f} s   peak {peak:5.2f} GB", flush=True)
    return seconds, result


def main(count: int) -> None:
    """Time the peers, then each way in and out in a process of its own, so that its peak is its own."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "made_up.csv"
        make(source, count)
        print(f"{count:,} rows, {source.stat().st_size / 1e6:.0f} MB", flush=True)
        for way in ("peers", *ENDINGS, ".fgb without ledger"):
            subprocess.run([sys.executable, __file__, str(source), way], check=True)


def peers(source: Path) -> None:
    """pandas and geopandas on the same file: read, make points, write."""
    import geopandas as gpd
    import pandas as pd

    _, frame = timed("pandas.read_csv", lambda: pd.read_csv(source))
    points = gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame.longitude, frame.latitude), crs=4326)
    for ending, write in PEERS.items():
        timed(f"geopandas {ending}, points alone", functools.partial(write, points, source.with_name(f"peer.{ending}")))


def in_and_out(source: Path, ending: str, *, ledger: bool) -> None:
    """Build the file into the incident table and export that."""
    from sahel_map.exports import export
    from sahel_map.pipeline import run

    taken, made = timed("sahel-map build", lambda: run([source]))
    out = source.with_name(f"out{ending}")
    given, _ = timed(
        f"sahel-map export {ending}{'' if ledger else ', no ledger'}",
        lambda: export(made.incidents, out, ledger=ledger),
    )
    print(
        f"  {len(made.incidents):,} incidents, {out.stat().st_size / 1e6:.0f} MB, in and out {taken + given:.1f} s",
        flush=True,
    )
    out.unlink()


if __name__ == "__main__":
    match sys.argv[1:]:
        case [source, "peers"]:
            peers(Path(source))
        case [source, way]:
            in_and_out(Path(source), way.split()[0], ledger="without" not in way)
        case [count]:
            main(int(count))
        case _:
            main(400_000)
