"""Each value of a mention carries the words it was read from, their sentence and characters."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from sahel_map.cli import main
from sahel_map.coding.report import code_report
from sahel_map.coding.scenes import Locator
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import Report
from sahel_map.resolution import Resolver
from tests.test_pipeline import EXAMPLES

STORIES = Path(__file__).parent / "cases" / "stories.csv"


@pytest.fixture(scope="module")
def locator() -> Locator:
    return Locator(Resolver(Gazetteer.open(local=False)))


def coded(text: str, language: str, locator: Locator, published: str = "2025-07-15"):
    report = Report(report_id="r", text=text, language=language, published=dt.date.fromisoformat(published))
    return code_report(report, locator)


# text, language, field, words
TOLD = [
    ("Gunmen killed nine villagers in Arbinda on Sunday, a resident said.", "en", "place", "Arbinda"),
    ("Gunmen killed nine villagers in Arbinda on Sunday, a resident said.", "en", "date", "Sunday"),
    ("Gunmen killed nine villagers in Arbinda on Sunday, a resident said.", "en", "actor1", "Gunmen"),
    ("Gunmen killed nine villagers in Arbinda on Sunday, a resident said.", "en", "actor2", "villagers"),
    ("Des assaillants ont tué neuf villageois dimanche à Arbinda.", "fr", "place", "Arbinda"),
    ("Des assaillants ont tué neuf villageois dimanche à Arbinda.", "fr", "date", "dimanche"),
    ("Des assaillants ont tué neuf villageois dimanche à Arbinda.", "fr", "actor1", "assaillants"),
    ("JNIM fighters overran the army base in Djibo on Friday, killing ten soldiers.", "en", "outcome", "overran"),
    ("JNIM fighters overran the army base in Djibo on Friday, killing ten soldiers.", "en", "actor1", "JNIM"),
    ("Une mine a explosé samedi au passage d'un car près de Djibo : six morts.", "fr", "event_type", "mine"),
]


@pytest.mark.parametrize(("text", "language", "field", "words"), TOLD)
def test_the_words_of_a_value(text, language, field, words, locator):
    (mention,) = coded(text, language, locator).mentions
    found = [e.words for e in mention.evidence if e.field == field]
    assert len(found) == 1
    assert words in found[0]


def test_a_named_group_is_shown_where_another_sentence_names_it(locator):
    text = "JNIM fighters struck on Friday.\n\nThe group killed ten soldiers in Djibo on Saturday, the army said."
    mention = next(m for m in coded(text, "en", locator).mentions if m.resolution.location == "Djibo")
    (told,) = (e for e in mention.evidence if e.field == "actor1")
    assert (told.words, told.sentence) == ("JNIM", "JNIM fighters struck on Friday.")


def test_what_was_concluded_has_no_words(locator):
    (mention,) = coded("Nine villagers were killed in Arbinda.", "en", locator).mentions
    assert "no day in the" in mention.reason
    assert not [e for e in mention.evidence if e.field in ("date", "actor1")]  # nobody says when, nor who


def test_the_characters_of_every_story_are_its_words(locator):
    with STORIES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    fields = set()
    for row in rows:
        text = row["text"].replace(" // ", "\n\n")
        for mention in coded(text, row["language"], locator, row["published"]).mentions:
            for told in mention.evidence:
                assert text[told.start : told.end] == told.words
                assert told.words
                assert told.words in told.sentence
                fields.add(told.field)
    assert fields >= {"place", "date", "actor1", "actor2", "event_type"}


def test_evidence_csv_and_explain_show_them_and_a_correction_takes_them_out(tmp_path, capsys):
    corrections = tmp_path / "corrections.csv"
    corrections.write_text(
        "action,target,field,value,who,why\nset,NE-banibangou-20250619,actor1,Somebody else,A. Analyst,seen\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    assert main(["build", str(EXAMPLES), "--out", str(out), "--corrections", str(corrections)]) == 0
    with (out / "evidence.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    here = [r for r in rows if r["incident_id"] == "NE-banibangou-20250619"]
    assert ("date", "2025-06-19", "jeudi") in [(r["field"], r["value"], r["words"]) for r in here]
    assert ("outcome", "seized", "overran") in [(r["field"], r["value"], r["words"]) for r in here]
    assert all(r["sentence"] for r in here)
    assert not [r for r in here if r["field"] == "actor1"]  # a person set it
    capsys.readouterr()
    assert main(["explain", "NE-banibangou-20250619", "--in", str(out)]) == 0
    assert "date: “jeudi”, characters 117–122" in capsys.readouterr().out
