"""What do the words around a place name say about where? "15 km north of A", "entre A et B", "axe A – B".

The grammar is data: ``data/place_phrases.csv`` holds patterns with {A}, {B}, {km} and {dir} in them,
``bearings.csv`` and ``distance_words.csv`` the words these stand for, in English and French.
Text comes in with its names replaced by marks, so no pattern knows a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from sahel_map.names import fold, read_rows

KM_PER_MILE = 1.609344
_NUMBER = r"\d{1,4}(?:[.,]\d+)?"
_UNITS = {"k": 1.0, "m": KM_PER_MILE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What a phrase says: a relation between the marked names number `marks`, at [start, end) of the text."""

    relation: str  # offset, near, between, road, border
    marks: tuple[int, ...]
    start: int
    end: int
    distance_km: float | None = None
    bearing: float | None = None  # degrees clockwise from north


def relations(text: str, marks: Sequence[tuple[int, int]], language: str = "") -> list[Relation]:
    """The place phrases around the names at `marks`, the longest reading of each; language "" tries both.

    >>> text = "some 15 km north of Aguelhok"
    >>> [(r.relation, r.distance_km, r.bearing) for r in relations(text, [(20, 28)], "en")]
    [('offset', 15.0, 0.0)]
    """
    marked, places = _mark(plain(text), marks)
    measured = _DISTANCE.search(marked) is not None
    found = [
        relation
        for pattern in _patterns(language)
        if pattern.names <= len(marks) and (measured if pattern.measured else _holds(marked, pattern.needs))
        for relation in _matches(pattern, marked, places)
    ]
    found.sort(key=lambda r: (_RANK[r.relation], r.distance_km is None, r.bearing is None, r.start - r.end))
    kept: list[Relation] = []
    taken: set[int] = set()
    for relation in found:
        if taken.isdisjoint(relation.marks):
            kept.append(relation)
            taken.update(relation.marks)
    return sorted(kept, key=lambda r: r.start)


def _holds(text: str, needs: tuple[str, ...]) -> bool:
    """Whether the text holds one of the pieces that a pattern cannot do without: most sentences hold none."""
    for piece in needs:  # noqa: SIM110 - asked of every sentence and pattern, and any() takes three times as long
        if piece in text:
            return True
    return False


def plain(text: str) -> str:
    """Lower case without accents, every character in its place, so that offsets stay true."""
    return text.lower() if text.isascii() else text.translate(_PLAIN)


class _PlainTable(dict[int, str]):
    """For str.translate: one character for one, worked out the first time it is met."""

    def __missing__(self, codepoint: int) -> str:
        character = self[codepoint] = _plain_character(chr(codepoint))
        return character


_PLAIN = _PlainTable()
_RANK = {"between": 0, "road": 1, "offset": 2, "border": 3, "near": 4}


def _plain_character(character: str) -> str:
    if character in "’ʼ‘`´":
        return "'"
    folded = fold(character)
    return folded[0] if folded else character


@dataclass(frozen=True, slots=True)
class _Pattern:
    relation: str
    names: int  # that it needs
    measured: bool  # it needs a distance
    needs: tuple[str, ...]  # pieces of text, one of which a match holds
    regex: re.Pattern[str]


# what the first of two places lies in: "between Niono (Ségou) and …", "…, in Soum province, and …"
_CONTAINER = r"(?: \([^)]{0,60}\)|,? (?:in |within |dans |en |au )?(?:the |le |la |l')?§\d+§,?)"
_DISTANCE = re.compile(r"k(?:ms?|ilomet\w+)?\b|mi(?:les?)?\b")  # the units of ``_compile``


def _matches(pattern: _Pattern, marked: str, places: list[int]) -> Iterator[Relation]:
    for match in pattern.regex.finditer(marked):
        groups = match.groupdict()
        marks = tuple(int(groups[g]) for g in ("A", "B") if groups.get(g) is not None)
        yield Relation(
            relation=pattern.relation.split("_")[0],
            marks=marks,
            start=places[match.start()],
            end=places[match.end()],
            distance_km=_kilometres(groups),
            bearing=bearings().get((groups.get("dir") or "").strip()),
        )


def _mark(text: str, marks: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    """The text with §n§ for every name, and where each of its characters stood."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for number, (start, end) in enumerate(marks):
        token = f"§{number}§"
        pieces += [text[at:start], token]
        places += [*range(at, start), *([start] * (len(token) - 1)), end - 1]
        at = end
    pieces.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(pieces), places


@cache
def _patterns(language: str) -> tuple[_Pattern, ...]:
    rows = [row for row in read_rows("place_phrases.csv") if language in ("", row["language"])]
    return tuple(_pattern(row) for row in rows)


def _pattern(row: dict[str, str]) -> _Pattern:
    names = 2 if "{B}" in row["pattern"] else 1
    needs = tuple(row["needs"].split("|"))
    return _Pattern(row["relation"], names, "{km}" in row["pattern"], needs, _compile(row["pattern"], row["language"]))


def _compile(pattern: str, language: str) -> re.Pattern[str]:
    words = sorted((w for w, lang in _distance_words() if lang == language), key=len, reverse=True)
    directions = sorted(bearings(), key=len, reverse=True)
    km = rf"(?P<number>{_NUMBER}|{'|'.join(map(re.escape, words))})\s?(?P<unit>km|kms|k\b|kilomet(?:er|re)s?|miles?|mi\b)"
    km += r"(?: \([^)]{0,24}\))?"
    prefix = r"(?:the |d'|l'|la |le |les )?"
    parts = {
        "{A}": prefix + "§(?P<A>\\d+)§",
        "{B}": prefix + "§(?P<B>\\d+)§",
        "{km}": km,
        "{dir}": f"(?P<dir>{'|'.join(map(re.escape, directions))})",
        "{way}": f"(?:{'|'.join(map(re.escape, directions))})",
        "{of}": "(?:de |du |des |d' ?)",
        "{in}": _CONTAINER,
    }
    for mark, expression in parts.items():
        pattern = pattern.replace(mark, expression)
    pattern = pattern.replace("{{", "{").replace("}}", "}")
    return re.compile(r"(?<!\w)" + pattern)


def _kilometres(groups: dict[str, str | None]) -> float | None:
    number, unit = groups.get("number"), groups.get("unit")
    if number is None or unit is None:
        return None
    words = {word: value for (word, _), value in _distance_words().items()}
    value = words[number] if number in words else float(number.replace(",", "."))
    return round(value * _UNITS[unit[0]], 3)


@cache
def bearings() -> dict[str, float]:
    """The words for directions, in plain text, with their degrees clockwise from north."""
    return {plain(row["word"]): float(row["degrees"]) for row in read_rows("bearings.csv")}


@cache
def _distance_words() -> dict[tuple[str, str], float]:
    return {(plain(row["word"]), row["language"]): float(row["value"]) for row in read_rows("distance_words.csv")}
