"""A second look at what the weights are not sure of, once the whole report has been looked at.

What a stretch of words comes to (:mod:`~kg.extract.names.scale`), and what a rule has found
(:mod:`~kg.extract.names.doubted`), is told by its sentence alone.  What else is a name in the report, what other
stretches the same words could belong to and whether these are any better, is known only afterwards.  Trees
(:mod:`~kg.extract.names.forest`) add to a sum, or take from it, by such numbers.  They are asked about stretches that
come to nearly enough, of words that no rule has found and without numerals, and about what rules have found and the
first look has not doubted: there, cross-validation has them right more often than not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.extract.names import features
from kg.extract.names.candidates import Candidate
from kg.extract.names.forest import Forest, Tree, read_trees
from kg.extract.names.spans import LEVELS, Sight
from kg.kept import kept_on_disk

#: stretches that come to less than this, in hundredths, are not looked at again, nor what rules have found that comes
#: to as much as that
LEAST, MOST = -200, 300
#: what a rule has found is none if it comes to less than this after all: between this and nought half are names
_AGAINST = -15
#: what is received is not doubted again: hardly any of it would be given up, and with it who has received it
_SURE = "honour"
#: what stands for a sum where there is none, and for that of what a rule has found
_NONE, _RULED = -400, 500
#: the numbers that tell of a stretch
STRETCH: Final = (
    "sum",  # what its traits come to, in hundredths
    "rival",  # the most that another one with some of its words comes to
    "rivals",  # how many of these there are
    "elsewhere",  # the most that the same words come to elsewhere
    "ruled",  # how often rules find the same name
    "former",  # what the member of its list before it comes to
    "latter",  # and the one after it
    "before",  # the kind of the unit before it, as :data:`_KIND` has it
    "after",  # and after it
    "found",  # whether it holds what rules find (1), shares a part with it (2), or lies within it (3)
    "length",
    "words",
    "rare",
    "kinds",  # how many kinds of units beside words it has
    "grade",  # of the head that it closes with, as :data:`_GRADES` has it
    "least",  # by how many places' reports its least common word is used, in steps
    "shared",  # whether no, some or many places' reports use it as it stands
    "others",  # whether those read it who underline more: learnt from, and never so in a report that is built
)
#: and those that tell of what a rule has found
FOUND: Final = (
    "sum",
    "wider",  # the most that a longer stretch comes to which holds it
    "narrower",  # that one within it does
    "across",  # that one does which shares a part with it
    "lowest",  # the least that the same name comes to elsewhere
    "highest",  # and the most
    "ruled",
    "length",
    "names",  # how many names rules find in the sentence
    "others",
)
#: the kinds of units as numbers, from what parts names to what stands in them, so that one bound divides them
_KIND = {
    kind: place
    for place, kind in enumerate(
        ["begin", "stop", "enum", "conj", "etc", "function", "verb", "number", "quote", "title", "paren", "word", "end"]
    )
}
_GRADES = {"no": 0, "weak sign": 1, "weak": 2, "medium sign": 2, "medium": 3, "strong sign": 4, "strong": 5}
_FOUND = {"holds": 1, "across": 2, "within": 3}
_SHARED = {"no": 0, "some": 1, "many": 2}
_LONG, _RIVALS, _RULES = 12, 9, 9


@dataclass(slots=True)
class Look:
    """A sentence after the first look."""

    sight: Sight
    #: the stretches that :meth:`~kg.extract.names.scale.Scale.stretches` gives above :data:`LEAST`: the sum, the first
    #: word and the last
    stretches: list[tuple[int, int, int]]
    #: what a rule has found that can be doubted, and what it comes to, from nought to :data:`MOST`
    doubts: list[tuple[Candidate, int]]
    #: and what speaks against it at once
    against: list[Candidate]


class Whole:
    """What is known of a report once all of its sentences were looked at."""

    def __init__(self, looks: Iterable[Look], *, others: bool = False) -> None:
        self._others = int(others)
        #: how often rules find a name
        self._ruled: Counter[str] = Counter()
        #: by text what the stretches of it come to, and by name what is found by it does
        self._sums: dict[str, list[int]] = {}
        self._doubts: dict[str, list[int]] = {}
        for look in looks:
            self._ruled.update([c.name for c in look.sight.scene.candidates])
            for total, first, last in look.stretches:
                self._sums.setdefault(_text(look.sight, first, last), []).append(total)
            for c, total in look.doubts:
                self._doubts.setdefault(c.name, []).append(total)

    def stretches(self, look: Look) -> list[tuple[int, int, int]]:
        """The stretches of a sentence that are names, with what they come to after all.

        What the first look takes for a name stays one.
        """
        sight = look.sight
        found = [stretch for stretch in look.stretches if stretch[0] > 0]
        asked = [stretch for stretch in look.stretches if self.asks(sight, *stretch)]
        if asked:
            known = stretch_trees()
            for numbers, (total, first, last) in zip(self.of_stretches(look, asked), asked, strict=True):
                after_all = total + known.of(numbers)
                if after_all > 0:
                    found.append((after_all, first, last))
        return found

    @staticmethod
    def asks(sight: Sight, total: int, first: int, last: int) -> bool:
        """Whether the trees are asked about a stretch."""
        return total <= 0 and "number" not in sight.kinds(first, last) and not sight.relations(first, last)

    @staticmethod
    def asks_about(c: Candidate) -> bool:
        """Whether they are asked about what a rule has found."""
        return not c.rule.startswith(_SURE)

    def against(self, look: Look) -> list[Candidate]:
        """What rules have found in a sentence, and what speaks against it after all."""
        if not look.doubts:
            return []
        known = found_trees()
        told = zip(self.of_found(look), look.doubts, strict=True)
        return [c for numbers, (c, total) in told if self.asks_about(c) and total + known.of(numbers) < _AGAINST]

    def of_stretches(self, look: Look, asked: Iterable[tuple[int, int, int]] | None = None) -> list[list[int]]:
        """The numbers of :data:`STRETCH` for each stretch that is asked about, or for all."""
        sight, stretches = look.sight, look.stretches
        ends: dict[int, int] = {}
        begins: dict[int, int] = {}
        for total, first, last in stretches:
            ends[last] = max(total, ends.get(last, _NONE))
            begins[first] = max(total, begins.get(first, _NONE))
        about = stretches if asked is None else asked
        return [self._of_stretch(sight, stretches, ends, begins, *each) for each in about]

    def _of_stretch(
        self,
        sight: Sight,
        stretches: Sequence[tuple[int, int, int]],
        ends: Mapping[int, int],
        begins: Mapping[int, int],
        total: int,
        first: int,
        last: int,
    ) -> list[int]:
        words = sight.words
        rival, rivals = _NONE, -1  # but for itself
        for theirs, begin, end in stretches:
            if begin <= last and first <= end:
                rivals += 1
                if theirs > rival and (begin != first or end != last):
                    rival = theirs
        text = _text(sight, first, last)
        before = words[first - 1].kind if first else "begin"
        after = words[last + 1].kind if last + 1 < len(words) else "end"
        former = latter = _NONE
        if before in features.LISTED:
            former = _RULED if sight.ends_name(first - 2) else ends.get(first - 2, _NONE)
        if after in features.LISTED:
            latter = _RULED if sight.begins_name(last + 2) else begins.get(last + 2, _NONE)
        inside = words[first : last + 1]
        kinds = sight.kinds(first, last)
        head = sight.ctx.words.heads.closing(text)
        grade = 0 if head is None else _GRADES.get(head.grade + (" sign" if len(head.word) == 1 else ""), 0)
        return [
            total,
            rival,
            min(rivals, _RIVALS),
            _apart(self._sums[text], total, highest=True),
            min(self._ruled[text], _RULES),
            former,
            latter,
            _KIND.get(before, 0),
            _KIND.get(after, 0),
            max([_FOUND[way.partition(" ")[0]] for way in sight.relations(first, last)], default=0),
            min(len(text), _LONG),
            len(inside),
            sum([word.rare for word in inside]),
            kinds.count("+") + 1 if kinds else 0,
            grade,
            min([word.level for word in inside]) % (len(LEVELS) - 1),  # what is no word of several signs as a rare one
            _SHARED[features.shared(sight.ctx.words.generic.get(text, 0))],
            self._others,
        ]

    def of_found(self, look: Look) -> list[list[int]]:
        """The numbers of :data:`FOUND` for each."""
        row = look.sight.scene.row
        spans = [(row[first].begin, row[last].end, total) for total, first, last in look.stretches]
        names = len(look.sight.scene.candidates)
        return [self._of_found(spans, names, c, total) for c, total in look.doubts]

    def _of_found(self, spans: Sequence[tuple[int, int, int]], names: int, c: Candidate, total: int) -> list[int]:
        begin, end = c.span.begin, c.span.end
        wider = narrower = across = _NONE
        for b, e, theirs in spans:
            if b >= end or begin >= e:
                continue
            if b <= begin and end <= e:
                wider = max(wider, theirs)
            elif begin <= b and e <= end:
                narrower = max(narrower, theirs)
            else:
                across = max(across, theirs)
        same = self._doubts[c.name]
        return [
            total,
            wider,
            narrower,
            across,
            _apart(same, total, highest=False),
            _apart(same, total, highest=True),
            min(self._ruled[c.name], _RULES),
            min(len(c.name), _LONG),
            min(names, _RULES),
            self._others,
        ]


def _text(sight: Sight, first: int, last: int) -> str:
    row = sight.row
    return sight.ctx.norm[row[first].begin : row[last].end]


def _apart(sums: Sequence[int], own: int, *, highest: bool) -> int:
    """The highest or the lowest of the sums but for one's own.

    >>> _apart([3, 7, 7], 7, highest=True), _apart([3, 7], 3, highest=False), _apart([3], 3, highest=True)
    (7, 7, -400)
    """
    if len(sums) < 2:
        return _NONE
    ordered = sorted(sums, reverse=highest)
    return ordered[1] if ordered[0] == own else ordered[0]


@kept_on_disk
def _stretch_trees() -> list[Tree]:
    return read_trees("second_look_stretches.tsv", STRETCH)


@kept_on_disk
def _found_trees() -> list[Tree]:
    return read_trees("second_look_found.tsv", FOUND)


@lru_cache(maxsize=1)
def stretch_trees() -> Forest:
    """The trees for stretches, read once per process."""
    return Forest(_stretch_trees())


@lru_cache(maxsize=1)
def found_trees() -> Forest:
    """The trees for what rules have found, read once per process."""
    return Forest(_found_trees())
