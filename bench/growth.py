"""What a build costs as reports become more: time by phase, memory and disk, beside what no build can go below.

    python bench/growth.py FOLDER [--reports 5000] [--store DIR] [--limits 50 200 770] [--json OUT.json] [--svg DIR]

One process builds that many synthetic reports (see bench/synthetic.py), made of FOLDER's real ones in a temporary
folder; ``--real`` builds FOLDER's own reports instead, an even choice if there are more.  Along the way it notes the
seconds of each phase, its memory and the size of the store, so that one run is the whole curve.  What is
timed is CPU: seconds of reading, extraction and mapping are those of the thread that does them; merging is what
Oxigraph's database does in the background, where it merges its files, as long as there is something left to merge and a
core is free; storing is all else that other threads do, which write the files.

The limits: a plain pass over the same text (read, decode, look at each character), and Oxigraph's bulk load of a file
of N-Quads with the same data, at each of the sizes of ``--limits``.  ``--store`` keeps the store.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.drawing import Line, plot
from bench.synthetic import sources, synthetic, write

#: What is timed, by the phase that it belongs to: what the pipeline calls, as module and name.
PHASES = {
    "reading": ("kg.text.reader.read_report",),
    "extraction": ("kg.extract.extractor.extract", "kg.extract.coverage.account"),
    "mapping": ("kg.graph.mapping.to_quads", "kg.graph.writing.pack"),
    "storing": (
        "kg.graph.writing.Batches.add",
        "kg.graph.writing.Batches.flush",
        "kg.graph.store.open_store",
        "kg.graph.store.ensure_ontology",
        "kg.graph.store.optimize",
    ),
    "verdicts": ("kg.audit.verdicts.Refresh.ahead", "kg.audit.verdicts.Refresh.finish"),
}
#: What is told of each row.
ALL = (*PHASES, "merging", "rest")
#: Reports between two notes at first; then as many as are a tenth of those done.
STEP = 10


class Clock:
    """Seconds spent in each phase, of the wall and of the thread's CPU; a phase within another counts for the outer."""

    def __init__(self) -> None:
        self.wall = dict.fromkeys(PHASES, 0.0)
        self.cpu = dict.fromkeys(PHASES, 0.0)
        self._inside = False
        self._thread = threading.get_ident()

    def timed(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted for that phase; what other threads do is the store's (:func:`by_phase`)."""

        def call(*args: Any, **named: Any) -> Any:
            if self._inside or threading.get_ident() != self._thread:
                return function(*args, **named)
            self._inside = True
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return function(*args, **named)
            finally:
                self.wall[phase] += time.perf_counter() - wall
                self.cpu[phase] += time.thread_time() - cpu
                self._inside = False

        return call

    def install(self) -> None:
        """Put timed functions in the place of all of :data:`PHASES`, in this process."""
        for phase, names in PHASES.items():
            for name in names:
                owner, attribute = located(name)
                setattr(owner, attribute, self.timed(phase, getattr(owner, attribute)))


def located(name: str) -> tuple[Any, str]:
    """The module or class that has what a name means, and what it is called there."""
    path = name.split(".")
    cut = next(n for n, part in enumerate(path) if part[0].isupper()) if name != name.lower() else -1
    owner: Any = importlib.import_module(".".join(path[:cut]))
    for part in path[cut:-1]:
        owner = getattr(owner, part)
    return owner, path[-1]


def merging() -> float:
    """CPU seconds of the database's threads in the background of this process."""
    ticks = 0
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # it may have ended
            name, _, rest = (task / "stat").read_text().partition("(")[2].rpartition(")")
            if name.startswith("rocksdb"):
                ticks += sum(map(int, rest.split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory() -> dict[str, float]:
    """What this process holds, in MB: all that is resident, and that of it which is no file's."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {"rss": int(told["VmRSS"].split()[0]) / 1024, "own": int(told["RssAnon"].split()[0]) / 1024}


def size_of(folder: Path) -> float:
    """Of all files, in MB; what vanishes meanwhile counts as nothing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size
        except FileNotFoundError:
            continue
    return total / 1e6


def _build(paths: list[str], store: str, notes: str) -> None:
    """In a process of its own: build, and write a line of notes now and then."""
    from kg import pipeline

    pipeline.warm_up()
    clock = Clock()
    clock.install()
    begin, spent, own = time.perf_counter(), time.process_time(), time.thread_time()
    due = 0
    with Path(notes).open("w", encoding="utf-8") as out:

        def note(done: int, **more: Any) -> None:
            row = {
                "reports": done,
                "wall": time.perf_counter() - begin,
                "cpu": time.process_time() - spent,
                "thread": time.thread_time() - own,
                "merging": merging(),
                "wall by phase": clock.wall,
                "thread by phase": clock.cpu,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "store": size_of(Path(store)),
                **memory(),
                **more,
            }
            out.write(json.dumps(row) + "\n")
            out.flush()

        def progress(done: int, _: int, file: Path | None) -> None:
            nonlocal due
            if file is not None and done >= due:
                due = done + max(STEP, done // 10)
                note(done)

        told = pipeline.build(paths, store_dir=store, workers=1, on_progress=progress)
        note(len(told.reports), triples=told.triples, failures=len(told.failures), figures=told.observations, end=True)


def build(paths: Sequence[Path], store: Path, notes: Path) -> list[dict[str, Any]]:
    """Build in a new process; the notes of it, the last of the end."""
    process = multiprocessing.get_context("spawn").Process(
        target=_build, args=([str(path) for path in paths], str(store), str(notes))
    )
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"the build ended with {process.exitcode}")
    return [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]


def by_phase(row: dict[str, Any]) -> dict[str, float]:
    """CPU seconds of each phase: other threads are Oxigraph's, and so the store's; ``rest`` is of no phase."""
    spent = dict(row["thread by phase"])
    rest = row["thread"] - sum(spent.values())
    spent["storing"] += row["cpu"] - row["thread"] - row["merging"]
    return spent | {"merging": row["merging"], "rest": rest}


def plain_pass(files: Sequence[Path]) -> tuple[float, int]:
    """CPU seconds to read all files, decode them and look at every character; how many characters there are."""
    begin, characters = time.process_time(), 0
    for file in files:
        text = file.read_bytes().decode("utf-8", "replace")
        characters += sum(1 for _ in text)
    return time.process_time() - begin, characters


def bulk_load(store: Path, folder: Path) -> tuple[float, float, int]:
    """Wall and CPU seconds of Oxigraph's bulk load of a store's quads from a file of N-Quads; how many quads."""
    import pyoxigraph as ox

    from kg.graph.store import open_store

    file, quads = folder / "all.nq", 0
    with file.open("wb") as out:
        for quad in open_store(store, read_only=True):
            out.write(f"{quad} .\n".encode())
            quads += 1
    new = ox.Store(str(folder / "new"))
    wall, cpu = time.perf_counter(), time.process_time()
    new.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
    new.flush()
    return time.perf_counter() - wall, time.process_time() - cpu, quads


def even(files: Sequence[Path], size: int) -> list[Path]:
    """So many of the files, spread evenly; all, if there are no more."""
    return [files[i * len(files) // size] for i in range(size)] if size < len(files) else list(files)


def limits(files: Sequence[Path], sizes: Sequence[int]) -> Iterator[dict[str, float]]:
    """The limits for so many of the files, one row for each size."""
    for size in sizes:
        chosen = even(files, size)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            rows = build(chosen, folder / "store", folder / "notes")
            passed, characters = plain_pass(chosen)
            wall, cpu, quads = bulk_load(folder / "store", folder)
        row = {"reports": len(chosen), "characters": characters, "pass": passed, "quads": quads}
        yield row | {"load wall": wall, "load cpu": cpu, "build cpu": rows[-1]["cpu"], "build wall": rows[-1]["wall"]}


def draw(rows: Sequence[dict[str, Any]], limit: Sequence[dict[str, float]], folder: Path) -> None:
    """The growth of time, memory and disk, as two pictures in SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    done = [row for row in rows if row["reports"] and "end" not in row] + [rows[-1]]
    spent = [(row["reports"], by_phase(row)) for row in done]
    lines = [Line(phase, [(n, each[phase]) for n, each in spent if each[phase] > 0]) for phase in ALL]
    lines.append(Line("all", [(row["reports"], row["cpu"]) for row in done]))
    if limit:
        lines.append(Line("limit: bulk load", [(row["reports"], row["load cpu"]) for row in limit], dashed=True))
        lines.append(Line("limit: plain pass", [(row["reports"], row["pass"]) for row in limit], dashed=True))
    (folder / "build-time.svg").write_text(plot(lines, "reports", "CPU s"), encoding="utf-8")
    sizes = [
        Line("memory: peak", [(row["reports"], row["peak"]) for row in done]),
        Line("memory: between batches", [(row["reports"], row["rss"]) for row in done]),
        Line("the same without mapped files", [(row["reports"], row["own"]) for row in done]),
        Line("store on disk", [(row["reports"], row["store"]) for row in done if row["store"] > 1]),
    ]
    (folder / "build-size.svg").write_text(plot(sizes, "reports", "MB"), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--real", action="store_true", help="build the folder's own reports")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--store", type=Path, help="keep the store there")
    parser.add_argument("--limits", type=int, nargs="*", default=[50, 100, 200])
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--svg", type=Path, metavar="DIR", help="draw the growth there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.real:
            files = even(sorted(options.folder.rglob("*.txt")), options.reports)
            paths: list[Path] = files
        else:
            write(synthetic(sources(options.folder), options.reports, options.seed), folder / "reports")
            files, paths = sorted((folder / "reports").rglob("*.txt")), [folder / "reports"]
        load = os.getloadavg()[0]
        rows = build(paths, options.store or folder / "store", folder / "notes")
        limit = list(limits(files, options.limits))
    what = "real" if options.real else "synthetic"
    last = rows[-1]
    machine = f"load {load:.1f}, {os.cpu_count()} cores"
    print(f"{last['reports']:,} {what} reports, {last['triples']:,} triples; {machine}; CPU seconds by phase\n")
    head = "".join(f" {phase} |" for phase in ALL)
    print(f"| reports | wall, s | CPU, s |{head} memory, MB | peak | store, MB |")
    print("| ---" * (len(ALL) + 6) + " |")
    for row in shown(rows):
        spent = "".join(f" {seconds:.1f} |" for seconds in by_phase(row).values())
        print(
            f"| {row['reports']:,} | {row['wall']:.1f} | {row['cpu']:.1f} |{spent}"
            f" {row['rss']:,.0f} | {row['peak']:,.0f} | {row['store']:,.0f} |"
        )
    spent = by_phase(last)
    share = (spent["mapping"] + spent["storing"]) / (sum(spent.values()) - spent["merging"])
    print(f"\nmapping and storing are {share:.0%} of the CPU seconds without merging")
    for row in limit:
        print("  ".join(f"{key} {value:,.1f}".removesuffix(".0") for key, value in row.items()))
    if options.svg:
        draw(rows, limit, options.svg)
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "limits": limit}, indent=1) + "\n", encoding="utf-8")


def shown(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A dozen rows of the table: those nearest to doubling, and the last."""
    out: list[dict[str, Any]] = []
    for row in rows[1:-1]:
        if not out or row["reports"] >= 2 * out[-1]["reports"]:
            out.append(row)
    return [*out, rows[-1]]


if __name__ == "__main__":
    main()
