"""Ranks: the place that something takes among its like, where a clause says it plainly.

"经济总量居全省第4位", "增速位列全市第一", "产量全国首位": a verb of place, or the range that is compared, stands
before, and the clause ends behind.  第一产业, 第一书记, 第三方, 摆在首位 are none.
"跻身全省前三" and "进入全国前100名" are places up to that.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from kg.extract.listed import listed
from kg.extract.numerals import parse_numeral
from kg.model import Bound
from kg.patterns import compiled

_RANK = compiled(
    r"(?:第 ?(?P<number>\d{1,3}|[一二三四五六七八九十百]{1,4})(?: ?[位名])?|首位|榜首|之首"
    r"|(?<![目以之年提日会此])前 ?(?P<top>\d{1,3}|[一二三四五六七八九十百]{1,4})(?: ?[位名强])?)"
    r"(?=[,，。;；:、)!和]|$|\n)"
)
#: what ranks hold: most sentences are passed over with it
_SO_MANY = compiled(r"[\d一二两三四五六七八九十][个家所名人项位种件](?!月)")
_SIGN = compiled(r"[第前] ?[\d一二三四五六七八九十百]|首位|[榜之]首")
#: 副省级城市 stands here, since one annotated report has it as a name, which no word list may hold
_RANGE = r"全(?:[国省市区州球盟旗]|自治区)|[东中西]部|粤?东西北|副省级城市|{ranked-range}"
_BY_VERB = listed(
    r"^(?P<subject>.*)(?P<verb>{rank-verb})(?P<range>[^\d,，。“”]{0,16}|[^\d,，。“”]{0,6}[“\"][^“”\"]{2,16}[”\"][^\d,，。“”]{0,4})$"
)
#: how a place among the first is reached
_INTO = listed(r"^(?P<subject>.*?)(?P<verb>{entered-verb})(?P<range>[^\d,，。“”]{0,20})$")
_BY_RANGE = listed(rf"^(?P<subject>.*?)(?P<verb>)(?P<range>(?:{_RANGE})[^\d,，。“”]{{0,8}})$")
#: what comes between the subject and the verb
_LOOSE = listed(
    r"(?:[由从]第?[^,，]{1,8}|连续第?[一二三四五六七八九十两\d]+[年届次个月季度]+|(?<=.)[一二三四五两]年"
    r"|[位稳跃均都仍也并上获已]|(?<![得积比总评])分|{placed-adverb}"
    r"|总?排位|名|[ 、]|再|由|在)+$"
)
#: the place that something rises from
_FROM = compiled(
    r"[由从](?:(?P<year>(?:19|20)\d\d)年)?[^\d,，第]{0,12}"
    r"(?P<place>第 ?(?P<number>\d{1,3}|[一二三四五六七八九十百]{1,4}) ?[位名])[提跃前上攀下退滑]?$"
)
_WHERE = listed(rf"^(?:在|于|为|了|由|从)?(?:{_RANGE})?(?:的|[省市]?级?)?")
#: words of which 居 or 列 is only a part
_WORDS, _WORDS_END = listed("{no-placing}"), listed("{no-placing}$")


class Rank(NamedTuple):
    """``text[begin:end]`` is the rank as it stands; its subject is ``text[start:head]``."""

    begin: int
    end: int
    start: int
    head: int
    value: Decimal
    among: str  #: what is compared beside the range: 全省|县域经济考评|第三
    bound: Bound = Bound.EQ  #: LE of a place among the first: 前三
    was: Was | None = None  #: the place that it was before: 从全省第8位提升至第7位


class Was(NamedTuple):
    """A place that something had before, as ``text[begin:end]``; ``year`` is empty where it is not said when."""

    begin: int
    end: int
    head: int  #: where it begins to be told
    value: Decimal
    year: str


def _was(norm: str, position: int, led: re.Match[str]) -> Was | None:
    """The place from which it went to the one that is told."""
    found = _FROM.search(norm, position, position + len(led["subject"]))
    value = parse_numeral(found["number"]) if found is not None else None
    if found is None or not value:
        return None
    return Was(found.start("place"), found.end("place"), found.start(), value, found["year"] or "")


def has_ranks(norm: str, begin: int, end: int) -> bool:
    """Whether the stretch holds anything that may be a rank."""
    if all(norm.find(sign, begin, end) < 0 for sign in "第首前"):  # as most
        return False
    return _SIGN.search(norm, begin, end) is not None


def find_ranks(norm: str, begin: int, end: int) -> list[list[Rank]]:
    """The ranks told in the clause ``norm[begin:end]``, each with those in a row with it.

    >>> found = find_ranks("总量、增速分别居全省第4位和第2位", 0, 17)
    >>> [[(r.value, r.among) for r in row] for row in found]
    [[(Decimal('4'), ''), (Decimal('2'), '')]]
    >>> [find_ranks(text, 0, len(text)) for text in ("第一产业增长", "产业第一", "摆在首位", "完成前三项")]
    [[], [], [], []]
    >>> [(r.value, r.bound.value) for r in find_ranks("总量跻身全省前三位", 0, 9)[0]]
    [(Decimal('3'), 'le')]
    >>> rank = find_ranks("总量从2016年全省第8位提升至第6位", 0, 18)[0][0]
    >>> rank.value, rank.was.value, rank.was.year
    (Decimal('6'), Decimal('8'), '2016')
    """
    rows: list[list[Rank]] = []
    position = begin
    for match in _RANK.finditer(norm, begin, end):
        figure = match["number"] or match["top"]
        value = parse_numeral(figure) if figure else Decimal(1)
        if not value:
            continue
        if rows and norm[rows[-1][-1].end : match.start()] in ("、", "和", "、和"):
            last = rows[-1][-1]
            rows[-1].append(last._replace(begin=match.start(), end=match.end(), value=value))
            position = match.end()
            continue
        left = norm[position : match.start()]
        led = _BY_VERB.match(left) if not _WORDS_END.search(left) else None
        if led is not None and _WORDS.match(led["verb"] + led["range"]):
            led = None
        led = led or (_INTO.match(left) if match["top"] else _BY_RANGE.match(left))
        if led is not None and not led["verb"] and not led["subject"] and norm.startswith("、", match.end()):
            continue  # 亚洲第一、紧邻铁路的枢纽
        if led is None or (match["top"] and _SO_MANY.search(left)):
            continue  # 3所高校|进入全国前100名: how many they are is the figure
        head = position + len(led["subject"])
        if loose := _LOOSE.search(led["subject"]):
            head = position + loose.start()
        was = _was(norm, position, led)
        if was is not None:
            head = min(head, was.head)
        among = _WHERE.sub("", led["range"])
        bound = Bound.LE if match["top"] else Bound.EQ
        rows.append([Rank(match.start(), match.end(), position, head, value, among, bound, was)])
        position = match.end()
    return rows
