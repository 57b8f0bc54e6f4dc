"""A small neural network that tells names from other stretches of words, and of what class they are.

It reads a sentence word by word: what each is, what it is made of, what the rules have found there.  Convolutions over
words near and less near (He et al., 2016, "Identity mappings in deep residual networks"; dilated as by Strubell et al.,
2017, "Fast and accurate entity recognition with iterated dilated convolutions") make of it what a word is where it
stands.  A stretch is told by its first and last word, those beside it and the mean of its own.  The numbers are in
``name_network.tsv``, learnt by ``tools/name_network.py`` from annotated reports; no word is in it that fewer than five
places' reports use.  How they are added up is in :mod:`~kg.extract.names.reckoning`; here it is asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract import beside
from kg.extract.names.told import Key, Question
from kg.model import EntityClass

if TYPE_CHECKING:
    from kg.extract.names.candidates import Candidate, Scene
    from kg.extract.names.spans import Sight

#: so many words are looked at at once, for what they come to to stay near the processor
BATCH: Final = 1500


#: the classes, in the order of what comes out behind the sum for a name
CLASSES: Final = tuple(EntityClass)
#: by which the file says so; a test holds the file to it
CLASSES_KEY: Final = "name " + " ".join(CLASSES)


class Judged(NamedTuple):
    """What the stretches of a sentence come to, in hundredths of a logit."""

    #: those above nought that no rule has found: the sum, the first word and the last
    stretches: Sequence[tuple[int, int, int]]
    #: what each stretch comes to that a rule has found, or that is above nought, by its first and last word
    sums: Mapping[tuple[int, int], int]
    #: and what it comes to for each class of :data:`CLASSES`
    classes: Mapping[tuple[int, int], Sequence[int]]


#: of a sentence that was not looked at
UNJUDGED: Final = Judged((), {}, {})


#: what a rule has found, with its first word and its last
Whole = tuple["Candidate", int, int]


def of_place(sight: Sight, wholes: Iterable[Whole]) -> list[Key]:
    """What is told of each word of a sentence where it stands: whether it is a place, what rules find, the part."""
    ctx, part = sight.ctx, sight.scene.part.value
    is_place, own = ctx.is_place, ctx.own_names
    found = _found(sight.scene, wholes)
    return [
        (_PLACES[is_place(text) + 2 * (text in own)], way, part)
        for text, way in zip(sight.scene.texts, found, strict=True)
    ]


#: no place, the name of one, the name of the own area that is none by itself, the own area
_PLACES = ("0", "1", "2", "3")


def _found(scene: Scene, wholes: Iterable[Whole]) -> list[str]:
    """By which way a rule has found the name that each word stands in, and whether the name begins there."""
    found = [""] * len(scene.row)
    for c, first, last in wholes:
        if not c.nested:
            found[first] = f"begins {c.way}"
            found[first + 1 : last + 1] = [f"goes on {c.way}"] * (last - first)
    return found


def whole(scene: Scene) -> Iterator[Whole]:
    """What rules have found in a sentence, with its first and last word; but for what begins or ends within one."""
    if scene.candidates:
        begins = {unit.begin: k for k, unit in enumerate(scene.row)}
        ends = {unit.end: k for k, unit in enumerate(scene.row)}
        for c in scene.candidates:
            first, last = begins.get(c.span.begin), ends.get(c.span.end)
            if first is not None and last is not None and first <= last:
                yield c, first, last


def load() -> None:
    """Read the network, for what is judged by this process."""
    from kg.extract.names import reckoning  # which imports numpy

    reckoning.network()


def judged(sights: Iterable[Sight]) -> Iterator[tuple[Sight, Judged]]:
    """Each sentence, with what its stretches come to.

    All are looked at before the first is given, some at a time: where another process reckons, it does so while the
    next ones are found.  What rules have found in a sentence may be changed from then on.
    """
    yield from chain.from_iterable([_Asked(batch) for batch in _batches(sights)])


def _batches(sights: Iterable[Sight]) -> Iterator[list[Sight]]:
    batch: list[Sight] = []
    size = 0
    for sight in sights:
        batch.append(sight)
        size += len(sight.row)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Asked:
    """Some sentences of which it is asked what their stretches come to; gives each with the answer."""

    def __init__(self, sights: Sequence[Sight]) -> None:
        words: dict[Key, int] = {}
        places: dict[Key, int] = {}
        at_word: list[int] = []
        at_place: list[int] = []
        firsts: list[int] = []
        lasts: list[int] = []
        begins: list[str] = []
        ends: list[str] = []
        shared: list[str] = []
        asked: list[int] = []
        self._sights = sights
        #: for each sentence its stretches, as first and last word, and how many of them, the first, rules have found
        self._stretches: list[tuple[list[tuple[int, int]], int]] = []
        for sight in sights:
            wholes = list(whole(sight.scene))
            found = {(first, last): None for _, first, last in wholes}
            own = [*found, *(stretch for stretch in sight.stretches() if stretch not in found)]
            self._stretches.append((own, len(found)))
            asked += range(len(firsts), len(firsts) + len(found))
            offset, how, so = len(at_word), sight.begins, sight.ends
            firsts += [offset + first for first, _ in own]
            lasts += [offset + last for _, last in own]
            begins += [how[first] for first, _ in own]
            ends += [so[last] for _, last in own]
            shared += sight.shared(own)
            at_word += [words.setdefault(word.told, len(words)) for word in sight.words]
            at_place += [places.setdefault(place, len(places)) for place in of_place(sight, wholes)]
        question = Question(
            sizes=[len(sight.words) for sight in sights],
            words=list(words),
            at_word=at_word,
            places=list(places),
            at_place=at_place,
            begins=begins,
            ends=ends,
            firsts=firsts,
            lasts=lasts,
            shared=shared,
            asked=asked,
        )
        self._answer: beside.Pending = beside.ask(beside.RECKONS, *question)

    def __iter__(self) -> Iterator[tuple[Sight, Judged]]:
        at, sums, classes = self._answer()
        begin = stop = end = 0
        for sight, (stretches, found) in zip(self._sights, self._stretches, strict=True):
            known, end = end + found, end + len(stretches)
            start, stop = stop, bisect_left(at, end, stop)
            told = [(stretches[at[k] - begin], k) for k in range(start, stop)]
            yield (
                sight,
                Judged(
                    [(sums[k], *stretch) for stretch, k in told if at[k] >= known],
                    {stretch: sums[k] for stretch, k in told},
                    {stretch: classes[k] for stretch, k in told},
                ),
            )
            begin = end
