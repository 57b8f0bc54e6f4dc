"""What tells of a kind of things, and of how many, and not of one by its name: "扶持产业发展6项|政策措施"."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names.context import Context

#: in what things are counted and measured; not the 条 that policies are called by (稳增长48条)
COUNTER = listed("{measure-unit}|{thing-counter}|[万亿]?元")


def tells_how_many(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a stretch tells of so many of a kind without a name: "扶持产业发展6项|政策措施"; not "中央八项|规定"."""
    counted = [k for k in range(2, len(us) - 1) if COUNTER.fullmatch(us[k].text)]
    if not any(us[k - 1].text[0].isdecimal() for k in counted):
        return False
    return is_general(ctx, ctx.norm[us[counted[-1] + 1].begin : us[-1].end])


def is_general(ctx: Context, text: str) -> bool:
    """Whether other places' reports have a text as it stands: it tells no thing from others of its kind."""
    return text in ctx.words.general or text in ctx.words.generic
