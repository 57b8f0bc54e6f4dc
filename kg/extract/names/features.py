"""What can be told of a stretch of words and of what stands around it, in terms that hold for all reports.

The traits by which learnt weights speak (:mod:`~kg.extract.names.learned`, :mod:`~kg.extract.names.doubted`): sizes in
steps, parts of speech, and words only where the reports of many places use them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from kg.extract.chunks import Unit
from kg.extract.names.candidates import Scene
from kg.extract.names.context import Context
from kg.extract.words import Head

_Number = TypeVar("_Number", int, float)

#: the kinds of units, and what stands beside the first and the last of a sentence
KINDS = ("begin", "end", "word", "quote", "title", "paren", "number", "enum", "conj", "etc", "verb", "function", "stop")
#: the kinds of unit that part the members of a list
LISTED = frozenset(("enum", "conj"))
#: of so many words the tags are one trait
TAGS = 4
#: the kinds of unit that a list has
RUN = frozenset(("enum", "conj", "word", "quote", "paren"))
_FAR = 16
_LENGTHS = (0, 1, 2, 3, 4, 4, 5, 5, 5, 6, 6, 6, 6, 6)
#: by how many places' reports a word is used: none, fewer than the first of these, …
_SPREADS = (20, 40, 70, 100)
#: what so many places' reports have is shared by many
SHARED = 6
#: so many names in a sentence are many
_MANY = 4


def length(size: int) -> str:
    return str(_LENGTHS[size] if size < len(_LENGTHS) else 7)


def words(count: int) -> str:
    return str(min(count, 6))


def tags(us: Sequence[Unit]) -> str:
    return "".join([unit.tag[:1] or "-" for unit in us[:TAGS]])


def shared(areas: int) -> str:
    return "no" if not areas else "some" if areas < SHARED else "many"


def names(scene: Scene) -> str:
    """How many names the rules find in the sentence."""
    return str(min(len(scene.candidates), _MANY))


def least(ctx: Context, us: Sequence[Unit]) -> str:
    """By how many places' reports the least common word of a stretch is used; single characters are no words."""
    known = ctx.words.spread
    return spread(min([known.get(u.text, 0) for u in us if len(u.text) > 1 and u.kind == "word"], default=-1))


def spread(areas: int) -> str:
    """By how many places' reports a word is used, in steps; below 0 where there is no word."""
    if areas < 0:
        return "none"
    return str(bisect_right(_SPREADS, areas) + 1 if areas else 0)


def families(weights: Mapping[str, _Number]) -> dict[str, dict[str, _Number]]:
    """Weights by what the traits tell, and by what they say of it.

    >>> families({"before word": 1.0, "before 建设": 2.0, "no head": -1.0})
    {'before': {'word': 1.0, '建设': 2.0}, 'no': {'head': -1.0}}
    """
    result: dict[str, dict[str, _Number]] = {}
    for trait, weight in weights.items():
        family, _, value = trait.partition(" ")
        result.setdefault(family, {})[value] = weight
    return result


def apart(weights: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Weights of words, and those of kinds of units.

    >>> apart({"word": 1.0, "建设": 2.0})
    ({'建设': 2.0}, {'word': 1.0})
    """
    words = {value: weight for value, weight in weights.items() if value not in KINDS}
    return words, {value: weight for value, weight in weights.items() if value in KINDS}


class Place(NamedTuple):
    """The place of a stretch in the list that it stands in."""

    #: whether the members before and after it are names
    former: bool
    latter: bool
    #: whether an 等 closes the list, and the noun behind it that says what its members are
    listed: bool
    hyper: Head | None
    #: the verb before the list; empty where there is none that reports share
    verb: str


def place(ctx: Context, scene: Scene, first: int, last: int) -> Place:
    """The place of ``row[first:last]`` in its list; what stands in none is a list by itself."""
    row, w = scene.row, ctx.words
    size = len(row)
    former = latter = False
    if first:
        begin = row[first - 1].begin
        former = row[first - 1].kind in LISTED and any(c.span.end == begin for c in scene.candidates)
    if last < size and row[last].kind in LISTED:
        end = row[last].end
        latter = any(c.span.begin == end for c in scene.candidates)
    listed, hyper = False, None
    if "etc" in scene.places:
        n = last
        while n < size and n < last + _FAR and row[n].kind in RUN:
            n += 1
        if n < size and row[n].kind == "etc":
            listed = True
            m = n + 1
            while m < size and m < n + 8 and row[m].kind in ("number", "word", "function"):
                hyper = w.list_heads.closing(ctx.norm, row[n].end, row[m].end) or hyper
                m += 1
    m = first - 1
    while m >= 0 and m > first - _FAR and row[m].kind in RUN:
        m -= 1
    governs = m >= 0 and row[m].kind == "verb" and is_vocabulary(ctx, row[m].text)
    return Place(former, latter, listed, hyper, row[m].text if governs else "")


def is_trouble(ctx: Context, scene: Scene, last: int) -> bool:
    """Whether what ends before ``row[last]`` stands in a list of what is to be got rid of: "解决|水浸街|等民生问题"."""
    row = scene.row
    etc = next((k for k in scene.places.get("etc", ()) if k >= last), None)
    if etc is None or any(u.kind not in RUN for u in row[last:etc]):
        return False
    end = next((k for k in range(etc + 1, len(row)) if row[k].kind not in ("word", "number", "function")), len(row))
    if ctx.words.ending("trouble-noun").search(row[end - 1].text) is None:
        return False
    # "标致汽车|等历史遗留问题": it is the trouble with them that is got rid of, not they
    return ctx.words.pattern("trouble-with").search(ctx.norm, row[etc].end, row[end - 1].end) is None


def around(ctx: Context, scene: Scene, first: int, last: int, found: list[str]) -> None:
    """Add what stands around ``row[first:last]``: the words before and after it, and its list."""
    for side, at in (("before", first - 1), ("after", last)):
        if 0 <= at < len(scene.row) and is_vocabulary(ctx, scene.row[at].text):
            found.append(f"{side} {scene.row[at].text}")
    listing(ctx, scene, first, last, found)


def listing(ctx: Context, scene: Scene, first: int, last: int, found: list[str]) -> None:
    """Add what the list that a stretch stands in tells: its neighbours, the noun that sums it up, its verb."""
    former, latter, listed, hyper, verb = place(ctx, scene, first, last)
    found.append(f"beside {former} {latter}")
    if listed:
        found.append("listed")
    if hyper is not None:
        found.append("summed up " + hyper.word)
        found += ("summed up as " + c.value for c in sorted(hyper.classes))
    if verb:
        found.append("governed by " + verb)


def is_vocabulary(ctx: Context, word: str) -> bool:
    """Whether a word belongs to the language of reports, not to what one of them is about."""
    w = ctx.words
    return len(word) == 1 or word in w.general or word in w.heads or word in w.governing or word in w.tail
