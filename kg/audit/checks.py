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
from kg.audit.figures import Figure


class Outcome(StrEnum):
    """What a check comes to."""

    CONSISTENT = "consistent"
    ROUNDING = "rounding"
    NOMINAL_REAL = "nominal/real"  # at constant prices or on a comparable basis, against amounts of the years
    CONTRADICTION = "contradiction"


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

    @property
    def across(self) -> bool:
        """Whether the figures are of several reports, where an amount may have been revised in between."""
        return len({figure.report for figure in self.figures}) > 1


#: How far official growth at constant prices may be from that of the amounts, in percentage points a year.
PRICES: Final = Decimal(15)

Check = Callable[[Sequence[Figure]], Iterator[Finding]]


@lru_cache(maxsize=1)
def _real() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = resources.table("audit_real.tsv", "where", "pattern")
    return (
        re.compile("|".join(p for where, p in rows if where == "indicator")),
        re.compile("|".join(p for where, p in rows if where == "sentence")),
    )


def is_real(figure: Figure) -> bool:
    """Whether a growth is told at constant prices, or on a comparable basis."""
    indicator, sentence = _real()
    return bool(indicator.search(figure.indicator)) or any(sentence.search(p.sentence) for p in figure.places)


def _series(figures: Iterable[Figure]) -> dict[tuple[str, str, str], dict[int, list[Figure]]]:
    """The levels of single years, by area, indicator and unit, then by year."""
    out: dict[tuple[str, str, str], dict[int, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in figures:
        if figure.measure == "level" and figure.year is not None and figure.area and figure.bound in ("eq", "approx"):
            out[figure.area, figure.indicator, figure.unit][figure.year].append(figure)
    return out


class _Index:
    """Levels by what they are of, so that a growth finds its two in no time."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._levels: dict[tuple[str, str, int, str], list[Figure]] = defaultdict(list)
        for (area, indicator, _), years in _series(figures).items():
            for year, levels in years.items():
                for level in levels:
                    self._levels[area, indicator, year, level.modality].append(level)

    def levels(self, figure: Figure, year: int, modality: str) -> list[Figure]:
        """Levels of the figure's indicator and area in that year; those of its own report first."""
        found = self._levels.get((figure.area, figure.indicator, year, modality), [])
        return sorted(found, key=lambda f: (f.report != figure.report, f.iri))

    def pair(self, figure: Figure, first: int, last: int) -> tuple[Figure, Figure] | None:
        """The levels of two years in one unit: those of the figure's own report go before those of others."""
        befores = self.levels(figure, first, "actual")
        afters = self.levels(figure, last, figure.modality)
        pairs = [(b, a) for b in befores for a in afters if a.unit == b.unit and b.value > 0 and a.iri != b.iri]
        pairs.sort(key=lambda p: ((p[0].report != figure.report) + (p[1].report != figure.report), p[0].iri, p[1].iri))
        return pairs[0] if pairs else None


def growth(figures: Sequence[Figure]) -> Iterator[Finding]:
    """A growth in percent against the levels of the year and of the one before it."""
    index = _Index(figures)
    for figure in figures:
        if figure.measure != "growth" or figure.unit != "%" or figure.year is None or not figure.area:
            continue
        if (pair := index.pair(figure, figure.year - 1, figure.year)) is None:
            continue
        before, after = pair
        if before.unit in ("%", "个百分点"):
            continue
        low = (after.low / before.high - 1) * 100
        high = (after.high / before.low - 1) * 100 if before.low > 0 else low
        yield _finding("growth", figure, (before, after), low, high, is_real(figure))


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
        for base in (first - 1, first):
            if last > base and (pair := index.pair(figure, base, last)) is not None:
                before, after = pair
                years = last - base
                if before.low > 0 and after.low > 0:
                    low = _root(after.low / before.high, years)
                    high = _root(after.high / before.low, years)
                    ways.append(_finding("average growth", figure, (before, after), low, high, is_real(figure)))
        order = list(Outcome)
        if ways:
            yield min(ways, key=lambda f: order.index(f.outcome))


def _root(ratio: Decimal, years: int) -> Decimal:
    """The growth in percent a year that makes the ratio in so many years."""
    return (Decimal(float(ratio) ** (1 / years)) - 1) * 100


def multiples(figures: Sequence[Figure]) -> Iterator[Finding]:
    """A multiple against the two levels in its own sentence: "从100亿元增加到250亿元,是2005年的2.5倍"."""
    for here in _by_sentence(figures).values():
        for figure in here:
            if figure.measure != "multiple" or _OF_OTHERS.search(_before(figure)):
                continue
            levels = [
                f for f in here if f.measure == "level" and f.indicator == figure.indicator and f.area == figure.area
            ]
            levels.sort(key=lambda f: (f.period, f.places[0].begin))
            if len(levels) != 2 or levels[0].unit != levels[1].unit or levels[0].low <= 0:
                continue
            before, after = levels
            low, high = after.low / before.high, after.high / before.low
            ways = [  # 增长1.5倍 is 2.5 times as much; texts use one for the other
                _finding("multiple", figure, (before, after), low, high, False),
                _finding("multiple", figure, (before, after), low - 1, high - 1, False),
            ]
            order = list(Outcome)
            yield min(ways, key=lambda f: order.index(f.outcome))


#: 是全市的|2.2倍 compares with others, and not with the year before
_OF_OTHERS: Final = re.compile(r"(?:全[国省市区]|平均)[^,，;；。]{0,6}$")


def _before(figure: Figure) -> str:
    place = figure.places[0]
    return place.sentence[: max(place.sentence.find(place.quotation), 0)]


def shares(figures: Sequence[Figure]) -> Iterator[Finding]:
    """The shares of the three sectors in one area and period, told by one report, against 100 %."""
    groups: dict[tuple[str, str, str, str], dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        found = re.fullmatch(r"(第[一二三]产业)(?:增加值)?(?:所占|占)?(?:.{0,8})?比重", figure.indicator)
        if found and figure.measure == "level" and figure.unit == "%" and figure.area and figure.period:
            groups[figure.report, figure.area, figure.period, figure.modality].setdefault(found[1], figure)
    for parts in groups.values():
        if len(parts) == 3:
            together = [parts[f"第{n}产业"] for n in "一二三"]
            yield _sum("shares", together, Decimal(100), Decimal(100), "100%", together[0])


#: What is the sum of what, where all are told: the whole first.
WHOLES: Final = (
    ("地区生产总值", ("第一产业增加值", "第二产业增加值", "第三产业增加值")),
    ("进出口总额", ("出口总额", "进口总额")),
    ("进出口总值", ("出口总值", "进口总值")),
)


def parts(figures: Sequence[Figure]) -> Iterator[Finding]:
    """Parts against their whole, in one report, area and year."""
    levels: dict[tuple[str, str, str, str, str], dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        if figure.measure == "level" and figure.area and figure.period and figure.bound == "eq":
            key = (figure.report, figure.area, figure.period, figure.modality, figure.unit)
            levels[key].setdefault(figure.indicator, figure)
    for told in levels.values():
        for whole, names in WHOLES:
            if whole in told and all(name in told for name in names):
                some = [told[name] for name in names]
                yield _sum("parts", some, told[whole].low, told[whole].high, told[whole].text, told[whole])


def _sum(check: str, some: Sequence[Figure], low: Decimal, high: Decimal, told: str, figure: Figure) -> Finding:
    least, most = sum((f.low for f in some), Decimal(0)), sum((f.high for f in some), Decimal(0))
    slack = 2 * sum((f.half for f in some), Decimal(0))
    if least <= high and most >= low:
        outcome = Outcome.CONSISTENT
    else:
        outcome = Outcome.ROUNDING if least - slack <= high and most + slack >= low else Outcome.CONTRADICTION
    total = sum((f.value for f in some), Decimal(0))
    found = f"{number(total)}{some[0].unit}"
    others = tuple(f for f in some if f is not figure)
    return Finding(check, outcome, figure.area_name, figure.indicator, figure.period, told, found, (figure, *others))


def repeated(figures: Sequence[Figure]) -> Iterator[Finding]:
    """What is told twice: one indicator, area, period and measure, reached, in two reports or in two places of one."""
    groups: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        reached = figure.modality == "actual" and figure.area and figure.period and figure.bound == "eq"
        if reached and figure.measure in ("level", "growth", "averageAnnualGrowth"):
            groups[figure.area, figure.indicator, figure.period, figure.measure, figure.unit].append(figure)
    for group in groups.values():
        group.sort(key=lambda f: (f.report_year or 0, f.report, f.places[0].begin, f.iri))
        for one, other in pairwise(group):
            if one.iri == other.iri:
                continue
            low, high = one.low, one.high
            if other.low <= high and other.high >= low:
                outcome = Outcome.CONSISTENT
            elif abs(other.value - one.value) <= 2 * (one.half + other.half):
                outcome = Outcome.ROUNDING
            elif one.measure != "level" and (is_real(one) != is_real(other)):
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


_STEADY: Final = re.compile(
    r"(?:连续|逐年)([一二两三四五六七八九十\d]{0,3})(?:年|个年头)?[^,。;，；]{0,6}?(下降|减少|降低|增长|增加|上升|提高)"
)
_FALLING: Final = frozenset(("下降", "减少", "降低"))


def steady(figures: Sequence[Figure]) -> Iterator[Finding]:
    """ "连续三年下降" against the series of the indicator that the sentence is about."""
    series = _series(figures)
    seen: set[tuple[str, str, int]] = set()
    for figure in figures:
        for place in figure.places:
            found = _STEADY.search(place.sentence)
            years = series.get((figure.area, figure.indicator, figure.unit), {})
            if not found or figure.measure != "level" or figure.year is None or len(years) < 2:
                continue
            key = (place.report, figure.indicator, place.begin)
            # the claim has to stand in the figure's own clause, not merely in a sentence of many
            clause = _clause(place.sentence, place.quotation)
            if key in seen or not _STEADY.search(clause):
                continue
            seen.add(key)
            told = [
                next((f for f in years[y] if f.report == figure.report and f.modality == "actual"), None)
                for y in sorted(years)
                if y <= figure.year
            ]
            row = [f for f in told if f is not None][-_count(found[1]) - 1 :]
            if len(row) < 2:
                continue
            falling = found[2] in _FALLING
            steps = [(b.value < a.value) if falling else (b.value > a.value) for a, b in pairwise(row)]
            yield Finding(
                "steady",
                Outcome.CONSISTENT if all(steps) else Outcome.CONTRADICTION,
                figure.area_name,
                figure.indicator,
                f"{row[0].period}/{row[-1].period}",
                found[0],
                "、".join(f.text for f in row),
                (row[-1], *row[:-1]),
            )


def _clause(sentence: str, quotation: str) -> str:
    return next((clause for clause in re.split(r"[,，;；。]", sentence) if quotation in clause), sentence)


def _count(text: str) -> int:
    digits = "零一二三四五六七八九十"
    if text.isdecimal():
        return int(text)
    return digits.index(text) if len(text) == 1 and text in digits else 2


def outcomes(figures: Sequence[Figure]) -> Iterator[Finding]:
    """A target against what a later report says was reached: consistent if it was reached, a contradiction if not."""
    reached: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.modality == "actual" and figure.area and figure.period:
            reached[figure.area, figure.indicator, figure.period, figure.measure, figure.unit].append(figure)
    for figure in figures:
        if figure.modality != "target" or not figure.area or not figure.period:
            continue
        key = (figure.area, figure.indicator, figure.period, figure.measure, figure.unit)
        later = [f for f in reached.get(key, ()) if (f.report_year or 0) > (figure.report_year or 9999)]
        if not later:
            continue
        actual = min(later, key=lambda f: (f.report_year or 0, f.iri))
        kept = _kept(figure, actual)
        yield Finding(
            "outcome",
            Outcome.CONSISTENT if kept else Outcome.CONTRADICTION,
            figure.area_name,
            figure.indicator,
            figure.period,
            figure.text,
            actual.text,
            (figure, actual),
        )


def _kept(target: Figure, actual: Figure) -> bool:
    if target.bound == "le":
        return actual.low <= target.high
    return actual.high >= target.low


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
    low: Decimal,
    high: Decimal,
    real: bool,
) -> Finding:
    """A told ratio against the interval that follows from two levels."""
    if figure.bound == "ge":
        told = (figure.low, max(high, figure.high))
    elif figure.bound == "le":
        told = (min(low, figure.low), figure.high)
    elif "翻" in figure.text:  # 翻番 is twice as much, or something more
        told = (figure.value * Decimal("0.95"), figure.value * Decimal("1.5"))
    elif figure.bound == "approx":
        told = (figure.value - 3 * figure.half, figure.value + 3 * figure.half)
    else:
        told = (figure.low, figure.high)
    distance = max(low - told[1], told[0] - high, Decimal(0))
    middle = (low + high) / 2
    if distance == 0:
        outcome = Outcome.CONSISTENT
    elif distance <= 2 * figure.half:
        outcome = Outcome.ROUNDING
    elif real and distance <= PRICES:
        outcome = Outcome.NOMINAL_REAL
    else:
        outcome = Outcome.CONTRADICTION
    sign = "" if check == "multiple" else "%"
    found = f"{number(middle, 2)}{sign or '倍'}"
    return Finding(
        check, outcome, figure.area_name, figure.indicator, figure.period, figure.text, found, (figure, *levels)
    )


def _by_sentence(figures: Iterable[Figure]) -> dict[tuple[str, str], list[Figure]]:
    out: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        for place in figure.places:
            out[place.report, place.sentence].append(figure)
    return out


def number(value: Decimal, digits: int | None = None) -> str:
    """A number for people, without closing zeros.

    >>> number(Decimal("13.8999"), 2), number(Decimal(36315000000))
    ('13.9', '36,315,000,000')
    """
    rounded = round(value, digits) if digits is not None else value
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
