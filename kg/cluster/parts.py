"""Parts: what some reports say, as compressed N-Quads in a file of their own, at any place that fsspec knows.

    OUT/parts/HASH.nq.gz    the quads of some reports, sorted within each; HASH is that of its bytes
    OUT/records/KEY.json    which part holds these reports, where each begins, how it was built; KEY is that of all that
                            the part is made of: texts, options, version and word lists
    OUT/manifest.json       the records, in the order of the reports

Exactly once: whoever makes the same part makes the same bytes, under the same name; a record is written after its
part, and each file appears whole or not at all.  So a worker may be killed, and its work done again by another or
twice at once, and there is one part; a run that is started again does only what has no record.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.errors import KgError, ReadError
from kg.pipeline import Job, attempt, failures_as_json, key_of

MANIFEST: Final = "manifest.json"
#: The version of the layout.
VERSION: Final = 1
#: Compressing more costs more time than the extraction, and saves little: the quads are mostly repetition.
_LEVEL: Final = 3


class Place:
    """A folder, or whatever else a URL of fsspec stands for.

    Raises :class:`~kg.errors.KgError` if fsspec is not installed or does not know the URL.
    """

    def __init__(self, url: str) -> None:
        try:
            import fsspec
        except ImportError:
            raise KgError("this needs fsspec", hint="pip install 'gwr-kg[cluster]'") from None
        self.url = url.rstrip("/")
        try:
            self._fs, self._root = fsspec.core.url_to_fs(self.url)
        except (ValueError, ImportError) as error:
            raise KgError(f"{url}: {error}") from None
        self._local = type(self._fs).__name__ == "LocalFileSystem"

    def read(self, name: str) -> bytes | None:
        """The content of a file, None if there is none.  Raises :class:`~kg.errors.ReadError` if it cannot be read."""
        try:
            data: bytes = self._fs.cat_file(f"{self._root}/{name}")
            return data
        except FileNotFoundError:
            return None
        except Exception as error:  # each file system has its own
            raise ReadError(f"cannot be read: {error}", file=f"{self.url}/{name}") from None

    def has(self, name: str, size: int) -> bool:
        """Whether there is a file of that name and size."""
        try:
            return bool(self._fs.info(f"{self._root}/{name}")["size"] == size)
        except Exception:
            return False

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, whole or not at all.  Raises :class:`~kg.errors.KgError` if it cannot be written."""
        target = f"{self._root}/{name}"
        try:
            if not self._local:  # a store of objects shows an object when it is whole
                self._fs.pipe_file(target, data)
                return
            path = Path(target)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
            try:
                with part.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
        except Exception as error:
            raise KgError(f"cannot be written: {error}", file=f"{self.url}/{name}") from None


@dataclass(frozen=True, slots=True)
class Task:
    """Some reports that make one part, and where it goes."""

    out: str
    jobs: tuple[Job, ...]


def tasks(out: str, jobs: Sequence[Job], size: int) -> list[Task]:
    """The jobs in parts of so many reports, in their order."""
    return [Task(out, tuple(jobs[i : i + size])) for i in range(0, len(jobs), size)]


