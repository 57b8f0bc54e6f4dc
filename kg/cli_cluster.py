"""``kg extract`` and ``kg load``: for more reports than one machine is for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli import _Bar, _end_with, _json_option, _making_options, _n, _print_json, _store_option, _warn
from kg.errors import KgError, ServiceError

if TYPE_CHECKING:
    from kg.cluster.load import Server
    from kg.graph.remote import Endpoint


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
@click.option(
    "--query",
    metavar="URL",
    help="Where the server takes queries, to be asked what it has already.  [default: as Oxigraph, Virtuoso, Fuseki "
    "and GraphDB have it beside --endpoint]",
)
@click.option(
    "--update",
    metavar="URL",
    help="Where it takes updates, for what is to be taken out of it.  [default: likewise]",
)
@click.option(
    "--links",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Send the server the links that the store there has, too.",
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
    query: str | None,
    update: str | None,
    links: Path | None,
    as_json: bool,
) -> None:
    """Load what 'kg extract' wrote into a store, or into a server of any make.

    MANIFEST is the manifest.json that it wrote, or the folder or URL of it. What is there already is left as it is, and
    what became of targets is computed from all that the store or the server has of an area, as 'kg build' does.

    \b
      kg load parts --store kg-store
      kg load s3://bucket/parts --endpoint http://127.0.0.1:7878/store
      kg load parts --endpoint http://127.0.0.1:7878/store --links kg-store
      kg load parts --endpoint http://host:8890/sparql-graph-crud-auth --user dba --union-graph urn:union
      kg query reports --endpoint 'http://host:8890/sparql?default-graph-uri=urn:union'
    """
    from dataclasses import asdict

    from kg.cluster import load as loading
    from kg.cluster.parts import read_manifest
    from kg.graph.store import open_store

    if endpoint is None and (query, update, links) != (None, None, None):
        raise click.UsageError("--query, --update and --links are for --endpoint.")
    listed = read_manifest(manifest)
    with _Bar() as bar:

        def told(done: int, total: int) -> None:
            bar(done, total, None)

        if endpoint is None:
            summary = loading.into_store(listed, store_dir, on_progress=told)
        else:
            password = os.environ.get("KG_ENDPOINT_PASSWORD", "")
            server = loading.Server(endpoint, protocol=protocol, user=user, password=password)
            asked, updates = _beside(server, query, update, union_graph)
            if asked is None and links is not None:
                raise click.UsageError("--links needs --query: where this server takes queries is not known.")
            summary = loading.into_server(
                listed,
                server,
                union=union,
                union_graph=union_graph,
                asked=asked,
                updates=updates,
                links=None if links is None else open_store(links, read_only=True),
                on_progress=told,
                warn=_warn,
            )
    if as_json:
        _print_json(asdict(summary))
        return
    kept = f"; {_n(summary.kept)} were there already" if summary.kept else ""
    click.echo(
        f"{_n(summary.reports)} reports, {_n(summary.triples)} triples, into {endpoint or store_dir} "
        f"in {summary.seconds:.1f} s{kept}"
    )


def _beside(
    server: Server, query: str | None, update: str | None, union_graph: str | None
) -> tuple[Endpoint | None, Server | None]:
    """The server as it takes queries and updates; None where it does not, or nobody knows where."""
    from kg.cluster.served import addresses, with_union

    guessed = addresses(server.url, protocol=server.protocol, union_graph=union_graph)
    where = with_union(query, union_graph) if query is not None else guessed[0]
    asked = server.asked_at(where) if where else None
    told = "where it takes queries is not known"
    if asked is not None:
        try:
            asked.query("SELECT ?s { ?s ?p ?o } LIMIT 1")
        except KgError as error:
            if query is not None:  # it was said that it does
                raise
            told, asked = error.message, None
    if asked is None:
        _warn(
            f"warning: what the server has already is not known: {told}. So it gets no verdicts on targets, and all "
            "reports anew; name the address with --query"
        )
        return None, None
    where = update if update is not None else guessed[1]
    updates = server.updated_at(where) if where else None
    if updates is not None and update is None:
        try:
            updates.update("CLEAR SILENT GRAPH <urn:kg:nothing>")
        except ServiceError:
            updates = None  # and who needs it is told
    return asked, updates
