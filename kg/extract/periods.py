"""Expressions of time and the period that they name, as ISO 8601.

"2010年", "二〇一〇年", "2011年1月", "2006年至2010年", "2020年底", the five-year plans ("“十一五”期间" is
2006/2010), and what is relative to the year of the report (今年, 去年, 全年).  Expressions that say "the past years" or
"today" are found too, with no period: they end the reach of a year named before.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.extract.listed import listed
from kg.extract.numerals import parse_numeral
from kg.patterns import compiled


class PeriodMention(NamedTuple):
    """``text[begin:end]`` names the period ``iso``; None for "the past five years" and for "today"."""

    begin: int
    end: int
    iso: str | None
    kind: str  # year, month, range, plan, relative, season (of a year known from elsewhere), open


#: first years of the five-year plans
PLANS = {
    "六": 1981, "七": 1986, "八": 1991, "九": 1996, "十": 2001,
    "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026,
}  # fmt: skip

_YEAR = r"(?:(?:19|20)\d\d|[一二][九〇零○][〇零○一二三四五六七八九]{2})"
#: a part of the year; what begins then or ends then is another matter
_NAMED = r"(?:[上下]半年|前三季度|第?[一二三四]季度)(?!以来|以后|起|开始|末|后|前)"
#: the end or the begin of the year; but 2009年|初中毕业生
_EDGE = r"(?:[底末]|初(?!中(?:毕业|生|学|教|招)|级|步))前?"
_TAIL = rf"(?:年(?![均会])度?)?(?:年?{_EDGE}|{_NAMED}|[上下]半年|全年|当年|以[前来后]|起|开始|之?前|间|期间)?"
#: what any of the expressions begins with: tried at these characters alone, the pattern takes a quarter of the time
_BEGIN = "“一二三四五六七八九十两几多第今本去上下前明当刚过这近最未全年历目现如任至迄"
_PATTERN = compiled(
    rf"(?=[{_BEGIN}\d])(?:(?P<from>{_YEAR})年?(?:度)?(?:至|到|-|~|—{{1,2}}|、)(?P<to>{_YEAR}|\d\d(?=年))年(?:度|底|末|间|期间)?"
    rf"|(?P<year>{_YEAR})年(?:(?P<m1>1[0-2]|[1-9])(?:(?:至|到|-|~|—{{1,2}})(?P<m2>1[0-2]|[1-9]))?月份?(?:(?P<day>[0-3]?\d)[日号])?)?{_TAIL}(?:(?:第?[一二三四]季度)?(?:以来|以后|起|开始))?"
    r"|“?(?P<plan>十[一二三四五]?|[六七八九])五”?(?:(?P<end>末|期末|末期|收官)|(?P<first>开局之?年))?(?P<span>时期|期间|规划期|五年|以来|计划期|前四年|[头前]三年)?"
    rf"|(?P<relative>今年|本年度?|去年|上年度?|前年|明年|当年)(?:(?P<rm1>1[0-2]|[1-9])(?:(?:至|到|-|~|—{{1,2}})(?P<rm2>1[0-2]|[1-9]))月份?|[底末初]|{_NAMED}|[上下]半年|以来)?"
    r"|(?P<season>(?<![二三四五六七八九十多])一年(?:以?来|中|间|里)|(?:刚刚)?(?:过去|这)的?一年|全年|[上下]半年|年[底末内]前?|前三季度|第?[前一二三四]季度|年度|(?<![\d.年])(?:1[0-2]|[1-9])(?:至|到|-|~|—{1,2})(?:1[0-2]|[1-9])月份?(?!\d)"
    r"|(?<=截[至止到])(?:1[0-2]|[1-9])月(?:份|[底末]|[0-3]?\d[日号])?|(?<![\d.年月至到从自“~-])(?:1[0-2]|[1-9])月份(?!起|以[来前后]|之?[前后]|开始|底|末))"
    r"|(?P<open>(?:(?:过去|近|最近|这|前|今后|未来|[一二三四五两\d]{1,4})的?)?(?:[一二三四五六七八九十两几]|\d{1,2})(?:年|个多?月)(?:来|间|以来|时间|里|中|内|前)"
    r"|(?:过去|今后|未来|近|这|最近|(?<=[比较与])(?:前|上))(?:的|一?个)?(?:[一二三四五六七八九十两几]|\d{1,2})年|本届政府(?!(?:任期)?内?的?(?:第|最后|(?:良好)?开局|首))(?:任期|以来|任期内|任期以来)?|多年来|近年来|历年|(?<!项)目前(?!期)|现已|如今|任期内|至今|迄今))"
)
#: characters of which every expression holds one
_SIGN = compiled(r"[年月季届五目现如任今]")


#: what follows a plan that is named for its time alone: “十三五”,全市…, “十二五”完成投资…
_LED = listed("[,，]|{plan-done}|全[省市县区]|我[省市县区]")


def plan_of(year: int) -> tuple[int, int] | None:
    """First and last year of the five-year plan that ends with ``year``.

    >>> plan_of(2015), plan_of(2016)
    ((2011, 2015), None)
    """
    return (year - 4, year) if year - 4 in PLANS.values() else None


def find_periods(norm: str, begin: int, end: int, year: int | None) -> list[PeriodMention]:
    """The expressions of time in ``norm[begin:end]``; ``year`` is the year in which the report was given.

    >>> [(m.iso, m.kind) for m in find_periods("2006年至2010年,“十二五”期间,2011年1月,去年,五年来", 0, 34, 2011)]
    [('2006/2010', 'range'), ('2011/2015', 'plan'), ('2011-01', 'month'), ('2010', 'relative'), (None, 'open')]
    >>> [m.iso for m in find_periods("二〇〇五年底,到2015年,“十一五”末", 0, 20, None)]
    ['2005', '2015', '2010']
    """
    if not _SIGN.search(norm, begin, end):
        return []
    result = []
    for match in _PATTERN.finditer(norm, begin, end):
        found = _period(norm, match, year)
        if found is not None:
            result.append(found)
    return result


def _number(text: str) -> int | None:
    value = parse_numeral(text.replace("○", "〇"))
    return int(value) if value is not None else None


def _period(norm: str, match: re.Match[str], year: int | None) -> PeriodMention | None:
    begin, end = match.span()
    group = match.groupdict()
    if group["from"]:
        first, last = _number(group["from"]), _number(group["to"])
        if first is None or last is None:
            return None
        if last < 100:
            last += first // 100 * 100
        if first >= last:
            return None
        return PeriodMention(begin, end, f"{first}/{last}", "range")
    if group["year"]:
        named = _number(group["year"])
        if named is None or (begin and norm[begin - 1].isdigit()):
            return None
        if _PRICES.match(norm, end):
            return PeriodMention(begin, end, str(named), "name")
        if match.group().endswith(("以来", "以后", "起", "开始")):
            return PeriodMention(begin, end, None, "open")
        if (part := part_of(match.group(), str(named))) and not _FROM_THEN.match(norm, end):
            return PeriodMention(begin, end, part, "month")
        return _months(begin, end, named, group["m1"], group["m2"], "year")
    if group["plan"]:
        if not (group["span"] or group["end"] or group["first"]) and not (
            match.group().startswith("“") and match.group().endswith("”")
        ):
            return None
        first = PLANS[group["plan"]]
        if group["first"]:
            return PeriodMention(begin, end, str(first), "year")
        if group["end"]:
            return PeriodMention(begin, end, str(first + 4), "year")
        leads = begin == 0 or norm[begin - 1] in ",，。;；:：!？?\n"
        if group["span"] == "以来" and not leads:  # how long something was not so: 是“十一五”以来最好的
            return PeriodMention(begin, end, f"{first}/{first + 4}", "name")
        if not group["span"]:
            against = begin > 0 and norm[begin - 1] in "比较"  # 比“十五”增长20%
            kind = "plan" if against or (leads and _LED.match(norm, end)) else "name"
            return PeriodMention(begin, end, f"{first}/{first + 4}", kind)
        return PeriodMention(begin, end, f"{first}/{first + 4}", "plan")
    if word := group["relative"]:
        if year is None:
            return PeriodMention(begin, end, None, "open")
        shift = {"今": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1, "当": 0}[word[0]]
        if word == "当年":
            return PeriodMention(begin, end, None, "season")
        if (part := part_of(match.group(), str(year + shift))) and not _FROM_THEN.match(norm, end):
            return PeriodMention(begin, end, part, "month")
        return _months(begin, end, year + shift, group["rm1"], group["rm2"], "relative")
    if group["season"]:
        return PeriodMention(begin, end, None, "season")
    return PeriodMention(begin, end, None, "open")


#: the prices of a year, at which something is counted: 按|1995年|不变价格计算
_PRICES = compiled(r"的?(?:不变|可比)?价")
_FROM_THEN = compiled(r"以来|以后|起|开始|末|后|前")
#: the parts of a year that have a name: their first and last month
_PARTS = {
    "上半年": (1, 6), "下半年": (7, 12), "前三季度": (1, 9), "前3季度": (1, 9),
    "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12),
}  # fmt: skip


def part_of(text: str, year: str) -> str | None:
    """The months of a part of the year that the text ends with; None if it names none.

    >>> part_of("今年上半年", "2021"), part_of("前三季度", "2010")
    ('2021-01/2021-06', '2010-01/2010-09')
    >>> part_of("1-10月", "2010"), part_of("4月23日", "2020")
    ('2010-01/2010-10', '2020-04')
    """
    for name, (first, last) in _PARTS.items():
        if text.endswith(name):
            return f"{year}-{first:02d}/{year}-{last:02d}"
    if month := _BARE_MONTH.fullmatch(text):
        return f"{year}-{int(month[1]):02d}"
    if (months := _BARE_MONTHS.fullmatch(text)) and int(months[1]) < int(months[2]):
        return f"{year}-{int(months[1]):02d}/{year}-{int(months[2]):02d}"
    return None


_BARE_MONTH = compiled(r"(\d{1,2})月(?:份|[底末]|\d{1,2}[日号])?")
_BARE_MONTHS = compiled(r"(\d{1,2})\D+(\d{1,2})月份?")


def _months(begin: int, end: int, year: int, first: str | None, last: str | None, kind: str) -> PeriodMention:
    if first is None:
        return PeriodMention(begin, end, str(year), kind)
    if last is None:
        return PeriodMention(begin, end, f"{year}-{int(first):02d}", "month")
    if int(last) <= int(first):
        return PeriodMention(begin, end, str(year), kind)
    return PeriodMention(begin, end, f"{year}-{int(first):02d}/{year}-{int(last):02d}", "month")
