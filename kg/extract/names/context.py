"""What all ways to names ask: whether a word is a place, whether it is specific, which head a text ends with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache

from kg.extract.chunks import Unit
from kg.extract.lexicon import Tokens
from kg.extract.names.candidates import Candidate
from kg.extract.words import Words, stem_of, words
from kg.model import EntityClass as C
from kg.model import Report, Span

#: makes a description of the word before
_DESCRIBING = frozenset("型类式性化")


class _Places(dict[str, bool]):
    """Which words are names of places; found out when first asked."""

    def __init__(self, words: Words, near: set[str]) -> None:
        self._words = words
        self._near = near

    def __missing__(self, word: str) -> bool:
        found = self[word] = self._find(word)
        return found

    def _find(self, word: str) -> bool:
        w = self._words
        if len(word) < 2:
            return False
        if word in self._near or word in w.provinces or word in w.countries or word in w.abroad:
            return True
        if w.cue(word, "not-place"):
            return False
        # a name without its level that is a word of many reports is none, unless the division is a large one
        return word in w.divisions or (word in w.stems and (word not in w.general or word in w.large))


class _Closing(dict[str, bool]):
    """Which words may close a name: those that are one, and those that end with a head or with the end of one."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._ends = {final[-1] for final in words.heads.finals}

    def __missing__(self, word: str) -> bool:
        w = self._words
        found = (
            word in w.names
            or word[-1:] in w.heads.singles
            or word[-2:] in w.heads.finals
            or (len(word) == 1 and word in self._ends)
        )
        self[word] = found
        return found


@lru_cache(maxsize=1)
def _closing() -> _Closing:
    return _Closing(words())


class Context:
    """The report with what tells one thing from all others of its kind; shared by all ways to names."""

    def __init__(self, report: Report, norm: str, tokens: Tokens, *, without: Collection[str] = ()) -> None:
        self.without = without
        self.report = report
        self.norm = norm
        self.tokens = tokens
        self.words: Words = words()
        self.own_names: set[str] = set()
        for part in report.area_parts:
            self.own_names |= {part, stem_of(part), self.words.short_of(part)}
        #: what places and names known all over the country open with, those of the report's own area included
        self.openings = self.words.openings | {name[:2] for name in self.own_names}
        #: names without level of what lies in the report's own area or beside it
        self.local: set[str] = set()
        for part in report.area_parts:
            self.local |= self.words.inside.get(part, set())
        #: whether a word is the name of a division, a country or the report's own area; asked of most words, so kept
        self.is_place: Callable[[str], bool] = _Places(self.words, self.own_names | self.local).__getitem__
        #: whether a word may close a name: in a chunk that has none that may, no name ends
        self.closes: Callable[[str], bool] = _closing().__getitem__

    def is_specific(self, parts: Sequence[Unit]) -> bool:
        """Whether words before a head tell one thing from all others of its kind."""
        if "names.specific" in self.without:
            return True
        run = ""
        for k, unit in enumerate(parts):
            if (k + 1 < len(parts) and parts[k + 1].text in _DESCRIBING) or unit.text in _DESCRIBING:
                run = ""  # "展贸|型|市场": of that type, not of that name
                continue
            if unit.kind == "quote" or (unit.kind == "paren" and self.is_place(unit.text[1:-1])):
                return True
            text = unit.text
            if len(text) > 1 and text[-1] == "期" and text[0] in "一二三四五六七八九十首前后":
                continue
            if unit.kind == "number":
                if text.endswith("号"):
                    return True
                run = run + text if text in "一二三四五六七八九十百千万两" else ""
                continue
            if len(text) == 1 and unit.kind == "word":
                run += text
                if len(run) >= 2 and run[-2:] not in self.words.general:
                    return True
                continue
            if unit.kind == "word":
                if unit.tag == "eng":
                    if not self.words.cue(text.upper(), "common-latin"):
                        return True
                elif self.is_place(text) or text in self.words.names or text not in self.words.general:
                    return True
            run = text[-1] if unit.kind == "word" else ""
        return False

    def text(self, begin: int, end: int) -> str:
        return self.report.text[begin:end]

    def candidate(self, begin: int, end: int, classes: Iterable[C], rule: str, *aliases: str) -> Candidate:
        return Candidate(Span(begin, end), self.text(begin, end), frozenset(classes), rule, set(aliases))
