"""A sentence as a row of units, and the stretches between them in which names stand.

Chinese marks neither the beginning nor the end of a name.  What it does have
are words that cannot stand inside one: punctuation, particles, adverbs, figures
and the verbs that govern the name.  A chunk is the stretch between two of
these; quotations and titles count as one word of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence

from kg.extract.lexicon import Token, Tokens
from kg.extract.listed import listed
from kg.extract.words import Words
from kg.model import EntityClass as C
from kg.model import Span
from kg.patterns import compiled

# Classes with slots, no named tuples: their fields are asked for millions of times, and so take a third of the time.


class Unit:
    """One word of a chunk or one boundary between chunks."""

    __slots__ = ("begin", "end", "kind", "tag", "text")

    def __init__(self, kind: str, begin: int, end: int, text: str, tag: str = "") -> None:
        self.kind = kind  # word, quote, title, paren, number, enum, conj, etc, verb, function, stop
        self.begin = begin
        self.end = end
        self.text = text
        self.tag = tag

    def __repr__(self) -> str:
        return f"Unit({self.kind!r}, {self.begin}, {self.end}, {self.text!r}, {self.tag!r})"


class Chunk:
    """A stretch of words with nothing in it that bounds a name; ``units``, of its sentence those ``[first:last]``."""

    __slots__ = ("begin", "end", "first", "last", "units")

    def __init__(self, first: int, last: int, units: list[Unit]) -> None:
        self.first = first
        self.last = last
        self.units = units
        self.begin = units[0].begin
        self.end = units[-1].end

    def __repr__(self) -> str:
        return f"Chunk({self.first}, {self.last}, {self.units!r})"


def parted(units: Sequence[Unit], separators: Collection[str]) -> list[Sequence[Unit]]:
    """What stands between the units of these kinds, where that is anything."""
    parts: list[Sequence[Unit]] = []
    first = 0
    for k in range(len(units) + 1):
        if k == len(units) or units[k].kind in separators:
            if k > first:
                parts.append(units[first:k])
            first = k + 1
    return parts


_OPEN = {"《": "》", "“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "〈": "〉", '"': '"'}
_ENUM = {"、"}
#: what is not done well, but to one: 引进|好未来集团, 支持|好丽友
_DONE_TO = compiled(r"(?:引[进入来]|[支扶]持|签约|招引|迎来|收购)$")
_DASHES = frozenset("—–-－")
_CONJ = {"和", "与", "及", "以及", "暨", "或"}
_ETC = {"等", "等等"}
_ADVERB_TAGS = {"d", "ad", "df", "dg"}
_FUNCTION_TAGS = {"uj", "ul", "ud", "ug", "uv", "uz", "p", "c", "r", "rr", "rz", "y", "e", "o"}
#: what may follow a numeral inside a name: "二期", "一号线", "第三中学", "八路"
_NUMBERED = listed("{numbered-part}")
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


class Rows:
    """The units of a text, sentence by sentence.

    Most words are what they are wherever they stand: those are made of the whole text at once, and a sentence takes
    its stretch of them; only what depends on its surroundings is looked at where it stands.
    """

    def __init__(self, text: str, tokens: Tokens, words: Words) -> None:
        self._text, self._tokens, self._words = text, tokens, words
        self._units: list[Unit] = []
        #: which of them are to be looked at where they stand
        self._odd: list[int] = []
        known, openers, begun = words.kinds, words.openers, words.begun
        units = self._units
        begins, ends = tokens.begins, tokens.ends
        for k, pair in enumerate(tokens.pairs):
            begin, end = begins[k], ends[k]
            word, tag = pair
            found = known.get(word)
            if found is None or found[2] != tag:
                found = _known(pair, words)
            # the word as it was met first: all later look-ups of it find the same object, hashed already
            kind, word, tag = found
            if not kind:
                opener = openers.get(pair)
                if opener is None or text[begin : end + 1] in begun:
                    self._odd.append(k)
                else:  # what may open longer words, and opens none here, is what it is elsewhere
                    kind = opener
            units.append(Unit(kind, begin, end, word, tag))

    def of(self, span: Span) -> list[Unit]:
        """The units of the sentence ``span``, in order and without gaps."""
        begins, ends = self._tokens.begins, self._tokens.ends
        first, last = bisect_right(ends, span.begin), bisect_left(begins, span.end)
        odd = self._odd[bisect_left(self._odd, first) : bisect_left(self._odd, last)]
        if first < last:
            if begins[first] < span.begin and odd[:1] != [first]:
                odd.insert(0, first)  # cut by the sentence
            if ends[last - 1] > span.end and odd[-1:] != [last - 1]:
                odd.append(last - 1)
        if not odd:
            return self._units[first:last]
        return self._around(odd, first, last, span)

    def _around(self, odd: list[int], first: int, last: int, span: Span) -> list[Unit]:
        """The units of the tokens from ``first`` to ``last`` of which some are to be looked at."""
        text, tokens, words = self._text, self._tokens, self._words
        begins, ends, pairs = tokens.begins, tokens.ends, tokens.pairs
        result: list[Unit] = []
        i = first
        for k in odd:
            if k < i:
                continue  # taken in by the unit before
            result += self._units[i:k]
            i, position = k, max(begins[k], span.begin)
            while True:
                begin, end = max(begins[i], position), min(ends[i], span.end)
                pair = text[begin:end], pairs[i][1]
                if kind := _kind_of(pair, words):
                    result.append(Unit(kind, begin, end, *pair))
                else:
                    former = result[-1] if result else None
                    result += _looked_at(text, Unit("", begin, end, *pair), former, tokens, i + 1, span, words)
                position = result[-1].end
                if position >= span.end:
                    return result
                while i < last and ends[i] <= position:
                    i += 1
                if (
                    i == last or begins[i] >= position
                ):  # else it ends inside a word, of which the rest is looked at, too
                    break
        return result + self._units[i:last]


def units(text: str, tokens: Tokens, span: Span, words: Words) -> list[Unit]:
    """The units of one stretch of the normalised ``text``; of all of its sentences, :class:`Rows` gives them."""
    return Rows(text, tokens, words).of(span)


def _kind_of(pair: tuple[str, str], words: Words) -> str:
    """What a word with its tag is wherever it stands; empty where that depends on what stands around it."""
    return _known(pair, words)[0]


def _known(pair: tuple[str, str], words: Words) -> tuple[str, str, str]:
    """A word and its tag with what it is wherever it stands."""
    known = words.kinds.get(pair[0])
    if known is None or known[2] != pair[1]:
        known = words.other_kinds.get(pair)
    if known is None:
        looked = _wants_a_look(*pair, words)
        opened = pair[0] in words.verb_openings or pair[0] in words.division_openings
        if opened and not looked:
            words.openers[pair] = _kind(*pair, words)
        known = "" if looked or opened else _kind(*pair, words), *pair
        if pair[0] not in words.kinds:
            words.kinds[pair[0]] = known
        else:
            words.other_kinds[pair] = known
    return known


def _wants_a_look(word: str, tag: str, words: Words) -> bool:
    """Whether what a word is, or where it ends, depends on what stands around it, and not only on what it opens."""
    return (
        word[0] in _OPEN
        or word in _DASHES
        or word in ("和", "与")
        or (word.endswith("建设") and len(word) >= 4)
        or ((tag in ("p", "c") or word in words.verbs) and word in words.place_initials and word not in _CONJ)
        or (len(word) == 1 and tag in ("d", "ad"))
        or (len(word) == 2 and word[1] == "等")
        or words.cue(word, "complement")
        or words.cue(word, "torn-word")
        or words.cue(word, "torn-division")
        or words.cue(word, "and-division")
        or (word.isascii() and (tag == "eng" or word.isalnum()))
    )


#: behind one of these levels another division is named: 南昌市|新建县; and a county behind another: 含山县|和县
_ABOVE_COUNTY = frozenset("省市区州")
_LEVELS = _ABOVE_COUNTY | {"县"}


def _governs_place(former: Unit, words: Words) -> bool:
    """Whether a place is named behind a word: "在|新建县|召开会议", "江西|新建县"."""
    return former.tag == "p" or former.text in words.provinces or former.text in words.divisions


def _is_torn(word: str, begin: int, former: Unit | None, following: Token | None, words: Words) -> bool:
    """Whether a word of a verb and 区 is two, as a thing of the district follows and nothing that it is the end of."""
    return (
        words.cue(word, "torn-word")
        and (former is None or former.kind != "word" or former.end != begin)
        and following is not None
        and following.tag.startswith(("n", "v", "j"))
        and not words.cue(following.word, "urban-measure")
    )


def _ends_another(word: str, text: str, begin: int, words: Words) -> bool:
    """Whether the last character of such a word begins another of every day: 启动|区块链产业园, 启动|区域中心."""
    last = begin + len(word) - 1
    return words.cue(word, "torn-word") and any(text[last : last + size] in words.general for size in (3, 2))


def _looked_at(
    text: str, unit: Unit, former: Unit | None, tokens: Tokens, i: int, span: Span, words: Words
) -> list[Unit]:
    """The units that begin with ``unit``: a bracket with what it holds, a word taken apart or joined to the next.

    ``former`` is the unit before it, ``tokens[i]`` the word behind it.
    """
    begin, end, word, tag = unit.begin, unit.end, unit.text, unit.tag
    following = tokens[i] if i < len(tokens) else None
    if word[0] in _OPEN and (bracket := _bracket(text, begin, span)) is not None:
        return [bracket]
    # "工程建设", "项目建设": the head and the tail of a name in one dictionary word
    if len(word) >= 4 and word.endswith("建设") and word[:-2] in words.heads:
        return [Unit("word", begin, end - 2, word[:-2], "n"), Unit("word", end - 2, end, "建设", "vn")]
    # a dictionary word that holds a verb and the definite 区 of what follows: "建成区|应急指挥中心"
    if _is_torn(word, begin, former, following, words):
        return [Unit("verb", begin, end - 1, word[:-1], "v"), Unit("word", end - 1, end, word[-1], "n")]
    # a division that is the own area's level behind a verb: "新建|县第四中学"; the place itself has its level alone
    if (
        words.cue(word, "torn-division")
        and following is not None
        and following.begin == end
        and following.tag[:1] in ("n", "m", "j", "v", "b")
        and text[begin - 1 : begin] not in _ABOVE_COUNTY
        and (former is None or former.end != begin or not _governs_place(former, words))
    ):
        return [Unit("verb", begin, end - 1, word[:-1], "v"), Unit("word", end - 1, end, word[-1], "n")]
    # and behind a conjunction: "县第四中学|和|县人民医院"
    if (
        words.cue(word, "and-division")
        and former is not None
        and former.kind == "word"
        and former.end == begin
        and former.text[-1] not in _LEVELS
        and not _governs_place(former, words)
        and following is not None
        and following.begin == end
        and following.tag.startswith("n")
    ):
        return [
            Unit(_kind(word[0], "c", words), begin, begin + 1, word[0], "c"),
            Unit("word", begin + 1, end, word[1:], "n"),
        ]
    # the end of a list in a dictionary word: "天安岗|头|等|49个项目"
    if (
        len(word) == 2
        and word[1] == "等"
        and former is not None
        and former.kind == "word"
        and former.end == begin
        and following is not None
        and following.begin == end
        and (following.tag == "m" or _NUMERAL.match(following.word) is not None)
    ):
        return [Unit("word", begin, end - 1, word[0], "n"), Unit("etc", end - 1, end, "等", "u")]
    # a dash in a name: "中国—东盟"
    if word in _DASHES:
        inside = (
            former is not None
            and former.kind == "word"
            and former.end == begin
            and len(former.text) > 1
            and following is not None
            and len(following.word) > 1
            and (following.tag[:1] in ("n", "j") or following.word in words.stems)
        )
        return [Unit("word" if inside else "stop", begin, end, word, tag)]
    # a conjunction that opens a member of a list is none: "、|和承|汽车配件二期"
    if word in ("和", "与") and former is not None and former.kind == "enum" and former.end == begin:
        return [Unit("word", begin, end, word, "n")]
    # how a verb is done, behind it: "承办|好|第24届省运会"; but "推进|好房子|建设"
    if (
        words.cue(word, "complement")
        and former is not None
        and former.end == begin
        and _DONE_TO.search(former.text) is None
        and (former.kind == "verb" or former.tag[:1] == "v")
        and (following is None or word + following.word not in words.general)
    ):
        return [Unit("function", begin, end, word, tag)]
    # words of the dictionary that are one: "创|成", "建|好", "经|开|区"
    if word in words.verb_openings and following is not None:
        for size in words.verb_openings[word]:
            if (joined := text[begin : begin + size]) in words.joined and begin + size <= span.end:
                after = next((token for token in tokens[i : i + size] if token.begin == begin + size), None)
                if _is_torn(joined, begin, former, after, words) or _ends_another(joined, text, begin, words):
                    break  # "启动|区医院", "启动|区域全民健康信息平台"
                return [Unit(words.joined[joined], begin, begin + size, joined, "v")]
    # a division that the dictionary does not know: "七星|关|区", "郫|都|区"; and by its short name: "莲|都", but not
    # behind half a word
    if word in words.division_openings and following is not None:
        half = former is not None and former.kind == "word" and former.end == begin and len(former.text) == 1
        for size in words.division_openings[word]:
            longer = text[begin : begin + size]
            if (
                size > len(word)
                and (
                    (longer in words.divisions and not words.cue(longer, "torn-division"))
                    or (longer in words.torn_stems and not half)
                    or words.cue(longer, "torn-name")  # "工|信|部"
                )
                and begin + size <= span.end
                and begin + size in tokens.ends[i : i + size]
            ):
                return [Unit("word", begin, begin + size, longer, "ns")]
    # an adverb that is a character of a name: "尚|湖", "普|湾", "鑫|普|材料"; two characters that no other report joins
    if (
        len(word) == 1
        and tag in ("d", "ad")
        and former is not None
        and former.kind == "word"
        and len(former.text) == 1
        and former.tag[:1] == "n"
        and former.text + word not in words.general
        and following is not None
        and following.tag[:1] in ("n", "j", "v")
    ):
        return [Unit("word", begin, end, word, "n")]
    if (
        len(word) == 1
        and tag in ("d", "ad")
        and not words.cue(word, "plain-adverb")
        and following is not None
        and len(following.word) == 1
        and following.end <= span.end
        and following.tag[:1] not in ("v", "u", "p", "c", "m", "x", "d")
        and word + following.word not in words.general
    ):
        return [Unit("word", begin, end, word, "n")]
    # a line named for its ends, of which one sounds like a preposition: "、|朝|凌|客专"
    if (
        len(word) == 1
        and (tag in ("p", "c") or word in words.verbs)
        and word not in _CONJ
        and former is not None
        and former.kind in ("enum", "verb")
        and following is not None
        and len(following.word) == 1
        and _LINES.match(text, following.end)
    ):
        return [Unit("word", begin, end, word, "n")]
    # a place whose first character is a preposition: "从|化"
    if len(word) == 1 and tag in ("p", "c") and word not in _CONJ and following is not None and end < span.end:
        joined = text[begin : following.end]
        if len(joined) == 2 and joined in words.stems and not words.cue(joined, "not-place"):
            return [Unit("word", begin, begin + 2, joined, "ns")]
    # "4.0": the segmenter parts it at the point
    if word.isdigit() and word.isascii() and (decimals := _DECIMALS.match(text, end, span.end)) is not None:
        return [Unit("number", begin, decimals.end(), text[begin : decimals.end()], tag)]
    # "T.I.T", "B&B", "LG8.5": Latin names may hold a dot
    if word.isascii() and (tag == "eng" or word.isalpha()):
        latin = _LATIN.match(text, begin, span.end)
        if latin is not None:
            end = max(end, latin.end())
        return [Unit("word", begin, end, text[begin:end], "eng")]
    return [Unit(_kind(word, tag, words), begin, end, word, tag)]


def _bracket(text: str, begin: int, span: Span) -> Unit | None:
    """The title, quotation or bracket that opens at ``begin``; nothing where it does not close or is too long."""
    close = _closing(text, begin, span.end)
    if close < 0:
        return None
    inside = close - begin - 2
    if text[begin] == "《":
        return Unit("title", begin, close, text[begin:close])
    if text[begin] == "(":
        return Unit("paren", begin, close, text[begin:close]) if 0 < inside <= _LONGEST_PAREN else None
    return Unit("quote", begin, close, text[begin:close]) if 0 < inside <= _LONGEST_QUOTE else None


_LATIN = compiled(r"[A-Za-z]+(?:[.&+\-·][A-Za-z0-9]+)*\d*(?:\.\d+)?")
#: the decimals of a number; a length or an area is told of a thing, and is no part of what it is called
_DECIMALS = listed(r"\.\d+(?!\d|[万亿]?{extent-unit})")
#: what may follow the two ends of a line
_LINES = listed("{line-of-ends}")
_PUNCTUATION = compiled(r"[^\w·]")
#: what refers to a note: "“六大行动”⑵战略"
_NOTE = compiled(r"[①-⑳⑴-⒇]+")
_NUMERAL = compiled(r"[0-9.%第〇零一二三四五六七八九十百千万亿两]+$")


_NUMERIC = compiled(r"[0-9一二三四五六七八九十百千万亿两几数多]")
_PHASE = compiled(r"[一二三四五六七八九十首前后]+期$")


def _kind(word: str, tag: str, words: Words) -> str:
    if _PHASE.match(word):
        return "word"
    if word in _ENUM:
        return "enum"
    if word in words.countries or word in words.names or word in words.divisions or word in words.abroad:
        return "word"
    # the dictionary takes 大连 and 马边 for adverbs: what is tagged so and names a division is no adverb
    if word in words.stems and (word not in words.general or (tag in _ADVERB_TAGS and len(word) > 1)):
        return "word"
    if word in _CONJ:
        return "conj"
    if word in words.joined:
        return words.joined[word]
    if word in _ETC:
        return "etc"
    if word == "·":
        return "word"
    if _PUNCTUATION.match(word) or _NOTE.fullmatch(word):
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
    if tag == "v" and len(word) > 1 and words.cue(word, "receive-verb"):
        return "verb"
    if tag in _ADVERB_TAGS and not words.cue(word, "not-adverb"):
        return "function"
    return "word"


#: a name whose head is one character is longer than that: "紫城工业|园", not "公共文化|园"
_SHORT = 4
#: a division that no list knows, by its last character
_DIVISION = compiled(r"[\u4e00-\u9fff]{2,3}[县旗镇]")
#: who builds what others use, besides divisions
_BUILDERS = frozenset((C.ORGANIZATION, C.ENTERPRISE, C.ZONE, C.PARK))
#: what is built; a project is named by its 建设, and parted from it by none
_BUILT = frozenset((C.PARK, C.FACILITY, C.ZONE, C.ORGANIZATION))


def parted_by_verbs(text: str, row: list[Unit], words: Words) -> list[Unit]:
    """The units of a sentence of ``text``, with a verb for each noun of the dictionary that says who builds what.

    建设 is taken for a noun, as in 新区|建设; between the name of who builds and of what is built it bounds both:
    "长虹公司|建设|军民融合产业园", "紫金县|高质量|建设|紫城工业园".
    """
    for k in range(1, len(row) - 1):
        unit = row[k]
        if unit.kind != "word" or not words.cue(unit.text, "parting-verb"):
            continue
        n = k
        while n and words.cue(row[n - 1].text, "manner"):
            n -= 1
        if n and _is_builder(text, row, n, words) and _is_built(text, row, k + 1, words):
            verbs = [Unit("verb", unit.begin, unit.end, unit.text, "v")]
            row = [*row[:n], *(Unit("function", u.begin, u.end, u.text, "d") for u in row[n:k]), *verbs, *row[k + 1 :]]
    return row


def _run(row: list[Unit], k: int, step: int) -> int:
    """How far words follow each other from the unit ``k`` on, in a direction: the index of the last."""
    while 0 <= k + step < len(row) and row[k + step].kind == "word":
        k += step
    return k


def _is_builder(text: str, row: list[Unit], n: int, words: Words) -> bool:
    """Whether a name of somebody who builds ends before the unit ``n``."""
    if row[n - 1].kind != "word":
        return False
    begin, end = row[_run(row, n - 1, -1)].begin, row[n - 1].end
    name = text[begin:end]
    if row[n - 1].text in words.divisions or name in words.stems:
        return True
    if _DIVISION.fullmatch(name) and name[-2:] not in words.general:
        return True
    head = words.heads.closing(text, begin, end)
    return (
        head is not None
        and head.grade == "strong"
        and len(head.word) > 1
        and bool(head.classes & _BUILDERS)
        and end - begin >= len(head.word) + 2
    )


def _is_built(text: str, row: list[Unit], first: int, words: Words) -> bool:
    """Whether what begins with the unit ``first`` is a name of something that is built."""
    if row[first].kind != "word" or row[first].text in words.tail or words.cue(row[first].text, "building-office"):
        return False
    last = _run(row, first, 1)
    begin = row[first].begin
    for k in range(last, first, -1):  # a head alone, without a word before it, names nothing
        head = words.heads.closing(text, begin, row[k].end)
        if head is not None:
            return (
                head.grade == "strong"
                and (len(head.word) > 1 or row[k].end - begin > _SHORT)
                and bool(head.classes & _BUILT)
                and C.ENTERPRISE not in head.classes
                and not words.cue(head.word, "building-office")
            )
        if row[k].text not in words.tail:
            return False
    return False


_INSIDE = frozenset({"word", "quote", "title"})
#: so much of something, in brackets
_TELLS_HOW_MUCH = compiled(r"[一-鿿]{2,}\d[\d.]*[万亿]?[个户亩吨座套张处辆台人米元](?:以上)?[)）]$")


def chunks(row: list[Unit], words: Words) -> list[Chunk]:
    """The chunks of a row of units."""
    result: list[Chunk] = []
    first = -1
    former = ""
    for k, unit in enumerate(row):
        kind = unit.kind
        inside = kind in _INSIDE
        if inside and former == "number" and words.cue(unit.text, "counter"):
            # the counter of a figure: "256|项|…工程"; but the unit of a capacity: "大唐|700|万吨|露天矿"
            inside = first >= 0 and (unit.text == "代" or _capacity(row, k - 1, first, words))
        elif kind == "paren":
            # a bracket belongs to a name on its left: "中国(深圳)新媒体广告产业园", "香港大学(深圳)"
            # but none that tells how much there is: "停车库项目|(车位282个)"
            inside = first >= 0 and former == "word" and _TELLS_HOW_MUCH.search(unit.text) is None
        elif kind == "number":
            inside = _number_in_name(row, k, first, words) or _capacity(row, k, first, words)
        if kind == "quote" == former and first >= 0:  # "“A”“B”": each its own
            result.append(Chunk(first, k, row[first:k]))
            first = -1
        former = kind
        if inside:
            if first < 0:
                first = k
        elif first >= 0:
            result.append(Chunk(first, k, row[first:k]))
            first = -1
    if first >= 0:
        result.append(Chunk(first, len(row), row[first:]))
    return result


def _number_in_name(row: Sequence[Unit], k: int, first: int, words: Words) -> bool:
    """Whether the numeral at ``k`` belongs to a name: "地铁二号线", "市第一中学", "312国道", "十香园"."""
    unit = row[k]
    following = row[k + 1] if k + 1 < len(row) else None
    if following is None or following.begin != unit.end or following.kind not in ("word", "number"):
        return False
    if following.text == "代" or unit.text == "第":
        return first >= 0
    if unit.text.startswith("第") and len(unit.text) > 1:
        return following.kind == "word" and (first >= 0 or words.cue(following.text, "numbered-body"))
    if _NUMBERED.match(following.text):
        return first >= 0 or following.text in ("号线", "号")
    torn = following.text + row[k + 2].text if k + 2 < len(row) else ""
    if (
        words.cue(following.text, "named-road")
        or words.cue(torn, "named-road")
        or (following.text == "公路" and unit.text.endswith("级") and first >= 0)
    ):
        return True
    if len(unit.text) > 1 or unit.text not in "一二三四五六七八九十百千万两" or following.kind != "word":
        return False
    # a lone numeral before a word that is no counter: "新一城", "十香园", "五羊"; not "一企业"
    if words.cue(following.text, "counter") or (words.cue(following.text[0], "counter") and len(following.text) > 1):
        return False
    pair = unit.text + following.text[0]
    return first >= 0 or (pair not in words.general and len(following.text) == 1)


_CAPACITY = listed("{capacity-unit}")


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
