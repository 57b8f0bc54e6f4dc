"""The decisions on links, and how they stand in the store: SSSOM in the links' named graph.

A decision is about one thing of ours and one of another graph, and is made by a provider's run or by a person.
Both are kept: a person's goes before a run's, a run never touches a person's, and where a person's is undone
the run's holds again.  What holds is written as plain triples (``skos:exactMatch``, ``gwr:divisionCode``).

SSSOM 1.0 says with ``owl:Axiom`` that a mapping is asserted, so only what is accepted is one here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

import kg
from kg.errors import KgError
from kg.graph import iri
from kg.graph.store import replace_report
from kg.graph.vocab import term
from kg.link.model import Candidate, Found, Judgement, Match, Target

#: SSSOM's word for "there is none".
NO_TERM: Final = "https://w3id.org/sssom/NoTermFound"

MANUAL: Final = "semapv:ManualMappingCuration"
#: names, types, containment and years together
COMPOSITE: Final = "semapv:CompositeMatching"
#: a code or identifier that both have
REFERENCE: Final = "semapv:CrossReferenceMatching"

_JUDGEMENTS: Final = {j: term(f"gwr:{j.value}") for j in Judgement}
_MATCHES: Final = {m: term(f"skos:{m.value}") for m in Match}


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

    @property
    def manual(self) -> bool:
        """Whether a person made it."""
        return not self.tool

    @property
    def key(self) -> tuple[str, ...]:
        """What it is about, and who made it; a person's NO_TERM is one per target."""
        return self.subject, self.object, self.target if self.object == NO_TERM else "", self.tool


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
    decisions: dict[tuple[str, ...], Decision] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    _subjects: dict[str, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))

    # making decisions -------------------------------------------------------------------------------------------------

    def add_target(self, target: Target) -> None:
        """Make a target known; every decision needs its own."""
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
            self._drop(decision)
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
                REFERENCE if by_code else COMPOSITE,
                verdict.score,
                tool,
                kg.__version__,
                date,
                comment=verdict.why,
            )
            before = former.get(candidate.iri)
            if before is not None and replace(decision, date=before.date) == before:
                decision = before
            self.put(decision)
            if verdict.judgement is not Judgement.REJECTED:
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
        object_label: str = "",
    ) -> Decision:
        """Record a person's decision; it takes the place of an earlier one on the same pair.

        Raises :class:`KgError` for an open judgement: what is open is what nobody decided.
        """
        if judgement is Judgement.OPEN:
            raise KgError("a person's decision is accepted or rejected; to leave it open, undo it")
        known = next((d for d in self.of(subject) if d.object == object), None) or next(iter(self.of(subject)), None)
        decision = Decision(
            subject,
            object,
            target,
            judgement,
            match,
            known.subject_label if known else "",
            known.subject_category if known else "",
            object_label or (known.object_label if known and known.object == object else ""),
            MANUAL,
            1.0,
            date=recorded[:10],
            reviewer=reviewer,
            recorded=recorded,
            comment=comment,
        )
        self.put(decision)
        return decision

    def none_of_these(self, subject: str, target: str, *, reviewer: str = "", recorded: str, comment: str = "") -> None:
        """Record that none of a target's things is the subject."""
        self.decide(
            subject, NO_TERM, Judgement.ACCEPTED, target=target, reviewer=reviewer, recorded=recorded, comment=comment
        )

    def undo(self, subject: str | None = None, object: str | None = None) -> Decision | None:
        """Take back the newest of the people's decisions, of those on the subject or pair if told; None if none.

        What a run found holds again.
        """
        mine = [
            d
            for d in self.decisions.values()
            if d.manual and subject in (None, d.subject) and object in (None, d.object)
        ]
        if not mine:
            return None
        newest = max(mine, key=lambda d: (d.recorded, d.key))
        self._drop(newest)
        return newest

    def forget(self, alive: Collection[str], tools: Collection[str]) -> int:
        """Drop what runs of the tools found for things that are no longer in the store; how many that were."""
        gone = [d for d in self.decisions.values() if d.tool in tools and d.subject not in alive]
        for decision in gone:
            self._drop(decision)
        return len(gone)

    def put(self, decision: Decision) -> None:
        """Take a decision as it is; in the place of the one of the same pair and maker."""
        self.decisions[decision.key] = decision
        self._subjects[decision.subject].add(decision.key)

    def of(self, subject: str) -> list[Decision]:
        """The decisions on a thing, sorted by their keys."""
        return [self.decisions[key] for key in sorted(self._subjects.get(subject, ()))]

    def _drop(self, decision: Decision) -> None:
        del self.decisions[decision.key]
        self._subjects[decision.subject].discard(decision.key)

    # what holds -------------------------------------------------------------------------------------------------------

    def effective(self) -> list[Decision]:
        """What holds of each pair, sorted: a person's decision before a run's, and what follows from it.

        Where a person chose one of a target's things, or none, nothing else of that target is open; where none, what a
        run accepted is rejected.
        """
        pairs: dict[tuple[str, str, str], list[Decision]] = defaultdict(list)
        settled: set[tuple[str, str]] = set()
        none: set[tuple[str, str]] = set()
        for decision in self.decisions.values():
            pairs[decision.subject, decision.target, decision.object].append(decision)
            if decision.manual and decision.judgement is Judgement.ACCEPTED:
                (none if decision.object == NO_TERM else settled).add((decision.subject, decision.target))
        rank = {Judgement.ACCEPTED: 0, Judgement.OPEN: 1, Judgement.REJECTED: 2}
        out = []
        for (subject, target, object), mine in pairs.items():
            best = min(mine, key=lambda d: (not d.manual, rank[d.judgement], -(d.confidence or 0), d.tool))
            if not best.manual and object != NO_TERM:
                chosen = (subject, target) in settled
                if (best.judgement is Judgement.OPEN) if chosen else (subject, target) in none:
                    best = replace(best, judgement=Judgement.REJECTED)
            out.append(best)
        return sorted(out, key=lambda d: (d.subject, d.target, rank[d.judgement], -(d.confidence or 0), d.object))

    def accepted(self) -> list[Decision]:
        """The links that hold, sorted."""
        return [d for d in self.effective() if d.judgement is Judgement.ACCEPTED and d.object != NO_TERM]

    # the graph --------------------------------------------------------------------------------------------------------

    def quads(self) -> list[Quad]:
        """The links' named graph: decisions, links, facts, targets and link sets; sorted, without duplicates."""
        return sorted(set(_Writer(self).quads()), key=str)


