"""What is seen of a batch while it goes on: the table of a terminal, a line for each run elsewhere."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from rich.console import Console as Terminal

from stockpile.cli import batch_view
from stockpile.cli.batch_view import View, duration, line, table_of
from stockpile.cli.console import Console
from stockpile.study.batch.batch import Board
from stockpile.study.batch.folder import Record
from stockpile.study.batch.workers import Running

ENDED = Record(id="a--price=1", state="optimal", objective=1234.5, unit="MUSD", seconds=2.0)
DEAD = Record(id="b", state="killed", exit=5, seconds=61.5, message="had 900 MB\nof memory")


def board() -> Board:
    """Ten runs, four done, two of them now in three seconds each, three running."""
    running = [Running("slow", 300.0, 512.0), Running("new", 1.0, 0.0), Running("x" * 200, 2.0, 100.0)]
    return Board(10, Counter(optimal=3, killed=1), fresh=2, seconds=6.0, running=running, workers=3)


def test_the_time_left_is_that_of_what_is_not_done() -> None:
    """Six runs of three seconds by three workers, less what the running ones have behind them: 3 + 1 + 2 s."""
    assert board().left == pytest.approx((6 * 3 - 3 - 1 - 2) / 3)
    assert Board(10).left is None
    assert [duration(seconds) for seconds in (5, 300, 7200)] == ["5 s", "5 min", "2.0 h"]


def test_the_table_fits_its_terminal() -> None:
    """The longest first, as many as there is room for, and how runs have ended."""
    terminal = Terminal(width=60, height=8, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    terminal.print(table_of("prices", board(), terminal.size.height))
    text = terminal.export_text()
    lines = [text_line.rstrip() for text_line in text.splitlines()]
    assert max(map(len, lines)) <= 60
    assert lines[0].startswith("prices: 4 of 10 runs, 3 running, about 4 s left")
    named = [text_line.split()[0] for text_line in lines[2:4]]
    assert named[0] == "slow"
    assert re.fullmatch("x+\u2026", named[1])
    assert "5 min" in text
    assert "and 1 more" in text
    assert "optimal 3   killed 1" in text


def test_a_line_tells_a_run() -> None:
    """With its reason where it has no plan, and nothing that moves the cursor."""
    assert line(ENDED) == "optimal       1,234.50 MUSD     2.0 s  a--price=1"
    assert line(DEAD) == "killed                         61.5 s  b  had 900 MB"


def test_elsewhere_each_run_is_a_line_or_an_event(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And after a while without any, that the batch goes on; with -q nothing."""
    monkeypatch.setattr(batch_view, "PAUSE", 0.0)
    for console in (Console(), Console(log_format="json"), Console(quiet=True)):
        with View(console, "prices", frozenset()) as view:
            view.ended(DEAD, board())
            view.tick(board())
    texts = capsys.readouterr().err.splitlines()
    words = [text for text in texts if not text.startswith("{")]
    events = [text for text in texts if text.startswith("{")]
    assert words == ["[ 4/10] " + line(DEAD), "4 of 10 runs, 3 running, about 4 s left"]
    run, progress = map(json.loads, events)
    assert (run["event"], run["id"], run["state"], run["exit"], run["done"], run["total"]) == (
        "run",
        "b",
        "killed",
        5,
        4,
        10,
    )
    assert (progress["event"], progress["seconds_left"], len(progress["running"])) == ("progress", 4.0, 3)
