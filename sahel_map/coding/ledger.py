"""The toll ledger of one incident in one report: each figure with its speaker and status, doubles told once."""

from __future__ import annotations

import re
from dataclasses import replace

from sahel_map.coding.lines import Line
from sahel_map.coding.speakers import Speaker
from sahel_map.coding.telling import Frame
from sahel_map.coding.tolls import ALSO, Figure
from sahel_map.model import Report, Toll

_OWN_MEN = re.compile(r"\b(?:its|our|their|ses|nos|leurs) (?:own )?(?:men|people|troops|hommes|elements|rangs|ranks)\b")
_UNNAMED = ("source", "security source")
_IMPERSONAL = re.compile(
    r"\b(?:(?:is|are|was|were) (?:said|thought|believed|reported|feared|understood) to|reportedly|seraient|serait"
    r"|auraient ete|aurait ete|auraient|aurait)\b"
)
_OWN_SIDE = {"soldiers", "police", "vdp", "civilians", "unspecified", "peacekeepers", "aid workers"}
_ENEMY = {"soldiers", "police", "vdp", "peacekeepers"}
_IT_SAID = re.compile(
    r"\b(?:it|they|the group|le groupe|il|elle) (?:also )?(?:said|says|claimed|claims|added|a (?:dit|affirme|revendique)|affirme|dit)\b"
)
_INITIAL = re.compile(
    r"\b(?:initial(?:ly|ement)?|(?:earlier|first|previous) (?:toll|count|tally|figure|statement)|provisional|provisoire|premier bilan|jusqu'ici|preliminary)\b"
)
# a toll that the report itself says was given before the one it gives
_BEFORE = re.compile(
    r"\b(?:initially|at first|(?:an |the )?(?:earlier|previous|initial) (?:death )?(?:toll|count|tally|figure|estimate)"
    r"|earlier (?:gave|put|said|reported|announced)|had earlier|(?:avait|avaient) (?:d'abord|auparavant) (?:annonce|fait etat|parle|donne)"
    r"|initialement|dans un premier temps|(?:un |le )?(?:precedent bilan|bilan (?:precedent|initial)))\b"
)
_REVISED = re.compile(
    r"\b(?:rose|risen|revised|now|passe a|s'alourdit|desormais|revu a la hausse|nouveau bilan|s'eleve)\b"
)


def ledger(report: Report, frame: Frame, story: list[Line]) -> tuple[Toll, ...]:
    """The figures of a frame as Tolls; the same figure told twice by one speaker is one."""
    tolls: list[Toll] = []
    for read, line, shared in frame.figures:
        speaker = _speaker(line, read, story)
        figure = _of_that_figure(_of_its_own(read, line, speaker), line, frame)
        quote = report.text[line.sentence.start : line.sentence.end]
        tolls.append(
            Toll(
                who=figure.who, kind=figure.kind, low=figure.low, high=figure.high, qualifier=figure.qualifier,
                speaker=speaker.text if speaker else "", speaker_kind=speaker.kind if speaker else "",
                status=_status(figure, speaker, line), report_id=report.report_id, quote=quote,
                start=figure.start, end=figure.end, part_of="part" if figure.part else "",
                revision=_revision(line, read, frame), origin=_origin(speaker),
                shared_with=(f"shared:{shared}",) if shared >= 0 else (),
            )
        )  # fmt: skip
    return tuple(_with_details(_without_doubles(tolls)))


_CIVIL = ("civilians", "aid workers", "unspecified")


def _with_details(tolls: list[Toll]) -> list[Toll]:
    """ "Two aid workers were killed. … A driver and an accountant died": who the two were, and no third."""
    result = []
    for toll in tolls:
        told = any(
            t.kind == toll.kind
            and t.low > 1
            and t.who in _CIVIL
            and 0 <= t.start < toll.start
            and t.quote != toll.quote
            for t in tolls
        )
        one = toll.low == toll.high == 1 and toll.who in _CIVIL and not toll.part_of
        result.append(replace(toll, part_of="part") if one and told and not ALSO.search(toll.quote) else toll)
    return result


def _speaker(line: Line, figure: Figure, story: list[Line]) -> Speaker | None:
    """The source of a figure in its own sentence; "it said" and "the statement" point back to who spoke before."""
    text, at = line.sentence.plain, figure.start - line.sentence.start
    impersonal = _IMPERSONAL.search(text, max(0, at - 20), min(len(text), at + 70))
    if line.speakers and impersonal and not any(s.kind in (*_UNNAMED, "local", "medical") for s in line.speakers):
        return None  # "where 40 soldiers are said to have been killed": nobody in particular says so
    if line.speakers:
        chosen = min(line.speakers, key=lambda s: (s.kind in ("media", "statement"), abs(s.start - figure.start)))
        if chosen.kind != "statement":
            return chosen
        before = [s for back in story if back.index < line.index for s in back.speakers if s.kind == "authority"]
        return before[-1] if before else chosen
    if _IT_SAID.search(line.sentence.plain):
        return _who_it_is(line, story)
    return None


