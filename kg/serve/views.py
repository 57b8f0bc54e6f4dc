"""What the pages of the explorer are made of: plain functions over a store that give values fit for JSON.

They run in the worker processes, which alone read the graph; :data:`VIEWS` has them by name.  Everywhere

* a *reference* is ``{"iri", "name", "class"}`` (class: a local name such as ``Park``, or ``""``),
* a *term* is ``{"id", "zh", "en"}`` (id: a local name of the ontology),
* a *figure* is what :func:`_Reader.figure` says,
* a *link* is what :func:`_link` says,
* offsets count code points in the text of a report.

A view that is asked about an IRI of which the store says nothing raises :class:`~kg.errors.UnknownName`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.errors import UnknownName
from kg.graph import reading
from kg.graph.queries import run
from kg.graph.results import Labels, number_text, printable
from kg.graph.show import Quotation
from kg.graph.vocab import ONTOLOGY_GRAPH, PREFIXES, curie, term
from kg.model import EntityClass, Measure, Predicate

if TYPE_CHECKING:
    from kg.graph.reading import Readable
    from kg.link.decisions import Decision, Ledger
    from kg.link.review import Option, Question

Json = dict[str, Any]

_ENTITY_CLASSES: Final = tuple(c.value for c in EntityClass)
_CLASSES: Final = (*_ENTITY_CLASSES, "Indicator", "Report", "Unit")
_RELATIONS: Final = {term(f"gwr:{p.value}"): p.value for p in Predicate}
_LINKS: Final = tuple(term(c) for c in ("skos:exactMatch", "skos:closeMatch", "owl:sameAs", "rdfs:seeAlso"))
_NAMES: Final = ("skos:prefLabel", "skos:altLabel")
_MEASURES: Final = tuple(m.value for m in Measure)
#: Where graphs of places keep coordinates, as pairs of latitude and longitude, or as a point in WKT.
_LATITUDES: Final = (PREFIXES["schema"] + "latitude", "http://www.w3.org/2003/01/geo/wgs84_pos#lat")
_LONGITUDES: Final = (PREFIXES["schema"] + "longitude", "http://www.w3.org/2003/01/geo/wgs84_pos#long")
_POINTS: Final = (PREFIXES["geo"] + "asWKT", "http://www.wikidata.org/prop/direct/P625")
_PLACES: Final = ("AdministrativeArea", "Zone", "Park")
#: The targets whose things are known by their codes, not by the ends of their IRIs.
_CODED: Final = ("gbt2260", "nbs")
#: In how many sentences, and quotations of these, a thing is shown that has candidates.
_SENTENCES, _QUOTATIONS = 3, 12


#: A worker has one store, which never changes.
_union = lru_cache(maxsize=1)(reading.union)


def _quads(store: Readable, subject: Any, predicate: Any, obj: Any, graph: Any = None) -> Iterator[Any]:
    """Of one graph, or of the union of all."""
    return store.quads_for_pattern(subject, predicate, obj, _union(store) if graph is None else graph)


def _named_quads(store: Readable, subject: Any, predicate: Any, obj: Any) -> Iterator[Any]:
    """Of all named graphs but the ontology's: what reports say."""
    for quad in store.quads_for_pattern(subject, predicate, obj, None):
        if quad.graph_name not in (ONTOLOGY_GRAPH, DefaultGraph()):
            yield quad


def local(node: Any) -> str:
    """The last part of an IRI: of an ontology's term its local name."""
    return re.split("[#/]", node.value)[-1] if node is not None else ""


