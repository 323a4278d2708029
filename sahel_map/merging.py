"""Which mentions are one incident, and why: a deterministic, explained merge over reports.

Two mentions join when their places agree, their days overlap (or differ by one day with other evidence)
and nothing contradicts. The order of the input changes nothing: pairs are weighed in a fixed order, and a
group only grows while all its members agree with each other. No figure is dropped; what disagrees is
listed as a conflict.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from sahel_map.blocking import BACKGROUND_DAYS, published_day
from sahel_map.coding.relations import date_relation
from sahel_map.estimates import Rule, estimate
from sahel_map.grouping import Pairs, groups
from sahel_map.matching import GENERIC, compatible, span
from sahel_map.model import (
    OVERRULED,
    DateRange,
    EventMention,
    Incident,
    PlaceKind,
    Report,
    Resolution,
    ResolutionStatus,
    Toll,
)
from sahel_map.names import fold

_T = TypeVar("_T")
_FIRMNESS = {"claimed": 0, "attributed": 1, "suspected": 2}  # one report of a claim is enough to say that there is one
_UNNAMED = "one unnamed origin"


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
    return [_incident(group, reasons, by_id, rule) for group, reasons in groups(ordered, by_id, must, never)]


# --- the incident -----------------------------------------------------------------------------------------------


def _incident(
    mentions: list[EventMention], reasons: tuple[str, ...], reports: dict[str, Report], rule: Rule
) -> Incident:
    ordered = sorted(mentions, key=lambda m: (published_day(m, reports), m.report_id, m.mention_id))
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
    return min(counts, key=lambda n: (n in GENERIC, -counts[n], n)) if counts else ""


def _most(items: list[_T]) -> _T:
    counts = Counter(items)
    return max(counts, key=lambda item: (counts[item], -items.index(item)))


def _is_background(mentions: list[EventMention], when: DateRange | None, reports: dict[str, Report]) -> bool:
    """Told only as context, and long before any report of it (or without a day): not this week's news."""
    if not all(m.background for m in mentions):
        return False
    if when is None:
        return True
    days = [published_day(m, reports) for m in mentions]
    known = [d for d in days if d != dt.date.max]
    return not known or when.last < min(known) - dt.timedelta(days=BACKGROUND_DAYS)


def _conflicts(mentions: list[EventMention], when: DateRange | None, place: Resolution) -> list[str]:
    found = []
    days = sorted({span(m.when) for m in mentions if m.when is not None})
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
    actors = sorted({m.actor1 for m in mentions if m.actor1 not in GENERIC})
    if len(actors) > 1 and not compatible(actors[0], actors[-1]):
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
        if not toll.part_of and not toll.shared_with and toll.revision != OVERRULED:
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
        top = toll.high if toll.high is not None else toll.low
        said = {"less than": top + 1, "up to": top}.get(toll.qualifier, toll.low)  # "less than 10": 9 at most
        return f"{toll.qualifier} {said}"
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
