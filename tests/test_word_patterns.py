"""Patterns tried only where they may begin find just what ``re`` finds."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sahel_map.language.dates import _rules
from sahel_map.language.lexicon import Lexicon, load
from sahel_map.language.word_patterns import WordPattern, Words, openings, words_of

LEXICONS = [
    (package, path.name.removesuffix(".csv"))
    for package in ("sahel_map.coding", "sahel_map.language", "sahel_map.reports")
    for path in sorted(resources.files(package).joinpath("data").iterdir(), key=lambda path: path.name)
    if path.name
    in {
        "actors.csv", "event_words.csv", "victims.csv", "toll_words.csv", "speakers.csv", "speech.csv", "aggregates.csv",
        "anaphora.csv", "history.csv", "accidents.csv", "releases.csv", "no_toll.csv", "numbers.csv", "furniture.csv",
    }
]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("attaque", {"atta"}),
        ("un an", {"un an"}),
        ("un an?", {"un a", "un an"}),
        ("un a", {"un a"}),
        (r"un a\w*", {"un", "un a"}),
        (r"un \d+", {"un 0"}),
        ("un|une", {"un", "une"}),
        ("l'armee", {"l'ar"}),
        ("dans la", {"dans la"}),
        ("villa de", {"vill"}),
        (r"\d{1,2} mai|1er mai", {"0"}),
        ("(?:le )?raids?", {"le ra", "raid"}),
        ("(?:ab|cd)+e", None),  # "ab" may go on with anything that begins so
        (r"abcd\w*", {"abcd"}),
        (r"abc\w*", None),
        (r"[ab]x", {"ax", "bx"}),
        (r"(?!x)abc", {"abc"}),
        (r" abc", None),
        (r".bc", None),
        (r"a?", None),
    ],
)
def test_openings_of_a_pattern(pattern, expected):
    assert openings(pattern) == expected


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("package", "name"), LEXICONS)
def test_every_lexicon_has_openings(package, name, language):
    # without them a lexicon is tried at every letter of every article
    assert load(package, name, language).pattern.openings is not None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_rule_of_dates_knows_the_words_it_needs(language):
    assert all(rule.needs.openings is not None for rule in _rules(language))


def test_a_pattern_made_later_finds_words_already_read():
    text = "un raid pres de gao"
    assert WordPattern("raids?").search(text) is not None
    assert WordPattern("pres de gao").search(text) is not None


TEXTS = st.lists(
    st.sampled_from(
        "the le la l' un des attack attaque killed tue tues morts dead soldiers soldats 12 3 mai may 2024 dans la nuit du "
        "au to - , . ( ) '' villageois army armee of de d' jnim gsim said selon according police at least au moins "
        "l'armee d'operation a ete libere in a separate n'a en tout plusieurs attaques le meme jour".split()
    ),
    max_size=30,
).map(" ".join)


@settings(deadline=None)
@given(text=TEXTS, start=st.integers(0, 40))
def test_finds_what_re_finds(text, start):
    for language in ("en", "fr"):
        patterns = [rule.pattern for rule in _rules(language)]
        patterns += [load(package, name, language).pattern for package, name in LEXICONS]
        for pattern in patterns:
            plainly = [match.span() for match in re.finditer(pattern._compiled, text)]
            assert [match.span() for match in pattern.finditer(text)] == plainly
            later = [match.span() for match in pattern._compiled.finditer(text, start)]
            assert [match.span() for match in pattern.finditer(text, start)] == later


def test_a_match_stands_alone():
    pattern = WordPattern("mali|1er", after=r"\w-")
    assert [m.group() for m in pattern.finditer("mali, malien, nord-mali, 1er, 21er")] == ["mali", "1er"]
    assert pattern.search("soumali") is None
    assert pattern.fullmatch("mali") is not None


def test_alternatives_keep_their_order_and_groups():
    pattern = WordPattern(["les soldats(?P<long>)", "(?:les )?soldats(?P<short>)", r"\d+ soldats(?P<count>)"])
    found = [(m.group(), m.lastgroup) for m in pattern.finditer("les soldats, 3 soldats et des soldats")]
    assert found == [("les soldats", "long"), ("3 soldats", "count"), ("soldats", "short")]


def test_no_words_no_matches():
    assert words_of("") == Words([], 0)
    assert list(WordPattern("a").finditer("")) == []
    assert isinstance(load("sahel_map.coding", "actors", "en"), Lexicon)
