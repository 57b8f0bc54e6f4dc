"""The checks: each takes the figures and yields findings, among them those that agree.

Figures are compared as what they may stand for: 363.15亿元 is any amount from 363.145 to 363.155, and a growth that is
recomputed from two of these is an interval, too.  Where it meets the interval of the growth that is told, the figures
are consistent; where it misses it by no more than the last digit, somebody rounded on the way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kg import resources
from kg.audit.basis import is_real, said_real
from kg.audit.figures import Figure
from kg.audit.promises import Verdict, promises


class Outcome(StrEnum):
    """What a check comes to."""

    CONSISTENT = "consistent"
    ROUNDING = "rounding"
    NOMINAL_REAL = "nominal/real"  # at constant prices or on a comparable basis, against amounts of the years
    CONTRADICTION = "contradiction"


_ORDER: Final = list(Outcome)


@dataclass(frozen=True, slots=True)
class Finding:
    """Figures that were compared: ``told`` is what one says, ``found`` what follows from the others."""

    check: str
    outcome: Outcome
    area: str
    indicator: str
    period: str
    told: str
    found: str
    figures: tuple[Figure, ...]  # the one that is checked first
    gap: Decimal | None = None  # of a target: what was reached less what was aimed at, in the unit of the figures

    @property
    def across(self) -> bool:
        """Whether the figures are of several reports, where an amount may have been revised in between."""
        return len({figure.report for figure in self.figures}) > 1


Check = Callable[[Sequence[Figure]], Iterator[Finding]]

#: By which ratio prices may fall or rise in a year.  The deflator of China's product was between 0.98 and 1.09 since
#: 1996, and up to 1.21 in 1988 and from 1993 to 1995; producers' prices, by which output is deflated, move more.
PRICES: Final = (Decimal("0.90"), Decimal("1.13"))
PRICES_TO_1995: Final = (Decimal("0.95"), Decimal("1.27"))


@lru_cache(maxsize=1)
def _wholes() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """What is part of what: kind, whole, parts."""
    rows = resources.table("audit_parts.tsv", "kind", "whole", "parts")
    return tuple((kind, whole, tuple(names.split("|"))) for kind, whole, names in rows)


class _Index:
    """Levels by what they are of, so that a growth finds its two in no time."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._levels: dict[tuple[str, str, int, str], list[Figure]] = defaultdict(list)
        for figure in figures:
            if figure.measure != "level" or figure.year is None or not figure.area or figure.cumulative:
                continue
            if figure.bound in ("eq", "approx"):
                self._levels[figure.area, figure.indicator, figure.year, figure.modality].append(figure)

    def levels(self, figure: Figure, year: int, modality: str) -> list[Figure]:
        """Levels of the figure's indicator and area in that year, the nearest to it first.

        Those of its sentence go before those of its report, and these before those of other reports, among which the
        one that was given in the year after knows best.
        """
        found = self._levels.get((figure.area, figure.indicator, year, modality), [])
        return sorted(found, key=lambda f: (_distance(figure, f, year), f.iri))

    def pair(self, figure: Figure, first: int, last: int) -> tuple[Figure, Figure] | None:
        """The levels of two years in one unit, the nearest to the figure; what is aimed at is of its own report."""
        befores = [b for b in self.levels(figure, first, "actual") if b.value > 0]
        afters = self.levels(figure, last, figure.modality)
        if figure.modality == "target":
            afters = [a for a in afters if a.report == figure.report]
        for after in afters:
            for before in befores:
                if before.unit == after.unit and before.iri != after.iri:
                    return before, after
        return None


def _distance(figure: Figure, other: Figure, year: int) -> tuple[int, int]:
    """How far another figure is from one, as a key of order: by sentence, by report, by year of the report."""
    mine, its = figure.places[0], other.places[0]
    if figure.report != other.report:
        return 2 + abs((other.report_year or 0) - year - 1), its.begin
    return (0 if mine.sentence == its.sentence else 1), abs(mine.begin - its.begin)


