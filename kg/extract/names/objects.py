"""Names that the verb before them vouches for: what is held is an event, what is put into practice a policy.

Here the left edge is the verb or the separator of a list, the right edge a head; what stands between need not be rare,
and may hold words that end names elsewhere: "实施国企改革三年行动", "办好东亚地方政府会议".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names import kinds
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.needs import needs
from kg.model import EntityClass as C
from kg.patterns import compiled

_LONGEST = 40
#: up to this length an event needs a rare word all the same: "专业会展"
_SHORT = 5
#: what the reports of so many places found is a kind of body
_KIND = 12
_COUNT = listed(r"^(?:\d+|[一二三四五六七八九十百两数]+){event-counter}(?:次)?")
#: prepositions that do not stand in the name of a policy
_TURNS = frozenset(("向", "把", "将", "由", "从", "被", "对", "以"))
#: policies that are known by the number of their articles: "招商引资20条"
#: articles of a policy, not of streets, rivers and lines: "背街小巷整治15条"
_ARTICLES = listed(
    r"(?<![第\d路街巷线河渠沟管])(?<![路街巷河线]整治)(?<![路街巷河线]改造)(?<!综合整治)(?:\d{1,3}|[一二三四五六七八九十]+)条{article-noun}?$"
)
#: a policy on one field by the number of its articles: "工业十条"
_TENFOLD = compiled(r"[\u4e00-\u9fff]{2}[一二三四五六七八九十]+条")
#: the least before a head of a policy, and of a policy that is the subject of its clause
_LEAST, _SUBJECT = 3, 7
#: characters of a verb with its adverb
_ADVERBIAL = 4
#: and before one that opens with a rare word: "凤凰行动"
_BRIEF = 2
#: a modifier alone before a head is part of the name: "企业家|早餐会"
_MODIFIED = 2
#: numerals that open a campaign: "万企升级行动计划", "百千万人才工程"
_MANY = compiled(r"[百千万亿]+$")
#: what may stand between 第 and the name of an event, and how many words the name has
_TIMES, _WORDS = frozenset(("届", "次", *"一二三四五六七八九十")), 10
#: bodies with a grammar of their own (:mod:`kg.extract.names.titles`)
_SESSION = listed("{assembly}")
_YEAR = compiled(r"20\d\d$|20\d\d年$")
_SO_MANY = listed(r"\d+项{measure-noun}$")
#: whose a policy is, before a quotation that opens its name
_WHOSE = listed("{policy-giver}")
#: whose a policy is, before its name: "全市碳达峰实施意见"
_OWN = frozenset(("全市", "全省", "全区", "全县", "全州"))
#: how many units stand before what says that they go public, and how long the name of a company is
_FLOATED, _COMPANY = 14, 10
_AT = compiled(r"^(?:在|于)")


def _parts(row: Sequence[Unit], first: int) -> Iterator[list[Unit]]:
    """The members of the object that begins at ``first``, from one separator to the next."""
    part: list[Unit] = []
    for unit in row[first:]:
        if unit.kind in ("stop", "etc") or (unit.text == "的" and not part):
            break
        if unit.kind in ("enum", "conj"):
            if part:
                yield part
            part = []
        else:
            part.append(unit)
    if part:
        yield part


@needs(cues=("host-verb", "takes-place"), word=lambda word, w: w.cue(word[2:], "host-verb"))
def hosted(ctx: Context, scene: Scene) -> list[Candidate]:
    """What is held, hosted or opened is an event by its head alone: "办好东亚地方政府会议"."""
    result: list[Candidate] = []
    row = scene.row
    for k, unit in enumerate(row):
        if _does(ctx, unit, "host-verb") and k + 1 < len(row) and row[k + 1].kind != "stop":
            for part in _parts(row, k + 1):
                if part[0].kind == "verb" and len(part) > 1 and part[0].end - part[0].begin > 1:
                    break  # the next clause
                if (c := _event(ctx, part)) is not None:
                    result.append(c)
        elif ctx.words.cue(unit.text, "takes-place"):
            result += _taking_place(ctx, row, k)
    return result


def _does(ctx: Context, unit: Unit, cue: str) -> bool:
    """Whether a verb is listed, or one with an adverb before it in one word: "坚决贯彻"."""
    return ctx.words.cue(unit.text, cue) or (
        unit.kind == "verb" and len(unit.text) == _ADVERBIAL and ctx.words.cue(unit.text[2:], cue)
    )


def _taking_place(ctx: Context, row: Sequence[Unit], k: int) -> Iterator[Candidate]:
    """The events before a verb that says that they take place, the last member of their list first."""
    subject = _subject(row, k)
    while subject and (c := _event(ctx, subject)) is not None and c.span.end >= subject[-1].end:
        yield c
        first = next((i for i, u in enumerate(row) if u.begin == subject[0].begin), 0)
        if first < 2 or row[first - 1].kind != "enum":
            break
        subject = _subject(row, first - 1)


@needs(word=lambda word, _: word.startswith("第"))
def numbered(ctx: Context, scene: Scene) -> list[Candidate]:
    """What is held for the nth time is an event: "第五届国际果蔬博览会", whatever is said of it."""
    result: list[Candidate] = []
    row = scene.row
    for k, unit in enumerate(row):
        # "第|12|届", and in one word of the dictionary "第六届"
        if unit.text[0] != "第" or not (unit.kind == "number" or unit.tag == "m"):
            continue
        first = k + 1
        while (
            first < len(row)
            and row[first].begin == row[first - 1].end
            and (row[first].text in _TIMES or row[first].text.isdigit())
        ):
            first += 1
        if not ctx.norm[row[k].begin : row[first - 1].end].endswith(("届", "次")):
            continue
        best = None
        for n in range(first, min(first + _WORDS, len(row))):
            if (
                row[n].kind not in ("word", "quote", "paren", "number")
                or row[n].text.startswith("第")
                or row[n].begin != row[n - 1].end
            ):
                break
            head = ctx.words.heads.closing(ctx.norm[row[first].begin : row[n].end])
            torn = head is not None and len(head.word) < len(row[n].text) and row[n].text in ctx.words.general
            event = head is not None and C.EVENT in head.classes and not torn  # "普查|工作|开展" ends with no 展
            if event or (row[first - 1].text.endswith("届") and _is_short(ctx, row[first].begin, row[n].end)):
                best = n
        if (
            best is not None
            and row[best].end - row[first].begin >= _LEAST
            and not _SESSION.search(ctx.norm, row[first].begin, row[best].end)
        ):
            c = ctx.candidate(row[k].begin, row[best].end, {C.EVENT}, "numbered")
            c.aliases.add(ctx.text(row[first].begin, row[best].end))
            result.append(c)
    return result


def _is_short(ctx: Context, begin: int, end: int) -> bool:
    """Whether a name is that of games or a fair said for short, whatever the segmenter makes of it: "亚|青|会"."""
    text = ctx.norm[begin:end]
    return len(text) == _LEAST and ctx.words.ending("games-ending").search(text) is not None


def _subject(row: Sequence[Unit], k: int) -> list[Unit]:
    """The words before a predicate, from the last stop or separator on, without adverbs and where it takes place."""
    end = k
    while end and row[end - 1].kind == "function" and not _AT.match(row[end - 1].text):
        end -= 1
    first = end
    while first and row[first - 1].kind not in ("stop", "enum", "etc", "title"):
        first -= 1
    for i in range(first + 1, end):
        if _AT.match(row[i].text) and row[i].kind in ("function", "verb"):
            end = i
            break
    return list(row[first:end])


def _event(ctx: Context, us: list[Unit]) -> Candidate | None:
    """The event that a member of a list of events names, up to its last head."""
    while len(us) > 1 and (
        (us[0].kind in ("number", "function") and not us[0].text.startswith("第") and not us[0].text.isdigit())
        or (us[0].kind == "number" and len(us) > 1 and ctx.words.cue(us[1].text, "counter"))
        or ctx.words.cue(us[0].text, "counter")
        or (us[0].text in ctx.words.modifier and len(us) > _MODIFIED)
        or us[0].text == "了"
    ):
        us = us[1:]
    begin = us[0].begin
    for k in range(len(us), 0, -1):
        text = ctx.norm[begin : us[k - 1].end]
        head = ctx.words.heads.closing(text)
        if head is None or C.EVENT not in head.classes:
            continue
        if head.grade == "weak" and any(u.kind == "quote" for u in us[:k]):
            return None  # "“购物节”、“消费节”|系列活动": the quotation names it
        if (
            4 <= len(text) <= _LONGEST
            and len(text) > len(head.word) + 1
            and text not in ctx.words.general
            and not ctx.words.pattern("kind-marker").match(text)
            and "的" not in text
            and not _COUNT.match(text)
            and (len(text) > _SHORT or ctx.is_specific(us[:k]))
        ):
            return ctx.candidate(begin, us[k - 1].end, {C.EVENT}, "hosted")
        return None
    return None


@needs(cues=("adopt-verb", "takes-policy", "carried-out"), word=lambda word, w: w.cue(word[2:], "adopt-verb"))
def adopted(ctx: Context, scene: Scene) -> list[Candidate]:
    """What is put into practice, decided or drawn up is a policy by its head: "实施国企改革三年行动"."""
    result: list[Candidate] = []
    row = scene.row
    cues = ctx.words.cues
    adopting, taking, carried_out = cues["adopt-verb"], cues["takes-policy"], cues["carried-out"]
    for k, unit in enumerate(row):
        word = unit.text
        if word not in adopting and word not in taking and word not in carried_out and len(word) != _ADVERBIAL:
            continue  # as nearly all are
        if (word in taking or _does(ctx, unit, "adopt-verb")) and not (
            k and row[k - 1].kind in ("word", "quote") and unit.kind != "verb"
        ):
            first = k + 1
            titled = ctx.words.cue(unit.text, "issue-verb")
            while first < len(row) and (
                row[first].text == "了"
                or (
                    ctx.words.cue(row[first].text, "adopt-verb")
                    and not (titled and ctx.words.cue(row[first].text, "title-verb"))
                )
            ):
                titled = titled or ctx.words.cue(row[first].text, "issue-verb")
                first += 1
            last = first
            while last < len(row) and row[last].kind not in ("stop", "etc", "title") and row[last].text != "的":
                last += 1
            result += _policies(ctx, row[first:last])
        elif k and word in carried_out and (subject := _behind_verbs(_subject(row, k))):
            result += (c for c in _policies(ctx, subject) if c.span.end == subject[-1].end and len(c.span) > _SUBJECT)
    return result


def _behind_verbs(us: list[Unit]) -> list[Unit]:
    """A subject without what a verb in it governs: "全面完成|…规划" is no subject."""
    for n in range(len(us) - 1, -1, -1):
        if us[n].kind in ("verb", "function"):
            return us[n + 1 :]
    return us


def _policies(ctx: Context, us: Sequence[Unit]) -> Iterator[Candidate]:
    """The policies in the object of a verb: a separator parts two only where a head stands before it."""
    heads = ctx.words.ending("adopted-head")
    first = 0
    for k, unit in enumerate(us):
        following = us[k + 1] if k + 1 < len(us) else None
        if following is not None and following.kind not in ("enum", "conj") and following.text not in ctx.words.tail:
            continue
        if first > k:
            continue
        for n in range(first + 1, k):  # "中央八项规定|和|实施细则"
            if us[n].kind == "conj" and ctx.norm[us[first].begin : us[n - 1].end] in ctx.words.names:
                first = n + 1
                break
        # "小康社会和|“十三五”规划": a quotation opens a name of its own behind a conjunction
        for n in range(k - 1, first, -1):
            if us[n].kind == "quote" and us[n - 1].kind == "conj" and not any(u.kind == "quote" for u in us[first:n]):
                first = n
                break
        if (  # "“千企招商大走访”和|现代产业精准招商行动"
            k - first >= _OWN_WORDS
            and us[first].kind == "quote"
            and us[first].end - us[first].begin >= _OWN_QUOTED
            and us[first + 1].kind == "conj"
            and all(u.kind == "word" for u in us[first + 2 : k + 1])
        ):
            first += 2
        for n in range(k - 1, first, -1):  # "研究和实施|区域合作规划"
            if us[n].kind == "verb" and us[n - 1].kind == "conj" and ctx.words.cue(us[n].text, "adopt-verb"):
                first = n + 1
                break
        begin = us[first].begin
        if (
            following is not None
            and following.text in ctx.words.tail
            and _policy_head(heads, ctx.norm[begin : following.end])
        ):
            continue
        text = ctx.norm[begin : unit.end]
        head = _policy_head(heads, text)
        whose = head and first < k and us[first + 1].kind == "quote" and _WHOSE.fullmatch(us[first].text)
        if whose and _SO_MANY.search(text):
            first += 1  # "国家|“降税减证”3项措施"
            begin, text = us[first].begin, ctx.norm[us[first].begin : unit.end]
        while (
            unit.kind == "quote" and head.endswith("条") and first < k and us[first].tag.startswith("v")
        ):  # "优化|调整|产业转型升级“24条”"
            first += 1
            begin, text = us[first].begin, ctx.norm[us[first].begin : unit.end]
        if head and following is not None and following.kind == "word" and ctx.words.cue(head, "final-head"):
            continue  # "交通秩序专项|整治"
        if head:
            # "实施品牌战略、|标准化|战略"; but not any 国家战略
            strategy = ctx.words.cue(head, "strategy") and not ctx.words.cue(text.removesuffix(head), "bare-strategy")
            brief = strategy or us[first].text not in ctx.words.general or _TENFOLD.fullmatch(text)
            twofold = strategy and _is_twofold(text.removesuffix(head))
            if (
                ("、" not in text or _is_title(ctx, us[first : k + 1]) or twofold)
                and sum(u.kind == "quote" for u in us[first : k + 1]) < 2
                and not any(u.text in _TURNS and u.text + v.text != "向好" for u, v in pairwise(us[first : k + 1]))
                and (_BRIEF if brief else _LEAST) <= len(text) - len(head) <= _LONGEST
                and not ctx.words.pattern("generic-plan").match(text)
                and not ctx.words.pattern("every").match(text)
                and (us[first].kind != "number" or _MANY.match(us[first].text) or _YEAR.match(us[first].text))
                and (us[first].kind != "function" or us[first].text in _OWN)
                and text not in ctx.words.generic
                and not kinds.tells_how_many(ctx, us[first : k + 1])
            ):
                classes = {C.POLICY, C.PROJECT} if ctx.words.ending("undertaking").search(head) else {C.POLICY}
                rule = "adopted" if "、" not in text or twofold else "document"
                yield ctx.candidate(begin, unit.end, classes, rule)
            first = k + 2


#: what is behind a quotation and 和 has a name of its own if it is of three words, and the quotation of so many
#: characters with its marks; shorter ones describe: 实施|“放心”和食品安全|示范工程
_OWN_WORDS, _OWN_QUOTED = 4, 7


def _is_twofold(text: str) -> bool:
    """Whether a strategy is named by two sayings of one form: "藏粮于地、藏粮于技|战略".

    >>> [_is_twofold(text) for text in ("藏粮于地、藏粮于技", "质量、品牌", "绿色发展、绿色城市")]
    [True, False, False]
    """
    parts = text.split("、")
    return len(parts) == 2 and len(parts[0]) >= 4 and parts[0] != parts[1] and parts[0][:-1] == parts[1][:-1]


def _is_title(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a list is what one document is about: "培育发展战略性新兴产业、现代服务业和金融业三年行动计划"."""
    kinds = [u.kind for u in us]
    return (
        ctx.words.cue(us[0].text, "title-verb")
        and kinds.count("conj") == 1
        and "enum" not in kinds[kinds.index("conj") :]
    )


