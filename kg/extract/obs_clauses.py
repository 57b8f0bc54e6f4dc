"""Clauses: how a sentence falls apart, what is left out of wordings, which figures stand in a row."""

from __future__ import annotations

from typing import NamedTuple

from kg.extract.listed import listed
from kg.extract.obs_names import BRACKET
from kg.extract.periods import PeriodMention, part_of
from kg.extract.quantities import Quantity
from kg.patterns import compiled

#: lengths of time that are no part of a wording: 连续5年, 两年|投资
_WHILE = compiled(r"(?:[一二三四五六七八九十两]|\d{1,2})年(?=[共累新投完建改实净])")
_RUN = compiled(
    r"(?=[一二三四五六七八九十两\d连])(?:(?<!第)(?:[一二三四五六七八九十两]|\d{1,2})年(?=翻|年均|增长|提升|上升|提高|下降|累计|净增)|连续第?(?:[一二三四五六七八九十两]|\d{1,2})(?:个?年|年|个?月|个?季度|届|次))"
)
_MARKS = compiled(r"[()“”,，;:。!?]")


#: the colon of a ratio, the two signs before it counted: 48.9: 39
_IN_RATIO = compiled(r"(?:.\d|\d ): ?\d")


class Clause(NamedTuple):
    begin: int
    end: int
    quantities: list[Quantity]
    periods: list[PeriodMention]
    inside: bool = False  # in brackets


def covered(q: Quantity, periods: list[PeriodMention]) -> bool:
    return any(p.begin < q.end and q.begin < p.end for p in periods)


def leading(norm: str, begin: int, end: int, periods: list[PeriodMention]) -> PeriodMention | None:
    """The period with which the sentence begins: 2002年,…; 截至2010年底,…; 到2015年,…."""
    for mention in periods:
        if mention.kind == "name":
            continue
        before = norm[begin : mention.begin].strip(" “”")
        before = compiled(r"^[^,，。]{0,8}[。:]").sub("", before)
        before = compiled(r"刚?刚?过去的?$|^回顾").sub("", before)
        if len(before) <= 4 and not compiled(r"[比较从由]").search(before) and not is_base(norm, mention):
            return mention
        return None
    return None


def is_deadline(norm: str, mention: PeriodMention) -> bool:
    """Whether the mention sets a date to come by: 2015年前."""
    return norm[mention.begin : mention.end].endswith("前") and mention.kind == "year"


def is_base(norm: str, mention: PeriodMention) -> bool:
    """Whether the period is what is compared with: 比|2006年|增长."""
    before = norm[max(0, mention.begin - 6) : mention.begin]
    if before[-1:] in ("比", "较") or (before[-1:] in ("与", "同") and "比" in norm[mention.end : mention.end + 4]):
        return True
    if mention.kind not in ("year", "relative"):
        return False
    if _RESTORED.search(before):
        return True
    if _BASIS.match(norm, mention.end):
        return True
    if mention.kind != "year":
        return False
    if _BOTH.search(norm, max(0, mention.begin - 12), mention.begin):
        return True
    return is_basis(norm, mention) or (norm.startswith("同期", mention.end) and before[-1:] in ("到", "至"))


#: before the year that something is again as it was in: 恢复至|2019年的105.3%
_RESTORED = listed("{restored-verb}$")
#: at which prices something is counted
_PRICED = listed(r"按(?:照|(?:19|20)\d\d年)?{price-word}(?:价格?|口径)(?:计算|统计|口径)?")
#: in|2005年|的基础上, 以|2008年|预算为基数
_BASIS = compiled(r"(?:底|末)?的?[^,，;。\d]{0,10}基础上|[^,，;。\d]{0,6}为基[数期]")
#: the one of two periods that figures are compared with: 分别比上年和|2002年|增长
_BOTH = compiled(r"[比较](?:上一?年|去年|前年|\d{4}年)(?:和|与|及|、)$")


