"""Who did what to whom, a row a lesson: who tells of a deed, counts or accuses is not its doer."""

from __future__ import annotations

import datetime as dt

import pytest

from sahel_map.coding.report import code_report
from sahel_map.coding.scenes import Locator
from sahel_map.gazetteer import Gazetteer
from sahel_map.model import Report
from sahel_map.resolution import Resolver
from tests.cases import rows


@pytest.fixture(scope="module")
def locator():
    return Locator(Resolver(Gazetteer.open(local=False)))


@pytest.mark.parametrize("row", rows("actors"), ids=lambda row: f"{row['language']}: {row['text'][:40]}")
def test_who_did_what(row, locator):
    report = Report(report_id="r", text=row["text"], language=row["language"], published=dt.date(2024, 6, 15))
    mention, *_ = code_report(report, locator).mentions
    # a group's long name follows its short one: "JNIM: Group for Support of …"
    assert [mention.actor1.split(":")[0], mention.actor2.split(":")[0]] == [row["actor1"], row["actor2"]]
    if row["status"]:
        assert mention.actor1_status == row["status"]