class _Reader:
    """Reads around nodes of one store; holds the labels that it looked up."""

    def __init__(self, store: Readable) -> None:
        self.store = store
        self.labels = Labels(store)
        self._terms: dict[Any, Json] = {}
        self._classes: dict[Any, str] = {}

    def ahead(self, nodes: Iterable[Any], *, through: bool = False) -> None:
        """These are going to be asked about; see :func:`kg.graph.reading.ahead`."""
        reading.ahead(self.store, nodes, _union(self.store), through=through)

    def ahead_of_subjects(self, curies: Sequence[str], nodes: Iterable[Any]) -> None:
        reading.ahead_of_subjects(self.store, curies, nodes, _union(self.store))

    def one_by_one(self, nodes: Sequence[Any]) -> Iterator[Any]:
        """The nodes, which are asked about, and what they lead to, too."""
        return reading.one_by_one(self.store, nodes, _union(self.store), through=True)

    def objects(self, node: Any, curie: str) -> list[Any]:
        """Without duplicates, sorted."""
        return sorted({q.object for q in _quads(self.store, node, term(curie), None)}, key=str)

    def subjects(self, curie: str, node: Any) -> list[Any]:
        return sorted({q.subject for q in _quads(self.store, None, term(curie), node)}, key=str)

    def one(self, node: Any, curie: str) -> Any:
        return next(iter(self.objects(node, curie)), None)

    def about(self, node: Any) -> dict[Any, Any]:
        """One object by predicate; of several, always the same."""
        out: dict[Any, Any] = {}
        for q in _quads(self.store, node, None, None):
            if q.predicate not in out or str(q.object) < str(out[q.predicate]):
                out[q.predicate] = q.object
        return out

    def name(self, node: Any) -> str:
        return self.labels.show(node)

    def term(self, node: Any) -> Json:
        """A term of the ontology with its labels in both languages."""
        if node not in self._terms:
            told = {
                literal.language: literal.value
                for curie in ("rdfs:label", "skos:prefLabel")
                for literal in self.objects(node, curie)
                if isinstance(literal, Literal)
            }
            name = self.name(node)
            self._terms[node] = {"id": local(node), "zh": told.get("zh", name), "en": told.get("en", name)}
        return self._terms[node]

    def class_of(self, node: Any) -> str:
        """The first of the node's classes, by the order in which the ontology has them; "" if it has none."""
        if node not in self._classes:
            types = {local(q.object) for q in _quads(self.store, node, term("rdf:type"), None)}
            self._classes[node] = next((c for c in _CLASSES if c in types), "")
        return self._classes[node]

    def all_classes(self) -> None:
        """The classes of all things that have one are going to be asked: they are read at once."""
        for name in reversed(_CLASSES):
            self._classes.update((node, name) for node in _nodes_of(self.store, name))

    def reference(self, node: Any) -> Json:
        if isinstance(node, NamedNode):
            return {"iri": node.value, "name": self.name(node), "class": self.class_of(node)}
        return {"iri": "", "name": self.name(node), "class": ""}

    def figure(self, observation: Any) -> Json:
        """``indicator`` and ``area`` (references; area None if unknown), ``period`` (ISO 8601 or None), ``measure``,
        ``modality``, ``bound`` (local names), ``value`` (a number), ``number`` (its text), ``unit``, ``text``.
        """
        of = self.about(observation)
        area, period = of.get(term("sdmx-dimension:refArea")), of.get(term("sdmx-dimension:refPeriod"))
        value, unit = of[term("sdmx-measure:obsValue")].value, of.get(term("sdmx-attribute:unitMeasure"))
        return {
            "indicator": self.reference(of[term("gwr:indicator")]),
            "area": self.reference(area) if area else None,
            "period": self.name(period) if period else None,
            "measure": local(of.get(term("gwr:measure"))),
            "modality": local(of.get(term("gwr:modality"))),
            "bound": local(of.get(term("gwr:bound"))),
            "value": float(value) if "." in value else int(value),
            "number": number_text(value),
            "unit": self.name(unit) if unit else "",
            "text": printable(of[term("gwr:valueText")].value),
        }

    def mentions(self, node: Any) -> list[Any]:
        return self.subjects("gwr:refersTo", node)

    def quotation(self, mention: Any) -> Quotation:
        """With the IRI of the report as its report."""
        of = self.about(mention)
        begin, end = int(of[term("nif:beginIndex")].value), int(of[term("nif:endIndex")].value)
        quotation = of[term("nif:anchorOf")].value
        around, around_begin = quotation, begin
        if (sentence := of.get(term("nif:sentence"))) is not None:
            inside = self.about(sentence)
            text, start = inside[term("nif:anchorOf")].value, int(inside[term("nif:beginIndex")].value)
            if text[begin - start : end - start] == quotation:  # it may run on into the next sentence
                around, around_begin = text, start
        return Quotation(of[term("nif:referenceContext")].value, begin, end, quotation, around, around_begin)


def _known(store: Readable, iris: Iterable[str]) -> NamedNode:
    """The first of the IRIs that the store describes."""
    first = ""
    for iri in iris:
        first = first or iri
        try:
            node = NamedNode(iri)
        except ValueError:
            continue
        if next(_quads(store, node, None, None), None) is not None:
            return node
    raise UnknownName(f"the graph says nothing of {first}")


def _nodes_of(store: Readable, name: str) -> set[Any]:
    return {q.subject for q in _quads(store, None, term("rdf:type"), term(f"gwr:{name}"))}


# home ---------------------------------------------------------------------------------------------------------------


def home(store: Readable) -> Json:
    """``classes``: terms with ``count``; ``reports``: see :func:`_report_row`, by area and year; ``triples``."""
    reader = _Reader(store)
    counted = (*_ENTITY_CLASSES, "Indicator", "Observation", "Report")
    counts = {local(node): count for node, count in _rows(store, _BY_CLASS)}
    ((counts["Indicator"],),) = _rows(store, _MEASURED)  # the code list has some that no report gives a figure of
    ((triples,),) = _rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    reader.ahead(term(f"gwr:{name}") for name in counted)
    classes = [reader.term(term(f"gwr:{name}")) | {"count": _number(counts.get(name))} for name in counted]
    reports = [_report_row(reader, node) for node in reader.one_by_one(list(_nodes_of(store, "Report")))]
    reports.sort(key=lambda row: (row["area"]["name"] if row["area"] else "", row["year"] or 0, row["iri"]))
    return {"classes": classes, "reports": reports, "triples": _number(triples)}


_BY_CLASS: Final = "SELECT ?class (COUNT(DISTINCT ?node) AS ?n) { ?node a ?class } GROUP BY ?class"
_MEASURED: Final = "SELECT (COUNT(DISTINCT ?indicator) AS ?n) { ?observation gwr:indicator ?indicator }"


