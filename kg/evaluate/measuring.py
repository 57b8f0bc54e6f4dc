"""One run of ``kg evaluate``: which reports, against which floors, compared with which earlier run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError, KgError
from kg.evaluate.gate import Baseline, complaints, default_baseline, raised
from kg.evaluate.groups import Group
from kg.evaluate.reports import Result, default_golds, golds_in, left_out, results_of, shared_folder, texts_for
from kg.evaluate.runs import Change, Run, changes, run_of
from kg.evaluate.scoring import Miss


@dataclass(frozen=True, slots=True)
class Measuring:
    """What is to be measured; made by :meth:`of`."""

    golds: tuple[Path, ...]
    texts: tuple[Path | None, ...]
    baseline: Baseline
    baseline_file: Path | None
    before: Run | None
    kept: Run | None
    last_run: Path | None
    #: things that the user should know
    notices: tuple[str, ...]

    @classmethod
    def of(
        cls,
        golds: Sequence[str | Path] = (),
        texts: Sequence[str | Path] = (),
        *,
        baseline: str | Path | None = None,
        last_run: str | Path | None = None,
        since: str | Path | None = None,
    ) -> Measuring:
        """Settle what the arguments of the command mean.

        Raises :class:`ValueError` where texts and annotations do not match in number, and a
        :class:`kg.errors.KgError` for a file that is missing or malformed.
        """
        notices: list[str] = []
        if golds:
            paths = tuple(path for given in golds for path in golds_in(given))
        else:
            paths = default_golds()
            notices += _missing()
        file = Path(baseline) if baseline is not None else default_baseline()
        there = file is not None and file.exists()
        floors = Baseline.load(file) if file is not None and there else Baseline()
        kept = Run.load(last_run) if last_run else None
        before = kept
        if since is not None:
            before = Run.load(since)
            if before is None:
                raise DataError("there is no such run", file=since)
        return cls(
            paths,
            texts_for(paths, texts),
            floors,
            file,
            before,
            kept,
            Path(last_run) if last_run else None,
            tuple(notices),
        )

    @property
    def measured_only(self) -> frozenset[str]:
        """The reports of which nothing but scores is shown and kept."""
        return self.baseline.measured_only

    def groups(self, results: Sequence[Result]) -> dict[Group, tuple[Result, ...]]:
        """The results by group."""
        return self.baseline.grouped(results)

    def shown(self, results: Sequence[Result]) -> tuple[Result, ...]:
        """The results of which more than scores may be shown."""
        return tuple(result for result in results if result.report not in self.measured_only)

    def run(self, *, segmenter: str = "rjieba") -> tuple[Result, ...]:
        """Measure."""
        return results_of(self.golds, self.texts, segmenter=segmenter)

    def changes(self, results: Sequence[Result]) -> tuple[Change, ...]:
        """What is right and wrong since the run to compare with; nothing where there is none."""
        if self.before is None:
            return ()
        return changes(self.before, results, measured_only=self.measured_only)

    def complaints(self, results: Sequence[Result]) -> tuple[str, ...]:
        """How the reports that have floors break them."""
        return complaints(self.baseline, [r for r in results if r.report in self.baseline.reports])

    def keep(self, results: Sequence[Result]) -> None:
        """Keep the run, if there is a place for it."""
        if self.last_run is not None:
            run_of(results, self.kept, measured_only=self.measured_only).save(self.last_run)

    def raise_floors(self, results: Sequence[Result], *, allow_regression: bool = False) -> bool:
        """Write the floors anew; tells whether any was other than before.

        Raises :class:`~kg.evaluate.gate.FloorError` where one would sink and that is not allowed.
        """
        if self.baseline_file is None:
            raise KgError("there are no floors here", hint="--baseline names their file")
        after = raised(self.baseline, results, allow_regression=allow_regression)
        if after == self.baseline:
            return False
        after.save(self.baseline_file)
        return True


def _missing() -> Iterator[str]:
    """What is not there to be measured, in one line."""
    shared = shared_folder()
    missing = []
    if shared is None or not (shared / "evaluation" / "gold").is_dir():
        missing.append("no further annotated reports")
    if without_text := left_out():
        missing.append(f"no text for {len(without_text)} annotations of tests/evaluation")
    if missing:
        where = f" in {shared}" if shared is not None else ""
        yield f"{' and '.join(missing)}{where}: these are left out; KG_SHARED names their folder"


def miss_lines(results: Sequence[Result]) -> Iterator[str]:
    """The misses of each report as lines of text."""
    for result in results:
        for heading, misses in result.scores.misses.items():
            if misses:
                yield f"{result.report}: {heading} ({len(misses)})"
                for miss in misses:
                    yield from _miss(miss, "  ")
                yield ""


def _miss(miss: Miss, mark: str) -> Iterator[str]:
    yield f"{mark}{miss}"
    if miss.where:
        yield f"      {miss.where}"


def change_lines(found: Sequence[Change]) -> Iterator[str]:
    """The changes of each report as lines of text: ``-`` is no longer listed as wrong, ``+`` is now."""
    for change in found:
        moves = [
            f"{measure} {'-' if before is None else f'{before:.3f}'} → {'-' if now is None else f'{now:.3f}'}"
            for measure, (before, now) in change.moved.items()
        ]
        yield f"{change.report} since the last run: {', '.join(moves) or 'the same scores'}"
        if not change.same_input:
            yield "  (its text or annotation is not that of the last run)"
        for heading in {**change.mended, **change.spoiled}:
            yield f"  {heading}"
            for what in change.mended.get(heading, ()):
                yield f"    - {what}"
            for miss in change.spoiled.get(heading, ()):
                yield from _miss(miss, "    + ")
        yield ""
