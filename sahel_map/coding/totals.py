"""Which figures of a report are the toll of no single incident: totals of several, and tolls of several villages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from sahel_map.coding.lines import Line
from sahel_map.coding.relations import date_relation
from sahel_map.coding.scenes import Scene
from sahel_map.coding.telling import SEVERAL_ATTACKS, Aggregate, Frame, Telling
from sahel_map.coding.tolls import Figure
from sahel_map.model import PlaceKind


def set_totals_apart(telling: Telling, scenes: dict[int, tuple[Scene, ...]]) -> None:
    """A figure that is the sum of what two incidents and more are told to have cost is a total, nobody's toll.

    "Some forty were killed in two attacks. On Saturday twenty died at A … On Sunday twenty more …"
    So is the toll of a "double attack" that is told again as that of the second.
    """
    for kind in ("killed", "abducted"):
        for frame in telling.frames:
            for entry in [e for e in frame.figures if e[0].kind == kind and e[0].low >= 4 and not e[0].part]:
                figure, line = entry[0], entry[1]
                here = [s for s in scenes.get(line.index, ()) if s.role == "scene"]
                several = SEVERAL_ATTACKS.search(line.sentence.plain)
                own = [_most_below(other, figure) for other in telling.frames]
                listed = [_most_listed(other, figure) for other in telling.frames]
                is_sum = any(sum(low > 0 for low in parts) >= 2 and sum(parts) == figure.low for parts in (own, listed))
                if figure.low in _sums(frame, figure).values():
                    continue  # "31 soldiers and three auxiliaries": the whole of what this one cost
                if any(s.is_point for s in here) and not (is_sum and _is_told_again(telling, frame, own)):
                    continue  # told of a place of its own
                if any(s.resolution.kind is PlaceKind.UNIT for s in here) and not (several or is_sum):
                    continue
                of_all = several and not here and sum(0 < low < figure.low for low in own) >= 2
                again = several and entry[2] < 0 and _told_elsewhere(telling, frame, figure)
                if is_sum or of_all or again:
                    frame.figures.remove(entry)
                    telling.aggregates.append(Aggregate(figure=figure, line=line))


def _is_told_again(telling: Telling, frame: Frame, own: list[int]) -> bool:
    """ "36 killed in A. … 32 died in A and four in B": the place has a toll of its own, less than the first."""
    parts = [f for f, low in zip(telling.frames, own, strict=True) if low > 0]
    return frame in parts and all(date_relation(f.when, frame.when) == "same" for f in parts)


def share_among_villages(telling: Telling, scenes: dict[int, tuple[Scene, ...]]) -> None:
    """ "223 civilians were killed in two villages": a figure of all the places of that day, and of none alone."""
    for frame in telling.frames:
        for index, (figure, line, shared) in enumerate(frame.figures):
            here = any(s.role == "scene" and s.is_point for s in scenes.get(line.index, ()))
            several = SEVERAL_ATTACKS.search(line.sentence.plain) and not line.is_title and figure.kind == "killed"
            if shared >= 0 or here or not (several or _SEVERAL_VILLAGES.search(line.sentence.plain)):
                continue
            others = [
                f
                for f in telling.frames
                if f is not frame and f.has_point and frame.has_point and date_relation(f.when, frame.when) == "same"
            ]
            points = all(f.scene is not None and f.scene.is_point for f in [frame, *others])
            if several and (
                not points or any(f.kind == "killed" and f.low > 0 for o in others for f, _, _ in o.figures)
            ):
                continue
            if others:
                telling.shared += 1
                frame.figures[index] = (figure, line, telling.shared)
                for other in others:
                    other.figures.append((figure, line, telling.shared))


_SEVERAL_VILLAGES = re.compile(
    r"\b(?:two|three|four|five|several|neighbou?ring|deux|trois|quatre|cinq|plusieurs) (?:\w+ )?(?:villages|towns|hamlets|localities|localites|hameaux|villes)\b"
)


def set_sums_of_lists_apart(telling: Telling, scenes: dict[int, tuple[Scene, ...]]) -> None:
    """ "The army killed 80 as it beat back attacks on its posts. They began in A, B, C and D": the 80 of none alone."""
    told_in = Counter(line.index for frame in telling.frames if frame.has_point for line in frame.lines)
    of_a_list = [f for f in telling.frames if any(told_in[line.index] >= _MANY for line in f.lines)]
    sums: set[tuple[str, str, int]] = set()
    for attacks_told in (True, False):  # first as the sum of attacks, then told again
        for frame in of_a_list:
            for entry in list(frame.figures):
                figure, line, shared = entry
                key = (figure.kind, figure.who, figure.low)
                here = any(s.role == "scene" and s.is_point for s in scenes.get(line.index, ()))
                is_sum = _ATTACKS.search(line.sentence.plain) is not None if attacks_told else key in sums
                if here or shared >= 0 or figure.low < _MANY or not is_sum:
                    continue
                sums.add(key)
                frame.figures.remove(entry)
                telling.aggregates.append(Aggregate(figure=figure, line=line))


_MANY = 3  # places of one list
_ATTACKS = re.compile(
    r"\b(?:attacks|assaults|raids|strikes|attaques|assauts|frappes)\b"
    r"|\b(?:three|four|five|six|seven|eight|nine|ten|several|trois|quatre|cinq|six|sept|huit|neuf|dix|plusieurs)"
    r" (?:\w+ )?(?:towns|villages|camps|bases|posts|places|localities|villes|postes|localites|endroits)\b"
)


def _told_elsewhere(telling: Telling, frame: Frame, figure: Figure) -> bool:
    same = (figure.kind, figure.who, figure.low)
    return any((f.kind, f.who, f.low) == same for o in telling.frames if o is not frame for f, _, _ in o.figures)


def _most_below(frame: Frame, total: Figure) -> int:
    """The largest figure of a frame below a total that may be a part of it."""
    return max((figure.low for figure, _ in _below(frame, total)), default=0)


def _most_listed(frame: Frame, total: Figure) -> int:
    """The most below a total that one sentence adds up to: "four women and two infants" are six."""
    return max((low for low in _sums(frame, total).values() if low < total.low), default=0)


def _sums(frame: Frame, total: Figure) -> Counter[int]:
    """What each sentence adds up to of figures below a total, by the sentence's number."""
    sums: Counter[int] = Counter()
    for figure, line in _below(frame, total):
        sums[line.index] += figure.low
    return sums


def _below(frame: Frame, total: Figure) -> Iterator[tuple[Figure, Line]]:
    for figure, line, _ in frame.figures:
        whole = figure.kind == total.kind and figure.low < total.low and not figure.part
        if whole and figure.qualifier not in _VAGUE and _may_be_of(figure, total):
            yield figure, line


def _may_be_of(part: Figure, total: Figure) -> bool:
    """Eight militants are no sum of four soldiers and four civilians."""
    return "unspecified" in (part.who, total.who) or (part.who == "militants") == (total.who == "militants")


_VAGUE = ("dozens", "several", "hundreds")
