"""A server that is loaded into has what a store has that is loaded into: verdicts, links, and nothing of before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg.cli import cli
from kg.cluster import load, parts
from kg.cluster.extract import extract
from kg.errors import ServiceError
from kg.graph import reading, remote
from kg.graph.export import export
from kg.graph.store import is_links_graph, is_verdicts_graph, open_store
from kg.graph.vocab import ONTOLOGY_GRAPH
from tests.audit.test_verdicts import REPORT
from tests.cluster.conftest import free_port

ALL = "SELECT * { ?s ?p ?o }"


@pytest.fixture
def years(tmp_path: Path) -> Path:
    """Three reports on one area."""
    folder = tmp_path / "甲市"
    folder.mkdir()
    for n, told in enumerate([(2010, 150, "2.5", 180), (2011, 200, "2.9", 220), (2012, 210, "3.4", 230)]):
        write(folder, n, *told)
    return folder


def write(folder: Path, n: int, year: int, got: int, rate: str, aim: int) -> None:
    text = REPORT.format(year=year, last=year - 1, n="一二三四"[n], got=got, rate=rate, aim=aim)
    (folder / f"{year}.txt").write_text(text, encoding="utf-8")


def kg(*arguments: object) -> Result:
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def sides(tmp_path: Path, url: str) -> tuple[tuple[bytes, set[str]], tuple[bytes, set[str]]]:
    """The named graphs and the default graph of the store, and of the server."""
    out = []
    for place in (open_store(tmp_path / "store", read_only=True), remote.Endpoint(url)):
        export(place, tmp_path / "all.nq", format="nquads", graph="all")
        rows = place.query(ALL)
        assert isinstance(rows, ox.QuerySolutions)
        out.append(((tmp_path / "all.nq").read_bytes(), {" ".join(map(str, row)) for row in rows}))
    return out[0], out[1]


def both(out: Path, tmp_path: Path, oxigraph: str, protocol: str = "graph-store") -> Result:
    """Load into the store and into the server; what was told of the server."""
    kg("load", out, "--store", tmp_path / "store")
    service = "store" if protocol == "graph-store" else "update"
    return kg("load", out, "--endpoint", f"{oxigraph}/{service}", "--protocol", protocol)


@pytest.mark.parametrize("protocol", ["graph-store", "update"])
def test_a_server_answers_what_came_of_promises(protocol: str, years: Path, oxigraph: str, tmp_path: Path) -> None:
    extract([years], str(tmp_path / "out"), workers=1)
    told = both(tmp_path / "out", tmp_path, oxigraph, protocol)
    assert "3 reports" in told.stdout and not told.stderr
    here, there = sides(tmp_path, f"{oxigraph}/query")
    assert here == there and b"gwr/ontology#fulfilment" in there[0]
    asked = ["query", "promises", "--area", "甲市"]
    answer = kg(*asked, "--endpoint", f"{oxigraph}/query").stdout
    assert answer == kg(*asked, "--store", tmp_path / "store").stdout
    assert (answer.count("kept"), answer.count("missed")) == (2, 2)
    told = both(tmp_path / "out", tmp_path, oxigraph, protocol)
    assert "0 reports, 0 triples" in told.stdout and "3 were there already" in told.stdout
    assert sides(tmp_path, f"{oxigraph}/query") == (here, there)


@pytest.mark.parametrize("protocol", ["graph-store", "update"])
def test_later_and_edited_reports_change_what_came_of_them(
    protocol: str, years: Path, oxigraph: str, tmp_path: Path
) -> None:
    extract([years], str(tmp_path / "out"), workers=1)
    both(tmp_path / "out", tmp_path, oxigraph, protocol)
    seen = []
    # a year more, by itself; a report that was edited; one that turns out to be of another year
    write(years, 3, 2013, 260, "2.8", 300)
    extract([years / "2013.txt"], str(tmp_path / "more"), workers=1)
    told = both(tmp_path / "more", tmp_path, oxigraph, protocol)
    seen.append(sides(tmp_path, f"{oxigraph}/query"))
    assert not told.stderr
    write(years, 1, 2011, 170, "2.9", 200)
    extract([years], str(tmp_path / "edited"), workers=1)
    told = both(tmp_path / "edited", tmp_path, oxigraph, protocol)
    seen.append(sides(tmp_path, f"{oxigraph}/query"))
    assert "1 reports" in told.stdout and "3 were there already" in told.stdout and not told.stderr
    (years / "2013.meta.json").write_text('{"year": 2014}')
    extract([years], str(tmp_path / "told"), workers=1)
    both(tmp_path / "told", tmp_path, oxigraph, protocol)
    seen.append(sides(tmp_path, f"{oxigraph}/query"))
    for here, there in seen:
        assert here == there
    assert len({here[0] for here, _ in seen}) == 3


def test_a_run_that_was_broken_off_is_made_up_for(years: Path, oxigraph: str, tmp_path: Path) -> None:
    """After any of the requests that change something: the next run leaves what one that was never broken off does."""
    extract([years], str(tmp_path / "out"), workers=1)
    kg("load", tmp_path / "out", "--store", tmp_path / "store")
    write(years, 1, 2011, 170, "2.9", 200)
    write(years, 3, 2013, 260, "2.8", 300)
    extract([years], str(tmp_path / "later"), workers=1)
    kg("load", tmp_path / "later", "--store", tmp_path / "store")
    first, later = (parts.read_manifest(str(tmp_path / name)) for name in ("out", "later"))
    expected = left(open_store(tmp_path / "store", read_only=True))
    steps, done = 0, False
    while not done:
        graphs = [row[0] for row in remote.run(f"{oxigraph}/query", "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")]
        drops = [f"DROP GRAPH {graph} ;" for graph in graphs if graph != ONTOLOGY_GRAPH]
        again = f"{' '.join(drops)} DROP DEFAULT ; ADD SILENT {ONTOLOGY_GRAPH} TO DEFAULT"
        load.Server(f"{oxigraph}/update", protocol="update").update(again)
        run(first, oxigraph)
        try:
            run(later, oxigraph, steps)
            done = True
        except Broken:
            run(later, oxigraph)
        assert left(remote.Endpoint(f"{oxigraph}/query")) == expected, f"broken off after {steps} steps"
        steps += 1
    assert steps > 15


def left(place: reading.Readable) -> tuple[set[str], set[str]]:
    """The named graphs, but for the ontology's, and the default graph."""
    named = f"SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} {reading.but_for(place, 'g', ONTOLOGY_GRAPH)} }}"
    told = tuple({" ".join(map(str, row)) for row in place.query(query)} for query in (named, ALL))
    return told[0], told[1]


