"""What it costs to read a graph from a server in the place of the embedded store: views of the explorer, show, stats.

    python bench/endpoint.py STORE [--delay 20] [--times 3]

Oxigraph's server (of this environment) is given what STORE holds; both are asked the same, in turns, and their answers
compared.  Medians of wall seconds, and how many requests one takes.  --delay has each request wait so many milliseconds
more, as over a network.  The things are the one that reports mention most, and one in the middle.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from pyoxigraph import RdfFormat

from kg.graph.reading import Readable
from kg.graph.remote import Endpoint
from kg.graph.show import look_up
from kg.graph.store import open_store, stats
from kg.serve import views

Question = Callable[[Readable], Any]


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """The address of the query service of a server that holds what the store does."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        quads = Path(folder) / "all.nq"
        open_store(store, read_only=True).dump(str(quads), format=RdfFormat.N_QUADS)
        location = ["--location", f"{folder}/server"]
        subprocess.run([program, "load", *location, "--file", str(quads)], check=True, stderr=subprocess.DEVNULL)
        command = [program, "serve", *location, "--bind", f"127.0.0.1:{port}"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                for _ in range(300):
                    try:
                        httpx.post(f"{url}/query", data={"query": "ASK {}"})
                        break
                    except httpx.TransportError:
                        time.sleep(0.1)
                yield f"{url}/query"
            finally:
                process.terminate()


class Slow(httpx.HTTPTransport):
    """A network with so many seconds from here to there and back."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        time.sleep(self.seconds)
        return super().handle_request(request)


def questions(store: Readable) -> dict[str, Question]:
    """By what they are called in the table."""
    often = [
        node for node, _ in views._weights(store).most_common() if "/entity/" in str(node) or "/area/" in str(node)
    ]
    most, middle = often[0].value, often[len(often) // 2].value
    reports = sorted(row["iri"] for row in views.home(store)["reports"])
    out: dict[str, Question] = {
        "`kg stats`": lambda s: str(asdict(stats(s))),
        "`kg show`, of a thing in the middle": lambda s: [thing.as_json() for thing in look_up(s, middle)],
        "`kg show`, of what is mentioned most": lambda s: [thing.as_json() for thing in look_up(s, most)],
        "home": views.home,
        "all names, for the search": lambda s: sorted(views.names(s)),
        "a report": lambda s: views.report(s, reports[len(reports) // 2]),
        "places": views.places,
        "a picker: indicators": lambda s: views.options(s, "indicator"),
    }
    for name in ("thing", "figures", "quotations", "neighbours"):
        out[f"{name}, of what is mentioned most"] = lambda s, view=views.VIEWS[name]: view(s, most)  # type: ignore[misc]
    return out


def timed(question: Question, store: Readable) -> tuple[float, Any]:
    if isinstance(store, Endpoint):
        store.forget()
    begin = time.perf_counter()
    told = question(store)
    return time.perf_counter() - begin, json.dumps(told, ensure_ascii=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--delay", type=float, default=0, help="milliseconds")
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    store = open_store(arguments.store, read_only=True)
    with serving(arguments.store) as url:
        there = Endpoint(url, client=httpx.Client(transport=Slow(arguments.delay / 1000), timeout=300))
        print(f"{len(store):,} quads; {arguments.delay:g} ms more for each request; load {os.getloadavg()[0]:.1f}\n")
        print("| | store, s | endpoint, s | requests |\n| --- | --- | --- | --- |")
        for name, question in questions(store).items():
            here_s, there_s = [], []
            for _ in range(arguments.times):
                seconds, here = timed(question, store)
                here_s.append(seconds)
                before = there.requests
                seconds, told = timed(question, there)
                there_s.append(seconds)
                if told != here:
                    sys.exit(f"{name}: the answers differ")
            print(f"| {name} | {median(here_s):.3f} | {median(there_s):.3f} | {there.requests - before} |", flush=True)


if __name__ == "__main__":
    main()
