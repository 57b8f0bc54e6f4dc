"""What the members of a list have in common is said once: "成蒲、西成和成贵铁路", "地铁5号线、6号线"."""

from __future__ import annotations

from typing import NamedTuple

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.edges import trimmed
from kg.extract.names.heads import names_in
from kg.extract.names.needs import needs
from kg.extract.words import Head
from kg.model import EntityClass as C
from kg.patterns import compiled

_LINE = listed(r"(?P<network>.*?{line-network})(?P<line>[\d一二三四五六七八九十A-Z]+号线.*)")
_LINE_ALONE = compiled(
    r"[\d一二三四五六七八九十A-Z]+号线(?:(?:[一二三四五]|首)期|[东南西北]?延(?:长|伸)?(?:线|段)?|支线)?(?:工程|项目)?"
)
#: how much longer than that of the last member the first part of another may be
_LONGER, _LONGEST = 2, 4
#: heads of one character that end a name of more than so many: "万福东|路|及龙门大桥"
_OWN, _NAMED = frozenset("路街"), 2
#: a head so long, with a word before it, says what the places have: "海州、彰武|通用机场"
_KIND = 2
#: what stands for itself among lines: "深中通道、深茂|铁路"
_OWN_WAY = listed(".{2}{own-way}$")
#: what stands between the members of a list
_SEPARATORS = ("enum", "conj")
#: a stretch of a line: what names the line, the line, the stretch
_LINE_SECTION = listed(r"(?P<name>.{2,4}?){sectioned-line}[\u4e00-\u9fff]{0,4}段$")


#: roads known by their numbers
_HIGHWAY = listed("{numbered-road}")
_ROAD_NUMBER = compiled(r"[GSX]?\d{3}")


class Common(NamedTuple):
    """What the last member of a list shares with the others: its ``text`` from the head on, after ``before`` signs."""

    head: Head
    before: int
    text: str
    end: int


@needs(kinds=_SEPARATORS)
def shared_heads(ctx: Context, scene: Scene) -> list[Candidate]:
    """ "盐青、盐徐、盐通铁路", "沂、沭、泗河": the head of the last member is that of all."""
    result: list[Candidate] = []
    for k in range(1, len(scene.chunks)):
        if not scene.follows(k):
            continue
        common = _common(ctx, scene, k)
        if common is None:
            result += _of_places(ctx, scene, k)
            continue
        n = k
        members: list[Candidate] = []
        while n and scene.follows(n):
            n -= 1
            member = _member(ctx, scene.trimmed[n], common, first=n == 0 or not scene.follows(n))
            if member is None:
                break
            members.append(member)
        if members:
            begin = scene.trimmed[k][0].begin
            own = ctx.candidate(begin, common.end, common.head.classes, f"head:{common.head.word}")
            result += [own, *members[::-1]]
        else:
            result += _of_places(ctx, scene, k)
    if _HIGHWAY.search(ctx.norm, scene.sentence.span.begin, scene.sentence.span.end):
        result += _highways(ctx, scene)
    if "至" in scene.texts:
        result += _routes(ctx, scene)
    return result


def _of_places(ctx: Context, scene: Scene, k: int) -> list[Candidate]:
    """ "水城、盘州煤炭储配中心": what the last place has, the others have, too."""
    us = scene.trimmed[k]
    behind = scene.row[scene.chunks[k].last : scene.chunks[k].last + 1]
    if behind and behind[0].kind == "etc":
        return []  # what sums up the list says what its members are
    if len(us) < 2 or us[0].kind != "word" or not ctx.closes(us[-1].text) or not ctx.is_place(us[0].text):
        return []
    head = ctx.words.heads.closing(ctx.norm[us[0].begin : us[-1].end])
    if head is None or not head.classes & {C.FACILITY, C.PROJECT, C.ORGANIZATION, C.PARK, C.ENTERPRISE}:
        return []
    only_kind = len(head.word) < _KIND or us[1].text == head.word or C.ORGANIZATION in head.classes
    if len(us) == 2 and C.PARK not in head.classes and only_kind:
        return []  # "长春、吉林|机场", "深圳、韩国|釜山", "英德、连州|公立医院"
    rest = ctx.text(us[1].begin, us[-1].end)
    result: list[Candidate] = []
    n = k
    while n and scene.follows(n):
        n -= 1
        place = scene.trimmed[n]
        if not n or not scene.follows(n):
            place = place[-1:] if _is_work(place[:-1]) else place  # "提标|改造|凤城"
        if len(place) != 1 or not ctx.is_place(place[0].text) or _is_whole(ctx, place[0].text):
            break
        c = ctx.candidate(place[0].begin, place[0].end, head.classes, "shared-head")
        c.name += rest
        c.nested = True
        alone = ctx.candidate(place[0].begin, place[0].end, {C.ADMINISTRATIVE_AREA}, "nested-place")
        alone.nested = True
        result += (c, alone)
    return result[::-1]


