"""Figures: a number with what belongs to it, its unit, and how it bounds the quantity.

A figure is found from its number outward.  What makes a number no figure is known by its
surroundings: a letter or 第 before it, a letter behind it, short quotation marks or title marks around it
("12319", “四敢”, 5G, 第三届, 500强).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kg.extract.listed import listed
from kg.extract.numerals import ARABIC, parse_numeral, scaled
from kg.model import Bound, Span
from kg.patterns import compiled
from kg.resources import table


class Unit(NamedTuple):
    """A unit of measure or a counter."""

    name: str
    kind: str  # money, rate, multiple, area, length, mass, volume, power, tech, time, age, person, count, score, grade
    suffix: str  # what closes the name of an indicator counted in it: 数, 户数, 面积, …
    unless: str  # characters that must not follow


class Quantity(NamedTuple):
    """A figure: ``text[begin:end]`` is its number with its unit."""

    begin: int
    end: int
    value: Decimal
    unit: str
    #: a kind of :class:`Unit`, or share (1/4, 七成, 一半), ratio (a member of 0.7:27.1:72.2), bare (no unit)
    kind: str
    bound: Bound = Bound.EQ
    #: the upper value of a range ("3至5个"), the lower being :attr:`value`
    upper: Decimal | None = None
    #: offset behind the words of bound that follow (以上, 左右), else :attr:`end`
    tail: int = 0
    #: offset of the words of bound that stand before (近, 超过), else :attr:`begin`
    head: int = 0
    small: bool = False  # a Chinese numeral up to ten: 三项
    round: bool = False  # a Chinese unit without a digit: 百亿元
    place: int = 0  # of a member in its ratio
    size: int = 1  # members of the ratio
    suffix: str = ""

    @property
    def span(self) -> Span:
        return Span(self.begin, self.end)


_HAN = "零〇一二两三四五六七八九十百千万亿"
_NUMBER = compiled(
    rf"(?P<percent>百分之|千分之|万分之)(?P<of>[{_HAN}]+(?:点[{_HAN}]+)?|{ARABIC})"
    rf"|(?P<den>[二三四五六七八九十])分之(?P<num>[一二两三四五六七八九])"
    r"|(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\d/年])"
    r"|翻了?近?(?P<times>[一二两三四五]|\d)?番"
    r"|(?P<half>一半|半数)"
    rf"|(?P<arabic>{ARABIC})(?P<scale>(?: ?[百千万亿])?[十百千万亿]*)"
    rf"|(?P<han>[{_HAN}]+(?:点[零〇一二三四五六七八九]+)?)"
)
#: what any number begins with: most of the text is passed over ten times as fast as with the whole pattern
_SIGN = compiled(rf"[\d半翻{_HAN}]")
_MORE = compiled(r"([多余]?)([百千万亿]*)([多余]?) ?")
_BEFORE = listed(
    r"(?:(?P<le>{at-most})"
    r"|(?P<ge>{at-least}|超过了?|首?超|突破了?|首?破|逾|过|(?<![迈跃登站跨新])上)"
    r"|(?P<approx>{about}|(?<![最附邻远])近|(?<!{before-about})约为?))(?:了|全[省市区县国]的?)?$"
)
_AFTER = compiled(
    r"(?P<ge>及?以上|之上|多(?![样元种个数])|余(?!额)|强(?![度化调于])|开外)"
    r"|(?P<approx>左右|上下)|(?P<le>及?以内|之内|及?以下|内(?=[,，。;、]))"
)
#: what makes a number without a unit none: part of a name (3号, 4K), of a date, of a class (500强)
_NAMING, _DATING, _RANKING = frozenset("+/×号"), frozenset("年月日"), frozenset("强版代级期届线路比")
#: before a Chinese unit that is no figure: 2个以上|百分点, 10个|亿元以上项目
_COUNTED = compiled(r"以上$|\d[个家项户]$")
#: sums that a figure passes: 突破千亿
_ROUND_ENDS = frozenset(("", *",。;、)"))
_ROUND, _PASSED = (
    ("百亿", "千亿", "万亿"),
    compiled(r"(?:破|超过?|逾|接近|近|达到?|过|[迈跃跨登站][上入过越进])了?$"),
)
#: what stands behind such a number where it is passed: 突破千亿|大关, 迈上万亿|台阶
_MARK = listed("新?{passed-mark}")
#: 4金2银1铜
_MEDALS, _MEDALLED = frozenset("金银铜"), compiled(r"\d[金银][,、]?\d+[银铜](?![行川])")
_TENTHS = compiled(r"成(?=[以左多的,，。;、)]|$)")
_RANGE = compiled(r"(?:-|~|—{1,2}|至|到)")
_RATIO = compiled(r"(?<![\d.])\d+(?:\.\d+)?(?: ?: ?\d+(?:\.\d+)?)+(?![\d.])")
_COLON = compiled(r" ?: ?")
_HIDDEN = compiled(
    r"《[^《》\n]{1,60}》|“[^“”,，。;\n]{1,24}”|\"[^\",，。;\n]{1,24}\"|‘[^‘’,，。;\n]{1,24}’"
    r"|〔[^〕\n]{1,12}〕|\[[\d,，\- ]{1,9}\]"
)
_TWIN = compiled(r"[(（]([一-龥]{1,2})[)）]")


@lru_cache(maxsize=1)
def units() -> dict[str, list[Unit]]:
    """The units of ``units.tsv`` by their first character, longest first."""
    result: dict[str, list[Unit]] = {}
    for name, kind, suffix, unless in table("units.tsv", "unit", "kind", "suffix", "unless"):
        result.setdefault(name[0], []).append(Unit(name, kind, suffix, unless))
    for group in result.values():
        group.sort(key=lambda u: (-len(u.name), u.name))
    return result


def unit_at(norm: str, at: int, end: int) -> tuple[Unit, int] | None:
    """The unit that begins at ``at`` and the offset behind it; compound units included.

    >>> unit_at("亩", 0, 1)[0].name, unit_at("微克/立方米。", 0, 7)[0].name, unit_at("部门", 0, 2)
    ('亩', '微克/立方米', None)
    >>> unit_at("元/人·月", 0, 5)[0].name, unit_at("千瓦·时", 0, 4)[0].name
    ('元/人·月', '千瓦时')
    """
    for unit in units().get(norm[at : at + 1], ()):
        stop = at + len(unit.name)
        if stop > end or not norm.startswith(unit.name, at):
            continue
        following = norm[stop : stop + 1]
        if following and following in unit.unless and not _is_torn(norm, unit.name, stop):
            continue
        if unit.name.isascii() and unit.name.isalpha() and following.isascii() and following.isalnum():
            continue
        if unit.kind == "person" and unit.name.endswith("年") and (following.isalnum() and stop < end):
            continue  # 1200人|年满60岁
        if unit.kind == "money" and unit.name.endswith("元") and _RENMINBI.match(norm, stop, end):
            return unit, stop + 3
        if following == "·" and norm.startswith("·时", stop) and stop + 2 <= end:  # 千瓦·时
            longer = next((u for u in units()[unit.name[0]] if u.name == f"{unit.name}时"), None)
            if longer is not None:
                return longer, stop + 2
        if following == "/" or (following == "每" and unit.kind != "count"):
            below = _denominator(norm, stop + 1, end)
            if below is not None:
                name = norm[at:below]
                return Unit(name, "compound", "", ""), below
        if following == "(" and (twin := _TWIN.match(norm, stop, end)) and unit.kind in ("count", "person"):
            name = f"{unit.name}（{twin.group(1)}）"
            if name[-2] in "只次套间户枪份组处条座段羽台个项口片" or twin.group(1) in units():
                return Unit(name, unit.kind, unit.suffix, ""), twin.end()
        return unit, stop
    return None


#: the currency behind a sum; but what is lent or saved in it is another indicator: 100亿元|人民币贷款
_RENMINBI = compiled(r"人民币(?!(?:各项)?(?:存|贷)款?|结算|债|跨境)")


@lru_cache(maxsize=1)
def _torn() -> dict[str, tuple[str, ...]]:
    """What may stand behind a counter with which it seems to be another word: 20家|乡镇卫生院, not 家乡."""
    behind: dict[str, list[str]] = {}
    for counter, word in table("torn_counters.tsv", "counter", "behind"):
        behind.setdefault(counter, []).append(word)
    return {counter: tuple(words) for counter, words in behind.items()}


def _is_torn(norm: str, counter: str, at: int) -> bool:
    """Whether what stands behind a counter begins a word of its own, or tells where those are: 7所|在蓉高校."""
    return norm.startswith(_torn().get(counter, ()), at) or (counter == "所" and _HERE.match(norm, at) is not None)


#: the short name of a place and who is there: 在莞|高校
IN_PLACE = r"在(?!{no-short-place})[\u4e00-\u9fff](?={local-body})"
_HERE = listed(IN_PLACE)


def _denominator(norm: str, at: int, end: int) -> int | None:
    while at < end and norm[at] in "十百千万亿":
        at += 1
    found = unit_at(norm, at, end)
    if found is not None:
        further = _FURTHER.match(norm, found[1], end)
        return further.end() if further else found[1]
    for word in ("人", "月", "年", "日", "天", "时", "秒", "生", "亩", "户"):
        if norm.startswith(word, at) and at + len(word) <= end:
            at += len(word)
            further = _FURTHER.match(norm, at, end)  # 元/人·月
            return further.end() if further else at
    return None


_FURTHER = compiled(r"[·•/](?:[人月年日天时生户次])")


def hidden_spans(norm: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Titles, short quotations and citation marks: numbers in them belong to a name."""
    return [m.span() for m in _HIDDEN.finditer(norm, begin, end)]


