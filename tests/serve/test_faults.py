"""Servers and workers that are killed: nothing is left behind, and the others go on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.serve.conftest import START, Server, running

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c + ?f + ?i + ?l = 0.5) }"
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells which processes there are")


@pytest.fixture
def own_folder(small_folder: Path, tmp_path: Path) -> Path:
    """The small store, by itself: beside it there are only the snapshots of the test's own servers."""
    return Path(shutil.copytree(small_folder, tmp_path / "store"))


def _workers(server: Server) -> list[int]:
    told = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return [int(number) for number in told.split()]


def _lives(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def _wait(condition: object, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def _ask_slowly(server: Server) -> tuple[threading.Thread, list[httpx.Response | Exception]]:
    """A query that takes for ever, and what came of it."""
    told: list[httpx.Response | Exception] = []

    def ask() -> None:
        try:
            told.append(httpx.get(f"{server.url}/sparql", params={"query": SLOW}, timeout=60))
        except Exception as error:
            told.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.5)
    return thread, told


def test_interrupt(own_folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while a query runs: its client is told, nothing is left, no traceback."""
    with running(own_folder) as server:
        workers = _workers(server)
        thread, told = _ask_slowly(server)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(10) == 0
        thread.join()
        [answer] = told
        assert isinstance(answer, httpx.Response) and answer.status_code == 503 and "ending" in answer.text
        assert len(workers) >= 4 and not any(map(_lives, workers))
    assert not list(own_folder.parent.glob(".store.serve-*"))
    printed = capfd.readouterr().err
    assert "Traceback" not in printed and "Aborted" not in printed


def test_killed_server(own_folder: Path) -> None:
    """Its workers end with it, even a busy one; the next server removes its snapshots."""
    with running(own_folder) as server:
        workers = _workers(server)
        thread, _ = _ask_slowly(server)
        [left] = own_folder.parent.glob(".store.serve-*")
        server.process.kill()
        thread.join()
        assert _wait(lambda: not any(map(_lives, workers)))
    assert left.exists()
    with running(own_folder):
        assert not left.exists()


def test_killed_workers(own_folder: Path) -> None:
    """Who asked is told, and there are as many as before soon after."""
    with running(own_folder, "--workers", "2") as server:
        before = set(_workers(server))
        thread, told = _ask_slowly(server)
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        thread.join()
        [answer] = told
        assert isinstance(answer, httpx.Response) and answer.status_code == 500 and "killed" in answer.text
        # the idle one is found dead by who is given it
        statuses = [
            httpx.get(f"{server.url}/sparql", params={"query": f"ASK {{}} # {n}"}).status_code for n in range(4)
        ]
        assert statuses[-1] == 200
        assert _wait(lambda: len(set(_workers(server)) - before) == 2)
        assert httpx.get(f"{server.url}/health").status_code == 200


def test_two_servers_of_one_store(own_folder: Path) -> None:
    with running(own_folder) as one, running(own_folder) as other:
        for server in (one, other):
            assert httpx.get(f"{server.url}/sparql", params={"query": "ASK {}"}).status_code == 200
    assert not list(own_folder.parent.glob(".store.serve-*"))


@pytest.mark.parametrize(
    ("options", "told"), [(["--store", "none"], "no store"), (["--store", "STORE", "--port", "PORT"], "cannot listen")]
)
def test_cannot_start(options: list[str], told: str, small_server: Server, tmp_path: Path) -> None:
    given = {"STORE": str(small_server.store), "PORT": small_server.url.rpartition(":")[2]}
    command = [sys.executable, "-c", START, "serve", *(given.get(option, option) for option in options)]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1 and told in ended.stderr and len(ended.stderr.splitlines()) == 1
