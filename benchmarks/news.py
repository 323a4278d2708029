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
from pathlib import Path

from benchmarks.lines import main as score_lines
from sahel_map.cli import main as sahel_map
from sahel_map.pipeline import run
from sahel_map.reports import read_reports


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


def _print_speed(articles: Path, rounds: int = 8) -> None:
    """Articles a second of processor time after loading, beside spaCy's small English pipeline where it is installed."""
    reports = read_reports([str(articles)]).reports
    run(reports)
    started = time.process_time()
    for _ in range(rounds):
        run(reports)
    ours = rounds * len(reports) / (time.process_time() - started)
    print(f"speed: {ours:.0f} articles a second of processor time")
    try:
        import spacy

        pipeline = spacy.load("en_core_web_sm")
    except (ImportError, OSError):
        print("  spaCy's en_core_web_sm is not installed: no comparison")
        return
    started = time.process_time()
    for report in reports:
        pipeline(report.text)
    print(f"  {ours / (len(reports) / (time.process_time() - started)):.1f} times spaCy's en_core_web_sm")


if __name__ == "__main__":
    main(Path(sys.argv[1]), verbose="-v" in sys.argv)
