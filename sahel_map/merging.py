"""Which mentions are one incident, and why: a deterministic, explained merge over reports.

Two mentions join when their places agree, their days overlap (or differ by one day with other evidence)
and nothing contradicts. The order of the input changes nothing: pairs are weighed in a fixed order, and a
group only grows while all its members agree with each other. No figure is dropped; what disagrees is
listed as a conflict.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeVar

from sahel_map.blocking import close_pairs, each_close, extents
from sahel_map.coding.actors import CIVILIANS, UNIDENTIFIED
from sahel_map.coding.relations import date_relation, distance_km, place_relation
from sahel_map.estimates import Rule, estimate
from sahel_map.model import DateRange, EventMention, Incident, PlaceKind, Report, Resolution, ResolutionStatus, Toll
from sahel_map.names import fold

BACKGROUND_DAYS = 30
_ANY_DAY = (0, dt.date.max.toordinal())
ONE_DAY = dt.timedelta(days=1)
_T = TypeVar("_T")
_FIRMNESS = {"claimed": 0, "attributed": 1, "suspected": 2}  # one report of a claim is enough to say that there is one
_UNNAMED = "one unnamed origin"
_JOIN = 50  # the least score of a pair that joins
_GENERIC = (UNIDENTIFIED, CIVILIANS, "Islamist militants (unidentified)", "Military Forces", "al-Qaeda affiliate", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well two mentions agree: a score, the reasons, and what forbids joining them."""

    score: int
    reasons: tuple[str, ...] = ()
    against: str = ""

    @property
    def joins(self) -> bool:
        return not self.against and self.score >= _JOIN


Pairs = Collection[frozenset[str]]


def merge(
    mentions: Iterable[EventMention],
    reports: Iterable[Report] = (),
    *,
    rule: Rule = Rule.UCDP,
    must: Pairs = frozenset(),
    never: Pairs = frozenset(),
) -> tuple[Incident, ...]:
    """Join mentions into incidents. ``reports`` give the sources and publication days of the mentions.

    ``must`` and ``never`` are pairs of mention ids that a person has joined or parted.
    """
    found = unnumbered(mentions, reports, rule=rule, must=must, never=never)
    return _with_shared(_with_unique_ids(sorted(found, key=incident_order)))


def unnumbered(
    mentions: Iterable[EventMention],
    reports: Iterable[Report] = (),
    *,
    rule: Rule = Rule.UCDP,
    must: Pairs = frozenset(),
    never: Pairs = frozenset(),
) -> list[Incident]:
    """What ``merge`` makes, before incidents of one place and day are told apart by a number.

    Mentions that no chain of ``links`` ties to each other do not bear on each other here: each such set may be
    merged by itself.
    """
    by_id = {report.report_id: report for report in reports}
    ordered = sorted(mentions, key=lambda m: m.mention_id)
    return [_incident(group, reasons, by_id, rule) for group, reasons in _groups(ordered, by_id, must, never)]


def links(mentions: Sequence[EventMention], reports: Iterable[Report] = ()) -> Iterator[tuple[int, int]]:
    """The pairs of mentions, by their index, that agree well enough to become one incident."""
    pairs = _pairs(mentions, {report.report_id: report for report in reports})
    return ((i, j) for i, j in pairs if compare(mentions[i], mentions[j]).joins)


def compare(a: EventMention, b: EventMention) -> Match:
    """Weigh two mentions: place, day, actors, type and figures, each with its reason."""
    if a.report_id == b.report_id:
        return Match(score=0, against="one report tells of them as two")
    where, place_reason = _place_match(a.resolution, b.resolution)
    if where == 0:
        return Match(score=0, against=place_reason)
    when, day_reason = _day_match(a.when, b.when)
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


def _place_match(a: Resolution, b: Resolution) -> tuple[int, str]:
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


def _day_match(a: DateRange | None, b: DateRange | None) -> tuple[int, str]:
    relation = date_relation(a, b)
    if relation == "different":
        return 0, f"different days ({_span(a)}, {_span(b)})"
    if relation == "unknown":
        return 4, "one gives no day"
    assert a is not None
    assert b is not None
    if relation == "near":
        return 14, f"one day apart ({_span(a)}, {_span(b)})"
    longest = max((a.last - a.first).days, (b.last - b.first).days)
    if longest <= 2:
        return 30, f"same day ({_span(a)})" if a == b else f"overlapping days ({_span(a)}, {_span(b)})"
    return (22 if longest <= 10 else 12), f"overlapping days ({_span(a)}, {_span(b)})"


