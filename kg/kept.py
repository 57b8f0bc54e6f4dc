"""What every process would make anew, and alike, kept from one to the next: word lists as they are looked up, patterns.

Python keeps the byte code of modules, since compiling them takes long.  Making word lists ready and compiling patterns
takes a third of a cold ``kg build``, so they are kept likewise: in the same folder, on the same conditions
(``PYTHONDONTWRITEBYTECODE``, ``PYTHONPYCACHEPREFIX``), for the same version of Python.  Who can change what is there
can change the byte code, too, so that it needs no other trust.

What cannot be read, is damaged or was made of something else is as if it was not there; what cannot be written is not
kept.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, update_wrapper
from pathlib import Path
from typing import Any, Final, TypeVar

from kg import resources

_T = TypeVar("_T")
_DIGEST: Final = hashlib.sha256().digest_size
#: Holds what was kept, and itself, so that at the end of the process nobody gives back a hundred thousand words one by
#: one, which takes longer than the system takes for all memory at once (the collector: see :func:`kg.cli.main`).
_forever: list[object] = []
_forever.append(_forever)


def kept_on_disk(make: Callable[[], _T]) -> Callable[[], _T]:
    """What ``make`` gives, made once as long as no file of the package changes: no module, no list, no ontology.

    It has to be the same in every process, and made of what :mod:`marshal` writes: containers of texts and numbers.
    """
    name = f"{make.__module__}.{make.__name__.strip('_')}"

    @lru_cache(maxsize=1)
    def made() -> _T:
        files = _files()
        found: tuple[_T] | None = read(name, of=files)
        if found is None:
            found = (make(),)
            write(name, found, of=files)
        _forever.append(found)
        return found[0]

    return update_wrapper(made, make)


def read(name: str, *, of: str) -> Any:
    """What was kept by that name and made ``of`` the same; None if there is nothing."""
    place = _place(name)
    if place is not None:
        with suppress(OSError, EOFError, ValueError, TypeError):
            data = memoryview(place.read_bytes())
            body = data[_DIGEST:]
            if data[:_DIGEST] == _digest(body, of):
                return marshal.loads(body)
    return None


def write(name: str, value: Any, *, of: str) -> None:
    """Keep a value by that name, if Python keeps byte code."""
    place = _place(name)
    if place is None or not keeps():
        return
    body = marshal.dumps(value)
    part = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        with part.open("wb") as file:
            file.writelines((_digest(body, of), body))
        part.replace(place)
    with suppress(OSError):
        part.unlink(missing_ok=True)


def keeps() -> bool:
    """Whether Python keeps byte code here."""
    return not sys.dont_write_bytecode and _place("all") is not None


def _place(name: str) -> Path | None:
    """The file, beside the byte code of this module; none where Python keeps none."""
    spec = sys.modules[__name__].__spec__
    if spec is None or spec.cached is None:
        return None
    return Path(spec.cached).with_suffix(f".{name}")


def _digest(body: bytes | memoryview, of: str) -> bytes:
    """What tells damage, and what was made of something else or by another version of Python."""
    whole = hashlib.sha256(f"{sys.version} {sys.byteorder} {of}\0".encode())
    whole.update(body)
    return whole.digest()


@lru_cache(maxsize=1)
def _files() -> str:
    """Name, size and time of all files of the package, as byte code is told to be out of date."""
    found: list[tuple[str, int, int]] = []
    folders = [str(Path(__file__).parent), str(resources.folder("ontology"))]
    for folder in folders:
        with suppress(FileNotFoundError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        folders.append(entry.path)
                    continue
                with suppress(FileNotFoundError):  # an editor's, gone since the folder was read
                    told = entry.stat(follow_symlinks=False)
                    found.append((entry.path, told.st_size, told.st_mtime_ns))
    return repr(sorted(found))
