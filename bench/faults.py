"""Kill kg while it works, over and over, and look at what is left of the store.

    python -m bench.faults [--kills 300] [--seed 6] [--only NAME] [--json OUT.json]
    python -m bench.faults --damages 100 [--seed 6]

Each operation is done once undisturbed, to learn what it gives and how long it takes; then again and again on a copy of
the same store, by the command as a user calls it, and each time the process gets SIGKILL at a random moment: a third
anywhere between its start and its end, a third anywhere between the first change in the store's folder and its end, a
third within three milliseconds of one of these changes, the n-th, whichever n.  A process that ended before its moment
came is no kill, and is done again.

After each kill it is seen whether the store opens; whether each graph is, quad by quad, wholly as it was or wholly as
the undisturbed operation makes it; whether the default graph is the union of the others.  Then the same command is
run to its end, and the sorted N-Quads of the store have to be those of the undisturbed run, byte by byte, and no file
may be in the folder that is not RocksDB's or the store's own.  "losses" counts the kills after which one of these did
not hold; they are described below the table, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import DefaultGraph, Store

from kg.errors import KgError, StoreError
from kg.graph import store as kg_store
from kg.graph.provenance import is_builds_graph
from kg.graph.vocab import term

ROOT = Path(__file__).resolve().parents[1]
SEED_REPORT = ROOT / "seeds" / "haizhu-2011.txt"
KG = (sys.executable, "-c", "from kg.cli import main; main()")

#: A store's content: the N-Quads of each named graph, sorted.
Content: TypeAlias = dict[str, tuple[str, ...]]

# the reports ----------------------------------------------------------------------------------------------------------

#: Districts beside the seed's, so that each text is a report of its own that ``kg link`` finds codes for.
DISTRICTS = ("海珠区", "天河区", "荔湾区", "白云区", "黄埔区", "番禺区")
#: So much of the seed report that building it takes a tenth of a second.
LINES, WIDTH = 16, 260


def text_of(district: str, *, edited: bool = False) -> str:
    """A short report of that district; edited, it has other figures and says one thing less."""
    lines = [line[:WIDTH] for line in SEED_REPORT.read_text(encoding="utf-8").splitlines() if line.strip()]
    text = "\n".join(lines[: LINES - edited]).replace("海珠区", district) + "\n"
    return re.sub(r"(?<=\d)7(?=\d)", "8", text) if edited else text


def write_reports(folder: Path, districts: Sequence[str], *, edited: Sequence[str] = ()) -> None:
    """Put one file for each district into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, district in enumerate(DISTRICTS):
        if district in districts:
            (folder / f"{number}.txt").write_text(text_of(district, edited=district in edited), encoding="utf-8")


# the store ------------------------------------------------------------------------------------------------------------

_INSTANT = re.compile(r'"[^"]*"\^\^<http://www\.w3\.org/2001/XMLSchema#dateTime>')


def content(store: Store) -> Content:
    """What the graphs hold; instants are left out, for they are when something was done.

    What is said of the build of a graph is written with it, and so counts to it.
    """
    graphs: dict[str, list[str]] = {}
    made = {
        quad.object: quad.subject
        for quad in kg_store.named_quads(store)
        if quad.predicate == term("prov:wasGeneratedBy")
    }
    for quad in kg_store.named_quads(store):
        graph = quad.graph_name
        if is_builds_graph(graph):
            graph = made.get(quad.subject, quad.subject if quad.predicate == term("prov:wasGeneratedBy") else graph)
        graphs.setdefault(str(graph), []).append(_INSTANT.sub('"…"', str(quad)))
    return {graph: tuple(sorted(quads)) for graph, quads in graphs.items()}


