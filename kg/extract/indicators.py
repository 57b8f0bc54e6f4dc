"""The indicators that reports have in common, and the wordings that mean the same.

``kg/data/indicators.tsv`` lists them with English label, topic and usual unit.  A wording that is not listed is
an indicator of its own: a wrong merge is worse than a missed one.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from kg.patterns import compiled
from kg.resources import table


class Indicator(NamedTuple):
    """A common indicator."""

    label: str
    aliases: tuple[str, ...]
    english: str
    topic: str
    unit: str  # the usual one, without 万 and 亿; empty for an index or a rate of change


@lru_cache(maxsize=1)
def indicators() -> dict[str, Indicator]:
    """The common indicators by label, in file order."""
    rows = table("indicators.tsv", "label", "aliases", "en", "topic", "unit")
    return {r[0]: Indicator(r[0], tuple(a for a in r[1].split("|") if a), r[2], r[3], r[4]) for r in rows}


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    return {_key(n): i.label for i in indicators().values() for n in (i.label, *i.aliases)}


#: how fast something grows, behind what it is of
SPEED = "增速"
_OMIT = compiled(r"[\s“”\"‘’'·]")


def _key(name: str) -> str:
    return _OMIT.sub("", name).upper()


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """The name under which the indicator is kept.

    >>> canonical("GDP"), canonical("全社会固定资产投资额"), canonical("绿道驿站数")
    ('地区生产总值', '固定资产投资', '绿道驿站数')

    How fast something grows is named by what does:

    >>> canonical("GDP增速")
    '地区生产总值增速'
    """
    label = _labels().get(_key(name))
    if label is None and name.endswith(SPEED):
        return _labels().get(_key(name.removesuffix(SPEED)), name.removesuffix(SPEED)) + SPEED
    return name if label is None else label


def is_common(name: str) -> bool:
    """Whether a wording is one of a common indicator: GDP, 地区生产总值."""
    return _key(name) in _labels()


#: what is called by one sign
_ONE_SIGN = frozenset("省市区县乡镇村")


def measured_of(name: str, more: Collection[str] = ()) -> str:
    """The things of which a name says what is measured of each; the name itself where no common indicator ends it, nor
    one of ``more`` words.

    >>> measured_of("欠发达镇生产总值"), measured_of("绿道驿站面积"), measured_of("镇街纯收入", ("纯收入",))
    ('欠发达镇', '绿道驿站面积', '镇街')
    >>> measured_of("县地区生产总值")
    '县'
    """
    labels = _labels()
    shortest = 1 if name[:1] in _ONE_SIGN else 2
    ends = (at for at in range(shortest, len(name) - 1) if name[at:].upper() in labels or name[at:] in more)
    return name[: next(ends, len(name))]
