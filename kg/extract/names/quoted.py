"""Quoted names: the class comes from the noun behind, the head inside or the verb before."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.heads import MINUTES
from kg.extract.names.needs import needs
from kg.model import EntityClass as C
from kg.patterns import compiled

_SHARED = 8  # so many places' reports share a name made of rare words only if it is a kind after all


#: how far behind a quotation the noun may stand that says what it is: "“6+4”先行先试政策"
_FAR, _WORDS = 14, 6
#: a figure and what it counts by: "“降税减证提标”|3|项|措施"
_COUNTED = 2
_JOINED = frozenset(("word", "verb", "number"))
#: what has so many members is no name
_MEMBERS = 3
#: what several events under one name are, and what may stand before that
_SERIES = "活动"
_OF_SERIES = frozenset(("系列", "主题"))
#: what makes something that is carried out of it, and no event: "“…”|学习实践|活动"
_CARRIED_OUT = listed("{campaign-kind}")
#: a time or an action that a campaign is named by: "产业发展年", "院士专家四平行"
_CAMPAIGN = compiled(r"(?<![\d一二三四五六七八九十两数])(?:年|月|日)$|(?<=.{3})行$|会战$|攻坚战$")
#: what a place is known for: "枫桥经验", "上林模式"
_METHOD = compiled(r"[\u4e00-\u9fff]{2,4}(?:经验|模式)")
#: a policy by the number of its articles, and how much stands before that at least: "稳外贸“12条”"
_ARTICLES = compiled(r"[\d一二三四五六七八九十]+条(?:措施|政策)?")
_LEAST = 3
#: the verbs that have a policy as their object
_OF_POLICY = ("policy-verb", "adopt-verb", "takes-policy")
#: what a city is called, by whom: "国家食品安全城市", "中国放心消费城市"
_CALLED = listed(r"{called-by}[\u4e00-\u9fff]{2,10}(?:城市(?:群)?|之[都城])")
#: levels of the administration, one below the other
_LEVELS = listed(r"{admin-level}级?(?:[-—–－、+]+{admin-level}级?)+")
_UNSURE = compiled(r"[，,]|^[一二三四五六七八九十两][个大]")


@needs(kinds=("quote",))
def quoted(ctx: Context, scene: Scene) -> list[Candidate]:
    """Quoted names: class from the noun behind, the head inside, or the verb before."""
    result: list[Candidate] = []
    row = scene.row
    for k in scene.places.get("quote", ()):
        unit = row[k]
        inner = ctx.text(unit.begin + 1, unit.end - 1)
        if len(inner) < 2 or compiled(r"[。；！？;!?]").search(inner) or _LEVELS.fullmatch(inner) is not None:
            continue  # "“3”指…" tells of a figure of "“3+7”"; "“区-街道-社区”三级" names nothing
        if inner in ctx.words.names:  # "“一带一路”沿线", "“一带一路”临港产业园"
            c = ctx.candidate(unit.begin, unit.end, ctx.words.names[inner], "known", inner)
            c.nested = True
            result.append(c)
        last = k  # "“中调”、“南拓”战略", "“A”“B”等政策": the noun behind the last member is meant for all
        while (n := _next_quote(row, last)) is not None:
            last = n
        alone = last == k and (not k or row[k - 1].kind not in ("enum", "conj", "quote", "word", "number"))
        noun, classes = _noun_behind(ctx, row, last, alone)
        if not noun and last > k and (circle := _circle_behind(ctx, row, last)):
            c = ctx.candidate(unit.begin, unit.end, {C.ZONE}, "quote:circle", inner)
            c.name = ctx.text(unit.begin, unit.end) + circle
            c.aliases.add(inner + circle)
            result.append(c)
            continue
        if noun and last > k:
            work = noun == last + 2 and ctx.words.cue(row[last + 1].text, "work-noun")
            if not work:
                result.append(ctx.candidate(unit.begin, unit.end, classes, "quote:policy", inner))
                continue
        if noun and last == k:
            text = ctx.text(unit.begin, row[noun - 1].end)
            c = ctx.candidate(unit.begin, row[noun - 1].end, classes, "quote:policy", inner + text[len(inner) + 2 :])
            if inner.count("、") > _MEMBERS:
                continue
            if noun == k + 2:
                c.aliases |= {inner, ctx.text(unit.begin, unit.end)}
            result.append(c)
        elif last == k and _ARTICLES.fullmatch(inner) and (before := _before(ctx, row, k)) is not None:
            result.append(ctx.candidate(before.begin, unit.end, {C.POLICY}, "document"))
        elif inner.count("、") <= _MEMBERS and _said_to_be(ctx, row, k):
            result.append(ctx.candidate(unit.begin, unit.end, {C.POLICY}, "quote:policy", inner))
        elif (found := _by_itself(ctx, scene, k, inner)) is not None:
            result.append(ctx.candidate(unit.begin, unit.end, found[1], f"quote:{found[0]}", inner))
    return result


def _circle_behind(ctx: Context, row: Sequence[Unit], k: int) -> str:
    """The word for a circle of cities right behind a list of quotations: "“襄十随神”“宜荆荆恩”|城市群"."""
    text = row[k + 1].text if k + 1 < len(row) and row[k + 1].begin == row[k].end else ""
    return text if ctx.words.cue(text, "circle-head") else ""


def _before(ctx: Context, row: Sequence[Unit], k: int) -> Unit | None:
    """Where the name begins that the quotation at ``k`` ends: "产业转型升级|“24条”"."""
    first = k
    while first and (
        row[first - 1].kind in ("word", "verb") or (row[first - 1].text == "向" and row[first].text == "好")
    ):
        first -= 1
        if any(ctx.words.cue(row[first].text, cue) for cue in _OF_POLICY):
            break
    opening = first
    while opening and row[opening - 1].kind != "stop":
        opening -= 1
    drawn = any(ctx.words.cue(u.text, "issue-verb") for u in row[opening : first + 1])
    governed = any(ctx.words.cue(row[first].text, cue) for cue in _OF_POLICY)
    behind = row[k + 1].text if k + 1 < len(row) else ""
    if not (drawn or governed or any(ctx.words.cue(behind, cue) for cue in ("carried-out", "adopt-verb"))):
        return None  # "群众反映问题|“50条”"
    while first < k and (row[first].tag.startswith("v") or ctx.words.cue(row[first].text, "adopt-verb")):
        if drawn and ctx.words.cue(row[first].text, "title-verb"):
            break  # "出台|推动经济率先好转|“33条”"
        first += 1
    return row[first] if _LEAST <= row[k].begin - row[first].begin <= _FAR else None


def _next_quote(row: Sequence[Unit], k: int) -> int | None:
    """The quotation that goes on the list of the one at ``k``, if there is one."""
    if k + 1 < len(row) and row[k + 1].kind == "quote":
        return k + 1
    if k + 2 < len(row) and row[k + 1].kind in ("enum", "conj") and row[k + 2].kind == "quote":
        return k + 2
    return None


def _noun_behind(ctx: Context, row: Sequence[Unit], k: int, alone: bool) -> tuple[int, frozenset[C]]:
    """The index behind the noun that says what the quotation at ``k`` is, and the classes; 0 where there is none.

    A brand is named without its noun, and so are the members of a list: the index is then ``k + 1``.  A quotation
    that stands ``alone`` may be that of a series of events: "“蜀里安逸”|系列|促消费|活动".
    """
    first = k + 1
    listed = first < len(row) and row[first].kind == "etc"
    if listed:
        first += 1
    found, classes = 0, frozenset[C]()
    for n in range(first, min(first + _WORDS, len(row))):
        unit = row[n]
        joined = unit.kind in _JOINED or (alone and unit.text in _OF_SERIES)
        if unit.begin != row[n - 1].end or not joined or unit.end - row[k].end > _FAR:
            break
        noun = next((t for t in (ctx.norm[row[m].begin : unit.end] for m in range(first, n + 1)) if _says(ctx, t)), "")
        if not noun:
            if unit.kind == "verb" and not (n + 1 < len(row) and _says(ctx, row[n + 1].text)):
                break
            continue
        if ctx.words.cue(noun, "brand-noun"):
            return k + 1, frozenset({C.ENTERPRISE})
        if ctx.words.cue(noun, "closing-noun") and n + 1 < len(row) and row[n + 1].kind == "word":
            continue  # "“解难题”企业帮扶|活动"
        numbered = row[first].kind == "number" and n == first + _COUNTED and ctx.words.cue(noun, "articles-noun")
        is_series = alone and noun == _SERIES
        if ctx.words.cue(noun, "work-noun") and (found or n > first) and not (is_series or numbered):
            break
        found, classes = n + 1, _policy_classes(ctx, noun)
        if n > first and noun.endswith(_SERIES) and not _CARRIED_OUT.search(ctx.norm, row[first].begin, unit.begin):
            classes = frozenset({C.EVENT})
    return (k + 1 if listed and found else found), classes


def _said_to_be(ctx: Context, row: Sequence[Unit], k: int) -> bool:
    """Whether what follows 的 calls the quotation a strategy: "“南拓、北优”的城市发展新战略"."""
    if k + 1 >= len(row) or row[k + 1].text != "的":
        return False
    n = k + 2
    while n < len(row) and n < k + 2 + _WORDS and row[n].kind == "word":
        n += 1
    return n > k + 2 and ctx.words.cue(row[n - 1].text, "strategy")


def _says(ctx: Context, noun: str) -> bool:
    return ctx.words.cue(noun, "policy-noun") or ctx.words.cue(noun, "brand-noun")


def _policy_classes(ctx: Context, noun: str) -> frozenset[C]:
    if ctx.words.cue(noun, "event-noun"):
        return frozenset({C.POLICY, C.EVENT})
    return frozenset({C.POLICY, C.PROJECT} if ctx.words.ending("undertaking").search(noun) else {C.POLICY})


def _by_itself(ctx: Context, scene: Scene, k: int, inner: str) -> tuple[str, frozenset[C]] | None:
    """What a quotation is by its own head or the verb that governs it."""
    row = scene.row
    unit = row[k]
    following = row[k + 1] if k + 1 < len(row) and row[k + 1].begin == unit.end else None
    norm = ctx.norm[unit.begin + 1 : unit.end - 1]
    head = ctx.words.heads.closing(norm)
    honour = ctx.words.honours.closing(norm)
    if honour is not None and len(inner) > len(honour.word) + 1 and "，" not in inner and "," not in inner:
        strong = head is not None and head.grade == "strong" and honour.word.endswith("区")
        return "honour", frozenset({C.HONOUR}) | (head.classes if strong and head is not None else frozenset())
    if _CALLED.fullmatch(inner):
        return "honour", frozenset({C.HONOUR})
    if (
        head is not None
        and head.grade == "strong"
        and len(inner) > len(head.word) + (C.EVENT not in head.classes)  # "金洽会"
        and ctx.words.generic.get(inner, 0) < _SHARED
        and (len(head.word) > 1 or ctx.is_place(inner[:2]))
        and not inner.endswith("发展")
        and "、" not in inner
    ):
        return "head", head.classes
    plan = ctx.words.ending("plan-head").search(inner)
    if plan is not None and plan.start() >= 2 and "、" not in inner:
        return "policy", frozenset(
            {C.POLICY, C.PROJECT} if ctx.words.ending("undertaking").search(plan.group()) else {C.POLICY}
        )
    if _METHOD.fullmatch(inner):
        return "method", frozenset({C.POLICY})
    if len(inner) >= 4 and _CAMPAIGN.search(inner) and "、" not in inner:
        return "campaign", frozenset({C.POLICY, C.EVENT})
    held = _governed(ctx, scene, k, "host-verb") and not ctx.words.ending("no-event").search(inner)
    if held or (following is not None and ctx.words.cue(following.text, "event-noun")):
        return "event", frozenset({C.EVENT})
    zone = ctx.words.cue(inner[-1], "built-ending") and not inner.endswith("社区")  # "“智慧社区”" is a campaign
    if len(inner) >= 4 and zone and not MINUTES.match(inner) and _governed(ctx, scene, k, "build-verb"):
        return "built", frozenset({C.ZONE, C.PARK, C.PROJECT})
    if _of_techniques(ctx, row, k):
        return None
    if not _UNSURE.search(inner) and inner.count("、") <= _MEMBERS and _governed(ctx, scene, k):
        return "verb", frozenset({C.POLICY})
    return None


def _of_techniques(ctx: Context, row: Sequence[Unit], k: int) -> bool:
    """Whether a list of quotations is summed up as techniques or subjects: no policies."""
    n = k
    while n + 1 < len(row) and row[n + 1].kind in ("quote", "enum", "conj"):
        n += 1
    if n + 1 >= len(row) or row[n + 1].kind != "etc":
        return False
    return any(ctx.words.ending("technique").search(u.text) for u in row[n + 2 : n + 6] if u.kind == "word")


def _governed(ctx: Context, scene: Scene, k: int, cue: str = "policy-verb") -> bool:
    """Whether the quotation at ``k`` (or the list that it is in) is the object of a verb of policy."""
    n = k - 1
    while n >= 0 and scene.row[n].kind in ("quote", "enum", "conj"):
        n -= 1
    for m in (n, n - 1, n - 2):
        if m >= 0 and scene.row[m].kind in ("verb", "word") and ctx.words.cue(scene.row[m].text, cue):
            return True
        if m < 0 or scene.row[m].kind not in ("word", "function"):
            return False
    return False
