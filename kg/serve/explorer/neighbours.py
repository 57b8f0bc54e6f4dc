"""What relations lead to, as a graph that opens further where one clicks; the page's list of facts says it in words."""

from __future__ import annotations

from typing import Any

from nicegui import events, ui

from kg.serve.explorer import charts
from kg.serve.explorer.frame import Visit, html
from kg.serve.explorer.markup import join, tag

Json = dict[str, Any]

_LIMIT = 30
_MOST = 250


class Neighbours:
    """The graph around one thing, on one page."""

    def __init__(self, visit: Visit, thing: Json) -> None:
        self.visit, self.centre = visit, thing["iri"]
        self.nodes: dict[str, Json] = {}
        self.edges: dict[tuple[str, str, str], Json] = {}
        self.opened: set[str] = set()

    async def build(self) -> None:
        await self._open(self.centre)
        if not self.edges:
            return
        t = self.visit.t
        html(join(tag("h2", t("neighbours")), tag("p", t("neighbours_hint"), class_="soft small")))
        self.graph = ui.echart(self._options(), on_point_click=self._clicked).classes("graph")
        self.graph.props["role"], self.graph.props["aria-label"] = "img", t("neighbours_of")
        self.chosen = html(join())
        self.chosen.props('aria-live="polite"')

    def _options(self) -> Json:
        return charts.network(self.nodes, list(self.edges.values()), self.centre, self.opened, self.visit.t)

    async def _open(self, iri: str) -> int:
        """Add the neighbours of a thing; gives how many relations it has in all."""
        told = await self.visit.backend.view("neighbours", iri=iri, limit=_LIMIT)
        self.opened.add(iri)
        if len(self.nodes) < _MOST:
            self.nodes.update((n["iri"], n) for n in told["nodes"] if n["iri"] not in self.nodes)
            self.edges.update(((e["source"], e["predicate"]["id"], e["target"]), e) for e in told["edges"])
        return int(told["total"])

    async def _clicked(self, event: events.EChartPointClickEventArguments) -> None:
        if event.data_type != "node" or not 0 <= event.data_index < len(self.nodes):
            return
        iri = list(self.nodes)[event.data_index]
        node = self.nodes[iri]
        total = await self._open(iri)
        options = self._options()
        self.graph.options.clear()
        self.graph.options.update(options)
        self.graph.update()
        note = self.visit.t("relations_count", count=str(total))
        self.chosen.set_content(tag("p", self.visit.link(node, kind=True), " ", tag("span", note, class_="soft")))