def _span(day: DateRange | None) -> str:
    if day is None:
        return "no day"
    return day.first.isoformat() if day.first == day.last else f"{day.first.isoformat()} to {day.last.isoformat()}"


def _contradiction(a: EventMention, b: EventMention, *, exact: bool) -> str:
    """What two reports of one event cannot both say."""
    kinds = {a.event_type, b.event_type}
    if kinds & {"Protests", "Riots"} and len(kinds) > 1:
        return f"different sorts of event ({a.event_type}, {b.event_type})"
    mine, yours = _doers(a), _doers(b)
    if mine and yours and not exact and not any(_compatible(x, y) for x in mine for y in yours):
        return f"different actors ({' / '.join(sorted({mine[0], yours[0]}))})"
    return ""


def _doers(mention: EventMention) -> tuple[str, ...]:
    """Who may have struck, as far as named: coders' order of actors does not say which of the two did."""
    named = (mention.actor1, mention.actor2) if mention.event_id else (mention.actor1,)
    return tuple(actor for actor in named if actor not in _GENERIC)


def _compatible(a: str, b: str) -> bool:
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


def _figures(mention: EventMention) -> set[tuple[str, int]]:
    return {(t.kind, t.low) for t in mention.tolls if not t.part_of and t.low > 0}


def _figures_agree(a: EventMention, b: EventMention) -> bool:
    mine, yours = _figures(a), _figures(b)
    if not mine or not yours or mine & yours:
        return True
    killed_a, killed_b = (sum(n for kind, n in found if kind == "killed") for found in (mine, yours))
    return bool(killed_a and killed_b) and min(killed_a, killed_b) / max(killed_a, killed_b) >= 0.6


def _actor_match(a: EventMention, b: EventMention) -> tuple[int, str]:
    mine, yours = _doers(a), _doers(b)
    for actor in mine:
        if any(_compatible(actor, other) for other in yours):
            return 12, f"same actor ({actor.split(':')[0]})"
    if mine and yours:
        return -6, ""
    return (4, "the actors agree as far as they are named") if a.actor2 == b.actor2 and a.actor2 else (0, "")


def _kind_match(a: EventMention, b: EventMention) -> tuple[int, str]:
    if a.sub_event_type == b.sub_event_type:
        return 8, f"same sort of event ({a.sub_event_type})"
    return (5, f"same sort of event ({a.event_type})") if a.event_type == b.event_type else (0, "")


def _figure_match(a: EventMention, b: EventMention) -> tuple[int, str]:
    shared = _figures(a) & _figures(b)
    if shared:
        kind, low = max(shared, key=lambda pair: pair[1])
        return 12, f"same figure ({low} {kind})"
    return (0, "") if _figures_agree(a, b) else (-8, "")


# --- grouping -------------------------------------------------------------------------------------------------


def _groups(
    mentions: Sequence[EventMention], reports: Mapping[str, Report], must: Pairs, never: Pairs
) -> list[tuple[list[EventMention], tuple[str, ...]]]:
    """Grow groups from the best pair down; a mention joins a group only if no member forbids it."""
    ids = [m.mention_id for m in mentions]
    known = {mention_id: index for index, mention_id in enumerate(ids)}
    group_of = list(range(len(mentions)))
    members: dict[int, set[int]] = {i: {i} for i in range(len(mentions))}
    for pair in sorted(sorted(p) for p in must):
        if len(pair) == 2 and all(mention_id in known for mention_id in pair):
            _unite(group_of, members, known[pair[0]], known[pair[1]])
    matches = {
        (i, j): match for i, j in _pairs(mentions, reports) if (match := compare(mentions[i], mentions[j])).joins
    }
    for i, j in sorted(matches, key=lambda pair: (-matches[pair].score, ids[pair[0]], ids[pair[1]])):
        a, b = members[group_of[i]], members[group_of[j]]
        if a is not b and _agree(mentions, a, b, never):
            _unite(group_of, members, i, j)
    joined = {tuple(sorted(known[x] for x in p)) for p in must if all(x in known for x in p)}
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for (i, j), match in matches.items():
        if group_of[i] == group_of[j]:
            counted[group_of[i]].update(match.reasons)
    result = []
    for number, group in members.items():
        reasons = counted[number]
        told = [r for r, _ in sorted(reasons.items(), key=lambda kv: (-kv[1], kv[0]))]
        told += ["joined by a person's correction"] * any(set(pair) <= group for pair in joined)
        result.append(([mentions[i] for i in sorted(group)], tuple(told)))
    return result


