"""Spelling: which forms of a name are one, and which stay apart."""

import csv

import pytest

from sahel_map.names import DATA, compact, fold, qualifiers, similarity, sound_key, sound_keys


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("sound_rules.csv"), ids=lambda row: row["lesson"])
def test_every_sound_rule_joins_its_two_spellings(row):
    assert sound_key(row["one"]) == sound_key(row["other"])


def test_many_names_sound_together_as_each_does_alone():
    names = [row[column] for row in rows("sound_rules.csv") for column in ("one", "other")]
    names += ["", "Koro-Peul", "Peul", "Gao\nBamba", "***", "كيدال"]
    assert sound_keys(names) == [sound_key(name) for name in names]
    assert sound_keys([]) == []


@pytest.mark.parametrize("row", rows("name_qualifiers.csv"), ids=lambda row: row["word"])
def test_every_qualifier_is_set_aside_but_never_the_whole_name(row):
    assert sound_key(f"Koro-{row['word']}") == sound_key("Koro")
    assert sound_key(row["word"])
    assert qualifiers(f"Koro {row['word'].title()}") == {row["group"]}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Gorom-Gorom", "gorom gorom"),
        ("I-n-Délimane", "i n delimane"),
        ("N’Tillit", "n tillit"),
        ("N'Tillit", "n tillit"),
        ("Ménaka", "menaka"),
        ("Me\u0301naka", "menaka"),  # a decomposed accent
        ("Ɓulli ŋ Ɗ", "bulli n d"),
        ("  Gao\t\n ", "gao"),
        ("#Soum", "soum"),
        ("***", ""),
        ("", ""),
        ("كيدال", "كيدال"),
        ("ⵜⵉⵏⴱⵓⴽⵜⵓ", "ⵜⵉⵏⴱⵓⴽⵜⵓ"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ti-n-Akof", "Tin Akoff"),
        ("In-Delimane", "Indelimane"),
        ("Ouagadougou", "Wagadugu"),
        ("Djibo", "Jibo"),
        ("Diallassagou", "Djallasagou"),
        ("Barsalogho", "Barsalogo"),
        ("Koulogon-Peul", "Koulogon Peulh"),
        ("Tillia", "Tiillya"),
        ("Tchin-Tabaraden", "Chin Tabaraden"),
        ("Tillabéri", "Tillabery"),
    ],
)
def test_spellings_of_one_place_share_a_sound(one, other):
    assert sound_key(one) == sound_key(other)
    assert similarity(one, other) >= 0.9


@pytest.mark.parametrize(
    ("one", "other"), [("Gao", "Gaya"), ("Djibo", "Dori"), ("Kidal", "Kaya"), ("Seytenga", "Tenga")]
)
def test_other_places_stay_apart(one, other):
    assert sound_key(one) != sound_key(other)
    assert similarity(one, other) < 0.85


def test_nothing_is_like_nothing():
    assert similarity("", "") == 0
    assert similarity("---", "Gao") == 0
    assert sound_key("123") == "123"


def test_compact_is_fold_without_spaces():
    assert compact("Ti-n-Akof") == fold("Ti-n-Akof").replace(" ", "")
