"""The figures of a store as they are compared: value, precision, and the words that say so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Literal, NamedNode

from kg.graph import iri, reading
from kg.graph.vocab import term

if TYPE_CHECKING:
    from kg.graph.reading import Readable


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a figure stands: offsets in its report's text, and the sentence around it."""

    report: str  # IRI
    begin: int
    end: int
    quotation: str
    sentence: str
    at: int = -1  # where the quotation begins in the sentence; -1: at its first occurrence

    @property
    def before(self) -> str:
        """The sentence up to the quotation."""
        return self.sentence[: self.at if self.at >= 0 else max(self.sentence.find(self.quotation), 0)]

    @property
    def behind(self) -> str:
        """The sentence after the quotation."""
        return self.sentence[len(self.before) + len(self.quotation) :]


#: what says that an amount is that of several years, and what says that it is of one again
_SUM = re.compile(
    r"(?P<sum>累计|总共|[三四五六3-6]年(?:来|间)?(?:共|合计|总计|新增|净增|实际|完成|安排|投入|引进|实现))"
    r"|(?:19|20)\d\d年|[今去上当本全]年|年末|其中"
)
#: price bases of amounts and growth
_CONSTANT = re.compile(r"不变价|可比价|(?:19|20)\d\d年价")
#: how much of an amount 约, 近 and 左右 leave open at least
_ABOUT = Decimal("0.02")


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
    about: str = ""  # IRI of the area that the report is about

    @cached_property
    def half(self) -> Decimal:
        """Half of the last digit that the report gives: the figure is the value, more or less this.

        363.15亿元 is 36315000000 yuan, more or less 500,000.
        """
        return half_digit(self.text, self.value)

    @cached_property
    def slack(self) -> Decimal:
        """How far what the figure stands for may be from its value.

        约, 近 and 左右 leave open more than the last digit: three halves of it, and 2 % of an amount.
        """
        if self.bound != "approx":
            return self.half
        return max(3 * self.half, abs(self.value) * _ABOUT if self.measure == "level" and self.unit != "%" else _NONE)

    @property
    def low(self) -> Decimal:
        """The least that the figure may stand for."""
        return self.value - self.slack

    @property
    def high(self) -> Decimal:
        """The most that the figure may stand for."""
        return self.value + self.slack

    @cached_property
    def cumulative(self) -> bool:
        """Whether an amount is told as that of several years: 五年累计完成投资3601亿元.

        What is said of the first of a row (五年累计吸收合同外资…,实际利用外资…) holds until a year is named.
        """
        if self.measure != "level":
            return False
        told = list(_SUM.finditer(self.places[0].before))
        return bool(told) and told[-1]["sum"] is not None

    @cached_property
    def constant(self) -> bool:
        """Whether an amount is told at constant prices: 4221亿元(1990年不变价)."""
        place = self.places[0]
        aside = re.match(r"[（(][^）)]*[）)]", place.behind)
        return bool(_CONSTANT.search(re.split(r"[,，;；。]", place.before)[-1] + (aside[0] if aside else "")))

    @property
    def year(self) -> int | None:
        """The year, if the period is one."""
        return int(self.period) if re.fullmatch(r"\d{4}", self.period) else None

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year, if the period is an interval of years."""
        found = re.fullmatch(r"(\d{4})/(\d{4})", self.period)
        return (int(found[1]), int(found[2])) if found else None


_NONE = Decimal(0)


def half_digit(text: str, value: Decimal) -> Decimal:
    """Half of the last digit of a figure's text, in the unit of the value.

    >>> half_digit("363.15亿元", Decimal(36315000000)), half_digit("13.9%", Decimal("13.9"))
    (Decimal('500000'), Decimal('0.05'))

    Round numbers are as exact as their digits: 1200万人 is not 12 million more or less half a million.

    >>> half_digit("八成", Decimal(80)), half_digit("翻一番", Decimal(2))
    (Decimal('5'), Decimal('0'))
    """
    found = re.search(r"\d[\d,，]*(?:\.\d+)?", re.sub(r"(?<=[\d.])\s+(?=[\d.])", "", text))  # 7. 9％
    if found is None:
        return Decimal(5) if "成" in text else Decimal(0)
    number = Decimal(found[0].replace(",", "").replace("，", ""))
    digit = Decimal(1).scaleb(int(number.as_tuple().exponent))  # 0.01 of 363.15
    return digit / 2 if number == 0 else abs(value / number) * digit / 2


def read_figures(store: Readable, graphs: Iterable[NamedNode] | None = None) -> list[Figure]:
    """The figures of these named graphs, or of all in the store, sorted by report, place and IRI."""
    names = _Names(store)
    out: list[Figure] = []
    for graph in store.named_graphs() if graphs is None else graphs:
        if isinstance(graph, NamedNode):
            out += _Graph(store, graph, names).figures()
    return sorted(out, key=lambda f: (f.report, f.places[0].begin, f.places[0].end, f.iri))


class _Names:
    """Labels and the like of nodes, looked up once, in whatever graph they are described."""

    def __init__(self, store: Readable) -> None:
        self.store = store
        self._graph = reading.union(store)  # where each of them stands once, and not once for each report
        self._known: dict[tuple[str, str], str] = {}

    def ahead(self, nodes: Iterable[Any]) -> None:
        """These nodes are going to be looked up."""
        reading.ahead(self.store, (node for node in nodes if node is not None), self._graph)

    def value(self, node: Any, curie: str) -> str:
        """The one literal, Chinese or of no language, that is a node's; empty if there is none, or no node."""
        return self._look_up(node, curie, Literal)

    def node(self, node: Any, curie: str) -> str:
        """The IRI of the one node that a node leads to; empty if there is none."""
        return self._look_up(node, curie, NamedNode)

    def _look_up(self, node: Any, curie: str, kind: type[Literal] | type[NamedNode]) -> str:
        if node is None:
            return ""
        key = (node.value, curie)
        if (known := self._known.get(key)) is None:
            found = [quad.object for quad in self.store.quads_for_pattern(node, term(curie), None, self._graph)]
            known = self._known[key] = min(
                (o.value for o in found if isinstance(o, kind) and getattr(o, "language", None) in (None, "zh")),
                default="",
            )
        return known


