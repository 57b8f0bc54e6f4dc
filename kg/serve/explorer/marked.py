"""The text of a report with its marks, as HTML: paragraphs, headings, and a link for each marked stretch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kg.serve.explorer.markup import Markup, join, tag

_ORDER = {"entity": 0, "figure": 1, "relation": 2}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text that no mark begins or ends within, and the marks over it, the innermost first."""

    begin: int
    end: int
    marks: tuple[dict[str, Any], ...]


def stretches(size: int, marks: list[dict[str, Any]], cuts: set[int] | None = None) -> list[Stretch]:
    """The text of that size cut wherever a mark begins or ends, and at ``cuts``; marks may nest and overlap.

    >>> mark = {"kind": "entity", "iri": "", "label": ""}
    >>> [(s.begin, s.end, len(s.marks))
    ...  for s in stretches(9, [mark | {"begin": 1, "end": 6}, mark | {"begin": 4, "end": 8}])]
    [(0, 1, 0), (1, 4, 1), (4, 6, 2), (6, 8, 1), (8, 9, 0)]
    """
    marks = [m for m in marks if 0 <= m["begin"] < m["end"] <= size]
    edges = sorted({0, size, *(cuts or ()), *(m["begin"] for m in marks), *(m["end"] for m in marks)})
    waiting = sorted(marks, key=lambda m: m["begin"], reverse=True)
    over: list[dict[str, Any]] = []
    out = []
    for begin, end in pairwise(edges):
        while waiting and waiting[-1]["begin"] <= begin:
            over.append(waiting.pop())
        over = [m for m in over if m["end"] > begin]
        inside = sorted(over, key=lambda m: (m["end"] - m["begin"], _ORDER[m["kind"]], m["iri"], m["label"]))
        out.append(Stretch(begin, end, tuple(inside)))
    return out


def render(report: dict[str, Any], href: Callable[[str], str]) -> Markup:
    """The whole text; the stretch that begins at offset 123 has the id ``c123``, the section there ``s123``."""
    text = report["text"]
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            lead = len(line) - len(line.lstrip())  # indented by the style sheet
            lines.append((at + lead, at + len(line.rstrip())))
        at += len(line) + 1
    cuts = {edge for line in lines for edge in line}
    pieces = stretches(len(text), report["marks"], cuts)
    begins = [piece.begin for piece in pieces]
    starts = [begin for begin, _ in lines]
    headings: dict[int, dict[str, Any]] = {}
    for section in report["sections"]:
        found = bisect_left(starts, section["begin"])
        if found < len(lines) and section["title"] in " ".join(text[slice(*lines[found])].split()):
            headings.setdefault(lines[found][0], section)
    out = []
    for begin, end in lines:
        inside = pieces[bisect_right(begins, begin) - 1 : bisect_right(begins, end - 1)]
        content = [_piece(text, piece, href) for piece in inside]
        section = headings.get(begin)
        if section is not None and len(section["title"]) * 2 > end - begin:
            out.append(tag(f"h{min(section['level'] + 1, 4)}", content, id=f"s{section['begin']}"))
        else:
            out.append(tag("p", content, id=f"s{section['begin']}" if section else None))
    return join(out)


def _piece(text: str, piece: Stretch, href: Callable[[str], str]) -> Markup:
    words = text[piece.begin : piece.end]
    if not piece.marks:
        return join(words)
    first = piece.marks[0]
    kinds = {f"e-{m['class']}" for m in piece.marks if m["kind"] == "entity" and m is _first_entity(piece)}
    kinds |= {m["kind"] for m in piece.marks if m["kind"] != "entity"}
    label = "\n".join(dict.fromkeys(m["label"] for m in piece.marks))
    starts = any(m["begin"] == piece.begin for m in piece.marks)
    return tag(
        "a",
        words,
        class_=" ".join(["m", *sorted(kinds)]),
        href=href(first["iri"]),
        title=label,
        id=f"c{piece.begin}" if starts else None,
    )


def _first_entity(piece: Stretch) -> dict[str, Any] | None:
    return next((m for m in piece.marks if m["kind"] == "entity"), None)
