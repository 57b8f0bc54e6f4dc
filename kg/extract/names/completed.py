"""Members of a list that the noun behind it, or behind its last member, completes.

"高层次人才倍增、产业人力资源集聚等3项新政", "新兴产业倍增、服务业提速、传统产业升级计划".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.extract.chunks import Unit, parted
from kg.extract.listed import listed
from kg.extract.names.candidates import COUNTED, Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.edges import trimmed
from kg.extract.names.heads import names_in
from kg.extract.names.lists import members_before
from kg.extract.names.needs import needs
from kg.extract.names.plans import SO_MANY
from kg.extract.numerals import parse_numeral
from kg.model import EntityClass as C
from kg.patterns import compiled

#: how long a member is, and how many words stand between the list and the noun that completes it
_SHORTEST, _LONGEST, _DESCRIBED = 4, 22, 4
#: two members that a conjunction joins alone are hardly so many characters longer one than the other
_UNLIKE = 1
#: so many members of a list of plans, how much longer or shorter than the last one they are
_PLANS, _ALIKE = 3, 4
#: "绿色家庭、绿色学校、绿色社区|创建|行动" says what is made, not what it is called
_NO_PLAN = frozenset(("的", "创建"))
#: so many members make a list, and what is named by what it is, and counted
_MEMBERS = 2
_OF_A_KIND = frozenset({C.FACILITY, C.PROJECT, C.ORGANIZATION, C.PARK, C.ENTERPRISE, C.ZONE, C.POLICY})
#: how many there are, before the word that they are counted by: "两条"
_NUMBER = compiled(r"[\d一二两三四五六七八九十]+")
#: how the things go on, which is no part of the noun: "2条|中欧班列|常态化"
_GOES_ON = listed("{progress-manner}|常态化")
#: of which rank things are; a member that says nothing else, and before the noun
_RANK = compiled(r"(?:国家|[省市县区]|自治区|初|中|高)级?")
_RANKED = compiled(r"^(?:(?:国家|[省市县区]|自治区)级|[345]A级)")
#: a noun that opens with one of these says what places are: "威宁、金沙两|县职业学校"
_LEVELS = frozenset("县区市镇乡村州旗")
#: one member in so many tells that a list is of things
_HALF = 2
#: what places are to be to the region around them
_ROLE = listed("{place-role}")
#: what before the noun only says how many or how important they are, and is no part of the names
_ONLY_SAYS = listed(r"{vague-modifier}+")


class _Sum(NamedTuple):
    """What sums a list up: how many there are, if it says so, what completes their names and where that ends, and what
    they are."""

    number: int | None
    text: str
    end: int
    classes: frozenset[C]
    head: str = ""


@needs(kinds=("etc",))
def completed(ctx: Context, scene: Scene) -> list[Candidate]:
    """The members of a list, each with the noun that sums them up, where none has a noun of its own.

    What is drawn up or set up is one thing for each member: "建设再生医学与健康、材料科学与技术等4个|省实验室".
    """
    result: list[Candidate] = []
    for k in scene.places.get("etc", ()):
        first = _governed(ctx, scene.row, k)
        if not first:
            continue
        verb = scene.row[first - 1 - (scene.row[first - 1].text == "了")]
        total = _sum(ctx, scene.row, k + 1, ctx.words.cue(verb.text, "adopt-verb"))
        if total is None:
            continue
        members = _members(scene.row[first:k], total.number)
        if not _are_named(ctx, members, total) or not all(_is_bare(ctx, us) for us in members):
            continue
        for us in members:
            c = ctx.candidate(us[0].begin, us[-1].end, total.classes, "completed")
            if len(members) > 1:
                c.aliases.add(c.name)
            elif total.number is None:
                c.aliases.add(ctx.text(us[0].begin, total.end))  # as it stands
            c.name += total.text
            result.append(c)
    return result


@needs(kinds=("number",))
def counted(ctx: Context, scene: Scene) -> list[Candidate]:
    """As many members as the number says before the noun that completes them: "沈满欧、沈连欧两条|中欧班列"."""
    result: list[Candidate] = []
    row = scene.row
    for k in scene.places.get("number", ()):
        if k < _MEMBERS or row[k - 1].kind not in ("word", "quote"):
            continue
        total = _kind(ctx, row, k)
        if total is None or total.number is None or total.text == "项目":
            continue  # "引进华为、中兴两大|项目": whose they are
        members = [trimmed(ctx, chunk.units) for chunk in members_before(ctx, scene, k)]
        if len(members) < _MEMBERS or len(members) != total.number:
            continue
        while len(members[0]) > 1 and len(members[0][0].text) > 1 and _leads(ctx, members[0][0]):
            members[0] = members[0][1:]  # "整改|塘厦、虎门2个|垃圾填埋场"
        if any(_stands_alone(ctx, us) for us in members) or not _are_things(ctx, members, total):
            continue
        shared = {us[-1].text[-1] for us in members} == {total.text[0]}
        text = total.text[1:] if shared else total.text  # "诉源、警源、访源3项|源治理"
        for us in members:
            c = ctx.candidate(us[0].begin, us[-1].end, total.classes, COUNTED)
            if C.ENTERPRISE in c.classes:
                c.aliases.add(c.name)
            if us[0].kind == "quote" and len(us) == 1:
                c.aliases.add(c.name[1:-1])
                c.classes |= {C.POLICY} if C.PROJECT in c.classes else frozenset()
            if len(total.head) > 1:
                c.aliases.add(c.name + total.head)
            if C.ENTERPRISE in c.classes and text != total.head:
                c.aliases.add(c.name + text)  # "中国平安、太平洋2家|保险公司"
            else:
                c.name += text
            c.nested = len(us) == 1 and ctx.is_place(us[0].text)
            result.append(c)
    return result


def _are_things(ctx: Context, members: Sequence[Sequence[Unit]], total: _Sum) -> bool:
    """Whether what is counted are things, of which half at least are told from all others."""
    if ctx.words.cue(total.head, "line-head") and any(ctx.is_place(us[-1].text) for us in members):
        return False  # "至沈阳、丹东、长春3条|高速公路": where they lead
    if _ROLE.search(total.text) is not None and all(ctx.is_place(us[-1].text) for us in members):
        return False  # "沂水、平邑、郯城3个|市域副中心": what they are to be
    if any(us[-1].tag == "v" and len(us[-1].text) > 1 for us in members):
        return False  # "在美国、以色列|设立|4家|海外创新中心"
    if any(_RANK.fullmatch(ctx.norm[us[0].begin : us[-1].end]) for us in members):
        return False  # "国家、省级2个|重点实验室"
    if total.text[0] in _LEVELS and all(ctx.is_place(us[-1].text) for us in members):
        return False  # "威宁、金沙两|县职业学校"
    if C.ENTERPRISE in total.classes:
        return True  # "城控、产投、文旅体三大|集团"
    return sum(ctx.is_specific(list(us)) for us in members) * _HALF >= len(members)


def _leads(ctx: Context, unit: Unit) -> bool:
    """Whether a word before the first member says what is done with all of them."""
    return unit.tag == "v" or unit.text in ctx.words.governing


def _kind(ctx: Context, row: Sequence[Unit], k: int) -> _Sum | None:
    """What stands at ``k`` and behind it: a number, and a noun that names things: "2|个|制造业创新中心"."""
    said = _NUMBER.match(row[k].text)
    number = parse_numeral(said.group()) if said is not None else None
    counted_as = row[k].text == "两" or (said is not None and said.end() < len(row[k].text))  # "两", "两条"
    k += 1
    first = k
    while k < len(row) and (ctx.words.cue(row[k].text, "counter") or row[k].text == "大"):
        k += 1
    if k == first and not counted_as and not (k < len(row) and row[k].text.startswith("大")):
        return None  # "市一医院、市|二|医院", "威宁、金沙|三|县"
    first, best = k, None
    while k < len(row) and k - first < _DESCRIBED and row[k].kind == "word":
        text = ctx.norm[row[first].begin : row[k].end]
        head = ctx.words.heads.closing(text)
        k += 1
        if head is not None and head.grade == "strong" and not head.classes.isdisjoint(_OF_A_KIND):
            if best is not None and len(head.word) == 1:
                break  # "3项|工程|羊城|行动"
            best = text, row[k - 1].end, head
    if best is None or number is None:
        return None
    text, end, head = best
    behind = next((unit for unit in row if unit.begin >= end), None)
    if (
        behind is not None
        and behind.begin == end
        and behind.kind == "word"
        and behind.tag[:1] in ("n", "v")
        and behind.text not in ctx.words.tail
        and not _GOES_ON.match(ctx.norm, end)
    ):
        return None  # "3个|城区|出口|形象", but not "2条|中欧班列|常态化"
    text = _RANKED.sub("", text.removeprefix("大"))  # "三|大都市圈", "2个|省级开发区"
    said = _ONLY_SAYS.match(text)
    rest = text[said.end() :] if said is not None and said.end() < len(text) else text
    return _Sum(int(number), rest, end, head.classes, head.word)


def _stands_alone(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a member has a noun of its own, or is none: "市、县|两级"."""
    text = ctx.norm[us[0].begin : us[-1].end]
    head = ctx.words.heads.closing(text)
    return (head is not None and head.grade == "strong") or not 1 < len(text) <= _LONGEST or us[-1].kind == "title"


def _are_named(ctx: Context, members: Sequence[Sequence[Unit]], total: _Sum) -> bool:
    """Whether a list is of several things, each named: else it may be one name, or say of which kinds they are."""
    if C.POLICY in total.classes:
        return total.number is not None or len(members) == 1
    return len(members) == total.number or any(ctx.is_specific(list(us)) for us in members)


def _governed(ctx: Context, row: Sequence[Unit], k: int) -> int:
    """Where the list that ends before ``k`` begins, right behind the verb that governs it; 0 where none does."""
    begin = k
    while begin and row[begin - 1].kind != "stop":
        begin -= 1
    for n in range(begin, k):
        if row[n].kind == "enum":
            return 0
        if ctx.words.cue(row[n].text, "completing-verb"):
            while n + 1 < k and (row[n + 1].text == "了" or ctx.words.cue(row[n + 1].text, "completing-verb")):
                n += 1
            return n + 1 if n + 1 < k else 0
    return 0


def _sum(ctx: Context, row: Sequence[Unit], k: int, adopted: bool) -> _Sum | None:
    """What stands behind 等, if it ends with a noun that completes the members."""
    count = None
    if k < len(row) and row[k].kind == "number":
        number = parse_numeral(row[k].text)
        count = int(number) if number is not None else None
        k += 1
        if k < len(row) and ctx.words.cue(row[k].text, "counter"):
            k += 1
    first = k
    while k < len(row) and k - first < _DESCRIBED and row[k].kind == "word":
        k += 1
        text = ctx.norm[row[first].begin : row[k - 1].end]
        ends = k == len(row) or row[k].kind != "word"
        policy = ctx.words.ending("completing-plan").search(text) if ends else None
        body = ctx.words.ending("completing-body").search(text) if ends or row[k].text in ctx.words.tail else None
        if policy is None and body is None:
            continue
        if row[k:] and row[k].kind in ("enum", "conj"):
            return None  # "等规划和计划": of several kinds
        said = _ONLY_SAYS.match(text)
        rest = text[said.end() :] if said is not None and said.end() < len(text) else text
        if policy is not None:
            return _Sum(count, rest, row[k - 1].end, frozenset((C.POLICY,))) if adopted else None
        head = ctx.words.heads.closing(text)
        return _Sum(count, rest, row[k - 1].end, head.classes) if head is not None and not adopted else None
    return None


def _members(us: Sequence[Unit], number: int | None) -> list[Sequence[Unit]]:
    """The members, as many as the text says, where it does: "网络空间科学与技术、材料科学与技术等|2|个" are two."""
    parts = parted(us, ("enum",))
    last = parted(parts[-1], ("conj",)) if parts else []
    if len(last) != 2:
        return parts
    if number is not None:
        return parts if len(parts) == number else [*parts[:-1], *last]
    if len(parts) > 1:
        return [*parts[:-1], *last]
    one, other = (part[-1].end - part[0].begin for part in last)
    return last if abs(one - other) <= _UNLIKE else parts  # "市容|和|环境卫生管理等条例" is one


def _is_bare(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a member needs the noun: it is no name by itself, and no word that everybody uses."""
    text = ctx.norm[us[0].begin : us[-1].end]
    if not _SHORTEST <= len(text) <= _LONGEST or text in ctx.words.everyday:
        return False
    if any(u.kind in ("title", "stop", "function") or u.text == "的" for u in us):
        return False
    if "quote" in (us[0].kind, us[-1].kind) or us[0].kind == "number" or ctx.words.cue(us[0].text, "indefinite"):
        return False  # "人才“十百千”", "一批|数字出版"
    if ctx.words.ending("adopted-head").search(text) is not None:
        return False  # "国土空间总体规划、…等发展规划"
    own = names_in(ctx, list(us))
    return not any(c.span.end == us[-1].end for c in own)


@needs(kinds=("enum",))
def shared_plans(ctx: Context, scene: Scene) -> list[Candidate]:
    """Three plans and more that have their noun in common: "实施新兴产业倍增、服务业提速、传统产业升级|计划".

    Of two, one plan about both is as likely.
    """
    result: list[Candidate] = []
    row = scene.row
    begin = 0
    for end in (*(k for k, u in enumerate(row) if u.kind == "stop"), len(row)):
        first, begin = begin, end + 1
        us = row[first:end]
        if sum(u.kind == "enum" for u in us) < _PLANS - 1 or any(u.kind in ("etc", "title") for u in us):
            continue
        verb = _verb(ctx, us)
        members = parted(us[verb + 1 :], ("enum", "conj")) if verb >= 0 else []
        if len(members) < _PLANS or any(u.kind == "number" or u.text in _NO_PLAN for member in members for u in member):
            continue
        last = ctx.norm[members[-1][0].begin : members[-1][-1].end]
        head = ctx.words.ending("shared-plan").search(last)
        if head is None:
            continue
        own = len(last) - len(head.group())
        if (
            own < _SHORTEST - 1
            or any(ctx.norm[us[0].begin : us[-1].end] in ctx.words.general for us in members)
            or SO_MANY.search(last[:own])
            or not all(_is_like(ctx, member, own) for member in members[:-1])
        ):
            continue
        for member in members:
            c = ctx.candidate(member[0].begin, member[-1].end, {C.POLICY, C.PROJECT}, "completed")
            if member is not members[-1]:
                c.name += head.group()
            result.append(c)
    return result


def _verb(ctx: Context, us: Sequence[Unit]) -> int:
    """The last verb of putting into practice before the first separator; -1 where none is."""
    found = -1
    for k, unit in enumerate(us):
        if unit.kind == "enum":
            break
        if ctx.words.cue(unit.text, "adopt-verb"):
            found = k
    return found


def _is_like(ctx: Context, us: Sequence[Unit], size: int) -> bool:
    """Whether a member without the common noun is about as long as the last without it, and bare."""
    return abs(us[-1].end - us[0].begin - size) <= _ALIKE and _is_bare(ctx, us)