#: a growth against the sum of several years: 比“十五”时期增长, 比前五年
_OF_SUMS: Final = re.compile(
    r"(?:比|较|是|为|相当于)[^,，;；。]{0,4}(?:“?[六七八九十]五”?|十[一二三四]五”?|“十[一二三四]五”|[前上][一]?个?[五三四]年)"
    r"(?!期?末|规划)[^,，;；。末]{0,4}$|超过此前"
)


_ROW: Final = re.compile(r"(?:\d[\d.]*(?:[%％‰倍]|个百分点)?[、和与及])+$")


def _of_sum(figure: Figure) -> bool:
    return bool(_OF_SUMS.search(_ROW.sub("", re.split(r"[,，;；。]", figure.places[0].before)[-1])))


def growth(figures: Sequence[Figure]) -> Iterator[Finding]:
    """A growth against the levels of its two years.

    The growth is in percent, in percentage points of a rate, or in the unit of the levels; its period is one year, or
    the interval from the year that it is told against.
    """
    index = _Index(figures)
    for figure in figures:
        if figure.measure != "growth" or not figure.area or figure.unit == "倍" or _of_sum(figure):
            continue
        years = figure.years or ((figure.year - 1, figure.year) if figure.year is not None else None)
        if years is None or (pair := index.pair(figure, *years)) is None:
            continue
        before, after = pair
        rates = before.unit in ("%", "‰")
        if figure.unit == "%" and not rates:
            low = (after.low / before.high - 1) * 100
            high = (after.high / before.low - 1) * 100 if before.low > 0 else low
            exact = (after.value / before.value - 1) * 100
            yield _finding("growth", figure, pair, (low, exact, high), is_real(figure))
        elif (figure.unit == before.unit and not rates) or (figure.unit == "个百分点" and before.unit == "%"):
            found = after.low - before.high, after.value - before.value, after.high - before.low
            yield _finding("growth", figure, pair, found, False)


def average_growth(figures: Sequence[Figure]) -> Iterator[Finding]:
    """An average annual growth against the levels of the first and the last year.

    2006/2010 may count from 2006, or from 2005, the last year of the plan before; either will do.
    """
    index = _Index(figures)
    for figure in figures:
        if figure.measure != "averageAnnualGrowth" or figure.unit != "%" or figure.years is None or not figure.area:
            continue
        first, last = figure.years
        ways = []
        for base in (first, first - 1) if last - first == 4 else (first,):
            if (pair := index.pair(figure, base, last)) is not None:
                before, after = pair
                years = last - base
                if before.low > 0 and after.low > 0:
                    ratios = after.low / before.high, after.value / before.value, after.high / before.low
                    low, exact, high = (_root(ratio, years) for ratio in ratios)
                    ways.append(_finding("average growth", figure, pair, (low, exact, high), is_real(figure)))
        if ways:
            yield min(ways, key=lambda f: _ORDER.index(f.outcome))


def _root(ratio: Decimal, years: int) -> Decimal:
    """The growth in percent a year that makes the ratio in so many years."""
    return (Decimal(float(ratio) ** (1 / years)) - 1) * 100


def multiples(figures: Sequence[Figure]) -> Iterator[Finding]:
    """A multiple against two levels: those of its two years, or the two in its own sentence.

    是2005年的2.5倍 is the ratio of the levels, 增长1.5倍 is one less.
    """
    index = _Index(figures)
    sentences = _by_sentence(figures)
    for figure in figures:
        if figure.unit != "倍" and figure.measure != "multiple":
            continue
        if figure.measure not in ("multiple", "growth") or not figure.area or _of_sum(figure):
            continue
        if _OF_OTHERS.search(figure.places[0].before):
            continue
        years = figure.years
        if years is None and figure.measure == "growth" and figure.year is not None:
            years = figure.year - 1, figure.year
        pair = index.pair(figure, *years) if years is not None else None
        if pair is None and figure.measure == "multiple":
            pair = _two_levels(figure, sentences[figure.places[0].report, figure.places[0].sentence])
        if pair is None or pair[0].low <= 0:
            continue
        before, after = pair
        less = 1 if figure.measure == "growth" else 0
        ratios = after.low / before.high, after.value / before.value, after.high / before.low
        low, exact, high = (ratio - less for ratio in ratios)
        yield _finding("multiple", figure, pair, (low, exact, high), is_real(figure))


