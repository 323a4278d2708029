"""When: the behaviour table of dates, English and French side by side (tests/cases/dates.csv)."""

from __future__ import annotations

import datetime as dt

import pytest

from sahel_map.language.dates import dates
from sahel_map.language.plain import plain
from tests.cases import rows


def shown(mention):
    """(first, last) as the table writes them: a day, "told+1" from the day told before, or "open"."""
    if mention.base == "told":
        return tuple(f"told{days:+d}" for days in mention.offset)
    return tuple(day.isoformat() if day else "open" for day in (mention.first, mention.last))


@pytest.mark.parametrize("row", rows("dates"), ids=lambda row: f"{row['language']}: {row['lesson']}")
def test_the_first_date_of_a_sentence(row):
    published = dt.date.fromisoformat(row["published"]) if row["published"] else None
    found = dates(plain(row["text"]), row["language"], published)
    assert (shown(found[0]) if found else ("none", "none")) == (row["first"], row["last"])
