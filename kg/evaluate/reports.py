"""From the files of annotated reports to their scores."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ReadError
from kg.evaluate.gold import Gold, load_gold
from kg.evaluate.scoring import Scores, score
from kg.model import Report
from kg.resources import folder


@dataclass(frozen=True, slots=True)
class Result:
    """The scores of one report, with the hashes of what they were taken from."""

    report: str
    scores: Scores
    text_sha256: str
    gold_sha256: str
    #: whether the annotation says where its text is to be had (:class:`~kg.evaluate.gold.Source`)
    sourced: bool = False


def text_of(gold: Path) -> Path:
    """The text that an annotation without a source belongs to: ``NAME.txt`` beside ``NAME.gold.json``, or
    ``texts/NAME.txt`` beside the folder of ``NAME.json``.

    >>> text_of(Path("seeds/haizhu-2011.gold.json")).as_posix(), text_of(Path("e/gold/a.json")).as_posix()
    ('seeds/haizhu-2011.txt', 'e/texts/a.txt')
    """
    name = name_of(gold)
    if gold.name == f"{name}.gold.json":
        return gold.with_name(f"{name}.txt")
    return gold.parent.parent / "texts" / f"{name}.txt"


def name_of(gold: Path) -> str:
    """The name of the report that an annotation's file name gives.

    >>> name_of(Path("seeds/haizhu-2011.gold.json")), name_of(Path("e/gold/a.json"))
    ('haizhu-2011', 'a')
    """
    return gold.name.removesuffix(".json").removesuffix(".gold")


def checkout() -> Path | None:
    """The folder of the project's checkout; None for an installed wheel."""
    root = folder("seeds").parent
    return root if (root / "pyproject.toml").is_file() else None


def shared_folder() -> Path | None:
    """Where annotated reports lie that are not part of the project; the folder need not exist.

    The environment variable ``KG_SHARED`` names it; by default it is ``shared`` beside the checkout.
    """
    if given := os.environ.get("KG_SHARED"):
        return Path(given)
    root = checkout()
    return root.parent / "shared" if root is not None else None


def seed_golds() -> tuple[Path, ...]:
    """The annotations in ``seeds/``, whose texts are part of the project, too."""
    return tuple(sorted(folder("seeds").glob("*.gold.json")))


def own_golds() -> tuple[Path, ...]:
    """The project's own annotations of reports whose texts are not part of it; none in an installed wheel."""
    root = checkout()
    return tuple(sorted((root / "tests" / "evaluation" / "annotations").glob("*.json"))) if root is not None else ()


def left_out() -> tuple[Path, ...]:
    """Those of :func:`own_golds` whose text is not in :func:`shared_folder`."""
    return tuple(path for path in own_golds() if not has_text(path))


def has_text(gold: Path) -> bool:
    """Whether the text that an annotation belongs to is part of the project, or in :func:`shared_folder`."""
    source, shared = load_gold(gold).source, shared_folder()
    return source is None or (shared is not None and source.path(shared).is_file())


def default_golds() -> tuple[Path, ...]:
    """All that can be measured: :func:`seed_golds`, then those of :func:`shared_folder`, then :func:`own_golds`
    without :func:`left_out`; of annotations with the same name the first.
    """
    shared = shared_folder()
    golds: dict[str, Path] = {}
    for path in (
        *seed_golds(),
        *(sorted((shared / "evaluation" / "gold").glob("*.json")) if shared is not None else ()),
        *(path for path in own_golds() if has_text(path)),
    ):
        golds.setdefault(name_of(path), path)
    return tuple(golds.values())


def golds_in(path: str | Path) -> tuple[Path, ...]:
    """The annotations that a path means: the file, or ``*.gold.json`` (else ``*.json``) of the folder.

    Raises :class:`kg.errors.ReadError` for a folder without any.
    """
    path = Path(path)
    if not path.is_dir():
        return (path,)
    found = sorted(path.glob("*.gold.json")) or sorted(path.glob("*.json"))
    if not found:
        raise ReadError("no annotation (*.json) in this folder", file=path)
    return tuple(found)


def texts_for(golds: Sequence[Path], texts: Sequence[str | Path]) -> tuple[Path | None, ...]:
    """The text of each annotation: files in the same order, or one folder with ``NAME.txt`` for each; None, which
    :func:`report_of` knows, where none are given.

    Raises :class:`ValueError` where they do not match in number.
    """
    if not texts:
        return (None,) * len(golds)
    if len(texts) == 1 and Path(texts[0]).is_dir():
        return tuple(Path(texts[0]) / f"{name_of(gold)}.txt" for gold in golds)
    if len(texts) != len(golds):
        raise ValueError(f"{len(texts)} texts for {len(golds)} annotations; give as many, or one folder")
    return tuple(map(Path, texts))


def report_of(gold: Gold, path: Path) -> Report:
    """The report that an annotation, read from this path, belongs to: put together from its source, else that of
    :func:`text_of`.

    Raises :class:`kg.errors.ReadError` where its text is not there, and :class:`kg.errors.DataError` where its
    source is another one than was annotated.
    """
    from kg.text.reader import make_report, read_report

    if gold.source is None:
        return read_report(text_of(path))
    shared = shared_folder()
    if shared is None:
        raise ReadError("its text is not part of the project", file=path, hint="KG_SHARED names the folder that has it")
    text = gold.source.text(shared)
    return make_report(text, source=f"{gold.report}.txt", sha256=hashlib.sha256(text.encode()).hexdigest())


def evaluate(
    gold_path: str | Path,
    text_path: str | Path | None = None,
    *,
    segmenter: str = "rjieba",
    without: Collection[str] = (),
) -> Result:
    """Read, extract and score one annotated report; without a text it is that of :func:`report_of`.

    ``without`` names rules of the extractor to leave out.
    """
    from kg.extract.extractor import extract
    from kg.text.reader import read_report

    gold_path = Path(gold_path)
    gold = load_gold(gold_path)
    report = read_report(Path(text_path)) if text_path is not None else report_of(gold, gold_path)
    scores = score(gold, extract(report, segmenter=segmenter, without=without))
    return Result(gold.report, scores, report.sha256, gold.sha256, sourced=gold.source is not None)


def results_of(
    golds: Iterable[Path],
    texts: Iterable[Path | None] | None = None,
    *,
    segmenter: str = "rjieba",
    progress: Callable[[Path], None] | None = None,
) -> tuple[Result, ...]:
    """The results of several annotations, in the given order; ``progress`` is told of each before it starts."""
    out = []
    golds = tuple(golds)
    for gold, text in zip(golds, (None,) * len(golds) if texts is None else texts, strict=True):
        if progress is not None:
            progress(gold)
        out.append(evaluate(gold, text, segmenter=segmenter))
    return tuple(out)
