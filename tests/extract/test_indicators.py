from __future__ import annotations

import pytest

from kg.extract.indicators import canonical, indicators
from kg.extract.quantities import units


def test_there_are_enough_of_them_each_described() -> None:
    table = indicators()
    assert len(table) >= 150
    for indicator in table.values():
        assert indicator.english.isascii() and indicator.english
        assert indicator.topic


def test_no_wording_stands_for_two_indicators() -> None:
    seen: dict[str, str] = {}
    for indicator in indicators().values():
        for name in (indicator.label, *indicator.aliases):
            assert name not in seen, f"{name}: {seen.get(name)} and {indicator.label}"
            seen[name] = indicator.label
            assert canonical(name) == indicator.label


def test_usual_units_are_known() -> None:
    known = {unit.name for group in units().values() for unit in group}
    for indicator in indicators().values():
        for part in indicator.unit.replace("万元", "元").split("/"):
            assert not part or part in known, indicator


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GDP", "国内生产总值"),
        ("全社会固定资产投资", "固定资产投资额"),
        ("社会消费零售总额", "社会消费品零售总额"),
        ("“三公”经费", "三公经费"),
        ("规上工业增加值", "规模以上工业增加值"),
    ],
)
def test_wordings_of_one_indicator(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("城镇居民人均可支配收入", "农村居民人均可支配收入"),
        ("农村居民人均纯收入", "农村居民人均可支配收入"),
        ("工业增加值", "规模以上工业增加值"),
        ("地区生产总值", "人均地区生产总值"),
        ("城镇登记失业率", "城镇调查失业率"),
        ("进出口总额", "出口总额"),
        ("一般公共预算收入", "一般公共预算支出"),
        ("绿道驿站数", "绿道长度"),
    ],
)
def test_indicators_that_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)
