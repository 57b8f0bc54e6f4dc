"""Canonical names of indicators."""

from __future__ import annotations


def canonical(name: str) -> str:
    """The name under which the indicator is kept."""
    return name
