"""Where: the place mentions of a sentence by their role, resolved in the context of the report.

A scene is where something happened; the place of a source ("a municipal source at Mondoro"), a dateline,
a border or a direction is not. Roles are told by the words around a mention (``data/place_roles.csv``).
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from shapely.geometry import Point

from sahel_map.answers import compass, near_answer, place_answer
from sahel_map.boundaries import Boundaries
from sahel_map.coding.lines import Line, dateline_end
from sahel_map.coding.relations import distance_km
from sahel_map.countries import country_code, country_name, country_names
from sahel_map.language.lexicon import read_rows
from sahel_map.language.plain import plain
from sahel_map.language.word_patterns import WordPattern
from sahel_map.model import AdminUnit, LonLat, Place, PlaceKind, Resolution, ResolutionStatus
from sahel_map.names import fold
from sahel_map.names import read_rows as read_package_rows
from sahel_map.phrases import bearings
from sahel_map.resolution import Resolver
from sahel_map.reversing import bearing
from sahel_map.toponyms import PlaceSpan, is_river, spot

# Where a scene may lie by a people's name alone; "Nigerian" is not among them: it is written for Nigerien too often.
_COVERED = frozenset({"ML", "BF", "NE", "BJ", "TG", "GH", "CI", "TD", "DZ", "MR"})
REMEMBERED = 20_000  # answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A place mention at characters [start, end) of the report's text."""

    start: int
    end: int
    text: str
    role: str  # scene, source, dateline, border, direction, reference, government, country
    resolution: Resolution
    span: PlaceSpan

    @property
    def name(self) -> str:
        """The place as the text spells it, without "the town of"; a phrase ("15 km north of …") as it stands."""
        one = len(self.span.names) == 1 and self.span.relation in ("", "near")
        return self.span.names[0] if one and self.span.kind != "area-of-country" else self.text

    @property
    def is_country(self) -> bool:
        return self.resolution.kind is PlaceKind.COUNTRY

    @property
    def is_point(self) -> bool:
        return self.resolution.kind in (PlaceKind.PLACE, PlaceKind.NEAR, PlaceKind.STRETCH)


WELL_KNOWN = 20_000  # inhabitants of a town that a report may name without its country


