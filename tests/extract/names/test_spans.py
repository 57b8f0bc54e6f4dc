"""Stretches that may be names: which they are, and what is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extract.lexicon import tokenize
from kg.extract.names.finder import Finder
from kg.extract.names.spans import Sight
from kg.text.reader import read_report

HEAD = "东河区2011年政府工作报告\n区长 李明\n各位代表：\n一、2010年工作回顾\n"


def sights(path: Path) -> list[Sight]:
    report = read_report(path)
    finder = Finder(report, report.norm, tokenize(report.norm))
    return [Sight(finder.ctx, scene) for scene in finder.sentences()]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("推进东河应用技术研发与产业化中心建设。", "东河应用技术研发与产业化中心"),
        ("实施城市更新三年行动。", "城市更新三年行动"),
        ("鹭洲中学初中部办学。", "鹭洲中学"),
        ("规划建设电子商务产业园。", "电子商务产业园"),
        ("鹭洲至云山快速通道通车。", "鹭洲至云山快速通道"),
        ("引进万润新能源、鲲能等企业。", "万润新能源"),
    ],
)
def test_a_stretch_may_reach_over_what_ends_a_chunk_and_be_less_than_one(
    tmp_path: Path, sentence: str, name: str
) -> None:
    (tmp_path / "report.txt").write_text(HEAD + sentence, encoding="utf-8")
    found = {
        sight.ctx.text(sight.row[first].begin, sight.row[last].end)
        for sight in sights(tmp_path / "report.txt")
        for first, last in sight.stretches()
    }
    assert name in found


def test_no_stretch_reaches_over_a_full_stop_or_a_comma(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(HEAD + "建成鹭洲中学，推进云山公园建设。东河大桥通车。", encoding="utf-8")
    for sight in sights(tmp_path / "report.txt"):
        for first, last in sight.stretches():
            text = sight.ctx.text(sight.row[first].begin, sight.row[last].end)
            assert not {"，", "。"} & set(text), text


def test_whether_other_reports_have_a_stretch_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(HEAD + "建设工业园区，推进鹭洲古渡建设。", encoding="utf-8")
    told = {
        sight.ctx.text(sight.row[first].begin, sight.row[last].end): often
        for sight in sights(tmp_path / "report.txt")
        for (first, last), often in zip(sight.stretches(), sight.shared(sight.stretches()), strict=True)
    }
    assert told["工业园区"] == "no general" and told["鹭洲古渡"] == "no"
