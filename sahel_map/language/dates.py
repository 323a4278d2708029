"""When: dates, relative days, vague windows, nights, in English and French, as ranges of days.

No library returns intervals in both languages (docs/decisions/dates.md has the comparison), so this is a
small grammar over words kept in ``calendar.csv`` and ``relative_days.csv``. A date without a year
takes the latest year that does not lie after publication. "Monday" said on a Monday is that day.
Without a publication day, relative dates stay unresolved (``first`` is None) and say so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from sahel_map.language import date_reading as read
from sahel_map.language.date_reading import ONE_DAY, DateMention
from sahel_map.language.lexicon import read_rows
from sahel_map.language.word_patterns import WordPattern, words_of

__all__ = ["ONE_DAY", "DateMention", "dates"]


def dates(plain_text: str, language: str, published: dt.date | None) -> tuple[DateMention, ...]:
    """Every date expression of ``plain_text`` (see ``plain``), left to right, the longest at each place.

    >>> import datetime as dt
    >>> [(d.first.isoformat(), d.last.isoformat()) for d in dates("dans la nuit du 3 au 4", "fr", dt.date(2025, 6, 5))]
    [('2025-06-03', '2025-06-04')]
    """
    found: list[DateMention] = []
    rules = _rules(language)  # before the words: they are told for the patterns that there are
    begun = words_of(plain_text).bits
    for rule in rules:
        if not begun & rule.needs.bit or not (begun & rule.pattern.bit or rule.pattern.openings is None):
            continue
        for match in rule.pattern.finditer(plain_text):
            if any(match.start() < d.end and d.start < match.end() for d in found):
                continue
            mention = rule.read(match, published)
            if mention is not None:
                found.append(mention)
    return tuple(_marked_since(plain_text, sorted(found, key=lambda d: d.start)))


def no_such_day(plain_text: str, language: str) -> str:
    """The first words for a day that no calendar has, or "".

    >>> no_such_day("on june 31, 2025 gunmen attacked", "en"), no_such_day("on june 30", "en")
    ('june 31', '')
    """
    for match in _full_days(language).finditer(plain_text):
        day, month, year = (
            (match["d"] or match["d2"] or match["d3"] or match["d4"]),
            _month_of(match),
            match["y3"] or match["y4"],
        )
        try:
            dt.date(int(year or 2024), month, int(day))
        except ValueError:
            return match.group()
    return ""


@cache
def _full_days(language: str) -> re.Pattern[str]:
    month = _words(language)["month"]
    return re.compile(
        rf"(?<![\w-])(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th|er)? (?:of )?(?P<m>{month})(?!\w)"
        rf"|(?P<m2>{month}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])"
        r"|(?P<y3>(?:19|20)\d\d)-(?P<m3>\d{1,2})-(?P<d3>\d{1,2})(?![\w-])"
        r"|(?P<d4>\d{1,2})[/.](?P<m4>\d{1,2})[/.](?P<y4>(?:19|20)\d\d)(?!\w))"
    )


def _month_of(match: re.Match[str]) -> int:
    named = match["m"] or match["m2"]
    return read.month_number(named) if named else int(match["m3"] or match["m4"])


Read = Callable[[re.Match[str], dt.date | None], DateMention | None]
Grammar = list[tuple[str, str, Read]]  # a kind of word that it cannot do without (see _needs), pattern, reading
_YEAR = r"(?:,? (?:de |en )?(\d{4})(?!\d))?"


@dataclass(frozen=True, slots=True)
class _Rule:
    needs: WordPattern  # words of which a match holds one
    pattern: WordPattern
    read: Read


@cache
def _rules(language: str) -> tuple[_Rule, ...]:
    """The grammar, most specific first: what a rule has taken, later ones leave alone."""
    w = _words(language)
    days = _english_days(w) if language == "en" else _french_days(w)
    rules = [*_figures(), *days, *_windows(w, language)]
    needs = _needs(language)
    compiled = [_Rule(needs[kind], WordPattern(pattern, after=r"\w-"), reading) for kind, pattern, reading in rules]
    relative = read.relative_lexicon(language).pattern
    compiled.append(_Rule(relative, relative, lambda m, p: read.relative(m, language, p)))
    longer = [
        _Rule(needs[kind], WordPattern(pattern, after=r"\w-"), reading)
        for kind, pattern, reading in _months_and_years(w, language)
    ]
    return tuple(compiled + longer)


@cache
def _needs(language: str) -> dict[str, WordPattern]:
    """The words of each kind: most sentences hold no month, and are done with most rules at once."""
    ago = {
        "en": r"ago|past|last|hours?|days?|weeks?|months?|years?",
        "fr": r"heures?|jours?|semaines?|mois|ans?|annees?",
    }
    kinds = {"digit": r"\d", "unit": ago[language], **_words(language)}
    return {kind: WordPattern(words) for kind, words in kinds.items()}


def _figures() -> Grammar:
    return [
        ("digit", r"(\d{4})-(\d{2})-(\d{2})(?!\d)", lambda m, p: read.exact(m, int(m[1]), int(m[2]), int(m[3]))),
        (
            "digit",
            r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)",
            lambda m, p: read.exact(m, int(m[3]), int(m[2]), int(m[1])),
        ),
    ]


def _english_days(w: dict[str, str]) -> Grammar:
    """Days of a month: two days, then one; the day before its month or after it."""
    day, of, to = r"(\d{1,2})(?:st|nd|rd|th)?", r"(?: of)?", r" ?(?:-|to|and|until|till|through) ?"
    month, on = f"({w['month']})", rf"(?:(?:{w['weekday']}),? )?"
    opened = r"(?:(?:the )?nights? (?:of |between )?|from |between )?(?:the )?"
    night = r"(?:(?:the )?(?:night|week) of )?"
    return [
        (
            "month",
            rf"{opened}{day}{to}(?:the )?{day}{of} {month}{_YEAR}",
            lambda m, p: read.span(m, m[1], m[2], m[3], m[4], p),
        ),
        (
            "month",
            rf"{opened}{day}{of} {month}{to}(?:the )?{day}{of} {month}{_YEAR}",
            lambda m, p: read.two_days(m, m[1], m[2], m[3], m[4], m[5], p),
        ),
        ("month", rf"{opened}{month} {day}{to}{day}{_YEAR}", lambda m, p: read.span(m, m[2], m[3], m[1], m[4], p)),
        (
            "month",
            rf"{opened}{month} {day}{to}{month} {day}{_YEAR}",
            lambda m, p: read.two_days(m, m[2], m[1], m[4], m[3], m[5], p),
        ),
        (
            "month",
            rf"{night}{on}(?:the )?{day}{of} {month}(?![\w]){_YEAR}",
            lambda m, p: read.day_of_month(m, m[1], m[2], m[3], p),
        ),
        (
            "month",
            rf"{night}{on}(?:last )?{month}\.? {day}(?!\d){_YEAR}",
            lambda m, p: read.day_of_month(m, m[2], m[1], m[3], p),
        ),
    ]


def _french_days(w: dict[str, str]) -> Grammar:
    """Days of a month: two days, then one."""
    day, to = r"(\d{1,2}|1er|premier)(?:er)?", r" ?(?:-|au|et|a) ?"
    month, on = f"({w['month']})", rf"(?:(?:{w['weekday']}),? )?"
    opened = rf"(?:(?:dans )?la nuit (?:du |de )|entre le |du )?(?:le )?(?:(?:{w['weekday']}) )?"
    second = rf"(?:(?:{w['weekday']}) )?(?:le )?"
    night = r"(?:(?:dans )?la (?:nuit|semaine) (?:du |de |d'))?"
    return [
        (
            "month",
            rf"{opened}{day}{to}{second}{day} {month}{_YEAR}",
            lambda m, p: read.span(m, m[1], m[2], m[3], m[4], p),
        ),
        (
            "month",
            rf"{opened}{day} {month}{to}{second}{day} {month}{_YEAR}",
            lambda m, p: read.two_days(m, m[1], m[2], m[3], m[4], m[5], p),
        ),
        ("digit", rf"la nuit du {day} au {day}(?! ?(?:{w['month']}))", lambda m, p: read.bare_night(m, p)),
        (
            "month",
            rf"{night}{on}(?:le )?{day} {month}(?![\w]){_YEAR}",
            lambda m, p: read.day_of_month(m, m[1], m[2], m[3], p),
        ),
    ]


def _windows(w: dict[str, str], language: str) -> Grammar:
    """Parts of months and years, weekdays, and days counted from publication or from a day told before."""
    return [
        (
            "month",
            rf"(?:{w['part']})[ -]?({w['month']}){_YEAR}",
            lambda m, p: read.part_of_month(m, language, m[1], m[2], p),
        ),
        ("holiday", rf"({w['holiday']}),?(?: (\d{{4}})(?!\d))?", lambda m, p: read.holiday(m, language, p)),
        ("season", rf"({w['season']})[ -]?(\d{{4}})(?!\d)", lambda m, p: read.season(m, language)),
        ("weekday", _weekday_pair(language, w["weekday"]), lambda m, p: read.nights(m, language, p)),
        ("weekday", _night_into(language, w["weekday"]), lambda m, p: read.night_into(m, language, p)),
        ("weekday", _weekday_rule(language, w["weekday"]), lambda m, p: read.weekday(m, language, p)),
        ("month", _months_rule(language, w["month"]), lambda m, p: read.months(m, p)),
        ("unit", _past_rule(language), lambda m, p: read.past(m, language, p)),
        ("unit", _ago_rule(language), lambda m, p: read.ago(m, language, p)),
        ("unit", _years_after_rule(language), lambda m, p: read.ago(m, language, p)),
        ("unit", _later_rule(language), lambda m, p: read.later(m, language, p)),
        ("unit", _hours_rule(language), lambda m, p: read.hours(m)),
    ]


_NO_MONTH = r"sept\b(?!\.|,? (?:de )?\d{4})"  # "un bilan de sept morts"


def _months_and_years(w: dict[str, str], language: str) -> Grammar:
    """Whole months and years, only where a word or a year beside them says so: "may" and "mars" are words too."""
    return [
        (
            "month",
            rf"({_month_cue(language)})(?!{_NO_MONTH})({w['month']}){_YEAR}(?!\w)",
            lambda m, p: read.month(m, p),
        ),
        (
            "month",
            rf"(the |that |last )({w['month']})(?= (?:{_EVENTS}))",
            lambda m, p: read.whole_month(m, m[2], None, p),
        ),
        ("month", rf"({w['month']}) (\d{{4}})(?!\w)", lambda m, p: read.whole_month(m, m[1], m[2], p)),
        (
            "digit",
            r"(?:in|en|since|depuis|of|de|an?|the|that) (?:early |late |debut |fin )?((?:19|20)\d\d)(?![\w%])",
            lambda m, p: read.year(m),
        ),
    ]


@cache
def _words(language: str) -> dict[str, str]:
    kinds: dict[str, list[str]] = {"month": [], "weekday": [], "part": [], "season": [], "holiday": []}
    for row in read_rows("sahel_map.language", "calendar"):
        if row["language"] == language:
            kinds[row["kind"]].append(re.sub(r"\((?!\?)", "(?:", row["pattern"]))
    return {kind: "|".join(f"(?:{p})" if kind == "part" else p for p in parts) for kind, parts in kinds.items()}


def _weekday_rule(language: str, weekday: str) -> str:
    if language == "en":
        return (
            rf"(?:(last|this|this past|past|the previous|early on|late on|early|late|overnight|on the night of|the night of)"
            rf" (?:on )?)?({weekday})(?:'s)?(?: (night|evening|morning|afternoon))?( last)?"
        )
    return (
        rf"(?:(dans la nuit de|la nuit de|dans la nuit du|la nuit du|dans la soiree de|dans la matinee de|dans la journee de"
        rf"|ce|de ce) )?({weekday})(?: (soir|matin|apres-midi|nuit|midi))?( dernier| passe)?"
    )


def _night_into(language: str, weekday: str) -> str:
    """ "Overnight into Sunday": the night before it."""
    if language == "en":
        return rf"(?:overnight|(?:in|during|on) the night|the night)(?: in)?to ({weekday})"
    return rf"(?:dans la |la )?nuit (?:precedant|d'avant) ({weekday})"


def _weekday_pair(language: str, weekday: str) -> str:
    if language == "en":
        return (
            rf"(?:overnight |(?:on |in |during )?the night (?:of |between |from )?|between |from )?({weekday})"
            rf"(?: night)?(?:-| to | and | into )({weekday})(?: morning)?"
        )
    return rf"(?:dans la |la )?nuit (?:de |du )?({weekday})(?: soir)? (?:a|au) ({weekday})|(?:entre |de )?({weekday}) (?:et|a) ({weekday})"


_COUNT = {"en": r"[a-z-]+|\d+", "fr": r"[a-z-]+(?: [a-z]+)?|\d+"}


def _months_rule(language: str, month: str) -> str:
    if language == "en":
        return rf"(?:between|from) ({month}){_YEAR} (?:and|to|until) ({month}){_YEAR}"
    return rf"(?:entre|de) ({month}){_YEAR} (?:et|a) ({month}){_YEAR}"


def _past_rule(language: str) -> str:
    if language == "en":
        return r"(?:in|over|during|within) the (?:past|last) ([a-z]+|\d{1,3}) (hour|day|week)s"
    return r"(?:ces|au cours des|dans les|durant les|en) ([a-z]+|\d{1,3}) dernier(?:e)?s (heure|jour|semaine)s"


def _ago_rule(language: str) -> str:
    if language == "en":
        return r"((?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3}|several|a few|some)(?: and a half)?) (hour|day|week|month|year)s?(?: and a half)? ago"
    return (
        r"il y a (?:pres d'|environ |moins d'|plus d'|pres de |plus de |moins de )?"
        r"((?:une? dizaine d[e']|une? quinzaine d[e']|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|\d{1,3}|quelques|plusieurs)) ?"
        r"(heure|jour|semaine|mois|an|annee)s?(?: et demie?)?"
    )


def _years_after_rule(language: str) -> str:
    """ "Two years after the massacre of …": told of long ago, counted from the day of the report."""
    if language == "en":
        events = r"massacres?|attacks?|killings?|assaults?|raids?|battle|bombing|abduction|kidnapping|bloodshed"
        return rf"((?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{{1,2}}|several)(?: and a half)?) (month|year)s?(?: and a half)? (?:after|on from|on since)(?= (?:the|an?|this|that) (?:\w+ )?(?:{events})\b| (?:[\w,.'-]+ ){{1,8}}(?:was|were|had been) (?:killed|massacred|attacked|abducted|kidnapped))"
    events = r"massacres?|attaques?|tueries?|assauts?|attentats?|raids?|batailles?|enlevements?|drames?|carnages?"
    return rf"((?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|\d{{1,2}}|plusieurs)) (mois|an|annee)s?(?: et demie?)? apres(?= (?:le |la |l'|les |un |une )(?:\w+ )?(?:{events}|mort|assassinat|disparition)\b)"


def _later_rule(language: str) -> str:
    if language == "en":
        return r"((?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}|a few|several)) (day|week|month)s? (later|earlier|before|after|prior)"
    return (
        r"((?:une? dizaine d[e']|une? quinzaine d[e']|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|\d{1,2}|quelques|une?)) ?"
        r"(jour|semaine|mois)s? (plus tard|plus tot|avant|apres|auparavant)"
    )


def _hours_rule(language: str) -> str:
    """ "Less than 24 hours earlier": the day told before, or the one beside it."""
    if language == "en":
        return r"(?:less|fewer|not even|barely|just|only|some|about)? ?(?:than )?(12|24|36|48|72|twenty-four|forty-eight) hours (later|earlier|before|after|prior)"
    return r"(?:moins de |a peine |quelque |environ )?(12|24|36|48|72|vingt-quatre|quarante-huit) heures (plus tard|plus tot|avant|apres|auparavant)"


_EVENTS = r"attacks?|assaults?|raids?|ambush(?:es)?|battles?|clashes|fighting|massacres?|killings?|strikes?|offensive|bombings?"


def _month_cue(language: str) -> str:
    if language == "en":
        return r"(?:in|last|during|of|since|until|by|throughout|as recently as|as late as) "
    return r"(?:en|au mois de|au mois d'|courant|depuis|de|fin du mois de|pendant le mois de|dernier|d')(?: le mois de| fin| debut)? ?"


def _marked_since(text: str, found: list[DateMention]) -> Iterator[DateMention]:
    """Mark "since May", "depuis le 5 mai", "entre 2020 et 2023": the start of a period, not the day of an event."""
    fill = r"( the| le| la)?( (start|beginning|end) of| fin| debut)?( late| early| at least)?( the| mois d[e'])? ?$"
    since = (
        r"\b(since|depuis|a partir d[eu])" + fill
        + r"|\b(since|depuis) (the|la|le|les|l'|une?|an?) ?[^,.;:()\d]{3,45}( (in|of|on|en|du|de|le|au))? $"
    )  # fmt: skip
    bounds = r"\b(from|until|between|jusqu'(au|en|a)|entre)" + fill
    for mention in found:
        before = text[max(0, mention.start - 40) : mention.start]
        starts = re.search(since, before) or re.match(r"since|depuis", mention.text)
        if starts or (mention.kind in ("year", "month") and re.search(bounds, before)):
            yield replace(mention, kind="since")
        else:
            yield mention
