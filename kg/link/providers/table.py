"""A table of one's own: CSV or TSV, one row for each thing of the other graph."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from kg.errors import DataError
from kg.link.divisions import divisions
from kg.link.matching import SIMILAR
from kg.link.model import Candidate, Target, Thing
from kg.link.names import forms, normal, splits
from kg.link.providers.reconcile import iri_of

_LISTS: Final = ("aliases", "type", "parent")
_COLUMNS: Final = (
    "id", "name", "aliases", "type", "parent", "from", "until", "code", "latitude", "longitude", "description",
)  # fmt: skip


class OwnTable:
    """The rows of a file with a header: ``id`` and ``name``, and any of the other columns.

    ``id name aliases type parent from until code latitude longitude description``; several aliases, types or parents
    (outermost first) are separated by ``|``.  An ``id`` that is no IRI gets ``namespace`` before it.

    Raises :class:`DataError` with the line for a file that is not so.
    """

    name = "table"

    def __init__(self, file: Path, *, key: str = "table", namespace: str = "") -> None:
        self.file = file
        rows, dialect = _read(file)
        space = namespace or f"urn:kg:table:{key}:"
        self._target = Target(key, f"the table {file.name}", f"urn:kg:table:{key}", space)
        if namespace:
            self._target = Target(key, f"the table {file.name}", namespace.rstrip("/#"), namespace)
        self._rows = [self._candidate(row, line) for line, row in enumerate(rows, 2)]
        if not self._rows:
            raise DataError("the table has no rows", file=file, hint=f"separated by {dialect!r}")
        self._by_form: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in self._rows:
            for name in (candidate.name, *candidate.aliases):
                for form, _ in forms(normal(name)):
                    self._by_form[form].append(candidate)

    @property
    def targets(self) -> Sequence[Target]:
        """The table."""
        return (self._target,)

    def wants(self, thing: Thing) -> bool:
        """Everything: a table may hold anything."""
        return True

    def candidates(self, things: Sequence[Thing]) -> Iterator[tuple[Thing, list[Candidate]]]:
        """The rows that bear a name of the thing in some form, or one like it."""
        names = [(normal(candidate.name), candidate) for candidate in self._rows]
        for thing in things:
            found: dict[str, Candidate] = {}
            for name in map(normal, thing.names):
                for _, rest in splits(name, divisions().forms):
                    found.update((c.iri, c) for c in self._by_form.get(rest, ()))
                if not found and len(names) <= 20_000:
                    matcher = SequenceMatcher(b=name, autojunk=False)
                    for other, candidate in names:
                        matcher.set_seq1(other)
                        if matcher.real_quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR:
                            found[candidate.iri] = candidate
            yield thing, list(found.values())

    def _candidate(self, row: dict[str, str], line: int) -> Candidate:
        def listed(column: str) -> tuple[str, ...]:
            return tuple(part.strip() for part in row.get(column, "").split("|") if part.strip())

        def number(column: str) -> float | None:
            text = row.get(column, "").strip()
            try:
                return float(text) if text else None
            except ValueError:
                raise DataError(f"{text!r} in column {column!r} is no number", file=self.file, line=line) from None

        id, name = row.get("id", "").strip(), row.get("name", "").strip()
        if not id or not name:
            raise DataError("a row without id or name", file=self.file, line=line)
        iri = id if "://" in id else iri_of(self._target.namespace, id)
        try:
            NamedNode(iri or "")
        except ValueError:
            raise DataError(f"{id!r} makes no IRI", file=self.file, line=line) from None
        since, until = number("from"), number("until")
        return Candidate(
            target=self._target.key,
            id=id,
            iri=iri or "",
            name=name,
            aliases=listed("aliases"),
            types=listed("type"),
            within=listed("parent"),
            since=int(since) if since is not None else None,
            until=int(until) if until is not None else None,
            code=row.get("code", "").strip() or None,
            latitude=number("latitude"),
            longitude=number("longitude"),
            description=row.get("description", "").strip(),
            source=self._target.iri,
        )


def _read(file: Path) -> tuple[list[dict[str, str]], str]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"the table cannot be read: {error.strerror}", file=file) from None
    except UnicodeDecodeError as error:
        raise DataError("the table is not in UTF-8", file=file, offset=error.start) from None
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    delimiter = "\t" if lines and "\t" in lines[0] else ","
    try:
        reader = csv.DictReader(lines, delimiter=delimiter, strict=True, restval="", restkey="")
        rows = [{k: v for k, v in row.items() if k} for row in reader]
    except csv.Error as error:
        raise DataError(str(error), file=file, line=reader.line_num) from None
    if missing := [c for c in ("id", "name") if c not in (reader.fieldnames or ())]:
        raise DataError(f"the table has no column {missing[0]!r}", file=file, line=1)
    return rows, delimiter
