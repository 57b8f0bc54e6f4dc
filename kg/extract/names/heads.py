"""Names by their head: "…创意园", "…路", "…公司" with something specific before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.extract.chunks import Chunk, Unit
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.edges import trimmed
from kg.extract.names.needs import needs
from kg.extract.words import Head
from kg.model import EntityClass as C
from kg.patterns import compiled

_SHARED = 8  # so many places' reports share a name made of rare words only if it is a kind after all
_BRAND = 3  # words of a brand at the most
_HALF = 12  # characters of a name before a conjunction in it
_DESCRIBED = 4  # characters before a head that describe one thing
_LOOSE = frozenset("的了与和及区县市")
#: what a place before makes a name of, whatever follows
_PLACED = frozenset("港站")
_WATERS = frozenset("江河湖海山城市区县州")
SLOGAN = compiled(r"[“\"][一二三四五六七八九十两][个大项]")
#: how near everything is to be, which is a slogan, too: “15分钟便民生活圈”
MINUTES = compiled(r"[“\"]?(?:\d+|[一二三四五半十]+)(?:分钟|刻钟|小时)")


#: Around(...) in half the time
_NEW = tuple.__new__


class Around(NamedTuple):
    """What stands around a chunk, asked whether one thing is meant."""

    ctx: Context
    scene: Scene
    chunk: Chunk

    def definite(self) -> bool:
        """Whether reports speak there of one thing: of what is built or opened."""
        return _definite(self.ctx, self.scene, self.chunk)

    def single(self) -> bool:
        """Whether nothing there speaks of several: no figure, no 的, no 一批 before it, no figure behind it."""
        row, first, last = self.scene.row, self.chunk.first, self.chunk.last
        before = row[first - 1] if first else None
        if before is not None and (
            before.kind in ("number", "etc")
            or before.text == "的"
            or self.ctx.words.cue(before.text, "counter")
            or self.ctx.words.cue(before.text, "indefinite")
        ):
            return False
        return last >= len(row) or row[last].kind != "number"


def headed(ctx: Context, scene: Scene) -> list[Candidate]:
    """Chunks that close with a head and have something specific before it: "…创意园", "…路", "…公司"."""
    result: list[Candidate] = []
    # only what ends with a head or is a name closes one, and most chunks hold nothing that does
    closing = list(map(ctx.closes, scene.texts))
    if True not in closing:
        return result
    for k, chunk in enumerate(scene.chunks):
        if True not in closing[chunk.first : chunk.last] and (
            not k
            or scene.row[chunk.first - 1].kind != "conj"
            or True not in closing[scene.chunks[k - 1].first : chunk.first]
        ):
            continue
        found = _names_in(ctx, scene.trimmed[k], _NEW(Around, (ctx, scene, chunk)))
        if found and _is_counted(ctx, scene, chunk):
            found = [c for c in found if c.span.end != chunk.end]
        if found and chunk.last < len(scene.row) and ctx.words.cue(scene.row[chunk.last].text, "grow-verb"):
            # "工业经济高速|增长" says how it grows
            found = [c for c in found if c.span.end < chunk.end or not ctx.words.cue(c.name[-2:], "manner-head")]
        if found and chunk.first and _is_summed_up(ctx, scene, chunk):
            found = [c for c in found if c.span.begin != chunk.begin or c.nested]
        if k and scene.row[chunk.first - 1].kind == "conj" and chunk.first - 1 == scene.chunks[k - 1].last:
            found = _across(ctx, scene, k, found)
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


@needs(cues=("industry",))
def branded(ctx: Context, scene: Scene) -> list[Candidate]:
    """A rare word before an industry is a company: "商汤|科技", "飞鹤|乳业"; a place before it is an industry there."""
    result: list[Candidate] = []
    industries = ctx.words.cues["industry"]
    for chunk, us in zip(scene.chunks, scene.trimmed, strict=True):
        for k in range(1, min(len(us), _BRAND + 1)):
            unit = us[k]
            company = ctx.words.cue(unit.text, "company-industry")
            if unit.text not in industries or (
                k + 1 < len(us) and us[k + 1].text not in ctx.words.tail and not company
            ):
                continue
            brand = ctx.norm[us[0].begin : unit.begin]
            if (
                2 <= len(brand) <= 4
                and all(u.kind == "word" and not u.tag.startswith(("a", "b", "f")) for u in us[:k])
                and brand not in ctx.words.general
                and ctx.is_specific(us[:k])
                and (not ctx.is_place(brand) or (len(brand) == 2 and company))
                and not ctx.words.pattern("kind-marker").search(brand)
                and ctx.words.generic.get(brand + unit.text, 0) == 0
                and not _is_counted(ctx, scene, chunk)
            ):
                result.append(ctx.candidate(us[0].begin, unit.end, {C.ENTERPRISE}, "branded"))
            break
    return result


def _across(ctx: Context, scene: Scene, k: int, found: list[Candidate]) -> list[Candidate]:
    """The name that runs across the conjunction before a chunk, if its first half is no name itself.

    "海珠检测|与|认证产业联盟"; and where nothing in the second half is specific: "低碳|与|绿色建筑产业基地".
    """
    chunk, before = scene.chunks[k], scene.chunks[k - 1]
    us = trimmed(ctx, before.units)
    opening = chunk.units[0].text
    holds = ctx.words.cue(opening, "own-level") or ctx.words.cue(opening, "session-host")
    half = _is_half(ctx, us, before) and not holds
    if not found:
        placed = ctx.is_place(before.units[0].text) and len(before.units) >= 2
        if placed and not names_in(ctx, before.units):
            return names_in(ctx, [*before.units, scene.row[chunk.first - 1], *chunk.units])
        head = ctx.words.heads.closing(ctx.norm[chunk.begin : chunk.end])
        opened = before.first == 0 or scene.row[before.first - 1].kind in ("verb", "enum", "stop")
        if (
            half
            and opened
            and head is not None
            and head.grade == "strong"
            and len(head.word) > 2
            and head.classes & {C.ORGANIZATION, C.PARK, C.EVENT}
            and Around(ctx, scene, chunk).single()
            and Around(ctx, scene, before).single()
        ):
            return [ctx.candidate(us[0].begin, chunk.end, head.classes, f"head:{head.word}")]
        return []
    own = found[0]
    if (
        half
        and own.span.begin == chunk.begin
        and own.classes & {C.ORGANIZATION, C.PARK, C.EVENT}
        and not ctx.is_specific([u for u in chunk.units if u.end < own.span.end])
    ):
        return [ctx.candidate(us[0].begin, own.span.end, own.classes, own.rule)]
    return found


def _is_half(ctx: Context, us: list[Unit], chunk: Chunk) -> bool:
    """Whether a chunk before a conjunction may be the first half of a name: no head, no list, not too long."""
    size = us[-1].end - us[0].begin
    return (
        2 <= size <= _HALF
        and all(u.kind == "word" for u in us)
        and us[-1].end == chunk.end
        and not any(
            heads.closing(ctx.norm[us[0].begin : u.end])
            for u in us
            for heads in (ctx.words.heads, ctx.words.honours, ctx.words.list_heads)
        )
    )


def _is_summed_up(ctx: Context, scene: Scene, chunk: Chunk) -> bool:
    """Whether a chunk says of what kind the members before 等 are, or what a figure before it counts."""
    before, first = scene.row[chunk.first - 1], chunk.units[0]
    if first.kind == "quote" or ctx.is_place(first.text):
        return False
    return before.kind == "etc" or (before.kind == "word" and ctx.words.cue(before.text, "number-counter"))


def _is_counted(ctx: Context, scene: Scene, chunk: Chunk) -> bool:
    """Whether a figure behind the chunk counts what it names, which makes it a kind: "改扩建酒店|10|家"."""
    row = scene.row
    return (
        chunk.last + 1 < len(row)
        and row[chunk.last].kind == "number"
        and ctx.words.cue(row[chunk.last + 1].text, "counter")
        and not ctx.words.cue(row[chunk.last + 1].text, "size")
        and not any(u.kind == "quote" for u in chunk.units)
    )


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


def names_in(ctx: Context, us: list[Unit], around: Around | None = None) -> list[Candidate]:
    """The name that a chunk holds: from its left edge to its last head that nothing but a tail follows."""
    return _names_in(ctx, trimmed(ctx, us), around)


def _names_in(ctx: Context, us: list[Unit], around: Around | None) -> list[Candidate]:
    norm, heads, names, closes = ctx.norm, ctx.words.heads, ctx.words.names, ctx.closes
    if (
        len(us) >= 2
        and us[0].text in ctx.words.provinces
        and (
            us[1].text in ctx.words.divisions
            or norm[us[1].begin : us[min(2, len(us) - 1)].end] in ctx.words.divisions
            or (len(us) == 2 and ctx.words.lies_in(us[1].text, us[0].text))  # "四川|凉山" is no mountain
        )
    ):
        return []
    for k in range(len(us), 0, -1):
        last = us[k - 1]
        if last.kind == "quote" or (not closes(last.text) and last.kind != "paren"):
            continue
        longer = (  # "沪通|长江大桥"
            k > 1
            and C.FACILITY in names.get(last.text, ())
            and ctx.is_specific(us[: k - 1])
            and not ctx.is_place(us[k - 2].text)
        )
        if last.text in names and not longer and all(u.text in ctx.words.tail for u in us[k:]):
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
        known = last.tag in ("nt", "ns", "nz") and len(last.text) > len(head.word) + 1  # "大庆油田"
        if (
            not plain
            and k > 1
            and len(head.word) == 1
            and head.word in _PLACED
            and all(ctx.is_place(u.text) for u in us[: k - 1])
        ):
            return [ctx.candidate(us[0].begin, last.end, head.classes, f"head:{head.word}")]  # "温州|港|集装箱"
        if not plain and (
            (k < 2 and not known) or head.grade != "strong" or (len(head.word) < 2 and not _rare(ctx, us[: k - 1]))
        ):
            continue
        found = _named(ctx, us[:k], head, around)
        if found is not None:
            return [found, *_places_in(ctx, us[:k])]
        if plain and head.grade == "strong" and k == len(us) and len(head.word) > 1:
            return []
    return []


def _rare(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether single characters before a head make no word that reports share: "官洲|岛"."""
    text = "".join(u.text for u in us)
    return all(len(u.text) == 1 for u in us) and len(text) == 2 and text not in ctx.words.general