def _who_it_is(line: Line, story: list[Line]) -> Speaker | None:
    """ "It said": the body that spoke last before, else the armed group named last."""
    for back in reversed([b for b in story if b.index <= line.index]):
        spoke = [s for s in back.speakers if s.kind in ("authority", "party", "ngo", "un")]
        if spoke:
            return spoke[-1]
        named = [a for a in back.actors if a.side in ("jihadist", "rebel") and not a.is_generic]
        if named:
            last = named[-1]
            return Speaker(
                start=-1, end=-1, text=last.actor.split(":")[0], kind="party", side=last.side, actor=last.actor
            )
    return None


def _of_its_own(figure: Figure, line: Line, speaker: Speaker | None) -> Figure:
    """ "The army said 12 of its men": an armed force's own men are soldiers."""
    text = line.sentence.plain[figure.start - line.sentence.start : figure.end - line.sentence.start + 12]
    own = figure.who == "unspecified" and _OWN_MEN.search(text)
    if own and speaker is not None and speaker.kind in ("authority", "security source", "statement"):
        return replace(figure, who="soldiers")
    return figure


def _of_that_figure(figure: Figure, line: Line, frame: Frame) -> Figure:
    """ "63 attackers were killed. … The army raised that figure to 77": of those counted right before."""
    if figure.who != "unspecified" or _THAT_FIGURE.search(line.sentence.plain) is None:
        return figure
    before = [f for f, _, _ in frame.figures if f.kind == figure.kind and f.start < line.sentence.start]
    return replace(figure, who=max(before, key=lambda f: f.start).who) if before else figure


_THAT_FIGURE = re.compile(
    r"\b(?:that|this|the latter|ce|ce dernier) (?:last |latter )?(?:figure|number|count|chiffre|nombre)\b"
)
_HAS_KILLED = re.compile(
    r"\b(?:said|says|claim(?:s|ed)|affirme\w*|dit|assure\w*|revendique\w*) (?:that )?(?:it |they |its fighters |avoir )(?:had |has |have )?"
    r"(?:killed|tue|abattu|elimine|neutralise)"
)  # whoever they were: "JNIM said it killed 50 Russians"


def _status(figure: Figure, speaker: Speaker | None, line: Line) -> str:
    """claimed: a party about its own success; confirmed: an authority about its own side; else reported."""
    if speaker is None:
        return "reported"
    if speaker.kind == "party" and (figure.who in _ENEMY or _HAS_KILLED.search(line.sentence.plain)):
        return "claimed"
    if speaker.kind in ("authority", "statement"):
        return "claimed" if figure.who == "militants" else ("confirmed" if figure.who in _OWN_SIDE else "reported")
    if speaker.kind == "un" and figure.who == "peacekeepers":
        return "confirmed"
    return "reported"


def _revision(line: Line, figure: Figure, frame: Frame) -> str:
    """superseded: an earlier toll beside a later one; provisional; revised; or nothing of the kind."""
    text = line.sentence.plain
    before = _BEFORE.search(text, 0, max(0, figure.start - line.sentence.start))
    later = any(f.kind == figure.kind and f.low > figure.low and not f.part for f, _, _ in frame.figures)
    if before and later:
        return "superseded"
    if _INITIAL.search(text):
        return "provisional"
    return "revised" if _REVISED.search(text) else ""


def _origin(speaker: Speaker | None) -> str:
    if speaker is None:
        return ""
    return f"{speaker.via}: {speaker.text}" if speaker.via else speaker.text


def _without_doubles(tolls: list[Toll]) -> list[Toll]:
    kept: list[Toll] = []
    for toll in tolls:
        twin = next((i for i, known in enumerate(kept) if _same_figure(known, toll)), None)
        if twin is None:
            kept.append(toll)
        elif _fuller(toll) > _fuller(kept[twin]):
            kept[twin] = toll
    return kept


def _same_figure(a: Toll, b: Toll) -> bool:
    if (a.kind, a.low) != (b.kind, b.low) or a.shared_with != b.shared_with:
        return False
    if a.who != b.who and "unspecified" not in (a.who, b.who):
        return False
    if a.speaker_kind in _UNNAMED and b.speaker_kind in _UNNAMED:
        return True  # "two sources", then "two security sources": the same people
    return a.speaker == b.speaker or not a.speaker or not b.speaker or a.speaker_kind == b.speaker_kind


def _fuller(toll: Toll) -> tuple[bool, bool, bool, bool]:
    return (toll.who != "unspecified", bool(toll.speaker), toll.speaker_kind != "source", not toll.part_of)
