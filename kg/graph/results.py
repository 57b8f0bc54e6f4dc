"""What a query gives, written as people or programs want it.

SELECT and ASK go out as a table, or in the result formats of SPARQL 1.1 (JSON,
XML, CSV, TSV); CONSTRUCT and DESCRIBE in the syntaxes of RDF.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO, Final

import pyoxigraph as ox

from kg.errors import AnswerTooLarge, QueryError
from kg.graph.reading import Readable, ahead, union
from kg.graph.vocab import PREFIXES, curie, term

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

#: What a SELECT or ASK may be written as.
TABLE_FORMATS: Final = ("table", "csv", "tsv", "json", "xml")
#: What a CONSTRUCT or DESCRIBE may be written as.
GRAPH_FORMATS: Final = ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml")
FORMATS: Final = TABLE_FORMATS + GRAPH_FORMATS

_NUMBERS: Final = frozenset(
    PREFIXES["xsd"] + name for name in ("integer", "decimal", "int", "long", "nonNegativeInteger", "double", "float")
)


_RESULT_FORMATS: Final = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
_RDF_FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


class Result:
    """The answer to one query: iterate over it, or write it, once; it is evaluated while you do.

    ``form`` is ``SELECT``, ``ASK`` or ``CONSTRUCT`` (which a DESCRIBE is, too); ``variables`` are the columns: of a
    SELECT without question marks, of an ASK ``boolean``, of a graph ``subject``, ``predicate``, ``object``.
    """

    def __init__(
        self,
        raw: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
        store: Readable,
        *,
        max_rows: int | None = None,
    ) -> None:
        self._raw = raw
        self._store = store
        self._max_rows = max_rows
        self.form: str
        self.variables: tuple[str, ...]
        match raw:
            case ox.QuerySolutions():
                self.form, self.variables = "SELECT", tuple(variable.value for variable in raw.variables)
            case ox.QueryBoolean():
                self.form, self.variables = "ASK", ("boolean",)
            case _:
                self.form, self.variables = "CONSTRUCT", ("subject", "predicate", "object")

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        """The rows: the terms in the order of ``variables``, None where a variable is unbound."""
        try:
            match self._raw:
                case ox.QueryBoolean() as answer:
                    yield (ox.Literal(bool(answer)),)
                case ox.QuerySolutions() as solutions:
                    yield from (tuple(solution) for solution in solutions)
                case triples:
                    yield from ((t.subject, t.predicate, t.object) for t in triples)
        except (OSError, RuntimeError) as error:
            raise QueryError(f"the query cannot be evaluated: {error}") from error

    def default_format(self) -> str:
        """``table``, or ``turtle`` for a graph."""
        return "turtle" if self.form == "CONSTRUCT" else "table"

    def write(self, output: IO[bytes], format: str | None = None) -> int:
        """Write the result as UTF-8; gives the number of rows or triples, for SPARQL's own formats -1 (not counted).

        Triples are sorted, so that the same answer is the same text.  Raises
        :class:`~kg.errors.QueryError` for a format that does not fit what was asked, and
        :class:`~kg.errors.AnswerTooLarge` if there are more rows than may be; in SPARQL's own formats, which are
        not counted, only :func:`count_rows` can tell.
        """
        format = format or self.default_format()
        fitting = GRAPH_FORMATS if self.form == "CONSTRUCT" else TABLE_FORMATS
        if format not in fitting:
            raise QueryError(f"the answer to {self.form} cannot be written as {format}; one of {', '.join(fitting)}")
        if format == "table":
            return self._write_table(output)
        if isinstance(self._raw, ox.QueryTriples):
            return self._write_triples(self._raw, output, format)
        if isinstance(self._raw, ox.QueryBoolean) and format in ("csv", "tsv"):  # which SPARQL leaves undefined
            output.write(b"true\n" if self._raw else b"false\n")
            return 1
        try:
            self._raw.serialize(output, _RESULT_FORMATS[format])
        except RuntimeError as error:
            raise QueryError(f"the query cannot be evaluated: {error}") from error
        if format in ("json", "xml"):
            output.write(b"\n")
        return -1

    def _write_triples(self, raw: ox.QueryTriples, output: IO[bytes], format: str) -> int:
        if self._max_rows is None:
            found = set(raw)
        else:
            found = set()
            for triple in raw:
                found.add(triple)
                self.check_size(len(found))
        triples = sorted(found, key=str)
        text = "".join(map(str, triples))
        used = {prefix: iri for prefix, iri in PREFIXES.items() if iri in text}
        prefixes = used if format in ("turtle", "trig", "rdfxml") else None
        ox.serialize(triples, output, _RDF_FORMATS[format], prefixes=prefixes)
        return len(triples)

    def check_size(self, rows: int) -> None:
        """Raise :class:`~kg.errors.AnswerTooLarge` if so many rows are more than may be."""
        if self._max_rows is not None and rows > self._max_rows:
            raise AnswerTooLarge(
                f"the answer has more than {self._max_rows:,} rows",
                hint="ask for less: by LIMIT and OFFSET, or by a narrower pattern",
            )

    def table(self) -> Table:
        """The result for people: names instead of IRIs, numbers in groups of three digits."""
        labels = Labels(self._store)
        found: list[tuple[Term | None, ...]] = []
        numeric = [True] * len(self.variables)
        for number, row in enumerate(self, 1):
            self.check_size(number)
            for i, cell in enumerate(row):
                if cell is not None and not is_number(cell):
                    numeric[i] = False
            found.append(row)
        labels.ahead(cell for row in found for cell in row)
        rows = [tuple(labels.show(cell) for cell in row) for row in found]
        return Table(self.variables, rows, tuple(numeric))

    def _write_table(self, output: IO[bytes]) -> int:
        table = self.table()
        output.write(table.plain().encode("utf-8", "replace"))
        return len(table.rows)


def count_rows(document: bytes, format: str) -> int:
    """The rows of a SELECT's answer in one of SPARQL's formats, as :meth:`Result.write` wrote it.

    >>> count_rows(b'x,y\\r\\n"a\\r\\nb",1\\r\\n', "csv"), count_rows(b"?x\\n<http://example.org/>\\n", "tsv")
    (1, 1)
    """
    match format:
        case "tsv":  # line breaks in strings are escaped
            return document.count(b"\n") - 1
        case "csv":
            return sum(1 for _ in csv.reader(io.StringIO(document.decode(), newline=""))) - 1
        case "xml":  # < is escaped in strings
            return document.count(b"<result>")
        case _:
            return len(json.loads(document)["results"]["bindings"])


@dataclass(frozen=True, slots=True)
class Table:
    """Texts in rows and columns; the columns of numbers are those to set flush right."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    numeric: Sequence[bool]

    def plain(self) -> str:
        """Aligned by the width that a terminal gives each character (Chinese ones take two cells).

        >>> print(Table(("name", "value"), [("琶洲", "12"), ("x", "1,000")], (False, True)).plain())
        name  value
        ----  -----
        琶洲     12
        x     1,000
        <BLANKLINE>
        """
        lines = [tuple(self.columns), tuple("-" * width(c) for c in self.columns), *self.rows]
        widths = [max(width(line[i]) for line in lines) for i in range(len(self.columns))]
        lines[1] = tuple("-" * w for w in widths)
        out = io.StringIO()
        for line in lines:
            cells = [pad(cell, size, right=flush) for cell, size, flush in zip(line, widths, self.numeric, strict=True)]
            out.write("  ".join(cells).rstrip() + "\n")
        return out.getvalue()


