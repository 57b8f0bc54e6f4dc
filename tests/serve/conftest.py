"""Servers that are really started: processes of their own, asked over HTTP."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.link.providers.table import OwnTable
from kg.link.providers.tables import DivisionTable, GeoNamesTable
from kg.link.run import link

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
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


#: names that would like to be markup, in another graph
SCRIPT, IMAGE = "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"
#: of things in the seed report; rows without a type are never accepted by a run
TABLE = f"""id,name,aliases,code,description,latitude,longitude
https://example.org/pazhou,琶洲地区,,A1,会展之地,23.1,113.37
p2,{SCRIPT},琶洲地区,,{IMAGE},,
h1,海珠湖,,,,,
t1,小洲村,,,,,
z1,十香园,,,,,
z2,十香园,,,,,
"""


@pytest.fixture(scope="session")
def linked_folder(seed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed's graph, linked by the tables that come with kg and by :data:`TABLE`; not to be written to."""
    folder = tmp_path_factory.mktemp("linked")
    shutil.copytree(seed_folder, folder / "store")
    table = folder / "own.csv"
    table.write_text(TABLE, encoding="utf-8")
    link(
        folder / "store",
        [DivisionTable(), GeoNamesTable(), OwnTable(table, key="own", namespace="urn:kg:table:own:")],
        today="2026-01-01",
    )
    return folder / "store"


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


@pytest.fixture(scope="module")  # while Playwright runs, no other test of the session could run an event loop
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="the explorer's tests need: pip install playwright")
    if CHROMIUM is None:
        reason = "the explorer was not tested: there is no Chromium; get one with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS.split())
        yield started
        started.close()


class Tab:
    """A page of the browser that notes what goes wrong in it, and whatever it asks of others."""

    def __init__(self, browser: Any, server: Server, **options: Any) -> None:
        self.url = server.url
        self.context = browser.new_context(**{"locale": "zh-CN", "accept_downloads": True, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        # the first page waits for the server's modules, on a machine that runs tests on all its cores
        self.page.set_default_navigation_timeout(60_000)
        self.foreign: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.faults.append(dialog.message), dialog.dismiss()))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:", self.url.replace("http", "ws"))):
            self.foreign.append(request.url)

    def open(self, path: str) -> Any:
        self.page.goto(self.url + path)
        self.page.wait_for_selector("h1")
        return self.page

    def fine(self) -> None:
        assert self.foreign == [] and self.faults == []
