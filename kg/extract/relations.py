"""Relations between entities and the status of projects, from the clauses that state them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from operator import attrgetter
from typing import Final

from kg.extract.chunks import Unit
from kg.extract.drafts import Draft, Resolver
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.learned import LEARNED
from kg.extract.own_relations import MARGIN, NONE, OTHER, OWN, Place, asked, traits, weights
from kg.extract.resolve import REHOUSING
from kg.extract.words import stem_of
from kg.model import EntityClass as C
from kg.model import Part, Predicate, Relation, Span, Status
from kg.patterns import compiled

_PLACES = (C.ADMINISTRATIVE_AREA, C.ZONE, C.PARK)
_VENUE = compiled(r"(?:举办|承办)的(?:展会|活动|赛事|会议|展览)")
_DOERS = (C.ADMINISTRATIVE_AREA, C.ORGANIZATION, C.ENTERPRISE, C.ZONE, C.PARK, C.FACILITY)
#: kinds of units that a verb may be, whatever the segmenter tags it
_SAYING = frozenset({"verb", "word", "function"})
#: what is said of a zone that is being made
_RISING = frozenset({"建设", "开发", "创建", "规划建设", "开发建设"})
#: what makes the name of a division that of something in nature: "通州|湾"
_NATURE = frozenset("湾河江湖山港岛洲口门岭峡")
_BRINGING = frozenset({"引进", "引入"})
_GROWING = frozenset({"发展", "机遇"})
#: cues that tell how far something has come
_STAGES = ("works-verb", "going-verb", "done-verb", "underway-verb", "build-verb", "prepare-verb", "raise-verb")
_BUILT = (C.PROJECT, C.FACILITY, C.PARK, C.ZONE)
#: the bodies that come to do business, not to serve
_BUSINESS = compiled(r"(?:银行|公司|集团|支行|分行)$")
#: campaigns that are called works: "“强师工程”"
_CAMPAIGN = compiled(r"^[“\"].+(?:工程|行动|计划)[”\"]?$|[”\"](?:工程|行动|计划)$")
#: what closes the name of a plan that is one without its verb
_PLAN = compiled(
    r"(?:战略|计划|行动|工程|规划|纲要|方案|条例|办法|政策|措施|意见|细则|新政|协议|宣言|规定|法|决定|清单|发展格局|改革|试点|\d条)[”》\"]?$"
)
_PLANNED = compiled(r"(?:规划|计划|目录)[”》]?$")
#: what is not to be done
_SHUN = compiled(r"不搞|杜绝|反对|力戒|严禁")
#: what sums up a list of events
_SUMMED = compiled(r"等(?:一批|系列|\d+[项场个次])?[^,，、。;；]{0,6}?(?:活动|赛事|展会|节会|会展|会议|论坛)")
#: what has an honour itself, and how many have it that is not the area's own
_HAVING = ("村", "镇", "乡", "社区", "街道", "学校", "企业", "单位", "家庭")
_SO_MANY = compiled(r"[\d一二两三四五六七八九十]+[个家所件处户条名]")
#: what is done to a place, which it is not praised for itself
_WORK = compiled(
    r"(?:综合)?(?:改造|整治|治理|建设|创建|管理|保护|运营)?(?:提升)?(?:工作|经验|做法)?(?<=[造治理设建护营升作验法])"
)
#: what may be named by a quotation and have an honour itself
_BODIES = (C.ENTERPRISE, C.ORGANIZATION, C.FACILITY, C.PARK, C.ZONE, C.PERSON, C.EVENT, C.ADMINISTRATIVE_AREA)
#: an honour of who does something well, and not of what is named
_PRAISED = compiled(r"通报(?:表扬|表彰|激励)|督[查察]激励")
#: what is less than an honour: "获|全国文明城市|提名"
_NOMINATED = compiled(r"(?:称号)?提名(?!奖)")
#: what precedes an honour: "国际湿地城市|创建通过国家林草局评估验收"
_EXAMINED = compiled(r"创建(?:工作)?[^,，。;；]{0,4}通过[^,，。;；]{0,10}(?:评估|暗访|初验|省级|技术|考核|现场)")
#: work on a river is no part of it
_TREATED = compiled(r"(?:流域|水环境|综合){0,2}(?:治理|整治|修复|疏浚|清淤)")
#: what is signed for, and how many of it
_SIGNS = compiled(r"(?:新?签约|落地)[^,，。;；、]{0,10}(?:项目|企业|协议)[\d一二三四五六七八九十]")
#: what is no way from there: 射阳|经济开发区
_ECONOMIC = compiled(r"经(?:济(?:技术)?开发|开|贸|编|发|技)")
#: a line that goes from one place to another lies in neither: "港南|木格至博白水鸣公路"
_FROM_TO = compiled(r"^[\u4e00-\u9fff]{1,4}[至到—－–～-][\u4e00-\u9fff]+(?:路|线|段|道|铁|高速|大道|工程)$")
#: behind events, that they are held there: "获得亚青会|举办权", "成为西博会等知名展会|定点举办地"
_HOST_OF = compiled(r"(?:等[^，。；、]{0,6}?)?的?(?:定点|永久|长期|唯一)?(?:[举承主]办(?:权|地|城市)|永久会址)")
#: what is held by none but the nation: "中国共产党第二十次全国代表大会"
_NATIONAL = compiled(r"中国共产党|党的|全国人民代表大会|全国人大|全国两会|中央")
#: how the name of a body of the state, and of the province, begins
_OF_STATE, _OF_PROVINCE = compiled(r"国家|国务院|中央|党中央|全国"), compiled(r"省|自治区")
#: a stretch or garden in brackets, and a quarter of a free trade zone
_BRACKETED = compiled(
    r"(?<=.{3})[（(][^（）()]{2,6}[段园][）)]$|(?:(?<=自贸试验区|贸易试验区)|(?<=自贸区))[^（）()]{2,4}片区$"
)
#: the place after which the part of a whole is called
_QUARTER = compiled(r"(?:片区|港区|园区|分园|分干线(?:工程)?)$")
#: characters of a place without its suffix
_STEM = (2, 3)
#: how an entry of a glossary begins
_ENTRY = compiled(
    r"[ \u3000]*(?:[〔\[【(]?\d{1,3}[〕\]】)]?[.．、:]?[ \u3000]*)?"
    r"[“”\w+·、()（）《》]{2,40}?(?:[:：]|(?:是|主要|是要)?指(?![挥导数标定派向令示引]))"
)
#: what in it tells that the report's own area does something
_OWN_DEED = compiled(r"(?:我|全|本)[省市区县州]|市委|市政府|区委|区政府|县委|县政府")
#: between a thing and the list of what it consists of, between the items of that, at its end, and behind an item
_CONSISTS = compiled(
    r"[”」]?(?:(?:[:：]|，|,)(?:指(?![挥导数标定派向令示引])|包括|即(?![将便使日可])|分别是)|[:：]|是?指(?![挥导数标定派向令示引])|包括)"
)
_ITEM = compiled(r"[、和及与“]")
_ITEMS_END = compiled(r"[。；;\n]|[,，](?![^、。；;,，]{2,30}[、和])")
_BEHIND_ITEM = compiled(r"(?:（[^（）]*）|\([^()]*\))?[”]?(?:[、和及与,，]|$|等)")
#: so many members make a list
_SEVERAL = 2
#: each of the recipients has one of the honours
_EACH_OWN = compiled(r"分别|分获")
#: what the years of a plan are called ("“十三五”时期"), where the report names no plan
_YEARS_OF_PLAN, _PLANS = ("时期", "期间"), ("规划", "计划", "纲要")
#: before the place where something stands
_SITED = compiled(r"(?:选址|坐落|落址|布局)[于在]|(?<![单地岗学席职部])位于|地处")
#: before a place where something is held or done
_AT = frozenset(("在", "于", "到", "赴"))
#: with whom it is done together
_WITH = compiled(r"与|同|和|携手|联合|会同")
#: what an area is praised for
_DEEDS = compiled(r"[项个]?(?:[^项个]{0,6})(?:工作|改革|经验|做法|案例|成果|成效|举措)")
_WE = compiled(r"我们|我[区市县省]|全[区市县省]|本[区市县]")
#: some of it, not the whole area
_SOME = compiled(r"[个名位家](?:社区|街道|镇|村|企业|单位|学校|人)|所有|各")
#: when and how something was received, and not by whom
_ADVERBIAL = compiled(
    r"(?:已|还|并|也|又|再|均|都|连续第?|多年|首批|率先|同时|分别|双双|高分|高位|年内|[当今去]年|以[^,，]{2,16}(?:成绩|优势|名次|排名)"
    r"|第?[一二三四五六七八九十两\d]+(?:度|次|年|届|个?月|个?季度))+"
)
#: the ways by which an honour was found that may be received
_AS_HONOUR = compiled(rf"honour|title|^{LEARNED}$")
#: so many characters at the most between the verb and what only the weights take for an honour
_NEAR = 4
#: what is said of an honour that an area has got
_WON = compiled(
    r"(?:称号)?(?:正式|成功|顺利|圆满)*(?:获批|创建成功|成功创建|创成|复牌|通过(?:国家|省)?(?:评审|复审|复核)|花落)"
)
_AGAIN = compiled(r"(?:称号)?[“\"]?(?:[二两三四五六七八九十\d]+连[冠创]|满堂红)")
#: where an enterprise invests, before the verb
_TO_HERE = compiled(r"[来在到][一-鿿]{1,4}$")
#: behind a verb of striving: it was not in vain
_BECOME = frozenset(("为", "成", "成为"))
#: an event that opens with a county or a town, and which one of its row it is
_WHOSE_EVENT = compiled(r"([\u4e00-\u9fff]{2,5}?[市县区旗镇])(?=第[一二三四五六七八九十\d]+届|首届)")
#: how far down a place is by the last character of its name: a county hosts the games of the city above it
_DEPTH = {"省": 0, "市": 1, "州": 1, "盟": 1, "区": 2, "县": 2, "旗": 2, "镇": 3}
#: who is helped, behind the verb, where it is the area itself
_HELPED = compiled(r"(?:帮扶|支援|援建|协作)?[我全][省市区县州旗盟](?!西藏|新疆|青海)")
#: in which year something is said to have been, and not by which it is to be
_IN_YEAR = compiled(r"((?:19|20)\d\d)年(?!底?前)")
#: behind what a glossary explains, which is carried out: “千百十”质量提升工程:在全市推进…
_DEFINED = compiled(r"[”\"]?(?:[:：]|是?指|即)")
#: what says in a plan that something has been
_WAS = compiled(r"被|已|去年|上年|^以|继")
_SELF = compiled(r"^(?:我[区市县省州旗]|全[区市县省州旗]|本[区市县省])?$")

#: the rules that an extraction can leave out (:mod:`kg.extract.rules`)
RULES: Final = {
    "relations.wholes": "what a name says of the whole: phases, members, places named with the one around them",
    "relations.members": "what a report says to consist of several things: each is part of it",
    "relations.prefixes": "a name that opens with another thing's name lies in it or is part of it",
    "relations.named_policies": "a policy that the report names and gives to nobody else is its own area's",
    "relations.learned": "what the own area adopts, receives and hosts is weighed by learnt traits, too",
    "relations.topics": "what comes in a sentence that opens with a zone or park comes there",
    "relations.status": "how far a project has come, from the verbs before and behind it",
    "relations.unsaid_status": "a project of which no verb says it is underway in the review, planned in the plan",
}


@dataclass(slots=True)
class Clause:
    """A stretch between two commas or stronger marks, with the candidates in it."""

    scene: Scene
    begin: int
    end: int
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
        #: policies that no verb of putting into practice governs
        self.idle: list[Candidate] = []
        #: projects of which no verb near says how far they have come, with what their part of the report lets guess
        self.unsaid: list[tuple[Draft, Span, Status]] = []
        #: with what body or place the clause before began
        self.last: Draft | None = None

    def state(self, subject: Draft | None, predicate: Predicate, object_: Draft | None, span: Span) -> None:
        """Note a relation; one of a thing to itself is none, and the years of a plan are adopted by nobody."""
        if subject is None or object_ is None or subject is object_:
            return
        if predicate is Predicate.ADOPTS and _are_years(object_):
            return
        key = (id(subject), predicate, id(object_))
        self.found.setdefault(key, (subject, object_, set()))[2].add(span)

    def relations(self) -> list[Relation]:
        """What was found, in the order in which it stands."""
        result = [
            Relation(s.name, p, o.name, tuple(sorted(spans, key=attrgetter("begin", "end"))))
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
        named: list[tuple[Clause, Candidate]] = []
        for scene in scenes:
            hosting: Draft | None = None
            topic = self._topic(scene)
            explained = self._explains(scene)
            if "relations.members" not in self.without:
                self._consists(scene)
            self.last = None
            for clause in clauses(scene):
                if not clause.candidates:  # no rule relates what has no name
                    hosting = None
                    if clause.row[0].kind in ("number", "word"):
                        self.last = None
                    continue
                if "relations.status" not in self.without:
                    self._status(clause)
                self._settled(clause, topic)
                self._there(clause)
                self._sited(clause)
                if explained and not _OWN_DEED.search(self.norm, clause.begin, clause.end):
                    hosting = None
                    continue  # of what others do, too
                self._received(clause)
                hosting = self._hosts(clause, hosting) or self._venue(clause)
                self._joined(clause)
                self._supports(clause)
                self._adopts(clause)
                self._go_on(clause)
                named += [(clause, c) for c in clause.candidates]
        self._rest()
        if "relations.learned" not in self.without:
            self._weigh(named)
        if not {"relations.status", "relations.unsaid_status"} & set(self.without):
            self._unsaid()
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
                built = draft.has(C.PROJECT) or not draft.has(*_PLACES)
                lies = (
                    built
                    and known is not None
                    and known.has(C.ADMINISTRATIVE_AREA)
                    and not draft.has(C.ADMINISTRATIVE_AREA)
                )
                self.state(draft, Predicate.LOCATED_IN if lies else Predicate.PART_OF, known, span)

    def _prefixes(self) -> None:
        """A name that opens with another thing's name lies in it or is part of it."""
        by_name: dict[str, Draft] = {}
        for draft in self.r.unique():
            for name in [*draft.names, *draft.aliases]:
                by_name.setdefault(name, draft)
            if draft.has(C.ADMINISTRATIVE_AREA) and draft.name in self.words.divisions:
                by_name.setdefault(stem_of(draft.name), draft)
        for draft in self.r.unique():
            ground = draft.has(C.PROJECT) and self.words.ending("ground-work").search(draft.name) is not None
            if draft.has(C.HONOUR, C.EVENT, C.PERSON) or draft.own_area or (draft.has(C.POLICY) and not ground):
                continue
            name = draft.name
            for n in range(len(name) - 1, 1, -1):
                whole = by_name.get(name[:n])
                if whole is None or whole is draft or whole.own_area or not whole.has(*_PLACES, C.FACILITY, C.PROJECT):
                    continue
                if name[: n + 1] in self.words.names:
                    break  # "京津" is no part of "京津冀"
                if whole.has(C.EVENT, C.HONOUR) or any(w is whole for w, _ in draft.wholes):
                    break
                predicate = self._lies(draft, whole, name[:n], name[n:])
                if predicate is not None:
                    self.state(draft, predicate, whole, min(draft.spans))
                break
            else:
                self._stretch(draft)
                self._opening_division(draft)

    def _explains(self, scene: Scene) -> bool:
        """Whether a sentence is of an entry of the glossary behind a report: "15．“四个片区”垃圾发电项目：…"."""
        if scene.part is not Part.OTHER:
            return False
        begin = scene.sentence.span.begin
        return _ENTRY.match(self.norm, self.norm.rfind("\n", 0, begin) + 1) is not None

    def _consists(self, scene: Scene) -> None:
        """What consists of others: "“两路一桥”：沙公高速…段、江北高速东延段、…大桥"; each of these is part of it."""
        for k, c in enumerate(scene.candidates):
            m = None if c.nested else _CONSISTS.match(self.norm, c.span.end)
            whole = self.draft(c)
            if m is None or not whole.has(C.POLICY, C.PROJECT, C.FACILITY, C.ZONE, C.PARK) or whole.own_area:
                continue
            end = _ITEMS_END.search(self.norm, m.end(), scene.sentence.span.end)
            limit = end.start() if end is not None else scene.sentence.span.end
            members = [
                member
                for member in scene.candidates[k + 1 :]
                if m.end() <= member.span.begin < limit and self._is_item(member, m.end(), limit)
            ]
            items = len(_ITEM.findall(self.norm, m.end(), limit)) + 1
            kinds = sum(member.name in self.words.general for member in members)  # "“五馆一站”：图书馆、博物馆…"
            parts = [d for d in map(self.draft, members) if d.has(C.PROJECT, C.FACILITY, C.ZONE, C.PARK)]
            if kinds < _SEVERAL <= len(parts) and len(parts) == len(members) and 2 * len(parts) >= items:
                for member in members:
                    self.state(self.draft(member), Predicate.PART_OF, whole, Span(c.span.begin, member.span.end))

    def _is_item(self, c: Candidate, begin: int, end: int) -> bool:
        """Whether a name is all that stands between two separators of the list in ``[begin, end)``."""
        if c.nested and len(c.name) == len(c.span):
            return False
        opened = c.span.begin == begin or _ITEM.fullmatch(self.norm, c.span.begin - 1, c.span.begin) is not None
        return opened and (c.span.end >= end or _BEHIND_ITEM.match(self.norm, c.span.end, end) is not None)

    def _stretch(self, draft: Draft) -> None:
        """A stretch that brackets name is part of the whole before them: "长城国家文化公园|（鞍山段）".

        So is that of a free trade zone: "浙江自贸试验区|宁波片区".
        """
        m = _BRACKETED.search(draft.name)
        end = m.start() if m is not None else self._quarter(draft.name)
        if not end or not draft.has(C.PROJECT, C.FACILITY, C.PARK, C.ZONE):
            return
        span = min(draft.spans)
        if not span.quote(self.text).startswith(draft.name[:end]):
            return
        named = Span(span.begin, span.begin + end)
        whole = self.r.create(draft.name[:end], draft.classes, named, "section")
        self.state(draft, Predicate.PART_OF, whole, span)

    def _quarter(self, name: str) -> int:
        """Where the name of a whole ends that a place and 片区 or 港区 follow: "大熊猫国家公园|雅安|片区"; or 0."""
        m = _QUARTER.search(name)
        if m is None:
            return 0
        for size in _STEM:
            end = m.start() - size
            head = self.words.heads.closing(name[:end]) if name[end : end + size] in self.words.stems else None
            if head is not None and head.grade == "strong" and len(head.word) > 1 and end - len(head.word) > 1:
                return end
        return 0

    def _opening_division(self, draft: Draft) -> None:
        """A thing whose name opens with that of one of the area's own divisions lies there: "东阳|木雕小镇".

        A village or town is part of it: "平坝|高田村".
        """
        w, name, span = self.words, draft.name, min(draft.spans)
        small = draft.has(C.ADMINISTRATIVE_AREA) and w.ending("town-level").search(name) is not None
        if not small and (
            not draft.has(C.PARK, C.FACILITY, C.PROJECT, C.ZONE) or draft.has(C.ENTERPRISE, C.ADMINISTRATIVE_AREA)
        ):
            return
        for n in range(min(4, len(name) - 3), 1, -1):
            stem, rest = name[:n], name[n:]
            if (
                stem not in w.stems
                or stem[-1] in "江河"
                or stem in w.large
                or stem in w.provinces
                or stem in w.torn_stems
            ):
                continue
            within = {above for full in w.stems[stem] for above in w.divisions.get(full, ())}
            if self.r.report.area_name not in within or not span.quote(self.text).startswith(stem):
                continue
            if rest[0] in _NATURE or (rest[0] in "市县区镇乡街路道村至到经段—－–～-" and not _ECONOMIC.match(rest)):
                return
            if not small and not self._names_more(rest):
                return
            place = self.r.create(stem, {C.ADMINISTRATIVE_AREA}, Span(span.begin, span.begin + n), "opening")
            self.state(draft, Predicate.PART_OF if small else Predicate.LOCATED_IN, place, span)
            return

    def _names_more(self, rest: str) -> bool:
        """Whether what follows a place in a name would name something alone: "木雕小镇", and not "国际机场"."""
        head = self.words.heads.closing(rest)
        mine = rest[: -len(head.word)] if head is not None else rest
        opened = any(rest[:n] in self.words.heads for n in (2, 3))
        return len(mine) > 1 and not opened and not self.words.pattern("general-rest").match(rest)

    def _lies(self, draft: Draft, whole: Draft, opening: str, rest: str) -> Predicate | None:
        """How a thing whose name is a name of another and a ``rest`` belongs to it."""
        w = self.words
        if (
            (rest[0] in "至到经—－–～-" and not _ECONOMIC.match(rest))
            or _FROM_TO.search(rest) is not None
            or rest in _RISING
            or rest == "发展"
            or rest[:2] in w.governing
            or w.cue(rest, "renewal")
            or w.cue(rest, "open-verb")
            or (opening[-1] in "江河湖" and _TREATED.match(rest) is not None)
            or (opening[-1] in "江河湖" and rest.startswith(("桥", "大桥", "特大桥")))
            or any(w.cue(rest[:n], cue) for n in (2, 3) for cue in ("receive-verb", "build-verb"))
        ):
            return None  # "农高区|建设…", "老城区|改造": what is done there
        name = whole.name
        if whole.has(C.ADMINISTRATIVE_AREA) and (not whole.has(C.ZONE) or name in w.stems or name in w.divisions):
            if draft.has(C.ADMINISTRATIVE_AREA) and not draft.has(C.FACILITY):
                return Predicate.PART_OF if opening in whole.names or opening in whole.aliases else None
            stem = stem_of(name)
            small = w.ending("town-level").search(name) or (
                stem in w.stems and stem not in w.large and stem not in w.provinces and rest[0] not in _NATURE
            )
            built = draft.has(C.PARK, C.FACILITY, C.PROJECT, C.ZONE, C.ORGANIZATION) and not rest.startswith("改造")
            return Predicate.LOCATED_IN if small and built and not draft.has(C.ENTERPRISE) else None
        if rest.endswith("段") or (
            whole.has(C.FACILITY, C.PARK, C.PROJECT)
            and "known" not in whole.rules
            and draft.has(C.FACILITY, C.PROJECT)
            and w.ending("part-of-work").search(rest)
        ):
            return Predicate.PART_OF
        if draft.has(C.ZONE) and whole.has(C.ZONE):
            return Predicate.PART_OF
        if draft.has(C.PARK) and whole.has(C.PARK):
            if rest.endswith("公园"):
                return None  # the same: 东宝山, 东宝山森林公园
            inner = rest.endswith("园") and opening.endswith("区")  # "高新区|跨境电商产业园"
            return Predicate.PART_OF if rest.endswith(("园", "区", "团")) and not inner else Predicate.LOCATED_IN
        headed = whole.has(C.ZONE, C.PARK) and self._headed(opening)
        if headed and draft.has(C.ZONE) and rest.endswith(("区", "片", "城")):
            return Predicate.PART_OF
        if headed and draft.has(C.ADMINISTRATIVE_AREA):
            return Predicate.PART_OF
        return Predicate.LOCATED_IN if headed and draft.has(C.PARK, C.FACILITY, C.PROJECT, C.ORGANIZATION) else None

    def _headed(self, name: str) -> bool:
        """Whether a name closes with the head of a zone or park."""
        head = self.words.heads.closing(name)
        return head is not None and bool(head.classes & {C.ZONE, C.PARK})

    # from clauses -------------------------------------------------------------------------------------------------

    def _cues(self, clause: Clause, cue: str) -> Iterator[tuple[int, Unit]]:
        cues = self.words.cues[cue]
        row = clause.row
        for k, unit in enumerate(row):
            if unit.kind not in _SAYING:
                continue
            text = unit.text
            # "全面实施", "贯彻落实": the verb is the second half of a word of four characters
            if text in cues or (len(text) == 4 and text[2:] in cues):
                yield k, unit
            elif k + 1 < len(row) and row[k + 1].kind in _SAYING and text + row[k + 1].text in cues:  # "对口|扶持"
                yield k, Unit("verb", unit.begin, row[k + 1].end, text + row[k + 1].text, "v")

    def _subjects(self, clause: Clause, k: int) -> list[Draft]:
        """Who does what the verb at ``k`` says: the names before it, or the own area where none is said."""
        own = [self.r.own] if self.r.own is not None else []
        before = clause.row[:k]
        for j, unit in enumerate(before):
            if unit.text == "被":
                before = before[:j]
                break
        if not before:
            return own
        end = before[-1].end
        names = [c for c in clause.candidates if c.span.end <= end]
        last = names[-1].span.end if names else clause.begin
        if any(u.kind == "title" and u.begin >= last for u in before):
            return []  # "舞剧|《刘三姐》|荣获…": the work, which is no candidate
        if names:
            listed = self._listed(clause, names, end)
            drafts = [self.draft(c) for c in listed]
            worked = _WORK.fullmatch(self.norm, last, end) is not None
            if worked and not any(d.has(C.ADMINISTRATIVE_AREA, C.ENTERPRISE, C.ORGANIZATION) for d in drafts):
                return own  # "老工业基地|改造|获国务院通报表扬": who does the work
            if (
                drafts
                and not any("title" in c.rule for c in listed)
                and all(d.has(C.POLICY) and not d.has(*_DOERS) and not d.guessed for d in drafts)
            ):
                return own  # "“五水共治”夺得…": whose campaign it is
            quoted = bool(listed) and all(self.norm[c.span.begin] == "“" for c in listed)
            praised = quoted and _PRAISED.search(self.norm, end, clause.end) is not None
            if praised and not any(d.has(*_BODIES) for d in drafts):
                return own  # "“一网通办”|获国务院办公厅通报表扬": who does it
            if _WITH.match(self.norm, clause.begin) and 0 < names[0].span.begin - clause.begin <= 2:
                return own  # "与韶关签署…"
            if listed and self._listed_own(clause, listed[0]):
                drafts = [*own, *drafts]  # "黄石、|大冶|同时入选"
            return [d for d in drafts or [self.draft(names[0])] if d.has(*_DOERS)]
        lead = "".join(u.text for u in before)
        plain = "".join(
            u.text
            for u in before
            if u.kind not in ("function", "number")
            and not u.tag.startswith(("d", "p"))
            and not self.words.cue(u.text, "again")
            and not self.words.cue(u.text, "manner")
            and not (u.kind == "quote" and self._is_work(u.text))
        )
        if _ADVERBIAL.fullmatch(lead) or _ADVERBIAL.fullmatch(plain):
            return own
        known = {*own[0].names, *own[0].aliases} if own else set()
        if not plain or plain in known or _SELF.match(plain) or _WE.match(lead) or _DEEDS.fullmatch(plain):
            return [] if _SOME.search(lead) else own
        return []

    def _is_work(self, name: str) -> bool:
        """Whether a quotation is a policy or a project, and surely so: it does not win, who carries it out does."""
        found = self.r.find(name)
        return found is not None and found.has(C.POLICY, C.PROJECT) and not found.guessed

    def _listed(self, clause: Clause, names: list[Candidate], end: int) -> list[Candidate]:
        """The names of the list that closes right before ``end``; none where something else stands between."""
        result: list[Candidate] = []
        for c in reversed(names):
            if result and c.span.end > end:
                continue  # inside the one behind it
            gap = [u for u in clause.row if c.span.end <= u.begin and u.end <= end]
            if result:
                if not gap or any(u.kind not in ("enum", "conj", "paren") for u in gap):
                    break
            elif not (gap and gap[0].kind == "etc") and any(
                u.kind not in ("function", "number")
                and not u.tag.startswith("d")
                and not self.words.cue(u.text, "again")
                and not self.words.cue(u.text, "manner")
                for u in gap
            ):
                break
            result.insert(0, c)
            end = c.span.begin
        return result

    def _listed_own(self, clause: Clause, first: Candidate) -> bool:
        """Whether the list that begins with ``first`` is headed by the own area, which is no candidate."""
        before = [u for u in clause.row if u.end <= first.span.begin]
        own = self.r.own
        return (
            own is not None
            and len(before) > 1
            and before[-1].kind in ("enum", "conj")
            and (before[-2].text in own.names or before[-2].text in own.aliases or bool(_WE.fullmatch(before[-2].text)))
        )

    def _subject(self, clause: Clause, k: int) -> Draft | None:
        """The first of the :meth:`_subjects`."""
        return next(iter(self._subjects(clause, k)), None)

    def _meant(self, clause: Clause, k: int) -> bool:
        """Whether what the verb at unit ``k`` says is only striven for: "力争|获批", "支持…|创建"."""
        return any(self.words.cue(u.text, "intend-verb") for u in clause.row[:k])

    def _received(self, clause: Clause) -> None:
        honours = [c for c in clause.candidates if C.HONOUR in c.classes and _AS_HONOUR.search(c.rule)]
        if not honours:
            return
        self._passed(clause, honours)
        reached = self._cues(clause, "reach-verb") if clause.scene.part is Part.REVIEW else ()
        for k, unit in (*self._cues(clause, "receive-verb"), *reached):
            if self._meant(clause, k):
                continue
            if clause.scene.part is Part.PLAN and not _WAS.search(self.norm, clause.begin, unit.end):
                continue  # what a plan says is yet to be: "创成全国文明城市"
            if self.words.cue(unit.text, "strive-verb") and not self._achieved(clause, k):
                continue
            after = [c for c in honours if c.span.begin >= unit.end and not _PLANNED.search(c.name)]
            after = [c for c in after if not self._falls_short(c)]
            if self.words.cue(unit.text, "reach-verb"):
                after = [c for c in after if c.classes == {C.HONOUR}]  # "建成国家卫生城市"; a park is only built
            if not after:
                continue
            grantor = self._grantor(clause, k, unit)
            if self.words.cue(unit.text, "grant-verb") and grantor is not None:
                given = [self.draft(c) for c in clause.candidates if unit.end <= c.span.begin < after[0].span.begin]
                subjects = [d for d in given if d.has(*_DOERS)][:1] or ([self.r.own] if self.r.own else [])
            else:
                subjects = self._subjects(clause, k)
            if not subjects:
                continue
            silent = (
                self.last is not None
                and all(u.kind == "function" for u in clause.row[:k])
                and not _WE.match(self.norm, clause.begin)
            )
            stated = False
            for c in after:
                span = Span(min(unit.begin, c.span.begin), c.span.end)
                # "农高区投入…，获批国家农业科技园"; but what a city is called is not a park's
                of_areas = c.name.endswith(("市", "县", "区", "州"))
                goes_on = silent and self.last is not None and (not of_areas or self.last.name.endswith(("县", "区")))
                by = [self.last] if goes_on else subjects
                if c.rule == LEARNED:
                    by = [] if c.span.begin - unit.end > _NEAR else _others(by)
                if len(by) == len(after) > 1 and _EACH_OWN.search(self.norm, clause.begin, unit.end):
                    by = [by[after.index(c)]]  # "西樵山、皂幕山|分别|创建为国家5A、4A级景区"
                for subject in by:
                    if subject is self.r.own and self._of_others(c):
                        continue
                    self.state(subject, Predicate.RECEIVED, self.draft(c), span)
                    stated = True
                if by and grantor is not None:
                    self.state(self.draft(c), Predicate.GRANTED_BY, grantor, span)
                if by:
                    self._granted(self.draft(c), c.span)
            if stated:
                return
        self._won(clause, honours)
        for c in honours:  # who gives it is told by its name, whoever has it
            if clause.scene.part is Part.REVIEW and c.rule != LEARNED:
                self._granted(self.draft(c), c.span)

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
                self.state(self.r.own, Predicate.RECEIVED, self.draft(c), c.span)

    def _passed(self, clause: Clause, honours: list[Candidate]) -> None:
        """What is received by being examined for it: "丹徒经济开发区|通过|国家…试点园区|验收"."""
        if clause.scene.part is not Part.REVIEW:
            return
        for c in honours:
            k = next((k for k, u in enumerate(clause.row) if u.end == c.span.begin), None)
            if k is None or not self.words.cue(clause.row[k].text, "pass-verb") or self._meant(clause, k):
                continue
            if self.words.pattern("examined").match(self.norm, c.span.end, clause.end):
                subjects = self._subjects(clause, k)
                for subject in _others(subjects) if c.rule == LEARNED else subjects:
                    self.state(subject, Predicate.RECEIVED, self.draft(c), c.span)

    def _falls_short(self, c: Candidate) -> bool:
        """Whether an honour is not had yet: "获|全国文明城市|提名", "国际湿地城市|创建通过…评估"."""
        end = c.span.end
        return _NOMINATED.match(self.norm, end) is not None or _EXAMINED.match(self.norm, end) is not None

    def _of_others(self, c: Candidate) -> bool:
        """Whether an honour is one of villages that are counted: "创成|省级特色田园乡村|3个"; a prize is the area's."""
        return c.name.endswith(_HAVING) and _SO_MANY.match(self.norm, c.span.end) is not None

    def _achieved(self, clause: Clause, k: int) -> bool:
        """Whether what is else striven for is reached: "成功|创建", "创建|为"."""
        row = clause.row
        return bool(k and row[k - 1].text == "成功") or (
            clause.scene.part is not Part.PLAN
            and (self.words.cue(row[k].text, "keep-verb") or (k + 1 < len(row) and row[k + 1].text in ("为", "成")))
        )

    def _go_on(self, clause: Clause) -> None:
        """Keep with what a clause begins: the next one may say more of it."""
        begin = clause.candidates[0].span.begin
        first = max((c for c in clause.candidates if c.span.begin == begin), key=lambda c: c.span.end)
        if any(u.kind != "function" for u in clause.row if u.begin < begin):
            if clause.row[0].kind == "word":
                self.last = None
            return
        draft = self.draft(first)
        self.last = draft if draft.has(*_DOERS) and not draft.own_area else None

    def _grantor(self, clause: Clause, k: int, verb: Unit) -> Draft | None:
        """The named body that gives: "被|中国气象学会|评为", "中国气象学会|授予"."""
        passive = next((u for u in clause.row[:k] if u.text == "被"), None)
        if passive is None and not self.words.cue(verb.text, "grant-verb"):
            return None
        begin = passive.end if passive is not None else clause.begin
        for c in clause.candidates:
            if begin <= c.span.begin and c.span.end <= verb.begin and c.classes & {C.ORGANIZATION, C.ENTERPRISE}:
                return self.draft(c)
        return None

    def _granted(self, honour: Draft, span: Span) -> None:
        """The grantor, where the name opens with an organisation: "国务院督查激励", "联合国…奖"."""
        org = max((w for w in self.words.cues["grantor"] if honour.name.startswith(w)), key=len, default="")
        if org:
            at = self.norm.find(org, span.begin, span.end)
            named = Span(at, at + len(org)) if at >= 0 else min(honour.spans)
            grantor = self.r.create(org, {C.ORGANIZATION}, Span(named.begin, named.begin + len(org)), "grantor")
            self.state(honour, Predicate.GRANTED_BY, grantor, span)

    def _hosts(self, clause: Clause, hosting: Draft | None) -> Draft | None:
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
                    self.state(self.r.own, Predicate.HOSTS, self.draft(c), c.span)
            return self.r.own
        if hosting is not None and events[0].span.begin - clause.begin <= 1:
            for c in events:
                self.state(hosting, Predicate.HOSTS, self.draft(c), c.span)
            return hosting
        won = any(self.words.cue(u.text, "win-verb") for u in clause.row if u.end <= events[0].span.begin)
        if won and _HOST_OF.match(self.norm, events[-1].span.end):
            opening = clause.candidates[0]
            named = opening.span.begin == clause.begin and C.ADMINISTRATIVE_AREA in opening.classes
            for c in events:
                self.state(self.draft(opening) if named else self.r.own, Predicate.HOSTS, self.draft(c), c.span)
            return None
        staged = [c for c in events if C.POLICY not in c.classes and self._event(c)]
        for k, unit in (*self._cues(clause, "host-verb"), *(self._cues(clause, "stage-verb") if staged else ())):
            held = events if self.words.cue(unit.text, "host-verb") else staged
            after = [c for c in held if c.span.begin >= unit.end]
            if not after:
                continue
            subject = self._subject(clause, k) or self.r.own
            venues = self._venues(clause, k)
            if venues or (subject is not None and not subject.has(C.ADMINISTRATIVE_AREA, C.ZONE)):
                subject = self.r.own
            for c, venue in product(after, venues):
                self.state(self.draft(c), Predicate.LOCATED_IN, venue, Span(unit.begin, c.span.end))
            for c in after:
                host = self._named_host(c) if subject is self.r.own and not unit.text.startswith(("承", "协")) else None
                self.state(host or subject, Predicate.HOSTS, self.draft(c), Span(unit.begin, c.span.end))
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
        listed = self._listed(clause, names, clause.row[k].begin) if names else []
        before = next((u for u in clause.row if listed and u.end == listed[0].span.begin), None)
        if before is None or before.text not in _AT:
            return []
        return [d for d in map(self.draft, listed) if d.has(C.ADMINISTRATIVE_AREA) and not d.own_area]

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
        place = next((self.draft(c) for c in between if c.classes & {C.ADMINISTRATIVE_AREA, C.ZONE}), self.r.own)
        for c in events:
            self.state(place, Predicate.HOSTS, self.draft(c), Span(c.span.begin, verb.end if verb else c.span.end))
        return place

    def _topic(self, scene: Scene) -> Draft | None:
        """The zone or park that a sentence opens with: what comes in its later clauses comes there."""
        first = scene.candidates[0] if scene.candidates else None
        if "relations.topics" in self.without or first is None or first.span.begin - scene.row[0].begin > 1:
            return None
        draft = self.draft(first)
        return draft if draft.has(C.ZONE, C.PARK) and not draft.has(C.ORGANIZATION, C.ENTERPRISE) else None

    def _venue(self, clause: Clause) -> Draft | None:
        """ "琶洲地区举办的展会…": the place whose events the following clauses list."""
        m = _VENUE.search(self.norm, clause.begin, clause.end)
        if m is None or not clause.candidates or clause.candidates[0].span.end > m.start():
            return None
        draft = self.draft(clause.candidates[0])
        return draft if draft.has(C.ZONE, C.ADMINISTRATIVE_AREA) else None

    def _settled(self, clause: Clause, topic: Draft | None) -> None:
        """Who comes: enterprises and bodies before 进驻, 落户, … or behind 引进; what 落地 is said of lies there."""
        comers = [c for c in clause.candidates if c.classes & {C.ENTERPRISE, C.ORGANIZATION} and "known" not in c.rule]
        comers += [c for c in clause.candidates if "known" in c.rule and C.ENTERPRISE in c.classes]
        comers += [c for c in clause.candidates if self._investor(c)]
        built = [c for c in clause.candidates if c not in comers and self.draft(c).has(*_BUILT)]
        if not comers and not built:
            return
        for _, unit in self._cues(clause, "settle-verb"):
            bring = unit.text.endswith(("引进", "引入", "招引", "新设", "增设"))
            if _SIGNS.match(self.norm, unit.begin, clause.end):
                continue  # "长三角招商中心|新签约|落地大项目26个": who signs for it
            chosen = [c for c in comers if (c.span.begin >= unit.end if bring else c.span.end <= unit.begin)]
            landing = [] if bring else [c for c in built if c.span.end <= unit.begin]
            if not chosen and not landing:
                continue
            if unit.text == "投资" and not (self._own_named(clause, unit) or self._comes_to(clause, unit)):
                continue  # "…集团投资3亿元的项目", "海外投资"
            places = [c for c in clause.candidates if self.draft(c).has(*_PLACES) and C.ENTERPRISE not in c.classes]
            if bring:  # "成都科学城引进…"
                place = next((c for c in places if c.span.end <= unit.begin and c.span.begin - clause.begin <= 1), None)
            else:
                place = next((c for c in places if c.span.begin >= unit.end or self._aimed(clause, c, unit)), None)
            if place is None and self.words.cue(unit.text, "enter-verb"):
                continue  # "进入世界500强"
            target = self.draft(place) if place is not None else (topic or self.r.own)
            if place is None and any(self.draft(c) is topic for c in landing):
                target = self.r.own  # the first of those that come, no place to come to
            closes = unit.text.endswith("落户") and unit.end >= clause.row[-1].end
            firms = closes and any(self.draft(c).has(C.ENTERPRISE) for c in chosen)
            if place is not None or self._own_named(clause, unit) or closes:  # a work lies where it lands
                for c in landing:
                    if c is not place:
                        how = Predicate.SETTLED_IN if firms else Predicate.LOCATED_IN
                        self.state(self.draft(c), how, target, Span(c.span.begin, unit.end))
            begun = self.words.cue(unit.text, "lands-verb") and any(
                u.begin == unit.end and u.text.startswith(("开工", "建设", "实施")) for u in clause.row
            )
            for c in chosen:
                if self._investor(c) and (
                    begun or not (self._rare(clause, c) or self.words.cue(unit.text, "come-verb"))
                ):
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
                self.state(self.draft(c), Predicate.LOCATED_IN if lies else Predicate.SETTLED_IN, target, span)
            break
        # "跟踪A、B、C等总部项目建设": whose headquarters is to be built is to come
        for c in comers:
            if any(f"list:{w}" in c.rule.split("+") for w in self.words.cues["headquarters"]):
                self.state(self.draft(c), Predicate.SETTLED_IN, self.r.own, c.span)

    def _there(self, clause: Clause) -> None:
        """What is begun, opened or finished at a place lies there: "…集聚区|在|三水新城|正式|挂牌"."""
        for j, place in enumerate(clause.candidates):
            before = next((u for u in clause.row if u.end == place.span.begin), None)
            if not j or before is None or before.text not in _AT or not self.draft(place).has(*_PLACES):
                continue
            behind = [u for u in clause.row if u.begin >= place.span.end]
            verb = next((u for u in behind if u.kind != "function" and not u.tag.startswith(("d", "a"))), None)
            if verb is None or not self.words.cue(verb.text, "there-verb"):
                continue
            for c in self._listed(clause, clause.candidates[:j], before.begin):
                if self.draft(c).has(*_BUILT, C.ORGANIZATION) and not self.draft(c).has(C.ADMINISTRATIVE_AREA):
                    span = Span(c.span.begin, verb.end)
                    self.state(self.draft(c), Predicate.LOCATED_IN, self.draft(place), span)

    def _sited(self, clause: Clause) -> None:
        """What a site is named of lies there: "荆州大学城|选址于|荆州区"; also what one of its own lies in."""
        m = _SITED.search(self.norm, clause.begin, clause.end)
        if m is None:
            return
        place = next((c for c in clause.candidates if 0 <= c.span.begin - m.end() <= 1), None)
        if place is None or not self.draft(place).has(*_PLACES):
            return
        named = [c for c in clause.candidates if c.span.end <= m.start()]
        for c in self._listed(clause, named, m.start()):
            draft = self.draft(c)
            if draft.has(*_BUILT, C.ORGANIZATION, C.ENTERPRISE) and not draft.has(C.ADMINISTRATIVE_AREA):
                self.state(draft, Predicate.LOCATED_IN, self.draft(place), Span(c.span.begin, place.span.end))

    def _joined(self, clause: Clause) -> None:
        """A circle of cities that an area is taken into: "列入|沈阳现代化都市圈"."""
        for k, unit in self._cues(clause, "join-verb"):
            for c in clause.candidates:
                if c.span.begin == unit.end and C.ZONE in c.classes and self.words.ending("circle-head").search(c.name):
                    subject = self._subject(clause, k)
                    if subject is not None and subject.has(C.ADMINISTRATIVE_AREA) and not self._meant(clause, k):
                        self.state(subject, Predicate.PART_OF, self.draft(c), Span(unit.begin, c.span.end))

    def _comes_to(self, clause: Clause, verb: Unit) -> bool:
        """Whether it is said where the money goes: "来深|投资", "投资|广安"."""
        if _TO_HERE.search(self.norm, clause.begin, verb.begin):
            return True
        return any(c.span.begin == verb.end and self.draft(c).has(*_PLACES) for c in clause.candidates)

    def _own_named(self, clause: Clause, verb: Unit) -> bool:
        """Whether the own area is named right behind a verb."""
        own = self.r.own
        following = next((u.text for u in clause.row if u.begin == verb.end), "")
        return (
            own is not None
            and bool(following)
            and (following in own.names or following in own.aliases or bool(_WE.fullmatch(following)))
        )

    def _aimed(self, clause: Clause, place: Candidate, verb: Unit) -> bool:
        """Whether a place stands between 到 or 在 and the verb: "到|荆州|布点"."""
        if place.span.end > verb.begin:
            return False
        before = next((u for u in clause.row if u.end == place.span.begin), None)
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

    def _supports(self, clause: Clause) -> None:
        if not any(C.ADMINISTRATIVE_AREA in c.classes for c in clause.candidates):
            return
        said = -1
        for _, unit in self._cues(clause, "support-verb"):
            if unit.end == said:
                continue  # the second half of "对口|帮扶"
            said = unit.end
            if _HELPED.match(self.norm, unit.end):
                continue  # "18个省对口援建|我省北川、汶川…"
            after = [c for c in clause.candidates if c.span.begin >= unit.end and C.ADMINISTRATIVE_AREA in c.classes]
            wholes = {id(w) for c in after for w, _ in self.draft(c).wholes}
            following = next((u for u in clause.row if u.begin >= unit.end and u.kind == "verb"), None)
            for c in after:
                if following is not None and c.span.begin >= following.end:
                    break  # "对口扶持贵州铜仁、|援建|西藏林周"
                if id(self.draft(c)) not in wholes:
                    self.state(self.r.own, Predicate.SUPPORTS, self.draft(c), Span(unit.begin, c.span.end))

    def _adopts(self, clause: Clause) -> None:
        policies = [
            c
            for c in clause.candidates
            if c.rule != LEARNED  # not sure enough to say that an area carries it out
            and (C.POLICY in c.classes or _CAMPAIGN.search(c.name))
            and not self._building(clause, c)
            and not self.words.ending("guiding-idea").search(c.name)
            and not self._made(c)
        ]
        if not policies or self.words.cue(clause.row[0].text, "higher-actor"):
            return
        for k, unit in self._cues(clause, "adopt-verb"):
            after = [c for c in policies if c.span.begin >= unit.end]
            if not after and self.words.cue(unit.text, "begin-verb"):
                # "“退二进三”工作启动实施": the policy is the subject
                after = [c for c in policies if c.span.end <= unit.begin and c.span.begin - clause.begin <= 1]
            if not after:
                continue
            subject = self._subject(clause, k) or self.r.own
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
                self.state(
                    possessor or subject,
                    Predicate.ADOPTS,
                    self.draft(c),
                    Span(min(unit.begin, c.span.begin), max(unit.end, c.span.end)),
                )
            break
        if "relations.named_policies" not in self.without and clause.scene.part in (Part.REVIEW, Part.PLAN):
            self.idle += [c for c in policies if self._own_policy(clause, c)]

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
            self.norm.startswith("建设", c.span.end) or self._told([u for u in clause.row if u.begin >= c.span.end])
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
            or self.draft(c).has(*_DOERS, C.HONOUR, C.EVENT)
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

    def _rest(self) -> None:
        """What the report names as a policy and gives to nobody else is its own area's."""
        adopted = {id(policy) for (_, p, _), (_, policy, _) in self.found.items() if p is Predicate.ADOPTS}
        for c in self.idle:
            draft = self.draft(c)
            if id(draft) not in adopted:
                self.state(self.r.own, Predicate.ADOPTS, draft, c.span)

    def places(self, named: Iterable[tuple[Clause, Candidate]]) -> dict[tuple[Predicate, int], list[Place]]:
        """By predicate and thing (the id of its draft), where what the own area may adopt, receive or host is named."""
        ruled: dict[tuple[Predicate, int], str] = {}
        for (_, predicate, thing), (subject, _, _) in self.found.items():
            if subject is self.r.own or (predicate, thing) not in ruled:
                ruled[predicate, thing] = OWN if subject is self.r.own else OTHER
        result: dict[tuple[Predicate, int], list[Place]] = {}
        for clause, c in named:
            draft = self.draft(c)
            others = self.words.cue(clause.row[0].text, "higher-actor")
            for predicate in asked(draft):
                if others and predicate is Predicate.ADOPTS:
                    continue  # "国家|实施《…规划纲要》"
                if predicate is Predicate.RECEIVED and (self._falls_short(c) or self._of_others(c)):
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
                self.found.pop((id(own), predicate, thing), None)
            elif places[0].ruled == NONE:
                for span in spans:
                    self.state(own, predicate, places[0].draft, span)
                if predicate is Predicate.RECEIVED:
                    self._granted(places[0].draft, spans[0])

    def _possessor(self, clause: Clause, c: Candidate) -> Draft | None:
        """The area whose policy it is, named right before it: "广州|“中调”、“南拓”战略"."""
        before = next((u for u in clause.row if u.end == c.span.begin), None)
        if before is None or before.kind != "word":
            return None
        draft = self.r.find(before.text)
        return draft if draft is not None and draft.has(C.ADMINISTRATIVE_AREA) else None

    # status of projects -------------------------------------------------------------------------------------------

    def _is_past(self, clause: Clause) -> bool:
        """Whether a glossary says of what it explains what came of it: "…高速|2018年|开工"."""
        year = self.r.report.year
        years = [int(y) for y in _IN_YEAR.findall(self.norm, clause.begin, clause.end)]
        return year is not None and any(y < year for y in years)

    def _status(self, clause: Clause) -> None:
        """Who is built is a project; how far it has come is said by the verb before it or the predicate behind it."""
        w = self.words
        # what a glossary says is to be built, and does not say was, is yet to be
        ahead = clause.scene.part is Part.PLAN or (clause.scene.part is Part.OTHER and not self._is_past(clause))
        plan = ahead or not w.cues["aim-word"].isdisjoint(clause.scene.texts)
        for c in clause.candidates:
            draft = self.draft(c)
            # a pilot is carried out, whatever honour it is to have been chosen for it
            pilot = draft.has(C.POLICY) and (
                w.ending("pilot-head").search(draft.name) is not None
                or w.ending("undertaking").search(draft.name.rstrip("”")) is not None
            )
            sought = draft.has(C.HONOUR) and self._is_sought(clause, c)
            if (
                not (pilot or sought or draft.has(C.PROJECT, C.FACILITY, C.PARK, C.ZONE, C.ORGANIZATION, C.ENTERPRISE))
                or draft.own_area
                or w.cue(draft.name, "macro-region")
                or (draft.has(C.HONOUR) and self._is_won(clause, c))
                or (draft.has(C.ADMINISTRATIVE_AREA) and not draft.has(C.PROJECT))
                or (draft.has(C.HONOUR) and not draft.has(C.PARK, C.ZONE, C.PROJECT) and not (pilot or sought))
                or (draft.has(C.POLICY) and not draft.has(C.PROJECT) and not pilot)
                or ("known" in draft.rules and not draft.has(C.PROJECT))
                or any(o.span.begin == c.span.begin and o.span.end > c.span.end for o in clause.candidates)
                or self.norm.startswith("内", c.span.end)  # "环城高速|内|工业企业": told of what lies there
            ):
                continue
            verb = [] if self._has_more(clause, c) else self._verb_before(clause, c)
            behind = self._behind(clause, c)
            if self._builds(draft, behind):
                continue
            status = self._stage(verb, behind, plan)
            if self._to_come(clause, c, status):
                status = Status.UNDERWAY
            elif self.norm[clause.begin : c.span.begin].endswith("建成的"):
                status = Status.COMPLETED
            if status is None:
                named = draft.has(C.PROJECT) and not draft.has(C.ADMINISTRATIVE_AREA)  # a street, or the work on it
                carried = pilot and bool(verb) and c.rule != LEARNED
                defined = clause.scene.part is Part.OTHER and _DEFINED.match(self.norm, c.span.end) is not None
                if (named or carried) and (defined or clause.scene.part in (Part.REVIEW, Part.PLAN)):
                    stage = Status.PLANNED if plan and not defined else Status.UNDERWAY
                    self.unsaid.append((draft, c.span, stage))
                continue
            works = verb and w.cue(verb[-1], "works-verb")
            built = "建设" in behind or any(
                w.cue(t, cue) for t in behind for cue in ("complete-verb", "underway-verb", "preparation")
            )
            raised = any(w.cue(v, "raise-verb") for v in verb[-1:]) or behind[:1] == ["建设"]
            finished = status is Status.COMPLETED and any(w.cue(t, "complete-verb") for t in behind)
            opened = status is Status.COMPLETED and any(w.cue(v, "done-verb") for v in verb[-1:])
            if (
                draft.has(C.PROJECT)
                or pilot
                or (sought and status is not Status.COMPLETED)
                or raised
                or ((works or built) and draft.has(C.FACILITY, C.PARK))
                or (draft.has(C.ZONE) and (finished or not _RISING.isdisjoint(behind)))
                or (opened and draft.has(C.FACILITY, C.PARK))
                or (built and draft.has(C.ORGANIZATION))
                or (draft.has(C.ENTERPRISE) and any(w.cue(t, "plant-verb") for t in behind))
                # of a thing whose class the weights alone have told, what is said of it is the better sign
                or (draft.guessed and draft.has(C.FACILITY, C.PARK, C.ZONE))
            ):
                draft.classes.add(C.PROJECT)
                draft.statuses.append((c.span, status))

    def _builds(self, draft: Draft, behind: list[str]) -> bool:
        """Whether a company or body is who builds: "珠海华发集团|建设|创新|产业|新城"; not "研究院|建设|加快"."""
        if not draft.has(C.ENTERPRISE, C.ORGANIZATION) or draft.has(C.PROJECT, C.FACILITY, C.PARK):
            return False
        rest = behind[1:] if behind[:1] == ["建设"] else []
        return bool(rest) and rest[0] not in self.words.tail and not any(map(self._staging, rest))

    def _to_come(self, clause: Clause, c: Candidate, status: Status | None) -> bool:
        """Whether what is said behind a candidate is to come: "即将|开工", "将|全面建成"; not "建成通车|将|缩短…"."""
        for unit in clause.row:
            if unit.begin < c.span.end or any(o.span.begin <= unit.begin < o.span.end for o in clause.candidates):
                continue
            if unit.text in ("将", "即将"):
                return status is Status.COMPLETED or unit.text == "即将"
            if self.words.cue(unit.text, "complete-verb"):
                return False
        return False

    def _is_sought(self, clause: Clause, c: Candidate) -> bool:
        """Whether a place is still at becoming what an honour says: "推进|国家知识产权示范市|建设"."""
        before = [u.text for u in clause.row if u.end <= c.span.begin][-2:]
        end = c.span.end
        for other in clause.candidates:  # the others of its list
            separator = self.norm[end : other.span.begin]
            if C.HONOUR in other.classes and other.span.begin == end + 1 and separator in ("、", "和", "及", "与"):
                end = other.span.end
        behind = next((u.text for u in clause.row if u.begin >= end), "")
        after = next((u for u in clause.row if u.begin >= end + len(behind)), None)
        of_it = after is not None and after.kind == "word" and after.tag == "n" and after.text != "工作"  # "创建|成果"
        if self.words.cue(behind, "seek-verb") and not of_it:
            return True
        return bool(before) and self.words.cue(before[-1], "seek-verb") and "成功" not in before

    def _is_won(self, clause: Clause, c: Candidate) -> bool:
        """Whether a review says that an honour was reached: "创建|省级生态乡镇|2|个", "创建|为|国家生态示范区"."""
        if clause.scene.part is not Part.REVIEW:
            return False
        before = next((u.text for u in reversed(clause.row) if u.end <= c.span.begin), "")
        behind = next((u for u in clause.row if u.begin >= c.span.end), None)
        return before in _BECOME or (behind is not None and behind.begin == c.span.end and behind.kind == "number")

    def _unsaid(self) -> None:
        """A project of which no verb says how far it has come is underway in the review, planned in the plan."""
        for draft, span, status in self.unsaid:
            if not draft.statuses:
                draft.classes.add(C.PROJECT)
                draft.statuses.append((span, status))
        for draft in self.r.unique():
            if not draft.statuses:
                continue
            for whole, _ in draft.wholes:  # of what is named as a phase alone, the phase is all that is told
                alone = {"phase-base", "section"} if REHOUSING.match(draft.name) else {"phase", "phase-base", "section"}
                if whole.rules <= alone and not whole.statuses:
                    whole.classes.add(C.PROJECT)
                    whole.statuses += draft.statuses

    def _has_more(self, clause: Clause, c: Candidate) -> bool:
        """Whether a verb before a place governs what is there: "完善|琶洲地区|配套服务"."""
        following = next((u for u in clause.row if u.begin == c.span.end), None)
        return (
            following is not None
            and following.kind == "word"
            and following.tag == "n"
            and following.text not in self.words.tail
            and C.ZONE in c.classes
            and C.PROJECT not in c.classes
        )

    def _verb_before(self, clause: Clause, c: Candidate) -> list[str]:
        """The verbs (one or two, in order) that govern a candidate, past the members of its list."""
        verbs: list[str] = []
        listed = False
        following = ""
        row = [u for u in clause.row if u.end <= c.span.begin]
        for k in range(len(row) - 1, -1, -1):
            unit = row[k]
            former, following = following, unit.kind
            if former in ("enum", "conj") and self._told([unit]):
                break  # said of the member before: "1号线|开通、2号线…"
            if unit.kind == "verb" or (unit.kind == "word" and self.words.cue(unit.text, "works-verb")):
                staged = k > 0 and row[k - 1].kind == "verb" and self._staging(row[k - 1].text)
                if (listed or staged) and not verbs and not self._staging(unit.text):
                    continue  # a verb inside another member: "四|达|大道、通海大道"; "启用|掌上|“健康绍兴”系统"
                verbs.insert(0, unit.text)
                if len(verbs) == 2:
                    break
            elif verbs:
                if self.words.cue(unit.text, "ongoing"):  # "深入|实施"
                    verbs.insert(0, unit.text)
                break
            elif unit.kind in ("enum", "conj", "etc"):
                listed = True
        return verbs

    def _staging(self, verb: str) -> bool:
        """Whether a verb tells how far something has come."""
        return any(self.words.cue(verb, cue) for cue in _STAGES)

    def _behind(self, clause: Clause, c: Candidate) -> list[str]:
        """The words behind a candidate up to the end of its clause."""
        result: list[str] = []
        row = [u for u in clause.row if u.begin >= c.span.end]
        for k, unit in enumerate(row):
            following = row[k + 1].text if k + 1 < len(row) else ""
            if unit.text in _BRINGING or following in _GROWING:
                break  # "经开区|引进企业…", "…|加快|发展", "…|建设|机遇": no work is done on it
            if unit.kind in ("verb", "word"):
                result.append(unit.text)
            elif unit.kind == "enum" and k and self._told(row[k - 1 : k]):
                n = k + 1 + self.words.cue(following, "same-year")  # "当年|开工、当年|投产"
                if not self._told(row[n : n + 1]):
                    break  # "一期|通车、|二期…": what follows is said of another
        return result

    def _told(self, units: list[Unit]) -> bool:
        """Whether a word closes what is said of a thing that is built."""
        return any(self.words.cue(u.text, "told-verb") for u in units)

    def _stage(self, verb: list[str], behind: list[str], plan: bool) -> Status | None:
        cues = self.words.cues
        if not cues["preparation"].isdisjoint(behind) or (verb and verb[-1] in cues["prepare-verb"]):
            return Status.PLANNED
        if any("".join(behind[-n:]) in cues["drawn-up"] for n in (1, 2)):
            return Status.PLANNED  # "做好|龙门大桥|规划"
        if plan:
            if "开工" in behind:  # "推动|阜奈高速|开工建设": to be begun
                return Status.PLANNED
            if len(verb) > 1 and verb[-1] in cues["start-verb"]:  # "加快|启动"
                return Status.PLANNED
            if not (cues["going-verb"].isdisjoint(verb) and cues["ongoing"].isdisjoint(verb)):
                return Status.UNDERWAY
            if not cues["works-verb"].isdisjoint(verb):
                return Status.PLANNED
            if not (cues["complete-verb"].isdisjoint(behind) and cues["underway-verb"].isdisjoint(behind)):
                return Status.PLANNED
            return None
        if behind and not verb and behind[-1] in cues["opened-verb"]:
            return Status.COMPLETED
        if "创建" in behind[1:] and behind[behind.index("创建") - 1] == "成功":
            return Status.COMPLETED
        for k in range(len(behind) - 1, -1, -1):
            text = behind[k]
            if text in cues["complete-verb"] and not (
                text.endswith("完成") and not cues["part-done"].isdisjoint(behind[k + 1 : k + 4])
            ):  # "完成|投资", "完成|省级|备案", "全面完成|年度|投资|任务"
                return Status.COMPLETED
            if text in cues["underway-verb"]:
                # "完成|改造", "实现|改造|升级", "完成|龙门大桥|建设"; not "实现|开工", "完成|改造|方案"
                first = k
                while first and behind[first - 1] in cues["finished-work"]:
                    first -= 1
                former = behind[first - 1 : first] if first and behind[first - 1] in cues["finish-verb"] else verb[-1:]
                done = not cues["finish-verb"].isdisjoint(former) and text in cues["finished-work"]
                ends = behind[k + 1 :]
                while ends and ends[-1] in ("工程", "项目", "任务"):  # "完成|国道324线等|路面|改造|工程"
                    ends = ends[:-1]
                last = cues["finished-work"].issuperset(ends)
                return Status.COMPLETED if done and last else Status.UNDERWAY
        if not cues["going-verb"].isdisjoint(verb):
            return Status.UNDERWAY
        if verb and verb[-1] in cues["done-verb"]:
            return Status.COMPLETED
        if verb and verb[-1] in cues["joint-verb"]:
            return Status.UNDERWAY
        if behind and behind[-1] in cues["prepared"]:  # "…项目|完成|省级|备案"
            return Status.PLANNED
        return None if cues["underway-verb"].isdisjoint(verb) else Status.UNDERWAY


def _are_years(draft: Draft) -> bool:
    """Whether a draft is the years of a plan (“十三五”时期), and the report names no plan."""
    names = [*draft.names, *draft.aliases]
    years = any(name.endswith(_YEARS_OF_PLAN) for name in names)
    return years and not any(name.rstrip("”").endswith(_PLANS) for name in names)


def _others(subjects: Iterable[Draft | None]) -> list[Draft]:
    """Those that are not the report's own area, of which learnt weights say what it has received."""
    return [subject for subject in subjects if subject is not None and not subject.own_area]


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
