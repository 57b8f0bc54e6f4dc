"""Promises and what came of them: a target of one report against what later reports of the same area tell.

A target meets the figures of the same indicator, area, period, measure and unit that the first report after its period
tells as reached; where none does, it is unknown, and why.  A verdict is given only where the figures allow for one:
what is told too roundly, as a bound or differently in two places is unknown, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from kg import resources
from kg.audit.basis import is_real
from kg.audit.figures import Figure


class Verdict(StrEnum):
    """What became of a target."""

    KEPT = "kept"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why it is not known what became of a target."""

    NO_PERIOD = "the report does not say when"
    NOT_YET = "no report of a time after it"
    NOT_TOLD = "no later report tells of it"
    OTHERWISE = "later reports tell of it otherwise"
    SUM = "one of the two is a sum of several years"
    VAGUE = "the indicator does not say of what it is"
    ANOTHER = "the report has another target of it among its main ones"
    BASIS = "one of the two is told at constant prices or on a comparable basis"
    NEITHER = "neither more nor less is better"
    FAR = "what was reached is so far from it that it may be of something else"
    TWICE = "the report tells of it differently in two places"
    REWORDED = "less was reached, but told in other words"
    ROUGH = "what was reached is told too roundly"
    BOUND = "what was reached is told as a bound"


class Caveat(StrEnum):
    """What is to be known of a verdict."""

    EXPECTED = "what was reached is told as expected (预计)"
    REWORDED = "what was reached is told in other words"
    REVISED = "a later report tells of it otherwise"


@dataclass(frozen=True, slots=True)
class Promise:
    """A target and what became of it.

    ``outcome`` is the figure that decides, or that comes nearest to it where the verdict is unknown; ``reason`` is why
    it is; ``revised`` is what the last report tells of it, where that leads to another verdict.
    """

    target: Figure
    verdict: Verdict
    outcome: Figure | None = None
    reason: Reason | None = None
    caveats: tuple[Caveat, ...] = ()
    revised: Figure | None = None


@lru_cache(maxsize=1)
def _aims() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = resources.table("audit_aims.tsv", "pattern", "aim")
    aims = dict.fromkeys(aim for _, aim in rows)
    return tuple((aim, re.compile("|".join(p for p, a in rows if a == aim))) for aim in aims)


@lru_cache(maxsize=4096)
def aim(indicator: str) -> str:
    """Whether ``more`` of an indicator is better, or ``less``, or ``neither``: by the first pattern in its name.

    >>> aim("城镇登记失业率"), aim("第二产业比重"), aim("地区生产总值"), aim("废气达标排放率")
    ('less', 'neither', 'more', 'more')
    """
    return next((name for name, pattern in _aims() if pattern.search(indicator)), "more")


@lru_cache(maxsize=1)
def _cues() -> dict[str, re.Pattern[str]]:
    return {cue: re.compile(pattern) for cue, pattern in resources.table("audit_cues.tsv", "cue", "pattern")}


def _says(cue: str, text: str) -> bool:
    """Whether the words about a figure have that cue of ``audit_cues.tsv``."""
    return _cues()[cue].search(text) is not None


@lru_cache(maxsize=1)
def _vague() -> re.Pattern[str]:
    return re.compile("|".join(p for (p,) in resources.table("audit_vague.tsv", "pattern")))


@lru_cache(maxsize=1)
def _acts() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {row[0]: row[1] for row in resources.table("audit_acts.tsv", "act", "kind")}
    longest = sorted(kinds, key=len, reverse=True)
    return re.compile(f"({'|'.join(longest)})(?:并|和|及|、)?"), kinds


_COUNTED: Final = re.compile(r"(?<=..)(?:总数|人数|户数|面积|长度|数|量|额)$")


@lru_cache(maxsize=65536)
def counted(indicator: str) -> tuple[str, frozenset[str]]:
    """What an indicator counts, and the kinds of acts that bring it about, by the words that its name begins with.

    >>> counted("新建绿道长度"), counted("绿道长度")
    (('绿道', frozenset({'make'})), ('绿道', frozenset()))
    """
    pattern, kinds = _acts()
    at, acts = 0, set()
    while found := pattern.match(indicator, at):
        at = found.end()
        acts.add(kinds[found[1]])
    return _COUNTED.sub("", indicator[at:]), frozenset(acts)


def promises(figures: Sequence[Figure]) -> Iterator[Promise]:
    """Each target of the figures with what became of it, in their order.

    Only reports on the same area are held against each other: what a province tells of one of its cities is another
    series than what the city tells of itself.
    """
    told = _Told(figures)
    for figure in figures:
        if _promises(figure):
            yield told.promise(figure)


def _promises(figure: Figure) -> bool:
    return figure.modality == "target" and not _eased(figure) and not _from(figure)


_RANGE: Final = re.compile(r"\d[%％]?\s*[-－—–~～至到]\s*\d")


