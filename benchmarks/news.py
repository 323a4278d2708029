"""Score the reading of news on the hand-coded sets, where they are at hand; prints, asserts nothing.

Usage: python benchmarks/news.py SHARED [-v]
SHARED holds reports/articles_dev.jsonl with coded_dev.json, lines_*_dev.jsonl with their coded files, and
tools/score_news.py. SAHEL_MAP_GAZETTEER names the gazetteer to read with (see `sahel-map gazetteer update`).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.lines import main as score_lines
from sahel_map.cli import main as sahel_map
from sahel_map.model import Report
from sahel_map.pipeline import run
from sahel_map.reports import read_reports
from sahel_map.resolution import default_resolver


def main(shared: Path, *, verbose: bool = False) -> None:
    """Print incidents, tolls and merging on the articles, and places and deaths on the one-line incidents."""
    reports = shared / "reports"
    with tempfile.TemporaryDirectory() as folder:
        sahel_map(["build", str(reports / "articles_dev.jsonl"), "--out", folder])
        scorer = [sys.executable, str(shared / "tools" / "score_news.py"), str(reports / "coded_dev.json"), folder]
        print(subprocess.run([*scorer, *["-v"] * verbose], capture_output=True, text=True, check=True).stdout)
    for language in ("fr", "en"):
        print(f"one-line incidents, {language}:")
        score_lines(
            str(reports / f"lines_{language}_dev.jsonl"),
            str(reports / f"lines_{language}_dev_coded.json"),
            verbose=verbose,
        )
    _print_speed(reports / "articles_dev.jsonl")


_PIPELINES = ("en_core_web_sm", "fr_core_news_sm")  # spaCy's small ones: the same parts, of the same size


def _print_speed(articles: Path, rounds: int = 8) -> None:
    """Articles a second of processor time after loading, beside spaCy's small pipelines where one is installed."""
    reports = read_reports([str(articles)]).reports
    words = sum(len(report.text.split()) for report in reports) // len(reports)
    default_resolver().gazetteer.load()
    run([Report(report_id="r", text="Gunmen killed two people in Gao on Monday.", language="en")])
    first = len(reports) / _processor_seconds(lambda: run(reports))
    ours = max(len(reports) / _processor_seconds(lambda: run(reports)) for _ in range(rounds))
    print(
        f"speed, articles of {words} words: {first:.0f} a second at first reading, {ours:.0f} when their names were met"
    )
    try:
        import spacy
    except ImportError:
        print("  spaCy is not installed: no comparison")
        return
    for name in _PIPELINES:
        texts = [report.text for report in reports if report.language == name[:2]]
        try:
            pipeline = spacy.load(name)
        except OSError:
            print(f"  spaCy's {name} is not installed: no comparison")
            continue
        for text in texts:
            pipeline(text)
        theirs = max(len(texts) / _processor_seconds(lambda: [pipeline(text) for text in texts]) for _ in range(3))  # noqa: B023
        own = [report for report in reports if report.language == name[:2]]
        here = max(len(own) / _processor_seconds(lambda: run(own)) for _ in range(3))  # noqa: B023
        print(
            f"  the {len(texts)} articles in {name[:2]}: {here:.0f} a second, {name} {theirs:.1f}: {here / theirs:.1f} times"
        )


def _processor_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main(Path(sys.argv[1]), verbose="-v" in sys.argv)