def _named(ctx: Context, us: list[Unit], head: Head, around: Around | None) -> Candidate | None:
    begin, end = us[0].begin, us[-1].end
    head_begin = (us[-2].end if us[-1].kind == "paren" else end) - len(head.word)
    if len(us) > 1 and us[-1].kind == "word" and head_begin < us[-1].begin and len(us[-2].text) > 1:
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
        elif (
            torn.tag not in ("n", "i", "l")
            or head.word == "号线"
            or (torn.tag == "n" and len(head.word) == 1 and C.EVENT not in head.classes)
        ):
            before.append(torn)  # but "开放市场" is a word of the dictionary: a kind
    if head_begin <= begin or (len(before) == 1 and ctx.words.cue(before[0].text, "initial-verb")):
        return None
    numbered = head.word == "号线" and any(u.kind == "number" for u in before)
    specific = numbered or ctx.is_specific(before) or (us[-1].kind == "paren" and ctx.is_place(us[-1].text[1:-1]))
    if (
        not specific
        and len(before) == 1
        and len(before[0].text) == 1
        and len(head.word) > 1
        and before[0].tag in ("ns", "nr", "nz", "nrt")
        and before[0].text not in _WATERS
    ):
        pair = before[0].text + head.word
        specific = pair not in ctx.words.general and len(pair) >= 3
    classes = head.classes
    if head.word.endswith("段") and (whole := ctx.words.heads.closing(ctx.norm[begin:head_begin])) is not None:
        classes = whole.classes | {C.PROJECT}  # "十巫高速|南段" is a stretch of the motorway
    cues = ctx.words.cues
    if head.word in cues["campaign-head"] and any(u.kind == "quote" for u in before):
        classes = classes | {C.POLICY, C.PROJECT}  # "“三旧”改造" is a campaign
    if head.grade == "weak":
        quotes = [u for u in before if u.kind == "quote"]
        if any(SLOGAN.match(u.text) for u in quotes):
            return None
        if not quotes and not (
            specific
            and len(before) >= 2
            and (ctx.is_place(us[0].text) or "".join(u.text for u in us[:2]) in ctx.own_names)
        ):
            return None
    else:
        text = ctx.norm[begin:end]
        own = (
            us[0].text in cues["own-level"]
            and (len(us) >= 3 or (len(us) == 2 and len(us[1].text) >= 3))
            and (
                head.classes & {C.FACILITY, C.ORGANIZATION, C.PARK, C.ZONE}
                # "市博物馆整体改造": work on one of the area's own
                or (C.PROJECT in head.classes and any(_is_built(ctx, ctx.norm[begin : u.end]) for u in us[1:-1]))
            )
            and len(us[1].text) > 1
            and us[1].text not in cues["kind-marker"]
        )
        areas = ctx.words.generic.get(text, 0)
        if head.word in cues["line-head"] and _is_line(ctx, us, head_begin - begin, ctx.norm[begin:head_begin]):
            return ctx.candidate(begin, end, classes, f"head:{head.word}")
        # "万达|广场"
        branded = (
            len(before) == 1
            and C.FACILITY in head.classes
            and C.ENTERPRISE in ctx.words.names.get(before[0].text, frozenset())
        )
        if areas and not own and not branded:
            placed = ctx.is_place(us[0].text) or any(u.kind == "quote" or u.tag == "eng" for u in before)
            rare = specific and (
                any(len(u.text) > 1 and u.text not in ctx.words.general for u in before)
                or all(len(u.text) == 1 for u in before)
            )
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
            if around is None or len(before) < 2 or ctx.words.pattern("kind-marker").search(text):
                return None
            built = head.classes & {C.FACILITY, C.PARK, C.ZONE} and head_begin - begin >= 3 and around.definite()
            # a long description that no other place has is one thing: "新能源材料产业技术研究院"
            unique = (
                head_begin - begin >= _DESCRIBED
                and not areas
                and not ctx.words.cue(head.word, "kind-head")
                and all(u.kind == "word" and u.text not in _LOOSE and u.tag != "m" for u in us)
                and not us[0].tag.startswith("v")
                and not ctx.words.cue(us[0].text, "works-verb")
                and around.single()
            )
            if not built and not unique:
                return None
    if (text := ctx.norm[begin:end]) in ctx.words.divisions or (
        text in ctx.words.stems and head.grade == "strong" and len(head.word) == 1
    ):
        return None
    if head.word in cues["town-level"] and not _is_town(ctx, us, text):
        return None
    if (
        head.word in cues["built-head"]
        and (around is None or not around.definite())
        and not any(u.kind == "quote" for u in before)
    ):
        return None
    if us[0].text in cues["bare-level"]:
        return None
    if head.word in cues["work-head"] and not _worked_on(ctx, ctx.norm[begin:head_begin]):
        return None
    if head.word == "街" and len(text) <= 5:
        classes = classes | {C.ADMINISTRATIVE_AREA}  # in some cities short for 街道
    return ctx.candidate(begin, end, classes, f"head:{head.word}")


