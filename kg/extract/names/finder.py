"""The main path: every sentence of a report with its candidates for names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Final

from kg.extract.chunks import Rows, chunks, parted_by_verbs
from kg.extract.lexicon import Tokens
from kg.extract.listed import listed
from kg.extract.names.alike import alike, placed
from kg.extract.names.candidates import Candidate, Scene, settle
from kg.extract.names.completed import completed, counted, shared_plans
from kg.extract.names.context import Context
from kg.extract.names.doubted import doubted
from kg.extract.names.edges import trimmed
from kg.extract.names.entitled import entitled
from kg.extract.names.heads import branded, headed
from kg.extract.names.honours import DESCRIBED, GRADED, SHORT_OF, graded, honours, levelled
from kg.extract.names.learned import LEARNED, built, learned
from kg.extract.names.lists import lists, shared_tails
from kg.extract.names.needs import Open, Way
from kg.extract.names.network import UNJUDGED, judged
from kg.extract.names.objects import adopted, floated, founded, hosted, numbered, persons
from kg.extract.names.owners import owners
from kg.extract.names.places import known, phrases, place_lists, routes, sections, waters, zones
from kg.extract.names.plans import double_plans, plans
from kg.extract.names.quoted import quoted
from kg.extract.names.shared import shared_beginnings, shared_heads, shared_numbers
from kg.extract.names.spans import Sight
from kg.extract.names.titles import WORK_OF_ART, sessions, titles
from kg.extract.names.towns import towns
from kg.extract.rules import kept
from kg.extract.words import Words, words
from kg.model import EntityClass as C
from kg.model import Report
from kg.patterns import compiled

#: the ways to names, in the order in which they are gone
WAYS: Final[tuple[Way, ...]] = (
    titles,
    headed,
    branded,
    lists,
    completed,
    counted,
    shared_plans,
    quoted,
    plans,
    double_plans,
    honours,
    graded,
    levelled,
    sessions,
    known,
    phrases,
    waters,
    place_lists,
    shared_tails,
    hosted,
    numbered,
    adopted,
    founded,
    floated,
    persons,
    routes,
    sections,
    zones,
    shared_heads,
    shared_beginnings,
    shared_numbers,
)
#: and a rule that they share (:mod:`kg.extract.rules`)
RULES: Final = {
    "names.specific": "a name needs a word that tells one thing from all others of its kind",
    "names.learned": "stretches that no rule decides are names where the network takes them for one",
    "names.built": "what a rule has found is a project, too, where the network takes it for one",
    "names.owners": "companies that the names of what they build open with",
    "names.entitled": "what something became or was called by others is an honour, whatever its head tells it to be",
    "names.alike": "a member of a list is a project, a company, a person where all others are",
    "names.towns": "towns, and the villages in them, also where they open a longer name: 谢家镇|港坪村|光伏电站",
    "names.doubted": "what one way alone has found is no name where the network speaks against it",
}


@lru_cache(maxsize=8)
def _open(ways: tuple[Way, ...]) -> Open:
    """Which words open which of the ways; the same for all reports."""
    return Open(ways, words())


class Finder:
    """Finds the candidates of one report."""

    def __init__(self, report: Report, norm: str, tokens: Tokens, *, without: Collection[str] = ()) -> None:
        self.ctx = Context(report, norm, tokens, without=without)
        self.open = _open(tuple(kept("names", WAYS, without)))
        self.learns = "names.learned" not in without
        self.doubts = "names.doubted" not in without
        self.builds = "names.built" not in without
        self.owns = "names.owners" not in without
        self.entitles = "names.entitled" not in without
        self.compares = "names.alike" not in without
        self.settles = "names.towns" not in without

    def scenes(self) -> list[Scene]:
        """Every sentence that has candidates, with them."""
        sights = (Sight(self.ctx, scene) for scene in self.sentences())
        asks = self.learns or self.doubts or self.builds
        all_told = judged(sights) if asks else [(sight, UNJUDGED) for sight in sights]
        taken_back: list[tuple[Scene, list[Candidate]]] = []
        scenes = []
        for sight, told in all_told:
            scene = sight.scene
            if self.doubts and (against := doubted(self.ctx, scene, told)):
                taken_back.append((scene, against))
                gone = set(map(id, against))
                scene.candidates = [c for c in scene.candidates if id(c) not in gone]
            if self.learns and told.stretches and (others := learned(self.ctx, scene, told)):
                scene.candidates = _ordered([*scene.candidates, *others])
            if self.builds:
                built(scene, told)
            if self.owns:
                scene.candidates = _ordered([*scene.candidates, *owners(self.ctx, scene)])
            if self.entitles:
                entitled(self.ctx, scene)
            if self.compares:
                alike(scene)
                placed(scene)
            if self.settles:
                towns(self.ctx, scene)
            scene.candidates = [c for c in scene.candidates if not _is_counted(scene, c)]
            _take_back(self.ctx, scene)
            _call_short(scene)
            scenes.append(scene)
        _believe(scenes, taken_back)
        _leave_out(scenes, self.ctx.words)
        result = [scene for scene in scenes if scene.candidates]
        for scene in result:
            for c in scene.candidates:
                c.sentence = scene.index
        return result

    def sentences(self) -> Iterator[Scene]:
        """Every sentence, with the candidates that the rules find in it."""
        ctx = self.ctx
        rows = Rows(ctx.norm, ctx.tokens, ctx.words)
        for index, sentence in enumerate(ctx.report.sentences):
            row = parted_by_verbs(ctx.norm, rows.of(sentence.span), ctx.words)
            part = ctx.report.sections[sentence.section].part
            parts = chunks(row, ctx.words)
            rest = [trimmed(ctx, c.units) if len(c.units) > 1 else c.units for c in parts]
            scene = Scene(index, sentence, part, row, parts, [], rest)
            found: list[Candidate] = []
            for way in self.open.ways(scene):
                found += way(ctx, scene)
            if found:
                scene.candidates = settle(found)
            yield scene

    def headed_strings(self) -> Iterable[str]:
        """Every stretch that closes with a strong head, specific or not: for statistics."""
        rows = Rows(self.ctx.norm, self.ctx.tokens, self.ctx.words)
        for sentence in self.ctx.report.sentences:
            for chunk in chunks(rows.of(sentence.span), self.ctx.words):
                us = trimmed(self.ctx, chunk.units)
                for k in range(len(us), 0, -1):
                    if us[k - 1].kind != "word" or us[0].kind == "quote":
                        continue
                    head = self.ctx.words.heads.closing(self.ctx.norm[us[0].begin : us[k - 1].end])
                    torn = us[k - 1].end - us[k - 1].begin > len(head.word) if head is not None else False
                    if head is not None and head.grade == "strong" and not (torn and len(head.word) == 1):
                        for first in range(k):
                            text = self.ctx.norm[us[first].begin : us[k - 1].end]
                            if (
                                len(text) > len(head.word) + 1
                                and not self.ctx.is_place(us[first].text)
                                and not compiled(r"\d|号线|期$").search(text)
                            ):
                                yield text
                        break


#: by what kinds of things are counted, and how many of a kind there are at least
_COUNTER, _SEVERAL = listed("{kind-counter}"), compiled(r"(?!1$|01$|一$|第|20\d\d$).*")
#: how the name of a kind begins that somebody gives
_OF_LEVEL = compiled(r"(?:国家|省|市|县|区|自治区)级")
#: classes of which kinds may be counted
_COUNTABLE = frozenset((C.FACILITY, C.ORGANIZATION, C.ENTERPRISE, C.PARK, C.ZONE, C.PROJECT))


def _is_counted(scene: Scene, c: Candidate) -> bool:
    """Whether it is a kind, of which there are so many: "建成|省级秸秆收储中心|14个"; a list may be summed up so."""
    if not c.classes <= _COUNTABLE or c.name[0] in "“《":
        return False
    row = scene.row
    first = next((n for n, unit in enumerate(row) if unit.begin == c.span.begin), 0)
    told = first > 1 and row[first - 2].kind == "number" and _COUNTER.fullmatch(row[first - 1].text) is not None
    if told and _OF_LEVEL.match(c.name) and _SEVERAL.fullmatch(row[first - 2].text):
        return True  # "5个|国家级制造业创新中心|获批"
    k = next((n for n, unit in enumerate(row) if unit.begin == c.span.end), len(row))
    if k + 1 >= len(row) or row[k].kind != "number" or not _COUNTER.fullmatch(row[k + 1].text):
        return False
    if k + 2 < len(row) and row[k + 2].kind not in ("stop", "enum", "conj", "paren"):
        return False  # "燕都新区|6条|城市道路"
    before = next((unit for unit in reversed(row[:k]) if unit.end <= c.span.begin), None)
    return (before is None or before.kind not in ("enum", "conj")) and _SEVERAL.fullmatch(row[k].text) is not None


_ROADS = listed("{no-area-end}$")
#: what is a project by its name, whatever it wins
_UNDERTAKEN = listed(r"{undertaking}[”\"]?$")


#: what says of a name that it is of a person: with what people are honoured
_PRAISED = listed(
    r"(?:同志)?{praised-verb}[^,，、。;；]{0,24}{person-honour}[”\"]?(?:荣誉)?(?:称号)?(?=[,，。;；、]|$)"
)
#: and what sums up a list of people
_PEOPLE = compiled(r"等[\d一二三四五六七八九十百]+(?:人|名(?!录|单|牌|企|优|村|校)|位(?![于置]))")
#: so many signs has the name of a person
_PERSON = (2, 3, 4)


def _may_be_person(ctx: Context, c: Candidate) -> bool:
    """Whether a name is of nobody and nothing that is known, and ends as no body or place does."""
    plain = len(c.name) in _PERSON and "known" not in c.rule and not ctx.is_place(c.name)
    return plain and ctx.words.heads.closing(c.name) is None


def _take_back(ctx: Context, scene: Scene) -> None:
    """Take classes back: what only wins a title is no project ("东风渠|入选世界灌溉工程遗产"), and a road no area."""
    after = {unit.begin: unit.text for unit in scene.row} if scene.candidates else {}
    for c in scene.candidates:
        if _may_be_person(ctx, c) and any(
            said.match(ctx.norm, c.span.end, scene.sentence.span.end) for said in (_PEOPLE, _PRAISED)
        ):
            c.classes = frozenset((C.PERSON,))  # "阿本枝|等3人", "立克古苦|被授予“…模范个人”"
        if GRADED in c.rule.split("+"):
            c.classes = frozenset((C.HONOUR,))  # by its head it were a hospital
        if C.ADMINISTRATIVE_AREA in c.classes and len(c.classes) > 1 and _ROADS.search(c.name):
            c.classes = c.classes - {C.ADMINISTRATIVE_AREA}  # what lies along a street may be one, but no 路
        built = C.PROJECT in c.classes and len(c.classes) > 1 and not _UNDERTAKEN.search(c.name)
        if built and ctx.words.cue(after.get(c.span.end, ""), "win-title-verb"):
            c.classes = c.classes - {C.PROJECT}


#: the first of its kind, or the only one: "全国首个|改革开放主题博物馆"; and how long a name is without that
_WHICH, _OWN_NAME = listed(r"{of-all}(?:首[个家条座例支创]|唯一(?:一[个家])?|第[一二三四五][个家])的?"), 5


def _call_short(scene: Scene) -> None:
    """Give the name without which of them it is to what is the first of its kind, too."""
    for c in scene.candidates:
        which = _WHICH.match(c.name)
        if which is not None and len(c.name) - which.end() >= _OWN_NAME:
            c.aliases.add(c.name[which.end() :])


def _ordered(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=attrgetter("span.begin", "span.end"))


def _believe(scenes: Iterable[Scene], taken_back: Iterable[tuple[Scene, list[Candidate]]]) -> None:
    """Take back the doubts about what is a name elsewhere in the report: a name is one wherever it stands."""
    names = {c.name for scene in scenes for c in scene.candidates} if taken_back else set()
    for scene, against in taken_back:
        free = [c for c in against if c.name in names and not any(c.span.overlaps(k.span) for k in scene.candidates)]
        if free:
            scene.candidates = _ordered([*scene.candidates, *free])


#: a title that is no document is no name, whatever the network says; one as short as 《纲要》 is left to them
_TITLE = compiled(r"《[^》]{3,}》")


#: all of a kind: 在|全国高新区|排名中
_ALL_ZONES = listed("(?:全国|全省|全区|全市){business-zone}")


def _leave_out(scenes: Iterable[Scene], words: Words) -> None:
    """Leave out what is no name in any report, and what is none if only the network speaks for it.

    That is a title, and what a rule takes for another name of a thing: "琶洲、沥滘等城中村改造" makes 琶洲 a
    name of 琶洲城中村改造, and which thing it means elsewhere the rules say.
    A list of who may come to receive something is neither: 国家公示名单.  All zones of the country are no zone
    (全国高新区), one event of many has no name (专场推介会), and the report itself, of this year or the last, is no
    policy, unless it is a document with its title.
    What bears the name of something known all over the country (亚运会, for 广州亚运) says itself which that is.
    """
    no_names, one_of_many = words.cues["no-name"], words.pattern("one-of-many")
    aliases = {alias for scene in scenes for c in scene.candidates for alias in c.aliases}
    for scene in scenes:
        left = [
            c
            for c in scene.candidates
            if no_names.isdisjoint((c.name, c.name.strip("“”")))
            and SHORT_OF.search(c.name) is None
            and not (C.HONOUR in c.classes and DESCRIBED.search(c.name))
            and WORK_OF_ART.fullmatch(c.name) is None
            and _ALL_ZONES.fullmatch(c.name) is None
            and not (C.EVENT in c.classes and one_of_many.match(c.name))
            and not (c.name.endswith("政府工作报告") and c.name[0] != "《")
            and (c.rule != LEARNED or ((c.name not in aliases or c.aliases) and not _TITLE.fullmatch(c.name)))
        ]
        if len(left) < len(scene.candidates):
            scene.candidates = left
