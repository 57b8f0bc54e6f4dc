"""The command line: arguments, printing, exit statuses; what it does is in the other modules.

Nothing but click is imported before a command runs, so that ``kg --help`` and a cold ``kg build`` are quick.
Data goes to standard output, progress and messages to standard error.  Exit status 0 is success, 1 a failure
(every :class:`~kg.errors.KgError` becomes one line, here and nowhere else), 2 wrong usage, 130 and 143 an end
by Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from kg import cli_watch
from kg.errors import KgError, QueryError, ReadError

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.coverage import Coverage, Unaccounted
    from kg.extract.coverage import Tally
    from kg.graph.queries import Parameter, Template
    from kg.graph.reading import Readable
    from kg.graph.results import Result, Table
    from kg.graph.show import Quotation, Thing
    from kg.graph.validate import Finding
    from kg.pipeline import BuildSummary

# Repeated from the modules that define them, which are not to be imported for a --help; a test compares them.
TABLE_FORMATS: Final = ("table", "csv", "tsv", "json", "xml")
GRAPH_FORMATS: Final = ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml")
EXPORT_FORMATS: Final = ("turtle", "ntriples", "nquads", "trig", "jsonld")
COVERAGE_FORMATS: Final = ("table", "csv", "tsv", "json")
EXPORT_GRAPHS: Final = ("report", "ontology", "links", "verdicts", "builds", "all")
DEFAULT_STORE: Final = "kg-store"

_ENDINGS: Final = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".jsonld": "jsonld",
}


class Failure(click.ClickException):
    """A failure that is no wrong usage: one line, exit status 1."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        _error(self.message)


class Kg(click.Group):
    """The group of all commands, and the one place in which the library's errors become messages."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "audit", "diff", "extract", "link", "load", "remove"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "link":
            from kg.cli_link import link

            return link
        if cmd_name == "audit":
            from kg.cli_audit import audit

            return audit
        if cmd_name == "diff":
            from kg.cli_diff import diff

            return diff
        if cmd_name == "remove":
            from kg.cli_remove import remove

            return remove
        if cmd_name in ("extract", "load"):
            from kg import cli_cluster

            return cli_cluster.extract if cmd_name == "extract" else cli_cluster.load
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            if os.environ.get("KG_DEBUG"):
                raise
            raise Failure(" ".join(str(error).split())) from error
        except OSError as error:
            if error.errno == errno.EPIPE or os.environ.get("KG_DEBUG"):  # click ends quietly when a reader goes away
                raise
            told = error.strerror or " ".join(str(error).split())
            if told.startswith("IO error"):  # RocksDB's
                told = f"the store cannot be read: {told}"
            raise Failure(f"{error.filename}: {told}" if error.filename else told) from error
        except RuntimeError as error:
            # what Oxigraph raises in the midst of reading; whatever else it is, is a fault of ours
            if not str(error).startswith(("Corruption", "IO error")) or os.environ.get("KG_DEBUG"):
                raise
            from kg.graph.store import DAMAGED

            raise Failure(f"{DAMAGED}: {' '.join(str(error).split())}") from error
        except MemoryError as error:
            raise Failure("this takes more memory than there is") from error
        except KeyboardInterrupt as error:
            _error(cli_watch.message(error))
            sys.exit(cli_watch.status(error))


def main() -> None:
    """The entry point of ``kg``."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a name in Chinese is no reason to fail in a terminal without it
            stream.reconfigure(errors="backslashreplace")
    try:
        with _watch.on():
            cli.main(prog_name="kg")
    except KeyboardInterrupt as error:  # before a command ran
        _error(cli_watch.message(error))
        sys.exit(cli_watch.status(error))
    finally:
        gc.freeze()  # or the interpreter would go through all the word lists on its way out, and find nothing


def _error(message: str) -> None:
    click.echo(f"{click.style('kg: error:', fg='red', bold=True)} {_safe(message)}", err=True)


def _safe(text: str) -> str:
    """The text with what could steer a terminal made visible: names of files are not ours."""
    if text.isprintable():
        return text
    from kg.graph.results import printable

    return printable(text)


_watch = cli_watch.Watch(_error)


def _warn(message: str) -> None:
    click.echo(f"{click.style('kg:', fg='yellow', bold=True)} {_safe(message)}", err=True)


def _store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--store",
        "store_dir",
        metavar="DIR",
        default=DEFAULT_STORE,
        show_default=True,
        envvar="KG_STORE",
        help="Folder of the store.",
    )(command)


def _endpoint_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--endpoint", metavar="URL", help="Ask the SPARQL endpoint there, of whatever make, instead of a store."
    )(command)


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command)


def _reading(store_dir: str, endpoint: str | None) -> Readable:
    """What answers at the endpoint, if one is given, instead of the store in the folder."""
    if endpoint is None:
        return _open(store_dir)
    from kg.graph.remote import Endpoint

    return Endpoint(endpoint)


def _copy(store_dir: str, endpoint: str | None) -> Store:
    """The store in the folder, or in its stead a copy in memory of what is at the endpoint: for who reads all of it."""
    if endpoint is None:
        return _open(store_dir)
    from kg.graph.remote import Endpoint

    return Endpoint(endpoint).copy()


