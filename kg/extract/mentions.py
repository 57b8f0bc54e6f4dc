"""Names in sentences: from chunks, heads and left edges to candidates with a class.

Five ways lead to a name:

1. a title in 《》 is a document;
2. a chunk that closes with a head ("…创意园", "…路", "…公司") and has something specific before it;
3. a member of a list takes the class of the noun that sums the list up ("大唐、华润等一批知名企业");
4. a position that only a name can fill: what is received, hosted, put into practice;
5. a name that is known all over the country: a division, a country, a large company, a great event.

What is specific is told by statistics, not by lists of names: a word that the
reports of few places use, a place name, Latin letters, a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kg.extract.chunks import Chunk, Unit, chunks, units
from kg.extract.lexicon import Token
from kg.extract.words import Head, Words, stem_of, words
from kg.model import EntityClass as C
from kg.model import Part, Report, Sentence, Span


@dataclass(slots=True)
class Candidate:
    """A stretch of text taken for a name."""

    span: Span
    name: str
    classes: frozenset[C]
    rule: str
    aliases: set[str] = field(default_factory=set)
    sentence: int = 0
    #: names of the wholes that the wording itself places it in ("广东化州" lies in 广东)
    wholes: tuple[str, ...] = ()
    #: overlapping a longer candidate does not remove it ("琶洲村" in "琶洲村改造")
    nested: bool = False


@dataclass(slots=True)
class Scene:
    """One sentence with all that was made of it, for the later steps."""

    index: int
    sentence: Sentence
    part: Part
    row: list[Unit]
    chunks: list[Chunk]
    candidates: list[Candidate]


_GENERIC_PLAN = re.compile(r"^(各项|重点|重大|一系列|相关|有关|主要|年度|工作|今年|基础设施|民生|这些|上述)")
_CLAUSE_END = re.compile(r"[，。；！？,;!?\n]")


class Finder:
    """Finds the candidates of one report."""

    def __init__(self, report: Report, norm: str, tokens: Sequence[Token]) -> None:
        self.report = report
        self.norm = norm
        self.tokens = tokens
        self.words: Words = words()
        self.own_names: set[str] = set()
        for part in report.area_parts:
            self.own_names |= {part, stem_of(part)}
        #: names without level of what lies in the report's own area or beside it
        near = set(report.area_parts)
        self.local = {stem_of(n) for n, up in self.words.divisions.items() if up & near} if near else set()

    # what is specific -------------------------------------------------------------------------------------------

    def is_place(self, word: str) -> bool:
        """Whether a word is the name of a division, a country or the report's own area."""
        w = self.words
        if len(word) < 2:
            return False
        if word in self.own_names or word in w.provinces or word in w.countries:
            return True
        if word in self.local:
            return True
        if w.cue(word, "not-place"):
            return False
        # a name without its level that is a word of many reports is none, unless the division is a large one
        return word in w.divisions or (word in w.stems and (word not in w.general or word in w.large))

    def is_specific(self, parts: Sequence[Unit]) -> bool:
        """Whether words before a head tell one thing from all others of its kind."""
        run = ""
        for unit in parts:
            if unit.kind == "quote" or (unit.kind == "paren" and self.is_place(unit.text[1:-1])):
                return True
            text = unit.text
            if len(text) > 1 and text[-1] == "期" and text[0] in "一二三四五六七八九十首前后":
                continue
            if unit.kind == "number":
                if text.endswith("号"):
                    return True
                run = run + text if text in "一二三四五六七八九十百千万两" else ""
                continue
            if len(text) == 1 and unit.kind == "word":
                run += text
                if len(run) >= 2 and run[-2:] not in self.words.general:
                    return True
                continue
            if unit.kind == "word":
                if unit.tag == "eng":
                    if not self.words.cue(text.upper(), "common-latin"):
                        return True
                elif self.is_place(text) or text in self.words.names or text not in self.words.general:
                    return True
            run = text[-1] if unit.kind == "word" else ""
        return False

    # the main path ----------------------------------------------------------------------------------------------

    def scenes(self) -> list[Scene]:
        """Every sentence with its candidates."""
        result = []
        for index, sentence in enumerate(self.report.sentences):
            row = units(self.norm, self.tokens, sentence.span, self.words)
            part = self.report.sections[sentence.section].part
            scene = Scene(index, sentence, part, row, chunks(row, self.words), [])
            found = [
                *self._titles(scene),
                *self._headed(scene),
                *self._lists(scene),
                *self._quoted(scene),
                *self._plans(scene),
                *self._honours(scene),
                *self._sessions(scene),
                *self._known(scene),
                *self._place_lists(scene),
                *self._shared_tails(scene),
            ]
            for c in found:
                c.sentence = index
            scene.candidates = settle(found)
            result.append(scene)
        return result

    def text(self, begin: int, end: int) -> str:
        return self.report.text[begin:end]

    def candidate(self, begin: int, end: int, classes: Iterable[C], rule: str, *aliases: str) -> Candidate:
        return Candidate(Span(begin, end), self.text(begin, end), frozenset(classes), rule, set(aliases))

    # 1 titles -----------------------------------------------------------------------------------------------------

    def _titles(self, scene: Scene) -> list[Candidate]:
        result = []
        for unit in scene.row:
            if unit.kind == "title" and unit.end - unit.begin > 4:
                inner = self.text(unit.begin + 1, unit.end - 1)
                c = self.candidate(unit.begin, unit.end, {C.POLICY}, "title", inner)
                c.aliases.add(re.sub(r"[（(][^()（）]*[)）]$", "", inner))
                result.append(c)
        return result

    def headed_strings(self) -> Iterable[str]:
        """Every stretch that closes with a strong head, specific or not: for statistics."""
        for sentence in self.report.sentences:
            for chunk in chunks(units(self.norm, self.tokens, sentence.span, self.words), self.words):
                us = self.trimmed(list(chunk.units))
                for k in range(len(us), 0, -1):
                    if us[k - 1].kind != "word" or us[0].kind == "quote":
                        continue
                    head = self.head_at(self.norm[us[0].begin : us[k - 1].end], self.words.heads)
                    torn = us[k - 1].end - us[k - 1].begin > len(head.word) if head is not None else False
                    if head is not None and head.grade == "strong" and not (torn and len(head.word) == 1):
                        for first in range(k):
                            text = self.norm[us[first].begin : us[k - 1].end]
                            if (
                                len(text) > len(head.word) + 1
                                and not self.is_place(us[first].text)
                                and not re.search(r"\d|号线|期$", text)
                            ):
                                yield text
                        break

    # 2 heads ------------------------------------------------------------------------------------------------------

    def head_at(self, text: str, table: dict[str, Head]) -> Head | None:
        """The longest head with which ``text`` ends."""
        for n in range(min(self.words.longest_head, len(text)), 0, -1):
            if (head := table.get(text[-n:])) is not None:
                return head
        return None

    def _headed(self, scene: Scene) -> list[Candidate]:
        result: list[Candidate] = []
        for k, chunk in enumerate(scene.chunks):
            found = self._names_in(list(chunk.units), definite=self._definite(scene, chunk))
            # "海珠检测|与|认证产业联盟": a name may run across a conjunction, if its first half is no name itself
            if (
                k
                and not found
                and scene.row[chunk.first - 1].kind == "conj"
                and chunk.first - 1 == scene.chunks[k - 1].last
            ):
                before = scene.chunks[k - 1]
                if (
                    self.is_place(before.units[0].text)
                    and len(before.units) >= 2
                    and not self._names_in(list(before.units))
                ):
                    found = self._names_in([*before.units, scene.row[chunk.first - 1], *chunk.units])
            # "广州塔及|南广场": a direction alone belongs to the name before
            if k and len(chunk.units) == 2 and self.words.cue(chunk.units[0].text, "direction") and result:
                head = self.head_at(self.norm[chunk.begin : chunk.end], self.words.heads)
                last = result[-1]
                if head is not None and chunk.begin - last.span.end in (1, 2):
                    c = self.candidate(
                        chunk.begin, chunk.end, head.classes, "direction", self.text(chunk.begin, chunk.end)
                    )
                    c.name = last.name + c.name
                    found = [c]
            result += found
        return result

    def trimmed(self, us: list[Unit]) -> list[Unit]:
        """A chunk without the words at its left edge that only describe or govern the name."""
        w = self.words
        while len(us) > 1:
            first, rest = us[0], us[1:]
            if (
                first.text in w.modifier
                or w.cue(first.text, "strip-left")
                or (
                    w.cue(first.text, "initial-verb")
                    and rest[0].text not in w.heads
                    and len(rest[0].text) + len(rest) > 2
                )
                or (
                    first.tag.startswith("v")
                    and first.kind == "word"
                    and first.text in w.general
                    and len(rest) >= 1
                    and (self.is_specific(rest[:-1]) or self.is_place(rest[-1].text))
                )
                or (first.kind == "word" and rest[0].kind == "quote" and first.tag.startswith("v"))
            ):
                us = rest
            else:
                break
        # a verb before a place governs it, whatever stands before the verb: "对标世界一流提升|深圳国家高新区"
        for k in range(len(us) - 2, 0, -1):
            if (
                us[k - 1].tag == "v"
                and us[k - 1].text in w.general
                and us[k].kind == "word"
                and self.is_place(us[k].text)
                and not self.is_specific(us[:k])
            ):
                return us[k:]
        # an apposition: "科技力量|鹏城实验室"
        for k in range(1, len(us) - 1):
            if (
                w.cue(us[k].text, "apposition")
                and k < len(us) - 2
                and self.is_specific(us[k + 1 : k + 2])
                and not self.is_specific(us[: k + 1])
            ):
                return self.trimmed(us[k + 1 :])
        return us

    def _definite(self, scene: Scene, chunk: Chunk) -> bool:
        """Whether a chunk stands where reports speak of one thing: as what is built or opened, no figure before it."""
        row = scene.row
        before = row[chunk.first - 1] if chunk.first else None
        if before is not None and (
            before.kind == "number" or self.words.cue(before.text, "counter") or before.text in ("的", "各", "等")
        ):
            return False
        n = chunk.first - 1
        while n >= 0 and row[n].kind in ("enum", "conj", "word") and n > chunk.first - 14:
            n -= 1
        if n >= 0 and row[n].kind == "verb" and self.words.cue(row[n].text, "build-verb"):
            return True
        if self.words.cue(chunk.units[0].text, "build-verb"):
            return True
        for unit in row[chunk.last : chunk.last + 14]:
            if unit.kind not in ("enum", "conj", "word", "function", "verb") or unit.text in ("的", "等"):
                break
            if self.words.cue(unit.text, "open-verb"):
                return True
        return self.words.cue(chunk.units[-1].text, "open-verb")

    def _names_in(self, us: list[Unit], *, definite: bool = False) -> list[Candidate]:
        """The name that a chunk holds: from its left edge to its last head that nothing but a tail follows."""
        us = self.trimmed(us)
        if (
            len(us) >= 2
            and us[0].text in self.words.provinces
            and (
                us[1].text in self.words.divisions
                or self.norm[us[1].begin : us[min(2, len(us) - 1)].end] in self.words.divisions
            )
        ):
            return []
        for k in range(len(us), 0, -1):
            last = us[k - 1]
            if last.kind == "quote":
                continue
            if last.text in self.words.names and all(u.text in self.words.tail for u in us[k:]):
                begin = us[k - 2].begin if k > 1 and self.is_place(us[k - 2].text) else last.begin
                return [self.candidate(begin, last.end, self.words.names[last.text], "known", last.text)]
            stop = us[k - 2].end if last.kind == "paren" and k > 1 else last.end
            head = self.head_at(self.norm[us[0].begin : stop], self.words.heads)
            if head is None:
                continue
            rest = us[k:]
            plain = all(u.text in self.words.tail or u.kind in ("quote", "paren") for u in rest)
            if rest and C.ORGANIZATION in head.classes and self.words.cue(rest[0].text, "people"):
                continue  # "大学|毕业生"
            if not plain and head.word in _LOOSE:
                continue
            if not plain and (k < 2 or head.grade != "strong" or (len(head.word) < 2 and not self._rare(us[: k - 1]))):
                continue
            found = self._named(us[:k], head, definite=definite)
            if found is not None:
                return [found, *self._places_in(us[:k])]
        return []

    def _rare(self, us: Sequence[Unit]) -> bool:
        """Whether single characters before a head make no word that reports share: "官洲|岛"."""
        text = "".join(u.text for u in us)
        return all(len(u.text) == 1 for u in us) and len(text) == 2 and text not in self.words.general

    def _named(self, us: list[Unit], head: Head, *, definite: bool = False) -> Candidate | None:
        begin, end = us[0].begin, us[-1].end
        head_begin = (us[-2].end if us[-1].kind == "paren" else end) - len(head.word)
        if len(us) > 1 and us[-1].kind == "word" and head_begin < us[-1].begin:
            head_begin = us[-1].begin  # "冰雕公园" is a head of two words; the first may be what is specific
        before = [u for u in us if u.end <= head_begin]
        # one token may hold the head and more ("南广场"): it is specific if the whole word is
        torn = next((u for u in us if u.begin < head_begin < u.end), None)
        if torn is not None:
            if torn.text in self.words.general and not self.is_place(torn.text[: head_begin - torn.begin]):
                if len(head.word) == 1:
                    return None
                head_begin = torn.begin
            else:
                before.append(torn)
        if head_begin <= begin or end - begin < 3:
            return None
        numbered = head.word == "号线" and any(u.kind == "number" for u in before)
        specific = numbered or self.is_specific(before) or (us[-1].kind == "paren" and self.is_place(us[-1].text[1:-1]))
        if (
            not specific
            and len(before) == 1
            and len(before[0].text) == 1
            and len(head.word) > 1
            and before[0].tag in ("ns", "nr", "nz", "nrt")
        ):
            pair = before[0].text + head.word
            specific = pair not in self.words.general and len(pair) >= 3
        classes = head.classes
        if head.word in ("改造", "整治", "行动") and any(u.kind == "quote" for u in before):
            classes = classes | {C.POLICY, C.PROJECT}  # "“三旧”改造" is a campaign
        if any(u.kind == "quote" and _SLOGAN.match(u.text) for u in before) and head.grade == "weak":
            return None
        if head.grade == "weak":
            quoted = any(u.kind == "quote" for u in before)
            opened = self.is_place(us[0].text) or "".join(u.text for u in us[:2]) in self.own_names
            if not quoted and not (specific and len(before) >= 2 and opened):
                return None
        else:
            text = self.norm[begin:end]
            placed = self.is_place(us[0].text) or any(u.kind == "quote" or u.tag == "eng" for u in before)
            own = (
                us[0].text in ("区", "市", "县", "省", "州", "旗")
                and len(us) >= 3
                and head.classes & {C.FACILITY, C.ORGANIZATION}
            )
            rare = specific and any(len(u.text) > 1 and u.text not in self.words.general for u in before)
            if self.words.generic.get(text, 0) >= (_SHARED if rare else 1) and not placed and not own:
                return None
            if not specific and not own:
                proper = (
                    self.words.proper & {head.word, us[-1].text}
                    and 2 <= head_begin - begin <= 6
                    and not _PLURAL.search(text)
                )
                if proper and len(before) == 1 and text not in self.words.general:
                    return self.candidate(begin, end, head.classes, f"head:{head.word}")
                built = (
                    definite
                    and head.classes & {C.FACILITY, C.PARK, C.ZONE}
                    and head_begin - begin >= 3
                    and len(before) >= 2
                )
                if not built or _PLURAL.search(text):
                    return None
        if (text := self.norm[begin:end]) in self.words.divisions or (
            text in self.words.stems and head.grade == "strong" and len(head.word) == 1
        ):
            return None
        if head.word in _TOWNS and (
            len(text) > 7 or any(u.kind in ("quote", "number") for u in us) or _EVERY.match(text)
        ):
            return None
        if head.word in _LOOSE_BUILT and not definite and not any(u.kind == "quote" for u in before):
            return None
        if us[0].text in ("街", "镇", "村", "乡", "社区"):
            return None
        if head.word == "街" and len(text) <= 5:
            classes = classes | {C.ADMINISTRATIVE_AREA}  # in some cities short for 街道
        return self.candidate(begin, end, classes, f"head:{head.word}")

    def _places_in(self, us: list[Unit]) -> list[Candidate]:
        """Divisions that open a longer name: "琶洲村" of "琶洲村改造", "哈克镇" of "哈克镇生态奶源基地"."""
        result = []
        for k in range(1, min(4, len(us))):
            text = self.norm[us[0].begin : us[k - 1].end]
            if us[k - 1].kind == "word" and _VILLAGE.search(text) and len(text) >= 3 and self.is_specific(us[:k]):
                c = self.candidate(us[0].begin, us[k - 1].end, {C.ADMINISTRATIVE_AREA}, "nested")
                c.nested = True
                result.append(c)
                break
        return result

    # 3 lists ------------------------------------------------------------------------------------------------------

    def _lists(self, scene: Scene) -> list[Candidate]:
        """Members of "A、B和C等…企业": the noun behind 等 gives its class to members that have none of their own."""
        result: list[Candidate] = []
        row = scene.row
        for k, unit in enumerate(row):
            counted = (
                unit.kind == "number"
                and _COUNTED.match(unit.text)
                and k > 1
                and scene.row[k - 1].kind in ("word", "quote")
            )
            if unit.kind != "etc" and not counted:
                continue
            if counted and len(self._members(scene, k)) < 2:
                continue
            whole = self._quoted_whole(scene, k + 1) if unit.kind == "etc" else None
            hyper, tail = self._hypernym(scene, k + 1)
            if hyper is None:
                if whole is None:
                    continue
                parts = [c for m in self._members(scene, k) for c in self._names_in(list(m.units)) if not c.nested]
                if parts:
                    classes = frozenset().union(*(c.classes for c in parts))
                    inner = self.text(whole.begin + 1, whole.end - 1)
                    result.append(self.candidate(whole.begin, whole.end, classes, "quote:whole", inner))
                    for c in parts:
                        c.wholes = (self.text(whole.begin, whole.end),)
                        result.append(c)
                continue
            members = self._members(scene, k)
            named = sum(self.is_specific(self.trimmed(list(m.units))) or m.units[0].kind == "quote" for m in members)
            for chunk in members:
                us = self.trimmed(list(chunk.units))
                begin, end = us[0].begin, us[-1].end
                if us[-1].kind == "title" or end - begin < 2 or end - begin > 25:
                    continue
                if (
                    len(us) == 1
                    and self.is_place(us[0].text)
                    and not hyper.classes & {C.ADMINISTRATIVE_AREA, C.ZONE, C.PARK, C.PROJECT}
                ):
                    continue
                if C.ADMINISTRATIVE_AREA in hyper.classes and self.is_place(us[0].text) and len(us) > 1:
                    continue  # "广东|化州", "从化|温泉镇": taken apart as known places
                alike = (
                    2 * named >= len(members)
                    and named > 0
                    and end - begin >= 4
                    and self.norm[begin:end] not in self.words.generic
                )
                brand = (
                    C.ENTERPRISE in hyper.classes
                    and named >= 2
                    and len(us) == 1
                    and us[0].tag[:1] in ("n", "j", "e")
                    and end - begin <= 5
                )
                if (
                    not self._may_be_name(us, hyper)
                    and not brand
                    and not (alike and len(us) >= 2 and not _PLURAL.search(self.norm[begin:end]))
                ):
                    continue
                own = self._names_in(us)
                classes = hyper.classes
                if own and own[0].span == Span(begin, end):
                    classes = classes | own[0].classes
                elif own and own[0].rule.startswith("head") and own[0].span.begin == begin:
                    continue
                c = self.candidate(begin, end, classes, f"list:{hyper.word}")
                if us[0].kind == "quote" and len(us) == 1:
                    c.aliases.add(self.text(begin + 1, end - 1))
                elif hyper.word in _CIRCLES and not own:
                    c.aliases.add(c.name + hyper.word)
                if renewal := _RENEWAL.match(tail) if hyper.word not in _RENEWED else re.match("", ""):
                    # "琶洲、沥滘等城中村", "石榴岗河等河涌升级改造": what is renewed names the project
                    bare = renewal.group() or hyper.word + ("" if hyper.word.endswith(("改造", "更新")) else "改造")
                    if own and own[0].span == Span(begin, end) and renewal.group():
                        result.append(own[0])
                        c.nested = True
                    else:
                        c.aliases |= {c.name, c.name + bare}
                    phase = re.fullmatch(r"(.{2,}?)([一二三四五首]期)", c.name)
                    c.name = phase[1] + bare + phase[2] if phase else c.name + bare
                    c.classes = frozenset({C.PROJECT})
                elif own == [] and len(us) == 1 and self.is_place(us[0].text) and hyper.classes & {C.PARK}:
                    c.aliases = set()
                    c.name += hyper.word
                    c.classes = hyper.classes
                result.append(c)
        return result

    def _hypernym(self, scene: Scene, k: int) -> tuple[Head | None, str]:
        """The noun that sums a list up, at unit ``k`` or after figures and describing words; and what follows it."""
        row = scene.row
        n = k
        while (
            n < len(row)
            and n < k + 4
            and (row[n].kind in ("number", "function") or self.words.cue(row[n].text, "counter"))
        ):
            n += 1
        best: Head | None = None
        last = n
        m = n
        while m < len(row) and m < n + 6 and row[m].kind == "word":
            if best is not None and row[m].text in self.words.tail:
                break
            head = self.head_at(self.norm[row[n].begin : row[m].end], self.words.list_heads)
            if head is not None:
                best, last = head, m
            elif best is not None:
                break
            m += 1
        following = self.norm[row[last].end : row[last].end + 4] if best is not None else ""
        return best, following

    def _quoted_whole(self, scene: Scene, k: int) -> Unit | None:
        """The quotation that a list is part of: "深圳歌剧院等|3|个|“新时代十大文化设施”"."""
        row = scene.row
        while k < len(row) and (row[k].kind == "number" or self.words.cue(row[k].text, "counter")):
            k += 1
        return row[k] if k < len(row) and row[k].kind == "quote" else None

    def _members(self, scene: Scene, k: int) -> list[Chunk]:
        """The chunks of the list that ends before unit ``k``."""
        by_last = {c.last: c for c in scene.chunks}
        members = []
        position = k
        while position in by_last:
            chunk = by_last[position]
            members.append(chunk)
            position = chunk.first - 1
            if position < 0 or scene.row[position].kind not in ("enum", "conj"):
                break
        return members[::-1]

    def _may_be_name(self, us: list[Unit], hyper: Head) -> bool:
        if us[0].kind == "quote" or self.is_specific(us):
            return True
        return bool(hyper.classes & {C.ENTERPRISE}) and us[0].text == "中国" and len(us) > 2

    # 4 quotations and positions -------------------------------------------------------------------------------------

    def _quoted(self, scene: Scene) -> list[Candidate]:
        """Quoted names: class from the noun behind, or from the verb before."""
        result: list[Candidate] = []
        row = scene.row
        for k, unit in enumerate(row):
            if unit.kind != "quote":
                continue
            inner = self.text(unit.begin + 1, unit.end - 1)
            if re.search(r"[。；！？;!?]", inner):
                continue
            following = row[k + 1] if k + 1 < len(row) and row[k + 1].begin == unit.end else None
            head = self.head_at(self.norm[unit.begin + 1 : unit.end - 1], self.words.heads)
            third = (
                row[k + 2] if following is not None and k + 2 < len(row) and row[k + 2].begin == following.end else None
            )
            if (
                third is not None
                and following is not None
                and self.words.cue(following.text + third.text, "policy-noun")
            ):
                following = Unit("word", following.begin, third.end, following.text + third.text)
            ahead = k  # "“中调”、“南拓”战略": the noun behind the last member is meant for all
            while ahead + 2 < len(row) and row[ahead + 1].kind in ("enum", "conj") and row[ahead + 2].kind == "quote":
                ahead += 2
            if (
                ahead > k
                and ahead + 1 < len(row)
                and self.words.cue(row[ahead + 1].text, "policy-noun")
                and row[ahead + 1].text not in ("工作", "活动")
            ):
                result.append(self.candidate(unit.begin, unit.end, {C.POLICY}, "quote:policy", inner))
                continue
            if (
                following is not None
                and following.kind in ("word", "verb")
                and self.words.cue(following.text, "policy-noun")
            ):
                quoted = self.text(unit.begin, unit.end)
                c = self.candidate(
                    unit.begin, following.end, {C.POLICY}, "quote:policy", inner, quoted, inner + following.text
                )
                if following.text in ("工程", "工作", "试点", "活动"):
                    c.classes |= {C.PROJECT} if following.text == "工程" else set()
                result.append(c)
            elif (
                honour := self.head_at(self.norm[unit.begin + 1 : unit.end - 1], self.words.honours)
            ) is not None and len(inner) > len(honour.word) + 1:
                classes = {C.HONOUR} | (
                    head.classes
                    if head is not None and head.grade == "strong" and honour.word.endswith("区")
                    else set()
                )
                result.append(self.candidate(unit.begin, unit.end, classes, "quote:honour", inner))
            elif (
                head is not None
                and head.grade == "strong"
                and len(inner) > len(head.word) + 1
                and self.words.generic.get(inner, 0) < _SHARED
                and (len(head.word) > 1 or self.is_place(inner[:2]))
                and not inner.endswith("发展")
                and "、" not in inner
            ):
                result.append(self.candidate(unit.begin, unit.end, head.classes, "quote:head", inner))
            elif (plan := _PLAN_HEAD.search(inner)) is not None and plan.start() >= 2 and "、" not in inner:
                classes = {C.POLICY, C.PROJECT} if plan.group() in ("工程", "行动") else {C.POLICY}
                result.append(self.candidate(unit.begin, unit.end, classes, "quote:policy", inner))
            elif (following is not None and following.text in ("活动", "大赛", "赛事")) or self._governed(
                scene, k, "host-verb"
            ):
                result.append(self.candidate(unit.begin, unit.end, {C.EVENT}, "quote:event", inner))
            elif self._governed(scene, k) and not re.search(r"[，,]|^[一二三四五六七八九十两][个大项]", inner):
                result.append(self.candidate(unit.begin, unit.end, {C.POLICY}, "quote:verb", inner))
        return result

    def _governed(self, scene: Scene, k: int, cue: str = "policy-verb") -> bool:
        """Whether the quotation at ``k`` (or the list that it is in) is the object of a verb of policy."""
        n = k - 1
        while n >= 0 and scene.row[n].kind in ("quote", "enum", "conj"):
            n -= 1
        for m in (n, n - 1, n - 2):
            if m >= 0 and scene.row[m].kind in ("verb", "word") and self.words.cue(scene.row[m].text, cue):
                return True
            if m < 0 or scene.row[m].kind not in ("word", "function"):
                return False
        return False

    def _plans(self, scene: Scene) -> list[Candidate]:
        """Plans, campaigns and works without a proper word, as objects of the verbs of policy: "实施文化惠民工程"."""
        result: list[Candidate] = []
        for chunk in scene.chunks:
            before = scene.row[chunk.first - 1] if chunk.first else None
            us = list(chunk.units)
            lead = before.text if before is not None and before.kind == "verb" else ""
            if not lead and us[0].tag.startswith("v"):
                lead, us = us[0].text, us[1:]
            if (
                before is not None
                and before.kind in ("enum", "conj")
                and result
                and result[-1].span.end in (before.begin, before.begin - 1)
            ):
                lead = "实施"
            carried = self.words.cue(lead, "adopt-verb") or self._carried_out(scene, chunk)
            if not carried or len(us) < 2:
                continue
            for k in range(len(us), 1, -1):
                text = self.norm[us[0].begin : us[k - 1].end]
                m = _PLAN_HEAD.search(text)
                if m is None or (k < len(us) and us[k].text not in self.words.tail):
                    continue
                modifier = text[: m.start()]
                abbreviated = len(modifier) == 2 and k == 3 and m.group() == "工程"
                if (len(modifier) >= 4 or abbreviated) and not _GENERIC_PLAN.match(modifier):
                    classes = {C.POLICY, C.PROJECT} if m.group() in ("工程", "行动") else {C.POLICY}
                    result.append(self.candidate(us[0].begin, us[k - 1].end, classes, "plan"))
                break
        return result

    def _carried_out(self, scene: Scene, chunk: Chunk) -> bool:
        """Whether the predicate behind a chunk at the beginning of its clause says that it is put into practice."""
        row = scene.row
        if chunk.first and row[chunk.first - 1].kind != "stop":
            return False
        behind = row[chunk.last : chunk.last + 3]
        return any(self.words.cue(u.text, "carried-out") for u in behind if u.kind != "stop")

    def _honours(self, scene: Scene) -> list[Candidate]:
        """What is received: the object of 获得, 被评为, … up to the end of its clause."""
        result: list[Candidate] = []
        row = scene.row
        k = 0
        while k < len(row):
            if not self.words.cue(row[k].text, "receive-verb"):
                k += 1
                continue
            start = k + 1
            while start < len(row) and row[start].text in ("了", "为", "过", "成为", "成", "上", "到", "出"):
                start += 1
            n = start
            while n < len(row) and not (row[n].kind == "stop" and _CLAUSE_END.match(row[n].text)):
                n += 1
            result += self._honour_names(row[start:n])
            k = start
        return result

    def _honour_names(self, us: list[Unit]) -> list[Candidate]:
        """The honours in the object of a verb of receiving, one a member of its list."""
        result: list[Candidate] = []
        first = 0
        k = 0
        while k < len(us):
            unit = us[k]
            if k == first and (
                (unit.kind == "number" and not re.match(r"\d{4}|第", unit.text))
                or unit.text in ("次", "项", "个", "年", "届")
            ):
                first = k = k + 1  # "荣获|三次|国务院督查激励"
                continue
            following = us[k + 1] if k + 1 < len(us) else None
            text = self.norm[us[first].begin : unit.end]
            closed = (
                following is None
                or following.kind in ("enum", "conj", "stop", "function")
                or following.text in ("称号", "荣誉", "荣誉称号", "殊荣")
                or following.text in self.words.tail
            )
            head = self.head_at(text, self.words.honours)
            quoted = (
                unit.kind == "quote"
                and k + 1 <= len(us)
                and (
                    following is None
                    or following.text in ("称号", "荣誉", "荣誉称号", "殊荣", "奖")
                    or following.kind in ("enum", "conj")
                )
            )
            lofty = following is None and head is None and _LOFTY.match(text) is not None and k - first >= 2
            if closed and (
                lofty
                or head is not None
                or quoted
                or (following is not None and following.text in ("称号", "荣誉称号"))
            ):
                end = unit.end
                if following is not None and following.text == "奖":
                    end = following.end
                begin = us[first].begin
                if self._honour_ok(us[first : k + 1]):
                    name = self.text(begin, end)
                    c = self.candidate(begin, end, {C.HONOUR}, "honour")
                    if inner := re.search(r"[“\"]([^“”\"]+)[”\"]$", name):
                        c.aliases.add(inner.group(1))
                    bare = re.sub(r"^(\d{4}年度|全国首批|全省首批|全国|全省|全市|省|市|国家级|国家)(?=.{4})", "", name)
                    if bare != name:
                        c.aliases.add(bare)
                    result.append(c)
                k += 1
                while k < len(us) and (
                    us[k].kind in ("enum", "conj") or us[k].text in ("称号", "荣誉", "荣誉称号", "殊荣", "奖", "等")
                ):
                    k += 1
                first = k
                continue
            if unit.kind in ("enum", "conj"):
                # "国家卫生城市、…": a member without a head of an honour is none, unless the next completes it
                if head is None and unit.kind == "enum" and not any(u.kind == "quote" for u in us[first:k]):
                    first = k + 1
            elif (unit.kind == "function" and unit.text in _NOT_IN_HONOUR) or (unit.kind == "verb" and first == k):
                first = k + 1
            k += 1
        return result

    def _honour_ok(self, us: list[Unit]) -> bool:
        text = self.norm[us[0].begin : us[-1].end]
        return (
            len(text) >= 4
            and text not in self.words.general
            and (us[0].kind != "number" or re.match(r"\d{4}年度?|第|[\d一二三四五六七八九十]+星", text) is not None)
        )

    def _sessions(self, scene: Scene) -> list[Candidate]:
        """Congresses, plenary sessions and censuses with their number."""
        s = scene.sentence.span
        joined = []
        for m in _PLENARY.finditer(self.norm, s.begin, s.end):
            for n in re.finditer(r"[一二三四五六七八九]中", m["list"]):
                at = m.start("list") + n.start()
                last = m.start("list") + n.end() == m.end("list")
                c = self.candidate(at, m.end() if last else at + 2, {C.EVENT}, "session")
                if at == m.start("list"):
                    c = self.candidate(m.start("number"), m.end() if last else at + 2, {C.EVENT}, "session")
                c.aliases.add(c.name)
                c.name = m["number"] + n.group() + "全会"
                joined.append(c)
        return joined + [
            self.candidate(m.start(), m.end(), {C.EVENT} if _EVENT.search(m.group()) else {C.POLICY}, "session")
            for m in _SESSION.finditer(self.norm, s.begin, s.end)
        ]

    # 5 known names ------------------------------------------------------------------------------------------------

    def _known(self, scene: Scene) -> list[Candidate]:
        """Divisions, countries and names known all over the country, standing alone at the beginning of a chunk."""
        result: list[Candidate] = []
        w = self.words
        province: Candidate | None = None  # carried along a list: "广西百色、乐业、凌云"
        last_end = -9
        for chunk in scene.chunks:
            us = self.trimmed(list(chunk.units))
            k = 0
            if chunk.begin - last_end > 2:
                province = None
            above: Candidate | None = None
            while k < len(us):
                unit = us[k]
                joined = self.norm[unit.begin : us[k + 1].end] if k + 1 < len(us) else ""
                if joined in w.names:
                    result.append(self.candidate(unit.begin, us[k + 1].end, w.names[joined], "known"))
                    k += 1
                    above = None
                elif unit.text in w.names:
                    result.append(self.candidate(unit.begin, unit.end, w.names[unit.text], "known"))
                    above = None
                elif (
                    k + 1 < len(us)
                    and len(us[k + 1].text) >= 3
                    and _TOWN.search(us[k + 1].text)
                    and self.is_place(unit.text)
                    and joined not in w.divisions
                ):
                    inner = self.candidate(unit.begin, unit.end, {C.ADMINISTRATIVE_AREA}, "place")
                    inner.nested = True
                    c = self.candidate(unit.begin, us[k + 1].end, {C.ADMINISTRATIVE_AREA}, "place", us[k + 1].text)
                    if unit.text not in self.own_names:
                        c.wholes = (inner.name,)
                        result.append(inner)
                    result.append(c)
                    k += 1
                    above = c
                elif joined in w.divisions or (
                    joined
                    and len(joined) >= 3
                    and us[k + 1].text in _TOWNS
                    and (
                        above
                        or self.is_specific([unit])
                        or (
                            unit.tag[:1] == "n"
                            and len(unit.text) <= 3
                            and not _PLURAL.search(unit.text)
                            and joined not in w.generic
                        )
                    )
                ):
                    c = self.candidate(unit.begin, us[k + 1].end, {C.ADMINISTRATIVE_AREA}, "place")
                    if above is not None and joined not in w.divisions:
                        above.nested = True
                        c = self.candidate(above.span.begin, us[k + 1].end, {C.ADMINISTRATIVE_AREA}, "place", joined)
                        c.wholes = (above.name,)
                    else:
                        self._within(c, above or province, joined)
                    result.append(c)
                    k += 1
                    above = c
                elif (
                    above is not None
                    and above.name in w.countries
                    and len(us) == k + 1
                    and len(unit.text) <= 4
                    and unit.text not in w.general
                ):
                    result.append(self.candidate(unit.begin, unit.end, {C.ADMINISTRATIVE_AREA}, "place"))
                elif (
                    unit.kind == "word"
                    and (self.is_place(unit.text) or self._in_province(unit.text, province))
                    and unit.text not in self.own_names
                ):
                    c = self.candidate(unit.begin, unit.end, {C.ADMINISTRATIVE_AREA}, "place")
                    self._within(c, above or province, unit.text)
                    result.append(c)
                    above = c
                    if unit.text in w.provinces:
                        province = c
                else:
                    break
                k += 1
            last_end = chunk.end
        return result

    def _in_province(self, word: str, province: Candidate | None) -> bool:
        """Whether a word that is mostly none is a place in the province that the list names: "广西百色、乐业"."""
        if province is None or word not in self.words.stems:
            return False
        return any(
            stem_of(up) == stem_of(province.name) for n in self.words.stems[word] for up in self.words.divisions[n]
        )

    def _place_lists(self, scene: Scene) -> list[Candidate]:
        """Unknown members of an enumeration of places are places: "海拉尔至乌兰巴托、赤塔、韩国"."""
        result: list[Candidate] = []
        run: list[Chunk] = []
        for chunk in [*scene.chunks, None]:
            if chunk is not None and (
                not run or (chunk.first == run[-1].last + 1 and scene.row[run[-1].last].kind == "enum")
            ):
                run.append(chunk)
                continue
            places = [c for c in run if len(c.units) == 1 and self.is_place(c.units[0].text)]
            if len(places) >= 2 and 2 * len(places) >= len(run):
                for c in run:
                    u = c.units[0]
                    if (
                        len(c.units) == 1
                        and c not in places
                        and u.text not in self.words.general
                        and u.kind == "word"
                        and len(u.text) > 1
                    ):
                        result.append(self.candidate(c.begin, c.end, {C.ADMINISTRATIVE_AREA}, "place-list"))
            run = [chunk] if chunk is not None else []
        return result

    def _shared_tails(self, scene: Scene) -> list[Candidate]:
        """ "区人民医院、区中医院改扩建项目": the work is done on each member of the list; so too "A、B、C项目"."""
        result: list[Candidate] = []
        for k, chunk in enumerate(scene.chunks):
            text = self.norm[chunk.begin : chunk.end]
            m = _WORKS.search(text) or _PROJECT.search(text)
            if m is None or k == 0:
                continue
            base = self.head_at(text[: m.start()], self.words.heads)
            alike = base is not None and base.grade == "strong" and m.re is _WORKS
            n = k
            while n and self._follows(scene, n):
                n -= 1
                us = self.trimmed(list(scene.chunks[n].units))
                begin, end = us[0].begin, us[-1].end
                head = self.head_at(self.norm[begin:end], self.words.heads)
                if alike and base is not None:
                    if head is None or not head.classes & base.classes:
                        break
                    c = self.candidate(begin, end, {C.PROJECT}, "shared-tail")
                    c.name += m.group()
                    c.nested = True
                    result.append(c)
                elif (
                    head is None and end - begin >= 4 and us[0].text not in self.words.general and us[-1].kind == "word"
                ):
                    result.append(self.candidate(begin, end, {C.PROJECT}, "shared-tail"))
        return result

    def _follows(self, scene: Scene, n: int) -> bool:
        """Whether the chunk ``n`` goes on the list of the one before it."""
        gap = scene.chunks[n].first - scene.chunks[n - 1].last
        return gap == 1 and scene.row[scene.chunks[n].first - 1].kind in ("enum", "conj")

    def _within(self, place: Candidate, whole: Candidate | None, name: str) -> None:
        """Note that a place lies in the one named before it, if the tables of divisions have it so."""
        if whole is None:
            return
        full = self.words.stems.get(stem_of(name), frozenset()) | (
            {name} if name in self.words.divisions else frozenset()
        )
        within = {stem_of(up) for n in full for up in self.words.divisions.get(n, ())}
        if stem_of(whole.name) in within:
            place.wholes = (whole.name,)
            if whole.span.end == place.span.begin:
                place.aliases.add(whole.name + place.name)


