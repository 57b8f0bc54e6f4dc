"""A map and a table of places: their links to other graphs, and coordinates where those are known; none are made up.

The map is dots over longitude and latitude, drawn in the browser; there are no tiles, which would have to come from
elsewhere.  The table has the same places in words.
"""

from __future__ import annotations

from typing import Any

from nicegui import events, ui

from kg.serve.explorer import charts
from kg.serve.explorer.frame import Visit, html, title
from kg.serve.explorer.home import scope
from kg.serve.explorer.markup import Markup, join, tag
from kg.serve.explorer.style import COLOURS
from kg.serve.explorer.thing import link_line

Json = dict[str, Any]


async def build(visit: Visit) -> None:
    t = visit.t
    title(visit, t("places"))
    places = await visit.backend.view("places")
    known = sum(place["latitude"] is not None for place in places)
    note = t("coordinates_known", count=t.number(known)) if known else t("coordinates_none")
    html(join(tag("h1", t("places")), tag("p", t("places_lead"), class_="lead"), tag("p", note)))
    if known:
        _Map(visit, places).build()
    names = ("place", "class", "code", "links", "latitude", "longitude")
    head = tag(
        "thead",
        tag("tr", [tag("th", t(name), scope="col", class_="n" if name.endswith("itude") else None) for name in names]),
    )
    table = tag("table", head, tag("tbody", [_row(visit, place) for place in places]), class_="plain places")
    html(tag("div", table, class_="scroll"))


class _Map:
    """The dots, and what the one that was clicked stands for."""

    def __init__(self, visit: Visit, places: list[Json]) -> None:
        self.visit = visit
        self.places = places
        spots = charts.spots(places)
        self.spots = spots
        self.series = [charts.of_class(spots, name) for name in charts.classes_of(spots)]

    def build(self) -> None:
        t = self.visit.t
        options, ratio = charts.place_map(self.spots, t)
        html(join(tag("p", t("map_hint"), class_="soft small"), self._legend()))
        made = ui.echart(options, on_point_click=self._clicked).classes("map")
        # as wide as the page, unless it would be higher than the window
        made.style(f"height:auto;aspect-ratio:{ratio:.4f};width:min(100%,{70 * ratio:.2f}vh)")
        made.props["role"], made.props["aria-label"] = "img", t("map_of", count=t.number(len(self.spots)))
        self.chosen = html(join())
        self.chosen.props('aria-live="polite"')
        html(_sources(self.visit, self.places))

    def _legend(self) -> Markup:
        """In words beside the drawing: in it there would be no room on a phone."""
        signs = {"circle": "●", "triangle": "▲", "rect": "■"}
        items = [
            join(
                tag("span", signs[charts.FORMS[name]], style=f"color:{COLOURS[name][1]}", aria_hidden="true"),
                f" {self.visit.t.kind(name)} ",
            )
            for name in charts.classes_of(self.spots)
        ]
        return tag("p", items, class_="small")

    def _clicked(self, event: events.EChartPointClickEventArguments) -> None:
        if not 0 <= event.series_index < len(self.series):
            return
        spots = self.series[event.series_index]
        if not 0 <= event.data_index < len(spots):
            return
        places = spots[event.data_index]["places"]
        if len(places) == 1:
            ui.navigate.to(self.visit.href(places[0]["iri"]))
            return
        # reports of several areas name it: each has its own page
        items = [
            tag("li", self.visit.link(place, kind=True), " ", tag("span", scope(place["iri"]), class_="soft small"))
            for place in places
        ]
        self.chosen.set_content(join(tag("p", self.visit.t("map_things")), tag("ul", items)))


def _sources(visit: Visit, places: list[Json]) -> Markup:
    """Which graphs the coordinates are from, with their licences."""
    told = {
        visit.t.target(link["target"], link["title"]): link["rights"]
        for place in places
        for link in place["links"]
        if link["target"] and link["located"]
    }
    names = [f"{name} ({rights})" if rights else name for name, rights in sorted(told.items())]
    return tag("p", visit.t("map_source"), " ", "; ".join(names), class_="soft small") if names else join()


def _row(visit: Visit, place: Json) -> Markup:
    links = [tag("div", link_line(visit, link)) for link in place["links"]]
    return tag(
        "tr",
        tag("td", visit.link(place), " ", tag("span", scope(place["iri"]), class_="soft small")),
        tag("td", visit.badge(place["class"])),
        tag("td", ", ".join(place["codes"]) or "—"),
        tag("td", links or "—"),
        *(tag("td", f"{place[k]:.5f}" if place[k] is not None else "—", class_="n") for k in ("latitude", "longitude")),
    )
