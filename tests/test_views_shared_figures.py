"""Figures that several incidents share are found once, whatever way they are written down."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from sahel_map.views.shared_figures import shared_figures


def toll(mention: str, shared_with: Any, low: int | None = 100, kind: str = "killed") -> dict[str, Any]:
    return {"mention_id": mention, "shared_with": shared_with, "low": low, "high": None, "kind": kind, "who": "soldiers", "qualifier": "more than"}  # fmt: skip


@pytest.mark.parametrize(
    ("ledgers", "rows"),
    [
        ([[toll("a:1", "a:2")], [toll("a:2", "a:1")]], [[0, 1]]),
        ([[toll("a:1", "a:2; a:3")], [toll("a:2", "a:1; a:3")], [toll("a:3", ["a:1", "a:2"])]], [[0, 1, 2]]),
        ([[toll("a:1", "I1")], []], [[0, 1]]),  # another incident named by its own identifier
        ([[toll("a:1", "a:9")], [toll("a:2", "")]], []),  # shared with one that is not in the table
        ([[toll("a:1", "a:2")], [toll("a:2", "a:1", low=90)]], [[0, 1], [0, 1]]),  # two figures: both told
        ([json.dumps([toll("a:1", "a:2")]), json.dumps([toll("a:2", "a:1")])], [[0, 1]]),  # read back from a file
        ([None, float("nan"), ""], []),
    ],
)
def test_each_shared_figure_once(ledgers: list[Any], rows: list[list[int]]) -> None:
    table = pd.DataFrame(
        {"incident_id": [f"I{i}" for i in range(len(ledgers))], "tolls": pd.Series(ledgers, dtype="object")}
    )
    assert [figure["rows"] for figure in shared_figures(table)] == rows


def test_a_table_without_a_ledger_shares_nothing() -> None:
    assert shared_figures(pd.DataFrame({"incident_id": ["I1"]})) == []