def read_ledger(store: Store, base: str) -> Ledger:
    """The decisions in the store's links graph; an empty ledger if there is none."""
    ledger = Ledger(base)
    graph = NamedNode(iri.links_graph_iri(base))
    told: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in store.quads_for_pattern(None, None, None, graph):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            told[quad.subject.value][quad.predicate.value].append(quad.object)
    reader = _Reader(told)
    for node in told:
        if target := reader.target(node):
            ledger.add_target(target)
    for node in told:
        if (decision := reader.decision(node, ledger.targets)) is not None:
            ledger.put(decision)
    for decision in ledger.decisions.values():
        if decision.object in told:
            ledger.facts[decision.object] = reader.facts(decision.object)
    return ledger


def write_ledger(store: Store, ledger: Ledger) -> tuple[int, int]:
    """Put the ledger in the place of the store's links graph, in one step; triples added and removed.

    Raises :class:`~kg.errors.StoreError` if the store cannot be written; it is then as before.
    """
    change = replace_report(store, ledger.quads(), NamedNode(iri.links_graph_iri(ledger.base)))
    return change.added, change.removed


class _Writer:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.graph = NamedNode(iri.links_graph_iri(ledger.base))

    def quads(self) -> Iterator[Quad]:
        if not self.ledger.decisions:
            return
        effective = self.ledger.effective()
        holding = {(d.subject, d.object, d.target): d.judgement for d in effective}
        for decision in self.ledger.decisions.values():
            yield from self._decision(decision, holding[decision.subject, decision.object, decision.target])
        located: set[str] = set()
        # GeoNames' coordinates, where a thing has others, too: one pair for a thing
        for decision in sorted(self.ledger.accepted(), key=lambda d: (d.subject, d.target, d.object)):
            yield from self._link(decision, located)
        for object in sorted({d.object for d in effective if d.judgement is not Judgement.REJECTED}):
            if object in self.ledger.facts:
                yield from self._facts(object, self.ledger.facts[object])
        yield from self._targets()

    def _say(self, subject: str, predicate: str, object: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(subject), term(predicate), object, self.graph)

    def _decision(self, d: Decision, holds: Judgement) -> Iterator[Quad]:
        node = f"{self.ledger.base}mapping/{iri.digest(*d.key)}"
        yield self._say(node, "rdf:type", term("gwr:LinkDecision"))
        asserted = d.judgement is Judgement.ACCEPTED and holds is Judgement.ACCEPTED and d.object != NO_TERM
        if asserted:
            yield self._say(node, "rdf:type", term("owl:Axiom"))
        predicate = term("gwr:candidateMatch") if d.judgement is Judgement.OPEN else _MATCHES[d.match]
        yield self._say(node, "owl:annotatedSource", NamedNode(d.subject))
        yield self._say(node, "owl:annotatedProperty", predicate)
        yield self._say(node, "owl:annotatedTarget", NamedNode(d.object))
        yield self._say(node, "gwr:judgement", _JUDGEMENTS[d.judgement])
        if d.judgement is Judgement.REJECTED:
            yield self._say(node, "sssom:predicate_modifier", Literal("Not"))
        if d.judgement is Judgement.OPEN:
            yield self._say(node, "gwr:proposes", _MATCHES[d.match])
        yield self._say(node, "sssom:object_source", NamedNode(self.ledger.targets[d.target].iri))
        yield self._say(node, "sssom:mapping_justification", term(d.justification))
        if d.confidence is not None:
            text = f"{d.confidence:.3f}".rstrip("0").rstrip(".")
            yield self._say(node, "sssom:confidence", Literal(text, datatype=term("xsd:decimal")))
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
                yield self._say(node, name, Literal(_safe(value)))
        if d.date:
            yield self._say(node, "pav:authoredOn", Literal(d.date, datatype=term("xsd:date")))
        if d.recorded:
            yield self._say(node, "dcterms:created", Literal(d.recorded, datatype=term("xsd:dateTime")))

    def _link(self, d: Decision, located: set[str]) -> Iterator[Quad]:
        yield self._say(d.subject, f"skos:{d.match.value}", NamedNode(d.object))
        facts = self.ledger.facts.get(d.object)
        if facts is None:
            return
        if facts.code and d.target in ("gbt2260", "nbs"):
            yield self._say(d.subject, "gwr:divisionCode", Literal(facts.code))
        if facts.latitude is not None and facts.longitude is not None and d.subject not in located:
            located.add(d.subject)
            yield self._say(d.subject, "wgs84:lat", _decimal(facts.latitude))
            yield self._say(d.subject, "wgs84:long", _decimal(facts.longitude))

    def _facts(self, object: str, facts: Facts) -> Iterator[Quad]:
        if facts.label:
            yield self._say(object, "rdfs:label", Literal(_safe(facts.label)))
        if facts.description:
            yield self._say(object, "dcterms:description", Literal(_safe(facts.description)))
        if facts.code:
            yield self._say(object, "skos:notation", Literal(facts.code))
        for name, year in (("gwr:inForceSince", facts.since), ("gwr:inForceUntil", facts.until)):
            if year is not None:
                yield self._say(object, name, Literal(str(year), datatype=term("xsd:gYear")))
        for successor in facts.successors:
            yield self._say(object, "dcterms:isReplacedBy", NamedNode(successor))
        if facts.latitude is not None and facts.longitude is not None:
            yield self._say(object, "wgs84:lat", _decimal(facts.latitude))
            yield self._say(object, "wgs84:long", _decimal(facts.longitude))
        if facts.source:
            yield self._say(object, "dcterms:source", NamedNode(facts.source))

    def _targets(self) -> Iterator[Quad]:
        accepted = self.ledger.accepted()
        base = self.ledger.base
        mappings = f"{base}mappings"
        yield self._say(mappings, "rdf:type", term("sssom:MappingSet"))
        yield self._say(mappings, "dcterms:license", NamedNode("https://creativecommons.org/publicdomain/zero/1.0/"))
        for key in sorted({d.target for d in self.ledger.decisions.values()}):
            target = self.ledger.targets[key]
            yield self._say(target.iri, "rdf:type", term("void:Dataset"))
            yield self._say(target.iri, "dcterms:title", Literal(target.name))
            yield self._say(target.iri, "dcterms:identifier", Literal(target.key))
            yield self._say(target.iri, "void:uriSpace", Literal(target.namespace))
            if target.licence:
                yield self._say(target.iri, "dcterms:rights", Literal(target.licence))
            if target.version:
                yield self._say(target.iri, "owl:versionInfo", Literal(target.version))
            linkset = f"{base}linkset/{iri.segment(key)}"
            mine = [d for d in accepted if d.target == key]
            yield self._say(linkset, "rdf:type", term("void:Linkset"))
            yield self._say(linkset, "void:subjectsTarget", NamedNode(f"{base}dataset"))
            yield self._say(linkset, "void:objectsTarget", NamedNode(target.iri))
            yield self._say(linkset, "void:triples", Literal(len({(d.subject, d.match, d.object) for d in mine})))
            for match in Match:
                count = len({(d.subject, d.object) for d in mine if d.match is match})
                if count:
                    part = f"{linkset}/{match.value}"
                    yield self._say(linkset, "void:linkPredicate", _MATCHES[match])
                    yield self._say(linkset, "void:propertyPartition", NamedNode(part))
                    yield self._say(part, "void:property", _MATCHES[match])
                    yield self._say(part, "void:triples", Literal(count))


