from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree

import pyoxigraph as ox
import pytest
import rdflib

from kg.errors import QueryError
from kg.graph.queries import run
from kg.graph.results import GRAPH_FORMATS, TABLE_FORMATS, Table, width

SELECT = """SELECT ?thing ?name ?status WHERE {
  ?thing a gwr:Project ; skos:prefLabel ?name . OPTIONAL { ?thing gwr:status ?status } } ORDER BY ?name"""
CONSTRUCT = "CONSTRUCT { ?thing skos:prefLabel ?name } WHERE { ?thing a gwr:Enterprise ; skos:prefLabel ?name }"


def written(store: ox.Store, query: str, format: str | None) -> bytes:
    output = io.BytesIO()
    run(store, query).write(output, format)
    return output.getvalue()


def test_csv(small_store: ox.Store) -> None:
    rows = list(csv.reader(io.StringIO(written(small_store, SELECT, "csv").decode())))
    assert rows[0] == ["thing", "name", "status"]
    assert [row[1] for row in rows[1:]] == ["东湖科技园", "东湖科技园(一期)", "东湖科技园二期", "江城大道"]
    assert rows[1][2] == "" and rows[2][2] == "https://w3id.org/gwr/ontology#completed"


def test_json_and_xml_say_the_same_as_tsv(small_store: ox.Store) -> None:
    found = json.loads(written(small_store, SELECT, "json"))
    names = [binding["name"] for binding in found["results"]["bindings"]]
    assert names[0] == {"type": "literal", "value": "东湖科技园", "xml:lang": "zh"}
    tree = ElementTree.fromstring(written(small_store, SELECT, "xml"))
    space = "{http://www.w3.org/2005/sparql-results#}"
    bindings = [node for node in tree.iter(f"{space}binding") if node.get("name") == "name"]
    assert [literal.text for node in bindings for literal in node] == [name["value"] for name in names]
    tsv = written(small_store, SELECT, "tsv").decode().splitlines()
    assert tsv[0] == "?thing\t?name\t?status"
    assert [line.split("\t")[1] for line in tsv[1:]] == [f'"{name["value"]}"@zh' for name in names]


@pytest.mark.parametrize(
    ("format", "yes", "no"),
    [
        ("csv", b"true\n", b"false\n"),
        ("tsv", b"true\n", b"false\n"),
        ("table", b"boolean\n-------\ntrue\n", b"boolean\n-------\nfalse\n"),
    ],
)
def test_ask(format: str, yes: bytes, no: bytes, small_store: ox.Store) -> None:
    assert written(small_store, "ASK { ?s a gwr:Park }", format) == yes
    assert written(small_store, "ASK { ?s a gwr:没有 }", format) == no
    assert json.loads(written(small_store, "ASK {}", "json")) == {"head": {}, "boolean": True}


@pytest.mark.parametrize("format", GRAPH_FORMATS)
def test_a_graph_in_every_syntax(format: str, small_store: ox.Store) -> None:
    data = written(small_store, CONSTRUCT, format)
    assert data == written(small_store, CONSTRUCT, format)
    dataset = rdflib.Dataset()
    names = {"jsonld": "json-ld", "rdfxml": "xml", "ntriples": "nt"}
    dataset.parse(data=data, format=names.get(format, format))
    found = {str(o) for _, _, o, _ in dataset.quads((None, None, None, None))}
    assert found == {"甲公司", '乙"集团"总部'}


def test_only_used_prefixes_are_declared(small_store: ox.Store) -> None:
    lines = written(small_store, CONSTRUCT, "turtle").decode().splitlines()
    assert [line.split()[1] for line in lines if line.startswith("@prefix")] == ["skos:"]


@pytest.mark.parametrize(
    ("query", "format", "fitting"),
    [(SELECT, "turtle", TABLE_FORMATS), (CONSTRUCT, "csv", GRAPH_FORMATS), ("ASK {}", "jsonld", TABLE_FORMATS)],
)
def test_a_format_that_does_not_fit(query: str, format: str, fitting: tuple[str, ...], small_store: ox.Store) -> None:
    with pytest.raises(QueryError, match=f"cannot be written as {format}; one of {', '.join(fitting)}"):
        written(small_store, query, format)


def test_the_table_is_for_people(small_store: ox.Store) -> None:
    query = """SELECT ?thing ?status ?value ?year ?nothing WHERE {
      ?thing skos:prefLabel "东湖科技园二期"@zh ; gwr:status ?status
      BIND(36315000000.0 AS ?value) BIND(2010 AS ?year) }"""
    assert written(small_store, query, "table").decode().splitlines() == [
        "thing           status           value  year  nothing",
        "--------------  ------  --------------  ----  -------",
        "东湖科技园二期  进行中  36,315,000,000  2010",
    ]


def test_cells_align_by_width() -> None:
    table = Table(("name", "n", "x"), [("海珠", "1", "a"), ("T.I.T创意园", "10", "b")], (False, True, False))
    lines = table.plain().splitlines()
    assert {width(line) for line in lines} == {width("T.I.T创意园  10  a")}
    assert [line[-1] for line in lines] == ["x", "-", "a", "b"]


def test_names_cannot_steer_the_terminal() -> None:
    store = ox.Store()
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    thing = ox.NamedNode("http://example.org/x")
    store.add(ox.Quad(thing, label, ox.Literal("\x1b[2J\n\x07名\u202e")))
    table = written(store, "SELECT ?s ?o { ?s ?p ?o }", "table").decode()
    assert table.isascii() or all(c.isprintable() or c == "\n" for c in table)
    assert table.count("\n") == 3 and "\\x1b[2J \\x07名\\u202e" in table


def test_a_long_text_is_cut_in_the_table_only(small_store: ox.Store) -> None:
    query = 'SELECT ?text { BIND("' + "长" * 1000 + '" AS ?text) }'
    assert len(written(small_store, query, "table").decode().splitlines()[2]) == 300
    assert "长" * 1000 in written(small_store, query, "csv").decode()
