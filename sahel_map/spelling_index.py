"""Which known spellings are within a few letters of this one, fifteen thousand times a second?

A deletion neighbourhood (SymSpell, W. Garbe 2012): two words within d edits share a form that
deletes at most d letters from each. The forms of every key are hashed into one sorted array, so
memory stays at 12 bytes a form and a look-up is one binary search.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from rapidfuzz import process
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
        self._lengths = np.fromiter((len(key) for key in keys), dtype=np.int32, count=len(keys))
        self._hashes, self._starts = np.unique(every[order], return_index=True)
        self._stops = np.append(self._starts[1:], len(every))

    def near(self, word: str, limit: int | None = None) -> Iterator[tuple[str, int]]:
        """(key, edits) of every key within `limit` edits, at most the index's distance; the word itself included."""
        limit = self._distance if limit is None else min(limit, self._distance)
        if not len(self._hashes):
            return
        forms = np.fromiter((hash(form) for form in _deletions(word[:PREFIX], limit)), dtype=np.int64)
        at = np.searchsorted(self._hashes, forms)
        at[at == len(self._hashes)] = 0
        at = at[self._hashes[at] == forms]
        runs = [self._numbers[start:stop] for start, stop in zip(self._starts[at], self._stops[at], strict=True)]
        if not runs:
            return
        numbers = np.concatenate(runs)
        numbers = numbers[np.abs(self._lengths[numbers] - len(word)) <= limit]
        keys = self._keys
        near = {keys[number] for number in numbers.tolist()}
        extract: Any = process.extract  # its stubs know no integer scorer with a cut-off
        for key, edits, _ in extract(word, near, scorer=OSA.distance, score_cutoff=limit, limit=None):
            yield key, int(edits)


def _deletions(word: str, distance: int) -> set[str]:
    forms = {word}
    latest: Iterable[str] = forms
    for _ in range(distance):
        latest = {form[:i] + form[i + 1 :] for form in latest for i in range(len(form))}
        forms = forms.union(latest)
    return forms
