"""The grammar of place phrases: every pattern has an example, and the examples read as they should."""

import re

import pytest

from sahel_map.names import read_rows
from sahel_map.phrases import plain, relations

PATTERNS = read_rows("place_phrases.csv")
_NAME = re.compile(r"[A-Z][\w-]+(?: [A-Z][\w-]+)*")


def read(text, language):
    marks = [m.span() for m in _NAME.finditer(text)]
    return relations(text, marks, language)


@pytest.mark.parametrize("row", PATTERNS, ids=lambda row: row["example"])
def test_every_pattern_reads_its_example(row):
    text = row["example"].replace("the town of ", "")
    found = read(text, row["language"])
    assert [r.relation for r in found] == [row["relation"].split("_")[0]]


@pytest.mark.parametrize(
    ("text", "language", "km", "bearing"),
    [
        ("15 km north of Aguelhok", "en", 15, 0),
        ("about 60 kilometres south-west of Dori", "en", 60, 225),
        ("some 10 miles east of Gao", "en", 16.093, 90),
        ("2.5 km from Djibo", "en", 2.5, None),
        ("10 kilometres (6 miles) from Fada", "en", 10, None),
        ("a few kilometers north of Nassoumbou", "en", 5, 0),
        ("sixty km south-west of Diallassagou", "en", 60, 225),
        ("à 20 km au sud-ouest de Djibo", "fr", 20, 225),
        ("à environ 40 km à l'est de Gao", "fr", 40, 90),
        ("à une vingtaine de kilomètres de Djibo", "fr", 20, None),
        ("à une soixantaine de kilomètres au nord de Kaya", "fr", 60, 0),
        ("à 12,5 km d'Ansongo", "fr", 12.5, None),
        ("35km nw of Mopti", "en", 35, 315),
    ],
)
def test_distances_and_bearings(text, language, km, bearing):
    (found,) = [r for r in read(text, language) if r.relation == "offset"]
    assert found.distance_km == pytest.approx(km, abs=0.01)
    assert found.bearing == bearing


@pytest.mark.parametrize("row", read_rows("bearings.csv"), ids=lambda row: row["word"])
def test_every_bearing_word_is_read(row):
    text = f"10 km {row['word']} of Gao" if row["language"] == "en" else f"10 km au {row['word']} de Gao"
    marks = [(text.index("Gao"), len(text))]
    (found,) = [r for r in relations(text, marks, row["language"]) if r.relation == "offset"]
    assert found.bearing == float(row["degrees"])


@pytest.mark.parametrize("row", read_rows("distance_words.csv"), ids=lambda row: row["word"])
def test_every_number_word_is_read(row):
    text = f"{row['word']} kilometers from Gao" if row["language"] == "en" else f"{row['word']} kilomètres de Gao"
    marks = [(text.index("Gao"), len(text))]
    (found,) = [r for r in relations(text, marks, row["language"]) if r.relation == "offset"]
    assert found.distance_km == float(row["value"])


@pytest.mark.parametrize(
    "text",
    [
        "killed 15 in Gao",
        "the 15 km race, then Gao",
        "north Gao",
        "Gao was calm",
        "between us, Gao fell",
        "le 15 mai Gao",
    ],
)
def test_no_phrase_is_seen_where_there_is_none(text):
    marks = [(text.index("Gao"), text.index("Gao") + 3)]
    assert [r for r in relations(text, marks) if r.relation in ("offset", "between", "road")] == []


def test_spans_lie_in_the_original_text():
    text = "À Gao, entre Sévaré et Bandiagara, hier"
    marks = [(m.start(), m.end()) for m in re.finditer("Gao|Sévaré|Bandiagara", text)]
    (found,) = [r for r in relations(text, marks, "fr") if r.relation == "between"]
    assert text[found.start : found.end] == "entre Sévaré et Bandiagara"


@pytest.mark.parametrize("text", ["Éà’œ", "N’Tillit", "straße", "ⵜⵉⵏ", "İstanbul"])
def test_plain_keeps_every_character_in_its_place(text):
    assert len(plain(text)) == len(text)
