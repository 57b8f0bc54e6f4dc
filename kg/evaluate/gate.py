"""Floors under the scores: :class:`Baseline` pins one under every measure of every report, together with the
SHA-256 of text and annotation; :func:`complaints` says what fell, :func:`raised` moves floors up.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import DataError, KgError
from kg.evaluate.reports import Result, checkout
from kg.evaluate.scoring import MEASURES


class FloorError(KgError):
    """A score is below its floor and was not allowed to be."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The floors of one report, and what they hold for."""

    text_sha256: str
    gold_sha256: str
    floors: Mapping[str, float]
    #: put aside as a test set: scored, but its misses are not for reading
    measured_only: bool = False


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
                name: Pinned(
                    pinned["text_sha256"],
                    pinned["gold_sha256"],
                    _checked(pinned["floors"]),
                    pinned.get("measured_only", False),
                )
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
                **({"measured_only": True} if p.measured_only else {}),
                "floors": {m: p.floors[m] for m in MEASURES if m in p.floors},
            }
            for name, p in sorted(self.reports.items())
        }
        content = json.dumps({"reports": reports}, ensure_ascii=False, indent=2) + "\n"
        Path(path).write_text(content, encoding="utf-8")

    @property
    def measured_only(self) -> frozenset[str]:
        """The reports of the test set."""
        return frozenset(name for name, pinned in self.reports.items() if pinned.measured_only)


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
        before = reports.get(result.report)
        sunk += [
            f"{result.report}: {measure} would sink from {floor:.4f} to {floors.get(measure, 0.0):.4f}"
            for measure, floor in (before.floors.items() if before else ())
            if floors.get(measure, 0.0) < floor
        ]
        aside = before is not None and before.measured_only
        reports[result.report] = Pinned(result.text_sha256, result.gold_sha256, floors, aside)
    if sunk and not allow_regression:
        raise FloorError("; ".join(sunk), hint="--allow-regression lowers a floor on purpose")
    return Baseline(reports)
