"""Where: the place mentions of a sentence by their role, resolved in the context of the report.

A scene is where something happened; the place of a source ("a municipal source at Mondoro"), a dateline,
a border or a direction is not. Roles are told by the words around a mention (``data/place_roles.csv``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from sahel_map.coding.lines import Line
from sahel_map.language.lexicon import read_rows
from sahel_map.language.plain import plain
from sahel_map.model import LonLat, PlaceKind, Resolution, ResolutionStatus
from sahel_map.names import fold
from sahel_map.resolution import Resolver
from sahel_map.toponyms import PlaceSpan, spot

_COVERED = frozenset({"ML", "BF", "NE", "BJ", "TG", "GH", "CI", "NG", "TD", "DZ", "MR"})  # where a scene may lie
_DATELINE = re.compile(r"^[\w'’., -]{2,48}?(?:\([^)]{2,40}\)\s*[-,:]|\((?:afp|reuters|ap)\)|\s-\s|:\s)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A place mention at characters [start, end) of the report's text."""

    start: int
    end: int
    text: str
    role: str  # scene, source, dateline, border, direction, reference, country
    resolution: Resolution
    span: PlaceSpan

    @property
    def is_country(self) -> bool:
        return self.resolution.kind is PlaceKind.COUNTRY

    @property
    def is_point(self) -> bool:
        return self.resolution.kind in (PlaceKind.PLACE, PlaceKind.NEAR, PlaceKind.STRETCH)


class Locator:
    """Finds and resolves the places of one report after another; keeps nothing between reports."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def scenes(self, lines: list[Line], published: dt.date | None) -> dict[int, tuple[Scene, ...]]:
        """The place mentions of every line, by line index, resolved with the other places as context."""
        spans = {line.index: self._spans(line) for line in lines}
        countries = _countries(lines, spans)
        first = self._resolve_all(lines, spans, countries, published, near=())
        anchors = tuple(
            r.position
            for r in first.values()
            if r.status is ResolutionStatus.RESOLVED and r.position and r.kind in (PlaceKind.PLACE, PlaceKind.NEAR)
        )
        doubtful = any(r.status is not ResolutionStatus.RESOLVED for r in first.values())
        second = (
            self._resolve_all(lines, spans, countries, published, near=anchors[:12]) if doubtful and anchors else first
        )
        return {
            line.index: tuple(_scene(line, span, second[(line.index, span.start)]) for span in spans[line.index])
            for line in lines
        }

    def _spans(self, line: Line) -> tuple[PlaceSpan, ...]:
        found = spot(line.sentence.text, self.resolver.gazetteer, language=line.language)
        return tuple(span for span in found if not _demonym().fullmatch(plain(span.names[0])))

    def _resolve_all(
        self,
        lines: list[Line],
        spans: dict[int, tuple[PlaceSpan, ...]],
        countries: Callable[[Line], tuple[str, ...]],
        published: dt.date | None,
        near: tuple[LonLat, ...],
    ) -> dict[tuple[int, int], Resolution]:
        memory: dict[tuple[object, ...], Resolution] = {}
        found: dict[tuple[int, int], Resolution] = {}
        for line in lines:
            for span in spans[line.index]:
                likely = countries(line)
                key = (replace(span, start=0, end=0), likely)
                if key not in memory:
                    memory[key] = self.resolver.resolve(span, country=likely or None, near=near, date=published)
                found[(line.index, span.start)] = memory[key]
        return found


def role_of(line: Line, start: int, end: int, is_country: bool) -> str:
    """The role of a place mention at characters [start, end) of ``line``'s own text."""
    text, language = line.sentence.plain, line.language
    if _is_dateline(text, start, end):
        return "dateline"
    before, after = text[max(0, start - 60) : start], text[end : end + 30]
    for position, pattern, role in _roles(language):
        if position == "before" and pattern.search(before):
            return role
        if position == "after" and pattern.match(after):
            return role
    shift = line.sentence.start
    for speaker in line.speakers:
        if speaker.start - shift <= start < speaker.end - shift and speaker.kind in (
            "local",
            "authority",
            "source",
            "security source",
            "medical",
        ):
            return "source"
    return "country" if is_country else "scene"


