"""The graph against its shapes: every finding with the sentence that it is about.

pySHACL checks the shapes of ``ontology/shapes.ttl``; it is an optional extra, as
a build does not need it.  SPARQL tells before which nodes it has to look at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg import resources
from kg.errors import KgError, ValidationError
from kg.graph.reading import has_union
from kg.graph.store import ontology_quads
from kg.graph.suspects import suspects
from kg.graph.vocab import ONTOLOGY_GRAPH, PREFIXES, curie, term

SHAPES_FILE: Final = "shapes.ttl"

_SH: Final = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the shapes want it.

    ``rule`` tells in words what was broken, by language (``zh``, ``en``); ``focus`` is the thing that
    breaks it, ``label`` what a reader may call that, ``path`` and ``value`` the property and its value
    where the rule is about one.  ``quotation`` is the sentence that the thing comes from, ``report`` and
    ``offset`` where that stands (the offset of the mention, in code points); all three are None for what
    no text tells, which may be just what is wrong.
    """

    severity: str
    rule: dict[str, str]
    shape: str
    focus: str
    label: str
    path: str | None
    value: str | None
    quotation: str | None
    report: str | None
    offset: int | None

    @property
    def is_violation(self) -> bool:
        """Whether the graph breaks a promise; a warning is only unlikely to be right."""
        return self.severity == "Violation"


def validate(store: ox.Store, *, every_node: bool = False) -> list[Finding]:
    """Check the union of the store's graphs; the findings, violations first, then by report and place.

    With ``every_node`` pySHACL looks at each, not only at those that :mod:`kg.graph.suspects` finds: the same comes of
    it, after a minute instead of seconds.

    Raises :class:`~kg.errors.KgError` if pySHACL is not installed and
    :class:`~kg.errors.ValidationError` if it cannot do its work.
    """
    try:
        import pyshacl
        from rdflib import Graph
    except ImportError:
        raise KgError(
            "validation needs pySHACL, which is not installed", hint="install it with: pip install 'gwr-kg[validate]'"
        ) from None
    shapes = Graph().parse(str(resources.folder("ontology") / SHAPES_FILE), format="turtle")
    data = _union(store)  # in memory, where queries take half of the time
    runs: list[tuple[Any, list[str] | None]] = [(shapes, None)]
    if not every_node:
        found = suspects(data, shapes)
        parts = ((found.rest, None), (found.shapes, sorted(found.nodes)))
        runs = [(_only(shapes, names), nodes) for names, nodes in parts if names]
    findings = []
    for some, nodes in runs:
        _, results, text = pyshacl.validate(
            _data_graph(data), shacl_graph=some, inference="none", inplace=True, focus_nodes=nodes
        )
        if not isinstance(results, Graph):
            raise ValidationError(f"pySHACL failed: {text}")
        findings += [_finding(data, results, node, some) for node in _results(results)]
    severities = {"Violation": 0, "Warning": 1}
    return sorted(
        _distinct(findings),
        key=lambda f: (
            severities.get(f.severity, 2),
            f.report or "",
            f.offset if f.offset is not None else -1,
            f.focus,
            f.shape,
            f.path or "",
            f.value or "",
            f.rule.get("en", ""),
        ),
    )


def _distinct(findings: list[Finding]) -> list[Finding]:
    """Each finding once: a node with two classes of one shape is checked twice."""
    return list({(f.shape, f.focus, f.path, f.value, *sorted(f.rule.items())): f for f in findings}.values())


