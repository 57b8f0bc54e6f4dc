"""The errors that the library raises.

Every kind derives from :class:`KgError` and carries, where they are known, the
file, the line (1-based) and the offset (0-based, Unicode code points) at which
the trouble lies.  ``kg.cli`` turns any of them into one line and exit status 1.
"""

from __future__ import annotations

from pathlib import Path


class KgError(Exception):
    """Base of all errors that a user can act on.

    >>> str(KgError("no such indicator", file="seeds/a.txt", line=3))
    'seeds/a.txt:3: no such indicator'
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        offset: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = str(file) if file is not None else None
        self.line = line
        self.offset = offset
        self.hint = hint

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            place = f"{self.file}:{self.line}: " if self.line is not None else f"{self.file}: "
        elif self.line is not None:
            place = f"line {self.line}: "
        if self.offset is not None:
            place += f"offset {self.offset}: "
        return f"{place}{self.message}" + (f" ({self.hint})" if self.hint else "")


class ReadError(KgError):
    """A report cannot be read: missing, empty, binary, or in an unknown encoding."""


class DataError(KgError):
    """A vocabulary file (word list, unit table, …) is malformed."""


class StoreError(KgError):
    """The store cannot be opened or written."""


class StoreLocked(StoreError):
    """Another process is writing to the store."""


class QueryError(KgError):
    """A SPARQL query is malformed or cannot be evaluated."""


class QueryTimeout(QueryError):
    """A query took longer than it may, and was stopped."""


class AnswerTooLarge(QueryError):
    """An answer has more rows than may be given; nothing of it is."""


class WorkerDied(QueryError):
    """The process that evaluated a query ended: the query wanted more memory than there is for one."""


class ServerBusy(KgError):
    """More is asked at once than can be answered in time."""


class TemplateError(QueryError):
    """A query template, or a value given for one of its parameters, is wrong."""


class UnknownName(KgError):
    """Nothing in the graph bears the name that was asked for."""


class ExportError(KgError):
    """An export cannot be written."""


class ValidationError(KgError):
    """The graph violates its shapes."""


class Decided(KgError):
    """Somebody has decided already on what was to be decided."""


class CacheError(KgError):
    """The cache of answers cannot be opened, read or written."""


class ContactMissing(KgError):
    """A service may only be asked by who says how to be reached."""


class NotCached(KgError):
    """The cache does not have the answer to a request, and no service may be asked."""


class ServiceError(KgError):
    """A service on the web does not answer, or not with what was asked for; ``status`` is that of HTTP, if any."""

    def __init__(self, message: str, *, status: int | None = None, hint: str | None = None, line: int | None = None):
        super().__init__(message, hint=hint, line=line)
        self.status = status


class TryLater(ServiceError):
    """A service wants to be left alone for longer than one waits; the message says until when."""
