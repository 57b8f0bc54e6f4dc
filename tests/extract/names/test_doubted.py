"""What one way alone has found is no name where the network speaks against it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extract.extractor import extract
from kg.extract.lexicon import tokenize
from kg.extract.names.doubted import doubted, is_doubted, ways_of
from kg.extract.names.finder import Finder
from kg.extract.names.network import judged, whole
from kg.extract.names.spans import Sight
from kg.resources import folder
from kg.text.reader import read_report

HEAD = "东河区2011年政府工作报告\n区长 李明\n各位代表：\n一、2010年工作回顾\n"


def names(folder: Path, sentence: str, *without: str) -> set[str]:
    (folder / "report.txt").write_text(HEAD + sentence, encoding="utf-8")
    return {e.name for e in extract(read_report(folder / "report.txt"), without=without).entities}


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("强化产业扶贫，巩固老项目、发展新项目、培育大项目，带动村集体经济发展。", "发展新项目"),
        ("编制储备一批品牌酒店、精品民宿、大型游乐、生态康养等项目。", "酒店"),
        ("高水平打造产业转型平台，加强排水管网、抽水泵站建设。", "抽水泵站"),
        ("打造产学研一体化创新平台。", "产学研一体化创新平台"),
    ],
)
def test_a_kind_that_a_rule_takes_for_a_thing_is_none(tmp_path: Path, sentence: str, kind: str) -> None:
    assert kind in names(tmp_path, sentence, "names.doubted")
    assert kind not in names(tmp_path, sentence)


def test_what_stands_in_a_list_of_troubles_is_none(tmp_path: Path) -> None:
    assert "潮声街" in names(tmp_path, "改造潮声街等道路。")
    assert "潮声街" not in names(tmp_path, "解决潮声街等民生难题。")
    assert "潮声街" in names(tmp_path, "解决潮声街等历史遗留问题。"), "the trouble is with it"


def test_what_is_built_is_one_where_few_reports_use_its_words(tmp_path: Path) -> None:
    assert "潮声路" in names(tmp_path, "二是提升城市功能。打通潮声路，做好前期工作。")


def test_what_is_doubted_comes_to_less_than_a_name_does() -> None:
    report = read_report(folder("seeds") / "haizhu-2011.txt")
    finder = Finder(report, report.norm, tokenize(report.norm))
    gone = 0
    for sight, of in judged(Sight(finder.ctx, scene) for scene in finder.sentences()):
        against = doubted(finder.ctx, sight.scene, of)
        sums = {id(c): of.sums[first, last] for c, first, last in whole(sight.scene)}
        for c in sight.scene.candidates:
            total = sums.get(id(c), 0)
            assert not any(c is d for d in against) or (total < 0 and (is_doubted(c) or c.rule.startswith("quote")))
        gone += len(against)
    assert gone > 3


def test_what_two_ways_have_found_is_not_doubted() -> None:
    assert ways_of("list:项目+head:公园") == ["head", "list"]
    assert ways_of("list:项目+list:工程") == ["list"]
