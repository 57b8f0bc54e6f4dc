"""The word lists by which names are told from the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from kg.kept import kept_on_disk
from kg.model import EntityClass
from kg.patterns import alternatives, compiled
from kg.resources import table

#: a verb that opens its clause this often governs the name after it (share of its occurrences in the corpus)
GOVERNING = 0.36
#: names of so many characters are mostly several words
_PHRASE = 5


class Head(NamedTuple):
    """A noun that closes a name, with the classes that it gives."""

    word: str
    classes: frozenset[EntityClass]
    grade: str  # strong, weak, honour, list


class Heads:
    """Heads by their word; what is asked is which of them a text ends with.

    >>> park = Head("产业园", frozenset({EntityClass.PARK}), "strong")
    >>> heads = Heads({"产业园": park, "园": park._replace(word="园")})
    >>> heads.closing("海珠创意产业园").word, heads.closing("海珠公园").word, heads.closing("海珠")
    ('产业园', '园', None)
    """

    def __init__(self, heads: dict[str, Head]) -> None:
        self._heads = heads
        # the lengths to try, by the last two characters: most texts end with none
        lengths: dict[str, set[int]] = {}
        for word in heads:
            if len(word) > 1:
                lengths.setdefault(word[-2:], set()).add(len(word))
        self._lengths = {end: tuple(sorted(n, reverse=True)) for end, n in lengths.items()}
        self._single = {word: head for word, head in heads.items() if len(word) == 1}
        #: the heads of one character, and the last two of all others: what ends with none need not be asked for one
        self.singles = frozenset(self._single)
        self.finals = frozenset(lengths)

    def __contains__(self, word: str) -> bool:
        return word in self._heads

    def __getitem__(self, word: str) -> Head:
        return self._heads[word]

    def closing(self, text: str, begin: int = 0, end: int | None = None) -> Head | None:
        """The longest head with which ``text[begin:end]`` ends."""
        stop = len(text) if end is None else end
        size = stop - begin
        if size > 1:
            for n in self._lengths.get(text[stop - 2 : stop], ()):
                if n <= size and (head := self._heads.get(text[stop - n : stop])) is not None:
                    return head
        return self._single.get(text[stop - 1]) if size > 0 else None


#: what they are, as attributes
LISTS = (
    *(
        "abroad",
        "begun",
        "countries",
        "cues",
        "division_openings",
        "divisions",
        "everyday",
        "function",
        "general",
        "generic",
    ),
    *("governing", "inside", "joined", "large", "modifier", "openings", "place_initials", "provinces", "spread"),
    *("stems", "stripped", "surnames", "tail", "torn_stems", "verb_openings", "verbs", "zone_ends"),
)


class Lists:
    """The word lists as far as they are texts and numbers, which can be kept from one process to the next."""

    __slots__ = LISTS

    def read(self) -> None:
        """Make them of the tables."""
        #: words that the reports of many places use
        told = table("general_words.tsv", "word", "areas")
        self.general = {word for word, _ in told}
        #: of how many places the reports use each of them
        self.spread = {word: int(areas) for word, areas in told}
        #: words that so many places use in their reports that, whatever lies near and is called so, they mean the word
        self.everyday = {word for word, areas in self.spread.items() if areas >= _EVERYWHERE}
        #: what closes with a head but is used by several places: kinds of things; by how many
        self.generic = {name: int(areas) for name, areas in table("generic_names.tsv", "name", "areas")}
        edges: dict[str, set[str]] = {}
        for word, kind in table("edges.tsv", "word", "kind"):
            edges.setdefault(kind, set()).add(word)
        #: verbs that are listed by hand: verbs whatever their tag
        self.verbs = edges["verb"]
        #: verbs that stand before the name they govern
        self.governing = {
            v for v, share in table("governing_verbs.tsv", "verb", "initial") if float(share) >= GOVERNING
        }
        self.governing = (self.governing | self.verbs) - edges["keep"]
        self.function = edges["function"]
        self.modifier = edges["modifier"]
        self.tail = edges["tail"]
        self.cues: dict[str, set[str]] = {}
        for word, cue in table("cues.tsv", "word", "cue"):
            self.cues.setdefault(cue, set()).add(word)
        #: family names of one character
        self.surnames = {name for (name,) in table("text_surnames.tsv", "surname") if len(name) == 1}
        # rare only because few reports speak of such things: "通村|公路", "企办|学校"
        self.general |= self.cues["kind-word"]
        self.countries = {n for (n,) in table("countries.tsv", "name")}
        self.abroad = {n for (n,) in table("cities_abroad.tsv", "name")}
        #: verbs and nouns that the segmenter takes apart, with their kind, and the lengths to try after what opens them
        self.joined = dict.fromkeys(self.cues["joined-verb"], "verb") | dict.fromkeys(self.cues["joined-noun"], "word")
        self.verb_openings = _openings(self.joined)
        self._load_divisions()
        #: first characters of names of two: a preposition among them may begin a place
        self.place_initials = {stem[0] for stem in self.stems if len(stem) == 2}
        known = [name for (name,) in table("names.tsv", "name")]
        #: what names, divisions and countries open with: no place begins where none of it stands
        self.openings = {
            name[:2]
            for names in (known, self.countries, self.abroad, self.divisions, self.stems, self.provinces)
            for name in names
        }
        #: last characters of the zones that a city has one of
        self.zone_ends = {zone[-1] for zone in self.cues["one-zone"]}
        #: words at the left edge of a chunk that are no part of its name
        self.stripped = self.modifier | self.cues["strip-left"]
        #: how what a word may open goes on: a word opens nothing if it is not in here with the character behind it
        self.begun = _beginnings((*self.joined, *self.divisions, *self.torn_stems, *self.cues["torn-name"]))

    def _load_divisions(self) -> None:
        #: name of a division as the tables have it -> names of what it lies in
        self.divisions: dict[str, tuple[str, ...]] = {}
        #: two signs that name a division and fall apart in the segmenter: "莲|都"
        self.torn_stems: set[str] = set()
        #: name without its level ("化州") -> full names
        self.stems: dict[str, tuple[str, ...]] = {}
        #: provinces, with and without their level
        self.provinces: set[str] = set()
        #: names without their level of divisions above the county
        self.large: set[str] = set()
        #: name of a division -> names without their level of what lies in it
        self.inside: dict[str, set[str]] = {}
        torn = []
        # compiled here and not kept on disk: the lists that it makes are
        self_governing = re.compile(rf"(.{{2,}}?)(?:{alternatives(self.cues['nationality'])})+(自治[县州旗])")
        for name, stem, level, within, cut in table("divisions.tsv", "name", "stem", "level", "within", "torn"):
            wholes = tuple(within.split())
            # some names are those of a county and, in other years, of a larger division
            self.divisions[name] = (*self.divisions[name], *wholes) if name in self.divisions else wholes
            bare = stem_of(name)
            for whole in wholes:
                self.inside.setdefault(whole, set()).add(bare)
            self.stems[stem] = (*self.stems.get(stem, ()), name)
            if (
                "自治" in name and (short := self_governing.fullmatch(name)) is not None
            ):  # "关岭布依族苗族自治县" is called 关岭自治县
                self.divisions.setdefault(short[1] + short[2], wholes)
                self.stems.setdefault(short[1], (name,))
                torn.append(short[1] + short[2])  # "张家|川|自治县"; of those that are not torn, nothing changes
            if level != "county":
                self.large.add(stem)
                if level == "province":
                    self.provinces |= {name, stem}
            if "name" in cut:
                torn.append(name)
            if (
                "stem" in cut
                and len(stem) == 2
                and stem not in self.general
                and not self.cue(stem, "not-place")
                and not _JOINING & set(stem)
            ):
                self.torn_stems.add(stem)
        #: lengths of the divisions that a word opens and the segmenter tears
        self.division_openings = _openings([*torn, *sorted(self.torn_stems), *sorted(self.cues["torn-name"])])

    def cue(self, word: str, name: str) -> bool:
        """Whether ``word`` is listed as the cue ``name``."""
        return word in self.cues[name]


class Words(Lists):
    """All word lists, loaded once per process by :func:`words`."""

    def __init__(self) -> None:
        for name, value in _lists().items():
            setattr(self, name, value)
        #: names known all over the country, with their class
        self.names: dict[str, frozenset[EntityClass]] = {}
        for name, kind in table("names.tsv", "name", "class"):
            self.names[name] = self.names.get(name, frozenset()) | {EntityClass(kind)}
        #: those of them that hold several words
        self.phrases = compiled(alternatives(n for n in self.names if len(n) >= _PHRASE))
        self._load_heads()
        #: what :mod:`kg.extract.chunks` found out about a word and its tag: its kind, with the word and the tag.  By
        #: the word, as most have one tag wherever they stand, and by both where a word has another one
        self.kinds: dict[str, tuple[str, str, str]] = {}
        self.other_kinds: dict[tuple[str, str], tuple[str, str, str]] = {}
        #: and of those that it depends on what they open: what they are where they open nothing
        self.openers: dict[tuple[str, str], str] = {}
        self._patterns: dict[tuple[str, str], re.Pattern[str]] = {}

    def _load_heads(self) -> None:
        graded: dict[str, dict[str, set[EntityClass]]] = {}
        for head, name, grade in table("heads.tsv", "head", "class", "grade"):
            graded.setdefault(grade, {}).setdefault(head, set()).add(EntityClass(name))

        def build(*grades: str) -> Heads:
            return Heads({h: Head(h, frozenset(c), g) for g in grades for h, c in graded[g].items()})

        #: heads that close a name, strong and weak
        self.heads = build("weak", "strong")
        #: heads that hardly ever close anything but a name: 大厦, 集团
        self.proper = set(graded["proper"])
        self.honours = build("honour")
        #: nouns that sum up a list: "A、B等企业"
        self.list_heads = build("list")

    def pattern(self, cue: str) -> re.Pattern[str]:
        """Any of the words listed as ``cue``, as a regular expression."""
        return self._pattern(cue, "")

    def short_of(self, name: str) -> str:
        """A division as it is called for short, without its level and whose self-government it is.

        >>> words().short_of("马边彝族自治县"), words().short_of("海珠区")
        ('马边', '海珠')
        """
        stem = stem_of(name)
        people = self.ending("nationality") if "自治" in name else None
        while people is not None and len(shorter := people.sub("", stem)) > 1 and shorter != stem:
            stem = shorter
        return stem

    def lies_in(self, name: str, whole: str) -> bool:
        """Whether a division may lie in the other; both may be called by their short names, which several share."""
        above = stem_of(whole)
        return any(stem_of(up) == above for one in self._called(name) for up in self.divisions.get(one, ()))

    def provinces_of(self, name: str) -> set[str]:
        """The provinces, called for short, that a division may lie in or be.

        ``name`` may be its short name, which several share.
        """
        return {stem_of(one) for one in self.above(name) if one in self.provinces}

    def above(self, name: str) -> set[str]:
        """The divisions that one may be, by its full or short name, and those that it may lie in."""
        found: set[str] = set()
        upper = self._called(name)
        while upper:
            one = upper.pop()
            if one not in found:
                found.add(one)
                if one not in self.provinces:  # 海南, and no 海南州
                    upper += self.divisions.get(one, ())
        return found

    def _called(self, name: str) -> list[str]:
        """The divisions that a name, full or short, may be of."""
        return [*self.stems.get(stem_of(name), ()), name]

    def ending(self, cue: str) -> re.Pattern[str]:
        """Any of the words listed as ``cue`` at the end of a text, as a regular expression."""
        return self._pattern(cue, "$")

    def _pattern(self, cue: str, after: str) -> re.Pattern[str]:
        found = self._patterns.get((cue, after))
        if found is None:
            found = self._patterns[cue, after] = compiled(f"(?:{alternatives(self.cues[cue])}){after}")
        return found


def _openings(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The lengths of the names that begin with a text and are longer, the longest first, by that text.

    >>> _openings(["七星关区", "七星区"])["七星"]
    (4, 3)
    """
    lengths: dict[str, set[int]] = {}
    for name in names:
        for size in range(1, len(name)):
            lengths.setdefault(name[:size], set()).add(len(name))
    return {opening: tuple(sorted(sizes, reverse=True)) for opening, sizes in lengths.items()}


