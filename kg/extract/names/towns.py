"""Towns and the villages in them, which no dictionary has: "尧天坪镇|双朗村|油茶基地", "拥翠乡|安立"."""

from __future__ import annotations

import re
from bisect import bisect_left

from kg.extract.chunks import Chunk, Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.numerals import parse_numeral
from kg.model import EntityClass as C
from kg.model import Span
from kg.patterns import compiled

#: the way that they are found by
TOWN = "town"
#: a sign of a name: none that stands before one, or for several
_SIGN = r"(?:(?![的了与及等在将把对从个各每几第镇乡改县])[\u4e00-\u9fff])"
_TOWN = listed(rf"(?P<name>{_SIGN}{{2,4}}?)(?:[\u4e00-\u9fff]{{1,3}}族){{0,3}}(?:{{town-head}})(?!{{no-town-behind}})")
_VILLAGE = listed(rf"{_SIGN}{{1,5}}?(?:{{village-head}})(?!{{no-village-behind}})")
#: a town and a village in it, at the beginning of a member of a list or of a clause
_BOTH = listed(
    rf"(?:^|(?<=[、,，。;；:：]))(?P<town>{_SIGN}{{2,4}}?(?:{{town-head}}))(?P<village>{_SIGN}{{1,4}}?(?:{{village-head}}))(?!{{no-village-behind}})"
)
#: what stands between a list of villages and the noun that sums it up: "等|39|个|贫困村"
_SUMMED = listed(
    r"(?:[、和及][^、和及,，。;；]{2,12})*(?:等|(?=[\d一二三四五六七八九十两]))[\d一二三四五六七八九十两]*个?[\u4e00-\u9fff]{0,10}?(?<!乡)"
    r"{village-sum}(?!{no-village-behind})"
)
#: so many signs has the name of a village without its head at the most, and what it ends before
_BARE = 3
_ENDING = frozenset(("enum", "etc", "conj", "stop", "number"))
#: towns or villages that are counted behind their names: "丁堰、搬经、白蒲|3|镇"
_SEVERAL = listed(
    rf"(?P<members>(?:{_SIGN}{{2,4}}、)+{_SIGN}{{2,4}}?)(?P<etc>等)?(?P<count>\d{{1,2}}|[两三四五六七八九十])个?(?:{{poor-or-old}})?(?P<head>{{towns-head}})(?!{{no-town-behind}})"
)
#: what sums up towns of several levels
_KINDS = frozenset(("乡镇", "镇街"))
_HEADS = listed("{town-head}")
#: who gives a title, and is no town: 国家, 省级
_GIVER = listed("{honour-level}$")
#: so long is the full name of a county at the most
_DIVISION = 9
#: behind a place that begins as a town ends: "杭黄|镇江|段"
_PLACED = compiled("[段站市北南]|$")
#: what may open a sentence's chunk and is no part of the name: "港区|内|长江镇"
_INSIDE = compiled(r".{1,6}?[内里]")


