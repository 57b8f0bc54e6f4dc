"""What stands before a figure, read from the figure backward.

"高新技术产品产值由1997年的|152.96亿元" says: subject 高新技术产品产值, the first of two levels.
"分别比1997年增长|85.3%" says: growth, distributed, no subject of its own.  The words are taken off
one by one from the end, the longest first, until what is left names something.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from kg.extract.listed import listed
from kg.extract.obs_words import ObsWords
from kg.extract.quantities import IN_PLACE
from kg.patterns import compiled


class Stretch(NamedTuple):
    """A piece of text with some of it cut out, and where each remaining character stands."""

    text: str
    at: list[int]

    def cut(self, begin: int, end: int) -> Stretch:
        return Stretch(self.text[begin:end], self.at[begin:end])


def stretch(norm: str, begin: int, end: int, holes: Sequence[tuple[int, int]]) -> Stretch:
    """``norm[begin:end]`` without the holes (sorted, may touch)."""
    at: list[int] = []
    text = ""
    position = begin
    for low, high in holes:
        if high <= position:
            continue
        if low >= end:
            break
        if low > position:
            at.extend(range(position, low))
            text += norm[position:low]
        position = high
    at.extend(range(position, end))
    return Stretch(text + norm[position:end], at)


class Frame:
    """What the words before a figure say about it.

    (A plain class: the decorators of the standard library cost more at import than a report costs to read.)
    """

    __slots__ = (
        "after_dist",
        "annual",
        "beyond",
        "compared",
        "distributed",
        "done",
        "each",
        "level",
        "noun",
        "of",
        "rest",
        "share",
        "sign",
        "source",
        "subject",
        "to",
        "yoy",
    )  # fmt: skip

    def __init__(self) -> None:
        self.subject = ""
        self.rest = Stretch("", [])  #: the piece that the subject was taken from, for those who need its offsets
        self.sign = 0  #: 1 growth, -1 decline, 0 no change
        self.noun = False  #: the growth is named by a noun: 增速
        self.to = False  #: 增加到: the second of two levels
        self.source = False  #: 从, 由: the first of two levels
        self.annual = False
        self.yoy = False
        self.distributed = False
        self.each = False
        self.of = False  #: ends with 的: 占全区总额的|39.4%
        self.share = False  #: 占: the figure is a share
        self.level = False  #: a verb of level was there: 达到, 为
        self.done = False  #: 完成: how much of a plan was fulfilled, if nothing else is said
        self.compared = ""  #: 高于|全国平均: a distance, not a change
        self.beyond = ""  #: and how: 高于; empty where another word says it: 比全国平均|高
        self.after_dist = ""  #: 分别实现增加值|: what is distributed


_BEYOND = listed(
    r"(?:分别)?(?P<how>{beyond-verb})(?P<than>全[国省市区州县盟][^,，]{0,12}|[^,，、]{0,6}平均[^,，、]{0,3})$"
)
_COMPARE = listed(
    r"[^,，、]{0,2}(?P<how>{compare-verb})(?P<than>全[国省市区州县盟][^,，、]{0,8}|[^,，、]{0,6}平均[^,，、]{0,3})$"
)
_BASE = listed(r"(?:比|较|与|同)([^比较,，、]{0,12}?(?:年|期|月|季度?|[年月]?[初末底]|年度|{base-noun}){base-end}?)$")
#: before 比: 占|比, 占GDP|比; and so far before it
_SHARE, _SHARE_OF = compiled(r"占(?:GDP|[\u4e00-\u9fff]{0,3})$"), 5
#: words of which the last character says nothing of the figure behind: 打击违法行为|38起
_AS_ONE = listed("{one-word}$")
_NUMBERED = compiled(
    r" *(?:\d{1,2}[、.](?!\d)|[①-⑳⑴-⒇]|[一二三四五六七八九十]{1,3}、(?![一二三]产|[一二三四五六七八九十][、和])"
    r"|\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]是)"
)
_CHANGES = {"upnoun", "downnoun", "annual"}
_TO = {"到", "至", "为", "成", "达到", "在", "达", "了"}
#: what a figure is counted by: 达|每平方公里|34亿元, 由|每人每月|320元, 达到|年人均|400元
_EVERY = listed(
    r"(?:为|是|达到?|有)?(?:每[百千万十]{0,2}(?:{per-unit}|[人月户年亩天日吨名生股度斤头个件次位张床升])"
    r"|达到?[年月]?{per-each})+$"
)
#: what a plan is of, before 计划的: 占年度投资|计划的|96%; nothing in 完成年度|计划的105%
_SET_OUT = compiled("占.*$|(?:投资|分别完成)$")
#: words of a comparison that leave it to another to say which way it goes: 比全省平均|高
_OPEN_WAY = frozenset("比较")
#: the same before a figure that something rises from: 由|年人均|5050元提高到
_EACH = listed(r"(?<=[从由])[年月]?{per-each}$")


def _told(how: str) -> str:
    """Which way a comparison goes, if its own verb tells: 低于|全市平均增速; not 比."""
    return "" if how in _OPEN_WAY else how


def read(left: Stretch, words: ObsWords, starts: Container[int] | None) -> Frame:
    """The frame of what stands before a figure; ``starts`` are the offsets at which words begin."""
    frame = Frame()
    text = left.text
    end = len(text.rstrip(" "))
    last = ""  # the word taken off before: 到 makes 增加 a level
    first = True
    while end:
        if first and text[end - 1] == "的":
            frame.of = True
        first = False
        taken = _tail(text, end, left.at, words, starts)
        if taken is None:
            cut = end < len(left.at) and left.at[end] != left.at[end - 1] + 1  # a year stood between
            if cut and text[end - 1] in "比较":
                end -= 1
                frame.yoy = frame.yoy or bool(frame.sign)
                continue
            if (
                not frame.sign
                and (every := _EVERY.search(text, 0, end))
                and (every.start() > 1 or text.startswith("达到"))
            ):
                end = every.start()
                frame.level = True
                continue
            if not frame.sign and (each := _EACH.search(text, 0, end)) is not None:
                end = each.start()
                continue
            if not frame.sign and (base := _BEYOND.search(text, max(0, end - 22), end)):
                frame.compared, frame.beyond = base["than"], base["how"]
                end = base.start()
                continue
            if frame.sign and (base := _COMPARE.search(text, max(0, end - 16), end)):
                frame.compared, frame.beyond = base["than"], _told(base["how"])
                end = base.start("than")
                continue
            if frame.sign and (base := _BASE.search(text, max(0, end - 18), end)):
                frame.yoy = True
                end = base.start()
                continue
            break
        size, roles = taken
        if frame.sign and "upnoun" in roles and (base := _COMPARE.search(text, max(0, end - 16), end)):
            frame.compared, frame.beyond = base["than"], _told(base["how"])  # 比全省平均增幅|高
            end = base.start("than")
            continue
        word = text[end - size : end]
        if word == "计划" and last == "的" and _SET_OUT.search(text, 0, end - size):  # 占年度投资|计划的|96%
            break
        if word in ("从", "由") and (size == 1):
            if not frame.sign and not frame.to:
                frame.source = True
        elif ("change" in roles and last in _TO and not frame.sign) or (
            last in _TO and ("up" in roles or "down" in roles) and not frame.sign
        ):
            frame.to = True
        elif ("upnoun" in roles or "downnoun" in roles) and not (frame.sign or frame.to or frame.compared):
            frame.sign = 1 if "upnoun" in roles else -1
            frame.noun = "up" not in roles and "down" not in roles
        elif ("up" in roles or "down" in roles) and not frame.to:
            if frame.sign:
                break
            frame.sign = 1 if "up" in roles else -1
        elif frame.compared and roles & _CHANGES:  # 增速|高于全国: what is compared
            break
        elif "annual" in roles:
            frame.annual = True
        elif "yoy" in roles:
            frame.yoy = True
        elif "dist" in roles:
            frame.distributed = True
        elif "each" in roles:
            frame.each = True
        elif "level" in roles:
            frame.level = True
            frame.done = frame.done or word == "完成"
            frame.share = frame.share or "占" in word
        elif "filler" not in roles:
            break
        last = word
        end -= size
        if word == "均" and end > 2 and text[end - 1] in "亩户":  # 化肥施用量|亩均|减少
            end -= 1
        while end and text[end - 1] == " ":
            end -= 1
    frame.rest = left.cut(0, end)
    frame.subject = text[:end]
    if not frame.distributed and (at := frame.subject.rfind("分别")) >= 0:
        frame.distributed = True
        frame.after_dist = frame.subject[at + 2 :]
        before = frame.subject[:at]
        if "yoy" in words.tails.get(before, ()):  # 同比|分别恢复到…
            frame.yoy, before = True, ""
        frame.subject = before
        frame.rest = left.cut(0, len(before))
    return frame


def _tail(
    text: str, end: int, at: Sequence[int], words: ObsWords, starts: Container[int] | None
) -> tuple[int, frozenset[str]] | None:
    for size in words.tail_sizes.get(text[end - 1], ()):
        if size > end:
            continue
        roles = words.tails.get(text[end - size : end])
        if roles is None or text.endswith("自然增长率", 0, end):  # a rate of its own, not the growth of one
            continue
        if size == 1 and _AS_ONE.search(text, max(0, end - 4), end):
            continue
        if size > 1 and text[end - size] == "比" and _SHARE.search(text, max(0, end - size - _SHARE_OF), end - size):
            share = words.tails.get(text[end - size + 1 : end])  # 占比|增|至15%, 三产占GDP比|增|2个百分点
            if share is None:
                continue
            return size - 1, share
        # a word of one character may be the end of a longer one: 统计, 用地
        if (
            1 == size < end
            and starts is not None
            and at[end - 1] not in starts
            and text[end - 1] not in "至到为达的、,，"
        ):
            continue
        return size, roles
    return None


#: what begins like such a word, and is part of what is measured: 共有产权|住房, 有意愿的|特困人员
_KEPT = listed("{kept-head}")
#: the same of 在 and one character, if a word ends with it: 在孵|企业, 在莞|高校
_BEING = listed(rf"在{{state-of-things}}|{IN_PLACE}")


def _is_kept(piece: Stretch, begin: int, starts: Container[int] | None) -> bool:
    """Whether what looks like a word that is left out opens what is measured."""
    if _KEPT.match(piece.text, begin) is not None:
        return True
    being = _BEING.match(piece.text, begin)
    return being is not None and (starts is None or being.end() >= len(piece.at) or piece.at[being.end()] in starts)


def strip_head(piece: Stretch, words: ObsWords, starts: Container[int] | None) -> Stretch:
    """Without the words at the begin that are no part of what is measured: 其中, 全区, 累计完成."""
    text = piece.text
    begin = number.end() if (number := _NUMBERED.match(text)) else 0
    while begin < len(text) and not _is_kept(piece, begin, starts):
        for size in words.head_sizes.get(text[begin], ()):
            after = begin + size
            if after > len(text) or text[begin:after] not in words.heads:
                continue
            if (
                (size < 2 or after < len(text))
                and starts is not None
                and after < len(text)
                and piece.at[after] not in starts
                and size <= 2
            ):
                continue
            begin = after
            break
        else:
            if text[begin] in " ,，、;:":
                begin += 1
                continue
            break
    return piece.cut(begin, len(text))
