from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import resources
from kg.extract.lexicon import tokenize
from kg.extract.observations import find_observations
from kg.model import EntityClass, Modality, Observation, Part, Period, Report, Section, Sentence, Span
from kg.text.normalize import normalize
from kg.text.reader import make_report, read_report

CASES = "observations.tsv", ("part", "sentence")

_PERIODS = {"review": "2010", "plan": "2011", "other": None}


def report(text: str, *, part: str = "review", period: str | None = None, year: int | None = 2011) -> Report:
    iso = period or _PERIODS[part]
    sentences = [Sentence(Span(*m.span()), 0) for m in re.finditer(r"[^。；\n]+[。；]?", text)]
    section = Section(Span(0, len(text)), 1, None, Part(part), Period(iso) if iso else None)
    return Report(
        text=text,
        source="test.txt",
        sha256="",
        title=None,
        area="江州市东湖区",
        year=year,
        date=None,
        meeting=None,
        speaker=None,
        body=Span(0, len(text)),
        sections=(section,),
        sentences=tuple(sentences),
    )


def observe(text: str, *, places: dict[str, EntityClass] | None = None, **about: str) -> list[Observation]:
    norm = normalize(text)
    found = [
        (Span(m.start(), m.end()), name, frozenset({kind}))
        for name, kind in (places or {}).items()
        for m in re.finditer(re.escape(name), text)
    ]
    return find_observations(report(text, **about), norm, tokenize(norm), found)


def test_sentences(case: list[dict[str, str]]) -> None:
    found = [
        {
            "figure": o.value_text,
            "indicator": o.indicator,
            "period": o.period.iso if o.period else "-",
            "measure": o.measure.value,
            "modality": o.modality.value,
            "value": str(o.value),
            "unit": o.unit or "-",
            "bound": o.bound.value,
        }
        for o in observe(case[0]["sentence"], part=case[0]["part"])
    ]
    expected = [{k: row[k] for k in row if k not in ("part", "sentence")} for row in case if row["figure"] != "-"]
    assert found == expected


def test_a_figure_of_a_park_is_the_parks() -> None:
    text = "东湖科技园聚集企业215家，建成孵化器3个。全区财政收入20亿元。"
    areas = {o.value_text: o.area for o in observe(text, places={"东湖科技园": EntityClass.PARK})}
    assert areas == {"215家": "东湖科技园", "3个": "东湖科技园", "20亿元": "东湖区"}


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("东湖科技园升格为国家级园区，多所高校相继落地，拥有实验室7家。", "东湖科技园"),
        ("东湖科技园通过国家验收，新增省级示范区3个。", "东湖区"),
        ("东湖科技园引进中科院研究中心等项目12个。", "东湖科技园"),
    ],
)
def test_what_a_park_holds_is_the_parks_and_what_is_added_the_reports(text: str, area: str) -> None:
    (found,) = observe(text, places={"东湖科技园": EntityClass.PARK})
    assert found.area == area


def test_everyday_words_and_what_begins_with_a_verb_are_no_owners() -> None:
    text = "交通投资8亿元。改造农贸市场44个。"
    places = {"交通": EntityClass.ENTERPRISE, "改造农贸市场": EntityClass.FACILITY}
    assert {o.area for o in observe(text, places=places)} == {"东湖区"}


def test_an_honour_does_not_hide_the_figure_at_its_end() -> None:
    places = {"中国专利优秀奖3件": EntityClass.HONOUR}
    assert [o.value_text for o in observe("获评中国专利优秀奖3件。", places=places)] == ["3件"]


def test_a_place_that_is_only_an_example_has_no_figures() -> None:
    text = "建成东湖公园、南湖公园等12个公园。"
    places = {"东湖公园": EntityClass.PARK, "南湖公园": EntityClass.PARK}
    assert [(o.area, o.indicator) for o in observe(text, places=places)] == [("东湖区", "建成公园数")]


def test_a_number_within_a_name_is_no_figure() -> None:
    text = "千亩3个泉公园开园。"
    assert observe(text, places={"千亩3个泉公园": EntityClass.PARK}) == []


def test_the_year_at_the_begin_of_a_paragraph_holds_to_its_end() -> None:
    text = "2009年，工业总产值30亿元。农业总产值8亿元。\n财政收入5亿元。"
    assert [o.period.iso if o.period else None for o in observe(text)] == ["2009", "2009", "2010"]


