"""HTML out of Python values, in which text stays text: whatever is not markup already gets escaped.

What a report says may hold anything; it must never become an element or a script of a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

_VOID: Final = frozenset(("input", "br", "hr", "meta", "link"))


class Markup(str):
    """A string that is HTML.  Only :func:`tag` and :func:`join` make any."""

    __slots__ = ()


Child = str | Iterable["Child"] | None
Value = str | int | bool | None


def join(*children: Child) -> Markup:
    """The children one after the other.

    >>> join("<b>", ["&", None, tag("i", "x")])
    '&lt;b&gt;&amp;<i>x</i>'
    """
    out = []
    for child in children:
        if isinstance(child, Markup):
            out.append(str(child))
        elif isinstance(child, str):
            out.append(escape(child))
        elif child is not None:
            out.append(join(*child))
    return Markup("".join(out))


def tag(element: str, /, *children: Child, **attributes: Value) -> Markup:
    """An element.  Attributes: underscores are hyphens (``class_`` is ``class``); None and False leave one out.

    >>> tag("a", "<x>", href='/?q="', class_="m", hidden=True, title=None)
    '<a href="/?q=&quot;" class="m" hidden>&lt;x&gt;</a>'
    """
    told = "".join(
        f" {key.strip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Markup(f"<{element}{told}>" if element in _VOID else f"<{element}{told}>{join(*children)}</{element}>")
