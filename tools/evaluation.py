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

from bench.ablation import ablations, open_golds, table
from kg.coverage import cover
from kg.evaluate import (
    Baseline,
    Result,
    class_table,
    default_baseline,
    default_golds,
    fault_table,
    group_precision_table,
    load_gold,
    main_table,
    means_table,
    report_of,
    results_of,
)
from kg.evaluate.reports import shared_folder
from kg.extract.extractor import rules

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evaluation.md"
_BLOCK = re.compile(r"(<!-- figures: (?P<name>\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


@lru_cache(maxsize=1)
def results() -> tuple[Result, ...]:
    """All annotated reports, measured once."""
    return results_of(default_golds())


def baseline() -> Baseline:
    """What is known of the reports."""
    file = default_baseline()
    return Baseline.load(file) if file is not None else Baseline()


def aside() -> frozenset[str]:
    """The reports put aside for testing."""
    return baseline().measured_only


def open_results() -> tuple[Result, ...]:
    """The results of the others, which alone are told of in detail."""
    return tuple(result for result in results() if result.report not in aside())


def markdown(rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """A table; the first columns hold text, the others numbers."""
    header, *lines = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    rule = ["---" if i < texts else "---:" for i in range(len(header))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (header, rule, *lines))


def starred(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows, with a star behind the name of a report that was put aside."""
    return [(f"{row[0]} *" if row[0] in aside() else row[0], *row[1:]) for row in rows]


def corpus() -> str:
    """How much is annotated in each report, and in the project's own annotations; what is optional is not counted."""
    rows = [("report", "characters", "things", "figures", "relations", "projects with a status")]
    own: dict[bool, list[tuple[int, ...]]] = {False: [], True: []}
    for path, result in zip(default_golds(), results(), strict=True):
        gold, annotated = load_gold(path), json.loads(path.read_bytes())
        begin, end = annotated.get("scope") or (0, len(report_of(gold, path).text))
        scores = result.scores
        projects = sum(bool(e.get("status")) and not e.get("optional") for e in annotated["entities"])
        tallies = (scores.entities, scores.observations, scores.relations)
        counts = (end - begin, *(tally.annotated for tally in tallies), projects)
        if result.sourced:
            own[result.report in aside()].append(counts)
        else:
            rows.append((result.report, *(f"{count:,}" for count in counts)))
    lines = starred(rows)
    for is_aside, what in ((False, "developed with"), (True, "put aside *")):
        sums = (f"{sum(column):,}" for column in zip(*own[is_aside], strict=True))
        lines += [(f"{len(own[is_aside])} own cuttings, {what}", *sums)] if own[is_aside] else []
    return markdown(lines)


def scores() -> str:
    """The reports that are annotated beside their text, then the means of the groups, and of all."""
    beside = [result for result in results() if not result.sourced]
    shown = starred(main_table(beside)[: 1 + len(beside)])
    means = [
        (f"mean of {name if name == 'all' else f'the {name}'}, {count} reports", *values)
        for name, count, *values in means_table(baseline().grouped(results()))[1:]
        if count != "1"
    ]
    return markdown([*shown, *means])


def cuttings() -> str:
    """The project's own annotations one by one."""
    own = [result for result in results() if result.sourced]
    return markdown(starred(main_table(own)[: 1 + len(own)]))


def ablation() -> str:
    """What is lost without each rule."""
    what = rules()
    header, whole, *lines = table(ablations(open_golds(), tuple(what)))
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
    "scores": scores,
    "counts": lambda: markdown(group_precision_table(baseline().grouped(results())), texts=2),
    "classes": lambda: markdown(class_table(open_results()), texts=2),
    "faults": lambda: markdown(fault_table(open_results())),
    "numerals": numerals,
    "rules": ablation,
    "cuttings": cuttings,
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
    reports = {gold.name.split(".")[0] for gold in default_golds()} >= set(baseline().reports)
    return reports and all(folder.is_dir() for folder in collections().values())


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