def find_quantities(norm: str, begin: int, end: int) -> list[Quantity]:
    """The figures in ``norm[begin:end]``, in order and not overlapping.

    ``norm`` is normalised text; offsets are those of the text.

    >>> [(q.value, q.unit, q.bound.value) for q in find_quantities("建成40多条道路,投资超过3.5亿元", 0, 18)]
    [(Decimal('40'), '条', 'ge'), (Decimal('350000000'), '元', 'ge')]
    >>> [(q.value, q.upper, q.unit) for q in find_quantities("增长5%-6%", 0, 7)]
    [(Decimal('5'), Decimal('6'), '%')]
    """
    if not _SIGN.search(norm, begin, end):
        return []
    hidden = hidden_spans(norm, begin, end)
    result: list[Quantity] = []
    position = begin
    covered = 0  # index into `hidden`
    while sign := _SIGN.search(norm, position, end):
        at = sign.start()
        match = _NUMBER.match(norm, at, end)
        if match is None:
            position = at + 1
            continue
        while covered < len(hidden) and hidden[covered][1] <= at:
            covered += 1
        if covered < len(hidden) and hidden[covered][0] <= at:
            position = hidden[covered][1]
            continue
        if match.group("arabic") and (ratio := _RATIO.match(norm, at, end)):
            position = ratio.end()
            result.extend(_ratio(norm, ratio))
            continue
        found = _quantity(norm, begin, end, match)
        if found is None:
            position = match.end()
            continue
        ranged = _range(norm, begin, end, match, found)
        if result and ranged.unit == "个" and _of_units(result[-1].unit) and _is_other_level(norm, result[-1], ranged):
            last = result[-1]  # 由300个工作日缩减至|81个
            ranged = ranged._replace(unit=last.unit, kind=last.kind, suffix=last.suffix)
        if result and (ranged.kind == "rate" or _of_units(ranged.unit) or _apart(norm, begin, result[-1], ranged)):
            _complete(norm, result, ranged, _scale(match, ranged))
        result.append(ranged)
        position = max(ranged.end, match.end())
    return result