def test_the_past_years_end_the_reach_of_the_heading() -> None:
    assert [o.period for o in observe("五年来，累计建成公路120公里。")] == [None]


def test_a_year_to_come_makes_a_target() -> None:
    (target,) = observe("到2015年，城镇化率达到60%。")
    assert target.modality is Modality.TARGET


def test_the_same_figure_twice_is_one_observation_with_two_mentions() -> None:
    text = "旅游总收入69亿元。旅游总收入达69亿元。"
    (found,) = observe(text)
    assert [m.quote(text) for m in found.mentions] == ["69亿元", "69亿元"]
    assert found.wordings == ("旅游总收入",)


def test_wordings_are_kept_beside_the_common_name() -> None:
    (found,) = observe("全市GDP达300亿元。")
    assert (found.indicator, found.wordings) == ("地区生产总值", ("GDP",))


@pytest.mark.parametrize(
    ("text", "kind", "area"),
    [
        ("投资60亿元的云山文化项目开工。", EntityClass.PROJECT, "云山文化项目"),
        ("总投资80亿元的云山文化项目落户。", EntityClass.FACILITY, "云山文化项目"),
        ("安排投资60亿元的云山文化项目。", EntityClass.POLICY, "东湖区"),
        ("引进3亿元的云山文化项目捐款。", EntityClass.PROJECT, "东湖区"),
        ("投资60亿元的云山文化项目和鹭洲大学开工。", EntityClass.PROJECT, "东湖区"),
        ("投资60亿元、占地300亩，云山文化项目开工。", EntityClass.PROJECT, "东湖区"),
    ],
)
def test_a_sum_is_of_what_it_is_spent_on(text: str, kind: EntityClass, area: str) -> None:
    assert observe(text, places={"云山文化项目": kind})[0].area == area


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("云山港吞吐量达到2171万吨，比上年增长20.1%，外贸进出口总额增长5%。", ["云山港", "云山港", "东湖区"]),
        ("云山港吞吐量达到2171万吨，增长20.1%，全区增长5%。", ["云山港", "云山港", "东湖区"]),
        ("云山港吞吐量达到2171万吨，全区同比增长20.1%。", ["云山港", "东湖区"]),
        ("云山港吞吐量达到2171万吨，重点工作扎实推进，新开工建设顺利，同比增长20.1%。", ["云山港", "东湖区"]),
    ],
)
def test_what_compares_a_figure_of_a_facility_is_of_it_too(text: str, areas: list[str]) -> None:
    assert [o.area for o in observe(text, places={"云山港": EntityClass.FACILITY})] == areas


def test_without_area_or_year_none_is_made_up() -> None:
    text = "今年财政收入5亿元。"
    norm = normalize(text)
    unknown = report(text, year=None)
    (found,) = find_observations(unknown, norm, tokenize(norm), [])
    assert found.period is None or found.period.iso == "2010"


_WORDS = st.sampled_from(
    [
        "完成",
        "新增",
        "企业",
        "工业总产值",
        "2010年",
        "12家",
        "3.5亿元",
        "(其中5%",
        ")",
        "增长8%",
        "分别",
        "和",
        "、",
        "，",
        "。",
        "从",
        "增加到",
        "的",
        "“",
        "”",
        "占",
        "近七成",
        "10:45:45",
        "比上年",
        "1/3",
        "\n",
        "等",
        "达到",
        "每",
        "翻一番",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, min_size=1, max_size=18).map("".join))
def test_any_row_of_words_is_read_and_quoted(text: str) -> None:
    for found in observe(text):
        assert found.indicator
        for mention in found.mentions:
            quoted = mention.quote(text)
            assert re.search(r"\d|[一二三四五六七八九十百千万亿翻半]", quoted)
        assert isinstance(found.value, Decimal)


def test_the_same_text_gives_the_same_observations() -> None:
    seed = read_report(resources.folder("seeds") / "haizhu-2011.txt")
    tokens = tokenize(seed.norm)
    assert find_observations(seed, seed.norm, tokens, []) == find_observations(seed, seed.norm, tokens, [])


def test_time_grows_with_the_text() -> None:
    import time

    sentence = "全年新增企业12家，工业总产值3.5亿元，增长8%，其中轻工业（不含食品）占40%。"

    def seconds(copies: int) -> float:
        text = "\n".join([sentence] * copies)
        norm, tokens = normalize(text), tokenize(normalize(text))
        began = time.process_time()
        find_observations(report(text), norm, tokens, [])
        return time.process_time() - began

    seconds(20)
    assert seconds(800) < 40 * max(seconds(80), 0.001)


