"""Answers to queries on a page: a table with sort and filter, a chart where periods stand beside values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nicegui import ui

from kg.graph.results import number_text
from kg.graph.vocab import PREFIXES, curie
from kg.serve.explorer import charts
from kg.serve.explorer.frame import Visit, html
from kg.serve.explorer.links import is_web
from kg.serve.explorer.markup import tag
from kg.serve.explorer.search import ready

if TYPE_CHECKING:
    from kg.serve.explorer.search import Index

Json = dict[str, Any]

#: More rows than that are not sent to the browser; a download has all.
MOST: Final = 5000
_NUMBERS: Final = tuple(PREFIXES["xsd"] + n for n in ("integer", "decimal", "double", "float", "int", "long"))
#: A link where the row has one; textContent, so that no name can be markup.
_CELL: Final = """params => {
  const to = params.data["/" + params.colDef.field], made = document.createElement(to ? "a" : "span");
  made.textContent = params.valueFormatted ?? params.value ?? "";
  if (to) made.href = to;
  return made;
}"""


@dataclass(frozen=True, slots=True)
class Result:
    """An answer in SPARQL's JSON, read: cells are ``{"type", "value", …}`` or None."""

    columns: list[str]
    rows: list[list[Json | None]]

    @classmethod
    def read(cls, content: bytes) -> Result:
        told = json.loads(content)
        if "boolean" in told:
            return cls(["boolean"], [[{"type": "literal", "value": str(told["boolean"]).lower()}]])
        columns = told["head"]["vars"]
        return cls(columns, [[row.get(c) for c in columns] for row in told["results"]["bindings"]])

    def is_number(self, column: int) -> bool:
        cells = [row[column] for row in self.rows if row[column]]
        return bool(cells) and all(c is not None and c.get("datatype") in _NUMBERS for c in cells)


async def show(visit: Visit, result: Result, *, named: bool) -> None:
    """The table; ``named``: texts that are names of things lead to them."""
    t = visit.t
    html(tag("p", t("rows", count=t.number(len(result.rows))), class_="soft", role="status", id="rows"))
    if not result.rows:
        return
    index = ready(visit.backend) if named else None
    numeric = [result.is_number(i) for i in range(len(result.columns))]
    rows = []
    for row in result.rows[:MOST]:
        told: Json = {}
        for column, number, cell in zip(result.columns, numeric, row, strict=True):
            if cell is not None:
                value, link = _cell(visit, cell, index, named)
                told[column] = _as_number(value) if number else value
                if link:
                    told["/" + column] = link
        rows.append(told)
    options = {
        "columnDefs": [
            _column(c, t.word("column", c) if named else c, n) for c, n in zip(result.columns, numeric, strict=True)
        ],
        "rowData": rows,
        "defaultColDef": {"sortable": True, "filter": True, "resizable": True, "minWidth": 90, ":cellRenderer": _CELL},
        "autoSizeStrategy": {"type": "fitCellContents", "defaultMaxWidth": 420},
        "localeText": t.words("grid"),  # the grid's own are English
        "autoSizePadding": 28,
        "domLayout": "autoHeight" if len(rows) <= 12 else "normal",
        "enableCellTextSelection": True,
        "suppressFieldDotNotation": True,
        "ensureDomOrder": True,
        # Tab goes from cell to cell, not to the links in them
        ":onCellKeyDown": "e => { const to = e.data?.['/' + e.column.getColId()]; "
        "if (to && e.event.key === 'Enter') location.href = to; }",
    }
    grid = ui.aggrid(options, theme="quartz", auto_size_columns=False).classes("grid")
    grid.style("height:auto" if len(rows) <= 12 else "height:34rem")
    if len(result.rows) > MOST:
        html(tag("p", t("cut", shown=t.number(MOST)), class_="soft"))


def _column(name: str, heading: str, number: bool) -> Json:
    column: Json = {"field": name, "headerName": heading}
    if number:
        column |= {
            "type": "rightAligned",
            "filter": "agNumberColumnFilter",
            ":valueFormatter": "p => typeof p.value !== 'number' ? p.value : Number.isInteger(p.value) && "
            "Math.abs(p.value) < 10000 ? String(p.value) : p.value.toLocaleString('en', {maximumFractionDigits: 4})",
        }
    return column


def _as_number(value: str) -> float | int | str:
    try:
        return int(value) if value.lstrip("+-").isdecimal() else float(value)
    except ValueError:
        return value


def _cell(visit: Visit, cell: Json, index: Index | None, named: bool) -> tuple[str, str | None]:
    """What the cell shows, and the page that it leads to."""
    value = cell["value"] if isinstance(cell["value"], str) else json.dumps(cell["value"], ensure_ascii=False)
    if cell["type"] == "uri":
        own = value.startswith((visit.backend.base, "https://w3id.org/gwr/indicator/"))
        short = curie(value)
        shown = short[1:-1] if short.startswith("<") else short
        if named and shown.startswith("gwr:"):
            return visit.t.kind(shown.removeprefix("gwr:")), None
        return shown, visit.href(value) if own else value if is_web(value) else None
    if index is not None and cell.get("datatype") is None and (entry := index.named(value)) is not None:
        return value, visit.href(entry.iri)
    return value, None


def figures_of(result: Result) -> list[Json]:
    """The rows as figures, as views give them; none if the result has no periods with values."""
    if not {"period", "value"} <= set(result.columns):
        return []
    out = []
    for row in result.rows:
        told = {c: cell["value"] for c, cell in zip(result.columns, row, strict=True) if cell}
        value = _as_number(told.get("value", ""))
        if "period" in told and isinstance(value, int | float):
            out.append(
                {
                    "indicator": {"name": told.get("indicator", told.get("property", ""))},
                    "area": {"name": told.get("area", "")},
                    "period": told["period"],
                    "measure": _local(told.get("measure", "level")),
                    "modality": _local(told.get("modality", "actual")),
                    "unit": told.get("unit", ""),
                    "value": value,
                    "number": number_text(told["value"]),
                }
            )
    return out


def _local(value: str) -> str:
    return value.removeprefix(PREFIXES["gwr"])


def draw(visit: Visit, figures: list[Json], most: int = 4) -> None:
    """Charts of the longest rows: areas of one indicator side by side in one chart."""
    together: dict[tuple[str, str, str], list[list[Json]]] = {}
    for (indicator, _, measure, unit), members in charts.rows(figures):
        together.setdefault((indicator, measure, unit), []).append(members)
    if not together:
        return
    longest = sorted(together.items(), key=lambda item: -sum(map(len, item[1])))[:most]
    with ui.element("div").classes("charts"):
        for (indicator, measure, _), several in longest:
            name = indicator if measure == "level" else f"{indicator} ({visit.t.kind(measure)})"
            chosen = [figure for members in several[:6] for figure in members]
            options = charts.chart(name, chosen, visit.t, by_area=len(several) > 1)
            made = ui.echart(options).classes("chart")
            made.props["role"], made.props["aria-label"] = "img", visit.t("chart_of", name=name)
