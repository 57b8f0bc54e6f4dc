"""Fill docs/evaluation.md with today's figures: ``python -m tools.evaluation [--check] [--only BLOCK]``.

A block that begins with ``<!-- figures: BLOCK -->`` is replaced, up to ``<!-- end -->``, by the table that
:data:`BLOCKS` makes.  Without the annotated reports that are not part of the project (the folder that KG_SHARED
names) the page is left as it is, as it shows their figures.  The prose between the blocks is written by hand.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from bench.ablation import ablations, table
from kg.coverage import cover
from kg.evaluate import (
    Baseline,
    Result,
    class_table,
    default_baseline,
    default_golds,
    fault_table,
    main_table,
    precision_table,
    results_of,
    text_of,
)
from kg.evaluate.reports import shared_folder
from kg.extract.extractor import rules
from kg.text.reader import read_report

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evaluation.md"
_BLOCK = re.compile(r"(<!-- figures: (?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


@lru_cache(maxsize=1)
def results() -> tuple[Result, ...]:
    """All annotated reports, measured once."""
    return results_of(default_golds())


def aside() -> frozenset[str]:
    """The reports put aside for testing."""
    file = default_baseline()
    return Baseline.load(file).measured_only if file is not None else frozenset()


def markdown(rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """A table; the first columns hold text, the others numbers."""
    header, *lines = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    rule = ["---" if i < texts else "---:" for i in range(len(header))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (header, rule, *lines))


def starred(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows, with a star behind the name of a report that was put aside."""
    return [(f"{row[0]} *" if row[0] in aside() else row[0], *row[1:]) for row in rows]


def corpus() -> str:
    """How much is annotated in each report; what is optional is not counted."""
    rows = [("report", "characters", "things", "figures", "relations", "projects with a status")]
    for gold, result in zip(default_golds(), results(), strict=True):
        annotated = json.loads(gold.read_bytes())
        begin, end = annotated.get("scope") or (0, len(read_report(text_of(gold)).text))
        scores = result.scores
        projects = sum(bool(e.get("status")) and not e.get("optional") for e in annotated["entities"])
        counts = (scores.entities.annotated, scores.observations.annotated, scores.relations.annotated, projects)
        rows.append((result.report, f"{end - begin:,}", *map(str, counts)))
    return markdown(starred(rows))


def ablation() -> str:
    """What is lost without each rule."""
    what = rules()
    header, whole, *lines = table(ablations(default_golds(), tuple(what)))
    rows = [(header[0], "what it does", *header[1:]), (whole[0], "", *whole[1:])]
    rows += [(f"`{name}`", what[name], *cells) for name, *cells in lines]
    return markdown(rows, texts=2)


def numerals() -> str:
    """What became of every numeral of the seed, and of all reports beside the annotated ones."""
    rows: list[tuple[str, ...]] = []
    for name, folder in (("seeds/", ROOT / "seeds"), *((f"{n}/", path) for n, path in collections().items())):
        found = cover([folder])
        tally = found.tally
        if not rows:
            rows.append(("", "reports", "numerals", *(kind.value for kind in tally.by_class), "unaccounted, share"))
        counts = (len(found.reports), tally.total, *tally.by_class.values())
        rows.append((name, *(f"{count:,}" for count in counts), f"{tally.share_unaccounted:.2%}"))
    return markdown(rows)


def collections() -> dict[str, Path]:
    """The folders of reports that nobody annotated, by name; they are no part of the project."""
    shared = shared_folder()
    return {name: shared / name for name in ("reports", "corpus")} if shared is not None else {}


#: the tables of the page
BLOCKS: dict[str, Callable[[], str]] = {
    "corpus": corpus,
    "scores": lambda: markdown(starred(main_table(results()))),
    "counts": lambda: markdown(starred(precision_table(results())), texts=2),
    "classes": lambda: markdown(class_table(results()), texts=2),
    "faults": lambda: markdown(fault_table(results())),
    "numerals": numerals,
    "rules": ablation,
}


def filled(text: str, only: Sequence[str] = ()) -> str:
    """The text with its blocks (of these names, or all) as they are today; KeyError for a block that none makes."""

    def block(match: re.Match[str]) -> str:
        name = match["name"]
        if only and name not in only:
            return match[0]
        return f"{match[1]}\n{BLOCKS[name]()}\n{match[3]}"

    return _BLOCK.sub(block, text)


def complete() -> bool:
    """Whether the reports that the page tells of are all there."""
    file = default_baseline()
    return (
        all(folder.is_dir() for folder in collections().values())
        and file is not None
        and {gold.name.split(".")[0] for gold in default_golds()} >= set(Baseline.load(file).reports)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.evaluation", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is out of date")
    parser.add_argument("--only", action="append", default=[], choices=list(BLOCKS), help="this block alone")
    options = parser.parse_args(arguments)
    if not complete():
        print(f"{PAGE.name}: left as it is, not all reports are there (KG_SHARED)", file=sys.stderr)
        return 0
    before = PAGE.read_text(encoding="utf-8")
    after = filled(before, options.only)
    if before == after:
        return 0
    if options.check:
        print(f"{PAGE.name} shows other figures than are measured: make docs", file=sys.stderr)
        return 1
    PAGE.write_text(after, encoding="utf-8")
    print(f"{PAGE.name} written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
