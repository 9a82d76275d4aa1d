"""How far a solve is: one line that changes on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from stockpile.cli.console import Console, tell
from stockpile.cli.work import Work, span

PAUSE = 5.0
"""Seconds between lines where a line cannot be written again."""
LOG_PAUSE = 1.0
"""Seconds between events of progress in a log for programs."""
PHASES = {
    "data": "making arrays of the tables",
    "build": "building the model",
    "compile": "compiling the model",
    "solve": "searching for a plan",
    "extract": "making tables of the plan",
    "audit": "auditing the plan and what binds in it",
}
"""What is done before, in and after a search, by the names that plan.json has for their seconds."""


class Progress(Protocol):
    """What the solver reports: seconds, the best objective and the bound in money, the gap as a share, nodes.

    ``of`` names what is made least where that is not the whole objective, or what is searched for where there are several
    searches; of searches that are alike ``done`` of ``count`` have ended.  ``phase`` is what begins, empty in a search.
    """

    @property
    def seconds(self) -> float: ...
    @property
    def best(self) -> float | None: ...
    @property
    def bound(self) -> float | None: ...
    @property
    def gap(self) -> float: ...
    @property
    def nodes(self) -> int: ...
    @property
    def of(self) -> str: ...
    @property
    def done(self) -> int: ...
    @property
    def count(self) -> int: ...
    @property
    def phase(self) -> str: ...


def line(progress: Progress, money: str, left: str = "") -> str:
    """One line of progress; ``left`` says what time is left."""
    parts = [
        f"{progress.seconds:6.0f} s",
        *([progress.of] if progress.of else []),
        *([left] if left else []),
        f"best {_amount(progress.best, money)}",
        f"bound {_amount(progress.bound, money)}",
        f"gap {progress.gap:.2%}" if math.isfinite(progress.gap) else "gap unknown",
        f"{progress.nodes:,} nodes",
    ]
    return "  ".join(parts)


def _amount(value: float | None, money: str) -> str:
    return "none yet" if value is None or not math.isfinite(value) else f"{value:,.2f} {money}"


class Live:
    """Shows the progress of a solve on standard error while it is entered; call it with each report."""

    def __init__(self, console: Console, money: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.console = console
        self.money = money
        self.clock = clock
        self.pause = PAUSE if console.log_format == "text" else LOG_PAUSE
        self.work = Work(console, "", clock=clock)
        self.started = self.last = -math.inf

    def __enter__(self) -> Live:
        self.started = self.last = self.clock()
        self.work.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.work.__exit__(kind, error, trace)

    def __call__(self, progress: Progress) -> None:
        """Show one report, or leave it out if the last one was shown just now."""
        left = self._left(progress)
        if progress.phase:
            self.console.event("phase", phase=progress.phase, of=progress.of or None)
            self.work.say(
                "  ".join(part for part in (progress.of, left, PHASES.get(progress.phase, progress.phase)) if part)
            )
            return
        text = line(progress, self.money, left)
        if self.work.line.able:
            self.work.rest()
            self.work.line.show(lambda: text)
        elif not self.console.quiet and self.clock() - self.last >= self.pause:
            self.last = self.clock()
            self._log(progress, text)

    def _log(self, progress: Progress, text: str) -> None:
        """One line, in words or as an event whose figures are in money, seconds and shares."""
        if self.console.log_format == "text":
            tell(f"{text}\n")
            return
        names = ("seconds", "best", "bound", "gap", "nodes")
        figures = {name: getattr(progress, name) for name in names}
        self.console.event("progress", **figures, of=progress.of or None, unit=self.money)

    def begin(self, phase: str) -> None:
        """Something is done that reports nothing."""
        self.work.say(PHASES[phase])

    def _left(self, progress: Progress) -> str:
        """The time that is left, by the searches that have ended."""
        if not progress.done:
            return ""
        each = (self.clock() - self.started) / progress.done
        return f"about {span(each * (progress.count - progress.done))} left"
