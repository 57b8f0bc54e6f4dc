from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.processes import AHEAD, Crew, Outcome

TASKS = "tests.crew_tasks"


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(pids: list[int], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while any(map(alive, pids)):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def test_values_come_in_the_order_of_the_items_from_several_processes() -> None:
    with Crew(f"{TASKS}:double", 3, warm=f"{TASKS}:warm") as crew:
        values = [outcome.value for outcome in crew.map(range(40))]
        pids = crew.pids
    assert [value[0] for value in values] == [2 * n for n in range(40)]
    assert {value[1] for value in values} == set(pids) and len(pids) == 3
    assert {value[2:] for value in values} == {(1, 1)}, "warmed up once, before the fork, by a process without threads"
    assert gone(pids, 1)


def test_no_more_processes_than_items_are_started() -> None:
    with Crew(f"{TASKS}:double", 5) as crew:
        assert [outcome.value[0] for outcome in crew.map([7])] == [14]
        assert len(crew.pids) == 1


def test_a_worker_that_dies_is_replaced_and_its_item_done_again(tmp_path: Path) -> None:
    items = [("well", ""), ("once", str(tmp_path)), *[("well", "")] * 5]
    with Crew(f"{TASKS}:die_of", 2) as crew:
        assert list(crew.map(items)) == [Outcome(item[0]) for item in items]
        assert all(map(alive, crew.pids))


@pytest.mark.parametrize(
    ("how", "cause"),
    [
        ("killed", "it was killed; the machine may be short of memory"),
        ("exit", "it ended with status 3"),
        ("memory", "it ran out of memory"),
    ],
)
def test_an_item_whose_workers_die_costs_none_of_the_others(how: str, cause: str) -> None:
    items = [("well", ""), (how, ""), *[("well", "")] * 5, (how, "")]
    with Crew(f"{TASKS}:die_of", 2) as crew:
        outcomes = list(crew.map(items))
    assert [outcome.value for outcome in outcomes] == [None if item[0] == how else "well" for item in items]
    assert [outcome.died for outcome in outcomes if outcome.value is None] == [cause] * 2


def test_a_worker_killed_from_outside_is_replaced() -> None:
    with Crew(f"{TASKS}:double", 2) as crew:
        values = []
        for outcome in crew.map(range(60)):
            if len(values) == 5:
                os.kill(crew.pids[0], signal.SIGKILL)
            values.append(outcome.value[0])
    assert values == [2 * n for n in range(60)]


def test_the_nursery_itself_may_die() -> None:
    with Crew(f"{TASKS}:double", 2) as crew:
        values = []
        for outcome in crew.map(range(60)):
            if len(values) == 5:
                crew._nursery._process.kill()
                os.kill(crew.pids[0], signal.SIGKILL)
            values.append(outcome.value[0])
    assert values == [2 * n for n in range(60)]


def test_what_is_done_stays_near_to_what_is_taken(tmp_path: Path) -> None:
    with Crew(f"{TASKS}:mark", 2) as crew:
        outcomes = crew.map([(str(tmp_path), number) for number in range(200)])
        assert next(outcomes).value == 0
        time.sleep(0.3)  # whatever would run ahead has time to
        assert len(list(tmp_path.iterdir())) <= 2 * AHEAD
        assert [outcome.value for outcome in outcomes] == list(range(1, 200))


def test_a_task_that_cannot_be_imported_is_told() -> None:
    with pytest.raises(KgError, match="no worker process can be started"), Crew("kg.nothing:at_all", 1) as crew:
        list(crew.map([1]))


def test_leaving_ends_workers_that_are_busy() -> None:
    with Crew(f"{TASKS}:sleep", 2) as crew:
        outcomes = crew.map([0, 60, 60])
        next(outcomes)
        crew._hire()
        pids = crew.pids
        before = time.monotonic()
    assert gone(pids, 10) and time.monotonic() - before < 10


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_do_not_outlive_their_parent(how: signal.Signals) -> None:
    code = (
        "from kg.processes import Crew\n"
        f"with Crew('{TASKS}:sleep', 2) as crew:\n"
        "    outcomes = crew.map([0, 60, 60])\n"
        "    next(outcomes); crew._hire()\n"
        "    print(*crew.pids, crew._nursery._process.pid, flush=True)\n"
        "    next(outcomes)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    with parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 4 and all(map(alive, pids))
        if how == signal.SIGINT:
            os.killpg(parent.pid, how)  # as a terminal does: to all of them
        else:
            parent.send_signal(how)
        assert gone(pids, 1)
