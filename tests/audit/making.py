"""Figures for the tests, of one area, made without a store."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kg.audit.checks import CHECKS, Outcome
from kg.audit.figures import Figure, Place

CONSISTENT, ROUNDING, REAL, CONTRADICTION = Outcome

_SCALES = {"万": 10**4, "亿": 10**8}


def figure(
    text: str,
    period: str = "2010",
    value: str | int | Decimal | None = None,
    *,
    indicator: str = "出口总额",
    measure: str = "level",
    unit: str = "元",
    modality: str = "actual",
    bound: str = "eq",
    report: str = "r1",
    year: int | None = 2011,
    sentence: str = "",
    area: str = "甲市",
    at: int = 0,
    about: str = "甲市",
) -> Figure:
    """A figure; its value is read from the text unless told, its sentence is its own unless told.

    ``at`` is where it begins in the report; figures of one sentence have the offsets that they have in it.
    """
    if value is None:
        number = text.rstrip("元个人%％倍点百分宗吨套辆").rstrip("美")
        scale = 1
        while number[-1:] in _SCALES:
            scale *= _SCALES[number[-1]]
            number = number[:-1]
        value = Decimal(number) * scale
    sentence = sentence or f"{indicator}{text}。"
    begin = sentence.index(text)
    place = Place(report, at + begin, at + begin + len(text), text, sentence, begin)
    return Figure(
        "|".join((report, area, indicator, period, measure, modality, bound, text, str(at + begin))),
        report,
        report,
        year,
        indicator,
        area,
        area,
        period,
        measure,
        modality,
        bound,
        Decimal(value),
        unit,
        text,
        (place,),
        about,
    )


def growth(text: str, period: str = "2010", value: str | None = None, **more: Any) -> Figure:
    """A growth in percent unless ``unit`` is told."""
    return figure(text, period, value, measure="growth", **{"unit": "%"} | more)


def average(text: str, period: str, **more: Any) -> Figure:
    return figure(text, period, measure="averageAnnualGrowth", unit="%", **more)


def multiple(text: str, period: str = "2006/2010", value: str | None = None, **more: Any) -> Figure:
    return figure(text, period, value, **{"measure": "multiple", "unit": "倍"} | more)


def outcomes(check: str, *figures: Figure | Sequence[Figure]) -> list[Outcome]:
    flat: list[Figure] = []
    for each in figures:
        flat.extend([each] if isinstance(each, Figure) else each)
    return [finding.outcome for finding in CHECKS[check](flat)]
