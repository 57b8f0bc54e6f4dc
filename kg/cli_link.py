"""The commands of ``kg link``: a run, the review in the terminal, and decisions in and out as SSSOM."""

from __future__ import annotations

import getpass
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg.cli import _Bar, _json_option, _n, _open, _print_json, _print_table, _stdout, _store_option, _warn
from kg.errors import Decided, KgError, StoreLocked

if TYPE_CHECKING:
    from kg.graph.show import Quotation
    from kg.link.decisions import Decision
    from kg.link.providers.base import Provider
    from kg.link.review import Option, Question, Reviewer
    from kg.link.run import LinkSummary
    from kg.link.web import Client

#: Repeated from the modules that define them, which are not to be imported for a --help; a test compares them.
PROVIDERS: Final = ("divisions", "geonames", "wikidata", "reconcile", "table")
OFFLINE: Final = ("divisions", "geonames", "table")
#: So many of the decisions that were taken back are listed.
_SHOWN: Final = 20
ROLES: Final = ("type", "parent", "alias", "code", "since", "until", "latitude", "longitude")


@click.group(invoke_without_command=True)
@_store_option
@click.option(
    "--provider",
    "names",
    type=click.Choice(PROVIDERS),
    multiple=True,
    help="Whom to ask, in this order; may be repeated.  [default: divisions, geonames; with --online wikidata, too]",
)
@click.option("--online", is_flag=True, help="Allow requests over the network.")
@click.option(
    "--contact",
    metavar="ADDRESS",
    envvar="KG_CONTACT",
    help="Your mail address or web page; services want to know who asks.",
)
@click.option("--wikidata-query", metavar="URL", help="A mirror to ask instead of Wikidata's query service.")
@click.option("--wikidata-api", metavar="URL", help="A mirror to read items from instead of Wikidata's api.php.")
@click.option("--endpoint", metavar="URL", help="The service of --provider reconcile.")
@click.option(
    "--property",
    "properties",
    metavar="ROLE=ID",
    multiple=True,
    help=f"Which property of the service tells what: type=P31. ROLE is one of {', '.join(ROLES)}.",
)
@click.option("--table", metavar="FILE", help="The CSV or TSV file of --provider table.")
@click.option("--target", metavar="NAME", help="What to call the graph of the service or table.  [default: its name]")
@click.option("--namespace", metavar="IRI", help="What the identifiers of the table begin with.")
@click.option("--types", "types_file", metavar="FILE", help="What types of the service or table are in our classes.")
@click.option("--cache", metavar="FILE", help="Where answers are kept.  [default: in the user's cache folder]")
@click.option("--max-age", type=click.FloatRange(min=0), default=30.0, show_default=True, help="For how many days.")
@click.option("--replay", is_flag=True, help="Answer from the cache alone; send nothing.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent; send and write nothing.")
@_json_option
@click.pass_context
def link(ctx: click.Context, /, store_dir: str, as_json: bool, **options: Any) -> None:
    """Tie the entities to other graphs: codes, GeoNames, Wikidata, a service or a table.

    Without options everything that can be linked from the tables that come with kg is: administrative areas to their
    GB/T 2260 code of the report's year, streets and towns to their statistical code, and to GeoNames. What is certain
    is accepted; what is not stays open, for 'kg link review'. A person's decision is never overwritten.

    \b
      kg link                                              offline, at once
      kg link --online --contact you@example.org           Wikidata, too
      kg link --provider table --table 企业.csv --namespace https://example.org/company/
      kg link --provider reconcile --endpoint URL --online --contact you@example.org
      kg link review                                       decide what is open
      kg link export decisions.sssom.tsv                   decide in a spreadsheet
    """
    ctx.obj = store_dir
    if ctx.invoked_subcommand is not None:
        for param in ctx.command.params:
            if param.name != "store_dir" and _given(ctx, param.name or ""):
                raise click.UsageError(f"{param.opts[0]} is for a run; kg link {ctx.invoked_subcommand} has none.")
        return
    from kg.link import matching, run

    _check_options(ctx, options)
    names = options["names"] or (("divisions", "geonames", "wikidata") if options["online"] else OFFLINE[:2])
    types = matching.kinds(Path(options["types_file"])) if options["types_file"] else None
    with ExitStack() as stack:
        client = stack.enter_context(_client(options | {"as_json": as_json})) if set(names) - set(OFFLINE) else None
        providers = [_provider(name, client, options) for name in names]
        bar = stack.enter_context(_Bar())
        summary = run.link(
            store_dir,
            providers,
            types=types,
            on_progress=lambda done, total, name: bar(done, total, Path(name)),
            write=not options["dry_run"],
        )
        if client is not None:
            summary.sent, summary.cached = client.sent, client.cached
    if as_json:
        _print_json(summary.as_json())
    else:
        _print_summary(summary, written=not options["dry_run"])