def _rows(store: Readable, query: str) -> list[tuple[Any, ...]]:
    return list(run(store, query))


def _number(literal: Any) -> int:
    return int(literal.value) if literal is not None else 0


def _report_row(reader: _Reader, node: Any) -> Json:
    """``iri``, ``title``, ``area`` (reference or None), ``year``, ``date``, ``speaker``, ``source``."""
    area, year, date = (reader.one(node, c) for c in ("gwr:about", "gwr:year", "dcterms:date"))
    speaker, source = (reader.one(node, c) for c in ("gwr:speakerName", "gwr:sourceFile"))
    return {
        "iri": node.value,
        "title": reader.name(node),
        "area": reader.reference(area) if area else None,
        "year": int(year.value) if year else None,
        "date": date.value if date else None,
        "speaker": reader.name(speaker) if speaker else "",
        "source": reader.name(source) if source else "",
    }


def _weights(store: Readable) -> Counter[Any]:
    """How often a thing is mentioned, or an indicator measured."""
    return reading.counts(store, "gwr:refersTo") + reading.counts(store, "gwr:indicator")


# thing --------------------------------------------------------------------------------------------------------------


def thing(store: Readable, iri: str | list[str]) -> Json:
    """One node: ``iri name aliases classes status facts links codes latitude longitude open reports``.

    ``iri`` may be several spellings of one, of which the first known counts.  ``facts`` are ``{"subject",
    "predicate", "object"}`` of references and a term; ``links`` lead to other graphs; ``codes`` are those of divisions;
    ``latitude`` and ``longitude`` are numbers or None; ``open`` is how many candidates wait for a decision;
    ``reports`` are about the node.
    """
    node = _known(store, [iri] if isinstance(iri, str) else iri)
    reader = _Reader(store)
    reader.ahead([node], through=True)
    types = {local(t) for t in reader.objects(node, "rdf:type")}
    name = reader.name(node)
    links = _links_of(reader, node)
    where = next(filter(None, (_coordinates(store, n) for n in (node, *(NamedNode(k["iri"]) for k in links)))), None)
    return {
        "iri": node.value,
        "name": name,
        "class": reader.class_of(node),
        "aliases": [a for a in (printable(o.value) for o in reader.objects(node, "skos:altLabel")) if a != name],
        "classes": [reader.term(term(f"gwr:{c}")) for c in _CLASSES if c in types],
        "status": [reader.term(s) for s in reader.objects(node, "gwr:status")],
        "facts": list(_facts(reader, node)),
        "links": links,
        "codes": [printable(code.value) for code in reader.objects(node, "gwr:divisionCode")],
        "latitude": where[0] if where else None,
        "longitude": where[1] if where else None,
        "open": _open_candidates(reader, node),
        "reports": [_report_row(reader, r) for r in reader.one_by_one(reader.subjects("gwr:about", node))],
    }


def _links_of(reader: _Reader, node: Any) -> list[Json]:
    """The node's links to other graphs: exact ones first, then by target and identifier."""
    pairs = [
        (predicate, q.object)
        for predicate in _LINKS
        for q in _quads(reader.store, node, predicate, None)
        if isinstance(q.object, NamedNode)
    ]
    if not pairs:
        return []
    sources: dict[Any, Any] = {}
    for decision in reader.one_by_one(reader.subjects("owl:annotatedSource", node)):
        of = reader.about(decision)
        sources[of.get(term("owl:annotatedTarget"))] = of.get(term("sssom:object_source"))
    reader.ahead(obj for _, obj in pairs)
    links = [_link(reader, predicate, obj, sources.get(obj)) for predicate, obj in dict.fromkeys(pairs)]
    order = [curie(predicate.value) for predicate in _LINKS]
    return sorted(links, key=lambda link: (order.index(link["predicate"]), link["target"], link["id"], link["iri"]))


def _link(reader: _Reader, predicate: Any, obj: Any, source: Any) -> Json:
    """A link to another graph's thing: ``predicate`` (a CURIE), ``iri``, ``target`` (the graph's key; "" if the store
    does not tell), ``title`` (the graph's name), ``rights``, ``id`` (within the graph), ``label`` (there), ``since``,
    ``until`` (years or None), ``successors`` (``iri id label``), ``located`` (whether the graph tells coordinates).
    """
    key, title, space, rights = (
        node.value if isinstance(node := reader.one(source, name) if source is not None else None, Literal) else ""
        for name in ("dcterms:identifier", "dcterms:title", "void:uriSpace", "dcterms:rights")
    )
    code, label = reader.one(obj, "skos:notation"), reader.one(obj, "rdfs:label")
    inside = obj.value.removeprefix(space).strip("/") if space else ""
    return {
        "predicate": curie(predicate.value),
        "iri": obj.value,
        "target": key,
        "title": printable(title),
        "rights": printable(rights),
        "id": printable(code.value if key in _CODED and isinstance(code, Literal) else inside),
        "label": printable(label.value) if isinstance(label, Literal) else "",
        "since": _year(reader.one(obj, "gwr:inForceSince")),
        "until": _year(reader.one(obj, "gwr:inForceUntil")),
        "successors": [
            _successor(reader, node)
            for node in reader.objects(obj, "dcterms:isReplacedBy")
            if isinstance(node, NamedNode)
        ],
        "located": _coordinates(reader.store, obj) is not None,
    }


