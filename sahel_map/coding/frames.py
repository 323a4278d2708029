"""Which sentences of a report tell of which incident.

A frame is one incident in the making: a place, a day, and the lines that tell of it. Lines are read in
order; each attaches to the frame its place and day fit, refines it (a town where only the country was
known), or opens another. Evidence that contradicts opens a new frame; nothing is overwritten.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from sahel_map.answers import near_answer
from sahel_map.coding.lines import WEEKS, Line, counts_back
from sahel_map.coding.relations import date_relation, distance_km
from sahel_map.coding.relations import place_relation as _place_relation
from sahel_map.coding.scenes import Scene
from sahel_map.coding.tolls import ALSO, Figure
from sahel_map.language.dates import ONE_DAY, DateMention
from sahel_map.language.word_patterns import WordPattern
from sahel_map.model import DateRange, GeoPrecision, PlaceKind, Resolution, ResolutionStatus

_VAGUE_DAYS = 92  # a longer window says when in history, not when in the news
LONG_AGO = dt.timedelta(days=14)
_HISTORY_YEARS = 1  # context older than this, with only a year for its date, is history


def place_relation(a: Resolution | None, b: Resolution | None) -> str:
    """Within one report two phrases for places are two places sooner than between reports."""
    return _place_relation(a, b, slack_km=10.0)


@dataclass
class Frame:
    """One incident in the making."""

    scene: Scene | None = None
    when: DateRange | None = None
    lines: list[Line] = field(default_factory=list)
    figures: list[tuple[Figure, Line, int]] = field(default_factory=list)  # with a number for shared ones (-1: own)
    other_days: list[DateRange] = field(default_factory=list)
    source_scene: Scene | None = None
    dweller: Scene | None = None  # where somebody lives who tells of it
    containers: list[Scene] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_first: bool = False  # of the report's frames
    spoken_of: int = -99  # the last sentence that points to it without telling anything of it

    @property
    def last_index(self) -> int:
        return max((line.index for line in self.lines), default=self.spoken_of)

    @property
    def has_point(self) -> bool:
        return self.scene is not None and not self.scene.is_country


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """A total over time or area, kept as such."""

    figure: Figure
    line: Line


@dataclass(frozen=True, slots=True)
class _Stage:
    """ "On Thursday the army spotted a column near X.": the place and day that the next sentence plays in."""

    line: int
    scene: Scene | None
    when: DateRange


@dataclass
class Telling:
    """The frames and totals of one report."""

    frames: list[Frame] = field(default_factory=list)
    aggregates: list[Aggregate] = field(default_factory=list)
    focus: Frame | None = None
    shared: int = 0
    units: list[Scene] = field(default_factory=list)  # regions and districts named so far
    stage: _Stage | None = None
    occasion: DateRange | None = None  # the day of a vigil, a trial: "eight days earlier" counts from it
    named: tuple[int, Scene] | None = None  # the last sentence that names a town or unit, and the first it names
    others_hit: int = -99  # the last sentence that says that other places were hit too
    left_out: int = -99  # the last sentence that tells, with its day, of an event too vague to be kept
    accidents: set[tuple[str, int]] = field(default_factory=set)  # tolls that nobody inflicted: kind and number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What a line says of one place: the scene, its day, and the figures nearest to it."""

    scene: Scene | None
    when: DateRange | None
    figures: tuple[Figure, ...]
    shared: int = -1
    earlier: bool = False  # "a month after the attack …": another event than the one told of
    long_ago: bool = False  # dated weeks before publication
    own: bool = False  # one of several places told with a toll of its own each, however near they lie
    not_of: Frame | None = None  # "two days earlier, …": not the event that the days are counted from


def tell(
    lines: list[Line], scenes: dict[int, tuple[Scene, ...]], published: dt.date | None, *, is_log_entry: bool
) -> Telling:
    """Group the lines of one report into frames."""
    telling = Telling()
    for line in lines:
        if not line.is_title:
            _read(telling, line, scenes.get(line.index, ()), published, is_log_entry)
    _fold_the_lead(telling)
    for line in lines:
        if line.is_title:
            _read_title(telling, line, scenes.get(line.index, ()), published)
    return telling


def _fold_the_lead(telling: Telling) -> None:
    """ "50 attackers were killed in the Diffa region", and then the post at Baroua, and when: one and the same.

    The lead has no day and only a wide place, one dated place and no more lies in it, and no figure contradicts.
    """
    lead = telling.frames[0] if telling.frames else None
    if lead is None or lead.when is not None or lead.scene is None or lead.scene.is_point or lead.scene.is_country:
        return
    within = [f for f in telling.frames[1:] if f.when is not None and f.scene is not None and f.scene.is_point
              and place_relation(lead.scene.resolution, f.scene.resolution) == "inside"]  # fmt: skip
    latest = max((f.when.last for f in within if f.when), default=dt.date.max)
    within = [f for f in within if f.when and f.when.last >= latest - LONG_AGO]  # and what was told as context
    if len(within) != 1 or any(line.is_separate for line in within[0].lines[:1]):
        return
    exact = within[0]
    known = {(f.kind, f.who): f.low for f, _, _ in exact.figures}
    if any(known.get((f.kind, f.who), f.low) != f.low for f, _, _ in lead.figures):
        return
    exact.lines[:0] = [line for line in lead.lines if line not in exact.lines]
    exact.figures[:0] = lead.figures
    exact.is_first = True
    telling.frames.remove(exact)
    telling.frames[0] = exact


def _read(
    telling: Telling, line: Line, scenes: tuple[Scene, ...], published: dt.date | None, is_log_entry: bool
) -> None:
    of_occasion = [w for d in line.occasions if (w := _window(telling, line, d, published))]
    telling.occasion = of_occasion[0] if of_occasion else telling.occasion
    places = [s for s in scenes if s.role == "scene" and not _describes(line, s, scenes)]
    same_place = _pointed_back(telling, line) if not places else []
    places = places or same_place
    named = [p for p in places if p.resolution.kind in (PlaceKind.PLACE, PlaceKind.NEAR, PlaceKind.UNIT)]
    if named:
        telling.named = (line.index, named[0])
    telling.units += [
        s for s in scenes
        if (s.resolution.kind is PlaceKind.UNIT or s.span.kind in _UNIT_WORDS) and s.role not in ("border", "dateline")
    ]  # fmt: skip
    if is_log_entry and not any(p.is_point for p in places) and not telling.frames:
        places = [s for s in scenes if s.role in ("direction", "reference", "border", "source") and s.is_point][
            :1
        ] or places
    over_time = (line.since is not None and not line.dates) or _THIS_YEAR.search(line.sentence.plain) is not None
    wide = not any(p.is_point for p in places) and (over_time or len(places) > 1)
    if line.is_aggregate and (not is_log_entry or wide) and not _is_specific(line, places):
        telling.aggregates += [Aggregate(figure=f, line=line) for f in line.figures]
        exact = [w for d in line.dates if (w := _window(telling, line, d, published)) and (w.last - w.first).days <= 2]
        if not over_time:
            _tell_each(telling, line, places, scenes)
        if not line.figures:
            _locate_focus(telling, line, places, published)
        elif exact and not any(p.is_point for p in places):
            telling.stage = _Stage(line.index, None, exact[0])  # "Twenty died on Friday in three attacks. …"
        return
    if line.is_accident:
        telling.accidents |= {(figure.kind, figure.low) for figure in line.figures}
        return
    too_weak = line.weight < (1 if is_log_entry else 2)
    if too_weak or (line.is_general and not line.figures and not is_log_entry):
        if telling.focus is not None and line.is_anaphoric and 0 < line.index - telling.focus.last_index <= 2:
            _hear_from(telling.focus, line, scenes)
        _locate_focus(telling, line, places, published)
        return
    if not line.dates and any(f.kind == "killed" and f.low >= _THOUSAND for f in line.figures):
        telling.aggregates += [Aggregate(figure=f, line=line) for f in line.figures]
        return  # no attack of the region has cost as many
    if _several_countries(scenes, places) and line.figures and not line.dates:
        telling.aggregates += [Aggregate(figure=f, line=line) for f in line.figures]
        return
    sibling: Frame | None = None
    dropped = False
    for part in _parts(telling, line, scenes, places, published):
        if (
            part.when
            and published
            and (part.when.last < published - LONG_AGO or _is_a_past_month(part.when, published))
        ):
            part = replace(part, long_ago=True)
        if same_place and part.when is not None:
            part = replace(part, earlier=True)  # "in the same area last Thursday": not what was told there before
        of_a_list = not line.dates and not line.figures and sibling is not None and _goes_on_with(line, sibling, part)
        each = part.own or of_a_list or SEVERAL_ATTACKS.search(line.sentence.plain) is not None
        before = sibling or (telling.focus if part.own else None)
        if each and part.when is None and before is not None:
            # "20 in A and 40 in B", "a further 17 in C", "the two attacks hit A and B": told of one day
            part = replace(part, when=before.when)
        if part.when is None and telling.stage is not None and _is_staged(telling.stage, line, part):
            part = replace(part, when=telling.stage.when)
        if part.when is None and _goes_on_that_day(telling, line):
            part = replace(part, when=telling.focus.when if telling.focus else None)
        if part.when is not None and telling.focus is not None and _counts_from(telling.focus, line):
            part = replace(part, not_of=telling.focus)
        frame = _frame_for(telling, line, part, published, is_log_entry)
        if frame is not None:
            _attach(telling, frame, line, part, scenes)
            if sibling is not None and part.scene is not None and part.own and _vagueness(part.scene) == _UNKNOWN:
                telling.focus = sibling  # what follows a list is told of what is known of it
            else:
                sibling = frame
        elif part.when is not None and line.weight >= 3:
            dropped = True
        elif line.in_all:
            telling.aggregates += [Aggregate(figure=f, line=line) for f in part.figures]
    if dropped and sibling is None:
        telling.left_out = line.index


