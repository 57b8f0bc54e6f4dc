"""Fill README.md with the real output of the commands that it shows: ``python -m tools.readme [--check]``.

A block that begins with ``<!-- output of: COMMAND -->`` is replaced, up to ``<!-- end -->``, by the command and
what it prints. The commands run one after the other in an empty folder, so the first one has to build the store.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
_BLOCK = re.compile(r"(<!-- output of: (?P<command>.+?) -->\n).*?(<!-- end -->)", re.DOTALL)
#: times differ from run to run
_SECONDS = re.compile(r"\d+\.\d+(?= ?s\b)|(?<=seconds)( *)\d+\.\d+")


def output(command: str, folder: Path) -> str:
    """What the command prints to standard output; raises CalledProcessError where it fails."""
    words = shlex.split(command)
    words[0] = str(Path(sys.executable).with_name(words[0]))
    environment = {**os.environ, "COLUMNS": "110", "PYTHONUTF8": "1", "NO_COLOR": "1"}
    run = subprocess.run(words, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return "\n".join(line.rstrip() for line in run.stdout.strip("\n").split("\n"))


def filled(text: str) -> str:
    """The text with every block's output as it is now."""
    with tempfile.TemporaryDirectory() as folder:

        def block(match: re.Match[str]) -> str:
            command = match["command"]
            shown = output(command, Path(folder))
            return f"{match[1]}```console\n$ {command}\n{shown}\n```\n{match[3]}"

        return _BLOCK.sub(block, text)


def timeless(text: str) -> str:
    """The text without the seconds that commands say they took.

    >>> timeless("in 0.31 s"), timeless("seconds    0.31")
    ('in # s', 'seconds#')
    """
    return _SECONDS.sub("#", text)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.readme", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where README.md is not up to date")
    options = parser.parse_args(arguments)
    before = README.read_text(encoding="utf-8")
    after = filled(before)
    if timeless(before) == timeless(after):
        return 0
    if options.check:
        print("README.md shows other output than the commands give: make docs", file=sys.stderr)
        return 1
    README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
