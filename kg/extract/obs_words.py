"""The words by which the grammar of figures reads a clause (``kg/data/obs_words.tsv``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from kg.resources import table


class ObsWords(NamedTuple):
    """The word lists by role; see the head of the file."""

    tails: dict[str, frozenset[str]]  # word -> its roles at the end of what stands before a figure
    tail_sizes: dict[str, tuple[int, ...]]  # how long the tails are that end with a character, the longest first
    heads: frozenset[str]
    head_sizes: dict[str, tuple[int, ...]]  # how long the heads are that begin with a character, the longest first
    actions: frozenset[str]
    predicates: frozenset[str]
    bare: frozenset[str]
    quantities: tuple[str, ...]
    money: tuple[str, ...]
    invests: tuple[str, ...]
    plants: tuple[str, ...]
    achievements: frozenset[str]
    nominal: frozenset[str]
    adverbs: frozenset[str]
    wholes: tuple[str, ...]
    topical: frozenset[str]
    thing: tuple[str, ...]
    people: tuple[str, ...]
    shared: frozenset[str]


_TAIL_ROLES = ("level", "up", "down", "upnoun", "downnoun", "change", "annual", "yoy", "dist", "each", "filler")


def _sizes(found: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    result: dict[str, set[int]] = {}
    for char, size in found:
        result.setdefault(char, set()).add(size)
    return {char: tuple(sorted(sizes, reverse=True)) for char, sizes in result.items()}


@lru_cache(maxsize=1)
def obs_words() -> ObsWords:
    """The word lists, read once per process."""
    by_role: dict[str, set[str]] = {}
    tails: dict[str, set[str]] = {}
    for word, role in table("obs_words.tsv", "word", "role"):
        by_role.setdefault(role, set()).add(word)
        if role in _TAIL_ROLES:
            tails.setdefault(word, set()).add(role)
    heads = frozenset(by_role["head"])
    return ObsWords(
        tails={w: frozenset(r) for w, r in tails.items()},
        tail_sizes=_sizes((word[-1], len(word)) for word in tails),
        heads=heads,
        head_sizes=_sizes((word[0], len(word)) for word in heads),
        actions=frozenset(by_role["action"]),
        predicates=frozenset(by_role["predicate"]),
        bare=frozenset(by_role["bare"]),
        quantities=tuple(sorted(by_role["quantity"])),
        money=tuple(sorted(by_role["money_noun"])),
        invests=tuple(sorted(by_role["invest"])),
        plants=tuple(sorted(by_role["plant"])),
        achievements=frozenset(by_role["achieve"]),
        nominal=frozenset(by_role["nominal"]),
        adverbs=frozenset(by_role["adverb"]),
        wholes=tuple(sorted(by_role["whole"])),
        topical=frozenset(by_role["topical"]),
        thing=tuple(by_role["thing"]),
        people=tuple(sorted(by_role["people"])),
        shared=frozenset(by_role["shared"]),
    )
