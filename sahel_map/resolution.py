"""Where is this? A name or phrase weighed in its context: a point, a stretch or an area, how sure, and why.

>>> answer = resolve("15 km north of Djibo", country="BF")
>>> answer.kind.value, round(answer.position.lat, 2), answer.geo_precision.value
('near', 14.23, 2)

"resolved" is said when the probability of being within 25 km is at least 0.9 (ranking.py), "ambiguous"
comes with the candidates, "unresolved" with the smallest unit that is certain.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sahel_map import answers
from sahel_map.boundaries import Boundaries
from sahel_map.countries import TRI_BORDER, country_code, country_codes_of, country_name, country_names
from sahel_map.errors import InputError
from sahel_map.gazetteer import LONGEST_NAME, REMEMBERED, Gazetteer, distinct
from sahel_map.model import AdminUnit, Candidate, GeoPrecision, LonLat, Place, PlaceKind, Resolution, ResolutionStatus
from sahel_map.names import compact, fold, read_rows, similarity_of_forms, sound_key, sound_keys
from sahel_map.ranking import SAME_PLACE_KM, Context, InZones, Ranked, distance_km, is_within, own_logits, rank
from sahel_map.rivers import reach
from sahel_map.toponyms import UNIT_KINDS, PlaceSpan, has_unit_word, speaks_of_place, spot, without_unit_word

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

CERTAIN = 0.97  # and in the unit named: no other spelling is looked for
SURE = 0.9  # probability from which an answer is called resolved
LEAST = 0.12  # below it no candidate is worth naming as the answer
UNDRAWN_KM = 80.0  # how far a district known only by its seat may reach
LONGEST_TEXT = 1000  # characters of a description
SHOWN = 8  # candidates kept in an answer
_LONG_KM = 400.0  # a road named by two places that are known is no longer
_UNSURE_KM = 150.0  # nor one of which an end is only guessed
_CLOSE_KM = 60.0  # of two names that several places bear, those two are meant that lie no farther apart
_LEVELS = {"region": (1,), "province": (2, 1), "cercle": (2,), "department": (2,), "": (1, 2)}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question's context, read and checked."""

    countries: frozenset[str]
    units: tuple[AdminUnit, ...]  # named by the caller or the phrase, of any day; the narrowest level only
    polygons: tuple[BaseGeometry, ...]
    near: tuple[LonLat, ...]
    border: str
    date: dt.date | None
    unread: tuple[str, ...] = ()  # names of units that nobody knows
    seat: Resolution | None = None  # the commune or town it is said to lie in or by

    def context(self, boundaries: Boundaries, known_places: int) -> Context:
        line = None
        if self.border:
            borders = boundaries.units(level=0, country=self.border)
            line = boundaries.geometry(borders[0].unit_id) if borders else None
        return Context(
            countries=self.countries,
            units=self.polygons,
            near=self.near,
            border=line,
            in_zones=_zones(boundaries),
            known_places=known_places,
        )


# ACLED's and UCDP's precision of a place that may be another so far away: a point, near one, a region, a country
_CODES = (
    (25.0, (GeoPrecision.PLACE, 1)),
    (100.0, (GeoPrecision.NEAR, 2)),
    (300.0, (GeoPrecision.REGION, 4)),
    (float("inf"), (GeoPrecision.COUNTRY, 6)),
)


