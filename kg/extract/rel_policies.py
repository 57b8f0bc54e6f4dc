"""Who adopts which policy."""

from __future__ import annotations

from kg.extract.drafts import Draft
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate
from kg.extract.names.learned import LEARNED
from kg.extract.rel_reading import DOERS, Clause, Reading, Sharing
from kg.model import EntityClass as C
from kg.model import Part, Predicate, Span
from kg.patterns import compiled

#: campaigns that are called works: "“强师工程”"
_CAMPAIGN = compiled(r"^[“\"].+(?:工程|行动|计划)[”\"]?$|[”\"](?:工程|行动|计划)$")
#: what closes the name of a plan that is one without its verb
_PLAN = listed(r"(?:{plan-noun}|\d条)[”》\"]?$")
#: what is not to be done
_SHUN = compiled(r"不搞|杜绝|反对|力戒|严禁")
#: how the name of a body of the state, and of the province, begins
_OF_STATE, _OF_PROVINCE = compiled(r"国家|国务院|中央|党中央|全国"), compiled(r"省|自治区")


class Policies(Sharing):
    """Finds ``adopts``."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        #: policies that no verb of putting into practice governs
        self.idle: list[Candidate] = []

    def adopts(self, clause: Clause) -> None:
        """Who carries out the policies of a clause; what is only named in it waits for :meth:`rest`."""
        policies = [
            c
            for c in clause.candidates
            if c.rule != LEARNED  # not sure enough to say that an area carries it out
            and (C.POLICY in c.classes or _CAMPAIGN.search(c.name))
            and not self._building(clause, c)
            and not self.words.ending("guiding-idea").search(c.name)
            and not self._made(c)
        ]
        if not policies or self.words.cue(clause.row[0].text, "higher-actor") or self.reading.is_of_higher(clause):
            return
        for k, unit in self.reading.cues(clause, "adopt-verb"):
            after = [c for c in policies if c.span.begin >= unit.end]
            if not after and self.words.cue(unit.text, "begin-verb"):
                # "“退二进三”工作启动实施": the policy is the subject
                after = [c for c in policies if c.span.end <= unit.begin and c.span.begin - clause.begin <= 1]
            if not after:
                continue
            subject = self.reading.subject(clause, k) or self.r.own
            if subject is not None and not subject.has(C.ADMINISTRATIVE_AREA):
                if subject.has(C.ORGANIZATION) and self._is_higher(subject.name):
                    return  # "省委统战部、省工商联|出台《…》"
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
                self.reading.state(
                    possessor or subject,
                    Predicate.ADOPTS,
                    self.reading.draft(c),
                    Span(min(unit.begin, c.span.begin), max(unit.end, c.span.end)),
                )
            break
        if "relations.named_policies" not in self.without and clause.scene.part in (Part.REVIEW, Part.PLAN):
            self.idle += [c for c in policies if self._own_policy(clause, c)]

    def titled(self, clause: Clause) -> None:
        """What its title says to be the own area's: "根据|《东河区金融业发展“十三五”规划》"."""
        own = self.r.own
        if own is None or "relations.named_policies" in self.without:
            return
        names = tuple(filter(None, [*own.names, own.qualified]))
        for c in clause.candidates:
            if c.rule == "title" and c.name[1:].startswith(names) and self._own_policy(clause, c):
                self.reading.state(own, Predicate.ADOPTS, self.reading.draft(c), c.span)

    def _is_higher(self, body: str) -> bool:
        """Whether a body is of the state, or of the province in a report of what lies in it."""
        parts = self.r.report.area_parts
        province = bool(parts) and parts[-1].endswith(("省", "自治区"))
        return _OF_STATE.match(body) is not None or (not province and _OF_PROVINCE.match(body) is not None)

    def _made(self, c: Candidate) -> bool:
        """Whether a name is that of what is made, or of what there is: "美丽乡村", "僵尸企业"; or of nothing: "区"."""
        name = c.name.strip('“”‘’"')
        found = self.words.ending("no-policy").search(name) if c.rule != "title" else None
        campaign = found is not None and name[: found.start()].endswith("进")  # "戏曲进|乡村"
        return len(name) < 2 or (found is not None and not campaign)

    def _building(self, clause: Clause, c: Candidate) -> bool:
        """Whether what is called a plan is work on the ground: "河堤整治工程", "产业区规划|建设"."""
        if self._works_on(c):
            return True
        # "洪湖分蓄洪区东分块工程和…流域防洪排涝灌溉工程": what is listed with such work is such work
        if self._is_works(c) and any(self._works_on(other) for other in clause.candidates):
            return True
        if C.POLICY not in c.classes and (
            self.norm.startswith("建设", c.span.end)
            or self.reading.told([u for u in clause.row if u.begin >= c.span.end])
        ):
            return True
        return c.name.endswith("规划") and self.norm.startswith("建设", c.span.end)

    def _works_on(self, c: Candidate) -> bool:
        """Whether a name says itself that it is work on the ground: "河堤|整治工程"."""
        return self._is_works(c) and self.words.ending("building-work").search(c.name) is not None

    def _is_works(self, c: Candidate) -> bool:
        return C.PROJECT in c.classes and "quote" not in c.rule and c.name.endswith("工程")

    def _own_policy(self, clause: Clause, c: Candidate) -> bool:
        """Whether a policy is named as one that is carried out, whatever the verb: "围绕…", "通过…", "…成效明显"."""
        if (
            not (C.POLICY in c.classes or _CAMPAIGN.search(c.name))
            or self.reading.draft(c).has(*DOERS, C.HONOUR, C.EVENT)
            or not _PLAN.search(c.name)
        ):
            return False
        k = next((k for k, u in enumerate(clause.row) if u.end > c.span.begin), 0)
        before = clause.row[k - 1].text if k else ""
        if _SHUN.search(self.norm, clause.begin, c.span.begin):
            return False
        if self.words.cue(before, "not-adopted") or (c.rule == "title" and self.words.cue(before, "work-of-art")):
            return False
        following = next((u.text for u in clause.row if u.begin >= c.span.end), "")
        if self.words.cue(following, "plan-aim"):
            return False
        return not ("quote:verb" in c.rule and self.words.cue(following, "not-policy-tail"))

    def rest(self) -> None:
        """What the report names as a policy and gives to nobody else is its own area's."""
        adopted = {id(policy) for (_, p, _), (_, policy, _) in self.reading.found.items() if p is Predicate.ADOPTS}
        for c in self.idle:
            draft = self.reading.draft(c)
            if id(draft) not in adopted:
                self.reading.state(self.r.own, Predicate.ADOPTS, draft, c.span)

    def _possessor(self, clause: Clause, c: Candidate) -> Draft | None:
        """The area whose policy it is, named right before it: "广州|“中调”、“南拓”战略"."""
        before = clause.before(c.span.begin)
        if before is None or before.kind != "word":
            return None
        draft = self.r.find(before.text)
        return draft if draft is not None and draft.has(C.ADMINISTRATIVE_AREA) else None
