"""What lies where, and what is part of what: by names that open with a place, and by members of a whole."""

from __future__ import annotations

from kg.extract.drafts import Draft
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.numerals import parse_numeral
from kg.extract.rel_reading import Clause, Sharing
from kg.extract.words import stem_of
from kg.model import EntityClass as C
from kg.model import Part, Predicate, Span
from kg.patterns import compiled

PLACES = (C.ADMINISTRATIVE_AREA, C.ZONE, C.PARK)
#: what is part of another of these, or of a policy
_MADE = (C.PROJECT, C.FACILITY, C.ZONE, C.PARK)
#: what is said of a zone that is being made
RISING = listed("{rising}")
#: what makes the name of a division that of something in nature: "通州|湾"
_NATURE = frozenset("湾河江湖山港岛洲口门岭峡")
#: work on a river is no part of it
_TREATED = listed("{river-scope}{0,2}{river-work}")
#: nor is a bridge over it
_BRIDGE = listed("{bridge}")
#: what makes another name of that of a place
_NO_PART = listed("{no-part-rest}")
#: what is no way from there: 射阳|经济开发区
_ECONOMIC = compiled(r"经(?:济(?:技术)?开发|开|贸|编|发|技)")
#: a line that goes from one place to another lies in neither: "港南|木格至博白水鸣公路"
_FROM_TO = listed(r"^[\u4e00-\u9fff]{1,4}[至到—－–～-][\u4e00-\u9fff]+{line-end}$")
#: a stretch or garden in brackets, and a quarter of a free trade zone
_BRACKETED = compiled(
    r"(?<=.{3})[（(][^（）()]{2,6}[段园][）)]$|(?:(?<=自贸试验区|贸易试验区)|(?<=自贸区))[^（）()]{2,4}片区$"
)
#: the place after which the part of a whole is called
_QUARTER = listed("{quarter}$")
#: characters of a place without its suffix
_STEM = (2, 3)
#: how an entry of a glossary begins
_ENTRY = compiled(
    r"[ \u3000]*(?:[〔\[【(]?\d{1,3}[〕\]】)]?[.．、:]?[ \u3000]*)?"
    r"[“”\w+·、()（）《》]{2,40}?(?:[:：]|(?:是|主要|是要)?指(?![挥导数标定派向令示引]))"
)
#: between a thing and the list of what it consists of
_CONSISTS = compiled(
    r"[”」]?(?:(?:[:：]|，|,)(?:是?指(?![挥导数标定派向令示引])|包括|即(?![将便使日可])|分别是)|[:：]|是?指(?![挥导数标定派向令示引])|包括)"
)
#: the same further on in an entry, behind what it is for: "“双十”工程：为…，即…"
_LATER = compiled(r"[，,](?:即|分别[是为]|包括|主要包括)(?![便使日可将])")
#: how a headword says that it consists of several: "双|十"
_SO_MANY = compiled(r"[一二两三四五六七八九十\d][^一二两三四五六七八九十\d]")
#: a name of several things together
_COLLECTIVE = compiled(r"“[^”]*[一二两三四五六七八九十百千\d][^”]*”|^[一二两三四五六七八九十\d]+[大个]")
#: between the items of a list, at its end, and behind an item
_ITEM = compiled(r"[、和及与“]")
_ITEMS_END = compiled(r"[。；;\n]|[,，](?![^、。；;,，]{2,30}[、和])")
_BEHIND_ITEM = compiled(r"(?:（[^（）]*）|\([^()]*\))?[”]?(?:[、和及与,，]|$|等)")
#: what is no business of the company whose name is before it: a phase alone, another company, ground called after it
_OF_ANOTHER = listed(
    r"第?[一二三四五六七八九十两]{1,3}期|{firm-word}(?!城|园|基地)|{named-ground}|.*(?:{untaken-end}|”)(?:项目)?$"
)
#: how much a company makes: "牧原|200万头生猪屠宰加工", "隆基|29GW高效单晶电池"
_CAPACITY = compiled(r"年产|\d+(?:\.\d+)?(?:[万亿吨]|[A-Z]{2})")
#: characters of the word that begins what a company does
_GENERAL = (2, 3, 4)
#: so many members make a list
_SEVERAL = 2


#: a part of a headword, before what it stands for
_STANDS_FOR = compiled(r"“[一两双三四五六七八九十][^”]{1,5}”(?:是|指|为|即)")
_PART_END = compiled(r"[,，;；。\n]")
#: how many a collective name says that there are
_HOW_MANY = compiled(r"[“\"]?(?P<number>[两二三四五六七八九十]|\d{1,2})[大个条项]")


def _tells_how_many(name: str) -> int:
    """The number that a collective name opens with, or 0: “四大板块”."""
    m = _HOW_MANY.match(name)
    return int(parse_numeral(m["number"]) or 0) if m is not None else 0


