"""Members of lists: "大唐、华润等一批知名企业", "区人民医院、区中医院改扩建项目"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.extract.chunks import Chunk, Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.edges import trimmed
from kg.extract.names.heads import names_in
from kg.extract.names.needs import needs
from kg.extract.words import Head
from kg.model import EntityClass as C
from kg.model import Span
from kg.patterns import compiled

_WORKS = listed("({work-on-each})(工程|项目)?$")
_PROJECT = compiled(r"项目(?:建设)?$")
#: with which any of these ends
_ENDS = tuple("建造治程目设")
#: a member of a list with a word that ends names elsewhere is one name up to this length: "东方|希望"
_LONGEST_TORN = 8
#: and one that a capacity is part of, up to this one
_LONGEST_RATED = 22
#: where all members are so short, they are of one kind: "中德、中法、新川等合作园区"
_SHORT = 3
#: heads of lists that as often say whose what follows is
_LEVELS = frozenset(("国家", "地区", "省", "市", "县"))
#: of these, a place is a member; of others it only says where they are
_OF_LAND = frozenset({C.ADMINISTRATIVE_AREA, C.ZONE, C.PARK, C.PROJECT})
#: characters of a member, of one that is a brand, and of one that is taken for a name because the others are names
_SHORTEST, _LONGEST, _LONGEST_BRAND, _SHORTEST_ALIKE = 2, 25, 6, 4
#: what places are summed up as, if not as places; what is said of the works is longer than this
_WORKS_ONLY, _BARE = frozenset({C.PROJECT}), 2
#: so many members make a list, and so many words a division and a name behind it
_SEVERAL, _NAME_BEHIND = 2, 3
#: characters before a head that describe one thing
_DESCRIBED = 4
#: how many units of figures stand before the noun that sums a list up: "等|一批|超|50|亿元|项目"
_FIGURES = 7
#: and so many characters behind that noun say what is done there
_FOLLOWING = 10
#: a league is no member: "世界500强、中国500强等企业"
_RANKED = compiled(r"[\d百]+强$")
#: what a noun says of places that members name
_OF_PLACES = listed("^{placed-modifier}")
#: what stands between what is renewed and the work: "6个卫生院|完成|改造"
_RENEWED = listed("(?:{renewal-verb})+了?")
#: so long is what members are at the most
_KIND = 10
#: which of them these are: "等|首批|9|家|农贸市场"
_BATCH = compiled(r"首批|第[一二三四五]批")
#: what a place is to the region around it
_ROLE = listed("{place-role}$")
#: who is summed up together with companies
_BODIES = listed("[、和及与](?:科研)?{body-with-firms}")
_SAID_ONCE = listed("{said-once}")
_COUNTED = listed(r"[两三四五六七八九十]+{list-counter}?$")


class _List(NamedTuple):
    """A list and the noun that sums it up: "琶洲、沥滘等|城中村|改造"."""

    members: list[Chunk]
    #: the noun, and with the words that describe it: "农贸市场" of "社区农贸市场"
    head: Head
    kind: str
    #: the characters that follow the noun
    tail: str
    #: the first unit behind 等 or behind the number of the members
    behind: int
    #: whether the members are counted: "等|6|个"
    counts: bool
    #: the division all members lie in, if the list opens with it
    place: Unit | None
    #: whether most members hold what only names do, and whether more than one does
    mostly_names: bool
    some_names: bool
    #: whether all but the first are so short that they are of one kind
    short: bool


@needs(kinds=("etc", "number"))
def lists(ctx: Context, scene: Scene) -> list[Candidate]:
    """Members of "A、B和C等…企业": the noun behind 等 gives its class to members that have none of their own."""
    marks = [*scene.places.get("etc", ()), *scene.places.get("number", ())]
    result: list[Candidate] = []
    for k in sorted(marks):
        counted = scene.row[k].kind != "etc"
        if counted and not (_is_count(ctx, scene, k) and len(members_before(ctx, scene, k)) >= _SEVERAL):
            continue
        of = _list_before(ctx, scene, k, counted)
        if of is not None:
            for chunk in of.members:
                result += _member(ctx, scene.row, of, chunk)
        elif not counted:
            result += _parts_of_quoted(ctx, scene, k)
    return result


def _is_count(ctx: Context, scene: Scene, k: int) -> bool:
    """Whether the number at unit ``k`` may count the names before it: "吴川、雷州、徐闻|3|个", "A、B|两家"."""
    row = scene.row
    if k <= 1 or row[k - 1].kind not in ("word", "quote", "verb"):
        return False
    return _COUNTED.match(row[k].text) is not None or (
        row[k].text.isdigit() and k + 1 < len(row) and ctx.words.cue(row[k + 1].text, "number-counter")
    )


def _list_before(ctx: Context, scene: Scene, k: int, counted: bool) -> _List | None:
    """The list that ends at unit ``k`` (等, or a number if ``counted``), if a noun sums it up."""
    row = scene.row
    hyper, kind, tail = _hypernym(ctx, scene, k + 1)
    coming = False
    if hyper is None and not counted and k + 1 < len(row) and ctx.words.cue(row[k + 1].text, "come-in-verb"):
        hyper, coming = ctx.words.list_heads["企业"], True  # "晶都冷链物流、居然之家等|进驻"
    if hyper is None:
        return None
    if C.ENTERPRISE in hyper.classes and _BODIES.match(tail):
        hyper = hyper._replace(classes=hyper.classes | {C.ORGANIZATION})  # "等12家|企业|和机构"
    members = members_before(ctx, scene, k, coming)
    counts = counted or (k + 1 < len(row) and row[k + 1].kind == "number")
    counts = counts and members != [] and len(trimmed(ctx, members[-1].units)) == 1  # not "在美国、以色列|设立|4家"
    named = sum(ctx.is_specific(trimmed(ctx, m.units)) or m.units[0].kind == "quote" for m in members)
    return _List(
        members=members,
        head=hyper,
        kind=kind,
        tail=tail,
        behind=k + 1,
        counts=counts,
        place=_place_of_all(ctx, row, members, hyper),
        mostly_names=2 * named >= len(members) and named > 0,
        some_names=named >= _SEVERAL,
        short=all(m.end - m.begin <= _SHORT for m in members[1:]),
    )


def _parts_of_quoted(ctx: Context, scene: Scene, k: int) -> list[Candidate]:
    """The members before 等 at unit ``k``, and the quotation they are part of, if one follows."""
    whole = _quoted_whole(ctx, scene, k + 1)
    if whole is None:
        return []
    parts = [c for m in members_before(ctx, scene, k) for c in names_in(ctx, m.units) if not c.nested]
    if not parts:
        return []
    classes = frozenset().union(*(c.classes for c in parts))
    for c in parts:
        c.wholes = (ctx.text(whole.begin, whole.end),)
    inner = ctx.text(whole.begin + 1, whole.end - 1)
    return [ctx.candidate(whole.begin, whole.end, classes, "quote:whole", inner), *parts]


def _member(ctx: Context, row: Sequence[Unit], of: _List, chunk: Chunk) -> list[Candidate]:
    """What one member of a list names, with the class of the noun behind it; nothing if it is no name."""
    us = trimmed(ctx, chunk.units)
    if of.place is not None and us[0] is of.place:
        us = us[1:]
    if chunk is of.members[0] and C.PROJECT not in of.head.classes:
        us = _led(ctx, us)
    begin, end = us[0].begin, us[-1].end
    if us[-1].kind == "title" or not _SHORTEST <= end - begin <= _LONGEST or _RANKED.search(ctx.norm[begin:end]):
        return []
    if ctx.is_place(us[0].text):
        if len(us) == 1 and not of.head.classes & _OF_LAND:
            return _lying_in(ctx, row, of, us[0])
        if len(us) > 1 and C.ADMINISTRATIVE_AREA in of.head.classes:
            return []  # "广东|化州", "从化|温泉镇": taken apart as known places
    if not _is_member(ctx, us, of):
        return []
    known = us[0].text in ctx.words.stems or us[0].text in ctx.words.divisions
    if known and len(us) == 1 and of.head.classes == _WORKS_ONLY:
        added = _work_of(ctx, row, of.behind, of.head.word)  # "吴川、雷州、徐闻3个|垃圾焚烧发电项目"
        return [_completed(ctx, us[0], of, added)] if len(added) > _BARE else []
    own = names_in(ctx, us)
    whole = own[0] if own and own[0].span == Span(begin, end) else None
    if own and whole is None and own[0].rule.startswith("head") and own[0].span.begin == begin:
        return []
    classes = of.head.classes
    told = ctx.words.heads.closing(ctx.norm[begin:end])
    if told is not None and C.EVENT in told.classes and told.grade == "strong" and len(told.word) > 1:
        classes = classes | told.classes  # "全球吉商|大会|等重大平台"
    if whole is not None:
        classes = classes | whole.classes
    c = ctx.candidate(begin, end, classes, f"list:{of.head.word}")
    c.aliases |= _called_too(ctx, c, us, of, own != [])
    if of.place is not None:
        c.wholes = (of.place.text,)
    work = _renewal(ctx, of.head, of.tail)
    if work is not None:
        _make_renewed(ctx, c, of, work, own)
        if whole is not None and work:
            c.nested = True
            return [whole, c]
    elif later := _later_work(ctx, of.tail):
        c.aliases.add(c.name + later)  # "圳美等9家农贸市场|动工实施|升级改造"
        if not ctx.is_place(c.name):
            c.aliases.add(c.name)
        c.name += later if own else of.kind + later
        c.classes = c.classes - {C.ADMINISTRATIVE_AREA} | {C.PROJECT}
    elif own == [] and len(us) == 1 and ctx.is_place(us[0].text) and of.head.classes & {C.PARK}:
        c.aliases = set()
        c.name += of.head.word
        c.classes = of.head.classes
    return [c]


def _lying_in(ctx: Context, row: Sequence[Unit], of: _List, unit: Unit) -> list[Candidate]:
    """What a place of a list is said to have, if the places are counted: "新铺、卧龙等6个|乡镇卫生院"."""
    first = of.members[0].first
    leads = ctx.words.cue(of.head.word, "line-head") or (first > 0 and row[first - 1].text == "至")
    if leads or not of.counts or of.head.grade != "strong" or len(of.head.word) == 1 or _ROLE.search(of.kind):
        return []  # "至赤峰、盘锦两条|连接线"
    return [_completed(ctx, unit, of, _OF_PLACES.sub("", of.kind))]


def _completed(ctx: Context, unit: Unit, of: _List, more: str) -> Candidate:
    """A member that is named by its place and by ``more``, which stands once for all."""
    c = ctx.candidate(unit.begin, unit.end, of.head.classes, f"list:{of.head.word}")
    c.name += more
    c.nested = True
    return c


def _is_member(ctx: Context, us: list[Unit], of: _List) -> bool:
    """Whether a member of a list is a name: by itself, as a brand among names, or as a word that is like the others."""
    text = ctx.norm[us[0].begin : us[-1].end]
    if (C.PROJECT in of.head.classes and text in ctx.words.names) or _may_be_name(ctx, us, of.head):
        return True  # "中车等项目": of 中车
    if ctx.words.pattern("kind-marker").search(text):
        return False
    brand = of.some_names and (of.mostly_names or of.short) and len(text) <= _LONGEST_BRAND
    if brand and (len(us) > 1 or us[0].tag[:1] in ("n", "j", "e", "m")):
        return True
    return of.mostly_names and len(us) > 1 and len(text) >= _SHORTEST_ALIKE and text not in ctx.words.generic


def _called_too(ctx: Context, c: Candidate, us: list[Unit], of: _List, own: bool) -> set[str]:
    """What a member is called besides; ``own`` tells that a part of it is a name without the list."""
    result: set[str] = set()
    if of.place is not None and of.place.end == c.span.begin:
        result.add(ctx.text(of.place.begin, c.span.end))
    if us[0].kind == "quote" and len(us) == 1:
        result.add(ctx.text(c.span.begin + 1, c.span.end - 1))
    elif own:
        pass
    elif of.head.grade == "strong" and 1 < len(of.kind) <= _KIND and not ctx.is_place(c.name):
        result.add(c.name + of.kind)  # "圳美等9家|社区农贸市场"
    elif ctx.words.cue(of.head.word, "circle"):
        result.add(c.name + of.head.word)
    elif len(c.name) <= _SHORTEST and _SAID_ONCE.fullmatch(of.head.word) and not ctx.is_place(c.name):
        result.add(c.name + of.head.word)  # "岩博、阿雨等|水库"
    return result


def _renewal(ctx: Context, head: Head, tail: str) -> str | None:
    """The work that follows the noun of a list; "" behind what is only named to be renewed ("城中村"), or ``None``."""
    if ctx.words.cue(head.word, "renewed-head"):
        return ""
    m = ctx.words.pattern("renewal").match(tail)
    return m.group() if m is not None else None


def _make_renewed(ctx: Context, c: Candidate, of: _List, work: str, own: list[Candidate]) -> None:
    """Name the project by what is renewed: "琶洲、沥滘等城中村", "石榴岗河等河涌|升级改造"."""
    of_works = of.head.word.endswith(("改造", "更新"))
    bare = work or of.head.word + (_later_work(ctx, of.tail) or ("" if of_works else "改造"))
    if not work or not own or own[0].span != c.span:
        c.aliases |= {c.name, c.name + bare}
        if own == [] and len(of.kind) > len(of.head.word):
            c.aliases.add(c.name + of.kind + work)
    phase = compiled(r"(.{2,}?)([一二三四五首]期)").fullmatch(c.name)
    c.name = phase[1] + bare + phase[2] if phase else c.name + bare
    c.classes = _WORKS_ONLY


def _later_work(ctx: Context, tail: str) -> str:
    """The work that is done on what is summed up, said by a verb behind it: "完成|改造"; or nothing."""
    done = _RENEWED.match(tail)
    work = ctx.words.pattern("renewal").match(tail, done.end()) if done is not None else None
    return work.group() if work is not None else ""


def _led(ctx: Context, us: list[Unit]) -> list[Unit]:
    """The place that opens a list, without what leads to it: "深度|对接|京津冀、长三角", "赴|德国、法国"."""
    for k in range(1, len(us)):
        text = ctx.norm[us[k].begin : us[-1].end]
        known = text in ctx.words.names or text in ctx.words.countries or (k == len(us) - 1 and ctx.is_place(text))
        if known and us[k - 1].tag[:1] in ("v", "p") and not ctx.is_specific(us[:k]):
            return us[k:]
    return us


def _place_of_all(ctx: Context, row: Sequence[Unit], members: Sequence[Chunk], hyper: Head) -> Unit | None:
    """The division in which all projects of a list lie that it opens: "丹阳市|鱼跃医疗设备、国际眼镜城等项目"."""
    if len(members) < _SEVERAL or C.PROJECT not in hyper.classes:
        return None
    first = members[0].first
    begin = first
    while begin and (
        row[begin - 1].kind == "number"
        or row[begin - 1].text == "的"
        or ctx.words.cue(row[begin - 1].text, "cost-word")
    ):
        begin -= 1
    if begin < first:  # "句容市|总投资超百亿元的|雨润欢乐城"
        us = row[begin - 1 : begin] if begin else []
    else:
        us = trimmed(ctx, members[0].units)
        if len(us) < _NAME_BEHIND or us[1].kind != "word" or us[1].text in ctx.words.general:
            return None
    if not us or us[0].text not in ctx.words.divisions or us[0].text in ctx.own_names:
        return None
    others = (chunk.units[0].text for chunk in members[1:])
    return us[0] if not any(map(ctx.is_place, others)) else None


def _hypernym(ctx: Context, scene: Scene, k: int) -> tuple[Head | None, str, str]:
    """The noun that sums a list up, at unit ``k`` or after figures; the same described; and what follows it."""
    row = scene.row
    n = k
    while (
        n < len(row)
        and n < k + _FIGURES
        and (
            row[n].kind in ("number", "function")
            or ctx.words.cue(row[n].text, "counter")
            or _BATCH.fullmatch(row[n].text)
            or (ctx.words.cue(row[n].text, "bound-word") and n + 1 < len(row) and row[n + 1].kind == "number")
        )
    ):
        n += 1
    best: Head | None = None
    last = n
    m = n
    while m < len(row) and m < n + 6 and row[m].kind == "word":
        if best is not None and row[m].text in ctx.words.tail:
            break
        text = ctx.norm[row[n].begin : row[m].end]
        head = ctx.words.list_heads.closing(text)
        if m and ctx.words.cue(ctx.norm[row[m - 1].begin : row[m].end], "town-deed"):
            break  # "等|单位|驻|村|帮扶"
        torn = best is not None and (
            best.grade == "strong"  # "支线|机场"
            or (len(row[m - 1].text) > len(best.word) and row[m - 1].text in ctx.words.everyday)
        )
        if (
            head is None
            and (best is None or torn)  # "农|村|福利院"
            and (own := ctx.words.heads.closing(text)) is not None
            and own.grade == "strong"
        ):
            sums_up = len(own.word) > 1 and C.EVENT not in own.classes and not ctx.words.cue(own.word, "work-head")
            head = own if sums_up and row[k].text != "的" else None
        if head is not None:
            best, last = head, m
        elif best is not None and best.word not in _LEVELS:  # "等|国家|重大战略规划"
            break
        elif best is not None:
            best = None
        m += 1
    if best is not None and last + 1 < len(row) and ctx.words.cue(row[last + 1].text, "people"):
        return None, "", ""  # "党和国家|领导人"
    if best is None:
        return None, "", ""
    told = any(unit.tag == "v" and len(unit.text) > 1 for unit in row[n:last])  # "等|跨入|省级智能工厂"
    kind = best.word if told else ctx.norm[row[n].begin : row[last].end]
    return best, kind, ctx.norm[row[last].end : row[last].end + _FOLLOWING]


def _work_of(ctx: Context, row: Sequence[Unit], k: int, noun: str) -> str:
    """The words with which a list of places is summed up as works, behind figures and counters: "垃圾焚烧发电项目"."""
    while k < len(row) and (row[k].kind in ("number", "function") or ctx.words.cue(row[k].text, "counter")):
        k += 1
    first = k
    while k < len(row) and row[k].kind == "word":
        k += 1
        if row[k - 1].text.endswith(noun):
            break
    return ctx.norm[row[first].begin : row[k - 1].end] if k > first else ""


def _quoted_whole(ctx: Context, scene: Scene, k: int) -> Unit | None:
    """The quotation that a list is part of: "深圳歌剧院等|3|个|“新时代十大文化设施”"."""
    row = scene.row
    while k < len(row) and (row[k].kind == "number" or ctx.words.cue(row[k].text, "counter")):
        k += 1
    return row[k] if k < len(row) and row[k].kind == "quote" else None


def members_before(ctx: Context, scene: Scene, k: int, subject: bool = False) -> list[Chunk]:
    """The members of the list that ends before unit ``k``; with ``subject``, one that opens a clause.

    All but the first reach from one separator to the next, whatever words they are made of ("东方希望", "正威智造");
    where the first begins, only its chunk tells, or the beginning of the clause.
    """
    row = scene.row
    by_last = {c.last: c for c in scene.chunks}
    members: list[Chunk] = []
    position = k
    while position > 0:
        first = position
        while first and row[first - 1].kind not in ("enum", "conj", "stop", "title", "etc") and position - first < 12:
            first -= 1
        separated = first > 0 and row[first - 1].kind in ("enum", "conj")
        if subject and not separated and (first == 0 or row[first - 1].kind == "stop") and position - first > 1:
            separated = not any(u.kind != "word" and len(u.text) > 1 for u in row[first:position])
        chunk = by_last.get(position)
        rated = _rated(ctx, row, first, position) if not separated else 0
        if rated:
            members.append(Chunk(rated, position, row[rated:position]))
        elif chunk is not None and (chunk.first == first or not separated):
            members.append(chunk)
        elif separated and _is_one(ctx, row[first:position]):
            members.append(Chunk(first, position, row[first:position]))
        elif chunk is not None:
            members.append(chunk)
        else:
            break
        position = members[-1].first
        if separated and first < position and row[position - 1].text == "的" and row[position - 2].kind == "number":
            position = first  # "、超40亿元的|轨道交通"
        if position and row[position].kind == "quote" == row[position - 1].kind:
            continue  # "“A”“B”等": nothing between the members
        position -= 1
        if position < 0 or row[position].kind not in ("enum", "conj"):
            break
    return members[::-1]


def _rated(ctx: Context, row: Sequence[Unit], begin: int, end: int) -> int:
    """Where the first member begins, behind a verb, if a figure is part of its name: "推进|惠科8.6代线"; or 0."""
    verb = next((k for k in range(end - 1, begin - 1, -1) if row[k].kind == "verb"), -1)
    us = row[verb + 1 : end]
    if end == len(row) or row[end].kind == "conj":
        return 0
    figured = verb >= 0 and len(us) > 1 and any(u.kind == "number" and u.text[0].isdigit() for u in us)
    return verb + 1 if figured and us[-1].kind == "word" and us[0].kind == "word" and _is_one(ctx, us) else 0


def _is_one(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether what stands between two separators is one name, though a word of it is a verb or an adverb elsewhere."""
    size = us[-1].end - us[0].begin if us else 0
    lead = next((i for i, u in enumerate(us) if u.kind == "number"), 0)
    if lead and all(u.kind == "word" for u in us[:lead]) and ctx.is_specific(us[:lead]):
        return size <= _LONGEST_RATED  # "永祥2.5万吨高纯晶硅"
    return (
        0 < size <= _LONGEST_TORN
        and not (len(us) > 1 and us[0].kind in ("verb", "function") and len(us[0].text) > 1)
        and all(
            u.kind in ("word", "verb", "function", "number")
            and (u.tag[:1] not in ("u", "p", "r") or (i == 0 and len(u.text) == 1 and u.tag == "p"))
            for i, u in enumerate(us)
        )
    )


