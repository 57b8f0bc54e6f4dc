"""The decisions on links, and how they stand in the store: SSSOM in the links' named graph.

A decision is about one thing of ours and one of another graph, and is made by a provider's run or by a person.
Both are kept: a person's goes before a run's, a run never touches a person's, and where a person's is undone
the run's holds again.  What holds is written as plain triples (``skos:exactMatch``, ``gwr:divisionCode``).

SSSOM 1.0 says with ``owl:Axiom`` that a mapping is asserted, so only what is accepted is one here.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Store

import kg
from kg.errors import KgError, StoreError
from kg.graph import iri
from kg.graph.reading import Readable
from kg.graph.store import change_graph, replace_report
from kg.graph.vocab import term
from kg.link.model import Candidate, Found, Judgement, Match, Target

#: SSSOM's word for "there is none".
NO_TERM: Final = "https://w3id.org/sssom/NoTermFound"

MANUAL: Final = "semapv:ManualMappingCuration"
#: names, types, containment and years together
COMPOSITE: Final = "semapv:CompositeMatching"
#: a code or identifier that both have, by which one mapping follows from another
CHAINED: Final = "semapv:MappingChaining"

_JUDGEMENTS: Final = {j: term(f"gwr:{j.value}") for j in Judgement}
_MATCHES: Final = {m: term(f"skos:{m.value}") for m in Match}
_RANK: Final = {Judgement.ACCEPTED: 0, Judgement.OPEN: 1, Judgement.REJECTED: 2}


#: Subject, object, target and tool: there is one decision of each.
Key: TypeAlias = tuple[str, str, str, str]


def key_of(subject: str, object: str, target: str, tool: str = "") -> Key:
    """The key of a decision; without ``tool``, of a person's."""
    return subject, object, target, tool


def instant_of(text: str) -> datetime.datetime:
    """An ISO 8601 instant; the first of all for what is none."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        found = datetime.datetime.min
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is held of one pair; ``tool`` is the provider's name, empty for a person's."""

    subject: str  # IRI
    object: str  # IRI, or NO_TERM: none of the target's things is it
    target: str  # key of the target
    judgement: Judgement
    match: Match = Match.EXACT
    subject_label: str = ""
    subject_category: str = ""  # local names of the classes, with spaces between
    object_label: str = ""
    justification: str = COMPOSITE
    confidence: float | None = None
    tool: str = ""
    tool_version: str = ""
    date: str = ""  # ISO day on which it was made
    reviewer: str = ""
    recorded: str = ""  # ISO instant at which a person made it: what undo goes by
    comment: str = ""
    imported: str = ""  # ISO instant of the import that it came by

    @property
    def manual(self) -> bool:
        """Whether a person made it."""
        return not self.tool

    @property
    def moment(self) -> datetime.datetime:
        """When a person made it, for comparison: as text 12:00:00.12Z would come after 12:00:00.123Z."""
        return instant_of(self.recorded)

    @property
    def key(self) -> Key:
        """What it is about, and who made it."""
        return key_of(self.subject, self.object, self.target, self.tool)


@dataclass(frozen=True, slots=True)
class Facts:
    """What another graph says of one of its things, with where it is from."""

    label: str = ""
    code: str | None = None
    since: int | None = None
    until: int | None = None
    successors: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    description: str = ""
    source: str = ""


def facts_of(candidate: Candidate) -> Facts:
    """The facts that a candidate brings."""
    return Facts(
        candidate.name,
        candidate.code,
        candidate.since,
        candidate.until,
        candidate.successors,
        candidate.latitude,
        candidate.longitude,
        candidate.description,
        candidate.source,
    )


