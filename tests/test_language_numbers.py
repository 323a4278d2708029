"""How many: the behaviour table of counts, English and French side by side (tests/cases/numbers.csv)."""

from __future__ import annotations

import pytest

from sahel_map.language.numbers import numbers
from sahel_map.language.plain import plain
from tests.cases import rows


def shown(number):
    span = f"{number.low}+" if number.high is None else f"{number.low}-{number.high}"
    return f"{number.low if number.low == number.high else span} {number.qualifier}"


@pytest.mark.parametrize("row", rows("numbers"), ids=lambda row: f"{row['language']}: {row['lesson']}")
def test_the_counts_of_a_text(row):
    found = numbers(plain(row["text"]), row["language"])
    assert "; ".join(shown(number) for number in found) == row["numbers"]