def _year(literal: Any) -> int | None:
    return int(literal.value[:4]) if isinstance(literal, Literal) and literal.value[:4].isdecimal() else None


def _successor(reader: _Reader, node: Any) -> Json:
    """The store describes only what something is linked to; the tables know the others."""
    from kg.link.divisions import divisions

    code = re.sub(r"\.html$", "", local(node))
    if code.isdecimal() and len(code) < 6:
        code = code.ljust(6, "0")
    known = divisions().current(code, None)
    label = reader.labels.name(node) or (known.name if known else "")
    return {"iri": node.value, "id": printable(code), "label": printable(label)}


def _open_candidates(reader: _Reader, node: Any) -> int:
    if not reader.subjects("owl:annotatedSource", node):  # most things have none: the decisions need not be read
        return 0
    from kg.link.review import questions

    ledger = _ledger(reader.store)
    mine = [q for q in questions(ledger) if q.subject == node.value] if ledger is not None else []
    return sum(len(question.options) for question in mine)


def properties(store: Readable, iri: str, limit: int = 200) -> list[Json]:
    """What is said of a node of any kind, at most so much: ``predicate`` and ``object``, references."""
    node = _known(store, [iri])
    reader = _Reader(store)
    told = {(q.predicate, q.object) for q in _quads(store, node, None, None)}
    pairs = sorted(told, key=lambda pair: (pair[0].value, str(pair[1])))[:limit]
    reader.ahead(end for pair in pairs for end in pair)
    return [{"predicate": reader.reference(p), "object": reader.reference(o)} for p, o in pairs]


def figures(store: Readable, iri: str, limit: int = 200) -> Json:
    """The first ``figures`` of a thing, or measured by an indicator, and how many there are in ``total``."""
    node = _known(store, [iri])
    reader = _Reader(store)
    told = sorted((reader.figure(o) for o in reader.one_by_one(_observations(reader, node))), key=_figure_order)
    return {"figures": told[:limit], "total": len(told)}


def quotations(store: Readable, iri: str, limit: int = 50) -> Json:
    """The first ``quotations`` (:func:`_quotation_json`) of a thing by report and place, and their ``total``."""
    node = _known(store, [iri])
    reader = _Reader(store)
    places = _places_of(reader, node)
    told = [_quotation_json(reader, reader.quotation(m)) for m in reader.one_by_one(places[:limit])]
    return {"quotations": told, "total": len(places)}


def _observations(reader: _Reader, node: Any) -> list[Any]:
    return [*reader.subjects("sdmx-dimension:refArea", node), *reader.subjects("gwr:indicator", node)]


def _facts(reader: _Reader, node: Any) -> Iterator[Json]:
    reader.ahead_of_subjects([f"gwr:{p.value}" for p in Predicate], [node])
    ends = [
        end
        for relation in _RELATIONS
        for pattern in ((node, relation, None), (None, relation, node))
        for q in _quads(reader.store, *pattern)
        for end in (q.subject, q.object)
    ]
    reader.ahead([*ends, *_RELATIONS])
    for relation in _RELATIONS:
        told = {(node, q.object) for q in _quads(reader.store, node, relation, None)}
        told |= {(q.subject, node) for q in _quads(reader.store, None, relation, node)}
        for subject, obj in sorted(told, key=lambda p: (p[0] != node, reader.name(p[0]), reader.name(p[1]), str(p))):
            yield {
                "subject": reader.reference(subject),
                "predicate": reader.term(relation),
                "object": reader.reference(obj),
            }


def _figure_order(figure: Json) -> tuple[Any, ...]:
    measure = figure["measure"]
    return (
        figure["indicator"]["name"],
        figure["area"]["name"] if figure["area"] else "",
        _MEASURES.index(measure) if measure in _MEASURES else len(_MEASURES),
        figure["period"] or "~",
        figure["modality"],
        figure["value"],
    )


def _places_of(reader: _Reader, node: Any) -> list[Any]:
    """The mentions of a thing, its figures and its relations, by report and offset."""
    statements = [*reader.subjects("rdf:subject", node), *reader.subjects("rdf:object", node)]
    every = (node, *_observations(reader, node), *statements)
    reader.ahead_of_subjects(["gwr:refersTo"], every)
    mentions = {m for told in every for m in reader.mentions(told)}
    return sorted(mentions, key=_mention_order)


def _mention_order(mention: Any) -> tuple[str, int, int]:
    report, _, span = mention.value.partition("#char=")
    begin, _, end = span.partition(",")
    return report, int(begin or 0), int(end or 0)


def _quotation_json(reader: _Reader, q: Quotation) -> Json:
    """``report`` (reference), ``begin``, ``end``, ``quotation``, ``sentence``, ``at`` (offset in the sentence)."""
    return {
        "report": reader.reference(NamedNode(q.report)),
        "begin": q.begin,
        "end": q.end,
        "quotation": q.quotation,
        "sentence": q.sentence,
        "at": q.at,
    }


