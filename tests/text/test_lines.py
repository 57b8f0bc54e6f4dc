"""Lines and soft breaks."""

import pytest

from kg.text.lines import join_soft_breaks, split_lines
from kg.text.normalize import normalize
from kg.text.segment import STARTS_BLOCK


def paragraphs(text: str) -> list[str]:
    norm = normalize(text)
    return [text[p.begin : p.end] for p in join_soft_breaks(norm, split_lines(norm), STARTS_BLOCK)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_line_ends(end: str) -> None:
    text = f"一、回顾{end}{end}　五年来。{end}"
    lines = split_lines(normalize(text))
    assert [text[line.begin : line.end] for line in lines] == ["一、回顾", "五年来。"]


def test_a_comma_at_the_end_goes_on() -> None:
    assert paragraphs("全年完成投资，\n增长5%。\n下一段。") == ["全年完成投资，\n增长5%。", "下一段。"]


def test_an_open_title_goes_on() -> None:
    assert len(paragraphs("实施《珠江三角洲\n规划纲要》取得成效。")) == 1


def test_a_numbered_line_never_goes_on() -> None:
    assert len(paragraphs("主要做了，\n（一）经济发展")) == 2


def test_a_rule_of_dashes_is_no_sentence_that_goes_on() -> None:
    assert paragraphs("结束。\n---\n名词解释：") == ["结束。", "---", "名词解释："]


def test_lines_of_one_width_are_joined() -> None:
    sentence = "全市坚持稳中求进工作总基调深入推进产业转型升级经济社会发展取得显著成效，民生持续改善。"
    body = sentence * 12
    width = 31
    wrapped = "\n".join(body[i : i + width] for i in range(0, len(body), width))
    joined = paragraphs(wrapped)
    assert max(len(p) for p in joined) > 2 * width
    assert "".join(joined).replace("\n", "") == body


def test_short_lines_of_different_width_are_left() -> None:
    text = "\n".join(["一批重点项目建成", "二批", "三批项目开工建设并形成产能", "四"] * 6)
    assert len(paragraphs(text)) == 24
