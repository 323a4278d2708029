"""What a file's name tells of its report: "2025-06-02_reuters.txt", "20250602_rfi_menaka.fr.html"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from sahel_map.model import Report

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_LANGUAGE = re.compile(r"[._-](en|fr)$")
_SOURCE = re.compile(r"^[ _]+([^\W\d_][^\W_]*(?:[&.-][^\W_]+)*)")


def named(report: Report, stem: str) -> Report:
    """Fill what ``report`` does not say of itself from the file name: its day, its outlet, its language.

    The day is ISO 8601 (2025-06-02, 20250602); the outlet is the word after the day and an underscore; the
    language is the last part (.fr, _en).

    >>> named(Report(report_id="r", text="…"), "2025-06-02_reuters").source
    'reuters'
    """
    language = _LANGUAGE.search(stem.lower())
    rest = stem[: language.start()] if language else stem
    found = _DAY.search(rest)
    day = _day(found) if found else None
    source = _SOURCE.match(rest[found.end() :]) if found and day else None
    return replace(
        report,
        published=report.published or day,
        source=report.source or (source.group(1) if source else ""),
        language=report.language or (language.group(1) if language else ""),
    )


def _day(match: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None  # 20250231 is some other number
