"""Quoted names: the class comes from the noun behind, the head inside or the verb before."""

from __future__ import annotations

import re

from kg.extract.chunks import Unit
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.model import EntityClass as C

_SHARED = 8  # so many places' reports share a name made of rare words only if it is a kind after all


def quoted(ctx: Context, scene: Scene) -> list[Candidate]:
    """Quoted names: class from the noun behind, or from the verb before."""
    result: list[Candidate] = []
    row = scene.row
    for k in scene.places.get("quote", ()):
        unit = row[k]
        inner = ctx.text(unit.begin + 1, unit.end - 1)
        if re.search(r"[。；！？;!?]", inner):
            continue
        following = row[k + 1] if k + 1 < len(row) and row[k + 1].begin == unit.end else None
        head = ctx.words.heads.closing(ctx.norm[unit.begin + 1 : unit.end - 1])
        third = row[k + 2] if following is not None and k + 2 < len(row) and row[k + 2].begin == following.end else None
        if third is not None and following is not None and ctx.words.cue(following.text + third.text, "policy-noun"):
            following = Unit("word", following.begin, third.end, following.text + third.text)
        ahead = k  # "“中调”、“南拓”战略": the noun behind the last member is meant for all
        while ahead + 2 < len(row) and row[ahead + 1].kind in ("enum", "conj") and row[ahead + 2].kind == "quote":
            ahead += 2
        if (
            ahead > k
            and ahead + 1 < len(row)
            and ctx.words.cue(row[ahead + 1].text, "policy-noun")
            and not ctx.words.cue(row[ahead + 1].text, "work-noun")
        ):
            result.append(ctx.candidate(unit.begin, unit.end, {C.POLICY}, "quote:policy", inner))
            continue
        if (
            following is not None
            and following.kind in ("word", "verb")
            and ctx.words.cue(following.text, "policy-noun")
        ):
            quoted = ctx.text(unit.begin, unit.end)
            c = ctx.candidate(
                unit.begin, following.end, {C.POLICY}, "quote:policy", inner, quoted, inner + following.text
            )
            if following.text in ("工程", "工作", "试点", "活动"):
                c.classes |= {C.PROJECT} if following.text == "工程" else set()
            result.append(c)
        elif (honour := ctx.words.honours.closing(ctx.norm[unit.begin + 1 : unit.end - 1])) is not None and len(
            inner
        ) > len(honour.word) + 1:
            classes = {C.HONOUR} | (
                head.classes if head is not None and head.grade == "strong" and honour.word.endswith("区") else set()
            )
            result.append(ctx.candidate(unit.begin, unit.end, classes, "quote:honour", inner))
        elif (
            head is not None
            and head.grade == "strong"
            and len(inner) > len(head.word) + 1
            and ctx.words.generic.get(inner, 0) < _SHARED
            and (len(head.word) > 1 or ctx.is_place(inner[:2]))
            and not inner.endswith("发展")
            and "、" not in inner
        ):
            result.append(ctx.candidate(unit.begin, unit.end, head.classes, "quote:head", inner))
        elif (
            (plan := ctx.words.ending("plan-head").search(inner)) is not None
            and plan.start() >= 2
            and "、" not in inner
        ):
            classes = {C.POLICY, C.PROJECT} if ctx.words.cue(plan.group(), "undertaking") else {C.POLICY}
            result.append(ctx.candidate(unit.begin, unit.end, classes, "quote:policy", inner))
        elif (following is not None and ctx.words.cue(following.text, "event-noun")) or _governed(
            ctx, scene, k, "host-verb"
        ):
            result.append(ctx.candidate(unit.begin, unit.end, {C.EVENT}, "quote:event", inner))
        elif _governed(ctx, scene, k) and not re.search(r"[，,]|^[一二三四五六七八九十两][个大项]", inner):
            result.append(ctx.candidate(unit.begin, unit.end, {C.POLICY}, "quote:verb", inner))
    return result


def _governed(ctx: Context, scene: Scene, k: int, cue: str = "policy-verb") -> bool:
    """Whether the quotation at ``k`` (or the list that it is in) is the object of a verb of policy."""
    n = k - 1
    while n >= 0 and scene.row[n].kind in ("quote", "enum", "conj"):
        n -= 1
    for m in (n, n - 1, n - 2):
        if m >= 0 and scene.row[m].kind in ("verb", "word") and ctx.words.cue(scene.row[m].text, cue):
            return True
        if m < 0 or scene.row[m].kind not in ("word", "function"):
            return False
    return False
