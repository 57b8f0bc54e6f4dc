"""Headings, sections and sentences of a report, with their offsets.

All patterns run over the normalised text (:mod:`kg.text.normalize`) and every one
of them is bounded, so that the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.model import Part, Period, Section, Sentence, Span
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
_MARKER = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _MARKERS))
#: what begins a line that never continues the one before; a dash may stand inside a sentence
STARTS_BLOCK = re.compile("|".join(pattern for name, pattern in _MARKERS if name != "dash") + "|各位代表|—{2}|-{2}")
_FIGURE = re.compile(r"\d[\d.,]*[ ]?(?:%|‰|[万亿]|个百分点|倍|元|公里|平方米)")
_ENDS = re.compile(r"[。!?;:]")
_HAN = re.compile(r"[一-鿿]")
_SALUTATION = re.compile(r"(?:尊敬的|敬爱的)?(?:各位|主席团|主席|主任|同志)[^。]{0,40}[:!,。]?$|各位代表")

_MAX_HEADING = 60  # a line that is a heading
_MAX_INLINE = 45  # a heading that runs on into its paragraph
_MAX_BARE = 36  # a heading without a number
_MAX_QUOTE = 120  # longer quotes are split like other text


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
    if kind == "cn" and not re.match(r"[^ ]{1,4}[、.]", norm[line.begin : begin + 1]) and inline:
        return None  # "一 " alone is too weak for a paragraph
    length = end - begin
    limit = _MAX_INLINE if inline else _MAX_HEADING
    if stop and stop.group() == ":" and inline:
        limit = 20
    text = norm[begin:end]
    statement = bool(_FIGURE.search(text)) and kind in ("num", "pnum", "circle", "dash")
    if length > limit or length < 2 or not _HAN.search(text):
        # "一、2011年工作回顾 2011年是实施…": the heading ends at the space
        space = norm.find(" ", begin + 4, min(begin + 32, line.end))
        if space > 0 and kind in ("chapter", "cn", "pcn") and not _ENDS.search(norm, begin, space):
            return Heading(line.begin, Span(line.begin, space), kind, norm[begin:space])
        if kind in ("chapter", "cn", "pcn") and length > limit:
            return Heading(line.begin, None, kind, "")
        return None
    if statement:
        return None
    if kind == "dash" and not inline and stop is None and length > _MAX_BARE:
        return None
    return Heading(line.begin, Span(line.begin, end), kind, text.strip())


def _bare(norm: str, line: Line, following: Line | None) -> Heading | None:
    length = len(line)
    if not 4 <= length <= _MAX_BARE or following is None:
        return None
    text = norm[line.begin : line.end]
    if text[-1] in "。!?;:,、…-—" or text[0] in "(“\"‘《[【*<•·" and text[0] not in "“\"‘《":
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
    cn_tells = any(h.kind in ("cn", "chapter") and parts.judge(h.text, None).weight >= 3 for h in found)
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

_TOKEN = re.compile(r"[。!?;]+|[《》“”()]|\"")
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
    their own, so that no section holds navigation.
    """
    drafts: list[_Draft] = []
    pieces: list[tuple[Span, int]] = []  # sentence, index of its draft
    first_heading = headings[0].begin if headings else None

    body_front = [p for p in paragraphs if first_heading is None or p.begin < first_heading]
    for line in front:
        touching = bool(drafts) and norm[drafts[-1].end : line.begin].strip() == ""
        if not touching:
            drafts.append(_Draft(line.begin, 1, None, Part.FRONT, None))
        drafts[-1].end = line.end
        pieces += [(span, len(drafts) - 1) for span in split_sentences(norm, line.begin, line.end)]

    by_begin = {heading.begin: heading for heading in headings}
    open_sections: list[int] = []
    turns = _turns(norm, body_front, year)
    last_part: Part | None = None
    closing = _closing(norm, paragraphs)
    appendix = _appendix(norm, paragraphs, closing)
    in_problems = False
    for index, paragraph in enumerate(paragraphs):
        heading = by_begin.get(paragraph.begin)
        if heading or paragraph.begin in turns or index == appendix:
            in_problems = False
        if index == appendix:
            open_sections.clear()
            drafts.append(_Draft(paragraph.begin, 1, None, Part.OTHER, None))
            open_sections.append(len(drafts) - 1)
        if heading:
            while open_sections and drafts[open_sections[-1]].level >= heading.level:
                open_sections.pop()
            if appendix is not None and index >= appendix:
                draft = _Draft(paragraph.begin, len(open_sections) + 1, heading.span, Part.OTHER, None)
            else:
                parent = drafts[open_sections[-1]] if open_sections else None
                follow = norm[paragraph.end : paragraph.end + 400]
                draft = _headed(heading, parent, last_part, follow, year)
                draft.level = len(open_sections) + 1
                if draft.level == 1 and draft.part is not Part.OTHER:
                    last_part = draft.part
            drafts.append(draft)
            open_sections.append(len(drafts) - 1)
        elif paragraph.begin in turns:
            open_sections.clear()
            drafts.append(_Draft(paragraph.begin, 1, None, turns[paragraph.begin], None))
            open_sections.append(len(drafts) - 1)
            last_part = turns[paragraph.begin]
        elif not open_sections:
            touching = bool(drafts) and norm[drafts[-1].end : paragraph.begin].strip() == ""
            if not (touching and drafts[-1].part is Part.FRONT):
                drafts.append(_Draft(paragraph.begin, 1, None, Part.FRONT, None))
            open_sections.append(len(drafts) - 1)
        target = open_sections[-1]
        spans = split_sentences(norm, paragraph.begin, paragraph.end)
        if heading and heading.span:
            spans = _cut_at(norm, spans, heading.span.end)
        if not spans:
            continue
        if not heading and drafts[target].part in (Part.REVIEW, Part.PLAN):
            lead = norm[paragraph.begin : min(paragraph.end, paragraph.begin + 160)]
            problem = drafts[target].part is Part.REVIEW and bool(cue("problem").search(lead))
            in_problems = problem or (in_problems and bool(re.match(r"[一二三四五六七八九]是", lead)))
            aside = in_problems or index in closing or _is_thanks(norm, paragraph)
            if aside:
                parent = drafts[target]
                drafts.append(_Draft(paragraph.begin, parent.level + 1, None, Part.OTHER, None, paragraph.end))
                target = len(drafts) - 1
        pieces += [(span, target) for span in spans]
        for number in {*open_sections, target}:
            drafts[number].end = max(drafts[number].end, spans[-1].end)
    return _finish(drafts, pieces)


def _finish(drafts: list[_Draft], pieces: list[tuple[Span, int]]) -> tuple[tuple[Section, ...], tuple[Sentence, ...]]:
    kept = [number for number, draft in enumerate(drafts) if draft.end > draft.begin]
    place = {number: index for index, number in enumerate(kept)}
    sections = tuple(
        Section(Span(d.begin, d.end), d.level, d.heading, d.part, d.period) for d in (drafts[n] for n in kept)
    )
    return sections, tuple(Sentence(span, place[number]) for span, number in pieces)


def _cut_at(norm: str, spans: list[Span], end: int) -> list[Span]:
    """Sentences cut where a heading ends without a final mark ("一、工作回顾 2011年是…")."""
    cut: list[Span] = []
    for span in spans:
        if span.begin < end < span.end and norm[end] == " ":
            _add(cut, norm, span.begin, end)
            _add(cut, norm, end, span.end)
        else:
            cut.append(span)
    return cut


def _headed(heading: Heading, parent: _Draft | None, last_part: Part | None, follow: str, year: int | None) -> _Draft:
    verdict = parts.judge(heading.text, year) if heading.text else parts.Verdict(None, 0)
    part = parent.part if parent else None
    if part is None or part is Part.FRONT:
        part = verdict.part
        if part is None or (verdict.weight < 2 and last_part is not None):
            lead = follow.strip()
            if last_part is not None:
                part = last_part
            elif cue("plan").search(lead):
                part = Part.PLAN
            else:
                part = Part.REVIEW if cue("review").search(lead) else part or Part.OTHER
    elif verdict.weight >= 3 and verdict.part and _overrides(heading, verdict.part, part):
        part = verdict.part
    period = parts.heading_period(heading.text, part, year)
    if period is None and not parts.spans_years(heading.text):
        if parent and parent.part is part:
            period = parent.period
        elif parent is None and year is not None and not parts.years_in(heading.text):
            period = _annual(heading.text, part, follow, year)
    return _Draft(heading.begin, heading.level, heading.span, part, period)


