"""What a command is doing: one line on a terminal, once it takes longer than two seconds."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

from stockpile.cli.console import Console, tell

CLEAR = "\r\x1b[K"
PATIENCE = 2.0
"""Seconds that something may take before it is told."""
LOOK = 0.2
"""Seconds between two looks at what is going on."""
MINUTE, HOUR = 100, 6000
"""Seconds from which a time is told in minutes and in hours."""


class Line:
    """The last line of the terminal at standard error, written again and again; nothing where the console rewrites no line."""

    def __init__(self, console: Console) -> None:
        self.able = console.rewrites
        self.shown = False
        self.turn = threading.Lock()

    def show(self, text: Callable[[], str]) -> None:
        """Write a text in place of the one before, cut to the width; an empty one leaves that."""
        if not self.able:
            return
        with self.turn:
            words = text()
            if words:
                tell(f"{CLEAR}{words[: _columns() - 1]}")
                self.shown = True

    def wipe(self) -> None:
        """Leave the line empty."""
        with self.turn:
            if self.shown:
                tell(CLEAR)
            self.shown = False


def _columns() -> int:
    """The width of the terminal that shows the progress; standard output may be elsewhere."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80


class Work:
    """Tells while it is entered what is being done; call it with how many of how many steps are done.

    The time that is left is told of steps that take about as long as one another (``even``), by those that are done.
    """

    def __init__(
        self, console: Console, words: str, even: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.line = Line(console)
        self.even, self.clock = even, clock
        self.done = self.of = 0
        self.told = False
        self.ended = threading.Event()
        self.thread: threading.Thread | None = None
        self.words, self.started, self.since, self.seen = words, 0.0, 0.0, 0.0

    def __enter__(self) -> Work:
        self.started = self.since = self.seen = self.clock()
        if self.line.able:
            self.thread = threading.Thread(target=self._watch, name="progress", daemon=True)
            self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        if self.thread is not None:
            self.thread.join()
        self.line.wipe()

    def say(self, words: str) -> None:
        """Something else is being done from now on."""
        with self.line.turn:
            self.words, self.done, self.of, self.since = words, 0, 0, self.clock()

    def rest(self) -> None:
        """Somebody else writes the line from now on, until something is said again."""
        with self.line.turn:
            self.words, self.seen, self.told = "", self.clock(), False

    def __call__(self, done: int, of: int) -> None:
        """So many of so many steps are done."""
        self.done, self.of = done, of

    def text(self) -> str:
        """The line as it is now; empty where nothing is to be told yet."""
        now = self.clock()
        if not self.words or (now - self.seen < PATIENCE and not self.told):
            return ""
        self.told = True
        parts = [f"{now - self.started:6.0f} s", self.words]
        if self.of:
            parts.append(f"{self.done:,} of {self.of:,}")
        if self.even and self.done:
            parts.append(f"about {span((now - self.since) / self.done * (self.of - self.done))} left")
        return "  ".join(parts)

    def _watch(self) -> None:
        while not self.ended.wait(LOOK):
            self.line.show(self.text)


def span(seconds: float) -> str:
    """A time in seconds, minutes or hours."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < HOUR else f"{seconds / 3600:.1f} h"
