"""The main path: files in, a graph in the store out.

    collect → read → extract → map → replace the report's graph

A report that cannot be built costs none of the others: its error is kept and
told at the end.
"""

from __future__ import annotations

import contextlib
import datetime
import glob
import hashlib
import os
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from kg import resources
from kg.errors import KgError, ReadError, StoreError
from kg.model import EntityClass

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

    from kg.audit.verdicts import Refresh
    from kg.extract.coverage import Tally
    from kg.graph.writing import Packed
    from kg.model import Extraction
    from kg.text.metadata import Given

_T = TypeVar("_T")

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
    #: entities by class, those with several in each
    entities_by_class: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class BuildSummary:
    """What a build gave: the counts are those of the reports built, not of all that is in the store."""

    store: Path
    segmenter: str
    reports: list[Built] = field(default_factory=list)
    failures: list[KgError] = field(default_factory=list)
    #: files that were built before, of the same text, with the same options, by the same version and word lists
    unchanged: list[Path] = field(default_factory=list)
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

    def drop(self, files: Sequence[Path]) -> None:
        """Forget what was told of these files."""
        names = {str(file) for file in files}
        self.failures = [failure for failure in self.failures if failure.file not in names]
        for built in [built for built in self.reports if built.file in files]:
            self.reports.remove(built)
            self.count(built, -1)

    def count(self, built: Built, sign: int = 1) -> None:
        """Add the counts of one report, or take them away."""
        for name, number in built.entities_by_class.items():
            self.entities_by_class[name] += sign * number
        self.entities += sign * built.entities
        self.observations += sign * built.observations
        self.relations += sign * built.relations
        self.triples += sign * built.triples

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
            "unchanged": [str(file) for file in self.unchanged],
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
    rebuild: bool = False,
    workers: int | None = 1,
    on_progress: Progress | None = None,
) -> BuildSummary:
    """Build reports into the store in ``store_dir``, which is made if it is not there.

    ``paths`` are files, folders and globs, none meaning the reports that come with the project.  A report
    that is in the store already is replaced, and nothing else is touched.  ``workers`` is how many processes
    read and extract beside this one, which writes; 1 is none beside this one, None as many as there are cores
    if there is enough to do for them.  The outcome is the same with any number.  Raises
    :class:`~kg.errors.StoreError` if the store cannot be written; what is wrong with one report is in
    ``failures`` of the summary instead.  What became of the targets of an area's reports is computed anew if one of
    them changed (:func:`kg.audit.verdicts.refresh`).
    """
    from kg.audit import verdicts
    from kg.graph import iri, provenance, store, vocab

    started = time.perf_counter()
    base = iri.check_base(base_iri or vocab.DEFAULT_BASE)
    summary = BuildSummary(Path(store_dir), segmenter)
    files, summary.failures = collect(paths)
    if not files:
        return summary
    jobs = [Job(file, base, segmenter, given, force) for file in files]
    begun = None
    new = not (summary.store / "CURRENT").exists()
    if new:
        store.make_folder(summary.store)  # what stands in the way is told before a report is read
    if not new or _crew_size(files, workers) > 1:
        into = _opened(summary.store)
    else:
        with contextlib.suppress(Exception):  # who makes a report meets it again, and tells of it
            load(segmenter)
        # a new store is made on disk while the first report is: Oxigraph lets other threads run meanwhile; not sooner,
        # for two cores have enough to do with the segmenter's dictionary and the word lists
        opening = _Meanwhile(partial(_opened, summary.store))
        try:
            with opening:
                making = make_all(jobs, 1, on_progress)
                begun = chain([next(making)], making)
        except BaseException:
            if (summary.store / "CURRENT").exists():  # it may have been made by now
                store.mark_written(summary.store)
            raise
        into = opening.result()
    try:
        kept = {} if rebuild or begun else _unchanged(jobs, into)
        refresh = verdicts.Refresh(into)
        todo = [job for job in jobs if job.file not in kept]
        _build_all(todo, into, workers, summary, refresh, on_progress, begun)
        if lost := [file for file, key in kept.items() if provenance.built_already(into, key) is None]:
            # another file of this call claims its place: whichever comes last has it, as if all had been built
            first = min(files.index(file) for file in lost)
            again = [job for job in jobs[first:] if job.file in lost or job.file not in kept]
            kept = {file: key for file, key in kept.items() if file not in lost}
            summary.drop([job.file for job in again])
            _build_all(again, into, workers, summary, refresh, on_progress)
        summary.unchanged = list(kept)
        refresh.finish()
    finally:
        store.mark_written(store_dir)
    summary.seconds = time.perf_counter() - started
    return summary


