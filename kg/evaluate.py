"""Scoring as a library: what was extracted from a report, held against what a careful reader annotated.

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
found nor as missed nor as false.  Names are compared by :func:`folded`, wordings by :func:`likeness`.

The second half is the gate: :class:`Baseline` pins a floor under every measure of every report, together
with the SHA-256 of text and annotation; :func:`complaints` says what fell, :func:`raised` moves floors up.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.errors import DataError, KgError
from kg.model import Entity, Extraction, Observation

#: in the order in which they are shown
MEASURES = ("entities", "names", "observations", "figures", "relations", "status")

#: an indicator counts as the annotated one from this likeness on
_LIKE = 0.5


# --- the annotation ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """An annotated thing; any of ``classes`` and any of ``statuses`` is right."""

    id: str
    names: tuple[str, ...]  # the fullest one first
    classes: frozenset[str]
    optional: bool
    #: None where the text says nothing of its status; may be empty where only silence is right
    statuses: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class GoldObservation:
    """An annotated figure; ``wordings`` are fair names of its indicator, the annotator's first."""

    id: str
    wordings: tuple[str, ...]
    area: str
    period: str | None
    measure: str
    modality: str
    value: float
    unit: str
    text: str
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """An annotated relation; subject and object are names of annotated entities."""

    subject: str
    predicate: str
    object: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated report."""

    report: str
    area: str
    year: int | None
    entities: tuple[GoldEntity, ...]
    observations: tuple[GoldObservation, ...]
    relations: tuple[GoldRelation, ...]
    sha256: str  # of the file's bytes

    def entity_named(self, name: str) -> GoldEntity | None:
        """The entity that the annotation's relations mean by that name."""
        wanted = folded(name)
        return next((e for e in reversed(self.entities) if wanted in map(folded, e.names)), None)


def load_gold(path: str | Path) -> Gold:
    """Read an annotation (JSON; CONTRIBUTING.md describes the layout).

    Raises :class:`kg.errors.DataError` for a file that cannot be read, is not JSON, lacks a key, or has a
    relation whose end is no annotated entity.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
        data = json.loads(raw.decode("utf-8"))
        gold = Gold(
            report=data["report"],
            area=data["area"],
            year=data.get("year"),
            entities=tuple(_gold_entity(e) for e in data["entities"]),
            observations=tuple(_gold_observation(o) for o in data["observations"]),
            relations=tuple(
                GoldRelation(r["subject"], r["predicate"], r["object"], bool(r.get("optional")))
                for r in data["relations"]
            ),
            sha256=hashlib.sha256(raw).hexdigest(),
        )
    except OSError as error:
        raise DataError(f"cannot read the annotation: {error.strerror}", file=path) from error
    except json.JSONDecodeError as error:
        raise DataError(f"not JSON: {error.msg}", file=path, line=error.lineno) from error
    except UnicodeDecodeError as error:
        raise DataError("not JSON in UTF-8", file=path) from error
    except KeyError as error:
        raise DataError(f"not an annotation: the key {error} is missing", file=path) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise DataError(f"not an annotation: {error}", file=path) from error
    known = {folded(name) for e in gold.entities for name in e.names}
    for relation in gold.relations:
        for end in (relation.subject, relation.object):
            if folded(end) not in known:
                raise DataError(f"a relation names {end}, which is not among the entities", file=path)
    return gold


def _gold_entity(data: Mapping[str, Any]) -> GoldEntity:
    status = data.get("status")
    accepted = status if isinstance(status, list) else [status]
    return GoldEntity(
        id=data["id"],
        names=(data["name"], *data.get("aliases", [])),
        classes=frozenset(data["types"]),
        optional=bool(data.get("optional")),
        statuses=None if status is None else frozenset(s for s in accepted if s is not None),
    )


def _gold_observation(data: Mapping[str, Any]) -> GoldObservation:
    return GoldObservation(
        id=data["id"],
        wordings=(data["indicator"], *data.get("aliases", [])),
        area=data["area"],
        period=data["period"],
        measure=data["measure"],
        modality=data["modality"],
        value=float(data["value"]),
        unit=data["unit"],
        text=data["text"],
        optional=bool(data.get("optional")),
    )


# --- comparing --------------------------------------------------------------------------------------------

_IGNORED = re.compile(r"[\s“”\"'‘’《》〈〉「」()（）・·.,，、:：\-—]")


@lru_cache(maxsize=65536)
def folded(name: str) -> str:
    """The name without width, case, white space, quotation marks, title marks and brackets.

    >>> folded("《珠江三角洲地区改革发展规划纲要（2008－2020年）》")
    '珠江三角洲地区改革发展规划纲要20082020年'
    >>> folded("广州Ｔ.I.T 创意园") == folded("广州t.i.t创意园")
    True
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name)).lower()


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


