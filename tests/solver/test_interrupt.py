"""Ctrl-C during a run."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from stockpile.solver.compile import compile_model
from stockpile.solver.highs import Options, Outcome, Progress, run
from tests.solver.examples import market_split, purchasing

LONG = Options(time_limit=60.0, threads=1)


@contextmanager
def signals(*after: float) -> Iterator[None]:
    """Send SIGINT to this process after each number of seconds, unless the block has ended by then."""
    ended = threading.Event()

    def send() -> None:
        started = time.monotonic()
        for seconds in after:
            if ended.wait(seconds - (time.monotonic() - started)):
                return
            os.kill(os.getpid(), signal.SIGINT)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        ended.set()
        sender.join()


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_keeps_the_best_plan(threads: int) -> None:
    """The run ends within seconds with a plan whose integers are whole, and Ctrl-C works as before afterwards."""
    compiled = compile_model(market_split(1, 5))
    before = signal.getsignal(signal.SIGINT)
    started = time.monotonic()
    with signals(0.5):
        outcome = run(compiled, Options(time_limit=60.0, threads=threads))
    assert time.monotonic() - started < 10
    assert (outcome.status, outcome.stopped_by) == ("feasible", "interrupt")
    assert outcome.x is not None
    assert set(outcome.x[compiled.integer]) == {0.0, 1.0}
    assert outcome.bound < outcome.objective
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_before_a_plan_is_found() -> None:
    """Nothing found, nothing proven; the next run in the same process is complete."""
    with signals(0.5):
        outcome = run(compile_model(market_split(1, 5, slack=False)), LONG)
    assert (outcome.status, outcome.stopped_by, outcome.x) == ("no plan", "interrupt", None)
    assert run(compile_model(purchasing(0)), LONG).status == "optimal"


def test_second_ctrl_c_is_the_programs_own() -> None:
    """Whoever presses twice wants out: KeyboardInterrupt, even while the listener takes its time."""

    def press_twice(progress: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

    with pytest.raises(KeyboardInterrupt):
        run(compile_model(market_split(1, 5)), LONG, press_twice)


def test_a_thread_may_run_too() -> None:
    """Only the main thread receives Ctrl-C; in another one a run goes without."""
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(run(compile_model(purchasing(0)), LONG)))
    thread.start()
    thread.join()
    assert outcomes[0].status == "optimal"
