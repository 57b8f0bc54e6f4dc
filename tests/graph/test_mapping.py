"""The graph keeps the terms of the contract by which others read it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.extract.extractor import extract
from kg.graph import mapping
from kg.text.reader import make_report
from tests.conftest import small_extraction

GWR = "https://w3id.org/gwr/ontology#"
PREFIXES = f"""
PREFIX gwr: <{GWR}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
PREFIX sdmx-attribute: <http://purl.org/linked-data/sdmx/2009/attribute#>
"""


def ask(store: ox.Store, query: str) -> list[list[str | None]]:
    solutions = store.query(PREFIXES + query, use_default_graph_as_union=True)
    return [[v.value if v is not None else None for v in row] for row in solutions]  # type: ignore[union-attr]


def test_every_entity_has_one_label_a_class_and_evidence(small_store: ox.Store) -> None:
    rows = ask(
        small_store,
        """SELECT ?e (COUNT(DISTINCT ?l) AS ?labels) (COUNT(DISTINCT ?m) AS ?mentions) {
             ?class rdfs:subClassOf gwr:Entity . ?e a ?class ; skos:prefLabel ?l . OPTIONAL { ?m gwr:refersTo ?e } }
           GROUP BY ?e""",
    )
    assert len(rows) == len(small_extraction().entities)
    assert all(labels == "1" and int(mentions or 0) >= 1 for _, labels, mentions in rows)


def test_every_mention_quotes_its_report(small_store: ox.Store) -> None:
    rows = ask(
        small_store,
        """SELECT ?text ?b ?e ?quote { ?m a gwr:Mention ; nif:referenceContext/nif:isString ?text ;
             nif:beginIndex ?b ; nif:endIndex ?e ; nif:anchorOf ?quote }""",
    )
    assert rows
    for text, begin, end, quotation in rows:
        assert text is not None and text[int(begin or 0) : int(end or 0)] == quotation


def test_a_mention_leads_to_its_sentence_and_section(seed_store: ox.Store) -> None:
    # what stands in a title may lie in no sentence; its section is said of it directly
    lost = ask(
        seed_store,
        """SELECT ?m ?quote { ?m a gwr:Mention ; nif:anchorOf ?quote .
             FILTER NOT EXISTS { ?m nif:sentence?/dcterms:isPartOf ?section . ?section a gwr:Section } }""",
    )
    assert lost == []


def test_sentences_are_nodes_where_something_is_said_of_them() -> None:
    text = "甲区2011年政府工作报告\n一、2010年工作回顾\n地区生产总值100亿元。改善民生。税收收入10亿元。\n"
    store = ox.Store()
    store.extend(mapping.to_quads(extract(make_report(text, source="", sha256=""))))
    quoted = ask(store, "SELECT ?quote { ?sentence a nif:Sentence ; nif:anchorOf ?quote ; dcterms:isPartOf ?section }")
    assert sorted(quoted) == [["地区生产总值100亿元。"], ["甲区2011年政府工作报告"], ["税收收入10亿元。"]]


def test_every_observation_is_whole(small_store: ox.Store) -> None:
    rows = ask(
        small_store,
        """SELECT ?o { ?o a gwr:Observation , qb:Observation ; gwr:indicator/skos:prefLabel ?i ; gwr:measure ?me ;
             gwr:modality ?mo ; gwr:bound ?b ; sdmx-measure:obsValue ?v ; gwr:valueText ?t ;
             sdmx-dimension:refArea/skos:prefLabel ?a . ?m gwr:refersTo ?o .
             FILTER(DATATYPE(?v) = <http://www.w3.org/2001/XMLSchema#decimal>) }""",
    )
    assert len({row[0] for row in rows}) == len(small_extraction().observations)


def test_every_relation_stands_directly_and_as_a_statement(small_store: ox.Store) -> None:
    [[n]] = ask(
        small_store,
        """SELECT (COUNT(DISTINCT ?st) AS ?n) {
             ?st a rdf:Statement ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
             ?s ?p ?o . ?m gwr:refersTo ?st }""",
    )
    assert int(n or 0) == len(small_extraction().relations)


def test_no_blank_nodes_and_no_triple_terms() -> None:
    for quad in mapping.to_quads(small_extraction()):
        for node in (quad.subject, quad.object):
            assert isinstance(node, ox.NamedNode | ox.Literal)


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_same_bytes_under_any_hash_seed(seed: str) -> None:
    code = (
        "from kg.graph import mapping; from tests.conftest import small_extraction\n"
        "print('\\n'.join(sorted(map(str, mapping.to_quads(small_extraction())))))"
    )
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert run.stdout.split("\n")[:-1] == sorted(map(str, mapping.to_quads(small_extraction())))


def test_another_base_moves_the_individuals_and_nothing_else() -> None:
    base = "https://example.org/kb/"
    moved = [str(q) for q in mapping.to_quads(small_extraction(), base_iri=base)]
    assert any(base in line for line in moved)
    assert not any("https://w3id.org/gwr/id/" in line for line in moved)
