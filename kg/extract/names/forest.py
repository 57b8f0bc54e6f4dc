"""Decision trees learnt from annotated reports: each asks a few questions of numbers and adds a sum for the answers.

The trees are oblivious: all nodes of one level ask the same question, so that a tree of five levels is a list of five
questions and a table of 32 sums (Prokhorenkova et al., 2018, "CatBoost: unbiased boosting with categorical features").
They are learnt one after the other, each from what those before leave wrong (Friedman, 2001, "Greedy function
approximation: a gradient boosting machine"), by ``tools/second_look.py``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from kg.resources import table

#: a tree as it is kept: its questions, each a place among the numbers and what the number there has to exceed, and what
#: it adds for the answers, of which the first question's counts most
Tree = tuple[tuple[tuple[int, int], ...], tuple[int, ...]]


def read_trees(file: str, names: Sequence[str]) -> list[Tree]:
    """The trees of a table of ``kg/data``, over the numbers of these names.

    Raises :class:`~kg.errors.DataError` for a file that is no table; ``ValueError`` where it asks for other numbers,
    or has not one sum for each way of answering.
    """
    trees = []
    for asked, told in table(file, "questions", "sums"):
        questions = tuple(_question(text, names) for text in asked.split(" "))
        sums = tuple(map(int, told.split(" ")))
        if len(sums) != 1 << len(questions):
            raise ValueError(f"{file}: {len(questions)} questions with {len(sums)} sums")
        trees.append((questions, sums))
    return trees


def _question(text: str, names: Sequence[str]) -> tuple[int, int]:
    """A question as the table has it.

    >>> _question("length>3", ("sum", "length"))
    (1, 3)
    """
    name, _, least = text.partition(">")
    return names.index(name), int(least)


#: the bits of a byte, one for each question of a tree
_BITS = 8


class Forest:
    """Trees, ready to be asked all at once.

    >>> Forest([(((0, 10), (1, 0)), (1, 2, 3, 4)), (((0, 20),), (-5, 5))]).of((15, 1))
    -1

    Each number has a mask for the questions it says yes to, so that the answers of all trees are those masks joined:
    a byte for each tree, which is where its sum stands.  Raises ``ValueError`` for a tree of more than eight questions.
    """

    def __init__(self, trees: Sequence[Tree]) -> None:
        if any(len(questions) > _BITS for questions, _ in trees):
            raise ValueError(f"a tree has {_BITS} questions at the most")
        self._sums = [sums for _, sums in trees]
        asked: dict[int, dict[int, int]] = defaultdict(dict)
        for number, (questions, _) in enumerate(trees):
            for level, (place, least) in enumerate(reversed(questions)):
                bits = asked[place]
                bits[least] = bits.get(least, 0) | 1 << (_BITS * number + level)
        #: by place what is asked there, in order, and the mask from each answer on
        self._asked: list[tuple[int, list[int], list[int]]] = []
        for place, bits in sorted(asked.items()):
            bounds = sorted(bits)
            masks = [0]
            for bound in bounds:
                masks.append(masks[-1] | bits[bound])
            self._asked.append((place, bounds, masks))

    def of(self, numbers: Sequence[int]) -> int:
        """What the trees add up to for these numbers."""
        answers = 0
        for place, bounds, masks in self._asked:
            answers |= masks[bisect_left(bounds, numbers[place])]
        total = 0
        for sums, at in zip(self._sums, answers.to_bytes(len(self._sums), "little"), strict=True):
            total += sums[at]
        return total
