"""Names by their head: "…创意园", "…路", "…公司" with something specific before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from kg.extract.chunks import Chunk, Unit
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.edges import trimmed
from kg.extract.words import Head
from kg.model import EntityClass as C

_SHARED = 8  # so many places' reports share a name made of rare words only if it is a kind after all
_SLOGAN = re.compile(r"[“\"][一二三四五六七八九十两][个大项]")


def _indefinite() -> bool:
    """That nothing around a chunk says that one thing is meant."""
    return False


def headed(ctx: Context, scene: Scene) -> list[Candidate]:
    """Chunks that close with a head and have something specific before it: "…创意园", "…路", "…公司"."""
    result: list[Candidate] = []
    for k, chunk in enumerate(scene.chunks):
        found = _names_in(ctx, scene.trimmed[k], partial(_definite, ctx, scene, chunk))
        # "海珠检测|与|认证产业联盟": a name may run across a conjunction, if its first half is no name itself
        if (
            k
            and not found
            and scene.row[chunk.first - 1].kind == "conj"
            and chunk.first - 1 == scene.chunks[k - 1].last
        ):
            before = scene.chunks[k - 1]
            if ctx.is_place(before.units[0].text) and len(before.units) >= 2 and not names_in(ctx, before.units):
                found = names_in(ctx, [*before.units, scene.row[chunk.first - 1], *chunk.units])
        # "广州塔及|南广场": a direction alone belongs to the name before
        if result and len(chunk.units) == 2 and ctx.words.cue(chunk.units[0].text, "direction"):
            head = ctx.words.heads.closing(ctx.norm[chunk.begin : chunk.end])
            last = result[-1]
            if head is not None and chunk.begin - last.span.end in (1, 2):
                c = ctx.candidate(chunk.begin, chunk.end, head.classes, "direction", ctx.text(chunk.begin, chunk.end))
                c.name = last.name + c.name
                found = [c]
        result += found
    return result


def _definite(ctx: Context, scene: Scene, chunk: Chunk) -> bool:
    """Whether a chunk stands where reports speak of one thing: as what is built or opened, no figure before it."""
    row = scene.row
    before = row[chunk.first - 1] if chunk.first else None
    if before is not None and (
        before.kind == "number" or ctx.words.cue(before.text, "counter") or ctx.words.cue(before.text, "indefinite")
    ):
        return False
    n = chunk.first - 1
    while n >= 0 and row[n].kind in ("enum", "conj", "word") and n > chunk.first - 14:
        n -= 1
    if n >= 0 and row[n].kind == "verb" and ctx.words.cue(row[n].text, "build-verb"):
        return True
    if ctx.words.cue(chunk.units[0].text, "build-verb"):
        return True
    for unit in row[chunk.last : chunk.last + 14]:
        if unit.kind not in ("enum", "conj", "word", "function", "verb") or unit.text in ("的", "等"):
            break
        if ctx.words.cue(unit.text, "open-verb"):
            return True
    return ctx.words.cue(chunk.units[-1].text, "open-verb")


def names_in(ctx: Context, us: list[Unit]) -> list[Candidate]:
    """The name that a chunk holds: from its left edge to its last head that nothing but a tail follows."""
    return _names_in(ctx, trimmed(ctx, us), _indefinite)


def _names_in(ctx: Context, us: list[Unit], definite: Callable[[], bool]) -> list[Candidate]:
    norm, heads, names = ctx.norm, ctx.words.heads, ctx.words.names
    if (
        len(us) >= 2
        and us[0].text in ctx.words.provinces
        and (
            us[1].text in ctx.words.divisions or norm[us[1].begin : us[min(2, len(us) - 1)].end] in ctx.words.divisions
        )
    ):
        return []
    for k in range(len(us), 0, -1):
        last = us[k - 1]
        if last.kind == "quote":
            continue
        if last.text in names and all(u.text in ctx.words.tail for u in us[k:]):
            begin = us[k - 2].begin if k > 1 and ctx.is_place(us[k - 2].text) else last.begin
            return [ctx.candidate(begin, last.end, ctx.words.names[last.text], "known", last.text)]
        stop = us[k - 2].end if last.kind == "paren" and k > 1 else last.end
        if norm[stop - 2 : stop] not in heads.finals and norm[stop - 1] not in heads.singles:
            continue
        head = heads.closing(norm, us[0].begin, stop)
        if head is None:
            continue
        rest = us[k:]
        plain = not rest or all(u.text in ctx.words.tail or u.kind in ("quote", "paren") for u in rest)
        if rest and C.ORGANIZATION in head.classes and ctx.words.cue(rest[0].text, "people"):
            continue  # "大学|毕业生"
        if not plain and ctx.words.cue(head.word, "final-head"):
            continue
        if not plain and (k < 2 or head.grade != "strong" or (len(head.word) < 2 and not _rare(ctx, us[: k - 1]))):
            continue
        found = _named(ctx, us[:k], head, definite=definite)
        if found is not None:
            return [found, *_places_in(ctx, us[:k])]
    return []


def _rare(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether single characters before a head make no word that reports share: "官洲|岛"."""
    text = "".join(u.text for u in us)
    return all(len(u.text) == 1 for u in us) and len(text) == 2 and text not in ctx.words.general