def make_part(task: Task) -> dict[str, Any]:
    """Make one part unless it is there: its record, and beside it the ``failures`` and whether it was ``made`` now.

    A part with failures is kept, but its record is not: the next run tries these reports again.  Raises
    :class:`~kg.errors.KgError` if it cannot be written.
    """
    place = Place(task.out)
    key = _key(task)
    if (kept := place.read(f"records/{key}.json")) is not None:
        with contextlib.suppress(ValueError):
            record: dict[str, Any] = json.loads(kept)
            if place.has(record["part"], record["size"]):
                return {**record, "key": key, "failures": [], "made": False}
    bodies: list[bytes] = []
    reports: list[dict[str, Any]] = []
    failures: list[KgError] = []
    at = 0
    for job in task.jobs:
        outcome = attempt(job)
        if isinstance(outcome, KgError):
            failures.append(outcome)
            continue
        built, packed = outcome.built, outcome.packed
        body = packed.body.replace(b" .\n", f" <{packed.graph}> .\n".encode())
        reports.append(
            {
                "file": str(job.file),
                "graph": packed.graph,
                "begin": at,
                "end": at + len(body),
                "triples": packed.triples,
                "entities": built.entities,
                "observations": built.observations,
                "relations": built.relations,
                "warnings": list(built.warnings),
                "notes": [f"{note.triple} {note.graph_name} ." for note in packed.notes],
            }
        )
        bodies.append(body)
        at += len(body)
    data = gzip.compress(b"".join(bodies), _LEVEL, mtime=0)
    digest = hashlib.sha256(data).hexdigest()
    record = {"part": f"parts/{digest}.nq.gz", "sha256": digest, "size": len(data), "reports": reports}
    if reports and not place.has(record["part"], len(data)):
        place.write(record["part"], data)
    name = f"records/{key}.json" if not failures else f"records/{key}-{digest[:12]}-part.json"
    if reports:
        place.write(name, json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
    key = Path(name).stem
    return {**record, "key": key, "failures": failures_as_json(failures), "made": True}


def _key(task: Task) -> str:
    parts = []
    for job in task.jobs:
        try:
            parts.append(key_of(job))
        except (OSError, KgError):  # told when it is read
            parts.append(f"unreadable {job.file}")
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Loaded:
    """One report out of a part: its graph, its quads as N-Quads, its triples as N-Triples, how it was built."""

    file: str
    graph: str
    quads: bytes
    triples: bytes
    count: int
    #: N-Quads
    notes: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of records of one run."""

    place: Place
    records: tuple[dict[str, Any], ...]

    @property
    def reports(self) -> int:
        """How many reports there are."""
        return sum(int(record["reports"]) for record in self.records)

    def load(self) -> Iterator[Loaded]:
        """The reports, one after the other: a part, compressed, and one report of it are in memory.

        Raises :class:`~kg.errors.ReadError` for a file that is missing, or is not what was written.
        """
        for entry in self.records:
            record = self._record(entry)
            data = self.place.read(record["part"])
            where = f"{self.place.url}/{record['part']}"
            if data is None:
                raise ReadError("this part is missing", file=where, hint="run kg extract again")
            if hashlib.sha256(data).hexdigest() != record["sha256"]:
                raise ReadError("this part is not what was written", file=where, hint="remove it, run kg extract again")
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as lines:
                for report in record["reports"]:
                    lines.seek(report["begin"])
                    quads = lines.read(max(0, report["end"] - report["begin"]))
                    # a line end within a literal is escaped, so that this fits at the end of lines only
                    triples = quads.replace(f" <{report['graph']}> .\n".encode(), b" .\n")
                    notes = "".join(f"{line}\n" for line in report["notes"]).encode()
                    yield Loaded(report["file"], report["graph"], quads, triples, report["triples"], notes)

    def _record(self, entry: dict[str, Any]) -> dict[str, Any]:
        name = f"records/{entry['record']}.json"
        data = self.place.read(name)
        if data is None:
            raise ReadError("this record is missing", file=f"{self.place.url}/{name}", hint="run kg extract again")
        try:
            record: dict[str, Any] = json.loads(data)
            kinds = {"part": str, "sha256": str, "reports": list}
            if not all(isinstance(record[name], kind) for name, kind in kinds.items()):
                raise ValueError("a value is of the wrong kind")
        except (ValueError, KeyError, TypeError) as error:
            raise ReadError(f"no record: {error}", file=f"{self.place.url}/{name}") from None
        return record


def write_manifest(place: Place, records: Sequence[dict[str, Any]], about: dict[str, Any]) -> None:
    """Write the list of the records, whole or not at all."""
    listed = [
        {
            "record": record["key"],
            "part": record["part"],
            "sha256": record["sha256"],
            "size": record["size"],
            "reports": len(record["reports"]),
            "triples": sum(report["triples"] for report in record["reports"]),
        }
        for record in records
        if record["reports"]
    ]
    told = {"kg-manifest": VERSION, **about, "parts": listed}
    place.write(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace"))


def read_manifest(url: str) -> Manifest:
    """The manifest of that URL, or in that folder.  Raises :class:`~kg.errors.ReadError` if there is none."""
    folder = url.removesuffix(f"/{MANIFEST}") if url != MANIFEST else "."
    place = Place(folder)
    data = place.read(MANIFEST)
    if data is None:
        raise ReadError(
            "there is no manifest", file=f"{folder}/{MANIFEST}", hint="kg extract writes one when it is done"
        )
    try:
        told = json.loads(data)
        if told["kg-manifest"] != VERSION:
            raise ValueError(f"it is of version {told['kg-manifest']}")
        return Manifest(place, tuple(told["parts"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(f"no manifest of kg extract: {error}", file=f"{folder}/{MANIFEST}") from None
