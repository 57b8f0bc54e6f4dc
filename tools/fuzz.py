"""Inputs of bad will and by chance, by the million: what breaks on them, is kept and replayed by the tests.

    $ python -m tools.fuzz --inputs 100000 --seed 1            # every target
    $ python -m tools.fuzz --target periods --jobs 2           # one, in two processes
    $ python -m tools.fuzz --target reader FILE …              # files once more
    $ python -m tools.fuzz --target quantities --atheris 600   # guided by coverage, where atheris is installed

An input is bytes; each target makes of them what it asks.  It passes if nothing but the error that the target may
raise comes out, every span quotes, what is written as RDF is read back the same, and the processor needs no more than
:data:`SECONDS` for each 10 kB.  What fails is cut down and put into ``tests/hostile/corpus/TARGET/``.
"""

from __future__ import annotations

import argparse
import datetime
import faulthandler
import hashlib
import io
import json
import multiprocessing
import re
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, Final

from kg import resources
from kg.errors import KgError, QueryError, ReadError, TemplateError
from kg.model import (
    Bound,
    Entity,
    EntityClass,
    Extraction,
    Measure,
    Modality,
    Observation,
    Part,
    Period,
    Predicate,
    Relation,
    Report,
    Section,
    Sentence,
    Span,
)

CORPUS: Final = Path(__file__).resolve().parent.parent / "tests" / "hostile" / "corpus"
#: of the processor, for each 10 kB and part of them
SECONDS: Final = 2.0
#: beyond that, something hangs where no signal is looked at
_STUCK: Final = 120


class Broken(AssertionError):
    """An input breaks what the target promises."""


class TooSlow(BaseException):
    """No Exception: what handles all of these must not handle this."""


def hold(condition: object, what: str) -> None:
    """What must be so; an assert would be gone under ``-O``."""
    if not condition:
        raise Broken(what)


# the material ---------------------------------------------------------------------------------------------------------

_MARKS = "。，、；：！？（）《》“”‘’—…·%％‰,.;:!?()\"'-~/+×[]〔〕【】#*|<>&"
_DIGITS = "0123456789０１２３４５６７８９零〇一二三四五六七八九十百千万亿两几半多余"
#: digits that are none to int(), spaces that are none to strip(), marks of direction, combining marks, surrogates
_ODD = (
    "\x00\x01\x07\x08\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f\x7f\x80\x85\x9f\xa0\xad\u0300\u0301\u0600\u061c\u0660\u0663\u0669\u06f0"
    "²³¹½¼Ⅳⅳ①⑳⒛㈠㊀㋿㎡㏑\u180e\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u202f\u2060\u2066\u2069\u3000\u302a"
    "\ud800\udbff\udc00\udfff\ue000\uf900\ufdd0\ufe0f\ufeff\uffef\ufffd\ufffe\uffff"
    "\U0001d7ce\U0001d7ff\U0001f600\U0001f468\U00020000\U0002a6df\U0002f800\U000e0001\U000e0041\U000f0000\U0010ffff"
)
_SAID = """2010年 二〇一一年 2006年至2010年 2006-2010年 “十一五”期间 十二五 今年 去年 前年 1-10月 上半年 前三季度 第一季度 五年来
过去五年 2011年11月8日 2月30日 13月 0年 9999年 2099年 年底 年均 百分之 千分之 分之 翻两番 翻了一番 一半 半数 四成 三成多 百亿 千亿
个百分点 亿元 万人 平方公里 公里 吨标准煤 微克/立方米 元/人 万千瓦时 7:3 0.7:27.1:72.2 1/4 3.5 1,234.5 12，300 363.15 0 00 1e9
-5 5%-6% 3至5个 4金2银1铜 第三届 500强 T.I.T创意园 GDP 5G 4A级 A、B等企业 增长 下降 达到 完成 占 比重 居全市第一位 同比 分别为 其中
不低于 超过 近 约 以上 左右 以内 多 余 强 我区 全市 我市 区长 市长 李明 各位代表 我代表区人民政府 政府工作报告 工作报告 第十五届人民代表大会第一次会议
广州市海珠区 海珠区 广东省 琶洲 从化市 一、 （一） 1． 第一章 一是 二是 —— # ## 一、2010年工作回顾 二、今后五年的主要任务 地区生产总值
固定资产投资 社会消费品零售总额 粮食产量 落户 荣获 授予 称号 举办 对口帮扶 由 运营 位于 制定实施 推进 建设 建成 启动 竣工 二期 首期 （一期）
集团 公司 总部 产业园 大道 工程 项目 规划 《规划纲要》 “放心工程” 街道 地铁3号线 等 和 及 与 、 的 了 經濟社會發展 據瞭解 乾隆 后 <!-- 打印
名词解释 相关新闻 http://a.b/ www. 谢谢大家""".split()  # noqa: SIM905


