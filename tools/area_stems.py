"""Which names of divisions, without their suffix, are ordinary words ("合作市", "新建区", "公园区").

    python tools/area_stems.py CORPUS > kg/data/text_common_stems.tsv

CORPUS is a folder of folders, one per area, with reports as text files.  A stem of a
county-level division counts as an ordinary word where the reports of at least a quarter of
the areas use it, mostly without its suffix.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kg.resources import table
from kg.text.normalize import normalize

_SHARE = 0.25


def main(corpus: Path) -> None:
    names = sorted({name for name, level in table("divisions.tsv", "name", "level") if level == "county"})
    stems = {name: re.sub("(?:新区|[市区县旗])$", "", name) for name in names}
    areas = sorted(folder for folder in corpus.iterdir() if folder.is_dir())
    used: dict[str, set[str]] = {}
    for folder in areas:
        text = "\n".join(normalize(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt")))
        for name, stem in stems.items():
            if len(stem) >= 2 and stem in text and text.count(stem) > text.count(name) * 2:
                used.setdefault(stem, set()).add(folder.name)
    print("# names of county-level divisions without suffix that are ordinary words; made by tools/area_stems.py")
    print("stem\tareas\tsource")
    for stem in sorted(used):
        if len(used[stem]) >= _SHARE * len(areas):
            print(f"{stem}\t{len(used[stem])}\tfrequency in reports")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
