from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.quantities import find_quantities, unit_at, units
from kg.text.normalize import normalize

CASES = "quantities.tsv", ("text",)


def test_figures(case: list[dict[str, str]]) -> None:
    text = case[0]["text"]
    norm = normalize(text)
    found = [
        (
            text[q.begin : q.end],
            q.value,
            q.upper,
            q.unit,
            q.kind,
            q.bound.value,
        )
        for q in find_quantities(norm, 0, len(norm))
        if q.kind != "bare"
    ]
    expected = [
        (
            row["figure"],
            Decimal(row["value"]),
            None if row["upper"] == "-" else Decimal(row["upper"]),
            row["unit"],
            row["kind"],
            row["bound"],
        )
        for row in case
        if row["figure"] != "-"
    ]
    assert found == expected


#: pieces from which texts are made that look like reports
_PIECES = st.sampled_from(
    [
        "增长",
        "1",
        "12.5",
        "3,400",
        "三",
        "百",
        "万",
        "亿",
        "%",
        "元",
        "个",
        "户",
        "以上",
        "近",
        "超过",
        "多",
        "至",
        "-",
        "。",
        ",",
        "年",
        "“",
        "”",
        "/",
        ":",
        "翻一番",
        "七成",
        "《",
        "》",
        " ",
    ]
)


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_offsets_quote_the_text_and_do_not_overlap(text: str) -> None:
    end = 0
    for q in find_quantities(text, 0, len(text)):
        assert 0 <= q.head <= q.begin < q.end <= q.tail <= len(text)
        assert q.begin >= end
        assert any(c.isdigit() or c in "零〇一二两三四五六七八九十百千万亿半翻" for c in text[q.begin : q.end])
        end = q.end


@given(st.lists(_PIECES, max_size=10).map("".join), st.integers(0, 5))
def test_nothing_outside_the_stretch_is_quoted(text: str, cut: int) -> None:
    begin, end = min(cut, len(text)), max(0, len(text) - cut)
    for q in find_quantities(text, begin, end):
        assert begin <= q.begin < q.end <= end


@given(st.integers(1, 10**6), st.sampled_from(["个", "家", "户", "亩", "吨", "公里", "元", "平方米"]))
def test_a_number_with_a_unit_is_read(number: int, unit: str) -> None:
    (q,) = find_quantities(f"完成{number}{unit}。", 0, len(f"完成{number}{unit}。"))
    assert (q.value, q.unit) == (number, unit)


def test_time_grows_no_faster_than_the_text() -> None:
    import time

    def seconds(copies: int) -> float:
        text = "“" + "新增3个、5家和近2万户," * copies
        began = time.process_time()
        assert len(find_quantities(text, 0, len(text))) == 3 * copies
        return time.process_time() - began

    seconds(50)
    # twenty times the text, and the least of some measurements: a busy machine makes each longer, never shorter
    long, short = (min(seconds(copies) for _ in range(3)) for copies in (8000, 400))
    assert long < 40 * max(short, 0.001)


def test_units_are_consistent() -> None:
    known = [unit for group in units().values() for unit in group]
    assert len(known) > 150
    assert len({unit.name for unit in known}) == len(known)
    assert {unit.kind for unit in known} <= {
        "money", "rate", "multiple", "area", "length", "mass", "volume", "power", "tech", "time", "age", "person",
        "count", "score", "grade",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit"),
    [("平方公里", "平方公里"), ("吨标准煤", "吨标准煤"), ("元/平方米", "元/平方米"), ("部门", None), ("次产业", None)],
)
def test_units_by_their_longest_form(text: str, unit: str | None) -> None:
    found = unit_at(text, 0, len(text))
    assert (found[0].name if found else None) == unit
