"""The shapes cover what the graph is made of, speak both languages, and each of them finds what breaks it."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.errors import KgError
from kg.graph.provenance import Made, describe
from kg.graph.store import ontology_quads
from kg.graph.suspects import suspects
from kg.graph.validate import SHAPES_FILE, Finding, validate
from kg.graph.vocab import ONTOLOGY_GRAPH, PREFIXES, SPARQL_PREFIXES, term
from kg.model import Predicate
from kg.resources import folder
from tests.conftest import small_extraction

SHAPES = rdflib.Graph().parse(str(folder("ontology") / SHAPES_FILE))
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
REPORT_GRAPH = "https://w3id.org/gwr/id/graph/江州市江城区-2011-"

#: By name: what is done to the small graph, and the shape that must tell.
BREAKS: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "breaks.toml").read_text(encoding="utf-8"))
RELATIONS = tuple(predicate.value for predicate in Predicate)


@pytest.fixture(scope="module")
def lean_store(small_store: ox.Store) -> ox.Store:
    """The small graph with the units and common indicators that it uses, and none of the hundreds more."""
    used = {q.object for q in small_store if q.graph_name != ONTOLOGY_GRAPH}
    listed = {
        q.subject
        for scheme in ("gwr:units", "gwr:indicators")
        for q in small_store.quads_for_pattern(None, term("skos:inScheme"), term(scheme), ONTOLOGY_GRAPH)
    }
    lean = ox.Store()
    lean.extend(q for q in small_store if q.subject not in listed - used)
    made = Made("rjieba", {"year": 2011}, "2026-01-01T12:00:00Z", "2026-01-01T12:00:01Z")
    for quad in describe(small_extraction().report, made):
        lean.extend([quad, ox.Quad(quad.subject, quad.predicate, quad.object)])
    return lean


def broken(of: ox.Store, update: str) -> ox.Store:
    """The graph after the update; WHERE sees the report's graph unless it names its own."""
    changed = ox.Store()
    changed.extend(of)
    [graph] = [g for g in of.named_graphs() if isinstance(g, ox.NamedNode) and g.value.startswith(REPORT_GRAPH)]
    if "GRAPH ?g" not in update:
        update = update.replace("WHERE", f"USING {graph} WHERE", 1)
    changed.update(SPARQL_PREFIXES + update.replace("<G>", str(graph)))
    assert set(changed) != set(of), "the update changed nothing"
    return changed


def test_the_lean_graph_conforms(lean_store: ox.Store) -> None:
    assert validate(lean_store) == []


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_found_and_told_in_both_languages(lean_store: ox.Store, name: str) -> None:
    update, shape = BREAKS[name]["update"], BREAKS[name]["shape"]
    findings = [f for f in validate(broken(lean_store, update)) if f.shape == f"gwr:{shape}Shape"]
    assert findings
    for finding in findings:
        assert finding.rule.keys() == {"zh", "en"}
        assert finding.is_violation != shape.endswith("Class")


def test_the_sentence_stands_beside_the_finding(lean_store: ox.Store) -> None:
    update = BREAKS["an observation with two values"]["update"]
    found: list[Finding] = [f for f in validate(broken(lean_store, update)) if f.label == "地区生产总值 100亿元"]
    [finding] = found
    assert finding.rule["en"] == "An observation has one value, a decimal."
    assert finding.path == "sdmx-measure:obsValue"
    assert finding.report == "江城区-2011.txt"
    assert finding.quotation is not None and "地区生产总值从100亿元增加到250亿元" in finding.quotation
    [text] = {q.object.value for q in lean_store.quads_for_pattern(None, term("nif:isString"), None, None)}  # type: ignore[union-attr]
    assert finding.offset is not None and text[finding.offset :].startswith("100亿元")


