"""Floors under the scores: :class:`Baseline` pins them, together with the SHA-256 of every text and annotation;
:func:`complaints` says what fell, :func:`raised` moves floors up.

A report that is annotated beside its text has a floor under each measure.  An annotation with a source is one of many
small cuttings, read once: there a single thing more or less moves a score by a hundredth, and what is gained in one is
lost in the next.  These have one floor under the mean of each measure over their group.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import DataError, KgError
from kg.evaluate.groups import Group, means
from kg.evaluate.reports import Result, checkout, name_of, seed_golds
from kg.evaluate.scoring import MEASURES


class FloorError(KgError):
    """A score is below its floor and was not allowed to be."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The floors of one report, and what they hold for."""

    text_sha256: str
    gold_sha256: str
    #: by measure; empty for a report that has only those of its group
    floors: Mapping[str, float] = field(default_factory=dict)
    #: put aside as a test set: scored, but its misses are not for reading
    measured_only: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """The floors by report, and those under the means of a group."""

    reports: Mapping[str, Pinned] = field(default_factory=dict)
    groups: Mapping[Group, Mapping[str, float]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> Baseline:
        """Read a baseline; raises :class:`kg.errors.DataError` where it is malformed."""
        path = Path(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            reports = {
                name: Pinned(
                    pinned["text_sha256"],
                    pinned["gold_sha256"],
                    _checked(pinned.get("floors", {})),
                    pinned.get("measured_only", False),
                )
                for name, pinned in data["reports"].items()
            }
            groups = {Group(name): _checked(floors) for name, floors in data.get("groups", {}).items()}
        except OSError as error:
            raise DataError(f"cannot read the baseline: {error.strerror}", file=path) from error
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise DataError(f"not a baseline: {error!r}", file=path) from error
        return cls(reports, groups)

    def save(self, path: str | Path) -> None:
        """Write the baseline, sorted, so that a change shows as what it is."""
        reports = {
            name: {
                "text_sha256": p.text_sha256,
                "gold_sha256": p.gold_sha256,
                **({"measured_only": True} if p.measured_only else {}),
                **({"floors": _in_order(p.floors)} if p.floors else {}),
            }
            for name, p in sorted(self.reports.items())
        }
        groups = {str(group): _in_order(floors) for group, floors in sorted(self.groups.items())}
        data = {**({"groups": groups} if groups else {}), "reports": reports}
        Path(path).write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    @property
    def measured_only(self) -> frozenset[str]:
        """The reports of the test set."""
        return frozenset(name for name, pinned in self.reports.items() if pinned.measured_only)

    def group_of(self, report: str) -> Group:
        """The group of a report; one that is not pinned is none of ours."""
        pinned = self.reports.get(report)
        if pinned is not None and pinned.measured_only:
            return Group.ASIDE
        if any(report == name_of(path) for path in seed_golds()):
            return Group.SEED
        return Group.DEVELOPED if pinned is not None else Group.OTHER

    def grouped(self, results: Sequence[Result]) -> dict[Group, tuple[Result, ...]]:
        """The results by group, without groups that have none."""
        found: dict[Group, list[Result]] = {group: [] for group in Group}
        for result in results:
            found[self.group_of(result.report)].append(result)
        return {group: tuple(members) for group, members in found.items() if members}

    def _group_means(self, results: Sequence[Result]) -> Iterator[tuple[Group, dict[str, float]]]:
        """The groups that need floors because a report of theirs has none, with their means; without those of
        which not every report was measured, as the mean of the others is another one.
        """
        measured = {result.report: result for result in results}
        found: dict[Group, list[str]] = {group: [] for group in Group}
        for name in sorted(self.reports):
            found[self.group_of(name)].append(name)
        for group, members in found.items():
            if any(not self.reports[name].floors for name in members) and measured.keys() >= set(members):
                yield group, means([measured[name] for name in members])


def default_baseline() -> Path | None:
    """The baseline of the checkout; None for an installed wheel."""
    root = checkout()
    return root / "tests" / "evaluation" / "baseline.json" if root is not None else None


def _checked(floors: Mapping[str, float]) -> dict[str, float]:
    for measure, floor in floors.items():
        if measure not in MEASURES:
            raise ValueError(f"no such measure: {measure}")
        if not 0 <= floor <= 1:
            raise ValueError(f"a floor lies between 0 and 1: {floor}")
    return dict(floors)


def _in_order(floors: Mapping[str, float]) -> dict[str, float]:
    return {measure: floors[measure] for measure in MEASURES if measure in floors}


def _floor(value: float) -> float:
    """The value to four places, rounded down, so that the score itself always passes.

    >>> _floor(0.88889), _floor(1.0), _floor(0.29)
    (0.8888, 1.0, 0.29)
    """
    return math.floor(round(value * 10_000, 6)) / 10_000


def complaints(baseline: Baseline, results: Sequence[Result]) -> tuple[str, ...]:
    """One line for each way in which the results break the baseline; nothing where the gate is passed.

    A report that is not pinned, a text or annotation other than the pinned one, a measure without a floor, a
    floor that is no longer measured, and a score or mean below its floor are such ways.  The means of a group are
    compared where all of its reports were measured.
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
        if not result.sourced:
            out += _fallen(result.report, pinned.floors, result.scores.values())
    for group, values in baseline._group_means(results):
        out += _fallen(f"mean of the {group.value} group", baseline.groups.get(group, {}), values)
    return tuple(out)


def _fallen(what: str, floors: Mapping[str, float], values: Mapping[str, float]) -> Iterator[str]:
    for measure in MEASURES:
        floor, value = floors.get(measure), values.get(measure)
        if floor is None and value is not None:
            yield f"{what}: {measure} {value:.4f} has no floor"
        elif floor is not None and (value is None or _floor(value) < floor):
            yield f"{what}: {measure} {value or 0:.4f} is below its floor {floor:.4f}"


def _sinking(what: str, floors: Mapping[str, float], now: Mapping[str, float]) -> Iterator[str]:
    for measure, floor in floors.items():
        if now.get(measure, 0.0) < floor:
            yield f"{what}: {measure} would sink from {floor:.4f} to {now.get(measure, 0.0):.4f}"


def raised(baseline: Baseline, results: Sequence[Result], *, allow_regression: bool = False) -> Baseline:
    """The baseline with the floors of these results; reports that were not measured, and groups of which not every
    report was, keep theirs.

    Raises :class:`FloorError`, naming every measure, where a floor would sink and that is not allowed.
    """
    reports = dict(baseline.reports)
    sunk: list[str] = []
    for result in results:
        before = reports.get(result.report)
        aside = before is not None and before.measured_only
        floors = _floors(result.scores.values()) if not result.sourced else {}
        if before is not None and not result.sourced:
            sunk += _sinking(result.report, before.floors, floors)
        reports[result.report] = Pinned(result.text_sha256, result.gold_sha256, floors, aside)
    groups = dict(baseline.groups)
    for group, values in Baseline(reports)._group_means(results):
        floors = _floors(values)
        sunk += _sinking(f"mean of the {group.value} group", groups.get(group, {}), floors)
        groups[group] = floors
    if sunk and not allow_regression:
        raise FloorError("; ".join(sunk), hint="--allow-regression lowers a floor on purpose")
    return Baseline(reports, groups)


def _floors(values: Mapping[str, float]) -> dict[str, float]:
    return {measure: _floor(value) for measure, value in values.items()}
