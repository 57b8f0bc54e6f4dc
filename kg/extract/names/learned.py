"""Names that no rule finds: weights of what stands in and around a stretch of words, learnt from annotated reports.

Rules find most names; what is left are names without a head ("引江补汉"), names that reach over conjunctions, numerals
and verbs, and chunks that some reports use for one thing and others for a kind.  For these the traits of each stretch
(:mod:`~kg.extract.names.spans`) are added up (logistic regression); what comes out above zero is a name, and further
weights tell its class.  The weights are general vocabulary and grammar (``name_weights.tsv``, ``class_weights.tsv``, by
``tools/name_weights.py``): a trait counts only if several places' reports have it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from kg.extract.chunks import Unit
from kg.extract.names import features
from kg.extract.names.candidates import Candidate
from kg.extract.names.context import Context
from kg.extract.names.heads import MINUTES, SLOGAN
from kg.extract.names.scale import Scale, hundredths
from kg.extract.names.spans import Sight
from kg.kept import kept_on_disk
from kg.model import EntityClass as C
from kg.model import Span
from kg.patterns import compiled
from kg.resources import table

#: the rule of what they find
LEARNED = "learned"
#: the tags of idioms and set phrases
_SAYINGS = frozenset(("i", "l"))
#: what the report calls its own area by: 我区, 本市
_OURS = frozenset("我本")
_BY_NUMBERS = compiled(r"(?:[一二三四五六七八九十两][\u4e00-\u9fff]{1,2}){2,}")
#: who is among so many, which is an honour only where it is received: "引进|世界500强及行业100强"
_RANKED = compiled(r"[\d百]强(?=$|企业$)")
#: a name that a rule has found is given up for a longer one of which the weights are surer by so much, in hundredths
_SURER = 100
#: names in it that stay what they are: places and what is known all over the country
_STAYING = ("place", "known", "nested", "water")
#: and those that are never given up: their signs, or who they are, say where they end
_LASTING = ("quote", "title", "honour", "person", "session")

#: what is a project already, and what is none
_NOT_BUILT = frozenset((C.PROJECT, C.PERSON))
#: ways to what is known for what it is, and to what has its classes from the weights already
_KNOWN_AS = frozenset(
    (
        *("title", "person", "session", "known", "water", "route", LEARNED),
        *("place", "place-list", "nested", "nested-division", "nested-zone"),
    )
)


class ClassWeights(dict[str, dict[C, float]]):
    """By trait: what it says for each class; read from a row of the table when first asked for."""

    def __init__(self, rows: dict[str, str]) -> None:
        self._rows = rows

    def __missing__(self, trait: str) -> dict[C, float]:
        told = self._rows.get(trait, "").split()
        found = self[trait] = {C(name): float(weight) for name, weight in zip(told[::2], told[1::2], strict=True)}
        return found


@lru_cache(maxsize=1)
def class_weights() -> ClassWeights:
    """By trait: what it says for each class; read once per process."""
    return ClassWeights(_class_rows())


@kept_on_disk
def _class_rows() -> dict[str, str]:
    return {row[0]: row[1] for row in table("class_weights.tsv", "trait", "weights")}


@lru_cache(maxsize=1)
def building() -> Scale:
    """The weights of class_weights.tsv for a project, read once per process."""
    return Scale(_building())


@kept_on_disk
def _building() -> dict[str, dict[str, int]]:
    found: dict[str, int] = {}
    for trait, told in _class_rows().items():
        _, known, weight = told.partition("Project ")
        if known:
            found[trait] = hundredths(weight.partition(" ")[0])
    return features.families(found)


def built(sight: Sight) -> None:
    """Make projects, too, of what the rules have found and the weights rather take for one than not.

    A head tells what something is once it stands: "推进云山客运站建设".  What is wholly a place, a person or what all
    know by name stays what it is.
    """
    scene = sight.scene
    asked = [
        c
        for c in scene.candidates
        if c.classes.isdisjoint(_NOT_BUILT) and c.rule.partition("+")[0].partition(":")[0] not in _KNOWN_AS
    ]
    if not asked:
        return
    begins = [unit.begin for unit in scene.row]
    for c in asked:
        first, last = bisect_left(begins, c.span.begin), bisect_left(begins, c.span.end) - 1
        whole = first <= last and begins[first] == c.span.begin and scene.row[last].end == c.span.end
        if whole and building().of(sight, first, last) > 0:
            c.classes |= {C.PROJECT}


def learned(sight: Sight, stretches: Iterable[tuple[int, int, int]]) -> list[Candidate]:
    """What the learnt weights take for names in a sentence, beside what the rules have found in it.

    ``stretches`` are what comes to more than nothing: the sum, the first word and the last.

    A shorter one that a rule has found is given up for a longer one that is surer: it leaves the scene's candidates.
    """
    ctx, scene = sight.ctx, sight.scene
    row = scene.row
    result: list[Candidate] = []
    taken: list[tuple[int, int]] = []
    for total, first, last in sorted(stretches, key=lambda f: (-f[0], f[1], f[2])):
        if first < last and _SO_OFTEN.fullmatch(row[first].text):
            first += 1  # "举办|五届|科技博览会"
        begin, end = row[first].begin, row[last].end
        if any(begin < e and b < end for b, e in taken) or _is_none(ctx, row[first : last + 1]):
            continue
        if features.is_trouble(ctx, scene, last + 1):
            continue
        span = Span(begin, end)
        over = [c for c in scene.candidates if c.span.overlaps(span)]
        if any(c.span == span for c in over):  # a rule has found the same, surer than what follows
            taken.append((begin, end))
            continue
        if over and (total < _SURER or not all(_yields(c, span) for c in over)):
            continue
        taken.append((begin, end))
        gone = {id(c) for c in over if not c.rule.startswith(_STAYING)}
        if over:
            for c in over:
                c.nested = True
            scene.candidates = [c for c in scene.candidates if id(c) not in gone]
        head = ctx.words.heads.closing(ctx.norm[begin:end])
        certain = head is not None and head.grade == "strong" and len(head.word) > 1
        if ctx.words.cue(ctx.norm[begin:end], "macro-region"):
            classes: set[C] | frozenset[C] = {C.ZONE}
        elif head is not None and certain:
            classes = head.classes
        else:
            classes = classes_of(sight.traits(first, last), class_weights())
        if last + 1 < len(row) and not set(classes) <= _UNPHASED and _PHASE.match(row[last + 1].text):
            end = row[last + 1].end  # "本钢恒达物流园|一期"
        c = ctx.candidate(begin, end, classes, LEARNED)
        if full := _in_full(ctx, row[first : last + 1]):
            c.aliases.add(c.name)
            c.name = full
        result.append(c)
    return result


def _in_full(ctx: Context, us: Sequence[Unit]) -> str:
    """The name known all over the country that a stretch is short for: "广州|亚运" for 亚运会; else empty."""
    first = us[1:] if len(us) > 1 and ctx.is_place(us[0].text) else us
    full = ctx.norm[first[0].begin : us[-1].end] + "会"
    return full if full in ctx.words.names else ""


def _yields(c: Candidate, span: Span) -> bool:
    """Whether what a rule has found is a part of a longer stretch, and not completed by words elsewhere."""
    if len(c.name) != len(c.span) or c.rule.startswith(_LASTING) or C.PERSON in c.classes:
        return False
    return span.begin <= c.span.begin and c.span.end <= span.end and len(c.span) < len(span)


#: what has no phases, and the word for one behind what is built
_UNPHASED = frozenset((C.HONOUR, C.EVENT, C.PERSON, C.POLICY, C.ADMINISTRATIVE_AREA, C.ENTERPRISE))
_PHASE = compiled(r"[一二三四五六首]期$")
#: the least that a quotation with a name in it has, its marks counted: “3”指大亚湾开发区 tells of a figure of “3+7”
_QUOTED = 4


#: how often something was held, before its name
_SO_OFTEN = compiled(r"(?:[二两三四五六七八九十\d]+|多)届")


def _is_none(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a stretch is none whatever the weights say: 我区, a saying (说一不二), a slogan by numbers (一核四区)."""
    begin, end = us[0].begin, us[-1].end
    if ctx.norm[begin] in _OURS and ctx.norm[begin : begin + 2] in ctx.words.function:
        return True
    if _BY_NUMBERS.fullmatch(ctx.norm, begin, end) or _RANKED.search(ctx.norm, begin, end):
        return True
    if len(us) > 1:
        return False
    if us[0].kind != "quote":
        return us[0].tag in _SAYINGS
    if end - begin < _QUOTED:
        return True
    k = bisect_left(ctx.tokens.begins, begin + 1)
    whole = ctx.tokens.ends[k] == end - 1 and ctx.tokens.pairs[k][1] in _SAYINGS
    return whole or SLOGAN.match(us[0].text) is not None or MINUTES.match(us[0].text) is not None


#: from here on a thing may be a project besides, as most that is built is; anything else it must rather be than not
_BUILT = -1.0


def classes_of(found: Sequence[str], known: Mapping[str, Mapping[C, float]]) -> set[C]:
    """The likeliest class, and whatever others the traits speak for; a person is nothing else besides."""
    sums: dict[C, float] = {}
    for trait in found:
        for name, weight in known[trait].items():
            sums[name] = sums.get(name, 0.0) + weight
    best = max(sums, key=lambda c: (sums[c], c.value), default=C.PROJECT)
    likely = {best} | {c for c, total in sums.items() if total > (_BUILT if c is C.PROJECT else 0.0)}
    return {best} if best is C.PERSON else likely - {C.PERSON}
