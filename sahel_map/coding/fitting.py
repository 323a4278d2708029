"""Which frame a part of a line belongs to, and whether it may open one."""

from __future__ import annotations

import datetime as dt
import re

from sahel_map.coding.lines import Line
from sahel_map.coding.main_places import NEXT_DOOR_KM
from sahel_map.coding.relations import date_relation, distance_km
from sahel_map.coding.scenes import Scene
from sahel_map.coding.telling import A_FEW_LINES, AT_ONCE, SEVERAL_ATTACKS, Frame, Part, Telling, place_relation
from sahel_map.coding.tolls import ALSO
from sahel_map.coding.windows import VAGUE_DAYS, WEEK, is_history
from sahel_map.model import PlaceKind, ResolutionStatus


def frame_for(telling: Telling, line: Line, part: Part, published: dt.date | None, is_log_entry: bool) -> Frame | None:
    """The frame that a part fits best, else a new one, else None: what it says is too vague for an incident."""
    if is_history(part.when, published):
        return None
    again = _told_again(telling, line, part)
    if again is not None:
        return again
    ranked = sorted(
        ((score, frame) for frame in telling.frames if (score := _fit(telling, frame, line, part)) > 0),
        key=lambda pair: (-pair[0], -pair[1].last_index),
    )
    if ranked:
        return ranked[0][1]
    if _may_open(telling, line, part, is_log_entry):
        frame = Frame(scene=part.scene, when=part.when, is_first=not telling.frames)
        telling.frames.append(frame)
        return frame
    return None


def _told_again(telling: Telling, line: Line, part: Part) -> Frame | None:
    """ "Besides the 58 killed, …": of the one incident that so many are told to have died in."""
    counts = [
        f for f in part.figures if f.kind == "killed" and not f.part and f.low == f.high and f.low >= _TELLING_COUNT
    ]
    if part.scene is not None or line.dates or line.is_separate or len(counts) != 1 or ALSO.search(line.sentence.text):
        return None
    told = [
        frame
        for frame in telling.frames
        if any(
            (f.kind, f.low, f.high) == ("killed", counts[0].low, counts[0].low)
            and not SEVERAL_ATTACKS.search(told_in.sentence.plain)
            for f, told_in, _ in frame.figures
        )
    ]
    focus = telling.focus
    vaguer = bool(told) and focus is not None and _is_point(focus) and not _is_point(told[0])
    return told[0] if len(told) == 1 and not vaguer else None


def _is_point(frame: Frame) -> bool:
    return frame.scene is not None and frame.scene.is_point


_TELLING_COUNT = 5  # fewer die in many an attack


