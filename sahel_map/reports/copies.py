"""Which reports are one text: the same article in several outlets, or saved twice, with small edits.

Two texts are copies when they are in one language, published within ``DAYS`` of each other, share nearly
all their shingles (runs of ``RUN`` words; Broder 1997), and the shorter one gives no number that the longer one
lacks: an article whose toll was revised is another report. The longest copy stands for all.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sahel_map.language.numbers import numbers
from sahel_map.language.plain import plain
from sahel_map.model import Report

RUN = 5  # words a shingle
DAYS = 3  # between the first and the last printing
SHARED = 0.8  # of the shingles of both texts
CONTAINED = 0.9  # of the shorter text's, when the longer one goes on
SHORTEST = 40  # words: shorter texts are copies only when they are the same word for word
_SAMPLE = 4  # one shingle in so many is looked up to find likely copies


def join_copies(reports: Iterable[Report]) -> tuple[Report, ...]:
    """The reports sorted by id, copies joined into one that names the others in ``also_in`` and ``copies``."""
    prints = [_Print.of(report) for report in sorted(reports, key=_standing)]
    standing: dict[int, list[_Print]] = {}
    likely: dict[int, list[int]] = defaultdict(list)
    for index, candidate in enumerate(prints):
        near = {other for shingle in candidate.sample for other in likely[shingle]}
        first = next((other for other in sorted(near) if _is_copy(candidate, prints[other])), None)
        if first is not None:
            standing[first].append(candidate)
            continue
        standing[index] = []
        for shingle in candidate.sample:
            likely[shingle].append(index)
    joined = [_joined(prints[index].report, [p.report for p in copies]) for index, copies in standing.items()]
    return tuple(sorted(joined, key=lambda report: report.report_id))


def _standing(report: Report) -> tuple[int, str, str]:
    """The longest first; then the earliest; then by id."""
    return (-len(report.text), report.published.isoformat() if report.published else "9", report.report_id)


@dataclass(frozen=True, slots=True)
class _Print:
    report: Report
    words: int
    shingles: frozenset[int]
    sample: frozenset[int]
    numbers: frozenset[int]

    @classmethod
    def of(cls, report: Report) -> _Print:
        text = plain(report.text)
        words = re.findall(r"\w+", text)
        run = RUN if len(words) >= SHORTEST else max(1, len(words))
        shingles = frozenset(_digest(words[i : i + run]) for i in range(max(1, len(words) - run + 1)))
        sample = frozenset(s for s in shingles if s % _SAMPLE == 0) or frozenset([min(shingles)])
        told = frozenset(number.low for number in numbers(text, report.language) if not number.article)
        return cls(report, len(words), shingles, sample, told)


def _digest(words: Sequence[str]) -> int:
    return zlib.crc32(" ".join(words).encode("utf-8", "surrogatepass"))  # the same in every run, unlike hash()


def _is_copy(shorter: _Print, longer: _Print) -> bool:
    one, other = shorter.report, longer.report
    if one.language != other.language or not shorter.numbers <= longer.numbers:
        return False
    if one.published and other.published and abs((one.published - other.published).days) > DAYS:
        return False
    common = len(shorter.shingles & longer.shingles)
    if common >= SHARED * len(shorter.shingles | longer.shingles):
        return True
    return shorter.words >= SHORTEST and common >= CONTAINED * len(shorter.shingles)


def _joined(report: Report, copies: list[Report]) -> Report:
    if not copies:
        return report
    days = [r.published for r in (report, *copies) if r.published]
    outlets = sorted({r.source or r.report_id for r in copies} - {report.source or report.report_id})
    return replace(
        report, published=min(days) if days else None, also_in=tuple(outlets),
        copies=tuple(sorted(r.report_id for r in copies)),
    )  # fmt: skip