def _of_units(unit: str) -> bool:
    """Whether 个 is only the begin of a unit: 个百分点, 个工作日."""
    return len(unit) > 1 and unit[0] == "个"


def _is_other_level(norm: str, low: Quantity, high: Quantity) -> bool:
    """Whether a figure is what another has come to, and nothing that is counted follows it."""
    return _COME_TO.fullmatch(norm, low.tail, high.head) is not None and norm[high.tail : high.tail + 1] in _ENDS


def _apart(norm: str, begin: int, q: Quantity, last: Quantity) -> bool:
    """Whether a number is one of a row of which only the last bears the unit: 分别超过|700|、800亿元."""
    lead = norm[max(begin, q.head - _ROW_LEAD) : q.head]
    told = q.kind == "bare" and bool(last.unit) and "分别" in lead
    return told and _UNITLESS.search(norm, max(begin, q.head - _ROW_SUBJECTS), q.head) is None


def _scale(match: re.Match[str], q: Quantity) -> Decimal:
    """How many times what the digits say a figure is: 亿 of 800亿元."""
    digits = parse_numeral(match["arabic"].replace(",", "")) if match["arabic"] else None
    return q.value / digits if digits else Decimal(1)


def _complete(norm: str, found: list[Quantity], last: Quantity, scale: Decimal) -> None:
    """Give the members of a row the unit that only the last one bears: 提高0.2个、3个百分点; 700、800亿元."""
    head = last.head
    for i in range(len(found) - 1, -1, -1):
        q = found[i]
        if not ((q.unit == "个" and _of_units(last.unit)) or q.kind == "bare") or norm[q.tail : head] not in (
            "、",
            "和",
            "及",
            "与",
        ):
            break
        plain = q.kind == "bare" and norm[q.end - 1].isdigit()  # and not 600亿、800亿元
        value = q.value * scale if plain else q.value
        if plain and value == (whole := value.to_integral_value()):
            value = whole.quantize(Decimal(1))  # 1.5 hundred million as 150000000, not 1.50E+8
        found[i] = q._replace(value=value, unit=last.unit, kind=last.kind, suffix=last.suffix)
        head = q.head


