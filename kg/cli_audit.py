"""The command ``kg audit``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from kg.cli import _json_option, _n, _open, _print_json, _print_separated, _print_table, _store_option

if TYPE_CHECKING:
    from kg.audit.checks import Finding
    from kg.audit.figures import Figure

#: Repeated from kg.audit.checks, which is not to be imported for a --help; a test compares them.
CHECKS: Final = ("growth", "average growth", "multiple", "shares", "parts", "told twice", "steady", "outcome")
OUTCOMES: Final = ("consistent", "rounding", "nominal/real", "contradiction")


@click.command()
@_store_option
@click.option("--check", "checks", type=click.Choice(CHECKS), multiple=True, help="Only this check; may be repeated.")
@click.option(
    "--outcome",
    "wanted",
    type=click.Choice(OUTCOMES),
    multiple=True,
    help="List the findings of this kind; may be repeated.  [default: contradiction]",
)
@click.option("--area", metavar="NAME", help="Only figures of areas with this in their name.")
@click.option(
    "--within/--across",
    "within",
    default=None,
    help="Only findings whose figures are all of one report, or of several.  [default: both]",
)
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="How many are listed.")
@click.option("--format", type=click.Choice(["table", "csv", "tsv", "json"]), default="table", show_default=True)
@_json_option
def audit(
    store_dir: str,
    checks: tuple[str, ...],
    wanted: tuple[str, ...],
    area: str | None,
    within: bool | None,
    limit: int,
    format: str,
    as_json: bool,
) -> None:
    """Recompute what the reports let one recompute, and show what does not agree.

    \b
      growth          a growth against the amounts of its two years
      average growth  an average annual growth against the first and the last amount
      multiple        "增长1.5倍", "是2005年的2.5倍" against the amounts of the two years
      shares          the shares of the three sectors against 100 %
      parts           parts against their whole, and the share that is told of them
      told twice      the same figure in two places or two reports
      steady          "连续三年下降" against the series
      outcome         a target against what a later report says was reached

    A finding is consistent, rounding (the last digit), nominal/real (growth at constant prices against amounts of the
    years), or a contradiction: of the reports, or of the extraction, which the quotations tell.

    \b
      kg audit                                   counts, and the contradictions
      kg audit --check outcome --area 广州市     targets that were missed
      kg audit --outcome rounding --limit 100
      kg audit --format csv > findings.csv       all findings of the outcomes, for a spreadsheet
    """
    from kg.audit import run
    from kg.audit.checks import Outcome

    found = run.audit(_open(store_dir), checks=checks, area=area)
    outcomes = wanted or ("contradiction",)
    listed = [f for f in found.findings if f.outcome.value in outcomes and (within is None or f.across is not within)]
    if as_json or format == "json":
        _print_json(found.as_json() | {"findings": [run.finding_as_json(f) for f in listed]})
        return
    if format != "table":
        _print_separated([_COLUMNS, *map(_cells, listed)], "," if format == "csv" else "\t")
        return
    rows = [
        (name, *(_n(counter[outcome]) for outcome in Outcome))
        for name, counter in found.counts.items()
        if (not checks or name in checks) and name != "outcome"
    ]
    click.echo(f"{_n(found.figures)} figures")
    click.echo()
    if rows:
        _print_table(("check", *OUTCOMES), rows, numeric=(False, True, True, True, True))
    if not checks or "outcome" in checks:
        targets = found.counts["outcome"]
        kept, missed = _n(targets[Outcome.CONSISTENT]), _n(targets[Outcome.CONTRADICTION])
        click.echo(f"{'' if not rows else chr(10)}targets with an outcome: {kept} kept, {missed} missed")
    for finding in listed[:limit]:
        _print_finding(finding)
    if len(listed) > limit:
        click.echo(f"\n… and {_n(len(listed) - limit)} more: --limit")


_COLUMNS: Final = (
    "check", "outcome", "area", "indicator", "period", "told", "found", "across", "report", "begin", "sentence",
    "other_reports", "other_sentences",
)  # fmt: skip


def _cells(f: Finding) -> tuple[str | int | float, ...]:
    first, others = f.figures[0], f.figures[1:]
    return (
        f.check,
        f.outcome.value,
        f.area,
        f.indicator,
        f.period,
        f.told,
        f.found,
        "yes" if f.across else "no",
        first.report_name,
        first.places[0].begin,
        " ".join(first.places[0].sentence.split()),
        " | ".join(o.report_name for o in others),
        " | ".join(" ".join(o.places[0].sentence.split()) for o in others),
    )


def _print_finding(f: Finding) -> None:
    from kg.audit.checks import amount
    from kg.graph.results import printable

    colour = {"contradiction": "red", "nominal/real": "yellow", "rounding": "yellow"}.get(f.outcome.value, "green")
    click.echo()
    word = f.outcome.value
    if f.check == "outcome":
        word = "missed" if word == "contradiction" else "kept"
    click.echo(
        f"{click.style(word, fg=colour)}: {f.check}: "
        + click.style(printable(f"{f.area} {f.indicator} {f.period}".strip()), bold=True)
    )
    distance = ""
    if f.gap is not None:  # how far a target was passed or missed
        unit = f.figures[0].unit
        distance = f" ({'+' if f.gap >= 0 else '-'}{amount(abs(f.gap), '个百分点' if unit == '%' else unit)})"
    click.echo(f"  told {printable(f.told)}, {_WORDS.get(f.check, 'found')} {printable(f.found + distance)}")
    for figure in f.figures:
        click.echo(f"  {_quoted(figure)}")


_WORDS: Final = {
    "outcome": "reached",
    "told twice": "elsewhere",
    "steady": "the series is",
}


def _quoted(figure: Figure) -> str:
    from kg.graph.results import printable

    place = figure.places[0]
    at = max(place.sentence.find(place.quotation), 0)
    before = printable(place.sentence[max(0, at - 40) : at])
    behind = printable(place.sentence[at + len(place.quotation) :][:30])
    quotation = printable(place.quotation)
    marked = click.style(quotation, bold=True, fg="yellow") if sys.stdout.isatty() else f"【{quotation}】"
    where = click.style(f"  {printable(figure.report_name)}, {place.begin}", dim=True)
    return f"{before}{marked}{behind}{where}"