@dataclass(slots=True)
class Ledger:
    """All decisions of a store, with the facts of the things decided on, and the targets."""

    base: str
    decisions: dict[Key, Decision] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    #: read from a graph whose nodes have other names than this version gives them, so that all of it is to be written
    renamed: bool = False
    _subjects: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))

    # making decisions -------------------------------------------------------------------------------------------------

    def add_target(self, target: Target) -> None:
        """Make a target known; every decision needs its own.

        Raises :class:`KgError` if another target has its IRI: which is which could not be told from the graph.
        """
        for other in self.targets.values():
            if other.iri == target.iri and other.key != target.key:
                raise KgError(
                    f"the graph {target.iri} is called {other.key} in this store, not {target.key}",
                    hint=f"use: --target {other.key}",
                )
        self.targets[target.key] = target

    def record(self, found: Found, tool: str, date: str) -> None:
        """Put a run's verdicts on one thing in the place of what the same tool found for it before.

        A verdict that says the same as before keeps its date.
        """
        thing = found.thing
        former = {
            d.object: d
            for d in self.of(thing.iri)
            if d.tool == tool and d.target == found.target and d.object != NO_TERM
        }
        for decision in former.values():
            self.drop(decision)
        for verdict in found.verdicts:
            candidate = verdict.candidate
            by_code = any(e.feature == "code" and e.outcome.value == "+" for e in verdict.evidence)
            decision = Decision(
                thing.iri,
                candidate.iri,
                found.target,
                verdict.judgement,
                verdict.match,
                thing.name,
                " ".join(sorted(c.value for c in thing.classes)),
                candidate.name,
                CHAINED if by_code else COMPOSITE,
                verdict.score,
                tool,
                kg.__version__,
                date,
                comment=verdict.why,
            )
            before = former.get(candidate.iri)
            if before is not None and _clean(replace(decision, date=before.date)) == before:
                decision = before
            self.put(decision)
            self.facts[candidate.iri] = facts_of(candidate)

    def decide(
        self,
        subject: str,
        object: str,
        judgement: Judgement,
        *,
        target: str,
        match: Match = Match.EXACT,
        reviewer: str = "",
        recorded: str,
        comment: str = "",
        subject_label: str = "",
        subject_category: str = "",
        object_label: str = "",
    ) -> Decision:
        """Record a person's decision; it takes the place of an earlier one on the same pair.

        Labels and category are those known from other decisions, else those given.

        Raises :class:`KgError` for an open judgement, for what is open is what nobody decided, and for a target that
        there is not.
        """
        if judgement is Judgement.OPEN:
            raise KgError("a person's decision is accepted or rejected; to leave it open, undo it")
        if target not in self.targets:
            raise KgError(f"nothing is linked to a graph {target!r} in this store")
        others = sorted(self.of(subject), key=lambda d: (d.object != object, d.target != target))
        known = others[0] if others else None
        same = known if known is not None and known.object == object else None
        decision = Decision(
            subject,
            object,
            target,
            judgement,
            match,
            (known.subject_label if known else "") or subject_label,
            (known.subject_category if known else "") or subject_category,
            object_label or (same.object_label if same else ""),
            MANUAL,
            1.0,
            date=recorded[:10],
            reviewer=reviewer,
            recorded=recorded,
            comment=comment,
        )
        self.put(decision)
        return decision

    def by_people(self, subject: str, target: str) -> list[Decision]:
        """What people decided on a thing in a target, sorted by keys."""
        return [d for d in self.of(subject) if d.manual and d.target == target]

    def none_of_these(self, subject: str, target: str, *, reviewer: str = "", recorded: str, comment: str = "") -> None:
        """Record that none of a target's things is the subject."""
        self.decide(
            subject, NO_TERM, Judgement.ACCEPTED, target=target, reviewer=reviewer, recorded=recorded, comment=comment
        )

    def undo(self, subject: str | None = None, object: str | None = None, target: str | None = None) -> Decision | None:
        """Take back the newest of the people's decisions, of those on the subject, pair or target if told; or None.

        What a run found holds again; what a person had decided of the pair before does not.
        """
        mine = [
            d
            for d in self.decisions.values()
            if d.manual and subject in (None, d.subject) and object in (None, d.object) and target in (None, d.target)
        ]
        if not mine:
            return None
        newest = max(mine, key=lambda d: (d.moment, d.key))
        self.drop(newest)
        return newest

    def undo_import(self) -> list[Decision]:
        """Take back all that is left of people's decisions of the newest import; sorted by keys.

        What the import replaced does not come back.
        """
        came = [d for d in self.decisions.values() if d.manual and d.imported]
        newest = max((instant_of(d.imported) for d in came), default=None)
        together = sorted((d for d in came if instant_of(d.imported) == newest), key=lambda d: d.key)
        for decision in together:
            self.drop(decision)
        return together

    def forget(self, alive: Collection[str], tools: Collection[str]) -> int:
        """Drop what runs of the tools found for things that are no longer in the store; how many that were."""
        gone = [d for d in self.decisions.values() if d.tool in tools and d.subject not in alive]
        for decision in gone:
            self.drop(decision)
        return len(gone)

    def take(self, other: Ledger, tools: Collection[str], alive: Collection[str]) -> None:
        """Take over what runs of the tools hold in the other ledger, for what theirs hold here.

        What other runs wrote meanwhile stays, unless its thing is not ``alive`` any more; so do people's decisions.
        """
        for decision in [d for d in self.decisions.values() if not d.manual]:
            if decision.tool in tools or decision.subject not in alive:
                self.drop(decision)
        for target in other.targets.values():
            self.add_target(target)
        for decision in other.decisions.values():
            if decision.tool in tools:
                self.put(decision)
                if decision.object in other.facts:
                    self.facts[decision.object] = other.facts[decision.object]

    def put(self, decision: Decision) -> None:
        """Take a decision as it is, but for what RDF cannot hold; in the place of that of the same pair and maker."""
        decision = _clean(decision)
        self.decisions[decision.key] = decision
        self._subjects[decision.subject].add(decision.key)

    def of(self, subject: str) -> list[Decision]:
        """The decisions on a thing, sorted by their keys."""
        return [self.decisions[key] for key in sorted(self._subjects.get(subject, ()))]

    def drop(self, decision: Decision) -> None:
        """Take a decision out."""
        del self.decisions[decision.key]
        self._subjects[decision.subject].discard(decision.key)

    # what holds -------------------------------------------------------------------------------------------------------

    def effective(self) -> list[Decision]:
        """What holds of each pair, sorted: a person's decision before a run's, and what follows from it.

        Where a person chose one of a target's things, or none, nothing else of that target is open; where none, or
        another than a run had chosen, what runs accepted is rejected.  Where runs of several providers disagree, what
        they accepted is open.
        """
        pairs: dict[tuple[str, str, str], list[Decision]] = defaultdict(list)
        chosen: dict[tuple[str, str], set[str]] = defaultdict(set)
        for decision in self.decisions.values():
            pairs[decision.subject, decision.target, decision.object].append(decision)
            if decision.manual and decision.judgement is Judgement.ACCEPTED:
                chosen[decision.subject, decision.target].add(decision.object)
        found = self._accepted_by_runs()
        out = []
        for (subject, target, object), mine in pairs.items():
            best = min(mine, key=lambda d: (not d.manual, _RANK[d.judgement], -(d.confidence or 0), d.tool))
            if not best.manual and object != NO_TERM:
                by_tool = found.get((subject, target), {})
                if picked := chosen.get((subject, target)):
                    confirmed = any(picked & objects for objects in by_tool.values() if object in objects)
                    if best.judgement is Judgement.OPEN or not confirmed:
                        best = replace(best, judgement=Judgement.REJECTED)
                elif best.judgement is Judgement.ACCEPTED and (doubt := _disagreement(object, mine, by_tool)):
                    best = replace(best, judgement=Judgement.OPEN, comment=f"{doubt}; {best.comment}")
            out.append(best)
        return sorted(out, key=lambda d: (d.subject, d.target, _RANK[d.judgement], -(d.confidence or 0), d.object))

    def _accepted_by_runs(self) -> dict[tuple[str, str], dict[str, set[str]]]:
        """What runs accepted: by thing and target, and by tool."""
        found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for decision in self.decisions.values():
            if not decision.manual and decision.judgement is Judgement.ACCEPTED:
                found[decision.subject, decision.target][decision.tool].add(decision.object)
        return found

    def accepted(self) -> list[Decision]:
        """The links that hold, sorted."""
        return [d for d in self.effective() if d.judgement is Judgement.ACCEPTED and d.object != NO_TERM]

    # the graph --------------------------------------------------------------------------------------------------------

    def quads(self) -> list[Quad]:
        """The links' named graph: decisions, links, facts, targets and link sets; sorted, without duplicates."""
        return sorted(self._quads(), key=str)

    def _quads(self) -> set[Quad]:
        graph = NamedNode(iri.links_graph_iri(self.base))
        return {quad for node, states in self.states().items() for quad in _render(node, states, graph)}

    def states(self) -> States:
        """What the graph says of each of its nodes, before it is put into triples: to tell what changed.

        To be taken of a ledger as it was read, for :func:`write_ledger`.
        """
        return _states(self)