class Locator:
    """Finds and resolves the places of one report after another.

    What a name means without the other places of its report is kept, for the next report asks again;
    it depends on nothing that an earlier report told.
    """

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._answers: dict[tuple[object, ...], Resolution] = {}

    def scenes(self, lines: list[Line], published: dt.date | None) -> dict[int, tuple[Scene, ...]]:
        """The place mentions of every line, by line index, resolved with the other places as context."""
        spans = {line.index: self._spans(line) for line in lines}
        countries = _countries(lines, {i: tuple(self._countries_of_units(found)) for i, found in spans.items()})
        found = self._resolve_all(lines, spans, countries, published, near=())
        anchors = tuple(
            r.position
            for r in found.values()
            if r.status is ResolutionStatus.RESOLVED and r.position and _says_where(r, countries(None))
        )
        if anchors:  # what is sure without the other places stays so beside them
            doubtful = {
                index: tuple(s for s in named if found[(index, s.start)].status is not ResolutionStatus.RESOLVED)
                for index, named in spans.items()
            }
            found |= self._resolve_all(lines, doubtful, countries, published, near=anchors[:12])
        scenes = {
            line.index: _by_the_list(
                line, tuple(_scene(line, span, found[(line.index, span.start)]) for span in spans[line.index])
            )
            for line in lines
        }
        sited = {line.index: at_distances(scenes[line.index], line, self.resolver, published) for line in lines}
        return _told_once(scenes, sited)

    def _spans(self, line: Line) -> tuple[PlaceSpan, ...]:
        found = [
            self._region_by_article(line, _country_not_town(s))
            for s in spot(line.sentence.text, self.resolver.gazetteer, language=line.language)
        ]
        areas = [area for area in _areas_named(line, self.resolver) if not _is_an_actor(line, area)]
        if any(not span.country and not is_river(span.text) for span in found):
            # "on the Niger river near Ansongo": a place on it says more than the river of a thousand kilometres
            areas = [area for area in areas if not is_river(area.text)]
            found = [span for span in found if not is_river(span.text)]
        areas = [area for area in areas if not _is_an_aside(line, area, found)]
        kept: list[PlaceSpan] = []
        for span in found:
            if any(area.start < span.end and span.start < area.end for area in areas):
                continue
            if _demonym().fullmatch(plain(span.names[0])) or _is_an_actor(line, span):
                kept += _containers(line, span)
            else:
                kept.append(span)
        return tuple(sorted([*kept, *areas], key=lambda span: span.start))

    def _region_by_article(self, line: Line, span: PlaceSpan) -> PlaceSpan:
        """ "Dans le Tillabéri": French towns have no article, so it is the region of the name."""
        article = line.language == "fr" and line.sentence.plain.endswith(("dans le ", "dans la "), 0, span.start)
        if not article or span.kind or span.relation or len(span.names) != 1:
            return span
        return replace(span, kind="region") if self.resolver.boundaries.named(span.names[0], level=1) else span

    def _countries_of_units(self, spans: tuple[PlaceSpan, ...]) -> Iterator[tuple[int, str]]:
        """ "Sokoto State", "in the Alibori department": a unit that only one country has names that country."""
        for span in spans:
            kinds = itertools.zip_longest((*span.names, *span.within), ("",) * len(span.names) + span.within_kinds)
            for name, kind in kinds:
                called = (kind or (span.kind if name in span.names else "")) in _UNIT_KINDS or name.endswith(" State")
                if name and called:
                    countries = {unit.country for unit in self.resolver.boundaries.named(name)}
                    if len(countries) == 1:
                        yield span.start, countries.pop()

    def _or_a_part(
        self, answer: Resolution, span: PlaceSpan, likely: tuple[str, ...], published: dt.date | None
    ) -> Resolution:
        """When a hyphened name is unknown as a whole, the end of it that is known: somewhere about there."""
        if answer.status is not ResolutionStatus.UNRESOLVED or len(span.names) != 1 or answer.position is not None:
            return answer
        for part in _parts_of(span.names[0]):
            found = self.resolver.resolve(part, country=likely or None, date=published)
            if found.status is ResolutionStatus.RESOLVED and found.kind is PlaceKind.PLACE:
                return replace(near_answer(found, km=50.0), status=ResolutionStatus.AMBIGUOUS,
                               reason=f"no {span.names[0]!r} is known; {found.location} is")  # fmt: skip
        return answer

    def _resolve_all(
        self,
        lines: list[Line],
        spans: dict[int, tuple[PlaceSpan, ...]],
        countries: Callable[[Line | None], tuple[str, ...]],
        published: dt.date | None,
        near: tuple[LonLat, ...],
    ) -> dict[tuple[int, int], Resolution]:
        epoch = _epoch(self.resolver.boundaries, published or dt.date.today())
        memory: dict[tuple[object, ...], Resolution] = {} if near else self._answers
        if len(memory) > REMEMBERED:
            memory.clear()
        found: dict[tuple[int, int], Resolution] = {}
        for line in lines:
            named = countries(line) if spans[line.index] else ()
            told = [_told_country(span) for span in spans[line.index]]
            for span, own in zip(spans[line.index], told, strict=True):
                # "ten in Dioura, and 20 in Djibo, in Burkina Faso": the first may lie in the country told of before
                free = any(told) and not own
                likely = _both(named, countries(None)) if free else named
                asked = _of_the_country(span, likely)
                key = (asked.meaning, likely, free, epoch)
                answer = memory.get(key)
                if answer is None:
                    answer = memory[key] = self._resolved(asked, likely, near, published, free=free)
                found[(line.index, span.start)] = self._within_main(answer, asked, countries(None), published)
        return found

    def _within_main(
        self, answer: Resolution, span: PlaceSpan, main: tuple[str, ...], published: dt.date | None
    ) -> Resolution:
        """ "The W park, which straddles three countries": of the country that the report is about."""
        if answer.kind is not PlaceKind.AREA or answer.country or not main or span.relation:
            return answer
        return self.resolver.resolve(span, country=main, date=published)

    def _resolved(
        self,
        span: PlaceSpan,
        likely: tuple[str, ...],
        near: tuple[LonLat, ...],
        published: dt.date | None,
        *,
        free: bool,
    ) -> Resolution:
        """One place; ``free`` says that the countries likely for its sentence were told of another place."""
        answer = self.resolver.resolve(span, country=likely or None, near=near, date=published)
        if span.kind in _UNIT_KINDS and likely and answer.kind is not PlaceKind.UNIT:
            # "the Tahoua region, … from nearby Mali": a region's own country outweighs the one beside it
            elsewhere = self.resolver.resolve(span, date=published)
            answer = elsewhere if elsewhere.kind is PlaceKind.UNIT else answer
        unsure = answer.status is not ResolutionStatus.RESOLVED and answer.method not in ("exact", "alternate")
        if likely and unsure and not span.within:
            # "soldiers from Chad were killed in Gao": no Gao in Chad, and everybody knows the one in Mali
            elsewhere = self.resolver.resolve(span, near=near, date=published)
            sure = free and elsewhere.status is ResolutionStatus.RESOLVED and elsewhere.method in ("exact", "alternate")
            answer = elsewhere if sure or _is_well_known(elsewhere) else answer
        if likely and answer.status is not ResolutionStatus.RESOLVED and not span.within and not span.relation:
            # "…, two months after that on a hotel in Bamako": no hamlet of the country told of
            capital = self.resolver.resolve(span, date=published)
            answer = capital if _is_capital(capital) else answer
        return at_seat(self._or_a_part(answer, span, likely, published), self.resolver, published)


_PROVINCE_KM = 150.0  # how far from its middle a province or a department reaches


def _says_where(place: Resolution, main: tuple[str, ...]) -> bool:
    """Whether a place that is sure tells which of its namesakes another is: a town, or a small unit of the main countries."""
    if place.kind is PlaceKind.UNIT:
        return place.country in main and (place.uncertainty_km or _PROVINCE_KM) < _PROVINCE_KM
    return place.kind in (PlaceKind.PLACE, PlaceKind.NEAR)


