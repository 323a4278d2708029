"""Hostile text: nothing raises, spans lie inside the text, and no pattern takes more than its share of time."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sahel_map.coding.actors import actors
from sahel_map.coding.speakers import speakers
from sahel_map.coding.tolls import figures
from sahel_map.language.dates import dates
from sahel_map.language.detect import detect
from sahel_map.language.numbers import numbers
from sahel_map.language.plain import plain
from sahel_map.language.sentences import sentences
from sahel_map.model import Report
from sahel_map.reports.story import story

DAY = dt.date(2025, 6, 5)
LENGTH = 20_000
SECONDS = 20  # a pattern that backtracks without end takes hours; a slow machine takes a few seconds

WORDS = [
    "soldiers", "soldats", "killed", "tués", "les", "the", "of", "du", "3", "12,000", "at least", "au moins", "and", "et",
    "in", "le", "June", "juin", "nuit", "night of", "du 3 au", "one hundred", "cent", "quatre-vingt", "dozens", "(", ")",
    ",", ".", ";", ":", "M.", "\"", "«", "army", "armée", "said", "selon", "JNIM", "2025", "-", "’", "n'a", "pas", "no",
    "dont", "including", "a", "un", "été", "were", "il y a", "ago", "10^9", "−5", "%", "\n", "ß", "İ", "ﬁ", "🙂", "\u202e",
]  # fmt: skip
text_like = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
language = st.sampled_from(["en", "fr"])


@given(text_like | st.text(max_size=200), language)
@settings(max_examples=300, deadline=None)
def test_whatever_the_text_spans_lie_inside_it(text, language):
    flat = plain(text)
    assert len(flat) == len(text)
    found = [
        *numbers(flat, language),
        *dates(flat, language, DAY),
        *dates(flat, language, None),
        *figures(flat, language),
        *actors(flat, language, DAY),
        *speakers(text, flat, language, actors(flat, language, DAY)),
    ]
    for item in found:
        assert 0 <= item.start <= item.end <= len(text)
    for figure in figures(flat, language):
        assert figure.low >= 0
        assert figure.high is None or figure.high >= figure.low
    for date in dates(flat, language, DAY):
        assert (date.first is None) == (date.last is None)
        assert date.first is None or date.first <= date.last


@given(text_like | st.text(max_size=300), language)
@settings(max_examples=200, deadline=None)
def test_sentences_come_in_order_and_are_the_text_itself(text, language):
    found = sentences(text, language)
    ends = 0
    for sentence in found:
        assert sentence.start >= ends
        assert text[sentence.start : sentence.end] == sentence.text
        ends = sentence.end
    report = Report(report_id="x", text=text, title="x", language=language)
    assert set(story(report).sentences) <= set(found)
    assert detect(text) in ("", "en", "fr")


def long(piece):
    return (piece * (LENGTH // len(piece) + 1))[:LENGTH]


HOSTILE = {
    "spaces": long(" "),
    "digits": long("1"),
    "digit groups": long("1 000,"),
    "thousands": long("123 456 "),
    "number words": long("one hundred and "),
    "nombres": long("quatre-vingt "),
    "articles": long("a the un le "),
    "one word": long("soldat"),
    "people": long("soldats "),
    "officials": long("local traditional "),
    "the army": long("the malian "),
    "killed": long("killed "),
    "numbers and people": long("12 soldiers "),
    "reported": long("selon "),
    "said": long("said that "),
    "commas": long(", according to "),
    "brackets": long("("),
    "pairs of brackets": long("(12) "),
    "quotation marks": long('"'),
    "full stops": long("."),
    "abbreviations": long("M. Gen. "),
    "hyphens": long("a-"),
    "months": long("3 june "),
    "mois": long("3 juin "),
    "nights": long("dans la nuit du "),
    "including": long("including 2 of them "),
    "no toll": long("did not give any "),
    "aucun bilan": long("aucun bilan aucune victime "),
    "upper case": long("A "),
    "line ends": long("\n"),
    "accents": long("é"),
    "among": long("parmi les "),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_pattern_backtracks_without_end(name, language):
    text = HOSTILE[name]
    flat = plain(text)
    begun = time.monotonic()
    numbers(flat, language)
    dates(flat, language, DAY)
    figures(flat, language)
    speakers(text, flat, language, actors(flat, language, DAY))
    sentences(text, language)
    assert time.monotonic() - begun < SECONDS