def bases_of(norm: str, begin: int, end: int) -> tuple[str, str] | None:
    """The two periods that two figures are compared with, each as it stands: 分别比上年和2002年增长|6.2%和16.9%.

    >>> bases_of("分别比上年和2002年增长6.2%和16.9%", 0, 13)
    ('上年', '2002年')
    """
    found = _BASES.search(norm, begin, end)
    return (found[1], found[2]) if found else None


_BASES = compiled(r"分别[比较](上一?年|去年|\d{4}年)(?:和|与|及|、)(上一?年|去年|\d{4}年)[^,，、]{0,6}$")


def is_basis(norm: str, mention: PeriodMention) -> bool:
    """Whether what is compared with is only of that year: 与核定的|2014年|数据相比; growth is of the year told of."""
    before = _WITH.search(norm, max(0, mention.begin - 6), mention.begin)
    return before is not None and _COMPARED.match(norm, mention.end) is not None


_WITH = compiled(r"[与同按][^,，。;与同按]{0,5}$")
_COMPARED = compiled(r"[^,，。;]{1,10}相比")


def is_record(norm: str, mention: PeriodMention) -> bool:
    """Whether the years only say how rare something is: 为|历年|最高, 创|近五年|新高."""
    return mention.kind == "open" and bool(_RECORD.match(norm, mention.end))


_RECORD = listed(r"以?来?的?{record-word}")


def is_source(norm: str, mention: PeriodMention, clause: Clause) -> bool:
    """Whether the period is that of the first of two levels: 从|2006年|的…增加到."""
    before = norm[max(clause.begin, mention.begin - 2) : mention.begin]
    if before[-1:] not in ("从", "由"):
        return False
    return norm[mention.end : mention.end + 1] not in set("起开至到")


def split(norm: str, begin: int, end: int, quantities: list[Quantity], periods: list[PeriodMention]) -> list[Clause]:
    """The clauses of a sentence, with what is in brackets as clauses of their own after the one that they stand in."""
    spans: list[tuple[int, int, bool]] = []
    start = begin
    brackets: list[tuple[int, int]] = []
    depth = 0
    opened = 0
    quote = 0
    for mark in _MARKS.finditer(norm, begin, end):
        i, c = mark.start(), mark.group()
        if c == "(":
            if depth == 0:
                opened = i
            depth += 1
        elif c == ")" and depth:
            depth -= 1
            if depth == 0:
                brackets.append((opened + 1, i))
        elif c == "“":
            quote += 1
        elif c == "”":
            quote = max(0, quote - 1)
        elif (
            not depth
            and c in ",，;:。!?"
            and (not quote or c in "。;")
            and not (c == ":" and _IN_RATIO.match(norm, i - 2) is not None)
        ):
            spans.append((start, i, False))
            spans.extend((b, e, True) for b, e in brackets)
            brackets = []
            start = i + 1
            quote = 0
    if depth:  # a bracket that is never closed
        brackets.append((opened + 1, end))
    if start < end:
        spans.append((start, end, False))
    spans.extend((b, e, True) for b, e in brackets)
    result = []
    bracketed = [(b, e) for b, e, inside in spans if inside]
    for b, e, inside in spans:
        if b >= e:
            continue
        figures = [q for q in quantities if b <= q.begin < e]
        times = [p for p in periods if b <= p.begin < e]
        if bracketed and not inside:
            figures = [q for q in figures if not any(x <= q.begin < y for x, y in bracketed)]
            times = [p for p in times if not any(x <= p.begin < y for x, y in bracketed)]
        result.append(Clause(b, e, figures, times, inside))
    return result


