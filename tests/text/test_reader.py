"""From files to reports: encodings, errors, and what holds for any text."""

import codecs
import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.model import Report
from kg.text.normalize import normalize
from kg.text.reader import decode, make_report, read_report
from kg.text.script import simplify

SIMPLIFIED = (
    "各位代表：\r\n我代表海珠区人民政府向大会作工作报告，请予审议。\r\n一、2010年工作回顾\r\n五年来，经济持续增长。\r\n"
)
TRADITIONAL = "各位代表:\n我代表市人民政府向大會報告工作,請予審議。\n一、過去一年的工作\n經濟社會發展取得新的成績。\n"


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (SIMPLIFIED.encode(), SIMPLIFIED, "utf-8"),
        (codecs.BOM_UTF8 + SIMPLIFIED.encode(), SIMPLIFIED, "utf-8"),
        (SIMPLIFIED.encode("gb18030"), SIMPLIFIED, "gb18030"),
        (SIMPLIFIED.encode("gbk"), SIMPLIFIED, "gb18030"),
        (TRADITIONAL.encode("big5"), TRADITIONAL, "big5"),
        (codecs.BOM_UTF16_LE + SIMPLIFIED.encode("utf-16-le"), SIMPLIFIED, "utf-16-le"),
        (codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"), SIMPLIFIED, "utf-16-be"),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, text: str, encoding: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(data)
    report = read_report(path)
    assert (report.text, report.encoding) == (text, encoding)
    assert (report.source, report.sha256) == ("report.txt", hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (codecs.BOM_UTF8 + b"\n", "empty"),
        ("　\n".encode(), "empty"),
        (b"\x7fELF\x00\x01\x02", "binary"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes([200, 3, 7, 250, 129]) * 50, "neither UTF-8"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00", "not valid UTF-16-LE"),
        ("Привет, мир. ".encode("koi8-r") * 30, "neither UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(data)
    with pytest.raises(ReadError) as raised:
        read_report(path)
    assert message in str(raised.value)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read_report(tmp_path / "nothing.txt")
    with pytest.raises(ReadError, match="folder"):
        read_report(tmp_path)


def check(report: Report) -> None:
    """What holds of every report."""
    text = report.text
    assert report.norm in (normalize(text), simplify(normalize(text)))
    assert len(report.norm) == len(text)
    assert text[report.body.begin : report.body.end] == report.body.quote(text)
    assert len(report.body.quote(text)) == len(report.body)
    last_end = 0
    for sentence in report.sentences:
        section = report.sections[sentence.section]
        assert last_end <= sentence.span.begin
        assert sentence.span in report.body
        assert sentence.span in section.span
        quote = sentence.span.quote(text)
        assert quote == quote.strip() and len(quote) == len(sentence.span)
        last_end = sentence.span.end
    begins = [section.span.begin for section in report.sections]
    assert begins == sorted(begins)
    around: list[tuple[int, int]] = []  # level and end of the sections that are open
    for section in report.sections:
        assert section.span in report.body
        while around and around[-1][0] >= section.level:
            around.pop()
        assert section.level == len(around) + 1
        assert not around or section.span.end <= around[-1][1]
        around.append((section.level, section.span.end))
        if section.heading:
            assert section.heading.begin == section.span.begin
            assert section.heading in section.span
    for name, span in report.header.items():
        assert 0 <= span.begin < span.end <= len(text), name


WORDS = """一、 （一） 1． —— 2013年工作回顾 今后五年 各位代表： 政府工作报告 第十五届人民代表大会第一次会议
广州市海珠区 我代表区人民政府 区长 李明 2011年11月8日 “ ” 《 》 （ ） 。 ； ， 增长13.9% 要加快 完成了 名词解释
打印 相关新闻 表示衷心的感谢 让我们 十四五"""
PIECES = st.sampled_from([*WORDS.split(), "# ", "\n", "\r\n", " ", "　", "\u2028", "\ufeff", "\x1c"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), min_size=1, max_size=60).map("".join))
def test_any_text_gives_a_report_that_holds_together(text: str) -> None:
    try:
        report = make_report(text, source="x.txt", sha256="")
    except ReadError as error:
        assert "empty" in str(error)
        assert not normalize(text).strip()
        return
    assert report.text == text.removeprefix("\ufeff")
    check(report)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_any_utf8_is_decoded_or_refused(text: str) -> None:
    try:
        decoded, encoding = decode(text.encode("utf-8", "surrogatepass"))
    except ReadError:
        return
    assert (decoded, encoding) in ((text.removeprefix("\ufeff"), "utf-8"), (decoded, "gb18030"), (decoded, "big5"))


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except ReadError as error:
        assert "\n" not in str(error)
    else:
        assert text.strip()


def test_a_text_that_is_no_report_gets_warnings() -> None:
    report = make_report("The quick brown fox jumps over the lazy dog.", source="x.txt", sha256="")
    assert len(report.warnings) == 2
    check(report)


@pytest.mark.parametrize("piece", ["（", "“", "一、", "《规划", "五年来，我们", "1，", "—", "区"])
def test_long_lines_take_linear_time(piece: str) -> None:
    # quadratic behaviour on 300,000 characters would take minutes
    text = piece * (300_000 // len(piece))
    check(make_report(text, source="x.txt", sha256=""))
