"""Learn the trees of the second look (:mod:`kg.extract.names.second_look`) from annotated reports.

    python -m tools.second_look --out kg/data     # ten minutes
    python -m tools.second_look --check           # what cross-validation says, for as long again

Learnt from the reports that ``tools/name_weights.py`` learns from.  What a stretch comes to has to be told as it would
be for a report that nobody has annotated, so the weights of the first look are learnt four times, each time without a
quarter of the places, and give the sums for these.  The trees are fitted by gradient boosting of the logistic loss with
Newton steps (Friedman, 2001), all nodes of one level with the same question, which is the one that divides best.
"""

from __future__ import annotations

import math
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

from kg.evaluate.gold import folded
from kg.extract.lexicon import tokenize
from kg.extract.names import features
from kg.extract.names.doubted import Trust
from kg.extract.names.finder import Finder
from kg.extract.names.forest import Forest, Tree
from kg.extract.names.scale import Scale, hundredths
from kg.extract.names.second_look import FOUND, MOST, STRETCH, Whole
from tools import name_weights
from tools.name_weights import Example, Reading

_FOLDS = 4
_DEPTH, _RATE, _PENALTY = 5, 0.2, 20.0
#: so many trees for stretches and for what rules find, chosen by cross-validation
_TREES_STRETCH, _TREES_FOUND = 60, 30
#: so many bounds at the most that a number is compared with
_BOUNDS = 24
#: how much it counts what others have or have not underlined, and what may be left out, of what rules find
_OTHERS_STRETCH, _OTHERS_FOUND, _OPTIONAL = 0.5, 0.3, 0.5


class Row(NamedTuple):
    """What is looked at again: its numbers, and whether a reader names it (1), may name it (0.5) or not (0)."""

    report: str
    fold: int
    text: str
    numbers: tuple[int, ...]
    named: float
    others: bool
    #: whether the trees are asked about it where a report is built
    asked: bool


#: the examples of the first look, which the processes that learn from them share
_examples: list[tuple[list[Example], list[Example]]] = []


def first_look(fold: int) -> tuple[dict[str, str], dict[str, str]]:
    """The weights of the first look, learnt without the places of a fold."""
    [(rows, ruled)] = _examples
    aside = set(_areas()[fold::_FOLDS])
    naming = name_weights.naming([row for row in rows if row.area not in aside])
    trusting = name_weights.trusting([row for row in ruled if row.area not in aside])
    return _written(naming, name_weights.WRITTEN_SPARSE), _written(trusting, name_weights.WRITTEN)


def _areas() -> list[str]:
    return sorted({row.area for rows, ruled in _examples for row in [*rows, *ruled]})


def _written(weight: dict[str, float], least: float) -> dict[str, str]:
    """The weights as a table would have them."""
    return {trait: told for trait, told in name_weights.single(weight, least).items() if trait != name_weights.OTHERS}


def second_look(reading: Reading, fold: int, scale: Scale, trust: Trust) -> tuple[list[Row], list[Row]]:
    """What is looked at again in a report: stretches, and what rules have found."""
    report = reading.report
    finder = Finder(report, report.norm, tokenize(report.norm))
    looks = [finder.look(scene, scale, trust) for scene in finder.sentences()]
    others = bool(reading.further)
    whole = Whole(looks, others=others)

    def row(numbers: Iterable[int], asked: bool, *texts: str) -> Row:
        known = (reading.names.get(folded(text)) for text in texts)
        optional = next((each[0] for each in known if each is not None), None)
        named = 0.0 if optional is None else 0.5 if optional else 1.0
        return Row(f"{reading.area} {report.source}", fold, texts[0], tuple(numbers), named, others, asked)

    stretches, found = [], []
    for look in looks:
        scene = look.sight.scene
        if not reading.has(scene.sentence.span.begin, scene.sentence.span.end):
            continue
        given = {(c.span.begin, c.span.end) for c in scene.candidates}
        for numbers, (total, first, last) in zip(whole.of_stretches(look), look.stretches, strict=True):
            begin, end = scene.row[first].begin, scene.row[last].end
            if (begin, end) not in given and total < MOST:
                asked = whole.asks(look.sight, total, first, last)
                stretches.append(row(numbers, asked, report.text[begin:end]))
        for numbers, (c, _) in zip(whole.of_found(look), look.doubts, strict=True):
            found.append(row(numbers, whole.asks_about(c), c.name, *sorted(c.aliases)))
    return stretches, found


