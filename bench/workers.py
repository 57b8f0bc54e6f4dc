"""`kg build` of many reports with one worker process and with more, in turns, in the same run.

    python bench/workers.py PATH... [--workers 1 --workers 2] [--rounds 5] [--json OUT.json]

Each build writes a new store, and the results are compared.  Wall time says something only while the machine does
nothing else: the load before each build is shown, and so is CPU time, which tells what sharing the work costs, and
the peak memory of the largest process.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def fingerprint(store: Path) -> str:
    """A hash of what the named graphs hold, sorted; without the graph of the builds, in which the time is."""
    from kg.graph.provenance import is_builds_graph
    from kg.graph.store import named_quads, open_store

    digest = hashlib.sha256()
    quads = named_quads(open_store(store, read_only=True))
    for line in sorted(str(quad) for quad in quads if not is_builds_graph(quad.graph_name)):
        digest.update(line.encode())
    return digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--workers", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-compare", action="store_true", help="do not compare the stores")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    kg = shutil.which("kg", path=str(Path(sys.executable).parent))
    if kg is None:
        sys.exit(f"no kg beside {sys.executable}: run it with the interpreter of the environment that has kg")
    counts = options.workers or [1, len(os.sched_getaffinity(0))]
    runs: dict[int, list[dict[str, float]]] = {count: [] for count in counts}
    prints = set()
    reports = 0
    for number in range(options.rounds):
        for count in counts:
            with tempfile.TemporaryDirectory() as folder:
                command = [kg, "build", *options.paths, "--store", f"{folder}/s", "--workers", str(count), "--json"]
                load = os.getloadavg()[0]
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                start = time.perf_counter()
                done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
                wall = time.perf_counter() - start
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                reports = len(json.loads(done.stdout)["reports"])
                cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
                runs[count].append({"wall": wall, "cpu": cpu, "load": load, "peak_mb": after.ru_maxrss / 1024})
                if number == 0 and not options.no_compare:
                    prints.add(fingerprint(Path(folder) / "s"))
    print(f"{reports} reports, {options.rounds} rounds, {len(os.sched_getaffinity(0))} cores; medians, seconds")
    print(f"{'workers':>8}{'wall':>9}{'fastest':>9}{'slowest':>9}{'CPU':>9}{'load':>7}{'times':>7}")
    medians = {count: statistics.median(run["wall"] for run in runs[count]) for count in counts}
    for count in counts:
        walls = [run["wall"] for run in runs[count]]
        cpu = statistics.median(run["cpu"] for run in runs[count])
        load = max(run["load"] for run in runs[count])
        times = medians[counts[0]] / medians[count]
        print(f"{count:8}{medians[count]:9.2f}{min(walls):9.2f}{max(walls):9.2f}{cpu:9.2f}{load:7.2f}{times:7.2f}")
    if not options.no_compare:
        print("the stores are " + ("the same" if len(prints) == 1 else "NOT THE SAME"))
    if options.json:
        options.json.write_text(json.dumps({"reports": reports, "runs": runs}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
