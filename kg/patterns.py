"""Regular expressions that are compiled once, and not in every process.

Compiling three hundred of them took a sixth of a cold ``kg build``: of a module Python keeps what it has compiled, of a
pattern it does not.  Here it is kept likewise: in the folder with the byte code of this module, on the same conditions
(``PYTHONDONTWRITEBYTECODE``, ``PYTHONPYCACHEPREFIX``), for the same version of Python.  Who can change what is there
can change the byte code, too, so that it needs no other trust.

What is kept are the instructions for Python's matcher, which checks them before it takes them.  There is no public way
to them; wherever the insides of :mod:`re` are not as they are known here, nothing is kept yet, or what is kept is
damaged, patterns are compiled as ever.
"""

from __future__ import annotations

import atexit
import hashlib
import marshal
import os
import re
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

try:
    import _sre  # type: ignore[import-not-found]
    from re import _compiler, _parser  # type: ignore[attr-defined]
except ImportError:  # another Python than CPython
    _sre = None

#: a pattern with its flags
_Key = tuple[str, int]
#: what the matcher is given beside the pattern: all flags, the instructions as bytes, how many groups there are, the
#: numbers of those with names, the names of all
_Instructions = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]

#: If more are kept, those that a process did not ask for are forgotten: patterns change with word lists and versions.
_MOST: Final = 1_000

_asked: dict[_Key, re.Pattern[str]] = {}
_missed: list[_Key] = []


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What :func:`re.compile` gives, by what a process before this one has kept of it.

    For patterns that are the same in every process: each is kept.

    >>> compiled("[一二三]+").sub("#", "第二十三条")
    '第#十#条'
    """
    key = (pattern, int(flags))
    found = _asked.get(key)
    if found is None:
        found = _asked[key] = _made(key)
    return found


def _made(key: _Key) -> re.Pattern[str]:
    known = _kept().get(key)
    if known is not None:
        with suppress(Exception):  # whatever it is, there is another way
            all_flags, code, groups, numbers, names = known
            instructions = memoryview(code).cast("I").tolist()
            found: re.Pattern[str] = _sre.compile(key[0], all_flags, instructions, groups, numbers, names)
            return found
    made = re.compile(*key)
    if not _missed:
        atexit.register(_keep)
    _missed.append(key)
    return made


@lru_cache(maxsize=1)
def _kept() -> dict[_Key, _Instructions]:
    """What processes before this one have kept."""
    place = _place()
    if place is None:
        return {}
    with suppress(OSError, EOFError, ValueError, TypeError):
        data = place.read_bytes()
        digest, body = data[:32], data[32:]
        if digest == _digest(body) and isinstance(found := marshal.loads(body), dict):
            return found
    return {}


def _keep() -> None:
    """Keep what this process had to compile, for the next ones."""
    place = _place()
    if place is None or sys.dont_write_bytecode:
        return
    part = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(Exception):  # the next process compiles again, then
        known = _kept() | {key: _instructions(*key) for key in _missed}
        if len(known) > _MOST:
            known = {key: known[key] for key in _asked if key in known}
        body = marshal.dumps(known)
        place.parent.mkdir(exist_ok=True)
        part.write_bytes(_digest(body) + body)
        part.replace(place)
    with suppress(OSError):
        part.unlink(missing_ok=True)


def _place() -> Path | None:
    """The file that all is kept in, beside the byte code of this module; none where Python keeps none."""
    spec = sys.modules[__name__].__spec__
    if _sre is None or spec is None or spec.cached is None:
        return None
    return Path(spec.cached).with_suffix(".patterns")


def _digest(body: bytes) -> bytes:
    """What tells damage, and what another version of Python has written."""
    version = f"{sys.version} {_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder}"
    return hashlib.sha256(version.encode() + body).digest()


def _instructions(pattern: str, flags: int) -> _Instructions:
    """What :func:`re.compile` makes of a pattern before it hands it to the matcher."""
    parsed: Any = _parser.parse(pattern, flags)
    code = _compiler._code(parsed, flags)
    numbers = dict(parsed.state.groupdict)
    names: list[str | None] = [None] * parsed.state.groups
    for name, number in numbers.items():
        names[number] = name
    words = b"".join([int(word).to_bytes(_sre.CODESIZE, sys.byteorder) for word in code])
    return flags | parsed.state.flags, words, parsed.state.groups - 1, numbers, tuple(names)