#: So many steps of writing leave so many files in the store that merging them at once pays off.
_MANY: Final = 10
#: Bytes of reports for each process: starting it takes as long as reading these and extracting from them.
_SHARE: Final = 100_000


def _opened(folder: Path) -> Store:
    """The store in that folder, with the ontology of this version.

    Raises :class:`~kg.errors.StoreError` if it cannot be opened or written.
    """
    from kg.graph import store

    into = store.open_store(folder)
    try:
        store.ensure_ontology(into)
    except BaseException:
        store.mark_written(folder)
        raise
    return into


def _unchanged(jobs: Sequence[Job], into: Store) -> dict[Path, str]:
    """The files that need not be built, each with the key of its build, which the store has."""
    from kg.graph import provenance

    found = {}
    for job in jobs:
        with contextlib.suppress(OSError, KgError):  # what is wrong with it is told by who builds it
            key = key_of(job)
            if provenance.built_already(into, key) is not None:
                found[job.file] = key
    return found


def key_of(job: Job) -> str:
    """The key of the build that the job is: it is the same if all that the graph is made of is.

    Raises ``OSError`` or :class:`~kg.errors.ReadError` if the file, or what stands beside it, cannot be read.
    """
    from kg.graph import provenance
    from kg.text.formats import kind_of
    from kg.text.reader import read_bytes

    data = read_bytes(job.file)
    digest, kind = hashlib.sha256(data).hexdigest(), kind_of(data, job.file.suffix)
    given = _told(known(job.file, job.given), force=job.force)
    return provenance.build_key(digest, job.file.name, given, job.segmenter, kind=kind, base_iri=job.base)


def _told(given: Given, *, force: bool) -> dict[str, object]:
    """What was known, as it is told of a build; what was forced may be no report, so that counts, too."""
    return {name: getattr(given, name) for name in given.names} | ({"force": "yes"} if force else {})


@dataclass(frozen=True, slots=True)
class Job:
    """One report to be made, and how."""

    file: Path
    base: str
    segmenter: str = "rjieba"
    given: Given | None = None
    force: bool = False
    #: whether to pack it as sorted N-Triples
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """One report as it goes into the store, and what there is to tell of it."""

    built: Built
    packed: Packed


def make(job: Job) -> Made:
    """Read one report, extract, map and pack; the store is not needed for it.

    Raises :class:`~kg.errors.KgError` for what is wrong with the report.
    """
    from kg.extract.extractor import uncollected

    with uncollected():
        return _make(job)


def _make(job: Job) -> Made:
    from kg.extract.coverage import Tally, account
    from kg.graph import mapping, provenance, writing

    started, before = _now(), known(job.file, job.given)
    extraction = extraction_of(job.file, segmenter=job.segmenter, given=before, force=job.force)
    report = extraction.report
    quads: list[Quad] = mapping.to_quads(extraction, base_iri=job.base)
    graph = mapping.graph_of(report, base_iri=job.base)
    by_class = {c.value: sum(c in entity.classes for entity in extraction.entities) for c in EntityClass}
    built = Built(
        file=job.file,
        graph=graph.value,
        title=report.title,
        area=report.area,
        year=report.year,
        entities=len(extraction.entities),
        observations=len(extraction.observations),
        relations=len(extraction.relations),
        triples=len(quads),
        numerals=Tally(account(extraction)),
        warnings=report.warnings,
        level=report.level,
        given=tuple(sorted(report.given)),
        entities_by_class=by_class,
    )
    how = provenance.Made(extraction.segmenter, _told(before, force=job.force), started, _now())
    notes = provenance.describe(report, how, base_iri=job.base)
    return Made(built, writing.pack(quads, graph, notes, lines=job.lines))


