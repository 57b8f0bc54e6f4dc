"""Where a way to names can find anything at all: at a unit of some kind, or at a word that it looks for.

Most sentences have nothing for most ways.  A way says with :func:`needs` what one unit of the sentence has to be for
it; what a word is for all ways is found out once, and a sentence then goes only the ways that one of its units opens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.words import Words

Way = Callable[[Context, Scene], list[Candidate]]
#: whether a way may find something where a word stands; it must hold of every word that can
Test = Callable[[str, Words], object]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a way needs: a unit of one of the kinds, a word of one of the cues, or one of which the test holds."""

    kinds: frozenset[str]
    cues: tuple[str, ...]
    word: Test | None


#: the ways that need something; all others are gone in every sentence
NEEDS: Final[dict[Way, Needs]] = {}


def needs(*, kinds: Sequence[str] = (), cues: Sequence[str] = (), word: Test | None = None) -> Callable[[Way], Way]:
    """Note that a way finds nothing in a sentence without one of these.

    Words, verbs, functions and stops cannot be asked for as kinds: no sentence is without (:attr:`Scene.places`).
    """

    def note(way: Way) -> Way:
        NEEDS[way] = Needs(frozenset(kinds), tuple(cues), word)
        return way

    return note


class Open(dict[str, int]):
    """Which of the ways a word opens, a bit for each; found out when first asked."""

    def __init__(self, ways: Sequence[Way], words: Words) -> None:
        self._ways = tuple(ways)
        self._words = words
        self._always = 0
        self._kinds: dict[str, int] = {}
        self._cued: dict[str, int] = {}
        self._tests: list[tuple[int, Test]] = []
        for k, way in enumerate(ways):
            need = NEEDS.get(way)
            if need is None:
                self._always |= 1 << k
                continue
            for kind in need.kinds:
                self._kinds[kind] = self._kinds.get(kind, 0) | 1 << k
            for word in {word for cue in need.cues for word in words.cues[cue]}:
                self._cued[word] = self._cued.get(word, 0) | 1 << k
            if need.word is not None:
                self._tests.append((1 << k, need.word))
        self._known: dict[int, tuple[Way, ...]] = {}

    def __missing__(self, word: str) -> int:
        found = self._cued.get(word, 0)
        for bit, test in self._tests:
            if test(word, self._words):
                found |= bit
        self[word] = found
        return found

    def ways(self, scene: Scene) -> tuple[Way, ...]:
        """The ways that may find something in a sentence, in their order."""
        bits = self._always
        for kind in scene.places:
            bits |= self._kinds.get(kind, 0)
        for bit in set(map(self.__getitem__, scene.texts)):
            bits |= bit
        known = self._known.get(bits)
        if known is None:
            known = self._known[bits] = tuple(way for k, way in enumerate(self._ways) if bits >> k & 1)
        return known