def union_holds(store: Store) -> bool:
    """Whether the default graph is the union of the others."""
    default = {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    return default == {quad.triple for quad in kg_store.named_quads(store)}


def look(folder: Path) -> tuple[Content, bool]:
    """The content of the store in the folder, and whether its union holds; of no store, nothing."""
    if not (folder / "CURRENT").is_file():
        return {}, True
    try:
        store = kg_store.open_store(folder, read_only=True)
    except StoreError as error:
        if error.message.startswith("there is no store"):  # its making was broken off
            return {}, True
        raise
    return content(store), union_holds(store)


#: What RocksDB calls its files, and our own note.
_OWN = re.compile(
    r"CURRENT|IDENTITY|LOCK|LOG(\.old\.\d+)?|(MANIFEST|OPTIONS)-\d{6}|\d{6}\.(log|sst)|" + re.escape(kg_store.WRITTEN)
)


def strays(folder: Path) -> list[str]:
    """The files in the store's folder that do not belong there."""
    return sorted(file.name for file in folder.iterdir() if not _OWN.fullmatch(file.name))


# operations -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Operation:
    """A command, and how the folder it is called in is made ready: ``store`` is the store, ``reports`` the texts."""

    name: str
    ready: Callable[[Path], None]
    command: tuple[str, ...]
    weight: int = 1


def run(folder: Path, *command: str) -> None:
    """Run ``kg`` to its end in a folder; raises ``CalledProcessError`` if it fails."""
    subprocess.run((*KG, *command), cwd=folder, env=environment(), check=True, capture_output=True)


def environment() -> dict[str, str]:
    """The environment of the commands: this checkout, and the store beside the reports."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "KG_STORE": "store", "KG_REVIEWER": "bench"}


BUILD = ("build", "reports")


def _nothing(folder: Path) -> None:
    write_reports(folder / "reports", DISTRICTS[:1])


def _beside(folder: Path) -> None:
    write_reports(folder / "reports", DISTRICTS[:1])
    run(folder, *BUILD)
    write_reports(folder / "reports", DISTRICTS[:2])


def _unchanged(folder: Path) -> None:
    write_reports(folder / "reports", DISTRICTS[:2])
    run(folder, *BUILD)


def _changed(folder: Path) -> None:
    _unchanged(folder)
    write_reports(folder / "reports", DISTRICTS[:2], edited=DISTRICTS[:2])


def _many(folder: Path) -> None:
    write_reports(folder / "reports", DISTRICTS[:4])
    run(folder, *BUILD)
    write_reports(folder / "reports", DISTRICTS, edited=DISTRICTS[2:4])


def older_store(folder: Path, *, union: bool = False) -> None:
    """Put a store into the folder as an older version left it: another ontology, and no union unless asked for."""
    _unchanged(folder)
    store = kg_store.open_store(folder / "store")
    graph = kg_store.ONTOLOGY_GRAPH
    store.update(
        f'DELETE {{ GRAPH {graph} {{ ?s ?p ?o }} }} INSERT {{ GRAPH {graph} {{ ?s ?p "older" }} }} '
        f"WHERE {{ GRAPH {graph} {{ ?s ?p ?o FILTER(isLiteral(?o)) }} }}"
    )
    store.clear_graph(DefaultGraph())
    if union:
        store.bulk_extend(type(quad)(quad.subject, quad.predicate, quad.object) for quad in list(store))
    store.flush()


def _linked(folder: Path) -> None:
    _unchanged(folder)
    run(folder, "link")


def _relinked(folder: Path) -> None:
    _linked(folder)
    write_reports(folder / "reports", DISTRICTS)
    run(folder, *BUILD)


def _decided(folder: Path) -> None:
    _linked(folder)
    run(folder, "link", "export", "decisions.tsv")
    file = folder / "decisions.tsv"
    file.write_text(file.read_text(encoding="utf-8").replace("\taccepted\t", "\trejected\t"), encoding="utf-8")


OPERATIONS = (
    Operation("build, no store yet", _nothing, BUILD, 2),
    Operation("build, another report", _beside, BUILD, 2),
    Operation("build again, nothing changed", _unchanged, BUILD),
    Operation("build again, reports edited", _changed, BUILD, 2),
    Operation("build many, new and edited", _many, BUILD, 3),
    Operation("build, store of an older version", older_store, BUILD, 2),
    Operation("link", _unchanged, ("link",), 2),
    Operation("link again, reports added", _relinked, ("link",)),
    Operation("link import", _decided, ("link", "import", "decisions.tsv"), 2),
)


# killing --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Result:
    """What became of the kills of one operation; a kill of which graphs were old and graphs new counts as both."""

    operation: str
    kills: int = 0
    old: int = 0
    new: int = 0
    both: int = 0
    writing: int = 0
    mended: int = 0
    losses: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Trial:
    """An operation made ready: a folder to copy, what is in its store before and after, and its times."""

    operation: Operation
    template: Path
    before: Content
    after: Content
    union: bool
    seconds: float
    writing: float
    changes: int


def prepare(operation: Operation, place: Path) -> Trial:
    """Make an operation ready, and do it undisturbed."""
    template, folder = place / "template", place / "whole"
    template.mkdir(parents=True)
    operation.ready(template)
    before, had_union = look(template / "store")
    shutil.copytree(template, folder)
    begun = time.perf_counter()
    with started(folder, operation.command) as process:
        moments = list(changes(process, folder / "store"))
    ended = time.perf_counter()
    if process.returncode:
        raise RuntimeError(f"{operation.name}: exit status {process.returncode}")
    after, union = look(folder / "store")
    if not union:
        raise RuntimeError(f"{operation.name}: no union")
    writing = ended - moments[0] if moments else 0.0
    return Trial(operation, template, before, after, had_union, ended - begun, writing, len(moments))


@contextlib.contextmanager
def started(folder: Path, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The command while it runs; it is killed at the end of the block if it still does."""
    process = subprocess.Popen(
        (*KG, *command), cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def changes(process: subprocess.Popen[bytes], store: Path) -> Iterator[float]:
    """When something in the folder of the store changed, each time, until the process ends."""
    known = listing(store)
    while process.poll() is None:
        if (now := listing(store)) != known:
            known = now
            yield time.perf_counter()
        time.sleep(0.0005)


def listing(folder: Path) -> list[tuple[str, int]]:
    """Names and sizes of the files in a folder; of none, nothing."""
    with contextlib.suppress(OSError):
        return sorted((file.name, file.stat().st_size) for file in os.scandir(folder))
    return []


def kill(trial: Trial, folder: Path, moment: random.Random) -> tuple[bool, bool]:
    """Run the operation in the folder and kill it: whether that was before its end, and whether it was writing."""
    third = moment.randrange(3)
    if third == 0:
        until, delay = 0, moment.random() * trial.seconds
    elif third == 1:
        until, delay = 1, moment.random() * trial.writing
    else:
        until, delay = moment.randint(1, max(1, trial.changes)), moment.random() * 0.003
    with started(folder, trial.operation.command) as process:
        seen = sum(1 for _ in itertools.islice(changes(process, folder / "store"), until))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        in_time = process.poll() is None
    return in_time and process.returncode == -signal.SIGKILL, seen > 0


def judge(trial: Trial, folder: Path, result: Result) -> None:
    """Look at what a kill left, run the operation to its end, and look again."""
    problems = []
    store = folder / "store"
    try:
        found, union = look(store)
        if not union and (trial.union or found != trial.before):
            problems.append("the default graph is not the union of the others")
        kinds = set()
        for graph in trial.before.keys() | trial.after.keys() | found.keys():
            old, now, new = (state.get(graph) for state in (trial.before, found, trial.after))
            if now not in (old, new):
                problems.append(f"{graph} is neither old nor new: {len(now or ())} quads")
            elif old != new:
                kinds.add("new" if now == new else "old")
        result.old += kinds == {"old"}
        result.new += kinds <= {"new"}
        result.both += kinds == {"old", "new"}
    except (KgError, OSError, RuntimeError) as error:
        problems.append(f"the store cannot be read: {error}")
    try:
        run(folder, *trial.operation.command)
        found, union = look(store)
        if found != trial.after or not union:
            problems.append("the next run does not give what an undisturbed one gives")
        if left := strays(store):
            problems.append(f"files were left: {' '.join(left)}")
        if not problems:
            result.mended += 1
    except subprocess.CalledProcessError as error:
        problems.append(f"the next run fails: {error.stderr.decode(errors='replace').strip()}")
    except (KgError, OSError, RuntimeError) as error:
        problems.append(f"the store cannot be read after the next run: {error}")
    if problems:
        result.losses.append(f"kill {result.kills} of {trial.operation.name}: {'; '.join(problems)}")


def rounds(operation: Operation, kills: int, place: Path, moment: random.Random) -> Result:
    """Kill an operation so many times."""
    trial = prepare(operation, place)
    result = Result(operation.name)
    while result.kills < kills:
        folder = place / "killed"
        shutil.copytree(trial.template, folder)
        in_time, writing = kill(trial, folder, moment)
        if in_time:
            result.kills += 1
            result.writing += writing
            judge(trial, folder, result)
        shutil.rmtree(folder)
    return result


def shares(operations: Sequence[Operation], kills: int) -> list[int]:
    """How many kills each operation gets, by weight; together just as many as asked for."""
    total = sum(operation.weight for operation in operations)
    ends = [kills * sum(o.weight for o in operations[: i + 1]) // total for i in range(len(operations))]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


# damage ---------------------------------------------------------------------------------------------------------------

READING = (("stats",), ("query", "enterprises-settled"), ("export", "--format", "nquads"))
#: How long a command may take on a damaged store, in seconds.
PATIENCE = 60


def spoil(store: Path, moment: random.Random) -> str:
    """Do something to one file of the store; what, and to which."""
    every = [file for file in sorted(store.iterdir()) if not file.name.startswith(("LOG", "LOCK", "OPTIONS"))]
    few = [file for file in every if file.suffix != ".sst"]
    file = moment.choice(moment.choice((every, few)))
    data = bytearray(file.read_bytes())
    begin = moment.randrange(len(data) + 1)
    how = moment.choice(("delete", "empty", "cut", "zeros", "noise", "bits"))
    if how == "delete":
        file.unlink()
        return f"{how} {file.name}"
    if how == "empty":
        data.clear()
    elif how == "cut":
        del data[begin:]
    elif how == "bits":
        for _ in range(3 * bool(data)):
            data[moment.randrange(len(data))] ^= 1 << moment.randrange(8)
    else:
        end = min(len(data), begin + 1000)
        data[begin:end] = bytes(end - begin) if how == "zeros" else moment.randbytes(end - begin)
    file.write_bytes(data)
    return f"{how} {file.name}"


def damages(count: int, place: Path, moment: random.Random) -> tuple[dict[str, list[int]], list[str]]:
    """Damage a store so many times; for each command how often it worked and was told, and what went wrong."""
    template = place / "template"
    template.mkdir(parents=True)
    _linked(template)
    write_reports(template / "reports", DISTRICTS[:2], edited=DISTRICTS[:1])
    whole = {command: called(template, command)[1] for command in READING}
    counts = {" ".join(command): [0, 0] for command in (*READING, BUILD)}
    wrong = []
    for _ in range(count):
        folder = place / "damaged"
        shutil.copytree(template, folder)
        what = spoil(folder / "store", moment)
        before = {file.name: file.read_bytes() for file in (folder / "store").iterdir()}
        for command in (*READING, BUILD):
            status, out, told = called(folder, command)
            works = status == 0 and not told and whole.get(command, out) == out
            clear = status == 1 and re.fullmatch(r"kg: error: [^\n]+\n", told) is not None
            counts[" ".join(command)][0] += works
            counts[" ".join(command)][1] += clear
            if not works and not clear:
                wrong.append(f"{what}: {' '.join(command)}: status {status}: {told.strip()[-500:]}")
            elif command in READING and {f.name: f.read_bytes() for f in (folder / "store").iterdir()} != before:
                wrong.append(f"{what}: {' '.join(command)} changed a file")
        shutil.rmtree(folder)
    return counts, wrong


def called(folder: Path, command: Sequence[str]) -> tuple[int | None, bytes, str]:
    """Exit status, output and messages of a command; the status is None if it had to be ended."""
    try:
        done = subprocess.run((*KG, *command), cwd=folder, env=environment(), capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None, b"", "does not end"
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def main_damages(count: int, seed: int) -> int:
    """Damage, and print how the commands took it."""
    with tempfile.TemporaryDirectory(prefix="kg-faults-") as place:
        counts, wrong = damages(count, Path(place), random.Random(seed))
    print("| command | damages | works | told | else |\n|" + " --- |" * 5)
    for command, (works, told) in counts.items():
        print(f"| {command} | {count} | {works} | {told} | {count - works - told} |")
    for each in wrong:
        print(each)
    return 1 if wrong else 0


# ----------------------------------------------------------------------------------------------------------------------

COLUMNS = ("operation", "kills", "of these writing", "old", "new", "some of each", "mended", "losses")


def row(result: Result) -> tuple[str, ...]:
    """A line of the table."""
    numbers = (result.kills, result.writing, result.old, result.new, result.both, result.mended, len(result.losses))
    return (result.operation, *map(str, numbers))


def total(results: Sequence[Result]) -> Result:
    """The sum of all."""
    together = Result("together")
    for each in results:
        for name in ("kills", "writing", "old", "new", "both", "mended"):
            setattr(together, name, getattr(together, name) + getattr(each, name))
        together.losses += each.losses
    return together


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--only", metavar="NAME", help="operations whose name holds this")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--damages", type=int, metavar="NUMBER", help="damage files instead")
    options = parser.parse_args()
    if options.damages:
        return main_damages(options.damages, options.seed)
    operations = [o for o in OPERATIONS if not options.only or options.only in o.name]
    results = []
    print("| " + " | ".join(COLUMNS) + " |\n|" + " --- |" * len(COLUMNS))
    for number, (operation, kills) in enumerate(zip(operations, shares(operations, options.kills), strict=True)):
        with tempfile.TemporaryDirectory(prefix="kg-faults-") as place:
            results.append(rounds(operation, kills, Path(place), random.Random(options.seed * 1000 + number)))
        print("| " + " | ".join(row(results[-1])) + " |", flush=True)
    together = total(results)
    print("| " + " | ".join(row(together)) + " |")
    for loss in together.losses:
        print(loss)
    if options.json:
        figures = [dict(zip(COLUMNS, row(result), strict=True)) for result in results]
        Path(options.json).write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if together.losses else 0


if __name__ == "__main__":
    sys.exit(main())
