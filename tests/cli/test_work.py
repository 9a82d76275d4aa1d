"""What takes long is told on a terminal, and only there: what is being done, for how long, and what is left where that is known."""

from __future__ import annotations

import os
import pty
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stockpile.cli.console import Console
from stockpile.cli.progress import PHASES, Live
from stockpile.cli.work import CLEAR, LOOK, PATIENCE, Work, span
from stockpile.solver.launch import Progress
from tests.cli.program import call, write_searched

Capture = pytest.CaptureFixture[str]


LIMIT = 20.0
"""Seconds after which nothing more will be shown."""


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def terminal() -> Iterator[Callable[[], str]]:
    """Standard error is a terminal meanwhile; gives what it has shown so far."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)

    def shown() -> str:
        try:
            return os.read(ours, 65536).decode()
        except BlockingIOError:
            return ""

    with pytest.MonkeyPatch.context() as patch, open(theirs, "w", encoding="utf-8") as stream:
        patch.setenv("TERM", "xterm")
        patch.setattr(sys, "stderr", stream)
        yield shown
    os.close(ours)


def until(shown: Callable[[], str], words: str) -> str:
    """What is shown until some words come."""
    seen, end = "", time.monotonic() + LIMIT
    while words not in seen and time.monotonic() < end:
        seen += shown()
        time.sleep(LOOK / 4)
    time.sleep(LOOK)
    seen += shown()
    assert words in seen
    return seen


def test_a_line_once_it_takes_long_and_wiped_at_the_end(clock: Clock) -> None:
    """Nothing for two seconds; then the words with the time, and of even steps what is left by those that are done."""
    with terminal() as shown, Work(Console(), "drawing figures", even=True, clock=clock) as work:
        time.sleep(2 * LOOK)
        clock.now += PATIENCE - 0.1
        time.sleep(2 * LOOK)
        assert shown() == ""
        clock.now += 0.1
        assert "     2 s  drawing figures" in until(shown, "figures")
        work(10, 40)
        clock.now += 18
        assert "    20 s  drawing figures  10 of 40  about 60 s left" in until(shown, "left")
        work.say("writing them")
        assert "    20 s  writing them" in until(shown, "writing them")
        work.__exit__(None, None, None)
        assert shown().endswith(CLEAR)


def test_a_wide_line_is_cut(clock: Clock) -> None:
    """A line that wraps could not be written over."""
    with terminal() as shown, Work(Console(), "x" * 500, clock=clock):
        clock.now += PATIENCE
        seen = until(shown, "x")
    assert max(map(len, seen.split(CLEAR))) < 80


def test_an_error_leaves_no_line_behind(clock: Clock) -> None:
    """The message stands at the beginning of an empty line."""

    def fail(shown: Callable[[], str]) -> None:
        with Work(Console(), "reading", clock=clock):
            clock.now += PATIENCE
            until(shown, "reading")
            raise ValueError("wrong")

    with terminal() as shown:
        with pytest.raises(ValueError, match="wrong"):
            fail(shown)
        assert shown().endswith(CLEAR)


@pytest.mark.parametrize("console", [Console(quiet=True), Console(log_format="json")])
def test_quiet_and_a_log_for_programs_have_no_line(console: Console, clock: Clock) -> None:
    """-q means no messages, and a parser could not read a line that is written over."""
    with terminal() as shown:
        with Work(console, "reading", clock=clock):
            clock.now += 60
            time.sleep(2 * LOOK)
        assert shown() == ""


def test_phases_of_a_search_are_told_and_the_time_left_of_several(clock: Clock) -> None:
    """Before the solver reports, its phases; with two of five points done in 60 s, 90 s are left."""
    with terminal() as shown, Live(Console(), "MUSD", clock) as live:
        live(Progress(0, None, None, float("inf"), 0, phase="build"))
        clock.now += PATIENCE
        until(shown, PHASES["build"])
        clock.now += 58
        live(Progress(3.0, 12.5, 10.0, 0.2, 7, of="point 3 of 5", done=2, count=5))
        seen = until(shown, "gap")
        assert "     3 s  point 3 of 5  about 90 s left  best 12.50 MUSD" in seen
        clock.now += PATIENCE - 0.5
        live(Progress(4.0, None, None, float("inf"), 0, of="point 4 of 5", done=3, count=5, phase="data"))
        time.sleep(2 * LOOK)
        assert PHASES["data"] not in shown()
        clock.now += 0.5
        assert f"point 4 of 5  about 41 s left  {PHASES['data']}" in until(shown, PHASES["data"])


def test_the_phases_are_those_of_a_plan(here: Path) -> None:
    """Each phase whose seconds a plan has is told as it begins, once."""
    from stockpile.engine import solve
    from stockpile.instance import load

    told: list[str] = []
    plan = solve(load(here / "reserve"), progress=lambda p: told.append(p.phase))
    phases = [phase for phase in told if phase]
    assert phases == [name for name in plan.summary["seconds"] if name != "total"] == list(PHASES)


COMMANDS = {
    "solve searched --gap 0.01 -o new": {"reading the instance", *PHASES.values()},
    "audit reserve plan": {"reading the instance", "reading the plan", "auditing the plan"},
    "check reserve": {"reading the instance", "making the tree of scenarios"},
    "compare plan plan": {"reading plans", "comparing"},
    "export reserve --to mps -o model.mps": {"reading the instance", "building and writing the model"},
    "export plan --to xlsx -o plan.xlsx": {"reading the plan", "making the workbook"},
    "new trial --scenarios 3 --goods 1": {"drawing futures", "writing the tables"},
    "explain reserve --set goods[*].end_stock=1e9": {"reading the instance", "looking for rules that cannot all be kept"},
    "report plan -o plan.html --figures figures": {"reading plans", "making the sections", "writing the page", "drawing figures"},
    "reproduce plan reserve -o again": {"reading the plan and its instance", "auditing and comparing both plans", "writing the plan"},
    "results .": {"reading the runs and asking"},
    "explain reserve plan": {"reading the instance", "reading the plan", "auditing the plan"},
    "frontier searched --vary prices[*].price*=1:1.2:2": {f"point 2 of 2 {PHASES['build']}"},
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_what_it_does(command: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its steps would be told if it took long: here all of them do, as nobody has any patience."""
    write_searched(here)
    told: set[str] = set()
    before = Work.say
    started = Work.__init__

    def say(work: Work, words: str) -> None:
        told.add(words)
        before(work, words)

    def start(work: Work, console: Console, words: str, *more: object, **named: object) -> None:
        told.add(words)
        started(work, console, words, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Work, "say", say)
    monkeypatch.setattr(Work, "__init__", start)
    monkeypatch.setattr("stockpile.report.page.whole.library", lambda: "/* the library */")
    call(*command.split(), "-q")
    known = {re.sub(r"  about .* left| {2}", " ", words).replace("  ", " ") for words in told}
    assert COMMANDS[command] <= known


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (99, "99 s"), (120, "2 min"), (7200, "2.0 h")])
def test_a_time_is_told_in_fitting_units(seconds: float, words: str) -> None:
    """Nobody counts hours in seconds."""
    assert span(seconds) == words
