"""What became of a target, and when that is not known."""

from __future__ import annotations

from typing import Any

import pytest

from kg.audit.figures import Figure
from kg.audit.promises import Caveat, Promise, Reason, Verdict, aim, counted, judge, promises
from tests.audit.making import average, figure, growth

KEPT, MISSED, UNKNOWN = Verdict


def target(text: str, period: str = "2011", **more: Any) -> Figure:
    return figure(text, period, **{"modality": "target", "report": "r2011", "year": 2011} | more)


def reached(text: str, period: str = "2011", **more: Any) -> Figure:
    return figure(text, period, **{"report": "r2012", "year": 2012} | more)


PERCENT: dict[str, Any] = {"measure": "growth", "unit": "%"}


def only(*figures: Figure) -> Promise:
    (found,) = promises(figures)
    return found


def verdict(*figures: Figure) -> tuple[Verdict, Reason | None]:
    found = only(*figures)
    return found.verdict, found.reason


@pytest.mark.parametrize(
    ("aimed", "got", "expected"),
    [
        ("11%", "11.0%", KEPT),
        ("11%", "10.9%", MISSED),
        ("11%", "12.5%", KEPT),
        ("10.5%", "10%", UNKNOWN),  # 10 may be 10.4, or hardly 10.5
        ("10.6%", "10%", MISSED),
    ],
)
def test_as_much_as_was_aimed_at_is_kept(aimed: str, got: str, expected: Verdict) -> None:
    assert verdict(target(aimed, **PERCENT), reached(got, **PERCENT))[0] == expected


@pytest.mark.parametrize(("got", "expected"), [("7.5%", KEPT), ("7.4%", UNKNOWN), ("7.1%", MISSED)])
def test_what_is_aimed_at_as_about_leaves_its_last_digit_open(got: str, expected: Verdict) -> None:
    aimed = target("8%", bound="approx", **PERCENT)
    assert judge(aimed, reached(got, **PERCENT))[0] == (expected if got != "7.4%" else MISSED)


def test_of_some_indicators_less_is_better() -> None:
    rate: dict[str, Any] = {"unit": "%", "indicator": "城镇登记失业率"}
    assert verdict(target("3%", **rate), reached("2.4%", **rate)) == (KEPT, None)
    assert verdict(target("3%", **rate), reached("3.1%", **rate)) == (MISSED, None)
    assert (aim("城镇登记失业率"), aim("污水处理率")) == ("less", "more")


def test_what_is_to_stay_within_a_bound_is_kept_by_less() -> None:
    spent: dict[str, Any] = {"indicator": "三公经费"}
    assert verdict(target("5亿元", bound="le", **spent), reached("4.8亿元", **spent)) == (KEPT, None)
    assert verdict(target("5亿元", bound="le", **spent), reached("5.2亿元", **spent)) == (MISSED, None)


def test_a_decline_is_kept_by_a_larger_one() -> None:
    energy: dict[str, Any] = {"indicator": "单位地区生产总值能耗", **PERCENT}
    assert verdict(target("4%", value=-4, **energy), reached("4.5%", value="-4.5", **energy)) == (KEPT, None)
    assert verdict(target("4%", value=-4, **energy), reached("3.2%", value="-3.2", **energy)) == (MISSED, None)
    # 下降4%以上 is at least such a decline
    more = reached("4%", value=-4, bound="ge", sentence="能耗下降4%以上", **energy)
    assert verdict(target("4%", value=-4, **energy), more) == (KEPT, None)


def test_what_is_to_be_cut_down_is_kept_by_less() -> None:
    items: dict[str, Any] = {"indicator": "权责清单事项数", "unit": "项"}
    aimed = target("1000项", value=1000, sentence="清单事项从3018项压减到1000项。", **items)
    assert verdict(aimed, reached("986项", value=986, **items)) == (KEPT, None)


