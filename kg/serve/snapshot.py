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
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.errors import StoreError
from kg.graph.store import WRITTEN, open_store

#: Files of a store that change when somebody wrote to it, and when RocksDB tidies up.
_CONTENT = ("*.sst", "*.log", "MANIFEST-*")

#: Names and sizes.  Times say nothing: closing a store touches its manifest; nothing is ever overwritten.
Signature = frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The folder to open read-only; and, of the store when it was taken, its files and the mark of who wrote last."""

    folder: Path
    signature: Signature
    mark: bytes

    @property
    def place(self) -> str:
        """What a worker opens."""
        return str(self.folder)


class Snapshots:
    """The snapshots that one server takes of one store.

    They lie in a folder of their own beside the store, where hard links reach, or among the system's temporary
    files if nothing can be written there.  :meth:`close` removes them.  It is a :class:`kg.serve.source.Source`.
    """

    poll = 0.0  # looking costs next to nothing
    fresh: float | None = None

    def __init__(self, store_dir: str | Path) -> None:
        self.store_dir: Path | None = Path(store_dir)
        self._store_dir = Path(store_dir)
        self._home: Home | None = None
        self._taken = 0
        self._seen: Signature | None = None
        self._content: tuple[object, ...] | None = None

    def changed(self) -> bool:
        """Whether the store may have been written to after the snapshot that was last accepted."""
        return self._seen is None or self._signature() != self._seen

    def take(self) -> Snapshot:
        """A snapshot of the store as it is now.

        Raises :class:`~kg.errors.StoreLocked` while another process writes, and
        :class:`~kg.errors.StoreError` if there is no store, or none that can be opened.
        """
        if not (self._store_dir / "CURRENT").is_file():
            raise StoreError(f"there is no store in {self._store_dir}", hint="build one with: kg build")
        if self._home is None:
            self._home = Home(self._store_dir)
        self._taken += 1
        target = self._home.folder / str(self._taken)
        try:
            if os.access(self._store_dir, os.W_OK) and os.access(self._store_dir / "LOCK", os.W_OK):
                store = open_store(self._store_dir, wait=0)
                store.backup(str(target))
                # read while the lock is held: nobody can have written since
                taken = Snapshot(target, self._signature(), self._mark())
                del store  # closes it, and frees the lock
            else:  # nobody can write to it from here: its files are copied as they are
                taken = Snapshot(target, self._signature(), self._mark())
                shutil.copytree(self._store_dir, target, ignore=shutil.ignore_patterns("LOCK", "LOG*"))
        except (OSError, shutil.Error, RuntimeError) as error:
            shutil.rmtree(target, ignore_errors=True)
            raise StoreError(f"no snapshot can be taken of the store in {self._store_dir}: {error}") from None
        return taken

    def is_news(self, snapshot: Snapshot) -> bool:
        """Whether the snapshot differs from the one that was last accepted.

        RocksDB merges its files whenever a store is opened, so that they differ though nobody wrote.  Who writes by
        this project's means says so (:func:`kg.graph.store.mark_written`); of others the number of
        quads and the graphs tell.
        """
        return self._content_of(snapshot) != self._content

    def accept(self, snapshot: Snapshot) -> None:
        """The snapshot is served, or is no news: only what is written after it makes the store a changed one."""
        self._content = self._content_of(snapshot)
        self._seen = snapshot.signature

    def optimize(self, snapshot: Snapshot) -> None:
        """Merge the snapshot's files: a store that was built report by report answers up to twice as fast then."""
        open_store(snapshot.folder).optimize()

    def drop(self, snapshot: Snapshot) -> None:
        """Remove a snapshot that nobody reads any more."""
        shutil.rmtree(snapshot.folder, ignore_errors=True)

    def close(self) -> None:
        """Remove all that is left."""
        if self._home is not None:
            self._home.close()
            self._home = None

    def _content_of(self, snapshot: Snapshot) -> tuple[object, ...]:
        store = open_store(snapshot.folder, read_only=True)
        return snapshot.mark, len(store), frozenset(store.named_graphs())

    def _mark(self) -> bytes:
        try:
            return (self._store_dir / WRITTEN).read_bytes()
        except OSError:
            return b""

    def _signature(self) -> Signature:
        found = set()
        for pattern in _CONTENT:
            for file in self._store_dir.glob(pattern):
                with suppress(OSError):  # it went while we looked; the next look differs
                    if size := file.stat().st_size:  # a compaction that closing breaks off leaves an empty file
                        found.add((file.name, size))
        return frozenset(found)


class Home:
    """The folder of one server's snapshots, and a lock in it that the server holds as long as it lives.

    The lock tells other servers of the store that the folder is in use: a process's number would not, since another
    process, or one in another container, may have it.
    """

    def __init__(self, store_dir: Path) -> None:
        prefix = _prefix(store_dir)
        for place in _places(store_dir):
            remove_stale(place, prefix)
        try:
            self.folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_places(store_dir)[0]))
        except OSError:
            self.folder = Path(tempfile.mkdtemp(prefix=prefix))
        self._lock = (self.folder / _LOCK).open("w")
        _try_lock(self._lock)

    def close(self) -> None:
        """Free the lock and remove the folder."""
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


_LOCK = "in-use"
#: A folder without a lock is that of a server that is just starting, unless it is older than this, in seconds.
_STARTING = 60


def _prefix(store_dir: Path) -> str:
    return f".{store_dir.resolve().name[:100]}.serve-"


def _places(store_dir: Path) -> tuple[Path, Path]:
    return store_dir.resolve().parent, Path(tempfile.gettempdir())


def remove_stale(place: Path, prefix: str) -> None:
    """Remove the folders there that begin so and that servers left who were killed."""
    for left in place.glob(f"{prefix}*"):
        try:
            with (left / _LOCK).open("r+") as lock:
                in_use = not _try_lock(lock)
        except FileNotFoundError:
            in_use = not left.exists() or time.time() - left.stat().st_mtime < _STARTING
        except OSError:  # another user's
            in_use = True
        if not in_use:
            shutil.rmtree(left, ignore_errors=True)


def _try_lock(file: IO[str]) -> bool:
    """Lock an open file until it is closed; whether nobody else had.  Where files have no locks: never."""
    try:
        import fcntl
    except ImportError:  # Windows
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
