"""What a district, zone or park of the area builds, which lies there: "永康|建设|国家林草装备科技创新园"."""

from __future__ import annotations

from kg.extract.chunks import Unit
from kg.extract.drafts import Draft
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate
from kg.extract.rel_events import AT
from kg.extract.rel_reading import LIST, STRIVING, Clause, Sharing
from kg.extract.rel_wholes import PLACES
from kg.model import EntityClass as C
from kg.model import Predicate, Span
from kg.patterns import compiled

#: what lies where it was built
_BUILT = (C.PROJECT, C.FACILITY, C.PARK, C.ZONE, C.ORGANIZATION)
#: a zone that lies within a district, and is not what that is to become: "城南新区", not "公园城市示范区"
_INNER = listed(r"{inner-zone}$")
#: what is only a rank of the place itself: "创建|4A级风景区"
_RANK = listed(r"\d?A级|{rank-lead}")
#: what a place is in the region around it: "川北省域经济副中心"
_BECOME = listed(r"{place-role}$")


#: what no town has for itself
_THROUGH = listed("(?:{through-thing})(?:工程|治理|改造)*$")
#: what a county or district consists of
_TOWN = compiled(r"(?:街道|镇|乡)$")


class Sites(Sharing):
    """Finds ``locatedIn`` for what a place within the area builds."""

    def built(self, clause: Clause, site: Draft | None = None) -> Draft | None:
        """What a place builds lies there, also what it is helped to build: "支持|麻章|建设|朝南路".

        ``site`` is the place that the clauses before are about: what is built in a clause that names nobody who
        builds lies there, too.  Returns the place that the next clause is about.
        """
        place, verb = self._at(clause)
        is_at = place is not None
        if place is None:
            first = next((c for c in clause.candidates if not c.nested), None)
            if first is not None and self._opens(clause, first):
                place = first
                verb = self.reading.builds(clause, first.span.end)
        if place is not None:
            where = self.reading.draft(place)
            begin = place.span.begin
            site = where if is_at or self._is_subject(clause, place) else None
        elif site is not None and self.is_deed(clause):  # ",|加快|规划|建设|临空产业园"
            where, begin, verb = site, clause.begin, self.reading.builds(clause, clause.begin)
        else:
            return None
        if verb is None:
            return site
        for c in clause.candidates:
            if c.nested or c.span.begin < verb.end:
                continue
            if self.reading.builds(clause, c.span.end) is not None:
                break  # "…区创建…、|高新区|创建…": another builds what follows
            if self._lies(clause, c, where, verb):
                self.reading.state(self.reading.draft(c), Predicate.LOCATED_IN, where, Span(begin, c.span.end))
        return site

    def town(self, clause: Clause) -> Draft | None:
        """The town that a sentence is about, where its first clause names nothing else: "航城街道|美丽蝶变,…"."""
        if clause.begin != clause.scene.row[0].begin:
            return None
        place = clause.candidates[0]
        draft = self.reading.draft(place)
        alone = len(clause.candidates) == 1 and place.span.begin == clause.begin and place.span.end < clause.end
        if not alone or not draft.has(C.ADMINISTRATIVE_AREA) or draft.own_area:
            return None
        behind = next((unit for unit in clause.row if unit.begin >= place.span.end), None)
        listed_on = behind is None or behind.kind in LIST
        return draft if not listed_on and _TOWN.search(place.name) is not None else None

    def in_town(self, clause: Clause, town: Draft) -> Draft | None:
        """What such a sentence goes on with lies there, until it names another place."""
        drafts = [(c, self.reading.draft(c)) for c in clause.candidates if not c.nested]
        if any(draft.has(C.ADMINISTRATIVE_AREA) for _, draft in drafts):
            return None
        for c, draft in drafts:
            through = self.words.ending("route-head").search(c.name) is not None or _THROUGH.search(c.name) is not None
            if through or self._is_reached(clause, c):
                continue
            if draft.has(C.PROJECT, C.FACILITY, C.PARK) and not draft.has(C.HONOUR, C.POLICY, C.ENTERPRISE):
                self.reading.state(draft, Predicate.LOCATED_IN, town, c.span)
        return town

    def _is_reached(self, clause: Clause, c: Candidate) -> bool:
        """Whether a thing is only named beside the place: "对接|港珠澳大桥"."""
        before = clause.before(c.span.begin)
        return before is not None and any(self.words.cue(before.text, cue) for cue in ("named-before", "named-with"))

    def _is_subject(self, clause: Clause, place: Candidate) -> bool:
        """Whether a clause is about the place that it opens with: "锦州开发区|要|立足…"; not "…产业园|加快|建设"."""
        if place.span.begin > clause.begin:
            return False
        said = False
        for unit in clause.row:
            if unit.begin < place.span.end:
                continue
            if unit.kind == "verb" or unit.text == "要":
                said = True
            elif unit.kind != "function" and not unit.tag.startswith(("d", "a")):
                return said and unit.kind in ("word", "number", "quote") and unit.text not in self.words.tail
        return False

    def is_deed(self, clause: Clause) -> bool:
        """Whether a clause opens with what is done, and names nobody who does it."""
        for unit in clause.row:
            if unit.kind == "verb" or self.words.cue(unit.text, "works-verb"):
                return True
            if unit.kind != "function" and not unit.tag.startswith(("d", "a")):
                return False
        return False

    def _at(self, clause: Clause) -> tuple[Candidate | None, Unit | None]:
        """The place behind 在, with the verb by which something is built there: "在|水乡地区|建设|…产业园"."""
        for c in clause.candidates:
            before = clause.before(c.span.begin)
            where = self.reading.draft(c)
            if c.nested or before is None or before.text not in AT or where.own_area or not where.has(*PLACES):
                continue
            verb = self.reading.builds(clause, c.span.end, "there-verb")
            if verb is not None:
                return c, verb
        return None, None

    def _lies(self, clause: Clause, c: Candidate, where: Draft, verb: Unit) -> bool:
        """Whether what is built is a thing at one place, and not what the place becomes by it."""
        draft = self.reading.draft(c)
        if not draft.has(*_BUILT) or draft.has(C.ADMINISTRATIVE_AREA, C.HONOUR, C.POLICY, C.ENTERPRISE):
            return False
        if self.words.ending("route-head").search(c.name) is not None or not self._ends(clause, c):
            return False
        if draft.has(C.ZONE) and not draft.has(C.PARK, C.FACILITY):
            if where.has(C.ADMINISTRATIVE_AREA):
                return _INNER.search(c.name) is not None
            if verb.text in STRIVING:
                return False
        if any(c.name.endswith(name) for name in where.names) or _BECOME.search(c.name) is not None:
            return False
        return verb.text not in STRIVING or _RANK.match(c.name) is None

    def _opens(self, clause: Clause, place: Candidate) -> bool:
        """Whether a clause begins with a place within the area, or with who helps it."""
        draft = self.reading.draft(place)
        if not draft.has(*PLACES) or draft.own_area or draft.has(C.ENTERPRISE):
            return False
        lead = [u for u in clause.row if u.end <= place.span.begin]
        return not lead or (len(lead) == 1 and self.words.cue(lead[0].text, "helped-verb"))

    def _ends(self, clause: Clause, c: Candidate) -> bool:
        """Whether a name is all that its place in a list holds: not "长江|中上游…中心城市"."""
        unit = next((u for u in clause.row if u.begin >= c.span.end), None)
        return unit is None or unit.kind in LIST or unit.text in self.words.tail