def towns(ctx: Context, scene: Scene) -> None:
    """Towns, and villages behind them, also within longer names; what was torn out of their names is none.

    A village lies in its town: it is called by both, and by its own name.
    """
    span = scene.sentence.span
    if _HEADS.search(ctx.norm, span.begin, span.end) is None:
        return
    row = scene.row
    ends = {unit.end for unit in row}
    for chunk, us in zip(scene.chunks, scene.trimmed, strict=True):
        if us[0].kind != "word":
            continue
        begins = [us[0].begin]
        opens = chunk.first == 0 or row[chunk.first - 1].kind in ("enum", "stop")
        if us[0] is not chunk.units[0] and len(chunk.units[0].text) == 1 and opens:
            begins.append(chunk.begin)  # "、|起|台|镇"
        if (inside := _INSIDE.match(ctx.norm, us[0].begin, chunk.end)) is not None and inside.end() in ends:
            begins.append(inside.end())
        for begin in begins:
            town = _town(ctx, scene, chunk, _behind_divisions(ctx, begin, chunk.end))
            if town is not None:
                _add(ctx, scene, town, _village(ctx, scene, town, chunk))
                break
    for m in _BOTH.finditer(ctx.norm, span.begin, span.end):  # whatever words it is cut into: "五显|镇|乔|庄村"
        town, village = Span(*m.span("town")), Span(*m.span("village"))
        known = any(c.span == town and c.rule == TOWN for c in scene.candidates)
        words = _words(row, town.begin, town.end)
        told = any(len(word.text) > 1 and (word.kind == "verb" or word.text in ctx.words.general) for word in words[:1])
        if not known and not told and not _is_kind(ctx, words, town.end):
            named = not _is_kind(ctx, _words(row, village.begin, village.end), village.end)
            _add(ctx, scene, town, village if named else None)
    for m in _SEVERAL.finditer(ctx.norm, span.begin, span.end):
        _add_members(ctx, scene, m)


def _behind_divisions(ctx: Context, begin: int, end: int) -> int:
    """Where a chunk goes on behind the county that it opens with: "龙山县|洗车河镇"."""
    size = -1
    while size:
        sizes = range(min(_DIVISION, end - begin), 2, -1)
        size = next((n for n in sizes if ctx.norm[begin : begin + n] in ctx.words.divisions), 0)
        begin += size
        if size and ctx.norm.startswith("城", begin):
            begin += 1  # "汶川县城|威州镇"
    return begin


def _town(ctx: Context, scene: Scene, chunk: Chunk, begin: int) -> Span | None:
    """The town that a chunk opens with at ``begin``."""
    row = scene.row
    m = _TOWN.match(ctx.norm, begin, chunk.end)
    if m is None or m["name"] in ctx.words.provinces or m["name"] in ctx.words.countries:
        return None
    known = any(c.span == Span(begin, m.end()) for c in scene.candidates)
    if (
        not known
        and ctx.norm[m.end() - 1 : m.end() + 1] in ctx.words.stems
        and _PLACED.match(ctx.norm, m.end() + 1, chunk.end)
    ):
        return None
    words = _words(row, begin, m.end())
    named = _words(row, begin, m.end("name"))
    general = all(len(w.text) > 1 and w.text in ctx.words.general for w in named)
    if _is_kind(ctx, words, m.end()) or (general and not known):
        return None  # "特色|小镇", "重点|镇"
    if any(word.kind != "word" for word in words):
        return None
    last = words[-1]
    if last.end > m.end() and ctx.is_place(last.text):
        head = ctx.words.heads.closing(ctx.norm[begin : chunk.end])
        if chunk.end - m.end() > _BARE or (head is not None and len(head.word) > 1):
            return None  # "好|未来|镇江|教育基地"
    return Span(begin, m.end())


def _is_kind(ctx: Context, words: list[Unit], end: int) -> bool:
    """Whether the last words say of which kind a town or village is."""
    if any(ctx.words.cue(ctx.norm[word.begin : end], "kind-of-town") for word in words):
        return True
    last = words[-1]
    torn = len(words) > 1 and last.end == end and not ctx.words.cue(last.text, "town-level")
    return torn and last.text in ctx.words.general  # "…|城镇"


def _village(ctx: Context, scene: Scene, town: Span, chunk: Chunk) -> Span | None:
    """The village that is named behind its town, if there is one; without its head in a list that tells what it is."""
    norm, limit = ctx.norm, scene.sentence.span.end
    m = _VILLAGE.match(norm, town.end, chunk.end)
    if m is not None:
        return None if _is_kind(ctx, _words(scene.row, m.start(), m.end()), m.end()) else Span(m.start(), m.end())
    end = next((u.begin for u in scene.row if u.begin >= town.end and u.kind in _ENDING), limit)
    closing = ctx.words.heads.closing(norm[town.end : end])
    if not 0 < end - town.end <= _BARE or (closing is not None and len(closing.word) > 1):
        return None  # "白沙镇|敬老院"
    summed = _SUMMED.match(norm, end, limit)
    return Span(town.end, end) if summed is not None else None


