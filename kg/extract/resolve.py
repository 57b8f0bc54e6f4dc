"""From candidates to entities: which names stand for one thing, and where else it is named."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Final

from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.learned import LEARNED
from kg.extract.rules import kept
from kg.extract.words import stem_of, words
from kg.model import Entity, Report, Span, Status
from kg.model import EntityClass as C
from kg.patterns import compiled

#: "海珠湖二期工程" and "海珠湖二期" are one thing
_SUFFIXES = compiled(r"(?<=.{3})(?:建设工程|建设项目|工程建设|项目建设|工程|项目|建设|工作|称号|活动)$")
_PHASE = compiled(
    r"^(?P<base>.{2,}?)(?P<open>[(（]?)(?P<phase>[一二三四五六七八九十首]期|第[一二三四五六七八九十]期)(?P<rest>.*)$"
)
#: a stretch of a line: "中金快速通道|中江段", "哈大客运专线|(大连段)"
_SECTION = compiled(
    r"^(?P<base>.{2,}?(?:高速|高速公路|快速路|快速通道|公路|通道|大道|铁路|高铁|城际|客专|专线|环线|干线|号线|轨道|工程|机场))"
    r"[(（]?(?P<part>[^()（）线路期]{1,6}?段|[A-Z]?\d?航站楼)[)）]?(?:主体)?(?:工程|项目|建设)?$"
)
_VILLAGE_RENEWAL = compiled(r"(?:城中村|村|旧村)改造$")
#: what people move to whose houses a renewal takes
REHOUSING = compiled(r"^(?P<base>.{2,}?改造)(?P<part>.*(?:安置房|回迁房|复建房|安置小区|复建安置房))$")
_PHASE_TAIL = compiled(r"^(工程|项目|建设|改造|扩建|扩建工程|主体|主体工程)?$")
_QUOTES = compiled(r"[“”\"'‘’《》「」\s]")
_QUOTED = compiled(r"[“\"‘]([^“”\"‘’]+)[”\"’]")
_PREFIX_LEVELS = "省市区县旗州盟"
#: the rule of what only learnt weights speak for
_GUESS = {LEARNED}
#: what spans are sorted by
_bounds = attrgetter("begin", "end")


@dataclass(slots=True)
class Draft:
    """An entity in the making."""

    names: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    spans: set[Span] = field(default_factory=set)
    classes: set[C] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    statuses: list[tuple[Span, Status]] = field(default_factory=list)
    qualified: str | None = None
    own_area: bool = False
    forced: str | None = None
    #: (whole, where it is said) for drafts that are built to be part of another
    wholes: list[tuple[Draft, Span]] = field(default_factory=list)
    #: the keys under which it was put, and the candidates that name it, so that it can be merged into another
    keys: list[str] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    _first: tuple[int, int] = (0, 0)
    _counted: int = 0
    _name: str = ""
    _named: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        """The fullest of its names; of equally full ones the more frequent, then the first in code-point order.

        A name that stands in quotation marks as a whole is given without them.
        """
        if self.forced:
            return self.forced
        if self._named != (known := (len(self.names), self.names.total())):
            best = min(self.names, key=lambda n: (-len(_QUOTES.sub("", n)), -self.names[n], n))
            quoted = _QUOTED.fullmatch(best)
            self._name = quoted[1] if quoted else best
            self._named = known
        return self._name

    @property
    def first(self) -> tuple[int, int]:
        """Where it is named first; its places only ever become more."""
        if self._counted != len(self.spans):
            self._first = min(_bounds(span) for span in self.spans)
            self._counted = len(self.spans)
        return self._first

    @property
    def guessed(self) -> bool:
        """Whether no rule has found it, and only learnt weights speak for it."""
        return self.rules == _GUESS

    def has(self, *classes: C) -> bool:
        """Whether it bears one of the classes."""
        return not self.classes.isdisjoint(classes)


class Resolver:
    """Joins the candidates of one report into drafts of entities."""

    def __init__(self, report: Report, norm: str) -> None:
        self.report = report
        self.norm = norm
        self.words = words()
        self.drafts: dict[str, Draft] = {}
        self.of: dict[int, Draft] = {}  # id of a candidate -> its draft
        self.own: Draft | None = None
        self._keys: dict[str, str] = {}
        self.prefixes = self._prefixes()
        self.own_stems = {stem_of(part) for part in report.area_parts}
        self._areas()

    def _prefixes(self) -> tuple[str, ...]:
        """What the text may put before a name without making it another one: the names of the report's own area."""
        result: set[str] = {"我区", "我市", "我县", "我省"}
        parts = self.report.area_parts
        if parts:
            result |= {"".join(parts), parts[-1], parts[-1][-1]}
        return tuple(sorted(result, key=lambda p: (-len(p), p)))

    def _areas(self) -> None:
        """The report's own area and the areas that it lies in, as far as its header says them."""
        report = self.report
        inner: Draft | None = None
        parts = report.area_parts
        anchor = report.header.get("area")
        for depth in range(len(parts), 0, -1):
            part = parts[depth - 1]
            draft = Draft(forced=part, qualified="".join(parts[:depth]), own_area=depth == len(parts))
            draft.classes.add(C.ADMINISTRATIVE_AREA)
            draft.names[part] += 1
            draft.aliases |= {stem_of(part), draft.qualified or part} - {part}
            at = report.text.find(part)
            while (
                at >= 0
                and not (report.body.begin <= at < report.body.end)
                and (anchor is None or at not in range(anchor.begin, anchor.end))
            ):
                at = report.text.find(part, at + 1)
            if at < 0:
                at = report.text.find(part)
            if at < 0:
                at, part = report.text.find(stem_of(part)), stem_of(part)
            if at < 0 and draft.own_area:  # given, and not said: "我区", "全市" speak of it all the same
                found = re.search(rf"[我全本]{draft.forced[-1]}" if draft.forced else "$^", report.text)
                at, part = (found.start(), found.group()) if found else (-1, part)
            if at < 0:
                continue
            draft.spans.add(Span(at, at + len(part)))
            self._put(self.key(draft.forced or part), draft)
            self._offer(self.key(stem_of(draft.forced or part)), draft)
            if draft.qualified:
                self._offer(self.key(draft.qualified), draft)
            if inner is None:
                self.own = draft
            else:
                inner.wholes.append((draft, Span(at, at + len(part))))
            inner = draft

    def key(self, name: str) -> str:
        """What two names of one thing have in common."""
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = self._key(name)
        return known

    def _key(self, name: str) -> str:
        bare = _QUOTES.sub("", name).replace("（", "(").replace("）", ")")
        if (within := self.words.divisions.get(bare)) is not None:
            stem = stem_of(bare)
            # a city and the district in it that is called the same (广安市, 广安区), or another one than the report's
            several = any(stem_of(w) == stem for w in within) or (
                stem in self.own_stems and bare not in self.report.area_parts
            )
            return bare if bare != stem and several else stem
        for prefix in self.prefixes:
            if bare.startswith(prefix) and len(bare) - len(prefix) >= 4:
                bare = bare[len(prefix) :]
                break
        return _VILLAGE_RENEWAL.sub("村改造", _SUFFIXES.sub("", bare)).replace("高速公路", "高速")

    def _put(self, key: str, draft: Draft) -> None:
        self.drafts[key] = draft
        draft.keys.append(key)

    def _offer(self, key: str, draft: Draft) -> None:
        if key not in self.drafts:
            self._put(key, draft)

    def add(self, candidate: Candidate) -> Draft:
        """Join a candidate to the thing it names."""
        key = self.key(candidate.name)
        draft = self.drafts.get(key)
        if draft is None:
            for alias in sorted(candidate.aliases):
                draft = self.drafts.get(self.key(alias))
                if draft is not None and (draft.classes & candidate.classes):
                    break
            else:
                draft = Draft()
        self._put(key, draft)
        for alias in sorted(candidate.aliases):
            self._offer(self.key(alias), draft)
        draft.names[candidate.name] += 1
        draft.aliases |= {a for a in candidate.aliases if len(a) > 1}
        draft.spans.add(candidate.span)
        if not draft.forced:
            draft.classes |= candidate.classes
        draft.rules.add(candidate.rule)
        self.of[id(candidate)] = draft
        draft.candidates.append(id(candidate))
        return draft

    def find(self, name: str) -> Draft | None:
        """The draft of that name, if there is one."""
        return self.drafts.get(self.key(name))

    def create(self, name: str, classes: Iterable[C], span: Span, rule: str) -> Draft:
        """The draft of that name, made if there is none."""
        draft = self.find(name)
        if draft is None:
            draft = Draft()
            self._put(self.key(name), draft)
            draft.classes |= set(classes)
        draft.names[name] += 1
        draft.spans.add(span)
        draft.rules.add(rule)
        return draft

    def unique(self) -> list[Draft]:
        """All drafts once, in text order."""
        known = {id(draft): draft for draft in self.drafts.values()}.values()
        placed = sorted([(draft.first, n) for n, draft in enumerate(known)])
        drafts = list(known)
        result: list[Draft] = []
        here: list[Draft] = []  # those that are named first at the same place
        last: tuple[int, int] | None = None
        for place, n in placed:
            if place != last and here:
                # what a thing is called costs more to find out than where it stands
                result += sorted(here, key=lambda d: d.name) if len(here) > 1 else here
                here = []
            here.append(drafts[n])
            last = place
        return result + (sorted(here, key=lambda d: d.name) if len(here) > 1 else here)

    def merge(self, kept: Draft, gone: Draft) -> None:
        """Let one draft take over all that another has."""
        if kept is gone:
            return
        kept.names.update(gone.names)
        kept.aliases |= gone.aliases
        kept.spans |= gone.spans
        kept.rules |= gone.rules
        kept.statuses += gone.statuses
        for key in gone.keys:
            if self.drafts[key] is gone:
                self._put(key, kept)
        for candidate in gone.candidates:
            self.of[candidate] = kept
        kept.candidates += gone.candidates


