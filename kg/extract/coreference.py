"""Which drafts are one thing that the report calls by two names: "亚运会" and "2022年亚运会", "鞍钢" and "鞍钢集团"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from kg.extract.drafts import Draft, Resolver, unquoted, without_turn
from kg.extract.words import stem_of
from kg.model import EntityClass as C
from kg.patterns import compiled
from kg.resources import table

_PLAN_YEARS = compiled(r"[“\"]?(?P<plan>[七八九]五|十[一二三四五六七八九]?五)[”\"]?(?:时期|期间)")
#: "深圳国家高新区" is the "深圳高新区"
_STATE_INSIDE = compiled(r"(?<=..)国家级?(?=(?:高新|经开|农高|自创)区)")
_INSIDE_QUOTES = compiled(r"[“\"](?P<what>[^“”\"]{2,})[”\"]")
#: how long what follows the quotation may be
_AFTER_QUOTES = 6
#: what behind a company's name makes no other company of it
_GROUP = compiled(r"集团|公司|^控股$")
#: what a network has: "6号线一期", "光明城站"
_LINE_OR_STATION = compiled(r"[\d一二三四五六七八九十A-Z]{1,3}号线.{0,6}|[一-鿿]{2,6}站")
#: drafts of which several may have the fuller name, with what each is called for short
Fuller = dict[int, tuple[Draft, list[Draft]]]


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[tuple[str, str], ...]]:
    """The rows of each kind, longest words first."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, word, short in table("same_things.tsv", "kind", "word", "short"):
        found[kind].append((word, short))
    return {kind: tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0]))) for kind, rows in found.items()}


@lru_cache(maxsize=16)
def _of_kind(kind: str) -> tuple[str, ...]:
    return tuple(word for word, _ in _words()[kind])


@lru_cache(maxsize=1)
def _long() -> re.Pattern[str]:
    """Any of the words that are said for short."""
    return compiled("|".join(_of_kind("contraction")))


@lru_cache(maxsize=1)
def _draft() -> re.Pattern[str]:
    """What says in brackets behind a title how far the document has come."""
    return compiled(f"[(（](?:{'|'.join(_of_kind('draft'))})[)）]")


@lru_cache(maxsize=4096)
def contracted(name: str) -> str:
    """A name with long words said for short, without quotation marks.

    >>> contracted("宿迁综合保税区"), contracted("国家卫生城市")
    ('宿迁综保区', '国家卫生城')
    """
    bare = unquoted(name)
    if _long().search(bare) is not None:
        for word, short in _words()["contraction"]:
            bare = bare.replace(word, short)
    return _STATE_INSIDE.sub("", bare)


def plain(name: str, *, levelled: bool = True) -> tuple[str, str]:
    """A contracted name without what tells which of several it is, and what that was.

    ``levelled``: who stands behind it tells that, too, as of an honour.

    >>> plain("第十七届省运动会"), plain("国家卫生城市"), plain("亚运会")
    (('省运会', '第十七届'), ('卫生城', '国家'), ('亚运会', ''))
    >>> plain("国家大剧院", levelled=False)
    ('国家大剧院', '')
    """
    short, turn = without_turn(contracted(name))
    for level in _of_kind("level") if levelled else ():
        if short.startswith(level) and len(short) - len(level) >= 3:
            return short[len(level) :], turn + level
    return short, turn


def _alike(a: Draft, b: Draft) -> bool:
    """Whether two drafts may be one thing by what they are."""
    return bool(a.classes & b.classes) and not (a.own_area or b.own_area)


def _join(r: Resolver, drafts: Iterable[Draft]) -> None:
    """Make one of them, the one that rules have found and whose name is the fullest."""
    known = list({id(draft.standing): draft.standing for draft in drafts}.values())
    named = [draft for draft in known if draft.names]
    best = min(named, key=lambda d: (d.guessed, -len(unquoted(d.name)), d.first, d.name))
    for draft in known:
        if draft is not best:
            if draft.has(C.PROJECT):
                best.classes.add(C.PROJECT)
            r.merge(best, draft)


