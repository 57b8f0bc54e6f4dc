"""The names of cuttings of which nothing else is annotated: what there is to learn from beside whole annotations.

A file for each cutting (``tests/evaluation/names``): where its text is to be had, and a line for each thing::

    # area: 白城市
    # year: 2021
    # file: corpus/白城市/2021.txt
    # sha256: 2712a14e…
    # stretches: 0-1544 5695-7208
    # reader: careful
    names	classes	reading
    “一主六双”产业空间布局|一主六双	Policy
    中国北方氢谷|北方氢谷	Zone/Project/Park	optional
    琶洲|~琶洲城中村改造	Project

where ~ is before a name that a list completes; "careful" is who read it like the whole annotations, with the
guidelines and two of them at hand, and twice.  And for most of them one of the relations between these
(``tests/evaluation/relations``)::

    subject	predicate	object	reading
    白城市	adopts	“一主六双”产业空间布局
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from kg.errors import DataError, ReadError

#: before a name that no stretch has as it is
_COMPLETED = "~"


class NamedThing(NamedTuple):
    """A thing that a reader underlines, or may underline, under all the names that the text gives it."""

    names: tuple[str, ...]
    classes: tuple[str, ...]
    optional: bool
    #: those of its names that no stretch has as they are, as a list completes them ("琶洲、沥滘等城中村改造")
    completed: frozenset[str] = frozenset()


class Names(NamedTuple):
    """What a reader has found in some stretches of a report."""

    area: str
    year: int
    file: str  # below the folder that KG_SHARED names
    sha256: str
    stretches: tuple[tuple[int, int], ...]  # in code points of the file
    entities: tuple[NamedThing, ...]
    #: whether it was read like the whole annotations, and not by those who underline more
    careful: bool = False

    def report(self, shared: Path) -> Path:
        """The path of the report; raises :class:`DataError` where it is another one than was read."""
        path = shared / self.file
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise ReadError(f"cannot be read: {error.strerror}", file=path) from error
        if found != self.sha256:
            raise DataError("not the file that was annotated", file=path)
        return path


class StatedRelation(NamedTuple):
    """A relation that a sentence of a cutting states, or may be taken to state."""

    subject: str
    predicate: str
    object: str
    optional: bool


def names_folder() -> Path:
    """Where the files are."""
    return Path(__file__).resolve().parents[1] / "tests" / "evaluation" / "names"


def load_names(path: Path) -> Names:
    """Read a file; raises :class:`DataError` for one that is none."""
    head: dict[str, str] = {}
    things = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            key, _, value = line[2:].partition(": ")
            head[key] = value
        elif number > 1 and line and not line.startswith("names\t"):
            cells = line.split("\t")
            if len(cells) not in (2, 3) or cells[2:] not in ([], ["optional"]):
                raise DataError("no names of a cutting", file=path, line=number)
            called = cells[0].split("|")
            completed = frozenset(name[1:] for name in called if name.startswith(_COMPLETED))
            names = tuple(name.removeprefix(_COMPLETED) for name in called)
            things.append(NamedThing(names, tuple(cells[1].split("/")), len(cells) == 3, completed))
    try:
        stretches = tuple((int(b), int(e)) for b, e in (part.split("-") for part in head["stretches"].split()))
        if head.get("reader", "careful") != "careful":
            raise ValueError(f"no such reader: {head['reader']}")
        careful = "reader" in head
        return Names(head["area"], int(head["year"]), head["file"], head["sha256"], stretches, tuple(things), careful)
    except (KeyError, ValueError) as error:
        raise DataError(f"no names of a cutting: {error}", file=path) from error


def relations_folder() -> Path:
    """Where the relations of cuttings are, in files called as those of the names."""
    return names_folder().parent / "relations"


def load_relations(path: Path) -> tuple[StatedRelation, ...]:
    """Read the relations of a cutting, of which there may be none; raises :class:`DataError` for any other line."""
    result = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("subject\t"):
            cells = line.split("\t")
            if len(cells) not in (3, 4) or cells[3:] not in ([], ["optional"]):
                raise DataError("no relation of a cutting", file=path, line=number)
            result.append(StatedRelation(cells[0], cells[1], cells[2], len(cells) == 4))
    return tuple(result)
