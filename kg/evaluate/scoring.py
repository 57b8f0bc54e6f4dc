"""What was extracted from a report, held against its annotation.

The measures are those by which the annotated reports are judged everywhere in this project:

========================  ==============================================================================
entities                  the named thing was found and given one of its accepted classes
names                     the same, the class left aside
observations              value, unit, measure, modality and (where the annotation has one) period and
                          area are all right, and the indicator is worded close to the annotated one
figures                   value and unit were found at all
relations                 subject, predicate and object are right
status                    share of right statuses among the annotated projects that were found
========================  ==============================================================================

All but the last are precision, recall and F1.  What the annotation marks as optional counts neither as
found nor as missed nor as false.  Names are compared by :func:`~kg.evaluate.gold.folded`, wordings by
:func:`likeness`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kg.errors import DataError
from kg.evaluate.gold import Gold, GoldEntity, GoldObservation, folded
from kg.model import Entity, Extraction, Observation, Report

#: in the order in which they are shown
MEASURES = ("entities", "names", "observations", "figures", "relations", "status")

#: an indicator counts as the annotated one from this likeness on
_LIKE = 0.5


def likeness(a: str, b: str) -> float:
    """Dice's coefficient over the character bigrams of two folded names, 0 to 1.

    >>> likeness("地区生产总值", "生产总值"), likeness("税收", "出口"), likeness("", "")
    (0.75, 0.0, 1.0)
    """
    a, b = folded(a), folded(b)
    if a == b:
        return 1.0
    x, y = _bigrams(a), _bigrams(b)
    total = x.total() + y.total()
    return 2 * (x & y).total() / total if total else 0.0


@lru_cache(maxsize=65536)
def _bigrams(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were right, of how many given, of how many annotated.

    >>> t = Tally(right=3, given=4, annotated=6)
    >>> t.precision, t.recall, t.value
    (0.75, 0.5, 0.6)
    >>> Tally(right=0, given=0, annotated=0).value
    0.0
    """

    right: int
    given: int
    annotated: int

    @property
    def precision(self) -> float:
        """Share of what was given that is right; 0 where nothing was given."""
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """Share of what was annotated that was found; 0 where nothing was annotated."""
        return self.right / self.annotated if self.annotated else 0.0

    @property
    def value(self) -> float:
        """F1, the harmonic mean of precision and recall."""
        return 2 * self.right / (self.given + self.annotated) if self.right else 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.given + other.given, self.annotated + other.annotated)


@dataclass(frozen=True, slots=True)
class Share:
    """How many were right of how many that could be judged."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 where nothing could be judged."""
        return self.right / self.of if self.of else 0.0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that was missed, wrong or not annotated.

    ``what`` stays the same from run to run, ``detail`` says what was given instead; ``where`` is the stretch of
    the text around it, empty where the annotation does not say.
    """

    what: str
    detail: str = ""
    where: str = ""

    def __str__(self) -> str:
        return f"{self.what}, {self.detail}" if self.detail else self.what


@dataclass(frozen=True, slots=True)
class Scores:
    """What :func:`score` found.

    ``misses`` maps a heading to the misses, in text order.  ``by_class`` splits entities by class, observations
    by measure and relations by predicate; its tallies add up to those of the whole.  Where several classes are
    right, a thing counts for the one that was given, a missed one for the annotator's first.  ``faults`` counts
    what is not right about the observations that were missed.
    """

    entities: Tally
    names: Tally
    observations: Tally
    figures: Tally
    relations: Tally
    status: Share
    misses: Mapping[str, tuple[Miss, ...]] = field(default_factory=dict)
    by_class: Mapping[str, Mapping[str, Tally]] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)

    def values(self) -> dict[str, float]:
        """F1 (for the status: the share) of each measure.  A measure with nothing to judge is left out."""
        out: dict[str, float] = {}
        for measure in MEASURES:
            tally: Tally | Share = getattr(self, measure)
            if tally.annotated if isinstance(tally, Tally) else tally.of:
                out[measure] = tally.value
        return out


def score(gold: Gold, extraction: Extraction) -> Scores:
    """Score one extraction against the annotation of the same report."""
    misses: dict[str, tuple[Miss, ...]] = {}
    by_class: dict[str, dict[str, Tally]] = {}
    things = _Things(gold, extraction)
    entities, names, status = things.tallies(misses, by_class)
    figures = _Figures(gold, extraction)
    observations, found = figures.tallies(misses, by_class)
    relations = _relations(gold, extraction, things, misses, by_class)
    return Scores(entities, names, observations, found, relations, status, misses, by_class, figures.faults())


class _Tallies:
    """Tallies by class, as they grow."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.given: Counter[str] = Counter()
        self.annotated: Counter[str] = Counter()

    def tallies(self) -> dict[str, Tally]:
        kinds = sorted({*self.given, *self.annotated}, key=lambda kind: (-self.annotated[kind], kind))
        return {kind: Tally(self.right[kind], self.given[kind], self.annotated[kind]) for kind in kinds}


