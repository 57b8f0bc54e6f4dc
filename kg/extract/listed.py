"""The words that patterns of the extractor stand for (``kg/data/pattern_words.tsv``)."""

from __future__ import annotations

from kg.kept import kept_on_disk
from kg.patterns import Listed
from kg.resources import table


@kept_on_disk
def lists() -> dict[str, list[str]]:
    """The words by list."""
    found: dict[str, list[str]] = {}
    for word, name in table("pattern_words.tsv", "word", "list"):
        found.setdefault(name, []).append(word)
    return found


def listed(template: str) -> Listed:
    """A pattern in which ``{list}`` stands for any of its words.

    >>> listed("{great-river}(?=大桥)").search("武穴长江大桥")
    <re.Match object; span=(2, 4), match='长江'>
    """
    return Listed(template, lists)
