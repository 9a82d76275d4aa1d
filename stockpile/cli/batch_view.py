"""How a batch goes: a table that changes on a terminal, a line for each run elsewhere, events in a log for programs."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from stockpile.cli.console import Console, pasted, printable, tell

if TYPE_CHECKING:
    from stockpile.study.batch.batch import Board, Outcome
    from stockpile.study.batch.folder import Record

REFRESH = 0.25
"""Seconds between two views of the table."""
PAUSE = 30.0
"""Seconds without a run that ends, after which a line says that the batch goes on."""
SHOWN = 12
WIDTH = 80


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


class View:
    """Shows a batch on standard error while it is entered."""

    def __init__(self, console: Console, name: str, counted: frozenset[str]) -> None:
        self.console = console
        self.name = name
        self.counted = counted
        self.live: Any = None
        self.last = self.told = time.monotonic()

    def __enter__(self) -> View:
        if self.console.rewrites:
            from rich.console import Console as Terminal
            from rich.live import Live

            self.live = Live(console=Terminal(stderr=True, highlight=False), auto_refresh=False, transient=True)
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.stop()

    def tick(self, board: Board) -> None:
        """Draw the table anew, or say after a while that the batch goes on."""
        clock = time.monotonic()
        if self.live is not None and clock - self.last >= REFRESH:
            self.last = clock
            self.live.update(table_of(self.name, board, self.live.console.size.height), refresh=True)
        elif self.live is None and clock - self.told >= PAUSE:
            self.told = clock
            self._line(_where(board))
            self.console.event("progress", **_figures(board), running=[run.id for run in board.running])

    def ended(self, record: Record, board: Board) -> None:
        """A run was done.  On a terminal only those are told one by one whose end counts as a failure."""
        self.told = time.monotonic()
        figures = {name: getattr(record, name) for name in ("id", "state", "exit", "objective", "bound", "gap", "unit")}
        more = {name: getattr(record, name) for name in ("seconds", "memory_mb", "message")}
        self.console.event("run", **figures, **more, **_figures(board))
        if self.live is None:
            self._line(f"[{board.ended:>{len(str(board.total))}}/{board.total}] {line(record)}")
        elif record.state in self.counted:
            self.live.console.print(line(record), markup=False, overflow="ellipsis", no_wrap=True)

    def trouble(self, message: str) -> None:
        """Something could not be kept."""
        if self.live is not None:
            self.live.update("", refresh=True)
        self.console.fail(message)

    def _line(self, text: str) -> None:
        if self.console.log_format == "text" and not self.console.quiet:
            tell(f"{text}\n")


def line(record: Record) -> str:
    """A run in one line."""
    money = "" if record.objective is None else f"{record.objective:,.2f} {record.unit}"
    why = printable(record.message.splitlines()[0]) if record.message and record.objective is None else ""
    return f"{record.state:<10} {money:>16} {record.seconds:7.1f} s  {printable(record.id)}" + (
        f"  {why}" if why else ""
    )


def _figures(board: Board) -> dict[str, Any]:
    return {
        "done": board.ended,
        "total": board.total,
        "seconds_left": None if board.left is None else round(board.left, 1),
    }


def _where(board: Board) -> str:
    """How far a batch is, in a line."""
    left = "" if board.left is None or board.ended == board.total else f", about {duration(board.left)} left"
    others = f", {board.waiting} done by another batch" if board.waiting else ""
    return f"{board.ended:,} of {board.total:,} runs, {len(board.running)} running{others}{left}"


def table_of(name: str, board: Board, height: int) -> Any:
    """How far a batch is: how runs ended, and what is running."""
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=None,
        title=Text(f"{printable(name)}: {_where(board)}"),
        title_justify="left",
        title_style="bold",
        expand=True,
    )
    table.add_column("running", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("MB", justify="right", no_wrap=True)
    most = max(min(SHOWN, height - 6), 1)
    for run in sorted(board.running, key=lambda run: -run.seconds)[:most]:
        table.add_row(Text(run.id), duration(run.seconds), f"{run.memory_mb:,.0f}" if run.memory_mb else "")
    if len(board.running) > most:
        table.add_row(f"and {len(board.running) - most} more")
    table.caption = Text("   ".join(f"{state} {count:,}" for state, count in board.states.items()))
    table.caption_justify = "left"
    return table


def page(outcome: Outcome, folder: Path) -> str:
    """What a batch came to."""
    from stockpile.study.batch.batch import WORST
    from stockpile.study.batch.folder import RUNS, STATES

    states = Counter(record.state for record in outcome.records)
    before = len(outcome.records) - outcome.fresh
    lines = [f"{len(outcome.records):,} runs are done" + (f", {before:,} of them before" if before else "")]
    lines += [f"  {states[state]:>7,}  {state:<10}  {STATES[state]}" for state in reversed(WORST) if states[state]]
    if outcome.undone:
        lines.append(f"  {outcome.undone:>7,}  not done")
    told = [record for record in outcome.records if record.objective is None]
    if told:
        lines += ["", "Runs without a plan"]
        lines += [_shortened(f"  {line(record)}") for record in told[:SHOWN]]
        lines += [f"  and {len(told) - SHOWN:,} more"] if len(told) > SHOWN else []
    lines += ["", "Next", f"  as a table:  stockpile results {pasted(folder)}", f"  plans:  {pasted(folder / RUNS)}"]
    return "\n".join(lines)


def _shortened(text: str) -> str:
    return text if len(text) <= 2 * WIDTH else f"{text[: 2 * WIDTH - 3]}..."
