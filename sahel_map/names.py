"""When are two spellings the same name? Spelling only: this module knows no place.

Four forms of a name, from strict to loose:

>>> fold("I-n-Abèbèl"), compact("I-n-Abèbèl"), sound_key("Inabebel")
('i n abebel', 'inabebel', 'inabebel')
>>> sound_key("Ouagadougou") == sound_key("Wagadugu")
True
>>> round(similarity("Boulkessi", "Boulikessi"), 2)
0.9

The Sahel sound key writes one sound one way (ou/w/u, dj/di/j, tch/ch, qu/k, gu/g, doubled letters…);
its rules and the qualifiers it sets aside (-Peul, -Dogon, Rimaïbé…) are rows of
``data/sound_rules.csv`` and ``data/name_qualifiers.csv``, in the order they are applied.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

DATA = Path(__file__).resolve().parent / "data"

# Letters that Unicode does not decompose, as Sahelian and French spellings rewrite them.
_LETTERS = {
    "ŋ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɲ": "ny", "ɛ": "e", "ɔ": "o", "ə": "e", "ǝ": "e",
    "ɣ": "gh", "œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "đ": "d", "ı": "i", "ʷ": "w",
}  # fmt: skip


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents; apostrophes, hyphens and other punctuation become one space.

    Letters of other scripts are kept as they are, so an Arabic or Tifinagh name folds to itself.

    >>> fold("  N’Tillit–Peul (Gao) "), fold("Séŋo Ɓoboola")
    ('n tillit peul gao', 'seno boboola')
    """
    return " ".join(text.translate(_FOLD).split())


def compact(text: str) -> str:
    """The folded name without its spaces: "Ti-n-Akof", "Tin Akof" and "Tinakof" are one.

    >>> compact("Ti-n-Akof")
    'tinakof'
    """
    return "".join(text.translate(_FOLD).split())


@lru_cache(maxsize=65536)
def sound_key(text: str) -> str:
    """How the name sounds in the Sahel, whatever office spelt it; "" for a name without letters.

    >>> sound_key("Koulogon-Peul") == sound_key("Koulogon")
    True
    >>> sound_key("Peul") != ""
    True
    """
    return _sounded(_heard(text))


def sound_keys(texts: Iterable[str]) -> list[str]:
    """The sound key of each of many names: faster, because a rule is applied to all of them at once."""
    heard = [_heard(text) for text in texts]
    return _sounded("\n".join(heard)).split("\n") if heard else []


def _heard(text: str) -> str:
    """The compact form without the qualifiers, unless it is nothing else."""
    words = text.translate(_FOLD).split()
    return "".join([word for word in words if word not in _QUALIFIERS] or words)


def _sounded(lines: str) -> str:
    """Every line as it sounds."""
    for pattern, replacement in _RULES:
        lines = pattern.sub(replacement, lines)
    return lines


def qualifiers(text: str) -> frozenset[str]:
    """The words of a name that only tell twin villages apart, one spelling each ("peul", "dogon").

    >>> sorted(qualifiers("Koulogon-Peulh"))
    ['peul']
    """
    words = text.translate(_FOLD).split()
    return frozenset(_QUALIFIERS[word] for word in words if word in _QUALIFIERS)


def has_qualifier(words: Iterable[str]) -> bool:
    """Whether one of the folded words only tells twin villages apart."""
    return not _QUALIFIERS.keys().isdisjoint(words)


@lru_cache(maxsize=65536)
def similarity(one: str, other: str) -> float:
    """How alike two spellings are, 0 to 1: by letters, or by sound where that is closer.

    Equal compact forms give 1, equal sounds at least 0.9; one wrong letter costs the more
    the shorter the name is.
    """
    return similarity_of_forms(compact(one), sound_key(one), compact(other), sound_key(other))


def similarities(one: str, others: Sequence[str]) -> list[float]:
    """``similarity`` to each of many other spellings."""
    key, sound = compact(one), sound_key(one)
    forms = zip(map(compact, others), sound_keys(others), strict=True)
    return [similarity_of_forms(key, sound, other, its_sound) for other, its_sound in forms]


def similarity_of_forms(one: str, one_sound: str, other: str, other_sound: str) -> float:
    """The same, from compact forms and sound keys that are already known."""
    if one == other:
        return 1.0 if one else 0.0
    letters: float = OSA.normalized_similarity(one, other)
    if one_sound == other_sound:
        return max(letters, 0.6 + 0.4 * letters, 0.9)
    return max(letters, 0.6 * OSA.normalized_similarity(one_sound, other_sound) + 0.4 * letters)


class _FoldTable(dict[int, str]):
    """For str.translate: every character's folded form, worked out the first time it is met."""

    def __missing__(self, codepoint: int) -> str:
        folded = self[codepoint] = _fold_character(chr(codepoint))
        return folded


def _fold_character(character: str) -> str:
    lowered = character.lower()
    if lowered in _LETTERS:
        return _LETTERS[lowered]
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    kept = "".join(_LETTERS.get(c, c) for c in bare if c.isalnum())
    # a combining accent on its own vanishes; any other sign separates words
    return kept if kept or unicodedata.combining(character) else " "


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the package's ``data`` folder."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_FOLD = _FoldTable()
_RULES = [(re.compile(row["pattern"], re.MULTILINE), row["replacement"]) for row in read_rows("sound_rules.csv")]
_QUALIFIERS = {row["word"]: row["group"] for row in read_rows("name_qualifiers.csv")}