def _fit(telling: Telling, frame: Frame, line: Line, part: Part) -> int:
    """How well a part of a line fits a frame; 0: not at all."""
    if frame is part.not_of:
        return 0
    if line.index == telling.left_out + 1 and part.scene is None and not line.dates:
        return 0  # more of what was left out
    where = place_relation(
        frame.scene.resolution if frame.scene else None, part.scene.resolution if part.scene else None
    )
    days = date_relation(frame.when, part.when)
    if where == "different" and may_hold(frame, line, part):
        where = "inside"
    if where == "different" or days == "different":
        return 0
    if part.own and part.scene and frame.scene and frame.scene.is_point and frame.scene.name != part.scene.name:
        return 0
    if where == "same" and _are_two_villages(frame, part):
        return 0
    if days == "near" and not (_loose(frame, part) and (where == "same" or _is_week_before(frame, line, part))):
        return 0
    if part.earlier and days != "same":
        return 0
    if days == "unknown" and part.long_ago and not line.is_anaphoric and not _same_toll(frame, part):
        return 0  # "A few weeks ago, …" is not the news of no day told before
    if line.is_separate and not (where == "same" and days != "near"):
        return 0
    opens = any(date.start - line.sentence.start < AT_ONCE for date in line.dates)
    if (
        part.when is not None
        and frame.when is None
        and not line.is_anaphoric
        and _has_another_toll(frame, part, opens=opens)
    ):
        return 0  # "Last week more than 40 died in raids on several villages": not the eleven of the lead
    distance = line.index - max(frame.last_index, frame.spoken_of)
    adjacent = 0 <= distance <= 2
    points_back = adjacent and (line.is_anaphoric or bool(line.speakers) or distance <= 1)
    score = {"same": 60, "inside": 40, "around": 25, "unknown": 10}[where] + {"same": 30, "near": 10, "unknown": 0}[
        days
    ]
    if days == "same" and where in ("around", "unknown") and _far_wider(frame, part) and not line.is_anaphoric:
        return 0  # "last week, in the same province": another event, though the week holds the day
    if days == "same":
        wide = part.when and (part.when.last - part.when.first).days > 7
        return score if where != "unknown" or not wide or frame is telling.focus else 0
    if where == "same":
        return score
    if where == "inside":  # the frame knew only a region or country: the line says where
        return score if frame.when is None or (part.when is None and (adjacent or frame is telling.focus)) else 0
    if frame is not telling.focus and not _only_frame(telling, frame, line):
        tied = part.scene is None and not line.dates and 0 <= distance <= A_FEW_LINES
        return score if tied and _is_alone_with(telling, frame, line) else 0
    if part.when is not None and frame.when is None:
        if frame.is_first and part.long_ago and (opens or not line.is_anaphoric):
            return 0  # the news of no day; "In early July, the convoy of …" is not it
        return score if adjacent or (line.is_anaphoric and _only_frame(telling, frame, line)) else 0
    hurt = part.scene is None and distance <= A_FEW_LINES and any(f.kind == "injured" for f in part.figures)
    if hurt and not part.long_ago and _only_frame(telling, frame, line):
        return score  # "Three wounded were taken to the hospital"
    if part.scene is None and not line.dates and distance <= A_FEW_LINES and _is_alone_with(telling, frame, line):
        return score  # "JNIM says that it killed six": of the attack told of as JNIM's
    return score if points_back or (line.is_anaphoric and _only_frame(telling, frame, line)) else 0


def _are_two_villages(frame: Frame, part: Part) -> bool:
    """ "Six were killed at A …, three were shot dead in the village of B": two villages, each with its dead."""
    one, other = frame.scene, part.scene
    if one is None or other is None or one.name == other.name:
        return False
    a, b = one.resolution, other.resolution
    known = all(r.kind is PlaceKind.PLACE and r.status is ResolutionStatus.RESOLVED for r in (a, b))
    if not known or a.position is None or b.position is None or distance_km(a.position, b.position) < NEXT_DOOR_KM:
        return False
    here = {f.low for f, line, _ in frame.figures if f.kind == "killed" and _names(line, one)}
    there = {f.low for f in part.figures if f.kind == "killed" and not f.part}
    return bool(here and there) and here.isdisjoint(there)


def _names(line: Line, scene: Scene) -> bool:
    return line.sentence.start <= scene.start < line.sentence.end


def _is_week_before(frame: Frame, line: Line, part: Part) -> bool:
    """ "… this week. The base came under attack on Sunday": the Sunday before the week that the calendar means."""
    week = frame.when is not None and 3 <= (frame.when.last - frame.when.first).days <= WEEK
    return week and part.scene is None and line.is_anaphoric and line.index - frame.last_index == 1


def _same_toll(frame: Frame, part: Part) -> bool:
    """Whether a part of a line tells of as many dead as the frame does, and of more than a few."""
    told = {(f.low, f.who) for f, _, _ in frame.figures if f.kind == "killed" and f.low >= _TELLING_COUNT}
    return any(f.kind == "killed" and (f.low, f.who) in told for f in part.figures)


def _has_another_toll(frame: Frame, part: Part, *, opens: bool) -> bool:
    """Whether a part and a frame both count dead, and no number of the one is told of the other."""
    known = {f.low for f, _, _ in frame.figures if f.kind == "killed" and f.low > 0}
    own = {f.low for f in part.figures if f.kind == "killed" and f.low > 0}
    return bool(known and own) and not known & own and max(own) > max(known) * (1.0 if opens else 1.5)


