"""What a report says of itself: title, meeting, date, speaker, area, year.

A value is given only where the text says it; what cannot be told is None and a
warning, never a guess.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from kg.model import Part, Span, split_area
from kg.patterns import alternatives, compiled
from kg.text import parts
from kg.text.area_named_most import area_named_most, stem_of
from kg.text.lines import Line
from kg.text.segment import Heading
from kg.text.vocabulary import divisions, words

_HAN = "一-鿿"
_OPENING = compiled(
    r"(?:尊敬的|敬爱的)?(?:各位|主席团|大会主席|同志们|全体)[^。]{0,30}(?:代表|委员|同志|同志们|来宾|主席)|各位代表|各位委员"
)
_REPRESENTS = compiled(rf"代表([{_HAN}]{{1,24}}?)(?:人民政府|政府|革命委员会|管理委员会|管委会|行政公署|向)")
_NUMBERED = compiled(r"[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]{1,2}\)|第[一二三四五]部分")
_TITLE = compiled(r"工作报告")
_PAGE = compiled(r"https?://|www\.|<!--|[>»|•►]|^·|^\d{4}[-/]\d{1,2}[-/]\d{1,2}|^[^\w\u4e00-\u9fff]*$")
_DATE = compiled(
    r"((?:19|20)\d\d|[一二][九〇0O][〇一二三四五六七八九0O]{2})年\s?(\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?:\s?(\d{1,2}|[一二三四五六七八九十]{1,3})日)?"
)
_DATED = compiled(rf"[—\-(*]*(?:{_DATE.pattern})(?=$|[)在—\-]|[{_HAN}]{{2,4}}\)?$)")
_OF_CONGRESS = compiled(r"(?:人民代表大会|人大).{0,12}(?:会议|会告)|届人民代表大会$")
_TITLE_YEAR = compiled(r"((?:19|20)\d\d)(?!\d)年?")
_NUMBER = r"第?[一二三四五六七八九十\d]{1,3}"
_MEETING = compiled(
    rf"([{_HAN}]{{0,30}}?)(\s?{_NUMBER}届\s?(?:人民代表大会|人大)\s?{_NUMBER}次?\s?(?:全体)?(?:会议|全会))"
)

_MAX_HEADER_LINES = 60
_MAX_TAIL_LINE = 60


@dataclass(slots=True)
class Header:
    """The metadata of a report and where they stand in its text."""

    title: str | None = None
    meeting: str | None = None
    date: str | None = None
    speaker: str | None = None
    area: str | None = None
    year: int | None = None
    spans: dict[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a file told apart: header lines of the report, its body; the rest is navigation."""

    front: tuple[Line, ...]
    body: tuple[Line, ...]


# --- layout --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _navigation() -> re.Pattern[str]:
    return compiled(alternatives(words("navigation", "word")))


def lay_out(norm: str, lines: list[Line]) -> Layout:
    """Tell the report from the web page around it.

    The header reaches to the salutation, the opening or the first heading; of its
    lines those of the report are kept, from the title on, without the page's own.
    At the end, lines from the first mark of navigation on are cut off where only
    short lines follow.
    """
    start = _body_start(norm, lines)
    front = [line for line in lines[:start] if not _is_page_line(norm, line)]
    telling = [i for i, line in enumerate(front) if _is_header_line(norm, line)]
    front = front[telling[0] :] if telling else []
    stop = _body_stop(norm, lines, start)
    body = [line for line in lines[start:stop] if not norm.startswith("<!--", line.begin)]
    return Layout(tuple(front), tuple(body))


def _body_start(norm: str, lines: list[Line]) -> int:
    titles = 0
    for index, line in enumerate(lines[:_MAX_HEADER_LINES]):
        text = norm[line.begin : line.end]
        if _TITLE.search(text.replace(" ", "")) and len(line) <= 70 and "我代表" not in text:
            titles += 1
            continue
        if _is_page_line(norm, line) or _is_header_line(norm, line):
            continue
        if _OPENING.match(text) or "我代表" in text or _NUMBERED.match(text):
            return index
        if len(line) >= 60 and compiled("[。;,]").search(text):
            return index
        if len(line) >= 6 and parts.judge(text, None).weight >= 3 and text[-1] not in ")】":
            return index
    return 0


