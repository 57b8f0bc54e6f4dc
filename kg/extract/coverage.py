"""Every numeral of a report accounted for: nothing is lost silently.

A numeral is a figure that was taken out, or it is none, for a reason that has a name: it stands in a name, a date, an
ordinal, a slogan or an ordinary word.  What no rule explains is unaccounted, and that is where the extractor may have
missed a figure.  The rules are tried in a fixed order, and the first that holds decides:

1. evidence: the numeral overlaps a figure that was taken out, a title (《…》), a mention of an entity, a date, the head
   of the report, an expression of time, a short quotation (“…”);
2. a word of ``coverage_words.tsv``, or a word of the segmenter's dictionary that it does not begin (统一, 进一步);
3. a row of ``coverage_rules.tsv``, in the order of that file;
4. a pair (一核四区), a sum of things just listed (梅州、阳江、茂名三市), part of a name that the report gives in full
   elsewhere, the wording of an indicator of the same sentence (亿元以上的企业数);
5. a word of the dictionary that the numeral begins (一流, 百姓).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.extract.lexicon import Token, tokenize
from kg.extract.listed import listed
from kg.extract.numerals import ARABIC
from kg.extract.periods import find_periods
from kg.extract.plain import plain
from kg.model import Extraction, Report, Span
from kg.patterns import compiled
from kg.resources import folder, table


class NumeralClass(StrEnum):
    """What a numeral is."""

    OBSERVATION = "observation"  # a figure that was taken out
    NAME = "name"  # part of a name, a title, a grade, or of what a figure is about
    DATE = "date"  # a date, a period or a stretch of time
    ORDINAL = "ordinal"  # a heading's number, an enumeration, a rank, a session or a phase
    SLOGAN = "slogan"  # a number of policies and slogans: 一带一路, 三大攻坚战
    WORD = "word"  # numeral characters in a word that counts nothing: 统一, 一批, 数十
    UNACCOUNTED = "unaccounted"


class Numeral(NamedTuple):
    """A numeral, its class, and the name of the rule that gave the class (empty if none did)."""

    span: Span
    kind: NumeralClass
    rule: str


class Tally:
    """How many numerals there are of each class and by each rule; tallies add up with :meth:`add`."""

    def __init__(self, numerals: Iterable[Numeral] = ()) -> None:
        self.by_rule: Counter[tuple[NumeralClass, str]] = Counter((n.kind, n.rule) for n in numerals)

    def add(self, other: Tally) -> None:
        """Count what the other has counted, too."""
        self.by_rule.update(other.by_rule)

    @property
    def by_class(self) -> dict[NumeralClass, int]:
        """The number of numerals of every class, in the order of :class:`NumeralClass`."""
        counts = dict.fromkeys(NumeralClass, 0)
        for (kind, _), number in self.by_rule.items():
            counts[kind] += number
        return counts

    @property
    def total(self) -> int:
        """How many numerals there are."""
        return self.by_rule.total()

    @property
    def unaccounted(self) -> int:
        """How many of them no rule explains."""
        return self.by_rule[NumeralClass.UNACCOUNTED, ""]

    @property
    def share_unaccounted(self) -> float:
        """Which share of the numerals that is: 0 where there are none."""
        return self.unaccounted / self.total if self.by_rule else 0.0

    def rules(self) -> list[tuple[NumeralClass, str, int]]:
        """Class, rule and number, by class and then the most frequent first."""
        order = list(NumeralClass)
        rows = [(kind, rule, number) for (kind, rule), number in self.by_rule.items() if number]
        return sorted(rows, key=lambda row: (order.index(row[0]), -row[2], row[1]))

    def as_json(self) -> dict[str, Any]:
        """The counts by class with their total and the share unaccounted."""
        counts = {kind.value: number for kind, number in self.by_class.items()}
        return {"total": self.total, **counts, "share_unaccounted": round(self.share_unaccounted, 6)}


_HAN = "零〇一二两三四五六七八九十百千万亿"
_DIGIT = "零〇一二两三四五六七八九"
_SMALL = _DIGIT + "十"
_START = compiled(rf"[{_HAN}0-9半翻①-⑳⑴-⒇⒈-⒛㈠-㈩Ⅰ-Ⅻ]")
_NUMERAL = compiled(
    rf"[百千万]分之(?:[{_HAN}]+(?:点[{_DIGIT}]+)?|{ARABIC})"
    rf"|[{_HAN}\d]+分之[{_HAN}\d]+"
    r"|翻[了近]{0,2}[一两三四五几\d]{0,2}番"
    r"|\d{1,2}/\d{1,2}(?![\d/])"
    rf"|(?:{ARABIC}(?: [万亿]+)?|[{_HAN}]+)(?:点[{_DIGIT}]+)?(?:[多余]?[百千万亿]+)*(?:{ARABIC}[百千万亿])*[%‰]?"
    r"|半"
    r"|[①-⑳⑴-⒇⒈-⒛㈠-㈩Ⅰ-Ⅻ]"
)
#: a dictionary word with one of these tags may count something (numerals, measures, times)
_COUNTING_TAGS = frozenset({"m", "mq", "q", "t", "x", "eng"})
#: how a dictionary word begins that may count something whatever its tag: 近百名, 每千人, 上百, 翻一番, 第二产业, 过半
_COUNTING_WORD = compiled(r"[近每上翻第过约]|减半|.*[多余]")
_TITLE = compiled(r"《[^《》\n]{1,80}》|〔[^〕\n]{1,12}〕")
#: the sign of a footnote, in plain text or in Markdown: [12] 〔12〕 【12】 [^12]
_FOOTNOTE = compiled(r"\[\^?[ ]?\d{1,3}[ ]?\]|〔[ ]?\d{1,3}[ ]?〕|【[ ]?\d{1,3}[ ]?】|﹝[ ]?\d{1,3}[ ]?﹞")
_QUOTED = compiled(r"“[^“”,，。;；\n]{1,24}”|\"[^\",，。;；\n]{1,24}\"|‘[^‘’,，。;；\n]{1,24}’")
#: what is in quotation marks may be a figure all the same: money, a rate, a size
_MEASURED = compiled(r"[元%吨亩]|公里|平方")
_ISO_DATE = compiled(r"(?<!\d)(?:19|20)\d\d([-/.])\d\d?\1\d\d?(?!\d)")
#: a name that ends in a count is a name and a figure: 国家级项目14项, 示范学校5所
_COUNTED = compiled(r"[^\d.+＋×第][\d０-９]+[项所个家条名件节座处张]\Z")
_STOP = compiled(r"[,，。;；!?！？\n]")


def find_numerals(norm: str, begin: int, end: int) -> list[Span]:
    """The numerals of ``norm[begin:end]`` in order, not overlapping; ``norm`` is normalised text.

    Chinese, Arabic and mixed ones, percentages, fractions, 翻番 and 半, with the scale but without the unit.

    >>> text = "3.5万亿元,百分之五,三分之一,20多万人,翻一番,过半,第二,13.9%"
    >>> [span.quote(text) for span in find_numerals(text, 0, len(text))]
    ['3.5万亿', '百分之五', '三分之一', '20多万', '翻一番', '半', '二', '13.9%']
    """
    found = []
    position = begin
    # one class of characters is searched much faster than the alternatives
    while start := _START.search(norm, position, end):
        match = _NUMERAL.match(norm, start.start(), end)
        position = match.end() if match else start.end()
        if match:
            found.append(Span(start.start(), position))
    return found


def account(extraction: Extraction) -> list[Numeral]:
    """Every numeral of the report's body, in text order, each with exactly one class; spans are those of the report.

    The web site's navigation around the body is no part of the report.
    """
    copy = plain(extraction.report)
    if copy is None:
        return _Account(extraction, extraction.report, lambda span: span).run()
    return _Account(extraction, copy.report, copy.back).run()


class _Account:
    """The account of one report; ``report`` is what is read, ``back`` leads from it to the report of the extraction."""

    def __init__(self, extraction: Extraction, report: Report, back: Callable[[Span], Span]) -> None:
        self._extraction = extraction
        self._report = report
        self._norm = report.norm
        self._back = back
        self._clauses = _Clauses(report.norm, extraction.segmenter)
        self._wordings = _Wordings(extraction)
        self._names = "\n".join(n for e in extraction.entities for n in (e.name, *e.aliases) if _START.search(n))
        self._found: list[Numeral] = []
        self._left = find_numerals(report.norm, report.body.begin, report.body.end)

    def run(self) -> list[Numeral]:
        extraction, norm, body = self._extraction, self._norm, self._report.body

        def matches(pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
            return pattern.finditer(norm, body.begin, body.end)

        def spans(mentions: Iterable[Span]) -> Iterator[tuple[int, int]]:
            return ((m.begin, m.end) for m in mentions)

        figures = (m for o in extraction.observations for m in o.mentions)
        self._settle(NumeralClass.OBSERVATION, "figure", spans(figures), original=True)
        self._settle(NumeralClass.ORDINAL, "footnote", (m.span() for m in matches(_FOOTNOTE)))
        self._settle(NumeralClass.NAME, "title", (m.span() for m in matches(_TITLE)))
        text = extraction.report.text
        entities = (m for e in extraction.entities for m in e.mentions if not _COUNTED.search(m.quote(text)))
        self._settle(NumeralClass.NAME, "entity", spans(entities), original=True)
        self._settle(NumeralClass.DATE, "date-digits", (m.span() for m in matches(_ISO_DATE)))
        self._settle(NumeralClass.DATE, "head", spans(extraction.report.header.values()), original=True)
        around = dict.fromkeys(map(self._clauses.around, self._left))
        periods = (p for clause in around for p in find_periods(norm, *clause, self._report.year))
        self._settle(NumeralClass.DATE, "period", ((p.begin, p.end) for p in periods))
        quoted = (m.span() for m in matches(_QUOTED) if not _MEASURED.search(m.group()))
        self._settle(NumeralClass.SLOGAN, "quoted", quoted)
        self._found += [Numeral(self._back(span), *self._class_of(span)) for span in self._left]
        self._found.sort(key=lambda numeral: numeral.span)
        return self._found

    def _settle(
        self, kind: NumeralClass, rule: str, reasons: Iterable[tuple[int, int]], *, original: bool = False
    ) -> None:
        """Give the class to what overlaps one of the stretches of the text read, or of the original."""
        merged = _merged(reasons)
        at = 0
        left = []
        for span in self._left:
            quoted = self._back(span)
            place = quoted if original else span
            while at < len(merged) and merged[at][1] <= place.begin:
                at += 1
            if at < len(merged) and merged[at][0] < place.end:
                self._found.append(Numeral(quoted, kind, rule))
            else:
                left.append(span)
        self._left = left

    def _class_of(self, span: Span) -> tuple[NumeralClass, str]:
        """The class and the rule of a numeral that no evidence explains."""
        norm = self._norm
        if listed := _words().find(norm, span.begin):
            return listed
        former, token = self._clauses.words(span)
        ordinary = (
            token.end - token.begin > 1
            and span.end <= token.end
            and not norm[span.begin].isdigit()
            and token.tag not in _COUNTING_TAGS
            and not _COUNTING_WORD.match(token.word)
        )
        if ordinary and token.begin < span.begin:
            return NumeralClass.WORD, "dictionary"
        if rule := _rules().find(norm, span):
            return rule.kind, rule.name
        if _is_pair(norm, span):
            return NumeralClass.SLOGAN, "pair"
        if _sums_up(norm, span, former):
            return NumeralClass.ORDINAL, "sum-of-list"
        if self._is_of_a_name(span):
            return NumeralClass.NAME, "name-elsewhere"
        if self._wordings.hold(self._back(span)):
            return NumeralClass.NAME, "indicator"
        if ordinary:
            return NumeralClass.WORD, "dictionary"
        return NumeralClass.UNACCOUNTED, ""

    def _is_of_a_name(self, span: Span) -> bool:
        """Whether a name that was found elsewhere holds the numeral with the two characters behind it: 万家惠."""
        part = self._norm[span.begin : span.end + 2]
        return len(part) - len(span) == 2 and all(_is_noun(c) for c in part[-2:]) and part in self._names


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches in order and without overlap."""
    result: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if result and begin <= result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        else:
            result.append((begin, end))
    return result


