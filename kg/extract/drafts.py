"""Entities in the making, and which candidates name one of them: names that differ by their form alone have one key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate
from kg.extract.names.learned import LEARNED
from kg.extract.words import stem_of, words
from kg.model import EntityClass as C
from kg.model import Report, Span, Status
from kg.patterns import compiled

#: "海珠湖二期工程" and "海珠湖二期" are one thing
_SUFFIXES = listed(r"(?<=.{3}){loose-ending}$")
_VILLAGE_RENEWAL = listed("{renewed-village}改造$")
_QUOTES = compiled(r"[“”\"'‘’《》「」\s]")
_QUOTED = compiled(r"[“\"‘]([^“”\"‘’]+)[”\"’]")
#: which of several it is: a year, a session
_TURN = compiled(r"(?:[12]\d{3}|二[〇○零一]..)年度?|第?[\d一二三四五六七八九十百首]+届|第[\d一二三四五六七八九十百]+次")
#: who stands behind it: "国家级经开区", "省级经开区"
_LEVEL = compiled(r"(?:(?P<state>国家级?|全国)|全?(?P<level>[省市区县]))")
#: the rule of what only the network speaks for
_GUESS = {LEARNED}
#: what spans are sorted by
bounds = attrgetter("begin", "end")


def unquoted(name: str) -> str:
    """A name without quotation marks, title marks and white space.

    >>> unquoted("《南北车站 规划》"), unquoted("“放心早餐”工程")
    ('南北车站规划', '放心早餐工程')
    """
    return _QUOTES.sub("", name)


def without_turn(name: str) -> tuple[str, str]:
    """A name without which of several it is, and that.

    >>> without_turn("第十七届省运动会"), without_turn("2022年亚运会")
    (('省运动会', '第十七届'), ('亚运会', '2022年'))
    """
    return _TURN.sub("", name), "".join(_TURN.findall(name))


@dataclass(slots=True)
class Draft:
    """An entity in the making."""

    #: what it is called and how often, see :meth:`call`
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
    #: the draft into which it was merged
    into: Draft | None = None
    _first: tuple[int, int] = (0, 0)
    _counted: int = 0
    _name: str = ""  # found out when first asked

    def call(self, *names: str) -> None:
        """Note that it is called so, once more for each."""
        self.names.update(names)
        self._name = ""

    def give_up_names(self) -> None:
        """Make aliases of all its names: it is to be joined to what has the right one."""
        self.aliases |= set(self.names)
        self.names.clear()
        self._name = ""

    @property
    def name(self) -> str:
        """The fullest of its names; of equally full ones the more frequent, then the first in code-point order.

        A name that stands in quotation marks as a whole is given without them; where a thing is also named without
        that it is being built (粤港澳大湾区, 粤港澳大湾区|建设), that is no part of it.
        """
        if self.forced:
            return self.forced
        if not self._name:
            built = {n for n in self.names if n.endswith("建设") and n.removesuffix("建设") in self.names}
            best = min(self.names, key=lambda n: (n in built, -len(unquoted(n)), -self.names[n], n))
            quoted = _QUOTED.fullmatch(best)
            self._name = quoted[1] if quoted else best
        return self._name

    @property
    def first(self) -> tuple[int, int]:
        """Where it is named first; its places only ever become more."""
        if self._counted != len(self.spans):
            self._first = min(bounds(span) for span in self.spans)
            self._counted = len(self.spans)
        return self._first

    @property
    def standing(self) -> Draft:
        """Itself, or that into which it was merged in the end."""
        draft = self
        while draft.into is not None:
            draft = draft.into
        return draft

    @property
    def guessed(self) -> bool:
        """Whether no rule has found it, and only the network speaks for it."""
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
        self._unique: list[Draft] | None = None  # all drafts in text order, as long as there are no others
        self.prefixes = self._prefixes()
        self.own_stems = {stem_of(part) for part in report.area_parts}
        self.own_stems |= {self.words.short_of(part) for part in report.area_parts}
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
            draft.call(part)
            draft.aliases |= {stem_of(part), self.words.short_of(part), draft.qualified or part} - {part}
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
            self.offer(self.key(stem_of(draft.forced or part)), draft)
            self.offer(self.key(self.words.short_of(draft.forced or part)), draft)
            if draft.qualified:
                self.offer(self.key(draft.qualified), draft)
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
        bare = unquoted(name).replace("（", "(").replace("）", ")")
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
        self._unique = None
        self.drafts[key] = draft
        draft.keys.append(key)

    def offer(self, key: str, draft: Draft) -> None:
        """Let a thing be found under a key that no other has."""
        if key not in self.drafts:
            self._put(key, draft)

    def add(self, candidate: Candidate) -> Draft:
        """Join a candidate to the thing it names."""
        key = self.key(candidate.name)
        draft = self.drafts.get(key)
        if draft is None:
            for alias in sorted(candidate.aliases):
                draft = self.drafts.get(self.key(alias))
                if draft is not None and draft.classes & candidate.classes and not _another(draft, candidate.name):
                    break
            else:
                draft = Draft()
        self._put(key, draft)
        for alias in sorted(candidate.aliases):
            self.offer(self.key(alias), draft)
        draft.call(candidate.name)
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
        draft.call(name)
        draft.spans.add(span)
        draft.rules.add(rule)
        self._unique = None
        return draft

    def unique(self) -> list[Draft]:
        """All drafts once, in text order."""
        if self._unique is None:
            self._unique = self._in_text_order()
        return self._unique

    def moved(self) -> None:
        """Note that drafts are named at other places than before."""
        self._unique = None

    def _in_text_order(self) -> list[Draft]:
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
        self._unique = None
        gone.into = kept
        kept.call(*gone.names.elements())
        kept.aliases |= gone.aliases
        kept.spans |= gone.spans
        kept.rules |= gone.rules
        kept.statuses += gone.statuses
        kept.wholes += gone.wholes
        for key in gone.keys:
            if self.drafts[key] is gone:
                self._put(key, kept)
        for candidate in gone.candidates:
            self.of[candidate] = kept
        kept.candidates += gone.candidates


def _another(draft: Draft, name: str) -> bool:
    """Whether a draft is another of several than what bears the name: "第三届艺术节", not "第四届艺术节".

    Or of another level: "国家级经开区", not "省级经开区".
    """
    turn, level = without_turn(name)[1], _level(name)
    return (bool(turn) and any(without_turn(each)[1] not in ("", turn) for each in draft.names)) or (
        bool(level) and any(_level(each) not in ("", level) for each in draft.names)
    )


def _level(name: str) -> str:
    """The character of the level that a name opens with: "国", "省"; or nothing."""
    m = _LEVEL.match(name)
    return "" if m is None else "国" if m["state"] else m["level"]
