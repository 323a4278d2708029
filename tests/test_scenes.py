"""Roles of places: where it happened, where the source is, where people went."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from sahel_map.coding.lines import read_line
from sahel_map.coding.scenes import role_of
from sahel_map.language.plain import plain
from sahel_map.language.sentences import Sentence
from sahel_map.model import Report
from sahel_map.pipeline import run

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "roles.csv").read_text(encoding="utf-8").splitlines()))
COUNTRIES = ("Mali", "Burkina Faso", "Niger")


@pytest.mark.parametrize("case", CASES, ids=[f"{c['language']}-{c['place']}-{c['lesson']}" for c in CASES])
def test_a_place_has_the_role_the_table_says(case: dict[str, str]) -> None:
    text = case["sentence"]
    line = read_line(0, Sentence(0, len(text), text, plain(text), 0, True), case["language"], None)
    start = text.index(case["place"])
    assert role_of(line, start, start + len(case["place"]), case["place"] in COUNTRIES) == case["role"]


SITED = [
    (
        "en",
        "Gunmen killed five villagers in Bouna on Thursday. Bouna, 25 km from Tera, has been attacked before.",
        14.01,
    ),
    ("en", "Gunmen killed five villagers in Bouna on Thursday. Bouna lies some 25 km from Tera.", 14.01),
    ("fr", "Des hommes armés ont tué cinq villageois à Kourou jeudi. Kourou se trouve à 30 km de Dori.", 14.03),
    ("en", "Gunmen killed five villagers in Bouna on Thursday, a resident said.", 13.77),
    ("fr", "Des hommes armés ont tué cinq villageois à Kourou jeudi. Kourou, à 30 km de Dori, a un marché.", 14.03),
    ("en", "Gunmen attacked the village of Zouera, south of Ansongo, killing three soldiers on Thursday.", 15.66),
    ("en", "Gunmen attacked Tessit, south of Ansongo, killing three soldiers on Thursday.", 15.22),
    ("en", "Six soldiers were killed on Friday in Bamako, southwest of Gao.", 12.65),
]


@pytest.mark.parametrize(("language", "text", "latitude"), SITED)
def test_what_one_sentence_says_of_where_a_place_is_holds_in_all(language: str, text: str, latitude: float) -> None:
    made = run([Report(report_id="r", text=text, language=language, published=dt.date(2024, 6, 15))])
    assert [round(lat, 2) for lat in made.incidents["latitude"]] == [latitude]