class _Clauses:
    """The stretches between punctuation in which numerals stand, and the words of the text."""

    #: how far a clause reaches to either side of a numeral where there is no punctuation
    _LONGEST = 60

    def __init__(self, norm: str, segmenter: str) -> None:
        self._norm = norm
        self._tokens = tokenize(norm, segmenter=segmenter)

    def around(self, span: Span) -> tuple[int, int]:
        """Begin and end of the clause of the numeral."""
        begin, end = max(span.begin - self._LONGEST, 0), min(span.end + self._LONGEST, len(self._norm))
        for stop in _STOP.finditer(self._norm, begin, span.begin):
            begin = stop.end()
        after = _STOP.search(self._norm, span.end, end)
        return begin, after.start() if after else end

    def words(self, span: Span) -> tuple[Token | None, Token]:
        """The word before in its clause, and the word in which the numeral begins."""
        tokens, (begin, _) = self._tokens, self.around(span)
        i = bisect_right(tokens.begins, span.begin) - 1
        return tokens[i - 1] if i and tokens.begins[i] > begin else None, tokens[i]


class _Words:
    """The listed words, found from the numeral in them."""

    def __init__(self) -> None:
        #: what a word says of the numeral at an offset in it
        self._known: dict[tuple[str, int], tuple[NumeralClass, str]] = {}
        #: by the character with which a numeral begins: lengths of words and offsets of the numeral in them
        self._shapes: dict[str, list[tuple[int, int]]] = {}
        shapes: dict[str, set[tuple[int, int]]] = {}
        for word, kind, rule in table("coverage_words.tsv", "word", "class", "rule"):
            for span in find_numerals(word, 0, len(word)):
                self._known[word, span.begin] = NumeralClass(kind), rule
                shapes.setdefault(word[span.begin], set()).add((len(word), span.begin))
        for char, found in shapes.items():
            self._shapes[char] = sorted(found, key=lambda shape: (-shape[0], shape[1]))

    def find(self, norm: str, at: int) -> tuple[NumeralClass, str] | None:
        """What the longest listed word around the numeral at ``at`` says of it."""
        for size, offset in self._shapes.get(norm[at], ()):
            word = norm[at - offset : at - offset + size] if offset <= at else ""
            if len(word) == size and (found := self._known.get((word, offset))):
                return found
        return None


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words()