def _policy_head(heads: re.Pattern[str], text: str) -> str:
    """The head of a policy with which a text ends: "…行动计划", "…20条"."""
    text = text.rstrip('”"')
    m = heads.search(text) or _ARTICLES.search(text)
    return m.group() if m else ""


@needs(cues=("found-verb",))
def founded(ctx: Context, scene: Scene) -> list[Candidate]:
    """What is founded is one body: "成立公共资源交易中心"; a number before it would make it a kind."""
    result: list[Candidate] = []
    row = scene.row
    for k, unit in enumerate(row):
        if not ctx.words.cue(unit.text, "found-verb"):
            continue
        for part in _parts(row, k + 1):
            if part[0].kind in ("verb", "number", "function") or ctx.words.cue(part[0].text, "counter"):
                break
            text = ctx.norm[part[0].begin : part[-1].end]
            head = ctx.words.heads.closing(text)
            if (
                head is not None
                and head.classes & {C.ORGANIZATION, C.ENTERPRISE}
                and 7 <= len(text) <= _LONGEST // 2
                and len(text) - len(head.word) >= 4
                and all(u.kind in ("word", "quote", "paren") for u in part)
                and not ctx.words.pattern("kind-marker").search(text)
                and ctx.words.generic.get(text, 0) < _KIND
            ):
                classes = head.classes | ({C.FACILITY} if head.word.endswith("中心") else set())
                result.append(ctx.candidate(part[0].begin, part[-1].end, classes, "founded"))
    return result