def _disagreement(object: str, mine: Sequence[Decision], by_tool: Mapping[str, set[str]]) -> str | None:
    """Why an accepted candidate is in doubt: another tool rejected it, or accepted others in its place."""
    against = [d.tool for d in mine if d.judgement is Judgement.REJECTED]
    for tool, objects in by_tool.items():
        if object not in objects and any(not objects & others for t, others in by_tool.items() if object in others):
            against.append(tool)
    if not against:
        return None
    others = sorted({tool for tool, objects in by_tool.items() if object in objects})
    return f"accepted by {', '.join(others)}, not by {', '.join(sorted(set(against)))}"


def read_ledger(store: Readable, base: str) -> Ledger:
    """The decisions in the store's links graph; an empty ledger if there is none.

    Raises :class:`StoreError` if something is missing in the graph.
    """
    ledger = Ledger(base)
    graph = NamedNode(iri.links_graph_iri(base))
    told: _Told = defaultdict(lambda: defaultdict(list))
    for quad in store.quads_for_pattern(None, None, None, graph):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            told[quad.subject.value][quad.predicate.value].append(quad.object)
    reader = _Reader(told)
    for node in told:
        if target := reader.target(node):
            ledger.targets[target.key] = target
    by_iri = {target.iri: key for key, target in ledger.targets.items()}
    for node in told:
        if (decision := reader.decision(node, by_iri)) is not None:
            ledger.put(decision)
            ledger.renamed |= node != _node(base, decision)
    for object in {decision.object for decision in ledger.decisions.values()}:
        if object in told:
            ledger.facts[object] = reader.facts(object)
    return ledger


