"""Patterns that begin at a word, tried only at the words they can begin with.

A lexicon is one alternation of some hundred phrases, and most sentences hold none of them. Trying it at
every word is what reading an article would spend most of its time on.

>>> [match.group() for match in WordPattern("attaqu(?:e|er)|raids?").finditer("un raid, une attaque, un braid")]
['raid', 'attaque']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import count

# the parse tree of a pattern, as the compiler itself sees it
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

LETTERS = 4  # of a word by which patterns are told apart
SMALL, AFTER = 4, 2  # letters of a small word, and of the word after it
_GLUES = " '"  # between the two
_KNOWN = SMALL + 1 + AFTER  # characters of a beginning that are worked out
_MOST = 5000  # beginnings of one pattern; more of them tell nothing apart

_END = r"(?:(?!\w)|(?<='))"  # where a word ends: in "la mort d'un soldat" the "d'" is one
_WORD = re.compile(r"\w+")
# a small word, whole, and the beginning of the word after it; or the first letters of another word
_OPENING = re.compile(rf"(\w{{1,{SMALL}}})(?!\w)(?:(?=([{_GLUES}]\w{{1,{AFTER}}})))?|(\w{{{LETTERS}}})\w*")


class WordPattern:
    """A pattern of whole words; ``finditer`` and ``search`` are those of ``re``, only faster.

    ``pattern`` is one expression, or its alternatives: at a word only those that can begin there are tried, in
    their order. ``after`` is the character class that a match may not stand behind.
    """

    def __init__(self, pattern: str | Sequence[str], *, after: str = r"\w") -> None:
        self._alternatives = [pattern] if isinstance(pattern, str) else list(pattern)
        self._after = after
        self._by_opening: dict[str, set[int]] = {}
        for number, found in enumerate(map(openings, self._alternatives)):
            for opening in ("",) if found is None else found:
                self._by_opening.setdefault(opening, set()).add(number)
        self.openings = None if "" in self._by_opening else frozenset(self._by_opening)
        self._at: dict[str, re.Pattern[str]] = {}  # what to try at the words of an opening, as far as one was met
        self.bit = 0 if self.openings is None else 1 << next(_numbers)
        for opening in self.openings or ():
            _begun_by[opening] = _begun_by.get(opening, 0) | self.bit
        _who_begins.cache_clear()
        words_of.cache_clear()

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![{self._after}])(?:{'|'.join(self._alternatives)}){_END}")

    def may_match(self, text: str) -> bool:
        """Whether any word of the text may begin a match."""
        return self.openings is None or bool(words_of(text).bits & self.bit)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The matches within [start, end) from left to right, none overlapping another."""
        end = len(text) if end is None else end
        if self.openings is None:
            return self._compiled.finditer(text, start, end)
        words, bit, at = words_of(text), self.bit, self._at
        if not words.bits & bit:
            return iter(())
        found = []
        for place, opening in [(place, opening) for place, opening, bits in words.begun if bits & bit]:
            if start <= place < end:
                match = (at.get(opening) or self._of(opening)).match(text, place, end)
                if match:
                    found.append(match)
                    start = match.end()
        return iter(found)

    def _of(self, opening: str) -> re.Pattern[str]:
        """The alternatives that can begin so."""
        # at the beginning of a word no letter stands before it: that need not be asked again
        behind = "" if self._after == r"\w" else rf"(?<![{self._after}])"
        wider = _opening(_WORD.findall(opening)[0])
        numbers = set().union(*(self._by_opening.get(each, ()) for each in (opening, wider)))
        tried = "|".join(self._alternatives[number] for number in sorted(numbers))
        found = self._at[opening] = re.compile(rf"{behind}(?:{tried}){_END}")
        return found

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        if self.openings is None:
            return self._compiled.search(text)
        words, bit, at = words_of(text), self.bit, self._at
        if words.bits & bit:
            for place, opening, bits in words.begun:
                if bits & bit and (match := (at.get(opening) or self._of(opening)).match(text, place)):
                    return match
        return None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of the whole text."""
        return self._compiled.fullmatch(text)


# A word's opening is its first LETTERS, or "0" when it begins with a digit. A small word, as most phrases begin with,
# has a narrower one, with the first letters of the word after it: "la vi" of "la ville". Each pattern is one bit.
_numbers = count()
_begun_by: dict[str, int] = {}  # the patterns that words of an opening may begin a match of


class Words(NamedTuple):
    """The words of a text that may begin a match of some pattern, and the bits of all those patterns."""

    begun: list[tuple[int, str, int]]  # where the word begins, its opening, and the patterns it may begin
    bits: int


@lru_cache(maxsize=256)  # every pattern asks about the sentences of one article
def words_of(text: str) -> Words:
    """The words of ``text`` that may begin a match: one pass shows which patterns have nothing to do."""
    begun, all_bits = [], 0
    for match in _OPENING.finditer(text):
        opening, bits = _who_begins(*match.groups())
        if bits:
            begun.append((match.start(), opening, bits))
            all_bits |= bits
    return Words(begun, all_bits)


@lru_cache(maxsize=1 << 16)
def _who_begins(small: str | None, after: str | None, letters: str | None) -> tuple[str, int]:
    """The opening of a small word and what is after it, or of another's first letters; and the patterns that begin so."""
    opening = wider = _opening(small or letters or "")
    if small is not None and after is not None:
        narrow = f"{small}{after[0]}{_opening(after[1:])}"
        opening = narrow if narrow in _begun_by else wider
    return opening, _begun_by.get(opening, 0) | _begun_by.get(wider, 0)


