"""One number of deaths from many figures: what adds up, and what are two words for the same dead."""

from __future__ import annotations

import pytest

from sahel_map.estimates import estimate
from sahel_map.model import Toll


def toll(who, low, quote, *, high=None, report="a"):
    return Toll(who=who, kind="killed", low=low, high=low if high is None else high, report_id=report, quote=quote)


@pytest.mark.parametrize(
    ("tolls", "low", "best", "lesson"),
    [
        ([toll("soldiers", 19, "Nineteen soldiers died."), toll("police", 18, "A source counts 18 gendarmes.")], 18, 19, "rival"),
        ([toll("soldiers", 10, "Ten soldiers and six gendarmes died."), toll("police", 6, "Ten soldiers and six gendarmes died.")], 16, 16, "one sentence"),
        ([toll("soldiers", 10, "Ten soldiers died."), toll("police", 6, "Six gendarmes were also killed.")], 16, 16, "a word that adds"),
        ([toll("soldiers", 10, "Dix soldats sont morts."), toll("police", 6, "Six gendarmes ont également péri.")], 16, 16, "a word that adds, French"),
        ([toll("soldiers", 10, "Ten soldiers died."), toll("civilians", 6, "Six villagers were killed.")], 16, 16, "soldiers and civilians are never the same"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_soldiers_and_gendarmes(tolls, low, best, lesson):
    found = estimate(tolls)
    assert (found.low, found.best) == (low, best)


def test_who_gives_a_later_toll_has_taken_the_earlier_one_back():
    later = toll("soldiers", 31, "A new toll counts 31 soldiers.")
    before = Toll(who="unspecified", kind="killed", low=11, high=11, report_id="a", revision="superseded")
    found = estimate([later, before])
    assert (found.low, found.best, found.high) == (31, 31, 31)
    assert estimate([before]).best == 11  # unless it is all there is


@pytest.mark.parametrize(
    ("tolls", "best", "lesson"),
    [
        ([toll("unspecified", 40, "Forty people were killed."), toll("militants", 50, "Fifty terrorists were neutralised.")], 90, "the attacked, and who attacked"),
        ([toll("unspecified", 26, "The clash left 26 dead."), toll("militants", 20, "Twenty jihadists died."), toll("soldiers", 6, "Six soldiers fell.")], 26, "the groups make up the total"),
        ([toll("unspecified", 40, "Forty died, and ten militants."), toll("militants", 10, "Forty died, and ten militants.")], 40, "one breath: who is in the forty is not said"),
        ([toll("unspecified", 40, "Forty people were killed."), toll("militants", 10, "Ten militants died.", report="b")], 40, "two reports: one may hold the other"),
        ([toll("militants", 10, "Ten militants died.")], 10, "militants alone"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_people_killed_and_militants_killed(tolls, best, lesson):
    assert estimate(tolls).best == best


@pytest.mark.parametrize(
    ("tolls", "low", "best", "lesson"),
    [
        ([toll("police", 5, "Five gendarmes and a retired gendarme died."), toll("police", 1, "Five gendarmes and a retired gendarme died.")], 6, 6, "a list"),
        ([toll("soldiers", 15, "Fifteen or 17 soldiers died."), toll("soldiers", 17, "Fifteen or 17 soldiers died.")], 15, 17, "rivals"),
        ([toll("soldiers", 15, "Quinze soldats, mais 17 selon un élu."), toll("soldiers", 17, "Quinze soldats, mais 17 selon un élu.")], 15, 17, "rivals, French"),
        ([toll("soldiers", 12, "Twelve fell, the army said, 15 according to a mayor."), toll("soldiers", 15, "Twelve fell, the army said, 15 according to a mayor.")], 12, 15, "two who speak"),
        ([toll("soldiers", 15, "Fifteen soldiers died."), toll("soldiers", 17, "Seventeen soldiers died.")], 15, 17, "two sentences"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_a_list_in_one_sentence_adds_up(tolls, low, best, lesson):
    found = estimate(tolls)
    assert (found.low, found.best) == (low, best)
