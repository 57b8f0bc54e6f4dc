"""From candidates to entities: which names stand for one thing, and where else it is named."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.extract.mentions import Candidate, Scene
from kg.extract.words import stem_of, words
from kg.model import Entity, Report, Span, Status
from kg.model import EntityClass as C

#: "海珠湖二期工程" and "海珠湖二期" are one thing
_SUFFIXES = re.compile(r"(?<=.{3})(?:建设工程|建设项目|工程|项目|建设|工作|称号)$")
_PHASE = re.compile(r"(?P<base>.+?)(?P<phase>第?[一二三四五六七八九十首]期)(?P<rest>.*)$")
_QUOTES = re.compile(r"[“”\"'‘’《》「」\s]")


@dataclass(slots=True)
class Draft:
    """An entity in the making."""

    names: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    spans: set[Span] = field(default_factory=set)
    classes: set[C] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    status: Status | None = None
    qualified: str | None = None
    own_area: bool = False
    forced: str | None = None
    order: int = 0

    @property
    def name(self) -> str:
        """The fullest of its names; of equally full ones the more frequent, then the first in code-point order."""
        if self.forced:
            return self.forced
        return min(self.names, key=lambda n: (-len(_QUOTES.sub("", n)), -self.names[n], n))


class Resolver:
    """Joins the candidates of one report."""

    def __init__(self, report: Report, norm: str) -> None:
        self.report = report
        self.norm = norm
        self.words = words()
        self.drafts: dict[str, Draft] = {}
        self.prefixes = self._prefixes()

    def _prefixes(self) -> tuple[str, ...]:
        """What the text may put before a name without making it another one: the area's own names."""
        result: set[str] = {"我区", "我市", "我县", "我省"}
        parts = self.report.area_parts
        if parts:
            result |= {"".join(parts), parts[-1], parts[-1][-1]}
        return tuple(sorted(result, key=lambda p: (-len(p), p)))

    def key(self, name: str) -> str:
        """What two names of one thing have in common."""
        bare = _QUOTES.sub("", name).replace("（", "(").replace("）", ")")
        for prefix in self.prefixes:
            if bare.startswith(prefix) and len(bare) - len(prefix) >= 4:
                bare = bare[len(prefix) :]
                break
        return _SUFFIXES.sub("", bare)

    def add(self, candidate: Candidate) -> Draft:
        """Join a candidate to the thing it names."""
        key = self.key(candidate.name)
        draft = self.drafts.get(key)
        if draft is None:
            for alias in sorted(candidate.aliases):
                if (draft := self.drafts.get(self.key(alias))) is not None:
                    break
            else:
                draft = Draft(order=candidate.span.begin)
        self.drafts[key] = draft
        for alias in sorted(candidate.aliases):
            self.drafts.setdefault(self.key(alias), draft)
        draft.names[candidate.name] += 1
        draft.aliases |= {a for a in candidate.aliases if len(a) > 1}
        draft.spans.add(candidate.span)
        draft.classes |= candidate.classes
        draft.rules.add(candidate.rule)
        return draft

    def find(self, name: str) -> Draft | None:
        """The draft of that name, if there is one."""
        return self.drafts.get(self.key(name))

    def unique(self) -> list[Draft]:
        """All drafts once, in text order."""
        seen: dict[int, Draft] = {}
        for draft in self.drafts.values():
            seen.setdefault(id(draft), draft)
        return sorted(seen.values(), key=lambda d: (min(d.spans), d.name))


def build(resolver: Resolver, scenes: Sequence[Scene]) -> list[Draft]:
    """All drafts of the report, with the report's own area first."""
    for scene in scenes:
        for candidate in scene.candidates:
            resolver.add(candidate)
    return resolver.unique()


def occurrences(text: str, names: Iterable[str]) -> dict[str, list[Span]]:
    """Every place where one of the names stands, the longest name winning where two begin at one place.

    Linear in the text: names are looked up by their first two characters.
    """
    by_start: dict[str, list[str]] = defaultdict(list)
    for name in set(names):
        if len(name) >= 2:
            by_start[name[:2]].append(name)
    for candidates in by_start.values():
        candidates.sort(key=lambda n: (-len(n), n))
    found: dict[str, list[Span]] = defaultdict(list)
    i = 0
    last = len(text) - 1
    while i < last:
        for name in by_start.get(text[i : i + 2], ()):
            if text.startswith(name, i):
                found[name].append(Span(i, i + len(name)))
                i += len(name) - 1
                break
        i += 1
    return found


def entity(draft: Draft) -> Entity:
    """The finished entity."""
    name = draft.name
    aliases = {a for a in (set(draft.names) | draft.aliases) if a != name and a.strip()}
    return Entity(
        name=name,
        classes=tuple(sorted(draft.classes, key=lambda c: c.value)),
        aliases=tuple(sorted(aliases)),
        mentions=tuple(sorted(draft.spans)),
        status=draft.status,
        qualified=draft.qualified,
        own_area=draft.own_area,
    )


def own_area(report: Report) -> Draft | None:
    """The area that the report is about, evidenced by where it is first named."""
    if not report.area_name:
        return None
    draft = Draft(own_area=True, forced=report.area_name, qualified=report.area)
    stem = stem_of(report.area_name)
    draft.aliases |= {stem, report.area or stem}
    draft.classes.add(C.ADMINISTRATIVE_AREA)
    draft.names[report.area_name] += 1
    return draft
