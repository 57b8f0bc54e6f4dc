"""Names that no rule finds: weights of what stands in and around a stretch of words, learnt from annotated reports.

Rules find most names; what is left are names without a head ("引江补汉"), names that reach over conjunctions, numerals
and verbs, and chunks that some reports use for one thing and others for a kind.  For these the traits of each stretch
(:mod:`~kg.extract.names.spans`) are added up (logistic regression); what comes out above zero is a name, and further
weights tell its class.  The weights are general vocabulary and grammar (``name_weights.tsv``, by
``tools/name_weights.py``): a trait counts only if several places' reports have it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from kg.extract.chunks import Unit
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.spans import ALWAYS, Sight, Word
from kg.model import EntityClass as C
from kg.model import Span
from kg.resources import table

__all__ = ("ALWAYS", "FOUND", "NAME", "Weights", "classes_of", "learned", "scale", "weights")

#: what a weight decides when it is not a class
NAME = "name"
#: and when it is of what a rule has found (:mod:`~kg.extract.names.doubted`)
FOUND = "found"
#: the tags of idioms and set phrases
_SAYINGS = frozenset(("i", "l"))
_BY_NUMBERS = re.compile(r"(?:[一二三四五六七八九十两][\u4e00-\u9fff]{1,2}){2,}")
#: what the edges and the words of a stretch come to where the rest of its traits is not asked for: of the names in
#: annotated reports fewer than one in a hundred lie below it
FLOOR = -5.0
#: a name that a rule has found is given up for a longer one of which the weights are surer than of others by so much
_SURER = 1.0
#: and only if nothing but the place that it begins with, or a name known all over the country, lies in it
_STAYING = ("place", "known", "nested", "water")


class Weights(NamedTuple):
    """By trait: what it says for a name, for each class, and for what a rule has found."""

    name: dict[str, float]
    classes: dict[str, dict[C, float]]
    found: dict[str, float]


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The table of weights, read once per process."""
    name: dict[str, float] = {}
    classes: dict[str, dict[C, float]] = {}
    found: dict[str, float] = {}
    for trait, outcome, weight in table("name_weights.tsv", "trait", "outcome", "weight"):
        if outcome == NAME:
            name[trait] = float(weight)
        elif outcome == FOUND:
            found[trait] = float(weight)
        else:
            classes.setdefault(trait, {})[C(outcome)] = float(weight)
    return Weights(name, classes, found)


class _Sums(NamedTuple):
    """What the traits of a word come to, by its place in a stretch or beside it."""

    first: float
    last: float
    holds: float
    before: float
    earlier: float
    after: float
    later: float
    second: float
    former: float


class Scale:
    """The weights, ready to be added up: what a word brings is added up once for each word."""

    def __init__(self, name: dict[str, float]) -> None:
        self.get = name.get
        self._sums: dict[Word, _Sums] = {}

    def of(self, traits: Sequence[str]) -> float:
        """The sum of traits."""
        get = self.get
        return sum([get(trait, 0.0) for trait in traits])

    def word(self, word: Word) -> _Sums:
        """What a word brings in each of its places."""
        found = self._sums.get(word)
        if found is None:
            if len(self._sums) > 100_000:
                self._sums.clear()
            found = self._sums[word] = _Sums(*[self.of(word.traits[place]) for place in _Sums._fields])
        return found

    def stretches(self, sight: Sight) -> list[tuple[float, int, int]]:
        """The stretches of a sentence whose traits come to more than zero, with the sum."""
        get = self.get
        sums = [self.word(word) for word in sight.words]
        size = len(sums)
        held = [0.0, *accumulate(s.holds for s in sums)]
        always = self.of(sight.always)
        firsts, lasts = sight.edges()
        ends: dict[int, float] = {}
        result = []
        for first in firsts:
            begin: float | None = None
            for last in sight.reach(first):
                if not lasts[last]:
                    continue
                if begin is None:
                    begin = self.first(sight, sums, first) - held[first]
                end = ends.get(last)
                if end is None:
                    end = ends[last] = self.last(sight, sums, last, size) + held[last + 1]
                total = begin + end
                if last > first:
                    total += sums[first + 1].second + sums[last - 1].former
                if total > FLOOR:
                    for trait in sight.of_whole(first, last):
                        total += get(trait, 0.0)
                    if total + always > 0:
                        result.append((total + always, first, last))
        return result

    def first(self, sight: Sight, sums: Sequence[_Sums], k: int) -> float:
        """What the traits of :meth:`Sight.at_first` come to."""
        return sums[k].first + (sums[k - 1].before if k else 0.0) + (sums[k - 2].earlier if k > 1 else 0.0) + self.of(
            sight.beginning(k)
        )

    def last(self, sight: Sight, sums: Sequence[_Sums], k: int, size: int) -> float:
        """What those of :meth:`Sight.at_last` come to."""
        after = sums[k + 1].after if k + 1 < size else 0.0
        return sums[k].last + after + (sums[k + 2].later if k + 2 < size else 0.0) + self.of(sight.ending(k))


