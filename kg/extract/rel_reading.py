"""What the relations of a report are read from, and what has been found: shared by those who read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import attrgetter

from kg.extract.chunks import Unit
from kg.extract.drafts import Draft, Resolver
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.model import EntityClass as C
from kg.model import Predicate, Relation, Span
from kg.patterns import compiled

DOERS = (C.ADMINISTRATIVE_AREA, C.ORGANIZATION, C.ENTERPRISE, C.ZONE, C.PARK, C.FACILITY)
#: kinds of units that a verb may be, whatever the segmenter tags it
_SAYING = frozenset({"verb", "word", "function"})
#: what is done to a place, which it is not praised for itself
_WORK = listed(r"(?:综合)?{site-work}?(?:提升)?{work-noun}?(?<=[造治理设建护营升作验法])")
#: what may be named by a quotation and have an honour itself
_BODIES = (C.ENTERPRISE, C.ORGANIZATION, C.FACILITY, C.PARK, C.ZONE, C.PERSON, C.EVENT, C.ADMINISTRATIVE_AREA)
#: an honour of who does something well, and not of what is named
_PRAISED = listed("通报{bulletin-praise}|督[查察]激励")
#: what the years of a plan are called ("“十三五”时期"), where the report names no plan
_YEARS_OF_PLAN, _PLANS = ("时期", "期间"), listed("{plan-of-works}”*$")
#: with whom it is done together
_WITH = listed("[与同和]|{together-verb}")
#: what an area is praised for
_DEEDS = listed(r"[项个]?(?:[^项个]{0,6}){deed-noun}")
#: of what is named no more is told: 、和…, the noun of its list
LIST = ("enum", "conj", "etc", "paren", "stop")
#: what says that something is made
_MAKING = ("build-verb", "raise-verb", "done-verb")
#: those of them by which a place may become something itself
STRIVING = frozenset(("打造", "创成", "创建", "争创"))
#: what may stand before that, besides adverbs: "要|加快|…", "启动|创建"
_BEFORE = ("going-verb", "intend-verb", "start-verb", "ongoing")
WE = compiled(r"我们|我[区市县省]|全[区市县省]|本[区市县]")
#: how many of which kind are listed: "尖岗山、新桥东|3个片区|纳入国家高新区"
#: or in the course of what: "龙胜、灵川|在全区扶贫成效考核中|获…"
_BETWEEN = listed(
    r"等?[\d一二两三四五六七八九十]+(?:{thing-counter}|[大条])[\u4e00-\u9fff]{1,6}|在[\u4e00-\u9fff]{2,16}[中上里](?:分别|均|双双)?"
)
#: some of it, not the whole area
_SOME = listed(r"[个名位家]{recipient}|所有|各")
#: when and how something was received, and not by whom
_ADVERBIAL = listed(
    r"(?:[已还并也又再均都]|连续第?|{received-manner}|[当今去]年|以[^,，]{2,16}{result-noun}"
    r"|第?[一二三四五六七八九十两\d]+(?:度|次|年|届|个?月|个?季度))+"
)
_SELF = compiled(r"^(?:我[区市县省州旗]|全[区市县省州旗]|本[区市县省]|我?(?P<level>[区市县省州旗])(?:人民)?政府)?$")

#: who does something at the beginning of a clause: 省政府, 市委, 我市
_DOER = compiled(r"(?:[我本](?P<ours>[省市])|(?P<level>[省市])(?:委|(?:人民)?政府))(?![区县旗唯首第])")
#: and who does it together with others, or is told to
_OWN_TOO = compiled(r"[我全本][区县旗]|[区县旗](?:委|(?:人民)?政府)")
#: the levels below it
_BELOW = {"省": "市州盟区县旗", "市": "区县旗"}


@dataclass(slots=True)
class Clause:
    """A stretch between two commas or stronger marks, with the candidates in it."""

    scene: Scene
    begin: int
    end: int
    row: list[Unit]
    candidates: list[Candidate]

    def before(self, position: int) -> Unit | None:
        """The unit that ends at a position, which is where something begins."""
        return next((unit for unit in self.row if unit.end == position), None)


class Reading:
    """The things of a report, who does what in a sentence, and the relations found so far."""

    def __init__(self, resolver: Resolver, *, without: Collection[str] = ()) -> None:
        self.without = without
        self.r = resolver
        self.words = resolver.words
        self.text = resolver.report.text
        self.norm = resolver.norm
        self.found: dict[tuple[int, Predicate, int], tuple[Draft, Draft, set[Span]]] = {}
        #: with what body or place the clause before began, and those that it was a list of
        self.last: Draft | None = None
        self.all_last: list[Draft] = []

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
        """The thing that a candidate turned out to be a name of."""
        return self.r.of[id(candidate)]

    def cues(self, clause: Clause, cue: str) -> Iterator[tuple[int, Unit]]:
        """The words of a clause that are listed as the cue, each with its place in the row; of two, the first's."""
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

    def subjects(self, clause: Clause, k: int) -> list[Draft]:
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
            listed = self.listed(clause, names, end)
            drafts = [self.draft(c) for c in listed]
            worked = _WORK.fullmatch(self.norm, last, end) is not None
            if worked and not any(d.has(C.ADMINISTRATIVE_AREA, C.ENTERPRISE, C.ORGANIZATION) for d in drafts):
                return own  # "老工业基地|改造|获国务院通报表扬": who does the work
            if (
                drafts
                and not any("title" in c.rule for c in listed)
                and all(d.has(C.POLICY) and not d.has(*DOERS) and not d.guessed for d in drafts)
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
            return [d for d in drafts or [self.draft(names[0])] if d.has(*DOERS)]
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
        itself = _SELF.match(plain)
        if itself is not None and itself["level"] and not (own and own[0].name.endswith(itself["level"])):
            itself = None  # 省政府 in a report of a city
        if self.is_of_higher(clause):
            return []
        if not plain or plain in known or itself or WE.match(lead) or _DEEDS.fullmatch(plain):
            return [] if _SOME.search(lead) else own
        return []

    def is_of_higher(self, clause: Clause) -> bool:
        """Whether a clause tells what a level above the own area does: "我市|大力实施…" in a report of a district."""
        m = _DOER.match(self.norm, clause.begin, clause.end)
        own = self.r.own
        if m is None or own is None or own.name[-1:] not in _BELOW[m["ours"] or m["level"]]:
            return False
        return _OWN_TOO.search(self.norm, m.end(), clause.end) is None  # "市委、区委|实施…", "省委批准|我区|实施…"

    def _is_work(self, name: str) -> bool:
        """Whether a quotation is a policy or a project, and surely so: it does not win, who carries it out does."""
        found = self.r.find(name)
        return found is not None and found.has(C.POLICY, C.PROJECT) and not found.guessed

    def listed(self, clause: Clause, names: list[Candidate], end: int) -> list[Candidate]:
        """The names of the list that closes right before ``end``; none where something else stands between."""
        result: list[Candidate] = []
        for c in sorted(names, key=lambda c: (-c.span.end, -c.span.begin)):  # the one that ends last first
            if result and c.span.end > end:
                continue  # inside the one behind it
            gap = [u for u in clause.row if c.span.end <= u.begin and u.end <= end]
            if result:
                if not gap or any(u.kind not in ("enum", "conj", "paren") for u in gap):
                    break
            elif not ((gap and gap[0].kind == "etc") or _BETWEEN.fullmatch(self.norm, c.span.end, end)) and any(
                u.kind not in ("function", "number")
                and not (self.words.cue(u.text, "town-level") or u.text in ("个", "乡镇"))
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
            and (before[-2].text in own.names or before[-2].text in own.aliases or bool(WE.fullmatch(before[-2].text)))
        )

    def subject(self, clause: Clause, k: int) -> Draft | None:
        """The first of the :meth:`subjects`."""
        return next(iter(self.subjects(clause, k)), None)

    def meant(self, clause: Clause, k: int) -> bool:
        """Whether what the verb at unit ``k`` says is only striven for: "力争|获批", "支持…|创建"."""
        return any(self.words.cue(u.text, "intend-verb") for u in clause.row[:k])

    def builds(self, clause: Clause, begin: int, *others: str) -> Unit | None:
        """The verb, from an offset on, by which a place builds what is named next: "高新区|加快|推进|…园|建设".

        ``others`` are cues of further verbs that are taken for such a one.
        """
        found: Unit | None = None
        before: Unit | None = None
        begins = {c.span.begin for c in clause.candidates if not c.nested}
        for unit in clause.row:
            if unit.begin < begin:
                continue
            if unit.begin in begins:
                return found
            if unit.kind in LIST and (before in (None, found) or unit.kind not in ("enum", "conj")):
                return None  # "园区|建设|和|…"; not "园区|建设|食品、|医药|产业园"
            if any(self.words.cue(unit.text, cue) for cue in (*_MAKING, *others)):
                found = unit
            elif found is not None:
                if unit.kind not in ("word", "enum", "conj") or unit.text in self.words.tail or self.told([unit]):
                    return None  # "建设|步伐|加快", "建成|开放"
            elif not (
                unit.kind == "function"
                or unit.tag.startswith(("d", "a"))
                or unit.text == "要"
                or self.words.cue(unit.text, "manner")
                or any(self.words.cue(unit.text, cue) for cue in _BEFORE)
            ):
                return None
            before = unit
        return None

    def told(self, units: list[Unit]) -> bool:
        """Whether a word closes what is said of a thing that is built."""
        return any(self.words.cue(u.text, "told-verb") for u in units)


class Sharing:
    """Who reads a report with others: what all of them share, and what of it stays the same at hand."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.norm = reading.norm
        self.r = reading.r
        self.text = reading.text
        self.without = reading.without
        self.words = reading.words


def _are_years(draft: Draft) -> bool:
    """Whether a draft is the years of a plan (“十三五”时期), and the report names no plan."""
    names = [*draft.names, *draft.aliases]
    years = any(name.endswith(_YEARS_OF_PLAN) for name in names)
    return years and not any(map(_PLANS.search, names))
