"""The server over many reports: latencies with 16 clients, and beside Oxigraph's own server in the same run.

    python bench/serving.py [FOLDER] [--clients 16] [--rounds 5] [--json OUT.json]

FOLDER defaults to the reports/ of the folder that KG_SHARED names (../shared beside the checkout), else to seeds/; the
seed is built with it.  Templates are asked with the values of their examples.  "anew" asks each query with a comment
of its own, so that none is answered from those that the server keeps; "again" is what a second visitor gets.
Beside the ``oxigraph`` server from PyPI (left out if that is not installed) one client asks both in turn, anew, and
the answers are compared; what counts is the ratio for queries that take more than 5 ms.  The clients run in this
process, on the same cores as the server.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import aiohttp
from pyoxigraph import RdfFormat

from kg.graph.queries import Template, load_templates
from kg.graph.store import open_store
from kg.graph.vocab import DEFAULT_BASE, SPARQL_PREFIXES
from kg.pipeline import build

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")

#: queries that no template asks, and that take longer
LONGER = {
    "all figures": "SELECT ?o ?v ?t { ?o a gwr:Observation ; sdmx-measure:obsValue ?v ; gwr:valueText ?t }",
    "classes counted": "SELECT ?c (COUNT(DISTINCT ?x) AS ?n) { ?x a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c",
    "names with 科技": 'SELECT DISTINCT ?n { ?x skos:prefLabel ?n FILTER(CONTAINS(?n, "科技")) } ORDER BY ?n',
    "pairs in a sentence": "SELECT ?a ?b { ?m gwr:refersTo ?a ; nif:sentence ?s . "
    "?k gwr:refersTo ?b ; nif:sentence ?s . ?a a gwr:Park . ?b a gwr:Enterprise } ORDER BY ?a ?b",
    "graph of relations": "CONSTRUCT { ?s ?p ?o } "
    "{ ?x a rdf:Statement ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }",
}


def example(template: Template) -> dict[str, str]:
    """The values of the template's first example."""
    words = iter(shlex.split(template.examples[0]) if template.examples else ())
    values = {word.removeprefix("--"): next(words) for word in words}
    values.pop("format", None)
    return values


async def load(clients: int, jobs: list[Callable[[], Awaitable[None]]]) -> list[float]:
    """The seconds that each job took, with so many clients at once that each ask one after the other."""
    waiting = iter(jobs)
    took: list[float] = []

    async def client() -> None:
        for job in waiting:
            begin = time.perf_counter()
            await job()
            took.append(time.perf_counter() - begin)

    await asyncio.gather(*(client() for _ in range(clients)))
    return took


