"""``kg remove``: reports out of the store."""

from __future__ import annotations

import click

from kg.cli import _store_option


@click.command()
@click.argument("reports", metavar="[REPORT]...", nargs=-1)
@click.option("--area", metavar="NAME", help="Of this area alone, in full: 广州市海珠区.")
@click.option("--year", type=int, metavar="YEAR", help="Of this year alone.")
@click.option("--dry-run", is_flag=True, help="Only say which reports would go.")
@_store_option
def remove(reports: tuple[str, ...], area: str | None, year: int | None, dry_run: bool, store_dir: str) -> None:
    """Take reports out of the store, and nothing else.

    REPORT is a file, a title, or the IRI of a report or of its graph ('kg stats' lists them); --area and --year say
    which of several is meant, or without REPORT all of that area and year.

    \b
      kg remove 报告/2011.txt
      kg remove 2011.txt --area 广州市海珠区
      kg remove --area 广州市海珠区 --year 2011

    Nothing of a report stays behind, and what other reports say, too, stays. Links of its things to other graphs go
    with the next 'kg link', decisions of people stay.
    """
    from kg.audit import verdicts
    from kg.graph import remove as removing
    from kg.graph import store as stores

    if not reports and area is None and year is None:
        raise click.UsageError("Name a REPORT, or give --area or --year.")
    # to choose, it is only read: a store that is not there is not made, and a wrong name keeps nobody waiting
    graphs = removing.choose(stores.open_store(store_dir, read_only=True), reports, area=area, year=year)
    if not dry_run:
        store = stores.open_store(store_dir)
        try:
            for graph in graphs:
                stores.remove_report(store, graph)
            verdicts.refresh(store)
        finally:
            stores.mark_written(store_dir)
    for graph in graphs:
        click.echo(f"{'would remove' if dry_run else 'removed'} {graph.value}")
