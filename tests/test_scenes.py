"""Roles of places: where it happened, where the source is, where people went."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sahel_map.coding.lines import read_line
from sahel_map.coding.scenes import role_of
from sahel_map.language.plain import plain
from sahel_map.language.sentences import Sentence

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "roles.csv").read_text(encoding="utf-8").splitlines()))
COUNTRIES = ("Mali", "Burkina Faso", "Niger")


@pytest.mark.parametrize("case", CASES, ids=[f"{c['language']}-{c['place']}-{c['lesson']}" for c in CASES])
def test_a_place_has_the_role_the_table_says(case: dict[str, str]) -> None:
    text = case["sentence"]
    line = read_line(0, Sentence(0, len(text), text, plain(text), 0, True), case["language"], None)
    start = text.index(case["place"])
    assert role_of(line, start, start + len(case["place"]), case["place"] in COUNTRIES) == case["role"]
