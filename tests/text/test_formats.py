"""Files of other kinds: which they are, and the text that is taken out of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.text.formats import heading, kind_of, reader
from kg.text.formats import pdf as pdf_reader
from kg.text.reader import read_report
from tests.text.makers import W, docx, paragraph, pdf, table

LINES = [
    "海珠区2011年政府工作报告",
    "各位代表：",
    "一、2010年工作回顾",
    "地区生产总值363.15亿元，增长12%。中国对外贸易中心落户琶洲，新增企业1200家。",
    "二、2011年工作安排",
    "力争地区生产总值增长11%，城镇登记失业率控制在3.5%以内。",
]
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{LINES[0]}</title></head><body>
<nav><a href="/">首页</a> <a href="/x">政务公开</a></nav>
<article><h1>{LINES[0]}</h1><p>{LINES[1]}</p><h2>{LINES[2]}</h2><p>{LINES[3]}</p><h2>{LINES[4]}</h2><p>{LINES[5]}</p>
<table><tr><td>粮食产量</td><td>100吨</td></tr></table></article>
<footer>版权所有 粤ICP备0000号</footer></body></html>"""


def text_of(kind: str, data: bytes) -> list[str]:
    return reader(kind)(data).splitlines()


# which kind -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "suffix", "kind"),
    [
        (b"%PDF-1.4 ...", ".txt", "pdf"),
        (b"junk\n%PDF-1.4 ...", ".pdf", "pdf"),
        (docx(""), ".txt", "docx"),
        (b"<!DOCTYPE html><html>", ".doc", "html"),
        (b"\xef\xbb\xbf <!-- x --> <?xml version='1.0'?>\n<HTML>", "", "html"),
        (b"<!--a--><!--b-->\n" * 20 + b"<head>", ".aspx", "html"),
        (b"<p>", ".htm", "html"),
        (b"<html>", ".txt", "text"),  # somebody saved it as text
        ("一、".encode(), ".md", "text"),
        ("<!-- 一、 -->".encode(), "", "text"),
    ],
)
def test_the_kind_is_told_by_the_bytes_before_the_ending(data: bytes, suffix: str, kind: str) -> None:
    assert kind_of(data, suffix) == kind