@pytest.mark.parametrize("text", ["", "。", "12家", "增长", "的12家的", "((12家", "“12家", "从12家"])
def test_scraps_are_read_without_complaint(text: str) -> None:
    if text:
        observe(text)


def told(text: str, *, year: int = 2016, date: str = "") -> dict[str, str]:
    """Period and modality of each figure of a report that begins with its heading."""
    lines = [
        f"{year}年江州市政府工作报告",
        *([f"({date})"] if date else []),
        "市长 李明",
        "各位代表:",
        *text.split("\n"),
    ]
    read = make_report("\n".join(lines), source="x.txt", sha256="")
    found = find_observations(read, read.norm, tokenize(read.norm), [])
    return {o.value_text: f"{o.period.iso if o.period else '-'} {o.modality.value}" for o in found}


def test_figures_of_a_five_year_plan_are_of_its_last_year_or_of_all_its_years() -> None:
    text = """一、“十二五”工作回顾
“十二五”时期，是全市发展很快的五年。财政收入达到86亿元，年均增长12%。新建道路320公里。
工业企业由310家增加到452家，净增142家。生产总值1200亿元，是2010年的1.9倍。"""
    assert told(text) == {
        "86亿元": "2015 actual",
        "12%": "2010/2015 actual",
        "320公里": "2011/2015 actual",
        "310家": "2010 actual",
        "452家": "2015 actual",
        "142家": "2010/2015 actual",
        "1200亿元": "2015 actual",
        "1.9倍": "2010/2015 actual",
    }


def test_yearly_growth_in_a_review_of_several_years_is_of_the_last() -> None:
    text = """一、过去五年和2015年工作回顾
五年来，我们建成道路320公里。
投资结构不断优化，工业投资达到86亿元，同比增长12%。
新建学校3所。"""
    assert told(text) == {
        "320公里": "2011/2015 actual",
        "86亿元": "2015 actual",
        "12%": "2015 actual",
        "3所": "2015 actual",
    }


def test_paragraphs_of_a_plan_go_on_with_the_year_to_come() -> None:
    text = """一、2015年工作回顾
2015年，财政收入达到86亿元，比上年增长12%，成功创建国家卫生城市，获评先进城市，各项任务顺利完成。
二、“十三五”奋斗目标
综合实力显著增强。到2020年，财政收入达到130亿元。
民生不断改善。城镇化率达到62%。
今年要抓好项目建设。新建学校3所。"""
    assert told(text) == {
        "86亿元": "2015 actual",
        "12%": "2015 actual",
        "130亿元": "2020 target",
        "62%": "2020 target",
        "3所": "2016 target",
    }


def test_a_review_of_a_plan_and_its_last_year_goes_on_with_what_it_spoke_of() -> None:
    text = """一、“十二五”和2015年工作回顾
“十二五”时期，是全市发展很快的五年。
——城市面貌明显改善。新建道路320公里，新增绿地64万平方米。
——收入稳步提高。预计2015年财政收入86亿元。城建投资累计完成210亿元。
各位代表！刚刚过去的2015年，我们狠抓落实。
——产业不断壮大。新增企业31家。"""
    assert told(text) == {
        "320公里": "2011/2015 actual",
        "64万平方米": "2011/2015 actual",
        "86亿元": "2015 actual",
        "210亿元": "2011/2015 actual",
        "31家": "2015 actual",
    }


def test_what_was_done_behind_a_sentence_on_the_last_year_is_of_all_the_years() -> None:
    text = """一、“十二五”工作回顾
“十二五”时期，是全市发展很快的五年。2015年，财政收入达到86亿元。新增企业31家，森林覆盖率达到62%，绿地达到64万平方米，固定资产投资完成210亿元。
去年启动实施三年行动。建成学校3所。
2015年，开展百日行动。拆除违建20万平方米。
2015年新增规模以上企业20家。新认定高新技术企业12家。
2015年十件实事全面完成：一是新建道路27公里。更换路灯500盏。"""
    assert told(text) == {
        "86亿元": "2015 actual",
        "31家": "2011/2015 actual",
        "62%": "2015 actual",
        "64万平方米": "2015 actual",
        "210亿元": "2015 actual",
        "3所": "2015 actual",
        "20万平方米": "2015 actual",
        "20家": "2015 actual",
        "12家": "2015 actual",
        "27公里": "2015 actual",
        "500盏": "2015 actual",
    }


