"""Headings, sections and sentences of a report, with their offsets.

All patterns run over the normalised text (:mod:`kg.text.normalize`) and every one
of them is bounded, so that the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

from kg.model import Part, Period, Section, Sentence, Span
from kg.patterns import compiled
from kg.text import parts
from kg.text.lines import Line
from kg.text.vocabulary import cue

_N = "一二三四五六七八九十"
#: kinds of numbering, outermost first; the order decides what closes what
_MARKERS = (
    ("markdown", r"\#{1,6}[ ]+"),
    ("chapter", rf"第[{_N}]{{1,3}}(?:部分|章|篇|节)[、:. ]{{0,3}}"),
    ("cn", rf"(?:[{_N}]{{1,3}}[ ]?[、.．][ ]{{0,3}}(?![{_N}]{{1,3}}[、.])|[{_N}]{{1,3}}[ ]{{1,3}}(?=[^ ]))"),
    ("pcn", rf"(?:\([ ]?[{_N}]{{1,3}}[ ]?\)|[㈠-㈩])[ ]?[、.,]?[ ]{{0,3}}"),
    ("num", r"(?:\d{1,2}[ ]?[、.](?!\d)|[⒈-⒛])[ ]{0,3}"),
    ("pnum", r"(?:\([ ]?\d{1,2}[ ]?\)|\d{1,2}\)|[⑴-⒇])[ ]?[、.]?[ ]{0,3}"),
    ("circle", r"[①-⑳][ ]{0,3}"),
    ("dash", r"(?:—{1,6}|-{2,6})[ ]{0,3}"),
)
_RANK = {name: rank for rank, (name, _) in enumerate(_MARKERS)}
_RANK["markdown"], _RANK["part"] = 0, 1  # "part": a bare line such as 2013年工作回顾
_MARKER = compiled("|".join(f"(?P<{name}>{pattern})" for name, pattern in _MARKERS))
#: what begins a line that never continues the one before; a dash may stand inside a sentence
STARTS_BLOCK = compiled("|".join(pattern for name, pattern in _MARKERS if name != "dash") + "|各位代表|—{2}|-{2}")
_FIGURE = compiled(r"\d[\d.,]*[ ]?(?:%|‰|[万亿]|个百分点|倍|元|公里|平方米)")
_ENDS = compiled(r"[。!?;:]")
_HAN = compiled(r"[一-鿿]")
_SALUTATION = compiled(r"(?:尊敬的|敬爱的)?(?:各位|主席团|主席|主任|同志)[^。]{0,40}[:!,。]?$|各位代表")

_MAX_HEADING = 60  # a line that is a heading
_MAX_INLINE = 45  # a heading that runs on into its paragraph
_MAX_BARE = 36  # a heading without a number
_MAX_QUOTE = 120  # longer quotes are split like other text
_MAX_SENTENCE = 1000  # the longest of 348,000 sentences has 805; more is no sentence, and is cut at a lesser mark


@dataclass(slots=True)
class Heading:
    """A heading as found, before its part and period are known."""

    begin: int  # of the section
    span: Span | None
    kind: str
    text: str  # normalised, without its number
    level: int = 1


def find_headings(norm: str, paragraphs: list[Line]) -> list[Heading]:
    """The headings among the paragraphs of the body, with their levels.

    A numbered line is a heading; so is the first sentence of a paragraph that
    begins with a number or a dash ("（一）经济实力迈上新台阶。2016年…"), and a short
    line without a final mark that is followed by a paragraph.  Items that hold
    a figure ("——地区生产总值增长7%") are statements and not headings.
    """
    found: list[Heading] = []
    for index, line in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        heading = _numbered(norm, line) or _bare(norm, line, following)
        if heading:
            found.append(heading)
    _nest(found)
    return found


def _numbered(norm: str, line: Line) -> Heading | None:
    marker = _MARKER.match(norm, line.begin, line.end)
    if not marker or marker.end() >= line.end:
        return None
    kind = marker.lastgroup or ""
    if kind == "markdown":
        kind = f"markdown{marker.group().count('#')}"
    begin = marker.end()
    stop = _ENDS.search(norm, begin, line.end)
    end, inline = line.end, False
    if stop:
        if stop.group() == ":" and kind not in ("num", "pnum", "circle") and stop.end() < line.end:
            stop = _ENDS.search(norm, stop.end(), line.end) or stop
        end, inline = stop.start(), stop.end() < line.end
    if kind == "cn" and not compiled(r"[^ ]{1,4}[、.]").match(norm[line.begin : begin + 1]) and inline:
        return None  # "一 " alone is too weak for a paragraph
    limit = _MAX_INLINE if inline else _MAX_HEADING
    if stop and stop.group() == ":" and inline:
        limit = 20
    major = kind in ("chapter", "cn", "pcn")
    too_long = end - begin > limit
    if major and (inline or too_long):
        end = _set_off(norm, begin, end, too_long)
        too_long = end - begin > limit
    text = norm[begin:end]
    if end - begin < 2 or not _HAN.search(text):
        return None
    if too_long:
        return Heading(line.begin, None, kind, "") if major else None
    if not major and not kind.startswith("markdown") and _FIGURE.search(text):
        return None
    if kind == "dash" and not inline and stop is None and end - begin > _MAX_BARE:
        return None
    return Heading(line.begin, Span(line.begin, end), kind, text.strip())


_GLUED = compiled(
    r"[^。!?;,]{2,28}?(?:回顾|总结|安排|任务|目标|思路|建议|打算|部署|要点|重点)(?=(?:19|20)\d\d年|过去|今年|去年|各位代表)"
)


def _set_off(norm: str, begin: int, end: int, too_long: bool) -> int:
    """Where a heading ends that no mark sets off from its paragraph, else ``end``.

    "一、2011年工作回顾 2011年是…" ends at the space, "二、2014年工作安排今年，是…" where the
    first sentence begins.
    """
    space = norm.find(" ", begin + 4, min(begin + 32, end))
    if space > 0 and not _ENDS.search(norm, begin, space):
        verdict = parts.judge(norm[begin:space], None)
        if too_long or verdict.weight >= _DECISIVE:
            return space
    glued = _GLUED.match(norm, begin, min(end + 4, begin + 60))
    return glued.end() if glued else end


def _bare(norm: str, line: Line, following: Line | None) -> Heading | None:
    length = len(line)
    if not 4 <= length <= _MAX_BARE or following is None:
        return None
    text = norm[line.begin : line.end]
    if text[-1] in "。!?;:,、…-—" or text[0] in "([【*<·":
        return None
    if len(_HAN.findall(text)) * 2 < length or _FIGURE.search(text) or _SALUTATION.match(text):
        return None
    if "\n" in text or "。" in text or ":" in text:
        return None
    verdict = parts.judge(text, None)
    decisive = verdict.weight >= 3 and length <= 30 and "," not in text
    named = parts.years_in(text) or parts.plan_years(text)
    is_part = decisive or bool(named and verdict.part in (Part.REVIEW, Part.PLAN) and "," not in text)
    next_is_numbered = _MARKER.match(norm, following.begin, following.end) is not None
    if not is_part and len(following) < 40 and not next_is_numbered:
        return None
    return Heading(line.begin, Span(line.begin, line.end), "part" if is_part else "bare", text)


def _nest(found: list[Heading]) -> None:
    """Give every heading its level, by the kinds of numbering that are open above it."""
    # where 一、 headings tell the parts themselves, a bare line under them is a lower heading
    cn_tells = any(h.kind in ("cn", "chapter") and len(h.text) <= 30 and _sub_part().search(h.text) for h in found)
    part_rank = _RANK["cn"] + 0.5 if cn_tells else 0.5
    open_kinds: list[str] = []
    for heading in found:
        kind = heading.kind
        if kind in open_kinds:
            del open_kinds[open_kinds.index(kind) :]
        elif kind == "bare":
            while open_kinds and open_kinds[-1] in ("dash", "circle", "pnum"):
                open_kinds.pop()
        else:
            rank = _rank(kind, part_rank)
            for depth, other in enumerate(open_kinds):
                if other != "bare" and _rank(other, part_rank) > rank:
                    del open_kinds[depth:]
                    break
        open_kinds.append(kind)
        heading.level = len(open_kinds)


def _rank(kind: str, part_rank: float) -> float:
    if kind.startswith("markdown"):
        return -10 + int(kind[8:])
    return part_rank if kind == "part" else float(_RANK[kind])


# --- sentences -----------------------------------------------------------------------------------------------------

_TOKEN = compiled(r"[。!?;]+|[《》“”()]|\"")
_OPEN = {"《": "》", "“": "”", "(": ")"}
_TRAILING = frozenset("”’)》」』〕】\"'")


def split_sentences(norm: str, begin: int, end: int) -> list[Span]:
    """Sentences of the stretch: up to 。！？； outside of brackets, titles and quotes.

    A final mark inside a quote ends a sentence only where the quote ends with it.
    Line ends are for the caller: a soft line break inside the stretch does not split.

    >>> text = "他说“好。真好。”实施《规划；纲要》。完成"
    >>> [s.quote(text) for s in split_sentences(text, 0, len(text))]
    ['他说“好。真好。”', '实施《规划；纲要》。', '完成']
    """
    spans: list[Span] = []
    start, guarded = begin, begin
    for token in _TOKEN.finditer(norm, begin, end):
        at, mark = token.start(), token.group()
        if at < guarded:
            continue
        if mark in _OPEN:
            closes = norm.find(_OPEN[mark], at + 1, min(end, at + _MAX_QUOTE))
            if closes < 0:
                continue
            guarded = closes + 1
            # "……真好。”下一句": the quote closed a sentence
            if mark == "“" and norm[closes - 1] in "。!?" and not _continues(norm, guarded, end):
                _add(spans, norm, start, guarded)
                start = guarded
            continue
        if mark[0] in "。!?;":
            stop = token.end()
            while stop < end and norm[stop] in _TRAILING:
                stop += 1
            _add(spans, norm, start, stop)
            start = guarded = stop
    _add(spans, norm, start, end)
    return spans


def _continues(norm: str, at: int, end: int) -> bool:
    return at < end and norm[at] in ",，、的。;!?:和与及等这是”"


def _add(spans: list[Span], norm: str, begin: int, end: int) -> None:
    while begin < end and norm[begin].isspace():
        begin += 1
    while begin < end and norm[end - 1].isspace():
        end -= 1
    while end - begin > _MAX_SENTENCE:
        middle, limit = begin + _MAX_SENTENCE // 2, begin + _MAX_SENTENCE
        cut = max(norm.rfind(mark, middle, limit) for mark in ",，、: \n") + 1 or limit
        _add(spans, norm, begin, cut)
        begin = cut
        while begin < end and norm[begin].isspace():
            begin += 1
    if begin < end and any(char.isalnum() for char in norm[begin:end]):
        spans.append(Span(begin, end))


# --- sections ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    begin: int
    level: int
    heading: Span | None
    part: Part
    period: Period | None
    end: int = 0
    depth: int = 1  # level of the heading among the headings; what closes what


_OPENING_DEPTH = 99  # closed by any heading


def build(
    norm: str,
    front: list[Line],
    paragraphs: list[Line],
    headings: list[Heading],
    year: int | None,
) -> tuple[tuple[Section, ...], tuple[Sentence, ...]]:
    """Sections and sentences: first the header's lines, then the body.

    ``front`` are the header lines that belong to the report, ``paragraphs`` the body.
    Lines of the header that are apart (navigation between them) give sections of
    their own, so that no section holds navigation.  Where the headings do not tell
    review from plan, the words of the text do (:func:`kg.text.parts.tendency`); such
    sections, like problems, thanks and closing words, have no heading.
    """
    return _Builder(norm, paragraphs, headings, year).build(front)


class _Builder:
    def __init__(self, norm: str, paragraphs: list[Line], headings: list[Heading], year: int | None) -> None:
        self.norm = norm
        self.paragraphs = paragraphs
        self.year = year
        self.headings = {heading.begin: heading for heading in headings}
        self.closing = _closing(norm, paragraphs)
        self.appendix = _appendix(norm, paragraphs, self.closing)
        self.glossary = self.appendix is not None and _is_glossary(norm, paragraphs[self.appendix :])
        rest = None if self.glossary else _cut_glossary(norm, paragraphs)
        if rest is not None and self.appendix in (None, rest):
            self.appendix, self.glossary = rest, True
        text_end = len(paragraphs) if self.appendix is None else self.appendix
        self.tops, self.turns = _parts(norm, paragraphs[:text_end], self.headings, year)
        #: in a list behind the closing words that is part of the plan; and the depth of the heading that says so
        self.tasks, self.task_level = False, _UNTITLED
        #: the depth of the headings that a line without one has announced, as those of the report's year; and once the
        #: first of them has begun
        self.announced = self.of_year = 0
        self.drafts: list[_Draft] = []
        self.open: list[int] = []
        self.pieces: list[tuple[Span, int]] = []  # sentence, index of its draft

    def build(self, front: list[Line]) -> tuple[tuple[Section, ...], tuple[Sentence, ...]]:
        for line in front:
            self._opening(line)
            self._take(split_sentences(self.norm, line.begin, line.end), self.open[-1])
            self.drafts[-1].end = max(self.drafts[-1].end, line.end)
        in_problems = False
        for index, paragraph in enumerate(self.paragraphs):
            heading = self.headings.get(paragraph.begin)
            if index == self.appendix:
                self.tasks = not self.glossary and self._lists_tasks(paragraph)
                self._restart(paragraph, Part.PLAN if self.tasks else Part.OTHER)
            elif self.tasks and not heading and self._is_annex(paragraph):
                self.tasks = self._lists_tasks(paragraph)
                self._restart(paragraph, Part.PLAN if self.tasks else Part.OTHER)
            elif index in self.turns:
                self._restart(paragraph, self.turns[index])
            if heading:
                self._headed(heading, paragraph, index)
            elif not self.open or self.drafts[self.open[-1]].depth == _OPENING_DEPTH:
                self._opening(paragraph)
            target = self.open[-1]
            spans = split_sentences(self.norm, paragraph.begin, paragraph.end)
            if heading:
                in_problems = False
                if heading.span:
                    spans = _cut_at(self.norm, spans, heading.span.end)
            elif spans and self.drafts[target].part in (Part.REVIEW, Part.PLAN):
                lead = self.norm[paragraph.begin : min(paragraph.end, paragraph.begin + 160)]
                problem = self.drafts[target].part is Part.REVIEW and bool(cue("problem").search(lead))
                in_problems = problem or (in_problems and bool(_POINT.match(lead)))
                if self._announces(paragraph, self.drafts[target]):
                    self.announced = self.drafts[target].depth
                level = self.drafts[target].level + 1
                if in_problems or index in self.closing or _is_thanks(self.norm, paragraph):
                    target = self._draft(_Draft(paragraph.begin, level, None, Part.OTHER, None))
                elif self.drafts[target].part is Part.PLAN and self._looks_back(paragraph):
                    period = _annual(Part.REVIEW, lead, self.year) if self.year else None
                    target = self._draft(_Draft(paragraph.begin, level, None, Part.REVIEW, period))
            self._take(spans, target)
        return _finish(self.drafts, self.pieces)

    def _looks_back(self, paragraph: Line) -> bool:
        """Whether a paragraph of a plan tells of the year before: 过去一年,我们坚持依法行政,…."""
        lead = self.norm[paragraph.begin : min(paragraph.end, paragraph.begin + _LOOK)]
        return (
            len(paragraph) >= _SHORTEST
            and _looks_back(lead, self.year)
            and parts.tendency(self.norm[paragraph.begin : paragraph.end]) <= _BACKWARD
        )

    def _lists_tasks(self, paragraph: Line) -> bool:
        """Whether the line is the title of a list of what is to be done in the year: 附件:云溪市2018年十件民生实事."""
        text = self.norm[paragraph.begin : paragraph.end].strip()
        return len(text) <= _TITLE and parts.years_in(text) == [self.year] and _is_of_tasks(text)

    def _is_annex(self, paragraph: Line) -> bool:
        """Whether the line is the title of another appendix: 附件2:名词解释."""
        return len(paragraph) <= _TITLE and _ANNEX.match(self.norm, paragraph.begin, paragraph.end) is not None

    def _announces(self, paragraph: Line, around: _Draft) -> bool:
        """Whether a line of a plan of several years says that what follows is of this one: 今年重点抓好八个方面工作."""
        if self.year is None or around.part is not Part.PLAN or around.period is not None:
            return False
        told = _ANNOUNCES.match(self.norm, paragraph.begin, paragraph.end)
        return told is not None and told["year"] in (None, str(self.year))

    def _draft(self, draft: _Draft) -> int:
        self.drafts.append(draft)
        return len(self.drafts) - 1

    def _take(self, spans: list[Span], target: int) -> None:
        self.pieces += [(span, target) for span in spans]
        if spans:
            for number in {*self.open, target}:
                self.drafts[number].end = max(self.drafts[number].end, spans[-1].end)

    def _restart(self, paragraph: Line, part: Part) -> None:
        """A part without a heading: a plan is for the report's year, unless it says that it is for more."""
        period = None
        if self.year is not None:
            lead = self.norm[paragraph.begin : paragraph.begin + _LEAD]
            period = _annual(part, lead, self.year)
            if part is Part.PLAN and not _TERM.search(lead):
                period = Period(str(self.year))
        self.open = [self._draft(_Draft(paragraph.begin, 1, None, part, period))]

    def _opening(self, line: Line) -> None:
        """The front section that the line goes on with, or a new one where navigation lies between."""
        last = self.drafts[self.open[-1]] if self.open else None
        if last is None or self.norm[last.end : line.begin].strip():
            draft = _Draft(line.begin, 1, None, Part.FRONT, None, depth=_OPENING_DEPTH)
            self.open = [self._draft(draft)]

    def _headed(self, heading: Heading, paragraph: Line, index: int) -> None:
        while self.open and self.drafts[self.open[-1]].depth >= heading.level and not self._is_turn(heading):
            self.open.pop()
        parent = self.drafts[self.open[-1]] if self.open else None
        if self.appendix is not None and index >= self.appendix:
            entry = self.glossary and heading.kind in _LOWER and not self._heads_a_list(heading, index)
            named = self.year is not None and parts.years_in(heading.text) == [self.year]
            if named and _is_of_tasks(heading.text) and not entry:
                self.tasks, self.task_level = True, heading.level
            elif self.tasks and (
                parts.judge(heading.text, self.year).part is Part.OTHER
                or _OUTCOME.search(heading.text)
                or (heading.level <= self.task_level and parts.years_in(heading.text))
            ):
                self.tasks = False  # "2017年十件民生实事完成情况", "2014年政府工作报告名词解释"; no item of the list
            part = Part.PLAN if self.tasks else Part.OTHER
        elif heading.begin in self.tops:
            part = self.tops[heading.begin]
            if parent and heading.level == 1:  # a turn that stands right before it
                part = parent.part
        else:
            part = self._lower_part(heading, parent)
        if self.announced and heading.level == self.announced and _FIRST_ITEM.match(self.norm, heading.begin):
            self.of_year = heading.level
        elif heading.level < self.of_year:
            self.of_year = 0
        self.announced = 0
        period = self._period(heading, part, parent, paragraph)
        if period is None and self.of_year == heading.level and part is Part.PLAN and self.year is not None:
            period = Period(str(self.year))
        draft = _Draft(heading.begin, len(self.open) + 1, heading.span, part, period, depth=heading.level)
        self.open.append(self._draft(draft))

    def _heads_a_list(self, heading: Heading, index: int) -> bool:
        """Whether a heading in Chinese numerals stands above a list in digits: (一)2021年民生实事, 1.新建学校…."""
        following = self.paragraphs[index + 1 : index + 2]
        return heading.kind in ("pcn", "cn") and any(_DIGIT.match(self.norm, p.begin, p.end) for p in following)

    def _is_turn(self, heading: Heading) -> bool:
        last = self.drafts[self.open[-1]]
        return last.heading is None and last.begin == heading.begin

    def _lower_part(self, heading: Heading, parent: _Draft | None) -> Part:
        inherited = parent.part if parent else Part.OTHER
        verdict = parts.judge(heading.text, self.year) if heading.text else parts.Verdict(None, 0)
        if verdict.part and verdict.weight >= _DECISIVE and _overrides(heading, verdict.part, inherited):
            return verdict.part
        return inherited

    def _period(self, heading: Heading, part: Part, parent: _Draft | None, paragraph: Line) -> Period | None:
        if self.glossary and part is Part.OTHER and cue("glossary").search(heading.text):
            return None  # of the report whose words are explained: 2021年《政府工作报告》有关术语说明
        named = parts.heading_period(heading.text, part, self.year)
        if named or parts.spans_years(heading.text, self.year):
            return named
        if parent:
            return parent.period if parent.part is part else None
        if self.year is None or parts.years_in(heading.text):
            return None
        begin = heading.span.end if heading.span else heading.begin
        period = _annual(part, self.norm[begin : paragraph.end + 200], self.year)
        verdict = parts.judge(heading.text, self.year) if heading.text else parts.Verdict(None, 0)
        if period is None and part in (Part.PLAN, Part.REVIEW) and (verdict.part is part or verdict.weight < _DECISIVE):
            # "三、加强政府自身建设" goes on with the plan for the year
            earlier = [d for d in self.drafts if d.level == 1 and d.part is part]
            period = earlier[-1].period if earlier else None
        return period


