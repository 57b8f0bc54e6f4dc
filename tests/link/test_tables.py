"""The tables that divisions are linked by: well formed, right on known cases, and in agreement with another history.

The other history is ``linking/gbt2260_history.tsv`` below the folder that ``KG_SHARED`` names; it is compared with, and
nothing of it is in the tables.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.resources import folder, table

SHARED = Path(os.environ.get("KG_SHARED") or folder("seeds").parent.parent / "shared")
HISTORY = SHARED / "linking" / "gbt2260_history.tsv"


class Division(NamedTuple):
    code: str
    name: str
    begin: int
    end: int | None
    after: frozenset[str]


@pytest.fixture(scope="module")
def divisions() -> list[Division]:
    rows = table("link_divisions.tsv", "code", "name", "from", "until", "replaced_by")
    return [Division(c, n, int(b), int(e) if e else None, frozenset(a.split())) for c, n, b, e, a in rows]


@pytest.fixture(scope="module")
def streets() -> list[tuple[str, str, int, int | None]]:
    rows = table("link_streets.tsv", "code", "name", "from", "until")
    return [(code, name, int(begin), int(end) if end else None) for code, name, begin, end in rows]


# ---- well formed ----------------------------------------------------------------------------------------------------


def test_divisions_are_codes_with_names_and_years(divisions: list[Division]) -> None:
    codes = {row.code for row in divisions}
    assert len(divisions) > 6900
    for row in divisions:
        assert re.fullmatch(r"[1-8]\d{5}", row.code), row
        assert re.fullmatch("[\u4e00-\u9fff]{2,}", row.name), row
        assert row.name not in {"市辖区", "县", "市"}, row
        assert 1980 <= row.begin <= 2026, row
        assert row.end is None or row.begin < row.end <= 2026, row
        assert row.after <= codes, row
        assert not row.after or row.end, row


def test_divisions_are_in_order_and_there_once(divisions: list[Division]) -> None:
    keys = [(row.code, row.begin) for row in divisions]
    assert keys == sorted(set(keys))


def test_a_code_has_one_name_at_a_time(divisions: list[Division]) -> None:
    for one, other in pairwise(divisions):
        if one.code == other.code:
            assert one.end is not None, (one, other)
            assert one.end <= other.begin, (one, other)


def test_what_takes_the_place_is_there_then(divisions: list[Division]) -> None:
    of: dict[str, list[Division]] = defaultdict(list)
    for row in divisions:
        of[row.code].append(row)
    for row in divisions:
        for code in row.after:
            assert row.end is not None
            found = [r for r in of[code] if r.begin <= row.end + 1 and (r.end is None or r.end > row.end) and r != row]
            assert found, (row, code)


def test_every_row_says_where_it_is_from() -> None:
    for name in ("link_divisions.tsv", "link_streets.tsv", "link_geonames.tsv"):
        assert all(source for (source,) in table(name, "source"))
        text = (folder("data") / name).read_text(encoding="utf-8")
        assert text.startswith("# made by tools/link_tables.py from ")
        assert next(line for line in text.split("\n") if line[0] != "#").endswith("\tsource")


def test_streets_are_codes_with_names_and_years(streets: list[tuple[str, str, int, int | None]]) -> None:
    assert len(streets) > 53_000
    for code, name, begin, end in streets:
        assert re.fullmatch(r"[1-6]\d{8}", code), (code, name)
        assert name, code
        assert name == name.strip(), code
        assert 2015 <= begin <= 2023
        assert end is None or begin <= end < 2023
    keys = [(code, begin, name) for code, name, begin, _ in streets]
    assert keys == sorted(set(keys))


def test_nearly_every_street_is_below_a_county(
    streets: list[tuple[str, str, int, int | None]], divisions: list[Division]
) -> None:
    codes = {row.code for row in divisions}
    known = sum(code[:6] in codes for code, *_ in streets)
    # the statistics bureau has codes of its own for development zones, and for cities without counties
    assert known / len(streets) > 0.97


def test_places_are_of_divisions_in_force(divisions: list[Division]) -> None:
    now = {row.code for row in divisions if row.end is None}
    rows = table("link_geonames.tsv", "code", "geonameid", "name", "latitude", "longitude")
    codes = [code for code, *_ in rows]
    assert len(rows) > 1700
    assert codes == sorted(set(codes))
    for code, number, name, latitude, longitude in rows:
        assert code in now
        assert number.isdecimal()
        assert name
        assert 16 < float(latitude) < 54
        assert 73 < float(longitude) < 136


def test_a_place_is_shared_only_by_a_prefecture_and_its_city() -> None:
    names = {code: name for code, name, end in table("link_divisions.tsv", "code", "name", "until") if not end}
    of: dict[str, list[str]] = defaultdict(list)
    for code, number in table("link_geonames.tsv", "code", "geonameid"):
        of[number].append(code)
    shared = [codes for codes in of.values() if len(codes) > 1]
    assert shared
    for one, *others in shared:
        assert one.endswith("00")
        assert names[one].endswith(("地区", "州", "盟"))
        assert [(o[:4], names[o][-1]) for o in others] == [(one[:4], "市")]


# ---- known cases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "begin", "end", "after"),
    [
        ("440184", "从化市", 1995, 2014, "440117"),
        ("440117", "从化区", 2014, None, ""),
        ("440102", "东山区", 1980, 2005, ""),
        ("440106", "天河区", 1985, None, ""),
        ("440107", "芳村区", 1985, 2005, "440103"),
        ("440116", "萝岗区", 2005, 2014, "440112"),
        ("420600", "襄樊市", None, 2010, "420600"),
        ("420600", "襄阳市", 2010, None, ""),
        ("420607", "襄阳区", 2001, 2010, "420607"),
        ("341400", "巢湖市", 1999, 2011, None),
        ("340181", "巢湖市", 2011, None, ""),
        ("511224", "云阳县", 1992, 1997, "500235"),
        ("500235", "云阳县", 1997, None, ""),
        ("510200", "重庆市", None, 1997, "500000"),
        ("469003", "儋州市", None, 2015, "460400"),
        ("332624", "仙居县", 1980, 1994, "331024"),
        ("130621", "满城县", None, 2015, "130607"),
        ("320283", "锡山市", 1995, 2000, "320205"),
        ("130434", "魏县", None, None, ""),
        ("810000", "香港特别行政区", 1997, None, ""),
        ("710000", "台湾省", 1980, None, ""),
        ("500105", "江北区", 1997, 2025, "500157"),
    ],
)
def test_known_division(
    divisions: list[Division], code: str, name: str, begin: int | None, end: int | None, after: str | None
) -> None:
    found = [row for row in divisions if (row.code, row.name) == (code, name)]
    assert len(found) == 1
    assert begin in (None, found[0].begin)
    assert end == found[0].end
    assert after is None or set(after.split()) == found[0].after


@pytest.mark.parametrize(
    ("code", "name", "known"),
    [
        ("440105018", "官洲街道", (2015, None)),
        ("110101001", "东华门街道", (2015, None)),
        ("330104010", "下沙街道", (2015, 2020)),
        ("330114001", "下沙街道", (2021, None)),
    ],
)
def test_known_street(
    streets: list[tuple[str, str, int, int | None]], code: str, name: str, known: tuple[int, int | None]
) -> None:
    assert [(begin, end) for c, n, begin, end in streets if (c, n) == (code, name)] == [known]


@pytest.mark.parametrize(
    ("code", "number"), [("110000", "1816670"), ("440100", "1809858"), ("440117", "1805880"), ("320500", "1886760")]
)
def test_known_place(code: str, number: str) -> None:
    assert dict(table("link_geonames.tsv", "code", "geonameid"))[code] == number


@pytest.mark.parametrize("code", ["440000", "710000", "130821"])
def test_no_place_for_what_is_none_or_not_safe(code: str) -> None:
    """A province is no place, and 承德县 is not Chengde."""
    assert code not in dict(table("link_geonames.tsv", "code", "geonameid"))


# ---- the other history ----------------------------------------------------------------------------------------------


class Agreement(NamedTuple):
    codes: float  #: share of its codes that are here
    names: float  #: share of its codes and names that are here
    begin: float  #: of these, how many begin in the same year, or a year apart
    end: float  #: the same for the end
    precision: float  #: share of the successors here that it has
    recall: float  #: share of its successors that are here


def _agreement(divisions: list[Division]) -> Agreement:
    with HISTORY.open(encoding="utf-8", newline="") as f:
        theirs = list(csv.DictReader(f, delimiter="\t"))
    other: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in theirs:
        other[row["code"], row["name"]].append(row)
    ours: dict[tuple[str, str], list[Division]] = defaultdict(list)
    for one in divisions:
        ours[one.code, one.name].append(one)
    beyond: dict[str, set[str]] = defaultdict(set)
    for one in divisions:
        beyond[one.code] |= one.after if one.code[2] == "9" else set()

    def follow(codes: set[str]) -> set[str]:
        """Beyond the codes that cities at county level had for some years, which the other history often leaves out."""
        return {last for code in codes for last in (beyond.get(code) or {code} if code[2] == "9" else {code})}

    both = sorted(ours.keys() & other.keys())
    begin = end = right = wrong = missed = 0
    for key in both:
        here, there = ours[key], other[key]
        first, last = min(r.begin for r in here), max(r.end or 9999 for r in here)
        its_first = min(int(r["from_year"]) for r in there)
        its_last = max(int(r["to_year"] or 9999) for r in there)
        # it begins districts in 1983 and all the rest in 1981
        begin += abs(first - its_first) <= 1 or (first == 1980 and its_first <= 1983)
        end += abs(last - its_last) <= 1
        if last == 9999 or abs(last - its_last) > 1 or key[0][2] == "9" or key[0].endswith("00"):
            continue
        cells = [cell for r in there for cell in re.split("[ ;]", r["successor_codes"]) if cell]
        whole = follow({cell for cell in cells if "[" not in cell})
        partly = {cell[:6] for cell in cells if "[" in cell}
        after = follow({code for r in here for code in r.after})
        right += len(after & whole)
        wrong += len(after - whole - partly)
        missed += len(whole - after)
    return Agreement(
        len({k[0] for k in ours} & {k[0] for k in other}) / len({k[0] for k in other}),
        len(both) / len(other),
        begin / len(both),
        end / len(both),
        right / (right + wrong),
        right / (right + missed),
    )


def test_agrees_with_another_history(divisions: list[Division]) -> None:
    if not HISTORY.is_file():
        pytest.skip(f"{HISTORY.name} is not in {SHARED / 'linking'}; KG_SHARED names another folder")
    found = _agreement(divisions)
    floors = Agreement(codes=0.991, names=0.986, begin=0.965, end=0.983, precision=0.98, recall=0.805)
    assert all(one >= floor for one, floor in zip(found, floors, strict=True)), found
