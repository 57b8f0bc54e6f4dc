"""Query templates: one SPARQL file per question, with typed parameters, in grlc's convention.

The first lines of a template, ``#+ key: value``, are YAML (the small part of it
that :func:`parse_header` reads); its parameters are the variables of the query
that begin with an underscore:

==================  =================================================================================
``?_year``          must be given; a string
``?__year``         may be left out: then the variable stays unbound
``?_from_integer``  a number; so ``_decimal`` and ``_date``
``?_name_zh``       a string in that language, as names are in the graph
``?_thing_iri``     an IRI, or a CURIE of the project's prefixes
==================  =================================================================================

A value is bound as a term, by ``VALUES``, in every group of the query in which
the variable stands; it never becomes text of the query, so that whatever
characters it holds, it is a value.  Several values of one parameter mean any of
them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import resources
from kg.errors import QueryError, StoreError, TemplateError
from kg.graph import sparql
from kg.patterns import compiled

if TYPE_CHECKING:
    from kg.graph.reading import Readable
    from kg.graph.results import Result

#: What one value of a parameter may be given as.
Scalar = str | int | Decimal | datetime.date
#: What a parameter may be given as: one value, or several.
Value = Scalar | Iterable[Scalar]

_PARAMETER = compiled(r"(_{1,2})([a-z][a-z0-9]*)(?:_([A-Za-z]+))?")
_KINDS: Final = {
    "string": "text",
    "iri": "an IRI",
    "integer": "a whole number",
    "decimal": "a number",
    "date": "a date such as 2011-11-08",
}
_RESERVED: Final = frozenset(("format", "store", "help", "sparql", "output"))
_HEADER = compiled(r"#\+(.*)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a template."""

    name: str
    variable: str  # without the question mark
    kind: str  # "string", "iri", "integer", "decimal", "date", or a language tag of two letters
    required: bool
    doc: str = ""
    defaults: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def takes(self) -> str:
        """What the parameter takes, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        return _KINDS.get(self.kind, "a name")

    @property
    def is_name(self) -> bool:
        """Whether its values are names (or parts of names) as the graph's labels have them."""
        return self.kind not in _KINDS

    def term(self, value: Scalar) -> str:
        """The value as a term of SPARQL.  Raises :class:`ValueError` if it is none of that kind."""
        from pyoxigraph import Literal, NamedNode

        from kg.graph.vocab import PREFIXES, term

        if isinstance(value, bool | float):  # True is no 1 here, and 0.1 no decimal
            raise ValueError(value)
        text = str(value)
        if self.choices and text not in self.choices:
            raise ValueError(text)
        text.encode()  # a lone surrogate has no place in RDF: UnicodeEncodeError is a ValueError
        match self.kind:
            case "iri":
                prefix, _, local = text.partition(":")
                return str(NamedNode(PREFIXES[prefix] + local if prefix in PREFIXES else text))
            case "integer":
                if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
                    raise ValueError(text)
                return str(Literal(str(int(text)), datatype=term("xsd:integer")))
            case "decimal":
                try:
                    number = Decimal(text)
                except InvalidOperation:
                    raise ValueError(text) from None
                if not number.is_finite() or abs(number.adjusted()) > 18:
                    raise ValueError(text)
                return str(Literal(format(number, "f"), datatype=term("xsd:decimal")))
            case "date":
                return str(Literal(datetime.date.fromisoformat(text).isoformat(), datatype=term("xsd:date")))
            case "string":
                return _unambiguous(str(Literal(text)))
            case language:
                return _unambiguous(str(Literal(text, language=language)))


def _unambiguous(literal: str) -> str:
    r"""A quoted literal that engines read alike whether they expand ``\u`` before parsing a query or while they do.

    SPARQL expands it before (19.2), even behind an escaped backslash; rdflib also takes eight digits after
    ``\u`` if there are eight. So the letter after a backslash is escaped, too, and always with eight digits.

    >>> print(_unambiguous(r'"\\u0022 \u00000022"'))
    "\\\U000000750022 \U000000000022"
    """
    return re.sub(r"(\\\\)([uU]?)|\\u([0-9A-Fa-f]{4})|\\.", _eight_digits, literal, flags=re.DOTALL)