def _is_page_line(norm: str, line: Line) -> bool:
    text = norm[line.begin : line.end]
    if _PAGE.search(text):
        return True
    return len(line) <= _MAX_TAIL_LINE and bool(_navigation().search(text)) and not _TITLE.search(text)


def _is_header_line(norm: str, line: Line) -> bool:
    """A title, meeting, date or speaker."""
    if len(line) > 90:
        return False
    text = norm[line.begin : line.end]
    bare = text.replace(" ", "")
    if _OPENING.match(text) or "我代表" in text:
        return False
    if "工作报告" in bare and "。" not in bare and "," not in bare:
        return True
    if "," in bare or "。" in bare:
        return False
    if _OF_CONGRESS.search(bare):
        return True
    if len(bare) <= 40 and _DATED.match(bare):
        return True
    return bool(_speaker_in(text)) or _lone_name(text) is not None


def _body_stop(norm: str, lines: list[Line], start: int) -> int:
    """Index after the last line of the report."""
    last = len(lines)
    floor = max(start, len(lines) - 80)
    # the last line that is text beyond doubt
    text_until = start
    for index in range(last - 1, floor - 1, -1):
        line = lines[index]
        text = norm[line.begin : line.end]
        if (len(line) > _MAX_TAIL_LINE or text[-1] in "。!”") and not _PAGE.search(text[:40]):
            if len(line) <= 120 and _navigation().search(text) and text[-1] not in "。!":
                continue
            text_until = index + 1
            break
    for index in range(text_until, last):
        if _is_page_line(norm, lines[index]):
            return index
    return last


# --- metadata ------------------------------------------------------------------------------------------------------


def read_header(text: str, norm: str, front: tuple[Line, ...], body: tuple[Line, ...]) -> Header:
    """Title, meeting, date, speaker and the area of the header; the year if the header tells it."""
    header = Header()
    for line in front:
        _read_title(text, norm, line, header)
    _read_meeting(text, norm, front, header)
    _read_date(norm, front, header)
    for line in front:
        if header.speaker is None:
            _read_speaker(text, norm, line, header)
    _read_area(text, norm, front, body, header)
    if header.date:
        header.year = int(header.date[:4])
    elif header.title and (named := _TITLE_YEAR.search(norm[_slice(header.spans["title"])])):
        header.year = int(named[1])
    return header


def _slice(span: Span) -> slice:
    return slice(span.begin, span.end)


#: what a title does not begin with
_NO_TITLE = compiled(r"[^\w\u4e00-\u9fff《]*")


def _read_title(text: str, norm: str, line: Line, header: Header) -> None:
    if header.title is not None:
        return
    raw = norm[line.begin : line.end]
    compact, offsets = _compact(norm, line.begin, line.end)
    at = compact.find("工作报告")
    if at < 0 or "我代表" in compact:
        return
    del raw
    begin = _NO_TITLE.match(compact)
    first = begin.end() if begin else 0
    # a meeting line that follows on the same line is not part of the title
    stop = len(compact)
    if (dash := compact.find("—", at)) > 0:
        stop = dash
    span = Span(offsets[first], offsets[stop - 1] + 1)
    title = span.quote(text)
    header.title = (
        compiled(r"\s+").sub("", title) if compiled(r"(?:\S\s){3}").search(title) else compiled(r"\s+").sub(" ", title)
    )
    header.spans["title"] = span


def _compact(norm: str, begin: int, end: int) -> tuple[str, list[int]]:
    """The stretch without spaces, and the offset of each of its characters."""
    offsets = [i for i in range(begin, end) if norm[i] != " "]
    return "".join(norm[i] for i in offsets), offsets


def _zone(norm: str, front: tuple[Line, ...]) -> tuple[str, list[int]]:
    """The header lines without spaces, one line break between each two."""
    characters: list[str] = []
    offsets: list[int] = []
    for line in front:
        compact, places = _compact(norm, line.begin, line.end)
        if characters:
            characters.append("\n")
            offsets.append(line.begin)
        characters += compact
        offsets += places
    return "".join(characters), offsets


