"""Who settles or is opened where, and what is supported by what."""

from __future__ import annotations

from collections.abc import Set

from kg.extract.chunks import Unit
from kg.extract.drafts import Draft
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate
from kg.extract.names.towns import TOWN
from kg.extract.rel_events import AT
from kg.extract.rel_reading import WE, Clause, Sharing
from kg.extract.rel_wholes import PLACES
from kg.model import EntityClass as C
from kg.model import Predicate, Span
from kg.patterns import compiled

_BUILT = (C.PROJECT, C.FACILITY, C.PARK, C.ZONE)
#: the bodies that come to do business, not to serve
_BUSINESS = listed(r"{business-head}$")
#: what is built for headquarters, not who has them
_FOR_IT = compiled(r"总部.")
#: what is signed for, and how many of it
_SIGNS = listed(r"(?:新?签约|落地)[^,，。;；、]{0,10}{signed-thing}[\d一二三四五六七八九十]")
#: what is said of a place, whoever comes there behind it; and of a work that comes, right behind that
_BRINGS, _BEGUN = listed("{bringing-verb}$"), listed("{begun-work}")
#: before the place where something stands
_SITED = listed(r"{site-verb}[于在]|(?<![单地岗学席职部])位于|地处")
#: where an enterprise invests, before the verb
_TO_HERE = compiled(r"[来在到][一-鿿]{1,4}$")
#: behind those who are helped: what is done for them
_HELPING = listed(
    r"等?(?:地区?|省[份区]|[\d一二两三四五六七八九十]+[省市县区]){0,2}(?:的|进行|开展)?"
    r"(?:(?:东西部)?扶贫协作|东西部协作|对口{paired-help}|结对(?:帮扶|协作)|帮扶协作|(?:乡村振兴)?驻镇帮镇扶村)"
)
#: behind that: what it is to the area itself
_CHANCE = listed("的?{chance-quality}{0,2}(?:契机|机遇)")
#: what stands between those who help
_WITH = frozenset(("", "、", "和", "与", "及", "以及"))
#: who is helped, behind the verb, where it is the area itself
_HELPED = listed(r"{help-noun}?[我全][省市区县州旗盟](?!{helped-region})")
#: whose places are paired with whose
_PAIRED = listed(
    r"(?:分别)?(?P<with>与|同)(?P<helped>[^,，。;；]{2,40}?)(?:分别)?{pairing-verb}(?:{aid-noun}{pair-noun}|对子)"
)
_LEVEL = "[省市区县旗州盟]"
_WE = f"[我全本]{_LEVEL}"
#: before who is given money rather than gives it
_GIVEN_TO = listed("(?:[向给为对]|{giving-verb})(?:了|给)?$")
#: behind who helps the area: 帮扶|我县, 与我县|建立|对口帮扶; what is given; and behind 与 in a county that is helped
_HELPS_US = listed(
    rf"(?:{{help-manner}}*{{aid-noun}}(?=[我本]{_LEVEL})|[与同对]{_WE}(?:{{help-begun}}|的){{0,2}}{{aid-noun}}(?!前线|经验))"
)
_GIVES = listed(r"(?:(?:全年|共)?{grant-verb}(?:我[县区旗市])?)?(?:财政)?(?:对口|结对)?{aid-noun}资金")
_WITH_US = listed(r"(?:的)?{help-form}*(?:{aid-noun})(?!的|发展|前线)")


#: what comes to a place to serve or to look: 市公安局|入驻
_VISITS = listed(r"{visiting-body}$")
#: a plan that works are put into
_PLAN = listed(r"{plan-of-works}[”》]?$")
#: what the middle of a region is called
_CORE = listed("{region-core}$")
#: a zone that others are added to
LARGER = listed(r"{larger-zone}$")