def _worked_on(ctx: Context, text: str) -> bool:
    """Whether work is done on one thing: "只楚路|整治"; not "农业面源污染|治理"."""
    head = ctx.words.heads.closing(text)
    built = C.FACILITY in head.classes if head is not None else False
    return head is not None and built and text not in ctx.words.general and text not in ctx.words.generic


def _is_built(ctx: Context, text: str) -> bool:
    """Whether a text closes with the head of something that is built or of a body."""
    head = ctx.words.heads.closing(text)
    return head is not None and bool(head.classes & {C.FACILITY, C.ORGANIZATION}) and len(head.word) > 1


def _is_line(ctx: Context, us: list[Unit], size: int, modifier: str) -> bool:
    """Whether a short modifier names a road or railway, of however general words: "江北高速", "滨湖大道"."""
    return (
        (2 <= size <= 4 or len(us) == size - 1)
        and all(u.kind == "word" or len(u.text) == 1 for u in us)
        and not (us[0].tag.startswith("v") and len(us[0].text) > 1)
        and not ctx.words.pattern("no-line").search(modifier)
        and not ctx.words.pattern("kind-marker").search(modifier)
    )


def _is_town(ctx: Context, us: list[Unit], text: str) -> bool:
    """Whether what closes with 镇, 村, … is one of them: "哈克镇"; not "每个村", "“一村一品”示范村"."""
    kind = any(u.kind in ("quote", "number") for u in us) or ctx.words.pattern("every").search(text)
    return len(text) <= 7 and not kind