def _is_alone_with(telling: Telling, frame: Frame, line: Line) -> bool:
    """Whether the armed group that a line names is named in this frame and in no other."""
    groups = _groups([line])
    own = groups & _groups(frame.lines)
    return len(groups) == 1 and bool(own) and not any(own & _groups(f.lines) for f in telling.frames if f is not frame)


def _groups(lines: list[Line]) -> set[str]:
    return {a.actor for line in lines for a in line.actors if a.side in ("jihadist", "rebel") and not a.is_generic}


_LOOSELY_KM = 60.0  # how far from its town "the X area" may reach


def may_hold(frame: Frame, line: Line, part: Part) -> bool:
    """ "In Tillabéri …", and in the next sentence a place of that region; "in the Téra zone", and a place in it."""
    if frame.scene is None or part.scene is None or not part.scene.is_point or part.own:
        return False
    if not 0 < line.index - frame.last_index <= 2 or (part.when is not None and frame.when is not None):
        return False
    known = {(f.kind, f.low) for f, _, _ in frame.figures}
    if not known or any((f.kind, f.low) not in known for f in part.figures if f.kind == "killed"):
        return False  # nothing told yet that this could be more of, or a toll of its own: another event
    if ALSO.search(line.sentence.text):
        return False
    wide, exact = frame.scene.resolution, part.scene.resolution
    if wide.kind is PlaceKind.PLACE and frame.scene.span.kind != "town" and wide.admin1 == wide.location:
        return exact.admin1 == wide.admin1  # most regions have the name of their chief town
    if wide.kind is PlaceKind.AREA:
        return bool(exact.country) and wide.country in ("", exact.country)  # "in southern Niger" is said loosely
    if frame.scene.span.relation != "near" or wide.position is None or exact.position is None:
        return False
    before, after = _text_around(frame)
    in_zone = _VICINITY.match(after) is not None or _IN_ZONE.search(before) is not None
    return in_zone and distance_km(wide.position, exact.position) <= _LOOSELY_KM


_VICINITY = re.compile(r"\s*(?:area|zone|sector)\b")
_IN_ZONE = re.compile(r"\b(?:zone|secteur|environs|alentours|area|sector) (?:de|du|d'|of) ?$")


def _text_around(frame: Frame) -> tuple[str, str]:
    """What the sentence says before and after the frame's scene."""
    scene = frame.scene
    line = next((x for x in frame.lines if scene and x.sentence.start <= scene.start < x.sentence.end), None)
    if scene is None or line is None:
        return "", ""
    return (
        line.sentence.plain[: scene.start - line.sentence.start],
        line.sentence.plain[scene.end - line.sentence.start :],
    )


def _far_wider(frame: Frame, part: Part) -> bool:
    assert frame.when is not None
    assert part.when is not None
    return (part.when.last - part.when.first).days >= 5 > (frame.when.last - frame.when.first).days


def _loose(frame: Frame, part: Part) -> bool:
    """A night runs over two days: a day's difference is no contradiction when either is a night or window."""
    windows = [w for w in (frame.when, part.when) if w]
    return any(w.first != w.last for w in windows)


def _only_frame(telling: Telling, frame: Frame, line: Line) -> bool:
    return len(telling.frames) == 1 and telling.frames[0] is frame


def _may_open(telling: Telling, line: Line, part: Part, is_log_entry: bool) -> bool:
    """Whether a line says enough to open an incident of its own."""
    if is_log_entry:
        return True
    vague = part.when is not None and (part.when.last - part.when.first).days > VAGUE_DAYS
    killed = any(f.low > 0 for f in part.figures)
    if part.scene is None or part.scene.is_country:
        if part.when is not None and not vague:
            return line.weight >= 3
        return not telling.frames and (killed or line.weight >= 3) and part.when is None
    if part.scene.resolution.kind is PlaceKind.AREA and not killed and (part.when is None or vague):
        return False
    return line.weight >= 2
