"""Regular expressions that are compiled once, and not in every process (:mod:`kg.kept`).

Compiling three hundred of them took a sixth of a cold ``kg build``.  What is kept are the instructions for Python's
matcher, which checks them before it takes them.  There is no public way to them; wherever the insides of :mod:`re` are
not as they are known here, or nothing is kept yet, patterns are compiled as ever.
"""

from __future__ import annotations

import atexit
import re
import sys
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from kg import kept

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

#: what this process has asked for, and what of it had to be compiled
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
    found = kept.read("patterns", of=_version())
    return found if isinstance(found, dict) else {}


def _keep() -> None:
    """Keep what this process had to compile, for the next ones."""
    with suppress(Exception):  # the next process compiles again, then
        known = _kept() | {key: _instructions(*key) for key in _missed}
        if len(known) > _MOST:
            known = {key: known[key] for key in _asked if key in known}
        kept.write("patterns", known, of=_version())


def _version() -> str:
    """The language of the matcher."""
    return "" if _sre is None else f"{_sre.MAGIC} {_sre.CODESIZE}"


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
