"""Any service that speaks the Reconciliation API, 0.2 or, as most in the field do, 0.1.

The specification: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/.  The 1.0 draft is
another protocol; a service that speaks only that is refused.

What a service says of its candidates is thin: a name, a score, perhaps types.  What is needed to judge them, type and
containment above all, is asked with a data extension query where the service has one.  Nothing that a service sends
is trusted: answers of the wrong shape, to other questions, with identifiers that make no IRI, are dropped.  A
question that stays without an answer stops the run: it is not the same as an answer with nothing in it.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from kg.errors import KgError, NotCached, ServiceError
from kg.graph.iri import segment
from kg.link.divisions import divisions
from kg.link.model import Candidate, Target, Thing
from kg.link.names import normal, splits
from kg.link.web import Client, cleaned, in_halves
from kg.model import EntityClass

#: How many questions go into one request; the published limits of services begin at 10 to 50.
BATCH: Final = 25
#: How many candidates are asked for.
LIMIT: Final = 10
#: Of how many candidates more is asked in one request.
_EXTENDED: Final = 50
#: Longer names and identifiers are no names and identifiers.
_LONGEST: Final = 500
#: What identifiers may begin with; they become links, and javascript: is a scheme, too.
_SCHEMES: Final = ("http", "https", "urn", "info", "tag")
#: Errors that pass: with a run that goes on without an answer, what was accepted before would be open again.
_PASSING: Final = (None, 429, 502, 503, 504)
#: What a property of the service can tell of a candidate.
ROLES: Final = ("type", "parent", "alias", "code", "since", "until", "latitude", "longitude")


class ReconciliationService:
    """The service at an endpoint.

    ``properties`` says which of its properties tells what: ``{"type": "P31", "parent": "P131"}``, of :data:`ROLES`;
    without it, properties of these names are looked for among those that it proposes.
    """

    name = "reconcile"

    def __init__(
        self,
        client: Client,
        endpoint: str,
        *,
        properties: Mapping[str, str] | None = None,
        key: str = "reconcile",
    ) -> None:
        self.client = client
        self.endpoint = endpoint
        self.key = key
        self._properties = dict(properties) if properties else None
        self._manifest: dict[str, Any] | None = None
        if unknown := sorted(set(properties or ()) - set(ROLES)):
            raise KgError(f"{unknown[0]!r} is nothing that a property can tell", hint=f"known: {', '.join(ROLES)}")
        self._iri = _public(endpoint)

    @property
    def manifest(self) -> dict[str, Any]:
        """The service's description of itself.  Raises :class:`ServiceError` if it is none, or of another version."""
        if self._manifest is None:
            answer = self.client.get_json(self.endpoint, {}, refused=_no_manifest)
            self._manifest = answer if isinstance(answer, dict) else {}
        return self._manifest

    @property
    def targets(self) -> Sequence[Target]:
        """The one graph whose identifiers the service gives."""
        space = _text(self.manifest.get("identifierSpace"))
        name = _text(self.manifest.get("name")) or self._iri
        namespace = space if space[-1:] in ("/", "#", ":", "=") else space + (":" if space.startswith("urn:") else "/")
        return (Target(self.key, name, self._iri, namespace if space else self._iri + "#"),)

    def wants(self, thing: Thing) -> bool:
        """All but persons and observations of time: whatever has a name that others may know."""
        return not thing.classes <= {EntityClass.PERSON}

    def candidates(self, things: Sequence[Thing]) -> Iterator[tuple[Thing, list[Candidate]]]:
        """The service's candidates for the names of each thing, with what data extension tells of them."""
        properties = self._known_properties()
        asked = [list(queries_of(thing)) for thing in things]
        start = 0
        while start < len(things):
            end, count = start, 0
            while end < len(things) and (count == 0 or count + len(asked[end]) <= BATCH):
                count += len(asked[end])
                end += 1
            found = self._batch(asked[start:end])
            told = self._extend({c.id for candidates in found for c in candidates}, properties)
            for thing, candidates in zip(things[start:end], found, strict=True):
                yield thing, [_with(c, told.get(c.id, {})) for c in candidates]
            start = end

    def _batch(self, asked: Sequence[Sequence[str]]) -> list[list[Candidate]]:
        queries = {
            f"q{i}-{j}": {"query": query, "limit": LIMIT}
            for i, names in enumerate(asked)
            for j, query in enumerate(names)
        }
        answers: dict[str, list[Any]] = {}
        for some in in_halves(lambda ids: self._ask({id: queries[id] for id in ids}), list(queries)):
            answers |= some
        out = []
        for i, names in enumerate(asked):
            unique: dict[str, Candidate] = {}
            for j in range(len(names)):
                for candidate in self._results(answers.get(f"q{i}-{j}", [])):
                    unique.setdefault(candidate.id, candidate)
            out.append(list(unique.values()))
        return out

    def _ask(self, queries: Mapping[str, Any]) -> dict[str, list[Any]]:
        """The results of each query."""
        answer = self.client.get_json(
            self.endpoint,
            {"queries": json.dumps(queries, ensure_ascii=False, separators=(",", ":"))},
            method="POST",
            refused=lambda answer: _no_results(answer, queries),
        )
        return {id: answer[id]["result"] for id in queries} if answer is not None else {}

    def _results(self, results: Sequence[Any]) -> Iterator[Candidate]:
        target = self.targets[0]
        for result in results:
            if not isinstance(result, dict):
                continue
            id, name = _text(result.get("id")), _text(result.get("name"))
            iri = iri_of(target.namespace, id)
            if not id or not name or iri is None:
                continue
            yield Candidate(
                target=target.key,
                id=id,
                iri=iri,
                name=name,
                types=tuple(_types(result.get("type"))),
                description=_text(result.get("description")),
                score=_number(result.get("score")),
                source=target.iri,
            )

    def _known_properties(self) -> dict[str, str]:
        """The property for each role; none, and a notice, where the service tells nothing of its candidates."""
        extend = self.manifest.get("extend")
        if not isinstance(extend, dict):
            if self.manifest:  # there is none in a dry run
                self.client.tell(f"{self._iri} extends no data: what it gives no types for stays open")
            return {}
        if self._properties is not None:
            return self._properties
        propose = extend.get("propose_properties")
        if not isinstance(propose, dict):
            return {}
        url = _text(propose.get("service_url")) + _text(propose.get("service_path"))
        why, answer = "they are said to be at another server", None
        if _same_server(url, self.endpoint):
            try:
                why, answer = "", self.client.get_json(url, {"type": ""})
            except (ServiceError, NotCached) as error:
                if _passes(error):
                    raise
                why = error.message
        if why:
            self.client.tell(f"the properties of {self._iri} are not known ({why}): name them with --property")
        listed = answer.get("properties") if isinstance(answer, dict) else None
        listed = listed if isinstance(listed, list) else []
        ids = [(_text(p.get("id")), _text(p.get("name"))) for p in listed if isinstance(p, dict)]
        return {role: id for role in ROLES for id, name in ids if id and role in (id.casefold(), name.casefold())}

    def _extend(self, ids: Iterable[str], properties: Mapping[str, str]) -> dict[str, dict[str, list[str]] | None]:
        """What the properties tell of the identifiers: ``{"cn:440105": {"type": ["county"], "parent": [广州市]}}``.

        None of those of which the service failed to tell.
        """
        wanted = sorted(ids)
        out: dict[str, dict[str, list[str]] | None] = {}
        for start in range(0, len(wanted) if properties else 0, _EXTENDED):
            some = wanted[start : start + _EXTENDED]
            query = {"ids": some, "properties": [{"id": id} for id in dict.fromkeys(properties.values())]}
            try:
                answer = self.client.get_json(
                    self.endpoint,
                    {"extend": json.dumps(query, ensure_ascii=False, separators=(",", ":"))},
                    method="POST",
                    refused=_no_rows,
                )
            except (ServiceError, NotCached) as error:
                if _passes(error):
                    raise
                self.client.tell(f"nothing more is known of {len(some)} candidates, which stay open: {error.message}")
                out |= dict.fromkeys(some)
                continue
            rows = answer["rows"] if answer is not None else {}
            for id in some:
                if isinstance(row := rows.get(id), dict):
                    out[id] = {role: _values(row.get(id_), role) for role, id_ in properties.items()}
        return out