def write_ledger(store: Store, ledger: Ledger, *, before: States | None = None) -> tuple[int, int]:
    """Put the ledger in the place of the store's links graph, in one step; triples added and removed.

    With ``before``, what :meth:`Ledger.states` gave when the ledger was read from this store, only what was changed
    since is looked at: one decision among thousands is written at once.

    Raises :class:`~kg.errors.StoreError` if the store cannot be written; it is then as before.
    """
    graph = NamedNode(iri.links_graph_iri(ledger.base))
    if before is None or ledger.renamed:
        change = replace_report(store, list(ledger._quads()), graph)
        return change.added, change.removed
    after = ledger.states()
    nodes = [node for node in before.keys() | after.keys() if before.get(node) != after.get(node)]
    old = {quad for node in nodes for quad in store.quads_for_pattern(NamedNode(node), None, None, graph)}
    new = {quad for node in nodes for quad in _render(node, after.get(node, []), graph)}
    change = change_graph(store, graph, added=new - old, removed=old - new)
    return change.added, change.removed


# writing --------------------------------------------------------------------------------------------------------------

_Pairs: TypeAlias = Iterator[tuple[str, NamedNode | Literal]]
#: What is said of a node for one reason: the function that puts it into triples, and what it needs to.
State: TypeAlias = tuple[Callable[..., _Pairs], tuple[Any, ...]]
States: TypeAlias = dict[str, list[State]]


