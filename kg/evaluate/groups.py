"""The groups that annotated reports fall into, and what is said of a group as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import fsum

from kg.evaluate.reports import Result
from kg.evaluate.scoring import MEASURES


class Group(StrEnum):
    """What a report was there for while the extraction was made; in the order in which they are shown."""

    SEED = "seed"
    DEVELOPED = "developed"
    ASIDE = "aside"
    OTHER = "other"

    @property
    def heading(self) -> str:
        """The name of the group in tables."""
        return _HEADINGS[self]


_HEADINGS = {
    Group.SEED: "the seed",
    Group.DEVELOPED: "cuttings developed with",
    Group.ASIDE: "cuttings put aside",
    Group.OTHER: "other reports",
}

#: results by group, without groups that have none
Grouped = Mapping[Group, Sequence[Result]]


def means(results: Sequence[Result]) -> dict[str, float]:
    """The mean of each measure over the reports in which it can be judged."""
    columns: dict[str, list[float]] = {}
    for result in results:
        for measure, value in result.scores.values().items():
            columns.setdefault(measure, []).append(value)
    return {m: fsum(columns[m]) / len(columns[m]) for m in MEASURES if m in columns}
