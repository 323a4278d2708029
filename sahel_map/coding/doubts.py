"""What a sentence does not tell as having happened: what might, what may have, and what somebody denies.

>>> says_if("if gunmen attack djibo, 500 people could be killed", "en")
True
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sahel_map.coding.tolls import Figure
from sahel_map.language.lexicon import Hit, load

_NEAR = 40  # characters between such words and the figure they are said of
_IF = {"en": r"\W*(?:if|unless|should)\b", "fr": r"\W*(?:si\b|s'ils?\b)"}
_NO_LONGER = re.compile(r"[;.]|\b(?:but|although|while|mais|alors que|tandis que)\b")


def says_if(plain_text: str, language: str, *, counts: bool = True, days: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether the whole sentence tells of nothing that happened: a condition, or what might come.

    ``counts`` says that it has figures, ``days`` are the spans of its days: with either it tells of what happened,
    unless the day is that of the threat ("threatened on Monday to attack").
    """
    doubts = _doubts(plain_text, language)
    if any(hit.row["kind"] == "unreal" and not _tells(plain_text[: hit.start], language) for hit in doubts):
        return True
    might = [hit for hit in doubts if hit.row["kind"] == "hypothetical"]
    own = [day for day in days if not any(hit.start <= day[0] and day[1] <= hit.end for hit in might)]
    return bool(might) and (not (counts or own) or re.match(_IF[language], plain_text) is not None)


def _tells(plain_text: str, language: str) -> bool:
    """Whether something is told to have happened: "five were killed, and more would have died if …"."""
    return any(
        load("sahel_map.coding", words, language).found_in(plain_text) for words in ("toll_words", "event_words")
    )


def believed(plain_text: str, language: str, found: tuple[Figure, ...]) -> tuple[tuple[Figure, ...], bool]:
    """The figures told as having happened, and whether one is left out because it is denied."""
    kept, denied = [], False
    doubts = _doubts(plain_text, language) if found else []
    for figure in found:
        kind = next((hit.row["kind"] for hit in doubts if _is_said_of(plain_text, hit, figure)), "")
        if kind == "perhaps" and figure.low > 0:
            top = figure.high if figure.high is not None else figure.low
            kept.append(replace(figure, low=min(1, top), high=top, qualifier="up to"))
        elif not kind or figure.low == 0:
            kept.append(figure)
        denied |= kind == "denial" and figure.low > 0
    return tuple(kept), denied


def _doubts(plain_text: str, language: str) -> list[Hit]:
    return list(load("sahel_map.coding", "doubts", language).find(plain_text))


def _is_said_of(text: str, doubt: Hit, figure: Figure) -> bool:
    """Right beside the figure; a denial of all that follows it in its clause; what would have come, of what follows."""
    if doubt.row["kind"] == "unreal" and figure.start < doubt.start:
        return False
    if doubt.row["kind"] == "denial":
        return doubt.end <= figure.start + 8 and _NO_LONGER.search(text, doubt.end, figure.start) is None
    if figure.start < doubt.end and doubt.start < figure.end:
        return True
    between = text[figure.end : doubt.start] if figure.end <= doubt.start else text[doubt.end : figure.start]
    return len(between) <= _NEAR and _NO_LONGER.search(between) is None
