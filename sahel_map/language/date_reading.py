"""What a date expression means: the days it may be, both ends included.

One function a kind of expression; ``dates`` finds the expressions and names the groups these read.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
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


def exact(match: re.Match[str], year: int, month: int, day: int) -> DateMention | None:
    found = _date(year, month, day)
    return _mention(match, found, found, "day") if found else None


def day_of_month(
    match: re.Match[str], day: str, month: str, year: str | None, published: dt.date | None
) -> DateMention | None:
    number, which = _number_of_day(day), month_number(month)
    if not 1 <= number <= calendar.monthrange(2024, which)[1]:
        return None
    if year:
        return exact(match, int(year), which, number)
    found = _latest(number, which, published)
    if found and published and re.match(r"(?:the |dans )?(?:la )?(?:week|semaine)", match.group()):
        return _mention(match, found, min(found + 6 * ONE_DAY, max(found, published)), "week")
    if found and published and re.match(r"(?:the |dans )?(?:la )?(?:night|nuit)", match.group()):
        return _mention(match, found, min(found + ONE_DAY, max(found, published)), "day")
    return _mention(match, found, found, "day")


def span(
    match: re.Match[str], first: str, last: str, month: str, year: str | None, published: dt.date | None
) -> DateMention | None:
    return two_days(match, first, month, last, month, year, published)


def two_days(
    match: re.Match[str], day1: str, month1: str, day2: str, month2: str, year: str | None, published: dt.date | None
) -> DateMention | None:
    d1, m1, d2, m2 = _number_of_day(day1), month_number(month1), _number_of_day(day2), month_number(month2)
    end = _date(int(year), m2, d2) if year else _latest(d2, m2, published)
    if end is None:
        return _mention(match, None, None, "window") if published is None and not year else None
    start = _date(end.year if (m1, d1) <= (m2, d2) else end.year - 1, m1, d1)
    if start is None or start > end:
        return None
    return _mention(match, start, end, "window")


def bare_night(match: re.Match[str], published: dt.date | None) -> DateMention | None:
    """ "dans la nuit du 3 au 4": the latest such night not after publication."""
    first, last = _number_of_day(match[1]), _number_of_day(match[2])
    if published is None:
        return _mention(match, None, None, "window")
    for back in range(62):
        end = published - back * ONE_DAY
        if end.day == last and (end - ONE_DAY).day == first:
            return _mention(match, end - ONE_DAY, end, "window")
    return None


def part_of_month(
    match: re.Match[str], language: str, month: str, year: str | None, published: dt.date | None
) -> DateMention | None:
    number = month_number(month)
    word = match.group()[: match.start(1) - match.start()]
    which = _value(language, "part", word.strip(" -"), word)
    first = _date(int(year), number, 1) if year else _latest(1, number, published)
    if first is None:
        return _mention(match, None, None, "window")
    end = calendar.monthrange(first.year, number)[1]
    low, high = {"early": (1, 10), "mid": (10, 20), "late": (20, end)}[which]
    return _mention(match, first.replace(day=low), first.replace(day=high), "window")


def season(match: re.Match[str], language: str) -> DateMention:
    first, last = (int(month) for month in _value(language, "season", match[1]).split("-"))
    year = int(match[2])
    end = dt.date(year, last, calendar.monthrange(year, last)[1])
    return _mention(match, dt.date(year, first, 1), end, "window")


def holiday(match: re.Match[str], language: str, published: dt.date | None) -> DateMention | None:
    """ "On Christmas Day", "le jour de l'an 2024"."""
    month, day = map(int, _value(language, "holiday", match[1]).split("-"))
    if match[2]:
        return exact(match, int(match[2]), month, day)
    found = _latest(day, month, published)
    return _mention(match, found, found, "day") if found else None


def months(match: re.Match[str], published: dt.date | None) -> DateMention | None:
    """ "between March and May 2024": from the first day of one month to the last of another."""
    first, last, year = month_number(match[1]), month_number(match[3]), match[4] or match[2]
    end = _date(int(year), last, 1) if year else _latest(1, last, published)
    if end is None:
        return _mention(match, None, None, "window")
    told = int(match[2]) if match[2] else end.year - (first > last)
    start = dt.date(told, first, 1)
    stop = end.replace(day=calendar.monthrange(end.year, last)[1])
    return _mention(match, start, stop, "window") if start <= stop else None


def past(match: re.Match[str], language: str, published: dt.date | None) -> DateMention | None:
    """ "in the past 48 hours": up to the day of publication."""
    counted = numbers(match[1], language)
    if not counted or counted[0].low > 400:
        return None
    if published is None:
        return _mention(match, None, None, "relative")
    days = -(-counted[0].low // 24) if match[2] in ("hour", "heure") else counted[0].low * _UNITS[match[2]]
    return _mention(match, published - days * ONE_DAY, published, "relative")


def weekday(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
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


def nights(match: re.Match[str], language: str, published: dt.date | None) -> DateMention | None:
    words = [word for word in match.groups() if word]
    if published is None:
        return _mention(match, None, None, "window")
    first, last = (int(_value(language, "weekday", word)) for word in words[:2])
    end = published - ((published.weekday() - last) % 7) * ONE_DAY
    return _mention(match, end - ((last - first) % 7) * ONE_DAY, end, "window")


def night_into(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
    """ "Overnight into Sunday"."""
    if published is None:
        return _mention(match, None, None, "window")
    end = published - ((published.weekday() - int(_value(language, "weekday", match[1]))) % 7) * ONE_DAY
    return _mention(match, end - ONE_DAY, end, "window")


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


def ago(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
    unit = match[2].removesuffix("s") if match[2] != "mois" else "moi"
    count = _count(match[1].removesuffix(" and a half"), language)
    if published is None:
        return _mention(match, None, None, "relative")
    half = 0.5 if re.search(r"\b(?:and a half|et demie?)\b", match.group()) else 0
    days = int((count + half) * _UNITS[unit])
    centre = published - days * ONE_DAY
    slack = 0 if unit in ("day", "jour", "hour", "heure") and count not in (10, 15) else max(1, days // 4)
    return _mention(match, centre - slack * ONE_DAY, min(published, centre + slack * ONE_DAY), "relative")


def later(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
    unit = match[2].removesuffix("s") if match[2] != "mois" else "moi"
    count = _count(match[1], language)
    sign = 1 if match[3] in ("later", "after", "plus tard", "apres") else -1
    days = sign * count * _UNITS[unit]
    slack = 0 if _UNITS[unit] == 1 and "dizaine" not in match[1] and "quelques" not in match[1] else abs(days) // 3
    return _mention(match, None, None, "relative", base="told", offset=(days - slack, days + slack))


_HOURS = {"twenty-four": 24, "vingt-quatre": 24, "forty-eight": 48, "quarante-huit": 48}


def hours(match: re.Match[str]) -> DateMention:
    """ "24 hours earlier" counts from a moment that nobody tells: the day before, or the same."""
    days = (_HOURS.get(match[1]) or int(match[1])) // 24
    after = match[2] in ("later", "after", "plus tard", "apres")
    offset = (max(days - 1, 0), max(days, 1)) if after else (-max(days, 1), -max(days - 1, 0))
    return _mention(match, None, None, "relative", base="told", offset=offset)


def _count(word: str, language: str) -> int:
    if "dizaine" in word:
        return 10
    if "quinzaine" in word:
        return 15
    if word in ("quelques", "plusieurs", "several", "a few", "some"):
        return 3
    found = numbers(word, language)
    return found[0].low if found else 1


def relative(match: re.Match[str], language: str, published: dt.date | None) -> DateMention:
    row = relative_lexicon(language).row_of(match)
    first, last = int(row["first"]), int(row["last"])
    if row["base"] == "told":
        return _mention(match, None, None, "relative", base="told", offset=(first, last))
    if published is None:
        return _mention(match, None, None, "relative")
    start, end = _window(published, row["unit"], first, last)
    return _mention(match, start, end, "relative" if row["unit"] == "day" else row["unit"])


@cache
def relative_lexicon(language: str) -> Lexicon:
    return load("sahel_map.language", "relative_days", language)


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
    if unit == "start of year":
        return dt.date(published.year + first, 1, 1), min(published, dt.date(published.year + first, 3, 31))
    return dt.date(published.year + first, 1, 1), min(published, dt.date(published.year + first, 12, 31))


def month(match: re.Match[str], published: dt.date | None) -> DateMention | None:
    return whole_month(match, match[2], match[3], published)


def whole_month(match: re.Match[str], month: str, year: str | None, published: dt.date | None) -> DateMention | None:
    number = month_number(month)
    if year:
        start, end = _month_window(int(year), number, published)
        return _mention(match, start, end, "month")
    first = _latest(1, number, published)
    if first is None:
        return _mention(match, None, None, "month")
    start, end = _month_window(first.year, number, published)
    return _mention(match, start, end, "month")


def _month_window(year: int, month: int, published: dt.date | None) -> tuple[dt.date, dt.date]:
    end = dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date(year, month, 1), min(end, published) if published and published >= dt.date(year, month, 1) else end


def year(match: re.Match[str]) -> DateMention | None:
    year = int(match[1])
    return _mention(match, dt.date(year, 1, 1), dt.date(year, 12, 31), "year")


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


def month_number(word: str) -> int:
    return int(_value("", "month", word))


@cache
def _value(language: str, kind: str, *words: str) -> str:
    for row in read_rows("sahel_map.language", "calendar"):
        meant = row["kind"] == kind and (not language or row["language"] == language)
        if meant and any(re.fullmatch(row["pattern"], word) for word in words):
            return row["value"]
    raise KeyError(words)
