"""Candidates for names, and the sentence they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.extract.chunks import Chunk, Unit
from kg.model import EntityClass as C
from kg.model import Part, Sentence, Span


@dataclass(slots=True)
class Candidate:
    """A stretch of text taken for a name."""

    span: Span
    name: str
    classes: frozenset[C]
    rule: str
    aliases: set[str] = field(default_factory=set)
    sentence: int = 0
    #: names of the wholes that the wording itself places it in ("广东化州" lies in 广东)
    wholes: tuple[str, ...] = ()
    #: overlapping a longer candidate does not remove it ("琶洲村" in "琶洲村改造")
    nested: bool = False
    #: whether it may be a project, if not by itself: it is one where it is told how far it has come
    perhaps_built: bool = False

    @property
    def way(self) -> str:
        """The first of the ways that led to it: "list" of "list:项目+head:园"."""
        return self.rule.partition("+")[0].partition(":")[0]


@dataclass(slots=True)
class Scene:
    """One sentence with all that was made of it, for the later steps."""

    index: int
    sentence: Sentence
    part: Part
    row: list[Unit]
    chunks: list[Chunk]
    candidates: list[Candidate]
    #: the chunks without what is at their left edge (:func:`kg.extract.names.edges.trimmed`)
    trimmed: list[list[Unit]]
    #: where the units of a kind stand in the row; of words, verbs and stops, which are many, nothing is kept
    places: dict[str, list[int]] = field(init=False)
    #: the texts of the units of the row
    texts: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {}
        self.texts = [unit.text for unit in self.row]
        for k, unit in enumerate(self.row):
            if unit.kind not in _COMMON:
                self.places.setdefault(unit.kind, []).append(k)

    def follows(self, n: int) -> bool:
        """Whether the chunk ``n`` goes on the list of the one before it."""
        first = self.chunks[n].first
        return first - self.chunks[n - 1].last == 1 and self.row[first - 1].kind in ("enum", "conj")


#: the way of what is named together with how many there are
COUNTED = "counted"

_COMMON = frozenset({"word", "verb", "function", "stop"})


def settle(found: Sequence[Candidate]) -> list[Candidate]:
    """Of overlapping candidates the longest stays; of equal spans, classes and aliases are joined."""
    if len(found) < 2:
        return list(found)
    merged: dict[tuple[Span, str], Candidate] = {}
    counted = [c.span for c in found if c.rule == COUNTED]
    for c in found:
        if any(c.span.begin <= span.begin and span.end < c.span.end for span in counted):
            continue  # "沈连欧|两条中欧班列", of which the number is no part
        key = (c.span, c.name)
        if key in merged:
            kept = merged[key]
            kept.classes |= c.classes
            kept.aliases |= c.aliases
            kept.rule += "+" + c.rule
            kept.wholes = kept.wholes or c.wholes
            kept.nested |= c.nested
        else:
            merged[key] = c
    kept_list: list[Candidate] = []
    # a name that was completed ("沥滘" to "沥滘城中村改造") before one that stands as it is
    for c in sorted(merged.values(), key=lambda c: (-len(c.span), c.span, len(c.name) == len(c.span), c.rule)):
        if c.nested or not any(k.span.overlaps(c.span) for k in kept_list):
            kept_list.append(c)
    return sorted(kept_list, key=lambda c: c.span)
