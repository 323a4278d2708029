"""Who says so: the behaviour table of sources, English and French side by side (tests/cases/speakers.csv)."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from sahel_map.coding.actors import actors
from sahel_map.coding.speakers import speakers
from sahel_map.language.plain import plain
from tests.cases import rows

WANTED = re.compile(r"(?P<kind>[a-z ]+)=(?P<words>.+?)(?: via (?P<via>\w+))?")


@pytest.mark.parametrize("row", rows("speakers"), ids=lambda row: f"{row['language']}: {row['lesson']}")
def test_the_source_a_sentence_quotes(row):
    text = row["sentence"]
    named = actors(plain(text), row["language"], dt.date(2025, 6, 5))
    found = speakers(text, plain(text), row["language"], named)
    if not row["speaker"]:
        assert found == ()
        return
    wanted = WANTED.fullmatch(row["speaker"])
    (speaker,) = found
    assert speaker.kind == wanted["kind"]
    assert plain(wanted["words"]) in plain(speaker.text)
    assert speaker.via.lower() == (wanted["via"] or "")
    assert 0 <= speaker.start < speaker.end <= len(text)
