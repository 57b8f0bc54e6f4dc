"""What differs between two graphs: facts added, lost and changed, each with the words that it rests on.

For seeing what a new version of the extraction did: build the same reports into two stores, and compare.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import ReadError
from kg.graph.iri import place_of
from kg.graph.store import ontology_quads, open_store
from kg.graph.vocab import PREFIXES, term
from kg.model import EntityClass

#: formats by the ending of an exported file; ``.gz`` may follow
_FORMATS: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
_REFERS_TO: Final = term("gwr:refersTo")
_CLASSES: Final = {f"{PREFIXES['gwr']}{c.value}": c.value for c in EntityClass}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a fact is told: offsets in the text of a report."""

    report: str  # IRI
    begin: int
    end: int
    quotation: str


@dataclass(frozen=True, slots=True)
class Fact:
    """An entity, an observation or a relation; ``says`` is all of it in a line, which differs where it does."""

    kind: str  # "entity", "observation", "relation"
    iri: str
    says: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``before`` is None for what was added, ``after`` for what was lost."""

    before: Fact | None
    after: Fact | None

    @property
    def kind(self) -> str:
        """The kind of fact."""
        fact = self.after or self.before
        assert fact is not None
        return fact.kind

    @property
    def what(self) -> str:
        """``added``, ``lost`` or ``changed``."""
        return "added" if self.before is None else "lost" if self.after is None else "changed"

    @property
    def place(self) -> Place | None:
        """Where to look: the first place of the fact as it is, or as it was."""
        fact = self.after if self.after is not None and self.after.places else self.before
        return fact.places[0] if fact is not None and fact.places else None

    def as_json(self) -> dict[str, Any]:
        """``what kind before after``, each fact with its IRI and places."""
        return {"what": self.what, "kind": self.kind, "before": _as_json(self.before), "after": _as_json(self.after)}


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences, by report and place; and the reports that only one of the graphs has."""

    changes: tuple[Change, ...]
    only_before: tuple[str, ...]  # names of reports
    only_after: tuple[str, ...]
    same: int  # facts that both have

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many changes of each kind: ``("observation", "added")``."""
        return Counter((change.kind, change.what) for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        """As ``kg diff --json`` prints it."""
        return {
            "same": self.same,
            "onlyBefore": list(self.only_before),
            "onlyAfter": list(self.only_after),
            "counts": [
                {"kind": kind, "what": what, "number": number} for (kind, what), number in sorted(self.counts.items())
            ],
            "changes": [change.as_json() for change in self.changes],
        }


def _as_json(fact: Fact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    return {
        "iri": fact.iri,
        "says": fact.says,
        "places": [{"report": p.report, "begin": p.begin, "end": p.end, "quotation": p.quotation} for p in fact.places],
    }


def load(path: str | Path) -> Store:
    """The store in a folder, or one in memory with what an exported file holds and is compared.

    Raises :class:`~kg.errors.StoreError` for a folder without a store, :class:`ReadError` for a file that is no export.
    """
    path = Path(path)
    if path.is_dir():
        return open_store(path, read_only=True)
    zipped = path.suffix == ".gz"
    ending = Path(path.stem).suffix if zipped else path.suffix
    if ending not in _FORMATS:
        raise ReadError("neither a store nor an export", file=path, hint="endings: " + " ".join(_FORMATS))
    store = Store()
    try:
        with _read(path, zipped) as file:
            store.bulk_extend(quad for quad in parse(input=file, format=_FORMATS[ending]) if _counts(quad))
        # the names of units and common indicators, which an export of the reports alone leaves out
        store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in ontology_quads())
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(getattr(error, "strerror", None) or str(error), file=path) from None
    except SyntaxError as error:
        raise ReadError(str(error), file=path, line=error.lineno) from None
    return store


def _read(path: Path, zipped: bool) -> IO[bytes]:
    if not zipped:
        return path.open("rb")
    import gzip

    return cast("IO[bytes]", gzip.open(path))


def _counts(quad: Quad) -> bool:
    """Whether it is compared: not what is told of stretches of the text, most of all, but for what they refer to."""
    subject = quad.subject
    return quad.predicate == _REFERS_TO or not isinstance(subject, NamedNode) or place_of(subject.value)[1] is None


def diff(before: Store, after: Store) -> Diff:
    """The differences between the graphs of the reports that both have.

    A fact is the same if it has the same IRI and says the same.  One that is lost and one that is new at the very same
    place are one fact that changed; of several there, those that are most alike.
    """
    old, new = _Facts(before), _Facts(after)
    shared = old.reports.keys() & new.reports.keys()
    mine, theirs = old.facts(shared), new.facts(shared)
    changes, lost, added, same = [], [], [], 0
    for iri, fact in mine.items():
        other = theirs.get(iri)
        if other is None:
            lost.append(fact)
        elif other.says != fact.says:
            changes.append(Change(fact, other))
        else:
            same += 1
    added = [fact for iri, fact in theirs.items() if iri not in mine]
    changes += _paired(lost, added)
    changes.sort(key=_order)
    return Diff(
        tuple(changes),
        tuple(sorted(name for iri, name in old.reports.items() if iri not in shared)),
        tuple(sorted(name for iri, name in new.reports.items() if iri not in shared)),
        same,
    )


def _order(change: Change) -> tuple[Any, ...]:
    place = change.place
    fact = change.after or change.before
    assert fact is not None
    where = (place.report, place.begin, place.end) if place else ("", 0, 0)
    return (*where, change.kind, change.what, fact.iri)


def _paired(lost: Iterable[Fact], added: Iterable[Fact]) -> Iterator[Change]:
    by_place: dict[tuple[str, Place], list[Fact]] = defaultdict(list)
    for fact in added:
        if fact.kind != "entity":
            for place in fact.places[:1]:
                by_place[fact.kind, place].append(fact)
    taken: set[str] = set()
    for fact in lost:
        here = [f for place in fact.places[:1] for f in by_place.get((fact.kind, place), ()) if f.iri not in taken]
        if here:
            best = max(here, key=lambda f: (_alike(f.says, fact.says), f.iri))
            taken.add(best.iri)
            yield Change(fact, best)
        else:
            yield Change(fact, None)
    for facts in by_place.values():
        yield from (Change(None, fact) for fact in facts if fact.iri not in taken)
    yield from (Change(None, fact) for fact in added if fact.kind == "entity" or not fact.places)


def _alike(one: str, other: str) -> int:
    return len(set(one.split("|")) & set(other.split("|")))


class _Facts:
    """The facts of a graph, read in one pass over what tells them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        # a store has each triple in its default graph, too; an export has it in one or in the other
        kind = (None, term("rdf:type"), term("gwr:Report"))
        whole = next(iter(store.quads_for_pattern(*kind, DefaultGraph())), None) is not None
        self.graph: DefaultGraph | None = DefaultGraph() if whole else None
        self.reports = self._reports()
        self._labels: dict[Any, str] = {}

    def _objects(self, node: Any, curie: str) -> list[Any]:
        found = {q.object for q in self.store.quads_for_pattern(node, term(curie), None, self.graph)}
        return list(found) if len(found) < 2 else sorted(found, key=str)

    def _one(self, node: Any, curie: str) -> Any:
        return next(iter(self._objects(node, curie)), None)

    def _value(self, node: Any, curie: str) -> str:
        found = self._one(node, curie)
        return str(found.value) if found is not None else ""

    def _reports(self) -> dict[str, str]:
        told = self.store.quads_for_pattern(None, term("rdf:type"), term("gwr:Report"), self.graph)
        nodes = {q.subject for q in told}
        return {
            node.value: self._value(node, "gwr:sourceFile") or node.value
            for node in nodes
            if isinstance(node, NamedNode)
        }

    def _label(self, node: Any) -> str:
        if node is None:
            return ""
        if node not in self._labels:
            names = [o for o in self._objects(node, "skos:prefLabel") if isinstance(o, Literal) and o.language == "zh"]
            self._labels[node] = names[0].value if names else self._value(node, "rdfs:label") or str(node.value)
        return self._labels[node]

    def facts(self, reports: Iterable[str]) -> dict[str, Fact]:
        """The facts that one of the reports tells, by IRI; with the places in these reports."""
        texts = {report: self._value(NamedNode(report), "nif:isString") for report in reports}
        places: dict[Any, set[Place]] = defaultdict(set)
        for quad in self.store.quads_for_pattern(None, _REFERS_TO, None, self.graph):
            # a mention's IRI says where it is: all that is told of all of them would take the most of the memory
            mention = quad.subject
            report, span = place_of(mention.value) if isinstance(mention, NamedNode) else ("", None)
            if span is not None and (text := texts.get(report)) is not None:
                places[quad.object].add(Place(report, span.begin, span.end, text[span.begin : span.end]))
        out = {}
        for node, found in places.items():
            kind, says = self._says(node)
            out[node.value] = Fact(kind, node.value, says, tuple(sorted(found)))
        return out

    def _says(self, node: Any) -> tuple[str, str]:
        types = {o.value for o in self._objects(node, "rdf:type")}
        if PREFIXES["gwr"] + "Observation" in types:
            return "observation", "|".join(
                (
                    self._label(self._one(node, "gwr:indicator")),
                    self._label(self._one(node, "sdmx-dimension:refArea")),
                    self._label(self._one(node, "sdmx-dimension:refPeriod")),
                    *(_local(self._one(node, f"gwr:{p}")) for p in ("measure", "modality", "bound")),
                    self._value(node, "sdmx-measure:obsValue"),
                    self._label(self._one(node, "sdmx-attribute:unitMeasure")),
                )
            )
        if PREFIXES["rdf"] + "Statement" in types:
            subject, predicate, object = (self._one(node, f"rdf:{p}") for p in ("subject", "predicate", "object"))
            return "relation", "|".join((self._label(subject), _local(predicate), self._label(object)))
        classes = sorted(_CLASSES[t] for t in types if t in _CLASSES)
        aliases = [o.value for o in self._objects(node, "skos:altLabel")]
        status = _local(self._one(node, "gwr:status"))
        return "entity", "|".join((self._label(node), " ".join(classes), "、".join(aliases), status))


def _local(node: Any) -> str:
    return str(node.value).rsplit("#", 1)[-1] if node is not None else ""
