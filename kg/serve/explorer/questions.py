"""The templates as forms: pickers, the answer as table and chart, downloads, and the SPARQL behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from nicegui import ui

from kg.errors import UnknownName
from kg.serve.explorer.frame import Visit, arrived, html, telling, title
from kg.serve.explorer.markup import Markup, join, tag
from kg.serve.explorer.results import Result, draw, figures_of, show

if TYPE_CHECKING:
    from kg.graph.queries import Parameter, Template

_TABLES = ("csv", "json", "tsv", "xml")
_GRAPHS = ("turtle", "jsonld", "ntriples", "rdfxml")
#: Parameters that are offered the options of another name; what is not offered is suggested while one types.
_KINDS = {"from": "year", "to": "year"}


def summary(visit: Visit, template: Template) -> str:
    return template.summary_zh if visit.t.language == "zh" and template.summary_zh else template.summary


def _topic(visit: Visit, template: Template) -> str:
    """A topic is written in both languages, English first: ``figures 指标``."""
    english, _, chinese = template.topic.rpartition(" ")
    return (chinese if visit.t.language == "zh" else english) or template.topic


async def build_list(visit: Visit) -> None:
    t = visit.t
    title(visit, t("questions"))
    topics: dict[str, list[Template]] = {}
    for template in visit.backend.templates.values():
        topics.setdefault(_topic(visit, template), []).append(template)
    parts = [
        tag(
            "section",
            tag("h2", topic),
            tag("ul", [tag("li", tag("a", summary(visit, m), href=f"/questions/{m.name}")) for m in members]),
        )
        for topic, members in topics.items()
    ]
    html(
        join(
            tag("h1", t("questions")), tag("p", t("questions_lead"), class_="lead"), tag("div", parts, class_="topics")
        )
    )


async def build(visit: Visit, name: str) -> None:
    template = visit.backend.templates.get(name)
    if template is None:
        raise UnknownName(f"there is no question {name}")
    t = visit.t
    title(visit, summary(visit, template))
    values = given(visit, template)
    # the templates are described in English only
    description = tag("p", template.description, class_="lead") if t.language == "en" else None
    html(join(tag("h1", summary(visit, template)), description))
    html(await _form(visit, template, values))
    if [p for p in template.parameters.values() if p.required and not p.defaults and p.name not in values]:
        html(tag("p", t("fill_in"), class_="soft"))
        return
    answer = ui.element("section")
    with answer:
        html(tag("p", t("loading"), class_="waits", role="status"))
    await arrived()
    answer.clear()
    with answer, telling():
        await _answer(visit, template, values)


def given(visit: Visit, template: Template) -> dict[str, str | list[str]]:
    """The parameters in the address that are not empty; what the template does not take is left out."""
    out: dict[str, str | list[str]] = {}
    for name in [*template.parameters, "limit"]:
        filled = [value for value in visit.request.query_params.getlist(name) if value.strip()]
        if filled:
            out[name] = filled[0] if len(filled) == 1 or name == "limit" else filled
    return out


async def _form(visit: Visit, template: Template, values: dict[str, str | list[str]]) -> Markup:
    fields = [await _field(visit, p, values.get(p.name)) for p in template.parameters.values()]
    if not fields:
        return join()
    button = tag("button", visit.t("ask"), type="submit")
    return tag("form", fields, button, class_="form", action=f"/questions/{template.name}", method="get")


async def _field(visit: Visit, parameter: Parameter, value: str | list[str] | None) -> Markup:
    """One parameter: a choice, or a text with suggestions; one box for each of its values."""
    several = [value] if isinstance(value, str) else value or list(parameter.defaults) or [""]
    key = f"p-{parameter.name}"
    label = tag(
        "label",
        visit.t.word("p", parameter.name),
        tag("span", " *", title=visit.t("required")) if parameter.required else None,
        for_=key,
    )
    hint = tag("span", visit.t.word("hint", parameter.name, parameter.doc), class_="hint", id=f"{key}-hint")
    if parameter.choices:
        offered = [tag("option", "" if parameter.required else visit.t("any"), value="")] + [
            tag("option", visit.t.kind(c), value=c, selected=c in several) for c in parameter.choices
        ]
        box = tag("select", offered, id=key, name=parameter.name, aria_describedby=f"{key}-hint")
        return tag("div", label, box, hint, class_="field")
    kind = _KINDS.get(parameter.name, parameter.name)
    offered = [tag("option", value=o) for o in await visit.backend.view("options", kind=kind)]
    boxes = [
        tag(
            "input",
            id=key if number == 0 else None,
            name=parameter.name,
            value=text,
            list=f"{key}-list",
            required=parameter.required and number == 0,
            autocomplete="off",
            aria_describedby=f"{key}-hint",
            aria_label=visit.t.word("p", parameter.name) if number else None,
            inputmode="numeric" if parameter.kind == "integer" else None,
            data_suggest=True if parameter.is_name and kind != "unit" else None,
        )
        for number, text in enumerate(several)
    ]
    return tag("div", label, boxes, tag("datalist", offered, id=f"{key}-list"), hint, class_="field")


async def _answer(visit: Visit, template: Template, values: dict[str, str | list[str]]) -> None:
    t = visit.t
    query = template.bind(**values)
    graph = template.form in ("CONSTRUCT", "DESCRIBE")
    links = []
    for format in _GRAPHS if graph else _TABLES:
        pairs = [*((k, v) for k, v in values.items()), ("format", format)]
        address = f"/api/queries/{template.name}?" + urlencode(pairs, doseq=True)
        links.append(tag("a", format.upper(), href=address, download=f"{template.name}.{format}"))
    editor = tag("a", t("open_in_editor"), href="/editor?" + urlencode({"query": query}), class_="button plain")
    behind = tag("details", tag("summary", t("sparql_behind")), tag("pre", query, tabindex="0"))
    answer = await visit.backend.template(template.name, dict(values), "turtle" if graph else "json")
    if graph:
        html(tag("pre", answer.content.decode(), tabindex="0"))
    else:
        result = Result.read(answer.content)
        draw(visit, figures_of(result), 2)
        await show(visit, result, named=True)
    downloads = tag("span", t("download"), " ", [join(link, " ") for link in links])
    html(join(tag("div", downloads, editor, class_="bar"), behind))
