"""Words for what a figure measures: the counted noun, lists of subjects, the closing 数.

The report's own words are kept; only what is said around them (年, 已, 全区, 达) is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from kg.extract.indicators import is_common
from kg.extract.lexicon import Tokens
from kg.extract.listed import listed
from kg.extract.obs_words import ObsWords, obs_words
from kg.extract.quantities import Quantity
from kg.patterns import compiled
from kg.resources import table

_JOINTS = ("以及", "、", "和", "及", "与", "或")
#: an adverb that says of what kind a thing is; the rest of a noun that looks like something that is said of it
_INSIDE, _TORN = listed("{noun-adverb}"), listed("{torn-noun}")
#: why something is said of those who are counted
_BECAUSE = listed("{because}")
#: what those who are counted come up to, and that some of them have
_ROSE, _HAVE = listed("上{higher-level}"), listed("中?{of-them}")
#: ends of names that say themselves that something is counted, and of those whose 户数 or 人数 is just their 数
_COUNT_ENDS, _WHO = listed("{count-end}$"), listed("{who-end}$")
#: what is in brackets; but not what else is counted, or done: 示范镇(村), 新(改)建
BRACKET = compiled(
    r"\((?!(?<=[市区县旗州盟乡镇街村].)[市区县旗州盟乡镇街道村社、]{1,4}\)|(?<=新.)[改扩续迁、]{1,4}\)建)[^()]*\)"
)
_KINDS_TOO = compiled(r"(?<=[市区县旗州盟乡镇街村])\(([市区县旗州盟乡镇街道村社、]{1,4})\)")
_REBUILT = compiled(r"(?<=新)\(([改扩续迁]+)、([改扩续迁]+)\)(?=建)")
_NOTE = compiled(r"\[[\d,\- ]{1,6}\]")
_SPACE = compiled(r"[\s()]+")
#: how long since, how much before its time: 粮食产量|时隔20年之后|…
_VAGUE = compiled(r"(?:等(?:一批|多)?|时隔[\d.]+年(?:之?后)?|提前[\d.]+(?:个?[年月])?(?:实现)?比?)$")
#: of which some are counted next: 39个|行业中|34个
_AMONG = listed("(?<=..)(?<!{before-middle})中$")
#: right behind a figure these begin the noun, though they are predicates elsewhere
_LED = listed("{leading-act}")
_WITHIN = frozenset("中内里")
#: more kinds of areas in brackets: 县(市、区)
_ASIDE = compiled(r"\([一-鿿、]{1,6}\)")
_KINDS = compiled(r"\([市区县旗州盟乡镇街道场、]+\)")


class Words:
    """The words of a stretch of text: where they begin, and their tags."""

    def __init__(self, tokens: Tokens) -> None:
        self._begins = tokens.begins
        self._ends = tokens.ends
        self._pairs = tokens.pairs
        self.starts = frozenset(self._begins)

    def tag_at(self, offset: int) -> str:
        """The tag of the word in which the offset lies."""
        return self._pairs[bisect_right(self._ends, offset)][1]

    def stretch(self, begin: int, end: int) -> tuple[int, int]:
        """The numbers of the words in ``[begin, end)``: of the first, and of the one behind the last."""
        return bisect_right(self._ends, begin), bisect_left(self._begins, end)

    def bounds(self, number: int, begin: int, end: int) -> tuple[int, int]:
        """Where a word lies, cut to ``[begin, end)``."""
        return max(self._begins[number], begin), min(self._ends[number], end)

    def between(self, begin: int, end: int) -> list[tuple[int, int, str]]:
        """The words in ``[begin, end)``, cut to it: (begin, end, tag)."""
        first, last = self.stretch(begin, end)
        if first >= last:
            return []
        begins, ends = self._begins[first:last], self._ends[first:last]
        begins[0], ends[-1] = max(begins[0], begin), min(ends[-1], end)
        return [(b, e, tag) for b, e, (_, tag) in zip(begins, ends, self._pairs[first:last], strict=True)]


#: so long at most are brackets behind a noun that say what else is counted
_ASIDES = 12


def counted_noun(
    norm: str,
    begin: int,
    end: int,
    words: Words,
    lists: ObsWords,
    followed: bool,
    named: Sequence[tuple[int, int]] = (),
) -> tuple[int, int]:
    """Where the noun that follows a figure ends, and where what is said of it begins.

    ``followed`` tells whether another figure stands at ``end``.  Both offsets are
    ``begin`` where no noun follows.
    """
    tokens = words.between(begin, end)
    if not tokens:
        return begin, begin
    # 的 that ties a clause to a later noun: 从事外经贸活动|的|境外企业
    last_of = -1
    if "的" in norm[begin:end]:
        last_of = max((i for i, (b, e, _) in enumerate(tokens[:-1]) if norm[b:e] == "的"), default=-1)
    joint = end
    if followed:
        tail = norm[begin:end]
        for word in _JOINTS:
            if tail.rstrip().endswith(word):
                joint = begin + len(tail.rstrip()) - len(word)
                break
    quoted = False
    kinds_end = begin
    for i, (b, e, tag) in enumerate(tokens):
        word = norm[b:e]
        if i and word[0] == "(" and (kinds := _KINDS.match(norm, b, end)) is not None:
            kinds_end = kinds.end()
        elif i and word[0] == "(" and (inner := _ASIDE.match(norm, b, end)) is not None:
            behind = words.between(inner.end(), end)[:1]
            if behind and (behind[0][2][:1] == "n" or norm.startswith("以上", inner.end())):
                kinds_end = inner.end()  # 182家限额(规模)以上|服务业企业
        if b < kinds_end:
            continue
        quoted = (quoted or "“" in word) and "”" not in word
        if b >= joint:
            return b, end
        if word[0] == "(" and b < (closed := norm.find(")", b, min(b + _ASIDES, end))) < end - 1:
            return b, closed + 1  # 76个|村|(社区)获评…
        if word[0] in ",，;。!?:(":
            return b, b
        if word in _JOINTS and i == 0:
            return begin, begin
        if word == "、" and i == 0:
            return begin, begin
        if quoted or i < last_of or (named and any(low <= b and e <= high for low, high in named)):
            continue
        if followed and word == "、" and i + 1 < len(tokens):
            after, stop, kind = tokens[i + 1]
            if (kind[:1] == "v" and kind != "vn" and norm[after:stop] not in lists.nominal) or (
                norm[after:end] in lists.actions  # 创建1个产业园区、|培育|10个龙头企业
            ):
                return b, end
        follows = norm[e : e + 1]
        if i and norm[tokens[i - 1][0] : tokens[i - 1][1]] in ("和", "、", "及", "与"):
            continue
        if (tag[:1] == "v" or word == "用") and i and (follows == "了" or (follows in ("上", "到") and e < end)):
            return b, b
        if i and _ROSE.match(norm, b, end):
            return b, b  # 60家工业企业|上规模
        if i and _BECAUSE.fullmatch(word):
            return b, b  # 1.3万户企业|因缺电被迫停产
        among = word == "中" and tag == "f" and e < end and norm[e] != "的"
        among = among and (b - tokens[i - 1][0] > 1 or norm[e] in ",，" or _HAVE.match(norm, e) is not None)
        if i and (among or (e == end and _HAVE.fullmatch(word))):
            return b, end  # 206个贫困村|已有180个…, 31个贫困县|中率先摘掉贫困帽子: so many there are
        if i == 0 and word in _WITHIN:
            return begin, begin  # 67个小区16260户|中,已有…
        if i and word == "集中" and e < end and norm[e : e + 2] in lists.predicates:
            return b, b  # 3000余件尖端产品|集中亮相
        said = (word in lists.predicates and not (i == 0 and _LED.fullmatch(word))) or (
            followed and joint == end and i and len(word) > 1 and word in lists.actions
        )
        if not said and i and word in lists.adverbs and i + 1 < len(tokens) and tokens[i + 1][2][:1] in ("v", "a", "z"):
            return b, b
        if (
            not said and i and tag[:1] in ("v", "l", "i") and len(word) == 4 and word[:2] in lists.adverbs
        ):  # 全面完成 as one word
            return b, b
        if i and _TORN.match(norm, b, end) is not None:
            continue  # 出省|高速通道, 公共卫生|特别服务岗
        if i and _INSIDE.match(norm, b, end) is not None and _ends_in_noun(norm, tokens, word, lists):
            continue  # 超大人流区域|极速|宽带改造; but 200名农民|就近就业
        if not said and tag[:1] == "d" and i and word not in ("超", "特", "全", "大", "高", "新", "最", "非"):
            said = True
        if said and not (i == 0 and (tag in ("n", "vn", "a", "b", "s") or word in lists.nominal)):
            if i and not followed and _is_noun_part(norm, tokens, i, words, lists):
                continue
            return b, b
    stop = min(joint, end)
    return stop, end if joint < end else stop


def _ends_in_noun(norm: str, tokens: list[tuple[int, int, str]], word: str, lists: ObsWords) -> bool:
    """Whether a stretch with an adverb in it is a noun; of 就近 and 就地 more often something is said."""
    b, e, tag = tokens[-1]
    return tag[:1] == "n" or tag == "vn" or (word[0] != "就" and norm[b:e] in lists.nominal)


def _is_noun_part(norm: str, tokens: list[tuple[int, int, str]], i: int, words: Words, lists: ObsWords) -> bool:
    """Whether the verb at ``i`` belongs to a noun that ends the stretch: 人居环境|整治|工程."""
    b, e, tag = tokens[i]
    if norm[b:e] in lists.achievements or tag[:1] in ("d", "p") or len(norm[b:e]) == 1:
        return False
    tail = tokens[i + 1 :]
    if norm[b:e] not in lists.nominal:
        return False
    return tag in ("v", "vn", "n") and 0 < len(tail) <= 2 and tail[-1][2][:1] == "n" and tag != "p"


def leading_verbs(norm: str, at: Sequence[int], words: Words, lists: ObsWords) -> str:
    """The verbs at the begin of a stretch: 新建、改造 of 新建、改造广州会展公园、…等."""
    if not at:
        return ""
    torn = next((n for n in _VERB_SIZES if _is_verb(norm, at, n, words, lists)), 0)  # 引|育
    stop, end = at[0] + torn, at[-1] + 1
    for number in range(*words.stretch(stop, end)):  # mostly, the first of them is no verb
        b, e = words.bounds(number, at[0], end)
        word = norm[b:e]
        if word in lists.actions or (word in ("、", "和") and b > at[0]):
            stop = e
            continue
        break
    return norm[at[0] : stop].rstrip("、和")


#: the lengths of verbs, the longest first
_VERB_SIZES = (4, 3, 2)


def _is_verb(norm: str, at: Sequence[int], size: int, words: Words, lists: ObsWords) -> bool:
    """Whether a stretch opens with a verb of so many characters, at which a word ends."""
    whole = len(at) > size and at[size] == at[0] + size and at[size] in words.starts
    return whole and norm[at[0] : at[size]] in lists.actions


def closing_verbs(norm: str, at: Sequence[int], words: Words, lists: ObsWords) -> tuple[str, int]:
    """The verbs at the end of a stretch and the offset at which they begin; empty if it ends otherwise."""
    if not at:
        return "", 0
    begin = end = at[-1] + 1
    first, last = words.stretch(at[0], end)
    for number in range(last - 1, first - 1, -1):  # mostly, the last of them is no verb
        b, e = words.bounds(number, at[0], end)
        word = norm[b:e]
        if word in lists.actions or (word in ("、", "和") and begin <= at[-1]):
            begin = b
            continue
        break
    text = norm[begin : at[-1] + 1]
    while text[:1] in ("、", "和"):
        text, begin = text[1:], begin + 1
    return text, begin


def strip_verbs(name: str, lists: ObsWords) -> str:
    """A name without the verbs that begin it.

    >>> strip_verbs("取消行政审批事项", obs_words())
    '行政审批事项'
    """
    for size in _VERB_SIZES:
        if name[:size] in lists.actions and len(name) > size + 1 and name[size] != "性":  # 保障|性住房
            rest = name[size:].lstrip("、和")
            again = _BUILDING.match(rest) if not _PERMITS.fullmatch(name, 0, size) else None
            return rest[again.end() :] if again is not None else rest  # 新开工|建设|保障性住房
    return name


#: verbs of which no building is the object, but what is done about it: 下放|建设项目审批
_PERMITS = listed("{permit-verb}")
#: a second verb at the begin of what is built
_BUILDING = listed("{second-verb}(?=.{3})")


def strip_last_verbs(name: str, lists: ObsWords) -> str:
    """A name without the verb that ends it; the name itself if there is none.

    >>> strip_last_verbs("农村水利工程开工", obs_words()), strip_last_verbs("入园项目", obs_words())
    ('农村水利工程', '入园项目')
    """
    for size in _VERB_SIZES:
        if name[-size:] in lists.actions and len(name) > size + 1:
            return name[:-size]
    return name


@lru_cache(maxsize=4096)
def tidy(name: str) -> str:
    """A wording without brackets, white space and trailing words of vagueness.

    >>> tidy("区财政(含补助)投入的资金 "), tidy("广州塔、科韵路等")
    ('区财政投入的资金', '广州塔、科韵路')
    >>> tidy("新(改)建示范镇(村)")
    '新改建示范镇（村）'
    """
    name = _REBUILT.sub(r"\1\2", name)
    name = _KINDS_TOO.sub(r"（\1）", _NOTE.sub("", BRACKET.sub("", name)))
    name = _SPACE.sub("", name)
    name = _VAGUE.sub("", name.strip("、,，;:。的"))
    return name.strip("、,，;:。")


def closed(noun: str, quantity: Quantity, lists: ObsWords, *, before: bool) -> str:
    """The noun with what names the quantity: 绿道驿站数, 绿道长度; ``before`` if the noun stands before the figure.

    A noun that already names a quantity (总产值, 面积, 率) stays as it is.
    """
    kind = quantity.kind
    if kind in ("count", "person"):
        noun = _AMONG.sub("", noun)
        if _COUNT_ENDS.search(noun):
            return noun
        suffix = quantity.suffix or "数"
        if suffix in ("户数", "人数") and (not before or _WHO.search(noun)):
            suffix = "数"
        if suffix == "套数" or suffix == "场数":
            suffix = "数" if not noun.endswith("场") else suffix
        return noun + suffix
    if kind == "bare" and not before and not noun.endswith(lists.quantities):
        return noun + "数"
    if kind in ("area", "length"):
        if noun.endswith(lists.quantities):
            return noun
        return noun + quantity.suffix
    return noun


@lru_cache(maxsize=1)
def _contractions() -> list[tuple[str, tuple[str, ...], bool]]:
    """What says several things in one word, the longest first, with these, and whether one figure may be of each."""
    rows = table("obs_contractions.tsv", "word", "members", "apart")
    found = [(word, tuple(members.split()), apart == "yes") for word, members, apart in rows]
    return sorted(found, key=lambda r: (-len(r[0]), r[0]))


def apart(subject: str) -> list[str]:
    """The two that a subject says in one word, if a figure may be that of each.

    >>> apart("金融机构存贷款余额"), apart("进出口总额")
    (['金融机构存款余额', '金融机构贷款余额'], ['进出口总额'])
    """
    for word, parts, told_apart in _contractions():
        if told_apart and word in subject:
            return [subject.replace(word, part, 1) for part in parts]
    return [subject]


def members(subject: str, count: int | None = None, words: Sequence[str] = ()) -> list[str]:
    """The things that a subject names, each with the words that they share.

    ``words`` are the words of the stretch that the subject is from: they tell where the shared part begins.

    >>> members("金融机构人民币存贷款余额", 2)
    ['金融机构人民币存款余额', '金融机构人民币贷款余额']
    >>> members("城镇和农村居民人均可支配收入", 2)
    ['城镇居民人均可支配收入', '农村居民人均可支配收入']
    >>> members("金融、高新技术、文化创意等支柱产业", 3)
    ['金融', '高新技术', '文化创意']
    >>> members("金融机构存款、贷款余额"), members("单位GDP电耗、能耗")
    (['金融机构存款余额', '金融机构贷款余额'], ['单位GDP电耗', '单位GDP能耗'])
    >>> members("税收收入")
    ['税收收入']
    """
    for word, parts, _ in _contractions() if count is not None else ():
        if word in subject and len(parts) == count and (_JOINT.search(word) or len(_pieces(subject)) != count):
            return [subject.replace(word, part, 1) for part in parts]
    listed = _LISTED.match(subject) if "等" in subject else None
    if listed and "、" in listed.group(1):
        named = _pieces(listed.group(1))
        if len(named) > 1 and (count is None or len(named) == count):
            return [part + listed.group(2) for part in named]
    text = subject
    pieces = _pieces(text)
    if len(pieces) < 2 or pieces[-1].startswith("基本" + pieces[0]) or (count is not None and len(pieces) != count):
        return [subject]
    return _share(pieces, words, told_apart=count is not None)


#: examples, the class that sums them up, and what is measured of each: 软件、会展等产业|营业收入
_LISTED = listed(r"([^等]+)等[^等]{0,6}?{list-noun}(.*)")


def _pieces(text: str) -> list[str]:
    return [_restore(p) for p in _JOINT.split(_protect(text)) if p] if _JOINT.search(text) else [text] if text else []


_JOINT = compiled(
    r"、|以及|(?<![共调缓饱])和(?!谐|平|睦|美|解)|(?<![参赠给])与(?!会)|(?<![普涉波推触企以])及(?!其|时|格|早|以上)"
)
_QUOTED = compiled(r"[“(（《][^“”()（）《》]*[”)）》]")


def _protect(text: str) -> str:
    """Quotations and brackets are not split."""
    return _QUOTED.sub(lambda m: m.group().translate(_HIDE), text)


_HIDE = {ord("、"): "\ue000", ord("和"): "\ue001", ord("与"): "\ue002", ord("及"): "\ue003"}
_SHOW = {0xE000: "、", 0xE001: "和", 0xE002: "与", 0xE003: "及"}


def _restore(text: str) -> str:
    return text.translate(_SHOW)


def _share(pieces: list[str], words: Sequence[str], *, told_apart: bool) -> list[str]:
    """Give the members the words that only the last one carries: 主城区和县城|污水处理率.

    ``told_apart`` says that there is a figure for each of them.
    """
    last = pieces[-1]
    if last.startswith("“"):
        tail = last.partition("”")[2]
        # 命案、“盗抢骗”案件: nothing tells what the others would share; but 刑事、“两抢”|警情
        share = (
            told_apart
            and len(tail) > 1
            and all(len(p) <= _SHORT and p[-1] != tail[0] and p[-1] != "”" and _lacks_measure(p) for p in pieces[:-1])
        )
        return [*(p + tail for p in pieces[:-1]), last] if share else pieces
    ends = _word_ends(last, words)
    result: list[str] = []
    if (first := _PARALLEL.match(pieces[0])) and (other := _PARALLEL_TO.match(last)) and len(pieces) == _PAIR:
        # 金融机构|存款、贷款|余额
        return [pieces[0] + other["tail"], first["owner"].removesuffix("储蓄") + last]
    for piece in pieces[:-1]:
        size = len(piece)
        if piece[-1].isascii() and last[0].isascii() and not last.isascii():  # PM2.5、PM10浓度
            size = next(i for i, c in enumerate(last) if not c.isascii())
            result.append(piece + last[size:])
            continue
        if same := _same_end(piece, last):  # 特困人员集中|供养、分散|供养|标准
            result.append(piece + last[same:])
            continue
        measured = last.endswith(obs_words().quantities)
        if told_apart and words and measured and len(last) - size < 2 and _lacks_measure(piece):
            # 工业机器人、光伏产业|产值: what is measured, where the words before it are longer in the others
            result.append(piece + _measure_of(last, ends))
            continue
        if told_apart and (firms := _FIRMS.search(last)) is not None and size > _SHORT and _OF_FIRMS.search(piece):
            result.append(piece + firms[0])  # 瞪羚雏鹰、专精特新|企业
            continue
        if piece.endswith(obs_words().quantities) or len(last) - size < 2 or not (measured or size <= _SHORT):
            result.append(piece)
            continue
        near = [e for e in ends if abs(e - size) <= 1 and len(last) - e >= 2]
        at = min(near, key=lambda e: (abs(e - size), e)) if near else size
        if not near and size > 4:
            result.append(piece)
            continue
        shared = last[at:]
        if _SECTOR_END.search(piece) and _OF_SECTOR.search(shared):
            shared = _measure_of(last, ends) or shared  # 农业、规模以上工业|增加值
        result.append(piece + shared)
    result.append(last)
    return result


#: what has a number or a sum without being called one: 重大事故和死亡人数, 养老保险待遇、失业保险金
_ITSELF = listed("{counted-itself}$")
#: enterprises of some kind, and the kinds that leave the word to the last of a list
_FIRMS, _OF_FIRMS = compiled(r"(?<=..)企业$"), listed("{firm-kind}$")
#: an industry, and one with what is measured of it
_SECTOR_END, _OF_SECTOR = compiled(r"业$"), compiled(r".业.{2,}")
#: members so long say too little alone: 刑事、“两抢”|警情
_SHORT = 3
#: two of a kind, with what stands before the first and behind the second
_PARALLEL, _PARALLEL_TO, _PAIR = listed("(?P<owner>.*){parallel}$"), listed("{parallel}(?P<tail>.*)$"), 2


def _same_end(piece: str, last: str) -> int:
    """Where in the last member the word ends with which another ends, if what is measured follows there; or 0."""
    at = last.find(piece[-2:], 2) + 2
    return at if at >= 4 and last[at:].endswith(obs_words().quantities) else 0


def _lacks_measure(piece: str) -> bool:
    """Whether the member of a list does not say what is measured of it."""
    return not (
        piece.endswith(obs_words().quantities)
        or _ITSELF.search(piece)
        or is_common(piece)
        or piece[:2] in obs_words().actions
    )


def _measure_of(last: str, ends: Sequence[int]) -> str:
    """The word with which a name says what is measured; nothing where it is part of another: 服务业增加|值."""
    at = max((e for e in ends if 0 < e < len(last)), default=0)
    measure = last[at:]
    what = obs_words()
    return (
        measure
        if at > 1 and len(measure) > 1 and measure.endswith(what.quantities) and measure not in what.people
        else ""
    )


def _word_ends(text: str, words: Sequence[str]) -> list[int]:
    """Where the words that make up the end of a stretch end within ``text``, its last member."""
    ends: list[int] = []
    position = len(text)
    for word in reversed(words):
        ends.append(position)
        position -= len(word)
        if position <= 0:
            break
    return ends