#: a name has at most so many characters; and what may stand behind one
_NAME, _BEHIND_NAME = 3, ("stop", "enum", "conj", "verb", "function", "etc")


@needs(word=lambda word, w: w.ending("office").search(word) is not None)
def persons(ctx: Context, scene: Scene) -> list[Candidate]:
    """People with their office: "温家宝|总理", "习近平|总书记", "省委书记|赵克志"."""
    result: list[Candidate] = []
    row = scene.row
    for k, unit in enumerate(row[1:], 1):
        name = row[k - 1]
        # the segmenter cuts 副|总理
        office = unit.text + row[k + 1].text if unit.text == "副" and k + 1 < len(row) else unit.text
        if (
            name.tag == "nr"
            and 2 <= len(name.text) <= 3
            and ctx.words.cue(office, "office")
            and not ctx.is_place(name.text)
            and name.text[0] in ctx.words.surnames
            and name.kind == "word"
            and (name.text not in ctx.words.general or ctx.words.cue(office, "high-office"))
            and name.end == unit.begin
        ):
            result.append(ctx.candidate(name.begin, name.end, {C.PERSON}, "person"))
        elif ctx.words.cue(office, "office") and len(name.text) == 1 and name.end == unit.begin:
            # a name that the segmenter tears: "魏|宏|省长"
            for n in (k - 2, k - 3):
                if n < 0 or len(row[n].text) != 1:
                    break
                if row[n].text in ctx.words.surnames and (n == 0 or row[n - 1].kind in ("stop", "enum", "function")):
                    result.append(ctx.candidate(row[n].begin, name.end, {C.PERSON}, "person"))
                    break
        if (end := _named_behind(ctx, row, k - 1)) is not None:
            result.append(ctx.candidate(unit.begin, end, {C.PERSON}, "person"))
    return result


