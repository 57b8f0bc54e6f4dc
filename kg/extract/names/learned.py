"""Names that no rule finds: what a network learnt from annotated reports takes for one.

Rules find most names; what is left are names without a head ("引江补汉"), names that reach over conjunctions, numerals
and verbs, and chunks that some reports use for one thing and others for a kind.  For these each stretch
(:mod:`~kg.extract.names.spans`) is judged by a network (:mod:`~kg.extract.names.network`): what comes out above zero is
a name, and further sums tell its classes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names import features, kinds
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.heads import MINUTES, SLOGAN
from kg.extract.names.network import CLASSES, Judged, whole
from kg.model import EntityClass as C
from kg.model import Span
from kg.patterns import compiled

#: the rule of what they find
LEARNED = "learned"
#: the tags of idioms and set phrases
_SAYINGS = frozenset(("i", "l"))
#: what the report calls its own area by: 我区, 本市
_OURS = frozenset("我本")
#: slogans by numbers, and strategies of which no more is told than how many they are: 四大战略
_BY_NUMBERS = compiled(r"(?:[一二三四五六七八九十两][\u4e00-\u9fff]{1,2}){2,}|[一二两双三四五六七八九十][大轮]战略")
#: before what is held, which is no policy: 举办4场“民生实事微答辩”
_HELD = listed(r"{hold-event}了?\d+[场次届]$")
#: where companies are, before their names
_IN_TOWN, _BODIES = listed("{town-core}"), frozenset((C.ENTERPRISE, C.PROJECT))
#: what belongs to the verb before
_PARTICLE = listed("{verb-particle}")
#: of what something that is named has so much
_MEASURE = listed("{measure-unit}")
#: two of them that share it are two, not one
_STRATEGY = "战略"
#: what is done for something ends with it
_WORK, _WORK_THERE = "工作", compiled(r"[\u4e00-\u9fff]{2,6}工作")
#: schools that only their place tells from others
_NUMBERED = compiled(r"[一二三四五六七八九十](?:中|小|高)")
#: what is done to anything that is built
_BEING_BUILT = compiled(r"(?:(?:开发|规划)?建设|配套设施)$")
#: who is among so many, which is an honour only where it is received: "引进|世界500强及行业100强"
_RANKED = compiled(r"[\d百]强(?=$|企业$)")
#: a name that a rule has found is given up for a longer one that comes to so much, in hundredths
_SURER = 100
#: and to nearly as much as the shorter one, with so much less at the most
_NEARLY = 80
#: what is known all over the country stays, and the longer one is it, too: "中央八项规定|精神"
_KNOWN = "known"
#: names in it that stay what they are: places and what is known all over the country
_STAYING = ("place", "known", "nested", "water")
#: and those that are never given up: their signs, or who they are, say where they end
_LASTING = ("quote", "title", "honour", "person", "session")
#: the classes of what stands somewhere
_STANDING = frozenset((C.FACILITY, C.PROJECT, C.PARK, C.ZONE, C.ORGANIZATION))
#: of what another thing may lie in, and so stays beside it
_LYING = frozenset((C.ZONE,))

#: what is a project already, and what is none
_NOT_BUILT = frozenset((C.PROJECT, C.PERSON))
#: ways to what is known for what it is, and to what has its classes from the network already
_KNOWN_AS = frozenset(
    (
        *("title", "person", "session", "known", "water", "route", LEARNED),
        *("place", "place-list", "nested", "nested-division", "nested-zone"),
    )
)


def built(scene: Scene, judged: Judged) -> None:
    """Make projects, too, of what the rules have found and the network takes for one.

    A head tells what something is once it stands: "推进云山客运站建设".  What is wholly a place, a person or what all
    know by name stays what it is.
    """
    for c, first, last in whole(scene):
        sums = judged.classes.get((first, last))
        if sums is None or c.way in _KNOWN_AS or not c.classes.isdisjoint(_NOT_BUILT):
            continue
        c.perhaps_built = sums[_PROJECT] > _PERHAPS_BUILT
        if sums[_PROJECT] > (0 if c.classes == _COMPANY else _BUILT_BY_RULE):
            c.classes |= {C.PROJECT}


def learned(ctx: Context, scene: Scene, judged: Judged) -> list[Candidate]:
    """What the network takes for names in a sentence, beside what the rules have found in it.

    A shorter one that a rule has found is given up for a longer one that is surer: it leaves the scene's candidates.
    """
    row = scene.row
    result: list[Candidate] = []
    taken: list[Span] = []
    ruled = {id(c): judged.sums[first, last] for c, first, last in whole(scene) if (first, last) in judged.sums}
    for total, begins_at, last in sorted(judged.stretches, key=lambda f: (-f[0], f[1], f[2])):
        first = _first(ctx, row, begins_at, last)
        if first is None:
            continue
        span = Span(row[first].begin, row[last].end)
        if any(span.overlaps(other) for other in taken) or _is_none(ctx, row[first : last + 1]):
            continue
        if features.trouble(ctx, scene, last + 1) == "is":
            continue
        over = [c for c in scene.candidates if c.span.overlaps(span)]
        # a rule has found the same, surer than what follows, or calls it so, too: "北京市|朝阳区"
        if _is_being_built(ctx, scene, span) or any(_is_named(ctx, c, span) for c in over):
            taken.append(span)
            continue
        if over and (_is_of_another(ctx, row[last], span, over) or not _yield(ctx, total, span, over, ruled)):
            continue
        taken.append(span)
        gone = {id(c) for c in over if not (c.rule.startswith(_STAYING) or _lies_before(c, span))}
        if over:
            for c in over:
                c.nested = True
            scene.candidates = [c for c in scene.candidates if id(c) not in gone]
        c = _candidate(ctx, scene, first, last, judged.classes[begins_at, last])
        if full := _in_full(ctx, row[first : last + 1]):
            c.aliases.add(c.name)
            c.name = full
        result.append(c)
    return result


def _first(ctx: Context, row: Sequence[Unit], first: int, last: int) -> int | None:
    """The first word of the name that a stretch is, without a count before it; None where it is no name."""
    if first < last and (_SO_OFTEN.fullmatch(row[first].text) or _is_done_to(ctx, row[first : last + 1])):
        first += 1  # "举办|五届|科技博览会", "连通|荆山大道"
    if first + 1 < last and row[first].kind == "number" and kinds.COUNTER.fullmatch(row[first + 1].text):
        if not kinds.is_general(ctx, ctx.norm[row[first + 2].begin : row[last].end]):
            first += 2  # "举办20场|“融·易·云溪”银企对接会", "建成15公里|雨水管网二期工程"
        elif not _MEASURE.fullmatch(row[first + 1].text):
            return None  # "10家|科技成果转化中心"; but "10公里产业带"
    if kinds.tells_how_many(ctx, row[first : last + 1]):
        return None  # "扶持产业发展6项|政策措施"
    return _with_place(ctx, row, first) if first == last and _NUMBERED.fullmatch(row[first].text) else first


def _is_done_to(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a stretch opens with what is done to what is built: no name, but that of what is done may."""
    if not ctx.words.cue(us[0].text, "left-verb"):
        return False
    head = ctx.words.heads.closing(ctx.norm, us[1].begin, us[-1].end)
    return head is not None and head.classes <= _STANDING