def _open(store_dir: str) -> Store:
    from kg.graph.store import open_store

    store = open_store(store_dir, read_only=True)
    _watch.store = store_dir
    return store


def _print_json(data: Any) -> None:
    import json

    _stdout().write(json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n")


def _stdout() -> IO[bytes]:
    return sys.stdout.buffer


def _making_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What decides, beside the text, which graph is made of a report."""
    command = click.option(
        "--segmenter",
        type=click.Choice(["rjieba", "jieba"]),
        default="rjieba",
        show_default=True,
        help="What cuts the text into words: jieba's algorithm in Rust, or the original.",
    )(command)
    return click.option(
        "--base-iri", metavar="IRI", help="Where the graph's individuals live.  [default: https://w3id.org/gwr/id/]"
    )(command)


@click.group(cls=Kg, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gwr-kg", message="kg %(version)s")
def cli() -> None:
    """Turn Chinese government work reports (政府工作报告) into a knowledge graph, and ask it.

    \b
      kg build                                   build the report that comes with kg
      kg build 报告/ 2011.txt                    build folders and files of your own
      kg coverage 报告/                          what became of every numeral
      kg query                                   list the questions
      kg query indicator-over-time --indicator 地区生产总值
      kg show 琶洲                               all about one thing, with the sentences
      kg audit                                   recompute what the reports let one recompute
      kg link                                    tie it to codes, GeoNames, Wikidata, tables of your own
      kg export --format turtle -o graph.ttl     take the graph elsewhere
    """


# build ----------------------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@_store_option
@_making_options
@click.option("--area", metavar="NAME", help="The area that the reports are about, in full: 广州市海珠区.")
@click.option(
    "--level", type=click.Choice(["province", "prefecture", "county", "township"]), help="The level of its government."
)
@click.option("--year", type=int, metavar="YEAR", help="The year in which the report was given.")
@click.option("--date", metavar="DATE", help="The day, as 2011-11-08.")
@click.option("--title", metavar="TEXT", help="The title.")
@click.option("--meeting", metavar="TEXT", help="The session of the congress that it was given to.")
@click.option("--speaker", metavar="NAME", help="Who gave it.")
@click.option("--force", is_flag=True, help="Build a text that does not look like such a report all the same.")
@click.option("--rebuild", is_flag=True, help="Build reports, too, of which nothing changed since they were built.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="How many processes read and extract.  [default: one for each core, if there is enough to do]",
)
@_json_option
def build(
    paths: tuple[str, ...],
    store_dir: str,
    base_iri: str | None,
    segmenter: str,
    force: bool,
    rebuild: bool,
    workers: int | None,
    as_json: bool,
    **metadata: Any,
) -> None:
    """Build reports into the store.

    PATH is a file, a folder (its .txt, .md, .html, .pdf and .docx files) or a pattern such as '报告/*-2011.txt';
    without one, the report that comes with kg is built. Building a report again replaces exactly its part of the
    graph; one of which nothing changed since, neither text nor options nor kg itself, is left as it is.

    Area, year and the rest are read from the text. What it does not say can be given: by option for all reports
    of the call, in NAME.meta.json or NAME.meta.toml beside one, or in an INDEX.tsv in the folder.

    A report that cannot be built costs none of the others; it is named at the end, and the exit status is 1.
    """
    with ExitStack() as stack:
        if not paths or (len(paths) == 1 and Path(paths[0]).is_file()):
            # one report waits for the dictionary longer than for all else: begin with it, before anything is imported
            from kg.extract import beside

            stack.enter_context(beside.running(segmenter))
        from kg import pipeline
        from kg.text import metadata as known

        try:
            given = known.parse(metadata)
        except ValueError as error:
            raise click.UsageError(f"--{error}") from error
        summary = pipeline.build(
            paths,
            store_dir=store_dir,
            base_iri=base_iri,
            segmenter=segmenter,
            given=given,
            force=force,
            rebuild=rebuild,
            workers=workers,
            on_progress=stack.enter_context(_Bar()),
        )
    if as_json:
        _print_json(summary.as_json())
    else:
        if summary.reports:
            _print_summary(summary)
        if count := len(summary.unchanged):
            told = "report is" if count == 1 else "reports are"
            click.echo(f"{_n(count)} {told} in {summary.store} already, unchanged (--rebuild builds them again)")
    for warning in summary.warnings:
        _warn(f"warning: {warning}")
    _end_with(summary.failures)


def _end_with(failures: Sequence[KgError]) -> None:
    """Name what could not be read, one line each; the exit status says so."""
    for failure in failures:
        _error(" ".join(str(failure).split()))
    if failures:
        sys.exit(1)


class _Bar:
    """A progress bar on standard error, if that is a terminal; called with what :data:`kg.pipeline.Progress` tells."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> _Bar:
        return self

    def __call__(self, done: int, total: int, file: Path | None) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, file=sys.stderr, item_show_func=lambda name: name)
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos, _safe(file.name) if file else "")

    def __exit__(self, *raised: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


def _print_summary(summary: BuildSummary) -> None:
    count = len(summary.reports)
    click.echo(
        f"Built {count} report{'s' if count > 1 else ''} into {summary.store} "
        f"in {summary.seconds:.2f} s (words cut by {summary.segmenter})\n"
    )
    rows: list[tuple[str, ...]] = [
        (
            b.file.name,
            b.area or "?",
            str(b.year or "?"),
            _n(b.entities),
            _n(b.observations),
            _n(b.relations),
            _n(b.triples),
            _n(b.numerals.total),
            _accounted(b.numerals),
        )
        for b in summary.reports
    ]
    if count > 1:
        numerals = summary.numerals
        totals = (summary.entities, summary.observations, summary.relations, summary.triples, numerals.total)
        rows.append(("together", "", "", *map(_n, totals), _accounted(numerals)))
    columns = ("report", "area", "year", "entities", "figures", "relations", "triples", "numerals", "accounted for")
    _print_table(columns, rows, numeric=(False, False, False, *[True] * 6))
    click.echo()
    classes = [(name, _n(number)) for name, number in summary.entities_by_class.items()]
    _print_table(("class", "entities"), classes, numeric=(False, True))


def _accounted(numerals: Tally) -> str:
    """The share of the numerals that a rule explains; 100.0% only where that is all of them."""
    share = 1 - numerals.share_unaccounted
    return f"{min(share, 0.999) if numerals.unaccounted else share:.1%}"


def _n(number: int) -> str:
    return f"{number:,}"


def _print_table(columns: Sequence[str], rows: Sequence[tuple[str, ...]], numeric: Sequence[bool]) -> None:
    from kg.graph.results import Table

    safe = [tuple(map(_safe, row)) for row in rows]
    click.echo(Table(columns, safe, numeric).plain(), nl=False)


# coverage -------------------------------------------------------------------------------------------------------------


@cli.command(name="coverage")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--unaccounted", is_flag=True, help="List the numerals that no rule explains, each in its sentence.")
@click.option("--rules", is_flag=True, help="Count the numerals by the rule that explains them.")
@click.option(
    "--format",
    type=click.Choice(COVERAGE_FORMATS),
    default="table",
    show_default=True,
    help="How to print it; csv and tsv have one table, that of the reports or the one asked for.",
)
@_json_option
@click.option(
    "--segmenter", type=click.Choice(["rjieba", "jieba"]), default="rjieba", show_default=True, help="As for kg build."
)
@click.option("--force", is_flag=True, help="Read a text that does not look like such a report all the same.")
def coverage_(
    paths: tuple[str, ...],
    unaccounted: bool,
    rules: bool,
    format: str,
    as_json: bool,
    segmenter: str,
    force: bool,
) -> None:
    """Account for every numeral of reports: nothing is lost silently.

    PATH is as for 'kg build'; nothing is written into a store. Each numeral (Arabic or Chinese, a percentage, a
    fraction, 翻番, 半) is an observation, or it is none for a reason that has a name: it stands in a name, a date, an
    ordinal, a slogan or an ordinary word. What no rule explains is unaccounted: there a figure may have been missed.

    \b
      kg coverage                                the report that comes with kg
      kg coverage 报告/ --unaccounted            what is left, with file and offset
      kg coverage 报告/ --rules                  which rule explains how many
      kg coverage 报告/ --unaccounted --format csv

    A report that cannot be read costs none of the others; it is named at the end, and the exit status is 1.
    """
    from kg import coverage

    format = "json" if as_json else format
    if format in ("csv", "tsv") and unaccounted and rules:
        raise click.UsageError(f"As {format} give either --unaccounted or --rules.")
    with _Bar() as bar:
        found = coverage.cover(paths, segmenter=segmenter, force=force, on_progress=bar)
    if format == "json":
        _print_json(found.as_json(unaccounted=unaccounted, rules=rules))
    elif format != "table":
        _print_separated(_coverage_cells(found, unaccounted=unaccounted, rules=rules), "," if format == "csv" else "\t")
    elif found.reports:
        _print_coverage(found, unaccounted=unaccounted, rules=rules)
    _end_with(found.failures)


def _print_coverage(found: Coverage, *, unaccounted: bool, rules: bool) -> None:
    from kg.graph.results import printable

    total = found.tally
    names = _short_names([covered.file for covered in found.reports])
    tallies = [(name, covered.tally) for name, covered in zip(names, found.reports, strict=True)]
    if len(tallies) > 1:
        tallies.append(("together", total))
    rows = [(name, _n(t.total), *map(_n, t.by_class.values()), f"{t.share_unaccounted:.2%}") for name, t in tallies]
    columns = ("report", "numerals", *(kind.value for kind in total.by_class), "share")
    _print_table(columns, rows, numeric=(False, *[True] * (len(columns) - 1)))
    if rules:
        click.echo()
        by_rule = [(kind.value, rule or "-", _n(number)) for kind, rule, number in total.rules()]
        _print_table(("class", "rule", "numerals"), by_rule, numeric=(False, False, True))
    if unaccounted and found.unaccounted:
        click.echo()
        for numeral in found.unaccounted:
            place = click.style(f"{printable(str(numeral.file))}:{numeral.begin}:", dim=True)
            click.echo(f"{place} {_marked(numeral)}")


def _marked(numeral: Unaccounted) -> str:
    """The sentence with its numeral in bold, or between 【】 where there is no bold."""
    from kg.graph.results import printable

    before, behind = map(printable, numeral.around(150))
    text = printable(numeral.text)
    return f"{before}{click.style(text, bold=True, fg='yellow') if sys.stdout.isatty() else f'【{text}】'}{behind}"


def _short_names(files: Sequence[Path]) -> list[str]:
    """The files' paths without the folder that they have in common."""
    from kg.graph.results import printable

    common = os.path.commonpath([file.resolve().parent for file in files])
    return [printable(os.path.relpath(file.resolve(), common)) for file in files]


def _coverage_cells(found: Coverage, *, unaccounted: bool, rules: bool) -> list[tuple[str | int | float, ...]]:
    """The one table that csv and tsv have, its header first."""
    if unaccounted:
        listed = [(str(n.file), n.begin, n.end, n.text, n.at, n.sentence) for n in found.unaccounted]
        return [("report", "begin", "end", "numeral", "at", "sentence"), *listed]
    if rules:
        return [("class", "rule", "numerals"), *((kind.value, rule, n) for kind, rule, n in found.tally.rules())]
    columns = ("report", "numerals", *(kind.value for kind in found.tally.by_class), "share_unaccounted")
    rows: list[tuple[str | int | float, ...]] = [columns]
    for file, tally in ((str(covered.file), covered.tally) for covered in found.reports):
        rows.append((file, tally.total, *tally.by_class.values(), round(tally.share_unaccounted, 6)))
    return rows


def _print_separated(rows: Sequence[tuple[str | int | float, ...]], delimiter: str) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    _stdout().write(out.getvalue().encode())


# query ----------------------------------------------------------------------------------------------------------------


class Templates(click.Group):
    """Each template of ``queries/`` as a command; only the one that is asked for is read."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from kg.graph.queries import template_files

        return [path.stem for path in template_files()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from kg.graph.queries import load_template, template_files

        path = next((path for path in template_files() if path.stem == cmd_name), None)
        return template_command(load_template(path)) if path else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            near = get_close_matches(args[0], known, 3, 0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "'kg query' lists them."
            raise click.UsageError(f"There is no query {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


@cli.group(cls=Templates, invoke_without_command=True, subcommand_metavar="[NAME [OPTIONS]]")
@click.pass_context
def query(ctx: click.Context) -> None:
    """Ask one of the questions in stock; alone it lists them.

    'kg query NAME --help' says what a question takes, such as

    \b
      kg query growth-between --from 2006 --to 2010
      kg query enterprises-settled --place 琶洲 --format csv
    """
    if ctx.invoked_subcommand is None:
        from kg.graph.queries import load_templates

        for topic, templates in by_topic(load_templates().values()):
            click.echo(click.style(topic, bold=True))
            size = max(len(t.name) for t in templates)
            for template in templates:
                click.echo(f"  {template.name:{size}}  {template.summary} {template.summary_zh}")
            click.echo()
        click.echo("kg query NAME --help says what a question takes.")


def by_topic(templates: Any) -> list[tuple[str, list[Template]]]:
    """The templates by their first tag; topics and templates sorted."""
    topics: dict[str, list[Template]] = {}
    for template in templates:
        topics.setdefault(template.topic, []).append(template)
    return sorted((topic, sorted(members, key=lambda t: t.name)) for topic, members in topics.items())


class _Value(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click only
    """A value that fits a template's parameter."""

    def __init__(self, parameter: Parameter) -> None:
        self.parameter = parameter
        self.name = {"string": "TEXT", "iri": "IRI", "integer": "NUMBER", "decimal": "NUMBER", "date": "DATE"}.get(
            parameter.kind, "NAME"
        )
        if parameter.choices:
            self.name = "|".join(parameter.choices)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            self.parameter.term(value)
        except ValueError:
            self.fail(f"takes {self.parameter.takes}, not {value!r}", param, ctx)
        return str(value)


class _Rows(click.ParamType):  # type: ignore[type-arg]
    """A number of rows."""

    name = "NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not str(value).isdecimal() or len(str(value)) > 9:
            self.fail(f"takes a whole number, not {value!r}", param, ctx)
        return int(value)


def template_command(template: Template) -> click.Command:
    """The command of a template, its help made from the file's header."""

    def run_template(
        store_dir: str, endpoint: str | None, format: str | None, limit: int | None, show: bool, **values: Any
    ) -> None:
        from kg.graph import queries

        given = {name: value for name, value in values.items() if value}
        text = template.bind(**given, limit=limit)
        if show:
            _stdout().write(text.encode())
            return
        store = _reading(store_dir, endpoint)
        _hint_at_names(store, template, given)
        _print_result(queries.run(store, text), format)

    params: list[click.Parameter] = []
    for parameter in template.parameters.values():
        default = ", ".join(parameter.defaults)
        params.append(
            click.Option(
                [f"--{parameter.name}", parameter.name],
                type=_Value(parameter),
                metavar=_Value(parameter).name,
                multiple=True,
                required=parameter.required and not default,
                help=parameter.doc + (f"  [default: {default}]" if default else ""),
            )
        )
    formats = GRAPH_FORMATS if template.form in ("CONSTRUCT", "DESCRIBE") else TABLE_FORMATS
    params += [
        click.Option(
            ["--limit"],
            type=_Rows(),
            metavar="NUMBER",
            help="At most so many rows." + (f"  [default: {template.limit}]" if template.limit is not None else ""),
        ),
        click.Option(["--format"], type=click.Choice(formats), help=f"How to print it.  [default: {formats[0]}]"),
        click.Option(["--sparql", "show"], is_flag=True, help="Print the query instead of asking it."),
    ]
    paragraphs = [f"{template.summary} {template.summary_zh}", template.description]
    if template.parameters:
        paragraphs.append("An option that is given several times means any of its values.")
    if template.columns:
        columns = "\n".join(f"  {column.name:14}{column.doc}" for column in template.columns)
        paragraphs.append("\b\nColumns:\n" + columns)
    if template.examples:
        examples = "\n".join(f"  kg query {template.name} {example}" for example in template.examples)
        paragraphs.append("\b\nExample:\n" + examples)
    command = click.Command(
        template.name,
        params=params,
        callback=run_template,
        help="\n\n".join(paragraphs),
        short_help=template.summary,
    )
    _store_option(command)
    _endpoint_option(command)
    return command


def _hint_at_names(store: Readable, template: Template, given: dict[str, tuple[str, ...]]) -> None:
    from kg.graph.show import is_name, similar

    for name, values in given.items():
        if not template.parameters[name].is_name:
            continue
        for value in values:
            if not is_name(store, value):
                near = similar(store, value)
                _warn(f"nothing is called {value!r}" + (f"; similar: {', '.join(near)}" if near else ""))


def _print_result(result: Result, format: str | None) -> None:
    chosen = format or result.default_format()
    if chosen == "table" and sys.stdout.isatty():
        _print_rich(result.table())
    else:
        result.write(_stdout(), chosen)


def _print_rich(table: Table) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column, numeric in zip(table.columns, table.numeric, strict=True):
        shown.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))  # as text: names may hold square brackets
    Console(highlight=False).print(shown)
    count = len(table.rows)
    click.echo(f"{count} row{'' if count == 1 else 's'}", err=True)