#: what a graph tells of each figure, of each place of one, and the text that the places are in; what a query would have
#: to look up besides costs more than to read it off the text
_FIGURES: Final = """
SELECT ?figure ?indicator ?area ?period ?measure ?modality ?bound ?value ?unit ?text {
  GRAPH ?_graph {
    ?figure gwr:modality ?modality ; gwr:measure ?measure ; gwr:bound ?bound ; gwr:indicator ?indicator ;
      sdmx-measure:obsValue ?value ; gwr:valueText ?text .
    OPTIONAL { ?figure sdmx-dimension:refArea ?area }
    OPTIONAL { ?figure sdmx-dimension:refPeriod ?period }
    OPTIONAL { ?figure sdmx-attribute:unitMeasure ?unit }
  }
}
"""
_PLACES: Final = """
SELECT ?figure ?mention ?sentence {
  GRAPH ?_graph {
    ?figure gwr:evidence ?mention .
    OPTIONAL { ?mention nif:sentence ?sentence }
  }
}
"""
_TEXTS: Final = "SELECT ?report ?text { GRAPH ?_graph { ?report nif:isString ?text } }"


class _Graph:
    """One report's graph, read by queries: these look up the text of what is asked for alone."""

    def __init__(self, store: Readable, graph: NamedNode, names: _Names) -> None:
        self.store = store
        self.graph = graph
        self.names = names

    def figures(self) -> Iterator[Figure]:
        """All figures of the graph, in no order; a figure without a place in a text is none."""
        places = self._places()
        rows = [row for row in self._rows(_FIGURES) if row[0].value in places] if places else []
        reports = {place.report: NamedNode(place.report) for each in places.values() for place in each}
        self.names.ahead({node for row in rows for node in (row[1], row[2], row[3], row[8])} | {*reports.values()})
        about = {name: self._report(node) for name, node in reports.items()}
        known: set[str] = set()
        for figure, *told in rows:
            name = figure.value
            if name not in known and isinstance(figure, NamedNode):
                known.add(name)
                yield self._figure(name, told, tuple(sorted(places[name])), about)

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        return reading.rows(self.store, query.replace("?_graph", str(self.graph)), named=True)

    def _places(self) -> dict[str, list[Place]]:
        """Where each figure stands; spans of the text are told by their IRIs."""
        texts = {report.value: text.value for report, text in self._rows(_TEXTS)}
        sentences: dict[Any, tuple[int, str]] = {}
        out: dict[str, list[Place]] = defaultdict(list)
        for figure, mention, sentence in self._rows(_PLACES):
            report, span = iri.place_of(mention.value)
            if span is None or (text := texts.get(report)) is None:
                continue
            at, around = span.begin, text[span.begin : span.end]
            if sentence is not None:
                if (known := sentences.get(sentence)) is None:
                    _, its = iri.place_of(sentence.value)
                    known = sentences[sentence] = (its.begin, text[its.begin : its.end]) if its else (at, around)
                at, around = known
            quotation = text[span.begin : span.end]
            out[figure.value].append(Place(report, span.begin, span.end, quotation, around, span.begin - at))
        return out

    def _report(self, node: NamedNode) -> tuple[str, int | None, str]:
        """A report's name, its year, and the area that it is about."""
        label = self.names.value
        year = label(node, "gwr:year")
        name = label(node, "dcterms:title") or label(node, "gwr:sourceFile")
        return name, int(year) if year else None, self.names.node(node, "gwr:about")

    def _figure(
        self,
        iri: str,
        told: Sequence[Any],
        places: tuple[Place, ...],
        reports: Mapping[str, tuple[str, int | None, str]],
    ) -> Figure:
        indicator, area, period, measure, modality, bound, value, unit, text = told
        label = self.names.value
        report = places[0].report
        name, year, about = reports[report]
        try:
            number = Decimal(value.value)
        except InvalidOperation:
            number = Decimal(0)
        return Figure(
            iri,
            report,
            name,
            year,
            label(indicator, "skos:prefLabel"),
            area.value if area is not None else "",
            label(area, "skos:prefLabel"),
            label(period, "rdfs:label"),
            _local(measure),
            _local(modality),
            _local(bound),
            number,
            label(unit, "skos:prefLabel"),
            text.value,
            places,
            about,
        )


def _local(node: Any) -> str:
    return str(node.value.rsplit("#", 1)[-1])
