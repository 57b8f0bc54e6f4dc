"""A small neural network that tells names from other stretches of words, and of what class they are.

It reads a sentence word by word: what each is, what it is made of, what the rules have found there.  Convolutions over
words near and less near (He et al., 2016, "Identity mappings in deep residual networks"; dilated as by Strubell et al.,
2017, "Fast and accurate entity recognition with iterated dilated convolutions") make of it what a word is where it
stands.  A stretch is told by its first and last word, those beside it and the mean of its own.  The numbers are in
``name_network.tsv``, learnt by ``tools/name_network.py`` from annotated reports; no word is in it that fewer than five
places' reports use.

**Whole numbers only.** The same report has to give the same graph on every machine, and sums of fractions depend on the
order in which a processor adds them.  So weights are whole numbers of eight bits, as is what a word comes to between
two layers (learnt with that rounding: Jacob et al., 2018, "Quantization and training of neural networks for efficient
integer-arithmetic-only inference").  As floats of 32 bits, which processors multiply fastest, such products and their
sums are exact below 2²⁴; means, roots and quotients are single operations, which 64-bit processors round alike, as
IEEE 754 says.
"""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.errors import DataError
from kg.kept import kept_on_disk
from kg.model import EntityClass as C
from kg.resources import folder, table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kg.extract.names.candidates import Candidate, Scene
    from kg.extract.names.spans import Sight, Word

    Numbers = NDArray[np.float32]

FILE: Final = "name_network.tsv"
#: what is told of a word, in the order of its numbers
TOLD: Final = (
    *("word", "first sign", "last sign", "second sign", "former sign", "kind", "tag", "signs", "used", "grade"),
    *("place", "found", "part"),
)
#: of these, what depends on where it stands
_OF_PLACE: Final = TOLD[-3:]
#: and of a stretch, but for its words
OF_STRETCH: Final = ("words", "begins", "ends", "shared")
#: the layers that are of eight bits, as the tables for words are; all else is of sixteen
_SMALL: Final = ("between", "hidden", "out")
#: the tables: the row of each key, how many numbers a row has, the numbers; and the layers: their shapes and numbers
_Tables = dict[str, tuple[dict[str, int], int, bytes]]
_Layers = dict[str, tuple[tuple[int, ...], bytes]]
#: a table ready for use
_Table = tuple[dict[str, int], "NDArray[np.int16]"]
#: the classes, in the order of what comes out behind the sum for a name
CLASSES: Final = tuple(C)
#: by which the file says so
CLASSES_KEY: Final = "name " + " ".join(CLASSES)
#: the steps in one: of what words are told by, of what a word comes to, of weights; powers of two, to lose nothing
TABLE_STEPS, STEPS, WEIGHT_STEPS = 32, 16, 64
#: and in a step, of what they are multiplied with and moved by once they are brought to one mean and one variance
FINE_STEPS: Final = 64
#: what a word may come to at most, in steps
MOST: Final = 255
#: added to the variance, in squared steps, so that it is never nought
LEAST_VARIANCE: Final = 16
#: so many words of a stretch are told apart, and signs of a word
WORDS, SIGNS = 39, 9
#: how far the layers reach on either side
REACH: Final = (1, 1, 2, 4, 1)
#: so many words are looked at at once, for what they come to to stay near the processor
BATCH: Final = 1500


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


def of_word(word: Word) -> tuple[str, ...]:
    """What is told of a word wherever it stands, as the first tables of :data:`TOLD` have it.

    A number is told as one, whichever it is; what the reports of few places use, by its signs.
    """
    text = word.text
    several = len(text) > 1
    return (
        "0" if _is_figure(text) else text,
        text[0],
        text[-1],
        text[1] if several else "",
        text[-2] if several else "",
        word.kind,
        word.tagged or "-",
        str(min(len(text), SIGNS)),
        str(word.level),
        word.grade,
    )


def _is_figure(text: str) -> bool:
    """Whether a word is a number in figures.

    >>> _is_figure("12.5"), _is_figure("2,000"), _is_figure("十二"), _is_figure(",")
    (True, True, False, False)
    """
    return text[0] in _DIGITS and all(sign in _DIGITS or sign in ".," for sign in text)


_DIGITS = frozenset("0123456789")