#: how a point begins: 一是…
_POINT = compiled(r"[一二三四五六七八九]是")
#: what such a line says, and how a list begins anew behind it
_ANNOUNCES = compiled(
    r"\s*(?:各位代表[,!:!]?)?(?:今年|新的一年|(?P<year>20\d\d)年)[^。;\n]{0,24}(?:方面|项|件|大)?(?:工作|任务|重点|实事)[^,。;\n]{0,4}[:。]?\s*$"
)
_FIRST_ITEM = compiled(r"\s*(?:[(（]?[一1][)）、.．])")
#: kinds of numbering that seldom tell a part, even where they are the outermost: "(二)巩固脱贫攻坚成效" is of either
_LOWER = frozenset(("pcn", "pnum", "num", "dash", "circle"))
_DECISIVE = 3  # weight of a verdict that needs no support by the text
#: text before the first heading that tells a part: shorter is an opening, where the review follows and where not
_LONG_FRONT, _SHORT_FRONT = 1500, 400
#: and where one of its paragraphs begins with the past
_LOOKING_BACK = 200
#: characters in which it does
_LOOK = 20
#: a paragraph of a plan that tells of the year before leans as much as this to the review
_BACKWARD = -2.0
#: titles of appendices have so many characters at most, and stand in the first of their lines
_TITLE, _FIRST = 30, 3
#: an entry of a glossary: 3.“两化”:指…, [2]惠十条:即…
_ENTRY = compiled(r"[\[(\d.、\])①-⑳\s]{0,12}[^,。;:\s][^,。;:\n]{1,30}[:：](?:是?指|即|就是)")
#: one of a numbered glossary, and so many of them are one whatever they say
_EXPLAINED, _ENTRIES = compiled(r"[\[( ]{0,4}(\d{1,3})[\]). 、．]{1,4}[^,，。;；:：\n]{2,40}[:：]"), 4
#: how such an entry begins, and any item of a numbered list
_ITEM = compiled(r"[\[( ]{0,4}(\d{1,3})[\]). 、．]")
#: how the items of a list begin
_DIGIT = compiled(r"\s{0,8}[\d(①-⑳]")
#: what lists behind the closing words are called that are part of the plan: 2020年十件民生实事; not what came of them
_TASKS = compiled(r"实事|重点(?:工程|项目|工作|任务)|主要任务|任务分解")
_OUTCOME = compiled(r"(?:完成|办理|落实|进展|推进|实施)情况")
#: the title of an appendix; and the depth of a list whose title is no heading: none of its own ends it
_ANNEX, _UNTITLED = compiled(r"\s*附(?:件|表|录)?\s*[\d一二三四五六]{0,2}\s*[:：]"), -1
#: a part that no heading tells needs this much (log odds, a paragraph has at most 4) on its side
_PLAIN = 5.0
#: what is said of the work of the past before it is told, and what does not speak for the plan after that
_DID, _WEAK = (
    compiled(
        r"(?:抓了|做了|开展了|推进了|做好了|完成了)以?下?[^,，。]{0,16}(?:工作|事情|实事|方面)[^,，。]{0,6}[:。]?$"
    ),
    2.0,
)
#: and an announcement near its begin as little as this less
_NEAR = 4.0
#: what it weighs that a paragraph begins with the report's year or with aims
_ANNOUNCED = 3.0
#: the years to come, of which only plans tell
_TO_COME = compiled(r"(?:今后|未来)的?(?:[二两三四五几]年|一[段个])|到(?:(20\d\d)年|(“[^”]{1,2}五”)期?末)")
#: characters of a paragraph whose words tell anything
_SHORTEST = 40