#: between two levels, and behind the second
_COME_TO, _ENDS = compiled(r"[^,，、。;；\d]{1,6}[到至为]"), frozenset((*",，、。;；", ""))
#: so far before the first of a row stands what says that there is one for each
_ROW_LEAD = 12
#: and so far what they are of; of what has no unit: 信用指数、存款余额分别达到|85|和300亿元
_ROW_SUBJECTS, _UNITLESS = 30, listed(r"{unitless-noun}(?=[和与及、分][^,，;；。]*$)")


def _ratio(norm: str, match: re.Match[str]) -> list[Quantity]:
    members = _COLON.split(match.group())
    if len(members) > 4 or (norm[match.start() - 1 : match.start()].isalpha() and norm[match.start() - 1].isascii()):
        return []
    if len(members) == 2 and members[1] == "1" and "." in members[0] and 1 < Decimal(members[0]) < 50:
        begin, end = match.span()
        return [Quantity(begin, end, Decimal(members[0]), "", "bare", tail=end, head=begin)]
    total = sum(map(Decimal, members))
    if not 99 <= total <= 101:  # a ratio of shares adds up to a hundred; 8:30 and 1:3 do not
        return []
    result = []
    at = match.start()
    for i, member in enumerate(members):
        at = norm.index(member, at)
        stop = at + len(member)
        value = Decimal(member)
        result.append(Quantity(at, stop, value, "%", "ratio", tail=stop, head=at, place=i, size=len(members)))
        at = stop
    return result


#: behind a figure that says among how many of the first something is; and what 前 ends, where it says no such thing
_AMONG_FIRST, _NO_PLACE = compiled(r"[位名强%]"), "目以之年提日会此当赛节情战"


def _of_product(norm: str, begin: int, match: re.Match[str]) -> bool:
    """Whether a number stands behind the letters of the product that it is of: 地均GDP|70亿元."""
    of_product = norm.endswith("GDP", begin, match.start())
    return of_product and bool(match["scale"] or norm[match.end() : match.end() + 1] in ("元", "%"))