def _passes(error: ServiceError | NotCached) -> bool:
    """Whether it may be another time; what a replay has no answer to failed when it was asked."""
    return isinstance(error, ServiceError) and error.status in _PASSING


def _same_server(url: str, endpoint: str) -> bool:
    """A service may say where else to ask; as with redirects, that is not followed to any other host."""
    try:
        one, other = urlsplit(url), urlsplit(endpoint)
        return (one.scheme, one.hostname, one.port) == (other.scheme, other.hostname, other.port)
    except ValueError:
        return False


def _public(endpoint: str) -> str:
    """The endpoint as it may stand in a graph: without a password."""
    try:
        parts = urlsplit(endpoint)
        shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        if parts.scheme in ("http", "https") and parts.hostname:
            return NamedNode(shown).value
    except ValueError:
        pass
    raise KgError(f"not the URL of a service: {cleaned(endpoint)}", hint="it begins with https:// or http://")


def queries_of(thing: Thing) -> Iterator[str]:
    """What a service is asked for: the names, for divisions without what they lie in, and in full.

    Services compare strings: 广西 is not like 广西壮族自治区 to them.

    >>> from kg.link.model import Context
    >>> area = frozenset({EntityClass.ADMINISTRATIVE_AREA})
    >>> list(queries_of(Thing("urn:1", "广西", classes=area, contexts=(Context(2011, ()),))))
    ['广西', '广西壮族自治区']
    """
    asked = dict.fromkeys(thing.names)
    if EntityClass.ADMINISTRATIVE_AREA in thing.classes:
        for name in thing.names:
            for _, rest in splits(normal(name), divisions().forms):
                rows = divisions().named(rest)
                if rows:
                    asked[rest] = None
                for row, _ in rows:
                    if not thing.years or any(row.in_force(year) for year in thing.years):
                        asked[row.name] = None
    yield from list(asked)[:BATCH]


