"""Word lists of the text layer, read from ``kg/data`` when first needed."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.resources import table


@lru_cache(maxsize=16)
def rows(name: str, *columns: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``kg/data/text_NAME.tsv``, read once."""
    return tuple(table(f"text_{name}.tsv", *columns))


@lru_cache(maxsize=16)
def words(name: str, column: str) -> frozenset[str]:
    """One column of ``kg/data/text_NAME.tsv``."""
    return frozenset(row[0] for row in rows(name, column))


def alternatives(items: frozenset[str]) -> str:
    """A regular expression for one of the words, the longest first.

    >>> alternatives(frozenset(["区", "新区"]))
    '新区|区'
    """
    return "|".join(re.escape(item) for item in sorted(items, key=lambda w: (-len(w), w)))


@lru_cache(maxsize=16)
def cue(kind: str) -> re.Pattern[str]:
    """The patterns of one kind in ``text_cues.tsv`` as one."""
    return re.compile("|".join(f"(?:{pattern})" for k, pattern in rows("cues", "kind", "pattern") if k == kind))
