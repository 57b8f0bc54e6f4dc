"""Normalisation never moves an offset."""

from hypothesis import given
from hypothesis import strategies as st

from kg.text.normalize import normalize


@given(st.text())
def test_length_is_kept(text: str) -> None:
    assert len(normalize(text)) == len(text)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(st.text(st.characters(codec="gb18030")))
def test_every_character_is_mapped_by_itself(text: str) -> None:
    without_commas = text.replace("，", "")
    assert normalize(without_commas) == "".join(normalize(char) for char in without_commas)


def test_line_ends_are_left_alone() -> None:
    text = "一\r\n二\r三\n四\u2028五"
    assert normalize(text) == text


def test_forms() -> None:
    cases = {
        "２０１１年１１月８日": "2011年11月8日",
        "１３．９％": "13.9%",
        "0.7∶27.1∶72.2": "0.7:27.1:72.2",
        "（一）": "(一)",
        "T．I．T": "T.I.T",
        "二○一一年": "二〇一一年",
        "――琶洲": "——琶洲",
        "“十二五”": "“十二五”",
        "ＧＤＰ　增长": "GDP 增长",
        "㎡…": "㎡…",
        "⼈⼝": "人口",
    }
    assert {text: normalize(text) for text in cases} == cases


def test_comma_between_digits_stays_what_it_was() -> None:
    assert normalize("2010，300户") == "2010，300户"
    assert normalize("１２，３００") == "12，300"
    assert normalize("12,300户，增长") == "12,300户,增长"
