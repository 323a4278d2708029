"""Which of the places of a line something happened at: not the region around another, the way, or a second name of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

from sahel_map.answers import near_answer
from sahel_map.coding.lines import Line
from sahel_map.coding.relations import distance_km
from sahel_map.coding.scenes import Scene
from sahel_map.coding.telling import place_relation
from sahel_map.model import GeoPrecision, PlaceKind, ResolutionStatus


def main_places(line: Line, places: list[Scene]) -> list[Scene]:
    """The scenes that stand for themselves: not the region around another, nor a mere second name of one."""
    kept: list[Scene] = []
    places = [p for p in places if not _is_far_offset(p)] or places
    places = [p for p in places if not _is_no_unit(p)] or places
    elsewhere = [p for p in places if not _is_only_the_way(line, p)]
    places = elsewhere if any(p.is_point for p in elsewhere) else places
    places = [_beside_the_known(line, p, places) for p in places]
    places = [p for p in places if not _is_better_told(line, p, places)]
    apart = _told_apart(line, places)
    for scene in places:
        others = [o for o in places if o is not scene]
        if any(place_relation(scene.resolution, o.resolution) == "inside" for o in others):
            continue
        same = [k for k in kept if place_relation(k.resolution, scene.resolution) == "same"]
        if any((k.start, scene.start) not in apart or _is_one_spot(k, scene) for k in same) and not (
            has_own_toll(line, scene, places) and all(has_own_toll(line, k, places) for k in kept)
        ):
            continue
        kept.append(scene)
    return kept


def _told_apart(line: Line, places: list[Scene]) -> set[tuple[int, int]]:
    """Where two members of one list of names begin: "Gogui, Molodo and Niono" are three, however near two of them lie."""
    runs = ([places[index] for index in run] for run in _runs(line, places) if _tells_apart(line, places, run))
    return {(one.start, other.start) for run in runs for one, other in combinations(run, 2)}


def _tells_apart(line: Line, places: list[Scene], run: list[int]) -> bool:
    """Whether a list tells each place by itself: of three names or more, or "in A and in B".

    "The villages of A, B and C" were hit in one raid.
    """
    before = line.sentence.plain[: places[run[0]].start - line.sentence.start]
    if len(run) < 2 or _VILLAGES_OF.search(before) or places[run[0]].span.kind:
        return False
    return len(run) > 2 or _AT_EACH.match(_between(line, places[run[0]], places[run[1]])) is not None


_VILLAGES_OF = re.compile(
    r"\b(?:villages|hamlets|localities|settlements|towns|communities|neighbou?rhoods|districts|communes|hameaux|localites|campements|quartiers|villes)"
    r"(?: (?:\w+ )?(?:of|de|du|d'|called|named))? ?$"
)


def _is_one_spot(one: Scene, other: Scene) -> bool:
    """Whether two names were taken for one place, or for places next door; not when nobody knows one of them."""
    if one.name != other.name and max(vagueness(one), vagueness(other)) == UNKNOWN:
        return False
    a, b = one.resolution.position, other.resolution.position
    return a is None or b is None or distance_km(a, b) < NEXT_DOOR_KM


def _beside_the_known(line: Line, scene: Scene, places: list[Scene]) -> Scene:
    """ "In A and in B", where nobody can say which B is meant: a place of its own, of the region of A."""
    vague = vagueness(scene) > 0 and (scene.resolution.uncertainty_km or _NOWHERE_KM) >= _NOWHERE_KM
    if not vague or not (scene.is_point or _is_unknown_name(scene)):
        return scene
    starts = {start for pair in _told_apart(line, places) if scene.start in pair for start in pair}
    known = [p for p in places if p.start in starts and not vagueness(p) and p.resolution.position is not None]
    if not known:
        return scene
    beside = min(known, key=lambda p: abs(p.start - scene.start))
    own, there = scene.resolution.position, beside.resolution.position
    if own is not None and there is not None and distance_km(own, there) < _NEIGHBOURS_KM:
        return replace(scene, resolution=replace(scene.resolution, uncertainty_km=_ABOUT_KM))
    unknown = replace(
        near_answer(beside.resolution), query=scene.resolution.query, location=scene.name,
        status=ResolutionStatus.UNRESOLVED, position=None, geometry=None, uncertainty_km=None, matched_name="",
        method="", score=0.0, candidates=(), chosen=None, geo_precision=GeoPrecision.REGION, where_prec=4,
        reason=f"no {scene.name} is known; told in one breath with {beside.name}",
    )  # fmt: skip
    return replace(scene, resolution=unknown)


_ABOUT_KM = 50.0
_NEIGHBOURS_KM = 100.0  # a place of that name so near to one it is told with is the one meant


def has_own_toll(line: Line, scene: Scene, places: list[Scene]) -> bool:
    """ "31 in A and 13 in B": a number of dead stands right before the place."""
    for figure in line.figures:
        between = line.sentence.plain[figure.end - line.sentence.start : scene.start - line.sentence.start]
        crossed = any(figure.end <= other.start < scene.start for other in places)
        if figure.kind == "killed" and figure.end <= scene.start and not crossed and _IN.fullmatch(between):
            return True
    return False


_IN = re.compile(
    r"(?:\s+\w+){0,3}?(?:,? (?:including|dont|of (?:them|whom)|parmi lesquels)[^,;.]{2,40},?)?"
    r"\s+(?:in|at|near|a|au|dans|pres de)\s*(?:(?:the|le|la|l')\s*)?(?:nearby |neighbou?ring )?"
)


def _is_no_unit(scene: Scene) -> bool:
    """ "In the Macina region … on a base in Dioura": a region that no administration knows says roughly where."""
    return scene.span.kind in ("region", "province") and scene.resolution.kind is PlaceKind.PLACE


def _is_only_the_way(line: Line, scene: Scene) -> bool:
    """ "A convoy on its way from A to B struck a mine near C", "abducted in A on the road to B"."""
    text, shift = line.sentence.plain, line.sentence.start
    if scene.span.relation == "between" and _MOVING.search(text, 0, scene.start - shift):
        return True
    if scene.span.relation == "road":
        return _TRAVELS.search(text, scene.start - shift, scene.end - shift) is not None
    if _NAMED_ROAD.match(text, scene.end - shift) and text.endswith(_ALONG, 0, scene.start - shift):
        return True
    return _ON_THE_WAY.search(text, 0, scene.start - shift) is not None


_TRAVELS = re.compile(
    r"\b(?:way|convoy|travel\w*|drive|driving|bus|vehicle|truck|se dirige\w*|se rend\w*|circul\w*|alla(?:i|n)t|roul\w*|voyage\w*|faisai\w*)\b"
)
_MOVING = re.compile(
    r"\b(?:moving|travell?ing|driving|heading|en route|on (?:its|their|his) way|circulant|roulant|se rendant|faisant route|qui (?:circulait|roulait|faisait route))\s*$"
)
_NAMED_ROAD = re.compile(r" (?:road|highway|route|axis)\b")
_ALONG = ("on the ", "along the ")  # "killed in A on the B road"
_ON_THE_WAY = re.compile(
    r"\b(?:on|along) the (?:main )?(?:road|route|way|highway) (?:to|towards|leading to)(?: the (?:town|city|village) of)?\s*$"
    r"|\bsur (?:la|le) (?:route|chemin|piste) (?:de|du|d'|vers|menant a|qui mene a)(?: la (?:ville|localite) de)?\s*$"
)


def _is_better_told(line: Line, scene: Scene, places: list[Scene]) -> bool:
    """Nobody can say where "A" is, and "in A, B and C" says where by the others."""
    known = scene.resolution.status is not ResolutionStatus.UNRESOLVED or scene.resolution.kind is PlaceKind.NEAR
    if (known and (scene.resolution.uncertainty_km or 0.0) < _NOWHERE_KM) or has_own_toll(line, scene, places):
        return False
    text, shift = line.sentence.plain, line.sentence.start
    run: list[Scene] = []
    for place in sorted(places, key=lambda p: p.start):
        if run and not re.fullmatch(_LIST_GLUE, text[run[-1].end - shift : place.start - shift]):
            if scene in run:
                break
            run = []
        run.append(place)
    clearer = [p for p in run if vagueness(p) < vagueness(scene)]
    return scene in run and any(p.is_point for p in clearer)


def vagueness(scene: Scene) -> int:
    """0 for a place that is known, 1 for one of several, 2 for one that nobody knows."""
    status = scene.resolution.status
    return {ResolutionStatus.RESOLVED: 0, ResolutionStatus.AMBIGUOUS: 1}.get(status, UNKNOWN)


UNKNOWN = 2
_NOWHERE_KM = 200.0  # of uncertainty


def _is_far_offset(scene: Scene) -> bool:
    """ "situated 200 km north of the capital" says roughly where a place is, not where something happened."""
    return scene.span.relation == "offset" and (scene.span.distance_km or 0.0) >= 80.0


def listed_places(line: Line, mains: list[Scene]) -> set[int]:
    """Places told in one breath that are more than one scene: too far apart, or a list of names.

    "Attacked posts in Kayes, Nioro and Niono", "à Farabougou et à Biriki-Wéré".
    """
    found: set[int] = set()
    for run in _runs(line, mains):
        told_apart = _tells_apart(line, mains, run)
        for index, other in pairwise(run):
            one, two = mains[index].resolution.position, mains[other].resolution.position
            if told_apart or (one is not None and two is not None and distance_km(one, two) > FAR_KM):
                found |= {index, other}
    return found


def _runs(line: Line, mains: list[Scene]) -> Iterator[list[int]]:
    """The lists of places of a line, by their numbers."""
    run: list[int] = []
    for index, scene in enumerate(mains):
        glued = bool(run) and re.fullmatch(_LIST_GLUE, _between(line, mains[run[-1]], scene)) is not None
        named = scene.is_point or _is_unknown_name(scene)
        if run and not (glued and named):
            yield run
            run = []
        if named:
            run.append(index)
    if run:
        yield run


def _is_unknown_name(scene: Scene) -> bool:
    """A name that no gazetteer has, and that is called no region."""
    bare = not (scene.span.kind or scene.span.country or scene.span.relation or scene.span.within)
    return bare and scene.resolution.status is ResolutionStatus.UNRESOLVED


def _between(line: Line, before: Scene, after: Scene) -> str:
    return line.sentence.plain[before.end - line.sentence.start : after.start - line.sentence.start]


SEVERAL = r"\b(?:two|three|several|deux|trois|plusieurs|twin|both)\b"
_ASIDE = r"(?:(?:,| \() ?(?:in|dans|en) (?:the |le |la |l')?[\w' -]{2,30}\)?(?=,| and | et ))?"  # "A, in the North, B"
_LIST_GLUE = rf"{_ASIDE}\s*(?:,|and|et|&|as well as|ainsi que|,\s*(?:and|et))\s*(?:in |at |near |to |a |de |d'|the town of |la ville de )?\s*"
_AT_EACH = re.compile(rf"{_ASIDE},? (?:and|et|as well as|ainsi que) (?:in|at|near|to|a) ")
FAR_KM = 40.0
NEXT_DOOR_KM = 1.0  # nearer than that it is one village by two names