def neighbours(store: Readable, iri: str, limit: int = 40) -> Json:
    """What relations lead to and from a node: ``nodes`` (references, the node first), ``edges`` (``source``,
    ``target``: IRIs, ``predicate``: a term), and how many edges there are in ``total``.

    An indicator has the areas for which it is measured most often as neighbours.
    """
    node = _known(store, [iri])
    reader = _Reader(store)
    reader.ahead_of_subjects([f"gwr:{p.value}" for p in Predicate], [node])
    pairs = [
        (q.subject, relation, q.object)
        for relation in _RELATIONS
        for pattern in ((node, relation, None), (None, relation, node))
        for q in sorted(_quads(store, *pattern), key=str)
    ]
    if reader.class_of(node) == "Indicator":
        measured = reader.subjects("gwr:indicator", node)
        areas = Counter(a for o in reader.one_by_one(measured) for a in reader.objects(o, "sdmx-dimension:refArea"))
        pairs += [(node, term("gwr:indicator"), area) for area, _ in areas.most_common(limit)]
    pairs = list(dict.fromkeys(pairs))
    reader.ahead([node, *(end for pair in pairs[:limit] for end in pair)])
    nodes = {node.value: reader.reference(node)}
    edges = []
    for subject, predicate, obj in pairs[:limit]:
        for end in (subject, obj):
            nodes.setdefault(end.value, reader.reference(end))
        edges.append({"source": subject.value, "target": obj.value, "predicate": reader.term(predicate)})
    return {"nodes": list(nodes.values()), "edges": edges, "total": len(pairs)}


# report -------------------------------------------------------------------------------------------------------------


def report(store: Readable, iri: str | list[str]) -> Json:
    """One report: what :func:`_report_row` has, and

    ``text``; ``sections`` (``begin end level title``); ``marks`` (``begin end kind iri label class``: kind is
    ``entity``, ``figure`` or ``relation``, iri that of the page to open;
    a relation's ``says`` is the relation); ``entities`` (references with ``begin`` of
    the first mention and ``count``); ``figures`` and ``relations`` with ``begin``, in the order of the text.
    """
    node = _known(store, [iri] if isinstance(iri, str) else iri)
    reader = _Reader(store)
    text = next(_named_quads(store, node, term("nif:isString"), None), None)
    if text is None:
        raise UnknownName(f"{node.value} is no report")
    spans: dict[Any, dict[Any, int]] = {}
    for edge in (term("nif:beginIndex"), term("nif:endIndex")):
        for quad in _quads(store, None, edge, None, text.graph_name):
            spans.setdefault(quad.subject, {})[edge] = int(quad.object.value)
    begin, end = term("nif:beginIndex"), term("nif:endIndex")
    told = _Told(reader, text.graph_name, {m: (s[begin], s[end]) for m, s in spans.items()})
    return _report_row(reader, node) | {
        "text": text.object.value,
        "sections": told.sections(),
        "marks": told.marks,
        "entities": sorted(told.entities.values(), key=lambda e: e["begin"]),
        "figures": told.figures,
        "relations": told.relations,
    }


class _Told:
    """What one report's named graph tells, by place."""

    def __init__(self, reader: _Reader, graph: Any, spans: dict[Any, tuple[int, int]]) -> None:
        self.reader, self.graph, self.spans = reader, graph, spans
        self.marks: list[Json] = []
        self.entities: dict[Any, Json] = {}
        self.figures: list[Json] = []
        self.relations: list[Json] = []
        observations = self._typed("gwr:Observation")
        statements = self._typed("rdf:Statement")
        mentions = [
            (*spans[q.subject], q.object) for q in _quads(reader.store, None, term("gwr:refersTo"), None, graph)
        ]
        reader.ahead((told for _, _, told in mentions), through=True)
        for begin, end, told in sorted(mentions, key=lambda m: (m[0], -m[1], m[2].value)):
            if told in observations:
                self._figure(begin, end, told)
            elif told in statements:
                self._relation(begin, end, told)
            else:
                self._entity(begin, end, told)

    def _typed(self, curie: str) -> set[Any]:
        return {q.subject for q in _quads(self.reader.store, None, term("rdf:type"), term(curie), self.graph)}

    def _mark(self, begin: int, end: int, kind: str, iri: str, label: str, name: str = "") -> None:
        self.marks.append({"begin": begin, "end": end, "kind": kind, "iri": iri, "label": label, "class": name})

    def _entity(self, begin: int, end: int, node: Any) -> None:
        entry = self.entities.get(node)
        if entry is None:
            entry = self.entities[node] = self.reader.reference(node) | {"begin": begin, "count": 0}
        entry["count"] += 1
        self._mark(begin, end, "entity", node.value, entry["name"], entry["class"])

    def _figure(self, begin: int, end: int, node: Any) -> None:
        figure = self.reader.figure(node) | {"begin": begin}
        self.figures.append(figure)
        label = " · ".join(
            part
            for part in (
                figure["indicator"]["name"],
                figure["area"]["name"] if figure["area"] else "",
                figure["period"] or "",
                f"{figure['number']} {figure['unit']}".strip(),
            )
            if part
        )
        self._mark(begin, end, "figure", figure["indicator"]["iri"], label, "Indicator")

    def _relation(self, begin: int, end: int, node: Any) -> None:
        of = self.reader.about(node)
        relation: Json = {
            "subject": self.reader.reference(of[term("rdf:subject")]),
            "predicate": self.reader.term(of[term("rdf:predicate")]),
            "object": self.reader.reference(of[term("rdf:object")]),
            "begin": begin,
        }
        self.relations.append(relation)
        label = f"{relation['subject']['name']} — {relation['predicate']['zh']} → {relation['object']['name']}"
        self._mark(begin, end, "relation", relation["subject"]["iri"], label)
        self.marks[-1]["says"] = relation

    def sections(self) -> list[Json]:
        out = []
        for node in self.reader.one_by_one(list(self._typed("gwr:Section"))):
            of = self.reader.about(node)
            title, level = of.get(term("dcterms:title")), of.get(term("gwr:sectionLevel"))
            begin, end = self.spans[node]
            if title is not None:
                out.append(
                    {
                        "begin": begin,
                        "end": end,
                        "level": int(level.value) if level else 1,
                        "title": printable(title.value),
                    }
                )
        return sorted(out, key=lambda s: (s["begin"], s["level"]))