def _counts_from(focus: Frame, line: Line) -> bool:
    """ "In March … Just two days earlier, ten died": of an event of some day in March, another than the one told."""
    wide = focus.when is not None and (focus.when.last - focus.when.first).days > 2
    only = [d for d in line.dates if d.base == "told" and 0 not in d.offset]
    return wide and len(only) == len(line.dates) == 1 and (only[0].offset[1] < 0 or not line.is_anaphoric)


def _tell_each(telling: Telling, line: Line, places: list[Scene], scenes: tuple[Scene, ...]) -> None:
    """ "64 died in two attacks in the north on Thursday. The separate attacks hit A and B": each of that day."""
    focus = telling.focus
    told_wide = focus is not None and (focus.scene is None or not focus.scene.is_point)
    if focus is None or focus.when is None or not told_wide or not line.is_anaphoric or line.dates:
        return
    if line.index - focus.last_index != 1 or (focus.when.last - focus.when.first).days > 2:
        return
    for place in [p for p in places if p.is_point]:
        part = _Part(scene=place, when=focus.when, figures=())
        frame = _frame_for(telling, line, part, None, False)
        if frame is not None:
            _attach(telling, frame, line, part, scenes)


def _is_staged(stage: _Stage, line: Line, part: _Part) -> bool:
    """Whether the sentence before gave the day, and no place, of what a line tells of one."""
    here = part.scene is not None and part.scene.is_point
    return stage.scene is None and line.index == stage.line + 1 and not line.dates and here


def _goes_on_that_day(telling: Telling, line: Line) -> bool:
    """ "In the evening, gunmen attacked B", or a line of a list: of the day told right before."""
    focus = telling.focus
    if focus is None or focus.when is None or line.dates or (focus.when.last - focus.when.first).days > 2:
        return False
    item = _ITEM.match(line.sentence.text) is not None and bool(line.figures)
    if line.is_aggregate:
        return False
    if _HIT_TOO.search(line.sentence.plain) and line.index - focus.last_index <= 2:
        telling.others_hit = line.index
        return True
    if line.index - telling.others_hit <= 1 and line.weight >= 2:
        return True  # "Other places were hit. In A, shops burned down."
    return item or _LATER_THAT_DAY.match(line.sentence.plain) is not None


_ITEM = re.compile(r"\s*(?:[-–—•*·]|\d{1,2}[.)])\s")
# "Other towns were targeted", "des hommes armés s'en sont pris aussi à B"
_HIT_TOO = re.compile(
    r"\b(?:other|several other|more|d'autres|plusieurs autres|autres) (?:\w+ )?(?:places?|towns?|villages?|localities|camps?|posts?|positions?|sites?|endroits?|lieux|localites?|villes?|postes?|bases?)"
    r" (?:\w+ ){0,3}(?:hit|attacked|targeted|raided|struck|stormed|vise\w*|attaque\w*|cible\w*|frappe\w*|touche\w*)\b"
    r"|(?<!has )(?<!have )(?<!had )\b(?:also|simultaneously) (?:attacked|raided|stormed|hit|struck|targeted|shelled|entered|went for)\b|\b(?:was|were) also (?:attacked|raided|stormed|hit|struck|targeted|shelled)\b"
    r"|\b(?:a|ont|sont|est) (?:aussi|egalement) (?:ete )?(?:attaque|vise|cible|frappe|pris pour cible|pris d'assaut)\w*"
    r"|\bs'en (?:sont|est|etaient) (?:aussi |egalement )?pris (?:aussi |egalement )?(?:a|au|aux)\b"
)
_LATER_THAT_DAY = re.compile(
    r"\W*(?:some |about |around |nearly |barely |environ |quelque |pres de |a peine )?(?:dans la (?:soiree|matinee)|dans l'apres-midi|en soiree|en (?:fin|debut|milieu) (?:de (?:journee|matinee|soiree)|d'apres-midi)|au petit matin|plus tot dans la (?:journee|matinee)|plus tard dans la (?:journee|soiree|nuit)"
    r"|(?:quelques|deux|trois|quatre) heures (?:plus tard|apres)|une heure (?:plus tard|apres)|peu (?:apres|de temps apres)|au meme moment|au meme instant|simultanement"
    r"|in the (?:evening|afternoon|morning)|(?:later|earlier|late|early) in the (?:day|evening|afternoon|night|morning)|(?:later|earlier) that (?:day|night|evening|morning)"
    r"|(?:a few|several|some|two|three|four) hours (?:later|after)|(?:an|one) hour later|hours later|shortly after(?:wards)?|at the same time|around the same time|simultaneously|meanwhile)\b"
)
_THOUSAND = 1000


def _goes_on_with(line: Line, sibling: Frame, part: _Part) -> bool:
    """Whether the place of a part stands in one list with that of the frame before it."""
    return sibling.scene is not None and part.scene is not None and _is_listed(line, sibling.scene, part.scene)


def _is_listed(line: Line, one: Scene, other: Scene) -> bool:
    """ "Fighting at A, B and C": nothing but a list stands between one place and the next."""
    shift = line.sentence.start
    return (
        one.end <= other.start
        and _LIST.fullmatch(line.sentence.plain, one.end - shift, other.start - shift) is not None
    )