def _told_country(span: PlaceSpan) -> bool:
    return any(country_code(name) for name in span.within)


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _is_well_known(answer: Resolution) -> bool:
    """A town that needs no country beside its name: surely that one, and large or a seat."""
    if answer.status is not ResolutionStatus.RESOLVED or not answer.candidates:
        return False
    place = answer.candidates[0].place
    return answer.candidates[0].method in ("exact", "alternate") and (
        place.population >= WELL_KNOWN or place.feature_code in ("PPLC", "PPLA", "PPLA2")
    )


def _is_capital(answer: Resolution) -> bool:
    best = answer.candidates[0] if answer.status is ResolutionStatus.RESOLVED and answer.candidates else None
    return best is not None and best.method in ("exact", "alternate") and best.place.feature_code == "PPLC"


@lru_cache(maxsize=1024)
def _epoch(boundaries: Boundaries, day: dt.date) -> int:
    return boundaries.epoch(day)


def _is_an_actor(line: Line, span: PlaceSpan) -> bool:
    """ "le camp de l'AMA": the name is that of an armed force, whatever hamlet is called so too."""
    name, shift = plain(span.names[0]), line.sentence.start
    for actor in line.actors:
        start, end = actor.start - shift, actor.end - shift
        if actor.text == name and span.start <= start < span.end:
            return True
        if not actor.is_generic and actor.side in ("jihadist", "rebel") and start <= span.start and span.end <= end:
            return True  # "the Azawad Liberation Front" names no place
    return False


def _containers(line: Line, span: PlaceSpan) -> Iterator[PlaceSpan]:
    """The places a dropped mention was said to lie in: "le camp de l'AMA à Nampala" names Nampala."""
    for name, kind in itertools.zip_longest(span.within, span.within_kinds, fillvalue=""):
        start = line.sentence.text.find(name, span.end) if name else -1
        if start >= 0:
            yield PlaceSpan(start=start, end=start + len(name), text=name, names=(name,), kind=kind, cue=True)


def _is_an_aside(line: Line, area: PlaceSpan, found: list[PlaceSpan]) -> bool:
    """ "À Sollé, dans le Nord, et à …": it says where the place right before it is, and is none of its own."""
    if area.kind != "area-of-country":
        return False
    between = (line.sentence.plain[span.end : area.start] for span in found if span.known and span.end <= area.start)
    return any(text in (", ", " (") for text in between)


def _country_not_town(span: PlaceSpan) -> PlaceSpan:
    """ "a northern Mali village" names the country, not a hamlet called Mali; so does "cette région du Niger"."""
    named = len(span.names) == 1 and span.kind in ("town", "region") and not span.relation
    code = country_code(span.names[0]) if named else ""
    return replace(span, kind="country", country=code) if code in _COVERED else span


def _areas_named(line: Line, resolver: Resolver) -> Iterator[PlaceSpan]:
    """ "central Mali", "le nord du Burkina", "dans l'est du pays": areas written with small letters."""
    for match in _area_pattern(resolver.boundaries).finditer(line.sentence.plain):
        text = line.sentence.text[match.start() : match.end()]
        yield PlaceSpan(start=match.start(), end=match.end(), text=text, names=(text,), kind="area", cue=True)
    for match in _COMPOUND_SIDE.finditer(line.sentence.plain):
        side = _SIDES.get(match.group("side").replace(" ", "-"), "") or match.group("side").replace(" ", "").replace(
            "-", ""
        )
        text = line.sentence.text[match.start() : match.end()]
        yield PlaceSpan(
            start=match.start(),
            end=match.end(),
            text=text,
            names=(f"{side} {match.group('land')}",),
            kind="area",
            cue=True,
        )
    yield from _capitals_named(line, resolver.boundaries)
    for match in _OF_THE_COUNTRY.finditer(line.sentence.plain):
        side = _SIDES[next(group for group in match.groups() if group)]
        text = line.sentence.text[match.start() : match.end()]
        yield PlaceSpan(
            start=match.start(), end=match.end(), text=text, names=(side,), kind="area-of-country", cue=True
        )


def _capitals_named(line: Line, boundaries: Boundaries) -> Iterator[PlaceSpan]:
    """ "In the Malian capital", "dans la capitale burkinabè": the seat of the country's government."""
    pattern, codes = _capital_pattern()
    for match in pattern.finditer(line.sentence.plain):
        code = codes[next(word for group, word in match.groupdict().items() if word and group != "capital")]
        seat = next((unit.seat for unit in boundaries.units(level=0, country=code)), "")
        start, end = match.span("capital")
        text = line.sentence.text[start:end]
        if seat:
            yield PlaceSpan(start=start, end=end, text=text, names=(seat,), kind="town", cue=True)


_TWO_CAPITALS = frozenset({"BJ", "CI"})  # one of the constitution and one of the government