def resolve(report: Report, norm: str, scenes: Sequence[Scene], *, without: Collection[str] = ()) -> Resolver:
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
    for step in kept("things", STEPS, without):
        step(r)
    _everywhere(r)
    return r


def _phases(r: Resolver) -> None:
    """ "海珠湖二期" is part of "海珠湖"; "X一期回迁房" of "X一期"."""
    for draft in r.unique():
        if draft.own_area or not draft.has(C.PROJECT, C.FACILITY, C.PARK, C.ZONE, C.ORGANIZATION):
            continue
        span = min(draft.spans, key=_bounds)
        name = draft.name
        m = _PHASE.match(name)
        if m is None or not span.quote(r.report.text).startswith(m["base"]):
            continue
        draft.classes.add(C.PROJECT)
        base_span = Span(span.begin, span.begin + len(m["base"]))
        classes = draft.classes - {C.PROJECT} or {C.PROJECT}
        rest = m["rest"].removeprefix("）").removeprefix(")") if m["open"] else m["rest"]
        child = draft
        if rest and _PHASE_TAIL.match(rest):
            draft.aliases.add(m["base"] + m["phase"])
        if rest and not _PHASE_TAIL.match(rest):
            phase_end = span.begin + m.end("phase")
            child = r.create(m["base"] + m["phase"], {C.PROJECT}, Span(span.begin, phase_end), "phase")
            draft.wholes.append((child, span))
        base = r.find(m["base"])
        if base is None:
            head = m["base"]
            if head in r.words.general:  # 机场二期: of which one the text does not say
                continue
            known = r.words.heads.closing(head)
            classes = set(known.classes) if known is not None else set(classes) | {C.PROJECT}
            base = r.create(m["base"], classes, base_span, "phase-base")
        if base is not child:
            child.wholes.append((base, span))


