"""What a user says of a report: by options, in a file beside it, or in a table for a whole folder.

Given metadata goes before what the text says.  ``REPORT.meta.json`` or ``REPORT.meta.toml`` beside ``REPORT.txt`` holds
one report's; ``INDEX.tsv`` in its folder, or in one of the two folders above, holds many, one per row.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from kg.errors import ReadError
from kg.model import Level
from kg.patterns import compiled
from kg.resources import table
from kg.text.vocabulary import divisions

#: folders from the report's own upwards in which INDEX.tsv is looked for
_FOLDERS: Final = 3
_MAX_INDEX = 16 * 2**20
_MAX_SIDECAR = 2**20
_DATE = compiled(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?")


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a report beforehand; None is left to the text.

    ``area`` is the full name (``广州市海珠区``; ``广东广州市海珠区`` is understood), ``date`` ISO.  Raises
    :class:`ValueError`, naming the field, for a value that cannot be one.
    """

    title: str | None = None
    area: str | None = None
    level: Level | None = None
    year: int | None = None
    date: str | None = None
    meeting: str | None = None
    speaker: str | None = None

    def __post_init__(self) -> None:
        if self.year is not None and not 1949 <= self.year <= 2099:
            raise ValueError(f"year: {self.year} is not one between 1949 and 2099")
        if self.date is not None and not _is_date(self.date):
            raise ValueError(f"date: {self.date!r} is not like 2011-11-08 or 2011-11")
        for name in ("title", "area", "meeting", "speaker"):
            value = getattr(self, name)
            if value is not None and (
                not value.strip() or len(value) > 300 or compiled(r"[\x00-\x1f\x7f]").search(value)
            ):
                raise ValueError(f"{name}: {value[:40]!r} is not one line of text")
        if self.area is not None:
            object.__setattr__(self, "area", full_area(self.area))

    def over(self, other: Given) -> Given:
        """This where it says something, else the other."""
        said = {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}
        return replace(other, **said)

    @property
    def names(self) -> frozenset[str]:
        """The fields that are given."""
        return frozenset(f.name for f in fields(self) if getattr(self, f.name) is not None)


def _is_date(iso: str) -> bool:
    """Whether there is such a month or day; 2011-02-30 would be no ``xsd:date``."""
    if not _DATE.fullmatch(iso):
        return False
    try:
        date.fromisoformat(f"{iso}-01"[:10])
    except ValueError:
        return False
    return True


NOTHING: Final = Given()
FIELDS: Final = tuple(f.name for f in fields(Given))


def parse(values: dict[str, Any]) -> Given:
    """From names and values as they stand in a file; raises :class:`ValueError` for what is not understood.

    >>> parse({"area": "广东深圳市罗湖区", "year": "2015", "chars": "11887"}).area
    '广东省深圳市罗湖区'
    """
    said: dict[str, Any] = {}
    for name in FIELDS:
        value = values.get(name)
        if value is None or value == "":
            continue
        if name == "year":
            if isinstance(value, bool) or not compiled(r"\d{4}").fullmatch(str(value).strip()):
                raise ValueError(f"year: {value!r} is not a year")
            said[name] = int(value)
        elif name == "level":
            try:
                said[name] = Level(value)
            except ValueError:
                raise ValueError(f"level: {value!r} is none of {', '.join(Level)}") from None
        elif isinstance(value, str):
            said[name] = value.strip()
        elif name == "date" and hasattr(value, "isoformat"):  # TOML has dates
            said[name] = value.isoformat()[:10]
        else:
            raise ValueError(f"{name}: {value!r} is not text")
    return Given(**said)


def beside(file: Path) -> Given:
    """What the files beside a report say of it: its own before the table's.

    Raises :class:`ReadError` with file and line where one of them cannot be understood.
    """
    return _sidecar(file).over(_from_index(file))


def _sidecar(file: Path) -> Given:
    for base in (file.name, file.stem):
        for ending in (".meta.json", ".meta.toml"):
            path = file.with_name(base + ending)
            if path.is_file():
                return _read_sidecar(path)
    return NOTHING


