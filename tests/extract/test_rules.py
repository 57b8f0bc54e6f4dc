"""Every rule can be left out, does what it is called, and leaves no trace when it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.extract.extractor import extract, rules
from kg.model import Extraction, Modality, Report, Status
from kg.text.reader import read_report

SEED = Path(__file__).resolve().parents[2] / "seeds" / "haizhu-2011.txt"

#: what the seed report gives no case for
OTHERS = """乌兰市2019年政府工作报告
市长 李明
一、2018年工作回顾
规模以上工业增加值增长8.1%。
开通至伊尔库茨克、韩国、日本等国际航线10条。
区人民医院、区中医院改扩建项目竣工。
东湖新城成为全市重要平台,岭东大学(青年)、岭西大学(东校)等高校相继落地。
云山新城加快建设,顶新集团、永和集团相继落户。
兰新快速通道乌兰段主体工程完工。
鲲能储能、瑞翔光电、晟联重工加快发展。
渠江水质保持稳定。
严格落实中央八项规定精神。
办好创业创新大赛。
第六届老年书画艺术展影响扩大。
成立产业链服务协调中心。
陈泽远省长到我市调研。
铜仁至陇西高铁进展顺利。
经开区引进企业30家。
建成云西、龙西、鹭西铁路。
推进地铁5号线、6号线建设。
出台招商引资20条。
云昆高铁成自段竣工。
围绕“东进西拓”战略,优化布局。
投资60亿元的云影文化产业园开工。
鹭洲综合保税区封关运行。鹭洲综保区进出口增长。
乌兰高新区引进企业30家。高新区加快建设。
盘西经济开发区扩容。提升盘西、云东等片区。
贯彻中央八项规定。
贯彻“十二五”规划。“十二五”时期是我市发展极不平凡的五年。
实施“两河九沟”治理工程。深化“两河九沟”行动。
引进鲁宁集团、永和、华瀚等企业。鲁宁、永和、华瀚等企业发展壮大。
编制《乌兰市发展规划纲要（草案）》。落实《纲要》。
浦发、平安、汉口、交通、中信、招商等股份制银行到乌兰布点。
出台人才倍增、产业人力资源集聚等2项新政。
启动实施新兴产业倍增、服务业提速、传统产业升级计划。
实施重点产业、重点企业倍增计划。
推动云泰光电薄膜成功上市。
“两路一桥”工程：鹭云高速杨家厂段、云西高速东延段、鹭西长江大桥。
在东湖新城建设鹭山装备产业园。
谢家铺镇港中坪村光伏电站建成。
市人民医院创成三级甲等综合医院。
石鸡坝水库大坝封顶。鹭洲水库大坝建成蓄水。
腾云镇建成水厂。腾云、鹭山等乡镇加快发展。
推进万建路、云密路改造。
沈满欧、沈连欧两条中欧班列常态化运行。地铁4、6号线加快建设。城轨5号线、7号线开工。
加快地铁8号线施工，8号线年底通车。
推进区校合作建设。
云溪县建成全国绿色食品原料标准化生产基地。
推进云溪物贸集团年产3000辆专用车项目建设。
"""

#: rules about what the network has found
ONLY_LEARNED = {"names.alike", "things.bare", "things.documents", "things.plan_years", "things.zones", "things.shorter"}


NONE: frozenset[str] = frozenset()
#: what the network has found, the rules would mostly find, too: for most of them it is left out
NETWORK = "names.learned"


@pytest.fixture(scope="module")
def seed() -> Report:
    return read_report(SEED)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("rules") / "others.txt"
    path.write_text(OTHERS, encoding="utf-8")
    return read_report(path)


@pytest.fixture(scope="module")
def kept(seed: Report, others: Report) -> dict[frozenset[str], tuple[Extraction, Extraction]]:
    """What both texts give with all rules, and without the network."""
    return {rest: (extract(others, without=rest), extract(seed, without=rest)) for rest in (NONE, frozenset({NETWORK}))}


@pytest.fixture(scope="module")
def whole(kept: dict[frozenset[str], tuple[Extraction, Extraction]]) -> Extraction:
    return kept[NONE][1]


@pytest.mark.parametrize("rule", rules())
def test_leaving_it_out_changes_the_extraction(
    rule: str, seed: Report, others: Report, kept: dict[frozenset[str], tuple[Extraction, Extraction]]
) -> None:
    if rule == NETWORK:  # of many names in any report
        assert extract(seed, without={rule}) != kept[NONE][1]
        return
    rest = NONE if rule in ONLY_LEARNED else frozenset({NETWORK})
    # the short text first: what changes that need not be tried on the long one
    assert any(
        extract(text, without={rule, *rest}) != was for text, was in zip((others, seed), kept[rest], strict=True)
    )


def test_every_rule_says_what_it_does() -> None:
    for name, what in rules().items():
        assert len(what) > 10, name
        assert name.split(".")[0] in ("names", "things", "relations", "figures")


@pytest.mark.parametrize("rule", rules())
def test_a_report_can_be_read_without_any_rule(rule: str, others: Report) -> None:
    extract(others, without={rule})


def test_an_unknown_rule_is_refused(seed: Report) -> None:
    with pytest.raises(ValueError, match=r"no such rule: figures\.guesses"):
        extract(seed, without={"names.lists", "figures.guesses"})


def test_without_its_rule_nothing_of_it_is_left(seed: Report) -> None:
    bare = extract(seed, without={"relations.status", "figures.targets", "figures.ratios"})
    assert {e.status for e in bare.entities} == {None}
    assert {o.modality for o in bare.observations} == {Modality.ACTUAL}
    assert not any("∶" in o.value_text or ":" in o.value_text for o in bare.observations)


def test_nothing_of_it_is_left_behind(seed: Report, whole: Extraction) -> None:
    extract(seed, without=set(rules()))
    assert extract(seed) == whole
    assert Status.COMPLETED in {e.status for e in whole.entities}
