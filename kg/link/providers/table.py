"""A table of one's own: CSV or TSV, one row for each thing of the other graph."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from heapq import nsmallest
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from kg.errors import DataError
from kg.link.divisions import divisions
from kg.link.matching import SIMILAR
from kg.link.model import Candidate, Target, Thing
from kg.link.names import forms, normal, splits
from kg.link.providers.reconcile import iri_of
from kg.model import EntityClass

#: of more columns nothing is read
_COLUMNS: Final = (
    "id", "name", "aliases", "type", "parent", "from", "until", "code", "latitude", "longitude", "description",
)  # fmt: skip
#: how many of the rows that share most with a name are compared with it, letter by letter
_COMPARED: Final = 50
#: shorter names are like too many others
_LONG: Final = 4


class OwnTable:
    """The rows of a file with a header: ``id`` and ``name``, and any of the other columns.

    ``id name aliases type parent from until code latitude longitude description``; several aliases, types or parents
    (outermost first) are separated by ``|``.  An ``id`` that is no IRI gets ``namespace`` before it.  Lines that begin
    with ``#``, and empty ones, are left out.

    Raises :class:`DataError` with the line for a file that is not so.
    """

    name = "table"

    def __init__(self, file: Path, *, key: str = "table", namespace: str = "") -> None:
        self.file = file
        space = namespace or f"urn:kg:table:{key}:"
        if iri_of(space, "x") is None:
            raise DataError(f"{namespace!r} makes no IRIs", hint="a namespace is like https://example.org/company/")
        # the table's own IRI: several tables may share a namespace, and decisions are told apart by this
        self._target = Target(key, f"the table {file.name}", f"urn:kg:table:{key}", space)
        self._rows: list[Candidate] = []
        lines: dict[str, int] = {}
        for line, row in _read(file):
            candidate = self._candidate(row, line)
            if (first := lines.setdefault(candidate.iri, line)) != line:
                raise DataError(f"{candidate.id!r} stands in line {first}, too", file=file, line=line)
            self._rows.append(candidate)
        if not self._rows:
            raise DataError("the table has no rows", file=file)
        self._by_form: dict[str, list[Candidate]] = defaultdict(list)
        self._by_pair: dict[str, list[int]] = defaultdict(list)  # two letters that follow each other: row numbers
        self._names = [normal(candidate.name) for candidate in self._rows]
        for number, candidate in enumerate(self._rows):
            for name in (candidate.name, *candidate.aliases):
                for form, _ in forms(normal(name)):
                    self._by_form[form].append(candidate)
            for pair in _pairs(self._names[number]):
                self._by_pair[pair].append(number)

    @property
    def targets(self) -> Sequence[Target]:
        """The table."""
        return (self._target,)

    def wants(self, thing: Thing) -> bool:
        """Everything: a table may hold anything."""
        return True

    def candidates(self, things: Sequence[Thing]) -> Iterator[tuple[Thing, list[Candidate]]]:
        """The rows that bear a name of the thing in some form; for all but divisions, otherwise those like it."""
        for thing in things:
            found: dict[str, Candidate] = {}
            names = [normal(name) for name in thing.names]
            for name in names:
                for _, rest in splits(name, divisions().forms):
                    found.update((c.iri, c) for c in self._by_form.get(rest, ()))
            if not found and EntityClass.ADMINISTRATIVE_AREA not in thing.classes:
                found.update((c.iri, c) for name in names if len(name) >= _LONG for c in self._like(name))
            yield thing, list(found.values())

    def _like(self, name: str) -> Iterator[Candidate]:
        """The rows whose name is like that."""
        shared: Counter[int] = Counter()
        for pair in _pairs(name):
            shared.update(self._by_pair.get(pair, ()))
        # to compare it with each of many thousand names takes seconds
        nearest = nsmallest(_COMPARED, shared, key=lambda n: (abs(len(self._names[n]) - len(name)) - 2 * shared[n], n))
        matcher = SequenceMatcher(b=name, autojunk=False)
        for number in sorted(nearest):
            matcher.set_seq1(self._names[number])
            if matcher.real_quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR:
                yield self._rows[number]

    def _candidate(self, row: dict[str, str], line: int) -> Candidate:
        def wrong(column: str, what: str) -> DataError:
            return DataError(f"{row[column]!r} in column {column!r} is no {what}", file=self.file, line=line)

        def listed(column: str) -> tuple[str, ...]:
            return tuple(part.strip() for part in row.get(column, "").split("|") if part.strip())

        def year(column: str) -> int | None:
            text = row.get(column, "")
            if text and not re.fullmatch(r"[0-9]{4}", text):
                raise wrong(column, "year")
            return int(text) if text else None

        def coordinate(column: str, most: float) -> float | None:
            text = row.get(column, "")
            try:
                number = float(text) if text else None
            except ValueError:
                raise wrong(column, "number") from None
            if number is not None and not abs(number) <= most:
                raise wrong(column, f"number from -{most} to {most}")
            return number

        id, name = row["id"], row["name"]
        if not id or not name:
            raise DataError("a row without id or name", file=self.file, line=line)
        iri = id if "://" in id or id.startswith("urn:") else iri_of(self._target.namespace, id)
        try:
            NamedNode(iri or "")
        except ValueError:
            raise DataError(f"{id!r} makes no IRI", file=self.file, line=line) from None
        latitude, longitude = coordinate("latitude", 90), coordinate("longitude", 180)
        return Candidate(
            target=self._target.key,
            id=id,
            iri=iri or "",
            name=name,
            aliases=listed("aliases"),
            types=listed("type"),
            within=listed("parent"),
            since=year("from"),
            until=year("until"),
            code=row.get("code") or None,
            latitude=latitude,
            longitude=longitude,
            description=row.get("description", ""),
            source=self._target.iri,
        )


def _pairs(name: str) -> set[str]:
    return {name[i : i + 2] for i in range(len(name) - 1)}


def _read(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the header, each with the line that it begins in."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"the table cannot be read: {error.strerror}", file=file) from None
    except UnicodeDecodeError as error:
        hint = "save it as 'CSV UTF-8'"
        raise DataError("the table is not in UTF-8", file=file, offset=error.start, hint=hint) from None
    rows = _Rows(text)
    header: list[str] = []
    try:
        for line, cells in rows:
            if not header:
                header = [cell.strip() for cell in cells]
                for column in ("id", "name"):
                    if column not in header:
                        raise DataError(f"the table has no column {column!r}", file=file, line=line)
                if twice := [c for c in _COLUMNS if header.count(c) > 1]:
                    raise DataError(f"the table has two columns {twice[0]!r}", file=file, line=line)
                continue
            if len(cells) > len(header):
                raise DataError(
                    f"{len(cells)} fields below {len(header)} columns", file=file, line=line, hint="is one not quoted?"
                )
            told = dict(zip(header, map(str.strip, cells), strict=False))
            yield line, {column: told.get(column, "") for column in _COLUMNS if column in header}
    except csv.Error as error:
        raise DataError(str(error), file=file, line=rows.begun) from None
    if not header:
        raise DataError("the table is empty", file=file)


class _Rows:
    """The rows of CSV or TSV, with comments left out; what looks like one within quotation marks is none."""

    def __init__(self, text: str) -> None:
        self.begun = 0  # the line in which the last row begins
        self._number = 0
        self._within = False
        self._text = text

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        # not str.splitlines, which knows more ends of lines than CSV does
        first = next((line for line in io.StringIO(self._text, newline="") if not _is_comment(line)), "")
        for row in csv.reader(self._lines(), delimiter="\t" if "\t" in first else ",", strict=True):
            self._within = False
            if any(cell.strip() for cell in row):
                yield self.begun, row

    def _lines(self) -> Iterator[str]:
        for line in io.StringIO(self._text, newline=""):
            self._number += 1
            if not self._within:
                if _is_comment(line):
                    continue
                self.begun, self._within = self._number, True
            yield line


def _is_comment(line: str) -> bool:
    return line.startswith("#") or not line.strip()
