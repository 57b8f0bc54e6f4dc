"""Any number of synthetic reports, made of real ones by recombining their paragraphs.

    python bench/synthetic.py FOLDER OUT --reports 5000 [--seed 7]

FOLDER holds real reports, OUT is made anew: OUT/AREA/YEAR.txt, each area with a report for every year back from the
latest.  A report takes the order of its headings and short lines from one real report, its frame, and each paragraph
from one of several others, from the same place within them, so that review and plan stay where they are, and sizes are
those of real reports.  Years in the text are moved by as many as lie between the report it is from and the one it goes
into.  The title line names area and year.  What is said is true of no place on earth: such reports are for measuring
time and memory, not for what they say.  The same folder, number and seed give the same files.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.text.metadata import beside

#: The year of the latest report of each area.
LATEST = 2026
#: From how many real reports the paragraphs of one are taken.
DONORS = 6
#: A line that is shorter is a heading or a form of address: it stays where it is in the frame.
SHORT = 60
#: A year as it stands in a text, of a century that reports can be of.
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20[0-4])\d(?=年|\s*[-—－–~～至到]+\s*(?:19|20)\d\d年)")
#: With this the speech begins; what stands before it names the place and day of another meeting.
_ADDRESS = re.compile(r"(?:各位|同志们|主席|尊敬).{0,30}[:：]\s*")


@dataclass(frozen=True, slots=True)
class Source:
    """A real report: its area, its year, and its lines from the address on, without empty ones."""

    area: str
    year: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A report that was never given."""

    area: str
    year: int
    text: str


def sources(folder: Path) -> list[Source]:
    """The reports of a folder of which area and year are known, sorted by path; those of a few lines are left out."""
    out = []
    for file in sorted(folder.rglob("*.txt")):
        given = beside(file)
        if given.area is None or given.year is None:
            continue
        lines = [line for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        head = next((n for n, line in enumerate(lines[:15]) if _ADDRESS.fullmatch(line.strip())), -1)
        if len(lines) - head > DONORS:
            out.append(Source(given.area, given.year, tuple(lines[head + 1 :])))
    return out


def synthetic(real: Sequence[Source], count: int, seed: int = 7) -> Iterator[Synthetic]:
    """So many reports: of each area in turn, one year further back with every turn.

    ``ValueError`` if there are too few real ones to choose from.
    """
    if len(real) <= DONORS:
        raise ValueError(f"more than {DONORS} reports with area and year are needed, there are {len(real)}")
    areas = sorted({source.area for source in real})
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # a string: the same on every machine
        area, year = areas[number % len(areas)], LATEST - number // len(areas)
        frame, *donors = chance.sample(real, DONORS + 1)
        yield Synthetic(area, year, _text(area, year, frame, donors, chance))


def _text(area: str, year: int, frame: Source, donors: Sequence[Source], chance: random.Random) -> str:
    bodies = [[line for line in donor.lines if len(line) >= SHORT] for donor in donors]
    places = [n for n, line in enumerate(frame.lines) if len(line) >= SHORT]
    out = [f"{area}{year}年政府工作报告", "各位代表："]
    told = {place: at for at, place in enumerate(places)}
    for n, line in enumerate(frame.lines):
        source = frame
        if n in told:
            which = chance.randrange(len(donors))
            if bodies[which]:
                source = donors[which]
                line = bodies[which][told[n] * len(bodies[which]) // len(places)]
        out.append(moved(line, year - source.year))
    return "\n".join(out) + "\n"


def moved(line: str, years: int) -> str:
    """The line with its years moved by so many.

    >>> moved("2011—2015年投资100亿元,2016年完成2011套", -10)
    '2001—2005年投资100亿元,2006年完成2011套'
    """
    return _YEAR.sub(lambda found: str(int(found[0]) + years), line)


def write(reports: Iterator[Synthetic], folder: Path) -> tuple[int, int]:
    """Write them as AREA/YEAR.txt; how many there are, and how many characters they have together."""
    number = characters = 0
    for report in reports:
        place = folder / report.area
        place.mkdir(parents=True, exist_ok=True)
        with (place / f"{report.year}.txt").open("x", encoding="utf-8", newline="\n") as file:
            file.write(report.text)
        number += 1
        characters += len(report.text)
    return number, characters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if options.out.exists():
        sys.exit(f"{options.out} is there already")
    number, characters = write(synthetic(sources(options.folder), options.reports, options.seed), options.out)
    print(f"{number:,} reports, {characters:,} characters")


if __name__ == "__main__":
    main()
