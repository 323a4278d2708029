"""From one report to the incidents it tells of: the main flow of event coding. START HERE in this package."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

from sahel_map.answers import country_answer
from sahel_map.coding.evidence import evidence
from sahel_map.coding.frames import tell
from sahel_map.coding.kinds import claimant, event_type, is_some_group, outcome, who_did_what
from sahel_map.coding.ledger import ledger
from sahel_map.coding.lines import Line, read_line
from sahel_map.coding.relations import place_relation
from sahel_map.coding.scenes import Locator, Scene
from sahel_map.coding.telling import Aggregate, Frame, Telling
from sahel_map.coding.totals import set_sums_of_lists_apart, set_totals_apart, share_among_villages
from sahel_map.countries import country_name
from sahel_map.language.dates import ONE_DAY
from sahel_map.language.plain import plain
from sahel_map.language.sentences import Sentence
from sahel_map.model import (
    DateRange,
    EventMention,
    GeoPrecision,
    PlaceKind,
    Report,
    Resolution,
    ResolutionStatus,
    Toll,
)
from sahel_map.reports.story import story

CONTEXT_DAYS = 3  # an event this much older than a report's lead is told as context
OLD_NEWS = "all news of its report is old:"
BACKGROUND_DAYS = 30  # and one this much older than publication is background whoever tells it
_NO_DAY = dt.date(
    1900, 6, 15
)  # read by where no publication day is known: keeps "Sunday" and "Monday" apart, never shown
_PAST = re.compile(
    r"\b(?:in the past|previously|earlier this year|already|once|had (?:already|previously)|par le passe|dans le passe|precedemment|deja|auparavant|avait ete|avaient ete)\b"
)
_QUOTE = re.compile("\"|''")
_OPENING = 3  # sentences that may set the scene
_BOUND_KM = 60.0  # … or from where those attacked were bound for
_SOURCE_KM = 25.0  # how far an event may lie from the seat of the local official who tells of it


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedReport:
    """What one report tells: its incidents, its totals, and what a person should know about the reading."""

    report: Report
    mentions: tuple[EventMention, ...]
    aggregates: tuple[Toll, ...] = ()
    notes: tuple[str, ...] = ()


def code_report(report: Report, locator: Locator) -> CodedReport:
    """Read one report into event mentions, each value with its sentence and span."""
    told = story(report)
    quotes = [m.start() for m in _QUOTE.finditer(plain(report.text))]
    anchor = report.published or _NO_DAY
    lines = [
        read_line(i, s, report.language, anchor, quoted=_within_quotation(report, s, quotes))
        for i, s in enumerate(told.sentences)
    ]
    if told.title is not None:
        lines.append(read_line(len(lines), told.title, report.language, anchor, title=True))
    scenes = locator.scenes(lines, report.published)
    telling = tell(lines, scenes, anchor, is_log_entry=told.is_log_entry)
    set_totals_apart(telling, scenes)
    share_among_villages(telling, scenes)
    set_sums_of_lists_apart(telling, scenes)
    frames = [f for f in telling.frames if _place(f, lines, scenes, locator, report) is not None]
    mentions = [
        _mention(n, f, report, lines, scenes, locator, frames, told.is_log_entry) for n, f in enumerate(frames, 1)
    ]
    kept = tuple(_share(m, mentions) for m in mentions if _tells_enough(m))
    return CodedReport(
        report=report, mentions=kept, aggregates=_totals(report, telling, lines), notes=_notes(report, kept, lines)
    )


def _within_quotation(report: Report, sentence: Sentence, quotes: list[int]) -> bool:
    """Whether a quotation opened earlier in the paragraph is still open where the sentence begins."""
    paragraph = report.text.rfind("\n", 0, sentence.start) + 1
    return sum(paragraph <= quote < sentence.start for quote in quotes) % 2 == 1


def _mention(
    number: int,
    frame: Frame,
    report: Report,
    lines: list[Line],
    scenes: dict[int, tuple[Scene, ...]],
    locator: Locator,
    frames: list[Frame],
    is_log_entry: bool,
) -> EventMention:
    place = _place(frame, lines, scenes, locator, report)
    assert place is not None
    resolution, place_text, why, scene = place
    when, when_why = _when(frame, report, lead=frames[0], is_lead=frame is frames[0], is_log_entry=is_log_entry)
    tolls = ledger(report, frame, lines)
    earlier = [line for line in lines if line.index < frame.lines[0].index and not line.is_title]
    country = resolution.country or _country_told(frame.lines, scenes)  # a park may lie in three
    actor1, actor2, firmness = who_did_what(frame.lines, tolls, country, earlier, lines)
    if frame.figures and is_some_group(actor1) and (group := _claimed_by(frame, frames, lines)):
        actor1, firmness = group, "claimed"
    kind, sub_kind = event_type(frame.lines, tolls, actor1, actor2)
    main = _main_line(frame)
    return EventMention(
        mention_id=f"{report.report_id}:{number}", report_id=report.report_id, place_text=place_text,
        resolution=resolution, when=when, event_type=kind, sub_event_type=sub_kind, actor1=actor1, actor2=actor2,
        actor1_status=firmness, outcome=outcome(frame.lines), background=_is_context(frame, when, frames, report),
        tolls=tolls, sentence=report.text[main.sentence.start : main.sentence.end],
        start=main.sentence.start, end=main.sentence.end,
        reason="; ".join(part for part in (resolution.reason, why, when_why, _is_old_news(frame, when, frames, report)) if part),
        notes=tuple(_mention_notes(frame)),
        evidence=evidence(
            report, frame, lines, scene=scene, when=when, country=country, actor1=actor1, actor2=actor2,
            event_type=(kind, sub_kind),
        ),
    )  # fmt: skip


def _claimed_by(frame: Frame, frames: list[Frame], lines: list[Line]) -> str:
    """The one group that a later sentence says claimed it, before another incident is told."""
    following = min((f.lines[0].index for f in frames if f.lines[0].index > frame.lines[0].index), default=len(lines))
    claimed = (claimant(line) for line in lines if frame.lines[0].index < line.index < following and not line.is_title)
    return next((group for group in claimed if group), "")


# --- where ------------------------------------------------------------------------------------------------


class _Place(NamedTuple):
    resolution: Resolution
    text: str
    why: str
    scene: Scene | None  # where the report names it


def _place(
    frame: Frame, lines: list[Line], scenes: dict[int, tuple[Scene, ...]], locator: Locator, report: Report
) -> _Place | None:
    """The place of a frame: its scene, else the seat of the local source, else the country."""
    source = frame.source_scene
    placed = frame.scene is not None and not frame.scene.is_country
    if frame.scene is not None and placed and frame.scene.resolution.kind is PlaceKind.AREA and frame.dweller:
        # "In western Niger …", "…, a resident of Motogatta said"
        within = place_relation(frame.scene.resolution, frame.dweller.resolution) == "inside"
        source, placed = (frame.dweller, False) if within else (source, placed)
    if frame.scene is not None and placed and frame.scene.resolution.kind is not PlaceKind.NONE:
        return _Place(frame.scene.resolution, frame.scene.name, "", frame.scene)
    if source is not None and source.is_point:
        near = replace(
            source.resolution, kind=PlaceKind.NEAR, geo_precision=GeoPrecision.NEAR, where_prec=2,
            uncertainty_km=max(_SOURCE_KM, source.resolution.uncertainty_km or 0.0),
        )  # fmt: skip
        return _Place(near, source.name, "the text names no scene; this is where its local source is", source)
    if frame.scene is not None and frame.scene.resolution.kind is PlaceKind.NONE:
        return _unknown_place(frame, frame.scene, lines, scenes)
    before = _named_before(frame, lines, scenes) or _bound_for(frame, scenes)
    if before is not None:
        km = _SOURCE_KM if before.role == "scene" else _BOUND_KM
        near = replace(
            before.resolution, kind=PlaceKind.NEAR, geo_precision=GeoPrecision.NEAR, where_prec=2,
            uncertainty_km=max(km, before.resolution.uncertainty_km or 0.0),
        )  # fmt: skip
        why = "the one place told of before" if before.role == "scene" else "where those attacked were bound for"
        return _Place(near, before.name, f"the text names no scene beside it; this is {why}", before)
    if frame.scene is not None:
        return _Place(frame.scene.resolution, frame.scene.name, "", frame.scene)
    country = _likely_country(frame, lines, scenes)
    if country is not None:
        return _Place(country.resolution, country.text, "the text names only the country", country)
    code = _country_told(lines, scenes)
    if not code:
        return None
    name = country_name(code)
    why = "the text names no place for it; most of the others lie in this country"
    return _Place(country_answer(name, code, name), name, why, None)


def _named_before(frame: Frame, lines: list[Line], scenes: dict[int, tuple[Scene, ...]]) -> Scene | None:
    """The one place that the first sentences set the scene in, when the event told next names none."""
    first = frame.lines[0].index
    if first > _OPENING or not frame.is_first:
        return None
    named = [
        s for line in lines if line.index < first and not line.is_title for s in scenes.get(line.index, ())
        if s.role == "scene" and s.is_point and s.resolution.status is ResolutionStatus.RESOLVED
    ]  # fmt: skip
    return named[-1] if len({s.resolution.location for s in named}) == 1 else None


def _bound_for(frame: Frame, scenes: dict[int, tuple[Scene, ...]]) -> Scene | None:
    """ "A convoy carrying workers to the X mine was ambushed": about there, when nothing else says where."""
    if frame.scene is not None and not frame.scene.is_country:
        return None
    bound = [s for line in frame.lines for s in scenes.get(line.index, ()) if s.role == "direction" and s.is_point]
    sure = [s for s in bound if s.resolution.status is ResolutionStatus.RESOLVED]
    return sure[0] if len({s.resolution.location for s in bound}) == 1 and sure else None


def _country_told(lines: list[Line], scenes: dict[int, tuple[Scene, ...]]) -> str:
    """The country that most of the places of some lines lie in, as an ISO code; "" for none."""
    named = Counter(
        s.resolution.country
        for line in lines
        for s in scenes.get(line.index, ())
        if s.resolution.country and s.role in ("scene", "country", "source")
    )
    return min(named, key=lambda code: (-named[code], code)) if named else ""


def _unknown_place(frame: Frame, scene: Scene, lines: list[Line], scenes: dict[int, tuple[Scene, ...]]) -> _Place:
    """A scene no gazetteer knows: somewhere in what the same breath names around it, else in the country."""
    for around in frame.containers:
        known = around.resolution
        if known.position is not None and known.kind is not PlaceKind.COUNTRY and around.start > scene.start:
            near = replace(
                known, status=ResolutionStatus.UNRESOLVED, geo_precision=max(known.geo_precision or GeoPrecision.NEAR, GeoPrecision.NEAR),
                kind=PlaceKind.NEAR if known.kind is PlaceKind.PLACE else known.kind,
                uncertainty_km=max(_SOURCE_KM, known.uncertainty_km or 0.0), location=scene.name,
            )  # fmt: skip
            why = f"no gazetteer knows {scene.name}; the text puts it at or near {known.location}"
            return _Place(near, scene.name, why, scene)
    country = _likely_country(frame, lines, scenes)
    resolution = replace(
        scene.resolution, location=scene.resolution.location or scene.name,
        country=scene.resolution.country or (country.resolution.country if country else ""),
    )  # fmt: skip
    return _Place(resolution, scene.name, "no gazetteer knows this place", scene)


def _likely_country(frame: Frame, lines: list[Line], scenes: dict[int, tuple[Scene, ...]]) -> Scene | None:
    """The country named in the frame's lines, else the one the report names most."""
    for group in (frame.lines, lines):
        found = [s for line in group for s in scenes.get(line.index, ()) if s.is_country and s.role == "country"]
        if found:
            names = [s.resolution.country for s in found]
            return max(found, key=lambda s: (names.count(s.resolution.country), -s.start))
    return None