class Wholes(Sharing):
    """Finds ``partOf`` and ``locatedIn``."""

    def named(self) -> None:
        """Take over what names were found to say of a whole: phases, members, places in the one around them."""
        drafts = self.r.unique()
        still = {id(draft) for draft in drafts}
        for draft in drafts:
            for whole, span in draft.wholes:
                # the whole may have turned out to be another name of something else since
                known = whole if id(whole) in still else self.r.find(whole.name)
                built = draft.has(C.PROJECT) or not draft.has(*PLACES)
                lies = (
                    built
                    and known is not None
                    and known.has(C.ADMINISTRATIVE_AREA)
                    and not draft.has(C.ADMINISTRATIVE_AREA)
                )
                self.reading.state(draft, Predicate.LOCATED_IN if lies else Predicate.PART_OF, known, span)

    def prefixes(self) -> None:
        """A name that opens with another thing's name lies in it or is part of it."""
        by_name: dict[str, Draft] = {}
        for draft in self.r.unique():
            for name in [*draft.names, *draft.aliases]:
                by_name.setdefault(name, draft)
            if draft.has(C.ADMINISTRATIVE_AREA) and draft.name in self.words.divisions:
                by_name.setdefault(stem_of(draft.name), draft)
        levels = self.words.ending("town-level")
        for draft in self.r.unique():
            ground = draft.has(C.PROJECT) and self.words.ending("ground-work").search(draft.name) is not None
            if draft.has(C.HONOUR, C.EVENT, C.PERSON) or draft.own_area or (draft.has(C.POLICY) and not ground):
                continue
            name = draft.name
            part = False
            for n in range(len(name) - 1, 1, -1):
                whole = by_name.get(name[:n])
                if whole is None or whole is draft or whole.own_area or not whole.has(*PLACES, C.FACILITY, C.PROJECT):
                    continue
                if part and not whole.has(C.ADMINISTRATIVE_AREA):
                    continue  # 云溪镇|食用菌产业园|二期 lies where its whole does
                if levels.search(whole.name) and self.words.cue(name[n:], "town-level"):
                    continue  # 石溪|街道 is no part of a 石溪镇 that is called 石溪, too
                if name[: n + 1] in self.words.names:
                    break  # "京津" is no part of "京津冀"
                if whole.has(C.EVENT, C.HONOUR) or self.words.cue(whole.name, "wide-region"):
                    break
                if any(w is whole for w, _ in draft.wholes):
                    part = True
                    continue
                predicate = self._lies(draft, whole, name[:n], name[n:])
                if predicate is not None and (not part or predicate is Predicate.LOCATED_IN):
                    self.reading.state(draft, predicate, whole, min(draft.spans))
                if predicate is not Predicate.PART_OF or part:
                    break
                part = True
            else:
                self._stretch(draft)
                self._opening_division(draft)

    def run_by(self) -> None:
        """A park, facility or project that opens with the name of a company is run by it: "零跑汽车|智能生产基地".

        Only where the report names the company by itself, too, and what is behind it begins with a general word or a
        capacity: "上汽|通用五菱…" and "中海油|华鹤…" are of other companies, "长虹|大道" is only called after one.
        """
        runners: dict[str, Draft] = {}
        for draft in self.r.unique():
            if draft.has(C.ENTERPRISE) and not draft.has(*PLACES, C.FACILITY, C.PROJECT):
                for name in [*draft.names, *draft.aliases]:
                    runners.setdefault(name, draft)
        for draft in self.r.unique():
            if not draft.has(C.PARK, C.FACILITY, C.PROJECT) or draft.has(C.ENTERPRISE):
                continue
            for n in range(len(draft.name) - 1, 1, -1):
                runner = runners.get(draft.name[:n])
                if runner is not None:
                    if self._is_business(draft.name[n:]):
                        self.reading.state(runner, Predicate.OPERATES, draft, min(draft.spans))
                    break

    def _is_business(self, rest: str) -> bool:
        """Whether what is behind a company's name tells what it does there, by a general word or a capacity."""
        if _OF_ANOTHER.match(rest):
            return False
        return _CAPACITY.match(rest) is not None or any(rest[:n] in self.words.general for n in _GENERAL)

    def explains(self, scene: Scene) -> bool:
        """Whether a sentence is of an entry of the glossary behind a report: "15．“四个片区”垃圾发电项目：…"."""
        if scene.part is not Part.OTHER:
            return False
        begin = scene.sentence.span.begin
        return _ENTRY.match(self.norm, self.norm.rfind("\n", 0, begin) + 1) is not None

    def consists(self, scene: Scene) -> None:
        """What consists of others: "“两路一桥”：沙公高速…段、江北高速东延段、…大桥"; each of these is part of it.

        The list may follow later in the entry of a glossary, if its headword tells of how many it is.
        """
        for c in scene.candidates:
            m = None if c.nested else _CONSISTS.match(self.norm, c.span.end)
            whole = self.reading.draft(c)
            if m is None or not whole.has(C.POLICY, *_MADE) or whole.own_area:
                continue
            self._list_of(scene, c, m.end())
        if self.explains(scene) and (head := self._headword(scene)) is not None:
            self._each_of(scene, head)
            later = _LATER.search(self.norm, head.span.end + 1, scene.sentence.span.end)
            if later is not None:
                self._list_of(scene, head, later.end())

    def _each_of(self, scene: Scene, head: Candidate) -> None:
        """What each part of a headword stands for: "“一区一园”科技高地：“一区”是|高新区|，“一园”是|产业园|"."""
        end = scene.sentence.span.end
        parts: list[Candidate] = []
        for m in _STANDS_FOR.finditer(self.norm, head.span.end, end):
            stop = _PART_END.search(self.norm, m.end(), end)
            limit = stop.start() if stop is not None else end
            listed_here = (c for c in scene.candidates if m.end() <= c.span.begin < limit)
            parts += [c for c in listed_here if self._is_item(c, m.end(), limit) and self.reading.draft(c).has(*_MADE)]
        for c in parts if len(parts) >= _SEVERAL else ():
            span = Span(head.span.begin, c.span.end)
            self.reading.state(self.reading.draft(c), Predicate.PART_OF, self.reading.draft(head), span)

    def summed(self, clause: Clause) -> None:
        """What a list is summed up as consists of its members: "南山体育公园、天河广场|等|“19456工程”"."""
        for c in clause.candidates:
            before = clause.before(c.span.begin)
            if c.nested or before is None or not _COLLECTIVE.search(c.name):
                continue
            whole = self.reading.draft(c)
            if not whole.has(*_MADE) or whole.own_area:
                continue
            end = before.begin if before.kind == "etc" else c.span.begin
            named = [m for m in clause.candidates if m.span.end <= end and not m.nested]
            members = self.reading.listed(clause, named, end)
            told = before.kind == "etc" or _tells_how_many(c.name) == len(members)  # "大光谷、大车都|“两大板块”"
            for member in members if told and len(members) >= _SEVERAL else ():
                draft = self.reading.draft(member)
                if draft.has(*_MADE) and not draft.has(C.ADMINISTRATIVE_AREA):
                    self.reading.state(draft, Predicate.PART_OF, whole, Span(member.span.begin, c.span.end))

    def _headword(self, scene: Scene) -> Candidate | None:
        """What an entry of a glossary explains, if it says of how many it consists: "“双十”工程：…"."""
        c = next((c for c in scene.candidates if not c.nested), None)
        if c is None or not self.norm.startswith((":", "："), c.span.end) or not _SO_MANY.search(c.name):
            return None
        whole = self.reading.draft(c)
        return c if whole.has(C.POLICY, *_MADE) and not whole.own_area else None

    def _list_of(self, scene: Scene, c: Candidate, begin: int) -> None:
        """State that the items of the list that begins there are part of ``c``, if they are names of things."""
        end = _ITEMS_END.search(self.norm, begin, scene.sentence.span.end)
        limit = end.start() if end is not None else scene.sentence.span.end
        members = [
            member
            for member in scene.candidates
            if begin <= member.span.begin < limit and self._is_item(member, begin, limit)
        ]
        items = len(_ITEM.findall(self.norm, begin, limit)) + 1
        kinds = sum(member.name in self.words.general for member in members)  # "“五馆一站”：图书馆、博物馆…"
        parts = [d for d in map(self.reading.draft, members) if d.has(*_MADE)]
        if kinds < _SEVERAL <= len(parts) and len(parts) == len(members) and 2 * len(parts) >= items:
            whole = self.reading.draft(c)
            for member in members:
                self.reading.state(
                    self.reading.draft(member), Predicate.PART_OF, whole, Span(c.span.begin, member.span.end)
                )

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
        if not end or not draft.has(*_MADE):
            return
        span = min(draft.spans)
        if not span.quote(self.text).startswith(draft.name[:end]):
            return
        named = Span(span.begin, span.begin + end)
        whole = self.r.create(draft.name[:end], draft.classes, named, "section")
        self.reading.state(draft, Predicate.PART_OF, whole, span)

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
            self.reading.state(draft, Predicate.PART_OF if small else Predicate.LOCATED_IN, place, span)
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
            or RISING.fullmatch(rest) is not None
            or _NO_PART.fullmatch(rest) is not None  # 江北新区 is no part of 江北
            or rest[:2] in w.governing
            or w.cue(rest, "renewal")
            or w.cue(rest, "open-verb")
            or (opening[-1] in "江河湖" and _TREATED.match(rest) is not None)
            or (opening[-1] in "江河湖" and _BRIDGE.match(rest) is not None)
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
            firm = draft.has(C.ENTERPRISE) and not draft.has(C.FACILITY, C.PARK)
            return Predicate.LOCATED_IN if small and built and not firm else None
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
