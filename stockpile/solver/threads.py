"""How many threads HiGHS works with where it is left to choose."""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import Any

import highspy

from stockpile.solver.launch import Quiet


@cache
def chosen_threads() -> int:
    """The threads that HiGHS takes in this process where none are asked for.

    It does not say; but once they run, it refuses to run with any other number.
    """
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(_tried()), name="HiGHS")
    thread.start()
    thread.join()
    return found[0]


def _tried() -> int:
    """Called in a thread of its own: the threads that run belong to the one that has started them."""
    _run(0)
    most = os.cpu_count() or 1
    return next((n for n in range(1, most + 1) if _run(n) == highspy.HighsStatus.kOk), most)


def _run(threads: int) -> Any:
    """Solve a model of one column: the status of the run."""
    highs = Quiet()
    highs.setOptionValue("threads", threads)
    highs.addVar(0.0, 1.0)
    return highs.run()


__all__ = ["chosen_threads"]
