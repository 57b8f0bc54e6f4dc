"""A run: read the things, ask the providers, judge, write the decisions."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import kg
from kg import resources
from kg.errors import KgError, StoreError, StoreLocked
from kg.graph.store import ensure_ontology, mark_written, open_store
from kg.link.decisions import NO_TERM, Ledger, read_ledger, write_ledger
from kg.link.divisions import divisions
from kg.link.matching import Kind, judge
from kg.link.model import Found, Judgement, Level, Match, Thing
from kg.link.names import levels_of, normal
from kg.link.providers.base import Provider
from kg.link.things import links_base, read_things
from kg.model import EntityClass

#: Called with how many things were asked about, how many there are, and the provider's name.
Progress = Callable[[int, int, str], None]


#: For how many seconds a run waits at its end for the store.
PATIENCE: Final = 60.0


@dataclass(slots=True)
class Counts:
    """How one target's decisions stand after a run."""

    exact: int = 0
    close: int = 0
    open: int = 0
    rejected: int = 0

    def as_json(self) -> dict[str, int]:
        """``exact close open rejected``."""
        return {"exact": self.exact, "close": self.close, "open": self.open, "rejected": self.rejected}


@dataclass(slots=True)
class LinkSummary:
    """What a run came to."""

    store: Path
    things: int = 0
    by_target: dict[str, Counts] = field(default_factory=dict)
    #: the administrative areas named in full, by what became of them: "code", "ambiguous", "not in force", "abroad",
    #: "unknown"
    areas: Counter[str] = field(default_factory=Counter)
    #: decisions of people on things that no report names any more
    vanished: int = 0
    #: targets that another file of that name was before: key, its name, the name now
    replaced: list[tuple[str, str, str]] = field(default_factory=list)
    added: int = 0
    removed: int = 0
    sent: int = 0
    cached: int = 0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """As ``kg link --json`` prints it."""
        return {
            "store": str(self.store),
            "things": self.things,
            "targets": {key: counts.as_json() for key, counts in sorted(self.by_target.items())},
            "areas": dict(sorted(self.areas.items())),
            "vanished": self.vanished,
            "triplesAdded": self.added,
            "triplesRemoved": self.removed,
            "requestsSent": self.sent,
            "requestsFromCache": self.cached,
            "seconds": round(self.seconds, 3),
        }


def link(
    store_dir: str | Path,
    providers: Sequence[Provider],
    *,
    types: Mapping[str, Kind] | None = None,
    today: str | None = None,
    on_progress: Progress | None = None,
    write: bool = True,
) -> LinkSummary:
    """Ask the providers, one after the other, about the things in the store, and write what was decided.

    A later provider knows what an earlier one found (a code, a GeoNames id).  If a provider fails, what was found
    until then is written before the error is raised: the next run goes on from there.  Without ``write`` nothing is.

    Raises :class:`KgError` if the store has no report or cannot be written, or what a provider raises.
    """
    import time

    begun = time.perf_counter()
    day = today or datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    path = Path(store_dir)
    if not (path / "CURRENT").is_file():
        raise StoreError(f"there is no store in {path}", hint="build one with: kg build")
    # the store is open for writing only at the end: a service may take minutes, and people review meanwhile
    store = open_store(path, read_only=True)
    base = links_base(store)
    if base is None:
        raise KgError(f"there is no report in the store in {path}", hint="build one with: kg build")
    ledger = read_ledger(store, base)
    things = read_things(store)
    del store
    summary = LinkSummary(path, len(things))
    summary.replaced = [
        (target.key, former.name, target.name)
        for provider in providers
        for target in provider.targets
        if provider.name == "table" and (former := ledger.targets.get(target.key)) and former.name != target.name
    ]
    ledger.forget({thing.iri for thing in things}, {d.tool for d in ledger.decisions.values() if not d.manual})
    try:
        for provider in providers:
            ask(provider, things, ledger, day, types=types, on_progress=on_progress)
    finally:
        if write:
            tools = {provider.name for provider in providers}
            ledger = _write(path, ledger, tools, {thing.iri for thing in things}, summary)
    count(summary, ledger, things)
    summary.seconds = time.perf_counter() - begun
    return summary


def _write(path: Path, found: Ledger, tools: Collection[str], alive: Collection[str], summary: LinkSummary) -> Ledger:
    """Put what the tools found into the store, beside what people decided meanwhile; the ledger as it is then."""
    try:
        store = open_store(path, wait=PATIENCE)  # what was found may have taken hours
    except StoreLocked as error:
        hint = "what services answered is in the cache: run kg link again"
        raise StoreLocked(error.message, hint=hint) from None
    try:
        ensure_ontology(store)
        ledger = read_ledger(store, found.base)
        # what another version has written may be put into other triples by this one: then all of it is compared
        same = all(d.tool_version == kg.__version__ for d in ledger.decisions.values() if not d.manual)
        before = ledger.states() if same else None
        ledger.take(found, tools, alive)
        summary.added, summary.removed = write_ledger(store, ledger, before=before)
        if summary.added or summary.removed:
            mark_written(path)
        return ledger
    finally:
        del store


