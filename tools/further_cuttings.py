"""What the extraction gives of the cuttings of which only names and relations are annotated.

    python -m tools.further_cuttings            # right, missed and false, names and relations by predicate
    python -m tools.further_cuttings --misses   # and each of these, with its place

The cuttings are those of ``tests/evaluation/names`` and ``relations``, their reports are read where ``KG_SHARED``
says.  The network of names and the weights of relations were learnt from them, too (for half), so this is no measure of
how good the extraction is on a new report; it shows which forms go wrong often, over ten times as many names as are
scored.
What is missed counts only if the reader requires it; what is optional is neither right nor false.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from kg.evaluate.gold import folded
from kg.evaluate.reports import shared_folder
from kg.extract.extractor import extract
from kg.model import Entity, Extraction, Span
from kg.text.reader import read_report
from tools.names import Names, load_names, load_relations, names_folder, relations_folder

#: the report's own area, whatever it is called
_OWN = -1
#: what is counted of a name or a relation
RIGHT, MISSED, FALSE = "right", "missed", "false"


class Found(NamedTuple):
    """One name or relation: of which kind, how it came out, and in which cutting."""

    kind: str  # "name", or the predicate
    result: str
    cutting: str
    what: str


class _Things:
    """The things of a cutting by their names."""

    def __init__(self, names: Names, extraction: Extraction) -> None:
        self.stretches = names.stretches
        own = {folded(names.area), folded(names.area[:-1]), folded(extraction.report.area_name or names.area)}
        self._numbers: dict[str, int] = {}
        for number, thing in enumerate(names.entities):
            of_own = any(folded(name) in own for name in thing.names)
            for name in thing.names:
                self._numbers.setdefault(folded(name), _OWN if of_own else number)
        self._numbers |= dict.fromkeys(own, _OWN)
        self._entities = {entity.name: entity for entity in extraction.entities}

    def of(self, name: str) -> int | str:
        """Which annotated thing a name is of; the name itself where of none."""
        entity = self._entities.get(name)
        known = (self._numbers.get(folded(each)) for each in (name, *_others(entity)))
        return next((number for number in known if number is not None), folded(name))

    def within(self, spans: Iterable[Span]) -> bool:
        """Whether any of the mentions is in a stretch that was read."""
        return any(begin <= span.begin and span.end <= end for span in spans for begin, end in self.stretches)


def _others(entity: Entity | None) -> tuple[str, ...]:
    if entity is None:
        return ()
    return (*entity.aliases, entity.qualified) if entity.qualified else tuple(entity.aliases)


def of_cutting(file: Path) -> list[Found]:
    """What comes out of one cutting: its names, and its relations if they are annotated."""
    shared = shared_folder()
    if shared is None:
        raise SystemExit("KG_SHARED names no folder of reports")
    names = load_names(file)
    extraction = extract(read_report(names.report(shared)))
    things = _Things(names, extraction)
    return [*_names(names, extraction, things, file.stem), *_relations(extraction, things, file)]


def _names(names: Names, extraction: Extraction, things: _Things, cutting: str) -> Iterator[Found]:
    found = set()
    for entity in extraction.entities:
        if not things.within(entity.mentions):
            continue
        thing = things.of(entity.name)
        if isinstance(thing, str) or thing in found:
            yield Found("name", FALSE, cutting, entity.name)
        elif thing == _OWN or not names.entities[thing].optional:
            yield Found("name", RIGHT, cutting, entity.name)
        found.add(thing)
    for annotated in names.entities:
        thing = things.of(annotated.names[0])
        if not annotated.optional and thing not in found:
            yield Found("name", MISSED, cutting, annotated.names[0])


def _relations(extraction: Extraction, things: _Things, file: Path) -> Iterator[Found]:
    annotated = relations_folder() / file.name
    if not annotated.exists():
        return
    given = {}
    for r in extraction.relations:
        if things.within(r.mentions):
            given[things.of(r.subject), r.predicate.value, things.of(r.object)] = f"{r.subject} – {r.object}"
    known = set()
    for stated in load_relations(annotated):
        key = things.of(stated.subject), stated.predicate, things.of(stated.object)
        known.add(key)
        if not stated.optional:
            result = RIGHT if key in given else MISSED
            yield Found(stated.predicate, result, file.stem, f"{stated.subject} – {stated.object}")
    for key, what in given.items():
        if key not in known:
            yield Found(key[1], FALSE, file.stem, what)


def main(arguments: list[str]) -> None:
    """Print the table, and with ``--misses`` what it counts."""
    files = sorted(names_folder().glob("*.tsv"))
    with ProcessPoolExecutor() as pool:
        found = [each for one in pool.map(of_cutting, files, chunksize=8) for each in one]
    counts = Counter((each.kind, each.result) for each in found)
    for kind in ["name", *sorted({each.kind for each in found} - {"name"})]:
        right, missed, false = (counts[kind, result] for result in (RIGHT, MISSED, FALSE))
        print(f"{kind:<10} right {right:>6}  missed {missed:>6}  false {false:>6}")
    if "--misses" in arguments:
        for each in found:
            if each.result != RIGHT:
                print(each.result, each.kind, each.cutting, each.what, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