def _places_in(ctx: Context, us: list[Unit]) -> list[Candidate]:
    """Divisions and zones that open a longer name: "琶洲村" of "琶洲村改造", "天府新区" of "天府新区军民融合产业园"."""
    result = []
    w = ctx.words
    first = us[0]
    if len(us) > 1 and first.kind == "word" and first.text in w.divisions and first.text not in ctx.own_names:
        c = ctx.candidate(first.begin, first.end, {C.ADMINISTRATIVE_AREA}, "nested-division")
        c.nested = True
        result.append(c)
    for k in range(1, min(4, len(us))):
        text = ctx.norm[first.begin : us[k - 1].end]
        if us[k - 1].kind != "word" or len(text) < 3 or not ctx.is_specific(us[:k]):
            continue
        last = us[k - 1].text
        if w.ending("town-level").search(text) and not (
            (len(last) > 1 and last in w.general)
            or any(u.kind == "quote" for u in us[:k])
            # "连|淮扬|镇|铁路": signs of the cities that it links
            or (k > 2 and k < len(us) and w.cue(us[k].text, "shared-head"))
        ):
            c = ctx.candidate(first.begin, us[k - 1].end, {C.ADMINISTRATIVE_AREA}, "nested")
        elif k > 1 and (head := w.heads.closing(text)) is not None and w.cue(head.word, "opening-zone"):
            c = ctx.candidate(first.begin, us[k - 1].end, head.classes, "nested-zone")
        else:
            continue
        c.nested = True
        result.append(c)
        break
    return result