def _unite(group_of: list[int], members: dict[int, set[int]], i: int, j: int) -> None:
    a, b = group_of[i], group_of[j]
    if a == b:
        return
    small, large = sorted((a, b), key=lambda g: (len(members[g]), g))
    for index in members[small]:
        group_of[index] = large
    members[large] |= members.pop(small)


def _agree(mentions: Sequence[EventMention], a: set[int], b: set[int], never: Pairs) -> bool:
    return all(
        frozenset((mentions[i].mention_id, mentions[j].mention_id)) not in never
        and not compare(mentions[i], mentions[j]).against
        for i in a
        for j in b
    )


def _pairs(mentions: Sequence[EventMention], reports: Mapping[str, Report]) -> Iterator[tuple[int, int]]:
    """Pairs worth weighing: of one country, near in space or of one name, and in time as far as days are told."""
    yield from _pairs_of_coded(mentions)
    told = [i for i, m in enumerate(mentions) if not m.event_id]
    near = extents(mentions[i] for i in told)
    for chunk in each_close(near, near):
        for a, b in chunk[chunk[:, 0] < chunk[:, 1]].tolist():
            yield told[a], told[b]
    cells: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, mention in enumerate(mentions):
        cells[(mention.resolution.country, fold(mention.resolution.location))].append(i)
    box = dict(zip(told, near.box.tolist(), strict=True))
    for members in cells.values():
        for i, j in (*_far_apart(mentions, members, box), *_without_day(mentions, members, reports)):
            yield (i, j) if i < j else (j, i)


def _far_apart(
    mentions: Sequence[EventMention], members: list[int], box: Mapping[int, list[float]]
) -> Iterator[tuple[int, int]]:
    """One name and kind is one place however far apart its points are."""
    dated = sorted((w.first, i) for i in members if i in box and (w := mentions[i].when) is not None)
    for position, (_, i) in enumerate(dated):
        reach = mentions[i].when.last + ONE_DAY  # type: ignore[union-attr]
        for first, j in dated[position + 1 :]:
            if first > reach:
                break  # sorted by first day: all that follow begin later still
            if not _overlap(box[i], box[j]):  # the rest is known from its place
                yield i, j


def _without_day(
    mentions: Sequence[EventMention], members: list[int], reports: Mapping[str, Report]
) -> Iterator[tuple[int, int]]:
    """Who gives no day is found by name alone, among what happened in the weeks before it was published."""
    undated = [i for i in members if mentions[i].when is None]
    if not undated:
        return
    spans = {i: _span_told(mentions[i], reports) for i in members}
    anywhen = [j for j in members if spans[j] == _ANY_DAY]
    known = sorted((spans[j], j) for j in members if spans[j] != _ANY_DAY)
    firsts = [first for (first, _), _ in known]
    longest = max((last - first for (first, last), _ in known), default=0)
    for i in undated:
        earliest, latest = spans[i]
        within = known[bisect_left(firsts, earliest - longest) : bisect_right(firsts, latest)]
        for j in (*anywhen, *(j for (_, last), j in within if last >= earliest)):
            if i != j and (mentions[j].when is not None or i < j):
                yield i, j


def _span_told(mention: EventMention, reports: Mapping[str, Report]) -> tuple[int, int]:
    """The days, as ordinals, that a mention may be of: those it gives, else the month before it was published."""
    if mention.when is not None:
        return mention.when.first.toordinal(), mention.when.last.toordinal()
    published = _published(mention, reports)
    if published == dt.date.max:
        return _ANY_DAY
    return published.toordinal() - BACKGROUND_DAYS, published.toordinal() + 1