def _render(node: str, states: Iterable[State], graph: NamedNode) -> Iterator[Quad]:
    subject = NamedNode(node)
    for say, told in states:
        for predicate, object in say(*told):
            yield Quad(subject, term(predicate), object, graph)


def _states(ledger: Ledger) -> States:
    out: dict[str, list[State]] = defaultdict(list)
    if not ledger.decisions:
        return out
    effective = ledger.effective()
    holding = {(d.subject, d.object, d.target): d.judgement for d in effective}
    told: set[str] = set()  # what is said something of: whatever may be accepted now, or when a decision is undone
    for decision in ledger.decisions.values():
        holds = holding[decision.subject, decision.object, decision.target]
        asserted = decision.judgement is holds is Judgement.ACCEPTED and decision.object != NO_TERM
        node = _node(ledger.base, decision)
        out[node].append((_say_decision, (decision, asserted, ledger.targets[decision.target].iri)))
        if decision.judgement is not Judgement.REJECTED:
            told.add(decision.object)
    accepted = [d for d in effective if d.judgement is Judgement.ACCEPTED and d.object != NO_TERM]
    located: set[str] = set()
    # GeoNames' coordinates, where a thing has others, too: one pair for a thing
    for decision in sorted(accepted, key=lambda d: (d.subject, d.target, d.object)):
        facts = ledger.facts.get(decision.object, Facts())
        placed = facts.latitude is not None and facts.longitude is not None and decision.subject not in located
        if placed:
            located.add(decision.subject)
        code = facts.code if decision.target in ("gbt2260", "nbs") else None
        place = (facts.latitude, facts.longitude) if placed else None
        out[decision.subject].append((_say_link, (decision.match, decision.object, code, place)))
    for object in sorted(told):
        if object in ledger.facts:
            out[object].append((_say_facts, (ledger.facts[object],)))
    out[f"{ledger.base}mappings"].append((_say_mappings, ()))
    of_target: dict[str, list[Decision]] = {d.target: [] for d in ledger.decisions.values()}
    for decision in accepted:
        of_target[decision.target].append(decision)
    for key, mine in sorted(of_target.items()):
        target = ledger.targets[key]
        linkset = f"{ledger.base}linkset/{iri.segment(key)}"
        counts = {m: len({(d.subject, d.object) for d in mine if d.match is m}) for m in Match}
        parts = {m: f"{linkset}/{m.value}" for m, count in counts.items() if count}
        out[target.iri].append((_say_target, (target,)))
        out[linkset].append((_say_linkset, (f"{ledger.base}dataset", target.iri, sum(counts.values()), parts)))
        for match, part in parts.items():
            out[part].append((_say_part, (match, counts[match])))
    return dict(out)


def _node(base: str, decision: Decision) -> str:
    return f"{base}mapping/{iri.digest(*decision.key)}"


def _say_decision(d: Decision, asserted: bool, source: str) -> _Pairs:
    yield "rdf:type", term("gwr:LinkDecision")
    if asserted:
        yield "rdf:type", term("owl:Axiom")
    yield "owl:annotatedSource", NamedNode(d.subject)
    yield "owl:annotatedProperty", term("gwr:candidateMatch") if d.judgement is Judgement.OPEN else _MATCHES[d.match]
    yield "owl:annotatedTarget", NamedNode(d.object)
    yield "gwr:judgement", _JUDGEMENTS[d.judgement]
    if d.judgement is Judgement.REJECTED:
        yield "sssom:predicate_modifier", Literal("Not")
    if d.judgement is Judgement.OPEN:
        yield "gwr:proposes", _MATCHES[d.match]
    yield "sssom:object_source", NamedNode(source)
    yield "sssom:mapping_justification", term(d.justification)
    if d.confidence is not None:
        text = f"{d.confidence:.3f}".rstrip("0").rstrip(".")
        yield "sssom:confidence", Literal(text, datatype=term("xsd:decimal"))
    for name, value in (
        ("sssom:subject_label", d.subject_label),
        ("sssom:subject_category", d.subject_category),
        ("sssom:object_label", d.object_label),
        ("sssom:mapping_tool", f"kg link {d.tool}" if d.tool else ""),
        ("sssom:mapping_tool_version", d.tool_version),
        ("sssom:reviewer_label", d.reviewer),
        ("rdfs:comment", d.comment),
    ):
        if value:
            yield name, Literal(value)
    if d.date:
        yield "pav:authoredOn", Literal(d.date, datatype=term("xsd:date"))
    if d.recorded:
        yield "dcterms:created", Literal(d.recorded, datatype=term("xsd:dateTime"))
    if d.imported:
        yield "pav:importedOn", Literal(d.imported, datatype=term("xsd:dateTime"))


