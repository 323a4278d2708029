"""The words each value of a mention was read from, with their sentence: so that a person can check it at once."""

from __future__ import annotations

from dataclasses import replace

from sahel_map.coding.actors import CIVILIANS, UNIDENTIFIED, with_country
from sahel_map.coding.kinds import is_some_group, outcome_spans
from sahel_map.coding.lines import Line
from sahel_map.coding.scenes import Scene
from sahel_map.coding.telling import Frame
from sahel_map.model import DateRange, Evidence, Report

_Span = tuple[int, int]  # characters [start, end) of the report's text


def evidence(
    report: Report, frame: Frame, story: list[Line], *, scene: Scene | None, when: DateRange | None, country: str,
    actor1: str, actor2: str, event_type: tuple[str, str],
) -> tuple[Evidence, ...]:  # fmt: skip
    """The words of the place, the day, both actors, the type and the outcome, as far as words tell them.

    ``story`` are all lines of the report, ``scene`` is where the place was named. What was concluded, such as the week
    before publication, has no words; the mention's reason says how it came about.
    """
    spans = {
        "place": (scene.start, scene.end) if scene is not None else None,
        "date": (when.start, when.end) if when is not None and when.start >= 0 else None,
        "actor1": _of_actor(actor1, frame.lines, story, country),
        "actor2": _of_actor(actor2, frame.lines, story, country),
        "event_type": _of_type(frame.lines, event_type),
    }
    found = [_told(field, span, report, story) for field, span in spans.items() if span is not None]
    outcomes = outcome_spans(frame.lines).items()
    return (*found, *(replace(_told("outcome", span, report, story), value=value) for value, span in outcomes))


def _of_actor(actor: str, lines: list[Line], story: list[Line], country: str) -> _Span | None:
    """Where an actor is named; a named one ("the group") also in other sentences of the report, the nearest before first."""
    elsewhere = [] if not lines or is_some_group(actor) or actor in (CIVILIANS, UNIDENTIFIED) else story
    before = [line for line in reversed(elsewhere) if line.index < lines[0].index]
    for line in (*lines, *before, *elsewhere):
        for named in line.actors:
            if actor in (named.actor, with_country(named.actor, country)):
                return named.start, named.end
        if actor == CIVILIANS:
            dead = next((f for f in line.figures if f.who in ("civilians", "aid workers") and f.low > 0), None)
            if dead is not None:
                return dead.start, dead.end
    return None


def _of_type(lines: list[Line], event_type: tuple[str, str]) -> _Span | None:
    """The firmest word for that sort of event; else the first figure of victims, which it was concluded from."""
    hits = [h for line in lines for h in line.events if (h.row["event_type"], h.row["sub_event_type"]) == event_type]
    if hits:
        firmest = max(hits, key=lambda hit: int(hit.row["weight"]))
        return firmest.start, firmest.end
    return next(((f.start, f.end) for line in lines for f in line.figures if f.low > 0), None)


def _told(field: str, span: _Span, report: Report, story: list[Line]) -> Evidence:
    start, end = span
    within = next((s for s in (line.sentence for line in story) if s.start <= start < s.end), None)
    return Evidence(
        field=field, words=report.text[start:end], start=start, end=end,
        sentence=report.text[within.start : within.end] if within is not None else "",
    )  # fmt: skip
