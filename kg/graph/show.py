"""One thing with all that the graph says of it, and the sentences that say so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from kg.errors import UnknownName
from kg.graph import reading
from kg.graph.results import Labels
from kg.graph.vocab import PREFIXES, term
from kg.model import EntityClass, Predicate

if TYPE_CHECKING:
    from kg.graph.reading import Readable

_SUGGESTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation, status or link of the thing: ``subject predicate object``, in names."""

    subject: str
    predicate: str  # local name: "locatedIn"
    label: str  # the predicate's Chinese label
    object: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of the thing, or measured by the indicator that the thing is."""

    indicator: str
    area: str | None
    period: str | None
    measure: str  # local names
    modality: str
    bound: str
    value: Decimal
    unit: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Quotation:
    """A place in a report that says something of the thing: ``begin`` and ``end`` are offsets in its text.

    ``sentence[at : at + len(quotation)] == quotation``; where the quotation stands in no sentence, the
    sentence is the quotation.
    """

    report: str
    begin: int
    end: int
    quotation: str
    sentence: str
    sentence_begin: int

    @property
    def at(self) -> int:
        """Where the quotation begins in the sentence."""
        return self.begin - self.sentence_begin


@dataclass(frozen=True, slots=True)
class Thing:
    """All about one node."""

    iri: str
    name: str
    aliases: tuple[str, ...]
    classes: tuple[str, ...]  # local names
    class_labels: tuple[str, ...]
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]
    quotations: tuple[Quotation, ...]

    def as_json(self) -> dict[str, Any]:
        """As ``kg show --json`` prints it."""
        return {
            "iri": self.iri,
            "name": self.name,
            "aliases": list(self.aliases),
            "classes": list(self.classes),
            "facts": [{"subject": f.subject, "predicate": f.predicate, "object": f.object} for f in self.facts],
            "figures": [
                {
                    "indicator": f.indicator,
                    "area": f.area,
                    "period": f.period,
                    "measure": f.measure,
                    "modality": f.modality,
                    "bound": f.bound,
                    "value": int(f.value) if f.value == f.value.to_integral_value() else float(f.value),
                    "unit": f.unit,
                    "text": f.text,
                }
                for f in self.figures
            ],
            "quotations": [
                {
                    "report": q.report,
                    "begin": q.begin,
                    "end": q.end,
                    "quotation": q.quotation,
                    "sentence": q.sentence,
                    "sentenceBegin": q.sentence_begin,
                }
                for q in self.quotations
            ],
        }

    def series(self) -> list[tuple[str, list[Figure]]]:
        """The figures that make a row over time: of one indicator, area, measure and unit, at least two, by period."""
        rows: dict[tuple[str, ...], list[Figure]] = {}
        for figure in self.figures:
            if figure.period is not None and figure.measure == "level":
                key = (figure.indicator, figure.area or "", figure.measure, figure.unit)
                rows.setdefault(key, []).append(figure)
        out = []
        for (indicator, area, _, _), members in rows.items():
            if len({f.period for f in members}) > 1:
                title = indicator if area in ("", self.name) else area if indicator == self.name else indicator
                out.append((title, sorted(members, key=lambda f: (f.period or "", f.modality, f.value))))
        return out


def look_up(store: Readable, name: str) -> list[Thing]:
    """The things that bear the name, as preferred label, alias or IRI, sorted by IRI; never none.

    Quotation marks, title marks, spaces and width do not count if nothing bears the name as it is given.
    Raises :class:`~kg.errors.UnknownName` with similar names.

    """
    nodes = _nodes(store, name)
    if not nodes:
        near = similar(store, name)
        hint = "similar: " + ", ".join(near) if near else "kg query search --text finds names by their characters"
        raise UnknownName(f"nothing in the graph is called {name!r}", hint=hint)
    return [_Teller(store).thing(node) for node in nodes]


def similar(store: Readable, name: str) -> list[str]:
    """Up to five names that are near to this one, the nearest first: containing it, contained in it, or alike."""
    from difflib import SequenceMatcher

    wanted = fold(name)
    if not wanted:
        return []
    scored: dict[str, float] = {}
    for _, label in _labels(store):
        folded = fold(label)
        if not folded:
            continue
        share = min(len(wanted), len(folded)) / max(len(wanted), len(folded))
        if wanted in folded:
            score = 1 + share
        elif len(folded) > 1 and folded in wanted:
            score = 0.4 + share / 2
        elif set(wanted) & set(folded):
            score = SequenceMatcher(None, wanted, folded, autojunk=False).ratio()
        else:
            continue
        if score >= 0.5:
            scored[label] = max(score, scored.get(label, 0))
    return sorted(scored, key=lambda label: (-scored[label], len(label), label))[:_SUGGESTIONS]


def is_name(store: Readable, name: str) -> bool:
    """Whether something is called exactly so."""
    return bool(_exact(store, name))


def fold(name: str) -> str:
    """A name without what people leave out when they type it.

    >>> fold("《海珠区 “双拥”（二期）》")
    '海珠区双拥(二期)'
    """
    return re.sub(r"[\s“”\"'‘’《》〈〉「」『』·.,，、]", "", unicodedata.normalize("NFKC", name)).casefold()


def _labels(store: Readable) -> Iterator[tuple[Any, str]]:
    """Nodes of reports with their names; not the ontology's, which name no thing."""
    for predicate in ("skos:prefLabel", "skos:altLabel"):
        for node, name in reading.names(store, predicate):
            yield node, name.value


