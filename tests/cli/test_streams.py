"""Progress, closed and full streams, and Ctrl-C, each in a process of its own."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stockpile.cli.console import Console
from stockpile.cli.progress import LOG_PAUSE, PAUSE, Live
from stockpile.cli.work import CLEAR
from stockpile.plan.plan import Plan
from stockpile.solver.highs import Progress
from tests.cli.program import COMMAND, ENVIRONMENT, PATIENCE, call, run, start, write_hard


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
    assert call("audit", tmp_path / "hard", tmp_path / "kept") == 0


@pytest.mark.parametrize("closed", ["stdout", "stderr", "both"])
def test_a_closed_stream_costs_no_plan(closed: str, made: Path, tmp_path: Path) -> None:
    """Started by a tool that closes streams, the plan is made, and nothing is written into files that happen to be open."""
    plan = tmp_path / "plan"
    shut = {"stdout": ">&-", "stderr": "2>&-", "both": ">&- 2>&- <&-"}[closed]
    command = f"exec {' '.join(COMMAND)} solve {made / 'reserve'} -o {plan} {shut}"
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=ENVIRONMENT, timeout=PATIENCE)
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)
    assert Plan.read(plan).status == "optimal"


def without_reader() -> int:
    """The end of a pipe that nobody reads from any more."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize(
    "arguments",
    [
        "--help",
        "check reserve",
        "solve reserve -o new --json",
        "audit reserve plan",
        "export reserve --to mps",
        "solve nowhere --json",
        "solve --nonsense --json",
    ],
)
def test_a_reader_that_has_seen_enough_ends_the_program_quietly(arguments: str, here: Path) -> None:
    """Not one word; the plan is kept; and the status is not 1, which a script would take for a plan that fails its audit."""
    writer = without_reader()
    quiet = [] if arguments == "--help" else ["-q"]
    ended = run(*arguments.split(), *quiet, folder=here, stdout=writer)
    os.close(writer)
    assert ended.returncode == 141
    assert ended.stderr == "" or "no" in arguments
    assert "Traceback" not in ended.stderr
    assert (here / "new").exists() == ("new" in arguments)


def test_a_message_that_nobody_reads_costs_nothing(here: Path) -> None:
    """Plan and status are what they would be with somebody at the other end of standard error."""
    writer = without_reader()
    assert run("solve", "reserve", "-o", "new", "-v", folder=here, stderr=writer).returncode == 0
    assert run("solve", "--nonsense", folder=here, stderr=writer).returncode == 2
    assert run("solve", "nowhere", folder=here, stderr=writer).returncode == 2
    os.close(writer)
    assert Plan.read(here / "new").status == "optimal"


def test_the_first_line_can_be_had_with_head(here: Path) -> None:
    """The usual way to look at a long result."""
    command = f"{' '.join(COMMAND)} export reserve --to lp | head -n 1"
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=ENVIRONMENT, cwd=here)
    assert ended.stdout.startswith("\\ my-reserve")
    assert ended.stderr == ""


@pytest.mark.parametrize(
    "arguments", ["check reserve --json", "solve reserve -o new", "audit reserve plan", "export reserve --to mps"]
)
def test_a_full_disk_behind_standard_output_is_one_line(arguments: str, here: Path) -> None:
    """Half a result with status 0 would be taken for a whole one."""
    with open("/dev/full", "w") as full:
        ended = run(*arguments.split(), "-q", folder=here, stdout=full)
    assert (ended.returncode, ended.stderr) == (1, "error: No space left on device\n")
    assert (here / "new").exists() == ("new" in arguments)


def test_a_plan_that_cannot_be_kept_is_printed(here: Path) -> None:
    """An hour of search would be lost with the disk that is full; no half of a plan stays behind."""
    before = sorted(here.rglob("*"))
    command = f"ulimit -f 1; exec {' '.join(COMMAND)} solve reserve -o new --json"
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=ENVIRONMENT, cwd=here)
    assert ended.returncode == 1
    assert "error: the plan could not be kept in new: File too large" in ended.stderr
    assert json.loads(ended.stdout)["plan"] is None
    assert sorted(here.rglob("*")) == before


def test_no_room_for_temporary_files_is_said(here: Path) -> None:
    """The system's own words are "no such file", which says nothing."""
    command = f"ulimit -f 0; exec {' '.join(COMMAND)} solve reserve"
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=ENVIRONMENT, cwd=here)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("error: No usable temporary directory")


def test_the_log_for_programs_is_an_object_a_line(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipeline that parses the log must not stumble over a line in words, whatever happens."""
    now = [0.0]
    with Live(Console(log_format="json"), "MUSD", clock=lambda: now[0]) as live:
        for second in (0.2, LOG_PAUSE, LOG_PAUSE + 0.1):
            now[0] = second
            live(report(second))
    (told,) = logged(capsys)
    assert (told["event"], told["seconds"], told["best"], told["bound"]) == ("progress", LOG_PAUSE, 12.5, 10.0)
    assert (told["gap"], told["nodes"], told["unit"]) == (0.2, 7, "MUSD")
    assert call("solve", "reserve", "--log-format", "json", "-o", "plan", "-v") == 0
    assert {"level": "info", "message": "plan written to plan"}.items() <= logged(capsys)[-1].items()
    assert call("solve", "nowhere", "--log-format=json") == 2
    (failed,) = logged(capsys)
    assert (failed["level"], failed["message"]) == ("error", "1 problem in nowhere")
    assert "nowhere" in failed["details"][0]
    assert call("solve", "reserve", "--nonsense", "--log-format", "json") == 2
    assert [line["level"] for line in logged(capsys)] == ["info", "error"]
    monkeypatch.setattr("stockpile.engine.solve", lambda *_, **__: 1 / 0)
    assert call("solve", "reserve", "--log-format", "json", "-v") == 1
    assert [line["level"] for line in logged(capsys)] == ["debug", "error"]
    assert call("solve", "reserve", "--log-format", "json", "-q") == 1
    assert [line["level"] for line in logged(capsys)] == ["error"]


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The objects on standard error, each with its time in UTC."""
    found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert all(datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0) for line in found)
    return found