def _named(ctx: Context, us: list[Unit], head: Head, *, definite: Callable[[], bool]) -> Candidate | None:
    begin, end = us[0].begin, us[-1].end
    head_begin = (us[-2].end if us[-1].kind == "paren" else end) - len(head.word)
    if len(us) > 1 and us[-1].kind == "word" and head_begin < us[-1].begin:
        head_begin = us[-1].begin  # "冰雕公园" is a head of two words; the first may be what is specific
    if end - begin < 3:
        return None
    before = [u for u in us if u.end <= head_begin]
    # one token may hold the head and more ("南广场"): it is specific if the whole word is
    torn = us[len(before)]
    if torn.begin < head_begin:
        if torn.text in ctx.words.general and not ctx.is_place(torn.text[: head_begin - torn.begin]):
            if len(head.word) == 1:
                return None
            head_begin = torn.begin
        else:
            before.append(torn)
    if head_begin <= begin:
        return None
    numbered = head.word == "号线" and any(u.kind == "number" for u in before)
    specific = numbered or ctx.is_specific(before) or (us[-1].kind == "paren" and ctx.is_place(us[-1].text[1:-1]))
    if (
        not specific
        and len(before) == 1
        and len(before[0].text) == 1
        and len(head.word) > 1
        and before[0].tag in ("ns", "nr", "nz", "nrt")
    ):
        pair = before[0].text + head.word
        specific = pair not in ctx.words.general and len(pair) >= 3
    classes = head.classes
    cues = ctx.words.cues
    if head.word in cues["campaign-head"] and any(u.kind == "quote" for u in before):
        classes = classes | {C.POLICY, C.PROJECT}  # "“三旧”改造" is a campaign
    if head.grade == "weak":
        quotes = [u for u in before if u.kind == "quote"]
        if any(_SLOGAN.match(u.text) for u in quotes):
            return None
        if not quotes and not (
            specific
            and len(before) >= 2
            and (ctx.is_place(us[0].text) or "".join(u.text for u in us[:2]) in ctx.own_names)
        ):
            return None
    else:
        text = ctx.norm[begin:end]
        own = us[0].text in cues["own-level"] and len(us) >= 3 and head.classes & {C.FACILITY, C.ORGANIZATION}
        if (areas := ctx.words.generic.get(text, 0)) and not own:
            placed = ctx.is_place(us[0].text) or any(u.kind == "quote" or u.tag == "eng" for u in before)
            rare = specific and any(len(u.text) > 1 and u.text not in ctx.words.general for u in before)
            if areas >= (_SHARED if rare else 1) and not placed:
                return None
        if not specific and not own:
            proper = (
                ctx.words.proper & {head.word, us[-1].text}
                and 2 <= head_begin - begin <= 3
                and not ctx.words.pattern("kind-marker").search(text)
            )
            if proper and len(before) == 1 and text not in ctx.words.general:
                return ctx.candidate(begin, end, head.classes, f"head:{head.word}")
            built = (
                head.classes & {C.FACILITY, C.PARK, C.ZONE}
                and head_begin - begin >= 3
                and len(before) >= 2
                and definite()
            )
            if not built or ctx.words.pattern("kind-marker").search(text):
                return None
    if (text := ctx.norm[begin:end]) in ctx.words.divisions or (
        text in ctx.words.stems and head.grade == "strong" and len(head.word) == 1
    ):
        return None
    if head.word in cues["town-level"] and not _is_town(ctx, us, text):
        return None
    if head.word in cues["built-head"] and not definite() and not any(u.kind == "quote" for u in before):
        return None
    if us[0].text in cues["bare-level"]:
        return None
    if head.word == "街" and len(text) <= 5:
        classes = classes | {C.ADMINISTRATIVE_AREA}  # in some cities short for 街道
    return ctx.candidate(begin, end, classes, f"head:{head.word}")


def _is_town(ctx: Context, us: list[Unit], text: str) -> bool:
    """Whether what closes with 镇, 村, … is one of them: "哈克镇"; not "每个村", "“一村一品”示范村"."""
    kind = any(u.kind in ("quote", "number") for u in us) or ctx.words.pattern("every").match(text)
    return len(text) <= 7 and not kind


def _places_in(ctx: Context, us: list[Unit]) -> list[Candidate]:
    """Divisions that open a longer name: "琶洲村" of "琶洲村改造", "哈克镇" of "哈克镇生态奶源基地"."""
    result = []
    for k in range(1, min(4, len(us))):
        text = ctx.norm[us[0].begin : us[k - 1].end]
        if (
            us[k - 1].kind == "word"
            and ctx.words.ending("town-level").search(text)
            and len(text) >= 3
            and ctx.is_specific(us[:k])
        ):
            c = ctx.candidate(us[0].begin, us[k - 1].end, {C.ADMINISTRATIVE_AREA}, "nested")
            c.nested = True
            result.append(c)
            break
    return result
