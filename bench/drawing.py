"""Lines over two logarithmic axes, as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 70, 170, 24, 45


@dataclass(frozen=True, slots=True)
class Line:
    """Points above zero, under one name; without a name, a grey line in the background."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


def plot(lines: Sequence[Line], across: str, up: str) -> str:
    """The picture; each line is named at its end.  Names of the axes have their units."""
    lines = [line for line in lines if line.points]
    xs = [math.log10(x) for line in lines for x, _ in line.points]
    ys = [math.log10(y) for line in lines for _, y in line.points]
    least, most = math.floor(min(ys)), math.ceil(max(ys))

    def x(value: float) -> float:
        return LEFT + (math.log10(value) - min(xs)) / ((max(xs) - min(xs)) or 1) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(value) - least) / ((most - least) or 1) * (HEIGHT - TOP - BOTTOM)

    head = 'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11"'
    parts = [f'<svg {head} viewBox="0 0 {WIDTH} {HEIGHT}">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for power in range(least, most + 1):
        at = y(10.0**power)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>')
    for power in range(math.floor(min(xs)), math.ceil(max(xs)) + 1):
        for value in (10.0**power * step for step in (1, 2, 5)):
            if min(xs) <= math.log10(value) <= max(xs):
                at = x(value)
                parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#eee"/>')
                parts.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{value:,g}</text>')
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>'
    )
    parts.append(f'<text x="8" y="13">{escape(up)}</text>')
    lines.sort(key=lambda line: line.name != "")
    named = [line for line in lines if line.name]
    colours = {id(line): f"hsl({number * 360 // len(named)},65%,40%)" for number, line in enumerate(named)}
    for line in lines:
        told = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line.points)
        dash = ' stroke-dasharray="5 4"' if line.dashed else ""
        stroke = f'stroke="{colours.get(id(line), "#ccc")}" stroke-width="{1.6 if line.name else 1}"'
        parts.append(f'<polyline points="{told}" fill="none" {stroke}{dash}/>')
    below: dict[float, float] = {}
    for line in sorted(named, key=lambda line: -line.points[-1][1]):  # names that would lie on one another go down
        end = x(line.points[-1][0]) + 6
        below[end] = max(y(line.points[-1][1]) + 4, below.get(end, -math.inf) + 13)
        parts.append(f'<text x="{end:.1f}" y="{below[end]:.1f}" fill="{colours[id(line)]}">{escape(line.name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