# search, pickers, places --------------------------------------------------------------------------------------------


def names(store: Readable) -> list[list[Any]]:
    """All names that reports give things: ``[name, iri, class, preferred name, how often it is mentioned]``."""
    reader = _Reader(store)
    counts = _weights(store)
    out = [
        (name.value, node)
        for predicate in _NAMES
        for node, name in reading.names(store, predicate)
        if isinstance(node, NamedNode)
    ]
    out += [
        (q.object.value, q.subject)
        for node in reader.one_by_one(list(_nodes_of(store, "Report")))
        for q in _quads(store, node, term("dcterms:title"), None)
    ]
    reader.labels.all_preferred()
    reader.all_classes()
    return [
        [printable(name), node.value, reader.class_of(node), reader.name(node), counts[node]]
        for name, node in dict.fromkeys(out)
        if reader.class_of(node) not in ("", "Unit")
    ]


def options(store: Readable, kind: str, limit: int = 400) -> list[str]:
    """What pickers offer, the most used first and at most so many; years and periods, all, in their order.

    ``kind``: ``indicator``, ``area`` (whose figures there are), ``unit``, ``period``, ``year``, ``place``,
    ``receiver``, ``adopter``, ``supporter``; of any other kind, nothing.
    """
    reader = _Reader(store)
    counted = {
        "indicator": "gwr:indicator",
        "area": "sdmx-dimension:refArea",
        "unit": "sdmx-attribute:unitMeasure",
        "period": "sdmx-dimension:refPeriod",
        "year": "sdmx-dimension:refPeriod",
    }
    if kind in counted:
        nodes = reading.counts(store, counted[kind])
    elif kind in ("receiver", "adopter", "supporter"):
        relation = {"receiver": "received", "adopter": "adopts", "supporter": "supports"}[kind]
        nodes = reading.counts(store, f"gwr:{relation}", of="subject")
    elif kind == "place":
        weights = _weights(store)
        nodes = Counter({node: weights[node] for name in _PLACES for node in _nodes_of(store, name)})
    else:
        return []
    told: Counter[str] = Counter()
    often = sorted(nodes.items(), key=lambda item: (-item[1], str(item[0])))
    chosen = often if kind in ("period", "year") else often[:limit]
    reader.ahead(node for node, _ in chosen)
    for node, count in chosen:
        told[reader.name(node)] += count
    if kind in ("period", "year"):
        return sorted(name for name in told if kind == "period" or re.fullmatch("[0-9]{4}", name))
    return [name for name, _ in sorted(told.items(), key=lambda item: (-item[1], item[0]))]


def places(store: Readable) -> list[Json]:
    """The areas, zones and parks that have links to other graphs or coordinates, and the areas of reports: references
    with ``links``, ``codes`` (its own, else those of what it is linked to), ``latitude`` and ``longitude`` (numbers or
    None), ``mentions`` (how often reports name it).
    """
    reader = _Reader(store)
    out = []
    own = {q.object for q in _quads(store, None, term("gwr:about"), None)}
    nodes = [node for node in {node for (node,) in _rows(store, _LOCATED)} | own if isinstance(node, NamedNode)]
    reader.ahead(nodes, through=True)
    reader.ahead_of_subjects(["owl:annotatedSource"], nodes)
    reader.ahead((d for node in nodes for d in reader.subjects("owl:annotatedSource", node)), through=True)
    mentions = reading.counts(store, "gwr:refersTo", among=nodes)
    for node in nodes:
        links = _links_of(reader, node)
        linked = [NamedNode(link["iri"]) for link in links]
        where = next(filter(None, (_coordinates(store, n) for n in (node, *linked))), None)
        if not links and where is None and node not in own:
            continue
        codes = reader.objects(node, "gwr:divisionCode") or [
            o for n in (node, *linked) for o in reader.objects(n, "skos:notation")
        ]
        out.append(
            reader.reference(node)
            | {"links": links, "codes": list(dict.fromkeys(printable(o.value) for o in codes))}
            | {"latitude": where[0] if where else None, "longitude": where[1] if where else None}
            | {"mentions": mentions[node]}
        )
    return sorted(out, key=lambda place: (place["latitude"] is None, place["class"], place["name"], place["iri"]))