@cache
def _capital_pattern() -> tuple[WordPattern, dict[str, str]]:
    """The pattern, and the country of each word in it."""
    people: dict[str, str] = {}
    names = {plain(name): code for name, code in country_names().items()}
    for row in read_package_rows("countries.csv"):
        people |= {plain(word): row["iso2"] for word in row["demonyms"].split("|")}
    codes = {word: code for word, code in (names | people).items() if code in _COVERED - _TWO_CAPITALS}

    def either(words: dict[str, str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word in codes)

    pattern = (
        rf"(?:in|dans) (?:the |la )?(?P<capital>(?P<people>{either(people)}) capital|(?P<owner>{either(names)})'s capital"
        rf"|capital of (?P<of>{either(names)})|capitale (?P<gens>{either(people)})|capitale (?:du |de la |de )?(?P<pays>{either(names)}))"
    )
    return WordPattern(pattern), codes


def _of_the_country(span: PlaceSpan, likely: tuple[str, ...]) -> PlaceSpan:
    if span.kind != "area-of-country":
        return span
    name = country_name(likely[0]) if likely else ""
    return replace(span, names=(f"{span.names[0]} {name}" if name else span.text,), kind="area")


@cache
def _area_pattern(boundaries: Boundaries) -> WordPattern:
    """Names of areas of two words and more, in plain text, the longest first."""
    names = {
        plain(n) for a in boundaries.areas() for n in (a.name_en, a.name_fr, *a.alternate_names) if a.area_id != "sahel"
    }
    several = sorted((n for n in names if len(n.split()) > 1), key=len, reverse=True)
    return WordPattern([rf"{re.escape(name)}(?!-)" for name in several], after=r"\w-")


_UNIT_KINDS = ("region", "province", "cercle", "department")
_SIDES = {"north": "northern", "nord": "northern", "northern": "northern", "south": "southern", "sud": "southern",
          "southern": "southern", "east": "eastern", "est": "eastern", "eastern": "eastern", "west": "western",
          "ouest": "western", "western": "western", "centre": "central", "center": "central", "central": "central",
          "northeast": "northeastern", "nord-est": "northeastern", "northwest": "northwestern",
          "nord-ouest": "northwestern", "southeast": "southeastern", "sud-est": "southeastern",
          "southwest": "southwestern", "sud-ouest": "southwestern"}  # fmt: skip
_COMPOUND_SIDE = WordPattern(
    r"(?:(?:le )?(?P<side>(?:nord|sud)[- ](?:est|ouest)|(?:north|south)[- ]?(?:east|west)(?:ern)?)"
    r"(?: du| de| of| de la| de l')? (?P<land>mali|burkina faso|burkina|niger|benin|togo|nigeria))",
    after=r"\w-",
)
_OF_THE_COUNTRY = WordPattern(
    r"(?:(?P<side>nord-est|nord-ouest|sud-est|sud-ouest|nord|sud|est|ouest|centre) du pays"
    r"|(?:the )?(?:country's |country s )?(?P<part>northeast|northwest|southeast|southwest|north|south|east|west|centre|center)"
    r"(?: of the country)"
    # "dans le nord-est, à la frontière avec …", "in the north, …": of the country told of
    r"|dans (?:le |l')(?P<bare>nord-est|nord-ouest|sud-est|sud-ouest|nord|sud|est|ouest|centre)(?=[,.;)]| pres de| a la frontiere|$)"
    r"|in the (?P<sole>northeast|northwest|southeast|southwest|north|south|east|west)(?=[,.;)]| near| on the border| close to|$))",
    after=r"\w-",
)


def _parts_of(name: str) -> list[str]:
    """The ends of a compound: "Teherdge-Tombouctou" on a road may be two places."""
    parts = [part.strip() for part in re.split(r"[-–/]", name)]
    return [part for part in parts if len(part) > 3] if len(parts) == 2 else []


def at_seat(answer: Resolution, resolver: Resolver, day: dt.date | None) -> Resolution:
    """A region by its chief town, as ACLED places what is known only by region; its polygon is kept.

    ACLED codebook, geo_precision 3: "a larger region … the provincial capital is used".
    """
    if answer.kind is not PlaceKind.UNIT:
        return answer
    level = 1 if answer.where_prec == 4 else 2  # UCDP: 3 is ADM2, 4 is ADM1
    units = resolver.boundaries.named(answer.location, level=level, country=answer.country, date=day)
    town = _seat(units[0], resolver) if units else None
    if town is None:
        return answer
    return replace(answer, position=town.position, reason=f"{answer.reason}; placed at its seat {town.name}")


@lru_cache(maxsize=1024)  # units are few, and their outlines long
def _seat(unit: AdminUnit, resolver: Resolver) -> Place | None:
    """The chief town of a unit: the largest settlement of that name within 0.1 degrees of it."""
    outline = resolver.boundaries.geometry(unit.unit_id)
    places = resolver.gazetteer.lookup(unit.seat, country=unit.country) if unit.seat else ()
    inside = [
        p
        for p in places
        if p.feature_code.startswith("PPL") and (outline is None or outline.dwithin(Point(p.position), 0.1))
    ]
    return max(inside, key=lambda p: (p.population, p.place_id), default=None)


def at_distances(scenes: tuple[Scene, ...], line: Line, resolver: Resolver, day: dt.date | None) -> tuple[Scene, ...]:
    """Weigh "X (28 km de Y)": of the places called X the one as far from Y as is said; unknown, so far around Y."""
    result: list[Scene | None] = list(scenes)
    for index, (scene, after) in enumerate(itertools.pairwise(scenes)):
        between = line.sentence.plain[scene.end - line.sentence.start : after.start - line.sentence.start]
        known = scene.resolution.status is ResolutionStatus.RESOLVED
        way: float | None = None
        told_within = known and scene.is_point and scene.span.relation in ("", "near")
        if after.span.relation == "near" and (_is_a_name(scene) or told_within) and _NEAR_BY.fullmatch(between):
            distance, slack, far = 0.0, _NEAR_KM, 2 * _NEAR_KM  # "Kaigourou, near Gossi"
        elif after.span.relation == "near" and _is_a_name(scene) and (said := _south_of().fullmatch(between)):
            distance, slack, far, way = 0.0, _ON_THAT_SIDE_KM, 4 * _ON_THAT_SIDE_KM, bearings()[said["way"]]
        elif after.span.relation == "offset" and re.fullmatch(_BESIDE, between) and after.span.distance_km is not None:
            distance = after.span.distance_km
            slack, far = max(8.0, 0.35 * distance), max(40.0, distance)
        else:
            continue
        anchor = resolver.resolve(after.span.names[0], country=scene.resolution.country or None, date=day)
        if anchor.status is not ResolutionStatus.RESOLVED:  # a village may lie 25 km from a town across the border
            abroad = resolver.resolve(after.span.names[0], date=day)
            anchor = abroad if abroad.status is ResolutionStatus.RESOLVED else anchor
        there = known and _is_that_way(scene.resolution, anchor, way)
        sure = there and not _is_elsewhere(scene, anchor, distance, far)
        if there and not sure and _is_told_beside(scene, after.span.names[0], distance + slack, resolver, day):
            sure = True  # "Diboli, 2 km from Kidira on the Senegalese side": though its country has a Kidira too
        if sure and scene.is_point:
            result[index + 1] = None  # "Djibo, just over 20 km away from Gaskindé": nothing happened in between
        if anchor.position is None or sure:
            continue
        role = "scene" if scene.role == "country" else scene.role  # no longer known by its country only
        found = _at_distance(scene, anchor, distance, slack, way, after, resolver, day)
        loosely = way is not None or scene.span.within or (known and not distance and not re.search("[,(]", between))
        if there and loosely and found.status is ResolutionStatus.UNRESOLVED:
            found = scene.resolution  # "Bamako, southwest of Gao": far, and no other is nearer
        result[index] = replace(scene, role=role, resolution=found)
        result[index + 1] = None  # it only says where the place before it is
    return tuple(scene for scene in result if scene is not None)


def _told_once(
    before: dict[int, tuple[Scene, ...]], sited: dict[int, tuple[Scene, ...]]
) -> dict[int, tuple[Scene, ...]]:
    """ "… an attack on X. X lies 30 km from Y": what one sentence says of where a place is holds in all of them."""
    was = {(index, scene.start): scene.resolution for index, found in before.items() for scene in found}
    known = {
        scene.name: scene.resolution
        for index, found in sited.items()
        for scene in found
        if scene.resolution is not was[index, scene.start]
    }
    if not known:
        return sited
    return {
        index: tuple(
            replace(scene, resolution=known[scene.name]) if scene.name in known and _is_a_name(scene) else scene
            for scene in found
        )
        for index, found in sited.items()
    }


_NEAR_KM = 60.0  # how far from a town a village may lie that is told to be near it
_NEAR_BY = re.compile(
    r"(?:\s*[,(]|\s*, (?:une?|an?) (?:\w+ )?(?:localite|village|ville|commune|bourgade|hameau|town|village|locality|hamlet|settlement)(?: (?:de|du|in|of)(?: la| le| l'| the)? [\w' -]{3,30}?)?)?"
    r"\s*(?:near|close to|not far from|(?:pres|proche|voisine?|non loin|a cote|aux environs|aux alentours) d(?:e|u|'))\s*(?:the |la |le |l')?(?:(?:town|city|ville|localite) (?:of|de|d') ?)?"
)


_ON_THAT_SIDE_KM = 130.0  # how far from a town a place may lie that is told to be south of it
_TURN = 100.0  # degrees: a direction is said loosely, but not of what lies on the other side


@cache
def _south_of() -> re.Pattern[str]:
    """ ", situated to the south of "."""
    ways = "|".join(sorted(map(re.escape, bearings()), key=len, reverse=True))
    fill = r"(?:just|further|located|situated|lying|in|to|the|situee?|sise?|au|a|plus|dans|le|l'|la)"
    town = r"(?:(?:the |la )?(?:town|city|ville|localite) (?:of|de|d') ?)?"
    return re.compile(rf"\s*[,(]\s*(?:{fill} ?)*(?P<way>{ways}) (?:of|de|du|d')\s*(?:the |la |le |l')?{town}")


def _is_that_way(place: Place | Resolution, anchor: Resolution, way: float | None) -> bool:
    """Whether a place lies in a direction from another (degrees clockwise from north), or too near to tell."""
    if way is None or place.position is None or anchor.position is None:
        return True
    if distance_km(place.position, anchor.position) < _TOO_NEAR_KM:
        return True
    return abs((bearing(anchor.position, place.position) - way + 180) % 360 - 180) <= _TURN


_TOO_NEAR_KM = 15.0


def _is_a_name(scene: Scene) -> bool:
    """A place by its name alone, or one that nobody knows: no region, road or area."""
    if scene.span.relation not in ("", "near") or scene.span.within:
        return False
    return scene.is_point or scene.resolution.status is ResolutionStatus.UNRESOLVED


def _is_elsewhere(scene: Scene, anchor: Resolution, distance: float, far: float) -> bool:
    """Whether the place that a name was taken for lies far from where the text says it does."""
    if anchor.position is None or scene.resolution.position is None or not scene.is_point:
        return False
    return abs(distance_km(scene.resolution.position, anchor.position) - distance) > far


def _is_told_beside(scene: Scene, name: str, reach: float, resolver: Resolver, day: dt.date | None) -> bool:
    """Whether a place written so, in whatever country, lies within ``reach`` km of a scene."""
    here = scene.resolution.position
    if here is None:
        return False
    namesakes = resolver.resolve(name, near=(here,), date=day).candidates
    return any(c.method in ("exact", "alternate") and distance_km(c.place.position, here) <= reach for c in namesakes)


def _at_distance(
    scene: Scene,
    anchor: Resolution,
    distance: float,
    slack: float,
    way: float | None,
    after: Scene,
    resolver: Resolver,
    day: dt.date | None,
) -> Resolution:
    assert anchor.position is not None
    answer = scene.resolution
    fits = [
        (abs(distance_km(c.place.position, anchor.position) - distance), -c.score, c)
        for c in answer.candidates
        if abs(distance_km(c.place.position, anchor.position) - distance) <= slack
        and _is_that_way(c.place, anchor, way)
    ]
    if not fits:
        around = after.resolution
        unsure = around.uncertainty_km if way is None else max(around.uncertainty_km or 0.0, _ON_THAT_SIDE_KM / 2)
        return replace(around, uncertainty_km=unsure, query=answer.query, location=scene.name, status=ResolutionStatus.UNRESOLVED,
                       reason=f"no {scene.name} is known {'so far from' if distance else 'there by'} {anchor.location}; {around.reason}")  # fmt: skip
    _, _, chosen = min(fits, key=lambda fit: (fit[0] > max(12.0, 0.2 * distance), fit[1], fit[0]))
    found = place_answer(scene.name, chosen, max(chosen.score, 0.9), answer.candidates, resolver.boundaries, day)
    away = distance_km(chosen.place.position, anchor.position)
    said = (
        f"{distance:.0f} km are said"
        if distance
        else "near is said"
        if way is None
        else f"{compass(way)} of it is said"
    )
    return replace(found, status=ResolutionStatus.RESOLVED,
                   reason=f"{chosen.place.name} lies {away:.0f} km from {anchor.location}, {said}")  # fmt: skip


_BESIDE = (
    r"(?:\s+(?:area|zone|sector))?(?:\s*[(;,]|\s+(?:se trouve|se situe|est|lies|is|sits)\b)\s*(?:(?:une?|a) (?:petite? |small )?(?:localite|village|ville|commune|hameau|bourgade|town|locality|hamlet)\s+)?(?:(?:situee?s?|distante?s?|sise?|located|situated|lying|which is|qui se trouve|se trouvant)\s*)?"
    r"(?:just )?(?:a |at |de |env\. |environ |about |around |some |over |under |more than |less than |plus de |moins de |a peine )?\s*"
)


def role_of(line: Line, start: int, end: int, is_country: bool) -> str:
    """The role of a place mention at characters [start, end) of ``line``'s own text."""
    text, language = line.sentence.plain, line.language
    if _is_dateline(text, start, end):
        return "dateline"
    role = _told_role(text, start, end, language)
    if role == "border" and not is_country and (_SETTLEMENT.match(text, start) or _BORDER_TOWN.search(text, 0, start)):
        return "scene"  # "in the border town of X"
    if role == "state":  # "violence in the region" goes on; "violence in the village of X" happened there
        return "scene" if _SETTLEMENT.match(text, start) else "reference"
    if role:
        return role
    before = text[max(0, start - 60) : start]
    if is_country and (_BY_COUNTRY.search(before) or _and_country().search(before)):
        return "border"
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


_OPENS = 10  # characters of a sentence before a place that opens it


def _told_role(text: str, start: int, end: int, language: str) -> str:
    """The role that the words before or after a mention tell, or ""."""
    any_before, any_after, opens, rows = _roles(language)
    if start <= _OPENS and (said_there := next((role for pattern, role in opens if pattern.match(text, end)), "")):
        return said_there
    window = max(0, start - 60)
    said = {
        "before": next(any_before.finditer(text, window, start), None) is not None,
        "after": any_after.match(text, end) is not None,
    }
    if not any(said.values()):
        return ""  # as of most
    for position, pattern, role in rows:
        if said[position] and (
            pattern.search(text, window, start) if position == "before" else pattern.match(text, end)
        ):
            return role
    return ""


_SETTLEMENT = re.compile(r"(?:the |le |la )?(?:village|town|city|hamlet|ville|localite|hameau)\b")
_BORDER_TOWN = re.compile(
    r"\b(?:border (?:town|village|post|crossing|city|locality|commune)|(?:ville|village|localite|commune|poste|bourgade) frontalie?re?)(?: of| at| de| du| d')? ?$"
)
# "near Mali", "une région proche du Mali": the country beside the one told of
_BY_COUNTRY = re.compile(
    r"\b(?:near|close to|bordering|next to|proches? d[eu]|pres d[eu]|non loin d[eu]|voisine?s? d[eu]|limitrophes? d[eu])"
    r"(?: neighbou?ring| the| la| le| l')?\s*$"
)


@cache
def _and_country() -> re.Pattern[str]:
    """ "Near the borders of Burkina Faso and Mali", "près du Mali et du Burkina Faso": what stands before the second."""
    countries = "|".join(sorted({re.escape(plain(name)) for name in country_names()}, key=len, reverse=True))
    return re.compile(
        r"\b(?:borders?(?: areas?| region| zone| strip)?|frontieres?|frontaliere?) (?:with|of|between|shared with|avec|du|de|de la|entre)"
        r"(?: the| le| la| l')? [\w' ]{3,24}?,? (?:and|et)(?: the| with| le| la| l'| avec le| du)?\s*$"
        r"|\b(?:near|close to|bordering|next to|proches? d[eu]|pres d[eu]|non loin d[eu]|voisine?s? d[eu]|limitrophes? d[eu])"
        rf"(?: neighbou?ring| the| la| le| l')? ?(?:{countries}),? (?:and|et)(?: the| le| la| l'| du| de| de la| de l')?\s*$"
    )


# "le fleuve Niger", "the bend of the Niger", "l'Office du Niger": the river or what lies on it, not the country
_OF_THE_RIVER = re.compile(
    r"\b(?:fleuve|office du|boucle du|delta (?:interieur |central )?du|rives? du|(?:bend|banks?|delta) of the) $"
)


@cache
def _country_pattern() -> WordPattern:
    names = sorted(
        (name for name, code in country_names().items() if code in _COVERED and len(name) > 3), key=len, reverse=True
    )
    return WordPattern([rf"{re.escape(name)}(?! (?:river|delta))" for name in names], after=r"\w-")


@cache
def _demonym() -> WordPattern:
    rows = read_rows("sahel_map.coding", "demonyms")
    plain_groups = [re.sub(r"\((?!\?)", "(?:", row["pattern"]) for row in rows]
    return WordPattern([f"(?P<d{i}>{p})" for i, p in enumerate(plain_groups)])


@cache
def _demonym_countries() -> tuple[str, ...]:
    return tuple(row["country"] for row in read_rows("sahel_map.coding", "demonyms"))


def _near_border(line: Line, start: int) -> bool:
    return bool(re.search(r"\b(?:frontieres?|borders?)\b[\w ]{0,36}$", line.sentence.plain[max(0, start - 48) : start]))


def _scene(line: Line, span: PlaceSpan, resolution: Resolution) -> Scene:
    known = (
        resolution.status is not ResolutionStatus.UNRESOLVED
    )  # a village in no gazetteer is no mention of its country
    role = role_of(line, span.start, span.end, known and resolution.kind is PlaceKind.COUNTRY)
    if role == "scene" and _is_the_whole_sahel(span, resolution):
        role = "reference"
    shift = line.sentence.start
    return Scene(
        start=span.start + shift, end=span.end + shift, text=line.sentence.text[span.start : span.end],
        role=role, resolution=resolution, span=span,
    )  # fmt: skip


def _by_the_list(line: Line, scenes: tuple[Scene, ...]) -> tuple[Scene, ...]:
    """ "They fled to A and to B", "soldiers from A, B and C": what is said of the first holds for all of them."""
    result = list(scenes)
    shift = line.sentence.start
    for index in range(1, len(result)):
        before, scene = result[index - 1], result[index]
        glue = _LISTED.fullmatch(line.sentence.plain, before.end - shift, scene.start - shift)
        if glue is None or before.role != "direction" or scene.role != "scene":
            continue
        clause = before is scenes[index - 1] and glue.group().startswith((", and", ", et"))
        if not (clause and _OF_ITS_OWN.match(line.sentence.plain, scene.end - shift)):
            result[index] = replace(scene, role="direction")
    return tuple(result)


_LISTED = re.compile(r"(?:,|,? and|,? et) (?:to |from |a |de |d'|vers )?")
# "they fled to A, and B was attacked"
_OF_ITS_OWN = re.compile(r",? (?:was|were|is|has|had|came|fell|a|est|ont|etait|fut|avait|where|ou)\b")


def _is_the_whole_sahel(span: PlaceSpan, resolution: Resolution) -> bool:
    """ "The Sahel" is a zone of five countries; only with its country named is it Burkina Faso's former region."""
    in_burkina = any("burkina" in fold(name) for name in span.within)
    named = {fold(name) for name in span.names} & {"sahel", "region du sahel", "sahel region", "the sahel", "le sahel"}
    return bool(named) and (resolution.kind is PlaceKind.AREA or not in_burkina)


def _is_dateline(text: str, start: int, end: int) -> bool:
    return start <= 40 and end <= dateline_end(text)


@cache
def _roles(
    language: str,
) -> tuple[
    WordPattern, re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...], tuple[tuple[str, re.Pattern[str], str], ...]
]:
    """What any role's words before and after a mention look like, those after one that opens a sentence, and all roles."""
    rows = [row for row in read_rows("sahel_map.coding", "place_roles") if row["language"] == language]

    def told(position: str) -> list[str]:
        return [row["pattern"] for row in rows if row["position"] == position]

    def edge(position: str, pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{pattern})\s*$" if position == "before" else rf"(?:{pattern})(?!\w)")

    ordered = (
        (row["position"], edge(row["position"], row["pattern"]), row["role"])
        for row in rows
        if row["position"] != "opens"
    )
    return (
        WordPattern([rf"(?:{pattern})\s*$" for pattern in told("before")]),
        edge("after", "|".join(told("after")) or "(?!)"),
        tuple((edge("after", row["pattern"]), row["role"]) for row in rows if row["position"] == "opens"),
        tuple(ordered),
    )