def _parts(
    norm: str, paragraphs: list[Line], headings: dict[int, Heading], year: int | None
) -> tuple[dict[int, Part], dict[int, Part]]:
    """The part of every outermost heading, and the paragraphs (by index) at which one begins that no heading tells.

    Headings that tell their part outright ("一、2018年工作回顾") hold up to the next of them, unless the text turns
    from what was done to what is to be done (:func:`kg.text.parts.tendency`); the others go with the text around them.
    """
    headed = {i: headings[p.begin] for i, p in enumerate(paragraphs) if p.begin in headings}
    tops = {i: heading for i, heading in headed.items() if heading.level == 1}
    verdicts = {i: parts.judge(h.text, year) if h.text else parts.Verdict(None, 0) for i, h in tops.items()}
    told = {
        i: v.part
        for i, v in verdicts.items()
        if v.part is not None and v.weight >= _DECISIVE and (tops[i].kind not in _LOWER or _says_part(tops[i].text))
    }
    first = min(headed, default=len(paragraphs))
    opening = 0
    while opening < first and (len(paragraphs[opening]) < 12 or "代表" in _lead(norm, paragraphs[opening])):
        opening += 1

    anew = _anew(norm, headed)

    def odds(at: int) -> float:
        paragraph, said = paragraphs[at], 0.0
        if at in verdicts:
            part, weight = verdicts[at].part, verdicts[at].weight
            if tops[at].kind in _LOWER and at not in told:
                weight = min(weight, 1)
            said = float(weight if part is Part.PLAN else -weight if part is Part.REVIEW else 0)
        elif _is_announced(norm, paragraph.begin, year):
            said = _ANNOUNCED
        if len(paragraph) < _SHORTEST:
            return said
        said += anew.get(at, 0.0)
        if year and any(_to_come(m, year) for m in _TO_COME.finditer(norm, paragraph.begin, paragraph.end)):
            said += _ANNOUNCED
        return said + parts.tendency(norm[paragraph.begin : paragraph.end])

    turns: dict[int, Part] = {}
    begins = sorted(told)
    anchor = begins[0] if begins else len(paragraphs)
    least = _LONG_FRONT if told.get(anchor) is Part.REVIEW else _SHORT_FRONT
    if any(_looks_back(_lead(norm, p)[:_LOOK], year) for p in paragraphs[opening:anchor]):
        least = _LOOKING_BACK
    if sum(len(p) for p in paragraphs[opening:anchor]) >= least:
        scores = [odds(i) for i in range(opening, anchor)]
        turn = _turn_to_plan(norm, paragraphs, opening, scores, headed)
        if turn != opening and sum(scores[: turn - opening if turn is not None else None]) <= -_PLAIN / 2:
            turns[opening] = Part.REVIEW
        if turn is not None:
            turns[turn] = Part.PLAN
    for number, begin in enumerate(begins):
        if told[begin] is Part.REVIEW and Part.PLAN not in turns.values():
            stop = next((i for i in begins[number + 1 :] if told[i] is not Part.OTHER), len(paragraphs))
            turn = _turn_to_plan(norm, paragraphs, begin + 1, [odds(i) for i in range(begin + 1, stop)], headed)
            if turn is not None:
                turns[turn] = Part.PLAN
    found: dict[int, Part] = {}
    last: Part | None = None
    for i in range(len(paragraphs)):
        last = turns.get(i, last)
        if i in tops:
            part = told.get(i) or last or verdicts[i].part or Part.OTHER
            found[tops[i].begin] = part
            if part in (Part.REVIEW, Part.PLAN):
                last = part
    return found, turns


