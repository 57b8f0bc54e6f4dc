"""Whether a project is completed, underway or planned."""

from __future__ import annotations

from kg.extract.drafts import Draft
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate
from kg.extract.names.learned import LEARNED
from kg.extract.names.shared import NUMBERED
from kg.extract.rel_events import AT
from kg.extract.rel_reading import STRIVING, Clause, Reading, Sharing
from kg.extract.rel_wholes import RISING
from kg.extract.resolve import REHOUSING
from kg.model import EntityClass as C
from kg.model import Part, Span, Status
from kg.patterns import compiled

_BRINGING = frozenset({"引进", "引入"})
_GROWING = frozenset({"发展", "机遇"})
#: cues that tell how far something has come
_STAGES = ("works-verb", "going-verb", "done-verb", "underway-verb", "build-verb", "prepare-verb", "raise-verb")
#: behind a verb of striving: it was not in vain
_BECOME = frozenset(("为", "成", "成为"))
#: in which year something is said to have been, and not by which it is to be
_IN_YEAR = compiled(r"((?:19|20)\d\d)年(?!底?前)")
#: behind what a glossary explains, which is carried out: “千百十”质量提升工程:在全市推进…
_DEFINED = compiled(r"[”\"]?(?:[:：]|是?指|即)")


#: of the work for something, that it is not all done: 云山高速|完成工程量的80%
_PARTLY = compiled(r"完成[^,，。;；\d]{0,12}(?:过半|一半|[1-9]\d?(?:\.\d+)?%)")
#: before the verb of what comes into being: it is wished for, or being prepared
_WISHED = listed("{wished}[^,，、]{0,4}{founding-verb}")
#: of what is done, or so good that it must be: 海绵城市试点|通过国家验收, …生产线|填补省内空白, …工程|获国家优质工程奖
_ACCEPTED = compiled(
    r"[^,，。;；、]{0,4}(?:通过[^,，。;；、]{0,8}验收|填补[^,，。;；]{2,8}空白|荣?获(?!批)[^,，。;；]{2,24}奖(?![励补]))"
)


#: what was striven for and reached
_WON = "成功创建"
#: what is done within a work, which is not completed by that; and what before it, which is only planned then
_STEP = listed("{work-step}{step-noun}?(?:已|{done-manner})*$")
_EARLY = listed("{early-step}(?:任务|工作)?(?:已|{done-manner})*$")
#: what closes the work that is done on a thing
_WORK_END = listed("{work-end}")
#: what is called a work is one: "成为|依法治省示范项目"
_TITLED_WORK = frozenset((C.HONOUR, C.PROJECT))