def test_the_past_five_years_count_from_the_year_that_the_text_names() -> None:
    text = """一、过去五年工作回顾
五年来，我们坚持加快发展。财政收入由2010年的43亿元增至86亿元。
税比由61.3%提高至83.1%，企业达到310家，贷款余额翻一番。"""
    assert told(text) == {
        "43亿元": "2010 actual",
        "86亿元": "2015 actual",
        "61.3%": "2010 actual",
        "83.1%": "2015 actual",
        "310家": "2015 actual",
        "翻一番": "2010/2015 actual",
    }


def test_the_past_five_years_end_with_the_year_before_the_report() -> None:
    text = """一、过去五年工作回顾
过去五年，是全市发展很快的五年。新建道路320公里，财政收入达到86亿元，年均增长12%。
税比由61.3%提高至83.1%。30个贫困村全部出列，12个乡镇通高速。"""
    assert told(text) == {
        "320公里": "2011/2015 actual",
        "86亿元": "2015 actual",
        "12%": "2010/2015 actual",
        "61.3%": "2010 actual",
        "83.1%": "2015 actual",
        "30个": "2011/2015 actual",
        "12个": "2015 actual",
    }


def test_an_increase_that_may_be_that_of_one_of_the_past_years_is_of_no_period() -> None:
    text = """一、过去五年工作回顾
工业投资增长12%。国有资产增长140%。能耗下降17.7%。五年来，出口增长35%。"""
    assert told(text) == {
        "12%": "- actual",
        "140%": "2010/2015 actual",
        "17.7%": "2010/2015 actual",
        "35%": "2010/2015 actual",
    }


def test_the_opening_says_how_long_the_government_has_been_in_office() -> None:
    text = """一、本届政府工作回顾
{}，新建道路320公里。"""
    assert told(text.format("四年来")) == {"320公里": "2012/2015 actual"}
    assert told(text.format("换届以来")) == {"320公里": "- actual"}


def test_a_plan_for_several_years_and_for_this_one_turns_to_it() -> None:
    text = """一、2015年工作回顾
2015年，财政收入达到86亿元，比上年增长12%，成功创建国家卫生城市，获评先进城市，各项任务顺利完成。
二、今后五年奋斗目标和2016年工作安排
今后五年，我们要加快发展，新建学校20所。
2016年是新一届政府的开局之年，做好今年的工作意义重大。
(一)加快城市建设
新建道路32公里。
(二)改善民生
新建学校3所。"""
    assert told(text) == {
        "86亿元": "2015 actual",
        "12%": "2015 actual",
        "20所": "- target",
        "32公里": "2016 target",
        "3所": "2016 target",
    }


def test_what_was_reached_in_a_part_of_the_year_that_is_over_is_no_aim() -> None:
    text = """一、2015年工作回顾
2015年，财政收入达到86亿元，比上年增长12%，成功创建国家卫生城市，获评先进城市，各项任务顺利完成。
二、2016年工作安排
全年财政收入增长10%。
1至5月，财政收入31亿元。工业增加值增长8%。
下半年，新建学校3所。"""
    over = {"31亿元": "2016-01/2016-05 actual", "8%": "2016-01/2016-05 actual"}
    to_come = {"31亿元": "2016-01/2016-05 target", "8%": "2016 target"}
    rest = {"86亿元": "2015 actual", "12%": "2015 actual", "10%": "2016 target", "3所": "2016-07/2016-12 target"}
    assert told(text, date="2016年6月8日") == {**rest, **over}
    assert told(text, date="2016年1月8日") == {**rest, **to_come}


def test_a_plan_that_is_not_over_is_no_period_of_a_review() -> None:
    text = """一、2018年工作回顾
2018年，全市“十三五”时期搬迁任务提前完成，新建安置点12个。新建学校3所。"""
    assert told(text, year=2019) == {"12个": "2018 actual", "3所": "2018 actual"}


def test_the_growth_of_a_plan_to_come_is_against_the_year_before_it() -> None:
    text = """二、“十三五”奋斗目标
地区生产总值年均增长8%左右。"""
    assert told(text) == {"8%": "2015/2020 target"}


def test_a_review_since_a_year_is_of_the_years_since() -> None:
    text = """一、2012年以来工作回顾
四年来，全市经济平稳发展。新建道路320公里，城镇化率达到62%。"""
    assert told(text) == {"320公里": "2012/2015 actual", "62%": "2015 actual"}