_LIST = re.compile(r"\s*(?:,|;|and|et|&|, and)\s*(?:in|at|near|to|a|au|aux|pres de)?\s*(?:the |le |la )?")
_THIS_YEAR = re.compile(
    r"\b(?:since|from) the (?:very )?(?:start|beginning) of|\b(?:so far )?this year\b"
    r"|\bdepuis le debut (?:de l'annee|du mois|de la crise|du conflit)|\b(?:au cours de )?cette annee\b"
)
_SAME_PLACE = WordPattern(
    r"\b(?:in|at|from|around|within|of) (?:the|that) same (?P<en>area|region|province|village|town|district|place|department|zone|locality|commune|cercle)"
    # "the village was targeted by a new attack"
    r"|\bthe (?P<again>village|town|camp|base|post|hamlet) (?:was|is|has been|came) (?:again )?(?:attacked|targeted|hit|raided|struck|under attack)(?: again| once more| by (?:a new|another|a second))"
    r"|\b(?:attacked|raided|struck|hit|targeted|stormed) (?:the|that) (?P<anew>village|town|camp|base|post|hamlet) (?:again|once more|a second time)"
    r"|\b(?:attacked|raided|struck|hit|targeted|stormed) (?P<it>it) (?:again|once more|a second time)|\bthey (?P<returned>returned|came back)\b"
    r"|\b(?:ils|elles) (?:y )?(?:sont|etaient) (?P<revenus>revenus|revenues|retournes|retournees)\b"
    r"|\b(?:died|killed|murdered|massacred|attacked|ambushed|abducted|perished) (?P<there>there)\b"
    r"|\by (?:ont|avaient|avait|a|etaient|sont) (?:deja )?(?:ete )?(?P<y>(?:tue|peri|mort|perdu|trouve|attaque|enleve|massacre)\w*)"
    r"|\bthe same (?P<same>village|town|camp|base|post|hamlet|military base|army base) (?:was|had been|came)\b"
    r"|\b(?:le|la) meme (?P<meme>village|ville|localite|camp|base|poste|hameau) (?:a|avait|est|etait)\b"
    r"|\b(?:le |la |cette |ce )(?P<encore>village|ville|localite|camp|base|poste|hameau) (?:est|a ete|etait|avait ete) (?:de nouveau|a nouveau|encore) (?:attaque|vise|cible|frappe)e?"
    r"|\b(?:on|along) (?:the|that) same (?P<way>road|route|stretch|highway|axis|section)|\bat (?:the|that) same (?P<spot>spot|site|place)"
    r"|\bsur (?:la|le|ce|cette) meme (?P<voie>troncon|axe|route|piste|voie)|\b(?:au|a ce) meme (?P<lieu>endroit|lieu|site)"
    r"|\b(?:de|a) (?:cette|ce) meme (?P<memelieu>localite|ville|village|hameau|bourgade|commune|camp|poste|base)|\bof (?:the|that) same (?P<ofsame>village|town|city|locality|camp|post|base)"
    r"|\bdans (?:cette|ce|ladite|ledit) (?P<ici>localite|ville|village|hameau|bourgade)|\bin (?:this|that) (?P<here>town|village|hamlet|locality)"
    r"|\b(?:dans|de) (?:la|le|ce|cette) meme (?P<fr>region|zone|localite|province|commune|village|secteur|departement|cercle|ville|contree)"
)
_UNIT_WORDS = ("region", "province", "district", "department", "departement", "cercle", "commune")


def _pointed_back(telling: Telling, line: Line) -> list[Scene]:
    """ "in the same area", "dans la même région": the place told of before, or the last region named."""
    match = _SAME_PLACE.search(line.sentence.plain)
    if match is None:
        return []
    word = next(word for word in match.groups() if word)
    if word in _UNIT_WORDS:
        kind = "department" if word == "departement" else word
        units = [u for u in telling.units if u.span.kind == kind][-1:]
        units = units or [u for u in telling.units if u.resolution.kind is PlaceKind.UNIT][-1:]
        if units:
            return units
    named = telling.named
    if (match["there"] or match["y"]) and named is not None and line.index - named[0] <= 2:
        return [named[1]]  # "A garrison town, X has often been hit. In 2015 ten died there."
    focus = telling.focus.scene if telling.focus else None
    return [focus] if focus is not None and not focus.is_country else []


def _describes(line: Line, scene: Scene, scenes: tuple[Scene, ...]) -> bool:
    """ "Tonka (130 km à l'ouest de Tombouctou)": what stands in brackets says where the place before it is."""
    before = line.sentence.text[: scene.start - line.sentence.start]
    in_brackets = before.count("(") > before.count(")")
    return in_brackets and any(o.end <= scene.start and o.role == "scene" for o in scenes)


def _locate_focus(telling: Telling, line: Line, places: list[Scene], published: dt.date | None) -> None:
    """A sentence without an event of its own may still say where or when the one just told of was."""
    if line.is_general:
        return
    exact = [w for d in line.dates if (w := _window(telling, line, d, published)) and (w.last - w.first).days <= 2]
    for frame in telling.frames:
        if (
            exact
            and date_relation(frame.when, exact[0]) == "same"
            and frame.when
            and frame.when.first == exact[0].first
        ):
            telling.focus = frame  # "On Sunday, …": what follows is of that day's event
    points = [p for p in places if p.is_point and p.resolution.status is not ResolutionStatus.UNRESOLVED]
    if exact and points and not any(_is_told(frame, telling.focus, points[0], exact[0]) for frame in telling.frames):
        telling.stage = _Stage(line.index, points[0], exact[0])
        return
    counted_on = any(d.base == "told" for d in line.dates)
    if exact and telling.focus and (counted_on or date_relation(telling.focus.when, exact[0]) in ("near", "different")):
        telling.stage = _Stage(line.index, None, exact[0])  # "The next day, reinforcements were sent …"
    focus = telling.focus
    if focus is None:
        return
    same_day = bool(exact) and focus.when is not None and date_relation(focus.when, exact[0]) == "same"
    soon = _A_FEW_LINES if len(telling.frames) == 1 and same_day else 2
    if not 0 < line.index - max(focus.last_index, focus.spoken_of) <= soon:
        return
    if line.is_anaphoric:
        focus.spoken_of = line.index
    points = sorted((p for p in places if not p.is_country), key=lambda p: not p.is_point)  # the most exact first
    open_place = focus.scene is None or not focus.scene.is_point
    just_dated = focus.scene is None and focus.lines[-1].takes_place and line.index - focus.last_index == 1
    if points and open_place and (line.is_anaphoric or exact or just_dated):
        where = place_relation(focus.scene.resolution if focus.scene else None, points[0].resolution)
        if where in ("inside", "unknown"):
            _refine_place(focus, points[0])
            focus.scene = focus.scene or points[0]
            focus.spoken_of = line.index  # what follows may go on about it
            if same_day and line.is_anaphoric:
                named = [p for p in points if p.is_point]
                listed = [b for a, b in pairwise(named) if _is_listed(line, a, b) and not _is_near(b, named[0])]
                for other in listed:
                    # "these figures tell of the defeat of Monday at A and B": two places of that day
                    telling.frames.append(Frame(scene=other, when=exact[0], lines=[line]))
            wide = focus.when is not None and (focus.when.last - focus.when.first).days > 2
            if exact and wide and date_relation(focus.when, exact[0]) == "same":
                _refine_day(focus, exact[0])  # "last October", and then "on October 4 it stopped in X"
    if exact and focus.when is None:
        focus.when = exact[0]


def _is_near(one: Scene, other: Scene) -> bool:
    return place_relation(one.resolution, other.resolution) != "different"


def _is_told(frame: Frame, focus: Frame | None, scene: Scene, when: DateRange) -> bool:
    where = place_relation(frame.scene.resolution if frame.scene else None, scene.resolution)
    days = date_relation(frame.when, when)
    return where != "different" and (days == "same" or (days == "unknown" and frame is focus))


def _is_specific(line: Line, places: list[Scene]) -> bool:
    """A line with its own place and day tells of an event even beside the words of a total.

    "43 killed in three attacks in the provinces of A and B" is told of none of them.
    """
    if len(places) > 1 and not any(p.is_point for p in places):
        return False
    exact = [d for d in line.dates if 0 < d.days <= 31]
    return bool(exact and [p for p in places if not p.is_country] and line.weight >= 3)


def _several_countries(scenes: tuple[Scene, ...], places: list[Scene]) -> bool:
    named = {s.resolution.country for s in scenes if s.is_country and s.role == "country"}
    return len(named) >= 2 and not [p for p in places if p.is_point]


# --- what a line says of each place -----------------------------------------------------------------------


def _parts(
    telling: Telling, line: Line, scenes: tuple[Scene, ...], places: list[Scene], published: dt.date | None
) -> list[_Part]:
    days = [(d, w) for d in line.dates if (w := _window(telling, line, d, published))]
    begins = _after_an_earlier(line, days)
    if begins:
        later = [p for p in places if p.start >= begins]
        if later or any(p.start < begins for p in places):
            line = replace(line, figures=tuple(f for f in line.figures if f.start >= begins))
            places, days = later, [(d, w) for d, w in days if d.start >= begins]
    looked_back = _looked_back_to(line, scenes, places)
    if looked_back is not None:
        return [looked_back]
    tail = _tail(line, days, published, telling.focus)
    if tail is not None:
        return _before_and_after(line, scenes, places, *tail)
    two = _two_attacks(line, scenes, places, days)
    if two:
        return two
    mains = _main_places(line, places)
    tolled = [scene for scene in mains if _has_own_toll(line, scene, places)]
    mains = tolled if len(tolled) > 1 else mains
    stage = telling.stage
    if stage is not None and line.index == stage.line + 1 and not days:
        if not mains and stage.scene is not None and _goes_on_there(line):
            return [_Part(scene=stage.scene, when=stage.when, figures=line.figures)]
        if len(mains) == 1 and stage.scene is None and mains[0].is_point:
            return [_Part(scene=mains[0], when=stage.when, figures=line.figures)]
    if len(mains) <= 1 and len(days) > 1 and len(line.figures) > 1:
        split = _by_day(line, mains[0] if mains else None, days)
        if split:
            return split
    if not mains:
        country = next((s for s in scenes if s.is_country and s.role == "country"), None)
        return [_Part(scene=country, when=_best_day(line, days), figures=line.figures, earlier=_earlier(line))]
    if len(mains) == 1:
        own = mains[0].is_point and _tells_of_more(line)
        return [
            _Part(scene=mains[0], when=_best_day(line, days), figures=line.figures, earlier=_earlier(line), own=own)
        ]
    return _paired(telling, line, mains, days)