def _is_whole(ctx: Context, place: str) -> bool:
    """Whether a place has its head already: "苏州工业园区、|昆山花桥国际商务城"."""
    head = ctx.words.heads.closing(place)
    return head is not None and len(head.word) > 1 and not head.classes.isdisjoint((C.PARK, C.ZONE))


def _is_work(us: list[Unit]) -> bool:
    """Whether words before the first member of a list say what is done."""
    return bool(us) and all(u.kind == "verb" or u.tag.startswith("v") for u in us)


#: the river that bridges of a list cross
_OVER = listed(r"(?<=[一-鿿]){great-river}$")
#: and what crosses it
_CROSSING = listed("{crossing}$")


def _common(ctx: Context, scene: Scene, k: int) -> Common | None:
    """What the last member of a list says for all of them."""
    us = scene.trimmed[k]
    begin = us[0].begin
    for i in range(len(us), 0, -1):
        if not ctx.closes(us[i - 1].text):
            continue
        text = ctx.norm[begin : us[i - 1].end]
        head = ctx.words.heads.closing(text)
        if head is None or not all(u.text in ctx.words.tail for u in us[i:]):
            continue
        if ctx.is_place(text):
            return None  # "夹江" is a county
        if len(us[i - 1].text) > len(head.word) and us[i - 1].text in ctx.words.general:
            return None  # "道路", "水库": no name that closes with the head
        before = len(text) - len(head.word)
        if (over := _OVER.search(text, 0, before)) is not None and _CROSSING.search(head.word):
            before = over.start()  # "棋盘洲、武穴|长江大桥"
        if head.word.endswith("段"):  # "成兰、兰渝铁路四川段"
            line = _LINE_SECTION.match(text)
            before = line.end("name") if line is not None else before
        if ctx.words.cue(head.word, "shared-head") and 1 <= before <= _LONGEST:
            return Common(head, before, text[before:], us[i - 1].end)
        return None
    return None


def _member(ctx: Context, us: list[Unit], common: Common, *, first: bool) -> Candidate | None:
    """A member that has to be completed by the head, or nothing where it stands for itself."""
    if first:  # a verb of one character at the edge: "建|成蒲"
        while len(us) > 1 and us[0].tag.startswith("v") and us[0].end - us[0].begin > 1:
            us = us[1:]
    begin, end = us[0].begin, us[-1].end
    text = ctx.norm[begin:end]
    own = ctx.words.heads.closing(text)
    river = len(common.text) == 1
    if (
        not common.before <= len(text) + 1
        or len(text) > common.before + (0 if river else _LONGER)
        or len(text) > _LONGEST
        or (len(text) == 1 and not river)
        or any(u.kind != "word" for u in us)
        or (own is not None and (river or len(own.word) > 1 or (own.word in _OWN and len(text) > _NAMED)))
        or (len(text) > 2 and text in ctx.words.general)
        or (
            len(us) == 1
            and len(text) > 1
            and text in ctx.words.general
            and not ctx.is_place(text)
            and not us[0].tag.startswith("f")
        )
        or text in ctx.words.divisions
        or _OWN_WAY.search(text) is not None
    ):
        return None
    c = ctx.candidate(begin, end, common.head.classes, "shared-head")
    c.name += common.text
    c.nested = ctx.is_place(text)
    return c


@needs(word=lambda word, _: "号" in word)
def shared_beginnings(ctx: Context, scene: Scene) -> list[Candidate]:
    """ "地铁5号线、6号线": the network of the first member is that of all."""
    result: list[Candidate] = []
    network = ""
    for k, chunk in enumerate(scene.chunks):
        text = ctx.norm[chunk.begin : chunk.end]
        if k and scene.follows(k) and network and (m := _LINE_ALONE.match(text)):
            c = ctx.candidate(chunk.begin, chunk.begin + m.end(), {C.FACILITY}, "shared-beginning")
            c.aliases.add(c.name)
            c.name = network + c.name
            result.append(c)
            continue
        us = scene.trimmed[k]
        m = _LINE.match(ctx.norm[us[0].begin : us[-1].end])
        network = m["network"] if m else ""
    return result