def _read_meeting(text: str, norm: str, front: tuple[Line, ...], header: Header) -> None:
    zone, offsets = _zone(norm, front)
    match = _MEETING.search(zone)
    if not match:
        return
    begin = match.start(1) + _area_begin(match[1])
    span = Span(offsets[begin], offsets[match.end() - 1] + 1)
    header.meeting = compiled(r"\s+").sub("", span.quote(text))
    header.spans["meeting"] = span
    name = compiled(r"([省市区县])\1$").sub(r"\1", zone[begin : match.end(1)].strip())  # 连云港市市第十三届…
    if name and is_area(name):
        header.area = name
        header.spans["area"] = Span(offsets[begin], offsets[begin + len(name) - 1] + 1)


def _area_begin(words_before: str) -> int:
    """Where the name begins in "日在广州市海珠区"."""
    at = max(words_before.rfind("在") + 1, words_before.rfind("\n") + 1)
    if at == 0 and words_before.startswith("日") and not is_known(words_before):
        at = 1
    return at


def _read_date(norm: str, front: tuple[Line, ...], header: Header) -> None:
    zone, offsets = _zone(norm, front)
    for match in _DATE.finditer(zone):
        year = parts.year_number(match[1].replace("O", "0"))
        month = _small_number(match[2])
        day = _small_number(match[3]) if match[3] else None
        if not 1949 <= year <= 2099 or not 1 <= month <= 12:
            continue
        if day is not None and not 1 <= day <= monthrange(year, month)[1]:  # 2月30日 is no date
            continue
        header.date = f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day is not None else "")
        header.spans["date"] = Span(offsets[match.start()], offsets[match.end() - 1] + 1)
        return


def _small_number(digits: str) -> int:
    """1 to 99 in Arabic or Chinese digits.

    >>> _small_number("二十八"), _small_number("十"), _small_number("7")
    (28, 10, 7)
    """
    if digits.isdigit() and digits.isascii():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    value = "〇一二三四五六七八九"
    if not ten:
        return value.find(ones[0])
    return (value.find(tens) if tens else 1) * 10 + (value.find(ones) if ones else 0)


# --- speaker -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _speaker_pattern() -> re.Pattern[str]:
    name = rf"(?P<name>[{_HAN}](?: {{0,4}}[{_HAN}]){{1,3}}|[{_HAN}]{{1,8}}(?:[·.][{_HAN}]{{1,8}}){{1,3}})"
    return compiled(
        rf"(?P<area>[{_HAN}]{{0,24}}?)(?:人民政府|政府|管委会|管理委员会)? {{0,4}}(?:代理|代|副)? {{0,2}}"
        rf"(?:{_spaced_posts()})(?:[、,](?:代|候选人|提名人选)?)?(?:同志)? {{0,8}}:? {{0,4}}{name}"
        r"(?: {0,4}\([^)]{0,20}\))?(?P<rest>[ )—\-。]*$|在|作| )"
    )


def _spaced_posts() -> str:
    return "|".join(" {0,4}".join(post) for post in sorted(words("posts", "post"), key=lambda w: (-len(w), w)))


def _speaker_in(line: str) -> re.Match[str] | None:
    if len(line) > 80:
        return None
    match = _speaker_pattern().search(line)
    if not match or not _is_name(match["name"]):
        return None
    if match["rest"] in ("在", "作") and "工作报告" not in line and "人民代表大会" not in line:
        return None
    return match


def _is_name(name: str) -> bool:
    bare = name.replace(" ", "")
    if "·" in bare or "." in bare:
        return True
    surnames = words("surnames", "surname")
    return 2 <= len(bare) <= 3 or (len(bare) == 4 and bare[:2] in surnames)


_NAME = compiled(rf"[{_HAN}]{{2,4}}")