def _goes_on_there(line: Line) -> bool:
    """Whether a line tells of what happened at the place and on the day that the sentence before it gave."""
    text = line.sentence.plain
    return not line.is_anaphoric or _THEY_WERE_HIT.search(text) is not None or _THERE.search(text) is not None


_THERE = re.compile(
    r"\b(?:y (?:a|ont|avait|avaient|est|sont|etait|etaient)|there(?! (?:is|are|was|were|has|have|had)\b))\b"
)
# "It stopped in X on Sunday. Shortly after it left, it was attacked."
_THEY_WERE_HIT = re.compile(
    r"\b(?:it|they|he|she|the (?:convoy|patrol|team|unit|vehicle|group|bus|men|soldiers)) (?:was|were|came|fell|ran|had been) (?:\w+ )?"
    r"(?:attacked|ambushed|hit|struck|fired|shot|intercepted|under fire|under attack|into an ambush|targeted|abducted|kidnapped|seized)\b"
    r"|\b(?:il|elle|ils|elles|le convoi|la patrouille|l'unite|l'equipe|le vehicule|le groupe|le bus|les (?:hommes|militaires|soldats)) "
    r"(?:a|ont|avait|avaient|est|sont|etait|etaient|fut|furent) (?:\w+ )?(?:ete )?(?:attaque|pris|vise|tombe|enleve|intercepte|cible)e?s?\b"
)


def _tells_of_more(line: Line) -> bool:
    """ "A further 17 died in X", "douze autres ont été tués à X": dead besides those told before."""
    text, shift = line.sentence.plain, line.sentence.start
    killed = [f for f in line.figures if f.kind == "killed" and not f.part]
    return any(_MORE.search(text, max(0, f.start - shift - 12), f.end - shift + 8) for f in killed)


_MORE = re.compile(r"\b(?:further|another|others?|more(?! than)|autres)\b")


def _after_an_earlier(line: Line, days: list[tuple[DateMention, DateRange]]) -> int:
    """ "Three days after the attack on A, the army was hit on Monday at B": where the news begins, 0 when it does not.

    What stands before the comma was told before, or is told of later on.
    """
    shift = line.sentence.start
    opening = next((d for d in line.dates if d.start - shift < _AT_ONCE and d.base == "told"), None)
    if opening is None or not _AFTER.search(opening.text.strip()) or opening.offset[0] <= 0:
        return 0
    comma = line.sentence.plain.find(", ", opening.end - shift)
    told_on = [d for d, _ in days if d.base != "told" and d.start - shift > comma]
    attack = any(opening.end <= hit.start < comma + shift and int(hit.row["weight"]) >= 2 for hit in line.events)
    news = any(hit.start > comma + shift and int(hit.row["weight"]) >= 2 for hit in line.events)
    return comma + shift if comma > 0 and told_on and attack and news else 0


def _looked_back_to(line: Line, scenes: tuple[Scene, ...], places: list[Scene]) -> _Part | None:
    """ "They were buried on 20 November in A, a day after the attack on B": what is told of B, of the 19th."""
    for date in line.dates:
        said = [d for d in line.statement_dates if d.end <= date.start and d.first and d.last and d.days <= 2]
        turns = date.base == "told" and _AFTER.search(date.text.strip()) and date.offset[0] > 0
        attack = any(0 <= hit.start - date.end <= _SOON and int(hit.row["weight"]) >= 3 for hit in line.events)
        if said and said[-1].first and said[-1].last and turns and attack:
            low, high = date.offset
            when = DateRange(first=said[-1].first - high * ONE_DAY, last=said[-1].last - low * ONE_DAY)
            _, (figures, scene) = _halves(line, scenes, places, date.start)
            return _Part(scene=scene, when=when, figures=figures, earlier=True)
    return None


def _tail(
    line: Line, days: list[tuple[DateMention, DateRange]], published: dt.date | None, focus: Frame | None
) -> tuple[DateMention, DateRange, tuple[DateMention, DateRange]] | None:
    """ "… hit a camp on Friday, a day after twin attacks left 64 dead": where the sentence turns to what was before.

    The day told of after "after", that day as counted from the sentence's own, and the sentence's own.
    """
    for date in line.dates:
        low, high = date.offset
        if not date.base and date.first and date.last and published:  # "three months after the attack": read as ago
            low, high = (published - date.last).days, (published - date.first).days
        most = 31 if low > _WEEK else 2  # "in April, three months after …"
        own = [(d, w) for d, w in days if d.base != "told" and d.end <= date.start and (w.last - w.first).days <= most]
        turns = date.base in ("", "told") and _AFTER.search(date.text.strip()) and low > 0
        told = any(0 <= hit.start - date.end <= _SOON and int(hit.row["weight"]) >= 2 for hit in line.events)
        told = told or _THAT_OF.match(line.sentence.plain, date.end - line.sentence.start) is not None
        late = date.start - line.sentence.start > _SOON and line.is_anaphoric and not counts_back(line, date)
        if not own and late and not line.statement_dates and focus is not None and focus.when is not None:
            own = [(date, focus.when)]  # "The attack was claimed by …, two months after that on A, which killed 20"
        if own and turns and told:
            _, base = own[-1]
            return date, DateRange(first=base.first - high * ONE_DAY, last=base.last - low * ONE_DAY), own[-1]
    return None


def _by_day(line: Line, scene: Scene | None, days: list[tuple[DateMention, DateRange]]) -> list[_Part]:
    """ "31 killed on Friday in A, where 160 had been in March 2019": of days far apart, each with its figures."""
    text, shift = line.sentence.plain, line.sentence.start

    def apart(figure: Figure, date: DateMention) -> int:
        first, last = sorted(((figure.start, figure.end), (date.start, date.end)))
        between = text[first[1] - shift : last[0] - shift]
        return _gap(figure.start, figure.end, date.start, date.end) + 100 * len(_NEW_CLAUSE.findall(between))

    told: dict[int, list[Figure]] = {}
    nearest = -1
    for figure in line.figures:
        if not figure.part or nearest < 0:  # a part goes with its whole
            nearest = min(range(len(days)), key=lambda n: apart(figure, days[n][0]))
        told.setdefault(nearest, []).append(figure)
    windows = [days[n][1] for n in sorted(told)]
    far = all((b.first - a.last).days > _WEEK for a, b in pairwise(sorted(windows, key=lambda w: w.first)))
    if len(told) < 2 or not far:
        return []
    latest = max(windows, key=lambda w: w.last)
    return [
        _Part(scene=scene, when=days[n][1], figures=tuple(told[n]), earlier=days[n][1] is not latest)
        for n in sorted(told)
    ]


_NEW_CLAUSE = re.compile(r"\b(?:ou|where|when|lorsque|quand)\b|;|, (?:and|et) ")
_WEEK = 7  # days
_AFTER = re.compile(r"\b(?:after|apres)$|\blendemain\b")
_SOON = 40  # characters
_THAT_OF = re.compile(r" (?:celle|celui|celles|ceux|that|those|the one) ")


def _halves(
    line: Line, scenes: tuple[Scene, ...], places: list[Scene], turn: int
) -> tuple[tuple[tuple[Figure, ...], Scene | None], ...]:
    """The figures and the place of what a line tells before and after a character of the report."""
    country = next((s for s in scenes if s.is_country and s.role == "country"), None)
    mains = [_main_places(line, [p for p in places if (p.start < turn) == first]) for first in (True, False)]
    figures = [tuple(f for f in line.figures if (f.start < turn) == first) for first in (True, False)]
    return tuple((own, found[0] if found else country) for own, found in zip(figures, mains, strict=True))


