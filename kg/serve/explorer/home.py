"""Home: search over all names as you type, counts by class, and the reports in the store."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from nicegui import ui

from kg.serve.explorer.frame import Visit, arrived, html, title
from kg.serve.explorer.markup import Markup, join, tag
from kg.serve.explorer.search import Index, Name, found, index_of, ready


async def build(visit: Visit) -> None:
    t = visit.t
    asked = visit.request.query_params.get("q", "")
    title(visit, asked)
    html(join(tag("h1", t("site")), tag("p", t("lead"), class_="lead")))
    with ui.element("div").props("role=search"):
        box = ui.input(t("search_label"), value=asked, placeholder=t("search_hint")).props(
            "outlined clearable type=search"
        )
        box.classes("search").style("width:100%;max-width:46rem").props("autofocus autocomplete=off")
    results = html(await _results(visit, asked))
    results.props('aria-live="polite"').style("max-width:46rem")

    async def look() -> None:
        results.set_content(await _results(visit, box.value or ""))

    async def open_first() -> None:
        best = await found(visit.backend, box.value or "", 1)
        if best:
            ui.navigate.to(visit.href(best[0].iri))

    box.on_value_change(look)
    box.on("keydown.enter", open_first)
    index = ready(visit.backend)
    often = html(_chips(visit, index))
    told = await visit.backend.view("home")
    html(join(_counts(visit, told), _reports(visit, told["reports"])))
    if index is None:
        await arrived()
        often.set_content(_chips(visit, await index_of(visit.backend)))


async def _results(visit: Visit, text: str) -> Markup:
    if not text.strip():
        return join()
    names = await found(visit.backend, text, 12)
    if not names:
        return tag("p", visit.t("nothing_found"), class_="soft")
    return tag("ul", [tag("li", _result(visit, name)) for name in names], class_="results", id="results")


def _result(visit: Visit, name: Name) -> Markup:
    return tag(
        "a",
        tag("strong", name.preferred),
        tag("span", name.name, class_="soft") if name.name != name.preferred else None,
        visit.badge(name.kind),
        tag("span", scope(name.iri), class_="soft small"),
        href=visit.href(name.iri),
    )


def scope(iri: str) -> str:
    """Which area's reports speak of an entity whose name alone says not which it is; "" if it does.

    >>> scope("https://w3id.org/gwr/id/entity/广州市/珠江"), scope("https://w3id.org/gwr/id/area/广州市")
    ('广州市', '')
    >>> scope("https://w3id.org/gwr/id/person/广州市/李明")
    '广州市'
    """
    parts = iri.rsplit("/", 3)
    return unquote(parts[2]) if len(parts) == 4 and parts[1] in ("entity", "person") else ""


def _chips(visit: Visit, index: Index | None) -> Markup:
    names = index.frequent if index is not None else []
    items = [tag("li", tag("a", n.preferred, href=visit.href(n.iri), class_=f"e-{n.kind}")) for n in names]
    return join(tag("h2", visit.t("often")), tag("ul", items, class_="chips"))


def _counts(visit: Visit, told: dict[str, Any]) -> Markup:
    t = visit.t
    cards = [tag("li", tag("b", t.number(c["count"])), t.term(c)) for c in told["classes"]]
    cards.append(tag("li", tag("b", t.number(told["triples"])), t("triples")))
    return join(tag("h2", t("counts")), tag("ul", cards, class_="cards"))


def _reports(visit: Visit, reports: list[dict[str, Any]]) -> Markup:
    t = visit.t
    by_area: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        by_area.setdefault(report["area"]["iri"] if report["area"] else "", []).append(report)
    rows = [
        tag(
            "tr",
            tag("td", visit.link(members[0]["area"]) if members[0]["area"] else t("no_area")),
            tag("td", tag("ul", [tag("li", _year(visit, r)) for r in members], class_="chips")),
        )
        for members in by_area.values()
    ]
    head = tag("thead", tag("tr", tag("th", t("area"), scope="col"), tag("th", t("reports_by_year"), scope="col")))
    return join(
        tag("h2", t("reports_count", count=t.number(len(reports)))),
        tag("div", tag("table", head, tag("tbody", rows), class_="plain"), class_="scroll"),
    )


def _year(visit: Visit, report: dict[str, Any]) -> Markup:
    year = str(report["year"]) if report["year"] else report["title"]
    return tag("a", year, href=visit.href(report["iri"]), title=report["title"], class_="e-Report")
