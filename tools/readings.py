"""What readers have named in reports: what there is to learn names from.

Those are the annotated reports that are not put aside (``kg evaluate`` lists them), the sets of annotated reports
beside them (``tests/evaluation/counties``, ``districts``), but for their groups ``aside``, and cuttings of which only
the names are annotated (``tests/evaluation/names``).  Texts that the project does not have are read where ``KG_SHARED``
says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.ablation import open_golds
from kg.evaluate import golds_in, report_of, shared_folder
from kg.evaluate.gold import Gold, GoldEntity, folded, load_gold
from kg.model import EntityClass, Report
from kg.text.reader import read_report
from tools import sets
from tools.names import NamedThing, Names, load_names, names_folder

#: how much it counts what those say who underline more, and what people do
_OTHERS, _PEOPLE = 0.5, 5.0


class Reading(NamedTuple):
    """What a reader has found in a report, or in some stretches of it."""

    report: Report
    area: str
    #: by each name, folded: whether it may be left out, and the classes
    names: Mapping[str, tuple[bool, frozenset[EntityClass]]]
    #: the annotated stretches; empty where it is all of the report
    stretches: tuple[tuple[int, int], ...] = ()
    #: whether only names are annotated, by those who underline more than the others
    others: bool = False
    #: how much it counts what a reader says: people who agree with each other more than one pass of a language model
    weight: float = 1.0

    @classmethod
    def of_gold(cls, gold: Gold, report: Report, weight: float = 1.0) -> Reading:
        """That of an annotation with all that belongs to it."""
        return cls(report, gold.area, _by_name(gold.entities), weight=weight)

    @classmethod
    def of_names(cls, names: Names, report: Report) -> Reading:
        """That of names alone."""
        weight = 1.0 if names.careful else _OTHERS
        return cls(report, names.area, _by_name(names.entities), names.stretches, not names.careful, weight)

    def has(self, begin: int, end: int) -> bool:
        """Whether a sentence was annotated."""
        return not self.stretches or any(first <= begin and end <= last for first, last in self.stretches)


def _by_name(things: Iterable[GoldEntity | NamedThing]) -> dict[str, tuple[bool, frozenset[EntityClass]]]:
    """By each name, folded, whether it may be left out, and the classes; of two of one name the one that may not."""
    ordered = sorted(things, key=lambda thing: not thing.optional)
    return {folded(n): (t.optional, frozenset(map(EntityClass, t.classes))) for t in ordered for n in t.names}


def readings(arguments: Sequence[str] = ()) -> Iterator[Reading]:
    """Those of the annotations that the arguments name, ``GOLD.json`` or ``GOLD.json=TEXT.txt``; without any, all."""
    for argument in arguments or map(str, learnt_from()):
        path, _, text = argument.partition("=")
        gold = load_gold(Path(path))
        report = read_report(Path(text)) if text else report_of(gold, Path(path))
        yield Reading.of_gold(gold, report, weight=1.0 if _is_ours(Path(path)) else _PEOPLE)
    shared = shared_folder()
    if not arguments and shared is not None:
        for file in sorted(names_folder().glob("*.tsv")):
            names = load_names(file)
            yield Reading.of_names(names, read_report(names.report(shared)))


def _is_ours(path: Path) -> bool:
    """Whether an annotation is one of those that a language model has made for this project."""
    return sets.FOLDER in path.resolve().parents


def learnt_from() -> Iterator[Path]:
    """The annotations that may be learnt from."""
    yield from open_golds()
    for name in sets.SETS:
        if sets.complete(name):
            for group in sets.groups(name):
                if not group.startswith("aside"):
                    yield from golds_in(sets.FOLDER / name / group)
