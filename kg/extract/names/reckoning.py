"""What the network of names comes to (:mod:`~kg.extract.names.network`): its tables and layers, and sums over them.

Nothing here knows of sentences or candidates: questions and answers are containers of texts and numbers, so that a
process beside this one can be asked as well (:mod:`kg.extract.beside`).  numpy is imported with this module, and this
module only where something is to be reckoned.

**Whole numbers only.** The same report has to give the same graph on every machine, and sums of fractions depend on the
order in which a processor adds them.  So weights are whole numbers of eight bits, as is what a word comes to between
two layers (learnt with that rounding: Jacob et al., 2018, "Quantization and training of neural networks for efficient
integer-arithmetic-only inference").  As floats of 32 bits, which processors multiply fastest, such products and their
sums are exact below 2²⁴; means, roots and quotients are single operations, which 64-bit processors round alike, as
IEEE 754 says.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from kg.extract.names.told import OF_PLACE, OF_STRETCH, OF_WORD, WORDS, Answer, Key, Question
from kg.kept import kept_on_disk
from kg.resources import table

#: what OpenBLAS, which comes with numpy from PyPI, reads when it is loaded: on how many threads to multiply
_THREADS: Final = "OPENBLAS_NUM_THREADS"
_asked_for = os.environ.get(_THREADS)
os.environ[_THREADS] = _asked_for or "1"  # it is little each time, and there are as many processes as processors
try:
    import numpy as np
finally:
    if _asked_for is None:
        del os.environ[_THREADS]
    else:
        os.environ[_THREADS] = _asked_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

FILE: Final = "name_network.tsv"
#: the tables for words
_TABLES: Final = (*OF_WORD, *OF_PLACE)
#: the layers that are of eight bits, as the tables for words are; all else is of sixteen
_SMALL: Final = ("between", "hidden", "out")
#: the tables: the row of each key, how many numbers a row has, the numbers; and the layers: their shapes and numbers
_Tables = dict[str, tuple[dict[str, int], int, bytes]]
_Layers = dict[str, tuple[tuple[int, ...], bytes]]
#: a table ready for use
_Table = tuple[dict[str, int], "NDArray[np.int16]"]
#: the steps in one: of what words are told by, of what a word comes to, of weights; powers of two, to lose nothing
TABLE_STEPS, STEPS, WEIGHT_STEPS = 32, 16, 64
#: and in a step, of what they are multiplied with and moved by once they are brought to one mean and one variance
FINE_STEPS: Final = 64
#: what a word may come to at most, in steps
MOST: Final = 255
#: added to the variance, in squared steps, so that it is never nought
LEAST_VARIANCE: Final = 16
#: how far the layers reach on either side
REACH: Final = (1, 1, 2, 4, 1)
#: rows of nought on either side of a sentence, so that none reaches into another
GAP: Final = max(REACH)


class _Sums:
    """What keys of several tables come to together, added up when first met: a row for each."""

    def __init__(self, tables: Sequence[_Table], zero: NDArray[np.int16]) -> None:
        self._tables = [(keys, keys[""], rows) for keys, rows in tables]
        self._at: dict[Key, int] = {}
        self._rows = np.repeat(zero[None], _FIRST, axis=0)

    def at(self, met: Sequence[Key]) -> NDArray[np.intp]:
        """In which rows they are; what was met before is forgotten once it is much.  The first row is of nothing."""
        if len(self._at) > _KEPT:
            self._at.clear()
        at = self._at
        new = [each for each in met if each not in at]
        if new:
            size = 1 + len(at)
            missing = size + len(new) - len(self._rows)
            if missing > 0:
                more = np.repeat(self._rows[:1], max(missing, len(self._rows)), axis=0)
                self._rows = np.concatenate([self._rows, more])
            total = np.repeat(self._rows[:1], len(new), axis=0)
            for (keys, other, rows), column in zip(self._tables, zip(*new, strict=True), strict=True):
                total += rows[[keys.get(key, other) for key in column]]
            self._rows[size : size + len(new)] = total
            at.update(zip(new, range(size, size + len(new)), strict=True))
        return np.array([at[each] for each in met], np.intp)

    def rows(self, at: NDArray[np.intp]) -> NDArray[np.int16]:
        """These rows."""
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
        bias = self.layers["bias"].astype(np.int16)
        self._of_words = _Sums(list(map(of, OF_WORD)), bias)
        self._of_places = _Sums(list(map(of, OF_PLACE)), 0 * bias)
        self._words, self._begins, self._ends, self._shared = map(of, OF_STRETCH)

    def reckon(self, question: Question) -> Answer:
        """What the stretches come to, in hundredths of a logit: of those asked for, and of those above nought."""
        sizes, words, at_word, places, at_place, begins, ends, firsts, lasts, shared, asked = question
        if not firsts:
            return [], [], []
        # where each word stands, with a gap before and behind every sentence
        row = np.arange(len(at_word)) + np.repeat(GAP * (1 + np.arange(len(sizes))), sizes)
        total = np.zeros((row[-1] + 1 + GAP, self.layers["bias"].size), np.int16)
        total[row] = self._of_words.rows(self._of_words.at(words)[at_word])
        total[row] += self._of_places.rows(self._of_places.at(places)[at_place])
        stands = np.zeros((len(total), 1), np.float32)
        stands[row] = 1
        hidden = self._hidden(total, stands)
        first, last = np.array(firsts), np.array(lasts)
        told = self._words[1][np.minimum(last - first, WORDS)].astype(np.float32)
        for (keys, rows), of in ((self._begins, begins), (self._ends, ends), (self._shared, shared)):
            told += rows[[keys[key] for key in of]]
        sums, classes = self._stretches(hidden, row[first], row[last], told)
        above = sums > 0
        above[asked] = True
        kept = np.flatnonzero(above)
        return kept.tolist(), sums[kept].tolist(), classes[kept].tolist()

    def _hidden(self, total: NDArray[np.int16], stands: Numbers) -> Numbers:
        """What each word comes to where it stands, in steps: a row for each, nought between sentences."""
        layers = self.layers
        h: Numbers = _rounded(total * np.float32(STEPS / TABLE_STEPS))
        h *= stands
        size, columns = h.shape
        width = np.float32(columns)
        # what reaches beyond the first row or the last finds nought
        padded = np.zeros((size + 2 * GAP, columns), np.float32)
        n = padded[GAP : GAP + size]
        for k, reach in enumerate(REACH):
            # whole numbers below 2^24, so that they can be summed up in any order
            mean = h.sum(axis=1, keepdims=True) / width
            square = np.einsum("ij,ij->i", h, h)[:, None] / width
            root = np.sqrt(square - mean * mean + np.float32(LEAST_VARIANCE))
            np.subtract(h, mean, out=n)
            n /= root
            n *= layers[f"gain {k}"]
            n += layers[f"shift {k}"]
            np.clip(np.rint(n, out=n), -128, 127, out=n)
            n *= stands
            before, here, after = layers[f"conv {k}"]
            z: Numbers = n @ here
            z += padded[GAP - reach : GAP - reach + size] @ before
            z += padded[GAP + reach : GAP + reach + size] @ after
            z += layers[f"bias {k}"]
            z *= _OF_WEIGHTS
            h += _rounded(z)
            np.minimum(h, MOST, out=h)
            h *= stands
        return h

    def _stretches(
        self, h: Numbers, first: NDArray[np.intp], last: NDArray[np.intp], told: Numbers
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The sum for a name, and those for its classes, of each stretch; ``told`` is what else is told of it."""
        layers = self.layers
        before, begin, end, after, mean = layers["between"]
        held = np.concatenate([np.zeros((1, h.shape[1]), np.float32), h.cumsum(axis=0)])
        size = (last - first + 1).astype(np.float32)[:, None]
        means = np.rint((held[last + 1] - held[first]) / size)
        v = (h @ before)[first - 1] + (h @ begin)[first] + (h @ end)[last] + (h @ after)[last + 1] + means @ mean
        v = _rounded((v + told + layers["bias of stretch"]) * _OF_WEIGHTS)
        v = _rounded((v @ layers["hidden"] + layers["bias of hidden"]) * _OF_WEIGHTS)
        out = v @ layers["out"] + layers["bias of out"]
        hundredths = np.rint(out.astype(np.float64) * 100 / (STEPS * WEIGHT_STEPS)).astype(np.int64)
        return hundredths[:, 0], hundredths[:, 1:]


