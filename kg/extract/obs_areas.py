"""Whose figure it is: the named things with which clauses begin, and for how long they hold."""

from __future__ import annotations

from kg.extract import obs_names
from kg.extract.listed import listed
from kg.extract.obs_clauses import Clause
from kg.extract.obs_frames import Stretch, stretch, strip_head
from kg.extract.obs_reading import Place, Sharing
from kg.extract.obs_years import CLAUSE_ENDS
from kg.extract.quantities import Quantity
from kg.extract.words import words as general_words
from kg.model import EntityClass
from kg.patterns import compiled

#: what money is spent on
_BOUGHT = frozenset(
    (EntityClass.PROJECT, EntityClass.FACILITY, EntityClass.PARK, EntityClass.ENTERPRISE, EntityClass.ORGANIZATION)
)
#: classes of entity that can have figures of their own
OWNERS = frozenset(
    {
        EntityClass.PARK,
        EntityClass.ZONE,
        EntityClass.ADMINISTRATIVE_AREA,
        EntityClass.ENTERPRISE,
    }
)
_AREAS = frozenset({EntityClass.PARK, EntityClass.ZONE, EntityClass.ADMINISTRATIVE_AREA})
#: of facilities and bodies only those that have figures by their nature
FIGURED_CLASSES = frozenset({EntityClass.ORGANIZATION, EntityClass.FACILITY})
_FIGURED = listed("{figured-head}$")
OWN = compiled(r"[ 、]*(?:其中)?(?:全|我|本)[省市区县州盟旗]")
_TOWARDS = frozenset("在与对从向到给同")
_JOINING = frozenset("、和与及等")
_GENERAL = compiled(r"(?:发展|工作)$")
#: a kind, which owns nothing: 国家4A级旅游景区|增至12家
_GRADE = compiled(r"(?:国家)?(?:\d?A+级?)(?:国家)?(?:旅游)?(?:景区|景点)")
#: what tells of a sum that it is of all that were counted before it
_SUM = listed(r"[ ,，]?{sum-kind}?总?投资(?:总?额|规模)?(?:达到?|共|为)?")
#: a mark that was passed, which says nothing of what passed it
_MARK_PASSED = listed(
    r"{again-adverb}*(?:[跃迈跨登站]|突破|创(?=下|出|历|同|近|新高|纪录|记录|最|有|建|\d)|刷新|(?<![以规])上)[^,，]{0,12}{mark-noun}.*"
)
#: what happens to a thing whose level follows: 补助标准|进一步提高,达到…, 提高|补助标准,达到…
_RISING, _RAISING = listed("{rise-manner}*{rise-verb}$"), listed("{rise-manner}*{rise-verb}")
_ADJUSTED = compiled(r"(?:按可比[^,，]{0,4})?(?:扣除|剔除)[^,，]*$")
#: what stands between a kind of thing and its count
_KIND = listed(r"{kind-end}?{count-lead}?$")
#: what is a park's, a port's or an enterprise's own in a clause after one about it
_OWN_NOUN = listed("{own-figure-lead}*{own-figure}")
#: what a place is said to have after a clause about it; of what is added, the report's own area is the subject
_HOLDING = listed("{holding-verb}")

#: what a zone of business is called, which all of a sentence is about that opens with it, and what stands before it
_OF_BUSINESS, _NUMBERED = listed("{business-zone}$"), compiled(r"[\s(（]*[一二三四五六七八九十\d]*[)）、.．是]*\s*")
#: behind a place: what those are called that come first in it, wherever they are: 深圳|500强
_STRONGEST = listed(r"{ranked-firm}?(?:\d+|[一二三五十百千]+)强")
#: what is told of a project whose cost is its own still; of one that is finished it is the area's, as most readers say
_COMES = listed("{coming-verb}")
#: how a zone is called that the sentence opens with
_THE_ZONE = listed(r"[ 、]*(?:{zone-itself}(?!{zone-beside})|园内)")
#: what is told of the zone itself, further on in such a sentence
_OF_ZONE = listed("{own-figure-lead}*(?:{own-figure}|{yield-noun}|{zone-figure}|在[^,，]{0,12}?{business-zone})")


