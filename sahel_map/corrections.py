"""A person's decisions, re-applied on every build: they survive new reports and never edit the reports.

A corrections file is a CSV with the columns ``action, target, field, value, who, why``:

    set    target: a mention or incident id; field: event_date, event_type, sub_event_type, actor1, actor2, background,
           or a figure: killed, injured, abducted, missing, or one group's ("killed:soldiers"), value 17, 15-20, 12+ or unknown
    place  target: a mention or incident id; value: "latitude, longitude" or a name the gazetteer knows ("Djibo", "Dioura, ML")
    join   target: two or more ids separated by ";": these are one incident
    split  target: two or more ids separated by ";": these are different incidents
    drop   target: a mention or incident id: not an incident
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from pathlib import Path

from shapely.geometry import Point

from sahel_map.corrected_tolls import GROUPS, KINDS, bounds, is_toll_field, with_figure
from sahel_map.errors import InputError
from sahel_map.model import (
    DateRange,
    EventMention,
    GeoPrecision,
    Incident,
    LonLat,
    PlaceKind,
    Resolution,
    ResolutionStatus,
)
from sahel_map.reports.text import decode, parse_day
from sahel_map.resolution import Resolver

COLUMNS = ("action", "target", "field", "value", "who", "why")
FIELDS = ("event_date", "event_type", "sub_event_type", "actor1", "actor2", "background")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One decision of a person, with its line in the file."""

    action: str
    targets: tuple[str, ...]
    field: str
    value: str
    who: str
    why: str
    line: int


