"""The figures of a store as they are compared: value, precision, and the words that say so."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from kg.graph.vocab import term


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a figure stands: offsets in its report's text, and the sentence around it."""

    report: str  # IRI
    begin: int
    end: int
    quotation: str
    sentence: str


@dataclass(frozen=True)
class Figure:
    """One observation; ``value`` is normalised (yuan, square metres, percent), ``text`` as the report has it."""

    iri: str
    report: str  # IRI
    report_name: str
    report_year: int | None
    indicator: str  # preferred label
    area: str  # IRI, "" where the figure has none
    area_name: str
    period: str  # ISO 8601, "" where there is none
    measure: str  # level, growth, averageAnnualGrowth, multiple, rank
    modality: str  # actual, target
    bound: str  # eq, ge, le, approx
    value: Decimal
    unit: str
    text: str
    places: tuple[Place, ...]

    @cached_property
    def half(self) -> Decimal:
        """Half of the last digit that the report gives: the figure is the value, more or less this.

        363.15亿元 is 36315000000 yuan, more or less 500,000.
        """
        return half_digit(self.text, self.value)

    @property
    def low(self) -> Decimal:
        """The least that the figure may stand for."""
        return self.value - self.half

    @property
    def high(self) -> Decimal:
        """The most that the figure may stand for."""
        return self.value + self.half

    @property
    def year(self) -> int | None:
        """The year, if the period is one."""
        return int(self.period) if re.fullmatch(r"\d{4}", self.period) else None

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year, if the period is an interval of years."""
        found = re.fullmatch(r"(\d{4})/(\d{4})", self.period)
        return (int(found[1]), int(found[2])) if found else None


def half_digit(text: str, value: Decimal) -> Decimal:
    """Half of the last digit of a figure's text, in the unit of the value.

    >>> half_digit("363.15亿元", Decimal(36315000000)), half_digit("13.9%", Decimal("13.9"))
    (Decimal('500000'), Decimal('0.05'))

    Round numbers are as exact as their digits: 1200万人 is not 12 million more or less half a million.

    >>> half_digit("八成", Decimal(80)), half_digit("翻一番", Decimal(2))
    (Decimal('5'), Decimal('0'))
    """
    found = re.search(r"\d[\d,，]*(?:\.\d+)?", text)
    if found is None:
        return Decimal(5) if "成" in text else Decimal(0)
    number = Decimal(found[0].replace(",", "").replace("，", ""))
    if number == 0:
        return Decimal("0.5")
    digit = Decimal(1).scaleb(int(number.as_tuple().exponent))  # 0.01 of 363.15
    return abs(value / number) * digit / 2


def read_figures(store: Store) -> list[Figure]:
    """All figures in the store, sorted by report, place and IRI."""
    names = _Names(store)
    out = []
    for quad in store.quads_for_pattern(None, term("rdf:type"), term("gwr:Observation"), None):
        graph = quad.graph_name
        if not isinstance(quad.subject, NamedNode) or not isinstance(graph, NamedNode):
            continue  # the default graph has the same again
        told: dict[str, list[Any]] = defaultdict(list)
        for each in store.quads_for_pattern(quad.subject, None, None, graph):
            told[each.predicate.value].append(each.object)
        out.append(_figure(quad.subject, told, graph, names))
    return sorted(out, key=lambda f: (f.report, f.places[:1], f.iri))


class _Names:
    """Labels and texts, looked up once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._known: dict[tuple[str, str], str] = {}
        self._places: dict[str, Place] = {}

    def value(self, node: Any, curie: str, graph: NamedNode) -> str:
        """The one value of a property in the report's graph, or in any; empty if there is none."""
        key = (str(node), curie)
        if key not in self._known:
            found = [
                q.object.value
                for where in (graph, None)
                for q in self.store.quads_for_pattern(node, term(curie), None, where)
                if isinstance(q.object, Literal) and (q.object.language in (None, "zh"))
            ]
            self._known[key] = found[0] if found else ""
        return self._known[key]

    def place(self, mention: NamedNode, graph: NamedNode) -> Place:
        """Where a mention stands."""
        if mention.value not in self._places:
            told: dict[NamedNode, Any] = {
                q.predicate: q.object for q in self.store.quads_for_pattern(mention, None, None, graph)
            }
            sentence = told.get(term("nif:sentence"))
            quotation = told[term("nif:anchorOf")].value
            self._places[mention.value] = Place(
                told[term("nif:referenceContext")].value,
                int(told[term("nif:beginIndex")].value),
                int(told[term("nif:endIndex")].value),
                quotation,
                self.value(sentence, "nif:anchorOf", graph) if sentence is not None else quotation,
            )
        return self._places[mention.value]


def _figure(node: NamedNode, told: dict[str, list[Any]], graph: NamedNode, names: _Names) -> Figure:
    def one(curie: str) -> Any:
        return next(iter(told.get(term(curie).value, ())), None)

    def local(curie: str) -> str:
        found = one(curie)
        return found.value.rsplit("#", 1)[-1] if found is not None else ""

    def label(curie: str, of: str = "skos:prefLabel") -> str:
        found = one(curie)
        return names.value(found, of, graph) if found is not None else ""

    places = tuple(sorted(names.place(m, graph) for m in told[term("gwr:evidence").value]))
    report = NamedNode(places[0].report)
    area = one("sdmx-dimension:refArea")
    year = names.value(report, "gwr:year", graph)
    try:
        value = Decimal(one("sdmx-measure:obsValue").value)
    except InvalidOperation:
        value = Decimal(0)
    return Figure(
        node.value,
        report.value,
        names.value(report, "dcterms:title", graph) or names.value(report, "gwr:sourceFile", graph),
        int(year) if year else None,
        label("gwr:indicator"),
        area.value if area is not None else "",
        label("sdmx-dimension:refArea"),
        label("sdmx-dimension:refPeriod", "rdfs:label"),
        local("gwr:measure"),
        local("gwr:modality"),
        local("gwr:bound"),
        value,
        label("sdmx-attribute:unitMeasure"),
        one("gwr:valueText").value,
        places,
    )