def _eased(figure: Figure) -> bool:
    """Whether a target is the end of a range (6－6.5％) that is more than is to be reached: the other is promised."""
    other = "ge" if _less(figure) else "le"
    return figure.bound == other and bool(_RANGE.search(figure.text))


def _from(figure: Figure) -> bool:
    """Whether a target is but what is to change: 从每月|554元|提高到609元."""
    place = figure.places[0]
    return _says("from", place.before) and _says("to", place.behind)


def _less(target: Figure) -> bool:
    """Whether a target is kept by what is lower.

    So it is of what is to stay within a bound (以内), of a decline, of a rank, and of what is better low.
    """
    if target.measure == "rank" or (target.measure != "level" and target.value < 0 and target.bound != "le"):
        return True  # 降幅控制在3%以内 is kept by a smaller one
    if _says("lowered", target.places[0].before):
        return True
    if target.bound == "le":
        return aim(target.indicator) == "less" or not _RANGE.search(target.text)
    return target.bound != "ge" and aim(target.indicator) == "less"


#: how far beyond a mark an amount may be that is told as more than it (突破2.5万亿元)
_BEYOND: Final = Decimal("0.05")


def judge(target: Figure, actual: Figure) -> tuple[Verdict, Reason | None]:
    """Whether what was reached is as much as was aimed at, or as little.

    左右 leaves the last digit of a target open: 8%左右 is kept by 7.5 %.  What was reached is as exact as its digits
    (2.5万亿元 may be 2.53万亿元), and 突破 or 超过 leave open a twentieth more: a mark within may be reached or not.
    """
    less = _less(target)
    sign = -1 if less else 1
    bound = _bound(actual)
    ahead = sign * (actual.value - target.value) + (target.half if target.bound == "approx" else 0)
    beyond, against = ("le", "ge") if less else ("ge", "le")
    if ahead >= 0:
        # at most so much was reached: it may as well be less than the mark
        if bound == against and ahead < abs(actual.value) * _BEYOND:
            return Verdict.UNKNOWN, Reason.BOUND
        return Verdict.KEPT, None
    open_ = abs(actual.value) * _BEYOND if bound == beyond else actual.slack
    if ahead + open_ >= 0:
        return Verdict.UNKNOWN, Reason.ROUGH
    return Verdict.MISSED, None


def _bound(figure: Figure) -> str:
    """The bound of the value: 下降4%以上 is told as at least so much, and is a growth of -4 % at most."""
    if figure.measure != "level" and figure.value < 0:
        return {"ge": "le", "le": "ge"}.get(figure.bound, figure.bound)
    return figure.bound


_Key = tuple[str, str, str, str]
#: amounts of money that differ by more than this are hardly of one thing
_FAR: Final = 4


def _stock(figure: Figure) -> bool:
    return _says("stock", figure.places[0].before) or "总数" in figure.indicator or "总量" in figure.indicator


