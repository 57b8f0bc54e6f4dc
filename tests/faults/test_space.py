"""A disk that is full, a file that may not grow, an output that takes nothing."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.faults import BUILD, look, strays
from tests.faults.command import copy, is_clear, kg, whole
from tests.faults.conftest import Ready


@pytest.mark.parametrize("size", [0, 2_000, 40_000])
def test_files_that_may_not_grow(ready: Ready, size: int) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    status, _, told = kg(ready.folder, *BUILD, limit=limit)
    assert status == 0 or is_clear(status, told), told
    assert whole(ready.folder, ready.before, ready.built)
    assert kg(ready.folder, *BUILD)[0] == 0
    assert look(ready.folder / "store") == (ready.built, True)
    assert strays(ready.folder / "store") == []


def test_an_export_that_may_not_grow_leaves_the_former_one(ready: Ready) -> None:
    (ready.folder / "out.nq").write_text("before\n")
    names = {file.name for file in ready.folder.iterdir()}

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))

    status, _, told = kg(ready.folder, "export", "-o", "out.nq", limit=limit)
    assert is_clear(status, told)
    assert (ready.folder / "out.nq").read_text() == "before\n"
    assert {file.name for file in ready.folder.iterdir()} == names


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "command", ["stats", "export", "build reports", "link", "link export", "query", "sparql ASK{}"]
)
def test_an_output_that_takes_nothing(ready: Ready, command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        status, _, told = kg(ready.folder, *command.split(), stdout=full)
    assert is_clear(status, told)
    assert "No space left" in told


def test_what_is_no_ordinary_file_is_written_to_and_not_replaced(ready: Ready) -> None:
    pipe = ready.folder / "pipe"
    os.mkfifo(pipe)
    with (ready.folder / "read").open("wb") as file, subprocess.Popen(["cat", pipe], stdout=file):
        assert kg(ready.folder, "export", "--format", "nquads", "-o", "pipe")[0] == 0
    assert (ready.folder / "read").read_bytes() == kg(ready.folder, "export", "--format", "nquads")[1]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of eight megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True)
    if mounting.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.parametrize("left", [0, 400_000])
def test_a_full_disk(template: Ready, small_disk: Path, left: int) -> None:
    folder = copy(template.folder, small_disk / "work")
    space = os.statvfs(small_disk)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(max(space.f_bavail * space.f_frsize - left, 0)))
    for command in (BUILD, ("link",), ("link", "import", "decisions.tsv"), ("export", "-o", "out.nq.gz")):
        status, _, told = kg(folder, *command)
        assert status == 0 or is_clear(status, told), told
        assert [file.name for file in folder.iterdir() if file.name.endswith(".part")] == []
    found, union = look(folder / "store")
    assert union
    links = next(graph for graph in template.before if "links" in graph)
    assert all(found[g] in (template.before.get(g), template.built.get(g)) for g in found if g != links)
    filler.unlink()
    assert kg(folder, *BUILD)[0] == 0
    assert kg(folder, "link")[0] == 0
    found, union = look(folder / "store")
    assert union and {g: q for g, q in found.items() if g != links} == {
        g: q for g, q in template.built.items() if g != links
    }
    assert strays(folder / "store") == []