# --- when -------------------------------------------------------------------------------------------------


def _when(
    frame: Frame, report: Report, *, lead: Frame | None, is_lead: bool, is_log_entry: bool
) -> tuple[DateRange | None, str]:
    if report.published is None and (frame.when is None or abs((frame.when.last - _NO_DAY).days) < 800):
        return None, "no day: the report has no publication date to count from"
    if frame.when is not None:
        return frame.when, ""
    if any(line.is_long_after for line in frame.lines):
        return None, "no day: the text tells of what came long after"
    assert report.published is not None
    wrong = next((line.no_such_day for line in frame.lines if line.no_such_day), "")
    if wrong:
        return None, f"no day: there is none such as “{wrong}”"
    said = [d for line in frame.lines for d in line.statement_dates if d.first and d.last]
    if is_log_entry and not said:
        return DateRange(first=report.published, last=report.published), "no day in the entry: the day of the entry"
    if said:
        statement = min(said, key=lambda d: d.last or dt.date.max)
        last = statement.last or report.published
        return DateRange(
            first=last - 2 * ONE_DAY, last=last, text=statement.text, start=statement.start, end=statement.end
        ), "no day of the event in the text: within two days before the statement"
    if is_lead:
        first = report.published - 6 * ONE_DAY
        return DateRange(first=first, last=report.published), "no day in the text: within the week before publication"
    told_among = lead is not None and any(f.low > 0 for f, _, _ in frame.figures) and not _is_past(frame)
    lead_when = _when(lead, report, lead=lead, is_lead=True, is_log_entry=False)[0] if told_among and lead else None
    if lead_when is not None:
        first = lead_when.first - CONTEXT_DAYS * ONE_DAY
        return DateRange(first=first, last=report.published), "no day of its own: told among the news of those days"
    return None, "no day in the text"