def _looks_back(lead: str, year: int | None) -> bool:
    """Whether a paragraph that begins so speaks of the past: 过去五年,…; 2018年,…; “十五”时期,…."""
    if cue("review").search(lead):
        return True
    if year is None:
        return False
    plan = parts.plan_years(lead)
    return lead.startswith(f"{year - 1}年") or (plan is not None and plan[1] < year and lead.startswith("“"))


def _to_come(match: re.Match[str], year: int) -> bool:
    if match[2]:
        years = parts.plan_years(match[2])
        return years is not None and years[1] > year
    return not match[1] or int(match[1]) > year


def _lead(norm: str, paragraph: Line) -> str:
    return norm[paragraph.begin : min(paragraph.end, paragraph.begin + 80)]


def _anew(norm: str, headed: dict[int, Heading]) -> dict[int, float]:
    """Paragraphs whose headings count anew (一, 二, 三, then 二), and what that weighs: another part has begun."""
    last: dict[int, int] = {}
    found = {}
    for at, heading in headed.items():
        number = _COUNTED.match(norm, heading.begin)
        if number is None:
            continue
        value = _ORDINALS.find(number[1]) if len(number[1]) == 1 else 0
        for level in [level for level in last if level > heading.level]:
            del last[level]
        if value > 0:
            if value <= last.get(heading.level, 0):
                found[at] = _ANEW
            last[heading.level] = value
    return found


