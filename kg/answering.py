"""What a process aside runs (:mod:`kg.aside`).  It imports next to nothing: its parent may be waiting for it."""

import marshal
import sys
from importlib import import_module

#: Bytes of the number that tells how many come.
SIZE = 8


def answer(function: str) -> None:
    """Call ``module:function`` with what comes in, and tell what it gives, until nothing comes."""
    module, _, name = function.partition(":")
    do = getattr(import_module(module), name)
    source, to = sys.stdin.buffer, sys.stdout.buffer
    while size := int.from_bytes(source.read(SIZE), "big"):
        data = marshal.dumps(do(*marshal.loads(source.read(size))))
        to.write(len(data).to_bytes(SIZE, "big") + data)
        to.flush()
