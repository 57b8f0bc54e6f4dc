"""What comes out of the reports of counties in ``tests/evaluation/counties``: the mean of every measure.

    python -m tools.counties            # a table
    python -m tools.counties --update   # and raise the floors that were passed

Floors are never lowered here: who has to, says why in a commit that changes ``floors.json``.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping
from pathlib import Path

from kg.evaluate import golds_in, means, results_of
from kg.evaluate.scoring import MEASURES

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "evaluation" / "counties"
FLOORS = FOLDER / "floors.json"
GROUPS = ("read", "aside")


def measured(group: str) -> dict[str, float]:
    """The mean of every measure over a group."""
    return means(results_of(golds_in(FOLDER / group)))


def floors() -> dict[str, dict[str, float]]:
    """The floors by group and measure."""
    found: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return found


def raised(old: Mapping[str, float], found: Mapping[str, float]) -> dict[str, float]:
    """Floors, each the higher of what it was and what is measured, to four places."""
    return {m: max(old.get(m, 0.0), math.floor(found[m] * 1e4 + 1e-6) / 1e4) for m in MEASURES if m in found}


def main() -> None:
    """Print the table, and raise the floors if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="raise the floors that were passed")
    arguments = parser.parse_args()
    known = floors() if FLOORS.is_file() else {}
    print("| | " + " | ".join(MEASURES) + " |")
    print("| --- |" + " ---: |" * len(MEASURES))
    for group in GROUPS:
        found = measured(group)
        print(f"| {group} | " + " | ".join(f"{found[m]:.3f}" for m in MEASURES) + " |")
        known[group] = raised(known.get(group, {}), found)
    if arguments.update:
        FLOORS.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
