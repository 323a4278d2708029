"""When: dates, relative days, vague windows, nights, in English and French, as ranges of days.

No library returns intervals in both languages (docs/decisions/dates.md has the comparison), so this is a
small grammar over words kept in ``calendar.csv`` and ``relative_days.csv``. A date without a year
takes the latest year that does not lie after publication. "Monday" said on a Monday is that day.
Without a publication day, relative dates stay unresolved (``first`` is None) and say so.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from sahel_map.language.lexicon import Lexicon, load, read_rows
from sahel_map.language.numbers import numbers

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date expression at characters [start, end): the days it may mean, both ends included.

    ``base`` is "told" when it counts from the day told just before ("the next day"): then ``offset``
    holds the days to add and ``first`` is None until a caller knows that day.
    """

    start: int
    end: int
    text: str
    first: dt.date | None
    last: dt.date | None
    kind: str  # day, weekday, window, month, year, relative, since
    base: str = ""
    offset: tuple[int, int] = (0, 0)

    @property
    def days(self) -> int:
        """Length of the window in days; 0 when unresolved."""
        return (self.last - self.first).days + 1 if self.first and self.last else 0


def dates(plain_text: str, language: str, published: dt.date | None) -> tuple[DateMention, ...]:
    """Every date expression of ``plain_text`` (see ``plain``), left to right, the longest at each place.

    >>> import datetime as dt
    >>> [(d.first.isoformat(), d.last.isoformat()) for d in dates("dans la nuit du 3 au 4", "fr", dt.date(2025, 6, 5))]
    [('2025-06-03', '2025-06-04')]
    """
    found: list[DateMention] = []
    for rule in _rules(language):
        for match in rule.pattern.finditer(plain_text):
            if any(match.start() < d.end and d.start < match.end() for d in found):
                continue
            mention = rule.read(match, published)
            if mention is not None:
                found.append(mention)
    return tuple(_marked_since(plain_text, sorted(found, key=lambda d: d.start)))


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], dt.date | None], DateMention | None]


