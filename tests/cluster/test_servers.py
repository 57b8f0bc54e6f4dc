"""Loading into real servers, and asking them."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from pyoxigraph import Literal

from kg.cli import cli
from kg.cluster import load, parts
from kg.cluster.extract import extract
from kg.errors import QueryError, ServiceError
from kg.graph import queries, remote
from kg.graph.store import open_store
from kg.pipeline import build
from tests.cluster.conftest import free_port

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPHS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), 'gwr')) } GROUP BY ?g ORDER BY ?g"


@pytest.fixture
def manifest(reports: Path, tmp_path: Path) -> parts.Manifest:
    """Of the reports, which are built, too: into ``store``."""
    extract([reports], str(tmp_path / "out"), part=4, workers=1)
    build([reports], store_dir=tmp_path / "store")
    return parts.read_manifest(str(tmp_path / "out"))


def rows(endpoint: str, query: str) -> list[tuple[object, ...]]:
    return list(remote.run(endpoint, query))


def local(folder: Path, query: str) -> list[tuple[object, ...]]:
    return list(queries.run(open_store(folder, read_only=True), query))


@pytest.mark.parametrize("protocol", ["graph-store", "update"])
def test_oxigraph_answers_as_the_embedded_store(
    protocol: load.Protocol, manifest: parts.Manifest, oxigraph: str, tmp_path: Path
) -> None:
    server = load.Server(f"{oxigraph}/{'store' if protocol == 'graph-store' else 'update'}", protocol=protocol)
    warnings: list[str] = []
    for _ in range(2):  # a second time changes nothing
        summary = load.into_server(manifest, server, warn=warnings.append)
        assert summary.reports == 10
        for query in (COUNT, GRAPHS):
            assert rows(f"{oxigraph}/query", query) == local(tmp_path / "store", query)
    assert len(warnings) == (protocol == "graph-store") and "10 of the graphs were there before" in "".join(
        warnings or ["10 of the graphs were there before"]
    )
    for question in ("reports", "indicator-over-time --indicator 地区生产总值"):
        name, *options = question.split()
        asked = ["query", name, *options]
        here = CliRunner().invoke(cli, [*asked, "--store", str(tmp_path / "store")])
        there = CliRunner().invoke(cli, [*asked, "--endpoint", f"{oxigraph}/query"])
        assert here.exit_code == there.exit_code == 0 and here.stdout == there.stdout
        assert len(here.stdout.splitlines()) > 10


def test_an_edited_report_takes_the_place_of_its_graph(manifest: parts.Manifest, oxigraph: str) -> None:
    server = load.Server(f"{oxigraph}/store")
    graph = "https://example.org/g"
    assert not server.put(graph, b"<urn:a> <urn:b> <urn:c> .\n")
    assert server.put(graph, '<urn:a> <urn:b> "说\\n\\"" .\n'.encode())
    (row,) = rows(f"{oxigraph}/query", f"SELECT ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    assert row[0].value == '说\n"'  # type: ignore[attr-defined]


def test_a_graph_and_faults_of_queries(manifest: parts.Manifest, oxigraph: str) -> None:
    load.into_server(manifest, load.Server(f"{oxigraph}/store"))
    found = list(remote.run(f"{oxigraph}/query", "CONSTRUCT { ?s a gwr:Report } WHERE { ?s a gwr:Report }"))
    assert len(found) == 10
    answer = remote.run(f"{oxigraph}/query", "ASK { ?s a gwr:Report }")
    assert [str(cell) for row in answer for cell in row] == [str(Literal(True))]
    with pytest.raises(QueryError, match="line 2: column"):  # of the query as it was given
        remote.run(f"{oxigraph}/query", "SELECT *\n{ ?s ?p }")
    with pytest.raises(QueryError, match="may not change"):
        remote.run(f"{oxigraph}/query", "DROP ALL")
    with pytest.raises(ServiceError, match="404"):
        remote.run(f"{oxigraph}/elsewhere", COUNT)
    with pytest.raises(ServiceError, match="cannot be reached"):
        remote.run(f"http://127.0.0.1:{free_port()}/", COUNT)
    with pytest.raises(ServiceError, match=r"404.*address of the graph store"):
        load.Server(f"{oxigraph}/elsewhere").put("urn:g", b"")


def scripted(*answers: int | Exception) -> tuple[httpx.Client, list[httpx.Request]]:
    """A client whose server answers so, and what it was asked."""
    left, seen = list(answers), []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        now = left.pop(0)
        if isinstance(now, Exception):
            raise now
        headers = {"WWW-Authenticate": "Basic realm=x"} if now == 401 else {}
        return httpx.Response(now, text="why\nnot", headers=headers)

    return httpx.Client(transport=httpx.MockTransport(answer)), seen


def test_what_may_pass_is_tried_again() -> None:
    client, seen = scripted(503, httpx.ConnectError("refused"), 429, 201)
    server = load.Server("http://h/store?tenant=a", client=client, pauses=[0, 0, 0])
    assert not server.put("https://example.org/中", b"<urn:a> <urn:b> <urn:c> .\n")
    assert len(seen) == 4 and {request.method for request in seen} == {"PUT"}
    assert dict(seen[3].url.params) == {"tenant": "a", "graph": "https://example.org/中"}


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([503, 503], "cannot be loaded into: 503 Service Unavailable: why not"),
        ([httpx.ReadTimeout("too slow")] * 2, "cannot be loaded into: too slow"),
        ([400], "refuses: 400 Bad Request: why not"),
        ([401], "KG_ENDPOINT_PASSWORD"),
    ],
)
def test_what_does_not_pass_is_told(answers: list[int | Exception], message: str) -> None:
    client, seen = scripted(*answers)
    with pytest.raises(ServiceError, match=message):
        load.Server("http://h/store", client=client, pauses=[0]).put("urn:g", b"")
    assert len(seen) == len(answers)


def test_a_password_goes_only_to_who_asks() -> None:
    client, seen = scripted(401, 204, 204)
    server = load.Server("http://h/store", client=client, user="dba", password="secret")
    server.put("urn:g", b"")
    server.put("urn:g", b"")
    assert ["authorization" in request.headers for request in seen] == [False, True, True]


def test_updates_go_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 2)
    client, seen = scripted(*[204] * 4)
    lines = b"".join(b'<urn:%d> <urn:b> "x . <urn:g> ." .\n' % n for n in range(5))
    load.Server("http://h/update", protocol="update", client=client).put("urn:g", lines)
    texts = [request.content.decode() for request in seen]
    assert texts[0] == "DROP SILENT GRAPH <urn:g>"
    assert [text.count("<urn:b>") for text in texts[1:]] == [2, 2, 1]


@pytest.mark.slow
def test_virtuoso(manifest: parts.Manifest, virtuoso: str, tmp_path: Path) -> None:
    """It has no default graph of its own; a graph that stands for it is named in the address."""
    server = load.Server(f"{virtuoso}/sparql-graph-crud-auth", user="dba", password="dba")
    summary = load.into_server(manifest, server, union_graph="urn:union")
    assert summary.reports == 10
    assert rows(f"{virtuoso}/sparql", GRAPHS) == local(tmp_path / "store", GRAPHS)
    endpoint = f"{virtuoso}/sparql?default-graph-uri=urn:union"
    assert rows(endpoint, COUNT) == local(tmp_path / "store", COUNT)
    asked = ["query", "indicator-over-time", "--indicator", "地区生产总值"]
    here = CliRunner().invoke(cli, [*asked, "--store", str(tmp_path / "store")])
    there = CliRunner().invoke(cli, [*asked, "--endpoint", endpoint])
    assert there.exit_code == 0
    assert sorted(there.stdout.splitlines()) == sorted(here.stdout.splitlines()) and len(here.stdout) > 500
