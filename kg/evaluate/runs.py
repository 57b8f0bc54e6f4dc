"""What the last run found, and what is right and wrong since."""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.errors import DataError, KgError
from kg.evaluate.reports import Result
from kg.evaluate.scoring import Miss

#: where `kg evaluate` keeps its last run, in the working folder
LAST_RUN: Final = ".kg-evaluation.json"


@dataclass(frozen=True, slots=True)
class ReportRun:
    """What one report had; ``misses`` maps a heading to what :attr:`Miss.what` named."""

    text_sha256: str
    gold_sha256: str
    scores: Mapping[str, float]
    misses: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of each report."""

    reports: Mapping[str, ReportRun] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> Run | None:
        """Read a run; None where there is none yet.

        Raises :class:`kg.errors.DataError` for a file that is no run.
        """
        path = Path(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls({name: _report_run(run) for name, run in data["reports"].items()})
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DataError(f"cannot read the last run: {error.strerror}", file=path) from error
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise DataError(f"not the file of a run: {error!r}", file=path) from error

    def save(self, path: str | Path) -> None:
        """Write the run, whole or not at all."""
        path = Path(path)
        reports = {
            name: {
                "text_sha256": run.text_sha256,
                "gold_sha256": run.gold_sha256,
                "scores": dict(run.scores),
                "misses": {heading: list(names) for heading, names in run.misses.items()},
            }
            for name, run in sorted(self.reports.items())
        }
        beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            beside.write_text(json.dumps({"reports": reports}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise KgError(f"the run cannot be kept: {error.strerror}", file=path) from error


def _report_run(data: Mapping[str, Any]) -> ReportRun:
    misses = {heading: tuple(map(str, names)) for heading, names in data["misses"].items()}
    scores = {measure: float(value) for measure, value in data["scores"].items()}
    return ReportRun(str(data["text_sha256"]), str(data["gold_sha256"]), scores, misses)


def run_of(results: Sequence[Result], before: Run | None, *, measured_only: Collection[str] = ()) -> Run:
    """The run to keep: these results, and what was known of other reports.

    Of the reports that are ``measured_only`` no miss is kept.
    """
    reports = dict(before.reports) if before is not None else {}
    for result in results:
        misses = {
            heading: tuple(miss.what for miss in found)
            for heading, found in result.scores.misses.items()
            if result.report not in measured_only
        }
        reports[result.report] = ReportRun(result.text_sha256, result.gold_sha256, result.scores.values(), misses)
    return Run(reports)


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about a report since the last run."""

    report: str
    #: whether text and annotation are those of the last run
    same_input: bool
    #: measure to the score before and now; None for one that could not be judged
    moved: Mapping[str, tuple[float | None, float | None]]
    #: by heading: what is no longer listed below it, and what is now
    mended: Mapping[str, tuple[str, ...]]
    spoiled: Mapping[str, tuple[Miss, ...]]


def changes(before: Run, results: Sequence[Result], *, measured_only: Collection[str] = ()) -> tuple[Change, ...]:
    """What got right and what got wrong in the reports that were in the last run, too, and are not as they were."""
    out = []
    for result in results:
        then = before.reports.get(result.report)
        if then is None:
            continue
        now = result.scores.values()
        moved = {
            measure: (then.scores.get(measure), now.get(measure))
            for measure in {**then.scores, **now}
            if then.scores.get(measure) != now.get(measure)
        }
        mended: dict[str, tuple[str, ...]] = {}
        spoiled: dict[str, tuple[Miss, ...]] = {}
        if result.report not in measured_only:
            for heading, misses in result.scores.misses.items():
                was = then.misses.get(heading, ())
                left = Counter(was)
                left.subtract(miss.what for miss in misses)
                mended[heading] = tuple(name for name in dict.fromkeys(was) for _ in range(left[name]))
                known = Counter(was)
                new = []
                for miss in misses:
                    if known[miss.what]:
                        known[miss.what] -= 1
                    else:
                        new.append(miss)
                spoiled[heading] = tuple(new)
        same = (then.text_sha256, then.gold_sha256) == (result.text_sha256, result.gold_sha256)
        mended = {heading: names for heading, names in mended.items() if names}
        spoiled = {heading: found for heading, found in spoiled.items() if found}
        if moved or mended or spoiled or not same:
            out.append(Change(result.report, same, moved, mended, spoiled))
    return tuple(out)
