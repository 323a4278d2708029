"""Text made plain, character for character, so that patterns need no accents and spans still fit."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache, lru_cache

_QUOTES = {
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'",
    "“": '"', "”": '"', "«": '"', "»": '"', "„": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
    "ß": "s", "ŋ": "n", "ɓ": "b", "ɗ": "d", "ƴ": "y", "ɲ": "n", "ø": "o", "ł": "l", "đ": "d", "ı": "i",
}  # fmt: skip


@lru_cache(maxsize=8192)  # the same words and sentences are asked for many times in one article
def plain(text: str) -> str:
    """Lower-case ``text`` without accents, of exactly the same length.

    >>> plain("L’armée à Ménaka")
    "l'armee a menaka"
    """
    if text.isascii():  # the same, in a tenth of the time
        return text.lower().replace("\t", " ").replace("`", "'")
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(sys.maxunicode + 1 if sys.maxunicode < 0x3000 else 0x3000):
        char = chr(code)
        base = _QUOTES.get(char) or unicodedata.normalize("NFKD", char)[:1].lower()
        if not char.isascii() and unicodedata.decomposition(char).startswith(("<super>", "<sub>", "<fraction>")):
            base = "^" if unicodedata.category(char) == "No" else base  # "10⁹" and "½" are no counts of people
        # a character whose lower case is longer (İ) keeps its first part: spans must not move
        if base and base != char:
            table[code] = base[0]
    return table
