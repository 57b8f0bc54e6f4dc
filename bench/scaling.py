"""Time of the extraction against the length of the text, to a million characters.

    python bench/scaling.py [FOLDER] [--longest 1000000] [--rounds 2] [--json OUT.json] [--svg OUT.svg]

The text of each length is made of the reports in FOLDER one after the other (the default is the corpus/ of the
folder that KG_SHARED names, else seeds/ over and over), cut at the end of a line.  The exponent is the slope
of log time against log length between one length and the next: 1 is linear, 2 quadratic.  The limit beside it is a
plain pass over the same text: read, decode, look at each character.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kg.errors import ReadError
from kg.extract.extractor import extract
from kg.text.reader import read_report

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")
sys.path.insert(0, str(ROOT))

from bench.drawing import Line, plot  # noqa: E402


def lines(folder: Path) -> Iterator[str]:
    files = sorted(folder.rglob("*.txt"))
    for path in itertools.cycle(files):
        with contextlib.suppress(ReadError):  # a corpus may hold texts that are no reports
            yield from read_report(path).text.splitlines(keepends=True)


def text_of(length: int, folder: Path) -> str:
    out: list[str] = []
    total = 0
    for line in lines(folder):
        out.append(line)
        total += len(line)
        if total >= length:
            break
    return "".join(out)


def plain_pass(path: Path) -> float:
    """CPU seconds to read a file, decode it and look at every character."""
    start = time.process_time()
    for _ in path.read_bytes().decode("utf-8"):
        pass
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = SHARED / "corpus"
    parser.add_argument("folder", type=Path, nargs="?", default=default if default.is_dir() else ROOT / "seeds")
    parser.add_argument("--longest", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--svg", type=Path, help="draw the growth there")
    options = parser.parse_args()

    lengths = [options.longest >> shift for shift in range(6, -1, -1)]
    rows: list[dict[str, float]] = []
    print(f"{'characters':>12}{'reading':>10}{'extraction':>12}{'per s':>12}{'plain pass':>12}{'exponent':>10}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.txt"
        extract(read_report(ROOT / "seeds" / "haizhu-2011.txt"), segmenter="rjieba")  # reads the word lists
        for length in lengths:
            text = text_of(length, options.folder)
            path.write_text(text, encoding="utf-8", newline="")
            reading = extraction = plain = math.inf
            for _ in range(options.rounds):
                plain = min(plain, plain_pass(path))
                start = time.process_time()
                report = read_report(path)
                read = time.process_time()
                extract(report, segmenter="rjieba")
                end = time.process_time()
                if end - start < reading + extraction:
                    reading, extraction = read - start, end - read
            row = {"characters": len(text), "reading": reading, "extraction": extraction, "plain": plain}
            exponent = ""
            if rows:
                before = rows[-1]["reading"] + rows[-1]["extraction"]
                row["exponent"] = math.log((reading + extraction) / before) / math.log(
                    len(text) / rows[-1]["characters"]
                )
                exponent = f"{row['exponent']:.2f}"
            rows.append(row)
            rate = len(text) / (reading + extraction)
            print(
                f"{len(text):12,}{reading:10.3f}{extraction:12.3f}{rate:12,.0f}{plain:12.4f}{exponent:>10}", flush=True
            )
    if options.svg:
        names = {"reading": "reading", "extraction": "extraction", "plain": "limit: plain pass"}
        lines = [
            Line(told, [(row["characters"], row[name]) for row in rows], dashed=name == "plain")
            for name, told in names.items()
        ]
        options.svg.write_text(plot(lines, "characters in one text", "CPU s"), encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
