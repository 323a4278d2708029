"""Texts that tell of no attack give no incident; texts that do give exactly the ones they tell."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from sahel_map.model import Report
from sahel_map.pipeline import Build, run

CASES = list(
    csv.DictReader((Path(__file__).parent / "cases" / "nonincidents.csv").read_text(encoding="utf-8").splitlines())
)
TUESDAY = dt.date(2025, 7, 15)


def _read(text: str, language: str = "en") -> Build:
    return run([Report(report_id="r", text=text, language=language, published=TUESDAY)])


@pytest.mark.parametrize("case", CASES, ids=[c["text"][:40] for c in CASES])
def test_what_is_no_attack_is_no_incident(case: dict[str, str]) -> None:
    made = _read(case["text"], case["language"])
    assert made.incidents.empty, made.incidents[["location", "sub_event_type"]].to_dict("records")


@pytest.mark.parametrize(
    ("language", "text", "where"),
    [
        ("en", "JNIM attacked Niono and Kayes on Tuesday, the army said.", {"Niono": "ML", "Kayes": "ML"}),
        ("en", "The army base in Boulikessi was attacked on Sunday, killing 5 soldiers.", {"Boulkessi": "ML"}),
        ("fr", "Des hommes armés ont attaqué Djibo dimanche et tué trois civils.", {"Djibo": "BF"}),
        ("en", "JNIM attacked posts in Ansongo, Labbezanga and Menaka on Tuesday.", {"Ansongo": "ML", "Labbezanga": "ML", "Ménaka": "ML"}),
        ("en", "JNIM attacked posts in Kayes, Mopti and Gao on Tuesday.", {"Kayes": "ML", "Mopti": "ML", "Gao": "ML"}),
        ("fr", "Des hommes armés ont attaqué Kayes, Ségou et Niono mardi.", {"Kayes": "ML", "Ségou": "ML", "Niono": "ML"}),
    ],
)  # fmt: skip
def test_the_places_of_a_sentence_each_have_their_incident(language: str, text: str, where: dict[str, str]) -> None:
    made = _read(text, language).incidents
    assert dict(zip(made["location"], made["country"], strict=True)) == where


def test_a_claim_by_a_group_with_its_french_name_and_brackets_is_a_claim() -> None:
    text = "Le Groupe de soutien à l'islam et aux musulmans (GSIM, lié à Al-Qaïda) a revendiqué l'attaque de dimanche à Djibo et affirme avoir tué 45 militaires."
    (incident,) = _read(text, "fr").incidents.to_dict("records")
    assert (incident["actor1_status"], incident["date_from"]) == ("claimed", "2025-07-13")
    assert [(t["low"], t["status"], t["speaker"]) for t in incident["tolls"]] == [(45, "claimed", "GSIM")]


def test_an_attack_told_beside_everyday_news_is_kept() -> None:
    text = "The president visited Gao on Friday. Gunmen attacked Djibo on Sunday and killed four civilians. The weather stays fine."
    (incident,) = _read(text).incidents.to_dict("records")
    assert (incident["location"], incident["fatalities_low"]) == ("Djibo", 4)
