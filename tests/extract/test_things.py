"""Names, classes, status and relations: tables of sentences and what a careful reader takes out of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.evaluate import load_gold, score
from kg.extract.extractor import extract
from kg.model import Entity, EntityClass, Extraction, Predicate
from kg.resources import folder
from kg.text.reader import make_report, read_report

_CASES = Path(__file__).with_name("cases")
_QUOTES = str.maketrans("", "", "“”《》")


def rows(name: str) -> list[list[str]]:
    lines = (_CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


def told(part: str, sentence: str) -> Extraction:
    """What is extracted from a small report with that sentence in its review or plan."""
    review, plan = (sentence, "") if part == "review" else ("", sentence)
    text = (
        "东河区2011年政府工作报告\n——2011年1月8日在滨州市东河区第六届人民代表大会第一次会议上\n区长 李明\n各位代表：\n"
        f"一、2010年工作回顾\n过去的一年，全区人民团结奋斗。\n{review}\n二、2011年工作安排\n今年要做好各项工作。\n{plan}\n"
    )
    return extract(make_report(text, source="case.txt", sha256="0" * 64))


def find(extraction: Extraction, name: str) -> Entity | None:
    wanted = name.translate(_QUOTES)
    return next(
        (e for e in extraction.entities if wanted in {n.translate(_QUOTES) for n in (e.name, *e.aliases)}), None
    )


@pytest.mark.parametrize(("part", "sentence", "name", "kind", "status"), rows("things.tsv"))
def test_things(part: str, sentence: str, name: str, kind: str, status: str) -> None:
    extraction = told(part, sentence)
    if name == "-":
        begin = extraction.report.text.index(sentence)
        inside = [
            e.name for e in extraction.entities if any(begin <= m.begin < begin + len(sentence) for m in e.mentions)
        ]
        assert inside == []
        return
    if name.startswith("!"):
        assert find(extraction, name[1:]) is None
        return
    entity = find(extraction, name)
    assert entity is not None, [e.name for e in extraction.entities]
    assert (kind.removeprefix("!") in {c.value for c in entity.classes}) is not kind.startswith("!")
    if status != "-":
        assert entity.status is not None and entity.status.value == status


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("经开区引进企业30家。", "经开区"),
        ("龙栖湖高新区加快发展。", "龙栖湖高新区"),
        ("抓住云溪新区建设机遇。", "云溪新区"),
        ("继续完善云溪新区配套服务。", "云溪新区"),
        ("环城高速路内工业企业完成改造。", "环城高速路"),
        ("云溪经济开发区对外开放水平不断提高。", "云溪经济开发区"),
    ],
)
def test_what_is_said_of_what_is_there_makes_it_no_project(sentence: str, name: str) -> None:
    entity = find(told("review", sentence), name)
    assert entity is not None and entity.status is None
    assert EntityClass.PROJECT not in entity.classes


@pytest.mark.parametrize(
    ("sentence", "word", "is_place"),
    [
        ("推进辽宁振兴发展。", "振兴", False),
        ("对口帮扶广西百色、乐业。", "乐业", True),
    ],
)
def test_a_verb_behind_a_province_is_no_division_of_it(sentence: str, word: str, is_place: bool) -> None:
    assert (find(told("review", sentence), word) is not None) == is_place


@pytest.mark.parametrize(("part", "sentence", "subject", "predicate", "obj"), rows("statements.tsv"))
def test_statements(part: str, sentence: str, subject: str, predicate: str, obj: str) -> None:
    extraction = told(part, sentence)
    names = {n: e for e in extraction.entities for n in (e.name, *e.aliases)}
    begin = extraction.report.text.index(sentence)
    stated = {
        (names[r.subject], r.predicate.value, names[r.object])
        for r in extraction.relations
        if any(begin <= m.begin < begin + len(sentence) for m in r.mentions)
    }
    if subject == "-":
        assert not stated
        return
    stating = (find(extraction, subject.removeprefix("!")), predicate, find(extraction, obj)) in stated
    assert stating is not subject.startswith("!")


@pytest.mark.parametrize(
    ("area", "sentence", "related"),
    [
        ("金华市", "加快建设东阳木雕小镇。", {("东阳木雕小镇", "locatedIn", "东阳")}),
        ("金华市", "加快建设双流木雕小镇。", set()),  # another city's division
        ("成都市", "加快双流国际机场改造。", set()),  # the name of the airport itself
    ],
)
def test_what_is_named_with_a_division_of_the_area_lies_there(
    area: str, sentence: str, related: set[tuple[str, str, str]]
) -> None:
    text = f"2016年{area}政府工作报告\n各位代表：\n一、2015年工作回顾\n过去的一年，全市人民团结奋斗。{sentence}\n"
    found = extract(make_report(text, source="case.txt", sha256="0" * 64))
    assert {(r.subject, r.predicate.value, r.object) for r in found.relations} == related
    for name in {name for subject, _, place in related for name in (subject, place)}:
        entity = find(found, name)
        assert entity is not None and all(found.report.text[m.begin : m.end] for m in entity.mentions)


@pytest.mark.parametrize(
    ("area", "sentence", "helping"),
    [
        ("深圳市龙岗区", "全面完成海丰对口帮扶任务。", {("龙岗区", "海丰")}),  # in a city that others help
        ("汕尾市海丰县", "深化与深圳市对口帮扶。", {("深圳市", "海丰县")}),
        ("深圳市龙岗区", "助力惠州市对口帮扶工作。", set()),  # which neither helps nor is helped
        ("深圳市龙岗区", "落实深圳市对口帮扶任务。", set()),  # where it lies itself
        ("苏州市", "推进江苏省对口支援工作。", set()),
    ],
)
def test_who_helps_whom_within_a_province(area: str, sentence: str, helping: set[tuple[str, str]]) -> None:
    text = f"2016年{area}政府工作报告\n各位代表：\n一、2015年工作回顾\n过去的一年，{sentence}\n"
    found = extract(make_report(text, source="case.txt", sha256="0" * 64))
    told_of = {(r.subject, r.object) for r in found.relations if r.predicate is Predicate.SUPPORTS}
    assert told_of == helping


@settings(max_examples=40, deadline=None)
@given(
    st.text(
        st.sampled_from("东河区龙腾路园企业等、和《》“”（）2010年一二期建成推进实施，。；\n\t aA1…·∶%％亿元𠀀"),
        max_size=120,
    )
)
def test_any_text_is_quoted_and_none_breaks(body: str) -> None:
    extraction = told("review", body)
    text = extraction.report.text
    for span, quotation in extraction.quotations():
        assert text[span.begin : span.end] == quotation and quotation
    names = {entity.name for entity in extraction.entities}
    assert all({r.subject, r.object} <= names for r in extraction.relations)
    for observation in extraction.observations:
        assert observation.value_text in {m.quote(text) for m in observation.mentions}


@pytest.mark.parametrize(
    ("sentence", "name", "is_thing"),
    [
        ("机场二期加快建设。", "机场", False),  # of which airport the text does not say
        ("龙栖机场二期加快建设。", "龙栖机场", True),
        ("连淮扬镇铁路开工建设。", "连淮扬镇", False),  # signs of the cities that it links
        ("哈克镇卫生院开工建设。", "哈克镇", True),
        ("哈克镇公路开工建设。", "哈克镇", True),
        ("天府新区快速路开工建设。", "天府新区", True),
    ],
)
def test_a_part_of_a_name_is_a_thing_where_it_names_one(sentence: str, name: str, is_thing: bool) -> None:
    assert (find(told("review", sentence), name) is not None) == is_thing


def test_a_whole_that_is_another_name_of_something_is_that() -> None:
    """A phase names its whole (月湖街), which a later sentence shows to be the short name of something else."""
    extraction = told("review", "月湖街二期开工。提升月湖街商圈。打造月湖街、中山路等商圈。")
    names = {entity.name for entity in extraction.entities}
    assert all({r.subject, r.object} <= names for r in extraction.relations)
    assert ("月湖街二期", "月湖街商圈") in {(r.subject, r.object) for r in extraction.relations}


def test_both_segmenters_come_to_the_same() -> None:
    """jieba's algorithm run by rjieba and by jieba itself: F1 within 0.01 of each other on the seed."""
    report = read_report(folder("seeds") / "haizhu-2011.txt")
    gold = load_gold(folder("seeds") / "haizhu-2011.gold.json")
    ours = score(gold, extract(report, segmenter="rjieba")).values()
    theirs = score(gold, extract(report, segmenter="jieba")).values()
    assert ours.keys() == theirs.keys() and ours
    for measure, value in ours.items():
        assert abs(value - theirs[measure]) <= 0.01, measure


