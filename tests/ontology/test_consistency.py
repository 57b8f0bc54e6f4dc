"""The ontology is consistent under OWL 2 RL, with data of each kind and with the seed report."""

from __future__ import annotations

from collections.abc import Iterable

import owlrl
import pyoxigraph as ox
import pytest
import rdflib

from kg import resources
from kg.graph import mapping
from kg.graph.provenance import Made, describe
from kg.graph.vocab import GWR, PREFIXES
from tests.conftest import small_extraction

GWR_ = rdflib.Namespace(GWR)
#: what owlrl says that it found, as the object of this
ERROR = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
MADE = Made("rjieba", {}, "2026-01-01T12:00:00Z", "2026-01-01T12:00:01Z")


def ontology(*files: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in files:
        graph.parse(str(resources.folder("ontology") / name))
    return graph


def contradictions(graph: rdflib.Graph, triples: Iterable[ox.Triple] = ()) -> list[str]:
    """What is wrong with the ontology and the triples, after everything that follows from them."""
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    graph.parse(data=data, format="ntriples")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    nothing = [f"{node} is nothing" for node in graph.subjects(rdflib.RDF.type, rdflib.OWL.Nothing)]
    return [*map(str, graph.objects(None, ERROR)), *nothing]


def small() -> list[ox.Triple]:
    extraction = small_extraction()
    return [quad.triple for quad in (*mapping.to_quads(extraction), *describe(extraction.report, MADE))]


def test_the_ontology_and_data_of_each_kind() -> None:
    graph = ontology("gwr.ttl", "codes.ttl", "cube.ttl", "units.ttl", "indicators.ttl")
    assert contradictions(graph, small()) == []
    # something does follow: every entity of the eleven classes is one
    parks = set(graph.subjects(rdflib.RDF.type, GWR_.Park))
    assert parks and parks <= set(graph.subjects(rdflib.RDF.type, GWR_.Entity))


@pytest.mark.slow
def test_the_seed_report(seed_store: ox.Store) -> None:
    report = [q.triple for q in seed_store if q.graph_name != ox.DefaultGraph()]
    assert contradictions(ontology("gwr.ttl", "codes.ttl", "cube.ttl"), report) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Person", "Enterprise"), ("Park", "Observation"), ("Honour", "Indicator"), ("Observation", "Unit")],
)
def test_a_contradiction_is_found(one: str, other: str) -> None:
    node, kind = ox.NamedNode("urn:x:a"), ox.NamedNode(PREFIXES["rdf"] + "type")
    both = [ox.Triple(node, kind, ox.NamedNode(GWR + name)) for name in (one, other)]
    assert contradictions(ontology("gwr.ttl"), both)