def of_place(sight: Sight) -> list[tuple[str, str, str]]:
    """What is told of each word of a sentence where it stands: whether it is a place, what rules find, the part."""
    ctx, part = sight.ctx, sight.scene.part.value
    is_place, own = ctx.is_place, ctx.own_names
    found = _found(sight.scene)
    return [
        (_PLACES[is_place(text) + 2 * (text in own)], way, part)
        for text, way in zip(sight.scene.texts, found, strict=True)
    ]


#: no place, the name of one, the name of the own area that is none by itself, the own area
_PLACES = ("0", "1", "2", "3")


def _found(scene: Scene) -> list[str]:
    """By which way a rule has found the name that each word stands in, and whether the name begins there."""
    found = [""] * len(scene.row)
    for c, first, last in whole(scene):
        if not c.nested:
            found[first] = f"begins {c.way}"
            found[first + 1 : last + 1] = [f"goes on {c.way}"] * (last - first)
    return found


def whole(scene: Scene) -> Iterator[tuple[Candidate, int, int]]:
    """What rules have found in a sentence, with its first and last word; but for what begins or ends within one."""
    if scene.candidates:
        begins = {unit.begin: k for k, unit in enumerate(scene.row)}
        ends = {unit.end: k for k, unit in enumerate(scene.row)}
        for c in scene.candidates:
            first, last = begins.get(c.span.begin), ends.get(c.span.end)
            if first is not None and last is not None and first <= last:
                yield c, first, last


def of_stretch(sight: Sight, first: int, last: int) -> tuple[str, str, str, str]:
    """What is told of a stretch but for its words, as the tables of :data:`OF_STRETCH` have it."""
    return str(min(last - first, WORDS)), sight.begins[first], sight.ends[last], sight.shared(first, last)


class _Sums:
    """What keys of several tables come to together, added up when first met: a row for each."""

    def __init__(self, tables: Sequence[_Table], zero: NDArray[np.int16]) -> None:
        self._np = _numpy()
        self._tables = [(keys, keys[""], rows) for keys, rows in tables]
        self._at: dict[Any, int] = {}
        self._rows = self._np.repeat(zero[None], _FIRST, axis=0)

    def meet(self, names: Iterable[Any], told: Callable[[Any], Sequence[str]]) -> None:
        """Add up what was not met before; ``told`` gives the key in each table of what a name stands for.

        What was met is forgotten once it is much, so this comes before :meth:`rows`.
        """
        if len(self._at) > _KEPT:
            self._at.clear()
        new = [(name, told(name)) for name in dict.fromkeys(names) if name not in self._at]
        if not new:
            return
        size = 1 + len(self._at)
        missing = size + len(new) - len(self._rows)
        if missing > 0:
            more = self._np.repeat(self._rows[:1], max(missing, len(self._rows)), axis=0)
            self._rows = self._np.concatenate([self._rows, more])
        total = self._np.repeat(self._rows[:1], len(new), axis=0)
        for column, (at, other, rows) in enumerate(self._tables):
            total += rows[[at.get(keys[column], other) for _, keys in new]]
        self._rows[size : size + len(new)] = total
        self._at.update(zip([name for name, _ in new], range(size, size + len(new)), strict=True))

    def at(self, names: Iterable[Any]) -> list[int]:
        """In which rows they are."""
        return [self._at[name] for name in names]

    def rows(self, at: Sequence[int]) -> NDArray[np.int16]:
        """These rows; the first is of nothing."""
        found: NDArray[np.int16] = self._rows[at]
        return found


#: so many rows there is room for at first; of so many words at the most is kept what they come to
_FIRST, _KEPT = 4_000, 100_000


