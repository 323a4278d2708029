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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Suspected jihadists killed 15 villagers in Solhan on Tuesday, a VDP official said."),
        ("en", "Gunmen killed 15 villagers in Solhan on Tuesday, a member of the VDP said."),
        ("fr", "Des hommes armés ont tué 15 villageois à Solhan mardi, selon un responsable des VDP."),
    ],
)
def test_who_is_only_heard_is_neither_doer_nor_dead(language: str, text: str) -> None:
    (incident,) = _read(text, language).incidents.to_dict("records")
    assert "VDP" not in incident["actor1"] + incident["actor2"]
    assert (incident["fatalities_low"], incident["fatalities_high"]) == (15, 15)


def test_a_militia_that_acts_stays_the_doer() -> None:
    (incident,) = _read("VDP fighters killed 15 villagers in Solhan on Tuesday, residents said.").incidents.to_dict(
        "records"
    )
    assert incident["actor1"].startswith("VDP")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "On Tuesday gunmen killed 15 civilians in Tera. The previous week, eight soldiers were killed in Djibo.",
        ),
        (
            "fr",
            "La semaine précédente, huit soldats avaient été tués à Djibo. Mardi, des hommes armés ont tué 15 civils à Téra.",
        ),
    ],
)
def test_the_week_before_is_another_day(language: str, text: str) -> None:
    made = _read(text, language).incidents
    days = {r["location"]: (r["date_to"], r["fatalities_low"]) for r in made.to_dict("records")}
    assert set(days) == {"Téra", "Djibo"}
    assert days["Téra"] == ("2025-07-15", 15)
    assert days["Djibo"][0] < "2025-07-13"
    assert days["Djibo"][1] == 8


def test_struck_by_violence_is_no_air_strike() -> None:
    text = "Le village de Téra, frappé par la violence, a été attaqué mardi : 15 civils ont été tués."
    (incident,) = _read(text, "fr").incidents.to_dict("records")
    assert incident["sub_event_type"] == "Attack"


@pytest.mark.parametrize(
    ("said", "country", "location"),
    [(", a annoncé le gouvernement nigérien", "NE", "Western Niger"), ("", "", "ouest du pays")],
)
def test_the_west_of_the_country_is_that_of_the_country_told_of(said: str, country: str, location: str) -> None:
    text = f"Quinze civils ont été tués mardi dans l'ouest du pays{said}."
    (incident,) = _read(text, "fr").incidents.to_dict("records")
    assert ((incident["country"] or ""), incident["location"]) == (country, location)
