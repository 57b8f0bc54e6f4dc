"""All trees asked at once say what each says by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.names.forest import Forest, Tree, read_trees

_NUMBERS = 4
_SMALL = st.integers(-6, 6)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    questions = draw(st.lists(st.tuples(st.integers(0, _NUMBERS - 1), _SMALL), min_size=1, max_size=5))
    sums = draw(st.lists(st.integers(-500, 500), min_size=2 ** len(questions), max_size=2 ** len(questions)))
    return tuple(questions), tuple(sums)


def by_itself(tree: Tree, numbers: list[int]) -> int:
    questions, sums = tree
    at = 0
    for place, least in questions:
        at = 2 * at + (numbers[place] > least)
    return sums[at]


@given(st.lists(trees(), max_size=12), st.lists(_SMALL, min_size=_NUMBERS, max_size=_NUMBERS))
def test_a_forest_adds_up_what_its_trees_say(several: list[Tree], numbers: list[int]) -> None:
    assert Forest(several).of(numbers) == sum(by_itself(tree, numbers) for tree in several)


def test_a_table_is_read_by_the_names_of_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("length>3 sum>-20", "1 2 3 4")]
    monkeypatch.setattr("kg.extract.names.forest.table", lambda *_: rows)
    assert read_trees("any.tsv", ("sum", "length")) == [(((1, 3), (0, -20)), (1, 2, 3, 4))]
    with pytest.raises(ValueError, match="tuple"):
        read_trees("any.tsv", ("sum",))


def test_a_tree_without_a_sum_for_each_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.extract.names.forest.table", lambda *_: [("length>3 sum>-20", "1 2 3")])
    with pytest.raises(ValueError, match="2 questions with 3 sums"):
        read_trees("any.tsv", ("sum", "length"))


def test_a_tree_of_more_questions_than_a_byte_has_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="8 questions"):
        Forest([(((0, 0),) * 9, (0,) * 512)])
