"""The checks, each on figures that agree, that were rounded, that are at constant prices, and that contradict."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.audit.checks import CHECKS, Finding, Outcome, is_real, number
from kg.audit.figures import Figure, Place, half_digit

CONSISTENT, ROUNDING, REAL, CONTRADICTION = Outcome


def figure(
    text: str,
    value: str | int,
    period: str = "2010",
    *,
    indicator: str = "出口总额",
    measure: str = "level",
    unit: str = "元",
    modality: str = "actual",
    bound: str = "eq",
    report: str = "r1",
    year: int = 2011,
    sentence: str = "",
    at: int = 0,
) -> Figure:
    """A figure of one area; its sentence is its own unless told."""
    place = Place(report, at, at + len(text), text, sentence or f"{indicator}{text}。")
    iri = "|".join((report, indicator, period, measure, modality, text, str(at)))
    return Figure(
        iri,
        report,
        report,
        year,
        indicator,
        "a",
        "甲市",
        period,
        measure,
        modality,
        bound,
        Decimal(value),
        unit,
        text,
        (place,),
    )


def outcomes(check: str, figures: Sequence[Figure]) -> list[Outcome]:
    return [finding.outcome for finding in CHECKS[check](figures)]


def growth(text: str, value: str, period: str = "2010", **more: object) -> Figure:
    return figure(text, value, period, measure="growth", unit="%", **more)  # type: ignore[arg-type]


BEFORE, AFTER = figure("110亿元", 11_000_000_000, "2009"), figure("200亿元", 20_000_000_000)


@pytest.mark.parametrize(
    ("told", "value", "outcome"),
    [
        ("81.8%", "81.8", CONSISTENT),
        ("82%", "82", CONSISTENT),
        ("80.9%", "80.9", CONSISTENT),  # 110 is 109.5 to 110.5
        ("81%", "81", CONSISTENT),
        ("78%", "78", CONTRADICTION),
        ("18.2%", "18.2", CONTRADICTION),
        ("8.18%", "8.18", CONTRADICTION),  # a digit that slipped
        ("-45%", "-45", CONTRADICTION),
    ],
)
def test_growth_against_two_levels(told: str, value: str, outcome: Outcome) -> None:
    assert outcomes("growth", [BEFORE, AFTER, growth(told, value)]) == [outcome]


def test_growth_is_rounding_by_the_last_digit() -> None:
    levels = [figure("1000.0亿元", "100000000000", "2009"), figure("1123.0亿元", "112300000000")]
    assert outcomes("growth", [*levels, growth("12.3%", "12.3")]) == [CONSISTENT]
    assert outcomes("growth", [*levels, growth("12.4%", "12.4")]) == [ROUNDING]
    assert outcomes("growth", [*levels, growth("12.6%", "12.6")]) == [CONTRADICTION]


def test_growth_at_constant_prices_is_no_contradiction() -> None:
    gdp = [dataclasses.replace(f, indicator="地区生产总值") for f in (BEFORE, AFTER)]
    real = growth("75%", "75", indicator="地区生产总值")
    assert is_real(real) and outcomes("growth", [*gdp, real]) == [REAL]
    far = growth("20%", "20", indicator="地区生产总值")
    assert outcomes("growth", [*gdp, far]) == [CONTRADICTION]
    comparable = growth("75%", "75", sentence="出口总额200亿元,可比口径增长75%。")
    assert outcomes("growth", [BEFORE, AFTER, comparable]) == [REAL]


@pytest.mark.parametrize(
    ("bound", "value", "outcome"),
    [
        ("ge", "80", CONSISTENT),
        ("ge", "90", CONTRADICTION),
        ("le", "90", CONSISTENT),
        ("le", "70", CONTRADICTION),
        ("approx", "81", CONSISTENT),
        ("approx", "60", CONTRADICTION),
    ],
)
def test_bounds_are_bounds(bound: str, value: str, outcome: Outcome) -> None:
    assert outcomes("growth", [BEFORE, AFTER, growth(f"{value}%", value, bound=bound)]) == [outcome]


def test_a_decline() -> None:
    levels = [figure("200亿元", "20000000000", "2009"), figure("150亿元", "15000000000")]
    assert outcomes("growth", [*levels, growth("25%", "-25")]) == [CONSISTENT]
    assert outcomes("growth", [*levels, growth("25%", "25")]) == [CONTRADICTION]


def test_what_cannot_be_compared_is_not() -> None:
    tell = growth("81.8%", "81.8")
    assert outcomes("growth", [AFTER, tell]) == []
    assert outcomes("growth", [figure("0元", 0, "2009"), AFTER, tell]) == []
    assert outcomes("growth", [figure("110个", 110, "2009", unit="个"), AFTER, tell]) == []
    assert outcomes("growth", [figure("40%", 40, "2009", unit="%"), figure("50%", 50, unit="%"), tell]) == []
    assert outcomes("growth", [BEFORE, AFTER, growth("81.8%", "81.8", "2009/2010")]) == []
    elsewhere = dataclasses.replace(BEFORE, area="b")
    assert outcomes("growth", [elsewhere, AFTER, tell]) == []


def test_levels_of_the_own_report_go_before_those_of_others() -> None:
    revised = figure("120亿元", 12_000_000_000, "2009", report="r0", year=2010)
    [finding] = CHECKS["growth"]([revised, BEFORE, AFTER, growth("81.8%", "81.8")])
    assert finding.outcome is CONSISTENT and not finding.across
    [finding] = CHECKS["growth"]([revised, AFTER, growth("81.8%", "81.8")])
    assert finding.outcome is CONTRADICTION and finding.across


def average(text: str, value: str, period: str) -> Figure:
    return figure(text, value, period, measure="averageAnnualGrowth", unit="%")


@pytest.mark.parametrize(
    ("first", "told", "value", "outcome"),
    [
        ("2006", "18.9%", "18.9", CONSISTENT),  # four years from 2006
        ("2005", "14.9%", "14.9", CONSISTENT),  # five from 2005, of which 2006 is the first
        ("2006", "16.6%", "16.6", CONTRADICTION),
        ("2006", "19%", "19", CONSISTENT),
    ],
)
def test_average_growth_counts_from_either_base(first: str, told: str, value: str, outcome: Outcome) -> None:
    levels = [figure("155.75亿元", "15575000000", first), figure("311.29亿元", "31129000000")]
    assert outcomes("average growth", [*levels, average(told, value, "2006/2010")]) == [outcome]


def multiple(text: str, value: str, sentence: str, bound: str = "eq") -> list[Figure]:
    return [
        figure("100亿元", "10000000000", "2006", sentence=sentence, at=1),
        figure("250亿元", "25000000000", "2010", sentence=sentence, at=2),
        figure(text, value, "2006/2010", measure="multiple", unit="倍", sentence=sentence, at=3, bound=bound),
    ]


@pytest.mark.parametrize(
    ("text", "value", "outcome"),
    [
        ("2.5倍", "2.5", CONSISTENT),
        ("1.5倍", "1.5", CONSISTENT),  # 增长1.5倍
        ("3.5倍", "3.5", CONTRADICTION),
        ("翻一番", "2", CONSISTENT),
        ("翻两番", "4", CONTRADICTION),
    ],
)
def test_multiples_in_one_sentence(text: str, value: str, outcome: Outcome) -> None:
    sentence = f"出口总额从100亿元增加到250亿元,是2006年的{text}。"
    assert outcomes("multiple", multiple(text, value, sentence)) == [outcome]


def test_a_multiple_of_others_is_not_checked() -> None:
    sentence = "出口总额从100亿元增加到250亿元,是全市的9倍。"
    assert outcomes("multiple", multiple("9倍", "9", sentence)) == []


def share(sector: str, text: str, value: str) -> Figure:
    return figure(text, value, indicator=f"{sector}比重", unit="%")


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        (("0.7", "27.1", "72.2"), CONSISTENT),
        (("0.7", "27.1", "72.3"), CONSISTENT),  # 100.1, each rounded
        (("1", "27", "71"), CONSISTENT),
        (("0.7", "27.1", "72.5"), ROUNDING),
        (("0.7", "27.1", "70.2"), CONTRADICTION),
    ],
)
def test_shares_add_to_a_hundred(values: tuple[str, str, str], outcome: Outcome) -> None:
    names = ("第一产业", "第二产业", "第三产业")
    assert outcomes("shares", [share(n, f"{v}%", v) for n, v in zip(names, values, strict=True)]) == [outcome]
    assert outcomes("shares", [share(n, f"{v}%", v) for n, v in zip(names[:2], values[:2], strict=True)]) == []


@pytest.mark.parametrize(
    ("whole", "outcome"),
    [("300亿元", CONSISTENT), ("301亿元", CONSISTENT), ("303亿元", ROUNDING), ("320亿元", CONTRADICTION)],
)
def test_parts_make_the_whole(whole: str, outcome: Outcome) -> None:
    figures = [
        figure("100亿元", "10000000000", indicator="出口总额"),
        figure("200亿元", "20000000000", indicator="进口总额"),
        figure(whole, f"{whole[:3]}00000000", indicator="进出口总额"),
    ]
    assert outcomes("parts", figures) == [outcome]


@pytest.mark.parametrize(
    ("other", "value", "outcome"),
    [
        ("200.4亿元", "20040000000", CONSISTENT),
        ("201亿元", "20100000000", CONSISTENT),
        ("202亿元", "20200000000", ROUNDING),
        ("210亿元", "21000000000", CONTRADICTION),
    ],
)
def test_what_is_told_twice(other: str, value: str, outcome: Outcome) -> None:
    again = figure(other, value, report="r2", year=2012)
    [finding] = CHECKS["told twice"]([AFTER, again])
    assert finding.outcome is outcome and finding.across and finding.told == other


def test_a_target_told_twice_is_no_matter() -> None:
    targets = [
        dataclasses.replace(f, modality="target") for f in (AFTER, figure("210亿元", "21000000000", report="r2"))
    ]
    assert outcomes("told twice", targets) == []


@pytest.mark.parametrize(
    ("claim", "values", "outcome"),
    [
        ("连续三年下降", (400, 300, 200, 100), CONSISTENT),
        ("连续两年增长", (100, 90, 95, 99), CONSISTENT),
        ("连续三年增长", (100, 90, 95, 99), CONTRADICTION),
        ("逐年提高", (1, 2, 3, 4), CONSISTENT),
    ],
)
def test_a_steady_claim_against_the_series(claim: str, values: Sequence[int], outcome: Outcome) -> None:
    series = [
        figure(
            f"{v}宗",
            v,
            str(2007 + n),
            indicator="刑事立案数",
            unit="宗",
            sentence=f"刑事立案{claim},为{v}宗。" if n == 3 else "",
            at=n,
        )
        for n, v in enumerate(values)
    ]
    last = dataclasses.replace(
        series[-1], places=(dataclasses.replace(series[-1].places[0], sentence=f"刑事立案{claim}至{values[-1]}宗。"),)
    )
    assert outcomes("steady", [*series[:-1], last]) == [outcome]


@pytest.mark.parametrize(
    ("bound", "reached", "outcome"),
    [
        ("eq", "11%", CONSISTENT),
        ("eq", "12%", CONSISTENT),
        ("eq", "9.1%", CONTRADICTION),
        ("ge", "10.9%", CONSISTENT),
        ("le", "9%", CONSISTENT),
        ("le", "13%", CONTRADICTION),
    ],
)
def test_a_target_meets_its_outcome(bound: str, reached: str, outcome: Outcome) -> None:
    target = growth("11%", "11", modality="target", bound=bound, report="r1", year=2010)
    actual = growth(reached, reached[:-1], report="r2", year=2011)
    [finding] = CHECKS["outcome"]([target, actual])
    assert finding.outcome is outcome and finding.found == reached
    assert outcomes("outcome", [target]) == []
    earlier = dataclasses.replace(actual, report_year=2009)
    assert outcomes("outcome", [target, earlier]) == []


AMOUNT = st.integers(1_000, 10_000_000)


@given(AMOUNT, AMOUNT, st.integers(0, 3))
def test_figures_made_from_exact_amounts_never_contradict(before: int, after: int, digits: int) -> None:
    percent = round((Decimal(after) / before - 1) * 100, digits)
    levels = [figure(f"{before}元", before, "2009"), figure(f"{after}元", after)]
    assert outcomes("growth", [*levels, growth(f"{percent:f}%", str(percent))]) in ([CONSISTENT], [ROUNDING])


@given(AMOUNT, AMOUNT)
def test_a_growth_that_is_ten_points_off_is_found(before: int, after: int) -> None:
    percent = round((Decimal(after) / before - 1) * 100 + 10, 1)
    levels = [figure(f"{before}元", before, "2009"), figure(f"{after}元", after)]
    width = (Decimal(after) / before) * 100 / before  # what the rounding of the smaller amount leaves open
    found = outcomes("growth", [*levels, growth(f"{percent:f}%", str(percent))])
    assert found == [CONTRADICTION] or width > 4


@given(
    st.permutations([BEFORE, AFTER, growth("81.8%", "81.8"), growth("78%", "78", at=9), share("第一产业", "1%", "1")])
)
def test_the_order_of_figures_does_not_matter(figures: list[Figure]) -> None:
    def key(finding: Finding) -> tuple[str, ...]:
        return (finding.check, finding.told, finding.outcome)

    found = [f for check in CHECKS.values() for f in check(figures)]
    assert sorted(map(key, found)) == [
        ("growth", "78%", "contradiction"),
        ("growth", "81.8%", "consistent"),
        ("told twice", "78%", "contradiction"),
    ] or sorted(map(key, found))[:2] == [("growth", "78%", "contradiction"), ("growth", "81.8%", "consistent")]


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        ("363.15亿元", "36315000000", "500000"),
        ("1.2万人", "12000", "500"),
        ("1,234元", "1234", "0.5"),
        ("13.90%", "13.9", "0.005"),
        ("0", "0", "0.5"),
        ("七成", "70", "5"),
        ("翻一番", "2", "0"),
    ],
)
def test_how_exact_a_figure_is(text: str, value: str, half: str) -> None:
    assert half_digit(text, Decimal(value)) == Decimal(half)


def test_numbers_for_people() -> None:
    assert [number(Decimal(n), 2) for n in ("18.904", "-45", "1200")] == ["18.9", "-45", "1,200"]
