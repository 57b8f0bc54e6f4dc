"""Names that no rule decides: weights of what stands in and around a chunk, learnt from annotated reports.

Rules find most names; what is left are chunks that some reports use for one thing and others for a kind, and names
without a head ("引江补汉"). For these, traits of the chunk and of its surroundings are added up (logistic regression);
what comes out above zero is a name, and further weights tell its class.  Only sentences in which a rule has found a
name are looked at: from these the weights were learnt, and in others there is rarely one.  The weights are general
vocabulary and grammar (``name_weights.tsv``, by ``tools/name_weights.py``): a trait counts only if several places'
reports have it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.extract.chunks import Unit
from kg.extract.names import features
from kg.extract.names.candidates import Candidate, Scene
from kg.extract.names.context import Context
from kg.extract.names.features import is_vocabulary
from kg.model import EntityClass as C
from kg.resources import table

#: what a weight decides when it is not a class
NAME = "name"
#: and when it is of what a rule has found (:mod:`~kg.extract.names.doubted`)
FOUND = "found"
#: the trait that every chunk has
ALWAYS = "always"
#: the tags of idioms and set phrases
_SAYINGS = frozenset(("i", "l"))
_BY_NUMBERS = re.compile(r"(?:[一二三四五六七八九十两][\u4e00-\u9fff]{1,2}){2,}")
_LONGEST = 20


#: Leftover(...) in half the time
_NEW = tuple.__new__


class Leftover(NamedTuple):
    """A chunk that no candidate touches, without what only describes or follows it: ``row[first:last]``."""

    first: int
    last: int


class Most:
    """The most that the traits of a leftover can come to, from those of them that are quickly told.

    Nearly all leftovers fall far below zero: of those the traits need not be spelt out. The families that
    :meth:`sums` does not look at count with the best that they can bring.
    """

    #: the families that :meth:`sums` looks at, each trait of them as exactly as :func:`traits` has it
    TOLD = frozenset(
        {
            *(ALWAYS, "length", "words", "single", "first", "last", "tags", "part", "before", "after", "around"),
            *("shared", "placed", "closing", "head", "no", "beside", "holds", "opens", "names", "least"),
        }
    )
    #: families of which a leftover has one trait at the most
    ONE = frozenset(("rare", "specific", "unspecific", "general", "listed", "governed"))
    #: families of which a leftover has something only in a sentence with an 等
    LISTED = frozenset(("listed", "summed"))
    #: the longest text and the most units for which there are sums of their own
    SIZE = 32

    def __init__(self, name: dict[str, float]) -> None:
        families = features.families(name)

        def of(family: str) -> dict[str, float]:
            return families.get(family, {})

        self.always = of(ALWAYS).get("", 0.0) + _ROUNDING
        self.listed = 0.0
        for family, weights in families.items():
            if family not in self.TOLD:
                best = (max if family in self.ONE else sum)([0.0, *(w for w in weights.values() if w > 0)])
                if family in self.LISTED:
                    self.listed += best
                else:
                    self.always += best
        self.first, self.last, self.tags, self.part = of("first"), of("last"), of("tags"), of("part")
        self.before_word, before = features.apart(of("before"))
        self.after_word, after = features.apart(of("after"))
        self.closing, self.holds, self.opens = of("closing"), of("holds"), of("opens")
        self.names = of("names")
        #: by the kinds of what stands before and after
        self.around = {
            former: {
                latter: before.get(former, 0.0) + after.get(latter, 0.0) + of("around").get(f"{former} {latter}", 0.0)
                for latter in features.KINDS
            }
            for former in features.KINDS
        }
        self.length = [of("length").get(features.length(size), 0.0) for size in range(self.SIZE)]
        self.words = [of("words").get(features.words(size), 0.0) for size in range(self.SIZE)]
        self.single = [of("single").get(features.single(size), 0.0) for size in range(self.SIZE)]
        self.least = [of("least").get(features.spread(areas), 0.0) for areas in range(-1, features.WIDEST + 1)]
        self.shared = {kind: of("shared").get(kind, 0.0) for kind in ("no", "some", "many")}
        self.placed = of("placed").get("", 0.0)
        self.beside = {
            (former, latter): of("beside").get(f"{former} {latter}", 0.0)
            for former in (False, True)
            for latter in (False, True)
        }
        #: what a leftover of one word brings by itself, by the word and its tag
        self._alone: dict[tuple[str, str], float] = {}
        self.headless = of("no").get("head", 0.0)
        self.head: dict[str, float] = {}  # a head with the best of what makes more of it
        more_of: dict[str, float] = {}
        for value, weight in of("head").items():
            word, *more = value.split(" ")
            if more:
                more_of[word] = more_of.get(word, 0.0) + max(weight, 0.0)
            else:
                self.head[word] = weight
        for word, weight in more_of.items():
            self.head[word] = self.head.get(word, 0.0) + weight

    def sums(self, ctx: Context, scene: Scene, lefts: Iterable[Leftover]) -> Iterator[tuple[Leftover, float]]:
        """Each leftover of a scene with a sum that is no less than that of its traits."""
        row, is_place = scene.row, ctx.is_place
        get_before, get_after, around, beside = self.before_word.get, self.after_word.get, self.around, self.beside
        begins = {c.span.begin for c in scene.candidates}
        ends = {c.span.end for c in scene.candidates}
        always = self.always + self.part.get(scene.part.value, 0.0) + self.names.get(features.names(scene), 0.0)
        if "etc" in scene.places:
            always += self.listed
        size = len(row)
        for left in lefts:
            first, last = left
            text, tag = row[first].text, row[first].tag
            placed = self.placed if is_place(text) else 0.0
            if last - first == 1 and tag:  # a word, not a quotation
                inside = self._alone.get((text, tag))
                if inside is None:
                    inside = self._alone[text, tag] = self._inside(ctx, row, left)
            else:
                inside = self._inside(ctx, row, left)
            total = always + placed + inside
            former = latter = False
            before, after = "begin", "end"
            if first:
                unit = row[first - 1]
                before = unit.kind
                total += get_before(unit.text, 0.0)
                former = before in features.LISTED and unit.begin in ends
            if last < size:
                unit = row[last]
                after = unit.kind
                total += get_after(unit.text, 0.0)
                latter = after in features.LISTED and unit.end in begins
            yield left, total + around[before][after] + beside[former, latter]

    def _inside(self, ctx: Context, row: Sequence[Unit], left: Leftover) -> float:
        """What the words of a leftover bring, wherever they stand."""
        first, last = left
        begin, end, text, tag = row[first].begin, row[last - 1].end, row[last - 1].text, row[last - 1].tag
        total = self.first.get(row[first].tag, 0.0) + self.opens.get(row[first].text, 0.0)
        get_held, spread = self.holds.get, ctx.words.spread
        single, least = 0, features.WIDEST
        tags = ""
        for unit in row[first:last]:
            total += get_held(unit.text, 0.0)
            if unit.end - unit.begin == 1:
                single += 1
            elif unit.kind == "word" and (areas := spread.get(unit.text, 0)) < least:
                least = areas
            tags += unit.tag[:1] or "-"
        if least == features.WIDEST and features.least(ctx, row[first:last]) == "none":
            least = -1
        total += self.tags.get(tags[: features.TAGS], 0.0) + self.last.get(tag, 0.0) + self.least[least + 1]
        most = self.SIZE - 1
        size, count = end - begin, last - first
        total += self.single[single if single < most else most]
        total += self.length[size if size < most else most] + self.words[count if count < most else most]
        total += self.closing.get(text, 0.0)
        head = ctx.words.heads.closing(ctx.norm, begin, end)
        total += self.headless if head is None else self.head.get(head.word, 0.0)
        return total + self.shared[features.shared(ctx.words.generic.get(ctx.norm[begin:end], 0))]


#: sums of the same weights in another order differ by less
_ROUNDING = 1e-9


class Weights(NamedTuple):
    """By trait: what it says for a name, for each class, and for what a rule has found."""

    name: dict[str, float]
    classes: dict[str, dict[C, float]]
    found: dict[str, float]


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The table of weights, read once per process."""
    name: dict[str, float] = {}
    classes: dict[str, dict[C, float]] = {}
    found: dict[str, float] = {}
    for trait, outcome, weight in table("name_weights.tsv", "trait", "outcome", "weight"):
        if outcome == NAME:
            name[trait] = float(weight)
        elif outcome == FOUND:
            found[trait] = float(weight)
        else:
            classes.setdefault(trait, {})[C(outcome)] = float(weight)
    return Weights(name, classes, found)


