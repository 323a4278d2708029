"""How many: the figures of one sentence, each with whom it counts, what befell them and how firm it is.

A number becomes a figure only when it counts people (``data/victims.csv``) or is itself a count of
dead or hurt (``data/toll_words.csv``), and the words around it say what befell those people. So
"200 assailants on motorbikes attacked" gives none. A part ("including 8 soldiers") stays a part: it is
kept in the ledger and never added to its total.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from sahel_map.language.lexicon import Hit, load
from sahel_map.language.numbers import LARGEST, Number, numbers

_FILLERS = 5  # words allowed between a number and the people it counts ("30 more Malian army soldiers")
_REACH = 110  # characters between people and the verb that says what befell them

_BLOCK = {
    "en": r"in|on|at|by|with|for|to|from|after|before|when|while|who|which|that|was|were|is|are|been|had|has|have|said"
    r"|and|or|but|as|near|against|during|into|since|including|km|kms|kilomet(?:er|re)s?|miles?|days?|hours?|weeks?"
    r"|months?|years?|percent|minutes?|vehicles?|trucks?|cars?|motor(?:bikes?|cycles?)|attacks?|villages?|towns?|bases?"
    r"|camps?|sources?|countries|regions?|year-old|groups?|times|meters?|metres?",
    "fr": r"dans|sur|au|aux|par|avec|pour|apres|avant|qui|que|ont|est|etait|etaient|sont|et|ou|mais|lors|contre|depuis"
    r"|en|vers|pres|entre|dont|km|kms|kilometres?|jours?|heures?|mois|ans?|annees?|semaines?|minutes?|vehicules?|camions?"
    r"|motos?|attaques?|villages?|villes?|bases?|camps?|sources?|pays|regions?|groupes?|fois|metres?|localites?|obus"
    r"|roquettes?|otages? liberes?",
}  # fmt: skip
_ADJECTIVES = frozenset(
    [
        "armed",
        "unarmed",
        "suspected",
        "unidentified",
        "contracted",
        "retired",
        "masked",
        "hooded",
        "alleged",
        "injured",
        "wounded",
        "uniformed",
        "trained",
        "based",
        "displaced",
        "united",
        "confirmed",
        "reported",
        "so-called",
        "linked",
        "affiliated",
        "heavily-armed",
        "demobilised",
        "red",
    ]
)
_BREAK = {
    "en": r"[;:]|\b(?:they|he|she)\b|\bbut\b|\bwhile\b|\bwhereas\b|(?<!are )(?<!were )(?<!is )(?<!was )\b(?:said|says|told|claimed|announced|reported|added|attacked|stormed|raided"
    r"|fled|arrived|targeted|repelled|took|seized|opened|fired|entered|burned|launched|remain|escaped|released|rescued)\b",
    "fr": r"[;:]|\b(?:ils?|elles?|on)\b|\bmais\b|\btandis\b|\balors que\b|\b(?:a|ont|avait|avaient) (?:\w+ )?(?:declare|indique|affirme|annonce|precise|ajoute"
    r"|attaque|pris|mene|fui|tire|ouvert|lance|incendie|revendique|libere|repousse)\b|\battaquent\b|\bouvrent\b",
}  # fmt: skip
_BE = r"(?:was|were|been|being|be|are|is|got|get|gets|getting|reportedly|also|later|all|both)\s+(?:\w+ly\s+|also\s+|then\s+|later\s+|shot and\s+)?$"
_PART = {
    "en": r"(?:including|among (?:them|whom|which)|of (?:them|whom|which)|(?:as well as|along with)? ?comprising)[\s:]*(?:\w+\s+){0,2}$",
    "fr": r"(?:dont|parmi (?:eux|lesquels|lesquelles)|y compris|notamment)[\s:]*(?:\w+\s+){0,2}$",
}
_OTHERS = {"en": r"\s+(?:\w+\s+)?others?\b", "fr": r"\s+autres\b"}
_TOLL_OF = {
    "en": r"(?:death toll|number of (?:\w+ ){0,3}(?:dead|deaths|victims|killed))[^.;]{0,60}?\b(?:to|at|of|was|is|reached|stands at)\s+(?:\w+\s+)?$",
    "fr": r"(?:bilan|nombre de (?:\w+ ){0,3}(?:morts|tues|victimes|deces))[^.;]{0,70}?\b(?:a|de|est de|atteint|desormais a)\s+(?:\w+\s+)?$",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a sentence at characters [start, end) of it."""

    start: int
    end: int
    who: str
    kind: str
    low: int
    high: int | None
    qualifier: str
    part: bool = False  # part of another figure of the text
    victim_text: str = ""
    doubt: str = ""


