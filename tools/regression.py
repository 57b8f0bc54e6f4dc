"""Logistic regression over traits: what each says for an outcome.

Fitted by AdaGrad (Duchi, Hazan and Singer, 2011) with an L2 penalty.  A trait that the reports of fewer than three
places have is left out, so that no name gets a weight.
"""

from __future__ import annotations

import itertools
import math
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_LEAST = 3  # places
_EPOCHS, _RATE = 12, 0.05
_PENALTY = 3.0
#: for each order of the rows, by how many of them it goes on at least
_STEPS = (7919, 6007, 4999, 3571, 9973)
#: an example whose outcome is foretold to so much changes no weight
_SURE = 0.005
#: lighter weights are not written
WRITTEN = 0.1
#: the trait of what readers have annotated who underline more than the others
OTHERS = "annotated by others"


def fit(rows: Iterable[tuple[Collection[str], bool, float]], kept: frozenset[str]) -> dict[str, float]:
    """Weights by trait: rows are traits, outcome and how much the row counts.

    What is learnt depends on the order of the rows; so it is the mean of what several orders give.
    """
    traits, data = _numbered(rows, kept)
    often = [0] * len(traits)
    for found, _, _ in data:
        for k in found:
            often[k] += 1
    # the penalty of a trait is spread over the examples that have it
    shrink = [_PENALTY / max(n, 1) for n in often]
    runs = [_learnt(data, shrink, least) for least in _STEPS]
    return {trait: sum(weights) / len(runs) for trait, *weights in zip(traits, *runs, strict=True)}


def _learnt(data: Sequence[_Row], shrink: Sequence[float], least: int) -> list[float]:
    """The weights that the rows give in one order."""
    weight, squares = [0.0] * len(shrink), [1e-8] * len(shrink)
    root = math.sqrt
    for _ in range(_EPOCHS):
        for found, error in _errors(data, weight, least):
            if -_SURE < error < _SURE:
                continue
            for k in found:
                slope = error + shrink[k] * weight[k]
                squares[k] += slope * slope
                weight[k] -= _RATE * slope / root(squares[k])
    return weight


#: the numbers of the traits of a row, its outcome, and how much it counts
_Row = tuple["array[int]", bool, float]


def _numbered(
    rows: Iterable[tuple[Collection[str], bool, float]], kept: frozenset[str]
) -> tuple[list[str], list[_Row]]:
    """The traits that are kept, and the rows with their numbers."""
    traits = sorted(kept)
    index = {trait: k for k, trait in enumerate(traits)}
    return traits, [(array("I", [index[t] for t in found if t in index]), outcome, n) for found, outcome, n in rows]


def _errors(data: Sequence[_Row], weight: Sequence[float], least: int) -> Iterator[tuple[array[int], float]]:
    """Each row once, and by how much the weights of the moment foretell too much, times how much it counts.

    In an order that mixes them: the rows of a report are alike, and stand together.  It goes on by so many of them each
    time, at ``least``.
    """
    size = len(data)
    step = next(s for s in itertools.count(least, 2) if math.gcd(s, max(size, 1)) == 1)
    value, exp = weight.__getitem__, math.exp
    for i in range(size):
        found, outcome, count = data[i * step % size]
        total = sum(map(value, found))
        p = 1 / (1 + exp(-total)) if -30 < total < 30 else float(total > 0)
        yield found, count * (p - outcome)


def kept_traits(rows: Iterable[tuple[str, Iterable[str]]]) -> frozenset[str]:
    """The traits that the reports of enough places have; rows are the place and the traits."""
    areas: dict[str, set[str]] = defaultdict(set)
    for area, traits in rows:
        for trait in traits:
            known = areas[trait]
            if len(known) < _LEAST:
                known.add(area)
    return frozenset(t for t, found in areas.items() if len(found) >= _LEAST)


def single(weight: Mapping[str, float], least: float = WRITTEN) -> dict[str, str]:
    """The weights as they are written, without the lightest."""
    return {trait: f"{w:.2f}" for trait, w in weight.items() if abs(w) >= least}
