"""The tables of China's administrative divisions: codes of GB/T 2260 by year, statistical codes of townships.

``kg/data/link_divisions.tsv`` and ``link_streets.tsv`` are made by ``tools/link_tables.py``; their headers say from
what.  A code of six digits is a province (``440000``), a prefecture (``440100``) or a county (``440105``); of nine
digits, a township (``440105008``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kg import resources
from kg.link.model import Level
from kg.link.names import forms, is_ending, levels_of, normal, same_division, stem

#: The years for which the National Bureau of Statistics published a page for each code.
NBS_YEARS = (2009, 2023)
NBS_PAGES = "https://www.stats.gov.cn/sj/tjbz/tjyqhdmhcxhfdm/"
GBT_BASE = "https://w3id.org/gwr/gbt2260/"
#: The first complete table of townships: what it has may be older.
_FIRST_TOWNSHIPS = 2016


@dataclass(frozen=True, slots=True, order=True)
class Division:
    """One name of one code: ``since`` and ``until`` are its first and last year, None if before or after the tables."""

    code: str
    name: str
    since: int | None
    until: int | None
    successors: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """The level, by the code."""
        if len(self.code) == 9:
            return Level.TOWNSHIP
        if self.code.endswith("0000"):
            return Level.PROVINCE
        return Level.PREFECTURE if self.code.endswith("00") else Level.COUNTY

    def in_force(self, year: int) -> bool:
        """Whether the code had this name in some part of that year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)

    @property
    def iri(self) -> str:
        """The IRI of the code: see :func:`code_iri`."""
        return code_iri(self.code, self.since, self.until)


def code_iri(code: str, since: int | None = None, until: int | None = None) -> str:
    """The IRI of a division's code: the National Bureau of Statistics' page for it, of the last year that has one.

    Other data sets refer to codes by these pages.  Codes that were given up before the first pages (2009), or that
    the Bureau has no page for (Taiwan, Hong Kong, Macau), have an IRI of our own.

    >>> code_iri("440105")
    'https://www.stats.gov.cn/sj/tjbz/tjyqhdmhcxhfdm/2023/44/01/440105.html'
    >>> [code_iri(code).removeprefix(NBS_PAGES) for code in ("440105008", "440100", "440000")]
    ['2023/44/01/05/440105008.html', '2023/44/4401.html', '2023/44.html']
    >>> code_iri("440184", 1994, 2013).removeprefix(NBS_PAGES), code_iri("440102", 1980, 2004)
    ('2013/44/01/440184.html', 'https://w3id.org/gwr/gbt2260/440102')
    """
    year = min(until or NBS_YEARS[1], NBS_YEARS[1])
    if year < max(since or 0, NBS_YEARS[0]) or code[:2] in ("71", "81", "82"):
        return GBT_BASE + code
    if len(code) == 9:
        folder = f"{code[:2]}/{code[2:4]}/{code[4:6]}/"
        return f"{NBS_PAGES}{year}/{folder}{code}.html"
    if code.endswith("0000"):
        return f"{NBS_PAGES}{year}/{code[:2]}.html"
    if code.endswith("00"):
        return f"{NBS_PAGES}{year}/{code[:2]}/{code[:4]}.html"
    return f"{NBS_PAGES}{year}/{code[:2]}/{code[2:4]}/{code}.html"


