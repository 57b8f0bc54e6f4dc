"""Sentences that are broken over lines, read as if they were not.

A text that was copied out of a PDF breaks its lines inside names and figures ("海珠\\n区", "363.\\n15亿元").  The
extractor reads a copy of the report without these breaks, and what it finds is put back to the offsets of the
report: names and figures are whole, and every quotation is still the text itself, with the break in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from kg.model import Extraction, Report, Sentence, Span

_SPACE = re.compile(r"\s+")
_MARKS = frozenset("。,，、;:!?()《》“”%")


@dataclass(frozen=True, slots=True)
class Joined:
    """A report without the breaks and spaces that part nothing, and the way back."""

    report: Report
    original: Report
    #: where the cuts stand, in the original and in the copy, and how much was cut up to and with each
    cuts: tuple[int, ...]
    places: tuple[int, ...]
    removed: tuple[int, ...]

    def back(self, span: Span) -> Span:
        """The stretch of the original that a span of the copy stands for."""
        return Span(self._old(span.begin), self._old(span.end - 1) + 1)

    def _old(self, offset: int) -> int:
        at = bisect_right(self.places, offset)
        return offset + (self.removed[at - 1] if at else 0)

    def restore(self, extraction: Extraction) -> Extraction:
        """What was found in the copy, as found in the original."""

        def spans(mentions: tuple[Span, ...]) -> tuple[Span, ...]:
            return tuple(self.back(span) for span in mentions)

        return replace(
            extraction,
            report=self.original,
            entities=tuple(replace(e, mentions=spans(e.mentions)) for e in extraction.entities),
            observations=tuple(replace(o, mentions=spans(o.mentions)) for o in extraction.observations),
            relations=tuple(replace(r, mentions=spans(r.mentions)) for r in extraction.relations),
        )


def join(report: Report) -> Joined | None:
    """The report without line breaks inside its sentences and spaces around figures and marks; None without any.

    Between two words in Latin letters the break is a space, elsewhere nothing: Chinese is written without.
    """
    norm = report.norm
    stretches: list[tuple[int, int]] = []
    for sentence in report.sentences:
        for match in _SPACE.finditer(norm, sentence.span.begin + 1, sentence.span.end - 1):
            begin, end = match.span()
            before, after = norm[begin - 1], norm[end]
            if not match.group().strip(" "):  # spaces, and no line break
                if _goes_on(before, after):
                    stretches.append((begin, end))
            elif _is_latin(before) and _is_latin(after):
                stretches.append((begin + 1, end))  # one character of it is kept, as a space
            else:
                stretches.append((begin, end))
    if not stretches:
        return None
    cuts: list[int] = []
    places: list[int] = []
    removed: list[int] = []
    texts: list[str] = []
    norms: list[str] = []
    last = total = 0
    for begin, end in stretches:
        kept = norm[begin - 1].isspace()
        texts.append(report.text[last : begin - kept] + " " * kept)
        norms.append(norm[last : begin - kept] + " " * kept)
        total += end - begin
        cuts.append(begin)
        places.append(end - total)
        removed.append(total)
        last = end
    texts.append(report.text[last:])
    norms.append(norm[last:])

    def new(offset: int) -> int:
        at = bisect_right(cuts, offset) - 1
        if at < 0:
            return offset
        return max(places[at], offset - removed[at])

    def moved(span: Span) -> Span:
        return Span(new(span.begin), new(span.end))

    copy = replace(
        report,
        text="".join(texts),
        norm="".join(norms),
        body=moved(report.body),
        sections=tuple(
            replace(s, span=moved(s.span), heading=moved(s.heading) if s.heading else None) for s in report.sections
        ),
        sentences=tuple(Sentence(moved(s.span), s.section) for s in report.sentences),
        header={name: moved(span) for name, span in report.header.items()},
    )
    return Joined(copy, report, tuple(cuts), tuple(places), tuple(removed))


def _goes_on(before: str, after: str) -> bool:
    """Whether a space between the two characters parts nothing: "1093 亿元 ,", but not "10 20" nor "李明 王芳"."""
    if before.isdigit() or before in _MARKS:
        return "一" <= after <= "鿿" or after in _MARKS
    return "一" <= before <= "鿿" and (after.isdigit() or after in _MARKS)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
