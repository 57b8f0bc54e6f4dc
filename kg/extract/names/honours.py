"""Honours: what is received, up to the end of its clause: "荣获全国文明城市、国家卫生城市称号"."""

from __future__ import annotations

import re

from kg.extract.chunks import Unit
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.model import EntityClass as C

_CLAUSE_END = re.compile(r"[，。；！？,;!?\n]")
_LOFTY = re.compile(
    r"(?:\d{4}年度?)?(?:全国|中国|国家|全球|世界|亚洲|全省)(?!.*(?:前列|名|位|第[一二三四五六七八九十]|家|个)$).{5,}"
)


def honours(ctx: Context, scene: Scene) -> list[Candidate]:
    """What is received: the object of 获得, 被评为, … up to the end of its clause."""
    span = scene.sentence.span
    if not ctx.words.pattern("receive-verb").search(ctx.norm, span.begin, span.end):
        return []
    verbs = ctx.words.cues["receive-verb"]
    result: list[Candidate] = []
    row = scene.row
    for k, unit in enumerate(row):
        if unit.text not in verbs:
            continue
        start = k + 1
        while start < len(row) and ctx.words.cue(row[start].text, "receive-link"):
            start += 1
        n = start
        while n < len(row) and not (row[n].kind == "stop" and _CLAUSE_END.match(row[n].text)):
            n += 1
        result += _honour_names(ctx, row[start:n])
    return result


def _honour_names(ctx: Context, us: list[Unit]) -> list[Candidate]:
    """The honours in the object of a verb of receiving, one a member of its list."""
    result: list[Candidate] = []
    first = 0
    k = 0
    while k < len(us):
        unit = us[k]
        if k == first and (
            (unit.kind == "number" and not re.match(r"\d{4}|第", unit.text)) or ctx.words.cue(unit.text, "occasion")
        ):
            first = k = k + 1  # "荣获|三次|国务院督查激励"
            continue
        following = us[k + 1] if k + 1 < len(us) else None
        text = ctx.norm[us[first].begin : unit.end]
        closed = (
            following is None
            or following.kind in ("enum", "conj", "stop", "function")
            or ctx.words.cue(following.text, "honour-noun")
            or following.text in ctx.words.tail
        )
        head = ctx.words.honours.closing(text)
        quoted = (
            unit.kind == "quote"
            and k + 1 <= len(us)
            and (
                following is None
                or (ctx.words.cue(following.text, "honour-noun") or following.text == "奖")
                or following.kind in ("enum", "conj")
            )
        )
        lofty = following is None and head is None and _LOFTY.match(text) is not None and k - first >= 2
        if closed and (
            lofty or head is not None or quoted or (following is not None and following.text.endswith("称号"))
        ):
            end = unit.end
            if following is not None and following.text == "奖":
                end = following.end
            begin = us[first].begin
            if _honour_ok(ctx, us[first : k + 1]):
                name = ctx.text(begin, end)
                c = ctx.candidate(begin, end, {C.HONOUR}, "honour")
                if inner := re.search(r"[“\"]([^“”\"]+)[”\"]$", name):
                    c.aliases.add(inner.group(1))
                bare = re.sub(r"^(\d{4}年度|全国首批|全省首批|全国|全省|全市|省|市|国家级|国家)(?=.{4})", "", name)
                if bare != name:
                    c.aliases.add(bare)
                result.append(c)
            k += 1
            while k < len(us) and (
                us[k].kind in ("enum", "conj") or ctx.words.cue(us[k].text, "honour-noun") or us[k].text in ("奖", "等")
            ):
                k += 1
            first = k
            continue
        if unit.kind in ("enum", "conj"):
            # "国家卫生城市、…": a member without a head of an honour is none, unless the next completes it
            if head is None and unit.kind == "enum" and not any(u.kind == "quote" for u in us[first:k]):
                first = k + 1
        elif (unit.kind == "function" and ctx.words.cue(unit.text, "honour-stop")) or (
            unit.kind == "verb" and first == k
        ):
            first = k + 1
        k += 1
    return result


def _honour_ok(ctx: Context, us: list[Unit]) -> bool:
    text = ctx.norm[us[0].begin : us[-1].end]
    return (
        len(text) >= 4
        and text not in ctx.words.general
        and (us[0].kind != "number" or re.match(r"\d{4}年度?|第|[\d一二三四五六七八九十]+星", text) is not None)
    )
