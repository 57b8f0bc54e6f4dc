"""Wikidata: by division code (P442) and GeoNames id (P1566) first, by label, type and place after that.

Items are looked up with the query service, one query at a time, and read with ``wbgetentities``, at most fifty at a
time and with ``maxlag``, as https://www.wikidata.org/wiki/Wikidata:Data_access and the API's etiquette ask for.

What either says is checked for its shape, and against what was asked: an item comes into play only by a value that a
thing has, and an answer that leaves items out is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pyoxigraph import Literal

from kg.link.model import Candidate, Thing
from kg.link.names import normal
from kg.link.targets import WIKIDATA
from kg.link.web import Client, cleaned, in_halves
from kg.model import EntityClass

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
_CODE: Final = re.compile(r"[0-9]{2}( ?[0-9]{2}){0,2}( ?[0-9]{3}){0,2}")
_ITEM: Final = re.compile(r"Q[1-9][0-9]{0,9}")
#: the highest number that Wikibase takes; one other id in a request, and it answers nothing
_LAST: Final = 2147483647
#: how many names of an item are compared
_MOST_NAMES: Final = 100
#: Wikibase's numbers for how exact a time is: the year, or better
_YEAR: Final = 9
#: the query service knows them anyway, mirrors do not
_PREFIXES: Final = {
    "wdt": "http://www.wikidata.org/prop/direct/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


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
                found = {entities[q]["id"]: entities[q] for q in items.get(thing.iri, ()) if q in entities}
                yield thing, [_candidate(q, found[q], labels, thing) for q in sorted(found, key=_number)]

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
            # a query that takes too long ends as an error of the server: half of it takes less
            for rows in in_halves(lambda some: self._ask_some(property, some), values[start : start + size]):
                yield from rows

    def _ask_some(self, property: str | None, values: Sequence[str]) -> list[tuple[str, str]]:
        if property is not None:
            terms = " ".join(str(Literal(value)) for value in values)
            used: tuple[str, ...] = ("wdt",)
            body = f"VALUES ?value {{ {terms} }} ?item wdt:{property} ?value"
        else:
            terms = " ".join(str(Literal(value, language=tag)) for value in values for tag in _LANGUAGES)
            used = ("rdfs", "skos")
            body = f"VALUES ?value {{ {terms} }} {{ ?item rdfs:label ?value }} UNION {{ ?item skos:altLabel ?value }}"
        prefixes = "".join(f"PREFIX {prefix}: <{_PREFIXES[prefix]}>\n" for prefix in used)
        answer = self.client.get_json(
            self.query_service,
            {"query": f"{prefixes}SELECT DISTINCT ?value ?item {{ {body} }}", "format": "json"},
            method="POST",
            refused=_no_bindings,
            pause=_PAUSE,
        )
        out = []
        for row in answer["results"]["bindings"] if answer is not None else ():
            try:
                value, item = row["value"]["value"], row["item"]["value"]
            except (KeyError, TypeError):
                continue
            if isinstance(value, str) and isinstance(item, str) and item.startswith(WIKIDATA.namespace):
                q = item.removeprefix(WIKIDATA.namespace)
                if _is_item(q):
                    out.append((value, q))
        return out

    def _entities(self, ids: Sequence[str], props: str = "labels|aliases|descriptions|claims") -> dict[str, Any]:
        """What the items say of themselves, by the id that was asked for; ``id`` in it is that of what it became.

        Those that there are not are left out.
        """
        out: dict[str, Any] = {}
        for start in range(0, len(ids), _ENTITIES):
            for some in in_halves(lambda some: self._some_entities(some, props), ids[start : start + _ENTITIES]):
                out |= some
        return out

    def _some_entities(self, ids: Sequence[str], props: str) -> dict[str, Any]:
        def refused(answer: Any) -> str | None:
            if isinstance(answer, dict) and len(ids) == 1 and _error(answer)[0] == "no-such-entity":
                return None  # of one item that is an answer; of several it says nothing of the others
            return _no_entities(answer, ids)

        answer = self.client.get_json(
            self.api,
            {
                "action": "wbgetentities",
                "ids": "|".join(ids),
                "props": props,
                "languages": "|".join((*_LANGUAGES, "en")),
                "format": "json",
                "formatversion": "2",
                "maxlag": "5",
            },
            refused=refused,
        )
        told = answer.get("entities", {}) if answer is not None else {}
        return {id: told[id] for id in ids if id in told and "missing" not in told[id]}

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
    codes = [plain(value) for value in _values(entity, "P442") if isinstance(value, str) and _CODE.fullmatch(value)]
    where = next((v for v in _values(entity, "P625") if isinstance(v, dict)), {})
    names = list(dict.fromkeys(_names(entity)))[:_MOST_NAMES]
    since, until = _years(entity)
    # ours are of the places that divisions are governed from, theirs often of the divisions: another one says nothing
    known = [("geonames", value) for value in _values(entity, "P1566") if ("geonames", value) in thing.known]
    return Candidate(
        target="wikidata",
        id=q,
        iri=WIKIDATA.namespace + q,
        name=names[0] if names else q,
        aliases=tuple(names[1:]),
        types=tuple(_ids(entity, "P31")),
        within=tuple(label for container in _ids(entity, "P131") if (label := labels.get(container, ""))),
        since=since,
        until=until,
        code=next((code for code in codes if code in thing.codes), codes[-1] if codes else None),
        known=tuple(known),
        latitude=_number_in(where, "latitude", 90),
        longitude=_number_in(where, "longitude", 180),
        description=_description(entity),
        source=WIKIDATA.iri,
    )


def _names(entity: dict[str, Any], labels: Sequence[str] = (*_LANGUAGES, "en")) -> Iterator[str]:
    """The label in the best language first, then all other Chinese names."""
    for part in ("labels", "aliases"):
        told = entity.get(part)
        for language in labels if part == "labels" else _LANGUAGES:
            each = told.get(language) if isinstance(told, dict) else None
            for name in each if isinstance(each, list) else [each]:
                if isinstance(name, dict) and isinstance(name.get("value"), str) and (text := cleaned(name["value"])):
                    yield text


def _label(entity: dict[str, Any]) -> str:
    """The Chinese name of what contains an item; empty without one: Guangzhou is nothing that a report could say."""
    return next(_names(entity, _LANGUAGES), "")


def _description(entity: dict[str, Any]) -> str:
    told = entity.get("descriptions")
    for language in (*_LANGUAGES, "en"):
        each = told.get(language) if isinstance(told, dict) else None
        if isinstance(each, dict) and isinstance(each.get("value"), str):
            return cleaned(each["value"])
    return ""


def _values(entity: dict[str, Any], property: str) -> list[Any]:
    """The values of a property's statements, without deprecated ones; those that hold today, if it is said, last."""
    claims = entity.get("claims")
    statements = claims.get(property) if isinstance(claims, dict) else None
    ranked: dict[bool, list[Any]] = {False: [], True: []}
    for statement in statements if isinstance(statements, list) else ():
        try:
            if statement.get("rank") != "deprecated" and statement["mainsnak"]["snaktype"] == "value":
                ranked[statement.get("rank") == "preferred"].append(statement["mainsnak"]["datavalue"]["value"])
        except (KeyError, TypeError, AttributeError):
            continue
    return ranked[False] + ranked[True]