def _is_named(ctx: Context, c: Candidate, span: Span) -> bool:
    """Whether a stretch is what a rule has found, or another name of it."""
    return c.span == span or ctx.norm[span.begin : span.end] in c.aliases


def _is_of_another(ctx: Context, last: Unit, span: Span, over: Sequence[Candidate]) -> bool:
    """Whether a stretch is what a rule has found with what is done there, or what is said of its parts."""
    if ctx.norm.startswith(_WORK, span.end - len(_WORK)) and any(c.span.begin == span.begin for c in over):
        return True  # "官洲岛|居民安置工作": what is done there is not it
    # "科技产业基地|“一园三区”"
    return _is_slogan(last) and any(c.span.begin == span.begin and c.span.end == last.begin for c in over)


def _yield(ctx: Context, total: int, span: Span, over: Sequence[Candidate], ruled: Mapping[int, int]) -> bool:
    """Whether all that rules have found there is given up for a stretch; ``ruled`` is what each of them comes to."""
    head = ctx.words.heads.closing(ctx.norm, span.begin, span.end)
    lost = [
        # what lies in a park has a name of its own mostly, if it has no head: "中俄蒙国际物流园区|中网科技云计算"
        ruled.get(id(c), 0) - (0 if head is None and C.PARK in c.classes and c.span.begin == span.begin else _NEARLY)
        for c in over
        if not c.rule.startswith(_KNOWN)
    ]
    least = max([_SURER, *lost])
    return total >= least and all(_yields(c, span) for c in over)