def _quantity(norm: str, begin: int, end: int, match: re.Match[str]) -> Quantity | None:
    at = match.start()
    before = norm[at - 1] if at > begin else ""
    if before and (
        before in "第.+"
        or (before.isascii() and before.isalpha() and not _of_product(norm, begin, match))
        or (before == "/" and match.group("arabic"))
    ):
        return None
    if before == "前" and _AMONG_FIRST.match(norm, match.end(), end) and norm[at - 2 : at - 1] not in _NO_PLACE:
        return None  # 进入全国前|100名, ESI排名前|1%
    if before == "-" and at - 2 >= begin and (norm[at - 2].isascii() and norm[at - 2].isalnum()):
        return None
    stop = match.end()
    if percent := match.group("percent"):
        value = parse_numeral(match.group("of"))
        if value is None:
            return None
        if percent == "万分之":
            return None
        return _bounded(norm, begin, end, Quantity(at, stop, value, "%" if percent == "百分之" else "‰", "rate"))
    if match.group("den") or match.group("top"):
        bottom = parse_numeral(match.group("den") or match.group("bottom"))
        top = parse_numeral(match.group("num") or match.group("top"))
        if not bottom or not top or top >= bottom:
            return None
        value = (top * 100 / bottom).quantize(Decimal("0.000001")).normalize()
        if value == value.to_integral_value():
            value = value.quantize(Decimal(1))
        return _bounded(norm, begin, end, Quantity(at, stop, value, "%", "share"))
    if match.group("half"):
        return _bounded(norm, begin, end, Quantity(at, stop, Decimal(50), "%", "share"))
    if match.group().startswith("翻"):
        times = parse_numeral(match.group("times") or "一") or Decimal(1)
        found = _bounded(norm, begin, end, Quantity(at, stop, Decimal(2) ** int(times), "倍", "multiple"))
        return found._replace(bound=Bound.APPROX) if found.bound is Bound.EQ else found
    return _counted(norm, begin, end, match)


def _counted(norm: str, begin: int, end: int, match: re.Match[str]) -> Quantity | None:
    at, stop = match.span()
    han = match.group("han")
    before = norm[at - 1] if at > begin else ""
    if han:
        value = parse_numeral(han)
        if value is None:
            return None
    else:
        value = scaled(Decimal(match.group("arabic").replace(",", "")), match.group("scale").strip())
    tenths = _TENTHS.match(norm, stop, end)
    if tenths and 1 <= value <= 9 and (not han or len(han) == 1) and not match.group("scale"):
        return _bounded(norm, begin, end, Quantity(at, tenths.end(), value * 10, "%", "share"))
    if han and before and before in "数几好每":
        return None
    bound = Bound.EQ
    kilo = _kilo(norm, stop, end) if len(match.group()) > 1 and match.group().endswith("千") else None
    if kilo is not None:
        stop -= 1
        value = parse_numeral(norm[at:stop].replace(" ", "")) or value
        unit: tuple[Unit, int] | None = kilo
        more = _MORE.match("")
    else:
        more = _MORE.match(norm, stop, end)
        if more and more.group(2).endswith("千") and (joined := _kilo(norm, more.end(2), end)):
            value = scaled(value, more.group(2)[:-1])
            bound, unit, more = (Bound.GE if more.group(1) else bound), joined, _MORE.match("")
        else:
            unit = unit_at(norm, more.end(), end) if more else None
    assert more is not None
    scales = ""
    if more.group(1) or not han:
        bound = Bound.GE if more.group(1) else bound
        scales = more.group(2)
    if unit is None and (more.group(1) or more.group(3)):
        if not more.group(1):
            return None
        unit = None
    value = scaled(value, scales)
    vague = bool(han) and han[0] in "百千万亿"
    small = bool(han) and value < 100 and han[0] not in "百千万亿"
    if unit is None:
        following = norm[more.end() : more.end() + 1]
        ends = following in _ROUND_ENDS or _MARK.match(norm, more.end(), end) is not None
        if han and han in _ROUND and ends and _PASSED.search(norm, max(begin, at - 4), at):
            return _bounded(norm, begin, end, Quantity(at, stop, value, "", "bare", round=True))
        if han or (following.isascii() and following.isalpha()) or following in _NAMING:
            return None
        if norm[stop : stop + 1] in _DATING:
            return None
        if stop < end and norm[stop] in _MEDALS and _MEDALLED.search(norm, max(begin, at - 8), min(end, at + 10)):
            return Quantity(at, stop + 1, value, "枚", "count", tail=stop + 1, head=at)
        rest = norm[more.end() : more.end() + 2]
        if rest[:1] in _RANKING or rest == "国道":
            return None
        end_at = stop + len(more.group(1)) + len(more.group(2))
        found = Quantity(at, end_at, value, "", "bare", bound)
        return _bounded(norm, begin, end, found)
    entry, after = unit
    if before == "每" or (vague and _COUNTED.search(norm, max(begin, at - 3), at)):
        return None
    if entry.name == "年" and len(match.group()) == 4 and match.group().isdigit() and not han:
        return None
    if more.group(3) and entry.kind not in ("count", "person"):
        bound = Bound.GE
    if han and han == "一" and entry.kind not in ("multiple", "rate"):
        return None
    if entry.kind == "time" and entry.name == "日" and bound is Bound.EQ:
        return None
    if han and entry.name in ("元", "日", "克", "升", "方", "度", "分", "环", "斤") and small:
        return None
    if before and before in "-负" and entry.kind == "rate":
        value, at = -value, at - 1
    found = Quantity(at, after, value, entry.name, entry.kind, bound, small=small, round=vague, suffix=entry.suffix)
    return _bounded(norm, begin, end, found)


