"""Observations: every figure with what it measures, of what area and period, reached or aimed at.

A sentence is read clause by clause, a clause figure by figure.  What stands before a
figure gives its frame (:mod:`kg.extract.obs_frames`), what follows it the thing counted
(:mod:`kg.extract.obs_names`).  A clause without a subject of its own goes on with the
subjects of the clauses before it; figures in a row are distributed over as many subjects.

Here is the way through a report, and how its figures are told apart; which period they are of,
whose they are and what they are called is in :mod:`kg.extract.obs_years`, :mod:`kg.extract.obs_areas`
and :mod:`kg.extract.obs_subjects`, and what all of these share in :mod:`kg.extract.obs_reading`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from kg.extract import obs_clauses, obs_names
from kg.extract.indicators import SPEED, canonical, measured_of
from kg.extract.lexicon import Tokens
from kg.extract.listed import listed
from kg.extract.obs_areas import OWN, Areas
from kg.extract.obs_clauses import Clause
from kg.extract.obs_figures import MARK, RISE, Figures
from kg.extract.obs_frames import Frame, Stretch, read, stretch, strip_head
from kg.extract.obs_ranks import Rank, find_ranks, has_ranks
from kg.extract.obs_reading import SIZES, Draft, Place, Reading, Sharing, State
from kg.extract.obs_subjects import RANKS, REACH, TRENDS, Subjects, is_share_or_rate
from kg.extract.obs_years import Years
from kg.extract.periods import PeriodMention, find_periods
from kg.extract.quantities import Quantity, find_quantities
from kg.model import Bound, EntityClass, Measure, Modality, Observation, Part, Period, Report, Span
from kg.patterns import compiled

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
_AIM = listed(r"{figure-aim}|争取(?:在|到\d|年内|年底|全[省市区县])|计划安排(?=[:是])|规划到(?!户)")
#: what makes an aim of a figure in a review, where aims are told to say that they were reached: 13项指标达到预期目标
_AIM_TOLD = compiled(
    r"力争(?:到|在|明|用|再|年|[^,，;。]{0,6}\d)|(?:预期|奋斗)?目标(?:是|为|:)|计划安排(?=[:是])|要达到|力求|争取全[省市区县][^,，;。]{0,14}(?:增长|达到|完成)"
    r"|(?:确保|规划|计划)到(?!户)"
)
#: the same of the figure's own clause: what will be
_WILL = listed(
    r"(?<!预计)将达到?|(?<![^年月日内中今前还另均将也市区县镇司、,，;；。:\s])拟(?!上市|[定订制在])(?=[^,，;。]{2})(?![^,，;；。]*已)|{in-use-verb}后,?[^,，;。]{0,12}[可将能]"
)
_AIM_LISTED = compiled(r"目标(?:是|为)?:")
_REACHED = listed(r"{by-now}|(?<!项)目前(?!期)|(?<![比较于与同按])去年|(?:^|[,，;；市区县省州我])现有")
_AIM_TASK = listed("{task-noun}$")
_SECTORS = ("第一产业", "第二产业", "第三产业")
_INDUSTRY = listed("{sector-noun}")
#: what stands behind a noun that something is said of; the end of the text, too
_BREAKS = frozenset(("", *"、,，和及与)(;；"))
#: what a body does with those who are counted
_BOUND_TO = listed(r"([^的]{2,12}?)({bond-verb}[^,，。;；]{0,16})$")
#: with what the name of a measure begins that no list has as a whole
_MEASURE_LEAD = listed("{measure-lead}")
#: between those who are counted in a row
_AND = frozenset(("、", "和", "及", "与", "以及"))
#: the same before the first of two levels: 7个断面水质优良率|从14.3%提高到100%
_FROM_WHAT = frozenset("从由")
#: of the things counted a rate is told, which stands at so much
_RATES = listed("{rate-noun}$")
_OF_WATER = listed(
    r"(?:水质|空气质量|(?:生活)?(?:污水|垃圾)(?:集中|无害化)?(?:处理|治理))?(?:综合)?{good-word}?(?:天数)?{rate-noun}$"
)
#: who yields what: the verb is no part of the name
_YIELDS = listed(r"{yielding-noun}(?P<verb>实现|完成)(?:规上|规模以上)?(?:工业)?{yield-noun}(?:总额)?$")
_RANKED = listed(r"(?:[、和]\d+[个家所项处座条](?:{granting-level}级|国[际内外]|境[内外]))+([^,，;。、\d]{2,14})")
#: the roles of words that say that something rises or falls
_CHANGED = frozenset(("up", "down"))
_RISING = listed(r"(?:({falling-noun})|{rising-noun}){speed-end}?$")
#: before the first of two levels, which a verb behind it tells to be one: 由|年人均收入|1000元提高到
_OPENED = compiled(r"(?<![自理经缘])[从由](?![业事于来此中])(?=[^,，从由]{2,12}$)")
#: of a balance, that it has risen by a sum: 较年初|新增|135亿元
_ADDED = compiled(r"(?:新增|净增)加?$")
#: for whom or how long a second figure of a row is, which is no subject of its own: 每人每月650元、|每人每年|5400元
_FOR_EACH = compiled(r"每[人户](?:每[年月])?|每[年月]")
#: for whom or how long a figure is, behind what it is of: 筹资标准|提高到人均, 基础养老金|每人每年, 市场主体|净
_PER_HEAD = listed(
    r"(?<=.{3})(?:{raised-verb}?到?为?(?:(?:每[年月])?[月年]?人均(?:每[年月])?|每人(?:每[年月])?)|(?<=.{4})每[年月]|净)$"
)
#: no subject of a rank is longer
_RANKED_LENGTH, _TOO_SHORT = 24, 2
#: in what is told how far something moved up
_PLACES_MOVED = listed("{place-unit}")
#: what has a rank that is told before how far it went up: 综治民调|排名全省第18位、|前移27位
_RANK_BEFORE = compiled(
    r"(?P<what>[^,，、]{2,}?)(?=排|位?[居列]|全[国省市区县州]|第[\d一二三四五六七八九十百]+[位名])(?:[^,，、]{0,10}第[\d一二三四五六七八九十百]+[位名]?[、,，]?){1,3}$"
)
#: among whom something moves up, where its place is not named: 地区生产总值增速|在全市|前移3位
_AMONG = compiled(
    r"(?<=.{2})在(?:全[省国市区县州]|我[省市])(?:[各县市区州盟旗]{0,4}|同类.{0,4})中?$|(?<=排名|位次|排序)中$"
)
#: behind a member of a list
_MEMBER_ENDS = frozenset("、和及与等")
#: names that say which there are among others, before what they are: 引进|云山科技、鹭江食品等|企业
_EXAMPLES = compiled(r"(?:[^、等]+、)*[^、等]{2,}(?<![高中初均平同特一二三优甲乙])等(?:一批|多)?(?=[一-鿿]{2,})")
#: by which document something is done, before what it is
_TITLE = listed(r"《[^《》]+》(?:等(?:一批|多)?)?(?={grant-kind}?(?:资金|政策))")
#: what joins several names
_LINKS = frozenset("、和及")
#: ends what is a rate, a sum or a place itself: its place is not that of its growth
_CHANGING = listed("{changing-noun}$")
#: behind an event: that is when it was
_HELD = listed(r"[”\"]?{event-time}")
#: what compares two, of which another may be meant
_OF_TWO = listed("(?:{of-two}|{beyond-verb}.{2,12})$")
#: what is no subject of one
_NO_SUBJECT = listed(
    r"^(?:{moved-up}|[以每由从较其并获在与]|全[省国市]|我[省市])|第[\d一二三四五六七八九十]|排名全|[的中]$|^.{0,4}和.{0,2}比$"
)
_PEERS_ALONE = listed(r"[一-龥]{0,6}(?:{placed-among}|[市县区省州])$")
#: what the things that are counted serve as: 以13个专项行动|为抓手
_ROLE = listed(r"为{role-noun}")
#: what a glossary says is to be done, without who does it: “4611”现代产业体系:培育壮大…4个千亿产业
_AHEAD = listed(r"[:：,，](?:在全[省市县区])?{task-verb}(?!了|过)")
#: and what it tells of what has been done: 开展服务以来,受理诉求30万件
_TOLD = listed("{told-done}")
#: how much of what was set is done: the rate is no name to go on with
_OF_SET = listed("{set-task}?完成率$")
#: what two are compared as, behind what they are: 轻重工业|之比
_RATIO_END = listed("{ratio-end}$")


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
    return _Reader(Reading(report, norm, tokens, places, without)).run()


#: verbs of work, and the work, behind those who are counted
_WORK_ON = listed("{work-on-several}了?$")
_WORK = listed("(?P<work>(?:{work-on-each}|{work-done}){1,2})(?:任务|工作|工程|项目)?$")
#: before what something may come to at best
_AT_BEST = listed(r"(?:{in-practice},?)?并?{at-best}(?:达到?|实现|完成|取得)?")
#: between those who are counted and so many of them: 25项指标|中有|21项达标
_OF_WHICH = listed("中?{of-them}|中")
#: what stands between two that are listed
_SIGNS, _JOINED = frozenset(",，、"), compiled("[、,，]|[和及]")
#: verbs that hold their object, and so take none that is told behind the next: 植树|20万株、新增10万株|绿化苗木
_OWN_OBJECT = listed("{own-object}")
#: that a name is of how long something takes
_TIME = listed("{span-noun}$")
#: so many figures of a row are gone through for the noun that it gives once
_ROW = 4
#: what has a size, and is improved: "林分优化提升|200万亩"
_IMPROVED = listed(r"{improved-noun}(?:改造)?提升$")
#: the verb before what becomes less: "压减|一般性支出|10%"
_CUT = listed(r"{cut-verb}(?!{cut-rate})(?=.{2})")


class _Reader(Sharing):
    """Reads the figures of a report, sentence by sentence, clause by clause."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.years = Years(self.reading)
        self.areas = Areas(self.reading)
        self.subjects = Subjects(self.reading)
        self.figures = Figures(self.norm, self.words, self.lists, self.reading.named)
        self.drafts: list[tuple[Draft, Modality]] = []
        self.aim = False
        self.first = True  # the first sentence of its paragraph
        self.done = 0, ""  # where the figure stands that tells how many of those counted before it, and its name
        self.at_base = False  # the figure is the first of two levels: 由|80元|提高到100元
        self.worked = -1  # where the figure stands that is one of a row on which the same work is done
        self.rate_at = -1  # the clause in which a growth is told as one of two

    def run(self) -> list[Observation]:
        """All figures of the report's body."""
        line_end = -1
        paragraph_aim = False
        body = self.report.body
        for sentence in self.report.sentences:
            begin, end = max(sentence.span.begin, body.begin), min(sentence.span.end, body.end)
            if begin >= end:
                continue
            section = self.report.sections[sentence.section] if self.report.sections else None
            new_paragraph = begin > line_end or section is not self.reading.section
            if new_paragraph:
                line_end = self.norm.find("\n", begin)
                line_end = len(self.norm) if line_end < 0 else line_end
                self.reading.state = State()
                self.first = True
                paragraph_aim = False
            self.years.go_to(section)
            if new_paragraph:
                self.years.paragraph(begin, line_end)
            self.reading.sentence = (begin, end)
            self.aim = paragraph_aim or bool(_AIM.search(self.norm, begin, end))
            if _AIM_LISTED.search(self.norm, begin, end):
                paragraph_aim = True
            self._sentence(begin, end)
            self.first = False
        return self._observations()

    def _sentence(self, begin: int, end: int) -> None:
        norm = self.norm
        periods = [p for p in find_periods(norm, begin, end, self.report.year) if not self._names_event(p)]
        self.reading.periods = periods
        quantities = find_quantities(norm, begin, end)
        if periods:
            quantities = [q for q in quantities if not obs_clauses.covered(q, periods)]
        state = self.reading.state
        state.area = state.holder = state.figured = state.opener = None
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
        self.years.begin_sentence(begin, end, first=self.first)
        ranked = has_ranks(norm, begin, end)
        if quantities or ranked:
            self._figures_of(begin, end, quantities, ranked)
        self.years.end_sentence(begin)

    def _names_event(self, mention: PeriodMention) -> bool:
        """Whether a year only tells which event is meant: 抓住|2022年|北京冬奥会机遇; not that of one being held."""
        for at in (mention.begin, mention.end):
            place = self.places.get(at)
            if place is not None and EntityClass.EVENT in place[2] and place[0].end > mention.end:
                return not _HELD.match(self.norm, place[0].end)
        return False

    def _figures_of(self, begin: int, end: int, quantities: list[Quantity], ranked: bool) -> None:
        norm, state, periods = self.norm, self.reading.state, self.reading.periods
        history = len(state.history)
        self.reading.grown = self.reading.growing = False
        self.reading.begun = 0 if begin and norm[begin - 1] in ";；" else history
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

    def _open(self, clause: Clause) -> None:
        """What holds of every clause, with figures or without."""
        self.reading.clause_begin, self.reading.clause_end = clause.begin, clause.end
        self.years.periods_of(clause)
        if "figures.subjects" in self.without:
            self.reading.state.history.clear()
            self.reading.state.group = []
            self.reading.state.topic = ""

    def _clause(self, clause: Clause, ranked: bool) -> None:
        self._open(clause)
        state = self.reading.state
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
        norm, state = self.norm, self.reading.state
        self.reading.holes = holes = obs_clauses.holes_of(norm, clause, clause.periods)
        every = "figures.measures" in self.without
        usable = [q for q in clause.quantities if every or self.figures.measures(q, clause)]
        self.reading.cut = [(q.head, q.tail) for q in usable]
        if not usable:
            if not clause.inside:
                state.figured = None
            self.areas.topic(clause)
            return
        position = clause.begin
        fresh: list[str] = []
        index = 0
        area = self.areas.area(clause, first=usable[0])
        while index < len(usable):
            chain = obs_clauses.row(norm, usable, index)
            if index + len(chain) < len(usable) and self.subjects.shares_noun(
                chain[-1], usable[index + len(chain)], position
            ):
                chain.append(usable[index + len(chain)])
            following = usable[index + len(chain)] if index + len(chain) < len(usable) else None
            limit = following.head if following else clause.end
            left = stretch(norm, min(position, chain[0].head), chain[0].head, holes)
            position = self._figures(clause, chain, left, limit, following is not None, area, fresh)
            index += len(chain)
        if fresh:
            state.group = fresh
        state.topic = ""

    def _figures(
        self,
        clause: Clause,
        chain: list[Quantity],
        left: Stretch,
        limit: int,
        followed: bool,
        area: str | None,
        fresh: list[str],
    ) -> int:
        """Read a row of figures that share what stands before them; returns where the next one's left side begins."""
        state, norm = self.reading.state, self.norm
        if len(chain) > 1 and left.text.rstrip().endswith("分别") and chain[0].head < chain[0].begin:
            # 分别突破|300亿元、500亿元: each of them is more than that
            chain = [chain[0], *(o._replace(bound=chain[0].bound) if o.bound is Bound.EQ else o for o in chain[1:])]
        q = chain[0]
        self.reading.left = left
        frame = read(left, self.lists, self.words.starts)
        if not left.text and norm[q.head - 1 : q.head] == "的":
            frame.of = True
        if q.kind in SIZES and frame.sign > 0 and _IMPROVED.search(left.text):
            frame.sign, frame.rest, frame.subject = 0, left, left.text  # 农房风貌|提升|26.4万户: so many were
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
        if rest.text.startswith("用于") and rest.at[0] > clause.begin + 1:  # 投入3亿元|用于|改造学校20所
            rest = rest.cut(len("用于"), len(rest.text))
        self.at_base = frame.source
        made = rest.text.rfind("将")  # “证照分离”改革|将|企业开办时间压缩至…
        if 0 < made < len(rest.text) - 3 and {rest.at[made], rest.at[made + 1]} <= self.words.starts:
            rest = rest.cut(made + 1, len(rest.text))
        if made_of := _YIELDS.search(rest.text):  # 规模以上工业|实现|增加值
            low, high = made_of.span("verb")
            rest = Stretch(rest.text[:low] + rest.text[high:], rest.at[:low] + rest.at[high:])
        rest = self._without_examples(self._without_others(rest))
        moved = _PLACES_MOVED.fullmatch(q.unit) is not None
        if moved and (ranked := _RANK_BEFORE.match(rest.text)):
            rest = rest.cut(0, ranked.end("what"))
        if moved and (among := _AMONG.search(rest.text)):
            rest = rest.cut(0, among.start())
        if rest.text.endswith(("比", "较")) and any(p.begin == rest.at[-1] + 1 for p in clause.periods):
            rest = rest.cut(0, len(rest.text) - 1)  # 生产总值|比2010年|翻一番
        subject = obs_names.tidy(rest.text)
        if moved and not subject and state.ranked:
            subject = state.ranked  # 综合排名居全省第18位,|比上年前移9位
        if _FOR_EACH.fullmatch(subject):  # 分别提高到每人每月650元、|每人每年|5400元
            subject = ""
        position = chain[-1].tail
        noun = said = ""
        beyond = self.areas.behind_sum(clause, chain[-1], limit) if followed else None
        end, said_at = beyond or self.subjects.noun_after(chain, limit, followed, frame)
        if beyond is not None:  # 44个|总投资588亿元的|重大产业项目
            noun = obs_names.tidy(self.subjects.text(*beyond))
            end = said_at = limit
        elif end > chain[-1].tail:
            noun = obs_names.tidy(self.subjects.text(chain[-1].tail, end)).removeprefix("的")
            if self.norm[chain[-1].tail : chain[-1].tail + 1] == "、":
                noun = noun.rpartition("的")[2]
            if RANKS.fullmatch(noun) and (shared := _RANKED.match(norm, end, clause.end)):
                noun += shared.group(1).rstrip("和及与")  # 6个国家级、30个省级|专业合作社
            of_them = _OF_WHICH.match(norm, end, limit) if said_at == limit else None
            position = of_them.end() if of_them is not None else end
            if self.norm[chain[-1].tail : chain[-1].tail + 1] == "的" and (
                (rest.text and frame.level) or _RISING.search(noun)
            ):
                if growth := _RISING.search(noun):
                    frame.sign = -1 if growth.group(1) else 1
                noun = said = ""
        if said_at < limit or (end == chain[-1].tail and not noun):
            said = self.subjects.said(said_at, clause) if self.norm[said_at : said_at + 1] not in _BREAKS else ""
        if noun and said and _ROLE.fullmatch(said):
            said = ""  # 以20个特色园区|为重点
        done = self.done if self.done[0] == chain[0].head else (0, "")
        if noun and said in self.lists.bare and said.endswith(("投资", "投资额")):  # 235项重点项目|完成投资|556亿元
            said = ""
        if noun and said and self.areas.of_next(chain[-1], said_at, limit, clause):  # 305台工业锅炉|关停|152台
            first = said.partition("、")[0] if clause.quantities[-1].head > limit else said  # 关停|47家、保留15家
            self.done = limit, f"{first}的{noun}"
            said = ""
        elif noun and not said and followed and q.kind in ("count", "person") and norm[end:limit] in _AND:
            # but 实施|3户百亿级企业和40户十亿级企业培育计划
            said = self._said_of_all(clause, limit, frame) if not self.figures.acts(clause, q) else ""
            goes_on = self.worked == chain[0].head
            begun = goes_on or _WORK_ON.search(norm, clause.begin, chain[0].head) is not None
            if begun and not goes_on:
                state.verbs = ""  # what was done before, to others
            if begun and not _WORK.search(noun):
                noun += (work := self._work_of_all(clause, limit, frame))  # 完成|33所幼儿园和20所小学|改造任务
                self.worked = limit if work else -1  # and of the next: 完成3个村、|2个社区|和1个林场改造
                said = "" if work else said
        elif not (noun or frame.sign or frame.to or frame.source) and followed and not (frame.level and rest.text):
            noun = self._noun_of_row(clause, q, limit, rest, frame)
        silent = not (frame.sign or frame.level or frame.to or frame.source or noun)
        if q.unit == "%" and silent and (cut := _CUT.match(subject)):  # 压减|一般性支出|10%
            frame.sign, subject, rest = -1, subject[cut.end() :], rest.cut(cut.end(), len(rest.text))
        measure, negative = _measure(q, frame, noun)
        if measure is Measure.GROWTH and self.years.from_rate(
            clause, q, [p for p in clause.periods if p.end <= q.begin]
        ):
            self.rate_at = clause.begin
        elif frame.to and q.kind == "rate" and self.rate_at == clause.begin:  # 增速从2011年的3.3%提高到|32.4%
            measure = Measure.GROWTH
        elif measure is Measure.LEVEL and not (subject or noun) and self._aims_higher(q):
            measure = Measure.GROWTH
            negative = self.drafts[-1][0].negative  # 能耗下降3%,|力争达到3.5%
        if q.kind == "ratio":
            if "figures.ratios" in self.without:
                return position
            return self._ratio(clause, chain, subject, frame, area, position)
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
            and (_RATES.search(noun) or (owned and (said or noun.endswith(self.lists.money))))
            and not noun.startswith(("投资", *self.lists.money))
            and (self.subjects.says_level(said) or said in _FROM_WHAT)
        ):
            owned, changes = noun, _CHANGED  # 13个|国控断面|水质优良比例|100%
            named = measured_of(noun, self.lists.topical)
            if named == noun and not _RATES.search(noun):
                named = noun[: -max(len(w) for w in self.lists.quantities if noun.endswith(w))]
                if lead := _MEASURE_LEAD.search(named, 1):  # 行政村|集体经济收入
                    named = named[: lead.start()]
            noun = (_OF_WATER.sub("", noun) if named == noun else _PER_HEAD.sub("", named).removesuffix("年")) or noun
            said = ""
        elif changes:  # 32个镇街可支配收入|增长5%: of as many, which grows
            noun, said = measured_of(noun, self.lists.topical), ""
        else:
            owned = ""
        names = self.subjects.names(clause, chain, frame, rest, subject, noun, said, measure)
        if q.kind == "time" and len(names) == 1:
            names = [(q, self._timed(names[0][1]))]
        if done[1] and not noun and len(names) == 1:
            names = [(q, obs_names.closed(done[1], q, self.lists, before=False))]
        if subject or noun:
            if area is None:
                state.figured = None
        elif area is None and "figures.spent" not in self.without and not OWN.match(norm, clause.begin, clause.end):
            area = state.figured  # 云山港吞吐量达到…,|比上年增长20.1%
        level = measure in (Measure.LEVEL,)
        if level and "figures.spent" not in self.without:
            area = self.areas.spent_on(clause, chain) or area
        owners = self.areas.places_alone(rest) if level and len(chain) == 1 and not noun and state.history else []
        if owners:  # 其中江州、湖州超过|300亿元
            period = self.years.period(clause, q, frame, measure)
            for owner in owners:
                self._emit(q, state.history[-1], measure, negative, period, owner, clause)
            state.source = frame.source
            return position
        listed, what = self.areas.listed_owners(rest) if level and not noun and area is None else ([], "")
        if what and len(chain) == (len(listed) if frame.distributed else 1):  # 东山集团、南湖集团产值突破|百亿元
            for n, owner in enumerate(listed):
                figure = chain[n % len(chain)]
                period = self.years.period(clause, figure, frame, measure)
                self._emit(figure, what, measure, negative, period, owner, clause)
            state.name(what)
            state.source = frame.source
            return position
        bases = obs_clauses.bases_of(norm, clause.begin, q.head) if len(names) == 2 else None
        if bases is not None and measure is not Measure.LEVEL:
            names = [(figure, names[-1][1]) for figure, _ in names]
        told = state.history[self.reading.begun :] or state.history[-1:]
        for n, (figure, short) in enumerate(names):
            name = self.subjects.completed(short, figure, told)
            told = [*told, name]
            period = self.years.period(clause, figure, frame, measure)
            if bases is not None and measure is not Measure.LEVEL:
                period = self.years.against(bases[n])
            if frame.noun and measure is Measure.GROWTH and n < len(names) - 1 and name.endswith("率"):
                # 失业率、物价涨幅分别控制在|3%和3.5%: of prices only
                self._emit(figure, name, Measure.LEVEL, False, period, area, clause)
                continue
            against = figure is not chain[0] and figure.value < 0  # 分别下降3.4%、|增长1.9%
            value = figure._replace(value=-figure.value) if against else figure
            mean = "年均" in norm[clause.begin : q.head] and "年均" not in name
            shown = f"年均{name}" if mean and frame.annual and level and q.kind != "rate" else name
            self._emit(value, shown, measure, negative != against, period, area, clause)
            if name.endswith("恢复"):
                state.name(name.removesuffix("恢复"))
                continue
            if name.endswith("完成率"):
                state.name(_OF_SET.sub("", name))
                continue
            is_share = name.endswith(("比重", "占比")) and q.kind in ("rate", "share")
            state.portion = (self.reading.sentence, name) if is_share else ((-1, -1), "")
            aside = frame.compared or (name.endswith("比重") and frame.of) or REACH.search(rest.text)
            if name:
                state.topic = ""
            if name and (level or subject or noun) and not aside:
                bare = name.removeprefix(state.led)  # 新增企业5家、项目24个,|总数分别达到…
                state.name(bare)
                if bare not in fresh:
                    fresh.append(bare)
        if owned:
            state.name(owned)
            fresh[:] = [owned]
        if q.kind == "money" and noun and followed and end == limit and self.subjects.is_spent(q):
            position = q.tail  # 投入3亿元|建设农村公路|200公里: of this, too, that stands before it
        if q.kind in ("count", "person") and level:
            state.counted = self.reading.sentence[0], q.unit, state.history[-1] if state.history else ""
        state.source = frame.source
        return position

    def _without_others(self, rest: Stretch) -> Stretch:
        """What stands before a figure, without with whom it is done: 与|市中心医院、省中医院|建立专科联盟."""
        if not rest.at or not self.norm.endswith(("与", "同"), 0, rest.at[0]):
            return rest
        n = 0
        while n < len(rest.at) and (place := self.places.get(rest.at[n])) is not None:
            n += len(place[0])
            if rest.text[n : n + 1] not in _LINKS:
                verb = obs_names.leading_verbs(self.norm, rest.at[n:], self.words, self.lists)
                return rest.cut(n, len(rest.text)) if verb else rest
            n += 1
        return rest

    def _without_examples(self, rest: Stretch) -> Stretch:
        """What stands before a figure, without names that only say which there are: 引进|云山科技、鹭江食品等|企业.

        The verb before them stays, and so do they where there is none.
        """
        title = _TITLE.search(rest.text)
        if title is not None and rest.text[: title.start()] in self.lists.actions:  # 兑现|《…二十条措施》|奖补资金
            low, high = title.span()
            rest = Stretch(rest.text[:low] + rest.text[high:], [*rest.at[:low], *rest.at[high:]])
        found = _EXAMPLES.search(rest.text) if "等" in rest.text else None
        first = next((n for n in range(*found.span()) if self._is_example(rest, n)), None) if found else None
        if found is None or first is None:
            return rest
        begin, end = found.start(), found.end()
        sizes = [size for size in (4, 3, 2) if rest.text[first - size : first] in self.lists.actions and size <= first]
        if not sizes or "、" in rest.text[begin:first]:  # some of the names are known to nobody
            opening = (rest.text[begin : begin + size] for size in (4, 3, 2))
            verb = next(
                (w for w in opening if w in self.lists.actions and rest.at[begin + len(w)] in self.words.starts), ""
            )
            if not verb:
                return rest
            first = begin + len(verb)
        return Stretch(rest.text[:first] + rest.text[end:], [*rest.at[:first], *rest.at[end:]])

    def _is_example(self, rest: Stretch, n: int) -> bool:
        """Whether a name that is no place's is all of a member of a list."""
        place = self.places.get(rest.at[n])
        if place is None or EntityClass.ADMINISTRATIVE_AREA in place[2]:
            return False
        return rest.text[n + len(place[0]) : n + len(place[0]) + 1] in _MEMBER_ENDS

    def _last_of_row(self, clause: Clause, head: int, frame: Frame) -> tuple[Quantity, int, int] | None:
        """The last of those counted in a row from ``head`` on, where its part ends, and where what is said begins."""
        following = next((q for q in clause.quantities if q.head == head), None)
        if following is None or following.kind not in ("count", "person"):
            return None
        limit = next((begin for begin, _ in self.reading.cut if begin > head), clause.end)
        end, said_at = self.subjects.noun_after([following], limit, limit < clause.end, frame)
        if end <= following.tail:
            return None
        if limit < clause.end and self.norm[end:limit] in _AND:
            return self._last_of_row(clause, limit, frame)
        return following, limit, said_at

    def _timed(self, name: str) -> str:
        """With the word for time that the one before in a row has: 企业开办时间…、|不动产登记|压缩至5个工作日."""
        if not self.drafts or not name or _TIME.search(name) is not None:
            return name
        draft = self.drafts[-1][0]
        time = _TIME.search(draft.name)
        near = draft.quantity.kind == "time" and draft.quantity.begin >= self.reading.sentence[0]
        return name + time[0] if near and time is not None else name

    def _noun_of_row(self, clause: Clause, q: Quantity, head: int, before: Stretch, frame: Frame) -> str:
        """The noun that a row of what is done gives once, behind its last: 新开工|1000套、基本建成800套|保障性住房.

        Not where something was spoken of before, of which it may be: 老旧小区改造加快,完成|35个、启动20个城中村改造.
        """
        first = q.head == self.reading.cut[0][0]
        spoken_of = first and (self.reading.state.topic or self.reading.state.history[self.reading.begun :])
        if q.kind not in SIZES or spoken_of or not self._only_acts(before):
            return ""
        for _ in range(_ROW):
            following = next((o for o in clause.quantities if o.head == head), None)
            joint = _JOINED.match(self.norm, q.tail, head)
            if following is None or following.unit != q.unit or joint is None or joint.end() == head:
                return ""
            if not self._only_acts(stretch(self.norm, joint.end(), head, [])):
                return ""
            limit = next((begin for begin, _ in self.reading.cut if begin > head), clause.end)
            end, _ = self.subjects.noun_after([following], limit, limit < clause.end, frame)
            if end > following.tail:
                return obs_names.tidy(self.subjects.text(following.tail, end))
            q, head = following, limit
        return ""

    def _only_acts(self, piece: Stretch) -> bool:
        """Whether a stretch says what is done, and how, and nothing else: 全面|启动; 新建、|改造; empty too."""
        words = self.words.between(piece.at[0], piece.at[-1] + 1) if piece.at else []
        if _OWN_OBJECT.search(piece.text) is not None:
            return False
        known = self.lists.actions, self.lists.adverbs, self.lists.predicates, "、和"
        acts = all(tag == "d" or any(self.norm[b:e] in each for each in known) for b, e, tag in words)
        return acts or piece.text in self.lists.actions

    def _said_of_all(self, clause: Clause, head: int, frame: Frame) -> str:
        """What is said of the last of those who are counted in a row, and so of all: 2个镇、26个村|入选示范村."""
        last = self._last_of_row(clause, head, frame)
        if last is None or last[2] >= last[1]:
            return ""
        said = self.subjects.said(last[2], clause) if self.norm[last[2]] not in _BREAKS else ""
        return "" if self.subjects.says_level(said) else said

    def _work_of_all(self, clause: Clause, head: int, frame: Frame) -> str:
        """What is done to the last of those who are counted in a row, and so to all: 46个乡镇、676个村的|确权颁证."""
        last = self._last_of_row(clause, head, frame)
        work = _WORK.search(self.subjects.text(last[0].tail, last[1])) if last is not None else None
        return work["work"] if work is not None else ""

    def _ranks(self, clause: Clause, rows: list[list[Rank]]) -> None:
        """The places that the clause says that something takes: 总量居全省|第4位."""
        state = self.reading.state
        holes = obs_clauses.holes_of(self.norm, clause, clause.periods)
        period = state.local if state.local_known else state.period if state.period_known else self.years.default()
        for row in rows:
            first = row[0]
            start = max([first.start, *(tail for _, tail in self.reading.cut if tail <= first.head)])
            left = stretch(self.norm, start, first.head, holes)
            if start > first.start and (mark := MARK.match(left.text)):  # 迈上14万亿元|新台阶、|居全国首位
                left = left.cut(mark.end(), len(left.text))
            rest = strip_head(left, self.lists, self.words.starts)
            # 白云机场旅客吞吐量突破5200万人次,|居世界前10位
            areas: list[str | None] = [state.area if rest.text else state.area or state.figured] * len(row)
            names: list[str] = []
            if owners := self.areas.places_alone(rest):  # 南湖区、东山县分别列全省县域考评|第6位、第8位
                if len(owners) == len(row) and len(first.among) > 2:
                    areas, names = list(owners), [f"{first.among}排名"] * len(row)
            elif rest.text:
                subject, place = self.subjects.ranked(left, rest, first)
                if place:
                    areas = [place] * len(row)
                if (
                    len(subject) == _TOO_SHORT
                    and not TRENDS.fullmatch(subject)
                    and self.norm.startswith("排名", rest.at[-1] + 1)
                ):
                    subject += "排名"  # 综合|排名居全省第18位
                if 2 <= len(subject) <= _RANKED_LENGTH and not _NO_SUBJECT.search(subject):
                    name = self.subjects.prefixed(subject)
                    if TRENDS.fullmatch(subject) and not name.endswith(subject):  # not the rank of the sum itself
                        name += subject
                    names = [name] if len(row) == 1 else self.subjects.subjects(subject, len(row), rest)
            elif len(row) == 1 and len(first.among) > 3 and not _PEERS_ALONE.match(first.among):
                names = [f"{first.among}排名"]  # 列绿色发展百强县|第58位
            elif len(row) == 1 and (just := self._just_told(first)):
                names = [just]
            elif len(row) == 1:  # of this sentence's, if it has spoken of something
                earlier = state.history[self.reading.begun :]
                names = [state.ranked or state.topic or (earlier[-1] if earlier else "")]
            elif len(state.group) == len(row):
                names = list(state.group)
            for rank, name, area in zip(row, names, areas, strict=False):
                q = Quantity(rank.begin, rank.end, rank.value, "", "rank", rank.bound, tail=rank.end, head=rank.begin)
                if not _NO_SUBJECT.search(name):
                    if (was := rank.was) is not None:
                        former = Quantity(was.begin, was.end, was.value, "", "rank", tail=was.end, head=was.begin)
                        self._emit(former, name, Measure.RANK, False, was.year or None, area, clause, Modality.ACTUAL)
                    self._emit(q, name, Measure.RANK, False, period, area, clause)
            state.ranked = names[0] if len(names) == 1 else ""
            if rest.text and state.ranked and not clause.quantities and not _CHANGING.search(state.ranked):
                state.topic = state.ranked  # 财政收入升至全国第4位,增长11%

    def _aims_higher(self, q: Quantity) -> bool:
        """Whether a rate is what a growth is to come to at best: 增长5.5%以上,|争取达到|6%; 增长8%、|力争|10%."""
        if q.unit != "%" or not self.drafts:
            return False
        draft = self.drafts[-1][0]
        behind = draft.quantity.tail + 1
        if self.norm[behind - 1 : behind] not in _SIGNS or not _AT_BEST.fullmatch(self.norm, behind, q.head):
            return False
        grows = draft.measure is Measure.GROWTH and draft.quantity.unit == "%"
        return grows and not is_share_or_rate(draft.name)  # 城镇化率提高2%,力争达到|60%

    def _just_told(self, rank: Rank) -> str:
        """What the figure right before a place is of: 固定资产投资增长5.8%、|排全区第3位 is that of its growth."""
        if not self.drafts:
            return ""
        draft = self.drafts[-1][0]
        gap = rank.head - draft.quantity.tail
        if draft.measure is Measure.RANK or gap not in (0, 1) or _OF_TWO.search(draft.name):
            return ""
        if draft.measure is not Measure.GROWTH or draft.quantity.unit != "%" or _CHANGING.search(draft.name):
            return draft.name
        former = self.drafts[-2][0] if len(self.drafts) > 1 else None
        both = former is not None and former.name == draft.name and former.measure is Measure.LEVEL
        if both and self.norm[draft.quantity.tail : rank.head] in (",", "，"):
            return draft.name  # 货物吞吐量3.47亿吨,增长1%,|居全国第4位
        return draft.name + SPEED

    def _ratio(
        self,
        clause: Clause,
        chain: list[Quantity],
        subject: str,
        frame: Frame,
        area: str | None,
        position: int,
    ) -> int:
        said = subject or (self.reading.state.share if frame.to else "") or self.reading.state.topic
        first = chain[0]
        names: tuple[str, ...] = ()
        if _INDUSTRY.search(said) or (first.size == 3 and not said):
            names = _SECTORS if first.size == 3 else _SECTORS[1:] if compiled(r"二[、]?三").search(said) else ()
        if first.size == 2 and not names:
            names = tuple(obs_names.members(_RATIO_END.sub("", said), 2))
        if first.size == 3 and not names and not compiled(r"结构|比").search(said):
            names = ()
        if len(names) != first.size:
            return position
        self.reading.state.share = said
        period = self.years.period(clause, first, frame, Measure.LEVEL)
        for q in chain:
            self._emit(q, f"{names[q.place]}比重", Measure.LEVEL, False, period, area, clause)
        return position

    def _emit(
        self,
        q: Quantity,
        name: str,
        measure: Measure,
        negative: bool,
        period: str | None,
        area: str | None,
        clause: Clause,
        modality: Modality | None = None,
    ) -> None:
        if not name:
            return
        name = _PER_HEAD.sub("", name) or name
        if q.kind == "bare" and self.norm[q.end - 1] == "亿" and name.endswith(self.lists.money):
            q = q._replace(unit="元")  # 零售总额突破千亿
        self.reading.grown = self.reading.grown or measure is not Measure.LEVEL
        if q.unit != "个百分点":  # 增长8%,高于全国0.5个百分点,|高于全省5.1个百分点
            self.reading.growing = measure is not Measure.LEVEL
        modality = modality or self._modality(clause, period, name)
        self.drafts.append((Draft(q, name, measure, negative, period, area), modality))

    def _modality(self, clause: Clause, period: str | None, name: str) -> Modality:
        if "figures.targets" in self.without:
            return Modality.ACTUAL
        year = self.report.year
        end = int(period.split("/")[-1][:4]) if period else None
        part = self.reading.section.part if self.reading.section is not None else Part.OTHER
        text = self.norm[self.reading.sentence[0] : clause.end]
        if year is not None and end is not None and end > year:
            return Modality.TARGET
        if (period is not None and self.years.is_over(period)) or (self.at_base and part is Part.PLAN):
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
            and _AHEAD.search(self.norm, self.reading.sentence[0], clause.end)
            and not _TOLD.search(self.norm, self.reading.sentence[0], clause.end)
            and not _REACHED.search(self.norm, self.reading.sentence[0], clause.end)
        ):
            return Modality.TARGET
        if self.aim and told.search(text):
            return Modality.TARGET
        if part is Part.REVIEW and _WILL.search(self.norm, clause.begin, clause.end):
            return Modality.TARGET
        if any(
            (p.iso and compiled(r"之?前").match(self.norm[p.end : p.end + 2])) or self.norm[p.end - 1] == "前"
            for p in clause.periods
            if p.end <= clause.end
        ) and _AIM_TASK.search(name.removesuffix("数")):
            return Modality.TARGET
        return Modality.ACTUAL

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


def _measure(q: Quantity, frame: Frame, noun: str) -> tuple[Measure, bool]:
    """What the figure says, and whether it is a decline."""
    if q.kind == "multiple":
        if q.unit == "倍" and frame.sign and not frame.of:
            return (Measure.AVERAGE_ANNUAL_GROWTH if frame.annual else Measure.GROWTH), frame.sign < 0
        return Measure.MULTIPLE, False
    if frame.compared:
        return Measure.LEVEL, False
    if not frame.sign or frame.to:
        return Measure.LEVEL, False
    if noun and q.kind != "rate":
        return Measure.LEVEL, False
    if frame.annual and q.kind == "rate":
        return Measure.AVERAGE_ANNUAL_GROWTH, frame.sign < 0
    return Measure.GROWTH, frame.sign < 0
