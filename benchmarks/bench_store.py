"""How long does a store take, and in how much memory? A first import, a day's news beside it, reading it back.

    python benchmarks/bench_store.py [ROWS] [REPORTS] [STORE]

ROWS made-up UCDP-like events and REPORTS made-up reports go into a new store (a GeoPackage in a temporary folder,
or STORE, a URL postgresql://… of an empty database); then one report more. The peer is building everything at once
without a store, which is what each day would cost otherwise. Read ratios, not seconds.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_exchange import make

from sahel_map.model import Report
from sahel_map.pipeline import run
from sahel_map.resolution import default_resolver
from sahel_map.store import incidents_of
from sahel_map.store.adding import add
from sahel_map.store.changes import changes_since

TOWNS = ("Djibo", "Gao", "Tillabéri", "Ménaka", "Dori", "Ayorou", "Markoye", "Hombori", "Ansongo", "Diffa")


def reports(count: int) -> list[Report]:
    """Made-up reports, each of an attack in one of ten towns."""
    first = dt.date(2025, 1, 2)
    return [
        Report(
            report_id=f"made-up-{n}", source="Made Up Agency", language="en", published=first + dt.timedelta(days=n),
            text=f"Gunmen attacked the army base at {TOWNS[n % 10]} on {(first + dt.timedelta(days=n - 1)):%-d %B %Y}, killing {n % 20 + 2} soldiers, "
                 f"a security source said. The governor spoke of {n % 7 + 1} wounded and said that calm had returned to the town.",
        )
        for n in range(count)
    ]  # fmt: skip


def timed(label: str, work: Callable[[], Any]) -> Any:
    """Do the work and print how long it took and the most memory used so far."""
    start = time.perf_counter()
    made = work()
    seconds, most = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{label:<44} {seconds:7.1f} s   {most:6,.0f} MB at most so far", flush=True)
    return made


def main(rows: int, count: int, store: str | None) -> None:
    default_resolver().gazetteer.load()
    with tempfile.TemporaryDirectory() as name:
        table = Path(name) / "made_up_ged.csv"
        make(table, rows)
        where = store or str(Path(name) / "store.gpkg")
        *most, last = reports(count + 1)
        timed(f"{rows:,} events and {count:,} reports, new store", lambda: add(where, [table, *most]))
        added = timed("one report more", lambda: add(where, [last]))
        print(f"  {added}")
        timed("nothing new", lambda: add(where))
        timed("reading the incident table back", lambda: incidents_of(where))
        timed("changes since a day", lambda: changes_since(where, dt.date.today()))
        timed("without a store: all at once", lambda: run([table, *most, last]))
        if store is None:
            print(f"the file: {Path(where).stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 20_000, int(given[1]) if given[1:] else 100, given[2] if given[2:] else None)
