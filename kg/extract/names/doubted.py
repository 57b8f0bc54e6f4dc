"""Names that a rule finds and that what stands in and around them speaks against.

A way to names by a head or by a list takes kinds for things now and then: 大项目 in "培育大项目", 酒店 in "酒店等项目".
Which of them cannot be said by one rule.  So of what only one such way has found the network
(:mod:`~kg.extract.names.network`) is asked, too; what comes out well below zero is no name.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from kg.extract.names import features
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.network import Judged, whole

#: the ways that are wrong often enough to be doubted where no other one comes to the same
_DOUBTED = frozenset(("head", "list", "honour", "adopted", "hosted", "branded", "one-zone", "shared-head"))
#: what a rule has found is none if it comes to less, in hundredths: between this and nought half are names
_AGAINST = -60
#: what stands in quotation marks is hardly ever none: “实施五大战略、打造五个标杆”
_QUOTED, _SURELY_AGAINST = "quote", -200


def doubted(ctx: Context, scene: Scene, judged: Judged) -> list[Candidate]:
    """What of a sentence's candidates is no name, after all; and what there is trouble with, whatever it comes to."""
    found = []
    begins = [unit.begin for unit in scene.row]
    sums = {id(c): judged.sums.get((first, last), 0) for c, first, last in whole(scene)}
    for c in scene.candidates:
        total = sums.get(id(c), 0)
        if not is_doubted(c):
            if c.rule.startswith(_QUOTED) and total < _SURELY_AGAINST:
                found.append(c)
            continue
        trouble = features.trouble(ctx, scene, bisect_left(begins, c.span.end))
        against = total < _AGAINST and trouble != "with" and not _is_built(ctx, scene, c, begins)
        if trouble == "is" or against:
            found.append(c)
    return found


def _is_built(ctx: Context, scene: Scene, c: Candidate, begins: Sequence[int]) -> bool:
    """Whether a candidate with a word that few places' reports use is the object of a verb of building."""
    first, last = bisect_left(begins, c.span.begin), bisect_left(begins, c.span.end)
    built = first > 0 and ctx.words.cue(scene.row[first - 1].text, "build-verb")  # "打通|潮声路"
    return built and features.least(ctx, scene.row[first:last]) == "0"


def is_doubted(c: Candidate) -> bool:
    """Whether nothing but a way that is wrong now and then has led to a name, and to the name as it stands."""
    rule = c.rule
    if "+" not in rule:
        return rule.partition(":")[0] in _DOUBTED and len(c.name) == len(c.span)
    ways = ways_of(rule)
    return len(ways) == 1 and ways[0] in _DOUBTED and len(c.name) == len(c.span)


def ways_of(rule: str) -> list[str]:
    """The ways that a rule, or several joined, belong to.

    >>> ways_of("list:项目+head:公园+head:园")
    ['head', 'list']
    """
    return sorted({part.partition(":")[0] for part in rule.split("+")})