def figures(plain_text: str, language: str) -> tuple[Figure, ...]:
    """The figures of one sentence, in plain text (see ``plain``), left to right.

    >>> [(f.who, f.kind, f.low, f.high) for f in figures("jnim said it had killed more than 40 soldiers", "en")]
    [('soldiers', 'killed', 40, None)]
    """
    reader = _Reader(plain_text, language)
    found: list[Figure] = []
    for number in reader.numbers:
        figure = reader.figure(number)
        if figure and figure.low <= LARGEST:
            found += _alternatives(number, figure)
    return tuple(_with_parts(plain_text, language, found) + reader.zeros(found))


def says_no_toll(plain_text: str, language: str) -> bool:
    """Whether the sentence says that no toll is known or given; that is not a toll of zero."""
    return any(
        hit.row["meaning"] == "unknown" for hit in load("sahel_map.coding", "no_toll", language).find(plain_text)
    )


class _Reader:
    """The numbers, people and toll words of one sentence, and how they hang together."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language
        self.numbers = numbers(text, language)
        self.people = list(load("sahel_map.coding", "victims", language).find(text))
        self.words = list(load("sahel_map.coding", "toll_words", language).find(text))
        self._people_starts = [hit.start for hit in self.people]
        self._word_starts = [hit.start for hit in self.words]

    def figure(self, number: Number) -> Figure | None:
        if self._is_base_of_share(number):
            return None
        people = self._people_after(number)
        word = self._word_after(number)
        if word and (people is None or word.start < people.start):
            return self._counted_dead(number, word)
        if people is None:
            return self._bare(number)
        fate = self._fate(number, people)
        if fate is None:
            return None
        kind, end, doubt = fate
        return self._make(number, kind, people.row["group"], max(end, people.end), people.text, doubt)

    def zeros(self, found: list[Figure]) -> list[Figure]:
        """ "Aucune victime" is a figure of zero; "no toll was given" is none."""
        result = []
        for hit in load("sahel_map.coding", "no_toll", self.language).find(self.text):
            if hit.row["meaning"] != "unknown" and not any(f.kind == "killed" for f in found):
                result.append(
                    Figure(
                        start=hit.start, end=hit.end, who="unspecified", kind="killed", low=0, high=0, qualifier="exact"
                    )
                )
        return result[:1]

    def _make(self, number: Number, kind: str, who: str, end: int, victim_text: str = "", doubt: str = "") -> Figure:
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        part = bool(re.search(_PART[self.language], self.text[max(0, start - 40) : start]))
        return Figure(
            start=start, end=end, who=who, kind=kind, low=number.low, high=number.high,
            qualifier=number.qualifier, part=part, victim_text=victim_text, doubt=doubt,
        )  # fmt: skip

    def _is_base_of_share(self, number: Number) -> bool:
        """The 25 of "12 of the 25 detainees" is not a toll."""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        before = self.text[max(0, start - 14) : start]
        pattern = (
            r"\d\s+of (?:the|its|their)\s+$|\b\w+ of the\s+$"
            if self.language == "en"
            else r"\d\s+(?:des|sur(?: les)?)\s+$"
        )
        match = re.search(pattern, before)
        return bool(match) and any(n.end <= start and start - n.end < 14 and n is not number for n in self.numbers)

    def _filler_ok(self, between: str) -> bool:
        share = r"of the \w+|of its \w+" if self.language == "en" else r"des \w+|sur(?: les)? \w+"
        between = re.sub(rf"^\s*(?:{share})\s", " ", between) if re.match(rf"\s*(?:{share})\s", between) else between
        if re.search(r"[,;:.()\d]", between) or re.search(rf"\b(?:{_BLOCK[self.language]})\b", between):
            return False
        words = between.split()
        return len(words) <= _FILLERS and not any(w.endswith("ed") and w not in _ADJECTIVES for w in words)

    def _people_after(self, number: Number) -> Hit | None:
        index = bisect_left(self._people_starts, number.end)
        if index < len(self.people):
            hit = self.people[index]
            between = self.text[number.end : hit.start]
            limit = 1 if number.article else _FILLERS
            if self._filler_ok(between) and (not number.article or len(between.split()) <= limit + 1):
                people = self._last_of_compound(index)
                return None if self._speaks(people) else people
        others = re.match(_OTHERS[self.language], self.text[number.end :])
        if others and not number.article:
            before = [hit for hit in self.people if hit.end <= number.start]
            group = before[-1].row["group"] if before else "unspecified"
            return Hit(number.end, number.end + others.end(), others.group(), {"group": group})
        return None

    def _speaks(self, people: Hit) -> bool:
        """ "killing ten soldiers, a resident said": the resident is the source, not one of the dead."""
        verb = next(
            load("sahel_map.coding", "speech", self.language).find(self.text, people.end, people.end + 60), None
        )
        if verb is None or verb.row["form"] != "said":
            return False
        between = self.text[people.end : verb.start]
        return not re.search(r"[,;.]|\b(?:is|are|was|were)\s*$", between)

    def _last_of_compound(self, index: int) -> Hit:
        """ "army officers", "ngo staff members": the last of people words that touch."""
        hit = self.people[index]
        while index + 1 < len(self.people):
            after = self.people[index + 1]
            if self.text[hit.end : after.start].strip(" -") or after.row["group"] == "unspecified":
                break
            hit, index = Hit(hit.start, after.end, self.text[hit.start : after.end], after.row), index + 1
        return hit

    def _word_after(self, number: Number) -> Hit | None:
        """A toll word that the number counts directly: "30 dead", "89 morts", "six blesses", "12 killed"."""
        index = bisect_left(self._word_starts, number.end)
        if index >= len(self.words):
            return None
        word = self.words[index]
        between = self.text[number.end : word.start]
        form = word.row["form"]
        if form == "active" or not self._filler_ok(between):
            return None
        if form != "noun" and (between.strip() or number.article):
            return None
        if form == "noun" and number.article and len(between.split()) > 1:
            return None
        return None if form == "verb" and self._is_active(word) else word

    def _counted_dead(self, number: Number, word: Hit) -> Figure:
        group, text = self._whose(number, word)
        return self._make(number, word.row["kind"], group, word.end, text)

    def _whose(self, number: Number, word: Hit) -> tuple[str, str]:
        """Who the dead of "10 morts (soldats)" or "the number of soldiers killed rose to 89" are."""
        bracket = re.match(r"[^().]{0,60}?\(([^()]*)\)", self.text[word.end :])
        if bracket and not re.search(r"\d", bracket.group(1)):
            start, end = word.end + bracket.start(1), word.end + bracket.end(1)
            inside = [hit for hit in self.people if start <= hit.start < end]
            if inside:
                return inside[0].row["group"], inside[0].text
        near = [hit for hit in self.people if word.end <= hit.start <= word.end + 28]
        link = r"\s*(?:among|amongst|in the ranks of|parmi|chez|dans les rangs|cote|:)?\s*(?:the|les|des|de|d'|nos|its|de la|l')?\s*"
        if near and re.fullmatch(link, self.text[word.end : near[0].start]) and self._free(near[0]):
            return near[0].row["group"], near[0].text
        before = [hit for hit in self.people if hit.end <= number.start and number.start - hit.end < 110]
        if before and re.search(_TOLL_OF[self.language].replace("$", ""), self.text[: number.start]):
            return before[0].row["group"], before[0].text
        return "unspecified", ""

    def _free(self, people: Hit) -> bool:
        return not any(n.end <= people.start and self._filler_ok(self.text[n.end : people.start]) for n in self.numbers
                       if people.start - n.end < 30 and n.end <= people.start and not n.article and n.end > people.start - 30
                       and not self._word_between(n.end, people.start))  # fmt: skip

    def _word_between(self, start: int, end: int) -> bool:
        return any(start <= word.start < end for word in self.words)

    def _bare(self, number: Number) -> Figure | None:
        """A number with nobody beside it: "wounding 12", "the death toll rose to 89"."""
        if number.article:
            return None
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        before = self.text[:start]
        if re.search(_TOLL_OF[self.language], before[-120:]):
            return self._make(number, "killed", "unspecified", number.end)
        after = self.text[number.end : number.end + 14]
        if re.match(rf"\s+(?:\w+\s+)?(?:{_BLOCK[self.language]})\b", after) and not re.match(
            r"\s+(?:in|on|at|and|dans|et|lors|a|au)\b", after
        ):
            return None
        for word in reversed([w for w in self.words if w.end <= start]):
            if self.text[word.end : start].strip(" ") in ("", "au moins", "at least") and self._is_active(word):
                if re.match(
                    r"\s*(?:[.,;)]|$|in\b|on\b|at\b|and\b|dans\b|et\b|lors\b|others?\b|autres\b|people\b)", after
                ):
                    return self._make(number, word.row["kind"], "unspecified", number.end)
            break
        return None

    def _is_active(self, word: Hit) -> bool:
        """Whether an English -ed form (or an active form) has its people after it."""
        if word.row["form"] == "active":
            return True
        if word.row["form"] != "verb":
            return False
        before = self.text[max(0, word.start - 40) : word.start]
        if re.search(rf"\b{_BE}", before):
            return False
        after = self.text[word.end :].lstrip()
        return bool(
            re.match(r"(?:at least|more than|over|about|around|nearly|some|an?|the|its|their|his|up to|several|dozens|hundreds|\d+|"
                     r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|twenty|thirty|forty|fifty|many|scores)\b", after)
        ) and not re.match(r"(?:a day|a week|two days|on)\b", after)  # fmt: skip

    def _fate(self, number: Number, people: Hit) -> tuple[str, int, str] | None:
        """What befell the people counted: (kind, end of the words that say so, doubt)."""
        right = self._fate_after(people)
        if right and right[1] - people.end < 28:
            return (*right, "")
        left = self._fate_before(number)
        if left:
            return left, people.end, ""
        if right:
            return (*right, "")
        verb = r"\b(?:left|leaving)\s+$" if self.language == "en" else r"\b(?:a laisse|ont laisse|laissant)\s+$"
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        if re.search(verb, self.text[max(0, start - 20) : start]) and re.match(
            r"\s*[,.]|\s*$", self.text[people.end :]
        ):
            return "killed", people.end, "the verb is missing in the text; killed is meant"
        return None

    def _fate_after(self, people: Hit) -> tuple[str, int] | None:
        for word in self.words[bisect_left(self._word_starts, people.end) :]:
            between = self.text[people.end : word.start]
            if (
                len(between) > _REACH
                or between.count(")") > between.count("(")
                or re.search(_BREAK[self.language], between)
                or ". " in between
            ):
                return None
            if word.row["form"] == "active" or self._is_active(word):
                return None
            if word.row["form"] == "noun" and word.row["kind"] == "killed" and re.search(r"[\d]\s*\w*\s*$", between):
                return None
            return word.row["kind"], word.end
        return None

    def _fate_before(self, number: Number) -> str | None:
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        for word in reversed([w for w in self.words if w.end <= start]):
            between = self.text[word.end : start]
            if len(between) > 90:
                return None
            if re.search(_BREAK[self.language], between) or re.search(r"\b(?:who|which|qui|that)\b", between):
                return None
            if self._is_active(word):
                return str(word.row["kind"])
            if not re.fullmatch(
                r"[\s\w,'-]*(?:,|and|et|ainsi que|as well as|along with|together with|de meme que|in addition to)\s*(?:\w+\s+){0,2}",
                between,
            ):
                return None
            if word.row["form"] == "noun":
                return None
        return None


def _alternatives(number: Number, figure: Figure) -> list[Figure]:
    """ "15 ou 17 morts" are two diverging figures."""
    if not number.alternatives:
        return [figure]
    return [replace(figure, low=value, high=value, qualifier="exact") for value in number.alternatives]


def _with_parts(text: str, language: str, found: list[Figure]) -> list[Figure]:
    """Give "10 morts (8 soldats, 2 assaillants)" and "including 8 soldiers" their kind, and mark them parts."""
    reader = _Reader(text, language)
    result = list(found)
    taken = [(f.start, f.end) for f in found]
    for figure in found:
        tail = text[figure.end :]
        bracket = re.match(r"[^().;]{0,24}?\(([^()]*\d[^()]*)\)", tail)
        listing = re.match(r"[^.;()]{0,40}?(?:\b(?:dont|including|parmi eux|among them)\b|:)\s*([^.;()]{3,120})", tail)
        for match in (bracket, listing):
            if match is None:
                continue
            start, end = figure.end + match.start(1), figure.end + match.end(1)
            for number in reader.numbers:
                if start <= number.start < end and not any(s <= number.start < e for s, e in taken):
                    people = reader._people_after(number)
                    if (
                        people
                        and people.start < end
                        and not reader._word_between(people.end, min(end, people.end + 30))
                    ):
                        result.append(
                            replace(
                                reader._make(number, figure.kind, people.row["group"], people.end, people.text),
                                part=True,
                            )
                        )
                        taken.append((number.start, people.end))
    inside = [m.span(1) for m in re.finditer(r"\(([^()]*)\)", text)]
    totals = [f for f in found if not any(s <= f.start < e for s, e in inside)]
    marked = [replace(f, part=True) if totals and any(s <= f.start < e for s, e in inside) else f for f in result]
    return sorted(marked, key=lambda f: f.start)