def _is_past(frame: Frame) -> bool:
    """Words of an earlier time in the lines of a frame: "had been", "in the past", "dans le passé"."""
    return any(_PAST.search(line.sentence.plain) for line in frame.lines)


def _is_context(frame: Frame, when: DateRange | None, frames: list[Frame], report: Report) -> bool:
    if when is not None and report.published and when.last < report.published - dt.timedelta(days=BACKGROUND_DAYS):
        return True
    lead = frames[0]
    if when is None and any(line.is_long_after for line in frame.lines):
        return True
    if frame is lead:
        return False
    if report.published is None:
        return False  # without a day nobody can say which is the news
    if when is None:
        return True
    news = lead.when.first if lead.when is not None else report.published - 6 * ONE_DAY
    return when.last < news - CONTEXT_DAYS * ONE_DAY


def _is_old_news(frame: Frame, when: DateRange | None, frames: list[Frame], report: Report) -> str:
    """A report that tells of nothing newer: background by its age, but somebody should look at it."""
    if frame is not frames[0] or when is None or report.published is None:
        return ""
    if not all(_is_context(f, f.when or when, frames, report) for f in frames):
        return ""
    return f"{OLD_NEWS} {(report.published - when.last).days} days before its report"


# --- what is kept ------------------------------------------------------------------------------------------


