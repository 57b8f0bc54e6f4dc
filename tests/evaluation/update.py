"""Raise the floors of the gate to today's scores: ``python -m tests.evaluation.update [--allow-regression]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from kg.errors import KgError
from kg.evaluate import Baseline, evaluate, main_table, raised
from tests.evaluation import BASELINE, GOLDS


def main(arguments: Sequence[str] | None = None, *, golds: dict[str, Path] = GOLDS, baseline: Path = BASELINE) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.update", description=__doc__)
    parser.add_argument("--allow-regression", action="store_true", help="lower floors that are no longer reached")
    parser.add_argument("--misses", action="store_true", help="list what was missed, wrong or not annotated")
    options = parser.parse_args(arguments)
    for name, path in golds.items():
        if not path.exists():
            print(f"{name}: left out, its annotation is not there (KG_SHARED names the folder)", file=sys.stderr)
    try:
        results = [evaluate(path) for path in golds.values() if path.exists()]
        for row in main_table(results):
            print(row[0].ljust(16), *(cell.rjust(12) for cell in row[1:]))
        if options.misses:
            for result in results:
                for heading, lines in result.scores.misses.items():
                    print(f"\n{result.report}: {heading} ({len(lines)})", *lines, sep="\n  ")
        before = Baseline.load(baseline) if baseline.exists() else Baseline()
        after = raised(before, results, allow_regression=options.allow_regression)
    except KgError as error:
        print(error, file=sys.stderr)
        return 1
    if after != before:
        after.save(baseline)
        print(f"{baseline.name} written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
