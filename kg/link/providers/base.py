"""What a provider is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from kg.link.model import Candidate, Target, Thing


class Provider(Protocol):
    """A source of candidates.

    It only finds; whether a candidate is the thing is not for it to say (:func:`kg.link.matching.judge`).  It gives
    whatever of a candidate it knows, types and containment above all: without them nothing is accepted.
    """

    @property
    def name(self) -> str:
        """The provider's name, for SSSOM's ``mapping_tool``: ``divisions``, ``wikidata``."""

    @property
    def targets(self) -> Sequence[Target]:
        """The graphs whose things it gives."""

    def wants(self, thing: Thing) -> bool:
        """Whether it may know anything about the thing; it is not asked about others."""

    def candidates(self, things: Sequence[Thing]) -> Iterator[tuple[Thing, list[Candidate]]]:
        """The candidates for each thing, in the order of the things, none left out; as they arrive.

        Raises a kind of :class:`~kg.errors.KgError` where the source cannot be asked; what was yielded stands.
        """