def _lone_name(line: str) -> str | None:
    """A line that is a person's name and nothing else ("马志勇", "李  明")."""
    bare = compiled(r"\s+").sub("", line)
    surnames = words("surnames", "surname")
    if not _NAME.fullmatch(bare) or bare.endswith(tuple(words("area_suffixes", "suffix"))):
        return None
    if _navigation().search(bare) or parts.judge(bare, None).part:
        return None
    compound = bare[:2] in surnames and len(bare) >= 3
    return bare if compound or (bare[0] in surnames and len(bare) <= 3) else None


#: the end of a line in brackets: "(2011年11月8日 李明)"
_DATE_AND_NAME = compiled(rf"日 {{1,4}}([{_HAN}]{{2,4}})\)$")


def _read_speaker(text: str, norm: str, line: Line, header: Header) -> None:
    raw = norm[line.begin : line.end]
    match = _speaker_in(raw)
    if match:
        span = Span(line.begin + match.start("name"), line.begin + match.end("name"))
    elif header.meeting and _lone_name(raw):
        span = Span(line.begin, line.end)
    elif (header.meeting or header.date) and (dated := _DATE_AND_NAME.search(raw)):
        span = Span(line.begin + dated.start(1), line.begin + dated.end(1))
    else:
        return
    header.speaker = compiled(r"\s+").sub("", span.quote(text))
    header.spans["speaker"] = span


# --- area ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _area_chain() -> re.Pattern[str]:
    suffix = alternatives(words("area_suffixes", "suffix"))
    return compiled(rf"(?:[{_HAN}]{{1,11}}?(?:{suffix}))+")


def is_known(name: str) -> bool:
    """Whether a name is that of an administrative division, past or present.

    >>> is_known("海珠区"), is_known("社区")
    (True, False)
    """
    return bool(divisions(name))


def _within(name: str) -> list[str]:
    """The names of the divisions that a division lies or lay in."""
    return next((around for _, around in divisions(name)), [])


def is_area(name: str) -> bool:
    """Whether a name is built like that of an area ("广州市海珠区").

    >>> is_area("广州市海珠区"), is_area("我区"), is_area("第一次会议")
    (True, False, False)
    """
    if len(name) < 2 or (name[0] in "我本全各该市区县省" and not is_known(name)):
        return False
    return bool(_area_chain().fullmatch(name)) and name not in words("generic_areas", "word")


_AROUND_AREA = compiled(r"^(?:年度?|关于)|(?:换届)?(?:人民)?(?:政府|管委会|管理委员会|工作报告).*$")
_LEVELS = "省市区县州盟旗"


#: what may be an area in a title
_STRETCH = compiled(rf"[{_HAN}]{{2,24}}")


def _read_area(text: str, norm: str, front: tuple[Line, ...], body: tuple[Line, ...], header: Header) -> None:
    candidates: list[tuple[str, Span]] = []
    if header.area:
        candidates.append((header.area, header.spans["area"]))
    level: str | None = None
    if "meeting" in header.spans and not candidates and (of := re.match(rf"[{_LEVELS}](?=第)", header.meeting or "")):
        level = of.group()
    for line in front:
        match = _speaker_in(norm[line.begin : line.end])
        if match and match["area"]:
            _add_candidate(candidates, match["area"], line.begin + match.start("area"))
    if "title" in header.spans:
        span = header.spans["title"]
        for found in _STRETCH.finditer(norm[_slice(span)]):
            name = _AROUND_AREA.sub("", found.group())
            at = found.group().find(name)
            _add_candidate(candidates, name, span.begin + found.start() + at)
    for line in body[:8]:
        for match in _REPRESENTS.finditer(norm, line.begin, min(line.end, line.begin + 400)):
            name = match[1]
            if name[0] in _LEVELS and len(name) <= 3 and not is_known(name):
                level = level or name[0]
            else:
                _add_candidate(candidates, compiled("(?:筹备组|人民)$").sub("", name), match.start(1))
    if candidates:
        base = split_area(candidates[0][0])[-1]
        fitting = [c for c in candidates if c[0].endswith(base)]
        name, span = max(fitting, key=lambda c: (len(c[0]), -c[1].begin))
        header.area, header.spans["area"] = _fullest(norm, name, span)
        return
    header.spans.pop("area", None)
    found_name = area_named_most(norm[body[0].begin : body[-1].end], level) if body else None
    if found_name:
        at = norm.find(found_name)
        if at < 0:  # only ever named without its suffix
            at, length = norm.find(stem_of(found_name)), len(stem_of(found_name))
        else:
            length = len(found_name)
        header.area, header.spans["area"] = _fullest(norm, found_name, Span(at, at + length))