@cache
def _demonym() -> re.Pattern[str]:
    rows = read_rows("sahel_map.coding", "demonyms")
    plain_groups = [re.sub(r"\((?!\?)", "(?:", row["pattern"]) for row in rows]
    return re.compile(rf"\b(?:{'|'.join(f'(?P<d{i}>{p})' for i, p in enumerate(plain_groups))})\b")


@cache
def _demonym_countries() -> tuple[str, ...]:
    return tuple(row["country"] for row in read_rows("sahel_map.coding", "demonyms"))


def _near_border(line: Line, start: int) -> bool:
    return bool(re.search(r"\b(?:frontieres?|border)\b[\w ]{0,12}$", line.sentence.plain[max(0, start - 24) : start]))


def _scene(line: Line, span: PlaceSpan, resolution: Resolution) -> Scene:
    role = role_of(line, span.start, span.end, resolution.kind is PlaceKind.COUNTRY)
    if role == "scene" and _is_the_whole_sahel(span, resolution):
        role = "reference"
    shift = line.sentence.start
    return Scene(
        start=span.start + shift, end=span.end + shift, text=line.sentence.text[span.start : span.end],
        role=role, resolution=resolution, span=span,
    )  # fmt: skip


def _is_the_whole_sahel(span: PlaceSpan, resolution: Resolution) -> bool:
    """ "The Sahel" is a zone of five countries; only with its country named is it Burkina Faso's former region."""
    in_burkina = any("burkina" in fold(name) for name in span.within)
    return [fold(name) for name in span.names] == ["sahel"] and (resolution.kind is PlaceKind.AREA or not in_burkina)


def _is_dateline(text: str, start: int, end: int) -> bool:
    match = _DATELINE.match(text)
    if match is None or end > match.end() or start > 40:
        return False
    return len(match.group().split()) <= 7 and not re.search(
        r"\b(?:attaque|attack|mort|tue|killed|dead)\w*", match.group()
    )


@cache
def _roles(language: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    rows = []
    for row in read_rows("sahel_map.coding", "place_roles"):
        if row["language"] == language:
            edge = (
                rf"(?<!\w)(?:{row['pattern']})\s*$" if row["position"] == "before" else rf"(?:{row['pattern']})(?!\w)"
            )
            rows.append((row["position"], re.compile(edge), row["role"]))
    return tuple(rows)


def _countries(lines: list[Line], spans: dict[int, tuple[PlaceSpan, ...]]) -> Callable[[Line], tuple[str, ...]]:
    """The countries a line is likely about: those it names, else those named just before, else the report's main one."""
    named = {line.index: _named_countries(line, spans[line.index]) for line in lines}
    total = Counter(country for found in named.values() for country in found)
    main = tuple(country for country, _ in total.most_common(1))

    def likely(line: Line) -> tuple[str, ...]:
        if named[line.index]:
            return tuple(dict.fromkeys(named[line.index]))
        for index in range(line.index - 1, line.index - 3, -1):
            if named.get(index):
                return tuple(dict.fromkeys([*named[index][:1], *main]))
        return main

    return likely


def _named_countries(line: Line, spans: tuple[PlaceSpan, ...]) -> tuple[str, ...]:
    """Countries named by name, demonym or state force; a border's far side does not count."""
    found = [
        (span.start, span.country)
        for span in spans
        if span.country and role_of(line, span.start, span.end, True) == "country"
    ]
    shift = line.sentence.start
    found += [(actor.start - shift, actor.country) for actor in line.actors if actor.country and actor.side == "state"]
    for match in _demonym().finditer(line.sentence.plain):
        country = _demonym_countries()[int(str(match.lastgroup)[1:])]
        if (
            country in _COVERED
            and role_of(line, match.start(), match.end(), True) == "country"
            and not _near_border(line, match.start())
        ):
            found.append((match.start(), country))
    return tuple(country for _, country in sorted(found))
