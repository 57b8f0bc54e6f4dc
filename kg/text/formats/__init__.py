"""Files of other kinds than text: what they are, and the text in them.

The kind is told by the first bytes, else by the ending, because web sites name files as they like: a ``.doc`` may
be a web page.  A reader takes the bytes and gives plain lines; it raises :class:`~kg.errors.ReadError` and nothing
else, whatever the bytes are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

from kg.errors import ReadError
from kg.patterns import compiled

#: Files of a folder that are taken for reports.
SUFFIXES: Final = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")

_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_TEXT_SUFFIXES = (".txt", ".md")
_MARKUP = re.compile(
    # no comment reaches over the end of one, or forty of them could be read in a billion ways
    rb"(?:<\?xml[^>]{0,200}\?>|<!--(?:(?!-->).){0,2000}-->|\s)*+<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_FOREIGN: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word 97-2003 or a password-protected document", "save it as .docx"),
    (b"{\\rtf", "RTF", "save it as .docx or plain text"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"Rar!", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "a compressed file", "unpack it first"),
)
_FOREIGN_SUFFIXES: Final = {".odt": "OpenDocument", ".rtf": "RTF", ".doc": "Word 97-2003", ".wps": "WPS"}


def kind_of(data: bytes, suffix: str) -> str:
    """``text``, ``html``, ``pdf`` or ``docx``; :class:`ReadError` for what is known not to be readable.

    >>> kind_of(b"%PDF-1.7 ...", ".txt"), kind_of(b"<!DOCTYPE html><html>", ".doc"), kind_of("一、".encode(), ".md")
    ('pdf', 'html', 'text')
    """
    suffix = suffix.lower()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if suffix == ".odt" or b"mimetypeapplication/vnd.oasis" in data[:200]:
            raise ReadError("OpenDocument files cannot be read", hint="save it as .docx")
        return "docx"
    for magic, name, hint in _FOREIGN:
        if data.startswith(magic):
            raise ReadError(f"cannot be read: {name}", hint=hint)
    head = data[3:4096] if data.startswith(codecs.BOM_UTF8) else data[:4096]
    if suffix in _HTML_SUFFIXES or (suffix not in _TEXT_SUFFIXES and _MARKUP.match(head)):
        return "html"
    if suffix == ".pdf":
        raise ReadError("not a PDF, though named so")
    if suffix == ".docx":
        raise ReadError("not a Word document, though named so")
    if suffix in _FOREIGN_SUFFIXES:
        raise ReadError(f"{_FOREIGN_SUFFIXES[suffix]} files cannot be read", hint="save it as .docx or plain text")
    return "text"


def reader(kind: str) -> Callable[[bytes], str]:
    """The function that takes the text out of files of the kind; what it needs is imported only now."""
    if kind == "html":
        from kg.text.formats.html import text_of
    elif kind == "pdf":
        from kg.text.formats.pdf import text_of
    else:
        from kg.text.formats.docx import text_of
    return text_of


def missing(library: str, extra: str) -> ReadError:
    """The error that says what to install."""
    return ReadError(f"this kind of file needs {library}", hint=f"pip install 'gwr-kg[{extra}]'")


_NUMBERED = compiled(
    r"\s*(?:第?[一二三四五六七八九十]{1,3}(?:、|部分|章|节|\s)|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．]|#)"
)


def heading(text: str, level: int) -> str:
    """A heading as a line of text: with its own number as it stands, else marked as Markdown does.

    >>> heading("一、2010年工作回顾", 2), heading("坚持创新", 2), heading("2011年政府工作报告", 1)
    ('一、2010年工作回顾', '## 坚持创新', '2011年政府工作报告')
    """
    text = " ".join(text.split())
    if not text or _NUMBERED.match(text) or "工作报告" in text:
        return text
    return "#" * max(1, min(level, 6)) + " " + text
