"""Snapshots, and the server beside a writer: neither notices the other."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.errors import StoreError, StoreLocked
from kg.graph.store import mark_written, open_store
from kg.serve.snapshot import Snapshots
from tests.serve.conftest import START, running

REPORT = """滨州市东河区{year}年政府工作报告
——{year}年1月8日在滨州市东河区第六届人民代表大会第一次会议上
区长 李明
各位代表：
一、{former}年工作回顾
地区生产总值达到{year}亿元，增长8%。
二、{year}年工作安排
全年地区生产总值增长9%。
"""
P = NamedNode("http://example.org/p")


def _quad(value: str) -> Quad:
    return Quad(NamedNode("http://example.org/s"), P, Literal(value), NamedNode("http://example.org/g"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = Store(str(tmp_path / "store"))
    store.add(_quad("1"))
    return tmp_path / "store"


def _values(snapshot: Path) -> set[str]:
    return {quad.object.value for quad in Store.read_only(str(snapshot))}


def test_snapshot_stays_as_it_was(folder: Path) -> None:
    snapshots = Snapshots(folder)
    assert snapshots.changed()
    first = snapshots.take()
    snapshots.accept(first)
    assert not snapshots.changed()
    store = Store(str(folder))
    store.add(_quad("2"))
    store.flush()
    del store
    assert snapshots.changed()
    second = snapshots.take()
    assert (_values(first.folder), _values(second.folder)) == ({"1"}, {"1", "2"})
    snapshots.drop(first)
    assert not first.folder.exists() and _values(second.folder) == {"1", "2"}
    snapshots.close()
    assert [left.name for left in folder.parent.iterdir()] == ["store"]


def test_only_what_was_written_is_news(folder: Path) -> None:
    snapshots = Snapshots(folder)

    def is_news() -> bool:
        taken = snapshots.take()
        news = snapshots.is_news(taken)
        snapshots.accept(taken)
        return news

    assert is_news()
    Store(str(folder)).optimize()
    assert not is_news()
    mark_written(folder)
    assert is_news()
    store = Store(str(folder))
    store.add(_quad("2"))
    del store
    assert is_news()
    snapshots.close()


def test_what_was_not_accepted_stays_news(folder: Path) -> None:
    snapshots = Snapshots(folder)
    snapshots.accept(snapshots.take())
    mark_written(folder)
    store = Store(str(folder))
    store.add(_quad("2"))
    del store
    for _ in range(2):  # serving it failed
        assert snapshots.changed()
        assert snapshots.is_news(snapshots.take())
    snapshots.close()


def test_snapshot_has_what_only_the_log_has(tmp_path: Path) -> None:
    # as a killed build leaves it: nothing flushed
    code = (
        "import os, sys; from pyoxigraph import *; s = Store(sys.argv[1]);"
        "s.add(Quad(NamedNode('http://e/s'), NamedNode('http://e/p'), Literal('1'))); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "store")], check=False)
    snapshots = Snapshots(tmp_path / "store")
    assert _values(snapshots.take().folder) == {"1"}
    snapshots.close()


def test_no_snapshot_beside_a_writer(folder: Path) -> None:
    writer = Store(str(folder))
    snapshots = Snapshots(folder)
    with pytest.raises(StoreLocked):
        snapshots.take()
    del writer
    snapshots.take()
    snapshots.close()


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store"):
        Snapshots(tmp_path / "none").take()
    assert not (tmp_path / "none").exists()


def test_snapshots_of_killed_servers_are_removed(folder: Path) -> None:
    living = Snapshots(folder)
    taken = living.take()
    killed = folder.parent / ".store.serve-killed"
    killed.mkdir()
    (killed / "in-use").touch()
    starting = folder.parent / ".store.serve-starting"
    starting.mkdir()
    other = Snapshots(folder)
    other.take()
    assert not killed.exists() and starting.exists() and taken.folder.exists()
    other.close()
    living.close()
    assert not taken.folder.exists()


def test_writer_waits_for_the_snapshot(folder: Path) -> None:
    code = (
        "import sys, time; from pyoxigraph import Store; s = Store(sys.argv[1]); print(1, flush=True); time.sleep(0.5)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        begin = time.monotonic()
        with pytest.raises(StoreLocked):
            open_store(folder, wait=0)
        open_store(folder)
        assert time.monotonic() - begin > 0.2


def test_build_during_a_thousand_queries(small_folder: Path, tmp_path: Path) -> None:
    """No query fails while reports are built, and the new ones are served without a restart."""
    folder = tmp_path / "store"
    source = Snapshots(small_folder)
    source.take().folder.rename(folder)
    source.close()
    reports = []
    for year in range(2001, 2007):
        report = tmp_path / f"{year}.txt"
        report.write_text(REPORT.format(year=year, former=year - 1), encoding="utf-8")
        reports.append(str(report))
    count = {"query": "SELECT (COUNT(DISTINCT ?r) AS ?n) { ?r a gwr:Report }"}

    async def ask(url: str, builds: list[list[str]]) -> tuple[list[int], list[int]]:
        numbers: list[int] = []
        statuses: list[int] = []

        async def build() -> None:
            for paths in builds:
                command = (sys.executable, "-c", START, "build", *paths, "--store", str(folder))
                pipe = asyncio.subprocess.PIPE
                process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
                _, told = await process.communicate()
                statuses.append(process.returncode or 0)
                assert not process.returncode, told.decode()

        async with httpx.AsyncClient(timeout=60) as client:
            building = asyncio.create_task(build())
            while len(numbers) < 1000 or not building.done():
                # a different query each time: none is answered from those that were kept
                query = {"query": f"{count['query']} # {len(numbers)}"}
                answers = await asyncio.gather(*(client.get(f"{url}/sparql", params=query) for _ in range(8)))
                assert {answer.status_code for answer in answers} == {200}
                # those asked at once may be answered from two snapshots
                numbers += sorted(int(answer.json()["results"]["bindings"][0]["n"]["value"]) for answer in answers)
            await building
            for _ in range(100):
                answer = await client.get(f"{url}/sparql", params={"query": f"{count['query']} # {time.time()}"})
                if (n := int(answer.json()["results"]["bindings"][0]["n"]["value"])) == 7:
                    break
                await asyncio.sleep(0.1)
            numbers.append(n)
        return numbers, statuses

    with running(folder) as server:
        numbers, statuses = asyncio.run(ask(server.url, [[path] for path in reports]))
    assert len(numbers) > 1000 and statuses == [0] * 6
    # whole reports only, and never back to an older state
    assert numbers == sorted(numbers) and numbers[0] == 1 and numbers[-1] == 7
    assert not list(tmp_path.glob(".store.serve-*"))