#: The provider that an option is for.
_FOR: Final = {
    "table": "table",
    "namespace": "table",
    "endpoint": "reconcile",
    "properties": "reconcile",
    "wikidata_query": "wikidata",
    "wikidata_api": "wikidata",
}


def _check_options(ctx: click.Context, options: dict[str, Any]) -> None:
    """Raises :class:`click.UsageError` for an option that no provider of the run would look at."""
    from kg.link.targets import TARGETS

    names = set(options["names"]) or ({"wikidata"} if options["online"] else set())
    for param in ctx.command.params:
        provider = _FOR.get(param.name or "")
        if provider and provider not in names and _given(ctx, param.name or ""):
            raise click.UsageError(f"{param.opts[0]} needs --provider {provider}.")
    if options["target"] is not None:
        if not names & {"table", "reconcile"}:
            raise click.UsageError("--target needs --provider table or --provider reconcile.")
        if (key := _key(options["target"], "")) in TARGETS:
            raise click.UsageError(f"--target {key}: the names {', '.join(sorted(TARGETS))} are taken.")


def _given(ctx: click.Context, name: str) -> bool:
    """Whether an option stands in the command, not by default or from the environment."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


@contextmanager
def _client(options: dict[str, Any]) -> Iterator[Client]:
    from kg.link.web import Client

    if not (options["online"] or options["replay"] or options["dry_run"]):
        raise click.UsageError("This provider is asked over the network; allow it with --online, or use --replay.")
    path = Path(options["cache"]) if options["cache"] else _default_cache()
    show: Callable[[str], None] | None = None
    if options["dry_run"]:
        # with --json standard output is the summary's
        show = partial(click.echo, err=options["as_json"])
    with Client(
        options["contact"],
        cache=path,
        max_age=options["max_age"] * 86400,
        replay=options["replay"],
        dry_run=show,
        tell=_warn,
    ) as client:
        yield client


def _default_cache() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("gwr-kg") / "link.sqlite"


def _provider(name: str, client: Client | None, options: dict[str, Any]) -> Provider:
    from kg.link.providers.tables import DivisionTable, GeoNamesTable

    if name == "divisions":
        return DivisionTable()
    if name == "geonames":
        return GeoNamesTable()
    if name == "table":
        from kg.link.providers.table import OwnTable

        if not options["table"]:
            raise click.UsageError("--provider table needs --table.")
        file = Path(options["table"])
        return OwnTable(file, key=_key(options["target"] or file.stem, "table"), namespace=options["namespace"] or "")
    assert client is not None
    if name == "wikidata":
        from kg.link.providers.wikidata import API, QUERY_SERVICE, Wikidata

        return Wikidata(
            client,
            api=options["wikidata_api"] or API,
            query_service=options["wikidata_query"] or QUERY_SERVICE,
        )
    from kg.link.providers.reconcile import ReconciliationService

    if not options["endpoint"]:
        raise click.UsageError("--provider reconcile needs --endpoint.")
    pairs = [each.partition("=") for each in options["properties"]]
    if wrong := [role for role, equals, id in pairs if role not in ROLES or not equals or not id]:
        raise click.UsageError(f"--property {wrong[0]}: expected ROLE=ID with a role of {', '.join(ROLES)}.")
    return ReconciliationService(
        client,
        options["endpoint"],
        properties={role: id for role, _, id in pairs} or None,
        key=_key(options["target"] or "", "reconcile"),
    )


def _key(name: str, default: str) -> str:
    """A target's name as a prefix of CURIEs: letters, digits, ``-`` and ``_``; other names are told apart by a number.

    >>> _key("my table (2)", "table"), _key("2020", "table"), _key("企业", "table")
    ('my-table-2', 't-2020', 'table-409d07')
    """
    import re
    from hashlib import sha256

    from kg.graph.vocab import PREFIXES

    key = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")
    if name and not key:
        key = f"{default}-{sha256(name.encode()).hexdigest()[:6]}"
    if not key:
        return default
    return key if key[0].isalpha() and key not in (*PREFIXES, "kg", "http", "https", "urn") else f"t-{key}"


def _print_summary(summary: LinkSummary, *, written: bool) -> None:
    rows = [(key, _n(c.exact), _n(c.close), _n(c.open), _n(c.rejected)) for key, c in sorted(summary.by_target.items())]
    if rows:
        _print_table(("target", "exact", "close", "open", "rejected"), rows, numeric=(False, True, True, True, True))
    areas = summary.areas
    if total := sum(areas.values()):
        click.echo(
            f"\nAdministrative areas named in full: {_n(total)}, of which {_n(areas['code'])} have their code, "
            f"{_n(areas['ambiguous'])} are ambiguous, {_n(areas['not in force'])} have none in the report's year, "
            f"{_n(areas['abroad'])} are abroad, {_n(areas['unknown'])} are in no table."
        )
    changed = f"{_n(summary.added)} triples added, {_n(summary.removed)} removed" if written else "nothing was written"
    asked = f"; {_n(summary.sent)} requests sent, {_n(summary.cached)} answered from the cache"
    click.echo(
        f"{_n(summary.things)} entities in {summary.seconds:.1f} s: {changed}"
        + (asked if summary.sent or summary.cached else "")
    )
    if open_ := sum(c.open for c in summary.by_target.values()):
        click.echo(f"{_n(open_)} candidates are open: kg link review")
    if summary.vanished:
        click.echo(
            f"{_n(summary.vanished)} decisions of people are on things that no report names any more: "
            "kg link export --only vanished"
        )
    for key, former, now in summary.replaced:
        _warn(f"{now} took the place of {former}, since both are called {key}; tell them apart by --target")


# review ---------------------------------------------------------------------------------------------------------------


def _reviewer_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--reviewer", metavar="NAME", envvar="KG_REVIEWER", help="Who decides.  [default: the user's name]"
    )(command)


@link.command()
@_store_option
@click.option("--target", metavar="NAME", help="Only candidates of this graph.")
@_reviewer_option
@_json_option
@click.pass_context
def review(ctx: click.Context, store_dir: str, target: str | None, reviewer: str | None, as_json: bool) -> None:
    """Decide what is open, one thing after the other; each decision is written at once.

    For each thing its candidates are shown, why each may be it and why it was not accepted, and sentences that name
    the thing.

    \b
      1, 2, …     this candidate is the thing
      c1, c2, …   this candidate is near to it (a company and its brand)
      r1, r2, …   this candidate is not the thing
      n           none of these is
      l           later; Enter alone is the same
      u           undo the last decision
      q           end
    """
    from kg.link import review as rv

    store_dir = _store_of(ctx, store_dir)
    store = _open(store_dir)
    ledger = rv.read(store)
    if target is not None and target not in ledger.targets:
        known = ", ".join(sorted(ledger.targets))
        raise KgError(f"nothing is linked to a graph {target!r} in this store", hint=f"there are: {known}")
    todo = rv.questions(ledger, target=target)
    if as_json:
        _print_json([question.as_json() for question in todo])
        return
    if not todo:
        click.echo("Nothing is open.")
        return
    sentences = {question.subject: rv.quotations(store, question.subject) for question in todo}
    del store  # a decision opens it for writing
    desk = rv.Reviewer(store_dir, reviewer or _user())
    decided, settled = _review(todo, sentences, desk)
    click.echo(f"\n{_n(decided)} decided, {_n(len(todo) - settled)} of {_n(len(todo))} left open.")


@dataclass(frozen=True, slots=True)
class _Step:
    """A decision that was taken: on which question, on which pair, and on which of the question's candidates."""

    number: int
    subject: str
    object: str
    target: str
    rejected: int | None  # the candidate's place; None if the decision settled the question