class _Told:
    """What was aimed at and reached, by series of reports, area, indicator and period, and when the series ends."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._reached: dict[_Key, list[Figure]] = defaultdict(list)
        self._counted: dict[_Key, list[Figure]] = defaultdict(list)
        self._aimed: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
        self._last: dict[str, int] = {}
        for figure in figures:
            if figure.report_year is None or not figure.about:
                continue
            self._last[figure.about] = max(self._last.get(figure.about, 0), figure.report_year)
            if not figure.area or not figure.period:
                continue
            if figure.modality == "target":
                if _promises(figure):
                    self._aimed[figure.report, *_what(figure)].append(figure)
                continue
            for period in _same(figure.period, figure.measure):
                self._reached[figure.about, figure.area, figure.indicator, period].append(figure)
            if figure.measure == "level":
                self._counted[figure.about, figure.area, counted(figure.indicator)[0], figure.period].append(figure)

    def promise(self, target: Figure) -> Promise:
        """What became of a target."""

        def unknown(reason: Reason, outcome: Figure | None = None) -> Promise:
            return Promise(target, Verdict.UNKNOWN, outcome, reason)

        if not target.period or target.report_year is None or not target.about:
            return unknown(Reason.NO_PERIOD)
        end = int(target.period.split("/")[-1][:4])
        if self._last[target.about] <= max(target.report_year, end - 1):
            return unknown(Reason.NOT_YET)
        if _vague().search(target.indicator):
            return unknown(Reason.VAGUE)
        later = self._later(target, end)
        same, reason = _alike(target, later)
        reworded = not same and bool(same := self._in_other_words(target, end))
        if not same:
            nearest = sorted(later, key=lambda f: (f.measure != target.measure, f.unit != target.unit))
            return unknown(reason, nearest[0] if nearest else None)
        if target.unit == "元":
            same = [f for f in same if _near(target, f)] or same
        outcome = same[0]
        if aim(target.indicator) == "neither":
            return unknown(Reason.NEITHER, outcome)
        if self._is_another(target):
            return unknown(Reason.ANOTHER, outcome)
        if target.unit == "元" and not _near(target, outcome):
            return unknown(Reason.FAR, outcome)
        verdict, reason_for = judge(target, outcome)
        others = {judge(target, f)[0] for f in same if f.report == outcome.report}
        if {Verdict.KEPT, Verdict.MISSED} <= others:
            return unknown(Reason.TWICE, outcome)
        if reworded and verdict is Verdict.MISSED:  # 建成5座 says nothing of those that are being built
            return unknown(Reason.REWORDED, outcome)
        revised = same[-1] if judge(target, same[-1])[0] not in (verdict, Verdict.UNKNOWN) else None
        caveats = []
        if _says("expected", outcome.places[0].before):
            caveats.append(Caveat.EXPECTED)
        if reworded:
            caveats.append(Caveat.REWORDED)
        return Promise(target, verdict, outcome, reason_for, tuple(caveats), revised)

    def _later(self, target: Figure, end: int) -> list[Figure]:
        """What later reports tell of the target's indicator and period, the first report first."""
        period = _same(target.period, target.measure)[0]
        found = self._reached.get((target.about, target.area, target.indicator, period), ())
        return _after(target, end, found)

    def _in_other_words(self, target: Figure, end: int) -> list[Figure]:
        """What the first later report counts of the same, brought about by the same acts, or with no word on that."""
        thing, acts = counted(target.indicator)
        if target.measure != "level" or len(thing) < 2 or _stock(target):
            return []
        found = self._counted.get((target.about, target.area, thing, target.period), ())
        later = []
        for figure in _after(target, end, found):
            its = counted(figure.indicator)[1]
            if (its == acts or not its or not acts) and (its or acts) and not _stock(figure):
                later.append(figure)
        same, _ = _alike(target, later)
        same = [f for f in same if f.report == same[0].report]
        return same if len({f.value for f in same}) == 1 else []

    def _is_another(self, target: Figure) -> bool:
        """Whether the report aims at something else for the same, in its list of main targets, where this is not."""
        others = [f for f in self._aimed[target.report, *_what(target)] if f.value != target.value]
        if not others or _says("main", target.places[0].sentence):
            return False
        return any(_says("main", other.places[0].sentence) for other in others)


def _what(figure: Figure) -> tuple[str, ...]:
    return figure.area, figure.indicator, figure.period, figure.measure, _unit(figure)


def _after(target: Figure, end: int, found: Iterable[Figure]) -> list[Figure]:
    """Those of reports after the target's, and not before its time is over, in their order."""
    return sorted(
        (f for f in found if (f.report_year or 0) > (target.report_year or 0) and (f.report_year or 0) >= end),
        key=lambda f: (f.report_year or 0, f.report, f.places[0].begin, f.iri),
    )


def _alike(target: Figure, later: Sequence[Figure]) -> tuple[list[Figure], Reason]:
    """The figures that a target may be held against, and why not others if there are none."""
    alike = [f for f in later if f.measure == target.measure and _unit(f) == _unit(target)]
    same = [f for f in alike if f.cumulative == target.cumulative or target.unit in ("%", "‰")]
    if target.measure == "growth" and same:
        return [f for f in same if is_real(f) == is_real(target)], Reason.BASIS
    if target.measure == "level" and same:
        return [f for f in same if f.constant == target.constant], Reason.BASIS
    if alike and not same:
        return [], Reason.SUM
    return same, Reason.OTHERWISE if later else Reason.NOT_TOLD


@lru_cache(maxsize=1)
def _counters() -> frozenset[str]:
    rows = resources.table("units.tsv", "unit", "kind", "suffix")
    return frozenset(unit for unit, kind, suffix in rows if kind == "count" and suffix == "数")


def _unit(figure: Figure) -> str:
    """The unit; 座 and 个 count the same where the indicator is the same."""
    return "个" if figure.unit in _counters() else figure.unit


def _near(target: Figure, outcome: Figure) -> bool:
    return abs(target.value) <= _FAR * abs(outcome.value) and abs(outcome.value) <= _FAR * abs(target.value)


def _same(period: str, measure: str) -> tuple[str, ...]:
    """The period as it is compared, and others that mean the same.

    An average growth of 2006/2010 may count from 2006 or from 2005, the last year of the plan before; a growth over
    2010/2011 is that of 2011.
    """
    found = re.fullmatch(r"(\d{4})/(\d{4})", period)
    if found is None or measure == "level":
        return (period,)
    first, last = int(found[1]), int(found[2])
    if last - first == 1 and measure == "growth":
        return (str(last),)
    if last - first == 4 and measure == "averageAnnualGrowth":
        return (f"{first - 1}/{last}", period)
    return (period,)
