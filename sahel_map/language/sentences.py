"""Where sentences begin and end, headlines and link lines set apart.

Own code because the libraries measured (docs/decisions/sentences.md) split after "M." and "Gen."
and give no way to tell a link headline glued between two sentences from the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from sahel_map.language.lexicon import read_rows
from sahel_map.language.plain import plain

LONGEST = 2_000  # characters; what runs on longer is no sentence, and is cut so that no reader takes for ever
_END = re.compile(r"[.!?…]+[\"'»”’)\]]*(?=\s|$)|\n+")
_CLOSED = re.compile(r"[.!?…:;][\"'»”’)\]]*$")
_CAPITALISED = re.compile(r"[A-ZÉÈÀÇÊÎÔ]['’]?\w*")
_LAST_WORD = re.compile(r"([\w.]+)$")
_INITIALS = re.compile(r"[a-z](\.[a-z])*")
_GLUED = re.compile(r"(?<=[\w\"»'”%])\s+(?=[A-ZÉÈÀÇÊÎÔ]['’]?[\w'’]*)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters [start, end) of a text; ``closed`` when it ends as a sentence does.

    ``country`` is the ISO code of a heading that it stands under: "MALI", then the incidents there.
    """

    start: int
    end: int
    text: str
    plain: str
    paragraph: int
    closed: bool
    country: str = ""


def sentences(text: str, language: str) -> tuple[Sentence, ...]:
    """Split ``text``; spans are of the text as given, surrounding white space left out."""
    found: list[Sentence] = []
    whole = plain(text)  # once: its sentences are the same characters
    for paragraph, (start, end) in enumerate(_paragraphs(text)):
        for first, last in _pieces(text, start, end, language):
            piece = text[first:last]
            closed = _CLOSED.search(piece) is not None
            found.append(Sentence(first, last, piece, whole[first:last], paragraph, closed))
    return tuple(found)


def _paragraphs(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"[^\n]+", text) if match.group().strip()]


def _pieces(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Cut one paragraph at sentence ends, and before a sentence glued to a headline."""
    cuts = [start]
    for match in _END.finditer(text, start, end):
        if not _is_abbreviation(text, start, match):
            cuts.append(match.end())
    cuts.append(end)
    pieces: list[tuple[int, int]] = []
    for first, last in pairwise(cuts):
        for piece in _cut_to_length(text, first, last):
            pieces += _unglue(text, *piece, language)
    return [_trim(text, first, last) for first, last in pieces if text[first:last].strip(" \t\"'»”.")]


def _cut_to_length(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what is longer than LONGEST at the last space before it, or just there."""
    cuts = [start]
    while end - cuts[-1] > LONGEST:
        space = text.rfind(" ", cuts[-1] + LONGEST // 2, cuts[-1] + LONGEST)
        cuts.append(space if space > 0 else cuts[-1] + LONGEST)
    return list(pairwise([*cuts, end]))


def _is_abbreviation(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group() != ".":
        return False
    before = text[max(start, match.start() - 12) : match.start()]
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    token = plain(word.group(1))
    after = text[match.end() : match.end() + 2].strip()
    if after and after[0].islower():
        return True
    return token in _abbreviations() or bool(_INITIALS.fullmatch(token) and len(token) <= 3)


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(row["word"] for row in read_rows("sahel_map.language", "abbreviations"))


def _unglue(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Cut before a capitalised sentence opener that follows a word without punctuation.

    Feeds flatten "Lire aussi" boxes into the story; French and English do not capitalise
    a function word in mid-sentence, outside a quotation or a title.
    """
    openers = _openers(language)
    cuts = [start]
    for match in _GLUED.finditer(text, start, end):
        word = _CAPITALISED.match(text, match.end(), end)
        if word is None or match.start() == start:
            continue
        token = plain(word.group())
        token = token.split("'")[0] + "'" if "'" in token else token
        if token not in openers or text[match.start() - 1] in ":;,(-–—«“":
            continue
        if _inside_quotation(text, cuts[-1], match.end()):
            continue
        cuts.append(match.end())
    cuts.append(end)
    return list(pairwise(cuts))


def _inside_quotation(text: str, start: int, here: int) -> bool:
    before = text[start:here]
    if before.count("«") > before.count("»") or before.count("“") > before.count("”"):
        return True
    return before.replace("''", '"').count('"') % 2 == 1


@cache
def _openers(language: str) -> frozenset[str]:
    rows = read_rows("sahel_map.language", "openers")
    return frozenset(row["word"] for row in rows if not language or row["language"] == language)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
