"""What a report is read into: frames, one an incident in the making, the parts of a line, and what the reading remembers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from sahel_map.coding.lines import Line
from sahel_map.coding.relations import place_relation as _place_relation
from sahel_map.coding.scenes import Scene
from sahel_map.coding.tolls import Figure
from sahel_map.model import DateRange, Resolution

LONG_AGO = dt.timedelta(days=14)


def place_relation(a: Resolution | None, b: Resolution | None) -> str:
    """Within one report two phrases for places are two places sooner than between reports."""
    return _place_relation(a, b, slack_km=10.0)


@dataclass
class Frame:
    """One incident in the making."""

    scene: Scene | None = None
    when: DateRange | None = None
    lines: list[Line] = field(default_factory=list)
    figures: list[tuple[Figure, Line, int]] = field(default_factory=list)  # with a number for shared ones (-1: own)
    other_days: list[DateRange] = field(default_factory=list)
    source_scene: Scene | None = None
    dweller: Scene | None = None  # where somebody lives who tells of it
    containers: list[Scene] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_first: bool = False  # of the report's frames
    spoken_of: int = -99  # the last sentence that points to it without telling anything of it

    @property
    def last_index(self) -> int:
        return max((line.index for line in self.lines), default=self.spoken_of)

    @property
    def has_point(self) -> bool:
        return self.scene is not None and not self.scene.is_country


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """A total over time or area, kept as such."""

    figure: Figure
    line: Line


@dataclass(frozen=True, slots=True)
class Stage:
    """ "On Thursday the army spotted a column near X.": the place and day that the next sentence plays in."""

    line: int
    scene: Scene | None
    when: DateRange


@dataclass
class Telling:
    """The frames and totals of one report."""

    frames: list[Frame] = field(default_factory=list)
    aggregates: list[Aggregate] = field(default_factory=list)
    focus: Frame | None = None
    shared: int = 0
    units: list[Scene] = field(default_factory=list)  # regions and districts named so far
    stage: Stage | None = None
    occasion: DateRange | None = None  # the day of a vigil, a trial: "eight days earlier" counts from it
    named: tuple[int, Scene] | None = None  # the last sentence that names a town or unit, and the first it names
    others_hit: int = -99  # the last sentence that says that other places were hit too
    left_out: int = -99  # the last sentence that tells, with its day, of an event too vague to be kept
    accidents: set[tuple[str, int]] = field(default_factory=set)  # tolls that nobody inflicted: kind and number


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a line says of one place: the scene, its day, and the figures nearest to it."""

    scene: Scene | None
    when: DateRange | None
    figures: tuple[Figure, ...]
    shared: int = -1
    earlier: bool = False  # "a month after the attack …": another event than the one told of
    long_ago: bool = False  # dated weeks before publication
    own: bool = False  # one of several places told with a toll of its own each, however near they lie
    not_of: Frame | None = None  # "two days earlier, …": not the event that the days are counted from


SEVERAL_ATTACKS = re.compile(
    r"\b(?:double|twin|two|three|several|deux|trois|plusieurs|triple) (?:\w+ )?(?:attaques?|attacks?|assauts?|assaults?|embuscades?|ambush(?:es)?|raids?|incidents?|operations?)\b"
)
AT_ONCE = 12  # characters
A_FEW_LINES = 5
