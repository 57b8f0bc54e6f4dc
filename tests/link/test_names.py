"""Names of divisions, taken apart and put together."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.link.divisions import Division, divisions
from kg.link.model import Level
from kg.link.names import (
    FULL,
    SHORT,
    STEM,
    forms,
    is_ending,
    levels_of,
    normal,
    same_division,
    splits,
    stem,
    without_peoples,
)


@lru_cache(maxsize=1)
def rows() -> tuple[Division, ...]:
    return (*divisions().counties, *divisions().townships)


a_row = st.integers(min_value=0).map(lambda n: rows()[n * 7919 % len(rows())])
a_county = st.integers(min_value=0).map(lambda n: divisions().counties[n * 7919 % len(divisions().counties)])
a_text = st.text(st.sampled_from("广州市海珠区县从化温泉镇街道自治回族 “”Ａa·\u3000") | st.characters(), max_size=12)


# normal ---------------------------------------------------------------------------------------------------------------


@given(a_text)
def test_normal_is_idempotent(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("海珠　区", "海珠区"), ("“广州”塔", "广州塔"), ("《条例》", "条例"), ("Ｔ．Ｉ．Ｔ", "T.I.T"), ("", "")],
)
def test_normal(name: str, expected: str) -> None:
    assert normal(name) == expected


# levels and stems -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("广东省", "province"),
        ("香港特别行政区", "province"),
        ("广西壮族自治区", "province"),
        ("北京市", "province"),
        ("重庆市", "prefecture province"),
        ("广州市", "county prefecture"),
        ("湘西州", "prefecture"),
        ("喀什地区", "prefecture"),
        ("锡林郭勒盟", "prefecture"),
        ("浦东新区", "county"),
        ("六枝特区", "county"),
        ("鄂伦春自治旗", "county"),
        ("南华西街道", "township"),
        ("南华西街", "township"),
        ("温泉镇", "township"),
        ("巴彦苏木", "township"),
        ("琶洲村", "village"),
        ("赤岗社区", "village"),
        ("化州", ""),  # a city, though 州 is an ending
        ("沙县", ""),
        ("矿区", ""),
        ("琶洲", ""),
        ("广州塔", ""),
        ("", ""),
    ],
)
def test_levels(name: str, levels: str) -> None:
    assert levels_of(name) == frozenset(map(Level, levels.split()))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("海珠区", "海珠"),
        ("广西壮族自治区", "广西"),
        ("内蒙古自治区", "内蒙古"),
        ("湘西土家族苗族自治州", "湘西土家族苗族"),
        ("沙县", "沙县"),  # a single character is no name
        ("城区", "城区"),
        ("化州", "化州"),
        ("化州市", "化州"),
        ("沙市市", "沙市"),
        ("南华西街道", "南华西"),
        ("温泉镇", "温泉"),
        ("长安乡", "长安"),
    ],
)
def test_stem(name: str, expected: str) -> None:
    assert stem(name) == expected


@given(a_row)
def test_a_stem_is_what_a_name_begins_with(row: Division) -> None:
    assert row.name.startswith(stem(row.name)) and len(stem(row.name)) >= min(2, len(row.name))


def test_the_levels_of_divisions_are_those_of_their_codes() -> None:
    """Where the ending tells anything; the tables' farms and zones have none."""
    wrong = {row.name for row in divisions().counties if (told := levels_of(row.name)) and row.level not in told}
    assert wrong <= {"海南行政区", "畹町镇"}, sorted(wrong)


@pytest.mark.parametrize("name", ["湘西土家族苗族", "张家川回族", "延边朝鲜族", "鄂伦春", "苗族", "回族"])
def test_something_is_left_without_the_peoples(name: str) -> None:
    assert len(without_peoples(name)) >= 2
    assert without_peoples(without_peoples(name)) == without_peoples(name)


def test_endings() -> None:
    assert is_ending("街道") and is_ending("新区")
    assert not is_ending("海珠区") and not is_ending("")


# forms ----------------------------------------------------------------------------------------------------------------


@given(a_row)
def test_every_form_of_a_name_finds_the_division_again(row: Division) -> None:
    for form, how in forms(row.name):
        assert (row, how) in divisions().named(form)
        assert len(form) >= 2


@given(a_row)
def test_the_first_form_is_the_full_name(row: Division) -> None:
    listed = forms(row.name)
    assert listed[0] == (row.name, FULL)
    assert len({form for form, _ in listed}) == len(listed)
    assert {how for _, how in listed[1:]} <= {SHORT, STEM}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("海珠区", ["海珠区", "海珠"]),
        ("香港特别行政区", ["香港特别行政区", "香港"]),
        ("宁夏回族自治区", ["宁夏回族自治区", "宁夏自治区", "宁夏"]),
        ("湘西土家族苗族自治州", ["湘西州", "湘西自治州", "湘西"]),
        ("黔西南布依族苗族自治州", ["黔西南州", "黔西南"]),
        ("温泉镇", ["温泉镇"]),  # without its level a town is any place
        ("琶洲街道", ["琶洲街道", "琶洲街", "琶洲街道办", "琶洲街道办事处"]),
        ("沙县", ["沙县"]),
    ],
)
def test_forms(name: str, expected: list[str]) -> None:
    listed = [form for form, _ in forms(name)]
    assert set(expected) <= set(listed)
    assert len(listed) == len(expected) or "自治" in name


# splits ---------------------------------------------------------------------------------------------------------------


@given(st.lists(a_county, min_size=1, max_size=3), a_row)
def test_splits_join_to_the_name_again(above: list[Division], row: Division) -> None:
    name = "".join(each.name for each in above) + row.name
    known = {each.name for each in above}
    ways = list(splits(name, known))
    assert ways[0] == ((), name)
    for containers, rest in ways:
        assert "".join(containers) + rest == name and len(rest) >= 2
        assert set(containers) <= known
    assert len(set(ways)) == len(ways)


@given(a_county, a_row)
def test_the_container_that_a_name_begins_with_is_found(above: Division, row: Division) -> None:
    if levels_of(above.name) and len(row.name) >= 2:
        assert ((above.name,), row.name) in list(splits(above.name + row.name, {above.name}))


@given(st.text("广州市区", max_size=12))
def test_splits_end(name: str) -> None:
    assert all("".join(c) + rest == name for c, rest in splits(name, {"广州", "广州市", "州市", "市区"}))


# the same division ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("广州", "广州市", True),
        ("从化市", "从化区", True),  # one became the other
        ("湘西州", "湘西土家族苗族自治州", True),
        ("湘西", "湘西土家族苗族自治州", True),
        ("吉林省", "吉林市", False),
        ("长沙市", "长沙县", True),  # a city may be a county's: what holds them apart is their code
        ("广州", "惠州", False),
        ("琶洲街道", "琶洲村", False),
        ("北京市", "北京", True),
        ("", "", True),
        ("区", "县", False),
    ],
)
def test_same_division(one: str, other: str, same: bool) -> None:
    assert same_division(one, other) is same
    assert same_division(other, one) is same


@given(a_county, a_county)
def test_same_division_is_symmetric(one: Division, other: Division) -> None:
    assert same_division(one.name, one.name)
    assert same_division(one.name, other.name) == same_division(other.name, one.name)
