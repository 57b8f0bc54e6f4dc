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


def test_the_first_year_of_a_term_is_not_the_term() -> None:
    text = "2012年,是本届政府任期的第一年。"
    assert [m.iso for m in find_periods(text, 0, len(text), 2013)] == ["2012"]
    term = "本届政府任期内,新建学校20所。"
    assert [(m.iso, m.kind) for m in find_periods(term, 0, len(term), 2013)] == [(None, "open")]
