"""No regular expression of the package takes more than its share of a hostile text, and so does no report."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from sahel_map.coding.report import code_report
from sahel_map.coding.scenes import Locator
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import Report
from sahel_map.resolution import Resolver
from tests.patterns import hostile, patterns
from tests.test_language_hostile import HOSTILE

SHORT = (20, 26, 34, 44, 57, 74, 96, 125)  # in small steps: what doubles with each letter shows before it takes hours
LONG = (400, 1600)
ENOUGH = 0.25  # seconds: shorter than this says nothing about growth
STEEPEST = 34  # times longer for four times the text: squares take 16, cubes 64


def seconds(pattern, text):
    """The quickest of three, so that a busy machine changes little."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()  # of this process alone, whatever else the machine is doing
        for _ in pattern.finditer(text):
            pass
        best = min(best, time.process_time() - start)
        if best < ENOUGH / 10:
            break
    return best


def test_there_are_many_patterns_and_each_has_been_made_hostile_text_for():
    found = patterns()
    assert len(found) > 300
    repeated = [p for p in found.values() if any(True for _ in hostile(p, 30))]
    assert len(repeated) > 100


def test_no_pattern_backtracks_without_end():
    steep = []
    for name, pattern in patterns().items():
        for number in range(sum(1 for _ in hostile(pattern, 1))):
            taken = 0.0
            for length in (*SHORT, *LONG):
                before, taken = taken, seconds(pattern, list(hostile(pattern, length))[number])
                if taken > ENOUGH and (length < LONG[1] or taken > STEEPEST * before):
                    steep.append(f"{name}: {taken:.2f} s for {length} letters")
                    break
    assert not steep, "\n".join(steep)


@pytest.fixture(scope="module")
def locator():
    return Locator(Resolver(Gazetteer.open(local=False)))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_hostile_report_is_coded_in_its_share_of_time(locator, language):
    slow = []
    for name, text in HOSTILE.items():
        report = Report(report_id="x", text=text, title=text[:200], language=language, published=dt.date(2025, 6, 3))
        start = time.perf_counter()
        code_report(report, locator)
        if time.perf_counter() - start > 20:  # what backtracks without end takes hours; a busy machine takes seconds
            slow.append(name)
    assert not slow