def _kilo(norm: str, stop: int, end: int) -> tuple[Unit, int] | None:
    """The unit that the 千 before ``stop`` begins: 5千瓦, 100万千瓦时."""
    found = unit_at(norm, stop - 1, end)
    return found if found is not None and found[0].name[0] == "千" else None


def _bounded(norm: str, begin: int, end: int, found: Quantity) -> Quantity:
    """The figure with the words of bound around it taken in."""
    bound = found.bound
    head, tail = found.begin, found.end
    before = _BEFORE.search(norm, max(begin, head - 7), head)
    after = _AFTER.match(norm, tail, end)
    if before and (found.unit == "个百分点" or found.kind == "bare") and "全" in before.group():
        before = None  # 高于全国0.8个百分点: a distance, no bound
    if before:
        head = before.start()
        if bound is Bound.EQ:
            bound = Bound(before.lastgroup) if before.lastgroup else bound
    if after and after.lastgroup:
        tail = after.end()
        if (
            after.lastgroup == "ge"
            and after.group() in ("多", "余", "强")
            and found.kind not in ("multiple", "rate", "share", "time")
        ):
            tail = found.end
        else:
            kept = bound is not Bound.EQ and after.lastgroup == "approx"
            aimed = before is not None and before.group().startswith("控制")  # 控制在|3.5%左右
            bound = bound if kept and not aimed else Bound(after.lastgroup)
    end_at = found.end
    begin_at = head if found.round and norm[head] == "上" else found.begin  # 上千家
    if tail == found.end + 1 and norm[found.end] in "多余强":
        end_at = tail  # 3倍多
    return found._replace(bound=bound, head=head, tail=tail, begin=begin_at, end=end_at)


def _range(norm: str, begin: int, end: int, match: re.Match[str], low: Quantity) -> Quantity:
    """The range that begins with ``low``, or ``low`` itself."""
    if low.tail != low.end or low.kind in ("ratio", "share") or (low.small and low.unit):
        return low
    joint = _RANGE.match(norm, low.end, end)
    if not joint:
        return low
    number = _NUMBER.match(norm, joint.end(), end)
    if not number or not (number.group("arabic") or number.group("han")):
        return low
    if (
        joint.group() in "至到"
        and low.unit
        and compiled(r"[从由自]").search(norm[max(begin, low.begin - 14) : low.begin])
    ):
        return low
    high = _quantity(norm, joint.end(), end, number)
    if (
        high is None
        or high.unit == ""
        or (low.unit and low.unit != high.unit)
        or (high.kind == "time" and low.value > 1900)
    ):
        return low
    value = low.value
    if not low.unit:
        scale = (number.group("scale") or "").strip()
        following = _MORE.match(norm, number.end(), end)
        if following and not scale:
            scale = following.group(2)
        if not match.group("scale"):
            value = scaled(value, scale)  # 3-5万人
    if high.value <= value:
        return low
    return high._replace(begin=low.begin, head=low.head, value=value, upper=high.value, bound=Bound.GE)