def _review(todo: list[Question], sentences: dict[str, list[Quotation]], desk: Reviewer) -> tuple[int, int]:
    """Ask, and write the answers; how many decisions were taken, and how many questions they settled."""
    steps: list[_Step] = []
    number = 0
    while number < len(todo):
        question = todo[number]
        gone = {step.rejected for step in steps if step.number == number and step.rejected is not None}
        _print_question(question, sentences[question.subject], number + 1, len(todo), gone)
        while True:
            try:
                answer = click.prompt("decide", default="l", show_default=False, prompt_suffix="> ").strip().lower()
            except click.Abort:  # the end of the input ends the review, and what was decided stands
                answer = "q"
            if answer == "q":
                return len(steps), len(_settled(todo, steps))
            if answer == "l":
                number += 1
                break
            try:
                if answer == "u":
                    if not steps:
                        click.echo("There is nothing to undo.")
                        continue
                    last = steps.pop()
                    if desk.undo(last.subject, last.object, last.target) is None:
                        click.echo("The last decision was taken back elsewhere.")
                    number = last.number
                    break
                step = _decide(question, number, gone, answer, desk)
            except StoreLocked as error:
                _warn(f"{error}; nothing was written")
                continue
            except Decided as error:
                _warn(str(error))
                number += 1
                break
            if step is not None:
                steps.append(step)
                number += number in _settled(todo, steps)
                break
            click.echo("1 accepts, c1 accepts as near, r1 rejects, n none of these, l later, u undo, q end")
    return len(steps), len(_settled(todo, steps))


