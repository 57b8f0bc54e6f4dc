"""On what basis a growth is told: at constant prices or otherwise comparable, or as the amounts have it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from kg import resources
from kg.audit.figures import Figure


@lru_cache(maxsize=1)
def _real() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = resources.table("audit_real.tsv", "where", "pattern")
    return (
        re.compile("|".join(p for where, p in rows if where == "indicator")),
        re.compile("|".join(p for where, p in rows if where == "words")),
    )


_PERCENT: Final = re.compile(r"\d[\d.]*[%％]")
_JOINED: Final = re.compile(r"\s*[、和与及]?\s*")
_ASIDE: Final = re.compile(r"[（(][^）)]*[）)]")
_ADJUSTED_BEFORE: Final = re.compile(r"(?:扣除|剔除)[^,，;；。]*[,，][^,，;；。]*$")


def is_real(figure: Figure) -> bool:
    """Whether a growth is told at constant prices, or on a comparable basis.

    That is so of some indicators, or said in the words about the figure: those from the figure before it on, which for
    figures in a row (扣除价格因素后,分别增长4.85%和5.79%) are those before the first, and an aside behind it
    (增长8.9%(按可比价计算)).
    """
    return bool(_real()[0].search(figure.indicator)) or said_real(figure)


def said_real(figure: Figure) -> bool:
    """Whether the words about a growth say that it is real."""
    words = _real()[1]
    for place in figure.places:
        before, stop = place.before, len(place.before)
        told = list(_PERCENT.finditer(before))
        while told and _JOINED.fullmatch(before, told[-1].end(), stop):
            stop = told.pop().start()
        here = before[told[-1].end() if told else 0 : stop]
        aside = _ASIDE.match(place.behind)
        own = re.split(r"[;；。]", here)[-1]
        near = own if _ADJUSTED_BEFORE.search(own) else re.split(r"[,，]", own)[-1]
        if words.search(near + (aside[0] if aside and not _PERCENT.search(aside[0]) else "")):
            return True
    return False
