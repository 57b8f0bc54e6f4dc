"""The federated query of docs/linking.md, run by rdflib over an export; a server plays the other endpoint."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.graph.export import export
from kg.link.decisions import Ledger, write_ledger
from kg.link.model import Judgement
from kg.link.targets import WIKIDATA
from tests.link.scripted import Request, Server

PAGE = Path(__file__).parents[2] / "docs" / "linking.md"
AREA = "https://w3id.org/gwr/id/area/江州市江城区"


def example() -> str:
    [query] = re.findall(r"```sparql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(query)


@pytest.fixture
def linked(small_store: ox.Store) -> rdflib.Graph:
    """The small graph with one link to Wikidata, as it is exported."""
    store = ox.Store()
    store.extend(small_store)
    [area] = {
        q.subject.value
        for q in store.quads_for_pattern(None, None, ox.Literal("江州市江城区", language="zh"), None)
        if isinstance(q.subject, ox.NamedNode)
    }
    ledger = Ledger("https://w3id.org/gwr/id/")
    ledger.add_target(WIKIDATA)
    ledger.decide(
        area,
        "http://www.wikidata.org/entity/Q42",
        Judgement.ACCEPTED,
        target="wikidata",
        recorded="2026-11-25T12:00:00Z",
    )
    write_ledger(store, ledger)
    out = io.BytesIO()
    export(store, out, format="turtle", graph="all")
    return rdflib.Graph().parse(data=out.getvalue(), format="turtle")


def test_two_graphs_answer_one_query(linked: rdflib.Graph) -> None:
    asked: list[str] = []

    def answer(request: Request) -> object:
        asked.append(request.params.get("query", ""))
        item = {"type": "uri", "value": "http://www.wikidata.org/entity/Q42"}
        return {
            "head": {"vars": ["item", "population"]},
            "results": {"bindings": [{"item": item, "population": {"type": "literal", "value": "1000000"}}]},
        }

    with Server() as server:
        server.script("/sparql", answer)
        query = example().replace("https://query.wikidata.org/sparql", server.url("/sparql"))
        rows = [(str(row[0]), str(row[1])) for row in linked.query(query)]
    assert rows == [("江州市江城区", "1000000")]
    assert asked and "P1082" in asked[0]
