"""What a figure may stand for, and what the words around it say of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.audit.figures import Place, half_digit, read_figures
from kg.graph.store import open_store
from kg.pipeline import build
from tests.audit.making import figure, growth

TEXT = (
    "甲市2011年政府工作报告\n——2011年1月10日在甲市第十届人民代表大会第一次会议上\n市长 张明\n各位代表:\n"
    "一、2010年工作回顾\n全市出口总额达到200亿元,增长8%,进口总额约100亿元。\n二、2011年主要任务\n出口总额增长9%以上。\n"
)


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        ("363.15亿元", "36315000000", "500000"),
        ("1.2万人", "12000", "500"),
        ("1.20万人", "12000", "50"),
        ("1,234元", "1234", "0.5"),
        ("13.90%", "13.9", "0.005"),
        ("5%", "-5", "0.5"),  # a decline
        ("0", "0", "0.5"),
        ("0.0%", "0", "0.05"),
        ("七成", "70", "5"),
        ("翻一番", "2", "0"),
        ("8金", "8", "0.5"),
    ],
)
def test_how_exact_a_figure_is(text: str, value: str, half: str) -> None:
    assert half_digit(text, Decimal(value)) == Decimal(half)


@pytest.mark.parametrize(
    ("text", "bound", "low", "high"),
    [
        ("100亿元", "eq", "9950000000", "10050000000"),
        ("100亿元", "approx", "9800000000", "10200000000"),  # 2 % of an amount
        ("8亿元", "approx", "650000000", "950000000"),  # three halves of the digit are more
    ],
)
def test_what_an_amount_may_stand_for(text: str, bound: str, low: str, high: str) -> None:
    of = figure(text, bound=bound)
    assert (of.low, of.high) == (Decimal(low), Decimal(high))


def test_what_a_growth_told_as_about_may_stand_for() -> None:
    about = growth("8%", bound="approx")
    assert (about.low, about.high) == (Decimal("6.5"), Decimal("9.5"))


@given(st.integers(1, 10**9), st.integers(0, 4))
def test_a_rounded_number_is_within_what_its_figure_may_stand_for(exact: int, digits: int) -> None:
    told = round(Decimal(exact) / 10**6, digits)
    assume(told)
    of = figure(f"{told:f}亿元", value=told * 10**8)
    assert of.low <= Decimal(exact) * 100 <= of.high


@pytest.mark.parametrize(
    ("period", "year", "years"),
    [
        ("2010", 2010, None),
        ("2006/2010", None, (2006, 2010)),
        ("2010-01/2010-06", None, None),  # a half-year is no year
        ("2010-05", None, None),
        ("", None, None),
    ],
)
def test_years_of_a_period(period: str, year: int | None, years: tuple[int, int] | None) -> None:
    of = figure("1亿元", period)
    assert (of.year, of.years) == (year, years)


@pytest.mark.parametrize(
    ("sentence", "cumulative"),
    [
        ("累计完成投资50亿元。", True),
        ("五年累计吸收外资284亿元,实际利用外资50亿元。", True),
        ("五年累计吸收外资284亿元,其中2010年吸收外资50亿元。", False),
        ("五年新增企业5家,投入50亿元。", True),
        ("五年来,出口总额达到50亿元。", False),
        ("出口总额50亿元,五年累计200亿元。", False),
    ],
)
def test_the_amount_of_several_years(sentence: str, cumulative: bool) -> None:
    assert figure("50亿元", sentence=sentence).cumulative is cumulative


@pytest.mark.parametrize(
    ("sentence", "constant"),
    [
        ("总产值50亿元(1990年不变价),增长24.2%。", True),
        ("总产值50亿元(现价),按不变价增长24.2%。", False),
        ("按可比价计算的总产值50亿元。", True),
        ("按不变价增长2%,总产值50亿元。", False),
    ],
)
def test_an_amount_at_constant_prices(sentence: str, constant: bool) -> None:
    assert figure("50亿元", sentence=sentence).constant is constant


def test_a_place_knows_what_is_before_and_behind_it() -> None:
    second = Place("r", 15, 17, "5%", "甲增长5%,乙增长5%。", 9)
    assert (second.before, second.behind) == ("甲增长5%,乙增长", "。")
    unknown = Place("r", 3, 5, "5%", "甲增长5%,乙增长5%。")
    assert (unknown.before, unknown.behind) == ("甲增长", ",乙增长5%。")


def test_figures_are_read_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    build([str(tmp_path)], store_dir=tmp_path / "store")
    found = read_figures(open_store(tmp_path / "store", read_only=True))
    assert [(f.indicator, f.measure, f.modality, f.bound, f.period, f.value, f.unit, f.text) for f in found] == [
        ("出口总额", "level", "actual", "eq", "2010", 20_000_000_000, "元", "200亿元"),
        ("出口总额", "growth", "actual", "eq", "2010", 8, "%", "8%"),
        ("进口总额", "level", "actual", "approx", "2010", 10_000_000_000, "元", "100亿元"),
        ("出口总额", "growth", "target", "ge", "2011", 9, "%", "9%"),
    ]
    for each in found:
        assert (each.area_name, each.report_year) == ("甲市", 2011)
        for place in each.places:
            assert TEXT[place.begin : place.end] == place.quotation == each.text
            assert place.before + place.quotation + place.behind == place.sentence