def ask(
    provider: Provider,
    things: Sequence[Thing],
    ledger: Ledger,
    day: str,
    *,
    types: Mapping[str, Kind] | None = None,
    on_progress: Progress | None = None,
) -> None:
    """Record a provider's candidates, judged, for all things that it wants; what it found for vanished things goes."""
    for target in provider.targets:
        ledger.add_target(target)
    own = {target.key for target in provider.targets}
    known = [thing for thing in with_identifiers(things, ledger, but=own) if provider.wants(thing)]
    ledger.forget({thing.iri for thing in known}, {provider.name})
    for done, (thing, candidates) in enumerate(provider.candidates(known), 1):
        verdicts = judge(thing, candidates, types=types)
        for target in provider.targets:
            mine = tuple(v for v in verdicts if v.candidate.target == target.key)
            ledger.record(Found(thing, target.key, mine), provider.name, day)
        if on_progress is not None:
            on_progress(done, len(known), provider.name)


def with_identifiers(things: Sequence[Thing], ledger: Ledger, *, but: Collection[str] = ()) -> list[Thing]:
    """The things with the codes and identifiers that accepted links give them.

    Those of the targets ``but`` are left out: what a provider found once is no evidence that it is right.
    """
    codes: dict[str, list[str]] = {}
    known: dict[str, list[tuple[str, str]]] = {}
    for decision in ledger.accepted():
        if decision.target in but:
            continue
        facts = ledger.facts.get(decision.object)
        if decision.target in ("gbt2260", "nbs"):
            if facts is not None and facts.code:
                codes.setdefault(decision.subject, []).append(facts.code)
        elif decision.target in ledger.targets:
            identifier = decision.object.removeprefix(ledger.targets[decision.target].namespace).strip("/")
            known.setdefault(decision.subject, []).append((decision.target, identifier))
    out = []
    for thing in things:
        mine = codes.get(thing.iri, [])
        after = [code for each in mine for code in divisions().successors(each)]
        out.append(
            replace(thing, codes=tuple(dict.fromkeys((*mine, *after))), known=tuple(sorted(known.get(thing.iri, []))))
        )
    return out


def count(summary: LinkSummary, ledger: Ledger, things: Sequence[Thing]) -> None:
    """Fill in how the decisions stand."""
    alive = {thing.iri for thing in things}
    summary.vanished = sum(d.manual and d.subject not in alive for d in ledger.decisions.values())
    coded: set[str] = set()
    reasons: dict[str, str] = {}
    for decision in ledger.effective():
        counts = summary.by_target.setdefault(decision.target, Counts())
        if decision.object == NO_TERM:
            continue
        if decision.judgement is Judgement.ACCEPTED:
            if decision.match is Match.EXACT:
                counts.exact += 1
            else:
                counts.close += 1
            if decision.target in ("gbt2260", "nbs"):
                coded.add(decision.subject)
        elif decision.judgement is Judgement.OPEN:
            counts.open += 1
            if decision.target in ("gbt2260", "nbs"):
                reasons.setdefault(decision.subject, decision.comment)
        else:
            counts.rejected += 1
    for thing in things:
        if not named_in_full(thing):
            continue
        why = reasons.get(thing.iri, "")
        if thing.iri in coded:
            outcome = "code"
        elif "not in force" in why.split(";")[0]:
            outcome = "not in force"
        elif why:
            outcome = "ambiguous"
        else:
            outcome = "abroad" if abroad(thing) else "unknown"
        summary.areas[outcome] += 1


def named_in_full(thing: Thing) -> bool:
    """Whether the thing is an administrative area, from the township up, whose name says its level."""
    if EntityClass.ADMINISTRATIVE_AREA not in thing.classes:
        return False
    levels = levels_of(normal(thing.name))
    return bool(levels) and Level.VILLAGE not in levels


def abroad(thing: Thing) -> bool:
    """Whether the thing's name, or what the reports say that it lies in, begins with another country: 俄罗斯赤塔市."""
    return any(normal(name).startswith(_countries()) for name in (*thing.names, *thing.within))


@lru_cache(maxsize=1)
def _countries() -> tuple[str, ...]:
    own = ("CN", "HK", "MO", "TW")
    return tuple(name for name, code in resources.table("countries.tsv", "name", "code") if code not in own)