def _settled(todo: list[Question], steps: list[_Step]) -> set[int]:
    """The questions that nothing is left of: an answer was found, or all candidates were rejected."""
    rejected = Counter(step.number for step in steps if step.rejected is not None)
    return {step.number for step in steps if step.rejected is None} | {
        number for number, count in rejected.items() if count == len(todo[number].options)
    }


def _decide(question: Question, number: int, gone: set[int], answer: str, desk: Reviewer) -> _Step | None:
    """Write the decision that the answer stands for; None if it stands for none.

    What is left when a candidate was rejected is still open.
    """
    from kg.link.decisions import NO_TERM
    from kg.link.model import Match

    if answer == "n":
        desk.none_of_these(question.subject, question.target)
        return _Step(number, question.subject, NO_TERM, question.target, None)
    kind, digits = (answer[0], answer[1:].strip()) if answer[:1] in ("c", "r") else ("", answer)
    if not digits.isdecimal() or not 1 <= int(digits) <= len(question.options) or int(digits) - 1 in gone:
        return None
    place = int(digits) - 1
    option = question.options[place].decision
    if kind == "r":
        desk.reject(option)
    else:
        desk.accept(option, Match.CLOSE if kind == "c" else None)
    return _Step(number, option.subject, option.object, option.target, place if kind == "r" else None)


def _print_question(question: Question, quoted: list[Quotation], number: int, total: int, gone: set[int]) -> None:
    from kg.graph.results import printable

    click.echo()
    click.echo(
        click.style(printable(question.name), bold=True)
        + f"  {'、'.join(question.classes)}"
        + click.style(f"  in {printable(question.target_name)}  ({number} of {total})", dim=True)
    )
    for quotation in quoted:
        at, end = quotation.at, quotation.at + len(quotation.quotation)
        before, behind = printable(quotation.sentence[:at]), printable(quotation.sentence[end:])
        marked = click.style(printable(quotation.quotation), bold=True, fg="yellow")
        if not sys.stdout.isatty():
            marked = f"【{printable(quotation.quotation)}】"
        click.echo(f"  {before[-60:]}{marked}{behind[:60]}")
    for i, option in enumerate(question.options, 1):
        if i - 1 not in gone:
            _print_option(i, option)


