"""What many reports cost: extraction into parts, loading, building, at several sizes, and what that means for 50,000.

    python bench/scale.py FOLDER [--sizes 50 100 200 400] [--build 50 200] [--to 50000] [--json OUT.json]

The reports of each size are an even choice of FOLDER's.  CPU seconds hold on a busy machine, too, wall seconds only
on a quiet one (the load is shown).  The growth with the number of reports is fitted as a power; what is said of --to
follows that line and is no measurement.  Loading is measured twice: all into a new store, and then a store of that
size given 50 more, which is what a new year of reports costs.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: Reports that are added to a store of each size.
MORE = 50


def run(command: Sequence[str]) -> tuple[dict[str, Any], dict[str, float]]:
    """What a command says as JSON; its wall and CPU seconds, and the peak memory of its largest process in MB."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begin
        out.seek(0)
        told = json.load(out)
    return told, {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}


def even(files: Sequence[Path], size: int) -> list[Path]:
    """So many of the files, spread evenly."""
    return [files[i * len(files) // size] for i in range(size)]


def folder_of(files: Sequence[Path], folder: Path, start: int = 0) -> Path:
    """The files under names of their own, each with its metadata, as links."""
    from kg.text.metadata import beside

    folder.mkdir()
    for number, file in enumerate(files, start):
        (folder / f"{number:05}.txt").symlink_to(file.resolve())
        given = beside(file)
        told = {name: getattr(given, name) for name in given.names}
        (folder / f"{number:05}.meta.json").write_text(json.dumps(told, default=str), encoding="utf-8")
    return folder


def size_of(folder: Path) -> float:
    """Of all files, in MB."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def fit(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """``a`` and ``b`` of ``y = a * x ** b``, by least squares of the logarithms."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    b = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / sum((x - mx) ** 2 for x in xs)
    return math.exp(my - b * mx), b


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 100, 200, 400])
    parser.add_argument("--build", type=int, nargs="*", default=[50, 200])
    parser.add_argument("--to", type=int, default=50_000)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    kg = shutil.which("kg", path=str(Path(sys.executable).parent))
    if kg is None:
        sys.exit(f"no kg beside {sys.executable}: run it with the interpreter of the environment that has kg")
    files = sorted(options.folder.rglob("*.txt"))
    rows: list[dict[str, float]] = []
    for size in options.sizes:
        load = os.getloadavg()[0]
        with tempfile.TemporaryDirectory() as name:
            temporary = Path(name)
            chosen = even(files, size)
            reports = folder_of(chosen, temporary / "reports")
            told, extract = run([kg, "extract", str(reports), "--out", f"{name}/out", "--json"])
            parts = size_of(temporary / "out")
            _, loading = run([kg, "load", f"{name}/out", "--store", f"{name}/store", "--json"])
            store = size_of(temporary / "store")
            rest = [file for file in files if file not in set(chosen)]
            more = folder_of(even(rest, min(MORE, len(rest))), temporary / "more", start=size)
            run([kg, "extract", str(more), "--out", f"{name}/new", "--json"])
            _, adding = run([kg, "load", f"{name}/new", "--store", f"{name}/store", "--json"])
            row = {
                "reports": told["reports"],
                "characters": sum(len(file.read_text(encoding="utf-8", errors="replace")) for file in chosen),
                "triples": told["triples"],
                "load": load,
                "extract cpu": extract["cpu"],
                "extract wall": extract["wall"],
                "extract peak MB": extract["peak_mb"],
                "parts MB": parts,
                "load cpu": loading["cpu"],
                "load wall": loading["wall"],
                "load peak MB": loading["peak_mb"],
                "store MB": store,
                f"{MORE} more, cpu": adding["cpu"],
            }
            if size in options.build:
                _, built = run([kg, "build", str(reports), "--store", f"{name}/built", "--json"])
                row |= {"build cpu": built["cpu"], "build wall": built["wall"], "build peak MB": built["peak_mb"]}
            rows.append(row)
            print("  ".join(f"{key} {value:,.1f}".removesuffix(".0") for key, value in row.items()), flush=True)
    print(f"\nfor {options.to:,} reports, along the curves (extrapolated, not measured)")
    estimates = {}
    for key in ("characters", "triples", "extract cpu", "parts MB", "load cpu", "load peak MB", "store MB"):
        a, b = fit([(row["reports"], row[key]) for row in rows])
        estimates[key] = {"growth": b, "at": a * options.to**b}
        print(f"{key:14} {a * options.to**b:>18,.0f}   grows with reports to the power of {b:.2f}")
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "estimates": estimates}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
