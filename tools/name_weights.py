"""Learn how traits of a stretch of words and of its surroundings speak for a name, from annotated reports.

    python -m tools.name_weights [ANNOTATION.json[=TEXT.txt] ...] --out kg/data    # a quarter of an hour
    python -m tools.name_weights --check                                           # what cross-validation says

Without arguments, from the annotated reports that are not put aside (``kg evaluate`` lists them), and from the names of
further cuttings (``tests/evaluation/names``), whose reports are read where ``KG_SHARED`` says.  There are two kinds of
examples: stretches that the rules do not find, and what they find.  The method is logistic regression.  For "is a name"
over what the rules find, and for each class over all that are names, it is fitted by AdaGrad (Duchi, Hazan and Singer,
2011) with an L2 penalty; for "is a name" over the other stretches, which are many, with an L1 penalty, too.  What a
careful reader may include or leave out is no example for the latter, and counts half for what the rules find.  A trait
that the reports of fewer than three places have is left out.  Printed to standard error: how well it does in
cross-validation by place, which is what to expect of a new one.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.ablation import open_golds
from kg.evaluate import report_of, shared_folder
from kg.evaluate.gold import Gold, GoldEntity, folded, load_gold
from kg.extract.lexicon import tokenize
from kg.extract.names import doubted, learned
from kg.extract.names.finder import Finder
from kg.extract.names.spans import ALWAYS, Sight
from kg.model import EntityClass, Report
from kg.text.reader import read_report
from tools.names import NamedThing, Names, load_names, names_folder

_LEAST = 3  # places
_EPOCHS, _RATE = 7, 0.05
_PENALTY = 3.0
#: of the weights for stretches: rounds, of these averaged, rate and penalties; those that leave a third of the weights
#: for half a name of a hundred less, in cross-validation
_SPARSE_EPOCHS, _AVERAGED, _ALPHA, _BETA, _L1, _L2 = 8, 4, 0.2, 1.0, 3.0, 5.0
#: an example whose outcome is foretold to so much changes no weight
_SURE = 0.005
_SPARSE_SURE = 0.002
_OPTIONAL = 0.5
_FOLDS = 4
#: from this probability on a stretch is given
_THRESHOLD = 0.5
#: and below this one what a rule has found is not: of those between half and this, cross-validation has two wrong ones
#: for a right one
_FOUND_THRESHOLD = 0.65
#: how much it counts what others have or have not underlined, of stretches and of what the rules find
_OTHERS_NAMED, _OTHERS_FOUND = 0.5, 0.15
#: what tells the cuttings of which only names are annotated, by other readers, from the rest: they underline more
OTHERS = "annotated by others"


class Example(NamedTuple):
    """A stretch: its traits, whether a reader names it (1), may name it (0.5) or not (0), and as what."""

    report: str
    area: str
    text: str
    traits: tuple[str, ...]
    named: float
    classes: frozenset[EntityClass]


class Reading(NamedTuple):
    """What a reader has found in a report, or in some stretches of it."""

    report: Report
    area: str
    #: by each name, folded: whether it may be left out, and the classes
    names: Mapping[str, tuple[bool, frozenset[EntityClass]]]
    #: the annotated stretches; empty where it is all of the report
    stretches: tuple[tuple[int, int], ...] = ()
    further: tuple[str, ...] = ()

    @classmethod
    def of_gold(cls, gold: Gold, report: Report) -> Reading:
        """That of an annotation with all that belongs to it."""
        return cls(report, gold.area, _by_name(gold.entities))

    @classmethod
    def of_names(cls, names: Names, report: Report) -> Reading:
        """That of names alone."""
        return cls(report, names.area, _by_name(names.entities), names.stretches, (OTHERS,))

    def has(self, begin: int, end: int) -> bool:
        """Whether a sentence was annotated."""
        return not self.stretches or any(first <= begin and end <= last for first, last in self.stretches)


def _by_name(things: Iterable[GoldEntity | NamedThing]) -> dict[str, tuple[bool, frozenset[EntityClass]]]:
    """By each name, folded, whether it may be left out, and the classes; of two of one name the one that may not."""
    ordered = sorted(things, key=lambda thing: not thing.optional)
    return {folded(n): (t.optional, frozenset(map(EntityClass, t.classes))) for t in ordered for n in t.names}


def examples(reading: Reading) -> tuple[list[Example], list[Example], list[Example]]:
    """The stretches that the rules do not find, what they find, and that again as stretches."""
    report = reading.report

    def example(text: str, found: Iterable[str], *others: str) -> Example:
        known = (reading.names.get(folded(t)) for t in (text, *others))
        optional, classes = next((e for e in known if e is not None), (None, frozenset[EntityClass]()))
        named = 0.0 if optional is None else _OPTIONAL if optional else 1.0
        # each trait is kept once, however many stretches have it
        traits = tuple(map(sys.intern, [*found, *reading.further]))
        return Example(report.source, reading.area, text, traits, named, classes)

    finder = Finder(report, report.norm, tokenize(report.norm))
    left_over, ruled, as_stretches = [], [], []
    for scene in finder.sentences():
        if not reading.has(scene.sentence.span.begin, scene.sentence.span.end):
            continue
        sight = Sight(finder.ctx, scene)
        given = {(c.span.begin, c.span.end) for c in scene.candidates}
        for first, last in sight.stretches():
            begin, end = scene.row[first].begin, scene.row[last].end
            if (begin, end) not in given:
                left_over.append(example(report.text[begin:end], sight.traits(first, last)))
        begins = [unit.begin for unit in scene.row]
        ends = [unit.end for unit in scene.row]
        for c in scene.candidates:
            if c.span.begin in begins and c.span.end in ends:
                found = sight.traits(begins.index(c.span.begin), ends.index(c.span.end))
                as_stretches.append(example(c.name, found, *sorted(c.aliases)))
            if told := doubted.traits(finder.ctx, scene, c, begins):
                ruled.append(example(c.name, told, *sorted(c.aliases)))
    return left_over, ruled, as_stretches


def fit(rows: Iterable[tuple[Collection[str], bool, float]], kept: frozenset[str]) -> dict[str, float]:
    """Weights by trait: rows are traits, outcome and how much the row counts."""
    traits, data = _numbered(rows, kept)
    weight, squares = [0.0] * len(traits), [1e-8] * len(traits)
    often = [0] * len(traits)
    for found, _, _ in data:
        for k in found:
            often[k] += 1
    # the penalty of a trait is spread over the examples that have it
    shrink = [_PENALTY / max(n, 1) for n in often]
    root = math.sqrt
    for _ in range(_EPOCHS):
        for found, error in _errors(data, weight):
            if -_SURE < error < _SURE:
                continue
            for k in found:
                slope = error + shrink[k] * weight[k]
                squares[k] += slope * slope
                weight[k] -= _RATE * slope / root(squares[k])
    return dict(zip(traits, weight, strict=True))


def sparse(rows: Iterable[tuple[Collection[str], bool, float]], kept: frozenset[str]) -> dict[str, float]:
    """Weights by trait as :func:`fit` has them, but of few traits: an L1 penalty keeps out what says little.

    The method is FTRL-Proximal (McMahan et al., 2013, "Ad click prediction: a view from the trenches"), in a fixed
    order, of which the last rounds are averaged, so that the order says less.
    """
    traits, data = _numbered(rows, kept)
    weight, shift, squares, mean = ([0.0] * len(traits) for _ in range(4))
    root = math.sqrt
    for epoch in range(_SPARSE_EPOCHS):
        for found, error in _errors(data, weight):
            if -_SPARSE_SURE < error < _SPARSE_SURE:
                continue
            for k in found:
                before = root(squares[k])
                squares[k] += error * error
                after = root(squares[k])
                shift[k] += error - (after - before) / _ALPHA * weight[k]
                beyond = abs(shift[k]) - _L1
                if beyond <= 0:
                    weight[k] = 0.0
                else:
                    weight[k] = -math.copysign(beyond, shift[k]) / ((_BETA + after) / _ALPHA + _L2)
        if epoch >= _SPARSE_EPOCHS - _AVERAGED:
            mean = [m + w / _AVERAGED for m, w in zip(mean, weight, strict=True)]
    return {trait: w for trait, w in zip(traits, mean, strict=True) if w}


#: the numbers of the traits of a row, its outcome, and how much it counts
_Row = tuple["array[int]", bool, float]


def _numbered(
    rows: Iterable[tuple[Collection[str], bool, float]], kept: frozenset[str]
) -> tuple[list[str], list[_Row]]:
    """The traits that are kept, and the rows with their numbers."""
    traits = sorted(kept)
    index = {trait: k for k, trait in enumerate(traits)}
    return traits, [(array("I", [index[t] for t in found if t in index]), outcome, n) for found, outcome, n in rows]


def _errors(data: Sequence[_Row], weight: Sequence[float]) -> Iterator[tuple[array[int], float]]:
    """Each row once, and by how much the weights of the moment foretell too much, times how much it counts.

    In a fixed order that mixes them: the rows of a report are alike, and stand together.
    """
    size = len(data)
    step = next(s for s in itertools.count(7919, 2) if math.gcd(s, max(size, 1)) == 1)
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


def naming(rows: Sequence[Example], threshold: float = _THRESHOLD) -> dict[str, float]:
    """Weights for "is a name", the threshold taken in."""
    sure = [r for r in rows if r.named != _OPTIONAL]
    counted = ((r.traits, r.named > 0, _OTHERS_NAMED if OTHERS in r.traits else 1.0) for r in sure)
    weight = sparse(counted, kept_traits((r.area, r.traits) for r in sure))
    weight[ALWAYS] = weight.get(ALWAYS, 0.0) - math.log(threshold / (1 - threshold))
    return weight


def trusting(rows: Sequence[Example]) -> dict[str, float]:
    """Weights for "what a rule has found is a name", the threshold taken in."""
    examples = (
        (
            r.traits,
            r.named > 0,
            (_OPTIONAL if r.named == _OPTIONAL else 1.0) * (_OTHERS_FOUND if OTHERS in r.traits else 1.0),
        )
        for r in rows
    )
    weight = fit(examples, kept_traits((r.area, r.traits) for r in rows))
    weight[ALWAYS] = weight.get(ALWAYS, 0.0) - math.log(_FOUND_THRESHOLD / (1 - _FOUND_THRESHOLD))
    return weight


#: the traits that tell of what class a name is, not only that it is one
_TELLING = (
    *(ALWAYS, "head ", "grade ", "final ", "last ", "former ", "holds ", "closing ", "groups last ", "first group "),
    *("governed by ", "summed up ", "before ", "after ", "honour ", "kinds ", "length ", "found ", "placed"),
)


def classing(rows: Sequence[Example]) -> dict[EntityClass, dict[str, float]]:
    """Weights for each class, over the stretches that are names."""
    named = [r._replace(traits=tuple(t for t in r.traits if t.startswith(_TELLING))) for r in rows if r.named > 0]
    kept = kept_traits((r.area, r.traits) for r in named)
    return {c: fit([(r.traits, c in r.classes, 1.0) for r in named], kept) for c in EntityClass}


def folds(rows: Sequence[Example]) -> Iterable[tuple[list[Example], list[Example]]]:
    """What to learn from and what to judge: the reports of a place are on one side.

    Judged are those that were annotated wholly: what the others underline is not held against the weights.
    """
    areas = sorted({r.area for r in rows})
    for fold in range(_FOLDS):
        aside = set(areas[fold::_FOLDS])
        test = [r for r in rows if r.area in aside and OTHERS not in r.traits]
        yield [r for r in rows if r.area not in aside], test


def check(rows: Sequence[Example], as_stretches: Sequence[Example]) -> None:
    """Print what cross-validation by place says of the stretches."""
    judged: list[tuple[float, str, str, float, bool]] = []
    for train, test in folds(rows):
        areas = {r.area for r in train}
        weight, classes = naming(train), classing([*train, *(r for r in as_stretches if r.area in areas)])
        known = defaultdict(dict, _by_trait(classes))
        for r in test:
            p = _probability(r, weight, _THRESHOLD)
            well = p > _LOWEST and bool(r.classes & learned.classes_of(r.traits, known))
            judged.append((p, r.report, r.text, r.named, well))
    total = len({(r.report, r.text) for r in rows if r.named == 1 and OTHERS not in r.traits})
    print(f"{len(rows)} stretches, {total} of them names that must be given", file=sys.stderr)
    for threshold in (_LOWEST, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8):
        given = {(report, text): (named, well) for p, report, text, named, well in judged if p > threshold}
        counts = Counter(named for named, _ in given.values())
        classed = sum(named == 1 and well for named, well in given.values())
        print(
            f"in cross-validation from {threshold}: {counts[1.0]} of these given, {classed} with a right class, "
            f"{counts[0.0]} wrong, {counts[_OPTIONAL]} optional",
            file=sys.stderr,
        )


_LOWEST = 0.2


def check_found(rows: Sequence[Example]) -> None:
    """Print what cross-validation by place says of what the rules find."""
    judged = []
    for train, test in folds(rows):
        weight = trusting(train)
        judged += [(_probability(r, weight, _FOUND_THRESHOLD), r.named) for r in test]
    wrong = sum(named == 0 for _, named in judged)
    print(f"{len(rows)} found by rules, {wrong} of them wrong", file=sys.stderr)
    for threshold in (0.3, 0.4, 0.5, 0.6, _FOUND_THRESHOLD):
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


#: lighter weights are not written, of most tables and of that for stretches
WRITTEN, WRITTEN_SPARSE = 0.1, 0.05
#: the tables, with what their weights are of
_TABLES = {
    "name_weights.tsv": "how traits of a stretch that no rule finds speak for a name (above 0)",
    "doubt_weights.tsv": "how traits of what a rule has found speak for its being a name (above 0)",
    "class_weights.tsv": "how traits of a name speak for each class (above 0)",
}


def tables(rows: Sequence[Example], ruled: Sequence[Example], as_stretches: Sequence[Example]) -> dict[str, str]:
    """The text of each table, by its name."""
    both = [*rows, *ruled]
    by_trait = _by_trait(classing([*rows, *as_stretches]))
    cells = {
        "name_weights.tsv": single(naming(rows), WRITTEN_SPARSE),
        "doubt_weights.tsv": single(trusting(ruled)),
        "class_weights.tsv": {
            trait: told
            for trait, of in by_trait.items()
            if (told := " ".join(f"{c.value} {w:.2f}" for c, w in of.items() if abs(w) >= WRITTEN))
        },
    }
    out = {}
    for name, told in cells.items():
        head = [
            f"# {_TABLES[name]}: weights of logistic regressions,",
            f"# derived by tools/name_weights.py from {len(rows)} stretches and {len(ruled)} names by rules of",
            f"# {len({(r.area, r.report) for r in both})} annotated reports of {len({r.area for r in both})} places",
            "trait\tweights\tsource" if name.startswith("class") else "trait\tweight\tsource",
        ]
        body = [f"{trait}\t{told[trait]}\tannotated reports" for trait in sorted(told) if trait != OTHERS]
        out[name] = "\n".join([*head, *body]) + "\n"
    return out


def single(weight: Mapping[str, float], least: float = WRITTEN) -> dict[str, str]:
    """The weights as they are written, without the lightest."""
    return {trait: f"{w:.2f}" for trait, w in weight.items() if abs(w) >= least}


def readings(arguments: Sequence[str]) -> Iterator[Reading]:
    """Those of the annotations that the arguments name; without any, of all that are not put aside, and of names."""
    for argument in arguments or map(str, open_golds()):
        path, _, text = argument.partition("=")
        gold = load_gold(Path(path))
        yield Reading.of_gold(gold, read_report(Path(text)) if text else report_of(gold, Path(path)))
    shared = shared_folder()
    if not arguments and shared is not None:
        for file in sorted(names_folder().glob("*.tsv")):
            names = load_names(file)
            yield Reading.of_names(names, read_report(names.report(shared)))


def parser_of(told: str | None) -> argparse.ArgumentParser:
    """The options of a tool that learns; ``told`` is what its module says of itself."""
    parser = argparse.ArgumentParser(description=(told or "").splitlines()[0])
    parser.add_argument("annotation", nargs="*", help="an annotation, and =TEXT.txt where its text lies elsewhere")
    parser.add_argument("--out", type=Path, help="write the tables into this folder")
    parser.add_argument("--check", action="store_true", help="say what cross-validation says")
    return parser


def main(arguments: Sequence[str]) -> None:
    asked = parser_of(__doc__).parse_args(arguments)
    rows: list[Example] = []
    ruled: list[Example] = []
    as_stretches: list[Example] = []
    for reading in readings(asked.annotation):
        left_over, found, again = examples(reading)
        rows += left_over
        ruled += found
        as_stretches += again
    if asked.out is not None:
        for name, text in tables(rows, ruled, as_stretches).items():
            (asked.out / name).write_text(text, encoding="utf-8")
    if asked.check:
        check(rows, as_stretches)
        check_found(ruled)


if __name__ == "__main__":
    main(sys.argv[1:])
