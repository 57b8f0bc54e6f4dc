"""The command ``kg diff``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from kg.cli import _json_option, _n, _print_json, _print_table

if TYPE_CHECKING:
    from kg.graph.diff import Change, Fact

_KINDS: Final = ("entity", "observation", "relation")
_WHATS: Final = ("added", "lost", "changed")


@click.command()
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option("--kind", "kinds", type=click.Choice(_KINDS), multiple=True, help="Only these facts; may be repeated.")
@click.option("--what", "whats", type=click.Choice(_WHATS), multiple=True, help="Only these changes; may be repeated.")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True, help="How many are listed.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there is a difference, as diff does.")
@_json_option
def diff(
    before: str,
    after: str,
    kinds: tuple[str, ...],
    whats: tuple[str, ...],
    limit: int,
    exit_code: bool,
    as_json: bool,
) -> None:
    """Show which facts two graphs tell differently: what a new version did, with the words of the reports.

    BEFORE and AFTER are folders of stores or exported files (.ttl .nt .nq .trig .rdf .jsonld, also with .gz). Facts
    of reports that both have are compared; reports that only one has are named.

    \b
      kg diff old-store new-store
      kg diff released.nq.gz kg-store --kind observation --what changed
    """
    from kg.graph import diff as df

    found = df.diff(df.load(before), df.load(after))
    listed = [c for c in found.changes if (not kinds or c.kind in kinds) and (not whats or c.what in whats)]
    if as_json:
        _print_json(found.as_json() | {"changes": [change.as_json() for change in listed]})
    else:
        rows = [(kind, *(_n(found.counts[kind, what]) for what in _WHATS)) for kind in _KINDS]
        _print_table(("facts", *_WHATS), rows, numeric=(False, True, True, True))
        click.echo(f"\n{_n(found.same)} facts are the same.")
        for names, where in ((found.only_before, before), (found.only_after, after)):
            if names:
                click.echo(f"Only in {where}: {', '.join(names[:10])}{' …' if len(names) > 10 else ''}")
        for change in listed[:limit]:
            _print_change(change)
        if len(listed) > limit:
            click.echo(f"\n… and {_n(len(listed) - limit)} more: --limit")
    if exit_code and (found.changes or found.only_before or found.only_after):
        sys.exit(1)


def _print_change(change: Change) -> None:
    from kg.graph.results import printable

    place = change.place
    where = f"  {place.report.rsplit('/', 1)[-1]}, {place.begin}" if place else ""
    quotation = printable(place.quotation) if place else ""
    click.echo(f"\n{click.style(change.what, bold=True)} {change.kind}: 【{quotation}】{click.style(where, dim=True)}")
    for sign, colour, fact in (("-", "red", change.before), ("+", "green", change.after)):
        if fact is not None:
            click.echo(click.style(f"  {sign} {printable(_line(fact))}", fg=colour))


def _line(fact: Fact) -> str:
    return " · ".join(part for part in fact.says.split("|") if part)
