"""Merging in blocks is merging: whatever crosses an edge is joined, and nothing is merged twice or lost."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pandas as pd
import pytest

from sahel_map.corpus import finishing, joining
from sahel_map.corpus.catalogue import Catalogue
from sahel_map.corpus.chains import Chains
from sahel_map.corpus.mentions import in_catalogue, mention_row
from sahel_map.corpus.steps import Steps
from sahel_map.estimates import Rule
from sahel_map.incidents import joined, to_table
from sahel_map.merging import merge
from tests.mentions import random_mentions, reports_of


def in_blocks(mentions, reports, folder, rule=Rule.UCDP):
    """What ``corpus.run`` does after coding; the table, the doubts and how many chains left their block."""
    by_id = {r.report_id: r for r in reports}
    with Catalogue(folder / "catalogue.sqlite") as catalogue:
        rows = [mention_row(m, by_id[m.report_id]) for m in mentions]
        for row in rows:
            row["geometry"] = bytes.fromhex(row["geometry"]) if row["geometry"] else None
        catalogue.add("mentions", map(in_catalogue, rows))
        catalogue.index("mentions")
        steps = Steps(folder=folder, catalogue=catalogue)
        steps.merge(rule)
        names = [name for name, _ in steps.write(folder / "out")]
    leaving = sum(len(json.loads(path.read_text())["leaving"]) for path in (folder / "blocks").glob("*.json"))
    table, doubts = finishing.table(folder, names)
    return table, doubts, leaving


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [10, 60])
def test_blocks_make_what_one_merge_makes(tmp_path, monkeypatch, seed, size):
    monkeypatch.setattr(joining, "BLOCK", size)
    monkeypatch.setattr(finishing, "PART", 25)
    mentions = random_mentions(260, seed=seed)
    reports = reports_of(mentions)
    whole = joined(to_table(merge(mentions, reports), reports))
    random.Random(seed).shuffle(mentions)
    table, _, leaving = in_blocks(mentions, reports, tmp_path)
    assert leaving > 5
    pd.testing.assert_frame_equal(
        pd.DataFrame(whole.drop(columns="geometry")), pd.DataFrame(table.drop(columns="geometry"))
    )
    assert all(a is b or a.equals_exact(b, 0) for a, b in zip(whole.geometry, table.geometry, strict=True))


def test_no_mention_is_lost_or_doubled(tmp_path, monkeypatch):
    monkeypatch.setattr(joining, "BLOCK", 15)
    mentions = random_mentions(400, seed=9, days=12, places=4)
    table, _, _ = in_blocks(mentions, reports_of(mentions), tmp_path)
    told = [row["mention_id"] for rows in table["mentions"] for row in rows]
    assert sorted(told) == sorted(m.mention_id for m in mentions)
    assert table["incident_id"].is_unique


def test_a_day_of_many_incidents_at_one_place_stands_in_the_order_of_one_process(tmp_path):
    alike = random_mentions(1, seed=3)[0]
    mentions = [
        replace(alike, mention_id=f"m{n:02}", report_id=f"r{n:02}", actor1=f"Militia {n}", tolls=(), background=False)
        for n in range(14)
    ]
    reports = reports_of(mentions)
    whole = joined(to_table(merge(mentions, reports), reports))
    table, _, _ = in_blocks(mentions, reports, tmp_path)
    assert list(table["incident_id"]) == list(whole["incident_id"])
    assert len(whole) == 14


def test_chains_on_disk_are_those_in_memory(tmp_path):
    chance = random.Random(2)
    pairs = [(chance.randrange(300), chance.randrange(300)) for _ in range(220)]
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        chains = Chains(catalogue)
        for pair in pairs:
            chains.tie(pair)
        found = list(chains.sets())
    assert found == [
        chain for chain in joining.chained(300, pairs) if len(chain) > 1 or (chain * 2 in map(list, pairs))
    ]


def test_chains_are_what_pairs_tie_together():
    assert joining.chained(6, [(5, 1), (3, 1), (2, 4)]) == [[0], [1, 3, 5], [2, 4]]
    assert joining.chained(0, []) == []
