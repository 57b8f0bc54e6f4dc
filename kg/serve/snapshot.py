"""Snapshots of a store: what the server reads, so that it and who builds never disturb each other.

One process may have an Oxigraph store open, unless all of them only read.  A backup of it costs milliseconds (its
files are hard links) and never changes; so the server opens the store for the moment that a backup takes, and
its workers read the backup.  A backup has to be made of a store opened for writing: that of one opened read-only
lacks what stands in the log alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from kg.errors import StoreError
from kg.graph.store import WRITTEN, open_store

#: Files of a store that change when somebody wrote to it, and when RocksDB tidies up.
_CONTENT = ("*.sst", "*.log", "MANIFEST-*")

#: Names and sizes.  Times say nothing: closing a store touches its manifest; nothing is ever overwritten.
Signature = frozenset[tuple[str, int]]


class Snapshots:
    """The snapshots that one server takes of one store.

    They lie in a folder of their own beside the store, where hard links reach, or among the system's temporary
    files if nothing can be written there.  :meth:`close` removes them.
    """

    def __init__(self, store_dir: str | Path) -> None:
        self.store_dir = Path(store_dir)
        self._folder: Path | None = None
        self._taken = 0
        self._seen: Signature | None = None
        self._content: tuple[object, ...] | None = None

    def changed(self) -> bool:
        """Whether the store may have been written to after the last snapshot was taken of it."""
        return self._seen is None or self._signature() != self._seen

    def take(self) -> Path:
        """A snapshot of the store as it is now: the folder to open read-only.

        Raises :class:`~kg.errors.StoreLocked` while another process writes, and
        :class:`~kg.errors.StoreError` if there is no store, or none that can be opened.
        """
        if not (self.store_dir / "CURRENT").is_file():
            raise StoreError(f"there is no store in {self.store_dir}", hint="build one with: kg build")
        target = self._home() / str(self._taken + 1)
        if os.access(self.store_dir, os.W_OK) and os.access(self.store_dir / "LOCK", os.W_OK):
            store = open_store(self.store_dir, wait=0)
            try:
                store.backup(str(target))
                # read while the lock is held: nobody can have written since
                seen = self._signature()
            except (OSError, RuntimeError) as error:
                shutil.rmtree(target, ignore_errors=True)
                raise StoreError(f"no snapshot can be taken of the store in {self.store_dir}: {error}") from None
            finally:
                del store  # closes it, and frees the lock
        else:  # nobody can write to it from here: its files are copied as they are
            seen = self._signature()
            try:
                shutil.copytree(self.store_dir, target, ignore=shutil.ignore_patterns("LOCK", "LOG*"))
            except (OSError, shutil.Error) as error:
                shutil.rmtree(target, ignore_errors=True)
                raise StoreError(f"the store in {self.store_dir} cannot be copied: {error}") from None
        self._taken += 1
        self._seen = seen
        return target

    def is_news(self, snapshot: Path) -> bool:
        """Whether the snapshot just taken differs from the one before.

        RocksDB merges its files whenever a store is opened, so that they differ though nobody wrote.  Who writes by
        this project's means says so (:func:`kg.graph.store.mark_written`); of others the number of
        quads and the graphs tell.
        """
        try:
            mark = (self.store_dir / WRITTEN).read_bytes()
        except OSError:
            mark = b""
        store = open_store(snapshot, read_only=True)
        content = (mark, len(store), frozenset(store.named_graphs()))
        news = content != self._content
        self._content = content
        return news

    def forget(self) -> None:
        """The last snapshot could not be served: the next look takes another, whatever is in it."""
        self._seen = self._content = None

    def optimize(self, snapshot: Path) -> None:
        """Merge the snapshot's files: a store that was built report by report answers up to twice as fast then."""
        open_store(snapshot).optimize()

    def drop(self, snapshot: Path) -> None:
        """Remove a snapshot that nobody reads any more."""
        shutil.rmtree(snapshot, ignore_errors=True)

    def close(self) -> None:
        """Remove all that is left."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _home(self) -> Path:
        if self._folder is None:
            remove_stale(self.store_dir)
            self._folder = _make_home(self.store_dir)
        return self._folder

    def _signature(self) -> Signature:
        found = set()
        for pattern in _CONTENT:
            for file in self.store_dir.glob(pattern):
                with suppress(OSError):  # it went while we looked; the next look differs
                    if size := file.stat().st_size:  # a compaction that closing breaks off leaves an empty file
                        found.add((file.name, size))
        return frozenset(found)


def _prefix(store_dir: Path) -> str:
    return f".{store_dir.resolve().name[:100]}.serve-"


def _make_home(store_dir: Path) -> Path:
    prefix = f"{_prefix(store_dir)}{os.getpid()}-"
    try:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=store_dir.resolve().parent))
    except OSError:
        return Path(tempfile.mkdtemp(prefix=prefix))


def remove_stale(store_dir: Path) -> None:
    """Remove the snapshots that servers left who were killed."""
    for folder in (store_dir.resolve().parent, Path(tempfile.gettempdir())):
        for left in folder.glob(f"{_prefix(store_dir)}*"):
            number = left.name.removeprefix(_prefix(store_dir)).partition("-")[0]
            if number.isdecimal() and not _lives(int(number)):
                shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
