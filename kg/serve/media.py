"""Media types, and which of them a client wants (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: What a format is sent as.
MEDIA_TYPES: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "table": "text/plain; charset=utf-8",
    "turtle": "text/turtle; charset=utf-8",
    "ntriples": "application/n-triples; charset=utf-8",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nquads": "application/n-quads; charset=utf-8",
    "trig": "application/trig; charset=utf-8",
}

#: What a client may ask for instead, in the order of our preference.
TABLES: Final = (
    ("application/sparql-results+json", "json"),
    ("application/json", "json"),
    ("application/sparql-results+xml", "xml"),
    ("application/xml", "xml"),
    ("text/xml", "xml"),
    ("text/csv", "csv"),
    ("text/tab-separated-values", "tsv"),
    ("text/plain", "table"),
)
GRAPHS: Final = (
    ("text/turtle", "turtle"),
    ("application/n-triples", "ntriples"),
    ("application/rdf+xml", "rdfxml"),
    ("application/ld+json", "jsonld"),
    ("application/trig", "trig"),
    ("application/n-quads", "nquads"),
    ("application/json", "jsonld"),
    ("application/xml", "rdfxml"),
    ("text/plain", "ntriples"),
)
HTML: Final = (("text/html", "html"), ("application/xhtml+xml", "html"))


def choose(accept: str | None, offered: Sequence[tuple[str, str]]) -> str | None:
    """The format, of those offered by media type, that the client likes best; None if it takes none of them.

    Of what it likes alike, the first that is offered. No header, or an empty one, takes anything.

    >>> choose("text/csv;q=0.5, application/*", TABLES), choose("image/png", TABLES), choose(None, GRAPHS)
    ('json', None, 'turtle')
    """
    if not accept or not accept.strip():
        return offered[0][1]
    wanted = _parse(accept)
    best: tuple[float, str] | None = None
    for media_type, format in offered:
        quality = _quality(media_type, wanted)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, format)
    return best[1] if best else None


def prefers_html(accept: str | None) -> bool:
    """Whether a browser asks: HTML is named, and nothing that we write is liked more.

    >>> prefers_html("text/html,application/xml;q=0.9,*/*;q=0.8"), prefers_html("*/*"), prefers_html("text/turtle")
    (True, False, False)
    """
    if not accept or "html" not in accept.lower():
        return False
    return choose(accept, (*HTML, *GRAPHS)) == "html"


def _parse(accept: str) -> list[tuple[str, float]]:
    out = []
    for item in accept.split(","):
        media_type, *parameters = [part.strip() for part in item.split(";")]
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        out.append((media_type.lower(), quality))
    return out


def _quality(media_type: str, wanted: list[tuple[str, float]]) -> float:
    """How much it is wanted, by the range that names it most closely."""
    for pattern in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        for range_, quality in wanted:
            if range_ == pattern:
                return quality
    return 0.0
