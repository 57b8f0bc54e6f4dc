"""Lines of a text with their offsets, and the soft breaks that join them to paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.patterns import compiled

_LINE = compiled(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_FINAL = frozenset("。!?;:…")
_AFTER_FINAL = frozenset("”’)》」』〕】\"'")
_CONTINUES = frozenset(",，、—-(《“‘〔")
_CLOSERS = frozenset(",，、。;:!?)》”’〕%")
_PAIRS = {"《": "》", "“": "”", "(": ")"}
#: a soft break is looked for in lines at least this share of the usual width
_FULL_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it; ``after_blank`` if an empty line precedes it."""

    begin: int
    end: int
    after_blank: bool = False

    def __len__(self) -> int:
        return self.end - self.begin


def split_lines(norm: str) -> list[Line]:
    """The lines of a normalised text that hold anything.

    >>> split_lines("一、回顾 \\n\\n  五年来")
    [Line(begin=0, end=4, after_blank=False), Line(begin=9, end=12, after_blank=True)]
    """
    lines: list[Line] = []
    last_end = 0
    for match in _LINE.finditer(norm):
        raw = match.group()
        body = raw.strip()
        if not body:
            continue
        begin = match.start() + len(raw) - len(raw.lstrip())
        gap = norm[last_end:begin]
        blank = gap.count("\n") > 1 or ("\n" not in gap and gap.count("\r") > 1)
        lines.append(Line(begin, begin + len(body), blank))
        last_end = begin + len(body)
    return lines


def ends_sentence(norm: str, line: Line) -> bool:
    """Whether the line ends in a final mark, closing quotes after it aside."""
    end = line.end - 1
    while end > line.begin and norm[end] in _AFTER_FINAL:
        end -= 1
    return norm[end] in _FINAL


def join_soft_breaks(norm: str, lines: list[Line], starts_block: re.Pattern[str]) -> list[Line]:
    """Paragraphs: lines joined over the line breaks that stand inside a sentence.

    A break is soft where the line cannot end there (a comma, an open bracket or
    quote that the next line closes), and, in a text that is set in lines of one
    width as PDFs give it, after every full line that ends without a final mark.
    ``starts_block`` matches the begin of a line that is never a continuation.
    """
    width = _set_width(norm, lines)
    joined: list[Line] = []
    for index, line in enumerate(lines):
        if joined and _is_soft(norm, joined[-1], lines[index - 1], line, width, starts_block):
            joined[-1] = Line(joined[-1].begin, line.end, joined[-1].after_blank)
        else:
            joined.append(line)
    return joined


def _is_soft(
    norm: str, paragraph: Line, previous: Line, line: Line, width: int | None, starts_block: re.Pattern[str]
) -> bool:
    if starts_block.match(norm, line.begin, line.end):
        return False
    last, first = norm[previous.end - 1], norm[line.begin]
    if not any(char.isalnum() for char in norm[max(previous.begin, previous.end - 8) : previous.end]):
        return False  # a rule of dashes
    if last in _CONTINUES:
        return True
    if first in _CLOSERS and not ends_sentence(norm, previous):
        return True
    if line.after_blank or ends_sentence(norm, previous):
        return False
    if width is not None and len(previous) >= width * _FULL_SHARE:
        return True
    for opener, closer in _PAIRS.items():
        opened = norm.rfind(opener, previous.begin, previous.end)
        if opened >= 0 and norm.find(closer, opened, previous.end) < 0:
            closes = norm.find(closer, line.begin, line.end)
            reopens = norm.find(opener, line.begin, line.end)
            if closes >= 0 and (reopens < 0 or closes < reopens):
                return True
    return False


def _set_width(norm: str, lines: list[Line]) -> int | None:
    """The width at which the text is broken into lines, None where lines are paragraphs."""
    long = [line for line in lines if len(line) >= 15]
    if len(long) < 12:
        return None
    lengths = sorted(len(line) for line in long)
    if lengths[len(lengths) // 2] > 100:
        return None
    open_ended = sum(not ends_sentence(norm, line) for line in long)
    if open_ended * 2 < len(long):
        return None
    # lines of one width: most of the longer half are about as long as the longest
    usual = lengths[(len(lengths) * 9) // 10]
    full = sum(length >= usual * _FULL_SHARE for length in lengths)
    return usual if full * 2 >= len(lengths) else None