def test_every_shape_has_something_that_breaks_it() -> None:
    shapes = {str(s).removeprefix(PREFIXES["gwr"]) for s in SHAPES.subjects(rdflib.RDF.type, SH.NodeShape)}
    relations = {
        f"{p}{kind}Shape" for p in RELATIONS for kind in ("", "Class")
    }  # ten alike; two of each kind are tried
    tried = {f"{case['shape']}Shape" for case in BREAKS.values()}
    assert shapes - relations == tried - relations


def test_every_relation_has_its_two_shapes() -> None:
    for relation in RELATIONS:
        for kind in ("Shape", "ClassShape"):
            shape = rdflib.URIRef(f"{PREFIXES['gwr']}{relation}{kind}")
            assert (shape, SH.targetNode, rdflib.URIRef(PREFIXES["gwr"] + relation)) in SHAPES


def test_every_class_and_property_has_a_shape() -> None:
    text = (folder("ontology") / SHAPES_FILE).read_text(encoding="utf-8")
    kinds = {term(k) for k in ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty")}
    own = {
        q.subject.value.removeprefix(PREFIXES["gwr"])
        for q in ontology_quads()
        if q.predicate == term("rdf:type") and q.object in kinds and isinstance(q.subject, ox.NamedNode)
    }
    assert len(own) > 40
    named = set(re.findall(r"gwr:(\w+)", text))
    assert own - named == set()


def test_every_message_is_in_both_languages() -> None:
    told = set(SHAPES.subjects(SH.message, None))
    assert len(told) > 80
    for node in told:
        assert sorted(m.language for m in SHAPES.objects(node, SH.message)) == ["en", "zh"]  # type: ignore[attr-defined]


def test_without_pyshacl_the_error_says_what_to_install(small_store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    with pytest.raises(KgError, match=r"pip install 'gwr-kg\[validate\]'"):
        validate(small_store)


def test_no_suspect_is_missed(lean_store: ox.Store) -> None:
    """What pySHACL finds when it looks at every node, it finds when it looks at suspects alone: all breaks at once."""
    changed = ox.Store()
    changed.extend(lean_store)
    for each in BREAKS.values():
        try:
            changed = broken(changed, each["update"])
        except AssertionError:  # what it would break is broken already
            continue
    found = validate(changed)
    assert found == validate(changed, every_node=True)
    assert len({finding.shape for finding in found}) > len(BREAKS) // 3


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("sh:minCount 2", False),
        ("sh:minCount 3", True),
        ("sh:maxCount 1", True),
        ("sh:maxCount 0", True),
        ("sh:hasValue 2", False),
        ("sh:hasValue 4", True),
        ("sh:datatype xsd:integer", False),
        ("sh:datatype xsd:date", True),
        ("sh:in ( 1 2 )", False),
        ("sh:in ( 1 3 )", True),
        ("sh:minInclusive 1 ; sh:maxInclusive 2", False),
        ("sh:minInclusive 2", True),
        ("sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:integer ] )", False),
        ("sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )", True),
        ("sh:not [ sh:datatype xsd:integer ]", True),  # no query is known for it
        ("sh:lessThanOrEquals <urn:x:q>", True),
        ("sh:disjoint <urn:x:q>", True),
    ],
)
def test_a_rule_has_a_query_that_finds_what_breaks_it(rule: str, broken: bool) -> None:
    shapes = rdflib.Graph().parse(
        data="@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
        f"<urn:x:S> a sh:NodeShape ; sh:targetSubjectsOf <urn:x:p> ; sh:property [ sh:path <urn:x:p> ; {rule} ] .",
        format="turtle",
    )
    data = ox.Store()
    data.update("INSERT DATA { <urn:x:a> <urn:x:p> 1, 2 ; <urn:x:q> 1 . <urn:x:b> <urn:x:q> 1 }")
    found = suspects(data, shapes)
    if found.rest:
        assert rule.startswith(("sh:not", "sh:minCount 3"))
    else:
        assert found.nodes == ({"urn:x:a"} if broken else set())
