"""A report: its text with everything marked that was extracted, and the list of that, each with its place.

This is how people check the extraction: a mark leads to the thing, a fact to its place in the text.
"""

from __future__ import annotations

from typing import Any

from nicegui import ui

from kg.serve.explorer.frame import Visit, html, title
from kg.serve.explorer.marked import render
from kg.serve.explorer.markup import Markup, join, tag
from kg.serve.explorer.style import COLOURS

Json = dict[str, Any]


async def build(visit: Visit, iris: list[str]) -> None:
    report = await visit.backend.view("report", iri=iris)
    title(visit, report["title"])
    for mark in report["marks"]:
        if mark["kind"] == "relation":
            mark["label"] = _said(visit, mark["says"])
    ui.query("#content").classes("wide")
    text = tag("article", render(report, visit.href), class_="text", lang="zh", aria_label=report["title"])
    side = tag(
        "aside",
        _legend(visit, report),
        _contents(visit, report),
        _lists(visit, report),
        id="facts",
        aria_label=visit.t("extracted"),
        tabindex="0",
    )
    html(join(_head(visit, report), tag("div", text, side, class_="report")))
    # the text comes with the page's script: a place in the address has to be gone to then
    ui.timer(0, lambda: ui.run_javascript("if (location.hash) location.replace(location.hash)"), once=True)


def _head(visit: Visit, report: Json) -> Markup:
    t = visit.t
    told = [
        visit.link(report["area"]) if report["area"] else None,
        str(report["year"]) if report["year"] else None,
        report["date"],
        t("speaker") + " " + report["speaker"] if report["speaker"] else None,
        report["source"],
    ]
    parts = [part for part in told if part]
    line = [join(part, " · " if part is not parts[-1] else "") for part in parts]
    return join(
        tag("h1", report["title"]),
        tag("p", line, class_="soft"),
        tag("p", tag("a", t("to_facts"), href="#facts"), class_="small"),
    )


def _legend(visit: Visit, report: Json) -> Markup:
    """One box for each kind of mark; without its tick the marks are not shown."""
    t = visit.t
    counts: dict[str, int] = {}
    for mark in report["marks"]:
        key = mark["class"] if mark["kind"] == "entity" else mark["kind"]
        counts[key] = counts.get(key, 0) + 1
    boxes = []
    for name in [*COLOURS, "figure", "relation"]:
        if name not in counts:
            continue
        kind = t(name) if name in ("figure", "relation") else t.kind(name)
        look = name if name in ("figure", "relation") else f"badge e-{name}"
        boxes.append(
            tag(
                "label",
                tag("input", type="checkbox", checked=True, id=f"show-{name}"),
                tag("span", kind, class_=look),
                tag("span", t.number(counts[name]), class_="soft"),
            )
        )
    return join(tag("h2", t("extracted"), style="margin-top:0"), tag("div", boxes, class_="legend"))


def _contents(visit: Visit, report: Json) -> Markup:
    if not report["sections"]:
        return join()
    items = [
        tag("li", tag("a", s["title"], href=f"#s{s['begin']}"), style=f"padding-left:{s['level'] - 1}em")
        for s in report["sections"]
        if len(s["title"]) <= 60
    ]
    return _folded(visit.t("contents"), items)


def _folded(heading: str, items: list[Markup], *, opened: bool = False) -> Markup:
    return tag("details", tag("summary", f"{heading} ({len(items)})"), tag("ol", items), open=opened)


def _lists(visit: Visit, report: Json) -> Markup:
    t = visit.t
    figures = [
        tag(
            "li",
            tag("a", f["text"], href=f"#c{f['begin']}"),
            " ",
            visit.link(f["indicator"]),
            tag("span", "".join(f" · {part}" for part in _figure_parts(visit, f)), class_="soft"),
        )
        for f in report["figures"]
    ]
    entities = [
        tag(
            "li",
            tag("a", e["name"], href=f"#c{e['begin']}"),
            " ",
            visit.badge(e["class"]),
            tag("span", f" ×{e['count']} ", class_="soft"),
            tag("a", "↗", href=visit.href(e["iri"]), aria_label=t("open_thing", name=e["name"])),
        )
        for e in report["entities"]
    ]
    relations = [
        tag(
            "li",
            tag(
                "a",
                _said(visit, r),
                href=f"#c{r['begin']}",
            ),
        )
        for r in report["relations"]
    ]
    return join(
        _folded(t("figures"), figures, opened=True),
        _folded(t("entities"), entities),
        _folded(t("relations"), relations),
    )


def _said(visit: Visit, relation: Json) -> str:
    return f"{relation['subject']['name']} — {visit.t.term(relation['predicate'])} → {relation['object']['name']}"


def _figure_parts(visit: Visit, figure: Json) -> list[str]:
    parts = [figure["area"]["name"] if figure["area"] else "", figure["period"] or ""]
    parts += [
        visit.t.kind(figure[key])
        for key, usual in (("measure", "level"), ("modality", "actual"))
        if figure[key] != usual
    ]
    return [part for part in parts if part]
