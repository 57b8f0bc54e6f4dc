"""``kg extract`` and ``kg load``: for more reports than one machine is for."""

from __future__ import annotations

import os
from typing import Any

import click

from kg.cli import _Bar, _end_with, _json_option, _making_options, _n, _print_json, _store_option, _warn


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--out", required=True, metavar="URL", help="Where to: a folder, or any URL of fsspec (s3://…).")
@click.option("--scheduler", metavar="tcp://…", help="The scheduler of a Dask cluster whose workers do it.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Without --scheduler: how many processes of this machine.  [default: one for each core]",
)
@click.option("--part", type=click.IntRange(min=1), default=32, show_default=True, help="Reports in one part.")
@_making_options
@click.option("--force", is_flag=True, help="As for kg build.")
@_json_option
def extract(
    paths: tuple[str, ...],
    out: str,
    scheduler: str | None,
    workers: int | None,
    part: int,
    base_iri: str | None,
    segmenter: str,
    force: bool,
    as_json: bool,
) -> None:
    """Extract reports into files, on many machines, to be loaded into a store.

    PATH is as for 'kg build'. Below URL come parts, compressed N-Quads of some reports each, and a manifest when all is
    done. A run that was broken off does the rest when it is started again; each report is in one part, whatever died
    meanwhile. The workers of a cluster have to see the files and URL under the same names. It needs the extra
    'cluster': pip install 'gwr-kg[cluster]'.

    \b
      kg extract 报告/ --out parts
      kg extract /share/报告 --out s3://bucket/parts --scheduler tcp://10.0.0.1:8786
      kg load parts --store kg-store
    """
    from dataclasses import asdict

    from kg.cluster.extract import extract as run
    from kg.pipeline import failures_as_json

    with _Bar() as bar:
        found = run(
            paths,
            out,
            scheduler=scheduler,
            workers=workers,
            base_iri=base_iri,
            segmenter=segmenter,
            force=force,
            part=part,
            on_progress=bar,
        )
    if as_json:
        _print_json({**asdict(found), "failures": failures_as_json(found.failures)})
    elif found.reports:
        kept = f" ({_n(found.kept)} of them before)" if found.kept else ""
        click.echo(
            f"{_n(found.reports)} reports{kept}, {_n(found.triples)} triples, in {_n(found.parts)} parts of "
            f"{found.bytes / 1e6:.1f} MB in all below {out}, in {found.seconds:.1f} s"
        )
    for warning in found.warnings:
        _warn(f"warning: {warning}")
    _end_with(found.failures)


@click.command()
@click.argument("manifest", metavar="MANIFEST")
@_store_option
@click.option("--endpoint", metavar="URL", help="Load into the server whose graph store is there, instead.")
@click.option(
    "--protocol",
    type=click.Choice(["graph-store", "update"]),
    default="graph-store",
    show_default=True,
    help="What --endpoint speaks: SPARQL's Graph Store Protocol, or its Update.",
)
@click.option("--user", metavar="NAME", help="For --endpoint; the password is taken from KG_ENDPOINT_PASSWORD.")
@click.option(
    "--union/--no-union",
    default=True,
    show_default=True,
    help="Write all triples to the server's default graph, too.",
)
@click.option(
    "--union-graph", metavar="IRI", help="Write them to this graph instead, for a server without a default graph."
)
@_json_option
def load(
    manifest: str,
    store_dir: str,
    endpoint: str | None,
    protocol: Any,
    user: str | None,
    union: bool,
    union_graph: str | None,
    as_json: bool,
) -> None:
    """Load what 'kg extract' wrote into a store, or into a server of any make.

    MANIFEST is the manifest.json that it wrote, or the folder or URL of it.

    \b
      kg load parts --store kg-store
      kg load s3://bucket/parts --endpoint http://127.0.0.1:7878/store
      kg load parts --endpoint http://host:8890/sparql-graph-crud-auth --user dba --union-graph urn:union
      kg query reports --endpoint 'http://host:8890/sparql?default-graph-uri=urn:union'
    """
    from dataclasses import asdict

    from kg.cluster import load as loading
    from kg.cluster.parts import read_manifest

    listed = read_manifest(manifest)
    with _Bar() as bar:

        def told(done: int, total: int) -> None:
            bar(done, total, None)

        if endpoint is None:
            summary = loading.into_store(listed, store_dir, on_progress=told)
        else:
            password = os.environ.get("KG_ENDPOINT_PASSWORD", "")
            server = loading.Server(endpoint, protocol=protocol, user=user, password=password)
            summary = loading.into_server(
                listed, server, union=union, union_graph=union_graph, on_progress=told, warn=_warn
            )
    if as_json:
        _print_json(asdict(summary))
        return
    kept = f"; {_n(summary.kept)} were there already" if summary.kept else ""
    click.echo(
        f"{_n(summary.reports)} reports, {_n(summary.triples)} triples, into {endpoint or store_dir} "
        f"in {summary.seconds:.1f} s{kept}"
    )
