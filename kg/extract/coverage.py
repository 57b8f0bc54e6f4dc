"""Every numeral of a report accounted for: nothing is lost silently.

A numeral is a figure that was taken out, or it is none, for a reason that has a name: it stands in a name, a date, an
ordinal, a slogan or an ordinary word.  What no rule explains is unaccounted, and that is where the extractor
may have missed a figure.  The rules are tried in a fixed order and the first that holds decides:

1. evidence: the numeral overlaps a figure that was taken out, a mention of an entity, a title (《…》), an expression of
   time, a short quotation (“…”), or stands in the head of the report;
2. a word of ``coverage_words.tsv``, or a word of the segmenter's dictionary that it does not begin (统一, 进一步);
3. a pattern of ``coverage_rules.tsv``, in the order of that file;
4. the wording of an indicator of the same sentence (亿元以上的企业数);
5. a word of the dictionary that it begins (一流, 百姓).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from kg.errors import DataError
from kg.extract.lexicon import Token, tokenize
from kg.extract.numerals import ARABIC
from kg.extract.periods import find_periods
from kg.model import Extraction, Report, Span
from kg.resources import folder, table


class NumeralClass(StrEnum):
    """What a numeral is."""

    OBSERVATION = "observation"  # a figure that was taken out
    NAME = "name"  # part of a name, a title or the wording of an indicator
    DATE = "date"  # a date, a period or a stretch of time
    ORDINAL = "ordinal"  # a heading's number, an enumeration, a rank or a phase
    SLOGAN = "slogan"  # a number of policies and slogans: 一带一路, 三大攻坚战
    WORD = "word"  # numeral characters in a word that counts nothing: 统一, 一批, 数十
    UNACCOUNTED = "unaccounted"


class Numeral(NamedTuple):
    """A numeral, its class and the name of the rule that gave the class (empty if none did)."""

    span: Span
    kind: NumeralClass
    rule: str


_HAN = "零〇一二两三四五六七八九十百千万亿"
_DIGIT = "零〇一二两三四五六七八九"
_DIGIT_TEN = _DIGIT + "十"
_NUMERAL = re.compile(
    rf"[百千万]分之(?:[{_HAN}]+(?:点[{_DIGIT}]+)?|{ARABIC})"
    rf"|[{_HAN}\d]+分之[{_HAN}\d]+"
    r"|翻[了近]{0,2}[一两三四五几\d]{0,2}番"
    r"|\d{1,2}/\d{1,2}(?![\d/])"
    rf"|(?:{ARABIC}|[{_HAN}]+)(?:点[{_DIGIT}]+)?(?:[多余]?[百千万亿]+)*(?:{ARABIC}[百千万亿])*[%‰]?"
    r"|半"
    r"|[①-⑳⑴-⒇⒈-⒛㈠-㈩Ⅰ-Ⅻ]"
)
#: a dictionary word with one of these tags may count something (numerals, measures, times)
_COUNTING_TAGS = frozenset({"m", "mq", "q", "t", "x", "eng"})
#: how a dictionary word that counts begins, whatever its tag: 近百名, 每千人, 上百, 翻一番, 第二产业, 过半
_COUNTING_WORD = re.compile(r"[近每上翻第过约]|减半|.*[多余]")
_TITLE = re.compile(r"《[^《》\n]{1,80}》|〔[^〕\n]{1,12}〕")
_QUOTED = re.compile(r"“[^“”,，。;；\n]{1,24}”|\"[^\",，。;；\n]{1,24}\"|‘[^‘’,，。;；\n]{1,24}’")
#: a quotation of a figure: money, a rate, a size
_MEASURED = re.compile(r"[元%吨亩]|公里|平方")


def find_numerals(norm: str, begin: int, end: int) -> list[Span]:
    """The numerals of ``norm[begin:end]`` in order, not overlapping; ``norm`` is normalised text.

    Chinese, Arabic and mixed ones, percentages, fractions, 翻番 and 半, with the scale but without the unit.

    >>> text = "3.5万亿元,百分之五,三分之一,20多万人,翻一番,过半,第二,13.9%"
    >>> [span.quote(text) for span in find_numerals(text, 0, len(text))]
    ['3.5万亿', '百分之五', '三分之一', '20多万', '翻一番', '半', '二', '13.9%']
    """
    return [Span(*match.span()) for match in _NUMERAL.finditer(norm, begin, end)]


@lru_cache(maxsize=1)
def _rules() -> tuple[re.Pattern[str], dict[str, tuple[NumeralClass, str]]]:
    """The patterns as one, matched where a numeral begins; its groups and what they stand for."""
    number = rf"(?:{ARABIC}[百千万亿]*|[{_HAN}]+)"
    parts = []
    meaning = {}
    for i, (kind, rule, pattern) in enumerate(table("coverage_rules.tsv", "class", "rule", "pattern")):
        group = f"r{i}"
        try:
            filled = pattern.replace("{n}", number).replace("{h}", f"[{_HAN}]").replace("{d}", _DIGIT_TEN)
            filled = filled.replace("{a}", "一-龥")
            re.compile(filled)
            meaning[group] = NumeralClass(kind), rule
        except (re.error, ValueError) as error:
            raise DataError(f"rule {rule!r}: {error}", file=folder("data") / "coverage_rules.tsv") from error
        parts.append(f"(?P<{group}>{filled})")
    return re.compile("|".join(parts)), meaning


class _Words:
    """The listed words, found from the numeral in them."""

    def __init__(self) -> None:
        #: what a word says of the numeral at an offset in it
        self.known: dict[tuple[str, int], tuple[NumeralClass, str]] = {}
        shapes = set()
        for word, kind, rule in table("coverage_words.tsv", "word", "class", "rule"):
            for span in find_numerals(word, 0, len(word)):
                self.known[word, span.begin] = NumeralClass(kind), rule
                shapes.add((len(word), span.begin))
        #: length of a word and offset of a numeral in it, the longest first
        self.shapes = sorted(shapes, key=lambda shape: (-shape[0], shape[1]))

    def find(self, norm: str, at: int) -> tuple[NumeralClass, str] | None:
        """What the longest listed word around the numeral at ``at`` says of it."""
        for size, offset in self.shapes:
            if offset <= at and (found := self.known.get((norm[at - offset : at - offset + size], offset))):
                return found
        return None


_words = lru_cache(maxsize=1)(_Words)


def account(extraction: Extraction, tokens: Sequence[Token] | None = None) -> list[Numeral]:
    """Every numeral of the report's body and head, in text order, each with exactly one class.

    ``tokens`` are the words of ``report.norm`` if they are at hand; else the text is cut again.
    """
    report = extraction.report
    norm = report.norm
    if tokens is None:
        tokens = tokenize(norm, segmenter=extraction.segmenter)
    found: list[Numeral] = []
    left = find_numerals(norm, report.body.begin, report.body.end)
    for kind, rule, spans in _evidence(extraction):
        rest: list[Span] = []
        merged = _merged(spans)
        at = 0
        for span in left:
            while at < len(merged) and merged[at][1] <= span.begin:
                at += 1
            if at < len(merged) and merged[at][0] < span.end:
                found.append(Numeral(span, kind, rule))
            else:
                rest.append(span)
        left = rest
    wordings = _Wordings(extraction)
    starts = [token.begin for token in tokens]
    for span in left:
        token = tokens[bisect_right(starts, span.begin) - 1]
        kind, rule = _class_of(norm, span, token, wordings)
        found.append(Numeral(span, kind, rule))
    found.sort(key=lambda numeral: numeral.span.begin)
    return found


def _evidence(extraction: Extraction) -> Iterable[tuple[NumeralClass, str, list[tuple[int, int]]]]:
    """The stretches of text that explain the numerals in them, the strongest reason first."""
    report = extraction.report
    norm = report.norm
    begin, end = report.body.begin, report.body.end
    figures = [(m.begin, m.end) for o in extraction.observations for m in o.mentions]
    yield NumeralClass.OBSERVATION, "figure", figures
    yield NumeralClass.NAME, "title", [m.span() for m in _TITLE.finditer(norm, begin, end)]
    yield NumeralClass.NAME, "entity", [(m.begin, m.end) for e in extraction.entities for m in e.mentions]
    head = [(s.begin, s.end) for s in report.header.values()]
    yield NumeralClass.DATE, "head", head
    periods = find_periods(norm, begin, end, report.year)
    yield NumeralClass.DATE, "period", [(p.begin, p.end) for p in periods]
    quoted = [m.span() for m in _QUOTED.finditer(norm, begin, end) if not _MEASURED.search(m.group())]
    yield NumeralClass.SLOGAN, "quoted", quoted


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches in order and without overlap."""
    result: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if result and begin <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        else:
            result.append((begin, end))
    return result