def _sections(r: Resolver) -> None:
    """ "中金快速通道中江段" is part of "中金快速通道"."""
    for draft in r.unique():
        if draft.own_area or not draft.has(C.PROJECT, C.FACILITY, C.ZONE):
            continue
        m = _SECTION.match(draft.name)
        span = min(draft.spans, key=_bounds)
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
        span = min(draft.spans, key=_bounds)
        if not span.quote(r.report.text).startswith(m["base"]):
            continue
        base = r.create(m["base"], {C.PROJECT}, Span(span.begin, span.begin + len(m["base"])), "phase-base")
        base.statuses += draft.statuses
        draft.wholes.append((base, span))


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
                ):
                    r.merge(draft, short)


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
            if name[0] in _PREFIX_LEVELS and name[0] in parts and len(name) > 3:
                draft.aliases.add(parts[name[0]] + name[1:])


#: what joins and parts things once all candidates are known, in this order
STEPS: Final[tuple[Callable[[Resolver], None], ...]] = (
    _phases,
    _sections,
    _rehousing,
    _short_zones,
    _list_members,
    _own_prefixes,
)


def _everywhere(r: Resolver) -> None:
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
            if body.begin <= span.begin and span.end <= body.end:
                i = bisect_right(sentences, (span.begin, len(text))) - 1
                if i >= 0 and span.begin < sentences[i][1]:
                    kept.add(span)


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
    said = dict(sorted(draft.statuses, key=lambda s: s[0])) if draft.has(C.PROJECT) else {}
    # what once was completed stays so, whatever the plan wants to make of it; else the last word counts
    status = Status.COMPLETED if Status.COMPLETED in said.values() else next(reversed(said.values()), None)
    return Entity(
        name=name,
        classes=_in_order(frozenset(draft.classes)),
        aliases=tuple(sorted(aliases)),
        mentions=tuple(sorted(draft.spans, key=_bounds)),
        status=status,
        qualified=draft.qualified,
        own_area=draft.own_area,
    )
