"""What a corpus build holds in memory does not grow with the corpus: its lists are on disk."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from pathlib import Path

import pytest

from sahel_map import corpus
from sahel_map.corpus.catalogue import Catalogue
from sahel_map.corpus.steps import Steps
from sahel_map.estimates import Rule

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
import corpus_memory


def most_held(folder, articles):
    """The most that Python held, in bytes, while the client took in all that workers told."""
    corpus_memory.fill(folder, articles, 0)
    with Catalogue(folder / "catalogue.sqlite") as catalogue:
        files = -(-articles // corpus_memory.FILE)
        catalogue.add("files", ((b"%09d" % n, 20_000_000, 0) for n in range(files)))
        steps = Steps(folder=folder, catalogue=catalogue)
        gc.collect()
        tracemalloc.start()
        steps.read("", "", corpus.Terms())
        steps.tell_copies_apart()
        reports, mentions, _ = steps.code(corpus.Terms())
        steps.merge(Rule.UCDP)
        for _ in steps.write(folder / "out"):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (reports, mentions) == (articles, articles // 2)
    return most


@pytest.mark.slow
def test_five_times_the_articles_take_no_more_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus_memory, "FILE", 2_000)
    most_held(tmp_path / "first", 2_000)  # what is imported and remembered once
    some = most_held(tmp_path / "some", 12_000)
    many = most_held(tmp_path / "many", 60_000)
    assert many - some < 48_000 * 50, (some, many)  # bytes: a list of anything told of each would be more
