"""Characters per CPU-second of the extraction over a folder of reports, beside jieba.posseg in the same run.

    python bench/throughput.py [FOLDER] [--rounds 5] [--segmenter rjieba] [--compiled build/compiled] [--json OUT.json]

FOLDER defaults to the reports/ of the folder that KG_SHARED names (../shared beside the checkout), else to
seeds/.  Reading, sections, sentences, entities, observations and relations are all in the extraction's time;
jieba.posseg only cuts and tags.  The two take turns report by report, both warm.  What `make compiled` has made is
measured after that, in a process of its own, in turns with jieba.posseg, too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import jieba
import jieba.posseg

from kg.extract import extractor
from kg.extract.extractor import extract
from kg.text.reader import read_report

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = SHARED / "reports"
    parser.add_argument("folder", type=Path, nargs="?", default=default if default.is_dir() else ROOT / "seeds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--segmenter", choices=("rjieba", "jieba"), default="rjieba")
    parser.add_argument("--compiled", type=Path, default=ROOT / "build" / "compiled", help="what make compiled made")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    files = sorted(options.folder.rglob("*.txt"))
    if not files:
        sys.exit(f"no .txt in {options.folder}")

    jieba.setLogLevel("ERROR")
    list(jieba.posseg.cut("把词典读进来"))
    extract(read_report(files[0]), segmenter=options.segmenter)

    ours: list[float] = []
    theirs: list[float] = []
    parts = {"reading": 0.0, "extraction": 0.0}
    characters = 0
    for number in range(options.rounds):
        ours.append(0.0)
        theirs.append(0.0)
        for path in files:
            start = time.process_time()
            report = read_report(path)
            read = time.process_time()
            extract(report, segmenter=options.segmenter)
            end = time.process_time()
            parts["reading"] += read - start
            parts["extraction"] += end - read
            ours[-1] += end - start
            start = time.process_time()
            for _ in jieba.posseg.cut(report.text):
                pass
            theirs[-1] += time.process_time() - start
            characters += len(report.text) if number == 0 else 0

    rates = {"kg": characters / statistics.median(ours), "jieba.posseg": characters / statistics.median(theirs)}
    ratio = rates["kg"] / rates["jieba.posseg"]
    print(f"{len(files)} reports, {characters:,} characters, medians of {options.rounds} rounds")
    for name, rate in rates.items():
        print(f"{name:14}{rate:12,.0f} characters per CPU-second")
    for name, spent in parts.items():
        print(f"  of kg's time, {name}: {spent / sum(parts.values()):.0%}")
    made = "compiled" if extractor.__file__.endswith((".so", ".pyd")) else "interpreted"
    print(f"kg ({made}) does {ratio:.2f} times as many as jieba.posseg")
    if options.json:
        figures = {
            "reports": len(files),
            "characters": characters,
            "per_cpu_second": rates,
            "ratio": ratio,
            "made": made,
        }
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if (options.compiled / "kg").is_dir() and made == "interpreted":
        command = [sys.executable, __file__, str(options.folder), "--rounds", str(options.rounds)]
        sys.stdout.flush()
        subprocess.run(
            [*command, "--segmenter", options.segmenter],
            check=True,
            env=os.environ | {"PYTHONPATH": str(options.compiled.resolve())},
        )


if __name__ == "__main__":
    main()
