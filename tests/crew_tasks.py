"""What the processes of the tests do; they import it by its name."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

warmed = 0


def warm() -> None:
    global warmed
    warmed += 1


def double(number: int) -> tuple[int, int, int, int]:
    """Twice the number, who says so, how often it was warmed up, and with how many threads."""
    time.sleep(0.02 if number % 3 == 0 else 0)
    return 2 * number, os.getpid(), warmed, threading.active_count()


def die_of(item: tuple[str, str]) -> str:
    """Die as the item says; ``once`` leaves a file behind so as not to die again."""
    how, folder = item
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "once" and not (mark := Path(folder, "died")).exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "exit":
        os._exit(3)
    if how == "memory":
        raise MemoryError
    return how


def mark(item: tuple[str, int]) -> int:
    """Leave a file, to be counted by who looks."""
    folder, number = item
    Path(folder, str(number)).touch()
    return number


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds
