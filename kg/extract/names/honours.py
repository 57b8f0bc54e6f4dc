"""Honours: what is received, up to the end of its clause: "荣获全国文明城市、国家卫生城市称号"."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.needs import needs
from kg.model import EntityClass as C
from kg.patterns import compiled

#: the way by which grades are found: what bears one is told by another name
GRADED = "honour-grade"
_CLAUSE_END = compiled(r"[，。；！？,;!?\n]")
#: who gives the title that follows: "国家森林城市", "全省消费五强城市"
_LEVEL = listed(r"(?:首批|首个)?{honour-level}$")
#: what stands behind a title and is no part of it: "…基地|授牌", "…城市|行列"
_BEHIND = listed(r"(?:{behind-title}|(?:(?<=[市县区])创建)?名单)$")
#: up to so many words stand between 被 and the verb: who gives it
_GRANTOR = 4
#: up to so many characters before a quotation it alone names the honour; and a prize whatever stands before it
_BEFORE, _PRIZE = 4, compiled(r"[奖杯鼎]$")
#: in the course of what something is received: "评估|中|获得"
_DURING = frozenset(("中", "后"))
#: at the beginning of a title, who gives it
_WHOLE = frozenset(("全省", "全市"))
_PLAN = listed("{received-plan}$")
_GRADED = listed(r"(?:国家|全国)?[2-5]A级?(?:旅游)?景区|{league-scope}(?:民营企业|民企)?[5五](?:00|百)强(?:企业)?")
#: what something is among, or comes first in: "世界500强", "中国最具创新力城市"
_LEAGUE = compiled(r"强$|百强|最[具美宜受]|[十百]大")
#: one of so many, or the first of all, whoever gives it: "贵州文化旅游十大新地标", "福布斯中国最具创新力城市"
_OF_SO_MANY = compiled(r"^.{2,}(?:(?:十|百|\d+)[大佳优美]|最[具美宜受])[\u4e00-\u9fff]{2,}$")
#: what an honour may begin with although it is a number: its year, which one it is, how many stars
_NUMBERED = compiled(r"(?:19|20)\d{2}(?:年度?)?[\u4e00-\u9fff]|第|[\d一二三四五六七八九十]+星")
#: which one of those it is that hold a title
_NTH = compiled(r"(?:全国|全省)?(?:第[\d一二三四五六七八九十]+|首|唯?一)[家个座]|唯一")
#: how many were named, or nothing that has a name: "全国道德模范|1人", "全省A级", "国家荣誉"
_UNNAMED = listed(r"\d[个家人名座处项件]|各\d|之一|殊荣|(?:{nameless-title}|[A-E]级)$|^.{1,4}$|[A-Z]{3}$")
#: which one of those it is that have a name in quotation marks
_NTH_OF = listed(r"{nth-scope}?第[\d一二三四五六七八九十]+[家个座](?=“)")
#: one of the first that are so called, whoever calls them: "首批5G商用城市"
_FIRST = listed(r"首批.{3,}(?:{first-holder}|[^城]市|[^地园校城社]区|[县州])$")
#: who gives the titles of a list, before the first; so much stands between; and what needs no noun behind it
_OPENS = compiled(r"(?:国家级?|全国|省级?|全省|自治区级?)(?:首批|第[一二三四五六七八九十]+批)?")
_ABOUT, _OFTEN, _ALONE = 8, 10, compiled(r"[市县区城镇村强奖园馆院]$")
#: what is asked for is not received: "省禁毒委同意报请“摘帽”"
_ASKED = listed("{asked-for}|受理$")
#: who is on these lists has not received what they are of: 入选|国家公示名单
SHORT_OF = listed("{short-of}(?:名单|名录)?$")
#: nor is what only says of whom something is most true: 成为|全国行政审批事项最少的城市; or who gave it: 省级以上荣誉
DESCRIBED = listed(r"最{most-quality}的[\u4e00-\u9fff]{2,4}$|^(?:国家|省|市|部)级?(?:及?以上)?{award-word}$")
#: which of them it is
_PLACE = compiled(r"第[\d一二三四五六七八九十百]+[位名]?$")
#: how a title of a place closes: "国家首批义务教育发展基本均衡市|和|公共文化服务体系示范区"
_PLACED = compiled(r".{6,}[^城]市$|.{6,}[县区镇村校]$")
_LOFTY = listed(
    r"(?:\d{4}年度?)?(?:第[一二三四五六七八九十]+批|首批)?(?:{lofty-scope}|国家级?|国际(?=重要)|省(?={exemplary}))"
    r"(?!.*(?:{no-honour-end}|第[一二三四五六七八九十]|前\d+%?|[热亮焦看]点|[名位家个])$)"
    r"(?!.*\d+(?:\.\d+)?[万亿]?[元个所家亩人项件处条座名户]).{4,}"
)


@needs(cues=("receive-verb", "league-verb"))
def honours(ctx: Context, scene: Scene) -> list[Candidate]:
    """What is received: the object of 获得, 被评为, … up to the end of its clause."""
    span = scene.sentence.span
    if not (
        ctx.words.pattern("receive-verb").search(ctx.norm, span.begin, span.end)
        or ctx.words.pattern("league-verb").search(ctx.norm, span.begin, span.end)
    ):
        return []
    verbs, leagues = ctx.words.cues["receive-verb"], ctx.words.cues["league-verb"]
    result: list[Candidate] = []
    row = scene.row
    for k, unit in enumerate(row):
        if unit.text not in verbs and unit.text not in leagues:
            continue
        start = k + 1
        while start < len(row) and ctx.words.cue(row[start].text, "receive-link"):
            start += 1
        n = start
        while n < len(row) and not (row[n].kind == "stop" and _CLAUSE_END.match(row[n].text)):
            n += 1
        among = ctx.words.cue(unit.text, "among-verb")
        named = ctx.words.cue(unit.text, "naming-verb") or _is_named(row, k)
        found = _honour_names(ctx, row[start:n], row[start - 1], named=named, among=among)
        if shared := _sharing(ctx, row[start:n]):
            found = [*shared, *(c for c in found if not any(c.span.overlaps(s.span) for s in shared))]
        result += found if unit.text in verbs else [c for c in found if _LEAGUE.search(c.name)]
    return result


#: what hospitals and schools are graded as: 三级甲等综合医院, 省一级达标高中
_GRADE = listed(
    r"[“\"]?[一二三]级[甲乙丙特]等[”\"]?{graded-hospital}?|三甲{graded-hospital}|[“\"]三甲[”\"]{graded-hospital}?|[一二三]级{hospital-kind}医院|(?<![全我本省])(?:国家|省|市)级?(?:[一二三]级)?{school-grade}(?:普通)?高中"
)
#: so many of them are a kind: 2家|三级甲等医院; and so are those that are counted behind, or that send help
_SO_MANY = compiled(r"[家所个名多批]$")
_OF_OTHERS = listed(r"(?:总数|数量|达到?)?[\d一二三两各]|的?{hospital-help}")
#: so near the verb stands before a grade that is received
_NEAR = 6
#: what says behind a grade that it is striven for, and before it that it was reached
_STRIVEN_FOR = listed("(?:医院)?(?:的)?{grade-step}")
_PASSED = listed(r"{grade-verb}[“\"]?$")


@needs(word=lambda word, _: "级" in word or "高中" in word or "甲" in word)
def graded(ctx: Context, scene: Scene) -> list[Candidate]:
    """What hospitals and schools are graded as: "创成|三级甲等综合医院", "晋级|省一级达标高中"."""
    norm, span, verbs = ctx.norm, scene.sentence.span, ctx.words.pattern("receive-verb")
    result: list[Candidate] = []
    for m in _GRADE.finditer(norm, span.begin, span.end):
        begin = max(span.begin, m.start() - _NEAR)
        received = verbs.search(norm, begin, m.start()) or _PASSED.search(norm, begin, m.start())
        kind = _SO_MANY.search(norm, span.begin, m.start()) or _OF_OTHERS.match(norm, m.end(), span.end)
        if not kind and (received or _STRIVEN_FOR.match(norm, m.end(), span.end)):
            result.append(ctx.candidate(m.start(), m.end(), {C.HONOUR}, GRADED))
    return result


@needs(word=lambda word, w: _LEVEL.match(word) or word in w.provinces)
def levelled(ctx: Context, scene: Scene) -> list[Candidate]:
    """Titles that open with who gives them, whatever is said of them: "国家森林城市", "全国文明城市创建"."""
    result: list[Candidate] = []
    row = scene.row
    brands = ctx.words.ending("brand-title")
    level, last = "", -2  # of a title that a list goes on: "国家卫生城市、园林城市"
    for chunk in scene.chunks:
        us = list(chunk.units)
        if (brand := brands.search(ctx.norm[chunk.begin : chunk.end])) is not None and brand.start():
            if _LEVEL.match(us[0].text) or us[0].text in ctx.words.provinces:
                result.append(ctx.candidate(chunk.begin, chunk.end, {C.HONOUR}, "title"))
            continue
        first = next((k for k, u in enumerate(us) if _LEVEL.match(u.text)), None)
        if first is None and chunk.first == last + 1 and row[last].kind in ("enum", "conj"):
            if (c := _levelled_member(ctx, us, level)) is not None:
                result.append(c)
                last = chunk.last
            continue
        if first is None or any(u.kind == "number" for u in row[max(chunk.first - 2, 0) : chunk.first]):
            continue
        behind = row[chunk.last] if chunk.last < len(row) else None
        if behind is not None and behind.kind == "number":
            continue  # "建成国家级示范基地3个": a kind
        us = us[first:]
        for k in range(len(us), 1, -1):
            text = ctx.norm[us[0].begin : us[k - 1].end]
            head = ctx.words.honours.closing(text)
            if head is None or not all(
                u.text in ctx.words.tail or ctx.words.cue(u.text, "title-behind") or u.kind == "quote" for u in us[k:]
            ):
                continue
            specific = len(head.word) > 3 or len(text) > len(us[0].text) + len(head.word)
            if specific and len(text) >= 6 and ctx.words.cue(head.word, "title-head"):
                strong = ctx.words.heads.closing(text)
                classes = {C.HONOUR}
                if strong is not None and strong.grade == "strong" and len(strong.word) >= len(head.word):
                    classes |= strong.classes  # else "双拥模范|城" would be one
                bare = text.removeprefix("首批").removeprefix("首个")
                result.append(ctx.candidate(us[0].begin, us[k - 1].end, classes, "title", bare))
                level, last = us[0].text, chunk.last
            break
    return result


def _levelled_member(ctx: Context, us: Sequence[Unit], level: str) -> Candidate | None:
    """The title that a list goes on with, its level left out: "园林城市" behind "国家卫生城市"."""
    for k in range(len(us), 0, -1):
        if (
            all(u.text in ctx.words.tail for u in us[k:])
            and (head := ctx.words.honours.closing(ctx.norm[us[0].begin : us[k - 1].end])) is not None
            and ctx.words.cue(head.word, "title-head")
        ):
            c = ctx.candidate(us[0].begin, us[k - 1].end, {C.HONOUR}, "title", ctx.text(us[0].begin, us[k - 1].end))
            if not ctx.is_place(us[0].text):  # "国家…示范区、|辽宁省|体育产业创新试验区"
                c.name = level + c.name
            return c
    return None


def _is_named(row: Sequence[Unit], k: int) -> bool:
    """Whether the verb at ``k`` says what something was named: "被|国家|确定|为"."""
    if k + 1 == len(row) or row[k + 1].text != "为":
        return False
    return any(unit.text == "被" for unit in row[max(k - _GRANTOR, 0) : k])


def _is_past(ctx: Context, us: list[Unit], k: int) -> bool:
    """Whether what is said of an honour begins: "…度假区|取得|进展"; not inside one, "全国|开展|法治宣传先进城市"."""
    return ctx.words.cue(us[k].text, "honour-past") and not any(
        ctx.words.honours.closing(ctx.norm[us[k].begin : u.end]) for u in us[k + 1 :]
    )


def _honour_names(
    ctx: Context, us: list[Unit], link: Unit, *, named: bool = False, among: bool = False
) -> list[Candidate]:
    """The honours in the object of a verb of receiving, one a member of its list; ``link`` stands before it.

    What something was ``named`` is one without the head of an honour, too, if it opens with who gives it, or with a
    quotation; and what something is ``among``, if it says among how many.
    """
    result: list[Candidate] = []
    kept = ctx.words.cue(link.text, "keep-verb")
    first = 0
    k = 0
    while k < len(us):
        unit = us[k]
        if k > first and _is_past(ctx, us, k):
            break  # "创建国家旅游度假区|取得|重大进展"
        if kept and k == first and (unit.kind == "conj" or ctx.words.cue(unit.text, "keep-companion")):
            first = k = k + 1  # "巩固|提升|国家卫生城市", "巩固|和|提高|…"
            continue
        if k == first and (
            (unit.kind == "number" and not compiled(r"\d{4}|第").match(unit.text))
            or ctx.words.cue(unit.text, "occasion")
        ):
            first = k = k + 1  # "荣获|三次|国务院督查激励"
            continue
        if k == first and _NTH.fullmatch(unit.text):
            first = k = k + 1  # "成为我市|第二家|国家5A级旅游景区"
            continue
        if k + 2 < len(us) and ctx.words.cue(unit.text, "approve-verb") and ctx.words.cue(us[k + 1].text, "found-verb"):
            first = k = k + 2  # "获国务院|批准|设立|跨境电子商务综合试验区"
            continue
        following = us[k + 1] if k + 1 < len(us) else None
        if unit.kind == "number" and k == first + 1 and k + 2 < len(us) and us[k + 1].text in ("个", "家"):
            first = k = k + 2  # "全国|8|个|全面创新改革试验区|之一"
            continue
        text = ctx.norm[us[first].begin : unit.end]
        among_first = link.text == "首批" and not first and _FIRST.match(link.text + text) is not None
        closed = (
            following is None
            or following.kind in ("enum", "conj", "stop", "function", "number", "etc")
            or (unit.kind == "quote" and (following.kind == "quote" or _BEHIND.match(us[-1].text) is not None))
            or ctx.words.cue(following.text, "honour-noun")
            or _is_past(ctx, us, k + 1)
            or _BEHIND.match(following.text) is not None
            or _PLACE.match(following.text) is not None
            or _ranked(us, k)
            or following.text in ctx.words.tail
        )
        head = ctx.words.honours.closing(text)
        quoted = (
            unit.kind == "quote"
            and k + 1 <= len(us)
            and (
                following is None
                or (ctx.words.cue(following.text, "honour-noun") or following.text == "奖")
                or following.kind in ("enum", "conj", "quote")
                or (following.kind == "number" and following.text.startswith("第"))
                or _BEHIND.match(us[-1].text) is not None
                or (following.text == "的" and "、" not in unit.text)
            )
        )
        lofty = (
            (
                following is None
                or following.kind in ("enum", "etc")
                or (
                    (ctx.words.cue(following.text, "honour-noun") or following.kind == "conj")
                    and ctx.words.heads.closing(text) is not None
                )
                or (following.kind == "conj" and _PLACED.search(text) is not None)
            )
            and head is None
            and k - first >= 1
            and (
                _LOFTY.match(text) is not None
                or among_first
                or (
                    named
                    and us[first].kind != "number"
                    and (_LEVEL.match(us[first].text) or us[first].kind == "quote")
                    and _UNNAMED.search(text) is None
                )
            )
        )
        graded = _GRADED.fullmatch(text) is not None
        of_so_many = (
            among
            and unit.kind == "word"
            and us[first].kind != "verb"
            and (
                following is None
                or following.kind in ("enum", "conj", "stop", "number", "etc")
                or following.text.endswith("称号")
                or _BEHIND.match(following.text) is not None
                or _PLACE.match(following.text) is not None
            )
            and _OF_SO_MANY.match(text) is not None
        )
        league = len(text) >= 4 and (
            text.endswith("百强") or (_ranked(us, k) and not (k + 3 < len(us) and us[k + 3].kind == "word"))
        )
        if closed and (
            lofty
            or graded
            or league
            or of_so_many
            or head is not None
            or quoted
            or (following is not None and following.text.endswith("称号"))
        ):
            end = unit.end
            if following is not None and following.text == "奖":
                end = following.end
            if first < k and us[first].text == "首个":
                first += 1
            begin = us[first].begin
            if _honour_ok(ctx, us[first : k + 1]):
                if (behind := _BEHIND.search(ctx.norm, begin, end)) is not None:
                    end = behind.start()
                if (nth := _NTH_OF.match(ctx.norm, begin, end)) is not None:
                    begin = nth.end()  # "成为|全国第6座|“外贸万亿之城”"
                if _ranked(us, k):
                    end, k = us[k + 2].end, k + 2  # "四川首批名村|50|强"
                if among_first and head is None:
                    begin = link.begin
                if ctx.norm[end - 2 : end] in ("”等", '"等'):
                    end -= 1  # "“…示范县”“…基地”|等|荣誉称号"
                name = ctx.text(begin, end)
                # "列入国家铁路中长期规划": what receives a thing may be a plan
                c = ctx.candidate(begin, end, {C.POLICY if _PLAN.search(name) else C.HONOUR}, "honour")
                inner = compiled(r"[“\"]([^“”\"]+)[”\"]$").search(name)
                if inner is not None and (
                    inner.start() <= _BEFORE
                    or _PRIZE.search(inner.group(1))
                    or ctx.words.honours.closing(inner.group(1)) is not None
                ):
                    c.aliases.add(inner.group(1))
                bare = compiled(
                    r"^(\d{4}年度|首批(?=.{4})|第[一二三四五六七八九十]+批(?=.{6})|全国首批|全省首批|全国|全省|全市|[省市]级?|国家级?)(?=(?!和[国省市]|级).{4})"
                ).sub(
                    "",
                    name,
                )
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
        elif (
            unit.text == "的" and "最" in text and following is not None and ctx.words.cue(following.text, "title-end")
        ):
            pass  # "中国十大最关爱民生|的|城市"
        elif (
            unit.kind == "function"
            and ctx.words.cue(unit.text, "honour-stop")
            and not (k == first and unit.text in _WHOLE and following is not None and following.kind == "word")
        ) or (
            unit.kind == "verb"
            and ((first == k and not ctx.words.cue(unit.text, "superlative")) or _receives(ctx, us, k))
        ):
            first = k + 1
        k += 1
    return result


def _sharing(ctx: Context, us: Sequence[Unit]) -> list[Candidate]:
    """The titles of lists whose last member has the noun, and the first the level of all.

    "国家|新能源、新材料、民用航空|产业基地" are three.
    """
    members: list[list[Unit]] = [[]]
    joined = [""]
    for unit in us:
        if unit.kind in ("enum", "conj", "stop"):
            members.append([])
            joined.append(unit.text)
        else:
            members[-1].append(unit)
    result: list[Candidate] = []
    first = 0
    while first < len(members):
        last = first + 1
        while last < len(members) - 1 and joined[last] == "、" and _is_purpose(ctx, members[last]):
            last += 1
        if last < len(members) and joined[first + 1] == "、" and _is_purpose(ctx, members[first], level=True):
            closing = ctx.norm[members[last][0].begin : members[last][-1].end] if members[last] else ""
            shared = _shared_noun(ctx, closing)
            if shared and not _OPENS.match(closing):
                level = _OPENS.match(ctx.norm[members[first][0].begin : members[first][-1].end])
                for k in range(first, last + 1):
                    c = ctx.candidate(members[k][0].begin, members[k][-1].end, {C.HONOUR}, "honour")
                    if k > first and level is not None:
                        c.name = level.group() + c.name
                    if k < last:  # "生态旅游、全域|旅游示范区"
                        c.name += shared[2:] if c.name.endswith(shared[:2]) else shared
                    result.append(c)
                first = last
        first += 1
    return result


def _is_purpose(ctx: Context, us: Sequence[Unit], level: bool = False) -> bool:
    """Whether a member of a list says only what for: "新材料", or with the level of all "国家|新能源"."""
    text = ctx.norm[us[0].begin : us[-1].end] if us else ""
    opens, head = _OPENS.match(text), ctx.words.heads.closing(text)
    rest = text[opens.end() :] if opens else text
    return (
        (opens is not None) == level
        and 2 <= len(rest) <= _ABOUT
        and all(u.kind in ("word", "verb") for u in us)
        and us[0].kind == "word"
        and not any(ctx.is_place(u.text) for u in us)
        and _ALONE.search(rest) is None
        and ctx.words.honours.closing(text) is None
        and (head is None or head.classes == {C.PROJECT})  # "黑臭水体|治理"
    )


def _shared_noun(ctx: Context, text: str) -> str:
    """The noun of a title, as long as reports have it without what is before: "新型工业化产业示范基地"."""
    nouns = [text[n:] for n in range(2, len(text) - 1)]
    for noun in nouns:
        if ctx.words.generic.get(noun, 0) >= _OFTEN and ctx.words.honours.closing(noun) is not None:
            return noun
    return next((noun for noun in nouns if ctx.words.cue(noun, "title-head")), "")


def _receives(ctx: Context, us: list[Unit], k: int) -> bool:
    """Whether the verb at ``k`` says that another receives what follows it: "…、宜城市|创建|省级高新区"."""
    return ctx.words.cue(us[k].text, "receive-verb") and (ctx.is_place(us[k - 1].text) or us[k - 1].text in _DURING)


def _ranked(us: list[Unit], k: int) -> bool:
    """Whether the unit is followed by the size of a league: "民企|100|强"."""
    return k + 2 < len(us) and us[k + 1].kind == "number" and us[k + 2].text == "强"


def _honour_ok(ctx: Context, us: list[Unit]) -> bool:
    text = ctx.norm[us[0].begin : us[-1].end]
    return (
        len(text) >= 4
        and text not in ctx.words.general
        and _ASKED.search(text) is None
        and SHORT_OF.search(text) is None
        and DESCRIBED.search(text) is None
        and (us[0].kind != "number" or _NUMBERED.match(text) is not None)
    )