class _Reader:
    def __init__(self, told: dict[str, dict[str, list[NamedNode | Literal]]]) -> None:
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

    def decision(self, node: str, targets: dict[str, Target]) -> Decision | None:
        if term("gwr:LinkDecision") not in self.told[node].get(term("rdf:type").value, []):
            return None
        by_iri = {target.iri: key for key, target in targets.items()}
        match = self._value(node, "gwr:proposes") or self._value(node, "owl:annotatedProperty")
        confidence = self._value(node, "sssom:confidence")
        return Decision(
            self._value(node, "owl:annotatedSource"),
            self._value(node, "owl:annotatedTarget"),
            by_iri[self._value(node, "sssom:object_source")],
            Judgement(self._value(node, "gwr:judgement").rsplit("#", 1)[1]),
            Match(match.rsplit("#", 1)[1]),
            self._value(node, "sssom:subject_label"),
            self._value(node, "sssom:subject_category"),
            self._value(node, "sssom:object_label"),
            "semapv:" + self._value(node, "sssom:mapping_justification").rsplit("/", 1)[1],
            float(confidence) if confidence else None,
            self._value(node, "sssom:mapping_tool").removeprefix("kg link "),
            self._value(node, "sssom:mapping_tool_version"),
            self._value(node, "pav:authoredOn"),
            self._value(node, "sssom:reviewer_label"),
            self._value(node, "dcterms:created"),
            self._value(node, "rdfs:comment"),
        )

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
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return Literal(text, datatype=term("xsd:decimal"))


def _safe(text: str) -> str:
    """Text that came from elsewhere, as RDF can hold it: U+FFFD for lone surrogates and control characters."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" or (c < " " and c not in "\t\n") else c for c in text)