def _two_levels(figure: Figure, here: Iterable[Figure]) -> tuple[Figure, Figure] | None:
    """The two levels of what the figure is of in its sentence, if there are no more, and they are of two years."""
    levels = [
        f
        for f in here
        if f.measure == "level" and f.indicator == figure.indicator and f.area == figure.area and not f.cumulative
    ]
    levels.sort(key=lambda f: (f.period, f.places[0].begin))
    if len(levels) != 2 or levels[0].unit != levels[1].unit or levels[0].period == levels[1].period:
        return None
    if (
        figure.years is not None
        and (levels[0].year, levels[1].year) != figure.years
        and None
        not in (
            levels[0].year,
            levels[1].year,
        )
    ):
        return None
    return levels[0], levels[1]


#: 是全市的|2.2倍 compares with others, and not with the year before
_OF_OTHERS: Final = re.compile(r"(?:全[国省市区]|平均)[^,，;；。]{0,6}$")


def shares(figures: Sequence[Figure]) -> Iterator[Finding]:
    """The shares of the three sectors in one area and period, told by one report, against 100 %."""
    groups: dict[tuple[str, str, str, str], dict[str, Figure]] = defaultdict(dict)
    for figure in _in_text_order(figures):
        found = re.fullmatch(r"(第[一二三]产业)(?:增加值)?(?:所占|占)?(?:.{0,8})?比重", figure.indicator)
        if found and figure.measure == "level" and figure.unit == "%" and figure.area and figure.period:
            groups[figure.report, figure.area, figure.period, figure.modality].setdefault(found[1], figure)
    for parts in groups.values():
        if len(parts) == 3:
            together = [parts[f"第{n}产业"] for n in "一二三"]
            yield _sum("shares", together, Decimal(100), Decimal(100), "100%", together[0])


