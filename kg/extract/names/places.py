"""Divisions, countries and names known all over the country, alone or in lists: "广西百色、乐业"."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kg.extract.chunks import Chunk, Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.needs import needs
from kg.model import EntityClass as C
from kg.patterns import compiled

#: characters of a name that two words may share
_SHORT = 2


def known(ctx: Context, scene: Scene) -> list[Candidate]:
    """Divisions, countries and names known all over the country, standing alone at the beginning of a chunk."""
    result: list[Candidate] = []
    w, norm, openings = ctx.words, ctx.norm, ctx.openings
    town_level = w.cues["town-level"]
    province: Candidate | None = None  # carried along a list: "广西百色、乐业、凌云"
    last_end = -9
    for chunk, us in zip(scene.chunks, scene.trimmed, strict=True):
        k = 0
        gap = norm[last_end : chunk.units[0].begin] if last_end >= 0 else ""
        if chunk.units[0].begin - last_end > 2 or "," in gap or ";" in gap:
            province = None
        last_end = chunk.units[-1].end
        head = chunk.units[0]
        if (  # "武汉|共建|东湖科学城"
            us[0] is not head
            and w.cue(chunk.units[1].text, "parting-verb")
            and ctx.is_place(head.text)
            and head.text not in ctx.own_names
        ):
            result.append(ctx.candidate(head.begin, head.end, {C.ADMINISTRATIVE_AREA}, "place"))
        begin = us[0].begin
        if norm[begin : begin + 2] not in openings and not (len(us) > 1 and us[1].text in town_level):
            continue
        above: Candidate | None = None
        while k < len(us):
            unit = us[k]
            joined = ctx.norm[unit.begin : us[k + 1].end] if k + 1 < len(us) else ""
            if joined in w.names:
                result.append(ctx.candidate(unit.begin, us[k + 1].end, w.names[joined], "known"))
                k += 1
                above = None
            elif unit.text in w.names:
                result.append(ctx.candidate(unit.begin, unit.end, w.names[unit.text], "known"))
                above = None
            elif (
                joined
                and len(us[k + 1].text) >= 3
                and ctx.is_place(unit.text)
                and w.ending("town-level").search(us[k + 1].text)
                and joined not in w.divisions
            ):
                inner = ctx.candidate(unit.begin, unit.end, {C.ADMINISTRATIVE_AREA}, "place")
                inner.nested = True
                c = ctx.candidate(unit.begin, us[k + 1].end, {C.ADMINISTRATIVE_AREA}, "place", us[k + 1].text)
                if unit.text not in ctx.own_names:
                    c.wholes = (inner.name,)
                    result.append(inner)
                result.append(c)
                k += 1
                above = c
            elif joined in w.divisions or (
                joined
                and us[k + 1].text in town_level
                and len(joined) >= 3
                and not w.cue(joined, "kind-of-town")
                and (
                    above
                    or ctx.is_specific([unit])
                    or (
                        unit.tag[:1] == "n"
                        and len(unit.text) <= 3
                        and not w.pattern("kind-marker").search(unit.text)
                        and not w.pattern("every").match(unit.text)
                        and joined not in w.generic
                    )
                )
            ):
                c = ctx.candidate(unit.begin, us[k + 1].end, {C.ADMINISTRATIVE_AREA}, "place")
                if above is not None and joined not in w.divisions:
                    above.nested = True
                    c = ctx.candidate(above.span.begin, us[k + 1].end, {C.ADMINISTRATIVE_AREA}, "place", joined)
                    c.wholes = (above.name,)
                else:
                    _within(ctx, c, above or province, joined)
                result.append(c)
                k += 1
                above = c
            elif above is not None and above.name in w.countries and (n := _town_abroad(us, k, w.abroad)):
                c = ctx.candidate(above.span.begin, us[n].end, {C.ADMINISTRATIVE_AREA}, "place")
                c.aliases.add(ctx.text(unit.begin, us[n].end))
                c.wholes, above.nested = (above.name,), True
                result.append(c)
                k, above = n, c
            elif (
                above is not None
                and above.name in w.countries
                and len(us) == k + 1
                and len(unit.text) <= 4
                and unit.text not in w.general
            ):
                result.append(ctx.candidate(unit.begin, unit.end, {C.ADMINISTRATIVE_AREA}, "place"))
            elif (
                unit.kind == "word"
                and (ctx.is_place(unit.text) or _in_province(ctx, unit, province))
                and unit.text not in ctx.own_names
                and (above or unit.text not in w.everyday or unit.text in w.large or _listed(norm, unit))
            ):
                c = ctx.candidate(unit.begin, unit.end, {C.ADMINISTRATIVE_AREA}, "place")
                _within(ctx, c, above or province, unit.text)
                result.append(c)
                above = c
                if unit.text in w.provinces:
                    province = c
            else:
                break
            k += 1
    return [c for c in result if len(c.span) != _SHORT or not _torn(ctx, c)]


def _torn(ctx: Context, place: Candidate) -> bool:
    """Whether two words share the characters of what is taken for a place: 重庆 of "隆重|庆祝"."""
    begin, end = place.span.begin, place.span.end
    general = ctx.words.general
    return ctx.norm[begin - 1 : begin + 1] in general and ctx.norm[end - 1 : end + 1] in general


def _town_abroad(us: Sequence[Unit], k: int, cities: Collection[str]) -> int:
    """The index of the word that closes the name of a town behind its country: "澳大利亚|洛克|汉普顿|市"; or 0."""
    if us[k].text in cities:
        return k + (k + 1 < len(us) and us[k + 1].text in _ABROAD)  # "美国|芝加哥", "韩国|首尔|市"
    for n in range(k, min(k + 5, len(us))):
        if us[n].kind != "word":
            break
        if us[n].text[-1] in _ABROAD and us[n].end - us[k].begin > 2 and us[n].text not in ("城市", "上市"):
            return n
    return 0


#: levels of divisions abroad
_ABROAD = frozenset("市州郡县府道省")


def _in_province(ctx: Context, unit: Unit, province: Candidate | None) -> bool:
    """Whether a word that is mostly none is a place in the province that the list names: "广西百色、乐业".

    A verb behind the province itself stays one: 振兴 is a district, and what "辽宁振兴" needs.
    """
    word = unit.text
    if province is None or word not in ctx.words.stems:
        return False
    if unit.tag.startswith("v") and ctx.words.cue(word, "not-place") and not _listed(ctx.norm, unit):
        return False
    return ctx.words.lies_in(word, province.name)


def _listed(norm: str, unit: Unit) -> bool:
    """Whether the word is a whole member of a list: 资源 is a county in "龙胜、资源", and else what a region has."""
    before, behind = norm[unit.begin - 1 : unit.begin], norm[unit.end : unit.end + 1]
    return before == "、" or (behind == "、" and not before.isalnum())


#: what closes the name of a water
_WATERS = frozenset("江河湖溪")


@needs(kinds=("enum",))
def place_lists(ctx: Context, scene: Scene) -> list[Candidate]:
    """Unknown members of an enumeration of places are places: "海拉尔至乌兰巴托、赤塔、韩国"."""
    if "enum" not in scene.places:
        return []
    result: list[Candidate] = []
    run: list[Chunk] = []
    for chunk in [*scene.chunks, None]:
        if chunk is not None and (
            not run or (chunk.first == run[-1].last + 1 and scene.row[run[-1].last].kind == "enum")
        ):
            run.append(chunk)
            continue
        places = [c for c in run if len(c.units) == 1 and ctx.is_place(c.units[0].text)] if len(run) > 1 else []
        if len(places) >= 2 and 2 * len(places) >= len(run):
            for c in run:
                u = c.units[0]
                if len(c.units) > 1 and ctx.is_place(ctx.norm[c.begin : c.end]):
                    result.append(ctx.candidate(c.begin, c.end, {C.ADMINISTRATIVE_AREA}, "place-list"))
                if (
                    len(c.units) == 1
                    and c not in places
                    and u.text not in ctx.words.general
                    and u.tag not in ("nr", "nrfg")
                    and u.kind == "word"
                    and len(u.text) > 1
                ):
                    result.append(ctx.candidate(c.begin, c.end, {C.ADMINISTRATIVE_AREA}, "place-list"))
        run = [chunk] if chunk is not None else []
    return result


def _within(ctx: Context, place: Candidate, whole: Candidate | None, name: str) -> None:
    """Note that a place lies in the one named before it, if the tables of divisions have it so."""
    if whole is None or name in ctx.words.provinces:  # 重庆 was in 四川 once
        return
    if ctx.words.lies_in(name, whole.name):
        place.wholes = (whole.name,)
        if whole.span.end == place.span.begin:
            place.aliases.add(whole.name + place.name)


@needs(word=lambda word, _: word[-1:] in _WATERS)
def waters(ctx: Context, scene: Scene) -> list[Candidate]:
    """Rivers and lakes that the segmenter knows: "渠江", unless a division bears the name."""
    return [
        ctx.candidate(u.begin, u.end, {C.FACILITY}, "water")
        for u in scene.row
        if len(u.text) == 2
        and u.tag == "ns"
        and u.text[1] in _WATERS
        and u.text not in ctx.words.stems
        and u.text not in ctx.words.general
        and not ctx.words.cue(u.text, "not-place")
    ]


def phrases(ctx: Context, scene: Scene) -> list[Candidate]:
    """Names known all over the country that are no words of the segmenter's: "中央八项规定"."""
    s = scene.sentence.span
    return [
        ctx.candidate(m.start(), m.end(), ctx.words.names[m.group()], "known")
        for m in ctx.words.phrases.finditer(ctx.norm, s.begin, s.end)
    ]