def _where(report: Report, at: int | None) -> str:
    """The sentence around a place, cut where it is long."""
    sentence = report.sentence_at(at) if at is not None else None
    if at is None or sentence is None:
        return ""
    begin, end = max(sentence.span.begin, at - 36), min(sentence.span.end, at + 44)
    before, after = "…" if begin > sentence.span.begin else "", "…" if end < sentence.span.end else ""
    return before + " ".join(report.text[begin:end].split()) + after


def _all_names(entity: Entity) -> list[str]:
    qualified = [entity.qualified] if entity.qualified else []
    return sorted({entity.name, *entity.aliases, *qualified}, key=lambda n: (-len(n), n))


class _Things:
    """Which annotated thing each extracted entity is: the one that shares its longest shared name."""

    def __init__(self, gold: Gold, extraction: Extraction) -> None:
        self.gold = gold
        self.report = extraction.report
        self.entities = extraction.entities
        by_name: dict[str, GoldEntity] = {}
        for annotated in gold.entities:
            for name in annotated.names:
                by_name.setdefault(folded(name), annotated)
        self.of: dict[str, GoldEntity] = {}  # by the extracted entity's name
        for entity in self.entities:
            hits = (by_name.get(folded(name)) for name in _all_names(entity))
            if hit := next((h for h in hits if h is not None), None):
                self.of[entity.name] = hit

    def tallies(
        self, misses: dict[str, tuple[Miss, ...]], by_class: dict[str, dict[str, Tally]]
    ) -> tuple[Tally, Tally, Share]:
        """Entities, names, status.  A second node for a thing that was found already counts as false."""
        found: set[str] = set()
        typed: set[str] = set()
        given = right = judged = 0
        classes = _Tallies()
        wrong, surplus, status = [], [], []
        for entity in self.entities:
            hit = self.of.get(entity.name)
            if hit is not None and hit.optional:
                continue
            given += 1
            where = _where(self.report, entity.mentions[0].begin)
            accepted = next((c for c in hit.classes if c in entity.classes), None) if hit is not None else None
            if hit is None or hit.id in found or accepted is None:
                classes.given[entity.classes[0].value] += 1
            if hit is None:
                surplus.append(Miss(f"{entity.name} {'/'.join(entity.classes)}", where=where))
                continue
            if hit.statuses is not None:
                judged += 1
                if entity.status in hit.statuses:
                    right += 1
                else:
                    wanted = f"{hit.names[0]} {'/'.join(sorted(hit.statuses))}"
                    status.append(Miss(wanted, f"given as {entity.status}", _where(self.report, hit.start)))
            if hit.id in found:
                surplus.append(Miss(f"{entity.name}: a second node for {hit.names[0]}", where=where))
                continue
            found.add(hit.id)
            if accepted is not None:
                typed.add(hit.id)
                for counts in (classes.right, classes.given, classes.annotated):
                    counts[accepted] += 1
            else:
                wanted = f"{hit.names[0]} {'/'.join(sorted(hit.classes))}"
                wrong.append(Miss(wanted, f"given as {'/'.join(entity.classes)}", where))
        required = [e for e in self.gold.entities if not e.optional]
        classes.annotated.update(e.classes[0] for e in required if e.id not in typed)
        by_class["entities"] = classes.tallies()
        misses["entities missed"] = tuple(
            Miss(f"{e.names[0]} {'/'.join(sorted(e.classes))}", where=_where(self.report, e.start))
            for e in required
            if e.id not in found
        )
        misses["entities of the wrong class"] = tuple(wrong)
        misses["entities not annotated"] = tuple(surplus)
        misses["status not right"] = tuple(status)
        return Tally(len(typed), given, len(required)), Tally(len(found), given, len(required)), Share(right, judged)


