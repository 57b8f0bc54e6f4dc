"""SPARQL: an editor with highlighting, completion and history, and errors at their line and column."""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import urlencode

from nicegui import ui

from kg.errors import KgError
from kg.graph import sparql
from kg.graph.vocab import PREFIXES
from kg.serve.explorer.frame import Visit, arrived, html, title
from kg.serve.explorer.markup import join, tag
from kg.serve.explorer.results import Result, draw, figures_of, show
from kg.serve.explorer.thing import button

_FIRST: Final = """\
SELECT ?indicator ?period ?value ?unit
WHERE {
  ?observation a gwr:Observation ;
    gwr:indicator/skos:prefLabel ?indicator ;
    sdmx-dimension:refPeriod/rdfs:label ?period ;
    gwr:modality gwr:target ;
    sdmx-measure:obsValue ?value ;
    sdmx-attribute:unitMeasure/skos:prefLabel ?unit .
}
ORDER BY ?indicator ?period
LIMIT 100
"""
#: Offers words while one types: CodeMirror asks what the language's data call "autocomplete".
_COMPLETE: Final = """
import("nicegui-codemirror").then(CM => {
  const options = %s, source = context => {
    const word = context.matchBefore(/[\\w:?-]+/);
    return word || context.explicit ? {from: word ? word.from : context.pos, options, validFor: /^[\\w:?-]*$/} : null;
  };
  getElement(%d).editor.dispatch({effects: CM.StateEffect.appendConfig.of(
    CM.EditorState.languageData.of(() => [{autocomplete: source}]))});
});
"""
_INSERT: Final = "const e = getElement(%d).editor; e.dispatch(e.state.replaceSelection(%s)); e.focus();"
_REMEMBER: Final = """
const past = JSON.parse(localStorage.getItem("kg-history") || "[]").filter(q => q !== %(q)s);
localStorage.setItem("kg-history", JSON.stringify([%(q)s, ...past].slice(0, 20)));
history.replaceState(history.state, "", %(to)s);
"""
_PAST: Final = 'return JSON.parse(localStorage.getItem("kg-history") || "[]")'
_WORDS: Final = re.findall(
    r"\w+",
    "SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS VALUES BIND GRAPH CONSTRUCT DESCRIBE ASK LIMIT OFFSET "
    "COUNT SUM AVG MIN MAX STR LANG REGEX CONTAINS STRSTARTS",
)


class Editor:
    """One visitor's editor."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    async def build(self) -> None:
        t = self.visit.t
        title(self.visit, t("editor"))
        html(join(tag("h1", "SPARQL"), tag("p", t("editor_lead"), class_="lead")))
        text = self.visit.request.query_params.get("query", "").replace("\r\n", "\n")
        self.box = ui.codemirror(text or _FIRST, language="SPARQL", theme="githubLight", keymap={"Mod-Enter": self.run})
        self.box.classes("editor").props["aria-label"] = t("editor")
        with ui.element("div").classes("bar"):
            with ui.element("button").props("type=button").classes("button") as run:
                ui.label(t("run"))
            run.on("click", self.run)
            html(tag("span", "Ctrl+Enter", class_="soft small"))
        self.answer = ui.element("section").props('aria-live="polite"')
        words = await self.visit.backend.view("vocabulary")
        self._terms(words)
        self.past = ui.element("section")
        await arrived()
        ui.run_javascript(_COMPLETE % (json.dumps(completions(words), ensure_ascii=False), self.box.id))
        if text:
            await self.run()
        else:
            await self._show_past()

    def _terms(self, words: list[dict[str, Any]]) -> None:
        """The ontology's terms and the prefixes, to be put into the query by a click."""
        with ui.element("details"):
            html(join(self.visit.t("terms")), "inline").props("tag=summary")
            with ui.element("div").classes("terms"):
                for word in words:
                    self._term(word["curie"], self.visit.t.term(word))
                for prefix, iri in PREFIXES.items():
                    self._term(f"{prefix}:", iri)

    def _term(self, text: str, meaning: str) -> None:
        with ui.element("button").props("type=button") as made:
            ui.label(text)
        made.props["title"] = meaning
        made.on("click", lambda: ui.run_javascript(_INSERT % (self.box.id, json.dumps(text + " "))))

    async def run(self) -> None:
        query = self.box.value or ""
        self.box.decorations = []
        address = "/editor?" + urlencode({"query": query})
        ui.run_javascript(_REMEMBER % {"q": json.dumps(query), "to": json.dumps(address)})
        self.answer.clear()
        with self.answer:
            try:
                await self._ask(query)
            except KgError as error:
                self._complain(query, error)
        await self._show_past()

    async def _ask(self, query: str) -> None:
        formats: dict[str, str | None] = {"table": "json", "graph": "turtle"}
        answer = await self.visit.backend.query(query, formats)
        html(tag("h2", self.visit.t("answer")))
        if "json" not in answer.media_type:
            html(tag("pre", answer.content.decode(), tabindex="0"))
        else:
            result = Result.read(answer.content)
            draw(self.visit, figures_of(result), 2)
            await show(self.visit, result, named=False)
        links = [
            join(tag("a", f.upper(), href="/sparql?" + urlencode({"query": query, "format": f})), " ")
            for f in (
                ("csv", "json", "tsv", "xml") if "json" in answer.media_type else ("turtle", "jsonld", "ntriples")
            )
        ]
        html(tag("p", self.visit.t("download"), " ", links))

    def _complain(self, query: str, error: KgError) -> None:
        """The message, and in the editor the place that it speaks of."""
        where = f"{self.visit.t('line', line=str(error.line))}: " if error.line is not None else ""
        html(tag("p", where + error.message, tag("br"), error.hint, class_="error", role="alert", id="error"))
        column = re.search(r"column (\d+)", error.message)
        lines = query.split("\n")
        if error.line is None or not 1 <= error.line <= len(lines):
            return
        begin = sum(len(line) + 1 for line in lines[: error.line - 1])
        at = begin + min(int(column[1]) - 1 if column else 0, max(len(lines[error.line - 1]) - 1, 0))
        end = next((t.end for t in _tokens(query) if t.begin <= at < t.end), at + 1)
        if at < min(end, len(query)):
            self.box.decorations = [{"kind": "mark", "from": at, "to": min(end, len(query)), "class": "cm-wrong"}]

    async def _show_past(self) -> None:
        past = await ui.run_javascript(_PAST, timeout=5)
        self.past.clear()
        if not isinstance(past, list) or not past:
            return
        with self.past:
            html(tag("h2", self.visit.t("history")))
            with ui.element("div").classes("past"):
                for query in past[:20]:
                    if isinstance(query, str):
                        button(" ".join(query.split())[:160], lambda query=query: self._again(query))

    def _again(self, query: str) -> None:
        self.box.value = query


def _tokens(query: str) -> list[sparql.Token]:
    """As far as the query can be read."""
    out = []
    try:
        for token in sparql.tokens(query):
            out.append(token)
    except KgError:
        pass
    return out


def completions(words: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What CodeMirror offers: the ontology's terms, prefixes, and words of SPARQL."""
    out = [{"label": w["curie"], "detail": w["zh"], "type": w["kind"], "info": w["en"]} for w in words]
    out += [{"label": f"{prefix}:", "detail": iri, "type": "namespace"} for prefix, iri in PREFIXES.items()]
    return out + [{"label": word, "type": "keyword"} for word in _WORDS]


async def build(visit: Visit) -> None:
    await Editor(visit).build()
