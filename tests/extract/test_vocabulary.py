"""Vocabulary is general: no word list holds the name of a thing that one annotated report names."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from kg import resources
from kg.extract.words import words
from kg.resources import table

ROOT = Path(__file__).resolve().parents[2]
ANNOTATIONS = (
    *ROOT.glob("seeds/*.gold.json"),
    *ROOT.glob("tests/evaluation/annotations/*.json"),
    *ROOT.glob("tests/evaluation/counties/read/*.json"),
    *ROOT.glob("tests/evaluation/districts/read*/*.json"),
)
#: shorter names are words of every day, too
_LEAST = 4

#: the word lists with the columns in which their entries stand, parted by | where a cell holds several. Left out are
#: lists of names (divisions, countries, names known all over the country) and of what several places' reports share
LISTS = {
    "coverage_words.tsv": ("word",),
    "cues.tsv": ("word",),
    "pattern_words.tsv": ("word",),
    "edges.tsv": ("word",),
    "governing_verbs.tsv": ("verb",),
    "heads.tsv": ("head",),
    "indicators.tsv": ("label", "aliases"),
    "obs_contractions.tsv": ("word",),
    "obs_words.tsv": ("word",),
    "same_things.tsv": ("word",),
    "text_area_suffixes.tsv": ("suffix",),
    "text_cues.tsv": ("pattern",),
    "text_generic_areas.tsv": ("word",),
    "text_headings.tsv": ("word",),
    "text_leanings.tsv": ("word",),
    "text_navigation.tsv": ("word",),
    "text_paragraph_leanings.tsv": ("word",),
    "text_posts.tsv": ("post",),
    "text_report_marks.tsv": ("word",),
    "torn_counters.tsv": ("behind",),
    "units.tsv": ("unit",),
}
NO_VOCABULARY = {
    "audit_acts.tsv",  # verbs: tests/audit
    "audit_aims.tsv",  # patterns: tests/audit
    "audit_cues.tsv",  # patterns: tests/audit
    "audit_parts.tsv",  # common indicators: tests/audit
    "audit_real.tsv",  # patterns: tests/audit
    "audit_vague.tsv",  # patterns: tests/audit
    "cities_abroad.tsv",
    "countries.tsv",
    "coverage_rules.tsv",  # patterns, each with an example of its own
    "divisions.tsv",
    "general_words.tsv",
    "generic_names.tsv",
    "link_divisions.tsv",  # tests/link/test_tables.py
    "link_geonames.tsv",
    "link_levels.tsv",
    "link_peoples.tsv",
    "link_streets.tsv",
    "link_types.tsv",
    "name_network.tsv",  # tests/extract/names/test_network.py
    "relation_weights.tsv",  # tests/extract/test_own_relations.py
    "names.tsv",
    "text_common_stems.tsv",
    "text_frequent_characters.tsv",
    "text_surnames.tsv",
    "text_traditional.tsv",
    "text_traditional_words.tsv",
    "word_groups.tsv",  # words of five places' reports and more: tests/test_word_groups.py
}

#: entries that a report names and that are general after all, by the reason
_GENERAL = {
    "a kind of park or zone, by which a report names its own": "出口加工区 经济开发区 综合保税区 自贸试验区 "
    "经济技术开发区 保税物流中心 化工园区 大学科技园 示范基地 众创空间 田园综合体 特色小镇 临空经济区 自由贸易试验区 "
    "高新园区 保税港区 文化创意产业园",
    "a kind of facility or body, by which a report names its own": "体育公园 文化中心 污水处理厂 历史文化街区 "
    "创新联合体 引导基金 人民医院 光伏电站 垃圾填埋场 标准化厂房 "
    "工程技术研究中心 博士后科研工作站 妇幼保健中心 抽水蓄能电站 职业技术学院 艺术中心 快速路网",
    "a kind of work, survey, plan or agreement": "改革试点 城市设计 城中村改造 旧城改造 棚户区改造 惠民工程 经济普查 "
    "控制性详细规划 "
    "民生工程 综合改革试点 三通一平 "
    "战略合作协议 负面清单 实施意见 八五普法 主题教育 创新创业大赛 三年行动 三年行动计划 现场推进会",
    "a title or praise that many places receive": "创新型城市 无废城市 国家试点 督查激励 通报表扬 通报表彰 "
    "三八红旗手 环保模范城市 激励表彰 表彰激励 地理标志证明商标 "
    "双拥模范城 森林城市 枢纽城市 标杆城市 标兵单位 三线城市 地理标志产品 地理标志保护产品 地理标志商标",
    "what an area does for another": "对口合作 对口帮扶 对口支援 对口扶贫 携手奔小康",
    "said all over the country": "一网统管 一网通办 两化融合 二次创业 四新经济 四方责任 最后一公里 RCEP "
    "一窗受理 四上企业 全面依法治国 欧美日韩 华润万家",
    "how many cities on a river describe themselves": "一江两岸 一河两岸",
    "bodies of every province": "省委省政府 自治区党委 市委市政府",
    "what every government does and reports": "三公经费 政务公开",
    "a kind of area": "革命老区",
    "kinds of enterprises that the ministries tell apart": "专精特新 单项冠军",
}
GENERAL = {entry for listed in _GENERAL.values() for entry in listed.split()}


def annotated() -> dict[str, set[str]]:
    """Every name and alias of an annotated thing, with the reports that have it; without what is known everywhere."""
    w = words()
    known = (w.general, w.names, w.divisions, w.stems, w.countries, w.generic)
    found: dict[str, set[str]] = {}
    for path in ANNOTATIONS:
        for entity in json.loads(path.read_text(encoding="utf-8"))["entities"]:
            for name in (entity["name"], *entity.get("aliases", ())):
                bare = name.strip('“”《》"')
                if len(bare) >= _LEAST and not any(bare in names for names in known):
                    found.setdefault(bare, set()).add(path.name.removesuffix(".json").removesuffix(".gold"))
    return found


@pytest.fixture(scope="module")
def names() -> dict[str, set[str]]:
    return annotated()


def entries(name: str) -> set[str]:
    return {
        entry for row in table(name, *LISTS[name]) for cell in row for entry in cell.split("|") if len(entry) >= _LEAST
    }


@pytest.mark.parametrize("name", LISTS)
def test_no_entry_is_the_name_of_one_thing(name: str, names: dict[str, set[str]]) -> None:
    of_reports = sorted(entries(name) & names.keys() - GENERAL)
    assert not of_reports, "a name that belongs to a report does not go into a word list (CONTRIBUTING.md)"


def test_every_exception_is_needed(names: dict[str, set[str]]) -> None:
    listed = set().union(*map(entries, LISTS))
    assert listed & names.keys() == GENERAL


def test_every_list_is_looked_through() -> None:
    files = {path.name for path in (Path(resources.__file__).parent / "data").glob("*.tsv")}
    assert files == LISTS.keys() | NO_VOCABULARY


def test_names_of_the_seed_are_among_those_that_are_looked_for(names: dict[str, set[str]]) -> None:
    assert {"太古仓码头创意产业园", "宝钢南方总部"} <= {n for n, reports in names.items() if "haizhu-2011" in reports}


def test_no_row_stands_twice() -> None:
    for path in sorted(resources.folder("data").glob("*.tsv")):
        rows = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
        assert [row for row, count in Counter(rows).items() if count > 1] == [], path.name


def test_every_cue_is_told_of_once() -> None:
    lines = (resources.folder("data") / "cues.tsv").read_text(encoding="utf-8").splitlines()
    told = Counter(line.split(":")[0].lstrip("# ") for line in lines if line.startswith("#   "))
    assert {cue for cue, times in told.items() if times > 1} == set()
    assert set(told) == {cue for _, cue in table("cues.tsv", "word", "cue")}
