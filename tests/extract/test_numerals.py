from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.numerals import parse_numeral, scaled

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """The number as it is written in words: 10203 is 一万零二百零三."""
    if number == 0:
        return "零"
    parts = []
    for unit in ("", "万", "亿", "万亿"):
        number, section = divmod(number, 10_000)
        if section:
            parts.append(_section(section) + unit)
        if not number:
            break
    return "".join(reversed(parts))


def _section(number: int) -> str:
    text = ""
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, size)
        if digit:
            text += _DIGITS[digit] + unit
        elif text and number and not text.endswith("零"):
            text += "零"
    return text


@given(st.integers(min_value=0, max_value=9999_9999_9999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert parse_numeral(chinese(number)) == number


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_arabic_numerals_are_read_back(number: Decimal) -> None:
    assert parse_numeral(f"{number:f}") == number
    assert parse_numeral(f"{number:,f}") == number


@given(st.integers(min_value=1, max_value=9999), st.sampled_from(["万", "亿", "万亿", "百万", "千"]))
def test_arabic_numerals_take_chinese_units(number: int, unit: str) -> None:
    expected = scaled(Decimal(number), unit)
    assert scaled(Decimal(number), *unit) == expected
    if unit != "百万":  # 12百万 is not written
        assert parse_numeral(f"{number}{unit}") == expected


@pytest.mark.parametrize("text", ["", "若干", "12个", "三a", "一二.", "点五", "1 2"])
def test_what_is_no_numeral(text: str) -> None:
    assert parse_numeral(text) is None


@given(st.text(alphabet="零〇一二两三四五六七八九十百千万亿点0123456789.,", max_size=12))
def test_any_row_of_numerals_is_read_or_refused(text: str) -> None:
    value = parse_numeral(text)
    assert value is None or (value >= 0 and "E" not in str(value))


def test_a_number_of_any_length_is_no_reason_to_fail() -> None:
    assert parse_numeral("1234567890123456789012345678") == Decimal("1234567890123456789012345678")
    assert parse_numeral("12345678901234567890123456789") is None
    assert parse_numeral("1" + "万亿" * 9) is not None and parse_numeral("亿" * 200_000) is None
    assert scaled(Decimal("1234567890123456789012345678"), "亿").as_tuple().exponent == 0
