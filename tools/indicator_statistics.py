"""How often each wording of an indicator occurs in a corpus of reports, and in how many places.

    python tools/indicator_statistics.py CORPUS [--at-least 8]

CORPUS holds one folder per place with its reports as text. Prints wording, count, places and the units seen, most
frequent first: the material from which ``kg/data/indicators.tsv`` was chosen by hand. Only wordings used in at
least that many places are printed, so that no name from a single report is carried over.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from kg.errors import KgError
from kg.extract.lexicon import tokenize
from kg.extract.observations import find_observations
from kg.text.reader import read_report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--at-least", type=int, default=8, metavar="PLACES")
    options = parser.parse_args()
    count: Counter[str] = Counter()
    places: dict[str, set[str]] = defaultdict(set)
    units: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(options.corpus.glob("*/*.txt")):
        try:
            report = read_report(path)
        except KgError:
            continue
        for observation in find_observations(report, report.norm, tokenize(report.norm), ()):
            for wording in observation.wordings:
                count[wording] += 1
                places[wording].add(path.parent.name)
                units[wording][observation.unit] += 1
    for wording, times in sorted(count.items(), key=lambda item: (-item[1], item[0])):
        if len(places[wording]) >= options.at_least:
            seen = "/".join(unit or "-" for unit, _ in units[wording].most_common(3))
            print(wording, times, len(places[wording]), seen, sep="\t")


if __name__ == "__main__":
    main()