_COUNTED = compiled(r"\(?([一二三四五六七八九十]{1,3})(?:\)|、)")
_ORDINALS = " 一二三四五六七八九十"
#: what it weighs that headings count anew
_ANEW = 2.0


def _turn_to_plan(
    norm: str, paragraphs: list[Line], begin: int, scores: list[float], headed: Container[int]
) -> int | None:
    """The paragraph that best parts what was done from what is to be done, if what follows is plain.

    ``scores`` are the log odds for a plan of the paragraphs from ``begin`` on, ``headed`` those with headings.  Near
    the best place that paragraph is taken whose first words announce the plan ("今年是…", "今后五年…").
    """
    after = [0.0]  # sums from the end backward
    for score in reversed(scores):
        after.append(after[-1] + score)
    after.reverse()
    at = max(range(len(after)), key=lambda i: (after[i], i))
    if after[at] < _PLAIN:
        return None
    while at and begin + at - 1 in headed and after[at - 1] >= after[at]:
        at -= 1
    announced = cue("plan")
    for distance in range(5):
        for near in (at - distance, at + distance):
            plain = 0 <= near < len(scores) and after[near] > after[at] - _NEAR
            if plain and announced.search(_lead(norm, paragraphs[begin + near])):
                return begin + near
    if at and _DID.search(norm, paragraphs[begin + at - 1].begin, paragraphs[begin + at - 1].end):
        while at < len(scores) - 1 and scores[at] < _WEAK:  # (一)… of what has been done
            at += 1
    return begin + at