def test_the_early_stage_of_a_project_is_no_today() -> None:
    assert [o.period and o.period.iso for o in observe("设立项目前期专项资金，新增用地1.1万亩。")] == ["2010"]


def test_enterprises_in_a_row_have_a_figure_each() -> None:
    places = {"东山集团": EntityClass.ENTERPRISE, "南湖集团": EntityClass.ENTERPRISE}
    for text in ("东山集团、南湖集团产值突破80亿元。", "东山集团、南湖集团产值分别达到80亿元、60亿元。"):
        found = [(o.area, o.indicator, o.measure.value) for o in observe(text, places=places)]
        assert found == [("东山集团", "产值", "level"), ("南湖集团", "产值", "level")]


def test_a_clause_about_a_port_leaves_its_traffic_to_the_next() -> None:
    places = {"东山机场": EntityClass.FACILITY, "南湖科创园": EntityClass.PARK}
    found = observe("东山机场建成通航，旅客吞吐量达到20万人次，新增就业300人。", places=places)
    assert [o.area for o in found] == ["东山机场", "东湖区"]
    found = observe("南湖科创园作用不断显现，入驻企业达到32家，地区生产总值增长8%。", places=places)
    assert [o.area for o in found] == ["南湖科创园", "东湖区"]


def test_a_kind_of_thing_that_is_counted_owns_nothing() -> None:
    places = {"科技型上市公司": EntityClass.ENTERPRISE}
    assert [o.area for o in observe("科技型上市公司达到12家。", places=places)] == ["东湖区"]


def test_places_alone_have_the_figures_of_what_was_spoken_of() -> None:
    places = {"南湖镇": EntityClass.ADMINISTRATIVE_AREA, "北山镇": EntityClass.ADMINISTRATIVE_AREA}
    text = "5个镇的财政收入全部超过2亿元，其中南湖镇、北山镇超过3亿元。"
    found = [(o.area, o.indicator) for o in observe(text, places=places) if o.value_text == "3亿元"]
    assert [area for area, _ in found] == ["南湖镇", "北山镇"]
    assert all("财政收入" in indicator for _, indicator in found)


def test_names_that_are_examples_are_no_part_of_a_wording() -> None:
    places = {"鲁宁云飞": EntityClass.ENTERPRISE, "昆泉食品": EntityClass.ENTERPRISE, "云五路": EntityClass.FACILITY}
    assert [o.indicator for o in observe("引进鲁宁云飞、昆泉食品等企业8户。", places=places)] == ["引进企业户数"]
    # a name that nobody knows goes with the one beside it, and the verb stays
    assert [o.indicator for o in observe("新修经六路、云五路等道路5.6公里。", places=places)] == ["新修道路长度"]
    assert [o.indicator for o in observe("生产蔬菜、水果等农产品30万吨。")] != ["生产农产品产量"]


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("云山工业园区新征用地860亩，新引进企业21家，实现产值38.6亿元。", ["云山工业园区"] * 3),
        ("云山工业园区晋升为省级园区，企业发展到1239户。", ["云山工业园区"]),
        ("一是云山工业园区加快建设，企业发展到1239户。", ["云山工业园区"]),
        ("云山工业园区加快建设，接待游客30万人次。", ["东湖区"]),  # of the whole area
        ("云山工业园区加快建设，全区企业发展到1239户。", ["东湖区"]),
        ("云山工业园区建成投用，空气优良天数350天，新建学校5所。", ["东湖区"] * 2),
        ("云山工业园区建成投用，园区周边道路改造15公里。", ["东湖区"]),
        ("云山工业园区建成投用，2010年实现财政收入3亿元。", ["云山工业园区"]),
        (
            "项目加快推进，云山工业园区加快建设，企业发展到1239户。",
            ["东湖区"],
        ),  # the sentence opens with something else
        ("东山文化小镇加快建设，企业发展到1239户。", ["东湖区"]),  # no zone of business
    ],
)
def test_what_a_sentence_about_a_zone_of_business_tells_is_the_zones(text: str, areas: list[str]) -> None:
    places = {"云山工业园区": EntityClass.PARK, "东山文化小镇": EntityClass.ZONE}
    assert [o.area for o in observe(text, places=places)] == areas


def test_money_goes_to_what_is_named() -> None:
    found = observe("投入12.6亿元打造“智慧东河”。", places={"“智慧东河”": EntityClass.POLICY})
    assert [(o.indicator, o.value) for o in found] == [("“智慧东河”投入", Decimal(1260000000))]
