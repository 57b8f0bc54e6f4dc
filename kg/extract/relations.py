"""Relations between entities and the status of projects, from the clauses that state them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from kg.extract.drafts import Draft, Resolver
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.own_relations import MARGIN, NONE, OTHER, OWN, Place, asked, traits, weights
from kg.extract.rel_events import Events
from kg.extract.rel_honours import Honours
from kg.extract.rel_policies import Policies
from kg.extract.rel_progress import Progress
from kg.extract.rel_reading import Clause, Reading, Sharing
from kg.extract.rel_settling import Settling
from kg.extract.rel_sites import Sites
from kg.extract.rel_wholes import Wholes
from kg.model import Predicate, Relation, Span
from kg.patterns import compiled

#: what in it tells that the report's own area does something
_OWN_DEED = compiled(r"(?:我|全|本)[省市区县州]|市委|市政府|区委|区政府|县委|县政府")
#: what tells how things are, and not what to do
_STUDY = listed(r"{study-noun}[》”]$")
#: the rules that an extraction can leave out (:mod:`kg.extract.rules`)
RULES: Final = {
    "relations.wholes": "what a name says of the whole: phases, members, places named with the one around them",
    "relations.members": "what a report says to consist of several things: each is part of it",
    "relations.prefixes": "a name that opens with another thing's name lies in it, is part of it or run by it",
    "relations.sites": "what a district, zone or park builds lies there",
    "relations.named_policies": "a policy that the report names and gives to nobody else is its own area's",
    "relations.learned": "what the own area adopts, receives and hosts is weighed by learnt traits, too",
    "relations.topics": "what comes in a sentence that opens with a zone or park comes there",
    "relations.status": "how far a project has come, from the verbs before and behind it",
    "relations.unsaid_status": "a project of which no verb says it is underway in the review, planned in the plan",
}


class Relator(Sharing):
    """Reads all relations of a report, clause by clause."""

    def __init__(self, resolver: Resolver, *, without: Collection[str] = ()) -> None:
        super().__init__(Reading(resolver, without=without))
        self.wholes = Wholes(self.reading)
        self.honours = Honours(self.reading)
        self.events = Events(self.reading)
        self.settling = Settling(self.reading)
        self.sites = Sites(self.reading)
        self.policies = Policies(self.reading)
        self.progress = Progress(self.reading)

    def run(self, scenes: list[Scene]) -> list[Relation]:
        """All relations of the report; sets the status of projects on the way."""
        self._post()
        if "relations.wholes" not in self.without:
            self.wholes.named()
        if "relations.prefixes" not in self.without:
            self.wholes.prefixes()
            self.wholes.run_by()
        named: list[tuple[Clause, Candidate]] = []
        for scene in scenes:
            hosting: Draft | None = None
            topic = self.events.topic(scene)
            explained = self.wholes.explains(scene)
            if "relations.members" not in self.without:
                self.wholes.consists(scene)
            site: Draft | None = None
            town: Draft | None = None
            self.reading.last = None
            for clause in clauses(scene):
                if not clause.candidates:  # no rule relates what has no name
                    hosting = None
                    site = site if self.sites.is_deed(clause) else None
                    if clause.row[0].kind in ("number", "word"):
                        self.reading.last = None
                    continue
                if "relations.status" not in self.without:
                    self.progress.status(clause)
                self.settling.settled(clause, topic)
                self.settling.there(clause)
                self.settling.sited(clause)
                if "relations.members" not in self.without:
                    self.wholes.summed(clause)
                if "relations.sites" not in self.without:
                    site = self.sites.built(clause, site)
                    town = self.sites.in_town(clause, town) if town else self.sites.town(clause)
                if explained and not _OWN_DEED.search(self.norm, clause.begin, clause.end):
                    hosting = None
                    self.policies.titled(clause)
                    continue  # of what others do, too
                self.honours.received(clause, topic)
                hosting = self.events.hosts(clause, hosting) or self.events.venue(clause)
                self.settling.joined(clause)
                self.settling.supports(clause)
                self.policies.adopts(clause)
                self.honours.go_on(clause)
                named += [(clause, c) for c in clause.candidates]
        self.policies.rest()
        if "relations.learned" not in self.without:
            self._weigh(named)
        if not {"relations.status", "relations.unsaid_status"} & set(self.without):
            self.progress.guess()
        return self.reading.relations()

    def _post(self) -> None:
        report = self.r.report
        if report.speaker and (span := report.header.get("speaker")) is not None:
            self.reading.state(self.r.find(report.speaker), Predicate.HOLDS_POST, self.r.own, span)

    def places(self, named: Iterable[tuple[Clause, Candidate]]) -> dict[tuple[Predicate, int], list[Place]]:
        """By predicate and thing (the id of its draft), where what the own area may adopt, receive or host is named."""
        ruled: dict[tuple[Predicate, int], str] = {}
        for (_, predicate, thing), (subject, _, _) in self.reading.found.items():
            if subject is self.r.own or (predicate, thing) not in ruled:
                ruled[predicate, thing] = OWN if subject is self.r.own else OTHER
        result: dict[tuple[Predicate, int], list[Place]] = {}
        for clause, c in named:
            draft = self.reading.draft(c)
            state = self.words.cue(clause.row[0].text, "higher-actor")
            higher = self.reading.is_of_higher(clause)
            for predicate in asked(draft):
                if higher or (predicate is Predicate.ADOPTS and (state or _STUDY.search(c.name))):
                    continue  # "国家|实施《…规划纲要》", "省政府|获评…", "《…调查报告》显示"
                if predicate is Predicate.RECEIVED and (self.honours.falls_short(c) or self.honours.of_others(c)):
                    continue
                key = predicate, id(draft)
                found = traits(self.words, clause, c, draft, predicate, ruled.get(key, NONE))
                result.setdefault(key, []).append(
                    Place(draft, Span(clause.begin, clause.end), ruled.get(key, NONE), found)
                )
        return result

    def _weigh(self, named: Iterable[tuple[Clause, Candidate]]) -> None:
        """State of the own area what the learnt weights speak for, and leave out what they speak against."""
        own, known = self.r.own, weights()
        if own is None:
            return
        for (predicate, thing), places in self.places(named).items():
            least = MARGIN if places[0].ruled == NONE else -MARGIN
            spans = [place.span for place in places if sum([known.get(trait, 0.0) for trait in place.traits]) > least]
            if not spans:
                self.reading.found.pop((id(own), predicate, thing), None)
            elif places[0].ruled == NONE:
                for span in spans:
                    self.reading.state(own, predicate, places[0].draft, span)
                if predicate is Predicate.RECEIVED:
                    self.honours.granted(places[0].draft, spans[0])


def clauses(scene: Scene) -> Iterator[Clause]:
    """The clauses of a sentence, in order."""
    row = scene.row
    ends = [k for k, u in enumerate(row) if u.kind == "stop" and u.text in ",，;；。:：!?！？"]
    ends.append(len(row))
    spans = [(c.span.begin, c.span.end, c) for c in scene.candidates]
    begin = 0
    for end in ends:
        if begin < end:
            first, last = row[begin].begin, row[end - 1].end
            inside = [c for start, stop, c in spans if first <= start and stop <= last]
            yield Clause(scene, first, last, row[begin:end], inside)
        begin = end + 1