# --- the scores -------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Share:
    """How many were right of how many that could be judged."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 where nothing could be judged."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """What :func:`score` found; ``misses`` maps a heading to one line for each miss, in text order."""

    entities: Tally
    names: Tally
    observations: Tally
    figures: Tally
    relations: Tally
    status: Share
    misses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
    misses: dict[str, tuple[str, ...]] = {}
    things = _Things(gold, extraction.entities)
    entities, names, status = things.tallies(misses)
    observations, figures = _Figures(gold, extraction).tallies(misses)
    relations = _relations(gold, extraction, things, misses)
    return Scores(entities, names, observations, figures, relations, status, misses)


def _all_names(entity: Entity) -> list[str]:
    qualified = [entity.qualified] if entity.qualified else []
    return sorted({entity.name, *entity.aliases, *qualified}, key=lambda n: (-len(n), n))


class _Things:
    """Which annotated thing each extracted entity is: the one that shares its longest shared name."""

    def __init__(self, gold: Gold, entities: Sequence[Entity]) -> None:
        self.gold = gold
        self.entities = entities
        by_name: dict[str, GoldEntity] = {}
        for annotated in gold.entities:
            for name in annotated.names:
                by_name.setdefault(folded(name), annotated)
        self.of: dict[str, GoldEntity] = {}  # by the extracted entity's name
        for entity in entities:
            hits = (by_name.get(folded(name)) for name in _all_names(entity))
            if hit := next((h for h in hits if h is not None), None):
                self.of[entity.name] = hit

    def tallies(self, misses: dict[str, tuple[str, ...]]) -> tuple[Tally, Tally, Share]:
        """Entities, names, status.  A second node for a thing that was found already counts as false."""
        found: set[str] = set()
        typed: set[str] = set()
        given = right = judged = 0
        wrong, surplus, status = [], [], []
        for entity in self.entities:
            hit = self.of.get(entity.name)
            if hit is not None and hit.optional:
                continue
            given += 1
            if hit is None:
                surplus.append(f"{entity.name} {'/'.join(entity.classes)}")
                continue
            if hit.statuses is not None:
                judged += 1
                if entity.status in hit.statuses:
                    right += 1
                else:
                    status.append(f"{hit.names[0]} {'/'.join(sorted(hit.statuses))}, given as {entity.status}")
            if hit.id in found:
                surplus.append(f"{entity.name}: a second node for {hit.names[0]}")
                continue
            found.add(hit.id)
            if hit.classes & {c.value for c in entity.classes}:
                typed.add(hit.id)
            else:
                wrong.append(f"{hit.names[0]} {'/'.join(sorted(hit.classes))}, given as {'/'.join(entity.classes)}")
        required = [e for e in self.gold.entities if not e.optional]
        misses["entities missed"] = tuple(
            f"{e.names[0]} {'/'.join(sorted(e.classes))}" for e in required if e.id not in found
        )
        misses["entities of the wrong class"] = tuple(wrong)
        misses["entities not annotated"] = tuple(surplus)
        misses["status not right"] = tuple(status)
        return Tally(len(typed), given, len(required)), Tally(len(found), given, len(required)), Share(right, judged)


class _Figures:
    """Pairs extracted observations with annotated ones, each at most once, the best wording first."""

    def __init__(self, gold: Gold, extraction: Extraction) -> None:
        self.gold = gold
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
                (self._right(o, q, w), w, i, k)
                for i, o in enumerate(self.given)
                for k, q in enumerate(gold.observations)
                if _same_value(o, q)
                for w in [self._likeness(o, q)]
            ),
            key=lambda p: (-p[0], -p[1], p[2], gold.observations[p[3]].id),
        )

    def _likeness(self, o: Observation, q: GoldObservation) -> float:
        return max(likeness(a, b) for a in self.wordings[o.indicator] for b in q.wordings)

    def _right(self, o: Observation, q: GoldObservation, wording: float) -> bool:
        period = o.period.iso if o.period else None
        return (
            wording >= _LIKE
            and (o.measure.value, o.modality.value) == (q.measure, q.modality)
            and (q.period is None or q.period == period)
            and self._same_area(o, q)
        )

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

    def tallies(self, misses: dict[str, tuple[str, ...]]) -> tuple[Tally, Tally]:
        """Observations, figures."""
        annotated = self.gold.observations
        optional = {k for k, q in enumerate(annotated) if q.optional}
        required = len(annotated) - len(optional)
        whole, loose = self._paired(True), self._paired(False)

        def tally(pairs: dict[int, int], uncounted: int) -> Tally:
            spared = sum(k in optional for k in pairs.values())
            return Tally(len(pairs) - spared, len(self.given) - spared - uncounted, required)

        # a figure that is only partly right is not held against us where its annotation is optional
        partly = sum(i not in whole and k in optional for i, k in loose.items())
        reached = set(whole.values())
        given_as = {k: i for i, k in loose.items()}
        misses["observations missed or not wholly right"] = tuple(
            f"{q.text} {q.wordings[0]} {q.area} {q.period} {q.measure} {q.modality}: "
            + (f"given as {_shown(self.given[given_as[k]])}" if k in given_as else "no such figure")
            for k, q in enumerate(annotated)
            if k not in optional and k not in reached
        )
        misses["observations not annotated"] = tuple(_shown(o) for i, o in enumerate(self.given) if i not in loose)
        return tally(whole, partly), tally(loose, 0)


def _same_value(o: Observation, q: GoldObservation) -> bool:
    value = float(o.value)
    return abs(value - q.value) <= 1e-6 * max(1.0, abs(value), abs(q.value)) and folded(o.unit) == folded(q.unit)


def _shown(o: Observation) -> str:
    period = o.period.iso if o.period else "no period"
    return f"{o.value_text} {o.indicator} {o.area} {period} {o.measure} {o.modality}"


#: subject, predicate, object; an end is the annotated thing's id ("" for another thing) and its name
_Triple = tuple[tuple[str, str], str, tuple[str, str]]


def _relations(gold: Gold, extraction: Extraction, things: _Things, misses: dict[str, tuple[str, ...]]) -> Tally:
    def end(name: str) -> tuple[str, str]:
        hit = things.of.get(name)
        return (hit.id, hit.names[0]) if hit else ("", name)

    def annotated_end(name: str) -> tuple[str, str]:
        hit = gold.entity_named(name)
        if hit is None:
            raise DataError(f"a relation names {name}, which is not among the entities of {gold.report}")
        return hit.id, hit.names[0]

    given: dict[_Triple, None] = {}
    for r in extraction.relations:
        given.setdefault((end(r.subject), r.predicate.value, end(r.object)))
    wanted: dict[_Triple, None] = {}
    spared: set[_Triple] = set()
    for g in gold.relations:
        key = (annotated_end(g.subject), g.predicate, annotated_end(g.object))
        if g.optional:
            spared.add(key)
        else:
            wanted.setdefault(key)

    def lines(keys: Iterable[_Triple]) -> tuple[str, ...]:
        return tuple(f"{s[1]} {p} {o[1]}" for s, p, o in keys)

    misses["relations missed"] = lines(k for k in wanted if k not in given)
    misses["relations not annotated"] = lines(k for k in given if k not in wanted and k not in spared)
    return Tally(sum(k in wanted for k in given), sum(k not in spared for k in given), len(wanted))


# --- from files to a table --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """The scores of one report, with the hashes of what they were taken from."""

    report: str
    scores: Scores
    text_sha256: str
    gold_sha256: str


def text_of(gold: Path) -> Path:
    """The text that an annotation belongs to: ``NAME.txt`` beside ``NAME.gold.json``, or ``texts/NAME.txt``
    beside the folder of ``NAME.json``.

    >>> text_of(Path("seeds/haizhu-2011.gold.json")).as_posix(), text_of(Path("e/gold/a.json")).as_posix()
    ('seeds/haizhu-2011.txt', 'e/texts/a.txt')
    """
    name = gold.name.removesuffix(".json")
    if name.endswith(".gold"):
        return gold.with_name(name.removesuffix(".gold") + ".txt")
    return gold.parent.parent / "texts" / f"{name}.txt"


def evaluate(gold_path: str | Path, text_path: str | Path | None = None, *, segmenter: str = "rjieba") -> Result:
    """Read, extract and score one annotated report; the text's place defaults to :func:`text_of`."""
    from kg.extract.extractor import extract
    from kg.text.reader import read_report

    gold_path = Path(gold_path)
    gold = load_gold(gold_path)
    report = read_report(Path(text_path) if text_path is not None else text_of(gold_path))
    scores = score(gold, extract(report, segmenter=segmenter))
    return Result(gold.report, scores, text_sha256=report.sha256, gold_sha256=gold.sha256)