def _before_and_after(
    line: Line,
    scenes: tuple[Scene, ...],
    places: list[Scene],
    turn: DateMention,
    before: DateRange,
    own: tuple[DateMention, DateRange],
) -> list[_Part]:
    """The two halves of such a sentence, each with its figures and places."""
    (news, here), (old, there) = _halves(line, scenes, places, turn.start)
    first = _Part(scene=here, when=own[1], figures=news)
    return [first, _Part(scene=there, when=before, figures=old, earlier=True)] if old else [first]


def _two_attacks(
    line: Line, scenes: tuple[Scene, ...], places: list[Scene], days: list[tuple[DateMention, DateRange]]
) -> list[_Part]:
    """ "Four soldiers died on Friday in the north, and three civilians in another attack in the east": each its own."""
    text, shift = line.sentence.plain, line.sentence.start
    other = _ANOTHER_ATTACK.search(text)
    turns = list(_AND_THEN.finditer(text, 0, other.start())) if other else []
    if not turns:
        return []
    turn = turns[-1].end() + shift
    if len({p.start < turn for p in places if p.is_point}) == 1:
        return []  # a place named in one half only may be that of both
    parts = []
    for first, (figures, scene) in zip((True, False), _halves(line, scenes, places, turn), strict=True):
        if not any(f.kind == "killed" for f in figures):
            return []
        own = [(d, w) for d, w in days if (d.start < turn) == first] or days
        parts.append(_Part(scene=scene, when=_best_day(line, own), figures=figures))
    return parts


_ANOTHER_ATTACK = WordPattern(
    r"\bin (?:another|a separate|a second|a different) (?:\w+ )?(?:attack|raid|ambush|assault|blast|explosion|incident)"
    r"|\b(?:dans|lors d') ?(?:une?) (?:autre|seconde?|deuxieme) (?:\w+ )?(?:attaque|raid|embuscade|assaut|explosion|incident)"
)
_AND_THEN = re.compile(r",? (?:and|while|et|tandis que|alors que) ")


def _main_places(line: Line, places: list[Scene]) -> list[Scene]:
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
            _has_own_toll(line, scene, places) and all(_has_own_toll(line, k, places) for k in kept)
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
    if one.name != other.name and max(_vagueness(one), _vagueness(other)) == _UNKNOWN:
        return False
    a, b = one.resolution.position, other.resolution.position
    return a is None or b is None or distance_km(a, b) < _NEXT_DOOR_KM


def _beside_the_known(line: Line, scene: Scene, places: list[Scene]) -> Scene:
    """ "In A and in B", where nobody can say which B is meant: a place of its own, of the region of A."""
    vague = _vagueness(scene) > 0 and (scene.resolution.uncertainty_km or _NOWHERE_KM) >= _NOWHERE_KM
    if not vague or not (scene.is_point or _is_unknown_name(scene)):
        return scene
    starts = {start for pair in _told_apart(line, places) if scene.start in pair for start in pair}
    known = [p for p in places if p.start in starts and not _vagueness(p) and p.resolution.position is not None]
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


def _has_own_toll(line: Line, scene: Scene, places: list[Scene]) -> bool:
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
    if (known and (scene.resolution.uncertainty_km or 0.0) < _NOWHERE_KM) or _has_own_toll(line, scene, places):
        return False
    text, shift = line.sentence.plain, line.sentence.start
    run: list[Scene] = []
    for place in sorted(places, key=lambda p: p.start):
        if run and not re.fullmatch(_LIST_GLUE, text[run[-1].end - shift : place.start - shift]):
            if scene in run:
                break
            run = []
        run.append(place)
    clearer = [p for p in run if _vagueness(p) < _vagueness(scene)]
    return scene in run and any(p.is_point for p in clearer)


def _vagueness(scene: Scene) -> int:
    """0 for a place that is known, 1 for one of several, 2 for one that nobody knows."""
    status = scene.resolution.status
    return {ResolutionStatus.RESOLVED: 0, ResolutionStatus.AMBIGUOUS: 1}.get(status, _UNKNOWN)


_UNKNOWN = 2

_NOWHERE_KM = 200.0  # of uncertainty


def _is_far_offset(scene: Scene) -> bool:
    """ "situated 200 km north of the capital" says roughly where a place is, not where something happened."""
    return scene.span.relation == "offset" and (scene.span.distance_km or 0.0) >= 80.0


def _paired(telling: Telling, line: Line, mains: list[Scene], days: list[tuple[DateMention, DateRange]]) -> list[_Part]:
    """Give each of several places its own day and figures; a figure told of all of them is shared."""
    listed = _listed(line, mains)
    own = _respectively(line, mains) or (len(mains) > 1 and all(_has_own_toll(line, scene, mains) for scene in mains))
    owned: dict[int, list[Figure]] = {index: [] for index in range(len(mains))}
    shared_figures: list[Figure] = []
    joint = len(days) >= 2 and re.search(_SEVERAL, line.sentence.plain)
    first, last = min(m.start for m in mains), max(m.end for m in mains)
    in_order = _respectively(line, mains)
    for number, figure in enumerate(line.figures):
        if in_order:
            owned[number].append(figure)
        elif (joint and figure.end <= first) or (len(listed) == len(mains) and not first < figure.start < last):
            shared_figures.append(figure)
        else:
            nearest = min(range(len(mains)), key=lambda i: _apart(line, mains[i], figure.start, figure.end))
            # "44 people, 20 children among them, in A and 179, 36 children among them, in B"
            turns = own or _turns_to_next(line, mains[nearest], figure)
            after = [i for i in range(len(mains)) if mains[i].start >= figure.end] if turns else []
            owned[min(after, key=lambda i: mains[i].start) if after else nearest].append(figure)
    several = SEVERAL_ATTACKS.search(line.sentence.plain) is not None and not line.figures  # "two attacks hit A and B"
    separate = all(_has_own_event(line, scene, mains) for scene in mains)
    already = bool(line.dates) and _ALREADY.search(line.sentence.plain) is not None
    if shared_figures:
        telling.shared += 1
    within = any(first < d.start < last for d, _ in days)
    of_all = _best_day(line, days) if len(listed) == len(mains) and days and not within else None
    parts = []
    for index, scene in enumerate(mains):
        own_days = [w for d, w in days if _owner(line, d, mains) == index]
        if not own_days and len(days) == 1 and not separate:
            own_days = [days[0][1]]
        if of_all is not None and not in_order:
            own_days = [of_all]  # "on Tuesday, 16 July, in A and in B"
        figures = tuple(shared_figures) or tuple(owned[index])
        own_day = (len(days) >= 2 and own_days) or several
        if index and not own_day and not figures and index not in listed and not _has_own_event(line, scene, mains):
            continue  # a second place in the same breath: _attach keeps it as one that may hold the first
        shared = telling.shared if shared_figures else -1
        parts.append(
            _Part(
                scene=scene,
                when=min(own_days, key=lambda w: w.last - w.first) if own_days else None,
                figures=figures,
                shared=shared,
                own=own or (index > 0 and index in listed),
                earlier=already,
            )
        )
    return parts


def _turns_to_next(line: Line, scene: Scene, figure: Figure) -> bool:
    """ "13 on 17 March in A, and killed 14 on 23 March in B": the 14 begin what is told of the next place."""
    between = line.sentence.plain[scene.end - line.sentence.start : figure.start - line.sentence.start]
    return scene.end <= figure.start and _AND_TURNS.match(between) is not None


_AND_TURNS = re.compile(r"[,;]? (?:and|while|then|et|puis|tandis que)\b")


def _respectively(line: Line, mains: list[Scene]) -> bool:
    """ "Two fishermen and a herder were killed at A and B respectively": the figures in the order of the places."""
    said = re.search(r"\b(?:respectivement|respectively)\b", line.sentence.plain)
    return said is not None and len(line.figures) == len(mains)


