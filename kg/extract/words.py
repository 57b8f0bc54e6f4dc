"""The word lists by which names are told from the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kg.model import EntityClass
from kg.resources import table

#: a verb that opens its clause this often governs the name after it (share of its occurrences in the corpus)
GOVERNING = 0.36


@dataclass(frozen=True, slots=True)
class Head:
    """A noun that closes a name, with the classes that it gives."""

    word: str
    classes: frozenset[EntityClass]
    grade: str  # strong, weak, honour, area, list


@dataclass(frozen=True, slots=True)
class Words:
    """All word lists, loaded once."""

    general: frozenset[str]  # used in the reports of many places
    generic: dict[str, int]  # what closes with a head but is used by several places: kinds of things; by how many
    governing: frozenset[str]  # verbs that stand before the name they govern
    verbs: frozenset[str]  # of these, the ones that are listed by hand: verbs whatever their tag
    function: frozenset[str]
    modifier: frozenset[str]
    tail: frozenset[str]
    heads: dict[str, Head]  # name-closing heads: strong, weak
    proper: frozenset[str]  # heads that hardly ever close anything but a name: 大厦, 集团
    honours: dict[str, Head]
    list_heads: dict[str, Head]
    longest_head: int
    #: name of a division as the tables have it -> names of what it lies in
    divisions: dict[str, frozenset[str]]
    #: names without their level of divisions above the county
    large: frozenset[str]
    #: name without its level ("化州") -> full names
    stems: dict[str, frozenset[str]]
    provinces: frozenset[str]
    countries: frozenset[str]
    #: names known all over the country, with their class
    names: dict[str, frozenset[EntityClass]]
    cues: dict[str, frozenset[str]]

    def cue(self, word: str, name: str) -> bool:
        """Whether ``word`` is listed as the cue ``name``."""
        return word in self.cues[name]


_LEVELS = (
    "维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "自治县", "自治旗",
    "地区", "林区", "矿区", "新区", "省", "市", "区", "县", "旗", "盟", "州",
)  # fmt: skip


def stem_of(name: str) -> str:
    """The name of a division without its level; unchanged where nothing is left without it.

    >>> stem_of("海珠区"), stem_of("广西壮族自治区"), stem_of("百色地区"), stem_of("沙县")
    ('海珠', '广西', '百色', '沙县')
    """
    for level in _LEVELS:
        if name.endswith(level) and len(name) - len(level) >= 2:
            return name[: -len(level)]
    return name


@lru_cache(maxsize=1)
def words() -> Words:
    """The word lists, read once per process."""
    edges: dict[str, set[str]] = {}
    for word, kind in table("edges.tsv", "word", "kind"):
        edges.setdefault(kind, set()).add(word)
    general = frozenset(w for (w,) in table("general_words.tsv", "word"))
    governing = {v for v, share in table("governing_verbs.tsv", "verb", "initial") if float(share) >= GOVERNING}
    governing = (governing | edges["verb"]) - edges["keep"]
    graded: dict[str, dict[str, set[EntityClass]]] = {}
    for head, name, grade in table("heads.tsv", "head", "class", "grade"):
        graded.setdefault(grade, {}).setdefault(head, set()).add(EntityClass(name))

    def build(*grades: str) -> dict[str, Head]:
        return {h: Head(h, frozenset(c), g) for g in grades for h, c in graded.get(g, {}).items()}

    divisions: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    provinces: set[str] = set()
    large: set[str] = set()
    for name, stem, level, within in table("divisions.tsv", "name", "stem", "level", "within"):
        # some names are those of a county and, in other years, of a larger division: rare enough to join one by one
        divisions[name] = divisions[name].union(within.split()) if name in divisions else frozenset(within.split())
        stems[stem] = stems[stem].union((name,)) if stem in stems else frozenset((name,))
        if level != "county":
            large.add(stem)
            if level == "province":
                provinces |= {name, stem}
    heads = build("weak", "strong")
    cues: dict[str, set[str]] = {}
    for word, cue in table("cues.tsv", "word", "cue"):
        cues.setdefault(cue, set()).add(word)
    names: dict[str, frozenset[EntityClass]] = {}
    for name, kind in table("names.tsv", "name", "class"):
        names[name] = names.get(name, frozenset()) | {EntityClass(kind)}
    return Words(
        general=general,
        generic={name: int(areas) for name, areas in table("generic_names.tsv", "name", "areas")},
        governing=frozenset(governing),
        verbs=frozenset(edges["verb"]),
        function=frozenset(edges["function"]),
        modifier=frozenset(edges["modifier"]),
        tail=frozenset(edges["tail"]),
        heads=heads,
        proper=frozenset(graded.get("proper", {})),
        honours=build("honour"),
        list_heads=build("list"),
        longest_head=max(map(len, heads)),
        divisions=divisions,
        stems=stems,
        provinces=frozenset(provinces),
        large=frozenset(large),
        countries=frozenset(n for (n,) in table("countries.tsv", "name")),
        names=names,
        cues={c: frozenset(w) for c, w in cues.items()},
    )
