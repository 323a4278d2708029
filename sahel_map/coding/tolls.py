"""How many: the figures of one sentence, each with whom it counts, what befell them and how firm it is.

A number becomes a figure only when it counts people (``data/victims.csv``) or is itself a count of
dead or hurt (``data/toll_words.csv``), and the words around it say what befell those people. So
"200 assailants on motorbikes attacked" gives none. A part ("including 8 soldiers") stays a part: it is
kept in the ledger and never added to its total. ``toll_reader`` reads one number; this puts them together.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from sahel_map.coding.toll_reader import Figure, Reader
from sahel_map.language.lexicon import load
from sahel_map.language.numbers import LARGEST, Number

__all__ = ["ALSO", "Figure", "figures", "says_no_toll"]

# tells of more than was told before: other dead, or another attack
ALSO = re.compile(
    r"\b(?:also|further|another|in addition|as well|également|aussi|en outre|de plus|autres?)\b", re.IGNORECASE
)


def figures(plain_text: str, language: str) -> tuple[Figure, ...]:
    """The figures of one sentence, in plain text (see ``plain``), left to right.

    >>> [(f.who, f.kind, f.low, f.high) for f in figures("jnim said it had killed more than 40 soldiers", "en")]
    [('soldiers', 'killed', 40, None)]
    """
    reader = Reader(plain_text, language)
    if not reader.tells_a_fate():
        return tuple(_zeros(plain_text, language, []))
    found: list[Figure] = []
    for number in reader.numbers:
        figure = reader.figure(number, found[-1] if found else None)
        if figure and figure.low <= LARGEST:
            found += _alternatives(number, figure)
    found += reader.singles(found)
    found = _with_whose(reader, sorted(found, key=lambda f: f.start))
    return tuple(_with_parts(reader, found) + _zeros(plain_text, language, found))


def says_no_toll(plain_text: str, language: str) -> bool:
    """Whether the sentence says that no toll is known or given; that is not a toll of zero."""
    return any(
        hit.row["meaning"] == "unknown" for hit in load("sahel_map.coding", "no_toll", language).find(plain_text)
    )


def _with_whose(reader: Reader, found: list[Figure]) -> list[Figure]:
    """ "2 dead and 3 wounded among the gendarmes": what is told once, at the end, holds for both."""
    result = list(found)
    for index in range(len(found) - 2, -1, -1):
        figure, after = result[index], result[index + 1]
        told_after = after.victim_text and after.counted_end > after.end
        if figure.who == "unspecified" and told_after and reader.goes_on(figure.end, after.start):
            result[index] = replace(figure, who=after.who, victim_text=after.victim_text)
    return result


def _alternatives(number: Number, figure: Figure) -> list[Figure]:
    """ "15 ou 17 morts" are two diverging figures."""
    if not number.alternatives:
        return [figure]
    return [replace(figure, low=value, high=value, qualifier="exact") for value in number.alternatives]


def _zeros(plain_text: str, language: str, found: list[Figure]) -> list[Figure]:
    """ "Aucune victime" is a figure of zero; "no toll was given" is none."""
    if any(figure.kind == "killed" for figure in found):
        return []
    hits = load("sahel_map.coding", "no_toll", language).find(plain_text)
    first = next((hit for hit in hits if hit.row["meaning"] != "unknown"), None)
    if first is None:
        return []
    return [
        Figure(start=first.start, end=first.end, who="unspecified", kind="killed", low=0, high=0, qualifier="exact")
    ]


def _with_parts(reader: Reader, found: list[Figure]) -> list[Figure]:
    """Give "10 morts (8 soldats, 2 assaillants)" and "including 8 soldiers" their kind, and mark them parts."""
    result = list(found)
    taken = [(f.start, f.counted_end) for f in found]
    for figure in found:
        for start, end in _listings(reader.text, figure):
            for number in reader.numbers:
                if not start <= number.start < end or any(s <= number.start < e for s, e in taken):
                    continue
                people = reader.people_after(number)
                if people and people.start < end and not reader.word_between(people.end, min(end, people.end + 30)):
                    part = reader.make(number, figure.kind, people.row["group"], people.end, people)
                    result.append(replace(part, part=True))
                    taken.append((number.start, people.end))
    result = sorted(_bracketed_marked(reader.text, found, result), key=lambda f: f.start)
    return _summands_marked(_whole_unlike_parts(result))


def _whole_unlike_parts(found: list[Figure]) -> list[Figure]:
    """ "Forty fighters, eight soldiers and 32 volunteers among them, fell": fighters, but not the militants."""
    result = list(found)
    for index, total in enumerate(found):
        after = [f if f.kind == total.kind else None for f in found[index + 1 :]]
        parts = [f for f in takewhile(lambda f: f is not None and f.part, after) if f is not None]
        if total.who != "militants" or total.part or not parts:
            continue
        women = [n for n, f in enumerate(result) if f in parts and _ANY_SIDE.match(f.victim_text)]
        if len(women) == len(parts):  # "three attackers, two women among them"
            for n in women:
                result[n] = replace(result[n], who="militants")
        elif all(f.who in _OWN_SIDE for f in parts):
            result[index] = replace(total, who="unspecified")
    return result


_OWN_SIDE = ("soldiers", "police", "vdp", "civilians")
_ANY_SIDE = re.compile(
    r"wom[ae]n|femmes?|child|enfants?|girls?|boys?|filles?|garcons?|mineure?s?|teenagers?|adolescente?s?"
)


def _listings(text: str, figure: Figure) -> list[tuple[int, int]]:
    """Where the parts of a figure may stand: in brackets after those counted, or after "including" or a colon."""
    spans = []
    bracket = re.compile(r"[^().;]{0,24}?\(([^()]*\d[^()]*)\)").match(text, figure.counted_end)
    if bracket is None:
        bracket = re.compile(r"[^().;]{0,24}?\(([^()]*\d[^()]*)\)").match(text, figure.end)
    listing = re.compile(
        r"[^.;()]{0,40}?(?:\b(?:dont|including|parmi eux|among them|namely|a savoir|c'est-a-dire)\b|:)\s*([^.;()]{3,120})"
    ).match(text, figure.end)
    for match in (bracket, listing):
        if match is not None:
            spans.append(match.span(1))
    return spans


def _bracketed_marked(text: str, found: list[Figure], result: list[Figure]) -> list[Figure]:
    """A figure in brackets beside one outside is a part of it."""
    inside = [m.span(1) for m in re.finditer(r"\(([^()]*)\)", text)]
    totals = [f for f in found if not any(s <= f.start < e for s, e in inside)]
    if not totals:
        return result
    return [replace(f, part=True) if any(s <= f.start < e for s, e in inside) else f for f in result]


def _summands_marked(found: list[Figure]) -> list[Figure]:
    """ "Five people, four men and a boy, were killed": figures that add up to the one before them are its parts."""
    result = list(found)
    for index, total in enumerate(found):
        if total.part or total.low < 3:
            continue
        summed = 0
        for after in range(index + 1, len(found)):
            part = found[after]
            if part.kind != total.kind or total.who not in ("unspecified", part.who):
                break
            summed += part.low
            if summed == total.low and after > index + 1:
                result[index + 1 : after + 1] = [replace(f, part=True) for f in result[index + 1 : after + 1]]
            if summed >= total.low:
                break
    return result