# the table of rules ---------------------------------------------------------------------------------------------------

_PAUSE = frozenset(",，。;；:：、!?！？\n")
_LINE = compiled(r"(?:^|\n)[ (]*\Z")
#: further numerals of a row that the numeral begins: 二、三、四号线
_ROW = compiled(rf"(?:[、和至到及~—-]{{1,2}}(?:{ARABIC}|[{_HAN}]+)){{1,12}}")
_LONGEST_BEFORE = 6
_SIGNS = {"#": "0123456789", "&": _SMALL, "@": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}


def _is_small(text: str) -> bool:
    return len(text) <= 2 and all(c in _SMALL for c in text)


_NUMERALS: dict[str, Callable[[str], bool]] = {
    "any": lambda t: True,
    "han": lambda t: all(c in _HAN for c in t),
    "small": _is_small,
    "one": lambda t: t == "一",
    "round": lambda t: all(c in "百千万亿" for c in t) or t in ("十万", "十亿"),
    "arabic": lambda t: t.isascii(),
    "year": lambda t: len(t) == 4 and t.isdigit() and t[:2] in ("19", "20"),
    "long": lambda t: len(t) >= 3 and t.isascii() and t.isdigit(),
    "plural": lambda t: len(t) >= 2 and t.isascii() and t.isdigit(),
    "hotline": lambda t: (
        len(t) == 5 and t.isascii() and t.isdigit() and t[:2] in ("10", "12", "96") and not t.endswith("00")
    ),
    "item": lambda t: len(t) <= (2 if t.isascii() else 3),
    "spelt": lambda t: len(t) >= 3 and all(c in _DIGIT for c in t),
    "version": lambda t: len(t) == 3 and t.endswith(".0"),
    "roman": lambda t: "Ⅰ" <= t <= "Ⅻ",
    "circled": lambda t: "①" <= t <= "⒛" or "㈠" <= t <= "㈩",
}