def _finish(drafts: list[_Draft], pieces: list[tuple[Span, int]]) -> tuple[tuple[Section, ...], tuple[Sentence, ...]]:
    kept = [number for number, draft in enumerate(drafts) if draft.end > draft.begin]
    place = {number: index for index, number in enumerate(kept)}
    # what stands behind the last sentence of a section is in no section: 住塗道？ and a character that is none
    sections = tuple(
        Section(Span(d.begin, d.end), d.level, _within(d.heading, d.end), d.part, d.period)
        for d in (drafts[n] for n in kept)
    )
    return sections, tuple(Sentence(span, place[number]) for span, number in pieces)


def _within(heading: Span | None, end: int) -> Span | None:
    return heading if heading is None or heading.end <= end else Span(heading.begin, end)


def _cut_at(norm: str, spans: list[Span], end: int) -> list[Span]:
    """Sentences cut where a heading ends without a mark ("一、工作回顾 2011年是…")."""
    cut: list[Span] = []
    for span in spans:
        if span.begin < end < span.end and norm[end] not in "。!?;:":
            _add(cut, norm, span.begin, end)
            _add(cut, norm, end, span.end)
        else:
            cut.append(span)
    return cut


@lru_cache(maxsize=1)
def _sub_part() -> re.Pattern[str]:
    return compiled(
        r"回顾|今后|未来[一二三四五几]年|下一?步|下阶段|(?:年|今年|五年|时期)(?:的|政府|经济社会|主要|重点|发展|奋斗|预期|目标|工作|任务|总体|和|与)*"
        r"(?:安排|目标|任务|工作|思路|要求|建议|打算|部署)|问题|困难|注释|名词"
    )


