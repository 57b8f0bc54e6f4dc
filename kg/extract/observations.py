"""Observations: every figure with what it measures, of what area and period, reached or aimed at.

A sentence is read clause by clause, a clause figure by figure.  What stands before a
figure gives its frame (:mod:`kg.extract.obs_frames`), what follows it the thing counted
(:mod:`kg.extract.obs_names`).  A clause without a subject of its own goes on with the
subjects of the clauses before it; figures in a row are distributed over as many subjects.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from kg.extract import obs_clauses, obs_names
from kg.extract.indicators import canonical, measured_of
from kg.extract.lexicon import Tokens
from kg.extract.obs_clauses import Clause
from kg.extract.obs_figures import MARK, RISE, Figures
from kg.extract.obs_frames import Frame, Stretch, read, stretch, strip_head
from kg.extract.obs_ranks import Rank, find_ranks, has_ranks
from kg.extract.obs_words import ObsWords, obs_words
from kg.extract.periods import PeriodMention, find_periods, part_of, plan_of
from kg.extract.quantities import Quantity, find_quantities
from kg.extract.words import words as general_words
from kg.model import Bound, EntityClass, Measure, Modality, Observation, Part, Period, Report, Section, Span
from kg.patterns import compiled

Place = tuple[Span, str, frozenset[EntityClass]]

#: the rules that an extraction can leave out (:mod:`kg.extract.rules`)
RULES: Final = {
    "figures.measures": "numbers that measure nothing are no figures: those in names, conditions, what is only set out",
    "figures.subjects": "a clause without a subject of its own goes on with those of the clauses before it",
    "figures.distribution": "figures in a row are distributed over as many subjects (分别)",
    "figures.ratios": "a ratio gives one share for each of its members",
    "figures.levels": "从…到… gives two levels, and the growth after them their interval",
    "figures.sections": "where a sentence gives no period, that of its heading holds",
    "figures.targets": "what is told as aim or task, or in the part on plans, is a target",
    "figures.areas": "the figure of a clause that begins with a named thing is that thing's",
    "figures.spent": "a sum is of what it is spent on, and a change of the facility that the figure before it is of",
    "figures.indicators": "wordings of one common indicator are one",
}

#: what money is spent on
_BOUGHT = frozenset(
    (EntityClass.PROJECT, EntityClass.FACILITY, EntityClass.PARK, EntityClass.ENTERPRISE, EntityClass.ORGANIZATION)
)
#: classes of entity that can have figures of their own
_OWNERS = frozenset(
    {
        EntityClass.PARK,
        EntityClass.ZONE,
        EntityClass.ADMINISTRATIVE_AREA,
        EntityClass.ENTERPRISE,
    }
)
_AREAS = frozenset({EntityClass.PARK, EntityClass.ZONE, EntityClass.ADMINISTRATIVE_AREA})
#: of facilities and bodies only those that have figures by their nature
_FIGURED_CLASSES = frozenset({EntityClass.ORGANIZATION, EntityClass.FACILITY})
_FIGURED = compiled(
    r"(?:医院|大学|学院|学校|中学|小学|[博图美体]\w{1,2}馆|港|港区|机场|车站|[东南西北]站|口岸|码头|水库|电站|电厂|市场|铁路|地铁|景区|度假区|商城|油田)$"
)
_AIM = compiled(
    r"力争|争取(?:在|到\d|年内|年底|全[省市区县])|计划安排(?=[:是])|预期目标|目标是|目标为|目标:|要达到|将达到?|力求|奋斗目标|确保到|规划到(?!户)|计划到|约束性指标"
)
#: what makes an aim of a figure in a review, where aims are told to say that they were reached: 13项指标达到预期目标
_AIM_TOLD = compiled(
    r"力争(?:到|在|明|用|再|年|[^,，;。]{0,6}\d)|(?:预期|奋斗)?目标(?:是|为|:)|计划安排(?=[:是])|要达到|力求|争取全[省市区县][^,，;。]{0,14}(?:增长|达到|完成)"
    r"|(?:确保|规划|计划)到(?!户)"
)
#: the same of the figure's own clause: what will be
_WILL = compiled(r"(?<!预计)将达到?|(?:建成|投产|达产|投用|竣工|全部完工)后,?[^,，;。]{0,12}[可将能]")
#: what will be once something is built
_ONCE = compiled(r"(?:建成|投产|达产|投用|竣工|完工)后,?[^;。]{0,24}$")
_AIM_LISTED = compiled(r"目标(?:是|为)?:")
_REACHED = compiled(
    r"(?:(?<!项)目前(?!期)|现已|(?<![比较于与同按])去年|已经|已有|已达|(?:^|[,，;；市区县省州我])现有|截至去年|累计已)"
)
#: a verb whose object the year behind it belongs to: 完成|2012年在册危房…改造, 成功申办|2026年…会
_OBJECT = compiled(
    r".{0,2}(?:[申承举筹]办|办好|迎[战接]|获得?|入选|完成|推进|推动|消除|编制|根据|按照|围绕|对|为|成为|创|高于|加快|聚焦|锚定|落实"
    r"|启动|巩固|改造|整治|销号|化解|清理|取得|兑现(?:返还)?)[了好]?"
)
_AIM_TASK = compiled(r"(?:任务|目标|计划)$")
_SECTORS = ("第一产业", "第二产业", "第三产业")
_INDUSTRY = compiled(r"产业|一二三产|二三产|三产|三次")
#: verbs that say how far something extends: what is counted is not what the sentence is about
_REACH = compiled(r"(?:分布|遍及|来自|涉及|覆盖|辐射|惠及|销往|远销)(?:在|到|于)?$")
_OWN = compiled(r"[ 、]*(?:其中)?(?:全|我|本)[省市区县州盟旗]")
_TOWARDS = frozenset("在与对从向到给同")
_JOINING = frozenset("、和与及等")
#: what stands behind a clause, behind a noun, and where nothing is said of a noun; the end of the text each time
_CLAUSE_ENDS = frozenset(("", *",，;。"))
_NOUN_ENDS = frozenset(("", *",，;。、)的"))
_BREAKS = frozenset(("", *"、,，和及与)(;；"))
_GENERAL = compiled(r"(?:发展|工作)$")
_FUNDS = (
    "资金",
    "款",
    "金",
    "费",
    "贷款",
    "补贴",
    "补助",
    "债券",
    "基金",
    "投资",
    "支持",
    "专项",
    "费用",
    "税",
    "收入",
    "债务",
)
#: what a body does with those who are counted
_BOUND_TO = compiled(r"([^的]{2,12}?)((?:签订|签署|达成|建立|结对|开展)[^,，。;；]{0,16})$")
#: of the things counted a rate is told, which stands at so much
_RATES = ("率", "比例", "比重")
_OF_WATER = compiled(
    r"(?:水质|空气质量|(?:生活)?(?:污水|垃圾)(?:集中|无害化)?(?:处理|治理))?(?:综合)?(?:优良|达标|合格|优质)?(?:天数)?(?:率|比例|比重)$"
)
#: a kind, which owns nothing: 国家4A级旅游景区|增至12家
_GRADE = compiled(r"(?:国家)?(?:\d?A+级?)(?:国家)?(?:旅游)?(?:景区|景点)")
#: who yields what: the verb is no part of the name
_YIELDS = compiled(
    r"(?:业|经济|集群|园区|开发区|高新区)(?P<verb>实现|完成)(?:规上|规模以上)?(?:工业)?(?:增加值|总产值|产值|利税|利润|税收|营业收入|销售收入|主营业务收入)(?:总额)?$"
)
#: what was newly got, before its level: 新增|国家级企业技术中心
_NEWLY = compiled(r"新(?:增|晋|认定|培育|创建)(?:认定|培育)?|净增")
_RANKS = compiled(r"(?:国家|省|自治区|自治州|市|区|县|部|州|盟|旗|镇|村|世界)级(?:以上)?|国[际内外]|境[内外]")
_TROUBLES = ("问题", "难题", "困难")
#: whose trouble it is, before what it is
_SOLVED = compiled(
    r"(?P<who>[^的]{0,8}?(?:人口|居民|群众|家庭|职工|村民|农民|学生|教师|住户))的?(?P<what>[^的]{2,12}?(?:问题|难题|困难))$"
)
_RANKED = compiled(
    r"(?:[、和]\d+[个家所项处座条](?:(?:国家|省|自治区|自治州|市|区|县|部|州)级|国[际内外]|境[内外]))+([^,，;。、\d]{2,14})"
)
_FIGURE = compiled(r"\d[\d.,]*[十百千万亿]*(?:多|余)?(?:个|项|条|公里|万?平方米|亩|座|所|户|套|人|处|家)?")
#: words for several years, and for one year alone
_TERM = compiled(r"[二两三四五]年|年均|每年|时期|期间|“[^”]{1,2}五”(?!规划)|届|任期|逐年")
_YEARLY = compiled(r"同比|上年|去年|全年|一年来|[过这]去?的?一年")
_THIS_YEAR = compiled(r"今年|本年|全年|年内|年底前")
_YEARLY_GROWTH = compiled(_YEARLY.pattern + r"|(?:增长|上涨|下降)\d[\d.]*%")
#: verbs of what is there, not of what was done
_STANDING = frozenset(("拥有", "有", "现有", "达到", "达", "突破", "超过", "实现", "形成"))
_PEOPLE = frozenset(("人", "名", "人次"))
#: what money is spent on, told behind it: 投资54亿元,|开工建设保障性住房
_BUILT_FOR_IT = compiled(r"(?:开工)?(?:建设|建成|新建|改造|实施|新开工|改扩建|扩建|续建)")
#: the roles of words that say that something rises or falls
_CHANGED = frozenset(("up", "down"))
_MODIFIERS = ("人均", "月人均", "年人均", "月均", "年均", "平均", "户均", "日均")
_RISING = compiled(r"(?:(下降|降幅|减少)|增长|增速|增幅|涨幅)(?:速度|率|目标|水平)?$")


class _State:
    """What the clauses read so far leave to the next."""

    def __init__(self) -> None:
        #: subjects of the paragraph's last sentence and of this one, each once, in order
        self.history: list[str] = []
        #: subjects of the last clause that had figures
        self.group: list[str] = []
        self.topic = ""
        #: what the sentence says that it is about: 装备制造产业|方面,…
        self.about = ""
        self.verbs = ""
        #: where the sentence begins in which things were counted last, by what, and what they are
        self.counted: tuple[int, str, str] = (-1, "", "")
        self.period: str | None = None
        self.period_known = False
        self.base: str | None = None
        #: what the sentence compares everything with: 与2010年相比,…
        self.against: str | None = None
        #: the periods of the pair of levels that this sentence gives, and of the last one given
        self.pair: tuple[str | None, str | None] | None = None
        self.former: tuple[str | None, str | None] | None = None
        self.area: str | None = None
        #: what took the place that was told last in the sentence
        self.ranked = ""
        #: an enterprise or a facility that the clause before spoke of
        self.holder: str | None = None
        #: an enterprise or a facility that the figures of the clause before are of
        self.figured: str | None = None
        #: whether the area is that of a clause without figures
        self.owned = False
        self.share = ""
        self.source = False
        #: the period of the clause alone
        self.local: str | None = None
        self.local_known = False

    def name(self, subject: str) -> None:
        if subject:
            if subject in self.history:
                self.history.remove(subject)
            self.history.append(subject)


class _Draft(NamedTuple):
    quantity: Quantity
    name: str
    measure: Measure
    negative: bool
    period: str | None
    area: str | None


def find_observations(
    report: Report,
    norm: str,
    tokens: Tokens,
    places: Sequence[Place],
    *,
    without: Collection[str] = (),
) -> list[Observation]:
    """The figures of the report's body, in text order.

    ``norm`` is the normalised text (same length as ``report.text``), ``tokens`` its words with tags over the
    whole text, ``places`` the mentions of named things with their canonical name and classes: a
    figure whose clause begins with a park, port or enterprise is that thing's.
    """
    return _Reader(report, norm, tokens, places, without).run()


class _Reader:
    def __init__(
        self,
        report: Report,
        norm: str,
        tokens: Tokens,
        places: Sequence[Place],
        without: Collection[str] = (),
    ) -> None:
        self.without = without
        self.report = report
        self.norm = norm
        self.words = obs_names.Words(tokens)
        self.lists: ObsWords = obs_words()
        self.places: dict[int, Place] = {}
        for place in places if "figures.areas" not in without else ():
            known = self.places.get(place[0].begin)
            if known is None or len(known[0]) < len(place[0]):
                self.places[place[0].begin] = place
        # an honour runs up to the end of its clause, with the figure that may stand there: 获评优秀奖3件
        self.named = sorted(
            (p[0].begin, p[0].end)
            for p in places
            if EntityClass.HONOUR not in p[2] or not _COUNTED_END.search(norm, p[0].begin, p[0].end)
        )
        self.figures = Figures(norm, self.words, self.lists, self.named)
        self.drafts: list[tuple[_Draft, Modality]] = []
        self.state = _State()
        self.section: Section | None = None
        self.top: Section | None = None  # the outermost one with a heading
        self.sentence = (0, 0)
        self.aim = False
        self.periods: list[PeriodMention] = []
        self.first = True  # the first sentence of its paragraph
        self.heading = ""  # of the outermost section
        self.listed = False  # the last paragraph began with 一是, 二是, …
        self.of_term = False  # the paragraphs speak of several years, until one says that it is of one
        self.running: str | None = None  # the year that paragraphs go on with where no heading says one
        #: the level of the section, if any, whose heading names several years to come and the first of them
        self.both = 0
        self.onward: str | None = None  # that first year, from the paragraph on that turns to it
        #: the five-year plan, or the past years, that the outermost heading names
        self.term: tuple[int, int] | None = None
        self.past = False  # past years
        self.clause_begin = self.clause_end = 0
        self.holes: list[tuple[int, int]] = []  # of the clause: what is left out of wordings
        self.cut: list[tuple[int, int]] = []  # where its figures are that measure something
        self.left = Stretch("", [])
        self.done = 0, ""  # where the figure stands that tells how many of those counted before it, and its name
        self.at_base = False  # the figure is the first of two levels: 由|80元|提高到100元
        self.rate_at = -1  # the clause in which a growth is told as one of two
        self.seasonal = False  # the period is a part of the year that the sentence names: 截至4月底
        self.begun = 0  # how many of the history's names are from sentences before

    # the walk over the report ------------------------------------------------------------------------------------

    def run(self) -> list[Observation]:
        line_end = -1
        paragraph_aim = new_paragraph = False
        entered: Section | None = None
        body = self.report.body
        for sentence in self.report.sentences:
            begin, end = max(sentence.span.begin, body.begin), min(sentence.span.end, body.end)
            if begin >= end:
                continue
            section = self.report.sections[sentence.section] if self.report.sections else None
            if begin > line_end or section is not self.section:
                line_end = self.norm.find("\n", begin)
                line_end = len(self.norm) if line_end < 0 else line_end
                self.state = _State()
                self.first = True
                paragraph_aim = False
                new_paragraph = True
            top = self._outermost(section) if section is not self.section else self.top
            if top is not None and top is not self.top:
                self.top = top
                self.running = None
                self.of_term = False
                heading = top.heading
                self.heading = self.norm[heading.begin : heading.end] if heading is not None else ""
                self.section = section
                self.term = self._term(heading)
                self.past = self.term is None
                self.term = self.term or self._past_term(top)
            if section is not self.section and self.running is not None and self._is_to_come(self.running):
                self.running = None
            self.section = section
            if section is not entered and section is not None:
                self._enter(section)
                entered = section
            if new_paragraph:
                self._paragraph(begin, line_end)
                new_paragraph = False
            self.sentence = (begin, end)
            self.aim = paragraph_aim or bool(_AIM.search(self.norm, begin, end))
            if _AIM_LISTED.search(self.norm, begin, end):
                paragraph_aim = True
            self._sentence(begin, end)
            self.first = False
        return self._observations()

    def _sentence(self, begin: int, end: int) -> None:
        norm = self.norm
        periods = find_periods(norm, begin, end, self.report.year)
        self.periods = periods
        quantities = find_quantities(norm, begin, end)
        if periods:
            quantities = [q for q in quantities if not obs_clauses.covered(q, periods)]
        state = self.state
        state.area = state.holder = state.figured = None
        state.owned = False
        state.topic = ""
        state.ranked = ""
        state.about = ""
        state.verbs = ""
        if begin and norm[begin - 1] not in ";；":
            state.former = None
            state.base = None
        state.pair = None
        state.share = ""
        state.against = None
        compared = (
            bool(periods) and obs_clauses.is_base(norm, periods[0]) and not obs_clauses.is_basis(norm, periods[0])
        )
        if compared and periods[0].iso and periods[0].begin - begin <= 4:
            state.against = periods[0].iso[:4]
        lead = obs_clauses.leading(norm, begin, end, periods)
        before = state.period, state.period_known
        self.seasonal = False
        if lead is not None and (self._is_elsewhen(lead) or (lead.begin > begin and self._is_aside(begin, lead))):
            lead = None
        if lead is not None and not obs_clauses.is_record(norm, lead) and not self._runs_on(lead):
            state.period, state.period_known = self._iso(lead), True
            if self.first:
                # a heading that names a plan and a year ("“十二五”回顾及2015年工作") leaves it to the paragraphs to say
                # which of the two they speak of
                named = state.period is not None and (
                    state.period in self.heading
                    or self._is_to_come(state.period)
                    or (state.period == str(self._last()) and norm.startswith("是", lead.end))
                )
                self.running = state.period if named else None
                if state.period == str(self._last()):
                    self.of_term = False
            elif state.period is not None and self._is_to_come(state.period):
                self.running = state.period
        since = lead is not None and lead.kind == "open" and norm[lead.begin].isdigit()
        ranked = has_ranks(norm, begin, end)
        if quantities or ranked:
            self._figures_of(begin, end, quantities, ranked)
        part_of_year = self.seasonal or (state.period is not None and len(state.period) in _PART_OF_YEAR)
        if part_of_year and not (self._in_plan() and self._is_over(state.period or "")):
            state.period, state.period_known = before  # 一季度,… says nothing of what comes after
        if lead is not None and self._in_plan() and self.norm.startswith(("去年", "上年", "上一年"), lead.begin):
            state.period, state.period_known = before  # a plan goes on with what is to come
        if lead is None and before == (None, True) and self.term is not None and state.period == str(self.term[1]):
            state.period, state.period_known = before  # 年均增长10%,2015年达到…: within the sentence alone
        if state.period is None and (since or not self._frames(begin)):
            # 2008年以来,…, 目前,…, 清收历年拖欠资金 say nothing of the sentences after it; 五年来,… does
            state.period, state.period_known = before

    def _frames(self, begin: int) -> bool:
        """Whether the sentence opens with the years that all that follows is of: 五年来,…; 各位代表,过去五年,…."""
        return any(
            p.kind == "open"
            and _FRAME.fullmatch(self.norm, p.begin, p.end) is not None
            and (p.begin - begin <= 1 or (p.begin - begin <= _SALUTED and self.norm[p.begin - 1] in ",:!"))
            for p in self.periods
        )

    def _figures_of(self, begin: int, end: int, quantities: list[Quantity], ranked: bool) -> None:
        norm, state, periods = self.norm, self.state, self.periods
        history = len(state.history)
        self.begun = 0 if begin and norm[begin - 1] in ";；" else history
        last = quantities[-1].begin if quantities else begin
        for clause in obs_clauses.split(norm, begin, end, quantities, periods):
            if clause.begin <= last or ranked:
                self._clause(clause, ranked)
            else:  # no figure is left in the sentence that a topic could be meant for
                self._open(clause)
        if len(state.history) > history:
            del state.history[:history]
        if len(state.history) > 12:
            del state.history[:-12]

    def _iso(self, mention: PeriodMention) -> str | None:
        if mention.kind == "season":
            return self._part(mention) or self._default() or self._year()
        return mention.iso

    def _part(self, mention: PeriodMention) -> str | None:
        """The months of the year that an expression names without the year: 一季度, 上半年, 截至|4月23日."""
        year = self._default() or self._year()
        if not year or not year.isdigit() or _TELLS_WHICH.match(self.norm, mention.end):
            return None
        return part_of(self.norm[mention.begin : mention.end], year)

    def _year(self) -> str | None:
        """The year that 全年 means where no heading says it: the year reported on, the year planned for."""
        year, part = self.report.year, self.section.part if self.section is not None else None
        if year is None or part not in (Part.REVIEW, Part.PLAN):
            return None
        late = self.report.date is not None and self.report.date[5:7] >= "07"
        return str(year if part is Part.PLAN or late else year - 1)

    def _last(self) -> int | None:
        """The last year that a review can tell of."""
        if self.report.year is None or self.section is None or self.section.part is not Part.REVIEW:
            return None
        late = self.report.date is not None and self.report.date[5:7] >= "07"
        return self.report.year if late else self.report.year - 1

    def _runs_on(self, mention: PeriodMention) -> bool:
        """Whether a review names a plan that is not over, as the plan's tasks: “十三五”时期易地扶贫搬迁任务提前完成."""
        last = self._last() if mention.kind == "plan" and mention.iso else None
        return last is not None and mention.iso is not None and int(mention.iso[5:]) > last

    def _is_to_come(self, period: str) -> bool:
        """Whether paragraphs of a plan without a year go on with the year that one of them names: 到2015年,…."""
        part = self.section.part if self.section is not None else None
        year = self.report.year
        return part is Part.PLAN and year is not None and period.isdigit() and int(period) >= year

    def _outermost(self, section: Section | None) -> Section | None:
        """The outermost section with a heading that a section is in; a part may begin without one above it."""
        if section is None:
            return None
        around = [s for s in self.report.sections if s.span.begin <= section.span.begin < s.span.end]
        headed = [s for s in around if s.heading is not None and s.level <= _OUTER]
        return min(headed or around, key=lambda s: s.level, default=section)

    def _term(self, heading: Span | None) -> tuple[int, int] | None:
        """First and last year of the plan that the heading names, and of no other span."""
        if heading is None:
            return None
        for mention in find_periods(self.norm, heading.begin, heading.end, self.report.year):
            since = _SINCE.match(self.norm, mention.begin) if mention.kind == "open" else None
            if since and (until := self._last()) and int(since.group(1)) < until:
                return int(since.group(1)), until
            if mention.kind in ("plan", "name", "range") and mention.iso:
                first, _, last = mention.iso.partition("/")
                return (int(first), int(last)) if last.isdigit() else None
        return None

    def _past_term(self, section: Section) -> tuple[int, int] | None:
        """First and last of the past years of which a review is by its heading.

        过去五年工作回顾 tells them, and so does 本届政府工作回顾 where the opening says how many years that are.
        """
        last = self._last()
        if last is None:
            return None
        term = _PAST_YEARS.search(self.heading)
        if term is None and _IN_OFFICE.search(self.heading) and section.heading is not None:
            begin = section.heading.end
            term = _YEARS_IN_OFFICE.search(self.norm, begin, min(section.span.end, begin + _OPENING))
        if term is None:
            return None
        return last - _YEARS.index(next(filter(None, term.groups()))), last

    def _enter(self, section: Section) -> None:
        """Note whether a plan is for several years and for this one: 今后五年目标及2022年工作安排."""
        year, heading = self.report.year, section.heading
        if section.level <= self.both:
            self.both, self.onward = 0, None
        if year is None or heading is None or section.part is not Part.PLAN or section.period is not None:
            return
        text = self.norm[heading.begin : heading.end]
        if (f"{year}年" in text or "今年" in text) and _TO_COME.search(text):
            self.both, self.onward = section.level, None

    def _turn(self, begin: int, end: int) -> None:
        """Whether a paragraph of such a plan speaks of the year, and those after it: 2022年,全市主要预期目标是…."""
        lead = min(end, begin + _TURN)
        if _OF_THE_YEAR.search(self.norm, begin, lead) or self.norm.find(f"{self.report.year}年", begin, lead) >= 0:
            self.onward = str(self.report.year)
        elif _TO_COME.search(self.norm, begin, lead):
            self.onward = None

    def _paragraph(self, begin: int, end: int) -> None:
        """Take the year of a paragraph from its words, in a review or a plan of several years."""
        if self.both:
            self._turn(begin, end)
        if self.running is not None and self._is_to_come(self.running) and _THIS_YEAR.search(self.norm, begin, end):
            self.running = None
        last = self._last()
        if last is None or self.section is None or self.section.period is not None:
            return
        lead = min(end, begin + _TURN)
        listed = _LISTED.match(self.norm, begin, lead)
        if (
            listed and listed.group(1) != "一" and not self.listed
        ):  # 二是…: what the first of them was told of is unknown
            self.of_term = False
        self.listed = listed is not None
        led = _LED_YEAR.search(self.norm[begin : min(end, begin + _TURN)])
        if led and (led[1] or led[2] or str(last)) == str(last):
            self.of_term = False
            self.running = str(last)
        elif _TERM.search(self.norm, begin, lead):
            self.running = None
            self.of_term = True
        elif _TERM.search(self.norm, begin, end):
            return
        elif (_YEARLY if str(last) not in self.heading or self.of_term else _YEARLY_GROWTH).search(
            self.norm, begin, end
        ):
            self.of_term = False
            self.running = str(last)

    def _default(self) -> str | None:
        """The period of the section, as its heading says it."""
        if "figures.sections" in self.without:
            return None
        if self.section is not None and self.section.period is not None:
            return self.section.period.iso
        return self.running or self.onward

    # one clause ----------------------------------------------------------------------------------------------------

    def _open(self, clause: Clause) -> None:
        """What holds of every clause, with figures or without."""
        self.clause_begin, self.clause_end = clause.begin, clause.end
        self._periods_of(clause)
        if "figures.subjects" in self.without:
            self.state.history.clear()
            self.state.group = []
            self.state.topic = ""

    def _clause(self, clause: Clause, ranked: bool) -> None:
        self._open(clause)
        state = self.state
        rows = find_ranks(self.norm, clause.begin, clause.end) if ranked else []
        if rows and not clause.quantities:  # it speaks of nothing else
            self._ranks(clause, rows)
            return
        if clause.inside:  # what is in brackets is an aside
            kept = list(state.history), list(state.group), state.topic
            self._rows(clause)
            state.history[:], state.group, state.topic = kept
        else:
            self._rows(clause)
        if rows:
            self._ranks(clause, rows)

    def _rows(self, clause: Clause) -> None:
        norm, state = self.norm, self.state
        self.holes = holes = obs_clauses.holes_of(norm, clause, clause.periods)
        every = "figures.measures" in self.without
        usable = [q for q in clause.quantities if every or self.figures.measures(q, clause)]
        self.cut = [(q.head, q.tail) for q in usable]
        if not usable:
            if not clause.inside:
                state.figured = None
            self._topic(clause)
            return
        position = clause.begin
        fresh: list[str] = []
        index = 0
        area = self._area(clause)
        while index < len(usable):
            chain = obs_clauses.row(norm, usable, index)
            if index + len(chain) < len(usable) and self._shares_noun(chain[-1], usable[index + len(chain)], position):
                chain.append(usable[index + len(chain)])
            following = usable[index + len(chain)] if index + len(chain) < len(usable) else None
            limit = following.head if following else clause.end
            left = stretch(norm, min(position, chain[0].head), chain[0].head, holes)
            position = self._figures(clause, chain, left, limit, following is not None, index == 0, area, fresh)
            index += len(chain)
        if fresh:
            state.group = fresh
        state.topic = ""

    def _shares_noun(self, q: Quantity, following: Quantity, position: int) -> bool:
        """Whether two figures have one noun behind them: 完成|3800户、58万平方米|棚户区改造."""
        kinds = {q.kind, following.kind}
        if (
            self.norm[q.tail : following.head] != "、"
            or len(kinds) < 2
            or not kinds <= {"count", "person", "area", "length"}
        ):
            return False
        tokens = self.words.between(position, q.head)
        after = self.norm[following.tail : following.tail + 1]
        verbs = all(self.norm[b:e] in self.lists.actions or self.norm[b:e] in self.lists.heads for b, e, _ in tokens)
        return verbs and after not in _NOUN_ENDS

    def _periods_of(self, clause: Clause) -> None:
        """Take over a period that the clause names for itself, and for those after it if it begins with it."""
        state = self.state
        state.local_known = False
        if clause.inside:
            return
        for mention in clause.periods:
            if mention.kind == "name":
                continue
            if obs_clauses.is_base(self.norm, mention) or obs_clauses.is_source(self.norm, mention, clause):
                continue
            if self._is_multiple_base(mention, clause) or obs_clauses.is_record(self.norm, mention):
                continue
            if self._runs_on(mention) or self._is_elsewhen(mention):
                continue
            before = self.norm[clause.begin : mention.begin].strip(" 、")
            if before and self._is_aside(clause.begin, mention):
                continue
            if mention.kind == "season" and before and (part := self._part(mention)):
                if len(before) > 4:  # 新建项目|一季度|开工率; not 二季度|149项措施
                    if all(q.head != mention.end for q in clause.quantities):
                        state.local, state.local_known = part, True
                else:  # 截至|4月底
                    state.period, state.period_known, self.seasonal = part, True, True
                continue
            if mention.kind == "season" and before and state.period_known:
                continue
            if len(before) <= 4:
                state.period, state.period_known = self._iso(mention), True
            elif mention.iso and not self.norm[mention.begin : mention.end].endswith("前"):
                state.local, state.local_known = self._iso(mention), True
            elif obs_clauses.is_span(self.norm, mention):
                state.local, state.local_known = None, True

    def _is_aside(self, begin: int, mention: PeriodMention) -> bool:
        """Whether a year only tells which things are meant, and not when: 改造|2002年底登记在册的|18.8万平方米."""
        before = self.norm[begin : mention.begin].strip(" 、")
        awarded = mention.iso is not None and _AWARDED.fullmatch(before)  # 获|2014年度|考核第一
        if awarded or (before and _ATTRIBUTE.match(self.norm, mention.end)):
            return True
        after = self.norm[mention.end : mention.end + 1]
        own = mention.kind == "relative" or after in _CLAUSE_ENDS or (mention.kind in _PLANS and after.isdigit())
        return not own and mention.iso is not None and _OBJECT.fullmatch(before) is not None

    def _is_elsewhen(self, mention: PeriodMention) -> bool:
        """Whether a year is none that the figures of a review can be of, and only tells which thing is meant.

        It is yet to come and nothing is said to be due by then (申办2026年亚运会), or it ended what was before it
        (2000年以前建设的管网).
        """
        last, iso = self._last(), mention.iso
        if last is None or iso is None or self.report.year is None:
            return False
        if int(iso[-4:] if "-" not in iso else iso[:4]) > self.report.year:
            return not _DUE.search(self.norm, max(0, mention.begin - 4), mention.begin)
        return self.norm[mention.begin : mention.end].endswith("前") and int(iso[:4]) < last

    def _is_multiple_base(self, mention: PeriodMention, clause: Clause) -> bool:
        return any(
            q.kind == "multiple"
            and mention.end <= q.begin
            and re.search(
                r"(?:是|为|相当于|达到?|比)[^,，]{0,4}$",
                self.norm[max(clause.begin, mention.begin - 6) : mention.begin],
            )
            for q in clause.quantities
        )

    def _topic(self, clause: Clause) -> None:
        if clause.inside:
            return
        piece = stretch(self.norm, clause.begin, clause.end, self.holes)
        piece = strip_head(piece, self.lists, self.words.starts)
        if mark := _MARK_PASSED.search(piece.text):  # 连跨两个台阶,达到…; 产值、收入|跃上新台阶,分别达到…
            piece = piece.cut(0, mark.start())
        if adjusted := _ADJUSTED.search(piece.text):  # 收入|扣除价格因素,实际增长…
            piece = piece.cut(0, adjusted.start())
        if not 2 <= len(piece.text) <= 40 or self.norm[clause.begin : clause.end].strip()[:1] in "在按以对从为当":
            return
        place = self._area(clause, piece)
        # 科教城升格为国家级,高校相继落地,拥有实验室7家: they are of the place
        self.state.owned = place is not None and place == self.state.area
        begin = piece.at[0]
        tag = self.words.tag_at(begin)
        if tag[:1] in ("v", "d", "p", "c") and tag != "vn":
            return
        noun_end, _ = obs_names.counted_noun(self.norm, begin, piece.at[-1] + 1, self.words, self.lists, False)
        joint = max(piece.text.rfind("、"), piece.text.rfind("和"))
        if 0 < joint < len(piece.at) - 1 and "、" in piece.text[:joint] and piece.at[joint] > noun_end:
            # a list goes on behind a word that seems to end it: 职工|基本|养老金、低保标准和工资再次提高
            begin = piece.at[joint + 1]
            noun_end, _ = obs_names.counted_noun(self.norm, begin, piece.at[-1] + 1, self.words, self.lists, False)
        text = "".join(c for c, at in zip(piece.text, piece.at, strict=True) if at < noun_end) or piece.text
        named = self.places.get(begin) if place is not None else None
        if named is not None and named[0].end < noun_end and self.words.tag_at(named[0].end)[:1] == "v":
            text = self.norm[begin : named[0].end]  # 中心医院|结束老院区运作,占地面积…
        for ending in ("中", "里", "方面", "上"):
            if text.endswith(ending) and len(text) > 3:
                text = text.removesuffix(ending)
                break
        text = obs_names.tidy(text)
        if not all(part in self.lists.bare for part in obs_names.members(text)):
            self.state.topic = _GENERAL.sub("", text) or text
            if self.norm[clause.begin : clause.end].rstrip().endswith("方面"):
                self.state.about = self.state.topic

    def _area(self, clause: Clause, piece: Stretch | None = None) -> str | None:
        """The named thing with which the clause begins, or which still holds from the clause before."""
        state = self.state
        topic = piece is not None
        if piece is None:
            left = stretch(self.norm, clause.begin, clause.quantities[0].head, self.holes)
            piece = strip_head(left, self.lists, self.words.starts)
        if not piece.text:
            if not clause.inside and not self.norm[clause.begin : clause.quantities[0].head].strip():
                state.area = None
            return state.area
        if _OWN.match(self.norm, clause.begin, clause.end):
            state.area = None
            return None
        place = self.places.get(piece.at[0])
        if place is not None and not topic and (_GRADE.fullmatch(place[1]) or self._is_counted(clause, piece, place)):
            place = None
        if place is not None and self.norm[piece.at[0] - 1 : piece.at[0]] not in _TOWARDS:
            span, name, classes = place
            following = self.norm[span.end : span.end + 1]
            own = name in (self.report.area_name, self.report.area) or name.endswith(("省", "自治区"))
            word = EntityClass.ENTERPRISE in classes and self.norm[span.begin : span.end] in general_words().general
            if own or word or following in _JOINING or name[0] in "“‘":
                state.area = None
            elif classes & _OWNERS or (classes & _FIGURED_CLASSES and _FIGURED.search(name)):
                after = self.words.between(span.end, span.end + 4)
                acts = bool(after) and self.norm[after[0][0] : after[0][1]] in self.lists.actions
                if piece.text.endswith("等") and not acts:  # an example of what is counted
                    return None
                if obs_names.leading_verbs(self.norm, piece.at[: len(span)], piece.text, self.words, self.lists):
                    return state.area  # 改造城区农贸市场
                lasting = classes & {EntityClass.PARK, EntityClass.ZONE}
                if topic and not lasting:  # 兰山机场建成通航,旅客吞吐量…
                    self.state.holder = name
                state.area = name if lasting else None
                state.figured = None if lasting or topic else name
                return name
            return state.area
        verbs = obs_names.leading_verbs(self.norm, piece.at, piece.text, self.words, self.lists)
        if topic:
            kept = state.owned
        else:
            begin = clause.begin + (self.norm[clause.begin] == " ")
            held = state.holder is not None
            kept = self.norm.startswith(_HOLDING, begin) if state.owned else bool(verbs) and not held
            if not kept and (state.area or state.holder):
                at = next((p.end for p in clause.periods if p.begin == begin), begin)
                if _OWN_NOUN.match(self.norm, at):
                    state.area = state.area or state.holder
                    kept = True
        if not kept:
            state.area = None
            if not topic:
                state.holder = None
        state.owned = state.owned and topic
        return state.area

    def _is_counted(self, clause: Clause, piece: Stretch, place: Place) -> bool:
        """Whether the named thing is what is counted, a kind of thing and no owner: 科技型上市公司|100家."""
        q, span = clause.quantities[0], place[0]
        ends = self.norm[q.tail : q.tail + 1] in _CLAUSE_ENDS
        kind = q.kind in ("count", "person") and EntityClass.ADMINISTRATIVE_AREA not in place[2]
        return ends and kind and q.head - span.end <= 4 and _KIND.match(piece.text, len(span)) is not None

    def _names_in(self, begin: int, end: int) -> list[tuple[int, int]]:
        from bisect import bisect_left

        i = bisect_left(self.named, (begin, 0))
        result = []
        while i < len(self.named) and self.named[i][0] < end:
            result.append(self.named[i])
            i += 1
        return result

    # one row of figures -------------------------------------------------------------------------------------------

    def _figures(
        self,
        clause: Clause,
        chain: list[Quantity],
        left: Stretch,
        limit: int,
        followed: bool,
        first: bool,
        area: str | None,
        fresh: list[str],
    ) -> int:
        """Read a row of figures that share what stands before them; returns where the next one's left side begins."""
        state, norm = self.state, self.norm
        q = chain[0]
        self.left = left
        frame = read(left, self.lists, self.words.starts)
        if not left.text and norm[q.head - 1 : q.head] == "的":
            frame.of = True
        rest = strip_head(frame.rest, self.lists, self.words.starts)
        if q.kind == "money" and (added := _ADDED.search(rest.text)) and not frame.sign:
            before = read(rest.cut(0, added.start()), self.lists, self.words.starts)
            if before.subject.endswith(self.lists.money):  # 贷款余额较年初新增135亿元
                frame.sign, rest = 1, before.rest
        rises = RISE.match(norm, chain[-1].tail, clause.end) and not (frame.source or frame.sign or frame.to)
        opened = _OPENED.search(rest.text) if rises else None
        if opened and (opened.start() or state.history or state.topic):  # 低保线|由年人均收入|1000元提高到…
            frame.source = True
            rest = rest.cut(0, opened.start())
        self.at_base = frame.source
        made = rest.text.rfind("将")  # “证照分离”改革|将|企业开办时间压缩至…
        if 0 < made < len(rest.text) - 3 and {rest.at[made], rest.at[made + 1]} <= self.words.starts:
            rest = rest.cut(made + 1, len(rest.text))
        if made_of := _YIELDS.search(rest.text):  # 规模以上工业|实现|增加值
            low, high = made_of.span("verb")
            rest = Stretch(rest.text[:low] + rest.text[high:], rest.at[:low] + rest.at[high:])
        subject = obs_names.tidy(rest.text)
        position = chain[-1].tail
        noun = said = ""
        beyond = self._behind_sum(clause, chain[-1], limit) if followed else None
        end, said_at = beyond or self._noun_after(clause, chain, limit, followed, frame)
        if beyond is not None:  # 44个|总投资588亿元的|重大产业项目
            noun = obs_names.tidy(self._text(*beyond, clause))
            end = said_at = limit
        elif end > chain[-1].tail:
            noun = obs_names.tidy(self._text(chain[-1].tail, end, clause)).removeprefix("的")
            if self.norm[chain[-1].tail : chain[-1].tail + 1] == "、":
                noun = noun.rpartition("的")[2]
            if _RANKS.fullmatch(noun) and (shared := _RANKED.match(norm, end, clause.end)):
                noun += shared.group(1).rstrip("和及与")  # 6个国家级、30个省级|专业合作社
            position = end
            if self.norm[chain[-1].tail : chain[-1].tail + 1] == "的" and (
                (rest.text and frame.level) or _RISING.search(noun)
            ):
                if growth := _RISING.search(noun):
                    frame.sign = -1 if growth.group(1) else 1
                noun = said = ""
        if said_at < limit or (end == chain[-1].tail and not noun):
            said = self._said(said_at, clause) if self.norm[said_at : said_at + 1] not in _BREAKS else ""
        if noun and said and _ROLE.fullmatch(said):
            said = ""  # 以20个特色园区|为重点
        done = self.done if self.done[0] == chain[0].head else (0, "")
        if noun and said in self.lists.bare and said.endswith(("投资", "投资额")):  # 235项重点项目|完成投资|556亿元
            said = ""
        if noun and said and self._of_next(chain[-1], said_at, limit, clause):  # 305台工业锅炉|关停|152台
            self.done = limit, f"{said}的{noun}"
            said = ""
        measure, negative = _measure(q, frame, noun)
        if measure is Measure.GROWTH and self._from_rate(clause, q, [p for p in clause.periods if p.end <= q.begin]):
            self.rate_at = clause.begin
        elif frame.to and q.kind == "rate" and self.rate_at == clause.begin:  # 增速从2011年的3.3%提高到|32.4%
            measure = Measure.GROWTH
        if q.kind == "ratio":
            if "figures.ratios" in self.without:
                return position
            return self._ratio(clause, chain, subject, frame, left, area, fresh, position)
        if frame.source or RISE.match(said) or MARK.match(said):
            said = ""
        owned = noun if q.kind in ("count", "person") and noun.endswith(self.lists.quantities) else ""
        if noun and not said and norm[q.head - 1 : q.head] in "与同" and (bound := _BOUND_TO.match(noun)):
            noun, said = bound[1], bound[2]  # 与350名|人才|建立合作
        changes = self.lists.tails.get(said, frozenset()) & _CHANGED if owned else None
        if (
            not changes
            and followed
            and q.kind in ("count", "person")
            and noun.endswith(_RATES)
            and self._says_level(said)
        ):
            owned, changes = noun, _CHANGED  # 13个|国控断面|水质优良比例|100%
            named = measured_of(noun, self.lists.topical)
            noun = _OF_WATER.sub("", noun) if named == noun else named
            said = ""
        elif changes:  # 32个镇街可支配收入|增长5%: of as many, which grows
            noun, said = measured_of(noun, self.lists.topical), ""
        else:
            owned = ""
        names = self._names(clause, chain, frame, rest, subject, noun, said, measure, first, followed)
        if done[1] and not noun and len(names) == 1:
            names = [(q, obs_names.closed(done[1], q, self.lists, before=False))]
        if subject or noun:
            if area is None:
                state.figured = None
        elif area is None and "figures.spent" not in self.without and not _OWN.match(norm, clause.begin, clause.end):
            area = state.figured  # 云山港吞吐量达到…,|比上年增长20.1%
        level = measure in (Measure.LEVEL,)
        if level and "figures.spent" not in self.without:
            area = self._spent_on(clause, chain) or area
        owners = self._places_alone(rest) if level and len(chain) == 1 and not noun and state.history else []
        if owners:  # 其中江州、湖州超过|300亿元
            period = self._period(clause, q, frame, measure, left)
            for owner in owners:
                self._emit(q, state.history[-1], measure, negative, period, owner, clause, noun)
            state.source = frame.source
            return position
        listed, what = self._listed_owners(rest) if level and not noun and area is None else ([], "")
        if what and len(chain) == (len(listed) if frame.distributed else 1):  # 东山集团、南湖集团产值突破|百亿元
            for n, owner in enumerate(listed):
                figure = chain[n % len(chain)]
                period = self._period(clause, figure, frame, measure, left)
                self._emit(figure, what, measure, negative, period, owner, clause, noun)
            state.name(what)
            state.source = frame.source
            return position
        bases = obs_clauses.bases_of(norm, clause.begin, q.head) if len(names) == 2 else None
        if bases is not None and measure is not Measure.LEVEL:
            names = [(figure, names[-1][1]) for figure, _ in names]
        for n, (figure, name) in enumerate(names):
            period = self._period(clause, figure, frame, measure, left)
            if bases is not None and measure is not Measure.LEVEL:
                period = self._against(bases[n])
            if frame.noun and measure is Measure.GROWTH and n < len(names) - 1 and name.endswith("率"):
                # 失业率、物价涨幅分别控制在|3%和3.5%: of prices only
                self._emit(figure, name, Measure.LEVEL, False, period, area, clause, noun)
                continue
            self._emit(figure, name, measure, negative, period, area, clause, noun)
            if name.endswith("恢复"):
                state.name(name.removesuffix("恢复"))
                continue
            if name.endswith("完成率"):
                state.name(re.sub(r"(?:计划|目标|预算|任务)?完成率$", "", name))
                continue
            aside = frame.compared or (name.endswith("比重") and frame.of) or _REACH.search(rest.text)
            if name:
                state.topic = ""
            if name and (level or subject or noun) and not aside:
                state.name(name)
                if name not in fresh:
                    fresh.append(name)
        if owned:
            state.name(owned)
            fresh[:] = [owned]
        if q.kind in ("count", "person") and level:
            state.counted = self.sentence[0], q.unit, state.history[-1] if state.history else ""
        state.source = frame.source
        return position

    def _spent_on(self, clause: Clause, chain: list[Quantity]) -> str | None:
        """The thing that a sum is spent on, right behind it: 投资60亿元的|华强文化项目."""
        q, norm = chain[0], self.norm
        if q.kind != "money" or len(chain) > 1 or not norm.startswith("的", q.tail):
            return None
        place = self.places.get(q.tail + 1)
        if place is None or not place[2] & _BOUGHT:
            return None
        lead, behind = norm[clause.begin : q.head], norm[place[0].end : place[0].end + 2]
        more = behind[:1] in _JOINING - {"等"} and not behind[1:].isdigit()  # 投资60亿元的甲项目和乙项目: of both
        return place[1] if not more and any(word in lead for word in self.lists.invests) else None

    def _behind_sum(self, clause: Clause, q: Quantity, limit: int) -> tuple[int, int] | None:
        """Where the noun of a count stands that is told behind the sum of what they cost."""
        if q.kind != "count" or _SUM.fullmatch(self.norm, q.tail, limit) is None:
            return None
        i = next((i for i, o in enumerate(clause.quantities) if o.head == limit), None)
        if i is None:
            return None
        money = clause.quantities[i]
        if money.kind != "money" or not self.norm.startswith("的", money.tail):
            return None
        end = clause.quantities[i + 1].head if i + 1 < len(clause.quantities) else clause.end
        begin = money.tail + 1
        named = self._names_in(begin, end)
        end, _ = obs_names.counted_noun(self.norm, begin, end, self.words, self.lists, False, named)
        return (begin, end) if end > begin else None

    def _of_next(self, q: Quantity, begin: int, end: int, clause: Clause) -> bool:
        """Whether what is said behind a counted noun is of the next figure, which counts the same."""
        following = next((o for o in clause.quantities if o.head == end), None)
        between = self.norm[begin:end]
        return (
            following is not None
            and following.unit == q.unit
            and q.kind in ("count", "person")
            and not re.search(r"[、和与及,]", between)
        )

    def _places_alone(self, rest: Stretch) -> list[str]:
        """The places that a subject consists of, if it names nothing else."""
        result: list[str] = []
        i = 0
        while i < len(rest.at):
            place = self.places.get(rest.at[i])
            if place is None or not place[2] & _AREAS:
                return []
            result.append(place[1])
            i += len(place[0])
            if i < len(rest.at):
                if rest.text[i] not in "、和与及":
                    return []
                i += 1
        return result

    def _listed_owners(self, rest: Stretch) -> tuple[list[str], str]:
        """The enterprises or parks in a row with which a subject begins, and what of theirs is measured."""
        owners: list[str] = []
        i = 0
        while i < len(rest.at):
            place = self.places.get(rest.at[i])
            if place is None or not place[2] & _OWNERS:
                return [], ""
            owners.append(place[1])
            i += len(place[0])
            if rest.text[i : i + 1] == " ":
                i += 1
            if i >= len(rest.at) or rest.text[i] not in "、和与及":
                break
            i += 1
        what = obs_names.tidy(rest.text[i:])
        return (owners, what) if len(owners) > 1 and _OWN_NOUN.match(what) else ([], "")

    def _text(self, begin: int, end: int, clause: Clause) -> str:
        return stretch(self.norm, begin, end, sorted(self.cut + self.holes)).text

    def _said(self, begin: int, clause: Clause) -> str:
        """What the rest of the clause says of the counted things, shortened."""
        end = clause.end
        for q in clause.quantities:
            if q.begin >= begin and q.kind in ("rate", "share", "multiple"):
                end = min(end, q.head)
        text = obs_names.tidy(self._text(begin, end, clause))
        text = re.sub(
            r"^(?:已经?|均|都|全部|全面|先后|陆续|相继|还|也|进一步|成功|顺利|基本|可|能|能够)+", "", text
        ).replace("了", "")
        if text.endswith(("达", "为", "率")):
            return ""
        if len(text) > 22 or _OTHERS_ALL.search(text):
            text = re.split(r"[、,，;和]", text)[0][:22]
        return text

    def _noun_after(
        self, clause: Clause, chain: list[Quantity], limit: int, followed: bool, frame: Frame
    ) -> tuple[int, int]:
        q = chain[-1]
        begin = q.tail
        none = begin, begin
        rising = (
            frame.sign
            and not frame.noun
            and q.kind == "rate"
            and (frame.rest.text or self.norm[begin : begin + 1] != "的")
        )
        if self.norm.startswith(("以外", "之外", "以来", "之多", *_AS_GROUND), begin):
            return none
        if _REACH.search(frame.rest.text) and (of := self.norm.find("的", begin, limit)) > begin:
            return of, limit
        if begin >= limit or frame.source or rising or (frame.to and q.kind == "rate"):
            return none
        nxt = self.norm[begin]
        if MARK.match(self.norm, begin, limit):
            return none
        if nxt == "、" and not followed and self.norm.find("的", begin, limit) > 0:
            begin = self.norm.rfind("的", begin, limit) + 1
        elif nxt in ",，;。、)(!?:”" or RISE.match(self.norm, begin, limit):
            return none
        if nxt == "的":
            begin += 1
        elif begin == q.tail and q.kind in ("rate", "multiple", "compound"):
            return begin, begin
        end, said = obs_names.counted_noun(
            self.norm, begin, limit, self.words, self.lists, followed, self._names_in(begin, limit)
        )
        if end <= begin:
            return none[0], end
        return end, said

    def _ranks(self, clause: Clause, rows: list[list[Rank]]) -> None:
        """The places that the clause says that something takes: 总量居全省|第4位."""
        state = self.state
        holes = obs_clauses.holes_of(self.norm, clause, clause.periods)
        period = state.local if state.local_known else state.period if state.period_known else self._default()
        for row in rows:
            first = row[0]
            start = max([first.start, *(q.tail for q in clause.quantities if q.tail <= first.head)])
            left = stretch(self.norm, start, first.head, holes)
            rest = strip_head(left, self.lists, self.words.starts)
            # 白云机场旅客吞吐量突破5200万人次,|居世界前10位
            areas: list[str | None] = [state.area if rest.text else state.area or state.figured] * len(row)
            names: list[str] = []
            if owners := self._places_alone(rest):  # 南湖区、东山县分别列全省县域考评|第6位、第8位
                if len(owners) == len(row) and len(first.among) > 2:
                    areas, names = list(owners), [f"{first.among}排名"] * len(row)
            elif rest.text:
                subject, place = self._ranked(left, rest, first)
                if place:
                    areas = [place] * len(row)
                if 2 <= len(subject) <= _RANKED_LENGTH and not _NO_SUBJECT.search(subject):
                    name = self._prefixed(subject)
                    if subject in _TRENDS and not name.endswith(subject):  # not the rank of the sum itself
                        name += subject
                    names = [name] if len(row) == 1 else self._subjects(subject, len(row), rest)
            elif len(row) == 1 and len(first.among) > 3 and not _PEERS_ALONE.match(first.among):
                names = [f"{first.among}排名"]  # 列绿色发展百强县|第58位
            elif len(row) == 1:  # of this sentence's, if it has spoken of something
                earlier = state.history[self.begun :]
                names = [state.ranked or state.topic or (earlier[-1] if earlier else "")]
            elif len(state.group) == len(row):
                names = list(state.group)
            for rank, name, area in zip(row, names, areas, strict=False):
                q = Quantity(rank.begin, rank.end, rank.value, "", "rank", rank.bound, tail=rank.end, head=rank.begin)
                if not _NO_SUBJECT.search(name):
                    self._emit(q, name, Measure.RANK, False, period, area, clause, "")
            state.ranked = names[0] if len(names) == 1 else ""
            if rest.text and state.ranked and not clause.quantities and not state.ranked.endswith(_CHANGING):
                state.topic = state.ranked  # 财政收入升至全国第4位,增长11%

    def _ranked(self, left: Stretch, rest: Stretch, rank: Rank) -> tuple[str, str | None]:
        """What takes the place, and the area whose it is."""
        state = self.state
        text = rest.text
        place = self.places.get(rest.at[0])
        area = None
        if place is not None and place[2] & (_OWNERS | _FIGURED_CLASSES):
            own = place[1] in (self.report.area_name, self.report.area)
            area = None if own else place[1]
            after = self.norm[place[0].end : place[0].end + 1]
            if len(place[0]) >= len(rest.text):
                return (f"{rank.among}排名" if len(rank.among) > 2 else ""), area
            if own and after == "在":
                text = text[len(place[0]) :]
        judged = _JUDGED.search(text) or _JUDGED.match(left.text)
        if judged is not None and (
            judged[2] or _PEERS.search(judged[1])
        ):  # 在全省营商环境考核中|位列; 在副省级城市中|排名
            if not _PEERS.search(judged[1]) or _CONTEST.search(judged[1]):
                return f"{_PEERLESS.sub('', judged[1]).removesuffix('排名')}排名", area
            earlier = state.history[self.begun :]
            text = text[: judged.start()] or state.topic or state.ranked or (earlier[-1] if earlier else "")
        return obs_names.tidy(text), area

    # names ----------------------------------------------------------------------------------------------------------

    def _names(
        self,
        clause: Clause,
        chain: list[Quantity],
        frame: Frame,
        rest: Stretch,
        subject: str,
        noun: str,
        said: str,
        measure: Measure,
        first: bool,
        followed: bool,
    ) -> list[tuple[Quantity, str]]:
        state = self.state
        q = chain[0]
        if q.unit == "枚" and self.norm[q.end - 1] in "金银铜":
            return [(figure, f"{self.norm[figure.end - 1]}牌数") for figure in chain]
        if measure is not Measure.LEVEL or frame.to:
            return self._carried(chain, frame, rest, subject or noun, measure)
        if frame.compared:
            owner = "" if subject in _TRENDS or subject in ("总量", "比上年") else subject
            owner = owner or (state.history[-1] if state.history else state.topic)
            owners = obs_names.members(owner, len(chain)) if len(chain) > 1 else [owner]
            if len(owners) == len(chain) > 1:
                shared = next((w for w in _TRENDS if owner.endswith(w)), "")
                owners = [o if o.endswith(shared) else o + shared for o in owners]
            else:
                owners = [owner] * len(chain)
            against = obs_names.members(frame.compared, len(chain)) if len(chain) > 1 else [frame.compared]
            if len(against) != len(chain):
                against = [frame.compared] * len(chain)
            return [
                (figure, f"{each}与{other}之差") for figure, each, other in zip(chain, owners, against, strict=True)
            ]
        if noun:
            return [(figure, self._count_name(clause, figure, frame, rest, subject, noun, said)) for figure in chain]
        if len(chain) > 1 and chain[0].tail == chain[1].head and q.kind != "ratio":
            return [
                (figure, obs_names.closed(self._prefixed(subject), figure, self.lists, before=True)) for figure in chain
            ]
        if q.kind in ("rate", "share") and frame.each and len(chain) == 1:
            parts = obs_names.members(subject, None, self._cuts(rest))
            if len(parts) > 1:
                return [(q, self._prefixed(p)) for p in parts]
            counted = [obs_names.strip_verbs(_stem(s), self.lists) for s in state.group if not s.endswith("率")]
            if len(counted) > 1 and len(subject) <= 3 and subject.endswith("率") and not state.topic:
                return [(q, s + subject) for s in counted]
        if frame.distributed or len(chain) > 1:
            return self._distributed(chain, frame, subject, rest)
        if q.kind in ("rate", "share"):
            return [(q, self._rate_name(q, frame, subject, said))]
        if not subject:
            if said and q.kind in ("count", "person"):
                base = _stem(state.topic or (state.history[-1] if state.history else ""))
                if q.unit in _PEOPLE and not base.endswith(self.lists.people):
                    base = ""  # 完成2.7万户危房改造,|24万人|实行了政府代缴
                if said.startswith(("是", "为")):
                    return [(q, obs_names.closed(said[1:], q, self.lists, before=False))]
                name = f"{said}的{base}" if base and len(said) > 1 else said + base
                return [(q, obs_names.closed(name, q, self.lists, before=True))]
            if state.topic and not said and q.kind == "bare":  # 景气指数继续攀升,达到|115.1
                return [(q, state.topic)]
            if state.topic and frame.level and not said and not state.history[self.begun :]:
                # 市场主体逆势增长,达到|29.8万户: of what this sentence has spoken of, not the one before
                return [(q, obs_names.closed(state.topic, q, self.lists, before=True))]
            if state.history and (frame.level or not said):
                return [(q, self._close_carried(self._in_all(state.history[-1], clause, q), q))]
            if said:
                return [(q, obs_names.closed(said, q, self.lists, before=False))]
            return [(q, state.topic)]
        if q.kind in ("count", "person") and (described := self._described(frame, self.left, subject)):
            return [(q, obs_names.closed(described, q, self.lists, before=True))]
        verbs, _at = obs_names.closing_verbs(self.norm, rest.at, self.words, self.lists)
        if verbs in ("新增", "净增", "新增加") and len(rest.text) > len(verbs):
            base = obs_names.tidy(read(rest.cut(0, len(rest.text) - len(verbs)), self.lists, self.words.starts).subject)
            return [(q, obs_names.closed(verbs + base, q, self.lists, before=True))]
        if frame.each:
            parts = obs_names.members(subject)
            if len(parts) > 1:
                return [(q, obs_names.closed(p, q, self.lists, before=True)) for p in parts]
        return [(q, self._closed_subject(rest, subject, q, said, verbs))]

    def _described(self, frame: Frame, left: Stretch, subject: str) -> str:
        """达到国家先进水平的有|170项: the things are those counted before."""
        size = len(frame.subject)
        owner = self.state.history[-1] if self.state.history[self.begun :] else self.state.topic
        if frame.level and owner and left.text[size : size + 1] == "的":
            return f"{subject}的{obs_names.strip_verbs(_stem(owner), self.lists)}"
        return ""

    def _closed_subject(self, rest: Stretch, subject: str, q: Quantity, said: str, verbs: str) -> str:
        state = self.state
        subject = self._unlisted(rest, self._shortened(rest, subject))
        if subject == "投资" and self.norm[max(0, rest.at[0] - 2) : rest.at[0]] == "完成":
            subject = "完成投资"
        if subject in ("投资", "投入", "共投资", "总投资", "计划投资", "再投资") and not said:
            coming = re.match(r"[,，]([^,，;；。!?]{2,60})", self.norm[self.clause_end : self.clause_end + 64])
            if coming:
                thing = re.split(r"以及|、", obs_names.tidy(_FIGURE.sub("", coming.group(1))))[0].replace("了", "")
                if (
                    2 <= len(thing) <= 24
                    and (self._prefixed(subject) == subject or _BUILT_FOR_IT.match(coming.group(1)))
                    and not re.match(r"[比较增同占是年均居其为达]|下降|带动|完成率", thing)
                    and "%" not in thing
                ):
                    return f"{thing}{subject}"
        if q.kind == "money" and verbs and verbs == subject and said:
            thing = _PROGRESS.sub("", re.sub(r"^(?:建设|建成|实施|用于|完成|新建|改造|对)", "", said))
            if state.about and thing in ("项目", "工程"):
                thing = state.about + thing
            place = thing.split("、")[0][:14]
            return f"{place}{subject}额" if subject in ("投资", "完成投资") else f"{place}{subject}"
        prefixed = self._prefixed(subject)
        if q.kind in ("count", "person") and state.history:
            shared = self._shared_noun(rest, subject, q)
            if shared:
                return obs_names.closed(shared, q, self.lists, before=True)
        if prefixed == subject and subject in ("增加", "新增", "减少") and state.history:
            return obs_names.closed(subject + _stem(state.history[-1]), q, self.lists, before=True)
        if said and q.kind in ("count", "person") and not verbs and prefixed == subject and len(said) > 2:
            words = self.words.between(rest.at[0], rest.at[-1] + 1) if rest.at else []
            if words and self.norm[words[0][0] : words[0][1]] not in self.lists.actions:
                return obs_names.closed(prefixed, q, self.lists, before=True)
        return obs_names.closed(prefixed, q, self.lists, before=True)

    def _shared_noun(self, rest: Stretch, subject: str, q: Quantity) -> str:
        """A subject that leaves out the noun just counted: 国家级研发机构16个、|省级|217个."""
        if subject.endswith(self.lists.wholes):  # 新增绿地50亩,|新增植树|5万株
            return ""
        owner = _stem(self.state.history[-1])
        if _RANKS.fullmatch(subject):
            led = _NEWLY.match(owner)
            new = led.group() if led is not None else ""
            bare = _RANKS.sub("", owner[len(new) :].removeprefix("国家") if new else owner, count=1)
            return new + subject + bare if len(bare) > 1 else ""
        words = self._cuts(rest)
        if len(words) > 1 and words[0] in ("基本", "全部", "已"):
            words = words[1:]
        acts = self.lists.actions, self.lists.nominal
        if words and all(w in acts[0] or w in acts[1] or w in "、和" for w in words):
            for whole in (owner, owner.removeprefix("新")):
                first = obs_names.strip_verbs(whole, self.lists)
                if first and first != whole and not subject.endswith("就业"):
                    return subject + first
        verb = len(words) == 1 and len(subject) == 2 and self.words.tag_at(rest.at[0]) == "v"
        done = verb or subject in self.lists.predicates or subject in self.lists.actions
        *where, last = self.state.counted
        owner = _stem(last)
        # of people a verb tells all: 出生2000人,|死亡1500人, 确诊病例30例,|治愈28例
        if (
            done
            and q.kind == "count"
            and q.unit != "例"
            and where == [self.sentence[0], q.unit]
            and last
            and subject not in owner
        ):
            before = obs_names.strip_last_verbs(owner, self.lists)
            if before != owner:  # 水利工程开工35宗,|完工|25宗
                return before + subject
            noun = obs_names.strip_verbs(owner, self.lists)
            if noun not in self.lists.actions and noun not in self.lists.predicates:
                return subject + noun  # 入园项目217个、|投产|77个
        return ""

    def _unlisted(self, rest: Stretch, subject: str) -> str:
        """Without the examples before the noun: 开通赤塔、香港等国际航线 becomes 开通国际航线."""
        at = subject.rfind("等")
        if at < 3 or len(subject) - at < 4:
            return subject
        verbs = obs_names.leading_verbs(self.norm, rest.at, rest.text, self.words, self.lists)
        if "、" not in subject[:at] and (at - len(verbs) < 3 or subject[at - 1] in "同平均优中高初上下"):
            return subject
        return verbs + subject[at + 1 :]

    def _shortened(self, rest: Stretch, subject: str) -> str:
        """Without a prepositional phrase before the verb: 通过…引进|团队 becomes 引进团队."""
        if len(subject) < 12 or not rest.at:
            return subject
        words = self.words.between(rest.at[0], rest.at[-1] + 1)
        self.norm[words[0][0] : words[0][1]] if words else ""
        tag = words[0][2] if words else ""
        if tag[:1] in ("p", "d", "r", "c"):
            for b, e, _ in reversed(words[1:-1]):
                if self.norm[b:e] in self.lists.actions and b - rest.at[0] >= 4:
                    return obs_names.tidy(self.norm[b : rest.at[-1] + 1])
        return subject

    def _prefixed(self, subject: str) -> str:
        """A noun that says too little alone, with the subject before it: 成功率, 增加值, 占全省."""
        state = self.state
        if subject in self.lists.topical and state.topic.endswith(self.lists.thing):
            return state.topic + subject  # 新兴产业加速集聚,实现|销售|3002亿元
        bare = subject in self.lists.bare or (subject.endswith("率") and len(subject) <= 3)
        if not (bare or subject.startswith("占")):
            return subject
        owner = state.topic or (state.about if subject in self.lists.money else "")
        if not owner:
            rate = subject.endswith("率") or subject in self.lists.money  # 开工率25%,|完成投资|115亿元
            own = [s for s in state.history[self.begun :] if not (rate and s.endswith("率"))]
            owner = _stem(own[-1]) if own else ""
        if subject in ("总数", "总量", "总额"):
            owner = obs_names.strip_verbs(owner, self.lists)
        if not owner or owner.endswith(subject):
            if owner and f"总{subject}" in self.left.text:  # 新增里程31公里、总|里程|621公里
                return _GAINED.sub("", owner, count=1)
            return owner if owner else subject
        if subject == "增加值":
            for ending in ("总产值", "产值", "销售收入"):
                if owner.endswith(ending):
                    return owner.removesuffix(ending) + subject
        if subject in ("总量", "总数", "总额", "数量", "增速") and owner.endswith(("总量", "总数", "总额", "数", "额")):
            return owner
        for size in range(min(len(owner), len(subject)), 1, -1):
            if owner.endswith(subject[:size]):
                return owner + subject[size:]
        return owner + subject

    def _owner(self) -> str:
        """What the clause goes on with: what the clause before spoke of, else what was measured last."""
        return self.state.topic or (self.state.history[-1] if self.state.history else "")

    def _in_all(self, name: str, clause: Clause, q: Quantity) -> str:
        """The stock behind what was added to it: 新增创新平台10家,累计达|160家 are 创新平台."""
        said = self.left.text or self.norm[clause.begin : q.head]
        if q.kind not in ("count", "person", "area", "length") or not _IN_ALL.match(said.strip("、,， ")):
            return name
        stock = _GAINED.sub("", name, count=1)
        if stock == name and "累计" in said:
            return name if name.startswith("累计") else f"累计{name}"  # 引进企业13家,累计|18家
        return stock if len(stock) > 2 else name

    def _close_carried(self, name: str, q: Quantity) -> str:
        if q.kind == "count" and name.endswith("投资额") and len(name) > 4:  # 总投资9亿元的重大项目|12个
            return obs_names.closed(name.removesuffix("投资额"), q, self.lists, before=True)
        if name.endswith("数") and q.kind not in ("count", "person"):
            return obs_names.closed(_stem(name), q, self.lists, before=True)
        return name

    def _rate_name(self, q: Quantity, frame: Frame, subject: str, said: str) -> str:
        if frame.of and "占" not in subject and re.match(r"(?:超额)?完成|实现", subject):
            return self._done(subject)
        done = re.match(
            r"(.*?)(?:超额)?(?:完成|占|为|是|达到?)?了?((?:全?年度?|年初|序时|调整){0,4}(?:计划|目标|预算|任务|考核)(?:数|任务|目标)?)$",
            subject,
        )
        if not done and not subject:
            done = re.search(
                r"()((?:计划|目标|预算|任务)数?)的$", self.norm[max(self.clause_begin, q.head - 8) : q.head]
            )
        if done and not done.group(1).endswith(("增长", "增速")):
            owner = done.group(1) or self._owner()
            return f"{owner}{done.group(2)}完成率"
        name = self._prefixed(subject) if subject else ""
        if not name:
            owner = self._owner()
            if said and _stem(owner):
                return f"{_stem(owner)}{said}率" if len(said) <= 6 else f"{said}比例"
            if owner and (frame.done or (frame.of and self.norm.startswith(("完成", "超额完成"), self.clause_begin))):
                return f"{_stem(owner)}完成率"
            return owner
        if frame.share and not name.endswith(("率", "比重", "比例", "占比", "份额")):
            return name + "占比"
        if "占" in name and not name.endswith(("比重", "比例", "占比", "份额", "比")):
            return name + "的比重"
        if said and not name.endswith(("率", "比", "比重", "比例", "度", "水平")) and len(said) <= 4:
            return f"{name}{said}率"
        return name

    def _done(self, subject: str) -> str:
        thing = re.sub(r"^(?:超额)?完成了?|^实现", "", subject)
        return f"{thing}完成率" if thing else "完成率"

    def _count_name(
        self, clause: Clause, q: Quantity, frame: Frame, rest: Stretch, subject: str, noun: str, said: str
    ) -> str:
        """The name of a count whose noun follows: 建成|8个|绿道驿站, 68家|工业企业|已关停."""
        state = self.state
        if q.kind in ("share", "rate"):
            if said:
                return f"{said}的{noun}比例"
            if re.search(r"全[省市国区县球]$", frame.rest.text):
                verb, _ = obs_names.closing_verbs(self.norm, frame.rest.at[:-2], self.words, self.lists)
                return f"{verb}{noun}比例" if verb else f"{noun}占{frame.rest.text[-2:]}比重"
            if said:
                return f"{said}的{noun}比例"
            if subject.startswith(("超额完成", "完成")):
                return self._done(subject + noun)
            return f"{subject}{noun}比例" if subject else f"{noun}比例"
        if q.kind == "money" and self.norm[q.tail : q.tail + 1] == "的":
            if subject.endswith("投资"):
                state.verbs = "投资"
                return f"{noun}投资额"
            if not subject and state.verbs == "投资":
                return f"{noun}投资额"
        every = re.search(
            r"每[^,，、每]{1,8}?(?=(?:就|约|共)?(?:有|拥有)?$)", self.norm[max(clause.begin, q.head - 12) : q.head]
        )
        if subject.endswith("等") or "、" in subject or _VAGUE_END.search(rest.text):
            verbs = obs_names.leading_verbs(self.norm, rest.at, rest.text, self.words, self.lists)
            if not verbs and not subject.endswith("等"):
                verbs, _ = obs_names.closing_verbs(self.norm, rest.at, self.words, self.lists)
        else:
            verbs, _ = obs_names.closing_verbs(self.norm, rest.at, self.words, self.lists)
        left = self.norm[max(clause.begin, q.head - 1) : q.head]
        if not verbs and left and left in "、和及与" and state.verbs:
            verbs = state.verbs
        elif verbs:
            state.verbs = verbs
        if verbs.endswith("解决") and q.kind in ("count", "person", "bare"):
            whole = noun + said
            if solved := _SOLVED.match(whole):  # 解决|1.6万|贫困人口|饮水问题
                return f"解决{solved['what']}的{solved['who']}数"
            if q.kind == "person" and whole.endswith(_TROUBLES):
                return f"解决{whole}人数"
        if q.kind == "money" and verbs and len(noun) > 3 and not noun.endswith(_FUNDS):
            spent = self._spent(clause, q, noun, verbs)
            if spent:
                return spent
        if state.about and said and not verbs and len(noun) <= 4 and q.kind == "count":
            name = state.about + noun
        elif said and q.kind in ("count", "person"):
            name = f"{said}的{noun}"
            if noun.endswith("水质") and len(noun) > 3 and not self._says_level(said):  # 8个|国考断面水质|达标
                name = f"水质{said}的{noun[:-2]}"
            if said.startswith(("是", "为")) and len(said) > 2:
                name = said[1:]
        elif every:
            name = f"{every.group()}{verbs if verbs not in every.group() else ''}{noun}"
        else:
            name = f"{verbs}{noun}"
        return obs_names.closed(name, q, self.lists, before=False)

    def _spent(self, clause: Clause, q: Quantity, noun: str, verbs: str) -> str:
        """What the money goes to: 投资|3亿元|建成绿道 is 绿道投资额, 投入|…|对口帮扶某地 is 对口帮扶投入."""
        begin = self.norm.find(noun[:2], q.tail, clause.end)
        tokens = self.words.between(begin, min(begin + len(noun), clause.end)) if begin >= 0 else []
        if not any(tag[:1] in ("v", "p", "d", "l") and tag != "vn" for _, _, tag in tokens[:2]):
            return ""
        if verbs.endswith("投资"):
            for b, e, _ in tokens:
                if self.norm[b:e] not in self.lists.actions and self.norm[b:e] not in ("用于", "了"):
                    return noun[b - begin :] + "投资额"
            return ""
        named = self._names_in(begin + 1, begin + len(noun))
        stop = named[0][0] - begin if named else len(noun)
        return noun[:stop].split("、")[0] + verbs

    def _distributed(
        self, chain: list[Quantity], frame: Frame, subject: str, rest: Stretch
    ) -> list[tuple[Quantity, str]]:
        n = len(chain)
        after = re.sub(r"^(?:实现|完成|达到?|为|是)", "", obs_names.tidy(frame.after_dist))
        if frame.after_dist:
            after = obs_names.tidy(re.sub(r"(?:实现|完成|达到?|为|是|约|近|超|增长|下降)+$", "", after))
        subjects = self._subjects(subject, n, rest)
        return [
            (q, obs_names.closed(s + after, q, self.lists, before=True) if s else s)
            for q, s in zip(chain, subjects, strict=True)
        ]

    def _subjects(self, subject: str, n: int, rest: Stretch) -> list[str]:
        """As many subjects as there are figures: of the clause, or of those before it."""
        state = self.state
        if "figures.distribution" in self.without:
            return [subject or self._owner()] * n
        if subject:
            parts = obs_names.members(subject, n, self._cuts(rest))
            if len(parts) == n and not (parts[0] in parts[-1][1:] and subject.endswith("率")):
                return parts
            topics = obs_names.members(state.topic, n) if state.topic else []
            if len(topics) == n > 1 and (subject in self.lists.bare or subject in _MODIFIERS or len(parts) == 1):
                return [topic if subject in _MODIFIERS else topic + subject for topic in topics]
            short = subject in self.lists.bare or (len(subject) <= 10 and subject.endswith("率"))
            if short and len(state.history) >= n:
                return [_stem(s) + subject for s in state.history[-n:]]
            return [subject] * n
        if n > 1 and state.topic:  # 工业、财政收入降幅收窄,分别下降…
            parts = obs_names.members(_TREND.sub("", state.topic), n)
            if len(parts) == n:
                return parts
        if len(state.group) == n:
            return list(state.group)
        if len(state.history) >= n:
            return state.history[-n:]
        if state.topic:
            parts = obs_names.members(state.topic, n)
            return parts if len(parts) == n else [state.topic] * n
        if state.history:
            return [state.history[-1]] * n
        return [""] * n

    def _cuts(self, rest: Stretch) -> list[str]:
        """The words of a stretch, by which its members are told apart."""
        if not rest.at:
            return []
        return [self.norm[b:e] for b, e, _ in self.words.between(rest.at[0], rest.at[-1] + 1)]

    def _carried(
        self, chain: list[Quantity], frame: Frame, rest: Stretch, subject: str, measure: Measure
    ) -> list[tuple[Quantity, str]]:
        """Names of changes: those of the clause, else those of the figures before."""
        state = self.state
        if subject and re.fullmatch(r"(?:分别|均|都|各|双双|、)+", subject):
            subject = ""
        if len(chain) == 1 and frame.distributed and subject:
            return [(chain[0], p) for p in obs_names.members(subject, None, self._cuts(rest))]
        if len(chain) > 1 or frame.distributed:
            subjects = self._subjects(subject, len(chain), rest)
            return list(zip(chain, subjects, strict=True))
        q = chain[0]
        if q.kind == "multiple" and frame.of:
            compared = re.match(r"(.*?)(?:约?是|为|相当于|达到?)?[^是为]*$", rest.text)
            subject = obs_names.tidy(compared.group(1)) if compared else ""
        if subject:
            parts = obs_names.members(subject, None, self._cuts(rest))
            if not frame.each and not all(len(p) > 3 and p.endswith(self.lists.quantities) for p in parts):
                parts = [subject]
            if len(parts) > 1 and not frame.to:
                return [(q, p) for p in parts]
            subject = self._shortened(rest, subject)
            name = self._prefixed(subject)
            if frame.to and measure is Measure.LEVEL:
                name = obs_names.closed(name, q, self.lists, before=True)
            return [(q, name)]
        if frame.each and len(state.group) > 1:
            return [(q, s) for s in state.group]
        if frame.each and len(state.history) > 1 and q.kind == "multiple":
            return [(q, s) for s in state.history[-2:]]
        name = state.history[-1] if state.history else ""
        if state.topic and not (frame.to and state.source):
            name = state.topic
        return [(q, name)]

    # ratios, areas, periods ------------------------------------------------------------------------------------

    def _ratio(
        self,
        clause: Clause,
        chain: list[Quantity],
        subject: str,
        frame: Frame,
        left: Stretch,
        area: str | None,
        fresh: list[str],
        position: int,
    ) -> int:
        said = subject or (self.state.share if frame.to else "") or self.state.topic
        first = chain[0]
        names: tuple[str, ...] = ()
        if _INDUSTRY.search(said) or (first.size == 3 and not said):
            names = _SECTORS if first.size == 3 else _SECTORS[1:] if re.search(r"二[、]?三", said) else ()
        if first.size == 2 and not names:
            names = tuple(obs_names.members(re.sub(r"(?:之比|比例|比重|结构|比)$", "", said), 2))
        if first.size == 3 and not names and not re.search(r"结构|比", said):
            names = ()
        if len(names) != first.size:
            return position
        self.state.share = said
        for q in chain:
            period = self._period(clause, q, frame, Measure.LEVEL, left)
            self._emit(q, f"{names[q.place]}比重", Measure.LEVEL, False, period, area, clause, "")
        return position

    def _period(self, clause: Clause, q: Quantity, frame: Frame, measure: Measure, left: Stretch) -> str | None:
        state = self.state
        now = state.local if state.local_known else state.period if state.period_known else self._default()
        near = [p for p in clause.periods if p.end <= q.begin and p.kind != "name"]
        later = bool(near) and near[-1].kind == "season" and clause.begin + 4 < near[-1].begin and near[-1].end < q.head
        if later and (part := self._part(near[-1])):
            now = part  # 一季度达30%、二季度达|60%
        if self._last() is not None and _ONCE.search(self.norm, self.sentence[0], q.head):
            return near[-1].iso if near else None
        if now is not None and "/" in now and measure is Measure.GROWTH and frame.yoy and self._last() is not None:
            before = self.norm[clause.begin : q.head]
            if _LAST_YEAR.search(before) or "同比" in before:
                return now[5:] if len(now) == _SPAN else now  # “十二五”期间,…比上年增长|9.8%
        if now is not None and self.term is not None and not any(p.kind != "plan" for p in self.periods):
            onward = now == str(self.term[1]) and not state.local_known
            summed = (
                onward and self.of_term and "累计" in self.norm[clause.begin : q.head] and self._last() == self.term[1]
            )
            if summed or (now == f"{self.term[0]}/{self.term[1]}" and not self.periods):
                now = None  # “十二五”时期,… some sentences before; 累计完成投资… after a sentence on the last year
        termed = now is None
        if now is None:
            now = self._of_term(clause, q, frame, measure)
            termed = now is not None
        point = now.split("/")[-1][:4] if now else None
        if point is None and (last := self._last()):
            point = str(last)
        if clause.inside:
            named = [p for p in clause.periods if p.iso]
            if named:
                return named[-1].iso
            outer = [p for p in self.periods if p.iso and p.end == clause.begin - 1]
            if outer:
                return outer[-1].iso
        if near and near[-1].iso and q.head - near[-1].end <= 1 and obs_clauses.is_deadline(self.norm, near[-1]):
            return near[-1].iso
        if (
            measure is Measure.LEVEL
            and near
            and near[-1].iso
            and self.norm[near[-1].end : q.head] == "的"
            and self.norm[near[-1].begin - 1] in "比较"
        ):
            return near[-1].iso  # 比1995年的|1243.07亿元接近翻一番
        if measure is Measure.LEVEL and "figures.levels" not in self.without:
            if frame.source:
                if point and (ago := _AGO.search(self.norm, clause.begin, q.head)):  # 由五年前的|55.3:44.7优化为…
                    state.pair = (str(int(point) - _YEARS.index(ago[1]) - 1), None)
                    return state.pair[0]
                if termed and self.term is not None and not near:
                    state.pair = (str(self.term[0] - 1), None)
                    return state.pair[0]
                named = [p for p in near if obs_clauses.is_source(self.norm, p, clause)]
                if named and point and self.norm.startswith("上年", named[-1].begin):  # the year before that
                    state.pair = (str(int(point) - 1), None)
                    return state.pair[0]
                if named and named[-1].iso:
                    self._opened(named[-1].iso)
                    state.pair = (named[-1].iso, None)
                    return named[-1].iso
                start = None
                if q.kind == "ratio" and now and now.isdigit() and not self.of_term:
                    start = str(int(now) - 1)  # the structure of a year's product is compared with the year before
                elif now and "/" in now and len(now) == 9:
                    start = now.split("/")[0]
                elif state.former is not None:
                    start = state.former[0]
                elif self._in_plan() and self.report.year is not None:
                    start = str(self.report.year - 1)  # what a plan raises is as it was when the year began
                state.pair = (start, None)
                return start
            if not (frame.to and state.source) and state.pair and state.pair[1] and not near and not state.local_known:
                return state.pair[1]
            if frame.to and state.source:
                named = [p for p in near[-1:] if p.iso and not obs_clauses.is_source(self.norm, p, clause)]
                to = named[0].iso if named else point
                carried = state.former[1] if state.former and not near else None
                start = state.pair[0] if state.pair else None
                to = carried or to
                state.pair = state.former = (start, to)
                return to
            state.pair = None
            if now and now.isdigit() and self._summed(clause, q):
                return f"{self.term[0]}/{self.term[1]}" if self.term is not None else None
            plan = plan_of(int(now)) if now and now.isdigit() and self._is_to_come(now) else None
            return f"{plan[0]}/{plan[1]}" if plan and self.norm.startswith("五年", clause.begin) else now
        if measure is Measure.GROWTH and self._from_rate(clause, q, near):
            return near[-1].iso
        if (
            measure is Measure.AVERAGE_ANNUAL_GROWTH
            and point
            and (mean := _MEAN_OF.search(self.norm, clause.begin, q.head))
        ):
            return f"{int(point) - _YEARS.index(mean[1].replace('两', '二')) - 1}/{point}"
        if point and (ago := _SINCE_AGO.search(self.norm, clause.begin, q.head)):  # 是五年前的|1.9倍
            return f"{int(point) - _YEARS.index(ago[1]) - 1}/{point}"
        against_sum = now and now.isdigit() and _SUMMED.search(self.norm, self.sentence[0], q.begin)
        if against_sum and any(p.kind in _PLANS and obs_clauses.is_base(self.norm, p) for p in near):
            return None  # 五年累计…,比“十五”时期增长: against a sum, and no growth of the year
        base = self._base(clause, q, near)
        if base is None and state.against and not frame.yoy:
            base = state.against
        if base:
            self._opened(base)
            state.base = base
            if point and base < point:
                return f"{base}/{point}"
            return None
        if measure is Measure.AVERAGE_ANNUAL_GROWTH:
            if state.pair and state.pair[0] and state.pair[1]:
                return f"{state.pair[0]}/{state.pair[1]}"
            if state.base and point and state.base < point:
                return f"{state.base}/{point}"
            return self._since(now, measure, q)
        if measure is Measure.GROWTH and not frame.yoy and state.pair and state.pair[0] and state.pair[1]:
            yearly = self._in_plan() and now == state.pair[1] and int(now[:4]) - int(state.pair[0][:4]) == 1
            return now if yearly else f"{state.pair[0]}/{state.pair[1]}"
        if measure is Measure.MULTIPLE and state.pair and state.pair[0] and state.pair[1]:
            return f"{state.pair[0]}/{state.pair[1]}"
        if (
            measure is Measure.MULTIPLE
            and now
            and now.isdigit()
            and near
            and _LAST_YEAR.match(self.norm, near[-1].begin)
        ):
            return f"{int(now) - 1}/{now}"
        return now if frame.yoy else self._since(now, measure, q)

    def _from_rate(self, clause: Clause, q: Quantity, near: list[PeriodMention]) -> bool:
        """Whether a growth is that of the year named before it, from which it changed: 增速从2011年的|3.3%提高到…."""
        if not near or near[-1].iso is None or self.norm[near[-1].end : q.head] != "的":
            return False
        return obs_clauses.is_source(self.norm, near[-1], clause)

    def _against(self, base: str) -> str | None:
        """The period of a change against that one of two bases: of the year itself, or from the base to it."""
        state = self.state
        now = state.local if state.local_known else state.period if state.period_known else self._default()
        point = now.split("/")[-1][:4] if now else None
        return f"{base[:4]}/{point}" if point and base[:4].isdigit() and base[:4] < point else now

    def _since(self, now: str | None, measure: Measure, q: Quantity) -> str | None:
        """The interval of a growth that is told of one year only, where it has to be one of several years."""
        year = self.report.year
        several = measure is Measure.AVERAGE_ANNUAL_GROWTH or self.norm.startswith("翻", q.begin)
        if (
            several
            and now
            and len(now) == 9
            and plan_of(int(now[5:])) == (int(now[:4]), int(now[5:]))
            and not _FROM.search(self.norm, q.tail, self.sentence[1])  # the levels that follow say from when
        ):
            return f"{int(now[:4]) - 1}/{now[5:]}"  # “十一五”期间,…年均增长: against the year before
        if now is None or not now.isdigit() or year is None:
            return now
        last = int(now)
        if last > year:  # 到2015年,…翻一番
            plan = plan_of(last)
            first = plan[0] - 1 if plan and plan[0] >= year else year - 1
            return f"{first}/{last}"
        if several and self.term is not None and self.term[1] == last:
            return f"{self.term[0] - 1}/{last}"
        return now

    def _of_term(self, clause: Clause, q: Quantity, frame: Frame, measure: Measure) -> str | None:
        """The period of a figure of a review of a five-year plan that is told without one."""
        if self.term is None or "figures.sections" in self.without:
            return None
        if measure is Measure.AVERAGE_ANNUAL_GROWTH and self._is_to_come(str(self.term[0])):
            return f"{self.term[0] - 1}/{self.term[1]}"
        if self._last() != self.term[1]:
            return None
        first, last = self.term
        # the heading names the last year beside the plan, and the paragraph does not say which of them it means
        aside = str(last) in self.heading and not self.state.period_known and not self.of_term
        if measure is Measure.AVERAGE_ANNUAL_GROWTH:
            return f"{first - 1}/{last}"
        if measure is not Measure.LEVEL:
            total = measure is Measure.MULTIPLE and not self.norm.startswith("翻", q.begin)  # 是“十五”时期的3倍
            span = f"{first if total else first - 1}/{last}"
            return None if frame.yoy or aside or self._may_be_yearly(q, frame, measure) else span
        if frame.to or frame.source:
            return str(last)
        done = any(
            self.norm[b:e] in self.lists.actions and self.norm[b:e] not in _STANDING
            for b, e, _ in self.words.between(clause.begin, q.head)
        ) or re.search(r"累计|五年", self.norm[clause.begin : q.head])
        if not done and q.kind in ("count", "person"):
            done = _FINISHED.search(self.norm, q.tail, clause.end)
        if not done or _AGAINST.match(self.norm, q.tail):  # 完成投资|50亿元,是2010年的2倍
            return str(last)
        return None if aside else f"{first}/{last}"

    def _may_be_yearly(self, q: Quantity, frame: Frame, measure: Measure) -> bool:
        """Whether a growth in a review of past years may be that of the last of them: 实际利用外资增长|24.1%."""
        if measure is not Measure.GROWTH or q.kind != "rate" or q.unit != "%" or frame.sign < 0 or self.state.pair:
            return False
        named = str(self.term[1]) in self.heading if self.term is not None else False
        likely = (named or q.value < _SEVERAL) if self.past else (named and q.value < _FEW)
        return likely and not _TERM.search(self.norm, self.sentence[0], q.head)

    def _summed(self, clause: Clause, q: Quantity) -> bool:
        """Whether an amount is that of several years: 五年累计|283亿元, and what was done in the clauses after it."""
        here = _SUMMED.search(self.norm, clause.begin, q.head)
        if here is None:
            named = any(p.iso and p.kind != "name" for p in self.periods if self.sentence[0] <= p.begin <= q.begin)
            earlier = _SUMMED.search(self.norm, self.sentence[0], clause.begin)
            if earlier is None or named or "其中" in self.norm[earlier.end() : q.head]:
                return False
            words = self.words.between(clause.begin, q.head)
            verbs = [self.norm[b:e] for b, e, _ in words]
            return any(v in self.lists.actions and v not in _STANDING for v in verbs)
        return not any(p.iso and p.begin >= here.end() for p in clause.periods if p.end <= q.begin)

    def _opened(self, base: str) -> None:
        """The years of a review of "the past five years" whose text says from which year it counts."""
        last = self._last()
        if self.term is not None or last is None or not base.isdigit():
            return
        if last - 6 < int(base) < last - 1 and _OPEN_TERM.search(self.heading):
            self.term = int(base) + 1, last

    def _base(self, clause: Clause, q: Quantity, near: list[PeriodMention]) -> str | None:
        for mention in reversed(near):
            if obs_clauses.is_base(self.norm, mention) or (
                q.kind == "multiple" and self._is_multiple_base(mention, clause)
            ):
                if mention.kind in ("plan", "range") or not mention.iso:
                    return None
                if mention.kind == "relative" and not re.search(r"\d", self.norm[mention.begin : mention.end]):
                    return None
                return mention.iso[:4]
        return None

    # result ---------------------------------------------------------------------------------------------------------

    def _emit(
        self,
        q: Quantity,
        name: str,
        measure: Measure,
        negative: bool,
        period: str | None,
        area: str | None,
        clause: Clause,
        noun: str,
    ) -> None:
        if not name:
            return
        if q.kind == "bare" and self.norm[q.end - 1] == "亿" and name.endswith(self.lists.money):
            q = q._replace(unit="元")  # 零售总额突破千亿
        modality = self._modality(clause, period, name)
        self.drafts.append((_Draft(q, name, measure, negative, period, area), modality))

    def _says_level(self, said: str) -> bool:
        """Whether what stands between the things counted and the next figure only leads to it: 达到, 保持, nothing."""
        return not said or "level" in self.lists.tails.get(said, ())

    def _modality(self, clause: Clause, period: str | None, name: str) -> Modality:
        if "figures.targets" in self.without:
            return Modality.ACTUAL
        year = self.report.year
        end = int(period.split("/")[-1][:4]) if period else None
        part = self.section.part if self.section is not None else Part.OTHER
        text = self.norm[self.sentence[0] : clause.end]
        if year is not None and end is not None and end > year:
            return Modality.TARGET
        if (period is not None and self._is_over(period)) or (self.at_base and part is Part.PLAN):
            return Modality.ACTUAL
        if part is Part.PLAN:
            if year is not None and end is not None and end < year and not self.aim:
                return Modality.ACTUAL
            if _REACHED.search(self.norm, clause.begin, clause.end) and not _AIM.search(text):
                return Modality.ACTUAL
            return Modality.TARGET
        told = _AIM_TOLD if part is Part.REVIEW else _AIM
        if (
            part is Part.OTHER
            and (end is None or year is None or end >= year)
            and _AHEAD.search(self.norm, self.sentence[0], clause.end)
            and not _TOLD.search(self.norm, self.sentence[0], clause.end)
            and not _REACHED.search(self.norm, self.sentence[0], clause.end)
        ):
            return Modality.TARGET
        if self.aim and told.search(text):
            return Modality.TARGET
        if part is Part.REVIEW and _WILL.search(self.norm, clause.begin, clause.end):
            return Modality.TARGET
        if any(
            (p.iso and re.match(r"之?前", self.norm[p.end : p.end + 2])) or self.norm[p.end - 1] == "前"
            for p in clause.periods
            if p.end <= clause.end
        ) and _AIM_TASK.search(name.removesuffix("数")):
            return Modality.TARGET
        return Modality.ACTUAL

    def _in_plan(self) -> bool:
        return self.section is not None and self.section.part is Part.PLAN

    def _is_over(self, period: str) -> bool:
        """Whether a part of the report's year was over when the report was given: 1至5月, in June."""
        date, end = self.report.date, period.split("/")[-1]
        return date is not None and len(end) == len("2010-06") and end[:4] == date[:4] and end[5:7] < date[5:7]

    def _observations(self) -> list[Observation]:
        """The drafts as observations; what is said twice is one, with all its mentions."""
        spans: dict[tuple[object, ...], list[Span]] = {}
        wordings: dict[tuple[object, ...], set[str]] = {}
        first: dict[tuple[object, ...], Observation] = {}
        own = self.report.area_name
        for draft, modality in self.drafts:
            q = draft.quantity
            values = [(q.value, q.bound)] if q.upper is None else [(q.value, Bound.GE), (q.upper, Bound.LE)]
            indicator = canonical(draft.name) if "figures.indicators" not in self.without else draft.name
            area = draft.area or own
            span = q.span
            for value, bound in values:
                value = -value if draft.negative and value > 0 else value
                key = (indicator, area, draft.period, draft.measure, modality, value, q.unit, bound)
                spans.setdefault(key, []).append(span)
                wordings.setdefault(key, set()).add(draft.name)
                if key in first:
                    continue
                first[key] = Observation(
                    indicator=indicator,
                    wordings=(draft.name,),
                    area=area,
                    period=Period(draft.period) if draft.period else None,
                    measure=draft.measure,
                    modality=modality,
                    bound=bound,
                    value=value,
                    unit=q.unit,
                    value_text=span.quote(self.report.text),
                    mentions=(span,),
                )
        merged = [
            o
            if len(spans[key]) == 1
            else replace(o, wordings=tuple(sorted(wordings[key])), mentions=tuple(sorted(set(spans[key]))))
            for key, o in first.items()
        ]
        return sorted(merged, key=lambda o: (o.mentions[0], o.indicator, o.value))


