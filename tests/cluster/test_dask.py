"""A real cluster: a scheduler and workers as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import resources
from kg.cluster import load, parts
from kg.cluster.extract import extract
from kg.errors import KgError
from kg.pipeline import build
from tests.cluster.conftest import free_port, wait_for
from tests.test_pipeline import nquads

pytest.importorskip("distributed")


class Cluster:
    """Scheduler and workers, by process."""

    def __init__(self, folder: Path, size: int) -> None:
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self._folder = folder
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        wait_for(port, 60)
        self.workers = [
            self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(size)
        ]

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, *options]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        null = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self._folder, stdout=null, stderr=null, env=environment)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    started = Cluster(folder, 3)
    try:
        yield started
    finally:
        started.close()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_costs_nothing(tmp_path: Path, cluster: Cluster) -> None:
    # a fifth of a report: what is tested is who does it, not what it gives
    text = next(resources.folder("seeds").glob("*.txt")).read_text(encoding="utf-8")[:2_500]
    (tmp_path / "reports").mkdir()
    for number in range(24):
        cut = text.replace("海珠区", f"{chr(0x4E00 + 50 * number)}山区")
        (tmp_path / "reports" / f"{number:02}.txt").write_text(cut, encoding="utf-8")
    out = tmp_path / "out"
    killed: list[int] = []

    def kill_one() -> None:
        until = time.monotonic() + 60
        while len(list(out.glob("parts/*.gz"))) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        killed.append(len(list(out.glob("records/*.json"))))
        cluster.workers[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    found = extract([tmp_path / "reports"], str(out), scheduler=cluster.address, part=2)
    killer.join()
    assert 0 < killed[0] < 12, "it was not in the middle"
    assert (found.reports, found.parts, found.failures) == (24, 12, [])
    manifest = parts.read_manifest(str(out))
    names = [entry["part"] for entry in manifest.records]
    assert len(names) == len(set(names)) == 12
    assert sorted(f"parts/{file.name}" for file in (out / "parts").iterdir()) == sorted(names), "exactly once"
    load.into_store(manifest, tmp_path / "loaded")
    build([tmp_path / "reports"], store_dir=tmp_path / "built", workers=2)
    assert nquads(tmp_path / "loaded") == nquads(tmp_path / "built")
    # what is there is not made again
    again = extract([tmp_path / "reports"], str(out), scheduler=cluster.address, part=2)
    assert again.kept == 24


def test_a_scheduler_that_is_not_there_is_told(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.cluster.extract.CONNECT", 1)
    with pytest.raises(KgError, match="cannot be reached"):
        extract([reports], str(tmp_path / "out"), scheduler=f"tcp://127.0.0.1:{free_port()}")
