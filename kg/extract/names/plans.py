"""Plans, campaigns and works that only the verb of policy shows to be named: "实施文化惠民工程"."""

from __future__ import annotations

from kg.extract.chunks import Chunk
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.needs import needs
from kg.model import EntityClass as C


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
            abbreviated = len(modifier) == 2 and k == 3 and m.group() == "工程"
            if (len(modifier) >= 4 or abbreviated) and not ctx.words.pattern("generic-plan").match(modifier):
                classes = {C.POLICY, C.PROJECT} if ctx.words.ending("undertaking").search(m.group()) else {C.POLICY}
                result.append(ctx.candidate(us[0].begin, us[k - 1].end, classes, "plan"))
            break
    return result


def _carried_out(ctx: Context, scene: Scene, chunk: Chunk) -> bool:
    """Whether the predicate behind a chunk at the beginning of its clause says that it is put into practice."""
    behind = scene.row[chunk.last : chunk.last + 3]
    return any(ctx.words.cue(u.text, "carried-out") for u in behind if u.kind != "stop")
