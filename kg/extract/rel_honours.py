"""Who received which honour, and who granted it."""

from __future__ import annotations

from collections.abc import Iterable

from kg.extract.chunks import Unit
from kg.extract.drafts import Draft
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate
from kg.extract.names.entitled import is_ranked
from kg.extract.names.learned import LEARNED
from kg.extract.rel_events import AT
from kg.extract.rel_reading import DOERS, WE, Clause, Sharing
from kg.extract.rel_settling import LARGER
from kg.model import EntityClass as C
from kg.model import Part, Predicate, Span
from kg.patterns import compiled

#: what is awarded though its name says that it is planned
_CHOSEN = ("入选", "入围")
_PLANNED = listed("{planned-title}[”》]?$")
#: what has an honour itself, and how many have it that is not the area's own
_HAVING = listed("{honoured-kind}$")
_SO_MANY = compiled(r"[\d一二两三四五六七八九十]+[个家所件处户条名]")
#: what is less than an honour: "获|全国文明城市|提名"
_NOMINATED = compiled(r"(?:称号)?提名(?!奖)")
#: what precedes an honour: "国际湿地城市|创建通过国家林草局评估验收"
_EXAMINED = listed(r"创建(?:工作)?[^,，。;；]{0,4}通过[^,，。;；]{0,10}{exam-word}")
#: what ends an honour of zones and parks
_OF_ZONES = listed(r"{zone-honour-end}[”\"]?$")
#: each of the recipients has one of the honours
_EACH_OWN = compiled(r"分别|分获")
#: the ways by which an honour was found that may be received
_AS_HONOUR = compiled(rf"honour|title|known|^{LEARNED}$")
#: so many characters at the most between the verb and what only the network takes for an honour
_NEAR = 4
#: what is said of an honour that an area has got
_WON = listed("(?:称号)?{won-manner}*(?:{won-verb}|通过(?:国家|省)?{honour-review})")
_AGAIN = compiled(r"(?:称号)?[“\"]?(?:[二两三四五六七八九十\d]+连[冠创]|满堂红)")
#: what says in a plan that something has been
_WAS = compiled(r"被|已|去年|上年|^以|继")


