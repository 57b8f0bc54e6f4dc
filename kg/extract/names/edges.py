"""Where a name begins: the words at the left edge of a chunk that only describe or govern it."""

from __future__ import annotations

from kg.extract.chunks import Unit
from kg.extract.names.context import Context
from kg.model import EntityClass as C

#: who builds, and is named where what is built has no name
_BUILDERS = frozenset((C.ENTERPRISE, C.ORGANIZATION))
#: what builds together with others
_PLACES = frozenset((C.ZONE, C.PARK))
#: whose a thing is, before its kind: "畅通|市长热线"
_OWN = frozenset(("市", "省", "市长"))
#: what is counted off before a name
_ITEMS = frozenset("家个座")


def trimmed(ctx: Context, us: list[Unit]) -> list[Unit]:
    """A chunk without the words at its left edge that only describe or govern the name."""
    w = ctx.words
    initial_verbs = w.cues["initial-verb"]
    n = 0  # how many are left out
    last = len(us) - 1
    while n < last:
        unit = us[n]
        text = unit.text
        following = us[n + 1]
        if (
            text in w.stripped
            or (text[0] == "第" and text[-1] in _ITEMS and len(text) > 2)  # "第二家|国家5A级旅游景区"
            or (text in initial_verbs and following.text not in w.heads and len(following.text) + last - n > 2)
            or (
                w.cue(text, "left-verb")
                and (
                    following.text in _OWN
                    or ctx.is_place(following.text)
                    or ctx.is_specific(us[n + 1 : -1])
                    or any(u.kind == "number" for u in us[n + 1 : -1])  # "重塑|轨道13号线车辆段"
                )
            )
            or (
                unit.kind == "word"
                and (unit.tag.startswith("v") or (following.kind == "quote" and w.cue(text, "works-verb")))
                and (
                    following.kind == "quote"
                    or (text in w.general and (ctx.is_specific(us[n + 1 : -1]) or ctx.is_place(us[-1].text)))
                )
            )
        ):
            n += 1
        else:
            break
    if n:
        us = us[n:]
    if len(us) < 3:
        return us
    appositions, parting = w.cues["apposition"], w.cues["parting-verb"]
    # a verb before a place governs it, whatever stands before the verb: "对标世界一流提升|深圳国家高新区"
    for k in range(len(us) - 2, 0, -1):
        if (
            us[k - 1].tag == "v"
            and us[k - 1].text in w.general
            and us[k].kind == "word"
            and ctx.is_place(us[k].text)
            and not ctx.is_specific(us[:k])
        ):
            return us[k:]
    # what a named place builds: "监利县建设|国家现代农业示范区", "…开发区合作共建|新滩工业园"
    for k in range(1, len(us) - 2):
        if us[k].text in parting:
            before = ctx.norm[us[0].begin : us[k - 1].end].removesuffix("合作")
            placed = ctx.is_place(before)
            rest = us[k + 1 :]
            levelled = w.cue(rest[0].text, "level")
            head = w.heads.closing(before)
            if (placed or head is not None) and (placed or levelled or ctx.is_specific(rest[:-1])):
                return rest
            if head is not None and head.classes & _BUILDERS and ctx.is_specific(us[: k - 1]):
                return us[:k]  # "珠海华发集团|建设|创新产业新城"
    # what the whole hangs on, before its name: "控制性|工程|白石头隧道"
    if us[0].text == "控制性" and us[1].text == "工程":
        return us[2:]
    # what several do together: "市畜科院|共建|长江畜牧实验室"
    for k in range(1, len(us) - 1):
        in_two = us[k].text == "合作" and us[k + 1].text == "建设" and k + 2 < len(us)
        first = k + 2 if in_two else k + 1
        if (in_two or w.cue(us[k].text, "joint-verb")) and us[k].begin - us[0].begin > 1:
            if ctx.is_specific(us[first:-1]):
                return us[first:]
            head = w.heads.closing(ctx.norm[us[0].begin : us[k].begin])
            if head is not None and head.classes & _PLACES:
                return us[:k]  # "合肥高新区|共建|产业园"
    # an apposition: "科技力量|鹏城实验室"
    for k in range(1, len(us) - 2):
        if us[k].text in appositions and ctx.is_specific(us[k + 1 : k + 2]) and not ctx.is_specific(us[: k + 1]):
            return trimmed(ctx, us[k + 1 :])
    return us