def percentile(took: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(took)[min(len(took) - 1, int(share * len(took)))] * 1000


async def get(session: aiohttp.ClientSession, url: str) -> bytes:
    async with session.get(url) as answer:
        body = await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for {url[:200]}: {body[:200]!r}")
        return body


async def ask(session: aiohttp.ClientSession, url: str, query: str, accept: str = "application/json") -> bytes:
    """The answer, of a query with a comment of its own."""
    data = {"query": f"{query}\n# {random.random()}"}
    async with session.post(url, data=data, headers={"Accept": accept}) as answer:
        body = await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for {query[:200]}: {body[:200]!r}")
        return body


async def latencies(url: str, clients: int, rounds: int, names: list[tuple[str, str]]) -> dict[str, list[float]]:
    """Seconds by what was asked, with all clients at once."""
    templates = load_templates().values()
    found: dict[str, list[float]] = {}
    connector = aiohttp.TCPConnector(limit=clients)
    async with aiohttp.ClientSession(connector=connector) as session:
        links = [f"{url}/api/queries/{t.name}?{urlencode(example(t))}" for t in templates]
        texts = [t.bind(**example(t)) for t in templates]
        chosen = random.Random(1).sample(names, min(200, len(names)))
        pages = [f"{url}/thing/{quote(iri.removeprefix(DEFAULT_BASE), safe='/%')}" for iri, _ in chosen]
        typed = [
            f"{url}/api/search?text={quote(name[: n + 1])}" for _, name in chosen for n in range(min(4, len(name)))
        ]

        def urls(wanted: list[str]) -> list[Callable[[], Awaitable[None]]]:
            return [lambda u=u: get(session, u) for u in wanted]  # type: ignore[misc]

        def graph(text: str) -> str:
            return "text/turtle" if "CONSTRUCT" in text else "application/json"

        await load(clients, urls(links))  # warm
        anew = [lambda q=q: ask(session, f"{url}/sparql", q, graph(q)) for q in texts * rounds]
        random.Random(2).shuffle(anew)
        found["templates, anew"] = await load(clients, anew)  # type: ignore[arg-type]
        found["templates, again"] = await load(clients, urls(links * rounds))
        await load(1, urls(typed[:1]))
        found["search as you type"] = await load(clients, urls(typed))
        await load(1, urls(pages[:1]))
        found["a thing's page"] = await load(clients, urls(pages))
        found["a thing's page, one client"] = await load(1, urls(pages[:50]))
    return found


async def side_by_side(ours: str, theirs: str, rounds: int) -> list[tuple[str, float, float, bool]]:
    """By query: medians in milliseconds of both servers, and whether they answer alike."""
    queries = {t.name: t.bind(**example(t)) for t in load_templates().values()} | LONGER
    rows = []
    async with aiohttp.ClientSession() as session:
        for name, query in queries.items():
            text = query if query.lstrip().upper().startswith("PREFIX") else SPARQL_PREFIXES + query
            construct = "CONSTRUCT" in text
            accept = "application/n-triples" if construct else "text/tab-separated-values"
            took: tuple[list[float], list[float]] = ([], [])
            answers: list[list[bytes]] = []
            for round_ in range(rounds + 1):
                for url, times in zip((ours, theirs), took, strict=True):
                    begin = time.perf_counter()
                    body = await ask(session, url, text, accept)
                    if round_:
                        times.append(time.perf_counter() - begin)
                    else:
                        answers.append(sorted(set(body.splitlines()) if construct else body.splitlines()))
            a, b = (statistics.median(times) * 1000 for times in took)
            rows.append((name, a, b, answers[0] == answers[1]))
    return rows


@contextlib.contextmanager
def our_server(store: Path) -> Iterator[str]:
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--store", str(store), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().rstrip("/")
        finally:
            process.terminate()


@contextlib.contextmanager
def oxigraph_server(program: str, store: Path, folder: Path) -> Iterator[str]:
    data = folder / "all.nq"
    # with the default graph, as we have it; Oxigraph's own union would answer otherwise, and in minutes
    open_store(store, read_only=True).dump(str(data), format=RdfFormat.N_QUADS)
    where = str(folder / "oxigraph")
    subprocess.run([program, "load", "--location", where, "--file", str(data)], check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "serve-read-only", "--location", where, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/query"
        finally:
            process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = SHARED / "reports"
    parser.add_argument("folder", type=Path, nargs="?", default=default if default.is_dir() else None)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    told: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        store = folder / "store"
        build(sorted((ROOT / "seeds").glob("*.txt")), store_dir=store)
        if options.folder:
            build([options.folder], store_dir=store)
        opened = open_store(store, read_only=True)
        print(f"{len(opened):,} quads; {options.clients} clients; {os.cpu_count()} cores\n")
        labelled = "SELECT ?x ?n { ?x a ?c ; skos:prefLabel ?n . ?c rdfs:subClassOf gwr:Entity }"
        rows = opened.query(SPARQL_PREFIXES + labelled, use_default_graph_as_union=True)
        names = sorted({(row["x"].value, row["n"].value) for row in rows})  # type: ignore[union-attr]
        del opened
        with our_server(store) as url:
            found = asyncio.run(latencies(url, options.clients, options.rounds, names))
            print(f"{'':28}{'requests':>10}{'median ms':>12}{'p95 ms':>10}")
            for name, took in found.items():
                median, p95 = percentile(took, 0.5), percentile(took, 0.95)
                print(f"{name:28}{len(took):10}{median:12.1f}{p95:10.1f}")
                told[name] = {"requests": len(took), "median": median, "p95": p95}
            if (program := shutil.which("oxigraph", path=str(Path(sys.executable).parent))) is None:
                print("\noxigraph is not installed: pip install oxigraph")
            else:
                with oxigraph_server(program, store, folder) as theirs:
                    compared = asyncio.run(side_by_side(f"{url}/sparql", theirs, options.rounds))
                print(f"\n{'one client, anew, median ms':28}{'kg':>10}{'oxigraph':>10}{'ratio':>8}  alike")
                for name, a, b, alike in compared:
                    print(f"{name:28}{a:10.1f}{b:10.1f}{a / b:8.2f}  {'yes' if alike else 'NO'}")
                long = [a / b for _, a, b, _ in compared if b > 5]
                if long:
                    ratio, worst = statistics.median(long), max(long)
                    print(f"\n{len(long)} queries of more than 5 ms: ratio {ratio:.2f}, worst {worst:.2f}")
                told["oxigraph"] = [list(row) for row in compared]
    if options.json:
        options.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