def test_what_was_used_is_recorded() -> None:
    assert told("review", "").segmenter == "rjieba"


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ("“两纵”：指云龙高速，2019年云龙高速建设全面推进。", "underway"),
        ("“两纵”：指云龙高速，建设云龙高速。", "planned"),
    ],
)
def test_a_glossary_tells_of_a_past_year_or_of_what_is_to_come(entry: str, status: str) -> None:
    text = (
        "云溪市2021年政府工作报告\n——2021年1月8日在云溪市第六届人民代表大会第一次会议上\n市长 李明\n各位代表：\n"
        "一、2020年工作回顾\n过去的一年，全市人民团结奋斗。\n二、2021年工作安排\n今年要做好各项工作。\n"
        f"各位代表，让我们团结奋斗！谢谢大家！\n名词解释\n1．{entry}\n"
    )
    entity = find(extract(make_report(text, source="case.txt", sha256="0" * 64)), "云龙高速")
    assert entity is not None and entity.status is not None and entity.status.value == status


def test_a_word_that_only_begins_with_a_level_is_of_no_area() -> None:
    extraction = told("review", "建成市民健身广场、市体育中心。")
    square, centre = find(extraction, "市民健身广场"), find(extraction, "市体育中心")
    assert square is not None and not square.aliases
    assert centre is not None and "滨州市体育中心" in centre.aliases


