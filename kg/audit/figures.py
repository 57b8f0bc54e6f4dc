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
_CONSTANT = re.compile(r"不变价|可比价")
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
    found = re.search(r"\d[\d,，]*(?:\.\d+)?", text)
    if found is None:
        return Decimal(5) if "成" in text else Decimal(0)
    number = Decimal(found[0].replace(",", "").replace("，", ""))
    digit = Decimal(1).scaleb(int(number.as_tuple().exponent))  # 0.01 of 363.15
    return digit / 2 if number == 0 else abs(value / number) * digit / 2


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
            begin = int(told[term("nif:beginIndex")].value)
            self._places[mention.value] = Place(
                told[term("nif:referenceContext")].value,
                begin,
                int(told[term("nif:endIndex")].value),
                quotation,
                self.value(sentence, "nif:anchorOf", graph) if sentence is not None else quotation,
                begin - int(self.value(sentence, "nif:beginIndex", graph)) if sentence is not None else 0,
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
