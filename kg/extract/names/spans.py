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
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg.extract.names import features
from kg.extract.names.candidates import Scene
from kg.extract.names.context import Context
from kg.extract.words import Words, words
from kg.resources import table

#: the trait that every stretch has
ALWAYS = "always"
#: kinds of units that end a chunk and may stand in a name all the same
JOINING = frozenset(("conj", "verb", "function", "number", "enum"))
_BOUNDS = frozenset(("stop", "enum", "etc", "conj", "verb", "function", "number"))
#: of these, those that a name may begin or end with
_EDGES = frozenset(("number", "verb", "function"))
#: kinds that neither end a name nor begin one
_BETWEEN = frozenset(("stop", "enum", "etc", "conj"))
#: punctuation that stands in names
_HYPHENS = frozenset("·—-~～")
_RUN = frozenset(("word", "quote", "paren", "enum", "conj"))
#: the most units, characters and words between chunks that a stretch has
_UNITS, _CHARACTERS, _JOINTS = 16, 32, 4
#: so many words behind 等 may sum up its list
_BEHIND = 8


class Word:
    """What is told of a word wherever it stands; made once for each, see :func:`vocabulary`."""

    __slots__ = (
        *("areas", "closes", "grade", "group", "kind", "rare", "said", "tag", "tails"),
        *("_final", "_tag", "_used"),
    )

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
        #: by how many places' reports it is used; -1 for what is no word of several signs
        self.areas = w.spread.get(text, 0) if word and size > 1 else -1
        #: whether it is a word of several signs and not one of many reports
        self.rare = word and size > 1 and text not in w.general
        self._used = features.spread(w.spread.get(text, 0)) if size > 1 else "sign"
        self._tag = tag
        self._final = text[-1]

    def told(self, place: str) -> list[str]:
        """Its traits in a place that it has in a stretch or beside it."""
        if place not in _NEXT:
            return [f"{place} {self.said}", f"{place} group {self.group}"]
        found = [
            f"{place} {self.said}",
            f"{place} kind {self.kind}",
            f"{place} tag {self._tag}",
            f"{place} used {self._used}",
            f"{place} group {self.group}",
        ]
        if place == "last" and self.kind == "word":
            found.append(f"final {self._final}")
        return found


#: the places of a word: those of the first and the last of a stretch and right beside it are told at length
_NEXT = frozenset(("first", "last", "before", "after"))
PLACES = ("first", "last", "holds", "before", "earlier", "after", "later", "second", "former")
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


@lru_cache(maxsize=1)
def groups() -> dict[str, str]:
    """The group of each word that the reports of several places use."""
    return {row[0]: row[1] for row in table("word_groups.tsv", "word", "group")}


class Vocabulary(dict[tuple[str, str, str], Word]):
    """What is told of words, by kind, text and tag; found out when first asked."""

    def __missing__(self, key: tuple[str, str, str]) -> Word:
        if len(self) > _KNOWN:
            self.clear()
        found = self[key] = Word(words(), *key)
        return found