def _overlap(a: list[float], b: list[float]) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _pairs_of_coded(mentions: Sequence[EventMention]) -> Iterator[tuple[int, int]]:
    """Coded events beside reports and beside other datasets; those of one dataset are never one event."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, mention in enumerate(mentions):
        groups[mention.report_id if mention.event_id else ""].append(i)
    known = {key: extents(mentions[i] for i in rows) for key, rows in groups.items()} if set(groups) - {""} else {}
    for one, other in combinations(sorted(known), 2):
        for a, b in close_pairs(known[one], known[other]):
            i, j = groups[one][a], groups[other][b]
            yield (i, j) if i < j else (j, i)


# --- the incident -----------------------------------------------------------------------------------------------


def _incident(
    mentions: list[EventMention], reasons: tuple[str, ...], reports: dict[str, Report], rule: Rule
) -> Incident:
    ordered = sorted(mentions, key=lambda m: (_published(m, reports), m.report_id, m.mention_id))
    place = _best_place(ordered)
    when = _best_day(ordered)
    tolls = with_origins([toll for m in ordered for toll in m.tolls])
    figures = estimate(tolls, rule)
    conflicts = _conflicts(ordered, when, place)
    kind, sub_kind = _most([(m.event_type, m.sub_event_type) for m in ordered])
    notes = _notes(ordered, tolls)
    return Incident(
        incident_id=_identity(ordered[0], place, when), mentions=tuple(_with_tolls(ordered, tolls)),
        resolution=place, when=when, event_type=kind, sub_event_type=sub_kind,
        actor1=_best_actor([m.actor1 for m in ordered]), actor2=_best_actor([m.actor2 for m in ordered]),
        fatalities_low=figures.low, fatalities_high=figures.high, fatalities_best=figures.best,
        status=figures.status, disputed=any(c.startswith(("toll", "outcome", "actor")) for c in conflicts),
        background=_is_background(ordered, when, reports),
        sources=tuple(dict.fromkeys(outlet for m in ordered for outlet in _outlets(m, reports))),
        report_ids=tuple(dict.fromkeys(report_id for m in ordered for report_id in _printings(m, reports))),
        reasons=reasons, conflicts=tuple(conflicts), notes="; ".join(notes),
        extra={"actor1_status": min((m.actor1_status for m in ordered if m.actor1_status), key=lambda said: _FIRMNESS.get(said, 9), default=""),
               "outcome": "disputed" if any(c.startswith("outcome") for c in conflicts) else _most([m.outcome for m in ordered if m.outcome] or [""]),
               "place_spellings": tuple(dict.fromkeys(m.place_text for m in ordered))},
    )  # fmt: skip


def _published(mention: EventMention, reports: Mapping[str, Report]) -> dt.date:
    report = reports.get(mention.report_id)
    return report.published if report and report.published else dt.date.max


def _outlets(mention: EventMention, reports: dict[str, Report]) -> tuple[str, ...]:
    """Who published the report, and who printed the same text."""
    report = reports.get(mention.report_id)
    return (report.source or report.report_id, *report.also_in) if report else (mention.report_id,)


def _printings(mention: EventMention, reports: dict[str, Report]) -> tuple[str, ...]:
    report = reports.get(mention.report_id)
    return (mention.report_id, *report.copies) if report else (mention.report_id,)


def _identity(first: EventMention, place: Resolution, when: DateRange | None) -> str:
    """An id from the earliest report's own words, so that a later report does not change it."""
    if first.event_id:
        return first.event_id
    day = first.when.first.strftime("%Y%m%d") if first.when else "undated"
    where = re.sub(r"\s+", "-", fold(first.resolution.location or first.place_text)) or "unknown"
    return f"{first.resolution.country or 'XX'}-{where[:40]}-{day}"


def _best_place(mentions: list[EventMention]) -> Resolution:
    """The most precise place; of equals the one most reports name."""
    rank = {
        PlaceKind.PLACE: 0,
        PlaceKind.NEAR: 1,
        PlaceKind.STRETCH: 2,
        PlaceKind.UNIT: 3,
        PlaceKind.AREA: 4,
        PlaceKind.COUNTRY: 5,
    }
    names = Counter(m.resolution.location for m in mentions)
    return min(
        (m.resolution for m in mentions),
        key=lambda r: (
            r.status is ResolutionStatus.UNRESOLVED,
            rank.get(r.kind, 9),
            -names[r.location],
            -r.score,
            r.location,
        ),
    )


