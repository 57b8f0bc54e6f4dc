"""What the network of names is told, and what it tells: the names of its tables, its questions and its answers.

Between what knows sentences (:mod:`~kg.extract.names.network`) and what knows numbers
(:mod:`~kg.extract.names.reckoning`), so that neither has to load the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

#: what is told of a word wherever it stands, in the order of its numbers
OF_WORD: Final = (
    "word",
    "first sign",
    "last sign",
    "second sign",
    "former sign",
    "kind",
    "tag",
    "signs",
    "used",
    "grade",
)
#: and where it stands
OF_PLACE: Final = ("place", "found", "part")
#: and of a stretch, but for its words
OF_STRETCH: Final = ("words", "begins", "ends", "shared")
#: all that is told of a word
TOLD: Final = (*OF_WORD, *OF_PLACE)
#: so many words of a stretch are told apart, and signs of a word
WORDS, SIGNS = 39, 9

#: what is told of a word: its key in each table
Key = tuple[str, ...]


class Question(NamedTuple):
    """Stretches of some sentences; texts, numbers and containers of them, as :mod:`marshal` writes."""

    #: how many words each sentence has
    sizes: Sequence[int]
    #: what is told of the words, each once, as :data:`OF_WORD` has it; and which of these each word of a sentence is
    words: Sequence[Key]
    at_word: Sequence[int]
    #: the same of :data:`OF_PLACE`
    places: Sequence[Key]
    at_place: Sequence[int]
    #: of each stretch how it begins, how it ends
    begins: Sequence[str]
    ends: Sequence[str]
    #: its first and its last word, among those of all the sentences
    firsts: Sequence[int]
    lasts: Sequence[int]
    #: and whether others have it
    shared: Sequence[str]
    #: the stretches of which is asked whatever they come to, by their index
    asked: Sequence[int]


#: which stretches are told of, by their index; for each of them the sum for a name, and the sums for its classes
Answer = tuple[list[int], list[int], list[list[int]]]