def attempt(job: Job) -> Made | KgError:
    """What :func:`make` gives, or what went wrong, to be told with the others."""
    return _guarded(lambda: make(job), job.file)


def _guarded(do: Callable[[], _T], file: Path) -> _T | KgError:
    """What it gives, or what was wrong with that file; a store that fails ends all: the next would meet it, too."""
    try:
        return do()
    except StoreError:
        raise
    except KgError as error:
        return _failure(error, file)
    except MemoryError:
        return KgError("this report takes more memory than there is", file=file)
    except Exception as error:  # a fault of ours in one report is no reason to lose the others
        return _internal(error, file)


class _Meanwhile(Generic[_T]):
    """Does something in a thread; the end of the block waits for it."""

    def __init__(self, do: Callable[[], _T]) -> None:
        self._do = do
        self._result: list[_T] = []
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="kg-meanwhile", daemon=True)

    def _run(self) -> None:
        try:
            self._result.append(self._do())
        except BaseException as error:
            self._fault = error

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._thread.join()

    def result(self) -> _T:
        """What it gave, or raises what it raised; to be asked for once."""
        fault, self._fault = self._fault, None
        if fault is None:
            return self._result.pop()
        try:
            raise fault
        finally:
            del fault  # or error and frames would hold each other, and the store with them


def load(segmenter: str = "rjieba") -> None:
    """Load what every report needs: modules, dictionary, word lists.

    Raises :class:`~kg.errors.KgError` for a segmenter or a word list that is none.
    """
    from kg.extract import coverage, extractor  # noqa: F401 - to have them
    from kg.graph import mapping, writing  # noqa: F401
    from kg.text import reader  # noqa: F401

    extractor.load(segmenter)


def warm_up() -> None:
    """Load whatever the first report would have to wait for."""
    from kg.text.reader import make_report

    text = "甲市2011年政府工作报告\n一、2010年工作回顾\n全市地区生产总值100亿元,增长10%。甲公司落户乙园区。\n"
    from kg.extract.extractor import extract
    from kg.graph import mapping, writing

    extraction = extract(make_report(text, source="", sha256=""))
    writing.pack(mapping.to_quads(extraction), mapping.graph_of(extraction.report))