def _eight_digits(escape: re.Match[str]) -> str:
    backslash, letter, digits = escape.groups()
    if digits:
        return f"\\U0000{digits}"
    return f"{backslash}\\U{ord(letter):08X}" if letter else escape[0]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a template's result and what stands in it."""

    name: str
    doc: str


@dataclass(frozen=True)
class Template:
    """A query with parameters, as read from its file."""

    name: str
    summary: str
    summary_zh: str
    description: str
    tags: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    text: str  # the query without the header
    columns: tuple[Column, ...] = ()
    limit: int | None = None
    examples: tuple[str, ...] = field(default=())

    @property
    def topic(self) -> str:
        """The first tag."""
        return self.tags[0]

    @cached_property
    def form(self) -> str:
        """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``."""
        return sparql.form(self.text)

    def bind(self, **values: Value | None) -> str:
        """The query with the values bound.

        ``None`` means not given.  ``limit`` (a whole number) is a parameter of every template: at most so many
        rows.  Raises :class:`~kg.errors.TemplateError` naming the parameter and what it takes, if one is
        unknown, missing or ill-typed.
        """
        given = {name: value for name, value in values.items() if value is not None}
        limit = given.pop("limit", self.limit)
        if unknown := sorted(given.keys() - self.parameters.keys()):
            known = ", ".join([*self.parameters, "limit"])
            raise TemplateError(f"{self.name} has no parameter {unknown[0]!r}; it takes {known}")
        lines: dict[str, str] = {}
        for parameter in self.parameters.values():
            terms = list(dict.fromkeys(self._terms(parameter, given.get(parameter.name))))
            if terms:
                rows = " ".join(f"({term})" for term in terms)
                lines[parameter.variable] = f" VALUES (?{parameter.variable}) {{ {rows} }}"
            elif parameter.required:
                raise TemplateError(
                    f"{self.name} needs the parameter {parameter.name!r}, which takes {parameter.takes}"
                )
        query = self.text
        for group in reversed(self._groups):
            inserted = "".join(lines[v] for v in lines if v in group.variables)
            query = query[: group.begin] + inserted + query[group.begin :]
        return query if limit is None else f"{query.rstrip()}\nLIMIT {self._limit(limit)}\n"

    @cached_property
    def _groups(self) -> list[sparql.Group]:
        return sparql.groups(self.text)

    def _terms(self, parameter: Parameter, value: Value | None) -> Iterator[str]:
        scalars: Iterable[Scalar]
        if value is None:
            scalars = parameter.defaults
        elif isinstance(value, Iterable) and not isinstance(value, str):
            scalars = value
        else:
            scalars = (value,)
        for scalar in scalars:
            try:
                yield parameter.term(scalar)
            except (ValueError, TypeError):
                raise TemplateError(
                    f"the parameter {parameter.name!r} of {self.name} takes {parameter.takes}, not {scalar!r}"
                ) from None

    def _limit(self, value: Value) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value)):
            raise TemplateError(f"the parameter 'limit' of {self.name} takes a whole number, not {value!r}")
        return int(str(value))


def load_templates(folder: Path | None = None) -> dict[str, Template]:
    """The templates of a folder (of the project if none is given), by name, sorted.

    Raises :class:`~kg.errors.TemplateError` with file and line for a template that breaks the convention.
    """
    return {path.stem: load_template(path) for path in template_files(folder)}


def template_files(folder: Path | None = None) -> list[Path]:
    """The files of the templates, sorted by name."""
    return sorted((folder or resources.folder("queries")).glob("*.rq"))


def load_template(path: Path) -> Template:
    """Read one template; see :func:`load_templates`."""
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError(f"cannot be read: {error.strerror}", file=path) from error
    except UnicodeDecodeError as error:
        raise TemplateError("is not UTF-8", file=path, offset=error.start) from error
    return parse_template(path.stem, source, file=path)