def _listed(line: Line, mains: list[Scene]) -> set[int]:
    """Places told in one breath that are more than one scene: too far apart, or a list of names.

    "Attacked posts in Kayes, Nioro and Niono", "à Farabougou et à Biriki-Wéré".
    """
    found: set[int] = set()
    for run in _runs(line, mains):
        told_apart = _tells_apart(line, mains, run)
        for index, other in pairwise(run):
            one, two = mains[index].resolution.position, mains[other].resolution.position
            if told_apart or (one is not None and two is not None and distance_km(one, two) > _FAR_KM):
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


_SEVERAL = r"\b(?:two|three|several|deux|trois|plusieurs|twin|both)\b"
_ASIDE = r"(?:(?:,| \() ?(?:in|dans|en) (?:the |le |la |l')?[\w' -]{2,30}\)?(?=,| and | et ))?"  # "A, in the North, B"
_LIST_GLUE = rf"{_ASIDE}\s*(?:,|and|et|&|as well as|ainsi que|,\s*(?:and|et))\s*(?:in |at |near |to |a |de |d'|the town of |la ville de )?\s*"
_AT_EACH = re.compile(rf"{_ASIDE},? (?:and|et|as well as|ainsi que) (?:in|at|near|to|a) ")
_FAR_KM = 40.0


def _owner(line: Line, date: DateMention, mains: list[Scene]) -> int:
    """Which place a day is told of: the nearest; "…, and on 12 May …" begins what is told of the next."""
    before = line.sentence.plain[: date.start - line.sentence.start]
    after = [i for i, main in enumerate(mains) if main.start >= date.end] if _AND_ON.search(before) else []
    return min(after or range(len(mains)), key=lambda i: _apart(line, mains[i], date.start, date.end))


_AND_ON = re.compile(r"[,;] (?:and|then|while|et|puis|tandis que)(?: on| in| le| la| en)? ?$")


def _gap(a_start: int, a_end: int, b_start: int, b_end: int) -> int:
    return max(b_start - a_end, a_start - b_end, 0)


def _apart(line: Line, scene: Scene, start: int, end: int) -> int:
    """How far a figure or day stands from a place; beyond a semicolon it is told of another."""
    first, last = sorted(((scene.start, scene.end), (start, end)))
    between = line.sentence.plain[first[1] - line.sentence.start : last[0] - line.sentence.start]
    return _gap(scene.start, scene.end, start, end) + (1000 if ";" in between else 0)


def _has_own_event(line: Line, scene: Scene, mains: list[Scene]) -> bool:
    """Whether an event word stands between the place before it and this place."""
    before = max((m.end for m in mains if m.end <= scene.start), default=line.sentence.start)
    return any(before <= hit.start < scene.start and int(hit.row["weight"]) >= 3 for hit in line.events)


# --- days ---------------------------------------------------------------------------------------------------


def _window(telling: Telling, line: Line, date: DateMention, published: dt.date | None) -> DateRange | None:
    """The days a mention means; "two days later" counts from the event told before."""
    first, last = date.first, date.last
    if date.base == "told":
        back = counts_back(line, date)
        lead = telling.frames[0] if back and telling.frames else None  # "the episode" is the lead
        told = lead if lead is not None and lead.when is not None else telling.focus
        base = told.when if told and told.when else None
        if not back and (base is None or (base.last - base.first).days > _WEEK):
            dated = [f for f in telling.frames if f.when is not None and (f.when.last - f.when.first).days <= 2]
            base = max(dated, key=lambda f: f.last_index).when if dated and date.offset == (0, 0) else base
        base = base or telling.occasion
        low, high = date.offset
        if base is None and published and not back and high < 0 and not telling.frames:
            # "the week before, …" opens the report: the day it counts from is told later, in the week before printing
            return DateRange(
                first=published + (low - 7) * ONE_DAY, last=published + high * ONE_DAY,
                text=date.text, start=date.start, end=date.end,
            )  # fmt: skip
        if base is None and published and back:
            base = DateRange(first=published, last=published)
        if base is None:
            return None
        if back:
            low, high = -high, -low
        first, last = base.first + low * ONE_DAY, base.last + high * ONE_DAY
        if published and first > published + ONE_DAY:
            return None  # "a month after the visit": not a month after what was told
    if first is None or last is None:
        return None
    before = [
        w for w in (telling.focus.when if telling.focus else None, telling.stage.when if telling.stage else None) if w
    ]
    if before and date.base != "told" and _SAME_YEAR.match(line.sentence.plain, date.end - line.sentence.start):
        years = first.year - before[-1].first.year
        first, last = _years_earlier(first, years), _years_earlier(last, years)
    return DateRange(first=first, last=last, text=date.text, start=date.start, end=date.end)


_SAME_YEAR = re.compile(r",? (?:de (?:la|cette) meme annee|(?:of )?(?:the|that) same year|(?:of )?that year)\b")