def _crew_size(files: Sequence[Path], workers: int | None) -> int:
    """How many processes to start: those that were asked for, or as many as have enough to do."""
    if workers is None:
        size = 0
        for file in files:
            with contextlib.suppress(OSError):
                size += file.stat().st_size
        enough = min(len(files), size // _SHARE)
    else:
        enough = min(workers, len(files))
    if enough < 2:
        return 1
    from kg import processes  # which a single report need not wait for

    if not processes.available():
        return 1
    return enough if workers is not None else min(enough, processes.cores())


def make_all(
    jobs: Sequence[Job], workers: int, on_progress: Progress | None = None
) -> Generator[Made | KgError, None, None]:
    """What :func:`attempt` gives for each job, in their order, made by so many processes (1: by this one)."""
    for done, outcome in enumerate(_outcomes(jobs, workers, on_progress), 1):
        yield outcome
        if on_progress and done == len(jobs):
            on_progress(done, done, None)


def _outcomes(jobs: Sequence[Job], workers: int, on_progress: Progress | None) -> Iterator[Made | KgError]:
    def tell(done: int) -> None:
        if on_progress:
            on_progress(done, len(jobs), jobs[done].file)

    if workers == 1:
        for number, job in enumerate(jobs):
            tell(number)
            yield attempt(job)
        return
    from kg.processes import Crew

    with Crew("kg.pipeline:attempt", workers, warm="kg.pipeline:warm_up") as crew:
        tell(0)
        for number, outcome in enumerate(crew.map(jobs), 1):
            if outcome.died is not None:
                message = f"the process that built this report died, and so did a second one: {outcome.died}"
                yield KgError(message, file=jobs[number - 1].file)
            else:
                yield outcome.value
            if number < len(jobs):
                tell(number)


class _Ahead:
    """Has the verdicts of an area computed once its last report seems to be in the store, while others are made.

    Reports mostly come area by area.  Where they do not, nothing more is computed before the end: it would be in vain.
    """

    def __init__(self, compute: Callable[[Collection[str]], None]) -> None:
        self._compute = compute
        self._open: set[str] = set()
        self._done: set[str] = set()
        self._sorted = True

    def written(self, reports: Sequence[Packed]) -> None:
        """These reports are in the store."""
        from pyoxigraph import NamedNode

        areas = [area.value for report in reports if isinstance(area := report.identity.area, NamedNode)]
        self._sorted = self._sorted and self._done.isdisjoint(areas)
        self._open.update(areas)
        closed = self._open.difference(areas[-1:])
        if self._sorted and areas and closed:
            self._open -= closed
            self._done |= closed
            try:
                self._compute(closed)
            except StoreError:
                raise
            except Exception:  # told at the end, when it is met again: until then reports go into the store
                self._sorted = False


def _build_all(
    jobs: Sequence[Job],
    into: Store,
    workers: int | None,
    summary: BuildSummary,
    refresh: Refresh,
    on_progress: Progress | None,
    begun: Iterator[Made | KgError] | None = None,
) -> None:
    """``begun`` is what gives the outcomes, if it has begun to."""
    from kg.graph import store
    from kg.graph.writing import Batches, Writer

    workers = _crew_size([job.file for job in jobs], workers)
    beside = workers > 1
    batches = Batches(
        into, coming=len(jobs) if beside else None, written=_Ahead(refresh.ahead).written if beside else None
    )
    if workers == 1:
        for outcome in begun or make_all(jobs, 1, on_progress):
            if packed := _keep(outcome, summary):
                batches.add(packed)
        batches.flush()
    else:
        # the generator first: when all is over, or Ctrl-C came, its processes end before the writer is waited for
        with (
            Writer(batches.add, batches.flush) as writer,
            contextlib.closing(make_all(jobs, workers, on_progress)) as made,
        ):
            for outcome in made:
                if packed := _keep(outcome, summary):
                    writer.put(packed)
    if batches.steps >= _MANY:
        store.optimize(into)


def _keep(outcome: Made | KgError, summary: BuildSummary) -> Packed | None:
    """Count it in the summary; what there is to write of it."""
    if isinstance(outcome, KgError):
        summary.failures.append(outcome)
        return None
    summary.reports.append(outcome.built)
    summary.count(outcome.built)
    return outcome.packed


def for_each(files: Sequence[Path], do: Callable[[Path], None], on_progress: Progress | None = None) -> list[KgError]:
    """Do something with each file; what was wrong with one costs none of the others and is given back.

    Only a :class:`~kg.errors.StoreError` ends it all: the next file would meet the same.
    """
    failures: list[KgError] = []
    for done, file in enumerate(files):
        if on_progress:
            on_progress(done, len(files), file)
        if (failure := _guarded(partial(do, file), file)) is not None:
            failures.append(failure)
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
        path, before = Path(given), len(errors)
        if path.is_dir():
            found = _reports_in(path, errors)
            trouble = f"no {', '.join(REPORT_SUFFIXES[:-1])} or {REPORT_SUFFIXES[-1]} file in this folder"
        elif path.exists():
            found, trouble = [path], ""
        else:
            matches = sorted(Path(match) for match in glob.glob(str(given), recursive=True))  # noqa: PTH207 - Path.glob refuses absolute ones
            found = [file for match in matches for file in (_reports_in(match, errors) if match.is_dir() else [match])]
            trouble = "no file fits this pattern" if glob.has_magic(str(given)) else "no such file or folder"
        if not found and len(errors) == before:
            errors.append(ReadError(trouble, file=given))
        for file in found:
            files.setdefault(file.resolve(), file)
    return list(files.values()), errors


def _reports_in(folder: Path, errors: list[KgError]) -> list[Path]:
    """Its reports, sorted; an error for each folder in it that cannot be read, whose reports nobody would miss."""

    def refused(error: OSError) -> None:
        errors.append(ReadError(f"the folder cannot be read: {error.strerror}", file=error.filename))

    found = []
    for place, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(place, name) for name in names if not name.startswith("."))
        found += [path for path in paths if path.suffix.lower() in REPORT_SUFFIXES and path.is_file()]
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
