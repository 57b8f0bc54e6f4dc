"""How far two readers of the same cuttings agree: the second's annotation scored against the first's.

    python -m tools.agreement FIRST SECOND      # two folders of annotations with the same names

The second reader's things, figures and relations are taken for what an extraction gives, without those that may be
left out, and scored by :func:`kg.evaluate.scoring.score`.  Then the other way round; the mean of both is printed,
report by report, and beside it what the extraction gets against each of the two.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from kg.evaluate import report_of
from kg.evaluate.gold import Gold, folded, load_gold
from kg.evaluate.scoring import score
from kg.extract.extractor import extract
from kg.model import (
    Bound,
    Entity,
    EntityClass,
    Extraction,
    Measure,
    Modality,
    Observation,
    Period,
    Predicate,
    Relation,
    Report,
    Span,
    Status,
)

_MEASURES = ("entities", "names", "observations", "figures", "relations", "status")


def as_extraction(gold: Gold, report: Report) -> Extraction:
    """What a reader requires, in the shape of an extraction of the report."""
    kept = [e for e in gold.entities if not e.optional]
    own = gold.entity_named(gold.area)
    entities = tuple(
        Entity(
            name=e.names[0],
            classes=tuple(map(EntityClass, e.classes)),
            aliases=tuple(sorted(e.names[1:])),
            mentions=(_span(e.start, e.names[0]),),
            status=Status(sorted(e.statuses)[0]) if e.statuses else None,
            own_area=e is own,
        )
        for e in kept
    )
    observations = tuple(
        Observation(
            indicator=o.wordings[0],
            wordings=tuple(sorted(o.wordings)),
            area=o.area,
            period=Period(o.period) if o.period else None,
            measure=Measure(o.measure),
            modality=Modality(o.modality),
            bound=Bound.EQ,
            value=Decimal(str(o.value)),
            unit=o.unit,
            value_text=o.text,
            mentions=(_span(o.start, o.text),),
        )
        for o in gold.observations
        if not o.optional
    )
    named = {folded(n): e.names[0] for e in gold.entities for n in e.names}
    relations = tuple(
        Relation(
            named[folded(r.subject)], Predicate(r.predicate), named[folded(r.object)], (_span(r.start, r.subject),)
        )
        for r in gold.relations
        if not r.optional
    )
    return Extraction(report, entities, observations, relations, "")


def _span(start: int | None, text: str) -> Span:
    return Span(start or 0, (start or 0) + max(len(text), 1))


def main(arguments: Sequence[str]) -> int:
    """Print the table; returns the exit status."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    first, second = map(Path, arguments)
    rows: list[tuple[str, dict[str, float], dict[str, float]]] = []
    for path in sorted(first.glob("*.json")):
        if not (second / path.name).exists():
            continue
        a, b = load_gold(path), load_gold(second / path.name)
        report = report_of(a, path)
        pairs = (score(a, as_extraction(b, report)), score(b, as_extraction(a, report)))
        extraction = extract(report)
        own = (score(a, extraction), score(b, extraction))
        rows.append((path.stem, _mean([s.values() for s in pairs]), _mean([s.values() for s in own])))
    print(f"{'':24}" + "".join(f"{m:>14}" for m in _MEASURES))
    rows.append(("mean", _mean([r[1] for r in rows]), _mean([r[2] for r in rows])))
    for name, readers, extracted in rows:
        for label, values in ((name, readers), ("  extraction", extracted)):
            print(f"{label:24}" + "".join(f"{values[m]:14.3f}" if m in values else f"{'–':>14}" for m in _MEASURES))
    return 0


def _mean(values: Sequence[dict[str, float]]) -> dict[str, float]:
    return {
        m: sum(v[m] for v in values if m in v) / sum(m in v for v in values)
        for m in _MEASURES
        if any(m in v for v in values)
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
