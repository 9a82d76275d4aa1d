"""Progress, closed and full streams, and Ctrl-C, each in a process of its own."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from stockpile.cli.console import Console
from stockpile.cli.progress import CLEAR, PAUSE, Live
from stockpile.plan.plan import Plan
from stockpile.solver.highs import Progress
from tests.cli.program import COMMAND, ENVIRONMENT, start, write_hard

PATIENCE = 60.0


def report(seconds: float = 1.0) -> Progress:
    """A report of the solver."""
    return Progress(seconds=seconds, best=12.5, bound=10.0, gap=0.2, nodes=7)


def test_progress_without_a_terminal_is_plain_lines_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """A log file must not be filled with a line for every report, nor with control characters."""
    now = [0.0]
    with Live(Console(), "MUSD", clock=lambda: now[0]) as live:
        for second in range(21):
            now[0] = float(second)
            live(report(second))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 20 // PAUSE
    assert lines[0].split() == [
        "5",
        "s",
        "best",
        "12.50",
        "MUSD",
        "bound",
        "10.00",
        "MUSD",
        "gap",
        "20.00%",
        "7",
        "nodes",
    ]
    assert all(line.isprintable() for line in lines)


def test_quiet_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """-q leaves nothing but errors."""
    now = [0.0]
    with Live(Console(quiet=True), "MUSD", clock=lambda: now[0]) as live:
        now[0] = 99.0
        live(report())
    assert capsys.readouterr().err == ""


def until(terminal: int, words: bytes, process: subprocess.Popen[str]) -> bytes:
    """What a terminal shows until some words come, or its other end is closed; fails when patience ends."""
    shown, end = b"", time.monotonic() + PATIENCE
    while words not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                more = os.read(terminal, 4096)
            except OSError:
                return shown
            if not more:
                return shown
            shown += more
    assert words in shown, (shown, process.poll())
    return shown


def test_on_a_terminal_one_line_is_updated_and_ctrl_c_keeps_the_plan(tmp_path: Path) -> None:
    """The line is written over itself and wiped at the end; the plan found so far is audited, written, and exits 4."""
    write_hard(tmp_path)
    ours, theirs = pty.openpty()
    arguments = ["solve", "hard", "--gap", "0", "--threads", "1", "-o", "kept"]
    process = start(arguments, tmp_path, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    try:
        shown = until(ours, b"best 1", process)
        shown += until(ours, CLEAR.encode(), process)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
        shown += until(ours, b"plan written to kept", process)
    finally:
        process.kill()
        os.close(ours)
    assert process.returncode == 4
    lines = shown.split(CLEAR.encode())
    assert len(lines) > 2
    assert all(b"\n" not in line for line in lines[1:-1])
    assert b"stopped by hand (Ctrl-C)" in shown
    assert "audit passed" in out
    kept = Plan.read(tmp_path / "kept")
    assert (kept.status, kept.summary["stopped_by"]) == ("feasible", "interrupt")


@pytest.mark.parametrize("closed", ["stdout", "stderr", "both"])
def test_a_closed_stream_costs_no_plan(closed: str, made: Path, tmp_path: Path) -> None:
    """Started by a tool that closes streams, the plan is made, and nothing is written into files that happen to be open."""
    plan = tmp_path / "plan"
    shut = {"stdout": ">&-", "stderr": "2>&-", "both": ">&- 2>&- <&-"}[closed]
    command = f"exec {' '.join(COMMAND)} solve {made / 'reserve'} -o {plan} {shut}"
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=ENVIRONMENT, timeout=PATIENCE)
    assert (run.returncode, "Traceback" in run.stderr) == (0, False)
    assert Plan.read(plan).status == "optimal"


@pytest.mark.parametrize(
    ("where", "status", "words"), [(">/dev/full", 1, "No space left on device"), ("| head -c 1", 0, "")]
)
def test_a_full_or_broken_output_is_not_a_traceback(where: str, status: int, words: str, made: Path) -> None:
    """A full disk is an error in one line; a reader that has seen enough is none at all."""
    command = f"{' '.join(COMMAND)} check {made / 'reserve'} --json {where}"
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=ENVIRONMENT, timeout=PATIENCE)
    assert (run.returncode, "Traceback" in run.stderr) == (status, False)
    assert words in run.stderr


def test_names_that_move_the_cursor_do_not(made: Path, tmp_path: Path) -> None:
    """A folder's name with an escape sequence is shown with a question mark, and its plan is made all the same."""
    odd = tmp_path / "a\x1b[31mb"
    odd.symlink_to(made / "reserve")
    process = start(["solve", odd, "-o", tmp_path / "p\x1b[2J"], tmp_path, stdout=-1, stderr=-1)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "\x1b" not in out + err
    assert "a?[31mb" in out
