from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from kg.aside import Aside, Gone
from tests.test_processes import alive, gone


def pid_of(aside: Aside) -> int:
    return aside._process.pid


def test_it_answers_one_question_after_the_other() -> None:
    aside = Aside("operator:add")
    assert [aside.ask("operator:add", n, 1) for n in range(50)] == list(range(1, 51))
    assert aside.ask("operator:add", ["琶洲"], ["沥滘"] * 30_000) == ["琶洲", *["沥滘"] * 30_000]
    assert aside.ask("operator:sub", 3, 1) == 2, "what it was not told of before"
    aside.close()
    assert not alive(pid_of(aside))
    with pytest.raises(Gone):
        aside.ask("operator:add", 1, 1)


def test_it_gets_ready_for_the_rest_beside_what_it_answers() -> None:
    aside = Aside("operator:add", "random:seed")
    try:
        assert aside.ask("operator:add", 1, 1) == 2
        assert 0 <= aside.ask("random:random") < 1
    finally:
        aside.close()


def test_that_it_cannot_get_ready_is_no_harm_to_what_it_can_do() -> None:
    aside = Aside("operator:add", "no_such_module:load")
    try:
        assert aside.ask("operator:add", 1, 1) == 2
        assert aside.ask("operator:sub", 1, 1) == 0
        with pytest.raises(Gone):
            aside.ask("no_such_module:add", 1, 1)
    finally:
        aside.close()


def test_it_keeps_byte_code_as_this_process_does() -> None:
    asked = "(__import__('sys').dont_write_bytecode, __import__('sys').pycache_prefix)"
    code = f"from kg.aside import Aside\nprint(Aside('builtins:eval').ask('builtins:eval', {asked!r}))"
    command = [sys.executable, "-B", "-X", "pycache_prefix=/tmp/kept", "-c", code]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.stdout.strip() == "(True, '/tmp/kept')", told.stderr


def test_what_cannot_be_told_is_no_harm_to_what_can() -> None:
    aside = Aside("operator:add")
    try:
        with pytest.raises(Gone):
            aside.ask("operator:add", object(), 1)
        assert aside.ask("operator:add", 1, 1) == 2
    finally:
        aside.close()


@pytest.mark.parametrize(
    ("function", "question"),
    [
        ("operator:truediv", (1, 0)),
        ("os:_exit", (3,)),
        ("operator:no_such_function", (1, 2)),
        ("no_such_module:add", (1, 2)),
        ("io:StringIO", ("no plain value",)),
    ],
)
def test_who_asks_is_told_that_there_is_no_answer(function: str, question: tuple[object, ...]) -> None:
    aside = Aside(function)
    try:
        for _ in range(2):
            with pytest.raises(Gone):
                aside.ask(function, *question)
    finally:
        aside.close()
    assert not alive(pid_of(aside))


@pytest.mark.skipif(not hasattr(os, "getsid"), reason="the system has no sessions")
def test_a_terminals_interrupt_does_not_reach_it() -> None:
    aside = Aside("operator:add")
    try:
        assert aside.ask("operator:add", 1, 1) == 2
        assert os.getsid(pid_of(aside)) != os.getsid(0)
    finally:
        aside.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX")
def test_it_ends_with_its_parent_whatever_that_died_of() -> None:
    code = (
        "from kg.aside import Aside\n"
        "aside = Aside('operator:add')\n"
        "print(aside._process.pid, aside.ask('operator:add', 1, 1), flush=True)\n"
        "input()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None and parent.stdin is not None
    pid, answer = map(int, parent.stdout.readline().split())
    assert answer == 2 and alive(pid)
    parent.kill()
    parent.wait()
    assert gone([pid], 10)
    parent.stdin.close()
    parent.stdout.close()
