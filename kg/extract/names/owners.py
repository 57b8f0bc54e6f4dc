"""Companies that the names of what they build open with: "冀东物贸集团|年产3000辆专用车项目"."""

from __future__ import annotations

from typing import Final

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.model import EntityClass as C

#: the way by which they are found
OWNER: Final = "owner"
#: what a company builds or runs
_RUN = frozenset((C.PROJECT, C.FACILITY, C.PARK, C.ORGANIZATION))
#: of the names that end so nearly all are companies of their own; 招商银行|大厦 may only be called after one
_COMPANY = listed(r"[\u4e00-\u9fffA-Za-z()]{2,}{company-end}$")
#: how much of something is made there: whatever the company is called
_CAPACITY = listed(r"{output-lead}|\d+(?:\.\d+)?[万亿]?(?:{measure-unit}|{output-unit})")
#: what is done to the company itself, which is no thing beside it: "泰山电缆荣昌公司|扩能技改"
_OWN_WORK = listed("{company-work}{1,3}(?:项目|工程)?")


def owners(ctx: Context, scene: Scene) -> list[Candidate]:
    """The companies in the names of a sentence."""
    found: list[Candidate] = []
    for c in scene.candidates:
        if c.nested or not c.classes <= _RUN or len(c.name) != len(c.span):
            continue
        inner = [u for u in scene.row if c.span.begin <= u.begin and u.end <= c.span.end]
        for k in range(1, len(inner) - 1):
            text, end = ctx.norm[c.span.begin : inner[k].end], inner[k].end
            if (
                _COMPANY.fullmatch(text)
                and (_CAPACITY.match(ctx.norm, end, c.span.end) or _is_apart(ctx, inner, end, c.span.end))
                and ctx.is_specific(inner[:k])
                and not any(o.span.begin == c.span.begin and o.span.end == end for o in scene.candidates)
            ):
                owner = ctx.candidate(c.span.begin, end, {C.ENTERPRISE}, OWNER)
                owner.nested = True
                found.append(owner)
                break
    return found


def _is_apart(ctx: Context, inner: list[Unit], begin: int, end: int) -> bool:
    """Whether what stands behind a company's name is a thing beside it, and no place stands before it.

    "荆州港务集团|铁路专用线", but not "泰山电缆荣昌公司|扩能技改", nor "梨树|新希望集团|产业园" (where the park is).
    """
    return _OWN_WORK.fullmatch(ctx.norm, begin, end) is None and inner[0].text not in ctx.words.stems