class Divisions:
    """The tables, with what is asked of them."""

    def __init__(self, counties: Sequence[Division], townships: Sequence[Division]) -> None:
        self.counties = tuple(counties)
        self.townships = tuple(townships)
        self._by_code: dict[str, list[Division]] = defaultdict(list)
        for row in (*self.counties, *self.townships):
            self._by_code[row.code].append(row)

    @cached_property
    def _by_form(self) -> dict[str, list[tuple[Division, str]]]:
        index: dict[str, list[tuple[Division, str]]] = defaultdict(list)
        for row in (*self.counties, *self.townships):
            for form, how in forms(row.name):
                index[form].append((row, how))
        return dict(index)

    @cached_property
    def forms(self) -> frozenset[str]:
        """All forms of the names from the county up: what may stand before another name, 从化|温泉镇.

        矿区 and 新区 are names, too, but where one of these stands before another it is seldom the name.
        """
        names = (row.name for row in self.counties if len(row.name) > 2 or not is_ending(row.name))
        return frozenset(form for name in names for form, _ in forms(name))

    @cached_property
    def _predecessors(self) -> dict[str, list[str]]:
        before: dict[str, list[str]] = defaultdict(list)
        for row in self.counties:
            for successor in row.successors:
                before[successor].append(row.code)
        return dict(before)

    def named(self, name: str) -> list[tuple[Division, str]]:
        """The divisions, of any year, that bear the name in some form; each with the form.

        >>> [(d.code, how) for d, how in divisions().named("海珠")]
        [('440105', 'name without its level')]
        """
        return self._by_form.get(normal(name), [])

    def of_code(self, code: str) -> list[Division]:
        """The names that the code had, in the order of years; none for an unknown code."""
        return self._by_code.get(code, [])

    def current(self, code: str, year: int | None) -> Division | None:
        """What the code was in that year; the nearest year in which it was something, if nothing in that one."""
        rows = self.of_code(code)
        if not rows:
            return None
        if year is None:
            return rows[-1]

        def distance(row: Division) -> int:
            if row.in_force(year):
                return 0
            return row.since - year if row.since is not None and year < row.since else year - (row.until or year)

        return min(rows, key=distance)

    def above(self, code: str) -> tuple[str, ...]:
        """The codes of what the division lies in, the province first.

        >>> divisions().above("440105008")
        ('440000', '440100', '440105')
        """
        codes = [code[:2] + "0000", code[:4] + "00"] + ([code[:6]] if len(code) == 9 else [])
        own = code.ljust(6, "0")
        return tuple(c for c in codes if c != own and c != code and c in self._by_code)

    def chain(self, code: str, year: int | None) -> tuple[str, ...]:
        """The names of what the division lies in, the province first, as of that year.

        >>> divisions().chain("440105", 2011), divisions().chain("500101", 2011)
        (('广东省', '广州市'), ('重庆市',))
        """
        rows = (self.current(c, year) for c in self.above(code))
        return tuple(row.name for row in rows if row is not None)

    def township_stems(self, prefix: str) -> frozenset[str]:
        """The names without their level of the townships whose codes begin so, of two characters or more.

        >>> "南澳" in divisions().township_stems("4403")
        True
        """
        return frozenset(
            short for row in self.townships if row.code.startswith(prefix) and len(short := stem(row.name)) > 1
        )

    def also(self, code: str) -> tuple[str, ...]:
        """All names that the division's container had, under this code or one that it took over.

        For townships, whose codes are known for few years: 440117103 lay in 从化市 before it was in 从化区.

        >>> sorted(divisions().also("440117"))
        ['从化区', '从化县', '从化市']
        """
        names: set[str] = set()
        seen: set[str] = set()
        todo = [code]
        while todo:
            each = todo.pop()
            if each in seen:
                continue
            seen.add(each)
            names.update(row.name for row in self.of_code(each))
            todo.extend(self._predecessors.get(each, ()))
        return tuple(sorted(names))

    def successors(self, code: str) -> tuple[str, ...]:
        """The codes that took the place of this one, and of these, to the newest; nearest first."""
        out: list[str] = []
        todo = [s for row in self.of_code(code) for s in row.successors]
        while todo:
            each = todo.pop(0)
            if each not in out and each != code:
                out.append(each)
                todo.extend(s for row in self.of_code(each) for s in row.successors)
        return tuple(out)

    def resolve(self, names: Sequence[str], year: int | None) -> Division | None:
        """The division that a report is about, by its names, outermost first; None if not exactly one.

        >>> divisions().resolve(("广州市", "海珠区"), 2011).code
        '440105'
        """
        if not names:
            return None
        last = normal(names[-1])
        found = {
            row.code: row
            for row, how in self.named(last)
            if row.level is not Level.TOWNSHIP
            and (year is None or row.in_force(year) or row.in_force(year - 1))
            and (levels_of(last) or row.level is Level.PROVINCE)
            and all(any(same_division(normal(n), up) for up in self.chain(row.code, year)) for n in names[:-1])
        }
        if len(found) > 1:  # 吉林市, the prefecture, and no county of that name in another province
            found = {code: row for code, row in found.items() if row.name == last} or found
        return next(iter(found.values())) if len(found) == 1 else None

    def full_names(self, names: Sequence[str], year: int | None) -> tuple[str, ...]:
        """The names of an area with those of what it lies in before them, as far as the tables know it.

        >>> divisions().full_names(("海珠区",), 2011)
        ('广东省', '广州市', '海珠区')
        """
        row = self.resolve(names, year)
        return (*self.chain(row.code, year), row.name) if row else tuple(names)


def _rows(table: str, *, successors: bool) -> Iterator[Division]:
    columns = ("code", "name", "from", "until", *(("replaced_by",) if successors else ()))
    rows = resources.table(table, *columns)
    # what the oldest table has may be older, what the newest has is still there
    first = int(min(row[2] for row in rows)) if successors else _FIRST_TOWNSHIPS
    for code, name, since, until, *after in rows:
        if not successors and is_ending(name):  # some townships of the tables have no name: 街道
            continue
        yield Division(
            code,
            normal(name),
            int(since) if int(since) > first else None,
            int(until) if until else None,
            tuple(after[0].split()) if after else (),
        )


@lru_cache(maxsize=1)
def divisions() -> Divisions:
    """The tables, read once per process (some 45,000 rows)."""
    return Divisions(
        list(_rows("link_divisions.tsv", successors=True)), list(_rows("link_streets.tsv", successors=False))
    )