def _years_earlier(day: dt.date, years: int) -> dt.date:
    """The same day of another year; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, month=3, day=1)


def _earlier(line: Line) -> bool:
    return any(counts_back(line, date) for date in line.dates) or (
        bool(line.dates) and _ALREADY.search(line.sentence.plain) is not None
    )


_ALREADY = re.compile(r"\b(?:avai(?:t|ent) deja|had already|had previously)\b")  # "Last Thursday they had already …"


def _best_day(line: Line, days: list[tuple[DateMention, DateRange]]) -> DateRange | None:
    """Of several days the exact one nearest to the event word."""
    windows = [window for _, window in days]
    if not windows:
        return None
    back = [window for date, window in days if counts_back(line, date)]
    if back:
        # "three months after the attack of 3 June": the day told of the earlier one, where it is told
        later = [w for w in windows if w.start > back[0].start and (w.last - w.first).days <= 2]
        exact = [w for w in later if back[0].first - ONE_DAY <= w.first <= back[0].last + ONE_DAY]
        return (exact or back)[0]  # "Friday's attack came a day after an assault on X": the day of the assault
    text, shift = line.sentence.plain, line.sentence.start
    told = [window for date, window in days if _HAPPENED.search(text, 0, date.start - shift)]
    if told:
        return told[0]  # "little was known on Thursday about the raid, which took place on Tuesday"
    triggers = [hit.start for hit in line.events if int(hit.row["weight"]) >= 2] or [line.sentence.start]
    return min(
        windows,
        key=lambda w: (
            (w.last - w.first).days > 7,
            (w.last - w.first).days > 31,
            min(abs(w.start - t) for t in triggers),
        ),
    )


_HAPPENED = re.compile(
    r"\b(?:took place|happened|occurred|came|was carried out|were carried out|a eu lieu|avait eu lieu|s'est produite?|s'etait produite?"
    r"|s'est deroulee?|est survenue?|etait survenue?|a ete (?:commise?|perpetree?|menee?))(?: (?:early|late|before dawn|overnight|tot|tard))?(?: on| in| le| la| dans)? ?$"
)


def _is_a_past_month(when: DateRange, published: dt.date) -> bool:
    """ "Last month": said on the tenth it is not the news, however near."""
    return when.last < published and (when.last - when.first).days > WEEKS


def _is_history(when: DateRange | None, published: dt.date | None) -> bool:
    if when is None or published is None:
        return False
    long_ago = when.last.year < published.year - _HISTORY_YEARS
    return (when.last - when.first).days > _VAGUE_DAYS and long_ago


# --- choosing the frame --------------------------------------------------------------------------------------


def _frame_for(
    telling: Telling, line: Line, part: _Part, published: dt.date | None, is_log_entry: bool
) -> Frame | None:
    if _is_history(part.when, published):
        return None
    again = _told_again(telling, line, part)
    if again is not None:
        return again
    ranked = sorted(
        ((score, frame) for frame in telling.frames if (score := _fit(telling, frame, line, part)) > 0),
        key=lambda pair: (-pair[0], -pair[1].last_index),
    )
    if ranked:
        return ranked[0][1]
    if _may_open(telling, line, part, is_log_entry):
        frame = Frame(scene=part.scene, when=part.when, is_first=not telling.frames)
        telling.frames.append(frame)
        return frame
    return None


def _told_again(telling: Telling, line: Line, part: _Part) -> Frame | None:
    """ "Besides the 58 killed, …": of the one incident that so many are told to have died in."""
    counts = [
        f for f in part.figures if f.kind == "killed" and not f.part and f.low == f.high and f.low >= _TELLING_COUNT
    ]
    if part.scene is not None or line.dates or line.is_separate or len(counts) != 1 or ALSO.search(line.sentence.text):
        return None
    told = [
        frame
        for frame in telling.frames
        if any(
            (f.kind, f.low, f.high) == ("killed", counts[0].low, counts[0].low)
            and not SEVERAL_ATTACKS.search(told_in.sentence.plain)
            for f, told_in, _ in frame.figures
        )
    ]
    focus = telling.focus
    vaguer = bool(told) and focus is not None and _is_point(focus) and not _is_point(told[0])
    return told[0] if len(told) == 1 and not vaguer else None


def _is_point(frame: Frame) -> bool:
    return frame.scene is not None and frame.scene.is_point


_TELLING_COUNT = 5  # fewer die in many an attack
SEVERAL_ATTACKS = re.compile(
    r"\b(?:double|twin|two|three|several|deux|trois|plusieurs|triple) (?:\w+ )?(?:attaques?|attacks?|assauts?|assaults?|embuscades?|ambush(?:es)?|raids?|incidents?|operations?)\b"
)


def _fit(telling: Telling, frame: Frame, line: Line, part: _Part) -> int:
    """How well a part of a line fits a frame; 0: not at all."""
    if frame is part.not_of:
        return 0
    if line.index == telling.left_out + 1 and part.scene is None and not line.dates:
        return 0  # more of what was left out
    where = place_relation(
        frame.scene.resolution if frame.scene else None, part.scene.resolution if part.scene else None
    )
    days = date_relation(frame.when, part.when)
    if where == "different" and _may_hold(frame, line, part):
        where = "inside"
    if where == "different" or days == "different":
        return 0
    if part.own and part.scene and frame.scene and frame.scene.is_point and frame.scene.name != part.scene.name:
        return 0
    if where == "same" and _are_two_villages(frame, part):
        return 0
    if days == "near" and not (_loose(frame, part) and (where == "same" or _is_week_before(frame, line, part))):
        return 0
    if part.earlier and days != "same":
        return 0
    if days == "unknown" and part.long_ago and not line.is_anaphoric and not _same_toll(frame, part):
        return 0  # "A few weeks ago, …" is not the news of no day told before
    if line.is_separate and not (where == "same" and days != "near"):
        return 0
    opens = any(date.start - line.sentence.start < _AT_ONCE for date in line.dates)
    if (
        part.when is not None
        and frame.when is None
        and not line.is_anaphoric
        and _has_another_toll(frame, part, opens=opens)
    ):
        return 0  # "Last week more than 40 died in raids on several villages": not the eleven of the lead
    distance = line.index - max(frame.last_index, frame.spoken_of)
    adjacent = 0 <= distance <= 2
    points_back = adjacent and (line.is_anaphoric or bool(line.speakers) or distance <= 1)
    score = {"same": 60, "inside": 40, "around": 25, "unknown": 10}[where] + {"same": 30, "near": 10, "unknown": 0}[
        days
    ]
    if days == "same" and where in ("around", "unknown") and _far_wider(frame, part) and not line.is_anaphoric:
        return 0  # "last week, in the same province": another event, though the week holds the day
    if days == "same":
        wide = part.when and (part.when.last - part.when.first).days > 7
        return score if where != "unknown" or not wide or frame is telling.focus else 0
    if where == "same":
        return score
    if where == "inside":  # the frame knew only a region or country: the line says where
        return score if frame.when is None or (part.when is None and (adjacent or frame is telling.focus)) else 0
    if frame is not telling.focus and not _only_frame(telling, frame, line):
        tied = part.scene is None and not line.dates and 0 <= distance <= _A_FEW_LINES
        return score if tied and _is_alone_with(telling, frame, line) else 0
    if part.when is not None and frame.when is None:
        if frame.is_first and part.long_ago and (opens or not line.is_anaphoric):
            return 0  # the news of no day; "In early July, the convoy of …" is not it
        return score if adjacent or (line.is_anaphoric and _only_frame(telling, frame, line)) else 0
    hurt = part.scene is None and distance <= _A_FEW_LINES and any(f.kind == "injured" for f in part.figures)
    if hurt and not part.long_ago and _only_frame(telling, frame, line):
        return score  # "Three wounded were taken to the hospital"
    if part.scene is None and not line.dates and distance <= _A_FEW_LINES and _is_alone_with(telling, frame, line):
        return score  # "JNIM says that it killed six": of the attack told of as JNIM's
    return score if points_back or (line.is_anaphoric and _only_frame(telling, frame, line)) else 0


def _are_two_villages(frame: Frame, part: _Part) -> bool:
    """ "Six were killed at A …, three were shot dead in the village of B": two villages, each with its dead."""
    one, other = frame.scene, part.scene
    if one is None or other is None or one.name == other.name:
        return False
    a, b = one.resolution, other.resolution
    known = all(r.kind is PlaceKind.PLACE and r.status is ResolutionStatus.RESOLVED for r in (a, b))
    if not known or a.position is None or b.position is None or distance_km(a.position, b.position) < _NEXT_DOOR_KM:
        return False
    here = {f.low for f, line, _ in frame.figures if f.kind == "killed" and _names(line, one)}
    there = {f.low for f in part.figures if f.kind == "killed" and not f.part}
    return bool(here and there) and here.isdisjoint(there)


def _names(line: Line, scene: Scene) -> bool:
    return line.sentence.start <= scene.start < line.sentence.end


_NEXT_DOOR_KM = 1.0  # nearer than that it is one village by two names


def _is_week_before(frame: Frame, line: Line, part: _Part) -> bool:
    """ "… this week. The base came under attack on Sunday": the Sunday before the week that the calendar means."""
    week = frame.when is not None and 3 <= (frame.when.last - frame.when.first).days <= _WEEK
    return week and part.scene is None and line.is_anaphoric and line.index - frame.last_index == 1


def _same_toll(frame: Frame, part: _Part) -> bool:
    """Whether a part of a line tells of as many dead as the frame does, and of more than a few."""
    told = {(f.low, f.who) for f, _, _ in frame.figures if f.kind == "killed" and f.low >= _TELLING_COUNT}
    return any(f.kind == "killed" and (f.low, f.who) in told for f in part.figures)


def _has_another_toll(frame: Frame, part: _Part, *, opens: bool) -> bool:
    """Whether a part and a frame both count dead, and no number of the one is told of the other."""
    known = {f.low for f, _, _ in frame.figures if f.kind == "killed" and f.low > 0}
    own = {f.low for f in part.figures if f.kind == "killed" and f.low > 0}
    return bool(known and own) and not known & own and max(own) > max(known) * (1.0 if opens else 1.5)


_AT_ONCE = 12  # characters


def _is_alone_with(telling: Telling, frame: Frame, line: Line) -> bool:
    """Whether the armed group that a line names is named in this frame and in no other."""
    groups = _groups([line])
    own = groups & _groups(frame.lines)
    return len(groups) == 1 and bool(own) and not any(own & _groups(f.lines) for f in telling.frames if f is not frame)


def _groups(lines: list[Line]) -> set[str]:
    return {a.actor for line in lines for a in line.actors if a.side in ("jihadist", "rebel") and not a.is_generic}


_LOOSELY_KM = 60.0  # how far from its town "the X area" may reach


def _may_hold(frame: Frame, line: Line, part: _Part) -> bool:
    """ "In Tillabéri …", and in the next sentence a place of that region; "in the Téra zone", and a place in it."""
    if frame.scene is None or part.scene is None or not part.scene.is_point or part.own:
        return False
    if not 0 < line.index - frame.last_index <= 2 or (part.when is not None and frame.when is not None):
        return False
    known = {(f.kind, f.low) for f, _, _ in frame.figures}
    if not known or any((f.kind, f.low) not in known for f in part.figures if f.kind == "killed"):
        return False  # nothing told yet that this could be more of, or a toll of its own: another event
    if ALSO.search(line.sentence.text):
        return False
    wide, exact = frame.scene.resolution, part.scene.resolution
    if wide.kind is PlaceKind.PLACE and frame.scene.span.kind != "town" and wide.admin1 == wide.location:
        return exact.admin1 == wide.admin1  # most regions have the name of their chief town
    if wide.kind is PlaceKind.AREA:
        return bool(exact.country) and wide.country in ("", exact.country)  # "in southern Niger" is said loosely
    if frame.scene.span.relation != "near" or wide.position is None or exact.position is None:
        return False
    before, after = _text_around(frame)
    in_zone = _VICINITY.match(after) is not None or _IN_ZONE.search(before) is not None
    return in_zone and distance_km(wide.position, exact.position) <= _LOOSELY_KM


_VICINITY = re.compile(r"\s*(?:area|zone|sector)\b")


_IN_ZONE = re.compile(r"\b(?:zone|secteur|environs|alentours|area|sector) (?:de|du|d'|of) ?$")


def _text_around(frame: Frame) -> tuple[str, str]:
    """What the sentence says before and after the frame's scene."""
    scene = frame.scene
    line = next((x for x in frame.lines if scene and x.sentence.start <= scene.start < x.sentence.end), None)
    if scene is None or line is None:
        return "", ""
    return (
        line.sentence.plain[: scene.start - line.sentence.start],
        line.sentence.plain[scene.end - line.sentence.start :],
    )