@lru_cache(maxsize=1)
def most() -> Most:
    """What the table of weights can come to, reckoned once per process."""
    return Most(weights().name)


def learned(ctx: Context, scene: Scene) -> list[Candidate]:
    """Chunks that no rule decides and that the learnt weights take for names."""
    known = weights()
    result: list[Candidate] = []
    for left, at_most in most().sums(ctx, scene, leftovers(ctx, scene)):
        if at_most <= 0 or _is_saying(ctx, scene.row[left.first : left.last]):
            continue
        found = traits(ctx, scene, left)
        get = known.name.get
        if sum(get(trait, 0.0) for trait in found) <= 0:
            continue
        begin, end = scene.row[left.first].begin, scene.row[left.last - 1].end
        head = ctx.words.heads.closing(ctx.norm[begin:end])
        certain = head is not None and head.grade == "strong" and len(head.word) > 1
        classes = head.classes if head is not None and certain else classes_of(found, known)
        result.append(ctx.candidate(begin, end, classes, "learned"))
    return result


def _is_saying(ctx: Context, us: Sequence[Unit]) -> bool:
    """Whether a chunk is a saying ("说一不二") or a slogan by numbers ("一核四区"), which name nothing."""
    begin, end = us[0].begin, us[-1].end
    if _BY_NUMBERS.fullmatch(ctx.norm, begin, end):
        return True
    if len(us) > 1 or us[0].kind != "quote":
        return us[0].tag in _SAYINGS and len(us) == 1
    k = bisect_left(ctx.tokens.begins, begin + 1)
    return ctx.tokens.ends[k] == end - 1 and ctx.tokens.pairs[k][1] in _SAYINGS