@pytest.mark.parametrize(
    ("data", "suffix", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc", "Word 97-2003"),
        (b"{\\rtf1", ".doc", "RTF"),
        (b"Rar!\x1a", ".txt", "a compressed file"),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis", ".odt", "OpenDocument"),
        (b"hello", ".pdf", "not a PDF, though named so"),
        (b"hello", ".docx", "not a Word document, though named so"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, suffix: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        kind_of(data, suffix)


def test_headings() -> None:
    assert heading(" 第一部分 回顾 ", 2) == "第一部分 回顾"
    assert [heading("坚持创新", level) for level in (0, 1, 3, 9)] == [
        "# 坚持创新", "# 坚持创新", "### 坚持创新", "###### 坚持创新"
    ]  # fmt: skip


# documents ------------------------------------------------------------------------------------------------------------


def test_a_word_document() -> None:
    body = (
        paragraph(LINES[0])
        + paragraph("总体要求", "2")
        + paragraph(LINES[3])
        + table([["粮食产量", "100吨"], ["", "x"]])
    )
    assert text_of("docx", docx(body)) == [LINES[0], "## 总体要求", LINES[3], "粮食产量\t100吨", "\tx"]


def test_what_a_word_document_hides_is_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>增长</w:t></w:r><w:del><w:r><w:delText>9%</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>12%</w:t></w:r></w:ins><w:r><w:br/><w:instrText>PAGE</w:instrText><w:t>一</w:t></w:r></w:p>"
    )
    notes = f"<w:footnotes {W}><w:footnote>{paragraph('注：按可比价')}</w:footnote></w:footnotes>"
    assert text_of("docx", docx(body, footnotes=notes)) == ["增长12%", "一", "注：按可比价"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (docx("")[:-30], "damaged"),
        (docx(""), "holds no text"),
        (docx("<w:p>"), "."),
        (docx(paragraph("x"), head="<!DOCTYPE d [<!ENTITY e 'x'>]>"), "."),
    ],
)
def test_a_word_document_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        reader("docx")(data)


# pages ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_web_page(encoding: str) -> None:
    pytest.importorskip("trafilatura", reason="trafilatura, the extra 'html', is not installed")
    lines = text_of("html", PAGE.replace("utf-8", encoding).encode(encoding))
    assert [line for line in lines if line in LINES] == LINES
    assert "粮食产量\t100吨" in lines and not any("版权所有" in line or "首页" in line for line in lines)


def test_a_web_page_without_text() -> None:
    pytest.importorskip("trafilatura", reason="trafilatura, the extra 'html', is not installed")
    with pytest.raises(ReadError, match="no main text found"):
        reader("html")("<!DOCTYPE html><html><meta charset=utf-8><body>。</body></html>".encode())


# PDF ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pdfium() -> None:
    pytest.importorskip("pypdfium2", reason="pypdfium2, the extra 'pdf', is not installed")


@pytest.mark.usefixtures("pdfium")
def test_a_pdf_without_page_numbers_and_running_heads() -> None:
    pages = [["政府工作报告", *LINES[n : n + 2], f"— {n} —"] for n in range(0, 6, 2)]
    assert text_of("pdf", pdf(pages)) == LINES


@pytest.mark.usefixtures("pdfium")
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.4\n" + b"x" * 100, "damaged"),
        (pdf([["1"], ["2"]]), "no text layer: its 2 pages are images"),
        (pdf([LINES]).replace(b"/Kids [7 0 R]", b"/Kids [99 0 R]"), "."),
    ],
)
def test_a_pdf_that_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        reader("pdf")(data)


@pytest.mark.usefixtures("pdfium")
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os.abort()", "damaged, or unpacks to more"),
        ("raise SystemExit(3)", "damaged, or unpacks to more"),
        ("import time; time.sleep(60)", "could not be read within 1 seconds"),
    ],
)
def test_the_end_of_the_process_that_reads_it_is_an_error_like_others(
    code: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = subprocess.run

    def instead(command: list[str], **options: object) -> object:
        assert command[1:] == ["-P", "-m", "kg.text.formats.pdf"]
        return run([sys.executable, "-c", code], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(pdf_reader.subprocess, "run", instead)
    monkeypatch.setattr(pdf_reader, "WAIT", 1)
    with pytest.raises(ReadError, match=message):
        reader("pdf")(pdf([LINES]))


@pytest.mark.usefixtures("pdfium")
def test_no_module_of_the_users_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "re.py", "pypdfium2.py"):
        (tmp_path / name).write_text("open('ran', 'w')\n")
    monkeypatch.chdir(tmp_path)
    assert reader("pdf")(pdf([LINES])).splitlines() == LINES
    assert not (tmp_path / "ran").exists()


# all alike ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("pdfium")
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.txt", lambda: "\n".join(LINES).encode()),
        ("a.docx", lambda: docx("".join(map(paragraph, LINES)))),
        ("a.html", lambda: PAGE.encode()),
        ("a.pdf", lambda: pdf([LINES])),
    ],
)
def test_the_same_report_in_each_kind(name: str, make: Callable[[], bytes], tmp_path: Path) -> None:
    if name.endswith("html"):
        pytest.importorskip("trafilatura", reason="trafilatura, the extra 'html', is not installed")
    file = tmp_path / name
    file.write_bytes(make())
    report = read_report(file)
    assert (report.area, report.year, report.title) == ("海珠区", 2011, LINES[0])
    sentences = [sentence.span.quote(report.text) for sentence in report.sentences]
    assert "地区生产总值363.15亿元，增长12%。" in sentences