_A_FEW_LINES = 5


def _far_wider(frame: Frame, part: _Part) -> bool:
    assert frame.when is not None
    assert part.when is not None
    return (part.when.last - part.when.first).days >= 5 > (frame.when.last - frame.when.first).days


def _loose(frame: Frame, part: _Part) -> bool:
    """A night runs over two days: a day's difference is no contradiction when either is a night or window."""
    windows = [w for w in (frame.when, part.when) if w]
    return any(w.first != w.last for w in windows)


def _only_frame(telling: Telling, frame: Frame, line: Line) -> bool:
    return len(telling.frames) == 1 and telling.frames[0] is frame


def _may_open(telling: Telling, line: Line, part: _Part, is_log_entry: bool) -> bool:
    """Whether a line says enough to open an incident of its own."""
    if is_log_entry:
        return True
    vague = part.when is not None and (part.when.last - part.when.first).days > _VAGUE_DAYS
    killed = any(f.low > 0 for f in part.figures)
    if part.scene is None or part.scene.is_country:
        if part.when is not None and not vague:
            return line.weight >= 3
        return not telling.frames and (killed or line.weight >= 3) and part.when is None
    if part.scene.resolution.kind is PlaceKind.AREA and not killed and (part.when is None or vague):
        return False
    return line.weight >= 2


# --- attaching ------------------------------------------------------------------------------------------------


def _attach(telling: Telling, frame: Frame, line: Line, part: _Part, scenes: tuple[Scene, ...]) -> None:
    if part.scene is not None:
        here = place_relation(frame.scene.resolution if frame.scene else None, part.scene.resolution)
        if here == "different" and _may_hold(frame, line, part):
            frame.scene = part.scene
        _refine_place(frame, part.scene)
    if part.when is not None:
        _refine_day(frame, part.when)
    _hear_from(frame, line, scenes)
    for scene in scenes:
        if scene.role == "source" and frame.source_scene is None:
            frame.source_scene = scene
        elif scene.role == "scene" and scene is not frame.scene and scene not in frame.containers:
            frame.containers.append(scene)
    frame.lines.append(line)
    unhurt = any(f.kind == "killed" and f.low > 0 for f, _, _ in frame.figures) and _ANOTHER.search(line.sentence.plain)
    frame.figures += [(f, line, part.shared) for f in part.figures if not (f.high == 0 and unhurt)]
    telling.focus = frame


# "a second attack in the same area caused no casualties": nought is not the toll of the first
_ANOTHER = WordPattern(
    r"(?:an?|the|une?|la|le|l') ?(?:second|seconde|deuxieme|other|third|troisieme|autre|separate|later) (?:attack|raid|ambush|blast|explosion|assault|incident|device|attaque|embuscade|assaut|engin)"
    r"|another (?:attack|raid|ambush|blast|explosion|assault|incident|device)"
)


def _hear_from(frame: Frame, line: Line, scenes: tuple[Scene, ...]) -> None:
    """Keep where a resident lives who tells of the event: officials sit in towns, residents saw it."""
    for scene in scenes:
        heard = scene.role == "source" and scene.is_point and frame.dweller is None
        if heard and _DWELLER.search(line.sentence.plain, 0, scene.start - line.sentence.start):
            frame.dweller = scene


_DWELLER = re.compile(
    r"\b(?:residents?|inhabitants?|villagers?|survivors?|mayor|deputy mayor|village chief|imam|councill?ors?"
    r"|habitante?s?|residente?s?|villageois|riverains?|rescapee?s?|survivante?s?|maire|adjoint au maire|chef (?:du|de) village|conseiller municipal)"
    r" (?:of|from|in|de|du|d'|a)(?: the (?:village|town|commune) of| la (?:localite|commune) (?:rurale )?(?:de|d'))? ?$"
)


def _refine_place(frame: Frame, scene: Scene) -> None:
    if frame.scene is None:
        frame.scene = scene
        return
    relation = place_relation(frame.scene.resolution, scene.resolution)
    if frame.scene.span.relation in ("road", "between", "river") and scene.name in frame.scene.span.names:
        return  # "on the road from A to B", and then a word of B
    if scene.span.relation in ("road", "between", "river") and frame.scene.name in scene.span.names:
        frame.scene = scene  # "on a road to B", and then "between A and B"
        return
    if relation == "inside" or (relation == "same" and _firmness(scene) > _firmness(frame.scene)):
        frame.scene = scene


def _firmness(scene: Scene) -> float:
    """How exactly a scene says where; of two towns beside each other the first told stays."""
    kinds = {PlaceKind.PLACE: 3.0, PlaceKind.NEAR: 2.0, PlaceKind.STRETCH: 1.5}
    sure = scene.resolution.status is ResolutionStatus.RESOLVED
    return kinds.get(scene.resolution.kind, 0.0) if sure else scene.resolution.score


def _refine_day(frame: Frame, when: DateRange) -> None:
    if frame.when is None:
        frame.when = when
        return
    if date_relation(frame.when, when) == "same":
        if (when.last - when.first) < (frame.when.last - frame.when.first):
            frame.when = when
    elif (frame.when.last - frame.when.first).days >= 3 > (when.last - when.first).days and not frame.other_days:
        frame.when = when  # "this week", and then its day
    elif when not in frame.other_days:
        frame.other_days.append(when)


# --- the headline ----------------------------------------------------------------------------------------------


def _read_title(telling: Telling, line: Line, scenes: tuple[Scene, ...], published: dt.date | None) -> None:
    """A headline's figures belong to the main incident, unless the story calls them a total."""
    if line.weight < 2 or line.is_accident or telling.accidents & {(f.kind, f.low) for f in line.figures}:
        return
    places = _main_places(line, [s for s in scenes if s.role == "scene"])
    if not telling.frames:
        if places and not line.is_aggregate:
            frame = Frame(scene=places[0], when=None, lines=[line], figures=[(f, line, -1) for f in line.figures])
            telling.frames.append(frame)
        return
    totals = {(a.figure.kind, a.figure.low) for a in telling.aggregates}
    main = telling.frames[0]
    for place in places:
        match = [
            f
            for f in telling.frames
            if f.scene and place_relation(f.scene.resolution, place.resolution) in ("same", "around")
        ]
        main = match[0] if match else main
    if len(places) > 1 or line.is_aggregate:
        return
    if places and main is telling.frames[0] and _is_of(line, places[0], main):
        _refine_place(main, places[0])  # "thirteen dead in X"; the story begins "in the north of the country"
    for figure in line.figures:
        known = any(f.kind == figure.kind and f.low == figure.low for f, _, _ in main.figures)
        if (
            (figure.kind, figure.low) not in totals
            and not known
            and figure.qualifier not in ("dozens", "several", "hundreds")
        ):
            main.figures.append((figure, line, -1))
            main.lines.append(line)


def _is_of(title: Line, scene: Scene, frame: Frame) -> bool:
    """Whether a headline's place may be a frame's: no other toll or day, and no town of its region's name ("in Téra")."""
    killed = {f.low for f, _, _ in frame.figures if f.kind == "killed"}
    said = {f.low for f in title.figures if f.kind == "killed"}
    namesake = frame.scene is not None and frame.scene.resolution.location == scene.resolution.location
    return not namesake and not title.dates and (not killed or not said or bool(killed & said))
