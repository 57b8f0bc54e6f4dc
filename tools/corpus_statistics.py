#!/usr/bin/env python3
"""Derive general vocabulary from a folder of many reports.

    python tools/corpus_statistics.py CORPUS --out kg/data

CORPUS is laid out as AREA/YEAR.txt.  Nothing that belongs to one place is
carried over: a word is written only if the reports of at least ``--areas``
different places in at least ``--provinces`` provinces use it (a name known all
over one province is no general word).

    general_words.tsv     word, number of areas whose reports use it
    generic_names.tsv     what looks like a name ("综合服务中心") but is used by several places: a kind, not a thing
    governing_verbs.tsv   verbs that stand before the names they govern: how often, and how often at the
                          start of a clause (after punctuation or an adverb)

The first tells general words from names (area frequency, after the idea of
document frequency in term extraction, Spärck Jones 1972); the second tells the
left edge of a name in a verb-object clause, which Chinese does not mark.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from kg.extract.lexicon import tokenize
from kg.extract.names.finder import Finder
from kg.extract.words import words
from kg.text.reader import read_report

ADVERB_TAGS = {"d", "ad", "c", "p", "x", "uj", "ul", "r", "t", "f"}


@cache
def province(area: str) -> str:
    """The province that an area lies in, or is."""
    known = words()
    return next((up for up in (area, *known.divisions.get(area, ())) if up in known.provinces), area)


def is_han(word: str) -> bool:
    return bool(word) and all("\u4e00" <= c <= "\u9fff" for c in word)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--areas", type=int, default=10, help="least number of areas that use a word")
    parser.add_argument("--provinces", type=int, default=4, help="in so many provinces at least")
    args = parser.parse_args()

    areas_of: dict[str, set[str]] = defaultdict(set)
    verb_total: Counter[str] = Counter()
    verb_initial: Counter[str] = Counter()
    files = sorted(args.corpus.glob("*/*.txt"))
    for path in files:
        area = path.parent.name
        text = path.read_text(encoding="utf-8", errors="replace")
        tokens = tokenize(text)
        run = ""
        for i, token in enumerate(tokens):
            word = token.word
            if is_han(word) and len(word) == 1:
                run += word
            else:
                if len(run) > 1:
                    # an unknown word falls into single characters: count every stretch of two to four of them
                    for n in (2, 3, 4):
                        for k in range(len(run) - n + 1):
                            areas_of[run[k : k + n]].add(area)
                run = ""
                if is_han(word):
                    areas_of[word].add(area)
            if token.tag.startswith("v") and is_han(word):
                verb_total[word] += 1
                if i == 0 or tokens[i - 1].tag in ADVERB_TAGS:
                    verb_initial[word] += 1
    head = (
        f"# derived by tools/corpus_statistics.py from {len(files)} government work reports of "
        f"{len({p.parent.name for p in files})} places\n"
    )
    source = "corpus"
    with (args.out / "general_words.tsv").open("w", encoding="utf-8", newline="\n") as f:
        f.write(head + "word\tareas\tsource\n")
        for word in sorted(areas_of):
            if len(areas_of[word]) >= args.areas and len(set(map(province, areas_of[word]))) >= args.provinces:
                f.write(f"{word}\t{len(areas_of[word])}\t{source}\n")
    with (args.out / "governing_verbs.tsv").open("w", encoding="utf-8", newline="\n") as f:
        f.write(head + "verb\tcount\tinitial\tsource\n")
        for word, total in sorted(verb_total.items()):
            if total >= 60 and len(word) >= 2:
                f.write(f"{word}\t{total}\t{verb_initial[word] / total:.3f}\t{source}\n")
    generic_names(files, args.out, head)


def generic_names(files: list[Path], out: Path, head: str, least: int = 3) -> None:
    """Write what closes with the head of a name in the reports of at least ``least`` places."""
    areas_of: dict[str, set[str]] = defaultdict(set)
    for path in files:
        report = read_report(path)
        finder = Finder(report, report.norm, tokenize(report.norm))
        for name in finder.headed_strings():
            areas_of[name].add(path.parent.name)
    with (out / "generic_names.tsv").open("w", encoding="utf-8", newline="\n") as f:
        f.write(head + "name\tareas\tsource\n")
        for name, areas in sorted(areas_of.items()):
            if len(areas) >= least:
                f.write(f"{name}\t{len(areas)}\tcorpus\n")


if __name__ == "__main__":
    main()