@cli.command(name="sparql")
@click.argument("text", metavar="[QUERY]", required=False)
@click.option("-f", "--file", "file", metavar="FILE", help="Read the query from a file; '-' is standard input.")
@click.option(
    "--format",
    type=click.Choice(TABLE_FORMATS + GRAPH_FORMATS),
    help="How to print the answer.  [default: table, or turtle for a graph]",
)
@_store_option
@_endpoint_option
def sparql_(text: str | None, file: str | None, format: str | None, store_dir: str, endpoint: str | None) -> None:
    """Ask anything in SPARQL 1.1.

    QUERY sees the union of all reports; '-' reads it from standard input. The prefixes of the project (gwr, skos,
    qb, nif, …) need not be declared. A query can only read: updates and SERVICE are refused.

    \b
      kg sparql 'SELECT ?park { ?p a gwr:Park ; skos:prefLabel ?park }'
      kg sparql 'DESCRIBE ?x { ?x skos:prefLabel "琶洲地区"@zh }' --format turtle
    """
    from kg.graph import queries

    if (text is None) == (file is None):
        raise click.UsageError("Give either a QUERY or --file.")
    source = text if text is not None and text != "-" else _read_query(file or "-")
    try:
        result = queries.run(_reading(store_dir, endpoint), source)
    except QueryError as error:
        if file and file != "-" and error.file is None:
            raise QueryError(error.message, file=file, line=error.line, hint=error.hint) from error
        raise
    _print_result(result, format)