def iri_of(namespace: str, id: str) -> str | None:
    """The IRI of an identifier; None if it makes none.

    >>> iri_of("http://www.wikidata.org/entity/", "Q1"), iri_of("urn:x:", "cn:440105"), iri_of("urn:x:", "a b<>")
    ('http://www.wikidata.org/entity/Q1', 'urn:x:cn:440105', 'urn:x:a%20b%3C%3E')
    """
    if not id or len(id) > _LONGEST:
        return None
    text = namespace + "/".join(":".join(segment(p) if p else "" for p in part.split(":")) for part in id.split("/"))
    try:
        NamedNode(text)
    except ValueError:
        return None
    return text


def _with(candidate: Candidate, told: Mapping[str, list[str]] | None) -> Candidate:
    """The candidate with what is told of it.

    Where the service failed to tell, its type is forgotten, too, so that people are asked: where it lies might have
    spoken against it.
    """
    if told is None:
        return replace(candidate, types=())

    def first(role: str) -> str:
        return next(iter(told.get(role, [])), "")

    latitude, longitude = _coordinate(first("latitude"), 90), _coordinate(first("longitude"), 180)
    return replace(
        candidate,
        types=tuple(dict.fromkeys([*candidate.types, *told.get("type", [])])),
        within=tuple(told.get("parent", [])) or candidate.within,
        aliases=tuple(told.get("alias", [])) or candidate.aliases,
        code=first("code") or candidate.code,
        since=_year(first("since")),
        until=_year(first("until")),
        latitude=latitude if longitude is not None else None,
        longitude=longitude if latitude is not None else None,
    )


def _number(value: Any) -> float | None:
    """A number that can be compared; services send NaN, text and larger ones."""
    try:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _year(text: str) -> int | None:
    """The year of a number or an ISO date."""
    found = re.fullmatch(r"\+?([0-9]{4})(\.0+|-[0-9]{2}.*)?", text)
    return int(found[1]) if found and int(found[1]) else None


def _coordinate(text: str, most: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) <= most else None


def _text(value: Any) -> str:
    """A short text without control characters; empty for anything else."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    kept = "".join(c for c in value if unicodedata.category(c)[0] != "C" or c in "\t\n\r")
    return " ".join(kept.split())


def _types(value: Any) -> Iterator[str]:
    """0.1 has texts or objects here, 0.2 objects."""
    for each in value if isinstance(value, list) else [value]:
        text = _text(each.get("id")) if isinstance(each, dict) else _text(each)
        if text:
            yield text


def _values(cells: Any, role: str) -> list[str]:
    """The texts of a data extension's cells: ``{"str": …}``, ``{"id": …, "name": …}``, ``{"float": …}``.

    Types are known by their identifiers, everything else by its name.
    """
    keys = ("id", "name") if role == "type" else ("name", "id")
    out = []
    for cell in cells if isinstance(cells, list) else ():
        if not isinstance(cell, dict):
            continue
        number = next((n for key in ("int", "float") if (n := _number(cell.get(key))) is not None), None)
        texts = [_text(cell.get(key)) for key in (*keys, "str", "date")]
        if number is not None:
            texts.append(f"{number:.0f}" if number == int(number) else str(number))
        out += [text for text in texts if text][:1]
    return out


def _no_manifest(answer: Any) -> str | None:
    space = _text(answer.get("identifierSpace")) if isinstance(answer, dict) else ""
    if not space:
        return "no manifest of a reconciliation service"
    versions = answer.get("versions", ["0.1"])  # 0.1 did not have to say so
    if not isinstance(versions, list) or not {"0.1", "0.2"} & {v for v in versions if isinstance(v, str)}:
        return f"the service speaks none of the versions 0.1 and 0.2 of the Reconciliation API, but {versions}"
    if space.partition(":")[0].lower() not in _SCHEMES or iri_of(space, "x") is None:
        return f"the service's identifiers make no IRIs: they begin with {space!r}"
    return None


def _no_results(answer: Any, queries: Iterable[str]) -> str | None:
    if not isinstance(answer, dict):
        return "no answer to a batch of queries"
    for id in queries:
        results = answer.get(id)
        if isinstance(results, dict) and isinstance(results.get("result"), list):
            continue
        told = results if isinstance(results, dict) else answer
        said = next((text for key in ("message", "error", "details") if (text := _text(told.get(key)))), "")
        if said or told.get("status") == "error":
            return f"an error instead of results: {said or '?'}"
        return "an answer without results to one of the queries"
    return None


def _no_rows(answer: Any) -> str | None:
    if not isinstance(answer, dict) or not isinstance(answer.get("rows"), dict):
        return "no answer to a data extension query"
    return None
