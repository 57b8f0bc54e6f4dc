"""Stretches of a sentence that may be names, and what can be told of words in terms that hold for all reports.

A name mostly fills a chunk, but it may also be its beginning ("黄陂中学|初中部"), what stands behind a verb in it
("建设|国家现代农业示范区"), or reach over a conjunction, a numeral or a verb ("应用技术研发与产业化中心").  So every
stretch is looked at that begins where a chunk, the name in it or such a word does, and ends likewise.  Which of them
are names says a network (:mod:`~kg.extract.names.network`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache

from kg.extract.names import features
from kg.extract.names.candidates import Scene
from kg.extract.names.context import Context
from kg.extract.names.told import SIGNS, Key
from kg.extract.words import Words, words
from kg.kept import kept_on_disk
from kg.patterns import compiled
from kg.resources import table

#: kinds of units that end a chunk and may stand in a name all the same
JOINING = frozenset(("conj", "verb", "function", "number", "enum"))
_BOUNDS = frozenset(("stop", "enum", "etc", "conj", "verb", "function", "number"))
#: of these, those that a name may begin or end with
_EDGES = frozenset(("number", "verb", "function"))
#: punctuation that stands in names
_HYPHENS = frozenset("·—-~～")
#: the most units, characters and words between chunks that a stretch has
_UNITS, _CHARACTERS, _JOINTS = 16, 32, 4


#: how a stretch may begin with a word: outside a chunk, inside one, with it, with the name in it, with both; and end
BEGINS, ENDS = ("outside", "inside", "chunk", "name", "both"), ("outside", "inside", "chunk", "name")
#: what is added to how many places' reports have a stretch as it stands, where it is a word of many reports
GENERAL = " general"
#: by how many places' reports words are used, in steps, and what is no word of several signs: see Word.level
LEVELS = ("0", "1", "2", "3", "4", "5", "none")


class Word:
    """What is told of a word wherever it stands; made once for each, see :func:`vocabulary`."""

    __slots__ = ("_said", "closes", "grade", "kind", "level", "tag", "tails", "text", "told")

    def __init__(self, w: Words, kind: str, text: str, tag: str) -> None:
        size, word = len(text), kind == "word"
        self.kind = kind
        self.text = text
        self._said = ""
        #: the first letter of its part of speech
        self.tag = tag[:1] or "-"
        head = w.heads.closing(text) if word else None
        #: the grade of the head that it closes with
        self.grade = "no" if head is None else head.grade + ("" if size > 1 else " sign")
        #: whether a name may end with it inside a chunk
        self.closes = head is not None or (word and w.honours.closing(text) is not None)
        #: whether it is none of the name that it follows
        self.tails = text in w.tail and head is None
        #: by how many places' reports it is used, as the index of one of the levels
        self.level = LEVELS.index(features.spread(w.spread.get(text, 0) if word and size > 1 else -1))
        #: what the network is told of it: a number as one, whichever it is; what few places' reports use, by its signs
        self.told: Key = (
            *("0" if _is_figure(text) else text, text[0], text[-1], text[1:2], text[-2:-1]),
            *(kind, tag or "-", str(min(size, SIGNS)), str(self.level), self.grade),
        )

    @property
    def said(self) -> str:
        """What traits of relations call it: itself where it is vocabulary, else what it is like."""
        if not self._said:
            self._said = _said(words(), self.kind, self.text)
        return self._said

    @property
    def group(self) -> str:
        """The words that it is like, for such traits."""
        return groups().get(self.text) or f"?{min(len(self.text), 3)}"


def _is_figure(text: str) -> bool:
    """Whether a word is a number in figures.

    >>> _is_figure("12.5"), _is_figure("2,000"), _is_figure("十二"), _is_figure(",")
    (True, True, False, False)
    """
    return text[0] in _FIGURES and all(sign in _FIGURES or sign in ".," for sign in text)


_FIGURES = frozenset("0123456789")

_DIGITS = str.maketrans("123456789一二三四五六七八九十百千", "0" * 21)


def _said(w: Words, kind: str, text: str) -> str:
    """What traits call a word.

    >>> _said(words(), "number", "2025"), _said(words(), "verb", "建设"), _said(words(), "word", "琶洲")
    ('#0', '建设', '*2')
    """
    size = len(text)
    if kind == "number":
        shape = compiled("0+").sub("0", text.translate(_DIGITS))
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
        self._runs()

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

    def _runs(self) -> None:
        """For each word how far a stretch may reach that begins with it."""
        #: how many words stand before each that end a chunk inside a stretch
        self._joints: list[int] = []
        #: the units that no stretch reaches over
        self._breaks: list[int] = []
        joints = 0
        for k, unit in enumerate(self.row):
            kind = unit.kind
            self._joints.append(joints)
            if kind in JOINING:
                joints += 1
            elif kind == "etc" or (kind == "stop" and unit.text not in _HYPHENS):
                self._breaks.append(k)
        self._breaks.append(len(self.row))

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

    def stretches(self) -> list[tuple[int, int]]:
        """What may be a name: the indices of its first and its last unit.

        It is more than a sign, and more than a word at which a chunk ends.
        """
        row = self.row
        firsts, lasts = self.edges()
        found: list[tuple[int, int]] = []
        for first in firsts:
            begin = bisect_left(lasts, first)
            ends = lasts[begin : bisect_right(lasts, self.reach(first), begin)]
            if ends and ends[0] == first and (row[first].kind in _EDGES or len(row[first].text) < 2):
                del ends[0]
            found += [(first, last) for last in ends]
        return found

    def reach(self, first: int) -> int:
        """The last unit that a stretch may reach."""
        row, joints = self.row, self._joints
        last = min(first + _UNITS, self._breaks[bisect_right(self._breaks, first)]) - 1
        limit, most = row[first].begin + _CHARACTERS, joints[first + 1 if first < last else first] + _JOINTS
        while last > first and (row[last].end > limit or joints[last] + (row[last].kind in JOINING) > most):
            last -= 1
        return last

    def shared(self, stretches: Iterable[tuple[int, int]]) -> list[str]:
        """For each stretch by how many places' reports it is had as it stands, and if it is a word of many reports."""
        norm, row, w = self.ctx.norm, self.row, self.ctx.words
        generic, general = w.generic, w.general
        begins, ends = [unit.begin for unit in row], [unit.end for unit in row]
        texts = [norm[begins[first] : ends[last]] for first, last in stretches]
        return [
            (features.shared(generic[text]) if text in generic else _UNSHARED) + (GENERAL if text in general else "")
            for text in texts
        ]


#: of what no report of another place has
_UNSHARED = features.shared(0)