def grow(rows: Sequence[tuple[Sequence[int], bool, float]], trees: int) -> list[Tree]:
    """Trees that correct the first number of each row, a sum in hundredths; rows are numbers, outcome and weight."""
    if not rows:
        return []
    bounds = [_bounds([numbers[k] for numbers, _, _ in rows]) for k in range(len(rows[0][0]))]
    places = [_places([numbers[k] for numbers, _, _ in rows], bounds[k]) for k in range(len(bounds))]
    sums = [numbers[0] / 100 for numbers, _, _ in rows]
    grown: list[Tree] = []
    for _ in range(trees):
        slope, curve = [], []
        for total, (_, outcome, weight) in zip(sums, rows, strict=True):
            p = 1 / (1 + math.exp(-total)) if -30 < total < 30 else float(total > 0)
            slope.append(weight * (outcome - p))
            curve.append(weight * p * (1 - p))
        leaf = [0] * len(rows)
        questions = []
        for level in range(_DEPTH):
            k, j = max(
                ((k, j) for k in range(len(bounds)) for j in range(len(bounds[k]))),
                key=_gains(places, bounds, leaf, slope, curve, 1 << level).__getitem__,
            )
            questions.append((k, bounds[k][j]))
            leaf = [2 * at + (place > j) for at, place in zip(leaf, places[k], strict=True)]
        up, down = [0.0] * (1 << _DEPTH), [0.0] * (1 << _DEPTH)
        for at, g, h in zip(leaf, slope, curve, strict=True):
            up[at] += g
            down[at] += h
        added = tuple(round(100 * _RATE * g / (h + _PENALTY)) for g, h in zip(up, down, strict=True))
        sums = [total + added[at] / 100 for total, at in zip(sums, leaf, strict=True)]
        grown.append((tuple(questions), added))
    return grown


def _gains(
    places: Sequence[Sequence[int]],
    bounds: Sequence[Sequence[int]],
    leaf: Sequence[int],
    slope: Sequence[float],
    curve: Sequence[float],
    leaves: int,
) -> dict[tuple[int, int], float]:
    """By number and bound how much better all leaves do, each divided there."""
    gains = {}
    for k, place in enumerate(places):
        size = len(bounds[k]) + 1
        up, down = [0.0] * (leaves * size), [0.0] * (leaves * size)
        for at, p, g, h in zip(leaf, place, slope, curve, strict=True):
            at = at * size + p
            up[at] += g
            down[at] += h
        better = [0.0] * (size - 1)
        for begin in range(0, leaves * size, size):
            all_up, all_down = sum(up[begin : begin + size]), sum(down[begin : begin + size])
            g = h = 0.0
            for j in range(size - 1):
                g += up[begin + j]
                h += down[begin + j]
                better[j] += g * g / (h + _PENALTY) + (all_up - g) ** 2 / (all_down - h + _PENALTY)
        gains.update({(k, j): gain for j, gain in enumerate(better)})
    return gains


