"""A table of places: their links to other graphs, and coordinates where those are known; none are made up."""

from __future__ import annotations

from typing import Any

from kg.serve.explorer.frame import Visit, html, title
from kg.serve.explorer.links import is_web
from kg.serve.explorer.markup import Markup, join, tag


async def build(visit: Visit) -> None:
    t = visit.t
    title(visit, t("places"))
    places = await visit.backend.view("places")
    known = sum(place["latitude"] is not None for place in places)
    note = t("coordinates_known", count=t.number(known)) if known else t("coordinates_none")
    names = ("place", "class", "code", "links", "latitude", "longitude")
    head = tag(
        "thead",
        tag("tr", [tag("th", t(name), scope="col", class_="n" if name.endswith("itude") else None) for name in names]),
    )
    table = tag("table", head, tag("tbody", [_row(visit, place) for place in places]), class_="plain")
    html(
        join(
            tag("h1", t("places")),
            tag("p", t("places_lead"), class_="lead"),
            tag("p", note),
            tag("div", table, class_="scroll"),
        )
    )


def _row(visit: Visit, place: dict[str, Any]) -> Markup:
    links = [
        join(tag("a", link, href=link, rel="noopener noreferrer") if is_web(link) else link, " ")
        for link in place["links"]
    ]
    return tag(
        "tr",
        tag("td", visit.link(place)),
        tag("td", visit.badge(place["class"])),
        tag("td", ", ".join(place["codes"]) or "—"),
        tag("td", links or "—"),
        *(tag("td", f"{place[k]:.5f}" if place[k] is not None else "—", class_="n") for k in ("latitude", "longitude")),
    )
