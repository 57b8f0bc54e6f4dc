"""The checks, each on figures that agree, that were rounded, that are at constant prices, and that contradict."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg import resources
from kg.audit.basis import is_real
from kg.audit.checks import CHECKS, Finding, amount, number
from kg.audit.figures import Figure
from kg.extract.indicators import canonical
from tests.audit.making import (
    CONSISTENT,
    CONTRADICTION,
    REAL,
    ROUNDING,
    average,
    figure,
    growth,
    multiple,
    outcomes,
)

BEFORE, AFTER = figure("110亿元", "2009"), figure("200亿元")


def levels(before: str, after: str, first: str = "2009", last: str = "2010", **more: str) -> list[Figure]:
    return [figure(before, first, **more), figure(after, last, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "told", "outcome"),
    [
        # 200 against 110 is 81.8 %, and what 109.5 to 110.5 leave open
        ("110亿元", "200亿元", "81.8%", CONSISTENT),
        ("110亿元", "200亿元", "82%", CONSISTENT),
        ("110亿元", "200亿元", "80.9%", CONSISTENT),
        ("110亿元", "200亿元", "78%", CONTRADICTION),
        ("110亿元", "200亿元", "18.2%", CONTRADICTION),
        ("110亿元", "200亿元", "8.18%", CONTRADICTION),  # a digit that slipped
        ("110亿元", "200亿元", "-45%", CONTRADICTION),
        # the last digit
        ("1000.0亿元", "1123.0亿元", "12.3%", CONSISTENT),
        ("1000.0亿元", "1123.0亿元", "12.4%", ROUNDING),
        ("1000.0亿元", "1123.0亿元", "12.6%", CONTRADICTION),
        # falls, and standing still
        ("200亿元", "150亿元", "-25%", CONSISTENT),
        ("200亿元", "150亿元", "25%", CONTRADICTION),
        ("200.0亿元", "200.0亿元", "0%", CONSISTENT),
        ("200亿元", "200亿元", "0.0%", CONSISTENT),
        # units that differ by 万 and 亿 only, and amounts ten times as much
        ("9800万元", "1.1亿元", "12.2%", CONSISTENT),
        ("9800万元", "11亿元", "12.2%", CONTRADICTION),
        ("11亿元", "200亿元", "81.8%", CONTRADICTION),
    ],
)
def test_growth_against_two_levels(before: str, after: str, told: str, outcome: str) -> None:
    assert outcomes("growth", levels(before, after), growth(told)) == [outcome]


@pytest.mark.parametrize(
    ("bound", "told", "outcome"),
    [
        ("ge", "80%", CONSISTENT),
        ("ge", "90%", CONTRADICTION),
        ("le", "90%", CONSISTENT),
        ("le", "70%", CONTRADICTION),
        ("approx", "81%", CONSISTENT),
        ("approx", "80%", ROUNDING),
        ("approx", "60%", CONTRADICTION),
    ],
)
def test_bounds_are_bounds(bound: str, told: str, outcome: str) -> None:
    assert outcomes("growth", levels("1100亿元", "2000亿元"), growth(told, bound=bound)) == [outcome]


def test_an_amount_told_as_about_leaves_more_open() -> None:
    exact = levels("1000.0亿元", "1100.0亿元")
    assert outcomes("growth", exact, growth("12.0%")) == [CONTRADICTION]
    about = [exact[0], figure("1100.0亿元", bound="approx")]
    assert outcomes("growth", about, growth("12.0%")) == [CONSISTENT]
    assert outcomes("growth", about, growth("13.0%")) == [CONTRADICTION]
    # more than an amount is no amount to reckon with
    assert outcomes("growth", exact[0], figure("1100.0亿元", bound="ge"), growth("12.0%")) == []


def test_growth_in_the_unit_of_the_levels_and_in_points() -> None:
    assert outcomes("growth", levels("110亿元", "200亿元"), growth("90亿元", unit="元")) == [CONSISTENT]
    assert outcomes("growth", levels("110亿元", "200亿元"), growth("80亿元", unit="元")) == [CONTRADICTION]
    rates = levels("44.2%", "49.6%", unit="%")
    assert outcomes("growth", rates, growth("5.4个百分点", unit="个百分点")) == [CONSISTENT]
    assert outcomes("growth", rates, growth("5.7个百分点", unit="个百分点")) == [CONTRADICTION]
    assert outcomes("growth", rates, growth("12.2%")) == []  # of a rate: in percent, or in points?
    assert outcomes("growth", rates, growth("5.4%")) == []


def test_growth_over_several_years() -> None:
    some = levels("100亿元", "250亿元", "2005")
    assert outcomes("growth", some, growth("150%", "2005/2010")) == [CONSISTENT]
    assert outcomes("growth", some, growth("120%", "2005/2010")) == [CONTRADICTION]
    assert outcomes("growth", some, growth("150%", "2006/2010")) == []


def test_growth_against_a_sum_of_years_is_not_checked() -> None:
    some = levels("100亿元", "250亿元", "2005")
    for words in ("比“十五”时期增长20%", "比“十五”增长30%和20%", "比前五年增长20%"):
        assert outcomes("growth", some, growth("20%", "2005/2010", sentence=f"出口总额{words}。")) == [], words
    told = growth("20%", "2005/2010", sentence="出口总额比“十五”期末增长20%。")
    assert outcomes("growth", some, told) == [CONTRADICTION]
    summed = figure("250亿元", sentence="五年累计出口250亿元。")
    assert outcomes("growth", BEFORE, summed, growth("81.8%")) == []


def test_growth_at_constant_prices() -> None:
    gdp = levels("110亿元", "200亿元", indicator="地区生产总值")
    assert outcomes("growth", gdp, growth("75%", indicator="地区生产总值")) == [REAL]
    assert outcomes("growth", gdp, growth("20%", indicator="地区生产总值")) == [CONTRADICTION]  # no prices rise so
    assert outcomes("growth", gdp, growth("99%", indicator="地区生产总值")) == [REAL]  # they may fall
    assert outcomes("growth", gdp, growth("110%", indicator="地区生产总值")) == [CONTRADICTION]
    comparable = growth("75%", sentence="出口总额200亿元,可比口径增长75%。")
    assert outcomes("growth", BEFORE, AFTER, comparable) == [REAL]
    assert outcomes("growth", BEFORE, AFTER, growth("75%")) == [CONTRADICTION]


def test_prices_rose_more_before_1996() -> None:
    def gdp(first: str, last: str) -> list[Figure]:
        of = {"indicator": "地区生产总值"}
        return [*levels("710亿元", "970亿元", first, last, **of), growth("20%", last, indicator="地区生产总值")]

    assert outcomes("growth", gdp("1993", "1994")) == [REAL]
    assert outcomes("growth", gdp("2003", "2004")) == [CONTRADICTION]


def test_amounts_at_other_prices_than_each_other_say_little() -> None:
    current = figure("2880亿元", "2009", sentence="总产值2880亿元(现价)。", indicator="总产值")
    constant = figure("4221亿元", sentence="总产值4221亿元(1990年不变价)。", indicator="总产值")
    assert outcomes("growth", current, constant, growth("24.2%", indicator="总产值")) == [REAL]


@pytest.mark.parametrize(
    ("sentence", "told", "real"),
    [
        ("收入100元,实际增长5%。", "5%", True),
        ("收入100元,增长8%,扣除价格因素后,增长5%。", "8%", False),
        ("收入100元,增长8%,扣除价格因素后,增长5%。", "5%", True),
        ("收入增长8%(按可比价计算)。", "8%", True),
        ("收入增长8%(按可比口径增长5%)。", "5%", True),
        ("收入增长8%(按可比口径增长5%)。", "8%", False),
        ("扣除价格因素后,两项收入分别增长4%和5%。", "5%", True),
        ("收入增长8%,同口径增长5%;支出增长9%。", "9%", False),
        ("按可比价,产值增长4%,收入增长5%。", "5%", False),
    ],
)
def test_whether_words_say_that_a_growth_is_real(sentence: str, told: str, real: bool) -> None:
    assert is_real(growth(told, sentence=sentence)) is real


def test_what_cannot_be_compared_is_not() -> None:
    tell = growth("81.8%")
    assert outcomes("growth", AFTER, tell) == []
    assert outcomes("growth", figure("0元", "2009"), AFTER, tell) == []
    assert outcomes("growth", figure("110个", "2009", unit="个"), AFTER, tell) == []
    assert outcomes("growth", figure("110亿美元", "2009", unit="美元"), AFTER, tell) == []
    assert outcomes("growth", figure("110亿元", "2009-01/2009-06"), AFTER, tell) == []
    assert outcomes("growth", figure("110亿元", "2009", area="乙市"), AFTER, tell) == []
    assert outcomes("growth", figure("110亿元", "2009", indicator="进口总额"), AFTER, tell) == []
    assert outcomes("growth", dataclasses.replace(BEFORE, modality="target"), AFTER, tell) == []
    assert outcomes("growth", BEFORE, AFTER, growth("81.8%", "2010-01/2010-06")) == []
    assert outcomes("growth", BEFORE, AFTER, dataclasses.replace(tell, area="")) == []


def test_the_nearest_levels_are_compared() -> None:
    """Those of the sentence before those of the report, and these before those of others, nearest in time."""
    sentence = "出口总额200亿元,增长81.8%。"
    mine = figure("200亿元", sentence=sentence)
    tell = growth("81.8%", sentence=sentence)
    part = figure("20亿元", at=9)
    [finding] = CHECKS["growth"]([part, BEFORE, mine, tell])
    assert finding.outcome is CONSISTENT and finding.figures[2] is mine and not finding.across
    revised = figure("120亿元", "2009", report="r0", year=2010)
    [finding] = CHECKS["growth"]([revised, BEFORE, AFTER, tell])
    assert finding.outcome is CONSISTENT and not finding.across
    later = figure("110亿元", "2009", report="r9", year=2020)
    [finding] = CHECKS["growth"]([later, revised, AFTER, tell])
    assert finding.outcome is CONTRADICTION and finding.across and finding.figures[1] is revised


def test_a_target_goes_with_the_target_of_its_own_report() -> None:
    aim = {"modality": "target"}
    tell = growth("82%", **aim)
    assert outcomes("growth", BEFORE, figure("200亿元", **aim), tell) == [CONSISTENT]
    old = figure("150亿元", report="r0", year=2001, **aim)
    assert outcomes("growth", BEFORE, old, tell) == []


@pytest.mark.parametrize(
    ("first", "period", "told", "outcome"),
    [
        ("2006", "2006/2010", "18.9%", CONSISTENT),  # four years from 2006
        ("2005", "2006/2010", "14.9%", CONSISTENT),  # five from 2005, of which 2006 is the first
        ("2006", "2006/2010", "16.6%", CONTRADICTION),
        ("2006", "2006/2010", "19%", CONSISTENT),
        ("2006", "2006/2010", "19.0%", ROUNDING),
        ("2005", "2005/2010", "14.9%", CONSISTENT),
        ("2004", "2005/2010", "12.2%", None),  # nothing is told of 2005
    ],
)
def test_average_growth(first: str, period: str, told: str, outcome: str | None) -> None:
    some = [figure("155.75亿元", first), figure("311.29亿元")]
    assert outcomes("average growth", some, average(told, period)) == ([outcome] if outcome else [])


def test_average_growth_of_the_product_is_real() -> None:
    gdp = [figure("13502亿元", "2002", indicator="地区生产总值"), figure("30606亿元", "2007", indicator="地区生产总值")]
    assert outcomes("average growth", gdp, average("14.5%", "2002/2007", indicator="地区生产总值")) == [REAL]
    assert outcomes("average growth", gdp, average("3.5%", "2002/2007", indicator="地区生产总值")) == [CONTRADICTION]
    summed = figure("933亿元", "2007", sentence="投资累计933亿元。")
    assert outcomes("average growth", figure("411亿元", "2002"), summed, average("20%", "2002/2007")) == []


@pytest.mark.parametrize(
    ("text", "value", "measure", "outcome"),
    [
        ("2.5倍", "2.5", "multiple", CONSISTENT),
        ("2.4倍", "2.4", "multiple", ROUNDING),
        ("3.5倍", "3.5", "multiple", CONTRADICTION),
        ("1.5倍", "1.5", "multiple", CONTRADICTION),  # 是2006年的1.5倍
        ("1.5倍", "1.5", "growth", CONSISTENT),  # 增长1.5倍 is 2.5 times as much
        ("2.5倍", "2.5", "growth", CONTRADICTION),
        ("翻一番", "2", "multiple", CONSISTENT),  # and more
        ("翻两番", "4", "multiple", CONTRADICTION),
    ],
)
def test_multiples(text: str, value: str, measure: str, outcome: str) -> None:
    some = levels("100亿元", "250亿元", "2006")
    assert outcomes("multiple", some, multiple(text, value=value, measure=measure)) == [outcome]
    # and where other figures of the indicator stand by
    other = figure("7亿元", "2008", at=70)
    assert outcomes("multiple", some, other, multiple(text, value=value, measure=measure)) == [outcome]


def test_multiples_of_years_that_nobody_names_go_with_the_two_levels_of_their_sentence() -> None:
    sentence = "出口总额从100亿元增加到250亿元,是2.5倍。"
    some = [
        figure("100亿元", "", sentence=sentence),
        figure("250亿元", "2010", sentence=sentence),
        multiple("2.5倍", "", "2.5", sentence=sentence),
    ]
    assert outcomes("multiple", some) == [CONSISTENT]
    assert outcomes("multiple", [*some, figure("3亿元", "2008", sentence=sentence + "3亿元")]) == [CONSISTENT]
    same = [dataclasses.replace(some[0], period="2010"), *some[1:]]
    assert outcomes("multiple", same) == []  # two things of one year


def test_multiples_of_others_and_of_sums_are_not_checked() -> None:
    some = levels("100亿元", "250亿元", "2006")
    for words in ("是全市的9倍", "是全国平均水平的9倍", "是“十五”的9倍", "为前五年的9倍"):
        told = multiple("9倍", value="9", sentence=f"出口总额{words}。")
        assert outcomes("multiple", some, told) == [], words


def test_a_growth_in_multiples_of_one_year() -> None:
    told = multiple("1.01倍", "2010", "1.01", measure="growth")
    assert outcomes("multiple", levels("7.28亿美元", "14.64亿美元", unit="美元"), told) == [CONSISTENT]
    assert outcomes("multiple", levels("19.27亿美元", "14.64亿美元", unit="美元"), told) == [CONTRADICTION]
    assert outcomes("growth", levels("7.28亿元", "14.64亿元"), told) == []


def share(sector: str, text: str) -> Figure:
    return figure(f"{text}%", indicator=f"{sector}比重", unit="%")


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        (("0.7", "27.1", "72.2"), CONSISTENT),
        (("0.7", "27.1", "72.3"), CONSISTENT),  # 100.1, each rounded
        (("1", "27", "71"), CONSISTENT),
        (("0.7", "27.1", "72.5"), ROUNDING),
        (("0.7", "27.1", "70.2"), CONTRADICTION),
        (("0", "0", "100"), CONSISTENT),
    ],
)
def test_shares_add_to_a_hundred(values: tuple[str, str, str], outcome: str) -> None:
    sectors = ("第一产业", "第二产业", "第三产业")
    assert outcomes("shares", [share(s, v) for s, v in zip(sectors, values, strict=True)]) == [outcome]
    assert outcomes("shares", [share(s, v) for s, v in zip(sectors[:2], values[:2], strict=True)]) == []


@pytest.mark.parametrize(
    ("whole", "outcome"),
    [("300亿元", CONSISTENT), ("301亿元", CONSISTENT), ("303亿元", ROUNDING), ("320亿元", CONTRADICTION)],
)
def test_parts_make_the_whole(whole: str, outcome: str) -> None:
    some = [figure("100亿元"), figure("200亿元", indicator="进口总额"), figure(whole, indicator="进出口总额")]
    assert outcomes("parts", some)[0] == outcome
    assert outcomes("parts", some[1:]) == [CONSISTENT]  # a part is less than the whole


@pytest.mark.parametrize(
    ("part", "outcome"),
    [("90亿元", CONSISTENT), ("100亿元", CONSISTENT), ("102亿元", ROUNDING), ("900亿元", CONTRADICTION)],
)
def test_no_part_is_more_than_its_whole(part: str, outcome: str) -> None:
    whole = figure("100亿元", indicator="地区生产总值")
    assert outcomes("parts", whole, figure(part, indicator="工业增加值")) == [outcome]
    assert outcomes("parts", whole, figure(part, "2009", indicator="工业增加值")) == []
    assert outcomes("parts", whole, figure(part, indicator="工业增加值", report="r2")) == []
    assert outcomes("parts", whole, figure(part, indicator="工业增加值", modality="target")) == []


@pytest.mark.parametrize(
    ("told", "outcome"),
    [("40%", CONSISTENT), ("40.4%", CONSISTENT), ("40.8%", ROUNDING), ("42.0%", CONTRADICTION), ("4%", CONTRADICTION)],
)
def test_the_share_that_is_told_is_that_of_the_part(told: str, outcome: str) -> None:
    some = [
        figure("100亿元", indicator="地区生产总值"),
        figure("40亿元", indicator="第三产业增加值"),
        figure(told, indicator="第三产业比重", unit="%"),
    ]
    assert outcomes("parts", some) == [CONSISTENT, outcome]


def test_parts_and_wholes_are_common_indicators() -> None:
    for kind, whole, parts in resources.table("audit_parts.tsv", "kind", "whole", "parts"):
        assert kind in ("sum", "part", "share")
        for name in (whole, *parts.split("|")):
            assert canonical(name) == name


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        ("200.4亿元", CONSISTENT),
        ("201亿元", CONSISTENT),
        ("202亿元", ROUNDING),
        ("210亿元", CONTRADICTION),
        ("20亿元", CONTRADICTION),
        ("0.0200万亿元", CONSISTENT),
    ],
)
def test_what_is_told_twice(other: str, outcome: str) -> None:
    value = "20000000000" if "万亿" in other else None
    again = figure(other, "2010", value, report="r2", year=2012)
    [finding] = CHECKS["told twice"]([AFTER, again])
    assert finding.outcome is outcome and finding.across and finding.told == other


def test_what_is_not_one_thing_told_twice() -> None:
    again = figure("210亿元", at=50)
    assert outcomes("told twice", AFTER, again) == [CONTRADICTION]
    for change in (
        {"modality": "target"},
        {"bound": "ge"},
        {"period": "2009"},
        {"period": "2010-01/2010-06"},
        {"period": ""},
        {"unit": "美元"},
        {"area": "乙市"},
        {"indicator": "进口总额"},
        {"measure": "growth"},
    ):
        assert outcomes("told twice", AFTER, dataclasses.replace(again, **change)) == [], change  # type: ignore[arg-type]
    summed = figure("210亿元", sentence="五年累计出口210亿元。", at=50)
    assert outcomes("told twice", AFTER, summed) == []


def test_figures_in_a_row_are_not_one_thing_told_twice() -> None:
    row = "甲医院和乙医院床位分别达到2300张、3000张,丙医院床位达到4000张。"
    beds = [figure(t, value=t[:-1], unit="张", sentence=row) for t in ("2300张", "3000张", "4000张")]
    assert outcomes("told twice", beds[:2]) == []
    assert outcomes("told twice", beds) == [CONTRADICTION]


def test_nominal_and_real_growth_are_not_one_thing_told_twice() -> None:
    sentence = "出口总额增长8%,扣除价格因素后,增长5%。"
    both = [growth("8%", sentence=sentence), growth("5%", sentence=sentence)]
    assert outcomes("told twice", both) == [REAL]
    assert outcomes("told twice", both[0], growth("5%", at=90)) == [CONTRADICTION]


def rows(*told: tuple[int, str]) -> list[Figure]:
    return [
        figure(text, str(year), indicator="刑事立案数", unit="宗", report=f"r{year}", year=year + 1)
        for year, text in told
    ]


@pytest.mark.parametrize(
    ("claim", "values", "outcome"),
    [
        ("连续三年下降", (400, 300, 200, 100), CONSISTENT),
        ("连续三年下降", (400, 300, 310, 100), CONTRADICTION),
        ("连续两年增长", (100, 90, 95, 99), CONSISTENT),
        ("连续三年增长", (100, 90, 95, 99), CONTRADICTION),
        ("逐年提高", (1, 2, 3, 4), CONSISTENT),
        ("连续3年保持两位数增长", (100, 111, 123, 140), CONSISTENT),
        ("连续3年保持两位数增长", (100, 111, 115, 140), CONTRADICTION),
    ],
)
def test_a_steady_claim_against_the_series(claim: str, values: Sequence[int], outcome: str) -> None:
    series = rows(*[(2007 + n, f"{v}宗") for n, v in enumerate(values)])
    for sentence in (f"刑事立案{values[-1]}宗,{claim}。", f"刑事立案{claim}至{values[-1]}宗。"):
        last = figure(f"{values[-1]}宗", indicator="刑事立案数", unit="宗", report="r2010", sentence=sentence)
        assert outcomes("steady", [*series[:-1], last]) == [outcome], sentence


def test_a_steady_claim_against_growth() -> None:
    years = [growth(f"-{n}%", str(2000 + n), report=f"r{n}", year=2001 + n) for n in range(6, 10)]
    last = growth("-10%", sentence="出口总额下降-10%,连续五年下降。")
    assert outcomes("steady", *years, last) == [CONSISTENT]
    years[2] = dataclasses.replace(years[2], value=Decimal(2))
    assert outcomes("steady", *years, last) == [CONTRADICTION]


def test_a_claim_of_something_else_is_not_of_the_figure() -> None:
    series = rows((2008, "300宗"), (2009, "400宗"))
    for sentence in (
        "刑事立案500宗,交通事故连续三年下降。",
        "刑事立案500宗。连续三年下降的是事故。",
        "500宗刑事立案,下降。",
    ):
        last = figure("500宗", indicator="刑事立案数", unit="宗", sentence=sentence)
        assert outcomes("steady", series, last) == [], sentence


@pytest.mark.parametrize(
    ("bound", "aim", "reached", "kept"),
    [
        ("eq", "11%", "11%", True),
        ("eq", "11%", "12%", True),
        ("eq", "11%", "10.9%", False),
        ("eq", "11%", "9.1%", False),
        ("eq", "0%", "0%", True),
        ("ge", "11%", "11.0%", True),
        ("ge", "11%", "10.5%", False),
        ("le", "11%", "9%", True),
        ("le", "11%", "13%", False),
        ("approx", "8%", "7.5%", True),  # 8%左右
        ("approx", "8%", "7.4%", False),
        ("eq", "-3%", "-4%", True),  # a decline that is aimed at
        ("eq", "-3%", "-2%", False),
    ],
)
def test_a_target_meets_its_outcome(bound: str, aim: str, reached: str, kept: bool) -> None:
    target = growth(aim, modality="target", bound=bound, year=2010)
    actual = growth(reached, report="r2", year=2011)
    [finding] = CHECKS["outcome"]([target, actual])
    assert (finding.outcome is CONSISTENT) is kept
    assert finding.found == reached and finding.gap == actual.value - target.value
    assert outcomes("outcome", target) == []
    assert outcomes("outcome", target, dataclasses.replace(actual, report_year=2009)) == []
    assert outcomes("outcome", target, dataclasses.replace(actual, report_year=2010)) == []


def test_targets_of_what_should_be_little_and_of_structure() -> None:
    def rate(text: str, report: str, year: int, **more: str) -> Figure:
        return figure(text, unit="%", indicator="城镇登记失业率", report=report, year=year, **more)  # type: ignore[arg-type]

    aim = rate("3.5%", "r1", 2010, modality="target")
    assert outcomes("outcome", aim, rate("3.1%", "r2", 2011)) == [CONSISTENT]
    assert outcomes("outcome", aim, rate("3.8%", "r2", 2011)) == [CONTRADICTION]
    sector = {"indicator": "第一产业比重", "unit": "%"}
    assert (
        outcomes("outcome", figure("5%", modality="target", year=2010, **sector), figure("4%", report="r2", **sector))
        == []
    )


def test_targets_against_bounds_and_ranges() -> None:
    aim = {"modality": "target", "year": 2010}
    beyond = figure("2000亿元", bound="ge", report="r2")  # 超2000亿元
    assert outcomes("outcome", figure("2000亿元", **aim), beyond) == [CONSISTENT]
    assert outcomes("outcome", figure("2050亿元", **aim), beyond) == []  # nobody knows
    assert outcomes("outcome", figure("2200亿元", **aim), beyond) == [CONTRADICTION]
    ends = [growth("6－6.5％", value=v, bound=b, **aim) for v, b in (("6", "ge"), ("6.5", "le"))]
    assert outcomes("outcome", *ends, growth("6.8%", report="r2")) == [CONSISTENT]  # the lower end


def test_the_first_report_that_tells_an_outcome_counts() -> None:
    aim = growth("10%", modality="target", year=2010)
    told = [growth("9%", report="r2", year=2011), growth("11%", report="r3", year=2012)]
    for some in (told, told[::-1]):
        assert outcomes("outcome", aim, *some) == [CONTRADICTION]


AMOUNT = st.integers(1_000, 10_000_000)


@given(AMOUNT, AMOUNT, st.integers(0, 3))
def test_figures_made_from_exact_amounts_never_contradict(before: int, after: int, digits: int) -> None:
    percent = round((Decimal(after) / before - 1) * 100, digits)
    some = levels(f"{before}元", f"{after}元")
    assert outcomes("growth", some, growth(f"{percent:f}%", value=str(percent))) in ([CONSISTENT], [ROUNDING])


@given(AMOUNT, AMOUNT, st.integers(2, 6), st.integers(0, 2))
def test_rounded_amounts_and_what_follows_from_them_agree(first: int, last: int, places: int, digits: int) -> None:
    """All checks on figures of one series, each rounded as reports round."""
    told = [figure(f"{round(Decimal(v) / 10000, places):f}万元", y) for v, y in ((first, "2005"), (last, "2010"))]
    assume(all(f.low > 0 for f in told))
    ratio = Decimal(last) / first
    average_growth = round((Decimal(float(ratio) ** 0.2) - 1) * 100, digits)
    figures = [
        *told,
        growth(f"{round((ratio - 1) * 100, digits):f}%", "2005/2010"),
        average(f"{average_growth:f}%", "2005/2010"),
        multiple(f"{round(ratio, digits):f}倍", value=str(round(ratio, digits)), period="2005/2010"),
        growth(f"{told[1].value - told[0].value:f}元", "2005/2010", unit="元"),
    ]
    found = [f.outcome for check in CHECKS.values() for f in check(figures)]
    assert len(found) == 4 and set(found) <= {CONSISTENT, ROUNDING}


@given(AMOUNT, AMOUNT, st.sampled_from([-1, 1]), st.integers(0, 2))
def test_a_growth_that_is_off_by_more_than_roundings_is_found(before: int, after: int, way: int, digits: int) -> None:
    exact = (Decimal(after) / before - 1) * 100
    open_ = Decimal(after + before) / before / before * 100  # what the roundings of the amounts leave open, in points
    percent = round(exact + way * (open_ + 4 * Decimal(1).scaleb(-digits)), digits)
    found = outcomes("growth", levels(f"{before}元", f"{after}元"), growth(f"{percent:f}%", value=str(percent)))
    assert found == [CONTRADICTION]


SOME = [
    BEFORE,
    AFTER,
    growth("81.8%"),
    growth("78%", at=90),
    figure("210亿元", at=120),
    figure("220亿元", report="r2", year=2012),
    figure("250亿元", modality="target", report="r0", year=2010),
    average("10%", "2006/2010"),
    figure("100亿元", "2006", at=150),
    multiple("2倍", value="2"),
    figure("300亿元", indicator="进口总额"),
    figure("450亿元", indicator="进出口总额"),
    share("第一产业", "1"),
    share("第二产业", "50"),
    share("第三产业", "40"),
]


def keys(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    def key(f: Finding) -> tuple[str, ...]:
        return (f.check, f.outcome, f.told, f.found, *(g.iri for g in f.figures))

    return sorted(key(f) for check in CHECKS.values() for f in check(figures))


@given(st.permutations(SOME))
def test_the_order_of_figures_does_not_matter(figures: list[Figure]) -> None:
    assert keys(figures) == keys(SOME)


@given(st.lists(st.sampled_from(SOME), unique_by=id))
def test_every_finding_is_of_figures_that_are_there(figures: list[Figure]) -> None:
    for check in CHECKS.values():
        for finding in check(figures):
            assert all(any(f is g for g in figures) for f in finding.figures)
            assert finding.told and finding.found and finding.figures


def test_steps_of_a_series_are_all_compared() -> None:
    some = [figure(f"{v}亿元", report=f"r{n}", year=2011 + n) for n, v in enumerate((100, 100, 120, 100))]
    found = [f.outcome for f in CHECKS["told twice"](some)]
    assert found == [CONSISTENT if a.value == b.value else CONTRADICTION for a, b in pairwise(some)]


def test_numbers_for_people() -> None:
    assert [number(Decimal(n), 2) for n in ("18.904", "-45", "1200")] == ["18.9", "-45", "1,200"]
    told = [("1200", "元"), ("-12000", "元"), ("36315000000", "元"), ("12000", "%"), ("2.504", "倍"), ("3", "个百分点")]
    assert [amount(Decimal(n), unit) for n, unit in told] == [
        "1,200元",
        "-1.2万元",
        "363.15亿元",
        "12,000%",
        "2.5倍",
        "3个百分点",
    ]