@lru_cache(maxsize=1)
def _sub_part() -> re.Pattern[str]:
    return re.compile(
        r"回顾|今后|未来[一二三四五几]年|下一?步|下阶段|(?:年|今年|五年|时期)(?:的|政府|经济社会|主要|重点|发展|奋斗|预期|目标|工作|任务|总体|和|与)*"
        r"(?:安排|目标|任务|工作|思路|要求|建议|打算|部署)|问题|困难|注释|名词"
    )


def _overrides(heading: Heading, said: Part, inherited: Part) -> bool:
    """Whether a lower heading turns from the part around it: only where it says so outright."""
    if said is inherited or heading.kind in ("dash", "circle", "pnum", "num") or len(heading.text) > 28:
        return False
    if said is Part.OTHER:
        return inherited is Part.REVIEW
    return inherited is not Part.OTHER and bool(_sub_part().search(heading.text))


_ANNUAL_REVIEW = re.compile(r"过去的?一年|一年来|去年|这一年")
_ANNUAL_PLAN = re.compile(r"今年|新的一年")
_TERM = re.compile(r"[二两三四五六七八九]年来|[过今未][去后来]的?[二两三四五六七八九几]年|本届政府|时期")


def _annual(heading: str, part: Part, follow: str, year: int) -> Period | None:
    """The year of a top section whose heading names none, if its first words tell it."""
    lead = follow[:200]
    if _TERM.search(lead):
        return None
    if part is Part.REVIEW and (_ANNUAL_REVIEW.search(lead) or re.search(rf"{year - 1}年", lead)):
        return Period(str(year - 1))
    if part is Part.PLAN and (_ANNUAL_PLAN.search(lead) or re.search(rf"{year}年", lead)):
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


def _appendix(norm: str, paragraphs: list[Line], closing: frozenset[int]) -> int | None:
    """Index of the first paragraph after the closing words (glossary, notes), if any."""
    if closing:
        after = max(closing) + 1
        return after if after < len(paragraphs) else None
    pattern = cue("appendix")
    for index in range(len(paragraphs) * 2 // 3, len(paragraphs)):
        paragraph = paragraphs[index]
        if len(paragraph) <= 30 and pattern.match(norm[paragraph.begin : paragraph.end]):
            return index
    return None


#: text before the first heading that is longer than an opening
_LONG_FRONT = 1500


def _turns(norm: str, front: list[Line], year: int | None) -> dict[int, Part]:
    """Where a long text without headings turns to review and to plan, by the first words of its paragraphs."""
    if sum(len(p) for p in front) < _LONG_FRONT:
        return {}
    turns: dict[int, Part] = {}
    state: Part | None = None
    for paragraph in front:
        lead = norm[paragraph.begin : min(paragraph.end, paragraph.begin + 80)]
        said: Part | None = None
        if cue("plan").search(lead):
            said = Part.PLAN
        elif cue("review").search(lead):
            said = Part.REVIEW
        elif year is not None and (named := re.match(r"((?:19|20)\d\d)年", lead)):
            if int(named[1]) < year:
                said = Part.REVIEW
            elif re.search(r"(?:我们)?[要将]|是.{0,40}(?:开局|关键|攻坚|收官)?之?年", lead):
                said = Part.PLAN
        if said and said is not state and state is not Part.PLAN:
            turns[paragraph.begin] = state = said
    return turns


