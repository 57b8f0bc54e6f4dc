"""Learn what speaks for it that a report's own area adopts, receives or hosts something, from annotated reports.

    python -m tools.relation_weights --out kg/data    # some minutes
    python -m tools.relation_weights --check          # what cross-validation says

From the annotated reports that are not put aside (:func:`tools.readings.learnt_from`), and from further cuttings of
which only names and relations are annotated (``tests/evaluation/names``, ``tests/evaluation/relations``), whose reports
are read where ``KG_SHARED`` says.  An example is a place where a policy, an honour or an event is named, with what is
told of it by :mod:`kg.extract.own_relations`; the outcome is whether the annotation has the relation.  What may be left
out is no example.  The method is the logistic regression of :mod:`tools.regression`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.evaluate import load_gold, report_of, shared_folder
from kg.evaluate.gold import Gold, folded
from kg.extract import lexicon, relations, resolve
from kg.extract.names import finder
from kg.extract.own_relations import MARGIN, NONE, OWN, Place
from kg.model import Predicate, Report
from kg.text.reader import read_report
from tools.names import load_names, load_relations, names_folder, relations_folder
from tools.readings import learnt_from
from tools.regression import OTHERS, fit, kept_traits, single

_FOLDS = 4
#: how much it counts what is said of cuttings of which only names and relations are annotated
_OTHERS = 0.5
_FILE = "relation_weights.tsv"


class Reading(NamedTuple):
    """What a reader says of the own area in a report, or in some stretches of it."""

    report: Report
    area: str
    #: by each name of a thing, folded: the name by which the relations call it
    names: Mapping[str, str]
    #: by predicate and that name: whether it may be left out
    stated: Mapping[tuple[str, str], bool]
    stretches: tuple[tuple[int, int], ...] = ()
    others: bool = False

    def has(self, begin: int, end: int) -> bool:
        """Whether a sentence was annotated."""
        return not self.stretches or any(first <= begin and end <= last for first, last in self.stretches)


class Example(NamedTuple):
    """A thing that the own area may adopt, receive or host: the traits of each of its places, and the outcome."""

    area: str
    predicate: Predicate
    ruled: str
    places: tuple[tuple[str, ...], ...]
    #: None where a reader may leave it out
    stated: bool | None
    others: bool


def of_gold(gold: Gold, report: Report) -> Reading:
    """What an annotation with all that belongs to it says."""
    names = {folded(name): entity.id for entity in gold.entities for name in entity.names}
    own = names.get(folded(gold.area), "")
    stated = {
        (r.predicate, names[folded(r.object)]): r.optional
        for r in sorted(gold.relations, key=lambda r: not r.optional)
        if names.get(folded(r.subject)) == own
    }
    return Reading(report, gold.area, names, stated)


def further(shared: Path) -> Iterator[Reading]:
    """What the cuttings say of which names and relations are annotated."""
    for file in sorted(relations_folder().glob("*.tsv")):
        cutting = load_names(names_folder() / file.name)
        names = {folded(name): thing.names[0] for thing in cutting.entities for name in thing.names}
        stated = {
            (r.predicate, names.get(folded(r.object), r.object)): r.optional
            for r in load_relations(file)
            if r.subject == cutting.area
        }
        report = read_report(cutting.report(shared))
        yield Reading(report, cutting.area, names, stated, cutting.stretches, others=not cutting.careful)


def examples(reading: Reading) -> Iterator[Example]:
    """What the rules find, with the outcome that the reader gives."""
    report = reading.report
    tokens = lexicon.tokenize(report.norm)
    scenes = finder.Finder(report, report.norm, tokens).scenes()
    relator = relations.Relator(resolve.resolve(report, report.norm, scenes, tokens), without={"relations.learned"})
    if relator.r.own is None:
        return
    relator.run(scenes)
    named = [
        (clause, c)
        for scene in scenes
        if reading.has(scene.sentence.span.begin, scene.sentence.span.end)
        for clause in relations.clauses(scene)
        for c in clause.candidates
    ]
    for (predicate, _), places in relator.places(named).items():
        draft = places[0].draft
        known = (reading.names.get(folded(name)) for name in sorted({draft.name, *draft.names, *draft.aliases}))
        thing = next((name for name in known if name is not None), None)
        optional = reading.stated.get((predicate.value, thing)) if thing is not None else None
        stated = None if optional else optional is not None
        yield Example(reading.area, predicate, places[0].ruled, tuple(map(_told, places)), stated, reading.others)


def _told(place: Place) -> tuple[str, ...]:
    return tuple(map(sys.intern, place.traits))


def weighing(rows: Sequence[Example]) -> dict[str, float]:
    """Weights by trait."""
    told = [
        (row, (*found, f"{row.predicate.value} {OTHERS}") if row.others else found)
        for row in rows
        if row.stated is not None
        for found in row.places
    ]
    kept = kept_traits((row.area, found) for row, found in told)
    return fit(((found, bool(row.stated), _OTHERS if row.others else 1.0) for row, found in told), kept)


def _place(area: str) -> str:
    """By what a place is known, whether its name has what it lies in or not.

    >>> _place("广东深圳市龙岗区"), _place("龙岗区"), _place("深圳市")
    ('龙岗区', '龙岗区', '深圳市')
    """
    return re.sub(r".+[市州盟](?=.+[区县旗]$)", "", area)


def check(rows: Sequence[Example]) -> None:
    """Print what cross-validation by place says, over what was annotated wholly."""
    places = sorted({_place(row.area) for row in rows})
    counts: Counter[tuple[Predicate, str]] = Counter()
    for fold in range(_FOLDS):
        aside = set(places[fold::_FOLDS])
        weight = weighing([row for row in rows if _place(row.area) not in aside])
        for row in rows:
            if _place(row.area) not in aside or row.others or row.stated is None:
                continue
            counts[row.predicate, "all"] += row.stated
            ruled = row.ruled == OWN
            sums = (sum(weight.get(trait, 0.0) for trait in found) for found in row.places)
            weighed = row.ruled in (OWN, NONE) and max(sums) > (MARGIN if row.ruled == NONE else -MARGIN)
            for way, given in (("rules", ruled), ("weights", weighed)):
                counts[row.predicate, way] += given
                counts[row.predicate, way + " right"] += given and row.stated
    for predicate in sorted({predicate for predicate, _ in counts}):
        said = [f"{predicate.value}: {counts[predicate, 'all']}"]
        for way in ("rules", "weights"):
            given, right = counts[predicate, way], counts[predicate, way + " right"]
            f1 = 2 * right / (given + counts[predicate, "all"])
            said.append(f"{way} {right} of {given} right, F1 {f1:.3f}")
        print("; ".join(said), file=sys.stderr)


def text_of(rows: Sequence[Example]) -> str:
    """The table."""
    told = single(weighing(rows))
    areas = {row.area for row in rows}
    head = [
        "# how traits of a place where a policy, an honour or an event is named speak for it (above 0) that the",
        "# report's own area adopts, has received or hosts it: weights of logistic regressions, derived by",
        f"# tools/relation_weights.py from {len(rows)} of them in annotated reports of {len(areas)} places",
        "trait\tweight\tsource",
    ]
    body = [f"{trait}\t{told[trait]}\tannotated reports" for trait in sorted(told) if OTHERS not in trait]
    return "\n".join([*head, *body]) + "\n"


def readings() -> Iterator[Reading]:
    """Those of the annotations that are not put aside, and of the further cuttings."""
    for path in learnt_from():
        gold = load_gold(path)
        yield of_gold(gold, report_of(gold, path))
    shared = shared_folder()
    if shared is not None:
        yield from further(shared)


def main(arguments: Iterable[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, help="write the table into this folder")
    parser.add_argument("--check", action="store_true", help="say what cross-validation says")
    asked = parser.parse_args([*arguments])
    rows = [row for reading in readings() for row in examples(reading)]
    if asked.out is not None:
        (asked.out / _FILE).write_text(text_of(rows), encoding="utf-8")
    if asked.check:
        check(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