def _say_link(match: Match, object: str, code: str | None, place: tuple[float, float] | None) -> _Pairs:
    yield f"skos:{match.value}", NamedNode(object)
    if code:
        yield "gwr:divisionCode", Literal(_safe(code))
    if place:
        yield "wgs84:lat", _decimal(place[0])
        yield "wgs84:long", _decimal(place[1])


def _say_facts(facts: Facts) -> _Pairs:
    for predicate, text in (
        ("rdfs:label", facts.label),
        ("dcterms:description", facts.description),
        ("skos:notation", facts.code),
    ):
        if text:
            yield predicate, Literal(_safe(text))
    for predicate, year in (("gwr:inForceSince", facts.since), ("gwr:inForceUntil", facts.until)):
        if year is not None:
            yield predicate, Literal(f"{year:04}", datatype=term("xsd:gYear"))
    for successor in facts.successors:
        yield "dcterms:isReplacedBy", NamedNode(successor)
    if facts.latitude is not None and facts.longitude is not None:
        yield "wgs84:lat", _decimal(facts.latitude)
        yield "wgs84:long", _decimal(facts.longitude)
    if facts.source:
        yield "dcterms:source", NamedNode(facts.source)


def _say_mappings() -> _Pairs:
    yield "rdf:type", term("sssom:MappingSet")
    yield "dcterms:license", NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")


def _say_target(target: Target) -> _Pairs:
    yield "rdf:type", term("void:Dataset")
    for predicate, text in (
        ("dcterms:title", target.name),
        ("dcterms:identifier", target.key),
        ("void:uriSpace", target.namespace),
        ("dcterms:rights", target.licence),
        ("owl:versionInfo", target.version),
    ):
        if text:
            yield predicate, Literal(_safe(text))


def _say_linkset(ours: str, theirs: str, count: int, parts: Mapping[Match, str]) -> _Pairs:
    yield "rdf:type", term("void:Linkset")
    yield "void:subjectsTarget", NamedNode(ours)
    yield "void:objectsTarget", NamedNode(theirs)
    yield "void:triples", Literal(count)
    for match, part in parts.items():
        yield "void:linkPredicate", _MATCHES[match]
        yield "void:propertyPartition", NamedNode(part)


def _say_part(match: Match, count: int) -> _Pairs:
    yield "void:property", _MATCHES[match]
    yield "void:triples", Literal(count)


# reading --------------------------------------------------------------------------------------------------------------

_Told: TypeAlias = dict[str, dict[str, list[NamedNode | Literal]]]