def width(text: str) -> int:
    """How many cells of a terminal a text takes.

    >>> width("T.I.T创意园"), width("e\\u0301")
    (11, 1)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def pad(text: str, size: int, *, right: bool = False) -> str:
    """The text with spaces up to ``size`` cells, before it if ``right``."""
    space = " " * max(0, size - width(text))
    return space + text if right else text + space


def is_number(cell: Term) -> bool:
    """Whether the term is a literal of a numeric type."""
    return isinstance(cell, ox.Literal) and cell.datatype.value in _NUMBERS


def number_text(value: str, *, exact: bool = False) -> str:
    """A number in groups of three digits; an ``exact`` integer of four digits stays together, since it may be a year.

    >>> number_text("72968000000"), number_text("-1234.50"), number_text("2010", exact=True), number_text("x")
    ('72,968,000,000', '-1,234.50', '2010', 'x')
    >>> number_text("81.818181818181818")
    '81.8182'
    """
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite():
        return value
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6:
        number = round(number, 4).normalize()
    return format(number, "f") if exact and abs(number) < 10_000 else f"{number:,f}"


class Labels:
    """The names of things in a store, looked up once each: Chinese before any other, preferred before alternative."""

    def __init__(self, store: Readable) -> None:
        self._store = store
        self._graph = union(store)
        self._known: dict[ox.NamedNode, str | None] = {}

    def ahead(self, cells: Iterable[Term | None]) -> None:
        """The names of these are going to be asked; see :func:`kg.graph.reading.ahead`."""
        ahead(self._store, (c for c in cells if isinstance(c, ox.NamedNode) and c not in self._known), self._graph)

    def all_preferred(self) -> None:
        """The names of all things that have a preferred one are going to be asked: they are read at once."""
        best: dict[ox.NamedNode, tuple[int, str]] = {}
        for quad in self._store.quads_for_pattern(None, _NAMING[0], None, self._graph):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                candidate = _rank(0, quad.object)
                best[quad.subject] = min(best.get(quad.subject, candidate), candidate)
        # a name in another language gives way to what else names it in Chinese
        self._known.update((node, name) for node, (rank, name) in best.items() if rank == 0)

    def name(self, node: ox.NamedNode) -> str | None:
        """The node's label, None if it has none."""
        if node not in self._known:
            best: tuple[int, str] | None = None
            for number, predicate in enumerate(_NAMING):
                for quad in self._store.quads_for_pattern(node, predicate, None, self._graph):
                    if isinstance(quad.object, ox.Literal):
                        candidate = _rank(number, quad.object)
                        best = candidate if best is None else min(best, candidate)
            self._known[node] = best[1] if best else None
        return self._known[node]

    def show(self, cell: Term | None) -> str:
        """A term for people, on one line: a name, a number, a text; else the CURIE."""
        match cell:
            case None:
                return ""
            case ox.NamedNode():
                return printable(self.name(cell) or _short(cell.value))
            case ox.Literal():
                if is_number(cell):
                    return number_text(cell.value, exact=cell.datatype == term("xsd:integer"))
                return clip(printable(cell.value))
            case ox.BlankNode():
                return f"_:{cell.value}"
            case triple:
                return str(triple)


