"""Merging in blocks is merging: whatever crosses an edge is joined, and nothing is merged twice or lost."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from sahel_map.corpus import edges, finishing, joining
from sahel_map.corpus.catalogue import Catalogue
from sahel_map.corpus.mentions import KEYS, mention_row
from sahel_map.corpus.spreading import spread
from sahel_map.estimates import Rule
from sahel_map.incidents import to_table
from sahel_map.merging import merge
from tests.mentions import random_mentions, reports_of


def in_blocks(mentions, reports, folder, rule=Rule.UCDP):
    """What ``corpus.run`` does after coding; the table, the doubts and how many chains left their block."""
    by_id = {r.report_id: r for r in reports}
    leaving = []
    with Catalogue(folder / "catalogue.sqlite") as catalogue:
        rows = [mention_row(m, by_id[m.report_id]) for m in mentions]
        for row in rows:
            row["geometry"] = bytes.fromhex(row["geometry"]) if row["geometry"] else None
        catalogue.add("mentions", [(None, *(row[c] for c in (*KEYS, "mention", "report", "geometry"))) for row in rows])
        catalogue.index("mentions")
        parts = []
        for job, told in spread("blocks", joining.piece, joining.jobs(catalogue, rule), folder, None):
            leaving += told["leaving"]
            parts += [f"blocks/{job.name}"] * bool(told["incidents"])
        for job, _ in spread("edges", edges.piece, edges.jobs(catalogue, leaving, rule), folder, None):
            parts.append(f"edges/{job.name}")
        finishing.index(catalogue, folder, parts)
        jobs = finishing.jobs(catalogue, folder, folder / "out")
        names = [job.name for job, _ in spread("incidents", finishing.piece, jobs, folder, None)]
    table, doubts = finishing.table(folder, names)
    return table, doubts, len(leaving)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [10, 60])
def test_blocks_make_what_one_merge_makes(tmp_path, monkeypatch, seed, size):
    monkeypatch.setattr(joining, "BLOCK", size)
    monkeypatch.setattr(finishing, "PART", 25)
    mentions = random_mentions(260, seed=seed)
    reports = reports_of(mentions)
    whole = to_table(merge(mentions, reports), reports)
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


def test_chains_are_what_pairs_tie_together():
    assert joining.chained(6, [(5, 1), (3, 1), (2, 4)]) == [[0], [1, 3, 5], [2, 4]]
    assert joining.chained(0, []) == []
