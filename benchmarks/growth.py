"""Does anything grow faster than what comes in? Reading, look-ups, merging and the page, from a thousand to a million.

    python benchmarks/growth.py [--most 1000000] [--only CURVE] [--plot docs/img/growth.png] [--save growth.csv]

Prints seconds of processor, the exponent between sizes (1 is in proportion, 2 is quadratic), and the most memory held
so far. Mentions come as thick as a busy archive has them, some 60 a day in three countries, over as many days as it
takes. "merging, one story" is one event that all reports tell, in forty ways; "merging, one year" puts all into one
year, where the pairs of different facts that lie near each other grow with the square.
"""

from __future__ import annotations

import argparse
import csv
import gc
import math
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from make_corpus import make

from sahel_map.gazetteer import Gazetteer
from sahel_map.merging import merge
from sahel_map.model import Report
from sahel_map.pipeline import run
from sahel_map.views.page import write_page
from tests.incident_tables import many
from tests.mentions import one_story, random_mentions, reports_of

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
PER_DAY = 60
TOWNS = 400


def main() -> None:
    """Measure each curve as far as it may go."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1_000_000)
    parser.add_argument("--only", help="one curve, by name")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    found: list[tuple[str, int, float]] = []
    for title, measure, most in (curve for curve in CURVES if options.only in (None, curve[0])):
        before = None
        for size in (s for s in SIZES if s <= min(most, options.most)):
            gc.collect()
            seconds = measure(size)
            found.append((title, size, seconds))
            rise = (
                "" if before is None else f"exponent {math.log(seconds / before[1]) / math.log(size / before[0]):.2f}"
            )
            held = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:,} MB"
            print(f"{title:28} {size:>9,} {seconds:9.2f} s  {size / seconds:>10,.0f}/s  {held:>9}  {rise}", flush=True)
            before = (size, seconds)
    if options.save:
        with options.save.open("w", newline="") as file:
            csv.writer(file).writerows([("curve", "size", "seconds"), *found])
    if options.plot:
        plot(found, options.plot)


def timed(work: Callable[[], Any]) -> float:
    """Seconds of processor: others may use the machine at the same time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def merging(size: int, days: int | None = None) -> float:
    """Mentions merged into incidents."""
    days = days or max(2, size // PER_DAY)
    mentions = random_mentions(size, seed=1, days=days, places=TOWNS)
    reports = reports_of(mentions, days=days)
    return timed(lambda: merge(mentions, reports))


def merging_one_year(size: int) -> float:
    """The same, all within a year."""
    return merging(size, 365)


def merging_one_story(size: int) -> float:
    """One event that all reports tell."""
    mentions = one_story(size, seed=1)
    reports = reports_of(mentions)
    return timed(lambda: merge(mentions, reports))


def lookups(size: int) -> float:
    """Names looked up as they are written: a third of them misspelt."""
    gazetteer = Gazetteer.open(local=False)
    gazetteer.load()
    names = sorted({place.name for place in gazetteer.places()})
    asked = list(_spelt(names, size))
    return timed(lambda: [gazetteer.search(name) for name in asked])


def page(size: int) -> float:
    """The map page written."""
    table = many(size)
    with tempfile.TemporaryDirectory() as folder:
        return timed(lambda: write_page(table, Path(folder) / "map.html"))


def reading(size: int) -> float:
    """Articles of the made corpus read, coded and merged."""
    import datetime as dt

    articles, _ = make(size)
    reports = [Report(**{**a, "published": dt.date.fromisoformat(a["published"])}) for a in articles]
    return timed(lambda: run(reports))


def _spelt(names: list[str], size: int) -> Iterator[str]:
    chance = random.Random(3)
    for n in range(size):
        name = chance.choice(names)
        at = chance.randrange(len(name))
        yield name if n % 3 else name[:at] + chance.choice("aeiou") + name[at:]


CURVES: tuple[tuple[str, Callable[[int], float], int], ...] = (
    ("look-ups", lookups, 1_000_000),
    ("page", page, 1_000_000),
    ("merging", merging, 1_000_000),
    ("merging, one story", merging_one_story, 300_000),
    ("merging, one year", merging_one_year, 100_000),
    ("reading articles", reading, 10_000),
)


def plot(found: list[tuple[str, int, float]], path: Path) -> None:
    """The curves on logarithmic axes, with the slopes of proportion and of squares beside them."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5.5), layout="constrained")
    for title in dict.fromkeys(name for name, _, _ in found):
        points = [(size, seconds) for name, size, seconds in found if name == title]
        axes.plot(*zip(*points, strict=True), marker="o", label=title)
    sizes = sorted({size for _, size, _ in found})
    base = min(seconds for _, _, seconds in found)
    axes.plot(sizes, [base * size / sizes[0] for size in sizes], color="0.7", linestyle="--", label="in proportion")
    squares = [(size, base * (size / sizes[0]) ** 2) for size in sizes]
    top = max(seconds for _, _, seconds in found)
    axes.plot(
        *zip(*[p for p in squares if p[1] <= 2 * top], strict=True), color="0.7", linestyle=":", label="with the square"
    )
    axes.set(xscale="log", yscale="log", xlabel="articles, names, mentions or incidents", ylabel="seconds of processor")
    axes.grid(visible=True, which="major", color="0.9")
    axes.legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
