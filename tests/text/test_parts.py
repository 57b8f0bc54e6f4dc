"""What headings say of part and period."""

import pytest

from kg.model import Part, Period
from kg.text.normalize import normalize
from kg.text.parts import heading_period, judge, leaning, plan_years, spans_years, year_number, years_in


@pytest.mark.parametrize(
    ("heading", "year", "part"),
    [
        ("过去五年工作回顾", 2011, Part.REVIEW),
        ("2018年工作回顾", 2019, Part.REVIEW),
        ("“十二五”时期和2015年工作回顾", 2016, Part.REVIEW),
        ("2015年工作回顾及“十二五”发展成绩", 2016, Part.REVIEW),
        ("“十三五”时期发展成就和2020年主要工作", 2021, Part.REVIEW),
        ("2021年和今年以来工作回顾", 2022, Part.REVIEW),
        ("2022年工作回顾", 2022, Part.REVIEW),  # given in December
        ("2023年经济社会高质量发展迈出坚实步伐", 2024, Part.REVIEW),
        ("今后五年的主要任务", 2011, Part.PLAN),
        ("2016年工作安排", 2016, Part.PLAN),
        ("2014年工作思路和重点", None, Part.PLAN),
        ("未来五年工作思路和任务", None, Part.PLAN),
        ("今后五年的奋斗目标和2003年工作建议", 2003, Part.PLAN),
        ("“十四五”时期主要目标任务", 2021, Part.PLAN),
        ("下一步工作打算", 2015, Part.PLAN),
        ("存在的主要问题", 2015, Part.OTHER),
        ("名词解释", 2015, Part.OTHER),
    ],
)
def test_part_of_a_heading(heading: str, year: int | None, part: Part) -> None:
    verdict = judge(normalize(heading), year)
    assert verdict.part is part
    assert verdict.weight >= 3


@pytest.mark.parametrize("heading", ["城市建设", "教育", "加强自主创新"])
def test_headings_that_tell_nothing(heading: str) -> None:
    assert judge(heading, 2015).weight < 3


@pytest.mark.parametrize(
    ("heading", "part", "year", "iso"),
    [
        ("2013年工作回顾", Part.REVIEW, 2014, "2013"),
        ("2016年工作安排", Part.PLAN, 2016, "2016"),
        ("一九九九年工作回顾", Part.REVIEW, 2000, "1999"),
        ("过去的一年工作回顾", Part.REVIEW, 2012, "2011"),
        ("今年工作安排", Part.PLAN, 2020, "2020"),
        ("2003—2007年工作回顾", Part.REVIEW, 2008, "2003/2007"),
        ("过去五年工作回顾", Part.REVIEW, 2011, None),
        ("“十三五”时期工作回顾", Part.REVIEW, 2021, None),
        ("“十二五”时期和2015年工作回顾", Part.REVIEW, 2016, None),
        ("今后五年的奋斗目标和2003年工作建议", Part.PLAN, 2003, None),
        ("过去一年的工作", Part.REVIEW, None, None),
        ("2021年以来工作回顾", Part.REVIEW, 2022, None),
        ("2019年和今年以来工作回顾", Part.REVIEW, 2020, "2019"),
        ("今年以来工作回顾", Part.REVIEW, 2020, "2020"),
        ("全力以赴做好“十四五”开局工作", Part.PLAN, 2021, "2021"),
        ("确保“十四五”开好局、起好步", Part.PLAN, 2021, "2021"),
        ("实现“十四五”良好开局", Part.REVIEW, 2022, "2021"),
        ("努力做好2016年工作，为“十三五”开好局", Part.PLAN, 2016, "2016"),
        ("确保“十三五”圆满收官", Part.PLAN, 2020, "2020"),
        ("“十三五”规划圆满收官", Part.REVIEW, 2021, None),
        ("“十四五”主要目标和开局之年重点工作", Part.PLAN, 2021, None),
    ],
)
def test_period_of_a_heading(heading: str, part: Part, year: int | None, iso: str | None) -> None:
    assert heading_period(normalize(heading), part, year) == (Period(iso) if iso else None)


def test_years() -> None:
    assert years_in("2010年和2011年") == [2010, 2011]
    assert years_in("12011年") == []
    assert year_number("一九九九") == 1999
    assert [plan_years(f"“{n}五”时期") for n in ("八", "九", "十", "十一", "十四")] == [
        (1991, 1995),
        (1996, 2000),
        (2001, 2005),
        (2006, 2010),
        (2021, 2025),
    ]
    assert plan_years("五年规划") is None


def test_leaning() -> None:
    assert leaning("今年要加快推进，确保完成") > 0 > leaning("全年完成投资3亿元，荣获国家级奖项")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("过去五年工作回顾", True),
        ("今后五年的奋斗目标", True),
        ("这五年，我们转型升级", True),
        ("“十三五”时期经济社会发展回顾", True),
        ("坚决打好三大攻坚战，三年行动取得决定性进展", False),
        ("深入实施城市品质三年提升计划", False),
        ("全面实现城市环境面貌“三年一中变”目标", False),
        ("举全市之力办好第三届青年运动会", False),
        ("扎实做好村级换届选举工作", False),
        ("统筹编制“十五五”规划，以高水平规划引领发展", False),
    ],
)
def test_headings_of_several_years(heading: str, expected: bool) -> None:
    assert spans_years(normalize(heading), 2021) is expected
