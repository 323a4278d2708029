"""The small words that hang a figure together, by language and role, from ``data/toll_grammar.csv``."""

from __future__ import annotations

import re
from functools import cache

from sahel_map.language.lexicon import COUNT, read_rows


@cache
def fragment(language: str, role: str) -> str:
    """All patterns of a role as one regular-expression fragment; a row's meaning is told in the file."""
    rows = [row for row in read_rows("sahel_map.coding", "toll_grammar") if row["role"] == role]
    return "(?:" + "|".join(f"(?:{row['pattern']})" for row in rows if row["language"] == language) + ")"


@cache
def words(language: str, role: str) -> re.Pattern[str]:
    """The patterns of a role as whole words."""
    return re.compile(rf"\b{fragment(language, role)}\b")


@cache
def ending(language: str, role: str) -> re.Pattern[str]:
    """The patterns of a role at the end of what is searched."""
    return re.compile(rf"{fragment(language, role)}$")


@cache
def opening(language: str, role: str) -> re.Pattern[str]:
    """The patterns of a role at the beginning of what is matched, white space before them left out."""
    return re.compile(rf"\s+{fragment(language, role)}")


def without_inserted(plain_text: str, language: str) -> str:
    """Blank "…, according to the mayor, …", ages and "05 (five)": what they part belongs together. Spans stay."""
    for pattern, hints in ((_inserted(language), (",",)), (_age(language), _OF_AN_AGE), (_TWICE, ("(",))):
        if any(hint in plain_text for hint in hints):
            plain_text = pattern.sub(lambda match: " " * len(match.group()), plain_text)
    return plain_text


_OF_AN_AGE = ("-old", "aged", " ans", " mois")  # no age is told without one of these
# "05 (cinq) militaires": the number told a second time, in words
_TWICE = re.compile(rf"(?<=\d) ?\({COUNT}[a-z -]*\)(?= [a-z])")


@cache
def _inserted(language: str) -> re.Pattern[str]:
    return re.compile(rf",\s*{fragment(language, 'inserted')},")


@cache
def _age(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){fragment(language, 'age')}(?!\w)")
