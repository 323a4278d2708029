"""How does a brief say it? Its words in English and French, days in words, numbers of things, tolls."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sahel_map.errors import InputError
from sahel_map.views.style import labels

LANGUAGES = ("en", "fr")


@functools.cache
def words(language: str) -> dict[str, str]:
    """The brief's words of a language, from ``words.csv``, and those of the map page that it shares. InputError for another language."""
    if language not in LANGUAGES:
        raise InputError(f"language {language!r}: want one of {', '.join(LANGUAGES)}")
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as file:
        own = {row["key"]: row[language] for row in csv.DictReader(file)}
    return {**{f"map.{key}": text for key, text in labels()[language].items()}, **own}


def some(say: Mapping[str, str], key: str, n: int, **more: object) -> str:
    """So many things: ``key_one`` for one of them, where the words have it."""
    return say[f"{key}_one" if n == 1 and f"{key}_one" in say else key].format(
        n=f"{n:,}".replace(",", "\u202f"), **more
    )


def day_words(say: Mapping[str, str], iso: object) -> str:
    """A day in words.

    >>> day_words(words("fr"), "2025-06-01"), day_words(words("en"), "2025-06-01"), day_words(words("en"), None)
    ('1er juin 2025', '1 June 2025', 'day not known')
    """
    day = as_day(iso)
    if day is None:
        return say["no_day"]
    pattern = say["date_first" if day.day == 1 else "date"]
    return pattern.format(day=day.day, month=say[f"month:{day.month}"], year=day.year)


def span_words(say: Mapping[str, str], row: Mapping[str, Any]) -> str:
    """The day, or the first and last of the days, that an incident may have happened on."""
    first, last = (
        day_words(say, row.get(c) if as_day(row.get(c)) else row.get("event_date")) for c in ("date_from", "date_to")
    )
    return first if first == last else f"{first} – {last}"


def days_told(say: Mapping[str, str], text: str) -> str:
    """Text with its ISO days in words."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: day_words(say, found[0]), text)


def as_day(iso: object) -> dt.date | None:
    """A day of the table, None for what is none."""
    try:
        return dt.date.fromisoformat(str(iso)[:10])
    except ValueError:
        return None


def whole(value: object) -> int | None:
    """A whole number of the table, None for a missing one."""
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return None


def bounds(say: Mapping[str, str], row: Mapping[str, Any]) -> str:
    """How many were killed: "30 or more", "34 to 41, best estimate 34", "no toll given"."""
    low, best, high = (whole(row.get(f"fatalities_{c}")) for c in ("low", "best", "high"))
    if low is None:
        return say["no_toll"]
    if high is None:
        return say["or_more"].format(n=low)
    if low == high:
        return say["none_killed"] if high == 0 else str(low)
    told = say["from_to"].format(low=low, high=high)
    return told if best is None else say["best"].format(bounds=told, best=best)


def figure_words(say: Mapping[str, str], toll: Mapping[str, Any]) -> str:
    """One figure of the ledger.

    >>> figure_words(words("en"), {"low": 30, "high": None, "qualifier": "more than", "who": "soldiers", "kind": "killed"})
    'more than 30 soldiers killed'
    >>> figure_words(words("en"), {"low": 1, "high": 1, "qualifier": "exact", "who": "civilians", "kind": "killed"})
    '1 civilian killed'
    >>> figure_words(words("en"), {"low": 1, "high": 9, "qualifier": "less than", "who": "militants", "kind": "killed"})
    'fewer than 10 militants killed'
    """
    low, high, qualifier = whole(toll.get("low")), whole(toll.get("high")), str(toll.get("qualifier") or "")
    if qualifier == "range" and high is not None and low is not None:
        count = say["from_to"].format(low=low, high=high)
    elif qualifier in ("at least", "up to"):
        count = say[f"map.{qualifier.replace(' ', '_')}"].format(n=high if qualifier == "up to" and high else low)
    else:
        below = qualifier == "less than" and high is not None  # fewer than ten: nine at most
        count = say.get(f"map.qualifier:{qualifier}", "{n}").format(n=(high or 0) + 1 if below else low)
        if high is None and count == str(low):
            count = say["or_more"].format(n=low)
    who, kind = str(toll.get("who") or "unspecified"), str(toll.get("kind") or "killed")
    hit = say.get(f"victims:{who}", say.get(f"map.victims:{who}", who))
    fate = say.get(f"kind:{kind}", kind)
    if low == high == 1:
        hit, fate = say.get(f"one:{who}", hit), say.get(f"one_kind:{kind}", fate)
    return " ".join(part for part in (count, hit, fate) if part)