class _Rule(NamedTuple):
    """A row of ``coverage_rules.tsv``, its lists ready for ``str.startswith`` and ``str.endswith``."""

    kind: NumeralClass
    name: str
    numeral: Callable[[str], bool]
    before: tuple[str, ...]
    line: bool  # the beginning of a line will do, too
    after: tuple[str, ...]
    unless: tuple[str, ...]
    reach: int
    near: tuple[str, ...]
    never: tuple[str, ...]

    def holds(self, norm: str, span: Span, ends: tuple[int, ...]) -> bool:
        """Whether the numeral, or the row of numerals up to one of ``ends``, is what the rule says."""
        if not self.numeral(norm[span.begin : span.end]):
            return False
        least = max(span.begin - _LONGEST_BEFORE, 0)
        if (
            (self.before or self.line)
            and not norm.endswith(self.before, least, span.begin)
            and not (self.line and _LINE.search(norm, least, span.begin))
            and not ("$" in self.before and span.begin and _is_han(norm[span.begin - 1]))
        ):
            return False
        if self.never and norm.endswith(self.never, least, span.begin):
            return False
        return any(self._follows(norm, end) for end in ends)

    def _follows(self, norm: str, end: int) -> bool:
        if self.after:
            word = next((word for word in self.after if norm.startswith(word, end)), None)
            if word is None:
                return False
            end += len(word)
        if self.unless and norm.startswith(self.unless, end):
            return False
        if not self.near:
            return True
        for at in range(end, min(end + self.reach, len(norm))):
            if norm.startswith(self.near, at):
                return True
            if norm[at] in _PAUSE:
                break
        return False


