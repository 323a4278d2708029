"""One sentence's numbers, people and toll words, and how they hang together into figures."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from sahel_map.coding import toll_grammar as grammar
from sahel_map.language.lexicon import Hit, load
from sahel_map.language.numbers import Number, numbers

_FILLERS = 5  # words allowed between a number and the people it counts ("30 more Malian army soldiers")
_REACH = 110  # characters between people and the verb that says what befell them
_NEAR = 28  # characters within which the verb after people wins over one before them
_SHARE = {
    "en": r"\b(?:\d+|\w+)\s+(?:out )?of (?:the|its|their|these|those)\s+$",
    "fr": r"\b(?:\d+|\w+)\s+(?:des|de ces|sur(?: les)?)\s+$",
}
_BE = re.compile(
    r"\b(?:was|were|been|being|be|are|is|got|get|gets|getting|reportedly|also|later|all|both)\s+"
    r"(?:\w+ly\s+|also\s+|then\s+|later\s+|shot and\s+)?$"
)
_LEFT = {"en": r"\b(?:left|leaving)\s+$", "fr": r"\b(?:a laisse|ont laisse|laissant)\s+$"}
_HURT = {"en": r"\b(?:wounded|injured)\b", "fr": r"\bblesses?\b"}
_AND = re.compile(
    r"(?:\s(?:au cours|lors|dans|en|in|during) [^,;.\d]{2,40}(?=,))?[\s,]*(?:and|et|as well as|ainsi que|plus)?[\s,]*"
)
_ALSO_BEFALLEN = re.compile(
    r"[\s\w,'-]*(?:,|and|et|ainsi que|as well as|along with|together with|de meme que|in addition to)\s*(?:\w+\s+){0,2}"
)
_THE = re.compile(r"(?:\b(?:the|le|la|his|her|its|their|son|sa|leur)\s|\bl')\s*(?:[\w-]+\s){0,2}$")


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
    counted_end: int = -1  # where the words for those counted end


class Reader:
    """The figures of one sentence in plain text (see ``plain``), each number read by itself."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = grammar.without_inserted(text, language), language
        self.numbers = numbers(self.text, language)
        found = load("sahel_map.coding", "victims", language).find(self.text)
        self.people = [hit for hit in found if not grammar.opening(language, "adjectival").match(self.text, hit.end)]
        self.words = list(load("sahel_map.coding", "toll_words", language).find(self.text))
        self._people_starts = [hit.start for hit in self.people]
        self._word_starts = [hit.start for hit in self.words]

    def figure(self, number: Number, before: Figure | None = None) -> Figure | None:
        """The figure that a number makes, if it makes one; ``before`` is the figure told before it."""
        if self._is_base_of_share(number):
            return None
        people = self.people_after(number)
        word = self._word_after(number)
        if word and (people is None or word.start < people.start):
            return self._counted_dead(number, word, before)
        if people is None:
            return self._bare(number) or self._short_for(number, before)
        if self._is_of_the_dead(number, people):
            return replace(self.make(number, "killed", people.row["group"], people.end, people), part=True)
        fate = self._fate(number, people) or self._fate_told_before(number, people, before)
        if fate is None:
            return None
        kind, end, doubt = fate
        if re.match(r" (?:au moins|at least|or more|ou plus)\b", self.text[people.end :]):
            number = replace(number, high=None, qualifier="at least")
        return self.make(number, kind, people.row["group"], max(end, people.end), people, doubt)

    def singles(self, found: list[Figure]) -> list[Figure]:
        """One person named by office or trade: "the mayor was abducted", "ils ont tué l'imam"."""
        result = []
        for people in self.people:
            if people.row["group"] != "civilians" or people.text.endswith(("s", "x")):
                continue
            the = _THE.search(self.text, max(0, people.start - 24), people.start)
            if the is None or any(f.start < people.end and people.start < f.end for f in found):
                continue
            kind = self._fate_of_one(the.start(), people)
            if kind:
                result.append(
                    Figure(
                        start=the.start(), end=people.end, who="civilians", kind=kind, low=1, high=1, qualifier="exact",
                        victim_text=people.text, counted_end=people.end,
                    )
                )  # fmt: skip
        return result

    def make(self, number: Number, kind: str, who: str, end: int, people: Hit | None = None, doubt: str = "") -> Figure:
        """A figure of ``number``; a part when the words around the number say so."""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        counted_end = people.end if people else number.end
        part = bool(
            grammar.ending(self.language, "part").search(self.text[max(0, start - 40) : start])
            or grammar.opening(self.language, "part_after").match(self.text, number.end)
        )
        return Figure(
            start=start, end=end, who=who, kind=kind, low=number.low, high=number.high, qualifier=number.qualifier,
            part=part, victim_text=people.text if people else "", doubt=doubt, counted_end=counted_end,
        )  # fmt: skip

    def _is_of_the_dead(self, number: Number, people: Hit) -> bool:
        """ "Among the dead were three women", "three women were among the dead"."""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        return bool(
            grammar.ending(self.language, "of_the_dead").search(self.text[max(0, start - 50) : start])
            or grammar.opening(self.language, "of_the_dead_after").match(self.text, people.end)
        )

    # --- whom a number counts ---------------------------------------------------------------------------------

    def _is_base_of_share(self, number: Number) -> bool:
        """The 25 of "12 of the 25 detainees" is not a toll."""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        if not re.search(_SHARE[self.language], self.text[max(0, start - 24) : start]):
            return False
        return any(n.end <= start and start - n.end < 18 and n is not number for n in self.numbers)

    def _filler_ok(self, between: str) -> bool:
        share = r"of the \w+|of its \w+" if self.language == "en" else r"des \w+|sur(?: les)? \w+"
        between = re.sub(rf"^\s*(?:{share})\s", " ", between) if re.match(rf"\s*(?:{share})\s", between) else between
        if re.search(r"[,;:.()\d]", between) or grammar.words(self.language, "block").search(between):
            return False
        adjective = grammar.words(self.language, "adjective")
        run = between.split()
        return len(run) <= _FILLERS and not any(w.endswith("ed") and not adjective.fullmatch(w) for w in run)

    def people_after(self, number: Number) -> Hit | None:
        """The people that a number counts."""
        index = bisect_left(self._people_starts, number.end)
        if index < len(self.people):
            hit = self.people[index]
            between = self.text[number.end : hit.start]
            limit = 1 if number.article else _FILLERS
            if self._filler_ok(between) and (not number.article or len(between.split()) <= limit + 1):
                people = self._last_of_compound(index)
                return None if self._speaks(people, after_verb=number.article) else people
        others = grammar.opening(self.language, "others").match(self.text, number.end)
        if others and not number.article:
            before = [hit for hit in self.people if hit.end <= number.start]
            group = before[-1].row["group"] if before else "unspecified"
            return Hit(number.end, others.end(), others.group(), {"group": group})
        return None

    def _last_of_compound(self, index: int) -> Hit:
        """ "army officers", "ngo staff members": the last of people words that touch."""
        hit = self.people[index]
        while index + 1 < len(self.people):
            after = self.people[index + 1]
            if self.text[hit.end : after.start].strip(" -") or after.row["group"] == "unspecified":
                break
            hit, index = Hit(hit.start, after.end, self.text[hit.start : after.end], after.row), index + 1
        return hit

    def _speaks(self, people: Hit, *, after_verb: bool = False) -> bool:
        """ "killing ten soldiers, a resident said": the resident is the source, not one of the dead."""
        speech = load("sahel_map.coding", "speech", self.language)
        if after_verb and any(
            hit.row["form"] == "said" and hit.end >= people.start - 6
            for hit in speech.find(self.text, max(0, people.start - 40), people.start)
        ):
            return True  # "…, said a resident"
        verb = next(speech.find(self.text, people.end, people.end + 60), None)
        if verb is None or verb.row["form"] != "said":
            return False
        between = self.text[people.end : verb.start]
        return not re.search(r"[,;.]|\b(?:is|are|was|were)\s*$", between)

    # --- numbers that count the dead themselves ----------------------------------------------------------------

    def _word_after(self, number: Number) -> Hit | None:
        """A toll word that the number counts directly: "30 dead", "89 morts", "six blessés", "12 killed"."""
        index = bisect_left(self._word_starts, number.end)
        if index >= len(self.words):
            return None
        word = self.words[index]
        between = self.text[number.end : word.start]
        form = word.row["form"]
        if form in ("active", "loss") or not (self._adverbs_only(between) or self._filler_ok(between)):
            return None
        if form != "noun" and (number.article or not self._adverbs_only(between)):
            return None
        if form == "noun" and number.article and len(between.split()) > 1:
            return None
        return None if form == "verb" and self._is_active(word) else word

    def _adverbs_only(self, between: str) -> bool:
        part, adverb = (grammar.fragment(self.language, role) for role in ("part_after", "adverb"))
        return re.fullmatch(rf"(?:\s+{part})?(?:\s+{adverb})*\s*", between) is not None

    def _counted_dead(self, number: Number, word: Hit, before: Figure | None) -> Figure:
        group, people = self._whose(number, word)
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        if group == "unspecified" and before and self.goes_on(before.end, start):
            group = before.who
        return self.make(number, word.row["kind"], group, word.end, people)

    def goes_on(self, end: int, start: int) -> bool:
        """ "six soldiers were killed and nine wounded": nothing but a conjunction between end and start."""
        return end <= start and _AND.fullmatch(self.text, end, start) is not None

    def _whose(self, number: Number, word: Hit) -> tuple[str, Hit | None]:
        """Who the dead of "10 morts (soldats)" or "the number of soldiers killed rose to 89" are."""
        bracket = re.match(r"[^().]{0,60}?\(([^()]*)\)", self.text[word.end :])
        if bracket and not re.search(r"\d", bracket.group(1)):
            start, end = word.end + bracket.start(1), word.end + bracket.end(1)
            inside = [hit for hit in self.people if start <= hit.start < end]
            if inside:
                return inside[0].row["group"], inside[0]
        near = next((hit for hit in self.people if word.end <= hit.start <= word.end + _NEAR), None)
        among = grammar.fragment(self.language, "among")
        if near and re.fullmatch(rf"[\s\"]*{among}\s*", self.text[word.end : near.start]) and self._free(near):
            return near.row["group"], near
        before = [hit for hit in self.people if hit.end <= number.start and number.start - hit.end < _REACH]
        toll_of = re.search(grammar.fragment(self.language, "toll_of"), self.text[: number.start])
        if before and toll_of:
            return before[0].row["group"], before[0]
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        if before and re.search(r"\b(?:a further|another)\s+$", self.text[:start]):
            return before[-1].row["group"], before[-1]
        return self._side(number, word)

    def _side(self, number: Number, word: Hit) -> tuple[str, Hit | None]:
        """The side a phrase close by names: "on the army's side, 3 dead", "six morts dans les rangs de l'armée"."""
        start, end = max(0, number.start - 60), min(len(self.text), word.end + 45)
        for hit in load("sahel_map.coding", "sides", self.language).find(self.text, start, end):
            between = self.text[word.end : hit.start] if hit.start >= word.end else self.text[hit.end : number.start]
            if not re.search(r"[.;()]|\d", between) and not self._people_between(between):
                return hit.row["group"], hit
        return "unspecified", None

    def _people_between(self, between: str) -> bool:
        return load("sahel_map.coding", "victims", self.language).found_in(between)

    def _free(self, people: Hit) -> bool:
        """No number of its own stands before these people."""
        return not any(
            n.end <= people.start < n.end + 30
            and not n.article
            and self._filler_ok(self.text[n.end : people.start])
            and not self.word_between(n.end, people.start)
            for n in self.numbers
        )

    def word_between(self, start: int, end: int) -> bool:
        """Whether a toll word begins within [start, end) that no number of its own counts."""
        index = bisect_left(self._word_starts, start)
        if index >= len(self.words) or self.words[index].start >= end:
            return False
        word = self.words[index]
        return not any(n.start >= start and self._counts(n, word) for n in self.numbers)

    # --- numbers with nobody beside them ------------------------------------------------------------------------

    def _bare(self, number: Number) -> Figure | None:
        """ "wounding 12", "the death toll rose to 89", "killing 15 guests"."""
        if number.article:
            return None
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        counted = grammar.ending(self.language, "toll_of").search(self.text[max(0, start - 120) : start])
        if counted:
            first = max(0, start - 120) + counted.start()
            named = next((hit for hit in self.people if first <= hit.start < start), None)
            return self.make(number, "killed", named.row["group"] if named else "unspecified", number.end)
        index = bisect_left(self._word_starts, start) - 1
        word = self.words[index] if index >= 0 else None
        if word is None or self.text[word.end : start].strip() or not self._is_active(word):
            return None
        if word.row["form"] == "loss":
            return None  # "lost 14 positions"
        after = self.text[number.end : number.end + 30]
        if re.match(rf"\s*(?:\w+\s+)?{grammar.fragment(self.language, 'nonhuman')}", after):
            return None
        thing = re.match(rf"\s+(?:\w+\s+)?(?:{grammar.fragment(self.language, 'block')})\b", after)
        if thing and not re.match(r"\s+(?:in|on|at|and|or|when|during|from|dans|et|lors|a|au|en|pres)\b", after):
            return None
        who, people = self._side(number, Hit(number.start, number.end, "", {}))
        return self.make(number, word.row["kind"], who, number.end, people)

    def _short_for(self, number: Number, before: Figure | None) -> Figure | None:
        """ "… and more than twenty among the assailants", "eight wounded, five of them seriously"."""
        if before is None:
            return None
        if number.article:
            return self._another(number, before)
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        near = next((hit for hit in self.people if number.end <= hit.start <= number.end + _NEAR), None)
        among = grammar.fragment(self.language, "among")
        link = self.text[number.end : near.start] if near else ""
        linked = near is not None and len(link.split()) > 1 and re.fullmatch(rf"\s+{among}\s*", link)
        if near and linked and self.goes_on(self._end_of_people(before.end), start):
            return self.make(number, before.kind, near.row["group"], near.end, near)
        if self._elsewhere(number, before):
            return self.make(number, before.kind, before.who, number.end)
        figure = self.make(number, before.kind, before.who, number.end)
        after = self.text[number.end : number.end + 40]
        part, adverb = (grammar.fragment(self.language, role) for role in ("part_after", "adverb"))
        tail = rf"(?:\s+{part})?\s+{adverb}\s*(?:[,.;)\"]|$|\b(?:lors|dans|apres|quand|in|during|when|after)\b)"
        return figure if figure.part and start - before.end < 12 and re.match(tail, after) else None

    def _elsewhere(self, number: Number, before: Figure) -> bool:
        """ "15 were killed in A, 16 in B and two in C"."""
        place = r"\s+(?:in|at|near|a|au|dans|pres de)\s+(?!all\b|total\b|tout\b)"
        between = self.text[before.end : number.start]
        return bool(
            re.match(place, self.text[number.end :])
            and re.fullmatch(rf"{place}[^,;.()\d]{{2,40}}(?:,| and| et)\s*(?:and |et )?", between)
        )

    def _another(self, number: Number, before: Figure) -> Figure | None:
        """ "… killed one soldier and injured another"."""
        if not re.match(r"(?:another|une? autre)\s*(?:[,.;)]|$)", self.text[number.start :]):
            return None
        index = bisect_left(self._word_starts, number.start) - 1
        word = self.words[index] if index >= 0 else None
        if word is None or self.text[word.end : number.start].strip() or word.row["form"] == "noun":
            return None
        return self.make(number, word.row["kind"], before.who, number.end)

    def _end_of_people(self, position: int) -> int:
        """The end of the "… chez les soldats" that a count of dead is followed by."""
        hit = next((h for h in self.people if position <= h.start <= position + _NEAR), None)
        return hit.end if hit else position

    # --- what befell people -------------------------------------------------------------------------------------

    def _fate(self, number: Number, people: Hit) -> tuple[str, int, str] | None:
        """What befell the people counted: (kind, end of the words that say so, doubt)."""
        if re.search(_HURT[self.language], self.text[number.end : people.start]):
            return "injured", people.end, ""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        last = self.words[bisect_left(self._word_starts, start) - 1] if bisect_left(self._word_starts, start) else None
        if last is not None and not self.text[last.end : start].strip() and self._is_active(last):
            return str(last.row["kind"]), people.end, ""  # "killed 16 soldiers and left one missing"
        right = self._fate_after(people)
        if right and right[1] - people.end < _NEAR:
            return (*right, "")
        left = self._fate_before(start)
        if left:
            return left, people.end, ""
        if right:
            return (*right, "")
        if re.search(_LEFT[self.language], self.text[max(0, start - 20) : start]) and re.match(
            r"\s*[,.]|\s*$", self.text[people.end :]
        ):
            return "killed", people.end, "the verb is missing in the text; killed is meant"
        return None

    def _fate_told_before(self, number: Number, people: Hit, before: Figure | None) -> tuple[str, int, str] | None:
        """ "The previous toll was four soldiers and two civilians": the verb is missing."""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        if number.article:
            return None
        if grammar.ending(self.language, "toll_of").search(self.text[max(0, start - 120) : start]):
            return "killed", people.end, ""
        ends = re.match(r"\s*(?:[.,;)\"]|$)", self.text[people.end :])
        if before and ends and before.end == before.counted_end and self.goes_on(before.end, start):
            return before.kind, people.end, ""
        return None

    def _fate_after(self, people: Hit) -> tuple[str, int] | None:
        index = bisect_left(self._word_starts, people.end)
        if index >= len(self.words):
            return None
        word = self.words[index]
        between = self.text[people.end : word.start]
        if len(between) > _REACH or between.count(")") > between.count("(") or ". " in between:
            return None
        if re.search(grammar.fragment(self.language, "break"), between) or self._is_active(word):
            return None
        if word.row["form"] == "noun" and (
            len(between) > 30 or re.search(r"\"|\b(?:des|les|de|the|many|some)\s$", between)
        ):
            return None
        if any(n.start >= people.end and self._counts(n, word) for n in self.numbers):
            return None  # "14 soldiers fell, seven wounded": the wounded are others
        return word.row["kind"], word.end

    def _counts(self, number: Number, word: Hit) -> bool:
        """Whether nothing but adverbs stands between a number and the dead or wounded it counts."""
        return number.end <= word.start and self._adverbs_only(self.text[number.end : word.start])

    def _fate_before(self, start: int) -> str | None:
        for word in reversed(self.words[: bisect_left(self._word_starts, start)]):
            between = self.text[word.end : start]
            if len(between) > 90:
                return None
            if re.fullmatch(r"\s*:\s*", between) and re.search(r"(?:^|[.;:,(\-\n])\s*$", self.text[: word.start]):
                return str(word.row["kind"])  # a log in key words: "killed: 4 soldiers"
            if re.search(grammar.fragment(self.language, "break"), between):
                return None
            if re.search(r"\b(?:who|which|qui|that|by|par)\b", between):
                return None
            if self._is_active(word):
                return str(word.row["kind"])
            if word.row["form"] == "noun" or not _ALSO_BEFALLEN.fullmatch(between):
                return None
        return None

    def _fate_of_one(self, start: int, people: Hit) -> str | None:
        index = bisect_left(self._word_starts, people.end)
        if index < len(self.words) and not self._is_active(self.words[index]):
            word = self.words[index]
            own = re.fullmatch(r"[^,;:.()]{0,40}", self.text[people.end : word.start])
            if own and word.row["form"] in ("passive", "verb") and self._follows_be(word) and not self._speaks(people):
                return str(word.row["kind"])
        before = self.words[: bisect_left(self._word_starts, start)]
        if before and not self.text[before[-1].end : start].strip() and self._is_active(before[-1]):
            return str(before[-1].row["kind"])
        return None

    def _follows_be(self, word: Hit) -> bool:
        before = self.text[max(0, word.start - 24) : word.start]
        return bool(_BE.search(before) or re.search(r"\b(?:ete|est|sont|fut|died|had|a|egalement|aussi)\s+$", before))

    def _is_active(self, word: Hit) -> bool:
        """Whether an English -ed form (or an active form) has its people after it."""
        if word.row["form"] in ("active", "loss"):
            return True
        if word.row["form"] != "verb" or _BE.search(self.text, max(0, word.start - 40), word.start):
            return False
        return bool(_COUNTED_NEXT.match(self.text, word.end))


_COUNTED_NEXT = re.compile(
    r"\s*(?!(?:a day|a week|two days|on)\b)(?:at least|no (?:fewer|less) than|more than|over|about|around|nearly|almost|some|an?|the|its|their"
    r"|his|up to|as many as|several|half|dozens|hundreds|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|[a-z]+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|many|scores)\b"
)
