"""Learn how traits of a chunk and of its surroundings speak for a name, from annotated reports.

    python -m tools.name_weights [ANNOTATION.json[=TEXT.txt] ...] > new.tsv && mv new.tsv kg/data/name_weights.tsv

Without arguments, from the annotated reports that are not put aside (``kg evaluate`` lists them).  Every chunk that the
rules leave over, in a sentence in which they find a name, is an example; what a careful reader may include or leave out
counts half.  The method is logistic regression with an L2 penalty, fitted by stochastic gradient descent in a fixed
order, once for "is a name" and once for each class over the chunks that are names.  A trait that the reports of fewer
than three places have is left out.
Printed to standard error: how well it does in cross-validation by report, which is what to expect of a new one.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.ablation import open_golds
from kg.evaluate import report_of
from kg.evaluate.gold import Gold, folded, load_gold
from kg.extract.lexicon import tokenize
from kg.extract.names import learned
from kg.extract.names.finder import Finder
from kg.model import EntityClass, Report
from kg.text.reader import read_report

_LEAST = 3  # places
_EPOCHS, _RATE, _PENALTY = 40, 0.2, 1e-3
_BATCH = 100  # examples between two shrinkings of all weights
_OPTIONAL = 0.5
_FOLDS = 8
#: a name that is given and not annotated costs as much as one that is missed brings: from this probability on
_THRESHOLD = 0.55


class Example(NamedTuple):
    """A chunk: its traits, whether a reader names it (1), may name it (0.5) or not (0), and as what."""

    report: str
    area: str
    text: str
    traits: tuple[str, ...]
    named: float
    classes: frozenset[EntityClass]


def examples(gold: Gold, report: Report) -> Iterable[Example]:
    """The chunks of one report that the rules leave over."""
    names = {folded(name): e for e in gold.entities for name in e.names}
    finder = Finder(report, report.norm, tokenize(report.norm), without={"names.learned"})
    for scene in finder.scenes():
        for left in learned.leftovers(finder.ctx, scene):
            text = report.text[scene.row[left.first].begin : scene.row[left.last - 1].end]
            entity = names.get(folded(text))
            named = 0.0 if entity is None else _OPTIONAL if entity.optional else 1.0
            classes = frozenset(map(EntityClass, entity.classes)) if entity is not None else frozenset()
            found = tuple(learned.traits(finder.ctx, scene, left))
            yield Example(gold.report, gold.area, text, found, named, classes)


def fit(rows: Sequence[tuple[tuple[str, ...], bool, float]], kept: frozenset[str]) -> dict[str, float]:
    """Weights by trait: rows are traits, outcome and how much the row counts."""
    weight: dict[str, float] = dict.fromkeys(kept, 0.0)
    data = [([t for t in traits if t in kept], outcome, count) for traits, outcome, count in rows]
    for epoch in range(_EPOCHS):
        rate = _RATE / (1 + epoch / 2)
        shrink = 1 - rate * _PENALTY * _BATCH
        # a fixed permutation that differs from epoch to epoch
        step = 7919 + 2 * epoch
        n = len(data)
        for i in range(n):
            traits, outcome, count = data[i * step % n if math.gcd(step, n) == 1 else i]
            total = sum(weight[t] for t in traits)
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            change = rate * count * ((1.0 if outcome else 0.0) - p)
            for t in traits:
                weight[t] += change
            if i % _BATCH == _BATCH - 1:
                for t in weight:
                    weight[t] *= shrink
    return weight


def kept_traits(rows: Iterable[Example]) -> frozenset[str]:
    """The traits that the reports of enough places have."""
    areas: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for trait in row.traits:
            areas[trait].add(row.area)
    return frozenset(t for t, found in areas.items() if len(found) >= _LEAST)


def naming(rows: Sequence[Example]) -> dict[str, float]:
    """Weights for "is a name", the threshold taken in."""
    weight = fit([(r.traits, r.named > 0, _OPTIONAL if r.named == _OPTIONAL else 1.0) for r in rows], kept_traits(rows))
    weight[learned.ALWAYS] = weight.get(learned.ALWAYS, 0.0) - math.log(_THRESHOLD / (1 - _THRESHOLD))
    return weight


def classing(rows: Sequence[Example]) -> dict[EntityClass, dict[str, float]]:
    """Weights for each class, over the chunks that are names."""
    named = [r for r in rows if r.named > 0]
    kept = kept_traits(named)
    return {c: fit([(r.traits, c in r.classes, 1.0) for r in named], kept) for c in EntityClass}


def check(rows: Sequence[Example]) -> None:
    """Print what cross-validation by report says."""
    reports = sorted({r.report for r in rows})
    judged: list[tuple[float, float, bool]] = []
    for fold in range(_FOLDS):
        aside = set(reports[fold::_FOLDS])
        train = [r for r in rows if r.report not in aside]
        weight, classes = naming(train), classing(train)
        known = learned.Weights(weight, _by_trait(classes))
        for r in rows:
            if r.report in aside:
                logit = sum(weight.get(t, 0.0) for t in r.traits) + math.log(_THRESHOLD / (1 - _THRESHOLD))
                well = bool(r.classes & learned.classes_of(r.traits, known))
                judged.append((1 / (1 + math.exp(-logit)), r.named, well))
    total = sum(r.named == 1 for r in rows)
    print(f"{len(rows)} chunks of {len(reports)} reports, {total} of them names that must be given", file=sys.stderr)
    for threshold in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8):
        given = [(named, well) for p, named, well in judged if p > threshold]
        right = sum(named == 1 for named, _ in given)
        classed = sum(named == 1 and well for named, well in given)
        optional = sum(named == _OPTIONAL for named, _ in given)
        print(
            f"in cross-validation from {threshold}: {right} of these given, {classed} with a right class, "
            f"{len(given) - right - optional} wrong, {optional} optional",
            file=sys.stderr,
        )


def _by_trait(classes: dict[EntityClass, dict[str, float]]) -> dict[str, dict[EntityClass, float]]:
    result: dict[str, dict[EntityClass, float]] = {}
    for name, weight in classes.items():
        for trait, value in weight.items():
            result.setdefault(trait, {})[name] = value
    return result


def write(rows: Sequence[Example], out: Callable[[str], object]) -> None:
    """The table."""
    places = len({r.area for r in rows})
    out("# how traits of a chunk that no rule decides, and of its surroundings, speak for a name (above 0) and for a\n")
    out("# class: weights of a logistic regression; derived by tools/name_weights.py from\n")
    out(f"# {len(rows)} chunks of {len({r.report for r in rows})} annotated reports of {places} places\n")
    out("trait\toutcome\tweight\tsource\n")
    tables = [(learned.NAME, naming(rows)), *((c.value, w) for c, w in classing(rows).items())]
    for outcome, weight in tables:
        for trait in sorted(weight):
            if abs(weight[trait]) >= 0.05:
                out(f"{trait}\t{outcome}\t{weight[trait]:.2f}\tannotated reports\n")


def reports(arguments: Sequence[str]) -> Iterable[tuple[Gold, Report]]:
    """The annotations that the arguments name, each with its report; without any, all that are not put aside."""
    for argument in arguments or map(str, open_golds()):
        path, _, text = argument.partition("=")
        gold = load_gold(Path(path))
        yield gold, read_report(Path(text)) if text else report_of(gold, Path(path))


def main(arguments: Sequence[str]) -> None:
    rows = [example for gold, report in reports(arguments) for example in examples(gold, report)]
    check(rows)
    write(rows, sys.stdout.write)


if __name__ == "__main__":
    main(sys.argv[1:])
