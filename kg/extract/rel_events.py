"""Who hosts which event, and where it takes place."""

from __future__ import annotations

from itertools import product

from kg.extract.drafts import Draft
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.learned import LEARNED
from kg.extract.rel_reading import Clause, Sharing
from kg.model import EntityClass as C
from kg.model import Predicate, Span
from kg.patterns import compiled

_VENUE = listed(r"(?:举办|承办)的{held-noun}")
#: what sums up a list of events
_SUMMED = listed(r"等(?:一批|系列|\d+[项场个次])?[^,，、。;；]{0,6}?{event-kind}")
#: behind events, that they are held there: "获得亚青会|举办权", "成为西博会等知名展会|定点举办地"
_HOST_OF = listed(r"(?:等[^，。；、]{0,6}?)?的?{venue-manner}?(?:[举承主]办(?:权|地|城市)|永久会址)")
#: what is held by none but the nation: "中国共产党第二十次全国代表大会"
_NATIONAL = compiled(r"中国共产党|党的|全国人民代表大会|全国人大|全国两会|中央")
#: before a place where something is held or done
AT = frozenset(("在", "于", "到", "赴"))
#: an event that opens with a county or a town, and which one of its row it is
_WHOSE_EVENT = compiled(r"([\u4e00-\u9fff]{2,5}?[市县区旗镇])(?=第[一二三四五六七八九十\d]+届|首届)")
#: how far down a place is by the last character of its name: a county hosts the games of the city above it
_DEPTH = {"省": 0, "市": 1, "州": 1, "盟": 1, "区": 2, "县": 2, "旗": 2, "镇": 3}


class Events(Sharing):
    """Finds ``hosts``, and ``locatedIn`` for what is held away from home."""

    def hosts(self, clause: Clause, hosting: Draft | None) -> Draft | None:
        """Who holds the events of a clause; returned so that a list that runs on in the next clause has it, too."""
        events = [
            c
            for c in clause.candidates
            if C.EVENT in c.classes and "session" not in c.rule and not _NATIONAL.match(c.name)
        ]
        if not events:
            return None
        if "赛区" in self.norm[clause.begin : clause.end]:
            for c in events:
                if c.rule != LEARNED:  # rather what belongs to the games
                    self.reading.state(self.r.own, Predicate.HOSTS, self.reading.draft(c), c.span)
            return self.r.own
        if hosting is not None and events[0].span.begin - clause.begin <= 1:
            for c in events:
                self.reading.state(hosting, Predicate.HOSTS, self.reading.draft(c), c.span)
            return hosting
        won = any(self.words.cue(u.text, "win-verb") for u in clause.row if u.end <= events[0].span.begin)
        if won and _HOST_OF.match(self.norm, events[-1].span.end):
            opening = clause.candidates[0]
            named = opening.span.begin == clause.begin and C.ADMINISTRATIVE_AREA in opening.classes
            for c in events:
                self.reading.state(
                    self.reading.draft(opening) if named else self.r.own, Predicate.HOSTS, self.reading.draft(c), c.span
                )
            return None
        staged = [c for c in events if C.POLICY not in c.classes and self._event(c)]
        for k, unit in (
            *self.reading.cues(clause, "host-verb"),
            *(self.reading.cues(clause, "stage-verb") if staged else ()),
        ):
            held = events if self.words.cue(unit.text, "host-verb") else staged
            after = [c for c in held if c.span.begin >= unit.end]
            if not after:
                continue
            subject = self.reading.subject(clause, k) or self.r.own
            venues = self._venues(clause, k)
            if venues or (subject is not None and not subject.has(C.ADMINISTRATIVE_AREA, C.ZONE)):
                subject = self.r.own
            for c, venue in product(after, venues):
                self.reading.state(self.reading.draft(c), Predicate.LOCATED_IN, venue, Span(unit.begin, c.span.end))
            for c in after:
                host = self._named_host(c) if subject is self.r.own and not unit.text.startswith(("承", "协")) else None
                self.reading.state(
                    host or subject, Predicate.HOSTS, self.reading.draft(c), Span(unit.begin, c.span.end)
                )
            return subject
        return self._taking_place(clause, events)

    def _named_host(self, c: Candidate) -> Draft | None:
        """Whose event it is by its name: "凌源市|第四届百合节"."""
        opening = _WHOSE_EVENT.match(c.name)
        host = self.r.find(opening[1]) if opening is not None else None
        own = self.r.own.name if self.r.own is not None else ""
        if host is None or host.own_area or not host.has(C.ADMINISTRATIVE_AREA) or not own:
            return None
        deeper = _DEPTH.get(host.name[-1], 3) > _DEPTH.get(own[-1], 0)
        return host if deeper or own[-1] == host.name[-1] == "市" else None  # a city of a county may be in one

    def _venues(self, clause: Clause, k: int) -> list[Draft]:
        """The other places where events are held: "在|上海、深圳|举办…洽谈会"."""
        names = [c for c in clause.candidates if c.span.end <= clause.row[k].begin]
        listed = self.reading.listed(clause, names, clause.row[k].begin) if names else []
        before = next((u for u in clause.row if listed and u.end == listed[0].span.begin), None)
        if before is None or before.text not in AT:
            return []
        return [d for d in map(self.reading.draft, listed) if d.has(C.ADMINISTRATIVE_AREA) and not d.own_area]

    def _event(self, c: Candidate) -> bool:
        """Whether a name closes with what tells an event: "…节", "…论坛"."""
        head = self.words.heads.closing(c.name)
        return head is not None and C.EVENT in head.classes

    def _taking_place(self, clause: Clause, events: list[Candidate]) -> Draft | None:
        """Who holds the events with which a clause opens: "…会议在桂林举办", "…节、…节等活动拉动明显"."""
        events = [c for c in events if "known" not in c.rule]
        if not events or any(
            u.end > clause.begin and u.kind != "function" for u in clause.row if u.end <= events[0].span.begin
        ):
            return None
        verb = next(
            (u for u in clause.row if u.begin >= events[-1].span.end and self.words.cue(u.text, "takes-place")), None
        )
        listed = _SUMMED.match(self.norm, events[-1].span.end)
        if verb is None and not listed:
            return None
        between = [
            c
            for c in clause.candidates
            if events[-1].span.end <= c.span.begin and (verb is None or c.span.end <= verb.begin)
        ]
        place = next(
            (self.reading.draft(c) for c in between if c.classes & {C.ADMINISTRATIVE_AREA, C.ZONE}), self.r.own
        )
        for c in events:
            self.reading.state(
                place, Predicate.HOSTS, self.reading.draft(c), Span(c.span.begin, verb.end if verb else c.span.end)
            )
        return place

    def topic(self, scene: Scene) -> Draft | None:
        """The zone or park that a sentence opens with: what comes in its later clauses comes there."""
        first = scene.candidates[0] if scene.candidates else None
        if "relations.topics" in self.without or first is None or first.span.begin - scene.row[0].begin > 1:
            return None
        draft = self.reading.draft(first)
        return draft if draft.has(C.ZONE, C.PARK) and not draft.has(C.ORGANIZATION, C.ENTERPRISE) else None

    def venue(self, clause: Clause) -> Draft | None:
        """ "琶洲地区举办的展会…": the place whose events the following clauses list."""
        m = _VENUE.search(self.norm, clause.begin, clause.end)
        if m is None or not clause.candidates or clause.candidates[0].span.end > m.start():
            return None
        draft = self.reading.draft(clause.candidates[0])
        return draft if draft.has(C.ZONE, C.ADMINISTRATIVE_AREA) else None