def _says_part(text: str) -> bool:
    return bool(parts.years_in(text) or _sub_part().search(text))


def _overrides(heading: Heading, said: Part, inherited: Part) -> bool:
    """Whether a lower heading turns from the part around it: only where it says so outright."""
    if said is inherited or heading.kind in ("dash", "circle", "pnum", "num") or len(heading.text) > 28:
        return False
    if said is Part.OTHER:
        return inherited is Part.REVIEW
    return inherited is not Part.OTHER and bool(_sub_part().search(heading.text))


_OF_YEAR = compiled(r"(?:各位代表[,!:])?(\d{4})年,?(?:是|我们|全[省市县区州旗]|[市省区县]?政府|工作)")
_AIMS = compiled(r"[^。]{0,30}(?:预期|奋斗|主要|发展)目标(?:是|为|:)")


def _is_announced(norm: str, begin: int, year: int | None) -> bool:
    """Whether a paragraph begins the plan: by naming the year of the report, or what is aimed at."""
    named = _OF_YEAR.match(norm, begin)
    return (named is not None and named[1] == str(year)) or _AIMS.match(norm, begin) is not None


#: characters in which a part says what it is about
_LEAD = 200
_ANNUAL_REVIEW = compiled(r"过去的?一年|一年来|去年|这一年")
_ANNUAL_PLAN = compiled(r"今年|新的一年")
_TERM = compiled(
    r"“[^”]{1,2}五”(?:期?末|时期|期间)|[二两三四五六七八九]年来"
    r"|[过今未][去后来]的?[二两三四五六七八九几]年|本届政府|时期"
)


