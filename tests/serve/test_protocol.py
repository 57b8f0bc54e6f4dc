"""The endpoint over HTTP: the table of requests (requests.toml), limits, and clients that people use."""

from __future__ import annotations

import asyncio
import json
import socket
import time
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, TURTLE, SPARQLWrapper

from tests.serve.conftest import GRAPHS, Server

REQUESTS = tomllib.loads((Path(__file__).parent / "requests.toml").read_text(encoding="utf-8"))["request"]
#: evaluated for as long as one waits: the paths of all lengths between everything
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c + ?f + ?i + ?l = 0.5) }"


def test_names() -> None:
    assert len({request["name"] for request in REQUESTS}) == len(REQUESTS) > 50


@pytest.mark.parametrize("request_", REQUESTS, ids=[request["name"] for request in REQUESTS])
def test_request(request_: dict[str, Any], small_server: Server) -> None:
    headers = {"Accept": request_["accept"]} if "accept" in request_ else {}
    content: bytes | None = None
    if "form" in request_:
        content = str(httpx.QueryParams([tuple(pair) for pair in request_["form"]])).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    elif "body" in request_:
        content = request_["body"].encode("latin-1" if request_.get("latin") else "utf-8")
        if "type" in request_:
            headers["Content-Type"] = request_["type"]
    url = f"{small_server.url}/sparql"
    if query := request_.get("raw") or str(httpx.QueryParams([tuple(pair) for pair in request_.get("params", [])])):
        url += f"?{query}"
    answer = httpx.request(request_.get("method", "GET"), url, headers=headers, content=content)
    assert answer.status_code == request_["status"], answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    if "media" in request_:
        assert answer.headers["content-type"] == request_["media"]
    if request_.get("method") == "HEAD":
        assert not answer.content and int(answer.headers["content-length"]) > 0
    if "has" in request_:
        assert request_["has"] in answer.text
    if "rows" in request_:
        assert sorted(answer.text.splitlines()[1:]) == request_["rows"]


# clients --------------------------------------------------------------------------------------------------------------


def test_sparqlwrapper(small_server: Server) -> None:
    client = SPARQLWrapper(f"{small_server.url}/sparql")
    client.setQuery("SELECT ?name { ?x a gwr:Park ; skos:prefLabel ?name }")
    client.setReturnFormat(JSON)
    names = [row["name"]["value"] for row in client.queryAndConvert()["results"]["bindings"]]
    assert names == ["东湖科技园"]
    client.setMethod("POST")
    client.setQuery("DESCRIBE <http://example.org/thing1>")
    client.setReturnFormat(TURTLE)
    assert b"http://example.org/thing1" in client.queryAndConvert()


def test_rdflib_store(small_server: Server) -> None:
    graph = Graph(SPARQLStore(f"{small_server.url}/sparql"))
    assert [str(o) for o in graph.objects(URIRef("http://example.org/thing1"), None)] == ["1"]
    assert len(list(graph.query("SELECT ?s { ?s <http://example.org/in> ?o }"))) == len(GRAPHS)
    assert graph.query("ASK { ?s <http://example.org/in> '1' }").askAnswer


def test_rdflib_service(small_server: Server) -> None:
    asked = "<http://example.org/thing2> <http://example.org/in> ?o"
    found = Graph().query(f"SELECT ?o {{ SERVICE <{small_server.url}/sparql> {{ {asked} }} }}")
    assert [row[0] for row in found] == [Literal("2")]


# limits ---------------------------------------------------------------------------------------------------------------


def _ask(server: Server, query: str, **headers: str) -> httpx.Response:
    return httpx.post(f"{server.url}/sparql", data={"query": query}, headers=headers, timeout=30)


def test_limits_are_told(small_server: Server) -> None:
    headers = _ask(small_server, "ASK {}").headers
    assert (headers["kg-max-rows"], headers["kg-time-limit"]) == ("5000", "2")


def test_runaway_is_stopped(small_server: Server) -> None:
    begin = time.monotonic()
    answer = _ask(small_server, RUNAWAY)
    assert answer.status_code == 504 and "2 seconds" in answer.text
    assert time.monotonic() - begin < 10
    assert _ask(small_server, "ASK {}").status_code == 200


