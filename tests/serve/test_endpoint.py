"""A server of any make in the place of the embedded store: the same answers, and what goes wrong in one line."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from kg.cli import cli
from kg.errors import AnswerTooLarge, ServiceError
from kg.graph import reading, remote
from kg.graph.queries import load_templates
from kg.graph.remote import Endpoint
from kg.graph.store import open_store
from kg.graph.vocab import term
from tests.cluster.conftest import an_oxigraph, free_port
from tests.queries import parameters

TEMPLATES = load_templates()
NAMES = ("琶洲", "地区生产总值", "广州市海珠区", "海珠湖", "https://w3id.org/gwr/id/area/广州市海珠区")


def load(folder: Path, url: str) -> None:
    """All that a store has, into a server, links and builds and the default graph, too."""
    quads = open_store(folder, read_only=True).dump(format=RdfFormat.N_QUADS)
    answer = httpx.post(f"{url}/store", content=quads, headers={"Content-Type": "application/n-quads"}, timeout=60)
    assert answer.is_success


@pytest.fixture(scope="module")
def endpoint(linked_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The query service of an Oxigraph server that holds what the store in ``linked_folder`` does."""
    with an_oxigraph(tmp_path_factory.mktemp("oxigraph")) as url:
        load(linked_folder, url)
        yield f"{url}/query"


