"""Do two mentions tell of one event? A score over place, day, actors, sort of event and figures, each with its reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sahel_map.coding.actors import CIVILIANS, UNIDENTIFIED
from sahel_map.coding.relations import date_relation, distance_km, place_relation
from sahel_map.model import PERSON, DateRange, EventMention, PlaceKind, Resolution

GENERIC = (UNIDENTIFIED, CIVILIANS, "Islamist militants (unidentified)", "Military Forces", "al-Qaeda affiliate", "")
_JOIN = 50  # the least score of a pair that joins


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well two mentions agree: a score, the reasons, and what forbids joining them."""

    score: int
    reasons: tuple[str, ...] = ()
    against: str = ""

    @property
    def joins(self) -> bool:
        return not self.against and self.score >= _JOIN


Days = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of a mention that is weighed: mentions of equal facts are weighed alike."""

    place: Resolution = field(compare=False)
    where: tuple[object, ...]  # what counts of the place
    days: Days | None
    event_type: str
    sub_event_type: str
    doers: tuple[str, ...]  # who may have struck
    actor2: str
    figures: frozenset[tuple[str, int]]


def facts(mention: EventMention, same: dict[Any, Any] | None = None) -> Facts:
    """What a mention states, without who tells it and in which words.

    ``same`` keeps one of equal values, so that the facts of a million mentions take little room.
    """
    same = {} if same is None else same
    place, when = mention.resolution, mention.when
    drawn = place.geometry if place.kind in (PlaceKind.UNIT, PlaceKind.AREA) else None
    where = (place.kind, place.location, place.country, place.position, place.uncertainty_km, drawn)
    days = (when.first, when.last) if when else None
    doers, figures = _doers(mention), _figures(mention)
    return Facts(
        place=place, where=same.setdefault(where, where), days=same.setdefault(days, days),
        event_type=mention.event_type, sub_event_type=mention.sub_event_type,
        doers=same.setdefault(doers, doers), actor2=mention.actor2, figures=same.setdefault(figures, figures),
    )  # fmt: skip


def compare(a: EventMention, b: EventMention) -> Match:
    """Weigh two mentions, unless one report tells of both."""
    if a.report_id == b.report_id:
        return Match(score=0, against="one report tells of them as two")
    one, other = facts(a), facts(b)
    return weigh(one, other, place_match(one.place, other.place))


def weigh(a: Facts, b: Facts, place: tuple[int, str]) -> Match:
    """Weigh what two reports state: place (``place_match``), day, actors, type and figures, each with its reason."""
    where, place_reason = place
    if where == 0:
        return Match(score=0, against=place_reason)
    when, day_reason = _day_match(a.days, b.days)
    if when == 0:
        return Match(score=0, against=day_reason)
    exact = when >= 30 and where >= 40
    against = _contradiction(a, b, exact=exact)
    if against:
        return Match(score=0, against=against)
    if not exact and not _figures_agree(a, b):
        # not enough to join these two, but no bar when other reports tie them together
        return Match(score=0, reasons=("different figures, and place or day only roughly the same",))
    score, reasons = where + when, [place_reason, day_reason]
    for bonus, reason in (_actor_match(a, b), _kind_match(a, b), _figure_match(a, b)):
        score += bonus
        if reason:
            reasons.append(reason)
    return Match(score=score, reasons=tuple(reasons))


# --- evidence -----------------------------------------------------------------------------------------------


def place_match(a: Resolution, b: Resolution) -> tuple[int, str]:
    """How well two places agree, 0 when they are different, and why."""
    relation = place_relation(a, b)
    if relation == "same":
        if a.position and b.position and a.kind is PlaceKind.PLACE and b.kind is PlaceKind.PLACE:
            km = distance_km(a.position, b.position)
            return 40, f"same place ({a.location}{'' if km < 1 else f', {km:.0f} km apart'})"
        return (36 if a.kind is b.kind else 30), f"same place ({a.location})"
    if relation in ("inside", "around"):
        if PlaceKind.COUNTRY in (a.kind, b.kind):
            return 8, f"{a.location} and {b.location}: one lies in the other"
        return 18, f"{a.location} and {b.location}: one lies in the other"
    return 0, f"different places ({a.location or '?'}, {b.location or '?'})"


@lru_cache(maxsize=1 << 14)  # neighbours in time are weighed one after another
def _day_match(a: Days | None, b: Days | None) -> tuple[int, str]:
    one, other = (DateRange(first=days[0], last=days[1]) if days else None for days in (a, b))
    relation = date_relation(one, other)
    if relation == "different":
        return 0, f"different days ({span(one)}, {span(other)})"
    if one is None or other is None:
        return 4, "one gives no day"
    if relation == "near":
        return 14, f"one day apart ({span(one)}, {span(other)})"
    longest = max((one.last - one.first).days, (other.last - other.first).days)
    if longest <= 2:
        return 30, f"same day ({span(one)})" if a == b else f"overlapping days ({span(one)}, {span(other)})"
    return (22 if longest <= 10 else 12), f"overlapping days ({span(one)}, {span(other)})"


def span(day: DateRange | None) -> str:
    """A day or window in words."""
    if day is None:
        return "no day"
    return day.first.isoformat() if day.first == day.last else f"{day.first.isoformat()} to {day.last.isoformat()}"


def _contradiction(a: Facts, b: Facts, *, exact: bool) -> str:
    """What two reports of one event cannot both say."""
    kinds = {a.event_type, b.event_type}
    if kinds & {"Protests", "Riots"} and len(kinds) > 1:
        return f"different sorts of event ({a.event_type}, {b.event_type})"
    mine, yours = a.doers, b.doers
    if mine and yours and not exact and not any(compatible(x, y) for x in mine for y in yours):
        return f"different actors ({' / '.join(sorted({mine[0], yours[0]}))})"
    return ""


def _doers(mention: EventMention) -> tuple[str, ...]:
    """Who may have struck, as far as named: coders' order of actors does not say which of the two did."""
    named = (mention.actor1, mention.actor2) if mention.event_id else (mention.actor1,)
    return tuple(actor for actor in named if actor not in GENERIC)


