"""How often the part of a paragraph, review or plan, is told wrongly.

    python tools/part_accuracy.py CORPUS [--wrong whole|blank|cut|both]

CORPUS is a folder of folders, one per area, with reports as text files.  The truth is what the outermost headings say
outright ("一、2018年工作回顾", "二、2019年工作安排"); reports without two such headings, and what stands before the
first, are left out.  Measured are the whole reports, the same with these headings taken away, and cuttings of two
stretches (the begin and a place further on), with the headings that happen to stand in them and without ("both").
What is read as neither (problems, thanks, closing words) counts neither way; counted are characters, of every second
report: the others are those that tools/paragraph_leanings.py learns from.  ``--wrong`` lists the worst.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.model import Part
from kg.text import parts
from kg.text.normalize import normalize
from kg.text.reader import make_report

_STRETCH = 1500
_PLACES = (0.3, 0.45, 0.6, 0.7)
_TOP = re.compile(
    r"\s*(?:#{1,3} *)?(?:第[一二三四五六七八九十]{1,2}部分|[一二三四五六七八九十]{1,2}[、.．\s])\s*([^\n]{2,60})"
)


class Piece(NamedTuple):
    text: str
    part: Part | None  #: None where no heading tells it
    heading: bool = False


def told(text: str, year: int | None) -> list[Piece]:
    """The lines of a report with the part that the outermost headings say; nothing where they say too little."""
    pieces: list[Piece] = []
    part: Part | None = None
    seen: list[Part] = []
    for line in text.splitlines():
        found = _TOP.match(line)
        if found and len(line.strip()) <= 45:
            verdict = parts.judge(str(normalize(found[1]).strip()), year)
            if verdict.part in (Part.REVIEW, Part.PLAN) and verdict.weight >= 4:
                part = verdict.part
                seen.append(part)
                pieces.append(Piece(line, part, True))
                continue
            if verdict.part is Part.OTHER or part is Part.REVIEW:
                part = None
        pieces.append(Piece(line, part))
    return pieces if Part.REVIEW in seen and Part.PLAN in seen else []


def wrong(pieces: Iterable[Piece], source: str) -> tuple[int, int, list[str]]:
    """Characters read as the other part, those read as either, and the lines that are read wrongly."""
    pieces = list(pieces)
    text = "\n".join(piece.text for piece in pieces)
    report = make_report(text, source=source, sha256="")
    missed = of = 0
    lines: list[str] = []
    ends: list[int] = []
    at = 0
    for piece in pieces:
        at += len(piece.text) + 1
        ends.append(at)
    number = 0
    for sentence in report.sentences:
        while number < len(ends) - 1 and sentence.span.begin >= ends[number]:
            number += 1
        piece = pieces[number]
        got = report.sections[sentence.section].part
        if piece.heading or piece.part is None or got not in (Part.REVIEW, Part.PLAN, Part.FRONT):
            continue
        size = sentence.span.end - sentence.span.begin
        of += size
        if got is not piece.part:
            missed += size
            lines.append(f"{piece.part.value} read as {got.value}: {sentence.span.quote(text)[:60]}")
    return missed, of, lines


def cutting(pieces: list[Piece], place: float) -> list[Piece]:
    """The begin and a stretch further on."""
    size = sum(len(piece.text) for piece in pieces)
    head, end = _take(pieces, 0)
    at, start = 0, end
    for number, piece in enumerate(pieces):
        if at <= size * place:
            start = max(end, number)
        at += len(piece.text)
    return head + _take(pieces, start)[0]


def _take(pieces: list[Piece], number: int) -> tuple[list[Piece], int]:
    result: list[Piece] = []
    room = _STRETCH
    while number < len(pieces) and room > 0:
        piece = pieces[number]
        stop = piece.text.find("。", room) + 1 if len(piece.text) > room else 0
        result.append(piece._replace(text=piece.text[:stop]) if stop else piece)
        room -= len(piece.text)
        number += 1
    return result, number


def measured(files: Iterable[Path]) -> Iterator[tuple[str, str, tuple[int, int, list[str]]]]:
    for path in files:
        text = path.read_text(encoding="utf-8")
        year = make_report(text, source=path.name, sha256="").year
        pieces = told(text, year)
        if not pieces:
            continue
        name = "/".join(path.parts[-2:])
        place = random.Random(name).choice(_PLACES)
        yield name, "whole", wrong(pieces, path.name)
        yield name, "blank", wrong([piece for piece in pieces if not piece.heading], path.name)
        yield name, "cut", wrong(cutting(pieces, place), path.name)
        yield name, "both", wrong([piece for piece in cutting(pieces, place) if not piece.heading], path.name)


def main(corpus: Path, list_wrong: str | None) -> None:
    results = list(measured(sorted(corpus.glob("*/*.txt"))[1::2]))
    for kind in ("whole", "blank", "cut", "both"):
        rows = [(name, row) for name, which, row in results if which == kind and row[1]]
        missed, of = sum(row[0] for _, row in rows), sum(row[1] for _, row in rows)
        bad = sum(row[0] > row[1] / 20 for _, row in rows)
        print(
            f"{kind}: {1 - missed / of:.4f} of {of:,} characters right; {bad} of {len(rows)} texts with over 5 % wrong"
        )
        for side in ("review", "plan"):
            amount = sum(line.startswith(side) for _, row in rows for line in row[2])
            print(f"   {side} read otherwise: {amount} sentences")
        if kind == list_wrong:
            for name, row in sorted(rows, key=lambda r: -r[1][0]):
                if row[0]:
                    print(name, row[0], row[1])
                    for line in ([*row[2][:3], "…", *row[2][-2:]]) if len(row[2]) > 5 else row[2]:
                        print("     ", line)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else None)
