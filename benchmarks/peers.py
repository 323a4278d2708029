"""Reading, look-ups and the cold start, beside what else there is, in one run: read the ratios.

    python benchmarks/peers.py [--articles 400]

Beside: rapidfuzz and SQLite's FTS5 (trigrams) for misspelt names; spaCy for reading; a bare Python for the start. spaCy's small
pipelines are models, which no lock file of ours can name, so the blank pipeline is measured: it splits words and
sentences and finds nothing. The small pipeline does that and far more, so the ratio flatters the peer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from make_corpus import make
from rapidfuzz import process
from rapidfuzz.distance import OSA

from sahel_map.coding.report import code_report
from sahel_map.coding.scenes import Locator
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import Report
from sahel_map.names import compact
from sahel_map.resolution import Resolver


def main() -> None:
    """Print each figure and its ratio to ours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400)
    options = parser.parse_args()
    gazetteer = Gazetteer.open()
    gazetteer.load()
    lookups(gazetteer)
    reading(gazetteer, options.articles)
    starts()


def lookups(gazetteer: Gazetteer) -> None:
    """Misspelt names found."""
    chance = random.Random(1)
    names = sorted({place.name for place in gazetteer.places()})
    asked = [wrong(chance, chance.choice(names)) for _ in range(3000)]
    keys = [compact(name) for name in names]
    ours = rate(
        f"misspelt names of {len(names):,}, searched and ranked", 3000, lambda: [gazetteer.search(n) for n in asked]
    )
    few = asked[:200]
    beside(
        ours,
        "rapidfuzz over the list",
        200,
        lambda: [process.extract(compact(n), keys, scorer=OSA.distance, score_cutoff=2, limit=8) for n in few],
    )
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram')")
    base.executemany("INSERT INTO names VALUES (?)", [(key,) for key in keys])

    def grams(name: str) -> str:
        key = compact(name)
        return " OR ".join(f'"{key[i : i + 3]}"' for i in range(max(1, len(key) - 2)))

    query = "SELECT name FROM names WHERE names MATCH ? ORDER BY rank LIMIT 8"
    beside(ours, "SQLite FTS5, trigrams", 200, lambda: [base.execute(query, (grams(n),)).fetchall() for n in few])


def reading(gazetteer: Gazetteer, count: int) -> None:
    """Articles of the made corpus read and coded, on one core."""
    articles, _ = make(count)
    reports = [Report(**{**a, "published": dt.date.fromisoformat(a["published"])}) for a in articles]
    words = sum(len(r.text.split()) for r in reports) // len(reports)
    locator = Locator(Resolver(gazetteer))
    for report in reports[:20]:
        code_report(report, locator)
    ours = rate(f"articles of {words} words, coded", len(reports), lambda: [code_report(r, locator) for r in reports])
    try:
        import spacy
    except ImportError:
        print("  spaCy is not installed: pip install --group bench")
        return
    pipelines = {language: spacy.blank(language) for language in ("en", "fr")}
    for pipeline in pipelines.values():
        pipeline.add_pipe("sentencizer")
    beside(
        ours,
        "spaCy, blank: words and sentences only",
        len(reports),
        lambda: [pipelines[r.language](r.text) for r in reports],
    )


def starts() -> None:
    """Cold starts, the median of seven."""
    bare = start("python -c pass", [sys.executable, "-c", "pass"])
    for title, command in (
        ("sahel-map --version", [sys.executable, "-m", "sahel_map", "--version"]),
        ("python -c 'import pandas'", [sys.executable, "-c", "import pandas"]),
        ("sahel-map resolve Boulkessi", [sys.executable, "-m", "sahel_map", "resolve", "Boulkessi"]),
    ):
        print(f"    {start(title, command) / bare:.1f} times a bare Python")


def start(title: str, command: list[str]) -> float:
    """Seconds of a whole process."""
    found = []
    for _ in range(7):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append(time.perf_counter() - begun)
    print(f"{title:60} {sorted(found)[3]:8.3f} s")
    return sorted(found)[3]


def rate(title: str, count: int, work: Callable[[], object]) -> float:
    """Of processor time, so that others on the machine count less."""
    begun = time.process_time()
    work()
    each = count / (time.process_time() - begun)
    print(f"{title:60} {each:10,.0f}/s")
    return each


def beside(ours: float, title: str, count: int, work: Callable[[], object]) -> None:
    """A peer and the ratio."""
    theirs = rate(f"    {title}", count, work)
    print(f"        ours is {ours / theirs:.2f} times as fast")


def wrong(chance: random.Random, name: str) -> str:
    """A name with a letter too many."""
    at = chance.randrange(len(name))
    return name[:at] + chance.choice("aeiou") + name[at:]


if __name__ == "__main__":
    main()