#: The places that may have links or coordinates.
_LOCATED: Final = f"""
SELECT DISTINCT ?node {{
  VALUES ?p {{ {" ".join(map(str, _LINKS))} {" ".join(f"<{iri}>" for iri in (*_LATITUDES, *_POINTS))} }}
  ?node ?p ?o .
  VALUES ?class {{ {" ".join(f"gwr:{name}" for name in _PLACES)} }}
  ?node a ?class
}}
"""


def _coordinates(store: Readable, node: Any) -> tuple[float, float] | None:
    if not isinstance(node, NamedNode):
        return None
    told = {q.predicate.value: q.object.value for q in _quads(store, node, None, None)}
    try:
        for point in _POINTS:  # longitude first, as WKT has it
            if point in told and (found := re.search(r"(?i)POINT\s*\(\s*(\S+)\s+(\S+?)\s*\)", told[point])):
                return _on_earth(float(found[2]), float(found[1]))
        for latitude, longitude in zip(_LATITUDES, _LONGITUDES, strict=True):
            if latitude in told and longitude in told:
                return _on_earth(float(told[latitude]), float(told[longitude]))
    except ValueError:
        return None
    return None


def _on_earth(latitude: float, longitude: float) -> tuple[float, float] | None:
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


# review -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)  # as in _union
def _ledger(store: Readable) -> Ledger | None:
    """The decisions on links; None if nothing was linked yet.  Not to be changed."""
    from kg.link.decisions import read_ledger
    from kg.link.things import links_base

    base = links_base(store)
    ledger = read_ledger(store, base) if base is not None else None
    return ledger if ledger is not None and ledger.decisions else None


def review(
    store: Readable,
    target: str | None = None,
    thing: str | list[str] | None = None,
    of: str | None = None,
    at: int = 0,
    limit: int = 25,
    pending: Sequence[Json] = (),
) -> Json:
    """The links that are open, of one ``target`` if told, the likeliest first, and one of them in full.

    That is the one about the ``thing`` (in the target ``of``), or else the one with the number ``at``.  ``pending``
    are a person's decisions that the store may not hold yet: ``subject object target judgement match label reviewer
    recorded``; an empty judgement takes one back.

    * ``linked``: whether anything was; ``total``: how many are open; ``targets``: ``key title count`` of those;
    * ``count``: how many in this target; ``rows``: at most ``limit`` of them, those around the one shown: ``thing``
      (reference), ``target title candidates score number``;
    * ``number`` and ``question`` (:func:`_question`) of the one shown, ``previous`` and ``next``: ``{"thing", "of"}``
      of those beside it; None where there is none;
    * ``decided``: the newest decisions of people, :func:`_decided`.
    """
    from kg.link.review import questions

    reader = _Reader(store)
    ledger = _with_pending(_ledger(store), pending)
    every = questions(ledger) if ledger is not None else []
    counts = Counter((q.target, q.target_name) for q in every)
    chosen = [q for q in every if target in (None, q.target)]
    wanted = [thing] if isinstance(thing, str) else thing
    if wanted:
        fitting = [i for i, q in enumerate(chosen) if q.subject in wanted and of in (None, q.target)]
        number = fitting[0] if fitting else None
    else:
        number = min(max(at, 0), len(chosen) - 1) if chosen else None
    first = (number or 0) // limit * limit
    reader.ahead(NamedNode(q.subject) for q in chosen[first : first + limit])

    def beside(step: int) -> Json | None:
        if number is None or not 0 <= number + step < len(chosen):
            return None
        return {"thing": chosen[number + step].subject, "of": chosen[number + step].target}

    return {
        "linked": ledger is not None,
        "total": len(every),
        "targets": [
            {"key": key, "title": printable(title), "count": count} for (key, title), count in sorted(counts.items())
        ],
        "count": len(chosen),
        "rows": [
            {
                "thing": _subject(reader, q.subject, q.name),
                "target": q.target,
                "title": printable(q.target_name),
                "candidates": len(q.options),
                "score": q.options[0].decision.confidence,
                "number": i,
            }
            for i, q in enumerate(chosen[first : first + limit], first)
        ],
        "number": number,
        "question": _question(reader, chosen[number]) if number is not None else None,
        "previous": beside(-1),
        "next": beside(1),
        "decided": _decided(reader, ledger) if ledger is not None else [],
    }