def _is_han(char: str) -> bool:
    return "一" <= char <= "鿿"


def _listed(cell: str) -> tuple[str, ...]:
    """The strings that a cell's list stands for, signs filled in."""
    result: list[str] = []
    for word in cell.split("|") if cell else ():
        words = [word.replace("\\n", "\n").replace("\\p", "|")]
        for sign, characters in _SIGNS.items():
            while sign in words[0]:
                words = [w.replace(sign, c, 1) for w in words for c in characters]
        result += words
    return tuple(result)


class _Rules:
    """The rules, found by the character before or behind a numeral."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._behind: dict[str, list[int]] = {}
        self._ahead: dict[str, list[int]] = {}
        self._always: list[int] = []
        columns = ("class", "rule", "numeral", "before", "after", "unless", "near", "never")
        for row in table("coverage_rules.tsv", *columns):
            try:
                self._add(*row)
            except (KeyError, ValueError) as error:
                place = folder("data") / "coverage_rules.tsv"
                raise DataError(f"rule {row[1]!r} is not understood: {error}", file=place) from error

    def _add(
        self, kind: str, name: str, numeral: str, before: str, after: str, unless: str, near: str, never: str
    ) -> None:
        reach, _, nearby = near.partition("/")
        sides = before.split("|") if before else []
        rule = _Rule(
            NumeralClass(kind),
            name,
            frozenset(numeral[1:].split(",")).__contains__ if numeral.startswith("=") else _NUMERALS[numeral],
            _listed("|".join(side for side in sides if side != "^")),
            "^" in sides,
            _listed(after),
            _listed(unless),
            int(reach or 0),
            _listed(nearby),
            _listed(never),
        )
        index = len(self._rules)
        self._rules.append(rule)
        if rule.after and "" not in rule.after:
            for char in sorted({word[0] for word in rule.after}):
                self._behind.setdefault(char, []).append(index)
        elif rule.before and "$" not in rule.before and not rule.line:
            for char in sorted({word[-1] for word in rule.before}):
                self._ahead.setdefault(char, []).append(index)
        else:
            self._always.append(index)

    def find(self, norm: str, span: Span) -> _Rule | None:
        """The first rule that holds for the numeral."""
        row = _ROW.match(norm, span.end)
        ends = (span.end, row.end()) if row else (span.end,)
        candidates = {*self._always, *self._ahead.get(norm[max(span.begin - 1, 0) : span.begin], ())}
        for end in ends:
            candidates.update(self._behind.get(norm[end : end + 1], ()))
        return next((r for r in (self._rules[i] for i in sorted(candidates)) if r.holds(norm, span, ends)), None)


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    return _Rules()


# what lists cannot say ------------------------------------------------------------------------------------------------

_PAIRED = frozenset("一二三四五六七八九十两百千万双全")
_COUNTERS = frozenset("个项件条座万千百亿十年月日名次届家所处户人位元倍成")
#: units, which count as well, though they do pair up (一村一品)
_UNITS = frozenset("吨米亩里平公度天周号层级大类种张根支台辆")


def _is_noun(char: str) -> bool:
    """Whether the character may be part of a name behind a numeral; a counter or another numeral may not."""
    return _is_han(char) and char not in _HAN and char not in _UNITS and (char not in _COUNTERS or char == "家")


def _is_pair(norm: str, span: Span) -> bool:
    """Whether the numeral is one of a pair with nouns of the same length: 一核四区, 三纵两横, 一江、三带."""
    if len(span) != 1 or norm[span.begin] not in _PAIRED:
        return False
    for width, mark in ((1, 0), (2, 0), (1, 1), (2, 1)):
        step = 1 + width + mark
        for one, other in ((span.begin - step, span.begin), (span.begin, span.begin + step)):
            if one < 0 or other + width >= len(norm) or norm[one] not in _PAIRED or norm[other] not in _PAIRED:
                continue
            if mark and norm[other - 1] != "、":
                continue
            nouns = norm[one + 1 : one + 1 + width] + norm[other + 1 : other + 1 + width]
            if not all(_is_han(c) and c not in _HAN for c in nouns) or {nouns[0], nouns[width]} & _COUNTERS:
                continue
            if not mark or all(_is_noun(c) for c in nouns):
                return True
    return False


#: counters and kinds of area behind a number that says how many were listed
_SUM = (*"个家条座项种类大处所市县区省镇街方部季级地国港名位支张层对件字", "单位")
_AREAS = (*"市区县省州盟旗", "部委", "部门")
_LIST = compiled(r"(?:、|和|与|及)[^,，。;；:：、\n\d]{1,18}\Z")


def _sums_up(norm: str, span: Span, former: Token | None) -> bool:
    """Whether a small number only says how many things the sentence has just listed: 梅州、阳江、茂名三市."""
    if (
        former is None
        or (former.tag != "vn" and former.tag.startswith(("v", "d", "p", "c")))
        or former.word in ("个", "批", "首批")
    ):
        return False
    text = norm[span.begin : span.end]
    if text == "一" or len(text) > 2:
        return False
    if not norm.startswith(_AREAS if text.isascii() else _SUM, span.end) or not (text.isascii() or _is_small(text)):
        return False
    return _LIST.search(norm, max(span.begin - 20, 0), span.begin) is not None


#: what stands before a value, not before a number that belongs to what is measured: 突破千亿大关, 由平均18个工作日
_VALUE = listed(r"{to-value}(?:了|约|近)?\Z")


class _Wordings:
    """The wordings of indicators that hold a numeral, by the sentence in which a figure of theirs stands."""

    def __init__(self, extraction: Extraction) -> None:
        self._report: Report = extraction.report
        self._known: dict[Span, list[str]] = {}
        for observation in extraction.observations:
            named = [w for w in observation.wordings if _START.search(w)]
            for mention in observation.mentions if named else ():
                if sentence := self._report.sentence_at(mention.begin):
                    self._known.setdefault(sentence.span, []).extend(named)

    def hold(self, span: Span) -> bool:
        """Whether a wording holds the numeral with the two characters behind it."""
        sentence = self._report.sentence_at(span.begin)
        known = self._known.get(sentence.span) if sentence else None
        part = self._report.text[span.begin : span.end + 2]
        if not known or not part[-2:].isalpha() or "." in part or _VALUE.search(self._report.norm, *self._window(span)):
            return False
        return any(part in wording for wording in known)

    def _window(self, span: Span) -> tuple[int, int]:
        return max(span.begin - 3, 0), span.begin