def _candidate(ctx: Context, scene: Scene, first: int, last: int, sums: Sequence[int]) -> Candidate:
    """The thing that a stretch names; the sums are of its classes."""
    row = scene.row
    begin, end = row[first].begin, row[last].end
    classes: set[C] | frozenset[C] = _classes(ctx, scene, begin, end, sums)
    if first < last and _IN_TOWN.fullmatch(row[first].text) and set(classes) <= _BODIES:
        begin = row[first + 1].begin  # "主城区|云溪牧业机械"
    if last + 1 < len(row) and not set(classes) <= _UNPHASED and _PHASE.match(row[last + 1].text):
        end = row[last + 1].end  # "本钢恒达物流园|一期"
    c = ctx.candidate(begin, end, classes, LEARNED)
    c.perhaps_built = sums[_PROJECT] > _PERHAPS_BUILT
    return c


def _classes(ctx: Context, scene: Scene, begin: int, end: int, sums: Sequence[int]) -> set[C] | frozenset[C]:
    """The classes of what a stretch names."""
    head = ctx.words.heads.closing(ctx.norm[begin:end])
    certain = head is not None and head.grade == "strong" and len(head.word) > 1
    classes: set[C] | frozenset[C]
    if ctx.words.cue(ctx.norm[begin:end], "macro-region"):
        classes = {C.ZONE}
    elif head is not None and certain:
        classes = head.classes
    else:
        classes = classes_of(sums)
        if len(classes) > 1 and _WORK_THERE.match(ctx.norm, end, scene.sentence.span.end):
            classes -= {C.PROJECT}
    held = {C.POLICY, C.PROJECT} >= set(classes) and _HELD.search(ctx.norm, scene.sentence.span.begin, begin)
    return {C.EVENT} if held else classes


def _lies_before(c: Candidate, span: Span) -> bool:
    """Whether what a rule has found is where a longer stretch lies that begins with it: "上步片区|中国信息谷"."""
    return c.classes == _LYING and c.span.begin == span.begin


def _is_being_built(ctx: Context, scene: Scene, span: Span) -> bool:
    """Whether a stretch is what a rule has found and its being built: "云溪大桥|建设" is no name of 云溪大桥."""
    if not _BEING_BUILT.search(ctx.norm, span.begin, span.end):
        return False
    found = (c for c in scene.candidates if c.span.begin == span.begin and len(c.name) == len(c.span))
    return any(_BEING_BUILT.fullmatch(ctx.norm, c.span.end, span.end) for c in found)


def _is_slogan(unit: Unit) -> bool:
    """Whether a unit is a quotation that tells parts by their number: “一园三区”."""
    return unit.kind == "quote" and (SLOGAN.match(unit.text) or _BY_NUMBERS.fullmatch(unit.text[1:-1])) is not None


