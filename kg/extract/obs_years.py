"""Which period a figure is of: what its clause, sentence, paragraph and heading say of years."""

from __future__ import annotations

from kg.extract import obs_clauses
from kg.extract.listed import listed
from kg.extract.obs_clauses import Clause
from kg.extract.obs_frames import Frame
from kg.extract.obs_reading import SIZES, Reading, Sharing
from kg.extract.periods import PeriodMention, find_periods, part_of, plan_of
from kg.extract.quantities import Quantity
from kg.model import Measure, Part, Section, Span
from kg.patterns import compiled

#: what will be once something is built
_ONCE = listed(r"{opening-verb}后,?[^;。]{0,24}$")
#: a verb whose object the year behind it belongs to: 完成|2012年在册危房…改造, 成功申办|2026年…会
_OBJECT = listed(".{0,2}{year-verb}[了好]?")
#: what stands behind a clause; the end of the text, too
CLAUSE_ENDS = frozenset(("", *",，;。"))
#: words for several years, and for one year alone
_TERM = listed(r"[二两三四五]年|年均(?!{yearly-mean})|每年|时期|期间|“[^”]{1,2}五”(?!规划)|届|任期|逐年")
_YEARLY = compiled(r"同比|上年|去年|全年|一年来|[过这]去?的?一年")
_THIS_YEAR = compiled(r"今年|本年|全年|年内|年底前")
_YEARLY_GROWTH = listed(_YEARLY.pattern + r"|{change-verb}\d[\d.]*%")
#: verbs of what is there, not of what was done
_STANDING = listed("{standing-verb}")
#: a time that tells which thing is meant: 10月份|通车的|云溪大道
_TELLS_WHICH = compiled(r"[^,，。;；、的\d]{1,6}的")
#: what says that something is to be by then
_DUE = listed("[到至于在用的]|{due-lead}|展望$")
#: a time that only tells which things are meant
_ATTRIBUTE = compiled(r"[^,，;。\d的]{2,8}的(?=\d)")
_AWARDED = listed("荣?获得?|{award-verb}")
_YEARS = "一二三四五六七八九十"
#: the first of two levels, or the base of a change, that is told by how long ago it was
_AGO = compiled(r"([一二三四五六七八九十])年前的?(?:[\d.]+[:∶])*$")
_SINCE_AGO = compiled(r"(?:是|为|比|较|相当于)([一二三四五六七八九十])年前的?[^,，;。\d]{0,4}$")
_MEAN_OF = compiled(r"([两二三四五六七八九])年平均[^,，;。\d]{0,6}$")
_PLANS = frozenset(("plan", "range"))
#: an amount of several years
_SUMMED = listed(r"[三四五六]年(?:来|间)?{sum-verb}")
_PART_OF_YEAR = (len("2010-04"), len("2010-01/2010-06"))
_SPAN = len("2011/2015")
_AGAINST = compiled(r"[,，、]?(?:分别)?(?:是|为|相当于|比|较)20\d\d年")
#: a heading of a review of several years that names none of them
_OPEN_TERM = compiled(r"[过这]去?的?[三四五]年|[三四五]年来|[本一]届|[四五]年(?:政府)?工作|成立以来")
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
_FINISHED = listed(r"{finished-verb}(?:$|(?=[、和,，。;；]))")
#: what tells, before a figure, that it was done in all these years: 解决|155万人饮水难
_DONE = listed("累计|五年|{helping-act}")
_FROM = compiled(r"[从由]\d")
#: a paragraph that turns to the last year: 各位代表!刚刚过去的2015年,…
_LED_YEAR = compiled(
    r"(?:^|[,。!:])(?:回顾|在)?(?:刚?刚?|即将|已经)过去的?(?:一年|(20\d\d)年)|^(?:各位代表[,!:。])?(?:一年来|(20\d\d)年[,是])"
)
#: characters in which it does
_TURN = 60
_LISTED = compiled(r"([一二三四五六七八九])是")
#: characters of such a mark
_POINT = 2
#: years of which more than a sentence tells where one opens with them; not 近两年, 三年内, 历年, 1983年以来
_FRAME = compiled(
    r"(?:(?:过去|这|今后|未来)的?)?[二三四五六七八九十两几\d]{1,2}年(?:来|间|中|里|时间里)?|(?:最?近)[二三四五六七八九十两\d]{1,2}年来|本届政府(?:任期)?(?:以来|内)?|任期内|多年来|近年来"
)
#: so much stands before them at most, and who is spoken to: 各位代表,
_SALUTED = 8
_SINCE = compiled(r"(20\d\d)年以来")
#: a year as it is written out, and what stands before one that another is held against
_A_YEAR, _COMPARING = compiled(r"(?:19|20)\d\d年"), frozenset("比较由从至到")
#: so many years there are at the least where each is told of one figure
_PAIR = 2
_LAST_YEAR = compiled(r"上年|去年")


