from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import pipeline, resources
from kg.errors import KgError
from kg.graph import mapping, writing
from kg.graph.store import open_store
from kg.pipeline import build
from tests.conftest import small_extraction
from tests.test_pipeline import GOOD, nquads
from tests.test_processes import gone


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Reports of several areas, with a bad one, and with files that claim the place of another."""
    folder = tmp_path / "报告"
    (folder / "二").mkdir(parents=True)
    for number, area in enumerate("甲乙丙丁戊己庚辛"):
        (folder / f"{number}.txt").write_text(GOOD.replace("甲区", f"{area}区").format(100 + number), encoding="utf-8")
    (folder / "3-bad.txt").write_bytes(b"\x00\x01\x02\xff" * 100)
    (folder / "copy-of-2.txt").write_bytes((folder / "2.txt").read_bytes())  # the same content
    (folder / "二" / "5.txt").write_text(GOOD.replace("甲区", "己区").format(7), encoding="utf-8")  # the same place
    return folder


@pytest.mark.parametrize("batch", [1, 150, 10**6])
@pytest.mark.parametrize("workers", [2, 3])
def test_the_result_is_that_of_one_process(
    workers: int, batch: int, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = build([reports], store_dir=tmp_path / "one")
    monkeypatch.setattr(writing.Batches.__init__, "__defaults__", (batch,))
    told: list[tuple[int, int, str | None]] = []
    more = build(
        [reports],
        store_dir=tmp_path / "more",
        workers=workers,
        on_progress=lambda done, total, file: told.append((done, total, file.name if file else None)),
    )
    assert nquads(tmp_path / "more") == nquads(tmp_path / "one")
    left, right = one.as_json(), more.as_json()
    assert {**left, "store": "", "seconds": 0} == {**right, "store": "", "seconds": 0}
    assert [Path(error.file or "").name for error in more.failures] == ["3-bad.txt"]
    assert [number for number, *_ in told] == list(range(12)) and told[-1] == (11, 11, None)


def test_building_again_with_workers_changes_nothing(reports: Path, tmp_path: Path) -> None:
    build([reports], store_dir=tmp_path / "store")
    before = nquads(tmp_path / "store")
    build([reports], store_dir=tmp_path / "store", workers=2)
    assert nquads(tmp_path / "store") == before


def test_few_reports_start_no_processes(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.processes.cores", lambda: 8)
    seed = next(resources.folder("seeds").glob("*.txt"))
    assert pipeline._crew_size([seed], None) == 1
    assert pipeline._crew_size([seed, seed], None) == 1
    assert pipeline._crew_size(list(reports.glob("*.txt")), None) == 1, "many, but small"
    assert pipeline._crew_size([seed] * 100, None) == 8
    assert pipeline._crew_size([seed] * 3, 2) == 2, "what is asked for is done"
    assert pipeline._crew_size([seed] * 2, 5) == 2


def test_a_report_that_kills_its_process_costs_none_of_the_others(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg import processes

    class Deadly(processes.Crew):
        def __init__(self, task: str, size: int, *, warm: str | None = None) -> None:
            super().__init__("tests.test_build_workers:deadly", size, warm=warm)

    monkeypatch.setattr(processes, "Crew", Deadly)
    summary = build([reports], store_dir=tmp_path / "store", workers=2)
    assert [b.file.name for b in summary.reports][:3] == ["0.txt", "1.txt", "2.txt"]
    assert len(summary.reports) == 9
    _, dead = summary.failures
    assert str(dead).startswith(f"{reports / '4.txt'}: the process that built this report died, and so did a second")
    assert "short of memory" in str(dead)


def deadly(job: pipeline.Job) -> pipeline.Made | KgError:
    if job.file.name == "4.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    return pipeline.attempt(job)


def test_what_the_writer_cannot_write_is_raised_and_ends_all(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(writing.Batches, "flush", full)
    before = set(descendants(os.getpid()))
    with pytest.raises(OSError, match="No space"):
        build([reports], store_dir=tmp_path / "store", workers=2)
    assert "kg-writer" not in [thread.name for thread in threading.enumerate()]
    assert set(descendants(os.getpid())) <= before


@pytest.mark.slow
def test_ctrl_c_ends_all_processes_within_a_second(tmp_path: Path) -> None:
    text = next(resources.folder("seeds").glob("*.txt")).read_text(encoding="utf-8")
    (tmp_path / "reports").mkdir()
    for number in range(60):
        (tmp_path / "reports" / f"{number}.txt").write_text(f"{text}\n第{number}份。\n", encoding="utf-8")
    command = [sys.executable, "-c", "from kg.cli import main; main()", "build", "--workers", "2"]
    command += [str(tmp_path / "reports"), "--store", str(tmp_path / "store")]
    build = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    with build:
        until = time.monotonic() + 60
        while len(pids := descendants(build.pid)) < 3:
            assert build.poll() is None and time.monotonic() < until
            time.sleep(0.01)
        time.sleep(0.5)
        os.killpg(build.pid, signal.SIGINT)
        assert gone(pids, 1)
        assert build.wait(10) != 0
    graphs = list(open_store(tmp_path / "store", read_only=True).named_graphs())
    assert len(graphs) < 60, "it was over before it was interrupted"


def descendants(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        if int(text.rpartition(")")[2].split()[1]) == pid:
            child = int(stat.parent.name)
            found += [child, *descendants(child)]
    return found


# packing --------------------------------------------------------------------------------------------------------------


def test_what_is_packed_is_what_is_read() -> None:
    extraction = small_extraction()
    graph = mapping.graph_of(extraction.report)
    quads = mapping.to_quads(extraction)
    hostile = "\x00\x01\t\r\n\"'\\<>{}|^`\u200f\ufeff\ufffe\U0010ffff@prefix x: <y> .\n中"
    node = NamedNode("https://example.org/a.b/%E3%80%8A(x)/,;=~-._中?q#f")
    quads += [Quad(node, node, Literal(text, language="zh"), graph) for text in (hostile, "@prefix a: <b> .\n")]
    packed = writing.pack(quads, graph)
    assert set(packed.quads()) == set(quads) and packed.triples == len(quads)
    assert not re.match(rb"@prefix", packed.body)
    with pytest.raises(ValueError, match="not of the graph"):
        writing.pack(quads, NamedNode("https://example.org/other"))
