"""What something is called by others is an honour, whatever its head tells it to be: "成为|全市环境教育基地"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.learned import LEARNED
from kg.model import EntityClass as C
from kg.patterns import compiled

#: the way by which what is found for something else is found for an honour, too
ENTITLED: Final = "honour"
#: what may be a title besides; and what is one by its rank
_THINGS = frozenset((C.ZONE, C.PARK, C.FACILITY, C.PROJECT, C.ORGANIZATION))
_RANKED = frozenset((C.ZONE, C.PARK, C.PROJECT))
#: how titles begin that somebody gives: "国家农业科技园区", "全省千亿级绿色化工产业基地"; not "全省第二大风电基地"
_RANK = listed(r"(?:首批|首个)?{honour-level}级?(?!第)[\u4e00-\u9fff“]{3}")
#: who gives it
_LEVEL = listed("{honour-level}级?|全[市区县]")
#: how they end where they may be no more than what was built
_RANKED_END = listed(r"{ranked-end}[”\"]?$")
#: which one of those it is that hold the title
_NTH = compiled(r"(?:全国|全省)?(?:第[\d一二三四五六七八九十]+|首|唯?一)[批家个座项名处]|唯一|我[市区县省]|的")
_TITLE = "称号"
#: who gives it, at the beginning of a name; and what says that it is a rank
_GIVER, _BEST = frozenset("省市区县州"), listed("{best-of-kind}")
#: what may follow a title
_BOUNDS = frozenset(("stop", "enum", "conj", "etc", "paren"))


def entitled(ctx: Context, scene: Scene) -> None:
    """Make honours, too, of what something became or was called, or was built to be by its rank."""
    for c in scene.candidates:
        if c.nested or not c.classes <= _THINGS or "known" in c.rule or ctx.words.cue(c.name, "macro-region"):
            continue
        if _is_title(ctx, scene, c):
            c.classes |= {C.HONOUR}
            if c.rule != LEARNED:
                c.rule = f"{c.rule}+{ENTITLED}"


def is_ranked(c: Candidate) -> bool:
    """Whether its name says that it is a zone or park of a rank that somebody gives: "国家现代农业产业园"."""
    return _RANK.match(c.name) is not None and _RANKED_END.search(c.name) is not None


def _is_title(ctx: Context, scene: Scene, c: Candidate) -> bool:
    if ctx.norm.startswith(_TITLE, c.span.end):
        return True
    verb = _verb(ctx, [u for u in scene.row if u.end <= c.span.begin])
    own = [u for u in scene.row if c.span.begin <= u.begin and u.end <= c.span.end]
    if not verb:
        return False
    if ctx.words.cue(verb, "ranked-verb"):
        return c.classes <= _RANKED and is_ranked(c) and not _is_named(ctx, own)
    if ctx.words.cue(verb, "join-verb") and _is_named(ctx, own):
        return False  # "列入|龙腾产业园"
    plain = c.classes <= _RANKED or ctx.words.honours.closing(c.name) is not None
    ranked = _RANK.match(c.name) is not None or _is_best(ctx, own)
    return _ends(scene, c.span.end) and (ranked or (plain and not ctx.is_place(own[0].text if own else "")))


def _is_best(ctx: Context, own: Sequence[Unit]) -> bool:
    """Whether a name says who gives a rank, and that it is one: "市|十大|样板市场", "广西|五星级|乡村旅游区"."""
    if not own or not (own[0].text in _GIVER or own[0].text in ctx.words.provinces):
        return False
    return _BEST.search(ctx.norm, own[0].end, own[-1].end) is not None


def _is_named(ctx: Context, own: Sequence[Unit]) -> bool:
    """Whether a name tells one thing from others of its kind, and not only a rank from others: "省级|龙腾|高新区"."""
    alone = 0
    words = [u for u in own if u.kind == "word" and not u.text.isascii() and not _LEVEL.fullmatch(u.text)]
    for unit in words[:-1]:
        alone = alone + 1 if len(unit.text) == 1 else 0
        rare = len(unit.text) > 1 and unit.text not in ctx.words.general
        if rare or alone > 1 or ctx.is_place(unit.text):
            return True  # two signs that are no words are a name: "龙|腾"
    return False


def _ends(scene: Scene, end: int) -> bool:
    """Whether nothing is said of what ends there: "确定为|新亚欧大陆桥经济走廊|首要节点城市" is of another."""
    behind = next((u for u in scene.row if u.begin >= end), None)
    return behind is None or behind.kind in _BOUNDS


def _verb(ctx: Context, before: Sequence[Unit]) -> str:
    """The verb by which what follows is called something, whichever of them it is; empty if there is none."""
    behind = ""
    for unit in reversed(before):
        for verb in (unit.text, unit.text + behind):  # "认定|为"
            if ctx.words.cue(verb, "called-verb") or ctx.words.cue(verb, "ranked-verb"):
                return verb
        behind = unit.text
        if not (ctx.words.cue(unit.text, "receive-link") or _NTH.fullmatch(unit.text)):
            break
    return ""
