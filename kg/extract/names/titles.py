"""Titles in 《》, and documents and sessions that are named by a formula: "关于…的意见", "党的十七届三中全会"."""

from __future__ import annotations

import re

from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.model import EntityClass as C

_SESSION = re.compile(
    r"[省市区县]第[一二三四五六七八九十]+次党代会|党的[一二三四五六七八九十]+届[一二三四五六七八九十]+中全会|"
    r"[一二三四五六七八九十]+届[一二三四五六七八九十]+中全会|党的[一二三四五六七八九十]+大(?![中小])|"
    r"关于[\u4e00-\u9fff、“”]{6,40}?的(?:若干)?(?:意见|决定|措施|通知|办法|规定|方案|实施意见|若干意见|若干措施)|"
    r"(?<=出台)[\u4e00-\u9fff、“”]{6,30}?的(?:若干)?(?:意见|若干措施|办法|条例|决定)|"
    r"第[一二三四五六七八九十]+次全国[\u4e00-\u9fff]{2,6}普查"
)
#: what stands in all of them: most sentences have none of it
_SIGN = re.compile(r"党代会|党的|全会|关于|出台|普查")
_EVENT = re.compile(r"会$|大$|普查$")
_PLENARY = re.compile(
    r"(?P<number>[一二三四五六七八九十]+届)(?P<list>[一二三四五六七八九]中(?:(?:全会)?[、和][一二三四五六七八九]中)+)全会"
)


def titles(ctx: Context, scene: Scene) -> list[Candidate]:
    """Titles in 《》 are documents."""
    result = []
    for k in scene.places.get("title", ()):
        unit = scene.row[k]
        if unit.end - unit.begin > 4:
            inner = ctx.text(unit.begin + 1, unit.end - 1)
            c = ctx.candidate(unit.begin, unit.end, {C.POLICY}, "title", inner)
            c.aliases.add(re.sub(r"[（(][^()（）]*[)）]$", "", inner))
            result.append(c)
    return result


def sessions(ctx: Context, scene: Scene) -> list[Candidate]:
    """Congresses, plenary sessions and censuses with their number."""
    s = scene.sentence.span
    if not _SIGN.search(ctx.norm, s.begin, s.end):
        return []
    joined = []
    for m in _PLENARY.finditer(ctx.norm, s.begin, s.end):
        for n in re.finditer(r"[一二三四五六七八九]中", m["list"]):
            at = m.start("list") + n.start()
            last = m.start("list") + n.end() == m.end("list")
            c = ctx.candidate(at, m.end() if last else at + 2, {C.EVENT}, "session")
            if at == m.start("list"):
                c = ctx.candidate(m.start("number"), m.end() if last else at + 2, {C.EVENT}, "session")
            c.aliases.add(c.name)
            c.name = m["number"] + n.group() + "全会"
            joined.append(c)
    return joined + [
        ctx.candidate(m.start(), m.end(), {C.EVENT} if _EVENT.search(m.group()) else {C.POLICY}, "session")
        for m in _SESSION.finditer(ctx.norm, s.begin, s.end)
    ]
