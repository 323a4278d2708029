"""How is a spelling looked up: from the file for one name, from memory for a million?

Both classes answer the same four questions over the layers of a gazetteer, the first layer winning.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sahel_map.gazetteer_store import Store
from sahel_map.model import Place
from sahel_map.names import sound_key
from sahel_map.spelling_index import SpellingIndex


class NameIndex(Protocol):
    """The four ways from a spelling to places."""

    def with_compact(self, key: str) -> tuple[Place, ...]: ...
    def with_sound(self, sound: str) -> Iterable[str]: ...
    def beginning_with(self, folded: str) -> Iterable[str]: ...
    def near(self, key: str, sound: str) -> set[str]: ...
    def sound_of(self, key: str) -> str: ...


def edits_allowed(length: int) -> int:
    """How many letters of a spelling may be wrong: none of three or less, one up to five, then two."""
    return 0 if length <= 3 else 1 if length <= 5 else 2


class StoredNames:
    """Reads what a look-up needs from the gazetteer files: a few milliseconds, no loading."""

    def __init__(self, layers: Sequence[Store]) -> None:
        self._layers = layers

    def with_compact(self, key: str) -> tuple[Place, ...]:
        return tuple(layer.place(number) for layer in self._layers for number in layer.with_compact(key))

    def with_sound(self, sound: str) -> Iterable[str]:
        return [key for layer in self._layers for key in layer.with_sound(sound)]

    def beginning_with(self, folded: str) -> Iterable[str]:
        return [key for layer in self._layers for key in layer.beginning_with(folded)]

    def near(self, key: str, sound: str) -> set[str]:
        found = {k for k, _, _ in _within(key, self._compacts, edits_allowed(len(key)))}
        near_sounds = [i for _, _, i in _within(sound, self._sounds, min(1, edits_allowed(len(sound))))]
        return found | {self._compacts[i] for i in near_sounds}

    def sound_of(self, key: str) -> str:
        """The sound of a compact form that is known; its own letters' sound otherwise."""
        return self._sound_by_key.get(key) or sound_key(key)

    @cached_property
    def _sound_by_key(self) -> dict[str, str]:
        return {key: sound for sound, key in self._pairs} if "_pairs" in self.__dict__ else {}

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        return [pair for layer in self._layers for pair in layer.compacts()]

    @cached_property
    def _sounds(self) -> list[str]:
        return [sound for sound, _ in self._pairs]

    @cached_property
    def _compacts(self) -> list[str]:
        return [key for _, key in self._pairs]


class LoadedNames:
    """Everything in memory, with a deletion neighbourhood for misspellings, built when first needed."""

    def __init__(self, layers: Sequence[Store]) -> None:
        self._places: dict[str, list[Place]] = {}
        self._by_sound: dict[str, list[str]] = {}
        self._sound_by_key: dict[str, str] = {}
        folded: set[tuple[str, str]] = set()
        for layer in layers:
            places = layer.load_places()
            for row in layer.names():
                here = self._places.setdefault(row.compact, [])
                if not here:
                    self._by_sound.setdefault(row.sound, []).append(row.compact)
                    self._sound_by_key[row.compact] = row.sound
                if places[row.place] not in here[-1:]:
                    here.append(places[row.place])
                if " " in row.folded:
                    folded.add((row.folded, row.compact))
        self._sorted = sorted(folded)
        self._tuples: dict[str, tuple[Place, ...]] = {}

    def with_compact(self, key: str) -> tuple[Place, ...]:
        known = self._tuples.get(key)
        if known is None:
            places = self._places.get(key)
            if places is None:
                return ()
            known = self._tuples[key] = tuple(places)
        return known

    def with_sound(self, sound: str) -> Iterable[str]:
        return self._by_sound.get(sound, ())

    def beginning_with(self, folded: str) -> Iterable[str]:
        start = bisect_right(self._sorted, (folded + " ", ""))
        found = []
        for name, key in self._sorted[start : start + 60]:
            if not name.startswith(folded + " "):
                break
            found.append(key)
        return found

    def near(self, key: str, sound: str) -> set[str]:
        allowed = edits_allowed(len(key))
        found = {near for near, _ in self._letters.near(key, allowed)} if allowed else set()
        if edits_allowed(len(sound)):
            for near_sound, _ in self._sounds.near(sound):
                found.update(self._by_sound[near_sound])
        return found

    def sound_of(self, key: str) -> str:
        return self._sound_by_key.get(key) or sound_key(key)

    @cached_property
    def _letters(self) -> SpellingIndex:
        return SpellingIndex([key for key in self._places if len(key) > 2], distance=2)

    @cached_property
    def _sounds(self) -> SpellingIndex:
        return SpellingIndex([sound for sound in self._by_sound if len(sound) > 2], distance=1)


def _within(word: str, choices: Sequence[str], edits: int) -> list[tuple[str, float, int]]:
    if not edits:
        return []
    extract: Any = process.extract  # its stubs know no integer scorer with a cut-off
    found: list[tuple[str, float, int]] = extract(word, choices, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return found