def _countries(
    lines: list[Line], units: dict[int, tuple[tuple[int, str], ...]]
) -> Callable[[Line | None], tuple[str, ...]]:
    """The countries a line is likely about: those it names, else those named just before, else the report's main one.

    ``units`` are the countries told by units that a line names, with where it does. Asked of no line, the report's
    main one.
    """
    named = {line.index: _named_countries(line, units[line.index]) for line in lines}
    if not any(named.values()):  # only "…, the Nigerien government said" tells where the story plays
        named = {line.index: _demonyms_named(line, ("country", "source")) for line in lines}
    total: Counter[str] = Counter()
    for line in lines:
        # the headline and the first sentence say where the story plays
        own = [country for country in named[line.index] if country not in _next_door(line)]
        total.update(dict.fromkeys(own, 3 if line.index == 0 or line.is_title else 1))
    main = tuple(country for country, _ in total.most_common(1))

    def likely(line: Line | None) -> tuple[str, ...]:
        if line is None:
            return main
        if named[line.index]:
            return tuple(dict.fromkeys(named[line.index]))
        if line.sentence.country:
            return (line.sentence.country,)
        for index in range(line.index - 1, line.index - 3, -1):
            if named.get(index):
                return tuple(dict.fromkeys([*named[index][:1], *main]))
        return main

    return likely