@dataclass(slots=True, kw_only=True)
class Decisions:
    """Pairs of mentions that must, or must not, be one incident; and what no longer fits."""

    must: set[frozenset[str]] = field(default_factory=set)
    never: set[frozenset[str]] = field(default_factory=set)
    unfit: list[str] = field(default_factory=list)


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Read a corrections file. Raises InputError naming every bad line at once."""
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise InputError(f"corrections file {str(path)!r} cannot be read: {error.strerror}") from error
    reader = csv.DictReader(text.splitlines())
    missing = [c for c in ("action", "target", "who", "why") if c not in (reader.fieldnames or [])]
    if missing:
        raise InputError(f"{path}: lacks the columns {', '.join(missing)}; wanted {', '.join(COLUMNS)}")
    found, faults = [], []
    for row in reader:
        correction = _correction({k: (v or "").strip() for k, v in row.items() if k}, reader.line_num)
        problem = _problem(correction)
        if problem:
            faults.append(f"{path}:{reader.line_num}: {problem}")
        else:
            found.append(correction)
    if faults:
        raise InputError("\n".join(faults))
    return tuple(found)


def apply_to_mentions(
    mentions: Sequence[EventMention],
    incidents: Sequence[Incident],
    corrections: Sequence[Correction],
    resolver: Resolver,
) -> tuple[tuple[EventMention, ...], Decisions]:
    """Correct the mentions. ``incidents`` of an uncorrected merge tell which mentions an incident id means."""
    return decide(
        mentions, {i.incident_id: [m.mention_id for m in i.mentions] for i in incidents}, corrections, resolver
    )


def decide(
    mentions: Sequence[EventMention],
    members: Mapping[str, Sequence[str]],
    corrections: Sequence[Correction],
    resolver: Resolver,
) -> tuple[tuple[EventMention, ...], Decisions]:
    """The same, of at least the mentions that are meant, and the members of the incidents that are."""
    by_id = {m.mention_id: m for m in mentions}
    decisions = Decisions()
    for correction in corrections:
        # what was dropped before is no more
        groups = [[t] if t in by_id else [i for i in members.get(t, ()) if i in by_id] for t in correction.targets]
        lost = [t for t, group in zip(correction.targets, groups, strict=True) if not group]
        if lost:
            decisions.unfit.append(_unfit(correction, f"no mention or incident {', '.join(lost)}"))
        elif correction.action == "join":
            decisions.must |= {frozenset(p) for a, b in combinations(groups, 2) for p in ((a[0], b[0]),)}
            decisions.must |= {frozenset(p) for g in groups for p in pairwise(g)}
        elif correction.action == "split":
            decisions.never |= {frozenset((x, y)) for a, b in combinations(groups, 2) for x in a for y in b}
        elif is_toll_field(correction.field):
            for group in groups:
                told = [by_id[i] for i in group if i in by_id]  # what was dropped before needs no figure
                c = correction
                by_id |= {m.mention_id: m for m in with_figure(told, c.field, c.value, who=c.who, why=c.why)}
        else:
            for mention_id in (i for group in groups for i in group):
                _change(by_id, mention_id, correction, resolver, decisions)
    return tuple(by_id[m.mention_id] for m in mentions if m.mention_id in by_id), decisions


def _correction(row: dict[str, str], line: int) -> Correction:
    return Correction(
        action=row.get("action", "").lower(), targets=tuple(t.strip() for t in row.get("target", "").split(";") if t.strip()),
        field=row.get("field", ""), value=row.get("value", ""), who=row.get("who", ""), why=row.get("why", ""), line=line,
    )  # fmt: skip


def _problem(c: Correction) -> str:
    if c.action not in ("set", "place", "join", "split", "drop"):
        return f"action {c.action!r} is not known; wanted set, place, join, split or drop"
    if not c.who or not c.why:
        return "who and why are wanted: a correction without a reason cannot be defended"
    if len(c.targets) < (2 if c.action in ("join", "split") else 1):
        return f"{c.action} wants {'two or more ids' if c.action in ('join', 'split') else 'an id'} in target"
    if c.action == "set" and c.field not in FIELDS and not is_toll_field(c.field):
        groups = f"{', '.join(KINDS)}, each alone or with a group after a colon ({', '.join(GROUPS)})"
        return f"field {c.field!r} cannot be set; wanted {', '.join(FIELDS)}, {groups}"
    if c.action == "set" and is_toll_field(c.field):
        try:
            bounds(c.value)
        except ValueError as error:
            return str(error)
    if c.action == "set" and c.field == "event_date":
        try:
            parse_day(c.value)
        except InputError as error:
            return str(error)
    return "value is empty" if c.action in ("set", "place") and not c.value else ""


def _change(
    by_id: dict[str, EventMention], mention_id: str, c: Correction, resolver: Resolver, decisions: Decisions
) -> None:
    mention = by_id[mention_id]
    note = f"corrected by {c.who}: {c.why}"
    if c.action == "drop":
        del by_id[mention_id]
        return
    if c.action == "place":
        place = _place(c, mention, resolver)
        if place is None:
            decisions.unfit.append(_unfit(c, f"the gazetteer does not know {c.value!r}"))
            return
        by_id[mention_id] = replace(_without(mention, "place"), resolution=place, notes=(*mention.notes, note))
        return
    mention = _without(mention, {"event_date": "date", "sub_event_type": "event_type"}.get(c.field, c.field))
    if c.field == "event_date":
        day = dt.date.fromisoformat(c.value[:10])
        by_id[mention_id] = replace(
            mention, when=DateRange(first=day, last=day, text=note), notes=(*mention.notes, note)
        )
        return
    value: object = c.value.lower() in ("true", "1", "yes") if c.field == "background" else c.value
    by_id[mention_id] = replace(mention, notes=(*mention.notes, note), **{c.field: value})  # type: ignore[arg-type]


def _without(mention: EventMention, value: str) -> EventMention:
    """A value that a person sets is no longer read from words."""
    return replace(mention, evidence=tuple(e for e in mention.evidence if e.field != value))


def _place(c: Correction, mention: EventMention, resolver: Resolver) -> Resolution | None:
    numbers = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?: ?[,;] ?| )(-?\d+(?:\.\d+)?)", " ".join(c.value.split()))
    day = mention.when.first if mention.when else None
    if numbers is None:
        name, _, country = c.value.partition(",")
        found = resolver.resolve(name.strip(), country=country.strip() or None, date=day)
        return found if found.status is not ResolutionStatus.UNRESOLVED else None
    position = LonLat(float(numbers[2]), float(numbers[1]))
    units = resolver.boundaries.at(position, day)
    return replace(
        mention.resolution, status=ResolutionStatus.RESOLVED, kind=PlaceKind.PLACE, position=position,
        geometry=Point(position), uncertainty_km=1.0, geo_precision=GeoPrecision.PLACE, where_prec=1,
        location=mention.resolution.location or mention.place_text, country=units.country,
        admin1=units.admin1.name if units.admin1 else "", admin2=units.admin2.name if units.admin2 else "",
        adm1_pcode=units.admin1.pcode if units.admin1 else "", adm2_pcode=units.admin2.pcode if units.admin2 else "",
        method="correction", score=1.0, reason=f"placed by {c.who}: {c.why}",
    )  # fmt: skip


def _unfit(c: Correction, why: str) -> str:
    return f"correction on line {c.line} ({c.action} {'; '.join(c.targets)}) no longer fits: {why}"
