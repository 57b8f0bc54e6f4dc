"""SPARQL as text: its tokens, its groups, what must not be sent to the store, where a syntax error lies.

Oxigraph parses and evaluates queries.  It has no switch against ``SERVICE``, it
binds variables neither in sub-SELECTs nor where they are not projected, and it
reports a syntax error at a place that its look-ahead has moved; the tokens of
the query are what is needed to do better in all three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.errors import QueryError
from kg.patterns import compiled

_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LETTER = r"[^\W\d_]"

#: The terminals of SPARQL 1.1 (19.8), in an order in which the first that fits is the right one.
_TOKEN: Final = compiled(
    rf"""
    (?P<space>\s+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|{_ESCAPE})*>)
  | (?P<string>'''(?:'{{0,2}}(?:[^'\\]|\\.))*''' | \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*\"\"\"
             | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*")
  | (?P<variable>[?$]\w+)
  | (?P<blank>_:\w(?:[\w.\-]*[\w\-])?)
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<name>(?:{_LETTER}(?:[\w.\-]*[\w\-])?)?:(?:(?:[\w:]|{_PLX})(?:(?:[\w.:\-]|{_PLX})*(?:[\w:\-]|{_PLX}))?)?)
  | (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>{_LETTER}\w*)
  | (?P<mark>\^\^|&&|\|\||!=|<=|>=|<<|>>|[{{}}()\[\].,;=<>+\-*/|^!?~])
    """,
    re.VERBOSE | re.DOTALL,
)

_OPENING: Final = {"}": "{", ")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a query: ``query[begin:end] == text``, code points.

    ``kind`` is one of ``iri string variable blank tag name number word mark``.
    """

    kind: str
    text: str
    begin: int

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


@dataclass(frozen=True, slots=True)
class Group:
    """A group graph pattern: ``begin`` is the offset behind its ``{``, ``variables`` stand in no group inside it."""

    begin: int
    variables: frozenset[str]


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1.

    >>> place("ab\\ncd", 4)
    (2, 2)
    """
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query without white space and comments.

    Raises :class:`~kg.errors.QueryError` with line and column where no token begins.

    >>> [t.text for t in tokens("SELECT * { ?s a gwr:Park } # 公园")]
    ['SELECT', '*', '{', '?s', 'a', 'gwr:Park', '}']
    """
    at = 0
    while at < len(query):
        found = _TOKEN.match(query, at)
        if found is None or found.lastgroup is None:
            if query[at] in "'\"":
                raise syntax_error(query, at, "this string does not end")
            raise syntax_error(query, at, f"{query[at]!r} does not belong here")
        if found.lastgroup not in ("space", "comment"):
            yield Token(found.lastgroup, found[0], at)
        at = found.end()


def syntax_error(query: str, offset: int, message: str) -> QueryError:
    """The error of a query at an offset, with line and column."""
    line, column = place(query, offset)
    return QueryError(f"column {column}: {message}", line=line)


def check(query: str) -> None:
    """Let through only what reads the store and nothing else.

    Raises :class:`~kg.errors.QueryError` for an update and for ``SERVICE``, which would make the store call
    the network.  Oxigraph takes ``SERVICE:x`` and ``trueSERVICE`` for the key word, so that letters before or
    after it do not matter here either; text within strings, IRIs, comments and variables does not count.

    >>> check("SELECT * { ?s ?p 'SERVICE <http://example.org/>' }")
    >>> check("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
      ...
    kg.errors.QueryError: line 1: column 12: SERVICE is not allowed: a query may not call another server
    """
    first = True
    depth = unary = 0
    for token in tokens(query):
        word = token.text.partition(":")[0] if token.kind == "name" else token.text
        if token.kind == "mark":
            depth += (token.text in "{([") - (token.text in "})]")
            unary = unary + 1 if token.text in "!+-" else 0
            if max(depth, unary) > MAX_DEPTH:
                raise syntax_error(query, token.begin, f"a query may be nested {MAX_DEPTH} deep")
        if token.kind not in ("word", "name"):
            continue
        if first and token.kind == "word" and word.upper() not in ("PREFIX", "BASE", "VERSION"):
            first = False
            if word.upper() in _UPDATES:
                message = f"{word.upper()} is not allowed: a query may not change the store"
                raise syntax_error(query, token.begin, message)
        if "SERVICE" in word.upper():
            message = "SERVICE is not allowed: a query may not call another server"
            raise syntax_error(query, token.begin, message)


