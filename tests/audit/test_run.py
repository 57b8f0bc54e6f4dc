"""The audit of small stores, built from short texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.audit import run
from kg.audit.checks import CHECKS, Outcome
from kg.errors import KgError
from kg.graph.store import open_store
from kg.pipeline import build

HEAD = "{area}{year}年政府工作报告\n——{year}年1月10日在{area}第十届人民代表大会第一次会议上\n市长 张明\n各位代表:\n"


def text(year: int, review: str, plan: str = "提高效益。", area: str = "甲市") -> str:
    """A report of a year: the review of the year before, and the plan."""
    return HEAD.format(area=area, year=year) + f"一、{year - 1}年工作回顾\n{review}\n二、{year}年主要任务\n{plan}\n"


def audit(folder: Path, *texts: str, **more: object) -> run.Audit:
    for n, each in enumerate(texts):
        (folder / f"{n}.txt").write_text(each, encoding="utf-8")
    summary = build([str(folder)], store_dir=folder / "store")
    assert not summary.failures
    return run.audit(open_store(folder / "store", read_only=True), **more)  # type: ignore[arg-type]


def found(of: run.Audit) -> list[tuple[str, str, str, str, str, str]]:
    return [(f.check, f.outcome.value, f.indicator, f.period, f.told, f.found) for f in of.findings]


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (
            "全市出口总额从2009年的110亿元增加到2010年的200亿元。2010年,全市出口总额增长78%。",
            [("growth", "contradiction", "出口总额", "2010", "78%", "81.82%")],
        ),
        (
            "2010年,出口总额达到80亿元,进口总额达到30亿元,进出口总额达到100亿元。",
            [
                ("parts", "contradiction", "进出口总额", "2010", "100亿元", "110亿元"),
                ("parts", "consistent", "出口总额", "2010", "80亿元", "≤ 100亿元"),
                ("parts", "consistent", "进口总额", "2010", "30亿元", "≤ 100亿元"),
            ],
        ),
        (
            "税收收入由2005年的10.0亿元增加到2010年的25.0亿元,年均增长20.1%,是2005年的2.5倍。",
            [
                ("average growth", "consistent", "税收收入", "2005/2010", "20.1%", "20.11%"),
                ("multiple", "consistent", "税收收入", "2005/2010", "2.5倍", "2.5倍"),
            ],
        ),
        (
            "三次产业比例由2005年的5∶45∶50调整为2010年的4∶46∶50。",
            [
                ("shares", "consistent", "第一产业比重", "2005", "100%", "100%"),
                ("shares", "consistent", "第一产业比重", "2010", "100%", "100%"),
            ],
        ),
        (
            "税收收入达到25亿元,增长8%,扣除物价因素后,增长5%。",
            [("told twice", "nominal/real", "税收收入", "2010", "5%", "8%")],
        ),
        ("上半年税收收入达到25亿元。全年税收收入达到55亿元,增长8%。", []),
        ("五年累计实现税收收入255亿元,其中2010年税收收入55亿元。", []),
    ],
)
def test_one_report(tmp_path: Path, review: str, expected: list[tuple[str, ...]]) -> None:
    assert sorted(found(audit(tmp_path, text(2011, review)))) == sorted(expected)


def test_several_reports(tmp_path: Path) -> None:
    of = audit(
        tmp_path,
        text(
            2011,
            "2010年,地区生产总值达到200亿元,增长11%。税收收入达到30亿元。",
            "地区生产总值增长12%左右。税收收入增长10%以上。",
        ),
        text(2012, "2011年,地区生产总值达到230亿元,增长10.5%。税收收入达到31亿元,增长13.3%。"),
        text(2012, "2011年,地区生产总值达到900亿元,增长10.5%。", area="乙市"),
    )
    assert found(of) == [
        ("growth", "contradiction", "税收收入", "2011", "13.3%", "3.33%"),
        ("outcome", "contradiction", "地区生产总值", "2011", "12%", "10.5%"),
        ("growth", "nominal/real", "地区生产总值", "2011", "10.5%", "15%"),
        ("outcome", "consistent", "税收收入", "2011", "10%", "13.3%"),
    ]
    assert all(finding.across and finding.area == "甲市" for finding in of.findings)
    assert of.counts["growth"] == {Outcome.CONTRADICTION: 1, Outcome.NOMINAL_REAL: 1}
    assert of.figures == 11


def test_every_finding_quotes(tmp_path: Path) -> None:
    one = text(2011, "出口总额从2009年的110亿元增加到2010年的200亿元。2010年,出口总额增长78%。")
    of = audit(tmp_path, one)
    for finding in of.findings:
        for figure in finding.figures:
            for place in figure.places:
                assert place.before + place.quotation + place.behind == place.sentence
                assert one[place.begin : place.end] == place.quotation and figure.text in place.quotation
    [told] = of.as_json()["findings"]
    assert told["figures"][0]["sentence"] == "2010年,出口总额增长78%。" and told["gap"] is None
    assert [f["text"] for f in told["figures"]] == ["78%", "110亿元", "200亿元"]


def test_only_some_checks_and_areas(tmp_path: Path) -> None:
    of = audit(tmp_path, text(2011, "出口总额从2009年的110亿元增加到2010年的200亿元,增长78%。"), checks=["shares"])
    assert of.findings == () and set(of.counts) == set(CHECKS)
    store = open_store(tmp_path / "store", read_only=True)
    assert run.audit(store, area="甲").figures == 3 and run.audit(store, area="乙市").figures == 0
    with pytest.raises(KgError, match="no check 'guess'"):
        run.audit(store, checks=["guess"])


def test_a_store_without_figures(tmp_path: Path) -> None:
    of = audit(tmp_path, text(2011, "我们加强管理。"))
    assert of.figures == 0 and of.findings == () and of.as_json()["findings"] == []