def _with_place(ctx: Context, row: Sequence[Unit], first: int) -> int:
    """Where a name begins with the place right before it, whatever words that is cut into: "云|和|一中"."""
    end = row[first].begin
    return next((k for k in range(max(first - 3, 0), first) if ctx.is_place(ctx.norm[row[k].begin : end])), first)


def _in_full(ctx: Context, us: Sequence[Unit]) -> str:
    """The name known all over the country that a stretch is short for: "广州|亚运" for 亚运会; else empty."""
    first = us[1:] if len(us) > 1 and ctx.is_place(us[0].text) else us
    full = ctx.norm[first[0].begin : us[-1].end] + "会"
    return full if full in ctx.words.names else ""


def _yields(c: Candidate, span: Span) -> bool:
    """Whether what a rule has found is a part of a longer stretch, and not completed by words elsewhere."""
    if len(c.name) != len(c.span) or c.rule.startswith(_LASTING) or C.PERSON in c.classes:
        return False
    return span.begin <= c.span.begin and c.span.end <= span.end and len(c.span) < len(span)


#: what has no phases, and the word for one behind what is built
_UNPHASED = frozenset((C.HONOUR, C.EVENT, C.PERSON, C.POLICY, C.ADMINISTRATIVE_AREA, C.ENTERPRISE))
_PHASE = compiled(r"[一二三四五六首]期$")
#: the least that a quotation with a name in it has, its marks counted: “3”指大亚湾开发区 tells of a figure of “3+7”
_QUOTED = 4


#: how often something was held, before its name
_SO_OFTEN = compiled(r"(?:[二两三四五六七八九十\d]+|多)届")


def _is_none(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a stretch is none in any case: 我区, a saying (说一不二), a slogan by numbers (一核四区)."""
    begin, end = us[0].begin, us[-1].end
    if ctx.norm[begin] in _OURS and ctx.norm[begin : begin + 2] in ctx.words.function:
        return True
    if _BY_NUMBERS.fullmatch(ctx.norm, begin, end) or _RANKED.search(ctx.norm, begin, end):
        return True
    if _PARTICLE.fullmatch(us[0].text) or any(a.kind == b.kind == "quote" for a, b in pairwise(us)):
        return True  # "出台|了三年行动计划", “国家强县”“绿色强县”
    if len(us) > 1:
        return us[-1].text == _STRATEGY and any(unit.kind == "enum" for unit in us)  # "绿色发展、绿色城市|战略"
    if us[0].kind != "quote":
        return us[0].tag in _SAYINGS
    if end - begin < _QUOTED:
        return True
    k = bisect_left(ctx.tokens.begins, begin + 1)
    whole = ctx.tokens.ends[k] == end - 1 and ctx.tokens.pairs[k][1] in _SAYINGS
    return whole or SLOGAN.match(us[0].text) is not None or MINUTES.match(us[0].text) is not None


_PROJECT = CLASSES.index(C.PROJECT)
#: from here on, in hundredths, what the network has found may be a project besides, and what a rule has: as most that
#: is built is one, less than for any other class, which a thing must rather be than not
_BUILT, _BUILT_BY_RULE = -150, -50
_COMPANY = frozenset((C.ENTERPRISE,))
#: and from here on, if it is told how far it has come
_PERHAPS_BUILT = -250


def classes_of(sums: Sequence[int]) -> set[C]:
    """The likeliest class, and whatever others the sums speak for; a person is nothing else besides.

    >>> sorted(classes_of([-50 if c is C.PROJECT else 200 if c is C.FACILITY else -300 for c in CLASSES]))
    [<EntityClass.FACILITY: 'Facility'>, <EntityClass.PROJECT: 'Project'>]
    """
    of = dict(zip(CLASSES, sums, strict=True))
    best = max(of, key=lambda c: (of[c], c.value))
    built = 0 if best is C.ENTERPRISE else _BUILT
    likely = {best} | {c for c, total in of.items() if total > (built if c is C.PROJECT else 0)}
    return {best} if best is C.PERSON else likely - {C.PERSON}
