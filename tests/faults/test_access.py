"""Folders that may not be written to; a store that another process has open; two that want to write at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.faults import BUILD, look, run, strays
from tests.faults.command import files, is_clear, kg, start
from tests.faults.conftest import Ready

WRITING = ("build reports", "link", "link import decisions.tsv")
READING = ("stats", "query enterprises-settled", "show 海珠区", "export --format nquads", "link export")


# read-only ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def under() -> list[str]:
    """What to begin a command with, so that permissions hold for it: root has to lay down what lets it ignore them."""
    if os.geteuid():
        return []
    rights = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if not shutil.which("setpriv") or subprocess.run([*rights, "true"], capture_output=True).returncode:
        pytest.skip("root may write everywhere, and cannot lay this down here")
    return rights


@pytest.fixture
def read_only(ready: Ready) -> Iterator[Ready]:
    every = [ready.folder, *(path for path in ready.folder.rglob("*"))]
    for path in every:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield ready
    for path in every:
        if path.is_dir():
            path.chmod(0o755)


def test_a_read_only_folder_is_read_and_not_written(read_only: Ready, under: list[str]) -> None:
    before = files(read_only.folder / "store")
    for command in (*WRITING, "export -o out.nt", "link export out.tsv", "build reports --store new"):
        status, _, told = kg(read_only.folder, *command.split(), under=under)
        assert is_clear(status, told), (command, told)
        assert "ermission denied" in told and "another process" not in told
    for command in READING:
        assert kg(read_only.folder, *command.split(), under=under)[0] == 0, command
    assert files(read_only.folder / "store") == before


def test_a_folder_that_cannot_be_read_is_told_and_costs_no_other(ready: Ready, under: list[str]) -> None:
    closed = ready.folder / "reports" / "closed"
    closed.mkdir(mode=0)
    try:
        status, _, told = kg(ready.folder, *BUILD, under=under)
    finally:
        closed.chmod(0o755)
    assert status == 1 and "reports/closed: the folder cannot be read: Permission denied" in told
    assert look(ready.folder / "store") == (ready.built, True)


# links to elsewhere ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["CURRENT", "000099.log", "kg-written"])
def test_a_store_writes_nothing_through_a_link(ready: Ready, name: str) -> None:
    elsewhere = ready.folder / "elsewhere"
    elsewhere.write_text("mine\n")
    link = ready.folder / "store" / name
    link.unlink(missing_ok=True)
    link.symlink_to(elsewhere)
    status, _, told = kg(ready.folder, *BUILD)
    assert is_clear(status, told) and f"store holds a link ({name})" in told
    assert elsewhere.read_text() == "mine\n"


@pytest.mark.parametrize("command", ["export -o out.tsv", "link export out.tsv"])
def test_a_file_is_written_in_the_place_of_a_link(ready: Ready, command: str) -> None:
    elsewhere = ready.folder / "elsewhere"
    elsewhere.write_text("mine\n")
    (ready.folder / "out.tsv").symlink_to(elsewhere)
    more = ("--format", "nquads") if command.startswith("export") else ()
    assert kg(ready.folder, *command.split(), *more)[0] == 0
    assert elsewhere.read_text() == "mine\n" and not (ready.folder / "out.tsv").is_symlink()


@pytest.mark.parametrize("command", ["export --format nquads -o store/CURRENT", "link export store/out.tsv"])
def test_nothing_is_written_among_the_files_of_a_store(ready: Ready, command: str) -> None:
    before = files(ready.folder / "store")
    status, _, told = kg(ready.folder, *command.split())
    assert is_clear(status, told) and "among the files of a store" in told
    assert files(ready.folder / "store") == before


# in use ---------------------------------------------------------------------------------------------------------------


class Holder:
    """A process that has a store open for writing until it is let go."""

    def __init__(self, store: Path) -> None:
        code = "import pyoxigraph, sys; s = pyoxigraph.Store(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None and self.process.stdout.readline() == b"open\n"

    def let_go(self) -> None:
        self.process.communicate()

    def __enter__(self) -> Holder:
        return self

    def __exit__(self, *raised: object) -> None:
        self.let_go()


@pytest.mark.parametrize("command", WRITING)
def test_who_wants_to_write_to_a_store_in_use_is_told(ready: Ready, command: str) -> None:
    with Holder(ready.folder / "store"):
        status, _, told = kg(ready.folder, *command.split())
    assert is_clear(status, told)
    assert "another process is writing to the store in store" in told
    assert look(ready.folder / "store") == (ready.before, True)


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not tell who holds a lock")
@pytest.mark.parametrize("command", READING[:2])
def test_who_wants_to_read_a_store_in_use_is_told(ready: Ready, command: str) -> None:
    with Holder(ready.folder / "store"):
        status, _, told = kg(ready.folder, *command.split())
    assert is_clear(status, told)
    assert "another process is writing to the store in store" in told


def test_a_build_waits_for_who_is_done_soon(ready: Ready) -> None:
    holder = Holder(ready.folder / "store")
    build = start(ready.folder, *BUILD)
    time.sleep(0.5)
    holder.let_go()
    _, told = build.communicate()
    assert (build.returncode, told) == (0, b"")
    assert look(ready.folder / "store") == (ready.built, True)


@pytest.mark.parametrize("store", ["store", "new"])
def test_several_builds_at_once(ready: Ready, store: str) -> None:
    """Each is done or says that the store is in use, as if one came after the other; also where there is no store."""
    reports = sorted((ready.folder / "reports").iterdir())
    alone = {}
    for report in reports:
        run(ready.folder, "build", f"reports/{report.name}", "--store", f"alone-{report.stem}")
        alone.update(look(ready.folder / f"alone-{report.stem}")[0])
    builds = [start(ready.folder, "build", f"reports/{report.name}", "--store", store) for report in reports]
    for build in builds:
        _, told = build.communicate()
        assert build.returncode == 0 or is_clear(build.returncode, told.decode()), told
        assert build.returncode == 0 or b"another process is writing" in told
    assert any(build.returncode == 0 for build in builds)
    found, union = look(ready.folder / store)
    assert union
    assert all(quads in (alone.get(g), ready.before.get(g)) for g, quads in found.items())
    run(ready.folder, "build", "reports", "--store", store)
    links = {graph: quads for graph, quads in ready.before.items() if "links" in graph and store == "store"}
    assert look(ready.folder / store) == ({**alone, **links}, True)
    assert strays(ready.folder / store) == []
