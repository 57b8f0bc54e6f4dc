"""The rules that can be left out of an extraction, to see what each of them brings.

A rule is called by its part and its name: ``names.lists``, ``figures.ratios``. The parts that run their rules one after
the other keep them in a tuple of functions and filter it with :func:`kept`; where a rule is a condition inside a
longer path, the path asks for its name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

Rule = TypeVar("Rule", bound=Callable[..., Any])


def kept(part: str, rules: Sequence[Rule], without: Collection[str]) -> tuple[Rule, ...]:
    """The rules of a part that are not to be left out.

    >>> def ratios(): ...
    >>> def areas(): ...
    >>> kept("figures", (ratios, areas), {"figures.ratios"}) == (areas,)
    True
    """
    return tuple(rule for rule in rules if f"{part}.{name_of(rule)}" not in without)


def described(part: str, rules: Sequence[Callable[..., Any]]) -> dict[str, str]:
    """The rules of a part by name, each with the first line of its docstring."""
    return {f"{part}.{name_of(rule)}": (rule.__doc__ or "").strip().split("\n")[0].strip() for rule in rules}


def name_of(rule: Callable[..., Any]) -> str:
    """What a rule is called: the name of its function."""
    return rule.__name__.strip("_")
