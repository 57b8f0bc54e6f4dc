"""Stretches of a sentence that may be names, and what can be told of each, in terms that hold for all reports.

A name mostly fills a chunk, but it may also be its beginning ("黄陂中学|初中部"), what stands behind a verb in it
("建设|国家现代农业示范区"), or reach over a conjunction, a numeral or a verb ("应用技术研发与产业化中心").  So every
stretch is looked at that begins where a chunk, the name in it or such a word does, and ends likewise.

What is told of a stretch are its traits: of the words at its edges, beside them and in it, each by the word itself
where it is vocabulary, by its group and its part of speech; and of the whole: its length, its head, its list, the names
that the rules have found.  The groups are of words that stand in the same surroundings (``word_groups.tsv``): the
characters of names of enterprises, the last words of fairs, and so on.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.extract.names import features
from kg.extract.names.candidates import Scene
from kg.extract.names.context import Context
from kg.extract.words import Words, words
from kg.kept import kept_on_disk
from kg.resources import table

#: the trait that every stretch has
ALWAYS = "always"
#: kinds of units that end a chunk and may stand in a name all the same
JOINING = frozenset(("conj", "verb", "function", "number", "enum"))
_BOUNDS = frozenset(("stop", "enum", "etc", "conj", "verb", "function", "number"))
#: of these, those that a name may begin or end with
_EDGES = frozenset(("number", "verb", "function"))
#: punctuation that stands in names
_HYPHENS = frozenset("·—-~～")
#: the most units, characters and words between chunks that a stretch has
_UNITS, _CHARACTERS, _JOINTS = 16, 32, 4
#: so many words behind 等 may sum up its list
_BEHIND = 8


#: the places of a word in a stretch and beside it
PLACES = ("first", "last", "holds", "before", "earlier", "after", "later", "second", "former")
#: of these, those in which it is told at length: the first and the last of a stretch and right beside it
NEXT = frozenset(("first", "last", "before", "after"))
#: by how many places' reports words are used, in steps, and what is no word of several signs: see Word.level
LEVELS = ("0", "1", "2", "3", "4", "5", "none")


class Word:
    """What is told of a word wherever it stands; made once for each, see :func:`vocabulary`."""

    __slots__ = ("_tag", "_used", "closes", "final", "grade", "group", "kind", "level", "rare", "said", "tag", "tails")

    def __init__(self, w: Words, kind: str, text: str, tag: str) -> None:
        size, word = len(text), kind == "word"
        self.kind = kind
        #: what traits call it: itself where it is vocabulary, else what it is like
        self.said = _said(w, kind, text)
        self.group = groups().get(text) or f"?{min(size, 3)}"
        self.tag = tag[:1] or "-"
        head = w.heads.closing(text) if word else None
        #: the grade of the head that it closes with
        self.grade = "no" if head is None else head.grade + ("" if size > 1 else " sign")
        #: whether a name may end with it inside a chunk
        self.closes = head is not None or (word and w.honours.closing(text) is not None)
        #: whether it is none of the name that it follows
        self.tails = text in w.tail and head is None
        #: by how many places' reports it is used, as the index of one of the levels
        areas = w.spread.get(text, 0) if size > 1 else -1
        self.level = LEVELS.index(features.spread(areas if word else -1))
        #: whether it is a word of several signs and not one of many reports
        self.rare = word and size > 1 and text not in w.general
        #: its last sign
        self.final = text[-1]
        self._tag = tag
        self._used = features.spread(areas) if size > 1 else "sign"

    def near(self) -> tuple[str, ...]:
        """What is told of it at the edges of a stretch; the first two of these anywhere."""
        return (
            self.said,
            "group " + self.group,
            "kind " + self.kind,
            "tag " + self._tag,
            "used " + self._used,
        )

    def told(self, place: str) -> list[str]:
        """Its traits in a place that it has in a stretch or beside it."""
        near = self.near()
        found = [f"{place} {trait}" for trait in (near if place in NEXT else near[:2])]
        if place == "last" and self.kind == "word":
            found.append("final " + self.final)
        return found


_DIGITS = str.maketrans("123456789一二三四五六七八九十百千", "0" * 21)


def _said(w: Words, kind: str, text: str) -> str:
    """What traits call a word.

    >>> _said(words(), "number", "2025"), _said(words(), "verb", "建设"), _said(words(), "word", "琶洲")
    ('#0', '建设', '*2')
    """
    size = len(text)
    if kind == "number":
        shape = re.sub("0+", "0", text.translate(_DIGITS))
        return "#" + (shape if len(shape) < 4 else "")
    if kind in ("quote", "title", "paren"):
        return f"{kind} {min(size // 3, 4)}"
    if size == 1 or text in w.general or text in w.heads or text in w.governing or text in w.tail:
        return text
    return f"*{min(size, 4)}" if kind == "word" else f"{kind} *"


@kept_on_disk
def groups() -> dict[str, str]:
    """The group of each word that the reports of several places use."""
    return {row[0]: row[1] for row in table("word_groups.tsv", "word", "group")}


class Vocabulary(dict[tuple[str, str, str], Word]):
    """What is told of words, by kind, text and tag; found out when first asked."""

    def __missing__(self, key: tuple[str, str, str]) -> Word:
        if len(self) > MOST:
            self.clear()
        found = self[key] = Word(words(), *key)
        return found


#: of so many words at the most is kept what is told of them
MOST = 100_000


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words that were met in this process."""
    return Vocabulary()


