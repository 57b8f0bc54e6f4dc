"""The results as tables: tuples of rows, the header first; cells are strings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg.evaluate.groups import Grouped, means
from kg.evaluate.reports import Result
from kg.evaluate.scoring import MEASURES, Scores, Share, Tally, together

Rows = tuple[tuple[str, ...], ...]


def main_table(results: Sequence[Result]) -> Rows:
    """The table of the results: a header, a row for each report, and the mean where there are several.

    A measure that cannot be judged in a report is ``-`` and stays out of the mean.
    """
    rows: list[tuple[str, ...]] = [("report", *MEASURES)]
    lines = [(result.report, result.scores.values()) for result in results]
    if len(results) > 1:
        lines.append(("mean", means(results)))
    return (*rows, *((name, *_values(values)) for name, values in lines))


def grouped_table(groups: Grouped) -> Rows:
    """The reports below the names of their groups."""
    rows: list[tuple[str, ...]] = [("report", *MEASURES)]
    for group, results in groups.items():
        rows.append((group.heading, *("" for _ in MEASURES)))
        rows += [(f"  {result.report}", *_values(result.scores.values())) for result in results]
    return tuple(rows)


def means_table(groups: Grouped) -> Rows:
    """A row for each group, and one for all reports together: how many they are, and the mean of each measure."""
    everything = [result for results in groups.values() for result in results]
    lines = [*((group.heading, results) for group, results in groups.items()), ("all", everything)]
    return (
        ("mean of", "reports", *MEASURES),
        *((title, str(len(results)), *_values(means(results))) for title, results in lines),
    )


def _values(values: Mapping[str, float]) -> Iterator[str]:
    return (f"{values[m]:.3f}" if m in values else "-" for m in MEASURES)


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
    return (("report", "measure", *_COUNTS), *(row for r in results for row in _count_rows(r.report, [r.scores])))


def group_precision_table(groups: Grouped) -> Rows:
    """The same of every group, its reports added up: here a long report counts for more than a short one."""
    return (
        ("group", "measure", *_COUNTS),
        *(row for group, results in groups.items() for row in _count_rows(group.heading, [r.scores for r in results])),
    )


def _count_rows(name: str, scores: Sequence[Scores]) -> Iterator[tuple[str, ...]]:
    for measure in MEASURES:
        first, *others = (getattr(one, measure) for one in scores)
        total: Tally | Share = sum(others, first)
        if total.of if isinstance(total, Share) else total.annotated:
            yield (name, measure, *_counts(total))


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


def groups_as_json(groups: Grouped) -> dict[str, Any]:
    """The reports and the means of each group as plain data."""
    return {
        group.value: {"heading": group.heading, "reports": [r.report for r in results], "mean": means(results)}
        for group, results in groups.items()
    }


def as_json(result: Result, *, misses: bool = True, classes: bool = True) -> dict[str, Any]:
    """One result as plain data; without ``classes`` neither tallies by class nor faults."""

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
    }
    if classes:
        out["by_class"] = {kind: by_name(tallies) for kind, tallies in scores.by_class.items()}
        out["faults"] = dict(scores.faults)
    if misses:
        out["misses"] = {
            heading: [{"what": m.what, "detail": m.detail, "where": m.where} for m in found]
            for heading, found in scores.misses.items()
        }
    return out
