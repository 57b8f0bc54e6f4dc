"""`kg build` of one report as a whole process, beside `python -m jieba FILE -p` over the same text.

    python bench/build_vs_jieba.py [--rounds 15] [--file seeds/haizhu-2011.txt] [--json OUT.json]

Both are started from cold, in turns, in the same run; each build writes a new store on disk.  One start of
each goes before, uncounted: it writes the byte code and jieba's own cache of its dictionary, as on any machine
where the commands have been used once.  A bare interpreter is timed, too: it is the floor under both.
"""

from __future__ import annotations

import argparse
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

ROOT = Path(__file__).resolve().parents[1]


def timed(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of the whole process."""
    # what an installed command has: its byte code
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, default=ROOT / "seeds" / "haizhu-2011.txt")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    kg = shutil.which("kg", path=str(Path(sys.executable).parent))
    if kg is None:
        sys.exit(f"no kg beside {sys.executable}: run it with the interpreter of the environment that has kg")

    seconds: dict[str, list[tuple[float, float]]] = {"kg build": [], "python -m jieba -p": [], "python -c pass": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds + 1):
            commands = {
                "kg build": [kg, "build", str(options.file), "--store", f"{folder}/{number}"],
                "python -m jieba -p": [sys.executable, "-m", "jieba", str(options.file), "-p"],
                "python -c pass": [sys.executable, "-c", "pass"],
            }
            for name, command in commands.items():
                taken = timed(command)
                if number:
                    seconds[name].append(taken)

    medians = {
        name: {
            "wall": statistics.median(wall for wall, _ in runs),
            "cpu": statistics.median(cpu for _, cpu in runs),
            "fastest": min(wall for wall, _ in runs),
            "slowest": max(wall for wall, _ in runs),
        }
        for name, runs in seconds.items()
    }
    print(f"{options.file.name}, {options.rounds} rounds, seconds")
    print(f"{'':20}{'median':>9}{'fastest':>9}{'slowest':>9}{'CPU':>9}")
    for name, m in medians.items():
        print(f"{name:20}{m['wall']:9.3f}{m['fastest']:9.3f}{m['slowest']:9.3f}{m['cpu']:9.3f}")
    ratio = medians["kg build"]["wall"] / medians["python -m jieba -p"]["wall"]
    cpu = medians["kg build"]["cpu"] / medians["python -m jieba -p"]["cpu"]
    print(f"kg build takes {ratio:.2f} of jieba's time, {cpu:.2f} of its CPU time")
    if options.json:
        figures = {
            "file": options.file.name,
            "rounds": options.rounds,
            "seconds": medians,
            "ratio": ratio,
            "cpu_ratio": cpu,
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