def main_table(results: Sequence[Result]) -> tuple[tuple[str, ...], ...]:
    """The table of the results: a header, a row for each report, and the mean where there are several.

    Cells are strings; a measure that cannot be judged in a report is ``-`` and stays out of the mean.
    """
    rows: list[tuple[str, ...]] = [("report", *MEASURES)]
    columns: dict[str, list[float]] = {measure: [] for measure in MEASURES}
    for result in results:
        values = result.scores.values()
        for measure, value in values.items():
            columns[measure].append(value)
        rows.append((result.report, *(f"{values[m]:.3f}" if m in values else "-" for m in MEASURES)))
    if len(results) > 1:
        means = (f"{sum(c) / len(c):.3f}" if c else "-" for c in (columns[m] for m in MEASURES))
        rows.append(("mean", *means))
    return tuple(rows)


# --- the gate ---------------------------------------------------------------------------------------------


class FloorError(KgError):
    """A score is below its floor and was not allowed to be."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The floors of one report, and what they hold for."""

    text_sha256: str
    gold_sha256: str
    floors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The floors by report."""

    reports: Mapping[str, Pinned] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> Baseline:
        """Read a baseline; raises :class:`kg.errors.DataError` where it is malformed."""
        path = Path(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            reports = {
                name: Pinned(pinned["text_sha256"], pinned["gold_sha256"], _checked(pinned["floors"]))
                for name, pinned in data["reports"].items()
            }
        except OSError as error:
            raise DataError(f"cannot read the baseline: {error.strerror}", file=path) from error
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise DataError(f"not a baseline: {error!r}", file=path) from error
        return cls(reports)

    def save(self, path: str | Path) -> None:
        """Write the baseline, sorted, so that a change shows as what it is."""
        reports = {
            name: {
                "text_sha256": p.text_sha256,
                "gold_sha256": p.gold_sha256,
                "floors": {m: p.floors[m] for m in MEASURES if m in p.floors},
            }
            for name, p in sorted(self.reports.items())
        }
        content = json.dumps({"reports": reports}, ensure_ascii=False, indent=2) + "\n"
        Path(path).write_text(content, encoding="utf-8")


def _checked(floors: Mapping[str, float]) -> dict[str, float]:
    for measure, floor in floors.items():
        if measure not in MEASURES:
            raise ValueError(f"no such measure: {measure}")
        if not 0 <= floor <= 1:
            raise ValueError(f"a floor lies between 0 and 1: {floor}")
    return dict(floors)


def _floor(value: float) -> float:
    """The value to four places, rounded down, so that the score itself always passes.

    >>> _floor(0.88889), _floor(1.0), _floor(0.29)
    (0.8888, 1.0, 0.29)
    """
    return math.floor(round(value * 10_000, 6)) / 10_000


def complaints(baseline: Baseline, results: Sequence[Result]) -> tuple[str, ...]:
    """One line for each way in which the results break the baseline; nothing where the gate is passed.

    A report without floors, a text or annotation other than the pinned one, a measure without a floor, a
    floor that is no longer measured, and a score below its floor are such ways.
    """
    out: list[str] = []
    for result in results:
        pinned = baseline.reports.get(result.report)
        if pinned is None:
            out.append(f"{result.report}: no floors are pinned for this report")
            continue
        for what, now, then in (
            ("text", result.text_sha256, pinned.text_sha256),
            ("annotation", result.gold_sha256, pinned.gold_sha256),
        ):
            if now != then:
                out.append(f"{result.report}: the {what} is not the pinned one ({now[:12]}, not {then[:12]})")
        values = result.scores.values()
        for measure in MEASURES:
            floor, value = pinned.floors.get(measure), values.get(measure)
            if floor is None and value is not None:
                out.append(f"{result.report}: {measure} {value:.4f} has no floor")
            elif floor is not None and (value is None or value < floor):
                out.append(f"{result.report}: {measure} {value or 0:.4f} is below its floor {floor:.4f}")
    return tuple(out)


def raised(baseline: Baseline, results: Sequence[Result], *, allow_regression: bool = False) -> Baseline:
    """The baseline with the floors of these results; reports that were not measured keep theirs.

    Raises :class:`FloorError`, naming every measure, where a floor would sink and that is not allowed.
    """
    reports = dict(baseline.reports)
    sunk: list[str] = []
    for result in results:
        floors = {measure: _floor(value) for measure, value in result.scores.values().items()}
        before = reports[result.report].floors if result.report in reports else {}
        sunk += [
            f"{result.report}: {measure} would sink from {floor:.4f} to {floors.get(measure, 0.0):.4f}"
            for measure, floor in before.items()
            if floors.get(measure, 0.0) < floor
        ]
        reports[result.report] = Pinned(result.text_sha256, result.gold_sha256, floors)
    if sunk and not allow_regression:
        raise FloorError("; ".join(sunk), hint="--allow-regression lowers a floor on purpose")
    return Baseline(reports)


def results_of(
    golds: Iterable[Path], *, segmenter: str = "rjieba", progress: Callable[[Path], None] | None = None
) -> tuple[Result, ...]:
    """The results of several annotations, in the given order; ``progress`` is told of each before it starts."""
    out = []
    for path in golds:
        if progress is not None:
            progress(path)
        out.append(evaluate(path, segmenter=segmenter))
    return tuple(out)
