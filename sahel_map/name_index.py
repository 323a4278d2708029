"""How is a spelling looked up: from the file for one name, from memory for a million?

Both classes answer the same three questions over the layers of a gazetteer, the first layer winning.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from sahel_map.gazetteer_store import Store
from sahel_map.model import Candidate, Place
from sahel_map.names import compact, similarity_of_forms
from sahel_map.place_table import PlaceTable, Similar, methods, parted
from sahel_map.spelling_index import SpellingIndex, paired, unpaired
from sahel_map.telling_apart import Apart, Distinct, twins

# How far the spelling of each tier alone can be trusted. A sound or close match is this times its similarity.
SCORES = {"user": 1.0, "exact": 1.0, "alternate": 0.98, "compact": 0.96, "sound": 0.97, "part": 0.85, "close": 0.93}
LEAST_SIMILARITY = 0.6


Alike = tuple[float, str, str]  # score, a known spelling's compact form, method: sound, close or part


class NameIndex(Protocol):
    """The ways from a spelling to places, and what tells these apart."""

    def with_compact(self, key: str) -> tuple[Place, ...]: ...
    def spelt(self, key: str) -> Iterable[tuple[Place, str]]: ...
    def beginning_with(self, folded: str) -> Iterable[str]: ...
    def alike(self, key: str, sound: str) -> list[Alike]: ...
    def apart(self) -> Distinct | Apart: ...


def edits_allowed(length: int) -> int:
    """How many letters of a spelling may be wrong: none of three or less, one up to five, then two."""
    return 0 if length <= 3 else 1 if length <= 5 else 2


def sound_edits_allowed(length: int) -> int:
    """How many letters of a sound key may differ."""
    return min(1, edits_allowed(length))


class StoredNames:
    """Reads what a look-up needs from the gazetteer files: a few milliseconds, no loading."""

    def __init__(self, layers: Sequence[Store]) -> None:
        self._layers = layers

    def with_compact(self, key: str) -> tuple[Place, ...]:
        return tuple(layer.place(number) for layer in self._layers for number in layer.with_compact(key))

    def spelt(self, key: str) -> Iterable[tuple[Place, str]]:
        """The places of this compact form, each with its name that has it."""
        return [(place, _spelt(key, place)) for place in self.with_compact(key)]

    def beginning_with(self, folded: str) -> Iterable[str]:
        return [key for layer in self._layers for key in layer.beginning_with(folded)]

    def alike(self, key: str, sound: str) -> list[Alike]:
        """The spellings within a few letters of the key, or that sound so, without itself; the likeliest first."""
        sounds, keys = self._forms
        found = {i for _, _, i in _within(key, keys, edits_allowed(len(key)))}
        found |= {i for _, _, i in _within(sound, sounds, sound_edits_allowed(len(sound)))}
        pairs = {self._pairs[i] for i in found} | {
            (sound, k) for layer in self._layers for k in layer.with_sound(sound)
        }
        return _scored(key, sound, ((k, s) for s, k in pairs))

    def apart(self) -> Distinct:
        return Distinct()

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        return [pair for layer in self._layers for pair in layer.compacts()]

    @cached_property
    def _forms(self) -> tuple[list[str], list[str]]:
        return [sound for sound, _ in self._pairs], [key for _, key in self._pairs]


class LoadedNames:
    """Everything in memory, with a deletion neighbourhood for misspellings, built when first needed."""

    def __init__(self, layers: Sequence[Store]) -> None:
        found: dict[str, list[Place]] = {}
        said: set[tuple[str, str]] = set()
        spaced: dict[str, str] = {}
        for layer in layers:
            places = layer.load_places()
            for row in layer.names():
                here = found.setdefault(row.compact, [])
                if places[row.place] not in here[-1:]:
                    here.append(places[row.place])
                said.add((row.compact, row.sound))
                if " " in row.folded:
                    spaced[row.folded] = row.compact
        self._places = {key: tuple(here) for key, here in found.items()}
        self._pairs = sorted(said)
        self._spaced = sorted(spaced)
        self._spaced_keys = [spaced[folded] for folded in self._spaced]
        self._openings: dict[str, int] = {}  # where the names begin that add words to these
        for number, folded in enumerate(self._spaced):
            end = folded.find(" ")
            while end > 0:
                self._openings.setdefault(folded[:end], number)
                end = folded.find(" ", end + 1)

    def with_compact(self, key: str) -> tuple[Place, ...]:
        return self._places.get(key, ())

    def spelt(self, key: str) -> Iterable[tuple[Place, str]]:
        return zip(self._places.get(key, ()), self._spelt.get(key, ()), strict=True)

    def beginning_with(self, folded: str) -> Iterable[str]:
        start = self._openings.get(folded)
        if start is None:
            return ()
        stop = bisect_right(self._spaced, folded + "!", start)  # "!" is the sign after the space
        return self._spaced_keys[start : min(stop, start + 60)]

    def alike(self, key: str, sound: str) -> list[Alike]:
        found = {number for number, _ in self._letters.near(key, edits_allowed(len(key)))}
        found.update(number for number, _ in self._sounds.near(sound, sound_edits_allowed(len(sound))))
        return _scored(key, sound, (self._pairs[number] for number in found))

    def apart(self) -> Apart:
        return Apart(self._twins)

    def alike_many(self, forms: Sequence[tuple[str, str]]) -> list[tuple[Alike, ...]]:
        """``alike`` for each of many names, given by compact form and sound key."""
        found = self._similar(forms)
        spellings = self._letters.words(found.spellings)
        every = list(zip(found.scores.tolist(), spellings, methods(found.sounding), strict=True))
        return parted(every, found.owners, len(forms))

    def places_alike(
        self, forms: Sequence[tuple[str, str]], country: str | None, limit: int
    ) -> list[tuple[Candidate, ...]]:
        """The likeliest places of each of many names, in one country if it is given."""
        return self._table.best(self._similar(forms), len(forms), country, limit)

    def _similar(self, forms: Sequence[tuple[str, str]]) -> Similar:
        keys, sounds = [key for key, _ in forms], [sound for _, sound in forms]
        by_letters = self._letters.near_many(keys, [edits_allowed(len(key)) for key in keys])
        by_sound = self._sounds.near_many(sounds, [sound_edits_allowed(len(sound)) for sound in sounds])
        pairs = paired(*(np.concatenate(both) for both in zip(by_letters[:2], by_sound[:2], strict=True)))
        letters = self._letters.similarities(keys, pairs, by_letters)
        sounding = self._sounds.similarities(sounds, pairs, by_sound)
        is_sound = sounding == 1.0
        alike = np.where(
            is_sound, np.maximum(0.6 + 0.4 * letters, 0.9), np.maximum(letters, 0.6 * sounding + 0.4 * letters)
        )
        scores = alike * np.where(is_sound, SCORES["sound"], SCORES["close"])
        kept = (alike >= LEAST_SIMILARITY) & (letters < 1.0)
        asked, numbers = unpaired(pairs[kept])
        # the likeliest first, and of equals the last in the alphabet, as sorting Alikes does
        order = len(asked) - 1 - np.lexsort((-scores[kept][::-1], asked[::-1]))
        return Similar(asked[order], numbers[order], scores[kept][order], is_sound[kept][order])

    @cached_property
    def _twins(self) -> dict[str, str]:
        return twins(self._places.values())

    @cached_property
    def _spelt(self) -> dict[str, tuple[str, ...]]:
        """For the places of every compact form their names that have it."""
        return {key: tuple([_spelt(key, place) for place in here]) for key, here in self._places.items()}

    @cached_property
    def _table(self) -> PlaceTable:
        keys = [key for key, _ in self._pairs]
        return PlaceTable([self._places[key] for key in keys], [self._spelt[key] for key in keys], self._twins)

    @cached_property
    def _letters(self) -> SpellingIndex:
        return SpellingIndex([key for key, _ in self._pairs], distance=2)

    @cached_property
    def _sounds(self) -> SpellingIndex:
        return SpellingIndex([sound for _, sound in self._pairs], distance=1)


def _spelt(key: str, place: Place) -> str:
    """Which of a place's names has this compact form."""
    name = place.name
    if name.lower() == key or compact(name) == key:  # the first is quick, and true of most
        return name
    return next((n for n in place.alternate_names if compact(n) == key), name)


def _scored(key: str, sound: str, others: Iterable[tuple[str, str]]) -> list[Alike]:
    """Of spellings with their sounds those that are alike, the likeliest first."""
    alike: list[Alike] = []
    for other, its_sound in others:
        if other == key:
            continue
        similarity = similarity_of_forms(key, sound, other, its_sound)
        if similarity >= LEAST_SIMILARITY:
            method = "sound" if its_sound == sound else "close"
            alike.append((SCORES[method] * similarity, other, method))
    alike.sort(reverse=True)
    return alike


def _within(word: str, choices: Sequence[str], edits: int) -> list[tuple[str, float, int]]:
    if not edits:
        return []
    extract: Any = process.extract  # its stubs know no integer scorer with a cut-off
    found: list[tuple[str, float, int]] = extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return found