def _annual(part: Part, follow: str, year: int) -> Period | None:
    """The year of a top section whose heading names none, if its first words tell it."""
    lead = follow[:_LEAD]
    if _TERM.search(lead):
        return None
    if part is Part.REVIEW and (_ANNUAL_REVIEW.search(lead) or f"{year - 1}年" in lead):
        return Period(str(year - 1))
    if part is Part.PLAN and (_ANNUAL_PLAN.search(lead) or f"{year}年" in lead):
        return Period(str(year))
    return None


def _is_thanks(norm: str, paragraph: Line) -> bool:
    """Thanks are a short paragraph, or stand at its end; the rest of a long one counts for more."""
    return len(paragraph) <= 320 and bool(cue("thanks").search(norm, paragraph.begin, paragraph.end))


def _closing(norm: str, paragraphs: list[Line]) -> frozenset[int]:
    """The closing words: the last paragraph that calls upon the delegates, and what goes with it."""
    pattern = cue("closing")
    for index in range(len(paragraphs) - 1, max(-1, len(paragraphs) // 2), -1):
        paragraph = paragraphs[index]
        if pattern.search(norm[paragraph.begin : paragraph.end]):
            return frozenset(i for i in (index - 1, index) if i == index or _is_call(norm, paragraphs[i]))
    return frozenset()


def _is_call(norm: str, paragraph: Line) -> bool:
    return len(paragraph) < 12 and bool(_SALUTATION.match(norm[paragraph.begin : paragraph.end]))


def _is_glossary(norm: str, paragraphs: list[Line]) -> bool:
    """Whether what stands behind the closing words says what words mean: its title does, or most of its entries."""
    title = cue("glossary")
    if any(len(p) <= _TITLE and title.search(norm[p.begin : p.end].replace(" ", "")) for p in paragraphs[:_FIRST]):
        return True
    entries = sum(1 for p in paragraphs if _ENTRY.match(norm, p.begin, p.end))
    return entries * 2 > len(paragraphs)


def _appendix(norm: str, paragraphs: list[Line], closing: frozenset[int]) -> int | None:
    """Index of the first paragraph after the closing words (glossary, notes), if any."""
    if closing:
        after = max(closing) + 1
        return after if after < len(paragraphs) else None
    pattern, glossary = cue("appendix"), cue("glossary")
    for index in range(len(paragraphs) // 3, len(paragraphs)):
        paragraph = paragraphs[index]
        text = norm[paragraph.begin : paragraph.end].replace(" ", "")
        late = index >= len(paragraphs) * 2 // 3  # a long glossary may begin earlier
        if len(paragraph) <= _TITLE and pattern.match(text) and (late or glossary.search(text)):
            return index
    return None


def _is_of_tasks(title: str) -> bool:
    """Whether a title is one of a list of what is to be done, and not of what has come of one."""
    return _TASKS.search(title) is not None and _OUTCOME.search(title) is None


def _cut_glossary(norm: str, paragraphs: list[Line]) -> int | None:
    """Index of the first of the entries with which a text ends, if they are the rest of a glossary: 14.…:, 15.…:"""
    first, number = len(paragraphs), 0
    for index in range(len(paragraphs) - 1, -1, -1):
        entry = _EXPLAINED.match(norm, paragraphs[index].begin, paragraphs[index].end)
        if entry is None or (number and int(entry[1]) != number - 1):
            break
        first, number = index, int(entry[1])
    # what begins with 1, wherever that stands, may be a list of tasks as well
    begun = any(
        (item := _ITEM.match(norm, p.begin, p.end)) and int(item[1]) in (1, number - 1) for p in paragraphs[:first]
    )
    return first if number > 1 and not begun and len(paragraphs) - first >= _ENTRIES else None
