"""Relations between entities and the status of projects, from the clauses that state them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from kg.extract.chunks import Unit
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.resolve import Draft, Resolver
from kg.model import EntityClass as C
from kg.model import Part, Predicate, Relation, Span, Status

_PLACES = (C.ADMINISTRATIVE_AREA, C.ZONE, C.PARK)
_SELF = re.compile(r"^(?:我[区市县省州旗]|全[区市县省州旗]|本[区市县省])?$")

#: the rules that an extraction can leave out (:mod:`kg.extract.rules`)
RULES: Final = {
    "relations.wholes": "what a name says of the whole: phases, members, places named with the one around them",
    "relations.prefixes": "a name that opens with another thing's name lies in it or is part of it",
    "relations.topics": "what comes in a sentence that opens with a zone or park comes there",
    "relations.status": "how far a project has come, from the verbs before and behind it",
}


@dataclass(slots=True)
class Clause:
    """A stretch between two commas or stronger marks, with the candidates in it."""

    scene: Scene
    span: Span
    row: list[Unit]
    candidates: list[Candidate]


class Relator:
    """Collects the relations of one report."""

    def __init__(self, resolver: Resolver, *, without: Collection[str] = ()) -> None:
        self.without = without
        self.r = resolver
        self.words = resolver.words
        self.text = resolver.report.text
        self.norm = resolver.norm
        self.found: dict[tuple[int, Predicate, int], tuple[Draft, Draft, set[Span]]] = {}

    def state(self, subject: Draft | None, predicate: Predicate, object_: Draft | None, span: Span) -> None:
        """Note a relation; one of a thing to itself is none."""
        if subject is None or object_ is None or subject is object_:
            return
        key = (id(subject), predicate, id(object_))
        self.found.setdefault(key, (subject, object_, set()))[2].add(span)

    def relations(self) -> list[Relation]:
        """What was found, in the order in which it stands."""
        result = [
            Relation(s.name, p, o.name, tuple(sorted(spans)))
            for (_, p, _), (s, o, spans) in self.found.items()
            if s.name != o.name
        ]
        return sorted(result, key=lambda x: (x.mentions[0], x.subject, x.predicate.value, x.object))

    def draft(self, candidate: Candidate) -> Draft:
        return self.r.of[id(candidate)]

    # the main path ----------------------------------------------------------------------------------------------

    def run(self, scenes: list[Scene]) -> list[Relation]:
        """All relations of the report; sets the status of projects on the way."""
        self._post()
        if "relations.wholes" not in self.without:
            self._wholes()
        if "relations.prefixes" not in self.without:
            self._prefixes()
        for scene in scenes:
            hosting: Draft | None = None
            for clause in clauses(scene):
                if "relations.status" not in self.without:
                    self._status(clause)
                self._received(clause)
                hosting = self._hosts(clause, hosting) or self._venue(clause)
                self._settled(clause, self._topic(scene))
                self._supports(clause)
                self._adopts(clause)
        return self.relations()

    # from names and header ----------------------------------------------------------------------------------------

    def _post(self) -> None:
        report = self.r.report
        if report.speaker and (span := report.header.get("speaker")) is not None:
            self.state(self.r.find(report.speaker), Predicate.HOLDS_POST, self.r.own, span)

    def _wholes(self) -> None:
        drafts = self.r.unique()
        still = {id(draft) for draft in drafts}
        for draft in drafts:
            for whole, span in draft.wholes:
                # the whole may have turned out to be another name of something else since
                known = whole if id(whole) in still else self.r.find(whole.name)
                self.state(draft, Predicate.PART_OF, known, span)

    def _prefixes(self) -> None:
        """A name that opens with another thing's name lies in it or is part of it."""
        by_name: dict[str, Draft] = {}
        for draft in self.r.unique():
            for name in [*draft.names, *draft.aliases]:
                by_name.setdefault(name, draft)
        for draft in self.r.unique():
            if draft.has(C.POLICY, C.HONOUR, C.EVENT, C.PERSON) or draft.own_area:
                continue
            name = draft.name
            for n in range(len(name) - 1, 1, -1):
                whole = by_name.get(name[:n])
                if whole is None or whole is draft or whole.own_area or whole.has(C.POLICY, C.EVENT, C.HONOUR):
                    continue
                if any(w is whole for w, _ in draft.wholes):
                    break
                span = min(draft.spans)
                if whole.has(C.ADMINISTRATIVE_AREA) and not whole.has(C.ZONE):
                    if (
                        self.words.ending("town-level").search(whole.name)
                        and not draft.has(C.ADMINISTRATIVE_AREA)
                        and not name[n:].startswith("改造")
                    ):
                        self.state(draft, Predicate.LOCATED_IN, whole, span)
                    elif draft.has(C.ADMINISTRATIVE_AREA) and not draft.has(C.FACILITY):
                        self.state(draft, Predicate.PART_OF, whole, span)
                elif (
                    (draft.has(C.ZONE) and whole.has(C.ZONE))
                    or (draft.has(C.PARK) and whole.has(C.PARK))
                    or name.endswith("段")
                    or (
                        whole.has(C.FACILITY, C.PARK, C.PROJECT)
                        and "known" not in whole.rules
                        and draft.has(C.FACILITY, C.PROJECT)
                        and self.words.ending("part-of-work").search(name[n:])
                    )
                ):
                    self.state(draft, Predicate.PART_OF, whole, span)
                elif whole.has(C.ZONE, C.PARK) and self._headed(name[:n]) and draft.has(C.PARK, C.FACILITY):
                    self.state(draft, Predicate.LOCATED_IN, whole, span)
                break

    def _headed(self, name: str) -> bool:
        """Whether a name closes with the head of a zone or park."""
        head = self.words.heads.closing(name)
        return head is not None and bool(head.classes & {C.ZONE, C.PARK})

    # from clauses -------------------------------------------------------------------------------------------------

    def _cues(self, clause: Clause, cue: str) -> Iterator[tuple[int, Unit]]:
        for k, unit in enumerate(clause.row):
            text = unit.text
            # "全面实施", "贯彻落实": the verb is the second half of a word of four characters
            if unit.kind in ("verb", "word", "function") and (
                self.words.cue(text, cue) or (len(text) == 4 and self.words.cue(text[2:], cue))
            ):
                yield k, unit

    def _subject(self, clause: Clause, k: int) -> Draft | None:
        """Who does what the verb at unit ``k`` says: a name before it, or the report's own area where none is said."""
        before = clause.row[:k]
        names = [c for c in clause.candidates if c.span.end <= clause.row[k].begin]
        lead = "".join(u.text for u in before)
        if lead.startswith("被"):
            return self.r.own
        plain = "".join(
            u.text
            for u in before
            if u.kind not in ("function", "number")
            and not u.tag.startswith(("d", "p"))
            and not self.words.cue(u.text, "again")
        )
        if names:
            draft = self.draft(names[0])
            if draft.has(C.ADMINISTRATIVE_AREA, C.ORGANIZATION, C.ZONE, C.PARK, C.FACILITY):
                return draft
            return None
        own = {*self.r.own.names, *self.r.own.aliases} if self.r.own is not None else set()
        if (
            not plain
            or plain in own
            or _SELF.match(plain)
            or re.match(r"^(我们|我[区市县省]|全[区市县省]|本[区市县])", lead)
        ):
            return (
                self.r.own if not re.search(r"(个|名|位|家)(社区|街道|镇|村|企业|单位|学校|人)|所有|各", lead) else None
            )
        return None

    def _received(self, clause: Clause) -> None:
        honours = [c for c in clause.candidates if C.HONOUR in c.classes and "honour" in c.rule]
        if not honours:
            return
        for k, unit in self._cues(clause, "receive-verb"):
            if self.words.cue(unit.text, "strive-verb"):
                continue
            after = [c for c in honours if c.span.begin >= unit.end]
            if not after:
                continue
            subject = self._subject(clause, k)
            if subject is None:
                continue
            for c in after:
                self.state(subject, Predicate.RECEIVED, self.draft(c), Span(min(unit.begin, c.span.begin), c.span.end))
                self._granted(clause, c)
            break

    def _granted(self, clause: Clause, honour: Candidate) -> None:
        """The grantor, where the name opens with an organisation: "国务院督查激励", "联合国…奖"."""
        for org in ("国务院", "联合国"):
            if honour.name.startswith(org):
                grantor = self.r.create(
                    org, {C.ORGANIZATION}, Span(honour.span.begin, honour.span.begin + len(org)), "grantor"
                )
                self.state(self.draft(honour), Predicate.GRANTED_BY, grantor, honour.span)

    def _hosts(self, clause: Clause, hosting: Draft | None) -> Draft | None:
        """Who holds the events of a clause; returned so that a list that runs on in the next clause has it, too."""
        events = [c for c in clause.candidates if C.EVENT in c.classes and "session" not in c.rule]
        if not events:
            return None
        if "赛区" in clause.span.quote(self.norm):
            for c in events:
                self.state(self.r.own, Predicate.HOSTS, self.draft(c), c.span)
            return self.r.own
        if hosting is not None and events[0].span.begin - clause.span.begin <= 1:
            for c in events:
                self.state(hosting, Predicate.HOSTS, self.draft(c), c.span)
            return hosting
        for k, unit in self._cues(clause, "host-verb"):
            after = [c for c in events if c.span.begin >= unit.end]
            if not after:
                continue
            subject = self._subject(clause, k) or self.r.own
            if subject is not None and not subject.has(C.ADMINISTRATIVE_AREA, C.ZONE):
                subject = self.r.own
            for c in after:
                self.state(subject, Predicate.HOSTS, self.draft(c), Span(unit.begin, c.span.end))
            return subject
        return None

    def _topic(self, scene: Scene) -> Draft | None:
        """The zone or park that a sentence opens with: what comes in its later clauses comes there."""
        first = scene.candidates[0] if scene.candidates else None
        if "relations.topics" in self.without or first is None or first.span.begin - scene.row[0].begin > 1:
            return None
        draft = self.draft(first)
        return draft if draft.has(C.ZONE, C.PARK) and not draft.has(C.ORGANIZATION, C.ENTERPRISE) else None

    def _venue(self, clause: Clause) -> Draft | None:
        """ "琶洲地区举办的展会…": the place whose events the following clauses list."""
        m = re.search(r"(?:举办|承办)的(?:展会|活动|赛事|会议|展览)", clause.span.quote(self.norm))
        if m is None or not clause.candidates or clause.candidates[0].span.end > clause.span.begin + m.start():
            return None
        draft = self.draft(clause.candidates[0])
        return draft if draft.has(C.ZONE, C.ADMINISTRATIVE_AREA) else None

    def _settled(self, clause: Clause, topic: Draft | None) -> None:
        """Who comes: enterprises and bodies before 进驻, 落户, … or behind 引进; what 落地 is said of lies there."""
        comers = [c for c in clause.candidates if c.classes & {C.ENTERPRISE, C.ORGANIZATION} and "known" not in c.rule]
        comers += [c for c in clause.candidates if "known" in c.rule and C.ENTERPRISE in c.classes]
        if not comers:
            return
        for _, unit in self._cues(clause, "settle-verb"):
            bring = unit.text.endswith(("引进", "引入"))
            chosen = [c for c in comers if (c.span.begin >= unit.end if bring else c.span.end <= unit.begin)]
            if not chosen:
                continue
            place = None
            if not bring:
                place = next(
                    (
                        c
                        for c in clause.candidates
                        if c.span.begin >= unit.end and self.draft(c).has(*_PLACES) and C.ENTERPRISE not in c.classes
                    ),
                    None,
                )
            target = self.draft(place) if place is not None else (topic or self.r.own)
            for c in chosen:
                enterprise = C.ENTERPRISE in c.classes or not self.words.cue(unit.text, "lands-verb")
                predicate = Predicate.SETTLED_IN if enterprise else Predicate.LOCATED_IN
                span = Span(min(unit.begin, c.span.begin), max(unit.end, c.span.end))
                self.state(self.draft(c), predicate, target, span)
            break
        # "跟踪A、B、C等总部项目建设": whose headquarters is to be built is to come
        for c in comers:
            if any(f"list:{w}" in c.rule.split("+") for w in self.words.cues["headquarters"]):
                self.state(self.draft(c), Predicate.SETTLED_IN, self.r.own, c.span)

    def _supports(self, clause: Clause) -> None:
        for _, unit in self._cues(clause, "support-verb"):
            after = [c for c in clause.candidates if c.span.begin >= unit.end and C.ADMINISTRATIVE_AREA in c.classes]
            wholes = {id(w) for c in after for w, _ in self.draft(c).wholes}
            for c in after:
                if id(self.draft(c)) not in wholes:
                    self.state(self.r.own, Predicate.SUPPORTS, self.draft(c), Span(unit.begin, c.span.end))
            if after:
                break

    def _adopts(self, clause: Clause) -> None:
        policies = [c for c in clause.candidates if C.POLICY in c.classes]
        if not policies:
            return
        for k, unit in self._cues(clause, "adopt-verb"):
            after = [c for c in policies if c.span.begin >= unit.end]
            if not after and self.words.cue(unit.text, "begin-verb"):
                # "“退二进三”工作启动实施": the policy is the subject
                after = [c for c in policies if c.span.end <= unit.begin and c.span.begin - clause.span.begin <= 1]
            if not after:
                continue
            subject = self._subject(clause, k) or self.r.own
            if subject is not None and not subject.has(C.ADMINISTRATIVE_AREA):
                subject = self.r.own
            possessor = self._possessor(clause, after[0])
            for c in after:
                following = next((u.text for u in clause.row if u.begin == c.span.end), "")
                if "quote:verb" in c.rule and self.words.cue(following, "not-policy-tail"):
                    continue
                own = self._possessor(clause, c)
                if own is not None:
                    possessor = own
                elif c.rule == "title" or c.rule == "plan":
                    possessor = None
                self.state(
                    possessor or subject,
                    Predicate.ADOPTS,
                    self.draft(c),
                    Span(min(unit.begin, c.span.begin), max(unit.end, c.span.end)),
                )
            break

    def _possessor(self, clause: Clause, c: Candidate) -> Draft | None:
        """The area whose policy it is, named right before it: "广州|“中调”、“南拓”战略"."""
        before = next((u for u in clause.row if u.end == c.span.begin), None)
        if before is None or before.kind != "word":
            return None
        draft = self.r.find(before.text)
        return draft if draft is not None and draft.has(C.ADMINISTRATIVE_AREA) else None

    # status of projects -------------------------------------------------------------------------------------------

    def _status(self, clause: Clause) -> None:
        """Who is built is a project; how far it has come is said by the verb before it or the predicate behind it."""
        plan = clause.scene.part is Part.PLAN
        for c in clause.candidates:
            draft = self.draft(c)
            if (
                not draft.has(C.PROJECT, C.FACILITY, C.PARK, C.ZONE, C.ORGANIZATION)
                or draft.own_area
                or draft.has(C.HONOUR, C.ADMINISTRATIVE_AREA)
                or (draft.has(C.POLICY) and not draft.has(C.PROJECT))
                or "known" in draft.rules
            ):
                continue
            verb = self._verb_before(clause, c)
            behind = self._behind(clause, c)
            status = self._stage(verb, behind, plan)
            if status is None:
                continue
            works = verb and self.words.cue(verb[-1], "works-verb")
            built = (
                any(self.words.cue(t, "complete-verb") or self.words.cue(t, "underway-verb") for t in behind)
                or "建设" in behind
            )
            raised = any(self.words.cue(v, "raise-verb") for v in verb[-1:]) or behind[:1] == ["建设"]
            if (
                draft.has(C.PROJECT)
                or raised
                or ((works or built) and draft.has(C.FACILITY, C.PARK))
                or (built and draft.has(C.ORGANIZATION))
            ):
                draft.classes.add(C.PROJECT)
                draft.statuses.append((c.span, status))

    def _verb_before(self, clause: Clause, c: Candidate) -> list[str]:
        """The verbs (one or two, in order) that govern a candidate, past the members of its list."""
        verbs: list[str] = []
        for unit in reversed([u for u in clause.row if u.end <= c.span.begin]):
            if unit.kind == "verb" or (unit.kind == "word" and self.words.cue(unit.text, "works-verb")):
                verbs.insert(0, unit.text)
                if len(verbs) == 2:
                    break
            elif verbs:
                break
        return verbs

    def _behind(self, clause: Clause, c: Candidate) -> list[str]:
        """The words behind a candidate up to the end of its clause."""
        return [u.text for u in clause.row if u.begin >= c.span.end and u.kind in ("verb", "word")]

    def _stage(self, verb: list[str], behind: list[str], plan: bool) -> Status | None:
        w = self.words
        if plan:
            if any(w.cue(v, "going-verb") for v in verb):
                return Status.UNDERWAY
            if any(w.cue(v, "works-verb") for v in verb):
                return Status.PLANNED
            if any(w.cue(t, "complete-verb") or w.cue(t, "underway-verb") for t in behind):
                return Status.PLANNED
            return None
        for text in reversed(behind):
            if w.cue(text, "complete-verb"):
                return Status.COMPLETED
            if w.cue(text, "underway-verb"):
                return Status.UNDERWAY
        if any(w.cue(v, "going-verb") for v in verb):
            return Status.UNDERWAY
        if verb and w.cue(verb[-1], "done-verb"):
            return Status.COMPLETED
        return Status.UNDERWAY if any(w.cue(v, "underway-verb") for v in verb) else None


def clauses(scene: Scene) -> Iterator[Clause]:
    """The clauses of a sentence, in order."""
    row: list[Unit] = []

    def close() -> Clause | None:
        if not row:
            return None
        span = Span(row[0].begin, row[-1].end)
        inside = [c for c in scene.candidates if c.span in span]
        return Clause(scene, span, list(row), inside)

    for unit in scene.row:
        if unit.kind == "stop" and unit.text in ",，;；。:：!?！？":
            if (clause := close()) is not None:
                yield clause
            row.clear()
        else:
            row.append(unit)
    if (clause := close()) is not None:
        yield clause