def compatible(a: str, b: str) -> bool:
    """Names that one group goes by: a wing and its whole, an old name and the new."""
    families = (
        {"JNIM: Group for Support of Islam and Muslims", "Katiba Macina", "Ansar Dine", "AQIM: Al Qaeda in the Islamic Maghreb",
         "Al Mourabitoun", "Ansaroul Islam", "al-Qaeda affiliate"},
        {"FLA: Azawad Liberation Front", "CSP: Permanent Strategic Framework", "CMA: Coordination of Azawad Movements",
         "MNLA: National Movement for the Liberation of Azawad", "Tuareg separatists",
         "HCUA: High Council for the Unity of Azawad"},
        {"Boko Haram: Jamaatu Ahlis-Sunna Lid-Dawati Wal-Jihad", "ISWAP: Islamic State West Africa Province"},
        {"IS Sahel: Islamic State Sahel Province", "ISWAP: Islamic State West Africa Province"},
    )  # fmt: skip
    return a == b or any(a in family and b in family for family in families)


def _figures(mention: EventMention) -> frozenset[tuple[str, int]]:
    # what the reports say tells them apart, not what a person knows better
    return frozenset((t.kind, t.low) for t in mention.tolls if not t.part_of and t.low > 0 and t.speaker_kind != PERSON)


def _figures_agree(a: Facts, b: Facts) -> bool:
    mine, yours = a.figures, b.figures
    if not mine or not yours or mine & yours:
        return True
    killed_a, killed_b = (sum(n for kind, n in found if kind == "killed") for found in (mine, yours))
    return bool(killed_a and killed_b) and min(killed_a, killed_b) / max(killed_a, killed_b) >= 0.6


def _actor_match(a: Facts, b: Facts) -> tuple[int, str]:
    mine, yours = a.doers, b.doers
    for actor in mine:
        if any(compatible(actor, other) for other in yours):
            return 12, f"same actor ({actor.split(':')[0]})"
    if mine and yours:
        return -6, ""
    return (4, "the actors agree as far as they are named") if a.actor2 == b.actor2 and a.actor2 else (0, "")


def _kind_match(a: Facts, b: Facts) -> tuple[int, str]:
    if a.sub_event_type == b.sub_event_type:
        return 8, f"same sort of event ({a.sub_event_type})"
    return (5, f"same sort of event ({a.event_type})") if a.event_type == b.event_type else (0, "")


def _figure_match(a: Facts, b: Facts) -> tuple[int, str]:
    shared = a.figures & b.figures
    if shared:
        kind, low = max(shared, key=lambda pair: pair[1])
        return 12, f"same figure ({low} {kind})"
    return (0, "") if _figures_agree(a, b) else (-8, "")