class Resolver:
    """Resolves names and phrases with one gazetteer and one set of boundaries."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        boundaries: Boundaries | None = None,
        *,
        online: Callable[[str, frozenset[str]], Candidate | None] | None = None,
    ) -> None:
        """`boundaries` are those of the gazetteer if None; `online` is the last tier, e.g. geocoding.OnlineGeocoder(); None: nothing leaves the machine."""
        self.gazetteer = gazetteer
        self.boundaries = boundaries or gazetteer.boundaries
        self._online = online
        self._border_zones: dict[str, BaseGeometry] = {}
        # what a name may mean in some countries is the same in the next report
        self._like = lru_cache(maxsize=REMEMBERED)(self._candidates)

    def resolve(
        self,
        query: str | PlaceSpan,
        *,
        country: str | Collection[str] | None = None,
        admin1: str | None = None,
        admin2: str | None = None,
        near: Sequence[LonLat] = (),
        date: dt.date | None = None,
        border: str | None = None,
    ) -> Resolution:
        """What a name, a phrase, or a mention found by toponyms.spot means.

        `country` is one or several names or ISO codes, `admin1` and `admin2` are units of any day, `near`
        holds other places of the report (lon, lat), `border` the country whose border it is near, `date`
        the day whose admin units are wanted (None: today). Raises InputError for a country that is none;
        a text that is no name comes back unresolved with the reason.
        """
        span = query if isinstance(query, PlaceSpan) else None
        text = query.text if isinstance(query, PlaceSpan) else query
        asked = self._asked(country, (admin2, admin1), near, date, border or (span.border if span else ""))
        if span is None:
            fault = _fault(text)
            if fault:
                return self._fallback(text[:LONGEST_NAME], asked, fault)
            return self._text(text, asked)
        return self._span(span, asked)

    def _asked(
        self,
        country: str | Collection[str] | None,
        units: Iterable[str | None],
        near: Sequence[LonLat],
        date: dt.date | None,
        border: str,
    ) -> _Asked:
        asked = _Asked(country_codes_of(country), (), (), tuple(near), country_code(border), date)
        return self._narrowed(asked, [(name, "") for name in reversed([u for u in units if u and u.strip()])])

    def _narrowed(self, asked: _Asked, containers: Sequence[tuple[str, str]]) -> _Asked:
        """The question within further containers (name, kind), the widest first."""
        import shapely

        for name, kind in containers:
            code = country_names().get(fold(name))
            if code and kind in ("", "country"):
                asked = replace(asked, countries=frozenset({code}))
                continue
            units = self._units_named(name, kind, asked.countries)
            if asked.units:
                units = tuple(u for u in units if self._overlap(u, asked.polygons)) or ()
            polygons = tuple(g for g in (self.boundaries.geometry(u.unit_id) for u in units) if g is not None)
            shapely.prepare(list(polygons))
            known = replace(asked, units=units, polygons=polygons)
            asked = known if polygons else self._narrowed_by_place(asked, name)
        return asked

    def _narrowed_by_place(self, asked: _Asked, name: str) -> _Asked:
        """A container that is no unit we know: a commune by its seat, with the land around it."""
        seat = self._name(name, asked)
        if seat.position is None or seat.status is not ResolutionStatus.RESOLVED or seat.kind is not PlaceKind.PLACE:
            return replace(asked, unread=(*asked.unread, name))
        import shapely

        around = shapely.Point(seat.position).buffer(0.27)
        return replace(asked, near=(*asked.near, seat.position), polygons=(around,), seat=seat)

    def _overlap(self, unit: AdminUnit, polygons: Iterable[BaseGeometry]) -> bool:
        geometry = self.boundaries.geometry(unit.unit_id)
        return geometry is None or any(geometry.intersects(polygon) for polygon in polygons)

    def _units_named(self, name: str, kind: str, countries: frozenset[str]) -> tuple[AdminUnit, ...]:
        found = self._units_spelt(self.boundaries, name, countries)
        wanted = _LEVELS.get(kind, (1, 2))
        if kind == "department" and not any(u.level == 2 for u in found):
            wanted = (1,)  # Benin and Guinea's first level
        for level in wanted:
            of_level = tuple(u for u in found if u.level == level)
            if of_level:
                return of_level
        return ()

    @staticmethod
    @lru_cache(maxsize=4096)
    def _units_spelt(boundaries: Boundaries, name: str, countries: frozenset[str]) -> tuple[AdminUnit, ...]:
        def may_be_meant(unit: AdminUnit) -> bool:
            return unit.level in (1, 2) and (not countries or unit.country in countries)

        exact = tuple(filter(may_be_meant, boundaries.named(name)))
        if exact:
            return exact
        key, sound = compact(name), sound_key(name)
        spelt = [(unit, forms) for unit, forms in _spellings_of_units(boundaries) if may_be_meant(unit)]
        by_sound = tuple(unit for unit, forms in spelt if any(its == sound for _, its in forms))
        if by_sound or len(sound) < 5:
            return by_sound
        return tuple(unit for unit, forms in spelt if any(similarity_of_forms(key, sound, *f) >= 0.85 for f in forms))

    def _text(self, text: str, asked: _Asked) -> Resolution:
        """A bare name first; a description by its phrases."""
        name = " ".join(text.split()).strip(" ,;:#")
        if self._is_name(name):
            return self._name_or_unit(name, "", asked)
        spans = spot(text, self.gazetteer, lenient=True)
        if not spans:
            return self._name_or_unit(name, "", asked)
        return replace(self._described(spans, asked), query=text)

    def _is_name(self, name: str) -> bool:
        """Known as it stands, or so short and plain that it can only be a name."""
        folded = fold(name)
        if has_unit_word(folded.split()):
            return False
        if folded in country_names() or self.gazetteer.lookup(name) or self.boundaries.named(name):
            return True
        if self.boundaries.area_named(name) is not None:
            return True
        words = folded.split()
        if len(words) > 4 or any(c in name for c in ",;()/#:&") or speaks_of_place(words):
            return False
        capitals = sum(w[:1].isupper() for w in name.split())
        if capitals not in (0, len(name.split())) and len(words) > 2:
            return False
        return len(words) == 1 or not any(span.within for span in spot(name, self.gazetteer, lenient=True))

    def _described(self, spans: Sequence[PlaceSpan], asked: _Asked) -> Resolution:
        """The first place of a description that can be resolved, in the context of the others."""
        countries = {s.country for s in spans if s.country and s.relation != "border"}
        if countries and not asked.countries:
            asked = replace(asked, countries=frozenset(countries))
        places = [s for s in spans if not s.country or s.relation == "border"] or list(spans)
        answered = [self._span(span, asked) for span in places[:6]]
        sure = [a for a in answered if a.status is ResolutionStatus.RESOLVED and a.position is not None]
        points = [a.position for a in sure if a.kind in (PlaceKind.PLACE, PlaceKind.NEAR) and a.position]
        if points and len(sure) < len(answered):
            again = replace(asked, near=(*asked.near, *points))
            answered = [a if a in sure else self._span(s, again) for a, s in zip(answered, places[:6], strict=True)]
        best = min(range(len(answered)), key=lambda i: _usefulness(answered[i], places[i].relation))
        return _reaching(answered[best], answered)

    def _span(self, span: PlaceSpan, asked: _Asked) -> Resolution:
        """A mention with its phrase."""
        wider = asked
        asked = self._narrowed(asked, list(zip(reversed(span.within), reversed(span.within_kinds), strict=True)))
        if span.relation == "border":
            return self._border(span, asked)
        if span.country and span.kind in ("", "country"):
            return country_answer_of(span)
        if span.relation in ("between", "road", "river") and len(span.names) == 2:
            return self._stretch(span, asked, wider)
        # "20 km from the prefecture of X", "… de la commune de X": distances count from the town, not from the land
        kind = "town" if span.relation == "offset" and span.kind in ("department", "commune") else span.kind
        answer = self._name_or_unit(span.names[0], kind, asked)
        if answer.position is None or answer.status is ResolutionStatus.UNRESOLVED:
            return _asked_as(span.text, answer)
        if span.relation == "offset" and span.distance_km is not None:
            moved = answers.offset_answer(answer, span.distance_km, span.bearing, self.boundaries, asked.date)
            way = f" {answers.compass(span.bearing)}" if span.bearing is not None else ""
            answer = replace(moved, reason=f"{span.distance_km:g} km{way} of {answer.location}; {answer.reason}")
        elif span.relation == "near":
            answer = answers.near_answer(answer)
        return _asked_as(span.text, answer)

    def _stretch(self, span: PlaceSpan, asked: _Asked, wider: _Asked) -> Resolution:
        """The way between two places; what is said to contain the second need not hold the first."""
        one = self._name_or_unit(span.names[0], "town", asked)
        other = self._name_or_unit(span.names[1], "town", replace(asked, near=_with(asked.near, one)))
        if one.status is not ResolutionStatus.RESOLVED:
            one = self._name_or_unit(span.names[0], "town", replace(wider, near=_with(wider.near, other)))
        one, other = self._nearest_ends(one, other, asked)
        usable = [a for a in (one, other) if a.position and a.status is not ResolutionStatus.UNRESOLVED]
        farthest = _LONG_KM if all(a.status is ResolutionStatus.RESOLVED for a in usable) else _UNSURE_KM
        if len(usable) < 2 or distance_km(_at(one), _at(other)) > farthest:
            best = min((one, other), key=lambda a: _usefulness(a, ""))
            return replace(answers.near_answer(best, km=40.0), query=span.text)
        river = reach(_at(one), _at(other)) if span.relation == "river" else None
        answer = answers.stretch_answer(span.text, usable, self.boundaries, asked.date, line=river)
        what = "reach of the river" if river is not None else "stretch"
        return replace(answer, reason=f"the {what} between two places: {one.reason}; {other.reason}")

    def _nearest_ends(self, one: Resolution, other: Resolution, asked: _Asked) -> tuple[Resolution, Resolution]:
        """Of two names that several villages bear, the two that lie close together: a road is named by its ends."""
        if (
            ResolutionStatus.AMBIGUOUS not in (one.status, other.status)
            or one.position is None
            or other.position is None
        ):
            return one, other
        pairs = (
            (distance_km(a.place.position, b.place.position), a, b) for a in _bearers(one) for b in _bearers(other)
        )
        km, a, b = min(pairs, key=lambda pair: pair[0], default=(0.0, None, None))
        if a is None or b is None or not 1.0 < km <= _CLOSE_KM:
            return one, other

        def chosen(end: Resolution, candidate: Candidate) -> Resolution:
            if end.status is ResolutionStatus.RESOLVED:
                return end
            why = f"{candidate.place.name} is the nearest to the other end"
            return answers.place_answer(
                end.query,
                candidate,
                SURE,
                end.candidates,
                self.boundaries,
                asked.date,
                status=ResolutionStatus.RESOLVED,
                reason=why,
            )

        return chosen(one, a), chosen(other, b)

    def _border(self, span: PlaceSpan, asked: _Asked) -> Resolution:
        """The stretch of a border, as far as the containers and countries named tell which."""
        import shapely

        far = span.country or country_code(span.names[0])
        sides = self.boundaries.units(level=0, country=far) if far else ()
        zone = self._along_border(sides[0].unit_id) if sides else None
        own = asked.polygons or tuple(
            g
            for code in asked.countries - {far}
            for u in self.boundaries.units(level=0, country=code)
            if (g := self.boundaries.geometry(u.unit_id)) is not None
        )
        if zone is None or not own:
            return country_answer_of(span) if far else self._fallback(span.text, asked, "whose border is not said")
        stretch = shapely.intersection(zone, shapely.union_all(list(own)))
        if stretch.is_empty:
            return self._fallback(span.text, asked, f"no border with {country_name(far)} there")
        position = answers.centre_of(stretch)
        placed = answers.at_point(span.text, position, self.boundaries, asked.date)
        return replace(
            placed,
            status=ResolutionStatus.RESOLVED,
            kind=PlaceKind.AREA,
            location=f"border with {country_name(far)}",
            matched_name=span.names[0],
            geometry=stretch,
            uncertainty_km=answers.reach_km(stretch, position),
            geo_precision=GeoPrecision.REGION,
            where_prec=5,
            method="border",
            score=0.9,
            reason=f"the land within some 25 km of the border with {country_name(far)}",
        )

    def _along_border(self, unit_id: str) -> BaseGeometry | None:
        """The country and the land within some 25 km of it; kept, because widening a country takes 5 ms."""
        import shapely

        shape = self.boundaries.geometry(unit_id)
        if shape is not None and unit_id not in self._border_zones:
            self._border_zones[unit_id] = shapely.buffer(shape, 0.25)
        return self._border_zones.get(unit_id)

    def _name_or_unit(self, name: str, kind: str, asked: _Asked) -> Resolution:
        """A name as what the text calls it: a country, unit or area first where that is meant."""
        folded = fold(name)
        code = country_names().get(folded)
        if code and kind in ("", "country") and not asked.polygons:
            return answers.country_answer(name, code, country_name(code))
        if kind == "river":
            return self._fallback(name, asked, f"{name} is a river: no point of it is named")
        bare, said = (name, kind) if kind else without_unit_word(name)
        unit_first = said in UNIT_KINDS and bool(asked.countries)  # "Sahel region": Burkina's, or the whole belt
        unit = self._unit(bare, said, asked) if unit_first else None
        area = self.boundaries.area_named(name)
        if unit is None and area is not None and kind in ("", "area", "region") and not self.gazetteer.lookup(name):
            only = next(iter(asked.countries)) if len(asked.countries) == 1 else ""
            answer = answers.area_answer(name, area, area.name_en, self.boundaries, asked.date, only)
            part = f"what lies in {country_name(only)} of " if len(area.countries) > 1 and answer.country else ""
            return replace(answer, reason=f"{part}{area.name_en}: {area.rule or 'an area, not a unit'}")
        unit = unit or self._unit(name, kind, asked)
        if unit is not None:
            return unit
        answer = self._name(name, asked)
        if kind == "commune" and answer.kind is PlaceKind.PLACE:
            answer = answers.near_answer(answer, km=answers.COMMUNE_KM)
        return answer

    def _unit(self, name: str, kind: str, asked: _Asked) -> Resolution | None:
        """The admin unit of that name if the text says so, or no town of it is better known."""
        if kind in ("town", "commune", "area"):
            return None
        units = self._units_named(name, kind, asked.countries) if kind else self._exact_units(name, asked)
        units = tuple(u for u in units if not asked.polygons or self._overlap(u, asked.polygons))
        if not units:
            return None
        if not kind and (asked.units or self._has_seat(name, asked) or self._is_seat(name, units, asked)):
            return None
        units, abroad = self._of_one_country(units, asked)
        unit = _of_day(units, asked.date)
        answer = self._placed_unit(answers.unit_answer(name, unit, self.boundaries, asked.date), units, asked)
        homonyms = self._exact(name, asked) if not kind else []
        period = f", {_period(unit)}" if _period(unit) else ""
        reason = f"{_LEVEL_NAMES[unit.level]} {unit.name} of {country_name(unit.country)}{period}"
        if homonyms:
            answer = replace(answer, status=ResolutionStatus.AMBIGUOUS, score=0.6, candidates=tuple(homonyms[:SHOWN]))
            reason += f"; {len(homonyms)} places have the name too"
        if abroad:
            answer = replace(answer, status=ResolutionStatus.AMBIGUOUS, score=0.6)
            reason += f"; another in {' and '.join(country_name(code) for code in abroad)}"
        return replace(answer, reason=reason)

    def _of_one_country(
        self, units: tuple[AdminUnit, ...], asked: _Asked
    ) -> tuple[tuple[AdminUnit, ...], tuple[str, ...]]:
        """ "Nord" of Burkina Faso and of Cameroon: by what is named beside it; else ours, and the others told."""
        countries = sorted({unit.country for unit in units})
        if len(countries) < 2:
            return units, ()
        import shapely

        shapes = [(g, u) for u in units if (g := self.boundaries.geometry(u.unit_id)) is not None]
        if asked.near and shapes:
            beside = shapely.Point(asked.near[0])
            _, nearest = min(shapes, key=lambda shape: (shape[0].distance(beside), shape[1].unit_id))
            return tuple(u for u in units if u.country == nearest.country), ()
        ours = [code for code in countries if code in TRI_BORDER] or countries
        return tuple(u for u in units if u.country == ours[0]), tuple(c for c in countries if c != ours[0])

    def _placed_unit(self, answer: Resolution, units: Sequence[AdminUnit], asked: _Asked) -> Resolution:
        """A unit that no source draws, placed by an older one of its name or by its seat."""
        if answer.position is not None:
            return answer
        for other in units:
            shape = self.boundaries.geometry(other.unit_id)
            if shape is not None:
                position = answers.centre_of(shape)
                return replace(answer, position=position, uncertainty_km=answers.reach_km(shape, position))
        seats = [c for c in self._exact(answer.location, asked) if c.place.feature_code.startswith(("PPL", "ADM3"))]
        ranked, _ = rank(answer.location, seats, asked.context(self.boundaries, len(self.gazetteer)))
        best, score = _best(ranked)
        if best is None or score < 0.5:
            return answer
        return replace(answer, position=best.candidate.place.position, uncertainty_km=UNDRAWN_KM)

    def _exact_units(self, name: str, asked: _Asked) -> tuple[AdminUnit, ...]:
        found = [u for u in self.boundaries.named(name) if u.level in (1, 2)]
        # a unit without a polygon (the cercles of 2023) answers no bare name: its seat of that name does
        found = [u for u in found if self.boundaries.geometry(u.unit_id) is not None]
        return tuple(u for u in found if not asked.countries or u.country in asked.countries)

    def _has_seat(self, name: str, asked: _Asked) -> bool:
        return any(
            c.place.feature_code in ("PPLC", "PPLA", "PPLA2", "PPLA3")
            or c.place.population >= 5000
            or c.method == "user"
            for c in self._exact(name, asked)
        )

    def _is_seat(self, name: str, units: Sequence[AdminUnit], asked: _Asked) -> bool:
        """Is it the seat that gave the unit its name, as most do in Mali and Niger?"""
        return bool(self._exact(name, asked)) and any(fold(unit.seat) == fold(name) for unit in units if unit.seat)

    def _exact(self, name: str, asked: _Asked) -> list[Candidate]:
        return [c for c in self.gazetteer.exact(name) if _may_be_meant(c.place, asked.countries)]

    def _candidates(self, name: str, countries: frozenset[str]) -> tuple[list[Candidate], tuple[float, ...]]:
        """The places a name is or may be a spelling of, and what speaks for each whatever surrounds it."""
        exact = [c for c in self.gazetteer.exact(name) if _may_be_meant(c.place, countries)]
        near = self.gazetteer.near(name, meant=lambda place: _may_be_meant(place, countries))
        found = exact + near[:40]
        return found, own_logits(name, found, _zones(self.boundaries))

    def _name(self, name: str, asked: _Asked) -> Resolution:
        """A settlement or natural feature by name."""
        context = asked.context(self.boundaries, len(self.gazetteer))
        candidates = self._exact(name, asked)
        best: Ranked | None = None
        score = 0.0
        if asked.polygons or any(c.method == "user" for c in candidates):
            ranked, _ = rank(name, candidates, context)
            best, score = _best(ranked)
        settled = best is not None and score >= CERTAIN and (asked.polygons or best.candidate.method == "user")
        if not settled:
            candidates, own = self._like(name, asked.countries)
            ranked, _ = rank(name, candidates, context, own)
            best, score = _best(ranked)
        if asked.polygons and score < 0.5:
            candidates = distinct([*candidates, *self._around(name, asked)])
            ranked, _ = rank(name, candidates, context)
            best, score = _best(ranked)
        if best is None or score < LEAST:
            if self._online is not None and (found := self._online(name, asked.countries)):
                return self._chosen(name, Ranked(found, found.score), found.score, [Ranked(found, found.score)], asked)
            shown = ", ".join(dict.fromkeys(c.matched_name for c in candidates[:3]))
            like = f"; the nearest spellings are {shown}" if shown else ""
            return self._fallback(
                name, asked, f"no place of the name {name!r} is known{_where(asked)}{like}", candidates
            )
        return self._chosen(name, best, score, ranked, asked)

    def _around(self, name: str, asked: _Asked) -> list[Candidate]:
        """Places that are anything like the name in the unit named, if that is no larger than a district."""
        import shapely

        west, south, east, north = shapely.total_bounds(list(asked.polygons))
        if (east - west) * (north - south) > 3.0:
            return []
        found = self.gazetteer.alike_within(name, (float(west), float(south), float(east), float(north)))
        return [c for c in found if _may_be_meant(c.place, asked.countries)]

    def _chosen(self, name: str, best: Ranked, score: float, ranked: Sequence[Ranked], asked: _Asked) -> Resolution:
        places: dict[str, Candidate] = {}  # a place found by two of its spellings is shown once
        for c, chance in ranked:
            if c.place.place_id not in places:
                seen = Candidate(place=c.place, matched_name=c.matched_name, method=c.method, score=round(chance, 3))
                places[c.place.place_id] = seen
            if len(places) == SHOWN:
                break
        shown = list(places.values())
        known: dict[str, Any] = {"reason": _reason(name, best, score, ranked, asked)}
        if score >= SURE:
            known["status"] = ResolutionStatus.RESOLVED
        else:
            reach = self._reach(best, ranked, asked)
            geo, where = next(codes for km, codes in _CODES if reach <= km)
            known |= {
                "status": ResolutionStatus.AMBIGUOUS, "uncertainty_km": reach, "geo_precision": geo, "where_prec": where,
            }  # fmt: skip
        score = round(score, 3)
        return answers.place_answer(name, best.candidate, score, shown, self.boundaries, asked.date, **known)

    def _reach(self, best: Ranked, ranked: Sequence[Ranked], asked: _Asked) -> float:
        """How far from the likeliest candidate the true place may lie: as far as nine tenths of the probability."""
        here, so_far = best.candidate.place.position, 0.0
        for km, chance in sorted((distance_km(here, r.candidate.place.position), r.probability) for r in ranked):
            so_far += chance
            if so_far >= SURE:
                return round(km + answers.TOWN_KM, 1)
        shapes = list(asked.polygons) or [
            g
            for u in self.boundaries.units(level=0)
            if u.country in asked.countries and (g := self.boundaries.geometry(u.unit_id))
        ]
        return max((answers.reach_km(shape, here) for shape in shapes), default=2000.0)

    def _fallback(self, query: str, asked: _Asked, reason: str, candidates: Sequence[Candidate] = ()) -> Resolution:
        """Unresolved, with the smallest unit or country that is certain."""
        if asked.seat is not None:
            answer = answers.near_answer(replace(asked.seat, query=query), km=answers.COMMUNE_KM)
            reason += f"; somewhere about {asked.seat.location}"
        elif asked.units:
            unit = _of_day(asked.units, asked.date)
            answer = self._placed_unit(
                answers.unit_answer(query, unit, self.boundaries, asked.date), asked.units, asked
            )
            reason += f"; somewhere in {unit.name}"
        elif len(asked.countries) == 1:
            code = next(iter(asked.countries))
            answer = answers.country_answer(query, code, country_name(code))
        else:
            answer = Resolution(query=query, status=ResolutionStatus.UNRESOLVED)
        return replace(
            answer,
            status=ResolutionStatus.UNRESOLVED,
            matched_name="",
            method="",
            score=0.0,
            candidates=tuple(candidates[:SHOWN]),
            reason=reason,
        )


def resolve(
    name: str,
    *,
    country: str | Collection[str] | None = None,
    admin1: str | None = None,
    admin2: str | None = None,
    near: Sequence[LonLat] = (),
    date: dt.date | None = None,
) -> Resolution:
    """Resolve one name or phrase with the gazetteer of this machine; see Resolver.resolve."""
    return default_resolver().resolve(name, country=country, admin1=admin1, admin2=admin2, near=near, date=date)


@cache
def default_resolver() -> Resolver:
    """The resolver over the local gazetteer, if there is one, and what ships with the package."""
    return Resolver(Gazetteer.open())


@cache
def _spellings_of_units(boundaries: Boundaries) -> list[tuple[AdminUnit, list[tuple[str, str]]]]:
    """Every unit with the compact form and sound key of each of its names."""
    names = [(unit, (unit.name, *unit.alternate_names)) for unit in boundaries.units()]
    return [(unit, list(zip(map(compact, spelt), sound_keys(spelt), strict=True))) for unit, spelt in names]


@cache
def _zones(boundaries: Boundaries) -> InZones | None:
    """Whether positions are where most incidents of these years happened: ``data/incident_zones.csv``."""
    import shapely

    areas = [boundaries.area(row["area_id"]).geometry for row in read_rows("incident_zones.csv")]
    if not areas:
        return None
    zones = shapely.union_all(areas)
    shapely.prepare(zones)

    def holds(positions: Sequence[LonLat]) -> Sequence[bool]:
        found: list[bool] = shapely.contains_xy(zones, [p.lon for p in positions], [p.lat for p in positions]).tolist()
        return found

    return holds


_LEVEL_NAMES = {0: "country", 1: "region", 2: "district"}
_UNITS = {"ADM1", "ADM2", "ADM1H", "ADM2H", "ADMDH", "PCLI"}
_METHODS = {
    "exact": "is written so",
    "alternate": "is a known spelling of it",
    "compact": "is written so but for the spaces",
    "sound": "sounds the same",
    "close": "differs by a letter or two",
    "part": "has the name with other words",
    "user": "is your own place",
    "online": "is what an online geocoder answered",
}


def _may_be_meant(place: Place, countries: frozenset[str]) -> bool:
    """In a country asked for, and no admin unit: those are looked up with their dates in the boundaries."""
    return place.feature_code not in _UNITS and (not countries or not place.country or place.country in countries)


def _asked_as(query: str, answer: Resolution) -> Resolution:
    return answer if answer.query == query else replace(answer, query=query)


def country_answer_of(span: PlaceSpan) -> Resolution:
    """A mention that is a country."""
    return answers.country_answer(span.text, span.country, country_name(span.country))


def _best(ranked: Sequence[Ranked]) -> tuple[Ranked | None, float]:
    """The likeliest answer: the candidate with most probability within 25 km around it."""
    best, most = None, 0.0
    members: list[Ranked] = []
    total = sum(r.probability for r in ranked)
    for one in ranked[:SHOWN]:
        here = one.candidate.place.position
        # where most of the probability is found, what lies apart from it cannot hold more
        if best and 2 * most >= total and not is_within(here, best.candidate.place.position, 2 * SAME_PLACE_KM + 1):
            continue
        around = [r for r in ranked if is_within(here, r.candidate.place.position, SAME_PLACE_KM)]
        held = sum(r.probability for r in around)
        if held > most + 1e-9:
            best, most, members = one, held, around
    if best is not None:  # the neighbourhood is chosen; within it the likeliest place speaks for it
        best = max(members, key=lambda r: r.probability)
    return best, most


def _reason(name: str, best: Ranked, score: float, ranked: Sequence[Ranked], asked: _Asked) -> str:
    place, candidate = best.candidate.place, best.candidate
    here = place.position
    likely = (r for r in ranked if r.probability > 0.02)
    far = [r for r in likely if distance_km(here, r.candidate.place.position) > SAME_PLACE_KM]
    reason = f"{candidate.matched_name} {_METHODS[candidate.method]}"
    if asked.units:
        reason += f"; {asked.units[0].name} was named"
    elif asked.countries:
        reason += f"; {' or '.join(country_name(c) for c in sorted(asked.countries))} was named"
    if asked.near:
        reason += f"; {min(distance_km(here, n) for n in asked.near):.0f} km from another place of the text"
    if asked.unread:
        reason += f"; {', '.join(map(repr, asked.unread))} is no unit we know"
    if far:
        other = far[0].candidate.place
        reason += f"; {len(far)} other{'s' * (len(far) > 1)}, the likeliest {other.name} {distance_km(here, other.position):.0f} km away"
    known = sorted({s.split(":")[0] for s in place.sources})
    return f"{reason}; known to {', '.join(known)}; sure to {score:.0%}"


def _usefulness(answer: Resolution, relation: str) -> int:
    """For min(): sure points, what lies by them, likely points, areas, whatever there is; earlier ones win among equals."""
    fine = answer.kind in (PlaceKind.PLACE, PlaceKind.NEAR, PlaceKind.STRETCH)
    areal = answer.kind in (PlaceKind.UNIT, PlaceKind.AREA)
    if answer.status is ResolutionStatus.RESOLVED:
        return (1 if relation else 0) if fine else 2 if areal else 6
    if answer.status is ResolutionStatus.AMBIGUOUS:
        return 1 if fine and answer.score >= 0.45 else 2 if areal or answer.score >= 0.25 else 4
    return 3 if fine else 5 if areal else 7


def _reaching(answer: Resolution, others: Iterable[Resolution]) -> Resolution:
    """The answer to a text of several places, uncertain as far as the others within 100 km of it."""
    if answer.position is None or answer.uncertainty_km is None:
        return answer
    far = [
        distance_km(answer.position, other.position) + answers.TOWN_KM
        for other in others
        if other.position is not None
        and other.status is not ResolutionStatus.UNRESOLVED
        and other.kind in (PlaceKind.PLACE, PlaceKind.NEAR)
    ]
    reach = round(max([answer.uncertainty_km, *(km for km in far if km <= 100)]), 1)
    if reach <= max(answer.uncertainty_km, SAME_PLACE_KM):
        return replace(answer, uncertainty_km=max(reach, answer.uncertainty_km))
    reason = f"{answer.reason}; the text names places as far as {reach:.0f} km from it"
    return replace(answer, uncertainty_km=reach, status=ResolutionStatus.AMBIGUOUS, reason=reason)


def _with(near: tuple[LonLat, ...], answer: Resolution) -> tuple[LonLat, ...]:
    usable = answer.position is not None and answer.status is ResolutionStatus.RESOLVED
    return (*near, answer.position) if usable and answer.position else near


def _bearers(answer: Resolution) -> list[Candidate]:
    """The places that bear a name as it is written; only the one meant when that is sure."""
    sure = answer.status is ResolutionStatus.RESOLVED
    return [
        c
        for c in answer.candidates
        if c.method in ("exact", "alternate") and (not sure or distance_km(c.place.position, _at(answer)) < 1.0)
    ]


def _at(answer: Resolution) -> LonLat:
    if answer.position is None:
        raise InputError(f"{answer.query!r} has no position")
    return answer.position


def _of_day(units: Sequence[AdminUnit], date: dt.date | None) -> AdminUnit:
    """The unit that existed that day, else the last one that did."""
    if date is not None:
        valid = [
            u for u in units if (not u.valid_from or u.valid_from <= date) and (not u.valid_to or date <= u.valid_to)
        ]
        if valid:
            return valid[0]
    return max(units, key=lambda u: u.valid_to or dt.date.max)


def _period(unit: AdminUnit) -> str:
    if unit.valid_to:
        return f"until {unit.valid_to.isoformat()}"
    return f"since {unit.valid_from.isoformat()}" if unit.valid_from else ""


def _where(asked: _Asked) -> str:
    if asked.units:
        return f" in {asked.units[0].name}"
    return f" in {' or '.join(country_name(c) for c in sorted(asked.countries))}" if asked.countries else ""


def _fault(text: str) -> str:
    """Why a text can be no place name, or ""."""
    if len(text) > LONGEST_TEXT:
        return f"a text of {len(text)} characters is no place name (at most {LONGEST_TEXT})"
    if not text.strip():
        return "the name is empty"
    if any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in text):
        return "the name has control characters in it"
    if "<" in text and ">" in text:
        return "the name has markup in it"
    if not any(c.isalpha() for c in text):
        return "a name without letters"
    return ""
