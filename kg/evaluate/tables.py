"""The results as tables: tuples of rows, the header first; cells are strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.evaluate.reports import Result
from kg.evaluate.scoring import MEASURES, Share, Tally, together

Rows = tuple[tuple[str, ...], ...]


def means(results: Sequence[Result]) -> dict[str, float]:
    """The mean of each measure over the reports in which it can be judged."""
    columns: dict[str, list[float]] = {}
    for result in results:
        for measure, value in result.scores.values().items():
            columns.setdefault(measure, []).append(value)
    return {m: sum(columns[m]) / len(columns[m]) for m in MEASURES if m in columns}


def main_table(results: Sequence[Result]) -> Rows:
    """The table of the results: a header, a row for each report, and the mean where there are several.

    A measure that cannot be judged in a report is ``-`` and stays out of the mean.
    """
    rows: list[tuple[str, ...]] = [("report", *MEASURES)]
    lines = [(result.report, result.scores.values()) for result in results]
    if len(results) > 1:
        lines.append(("mean", means(results)))
    for name, values in lines:
        rows.append((name, *(f"{values[m]:.3f}" if m in values else "-" for m in MEASURES)))
    return tuple(rows)


_COUNTS = ("right", "given", "annotated", "precision", "recall", "F1")


def _counts(tally: Tally | Share) -> tuple[str, ...]:
    if isinstance(tally, Share):
        return (str(tally.right), str(tally.of), "", "", "", f"{tally.value:.3f}" if tally.of else "-")
    return (
        str(tally.right),
        str(tally.given),
        str(tally.annotated),
        f"{tally.precision:.3f}" if tally.given else "-",
        f"{tally.recall:.3f}" if tally.annotated else "-",
        f"{tally.value:.3f}" if tally.given or tally.annotated else "-",
    )


def precision_table(results: Sequence[Result]) -> Rows:
    """Counts, precision and recall of every measure of every report.

    For the status, ``given`` is the number of projects that could be judged.
    """
    rows: list[tuple[str, ...]] = [("report", "measure", *_COUNTS)]
    rows += [(r.report, m, *_counts(getattr(r.scores, m))) for r in results for m in r.scores.values()]
    return tuple(rows)


def class_table(results: Sequence[Result]) -> Rows:
    """All reports together: entities by class, observations by measure, relations by predicate.

    ``missed`` is what was annotated and not found, ``false`` what was given and is not right.
    """
    rows: list[tuple[str, ...]] = [
        ("of", "class", "annotated", "found", "missed", "false", "precision", "recall", "F1")
    ]
    for kind, tallies in together([result.scores for result in results]).items():
        for name, t in tallies.items():
            right, _, annotated, *rates = _counts(t)
            rows.append((kind, name, annotated, right, str(t.annotated - t.right), str(t.given - t.right), *rates))
    return tuple(rows)


def fault_table(results: Sequence[Result]) -> Rows:
    """What is not right about the observations that were missed, all reports together; one may have several faults."""
    sums: dict[str, int] = {}
    for result in results:
        for fault, count in result.scores.faults.items():
            sums[fault] = sums.get(fault, 0) + count
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return (("observations not right because of", "count"), *((fault, str(count)) for fault, count in ordered))


def as_json(result: Result, *, misses: bool = True) -> dict[str, Any]:
    """One result as plain data."""

    def figures(tally: Tally | Share) -> dict[str, float]:
        if isinstance(tally, Share):
            return {"right": tally.right, "of": tally.of, "share": tally.value}
        counts = {"right": tally.right, "given": tally.given, "annotated": tally.annotated}
        return {**counts, "precision": tally.precision, "recall": tally.recall, "f1": tally.value}

    def by_name(tallies: Mapping[str, Tally]) -> dict[str, dict[str, float]]:
        return {name: figures(tally) for name, tally in tallies.items()}

    scores = result.scores
    out: dict[str, Any] = {
        "report": result.report,
        "text_sha256": result.text_sha256,
        "gold_sha256": result.gold_sha256,
        "scores": {m: figures(getattr(scores, m)) for m in MEASURES},
        "by_class": {kind: by_name(tallies) for kind, tallies in scores.by_class.items()},
        "faults": dict(scores.faults),
    }
    if misses:
        out["misses"] = {
            heading: [{"what": m.what, "detail": m.detail, "where": m.where} for m in found]
            for heading, found in scores.misses.items()
        }
    return out
