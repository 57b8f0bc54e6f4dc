"""Write what the questions answer on the seed report now: ``python -m tests.queries.update [NAME]...``.

Without names, for all whose answer has changed.  The changed rows are printed; read them beside the report
before you commit them, because the test takes them for right.
"""

from __future__ import annotations

import argparse
import difflib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kg.graph.queries import load_templates
from kg.graph.store import open_store
from tests.queries import CASES, answer, parameters
from tests.queries.linked import linked_seed


def main(arguments: Sequence[str] | None = None) -> int:
    templates = load_templates()
    parser = argparse.ArgumentParser(prog="python -m tests.queries.update", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help="questions (default: all that have a case)")
    names = parser.parse_args(arguments).names or [name for name in templates if (CASES / name).is_dir()]
    if unknown := [name for name in names if name not in templates or not (CASES / name / "params.json").is_file()]:
        parser.error(f"no case {unknown[0]}: make {CASES / unknown[0] / 'params.json'} first")
    with tempfile.TemporaryDirectory() as folder:
        linked_seed(Path(folder) / "store")
        store = open_store(Path(folder) / "store", read_only=True)
        for name in names:
            path = CASES / name / "expected.tsv"
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            after = answer(store, templates[name], parameters(name))
            if after != before:
                path.write_text(after, encoding="utf-8")
                sys.stdout.writelines(
                    line + "\n"
                    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, "", "", 0, "")
                )
        del store
    return 0


if __name__ == "__main__":
    sys.exit(main())