#: Deeper than anybody writes; parsers recurse, and their stack ends.
MAX_DEPTH: Final = 500

_UPDATES: Final = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"))
_FORMS: Final = frozenset(("SELECT", "CONSTRUCT", "ASK", "DESCRIBE"))


def form(query: str) -> str:
    """What a query asks for: ``SELECT``, ``CONSTRUCT``, ``ASK`` or ``DESCRIBE``.

    >>> form("PREFIX select: <http://example.org/> ask { ?s ?p ?o }")
    'ASK'
    """
    for token in tokens(query):
        if token.kind == "word" and token.text.upper() in _FORMS:
            return token.text.upper()
    raise QueryError("a query has to begin with SELECT, CONSTRUCT, ASK or DESCRIBE")


def names_graphs(query: str) -> bool:
    """Whether a query says itself, by FROM, over which graphs it is evaluated.

    >>> names_graphs("SELECT * FROM <http://example.org/g> { ?s ?p 'FROM' }"), names_graphs("ASK { ?from ?p 'FROM' }")
    (True, False)
    """
    for token in tokens(query):
        if token.text == "{" and token.kind == "mark":
            return False
        if token.kind == "word" and token.text.upper() == "FROM":
            return True
    return False


def capped(query: str, rows: int) -> str:
    """The SELECT query with at most so many rows to evaluate, on the lines on which it was.

    >>> capped("SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 900", 100)
    'SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 100'
    >>> capped("SELECT ?s { ?s ?p ?o { SELECT ?p { ?p ?q 1 } LIMIT 3 } } # all\\nVALUES ?s { 1 }", 100)
    'SELECT ?s { ?s ?p ?o { SELECT ?p { ?p ?q 1 } LIMIT 3 } } # all\\n LIMIT 100 VALUES ?s { 1 }'
    >>> capped("SELECT ?s { ?s ?p ?o }", 100)
    'SELECT ?s { ?s ?p ?o }\\nLIMIT 100'
    """
    depth = 0
    where = limited = False
    for token in tokens(query):
        if token.kind == "mark" and token.text in "{([":
            depth += 1
        elif token.kind == "mark" and token.text in "})]":
            depth -= 1
            where = where or (depth == 0 and token.text == "}")
        elif not where or depth:
            continue
        elif limited:  # the number after LIMIT
            if token.kind == "number" and token.text.isdecimal() and int(token.text) > rows:
                return query[: token.begin] + str(rows) + query[token.end :]
            return query
        elif token.kind == "word" and token.text.upper() == "LIMIT":
            limited = True
        elif token.kind == "word" and token.text.upper() == "VALUES":
            return f"{query[: token.begin]} LIMIT {rows} {query[token.begin :]}"
    return f"{query}\nLIMIT {rows}" if where else query