def _print_option(number: int, option: Option) -> None:
    from kg.graph.results import printable

    decision, facts = option.decision, option.facts
    name = printable(facts.label or decision.object_label)
    score = f"{decision.confidence:.2f}" if decision.confidence is not None else ""
    more = "  ".join(printable(part) for part in (facts.code or "", facts.description) if part)
    click.echo(f"  {click.style(str(number), bold=True)}  {name}  {more}  {click.style(score, dim=True)}".rstrip())
    click.echo(click.style(f"     {printable(decision.object)}", dim=True))
    for reason in option.reasons:
        colour = {"+": "green", "-": "red"}.get(reason[:1])
        click.echo("     " + click.style(printable(reason), fg=colour))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a machine without a name for the user
        return ""


def _store_of(ctx: click.Context, store_dir: str) -> str:
    """The store of the subcommand, or that of the group if only this one was given: kg link --store DIR review."""
    given = ctx.get_parameter_source("store_dir")
    explicit = given is not None and given.name not in ("DEFAULT", "DEFAULT_MAP")
    return store_dir if explicit or not ctx.obj else str(ctx.obj)


# export, import, undo -------------------------------------------------------------------------------------------------


@link.command()
@click.argument("file", metavar="[FILE]", required=False)
@_store_option
@click.option(
    "--only",
    type=click.Choice(["accepted", "rejected", "open", "vanished"]),
    help="Only decisions of this kind; vanished: on things that no report names any more.  [default: all]",
)
@click.pass_context
def export(ctx: click.Context, file: str | None, store_dir: str, only: str | None) -> None:
    """Write the decisions as SSSOM/TSV to FILE, or to standard output.

    One row for each pair. To decide in a spreadsheet, change the column 'judgement' from open to accepted or rejected,
    and read the file with 'kg link import'. The column 'exported' tells which rows were edited; leave it as it is.
    """
    from kg.graph.export import whole_file
    from kg.link import review as rv
    from kg.link import sssom, things
    from kg.link.model import Judgement

    store = _open(_store_of(ctx, store_dir))
    ledger = rv.read(store)
    if only == "vanished":
        text = sssom.export(ledger, subjects=things.vanished(store, {d.subject for d in ledger.decisions.values()}))
    else:
        text = sssom.export(ledger, only=Judgement(only) if only else None)
    if file is None or file == "-":
        _stdout().write(text.encode())
        return
    with whole_file(Path(file)) as out:
        out.write(text.encode())
    click.echo(f"{_n(sum(not line.startswith('#') for line in text.splitlines()) - 1)} decisions in {file}", err=True)