@pytest.mark.parametrize("media_type", ["application/sparql-results+json", "text/csv", "text/tab-separated-values"])
@pytest.mark.parametrize("tail", ["", "LIMIT 100000", "VALUES ?z { 1 }", "# the end"])
def test_too_many_rows(small_server: Server, media_type: str, tail: str) -> None:
    answer = _ask(small_server, f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} {tail}", Accept=media_type)
    assert answer.status_code == 422 and "5,000" in answer.text


def test_too_many_triples(small_server: Server) -> None:
    query = "CONSTRUCT { ?a <http://example.org/n> ?f } { ?a ?b ?c . ?d ?e ?f }"
    assert _ask(small_server, query, Accept="text/turtle").status_code == 422


def test_as_many_rows_as_may_be(small_server: Server) -> None:
    answer = _ask(small_server, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 5000")
    assert answer.status_code == 200
    assert len(answer.json()["results"]["bindings"]) == 5000


def test_long_query(small_server: Server) -> None:
    query = "SELECT * { VALUES ?x { " + '"琶洲" ' * 100_000 + "} } LIMIT 1"
    assert len(query.encode()) > 900_000
    assert _ask(small_server, query).status_code in (200, 504)
    assert _ask(small_server, query * 3).status_code == 413
    deep = "SELECT * { " + "{ " * 50_000 + "}" * 50_000 + " }"
    assert _ask(small_server, deep).status_code >= 400  # it may end the worker, not the server
    assert _ask(small_server, "ASK {}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "ASK " + "{" * 600 + "}" * 600,
        "ASK { ?s ?p ?o FILTER" + "(" * 600 + "1" + ")" * 600 + " }",
        "ASK { ?s ?p ?o FILTER(" + "!" * 600 + "true) }",
    ],
)
def test_deep_query(query: str, small_server: Server) -> None:
    answer = _ask(small_server, query)
    assert answer.status_code == 400 and "500 deep" in answer.text


def test_wide_query(small_server: Server) -> None:
    """Oxigraph recurses over what is joined, too; that has to do with the stack that workers have."""
    wide = "ASK { " + "?s ?p ?o . " * 20_000 + "}"
    assert _ask(small_server, wide).status_code in (200, 504)
    assert _ask(small_server, "ASK { {}" + " UNION {}" * 20_000 + " }").status_code in (200, 504)


def test_many_at_once(small_server: Server) -> None:
    async def all_of_them() -> list[int]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:
            asked = [
                client.get(f"{small_server.url}/sparql", params={"query": f"SELECT ?s {{ ?s ?p ?o }} LIMIT {n + 1}"})
                for n in range(200)
            ]
            return [len(answer.json()["results"]["bindings"]) for answer in await asyncio.gather(*asked)]

    assert asyncio.run(all_of_them()) == list(range(1, 201))


def test_slow_clients_hold_nobody_up(small_server: Server) -> None:
    host, port = small_server.url.removeprefix("http://").split(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(50)]
    try:
        for client in slow:
            client.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n")
        begin = time.monotonic()
        assert _ask(small_server, "ASK {}").status_code == 200
        assert time.monotonic() - begin < 5
    finally:
        for client in slow:
            client.close()


def test_another_host_is_refused(small_server: Server) -> None:
    answer = httpx.get(f"{small_server.url}/sparql", params={"query": "ASK {}"}, headers={"Host": "evil.example"})
    assert answer.status_code == 421


# what an answer is made of --------------------------------------------------------------------------------------------


def test_service_description_is_of_this_endpoint(small_server: Server) -> None:
    graph = Graph().parse(data=httpx.get(f"{small_server.url}/sparql").text, format="turtle")
    sd = "http://www.w3.org/ns/sparql-service-description#"
    endpoint = URIRef(f"{small_server.url}/sparql")
    assert (endpoint, URIRef(f"{sd}endpoint"), endpoint) in graph
    assert {str(name) for name in graph.objects(None, URIRef(f"{sd}name"))} >= set(GRAPHS)


def test_json_is_whole(small_server: Server) -> None:
    answer = _ask(small_server, "SELECT * { ?s ?p ?o } LIMIT 4000")
    assert len(json.loads(answer.content)["results"]["bindings"]) > 100
