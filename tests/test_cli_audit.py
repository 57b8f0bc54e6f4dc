"""The command ``kg audit``: what it prints for people and for programs, and its exit status."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kg import cli_audit
from kg.audit.checks import CHECKS, Outcome
from kg.cli import cli
from kg.pipeline import build

HEAD = "甲市{year}年政府工作报告\n——{year}年1月10日在甲市第十届人民代表大会第一次会议上\n市长 张明\n各位代表:\n"
FIRST = (
    HEAD.format(year=2011)
    + "一、2010年工作回顾\n全市出口总额从2009年的110亿元增加到2010年的200亿元。2010年,全市出口总额增长78%。\n"
    + "二、2011年主要任务\n全市地区生产总值增长12%,税收收入达到50亿元以上。\n"
)
SECOND = (
    HEAD.format(year=2012)
    + "一、2011年工作回顾\n2011年,全市地区生产总值增长10.5%,税收收入达到52亿元。\n二、2012年主要任务\n提高效益。\n"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports: a growth that is wrong, a target that was missed and one that was kept."""
    texts = tmp_path_factory.mktemp("texts")
    (texts / "a.txt").write_text(FIRST, encoding="utf-8")
    (texts / "b.txt").write_text(SECOND, encoding="utf-8")
    assert not build([str(texts)], store_dir=texts / "store").failures
    return texts / "store"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["audit", *map(str, arguments)])


def kg(*arguments: str | Path) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def checks(*arguments: str | Path) -> list[str]:
    told: dict[str, Any] = json.loads(kg(*arguments, "--json"))
    return [f["check"] for f in told["findings"]]


def test_for_people(store: Path) -> None:
    out = kg("--store", store)
    assert out.startswith("7 figures\n")
    assert "targets with an outcome: 1 kept, 1 missed" in out
    assert "missed: outcome: 甲市 地区生产总值 2011\n  told 12%, reached 10.5% (-1.5个百分点)" in out
    assert "contradiction: growth: 甲市 出口总额 2010\n  told 78%, found 81.82%" in out
    assert "全市出口总额增长【78%】。" in out and "2009年的【110亿元】增加到2010年的200亿元" in out
    table = out.split("targets", 1)[0]
    assert [line.split()[0] for line in table.splitlines()[4:12] if line] == [
        "growth",
        "average",
        "multiple",
        "shares",
        "parts",
        "told",
        "steady",
    ]


def test_a_target_that_was_kept(store: Path) -> None:
    out = kg("--store", store, "--check", "outcome", "--outcome", "consistent")
    assert "kept: outcome: 甲市 税收收入 2011\n  told 50亿元, reached 52亿元 (+2亿元)" in out
    assert "average growth" not in out


def test_filters(store: Path) -> None:
    assert checks("--store", store) == ["growth", "outcome"]
    assert checks("--store", store, "--within") == ["growth"]
    assert checks("--store", store, "--across") == ["outcome"]
    assert checks("--store", store, "--check", "growth", "--check", "shares") == ["growth"]
    assert checks("--store", store, "--outcome", "rounding", "--outcome", "nominal/real") == []
    assert checks("--store", store, "--outcome", "consistent", "--outcome", "contradiction") == [
        "growth",
        "outcome",
        "outcome",
    ]
    assert checks("--store", store, "--area", "乙市") == []
    assert "targets" not in kg("--store", store, "--check", "growth")
    assert "… and 2 more: --limit" in kg("--store", store, "--limit", "0")
    assert "… and 1 more: --limit" in kg("--store", store, "--limit", "1")


def test_for_programs(store: Path) -> None:
    told = json.loads(kg("--store", store, "--format", "json"))
    assert told["figures"] == 7 and set(told["counts"]) == set(CHECKS)
    assert told["counts"]["outcome"] == {"consistent": 1, "contradiction": 1}  # the four outcomes stay
    missed = told["findings"][1]
    assert (missed["told"], missed["found"], missed["gap"], missed["across"]) == ("12%", "10.5%", -1.5, True)
    assert [f["modality"] for f in missed["figures"]] == ["target", "actual"]
    for finding in told["findings"]:
        for figure in finding["figures"]:
            assert figure["text"] in figure["sentence"] and figure["begin"] < figure["end"]
            assert figure["observation"].startswith("http") and figure["report"].startswith("http")


@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_for_spreadsheets(store: Path, format: str, delimiter: str) -> None:
    rows = list(csv.DictReader(io.StringIO(kg("--store", store, "--format", format)), delimiter=delimiter))
    assert [row["check"] for row in rows] == ["growth", "outcome"]
    assert all(row["sentence"] and row["other_sentences"] for row in rows)
    assert [(row["told"], row["found"], row["across"]) for row in rows] == [
        ("78%", "81.82%", "no"),
        ("12%", "10.5%", "yes"),
    ]


def test_names_are_those_of_the_checks() -> None:
    assert tuple(CHECKS) == cli_audit.CHECKS
    assert tuple(outcome.value for outcome in Outcome) == cli_audit.OUTCOMES


@pytest.mark.parametrize(
    "arguments", [("--check", "guess"), ("--outcome", "maybe"), ("--limit", "-1"), ("--format", "xml")]
)
def test_wrong_usage(store: Path, arguments: tuple[str, str]) -> None:
    assert run("--store", store, *arguments).exit_code == 2


def test_a_missing_store_is_one_line(tmp_path: Path) -> None:
    result = run("--store", tmp_path / "none")
    assert result.exit_code == 1 and result.output.count("\n") == 1
    assert "there is no store" in result.output and not (tmp_path / "none").exists()


def test_the_help_names_all_checks() -> None:
    out = kg("--help")
    assert all(name in out for name in CHECKS)
