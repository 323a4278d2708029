"""Counts in running text: digits, words, vague and collective numbers, ranges, with how firm they are.

Number words are read by text2num; what it does not know (dozens, une cinquantaine, plusieurs
dizaines, more than) is data in ``numbers.csv`` and ``qualifiers.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from text_to_num import text2num

from sahel_map.language.lexicon import load, read_rows

LARGEST = 100_000  # no single attack has killed more; a larger figure is a misreading or satire

_WORDS = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand",
    "fr": "un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts "
    "trente quarante cinquante soixante septante huitante nonante cent cents mille",
}  # fmt: skip
_ARTICLES = {"en": r"an?(?! (?:further|additional|extra|total of|combined)\b)|another", "fr": r"une?|l['e]autre"}
_DIGITS = r"\d{1,3}(?:[ .,]\d{3})+(?!\d)|\d+"
_MILLION = re.compile(r" (?:millions?|milliards?|billions?)\b")
_ALTERNATIVE = {"en": "or", "fr": "ou"}
_CHANGED = {
    "en": r"\b(?:rose|risen|rises|rising|revised|raised|increased|went up|gone up|climbed|jumped)\b[^.;]{0,30}\bfrom $",
    "fr": r"\b(?:passe|passer|passant|grimpe|monte|alourdi|revu)\w*\b[^.;]{0,30}\bde $",
}
_JOIN = {"en": r" ?- ?| to | or ", "fr": r" ?- ?| a | ou "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A count at characters [start, end); ``high`` None when the words leave it open."""

    start: int
    end: int
    low: int
    high: int | None
    qualifier: str
    article: bool = False  # "a", "un": a count only beside a noun that can be counted
    alternatives: tuple[int, ...] = ()  # "15 ou 17": two figures, not a range
    qualified_start: int = -1  # where "at least" begins


def numbers(plain_text: str, language: str) -> tuple[Number, ...]:
    """Every count in ``plain_text`` (see ``plain``), left to right, none overlapping another.

    >>> [(n.low, n.high, n.qualifier) for n in numbers("plus de 40 soldats, une vingtaine de morts", "fr")]
    [(40, None, 'more than'), (20, 20, 'about')]
    """
    found = _vague(plain_text, language)
    rest = plain_text
    for number in found:  # "entre six et une dizaine": the "une" is spoken for
        rest = rest[: number.start] + " " * (number.end - number.start) + rest[number.end :]
    found += _written(rest, language)
    found = [_told_again(plain_text, number) for number in found]
    found = [n for n in found if not any(o.start < n.start and n.end <= o.end for o in found)]
    found.sort(key=lambda n: n.start)
    return tuple(_qualify(plain_text, language, n) for n in _joined(plain_text, language, found))


def _vague(text: str, language: str) -> list[Number]:
    found = []
    for hit in load("sahel_map.language", "numbers", language).find(text):
        high = int(hit.row["high"]) if hit.row["high"] else None
        found.append(
            Number(start=hit.start, end=hit.end, low=int(hit.row["low"]), high=high, qualifier=hit.row["qualifier"])
        )
    return found


def _written(text: str, language: str) -> list[Number]:
    found = []
    for match in _pattern(language).finditer(text):
        value = _value(match.group(), language)
        if value is None or _part_of_something_else(text, match.start(), match.end()):
            continue
        article = bool(re.fullmatch(_ARTICLES[language], match.group()))
        if article and text.startswith("l'", max(0, match.start() - 2)):
            continue  # "l'un de 45 morts, l'autre de 30"
        found.append(
            Number(start=match.start(), end=match.end(), low=value, high=value, qualifier="exact", article=article)
        )
    return found


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = "|".join(sorted(_WORDS[language].split(), key=len, reverse=True))
    glue = "and" if language == "en" else "et"
    chain = rf"(?:{words})(?:(?:[ -]{glue})?[ -](?:{words}))*"
    return re.compile(rf"(?<![\w.,^+/])(?:{_DIGITS})(?![\w^%])|(?<![\w-])(?:{chain}|{_ARTICLES[language]})(?![\w-])")


def _value(token: str, language: str) -> int | None:
    if token[0].isdigit():
        return int(re.sub(r"\D", "", token)[:12])
    if re.fullmatch(_ARTICLES[language], token):
        return 1
    try:
        return int(text2num(token, language))
    except ValueError:
        return None


def _part_of_something_else(text: str, start: int, end: int) -> bool:
    """A decimal, a percentage, a clock time, a date, a power or a sum in millions is not a count of people."""
    if _is_of_a_date(text, start, end) or _inside(_WRITTEN_DATE, text, start):
        return True
    if _MILLION.match(text, end) or re.match(r"[.,:]\d|\^| ?%|h\d\d", text[end : end + 4]):
        return True
    return bool(re.search(r"(\d[.,:]|[\^#]|n° ?|(?<!\w)-|\bminus )$", text[max(0, start - 6) : start]))


# "2025-02-30", "30/02/2025", "30-02", "5/3": dates and fractions, whether there is such a day or not
_WRITTEN_DATE = re.compile(
    r"(?<![\w-])(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}-0\d|0\d-\d{1,2}|\d{1,3}/\d{1,3})(?![\w-])"
)


def _inside(pattern: re.Pattern[str], text: str, start: int) -> bool:
    near = pattern.finditer(text, max(0, start - 10), min(len(text), start + 12))
    return any(match.start() <= start < match.end() for match in near)


