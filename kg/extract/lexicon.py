"""Words and tags: the only module that knows jieba.

The segmentation and the tags are jieba's (dictionary and prefix graph).  By default
they are run by ``rjieba``, a Rust implementation of the same algorithm over the
same dictionary; ``--segmenter jieba`` runs the original.  Both give tokens that
cover the text without gaps.  The HMM for unknown words is left out: it glues
particles to names ("广州塔及|南广场", "照明|展等"), and an unknown name that falls
into single characters keeps its edges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple, overload

from kg.errors import KgError
from kg.extract import beside

SEGMENTERS = ("rjieba", "jieba")


class Token(NamedTuple):
    """A word of the text: ``text[begin:end]`` with its part-of-speech tag (ICTCLAS style)."""

    begin: int
    end: int
    word: str
    tag: str


class Tokens(Sequence[Token]):
    """The words of a text, as columns: what reads all of them makes no object of each.

    >>> tokens = Tokens([("推进", "v"), ("城市", "ns")])
    >>> tokens[1], tokens.begins
    (Token(begin=2, end=4, word='城市', tag='ns'), [0, 2])
    """

    __slots__ = ("begins", "ends", "pairs")

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        #: each word with its tag
        self.pairs = pairs
        self.ends = list(accumulate(map(len, map(itemgetter(0), pairs))))
        self.begins = [0, *self.ends[:-1]] if pairs else []

    def __len__(self) -> int:
        return len(self.pairs)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return Token(self.begins[index], self.ends[index], *self.pairs[index])


def tokenize(text: str, *, segmenter: str = "rjieba") -> Tokens:
    """All words of ``text`` in order; they cover it without gaps.

    >>> [t.word for t in tokenize("推进城市建设。")]
    ['推进', '城市', '建设', '。']
    """
    if segmenter not in SEGMENTERS:
        raise KgError(f"unknown segmenter {segmenter!r}", hint=f"one of {', '.join(SEGMENTERS)}")
    return _cut(text, segmenter)


@lru_cache(maxsize=1)  # the numerals of a report are accounted for by the words that it was extracted by
def _cut(text: str, segmenter: str) -> Tokens:
    tokens = Tokens(_tagger(segmenter)(text))
    if (position := tokens.ends[-1] if tokens else 0) != len(text):
        raise KgError(f"the segmenter {segmenter} lost text", offset=position)
    return tokens


def _run_rjieba(text: str) -> list[tuple[str, str]]:
    hmm = False
    tagged: list[tuple[str, str]] = beside.ask(beside.CUTS, text, hmm)()
    return tagged


@lru_cache(maxsize=2)
def _tagger(segmenter: str) -> Callable[[str], list[tuple[str, str]]]:
    if segmenter == "rjieba":
        return _run_rjieba
    import logging

    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)

    def tag(text: str) -> list[tuple[str, str]]:
        # without its HMM the original tags digits as foreign words, rjieba as numerals;
        # jieba.posseg turns "\r\n" into one token and keeps everything else in place
        return [
            (pair.word, "m" if pair.word.isascii() and pair.word[0].isdigit() else pair.flag)
            for pair in jieba.posseg.cut(text, HMM=False)
        ]

    return tag
