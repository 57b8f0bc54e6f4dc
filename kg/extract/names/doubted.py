"""Names that a rule finds and that what stands in and around them speaks against.

A way to names by a head or by a list takes kinds for things now and then: 大项目 in "培育大项目", 酒店 in "酒店等项目".
Which of them cannot be said by one rule.  So the traits of what only one such way has found are added up, as those of
chunks that no rule decides are (:mod:`~kg.extract.names.learned`); what comes out below zero is no name.  The weights
(``doubt_weights.tsv``, by ``tools/name_weights.py``) are learnt from all that the rules find in annotated reports.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import floor

from kg.extract.chunks import Unit
from kg.extract.names import features
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.features import is_vocabulary
from kg.extract.names.spans import ALWAYS
from kg.kept import kept_on_disk
from kg.resources import table

#: the ways that are wrong often enough to be doubted where no other one comes to the same
_DOUBTED = frozenset(("head", "list", "honour", "adopted", "hosted", "branded", "one-zone", "shared-head"))


#: the rules that are called by the word that they go by
_BY_A_WORD = ("head:", "list:")


class Trust:
    """The weights by what they are of, to be added up without spelling out the traits of :func:`traits`."""

    #: the longest text and the most units for which there are sums of their own
    SIZE = 32

    def __init__(self, found: Mapping[str, float]) -> None:
        families = features.families(found)

        def of(family: str) -> dict[str, float]:
            return families.get(family, {})

        self.always = of(ALWAYS).get("", 0.0)
        self.length = [of("length").get(features.length(size), 0.0) for size in range(self.SIZE)]
        self.words = [of("words").get(features.words(size), 0.0) for size in range(self.SIZE)]
        self.shared = {kind: of("shared").get(kind, 0.0) for kind in ("no", "some", "many")}
        self.first, self.last, self.tags, self.part = of("first"), of("last"), of("tags"), of("part")
        self.before_word, self.before = features.apart(of("before"))
        self.after_word, self.after = features.apart(of("after"))
        self.names, self.least, self.holds = of("names"), of("least"), of("holds")
        self.way, self.rule, self.classes = of("way"), of("rule"), of("class")
        self.headless, self.placed = of("no").get("head", 0.0), of("placed").get("", 0.0)
        self.several = of("several").get("ways", 0.0)
        self.beside = {
            (former, latter): of("beside").get(f"{former} {latter}", 0.0)
            for former in (False, True)
            for latter in (False, True)
        }
        self.listed = of("listed").get("", 0.0)
        self.summed = {value.removeprefix("up "): weight for value, weight in of("summed").items()}
        self.governed = {value.removeprefix("by "): weight for value, weight in of("governed").items()}
        #: the least that a list can come to; a noun that sums it up has three classes at the most
        self.least_of_lists = (
            min(self.beside.values())
            + min(0.0, self.listed)
            + min([0.0, *self.governed.values()])
            + sum(sorted([0.0] * 4 + list(self.summed.values()))[:4])
        )
        #: by the word of a head: its weight, and those that it has behind a kind of unit
        self.head: dict[str, tuple[float, dict[str, float]]] = {}
        for value, weight in of("head").items():
            word, _, kind = value.partition(" ")
            own, kinds = self.head.get(word, (0.0, {}))
            self.head[word] = (own, kinds | {kind: weight}) if kind else (weight, kinds)
        #: what the ways and rules come to by which something was found, as they were met
        self.of_rule: dict[str, float] = {}

    def total(self, ctx: Context, scene: Scene, c: Candidate, begins: Sequence[int], enough: float) -> float:
        """What the traits of a candidate come to; any more than ``enough`` may be told as that."""
        first, last = bisect_left(begins, c.span.begin), bisect_left(begins, c.span.end)
        us = scene.row[first:last]
        if not us or us[0].begin != c.span.begin or us[-1].end != c.span.end:
            return enough
        total = self.of_itself(ctx, scene, c, us) + self.of_neighbours(ctx, scene, c, first, last)
        if total + self.least_of_lists >= enough:
            return enough
        return min(total + self.of_list(ctx, scene, first, last), enough)

    def of_itself(self, ctx: Context, scene: Scene, c: Candidate, us: Sequence[Unit]) -> float:
        """What the words of a candidate come to, how it was found, and what holds for all of the sentence."""
        most = self.SIZE - 1
        size, count = len(c.span), len(us)
        total = (
            self.always
            + self.length[size if size < most else most]
            + self.words[count if count < most else most]
            + self.first.get(us[0].tag, 0.0)
            + self.last.get(us[-1].tag, 0.0)
            + self.tags.get(features.tags(us), 0.0)
            + self.part.get(scene.part.value, 0.0)
            + self.shared[features.shared(ctx.words.generic.get(ctx.norm[c.span.begin : c.span.end], 0))]
            + self.names.get(features.names(scene), 0.0)
            + self.least.get(features.least(ctx, us), 0.0)
            + (self.placed if ctx.is_place(us[0].text) else 0.0)
        )
        get_held = self.holds.get
        for unit in us:
            total += get_held(unit.text, 0.0)
        for name in c.classes:
            total += self.classes.get(name, 0.0)
        return total + self._of_rule(c.rule)

    def _of_rule(self, rule: str) -> float:
        total = self.of_rule.get(rule)
        if total is None:
            ways = ways_of(rule)
            total = sum(self.way.get(way, 0.0) for way in ways) + (self.several if len(ways) > 1 else 0.0)
            total += sum(self.rule.get(part, 0.0) for part in rule.split("+"))
            self.of_rule[rule] = total
        return total

    def of_neighbours(self, ctx: Context, scene: Scene, c: Candidate, first: int, last: int) -> float:
        """What the words before and after a candidate come to, and its head."""
        row = scene.row
        total = 0.0
        before = after = ""
        kind_before, kind_after = "begin", "end"
        if first:
            kind_before, before = row[first - 1].kind, row[first - 1].text
        if last < len(row):
            kind_after, after = row[last].kind, row[last].text
        total += self.before.get(kind_before, 0.0) + self.before_word.get(before, 0.0)
        total += self.after.get(kind_after, 0.0) + self.after_word.get(after, 0.0)
        head = ctx.words.heads.closing(ctx.norm, c.span.begin, c.span.end)
        if head is None:
            return total + self.headless
        weight, kinds = self.head.get(head.word, _NOTHING)
        return total + weight + kinds.get(kind_before, 0.0)

    def of_list(self, ctx: Context, scene: Scene, first: int, last: int) -> float:
        """What the list that a candidate stands in comes to."""
        former, latter, listed, hyper, verb = features.place(ctx, scene, first, last)
        total = self.beside[former, latter] + self.governed.get(verb, 0.0)
        if listed:
            total += self.listed
        if hyper is not None:
            total += self.summed.get(hyper.word, 0.0)
            for name in hyper.classes:
                total += self.summed.get("as " + name, 0.0)
        return total


#: a head without weights
_NOTHING: tuple[float, dict[str, float]] = (0.0, {})


@kept_on_disk
def weights() -> dict[str, float]:
    """By trait: what it says for what a rule has found."""
    return {trait: float(weight) for trait, weight in table("doubt_weights.tsv", "trait", "weight")}


@lru_cache(maxsize=1)
def trust() -> Trust:
    """The weights, reckoned once per process."""
    return Trust(weights())


def doubts(ctx: Context, scene: Scene, enough: int, known: Trust | None = None) -> list[tuple[Candidate, int]]:
    """What can be doubted of a sentence's candidates, and what it comes to in hundredths, up to ``enough``.

    What is doubted for certain, as what there is trouble with, comes to minus ``enough``.
    """
    found = [c for c in scene.candidates if _is_doubted(c)]
    if not found:
        return []
    known = known or trust()
    begins = [unit.begin for unit in scene.row]
    result = []
    for c in found:
        if features.is_trouble(ctx, scene, bisect_left(begins, c.span.end)):
            result.append((c, -enough))
        elif _is_built(ctx, scene, c, begins):
            result.append((c, enough))
        else:
            result.append((c, floor(100 * known.total(ctx, scene, c, begins, enough / 100))))
    return result


def _is_built(ctx: Context, scene: Scene, c: Candidate, begins: Sequence[int]) -> bool:
    """Whether a candidate with a word that few places' reports use is the object of a verb of building."""
    first, last = bisect_left(begins, c.span.begin), bisect_left(begins, c.span.end)
    built = first > 0 and ctx.words.cue(scene.row[first - 1].text, "build-verb")  # "打通|潮声路"
    return built and features.least(ctx, scene.row[first:last]) == "0"


