"""What must hold of merging whatever comes in: no order, no repetition and no batching changes the incidents."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sahel_map import grouping
from sahel_map.blocking import candidate_pairs
from sahel_map.corrections import COLUMNS, apply_to_mentions, read_corrections
from sahel_map.errors import InputError
from sahel_map.gazetteer import Gazetteer
from sahel_map.matching import compare, weigh
from sahel_map.merging import merge
from sahel_map.resolution import Resolver
from tests.mentions import one_story, random_mentions, reports_of

seeds = st.integers(min_value=0, max_value=100_000)
numbered = re.compile(r"(?<=\d{8})-\d+$|(?<=undated)-\d+$")  # the second incident of a place and day
few = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def resolver():
    return Resolver(Gazetteer.open(local=False))


def groups(incidents):
    return {frozenset(m.mention_id for m in i.mentions) for i in incidents}


@given(seeds, st.randoms(use_true_random=False))
@few
def test_the_order_of_mentions_and_reports_changes_nothing(seed, chance):
    mentions = random_mentions(60, seed=seed, days=10, places=5)
    reports = reports_of(mentions)
    made = merge(mentions, reports)
    chance.shuffle(mentions)
    chance.shuffle(reports)
    assert merge(mentions, reports) == made


@given(seeds)
@few
def test_merging_what_was_merged_changes_nothing(seed):
    mentions = random_mentions(60, seed=seed, days=10, places=5)
    reports = reports_of(mentions)
    once = merge(mentions, reports)
    assert merge([m for incident in once for m in incident.mentions], reports) == once


@given(seeds, st.integers(min_value=1, max_value=5))
@few
def test_batches_merged_one_after_another_make_what_one_merge_makes(seed, batches):
    mentions = random_mentions(60, seed=seed, days=10, places=5)
    reports = reports_of(mentions)
    kept = []
    for n in range(batches):
        kept = [m for i in merge([*kept, *mentions[n::batches]], reports) for m in i.mentions]
    assert merge(kept, reports) == merge(mentions, reports)


@given(seeds)
@few
def test_every_mention_is_in_one_incident_and_every_id_is_its_own(seed):
    mentions = random_mentions(80, seed=seed, days=8, places=4)
    made = merge(mentions, reports_of(mentions))
    assert sorted(m.mention_id for i in made for m in i.mentions) == sorted(m.mention_id for m in mentions)
    assert len({i.incident_id for i in made}) == len(made)
    for incident in made:  # none holds two that forbid each other
        assert not any(compare(a, b).against for a in incident.mentions for b in incident.mentions if a is not b)


@given(seeds, st.randoms(use_true_random=False))
@few
def test_groups_are_those_of_weighing_every_pair_best_first(seed, chance):
    mentions = random_mentions(60, seed=seed, days=8, places=4)
    mentions += [replace(chance.choice(mentions), mention_id=f"x{n}:1", report_id=f"x{n // 2}") for n in range(30)]
    mentions = [
        replace(m, report_id=d, event_id=f"{d}:{n}") if (d := chance.choice(("UCDP", *[""] * 5))) else m
        for n, m in enumerate(sorted(mentions, key=lambda m: m.mention_id))
    ]
    never = {frozenset(chance.sample([m.mention_id for m in mentions], 2)) for _ in range(40)}
    known = {r.report_id: r for r in reports_of(mentions)}
    assert groups(merge(mentions, known.values(), never=never)) == groups_of_all_pairs(mentions, known, never)


def groups_of_all_pairs(mentions, reports, never):
    """What grouping means, written as plainly and as slowly as can be."""
    found = [{i} for i in range(len(mentions))]
    joined = [
        (-match.score, mentions[i].mention_id, mentions[j].mention_id, i, j)
        for i, j in candidate_pairs(mentions, reports)
        if (match := compare(mentions[i], mentions[j])).joins
    ]
    for *_, i, j in sorted(joined):
        one, other = (next(group for group in found if k in group) for k in (i, j))
        pairs = [(mentions[x], mentions[y]) for x in one for y in other]
        if one is not other and not any(
            compare(x, y).against or frozenset((x.mention_id, y.mention_id)) in never for x, y in pairs
        ):
            one |= other
            found.remove(other)
    return {frozenset(mentions[i].mention_id for i in group) for group in found}


def test_a_story_that_ever_more_reports_tell_alike_is_weighed_no_oftener_than_they_are_more(monkeypatch):
    weighed = []
    monkeypatch.setattr(grouping, "weigh", lambda *facts: weighed.append(facts) or weigh(*facts))
    counts = []
    for count in (500, 4000):
        weighed.clear()
        mentions = one_story(count, seed=1)
        merge(mentions, reports_of(mentions, days=1))
        counts.append(len(weighed))
    assert counts[1] <= 8 * counts[0]


@given(seeds)
@few
def test_no_figure_is_lost(seed):
    mentions = random_mentions(60, seed=seed, days=10, places=5)
    made = merge(mentions, reports_of(mentions))
    told = sorted((t.report_id, t.low, t.kind) for m in mentions for t in m.tolls)
    assert sorted((t.report_id, t.low, t.kind) for i in made for m in i.mentions for t in m.tolls) == told
    for incident in made:
        lows = [t.low for m in incident.mentions for t in m.tolls if not t.shared_with]
        if lows and incident.fatalities_low is not None:
            assert incident.fatalities_low <= max(lows)
            assert incident.fatalities_high is None or incident.fatalities_high >= incident.fatalities_low


@given(seeds)
@few
def test_a_report_published_later_leaves_the_ids_of_what_it_does_not_tell_of(seed):
    mentions = random_mentions(50, seed=seed, days=10, places=5)
    reports = reports_of(mentions)
    last = max(r.report_id for r in reports)
    before = merge([m for m in mentions if m.report_id != last], reports)
    after = merge(mentions, [replace(r, published=r.published.replace(year=2030)) if r.report_id == last else r for r in reports])  # fmt: skip
    touched = {m.mention_id for m in mentions if m.report_id == last}
    unchanged = {frozenset(m.mention_id for m in i.mentions): numbered.sub("", i.incident_id) for i in before}
    for incident in after:
        ids = frozenset(m.mention_id for m in incident.mentions)
        if ids in unchanged and not ids & touched:
            assert numbered.sub("", incident.incident_id) == unchanged[ids]


# --- corrections -----------------------------------------------------------------------------------------------------


def corrected(mentions, rows, tmp_path, resolver):
    """Incidents of a build with a corrections file, and what did not fit."""
    path = tmp_path / "corrections.csv"
    lines = [",".join(COLUMNS), *(",".join(f'"{cell}"' for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    reports = reports_of(mentions)
    made = merge(mentions, reports)
    changed, decisions = apply_to_mentions(mentions, made, read_corrections(path), resolver)
    return merge(changed, reports, must=decisions.must, never=decisions.never), decisions.unfit


@pytest.mark.parametrize("seed", range(12))
def test_every_correction_is_applied_or_reported_whatever_came_in_since(seed, tmp_path, resolver):
    chance = random.Random(seed)
    mentions = random_mentions(50, seed=seed, days=10, places=5)
    made = merge(mentions, reports_of(mentions))
    ids = [m.mention_id for m in mentions]
    rows = [
        ("set", chance.choice(ids), "actor1", "Katiba Macina", "A", "seen"),
        ("set", chance.choice(made).incident_id, "event_date", "2024-01-03", "A", "seen"),
        ("place", chance.choice(ids), "", "14.1, -1.6", "A", "seen"),
        ("place", chance.choice(ids), "", "Nowhere at all", "A", "seen"),
        ("join", "; ".join(chance.sample(ids, 2)), "", "", "A", "seen"),
        ("split", "; ".join(chance.sample(ids, 2)), "", "", "A", "seen"),
        ("drop", chance.choice(ids), "", "", "A", "seen"),
        ("drop", "nothing-of-this-name", "", "", "A", "seen"),
    ]
    # the same reports again, and others that came since: the same decisions still hold
    for more in ([], random_mentions(90, seed=seed, days=10, places=5)[50:]):
        everything = mentions + [
            replace(m, mention_id=f"new-{m.mention_id}", report_id=f"new-{m.report_id}") for m in more
        ]
        now, unfit = corrected(everything, rows, tmp_path, resolver)
        of = {m.mention_id: i for i in now for m in i.mentions}
        by_id = {m.mention_id: m for i in now for m in i.mentions}
        lines = {int(text.split()[3]) for text in unfit}
        assert {5, 9} <= lines  # the place and the id that nobody knows
        for line, (action, target, field, value, *_) in enumerate(rows, 2):
            if line in lines:
                continue
            targets = [t.strip() for t in target.split(";")]
            if action == "drop":
                assert targets[0] not in by_id
            elif targets[0] not in by_id:
                continue  # another correction dropped it
            elif action == "set" and field == "actor1":
                assert by_id[targets[0]].actor1 == value
            elif action == "place":
                assert by_id[targets[0]].resolution.method == "correction"
            elif action in ("join", "split") and targets[1] in by_id:
                same = of[targets[0]] is of[targets[1]]
                contradicted = set(rows[4][1].split("; ")) == set(rows[5][1].split("; "))
                assert contradicted or same == (action == "join")


def test_a_correction_without_a_reason_is_refused(tmp_path, resolver):
    with pytest.raises(InputError, match="who and why are wanted"):
        corrected(random_mentions(4, seed=1), [("drop", "x", "", "", "", "")], tmp_path, resolver)