def _beginnings(names: Iterable[str]) -> frozenset[str]:
    """All that names begin with, they themselves included; of two characters at the least.

    >>> sorted(_beginnings(["七星关区"]))
    ['七星', '七星关', '七星关区']
    """
    return frozenset([name[:size] for name in names for size in range(2, len(name) + 1)])


#: of the 121 places that the counts of kg/data/general_words.tsv are from
_EVERYWHERE = 100

_LEVELS = (
    "维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "自治县", "自治旗",
    "地区", "林区", "矿区", "新区", "省", "市", "区", "县", "旗", "盟", "州",
)  # fmt: skip


def stem_of(name: str) -> str:
    """The name of a division without its level; unchanged where nothing is left without it.

    >>> stem_of("海珠区"), stem_of("广西壮族自治区"), stem_of("百色地区"), stem_of("沙县")
    ('海珠', '广西', '百色', '沙县')
    """
    for level in _LEVELS_BY_LAST.get(name[-1:], ()):
        if name.endswith(level) and len(name) - len(level) >= 2:
            return name[: -len(level)]
    return name


#: signs that join two names more often than they stand in one: 云和 is a county, "…云|和|…" a list
_JOINING = frozenset("和与及")
#: by their last character: a name is asked of most words, and most end with none
_LEVELS_BY_LAST = {last: tuple(level for level in _LEVELS if level[-1] == last) for last in {n[-1] for n in _LEVELS}}


@kept_on_disk
def _lists() -> dict[str, Any]:
    lists = Lists()
    lists.read()
    return {name: getattr(lists, name) for name in LISTS}


@lru_cache(maxsize=1)
def words() -> Words:
    """The word lists, read once per process."""
    return Words()
