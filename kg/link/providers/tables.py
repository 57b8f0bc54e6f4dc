"""The tables that come with kg: divisions by code, townships by statistical code, GeoNames places by code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg import resources
from kg.link.divisions import Division, code_iri, divisions
from kg.link.model import Candidate, Level, Thing
from kg.link.names import normal, splits
from kg.link.targets import GBT2260, GEONAMES, NBS
from kg.model import EntityClass


class DivisionTable:
    """Divisions from the province to the township, by any form of their name."""

    name = "divisions"
    targets = (GBT2260, NBS)

    def wants(self, thing: Thing) -> bool:
        """Administrative areas, whatever else they are."""
        return EntityClass.ADMINISTRATIVE_AREA in thing.classes

    def candidates(self, things: Sequence[Thing]) -> Iterator[tuple[Thing, list[Candidate]]]:
        """All divisions of all years that bear one of the thing's names."""
        for thing in things:
            rows: dict[Division, None] = {}
            for name in thing.names:
                for _, rest in splits(normal(name), divisions().forms):
                    rows.update(dict.fromkeys(row for row, _ in divisions().named(rest)))
            year = thing.years[-1] if thing.years else None
            yield thing, [division_candidate(row, year) for row in sorted(rows, key=_order)]


def _order(row: Division) -> tuple[str, int]:
    return row.code, row.since or 0


def division_candidate(row: Division, year: int | None = None) -> Candidate:
    """A row of the tables as a candidate; what it lies in as of the year."""
    at = year if year is None or row.in_force(year) else row.until or row.since
    chain = divisions().chain(row.code, at)
    township = row.level is Level.TOWNSHIP
    if township:  # known for few years: what its county was called before counts, too
        chain = tuple(dict.fromkeys((*chain, *divisions().also(row.code[:6]))))
    after = divisions().successors(row.code) if row.until is not None else ()
    return Candidate(
        target="nbs" if township else "gbt2260",
        id=row.code,
        iri=row.iri,
        name=row.name,
        types=(row.level.value,),
        within=chain,
        since=row.since,
        until=row.until,
        code=row.code,
        successors=tuple(dict.fromkeys(_newest_iri(code) for code in after)),
        source=(NBS if township else GBT2260).iri,
    )


def _newest_iri(code: str) -> str:
    row = divisions().current(code, None)
    return row.iri if row else code_iri(code)


@lru_cache(maxsize=1)
def _geonames() -> dict[str, tuple[str, str, float, float]]:
    columns = ("code", "geonameid", "name", "latitude", "longitude")
    return {
        code: (geonameid, name, float(latitude), float(longitude))
        for code, geonameid, name, latitude, longitude in resources.table("link_geonames.tsv", *columns)
    }


class GeoNamesTable:
    """The populated places of GeoNames from which divisions are governed, by the divisions' codes."""

    name = "geonames"
    targets = (GEONAMES,)

    def wants(self, thing: Thing) -> bool:
        """Divisions whose code is known."""
        return any(code in _geonames() for code in thing.codes)

    def candidates(self, things: Sequence[Thing]) -> Iterator[tuple[Thing, list[Candidate]]]:
        """The place of the code, or of the code that took its place."""
        for thing in things:
            code = next((code for code in thing.codes if code in _geonames()), None)
            if code is None:
                yield thing, []
                continue
            geonameid, name, latitude, longitude = _geonames()[code]
            row = divisions().current(code, thing.years[-1] if thing.years else None)
            names = divisions().also(code)
            yield (
                thing,
                [
                    Candidate(
                        target="geonames",
                        id=geonameid,
                        iri=f"{GEONAMES.namespace}{geonameid}/",
                        name=name,
                        aliases=tuple(dict.fromkeys([*([row.name] if row else []), *names])),
                        types=("populated place",),
                        within=divisions().chain(code, None),
                        code=code,
                        latitude=latitude,
                        longitude=longitude,
                        source=GEONAMES.iri,
                    )
                ],
            )