def test_a_mark_that_was_passed_leaves_open_a_twentieth() -> None:
    assert verdict(target("2.5万亿元"), reached("2.5万亿元", bound="ge")) == (KEPT, None)
    assert verdict(target("2.6万亿元"), reached("2.5万亿元", bound="ge")) == (UNKNOWN, Reason.ROUGH)
    assert verdict(target("2.8万亿元"), reached("2.5万亿元", bound="ge")) == (MISSED, None)
    assert verdict(target("2.5万亿元"), reached("2.5万亿元", bound="le")) == (UNKNOWN, Reason.BOUND)


def test_of_a_range_the_end_that_is_easier_is_promised() -> None:
    low = target("6-6.5%", value=6, bound="ge", **PERCENT)
    high = target("6-6.5%", value="6.5", bound="le", **PERCENT)
    assert only(low, high, reached("6.2%", **PERCENT)).target == low


def test_what_is_to_change_is_no_promise() -> None:
    sentence = "将低保标准从400元提高到440元。"
    pay: dict[str, Any] = {"indicator": "低保标准", "sentence": sentence}
    assert only(target("400元", **pay), target("440元", **pay)).target.text == "440元"


def test_reports_on_other_areas_tell_of_other_things() -> None:
    aimed = target("100亿元")
    assert verdict(aimed, reached("120亿元", about="乙省"), reached("1亿元", "2005")) == (UNKNOWN, Reason.NOT_TOLD)


def test_a_report_cannot_keep_its_own_promises() -> None:
    same = reached("100亿元", report="r2011", year=2011)
    assert verdict(target("100亿元"), same) == (UNKNOWN, Reason.NOT_YET)
    assert verdict(target("100亿元", "2015"), reached("90亿元")) == (UNKNOWN, Reason.NOT_YET)
    assert verdict(target("100亿元", ""), reached("90亿元")) == (UNKNOWN, Reason.NO_PERIOD)


def test_the_first_report_after_decides_and_a_later_one_is_named() -> None:
    first, later = reached("100亿元"), reached("90亿元", report="r2013", year=2013)
    found = only(target("100亿元"), first, later)
    assert (found.verdict, found.outcome, found.revised) == (KEPT, first, later)
    assert only(target("100亿元"), first, reached("110亿元", report="r2013", year=2013)).revised is None


def test_what_a_report_tells_differently_twice_is_unknown() -> None:
    assert verdict(target("100亿元"), reached("110亿元"), reached("90亿元", at=9)) == (UNKNOWN, Reason.TWICE)


def test_other_measures_say_nothing() -> None:
    found = only(target("9%", **PERCENT), reached("110亿元"))
    assert (found.verdict, found.reason) == (UNKNOWN, Reason.OTHERWISE)
    assert found.outcome is not None and found.outcome.text == "110亿元"


def test_a_sum_of_years_is_not_an_amount_of_one() -> None:
    aimed = target("500亿元", "2015", sentence="五年累计完成投资500亿元。", indicator="投资完成额")
    got = reached("400亿元", "2015", report="r2016", year=2016, indicator="投资完成额")
    assert verdict(aimed, got) == (UNKNOWN, Reason.SUM)


def test_growth_on_a_comparable_basis_is_another() -> None:
    aimed = target("10%", sentence="地方一般公共预算收入按可比口径增长10%。", **PERCENT)
    plain = reached("8.7%", **PERCENT)
    assert verdict(aimed, plain) == (UNKNOWN, Reason.BASIS)
    assert verdict(aimed, plain, reached("12.9%", sentence="可比口径增长12.9%。", **PERCENT)) == (KEPT, None)


def test_growth_at_constant_prices_is_another_but_where_it_is_told_so_always() -> None:
    sales: dict[str, Any] = {"indicator": "社会消费品零售总额", **PERCENT}
    aimed = target("12%", sentence="社会消费品零售总额实际增长12%。", **sales)
    assert verdict(aimed, reached("11.4%", **sales)) == (UNKNOWN, Reason.BASIS)
    product: dict[str, Any] = {"indicator": "地区生产总值", **PERCENT}
    got = reached("5.3%", sentence="按可比价计算比上年增长5.3%。", **product)
    assert verdict(target("10%", **product), got) == (MISSED, None)


