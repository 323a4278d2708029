"""Which known spellings are within a few letters of this one, fifteen thousand times a second?

A deletion neighbourhood (SymSpell, W. Garbe 2012): two words within d edits share a form that
deletes at most d letters from each. The forms of every key are hashed into one sorted array, so
memory stays at 12 bytes a form and a look-up is one binary search.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from rapidfuzz.distance import OSA

PREFIX = 7  # forms are taken of the first letters only: one wrong letter later is found by its prefix


class SpellingIndex:
    """Finds the keys within `distance` edits (insert, delete, replace, swap neighbours) of a word."""

    def __init__(self, keys: Sequence[str], *, distance: int) -> None:
        self._keys = keys
        self._distance = distance
        hashes, numbers = array("q"), array("i")
        for number, key in enumerate(keys):
            forms = _deletions(key[:PREFIX], distance)
            hashes.extend(hash(form) for form in forms)
            numbers.extend([number] * len(forms))
        every = np.frombuffer(hashes, dtype=np.int64) if hashes else np.empty(0, dtype=np.int64)
        order = np.argsort(every, kind="stable")
        self._numbers = (np.frombuffer(numbers, dtype=np.int32) if numbers else np.empty(0, dtype=np.int32))[order]
        self._hashes, self._starts = np.unique(every[order], return_index=True)
        self._stops = np.append(self._starts[1:], len(every))

    def near(self, word: str) -> Iterator[tuple[str, int]]:
        """(key, edits) of every key within the distance, the word itself included if it is a key."""
        if not len(self._hashes):
            return
        forms = np.fromiter((hash(form) for form in _deletions(word[:PREFIX], self._distance)), dtype=np.int64)
        at = np.searchsorted(self._hashes, forms)
        at[at == len(self._hashes)] = 0
        at = at[self._hashes[at] == forms]
        found: set[int] = set()
        for start, stop in zip(self._starts[at].tolist(), self._stops[at].tolist(), strict=True):
            found.update(self._numbers[start:stop].tolist())
        limit, length, keys, distance = self._distance, len(word), self._keys, OSA.distance
        for number in found:
            key = keys[number]
            if -limit <= len(key) - length <= limit:
                edits = distance(word, key, score_cutoff=limit)
                if edits <= limit:
                    yield key, edits


def _deletions(word: str, distance: int) -> set[str]:
    forms = {word}
    latest: Iterable[str] = forms
    for _ in range(distance):
        latest = {form[:i] + form[i + 1 :] for form in latest for i in range(len(form))}
        forms = forms.union(latest)
    return forms