class _Figures:
    """Pairs extracted observations with annotated ones, each at most once, the best wording first."""

    def __init__(self, gold: Gold, extraction: Extraction) -> None:
        self.gold = gold
        self.report = extraction.report
        self.given = extraction.observations
        self.own_area = folded(gold.area)
        wordings: dict[str, set[str]] = defaultdict(set)
        for o in self.given:
            wordings[o.indicator].update((o.indicator, *o.wordings))
        # one indicator has all the wordings that the report gives it, whichever figure they stand with
        self.wordings = {indicator: sorted(names) for indicator, names in wordings.items()}
        self.area_names = {e.name: {folded(n) for n in _all_names(e)} for e in extraction.entities}
        #: (wholly right, likeness of the wordings, extracted, annotated) of all pairs with the same value and unit
        self.pairs = sorted(
            (
                (not self._wrong(o, q, w), w, i, k)
                for i, o in enumerate(self.given)
                for k, q in enumerate(gold.observations)
                if _same_value(o, q)
                for w in [self._likeness(o, q)]
            ),
            key=lambda p: (-p[0], -p[1], p[2], gold.observations[p[3]].id),
        )
        self.whole, self.loose = self._paired(True), self._paired(False)

    def _likeness(self, o: Observation, q: GoldObservation) -> float:
        return max(likeness(a, b) for a in self.wordings[o.indicator] for b in q.wordings)

    def _wrong(self, o: Observation, q: GoldObservation, wording: float) -> tuple[str, ...]:
        """What is not right about an observation whose figure is."""
        period = o.period.iso if o.period else None
        right = {
            "indicator": wording >= _LIKE,
            "measure": o.measure.value == q.measure,
            "modality": o.modality.value == q.modality,
            "period": q.period is None or q.period == period,
            "area": self._same_area(o, q),
        }
        return tuple(part for part, is_right in right.items() if not is_right)

    def _same_area(self, o: Observation, q: GoldObservation) -> bool:
        """Whether one name ends in the other (广州市海珠区, 海珠区); no area means the report's own."""
        wanted = folded(q.area)
        if o.area is None:
            return wanted == self.own_area
        names = self.area_names.get(o.area, {folded(o.area)})
        return any(n.endswith(wanted) or wanted.endswith(n) for n in names if n)

    def _paired(self, wholly: bool) -> dict[int, int]:
        out: dict[int, int] = {}
        taken: set[int] = set()
        for right, _, i, k in self.pairs:
            if i not in out and k not in taken and (right or not wholly):
                out[i] = k
                taken.add(k)
        return out

    def _missed(self) -> list[tuple[int, int | None]]:
        """What is not wholly right: the annotated observation, and the extracted one with its figure."""
        reached = set(self.whole.values())
        given_as = {k: i for i, k in self.loose.items()}
        return [
            (k, given_as.get(k)) for k, q in enumerate(self.gold.observations) if not q.optional and k not in reached
        ]

    def faults(self) -> dict[str, int]:
        """How many of the missed observations have no such figure, or which part of them wrong."""
        counts: Counter[str] = Counter()
        for k, i in self._missed():
            if i is None:
                counts["no such figure"] += 1
                continue
            o, q = self.given[i], self.gold.observations[k]
            counts.update(self._wrong(o, q, self._likeness(o, q)) or ("counted for another one",))
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def tallies(
        self, misses: dict[str, tuple[Miss, ...]], by_class: dict[str, dict[str, Tally]]
    ) -> tuple[Tally, Tally]:
        """Observations, figures."""
        annotated = self.gold.observations
        optional = {k for k, q in enumerate(annotated) if q.optional}
        required = len(annotated) - len(optional)
        whole, loose = self.whole, self.loose

        def tally(pairs: dict[int, int], uncounted: int) -> Tally:
            spared = sum(k in optional for k in pairs.values())
            return Tally(len(pairs) - spared, len(self.given) - spared - uncounted, required)

        # a figure that is only partly right is not held against us where its annotation is optional
        partly = {i for i, k in loose.items() if i not in whole and k in optional}
        kinds = _Tallies()
        kinds.annotated.update(q.measure for q in annotated if not q.optional)
        kinds.right.update(annotated[k].measure for k in whole.values() if k not in optional)
        kinds.given.update(
            o.measure.value for i, o in enumerate(self.given) if whole.get(i) not in optional and i not in partly
        )
        by_class["observations"] = kinds.tallies()
        misses["observations missed or not wholly right"] = tuple(
            Miss(
                f"{q.text} {q.wordings[0]} {q.area} {q.period} {q.measure} {q.modality}",
                "no such figure" if i is None else f"given as {_shown(self.given[i])}",
                _where(self.report, q.start),
            )
            for k, i in self._missed()
            for q in [annotated[k]]
        )
        misses["observations not annotated"] = tuple(
            Miss(_shown(o), where=_where(self.report, o.mentions[0].begin))
            for i, o in enumerate(self.given)
            if i not in loose
        )
        return tally(whole, len(partly)), tally(loose, 0)