def _class_of(norm: str, span: Span, token: Token, wordings: _Wordings) -> tuple[NumeralClass, str]:
    """The class and the rule of a numeral that no evidence explains; ``token`` is the word in which it begins."""
    if found := _words().find(norm, span.begin):
        return found
    ordinary = (
        token.end - token.begin > 1
        and span.end <= token.end
        and not norm[span.begin].isdigit()
        and token.tag not in _COUNTING_TAGS
        and not _COUNTING_WORD.match(token.word)
    )
    if ordinary and token.begin < span.begin:
        return NumeralClass.WORD, "dictionary"
    rules, meaning = _rules()
    match = rules.match(norm, span.begin)
    if match and match.lastgroup:
        return meaning[match.lastgroup]
    if wordings.hold(norm, span):
        return NumeralClass.NAME, "indicator"
    if ordinary:
        return NumeralClass.WORD, "dictionary"
    return NumeralClass.UNACCOUNTED, ""


class _Wordings:
    """The wordings of indicators that hold a numeral, by the sentence in which a figure of theirs stands."""

    def __init__(self, extraction: Extraction) -> None:
        self._report: Report = extraction.report
        self._known: dict[Span, list[str]] = {}
        for observation in extraction.observations:
            named = [w for w in {observation.indicator, *observation.wordings} if _NUMERAL.search(w)]
            for mention in observation.mentions if named else ():
                if sentence := self._report.sentence_at(mention.begin):
                    self._known.setdefault(sentence.span, []).extend(named)

    def hold(self, norm: str, span: Span) -> bool:
        """Whether a wording holds the numeral with the character before or behind it."""
        sentence = self._report.sentence_at(span.begin)
        known = self._known.get(sentence.span) if sentence else None
        if not known:
            return False
        numeral = norm[span.begin : span.end]
        around = (norm[span.begin : span.end + 1], norm[max(span.begin - 1, 0) : span.end])
        return any(len(part) > len(numeral) and part in wording for wording in known for part in around)
