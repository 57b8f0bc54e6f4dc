"""Wikidata: by division code (P442) and GeoNames id (P1566) first, by label, type and place after that.

Items are looked up with the query service, one query at a time, and read with ``wbgetentities``, at most fifty at a
time and with ``maxlag``, as https://www.wikidata.org/wiki/Wikidata:Data_access and the API's etiquette ask for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pyoxigraph import Literal

from kg.errors import ServiceError
from kg.link.model import Candidate, Target, Thing
from kg.link.names import normal
from kg.link.web import Client, cleaned
from kg.model import EntityClass

WIKIDATA: Final = Target(
    "wikidata", "Wikidata", "http://www.wikidata.org/entity/Q2013", "http://www.wikidata.org/entity/", "CC0 1.0"
)
API: Final = "https://www.wikidata.org/w/api.php"
QUERY_SERVICE: Final = "https://query.wikidata.org/sparql"

#: ids in one wbgetentities, the published limit
_ENTITIES: Final = 50
#: codes or names in one query, which has to end in 60 seconds
_CODES: Final = 100
_NAMES: Final = 30
_THINGS: Final = 200
_LANGUAGES: Final = ("zh-hans", "zh-cn", "zh")
#: seconds between the end of one query and the next
_PAUSE: Final = 1.0
_ITEM: Final = re.compile(r"Q[1-9][0-9]{0,11}")


class Wikidata:
    """Wikidata, through a client; the addresses are for tests and for mirrors."""

    name = "wikidata"
    targets = (WIKIDATA,)

    def __init__(self, client: Client, *, api: str = API, query_service: str = QUERY_SERVICE) -> None:
        self.client = client
        self.api = api
        self.query_service = query_service

    def wants(self, thing: Thing) -> bool:
        """All but people, whose names are shared, and what has a name of one character."""
        return not thing.classes <= {EntityClass.PERSON} and any(len(normal(name)) > 1 for name in thing.names)

    def candidates(self, things: Sequence[Thing]) -> Iterator[tuple[Thing, list[Candidate]]]:
        """The items that have a code, an id or a label of the thing."""
        for start in range(0, len(things), _THINGS):
            batch = things[start : start + _THINGS]
            items = self._find(batch)
            entities = self._entities(sorted({q for found in items.values() for q in found}, key=_number))
            containers = {q for entity in entities.values() for q in _ids(entity, "P131")}
            labels = self._labels(sorted(containers - entities.keys(), key=_number))
            labels |= {q: _label(entity) for q, entity in entities.items()}
            for thing in batch:
                yield (
                    thing,
                    [
                        _candidate(q, entities[q], labels, thing)
                        for q in sorted(items.get(thing.iri, ()), key=_number)
                        if q in entities
                    ],
                )

    def _find(self, things: Sequence[Thing]) -> dict[str, set[str]]:
        """The items for each thing, by its IRI."""
        out: dict[str, set[str]] = defaultdict(set)
        by_code: dict[str, list[str]] = defaultdict(list)
        by_geonames: dict[str, list[str]] = defaultdict(list)
        for thing in things:
            for code in thing.codes:
                by_code[spaced(code)].append(thing.iri)
            for target, id in thing.known:
                if target == "geonames":
                    by_geonames[id].append(thing.iri)
        for property, keys in (("P442", by_code), ("P1566", by_geonames)):
            for value, item in self._ask(property, sorted(keys), _CODES):
                for iri in keys.get(value, ()):
                    out[iri].add(item)
        by_name: dict[str, list[str]] = defaultdict(list)
        for thing in things:
            if not out.get(thing.iri):
                for name in thing.names:
                    if len(name) > 1:
                        by_name[name].append(thing.iri)
        for value, item in self._ask(None, sorted(by_name), _NAMES):
            for iri in by_name.get(value, ()):
                out[iri].add(item)
        return out

    def _ask(self, property: str | None, values: Sequence[str], size: int) -> Iterator[tuple[str, str]]:
        """Pairs of a value and an item that has it as that property, or as a label."""
        for start in range(0, len(values), size):
            yield from self._ask_some(property, values[start : start + size])

    def _ask_some(self, property: str | None, values: Sequence[str]) -> Iterator[tuple[str, str]]:
        if property is not None:
            terms = " ".join(str(Literal(value)) for value in values)
            query = f"SELECT ?value ?item {{ VALUES ?value {{ {terms} }} ?item wdt:{property} ?value }}"
        else:
            terms = " ".join(str(Literal(value, language=tag)) for value in values for tag in _LANGUAGES)
            query = (
                f"SELECT DISTINCT ?value ?item {{ VALUES ?value {{ {terms} }} "
                "{ ?item rdfs:label ?value } UNION { ?item skos:altLabel ?value } }"
            )
        try:
            answer = self.client.get_json(
                self.query_service,
                {"query": query, "format": "json"},
                method="POST",
                refused=_no_bindings,
                pause=_PAUSE,
            )
        except ServiceError as error:
            # a query that takes too long ends as an error of the server: half of it takes less
            if len(values) == 1 or error.status is None or error.status < 500:
                raise
            yield from self._ask_some(property, values[: len(values) // 2])
            yield from self._ask_some(property, values[len(values) // 2 :])
            return
        for row in answer["results"]["bindings"] if answer is not None else ():
            try:
                value, item = row["value"]["value"], row["item"]["value"].rsplit("/", 1)[1]
            except (KeyError, TypeError, AttributeError, IndexError):
                continue
            if isinstance(value, str) and _ITEM.fullmatch(item):
                yield value, item

    def _entities(self, ids: Sequence[str], props: str = "labels|aliases|descriptions|claims") -> dict[str, Any]:
        """What the items say of themselves; those that there are not, or that are merged into others, are left out."""
        out: dict[str, Any] = {}
        for start in range(0, len(ids), _ENTITIES):
            some = ids[start : start + _ENTITIES]
            answer = self.client.get_json(
                self.api,
                {
                    "action": "wbgetentities",
                    "ids": "|".join(some),
                    "props": props,
                    "languages": "|".join((*_LANGUAGES, "en")),
                    "format": "json",
                    "formatversion": "2",
                    "maxlag": "5",
                },
                refused=_no_entities,
            )
            for id, entity in (answer or {}).get("entities", {}).items():
                if id in some and isinstance(entity, dict) and "missing" not in entity and entity.get("id", id) == id:
                    out[id] = entity
        return out

    def _labels(self, ids: Sequence[str]) -> dict[str, str]:
        return {q: _label(entity) for q, entity in self._entities(ids, "labels").items()}


def spaced(code: str) -> str:
    """A division code as P442 has it.

    >>> spaced("440105"), spaced("440000"), spaced("440105008")
    ('44 01 05', '44', '44 01 05 008')
    """
    short = code[:2] if code.endswith("0000") and len(code) == 6 else code
    short = short[:4] if short.endswith("00") and len(short) == 6 else short
    pairs = " ".join(short[i : i + 2] for i in range(0, min(len(short), 6), 2))
    return f"{pairs} {short[6:]}" if len(short) > 6 else pairs


def plain(code: str) -> str:
    """A code of P442 as GB/T 2260 has it.

    >>> plain("44 01 05"), plain("44"), plain("44 01 05 008")
    ('440105', '440000', '440105008')
    """
    digits = re.sub(r"\D", "", code)
    return digits.ljust(6, "0") if len(digits) < 6 else digits


def _candidate(q: str, entity: dict[str, Any], labels: dict[str, str], thing: Thing) -> Candidate:
    codes = [plain(value) for value in _values(entity, "P442") if isinstance(value, str)]
    where = next((v for v in _values(entity, "P625") if isinstance(v, dict)), {})
    names = list(dict.fromkeys(_names(entity)))
    known = [("geonames", value) for value in _values(entity, "P1566") if isinstance(value, str)]
    return Candidate(
        target="wikidata",
        id=q,
        iri=WIKIDATA.namespace + q,
        name=names[0] if names else q,
        aliases=tuple(names[1:]),
        types=tuple(_ids(entity, "P31")),
        within=tuple(label for container in _ids(entity, "P131") if (label := labels.get(container, ""))),
        since=_year(entity, "P571"),
        until=_year(entity, "P576"),
        code=next((code for code in codes if code in thing.codes), codes[0] if codes else None),
        known=tuple(known),
        latitude=_number_in(where, "latitude", 90),
        longitude=_number_in(where, "longitude", 180),
        description=_description(entity),
        source=WIKIDATA.iri,
    )


def _names(entity: dict[str, Any]) -> Iterator[str]:
    """The label in the best language first, then all other Chinese names."""
    for part in ("labels", "aliases"):
        told = entity.get(part)
        for language in (*_LANGUAGES, "en") if part == "labels" else _LANGUAGES:
            each = told.get(language) if isinstance(told, dict) else None
            for name in each if isinstance(each, list) else [each]:
                if isinstance(name, dict) and isinstance(name.get("value"), str) and (text := cleaned(name["value"])):
                    yield text


def _label(entity: dict[str, Any]) -> str:
    return next(_names(entity), "")


def _description(entity: dict[str, Any]) -> str:
    told = entity.get("descriptions")
    for language in (*_LANGUAGES, "en"):
        each = told.get(language) if isinstance(told, dict) else None
        if isinstance(each, dict) and isinstance(each.get("value"), str):
            return cleaned(each["value"])
    return ""


def _values(entity: dict[str, Any], property: str) -> Iterator[Any]:
    """The values of a property's statements, without deprecated ones."""
    claims = entity.get("claims")
    for statement in claims.get(property) or () if isinstance(claims, dict) else ():
        try:
            if statement.get("rank") != "deprecated" and statement["mainsnak"]["snaktype"] == "value":
                yield statement["mainsnak"]["datavalue"]["value"]
        except (KeyError, TypeError, AttributeError):
            continue


def _ids(entity: dict[str, Any], property: str) -> list[str]:
    found = (v.get("id") for v in _values(entity, property) if isinstance(v, dict))
    return [id for id in found if isinstance(id, str) and _ITEM.fullmatch(id)]


def _year(entity: dict[str, Any], property: str) -> int | None:
    for value in _values(entity, property):
        told = value.get("time") if isinstance(value, dict) else None
        if isinstance(told, str) and (found := re.match(r"\+(\d{4})-", told)):
            return int(found[1])
    return None


def _number_in(value: dict[str, Any], key: str, most: float) -> float | None:
    number = value.get(key)
    return float(number) if isinstance(number, int | float) and abs(number) <= most else None


def _number(q: str) -> int:
    return int(q[1:])


def _no_bindings(answer: Any) -> str | None:
    results = answer.get("results") if isinstance(answer, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    return None if isinstance(bindings, list) else "no results of a query"


def _no_entities(answer: Any) -> str | None:
    if not isinstance(answer, dict):
        return "no entities"
    error = answer.get("error")
    if isinstance(error, dict):
        return f"{error.get('code', 'error')}: {error.get('info', '')}"
    return None if isinstance(answer.get("entities"), dict) else "no entities"