class Broken(Exception):
    """As if it were killed."""


def run(manifest: parts.Manifest, oxigraph: str, most: int | None = None) -> load.Summary:
    """Load, in so many steps at most."""
    left = [1_000_000 if most is None else most]

    def count(request: httpx.Request) -> None:
        if not left[0]:
            raise Broken
        left[0] -= 1

    client = httpx.Client(event_hooks={"request": [count]})
    server = load.Server(f"{oxigraph}/store", client=client)
    return load.into_server(
        manifest, server, asked=remote.Endpoint(f"{oxigraph}/query"), updates=server.updated_at(f"{oxigraph}/update")
    )


def test_links_go_along(years: Path, oxigraph: str, tmp_path: Path) -> None:
    text = (years / "2012.txt").read_text(encoding="utf-8")
    for path in years.iterdir():
        path.write_text(
            text.replace("甲市", "广州市").replace("2012", path.stem).replace("2011", f"{int(path.stem) - 1}")
        )
    extract([years], str(tmp_path / "out"), workers=1)
    both(tmp_path / "out", tmp_path, oxigraph)
    kg("link", "--store", tmp_path / "store")
    send = ["load", tmp_path / "out", "--endpoint", f"{oxigraph}/store", "--links", tmp_path / "store"]
    kg(*send)
    here, there = sides(tmp_path, f"{oxigraph}/query")
    assert here == there and b"LinkDecision" in there[0] and b"440100" in there[0]
    asked = ["query", "codes", "--format", "csv"]
    assert kg(*asked, "--endpoint", f"{oxigraph}/query").stdout == kg(*asked, "--store", tmp_path / "store").stdout
    # decided otherwise, and sent again: what was decided before is gone
    store = open_store(tmp_path / "store")
    graph = next(graph for graph in store.named_graphs() if is_links_graph(graph))
    (gone, *_) = sorted(store.quads_for_pattern(None, ox.NamedNode(SOURCE), None, graph), key=str)
    for quad in list(store.quads_for_pattern(gone.subject, None, None, graph)):
        store.remove(quad)
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
    store.flush()
    del store
    kg(*send)
    after = sides(tmp_path, f"{oxigraph}/query")
    assert after[0] == after[1] != (here, there)


SOURCE = "http://www.w3.org/2002/07/owl#annotatedSource"