def kg(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def same(arguments: list[str], store: Path, endpoint: str) -> str:
    """What a command prints of the store; it is what it prints of the endpoint, too."""
    here, there = kg(*arguments, "--store", str(store)), kg(*arguments, "--endpoint", endpoint)
    assert there.output == here.output and there.exit_code == here.exit_code
    return here.output


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_question(name: str, linked_folder: Path, endpoint: str) -> None:
    options = [f"--{key}={one}" for key, value in parameters(name).items() for one in _several(value)]
    for format in ("table", "csv") if TEMPLATES[name].form == "SELECT" else ("turtle", "ntriples"):
        printed = same(["query", name, *options, "--format", format], linked_folder, endpoint)
        assert printed


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def test_hints_at_names(linked_folder: Path, endpoint: str) -> None:
    assert "similar: " in same(["query", "about", "--name", "琶州地区"], linked_folder, endpoint)


@pytest.mark.parametrize("name", NAMES)
def test_show(name: str, linked_folder: Path, endpoint: str) -> None:
    assert len(same(["show", name, "--all"], linked_folder, endpoint)) > 200
    assert json.loads(same(["show", name, "--json"], linked_folder, endpoint))


def test_show_what_nobody_bears(linked_folder: Path, endpoint: str) -> None:
    assert "(similar: " in same(["show", "琶州"], linked_folder, endpoint)


def test_show_asks_for_many_things_at_once(endpoint: str) -> None:
    from kg.graph.show import look_up

    store = Endpoint(endpoint)
    (thing,) = look_up(store, "广州市海珠区")
    assert len(thing.figures) > 100 and len(thing.quotations) > 100
    assert store.requests < 60


def test_stats(linked_folder: Path, endpoint: str) -> None:
    assert "haizhu-2011.txt" in same(["stats"], linked_folder, endpoint)
    counted = json.loads(same(["stats", "--json"], linked_folder, endpoint))
    assert counted["entities"]["Park"] > 1 and counted["triples"] > 5_000 and len(counted["reports"]) == 1


# patterns -------------------------------------------------------------------------------------------------------------


def test_patterns_match_as_in_a_store(linked_folder: Path, endpoint: str) -> None:
    store, server = open_store(linked_folder, read_only=True), Endpoint(endpoint)
    report = next(store.quads_for_pattern(None, term("rdf:type"), term("gwr:Report"), DefaultGraph())).subject
    graph = next(g for g in store.named_graphs() if "/graph/" in str(g) and "2011" in str(g))
    area = NamedNode("https://w3id.org/gwr/id/area/广州市海珠区")
    for where in (None, DefaultGraph(), graph, NamedNode("urn:nothing")):
        for pattern in (
            (report, None, None),  # with its text
            (report, term("nif:isString"), None),
            (report, term("gwr:year"), None),
            (None, term("nif:isString"), None),
            (area, None, None),
            (area, term("rdf:type"), term("gwr:AdministrativeArea")),
            (area, term("rdf:type"), term("gwr:Park")),
            (None, term("gwr:about"), area),
            (None, None, area),
            (NamedNode("urn:nothing"), None, None),
        ):
            found = list(server.quads_for_pattern(*pattern, where))
            assert len(found) == len(set(found))
            assert set(found) == set(store.quads_for_pattern(*pattern, where)), (pattern, where)
    assert set(server.named_graphs()) == set(store.named_graphs())


def test_what_is_fetched_ahead_is_not_asked_again(endpoint: str) -> None:
    store = Endpoint(endpoint)
    graph = reading.union(store)
    parks = [q.subject for q in store.quads_for_pattern(None, term("rdf:type"), term("gwr:Park"), graph)]
    reading.ahead(store, parks, graph, through=True)
    reading.ahead_of_subjects(store, ["gwr:locatedIn", "gwr:refersTo"], parks, graph)
    asked = store.requests
    for park in parks:
        assert list(store.quads_for_pattern(park, term("skos:prefLabel"), None, graph))
        for curie in ("gwr:locatedIn", "gwr:refersTo"):
            list(store.quads_for_pattern(None, term(curie), park, graph))
    assert store.requests == asked and len(parks) > 3
    store.forget()
    list(store.quads_for_pattern(parks[0], None, None, graph))
    assert store.requests == asked + 1


def test_more_than_can_be_kept_is_asked_again(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Endpoint(endpoint)
    graph = reading.union(kept)
    nodes = [q.subject for q in kept.quads_for_pattern(None, term("rdf:type"), term("gwr:Mention"), graph)]
    monkeypatch.setattr(remote, "_KEPT", 50)
    monkeypatch.setattr(remote, "_AT_ONCE", 20)
    monkeypatch.setattr(reading, "_STEP", 30)
    store = Endpoint(endpoint)
    told = {n: set(store.quads_for_pattern(n, None, None, graph)) for n in reading.one_by_one(store, nodes, graph)}
    assert len(told) == len(nodes) > 300 and all(told.values())
    assert store.requests < len(nodes) / 10


def test_a_blank_node_cannot_be_asked_about(endpoint: str) -> None:
    from pyoxigraph import BlankNode

    store = Endpoint(endpoint)
    assert list(store.quads_for_pattern(BlankNode("b"), None, None)) == []
    assert store.requests == 0


# what goes wrong ------------------------------------------------------------------------------------------------------


@contextmanager
def answering(
    body: bytes, status: int = 200, kind: str = "application/sparql-results+json", pause: float = 0
) -> Iterator[str]:
    """A server that says the same to everybody."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(pause)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked waits no longer
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


COMMANDS = (["show", "琶洲"], ["stats"], ["query", "reports"], ["sparql", "ASK { ?s ?p ?o }"])
HALF = b'{"head": {"vars": ["s", "p", "o", "n", "g"]}, "results": {"bindings": [{"s": {"type": "ur'


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((b"<html>hello</html>", 200, "text/html; charset=utf-8"), "answers with text/html, not with SPARQL's results"),
        ((b"", 200, ""), "answers with nothing"),
        ((b"no", 200), "does not answer in SPARQL's JSON"),
        ((HALF, 200), "does not answer in SPARQL's JSON"),
        ((b"over\nloaded \x1b[31m\xff", 503, "text/plain"), "503 Service Unavailable: over loaded"),
        ((b"who\nare you?", 401, "text/plain"), "401 Unauthorized: who are you?"),
    ],
)
def test_a_server_that_is_none(command: list[str], answer: tuple[bytes, int], told: str) -> None:
    with answering(*answer) as url:
        there = kg(*command, "--endpoint", url)
    assert there.exit_code == 1 and there.stdout == ""
    (line,) = there.stderr.splitlines()
    assert line.startswith("kg: error: ") and url in line and told in line and line.isprintable()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_is_not_there(command: list[str]) -> None:
    for url, told in (
        (f"http://127.0.0.1:{free_port()}/query", "cannot be reached"),
        (f"http://me:secret@127.0.0.1:{free_port()}/query", "cannot be reached"),
        ("kg-store", "cannot be reached"),
        ("http://[", "cannot be reached"),
    ):
        there = kg(*command, "--endpoint", url)
        assert there.exit_code == 1 and there.stdout == ""
        (line,) = there.stderr.splitlines()
        assert line.startswith("kg: error: ") and told in line and "secret" not in line


def test_a_server_that_is_silent() -> None:
    with answering(b"", pause=1.0) as url, pytest.raises(ServiceError, match=r"does not answer within 0\.2 seconds"):
        list(remote.run(url, "ASK { ?s ?p ?o }", seconds=0.2))


def test_a_server_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "MAX_ANSWER", 1_000)
    with answering(b" " * 2_000) as url, pytest.raises(AnswerTooLarge, match="more than"):
        list(remote.run(url, "ASK { ?s ?p ?o }"))


def test_iris_that_would_be_more_are_not_sent() -> None:
    """A server may answer with what is no IRI; it must not become a part of the next query."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(httpx.QueryParams(request.content.decode())["query"])
        iri = "http://example.org/> ?p ?o } DROP ALL #"
        row = {"s": {"type": "uri", "value": iri}, "o": {"type": "uri", "value": "http://example.org/o"}}
        found = {"head": {"vars": ["s", "o"]}, "results": {"bindings": [row]}}
        return httpx.Response(200, json=found, headers={"Content-Type": "application/sparql-results+json"})

    store = Endpoint("http://h/", client=httpx.Client(transport=httpx.MockTransport(answer)))
    try:
        found = list(store.quads_for_pattern(None, term("skos:prefLabel"), None, DefaultGraph()))
    except ServiceError:
        found = []
    for quad in found:
        list(store.quads_for_pattern(quad.subject, None, None, DefaultGraph()))
    assert len(seen) >= 1 and not any("DROP" in text for text in seen)


def test_the_embedded_store_is_asked_nothing_ahead() -> None:
    store = Store()
    reading.ahead(store, iter(()), None)
    assert reading.standing(store) == () and reading.but_for(store, "g") == ""