@cache
def _rules(language: str) -> tuple[_Rule, ...]:
    """The grammar, most specific first: what a rule has taken, later ones leave alone."""
    w = _words(language)
    of = r"(?: of)?" if language == "en" else r"(?: d[eu]| d')?"
    day = r"(\d{1,2})(?:st|nd|rd|th)?" if language == "en" else r"(\d{1,2}|1er|premier)(?:er)?"
    year = r"(?:,? (?:de |en )?(\d{4})(?!\d))?"
    to = r" ?(?:-|to|and|until) ?" if language == "en" else r" ?(?:-|au|et|a) ?"
    opened = r"(?:(?:the )?nights? (?:of |between )?|from |between )?(?:the )?"
    if language == "fr":
        opened = r"(?:(?:dans )?la nuit (?:du |de )|entre le |du )?(?:le )?(?:(?:" + w["weekday"] + r") )?"
    weekday, month = w["weekday"], w["month"]
    night = r"(?:(?:the )?night of )?" if language == "en" else r"(?:(?:dans )?la nuit (?:du |de |d'))?"
    rules: list[tuple[str, Callable[[re.Match[str], dt.date | None], DateMention | None]]] = [
        (r"(\d{4})-(\d{2})-(\d{2})(?!\d)", lambda m, p: _exact(m, int(m[1]), int(m[2]), int(m[3]))),
        (r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)", lambda m, p: _exact(m, int(m[3]), int(m[2]), int(m[1]))),
    ]
    if language == "en":
        rules += [
            (rf"{opened}{day}{to}(?:the )?{day}{of} ({month}){year}", lambda m, p: _span(m, m[1], m[2], m[3], m[4], p)),
            (
                rf"{opened}{day}{of} ({month}){to}(?:the )?{day}{of} ({month}){year}",
                lambda m, p: _two(m, m[1], m[2], m[3], m[4], m[5], p),
            ),
            (rf"{opened}({month}) {day}{to}{day}{year}", lambda m, p: _span(m, m[2], m[3], m[1], m[4], p)),
            (
                rf"{opened}({month}) {day}{to}({month}) {day}{year}",
                lambda m, p: _two(m, m[2], m[1], m[4], m[3], m[5], p),
            ),
            (
                rf"{night}(?:(?:{weekday}),? )?(?:the )?{day}{of} ({month})(?![\w]){year}",
                lambda m, p: _day(m, m[1], m[2], m[3], p),
            ),
            (
                rf"{night}(?:(?:{weekday}),? )?(?:last )?({month})\.? {day}(?!\d){year}",
                lambda m, p: _day(m, m[2], m[1], m[3], p),
            ),
        ]
    else:
        second = rf"(?:(?:{weekday}) )?(?:le )?"
        rules += [
            (rf"{opened}{day}{to}{second}{day} ({month}){year}", lambda m, p: _span(m, m[1], m[2], m[3], m[4], p)),
            (
                rf"{opened}{day} ({month}){to}{second}{day} ({month}){year}",
                lambda m, p: _two(m, m[1], m[2], m[3], m[4], m[5], p),
            ),
            (rf"la nuit du {day} au {day}(?! ?(?:{month}))", lambda m, p: _bare_night(m, p)),
            (
                rf"{night}(?:(?:{weekday}),? )?(?:le )?{day} ({month})(?![\w]){year}",
                lambda m, p: _day(m, m[1], m[2], m[3], p),
            ),
        ]
    rules += [
        (rf"(?:{w['part']})[ -]?({month}){year}", lambda m, p: _part(m, language, m[1], m[2], p)),
        (rf"({w['season']}) (\d{{4}})(?!\d)", lambda m, p: _season(m, language)),
        (_weekday_pair(language, weekday), lambda m, p: _nights(m, language, p)),
        (_weekday_rule(language, weekday), lambda m, p: _weekday(m, language, p)),
        (_ago_rule(language), lambda m, p: _ago(m, language, p)),
        (_later_rule(language), lambda m, p: _later(m, language, p)),
    ]
    compiled = [_Rule(re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)"), read) for pattern, read in rules]
    compiled.append(_Rule(_relative_lexicon(language).pattern, lambda m, p: _relative(m, language, p)))
    compiled += [
        _Rule(re.compile(rf"(?<![\w-])({_month_cue(language)})({month}){year}(?!\w)"), lambda m, p: _month(m, p)),
        _Rule(re.compile(rf"(?<![\w-])({month}) (\d{{4}})(?!\w)"), lambda m, p: _whole_month(m, m[1], m[2], p)),
        _Rule(
            re.compile(r"(?<![\w-])(?:in|en|since|depuis|of|de) (?:early |late |debut |fin )?((?:19|20)\d\d)(?![\w%])"),
            lambda m, p: _year(m),
        ),
    ]
    return tuple(compiled)


@cache
def _words(language: str) -> dict[str, str]:
    kinds: dict[str, list[str]] = {"month": [], "weekday": [], "part": [], "season": []}
    for row in read_rows("sahel_map.language", "calendar"):
        if row["language"] == language:
            kinds[row["kind"]].append(re.sub(r"\((?!\?)", "(?:", row["pattern"]))
    return {kind: "|".join(f"(?:{p})" if kind == "part" else p for p in parts) for kind, parts in kinds.items()}


@cache
def _value(language: str, kind: str, *words: str) -> str:
    for row in read_rows("sahel_map.language", "calendar"):
        meant = row["kind"] == kind and (not language or row["language"] == language)
        if meant and any(re.fullmatch(row["pattern"], word) for word in words):
            return row["value"]
    raise KeyError(words)


def _month_number(word: str) -> int:
    return int(_value("", "month", word))


def _mention(
    match: re.Match[str], first: dt.date | None, last: dt.date | None, kind: str, **extra: object
) -> DateMention:
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    return DateMention(start=start, end=match.end(), text=match.group(), first=first, last=last, kind=kind, **extra)  # type: ignore[arg-type]


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None  # "30 February" is no date; it is left alone, never moved


def _latest(day: int, month: int, published: dt.date | None) -> dt.date | None:
    """The latest such day not after publication (two days of grace for time zones and post-dating)."""
    if published is None:
        return None
    for year in (published.year + 1, published.year, published.year - 1, published.year - 4):
        found = _date(year, month, day)
        if found and found <= published + 2 * ONE_DAY:
            return found
    return None


def _number_of_day(text: str) -> int:
    return 1 if text in ("1er", "premier") else int(re.sub(r"\D", "", text))


def _exact(match: re.Match[str], year: int, month: int, day: int) -> DateMention | None:
    found = _date(year, month, day)
    return _mention(match, found, found, "day") if found else None


def _day(match: re.Match[str], day: str, month: str, year: str | None, published: dt.date | None) -> DateMention | None:
    number, month_number = _number_of_day(day), _month_number(month)
    if not 1 <= number <= calendar.monthrange(2024, month_number)[1]:
        return None
    if year:
        return _exact(match, int(year), month_number, number)
    found = _latest(number, month_number, published)
    if found and published and re.match(r"(?:the |dans )?(?:la )?(?:night|nuit)", match.group()):
        return _mention(match, found, min(found + ONE_DAY, max(found, published)), "day")
    return _mention(match, found, found, "day")


def _span(
    match: re.Match[str], first: str, last: str, month: str, year: str | None, published: dt.date | None
) -> DateMention | None:
    return _two(match, first, month, last, month, year, published)


def _two(
    match: re.Match[str], day1: str, month1: str, day2: str, month2: str, year: str | None, published: dt.date | None
) -> DateMention | None:
    d1, m1, d2, m2 = _number_of_day(day1), _month_number(month1), _number_of_day(day2), _month_number(month2)
    end = _date(int(year), m2, d2) if year else _latest(d2, m2, published)
    if end is None:
        return _mention(match, None, None, "window") if published is None and not year else None
    start = _date(end.year if (m1, d1) <= (m2, d2) else end.year - 1, m1, d1)
    if start is None or start > end:
        return None
    return _mention(match, start, end, "window")


def _bare_night(match: re.Match[str], published: dt.date | None) -> DateMention | None:
    """ "dans la nuit du 3 au 4": the latest such night not after publication."""
    first, last = _number_of_day(match[1]), _number_of_day(match[2])
    if published is None:
        return _mention(match, None, None, "window")
    for back in range(62):
        end = published - back * ONE_DAY
        if end.day == last and (end - ONE_DAY).day == first:
            return _mention(match, end - ONE_DAY, end, "window")
    return None


def _part(
    match: re.Match[str], language: str, month: str, year: str | None, published: dt.date | None
) -> DateMention | None:
    number = _month_number(month)
    word = match.group()[: match.start(1) - match.start()]
    which = _value(language, "part", word.strip(" -"), word)
    first = _date(int(year), number, 1) if year else _latest(1, number, published)
    if first is None:
        return _mention(match, None, None, "window")
    end = calendar.monthrange(first.year, number)[1]
    low, high = {"early": (1, 10), "mid": (10, 20), "late": (20, end)}[which]
    return _mention(match, first.replace(day=low), first.replace(day=high), "window")


def _season(match: re.Match[str], language: str) -> DateMention:
    first, last = (int(month) for month in _value(language, "season", match[1]).split("-"))
    year = int(match[2])
    end = dt.date(year, last, calendar.monthrange(year, last)[1])
    return _mention(match, dt.date(year, first, 1), end, "window")


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


def _weekday(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
    if published is None:
        return _mention(match, None, None, "weekday")
    target = int(_value(language, "weekday", match[2]))
    back = (published.weekday() - target) % 7
    if back == 0 and (match[1] == "last" or match[4]):
        back = 7
    day = published - back * ONE_DAY
    night = "nuit" in (match[1] or "") or "night" in (match[1] or "") or match[3] in ("nuit", "night")
    last = day + ONE_DAY if night and day < published else day
    return _mention(match, day, last, "weekday")


def _weekday_pair(language: str, weekday: str) -> str:
    if language == "en":
        return (
            rf"(?:overnight |(?:on |in |during )?the night (?:of |between |from )?|between |from )?({weekday})"
            rf"(?: night)?(?:-| to | and | into )({weekday})(?: morning)?"
        )
    return rf"(?:dans la |la )?nuit (?:de |du )?({weekday})(?: soir)? (?:a|au) ({weekday})|(?:entre |de )?({weekday}) (?:et|a) ({weekday})"


def _nights(match: re.Match[str], language: str, published: dt.date | None) -> DateMention | None:
    words = [word for word in match.groups() if word]
    if published is None:
        return _mention(match, None, None, "window")
    first, last = (int(_value(language, "weekday", word)) for word in words[:2])
    end = published - ((published.weekday() - last) % 7) * ONE_DAY
    return _mention(match, end - ((last - first) % 7) * ONE_DAY, end, "window")


_UNITS = {
    "day": 1,
    "jour": 1,
    "week": 7,
    "semaine": 7,
    "month": 30,
    "moi": 30,
    "hour": 0,
    "heure": 0,
    "year": 365,
    "an": 365,
    "annee": 365,
}
_COUNT = {"en": r"[a-z-]+|\d+", "fr": r"[a-z-]+(?: [a-z]+)?|\d+"}


def _ago_rule(language: str) -> str:
    if language == "en":
        return r"((?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3}|several|a few|some)) (hour|day|week|month|year)s? ago"
    return (
        r"il y a (?:pres d'|environ |moins d'|plus d'|pres de |plus de |moins de )?"
        r"((?:une? dizaine d[e']|une? quinzaine d[e']|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|\d{1,3}|quelques|plusieurs)) ?"
        r"(heure|jour|semaine|mois|an|annee)s?"
    )


def _ago(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
    unit = match[2].removesuffix("s") if match[2] != "mois" else "moi"
    count = _count(match[1], language)
    if published is None:
        return _mention(match, None, None, "relative")
    days = count * _UNITS[unit]
    centre = published - days * ONE_DAY
    slack = 0 if unit in ("day", "jour", "hour", "heure") and count not in (10, 15) else max(1, days // 4)
    return _mention(match, centre - slack * ONE_DAY, min(published, centre + slack * ONE_DAY), "relative")


def _count(word: str, language: str) -> int:
    if "dizaine" in word:
        return 10
    if "quinzaine" in word:
        return 15
    if word in ("quelques", "plusieurs", "several", "a few", "some"):
        return 3
    found = numbers(word, language)
    return found[0].low if found else 1


def _later_rule(language: str) -> str:
    if language == "en":
        return r"((?:two|three|four|five|six|seven|ten|\d{1,2}|a few|several)) (day|week|month)s? (later|earlier|before|after|prior)"
    return (
        r"((?:une? dizaine d[e']|une? quinzaine d[e']|deux|trois|quatre|cinq|six|sept|huit|dix|\d{1,2}|quelques|une?)) ?"
        r"(jour|semaine|mois)s? (plus tard|plus tot|avant|apres|auparavant)"
    )


def _later(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
    unit = match[2].removesuffix("s") if match[2] != "mois" else "moi"
    count = _count(match[1], language)
    sign = 1 if match[3] in ("later", "after", "plus tard", "apres") else -1
    days = sign * count * _UNITS[unit]
    slack = 0 if _UNITS[unit] == 1 and "dizaine" not in match[1] and "quelques" not in match[1] else abs(days) // 3
    return _mention(match, None, None, "relative", base="told", offset=(days - slack, days + slack))


@cache
def _relative_lexicon(language: str) -> Lexicon:
    return load("sahel_map.language", "relative_days", language)


def _relative(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
    row = _relative_lexicon(language).row_of(match)
    first, last = int(row["first"]), int(row["last"])
    if row["base"] == "told":
        return _mention(match, None, None, "relative", base="told", offset=(first, last))
    if published is None:
        return _mention(match, None, None, "relative")
    start, end = _window(published, row["unit"], first, last)
    return _mention(match, start, end, "relative" if row["unit"] == "day" else row["unit"])


def _window(published: dt.date, unit: str, first: int, last: int) -> tuple[dt.date, dt.date]:
    if unit == "day":
        return published + first * ONE_DAY, published + last * ONE_DAY
    if unit == "week":
        monday = published - published.weekday() * ONE_DAY + 7 * first * ONE_DAY
        return monday, min(published, monday + 6 * ONE_DAY)
    if unit == "weekend":
        saturday = published - ((published.weekday() - 5) % 7) * ONE_DAY
        return saturday, min(published, saturday + ONE_DAY)
    if unit == "month":
        year, month = divmod(published.year * 12 + published.month - 1 + first, 12)
        return _month_window(year, month + 1, published)
    return dt.date(published.year + first, 1, 1), min(published, dt.date(published.year + first, 12, 31))


def _month_window(year: int, month: int, published: dt.date | None) -> tuple[dt.date, dt.date]:
    end = dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date(year, month, 1), min(end, published) if published and published >= dt.date(year, month, 1) else end


def _month_cue(language: str) -> str:
    if language == "en":
        return r"(?:in|last|during|of|since|until|by|throughout) "
    return r"(?:en|au mois de|au mois d'|courant|depuis|de|fin du mois de|pendant le mois de|dernier|d')(?: le mois de| fin| debut)? ?"


def _month(match: re.Match[str], published: dt.date | None) -> DateMention | None:
    return _whole_month(match, match[2], match[3], published)


def _whole_month(match: re.Match[str], month: str, year: str | None, published: dt.date | None) -> DateMention | None:
    number = _month_number(month)
    if year:
        start, end = _month_window(int(year), number, published)
        return _mention(match, start, end, "month")
    first = _latest(1, number, published)
    if first is None:
        return _mention(match, None, None, "month")
    start, end = _month_window(first.year, number, published)
    return _mention(match, start, end, "month")


def _year(match: re.Match[str]) -> DateMention | None:
    year = int(match[1])
    return _mention(match, dt.date(year, 1, 1), dt.date(year, 12, 31), "year")


def _marked_since(text: str, found: list[DateMention]) -> Iterator[DateMention]:
    """Mark "since May", "depuis le 5 mai", "entre 2020 et 2023": the start of a period, not the day of an event."""
    fill = r"( the| le| la)?( (start|beginning|end) of| fin| debut)?( late| early| at least)?( the| mois d[e'])? ?$"
    since = r"\b(since|depuis|a partir d[eu])" + fill
    bounds = r"\b(from|until|between|jusqu'(au|en|a)|entre)" + fill
    for mention in found:
        before = text[max(0, mention.start - 40) : mention.start]
        starts = re.search(since, before) or re.match(r"since|depuis", mention.text)
        if starts or (mention.kind in ("year", "month") and re.search(bounds, before)):
            yield replace(mention, kind="since")
        else:
            yield mention