def _is_of_a_date(text: str, start: int, end: int) -> bool:
    """The 24 of "24 May" and "on May 24", the 2012 of "since 2012"; but "in May 24 soldiers" counts soldiers."""
    months = _months()
    before = text[max(0, start - 24) : start]
    if end - start <= 2 and text[start].isdigit():
        if re.match(
            rf"(?:st|nd|rd|th|er)? ?(?:of )?(?:{months})\b(?! (?:have|be|not|well|also)\b)", text[end : end + 20]
        ):
            return True
        # "on 19 July 31 villagers": the month has its day already
        return re.search(rf"(?<!\bin )(?<!\ben )(?<!\d )\b(?:{months})\.? $", before) is not None
    if re.fullmatch(r"(?:19|20)\d\d", text[start:end]):
        return (
            re.search(
                rf"\b(?:since|in|from|until|by|of|early|late|mid|year|depuis|en|de|fin|debut|annee|{months}),?[ -]$",
                before,
            )
            is not None
        )
    return False


@cache
def _months() -> str:
    rows = read_rows("sahel_map.language", "calendar")
    return "|".join(row["pattern"] for row in rows if row["kind"] == "month")


_ONES = ("un", "une", "one")  # "un à deux soldats"
_RANGE_GLUE = {"en": " and ", "fr": " et "}


def _joined(text: str, language: str, found: list[Number]) -> list[Number]:
    """Make "10 to 15", "entre 10 et 15" one number with both ends, and "15 ou 17" one with two figures."""
    result: list[Number] = []
    for number in found:
        before = result[-1] if result else None
        between = text[before.end : number.start] if before else ""
        if before and before.qualifier == "several" and between == " ":
            result[-1] = number  # "some forty" is about forty
            continue
        if before and _is_revision(text, language, before, between):
            result[-1] = number  # "rose from 17 to 28" is 28
            continue
        counted = before and not number.article and (not before.article or text[before.start : before.end] in _ONES)
        exact = number.qualifier == "exact" or between == _RANGE_GLUE[language]  # "entre six et une dizaine"
        firm = before and before.low < number.low and before.qualifier == "exact" and exact
        if before and counted and firm and _spans_range(text, language, before, between):
            either = (before.low, number.low) if between.strip() == _ALTERNATIVE[language] else ()
            result[-1] = replace(before, end=number.end, high=number.low, qualifier="range", alternatives=either)
            continue
        result.append(number)
    return result


def _is_revision(text: str, language: str, before: Number, between: str) -> bool:
    """ "rose from 17 to 28", "est passé de 17 à 28": a figure that changed, not a range."""
    if between.strip() not in ("to", "a"):
        return False
    verb = _CHANGED[language]
    return re.search(verb, text[max(0, before.start - 60) : before.start]) is not None


def _spans_range(text: str, language: str, before: Number, between: str) -> bool:
    if re.fullmatch(_JOIN[language], between):
        return True
    opener = "between" if language == "en" else "entre"
    return between == _RANGE_GLUE[language] and text[: before.start].rstrip().endswith(opener)


_AGAIN = re.compile(r" ?\( ?0*(\d{1,6}) ?\)")


def _told_again(text: str, number: Number) -> Number:
    """ "Soixante-onze (71) soldats": the figures in brackets say the same."""
    again = _AGAIN.match(text, number.end)
    return replace(number, end=again.end()) if again and int(again[1]) == number.low else number


def _qualify(text: str, language: str, number: Number) -> Number:
    """Apply "at least" before a number, or "or more" after it."""
    before = _qualifier(language, "before").search(text, max(0, number.start - 24), number.start)
    if before:
        qualifier = _meaning(language, before)
        if not (number.article and qualifier == "about"):  # "some a" is no count
            return replace(_bounded(number, qualifier), qualified_start=before.start())
    after = _qualifier(language, "after").match(text, number.end)
    if after:
        number = _bounded(replace(number, end=after.end()), _meaning(language, after))
    return replace(number, qualified_start=number.start)


def _bounded(number: Number, qualifier: str) -> Number:
    """Apply the word's meaning to the bounds."""
    if number.qualifier in ("dozens", "hundreds", "thousands", "several"):
        return number
    if qualifier in ("at least", "more than"):
        return replace(number, high=None, qualifier=qualifier)
    if qualifier in ("up to", "less than"):
        high = (number.high or number.low) - (qualifier == "less than")
        return replace(number, low=min(1, high), high=high, qualifier=qualifier)
    return replace(number, qualifier=qualifier)


def _meaning(language: str, match: re.Match[str]) -> str:
    return _qualifiers(language)[int(str(match.lastgroup)[1:])]["qualifier"]


@cache
def _qualifiers(language: str) -> list[dict[str, str]]:
    rows = [row for row in read_rows("sahel_map.language", "qualifiers") if row["language"] == language]
    return sorted(rows, key=lambda row: -len(row["pattern"]))


@cache
def _qualifier(language: str, position: str) -> re.Pattern[str]:
    """All qualifiers that stand before a number (up to its start), or after it (from its end)."""
    rows = enumerate(_qualifiers(language))
    found = "|".join(
        f"(?P<q{index}>{re.sub(r'[(](?![?])', '(?:', row['pattern'])})"
        for index, row in rows
        if row["position"] == position
    )
    return re.compile(rf"(?<!\w)(?:{found}) ?$" if position == "before" else rf" (?:{found})(?!\w)")
