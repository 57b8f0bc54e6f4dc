"""Every numeral has exactly one class, and the class that the table of cases says."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract import coverage
from kg.extract.coverage import Numeral, NumeralClass, Tally, account, find_numerals
from kg.extract.extractor import extract
from kg.model import Span
from kg.resources import folder, table
from kg.text.reader import make_report, read_report

CASES = "coverage.tsv", ("text",)

HEAD = "甲市2011年政府工作报告\n——2011年1月5日在甲市第十届人民代表大会第一次会议上\n市长 张三\n各位代表:\n"


def accounted(text: str) -> tuple[str, list[Numeral]]:
    report = make_report(text, source="a.txt", sha256=hashlib.sha256(text.encode()).hexdigest())
    return report.text, account(extract(report))


def test_classes(case: list[dict[str, str]]) -> None:
    sentence = case[0]["text"].replace("\\n", "\n")
    text, numerals = accounted(f"{HEAD}一、工作回顾\n{sentence}\n")
    begin = text.rindex(sentence)
    found = [(n.span.quote(text), n.kind.value, n.rule or "-") for n in numerals if n.span.begin >= begin]
    assert found == [(row["numeral"], row["class"], row["rule"]) for row in case]


def test_every_row_of_the_rules_classes_its_example() -> None:
    rules = coverage._rules()
    for kind, rule, example in table("coverage_rules.tsv", "class", "rule", "example"):
        marked = example.replace("\\n", "\n").replace("\\p", "|")
        begin = marked.index("【")
        text = marked.replace("【", "", 1).replace("】", "", 1)
        found = rules.find(text, Span(begin, marked.index("】") - 1))
        assert found and (found.kind, found.name) == (kind, rule), example


def test_every_listed_word_holds_a_numeral_and_is_found() -> None:
    for word, kind, rule in table("coverage_words.tsv", "word", "class", "rule"):
        numerals = find_numerals(word, 0, len(word))
        assert numerals, f"{word} holds no numeral"
        assert all(coverage._words().find(word, span.begin) == (kind, rule) for span in numerals), word


def test_the_seed_is_accounted_for() -> None:
    """At most one numeral in a hundred of the report that everyone has is left."""
    tally = Tally(account(extract(read_report(folder("seeds") / "haizhu-2011.txt"))))
    assert tally.total > 250 and tally.share_unaccounted <= 0.01
    assert tally.by_class[NumeralClass.OBSERVATION] > 100


def test_tallies_add_up() -> None:
    one, two = (
        Tally([Numeral(Span(0, 1), NumeralClass.NAME, "title"), Numeral(Span(2, 3), NumeralClass.UNACCOUNTED, "")]),
        Tally([Numeral(Span(0, 1), NumeralClass.NAME, "title"), Numeral(Span(2, 3), NumeralClass.DATE, "period")]),
    )
    one.add(two)
    assert (one.total, one.unaccounted, one.share_unaccounted) == (4, 1, 0.25)
    assert list(one.by_class) == list(NumeralClass)
    assert one.rules() == [("name", "title", 2), ("date", "period", 1), ("unaccounted", "", 1)]
    assert one.as_json()["total"] == 4 and one.as_json()["name"] == 2
    assert Tally().share_unaccounted == 0.0


# properties -----------------------------------------------------------------------------------------------------------

#: pieces from which texts are made that are full of numerals
_PIECES = st.sampled_from(
    [
        *("1", "12.5", "3,400", "2011年", "１２", "三", "十", "百", "千亿", "万", "零", "半", "两", "第", "一、"),
        *(
            "（一）",
            "1.",
            "①",
            "翻一番",
            "三分之一",
            "百分之五",
            "1/3",
            "七成",
            "%",
            "元",
            "亿元",
            "个",
            "户",
            "年",
            "月",
            "日",
        ),
        *(
            "增长",
            "达到",
            "建成",
            "一批",
            "进一步",
            "三大",
            "“",
            "”",
            "《",
            "》",
            "、",
            "，",
            "。",
            "；",
            "：",
            "-",
            "—",
        ),
        *("~", "+", "×", "\n", "甲市", "学校", "工程", "地区生产总值", "以上", "左右", "PM2.5", "5G", "110", "12345"),
        *("[1]", "〔2〕", "臺", "萬", "個", "\u3000", "\u00a0", " ", "🏙", "\u0301"),
    ]
)
_TEXTS = st.lists(_PIECES, max_size=60).map("".join)


def assert_sound(text: str, numerals: list[Numeral]) -> None:
    for numeral in numerals:
        assert isinstance(numeral.kind, NumeralClass)
        assert (numeral.rule == "") == (numeral.kind is NumeralClass.UNACCOUNTED)
        assert 0 <= numeral.span.begin < numeral.span.end <= len(text)
        assert re.search(
            r"[0-9０-９一二三四五六七八九十百千万亿零〇○两半翻萬億兩①-⒛㈠-㈩Ⅰ-Ⅻⅰ-ⅻ❶-➓]", numeral.span.quote(text)
        )
    for one, other in pairwise(numerals):
        assert one.span.end <= other.span.begin, "sorted, and none overlaps the next"


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_every_numeral_has_one_class(body: str) -> None:
    text, numerals = accounted(HEAD + body + "\n")
    assert_sound(text, numerals)
    assert len({n.span for n in numerals}) == len(numerals)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=80))
def test_no_text_is_too_odd(body: str) -> None:
    text, numerals = accounted(HEAD + body)
    assert_sound(text, numerals)


@given(_TEXTS)
def test_numerals_cover_every_digit(text: str) -> None:
    spans = find_numerals(text, 0, len(text))
    covered = {at for span in spans for at in range(span.begin, span.end)}
    assert {at for at, char in enumerate(text) if char in "0123456789一二三百千万亿半"} <= covered
    assert spans == sorted(spans) and all(a.end <= b.begin for a, b in pairwise(spans))


@pytest.mark.parametrize("text", ["", "甲" * 10, "。" * 10])
def test_no_numerals(text: str) -> None:
    assert find_numerals(text, 0, len(text)) == []


def test_the_spans_of_a_broken_traditional_text_are_those_of_the_original() -> None:
    filler = "過去五年，全市經濟實力不斷增強，發展質量穩步提高，新建學校三所，開發區體系更加完善，"
    paragraph = filler * 20 + "地區生產總值達到363.15億元。"
    cut = paragraph.index("363") + len("363.")  # a PDF breaks its lines anywhere
    first = cut % 33
    lines = [paragraph[:first], *(paragraph[at : at + 33] for at in range(first, len(paragraph), 33))]
    text, numerals = accounted("\n".join([HEAD + "一、工作回顧", *lines, ""]))
    quoted = {n.span.quote(text): n.kind for n in numerals}
    assert quoted["363.\n15億"] == "observation" and "三" in quoted