def classes_of(found: Sequence[str], known: Weights) -> set[C]:
    """The likeliest class, and whatever others the traits speak for; a person is nothing else besides."""
    sums: dict[C, float] = {}
    for trait in found:
        for name, weight in known.classes.get(trait, {}).items():
            sums[name] = sums.get(name, 0.0) + weight
    best = max(sums, key=lambda c: (sums[c], c.value), default=C.PROJECT)
    likely = {best} | {c for c, total in sums.items() if total > -1.0}
    return {best} if best is C.PERSON else likely - {C.PERSON}


def leftovers(ctx: Context, scene: Scene) -> Iterator[Leftover]:
    """The chunks of a sentence of which its candidates have nothing."""
    spans = [(c.span.begin, c.span.end) for c in scene.candidates]
    spans.sort()
    spans.append((len(ctx.norm), len(ctx.norm)))
    tail, heads = ctx.words.tail, ctx.words.heads
    n, reach = 0, 0  # how many of the spans begin before the chunk ends, and how far they reach
    for chunk, us in zip(scene.chunks, scene.trimmed, strict=True):
        units = chunk.units
        end = units[-1].end
        while spans[n][0] < end:
            if spans[n][1] > reach:
                reach = spans[n][1]
            n += 1
        if reach > units[0].begin:
            continue
        k = len(us)
        while k > 1 and us[k - 1].text in tail and us[k - 1].text not in heads:
            k -= 1
        if k == 1 and ctx.words.cue(us[0].text, "office-body"):
            continue
        if us[0].kind == "quote" and k == 1:
            continue  # slogans as often as names; what no rule for quotations takes is left alone
        if chunk.first > 1 and scene.row[chunk.first - 1].text == "的" and scene.row[chunk.first - 2].kind == "quote":
            continue  # "“南拓、北优”的|城市发展新战略": what the quotation is called
        if us[0].text in ctx.own_names and heads.closing(ctx.norm[us[0].begin : us[k - 1].end]) is None:
            continue  # "荆州|发展史上": what is said of the area itself
        if 2 <= us[k - 1].end - us[0].begin <= _LONGEST:
            first = chunk.last - len(us)
            yield _NEW(Leftover, (first, first + k))


def traits(ctx: Context, scene: Scene, left: Leftover) -> list[str]:
    """What can be told of a leftover chunk, as names of traits; words only where many places use them."""
    row, w = scene.row, ctx.words
    first, last = left
    us = row[first:last]
    begin, end = us[0].begin, us[-1].end
    text = ctx.norm[begin:end]
    before = row[first - 1] if first else None
    after = row[last] if last < len(row) else None
    head = w.heads.closing(text)
    specific = ctx.is_specific(us[:-1] if len(us) > 1 else us)
    kind_before = before.kind if before is not None else "begin"
    kind_after = after.kind if after is not None else "end"
    areas = w.generic.get(text, 0)
    size = end - begin
    found = [
        ALWAYS,
        "length " + features.length(size),
        "words " + features.words(len(us)),
        "specific" if specific else "unspecific",
        "rare " + str(min(sum(len(u.text) > 1 and u.kind == "word" and u.text not in w.general for u in us), 3)),
        "single " + features.single(sum(len(u.text) == 1 for u in us)),
        "first " + us[0].tag,
        "last " + us[-1].tag,
        "tags " + features.tags(us),
        "part " + scene.part.value,
        "before " + kind_before,
        "after " + kind_after,
        "shared " + features.shared(areas),
    ]
    if text in w.general:
        found.append("general")
    if ctx.is_place(us[0].text):
        found.append("placed")
    found += (
        f"around {kind_before} {kind_after}",
        "names " + features.names(scene),
        "least " + features.least(ctx, us),
    )
    found += ["holds " + u.text for u in us if is_vocabulary(ctx, u.text)]
    if is_vocabulary(ctx, us[0].text):
        found.append("opens " + us[0].text)
    if is_vocabulary(ctx, us[-1].text):
        found.append("closing " + us[-1].text)
    if head is not None:
        found += ("head " + head.word, f"head {head.word} {specific}", f"head {head.word} {kind_before}")
    else:
        found.append("no head")
    features.around(ctx, scene, first, last, found)
    return found