def _join_only(r: Resolver, fuller: Fuller) -> None:
    """Join what is called for short to what that may mean, where this is one thing."""
    for short, drafts in fuller.values():
        full = {id(draft.standing): draft.standing for draft in drafts}
        if len(full) == 1 and short.into is None:
            _join(r, [short, *full.values()])


def _shorter(r: Resolver) -> None:
    """ "亚运会" is the "2022年亚运会", "综保区" the "综合保税区", "卫生城" the "国家卫生城市"."""
    groups: dict[str, list[tuple[Draft, str]]] = defaultdict(list)
    for draft in r.unique():
        if draft.own_area or draft.classes <= {C.PERSON, C.ORGANIZATION, C.ADMINISTRATIVE_AREA}:
            name, which = contracted(draft.name), ""
        else:
            levelled = draft.has(C.HONOUR, C.ZONE) and not draft.has(C.FACILITY, C.EVENT)
            name, which = plain(draft.name, levelled=levelled)
        groups[name].append((draft, which))
    for group in groups.values():
        if len(group) < 2:
            continue
        one = len({which for _, which in group if which}) <= 1 and all(_alike(group[0][0], each) for each, _ in group)
        for which in [""] if one else sorted({which for _, which in group}):
            same = [draft for draft, each in group if one or each == which]
            if len(same) > 1 and all(_alike(same[0], draft) for draft in same):
                _join(r, same)


def _in_own_area(r: Resolver) -> None:
    """ "高新区" is the "南宁高新区" in a report of 南宁, "自贸试验区" the "中国上海自由贸易试验区" in one of 上海."""
    parts = r.report.area_parts
    if not parts:
        return
    own = stem_of(parts[-1])
    fronts = (own, f"中国{own}", f"中国({own})", f"中国（{own}）")
    by_name: dict[str, list[Draft]] = defaultdict(list)
    fuller: dict[str, list[Draft]] = defaultdict(list)
    for draft in r.unique():
        if draft.own_area or not draft.has(C.ZONE, C.PARK, C.POLICY):
            continue
        name = contracted(draft.name)
        by_name[name].append(draft)
        for front in fronts:
            if name.startswith(front) and len(name) - len(front) >= 3:
                fuller[name.removeprefix(front)].append(draft)
    for name, full in fuller.items():
        short = by_name.get(name, [])
        if short and all(_alike(full[0], draft) for draft in (*full, *short)):
            _join(r, [*full, *short])


def _lines(r: Resolver) -> None:
    """ "6号线" is "地铁6号线", "光明城站" is "高铁光明城站", if only one is called so."""
    fuller: Fuller = {}
    for draft in r.unique():
        if draft.own_area or not draft.has(C.FACILITY, C.PROJECT):
            continue
        front = next((front for front in _of_kind("line-front") if draft.name.startswith(front)), "")
        rest = draft.name.removeprefix(front)
        if not front or _LINE_OR_STATION.fullmatch(rest) is None:
            continue
        short = r.find(rest)
        if short is not None and short is not draft and _alike(short, draft):
            fuller.setdefault(id(short), (short, []))[1].append(draft)
    _join_only(r, fuller)


def _zones(r: Resolver) -> None:
    """ "盘北" is the "盘北经济开发区", if that is the only zone of the name."""
    ends = _of_kind("zone")
    fuller: Fuller = {}
    for draft in r.unique():
        if draft.own_area or not draft.has(C.ZONE, C.PARK):
            continue
        name = contracted(draft.name)
        place = next((name.removesuffix(end) for end in ends if name.endswith(end)), "")
        short = r.find(place) if len(place) >= 2 and not place.endswith(ends) else None  # a park in a zone is another
        if (
            short is not None
            and short is not draft
            and not short.own_area
            and short.has(C.ZONE, C.PARK)
            and not short.has(C.ADMINISTRATIVE_AREA, C.FACILITY)  # 东湖 is a lake
        ):
            fuller.setdefault(id(short), (short, []))[1].append(draft)
    _join_only(r, fuller)


