"""What a short report tells, as a whole: places, days, tolls and totals (tests/cases/stories.csv)."""

from __future__ import annotations

import datetime as dt

import pytest

from sahel_map.coding.report import CodedReport, code_report
from sahel_map.coding.scenes import Locator
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import EventMention, Report
from sahel_map.resolution import Resolver
from tests.cases import rows


@pytest.fixture(scope="module")
def locator():
    return Locator(Resolver(Gazetteer.open(local=False)))


def shown(coded: CodedReport) -> str:
    totals = [f"total {toll.who} {toll.low}" for toll in coded.aggregates]
    return "; ".join([*(_incident(mention) for mention in coded.mentions), *totals])


def _incident(mention: EventMention) -> str:
    when = mention.when
    days = (
        "no day" if when is None else "/".join(dict.fromkeys((when.first.isoformat()[5:], when.last.isoformat()[5:])))
    )
    killed = [
        f"{t.who} {t.low}{' shared' * bool(t.shared_with)}"
        for t in mention.tolls
        if t.kind == "killed" and not t.part_of
    ]
    return " ".join([mention.resolution.location, days, ", ".join(killed) or "-"])


@pytest.mark.parametrize("row", rows("stories"), ids=lambda row: f"{row['language']}: {row['lesson']}")
def test_what_a_story_tells(row, locator):
    text = row["text"].replace(" // ", "\n\n")
    published = dt.date.fromisoformat(row["published"])
    report = Report(report_id="r", text=text, language=row["language"], published=published)
    assert shown(code_report(report, locator)) == row["told"]


@pytest.mark.parametrize(
    ("text", "language", "outcome"),
    [
        ("Fighters killed ten soldiers in Djibo on Friday and seized the base and its weapons.", "en", "seized"),
        ("Fighters killed ten soldiers in Djibo on Friday and seized twelve assault rifles.", "en", ""),
        ("Ten soldiers died in Djibo on Friday; thirty militants were killed and weapons were seized.", "en", ""),
        ("Le groupe a tué dix soldats vendredi à Djibo et s'est emparé du camp.", "fr", "seized"),
        ("Le groupe a tué dix soldats vendredi à Djibo et s'est emparé de plusieurs armes.", "fr", ""),
    ],
)
def test_loot_is_no_ground(text, language, outcome, locator):
    report = Report(report_id="r", text=text, language=language, published=dt.date(2024, 6, 15))
    assert [mention.outcome for mention in code_report(report, locator).mentions] == [outcome]
