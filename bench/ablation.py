"""What each rule of the extractor brings: the scores of all annotated reports with and without it.

    python -m bench.ablation [RULE]... [--json OUT.json]

A figure is the mean over the reports, and how much of it is lost (or won) where the rule is left out; what does not
move is not shown.  RULE is a name such as names.lists or a part such as figures; without one, all rules are tried.
Without the folder that KG_SHARED names, only the report in seeds/ is measured.  Reports that were put aside are left
out: which rules there are is not to be decided by them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from kg.evaluate import MEASURES, Baseline, default_baseline, default_golds, evaluate, load_gold, means
from kg.extract.extractor import rules


def open_golds() -> tuple[Path, ...]:
    """The annotations that were not put aside."""
    file = default_baseline()
    aside = Baseline.load(file).measured_only if file is not None else frozenset()
    return tuple(gold for gold in default_golds() if load_gold(gold).report not in aside)


def scores(golds: Sequence[Path], without: Collection[str] = ()) -> dict[str, float]:
    """The mean of each measure over the reports."""
    return means([evaluate(gold, without=without) for gold in golds])


def ablations(golds: Sequence[Path], names: Sequence[str]) -> dict[str, dict[str, float]]:
    """The scores with all rules, under ``""``, and without each of them."""
    return {"": scores(golds), **{name: scores(golds, {name}) for name in names}}


def table(found: dict[str, dict[str, float]]) -> tuple[tuple[str, ...], ...]:
    """A header, the scores with all rules, and for each rule how they change without it."""
    whole = found[""]
    rows: list[tuple[str, ...]] = [("without", *MEASURES), ("(all rules)", *(f"{whole[m]:.3f}" for m in MEASURES))]
    for name, values in found.items():
        if name:
            moves = (values.get(m, 0.0) - whole[m] for m in MEASURES)
            rows.append((name, *(f"{move:+.3f}".replace("-", "−") if abs(move) >= 0.0005 else "" for move in moves)))
    return tuple(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rules", metavar="RULE", nargs="*")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    known = rules()
    wanted = [n for n in known if not options.rules or n in options.rules or n.split(".")[0] in options.rules]
    for asked in options.rules:
        if not any(asked in (n, n.split(".")[0]) for n in known):
            sys.exit(f"no such rule: {asked}; there are {', '.join(known)}")
    golds = open_golds()
    print(f"{len(golds)} annotated reports")
    found = ablations(golds, wanted)
    width = max(len(name) for name in wanted)
    for first, *cells in table(found):
        print(first.ljust(width), *(cell.rjust(12) for cell in cells), sep="  ")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
