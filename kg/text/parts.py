"""What a heading says: review or plan, and which period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from kg.kept import kept_on_disk
from kg.model import Part, Period
from kg.patterns import alternatives, compiled
from kg.text.vocabulary import rows

CHINESE_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")}
_ARABIC_YEAR = r"(?<!\d)(?:19|20)\d\d"
_CHINESE_YEAR = r"[一二][九〇0][〇一二三四五六七八九0]{2}"
_YEAR_RANGE = compiled(rf"({_ARABIC_YEAR})年?\s*(?:-|—{{1,2}}|~|至|到)\s*({_ARABIC_YEAR})\s*年")
_YEAR = compiled(rf"({_ARABIC_YEAR}|{_CHINESE_YEAR})\s*年")
_FIVE_YEAR_PLAN = compiled(
    r"([八九]|十[一二三四五六七]?)五(?=规划|计划|时期|期间|发展|工作|目标|经济|主要|任务|[和及与的开回收])"
    r"|[“\"]([八九]|十[一二三四五六七]?)五[”\"]"
)
_LONG = compiled(
    r"(?<![\d〇零一二三四五六七八九十])(?:[二两三四五六七八九十]|\d)年(?!代|度)|本届|上届|任期|以来|届|时期"
)
#: what only sounds as if it were of several years: 三年行动, 城市品质三年提升计划, “三年一中变”, 第三届亚青会, 换届,
#: “十五五”规划编制
_NOT_YEARS = compiled(
    r"(?<!过去|今后|未来)(?<![这来个的十后])[二两三四五六七八九十]年(?!来|以来|计划|重点|重大)"
    r"(?:[^,，。;；年]{0,8}(?:行动|计划|攻坚|工程)|大会战)"
    r"|“(?:(?!过去|今后|未来)[^”])*[二三四五六七八九十]年[^”]+”"
    r"|第[一二三四五六七八九十\d]+届(?=[^,，。;；政民大]{0,16}[会赛节展])|换届|编制[^,，。;；]{0,2}“十[一二三四五六]?五”规划|“十[一二三四五六]?五”规划(?:纲要)?编制"
)
#: a plan that is named for its first year, or for its last: “十四五”开好局、起好步; 圆满收官
_FIRST_YEAR = compiled(
    r"[“\"]?(?:[八九]|十[一二三四五六七]?)五[”\"]?(?:规划|计划|时期|发展|建设|各项|良好|新|的|工作|实现|精彩|圆满){0,3}"
    r"(?:(?P<first>开好?局之?年?|开好?头|起好?步|开门红|良好开[局端])|(?P<last>收官之?年?))"
)
_LAST_YEAR = compiled(r"过去的?一年|一年来|去年|上一?年")
_THIS_YEAR = compiled(r"今年|新的一年|本年度?")
_ORDINAL = {name: number for number, name in enumerate(("八", "九", *(f"十{d}" for d in ("", *"一二三四五六七"))), 8)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the words of a heading weigh: above 0 for review, below 0 for plan."""

    part: Part | None
    weight: int


def year_number(text: str) -> int:
    """A year in Arabic or Chinese digits.

    >>> year_number("二〇一一"), year_number("1998"), year_number("二0二0")
    (2011, 1998, 2020)
    """
    return int("".join(CHINESE_DIGITS.get(char, char) for char in text))


def years_in(heading: str) -> list[int]:
    """The single years that a normalised heading names, in order.

    >>> years_in("“十二五”时期和2015年工作回顾"), years_in("2003-2007年工作回顾")
    ([2015], [])
    """
    rest = _YEAR_RANGE.sub("", heading)
    return [year for year in (year_number(m[1]) for m in _YEAR.finditer(rest)) if 1949 <= year <= 2099]


def plan_years(heading: str) -> tuple[int, int] | None:
    """First and last year of the five-year plan that a heading names.

    >>> plan_years("“十四五”时期主要目标任务")
    (2021, 2025)
    """
    match = _FIVE_YEAR_PLAN.search(heading)
    if not match:
        return None
    start = 1951 + 5 * _ORDINAL[match[1] or match[2]]  # the twelfth began in 2011
    return start, start + 4


@lru_cache(maxsize=1)
def _word_weights() -> tuple[re.Pattern[str], dict[str, tuple[Part, int]]]:
    weights = {word: (Part(part), int(weight)) for word, part, weight in rows("headings", "word", "part", "weight")}
    return compiled(alternatives(frozenset(weights))), weights


def judge(heading: str, year: int | None) -> Verdict:
    """Weigh the words, the years and the five-year plan of a normalised heading.

    ``year`` is the year in which the report was given: what a heading of an earlier
    year is about is done, what one of this year is about is to do.

    >>> judge("过去五年工作回顾", None).part, judge("未来五年工作思路和任务", None).part
    (<Part.REVIEW: 'review'>, <Part.PLAN: 'plan'>)
    >>> judge("2023年经济社会高质量发展迈出坚实步伐", 2024).part
    <Part.REVIEW: 'review'>
    """
    pattern, weights = _word_weights()
    review = plan = 0
    for match in pattern.finditer(heading):
        part, weight = weights[match.group()]
        if part is Part.OTHER:
            if not compiled("回顾|总结|安排|今后").search(heading):
                return Verdict(Part.OTHER, weight)
        elif part is Part.REVIEW:
            review += weight
        else:
            plan += weight
    if year is not None:
        for named in years_in(heading):
            if named < year:
                review += 3
            elif review < 3 or plan > 0:  # "2022年工作回顾", given at the end of 2022, is a review
                plan += 3
        five_years = plan_years(heading)
        if five_years:
            if five_years[1] < year:
                review += 2
            elif five_years[0] >= year:
                plan += 2
    elif "回顾" in heading:
        review += 2
    if review == plan:
        return Verdict(None, 0)
    return Verdict(Part.REVIEW, review - plan) if review > plan else Verdict(Part.PLAN, plan - review)


