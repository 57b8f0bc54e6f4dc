from __future__ import annotations

import pytest

from kg.extract.periods import find_periods
from kg.model import Period
from kg.text.normalize import normalize

CASES = "periods.tsv", ("text",)


def test_expressions_of_time(case: list[dict[str, str]]) -> None:
    (row,) = case
    text = normalize(row["text"])
    (found,) = find_periods(text, 0, len(text), 2011)
    assert row["text"][found.begin : found.end] == row["found"]
    assert (found.iso or "-", found.kind) == (row["iso"], row["kind"])
    if found.iso:
        assert Period(found.iso).start < Period(found.iso).end


@pytest.mark.parametrize("text", ["2010个", "第20届", "1999.5元", "“四好”", "十五个", "五年规划"])
def test_what_is_no_period(text: str) -> None:
    assert [m for m in find_periods(text, 0, len(text), 2011) if m.iso] == []


def test_without_a_year_relative_expressions_name_none() -> None:
    assert [m.iso for m in find_periods("今年和去年", 0, 5, None)] == [None, None]
