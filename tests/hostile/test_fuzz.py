"""A small share of the fuzzing of tools/fuzz.py, and all inputs that once broke something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.fuzz import CORPUS, TARGETS, attempt, fuzz, labelled, unpacked

KEPT = sorted(path.relative_to(CORPUS) for path in CORPUS.glob("*/*"))


@pytest.mark.parametrize("path", KEPT, ids=str)
def test_what_once_broke_something_does_not_any_more(path: Path) -> None:
    assert attempt(TARGETS[path.parts[0]], (CORPUS / path).read_bytes()) is None


@pytest.mark.parametrize("name", TARGETS)
def test_inputs_made_at_random(name: str, tmp_path: Path) -> None:
    (told,) = fuzz([name], max(20, round(8_000 * TARGETS[name].share)), "tests", 1, 1e9, tmp_path)
    assert told["failed"] == 0, sorted(path.read_bytes() for path in tmp_path.glob("*/*"))


def test_a_fault_is_found_cut_down_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.extract import periods

    def broken(norm: str, begin: int, end: int, year: int | None) -> list[object]:
        if "年" in norm:
            raise ZeroDivisionError("oops")
        return []

    monkeypatch.setattr(periods, "find_periods", broken)
    (told,) = fuzz(["periods"], 200, "tests", 1, 1e9, tmp_path)
    assert told["failed"] > 10 and told["kinds"] == 1
    (kept,) = tmp_path.glob("periods/*")
    assert unpacked(kept.read_bytes()) == "年"


def test_what_takes_too_long_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.extract import periods
    from tools import fuzz as module

    def endless(*_: object) -> list[object]:
        while True:
            pass

    monkeypatch.setattr(periods, "find_periods", endless)
    monkeypatch.setattr(module, "SECONDS", 0.05)
    fault = attempt(TARGETS["periods"], b"x")
    assert fault is not None and fault.what == "more than the time allowed"


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_is_left_behind(jobs: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.fuzz", "--target", "reader", "--inputs", "20", "--jobs", str(jobs)]
    (tmp_path / "temporary").mkdir()
    run = subprocess.run(
        [*command, "--corpus", tmp_path / "corpus"],
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"inputs": 20' in run.stdout
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("format", ["nquads", "turtle", "trig", "jsonld", "ntriples"])
@given(text=st.text(st.characters(), max_size=60))
@settings(max_examples=40, deadline=None)
def test_labels_of_any_kind_survive_export_and_import(format: str, text: str) -> None:
    """Control characters, marks of direction, lone surrogates (as U+FFFD), everything beyond the first plane."""
    from kg.graph.mapping import to_quads
    from tools.fuzz import check_quads

    check_quads(to_quads(labelled(text)), format=format)