_ROUTE = compiled(r"至|到|—|-|–|~")


@needs(word=lambda word, _: _ROUTE.fullmatch(word))
def routes(ctx: Context, scene: Scene) -> list[Candidate]:
    """Lines named by their ends: "十堰至安康高铁"."""
    result: list[Candidate] = []
    row = scene.row
    for k in range(1, len(row) - 2):
        if not _ROUTE.fullmatch(row[k].text) or row[k - 1].kind != "word" or row[k + 1].kind != "word":
            continue
        first = row[k - 1]
        if not (ctx.is_place(first.text) or first.tag == "ns"):
            continue
        for n in range(k + 2, min(k + 6, len(row))):
            if row[n].kind not in ("word", "paren") or row[n].begin != row[n - 1].end:
                break
            text = ctx.norm[row[k + 1].begin : row[n].end]
            head = ctx.words.heads.closing(text)
            if head is not None and ctx.words.cue(head.word, "route-head"):
                end = row[n].end
                while n + 1 < len(row) and _SECTION.fullmatch(row[n + 1].text) and row[n + 1].begin == end:
                    n += 1
                    end = row[n].end
                result.append(ctx.candidate(first.begin, end, {C.FACILITY}, "route"))
                break
    return result


@needs(word=lambda word, _: "段" in word or "线" in word)
def sections(ctx: Context, scene: Scene) -> list[Candidate]:
    """Stretches of a line: "蓉昆高铁成自段", "G40高速海门至南通段", "318国道南浔至吴兴段改建工程"."""
    span = scene.sentence.span
    result: list[Candidate] = []
    for m in _NAMED_ROAD.finditer(ctx.norm, span.begin, span.end):
        result.append(ctx.candidate(m.start(), m.end(), {C.FACILITY}, "section"))
    for m in _STRETCH.finditer(ctx.norm, span.begin, span.end):
        if m["line"][-1:] in "线0123456789" and _DIGIT.search(m["line"]):  # "国道319线石板滩至黄土店段"
            result.append(ctx.candidate(m.start(), m.end(), {C.FACILITY, C.PROJECT}, "section"))
            continue
        k = next((k for k, c in enumerate(scene.chunks) if c.begin <= m.start() < c.end), None)
        if k is None:
            continue
        begin = min(scene.trimmed[k][0].begin, m.start())
        if begin == m.start("line") and scene.row[scene.chunks[k].first - 1 : scene.chunks[k].first]:
            before = scene.row[scene.chunks[k].first - 1]
            if before.kind == "number" and before.end == begin:
                begin = before.begin  # "318|国道"
        line = ctx.norm[begin : m.end("line")]
        if len(line) > len(m["line"]) + 1 and not ctx.words.pattern("no-line").search(line):
            result.append(ctx.candidate(begin, m.end(), {C.FACILITY, C.PROJECT}, "section"))
    return result


