"""Learn how traits of a chunk and of its surroundings speak for a name, from annotated reports.

    python -m tools.name_weights [ANNOTATION.json[=TEXT.txt] ...] > new.tsv && mv new.tsv kg/data/name_weights.tsv

Without arguments, from the annotated reports that are not put aside (``kg evaluate`` lists them).  There are two kinds
of examples: chunks that the rules leave over, in sentences in which they find a name, and what the rules find.  What a
careful reader may include or leave out counts half.  The method is logistic regression with an L2 penalty, fitted by
stochastic gradient descent in a fixed order: for "is a name" over either kind, and for each class over the chunks left
over that are names.  A trait that the reports of fewer than three places have is left out.
Printed to standard error: how well it does in cross-validation by place, which is what to expect of a new one.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.ablation import open_golds
from kg.evaluate import report_of
from kg.evaluate.gold import Gold, folded, load_gold
from kg.extract.lexicon import tokenize
from kg.extract.names import doubted, learned
from kg.extract.names.finder import Finder
from kg.model import EntityClass, Report
from kg.text.reader import read_report

_LEAST = 3  # places
_EPOCHS, _RATE = 40, 0.2
#: of the weights for what is left over, and for what the rules find, of which there are more names
_PENALTY, _FOUND_PENALTY = 4e-4, 2e-4
_BATCH = 100  # examples between two shrinkings of all weights
_OPTIONAL = 0.5
_FOLDS = 8
#: from this probability on a chunk is given; half of F1 would do if all that count as names were things of their own
_THRESHOLD = 0.6
#: and below this one what a rule has found is not: under half of F1, where one more or less moves it neither way
_FOUND_THRESHOLD = 0.44


class Example(NamedTuple):
    """A chunk: its traits, whether a reader names it (1), may name it (0.5) or not (0), and as what."""

    report: str
    area: str
    text: str
    traits: tuple[str, ...]
    named: float
    classes: frozenset[EntityClass]


def examples(gold: Gold, report: Report) -> tuple[list[Example], list[Example]]:
    """The chunks of one report that the rules leave over, and what the rules find."""
    names = {folded(name): e for e in gold.entities for name in e.names}

    def example(text: str, found: Iterable[str], *others: str) -> Example:
        entity = next((e for e in (names.get(folded(t)) for t in (text, *others)) if e is not None), None)
        named = 0.0 if entity is None else _OPTIONAL if entity.optional else 1.0
        classes = frozenset(map(EntityClass, entity.classes)) if entity is not None else frozenset()
        return Example(gold.report, gold.area, text, tuple(found), named, classes)

    finder = Finder(report, report.norm, tokenize(report.norm))
    scenes = [scene for scene in finder.sentences() if scene.candidates]
    given = {folded(name) for scene in scenes for c in scene.candidates for name in (c.name, *c.aliases)}
    left_over, ruled = [], []
    for scene in scenes:
        for left in learned.leftovers(finder.ctx, scene):
            text = report.text[scene.row[left.first].begin : scene.row[left.last - 1].end]
            if folded(text) not in given:  # else it is given whatever the weights say of it here
                left_over.append(example(text, learned.traits(finder.ctx, scene, left)))
        begins = [unit.begin for unit in scene.row]
        for c in scene.candidates:
            if told := doubted.traits(finder.ctx, scene, c, begins):
                ruled.append(example(c.name, told, *sorted(c.aliases)))
    return left_over, ruled


def fit(
    rows: Sequence[tuple[tuple[str, ...], bool, float]], kept: frozenset[str], penalty: float = _PENALTY
) -> dict[str, float]:
    """Weights by trait: rows are traits, outcome and how much the row counts."""
    weight: dict[str, float] = dict.fromkeys(kept, 0.0)
    data = [([t for t in traits if t in kept], outcome, count) for traits, outcome, count in rows]
    for epoch in range(_EPOCHS):
        rate = _RATE / (1 + epoch / 2)
        shrink = 1 - rate * penalty * _BATCH
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


def naming(rows: Sequence[Example], threshold: float = _THRESHOLD, penalty: float = _PENALTY) -> dict[str, float]:
    """Weights for "is a name", the threshold taken in."""
    examples = [(r.traits, r.named > 0, _OPTIONAL if r.named == _OPTIONAL else 1.0) for r in rows]
    weight = fit(examples, kept_traits(rows), penalty)
    weight[learned.ALWAYS] = weight.get(learned.ALWAYS, 0.0) - math.log(threshold / (1 - threshold))
    return weight


def trusting(rows: Sequence[Example]) -> dict[str, float]:
    """Weights for "what a rule has found is a name", the threshold taken in."""
    return naming(rows, _FOUND_THRESHOLD, _FOUND_PENALTY)


def classing(rows: Sequence[Example]) -> dict[EntityClass, dict[str, float]]:
    """Weights for each class, over the chunks that are names."""
    named = [r for r in rows if r.named > 0]
    kept = kept_traits(named)
    return {c: fit([(r.traits, c in r.classes, 1.0) for r in named], kept) for c in EntityClass}


def folds(rows: Sequence[Example]) -> Iterable[tuple[list[Example], list[Example]]]:
    """What to learn from and what to judge: the reports of a place are on one side."""
    areas = sorted({r.area for r in rows})
    for fold in range(_FOLDS):
        aside = set(areas[fold::_FOLDS])
        yield [r for r in rows if r.area not in aside], [r for r in rows if r.area in aside]


def check(rows: Sequence[Example]) -> None:
    """Print what cross-validation by place says of the chunks left over."""
    judged: list[tuple[float, float, bool]] = []
    for train, test in folds(rows):
        weight, classes = naming(train), classing(train)
        known = learned.Weights(weight, _by_trait(classes), {})
        for r in test:
            well = bool(r.classes & learned.classes_of(r.traits, known))
            judged.append((_probability(r, weight, _THRESHOLD), r.named, well))
    total = sum(r.named == 1 for r in rows)
    print(f"{len(rows)} chunks, {total} of them names that must be given", file=sys.stderr)
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


def check_found(rows: Sequence[Example]) -> None:
    """Print what cross-validation by place says of what the rules find."""
    judged = []
    for train, test in folds(rows):
        weight = trusting(train)
        judged += [(_probability(r, weight, _FOUND_THRESHOLD), r.named) for r in test]
    wrong = sum(named == 0 for _, named in judged)
    print(f"{len(rows)} found by rules, {wrong} of them wrong", file=sys.stderr)
    for threshold in (0.3, 0.4, 0.45, 0.5, 0.6):
        taken = Counter(named for p, named in judged if p < threshold)
        print(
            f"in cross-validation below {threshold}: {taken[0.0]} wrong ones, {taken[1.0]} right ones, "
            f"{taken[_OPTIONAL]} optional",
            file=sys.stderr,
        )


def _probability(row: Example, weight: dict[str, float], threshold: float) -> float:
    """How likely an example is a name; the threshold that the weights have taken in is taken out again."""
    logit = sum(weight.get(t, 0.0) for t in row.traits) + math.log(threshold / (1 - threshold))
    return 1 / (1 + math.exp(-logit))


def _by_trait(classes: dict[EntityClass, dict[str, float]]) -> dict[str, dict[EntityClass, float]]:
    result: dict[str, dict[EntityClass, float]] = {}
    for name, weight in classes.items():
        for trait, value in weight.items():
            result.setdefault(trait, {})[name] = value
    return result


def write(rows: Sequence[Example], ruled: Sequence[Example], out: Callable[[str], object]) -> None:
    """The table."""
    both = [*rows, *ruled]
    places = len({r.area for r in both})
    out("# how traits of a chunk that no rule decides, and of its surroundings, speak for a name (above 0) and for a\n")
    out("# class, and those of what a rule has found (found) for its being a name: weights of logistic regressions;\n")
    out(f"# derived by tools/name_weights.py from {len(rows)} chunks and {len(ruled)} names by rules of\n")
    out(f"# {len({r.report for r in both})} annotated reports of {places} places\n")
    out("trait\toutcome\tweight\tsource\n")
    tables = [(learned.NAME, naming(rows)), (learned.FOUND, trusting(ruled))]
    tables += [(c.value, w) for c, w in classing(rows).items()]
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
    rows: list[Example] = []
    ruled: list[Example] = []
    for gold, report in reports(arguments):
        left_over, found = examples(gold, report)
        rows += left_over
        ruled += found
    check(rows)
    check_found(ruled)
    write(rows, ruled, sys.stdout.write)


if __name__ == "__main__":
    main(sys.argv[1:])