class Progress(Sharing):
    """Sets the status of projects."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        #: projects of which no verb near says how far they have come, with what their part of the report lets guess
        self.unsaid: list[tuple[Draft, Span, Status]] = []

    def _is_past(self, clause: Clause) -> bool:
        """Whether a glossary says of what it explains what came of it: "…高速|2018年|开工"."""
        year = self.r.report.year
        years = [int(y) for y in _IN_YEAR.findall(self.norm, clause.begin, clause.end)]
        return year is not None and any(y < year for y in years)

    def status(self, clause: Clause) -> None:
        """Who is built is a project; how far it has come is said by the verb before it or the predicate behind it."""
        w, norm = self.words, self.norm
        # what a glossary says is to be built, and does not say was, is yet to be
        ahead = clause.scene.part is Part.PLAN or (clause.scene.part is Part.OTHER and not self._is_past(clause))
        plan = ahead or not w.cues["aim-word"].isdisjoint(clause.scene.texts)
        for c in clause.candidates:
            draft = self.reading.draft(c)
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
                or (draft.has(C.HONOUR) and self._is_won(clause, c) and c.classes != _TITLED_WORK)
                or (draft.has(C.ADMINISTRATIVE_AREA) and not draft.has(C.PROJECT))
                or (draft.has(C.HONOUR) and not draft.has(C.PARK, C.ZONE, C.PROJECT) and not (pilot or sought))
                or (draft.has(C.POLICY) and not draft.has(C.PROJECT) and not pilot)
                or ("known" in draft.rules and not draft.has(C.PROJECT))
                or any(o.span.begin == c.span.begin and o.span.end > c.span.end for o in clause.candidates)
                or self.norm.startswith("内", c.span.end)  # "环城高速|内|工业企业": told of what lies there
            ):
                continue
            verb = [] if self._has_more(clause, c) else self._verb_before(clause, c)
            done = bool(verb) and (w.cue(verb[-1], "done-verb") or w.cue(verb[-1], "finish-verb"))
            behind = self._behind(clause, c, self._list_end(clause, c) if done else c.span.end)
            if self._builds(draft, behind) or self._makes(clause, c) or self._only_named(clause, c):
                continue
            status = self._stage(verb, behind, plan)
            if self._to_come(clause, c, status):
                status = Status.UNDERWAY
            elif self.norm[clause.begin : c.span.begin].endswith("建成的"):
                status = Status.COMPLETED
            if status is Status.COMPLETED and verb and _WISHED.search(norm, clause.begin, c.span.begin):
                status = Status.PLANNED
            if status is Status.COMPLETED and _PARTLY.search(self.norm, c.span.end, clause.end):
                status = Status.UNDERWAY
            if (
                status is None
                and not (plan or draft.has(C.ENTERPRISE))
                and _ACCEPTED.match(norm, c.span.end, clause.end)
            ):
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
            founded = verb and w.cue(verb[-1], "found-verb")
            built = "建设" in behind or any(
                w.cue(t, cue) for t in behind for cue in ("complete-verb", "underway-verb", "preparation")
            )
            raised = any(w.cue(v, "raise-verb") for v in verb[-1:]) or behind[:1] == ["建设"]
            finished = status is Status.COMPLETED and any(w.cue(t, "complete-verb") for t in behind)
            opened = status is Status.COMPLETED and any(w.cue(v, "done-verb") for v in verb[-1:])
            if (
                draft.has(C.PROJECT)
                or (c.perhaps_built and not draft.has(C.ENTERPRISE))
                or pilot
                or (sought and status is not Status.COMPLETED)
                or raised
                or ((works or built) and draft.has(C.FACILITY, C.PARK))
                or (draft.has(C.ZONE) and (finished or any(map(RISING.fullmatch, behind))))
                or (opened and draft.has(C.FACILITY, C.PARK))
                or (plan and founded and draft.has(C.ORGANIZATION, C.FACILITY, C.PARK))
                or (built and draft.has(C.ORGANIZATION))
                or (draft.has(C.ENTERPRISE) and any(w.cue(t, "plant-verb") for t in behind))
                # of a thing whose class the network alone has told, what is said of it is the better sign
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

    def _makes(self, clause: Clause, c: Candidate) -> bool:
        """Whether a zone, park or body is where or by whom something else is built: "高新区|建成|生物医药产业园"."""
        draft = self.reading.draft(c)
        if not draft.has(C.ZONE, C.PARK, C.ORGANIZATION, C.ENTERPRISE):
            return False
        following = next((u for u in clause.row if u.begin >= c.span.end and u.kind != "function"), None)
        if following is not None and following.kind == "verb" and self.words.cue(following.text, "parting-verb"):
            return following.text not in STRIVING  # set apart as a verb, for what is built follows
        verb = self.reading.builds(clause, c.span.end) if draft.has(C.ZONE, C.PARK) else None
        return verb is not None and verb.text not in STRIVING  # "景区|创建|5A级景区": work on itself

    def _only_named(self, clause: Clause, c: Candidate) -> bool:
        """Whether a thing is only named where something is done with it or near it, and not to it.

        "对接|港珠澳大桥", "与|上海港|合作", "在|武汉股权托管交易中心|挂牌", "萨尔图机场|配套设施".
        """
        words = self.words
        first = c
        for other in reversed(clause.candidates):  # the members of a list have one verb
            if other.span.end + 1 == first.span.begin and self.norm[other.span.end] in "、和与及":
                first = other
        before = next((u.text for u in clause.row if u.end == first.span.begin), "")
        after = [u.text for u in clause.row if u.begin >= c.span.end]
        behind = after[0] if after else ""
        if words.cue(before, "named-before") or words.cue(behind, "named-behind"):
            return True
        if words.cue(before, "named-with"):
            return any(words.cue(text, "done-with") for text in after)
        return before in AT and words.cue(behind, "done-at")

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

    def guess(self) -> None:
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
                if (whole.rules <= alone or NUMBERED in draft.rules) and not whole.statuses:
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
        in_list = False
        following = ""
        row = [u for u in clause.row if u.end <= c.span.begin]
        for k in range(len(row) - 1, -1, -1):
            unit = row[k]
            former, following = following, unit.kind
            if former in ("enum", "conj") and self.reading.told([unit]):
                break  # said of the member before: "1号线|开通、2号线…"
            if unit.kind == "verb" or (unit.kind == "word" and self.words.cue(unit.text, "works-verb")):
                staged = k > 0 and row[k - 1].kind == "verb" and self._staging(row[k - 1].text)
                if (in_list or staged) and not verbs and not self._staging(unit.text):
                    continue  # a verb inside another member: "四|达|大道、通海大道"; "启用|掌上|“健康绍兴”系统"
                verbs.insert(0, unit.text)
                if len(verbs) == 2:
                    break
            elif verbs:
                if self.words.cue(unit.text, "ongoing"):  # "深入|实施"
                    verbs.insert(0, unit.text)
                break
            elif unit.kind in ("enum", "conj", "etc"):
                in_list = True
        return verbs

    def _staging(self, verb: str) -> bool:
        """Whether a verb tells how far something has come."""
        return any(self.words.cue(verb, cue) for cue in _STAGES)

    def _list_end(self, clause: Clause, c: Candidate) -> int:
        """Where the list ends that a candidate is in: what is done is all of it, 完成|甲路南延、|乙路改造."""
        end = c.span.end
        for other in clause.candidates:
            if other.span.begin == end + 1 and self.norm[end] in "、和与及" and not other.nested:
                end = other.span.end
        return end

    def _behind(self, clause: Clause, c: Candidate, end: int) -> list[str]:
        """The words behind a candidate, from ``end`` on, up to the end of its clause.

        Without what tells only how well it runs: "提升|毕节机场|营运|能力"; "成功|创建" is one word.
        """
        result: list[str] = []
        row = [u for u in clause.row if u.begin >= end]
        for k, unit in enumerate(row):
            following = row[k + 1].text if k + 1 < len(row) else ""
            if unit.text in _BRINGING or following in _GROWING:
                break  # "经开区|引进企业…", "…|加快|发展", "…|建设|机遇": no work is done on it
            if unit.text == "创建" and k and row[k - 1].text == "成功":
                result = [*(result[:-1] if result[-1:] == ["成功"] else result), _WON]
            elif unit.kind in ("verb", "word"):
                if not self.words.cue(following, "running-noun"):
                    result.append(unit.text)
            elif unit.kind == "enum" and k and self.reading.told(row[k - 1 : k]):
                n = k + 1 + self.words.cue(following, "same-year")  # "当年|开工、当年|投产"
                if not self.reading.told(row[n : n + 1]):
                    break  # "一期|通车、|二期…": what follows is said of another
        return result

    def _said_behind(self, verb: list[str], behind: list[str]) -> Status | None:
        """How far something has come by the last word behind it that tells, in a review."""
        cues = self.words.cues
        for k in range(len(behind) - 1, -1, -1):
            text = behind[k]
            before = behind[k - 1] if k else ""
            if before and before + text in cues["underway-verb"] and text in cues["complete-verb"]:
                return Status.UNDERWAY  # "主体|完工"
            if text.endswith("完成") and _EARLY.search("".join(behind[: k + 1])[:-2]):
                return Status.PLANNED  # "立项|完成"
            if text.endswith("完成") and (
                not cues["works-part"].isdisjoint(behind[k + 1 : k + 4]) or _STEP.search("".join(behind[: k + 1])[:-2])
            ):
                return Status.UNDERWAY  # "完成|投资", "基本完成|征地|动迁", "铺轨|完成"
            # "封|场", "改造|升级"; not "加快|智能化|工厂|改造|升级"
            torn = before + text in cues["complete-verb"] and cues["going-verb"].isdisjoint(behind[:k])
            if (torn or text in cues["complete-verb"]) and not (
                text.endswith("完成")
                and (before.endswith("工作") or not cues["part-done"].isdisjoint(behind[k + 1 : k + 4]))
            ):  # "完成|省级|备案", "全面完成|年度|任务", "云溪岛|居民|安置|工作|基本完成"
                return Status.COMPLETED
            if text in cues["underway-verb"]:
                # "完成|改造", "实现|改造|升级", "完成|龙门大桥|建设"; not "实现|开工", "完成|改造|方案"
                first = k
                while first and behind[first - 1] in cues["finished-work"]:
                    first -= 1
                if first > 1 and behind[first - 1].endswith("化"):  # "完成|标准化|改造"
                    first -= 1
                former = behind[first - 1 : first] if first and behind[first - 1] in cues["finish-verb"] else verb[-1:]
                done = not cues["finish-verb"].isdisjoint(former) and text in cues["finished-work"]
                ends = behind[k + 1 :]
                while ends and _WORK_END.fullmatch(ends[-1]):  # "完成|国道324线等|路面|改造|工程"
                    ends = ends[:-1]
                last = cues["finished-work"].issuperset(ends)
                return Status.COMPLETED if done and last else Status.UNDERWAY
        return None

    def _stage(self, verb: list[str], behind: list[str], plan: bool) -> Status | None:
        cues = self.words.cues
        if not cues["preparation"].isdisjoint(behind) or (verb and verb[-1] in cues["prepare-verb"]):
            return Status.PLANNED
        if len(verb) > 1 and verb[-1] == "建设" and verb[-2] in cues["prepare-verb"]:
            return Status.PLANNED  # "谋划|建设"
        if any("".join(behind[-n:]) in cues["drawn-up"] for n in (1, 2)):
            return Status.PLANNED  # "做好|龙门大桥|规划"
        if plan:
            if not cues["promised-verb"].isdisjoint(behind):  # "推动|阜奈高速|开工建设": to be begun
                return Status.PLANNED
            if len(verb) > 1 and verb[-1] in cues["start-verb"]:  # "加快|启动"
                return Status.PLANNED
            if not cues["hoped-verb"].isdisjoint(verb):  # "争取|设立"
                return Status.PLANNED
            if not (cues["going-verb"].isdisjoint(verb) and cues["ongoing"].isdisjoint(verb)):
                return Status.UNDERWAY
            if not (cues["works-verb"].isdisjoint(verb) and cues["found-verb"].isdisjoint(verb)):
                return Status.PLANNED
            if not (cues["complete-verb"].isdisjoint(behind) and cues["underway-verb"].isdisjoint(behind)):
                return Status.PLANNED
            return None
        if behind and not verb and behind[-1] in cues["opened-verb"]:
            return Status.COMPLETED
        if _WON in behind:
            return Status.COMPLETED
        said = self._said_behind(verb, behind)
        if said is not None:
            return said
        if not cues["going-verb"].isdisjoint(verb):
            return Status.UNDERWAY
        if verb and (verb[-1] in cues["done-verb"] or verb[-1] in cues["found-verb"]):
            return Status.COMPLETED
        if verb and verb[-1] in cues["joint-verb"]:
            return Status.UNDERWAY
        if behind and behind[-1] in cues["prepared"]:  # "…项目|完成|省级|备案"
            return Status.PLANNED
        return None if cues["underway-verb"].isdisjoint(verb) else Status.UNDERWAY