def _read_sidecar(path: Path) -> Given:
    try:
        if path.stat().st_size > _MAX_SIDECAR:
            raise ValueError(f"larger than {_MAX_SIDECAR // 2**20} MB")
        text = path.read_text(encoding="utf-8-sig")
        values = _loads(path.suffix, text)
        if not isinstance(values, dict):
            raise ValueError("not an object with names and values")
        if unknown := sorted(set(values) - set(FIELDS)):
            raise ValueError(f"{unknown[0]!r} is none of {', '.join(FIELDS)}")
        return parse(values)
    except (OSError, ValueError, RecursionError) as error:
        what = error.strerror if isinstance(error, OSError) else str(error) or type(error).__name__
        raise ReadError(f"metadata cannot be read: {what}", file=path) from error


def _loads(suffix: str, text: str) -> Any:
    if suffix == ".json":
        import json

        return json.loads(text)
    import tomllib

    return tomllib.loads(text)


def _from_index(file: Path) -> Given:
    folder = file.absolute().parent
    inside = file.name
    for _ in range(_FOLDERS):
        index = folder / "INDEX.tsv"
        if index.is_file():
            stat = index.stat()
            rows = _index(index, stat.st_mtime_ns, stat.st_size)
            path = Path(inside)
            for key in (inside, path.with_suffix("").as_posix()):
                if key in rows:
                    number, values = rows[key]
                    try:
                        return parse(values)
                    except ValueError as error:
                        raise ReadError(f"metadata cannot be read: {error}", file=index, line=number) from None
        inside = f"{folder.name}/{inside}"
        folder = folder.parent
    return NOTHING


@lru_cache(maxsize=8)
def _index(index: Path, changed: int, size: int) -> dict[str, tuple[int, dict[str, str]]]:
    """Line number and values by path or slug; empty for a table that is of something else."""
    if size > _MAX_INDEX:
        return {}
    try:
        lines = index.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ReadError("the table cannot be read as UTF-8", file=index) from None
    header = lines[0].split("\t") if lines else []
    key = next((name for name in ("path", "slug", "file") if name in header), None)
    if key is None:
        return {}
    rows: dict[str, tuple[int, dict[str, str]]] = {}
    for number, line in enumerate(lines[1:], 2):
        values = dict(zip(header, line.split("\t"), strict=False))
        if name := values.get(key, "").strip():
            rows.setdefault(name, (number, values))
    return rows


# --- areas ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _provinces() -> dict[str, str]:
    """The provinces by their name without suffix."""
    rows = table("divisions.tsv", "name", "stem", "level")
    return {stem: name for name, stem, level in rows if level == "province"}


def full_area(name: str) -> str:
    """The name with its parts written in full: the province's suffix is often left out.

    >>> full_area("广东深圳市罗湖区"), full_area("内蒙古呼伦贝尔市海拉尔区"), full_area("广东省 广州市")
    ('广东省深圳市罗湖区', '内蒙古自治区呼伦贝尔市海拉尔区', '广东省广州市')
    >>> full_area("海珠区"), full_area("吉林市"), full_area("北京海淀区")
    ('海珠区', '吉林市', '北京市海淀区')
    """
    bare = compiled(r"\s+").sub("", name)
    provinces = _provinces()
    for stem in sorted(provinces, key=len, reverse=True):
        rest = bare.removeprefix(stem)
        # 吉林市 and 海南州 are no provinces, 北京市 is one
        if rest != bare and not bare.startswith(provinces[stem]) and len(rest) >= 3:
            return provinces[stem] + rest
        if rest == "":
            return provinces[stem]
    return bare


_TOWNSHIPS = ("镇", "乡", "街道", "苏木")


def level_of(parts: tuple[str, ...]) -> Level | None:
    """The level of an area by the names it is made of, None where that does not tell it.

    >>> level_of(("广州市", "海珠区")), level_of(("广东省",)), level_of(("深圳市",)), level_of(("义乌市",))
    (<Level.COUNTY: 'county'>, <Level.PROVINCE: 'province'>, <Level.PREFECTURE: 'prefecture'>, <Level.COUNTY: 'county'>)
    """
    if not parts:
        return None
    name = parts[-1]
    if name.endswith(_TOWNSHIPS):
        return Level.TOWNSHIP
    found = {level for level, _ in divisions(name)}
    in_city = len(parts) > 1 and all(level != Level.PROVINCE for level, _ in divisions(parts[-2]))
    if in_city and Level.COUNTY in found:
        return Level.COUNTY
    # the highest, where a name was raised in the course of time
    for level in Level:
        if level in found:
            return level
    if name.endswith(("县", "旗", "区")) and not name.endswith("自治区"):
        return Level.COUNTY
    return Level.PREFECTURE if name.endswith(("州", "盟", "地区")) else None
