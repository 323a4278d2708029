"""Which sentences of a report tell of which incident.

A frame is one incident in the making: a place, a day, and the lines that tell of it. Lines are read in
order; each attaches to the frame its place and day fit, refines it (a town where only the country was
known), or opens another. Evidence that contradicts opens a new frame; nothing is overwritten.

parts_of (what a line says of each place) -> frame_for (which frame it fits) -> _attach
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise

from sahel_map.coding.fitting import frame_for, may_hold
from sahel_map.coding.lines import Line
from sahel_map.coding.main_places import UNKNOWN, main_places, vagueness
from sahel_map.coding.parts import parts_of
from sahel_map.coding.relations import date_relation
from sahel_map.coding.scenes import Scene
from sahel_map.coding.telling import (
    A_FEW_LINES,
    LONG_AGO,
    SEVERAL_ATTACKS,
    Aggregate,
    Frame,
    Part,
    Stage,
    Telling,
    place_relation,
)
from sahel_map.coding.windows import days_meant, is_a_past_month
from sahel_map.language.word_patterns import WordPattern
from sahel_map.model import DateRange, PlaceKind, ResolutionStatus


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
    of_occasion = [w for d in line.occasions if (w := days_meant(telling, line, d, published))]
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
        exact = [
            w for d in line.dates if (w := days_meant(telling, line, d, published)) and (w.last - w.first).days <= 2
        ]
        if not over_time:
            _tell_each(telling, line, places, scenes)
        if not line.figures:
            _locate_focus(telling, line, places, published)
        elif exact and not any(p.is_point for p in places):
            telling.stage = Stage(line.index, None, exact[0])  # "Twenty died on Friday in three attacks. …"
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
    for part in parts_of(telling, line, scenes, places, published):
        if part.when and published and (part.when.last < published - LONG_AGO or is_a_past_month(part.when, published)):
            part = replace(part, long_ago=True)
        if same_place and part.when is not None:
            part = replace(part, earlier=True)  # "in the same area last Thursday": not what was told there before
        each = part.own or SEVERAL_ATTACKS.search(line.sentence.plain) is not None
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
        frame = frame_for(telling, line, part, published, is_log_entry)
        if frame is not None:
            _attach(telling, frame, line, part, scenes)
            if sibling is not None and part.scene is not None and part.own and vagueness(part.scene) == UNKNOWN:
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
        part = Part(scene=place, when=focus.when, figures=())
        frame = frame_for(telling, line, part, None, False)
        if frame is not None:
            _attach(telling, frame, line, part, scenes)


def _is_staged(stage: Stage, line: Line, part: Part) -> bool:
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
    exact = [w for d in line.dates if (w := days_meant(telling, line, d, published)) and (w.last - w.first).days <= 2]
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
        telling.stage = Stage(line.index, points[0], exact[0])
        return
    counted_on = any(d.base == "told" for d in line.dates)
    if exact and telling.focus and (counted_on or date_relation(telling.focus.when, exact[0]) in ("near", "different")):
        telling.stage = Stage(line.index, None, exact[0])  # "The next day, reinforcements were sent …"
    focus = telling.focus
    if focus is None:
        return
    same_day = bool(exact) and focus.when is not None and date_relation(focus.when, exact[0]) == "same"
    soon = A_FEW_LINES if len(telling.frames) == 1 and same_day else 2
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


def _attach(telling: Telling, frame: Frame, line: Line, part: Part, scenes: tuple[Scene, ...]) -> None:
    if part.scene is not None:
        here = place_relation(frame.scene.resolution if frame.scene else None, part.scene.resolution)
        if here == "different" and may_hold(frame, line, part):
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


def _read_title(telling: Telling, line: Line, scenes: tuple[Scene, ...], published: dt.date | None) -> None:
    """A headline's figures belong to the main incident, unless the story calls them a total."""
    if line.weight < 2 or line.is_accident or telling.accidents & {(f.kind, f.low) for f in line.figures}:
        return
    places = main_places(line, [s for s in scenes if s.role == "scene"])
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
