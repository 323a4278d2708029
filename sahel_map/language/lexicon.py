"""Lexicons: CSV files of patterns with their meaning, compiled once.

A lexicon is a CSV with the columns ``language`` (en, fr, or empty for both), ``pattern`` and what
the pattern means. Patterns are regular-expression fragments over plain text (see ``plain``): lower
case, no accents. They match whole words; ``{count}`` in one stands for the words that open a count.
Lines starting with ``#`` are comments.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from sahel_map.errors import InputError
from sahel_map.language.word_patterns import WordPattern

COUNT = (
    r"(?:(?:at least|more than|about|around|some|nearly|almost|over|up to|au moins|plus d[e']|pres d[e']|environ|quelque|jusqu'a) ?)?"
    r"(?:\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|twenty|thirty|forty|fifty|sixty|dozens|scores"
    r"|hundreds|several|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante"
    r"|cinquante|soixante|cent|plusieurs|des (?:dizaines|centaines)|(?:une )?(?:dizaine|quinzaine|vingtaine|[a-z]+antaine|trentaine"
    r"|centaine)|(?:one|une?)\b)"
)  # what a number of people begins with, English and French


class Hit(NamedTuple):
    """A lexicon row found in a text, at characters [start, end)."""

    start: int
    end: int
    text: str
    row: dict[str, str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The rows of one lexicon file for one language, ready to search with."""

    name: str
    rows: tuple[dict[str, str], ...]
    pattern: WordPattern
    marked: dict[str, dict[str, str]]  # the rows by the marks that stand behind their words in the pattern

    def find(self, plain_text: str, start: int = 0, end: int | None = None) -> Iterator[Hit]:
        """The matches of ``plain_text`` from left to right, the longest row first at each place."""
        return map(self._hit, self.pattern.finditer(plain_text, start, end))

    def _hit(self, match: re.Match[str]) -> Hit:
        return Hit(*match.span(), match.group(), self.row_of(match))

    def may_match(self, plain_text: str) -> bool:
        """Whether a word of the text begins as some row does; most texts are told from the lexicon's by this."""
        return self.pattern.may_match(plain_text)

    def row_of(self, match: re.Match[str]) -> dict[str, str]:
        """The row a match of ``pattern`` comes from."""
        return self.marked[str(match.lastgroup)]

    def found_in(self, plain_text: str) -> bool:
        """Whether any row matches."""
        return self.pattern.search(plain_text) is not None


@cache
def load(package: str, name: str, language: str = "") -> Lexicon:
    """Load ``name``.csv from the ``data`` folder of ``package`` for one language (both when empty).

    Raises InputError naming the row when a pattern does not compile.
    """
    rows = [
        row
        for row in read_rows(package, name)
        if not language or not row.get("language") or row["language"] == language
    ]
    rows.sort(key=lambda row: -len(row["pattern"]))  # longer phrases win over the words they contain
    parts = []
    marked: dict[str, dict[str, str]] = {}
    for index, row in enumerate(rows):
        try:
            re.compile(row["pattern"])
        except re.error as error:
            raise InputError(f"{name}.csv: pattern {row['pattern']!r} does not compile: {error}") from error
        # the row's mark stands behind its words: an alternative that begins with a letter is skipped at once
        alternatives = _alternatives(_no_groups(row["pattern"]))
        parts += [f"{alternative}(?P<r{index}x{number}>)" for number, alternative in enumerate(alternatives)]
        marked.update((f"r{index}x{number}", row) for number in range(len(alternatives)))
    return Lexicon(name, tuple(rows), WordPattern(parts or [r"(?!)(?P<r0>)"]), marked)


def read_rows(package: str, name: str) -> list[dict[str, str]]:
    """The rows of ``data/<name>.csv`` of a package, comments left out."""
    text = resources.files(package).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    for row in rows:
        if None in row:
            raise InputError(
                f"{name}.csv: a row has more cells than columns (quote patterns that hold a comma): {row!r}"
            )
    return [{key: (value or "").strip() for key, value in row.items()} for row in rows]


def _alternatives(pattern: str) -> list[str]:
    """Split at the bars outside brackets: "ab|c(d|e)" is "ab" and "c(d|e)"."""
    parts, depth, current, in_class = [], 0, "", False
    for position, char in enumerate(pattern):
        escaped = position > 0 and pattern[position - 1] == "\\"
        if not escaped:
            in_class = (in_class or char == "[") and char != "]"
            depth += (char == "(") - (char == ")") if not in_class else 0
        if char == "|" and depth == 0 and not in_class and not escaped:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


def _no_groups(pattern: str) -> str:
    """Turn plain groups into non-capturing ones (``lastgroup`` must name the row) and fill in ``{count}``."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern).replace("{count}", COUNT)