def _bounds(values: Sequence[int]) -> list[int]:
    """What a number is compared with: each value but the highest, or, of many, such as divide them evenly."""
    known = sorted(set(values))
    if len(known) <= _BOUNDS:
        return known[:-1]
    ordered = sorted(values)
    return sorted({ordered[len(ordered) * k // (_BOUNDS + 1)] for k in range(1, _BOUNDS + 1)} - {known[-1]})


def _places(values: Sequence[int], bounds: Sequence[int]) -> list[int]:
    """How many of the bounds each value exceeds."""
    exceeded = {value: sum(value > bound for bound in bounds) for value in set(values)}
    return [exceeded[value] for value in values]


def of_stretches(rows: Iterable[Row]) -> list[Tree]:
    """The trees for stretches; what may be left out is no example."""
    sure = [row for row in rows if row.named != _OPTIONAL]
    counted = [(r.numbers, r.named > 0, _OTHERS_STRETCH if r.others else 1.0) for r in sure]
    return grow(counted, _TREES_STRETCH)


def of_found(rows: Iterable[Row]) -> list[Tree]:
    """The trees for what rules have found; what may be left out counts for less."""
    counted = [
        (r.numbers, r.named > 0, (_OTHERS_FOUND if r.others else 1.0) * (_OPTIONAL if r.named == _OPTIONAL else 1.0))
        for r in rows
    ]
    return grow(counted, _TREES_FOUND)


def check(stretches: Sequence[Row], found: Sequence[Row]) -> None:
    """Print what cross-validation by place says, of the first look and of the second.

    What the first look has doubted comes on top of what is below a bound.
    """
    for told, rows, learn in (("above", stretches, of_stretches), ("below", found, of_found)):
        first: list[tuple[int, Row]] = []
        second: list[tuple[int, Row]] = []
        for fold in range(_FOLDS):
            known = Forest(learn(row for row in rows if row.fold != fold))
            mine = [row for row in rows if row.fold == fold and not row.others]
            first += [(row.numbers[0], row) for row in mine]
            second += [(row.numbers[0] + (known.of(row.numbers) if row.asked else 0), row) for row in mine]
        for name, judged in (("first", first), ("second", second)):
            for bound in (-40, -20, -15, 0, 20, 40):
                given = {
                    (row.report, row.text, 0 if told == "above" else k): row.named
                    for k, (total, row) in enumerate(judged)
                    if (total > bound if told == "above" else total < bound)
                }
                counts = Counter(given.values())
                print(
                    f"{name} look, {told} {bound}: {counts[1.0]} names, {counts[0.0]} none, {counts[0.5]} optional",
                    file=sys.stderr,
                )


def collect(arguments: Sequence[str] = ()) -> Iterator[tuple[list[Row], list[Row]]]:
    """What is looked at again in each report; what it comes to at first is learnt from other places' reports."""
    rows: list[Example] = []
    ruled: list[Example] = []
    for reading in name_weights.readings(arguments):
        left_over, found, _ = name_weights.examples(reading)
        rows += left_over
        ruled += found
    _examples[:] = [(rows, ruled)]
    areas = _areas()
    with ProcessPoolExecutor(min(_FOLDS, os.cpu_count() or 1), mp_context=get_context("fork")) as pool:
        weights = list(pool.map(first_look, range(_FOLDS)))
    _examples.clear()
    scales = [Scale(features.families({t: hundredths(w) for t, w in naming.items()})) for naming, _ in weights]
    trusts = [Trust({t: float(w) for t, w in trusting.items()}) for _, trusting in weights]
    for reading in name_weights.readings(arguments):
        if reading.area not in areas:  # nothing is looked at in it
            continue
        fold = areas.index(reading.area) % _FOLDS
        yield second_look(reading, fold, scales[fold], trusts[fold])


def tables(stretches: Sequence[Row], found: Sequence[Row]) -> dict[str, str]:
    """The text of each table, by its name."""
    out = {}
    for name, rows, trees, numbers, told in (
        ("second_look_stretches.tsv", stretches, of_stretches(stretches), STRETCH, "stretches that no rule finds"),
        ("second_look_found.tsv", found, of_found(found), FOUND, "what a rule has found and may be doubted"),
    ):
        reports = len({row.report for row in rows})
        head = [
            f"# what a second look adds to the sums of {told}, in hundredths: oblivious decision trees, each a few",
            "# questions of numbers (kg/extract/names/second_look.py) and a sum for each way of answering them,",
            f"# derived by tools/second_look.py from {len(rows)} examples of {reports} annotated reports",
            "questions\tsums\tsource",
        ]
        body = [
            " ".join(f"{numbers[k]}>{bound}" for k, bound in questions)
            + "\t"
            + " ".join(map(str, sums))
            + "\tannotated reports"
            for questions, sums in trees
        ]
        out[name] = "\n".join([*head, *body]) + "\n"
    return out


def main(arguments: Sequence[str]) -> None:
    asked = name_weights.parser_of(__doc__).parse_args(arguments)
    stretches: list[Row] = []
    found: list[Row] = []
    for more, again in collect(asked.annotation):
        stretches += more
        found += again
    if asked.out is not None:
        for name, text in tables(stretches, found).items():
            (asked.out / name).write_text(text, encoding="utf-8")
    if asked.check:
        check(stretches, found)


if __name__ == "__main__":
    main(sys.argv[1:])