def _is_doubted(c: Candidate) -> bool:
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


def traits(ctx: Context, scene: Scene, c: Candidate, begins: Sequence[int]) -> list[str]:
    """What can be told of a candidate, as names of traits; nothing where it does not end and begin with words.

    ``begins`` are the offsets of the units of the sentence.
    """
    row, w = scene.row, ctx.words
    first, last = bisect_left(begins, c.span.begin), bisect_left(begins, c.span.end)
    us = row[first:last]
    if not us or us[0].begin != c.span.begin or us[-1].end != c.span.end:
        return []
    text = ctx.norm[c.span.begin : c.span.end]
    before = row[first - 1] if first else None
    after = row[last] if last < len(row) else None
    kind_before = before.kind if before is not None else "begin"
    head = w.heads.closing(text)
    ways = ways_of(c.rule)
    found = [
        ALWAYS,
        "length " + features.length(len(text)),
        "words " + features.words(len(us)),
        "first " + us[0].tag,
        "last " + us[-1].tag,
        "tags " + features.tags(us),
        "part " + scene.part.value,
        "before " + kind_before,
        "after " + (after.kind if after is not None else "end"),
        "shared " + features.shared(w.generic.get(text, 0)),
        "names " + features.names(scene),
        "least " + features.least(ctx, us),
        *["way " + way for way in ways],
        *["rule " + rule for rule in c.rule.split("+") if rule.startswith(_BY_A_WORD)],
        *["class " + name.value for name in c.classes],
        *["holds " + u.text for u in us if is_vocabulary(ctx, u.text)],
    ]
    if len(ways) > 1:
        found.append("several ways")
    if ctx.is_place(us[0].text):
        found.append("placed")
    if head is not None:
        found += ("head " + head.word, f"head {head.word} {kind_before}")
    else:
        found.append("no head")
    features.around(ctx, scene, first, last, found)
    return found