@lru_cache(maxsize=1)
def _leanings() -> tuple[re.Pattern[str], dict[str, int]]:
    weights = {word: int(weight) for word, weight in rows("leanings", "word", "weight")}
    return compiled(alternatives(frozenset(weights))), weights


def leaning(text: str) -> int:
    """Above 0 where a text tells what is to be done, below 0 where it tells what was done.

    >>> leaning("今年要加快推进，力争完成"), leaning("建成了一批项目，荣获先进单位")
    (9, -5)
    """
    pattern, weights = _leanings()
    return sum(weights[word] for word in pattern.findall(text))


@kept_on_disk
def _paragraph_leanings() -> dict[str, int]:
    return {word: int(weight) for word, weight in rows("paragraph_leanings", "word", "weight")}


#: no paragraph is surer than this, unless it is long: its words depend on one another
_SUREST, _SURE_LENGTH = 4.0, 120


def tendency(paragraph: str) -> float:
    """Log odds that a normalised paragraph is of a plan (above 0) rather than of a review (below 0), at most 4
    (more only where it is long).

    Weighed are pairs of characters and some single ones, each wherever it stands: faster than any search for words.

    >>> tendency("今年要加快推进，力争年内完成") > 0, tendency("建成了一批项目，荣获先进单位") < 0
    (True, True)
    """
    weights = _paragraph_leanings()
    get = weights.get
    known = sum(filter(None, map(get, map(add, paragraph, paragraph[1:])))) + sum(filter(None, map(get, paragraph)))
    odds = (known + weights["(constant)"] + weights["(100 characters)"] * len(paragraph) / 100) / 10
    most = max(_SUREST, len(paragraph) / _SURE_LENGTH)
    return max(-most, min(most, odds))


def _of_one_year(heading: str, year: int | None) -> tuple[str, int | None]:
    """The heading without what names a plan for one of its years or this year for what has gone by, and that year.

    It is the first of the plan, if that is the report's or the one before, or the last, if that is the report's (a plan
    that came to its end is looked back on as a whole).

    >>> _of_one_year("全力以赴做好“十四五”开局工作", 2021), _of_one_year("2019年和今年以来工作回顾", 2020)
    (('全力以赴做好工作', 2021), ('2019年和今年工作回顾', None))
    """
    match = _FIRST_YEAR.search(heading)
    years = plan_years(heading) if match else None
    named = None
    if match and years and year is not None:
        named = years[0] if match["first"] else years[1]
        if named == year or (match["first"] and named == year - 1):
            heading = heading[: match.start()] + heading[match.end() :]
        else:
            named = None
    return heading.replace("今年以来", "今年"), named


def heading_period(heading: str, part: Part, year: int | None) -> Period | None:
    """The period that a normalised heading names, None where it names none or two.

    >>> heading_period("2013年工作回顾", Part.REVIEW, 2014)
    Period(iso='2013')
    >>> heading_period("“十二五”时期和2015年工作回顾", Part.REVIEW, 2016) is None
    True
    >>> heading_period("过去一年的工作", Part.REVIEW, 2014)
    Period(iso='2013')
    >>> heading_period("实现“十四五”良好开局", Part.PLAN, 2021)
    Period(iso='2021')
    >>> heading_period("2019年和今年以来工作回顾", Part.REVIEW, 2020)
    Period(iso='2019')
    """
    heading, opening = _of_one_year(_NOT_YEARS.sub("", heading), year)
    span = _YEAR_RANGE.search(heading)
    named = set(years_in(heading))
    if span:
        first, last = year_number(span[1]), year_number(span[2])
        return Period(f"{first}/{last}") if first < last and not named else None
    if _FIVE_YEAR_PLAN.search(heading) or _LONG.search(heading):
        return None
    if len(named) == 1:
        return Period(str(named.pop()))
    if named or year is None:
        return None
    if opening is not None:
        return Period(str(opening))
    if part is Part.REVIEW and _LAST_YEAR.search(heading):
        return Period(str(year - 1))
    if _THIS_YEAR.search(heading):
        return Period(str(year))
    return None


def spans_years(heading: str, year: int | None) -> bool:
    """Whether a heading speaks of a term, a plan or several years; ``year`` is the report's.

    >>> spans_years("过去五年工作回顾", 2021), spans_years("坚决打好三大攻坚战,三年行动取得决定性进展", 2020)
    (True, False)
    >>> [spans_years(heading, 2021) for heading in ("今后五年发展计划", "第九届政府工作的基本回顾", "第十届园博会筹办")]
    [True, True, False]
    """
    heading, _ = _of_one_year(_NOT_YEARS.sub("", heading), year)
    return bool(_FIVE_YEAR_PLAN.search(heading) or _LONG.search(heading) or _YEAR_RANGE.search(heading))