def parts(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Parts against their whole, in one report, area and year, as far as all of them are told.

    The parts make the whole (进出口总额), or none is more than it (工业增加值 and 地区生产总值), or the share that is
    told is that of the part in the whole.
    """
    levels: dict[tuple[str, str, str, str], dict[str, Figure]] = defaultdict(dict)
    for figure in _in_text_order(figures):
        if figure.measure == "level" and figure.area and figure.year is not None and not figure.cumulative:
            told = levels[figure.report, figure.area, figure.period, figure.modality]
            if figure.bound in ("eq", "approx"):
                told.setdefault(figure.indicator, figure)
    for told in levels.values():
        for kind, whole, names in _wholes():
            if whole not in told:
                continue
            total = told[whole]
            some = [told[name] for name in names if name in told]
            alike = [f for f in some if f.unit == total.unit]
            if kind == "sum" and len(alike) == len(names):
                yield _sum("parts", alike, total.low, total.high, total.text, total)
            elif kind == "part":
                yield from (_part(total, part) for part in alike)
            elif kind == "share" and len(some) == 2 and some[0].unit == total.unit and some[1].unit == "%":
                part, share = some
                if total.low > 0:
                    ratios = part.low / total.high, part.value / total.value, part.high / total.low
                    low, exact, high = (ratio * 100 for ratio in ratios)
                    yield _finding("parts", share, (part, total), (low, exact, high), False)


def _part(whole: Figure, part: Figure) -> Finding:
    """A part that may not be more than its whole."""
    outcome = Outcome.CONSISTENT
    if part.low > whole.high:
        near = part.low - whole.high <= 2 * (part.half + whole.half)
        outcome = Outcome.ROUNDING if near else Outcome.CONTRADICTION
    return Finding(
        "parts", outcome, part.area_name, part.indicator, part.period, part.text, f"≤ {whole.text}", (part, whole)
    )


def _sum(check: str, some: Sequence[Figure], low: Decimal, high: Decimal, told: str, figure: Figure) -> Finding:
    least, most = sum((f.low for f in some), Decimal(0)), sum((f.high for f in some), Decimal(0))
    slack = 2 * sum((f.half for f in some), Decimal(0))
    if least <= high and most >= low:
        outcome = Outcome.CONSISTENT
    else:
        outcome = Outcome.ROUNDING if least - slack <= high and most + slack >= low else Outcome.CONTRADICTION
    total = sum((f.value for f in some), Decimal(0))
    found = amount(total, some[0].unit)
    others = tuple(f for f in some if f is not figure)
    return Finding(check, outcome, figure.area_name, figure.indicator, figure.period, told, found, (figure, *others))


def repeated(figures: Sequence[Figure]) -> Iterator[Finding]:
    """What is told twice: one indicator, area, period and measure, reached, in two reports or in two places of one.

    Figures in a row (29.4%和75.3%) are never one thing told twice, and the sum of several years is none of one.
    """
    groups: dict[tuple[str | bool, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        reached = figure.modality == "actual" and figure.area and figure.period and figure.bound == "eq"
        if reached and figure.measure in ("level", "growth", "averageAnnualGrowth") and not _of_sum(figure):
            key = figure.area, figure.indicator, figure.period, figure.measure, figure.unit, figure.cumulative
            groups[key].append(figure)
    for group in groups.values():
        group.sort(key=lambda f: (f.report_year or 0, f.report, f.places[0].begin, f.iri))
        for one, other in pairwise(group):
            if one.iri == other.iri or _in_row(one, other):
                continue
            if other.low <= one.high and other.high >= one.low:
                outcome = Outcome.CONSISTENT
            elif abs(other.value - one.value) <= 2 * (one.half + other.half):
                outcome = Outcome.ROUNDING
            elif (one.measure != "level" and said_real(one) != said_real(other)) or one.constant != other.constant:
                outcome = Outcome.NOMINAL_REAL
            else:
                outcome = Outcome.CONTRADICTION
            yield Finding(
                "told twice",
                outcome,
                one.area_name,
                one.indicator,
                one.period,
                other.text,
                one.text,
                (other, one),
            )


def _in_row(one: Figure, other: Figure) -> bool:
    """Whether two figures stand in a row: 分别达到2300张、3000张."""
    first, second = sorted((one.places[0], other.places[0]))
    if first.sentence != second.sentence or first.report != second.report:
        return False
    between = second.before[len(first.before) + len(first.quotation) :]
    return re.fullmatch(r"\s*(?:[、和与及]|以及)?[约近超]?过?\s*", between) is not None


_STEADY: Final = re.compile(
    r"(?P<how>连续第?(?P<count>[一二两三四五六七八九十\d]{1,3})(?:年|个年头)|逐年)(?:保持|实现|均|都|稳步|持续)*"
    r"(?P<two>两位数)?(?:的)?(?:快速|较快|大幅)?(?P<way>下降|减少|降低|增长|增加|上升|提高)"
)
_FALLING: Final = frozenset(("下降", "减少", "降低"))
#: what a claim may begin with where it is of the figure in the clause before: 降至19.5,|连续5年下降
_GOES_ON: Final = re.compile(r"[,，、]?(?:已|并|也|均|且|实现|保持|更是)*$")


def steady(figures: Sequence[Figure]) -> Iterator[Finding]:
    """ "连续三年下降" against what all reports tell of those years: the amounts, and the growth of each year."""
    told: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.area and figure.year is not None and figure.modality == "actual" and not figure.cumulative:
            told[figure.area, figure.indicator].append(figure)
    for (report, sentence), here in _by_sentence(figures).items():
        for claim in _STEADY.finditer(sentence):
            of = _claimed(claim, [f for f in here if f.modality == "actual" and f.area])
            last = int(of.period.split("/")[-1][:4]) if of is not None and of.period else None
            if of is None or last is None:
                continue
            years = _count(claim["count"]) if claim["count"] else None
            first = last - (years or 5) + 1
            found = _steps(told[of.area, of.indicator], report, of, first, last)
            if not found:
                continue
            falling = claim["way"] in _FALLING
            floor = Decimal(10) if claim["two"] else Decimal(0)
            right = [(-change if falling else change) > 0 and abs(change) >= floor for change, _, _ in found]
            evidence = sorted({f.iri: f for _, _, fs in found for f in fs}.values(), key=lambda f: (f.period, f.iri))
            yield Finding(
                "steady",
                Outcome.CONSISTENT if all(right) else Outcome.CONTRADICTION,
                of.area_name,
                of.indicator,
                f"{first}/{last}" if years else str(last),
                claim[0],
                "、".join(f"{year} {change:+.1f}%" for change, year, _ in found),
                (of, *(f for f in evidence if f.iri != of.iri)),
            )


def _claimed(claim: re.Match[str], here: Sequence[Figure]) -> Figure | None:
    """The figure that a claim is of: the last before it if the claim goes on with it, or one in its own clause."""
    before = [f for f in here if len(f.places[0].before) + len(f.places[0].quotation) <= claim.start()]
    if before:
        last = max(before, key=lambda f: (len(f.places[0].before), f.measure == "level"))
        begin = len(last.places[0].before) + len(last.places[0].quotation)
        if _GOES_ON.fullmatch(claim.string, begin, claim.start()):
            return last
    clause = re.split(r"[,，;；。]", claim.string[claim.end() :])[0]
    behind = [f for f in here if claim.end() <= len(f.places[0].before) < claim.end() + len(clause)]
    own = re.split(r"[,，;；。]", claim.string[: claim.start()])[-1]
    # 刑事立案|连续三年下降|至300宗: the figure is of the claim's subject
    if own and behind and re.match(r"至|到|为|,|，", clause):
        return min(behind, key=lambda f: f.places[0].begin)
    return None


def _steps(
    told: Sequence[Figure], report: str, of: Figure, first: int, last: int
) -> list[tuple[Decimal, int, tuple[Figure, ...]]]:
    """By how much percent what a claim is of changed in each of its years that somebody tells of, and who does.

    A growth that is told goes before two amounts, and the claim's own report before others.
    """
    out: list[tuple[Decimal, int, tuple[Figure, ...]]] = []
    for year in range(first, last + 1):

        def at(measure: str, unit: str, year: int = year) -> Figure | None:
            some = [f for f in told if f.measure == measure and f.unit == unit and f.year == year]
            return min(some, key=lambda f: (_distance(of, f, year), f.iri), default=None)

        growth = at("growth", "%")
        if growth is not None:
            out.append((growth.value, year, (growth,)))
            continue
        units = sorted({f.unit for f in told if f.measure == "level"})
        for unit in units:
            before, after = at("level", unit, year - 1), at("level", unit, year)
            if before is not None and after is not None and before.value > 0:
                change = (after.value / before.value - 1) * 100
                out.append((change, year, (before, after)))
                break
    return out


def _count(text: str) -> int:
    digits = "零一二三四五六七八九十"
    if text.isdecimal():
        return int(text)
    return digits.index(text) if len(text) == 1 and text in digits else 2


def outcomes(figures: Sequence[Figure]) -> Iterator[Finding]:
    """A target against what a later report says was reached: consistent if it was kept, a contradiction if missed."""
    for promise in promises(figures):
        if (actual := promise.outcome) is None or promise.verdict is Verdict.UNKNOWN:
            continue
        target = promise.target
        yield Finding(
            "outcome",
            Outcome.CONSISTENT if promise.verdict is Verdict.KEPT else Outcome.CONTRADICTION,
            target.area_name,
            target.indicator,
            target.period,
            target.text,
            actual.text,
            (target, actual),
            actual.value - target.value,
        )


#: all checks, by name
CHECKS: Final[dict[str, Check]] = {
    "growth": growth,
    "average growth": average_growth,
    "multiple": multiples,
    "shares": shares,
    "parts": parts,
    "told twice": repeated,
    "steady": steady,
    "outcome": outcomes,
}


def _finding(
    check: str,
    figure: Figure,
    levels: tuple[Figure, Figure],
    found: tuple[Decimal, Decimal, Decimal],
    real: bool,
) -> Finding:
    """A told change against that which follows from two levels: at least, taken as they are told, at most."""
    low, exact, high = found
    if figure.bound == "ge":
        told = (figure.low, max(high, figure.high))
    elif figure.bound == "le":
        told = (min(low, figure.low), figure.high)
    elif "翻" in figure.text:  # 翻番 is twice as much, or something more; 基本翻番 says less
        told = (figure.value * Decimal("0.95"), figure.value * Decimal("1.5"))
    else:
        told = (figure.low, figure.high)
    distance = max(low - told[1], told[0] - high, Decimal(0))
    if distance == 0:
        outcome = Outcome.CONSISTENT
    elif distance <= 2 * figure.half:
        outcome = Outcome.ROUNDING
    elif levels[0].constant != levels[1].constant or (real and _by_prices(figure, low, high)):
        outcome = Outcome.NOMINAL_REAL
    else:
        outcome = Outcome.CONTRADICTION
    follows = amount(exact, "倍" if check == "multiple" else figure.unit)
    return Finding(
        check, outcome, figure.area_name, figure.indicator, figure.period, figure.text, follows, (figure, *levels)
    )


def _by_prices(figure: Figure, low: Decimal, high: Decimal) -> bool:
    """Whether prices could make the difference between a told growth and that of the amounts, both in % or in 倍."""
    last = int(figure.period.split("/")[-1][:4])
    least, most = PRICES_TO_1995 if last <= 1995 else PRICES
    # an average growth is that of one year, a growth over an interval that of all of them
    years = figure.years[1] - figure.years[0] if figure.years and figure.measure != "averageAnnualGrowth" else 1
    scale, base = (Decimal(100), 1) if figure.unit == "%" else (Decimal(1), 0 if figure.measure == "multiple" else 1)
    told = base + figure.value / scale
    if told <= 0:
        return False
    return least**years <= (base + high / scale) / told and (base + low / scale) / told <= most**years


def _in_text_order(figures: Iterable[Figure]) -> list[Figure]:
    """The figures as their reports tell them: what is told first is what a report is about."""
    return sorted(figures, key=lambda f: (f.report, f.places[0].begin, f.iri))


def _by_sentence(figures: Iterable[Figure]) -> dict[tuple[str, str], list[Figure]]:
    out: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        for place in figure.places:
            out[place.report, place.sentence].append(figure)
    return out


def amount(value: Decimal, unit: str) -> str:
    """A number with its unit as reports write it, with 万 and 亿.

    >>> amount(Decimal(36315000000), "元"), amount(Decimal("13.904"), "%"), amount(Decimal(21200), "人")
    ('363.15亿元', '13.9%', '2.12万人')
    """
    size, scale = abs(value), ("", 1)
    if unit not in ("%", "‰", "倍", "个百分点"):
        scale = ("亿", 10**8) if size >= 10**8 else ("万", 10**4) if size >= 10**4 else scale
    return f"{number(value / scale[1], 2)}{scale[0]}{unit}"


def number(value: Decimal, digits: int | None = None) -> str:
    """A number for people, without closing zeros.

    >>> number(Decimal("13.8999"), 2), number(Decimal(36315000000))
    ('13.9', '36,315,000,000')
    """
    rounded = round(value, digits) if digits is not None else value
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