class Years(Sharing):
    """Follows the years that a report speaks of."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.top: Section | None = None  # the outermost one with a heading
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
        self._entered: Section | None = None
        #: where the sentence begins that names the period with which others go on, and whether it tells of levels
        #: alone (2015年财政收入达到86亿元): None before its first figure
        self._told: int = -1
        self._levels: bool | None = None
        self._paragraph = 0  # where it begins
        #: of the sentence: the period that it opens with, whether it is open (2008年以来), and what held until then
        self._lead: PeriodMention | None = None
        self._open = False
        self._before: tuple[str | None, bool] = None, False
        #: what held before a part of the year that goes on behind a semicolon
        self._carried: tuple[str | None, bool] | None = None

    def go_to(self, section: Section | None) -> None:
        """Take what headings say of years, where another section begins."""
        reading = self.reading
        if section is not reading.section:
            self._carried = None
        top = self._outermost(section) if section is not reading.section else self.top
        if top is not None and top is not self.top:
            self.top = top
            self.running = None
            self.of_term = False
            heading = top.heading
            self.heading = self.norm[heading.begin : heading.end] if heading is not None else ""
            reading.section = section
            self.term = self._term_of(heading)
            self.past = self.term is None
            self.term = self.term or self._past_term_of(top)
        if section is not reading.section and self.running is not None and self._is_to_come(self.running):
            self.running = None
        reading.section = section
        if section is not self._entered and section is not None:
            self._enter(section)
            self._entered = section

    def begin_sentence(self, begin: int, end: int, *, first: bool) -> None:
        """Take the period that a sentence opens with; ``first`` if its paragraph begins with it."""
        norm, state, periods = self.norm, self.reading.state, self.reading.periods
        state.against = None
        compared = (
            bool(periods) and obs_clauses.is_base(norm, periods[0]) and not obs_clauses.is_basis(norm, periods[0])
        )
        if compared and periods[0].iso and periods[0].begin - begin <= 4:
            state.against = periods[0].iso[:4]
        lead = obs_clauses.leading(norm, begin, end, periods)
        self._before = self._carried or (state.period, state.period_known)
        self._carried = None
        self.reading.seasonal = False
        if lead is not None and (self._is_elsewhen(lead) or (lead.begin > begin and self._is_aside(begin, lead))):
            lead = None
        self._lead = lead
        self._open = lead is not None and lead.kind == "open" and norm[lead.begin].isdigit()
        if lead is None or obs_clauses.is_record(norm, lead) or self._runs_on(lead):
            return
        state.period, state.period_known = self._iso(lead), True
        self._told, self._levels = begin, None
        if first:
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

    def end_sentence(self, begin: int) -> None:
        """Take up again what held before the sentence that began there, unless its period holds beyond it."""
        state, lead, before = self.reading.state, self._lead, self._before
        part_of_year = self.reading.seasonal or (state.period is not None and len(state.period) in _PART_OF_YEAR)
        if part_of_year and not (self._in_plan() and self.is_over(state.period or "")):
            # 一季度,… says nothing of what comes after, but for what a semicolon joins to it
            if self.norm[self.reading.sentence[1] - 1 : self.reading.sentence[1]] in (";", "；"):
                self._carried = before
            else:
                state.period, state.period_known = before
        if lead is not None and self._in_plan() and self.norm.startswith(("去年", "上年", "上一年"), lead.begin):
            state.period, state.period_known = before  # a plan goes on with what is to come
        if lead is None and before == (None, True) and self.term is not None and state.period == str(self.term[1]):
            state.period, state.period_known = before  # 年均增长10%,2015年达到…: within the sentence alone
        if state.period is None and (self._open or not self._frames(begin)):
            # 2008年以来,…, 目前,…, 清收历年拖欠资金 say nothing of the sentences after it; 五年来,… does
            state.period, state.period_known = before

    def _frames(self, begin: int) -> bool:
        """Whether the sentence opens with the years that all that follows is of: 五年来,…; 各位代表,过去五年,…."""
        return any(
            p.kind == "open"
            and _FRAME.fullmatch(self.norm, p.begin, p.end) is not None
            and (p.begin - begin <= 1 or (p.begin - begin <= _SALUTED and self.norm[p.begin - 1] in ",:!"))
            for p in self.reading.periods
        )

    def _iso(self, mention: PeriodMention) -> str | None:
        if mention.kind == "season":
            return self._part(mention) or self.default() or self._year()
        return mention.iso

    def _part(self, mention: PeriodMention) -> str | None:
        """The months of the year that an expression names without the year: 一季度, 上半年, 截至|4月23日."""
        year = self.default() or self._year()
        if not year or not year.isdigit() or _TELLS_WHICH.match(self.norm, mention.end):
            return None
        return part_of(self.norm[mention.begin : mention.end], year)

    def _year(self) -> str | None:
        """The year that 全年 means where no heading says it: the year reported on, the year planned for."""
        year, part = self.report.year, self.reading.section.part if self.reading.section is not None else None
        if year is None or part not in (Part.REVIEW, Part.PLAN):
            return None
        late = self.report.date is not None and self.report.date[5:7] >= "07"
        return str(year if part is Part.PLAN or late else year - 1)

    def _last(self) -> int | None:
        """The last year that a review can tell of."""
        if self.report.year is None or self.reading.section is None or self.reading.section.part is not Part.REVIEW:
            return None
        late = self.report.date is not None and self.report.date[5:7] >= "07"
        return self.report.year if late else self.report.year - 1

    def _runs_on(self, mention: PeriodMention) -> bool:
        """Whether a review names a plan that is not over, as the plan's tasks: “十三五”时期易地扶贫搬迁任务提前完成."""
        last = self._last() if mention.kind == "plan" and mention.iso else None
        return last is not None and mention.iso is not None and int(mention.iso[5:]) > last

    def _is_to_come(self, period: str) -> bool:
        """Whether paragraphs of a plan without a year go on with the year that one of them names: 到2015年,…."""
        part = self.reading.section.part if self.reading.section is not None else None
        year = self.report.year
        return part is Part.PLAN and year is not None and period.isdigit() and int(period) >= year

    def _outermost(self, section: Section | None) -> Section | None:
        """The outermost section with a heading that a section is in; a part may begin without one above it."""
        if section is None:
            return None
        around = [s for s in self.report.sections if s.span.begin <= section.span.begin < s.span.end]
        headed = [s for s in around if s.heading is not None and s.level <= _OUTER]
        return min(headed or around, key=lambda s: s.level, default=section)

    def _term_of(self, heading: Span | None) -> tuple[int, int] | None:
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

    def _past_term_of(self, section: Section) -> tuple[int, int] | None:
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

    def paragraph(self, begin: int, end: int) -> None:
        """Take the year of a paragraph from its words, in a review or a plan of several years."""
        self._paragraph = begin
        if self.both:
            self._turn(begin, end)
        if self.running is not None and self._is_to_come(self.running) and _THIS_YEAR.search(self.norm, begin, end):
            self.running = None
        last = self._last()
        if last is None or self.reading.section is None or self.reading.section.period is not None:
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

    def default(self) -> str | None:
        """The period of the section, as its heading says it."""
        if "figures.sections" in self.without:
            return None
        if self.reading.section is not None and self.reading.section.period is not None:
            return self.reading.section.period.iso
        return self.running or self.onward

    def periods_of(self, clause: Clause) -> None:
        """Take over a period that the clause names for itself, and for those after it if it begins with it."""
        state = self.reading.state
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
                    state.period, state.period_known, self.reading.seasonal = part, True, True
                continue
            if mention.kind == "season" and before and state.period_known:
                continue
            if len(before) <= 4:
                state.period, state.period_known = self._iso(mention), True
                self._told, self._levels = self.reading.sentence[0], None
            elif mention.iso and not self._is_before(mention):
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
        own = mention.kind == "relative" or after in CLAUSE_ENDS or (mention.kind in _PLANS and after.isdigit())
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
        return self._is_before(mention) and int(iso[:4]) < last

    def _is_before(self, mention: PeriodMention) -> bool:
        """Whether an expression tells of what was before it: 2000年以前; 2012年底前 is of that year."""
        said = self.norm[mention.begin : mention.end]
        return said.endswith("前") and not said.endswith(("底前", "末前", "初前"))

    def _is_multiple_base(self, mention: PeriodMention, clause: Clause) -> bool:
        return any(
            q.kind == "multiple"
            and mention.end <= q.begin
            and compiled(r"(?:是|为|相当于|达到?|比)[^,，]{0,4}$").search(
                self.norm[max(clause.begin, mention.begin - 6) : mention.begin],
            )
            for q in clause.quantities
        )

    def _has_its_own(self, clause: Clause, q: Quantity, year: PeriodMention) -> bool:
        """Whether each of the figures of a clause has a year of its own before it, and this one that year."""
        years = [p for p in clause.periods if _A_YEAR.fullmatch(self.norm, p.begin, p.end)]
        if len(years) < _PAIR or year not in years or len(years) != len(clause.quantities):
            return False
        pairs = zip(years, clause.quantities, strict=True)
        apart = all(
            p.end <= o.begin and (n + 1 == len(years) or o.end <= years[n + 1].begin) for n, (p, o) in enumerate(pairs)
        )
        compared = self.norm[max(year.begin - 1, 0) : year.begin] in _COMPARING
        return apart and not compared and clause.quantities[years.index(year)].head == q.head

    def period(self, clause: Clause, q: Quantity, frame: Frame, measure: Measure) -> str | None:
        """The period of a figure as ISO 8601, None where nothing tells it."""
        state = self.reading.state
        self._tell(q, frame, measure)
        now = state.local if state.local_known else state.period if state.period_known else self.default()
        near = [p for p in clause.periods if p.end <= q.begin and p.kind != "name"]
        later = bool(near) and near[-1].kind == "season" and clause.begin + 4 < near[-1].begin and near[-1].end < q.head
        if later and (part := self._part(near[-1])):
            now = part  # 一季度达30%、二季度达|60%
        if measure is Measure.LEVEL and near and self._has_its_own(clause, q, near[-1]):
            return self._iso(near[-1])  # 2016年|脱贫9000人、2017年脱贫8500人
        if self._last() is not None and _ONCE.search(self.norm, self.reading.sentence[0], q.head):
            return near[-1].iso if near else None
        if now is not None and "/" in now and measure is Measure.GROWTH and frame.yoy and self._last() is not None:
            before = self.norm[clause.begin : q.head]
            if _LAST_YEAR.search(before) or "同比" in before:
                return now[5:] if len(now) == _SPAN else now  # “十二五”期间,…比上年增长|9.8%
        if now is not None and self.term is not None and not any(p.kind != "plan" for p in self.reading.periods):
            of_all = now == str(self.term[1]) and not state.local_known and self._is_of_all(clause, q, frame, measure)
            if of_all or (now == f"{self.term[0]}/{self.term[1]}" and not self.reading.periods):
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
            outer = [p for p in self.reading.periods if p.iso and p.end == clause.begin - 1]
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
        if measure is Measure.GROWTH and self.from_rate(clause, q, near):
            return near[-1].iso
        if (
            measure is Measure.AVERAGE_ANNUAL_GROWTH
            and point
            and (mean := _MEAN_OF.search(self.norm, clause.begin, q.head))
        ):
            return f"{int(point) - _YEARS.index(mean[1].replace('两', '二')) - 1}/{point}"
        if point and (ago := _SINCE_AGO.search(self.norm, clause.begin, q.head)):  # 是五年前的|1.9倍
            return f"{int(point) - _YEARS.index(ago[1]) - 1}/{point}"
        against_sum = now and now.isdigit() and _SUMMED.search(self.norm, self.reading.sentence[0], q.begin)
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

    def from_rate(self, clause: Clause, q: Quantity, near: list[PeriodMention]) -> bool:
        """Whether a growth is that of the year named before it, from which it changed: 增速从2011年的|3.3%提高到…."""
        if not near or near[-1].iso is None or self.norm[near[-1].end : q.head] != "的":
            return False
        return obs_clauses.is_source(self.norm, near[-1], clause)

    def against(self, base: str) -> str | None:
        """The period of a change against that one of two bases: of the year itself, or from the base to it."""
        state = self.reading.state
        now = state.local if state.local_known else state.period if state.period_known else self.default()
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
            and not _FROM.search(self.norm, q.tail, self.reading.sentence[1])  # the levels that follow say from when
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
        if measure is Measure.AVERAGE_ANNUAL_GROWTH and plan_of(last) and self._ends_plan(now):
            return f"{last - 5}/{last}"
        return now

    def _is_of_all(self, clause: Clause, q: Quantity, frame: Frame, measure: Measure) -> bool:
        """Whether what is told some sentences behind one on the last year is of all the years of the review.

        So is what 累计 says so of, and what was counted behind a sentence on levels (2015年收入86亿元。新增企业|31家).
        """
        if not self.of_term or self.term is None or self._last() != self.term[1]:
            return False
        if "累计" in self.norm[clause.begin : q.head]:
            return True
        counted = q.kind in SIZES and measure is Measure.LEVEL and not frame.level
        if not counted or self.reading.periods or self._goes_on():
            return False
        return "/" in (self._of_term(clause, q, frame, measure) or "")

    def _goes_on(self) -> bool:
        """Whether a sentence without a year is of that which one before it has told.

        So it is where that one told what was done (2015年开展行动。实施|236个项目), and in a list (一是…。新建|27座…).
        """
        begin, _ = self.reading.sentence
        return not self._levels or _LISTED.search(self.norm, self._paragraph, begin + _POINT) is not None

    def _tell(self, q: Quantity, frame: Frame, measure: Measure) -> None:
        """Note what kind of figures the sentence tells that names the year with which those after it go on."""
        if self._told == self.reading.sentence[0]:
            done = q.kind in SIZES and measure is Measure.LEVEL and not frame.level
            self._levels = not done and self._levels is not False

    def _ends_plan(self, year: str) -> bool:
        """Whether a year is told as the last one of a five-year plan: “十二五”期末,…."""
        begin = self.reading.sentence[0]
        named = (p for p in self.reading.periods if p.iso == year and p.begin >= begin)
        return any("五" in self.norm[p.begin : p.end] for p in named)

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
        aside = str(last) in self.heading and not self.reading.state.period_known and not self.of_term
        if measure is Measure.AVERAGE_ANNUAL_GROWTH:
            return f"{first - 1}/{last}"
        if measure is not Measure.LEVEL:
            total = measure is Measure.MULTIPLE and not self.norm.startswith("翻", q.begin)  # 是“十五”时期的3倍
            span = f"{first if total else first - 1}/{last}"
            return None if frame.yoy or aside or self._may_be_yearly(q, frame, measure) else span
        if frame.to or frame.source:
            return str(last)
        done = any(
            self.norm[b:e] in self.lists.actions and not _STANDING.fullmatch(self.norm, b, e)
            for b, e, _ in self.words.between(clause.begin, q.head)
        ) or _DONE.search(self.norm, clause.begin, q.head)
        if not done and q.kind in ("count", "person", "bare"):
            done = _FINISHED.search(self.norm, q.tail, clause.end)
        if not done or _AGAINST.match(self.norm, q.tail):  # 完成投资|50亿元,是2010年的2倍
            return str(last)
        return None if aside else f"{first}/{last}"

    def _may_be_yearly(self, q: Quantity, frame: Frame, measure: Measure) -> bool:
        """Whether a growth in a review of past years may be that of the last of them: 实际利用外资增长|24.1%."""
        if (
            measure is not Measure.GROWTH
            or q.kind != "rate"
            or q.unit != "%"
            or frame.sign < 0
            or self.reading.state.pair
        ):
            return False
        named = str(self.term[1]) in self.heading if self.term is not None else False
        likely = (named or q.value < _SEVERAL) if self.past else (named and q.value < _FEW)
        return likely and not _TERM.search(self.norm, self.reading.sentence[0], q.head)

    def _summed(self, clause: Clause, q: Quantity) -> bool:
        """Whether an amount is that of several years: 五年累计|283亿元, and what was done in the clauses after it."""
        here = _SUMMED.search(self.norm, clause.begin, q.head)
        if here is None:
            named = any(
                p.iso and p.kind != "name"
                for p in self.reading.periods
                if self.reading.sentence[0] <= p.begin <= q.begin
            )
            earlier = _SUMMED.search(self.norm, self.reading.sentence[0], clause.begin)
            if earlier is None or named or "其中" in self.norm[earlier.end() : q.head]:
                return False
            words = self.words.between(clause.begin, q.head)
            verbs = [self.norm[b:e] for b, e, _ in words]
            return any(v in self.lists.actions and not _STANDING.fullmatch(v) for v in verbs)
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
                if mention.kind == "relative" and not compiled(r"\d").search(self.norm[mention.begin : mention.end]):
                    return None
                return mention.iso[:4]
        return None

    def _in_plan(self) -> bool:
        return self.reading.section is not None and self.reading.section.part is Part.PLAN

    def is_over(self, period: str) -> bool:
        """Whether a part of the report's year was over when the report was given: 1至5月, in June."""
        date, end = self.report.date, period.split("/")[-1]
        return date is not None and len(end) == len("2010-06") and end[:4] == date[:4] and end[5:7] < date[5:7]
