"""Plans, campaigns and works that only the verb of policy shows to be named: "实施文化惠民工程"."""

from __future__ import annotations

from itertools import pairwise

from kg.extract.chunks import Chunk
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.needs import needs
from kg.model import EntityClass as C
from kg.patterns import compiled

#: of each of the two things that one plan is about, so many characters
_SHORTEST, _LONGEST = 4, 12
#: so many characters are enough before 工程, in one word or two
_SIGNS, _WORDS = 2, 3
#: "职业教育、高等教育|四大|工程" are several
SO_MANY = compiled(r"[一二两三四五六七八九十][大项]$")


@needs(cues=("adopt-verb", "carried-out"))
def plans(ctx: Context, scene: Scene) -> list[Candidate]:
    """Plans, campaigns and works without a proper word, as objects of the verbs of policy: "实施文化惠民工程"."""
    result: list[Candidate] = []
    adopting = ctx.words.cues["adopt-verb"]
    for chunk in scene.chunks:
        before = scene.row[chunk.first - 1] if chunk.first else None
        us = chunk.units
        if len(us) < 2:
            continue
        lead = before.text if before is not None and before.kind == "verb" else ""
        if not lead and us[0].tag.startswith("v"):
            lead, us = us[0].text, us[1:]
        if (
            before is not None
            and before.kind in ("enum", "conj")
            and result
            and result[-1].span.end in (before.begin, before.begin - 1)
        ):
            lead = "实施"
        opens = before is None or before.kind == "stop"
        if len(us) < 2 or not (lead in adopting or (opens and _carried_out(ctx, scene, chunk))):
            continue
        for k in range(len(us), 1, -1):
            text = ctx.norm[us[0].begin : us[k - 1].end]
            m = ctx.words.ending("plan-head").search(text)
            if m is None or (k < len(us) and us[k].text not in ctx.words.tail):
                continue
            modifier = text[: m.start()]
            # "蓝天|工程", "强|师|工程"; not "绿化|工程"
            abbreviated = (
                len(modifier) == _SIGNS
                and m.group() == "工程"
                and (k == _WORDS or (lead == "实施" and not ctx.words.cue(modifier, "kind-of-work")))
            )
            if (len(modifier) >= 4 or abbreviated) and not ctx.words.pattern("generic-plan").match(modifier):
                classes = {C.POLICY, C.PROJECT} if ctx.words.ending("undertaking").search(m.group()) else {C.POLICY}
                result.append(ctx.candidate(us[0].begin, us[k - 1].end, classes, "plan"))
            break
    return result


@needs(cues=("adopt-verb",))
def double_plans(ctx: Context, scene: Scene) -> list[Candidate]:
    """One plan about two things: "实施|重点产业、重点企业倍增计划".

    What stands before the separator has no head of its own, and the verb governs it directly. What 和 joins are as
    often two.
    """
    result: list[Candidate] = []
    row, adopting = scene.row, ctx.words.cues["adopt-verb"]
    ending = ctx.words.ending("shared-plan")
    for former, latter in pairwise(scene.chunks):
        if latter.first != former.last + 1 or row[former.last].kind != "enum" or not former.first:
            continue
        verb, behind = row[former.first - 1], row[latter.last] if latter.last < len(row) else None
        if verb.kind != "verb" or verb.text not in adopting or (behind is not None and behind.kind != "stop"):
            continue
        about, text = ctx.norm[former.begin : former.end], ctx.norm[latter.begin : latter.end]
        head = ending.search(text)
        if text in ctx.words.names or text in ctx.words.general or (head is not None and head.group() == "战略"):
            continue  # "创新驱动、|乡村振兴战略"
        if head is None or not _SHORTEST <= len(about) <= _LONGEST or SO_MANY.search(text[: head.start()]):
            continue
        bare = ctx.words.heads.closing(about) is None and ending.search(about) is None
        if bare and head.start() >= _SHORTEST and all(u.kind in ("word", "verb") for u in former.units):
            result.append(ctx.candidate(former.begin, latter.end, {C.POLICY, C.PROJECT}, "plan"))
    return result


def _carried_out(ctx: Context, scene: Scene, chunk: Chunk) -> bool:
    """Whether the predicate behind a chunk at the beginning of its clause says that it is put into practice."""
    behind = scene.row[chunk.last : chunk.last + 3]
    return any(ctx.words.cue(u.text, "carried-out") for u in behind if u.kind != "stop")
