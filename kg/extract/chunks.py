"""A sentence as a row of units, and the stretches between them in which names stand.

Chinese marks neither the beginning nor the end of a name.  What it does have
are words that cannot stand inside one: punctuation, particles, adverbs, figures
and the verbs that govern the name.  A chunk is the stretch between two of
these; quotations and titles count as one word of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.extract.lexicon import Token
from kg.extract.words import Words
from kg.model import Span


class Unit(NamedTuple):
    """One word of a chunk or one boundary between chunks."""

    kind: str  # word, quote, title, paren, number, enum, conj, etc, verb, function, stop
    begin: int
    end: int
    text: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of words with nothing in it that bounds a name; ``units[first:last]`` of its sentence."""

    first: int
    last: int
    units: tuple[Unit, ...]

    @property
    def begin(self) -> int:
        return self.units[0].begin

    @property
    def end(self) -> int:
        return self.units[-1].end


_OPEN = {"《": "》", "“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "〈": "〉", '"': '"'}
_ENUM = {"、"}
_CONJ = {"和", "与", "及", "以及", "暨", "或"}
_ETC = {"等", "等等"}
_ADVERB_TAGS = {"d", "ad", "df", "dg"}
_FUNCTION_TAGS = {"uj", "ul", "ud", "ug", "uv", "uz", "p", "c", "r", "rr", "rz", "y", "e", "o"}
#: what may follow a numeral inside a name: "二期", "一号线", "第三中学", "八路"
_NUMBERED = re.compile(r"期|号|号线|路|街|线|中|中学|小学|高|环|桥|段|区|标段|代|工区")
_LONGEST_QUOTE = 45
_LONGEST_PAREN = 14


def _closing(text: str, begin: int, end: int) -> int:
    """The offset behind the bracket that closes the one at ``begin``, or -1; brackets of its kind nest."""
    opening = text[begin]
    closing = _OPEN[opening]
    depth = 0
    for i in range(begin, end):
        c = text[i]
        if c == closing and (opening != closing or i > begin):
            depth -= 1
            if depth <= 0:
                return i + 1
        elif c == opening:
            depth += 1
    return -1


def units(text: str, tokens: Sequence[Token], span: Span, words: Words) -> list[Unit]:
    """The units of the sentence ``span`` of the normalised ``text``, in order and without gaps."""
    result: list[Unit] = []
    i = bisect_left(tokens, span.begin, key=lambda t: t.begin)
    if i and tokens[i - 1].end > span.begin:
        i -= 1
    position = span.begin
    n = len(tokens)
    while i < n and position < span.end:
        token = tokens[i]
        if token.end <= position:
            i += 1
            continue
        begin = max(token.begin, position)
        end = min(token.end, span.end)
        word = text[begin:end]
        if word[0] in _OPEN and (close := _closing(text, begin, span.end)) > 0:
            inside = close - begin - 2
            if word[0] == "《":
                kind = "title"
            elif word[0] == "(":
                kind = "paren" if 0 < inside <= _LONGEST_PAREN else "stop"
            elif 0 < inside <= _LONGEST_QUOTE:
                kind = "quote"
            else:
                kind = "stop"
            if kind != "stop":
                result.append(Unit(kind, begin, close, text[begin:close]))
                position = close
                continue
        # "工程建设", "项目建设": the head and the tail of a name in one dictionary word
        if len(word) >= 4 and word.endswith("建设") and word[:-2] in words.heads:
            result.append(Unit("word", begin, end - 2, word[:-2], "n"))
            result.append(Unit("word", end - 2, end, "建设", "vn"))
            position = end
            continue
        # a dictionary word that holds a verb and the definite 区 of what follows: "建成区|应急指挥中心"
        if (
            words.cue(word, "torn-word")
            and i + 1 < n
            and tokens[i + 1].tag.startswith(("n", "v"))
            and not words.cue(tokens[i + 1].word, "urban-measure")
        ):
            result.append(Unit("verb", begin, end - 1, word[:-1], "v"))
            result.append(Unit("word", end - 1, end, word[-1], "n"))
            position = end
            continue
        # two words of the dictionary that are one verb
        if text.startswith("获批", begin) and begin + 2 <= span.end:
            result.append(Unit("verb", begin, begin + 2, "获批", "v"))
            position = begin + 2
            continue
        # a place whose first character is a preposition: "从|化"
        if end - begin == 1 and token.tag in ("p", "c") and word not in _CONJ and i + 1 < n and end < span.end:
            joined = text[begin : tokens[i + 1].end]
            if len(joined) == 2 and joined in words.stems and not words.cue(joined, "not-place"):
                result.append(Unit("word", begin, begin + 2, joined, "ns"))
                position = begin + 2
                continue
        # "T.I.T", "B&B", "5.0": Latin names may hold a dot
        if (token.tag == "eng" or (word.isascii() and word.isalpha())) and word.isascii():
            m = _LATIN.match(text, begin, span.end)
            if m and m.end() > end:
                end = m.end()
                word = text[begin:end]
            result.append(Unit("word", begin, end, word, "eng"))
            position = end
            continue
        result.append(Unit(_kind(word, token.tag, words), begin, end, word, token.tag))
        position = end
    return result


_LATIN = re.compile(r"[A-Za-z]+(?:[.&+\-·][A-Za-z0-9]+)*\d*")
_PUNCTUATION = re.compile(r"[^\w·]")
_NUMERAL = re.compile(r"[0-9.%第〇零一二三四五六七八九十百千万亿两]+$")


_NUMERIC = re.compile(r"[0-9一二三四五六七八九十百千万亿两几数多]")
_PHASE = re.compile(r"[一二三四五六七八九十首前后]+期$")


def _kind(word: str, tag: str, words: Words) -> str:
    if _PHASE.match(word):
        return "word"
    if word in _ENUM:
        return "enum"
    if word in words.countries or word in words.names or word in words.divisions:
        return "word"
    if word in words.stems and word not in words.general:
        return "word"
    if word in _CONJ:
        return "conj"
    if word in _ETC:
        return "etc"
    if word == "·":
        return "word"
    if _PUNCTUATION.match(word):
        return "stop"
    if _NUMERAL.match(word) or (tag in ("m", "mq") and _NUMERIC.match(word) and word not in words.heads):
        return "number"
    if len(word) > 1 and word in words.heads:
        return "word"
    if len(word) == 4 and word[2:] in words.governing and word not in words.heads:
        return "verb"
    if word in words.function or (tag in _FUNCTION_TAGS and word not in ("全国",)):
        return "function"
    if word in words.governing and (tag == "v" or word in words.verbs):
        return "verb"
    if tag in _ADVERB_TAGS and not words.cue(word, "not-adverb"):
        return "function"
    return "word"


def chunks(row: Sequence[Unit], words: Words) -> list[Chunk]:
    """The chunks of a row of units."""
    result: list[Chunk] = []
    first = -1
    for k, unit in enumerate(row):
        inside = unit.kind in ("word", "quote", "title")
        if inside and k and row[k - 1].kind == "number" and words.cue(unit.text, "counter"):
            # the counter of a figure: "256|项|…工程"; but the unit of a capacity: "大唐|700|万吨|露天矿"
            inside = first >= 0 and _capacity(row, k - 1, first, words)
        if unit.kind == "paren":
            # a bracket belongs to a name on its left: "中国(深圳)新媒体广告产业园", "香港大学(深圳)"
            inside = first >= 0 and row[k - 1].kind == "word"
        elif unit.kind == "number":
            inside = _number_in_name(row, k, first, words) or _capacity(row, k, first, words)
        if inside:
            if first < 0:
                first = k
        elif first >= 0:
            result.append(Chunk(first, k, tuple(row[first:k])))
            first = -1
    if first >= 0:
        result.append(Chunk(first, len(row), tuple(row[first:])))
    return result


def _number_in_name(row: Sequence[Unit], k: int, first: int, words: Words) -> bool:
    """Whether the numeral at ``k`` belongs to a name: "地铁二号线", "市第一中学", "312国道", "十香园"."""
    unit = row[k]
    following = row[k + 1] if k + 1 < len(row) else None
    if following is None or following.begin != unit.end or following.kind not in ("word", "number"):
        return False
    if unit.text.startswith("第") and len(unit.text) > 1:
        return following.kind == "word" and (first >= 0 or words.cue(following.text, "numbered-body"))
    if _NUMBERED.match(following.text):
        return first >= 0 or following.text in ("号线", "号")
    if words.cue(following.text, "named-road") or (
        following.text == "公路" and unit.text.endswith("级") and first >= 0
    ):
        return True
    if len(unit.text) > 1 or unit.text not in "一二三四五六七八九十百千万两" or following.kind != "word":
        return False
    # a lone numeral before a word that is no counter: "新一城", "十香园", "五羊"; not "一企业"
    if words.cue(following.text, "counter") or (words.cue(following.text[0], "counter") and len(following.text) > 1):
        return False
    pair = unit.text + following.text[0]
    return first >= 0 or (pair not in words.general and len(following.text) == 1)


_CAPACITY = re.compile(r"吨|千瓦|兆瓦|MW|kV|KV|亩|平方米|公里|头|只|羽|套|台|辆|立方|千伏|标方|升|床|架|片|GWh|米")


def _capacity(row: Sequence[Unit], k: int, first: int, words: Words) -> bool:
    """Whether a figure is the capacity that a project is named by: "大唐700万吨露天矿", "…200万吨褐煤提质项目"."""
    if first < 0 or k + 2 >= len(row):
        return False
    j = k
    while j < len(row) and j < k + 4 and (row[j].kind == "number" or words.cue(row[j].text, "counter")):
        j += 1
    if j == k or not _CAPACITY.search("".join(u.text for u in row[k:j])):
        return False
    end = j
    while end < len(row) and end < j + 7 and row[end].kind == "word":
        end += 1
    return any(words.cue(u.text, "capacity-head") for u in row[j:end])
