"""Figures that a scanned text tears apart are read, and quoted as they stand."""

from __future__ import annotations

import hashlib

import pytest

from kg.extract.extractor import extract
from kg.text.reader import make_report

HEAD = "甲市2011年政府工作报告\n市长 张三\n各位代表:\n一、2010年工作回顾\n"


@pytest.mark.parametrize(
    ("sentence", "value", "unit", "quotation"),
    [
        ("地区生产总值增长19. 3%。", "19.3", "%", "19. 3%"),
        ("新建廉租住房 6. 3 万平方米。", "63000", "平方米", "6. 3 万平方米"),
        ("地区生产总值 1093 亿元 ,增长快。", "109300000000", "元", "1093 亿元"),
        ("办好实事。 1. 3所学校建成。", "3", "所", "3所"),  # the number of an item, and a figure
    ],
)
def test_spaces_in_figures(sentence: str, value: str, unit: str, quotation: str) -> None:
    text = HEAD + sentence + "\n"
    report = make_report(text, source="a.txt", sha256=hashlib.sha256(text.encode()).hexdigest())
    (found,) = extract(report).observations
    assert (str(found.value), found.unit) == (value, unit)
    assert [span.quote(text) for span in found.mentions] == [quotation]


@pytest.mark.parametrize(
    ("sentence", "quotation"),
    [
        ("财政收入增长·0 %。", "0 %"),
        ("森林覆盖率提高·1 成。", "1 成"),
        ("工业用电量增长0一 %。", "一 %"),
        ("完成投资36. 5 亿元。", "36. 5 亿元"),
    ],
)
def test_the_text_of_a_value_is_its_quotation(sentence: str, quotation: str) -> None:
    text = HEAD + sentence + "\n"
    report = make_report(text, source="a.txt", sha256=hashlib.sha256(text.encode()).hexdigest())
    (found,) = extract(report).observations
    assert [span.quote(text) for span in found.mentions] == [found.value_text] == [quotation]
