"""A person's figure in the ledger: it stands beside those of the reports, which then count in no estimate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sahel_map.model import OVERRULED, PERSON, EventMention, Toll

KINDS = ("killed", "injured", "abducted", "missing")
GROUPS = ("soldiers", "police", "vdp", "civilians", "militants", "peacekeepers", "aid workers", "unspecified")
UNKNOWN = "unknown"  # the value that says that no figure is to be believed

_VALUE = re.compile(r"(?P<low>\d{1,6})(?:(?P<open>\+)|\s?[-–]\s?(?P<high>\d{1,6}))?")


def is_toll_field(name: str) -> bool:
    """Whether a correction's field names a figure: "killed", or "killed:soldiers" for one group.

    >>> is_toll_field("killed:soldiers"), is_toll_field("killed:goats"), is_toll_field("actor1")
    (True, False, False)
    """
    kind, _, who = name.partition(":")
    return kind in KINDS and (not who or who in GROUPS)


def bounds(value: str) -> tuple[int, int | None] | None:
    """Low and high of a corrected figure, high None when open; None for "unknown". Raises ValueError.

    >>> bounds("17"), bounds("15-20"), bounds("12+"), bounds("unknown")
    ((17, 17), (15, 20), (12, None), None)
    """
    if value.lower() == UNKNOWN:
        return None
    match = _VALUE.fullmatch(value)
    if match is None or int(match["high"] or match["low"]) < int(match["low"]):
        raise ValueError(f'{value!r} is no figure; wanted e.g. 17, 15-20, 12+ (or more) or "{UNKNOWN}"')
    low = int(match["low"])
    return low, None if match["open"] else int(match["high"] or low)


def with_figure(
    mentions: Sequence[EventMention], field: str, value: str, *, who: str, why: str
) -> tuple[EventMention, ...]:
    """The mentions of one incident with a person's figure in the first one's ledger, the figures it corrects overruled.

    A field without a group speaks of all who were hit. ``value`` is as ``bounds`` reads it.
    """
    kind, _, group = field.partition(":")
    figure = bounds(value)
    note = f"{field} corrected by {who}: {why}"
    changed = [
        replace(
            m,
            tolls=tuple(
                replace(t, revision=OVERRULED) if t.kind == kind and group in ("", t.who) else t for t in m.tolls
            ),
            notes=(*m.notes, note),
        )
        for m in mentions
    ]
    if figure is not None and changed:
        low, high = figure
        toll = Toll(
            who=group or "unspecified", kind=kind, low=low, high=high, qualifier=_qualifier(low, high), speaker=who,
            speaker_kind=PERSON, report_id=changed[0].report_id, quote=why, origin=who,
        )  # fmt: skip
        changed[0] = replace(changed[0], tolls=(*changed[0].tolls, toll))
    return tuple(changed)


def _qualifier(low: int, high: int | None) -> str:
    if high is None:
        return "at least"
    return "exact" if high == low else "about"
