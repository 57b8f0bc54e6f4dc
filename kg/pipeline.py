"""The main path: files in, a graph in the store out.

    collect → read → extract → map → replace the report's graph

A report that cannot be built costs none of the others: its error is kept and
told at the end.
"""

from __future__ import annotations

import datetime
import glob
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg import resources
from kg.errors import KgError, ReadError, StoreError
from kg.model import EntityClass

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

    from kg.extract.coverage import Tally
    from kg.model import Extraction
    from kg.text.metadata import Given

#: Files of a folder that are taken for reports; a file that is named is read whatever its ending.
REPORT_SUFFIXES: Final = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")

#: Called before each report and once at the end, with how many are done, how many there are, and which is next.
Progress = Callable[[int, int, Path | None], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What one report gave."""

    file: Path
    graph: str
    title: str | None
    area: str | None
    year: int | None
    entities: int
    observations: int
    relations: int
    triples: int
    #: what became of every numeral of the text
    numerals: Tally
    warnings: tuple[str, ...]
    level: str | None = None
    #: which of title, area, level, year, … were given, and not inferred from the text
    given: tuple[str, ...] = ()


@dataclass(slots=True)
class BuildSummary:
    """What a build gave: the counts are those of the reports built, not of all that is in the store."""

    store: Path
    segmenter: str
    reports: list[Built] = field(default_factory=list)
    failures: list[KgError] = field(default_factory=list)
    entities_by_class: dict[str, int] = field(default_factory=lambda: {c.value: 0 for c in EntityClass})
    entities: int = 0
    observations: int = 0
    relations: int = 0
    triples: int = 0
    seconds: float = 0.0

    @property
    def numerals(self) -> Tally:
        """What became of the numerals of all reports."""
        from kg.extract.coverage import Tally

        total = Tally()
        for built in self.reports:
            total.add(built.numerals)
        return total

    @property
    def warnings(self) -> list[str]:
        """The warnings of all reports, each with its file."""
        return [f"{built.file}: {warning}" for built in self.reports for warning in built.warnings]

    def as_json(self) -> dict[str, Any]:
        """The summary as ``kg build --json`` prints it."""
        return {
            "store": str(self.store),
            "segmenter": self.segmenter,
            "reports": [
                {
                    "file": str(b.file),
                    "graph": b.graph,
                    "title": b.title,
                    "area": b.area,
                    "level": b.level,
                    "year": b.year,
                    "given": list(b.given),
                    "entities": b.entities,
                    "observations": b.observations,
                    "relations": b.relations,
                    "triples": b.triples,
                    "numerals": b.numerals.as_json(),
                    "warnings": list(b.warnings),
                }
                for b in self.reports
            ],
            "failures": failures_as_json(self.failures),
            "entities": {"total": self.entities, **self.entities_by_class},
            "observations": self.observations,
            "relations": self.relations,
            "triples": self.triples,
            "numerals": self.numerals.as_json(),
            "seconds": round(self.seconds, 3),
        }


def build(
    paths: Sequence[str | Path] = (),
    *,
    store_dir: str | Path,
    base_iri: str | None = None,
    segmenter: str = "rjieba",
    given: Given | None = None,
    force: bool = False,
    on_progress: Progress | None = None,
) -> BuildSummary:
    """Build reports into the store in ``store_dir``, which is made if it is not there.

    ``paths`` are files, folders and globs, none meaning the reports that come with the project.  A report
    that is in the store already is replaced, and nothing else is touched.  Raises
    :class:`~kg.errors.StoreError` if the store cannot be written; what is wrong with one report is in
    ``failures`` of the summary instead.
    """
    from kg.graph import iri, store, vocab

    started = time.perf_counter()
    base = iri.check_base(base_iri or vocab.DEFAULT_BASE)
    summary = BuildSummary(Path(store_dir), segmenter)
    files, summary.failures = collect(paths)
    if not files:
        return summary
    into = store.open_store(store_dir)
    try:
        store.ensure_ontology(into)
        summary.failures += for_each(
            files, lambda file: _build_one(file, into, base, segmenter, given, force, summary), on_progress
        )
        if len(summary.reports) >= _MANY:
            store.optimize(into)
    finally:
        store.mark_written(store_dir)
    summary.seconds = time.perf_counter() - started
    return summary


#: So many reports in one build leave so many files in the store that merging them at once pays off.
_MANY: Final = 10


def for_each(files: Sequence[Path], do: Callable[[Path], None], on_progress: Progress | None = None) -> list[KgError]:
    """Do something with each file; what was wrong with one costs none of the others and is given back.

    Only a :class:`~kg.errors.StoreError` ends it all: the next file would meet the same.
    """
    failures: list[KgError] = []
    for done, file in enumerate(files):
        if on_progress:
            on_progress(done, len(files), file)
        try:
            do(file)
        except StoreError:
            raise
        except KgError as error:
            failures.append(_failure(error, file))
        except Exception as error:  # a fault of ours in one report is no reason to lose the others
            failures.append(_internal(error, file))
    if on_progress:
        on_progress(len(files), len(files), None)
    return failures


def failures_as_json(failures: Sequence[KgError]) -> list[dict[str, Any]]:
    """What could not be read or built, as the commands print it with ``--json``."""
    return [{"file": e.file, "message": e.message, "hint": e.hint} for e in failures]


def extraction_of(
    file: Path, *, segmenter: str = "rjieba", given: Given | None = None, force: bool = False
) -> Extraction:
    """What the extractor takes out of a file; what is ``given`` goes before the files beside it, they before the text.

    Raises :class:`~kg.errors.ReadError` where the file, or what stands beside it, cannot be read.
    """
    from kg.extract.extractor import extract
    from kg.text.reader import read_report

    return extract(read_report(file, given=known(file, given), force=force), segmenter=segmenter)


def known(file: Path, given: Given | None = None) -> Given:
    """What is known of a report before it is read: what is ``given``, and where that is silent, what stands beside it.

    Raises :class:`~kg.errors.ReadError` where what stands beside it cannot be read.
    """
    from kg.text import metadata

    return (given or metadata.NOTHING).over(metadata.beside(file))


def _build_one(
    file: Path, into: Store, base: str, segmenter: str, given: Given | None, force: bool, summary: BuildSummary
) -> None:
    from kg.extract.coverage import Tally, account
    from kg.graph import mapping, provenance, store

    started, before = _now(), known(file, given)
    extraction = extraction_of(file, segmenter=segmenter, given=before, force=force)
    report = extraction.report
    numerals = Tally(account(extraction))
    quads: list[Quad] = mapping.to_quads(extraction, base_iri=base)
    graph = mapping.graph_of(report, base_iri=base)
    told = {name: getattr(before, name) for name in before.names}
    made = provenance.Made(extraction.segmenter, told, started, _now())
    store.replace_report(into, quads, graph, build=provenance.describe(report, made, base_iri=base))

    summary.reports.append(
        Built(
            file=file,
            graph=graph.value,
            title=report.title,
            area=report.area,
            year=report.year,
            entities=len(extraction.entities),
            observations=len(extraction.observations),
            relations=len(extraction.relations),
            triples=len(quads),
            numerals=numerals,
            warnings=report.warnings,
            level=report.level,
            given=tuple(sorted(report.given)),
        )
    )
    for entity in extraction.entities:
        for entity_class in entity.classes:
            summary.entities_by_class[entity_class.value] += 1
    summary.entities += len(extraction.entities)
    summary.observations += len(extraction.observations)
    summary.relations += len(extraction.relations)
    summary.triples += len(quads)


def _now() -> str:
    """The instant, as ``xsd:dateTime``."""
    return datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def collect(paths: Iterable[str | Path] = ()) -> tuple[list[Path], list[KgError]]:
    """The files that the paths stand for, each once, and an error for each path that stands for none.

    A folder stands for its :data:`REPORT_SUFFIXES` files at any depth, sorted; hidden ones are left out.
    A path that does not exist is taken for a glob (``reports/*-2011.txt``, ``**`` for any depth).
    """
    files: dict[Path, Path] = {}
    errors: list[KgError] = []
    for given in list(paths) or [resources.folder("seeds")]:
        path = Path(given)
        if path.is_dir():
            found = _reports_in(path)
            trouble = f"no {', '.join(REPORT_SUFFIXES[:-1])} or {REPORT_SUFFIXES[-1]} file in this folder"
        elif path.exists():
            found, trouble = [path], ""
        else:
            matches = sorted(Path(match) for match in glob.glob(str(given), recursive=True))  # noqa: PTH207 - Path.glob refuses absolute ones
            found = [file for match in matches for file in (_reports_in(match) if match.is_dir() else [match])]
            trouble = "no file fits this pattern" if glob.has_magic(str(given)) else "no such file or folder"
        if not found:
            errors.append(ReadError(trouble, file=given))
        for file in found:
            files.setdefault(file.resolve(), file)
    return list(files.values()), errors


def _reports_in(folder: Path) -> list[Path]:
    found = (
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in REPORT_SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return sorted(found, key=lambda path: path.parts)


# What is kept of an error is kept without its traceback, whose frames would hold the store open.


def _failure(error: KgError, file: Path) -> KgError:
    """The error, with the file in which it arose; a report knows its own name only, without the folders."""
    place = file if error.file in (None, file.name) else error.file
    return type(error)(error.message, file=place, line=error.line, offset=error.offset, hint=error.hint)


def _internal(error: Exception, file: Path) -> KgError:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    message = f"internal error in {where}: {type(error).__name__}: {error}"
    return KgError(message, file=file, hint="please report this")