def _named_behind(ctx: Context, row: Sequence[Unit], k: int) -> int | None:
    """Where the name ends that stands behind the office at ``k``: "省委书记|赵|克|志|、"."""
    office, first = row[k].text, k + 1
    if office == "同志" or not ctx.words.ending("office").search(office):
        return None
    if first >= len(row) or row[first].kind != "word" or row[first].text[0] not in ctx.words.surnames:
        return None
    n = first + 1
    if len(row[first].text) == 1:  # torn
        while n < len(row) and n - first < _NAME and row[n].kind in ("word", "number") and len(row[n].text) == 1:
            n += 1
    elif row[first].tag != "nr":
        return None
    size = row[n - 1].end - row[first].begin
    torn_on = n < len(row) and row[n].kind == "word" and len(row[n].text) == 1
    behind = n == len(row) or row[n].kind in _BEHIND_NAME or row[n].text in ("同志", "先生")
    text = ctx.norm[row[first].begin : row[n - 1].end]
    known = row[first].tag == "nr"  # whatever all reports speak of
    if size in (2, _NAME) and behind and not torn_on and (known or text not in ctx.words.general):
        return row[n - 1].end
    return None


#: what goods are before they come to market
_LICENSED = listed("{goods-to-market}")


@needs(word=lambda word, _: word.endswith("上市"))
def floated(ctx: Context, scene: Scene) -> list[Candidate]:
    """Who goes public is a company: "推动|龙华光电薄膜|上市", "湖山电器、久远环境|成功上市"."""
    result: list[Candidate] = []
    row = scene.row
    for k, unit in enumerate(row):
        if not unit.text.endswith("上市"):
            continue
        if k and _LICENSED.fullmatch(row[k - 1].text):
            continue  # "甘精胰岛素|获准|上市": goods
        end = k
        while end and (row[end - 1].kind == "function" or ctx.words.cue(row[end - 1].text, "floated-manner")):
            end -= 1
        first = end
        while first and row[first - 1].kind in ("word", "enum", "conj", "function") and end - first < _FLOATED:
            first -= 1
        if first and row[first - 1].kind != "stop" and not ctx.words.cue(row[first - 1].text, "float-verb"):
            continue
        for part in _parts(row[:end], first):
            text = ctx.norm[part[0].begin : part[-1].end]
            if (
                3 <= len(text) <= _COMPANY
                and len(part) > 1
                and text not in ctx.words.general
                and ctx.is_specific(part)
                and not ctx.words.ending("no-company").search(text)
                and not any(u.kind != "word" for u in part)
                and not ctx.words.pattern("kind-marker").search(text)
            ):
                result.append(ctx.candidate(part[0].begin, part[-1].end, {C.ENTERPRISE}, "floated"))
    return result