def _exact(store: Readable, name: str) -> set[Any]:
    from pyoxigraph import Literal

    try:
        wanted = Literal(name, language="zh")
    except ValueError:  # a lone surrogate
        return set()
    return {
        quad.subject
        for predicate in (term("skos:prefLabel"), term("skos:altLabel"))
        for quad in store.quads_for_pattern(None, predicate, wanted, reading.union(store))
    }


def _nodes(store: Readable, name: str) -> list[Any]:
    from pyoxigraph import NamedNode

    nodes = _exact(store, name)
    if not nodes and ":" in name:
        prefix, _, local = name.partition(":")
        try:
            node = NamedNode(PREFIXES[prefix] + local if prefix in PREFIXES else name)
        except ValueError:
            node = None
        if node is not None and next(store.quads_for_pattern(node, None, None, reading.union(store)), None):
            nodes = {node}
    if not nodes and (wanted := fold(name)):
        nodes = {node for node, label in _labels(store) if fold(label) == wanted}
    return sorted(nodes, key=str)


class _Teller:
    """Reads the graph around one node."""

    def __init__(self, store: Readable) -> None:
        self.store = store
        self.labels = Labels(store)
        self.graph = reading.union(store)

    def thing(self, node: Any) -> Thing:
        classes = sorted({_local(t) for t in self._objects(node, "rdf:type")} & _CLASSES)
        names = {o.value for o in self._objects(node, "skos:altLabel")}
        name = self._name(node)
        figures = self._figures(node)
        return Thing(
            iri=node.value,
            name=name,
            aliases=tuple(sorted(names - {name})),
            classes=tuple(classes),
            class_labels=tuple(self._name(term(f"gwr:{c}")) for c in classes),
            facts=tuple(self._facts(node)),
            figures=tuple(figure for figure, _ in figures),
            quotations=tuple(sorted(set(self._quotations(node, [o for _, o in figures])))),
        )

    def _objects(self, node: Any, curie: str) -> list[Any]:
        return sorted({q.object for q in self.store.quads_for_pattern(node, term(curie), None, self.graph)}, key=str)

    def _subjects(self, curie: str, node: Any) -> list[Any]:
        return sorted({q.subject for q in self.store.quads_for_pattern(None, term(curie), node, self.graph)}, key=str)

    def _name(self, node: Any) -> str:
        return self.labels.show(node)

    def _facts(self, node: Any) -> Iterator[Fact]:
        for status in self._objects(node, "gwr:status"):
            yield Fact(self._name(node), "status", self._name(term("gwr:status")), self._name(status))
        for code in self._objects(node, "gwr:divisionCode"):
            yield Fact(self._name(node), "divisionCode", self._name(term("gwr:divisionCode")), code.value)
        for latitude in self._objects(node, "wgs84:lat"):
            for longitude in self._objects(node, "wgs84:long"):
                where = f"{latitude.value}, {longitude.value}"
                yield Fact(self._name(node), "coordinates", "纬度、经度", where)
        for link in ("skos:exactMatch", "skos:closeMatch"):
            for obj in self._objects(node, link):
                name = "".join(f"{label.value} " for label in self._objects(obj, "rdfs:label")[:1])
                # the IRI, too: it is what others call the thing by
                yield Fact(self._name(node), link.partition(":")[2], self._name(term(link)), f"{name}<{obj.value}>")
        relations = [f"gwr:{predicate.value}" for predicate in Predicate]
        reading.ahead_of_subjects(self.store, relations, [node], self.graph)
        self.labels.ahead(map(term, relations))
        self.labels.ahead(s for relation in relations for s in self._subjects(relation, node))
        self.labels.ahead(o for relation in relations for o in self._objects(node, relation))
        for predicate in Predicate:
            relation = term(f"gwr:{predicate.value}")
            label = self._name(relation)
            told = {(node, o) for o in self._objects(node, f"gwr:{predicate.value}")}
            told |= {(s, node) for s in self._subjects(f"gwr:{predicate.value}", node)}
            for subject, obj in sorted(
                told, key=lambda pair: (pair[0] != node, self._name(pair[0]), self._name(pair[1]))
            ):
                yield Fact(self._name(subject), predicate.value, label, self._name(obj))

    def _figures(self, node: Any) -> list[tuple[Figure, Any]]:
        observations = [*self._subjects("sdmx-dimension:refArea", node), *self._subjects("gwr:indicator", node)]
        each = reading.one_by_one(self.store, list(dict.fromkeys(observations)), self.graph, through=True)
        figures = [(self._figure(observation), observation) for observation in each]
        return sorted(
            figures,
            key=lambda pair: (
                pair[0].indicator,
                pair[0].area or "",
                _MEASURES.index(pair[0].measure) if pair[0].measure in _MEASURES else 9,
                pair[0].period or "~",
                pair[0].modality,
                pair[0].value,
                str(pair[1]),
            ),
        )

    def _figure(self, observation: Any) -> Figure:
        def one(curie: str) -> Any:
            return next(iter(self._objects(observation, curie)), None)

        area, period, unit = (
            one("sdmx-dimension:refArea"),
            one("sdmx-dimension:refPeriod"),
            one("sdmx-attribute:unitMeasure"),
        )
        return Figure(
            indicator=self._name(one("gwr:indicator")),
            area=self._name(area) if area else None,
            period=self._name(period) if period else None,
            measure=_local(one("gwr:measure")),
            modality=_local(one("gwr:modality")),
            bound=_local(one("gwr:bound")),
            value=Decimal(one("sdmx-measure:obsValue").value),
            unit=self._name(unit) if unit else "",
            text=one("gwr:valueText").value,
        )

    def _quotations(self, node: Any, observations: Iterable[Any]) -> Iterator[Quotation]:
        statements = [*self._subjects("rdf:subject", node), *self._subjects("rdf:object", node)]
        every = [node, *observations, *statements]
        reading.ahead_of_subjects(self.store, ["gwr:refersTo"], every, self.graph)
        mentions = list(dict.fromkeys(mention for told in every for mention in self._subjects("gwr:refersTo", told)))
        for mention in reading.one_by_one(self.store, mentions, self.graph, through=True):
            yield self._quotation(mention)

    def _quotation(self, mention: Any) -> Quotation:
        def one(of: Any, curie: str) -> Any:
            return next(iter(self._objects(of, curie)), None)

        begin, end = int(one(mention, "nif:beginIndex").value), int(one(mention, "nif:endIndex").value)
        quotation = one(mention, "nif:anchorOf").value
        sentence = one(mention, "nif:sentence")
        report = one(mention, "nif:referenceContext")
        around, around_begin = quotation, begin
        if sentence is not None:
            text, start = one(sentence, "nif:anchorOf").value, int(one(sentence, "nif:beginIndex").value)
            # a quotation may run on into the next sentence; then its own words are shown
            if text[begin - start : end - start] == quotation:
                around, around_begin = text, start
        return Quotation(self._name(report), begin, end, quotation, around, around_begin)


_CLASSES: Final = frozenset(c.value for c in EntityClass) | {"Indicator", "Report", "Unit"}
_MEASURES: Final = ("level", "growth", "averageAnnualGrowth", "multiple", "rank")


def _local(node: Any) -> str:
    return re.split("[#/]", node.value)[-1] if node is not None else ""
