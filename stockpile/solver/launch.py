"""One HiGHS run in a thread of its own, so that Ctrl-C and progress reports reach the caller while it works."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

import highspy
import numpy as np

POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Progress:
    """How far a run is.  ``best`` and ``bound`` are objective values, None while unknown; ``gap`` is infinite then.

    ``of`` names what is made least where that is not the whole objective; of several searches that are alike ``done`` of
    ``count`` have ended.  ``phase`` names what begins where that is no search: nothing is known of one then.
    """

    seconds: float
    best: float | None
    bound: float | None
    gap: float
    nodes: int
    of: str = ""
    done: int = 0
    count: int = 0
    phase: str = ""


Listener = Callable[[Progress], None]
Enough = Callable[[float, float], bool]


class Quiet(highspy.Highs):  # type: ignore[misc]
    """HiGHS that never writes to the console, not even the banner which its constructor prints otherwise."""

    def enableCallbacks(self) -> None:
        """Called by the constructor before anything is printed."""
        self.setOptionValue("log_to_console", False)
        super().enableCallbacks()


def in_units(listener: Listener | None, scale: float) -> Listener | None:
    """A listener to progress in the units of a model that passes it on in others, ``scale`` of them in one of the model's."""
    if listener is None:
        return None

    def scaled(value: float | None) -> float | None:
        return None if value is None else value * scale

    return lambda p: listener(replace(p, best=scaled(p.best), bound=scaled(p.bound)))


def gap_between(objective: float, bound: float) -> float:
    """|objective - bound| / max(|objective|, 1e-9); infinite without a plan or a bound."""
    if objective == bound:
        return 0.0
    if not (np.isfinite(objective) and np.isfinite(bound)):
        return float("inf")
    return abs(objective - bound) / max(abs(objective), 1e-9)


class _Watch:
    """What the solver's thread and the caller's tell each other."""

    def __init__(self, started: float, stop: threading.Event, enough: Enough | None) -> None:
        self.started = started
        self.stop = stop
        self.enough = enough
        self.done = threading.Event()
        self.latest: Progress | None = None

    def obey(self, event: Any) -> None:
        """Solver's thread: stop if asked to."""
        if self.stop.is_set():
            event.interrupt()

    def judge(self, event: Any) -> None:
        """Solver's thread: stop if asked to, or if that is enough."""
        self.obey(event)
        out = event.data_out
        if self.enough is not None and self.enough(out.mip_primal_bound, out.mip_dual_bound):
            event.interrupt()

    def note(self, event: Any) -> None:
        """Solver's thread: keep the newest figures."""
        out = event.data_out
        best, bound = out.mip_primal_bound, out.mip_dual_bound
        self.latest = Progress(
            seconds=time.perf_counter() - self.started,
            best=best if np.isfinite(best) else None,
            bound=bound if np.isfinite(bound) else None,
            gap=gap_between(best, bound),
            nodes=max(int(out.mip_node_count), 0),
        )

    def subscribe(self, highs: Any) -> None:
        """Connect to a solver before it starts."""
        highs.cbMipInterrupt.subscribe(self.judge)
        for hook in (highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
            hook.subscribe(self.obey)
        for hook in (highs.cbMipLogging, highs.cbMipImprovingSolution):
            hook.subscribe(self.note)


def launch(
    highs: Any,
    started: float,
    listener: Listener | None,
    stop: threading.Event,
    enough: Enough | None = None,
) -> None:
    """Run the solver; call the listener in this thread with what is new, at most ten times a second.

    HiGHS stops and keeps its best plan once ``stop`` is set, or once ``enough`` says so of its best objective and bound.
    ``started`` is the value of time.perf_counter() from which progress counts its seconds.
    """
    watch = _Watch(started, stop, enough)
    watch.subscribe(highs)

    def work() -> None:
        try:
            highs.run()
        finally:
            watch.done.set()

    thread = threading.Thread(target=work, name="HiGHS", daemon=True)
    thread.start()
    try:
        _listen(watch, listener)
    finally:
        if not watch.done.is_set():
            watch.stop.set()
        thread.join()


def _listen(watch: _Watch, listener: Listener | None) -> None:
    reported: Progress | None = None
    while not watch.done.wait(POLL_SECONDS):
        latest = watch.latest
        if listener is not None and latest is not None and latest is not reported:
            listener(latest)
            reported = latest
    if listener is not None and watch.latest is not None and watch.latest is not reported:
        listener(watch.latest)


@contextmanager
def interrupts(stop: threading.Event) -> Iterator[None]:
    """Turn the first Ctrl-C into a request to stop, if this is the thread that receives it; the second is the program's own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set() and callable(before):
            before(number, frame)
        stop.set()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
