"""Titles in 《》, and documents and sessions that are named by a formula: "关于…的意见", "党的十七届三中全会"."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.chunks import Unit
from kg.extract.listed import listed
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.needs import needs
from kg.model import EntityClass as C
from kg.patterns import compiled

_N = "[一二三四五六七八九十百]+"
#: who holds a session: "市委", "海珠区", "中共", "党的"; a list of them shares what follows ("中央和省委")
_HOST = r"(?:{session-host}|全[省市区县国]|[省市区县州盟旗]委|[省市区县州盟旗])"
_SESSION = listed(
    rf"{_HOST}?第?{_N}届{{congress}}(?:常委会)?第?{_N}次(?:全体)?会议|"
    rf"{_HOST}(?:人大|政协){_N}届{_N}次(?:全体)?会议|"
    rf"{_HOST}?{_N}届{_N}[中次]全(?:会|体会议)|"
    rf"(?:中共|党的){_N}大(?![中小量力型])|"
    rf"{{the-party}}第{_N}次全国代表大会|"
    r"(?<![一二三四五六七八九十百])(?:十[四五六七八九]|二十)大(?={congress-said}|[、和,，]|后)|"
    rf"[省市区县州]?(?:{_N}届|第){_N}次党代会|"
    r"关于[\u4e00-\u9fff、“”]{6,40}?的(?:若干)?{issued-noun}|"
    r"(?<=出台)[\u4e00-\u9fff、“”]{6,30}?的(?:若干)?{put-out-noun}|"
    r"(?:{file-issuer}|[国省市]委)(?:一|\d{1,3})号文件|(?:中|国|[省市区])(?:办)?发[\[(〔]\d{4}[\])〕]\d{1,3}号(?:文件)?|"
    rf"第{_N}次全国[\u4e00-\u9fff]{{2,6}}普查|"
    r"[“\"]\d{1,2}[·.]\d{1,2}[”\"](?:(?!等)[\u4e00-\u9fff]){0,8}?{disaster}+(?!灾后)|"
    r"中国共产党成立\d{2,3}周年(?!{jubilee-goes-on})|"
    r"(?:{jubilee-of}|自治[区州县]|[\u4e00-\u9fff]{2}经济特区|(?=建[党国军]))(?:成立|建立|建[党国军])?"
    r"\d{2,3}周年{jubilee-event}"
)
#: who holds a working session; behind another one also the area alone ("中央和|省")
_HOLDER = r"(?:中央|全国|全[省市]|自治区(?:党委)?|[省市区县州]委)"
_WORK_SESSION = listed(
    rf"(?P<hosts>{_HOLDER}(?:[、和及](?:{_HOLDER}|[省市区县州]))*)"
    r"(?P<what>{session-topic}"
    r"(?:文化)?工作会议)"
)
#: one of which each of the formulas holds: what has none need not be tried at every character
_SIGN = compiled(
    r"大(?<=[一二三四五六七八九十百].)|届|关于|出台|党代会|全国代表大会|周年|\d[”\"]|普查|工作会议|号文件|发[\[(〔]"
)
_EVENT = compiled(r"会$|会议$|大$|普查$|^[“\"]|周年")
_PLENARY = compiled(
    r"(?P<number>(?:[省市区县州]委)?[一二三四五六七八九十]+届)(?P<list>[一二三四五六七八九十]+[中次](?:(?:全会)?[、和]?[一二三四五六七八九十]+[中次])+)全会"
)


#: what titles of works of art are summed up as, and how the title of a document and of a book of record ends
_ART = listed(
    r"等?(?:一批|一系列|[\d一二三四五六七八九十两]+[部个件首台])?[^,，。;；、]{0,8}?"
    r"{art-noun}"
)
_GENRE = listed(r"{genre}$")
#: a work of art with its genre: 歌曲《叹早茶》
WORK_OF_ART = listed(r"[^《》]{0,6}{genre}《[^《》]+》")
_DOCUMENT = listed(r"{document-noun}(?:[(（][^()（）]*[)）])?》$")
_RECORD = listed(r"{record-noun}(?:[(（][^()（）]*[)）])?》$")


@needs(kinds=("title",))
def titles(ctx: Context, scene: Scene) -> list[Candidate]:
    """Titles in 《》 are documents."""
    result = []
    for k in scene.places.get("title", ()):
        unit = scene.row[k]
        if unit.end - unit.begin > 4 and not _is_art(ctx, scene.row, k):
            tails = (tail for tail in ctx.words.cues["title-tail"] if ctx.norm.startswith(tail, unit.end))
            if tail := max(tails, key=len, default=""):  # "《…条例》实施细则"
                result.append(ctx.candidate(unit.begin, unit.end + len(tail), {C.POLICY}, "title"))
                continue
            inner = ctx.text(unit.begin + 1, unit.end - 1)
            classes = {C.ORGANIZATION} if ctx.words.ending("press").search(inner) else {C.POLICY}  # 获《人民日报》点赞
            c = ctx.candidate(unit.begin, unit.end, classes, "title", inner)
            c.aliases.add(compiled(r"[（(][^()（）]*[)）]$").sub("", inner))
            result.append(c)
    return result


def _is_art(ctx: Context, row: Sequence[Unit], k: int) -> bool:
    """Whether a title is of a work of art or a book of record, no plan or rule: "舞剧|《…》", "《…》等文艺精品"."""
    first, last = k, k
    while first and row[first - 1].kind in ("title", "enum", "conj"):
        first -= 1
    while last + 1 < len(row) and row[last + 1].kind in ("title", "enum", "conj"):
        last += 1
    if _DOCUMENT.search(row[k].text):
        return False
    before = row[first - 1].text if first else ""
    after = row[last + 1].text if last + 1 < len(row) else ""
    if _GENRE.search(before) or ctx.words.cue(before, "compose-verb") or ctx.words.cue(after, "win-title-verb"):
        return True  # "《草鞋县令》|斩获|文华大奖"
    return _ART.match(ctx.norm, row[last].end) is not None or _RECORD.search(row[k].text) is not None


def sessions(ctx: Context, scene: Scene) -> list[Candidate]:
    """Congresses, plenary sessions, conferences and censuses with their number."""
    s = scene.sentence.span
    found: list[Candidate] = []
    if _SIGN.search(ctx.norm, s.begin, s.end) is None:
        return found
    for m in _PLENARY.finditer(ctx.norm, s.begin, s.end):
        for n in compiled(r"[一二三四五六七八九十]+[中次]").finditer(m["list"]):
            at = m.start("list") + n.start()
            last = m.start("list") + n.end() == m.end("list")
            c = ctx.candidate(at, m.end() if last else at + len(n.group()), {C.EVENT}, "session")
            if at == m.start("list"):
                c = ctx.candidate(m.start("number"), m.end() if last else at + len(n.group()), {C.EVENT}, "session")
            c.aliases.add(c.name)
            c.name = m["number"] + n.group() + "全会"
            found.append(c)
    for m in _WORK_SESSION.finditer(ctx.norm, s.begin, s.end):
        for n in compiled(r"[^、和及]+").finditer(m["hosts"]):
            at, end = m.start("hosts") + n.start(), m.start("hosts") + n.end()
            end = m.end() if end == m.end("hosts") else end
            c = ctx.candidate(at, end, {C.EVENT}, "session")
            c.name = n.group() + m["what"]
            found.append(c)
    for m in _SESSION.finditer(ctx.norm, s.begin, s.end):
        event = _EVENT.search(m.group()) is not None
        c = ctx.candidate(m.start(), m.end(), {C.EVENT} if event else {C.POLICY}, "session")
        # one session, however fully its host is named: "党的十八大", "中共十八大", "十八大"
        if event and (bare := _PARTY.sub("", c.name)) != c.name:
            c.aliases.add(bare)
        if national := _NATIONAL.fullmatch(c.name):
            c.aliases.add(national["number"] + "大")  # 中国共产党第二十次全国代表大会 is the 二十大
        found.append(c)
    return found


#: a congress of the party by its full name
_NATIONAL = listed(rf"{{the-party}}第(?P<number>{_N})次全国代表大会")
_PARTY = listed("^{party-opening}")
