"""From candidates to entities: which names stand for one thing, and where else it is named."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

from kg.extract import coreference, lexicon
from kg.extract.drafts import Draft, Resolver, bounds
from kg.extract.lexicon import Tokens
from kg.extract.listed import listed
from kg.extract.names.candidates import Scene
from kg.extract.rules import kept
from kg.extract.words import stem_of
from kg.model import Entity, Report, Span, Status
from kg.model import EntityClass as C
from kg.patterns import compiled

_PHASE = compiled(
    r"^(?P<base>.{2,}?)(?P<open>[(（]?)(?P<phase>[一二三四五六七八九十首]期|第[一二三四五六七八九十]期)(?P<rest>.*)$"
)
#: a stretch of a line: "中金快速通道|中江段", "哈大客运专线|(大连段)"
_SECTION = listed(
    r"^(?P<base>[^()（）]{2,}?{line-noun}|(?:{numbered-road}|[GSXY])\d{1,4}线?|.{0,2}\d{1,4}{numbered-road}线?)"
    r"[(（]?(?P<part>[^()（）线路期]{1,6}?段|[A-Z]?\d?航站楼|[^()（）路期]{0,4}?{line-part})[)）]?(?:主体)?{stretch-tail}?$"
)
#: what people move to whose houses a renewal takes
REHOUSING = listed(r"^(?P<base>.{2,}?改造)(?P<part>.*{rehousing})$")
_PHASE_TAIL = listed("^{phase-tail}?$")
#: all that a phase of a power station has: "二期|4.8万千瓦机组"
_UNITS_OF = compiled(r"[\d.×]+[万亿]?(?:千瓦|兆瓦)[一-鿿]{0,4}机组")
#: what is part of a phase, and not the phase
_OF_PHASE = listed(r"{phase-noun}$")
#: so long is the name of a town at the most that is also called without its head
_TOWN_LENGTH = 5
_PREFIX_LEVELS = "省市区县旗州盟"


def resolve(
    report: Report, norm: str, scenes: Sequence[Scene], tokens: Tokens, *, without: Collection[str] = ()
) -> Resolver:
    """Drafts of all entities of the report, with every place where they are named."""
    r = Resolver(report, norm)
    for scene in scenes:
        for candidate in scene.candidates:
            r.add(candidate)
    for scene in scenes:
        for candidate in scene.candidates:
            for whole in candidate.wholes:
                draft, above = r.of[id(candidate)], r.find(whole)
                if above is not None and above is not draft and not (above.has(C.POLICY) or draft.has(C.HONOUR)):
                    draft.wholes.append((above, candidate.span))
    if report.speaker and (span := report.header.get("speaker")) is not None:
        # whatever the words of the name looked like
        r.create(report.speaker, {C.PERSON}, span, "speaker").classes = {C.PERSON}
    _events(r)
    _aims(r)
    for step in kept("things", STEPS, without):
        step(r)
    _everywhere(r, tokens)
    return r


#: the rules of what a list says to be firms: 引进万达嘉年华等企业
_FIRMS = listed(r"(?:^|\+)list:{firm-noun}(?=\+|$)")


def _events(r: Resolver) -> None:
    """What its own head makes an event is no brand, though a list or a noun behind it says so: 丝路国际电影节等品牌."""
    for draft in r.unique():
        if not draft.has(C.ENTERPRISE) or any(map(_FIRMS.search, draft.rules)):
            continue
        name = draft.name.rstrip("”")
        head = r.words.heads.closing(name)
        if head is None or C.EVENT not in head.classes or (len(head.word) == 1 and head.word != "节"):
            continue  # 索通发展
        if len(head.word) > 1 or lexicon.tokenize(name).pairs[-1][0] == head.word:  # not 花海毕节, 人工关节
            draft.classes -= {C.ENTERPRISE}
            draft.classes |= {C.EVENT}


#: what a place is to become: "平安舟山", "美丽罗湖"
_AIM = listed('[“"]?{aim-word}(?P<place>[一-鿿]{2,4})[”"]?')


def _aims(r: Resolver) -> None:
    """What a place is to become is a policy, whatever sign its name ends with: "平安|舟山" is no mountain."""
    own = {stem_of(part) for part in r.report.area_parts}
    for draft in r.unique():
        m = _AIM.fullmatch(draft.name)
        if m is None or draft.own_area or not draft.has(C.FACILITY, C.PROJECT, C.ZONE, C.ADMINISTRATIVE_AREA):
            continue
        place = m["place"]
        if place in r.words.stems or place in r.words.divisions or place in own:
            draft.classes = draft.classes & {C.PROJECT} | {C.POLICY}


def _phases(r: Resolver) -> None:
    """ "海珠湖二期" is part of "海珠湖"; "X一期回迁房" of "X一期"."""
    phases = Counter(m["base"] + m["phase"] for draft in r.unique() if (m := _PHASE.match(draft.name)) is not None)
    for draft in r.unique():
        if draft.own_area or not draft.has(C.PROJECT, C.FACILITY, C.PARK, C.ZONE, C.ORGANIZATION):
            continue
        span = min(draft.spans, key=bounds)
        name = draft.name
        m = _PHASE.match(name)
        if m is None or not span.quote(r.report.text).startswith(m["base"]):
            continue
        draft.classes.add(C.PROJECT)
        base_span = Span(span.begin, span.begin + len(m["base"]))
        classes = draft.classes - {C.PROJECT} or {C.PROJECT}
        rest = m["rest"].removeprefix("）").removeprefix(")") if m["open"] else m["rest"]
        child = draft
        tail = _PHASE_TAIL.match(rest) is not None or _UNITS_OF.fullmatch(rest) is not None
        if rest and tail:
            draft.aliases.add(m["base"] + m["phase"])
        only = phases[m["base"] + m["phase"]] == 1
        if rest and only and not tail and not _OF_PHASE.search(rest):
            # 瓯飞一期围垦 is what 瓯飞一期 means, if nothing else is of that phase
            draft.aliases.add(m["base"] + m["phase"])
            whole = r.find(m["base"])
            if whole is not None and whole is not draft and whole.has(C.PROJECT, C.FACILITY, C.PARK, C.ZONE):
                draft.wholes.append((whole, span))
            continue
        if rest and not tail:
            phase_end = span.begin + m.end("phase")
            child = r.create(m["base"] + m["phase"], {C.PROJECT}, Span(span.begin, phase_end), "phase")
            draft.wholes.append((child, span))
        base = r.find(m["base"])
        if _is_firm(r, m["base"], base):  # "威名石化|二期" is no part of the company
            if base is None:
                r.create(m["base"], {C.ENTERPRISE}, base_span, "phase-base")
            continue
        if base is None:
            head = m["base"]
            if head in r.words.general:  # 机场二期: of which one the text does not say
                continue
            known = r.words.heads.closing(head)
            classes = set(known.classes) if known is not None else set(classes) | {C.PROJECT}
            base = r.create(m["base"], classes, base_span, "phase-base")
        if base is not child:
            child.wholes.append((base, span))


#: what makes a company's name of an industry behind it
_BRAND = compiled(r"[一-鿿]{2,4}")


def _is_firm(r: Resolver, name: str, draft: Draft | None) -> bool:
    """Whether a name is that of a company, and of nothing that it has."""
    if draft is not None and draft.has(C.ENTERPRISE):
        return not draft.has(C.FACILITY, C.PARK, C.PROJECT)
    ends = (name[:-n] for n in (2, 3) if r.words.cue(name[-n:], "industry"))
    return any(_BRAND.fullmatch(brand) and brand not in r.words.general for brand in ends)


def _sections(r: Resolver) -> None:
    """ "中金快速通道中江段" is part of "中金快速通道"."""
    for draft in r.unique():
        if draft.own_area or not draft.has(C.PROJECT, C.FACILITY, C.ZONE):
            continue
        m = _SECTION.match(draft.name)
        span = min(draft.spans, key=bounds)
        if m is None or not span.quote(r.report.text).startswith(m["base"]):
            continue
        base = r.create(m["base"], {C.FACILITY}, Span(span.begin, span.begin + len(m["base"])), "section")
        draft.classes -= {C.ZONE}
        draft.classes |= {C.FACILITY, C.PROJECT}
        if base is not draft:
            draft.wholes.append((base, span))


def _rehousing(r: Resolver) -> None:
    """ "琶洲村改造复建安置房" is part of "琶洲村改造"."""
    for draft in r.unique():
        m = REHOUSING.match(draft.name)
        if m is None or _PHASE.match(draft.name):
            continue
        span = min(draft.spans, key=bounds)
        if not span.quote(r.report.text).startswith(m["base"]):
            continue
        base = r.create(m["base"], {C.PROJECT}, Span(span.begin, span.begin + len(m["base"])), "phase-base")
        base.statuses += draft.statuses
        draft.wholes.append((base, span))


def _is_division(r: Resolver, draft: Draft) -> bool:
    """Whether a name is of a county, a town or a city: 罗定市 is no 罗定片区."""
    return any(name[-1] in "省市县区旗镇乡" and len(name) > 2 for name in draft.names) or (
        draft.has(C.ADMINISTRATIVE_AREA) and any(name in r.words.divisions for name in draft.names)
    )


def _short_zones(r: Resolver) -> None:
    """ "琶洲" beside "琶洲地区" is the same stretch of the city."""
    for draft in r.unique():
        if not draft.has(C.ZONE):
            continue
        for suffix in ("地区", "片区"):
            name = draft.name
            if name.endswith(suffix) and len(name) - len(suffix) >= 2:
                short = r.drafts.get(r.key(name[: -len(suffix)]))
                if (
                    short is not None
                    and short is not draft
                    and not short.own_area
                    and short.has(C.ZONE, C.ADMINISTRATIVE_AREA)
                    and not _is_division(r, short)
                ):
                    r.merge(draft, short)


def _short_towns(r: Resolver) -> None:
    """ "南寨" beside "南寨镇" is the same town, where it is no county."""
    head = r.words.ending("town-level")
    bearers: dict[str, list[Draft]] = defaultdict(list)
    for draft in r.unique():
        if draft.has(C.ADMINISTRATIVE_AREA) and not draft.own_area:
            for name in draft.names:
                if head.search(name) and len(name) <= _TOWN_LENGTH:
                    bearers[head.sub("", name)].append(draft)
    for stem, drafts in bearers.items():
        short = r.drafts.get(r.key(stem))
        if (
            len(drafts) == 1  # 石溪村, 石溪镇: it may be either
            and short is not None
            and short is not drafts[0]
            and not short.own_area
            and short.has(C.ADMINISTRATIVE_AREA)
            and {*short.names} == {stem}  # 云秋乡石溪 is a village
            and stem not in r.words.divisions
        ):
            r.merge(drafts[0], short)


def _list_members(r: Resolver) -> None:
    """ "黄埔古港古村" in a list of 文化景区 is the 黄埔古港古村历史文化景区 named elsewhere."""
    by_start: dict[str, list[Draft]] = defaultdict(list)
    for draft in r.unique():
        by_start[draft.name[:2]].append(draft)
    for draft in r.unique():
        if draft.own_area or "list:" not in "+".join(draft.rules):
            continue
        hypers = tuple(part[5:] for rule in draft.rules for part in rule.split("+") if part.startswith("list:"))
        name = draft.name
        fuller = [
            d
            for d in by_start[name[:2]]
            if len(d.name) > len(name)
            and d.name.startswith(name)
            and d.name.endswith(hypers)
            and d.classes & draft.classes
        ]
        if len(fuller) == 1:
            r.merge(fuller[0], draft)


def _own_prefixes(r: Resolver) -> None:
    """ "区图书馆" of 海珠区 is also 海珠区图书馆; "市…奖" is 广州市…奖 in a report of its district."""
    parts = {p[-1]: p for p in r.report.area_parts}
    for draft in r.unique():
        for name in list(draft.names):
            if (
                name[0] in _PREFIX_LEVELS
                and name[0] in parts
                and len(name) > 3
                and not r.words.cue(name[:2], "level-word")  # "市民|健身广场", "市场|采购"
            ):
                draft.aliases.add(parts[name[0]] + name[1:])


def _parts_told(r: Resolver) -> None:
    """ "石鸡坝水库大坝" tells of the 石鸡坝水库, how far it has come."""
    part = r.words.ending("told-part")
    for draft in r.unique():
        if draft.has(C.FACILITY, C.PROJECT) and not draft.own_area:
            for name in list(draft.names):
                whole = part.sub("", name)
                closing = r.words.heads.closing(whole) if whole != name else None
                # "病险水库大坝" and "站房" alone tell of none
                if closing is not None and _tells(r, whole[: -len(closing.word)]) and r.find(whole) is None:
                    draft.aliases.add(whole)
                    r.offer(r.key(whole), draft)


def _tells(r: Resolver, words: str) -> bool:
    """Whether what stands before a head tells one thing from all others of its kind."""
    return len(words) > 1 and words not in r.words.general


_NUMERALS = frozenset("一二三四五六七八九十")


def _as_written(r: Resolver) -> None:
    """ "七密路" of "万建路、七密路改造" is a name of the 七密路改造, if the report calls nothing else so."""
    w = r.words
    written: dict[str, list[Draft]] = defaultdict(list)
    for draft in r.unique():
        if not draft.own_area:
            for name in {span.quote(r.report.text) for span in draft.spans} - {*draft.names, *draft.aliases}:
                written[name].append(draft)
    for name, drafts in written.items():
        # "沂、泗河", "106、107国道", "省委、市委全会"
        cut = name[-1].isdecimal() or name[-1] in _NUMERALS  # "地铁14"
        bare = len(name) < 2 or cut or name in w.general or name in w.stems or name in w.divisions
        longer = any(len(name) > len(known) for known in drafts[0].names)  # "沈连欧|两条|中欧班列"
        if len(drafts) == 1 and not bare and not longer and r.find(name) is None:
            drafts[0].aliases.add(name)
            r.offer(r.key(name), drafts[0])


#: what joins and parts things once all candidates are known, in this order
STEPS: Final[tuple[Callable[[Resolver], None], ...]] = (
    _phases,
    _sections,
    _rehousing,
    _short_zones,
    _short_towns,
    _list_members,
    _own_prefixes,
    *coreference.STEPS,
    _parts_told,
    _as_written,
)


def _everywhere(r: Resolver, tokens: Tokens) -> None:
    """Add the other places where a thing is named; the longest name wins where two begin at one place."""
    by_name: dict[str, Draft] = {}
    text = r.report.text
    for draft in r.unique():
        for name in [*draft.names, *draft.aliases]:
            if len(name) >= 2:
                by_name.setdefault(name, draft)
    body = r.report.body
    sentences = [(s.span.begin, s.span.end) for s in r.report.sentences]
    for name, spans in occurrences(text, by_name).items():
        kept = by_name[name].spans
        for span in spans:
            if body.begin <= span.begin and span.end <= body.end and not _is_torn(r, tokens, span):
                i = bisect_right(sentences, (span.begin, len(text))) - 1
                if i >= 0 and span.begin < sentences[i][1]:
                    kept.add(span)
    r.moved()


def _is_torn(r: Resolver, tokens: Tokens, span: Span) -> bool:
    """Whether an occurrence is none, as it begins or ends within a word of many reports: "中心城" in "中心|城区"."""
    for at in (span.begin, span.end):
        k = bisect_right(tokens.begins, at) - 1
        if k >= 0 and tokens.begins[k] < at < tokens.ends[k] and tokens.pairs[k][0] in r.words.general:
            return True
    return False


def occurrences(text: str, names: Iterable[str]) -> dict[str, list[Span]]:
    """Every place where one of the names stands, the longest name winning where two begin at one place.

    Linear in the text: names are looked up by their first two characters.

    >>> occurrences("琶洲地区和琶洲", ["琶洲", "琶洲地区"])["琶洲"]
    [Span(begin=5, end=7)]
    """
    by_start: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        if len(name) >= 2:
            by_start[name[:2]].append(name)
    for candidates in by_start.values():
        candidates.sort(key=lambda n: (-len(n), n))
    found: dict[str, list[Span]] = defaultdict(list)
    end = 0
    firsts = {start[0] for start in by_start}
    for i in [i for i, char in enumerate(text) if char in firsts and text[i : i + 2] in by_start]:
        if i < end:
            continue
        for name in by_start[text[i : i + 2]]:
            if text.startswith(name, i):
                end = i + len(name)
                found[name].append(Span(i, end))
                break
    return found


@lru_cache(maxsize=1024)
def _in_order(classes: frozenset[C]) -> tuple[C, ...]:
    return tuple(sorted(classes, key=lambda c: c.value))


def entity(draft: Draft) -> Entity:
    """The finished entity."""
    name = draft.name
    aliases = {a for a in (set(draft.names) | draft.aliases) if a != name and a.strip()}
    said = {status for _, status in draft.statuses} if draft.has(C.PROJECT) else set()
    # what once was completed stays so, whatever the plan wants to make of it, and what is being built is no longer
    # only planned when it is to be finished
    status = next((s for s in (Status.COMPLETED, Status.UNDERWAY, Status.PLANNED) if s in said), None)
    return Entity(
        name=name,
        classes=_in_order(frozenset(draft.classes)),
        aliases=tuple(sorted(aliases)),
        mentions=tuple(sorted(draft.spans, key=bounds)),
        status=status,
        qualified=draft.qualified,
        own_area=draft.own_area,
    )
