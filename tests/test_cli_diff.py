"""``kg diff``: what it prints, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.graph.export import export
from kg.graph.vocab import term


@pytest.fixture
def exports(small_store: ox.Store, tmp_path: Path) -> tuple[str, str]:
    """The small graph, and the same with another value for one figure."""
    export(small_store, tmp_path / "a.nq", format="nquads", graph="report")
    text = (tmp_path / "a.nq").read_text(encoding="utf-8")
    line = next(
        each for each in text.split("\n") if str(term("sdmx-measure:obsValue")) in each and '"25000000000"' in each
    )
    (tmp_path / "b.nq").write_text(text.replace(line, line.replace("25000000000", "26000000000")), encoding="utf-8")
    return str(tmp_path / "a.nq"), str(tmp_path / "b.nq")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["diff", *arguments])
    return result.exit_code, result.output


def test_the_change_is_shown_with_its_words(exports: tuple[str, str]) -> None:
    status, out = run(*exports)
    assert status == 0
    assert "changed observation: 【250亿元】" in out
    assert "- 地区生产总值" in out and "25000000000" in out and "26000000000" in out
    assert run(*exports, "--kind", "entity")[1].count("changed observation") == 0


def test_json_and_exit_code(exports: tuple[str, str]) -> None:
    status, out = run(*exports, "--json", "--exit-code")
    told = json.loads(out)
    assert status == 1
    assert told["counts"] == [{"kind": "observation", "what": "changed", "number": 1}]
    [change] = told["changes"]
    assert change["after"]["places"][0]["quotation"] == "250亿元"
    assert run(exports[0], exports[0], "--exit-code")[0] == 0


def test_what_cannot_be_read_is_one_line(tmp_path: Path, exports: tuple[str, str]) -> None:
    status, out = run(exports[0], str(tmp_path / "no.ttl"))
    assert status == 1 and out.count("\n") == 1 and "no.ttl" in out
