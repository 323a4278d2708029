"""The days that the words of a line mean within a report: counted from what was told before, and the one its event is of."""

from __future__ import annotations

import datetime as dt
import re

from sahel_map.coding.lines import WEEKS, Line, counts_back
from sahel_map.coding.telling import Telling
from sahel_map.language.dates import ONE_DAY, DateMention
from sahel_map.model import DateRange

VAGUE_DAYS = 92  # a longer window says when in history, not when in the news
_HISTORY_YEARS = 1  # context older than this, with only a year for its date, is history
WEEK = 7  # days


def days_meant(telling: Telling, line: Line, date: DateMention, published: dt.date | None) -> DateRange | None:
    """The days a mention means; "two days later" counts from the event told before."""
    first, last = date.first, date.last
    if date.base == "told":
        back = counts_back(line, date)
        lead = telling.frames[0] if back and telling.frames else None  # "the episode" is the lead
        told = lead if lead is not None and lead.when is not None else telling.focus
        base = told.when if told and told.when else None
        if not back and (base is None or (base.last - base.first).days > WEEK):
            dated = [f for f in telling.frames if f.when is not None and (f.when.last - f.when.first).days <= 2]
            base = max(dated, key=lambda f: f.last_index).when if dated and date.offset == (0, 0) else base
        base = base or telling.occasion
        low, high = date.offset
        if base is None and published and not back and high < 0 and not telling.frames:
            # "the week before, …" opens the report: the day it counts from is told later, in the week before printing
            return DateRange(
                first=published + (low - 7) * ONE_DAY, last=published + high * ONE_DAY,
                text=date.text, start=date.start, end=date.end,
            )  # fmt: skip
        if base is None and published and back:
            base = DateRange(first=published, last=published)
        if base is None:
            return None
        if back:
            low, high = -high, -low
        first, last = base.first + low * ONE_DAY, base.last + high * ONE_DAY
        if published and first > published + ONE_DAY:
            return None  # "a month after the visit": not a month after what was told
    if first is None or last is None:
        return None
    before = [
        w for w in (telling.focus.when if telling.focus else None, telling.stage.when if telling.stage else None) if w
    ]
    if before and date.base != "told" and _SAME_YEAR.match(line.sentence.plain, date.end - line.sentence.start):
        years = first.year - before[-1].first.year
        first, last = _years_earlier(first, years), _years_earlier(last, years)
    return DateRange(first=first, last=last, text=date.text, start=date.start, end=date.end)


_SAME_YEAR = re.compile(r",? (?:de (?:la|cette) meme annee|(?:of )?(?:the|that) same year|(?:of )?that year)\b")


def _years_earlier(day: dt.date, years: int) -> dt.date:
    """The same day of another year; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, month=3, day=1)


def tells_of_earlier(line: Line) -> bool:
    """ "A month after the attack on X", "they had already": of another event than the one told of."""
    return any(counts_back(line, date) for date in line.dates) or (
        bool(line.dates) and ALREADY.search(line.sentence.plain) is not None
    )


ALREADY = re.compile(r"\b(?:avai(?:t|ent) deja|had already|had previously)\b")  # "Last Thursday they had already …"


def best_day(line: Line, days: list[tuple[DateMention, DateRange]]) -> DateRange | None:
    """Of several days the exact one nearest to the event word."""
    windows = [window for _, window in days]
    if not windows:
        return None
    back = [window for date, window in days if counts_back(line, date)]
    if back:
        # "three months after the attack of 3 June": the day told of the earlier one, where it is told
        later = [w for w in windows if w.start > back[0].start and (w.last - w.first).days <= 2]
        exact = [w for w in later if back[0].first - ONE_DAY <= w.first <= back[0].last + ONE_DAY]
        return (exact or back)[0]  # "Friday's attack came a day after an assault on X": the day of the assault
    text, shift = line.sentence.plain, line.sentence.start
    told = [window for date, window in days if _HAPPENED.search(text, 0, date.start - shift)]
    if told:
        return told[0]  # "little was known on Thursday about the raid, which took place on Tuesday"
    triggers = [hit.start for hit in line.events if int(hit.row["weight"]) >= 2] or [line.sentence.start]
    return min(
        windows,
        key=lambda w: (
            (w.last - w.first).days > 7,
            (w.last - w.first).days > 31,
            min(abs(w.start - t) for t in triggers),
        ),
    )


_HAPPENED = re.compile(
    r"\b(?:took place|happened|occurred|came|was carried out|were carried out|a eu lieu|avait eu lieu|s'est produite?|s'etait produite?"
    r"|s'est deroulee?|est survenue?|etait survenue?|a ete (?:commise?|perpetree?|menee?))(?: (?:early|late|before dawn|overnight|tot|tard))?(?: on| in| le| la| dans)? ?$"
)


def is_a_past_month(when: DateRange, published: dt.date) -> bool:
    """ "Last month": said on the tenth it is not the news, however near."""
    return when.last < published and (when.last - when.first).days > WEEKS


def is_history(when: DateRange | None, published: dt.date | None) -> bool:
    """Context of another year with only a vague date: told of how things came to be, not as news."""
    if when is None or published is None:
        return False
    long_ago = when.last.year < published.year - _HISTORY_YEARS
    return (when.last - when.first).days > VAGUE_DAYS and long_ago