def _with_pending(ledger: Ledger | None, pending: Sequence[Json]) -> Ledger | None:
    from kg.link.decisions import Ledger, key_of
    from kg.link.model import Judgement, Match

    if ledger is None or not pending:
        return ledger
    taken = {key_of(p["subject"], p["object"], p["target"]) for p in pending}
    out = Ledger(ledger.base, facts=ledger.facts, targets=ledger.targets)
    for decision in ledger.decisions.values():
        if decision.key not in taken:
            out.put(decision)
    for p in pending:
        if p["judgement"] and p["target"] in ledger.targets:
            out.decide(
                p["subject"],
                p["object"],
                Judgement(p["judgement"]),
                target=p["target"],
                match=Match(p["match"]),
                reviewer=p["reviewer"],
                recorded=p["recorded"],
                object_label=p["label"],
            )
    return out


def _subject(reader: _Reader, iri: str, name: str) -> Json:
    """A reference; with the name that the decision tells where no report names the thing any more."""
    told = reader.reference(NamedNode(iri))
    return told if told["class"] else told | {"name": printable(name) or told["name"]}


def _question(reader: _Reader, question: Question) -> Json:
    """A thing with candidates: ``thing`` (reference), ``classes`` (local names), ``target title``, ``candidates``
    (:func:`_candidate`), ``quotations`` (:func:`_quotation_json`) of the first sentences that name it, and how often
    reports do in ``mentions``.
    """
    mentions = sorted(reader.mentions(NamedNode(question.subject)), key=_mention_order)
    quotations: list[Json] = []
    sentences: set[tuple[str, int]] = set()
    reader.ahead(mentions[: _QUOTATIONS + 1], through=True)
    for mention in mentions:
        told = _quotation_json(reader, reader.quotation(mention))
        sentences.add((told["report"]["iri"], told["begin"] - told["at"]))
        if len(sentences) > _SENTENCES or len(quotations) == _QUOTATIONS:
            break
        quotations.append(told)
    return {
        "thing": _subject(reader, question.subject, question.name),
        "classes": list(question.classes),
        "target": question.target,
        "title": printable(question.target_name),
        "candidates": [_candidate(reader, option) for option in question.options],
        "quotations": quotations,
        "mentions": len(mentions),
    }


def _candidate(reader: _Reader, option: Option) -> Json:
    """``iri name code description match`` (local name) ``score since until latitude longitude successors``, and
    ``reasons``: ``sign`` (``+``, ``-``, ``?`` or, of what decided, ""), ``feature``, ``text``.
    """
    decision, facts = option.decision, option.facts
    reasons = []
    for reason in map(printable, option.reasons):
        sign = reason[:1] if reason[:1] in ("+", "-", "?") else ""
        feature, colon, text = reason[1:].partition(": ") if sign else ("", "", "")
        reasons.append({"sign": sign, "feature": feature if colon else "", "text": text if colon else reason})
    return {
        "iri": decision.object,
        "name": printable(facts.label or decision.object_label or decision.object),
        "code": printable(facts.code or ""),
        "description": printable(facts.description),
        "match": decision.match.value,
        "score": decision.confidence,
        "since": facts.since,
        "until": facts.until,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
        "successors": [_successor(reader, NamedNode(iri)) for iri in facts.successors],
        "reasons": reasons,
    }


def _decided(reader: _Reader, ledger: Ledger, limit: int = 20) -> list[Json]:
    """The newest decisions of people: ``thing`` (reference), ``object`` (IRI), ``name``, ``none`` (nothing of the
    target is the thing), ``target title judgement match reviewer recorded``.
    """
    from kg.link.decisions import NO_TERM

    def newest(decision: Decision) -> tuple[Any, ...]:
        return decision.moment, decision.key

    mine = sorted((d for d in ledger.decisions.values() if d.manual), key=newest, reverse=True)
    return [
        {
            "thing": _subject(reader, d.subject, d.subject_label),
            "object": d.object,
            "name": printable(d.object_label or d.object),
            "none": d.object == NO_TERM,
            "target": d.target,
            "title": printable(ledger.targets[d.target].name),
            "judgement": d.judgement.value,
            "match": d.match.value,
            "reviewer": printable(d.reviewer),
            "recorded": d.recorded,
        }
        for d in mine[:limit]
    ]


def vocabulary(store: Readable) -> list[Json]:
    """The ontology's classes and properties for the editor: terms with ``curie`` and ``kind`` (class, property)."""
    reader = _Reader(store)
    out = {}
    for kind, types in (
        ("class", ("owl:Class",)),
        ("property", ("owl:ObjectProperty", "owl:DatatypeProperty", "qb:DimensionProperty", "rdf:Property")),
    ):
        for node in reader.one_by_one([n for t in types for n in reader.subjects("rdf:type", term(t))]):
            if isinstance(node, NamedNode) and node.value.startswith(PREFIXES["gwr"]):
                out[node.value] = reader.term(node) | {"curie": curie(node.value), "kind": kind}
    return sorted(out.values(), key=lambda t: (t["kind"], t["curie"]))


#: The views by name, as requests to a worker name them.
VIEWS: Final[dict[str, Callable[..., Any]]] = {
    "home": home,
    "thing": thing,
    "properties": properties,
    "figures": figures,
    "quotations": quotations,
    "neighbours": neighbours,
    "report": report,
    "names": names,
    "options": options,
    "places": places,
    "review": review,
    "vocabulary": vocabulary,
}
