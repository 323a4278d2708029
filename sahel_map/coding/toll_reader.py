"""From a number to a figure: whom it counts, what befell them, and the elliptic ways of saying so."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache

from sahel_map.coding import toll_grammar as grammar
from sahel_map.coding.toll_sentence import TollSentence
from sahel_map.language.lexicon import Hit, load
from sahel_map.language.numbers import Number
from sahel_map.language.word_patterns import WordPattern

_REACH = 110  # characters between people and the verb that says what befell them
_NEAR = 28  # characters within which the verb after people wins over one before them
_SIDE_BEGINS, _SIDE_ENDS = 45, 110  # characters after the dead within which the words for their side begin, and end
_LEFT = {"en": r"\b(?:left|leaving)\s+$", "fr": r"\b(?:a laisse|ont laisse|laissant)\s+$"}
_LEFT_ANYWHERE = {"en": r"\b(?:left|leaving)\s", "fr": r"\b(?:laisse|laissant)\s"}
_HURT = {"en": r"\b(?:wounded|injured)\b", "fr": r"\bblesses?\b"}
_OR_HURT = re.compile(
    r"\s*(?:,\s*\w+\s*)?(?:ou|or)\s+(?:bless|wound|injur|enlev|abduct|kidnap)\w*"
    r"|\s*(?:et|and)\s+(?:bless|wound|injur)\w*(?=\s*(?:[.,;)\"]|$))"
)
_ALSO_BEFALLEN = re.compile(
    r"[\s\w,'-]*(?:,|and|et|ainsi que|as well as|along with|together with|de meme que|in addition to)\s*(?:\w+\s+){0,2}"
)
_LIST_WORDS = re.compile(
    r"(?:[\s,()]|\b(?:dont|and|et|ainsi que|as well as|including|of (?:them|whom)|parmi lesquels|de|des|du|la|le|les|the"
    r"|ont ete|were|was|sont|est|a|had been)\b)*"
)
_EACH = re.compile(r"[^,;.()]{0,24}\b(?:dans chacune?|in each|each in|at each)\b")  # 5 in each of two villages
# what may stand between somebody and what befell them: "le curé de Bomanga, dans le sud-ouest, a été …"
_SUBJECT = re.compile(r"[^,;:.()]{0,40}|[^,;:.()]{0,25},[^,;:.()]{2,50},[^,;:.()]{0,25}")
_ANOTHER_IS = re.compile(
    r"(?:another|une? autre)(?: (?:was|is|est|a|ete|etait|(?:seriously|badly|slightly|\w+ment)))* "
)
# after a bare number of dead: "the toll rose to 89 in the north"
_GOES_ON = re.compile(
    r"\s+(?:(?:more|others?|de plus)\s+)?(?:in|on|at|and|or|when|during|from|after|since|as|but|with|by|for|including|dans|et|lors|a|au|en|pres|apres|depuis|mais|dont|selon|par|contre|ont|sont|were|was|are|is)\b"
)
_WHO = re.compile(r"\b(?:who|qui)\b")
_ONE = ("one", "un", "une")
_HIS = re.compile(r"(?:his|her|their|son|sa|ses|leur)\s")
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


class Reader(TollSentence):
    """The figures of one sentence in plain text (see ``plain``), each number read by itself."""

    def tells_a_fate(self) -> bool:
        """Whether any word says that something befell somebody; in most sentences none does."""
        return bool(self.words) or _fate_cues(self.language).search(self.text) is not None

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
        figure = self.make(number, kind, people.row["group"], max(end, people.end), people, doubt)
        if before and before.part and before.kind == kind and self._and_between(before, figure):
            return replace(figure, part=True)  # "including 8 soldiers and 2 gendarmes"
        return figure

    def _and_between(self, before: Figure, figure: Figure) -> bool:
        return re.fullmatch(r"\s+(?:and|et)\s+", self.text[before.counted_end : figure.start]) is not None

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
            beside = self._beside_kin(the.start(), found)
            if beside is not None and not kind:
                kind = found[beside].kind
                if found[beside].low == found[beside].high == 1 and found[beside].who == "civilians":  # two of a kind
                    found[beside] = replace(found[beside], low=2, high=2, end=people.end, counted_end=people.end)
                    continue
            if kind:
                result.append(
                    Figure(
                        start=the.start(), end=people.end, who="civilians", kind=kind, low=1, high=1, qualifier="exact",
                        victim_text=people.text, counted_end=people.end,
                    )
                )  # fmt: skip
        return result

    def _beside_kin(self, start: int, found: list[Figure]) -> int | None:
        """ "… killed a teacher and his wife": which figure the kin is told beside."""
        if not _HIS.match(self.text, start):
            return None
        beside = (n for n, f in enumerate(found) if f.counted_end < start and self.goes_on(f.counted_end, start))
        return next(beside, None)

    def make(self, number: Number, kind: str, who: str, end: int, people: Hit | None = None, doubt: str = "") -> Figure:
        """A figure of ``number``; a part when the words around the number say so."""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        counted_end = people.end if people else number.end
        part = bool(
            grammar.ending(self.language, "part").search(self.text[max(0, start - 40) : start])
            or grammar.opening(self.language, "part_after").match(self.text, number.end)
            or _EACH.match(self.text, end)
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

    def _counted_dead(self, number: Number, word: Hit, before: Figure | None) -> Figure:
        group, people = self._whose(number, word)
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        if group == "unspecified" and before and self.goes_on(before.end, start):
            group = before.who
        return self.make(number, word.row["kind"], group, word.end, people)

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
        counted = [hit for hit in before if not self._speaks(hit)] if toll_of else []
        group, side = self._side(number, word)
        if counted and side is not None and side.start >= word.end:
            return group, side  # "the toll is nine dead on the attackers' side and two dead among the army"
        if counted:
            return counted[0].row["group"], counted[0]
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        if before and re.search(r"\b(?:a further|another)\s+$", self.text[:start]):
            return before[-1].row["group"], before[-1]
        return self._side(number, word)

    def _side(self, number: Number, word: Hit) -> tuple[str, Hit | None]:
        """The side a phrase close by names: "on the army's side, 3 dead", "six morts dans les rangs de l'armée"."""
        start, end = max(0, number.start - 60), min(len(self.text), word.end + _SIDE_ENDS)
        fits: list[tuple[bool, int, Hit]] = []
        for hit in load("sahel_map.coding", "sides", self.language).find(self.text, start, end):
            after = hit.start >= word.end
            between = self.text[word.end : hit.start] if after else self.text[hit.end : number.start]
            far = len(between) > _SIDE_BEGINS and after
            if not far and not re.search(r"[.;()]|\d", between) and not self._people_between(between):
                fits.append(("," in between or not after, hit.start, hit))  # "two dead and two wounded among the army"
        chosen = min(fits, key=lambda fit: fit[:2], default=None)
        return (chosen[2].row["group"], chosen[2]) if chosen else ("unspecified", None)

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

    # --- numbers with nobody beside them ------------------------------------------------------------------------

    def _bare(self, number: Number) -> Figure | None:
        """ "wounding 12", "the death toll rose to 89", "killing 15 guests"."""
        if number.article:
            return None
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        counted = grammar.ending(self.language, "toll_of").search(self.text[max(0, start - 120) : start])
        things = re.match(rf"\s*(?:\w+\s+)?(?:{grammar.fragment(self.language, 'nonhuman')})", self.text[number.end :])
        # "the toll after the attack on two bases", "le bilan que donnent de nombreux interlocuteurs"
        if counted and things is None and number.qualifier != "several" and not self._counts_things(number):
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
        if self._counts_things(number):
            return None
        who, people = self._side(number, Hit(number.start, number.end, "", {}))
        return self.make(number, word.row["kind"], who, number.end, people)

    def _counts_things(self, number: Number) -> bool:
        """ "Two bases", "three villages": what follows a number is nobody who could die."""
        after = self.text[number.end : number.end + 30]
        # "bringing to seven the number of dead": an article begins something else
        thing = re.match(
            rf"\s+(?!(?:the|le|la|les|l')\b)(?:\w+\s+)?(?:{grammar.fragment(self.language, 'block')})\b", after
        )
        return thing is not None and _GOES_ON.match(after) is None

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
        """ "… killed one soldier and injured another", "a gendarme was killed, another wounded"."""
        index = bisect_left(self._word_starts, number.end)
        word = self.words[index] if index < len(self.words) else None
        if (
            word
            and _ANOTHER_IS.fullmatch(self.text, number.start, word.start)
            and not self._is_active(word)
            and word.row["kind"] != before.kind
        ):
            return self.make(number, word.row["kind"], before.who, word.end)
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
        if grammar.ending(self.language, "freed_before").search(self.text[max(0, start - 24) : start]):
            return None  # "freed four hostages, and two soldiers were killed"
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
            r"(?: in (?:total|all)| altogether| au total| en tout)?\s*(?:[,.]|$)", self.text[people.end :]
        ):
            return "killed", people.end, "the verb is missing in the text; killed is meant"
        return None

    def _fate_told_before(self, number: Number, people: Hit, before: Figure | None) -> tuple[str, int, str] | None:
        """ "The previous toll was four soldiers and two civilians": the verb is missing."""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        one = self.text[number.start : number.end] in _ONE
        if number.article and not (one and before and before.low > 1):
            return None
        if grammar.ending(self.language, "toll_of").search(self.text[max(0, start - 120) : start]):
            return "killed", people.end, ""
        ends = re.match(r"\s*(?:[.,;)\"]|$|(?:and|et)\b)", self.text[people.end :])
        if before and ends and before.end == before.counted_end and self.goes_on(before.end, start):
            return before.kind, people.end, ""
        return None

    def _fate_after(self, people: Hit) -> tuple[str, int] | None:
        index = bisect_left(self._word_starts, people.end)
        if index >= len(self.words):
            return None
        word = self.words[index]
        between = self.text[people.end : word.start]
        listed = len(between) > 45 and self._lists_people(people.end, word.start)
        if (len(between) > _REACH and not listed) or between.count(")") > between.count("(") or ". " in between:
            return None
        if re.search(grammar.fragment(self.language, "break"), between) or self._is_active(word):
            return None
        stolen = self.language == "fr" and word.row["form"] == "passive" and _WHO.search(between)
        if stolen and not self._follows_be(word):
            return None  # "des hommes qui conduisaient du bétail enlevé": not the men
        if word.row["form"] == "noun" and (
            (len(between) > 45 and not listed) or re.search(r"\"|\b(?:des|les|de|the|many|some)\s$", between)
        ):
            return None
        if any(n.start >= people.end and self._counts(n, word) for n in self.numbers):
            return None  # "14 soldiers fell, seven wounded": the wounded are others
        if _OR_HURT.match(self.text, word.end):
            return None  # "200 killed or wounded" is no number of dead
        return self._in_the_end(people, word)

    def _in_the_end(self, people: Hit, word: Hit) -> tuple[str, int]:
        """ "Two journalists who went missing on Monday have been killed": what the sentence tells of them last."""
        if word.row["kind"] in ("missing", "abducted") and _WHO.search(self.text, people.end, word.start):
            index = bisect_left(self._word_starts, word.end)
            later = next((w for w in self.words[index:] if w.row["kind"] == "killed" and self._follows_be(w)), None)
            own = any(word.end <= n.start < later.start for n in self.numbers if not n.article) if later else True
            if later is not None and not own:
                return later.row["kind"], later.end
        return word.row["kind"], word.end

    def _lists_people(self, start: int, end: int) -> bool:
        """ "forty people, of whom 6 soldiers and 34 volunteers, and 50 militants": nothing but people and their counts."""
        rest = list(self.text[start:end])
        for a, b in [(n.start, n.end) for n in self.numbers] + [(p.start, p.end) for p in self.people]:
            if start <= a and b <= end:
                rest[a - start : b - start] = " " * (b - a)
        return _LIST_WORDS.fullmatch("".join(rest)) is not None

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
            own = _SUBJECT.fullmatch(self.text, people.end, word.start)
            if own and word.row["form"] in ("passive", "verb") and self._follows_be(word) and not self._speaks(people):
                return str(word.row["kind"])
        before = self.words[: bisect_left(self._word_starts, start)]
        if before and not self.text[before[-1].end : start].strip() and self._is_active(before[-1]):
            return str(before[-1].row["kind"])
        return None


@cache
def _fate_cues(language: str) -> WordPattern:
    return WordPattern([rf"{grammar.fragment(language, 'toll_of')}\w*", rf"{_LEFT_ANYWHERE[language]}\w*"])