def parse_template(name: str, source: str, *, file: Path | None = None) -> Template:
    """A template out of the text of its file.

    >>> t = parse_template("parks", "#+ summary: Parks\\n#+ summary_zh: 园区\\n#+ tags:\\n#+   - places\\n"
    ...                    "SELECT ?p { ?p ?label ?_name_zh }")
    >>> print(t.bind(name='琶洲"'), end="")
    SELECT ?p { VALUES (?_name_zh) { ("琶洲\\""@zh) } ?p ?label ?_name_zh }
    """
    lines = source.split("\n")
    header = parse_header(lines, file=file)
    text = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"

    def one(key: str) -> str:
        value = header.get(key, "")
        if not isinstance(value, str):
            raise TemplateError(f"the header's {key!r} has to be one value", file=file)
        return value

    def pairs(key: str) -> dict[str, list[str]]:
        value = header.get(key, [])
        out: dict[str, list[str]] = {}
        for item in value if isinstance(value, list) else []:
            if not isinstance(item, tuple):
                raise TemplateError(f"the header's {key!r} has to be a list of `- name: value`", file=file)
            out.setdefault(item[0], []).extend([item[1]] if isinstance(item[1], str) else item[1])
        return out

    tags = header.get("tags", [])
    if not one("summary") or not tags or not all(isinstance(tag, str) for tag in tags):
        raise TemplateError("a template needs a summary and tags", file=file)
    try:
        variables = [t.text[1:] for t in sparql.tokens(text) if t.kind == "variable"]
        sparql.groups(text)
        sparql.check(text)
    except QueryError as error:
        raise TemplateError(error.message, file=file, line=error.line) from error
    if (limits := re.search(r"(?i)\bLIMIT\s+\d+\s*$", text)) is not None:
        raise TemplateError(f"write `- limit: N` under `defaults:` instead of {limits[0].strip()!r}", file=file)
    defaults, docs, choices = pairs("defaults"), pairs("params"), pairs("enumerate")
    limit = defaults.pop("limit", [])
    if len(limit) > 1 or not all(n.isdecimal() for n in limit):
        raise TemplateError("the limit takes one whole number", file=file)
    parameters: dict[str, Parameter] = {}
    for variable in dict.fromkeys(variables):
        if not variable.startswith("_"):
            continue
        parts = _PARAMETER.fullmatch(variable)
        kind = (parts[3] or "string") if parts else ""
        if parts is None or (kind not in _KINDS and not re.fullmatch("[a-z]{2}", kind)):
            raise TemplateError(f"?{variable} is no parameter: its type is not known", file=file)
        if parts[2] in _RESERVED or parts[2] == "limit":
            raise TemplateError(f"?{variable}: {parts[2]!r} is an option of every query", file=file)
        if parts[2] in parameters:
            raise TemplateError(f"?{variable}: the parameter {parts[2]!r} has two variables", file=file)
        parameters[parts[2]] = Parameter(
            name=parts[2],
            variable=variable,
            kind=kind,
            required=parts[1] == "_",
            doc=" ".join(docs.pop(parts[2], [])),
            defaults=tuple(defaults.pop(parts[2], [])),
            choices=tuple(choices.pop(variable, [])),
        )
    for key, rest in (("defaults", defaults), ("params", docs), ("enumerate", choices)):
        if rest:
            raise TemplateError(f"the header's {key!r} names {next(iter(rest))!r}, which is no parameter", file=file)
    return Template(
        name=name,
        summary=one("summary"),
        summary_zh=one("summary_zh"),
        description=one("description"),
        tags=tuple(str(tag) for tag in tags),
        parameters=parameters,
        text=text,
        columns=tuple(Column(key, " ".join(doc)) for key, doc in pairs("columns").items()),
        limit=int(limit[0]) if limit else None,
        examples=tuple(str(example) for example in header.get("examples", [])),
    )


#: An item of a list in the header: a value, or a key with its value or values.
Item = str | tuple[str, str | list[str]]