def holes_of(norm: str, clause: Clause, periods: list[PeriodMention]) -> list[tuple[int, int]]:
    """What is left out of wordings: brackets, and the periods with the 的 behind them."""
    holes = [m.span() for m in BRACKET.finditer(norm, clause.begin, clause.end)]
    holes += [m.span() for m in _PRICED.finditer(norm, clause.begin, clause.end)]
    for p in periods:
        far = p.kind in ("season", "open") and p.begin - clause.begin > 6
        within = p.kind == "name" or (far and part_of(norm[p.begin : p.end], "2000") is None)
        if within and not is_span(norm, p):
            continue
        stop = p.end + (1 if norm[p.end : p.end + 1] == "的" else 0)
        until = p.begin - clause.begin >= 2 and _UNTIL.match(norm, p.begin - 2) is not None
        start = p.begin - 2 if until else p.begin
        if basis := _BASIS.match(norm, p.end, clause.end):  # 排放量|在2005年基础上|削减
            start, stop = start - (norm[start - 1 : start] in ("在", "以")), basis.end()
        if norm.endswith("时间", p.begin, p.end) and (taking := _TAKING.search(norm, clause.begin, p.begin)):
            start = taking.start()  # 用|5年时间|新建公园
        holes.append((start, min(stop, clause.end)))
    if while_ := _WHILE.match(norm, clause.begin, clause.end):
        holes.append(while_.span())
    holes += [m.span() for m in _RUN.finditer(norm, clause.begin, clause.end)]
    return sorted(holes)


#: up to when something is counted; all of these have two characters
_UNTIL = listed("{until-word}")
#: before how long something takes
_TAKING = listed("(?<!{before-use}){taking-time}$")


def is_span(norm: str, mention: PeriodMention) -> bool:
    """Whether the years stand right before a change, no part of a wording: 比重|五年间|提高."""
    return mention.kind == "open" and _SPAN.match(norm, mention.begin) is not None


#: five years within a clause, before a verb of change
_SPAN = compiled(r"[二三四五六七八九十]年[间来](?=[提增上下减累净翻])")


#: what was added, before what there is by now
_ADDED, _REACHED = listed("{more-verb}$"), listed("{now-verb}")
#: what rises and falls in one row: 分别增长1.9%、|下降3.4%、|增长2%
_TURNS = listed(r"(?:[、和]|、和)(?P<verb>(?P<up>{going-up})|{going-down})了?")
_EACH = listed(r"分别(?:比上年|同比|比)?(?:(?P<up>{going-up}|增)|{going-down})了?$")
#: so long is the longest of the last
_EACH_LENGTH = 9
#: in what such a row is told
_RATES = frozenset(("%", "个百分点"))


def row(norm: str, quantities: list[Quantity], index: int) -> list[Quantity]:
    """The figures from ``index`` on that stand in a row: 13.9%、15%、16.1%; 9大类28项; the members of a ratio."""
    chain = [quantities[index]]
    for q in quantities[index + 1 :]:
        last = chain[-1]
        between = norm[last.tail : q.head]
        if q.kind == "ratio":
            if q.place and last.kind == "ratio":
                chain.append(q)
                continue
            break
        if between == "" and last.kind in ("count", "person") and q.kind in ("count", "person", "area"):
            chain.append(q)
            continue
        between = between.strip(" ")  # "32.4%、 14.1%", as texts from PDFs have it
        if between in ("、", "和", "及", "与", ",和", "、和") and (
            q.unit == last.unit or q.kind == last.kind or {q.kind, last.kind} <= {"rate", "share"}
        ):
            begin = chain[0].head
            if between == "、" and _REACHED.match(norm, q.head) and _ADDED.search(norm, max(0, begin - 4), begin):
                break  # 净增98万户、|突破|1900万户: what there is now
            chain.append(q)
            continue
        if between in ("、", "和", "及", "与", "、和") and "分别" in norm[max(0, chain[0].head - 8) : chain[0].head]:
            chain.append(q)  # 绿地率和人均绿地面积分别达到25.33%和5.68平方米
            continue
        head = chain[0].head
        turn = _TURNS.fullmatch(between) if {q.unit, last.unit} <= _RATES else None
        each = _EACH.search(norm, max(0, head - _EACH_LENGTH), head) if turn is not None else None
        if turn is not None and each is not None:
            # the verb before the first gives all of them its sign
            chain.append(q if (turn["up"] is None) == (each["up"] is None) else q._replace(value=-q.value))
            continue
        break
    return chain