def test_two_words_that_share_the_characters_of_a_place_name_none() -> None:
    assert find(told("review", "我们隆重庆祝新中国成立60周年。"), "重庆") is None
    assert find(told("review", "与重庆开展合作。"), "重庆") is not None


def test_of_a_place_that_lies_in_several_provinces_it_is_not_told_who_helps_whom() -> None:
    extraction = told("review", "做好白云区、城中区等对口帮扶工作。")
    assert not [r for r in extraction.relations if r.predicate.value == "supports"]


def test_what_a_glossary_names_by_the_own_area_is_carried_out_there() -> None:
    text = (
        "东河区2011年政府工作报告\n——2011年1月8日在滨州市东河区第六届人民代表大会第一次会议上\n区长 李明\n各位代表：\n"
        "一、2010年工作回顾\n过去的一年，全区人民团结奋斗。\n二、2011年工作安排\n今年要做好各项工作。\n"
        "各位代表，让我们团结奋斗！谢谢大家！\n名词解释\n"
        "1．金融街：指根据《滨州市金融业“十二五”规划》、《东河区金融业“十二五”规划》和《东河区日报》所说的地方。\n"
    )
    extraction = extract(make_report(text, source="case.txt", sha256="0" * 64))
    adopted = {r.object for r in extraction.relations if r.predicate.value == "adopts"}
    assert adopted == {"《东河区金融业“十二五”规划》"}


def test_a_name_within_a_common_word_is_none() -> None:
    extraction = told("review", "规划建设中心城，中心城基础设施项目开工。加快中心城区供水管网改造。")
    for entity in extraction.entities:
        for span in entity.mentions:
            assert not (entity.name == "中心城" and extraction.report.text[span.end] == "区")
