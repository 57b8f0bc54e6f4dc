"""Servers that are really started: processes of their own, asked over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

START = "from kg.cli import main; main()"


@dataclass(frozen=True)
class Server:
    """A running ``kg serve``; ``url`` has no slash at its end."""

    url: str
    process: subprocess.Popen[str]
    store: Path


@contextmanager
def running(store: Path, *options: str) -> Iterator[Server]:
    """Start the server on a free port and end it afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, "serve", "--store", str(store), "--port", "0", *options],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), f"it did not start: {url!r}"
        yield Server(url.rstrip("/"), process, store)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server(seed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the seed's graph."""
    with running(seed_folder) as started:
        yield started


#: graphs of one triple each, that tests of datasets tell apart
GRAPHS = tuple(f"http://example.org/data{n}" for n in (1, 2, 3))


@pytest.fixture(scope="session")
def small_folder(small_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small graph, and :data:`GRAPHS`, in a store on disk."""
    folder = tmp_path_factory.mktemp("small") / "store"
    disk = Store(str(folder))
    disk.bulk_extend(list(small_store))
    for graph in GRAPHS:
        thing = NamedNode(graph.replace("data", "thing"))
        for where in (NamedNode(graph), DefaultGraph()):
            disk.add(Quad(thing, NamedNode("http://example.org/in"), Literal(graph[-1]), where))
    disk.flush()
    return folder


@pytest.fixture(scope="session")
def small_server(small_folder: Path) -> Iterator[Server]:
    """A server of the small graph, that stops queries after two seconds and answers of more than 5,000 rows."""
    with running(small_folder, "--time-limit", "2", "--max-rows", "5000") as started:
        yield started
