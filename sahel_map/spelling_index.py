"""Which known spellings are within a few letters of this one?

A deletion neighbourhood (SymSpell, W. Garbe 2012): two words within d edits share a form that
deletes at most d letters from each. A form is never written out: its hash is a polynomial in its
letters, and that of a word without its letters i and j follows from the sums of the word's own terms.
So numpy makes the forms of all keys, or of many words asked for, at once; one word alone takes less
time in plain Python. What is kept is one number a form.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

PREFIX = 9  # forms are taken of the first letters only: one wrong letter later is found by its prefix
_BASE = 48271  # of the polynomial
_BUCKETS = (65_521, 1_048_573, 4_194_301, 8_388_593)  # primes: a hash is a number modulo one of them
_AT_ONCE = 1 << 14  # words whose forms are made in one go
# Pairs of letters to leave out of a word; those behind its end leave out nothing.
_FIRST, _SECOND = np.triu_indices(PREFIX + 2, 1)
_BITS = np.array([number.bit_count() for number in range(1 << 16)], dtype=np.uint8)
Numbers = NDArray[np.integer[Any]]


class SpellingIndex:
    """Finds the keys within `distance` edits (1 or 2: insert, delete, replace, swap neighbours) of a word.

    Keys are told by their number in `keys`, where one may stand more than once.
    """

    def __init__(self, keys: Sequence[str], *, distance: int) -> None:
        self._distance = distance
        self._keys = list(keys)
        self._objects = objects(keys)
        self._lengths, self._letters = _lengths_of(keys), _letters_of(keys)
        self._size = next((size for size in _BUCKETS if size >= 20 * distance * len(keys)), _BUCKETS[-1])
        self._back = pow(_BASE, -1, self._size)  # moves a letter one place to the front
        self._powers = [pow(_BASE, place, self._size) for place in range(PREFIX)]
        hashes, numbers = self._forms_of_keys()
        order = np.argsort(hashes, kind="stable")
        self._numbers = numbers[order]
        self._starts = np.searchsorted(hashes[order], np.arange(self._size + 1)).astype(np.int32)
        # the same for Python, which reads one number of a view faster than one of an array
        self._number_view, self._start_view = self._numbers.data, self._starts.data

    def words(self, numbers: Numbers) -> list[str]:
        """The keys of these numbers."""
        found: list[str] = self._objects.take(numbers).tolist()
        return found

    def near(self, word: str, limit: int) -> list[tuple[int, int]]:
        """(number of the key, edits) of every key within `limit` edits, at most the index's distance."""
        starts, numbers, keys = self._start_view, self._number_view, self._keys
        forms = self._forms_of(word, min(limit, self._distance))
        runs = [(start, stop) for form in forms if (start := starts[form]) != (stop := starts[form + 1])]
        known = list(set().union(*[numbers[start:stop] for start, stop in runs]))
        extract: Any = process.extract  # its stubs know no integer scorer with a cut-off
        found = extract(word, [keys[number] for number in known], scorer=OSA.distance, score_cutoff=limit, limit=None)
        return [(known[place], edits) for _, edits, place in found]

    def near_many(self, words: Sequence[str], limits: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
        """(number of the word, number of the key, edits) of every key within a word's limit, in the words' order."""
        if not words:
            return _NONE, _NONE, _NONE
        allowed = np.minimum(np.array(limits, dtype=np.int64), self._distance)
        forms, owners = self._forms(words, allowed)
        starts = self._starts[forms]
        which, at = runs(starts, self._starts[forms + 1] - starts)
        keys: Numbers = self._numbers[at]
        owners = owners[which]
        # an edit changes the length by one and which letters there are by one, or only the letters, by two
        limit = allowed.astype(np.int8)[owners]
        longer = np.abs(self._lengths[keys] - _lengths_of(words)[owners])
        fitting = np.flatnonzero(longer <= limit)
        owners, keys, most = owners[fitting], keys[fitting], (2 * limit - longer)[fitting]
        fitting = np.flatnonzero(_bits(self._letters[keys] ^ _letters_of(words)[owners]) <= most)
        owners, keys = unpaired(paired(owners[fitting], keys[fitting]))
        edits = _distances(objects(words)[owners], self._objects[keys])
        close = np.flatnonzero(edits <= allowed[owners])
        return owners[close], keys[close], edits[close]

    def similarities(
        self, words: Sequence[str], pairs: Numbers, known: tuple[Numbers, Numbers, Numbers]
    ) -> NDArray[np.float64]:
        """How alike word and key of each pair are, 0 to 1; `known` are those of them that near_many has measured."""
        owners, keys = unpaired(pairs)
        edits = np.full(len(pairs), -1, dtype=np.int64)
        edits[np.searchsorted(pairs, paired(*known[:2]))] = known[2]
        rest = np.flatnonzero(edits < 0)
        edits[rest] = _distances(objects(words)[owners[rest]], self._objects[keys[rest]])
        return 1.0 - edits / np.maximum(np.maximum(_lengths_of(words)[owners], self._lengths[keys]), 1)

    def _forms_of(self, word: str, limit: int) -> list[int]:
        """The hashes of one word's forms: itself, without one letter, without two.

        With s[i] the sum of the first i letters' terms, the form without the letters i < j has the hash
        s[i] + (s[j] - s[i+1]) * back + (s[end] - s[j+1]) * back².
        """
        size, back = self._size, self._back
        sums = list(accumulate(map(mul, map(ord, word[:PREFIX]), self._powers), initial=0))
        whole = sums[-1]
        forms = [whole % size]
        first = [(before - after * back) % size for before, after in pairwise(sums)]
        if limit > 0:
            forms += [(one + whole * back) % size for one in first]
        if limit > 1:
            second = [(before * back - (after - whole) * back * back) % size for before, after in pairwise(sums)]
            forms += [(one + two) % size for j, two in enumerate(second) for one in first[:j]]
        return forms

    def _forms(self, words: Sequence[str], limits: Numbers) -> tuple[Numbers, Numbers]:
        """The same of many words: the hashes of their forms, and the number of the word each belongs to."""
        letters = _codes(words, PREFIX)
        sums = np.zeros((len(words), PREFIX + 3), dtype=np.int64)
        np.cumsum(letters * np.array(self._powers) % self._size, axis=1, out=sums[:, 1 : PREFIX + 1])
        sums[:, PREFIX + 1 :] = sums[:, [PREFIX]]
        sums %= self._size
        before, after, whole = sums[:, :-1], sums[:, 1:], sums[:, -1:]
        first = before - after * self._back
        second = before * self._back - (after - whole) * (self._back**2 % self._size)
        forms = (first[:, _FIRST] + second[:, _SECOND]) % self._size
        end, allowed = np.count_nonzero(letters, axis=1)[:, None], limits[:, None]
        kept = (end == _FIRST) & (end + 1 == _SECOND)  # nothing left out
        kept |= (end == _SECOND) & (allowed > 0)
        kept |= (end > _SECOND) & (allowed > 1)
        return forms[kept], np.nonzero(kept)[0]

    def _forms_of_keys(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        hashes, numbers = [np.empty(0, dtype=np.int32)], [np.empty(0, dtype=np.int32)]
        for start in range(0, len(self._keys), _AT_ONCE):
            some = self._keys[start : start + _AT_ONCE]
            forms, owners = self._forms(some, np.full(len(some), self._distance))
            hashes.append(forms.astype(np.int32))
            numbers.append((owners + start).astype(np.int32))
        return np.concatenate(hashes), np.concatenate(numbers)


def paired(owners: Numbers, keys: Numbers) -> Numbers:
    """Pairs of small numbers as one number each, in their order, each once."""
    pairs = np.sort(owners.astype(np.int64) << 32 | keys)  # np.unique takes fifty times as long
    return pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs


def unpaired(pairs: Numbers) -> tuple[Numbers, Numbers]:
    """The two numbers of each pair."""
    return pairs >> 32, pairs & 0xFFFFFFFF


def runs(starts: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """(number of the run, number) of all the numbers in runs that begin at `starts` and are `counts` long."""
    which = np.repeat(np.arange(len(counts)), counts)
    return which, np.arange(len(which)) + (starts - (np.cumsum(counts) - counts))[which]


def _distances(some: NDArray[Any], others: NDArray[Any]) -> Numbers:
    """The edits between the words of two arrays, pair by pair."""
    found: Numbers = process.cpdist(some.tolist(), others.tolist(), scorer=OSA.distance, dtype=np.int64)
    return found


def _codes(words: Sequence[str], length: int) -> Numbers:
    """The letters of words as a table of numbers, cut to a length or filled up with 0."""
    if not words:
        return np.zeros((0, length), dtype=np.int64)
    return np.array(words, dtype=f"U{length}").view(np.uint32).reshape(-1, length).astype(np.int64)


def _letters_of(words: Sequence[str]) -> NDArray[np.uint64]:
    """Which letters a word has once, and which again, as bits; letters that share a bit only let more words pass."""
    once = np.zeros(len(words), dtype=np.uint64)
    again = np.zeros(len(words), dtype=np.uint64)
    for letters in _codes(words, max(map(len, words), default=1) or 1).T:
        bits = np.where(letters > 0, np.uint64(1) << (letters & 31).astype(np.uint64), np.uint64(0))
        again |= once & bits
        once |= bits
    return once | again << np.uint64(32)


def _lengths_of(words: Sequence[str]) -> NDArray[np.int8]:
    """The lengths of words, of a very long one no more than can be told from a name."""
    return np.fromiter((min(len(word), 127) for word in words), dtype=np.int8, count=len(words))


def objects(some: Sequence[Any]) -> NDArray[Any]:
    """An array of words, or of other objects that are no sequence themselves."""
    found = np.empty(len(some), dtype=object)
    found[:] = some
    return found


def _bits(numbers: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """How many bits of each are set."""
    if hasattr(np, "bitwise_count"):  # from numpy 2 on
        return np.bitwise_count(numbers)
    first, second, third, fourth = _BITS[numbers.view(np.uint16)].reshape(-1, 4).T
    return first + second + third + fourth


_NONE: Numbers = np.empty(0, dtype=np.int64)