class Honours(Sharing):
    """Finds ``received`` and ``grantedBy``."""

    def received(self, clause: Clause, topic: Draft | None = None) -> None:
        """Whose the honours of a clause are: of its subject, of who is awarded them, of the area if nobody is named.

        What is an honour of zones is that of the ``topic``, the zone with which the sentence opens.
        """
        honours = [c for c in clause.candidates if C.HONOUR in c.classes and _AS_HONOUR.search(c.rule)]
        if not honours:
            return
        self._passed(clause, honours)
        reached = self.reading.cues(clause, "reach-verb") if clause.scene.part is Part.REVIEW else ()
        for k, unit in (*self.reading.cues(clause, "receive-verb"), *reached):
            if self.reading.meant(clause, k):
                continue
            if clause.scene.part is Part.PLAN and not _WAS.search(self.norm, clause.begin, unit.end):
                continue  # what a plan says is yet to be: "创成全国文明城市"
            if self.words.cue(unit.text, "strive-verb") and not self._achieved(clause, k):
                continue
            after = [
                c
                for c in honours
                if c.span.begin >= unit.end
                # "云溪技术大学|入选|省特色高校提升计划"
                and (not _PLANNED.search(c.name) or (unit.text in _CHOSEN and c.name.endswith("计划")))
            ]
            after = [c for c in after if not self.falls_short(c)]
            if self.words.cue(unit.text, "reach-verb"):
                # "建成国家卫生城市", "建成国家现代农业产业园"; any other park is only built
                after = [c for c in after if c.classes == {C.HONOUR} or is_ranked(c)]
            if not after:
                continue
            grantor = self._grantor(clause, k, unit)
            passive = next((n for n, u in enumerate(clause.row[:k]) if u.text == "被"), None)
            told = self.reading.subjects(clause, passive) if passive is not None and grantor is not None else []
            if told:  # "黑山县|被|农业农村部|命名为…"
                subjects = told
            elif self.words.cue(unit.text, "grant-verb") and grantor is not None:
                given = [
                    self.reading.draft(c) for c in clause.candidates if unit.end <= c.span.begin < after[0].span.begin
                ]
                subjects = [d for d in given if d.has(*DOERS)][:1] or ([self.r.own] if self.r.own else [])
            else:
                subjects = self.reading.subjects(clause, k) or self._works(clause, unit)
            if not subjects:
                continue
            silent = (
                self.reading.last is not None
                and all(u.kind == "function" or self.words.cue(u.text, "again") for u in clause.row[:k])
                and not WE.match(self.norm, clause.begin)
            )
            stated = False
            for c in after:
                span = Span(min(unit.begin, c.span.begin), c.span.end)
                # "农高区投入…，获批国家农业科技园"; but what a city is called is not a park's
                of_areas = c.name.endswith(("市", "县", "区", "州"))
                goes_on = (
                    silent
                    and self.reading.last is not None
                    and (not of_areas or self.reading.last.name.endswith(("县", "区", "市")))
                )
                last = self.reading.last
                by = (self.reading.all_last or [last]) if goes_on and last is not None else subjects
                of_zone = topic is not None and subjects == [self.r.own] and _OF_ZONES.search(c.name) is not None
                if of_zone and topic is not None and not goes_on and not WE.match(self.norm, clause.begin):
                    by = [topic]  # 云山开发区新入驻企业17户,…,被省政府评为|全省先进开发区
                if LARGER.search(c.name) and self.words.cue(unit.text, "join-verb"):
                    # "铁仔山片区纳入|国家高新区": a part of it
                    by = [d for d in by if d is not None and not d.has(C.ZONE, C.PARK)]
                if c.rule == LEARNED:
                    by = [] if c.span.begin - unit.end > _NEAR else _others(by)
                if len(by) == len(after) > 1 and _EACH_OWN.search(self.norm, clause.begin, unit.end):
                    by = [by[after.index(c)]]  # "西樵山、皂幕山|分别|创建为国家5A、4A级景区"
                for subject in by:
                    if subject is self.r.own and self.of_others(c):
                        continue
                    self.reading.state(subject, Predicate.RECEIVED, self.reading.draft(c), span)
                    stated = True
                if by and grantor is not None:
                    self.reading.state(self.reading.draft(c), Predicate.GRANTED_BY, grantor, span)
                if by:
                    self.granted(self.reading.draft(c), c.span)
            if stated:
                return
        self._won(clause, honours)
        for c in honours:  # who gives it is told by its name, whoever has it
            if clause.scene.part is Part.REVIEW and c.rule != LEARNED:
                self.granted(self.reading.draft(c), c.span)

    def _works(self, clause: Clause, verb: Unit) -> list[Draft]:
        """A project that has something itself: "三岭山生态修复项目|获…奖"."""
        c = next((c for c in clause.candidates if c.span.end == verb.begin and not c.nested), None)
        if c is None or C.PROJECT not in c.classes:
            return []
        own = WE.fullmatch(self.norm, clause.begin, c.span.begin) is not None
        lead = [unit for unit in clause.row if unit.end <= c.span.begin]
        return [self.reading.draft(c)] if own or all(unit.kind == "function" for unit in lead) else []

    def _won(self, clause: Clause, honours: list[Candidate]) -> None:
        """What the own area is said to have by an honour that opens the clause, or that was won again and again.

        "国家卫生城市|成功创建", "实现|全国文明城市|“三连冠”".
        """
        if clause.scene.part is not Part.REVIEW:
            return
        for c in honours:
            if c.rule == LEARNED:
                continue
            opens = c.span.begin - clause.begin <= 1
            if (opens and _WON.match(self.norm, c.span.end, clause.end)) or _AGAIN.match(self.norm, c.span.end):
                self.reading.state(self.r.own, Predicate.RECEIVED, self.reading.draft(c), c.span)

    def _passed(self, clause: Clause, honours: list[Candidate]) -> None:
        """What is received by being examined for it: "丹徒经济开发区|通过|国家…试点园区|验收"."""
        if clause.scene.part is not Part.REVIEW:
            return
        for c in honours:
            k = next((k for k, u in enumerate(clause.row) if u.end == c.span.begin), None)
            if k is None or not self.words.cue(clause.row[k].text, "pass-verb") or self.reading.meant(clause, k):
                continue
            if self.words.pattern("examined").match(self.norm, c.span.end, clause.end):
                subjects = self.reading.subjects(clause, k)
                for subject in _others(subjects) if c.rule == LEARNED else subjects:
                    self.reading.state(subject, Predicate.RECEIVED, self.reading.draft(c), c.span)

    def falls_short(self, c: Candidate) -> bool:
        """Whether an honour is not had yet: "获|全国文明城市|提名", "国际湿地城市|创建通过…评估"."""
        end = c.span.end
        return _NOMINATED.match(self.norm, end) is not None or _EXAMINED.match(self.norm, end) is not None

    def of_others(self, c: Candidate) -> bool:
        """Whether an honour is one of villages that are counted: "创成|省级特色田园乡村|3个"; a prize is the area's."""
        return _HAVING.search(c.name) is not None and _SO_MANY.match(self.norm, c.span.end) is not None

    def _achieved(self, clause: Clause, k: int) -> bool:
        """Whether what is else striven for is reached: "成功|创建", "创建|为"."""
        row = clause.row
        return bool(k and row[k - 1].text == "成功") or (
            clause.scene.part is not Part.PLAN
            and (self.words.cue(row[k].text, "keep-verb") or (k + 1 < len(row) and row[k + 1].text in ("为", "成")))
        )

    def go_on(self, clause: Clause) -> None:
        """Keep with what a clause begins: the next one may say more of it."""
        begin = clause.candidates[0].span.begin
        first = max((c for c in clause.candidates if c.span.begin == begin), key=lambda c: c.span.end)
        if any(u.kind != "function" for u in clause.row if u.begin < begin):
            if clause.row[0].kind == "word":
                self.reading.last = None
            return
        if any(u.end == begin and u.text in AT for u in clause.row):
            return  # 云山高新区…,在|全国高新区|排名中…: of the one before
        draft = self.reading.draft(first)
        self.reading.all_last = []
        self.reading.last = draft if draft.has(*DOERS) and not draft.own_area else None
        # "中兴、迈瑞等12家企业,|摘取…": all of them
        drafts = [self.reading.draft(c) for c in self.reading.listed(clause, clause.candidates, clause.end)]
        if len(drafts) > 1 and drafts[0] is draft and all(d.has(*DOERS) and not d.own_area for d in drafts):
            self.reading.all_last = drafts

    def _grantor(self, clause: Clause, k: int, verb: Unit) -> Draft | None:
        """The named body that gives: "被|中国气象学会|评为", "中国气象学会|授予"."""
        passive = next((u for u in clause.row[:k] if u.text == "被"), None)
        if passive is None and not self.words.cue(verb.text, "grant-verb"):
            return None
        begin = passive.end if passive is not None else clause.begin
        for c in clause.candidates:
            if begin <= c.span.begin and c.span.end <= verb.begin and c.classes & {C.ORGANIZATION, C.ENTERPRISE}:
                return self.reading.draft(c)
        return None

    def granted(self, honour: Draft, span: Span) -> None:
        """The grantor, where the name opens with an organisation: "国务院督查激励", "联合国…奖"."""
        org = max((w for w in self.words.cues["grantor"] if honour.name.startswith(w)), key=len, default="")
        if org:
            at = self.norm.find(org, span.begin, span.end)
            named = Span(at, at + len(org)) if at >= 0 else min(honour.spans)
            grantor = self.r.create(org, {C.ORGANIZATION}, Span(named.begin, named.begin + len(org)), "grantor")
            self.reading.state(honour, Predicate.GRANTED_BY, grantor, span)


def _others(subjects: Iterable[Draft | None]) -> list[Draft]:
    """Those that are not the report's own area, of which learnt weights say what it has received."""
    return [subject for subject in subjects if subject is not None and not subject.own_area]
