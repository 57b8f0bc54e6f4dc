"""Where the files that travel with the package lie.

In a checkout ``ontology/``, ``queries/`` and ``seeds/`` stand beside ``kg/``; a
wheel carries them in ``kg/_bundled/``.  ``kg/data/`` is inside the package in
both.
"""

from __future__ import annotations

from pathlib import Path

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