@link.command(name="import")
@click.argument("file", metavar="FILE")
@_store_option
@_reviewer_option
@click.option("--overwrite", is_flag=True, help="Let edited rows go before what people have decided since the export.")
@_json_option
@click.pass_context
def import_(
    ctx: click.Context, file: str, store_dir: str, reviewer: str | None, overwrite: bool, as_json: bool
) -> None:
    """Take the decisions of an SSSOM/TSV file, '-' for standard input.

    Rows that were edited count as decisions of REVIEWER, or of who stands in the row; so do all rows of other tools.
    Rows that say otherwise than what people have decided since the export are left, and told. Decisions of people that
    the store does not have come in again. A file with a wrong row changes nothing.
    """
    from kg.errors import ReadError
    from kg.graph.store import ensure_ontology, mark_written, open_store
    from kg.link import sssom
    from kg.link.decisions import read_ledger, write_ledger
    from kg.link.review import now
    from kg.link.things import links_base, vanished

    store_dir = _store_of(ctx, store_dir)
    _open(store_dir)  # an import makes no store
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        # what spreadsheets call Unicode is UTF-16
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise ReadError("not in UTF-8", file=file, hint="save it from the spreadsheet as UTF-8") from None
    except OSError as error:
        raise ReadError(error.strerror or str(error), file=file) from None
    store = open_store(store_dir)
    try:
        ensure_ontology(store)
        base = links_base(store)
        if base is None:
            raise KgError(f"there is no report in the store in {store_dir}", hint="build one with: kg build")
        ledger = read_ledger(store, base)
        before = ledger.states()
        done = sssom.import_(ledger, text, file=file, reviewer=reviewer or _user(), recorded=now(), overwrite=overwrite)
        unknown = vanished(store, {decision.subject for decision in done.decisions})
        if any(write_ledger(store, ledger, before=before)):
            mark_written(store_dir)
    finally:
        del store
    for line, why in done.conflicts:
        _warn(f"{file}:{line}: left as it is, decided since the export: {why}")
    if unknown:
        some = ", ".join(sorted(unknown)[:3]) + (", …" if len(unknown) > 3 else "")
        _warn(f"{_n(len(unknown))} things with decisions are in no report of this store: {some}")
    if as_json:
        _print_json(
            {
                "rows": done.rows,
                "decided": done.decided,
                "restored": done.restored,
                "takenBack": done.taken_back,
                "overwritten": done.overwritten,
                "added": done.added,
                "conflicts": [{"line": line, "decided": why} for line, why in done.conflicts],
                "unknown": sorted(unknown),
            }
        )
        return
    more = [
        f"{_n(number)} {what}"
        for number, what in (
            (done.taken_back, "taken back"),
            (done.overwritten, "overwritten"),
            (len(done.conflicts), "left, decided since"),
        )
        if number
    ]
    decided = f"{_n(done.decided)} decisions taken" + (f" ({_n(done.restored)} restored)" if done.restored else "")
    click.echo(f"{_n(done.rows)} rows: " + ", ".join([decided, f"{_n(done.added)} added as they are", *more]))


@link.command()
@click.argument("name", metavar="[NAME]", required=False)
@_store_option
@click.option("--target", metavar="NAME", help="Only decisions on things of this graph.")
@click.option("--import", "whole_import", is_flag=True, help="All decisions that the newest import brought.")
@click.pass_context
def undo(ctx: click.Context, name: str | None, store_dir: str, target: str | None, whole_import: bool) -> None:
    """Take back the newest decision of people, or the newest on the thing of that name or IRI.

    What the last run found holds again.
    """
    from kg.graph.show import look_up
    from kg.link import review as rv

    store_dir = _store_of(ctx, store_dir)
    if whole_import:
        if name or target:
            raise click.UsageError("--import takes back the newest import, whatever it is on; leave out the name.")
        _print_undone(rv.Reviewer(store_dir).undo_import(), "nothing that was imported is left")
        return
    store = _open(store_dir)
    mine = [d for d in rv.read(store).decisions.values() if d.manual and target in (None, d.target)]
    if name:
        # a thing that has gone from the reports is known by what was decided on it
        subjects = {d.subject for d in mine if name in (d.subject, d.subject_label)}
        subjects = subjects or {thing.iri for thing in look_up(store, name)}
        mine = [d for d in mine if d.subject in subjects]
    del store
    newest = max(mine, key=lambda d: (d.moment, d.key), default=None)
    taken = rv.Reviewer(store_dir).undo(newest.subject, newest.object, newest.target) if newest is not None else None
    none = f"no decision of people on {name} is recorded" if name else "no decision of people is recorded"
    _print_undone([taken] if taken is not None else [], none)


def _print_undone(taken: Sequence[Decision], none: str) -> None:
    from kg.graph.results import printable
    from kg.link.decisions import NO_TERM

    if not taken:
        raise KgError(none)
    for each in taken[:_SHOWN]:
        what = "none of these" if each.object == NO_TERM else each.object_label or each.object
        click.echo(f"undone: {printable(f'{each.subject_label or each.subject}: {each.judgement.value}: {what}')}")
    if len(taken) > _SHOWN:
        click.echo(f"… and {_n(len(taken) - _SHOWN)} more")
