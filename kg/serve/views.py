"""What the pages of the explorer are made of: plain functions over a store that give values fit for JSON.

They run in the worker processes, which alone read the graph; :data:`VIEWS` has them by name.  Everywhere

* a *reference* is ``{"iri", "name", "class"}`` (class: a local name such as ``Park``, or ``""``),
* a *term* is ``{"id", "zh", "en"}`` (id: a local name of the ontology),
* a *figure* is what :func:`_Reader.figure` says,
* offsets count code points in the text of a report.

A view that is asked about an IRI of which the store says nothing raises :class:`~kg.errors.UnknownName`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.errors import UnknownName
from kg.graph.queries import run
from kg.graph.results import Labels, number_text, printable
from kg.graph.show import Quotation
from kg.graph.store import has_union
from kg.graph.vocab import ONTOLOGY_GRAPH, PREFIXES, curie, term
from kg.model import EntityClass, Measure, Predicate

if TYPE_CHECKING:
    from pyoxigraph import Store

Json = dict[str, Any]

_ENTITY_CLASSES: Final = tuple(c.value for c in EntityClass)
_CLASSES: Final = (*_ENTITY_CLASSES, "Indicator", "Report", "Unit")
_RELATIONS: Final = {term(f"gwr:{p.value}"): p.value for p in Predicate}
_LINKS: Final = tuple(term(c) for c in ("skos:exactMatch", "skos:closeMatch", "owl:sameAs", "rdfs:seeAlso"))
_NAMES: Final = (term("skos:prefLabel"), term("skos:altLabel"))
_MEASURES: Final = tuple(m.value for m in Measure)
#: Where graphs of places keep coordinates, as pairs of latitude and longitude, or as a point in WKT.
_LATITUDES: Final = (PREFIXES["schema"] + "latitude", "http://www.w3.org/2003/01/geo/wgs84_pos#lat")
_LONGITUDES: Final = (PREFIXES["schema"] + "longitude", "http://www.w3.org/2003/01/geo/wgs84_pos#long")
_POINTS: Final = (PREFIXES["geo"] + "asWKT", "http://www.wikidata.org/prop/direct/P625")
_PLACES: Final = ("AdministrativeArea", "Zone", "Park")


@lru_cache(maxsize=1)  # a worker has one store, which never changes
def _union(store: Store) -> DefaultGraph | None:
    """The graph to read each triple from once; None, all graphs, in a store of an older version."""
    return DefaultGraph() if has_union(store) else None


def _quads(store: Store, subject: Any, predicate: Any, obj: Any, graph: Any = None) -> Iterator[Any]:
    """Of one graph, or of the union of all."""
    return store.quads_for_pattern(subject, predicate, obj, _union(store) if graph is None else graph)


def _named_quads(store: Store, subject: Any, predicate: Any, obj: Any) -> Iterator[Any]:
    """Of all named graphs but the ontology's: what reports say."""
    for quad in store.quads_for_pattern(subject, predicate, obj, None):
        if quad.graph_name not in (ONTOLOGY_GRAPH, DefaultGraph()):
            yield quad


def local(node: Any) -> str:
    """The last part of an IRI: of an ontology's term its local name."""
    return re.split("[#/]", node.value)[-1] if node is not None else ""