#: What gives a thing its name, the best first.
_NAMING: Final = (term("skos:prefLabel"), term("rdfs:label"), term("dcterms:title"))


def _rank(number: int, label: ox.Literal) -> tuple[int, str]:
    return 2 * number + (label.language not in ("zh", None)), label.value


#: What the table says for terms of the standards, which have no label in the store.
_STANDARD: Final = {
    PREFIXES["rdf"] + "type": "类型",
    PREFIXES["skos"] + "prefLabel": "名称",
    PREFIXES["skos"] + "altLabel": "别名",
    PREFIXES["skos"] + "exactMatch": "等同",
    PREFIXES["skos"] + "closeMatch": "近似",
}


def _short(iri: str) -> str:
    if iri in _STANDARD:
        return _STANDARD[iri]
    short = curie(iri)
    return short[1:-1] if short.startswith("<") else short


def clip(text: str, size: int = 300) -> str:
    """The text up to ``size`` characters, so that the text of a whole report is no cell of a table.

    >>> clip("abc", 3), clip("abcd", 3)
    ('abc', 'ab…')
    """
    return text if len(text) <= size else text[: size - 1] + "…"


def printable(text: str) -> str:
    """The text on one line, with control and direction characters made visible, so that no name can steer a terminal.

    >>> printable("a\\n\\tb \\x1b[31m\\u202e")
    'a b \\\\x1b[31m\\\\u202e'
    """
    out = " ".join(text.split())
    if out.isprintable():
        return out
    return "".join(c if c.isprintable() or c in "\u3000" else c.encode("unicode_escape").decode() for c in out)