def _ids(entity: dict[str, Any], property: str) -> list[str]:
    found = (v.get("id") for v in _values(entity, property) if isinstance(v, dict))
    return [id for id in found if isinstance(id, str) and _is_item(id)]


def _years(entity: dict[str, Any]) -> tuple[int | None, int | None]:
    """The first and the last year, by inception and dissolution; of what was founded anew, no last one."""
    begun, ended = (
        sorted(year for value in _values(entity, property) if (year := _year(value)) is not None)
        for property in ("P571", "P576")
    )
    again = bool(begun and ended) and begun[-1] >= ended[-1]
    return begun[0] if begun else None, ended[-1] if ended and not again else None


def _year(value: Any) -> int | None:
    """The year of a time; None if it is less exact: the 20th century is +1901."""
    if not isinstance(value, dict) or not isinstance(told := value.get("time"), str):
        return None
    exact = value.get("precision", _YEAR)
    found = re.match(r"\+0*([1-9][0-9]{0,3})-", told)
    return int(found[1]) if found and isinstance(exact, int) and exact >= _YEAR else None


def _number_in(value: dict[str, Any], key: str, most: float) -> float | None:
    number = value.get(key)
    return float(number) if isinstance(number, int | float) and abs(number) <= most else None


def _is_item(id: str) -> bool:
    return _ITEM.fullmatch(id) is not None and _number(id) <= _LAST


def _number(q: str) -> int:
    return int(q[1:])


def _no_bindings(answer: Any) -> str | None:
    results = answer.get("results") if isinstance(answer, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    return None if isinstance(bindings, list) else "no results of a query"


def _error(answer: dict[str, Any]) -> tuple[str, str]:
    """Code and text of an error in an answer of status 200; empty if there is none."""
    error = answer.get("error")
    if error is None and isinstance(listed := answer.get("errors"), list) and listed:  # so with another errorformat
        error = listed[0]
    if error is None:
        return "", ""
    told = error if isinstance(error, dict) else {"info": error}
    return str(told.get("code", "error")), str(told.get("info", ""))


def _no_entities(answer: Any, ids: Sequence[str]) -> str | None:
    if not isinstance(answer, dict):
        return "no entities"
    code, info = _error(answer)
    if code:
        return f"{code}: {info}"
    entities = answer.get("entities")
    if not isinstance(entities, dict):
        return "no entities"
    # a large answer is cut off with a warning, and left out is not the same as missing
    for id in ids:
        entity = entities.get(id)
        if not isinstance(entity, dict):
            return f"an answer without {id}, which was asked for"
        if "missing" not in entity and not _is_asked(id, entity):
            return f"another item in the place of {id}"
    return None


def _is_asked(id: str, entity: dict[str, Any]) -> bool:
    """Whether it is the item, or the one that it was merged into."""
    own = entity.get("id")
    if own == id:
        return True
    moved = entity.get("redirects")
    return (
        isinstance(own, str)
        and _is_item(own)
        and isinstance(moved, dict)
        and (moved.get("from"), moved.get("to")) == (id, own)
    )