#: a time that tells which thing is meant: 10月份|通车的|云溪大道
_TELLS_WHICH = compiled(r"[^,，。;；、的\d]{1,6}的")
#: what is said of others besides: 3个县|摘帽、贫困村全部退出
_OTHERS_ALL = compiled(r"、[^、]+?(?:全部|全面)")
#: what tells of a sum that it is of all that were counted before it
_SUM = compiled(r"[ ,，]?(?:计划|合同|协议|概算)?总?投资(?:总?额|规模)?(?:达到?|共|为)?")
#: what makes a figure the ground of what is said next: 在减税降费142.8亿元|的基础上,…
_AS_GROUND = tuple(f"{of}{word}" for of in ("的", "") for word in ("基础上", "情况下", "前提下", "背景下", "同时"))
#: a mark that was passed, which says nothing of what passed it
_MARK_PASSED = compiled(
    r"(?:连续?|再|又|接连|先后|首次)*(?:[跃迈跨登站]|突破|(?<![以规])上)[^,，]{0,12}(?:台阶|大关).*"
)
_ADJUSTED = compiled(r"(?:按可比[^,，]{0,4})?(?:扣除|剔除)[^,，]*$")
_OPENED = compiled(r"(?<![自理经缘])[从由](?![业事于来此中])(?=[^,，从由]{2,12}$)")
#: what says that something is to be by then
_DUE = compiled(r"[到至于在用的]|力争|确保|预计|计划|展望$")
#: a time that only tells which things are meant
_ATTRIBUTE = compiled(r"[^,，;。\d的]{2,8}的(?=\d)")
_AWARDED = compiled(r"荣?获得?|获评|入选|被评为|荣登")
_YEARS = "一二三四五六七八九十"
#: the first of two levels, or the base of a change, that is told by how long ago it was
_AGO = compiled(r"([一二三四五六七八九十])年前的?(?:[\d.]+[:∶])*$")
_SINCE_AGO = compiled(r"(?:是|为|比|较|相当于)([一二三四五六七八九十])年前的?[^,，;。\d]{0,4}$")
_MEAN_OF = compiled(r"([两二三四五六七八九])年平均[^,，;。\d]{0,6}$")
_PLANS = frozenset(("plan", "range"))
#: an amount of several years
_SUMMED = compiled(r"[三四五六]年(?:来|间)?(?:共|累计|合计|总计|新增|净增|完成|安排|投入|引进|实际|新建|建成)")
_PART_OF_YEAR = (len("2010-04"), len("2010-01/2010-06"))
_SPAN = len("2011/2015")
_COUNTED_END = compiled(r"\d[\d.]*[十百千万亿]*[^\d,，、。]{1,3}$")
#: a clause that says how many there are now, and nothing else
_IN_ALL = compiled(r"(?:目前|现)?(?:累计|总数|总量|共计?|合计)?(?:已)?(?:达到?|有|为|增至|增加到|超过|突破)?$")
_GAINED = compiled(r"新增加?|净增加?|新建|新开[业通]?|新设立?|新认定|新培育")
_ADDED = compiled(r"(?:新增|净增)加?$")
_TREND = compiled(r"(?:降幅|增幅|增速|涨幅)(?:持续|逐步|明显|进一步)*(?:收窄|扩大|回升|回落|放缓|加快|提高)$")
#: what is said of projects behind their noun: 项目|顺利推进
_PROGRESS = compiled(r"(?:顺利|有力|加快|全面|有序|稳步|扎实)(?:推进|建设|实施|开工|完成|进行)$")
_AGAINST = compiled(r"[,，、]?(?:分别)?(?:是|为|相当于|比|较)20\d\d年")
#: a heading of a review of several years that names none of them
_OPEN_TERM = compiled(r"[过这]去?的?[三四五]年|[三四五]年来|[本一]届|[四五]年(?:政府)?工作")
#: the outermost sections that have a heading are of one of so many levels
_OUTER = 2
#: the same with how many they are
_PAST_YEARS = compiled(r"[过这]去?的?([三四五])年|([三四五])年来")
#: years to come, and that the first of them is meant
_TO_COME = compiled(r"[今未][后来]的?[一二三四五]+年|“[^”]{1,2}五”|[一二三四五]年规划")
_OF_THE_YEAR = compiled(r"今年(?!起|开始|以来)|新的一年")
#: a heading that leaves it to the text how long the government has been in office
_IN_OFFICE = compiled(r"[本一二三四五六七八九十]届|任期")
_YEARS_IN_OFFICE = compiled(r"([三四五])年来|[过这]去?的?([三四五])年|(?:以来|任期|履职)的([三四五])年")
#: characters of the opening in which it does
_OPENING = 500
#: an increase of so many percent, told in a review of several years, is not that of one of them
_SEVERAL = 40
#: and in one that names the last year beside a plan, an increase of less is of that year as likely as not
_FEW = 15
#: what is said of things, each of which came to it at its own time: 199个|贫困村全部出列
_FINISHED = compiled(
    r"(?:脱贫|出列|摘帽|销号|竣工|完工|建成|完成|投产|达产|投用|投入(?:使用|运营)|开工|开业|通车)(?:$|(?=[、和,，。;；]))"
)
#: what stands between a kind of thing and its count
_KIND = compiled(r"(?:机构|企业|总?数|数量|总量)?(?:达到?|有|突破|超过|已达|共|为|增加到|增至)?$")
#: what is a park's, a port's or an enterprise's own in a clause after one about it
_OWN_NOUN = compiled(
    r"(?:去年|今年|全年|当年|实现|完成|新增|累计|现有|共有?|已)*"
    r"(?:入驻|入园|在园|入孵|在孵|注册企业|市场交易额|交易额|旅客吞吐量|货邮吞吐量|货物吞吐量|集装箱吞吐量|机队|航线|通航"
    r"|产值|纳税|营业收入|主营业务收入|销售收入|合作[高院企]|新项目|运营率|开票销售)"
)
#: no subject of a rank is longer
_RANKED_LENGTH = 24
_TRENDS = ("增速", "增幅", "涨幅", "降幅", "增量")
_CHANGING = ("增速", "增幅", "涨幅", "降幅", "总量", "排名", "评价")
#: what is no subject of one
_NO_SUBJECT = compiled(
    r"^(?:上升|提升|前移|跃|以|每|由|从|较|其|并|获|在|与|全[省国市]|我[省市])|第[\d一二三四五六七八九十]|排名全|[的中]$|^.{0,4}和.{0,2}比$"
)
_JUDGED = compiled(r"在([^,，在]{2,24}?)(中?)$")
_PEERS_ALONE = compiled(r"[一-龥]{0,6}(?:城市|[市县区省州]|机场|港口|高校|地区|前列)$")
_PEERS = compiled(r"城市|地区$|[市县区省州国球]$|^粤?[东西南北]|\d+个|机场|港口")
#: who are compared in it or not, what is named is the contest: 在全国智慧城市评估排名中
_CONTEST = compiled(r"(?:考核|评估|评价|测评|排名|评比|考评|排行榜?|指数)$")
_PEERLESS = compiled(r"^(?:全[省国市区]|国家|省|年?度)+(?=[^,，]{4})")
_FROM = compiled(r"[从由]\d")
#: a paragraph that turns to the last year: 各位代表!刚刚过去的2015年,…
_LED_YEAR = compiled(
    r"(?:^|[,。!:])(?:回顾)?(?:刚?刚?|即将|已经)过去的?(?:一年|(20\d\d)年)|^(?:各位代表[,!:。])?(?:一年来|(20\d\d)年[,是])"
)
#: characters in which it does
_TURN = 60
_LISTED = compiled(r"([一二三四五六七八九])是")
#: years of which more than a sentence tells where one opens with them; not 近两年, 三年内, 历年, 1983年以来
_FRAME = compiled(
    r"(?:(?:过去|这|今后|未来)的?)?[二三四五六七八九十两几\d]{1,2}年(?:来|间|中|里|时间里)?|(?:最?近)[二三四五六七八九十两\d]{1,2}年来|本届政府(?:任期)?(?:以来|内)?|任期内|多年来|近年来"
)
#: what the things that are counted serve as: 以13个专项行动|为抓手
_ROLE = compiled(
    r"为(?:重点|抓手|载体|契机|核心|突破口|主体|依托|支撑|主线|中心|龙头|引领|代表|基础|导向|牵引|切入点|平台)"
)
#: what a glossary says is to be done, without who does it: “4611”现代产业体系:培育壮大…4个千亿产业
_AHEAD = compiled(
    r"[:：,，](?:在全[省市县区])?(?:着力|重点|加快|培育|打造|推进|推动|建设|开展|实施|力争|支持)(?!了|过)"
)
#: and what it tells of what has been done: 开展服务以来,受理诉求30万件
_TOLD = compiled(r"以来|已|受理|接入|带动|开工于|建成于")
#: so much stands before them at most, and who is spoken to: 各位代表,
_SALUTED = 8
_SINCE = compiled(r"(20\d\d)年以来")
_LAST_YEAR = compiled(r"上年|去年")
#: what a place is said to have after a clause about it; of what is added, the report's own area is the subject
_HOLDING = ("拥有", "集聚", "聚集", "汇聚", "吸引", "引进", "入驻", "落户", "培育", "完成投资")
_VAGUE_END = compiled(r"等$")


def _stem(name: str) -> str:
    """The counted thing of a count: 企业 of 企业数.

    >>> _stem("重点企业数"), _stem("指数")
    ('重点企业', '指数')
    """
    if name.endswith(("指数", "系数", "人数", "总数", "天数", "次数")):
        return name
    return name.removesuffix("数")


def _measure(q: Quantity, frame: Frame, noun: str) -> tuple[Measure, bool]:
    """What the figure says, and whether it is a decline."""
    if q.kind == "multiple":
        if q.unit == "倍" and frame.sign and not frame.of:
            return (Measure.AVERAGE_ANNUAL_GROWTH if frame.annual else Measure.GROWTH), frame.sign < 0
        return Measure.MULTIPLE, False
    if frame.compared:
        return Measure.LEVEL, frame.sign < 0
    if not frame.sign or frame.to:
        return Measure.LEVEL, False
    if noun and q.kind != "rate":
        return Measure.LEVEL, False
    if frame.annual and q.kind == "rate":
        return Measure.AVERAGE_ANNUAL_GROWTH, frame.sign < 0
    return Measure.GROWTH, frame.sign < 0
