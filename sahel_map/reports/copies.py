"""Which reports are one text: the same article in several outlets, or saved twice, with small edits.

Two texts are copies when they are in one language, published within ``DAYS`` of each other, share nearly
all their shingles (runs of ``RUN`` words; Broder 1997), and the shorter one gives no number that the longer one
lacks: an article whose toll was revised is another report. The longest copy stands for all.

Copies are found by what is rare. The shorter text shares at least ``SHARED`` of its shingles, so of any more than
the rest at least one is shared; looking up its rarest ones therefore misses nothing, and a phrase that
every article ends with is never looked up.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, pairwise
from math import floor

from sahel_map.language.numbers import numbers
from sahel_map.language.plain import plain
from sahel_map.model import Report

RUN = 5  # words a shingle
DAYS = 3  # between the first and the last printing
SHARED = 0.8  # of the shingles of both texts
CONTAINED = 0.9  # of the shorter text's, when the longer one goes on
SHORTEST = 40  # words: shorter texts are copies only when they are the same word for word


def join_copies(reports: Iterable[Report]) -> tuple[Report, ...]:
    """The reports sorted by id, copies joined into one that names the others in ``also_in`` and ``copies``."""
    found = sorted(reports, key=standing)
    alone = _alone(found)
    near = [report for report in found if report.report_id not in alone]
    stands = leaders([Print.of(report) for report in near])
    joined = [merged_copies(near[first], [near[i] for i in others]) for first, others in stands.items()]
    joined += [report for report in found if report.report_id in alone]
    return tuple(sorted(joined, key=lambda report: report.report_id))


def _alone(reports: Iterable[Report]) -> frozenset[str]:
    """The ids of reports that none of their language is published within DAYS of: they need no print."""
    days: dict[str, list[tuple[dt.date, str]]] = defaultdict(list)
    undated: set[str] = set()  # languages: what has no day may be a copy of anything
    for report in reports:
        if report.published is None:
            undated.add(report.language)
        else:
            days[report.language].append((report.published, report.report_id))
    found: set[str] = set()
    for language in days.keys() - undated:
        told = sorted(days[language])
        gaps = [(after - before).days > DAYS for (before, _), (after, _) in pairwise(told)]
        found |= {told[i][1] for i, gap in enumerate([*gaps, True]) if gap and (i == 0 or gaps[i - 1])}
    return frozenset(found)


def leaders(prints: Sequence[Print]) -> dict[int, list[int]]:
    """Which of these prints, in the order of ``standing``, stand for themselves, and which are copies of each."""
    stands: dict[int, list[int]] = {}
    likely: dict[int, list[int]] = defaultdict(list)
    counts = shingle_counts(prints)
    for index, candidate in enumerate(prints):
        near = {other for shingle in candidate.rarest(counts) for other in likely[shingle]}
        first = next((other for other in sorted(near) if is_copy(candidate, prints[other])), None)
        if first is not None:
            stands[first].append(index)
            continue
        stands[index] = []
        for shingle in candidate.shingles:
            if counts[shingle] > 1:
                likely[shingle].append(index)
    return stands


def shingle_counts(prints: Iterable[Print]) -> Counter[int]:
    """In how many prints each shingle stands."""
    counts: Counter[int] = Counter()
    for each in prints:
        counts.update(each.shingles)
    return counts


def standing(report: Report) -> tuple[int, str, str]:
    """The longest first; then the earliest; then by id."""
    return (-len(report.text), report.published.isoformat() if report.published else "9", report.report_id)


@dataclass(frozen=True, slots=True)
class Print:
    """What of a report tells whether it is a copy of another."""

    language: str
    published: dt.date | None
    words: int
    shingles: frozenset[int]
    numbers: Callable[[], frozenset[float]]  # asked only of texts that share nearly all their words

    @classmethod
    def of(cls, report: Report) -> Print:
        """The print of a report."""
        text = plain(report.text)
        words = re.findall(r"\w+", text)
        told = cache(lambda: numbers_told(report.text, report.language))
        return cls(report.language, report.published, len(words), _shingles(words), told)

    def rarest(self, counts: Counter[int]) -> Iterator[int]:
        """The shingles to look up: one of them is in any longer text that this one is a copy of. None: it is no copy."""
        shared = sorted((count, shingle) for shingle in self.shingles if (count := counts[shingle]) > 1)
        spare = floor((1 - SHARED) * len(self.shingles) + 1e-9) - (len(self.shingles) - len(shared))
        return (shingle for _, shingle in shared[: max(0, spare + 1)])


def numbers_told(text: str, language: str) -> frozenset[float]:
    """The numbers of a text."""
    return frozenset(n.low for n in numbers(plain(text), language) if not n.article)


def _shingles(words: Sequence[str]) -> frozenset[int]:
    """A digest of every run of words, the same in every process, unlike hash()."""
    run = RUN if len(words) >= SHORTEST else max(1, len(words))
    spaced = " ".join(words)
    text = spaced.encode("utf-8", "surrogatepass")
    lengths = map(len, words if spaced.isascii() else text.split(b" "))
    starts = [0, *accumulate(length + 1 for length in lengths)]
    return frozenset([zlib.crc32(text[a : b - 1]) for a, b in zip(starts, starts[run:] or starts[-1:], strict=False)])


def is_copy(shorter: Print, longer: Print) -> bool:
    """Whether the shorter text is a printing of the longer one."""
    if shorter.language != longer.language:
        return False
    if shorter.published and longer.published and abs((shorter.published - longer.published).days) > DAYS:
        return False
    common = len(shorter.shingles & longer.shingles)
    contained = shorter.words >= SHORTEST and common >= CONTAINED * len(shorter.shingles)
    if not contained and common < SHARED * len(shorter.shingles | longer.shingles):
        return False
    return shorter.numbers() <= longer.numbers()


def merged_copies(report: Report, copies: Sequence[Report]) -> Report:
    """The report that stands for its copies: the earliest day, and every outlet."""
    if not copies:
        return report
    days = [r.published for r in (report, *copies) if r.published]
    outlets = sorted({r.source or r.report_id for r in copies} - {report.source or report.report_id})
    return replace(
        report, published=min(days) if days else None, also_in=tuple(outlets),
        copies=tuple(sorted(r.report_id for r in copies)),
    )  # fmt: skip