def _opening(word: str) -> str:
    return "0" if word[0].isdecimal() else word[:LETTERS]


def openings(pattern: str) -> frozenset[str] | None:
    r"""The openings of words (see ``Words``) that a match of a whole-word pattern begins with.

    None when it may begin with nearly anything, or with what is no letter or digit.

    >>> sorted(openings(r"attaqu(?:e|er)|raids?|un an|\d+ ans"))
    ['0', 'atta', 'raid', 'un an']
    >>> openings(r"\w+ day") is None
    True
    """
    found = {_opening_of(beginning, ends) for beginning, ends in _of(parser.parse(pattern)) or {("", False)}}
    return None if "" in found else frozenset(found)


def _opening_of(beginning: str, ends: bool) -> str:
    """The opening of words that begin so, as narrow as the beginning tells; "" when it tells nothing."""
    word = _WORD.match(beginning)
    if word is None:
        return ""
    first, rest = word.group(), beginning[word.end() :]
    opening = _opening(first)
    if not (ends or rest or len(first) >= LETTERS or opening == "0"):
        return ""
    after = _WORD.match(rest, 1) if rest[:1] in _GLUES else None
    if len(first) > SMALL or opening == "0" or after is None:
        return opening
    second = _opening(after.group())
    told = second == "0" or len(second) >= AFTER or ends or after.end() < len(rest)
    return f"{first}{rest[0]}{second[:AFTER]}" if told else opening


# A beginning is (characters, whether what follows in the pattern goes on from them: at the end, the whole match).
_Found = set[tuple[str, bool]]
_NOTHING: _Found = {("", True)}


def _of(items: Any) -> _Found | None:
    """The beginnings of a sequence of parse-tree items; None when they may be nearly anything."""
    found = _NOTHING
    for op, value in items:
        if not any(goes_on for _, goes_on in found):
            break
        after = _of_item(op, value)
        if after is None or len(found) * len(after) > _MOST:
            return {(opening, False) for opening, _ in found}
        found = {joined for one in found for joined in _joined(one, after)}
    return found


def _joined(one: tuple[str, bool], after: _Found) -> _Found:
    opening, goes_on = one
    if not goes_on:
        return {one}
    return {((opening + more)[:_KNOWN], on and len(opening + more) < _KNOWN) for more, on in after}


def _of_item(op: Any, value: Any) -> _Found | None:
    if op is sre.LITERAL:
        return {(chr(value), True)}
    if op is sre.IN:
        return _of_class(value)
    if op is sre.SUBPATTERN:
        return _of(value[3])
    if op is sre.BRANCH:
        return _either([_of(branch) for branch in value[1]])
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, inner = value
        once = _of(inner)
        if once is not None and most > 1:
            once = {(opening, False) for opening, _ in once}
        return once if least else _either([once, _NOTHING])
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return _NOTHING
    return None  # any character, a back reference …


def _either(branches: list[_Found | None]) -> _Found | None:
    found: _Found = set()
    for branch in branches:
        if branch is None:
            return None
        found |= branch
    return found


def _of_class(members: Any) -> _Found | None:
    found: _Found = set()
    for op, value in members:
        if op is sre.LITERAL:
            found.add((chr(value), True))
        elif op is sre.RANGE and value[1] - value[0] < 30:
            found.update((chr(code), True) for code in range(value[0], value[1] + 1))
        elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            found.update((digit, True) for digit in "0123456789")
        else:
            return None
    return found