#: so many words are kept
_KNOWN = 100_000


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words that were met in this process."""
    return Vocabulary()


class Sight:
    """A sentence as the stretches in it are looked at."""

    def __init__(self, ctx: Context, scene: Scene) -> None:
        self.ctx, self.scene = ctx, scene
        row = self.row = scene.row
        known = vocabulary()
        #: what is told of each word
        self.words = [known[unit.kind, unit.text, unit.tag] for unit in row]
        size = len(row)
        #: how a stretch that begins with a word does so: with the chunk, behind what only describes, inside
        self.begins = ["outside"] * size
        #: and how one that ends with it ends
        self.ends = ["outside"] * size
        for chunk, us in zip(scene.chunks, scene.trimmed, strict=True):
            self._chunk(chunk.first, chunk.last, chunk.last - len(us))
        self._lists()
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
        self.always = [ALWAYS, "part " + scene.part.value, "names " + features.names(scene)]

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

    def governed(self, k: int) -> str:
        """The verb that governs what begins with a word, or else the kind of what stands before its list."""
        row = self.row
        k -= 1
        while k >= 0 and row[k].kind in _RUN:
            k -= 1
        if k < 0:
            return ""
        return row[k].text if row[k].kind == "verb" else row[k].kind

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

    def edges(self) -> tuple[list[int], list[bool]]:
        """Where stretches may begin, and for each word whether one may end with it."""
        row, told, begins, ends = self.row, self.words, self.begins, self.ends
        size = len(row)
        firsts: list[int] = []
        lasts = [False] * size
        before = "stop"
        for k in range(size):
            kind, state = told[k].kind, begins[k]
            if state in ("chunk", "name", "both"):
                firsts.append(k)
            elif state == "inside":
                if told[k - 1].tag == "v":
                    firsts.append(k)
            elif kind in _EDGES and before in _BOUNDS:
                firsts.append(k)
            before = kind
            inside = ends[k] == "inside" and told[k].closes
            joined = kind in _EDGES and (k + 1 == size or told[k + 1].kind in _BOUNDS)
            lasts[k] = inside or joined or ends[k] in ("chunk", "name")
        return firsts, lasts

    def stretches(self) -> Iterator[tuple[int, int]]:
        """What may be a name: the indices of its first and its last unit."""
        firsts, lasts = self.edges()
        for first in firsts:
            for last in self.reach(first):
                if lasts[last]:
                    yield first, last

    def reach(self, first: int) -> Iterator[int]:
        """The units that a stretch may reach, the last of them included."""
        row = self.row
        limit = row[first].begin + _CHARACTERS
        joints = 0
        for k in range(first, min(len(row), first + _UNITS)):
            unit = row[k]
            kind, end = unit.kind, unit.end
            if end > limit or kind == "etc" or (kind == "stop" and unit.text not in _HYPHENS):
                return
            if k > first and kind in JOINING:
                joints += 1
                if joints > _JOINTS:
                    return
            if end - row[first].begin > 1 and kind not in _BETWEEN and (k > first or kind not in _EDGES):
                yield k

    def traits(self, first: int, last: int) -> list[str]:
        """All that is told of a stretch."""
        found = [*self.always, *self.at_first(first), *self.at_last(last)]
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
        if governed := self.governed(k):
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
        kinds = "+".join(sorted({word.kind for word in inside} - {"word"}))
        count = last - first + 1
        areas = min((word.areas for word in inside if word.areas >= 0), default=-1)
        least = features.spread(areas)
        found = [
            f"length {min(end - begin, 12)}",
            f"words {min(count, 8)}",
            f"around {before} {after}",
            f"kinds {kinds}",
            f"edges {self.begins[first]} {self.ends[last]} {kinds}",
            "tags " + "".join([word.tag for word in inside[:4]]),
            "closing tags " + "".join([word.tag for word in inside[-3:]]),
            f"rare {min(sum([word.rare for word in inside]), 3)}",
            f"single {min(sum([unit.end - unit.begin == 1 for unit in row[first : last + 1]]), 4)}",
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
                for k in range(1, count - 1):
                    if inside[k].kind in JOINING:
                        self._joint(inside, first, k, found)
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
        self._others(first, last, before, after, found)
        return found

    def _joint(self, inside: Sequence[Word], first: int, k: int, found: list[str]) -> None:
        """What is told of a word that ends a chunk inside the stretch."""
        joint, former, latter = inside[k], inside[k - 1], inside[k + 1]
        found += (
            "joined by " + joint.said,
            f"joint {joint.kind} {former.tag} {latter.tag}",
            f"joint {joint.kind} at {min(k, 3)}",
        )
        if former.grade != "no":
            found.append(f"joint {joint.kind} behind {former.grade}")
        if self.ctx.is_place(self.row[first + k + 1].text):
            found.append(f"joint {joint.kind} placed")

    def _others(self, first: int, last: int, before: str, after: str, found: list[str]) -> None:
        """What is told of a stretch by the names that the rules find."""
        relations = set()
        for begin, end, way in self.found:
            if end < first or begin > last:
                continue
            if first <= begin and end <= last:
                side = "end" if end == last else "begin" if begin == first else "middle"
                relations.add(f"holds {way} {side}")
            elif begin <= first and last <= end:
                side = "end" if end == last else "begin" if begin == first else "middle"
                relations.add(f"within {way} {side}")
            else:
                relations.add("across")
        found += ["found " + relation for relation in sorted(relations)]
        found.append(f"found {len(relations)}")
        former = before in features.LISTED and first - 2 in self._names_end
        latter = after in features.LISTED and last + 2 in self._names_begin
        found.append(f"beside {former} {latter}")
