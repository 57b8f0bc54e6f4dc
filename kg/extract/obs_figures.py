"""Which numbers are figures that measure something.

Not those in names, conditions ("投资亿元以上项目"), capacities that belong to a name ("30万吨乙烯项目"), durations that
only frame the sentence, small numerals that only set out ("三个方面").
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from kg.extract.listed import listed
from kg.extract.obs_clauses import Clause
from kg.extract.obs_names import Words
from kg.extract.obs_words import ObsWords
from kg.extract.quantities import Quantity
from kg.model import Bound
from kg.patterns import compiled

_THRESHOLD_NOUN = listed(r"的?{threshold-modifier}*(?:{threshold-noun}|区(?!间))")
#: what sums tell which things are meant, and not how much anything is: 超10亿元、50亿元、100亿元的企业. One alone needs
#: 的, or others before it; and no verb may stand between: 税费优惠超过5亿元惠及企业
_SUM = r"[\d.]+(?:万亿|[千百十]?[万亿])元"
_OF_THOSE = listed(
    rf"(?:超过?|过|达|突破)?{_SUM}(?:以上)?(?P<more>(?:[、和及](?:超过?|过|达|突破)?{_SUM}(?:以上)?)+)?(?P<whose>的)?"
    r"{passed-modifier}{0,3}"
    r"{passed-noun}(?:[户个]数|数量)?(?=[,，。;；、]|$|(?:分别|各)?(?:达到?|有|新增|增加)?\d|{much-more})"
)
_ONE_OF = compiled(rf"{_SUM}(?:以上)?[、和及](?:超过?|过|达|突破)?$")
#: those among whom something is ranked: 在全国168个|重点城市中排名第12位, 60个|文明城市之一
_PEERS = listed(
    r"[^,，。;；、\d]{0,10}?{peer}(?:(?P<one>之一)|[中里]?[,，]?(?:综合)?(?:{placing-verb}|第[\d一二三四五六七八九十]))"
)
_WIDE = compiled(r"(?:全[国省球]|世界|[国省]内)$")
#: of a few of these nothing is counted: 三大类, 两层
_UNCOUNTED_UNIT = listed("{uncounted-unit}")
#: what is done to more than one thing at a time, and says nothing of each: 打造三个
_LASTING = listed("{lasting-verb}")
#: what a number only sets out, without measuring anything: 四次全会, 十个方面
_UNCOUNTED = listed(r"{numbered-meeting}|人大(?!{congress-part})|{setting-out-modifier}?{uncounted-noun}")
#: what is told apart by how many live there
_HAMLET = listed(r"的?[^,，。;；、\d]{0,4}?{hamlet}")
#: how far around something
_RADIUS = compiled(r"(?:服务|步行)?(?:范围|半径)")
#: what may stand before the subject of a clause, and the subject with what it does
_CLAUSE_OPENING = listed(r"^[、,\s]?{clause-lead}?")
_DOES = listed(r"[^,，。;；、的\d]{2,12}?{counted-verb}(?!企业|项目)")
_CAPACITY = listed(r"{capacity-lead}(?:能力)?$")
#: a mark that is passed, not a thing that is counted: 突破千亿元大关
MARK = listed(r"(?:[两三四五六]个|新)?(?:{passed-mark}|的?历史性?(?:大关|突破)|规模(?=[,，;。、)]|$))")
RISE = listed(r"{rise-manner}?{rise-verb}(?:到|至|为|成)")


#: what is told as so much to one
_TO_ONE = listed(r"{ratio-noun}[^,，;。:]{0,8}(?:比|差距)|比例|比值")
_NARROWED = listed(r"(?:进一步)?{ratio-verb}[到至为]?")
#: a mark with which the clause ends, and the verbs of those who pass it
_PASSED = listed(r"新?(?:{passed-mark}|规模)(?=[,，;。、)]|$)")
_PASSING = compiled(r"(?:突破|首?破|跨[越过上入]|[迈跃登站][上入过]|超过?|达到?|稳定在|保持在)了?$")
#: the figures before the last of a row: 突破|300、|200亿元大关; and how far before that one the verb stands at most
_ROW, _PASSED_BY = compiled(r"(?:[\d.]+[、和])+$"), 16

#: what a number without a unit measures, in its clause or the one before it
_INDEX = listed(
    r"(?:{index-noun}|收入比(?![上去前全\d]))(?:[从由][\d.]+)?(?:[^,，;。]{0,6}|[^,，;。]{1,8}[,，](?:达到?|为|是))$"
)


#: what is told of those who are counted, behind what they are
OF_FIRMS = listed(
    r"(?P<who>[^,，。;；、的]{0,8}?{passed-noun})(?P<did>实现|完成)?(?P<what>年?{yield-noun}(?:总额)?)(?P<all>均|都)?"
)
#: a mark that firms pass one by one is a round number, of so many digits at most but for its zeros; what many of them
#: have passed, and what goes on with its growth or share, is their sum
_OF_A_MARK, _FEW, _GOES_ON = 1, 30, listed(r"[、和]|[,，]{year-compared}?{sum-course}")
_FIRMS = listed("{counted-firm}$")

#: how old something is, or gets: 人均预期寿命达到|79岁
_AGE = listed(r"{age-noun}[^,，]{0,16}$")
#: a round sum that somebody gets is a figure: 发放|超亿元贷款
_GRANTED = listed(r"{granting-verb}[^,，]{0,2}$")
#: what makes a figure of one with a bound behind it: 合格率|稳定在|98%以上
_REACHED = listed("{reached-verb}$")
#: behind those who have passed a threshold: it is their money that is told of: 1000万元|企业贷款
_THRESHOLD_MONEY = listed("{threshold-money}")
#: what has a capacity in its name: 30万吨|乙烯项目, 110|千伏
_SIZED, _RATING = listed(r"[^,，;。]{2,60}{sized-work}"), listed("{rating-unit}")
#: how far around one gets in the time: 1小时|交通圈
_AROUND = listed(r"[^,，。;]{0,12}{reach-noun}")
#: how long something takes or lasts, which is measured: 办理时限压缩至|3天
_SPAN_LEAD = listed(r"{span-lead}[^,，]{0,9}$")
#: how long something may take at most, whatever it is: 工业项目审批不超过|45个工作日
_LIMITED = listed("{time-limit}$")
#: characters in which the longest of these stands
_LIMIT_LENGTH = 4
#: a sum of which so much at least is raised or given: 筹集5亿元以上|资金
_SUM_OF = listed(r"[^,，;。、的\d]{0,4}{sum-noun}(?:$|[,，;。、]|{sum-use})")
#: people, told without a unit: 105万以上|贫困人口
_PEOPLE = listed(r"[^,，;。、的\d]{0,6}{people-noun}(?:$|[,，;。、]|{counted-verb}|{finished-verb}|实现)")
#: the number of a phase counts nothing: 三期|工程
_PHASED = listed("{phased-work}")


class Figures:
    """Tells figures from other numbers in one report."""

    def __init__(self, norm: str, words: Words, lists: ObsWords, named: Sequence[tuple[int, int]]) -> None:
        self.norm = norm
        self.words = words
        self.lists = lists
        self.named = named  # sorted spans of named things

    def measures(self, q: Quantity, clause: Clause) -> bool:
        norm = self.norm
        if self._named(q):
            return False
        after = norm[q.tail : clause.end]
        nxt = after[:1]
        ends = not nxt or nxt in ",，;。、)(!?:"
        left = norm[max(clause.begin, q.head - 12) : q.head]
        mark = _PASSED.match(after) if q.kind in ("money", "mass") and not ends else None
        passing = _ROW.sub("", norm[max(clause.begin, q.head - _PASSED_BY) : q.begin])
        if mark is not None and _PASSING.search(passing):  # 突破2000亿元|大关, 达到100亿斤|阶段性水平
            ends, nxt, after = True, after[mark.end() : mark.end() + 1], after[mark.end() :]
        if q.kind == "ratio":
            return True
        if left.endswith("连续") or _UNCOUNTED.match(after) or self._are_peers(q, left, after):
            return False
        if q.kind in ("grade", "tech") and q.unit != "分":
            return q.kind == "tech"
        if q.kind == "bare":
            return self._bare(q, after, ends, clause)
        if q.kind == "time":
            return self._duration(q, left, after, ends)
        if q.kind == "age":
            return bool(_AGE.search(norm[max(clause.begin, q.head - 20) : q.head]))
        if after.startswith("口径"):
            return False
        if q.kind == "money" and q.head < q.begin and q.bound is Bound.GE and not ends and nxt != "的":
            later = any(o.begin > q.begin and o.kind in ("count", "person") for o in clause.quantities)
            spent = _GRANTED.search(left)
            words = self.words.between(q.tail, min(q.tail + 4, clause.end))
            noun = (bool(words) and words[0][2][:1] in ("n", "a", "b", "j", "s")) or (
                bool(words) and words[0][2] == "vn"
            )
            if noun and (later or (q.round and not spent)):
                return False
        which = _OF_THOSE.match(norm, q.head, clause.end) if q.kind == "money" and "投" not in left[-3:] else None
        if which is not None and (which["more"] or which["whose"] or _ONE_OF.search(left)):
            return False  # 培育主营业务收入超10亿元、50亿元的|企业
        if q.kind == "money" and ends and self._is_passed(q, clause):
            return False
        if q.round and nxt == "的" and q.kind == "money" and not compiled(r"(?:投资|投入)[^,，]?$").search(left):
            return False
        if q.round:
            if q.head == q.begin and q.bound is not Bound.GE:
                return False
            if q.tail > q.end and not ends:
                return False
            passed = compiled(r"(?:大关|关口)(?:[,，;。、]|$)").match(after)
            if (
                q.head < q.begin
                and norm[q.head] not in "上近"
                and not (ends or passed)
                and _THRESHOLD_NOUN.match(after)
            ):
                return False
            return not (q.kind == "money" and not (ends or passed) and _THRESHOLD_NOUN.match(after))
        if q.small and not self._small(q, clause):
            return False
        if q.kind in ("rate", "share", "multiple", "score"):
            if q.kind == "multiple" and q.unit == "倍" and nxt and nxt in "频速体":
                return False
            return not (
                q.kind == "share"
                and norm[q.begin : q.end] in ("一半", "半数")
                and not compiled(r"[占近超达约过的]$").search(left)
                and q.tail == q.end
            )
        if q.unit in ("户", "人") and _HAMLET.match(norm, q.tail, clause.end) and q.tail > q.end:
            return False  # 20户以上|自然村
        if q.kind == "length" and _RADIUS.match(norm, q.tail, clause.end):
            return False  # 500米|范围公交站点覆盖率
        conditioned = q.tail > q.end and norm[q.end : q.tail] in ("以上", "以下", "及以上", "及以下", "以内")
        if conditioned and not ends and q.unit != "次":
            acts = self.acts(clause, q)
            if acts and (q.kind in ("count", "person") or (q.kind == "money" and _SUM_OF.match(after))):
                return True
            opens = norm[q.head - 1 : q.head] == "、" or not _CLAUSE_OPENING.sub("", norm[clause.begin : q.head])
            if q.kind == "count" and opens and _DOES.match(norm, q.tail, clause.end):
                return True  # 100家以上|企业挂牌上市
            return _REACHED.search(left) is not None and not _THRESHOLD_NOUN.match(after)
        if q.kind in ("mass", "volume", "power", "money", "length") and not ends and nxt != "的":
            kind = _THRESHOLD_NOUN.match(after)
            if kind and not _THRESHOLD_MONEY.match(after[kind.end() :]) and not self.acts(clause, q):
                return False
            words = self.words.between(max(clause.begin, q.head - 6), q.head)
            begun = self.words.between(clause.begin, q.head)
            acted = bool(begun) and norm[begun[0][0] : begun[0][1]] in self.lists.actions
            if (
                q.kind == "length"
                and not acted
                and words
                and words[-1][2][:1] == "n"
                and not compiled(r"[达长约]$").search(left)
            ):
                return False
        if q.kind in ("money", "area", "length", "mass", "volume", "power", "count", "person") and not ends:
            condition = q.head < q.begin and q.bound in (Bound.GE, Bound.LE)
            if condition and _THRESHOLD_NOUN.match(after) and q.kind == "money" and not MARK.match(after):
                return False
            if q.kind in ("mass", "volume", "power") or _CAPACITY.search(left):
                name = compiled(r"[^,，;。、()的]{1,20}").match(after)
                if not self.acts(clause, q) and _SIZED.match(after):
                    return False
                if name and (name.group().endswith(self.lists.plants) or after.startswith(self.lists.plants)):
                    return False
            if _RATING.fullmatch(q.unit):
                return False
        return True

    def _are_peers(self, q: Quantity, left: str, after: str) -> bool:
        peers = _PEERS.match(after) if q.kind == "count" else None
        return peers is not None and (peers["one"] is not None or _WIDE.search(left) is not None)

    def _is_passed(self, q: Quantity, clause: Clause) -> bool:
        """Whether a sum is what each of those counted before it has passed: 12家企业营业收入超过|10亿元."""
        digits = compiled(r"\D|0+(?!\d)").sub("", self.norm[q.begin : q.end])
        before = [o for o in clause.quantities if o.tail <= q.head]
        if q.bound is not Bound.GE or len(digits) > _OF_A_MARK or not before or _GOES_ON.match(self.norm, q.tail):
            return False
        counted = before[-1]
        firms = OF_FIRMS.fullmatch(self.norm, counted.tail, q.head)
        if firms is None or counted.kind != "count" or counted.small:
            return False
        few = counted.value <= _FEW and _FIRMS.search(firms["who"]) is not None
        return firms["all"] is not None or (few and firms["did"] is None)

    def _named(self, q: Quantity) -> bool:
        """Whether the number is part of a name."""
        i = bisect_right(self.named, (q.begin, 1 << 60))
        return any(q.end <= end for _, end in self.named[max(0, i - 4) : i])

    def acts(self, clause: Clause, q: Quantity) -> bool:
        """Whether a verb that leads a counted noun stands right before the figure."""
        words = self.words.between(max(clause.begin, q.head - 6), q.head)
        return bool(words) and self.norm[words[-1][0] : words[-1][1]] in self.lists.actions

    def _bare(self, q: Quantity, after: str, ends: bool, clause: Clause) -> bool:
        text = self.norm[q.begin : q.end]
        if ":" in text:  # 城乡收入比缩小到|2.1:1
            told = _TO_ONE.search(self.norm, clause.begin, q.head) is not None
            return told and (ends or RISE.match(after) is not None or bool(_NARROWED.match(after)))
        if q.tail > q.end and not ends:
            begun = not self.norm[clause.begin : q.head] or self.acts(clause, q)
            return begun and text[-1] in "万亿" and _PEOPLE.match(after) is not None
        if text[-1] in "万亿" or (text[-1] in "多余" and text[-2:-1] in "万亿"):
            return ends or after[:1] not in "级元里工"
        changes = RISE.match(after) is not None or _NARROWED.match(after) is not None
        return (ends or changes) and _INDEX.search(self.norm, max(0, q.head - 24), q.head) is not None

    def _duration(self, q: Quantity, left: str, after: str, ends: bool) -> bool:
        if q.unit in ("年", "周年", "个月", "日", "个季度", "周"):
            return bool(compiled(r"(?:寿命|年限)[^,，]{0,6}$").search(left)) and q.unit == "年"
        if q.small and q.unit == "天":
            return False
        if _AROUND.match(after) and not ends:
            return False
        closed = ends or q.tail > q.end or after[:1] in set("以的,和及与") or RISE.match(after) is not None
        limited = _LIMITED.search(self.norm, max(0, q.begin - _LIMIT_LENGTH), q.begin) is not None
        return closed and ((limited and after[:1] != "的") or _SPAN_LEAD.search(left) is not None)

    def _small(self, q: Quantity, clause: Clause) -> bool:
        """Whether a Chinese numeral up to ten counts something: 荣获三次…, 新建两所学校; not 三个重大突破."""
        norm = self.norm
        if q.bound is not Bound.EQ or q.kind in ("rate", "share", "multiple", "money"):
            return True
        if _UNCOUNTED_UNIT.fullmatch(q.unit):
            return False
        if q.unit == "期" and _PHASED.match(norm, q.tail):
            return False
        words = self.words.between(max(clause.begin, q.head - 8), q.head)
        if not words:
            return False
        last = norm[words[-1][0] : words[-1][1]]
        if last in ("了", "第") and len(words) > 1:
            last = norm[words[-2][0] : words[-2][1]]
        if q.unit in ("个", "件", "期", "项"):
            return last in self.lists.achievements and not _LASTING.fullmatch(last)
        if last in ("、", "和"):
            return any(o.small and o.unit == q.unit and o.end < q.begin for o in clause.quantities)
        return last in self.lists.achievements
