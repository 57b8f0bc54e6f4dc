"""Every IRI of the base resolves; what the dataset says of itself is true."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import NamedNode, Store
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, VOID

from kg.graph.vocab import DEFAULT_BASE
from kg.serve.linked import iri_of, path_of
from tests.serve.conftest import Server

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GWR = Namespace("https://w3id.org/gwr/ontology#")


def _iris(store: Store) -> list[str]:
    """The documents among the IRIs of the base: fragments are for the client to look up in them."""
    found = {term.value for quad in store for term in quad if isinstance(term, NamedNode)}
    return sorted({iri.partition("#")[0] for iri in found if iri.startswith(DEFAULT_BASE)})


def test_paths_and_iris(small_store: Store) -> None:
    for iri in _iris(small_store):
        # as a browser or an HTTP library sends it: what is no ASCII is percent-encoded, the rest left as it is
        sent = quote(iri.removeprefix(DEFAULT_BASE), safe="/%:@!$&'()*+,;=~-._")
        assert iri_of(sent.encode(), DEFAULT_BASE) == iri
        assert path_of(iri, DEFAULT_BASE) == sent


def test_every_iri_resolves(small_store: Store, small_server: Server) -> None:
    iris = _iris(small_store)
    kinds = {iri.removeprefix(DEFAULT_BASE).partition("/")[0] for iri in iris}
    assert kinds >= {"area", "entity", "observation", "statement", "period", "report", "graph", "dataset", "document"}
    with httpx.Client(base_url=small_server.url) as client:
        for iri in iris:
            answer = client.get(f"/id/{iri.removeprefix(DEFAULT_BASE)}", headers={"Accept": "application/n-triples"})
            assert answer.status_code == 200, (iri, answer.text)
            assert f"<{iri}>" in answer.text or "/graph/" in iri


def test_browsers_get_a_page(small_server: Server) -> None:
    thing = httpx.get(f"{small_server.url}/id/area/江州市江城区", headers={"Accept": BROWSER})
    assert (thing.status_code, thing.headers["location"]) == (303, f"/thing/area/{quote('江州市江城区')}")
    assert "Accept" in thing.headers["vary"]


def test_report_answers_for_its_fragments(small_store: Store, small_server: Server) -> None:
    iri = next(i for i in _iris(small_store) if "/id/report/" in i)
    answer = httpx.get(f"{small_server.url}/id/{iri.removeprefix(DEFAULT_BASE)}", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.text, format="turtle")
    assert (URIRef(iri), RDF.type, GWR.Report) in graph
    mentions = set(graph.subjects(RDF.type, GWR.Mention))
    assert mentions and all(str(m).startswith(f"{iri}#char=") for m in mentions)


@pytest.mark.parametrize("path", ["area/没有这个地方", "", "%2E%2E", "%FF", "a%00b", "x/<script>"])
def test_nothing_there(path: str, small_server: Server) -> None:
    answer = httpx.get(f"{small_server.url}/id/{path}")
    assert answer.status_code == 404


def test_ontology(small_server: Server) -> None:
    graph = Graph().parse(data=httpx.get(f"{small_server.url}/ontology").text, format="turtle")
    assert (GWR.Entity, RDF.type, URIRef("http://www.w3.org/2002/07/owl#Class")) in graph


def test_void(small_store: Store, small_server: Server) -> None:
    url = f"{small_server.url}/.well-known/void"
    graph = Graph().parse(data=httpx.get(url).text, format="turtle")
    dataset = URIRef(f"{url}#dataset")
    assert {VOID.Dataset, DCAT.Dataset} <= set(graph.objects(dataset, RDF.type))
    triples = {quad.triple for quad in small_store}
    assert graph.value(dataset, VOID.triples) == Literal(len(triples) + 3)  # and those of the three graphs of tests
    assert graph.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{small_server.url}/sparql")
    partitions = {
        graph.value(p, VOID["class"]): graph.value(p, VOID.entities)
        for p in graph.objects(dataset, VOID.classPartition)
    }
    reports = small_store.quads_for_pattern(None, NamedNode(str(RDF.type)), NamedNode(str(GWR.Report)))
    assert partitions[GWR.Report] == Literal(len({quad.subject for quad in reports}))
    used = {
        graph.value(p, VOID.property): graph.value(p, VOID.triples)
        for p in graph.objects(dataset, VOID.propertyPartition)
    }
    for predicate, count in used.items():
        told = {t for t in triples if t.predicate.value == str(predicate)}
        assert count == Literal(len(told)) or str(predicate) == "http://example.org/in"
    assert sum(count.toPython() for count in used.values()) == len(triples) + 3
    services = list(graph.subjects(RDF.type, DCAT.DataService))
    assert [graph.value(s, DCAT.endpointURL) for s in services] == [URIRef(f"{small_server.url}/sparql")]


@pytest.mark.parametrize("path", ["thing/entity/none", "report/none", "thing", "questions/none", "indicator/none"])
def test_pages_of_nothing(path: str, small_server: Server) -> None:
    answer = httpx.get(f"{small_server.url}/{path}", headers={"Accept": BROWSER})
    assert answer.status_code == 404 and "<title>没有找到" in answer.text


def test_page_of_something(small_server: Server) -> None:
    assert httpx.get(f"{small_server.url}/thing/area/江州市江城区", headers={"Accept": BROWSER}).status_code == 200