def _best_day(mentions: list[EventMention]) -> DateRange | None:
    """The exact day most reports give; of equals the earliest published. Windows only when no day is exact."""
    found = [m.when for m in mentions if m.when is not None]
    if not found:
        return None
    shortest = min((w.last - w.first).days for w in found)
    exact = [w for w in found if (w.last - w.first).days <= max(shortest, 1)]
    votes = Counter((w.first, w.last) for w in exact)
    for window in found:  # a window votes for the days it holds
        for first, last in list(votes):
            if window.first <= first and last <= window.last and (first, last) != (window.first, window.last):
                votes[(first, last)] += 1
    best = max(votes, key=lambda span: (votes[span], -[(w.first, w.last) for w in exact].index(span)))
    return next(w for w in exact if (w.first, w.last) == best)


def _best_actor(names: list[str]) -> str:
    counts = Counter(name for name in names if name)
    return min(counts, key=lambda n: (n in _GENERIC, -counts[n], n)) if counts else ""


def _most(items: list[_T]) -> _T:
    counts = Counter(items)
    return max(counts, key=lambda item: (counts[item], -items.index(item)))


def _is_background(mentions: list[EventMention], when: DateRange | None, reports: dict[str, Report]) -> bool:
    """Told only as context, and long before any report of it (or without a day): not this week's news."""
    if not all(m.background for m in mentions):
        return False
    if when is None:
        return True
    days = [_published(m, reports) for m in mentions]
    known = [d for d in days if d != dt.date.max]
    return not known or when.last < min(known) - dt.timedelta(days=BACKGROUND_DAYS)


def _conflicts(mentions: list[EventMention], when: DateRange | None, place: Resolution) -> list[str]:
    found = []
    days = sorted({_span(m.when) for m in mentions if m.when is not None})
    exact = sorted({m.when.first for m in mentions if m.when is not None and m.when.first == m.when.last})
    if len(exact) > 1:
        said = ", ".join(
            f"{d.isoformat()} ({sum(1 for m in mentions if m.when and m.when.first == d == m.when.last)})"
            for d in exact
        )
        found.append(f"date: {said}")
    elif when is not None and any(date_relation(when, m.when) in ("near", "different") for m in mentions):
        found.append(f"date: {', '.join(days)}")
    found += _toll_conflicts([t for m in mentions for t in m.tolls])
    outcomes = {m.outcome for m in mentions if m.outcome}
    if "disputed" in outcomes or {"seized", "repelled"} <= outcomes:
        found.append("outcome: one side says the place was seized, the other that the attack was repelled")
    actors = sorted({m.actor1 for m in mentions if m.actor1 not in _GENERIC})
    if len(actors) > 1 and not _compatible(actors[0], actors[-1]):
        found.append(f"actor: {' / '.join(actors)}")
    spellings = sorted({m.place_text for m in mentions if m.resolution.location == place.location})
    if len({fold(s) for s in spellings}) > 1:
        found.append(f"spelling: {', '.join(spellings)}")
    return found


def _toll_conflicts(tolls: list[Toll]) -> list[str]:
    """Figures of one kind for one group of victims that cannot all be right."""
    found = []
    groups: dict[tuple[str, str], list[Toll]] = defaultdict(list)
    for toll in tolls:
        if not toll.part_of and not toll.shared_with:
            groups[(toll.kind, toll.who)].append(toll)
    for (kind, who), members in sorted(groups.items()):
        exact = sorted({t.low for t in members if t.high is not None and t.high == t.low and t.qualifier == "exact"})
        opened = [t.low for t in members if t.high is None and t.qualifier in ("at least", "more than")]
        clash = len(exact) > 1 or (exact and opened and min(exact) < max(opened))
        if clash:
            said = "; ".join(dict.fromkeys(f"{_figure_text(t)} ({t.speaker or 'no speaker'})" for t in members))
            found.append(f"toll: {who} {kind}: {said}")
    return found


