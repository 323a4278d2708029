"""One sentence's numbers, people and toll words, and the small questions asked of what stands between them."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from sahel_map.coding import toll_grammar as grammar
from sahel_map.language.lexicon import Hit, load
from sahel_map.language.numbers import Number, numbers

_FILLERS = 5  # words allowed between a number and the people it counts ("30 more Malian army soldiers")
_SHARE = {
    "en": r"\b(?:\d+|\w+)\s+(?:out )?of (?:(?:the|its|their|these|those)\s+)?$",
    "fr": r"\b(?:\d+|\w+)\s+(?:des|de ces|sur(?: les)?)\s+$",
}
_BE = re.compile(
    r"\b(?:was|were|been|being|be|are|is|got|get|gets|getting|reportedly|also|later|all|both)\s+"
    r"(?:\w+ly\s+|also\s+|then\s+|later\s+|shot and\s+)?$"
)
# "the attackers also kidnapped a guard": without a form of "be" the adverb makes nothing passive
_ADVERB_ALONE = re.compile(
    r"(?<!was )(?<!were )(?<!been )(?<!being )(?<!are )(?<!is )(?<!be )\b(?:also|later|reportedly)\s+$"
)
_AND = re.compile(
    r"(?:\s(?:au cours|lors|dans|en|in|during) [^,;.\d]{2,40}(?=,))?[\s,]*(?:and|et|as well as|ainsi que|plus)?[\s,]*"
)
_COUNTED_NEXT = re.compile(
    r"\s*(?!(?:a day|a week|two days|on)\b)(?:at least|no (?:fewer|less) than|more than|over|about|around|nearly|almost|some|an?|the|its|their"
    r"|his|up to|as many as|several|half|dozens|hundreds|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|[a-z]+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|many|scores)\b"
)


_ABBREVIATION = re.compile(r"\b(?:[a-z]\.){2,}")  # "three U.N. peacekeepers"
# "une attaque terroriste": an adjective, and nobody who died
_SAID_OF = re.compile(
    r"\b(?:attaques?|attentats?|operations?|embuscades?|actes?|menaces?|assauts?|raids?|incursions?|violences?|campagnes?|propagandes?|cellules?)"
    r" (?:\w+ )?[\"']* ?$"
)


_OF_THE = re.compile(r"\b(?:du|de la|de l'|of the)(?:\s|$)")


class TollSentence:
    """A sentence in plain text (see ``plain``), searched once for all that figures are made of."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = grammar.without_inserted(text, language), language
        words = load("sahel_map.coding", "toll_words", language).find(self.text)
        self.words = [hit for hit in words if hit.row["kind"] != "none"]
        self._word_starts = [hit.start for hit in self.words]

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Every count, left to right."""
        return numbers(self.text, self.language)

    @cached_property
    def people(self) -> list[Hit]:
        """Every word for those who may be counted, left to right."""
        adjectival = grammar.opening(self.language, "adjectival")
        found = load("sahel_map.coding", "victims", self.language).find(self.text)
        return [
            hit
            for hit in found
            if not adjectival.match(self.text, hit.end) and not _SAID_OF.search(self.text, 0, hit.start)
        ]

    @cached_property
    def _people_starts(self) -> list[int]:
        return [hit.start for hit in self.people]

    def people_after(self, number: Number) -> Hit | None:
        """The people that a number counts."""
        index = bisect_left(self._people_starts, number.end)
        if index < len(self.people):
            hit = self.people[index]
            between = self.text[number.end : hit.start]
            limit = 1 if number.article else _FILLERS
            whose = number.article and _OF_THE.search(between)  # "a note of the prefect" counts no prefect
            if not whose and self._filler_ok(between) and (not number.article or len(between.split()) <= limit + 1):
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
        reach = 120 if after_verb else 60  # "a councillor and an officer of …, speaking anonymously, told of 45 dead"
        verb = next(speech.find(self.text, people.end, people.end + reach), None)
        if verb is None or verb.row["form"] != "said":
            return False
        if any(people.end <= word.start <= verb.start for word in self.words):
            return False  # "twelve soldiers were killed and one reported missing"
        between = self.text[people.end : verb.start]
        inserted = r",[^,]{0,50}," if after_verb else r", (?:qui|who|which) [^,]{0,50},"
        between = re.sub(inserted, " ", between)  # "…, on condition of anonymity, …"
        return not re.search(r"[,;.]|\b(?:is|are|was|were)\s*$", between)

    def _is_base_of_share(self, number: Number) -> bool:
        """The 25 of "12 of the 25 detainees" is not a toll."""
        start = number.qualified_start if number.qualified_start >= 0 else number.start
        if not re.search(_SHARE[self.language], self.text[max(0, start - 24) : start]):
            return False
        for other in self.numbers:
            between = self.text[other.end : start]
            bare = between in (" of ", " out of ")  # "3 of 15 soldiers", not "one of 15", nor "dozens, a total of 15"
            said = "of" not in between.split()[-1:] or (bare and not other.article and other.high != 1)
            if other is not number and other.end <= start and len(between) < 18 and said:
                return True
        return False

    def _filler_ok(self, between: str) -> bool:
        share = (
            r"of the \w+|of its \w+|(?:out )?of \d+|out of \w+"
            if self.language == "en"
            else r"des \w+|sur(?: les)? \w+"
        )
        between = _ABBREVIATION.sub("x", between)
        between = re.sub(rf"^\s*(?:{share})\s", " ", between) if re.match(rf"\s*(?:{share})\s", between) else between
        if re.search(r"[,;:.()\d]", between) or grammar.words(self.language, "block").search(between):
            return False
        adjective = grammar.words(self.language, "adjective")
        run = between.split()
        return len(run) <= _FILLERS and not any(w.endswith("ed") and not adjective.fullmatch(w) for w in run)

    def _adverbs_only(self, between: str) -> bool:
        part, adverb = (grammar.fragment(self.language, role) for role in ("part_after", "adverb"))
        return re.fullmatch(rf"(?:\s+{part})?(?:\s+{adverb})*\s*", between) is not None

    def _counts(self, number: Number, word: Hit) -> bool:
        """Whether nothing but adverbs stands between a number and the dead or wounded it counts."""
        return number.end <= word.start and self._adverbs_only(self.text[number.end : word.start])

    def word_between(self, start: int, end: int) -> bool:
        """Whether a toll word begins within [start, end) that no number of its own counts."""
        index = bisect_left(self._word_starts, start)
        if index >= len(self.words) or self.words[index].start >= end:
            return False
        word = self.words[index]
        return not any(n.start >= start and self._counts(n, word) for n in self.numbers)

    def goes_on(self, end: int, start: int) -> bool:
        """ "six soldiers were killed and nine wounded": nothing but a conjunction between end and start."""
        return end <= start and _AND.fullmatch(self.text, end, start) is not None

    def _is_active(self, word: Hit) -> bool:
        """Whether an English -ed form (or an active form) has its people after it."""
        if word.row["form"] in ("active", "loss"):
            return True
        if word.row["form"] != "verb":
            return False
        passive = _BE.search(self.text, max(0, word.start - 40), word.start) is not None
        if passive and not _ADVERB_ALONE.search(self.text, max(0, word.start - 40), word.start):
            return False
        return bool(_COUNTED_NEXT.match(self.text, word.end))

    def _follows_be(self, word: Hit) -> bool:
        before = self.text[max(0, word.start - 24) : word.start]
        return bool(
            _BE.search(before)
            or re.search(r"\b(?:ete|est|sont|fut|died|had|a|ont|avait|avaient|tous|toutes|egalement|aussi)\s+$", before)
        )
