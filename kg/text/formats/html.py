"""Web pages: the main text, found by trafilatura; headings, lists and tables as lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kg.errors import ReadError
from kg.text.formats import heading, missing

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
#: encodings by the name that a page gives; the names of the older standards stand for what they grew into
_NAMES: Final = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "utf-8": "utf-8"}
_DAMAGED = 0.01
#: deeper than any page is built, and shallow enough for code that calls itself for each level
_MAX_DEPTH = 150


def text_of(data: bytes) -> str:
    """The main text of a page, one line for each paragraph, heading, list item and table row."""
    try:
        import trafilatura
    except ImportError:
        raise missing("trafilatura", "html") from None
    page = _load(_decode(data))
    try:
        document = trafilatura.bare_extraction(
            page, favor_recall=True, include_comments=False, include_tables=True, include_formatting=False
        )
    except Exception as error:  # whatever a page does to the library is a page that cannot be read
        raise ReadError(f"the web page cannot be read: {type(error).__name__}") from error
    body = getattr(document, "body", None)
    lines = _lines(body) if body is not None else []
    if not lines:
        raise ReadError("no main text found in the web page", hint="save its text as .txt")
    return "\n".join(lines) + "\n"


def _decode(data: bytes) -> str:
    """By byte order mark and plausibility; a page with a few broken bytes by what it says of itself."""
    from kg.text.reader import decode

    try:
        return decode(data)[0]
    except ReadError:
        said = _CHARSET.search(data[:4096])
        encoding = _NAMES.get(said[1].decode("ascii").lower()) if said else None
        if encoding is None:
            raise
        text = data.decode(encoding, "replace")
        if text.count("�") > _DAMAGED * len(text) or "\0" in text:
            raise
        return text


#: A tag, with whatever stands in quotation marks, and what stands between two of them, however it is meant.
_TAGS = (re.compile(r"""<[A-Za-z](?:[^"'<>]|"[^"]*"|'[^']*')*+"""), re.compile("<[^<]*+"))
_PART = re.compile(r"[\s=/]+")
#: The time that libxml2 takes grows with the square of an element's attributes: a second for twenty thousand.
_MAX_PARTS = 20_000


def _check_tags(text: str) -> None:
    for tag in (found for pattern in _TAGS for found in pattern.finditer(text)):
        if tag.end() - tag.start() > _MAX_PARTS and sum(1 for _ in _PART.finditer(tag[0])) > _MAX_PARTS:
            raise ReadError("an element of the web page has too many attributes", hint="save its text as .txt")


def _load(text: str) -> _Element:
    from lxml import html

    _check_tags(text)
    try:
        # the declaration of an encoding is of the bytes, which are text by now
        page: _Element = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except Exception as error:
        raise ReadError(f"the web page cannot be read: {type(error).__name__}") from error
    depth = 0
    from lxml import etree

    for event, _ in etree.iterwalk(page, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH:
            raise ReadError(f"the web page is nested more than {_MAX_DEPTH} levels deep", hint="save its text as .txt")
    return page


def _lines(body: Any) -> list[str]:
    """Lines of trafilatura's document: head, p, item, quote and row, with breaks inside them."""
    lines: list[str] = []
    for element in body.iter("head", "p", "item", "quote", "row", "ab", "fw"):
        tag = element.tag
        parent = element.getparent()
        if parent is not None and any(up.tag in ("row", "p", "head") for up in element.iterancestors()):
            continue  # said by the element around it
        if tag == "row":
            cells = [" ".join(_text(cell).split()) for cell in element.iter("cell")]
            lines.append("\t".join(cells))
            continue
        text = _text(element)
        if tag == "head":
            level = re.sub(r"\D", "", element.get("rend") or "") or "2"
            lines.append(heading(text, int(level[:1])))
        else:
            lines += text.split("\n")
    return [line.rstrip() for line in lines if line.strip()]


def _text(element: Any) -> str:
    pieces: list[str] = []
    for event, node in _walk(element):
        if event == "start":
            if node.tag == "lb":
                pieces.append("\n")
            pieces.append(" ".join((node.text or "").split("\n")))
        elif node is not element:
            if node.tag in ("p", "item", "quote"):
                pieces.append("\n")
            pieces.append(" ".join((node.tail or "").split("\n")))
    return "".join(pieces)


def _walk(element: Any) -> Any:
    from lxml import etree

    return etree.iterwalk(element, events=("start", "end"))