@lru_cache(maxsize=1)
def scale() -> Scale:
    """The weights of names, read once per process."""
    return Scale(weights().name)


def learned(sight: Sight) -> list[Candidate]:
    """What the learnt weights take for names in a sentence, beside what the rules have found in it.

    A shorter one that a rule has found is given up for a longer one that is surer: it leaves the scene's candidates.
    """
    ctx, scene = sight.ctx, sight.scene
    known = weights()
    row = scene.row
    result: list[Candidate] = []
    taken: list[tuple[int, int]] = []
    for total, first, last in sorted(scale().stretches(sight), key=lambda f: (-f[0], f[1], f[2])):
        begin, end = row[first].begin, row[last].end
        if any(begin < e and b < end for b, e in taken) or _is_saying(ctx, row[first : last + 1]):
            continue
        span = Span(begin, end)
        over = [c for c in scene.candidates if c.span.overlaps(span)]
        if over and (total < _SURER or not all(_yields(c, span) for c in over)):
            continue
        taken.append((begin, end))
        gone = {id(c) for c in over if not c.rule.startswith(_STAYING)}
        if over:
            for c in over:
                c.nested = True
            scene.candidates = [c for c in scene.candidates if id(c) not in gone]
        head = ctx.words.heads.closing(ctx.norm[begin:end])
        certain = head is not None and head.grade == "strong" and len(head.word) > 1
        if head is not None and certain:
            classes: set[C] | frozenset[C] = head.classes
        else:
            classes = classes_of(sight.traits(first, last), known)
        result.append(ctx.candidate(begin, end, classes, "learned"))
    return result


def _yields(c: Candidate, span: Span) -> bool:
    """Whether what a rule has found is a part of a longer stretch, and not completed by words elsewhere."""
    return span.begin <= c.span.begin and c.span.end <= span.end and len(c.span) < len(span) and len(c.name) == len(c.span)


def _is_saying(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a chunk is a saying ("说一不二") or a slogan by numbers ("一核四区"), which name nothing."""
    begin, end = us[0].begin, us[-1].end
    if _BY_NUMBERS.fullmatch(ctx.norm, begin, end):
        return True
    if len(us) > 1 or us[0].kind != "quote":
        return us[0].tag in _SAYINGS and len(us) == 1
    k = bisect_left(ctx.tokens.begins, begin + 1)
    return ctx.tokens.ends[k] == end - 1 and ctx.tokens.pairs[k][1] in _SAYINGS


def classes_of(found: Sequence[str], known: Weights) -> set[C]:
    """The likeliest class, and whatever others the traits speak for; a person is nothing else besides."""
    sums: dict[C, float] = {}
    for trait in found:
        for name, weight in known.classes.get(trait, {}).items():
            sums[name] = sums.get(name, 0.0) + weight
    best = max(sums, key=lambda c: (sums[c], c.value), default=C.PROJECT)
    likely = {best} | {c for c, total in sums.items() if total > -1.0}
    return {best} if best is C.PERSON else likely - {C.PERSON}
