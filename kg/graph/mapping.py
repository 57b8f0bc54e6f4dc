"""From an :class:`~kg.model.Extraction` to the quads of one named graph.

The layout is that of ``docs/ontology.md``.  The result depends on the
extraction and the base IRI alone: no blank nodes, no counters, no time.

Two of Oxigraph's habits shape the literals, so that what is written is what is
read back: it keeps every integer type as ``xsd:integer`` (so the offsets are
``xsd:integer`` and not the ``xsd:nonNegativeInteger`` that NIF names; the values
are the same), and decimals without closing zeros (so they are written so).
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

import kg
from kg import resources
from kg.errors import KgError
from kg.graph import iri
from kg.graph.vocab import DEFAULT_BASE, term
from kg.kept import kept_on_disk
from kg.model import Entity, EntityClass, Extraction, Part, Period, Report, Span

_PARTS = {
    Part.FRONT: "gwr:frontPart",
    Part.REVIEW: "gwr:reviewPart",
    Part.PLAN: "gwr:planPart",
    Part.OTHER: "gwr:otherPart",
}

#: Which data structure an observation has, by whether it has an area and a period; and its data set's ending.
_STRUCTURES = {
    (True, True): ("gwr:structure", ""),
    (True, False): ("gwr:structureUndated", "/undated"),
    (False, True): ("gwr:structureUnplaced", "/unplaced"),
    (False, False): ("gwr:structureUndatedUnplaced", "/undated-unplaced"),
}

_DATE_TYPES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}


def to_quads(extraction: Extraction, *, base_iri: str = DEFAULT_BASE) -> list[Quad]:
    """The quads of one report, all in its named graph, without duplicates, in the order of the text.

    Raises :class:`KgError` if the extraction contradicts itself (a span outside the
    text, a relation or figure of something that is no entity) or the base is no IRI.
    """
    return _Mapping(extraction, iri.check_base(base_iri)).quads()


def decimal_text(value: Decimal) -> str:
    """The canonical ``xsd:decimal`` as Oxigraph keeps it.

    >>> [decimal_text(Decimal(d)) for d in ("13.90", "3.6315E+10", "-5", "0.00", "-0")]
    ['13.9', '36315000000', '-5', '0', '0']
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@lru_cache(maxsize=1)
def known_units() -> dict[str, NamedNode]:
    """The units of the code list ``ontology/units.ttl``, by their Chinese label."""
    return {label: NamedNode(name) for label, name in _units().items()}


@kept_on_disk
def _units() -> dict[str, str]:
    path = resources.folder("ontology") / "units.ttl"
    label = term("skos:prefLabel")
    units = {}
    for triple in parse(path=str(path), format=RdfFormat.TURTLE):
        if triple.predicate == label and isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            units[triple.object.value] = triple.subject.value
    return units


