"""How far a solve is: one line that changes on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from stockpile.cli.console import Console, tell

PAUSE = 5.0
"""Seconds between lines where a line cannot be written again."""
LOG_PAUSE = 1.0
"""Seconds between events of progress in a log for programs."""
CLEAR = "\r\x1b[K"


class Progress(Protocol):
    """What the solver reports: seconds, the best objective and the bound in money, the gap as a share, nodes.

    ``of`` names what is made least where that is not the whole objective.
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


def line(progress: Progress, money: str) -> str:
    """One line of progress."""
    parts = [
        f"{progress.seconds:6.0f} s",
        *([progress.of] if progress.of else []),
        f"best {_amount(progress.best, money)}",
        f"bound {_amount(progress.bound, money)}",
        f"gap {progress.gap:.2%}" if math.isfinite(progress.gap) else "gap unknown",
        f"{progress.nodes:,} nodes",
    ]
    return "  ".join(parts)


def _amount(value: float | None, money: str) -> str:
    return "none yet" if value is None or not math.isfinite(value) else f"{value:,.2f} {money}"


def _columns() -> int:
    """The width of the terminal that shows the progress; standard output may be elsewhere."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80


class Live:
    """Shows the progress of a solve on standard error while it is entered; call it with each report."""

    def __init__(self, console: Console, money: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.console = console
        self.money = money
        self.clock = clock
        self.again = console.rewrites
        self.pause = PAUSE if console.log_format == "text" else LOG_PAUSE
        self.last = -math.inf
        self.shown = False

    def __enter__(self) -> Live:
        self.last = self.clock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            tell(CLEAR)

    def __call__(self, progress: Progress) -> None:
        """Show one report, or leave it out if the last one was shown just now."""
        if self.console.quiet:
            return
        if self.again:
            tell(f"{CLEAR}{line(progress, self.money)[: _columns() - 1]}")
            self.shown = True
        elif self.clock() - self.last >= self.pause:
            self.last = self.clock()
            self._log(progress)

    def _log(self, progress: Progress) -> None:
        """One line, in words or as an event whose figures are in money, seconds and shares."""
        if self.console.log_format == "text":
            tell(f"{line(progress, self.money)}\n")
            return
        names = ("seconds", "best", "bound", "gap", "nodes")
        figures = {name: getattr(progress, name) for name in names}
        self.console.event("progress", **figures, of=progress.of or None, unit=self.money)
