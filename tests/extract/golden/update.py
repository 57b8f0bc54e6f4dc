"""Write what is taken out of the reports as what is expected: python -m tests.extract.golden.update [NAME]...

Read what changed before it is committed: only what is right by the annotation's guidelines may be expected.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.extract.golden import FOLDER, REPORTS, extraction, items, written


def main(names: Sequence[str]) -> int:
    """Write the files of these reports, all by default, and say which of them changed."""
    if unknown := sorted(set(names) - set(REPORTS)):
        print(f"no such report: {unknown[0]}; there are {', '.join(REPORTS)}", file=sys.stderr)
        return 2
    for name in names or REPORTS:
        path = FOLDER / name / "expected.json"
        fresh = written(items(extraction(name)))
        if not path.exists() or path.read_text(encoding="utf-8") != fresh:
            path.write_text(fresh, encoding="utf-8")
            print(f"{name}/{path.name} written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
