"""The audit of stores, and the command."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import cli_audit
from kg.audit import run
from kg.audit.checks import CHECKS, Outcome
from kg.cli import cli
from kg.errors import KgError
from kg.graph.store import open_store
from kg.pipeline import build

HEAD = "甲市{year}年政府工作报告\n——{year}年1月10日在甲市第十届人民代表大会第一次会议上\n市长 张明\n各位代表:\n"
FIRST = (
    HEAD.format(year=2011)
    + "一、2010年工作回顾\n全市出口总额从2009年的110亿元增加到2010年的200亿元。2010年,全市出口总额增长78%。\n"
    + "二、2011年主要任务\n全市地区生产总值增长12%。\n"
)
SECOND = (
    HEAD.format(year=2012) + "一、2011年工作回顾\n2011年,全市地区生产总值增长10.5%。\n二、2012年主要任务\n提高效益。\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two reports: a growth that is wrong, and a target that was missed."""
    texts = tmp_path_factory.mktemp("texts")
    (texts / "a.txt").write_text(FIRST, encoding="utf-8")
    (texts / "b.txt").write_text(SECOND, encoding="utf-8")
    summary = build([str(texts)], store_dir=texts / "store")
    assert not summary.failures
    return texts / "store"


def kg(*arguments: str | Path) -> str:
    result = CliRunner().invoke(cli, ["audit", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def test_what_contradicts_is_found_with_its_words(folder: Path) -> None:
    found = run.audit(open_store(folder, read_only=True))
    wrong = {(f.check, f.told, f.found) for f in found.findings if f.outcome is Outcome.CONTRADICTION}
    assert wrong == {("growth", "78%", "81.82%"), ("outcome", "12%", "10.5%")}
    for finding in found.findings:
        for figure in finding.figures:
            for place in figure.places:
                assert place.quotation in place.sentence and figure.text in place.quotation


def test_only_some_checks_and_areas(folder: Path) -> None:
    store = open_store(folder, read_only=True)
    assert {f.check for f in run.audit(store, checks=["outcome"]).findings} == {"outcome"}
    assert run.audit(store, area="乙市").findings == ()
    with pytest.raises(KgError, match="no check 'guess'"):
        run.audit(store, checks=["guess"])


def test_the_command_for_people(folder: Path) -> None:
    out = kg("--store", folder)
    assert "missed: outcome: 甲市 地区生产总值 2011" in out and "told 12%, reached 10.5%" in out
    assert "contradiction: growth: 甲市 出口总额 2010" in out and "【78%】" in out
    assert "missed" not in kg("--store", folder, "--within")
    assert "growth: 甲市" not in kg("--store", folder, "--across")
    assert "more: --limit" in kg("--store", folder, "--limit", "0")


def test_the_command_for_programs(folder: Path) -> None:
    told = json.loads(kg("--store", folder, "--json"))
    assert {f["check"] for f in told["findings"]} == {"growth", "outcome"}
    assert told["counts"]["outcome"] == {"contradiction": 1}
    assert told["findings"][0]["figures"][0]["sentence"]
    rows = list(csv.DictReader(io.StringIO(kg("--store", folder, "--format", "csv"))))
    assert {row["check"] for row in rows} == {"growth", "outcome"} and all(row["sentence"] for row in rows)


def test_names_are_those_of_the_checks() -> None:
    assert tuple(CHECKS) == cli_audit.CHECKS
    assert tuple(outcome.value for outcome in Outcome) == cli_audit.OUTCOMES


def test_a_missing_store_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["audit", "--store", str(tmp_path / "none")])
    assert result.exit_code == 1 and result.output.count("\n") == 1