_LOFTY = re.compile(
    r"(?:\d{4}年度?)?(?:全国|中国|国家|全球|世界|亚洲|全省)(?!.*(?:前列|名|位|第[一二三四五六七八九十]|家|个)$).{5,}"
)
_NOT_IN_HONOUR = {
    "的",
    "在",
    "以",
    "由",
    "向",
    "对",
    "于",
    "被",
    "将",
    "把",
    "我",
    "该",
    "为",
    "了",
    "全市",
    "全省",
    "全区",
}
_CIRCLES = {"经济圈", "都市圈", "城市群", "经济区", "合作区", "组团", "片区", "新城", "都市区", "经济带"}
_EVERY = re.compile(r"[各全每]|所有|整个")
#: heads that are as often the beginning of a longer word ("国家中心|城市"): only at the end of a name
_LOOSE = {"中心", "平台", "系统", "城", "轴", "项目", "工程", "谷", "段", "市场"}
#: heads of what is mostly no thing: a name only as what is built
_LOOSE_BUILT = {"平台", "系统", "信息平台", "公共平台"}
_SHARED = 8  # so many places' reports share a name made of rare words only if it is a kind after all
_TOWNS = {"镇", "乡", "街道", "村", "社区", "苏木"}
_SLOGAN = re.compile(r"[“\"][一二三四五六七八九十两][个大项]")
_WORKS = re.compile(r"(改扩建|新建|扩建|改造|升级改造|整治|迁建|续建)(工程|项目)?$")
_PROJECT = re.compile(r"项目(?:建设)?$")
_PLURAL = re.compile(r"[各类多]|重点|一批|基础设施|公共服务|老旧|城乡|农村|乡镇|社区|街道|村级|镇级|大型|中小")
_RENEWAL = re.compile(r"升级改造|综合整治|改造|整治")
_RENEWED = {"城中村", "旧城改造", "旧村改造", "城市更新", "旧工业区", "旧村"}
_COUNTED = re.compile(r"[两三四五六七八九十]+(?:大|个|条|座|家|所|项|区|县|市|镇)?$")
_SESSION = re.compile(
    r"[省市区县]第[一二三四五六七八九十]+次党代会|党的[一二三四五六七八九十]+届[一二三四五六七八九十]+中全会|"
    r"[一二三四五六七八九十]+届[一二三四五六七八九十]+中全会|党的[一二三四五六七八九十]+大(?![中小])|"
    r"关于[\u4e00-\u9fff、“”]{6,40}?的(?:若干)?(?:意见|决定|措施|通知|办法|规定|方案|实施意见|若干意见|若干措施)|"
    r"(?<=出台)[\u4e00-\u9fff、“”]{6,30}?的(?:若干)?(?:意见|若干措施|办法|条例|决定)|"
    r"第[一二三四五六七八九十]+次全国[\u4e00-\u9fff]{2,6}普查"
)
_EVENT = re.compile(r"会$|大$|普查$")
_PLENARY = re.compile(
    r"(?P<number>[一二三四五六七八九十]+届)(?P<list>[一二三四五六七八九]中(?:(?:全会)?[、和][一二三四五六七八九]中)+)全会"
)
_PLAN_HEAD = re.compile(
    r"(战略|计划|行动计划|行动|工程|规划|纲要|方案|条例|办法|若干措施|意见|实施意见|规划纲要|行动方案|实施方案|体系规划)$"
)
_VILLAGE = re.compile(r"(村|镇|乡|街道|社区|苏木)$")
_TOWN = re.compile(r"(镇|乡|街道|苏木|村)$")


def settle(found: Sequence[Candidate]) -> list[Candidate]:
    """Of overlapping candidates the longest stays; of equal spans, classes and aliases are joined."""
    merged: dict[tuple[Span, str], Candidate] = {}
    for c in found:
        key = (c.span, c.name)
        if key in merged:
            kept = merged[key]
            kept.classes |= c.classes
            kept.aliases |= c.aliases
            kept.rule += "+" + c.rule
            kept.wholes = kept.wholes or c.wholes
        else:
            merged[key] = c
    kept_list: list[Candidate] = []
    # a name that was completed ("沥滘" to "沥滘城中村改造") before one that stands as it is
    for c in sorted(merged.values(), key=lambda c: (-len(c.span), c.span, len(c.name) == len(c.span), c.rule)):
        if c.nested or not any(k.span.overlaps(c.span) for k in kept_list):
            kept_list.append(c)
    return sorted(kept_list, key=lambda c: c.span)
