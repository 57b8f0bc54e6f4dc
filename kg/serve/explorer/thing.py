"""One thing: names, classes, facts, figures with charts, neighbours as a graph, and every quotation.

Names and facts are on the page at once; what takes longer follows when the browser is there.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from kg.serve.explorer import charts
from kg.serve.explorer.frame import Visit, arrived, html, telling, title
from kg.serve.explorer.links import is_web
from kg.serve.explorer.marked import stretches
from kg.serve.explorer.markup import Markup, join, tag
from kg.serve.explorer.neighbours import Neighbours

Json = dict[str, Any]

_FIRST_FACTS = 12
_FIRST_CHARTS = 6
_MORE = 10  # "show more" shows so many times as much


async def build(visit: Visit, iris: list[str]) -> None:
    t = visit.t
    thing = await visit.backend.view("thing", iri=iris)
    title(visit, thing["name"])
    html(join(_head(visit, thing), _facts(visit, thing), _reports(visit, thing)))
    if not thing["class"]:  # a figure, a period, a term of the ontology, …
        html(_properties(visit, await visit.backend.view("properties", iri=thing["iri"])))
    figures_place = ui.element("section")
    graph_place = ui.element("section")
    quotations_place = ui.element("section")
    with quotations_place:
        html(tag("p", t("loading"), class_="waits", role="status"))
    await arrived()
    quotations_place.clear()
    with quotations_place, telling():
        await _quotations(visit, thing["iri"], quotations_place)
    with figures_place, telling():
        await _figures(visit, thing, figures_place)
    with graph_place, telling():
        await Neighbours(visit, thing).build()


def _head(visit: Visit, thing: Json) -> Markup:
    t = visit.t
    badges = [tag("span", t.term(c), class_=f"badge e-{c['id']}") for c in thing["classes"]]
    badges += [tag("span", t.term(s), class_="badge") for s in thing["status"]]
    rows = []
    if thing["aliases"]:
        rows += [tag("dt", t("aliases")), tag("dd", "、".join(thing["aliases"]))]
    rows += [tag("dt", "IRI"), tag("dd", tag("code", thing["iri"], class_="small"))]
    if thing["codes"]:
        rows += [tag("dt", t("division_code")), tag("dd", "、".join(thing["codes"]))]
    if thing["latitude"] is not None:
        rows += [tag("dt", t("coordinates")), tag("dd", coordinates(thing))]
    if thing["links"]:
        links = [tag("div", link_line(visit, link, whole=True)) for link in thing["links"]]
        rows += [tag("dt", t("links")), tag("dd", links)]
    return join(
        tag("h1", thing["name"]),
        tag("p", join(*[join(b, " ") for b in badges])),
        tag("dl", rows, class_="facts"),
        _open(visit, thing),
    )


def _open(visit: Visit, thing: Json) -> Markup:
    """That somebody has to decide, and where."""
    if not thing["open"]:
        return join()
    t = visit.t
    page = "/review?" + urlencode({"thing": thing["iri"]})
    return tag(
        "p",
        t("candidates_open", count=t.number(thing["open"])),
        " ",
        tag("a", t("to_review"), href=page),
        class_="note",
    )


def coordinates(place: Json) -> str:
    """Latitude and longitude with their halves of the earth.

    >>> coordinates({"latitude": 23.1, "longitude": -0.5})
    '23.10000°N, 0.50000°W'
    """
    latitude, longitude = place["latitude"], place["longitude"]
    return f"{abs(latitude):.5f}°{'S' if latitude < 0 else 'N'}, {abs(longitude):.5f}°{'W' if longitude < 0 else 'E'}"


def link_line(visit: Visit, link: Json, *, whole: bool = False) -> Markup:
    """A link to another graph: ``GeoNames 1809858 (near)``, ``whole`` with its name there, its years and successors."""
    t = visit.t
    words = f"{t.target(link['target'], link['title'])} {link['id']}".strip() if link["id"] else link["iri"]
    shown = (
        tag("a", words, href=link["iri"], rel="noopener noreferrer", title=link["iri"])
        if is_web(link["iri"])
        else tag("span", words, title=link["iri"])
    )
    near = t("bracketed", text=t.near(link["predicate"]))
    more = [join(" ", tag("span", part, class_="soft")) for part in _more_of(visit, link)] if whole else None
    return join(shown, " ", near, more)


def _more_of(visit: Visit, link: Json) -> list[str]:
    t = visit.t
    told = [link["label"]] if link["label"] else []
    if link["since"] or link["until"]:
        told.append(t("in_force", span=f"{link['since'] or '…'}–{link['until'] or '…'}"))
    if link["successors"]:
        told.append(t("replaced_by", names="、".join(f"{s['id']} {s['label']}".strip() for s in link["successors"])))
    return told


def _facts(visit: Visit, thing: Json) -> Markup:
    """The relations, by predicate and direction; many of one kind are folded away."""
    if not thing["facts"]:
        return join()
    groups: dict[tuple[str, bool], list[Json]] = {}
    for fact in thing["facts"]:
        groups.setdefault((fact["predicate"]["id"], fact["subject"]["iri"] == thing["iri"]), []).append(fact)
    rows = []
    for (_, outgoing), members in groups.items():
        predicate = visit.t.term(members[0]["predicate"])
        items = [tag("li", visit.link(m["object" if outgoing else "subject"])) for m in members]
        rows.append(tag("dt", f"{predicate} →" if outgoing else f"→ {predicate}"))
        rest = items[_FIRST_FACTS:]
        more = tag("summary", visit.t("more", count=visit.t.number(len(rest))))
        rows.append(
            tag(
                "dd",
                tag("ul", items[:_FIRST_FACTS]),
                tag("details", more, tag("ul", rest)) if rest else None,
            )
        )
    return join(tag("h2", visit.t("facts")), tag("dl", rows, class_="facts"))


def _properties(visit: Visit, properties: list[Json]) -> Markup:
    rows = [join(tag("dt", p["predicate"]["name"]), tag("dd", visit.link(p["object"]))) for p in properties]
    return join(tag("h2", visit.t("facts")), tag("dl", rows, class_="facts"))


def _reports(visit: Visit, thing: Json) -> Markup:
    if not thing["reports"]:
        return join()
    items = [
        tag(
            "li", tag("a", str(r["year"] or r["title"]), href=visit.href(r["iri"]), title=r["title"], class_="e-Report")
        )
        for r in sorted(thing["reports"], key=lambda r: (r["year"] or 0, r["iri"]))
    ]
    return join(tag("h2", visit.t("reports_about")), tag("ul", items, class_="chips"))


async def _figures(visit: Visit, thing: Json, place: ui.element, limit: int = 200) -> None:
    told = await visit.backend.view("figures", iri=thing["iri"], limit=limit)
    if not told["total"]:
        return
    t = visit.t
    html(tag("h2", t("figures_count", count=t.number(told["total"]))))
    _charts(visit, thing, told["figures"])
    html(table(visit, told["figures"], thing["iri"]), "scroll tall").props('tabindex="0"')
    if told["total"] > limit:

        async def more() -> None:
            place.clear()
            with place, telling():
                await _figures(visit, thing, place, limit * _MORE)

        button(t("show_more", shown=t.number(limit), total=t.number(told["total"])), more)


def button(text: str, action: Any) -> None:
    """A plain button."""
    with ui.element("button").props("type=button").classes("button plain") as made:
        ui.label(text)
    made.on("click", action)


def _charts(visit: Visit, thing: Json, figures: list[Json]) -> None:
    rows = charts.rows(figures)
    if not rows:
        return

    def draw(some: list[tuple[tuple[str, str, str, str], list[Json]]]) -> None:
        with ui.element("div").classes("charts"):
            for (indicator, area, measure, _), members in some:
                of = indicator if indicator != thing["name"] else area
                name = of if measure == "level" else f"{of} ({visit.t.kind(measure)})"
                made = ui.echart(charts.chart(name, members, visit.t)).classes("chart")
                made.props["role"], made.props["aria-label"] = "img", visit.t("chart_of", name=name)

    draw(rows[:_FIRST_CHARTS])
    if rest := rows[_FIRST_CHARTS : 8 * _FIRST_CHARTS]:
        place = ui.element("div").classes("bar")

        def more() -> None:
            place.clear()
            with place:
                draw(rest)

        with place:
            button(visit.t("more_charts", count=str(len(rest))), more)


def table(visit: Visit, figures: list[Json], iri: str) -> Markup:
    """Figures as rows; the columns that the page is about anyway are left out."""
    t = visit.t
    with_indicator = any(f["indicator"]["iri"] != iri for f in figures)
    with_area = any(f["area"] and f["area"]["iri"] != iri for f in figures)
    keys = [*(["indicator"] if with_indicator else []), *(["area"] if with_area else [])]
    names = [*keys, "period", "measure", "modality", "value", "text"]
    head = tag("tr", [tag("th", t(n), scope="col", class_="n" if n == "value" else None) for n in names])
    rows = []
    for f in figures:
        modality = tag("span", t.kind(f["modality"]), class_=f["modality"])
        bound = t.kind(f["bound"]) + " " if f["bound"] != "eq" else ""
        rows.append(
            tag(
                "tr",
                [tag("td", visit.link(f[key]) if f[key] else "") for key in keys],
                tag("td", f["period"] or "—"),
                tag("td", t.kind(f["measure"])),
                tag("td", modality),
                tag("td", f"{bound}{f['number']} {f['unit']}", class_="n"),
                tag("td", f["text"]),
            )
        )
    return tag("table", tag("thead", head), tag("tbody", rows), class_="plain")


async def _quotations(visit: Visit, iri: str, place: ui.element, limit: int = 50) -> None:
    told = await visit.backend.view("quotations", iri=iri, limit=limit)
    if not told["total"]:
        return
    t = visit.t
    html(
        join(
            tag("h2", t("quotations_count", count=t.number(told["total"]))),
            [sentence(visit, some) for some in sentences(told["quotations"])],
        )
    )
    if told["total"] > limit:

        async def more() -> None:
            place.clear()
            with place, telling():
                await _quotations(visit, iri, place, limit * _MORE)

        button(t("show_more", shown=t.number(limit), total=t.number(told["total"])), more)


def sentences(quotations: list[Json]) -> list[list[Json]]:
    """The quotations by sentence, in the order of the first of each."""
    out: dict[tuple[str, int, str], list[Json]] = {}
    for q in quotations:
        out.setdefault((q["report"]["iri"], q["begin"] - q["at"], q["sentence"]), []).append(q)
    return list(out.values())


def sentence(visit: Visit, quotations: list[Json]) -> Markup:
    """A sentence with all that it says of the thing highlighted, and the way to each place in the report."""
    first = quotations[0]
    words, report = first["sentence"], first["report"]
    told: list[str] = []
    marks = [
        {"begin": q["at"], "end": q["at"] + len(q["quotation"]), "kind": "entity", "iri": "", "label": ""}
        for q in quotations
    ]
    for piece in stretches(len(words), marks):
        part = words[piece.begin : piece.end]
        told.append(tag("mark", part) if piece.marks else part)
    page = visit.href(report["iri"])
    places = dict.fromkeys((q["begin"], q["end"]) for q in quotations)
    links = [join(" ", tag("a", f"{begin}–{end}", href=f"{page}#c{begin}")) for begin, end in places]
    return tag("blockquote", tag("p", told), tag("footer", tag("a", report["name"], href=page), links))