def parse_header(lines: list[str], *, file: Path | None = None) -> dict[str, str | list[Item]]:
    """The YAML after ``#+``: scalars, lists of scalars, lists of ``key: scalar``, lists of ``key:`` with a list.

    All else that YAML allows is an error, so that a full YAML parser and this one never read different things.

    >>> parse_header(["#+ summary: 园区", "#+ defaults:", "#+   - year: 2010", "SELECT * {}"])
    {'summary': '园区', 'defaults': [('year', '2010')]}
    """
    out: dict[str, str | list[Item]] = {}
    items: list[Item] | None = None
    nested: list[str] | None = None
    for number, line in enumerate(lines, 1):
        if (found := _HEADER.fullmatch(line)) is None:
            continue
        content = found[1]
        if not content.strip():
            continue
        if part := re.fullmatch(r" (\w+):(?: +(\S.*?))? *", content):
            key = part[1]
            if key in out:
                raise TemplateError(f"{key!r} is given twice", file=file, line=number)
            items, nested = None, None
            if part[2]:
                out[key] = _scalar(part[2], file, number)
            else:
                out[key] = items = []
        elif items is not None and (part := re.fullmatch(r"   - (\w+):(?: +(\S.*?))? *", content)):
            if part[2]:
                items.append((part[1], _scalar(part[2], file, number)))
                nested = None
            else:
                nested = []
                items.append((part[1], nested))
        elif nested is not None and (part := re.fullmatch(r"       - (\S.*?) *", content)):
            nested.append(_scalar(part[1], file, number))
        elif items is not None and (part := re.fullmatch(r"   - (\S.*?) *", content)):
            items.append(_scalar(part[1], file, number))
        else:
            raise TemplateError("this line of the header is neither `key: value` nor `- item`", file=file, line=number)
    return out


def _scalar(text: str, file: Path | None, line: int) -> str:
    if re.fullmatch(r'"[^"\\]*"', text):
        return text[1:-1]
    if text[0] in "\"'[]{}>|*&!%#`@,?-" or ": " in text or " #" in text or text.endswith(":"):
        raise TemplateError(f"{text!r} has to stand in double quotes", file=file, line=line)
    return text


def run(
    store: Readable,
    query: str,
    *,
    default_graphs: Iterable[str] | None = None,
    named_graphs: Iterable[str] | None = None,
    max_rows: int | None = None,
) -> Result:
    """Evaluate a query over the union of all named graphs; the project's prefixes need not be declared.

    A query that says which graphs it is about, by FROM, is evaluated over these.  ``default_graphs`` and
    ``named_graphs``, IRIs, take the place of both (SPARQL 1.1 Protocol, 2.1.4); of the two, the one that is not
    given is then empty.  An answer of more than ``max_rows`` rows is refused when it is written.

    Raises :class:`~kg.errors.QueryError` with line and column if the query is malformed, is an update, or
    would call another server.
    """
    from pyoxigraph import NamedNode

    from kg.graph.reading import has_union
    from kg.graph.results import Result
    from kg.graph.store import DAMAGED
    from kg.graph.vocab import PREFIXES

    options: dict[str, Any] = {"prefixes": PREFIXES}
    try:
        sparql.check(query)
        if default_graphs is not None or named_graphs is not None:
            options["default_graph"] = [NamedNode(iri) for iri in default_graphs or ()]
            options["named_graphs"] = [NamedNode(iri) for iri in named_graphs or ()]
        elif not has_union(store) and not sparql.names_graphs(query):
            # of an older version; the union would take the place of the graphs that FROM names
            options["use_default_graph_as_union"] = True
        if max_rows is not None and sparql.form(query) == "SELECT":
            query = sparql.capped(query, max_rows + 1)
        return Result(store.query(query, **options), store, max_rows=max_rows)
    except SyntaxError as error:
        raise sparql.explain(query, str(error)) from None
    except (OSError, RuntimeError, ValueError) as error:
        if str(error).startswith("Corruption"):
            raise StoreError(f"{DAMAGED}: {' '.join(str(error).split())}") from error
        raise QueryError(f"the query cannot be evaluated: {error}") from error