def test_amounts_at_prices_of_another_year_are_others() -> None:
    aimed = target("6850亿元", "2010", sentence="出口总额6850亿元(1995年价)。")
    assert verdict(aimed, reached("9000亿元", "2010")) == (UNKNOWN, Reason.BASIS)


def test_amounts_of_money_far_apart_are_of_other_things() -> None:
    assert verdict(target("7000亿元"), reached("500亿元")) == (UNKNOWN, Reason.FAR)
    near = reached("6500亿元", at=99)
    assert only(target("7000亿元"), reached("500亿元"), near).outcome == near


def test_what_names_nothing_is_not_held_against_another() -> None:
    vague: dict[str, Any] = {"indicator": "市财政安排"}
    assert verdict(target("2亿元", **vague), reached("1亿元", **vague)) == (UNKNOWN, Reason.VAGUE)


def test_a_target_beside_the_main_ones_is_of_something_else() -> None:
    main = target("5%", sentence="今年主要预期目标是:出口总额增长5%;", **PERCENT)
    aside = target("10%", sentence="力争松山湖出口总额增长10%。", at=50, **PERCENT)
    found = list(promises([main, aside, reached("4.6%", **PERCENT)]))
    assert [(p.verdict, p.reason) for p in found] == [(MISSED, None), (UNKNOWN, Reason.ANOTHER)]


def test_of_a_share_of_the_economy_neither_is_better() -> None:
    share: dict[str, Any] = {"indicator": "第二产业比重", "unit": "%"}
    assert verdict(target("40%", **share), reached("41%", **share)) == (UNKNOWN, Reason.NEITHER)


def test_an_average_growth_counts_from_the_year_before_too() -> None:
    aimed = average("8%", "2011/2015", modality="target", report="r2011", year=2011)
    assert verdict(aimed, average("8.2%", "2010/2015", report="r2016", year=2016)) == (KEPT, None)


def test_a_growth_over_two_years_is_that_of_the_second() -> None:
    assert verdict(target("8%", **PERCENT), reached("8.2%", "2010/2011", **PERCENT)) == (KEPT, None)


COUNT: dict[str, Any] = {"unit": "公里"}


def test_counts_meet_in_other_words() -> None:
    aimed = target("300公里", value=300, indicator="新建绿道长度", **COUNT)
    for name in ("新增绿道长度", "绿道长度"):
        found = only(aimed, reached("310公里", value=310, indicator=name, sentence=f"{name}310公里。", **COUNT))
        assert (found.verdict, found.caveats) == (KEPT, (Caveat.REWORDED,))
    fewer = reached("90公里", value=90, indicator="建成绿道长度", **COUNT)
    assert verdict(aimed, fewer) == (UNKNOWN, Reason.REWORDED), "what is being built may be the rest"
    for name in ("改造绿道长度", "绿道驿站长度"):
        got = reached("310公里", value=310, indicator=name, **COUNT)
        assert verdict(aimed, got) == (UNKNOWN, Reason.NOT_TOLD)
    stock = reached("2000公里", value=2000, indicator="绿道长度", sentence="绿道总量达2000公里。", **COUNT)
    assert verdict(aimed, stock) == (UNKNOWN, Reason.NOT_TOLD)
    assert counted("新建、扩建水厂数") == ("水厂", frozenset(("make", "renew")))


def test_counting_units_are_alike_where_the_indicator_is() -> None:
    aimed = target("7000座", value=7000, indicator="新建5G基站数", unit="座")
    assert verdict(aimed, reached("7541个", value=7541, indicator="新建5G基站数", unit="个")) == (KEPT, None)
    assert verdict(aimed, reached("7541公里", value=7541, indicator="新建5G基站数", unit="公里"))[0] == UNKNOWN


def test_an_outcome_that_is_expected_is_told_so() -> None:
    found = only(target("100亿元"), reached("110亿元", sentence="预计出口总额110亿元。"))
    assert (found.verdict, found.caveats) == (KEPT, (Caveat.EXPECTED,))


def test_growth_is_no_target_of_itself() -> None:
    assert list(promises([growth("5%"), growth("6%", "2011")])) == []