def _add_candidate(candidates: list[tuple[str, Span]], name: str, begin: int) -> None:
    stripped = compiled(r"^(?:现在|中共|我|由|在)").sub("", name)
    begin += len(name) - len(stripped)
    if is_area(stripped):
        candidates.append((stripped, Span(begin, begin + len(stripped))))


def _fullest(norm: str, name: str, span: Span) -> tuple[str, Span]:
    """The name with the division around it where the text writes both in one ("广州市海珠区")."""
    outermost = split_area(name)[0]
    for parent in _within(outermost):
        at = norm.find(parent + name)
        if at >= 0:
            return parent + name, Span(at, at + len(parent) + len(name))
    return name, span


# --- year ----------------------------------------------------------------------------------------------------------


def year_given(header: Header, inferred: int | None) -> int | None:
    """The year of the report: of its date or title, else as inferred from its headings.

    A congress that meets in November or December to review the year and to plan the
    next gives the next year's report, as its title does where it has one.
    """
    if header.date and inferred == int(header.date[:4]) + 1 and header.date[5:7] in ("11", "12"):
        return inferred
    return header.year if header.year is not None else inferred


_BOTH = compiled("(?:回顾|总结|情况).*(?:安排|要求|目标|任务|打算|意见|建议)")


def infer_year(norm: str, headings: list[Heading], body: tuple[Line, ...]) -> int | None:
    """The year in which a report without a date was given.

    It follows the year under review ("2013年工作回顾" → 2014) and is that of the plan
    ("2014年工作思路和重点").  Without such headings it follows "过去的2013年" or is that of
    "2014年我们将", or follows "初步核算，2013年"; None where that is not plain.
    """
    votes: Counter[int] = Counter()
    for heading in headings:
        if heading.level > 2 or not heading.text:
            continue
        named = parts.years_in(heading.text)
        if _BOTH.search(heading.text) and len(named) == 2 and named[1] == named[0] + 1:
            votes[named[1]] += 1  # "1994年回顾和1995年工作的基本要求"
            continue
        verdict = parts.judge(heading.text, None)
        if not named or verdict.part not in (Part.REVIEW, Part.PLAN):
            continue
        if verdict.part is Part.REVIEW:
            if len(set(named)) == 1:
                votes[named[0] + 1] += 1
        elif len(set(named)) == 1 and not parts.plan_years(heading.text):
            votes[named[0]] += 1
    if votes:
        ranked = votes.most_common(2)
        if len(ranked) == 1 or ranked[0][1] > ranked[1][1]:
            return ranked[0][0]
        return max(ranked[0][0], ranked[1][0]) if abs(ranked[0][0] - ranked[1][0]) == 1 else None
    return _year_of_text(norm, body)


_PAST_YEAR = compiled(r"(?:过去的|回顾|回首)((?:19|20)\d\d)年")
#: sums of the year under review that are not yet final
_ESTIMATED = compiled(r"初步(?:核算|统计|测算|预计),?((?:19|20)\d\d)年,?(?:实现|[全我][省市区县]|[^。,]{0,8}生产总值)")
_COMING_YEAR = compiled(
    r"((?:19|20)\d\d)年,?(?:我们[要将]|政府工作|[全我][省市区县][^。,]{0,12}(?:总体要求|预期目标|主要目标)|经济社会发展[^。,]{0,12}目标|要重点)"
)


def _year_of_text(norm: str, body: tuple[Line, ...]) -> int | None:
    if not body:
        return None
    stretch = norm[body[0].begin : body[-1].end][:200_000]
    votes = Counter(int(year) + 1 for said in (_PAST_YEAR, _ESTIMATED) for year in said.findall(stretch))
    votes.update(int(year) for year in _COMING_YEAR.findall(stretch))
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]):
        return None
    return ranked[0][0]