class Areas(Sharing):
    """Follows what the clauses of a report are about."""

    def topic(self, clause: Clause) -> None:
        """Note what a clause without figures is about, for the clauses after it."""
        if clause.inside:
            return
        piece = stretch(self.norm, clause.begin, clause.end, self.reading.holes)
        piece = strip_head(piece, self.lists, self.words.starts)
        if mark := _MARK_PASSED.search(piece.text):  # 连跨两个台阶,达到…; 产值、收入|跃上新台阶,分别达到…
            piece = piece.cut(0, mark.start())
        if adjusted := _ADJUSTED.search(piece.text):  # 收入|扣除价格因素,实际增长…
            piece = piece.cut(0, adjusted.start())
        if not 2 <= len(piece.text) <= 40 or self.norm[clause.begin : clause.end].strip()[:1] in "在按以对从为当":
            return
        place = self.area(clause, piece)
        # 科教城升格为国家级,高校相继落地,拥有实验室7家: they are of the place
        self.reading.state.owned = place is not None and place == self.reading.state.area
        begin = piece.at[0]
        done = len(obs_names.leading_verbs(self.norm, piece.at, self.words, self.lists))
        aside = self.norm[clause.end : clause.end + 1] == "("
        if aside and 0 < done < len(piece.at) and piece.at[done] in self.places:  # 建设|东河大桥(全长1200米)
            begin = piece.at[done]
            piece = piece.cut(done, len(piece.text))
        tag = self.words.tag_at(begin)
        raised = _RAISING.match(piece.text) if piece.text.endswith(self.lists.quantities) else None
        if raised is not None and 1 < raised.end() < len(piece.at):
            begin = piece.at[raised.end()]
            piece = piece.cut(raised.end(), len(piece.text))
        elif tag[:1] in ("v", "d", "p", "c") and tag != "vn":
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
        if (rising := _RISING.search(text)) and text[: rising.start()].endswith(self.lists.quantities):
            text = text[: rising.start()]
        if not all(part in self.lists.bare for part in obs_names.members(text)):
            self.reading.state.topic = _GENERAL.sub("", text) or text
            if self.norm[clause.begin : clause.end].rstrip().endswith("方面"):
                self.reading.state.about = self.reading.state.topic

    def area(self, clause: Clause, piece: Stretch | None = None, first: Quantity | None = None) -> str | None:
        """The named thing with which the clause begins, or which still holds from the clause before.

        ``first`` is the figure that is read first; those of names are none.
        """
        state = self.reading.state
        topic = piece is not None
        if piece is None:
            head = first.head if first is not None else clause.quantities[0].head
            left = stretch(self.norm, clause.begin, head, self.reading.holes)
            piece = strip_head(left, self.lists, self.words.starts)
        if not piece.text:
            if not clause.inside and not self.norm[clause.begin : clause.quantities[0].head].strip():
                state.area = None
            return state.area
        if OWN.match(self.norm, clause.begin, clause.end):
            state.area = None
            return None
        if state.opener and not topic and _THE_ZONE.match(self.norm, clause.begin, clause.end):
            state.area = state.opener
            return state.area  # 云山产业园产值312亿元,…,|园区|新增企业9家
        place = self.places.get(piece.at[0])
        if place is not None and not topic and (_GRADE.fullmatch(place[1]) or self._is_counted(clause, piece, place)):
            place = None
        if place is not None and self.norm[piece.at[0] - 1 : piece.at[0]] not in _TOWARDS:
            span, name, classes = place
            following = self.norm[span.end : span.end + 1]
            own = name in (self.report.area_name, self.report.area) or name.endswith(("省", "自治区"))
            word = EntityClass.ENTERPRISE in classes and self.norm[span.begin : span.end] in general_words().general
            quoted = name[0] in "“‘" or self.norm[span.begin] in "“‘" or self.norm[span.begin - 1] in "“‘"
            strong = _STRONGEST.match(self.norm, span.end) is not None
            if own or word or following in _JOINING or quoted or strong:
                state.area = None
            elif classes & OWNERS or (classes & FIGURED_CLASSES and _FIGURED.search(name)):
                after = self.words.between(span.end, span.end + 4)
                acts = bool(after) and self.norm[after[0][0] : after[0][1]] in self.lists.actions
                if piece.text.endswith("等") and not acts:  # an example of what is counted
                    return None
                if obs_names.leading_verbs(self.norm, piece.at[: len(span)], self.words, self.lists):
                    return state.area  # 改造城区农贸市场
                lasting = classes & {EntityClass.PARK, EntityClass.ZONE}
                if topic and not lasting:  # 兰山机场建成通航,旅客吞吐量…
                    self.reading.state.holder = name
                state.area = name if lasting else None
                before = self.norm[self.reading.sentence[0] : span.begin]
                if _NUMBERED.fullmatch(before) and _OF_BUSINESS.search(self.norm[span.begin : span.end]):
                    state.opener = state.area
                state.figured = None if lasting or topic else name
                return name
            return state.area
        verbs = obs_names.leading_verbs(self.norm, piece.at, self.words, self.lists)
        if topic:
            kept = state.owned
        else:
            begin = clause.begin + (self.norm[clause.begin] == " ")
            held = state.holder is not None
            kept = _HOLDING.match(self.norm, begin) is not None if state.owned else bool(verbs) and not held
            at = next((p.end for p in clause.periods if p.begin == begin), begin)
            if not kept and (state.area or state.holder) and _OWN_NOUN.match(self.norm, at):
                state.area = state.opener or state.area or state.holder
                kept = True
            if not kept and state.area and state.opener == state.area and _OF_ZONE.match(self.norm, at):
                kept = True  # 平和工业园区征地860亩,…,入园企业达118家
        if not kept:
            state.area = None
            if not topic:
                state.holder = None
        state.owned = state.owned and topic
        return state.area

    def _is_counted(self, clause: Clause, piece: Stretch, place: Place) -> bool:
        """Whether the named thing is what is counted, a kind of thing and no owner: 科技型上市公司|100家."""
        q, span = clause.quantities[0], place[0]
        ends = self.norm[q.tail : q.tail + 1] in CLAUSE_ENDS
        kind = q.kind in ("count", "person") and EntityClass.ADMINISTRATIVE_AREA not in place[2]
        return ends and kind and q.head - span.end <= 4 and _KIND.match(piece.text, len(span)) is not None

    def spent_on(self, clause: Clause, chain: list[Quantity]) -> str | None:
        """The thing that a sum is spent on, right behind it: 投资60亿元的|华强文化项目."""
        q, norm = chain[0], self.norm
        if q.kind != "money" or len(chain) > 1 or not norm.startswith("的", q.tail):
            return None
        place = self.places.get(q.tail + 1)
        if place is None or not place[2] & _BOUGHT:
            return None
        lead, behind = norm[clause.begin : q.head], norm[place[0].end : place[0].end + 2]
        more = behind[:1] in _JOINING - {"等"} and not behind[1:].isdigit()  # 投资60亿元的甲项目和乙项目: of both
        if more or _COMES.search(norm, place[0].end, clause.end) is None:
            return None  # 投资6亿元的购物广场正式营业: of the area, where it is
        return place[1] if any(word in lead for word in self.lists.invests) else None

    def behind_sum(self, clause: Clause, q: Quantity, limit: int) -> tuple[int, int] | None:
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
        named = self.reading.names_in(begin, end)
        end, _ = obs_names.counted_noun(self.norm, begin, end, self.words, self.lists, False, named)
        return (begin, end) if end > begin else None

    def of_next(self, q: Quantity, begin: int, end: int, clause: Clause) -> bool:
        """Whether what is said behind a counted noun is of the next figure, which counts the same."""
        following = next((o for o in clause.quantities if o.head == end), None)
        between = self.norm[begin:end]
        return (
            following is not None
            and following.unit == q.unit
            and q.kind in ("count", "person")
            and not compiled(r"[、和与及,]").search(between)
        )

    def places_alone(self, rest: Stretch) -> list[str]:
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

    def listed_owners(self, rest: Stretch) -> tuple[list[str], str]:
        """The enterprises or parks in a row with which a subject begins, and what of theirs is measured."""
        owners: list[str] = []
        i = 0
        while i < len(rest.at):
            place = self.places.get(rest.at[i])
            if place is None or not place[2] & OWNERS:
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
