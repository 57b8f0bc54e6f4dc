"""Any service that speaks the Reconciliation API, 0.2 or, as most in the field do, 0.1.

The specification: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/.  The 1.0 draft is
another protocol; a service that speaks only that is refused.

What a service says of its candidates is thin: a name, a score, perhaps types.  What is needed to judge them, type and
containment above all, is asked with a data extension query where the service has one.  Nothing that a service sends
is trusted: answers of the wrong shape, to other questions, with identifiers that make no IRI, are dropped.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pyoxigraph import NamedNode

from kg.errors import KgError, ServiceError
from kg.graph.iri import segment
from kg.link.divisions import divisions
from kg.link.model import Candidate, Target, Thing
from kg.link.names import normal, splits
from kg.link.web import Client
from kg.model import EntityClass

#: How many questions go into one request; the published limits of services begin at 10 to 50.
BATCH: Final = 25
#: How many candidates are asked for.
LIMIT: Final = 10
#: Longer names and identifiers are no names and identifiers.
_LONGEST: Final = 500
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
        on_batch: Callable[[int, int], None] | None = None,
    ) -> None:
        self.client = client
        self.endpoint = endpoint
        self.key = key
        self._properties = dict(properties) if properties else None
        self._manifest: dict[str, Any] | None = None
        self._on_batch = on_batch
        if unknown := sorted(set(properties or ()) - set(ROLES)):
            raise KgError(f"{unknown[0]!r} is nothing that a property can tell", hint=f"known: {', '.join(ROLES)}")

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
        name = _text(self.manifest.get("name")) or self.endpoint
        namespace = space if space[-1:] in ("/", "#", ":", "=") else space + (":" if space.startswith("urn:") else "/")
        return (Target(self.key, name, self.endpoint, namespace if space else self.endpoint + "#"),)

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
        answer = self.client.get_json(
            self.endpoint,
            {"queries": json.dumps(queries, ensure_ascii=False, separators=(",", ":"))},
            method="POST",
            refused=_no_results,
        )
        out = []
        for i, names in enumerate(asked):
            unique: dict[str, Candidate] = {}
            for j in range(len(names)):
                results = answer.get(f"q{i}-{j}") if isinstance(answer, dict) else None
                for candidate in self._results(results):
                    unique.setdefault(candidate.id, candidate)
            out.append(list(unique.values()))
        return out

    def _results(self, results: Any) -> Iterator[Candidate]:
        listed = results.get("result") if isinstance(results, dict) else None
        target = self.targets[0]
        for result in listed if isinstance(listed, list) else ():
            if not isinstance(result, dict):
                continue
            id, name, score = _text(result.get("id")), _text(result.get("name")), result.get("score")
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
                score=float(score) if isinstance(score, int | float) and not isinstance(score, bool) else None,
                source=target.iri,
            )

    def _known_properties(self) -> dict[str, str]:
        if self._properties is not None:
            return self._properties
        extend = self.manifest.get("extend")
        propose = extend.get("propose_properties") if isinstance(extend, dict) else None
        if not isinstance(propose, dict):
            return {}
        try:
            url = _text(propose.get("service_url")) + _text(propose.get("service_path"))
            answer = self.client.get_json(url, {"type": ""})
        except ServiceError:  # a service that extends and proposes nothing is asked by --property
            return {}
        listed = answer.get("properties") if isinstance(answer, dict) else None
        ids = [(_text(p.get("id")), _text(p.get("name"))) for p in listed or () if isinstance(p, dict)]
        return {role: id for role in ROLES for id, name in ids if role in (id.casefold(), name.casefold())}

    def _extend(self, ids: Iterable[str], properties: Mapping[str, str]) -> dict[str, dict[str, list[str]]]:
        """What the properties tell of the identifiers: ``{"cn:440105": {"type": ["county"], "parent": [广州市]}}``."""
        wanted = sorted(ids)
        if not properties or not wanted or "extend" not in self.manifest:
            return {}
        query = {"ids": wanted, "properties": [{"id": id} for id in dict.fromkeys(properties.values())]}
        answer = self.client.get_json(
            self.endpoint,
            {"extend": json.dumps(query, ensure_ascii=False, separators=(",", ":"))},
            method="POST",
            refused=_no_rows,
        )
        rows = answer.get("rows") if isinstance(answer, dict) else None
        out: dict[str, dict[str, list[str]]] = {}
        for id in wanted:
            row = rows.get(id) if isinstance(rows, dict) else None
            if isinstance(row, dict):
                out[id] = {role: _values(row.get(property)) for role, property in properties.items()}
        return out


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


def _with(candidate: Candidate, told: Mapping[str, list[str]]) -> Candidate:
    def number(role: str) -> float | None:
        try:
            return float(told[role][0])
        except (KeyError, IndexError, ValueError):
            return None

    since, until = number("since"), number("until")
    return replace(
        candidate,
        types=tuple(dict.fromkeys([*candidate.types, *told.get("type", [])])),
        within=tuple(told.get("parent", [])) or candidate.within,
        aliases=tuple(told.get("alias", [])) or candidate.aliases,
        code=next(iter(told.get("code", [])), None) or candidate.code,
        since=int(since) if since is not None else candidate.since,
        until=int(until) if until is not None else candidate.until,
        latitude=number("latitude"),
        longitude=number("longitude"),
    )


def _text(value: Any) -> str:
    """A short text without control characters; empty for anything else."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    return "".join(c for c in value if unicodedata.category(c)[0] != "C").strip()


def _types(value: Any) -> Iterator[str]:
    """0.1 has texts or objects here, 0.2 objects."""
    for each in value if isinstance(value, list) else [value]:
        text = _text(each.get("id")) if isinstance(each, dict) else _text(each)
        if text:
            yield text


def _values(cells: Any) -> list[str]:
    """The texts of a data extension's cells: ``{"str": …}``, ``{"id": …, "name": …}``, ``{"float": …}``."""
    out = []
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict):
            for key in ("name", "str", "id", "date"):
                if text := _text(cell.get(key)):
                    out.append(text)
                    break
            else:
                for key in ("int", "float"):
                    if isinstance(cell.get(key), int | float):
                        out.append(str(cell[key]))
    return out


def _no_manifest(answer: Any) -> str | None:
    if not isinstance(answer, dict) or not _text(answer.get("identifierSpace")):
        return "no manifest of a reconciliation service"
    versions = answer.get("versions", ["0.1"])  # 0.1 did not have to say so
    if not isinstance(versions, list) or not {"0.1", "0.2"} & {v for v in versions if isinstance(v, str)}:
        return f"the service speaks none of the versions 0.1 and 0.2 of the Reconciliation API, but {versions}"
    return None


def _no_results(answer: Any) -> str | None:
    if not isinstance(answer, dict):
        return "no answer to a batch of queries"
    if answer.get("status") == "error" or ("error" in answer and "q0-0" not in answer):
        return f"an error instead of results: {_text(answer.get('message')) or _text(answer.get('error')) or '?'}"
    if "q0-0" not in answer:
        return "an answer to other questions"
    return None


def _no_rows(answer: Any) -> str | None:
    if not isinstance(answer, dict) or not isinstance(answer.get("rows"), dict):
        return "no answer to a data extension query"
    return None