@pytest.fixture
def elsewhere(oxigraph: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """Load into a server of whose make nothing is known."""
    monkeypatch.setattr("kg.cluster.served._ADDRESSES", ())
    yield lambda out, *more: CliRunner().invoke(cli, ["load", str(out), "--endpoint", f"{oxigraph}/store", *more])


def test_where_a_server_is_asked_has_to_be_known(
    years: Path, oxigraph: str, tmp_path: Path, elsewhere: Callable[..., Result]
) -> None:
    extract([years], str(tmp_path / "out"), workers=1)
    done = elsewhere(tmp_path / "out")
    assert done.exit_code == 0 and "--query" in done.stderr and "no verdicts" in done.stderr
    graphs = [row[0] for row in remote.run(f"{oxigraph}/query", "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")]
    assert not any(map(is_verdicts_graph, graphs)) and len(graphs) == 5
    done = elsewhere(tmp_path / "out", "--query", f"http://127.0.0.1:{free_port()}/query")
    assert done.exit_code == 1 and "cannot be reached" in done.stderr
    done = elsewhere(tmp_path / "out", "--links", str(tmp_path))
    assert done.exit_code == 2 and "--links needs --query" in done.stderr
    done = elsewhere(tmp_path / "out", "--query", f"{oxigraph}/query")
    assert done.exit_code == 0 and not done.stderr and "3 were there already" in done.stdout
    # what nobody knows how to take away is told
    write(years, 3, 2013, 260, "2.8", 300)
    extract([years], str(tmp_path / "more"), workers=1)
    done = elsewhere(tmp_path / "more", "--query", f"{oxigraph}/query")
    assert done.exit_code == 1 and "--update" in done.stderr
    done = elsewhere(tmp_path / "more", "--query", f"{oxigraph}/query", "--update", f"{oxigraph}/update")
    assert done.exit_code == 0 and not done.stderr
    for out in ("out", "more"):
        kg("load", tmp_path / out, "--store", tmp_path / "store")
    here, there = sides(tmp_path, f"{oxigraph}/query")
    assert here == there
    write(years, 1, 2011, 170, "2.9", 200)
    extract([years / "2011.txt"], str(tmp_path / "edited"), workers=1)
    done = elsewhere(tmp_path / "edited", "--query", f"{oxigraph}/query")
    assert "another version" in done.stderr and "--update" in done.stderr


def test_a_password_is_told_to_who_asks_for_it_by_queries_too() -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("authorization", ""))
        if not seen[-1]:
            return httpx.Response(401, headers={"WWW-Authenticate": "Basic realm=x"})
        return httpx.Response(204)

    server = load.Server(
        "http://h/store", user="dba", password="x", client=httpx.Client(transport=httpx.MockTransport(answer))
    )
    server.put("urn:g", b"")
    server.updated_at("http://h/update").update("CLEAR ALL")
    assert [told[:5] for told in seen] == ["", "Basic", "Basic"]
    with pytest.raises(ServiceError, match="KG_ENDPOINT_PASSWORD"):
        load.Server("http://h/store", client=httpx.Client(transport=httpx.MockTransport(answer))).put("urn:g", b"")


@pytest.mark.slow
def test_virtuoso_gets_and_loses_as_much(
    years: Path, virtuoso: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_ENDPOINT_PASSWORD", "dba")
    to = ["--endpoint", f"{virtuoso}/sparql-graph-crud-auth", "--user", "dba", "--union-graph", "urn:union"]
    endpoint = f"{virtuoso}/sparql?default-graph-uri=urn:union"

    def loaded(out: str) -> Result:
        extract([years], str(tmp_path / out), workers=1)
        kg("load", tmp_path / out, "--store", tmp_path / "store")
        return kg("load", tmp_path / out, *to)

    assert not loaded("out").stderr
    write(years, 1, 2011, 170, "2.9", 200)
    write(years, 3, 2013, 260, "2.8", 300)
    told = loaded("later")
    assert "2 were there already" in told.stdout and not told.stderr
    asked = ["query", "promises", "--area", "甲市", "--format", "csv"]
    here, there = (kg(*asked, *at).stdout for at in (["--store", tmp_path / "store"], ["--endpoint", endpoint]))
    assert sorted(here.splitlines()) == sorted(there.splitlines()) and here.count("kept") == 4
    store = open_store(tmp_path / "store", read_only=True)
    (told_here,), (told_there,) = (run_query(COUNTED) for run_query in (store.query, remote.Endpoint(endpoint).query))
    assert told_here[0] == told_there[0]


COUNTED = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
