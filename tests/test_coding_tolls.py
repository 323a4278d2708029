"""How many: the behaviour table of figures, English and French side by side (tests/cases/tolls.csv)."""

from __future__ import annotations

import pytest

from sahel_map.coding.tolls import figures, says_no_toll
from sahel_map.language.plain import plain
from tests.cases import rows


def shown(figure):
    span = f"{figure.low}+" if figure.high is None else f"{figure.low}-{figure.high}"
    count = str(figure.low) if figure.low == figure.high else span
    return f"{figure.who} {figure.kind} {count} {figure.qualifier}{' part' if figure.part else ''}"


@pytest.mark.parametrize("row", rows("tolls"), ids=lambda row: f"{row['language']}: {row['lesson']}")
def test_the_figures_of_a_sentence(row):
    found = figures(plain(row["sentence"]), row["language"])
    assert "; ".join(shown(figure) for figure in found) == row["figures"]
    assert all(0 <= figure.start < figure.end <= len(row["sentence"]) for figure in found)


@pytest.mark.parametrize(
    "row", [row for row in rows("tolls") if "not nought" in row["lesson"]], ids=lambda row: row["sentence"]
)
def test_a_toll_that_is_not_given_is_said_to_be_unknown(row):
    assert says_no_toll(plain(row["sentence"]), row["language"])
