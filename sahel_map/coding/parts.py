"""What one line says of each place: its day and the figures nearest to it, two attacks in one sentence told apart."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise

from sahel_map.coding.lines import Line, counts_back
from sahel_map.coding.main_places import SEVERAL, has_own_toll, listed_places, main_places
from sahel_map.coding.scenes import Scene
from sahel_map.coding.telling import AT_ONCE, SEVERAL_ATTACKS, Frame, Part, Telling
from sahel_map.coding.tolls import Figure
from sahel_map.coding.windows import ALREADY, WEEK, best_day, days_meant, tells_of_earlier
from sahel_map.language.dates import ONE_DAY, DateMention
from sahel_map.language.word_patterns import WordPattern
from sahel_map.model import DateRange


def parts_of(
    telling: Telling, line: Line, scenes: tuple[Scene, ...], places: list[Scene], published: dt.date | None
) -> list[Part]:
    """What a line says, one part a place (or day) that something happened at; one without a place if none is named.

    ``places`` are those of ``scenes`` that may be where it happened.
    """
    days = [(d, w) for d in line.dates if (w := days_meant(telling, line, d, published))]
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
    mains = main_places(line, places)
    tolled = [scene for scene in mains if has_own_toll(line, scene, places)]
    mains = tolled if len(tolled) > 1 else mains
    stage = telling.stage
    if stage is not None and line.index == stage.line + 1 and not days:
        if not mains and stage.scene is not None and _goes_on_there(line):
            return [Part(scene=stage.scene, when=stage.when, figures=line.figures)]
        if len(mains) == 1 and stage.scene is None and mains[0].is_point:
            return [Part(scene=mains[0], when=stage.when, figures=line.figures)]
    if len(mains) <= 1 and len(days) > 1 and len(line.figures) > 1:
        split = _by_day(line, mains[0] if mains else None, days)
        if split:
            return split
    if not mains:
        country = next((s for s in scenes if s.is_country and s.role == "country"), None)
        return [Part(scene=country, when=best_day(line, days), figures=line.figures, earlier=tells_of_earlier(line))]
    if len(mains) == 1:
        own = mains[0].is_point and _tells_of_more(line)
        return [
            Part(
                scene=mains[0], when=best_day(line, days), figures=line.figures, earlier=tells_of_earlier(line), own=own
            )
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
    opening = next((d for d in line.dates if d.start - shift < AT_ONCE and d.base == "told"), None)
    if opening is None or not _AFTER.search(opening.text.strip()) or opening.offset[0] <= 0:
        return 0
    comma = line.sentence.plain.find(", ", opening.end - shift)
    told_on = [d for d, _ in days if d.base != "told" and d.start - shift > comma]
    attack = any(opening.end <= hit.start < comma + shift and int(hit.row["weight"]) >= 2 for hit in line.events)
    news = any(hit.start > comma + shift and int(hit.row["weight"]) >= 2 for hit in line.events)
    return comma + shift if comma > 0 and told_on and attack and news else 0


def _looked_back_to(line: Line, scenes: tuple[Scene, ...], places: list[Scene]) -> Part | None:
    """ "They were buried on 20 November in A, a day after the attack on B": what is told of B, of the 19th."""
    for date in line.dates:
        said = [d for d in line.statement_dates if d.end <= date.start and d.first and d.last and d.days <= 2]
        turns = date.base == "told" and _AFTER.search(date.text.strip()) and date.offset[0] > 0
        attack = any(0 <= hit.start - date.end <= _SOON and int(hit.row["weight"]) >= 3 for hit in line.events)
        if said and said[-1].first and said[-1].last and turns and attack:
            low, high = date.offset
            when = DateRange(first=said[-1].first - high * ONE_DAY, last=said[-1].last - low * ONE_DAY)
            _, (figures, scene) = _halves(line, scenes, places, date.start)
            return Part(scene=scene, when=when, figures=figures, earlier=True)
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
        most = 31 if low > WEEK else 2  # "in April, three months after …"
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


def _by_day(line: Line, scene: Scene | None, days: list[tuple[DateMention, DateRange]]) -> list[Part]:
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
    far = all((b.first - a.last).days > WEEK for a, b in pairwise(sorted(windows, key=lambda w: w.first)))
    if len(told) < 2 or not far:
        return []
    latest = max(windows, key=lambda w: w.last)
    return [
        Part(scene=scene, when=days[n][1], figures=tuple(told[n]), earlier=days[n][1] is not latest)
        for n in sorted(told)
    ]


_NEW_CLAUSE = re.compile(r"\b(?:ou|where|when|lorsque|quand)\b|;|, (?:and|et) ")
_AFTER = re.compile(r"\b(?:after|apres)$|\blendemain\b")
_SOON = 40  # characters
_THAT_OF = re.compile(r" (?:celle|celui|celles|ceux|that|those|the one) ")


def _halves(
    line: Line, scenes: tuple[Scene, ...], places: list[Scene], turn: int
) -> tuple[tuple[tuple[Figure, ...], Scene | None], ...]:
    """The figures and the place of what a line tells before and after a character of the report."""
    country = next((s for s in scenes if s.is_country and s.role == "country"), None)
    mains = [main_places(line, [p for p in places if (p.start < turn) == first]) for first in (True, False)]
    figures = [tuple(f for f in line.figures if (f.start < turn) == first) for first in (True, False)]
    return tuple((own, found[0] if found else country) for own, found in zip(figures, mains, strict=True))


def _before_and_after(
    line: Line,
    scenes: tuple[Scene, ...],
    places: list[Scene],
    turn: DateMention,
    before: DateRange,
    own: tuple[DateMention, DateRange],
) -> list[Part]:
    """The two halves of such a sentence, each with its figures and places."""
    (news, here), (old, there) = _halves(line, scenes, places, turn.start)
    first = Part(scene=here, when=own[1], figures=news)
    return [first, Part(scene=there, when=before, figures=old, earlier=True)] if old else [first]


def _two_attacks(
    line: Line, scenes: tuple[Scene, ...], places: list[Scene], days: list[tuple[DateMention, DateRange]]
) -> list[Part]:
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
        parts.append(Part(scene=scene, when=best_day(line, own), figures=figures))
    return parts


_ANOTHER_ATTACK = WordPattern(
    r"\bin (?:another|a separate|a second|a different) (?:\w+ )?(?:attack|raid|ambush|assault|blast|explosion|incident)"
    r"|\b(?:dans|lors d') ?(?:une?) (?:autre|seconde?|deuxieme) (?:\w+ )?(?:attaque|raid|embuscade|assaut|explosion|incident)"
)
_AND_THEN = re.compile(r",? (?:and|while|et|tandis que|alors que) ")


def _paired(telling: Telling, line: Line, mains: list[Scene], days: list[tuple[DateMention, DateRange]]) -> list[Part]:
    """Give each of several places its own day and figures; a figure told of all of them is shared."""
    listed = listed_places(line, mains)
    own = _respectively(line, mains) or (len(mains) > 1 and all(has_own_toll(line, scene, mains) for scene in mains))
    owned: dict[int, list[Figure]] = {index: [] for index in range(len(mains))}
    shared_figures: list[Figure] = []
    joint = len(days) >= 2 and re.search(SEVERAL, line.sentence.plain)
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
    already = bool(line.dates) and ALREADY.search(line.sentence.plain) is not None
    if shared_figures:
        telling.shared += 1
    within = any(first < d.start < last for d, _ in days)
    of_all = best_day(line, days) if len(listed) == len(mains) and days and not within else None
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
            Part(
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