def _tells_enough(mention: EventMention) -> bool:
    """An event known only by country needs a day and a toll to be worth a row; and a place must be somewhere."""
    resolution = mention.resolution
    if resolution.kind is PlaceKind.COUNTRY:
        killed = any(t.low > 0 and t.qualifier not in ("several", "dozens", "hundreds") for t in mention.tolls)
        exact = mention.when is not None and (mention.when.last - mention.when.first).days <= 10
        return killed and exact and "within the week before" not in mention.reason
    if mention.event_type in ("Protests", "Strategic developments", "Riots"):
        return mention.when is not None and resolution.position is not None
    if mention.when is None and not mention.tolls:
        return False
    return bool(resolution.country or resolution.position or mention.tolls)


def _share(mention: EventMention, mentions: list[EventMention]) -> EventMention:
    """Turn shared-figure marks into the ids of the mentions that share the figure."""
    tolls = []
    for toll in mention.tolls:
        marks = set(toll.shared_with)
        others = tuple(
            m.mention_id for m in mentions if m is not mention and any(marks & set(t.shared_with) for t in m.tolls)
        )
        tolls.append(replace(toll, shared_with=others))
    return replace(mention, tolls=tuple(tolls))


def _main_line(frame: Frame) -> Line:
    def value(line: Line) -> tuple[bool, bool, int]:
        scene = frame.scene
        inside = scene is not None and line.sentence.start <= scene.start < line.sentence.end
        return (inside, bool(line.figures), -line.index)

    return max(frame.lines, key=value)


def _mention_notes(frame: Frame) -> list[str]:
    notes = list(frame.notes)
    for day in frame.other_days:
        notes.append(f"the report also gives {day.first.isoformat()}")
    for line in frame.lines:
        if line.denies:
            notes.append(f"denied: “{_short(line.sentence.text)}”")
        if line.no_toll:
            notes.append(f"no toll given: “{_short(line.sentence.text)}”")
    words = {
        h.row["sub_event_type"]
        for line in frame.lines
        for h in line.events
        if h.row["event_type"].startswith("Explosions") and int(h.row["weight"]) >= 3
    }
    if words:
        notes.append(f"also told: {', '.join(sorted(words))}")
    return notes


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 140 else words[:139].rsplit(" ", 1)[0] + " …"


def _totals(report: Report, telling: Telling, lines: list[Line]) -> tuple[Toll, ...]:
    return tuple(_total(report, aggregate, lines) for aggregate in telling.aggregates)


def _total(report: Report, aggregate: Aggregate, lines: list[Line]) -> Toll:
    frame = Frame(figures=[(aggregate.figure, aggregate.line, -1)])
    return ledger(report, frame, lines)[0]


def _notes(report: Report, mentions: tuple[EventMention, ...], lines: list[Line]) -> tuple[str, ...]:
    notes = []
    if not mentions:
        notes.append("tells of no incident that can be placed")
    if report.published is None and any(
        abs((d.first - _NO_DAY).days) < 800 for line in lines for d in line.dates if d.first
    ):
        notes.append("has no publication date, so its relative dates stay unresolved; give one with --published")
    return tuple(notes)
