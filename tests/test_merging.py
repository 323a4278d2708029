"""Merging: which mentions are one incident, whatever the order they come in."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from sahel_map.matching import compare
from sahel_map.merging import merge
from sahel_map.model import (
    DateRange,
    EventMention,
    GeoPrecision,
    LonLat,
    PlaceKind,
    Report,
    Resolution,
    ResolutionStatus,
    Toll,
)

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "merging.csv").read_text(encoding="utf-8").splitlines()))


def place(name: str, lat: float, lon: float, country: str = "ML") -> Resolution:
    return Resolution(
        query=name, status=ResolutionStatus.RESOLVED, kind=PlaceKind.PLACE, location=name, position=LonLat(lon, lat),
        geometry=Point(lon, lat), country=country, geo_precision=GeoPrecision.PLACE, uncertainty_km=2.0, score=1.0,
    )  # fmt: skip


def window(text: str) -> DateRange | None:
    if not text:
        return None
    first, _, last = text.partition("/")
    return DateRange(first=dt.date.fromisoformat(first), last=dt.date.fromisoformat(last or first))


def mention(
    report: str,
    where: Resolution,
    days: str,
    actor: str = "",
    killed: int | None = None,
    number: int = 1,
    **extra: object,
) -> EventMention:
    tolls = () if killed is None else (Toll(who="soldiers", kind="killed", low=killed, high=killed, report_id=report),)
    fields: dict[str, object] = {
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor2": "Military Forces of Mali",
    } | extra
    return EventMention(
        mention_id=f"{report}:{number}", report_id=report, place_text=where.location, resolution=where, when=window(days),
        actor1=actor, tolls=tolls, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[c["lesson"] for c in CASES])
def test_two_mentions_join_as_the_table_says(case: dict[str, str]) -> None:
    a, b = (
        mention(
            side, place(case[f"place_{side}"], float(case[f"lat_{side}"]), float(case[f"lon_{side}"]), "BF" if "(BF)" in case[f"place_{side}"] else "ML"),
            case[f"days_{side}"], case[f"actor_{side}"], int(case[f"killed_{side}"]) if case[f"killed_{side}"] else None,
        )
        for side in ("a", "b")
    )  # fmt: skip
    assert len(merge([a, b])) == (1 if case["joins"] == "yes" else 2), compare(a, b)


BOULKESSI = place("Boulkessi", 14.798, -1.303)
TIMBUKTU = place("Tombouctou", 16.773, -3.007)
JNIM = "JNIM: Group for Support of Islam and Muslims"


def week() -> list[EventMention]:
    return [
        mention("a", BOULKESSI, "2025-06-01", JNIM, 30),
        mention("a", TIMBUKTU, "2025-06-02", JNIM, 13, number=2),
        mention("b", BOULKESSI, "2025-05-31", JNIM, 30),
        mention("b", TIMBUKTU, "2025-06-01", JNIM, None, number=2),
        mention("c", BOULKESSI, "2025-06-01", "", 30),
        mention("d", TIMBUKTU, "2025-06-02", JNIM, 14),
    ]


@given(st.permutations(range(6)))
@settings(max_examples=60, deadline=None)
def test_the_order_of_mentions_changes_nothing(order: list[int]) -> None:
    mentions = week()
    assert merge([mentions[i] for i in order]) == merge(mentions)


def test_merging_again_what_was_merged_changes_nothing() -> None:
    once = merge(week())
    assert merge([m for incident in once for m in incident.mentions]) == once


def test_a_later_report_keeps_the_ids() -> None:
    reports = [Report(report_id=r, text="", published=dt.date(2025, 6, 2 + i)) for i, r in enumerate("abcdz")]
    before = {i.incident_id for i in merge(week(), reports)}
    after = {i.incident_id for i in merge([*week(), mention("z", BOULKESSI, "2025-06-01", JNIM, 60)], reports)}
    assert before == after


def test_the_day_most_reports_give_wins_and_the_other_is_a_conflict() -> None:
    boulkessi = next(i for i in merge(week()) if i.resolution.location == "Boulkessi")
    assert boulkessi.when is not None
    assert boulkessi.when.first == dt.date(2025, 6, 1)
    assert any(c.startswith("date:") and "2025-05-31" in c for c in boulkessi.conflicts)


def test_one_report_never_merges_with_itself() -> None:
    two = [mention("a", BOULKESSI, "2025-06-01", JNIM, 3), mention("a", BOULKESSI, "2025-06-01", JNIM, 5, number=2)]
    assert len(merge(two)) == 2
    assert len({i.incident_id for i in merge(two)}) == 2


def test_conflicting_tolls_are_kept_and_flagged() -> None:
    timbuktu = next(i for i in merge(week()) if i.resolution.location == "Tombouctou")
    assert timbuktu.disputed
    assert sorted(t.low for m in timbuktu.mentions for t in m.tolls) == [13, 14]
    assert (timbuktu.fatalities_low, timbuktu.fatalities_high) == (13, 14)


def test_a_person_can_join_and_part() -> None:
    far = [mention("a", BOULKESSI, "2025-06-01"), mention("b", TIMBUKTU, "2025-06-02")]
    assert len(merge(far, must={frozenset({"a:1", "b:1"})})) == 1
    near = [mention("a", BOULKESSI, "2025-06-01"), mention("b", BOULKESSI, "2025-06-01")]
    assert len(merge(near, never={frozenset({"a:1", "b:1"})})) == 2


def test_a_thousand_mentions_in_random_order() -> None:
    rng = random.Random(7)
    mentions = [
        mention(
            f"r{i}",
            place(f"P{i % 50}", 12 + (i % 50) * 0.1, 0.5),
            f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}",
            "",
            i % 30,
        )
        for i in range(1000)
    ]
    shuffled = mentions[:]
    rng.shuffle(shuffled)
    assert merge(shuffled) == merge(mentions)


@pytest.mark.parametrize(("other", "incidents"), [("entre Anéfis et Aguelhok", 1), ("entre Gao et Ansongo", 2)])
def test_ways_that_share_an_end_may_be_one(other: str, incidents: int) -> None:
    texts = [
        "Le FLA a attaqué mercredi un convoi de l'armée entre Anéfis et Kidal.",
        f"Le FLA a attaqué mercredi un convoi de l'armée {other}, au Mali.",
    ]
    from sahel_map.pipeline import run

    published = dt.date(2025, 7, 10)
    reports = [Report(report_id=f"r{n}", text=text, language="fr", published=published) for n, text in enumerate(texts)]
    assert len(run(reports).incidents) == incidents