class _Mapping:
    """One run over one extraction; holds the nodes that were already described."""

    def __init__(self, extraction: Extraction, base: str) -> None:
        self.x = extraction
        self.report = extraction.report
        self.base = base
        self.text = iri.encodable(self.report.text)
        self.graph = NamedNode(iri.graph_iri(self.report, base))
        self.report_iri = iri.report_iri(self.report, base)
        self.report_node = NamedNode(self.report_iri)
        self.out: list[Quad] = []
        self.begins = [sentence.span.begin for sentence in self.report.sentences]
        self.section_nodes = [NamedNode(iri.span_iri(self.report_iri, s.span)) for s in self.report.sections]
        self.sentences: dict[int, NamedNode] = {}
        self.strings: set[Span] = set()
        self.mentioned: dict[Span, NamedNode] = {}
        self.periods: dict[str, NamedNode] = {}
        self.units: dict[str, NamedNode] = {}
        self.indicators: dict[str, NamedNode] = {}
        self.described: set[object] = set()
        self.entities: dict[str, NamedNode] = {}

    def quads(self) -> list[Quad]:
        entities = [*self.x.entities, *self._silent_area()]
        for entity in entities:
            self._name(entity)
        self._report()
        self._sections()
        for entity in entities:
            self._entity(entity)
        self._observations()
        self._relations()
        # two entities may turn out to be one (two names of one qualified area); then a fact can be told twice
        return list(dict.fromkeys(self.out))

    def _add(self, subject: NamedNode, predicate: NamedNode, obj: NamedNode | Literal) -> None:
        self.out.append(Quad(subject, predicate, obj, self.graph))

    def _silent_area(self) -> list[Entity]:
        """The report's area where the text never speaks of it, not even as 我区 or 全市: a user said what it is.

        The report is about it all the same, and so are its figures; there only is no sentence to quote.
        """
        own = self.report.area_name
        if own is None or any(entity.own_area for entity in self.x.entities):
            return []
        kind = (EntityClass.ADMINISTRATIVE_AREA,)
        area = Entity(own, kind, (), (), qualified=self.report.area, own_area=True)
        self._add(self.report_node, term("gwr:about"), NamedNode(iri.entity_iri(area, self.report, self.base)))
        return [area]

    # the report and its parts -----------------------------------------------------------------------------------

    def _report(self) -> None:
        node, report = self.report_node, self.report
        self._add(node, term("rdf:type"), term("gwr:Report"))
        self._add(node, term("rdf:type"), term("nif:Context"))
        self._add(node, term("nif:isString"), Literal(self.text))
        for predicate, text in (
            ("dcterms:title", report.title),
            ("gwr:meeting", report.meeting),
            ("gwr:speakerName", report.speaker),
        ):
            if text:
                self._add(node, term(predicate), _chinese(text))
        if report.date:
            self._add(node, term("dcterms:date"), _date(report.date))
        if report.year is not None:
            self._add(node, term("gwr:year"), Literal(report.year))
        self._add(node, term("gwr:sourceFile"), Literal(iri.encodable(report.source)))
        self._add(node, term("gwr:sha256"), Literal(report.sha256))
        for entity in self.x.entities:
            if entity.own_area:
                self._add(node, term("gwr:about"), self.entities[entity.name])
            if EntityClass.PERSON in entity.classes and report.speaker in (entity.name, *entity.aliases):
                self._add(node, term("gwr:speaker"), self.entities[entity.name])
        self._add(self.graph, term("rdf:type"), term("prov:Entity"))
        self._add(self.graph, term("prov:wasDerivedFrom"), node)
        self._add(self.graph, term("gwr:segmenter"), Literal(self.x.segmenter))
        self._add(self.graph, term("gwr:softwareVersion"), Literal(kg.__version__))

    def _sections(self) -> None:
        around: list[tuple[int, NamedNode]] = []
        for section, node in zip(self.report.sections, self.section_nodes, strict=True):
            if node in self.described:  # a section that is all of another is the same stretch of text
                continue
            self.described.add(node)
            self._string(node, section.span, term("gwr:Section"))
            self._add(node, term("gwr:sectionLevel"), Literal(section.level))
            self._add(node, term("gwr:sectionPart"), term(_PARTS[section.part]))
            if section.heading:
                self._add(node, term("dcterms:title"), _chinese(self._quote(section.heading).strip()))
            if section.period:
                self._add(node, term("dcterms:temporal"), self._period(section.period))
            while around and around[-1][0] >= section.level:
                around.pop()
            if around:
                self._add(node, term("dcterms:isPartOf"), around[-1][1])
            around.append((section.level, node))

    def _sentence(self, number: int) -> NamedNode:
        """One with a mention; half of all have none, and stand in the report's text as they are."""
        node = self.sentences.get(number)
        if node is None:
            sentence = self.report.sentences[number]
            node = self.sentences[number] = NamedNode(iri.span_iri(self.report_iri, sentence.span))
            self._string(node, sentence.span, term("nif:Sentence"))
            self._add(node, term("nif:anchorOf"), Literal(self._quote(sentence.span)))
            # to itself, too, if the sentence is all of its section: who follows the path from a mention arrives
            self._add(node, term("dcterms:isPartOf"), self.section_nodes[sentence.section])
        return node

    def _string(self, node: NamedNode, span: Span, kind: NamedNode) -> None:
        """A stretch of the text: a section, a sentence, a mention, or several of them in one."""
        self._add(node, term("rdf:type"), kind)
        if span in self.strings:
            return
        self.strings.add(span)
        self._add(node, term("rdf:type"), term("nif:OffsetBasedString"))
        self._add(node, term("nif:referenceContext"), self.report_node)
        self._add(node, term("nif:beginIndex"), Literal(span.begin))
        self._add(node, term("nif:endIndex"), Literal(span.end))

    def _quote(self, span: Span) -> str:
        if span.end > len(self.text):
            raise KgError(f"a quotation ends at {span.end}, after the text", file=self.report.source, offset=span.begin)
        return self.text[span.begin : span.end]

    def _mentions(self, spans: tuple[Span, ...], of: NamedNode) -> list[NamedNode]:
        refers_to = term("gwr:refersTo")
        nodes = []
        for span in spans:
            node = self.mentioned.get(span)
            if node is None:
                node = self.mentioned[span] = NamedNode(iri.span_iri(self.report_iri, span))
                self._string(node, span, term("gwr:Mention"))
                self._add(node, term("nif:anchorOf"), Literal(self._quote(span)))
                self._place(node, span)
            self._add(node, refers_to, of)
            nodes.append(node)
        return nodes

    def _place(self, node: NamedNode, span: Span) -> None:
        """The mention's sentence; where it stands in none (a title), its section."""
        i = bisect_right(self.begins, span.begin) - 1
        if i >= 0 and span.begin < self.report.sentences[i].span.end:
            self._add(node, term("nif:sentence"), self._sentence(i))
            return
        around = [
            (len(section.span), number)
            for number, section in enumerate(self.report.sections)
            if span in section.span and section.span != span
        ]
        if around:
            self._add(node, term("dcterms:isPartOf"), self.section_nodes[min(around)[1]])

    # what the report says ---------------------------------------------------------------------------------------

    def _name(self, entity: Entity) -> None:
        node = NamedNode(iri.entity_iri(entity, self.report, self.base))
        self.entities[entity.name] = node

    def _known(self, name: str, span: Span) -> NamedNode:
        try:
            return self.entities[name]
        except KeyError:
            raise KgError(f"{name!r} is no entity", file=self.report.source, offset=span.begin) from None

    def _entity(self, entity: Entity) -> None:
        node = self.entities[entity.name]
        for entity_class in entity.classes:
            self._add(node, term("rdf:type"), term(f"gwr:{entity_class.value}"))
        preferred = iri.preferred_label(entity, self.report)
        self._add(node, term("skos:prefLabel"), _chinese(preferred))
        for name in (entity.name, *entity.aliases):
            if name != preferred:
                self._add(node, term("skos:altLabel"), _chinese(name))
        if entity.status and EntityClass.PROJECT in entity.classes:
            self._add(node, term("gwr:status"), term(f"gwr:{entity.status.value}"))
        self._mentions(entity.mentions, node)

    def _observations(self) -> None:
        slug = iri.slug(self.report)
        for o in self.x.observations:
            value = decimal_text(o.value)
            area = self._known(o.area, o.mentions[0]) if o.area is not None else None
            node = NamedNode(
                iri.observation_iri(
                    (
                        slug,
                        o.indicator,
                        area.value if area else None,
                        o.period.iso if o.period else None,
                        o.measure.value,
                        o.modality.value,
                        o.bound.value,
                        value,
                        o.unit,
                        o.value_text,
                    ),
                    self.base,
                )
            )
            self._add(node, term("rdf:type"), term("gwr:Observation"))
            self._add(node, term("rdf:type"), term("qb:Observation"))
            self._add(node, term("qb:dataSet"), self._data_set(slug, area is not None, o.period is not None))
            self._add(node, term("gwr:indicator"), self._indicator(o.indicator, o.wordings))
            if area:
                self._add(node, term("sdmx-dimension:refArea"), area)
            if o.period:
                self._add(node, term("sdmx-dimension:refPeriod"), self._period(o.period))
            self._add(node, term("gwr:measure"), term(f"gwr:{o.measure.value}"))
            self._add(node, term("gwr:modality"), term(f"gwr:{o.modality.value}"))
            self._add(node, term("gwr:bound"), term(f"gwr:{o.bound.value}"))
            self._add(node, term("sdmx-measure:obsValue"), Literal(value, datatype=term("xsd:decimal")))
            if o.unit:
                self._add(node, term("sdmx-attribute:unitMeasure"), self._unit(o.unit))
            self._add(node, term("gwr:valueText"), Literal(iri.encodable(o.value_text)))
            for mention in self._mentions(o.mentions, node):
                self._add(node, term("gwr:evidence"), mention)

    def _data_set(self, slug: str, placed: bool, dated: bool) -> NamedNode:
        structure, ending = _STRUCTURES[placed, dated]
        node = NamedNode(f"{self.base}dataset/{slug}{ending}")
        if node not in self.described:
            self.described.add(node)
            self._add(node, term("rdf:type"), term("qb:DataSet"))
            self._add(node, term("qb:structure"), term(structure))
            self._add(node, term("dcterms:source"), self.report_node)
        return node

    def _indicator(self, name: str, wordings: tuple[str, ...]) -> NamedNode:
        node = self.indicators.get(name)
        if node is None:
            node = self.indicators[name] = NamedNode(iri.indicator_iri(name, self.base))
            self._add(node, term("rdf:type"), term("gwr:Indicator"))
            self._add(node, term("rdf:type"), term("skos:Concept"))
            self._add(node, term("skos:inScheme"), term("gwr:indicators"))
            self._add(node, term("skos:prefLabel"), _chinese(name))
        for wording in wordings:
            if wording != name and (name, wording) not in self.described:
                self.described.add((name, wording))
                self._add(node, term("skos:altLabel"), _chinese(wording))
        return node

    def _period(self, period: Period) -> NamedNode:
        node = self.periods.get(period.iso)
        if node is None:
            node = self.periods[period.iso] = NamedNode(iri.period_iri(period.iso, self.base))
            self._add(node, term("rdf:type"), term("dcterms:PeriodOfTime"))
            self._add(node, term("rdf:type"), term("time:ProperInterval"))
            self._add(node, term("rdfs:label"), Literal(period.iso))
            self._add(node, term("dcat:startDate"), Literal(period.start, datatype=term("xsd:date")))
            self._add(node, term("dcat:endDate"), Literal(period.end, datatype=term("xsd:date")))
        return node

    def _unit(self, label: str) -> NamedNode:
        node = self.units.get(label)
        if node is None:
            node = known_units().get(label)
            if node is None:
                node = NamedNode(iri.unit_iri(label, self.base))
                self._add(node, term("rdf:type"), term("gwr:Unit"))
                self._add(node, term("rdf:type"), term("skos:Concept"))
                self._add(node, term("skos:inScheme"), term("gwr:units"))
                self._add(node, term("skos:prefLabel"), _chinese(label))
            self.units[label] = node
        return node

    def _relations(self) -> None:
        slug = iri.slug(self.report)
        for relation in self.x.relations:
            subject = self._known(relation.subject, relation.mentions[0])
            obj = self._known(relation.object, relation.mentions[0])
            predicate = term(f"gwr:{relation.predicate.value}")
            self._add(subject, predicate, obj)
            fields = (slug, subject.value, relation.predicate.value, obj.value)
            node = NamedNode(iri.statement_iri(fields, self.base))
            self._add(node, term("rdf:type"), term("rdf:Statement"))
            self._add(node, term("rdf:subject"), subject)
            self._add(node, term("rdf:predicate"), predicate)
            self._add(node, term("rdf:object"), obj)
            self._mentions(relation.mentions, node)


def _chinese(text: str) -> Literal:
    return Literal(iri.encodable(text), language="zh")


def _date(iso: str) -> Literal:
    return Literal(iso, datatype=term(_DATE_TYPES.get(len(iso), "xsd:string")))


def graph_of(report: Report, *, base_iri: str = DEFAULT_BASE) -> NamedNode:
    """The named graph into which a report goes."""
    return NamedNode(iri.graph_iri(report, iri.check_base(base_iri)))