def _read_query(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ReadError(f"the query cannot be read: {error.strerror}", file=file) from error
    except UnicodeDecodeError as error:
        raise ReadError("the query is not UTF-8", file=file, offset=error.start) from error


# show -----------------------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("name")
@click.option("--sentences", type=_Rows(), metavar="NUMBER", default=10, show_default=True, help="How many sentences.")
@click.option("--all", "everything", is_flag=True, help="All sentences.")
@_json_option
@_store_option
@_endpoint_option
def show(name: str, sentences: int, everything: bool, as_json: bool, store_dir: str, endpoint: str | None) -> None:
    """Show one thing: its facts, its figures over time, and the sentences that say so.

    NAME is any of its names, or its IRI; an indicator can be shown, too.

    \b
      kg show 琶洲
      kg show 地区生产总值 --sentences 3
      kg show 海珠区科技产业基地 --json
    """
    from kg.graph.show import look_up

    things = look_up(_reading(store_dir, endpoint), name)
    if as_json:
        _print_json([thing.as_json() for thing in things])
        return
    for i, thing in enumerate(things):
        if i:
            click.echo()
        _print_thing(thing, None if everything else sentences)


def _print_thing(thing: Thing, sentences: int | None) -> None:
    from kg.graph.results import printable

    click.echo(
        click.style(printable(thing.name), bold=True)
        + ("  " + "、".join(thing.class_labels) if thing.class_labels else "")
    )
    if thing.aliases:
        click.echo("also called " + "、".join(map(printable, thing.aliases)))
    click.echo(click.style(thing.iri, dim=True))
    if thing.facts:
        _heading("Facts")
        for fact in thing.facts:
            click.echo(f"  {fact.subject} {click.style(fact.label, fg='cyan')} {fact.object}")
    series = thing.series()
    for title, figures in series:
        _heading(title)
        _print_chart(figures)
    charted = {id(figure) for _, figures in series for figure in figures}
    if rest := [figure for figure in thing.figures if id(figure) not in charted]:
        _heading("Figures" if not series else "Other figures")
        is_indicator = "Indicator" in thing.classes
        rows = [
            (
                (f.area or "") if is_indicator else f.indicator,
                f.period or "",
                _MEASURES.get(f.measure, f.measure),
                _MODALITIES.get(f.modality, f.modality),
                f.text,
            )
            for f in rest
        ]
        _print_table(
            ("area" if is_indicator else "indicator", "period", "measure", "modality", "figure"), rows, [False] * 5
        )
    by_sentence: dict[tuple[str, int, str], list[Quotation]] = {}
    for quotation in thing.quotations:
        key = (quotation.report, quotation.sentence_begin, quotation.sentence)
        by_sentence.setdefault(key, []).append(quotation)
    shown = list(by_sentence.items())[:sentences]
    if shown:
        _heading("Sentences")
    for (report, begin, sentence), quotations in shown:
        click.echo(f"  {_highlighted(sentence, quotations)}  {click.style(f'{printable(report)}, {begin}', dim=True)}")
    if more := len(by_sentence) - len(shown):
        click.echo(click.style(f"  … and {more} more: --all", dim=True))


_MEASURES: Final = {"averageAnnualGrowth": "average annual growth"}
_MODALITIES: Final = {"actual": "", "target": "target"}


def _heading(text: str) -> None:
    click.echo("\n" + click.style(text, bold=True, underline=True))


def _print_chart(figures: Sequence[Any]) -> None:
    from kg.graph.results import pad, width

    largest = max(abs(figure.value) for figure in figures)
    periods = max(width(figure.period or "") for figure in figures)
    texts = max(width(figure.text) for figure in figures)
    for figure in figures:
        eighths = round(float(abs(figure.value) / largest) * 240) if largest else 0
        bar = "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
        note = " target" if figure.modality == "target" else ""
        label = f"{pad(figure.period or '', periods)}  {pad(figure.text, texts, right=True)}"
        click.echo(f"  {label}  {click.style(bar, fg='yellow' if note else 'green')}{note}".rstrip())


def _highlighted(sentence: str, quotations: Sequence[Quotation]) -> str:
    """The sentence with what it is quoted for in bold, or between 【】 where there is no bold."""
    from kg.graph.results import printable

    marks = [False] * len(sentence)
    for quotation in quotations:
        marks[quotation.at : quotation.at + len(quotation.quotation)] = [True] * len(quotation.quotation)
    out, i = [], 0
    while i < len(sentence):
        j = i
        while j < len(sentence) and marks[j] == marks[i]:
            j += 1
        part = printable(sentence[i:j])
        if marks[i]:
            part = click.style(part, bold=True, fg="yellow") if sys.stdout.isatty() else f"【{part}】"
        out.append(part)
        i = j
    return "".join(out)


# the rest -------------------------------------------------------------------------------------------------------------


@cli.command()
@click.option(
    "--format", type=click.Choice(EXPORT_FORMATS), help="Syntax.  [default: by the ending of FILE, else turtle]"
)
@click.option(
    "--graph",
    type=click.Choice(EXPORT_GRAPHS),
    default="all",
    show_default=True,
    help="What the reports say, the ontology with the code lists, the links to other graphs, what became of the "
    "targets, how and when each report was built, or all but that: the same reports then give the same bytes.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to a file (compressed if it ends in .gz), whole or not at all.  [default: '-', standard output]",
)
@_store_option
@_endpoint_option
def export(format: str | None, graph: str, output: str | None, store_dir: str, endpoint: str | None) -> None:
    """Write the graph, sorted, so that equal graphs give equal files; the same ones of an endpoint as of a store.

    \b
      kg export --format turtle -o graph.ttl
      kg export --graph report -o 海珠区.nq.gz
    """
    from kg.graph.export import export as write

    output = None if output == "-" else output
    if format is None and output is not None:
        name = Path(output)
        format = _ENDINGS.get((name.with_suffix("") if name.suffix == ".gz" else name).suffix)
    target: Any = output if output is not None else _stdout()
    count = write(_copy(store_dir, endpoint), target, format=format or "turtle", graph=graph)  # type: ignore[arg-type]
    if output is not None:
        _warn(f"{count:,} triples written to {output}")


@cli.command()
@_json_option
@_store_option
@_endpoint_option
def stats(as_json: bool, store_dir: str, endpoint: str | None) -> None:
    """Count what is in the store: reports, entities by class, figures, relations, triples."""
    from dataclasses import asdict

    from kg.graph.store import stats as count

    found = count(_reading(store_dir, endpoint))
    if as_json:
        data = asdict(found)
        data["reports"] = [{**asdict(r), "graph": r.graph.value, "report": r.report.value} for r in found.reports]
        _print_json(data)
        return
    rows = [
        (
            r.source or "?",
            r.area or "?",
            str(r.year or "?"),
            _n(r.entities),
            _n(r.observations),
            _n(r.relations),
            _n(r.triples),
        )
        for r in found.reports
    ]
    columns = ("report", "area", "year", "entities", "figures", "relations", "triples")
    _print_table(columns, rows, numeric=(False, False, False, True, True, True, True))
    click.echo()
    _print_table(("class", "entities"), [(c, _n(n)) for c, n in found.entities.items()], numeric=(False, True))
    click.echo()
    totals = {
        "entities": found.distinct_entities,
        "figures": found.observations,
        "indicators": found.indicators,
        "relations": found.relations,
        "mentions": found.mentions,
        "triples": found.triples,
    }
    _print_table(("in all", ""), [(name, _n(n)) for name, n in totals.items()], numeric=(False, True))


@cli.command()
@_json_option
@_store_option
@_endpoint_option
def validate(as_json: bool, store_dir: str, endpoint: str | None) -> None:
    """Check the graph against its shapes (SHACL), with the sentence beside each finding.

    The exit status is 1 if the graph breaks a rule; a warning is only unlikely to be right. It needs pySHACL:
    pip install 'gwr-kg[validate]'.
    """
    from dataclasses import asdict

    from kg.graph.validate import validate as check

    store = _copy(store_dir, endpoint)
    _watch.store = None  # all of it is read before anything is asked, so nothing can go on for ever
    findings = check(store)
    violations = sum(finding.is_violation for finding in findings)
    if as_json:
        _print_json({"conforms": not violations, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            _print_finding(finding)
        warnings = len(findings) - violations
        click.echo(
            f"The graph {'breaks its rules' if violations else 'conforms to its rules'}: "
            f"{_n(violations)} violation{'' if violations == 1 else 's'}, "
            f"{_n(warnings)} warning{'' if warnings == 1 else 's'}."
        )
    if violations:
        sys.exit(1)


def _print_finding(finding: Finding) -> None:
    from kg.graph.results import clip, printable

    colour = "red" if finding.is_violation else "yellow"
    rule = " ".join(finding.rule.get(language, "") for language in ("en", "zh")).strip()
    click.echo(f"{click.style(finding.severity.lower(), fg=colour)}: {printable(finding.label)}: {printable(rule)}")
    about = f"{finding.path} {finding.value}" if finding.path and finding.value else finding.path or finding.value
    if about:
        click.echo(f"  {printable(about)}")
    if finding.quotation is not None:
        click.echo(f"  {clip(printable(finding.quotation))}  ({finding.report}, {finding.offset})")
    click.echo(click.style(f"  {finding.shape}  <{finding.focus}>", dim=True))


# evaluate -------------------------------------------------------------------------------------------------------------


@cli.command()
@_store_option
@_endpoint_option
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8890, show_default=True, help="On which port; 0 takes a free one."
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a query may take.",
)
@click.option(
    "--max-rows",
    type=click.IntRange(min=1),
    default=100_000,
    show_default=True,
    metavar="NUMBER",
    help="How many rows, or triples, an answer may have.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="How many queries are evaluated at once.  [default: two for each core, at least four]",
)
@click.option(
    "--review",
    "reviewer",
    metavar="NAME",
    help="Let NAME decide on links at /review, as can whoever uses this machine.",
)
def serve(
    store_dir: str,
    endpoint: str | None,
    host: str,
    port: int,
    time_limit: float,
    max_rows: int,
    workers: int | None,
    reviewer: str | None,
) -> None:
    """Answer SPARQL over HTTP, and show the graph in the browser.

    \b
      /              the explorer
      /sparql        the endpoint: SPARQL 1.1 Protocol, queries only
      /api/queries   the questions as an API, described in /api/openapi.json
      /id/…          what an IRI of the graph stands for: a page, or RDF
      /review        the links that are open; with --review NAME to decide on

    Whatever is built into the store while the server runs is served a second later. With --endpoint the graph is read
    from a server that it was loaded into, and nothing is written there. Nobody but this machine can reach
    it unless --host says so. It needs the extra 'serve': pip install 'gwr-kg[serve]'.
    """
    try:
        import nicegui  # noqa: F401
    except ImportError:
        raise KgError("kg serve needs NiceGUI", hint="pip install 'gwr-kg[serve]'") from None
    from kg.serve import app
    from kg.serve.guard import is_loopback
    from kg.serve.pool import Limits

    if reviewer is not None:
        if not (reviewer := reviewer.strip()):
            raise click.UsageError("--review takes the name of who decides.")
        if not is_loopback(host):  # whoever reaches the server could decide
            raise click.UsageError(f"--review is for this machine alone, not for --host {host}.")
        if endpoint is not None:
            raise click.UsageError("--review writes decisions into a store; nothing is written to an --endpoint.")
    limits = Limits(seconds=time_limit, rows=max_rows)
    _watch.off()  # the server ends by itself
    app.serve(
        store_dir,
        host,
        port,
        endpoint=endpoint,
        limits=limits,
        workers=workers,
        reviewer=reviewer,
        announce=_announce,
    )


def _announce(url: str) -> None:
    click.echo(url)
    click.echo("Ctrl-C ends the server.", err=True)


@cli.command(name="evaluate")
@click.argument("golds", metavar="[GOLD]...", nargs=-1)
@click.option(
    "--text",
    "texts",
    metavar="PATH",
    multiple=True,
    help="Text of each GOLD in turn, or one folder with NAME.txt for each.  [default: what GOLD names as its source, "
    "NAME.txt beside NAME.gold.json, ../texts/NAME.txt from the folder of NAME.json]",
)
@click.option("--precision", is_flag=True, help="Print precision and recall, too; of groups where there are several.")
@click.option(
    "--by-class",
    is_flag=True,
    help="Print entities by class, observations by measure, relations; reports put aside left out.",
)
@click.option("--misses", is_flag=True, help="List what was missed, wrong or not annotated, with the text.")
@_json_option
@click.option(
    "--segmenter", type=click.Choice(["rjieba", "jieba"]), default="rjieba", show_default=True, help="As for kg build."
)
@click.option("--since", metavar="FILE", help="Compare with this run instead of the last one.")
@click.option(
    "--last-run",
    metavar="FILE",
    default=".kg-evaluation.json",  # kg.evaluate.LAST_RUN
    show_default=True,
    help="Where the last run is kept.",
)
@click.option("--no-keep", is_flag=True, help="Keep the last run as it is; do not put this one in its place.")
@click.option(
    "--baseline", metavar="FILE", help="The floors.  [default: tests/evaluation/baseline.json of the checkout]"
)
@click.option("--update", is_flag=True, help="Raise the floors to today's scores.")
@click.option("--allow-regression", is_flag=True, help="With --update: lower floors that are no longer reached.")
def evaluate_(
    golds: tuple[str, ...],
    texts: tuple[str, ...],
    precision: bool,
    by_class: bool,
    misses: bool,
    as_json: bool,
    segmenter: str,
    since: str | None,
    last_run: str,
    no_keep: bool,
    baseline: str | None,
    update: bool,
    allow_regression: bool,
) -> None:
    """Score the extraction against annotated reports, and say what changed since the last run.

    GOLD is an annotation, or a folder of them; without one, those in seeds/, in the folder that KG_SHARED names
    (../shared beside a checkout) and in tests/evaluation/annotations, whose texts are in that folder, too, are taken.
    docs/evaluation.md says what is measured and how.

    \b
      kg evaluate                                all annotated reports
      kg evaluate seeds/haizhu-2011.gold.json --misses
      kg evaluate --by-class --precision
      kg evaluate --update                       raise the floors below which `make test` fails

    A report that the floors mark as measured only is put aside for testing: nothing but its scores is shown.
    """
    from kg import evaluate as ev

    if allow_regression and not update:
        raise click.UsageError("--allow-regression goes with --update.")
    if update and segmenter != "rjieba":
        raise click.UsageError("The floors are those of rjieba; --update goes without --segmenter.")
    try:
        measuring = ev.Measuring.of(golds, texts, baseline=baseline, last_run=last_run, since=since)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    for notice in measuring.notices:
        _warn(notice)
    results = measuring.run(segmenter=segmenter)
    changes = measuring.changes(results)
    groups = measuring.groups(results)
    shown = measuring.shown(results)
    if as_json:
        reports = [ev.as_json(r, misses=misses and r in shown, classes=r in shown) for r in results]
        mean = {"groups": ev.groups_as_json(groups), "mean": ev.means(results)}
        _print_json({"segmenter": segmenter, "reports": reports, **mean})
    else:
        several = len(groups) > 1
        _print_scores(ev.grouped_table(groups) if several else ev.main_table(results))
        if several:
            _print_scores(ev.means_table(groups))
        if precision:
            _print_scores(ev.group_precision_table(groups) if several else ev.precision_table(results), texts=2)
        if by_class:
            _print_scores(ev.class_table(shown), texts=2)
            _print_scores(ev.fault_table(shown))
        if misses:
            for line in ev.miss_lines(shown):
                click.echo(line)
        for line in ev.change_lines(changes):
            click.echo(line)
    for complaint in measuring.complaints(results) if not update else ():
        _warn(complaint)
    if not no_keep:
        measuring.keep(results)
    if update and measuring.raise_floors(results, allow_regression=allow_regression):
        _warn(f"{measuring.baseline_file} written")


def _print_scores(rows: Sequence[tuple[str, ...]], *, texts: int = 1) -> None:
    header, *lines = rows
    _print_table(header, lines, numeric=[i >= texts for i in range(len(header))])
    click.echo()


if __name__ == "__main__":
    main()
