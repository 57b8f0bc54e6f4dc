"""What is kept from one process to the next is what was made, of the same files; damage and haste harm nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg import kept
from kg.extract.words import LISTS as WORD_LISTS
from kg.extract.words import Lists, words

LISTS = {"园": {"创意园", "产业园"}, "区": {"海珠区"}, "": ()}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where things are kept during the test."""
    monkeypatch.setattr(kept, "_place", lambda name: tmp_path / "kept" / name)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "kept"


def making(calls: list[int]) -> Callable[[], Any]:
    def lists() -> Any:
        calls.append(1)
        return LISTS

    return kept.kept_on_disk(lists)


def test_it_is_made_once(folder: Path) -> None:
    calls: list[int] = []
    first, second = making(calls), making(calls)
    assert first() == LISTS and second() == LISTS == second()
    assert len(calls) == 1
    assert [file.name for file in folder.iterdir()] == [f"{__name__}.lists"]


def test_nothing_may_be_what_is_kept(folder: Path) -> None:
    calls: list[int] = []

    def nothing() -> None:
        calls.append(1)

    kept.kept_on_disk(nothing)()
    kept.kept_on_disk(nothing)()
    assert len(calls) == 1


def test_another_file_and_it_is_made_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    making(calls)()
    monkeypatch.setattr(kept, "_files", lambda: "others")
    making(calls)()
    assert len(calls) == 2


def test_a_file_is_told_by_name_size_and_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "kg"
    (package / "data").mkdir(parents=True)
    table = package / "data" / "words.tsv"
    table.write_text("word\n一\n")
    monkeypatch.setattr(kept, "__file__", str(package / "kept.py"))
    files = kept._files.__wrapped__
    told = {files()}
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "words.pyc").write_text("")
    assert {files()} == told, "what is kept itself changes nothing"
    table.write_text("word\n二\n")
    os.utime(table, ns=(1, 1))
    told.add(files())
    table.write_text("word\n二十\n")
    os.utime(table, ns=(1, 1))
    told.add(files())
    table.rename(table.with_name("others.tsv"))
    told.add(files())
    assert len(told) == 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:20],
        lambda data: data[:-1],
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: b"something else",
        lambda data: kept._digest(b"\xff", kept._files()) + b"\xff",
    ],
)
def test_damage_is_noticed(damage: Callable[[bytes], bytes], folder: Path) -> None:
    calls: list[int] = []
    making(calls)()
    (file,) = folder.iterdir()
    data = file.read_bytes()
    file.write_bytes(damage(data))
    assert making(calls)() == LISTS
    assert len(calls) == 2
    making(calls)()
    assert len(calls) == 2, "it was kept again"


def test_another_version_of_python_makes_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write("some", 1, of="files")
    assert kept.read("some", of="files") == 1
    monkeypatch.setattr(kept.sys, "version", "3.99")
    assert kept.read("some", of="files") is None


def test_where_python_keeps_nothing_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert making([])() == LISTS
    assert not folder.exists()
    monkeypatch.setattr(kept, "_place", lambda name: None)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert making([])() == LISTS
    folder.write_text("")  # no folder can be made there
    monkeypatch.setattr(kept, "_place", lambda name: folder / name)
    assert making([])() == LISTS
    assert folder.read_text() == ""


def test_it_lies_beside_the_byte_code() -> None:
    place = kept._place("some")
    assert place is not None and kept.__spec__ is not None and kept.__spec__.cached is not None
    assert place.parent == Path(kept.__spec__.cached).parent
    assert place.name == f"kept.{sys.implementation.cache_tag}.some"


def test_kept_lists_are_those_of_the_tables() -> None:
    fresh, known = Lists(), words()
    fresh.read()
    for name in WORD_LISTS:
        assert getattr(known, name) == getattr(fresh, name), name
        assert type(getattr(known, name)) is type(getattr(fresh, name)), name


def test_processes_that_begin_at_once(tmp_path: Path) -> None:
    """A copy of the package, nothing kept of it, some processes at once, one more after them."""
    package = Path(kept.__file__).parent
    for name in ("kg", "ontology", "queries", "seeds"):
        shutil.copytree(package.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    code = (
        "from kg.extract.words import words; from kg import kept, patterns; w = words()"
        "; print(kept.__file__, len(w.general), len(patterns._new))"
    )

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", code]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)

    first = [process.communicate()[0].split() for process in [begin(), begin(), begin()]]
    last = begin().communicate()[0].split()
    assert [told[:2] for told in first] == [last[:2]] * 3
    assert last == [str(tmp_path / "kg" / "kept.py"), str(len(words().general)), "0"]
    left = {file.name.split(".", 2)[2] for file in (tmp_path / "kg" / "__pycache__").iterdir() if "kept." in file.name}
    assert left == {"pyc", "patterns", "kg.extract.words.lists"}, "nothing half written is left"
