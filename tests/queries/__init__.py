"""What each question in stock answers on the seed report: ``NAME/params.json`` asked gives ``NAME/expected.tsv``.

The rows are kept in the order in which they come, one line each, under a line of the column names.  A literal
stands as its text, an IRI as a CURIE (``gwr:Park``; ``id:`` is the base of the individuals), an unbound variable
as nothing; what differs from one build to the next, as what it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.graph.provenance import vocabulary_hash
from kg.graph.queries import Template, run
from kg.graph.vocab import DEFAULT_BASE, curie

CASES = Path(__file__).resolve().parent


def parameters(name: str) -> dict[str, Any]:
    """What the question is asked with."""
    values: dict[str, Any] = json.loads((CASES / name / "params.json").read_text(encoding="utf-8"))
    return values


def answer(store: ox.Store, template: Template, values: dict[str, Any]) -> str:
    """The text of ``expected.tsv``; triples, which come in no order, are sorted."""
    result = run(store, template.bind(**values))
    rows = ["\t".join(map(_cell, row)) for row in result]
    if result.form == "CONSTRUCT":
        rows = sorted(set(rows))
    return "\n".join(["\t".join(result.variables), *rows]) + "\n"


def _cell(term: Any) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        if term.value.startswith(DEFAULT_BASE):
            return "id:" + term.value.removeprefix(DEFAULT_BASE)
        return curie(term.value)
    text: str = term.value
    if term.datatype.value.endswith("#dateTime"):  # when it was built
        return "(instant)"
    if text == vocabulary_hash():  # which changes with every word list
        return "(word lists)"
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
