"""The annotation of a report: what a careful reader takes out of it.  CONTRIBUTING.md describes the layout."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from kg.errors import DataError, ReadError

_IGNORED = re.compile(r"[\s“”\"'‘’《》〈〉「」()（）・·.,，、:：\-—]")


@lru_cache(maxsize=65536)
def folded(name: str) -> str:
    """The name without width, case, white space, quotation marks, title marks and brackets.

    >>> folded("《珠江三角洲地区改革发展规划纲要（2008－2020年）》")
    '珠江三角洲地区改革发展规划纲要20082020年'
    >>> folded("广州Ｔ.I.T 创意园") == folded("广州t.i.t创意园")
    True
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name)).lower()


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """An annotated thing; any of ``classes`` and any of ``statuses`` is right."""

    id: str
    names: tuple[str, ...]  # the fullest one first
    classes: tuple[str, ...]  # the likeliest first
    optional: bool
    #: None where the text says nothing of its status; may be empty where only silence is right
    statuses: frozenset[str] | None
    start: int | None  # where it stands first, in code points


@dataclass(frozen=True, slots=True)
class GoldObservation:
    """An annotated figure; ``wordings`` are fair names of its indicator, the annotator's first."""

    id: str
    wordings: tuple[str, ...]
    area: str
    period: str | None
    measure: str
    modality: str
    value: float
    unit: str
    text: str
    optional: bool
    start: int | None


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """An annotated relation; subject and object are names of annotated entities."""

    subject: str
    predicate: str
    object: str
    optional: bool
    start: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text of an annotation is to be had that is not kept beside it: stretches of a report that lies in
    another folder.
    """

    file: str  # below that folder, with slashes
    sha256: str  # of the file's bytes
    stretches: tuple[tuple[int, int], ...]  # begin and end, in code points of the file

    def path(self, folder: Path) -> Path:
        """The file in this folder."""
        return folder / self.file

    def text(self, folder: Path) -> str:
        """The stretches one after the other, each beginning on a line of its own.

        Raises :class:`kg.errors.ReadError` where the file is not in the folder, and :class:`kg.errors.DataError`
        where it is another one than was annotated.
        """
        path = self.path(folder)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise ReadError(
                "no such file; an annotation has its text from it", file=path, hint="KG_SHARED names the folder"
            ) from None
        except OSError as error:
            raise ReadError(f"cannot be read: {error.strerror}", file=path) from error
        found = hashlib.sha256(data).hexdigest()
        if found != self.sha256:
            raise DataError(
                f"not the file that was annotated (SHA-256 {found[:12]}, not {self.sha256[:12]})", file=path
            )
        whole = data.decode("utf-8")
        if self.stretches[-1][1] > len(whole):
            raise DataError(f"annotated up to {self.stretches[-1][1]}, but {len(whole)} characters long", file=path)
        out = ""
        for begin, end in self.stretches:
            out += ("\n" if out and not out.endswith("\n") else "") + whole[begin:end]
        return out


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated report."""

    report: str
    area: str
    year: int | None
    entities: tuple[GoldEntity, ...]
    observations: tuple[GoldObservation, ...]
    relations: tuple[GoldRelation, ...]
    sha256: str  # of the file's bytes
    source: Source | None = None  # None where the text lies beside the annotation

    def entity_named(self, name: str) -> GoldEntity | None:
        """The entity that the annotation's relations mean by that name."""
        wanted = folded(name)
        return next((e for e in reversed(self.entities) if wanted in map(folded, e.names)), None)


def load_gold(path: str | Path) -> Gold:
    """Read an annotation.

    Raises :class:`kg.errors.DataError` for a file that cannot be read, is not JSON, lacks a key, or has a
    relation whose end is no annotated entity.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
        data = json.loads(raw.decode("utf-8"))
        gold = Gold(
            report=data["report"],
            area=data["area"],
            year=data.get("year"),
            entities=tuple(_entity(e) for e in data["entities"]),
            observations=tuple(_observation(o) for o in data["observations"]),
            relations=tuple(_relation(r) for r in data["relations"]),
            sha256=hashlib.sha256(raw).hexdigest(),
            source=_source(data["source"]) if "source" in data else None,
        )
    except OSError as error:
        raise DataError(f"cannot read the annotation: {error.strerror}", file=path) from error
    except json.JSONDecodeError as error:
        raise DataError(f"not JSON: {error.msg}", file=path, line=error.lineno) from error
    except UnicodeDecodeError as error:
        raise DataError("not JSON in UTF-8", file=path) from error
    except KeyError as error:
        raise DataError(f"not an annotation: the key {error} is missing", file=path) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise DataError(f"not an annotation: {error}", file=path) from error
    known = {folded(name) for e in gold.entities for name in e.names}
    for relation in gold.relations:
        for end in (relation.subject, relation.object):
            if folded(end) not in known:
                raise DataError(f"a relation names {end}, which is not among the entities", file=path)
    return gold


def _source(data: Mapping[str, Any]) -> Source:
    file = PurePosixPath(data["file"])
    if file.is_absolute() or ".." in file.parts:
        raise ValueError(f"the source {file} is not below the shared folder")
    stretches = tuple((int(begin), int(end)) for begin, end in data["stretches"])
    ends = [0, *(place for stretch in stretches for place in stretch)]
    if not stretches or ends != sorted(ends) or any(begin == end for begin, end in stretches):
        raise ValueError("the stretches of its source are not in order")
    return Source(str(file), data["sha256"], stretches)


def _entity(data: Mapping[str, Any]) -> GoldEntity:
    status = data.get("status")
    accepted = status if isinstance(status, list) else [status]
    return GoldEntity(
        id=data["id"],
        names=(data["name"], *data.get("aliases", [])),
        classes=tuple(data["types"]),
        optional=bool(data.get("optional")),
        statuses=None if status is None else frozenset(s for s in accepted if s is not None),
        start=data.get("start"),
    )


def _observation(data: Mapping[str, Any]) -> GoldObservation:
    return GoldObservation(
        id=data["id"],
        wordings=(data["indicator"], *data.get("aliases", [])),
        area=data["area"],
        period=data["period"],
        measure=data["measure"],
        modality=data["modality"],
        value=float(data["value"]),
        unit=data["unit"],
        text=data["text"],
        optional=bool(data.get("optional")),
        start=data.get("start"),
    )


def _relation(data: Mapping[str, Any]) -> GoldRelation:
    return GoldRelation(
        data["subject"], data["predicate"], data["object"], bool(data.get("optional")), data.get("start")
    )