class Joint(NamedTuple):
    """A word that ends a chunk inside a stretch."""

    said: str
    kind: str
    #: the parts of speech before and after it
    tags: str
    #: the how manieth word of the stretch it is, counted from nought; of later ones no more is told
    at: int
    #: the grade of the head before it
    behind: str
    #: whether a place stands after it
    placed: bool

    def traits(self) -> list[str]:
        """What is told of it."""
        found = ["joined by " + self.said, f"joint {self.kind} {self.tags}", f"joint {self.kind} at {self.at}"]
        if self.behind != "no":
            found.append(f"joint {self.kind} behind {self.behind}")
        if self.placed:
            found.append(f"joint {self.kind} placed")
        return found


class Sight:
    """A sentence as the stretches in it are looked at."""

    def __init__(self, ctx: Context, scene: Scene) -> None:
        self.ctx, self.scene = ctx, scene
        row = self.row = scene.row
        known = vocabulary()
        #: what is told of each word
        self.words = [known[unit.kind, unit.text, unit.tag] for unit in row]
        #: the part of speech of each, a sign for a word
        self.tags = "".join([word.tag for word in self.words])
        size = len(row)
        #: how a stretch that begins with a word does so: with the chunk, behind what only describes, inside
        self.begins = ["outside"] * size
        #: and how one that ends with it ends
        self.ends = ["outside"] * size
        for chunk, us in zip(scene.chunks, scene.trimmed, strict=True):
            self._chunk(chunk.first, chunk.last, chunk.last - len(us))
        self._lists()
        self._runs()
        #: what the rules have found, as stretches with the way that led to it
        self.found: list[tuple[int, int, str]] = []
        if scene.candidates:
            first = {unit.begin: k for k, unit in enumerate(row)}
            last = {unit.end: k for k, unit in enumerate(row)}
            for c in scene.candidates:
                if not c.nested and c.span.begin in first and c.span.end in last:
                    way = c.rule.partition("+")[0].partition(":")[0]
                    self.found.append((first[c.span.begin], last[c.span.end], way))
        self._names_end = {last for _, last, _ in self.found}
        self._names_begin = {first for first, _, _ in self.found}

    def _chunk(self, first: int, last: int, name: int) -> None:
        """A chunk, ``row[first:last]``, in which a name begins at ``name``."""
        begins, ends, told = self.begins, self.ends, self.words
        begins[first:last] = ends[first:last] = ["inside"] * (last - first)
        begins[first] = "chunk"
        begins[name] = "name" if name > first else "both"
        ends[last - 1] = "chunk"
        k = last
        while k > name + 1 and told[k - 1].tails:
            k -= 1
        if k < last:
            ends[k - 1] = "name"

    def _lists(self) -> None:
        """For each word what sums up the list that it stands in."""
        row = self.row
        size = len(row)
        #: the noun behind the 等 of the list; "" where none is known, None where there is no list
        self.summed: list[str | None] = [None] * size
        if "etc" in self.scene.places:
            summed: str | None = None
            for k in range(size - 1, -1, -1):
                kind = row[k].kind
                if kind == "etc":
                    summed = self._sum(k)
                elif kind == "stop":
                    summed = None
                self.summed[k] = summed

    def _runs(self) -> None:
        """For each word what governs it, and how far a stretch may reach that begins with it."""
        #: the verb that governs what begins with a word, or else the kind of what stands before its list
        self.governed: list[str] = []
        #: how many words stand before each that end a chunk inside a stretch
        self._joints: list[int] = []
        #: and how many that are no words
        self._others = [0]
        #: the units that no stretch reaches over
        self._breaks: list[int] = []
        governs, joints, others = "", 0, 0
        for k, unit in enumerate(self.row):
            kind = unit.kind
            others += kind != "word"
            self._others.append(others)
            self.governed.append(governs)
            self._joints.append(joints)
            if kind in JOINING:
                joints += 1
            elif kind == "etc" or (kind == "stop" and unit.text not in _HYPHENS):
                self._breaks.append(k)
            if kind not in features.RUN:
                governs = unit.text if kind == "verb" else kind
        self._breaks.append(len(self.row))

    def _sum(self, etc: int) -> str:
        row, heads = self.row, self.ctx.words.list_heads
        found = ""
        for m in range(etc + 1, min(len(row), etc + _BEHIND)):
            if row[m].kind not in ("number", "word", "function"):
                break
            head = heads.closing(row[m].text) if row[m].kind == "word" else None
            if head is not None:
                found = head.word
        return found

    def edges(self) -> tuple[list[int], list[int]]:
        """The words that stretches may begin with, and those that they may end with."""
        told, begins, ends = self.words, self.begins, self.ends
        beyond = len(told)
        firsts: list[int] = []
        lasts: list[int] = []
        before = "stop"
        for k, word in enumerate(told):
            kind, begin, end = word.kind, begins[k], ends[k]
            if begin == "outside":
                if kind in _EDGES:
                    if before in _BOUNDS:
                        firsts.append(k)
                    if k + 1 == beyond or told[k + 1].kind in _BOUNDS:
                        lasts.append(k)
            else:
                if begin != "inside" or told[k - 1].tag == "v":
                    firsts.append(k)
                if end != "inside" or word.closes or (kind in _EDGES and self._is_bounded(k)):
                    lasts.append(k)
            before = kind
        return firsts, lasts

    def _is_bounded(self, k: int) -> bool:
        return k + 1 == len(self.words) or self.words[k + 1].kind in _BOUNDS

    def stretches(self) -> Iterator[tuple[int, int]]:
        """What may be a name: the indices of its first and its last unit."""
        firsts, lasts = self.edges()
        for first in firsts:
            reach = self.reach(first)
            for last in lasts:
                if first <= last <= reach and self.may_be(first, last):
                    yield first, last

    def reach(self, first: int) -> int:
        """The last unit that a stretch may reach."""
        row, joints = self.row, self._joints
        last = min(first + _UNITS, self._breaks[bisect_right(self._breaks, first)]) - 1
        limit, most = row[first].begin + _CHARACTERS, joints[first + 1 if first < last else first] + _JOINTS
        while last > first and (row[last].end > limit or joints[last] + (row[last].kind in JOINING) > most):
            last -= 1
        return last

    def may_be(self, first: int, last: int) -> bool:
        """Whether it is more than a sign and more than a word at which a chunk ends."""
        return last > first or (self.row[first].kind not in _EDGES and len(self.row[first].text) > 1)

    def traits(self, first: int, last: int) -> list[str]:
        """All that is told of a stretch."""
        always = [ALWAYS, "part " + self.scene.part.value, "names " + features.names(self.scene)]
        found = [*always, *self.at_first(first), *self.at_last(last)]
        for k in range(first, last + 1):
            found += self.words[k].told("holds")
        if last > first:
            found += self.words[first + 1].told("second")
            found += self.words[last - 1].told("former")
        return found + self.of_whole(first, last)

    def at_first(self, k: int) -> list[str]:
        """What is told of a stretch by what it begins with."""
        told = self.words
        found = [*told[k].told("first"), *self.beginning(k)]
        if k:
            found += told[k - 1].told("before")
            if k > 1:
                found += told[k - 2].told("earlier")
        return found

    def beginning(self, k: int) -> list[str]:
        """That of it which the words one by one do not tell."""
        told = self.words
        found = [
            "begins " + self.begins[k],
            f"groups before {told[k - 1].group} {told[k].group}" if k else "before kind begin",
        ]
        if governed := self.governed[k]:
            found.append("governed by " + governed)
        text = self.row[k].text
        if self.ctx.is_place(text):
            found.append("placed")
        if text in self.ctx.own_names:
            found.append("own")
        return found

    def at_last(self, k: int) -> list[str]:
        """What is told of a stretch by what it ends with."""
        told = self.words
        found = [*told[k].told("last"), *self.ending(k)]
        if k + 1 < len(told):
            found += told[k + 1].told("after")
            if k + 2 < len(told):
                found += told[k + 2].told("later")
        return found

    def ending(self, k: int) -> list[str]:
        """That of it which the words one by one do not tell."""
        told = self.words
        found = [
            "ends " + self.ends[k],
            f"groups after {told[k].group} {told[k + 1].group}" if k + 1 < len(told) else "after kind end",
        ]
        summed = self.summed[k]
        if summed is not None:
            found.append("summed up " + summed)
        return found

    def of_whole(self, first: int, last: int) -> list[str]:
        """What is told of a stretch that its words by themselves do not tell."""
        row, told, w = self.row, self.words, self.ctx.words
        inside = told[first : last + 1]
        begin, end = row[first].begin, row[last].end
        text = self.ctx.norm[begin:end]
        before = told[first - 1].kind if first else "begin"
        after = told[last + 1].kind if last + 1 < len(row) else "end"
        kinds = self.kinds(first, last)
        count = last - first + 1
        least = LEVELS[min(word.level for word in inside)]
        found = [
            f"length {min(end - begin, 12)}",
            f"words {min(count, 8)}",
            f"around {before} {after}",
            f"kinds {kinds}",
            f"edges {self.begins[first]} {self.ends[last]} {kinds}",
            "tags " + self.tags[first : min(first + 4, last + 1)],
            "closing tags " + self.tags[max(first, last - 2) : last + 1],
            f"rare {min(sum(word.rare for word in inside), 3)}",
            f"single {min(sum(unit.end - unit.begin == 1 for unit in row[first : last + 1]), 4)}",
            f"least {least}",
            "shared " + features.shared(w.generic.get(text, 0)),
        ]
        if count > 1:
            found += (
                f"groups first {inside[0].group} {inside[1].group}",
                f"groups last {inside[-2].group} {inside[-1].group}",
                f"closing {inside[-2].said} {inside[-1].said}",
            )
            if kinds:
                for k in range(first + 1, last):
                    if told[k].kind in JOINING:
                        found += self.joint(first, k).traits()
        if text in w.general:
            found.append("general")
        head = w.heads.closing(text)
        grade = "no"
        if head is not None:
            grade = head.grade + (" sign" if len(head.word) == 1 else "")
            found += (f"head {head.word}", f"head {head.word} {before}", f"head {head.word} {least}")
        summed = self.summed[last]
        found += (
            f"grade {grade}",
            f"grade {grade} of {kinds}",
            f"grade {grade} behind {before}",
            f"grade {grade} ahead of {after}",
            f"grade {grade} used {least}",
            f"grade {grade} placed {self.ctx.is_place(row[first].text)}",
        )
        if summed is not None:
            found.append(f"grade {grade} in {summed}")
        honour = w.honours.closing(text)
        if honour is not None:
            found.append("honour " + honour.word)
        relations = self.relations(first, last)
        found += ["found " + relation for relation in sorted(relations)]
        found += (f"found {len(relations)}", "beside " + self.beside(first, last, before, after))
        return found

    def kinds(self, first: int, last: int) -> str:
        """The kinds of what else than words is in a stretch."""
        if self._others[last + 1] == self._others[first]:
            return ""
        kinds = frozenset([word.kind for word in self.words[first : last + 1]])
        found = _joined.get(kinds)
        if found is None:
            found = _joined[kinds] = "+".join(sorted(kinds - {"word"}))
        return found

    def joint(self, first: int, k: int) -> Joint:
        """The word ``k``, which ends a chunk inside a stretch that begins with ``first``."""
        word, former, latter = self.words[k], self.words[k - 1], self.words[k + 1]
        placed = self.ctx.is_place(self.row[k + 1].text)
        return Joint(word.said, word.kind, f"{former.tag} {latter.tag}", min(k - first, 3), former.grade, placed)

    def relations(self, first: int, last: int) -> set[str] | frozenset[str]:
        """How a stretch lies to the names that the rules find."""
        if not self.found:
            return _NONE
        relations: set[str] = set()
        for begin, end, way in self.found:
            if end < first or begin > last:
                continue
            held = first <= begin and end <= last
            if held or (begin <= first and last <= end):
                side = "end" if end == last else "begin" if begin == first else "middle"
                relations.add(f"{'holds' if held else 'within'} {way} {side}")
            else:
                relations.add("across")
        return relations

    def beside(self, first: int, last: int, before: str, after: str) -> str:
        """Whether the members of its list before and after it are names; these are the kinds of what is there."""
        former = before in features.LISTED and self.ends_name(first - 2)
        latter = after in features.LISTED and self.begins_name(last + 2)
        return f"{former} {latter}"

    def ends_name(self, k: int) -> bool:
        """Whether what rules have found ends with a word."""
        return k in self._names_end

    def begins_name(self, k: int) -> bool:
        """Whether what rules have found begins with a word."""
        return k in self._names_begin


_NONE: frozenset[str] = frozenset()
#: the kinds in a stretch, as they are spelt
_joined: dict[frozenset[str], str] = {}