def _union(store: ox.Store) -> ox.Store:
    """All triples in the default graph of a store in memory: what a query without GRAPH sees."""
    union = ox.Store()
    for graph in store.named_graphs() if has_union(store) else [*store.named_graphs(), ox.DefaultGraph()]:
        dumped = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        union.bulk_load(dumped, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    if not store.contains_named_graph(ONTOLOGY_GRAPH):  # without it no unit is a unit and no park an entity
        union.extend(ox.Quad(q.subject, q.predicate, q.object) for q in ontology_quads())
    return union


def _only(shapes: Any, names: Collection[str]) -> Any:
    """The shapes, of which only those of the names have something to look at."""
    from rdflib import Graph

    out = Graph()
    for triple in shapes:
        subject, predicate, _ = triple
        if str(subject) in names or not str(predicate).startswith(_SH + "target"):
            out.add(triple)
    return out


def _data_graph(store: ox.Store) -> Any:
    """The store as pySHACL's own graph, but one that is true without being counted.

    pySHACL asks three times for each finding whether the graph is empty, and counts all of it to know.
    """
    from pyshacl.graph_abstraction import DataGraph

    graph = DataGraph.from_oxigraph_store(store)
    graph.__class__ = type("NeverCounted", (type(graph),), {"__bool__": lambda self: True})
    return graph


def _results(results: Any) -> Iterator[Any]:
    from rdflib import RDF, URIRef

    return iter(results.subjects(RDF.type, URIRef(_SH + "ValidationResult")))


def _finding(data: ox.Store, results: Any, node: Any, shapes: Any) -> Finding:
    from rdflib import Literal, URIRef

    def one(local: str) -> Any:
        return results.value(node, URIRef(_SH + local))

    # of the messages of a SPARQL constraint pySHACL reports one and drops its language
    constraint = one("sourceConstraint")
    messages = [*shapes.objects(constraint, URIRef(_SH + "message"))] if constraint is not None else []
    messages = messages or [*results.objects(node, URIRef(_SH + "resultMessage"))]
    rule = {m.language or "en": str(m) for m in messages if isinstance(m, Literal)}
    focus, value = one("focusNode"), one("value")
    # a rule over all mentions or relations has their class or property for its focus, and the offender for its value
    if value is not None and isinstance(value, URIRef) and _is_collective(data, str(focus)):
        focus, value = value, None
    subject = ox.NamedNode(str(focus)) if isinstance(focus, URIRef) else None
    report, offset, quotation = _place(data, subject) if subject is not None else (None, None, None)
    path = one("resultPath")
    return Finding(
        severity=str(one("resultSeverity") or "").removeprefix(_SH),
        rule=rule,
        shape=curie(_named_shape(shapes, one("sourceShape"))),
        focus=str(focus),
        label=_label(data, subject) if subject is not None else str(focus),
        path=curie(str(path)) if isinstance(path, URIRef) else None,
        value=str(value) if value is not None else None,
        quotation=quotation,
        report=report,
        offset=offset,
    )


def _is_collective(data: ox.Store, focus: str) -> bool:
    """Whether a focus node is a term or a report rather than a fact."""
    term_of = (PREFIXES["gwr"], PREFIXES["nif"], PREFIXES["rdf"])
    return focus.startswith(term_of) or ox.Quad(ox.NamedNode(focus), term("rdf:type"), term("gwr:Report")) in data


def _named_shape(shapes: Any, shape: Any) -> str:
    """The IRI of the node shape that a nameless property shape belongs to."""
    from rdflib import URIRef

    while shape is not None and not isinstance(shape, URIRef):
        shape = next(iter(shapes.subjects(None, shape)), None)
    return str(shape)


# what a finding is about, for people ----------------------------------------------------------------------------------


def _objects(data: ox.Store, subject: Any, predicate: str) -> list[Any]:
    return sorted((q.object for q in data.quads_for_pattern(subject, term(predicate), None, None)), key=str)


def _first(data: ox.Store, subject: Any, predicate: str) -> Any:
    return next(iter(_objects(data, subject, predicate)), None)


def _label(data: ox.Store, node: ox.NamedNode) -> str:
    """What a reader may call the node."""
    for predicate in ("skos:prefLabel", "gwr:valueText", "nif:anchorOf", "dcterms:title", "rdfs:label"):
        labels = _objects(data, node, predicate)
        chinese = [label for label in labels if getattr(label, "language", None) in ("zh", None)]
        if labels:
            label: str = (chinese or labels)[0].value
            if predicate == "gwr:valueText" and (indicator := _first(data, node, "gwr:indicator")) is not None:
                return f"{_label(data, indicator)} {label}"
            return label
    ends = [_first(data, node, predicate) for predicate in ("rdf:subject", "rdf:predicate", "rdf:object")]
    if all(isinstance(end, ox.NamedNode) for end in ends):
        return " ".join(_label(data, end) for end in ends)
    return node.value.rsplit("/", 1)[-1]


def _place(data: ox.Store, node: ox.NamedNode) -> tuple[str | None, int | None, str | None]:
    """The report, the offset and the sentence of the first mention of the node, or of what leads to it."""
    mentions = [node] if _first(data, node, "nif:beginIndex") is not None else _mentions(data, node)
    places = []
    for mention in mentions:
        begin, report = _first(data, mention, "nif:beginIndex"), _first(data, mention, "nif:referenceContext")
        if begin is None or report is None:
            continue
        sentence = _first(data, mention, "nif:sentence")
        quoted = _first(data, sentence if sentence is not None else mention, "nif:anchorOf")
        if quoted is None:
            quoted = _first(data, mention, "nif:anchorOf")
        name = _first(data, report, "gwr:sourceFile")
        text = quoted.value.strip() if quoted is not None else None
        places.append((name.value if name is not None else report.value, int(begin.value), text))
    return min(places, key=lambda place: (place[0], place[1])) if places else (None, None, None)


def _mentions(data: ox.Store, node: ox.NamedNode) -> list[Any]:
    """The mentions of the node, or of the facts that it is part of (an indicator has none of its own)."""
    seen: set[Any] = {node}
    nearest: list[Any] = [node]
    for _ in range(2):
        found = [
            mention
            for near in nearest
            for mention in (
                *(q.subject for q in data.quads_for_pattern(None, term("gwr:refersTo"), near, None)),
                *_objects(data, near, "gwr:evidence"),
            )
        ]
        if found:
            return found
        around = {q.subject for near in nearest for q in data.quads_for_pattern(None, None, near, None)} - seen
        seen |= around
        nearest = sorted(around, key=str)[:100]
    return []
