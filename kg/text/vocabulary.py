"""Word lists of the text layer, read from ``kg/data`` when first needed."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.patterns import compiled
from kg.resources import folder, table


@lru_cache(maxsize=16)
def rows(name: str, *columns: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``kg/data/text_NAME.tsv``, read once."""
    return tuple(table(f"text_{name}.tsv", *columns))


@lru_cache(maxsize=16)
def words(name: str, column: str) -> frozenset[str]:
    """One column of ``kg/data/text_NAME.tsv``."""
    return frozenset(row[0] for row in rows(name, column))


@lru_cache(maxsize=16)
def cue(kind: str) -> re.Pattern[str]:
    """The patterns of one kind in ``text_cues.tsv`` as one."""
    return compiled("|".join(f"(?:{pattern})" for k, pattern in rows("cues", "kind", "pattern") if k == kind))


@lru_cache(maxsize=1)
def _division_lines() -> str:
    # one string to search in: a name is looked up a few times per report, which does not pay for parsing the table
    return "\n" + (folder("data") / "divisions.tsv").read_text(encoding="utf-8")


def divisions(name: str) -> list[tuple[str, list[str]]]:
    """The administrative divisions of that name, past and present: the level of each, and the names around it.

    >>> divisions("海珠区"), divisions("社区")
    ([('county', ['广东省', '广州市'])], [])
    """
    lines = _division_lines()
    found: list[tuple[str, list[str]]] = []
    at = lines.find(f"\n{name}\t")
    while at >= 0:
        _, _, level, within, *_ = lines[at + 1 : lines.find("\n", at + 1)].split("\t")
        found.append((level, within.split()))
        at = lines.find(f"\n{name}\t", at + 1)
    return found