def groups(query: str) -> list[Group]:
    """The group graph patterns of a query, by their begin; templates of CONSTRUCT and data of VALUES are none.

    The group of a sub-SELECT is the one after its WHERE.  Raises :class:`~kg.errors.QueryError` for brackets
    that do not pair.

    >>> [sorted(g.variables) for g in groups("ASK { ?a ?b 1 { SELECT ?c { ?c ?d 2 } } FILTER EXISTS { ?e ?f ?a } }")]
    [['a', 'b'], ['c', 'd'], ['a', 'e', 'f']]
    """
    found: list[tuple[int, set[str]]] = []
    #: open brackets: the token, and the number of the group that it opens or lies in (None: in none)
    around: list[tuple[Token, int | None]] = []
    before: list[Token] = []
    for token in tokens(query):
        inside = around[-1][1] if around else None
        if token.kind == "variable" and inside is not None:
            found[inside][1].add(token.text[1:])
        elif token.kind == "mark" and token.text in ("(", "["):
            around.append((token, inside))
        elif token.kind == "mark" and token.text == "{":
            if _is_data(before):
                around.append((token, None))
            else:
                around.append((token, len(found)))
                found.append((token.end, set()))
        elif token.kind == "mark" and token.text in _OPENING:
            if not around or around[-1][0].text != _OPENING[token.text]:
                raise syntax_error(query, token.begin, f"{token.text!r} closes nothing")
            around.pop()
        elif token.kind == "word" and token.text.upper() == "SELECT" and inside is not None:
            # `{ SELECT`: not a place for patterns; what is projected belongs to the group after WHERE
            opening = around.pop()[0]
            around.append((opening, None))
            found[inside] = (-1, set())
        before.append(token)
    if around:
        raise syntax_error(query, around[-1][0].begin, f"{around[-1][0].text!r} is not closed")
    return [Group(begin, frozenset(variables)) for begin, variables in found if begin >= 0]


def _is_data(before: list[Token]) -> bool:
    """Whether the ``{`` after these tokens opens a template of CONSTRUCT or the data of VALUES."""
    i = len(before) - 1
    if i >= 0 and before[i].text.upper() == "CONSTRUCT":
        return True
    while i >= 0 and (before[i].kind == "variable" or before[i].text in "()"):
        i -= 1
    return 0 <= i < len(before) - 1 and before[i].kind == "word" and before[i].text.upper() == "VALUES"


def explain(query: str, message: str) -> QueryError:
    """A syntax error with the line and column at which the query stops to make sense.

    ``message`` is Oxigraph's, whose position is that of its look-ahead: it is used only if nothing better is
    found in the tokens (a bracket, a string, a prefix that nobody declared) or by rdflib's parser.
    """
    try:
        groups(query)
        declared = {"", *_declared(query)}
        for token in tokens(query):
            prefix = token.text.partition(":")[0]
            if token.kind == "name" and prefix not in declared:
                return syntax_error(query, token.begin, f"the prefix {prefix}: is not declared")
    except QueryError as error:
        return error
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parseQuery("".join(f"PREFIX {p}: <{i}>\n" for p, i in undeclared(query).items()) + query)
    except ParseBaseException as error:
        shift = sum(len(f"PREFIX {p}: <{i}>\n") for p, i in undeclared(query).items())
        offset = max(0, error.loc - shift)
        rest = query[offset:].split(None, 1)
        if not rest:
            return syntax_error(query, len(query), "the query ends too early")
        return syntax_error(query, offset, f"cannot be read from {rest[0][:40]!r} on")
    except Exception:  # rdflib's own trouble with a query is no news about the query
        pass
    if found := re.match(r"error at (\d+):(\d+): *(.*)", message, re.DOTALL):
        return QueryError(f"column {found[2]}: cannot be read ({found[3][:80]})", line=int(found[1]))
    return QueryError(f"the query cannot be read: {message}")


def _declared(query: str) -> set[str]:
    """The prefixes that a query may use: those that it declares, and those of the project."""
    from kg.graph.vocab import PREFIXES

    out = set(PREFIXES)
    last = ""
    for token in tokens(query):
        if token.kind == "name" and last == "PREFIX":
            out.add(token.text.partition(":")[0])
        last = token.text.upper()
    return out


def undeclared(query: str) -> dict[str, str]:
    """The project's prefixes, which a query need not declare, without those that it does."""
    from kg.graph.vocab import PREFIXES

    own = re.findall(r"(?i)\bPREFIX\s+([\w.\-]*):", query)
    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in own}