class _Reader:
    """Reads around nodes of one store; holds the labels that it looked up."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.labels = Labels(store)
        self._terms: dict[Any, Json] = {}
        self._classes: dict[Any, str] = {}

    def objects(self, node: Any, curie: str) -> list[Any]:
        """Without duplicates, sorted."""
        return sorted({q.object for q in _quads(self.store, node, term(curie), None)}, key=str)

    def subjects(self, curie: str, node: Any) -> list[Any]:
        return sorted({q.subject for q in _quads(self.store, None, term(curie), node)}, key=str)

    def one(self, node: Any, curie: str) -> Any:
        return next(iter(self.objects(node, curie)), None)

    def about(self, node: Any) -> dict[Any, Any]:
        """One object by predicate."""
        return {q.predicate: q.object for q in _quads(self.store, node, None, None)}

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


def _known(store: Store, iris: Iterable[str]) -> NamedNode:
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


def _nodes_of(store: Store, name: str) -> set[Any]:
    return {q.subject for q in _quads(store, None, term("rdf:type"), term(f"gwr:{name}"))}


# home ---------------------------------------------------------------------------------------------------------------


def home(store: Store) -> Json:
    """``classes``: terms with ``count``; ``reports``: see :func:`_report_row`, by area and year; ``triples``."""
    reader = _Reader(store)
    counted = (*_ENTITY_CLASSES, "Indicator", "Observation", "Report")
    counts = {local(node): count for node, count in _rows(store, _BY_CLASS)}
    ((counts["Indicator"],),) = _rows(store, _MEASURED)  # the code list has some that no report gives a figure of
    ((triples,),) = _rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    classes = [reader.term(term(f"gwr:{name}")) | {"count": _number(counts.get(name))} for name in counted]
    reports = [_report_row(reader, node) for node in _nodes_of(store, "Report")]
    reports.sort(key=lambda row: (row["area"]["name"] if row["area"] else "", row["year"] or 0, row["iri"]))
    return {"classes": classes, "reports": reports, "triples": _number(triples)}


_BY_CLASS: Final = "SELECT ?class (COUNT(DISTINCT ?node) AS ?n) { ?node a ?class } GROUP BY ?class"
_MEASURED: Final = "SELECT (COUNT(DISTINCT ?indicator) AS ?n) { ?observation gwr:indicator ?indicator }"


def _rows(store: Store, query: str) -> list[tuple[Any, ...]]:
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


def _weights(store: Store) -> Counter[Any]:
    """How often a thing is mentioned, or an indicator measured."""
    counts = Counter(q.object for q in _quads(store, None, term("gwr:refersTo"), None))
    counts.update(q.object for q in _quads(store, None, term("gwr:indicator"), None))
    return counts


# thing --------------------------------------------------------------------------------------------------------------


def thing(store: Store, iri: str | list[str]) -> Json:
    """One node: ``iri name aliases classes status facts links reports``.

    ``iri`` may be several spellings of one, of which the first known counts.  ``facts`` are ``{"subject",
    "predicate", "object"}`` of references and a term; ``links`` lead to other graphs; ``reports`` are about the node.
    """
    node = _known(store, [iri] if isinstance(iri, str) else iri)
    reader = _Reader(store)
    types = {local(t) for t in reader.objects(node, "rdf:type")}
    name = reader.name(node)
    return {
        "iri": node.value,
        "name": name,
        "class": reader.class_of(node),
        "aliases": [a for a in (printable(o.value) for o in reader.objects(node, "skos:altLabel")) if a != name],
        "classes": [reader.term(term(f"gwr:{c}")) for c in _CLASSES if c in types],
        "status": [reader.term(s) for s in reader.objects(node, "gwr:status")],
        "facts": list(_facts(reader, node)),
        "links": [
            {"predicate": curie(q.predicate.value), "iri": q.object.value}
            for link in _LINKS
            for q in _quads(store, node, link, None)
            if isinstance(q.object, NamedNode)
        ],
        "reports": [_report_row(reader, r) for r in reader.subjects("gwr:about", node)],
    }


def properties(store: Store, iri: str, limit: int = 200) -> list[Json]:
    """What is said of a node of any kind, at most so much: ``predicate`` and ``object``, references."""
    node = _known(store, [iri])
    reader = _Reader(store)
    told = {(q.predicate, q.object) for q in _quads(store, node, None, None)}
    pairs = sorted(told, key=lambda pair: (pair[0].value, str(pair[1])))
    return [{"predicate": reader.reference(p), "object": reader.reference(o)} for p, o in pairs[:limit]]


def figures(store: Store, iri: str, limit: int = 200) -> Json:
    """The first ``figures`` of a thing, or measured by an indicator, and how many there are in ``total``."""
    node = _known(store, [iri])
    reader = _Reader(store)
    told = sorted((reader.figure(o) for o in _observations(reader, node)), key=_figure_order)
    return {"figures": told[:limit], "total": len(told)}


def quotations(store: Store, iri: str, limit: int = 50) -> Json:
    """The first ``quotations`` (:func:`_quotation_json`) of a thing by report and place, and their ``total``."""
    node = _known(store, [iri])
    reader = _Reader(store)
    places = _places_of(reader, node)
    told = [_quotation_json(reader, reader.quotation(m)) for m in places[:limit]]
    return {"quotations": told, "total": len(places)}


def _observations(reader: _Reader, node: Any) -> list[Any]:
    return [*reader.subjects("sdmx-dimension:refArea", node), *reader.subjects("gwr:indicator", node)]


def _facts(reader: _Reader, node: Any) -> Iterator[Json]:
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
    mentions = {m for told in (node, *_observations(reader, node), *statements) for m in reader.mentions(told)}
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


def neighbours(store: Store, iri: str, limit: int = 40) -> Json:
    """What relations lead to and from a node: ``nodes`` (references, the node first), ``edges`` (``source``,
    ``target``: IRIs, ``predicate``: a term), and how many edges there are in ``total``.

    An indicator has the areas for which it is measured most often as neighbours.
    """
    node = _known(store, [iri])
    reader = _Reader(store)
    pairs = [
        (q.subject, relation, q.object)
        for relation in _RELATIONS
        for pattern in ((node, relation, None), (None, relation, node))
        for q in _quads(store, *pattern)
    ]
    if reader.class_of(node) == "Indicator":
        measured = reader.subjects("gwr:indicator", node)
        areas = Counter(a for o in measured for a in reader.objects(o, "sdmx-dimension:refArea"))
        pairs += [(node, term("gwr:indicator"), area) for area, _ in areas.most_common(limit)]
    pairs = list(dict.fromkeys(pairs))
    nodes = {node.value: reader.reference(node)}
    edges = []
    for subject, predicate, obj in pairs[:limit]:
        for end in (subject, obj):
            nodes.setdefault(end.value, reader.reference(end))
        edges.append({"source": subject.value, "target": obj.value, "predicate": reader.term(predicate)})
    return {"nodes": list(nodes.values()), "edges": edges, "total": len(pairs)}


# report -------------------------------------------------------------------------------------------------------------


def report(store: Store, iri: str | list[str]) -> Json:
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
        for node in self._typed("gwr:Section"):
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


def names(store: Store) -> list[list[Any]]:
    """All names that reports give things: ``[name, iri, class, preferred name, how often it is mentioned]``."""
    reader = _Reader(store)
    counts = _weights(store)
    out = []
    for predicate in _NAMES:
        for quad in _named_quads(store, None, predicate, None):
            if isinstance(quad.subject, NamedNode):
                out.append((quad.object.value, quad.subject))
    out += [
        (q.object.value, q.subject)
        for node in _nodes_of(store, "Report")
        for q in _quads(store, node, term("dcterms:title"), None)
    ]
    return [
        [printable(name), node.value, reader.class_of(node), reader.name(node), counts[node]]
        for name, node in dict.fromkeys(out)
        if reader.class_of(node) not in ("", "Unit")
    ]


def options(store: Store, kind: str, limit: int = 400) -> list[str]:
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
        nodes = Counter(q.object for q in _quads(store, None, term(counted[kind]), None))
    elif kind in ("receiver", "adopter", "supporter"):
        relation = {"receiver": "received", "adopter": "adopts", "supporter": "supports"}[kind]
        nodes = Counter(q.subject for q in _quads(store, None, term(f"gwr:{relation}"), None))
    elif kind == "place":
        weights = _weights(store)
        nodes = Counter({node: weights[node] for name in _PLACES for node in _nodes_of(store, name)})
    else:
        return []
    told: Counter[str] = Counter()
    for node, count in nodes.most_common(None if kind in ("period", "year") else limit):
        told[reader.name(node)] += count
    if kind in ("period", "year"):
        return sorted(name for name in told if kind == "period" or re.fullmatch("[0-9]{4}", name))
    return [name for name, _ in sorted(told.items(), key=lambda item: (-item[1], item[0]))]


def places(store: Store) -> list[Json]:
    """The areas, zones and parks that have links to other graphs or coordinates: references with ``links`` (IRIs),
    ``codes`` (of the linked graph), ``latitude`` and ``longitude`` (numbers or None); and the areas of reports.
    """
    reader = _Reader(store)
    out = []
    own = {q.object for q in _quads(store, None, term("gwr:about"), None)}
    for node in {n for name in _PLACES for n in _nodes_of(store, name)} | own:
        links = [q.object for link in _LINKS for q in _quads(store, node, link, None)]
        where = next(filter(None, (_coordinates(store, n) for n in (node, *links))), None)
        if not links and where is None and node not in own:
            continue
        codes = [o.value for n in (node, *links) for o in reader.objects(n, "skos:notation")]
        out.append(
            reader.reference(node)
            | {"links": sorted({n.value for n in links if isinstance(n, NamedNode)}), "codes": codes}
            | {"latitude": where[0] if where else None, "longitude": where[1] if where else None}
        )
    return sorted(out, key=lambda place: (place["latitude"] is None, place["class"], place["name"], place["iri"]))


def _coordinates(store: Store, node: Any) -> tuple[float, float] | None:
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


def vocabulary(store: Store) -> list[Json]:
    """The ontology's classes and properties for the editor: terms with ``curie`` and ``kind`` (class, property)."""
    reader = _Reader(store)
    out = {}
    for kind, types in (
        ("class", ("owl:Class",)),
        ("property", ("owl:ObjectProperty", "owl:DatatypeProperty", "qb:DimensionProperty", "rdf:Property")),
    ):
        for node in (n for t in types for n in reader.subjects("rdf:type", term(t))):
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
    "vocabulary": vocabulary,
}
