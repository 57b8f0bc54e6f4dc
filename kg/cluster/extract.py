"""Reports into parts: by processes of this machine, or by the workers of a Dask cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import kg
from kg import processes
from kg.cluster.parts import Place, Task, make_part, tasks, write_manifest
from kg.errors import KgError
from kg.pipeline import Job, Progress, collect

if TYPE_CHECKING:
    from kg.text.metadata import Given

#: Reports in one part: some 4 MB compressed, and half a minute of one core at most.
PART: Final = 32
#: Seconds to wait for a scheduler.
CONNECT: Final = 10


@dataclass(slots=True)
class Extracted:
    """What a run gave; ``kept`` is how many reports an earlier run had done."""

    out: str
    reports: int = 0
    kept: int = 0
    parts: int = 0
    triples: int = 0
    bytes: int = 0
    seconds: float = 0.0
    failures: list[KgError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def extract(
    paths: Sequence[str | Path],
    out: str,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    base_iri: str | None = None,
    segmenter: str = "rjieba",
    given: Given | None = None,
    force: bool = False,
    part: int = PART,
    on_progress: Progress | None = None,
) -> Extracted:
    """Write what reports say into parts below ``out``, a folder or a URL of fsspec, and a manifest when all is done.

    The workers of ``scheduler`` (``tcp://…``) have to see the files, and ``out``, under the same names, and to have
    the same version of kg.  Without it, ``workers`` processes of this machine do the work (None: one for each core).

    Raises :class:`~kg.errors.KgError` if ``out`` cannot be written or the cluster cannot be reached; what is wrong with
    one report is in ``failures``.
    """
    from kg.graph import iri, vocab

    started = time.perf_counter()
    base = iri.check_base(base_iri or vocab.DEFAULT_BASE)
    summary = Extracted(out)
    files, summary.failures = collect(paths)
    if not files:
        return summary
    place = Place(out)
    jobs = [Job(file.resolve(), base, segmenter, given, force, lines=True) for file in files]
    work = tasks(out, jobs, part)
    records = []
    done = _on_cluster(work, scheduler) if scheduler else _here(work, workers)
    told = 0
    for several in done:
        for record in several:
            records.append(record)
            summary.failures += [KgError(f["message"], file=f["file"], hint=f["hint"]) for f in record["failures"]]
            count = len(record["reports"])
            summary.reports += count
            summary.kept += 0 if record["made"] else count
            summary.triples += sum(report["triples"] for report in record["reports"])
            summary.bytes += record["size"]
            summary.parts += 1
            for report in record["reports"]:
                summary.warnings += [f"{report['file']}: {warning}" for warning in report["warnings"]]
            told += count + len(record["failures"])
            if on_progress:
                on_progress(told, len(files), None)
    about = {"base": base, "segmenter": segmenter, "version": kg.__version__}
    write_manifest(place, records, about)
    summary.seconds = time.perf_counter() - started
    return summary


def _here(work: Sequence[Task], workers: int | None) -> Iterator[list[dict[str, Any]]]:
    count = min(workers or processes.cores(), len(work))
    if count == 1 or not processes.available():
        for task in work:
            yield [make_part(task)]
        return
    with processes.Crew("kg.cluster.extract:_attempt", count, warm="kg.pipeline:warm_up") as crew:
        for task, outcome in zip(work, crew.map(work), strict=True):
            if isinstance(outcome.value, KgError):
                raise outcome.value
            if outcome.value is not None:
                yield [outcome.value]
            elif len(task.jobs) == 1:
                yield [_lost(task, outcome.died or "it ended")]
            else:  # one of its reports kills: which one, is found by making each a part
                alone = tasks(task.out, task.jobs, 1)
                with processes.Crew("kg.cluster.extract:_attempt", 1, warm="kg.pipeline:warm_up") as single:
                    yield [
                        o.value or _lost(t, o.died or "it ended") for t, o in zip(alone, single.map(alone), strict=True)
                    ]


def _attempt(task: Task) -> dict[str, Any] | KgError:
    try:
        return make_part(task)
    except KgError as error:
        return error


def _lost(task: Task, why: str) -> dict[str, Any]:
    """The record of a part whose workers died."""
    file = str(task.jobs[0].file)
    message = f"the process that built this report died, and so did a second one: {why}"
    failures = [{"file": file, "message": message, "hint": None}]
    return {"key": "", "part": "", "sha256": "", "size": 0, "reports": [], "failures": failures, "made": True}


def _on_cluster(work: Sequence[Task], scheduler: str) -> Iterator[list[dict[str, Any]]]:
    """The records in the order of the work; Dask gives the work of a worker that dies to another."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise KgError("--scheduler needs Dask distributed", hint="pip install 'gwr-kg[cluster]'") from None
    try:
        client: Any = Client(scheduler, timeout=CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise KgError(f"the scheduler at {scheduler} cannot be reached: {error}") from None
    with client:
        # pure=False: the same reports may be asked for again, after their parts were removed
        waiting = client.map(make_part, list(work), pure=False)
        for number, task in enumerate(work):
            try:
                yield [waiting[number].result()]
            except KilledWorker:
                alone = []
                for single in tasks(task.out, task.jobs, 1):
                    try:
                        alone.append(client.submit(make_part, single, pure=False).result())
                    except KilledWorker:
                        alone.append(_lost(single, "no worker of the cluster survived it"))
                yield alone
            waiting[number].release()
