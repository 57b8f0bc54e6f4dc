"""What comes out of the sets of annotated reports that have floors of their own: the mean of every measure.

    python -m tools.sets            # a table
    python -m tools.sets --update   # and raise the floors that were passed

The sets are the folders of :data:`SETS` below ``tests/evaluation``; their READMEs say what they are.  Of the
groups whose name begins with ``aside`` nothing but the mean is for reading.  A set whose texts are not all there (they
lie below the folder that KG_SHARED names) is left out.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping
from pathlib import Path

from kg.evaluate import golds_in, means, results_of
from kg.evaluate.reports import has_text
from kg.evaluate.scoring import MEASURES

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "evaluation"
SETS = ("counties", "districts")


def groups(name: str) -> tuple[str, ...]:
    """The groups of a set: its folders."""
    return tuple(sorted(path.name for path in (FOLDER / name).iterdir() if path.is_dir()))


def complete(name: str) -> bool:
    """Whether the texts of a set are all there."""
    return all(has_text(gold) for group in groups(name) for gold in golds_in(FOLDER / name / group))


def measured(name: str, group: str) -> dict[str, float]:
    """The mean of every measure over a group of a set."""
    return means(results_of(golds_in(FOLDER / name / group)))


def floors(name: str) -> dict[str, dict[str, float]]:
    """The floors of a set by group and measure; none where there are no floors yet."""
    file = FOLDER / name / "floors.json"
    found: dict[str, dict[str, float]] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def raised(old: Mapping[str, float], found: Mapping[str, float]) -> dict[str, float]:
    """Floors, each the higher of what it was and what is measured, to four places."""
    return {m: max(old.get(m, 0.0), math.floor(found[m] * 1e4 + 1e-6) / 1e4) for m in MEASURES if m in found}


def main() -> None:
    """Print the table, and raise the floors if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="raise the floors that were passed")
    arguments = parser.parse_args()
    print("| | | " + " | ".join(MEASURES) + " |")
    print("| --- | --- |" + " ---: |" * len(MEASURES))
    for name in filter(complete, SETS):
        known = floors(name)
        for group in groups(name):
            found = measured(name, group)
            print(f"| {name} | {group} | " + " | ".join(f"{found[m]:.3f}" for m in MEASURES) + " |")
            known[group] = raised(known.get(group, {}), found)
        if arguments.update:
            (FOLDER / name / "floors.json").write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