def _same_value(o: Observation, q: GoldObservation) -> bool:
    value = float(o.value)
    return abs(value - q.value) <= 1e-6 * max(1.0, abs(value), abs(q.value)) and folded(o.unit) == folded(q.unit)


def _shown(o: Observation) -> str:
    period = o.period.iso if o.period else "no period"
    return f"{o.value_text} {o.indicator} {o.area} {period} {o.measure} {o.modality}"


#: subject, predicate, object; an end is the annotated thing's id ("" for another thing) and its name
_Triple = tuple[tuple[str, str], str, tuple[str, str]]


def _relations(
    gold: Gold,
    extraction: Extraction,
    things: _Things,
    misses: dict[str, tuple[Miss, ...]],
    by_class: dict[str, dict[str, Tally]],
) -> Tally:
    def end(name: str) -> tuple[str, str]:
        hit = things.of.get(name)
        return (hit.id, hit.names[0]) if hit else ("", name)

    def annotated_end(name: str) -> tuple[str, str]:
        hit = gold.entity_named(name)
        if hit is None:
            raise DataError(f"a relation names {name}, which is not among the entities of {gold.report}")
        return hit.id, hit.names[0]

    given: dict[_Triple, int | None] = {}  # and where they stand
    for r in extraction.relations:
        given.setdefault((end(r.subject), r.predicate.value, end(r.object)), r.mentions[0].begin)
    wanted: dict[_Triple, int | None] = {}
    spared: set[_Triple] = set()
    for g in gold.relations:
        key = (annotated_end(g.subject), g.predicate, annotated_end(g.object))
        if g.optional:
            spared.add(key)
        else:
            wanted.setdefault(key, g.start)

    def listed(triples: Iterable[tuple[_Triple, int | None]]) -> tuple[Miss, ...]:
        return tuple(Miss(f"{s[1]} {p} {o[1]}", where=_where(extraction.report, at)) for (s, p, o), at in triples)

    kinds = _Tallies()
    kinds.annotated.update(predicate for _, predicate, _ in wanted)
    kinds.given.update(key[1] for key in given if key not in spared)
    kinds.right.update(key[1] for key in given if key in wanted)
    by_class["relations"] = kinds.tallies()
    misses["relations missed"] = listed((k, at) for k, at in wanted.items() if k not in given)
    misses["relations not annotated"] = listed(
        (k, at) for k, at in given.items() if k not in wanted and k not in spared
    )
    return Tally(sum(k in wanted for k in given), sum(k not in spared for k in given), len(wanted))


def together(scores: Sequence[Scores]) -> dict[str, dict[str, Tally]]:
    """The tallies by class of several reports, added up."""
    out: dict[str, dict[str, Tally]] = {}
    for kind in ("entities", "observations", "relations"):
        sums: dict[str, Tally] = {}
        for one in scores:
            for name, tally in one.by_class.get(kind, {}).items():
                sums[name] = sums.get(name, Tally(0, 0, 0)) + tally
        out[kind] = dict(sorted(sums.items(), key=lambda item: (-item[1].annotated, item[0])))
    return out