@lru_cache(maxsize=1)
def _material() -> tuple[str, tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """The seed report, and kinds of fragments with their weights."""
    seed = next(resources.folder("seeds").glob("*.txt")).read_text(encoding="utf-8")
    listed = (
        ("units.tsv", "unit"), ("heads.tsv", "head"), ("cues.tsv", "word"), ("edges.tsv", "word"),
        ("names.tsv", "name"), ("divisions.tsv", "name"), ("indicators.tsv", "label"), ("governing_verbs.tsv", "verb"),
    )  # fmt: skip
    words = tuple(word for file, column in listed for (word,) in resources.table(file, column) if word)
    kinds = (tuple(_SAID), words, tuple(_MARKS), tuple(_DIGITS), tuple(_ODD), ("\n", "\n\n", " ", "\r\n", "　", "\t"))
    return seed, kinds, (40, 25, 14, 12, 3, 6)


def _fragment(rng: Random) -> str:
    seed, kinds, weights = _material()
    draw = rng.random()
    if draw < 0.02:
        return chr(rng.randrange(0x110000))
    if draw < 0.06:
        return rng.choice(_ODD)
    if draw < 0.16:
        at = rng.randrange(len(seed))
        return seed[at : at + rng.randrange(1, 40)]
    return rng.choice(rng.choices(kinds, weights)[0])


def _written(rng: Random, most: int) -> str:
    """A stretch of fragments; one of a few hundred is a long one that repeats itself."""
    if rng.random() < 0.002:
        piece = "".join(_fragment(rng) for _ in range(rng.randrange(1, 4)))
        return _written(rng, 3) + (piece * (rng.randrange(300, 9000) // len(piece) + 1)) + _fragment(rng)
    text = "".join(_fragment(rng) for _ in range(rng.randrange(1, most)))
    for _ in range(rng.choice((0, 0, 0, 1, 3))):
        text = _turned(rng, text)
    return text


def _turned(rng: Random, text: str) -> str:
    """The text with one stretch left out, doubled, put elsewhere, or a fragment put in."""
    begin = rng.randrange(len(text) + 1)
    end = min(len(text), begin + rng.randrange(12))
    match rng.randrange(4):
        case 0:
            return text[:begin] + text[end:]
        case 1:
            return text[:end] + text[begin:end] * rng.choice((1, 1, 2, 20)) + text[end:]
        case 2:
            at = rng.randrange(len(text) + 1)
            return text[:at] + text[begin:end] + text[at:]
        case _:
            return text[:begin] + _fragment(rng) + text[end:]


def packed(text: str) -> bytes:
    """The bytes of which :func:`unpacked` makes the text."""
    return text.encode("utf-8", "surrogatepass")


def unpacked(data: bytes) -> str:
    """Text out of any bytes; what is no UTF-8 becomes lone surrogates."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


# what is promised -----------------------------------------------------------------------------------------------------


def check_report(report: Report, text: str) -> None:
    """Every span lies in the text, the sentences in order and in their sections."""
    from kg.text.normalize import normalize

    hold(report.text == text.removeprefix("\ufeff"), "the text is kept")
    hold(len(report.norm) == len(report.text) == len(normalize(report.text)), "the normalised text keeps offsets")
    size = len(report.text)
    hold(report.body.end <= size, "body outside")
    last = 0
    for sentence in report.sentences:
        hold(last <= sentence.span.begin and sentence.span.end <= size, f"sentence {sentence.span} after {last}")
        hold(sentence.span in report.sections[sentence.section].span, f"sentence {sentence.span} out of its section")
        last = sentence.span.end
    for section in report.sections:
        hold(section.span.end <= size, f"section {section.span} outside")
        hold(section.heading is None or section.heading in section.span, f"heading {section.heading} outside")
        if section.period is not None:
            _check_period(section.period)
    for name, span in report.header.items():
        hold(span.end <= size, f"{name} outside")
    if report.date is not None:
        _check_date(report.date)
    hold(report.year is None or 1900 <= report.year <= 2100, f"year {report.year}")


def _check_date(iso: str) -> None:
    try:
        datetime.date.fromisoformat(iso + "-01-01"[: 10 - len(iso)] if len(iso) == 4 else iso + "-01" * (len(iso) == 7))
    except ValueError:
        raise Broken(f"no date: {iso!r}") from None


def _check_period(period: Period) -> None:
    first, last = period.start, period.end
    _check_date(first)
    _check_date(last)
    hold(first <= last, f"the period {period.iso} ends before it begins")


def check_extraction(x: Extraction) -> None:
    """Every span quotes, every figure is a number and its words stand where it says."""
    text = x.report.text
    names = {entity.name for entity in x.entities}
    for span, quotation in x.quotations():
        hold(span.end <= len(text) and quotation, f"{span} quotes nothing")
    for entity in x.entities:
        hold(entity.name and entity.classes, f"a thing without name or class: {entity!r}")
        hold(entity.mentions, f"no mention of {entity.name!r}")
    for o in x.observations:
        hold(o.value.is_finite(), f"{o.value_text!r} is {o.value}")
        hold(any(o.value_text in span.quote(text) for span in o.mentions), f"{o.value_text!r} is not quoted")
        hold(o.indicator, f"{o.value_text!r} has no indicator")
        if o.period is not None:
            _check_period(o.period)
    for relation in x.relations:
        hold({relation.subject, relation.object} <= names, f"{relation!r} is of no entity")


_LEXICAL: Final = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "gYear": re.compile(r"\d{4}"),
    "gYearMonth": re.compile(r"\d{4}-\d\d"),
    "integer": re.compile(r"[+-]?\d+", re.A),
    "decimal": re.compile(r"[+-]?\d+(?:\.\d+)?", re.A),
}


def check_quads(quads: list[Any], *, format: str = "nquads") -> None:
    """Written and read back they are the same, and every typed literal is one of its type."""
    import pyoxigraph as ox

    from kg.graph.export import export

    for quad in quads:
        if isinstance(quad.object, ox.Literal):
            kind = quad.object.datatype.value.partition("http://www.w3.org/2001/XMLSchema#")[2]
            value = quad.object.value
            hold(kind not in _LEXICAL or _LEXICAL[kind].fullmatch(value), f"{value!r} is no xsd:{kind}")
            if kind in ("date", "gYear", "gYearMonth"):
                _check_date(value)
    written = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert written is not None
    hold(set(ox.parse(written, format=ox.RdfFormat.N_QUADS)) == set(quads), "N-Quads are read back otherwise")
    if format == "nquads":
        return
    store = ox.Store()
    store.extend(quads)
    out = io.BytesIO()
    export(store, out, format=format)  # type: ignore[arg-type]
    kinds = {
        "jsonld": ox.RdfFormat.JSON_LD, "trig": ox.RdfFormat.TRIG,
        "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES,
    }  # fmt: skip
    back = {quad.triple for quad in ox.parse(out.getvalue(), format=kinds[format])}
    hold(back == {quad.triple for quad in quads}, f"{format} is read back otherwise")


# the targets ----------------------------------------------------------------------------------------------------------


def _make_reader(rng: Random) -> bytes:
    """The kind by the first byte, then the file: text in some encoding, or a page or document with faults."""
    draw = rng.random()
    text = _written(rng, 60)
    if draw < 0.8:
        encoding = rng.choice(
            ("utf-8", "utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "utf-16", "utf-32", "utf-16-le")
        )
        data = text.encode(encoding, "ignore" if encoding != "utf-8" else "surrogatepass")
        kind = rng.choice(b"ttttTTmn")
    elif draw < 0.94:
        tags = ("<p>", "</p>", "<div>", "<table><tr><td>", "</td></tr>", "<!--", "-->", "<script>", "<h2>", "</h2>", "<br>",
                "<a href='http://a.invalid/'>", "&#x0;", "&#xd800;", "&lt;", "&amp;amp;", "<![CDATA[", "]]>", "<ul><li>",
                "<meta charset=gbk>", "<img src='file:///etc/passwd'>", "<svg><title>", "<base href='//x'>")  # fmt: skip
        body = "".join(rng.choice((rng.choice(tags), _fragment(rng), _fragment(rng))) for _ in range(rng.randrange(60)))
        data = f"<!DOCTYPE html><html><body>{body}</body></html>".encode("utf-8", "surrogatepass")
        kind = ord("h")
    elif draw < 0.98:
        tags = ("<w:p>", "</w:p>", "<w:t>", "</w:t>", "<w:tbl>", "<w:tr>", "<w:tc>", "</w:tc>", "</w:tr>", "</w:tbl>",
                "<w:del>", "</w:del>", "<w:br/>", '<w:pStyle w:val="2"/>', "<w:txbxContent>", "</w:txbxContent>")  # fmt: skip
        body = _docx_body(rng, tags)
        data = _docx(body)
        kind = ord("d")
    else:
        from tests.text.makers import pdf

        lines = ["".join(c for c in line if c < "\ud800") for line in text.splitlines()[:40]]
        data, kind = pdf([lines] * rng.randrange(1, 3)), ord("p")
    if rng.random() < 0.3:
        data = _mangled(rng, data)
    return bytes([kind]) + data


def _docx_body(rng: Random, tags: tuple[str, ...]) -> str:
    from xml.sax.saxutils import escape

    pieces, opened = [], []
    for _ in range(rng.randrange(40)):
        tag = rng.choice((rng.choice(tags), "<w:p>", "<w:t>", "</w:t>", "</w:p>", ""))
        if not tag:
            pieces.append(escape(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", _fragment(rng))))
        elif tag.startswith("</"):
            if opened and rng.random() < 0.98:
                tag = f"</{opened.pop()}>"  # mostly well-formed: else all that is seen is the parser's refusal
            elif not opened:
                continue
            pieces.append(tag)
        else:
            pieces.append(tag)
            if not tag.endswith("/>"):
                opened.append(tag[1:-1])
    return "".join(pieces) + "".join(f"</{name}>" for name in reversed(opened))


def _docx(body: str) -> bytes:
    from tests.text.makers import docx

    return docx(body)


def _mangled(rng: Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(4):
            case 0:
                out[at : at + rng.randrange(1, 20)] = b""
            case 1:
                out[at:at] = rng.randbytes(rng.randrange(1, 8))
            case 2:
                out[at : at + 1] = bytes([rng.randrange(256)])
            case _:
                out[at:at] = out[at : at + rng.randrange(1, 60)]
    return bytes(out)


_SUFFIXES: Final = {"t": ".txt", "m": ".md", "n": "", "h": ".html", "d": ".docx", "p": ".pdf", "r": ".rtf", "o": ".doc"}


@lru_cache(maxsize=1)
def _scratch() -> Path:
    """A folder for as long as the process runs."""
    holder = tempfile.TemporaryDirectory(prefix="kg-fuzz-")
    _KEPT.append(holder)
    return Path(holder.name)


_KEPT: list[Any] = []


def _check_reader(data: bytes) -> None:
    from kg.text.reader import read_report

    kind = chr(data[0]) if data else "t"
    path = _scratch() / f"report{_SUFFIXES.get(kind.lower(), '.txt')}"
    path.write_bytes(data[1:])
    report = read_report(path, force=not kind.isupper())
    hold(report.text.strip(), "an empty report")
    check_report(report, report.text)


def _make_text(rng: Random) -> bytes:
    return packed(_written(rng, 50))


def _check_text(data: bytes) -> None:
    from kg.text.reader import make_report

    text = unpacked(data)
    check_report(make_report(text, source="a.txt", sha256="0" * 64), text)


def _make_sentence(rng: Random) -> bytes:
    return packed(_written(rng, 12))


def _within(data: bytes) -> tuple[str, int, int]:
    """Normalised text and a stretch of it, which the bytes decide: most of the time the whole."""
    from kg.text.normalize import normalize

    norm = normalize(unpacked(data))
    if len(data) % 5:
        return norm, 0, len(norm)
    begin = data[0] % (len(norm) + 1) if data else 0
    return norm, begin, max(begin, len(norm) - len(data) % 4)


def _check_quantities(data: bytes) -> None:
    from kg.extract.quantities import find_quantities
    from kg.graph.mapping import decimal_text

    norm, begin, end = _within(data)
    last = begin
    for q in find_quantities(norm, begin, end):
        hold(last <= q.begin < q.end <= end, f"{q} after {last} of {begin}-{end}")
        hold(begin <= q.head <= q.begin and q.end <= q.tail <= end, f"the bounds of {q} in {begin}-{end}")
        hold(q.value.is_finite() and (q.upper is None or q.upper > q.value), f"{norm[q.begin : q.end]!r} is {q.value}")
        hold(Decimal(decimal_text(q.value)) == q.value, f"{q.value} is written {decimal_text(q.value)}")
        last = q.end


def _check_periods(data: bytes) -> None:
    from kg.extract.periods import find_periods

    norm, begin, end = _within(data)
    last = begin
    for mention in find_periods(norm, begin, end, 2011 if len(norm) % 3 else None):
        hold(last <= mention.begin < mention.end <= end, f"{mention} after {last} of {begin}-{end}")
        if mention.iso is not None:
            _check_period(Period(mention.iso))
        last = mention.end


_NUMERAL_PARTS = ("点", ",", ".", "，", "%", "1,234", "0.5", "亿亿", "十", "百", "万", "千", "两", "〇", "٣", "²", "○")


def _make_numeral(rng: Random) -> bytes:
    pool = (*_DIGITS, *_NUMERAL_PARTS)
    return packed("".join(rng.choices(pool, k=rng.choice((1, 2, 3, 4, 6, 9, 14, 30)))))


def _check_numerals(data: bytes) -> None:
    from kg.extract.coverage import find_numerals
    from kg.extract.numerals import LARGE_UNITS, SMALL_UNITS, parse_numeral, scaled
    from kg.text.normalize import normalize

    text = unpacked(data)[:400]
    value = parse_numeral(text)
    if value is not None:
        hold(value.is_finite() and value >= 0 and "E" not in str(value), f"{text!r} is {value}")
        scales = "".join(c for c in text if c in SMALL_UNITS or c in LARGE_UNITS)[:6]
        hold(scaled(value, scales).is_finite(), f"{text!r} scaled")
    norm = normalize(text)
    last = 0
    for span in find_numerals(norm, 0, len(norm)):
        hold(last <= span.begin < span.end <= len(norm), f"{span} after {last}")
        last = span.end


def _check_names(data: bytes) -> None:
    from kg.extract.lexicon import tokenize
    from kg.extract.names.finder import Finder
    from kg.text.reader import make_report

    report = make_report(unpacked(data), source="a.txt", sha256="0" * 64)
    for scene in Finder(report, report.norm, tokenize(report.norm)).scenes():
        for candidate in scene.candidates:
            hold(candidate.span.end <= len(report.norm), f"{candidate.span} outside")
            hold(candidate.span in scene.sentence.span, f"{candidate!r} out of its sentence")
            hold(candidate.name and candidate.classes, f"{candidate!r} without name or class")


def _check_extract(data: bytes) -> None:
    from kg.extract.coverage import account
    from kg.extract.extractor import extract
    from kg.graph.mapping import to_quads
    from kg.text.reader import make_report

    text = unpacked(data)
    report = make_report(text, source="a.txt", sha256=hashlib.sha256(data).hexdigest())
    found = extract(report)
    check_extraction(found)
    last = 0
    for numeral in account(found):
        hold(last <= numeral.span.begin and numeral.span.end <= len(report.text), f"{numeral} after {last}")
        last = numeral.span.end
    check_quads(to_quads(found))


_PARTED = "\x1f"


def _make_labels(rng: Random) -> bytes:
    """Labels of all kinds; what is made of them in which place is for :func:`labelled` to say."""

    def label() -> str:
        draw = rng.random()
        if draw < 0.3:
            return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(1, 8)))
        if draw < 0.6:
            return "".join(
                rng.choice((*_ODD, *'"\\<>{}|^`%/?#:@.', "geo:", "_:", "//", "..")) for _ in range(rng.randrange(1, 9))
            )
        return _written(rng, 5)

    return packed(_PARTED.join(label() for _ in range(rng.randrange(4, 14))))


def labelled(text: str) -> Extraction:
    """An extraction that names everything with the labels in the text, parted by U+001F."""
    labels = [label for label in text.split(_PARTED) if label] or ["?"]
    words = (text.replace(_PARTED, "") or "?") + "."

    def label(n: int) -> str:
        return labels[n % len(labels)]

    size = len(words)
    whole = Span(0, size)
    names = list(dict.fromkeys(labels[:6]))
    classes = tuple(EntityClass)
    entities = tuple(
        Entity(
            name,
            tuple(sorted({classes[(n + size) % 11], classes[n % 11]})),
            tuple(sorted({label(n + 3)} - {name})),
            (Span(n % size, n % size + 1), whole) if n % size + 1 < size else (whole,),
            qualified=label(n + 1) if n % 3 == 0 and len(text) % 2 else None,
        )
        for n, name in enumerate(names)
    )
    observations = tuple(
        Observation(
            label(n), (label(n), label(n + 1)), names[n % len(names)] if n % 2 else None,
            Period(("2010", "2006/2010", "2011-02", "2011-01/2011-06")[n % 4]) if n % 3 else None,
            list(Measure)[n % 5], list(Modality)[n % 2], list(Bound)[n % 4],
            Decimal(("1.50", "1E+11", "-0", "0.000001")[n % 4]), label(n + 2) if n % 2 else "", label(n + 3), (whole,),
        )
        for n in range(min(4, len(labels)))
    )  # fmt: skip
    relations = tuple(
        Relation(names[n % len(names)], predicate, names[(n + 1) % len(names)], (whole,))
        for n, predicate in enumerate(Predicate)
    )
    report = Report(
        text=words, source=label(0), sha256=hashlib.sha256(packed(words)).hexdigest(),
        title=label(1), area=label(2) if len(text) % 3 else None, year=2011 if len(text) % 5 else None,
        date=("2011", "2011-02", "2011-02-28", None)[len(text) % 4], meeting=label(3), speaker=label(4), body=whole,
        sections=(Section(whole, 1, whole, list(Part)[len(text) % 4], Period("2010")),),
        sentences=(Sentence(whole, 0),), norm=words,
    )  # fmt: skip
    return Extraction(report, entities, observations, relations, "by hand")


def _check_mapping(data: bytes) -> None:
    from kg.graph.mapping import to_quads

    formats = ("nquads", "nquads", "nquads", "nquads", "turtle", "trig", "jsonld", "ntriples")
    check_quads(to_quads(labelled(unpacked(data))), format=formats[len(data) % 8])


@lru_cache(maxsize=1)
def _templates() -> list[Any]:
    from kg.graph.queries import load_templates

    return list(load_templates().values())


_BREAKING = (
    *('"', "'", '"""', "'''", "\\", "}", "{", "\n", "\r", "#", "?s", "<x>", "@zh", "^^", ") }", "\x00", "\x01", "FROM <x>"),
    *("UNION", "SERVICE", "\\u0022", "\\U0022", "0022", "琶洲", "%22", ";", "--", "*/", "_:a", "gwr:Entity", "gwr:", "<", ">"),
    *("2011", "1e5", "-0", "NaN", "9" * 19, "2011-02-30", "2011-W01-1", "2011-02-28", "20110228", "completed", "0.1"),
)  # fmt: skip


def _make_values(rng: Random) -> bytes:
    def value() -> str:
        pieces = rng.randrange(1, 5)
        return "".join(
            rng.choice((rng.choice(_BREAKING), rng.choice(_BREAKING), _fragment(rng))) for _ in range(pieces)
        )

    return bytes([rng.randrange(256)]) + packed(_PARTED.join(value() for _ in range(rng.randrange(1, 6))))


def _check_templates(data: bytes) -> None:
    import pyoxigraph as ox

    from kg.graph import queries, sparql

    template = _templates()[data[0] % len(_templates())] if data else _templates()[0]
    values = unpacked(data[1:]).split(_PARTED)
    given: dict[str, Any] = {}
    for n, parameter in enumerate(template.parameters.values()):
        value = values[n % len(values)]
        given[parameter.name] = [value, values[0]] if len(data) % 7 == 0 else value
        if parameter.choices and len(data) % 3:
            given[parameter.name] = parameter.choices[len(data) % len(parameter.choices)]
        try:
            term = parameter.term(value)
        except ValueError:
            continue
        (row,) = queries.run(ox.Store(), f"SELECT ?x {{ VALUES (?x) {{ ({term}) }} }}")
        if parameter.kind == "iri":
            hold(isinstance(row[0], ox.NamedNode), f"{term} is {row[0]!r}")
        elif parameter.kind not in ("integer", "decimal", "date"):
            hold(isinstance(row[0], ox.Literal) and row[0].value == value, f"{term} is {row[0]!r}")
    query = template.bind(**given)

    def words(text: str) -> list[str]:
        return [t.text for t in sparql.tokens(text) if t.kind == "word" and t.text not in ("VALUES", "LIMIT")]

    hold(words(query) == words(template.text), f"{template.name} is another query now")
    list(queries.run(ox.Store(), query))


def _make_sparql(rng: Random) -> bytes:
    template = rng.choice(_templates()).text
    for _ in range(rng.randrange(6)):
        at = rng.randrange(len(template) + 1)
        template = (
            template[:at] + rng.choice((rng.choice(_BREAKING), _fragment(rng))) + template[at + rng.randrange(8) :]
        )
    return packed(template)


def _check_sparql(data: bytes) -> None:
    import pyoxigraph as ox

    from kg.graph import queries, sparql

    text = unpacked(data)
    sparql.check(text)
    sparql.groups(text)
    sparql.form(text)
    queries.run(ox.Store(), text, max_rows=10)


def _ledger() -> Any:
    from kg.graph.vocab import DEFAULT_BASE
    from kg.link.decisions import COMPOSITE, Decision, Ledger
    from kg.link.model import Judgement, Match, Target

    ledger = Ledger(DEFAULT_BASE)
    ledger.add_target(Target("codes", "codes of places", "https://example.org/codes", "https://example.org/codes/"))
    for subject, object, judgement in (
        ("area/广州市", "A", Judgement.OPEN),
        ("area/广州市", "B", Judgement.OPEN),
        ("entity/广州市/%E3%80%8Aa%E3%80%8B", "A", Judgement.ACCEPTED),
        ("entity/广州市/%E3%80%8Aa%E3%80%8B", "B", Judgement.REJECTED),
    ):
        ledger.put(
            Decision(
                DEFAULT_BASE + subject, "https://example.org/codes/" + object, "codes", judgement, Match.EXACT,
                "广州市", "AdministrativeArea Zone", "名\t\n", COMPOSITE, 0.5, "divisions", "1", "2026-01-01", comment="so",
            )
        )  # fmt: skip
    return ledger


@lru_cache(maxsize=1)
def _sssom_text() -> str:
    from kg.link.sssom import export

    return export(_ledger())


_CELLS = (
    *(
        "accepted",
        "rejected",
        "open",
        "skos:exactMatch",
        "skos:closeMatch",
        "gwr:candidateMatch",
        "Not",
        "codes:C",
        "codes:A",
    ),
    *(
        "kg:area/%E5%B9%BF",
        "semapv:ManualMappingCuration",
        "kg link divisions",
        "1.5",
        "nan",
        "0,5",
        "2026-13-99",
        "\t",
        "\n",
    ),
    *(
        '"',
        "'",
        "#curie_map:\n#  x: y\n",
        "# x: 'y'\n",
        "https://a.example/",
        "codes",
        "other",
        "",
        ",",
        ";",
        "\r",
        "\x00",
    ),
)


def _make_sssom(rng: Random) -> bytes:
    text = _sssom_text()
    for _ in range(rng.randrange(1, 6)):
        if rng.random() < 0.5:
            lines = text.split("\n")
            line = rng.randrange(len(lines))
            cells = lines[line].split("\t")
            cells[rng.randrange(len(cells))] = rng.choice((rng.choice(_CELLS), _fragment(rng)))
            lines[line] = "\t".join(cells)
            text = "\n".join(lines)
        else:
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice((rng.choice(_CELLS), _fragment(rng))) + text[at + rng.randrange(10) :]
    return packed(text)


def _check_sssom(data: bytes) -> None:
    import pyoxigraph as ox

    from kg.link.decisions import read_ledger, write_ledger
    from kg.link.sssom import export, import_

    ledger = _ledger()
    before = ledger.states()
    try:
        import_(ledger, unpacked(data), file="a.tsv", reviewer="r", recorded="2026-01-02T12:00:00Z")
    except KgError:
        hold(ledger.states() == before, "a refused file has changed something")
        raise
    store = ox.Store()
    write_ledger(store, ledger)
    check_quads(list(store))
    again = read_ledger(store, ledger.base)
    hold(export(again) == export(ledger), "the decisions are read back otherwise")


def _make_metadata(rng: Random) -> bytes:
    draw = rng.random()
    fields = ("title", "area", "level", "year", "date", "meeting", "speaker", "path", "file", "slug")

    def value() -> str:
        return rng.choice(
            (_written(rng, 4), "2011", "2011-02-30", "county", "广东深圳市罗湖区", "2011-11-08", "99999", "1e3")
        )

    said = {field: value() for field in rng.sample(fields, rng.randrange(6))}
    if draw < 0.4:
        data = b"j" + json.dumps(said, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    elif draw < 0.7:
        data = b"o" + packed("".join(f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in said.items()))
    else:
        names = list(said)
        data = b"i" + packed("path\t" + "\t".join(names) + "\nreport.txt\t" + "\t".join(said.values()) + "\n")
    return data[:1] + _mangled(rng, data[1:]) if rng.random() < 0.4 else data


def _check_metadata(data: bytes) -> None:
    from kg.text import metadata

    name = {"j": "report.meta.json", "o": "report.meta.toml"}.get(chr(data[0]) if data else "", "INDEX.tsv")
    folder = _scratch()
    for other in ("report.meta.json", "report.meta.toml", "INDEX.tsv"):
        (folder / other).unlink(missing_ok=True)
    (folder / name).write_bytes(data[1:])
    metadata._index.cache_clear()
    try:
        given = metadata.beside(folder / "report.txt")
    finally:
        (folder / name).unlink()
    if given.date is not None:
        _check_date(given.date)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes bytes: how inputs are made, what is checked, which error it may raise."""

    make: Callable[[Random], bytes]
    check: Callable[[bytes], None]
    may: type[KgError]
    #: how many inputs of all go to it when none is named
    share: float


#: ``KgError`` where none may be raised that the target would not name: nothing in there raises it
TARGETS: Final[dict[str, Target]] = {
    "reader": Target(_make_reader, _check_reader, ReadError, 0.02),
    "text": Target(_make_text, _check_text, ReadError, 0.08),
    "quantities": Target(_make_sentence, _check_quantities, ReadError, 0.25),
    "periods": Target(_make_sentence, _check_periods, ReadError, 0.25),
    "numerals": Target(_make_numeral, _check_numerals, ReadError, 0.3),
    "names": Target(_make_sentence, _check_names, ReadError, 0.02),
    "extract": Target(_make_text, _check_extract, ReadError, 0.01),
    "mapping": Target(_make_labels, _check_mapping, ReadError, 0.02),
    "templates": Target(_make_values, _check_templates, TemplateError, 0.02),
    "sparql": Target(_make_sparql, _check_sparql, QueryError, 0.01),
    "sssom": Target(_make_sssom, _check_sssom, KgError, 0.01),
    "metadata": Target(_make_metadata, _check_metadata, ReadError, 0.01),
}


# running --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, and where: by these two, faults of one kind are known."""

    what: str
    where: str


def _over(*_: object) -> None:
    raise TooSlow


def attempt(target: Target, data: bytes) -> Fault | None:
    """One input; None if all holds.  Needs the main thread of a process on POSIX."""
    fault, _ = _attempt(target, data)
    return fault


def _attempt(target: Target, data: bytes) -> tuple[Fault | None, bool]:
    """The fault, if any, and whether the input was refused as it may be."""
    allowed = SECONDS * (len(data) // 10_000 + 1)
    signal.signal(signal.SIGVTALRM, _over)
    signal.setitimer(signal.ITIMER_VIRTUAL, allowed)
    try:
        target.check(data)
    except target.may as error:
        if "\n" in error.message.strip() or not error.message:
            return Fault(f"a message of several lines: {error.message[:80]!r}", ""), True
        return None, True
    except TooSlow:
        return Fault("more than the time allowed", _where()), False
    except Exception as error:  # that is what is looked for
        return Fault(f"{type(error).__name__}: {error}"[:200], _where()), False
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None, False


def _where() -> str:
    """The innermost line of ours on the way to the exception."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    ours = [frame for frame in frames if "/kg/" in frame.filename.replace("\\", "/")]
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}" if ours else ""


def _alike(one: Fault, other: Fault | None) -> bool:
    return other is not None and one.where == other.where and one.what.partition(":")[0] == other.what.partition(":")[0]


def smaller(target: Target, data: bytes, fault: Fault, *, tries: int = 400) -> bytes:
    """The input cut down as far as the same fault stays."""
    size = max(1, len(data) // 2)
    while size and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            tries -= 1
            shorter = data[:at] + data[at + size :]
            if _alike(fault, attempt(target, shorter)):
                data = shorter
            else:
                at += size
        size //= 2
    return data


def keep(name: str, data: bytes, into: Path) -> Path:
    """Put an input into the corpus."""
    folder = into / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()[:12]
    path.write_bytes(data)
    return path


def _job(work: tuple[str, int, str, float, str]) -> dict[str, Any]:
    name, inputs, seed, until, into = work
    target = TARGETS[name]
    rng = Random(f"{seed}")
    seen: dict[tuple[str, str], str] = {}
    done = refused = failed = size = 0
    started, used = time.time(), time.process_time()
    slowest = 0.0
    while done < inputs and time.time() < until:
        if done % 50 == 0:
            faulthandler.dump_traceback_later(_STUCK, exit=True)
        data = target.make(rng)
        begun = time.process_time()
        fault, no = _attempt(target, data)
        refused += no
        slowest = max(slowest, time.process_time() - begun)
        done += 1
        size += len(data)
        if fault is None:
            continue
        failed += 1
        key = (fault.what.partition(":")[0], fault.where)
        if key not in seen and len(seen) < 40:
            data = smaller(target, data, fault)
            seen[key] = str(keep(name, data, Path(into)))
            print(f"{name}: {fault.what} at {fault.where}\n  {seen[key]}  {unpacked(data)[:80]!r}", flush=True)
    faulthandler.cancel_dump_traceback_later()
    return {
        "target": name, "inputs": done, "failed": failed, "kinds": len(seen), "bytes": size, "refused": refused,
        "slowest": round(slowest, 3), "cpu": round(time.process_time() - used, 1), "seconds": round(time.time() - started, 1),
    }  # fmt: skip


def fuzz(
    names: Iterable[str], inputs: int, seed: str, jobs: int, seconds: float, into: Path
) -> Iterator[dict[str, Any]]:
    """The counts of each target when it is through; the same seed and number of jobs make the same inputs."""
    names = list(names)
    whole = sum(TARGETS[name].share for name in names)
    until = time.time() + seconds
    for name in names:
        each = max(1, round(inputs * TARGETS[name].share / whole / jobs))
        # a target has no more than its share of the time that is left
        rest = sum(TARGETS[n].share for n in names[names.index(name) :])
        stop = min(until, time.time() + (until - time.time()) * TARGETS[name].share / rest) if seconds < 1e8 else until
        work = [(name, each, f"{seed}/{name}/{job}", stop, str(into)) for job in range(jobs)]
        if jobs == 1:
            told = [_job(work[0])]
        else:
            # a process of a pool is killed at its end, and cleans up nothing
            context = multiprocessing.get_context("spawn")
            with (
                tempfile.TemporaryDirectory(prefix="kg-fuzz-") as scratch,
                context.Pool(jobs, initializer=_work_in, initargs=(scratch,)) as pool,
            ):
                told = pool.map(_job, work, chunksize=1)
        yield {
            key: max(t[key] for t in told) if key in ("slowest", "seconds") else sum(t[key] for t in told)
            for key in told[0] if key != "target"
        } | {"target": name}  # fmt: skip


def _work_in(folder: str) -> None:
    """Let this process put its temporary files there, where who started it removes them."""
    tempfile.tempdir = folder


def _guided(name: str, seconds: int, seed: int, into: Path) -> int:
    """By libFuzzer, in a process of its own, for it ends that without cleaning up; its exit status."""
    with tempfile.TemporaryDirectory(prefix="kg-fuzz-") as scratch:
        process = multiprocessing.get_context("spawn").Process(target=_guide, args=(name, seconds, seed, into, scratch))
        process.start()
        process.join()
        return process.exitcode or 0


def _guide(name: str, seconds: int, seed: int, into: Path, scratch: str) -> None:
    """With the coverage of kg's own code; what fails is kept, and the run goes on."""
    import atheris

    target = TARGETS[name]
    with atheris.instrument_imports(include=["kg"]):
        import kg.extract.extractor
        import kg.graph.mapping
        import kg.graph.queries
        import kg.link.sssom
        import kg.text.reader  # noqa: F401
    rng = Random(seed)
    _work_in(scratch)
    begun = Path(tempfile.mkdtemp())
    for n in range(500):
        (begun / str(n)).write_bytes(target.make(rng))
    seen: set[tuple[str, str]] = set()
    counted = [0]

    def one(data: bytes) -> None:
        counted[0] += 1
        fault = attempt(target, data)
        if fault is not None and (key := (fault.what.partition(":")[0], fault.where)) not in seen:
            seen.add(key)
            print(
                f"{name}: {fault.what} at {fault.where}\n  {keep(name, smaller(target, data, fault), into)}", flush=True
            )
        if counted[0] % 20_000 == 0:
            print(json.dumps({"target": name, "inputs": counted[0], "kinds": len(seen)}), flush=True)

    def mutated(data: bytes, most: int, chance: int) -> bytes:
        draw = Random(chance)
        if draw.random() < 0.5:
            return atheris.Mutate(data, most)
        if draw.random() < 0.2:
            return target.make(draw)[:most]
        return packed(_turned(draw, unpacked(data)))[:most]

    options = [f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=2000", "-verbosity=0", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, str(begun)], one, custom_mutator=mutated)
    atheris.Fuzz()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__.split("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("files", nargs="*", type=Path, help="inputs to try once more; needs one --target")
    parser.add_argument("--target", action="append", choices=TARGETS, help="may be given several times; all by default")
    parser.add_argument("--inputs", type=int, default=100_000, help="in all, parted among the targets")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so many, whatever is left")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="where inputs that fail are put")
    parser.add_argument("--atheris", type=int, metavar="SECONDS", help="guided by coverage, one --target, so long")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else nothing is cleaned up after it
    names = options.target or list(TARGETS)
    if (options.files or options.atheris) and len(names) != 1:
        parser.error("this needs one --target")
    if options.files:
        faults = {path: attempt(TARGETS[names[0]], path.read_bytes()) for path in options.files}
        for path, fault in faults.items():
            print(f"{path}: {fault.what + ' at ' + fault.where if fault else 'passes'}")
        return int(any(faults.values()))
    if options.atheris:
        return _guided(names[0], options.atheris, options.seed, options.corpus)
    failed = 0
    for told in fuzz(names, options.inputs, str(options.seed), options.jobs, options.seconds, options.corpus):
        print(json.dumps(told), flush=True)
        failed += told["failed"]
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