#: the way of what is told by its number: what has several of them is as far as these
NUMBERED = "shared-number"
#: numbers of several things of a kind: "14、16号", "5号、6号"
_NUMBERS = compiled(r"(?:[\d一二三四五六七八九十]{1,3}号?[、和及与])+[\d一二三四五六七八九十]{1,3}号")
_NUMBER = compiled(r"[\d一二三四五六七八九十]{1,3}")
#: what has a number of this form
_NUMBERED = listed("{numbered-thing}")
_NETWORK = listed("{line-network}$")
#: what of all lines is told: "1、2号线|一期工程"
_EXTENDED = compiled(r"(?:[一二三四首]期|[东南西北]?延(?:长|伸)?[线段]|支线)(?:工程)?")
#: so many words before the numbers say whose they are
_OWNER = 6


@needs(kinds=("number",))
def shared_numbers(ctx: Context, scene: Scene) -> list[Candidate]:
    """ "地铁14、16号线", "红花岭基地5号、6号楼": what is numbered, and where, is said once."""
    result: list[Candidate] = []
    span = scene.sentence.span
    for found in _NUMBERS.finditer(ctx.norm, span.begin, span.end):
        thing = _NUMBERED.match(ctx.norm, found.end(), span.end)
        if thing is None:
            continue
        owner = _owner(ctx, scene, found.start())
        line = thing.group() == "线"
        if not owner and not line:
            continue
        more = _EXTENDED.match(ctx.norm, thing.end(), span.end) if line else None
        behind = more.end() if more is not None else thing.end()
        begin = owner[0].begin if owner else found.start()
        whose = ctx.text(begin, found.start())
        for number in _NUMBER.finditer(ctx.norm, found.start(), found.end()):
            last = number.end() >= found.end() - 1
            end = number.end() + ctx.norm.startswith("号", number.end())
            c = ctx.candidate(
                begin if number.start() == found.start() else number.start(),
                behind if last else end,
                {C.FACILITY},
                NUMBERED,
            )
            c.name = f"{whose}{ctx.text(*number.span())}号{ctx.text(found.end(), behind)}"
            c.nested = not last  # "地铁14" is no name
            if line and whose:
                c.aliases.add(c.name[len(whose) :])
            elif whose:
                c.wholes = (whose,)
            result.append(c)
        for c in names_in(ctx, owner) if not line else ():
            c.nested = True
            result.append(c)
    return result


def _owner(ctx: Context, scene: Scene, begin: int) -> list[Unit]:
    """The words right before some numbers, if they tell what has these."""
    row = scene.row
    end = next((k for k, unit in enumerate(row) if unit.begin >= begin), len(row))
    first = end
    while first and end - first < _OWNER and row[first - 1].kind in ("word", "paren"):
        first -= 1
    if first == end or row[end - 1].end != begin:
        return []
    us = trimmed(ctx, row[first:end])
    return us if ctx.is_specific(us) or _NETWORK.search(us[-1].text) else []


def _highways(ctx: Context, scene: Scene) -> list[Candidate]:
    """ "106、107国道": the kind of the last number is that of all."""
    result: list[Candidate] = []
    row = scene.row
    for k, unit in enumerate(row):
        if not k or not _HIGHWAY.fullmatch(unit.text) or not _ROAD_NUMBER.fullmatch(row[k - 1].text):
            continue
        n = k - 1
        while n > 1 and row[n - 1].kind in _SEPARATORS and _ROAD_NUMBER.fullmatch(row[n - 2].text):
            n -= 2
            c = ctx.candidate(row[n].begin, row[n].end, {C.FACILITY}, "shared-head")
            c.name += unit.text
            result.append(c)
    return result[::-1]


def _routes(ctx: Context, scene: Scene) -> list[Candidate]:
    """ "通化至四平、通化至丹东高铁": so is what the last of several routes is."""
    result: list[Candidate] = []
    row = scene.row
    to = [k for k in range(1, len(row) - 1) if row[k].text == "至" and row[k - 1].kind == row[k + 1].kind == "word"]
    for k in reversed(to):
        if k + 4 not in to or row[k + 2].kind not in _SEPARATORS:
            continue  # "通化|至|四平|、|通化|至|丹东"
        begin, end = row[k - 1].begin, row[k + 1].end
        common = next((c for c in result if c.span.begin == row[k + 3].begin), None)
        if common is not None:
            text, classes = common.name[len(common.span) :], common.classes
        else:
            head = next(
                (
                    head
                    for u in row[k + 6 : k + 9]
                    if (head := ctx.words.heads.closing(ctx.norm[row[k + 3].begin : u.end])) is not None
                ),
                None,
            )
            if head is None or not ctx.words.cue(head.word, "line-head"):
                continue
            text, classes = head.word, head.classes
        c = ctx.candidate(begin, end, classes, "shared-head")
        c.name += text
        result.append(c)
    return result[::-1]
