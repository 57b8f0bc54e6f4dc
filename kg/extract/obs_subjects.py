"""What a figure is called: the indicator by what stands before and behind it, and in the clauses before."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract import obs_names
from kg.extract.indicators import SPEED
from kg.extract.listed import listed
from kg.extract.obs_areas import FIGURED_CLASSES, OWNERS
from kg.extract.obs_clauses import Clause
from kg.extract.obs_figures import MARK, OF_FIRMS, RISE
from kg.extract.obs_frames import Frame, Stretch, read, stretch
from kg.extract.obs_ranks import Rank
from kg.extract.obs_reading import Reading, Sharing
from kg.extract.quantities import Quantity
from kg.model import Measure
from kg.patterns import compiled

#: verbs that say how far something extends: what is counted is not what the sentence is about
REACH = listed(r"{extent-verb}(?:在|到|于)?$")
#: what a change is told without, which is no subject: 剔除一次性因素后|增长2.4%
_CORRECTED = listed(r"{corrected-verb}[^,，]*(?:因素|影响)(?:后|外|影响)?")
#: behind what is counted, or what money is spent on, the sum of all or of the next
_AND_SUM = listed(r"[、,，]{sum-kind}?总?(?:投资|金额)?(?:总?额)?$|[、,，]{sum-kind}?总?投资")
#: the same behind a sum
_REACHING = listed("{extent-verb}")
#: what stands behind a noun of which nothing is said; the end of the text, too
_NOUN_ENDS = frozenset(("", *",，;。、)的"))
#: money, called by itself
_FUNDS = listed("{fund-noun}$")
#: what is done to those who are counted, behind them, and says nothing of which they are
_ONLY_WORKED_ON = listed("(?P<thing>.{built-thing})建设$|(?P<firms>.*{developed-body})发展$")
#: who comes to harm in accidents, by the name of how many of these there were
_HARM = listed("{accident-harm}")
_ACCIDENTS = listed(r"(.*事故){accident-count}?$")
#: what grows on so much land
_CROP_YIELD, _SOWN = listed("{crop-yield}"), listed(r"(.{2,}?){sown-area}$")
#: before what is told of the parts of a whole
_PARTS_LEAD = listed("{parts-lead}")
#: of all there are
_ALL = listed("{all-noun}")
#: what says how much there is, and the ends of names that say so themselves: 进出口总额…亿元,|总量|…
_AMOUNTS, _ENDS_ALL = listed("{all-noun}|数量|" + SPEED), listed("(?:{all-noun}|数|额)$")
#: what three industries have their parts in, and these: 生产总值…亿元,其中|一产|…亿元
_GDP, _THIRDS = compiled(r"生产总值$|GDP$"), compiled(r"第?[一二三]次?产业?")
#: between the members of a list, and what is no member of one: 新增企业5家、|总数达20家
_LISTING = frozenset("、和及与")
_SUMS = listed(r"^{sum-lead}|{sum-end}$")
#: verbs of which the work is the object: 开展|20个|美丽乡村建设
_WORK_ITSELF = listed("{work-verb}$")
#: before a verb, and no part of the noun that it is said of
_ADVERBS = listed("{verb-adverb}$")
#: the same at the beginning of what is said of those who are counted
#: what says that a figure is that of each of two
_BOTH = compiled(r"均|都|双")
_ADVERBS_AHEAD = listed("^{verb-adverb}+(?=.{2})")
#: who is said to bring a change about: 推动|社会消费品零售总额增长8%
_CAUSED = listed("^{causing-verb}(?=.{2})")
#: to a level that is passed; 带动消费20亿元 is not all that was consumed
_LED_TO = listed("^{leading-to-verb}(?=.{4})")
#: a sum that each of those who are counted has passed, with the verb
_PASSED = compiled(r"(?:超过?|突破|过|达到?)[\d.]*[十百千万亿]+元(?:以上|大关)?")
#: an industry without what is measured of it, and what is
_SECTOR, _MEASURED = listed("(?<!第.){industrial-sector}$"), listed("{yield-noun}$")
#: what was newly got, before what it is: 新增|国家级企业技术中心
_NEWLY = listed("{newly-got}")
#: the same between the noun and its count
_MORE = listed("{added-verb}")
RANKS = listed(r"{government-level}级(?:以上)?|国[际内外]|境[内外]")
#: before what is shared by those of several grades; not the lower ones, of which things are called: 4个|村级工业园
_GRADE = compiled("(?:国家|[省市县区])级")
_TROUBLES = listed("{trouble}$")
#: whose trouble it is, before what it is
_SOLVED = listed(r"(?P<who>[^的]{0,8}?{troubled})的?(?P<what>[^的]{2,12}?{trouble})$")
_FIGURE = listed(r"\d[\d.,]*[十百千万亿]*(?:多|余)?{figure-unit}?")
_YEAR = compiled(r"(?:19|20)\d\d年度?")
_PEOPLE = frozenset(("人", "名", "人次"))
#: what money is spent on, told behind it: 投资54亿元,|开工建设保障性住房
_BUILT_FOR_IT = listed(r"(?:开工)?{spent-verb}")
_MODIFIERS = listed("{average-word}")
#: what is said of others besides: 3个县|摘帽、贫困村全部退出
_OTHERS_ALL = compiled(r"、[^、]+?(?:全部|全面)")
#: of whom each has so many: 每个社区|就有|2个; but 每年签约|50个
_FOR_EVERY = listed(r"每[^,，、每]{1,8}?(?=(?:就|(?<!{before-about})约|共)?(?:有|拥有)?$)")
#: what is said of those who are a share, by itself, is at least so long
_SAYS_MUCH = 4
#: the place that something has come to: 提升5位|至第24位
_TO_PLACE = compiled(r"[至到](?:全[国省市区县]|世界)?第\d")
#: behind a figure, no noun that is counted, or what makes it the ground of what is said next: 在减税1亿元|的基础上,…
_ASIDE = listed("{figure-aside}|的?{ground-noun}")
#: a clause that says how many there are now, and nothing else
_IN_ALL = listed(r"(?:目前|现)?{in-all-word}?(?:已)?{stock-verb}?$")
_TREND = listed(r"{change-noun}{trend-manner}*{trend-verb}$")
#: what is said of projects behind their noun: 项目|顺利推进
_PROGRESS = listed(r"{progress-manner}{progress-verb}$")
TRENDS = listed("{trend-noun}$")
_JUDGED = compiled(r"在([^,，在]{2,24}?)(中?)$")
_PEERS = listed(r"{compared-peer}|地区$|[市县区省州国球]$|^粤?[东西南北]|\d+个")
#: who are compared in it or not, what is named is the contest: 在全国智慧城市评估排名中
_CONTEST = listed(r"{contest-noun}$")
_PEERLESS = compiled(r"^(?:全[省国市区]|国家|省|年?度)+(?=[^,，]{4})")
_VAGUE_END = compiled(r"等$")
#: before what is said of those who are counted, and left out of it: 5家企业|先后|上市
_SAID_ADVERBS = listed("^{said-adverb}+")
#: what a sum is called that says nothing of what it is spent on, before what that is; and what is none
_BARE_INVEST, _SPENDING = listed("{bare-invest}"), listed("^{spending-verb}")
_UNBOUGHT = listed(r"[比较增同占是年均居其为达]|{unbought}")
#: that there are more or fewer of what was counted before: 企业10家,比上年|增加|2家
_BARE_CHANGE = listed("{bare-change}")
_WHOLLY = listed("{whole-adverb}")
#: of what added value is told behind it: 工业总产值…亿元,|增加值|…亿元
_GROSS = listed("{gross-noun}$")
#: so much of what was set is done: 财政收入|完成年度预算的|103%
_SET = listed(
    r"(.*?)(?:超额)?(?:完成|占|为|是|达到?)?了?((?:全?年度?|{task-modifier}){0,4}(?:{set-task}|考核)(?:数|任务|目标)?)$"
)
_OF_SET = listed("()({set-task}数?)的$")
#: names that are those of shares, or of rates, themselves
_SHARES, _SHARES_OR_RATES = listed("(?:{share-noun}|比)$"), listed("(?:{share-noun}|率)$")
_RATES = listed("{rate-or-level}$")
#: how much something falls or rises, which says more than how fast it changes; verbs that are shared alone
_FALLS, _GAINED = compiled("[降跌涨]幅"), compiled("[新净]增")
#: work that is called a task: 完成|2所|医院建设任务
_TASK = listed("(?P<work>{work-on-each}|{work-done})任务$")
#: that a figure is of all there are
_COUNTED_UP = compiled("共|累计")
#: what has been invested in, by the sum
_INVESTED = listed("(.{2,}?[^总共已])(?:{verb-adverb}|[共已]){0,2}完成投资额?$")
#: how money is got
_RAISED = listed("{raised-money}$")
_RAISED_SUM = listed("{raising-manner}{0,3}(?P<verb>{raised-money})(?:、{raised-money})?")
#: what leads to a figure, at the begin of what all figures of a row are of, and at its end
_LEADS_ON, _LED_ON = listed("^{to-figure-verb}"), listed("(?:{to-figure-verb}|约|近|超|增长|下降)+$")
#: says that the figures are of each, and nothing else
_OF_EACH = listed("(?:{each-word}|、)+")
#: is a number itself
_NUMBERS = listed("{number-noun}$")


def is_share_or_rate(name: str) -> bool:
    """Whether an indicator is a share or a rate, which grows by points: 城镇化率, 占GDP比重."""
    return _SHARES_OR_RATES.search(name) is not None


class Subjects(Sharing):
    """Names what is measured."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        #: the sentence that says of some of a whole how they grew (其中…), and what of the whole was measured
        self._parted: tuple[tuple[int, int], str] = (-1, -1), ""

    def shares_noun(self, q: Quantity, following: Quantity, position: int) -> bool:
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

    def text(self, begin: int, end: int) -> str:
        """A stretch of the text without figures and without what is left out of wordings."""
        return stretch(self.norm, begin, end, sorted(self.reading.cut + self.reading.holes)).text

    def said(self, begin: int, clause: Clause) -> str:
        """What the rest of the clause says of the counted things, shortened."""
        end = clause.end
        for q in clause.quantities:
            if q.begin < begin:
                continue
            if q.kind in ("rate", "share", "multiple"):
                end = min(end, q.head)
            listed_next = q.kind in ("count", "person") and self.norm[q.head - 1 : q.head] in ("、", "和")
            if listed_next and _GRADE.match(self.norm, q.tail) is None:  # but 5个镇|通过国家级、3个省级验收
                end = min(end, q.head - 1)  # 60家企业|上规模|、60家企业税收超千万元
        text = obs_names.tidy(self.text(begin, end))
        text = _SAID_ADVERBS.sub("", text).replace("了", "")
        if text.endswith(("达", "为", "率")):
            return ""
        if len(text) > 22 or _OTHERS_ALL.search(text):
            text = compiled(r"[、,，;和]").split(text)[0][:22]
        return text

    def noun_after(self, chain: list[Quantity], limit: int, followed: bool, frame: Frame) -> tuple[int, int]:
        """Where the noun stands behind the last of a row of figures and says what was counted; empty if none does."""
        q = chain[-1]
        begin = q.tail
        none = begin, begin
        rising = (
            frame.sign
            and not frame.noun
            and q.kind == "rate"
            and (frame.rest.text or self.norm[begin : begin + 1] != "的")
        )
        if _ASIDE.match(self.norm, begin):
            return none
        if REACH.search(frame.rest.text) and (of := self.norm.find("的", begin, limit)) > begin:
            return of, limit
        if begin >= limit or frame.source or rising or (frame.to and q.kind == "rate"):
            return none
        nxt = self.norm[begin]
        if MARK.match(self.norm, begin, limit) or _TO_PLACE.match(self.norm, begin, limit):
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
            self.norm, begin, limit, self.words, self.lists, followed, self.reading.names_in(begin, limit)
        )
        if end <= begin:
            return none[0], end
        if (summed := _AND_SUM.search(self.norm, begin, min(end + 3, limit))) is not None and summed.start() < end:
            return summed.start(), limit  # 542个|重大项目|、总投资3491亿元
        if q.kind == "count":
            firms = OF_FIRMS.match(self.norm, begin, limit)
            if firms is not None and followed and firms.end() == limit:  # 12家|企业|实现产值35.6亿元
                return firms.end("who"), limit
            if firms is not None and _PASSED.fullmatch(self.norm, firms.end(), limit):  # 12家|企业|营业收入超过10亿元
                return firms.end("who"), firms.end("who")
        return end, said

    def ranked(self, left: Stretch, rest: Stretch, rank: Rank) -> tuple[str, str | None]:
        """What takes the place, and the area whose it is."""
        state = self.reading.state
        text = rest.text
        place = self.places.get(rest.at[0])
        area = None
        if place is not None and place[2] & (OWNERS | FIGURED_CLASSES):
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
            earlier = state.history[self.reading.begun :]
            text = text[: judged.start()] or state.topic or state.ranked or (earlier[-1] if earlier else "")
        return obs_names.tidy(text), area

    def names(
        self,
        clause: Clause,
        chain: list[Quantity],
        frame: Frame,
        rest: Stretch,
        subject: str,
        noun: str,
        said: str,
        measure: Measure,
    ) -> list[tuple[Quantity, str]]:
        """What each of a row of figures is called.

        ``rest`` is what stands before them, ``subject`` that as a name; ``noun`` is what stands behind them, ``said``
        what the rest of the clause says of it.
        """
        state = self.reading.state
        state.led = ""
        state.before, state.lead = state.lead, (-1, "")
        q = chain[0]
        if q.kind == "money" and not noun and q.head < q.begin and subject.endswith(self.lists.money):
            subject = _LED_TO.sub("", subject)  # 推动|企业营业收入突破300亿元
        if q.unit == "枚" and self.norm[q.end - 1] in "金银铜":
            return [(figure, f"{self.norm[figure.end - 1]}牌数") for figure in chain]
        if measure is not Measure.LEVEL or frame.to:
            return self._carried(chain, frame, rest, subject or noun, measure)
        if frame.compared:
            owner = "" if TRENDS.fullmatch(subject) or subject in ("总量", "比上年") else subject
            # 增长3.8%、|高于全省0.9个百分点: so much faster
            faster = q.unit == "个百分点" and (TRENDS.fullmatch(subject) or (not owner and self.reading.growing))
            owner = owner or (state.history[-1] if state.history else state.topic)
            owners = obs_names.members(owner, len(chain)) if len(chain) > 1 else [owner]
            if len(owners) == len(chain) > 1:
                shared = trend[0] if (trend := TRENDS.search(owner)) else ""
                owners = [o if o.endswith(shared) else o + shared for o in owners]
            else:
                owners = [owner] * len(chain)
            against = obs_names.members(frame.compared, len(chain)) if len(chain) > 1 else [frame.compared]
            if len(against) != len(chain):
                against = [frame.compared] * len(chain)
            if faster:
                speed = subject if _FALLS.fullmatch(subject) else SPEED
                owners = [o if _SHARES_OR_RATES.search(o) or TRENDS.search(o) else o + speed for o in owners]
            how = frame.beyond or ("低于" if frame.sign < 0 else "高于")
            return [(figure, f"{each}{how}{other}") for figure, each, other in zip(chain, owners, against, strict=True)]
        if said and len(chain) > 1 and not noun and not subject and all(o.kind == "person" for o in chain):
            said = _ADVERBS_AHEAD.sub("", said)  # 1.5万户、4.8万人|如期脱贫
            return [(o, f"{said}{o.suffix or '数'}") for o in chain]
        if noun:
            return [(figure, self._count_name(clause, figure, frame, rest, subject, noun, said)) for figure in chain]
        if len(chain) > 1 and chain[0].tail == chain[1].head and q.kind != "ratio":
            return [
                (figure, obs_names.closed(self.prefixed(subject), figure, self.lists, before=True)) for figure in chain
            ]
        if q.kind in ("rate", "share") and frame.each and len(chain) == 1:
            parts = obs_names.members(subject, None, self._cuts(rest))
            if len(parts) > 1:
                return [(q, self.prefixed(p)) for p in parts]
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
            if state.topic and frame.level and not said and not state.history[self.reading.begun :]:
                # 市场主体逆势增长,达到|29.8万户: of what this sentence has spoken of, not the one before
                return [(q, obs_names.closed(state.topic, q, self.lists, before=True))]
            if state.history and (frame.level or not said):
                return [(q, self._close_carried(self._in_all(state.history[-1], clause, q), q))]
            if said:
                return [(q, obs_names.closed(said, q, self.lists, before=False))]
            return [(q, state.topic)]
        if q.kind in ("count", "person") and (described := self._described(frame, self.reading.left, subject)):
            return [(q, obs_names.closed(described, q, self.lists, before=True))]
        verbs, _at = obs_names.closing_verbs(self.norm, rest.at, self.words, self.lists)
        if _MORE.fullmatch(verbs) and len(rest.text) > len(verbs):
            base = obs_names.tidy(read(rest.cut(0, len(rest.text) - len(verbs)), self.lists, self.words.starts).subject)
            return [(q, obs_names.closed(verbs + base, q, self.lists, before=True))]
        if frame.each:
            parts = obs_names.members(subject)
            if len(parts) < 2 and _BOTH.search(self.norm, rest.at[-1] + 1 if rest.at else q.head, q.head):
                parts = obs_names.apart(subject)  # 存贷款余额均突破|万亿元
            if len(parts) > 1:
                own = obs_names.leading_verbs(self.norm, rest.at, self.words, self.lists)
                lead = self._shared_verbs(own)  # 新创|合作社、保护产品各3个
                later = (p if p.startswith(tuple(self.lists.actions)) else lead + p for p in parts[1:])
                return [(q, obs_names.closed(p, q, self.lists, before=True)) for p in (parts[0], *later)]
        name = self._closed_subject(rest, subject, q, said, verbs)
        state.led = self._lead(rest, q, verbs)
        if state.led in name:
            state.led = ""
        return [(q, state.led + name)]

    def _lead(self, rest: Stretch, q: Quantity, verbs: str) -> str:
        """The verb that a list shares and its later members leave out: 新增孵化器2家、|创客空间3家."""
        state, begin = self.reading.state, rest.at[0] if rest.at else -1
        before = state.before
        own = obs_names.leading_verbs(self.norm, rest.at, self.words, self.lists)
        firms = rest.text.startswith(("上市公司", "上市企业"))  # and nothing that happens
        if firms:
            own = ""
        if own or verbs or begin < 0 or q.kind in ("rate", "share", "ratio"):
            lead = self._shared_verbs(own)
            state.lead = (self.reading.clause_begin, lead) if lead else (-1, "")
            return ""
        clause, lead = before
        if clause != self.reading.clause_begin or self.norm[begin - 1 : begin] not in _LISTING:
            return ""
        text = rest.text
        state.lead = before
        short = len(text) < 2 or (len(text) == 2 and q.kind not in ("count", "person"))  # 新开工项目7个、|装机|95万千瓦
        acts = any(text[-size:] in self.lists.actions for size in (2, 4))  # 新建农房9.5万户、|危房改造|2万户
        other = short or acts or _SUMS.search(text) or (not firms and text.startswith(tuple(self.lists.predicates)))
        return "" if other else lead

    def _shared_verbs(self, verbs: str) -> str:
        """As many of the verbs that open a list as its later members may leave out: 新开工|改造; 新增 of 新增上市."""
        end = begin = 0
        while size := next((n for n in (4, 3, 2) if verbs[begin : begin + n] in self.lists.shared), 0):
            end = min(begin + size, len(verbs))
            begin = end + (verbs[end : end + 1] in _LISTING)  # 新建|和|改造
        # 新增|上市企业; but 新建续建|学校12所、医院3所, 整治修复|岸线7公里、湿地501公顷
        alone = not end or len(verbs) - end <= 1 or _GAINED.fullmatch(verbs, 0, end) is not None
        return verbs[:end] if alone else verbs

    def _described(self, frame: Frame, left: Stretch, subject: str) -> str:
        """达到国家先进水平的有|170项: the things are those counted before."""
        size = len(frame.subject)
        owner = (
            self.reading.state.history[-1]
            if self.reading.state.history[self.reading.begun :]
            else self.reading.state.topic
        )
        if frame.level and owner and left.text[size : size + 1] == "的":
            return f"{subject}的{obs_names.strip_verbs(_stem(owner), self.lists)}"
        return ""

    def _closed_subject(self, rest: Stretch, subject: str, q: Quantity, said: str, verbs: str) -> str:
        state = self.reading.state
        if q.kind == "money" and not said and (raised := _RAISED_SUM.fullmatch(self.reading.left.text)):
            return f"{raised['verb']}资金"  # 向上|争取|8.5亿元
        subject = self._unlisted(rest, self._shortened(rest, subject))
        if subject == "投资" and self.norm[max(0, rest.at[0] - 2) : rest.at[0]] == "完成":
            subject = "完成投资"
        if _BARE_INVEST.fullmatch(subject) and not said:
            coming = compiled(r"[,，]([^,，;；。!?]{2,60})").match(
                self.norm[self.reading.clause_end : self.reading.clause_end + 64]
            )
            if coming:
                thing = (
                    compiled(r"以及|、")
                    .split(obs_names.tidy(_FIGURE.sub("", _YEAR.sub("", coming.group(1)))))[0]
                    .replace("了", "")
                )
                if (
                    2 <= len(thing) <= 24
                    and (self.prefixed(subject) == subject or _BUILT_FOR_IT.match(coming.group(1)))
                    and not _UNBOUGHT.match(thing)
                    and "%" not in thing
                ):
                    return f"{thing}{subject}"
        if q.kind == "money" and verbs and not said and subject.endswith(verbs) and self._is_verbs(rest, subject):
            return f"{verbs}资金"  # 千方百计|筹措|11.1亿元
        if q.kind == "money" and verbs and verbs == subject and said:
            thing = _PROGRESS.sub("", _SPENDING.sub("", said))
            if state.about and thing in ("项目", "工程"):
                thing = state.about + thing
            place = thing.split("、")[0][:14]
            return f"{place}{subject}额" if subject in ("投资", "完成投资") else f"{place}{subject}"
        prefixed = self.prefixed(subject)
        if q.kind in ("count", "person") and state.history:
            shared = self._shared_noun(rest, subject, q)
            if shared:
                return obs_names.closed(shared, q, self.lists, before=True)
        if prefixed == subject and _BARE_CHANGE.fullmatch(subject) and state.history:
            return obs_names.closed(subject + _stem(state.history[-1]), q, self.lists, before=True)
        if said and q.kind in ("count", "person") and not verbs and prefixed == subject and len(said) > 2:
            words = self.words.between(rest.at[0], rest.at[-1] + 1) if rest.at else []
            if words and self.norm[words[0][0] : words[0][1]] not in self.lists.actions:
                return obs_names.closed(prefixed, q, self.lists, before=True)
        return obs_names.closed(prefixed, q, self.lists, before=True)

    def _is_verbs(self, rest: Stretch, subject: str) -> bool:
        """Whether nothing stands before a sum but what is done to get it, and how: 千方百计|筹措."""
        if not _RAISED.search(subject) or not rest.at:
            return False
        words = self.words.between(rest.at[0], rest.at[-1] + 1)
        return all(self.norm[b:e] in self.lists.actions or tag[:1] in "vdil" for b, e, tag in words)

    def _shared_noun(self, rest: Stretch, subject: str, q: Quantity) -> str:
        """A subject that leaves out the noun just counted: 国家级研发机构16个、|省级|217个."""
        if subject.endswith(self.lists.wholes):  # 新增绿地50亩,|新增植树|5万株
            return ""
        owner = _stem(self.reading.state.history[-1])
        if RANKS.fullmatch(subject):
            led = _NEWLY.match(owner)
            new = led.group() if led is not None else ""
            bare = RANKS.sub("", owner[len(new) :].removeprefix("国家") if new else owner, count=1)
            return new + subject + bare if len(bare) > 1 else ""
        words = self._cuts(rest)
        if len(words) > 1 and _WHOLLY.fullmatch(words[0]):
            words = words[1:]
        acts = self.lists.actions, self.lists.nominal
        if words and all(w in acts[0] or w in acts[1] or w in "、和" for w in words):
            if q.kind == "count" and (invested := _INVESTED.match(owner)) is not None:
                return subject + invested[1]  # 保障性住房完成投资35亿元,|新开工建设|1.3万套
            for whole in (owner, owner.removeprefix("新")):
                first = obs_names.strip_verbs(whole, self.lists)
                if first and first != whole and not subject.endswith("就业"):
                    return subject + first
            gained = _NEWLY.sub("", owner, count=1) if _COUNTED_UP.match(self.reading.left.text) else ""
            if gained not in ("", owner):
                return subject + gained  # 净增研发机构6家,共|认定|15家
        verb = len(words) == 1 and len(subject) == 2 and self.words.tag_at(rest.at[0]) == "v"
        done = verb or subject in self.lists.predicates or subject in self.lists.actions
        *where, last = self.reading.state.counted
        owner = _stem(last)
        # of people a verb tells all: 出生2000人,|死亡1500人, 确诊病例30例,|治愈28例
        if (
            done
            and q.kind == "count"
            and q.unit != "例"
            and where == [self.reading.sentence[0], q.unit]
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
        verbs = obs_names.leading_verbs(self.norm, rest.at, self.words, self.lists)
        if "、" not in subject[:at] and (at - len(verbs) < 3 or subject[at - 1] in "同平均优中高初上下"):
            return subject
        return verbs + subject[at + 1 :]

    def _shortened(self, rest: Stretch, subject: str) -> str:
        """Without a prepositional phrase before the verb: 通过…引进|团队 becomes 引进团队."""
        if len(subject) < 12 or not rest.at:
            return subject
        words = self.words.between(rest.at[0], rest.at[-1] + 1)
        tag = words[0][2] if words else ""
        if tag[:1] in ("p", "d", "r", "c"):
            for b, e, _ in reversed(words[1:-1]):
                if self.norm[b:e] in self.lists.actions and b - rest.at[0] >= 4:
                    return obs_names.tidy(self.norm[b : rest.at[-1] + 1])
        return subject

    def prefixed(self, subject: str) -> str:
        """A noun that says too little alone, with the subject before it: 成功率, 增加值, 占全省."""
        state = self.reading.state
        if subject in self.lists.topical and state.topic.endswith(self.lists.thing):
            return state.topic + subject  # 新兴产业加速集聚,实现|销售|3002亿元
        begun = state.history[self.reading.begun :]
        if subject.endswith("贡献率") and self.reading.left.text.startswith("对") and begun and "占" not in begun[-1]:
            return f"{_stem(begun[-1])}对{subject}"  # 金融业增加值405.8亿元,|对经济增长贡献率达14.5%
        bare = subject in self.lists.bare or (subject.endswith("率") and len(subject) <= 3)
        if not (bare or subject.startswith("占")):
            return subject
        owner = state.topic or (state.about if subject in self.lists.money else "")
        if not owner:
            rate = subject.endswith("率") or subject in self.lists.money  # 开工率25%,|完成投资|115亿元
            own = [s for s in state.history[self.reading.begun :] if not (rate and s.endswith("率"))]
            owner = _stem(own[-1]) if own else ""
        if _ALL.fullmatch(subject):
            owner = self._gained(owner)
        if subject in self.lists.money:  # 园区企业总数153家、|产值…; 新增规上企业100家、|增加值…
            owner = owner.removesuffix("总数").removesuffix("总") or owner
            owner = _NEWLY.sub("", owner, count=1) if subject == "增加值" else owner
        if not owner or owner.endswith(subject):
            if owner and f"总{subject}" in self.reading.left.text:  # 新增里程31公里、总|里程|621公里
                return _NEWLY.sub("", owner, count=1)
            return owner if owner else subject
        if subject == "增加值" and (gross := _GROSS.search(owner)):
            return owner[: gross.start()] + subject
        if _AMOUNTS.fullmatch(subject) and _ENDS_ALL.search(owner):
            return owner
        if _CROP_YIELD.fullmatch(subject) and (ground := _SOWN.match(owner)):
            return ground[1] + subject
        for size in range(min(len(owner), len(subject)), 1, -1):
            if owner.endswith(subject[:size]):
                return owner + subject[size:]
        return owner + subject

    def completed(self, name: str, q: Quantity, before: Sequence[str]) -> str:
        """A name with what the ones before it in the sentence say of it, too.

        ``before`` are those, in order: 生产安全事故起数、|死亡人数, 规模以上工业增加值…,其中|装备制造业.
        """
        former = before[-1] if before else ""
        if _HARM.fullmatch(name) and (accident := _ACCIDENTS.match(former)):
            return accident[1] + name
        begin = self.reading.sentence[0]
        goes_on = self.norm[begin - 1 : begin] in (";", "；") and _SECTOR.search(_MEASURED.sub("", former))
        if q.unit in ("%", "元") and (goes_on or _PARTS_LEAD.search(self.norm, begin, q.head)):
            if _THIRDS.fullmatch(name) and (_GDP.search(former) or _THIRDS.fullmatch(former.removesuffix("增加值"))):
                return f"第{name.removeprefix('第')[0]}产业增加值"
            if _SECTOR.search(name) and (measured := _MEASURED.search(former)):
                return name + measured[0]
        return name

    def _owner(self) -> str:
        """What the clause goes on with: what the clause before spoke of, else what was measured last."""
        return self.reading.state.topic or (self.reading.state.history[-1] if self.reading.state.history else "")

    def _in_all(self, name: str, clause: Clause, q: Quantity) -> str:
        """The stock behind what was added to it: 新增创新平台10家,累计达|160家 are 创新平台."""
        said = self.reading.left.text or self.norm[clause.begin : q.head]
        if q.kind not in ("count", "person", "area", "length") or not _IN_ALL.match(said.strip("、,， ")):
            return name
        stock = _NEWLY.sub("", name, count=1)
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
        if frame.of and "占" not in subject and compiled(r"(?:超额)?完成|实现").match(subject):
            return self._done(subject)
        done = _SET.match(subject)
        if not done and not subject:
            done = _OF_SET.search(self.norm[max(self.reading.clause_begin, q.head - 8) : q.head])
        if done and not done.group(1).endswith(("增长", "增速")):
            owner = done.group(1) or _stem(self._owner()).rpartition("的")[2]
            if not done.group(1) and (invested := _INVESTED.match(owner)) is not None:
                owner = invested[1]  # 重点项目完成投资290亿元,占年度投资计划的|96.2%
            return f"{owner.removesuffix(done.group(2))}{done.group(2)}完成率"
        name = self.prefixed(subject) if subject else ""
        if not name:
            owner = self._owner()
            if said and _stem(owner):
                return f"{_stem(owner)}{said}率" if len(said) <= 6 else f"{said}比例"
            if not owner and len(said) > _SAYS_MUCH and self.words.tag_at(q.tail)[:1] not in ("v", "p", "d", "u"):
                # 60%以上|行政村达到美丽宜居村标准; not 75%|用于保障和改善民生
                return f"{said}比例"
            if owner and (
                frame.done or (frame.of and self.norm.startswith(("完成", "超额完成"), self.reading.clause_begin))
            ):
                return f"{_stem(owner)}完成率"
            return owner
        if frame.share and not _SHARES_OR_RATES.search(name):
            return name + "占比"
        if "占" in name and not _SHARES.search(name):
            return name + "的比重"
        if said and not _RATES.search(name) and len(said) <= 4:
            return f"{name}{said}率"
        return name

    def _done(self, subject: str) -> str:
        thing = compiled(r"^(?:超额)?完成了?|^实现").sub("", subject)
        return f"{thing}完成率" if thing else "完成率"

    def _count_name(
        self, clause: Clause, q: Quantity, frame: Frame, rest: Stretch, subject: str, noun: str, said: str
    ) -> str:
        """The name of a count whose noun follows: 建成|8个|绿道驿站, 68家|工业企业|已关停."""
        state = self.reading.state
        if q.kind in ("share", "rate"):
            if said:
                return f"{said}的{noun}比例"
            if compiled(r"全[省市国区县球]$").search(frame.rest.text):
                verb, _ = obs_names.closing_verbs(self.norm, frame.rest.at[:-2], self.words, self.lists)
                return f"{verb}{noun}比例" if verb else f"{noun}占{frame.rest.text[-2:]}比重"
            if subject.startswith(("超额完成", "完成")):
                return self._done(subject + noun)
            return f"{subject}{noun}比例" if subject else f"{noun}比例"
        helped = q.kind == "money" and (self.is_spent(q) or _REACHING.match(self.norm, q.tail) is not None)
        if helped and _FUNDS.search(subject) and len(subject) > 2 and not subject.endswith("投资"):
            return subject  # 发放补贴|2亿元|惠及群众
        if q.kind == "money" and self.norm[q.tail : q.tail + 1] == "的":
            if subject.endswith("投资"):
                state.verbs = "投资"
                return f"{noun}投资额"
            if not subject and state.verbs == "投资":
                return f"{noun}投资额"
        every = _FOR_EVERY.search(self.norm[max(clause.begin, q.head - 12) : q.head])
        if subject.endswith("等") or "、" in subject or _VAGUE_END.search(rest.text):
            verbs = obs_names.leading_verbs(self.norm, rest.at, self.words, self.lists)
            if not verbs and not subject.endswith("等"):
                verbs, _ = obs_names.closing_verbs(self.norm, rest.at, self.words, self.lists)
        else:
            verbs, _ = obs_names.closing_verbs(self.norm, rest.at, self.words, self.lists)
        left = self.norm[max(clause.begin, q.head - 1) : q.head]
        if not verbs and left and left in "、和及与" and state.verbs:
            verbs = state.verbs
        elif verbs:
            state.verbs = verbs
        if not verbs and self.norm.endswith("解决", clause.begin, q.head):
            verbs = state.verbs = "解决"
        if verbs.endswith("解决") and q.kind in ("count", "person", "bare"):
            whole = noun + said
            if solved := _SOLVED.match(whole):  # 解决|1.6万|贫困人口|饮水问题
                return f"解决{solved['what']}的{solved['who']}数"
            if q.kind == "person" and _TROUBLES.search(whole):
                return f"解决{whole}{q.suffix or '人数'}"
        if q.kind == "money" and verbs and len(noun) > 3 and not _FUNDS.search(noun):
            spent = self._spent(clause, q, noun, verbs)
            if spent:
                return spent
        if q.kind == "person" and not said and noun in self.lists.predicates:  # 3.2万户、10.5万人|脱贫
            of = compiled(r"[^实现完成、]{1,6}[户民口众]$").search(subject) if left not in "、和及与" else None
            return f"{noun}的{of[0]}数" if of else f"{noun}{q.suffix or '人数'}"
        if state.about and said and not verbs and len(noun) <= 4 and q.kind == "count":
            name = state.about + noun
        elif said and (
            q.kind in ("count", "person")
            or (q.kind == "bare" and noun.endswith(self.lists.people))
            or (q.kind in ("area", "length") and said in self.lists.predicates | self.lists.achievements)
        ):  # 295万平方米|低温区|得到改善
            noun = _ADVERBS.sub("", noun)  # 5家|企业首次|入选全国500强
            if not noun:  # 24245人|全部|脱贫
                return f"{said}{q.suffix or '数'}"
            name = f"{said}的{noun}"
            if noun.endswith("水质") and len(noun) > 3 and not self.says_level(said):  # 8个|国考断面水质|达标
                name = f"水质{said}的{noun[:-2]}"
            if said.startswith(("是", "为")) and len(said) > 2:
                name = said[1:]
        elif every:
            name = f"{every.group()}{verbs if verbs not in every.group() else ''}{noun}"
        else:
            # 完成|40座|客运站建设: so many have been built
            finished = not verbs and self.norm.endswith(("完成", "完成了"), clause.begin, self.reading.cut[0][0])
            if q.kind == "count" and "的" not in noun and (task := _TASK.search(noun)):
                noun = noun[: task.end("work")]
            counted = q.kind == "count" and "的" not in noun and not (finished or _WORK_ITSELF.search(verbs))
            if counted and (work := _ONLY_WORKED_ON.search(noun)):  # 推进|36个|重点项目|建设
                noun = noun[: work.end("thing" if work["thing"] else "firms")]
            name = f"{verbs}{noun}"
        return obs_names.closed(name, q, self.lists, before=False)

    def _spent(self, clause: Clause, q: Quantity, noun: str, verbs: str) -> str:
        """What the money goes to: 投资|3亿元|建成绿道 is 绿道投资额, 投入|…|对口帮扶某地 is 对口帮扶投入."""
        begin = self.norm.find(noun[:2], q.tail, clause.end)
        tokens = self.words.between(begin, min(begin + len(noun), clause.end)) if begin >= 0 else []
        done = any(tag[:1] in ("v", "p", "d", "l") and tag != "vn" for _, _, tag in tokens[:2])
        if not done and not self.is_spent(q):
            return ""
        if verbs.endswith("投资"):
            for b, e, _ in tokens:
                if self.norm[b:e] not in self.lists.actions and self.norm[b:e] not in ("用于", "了", "的"):
                    return noun[b - begin :] + "投资额"
            return ""
        named = self.reading.names_in(begin + 1, begin + len(noun))
        stop = named[0][0] - begin if named else len(noun)
        if noun[:stop] in self.lists.actions:  # 投入2亿元|打造|“智慧云溪”
            return noun[stop:] + verbs
        first = noun[:stop].split("、")[0]
        return (noun[:stop] if first in self.lists.actions else first) + verbs  # 新建、改扩建|学校

    def is_spent(self, q: Quantity) -> bool:
        """Whether behind a sum stands what is done with it: 投入3亿元|建设农村公路."""
        tokens = self.words.between(q.tail, q.tail + 4)
        word = self.norm[tokens[0][0] : tokens[0][1]] if tokens else ""
        return word in self.lists.actions and word != "投资"  # 50亿元|投资项目

    def _distributed(
        self, chain: list[Quantity], frame: Frame, subject: str, rest: Stretch
    ) -> list[tuple[Quantity, str]]:
        n = len(chain)
        after = _LEADS_ON.sub("", obs_names.tidy(frame.after_dist))
        if frame.after_dist:
            after = obs_names.tidy(_LED_ON.sub("", after))
        subjects = self.subjects(subject, n, rest)
        return [
            (q, obs_names.closed(s + after, q, self.lists, before=True) if s else s)
            for q, s in zip(chain, subjects, strict=True)
        ]

    def _gained(self, owner: str) -> str:
        """What is told of all there are, by what was added: 企业 where 新增企业户 has been counted."""
        owner = obs_names.strip_verbs(owner, self.lists)
        if (led := _NEWLY.match(owner)) is not None:
            owner = owner[led.end() :]
        if owner.endswith("户") and owner not in self.norm[slice(*self.reading.sentence)]:
            owner = owner.removesuffix("户")  # 新增市场主体20.7万户: no 市场主体户
        return owner

    def subjects(self, subject: str, n: int, rest: Stretch) -> list[str]:
        """As many subjects as there are figures: of the clause, or of those before it."""
        state = self.reading.state
        if "figures.distribution" in self.without:
            return [subject or self._owner()] * n
        if subject:
            parts = obs_names.members(subject, n, self._cuts(rest))
            if len(parts) == n and not (parts[0] in parts[-1][1:] and subject.endswith("率")):
                return parts
            topics = obs_names.members(state.topic, n) if state.topic else []
            average = _MODIFIERS.fullmatch(subject) is not None
            if len(topics) == n > 1 and (subject in self.lists.bare or average or len(parts) == 1):
                return [topic if average else topic + subject for topic in topics]
            short = subject in self.lists.bare or (len(subject) <= 10 and subject.endswith("率"))
            if short and len(state.history) >= n:
                stems = [_stem(s) for s in state.history[-n:]]
                return [(self._gained(s) if _ALL.fullmatch(subject) else s) + subject for s in stems]
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
        state = self.reading.state
        if subject and (_OF_EACH.fullmatch(subject) or _CORRECTED.fullmatch(subject)):
            subject = ""
        if len(chain) == 1 and frame.distributed and subject:
            return [(chain[0], p) for p in obs_names.members(subject, None, self._cuts(rest))]
        told = state.history[self.reading.begun :]
        alone = len(chain) == 1 and not self.norm.startswith(("、", "和"), chain[0].tail)
        levels = alone and not self.reading.grown  # what has grown once does not grow again
        if levels and frame.distributed and len(told) > 1 and measure is Measure.GROWTH:
            return [(chain[0], name) for name in told]  # 旅游人数突破370万人次,旅游收入达到38亿元,分别增长|20%
        if len(chain) > 1 or frame.distributed:
            subjects = self.subjects(subject, len(chain), rest)
            return list(zip(chain, subjects, strict=True))
        q = chain[0]
        if q.kind == "multiple" and frame.of:
            compared = compiled(r"(.*?)(?:约?是|为|相当于|达到?)?[^是为]*$").match(rest.text)
            subject = obs_names.tidy(compared.group(1)) if compared else ""
        if subject:
            parts = obs_names.members(subject, None, self._cuts(rest))
            if not frame.each and not all(
                len(p) > 3 and p in subject and p.endswith(self.lists.quantities) for p in parts
            ):
                parts = [subject]  # 软件和信息技术服务|收入 is one sum
            if len(parts) > 1 and not frame.to:
                return [(q, p) for p in parts]
            name = self.prefixed(self._shortened(rest, subject))
            if q.unit == "%":  # but 拉动GDP增长1.2个百分点 is not all that it grew by
                name = _CAUSED.sub("", name)
            name = self._of_sector(name)
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
        if q.unit == "个百分点" and state.portion[0] == self.reading.sentence:
            name = state.portion[1]  # 占全市GDP的57%,|比上年提高4.1个百分点
        return [(q, name)]

    def _of_sector(self, name: str) -> str:
        """What of an industry grew, where that is told of the whole: 工业增加值增长8%,其中|高新技术产业|增长15%."""
        if self.norm.startswith("其中", self.reading.clause_begin):
            whole = self.reading.state.history[-1] if self.reading.state.history else ""
            measured = _MEASURED.search(whole)
            self._parted = self.reading.sentence, measured[0] if measured else ""
        sentence, what = self._parted
        if sentence != self.reading.sentence or not _SECTOR.search(name):
            self._parted = (-1, -1), ""  # what comes after is of something else
            return name
        return name + what

    def says_level(self, said: str) -> bool:
        """Whether what stands between the things counted and the next figure only leads to it: 达到, 保持, nothing."""
        return not said or "level" in self.lists.tails.get(said, ())


def _stem(name: str) -> str:
    """The counted thing of a count: 企业 of 企业数.

    >>> _stem("重点企业数"), _stem("指数")
    ('重点企业', '指数')
    """
    return name if _NUMBERS.search(name) else name.removesuffix("数")