class _Reader:
    def __init__(self, told: _Told) -> None:
        self.told = told

    def _value(self, node: str, predicate: str) -> str:
        found = self.told[node].get(term(predicate).value)
        return found[0].value if found else ""

    def _year(self, node: str, predicate: str) -> int | None:
        value = self._value(node, predicate)
        return int(value[:4]) if value else None

    def target(self, node: str) -> Target | None:
        if term("void:Dataset") not in self.told[node].get(term("rdf:type").value, []):
            return None
        return Target(
            self._value(node, "dcterms:identifier"),
            self._value(node, "dcterms:title"),
            node,
            self._value(node, "void:uriSpace"),
            self._value(node, "dcterms:rights"),
            self._value(node, "owl:versionInfo"),
        )

    def decision(self, node: str, targets: Mapping[str, str]) -> Decision | None:
        """``targets`` are the keys by their IRIs."""
        if term("gwr:LinkDecision") not in self.told[node].get(term("rdf:type").value, []):
            return None
        match = self._value(node, "gwr:proposes") or self._value(node, "owl:annotatedProperty")
        confidence = self._value(node, "sssom:confidence")
        try:
            return Decision(
                self._needed(node, "owl:annotatedSource"),
                self._needed(node, "owl:annotatedTarget"),
                targets[self._needed(node, "sssom:object_source")],
                Judgement(_local(self._needed(node, "gwr:judgement"))),
                Match(_local(match)),
                self._value(node, "sssom:subject_label"),
                self._value(node, "sssom:subject_category"),
                self._value(node, "sssom:object_label"),
                "semapv:" + _local(self._needed(node, "sssom:mapping_justification")),
                float(confidence) if confidence else None,
                self._value(node, "sssom:mapping_tool").removeprefix("kg link "),
                self._value(node, "sssom:mapping_tool_version"),
                self._value(node, "pav:authoredOn"),
                self._value(node, "sssom:reviewer_label"),
                self._value(node, "dcterms:created"),
                self._value(node, "rdfs:comment"),
                self._value(node, "pav:importedOn"),
            )
        except (KeyError, ValueError) as error:
            what = f"its target {error} is not described" if isinstance(error, KeyError) else str(error)
            raise StoreError(
                f"the decision <{node}> in the graph of the links is damaged: {what}",
                hint="build a new store, run kg link, and import the decisions from an export",
            ) from None

    def _needed(self, node: str, predicate: str) -> str:
        if value := self._value(node, predicate):
            return value
        raise ValueError(f"it has no {predicate}")

    def facts(self, node: str) -> Facts:
        latitude, longitude = self._value(node, "wgs84:lat"), self._value(node, "wgs84:long")
        successors = self.told[node].get(term("dcterms:isReplacedBy").value, [])
        return Facts(
            self._value(node, "rdfs:label"),
            self._value(node, "skos:notation") or None,
            self._year(node, "gwr:inForceSince"),
            self._year(node, "gwr:inForceUntil"),
            tuple(sorted(s.value for s in successors)),
            float(latitude) if latitude else None,
            float(longitude) if longitude else None,
            self._value(node, "dcterms:description"),
            self._value(node, "dcterms:source"),
        )


def _decimal(value: float) -> Literal:
    text = f"{round(value, 5) + 0.0:.5f}".rstrip("0").rstrip(".")  # no -0
    return Literal(text, datatype=term("xsd:decimal"))


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def _safe(text: str) -> str:
    r"""Text that came from elsewhere, as RDF and XML can hold it: U+FFFD for lone surrogates and control characters.

    >>> _safe("a\x00b\r\n") == "a\ufffdb\ufffd\n"
    True
    """
    return _UNSAFE.sub("\ufffd", text)


_TEXTS: Final = (
    "subject_label", "subject_category", "object_label", "tool", "tool_version", "reviewer", "comment",
)  # fmt: skip


def _clean(decision: Decision) -> Decision:
    """The decision as it will be read again."""
    wrong: dict[str, Any] = {name: safe for name in _TEXTS if (safe := _safe(text := getattr(decision, name))) != text}
    confidence = decision.confidence
    if confidence is not None and confidence != (rounded := round(min(max(confidence, 0.0), 1.0), 3)):
        wrong["confidence"] = rounded
    if "." in decision.recorded:  # Oxigraph keeps instants without zeros at their end
        recorded = re.sub(r"\.?0*(?=Z$)", "", decision.recorded)
        if recorded != decision.recorded:
            wrong["recorded"] = recorded
    return replace(decision, **wrong) if wrong else decision