def _next_door(line: Line) -> set[str]:
    """ "In neighbouring Benin", "au Bénin voisin": a country beside the one that the report is about."""
    text = line.sentence.plain
    return {
        country_code(match.group())
        for match in _country_pattern().finditer(text)
        if re.search(r"\b(?:neighbou?ring|nearby) $", text[: match.start()]) or text.startswith(" voisin", match.end())
    }


def _named_countries(line: Line, units: tuple[tuple[int, str], ...]) -> tuple[str, ...]:
    """Countries named by name, demonym, unit or state force; a border's far side does not count."""
    found = list(units)
    for match in _country_pattern().finditer(line.sentence.plain):
        code = country_code(match.group())
        if (
            code in _COVERED
            # "Niger : 29 soldats tués à Tabatol, près du Mali": what stands before the colon is what it is about
            and role_of(line, match.start(), match.end(), True) in ("country", "dateline")
            and not _near_border(line, match.start())
            and not _OF_THE_RIVER.search(line.sentence.plain, 0, match.start())
        ):
            found.append((match.start(), code))
    shift = line.sentence.start
    found += [(actor.start - shift, actor.country) for actor in line.actors if actor.country and actor.side == "state"]
    found += _demonyms_at(line, ("country",))
    return tuple(country for _, country in sorted(found))


def _demonyms_named(line: Line, roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(country for _, country in sorted(_demonyms_at(line, roles)))


def _demonyms_at(line: Line, roles: tuple[str, ...]) -> list[tuple[int, str]]:
    found = []
    for match in _demonym().finditer(line.sentence.plain):
        country = _demonym_countries()[int(str(match.lastgroup)[1:])]
        if (
            country in _COVERED
            and role_of(line, match.start(), match.end(), True) in roles
            and not _near_border(line, match.start())
            and not _OF_REFUGEES.search(line.sentence.plain, max(0, match.start() - 14), match.end() + 10)
        ):
            found.append((match.start(), country))
    return found


_OF_REFUGEES = re.compile(r"\b(?:refugies|deplaces|exiles) \w+|\w+ (?:refugees|exiles)\b")  # they are not at home