#: what sums of products are brought to steps by: a power of two, so that nothing is lost
_OF_WEIGHTS: Final = np.float32(1 / WEIGHT_STEPS)


def _rounded(sums: Any) -> Any:
    """Sums in steps, made whole and brought to what a word may come to; they are changed."""
    return np.clip(np.rint(sums, out=sums), 0, MOST, out=sums)


def kind_of(part: str) -> str:
    """Of what kind the numbers of a part are, as numpy calls it: of eight bits or of sixteen."""
    return "<i1" if part in _TABLES or part in _SMALL or part.startswith("conv ") else "<i2"


@kept_on_disk
def _read() -> tuple[_Tables, _Layers]:
    """What is in the file: its tables and its layers."""
    from binascii import a2b_base64

    rows: dict[str, tuple[list[str], list[bytes]]] = {}
    sizes: dict[str, tuple[int, ...]] = {}
    for part, key, size, values in table(FILE, "part", "key", "size", "values"):
        keys, data = rows.setdefault(part, ([], []))
        keys.append(key)
        data.append(a2b_base64(values))
        sizes[part] = tuple(map(int, size.split("x")))
    tables: _Tables = {}
    for name in (*_TABLES, *OF_STRETCH):
        keys, data = rows.pop(name)
        tables[name] = ({key: row for row, key in enumerate(keys)}, sizes[name][0], b"".join(data))
    return tables, {name: (sizes[name], data[0]) for name, (_, data) in rows.items()}


@lru_cache(maxsize=1)
def network() -> Network:
    """The network, read once per process."""
    return Network(*_read())


def load() -> None:
    """Read the network, for who will ask."""
    network()


def reckon(*question: Any) -> Answer:
    """What the network comes to, for a :class:`Question` given part by part."""
    return network().reckon(Question(*question))