def _plan_years(r: Resolver) -> None:
    """ "“十三五”时期" names the "“十三五”规划"."""
    for draft in r.unique():
        m = _PLAN_YEARS.fullmatch(draft.name)
        if m is not None and (plan := r.find(m["plan"])) is not None and plan is not draft:
            draft.give_up_names()  # what it is called is the plan
            _join(r, [plan, draft])


def _bare(r: Resolver) -> None:
    """ "中央八项规定精神" is the "中央八项规定", "党中央国务院" the "国务院": what is more is no part of it."""
    for draft in r.unique():
        name = draft.name
        bare = next((name.removesuffix(end) for end in _of_kind("behind") if name.endswith(end)), "")
        bare = bare or next((name.removeprefix(front) for front in _of_kind("front") if name.startswith(front)), "")
        known = r.find(bare) if len(bare) >= 2 else None
        if known is not None and known is not draft and _alike(known, draft):
            draft.give_up_names()
            _join(r, [draft, known])


def _policies(r: Resolver) -> None:
    """ "全域城市化" is the "全域城市化战略", "两河十四沟" the "“两河十四沟”治理工程"."""
    kinds = _of_kind("quoted")
    fuller: Fuller = {}
    for draft in r.unique():
        if not draft.has(C.POLICY, C.PROJECT):
            continue
        name = draft.name
        for end in _of_kind("policy"):
            bare = r.find(name.removesuffix(end)) if name.endswith(end) else None
            if bare is not None and bare is not draft and bare.has(C.POLICY) and draft.has(C.POLICY):
                fuller.setdefault(id(bare), (bare, []))[1].append(draft)
                break
        m = _INSIDE_QUOTES.search(name)
        if m is None or not name.endswith(kinds) or len(name) - m.end() > _AFTER_QUOTES:
            continue
        front = name[: m.start()]
        what = r.find(m["what"]) if not front or front in _of_kind("level") else None
        if what is not None and what is not draft and what.has(C.POLICY, C.PROJECT) and _alike(what, draft):
            fuller.setdefault(id(what), (what, []))[1].append(draft)
    _join_only(r, fuller)


def _companies(r: Resolver) -> None:
    """ "鞍钢" is "鞍钢集团", if only one group or company is called so."""
    ends = _of_kind("company")
    fuller: Fuller = {}
    for draft in r.unique():
        if not draft.has(C.ENTERPRISE):
            continue
        name = draft.name
        while name.endswith(ends):
            name = next(name.removesuffix(end) for end in ends if name.endswith(end))
            short = r.find(name) if len(name) >= 2 and _GROUP.search(draft.name[len(name) :]) else None
            if short is not None and short is not draft and short.has(C.ENTERPRISE) and not short.own_area:
                fuller.setdefault(id(short), (short, []))[1].append(draft)
    # the longest first: 鲁宁集团有限公司 and 鲁宁集团 are one before 鲁宁 is asked about
    _join_only(r, dict(sorted(fuller.items(), key=lambda item: (-len(item[1][0].name), item[1][0].first))))


def _documents(r: Resolver) -> None:
    """ "《纲要》" is the one "《…纲要》" that the report has named before, but not another's."""
    titles = [draft for draft in r.unique() if draft.has(C.POLICY)]
    text = r.report.text
    for word in _of_kind("book"):
        short = next((d for d in titles if any(_draft().sub("", name) == word for name in d.names)), None)
        if short is None or text[: min(span.begin for span in short.spans)].endswith(_of_kind("author")):
            continue
        before = [draft for draft in titles if draft is not short and draft.first < short.first]
        full = [d for d in before if any(_draft().sub("", name).endswith(word[1:]) for name in d.names)]
        drafts = [d for d in full if any(_draft().search(name) for name in d.names)]  # what the session is to adopt
        if len(full) > 1 and len(drafts) == 1:
            full = drafts
        if len(full) == 1:
            _join(r, [full[0], short])


#: in this order
STEPS: Final[tuple[Callable[[Resolver], None], ...]] = (
    _shorter,
    _in_own_area,
    _lines,
    _zones,
    _plan_years,
    _bare,
    _policies,
    _companies,
    _documents,
)