class Network:
    """The tables and layers, ready to be multiplied.

    With W numbers for a word, S for a stretch, H before what comes out: ``conv k`` (3, W, W), for the word so far
    before, the word itself, the one so far behind; ``gain k``, ``shift k``, ``bias k`` (W); ``between`` (5, W, S), for
    the word before a stretch, its first, its last, the one behind it, the mean of its own; ``hidden`` (S, 2H), for
    names and for classes; ``out`` (2H, 1 + classes).  Sums of products are in :data:`STEPS` times
    :data:`WEIGHT_STEPS`, and so are the biases added to them.
    """

    def __init__(self, tables: _Tables, layers: _Layers) -> None:
        np = self._np = _numpy()

        def of(name: str) -> _Table:
            keys, width, data = tables[name]
            return keys, np.frombuffer(data, kind_of(name)).reshape(-1, width).astype(np.int16)

        self.layers: dict[str, Numbers] = {
            name: np.frombuffer(data, kind_of(name)).reshape(size).astype(np.float32)
            for name, (size, data) in layers.items()
        }
        for name in self.layers:
            if name.startswith(("gain ", "shift ")):
                self.layers[name] /= np.float32(FINE_STEPS)
        own = len(TOLD) - len(_OF_PLACE)
        bias = self.layers["bias"].astype(np.int16)
        self._of_words = _Sums([of(name) for name in TOLD[:own]], bias)
        self._of_places = _Sums([of(name) for name in _OF_PLACE], 0 * bias)
        self._words, self._begins, self._ends, self._shared = map(of, OF_STRETCH)

    def judge(self, sights: Sequence[Sight]) -> Iterator[Judged]:
        """What the stretches of each sentence come to, one after the other.

        Sentences are looked at some at a time, as they are asked for.  What rules have found in one may be changed once
        it was judged.
        """
        batch: list[Sight] = []
        size = 0
        for sight in sights:
            batch.append(sight)
            size += len(sight.row)
            if size >= BATCH:
                yield from self._judge(batch)
                batch, size = [], 0
        if batch:
            yield from self._judge(batch)

    def _judge(self, sights: Sequence[Sight]) -> Iterator[Judged]:
        np = self._np
        asked = [_asked(sight) for sight in sights]
        if not any(stretches for _, stretches in asked):
            yield from [UNJUDGED] * len(sights)
            return
        places = [of_place(sight) for sight in sights]
        self._of_words.meet((word for sight in sights for word in sight.words), of_word)
        self._of_places.meet((place for of in places for place in of), tuple)
        gap = [0] * max(REACH)
        words, context, stands = list(gap), list(gap), list(gap)
        begins, ends, shared = list(gap), list(gap), []
        firsts: list[int] = []
        lasts: list[int] = []
        at_begin, at_end, at_shared = self._begins[0], self._ends[0], self._shared[0]
        for sight, of, (_, stretches) in zip(sights, places, asked, strict=True):
            begin = len(words)
            firsts += [begin + first for first, _ in stretches]
            lasts += [begin + last for _, last in stretches]
            shared += [at_shared[sight.shared(first, last)] for first, last in stretches]
            words += self._of_words.at(sight.words) + gap
            context += self._of_places.at(of) + gap
            begins += [at_begin[how] for how in sight.begins] + gap
            ends += [at_end[how] for how in sight.ends] + gap
            stands += [1] * len(of) + gap
        hidden = self._hidden(
            self._of_words.rows(words) + self._of_places.rows(context), np.array(stands, np.float32)[:, None]
        )
        first, last = np.array(firsts), np.array(lasts)
        told = self._words[1][np.minimum(last - first, WORDS)].astype(np.float32)
        told += self._begins[1][np.array(begins)[first]]
        told += self._ends[1][np.array(ends)[last]]
        told += self._shared[1][shared]
        sums, classes = self._stretches(hidden, first, last, told)
        end = 0
        for found, stretches in asked:
            begin, end = end, end + len(stretches)
            yield self._judged(found, stretches, sums[begin:end], classes[begin:end])

    def _judged(self, found: int, stretches: Sequence[tuple[int, int]], sums: Any, classes: Any) -> Judged:
        """What the stretches of one sentence come to, of which rules have found the first so many."""
        above = [found + int(k) for k in self._np.flatnonzero(sums[found:] > 0)]
        kept = [*range(found), *above]
        return Judged(
            [(int(sums[k]), *stretches[k]) for k in above],
            {stretches[k]: int(sums[k]) for k in kept},
            {stretches[k]: classes[k].tolist() for k in kept},
        )

    def _hidden(self, total: NDArray[np.int16], stands: Numbers) -> Numbers:
        """What each word comes to where it stands, in steps: a row for each, nought between sentences."""
        np, layers = self._np, self.layers
        h: Numbers = _rounded(np, total, TABLE_STEPS // STEPS) * stands
        width = np.float32(h.shape[1])
        for k, reach in enumerate(REACH):
            # whole numbers below 2^24, so that they can be summed up in any order
            mean = (h.sum(axis=1, keepdims=True) / width).astype(np.float32)
            square = ((h * h).sum(axis=1, keepdims=True) / width).astype(np.float32)
            root = np.sqrt(square - mean * mean + np.float32(LEAST_VARIANCE))
            n = np.rint((h - mean) / root * layers[f"gain {k}"] + layers[f"shift {k}"])
            n = np.clip(n, -128, 127, out=n) * stands
            before, here, after = layers[f"conv {k}"]
            z = n @ here
            z[reach:] += n[:-reach] @ before
            z[:-reach] += n[reach:] @ after
            z += layers[f"bias {k}"]
            h += _rounded(np, z, WEIGHT_STEPS)
            h = np.minimum(h, MOST, out=h) * stands
        return h

    def _stretches(
        self, h: Numbers, first: NDArray[np.intp], last: NDArray[np.intp], told: Numbers
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The sum for a name, and those for its classes, of each stretch; ``told`` is what else is told of it."""
        np, layers = self._np, self.layers
        before, begin, end, after, mean = layers["between"]
        held = np.concatenate([np.zeros((1, h.shape[1]), np.float32), h.cumsum(axis=0)])
        size = (last - first + 1).astype(np.float32)[:, None]
        means = np.rint((held[last + 1] - held[first]) / size)
        v = (h @ before)[first - 1] + (h @ begin)[first] + (h @ end)[last] + (h @ after)[last + 1] + means @ mean
        v = _rounded(np, v + told + layers["bias of stretch"], WEIGHT_STEPS)
        v = _rounded(np, v @ layers["hidden"] + layers["bias of hidden"], WEIGHT_STEPS)
        out = v @ layers["out"] + layers["bias of out"]
        hundredths = np.rint(out.astype(np.float64) * 100 / (STEPS * WEIGHT_STEPS)).astype(np.int64)
        return hundredths[:, 0], hundredths[:, 1:]


def _rounded(np: Any, sums: Any, steps: int) -> Any:
    """Sums in so many times the steps, brought down to these, and to what a word may come to."""
    found = np.rint(sums * np.float32(1 / steps))  # a power of two: nothing is lost
    return np.clip(found, 0, MOST, out=found)


def _asked(sight: Sight) -> tuple[int, list[tuple[int, int]]]:
    """The stretches of a sentence: how many rules have found, these, and the rest."""
    found = {(first, last): None for _, first, last in whole(sight.scene)}
    return len(found), [*found, *(stretch for stretch in sight.stretches() if stretch not in found)]


def kind_of(part: str) -> str:
    """Of what kind the numbers of a part are, as numpy calls it: of eight bits or of sixteen."""
    return "<i1" if part in TOLD or part in _SMALL or part.startswith("conv ") else "<i2"


@kept_on_disk
def _read() -> tuple[_Tables, _Layers]:
    """What is in the file: its tables and its layers."""
    rows: dict[str, tuple[list[str], list[bytes]]] = {}
    sizes: dict[str, tuple[int, ...]] = {}
    for part, key, size, values in table(FILE, "part", "key", "size", "values"):
        keys, data = rows.setdefault(part, ([], []))
        keys.append(key)
        data.append(b64decode(values))
        sizes[part] = tuple(map(int, size.split("x")))
    tables: _Tables = {}
    for name in (*TOLD, *OF_STRETCH):
        keys, data = rows.pop(name)
        tables[name] = ({key: row for row, key in enumerate(keys)}, sizes[name][0], b"".join(data))
    if rows["out"][0] != [CLASSES_KEY]:
        raise DataError(f"of other classes than {CLASSES_KEY}", file=folder("data") / FILE)
    return tables, {name: (sizes[name], data[0]) for name, (_, data) in rows.items()}


@lru_cache(maxsize=1)
def network() -> Network:
    """The network, read once per process."""
    return Network(*_read())


@lru_cache(maxsize=1)
def _numpy() -> Any:
    """numpy, imported where it is first needed.

    On one thread, where it was not imported before: what is multiplied is small, and many reports are read by as many
    processes as there are processors.
    """
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = before or "1"
    try:
        import numpy as np
    finally:
        if before is None:
            del os.environ[_THREADS]
    return np


#: what OpenBLAS, which comes with numpy from PyPI, reads when it is loaded
_THREADS = "OPENBLAS_NUM_THREADS"
