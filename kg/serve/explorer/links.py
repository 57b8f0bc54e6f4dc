"""The addresses of pages: of an IRI, and the IRI of an address."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote, unquote, urlencode

from kg.graph.iri import INDICATOR_BASE
from kg.serve.linked import iri_of, path_of


def href(iri: str, base: str) -> str:
    """The page about an IRI; in a path its percent signs stand as they are (see :func:`kg.serve.linked.iri_of`).

    >>> href("https://w3id.org/gwr/id/area/海珠", "https://w3id.org/gwr/id/")
    '/thing/area/%E6%B5%B7%E7%8F%A0'
    >>> href("https://w3id.org/gwr/id/report/a#char=3,7", "https://w3id.org/gwr/id/")
    '/report/a#c3'
    >>> href("https://example.org/x", "https://w3id.org/gwr/id/")
    '/thing?iri=https%3A%2F%2Fexample.org%2Fx'
    """
    whole, _, fragment = iri.partition("#char=")
    if whole.startswith(base + "report/"):
        return f"/{path_of(whole, base)}" + (f"#c{fragment.partition(',')[0]}" if fragment else "")
    for start, path in ((base, "/thing/"), (INDICATOR_BASE, "/indicator/")):
        if iri.startswith(start) and len(iri) > len(start):
            return path + path_of(iri, start)
    return "/thing?" + urlencode({"iri": iri})


def spellings(raw_path: bytes, start: bytes, base: str) -> list[str]:
    """The IRIs that a path after ``start`` may mean: as IRIs are made, then as it stands; none if it is no text."""
    path = raw_path.split(b"?")[0].removeprefix(start)
    out = []
    with suppress(ValueError, UnicodeError):
        out.append(iri_of(path, base))
    told = unquote(path.decode("latin-1"), errors="replace")
    return list(dict.fromkeys([*out, base + told, base + quote(told, safe="/%")]))


def is_web(iri: str) -> bool:
    """Whether a link may lead there; ``javascript:`` and the like may not."""
    return iri.startswith(("http://", "https://"))
