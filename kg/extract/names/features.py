"""What is told of words and stretches in terms that hold for all reports: by how many places' reports they are used."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from kg.extract.chunks import Unit
from kg.extract.names.candidates import Scene
from kg.extract.names.context import Context

#: the kinds of unit that a list has
RUN = frozenset(("enum", "conj", "word", "quote", "paren"))
#: by how many places' reports a word is used: none, fewer than the first of these, …
_SPREADS = (20, 40, 70, 100)
#: what so many places' reports have is shared by many
SHARED = 6


#: by how many places' reports something is had as it stands: :func:`shared`
SHARES = ("no", "some", "many")


def shared(areas: int) -> str:
    """Of :data:`SHARES`, for so many places."""
    return SHARES[(areas > 0) + (areas >= SHARED)]


def least(ctx: Context, us: Sequence[Unit]) -> str:
    """By how many places' reports the least common word of a stretch is used; single characters are no words."""
    known = ctx.words.spread
    return spread(min([known.get(u.text, 0) for u in us if len(u.text) > 1 and u.kind == "word"], default=-1))


def spread(areas: int) -> str:
    """By how many places' reports a word is used, in steps; below 0 where there is no word."""
    if areas < 0:
        return "none"
    return str(bisect_right(_SPREADS, areas) + 1 if areas else 0)


def trouble(ctx: Context, scene: Scene, last: int) -> str:
    """What a list of troubles says of what ends before ``row[last]``: it is one, there is one with it, or neither.

    "is" for "解决|水浸街|等民生问题"; "with" for "标致汽车|等历史遗留问题", where it is not 标致汽车 that is got rid
    of; else "".
    """
    row = scene.row
    etc = next((k for k in scene.places.get("etc", ()) if k >= last), None)
    if etc is None or any(u.kind not in RUN for u in row[last:etc]):
        return ""
    end = next((k for k in range(etc + 1, len(row)) if row[k].kind not in ("word", "number", "function")), len(row))
    if ctx.words.ending("trouble-noun").search(row[end - 1].text) is None:
        return ""
    with_it = ctx.words.pattern("trouble-with").search(ctx.norm, row[etc].end, row[end - 1].end)
    return "is" if with_it is None else "with"