#: a road by its class and its ends: "县道|巍南线"
_NAMED_ROAD = listed(r"{classed-road}(?!{no-road-name}|[和等至])[\u4e00-\u9fff]{2}线(?![路上下位])")
_DIGIT = compiled(r"\d")
#: a line and the stretch of it: between two places, or "西段", "武荆宜段"
_STRETCH = listed(
    r"(?P<line>{numbered-road}[GSX]?\d{1,4}线?|[GSX]\d{1,4}线?|{stretched-line})"
    r"(?:扩能)?(?:工程)?"
    r"(?:[\u4e00-\u9fff]{2,4}?(?:至|到|—|-|–)[\u4e00-\u9fff]{2,4}?|(?!全|一|二|三|四|五|首|各)[\u4e00-\u9fff]{1,3}?)段"
    r"(?!路|时|位|落|子)(?:{stretch-work}(?:工程)?|工程)?"
)
_SECTION = compiled(r"[一二三四]期|工程|.{0,3}段")


@needs(word=lambda word, w: word[-1:] in w.zone_ends)
def zones(ctx: Context, scene: Scene) -> list[Candidate]:
    """The zone that a city has one of, without its name: "高新区", "市经济开发区"."""
    result: list[Candidate] = []
    row = scene.row
    ends = ctx.words.zone_ends
    for chunk, us in zip(scene.chunks, scene.trimmed, strict=True):
        before = row[chunk.first - 1] if chunk.first else None
        if before is not None and (before.kind == "number" or ctx.words.cue(before.text, "counter")):
            continue
        for k in range(min(len(us), 3), 0, -1):
            if us[k - 1].text[-1] not in ends:
                continue
            text = ctx.norm[us[0].begin : us[k - 1].end]
            bare = text[1:] if text[:1] in "市区县" else text
            if not ctx.words.cue(bare, "one-zone"):
                continue
            counted = k == len(us) and chunk.last < len(row) and row[chunk.last].kind == "number"
            if not counted:
                c = ctx.candidate(us[0].begin, us[k - 1].end, {C.ZONE, C.PARK}, "one-zone", bare)
                c.nested = k < len(us)
                result.append(c)
            break
    return result