def _words(row: list[Unit], begin: int, end: int) -> list[Unit]:
    """The words of a stretch; one that begins before it, too, if it reaches into it."""
    begins = [unit.begin for unit in row]
    return row[max(bisect_left(begins, begin + 1) - 1, 0) : bisect_left(begins, end)]


def _add(ctx: Context, scene: Scene, town: Span, village: Span | None) -> None:
    """Put a town, and a village in it, among the candidates of a sentence."""
    whole = Span(town.begin, village.end) if village is not None else town
    kept = [c for c in scene.candidates if not _torn(c, town, whole)]
    name = ctx.text(town.begin, town.end)
    fuller = next((c for c in kept if c.span.begin <= town.begin and c.span.end == town.end), None)
    new = [] if fuller is not None else [_place(ctx, town)]
    if fuller is not None and fuller.span != town:
        fuller.aliases.add(name)  # 绥滨县|忠仁镇
    if village is not None:
        same = next((c for c in kept if c.span == whole), None)
        if same is None:
            same = _place(ctx, whole)
            new.append(same)
        same.classes = frozenset(same.classes) | {C.ADMINISTRATIVE_AREA}
        if not name.startswith(alone := ctx.text(village.begin, village.end)):  # "乐秋乡|乐秋"
            same.aliases.add(alone)
        same.wholes = (name,)
    for c in new:
        c.nested = any(
            other.span.overlaps(c.span) for other in (*kept, *new) if other is not c and len(other.span) > len(c.span)
        )
    scene.candidates = sorted([*kept, *new], key=lambda c: (c.span.begin, c.span.end))


def _add_members(ctx: Context, scene: Scene, m: re.Match[str]) -> None:
    """Put the towns of a list that tells how many they are among the candidates of a sentence."""
    names = m["members"].split("、")
    closings = [ctx.words.heads.closing(name) for name in names]
    if all(name in ctx.words.general or _GIVER.search(name) for name in names) or any(
        c is not None and len(c.word) > 1 for c in closings
    ):
        return  # "规划、环保、用地|3个试点镇", "国家、省级、市级|3个重点镇", "云山公路、龙泉公路|3镇"
    first = m.start() + len(names[0])
    begin = max((us[0].begin for us in scene.trimmed if us[0].begin <= first - 2), default=m.start())
    count = parse_numeral(m["count"]) or 0
    if count < len(names) or (count > len(names) and m["etc"] is None) or not m.start() <= begin <= first - 2:
        return
    spans = [Span(begin, first)]
    for name in names[1:]:
        spans.append(Span(spans[-1].end + 1, spans[-1].end + 1 + len(name)))
    end = m.end()
    members = [_place(ctx, span) for span in spans]
    if m["head"] not in _KINDS:
        for c in members:
            c.aliases.add(c.name + m["head"])
    kept = [c for c in scene.candidates if c.span.end <= begin or end <= c.span.begin]
    scene.candidates = sorted([*kept, *members], key=lambda c: (c.span.begin, c.span.end))


def _place(ctx: Context, span: Span) -> Candidate:
    return ctx.candidate(span.begin, span.end, {C.ADMINISTRATIVE_AREA}, TOWN)


def _torn(c: Candidate, town: Span, whole: Span) -> bool:
    """Whether a candidate begins or ends within the name of a town, or of a village: 双桥 of 双桥坪镇."""
    if c.span in (town, whole) or not c.span.overlaps(whole):
        return False
    inside = town.begin <= c.span.begin and c.span.end <= town.end
    crossing = (town.begin < c.span.begin < town.end) or (town.begin < c.span.end < town.end)
    return inside or crossing
