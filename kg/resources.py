"""Where the files that travel with the package lie.

In a checkout ``ontology/``, ``queries/`` and ``seeds/`` stand beside ``kg/``; a
wheel carries them in ``kg/_bundled/``.  ``kg/data/`` is inside the package in
both.
"""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path

from kg.errors import DataError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder of that name: ``ontology``, ``queries``, ``seeds`` or ``data``.

    >>> (folder("data") / "units.tsv").name
    'units.tsv'
    """
    if name == "data":
        return _PACKAGE / "data"
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def table(name: str, *columns: str) -> list[tuple[str, ...]]:
    """The rows of the vocabulary file ``kg/data/NAME``, each with the columns asked for, in file order.

    Vocabulary files are UTF-8 and tab-separated, with one header row; lines that begin with ``#`` say where
    the file comes from.  Raises :class:`~kg.errors.DataError` with file and line where a row is malformed.

    >>> table("divisions.tsv", "name", "level")[0][1] in {"province", "prefecture", "county"}
    True
    """
    path = folder("data") / name
    try:
        # not read_text, which takes twice as long
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise DataError(f"vocabulary file cannot be read: {error.strerror}", file=path) from error
    lines = text.replace("\r\n", "\n").split("\n")
    header = next((n for n, line in enumerate(lines) if line and line[0] != "#"), None)
    if header is None:
        raise DataError("no header row", file=path)
    names = lines[header].split("\t")
    if missing := [c for c in columns if c not in names]:
        raise DataError(f"no column {missing[0]!r}", file=path, line=header + 1)
    at = [names.index(c) for c in columns]
    width = len(names)
    pick = itemgetter(*at) if len(at) > 1 else itemgetter(slice(at[0], at[0] + 1))
    # word lists are read in every process, and the longest has 50,000 rows: no more is kept of a row than was asked for
    body = [line for line in lines[header + 1 :] if line and line[0] != "#"]
    rows = [pick(cells) for line in body if len(cells := line.split("\t")) == width]
    if len(rows) < len(body):
        for number, line in enumerate(lines[header + 1 :], header + 2):
            if line and line[0] != "#" and (found := len(line.split("\t"))) != width:
                raise DataError(f"{found} cells where the header has {width}", file=path, line=number)
    return rows if len(at) > 1 else list(map(tuple, rows))