def _may_be_name(ctx: Context, us: list[Unit], hyper: Head) -> bool:
    if us[0].kind == "quote" or ctx.is_specific(us):
        return True
    text = ctx.norm[us[0].begin : us[-1].end]
    head = ctx.words.heads.closing(text)
    if (  # "高铁快运物流基地": a description that no other place has
        head is not None
        and head.grade == "strong"
        and C.PROJECT in hyper.classes
        and len(us) >= 3
        and len(text) - len(head.word) >= _DESCRIBED
        and text not in ctx.words.generic
        and not ctx.words.pattern("kind-marker").search(text)
    ):
        return True
    return bool(hyper.classes & {C.ENTERPRISE}) and us[0].text == "中国" and len(us) > 2


@needs(word=lambda word, _: word.endswith(_ENDS))
def shared_tails(ctx: Context, scene: Scene) -> list[Candidate]:
    """ "区人民医院、区中医院改扩建项目": the work is done on each member of the list; so too "A、B、C项目"."""
    result: list[Candidate] = []
    for k, chunk in enumerate(scene.chunks):
        if not k or not chunk.units[-1].text.endswith(_ENDS):
            continue
        text = ctx.norm[chunk.begin : chunk.end]
        m = _WORKS.search(text) or _PROJECT.search(text)
        if m is None:
            continue
        base = ctx.words.heads.closing(text[: m.start()])
        alike = base is not None and base.grade == "strong" and m.re is _WORKS.regex
        n = k
        while n and scene.follows(n):
            n -= 1
            us = trimmed(ctx, scene.chunks[n].units)
            begin, end = us[0].begin, us[-1].end
            head = ctx.words.heads.closing(ctx.norm[begin:end])
            if alike and base is not None:
                if head is None or not (head.word.endswith(base.word[-2:]) or base.word.endswith(head.word)):
                    break  # "医院" and "中医院" are alike
                c = ctx.candidate(begin, end, {C.PROJECT}, "shared-tail")
                c.name += m.group()
                c.nested = True
                result.append(c)
            elif (
                head is None
                and end - begin >= 4
                and len(us[0].text) > 1
                and us[0].text not in ctx.words.general
                and us[-1].kind == "word"
            ):
                result.append(ctx.candidate(begin, end, {C.PROJECT}, "shared-tail"))
    return result