class Settling(Sharing):
    """Finds ``settledIn`` and ``supports``, and ``locatedIn`` for what lands somewhere."""

    def settled(self, clause: Clause, topic: Draft | None) -> None:
        """Who comes: enterprises and bodies before 进驻, 落户, … or behind 引进; what 落地 is said of lies there."""
        comers = [c for c in clause.candidates if c.classes & {C.ENTERPRISE, C.ORGANIZATION} and "known" not in c.rule]
        comers += [c for c in clause.candidates if "known" in c.rule and C.ENTERPRISE in c.classes]
        comers += [c for c in clause.candidates if self._investor(c)]
        built = [c for c in clause.candidates if c not in comers and self.reading.draft(c).has(*_BUILT)]
        if not comers and not built:
            return
        for _, unit in self.reading.cues(clause, "settle-verb"):
            last = unit.end >= clause.row[-1].end
            # "引进|环宇、正威", but "德邦物流深圳总部等项目成功|引进"
            bring = not last and _BRINGS.search(unit.text) is not None
            bring = bring or self._takes_in(clause, unit)
            if self.words.cue(unit.text, "gather-verb") and not (
                last and any(C.ENTERPRISE in c.classes for c in comers)
            ):
                continue
            if _SIGNS.match(self.norm, unit.begin, clause.end):
                continue  # "长三角招商中心|新签约|落地大项目26个": who signs for it
            chosen = [c for c in comers if (c.span.begin >= unit.end if bring else c.span.end <= unit.begin)]
            landing = [] if bring else [c for c in built if c.span.end <= unit.begin]
            if not chosen and not landing:
                continue
            if unit.text == "投资" and not (self._own_named(clause, unit) or self._comes_to(clause, unit)):
                continue  # "…集团投资3亿元的项目", "海外投资"
            places = [
                c
                for c in clause.candidates
                if C.ENTERPRISE not in c.classes
                and (
                    self.reading.draft(c).has(*PLACES)
                    or (c.span.begin == unit.end and C.FACILITY in c.classes)  # "落户|国际商贸城"
                )
            ]
            if bring:  # "成都科学城引进…"
                place = next((c for c in places if c.span.end <= unit.begin and c.span.begin - clause.begin <= 1), None)
            else:
                place = next((c for c in places if c.span.begin >= unit.end or self._aimed(clause, c, unit)), None)
            if place is None and self.words.cue(unit.text, "enter-verb"):
                continue  # "进入世界500强"
            target = self.reading.draft(place) if place is not None else (topic or self.r.own)
            if place is None and any(self.reading.draft(c) is topic for c in landing):
                target = self.r.own  # the first of those that come, no place to come to
            closes = unit.text.endswith("落户") and unit.end >= clause.row[-1].end
            firms = closes and any(self.reading.draft(c).has(C.ENTERPRISE) for c in chosen)
            if place is not None or self._own_named(clause, unit) or closes:  # a work lies where it lands
                for c in landing:
                    if c is not place:
                        how = Predicate.SETTLED_IN if firms else Predicate.LOCATED_IN
                        self.reading.state(self.reading.draft(c), how, target, Span(c.span.begin, unit.end))
            begun = self.words.cue(unit.text, "lands-verb") and any(
                u.begin == unit.end and _BEGUN.match(u.text) for u in clause.row
            )
            # "沃深医疗、维度医疗等项目落地": if one of a list is called after who comes, all are
            called = self.words.cue(unit.text, "come-verb") or any(
                self._rare(clause, c) for c in chosen if self._investor(c)
            )
            for c in chosen:
                if self._investor(c) and (begun or not called):
                    continue  # "…项目落地|开工": a work, not who does it
                if self.norm[c.span.begin - 1 : c.span.begin] == "与":
                    continue  # "与重庆合作的项目落地"
                body = C.ENTERPRISE not in c.classes and "list:企业" not in c.rule and not self._investor(c)
                lies = (
                    body
                    and not bring
                    and not firms
                    and (self.words.cue(unit.text, "lands-verb") or not _BUSINESS.search(c.name))
                )
                span = Span(min(unit.begin, c.span.begin), max(unit.end, c.span.end))
                if lies:
                    self.reading.state(self.reading.draft(c), Predicate.LOCATED_IN, target, span)
                # a body that comes has settled, too; but 落地 is said of what is put into practice
                comes = place is not None or self._own_named(clause, unit) or self.words.cue(unit.text, "body-comes")
                visits = _VISITS.search(c.name) is not None or self.norm.startswith("使用", unit.end)
                if not lies or (comes and not visits and not self.words.cue(unit.text, "lands-verb")):
                    self.reading.state(self.reading.draft(c), Predicate.SETTLED_IN, target, span)
            break
        # "跟踪A、B、C等总部项目建设": whose headquarters is to be built is to come
        for c in comers:
            if _FOR_IT.search(c.name):
                continue  # "周大福总部大厦、…等总部项目": what is built for it
            if any(f"list:{w}" in c.rule.split("+") for w in self.words.cues["headquarters"]):
                self.reading.state(self.reading.draft(c), Predicate.SETTLED_IN, self.r.own, c.span)

    def _takes_in(self, clause: Clause, verb: Unit) -> bool:
        """Whether who comes stands behind the verb, and where they come before it: "园区|入驻|恒发包装、…等企业"."""
        behind = next((c for c in clause.candidates if c.span.begin == verb.end), None)
        before = any(c.span.end <= verb.begin and self._comes(c) for c in clause.candidates)
        return verb.text == "入驻" and behind is not None and self._comes(behind) and not before

    def _comes(self, c: Candidate) -> bool:
        return not c.classes.isdisjoint((C.ENTERPRISE, C.ORGANIZATION))

    def there(self, clause: Clause) -> None:
        """What is begun, opened or finished at a place lies there: "…集聚区|在|三水新城|正式|挂牌"."""
        for j, place in enumerate(clause.candidates):
            before = clause.before(place.span.begin)
            if not j or before is None or before.text not in AT or not self.reading.draft(place).has(*PLACES):
                continue
            behind = [u for u in clause.row if u.begin >= place.span.end]
            verb = next((u for u in behind if u.kind != "function" and not u.tag.startswith(("d", "a"))), None)
            if verb is None or not self.words.cue(verb.text, "there-verb"):
                continue
            for c in self.reading.listed(clause, clause.candidates[:j], before.begin):
                if self.reading.draft(c).has(*_BUILT, C.ORGANIZATION) and not self.reading.draft(c).has(
                    C.ADMINISTRATIVE_AREA
                ):
                    span = Span(c.span.begin, verb.end)
                    self.reading.state(self.reading.draft(c), Predicate.LOCATED_IN, self.reading.draft(place), span)

    def sited(self, clause: Clause) -> None:
        """What a site is named of lies there: "荆州大学城|选址于|荆州区"; also what one of its own lies in."""
        m = _SITED.search(self.norm, clause.begin, clause.end)
        if m is None:
            return
        place = next((c for c in clause.candidates if 0 <= c.span.begin - m.end() <= 1), None)
        if place is None or not self.reading.draft(place).has(*PLACES):
            return
        named = [c for c in clause.candidates if c.span.end <= m.start()]
        for c in self.reading.listed(clause, named, m.start()):
            draft = self.reading.draft(c)
            if draft.has(*_BUILT, C.ORGANIZATION, C.ENTERPRISE) and not draft.has(C.ADMINISTRATIVE_AREA):
                self.reading.state(
                    draft, Predicate.LOCATED_IN, self.reading.draft(place), Span(c.span.begin, place.span.end)
                )

    def joined(self, clause: Clause) -> None:
        """A circle of cities that an area is taken into: "列入|沈阳现代化都市圈"."""
        for k, unit in self.reading.cues(clause, "join-verb"):
            for c in clause.candidates:
                circle = self.words.ending("circle-head").search(c.name) is not None or self._is_core(c.name)
                if c.span.begin == unit.end and C.ZONE in c.classes and circle:
                    subject = self.reading.subject(clause, k)
                    if subject is not None and subject.has(C.ADMINISTRATIVE_AREA) and not self.reading.meant(clause, k):
                        self.reading.state(
                            subject, Predicate.PART_OF, self.reading.draft(c), Span(unit.begin, c.span.end)
                        )
            self._enlarged(clause, unit)

    def _is_core(self, name: str) -> bool:
        """Whether a name is that of the middle of a region of several provinces: "长三角|中心区"."""
        known = self.words.names
        return _CORE.search(name) is not None and any(C.ZONE in known.get(name[:n], ()) for n in range(2, len(name)))

    def _enlarged(self, clause: Clause, verb: Unit) -> None:
        """Zones that become part of a larger one, and what becomes part of a plan.

        "观澜片区、九龙山片区|纳入|国家高新区", "江北高速|纳入|“十四五”规划".
        """
        whole = next((c for c in clause.candidates if c.span.begin == verb.end), None)
        if whole is None or not self._ends_clause(clause, whole):
            return
        planned = C.POLICY in whole.classes and _PLAN.search(whole.name) is not None
        if not planned and LARGER.search(whole.name) is None:
            return
        parts = _BUILT if planned else (C.ZONE, C.PARK)
        before = [c for c in clause.candidates if c.span.end <= verb.begin]
        for c in self.reading.listed(clause, before, verb.begin):
            draft = self.reading.draft(c)
            if draft.has(*parts) and not draft.has(C.ADMINISTRATIVE_AREA):
                span = Span(c.span.begin, whole.span.end)
                self.reading.state(draft, Predicate.PART_OF, self.reading.draft(whole), span)

    def _ends_clause(self, clause: Clause, c: Candidate) -> bool:
        return all(unit.begin < c.span.end for unit in clause.row)

    def _comes_to(self, clause: Clause, verb: Unit) -> bool:
        """Whether it is said where the money goes: "来深|投资", "投资|广安"."""
        if _TO_HERE.search(self.norm, clause.begin, verb.begin):
            return True
        return any(c.span.begin == verb.end and self.reading.draft(c).has(*PLACES) for c in clause.candidates)

    def _own_named(self, clause: Clause, verb: Unit) -> bool:
        """Whether the own area is named right behind a verb."""
        own = self.r.own
        following = next((u.text for u in clause.row if u.begin == verb.end), "")
        return (
            own is not None
            and bool(following)
            and (following in own.names or following in own.aliases or bool(WE.match(self.norm, verb.end, clause.end)))
        )

    def _aimed(self, clause: Clause, place: Candidate, verb: Unit) -> bool:
        """Whether a place stands between 到 or 在 and the verb: "到|荆州|布点"."""
        if place.span.end > verb.begin:
            return False
        before = clause.before(place.span.begin)
        return before is not None and before.text in ("到", "在", "来")

    def _investor(self, c: Candidate) -> bool:
        """Whether a thing in a list is named by who builds it alone: "远景动力、正威智造等项目"."""
        return (
            "list:" in c.rule
            and "head" not in c.rule
            and "quote" not in c.rule
            and not c.classes & {C.ADMINISTRATIVE_AREA, C.HONOUR, C.EVENT, C.ORGANIZATION, C.ENTERPRISE}
            and len(c.name) <= 8
            and self.words.heads.closing(c.name) is None
        )

    def _rare(self, clause: Clause, c: Candidate) -> bool:
        """Whether a name has a word that is not of every day: "京永|自行车", not "食品|加工"."""
        inside = [u for u in clause.row if c.span.begin <= u.begin and u.end <= c.span.end]
        return any(u.kind == "word" and (len(u.text) == 1 or u.text not in self.words.general) for u in inside)

    def supports(self, clause: Clause) -> None:
        """Which places the area helps: "对口支援西藏林芝", "抓好四川凉山、重庆巫山等|对口帮扶"."""
        if not any(C.ADMINISTRATIVE_AREA in c.classes for c in clause.candidates):
            return
        said = -1
        for _, unit in self.reading.cues(clause, "support-verb"):
            if unit.end == said:
                continue  # the second half of "对口|帮扶"
            said = unit.end
            if self.norm.startswith("、", unit.end):
                continue  # "苏州对口帮扶、|东莞结对协作"
            after = [c for c in clause.candidates if c.span.begin >= unit.end and C.ADMINISTRATIVE_AREA in c.classes]
            after = [c for c in after if not (c.nested and c.rule == TOWN)]  # 援建|洗车河镇|中心小学
            wholes = {id(w) for c in after for w, _ in self.reading.draft(c).wholes}
            named = bool(after) and self.reading.draft(after[0]).own_area
            if named or _HELPED.match(self.norm, unit.end) or self._is_own(unit.end):
                self._helpers(unit.begin, after[1:] if named else after, wholes)
                continue  # "18个省对口援建|我省北川、汶川…"
            following = next((u for u in clause.row if u.begin >= unit.end and u.kind == "verb"), None)
            for c in after:
                if following is not None and c.span.begin >= following.end:
                    break  # "对口扶持贵州铜仁、|援建|西藏林周"
                if id(self.reading.draft(c)) not in wholes:
                    self.reading.state(
                        self.r.own, Predicate.SUPPORTS, self.reading.draft(c), Span(unit.begin, c.span.end)
                    )
        self._helped(clause)
        self._paired(clause)
        self._helped_by(clause)

    def _is_own(self, at: int) -> bool:
        """Whether the area itself is named there, without what it is: 多年帮扶|铜仁|发展."""
        own = self.r.own.name[:-1] if self.r.own is not None else ""
        return any(len(own) >= size and own.endswith(self.norm[at : at + size]) for size in (3, 2))

    def _helpers(self, begin: int, places: list[Candidate], wholes: set[int]) -> None:
        """Those of whom it is said that they help the area itself: 帮扶铜仁发展的|珠海市和东莞市."""
        end = -1
        for c in places:
            joined = self.norm[c.span.begin - 1] == "的" if end < 0 else self.norm[end : c.span.begin] in _WITH
            if not joined:
                break
            end, helping = c.span.end, self.reading.draft(c)
            if id(helping) not in wholes:  # 援助铜仁市的广东省|东莞市
                self.reading.state(helping, Predicate.SUPPORTS, self.r.own, Span(begin, end))

    def _paired(self, clause: Clause) -> None:
        """Who is paired with whom: "陆家镇、川沙镇|分别与|无量镇、公郎镇|结成|帮扶对子"."""
        m = _PAIRED.search(self.norm, clause.begin, clause.end)
        if m is None:
            return
        places = [c for c in clause.candidates if C.ADMINISTRATIVE_AREA in c.classes]
        helping = self.reading.listed(clause, [c for c in places if c.span.end <= m.start()], m.start())
        helped = self.reading.listed(clause, [c for c in places if m.end("with") <= c.span.begin], m.end("helped"))
        if len(helping) == len(helped):
            for one, other in zip(helping, helped, strict=True):
                self.reading.state(
                    self.reading.draft(one),
                    Predicate.SUPPORTS,
                    self.reading.draft(other),
                    Span(one.span.begin, m.end()),
                )

    def _helped_by(self, clause: Clause) -> None:
        """Who helps the report's own area: "河东区|与|我县|建立|对口帮扶关系", "争取|河东区|财政援助资金"."""
        places = [c for c in clause.candidates if C.ADMINISTRATIVE_AREA in c.classes and not c.nested]
        for c in places:
            where = self.norm, c.span.end, clause.end
            found = _HELPS_US.match(*where)
            if found is None and not _GIVEN_TO.search(self.norm, clause.begin, c.span.begin):
                found = _GIVES.match(*where)
            if found is None and self.norm[clause.begin : c.span.begin].endswith(("与", "同")) and self._is_county():
                found = _WITH_US.match(*where) if self._helps(self.reading.draft(c)) else None
            if found is None:
                continue
            before = [other for other in places if other.span.end <= c.span.end]
            for other in self.reading.listed(clause, before, c.span.end):
                draft = self.reading.draft(other)
                if not draft.own_area and (id(self.r.own), Predicate.SUPPORTS, id(draft)) not in self.reading.found:
                    span = Span(other.span.begin, found.end())
                    self.reading.state(draft, Predicate.SUPPORTS, self.r.own, span)

    def _is_county(self) -> bool:
        """Whether the report is of a county that is not in the east, and so is helped rather than helps."""
        own = self.r.own
        return own is not None and own.name.endswith(("县", "区", "旗")) and self._helps(own) is not True

    def _helped(self, clause: Clause) -> None:
        """Who is named before what is done for them, with who helps whom by where they lie: the east helps the west."""
        own = self.r.own
        if own is None:
            return
        places = [c for c in clause.candidates if C.ADMINISTRATIVE_AREA in c.classes]
        wholes = {id(w) for c in places for w, _ in self.reading.draft(c).wholes}
        for last in places:
            helped = _HELPING.match(self.norm, last.span.end, clause.end)
            if helped is None or any(c.span.begin == helped.end() for c in places):
                continue  # "广州市|对口支援|西藏林芝": who helps another
            if _CHANCE.match(self.norm, helped.end(), clause.end):
                span = Span(last.span.begin, helped.end())
                self.reading.state(self.reading.draft(last), Predicate.SUPPORTS, own, span)
                continue
            for c in self.reading.listed(clause, [c for c in places if c.span.end <= last.span.end], last.span.end):
                draft = self.reading.draft(c)
                gives = None if id(draft) in wholes else self._gives(own, draft)
                if gives is None:
                    continue
                pair = (own, draft) if gives else (draft, own)
                self.reading.state(pair[0], Predicate.SUPPORTS, pair[1], Span(c.span.begin, last.span.end))

    def _gives(self, own: Draft, other: Draft) -> bool | None:
        """Whether the own area helps a place, or is helped by it; nothing where that is unknown."""
        helps, helped = self._helps(own), self._helps(other)
        if helps is None or helped is None:
            return None
        if helps is not helped:
            return helps
        return self._helps_within(other) if helps else None

    def _helps(self, draft: Draft) -> bool | None:
        """Whether a place lies in a province that helps others; nothing where that is unknown, or does neither."""
        parts = self.r.report.area_parts
        # the outermost first: there is a 东河区 in two provinces
        names = [*parts] if draft is self.r.own and parts else [*draft.names, *draft.aliases]
        for name in names:
            verdicts = {self._province_helps(province) for province in self.words.provinces_of(name)}
            if len(verdicts) == 1:
                return verdicts.pop()
        return None

    def _helps_within(self, other: Draft) -> bool | None:
        """Whether the own area helps a place of its province, by the cities that they lie in; nothing where unknown."""
        parts = self.r.report.area_parts
        names = [*other.names, *other.aliases]
        if not parts or not self.words.provinces_of(parts[0]).intersection(*map(self.words.provinces_of, names)):
            return None
        above = set().union(*map(self.words.above, parts))
        if not above.isdisjoint(names) or any(name in self.words.provinces for name in names):
            return None  # "苏州市|对口支援工作" in a report of a district of 苏州
        own, theirs = self._city_helps(above), self._city_helps(set().union(*map(self.words.above, names)))
        return own if {own, theirs} == {True, False} else None

    def _city_helps(self, divisions: Set[str]) -> bool | None:
        """Whether one of them is a city that helps others of its province; nothing where it does neither."""
        helps = not divisions.isdisjoint(self.words.cues["helping-city"])
        helped = not divisions.isdisjoint(self.words.cues["helped-city"])
        return helps if helps is not helped else None

    def _province_helps(self, province: str) -> bool | None:
        if self.words.cue(province, "helping-province"):
            return True
        return False if self.words.cue(province, "helped-province") else None