def _figure_text(toll: Toll) -> str:
    if toll.qualifier in ("more than", "at least", "about", "up to", "less than"):
        return f"{toll.qualifier} {toll.low if toll.qualifier != 'less than' else toll.high}"
    return str(toll.low) if toll.low == toll.high else f"{toll.low}–{toll.high if toll.high is not None else '?'}"


def with_origins(tolls: list[Toll]) -> list[Toll]:
    """Trace one figure that several reports repeat from unnamed sources back to one origin."""
    # what an earlier merge with fewer reports made of it no longer counts
    tolls = [replace(t, origin="") if t.origin == _UNNAMED else t for t in tolls]
    groups: dict[tuple[str, int, int | None, str], list[int]] = defaultdict(list)
    for index, toll in enumerate(tolls):
        if toll.speaker_kind in ("", "source", "security source", "media"):
            groups[(toll.kind, toll.low, toll.high, toll.who)].append(index)
    result = list(tolls)
    for members in groups.values():
        if len({tolls[i].report_id for i in members}) < 2:
            continue
        origin = _origin([tolls[i] for i in members])
        for i in members:
            result[i] = replace(tolls[i], origin=origin)
    return result


def _origin(tolls: list[Toll]) -> str:
    """The fullest of the ways one origin is named: with its medium, and as what sort of source."""
    named = sorted({t.origin for t in tolls if t.origin})
    if not named:
        return _UNNAMED
    kinds = {t.origin: t.speaker_kind for t in tolls}
    return min(named, key=lambda o: (kinds[o] != "security source", ":" not in o, o))


def _with_tolls(mentions: list[EventMention], tolls: list[Toll]) -> Iterator[EventMention]:
    position = 0
    for mention in mentions:
        count = len(mention.tolls)
        yield replace(mention, tolls=tuple(tolls[position : position + count]))
        position += count


def _notes(mentions: list[EventMention], tolls: list[Toll]) -> list[str]:
    notes = list(dict.fromkeys(note for m in mentions for note in m.notes))
    repeats = Counter(
        (t.origin, t.kind, t.low)
        for t in tolls
        if t.origin and t.speaker_kind in ("", "source", "security source", "media")
    )
    for (origin, kind, low), count in sorted(repeats.items()):
        if count > 1:
            notes.append(f"one origin for the figure {low} {kind} told {count} times: {origin}")
    return notes


def _with_unique_ids(incidents: list[Incident]) -> list[Incident]:
    """Two incidents at one place on one day get -2, -3 … in the order of their mentions."""
    seen: Counter[str] = Counter()
    result = []
    for incident in incidents:
        seen[incident.incident_id] += 1
        number = seen[incident.incident_id]
        result.append(incident if number == 1 else replace(incident, incident_id=f"{incident.incident_id}-{number}"))
    return result


def _with_shared(incidents: list[Incident]) -> tuple[Incident, ...]:
    """Say on each incident of a shared figure which others share it."""
    owner = {m.mention_id: i.incident_id for i in incidents for m in i.mentions}
    return tuple(replace(i, notes=shared_notes(i.notes, shared_figures(i), owner)) for i in incidents)


def shared_figures(incident: Incident) -> list[tuple[str, tuple[str, ...]]]:
    """The figures an incident shares with others: in words, and the mentions that share each."""
    tolls = (toll for mention in incident.mentions for toll in mention.tolls if toll.shared_with)
    return [(f"{_figure_text(t)} {t.who} {t.kind}", t.shared_with) for t in tolls]


def shared_notes(notes: str, shared: Iterable[tuple[str, Iterable[str]]], owner: Mapping[str, str]) -> str:
    """The notes, and each shared figure with the incidents that hold the mentions sharing it."""
    told = [notes] if notes else []
    for figure, others in shared:
        names = ", ".join(sorted({owner[x] for x in others if x in owner}))
        told.append(f"{figure} is one figure shared with {names}")
    return "; ".join(dict.fromkeys(told))


def incident_order(incident: Incident) -> tuple[dt.date, str, str]:
    """Incidents stand in the order of their days, undated first; then by id; then by their first mention."""
    day = incident.when.first if incident.when else dt.date.min
    return day, incident.incident_id, incident.mentions[0].mention_id
