"""On a terminal: colour unless it is unwanted, one line of progress within the width, and Ctrl-C at any time."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from stockpile.cli.work import CLEAR
from stockpile.plan.plan import Plan
from tests.cli.program import ENVIRONMENT, PATIENCE, start, write_hard, write_searched
from tests.instance.folders import cell


def on_a_terminal(arguments: list[str], folder: Path, columns: int, **environment: str) -> tuple[int, str]:
    """The exit status, and all that a terminal gets from a command whose three streams it is."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    plain = {key: value for key, value in ENVIRONMENT.items() if key not in ("COLUMNS", "NO_COLOR")}
    env = {**plain, "TERM": "xterm", **environment}
    process = start(arguments, folder, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    seen = b""
    try:
        while more := os.read(ours, 65536):
            seen += more
    except OSError:
        pass
    finally:
        os.close(ours)
    return process.wait(PATIENCE), seen.decode()


@pytest.mark.parametrize(
    ("environment", "colour"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_only_where_it_is_wanted(environment: dict[str, str], colour: bool, here: Path) -> None:
    """Who set NO_COLOR cannot read colour, or keeps what the terminal shows; a dumb terminal shows the codes."""
    write_searched(here)
    status, page = on_a_terminal(["solve", "searched", "--gap", "0"], here, 80, **environment)
    assert status == 0
    assert bool(re.search(r"\x1b\[[0-9;]*m", page)) == colour
    assert ("\x1b" in page) == (environment.get("TERM") != "dumb")
    status, misuse = on_a_terminal(["solve", "reserve", "a\x1b[5mb"], here, 80, **environment)
    assert status == 2
    assert bool(re.search(r"\x1b\[[0-9;]*m", misuse)) == colour
    assert "\x1b[5m" not in misuse


@pytest.mark.parametrize("columns", [20, 200])
def test_progress_stays_within_the_width_and_is_wiped(columns: int, here: Path) -> None:
    """A line that wraps cannot be written over: it would fill the terminal with its halves."""
    write_searched(here)
    status, seen = on_a_terminal(["solve", "searched", "--gap", "0", "--json"], here, columns, COLUMNS="500")
    assert status == 0
    *shown, document = seen.split(CLEAR)
    assert shown[0] == ""
    assert len(shown) > 1
    assert all("\n" not in line and len(line) < columns for line in shown)
    found = json.loads(document)
    assert shown[-1][:6].strip().isdigit()
    assert shown[-1][6:].startswith(f" s  best {found['objective']:,.2f}"[: columns - 7])
    assert found["status"] == "optimal"


INTERRUPTED_IN_TEXT = """
import sys
from stockpile.cli.app import program

def interrupted(*_):
    exec("raise KeyboardInterrupt")

program.commands["check"].invoke = interrupted
sys.argv = ["stockpile", "check", "reserve", "--json"]
program()
"""


def test_ctrl_c_while_a_class_is_made_has_its_exit_status(here: Path) -> None:
    """Python would end by a signal where the interruption came within text that it executes, though it was caught."""
    (here / "interrupted.py").write_text(INTERRUPTED_IN_TEXT)
    command = [sys.executable, "-m", "interrupted"]
    done = subprocess.run(command, cwd=here, text=True, capture_output=True, env=ENVIRONMENT, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (130, "")
    assert json.loads(done.stdout)["status"] == "interrupted"


def test_ctrl_c_at_any_time_leaves_all_or_nothing(tmp_path: Path) -> None:
    """Pressed as soon as the instance is read: one document, a whole plan or none, and nothing left over."""
    cell("duties", 2, "origin", "Nowhere")(write_hard(tmp_path))
    (tmp_path / "temporary").mkdir()
    env = {**ENVIRONMENT, "TMPDIR": str(tmp_path / "temporary")}
    arguments = ["solve", "hard", "--gap", "0", "--threads", "1", "-o", "kept", "--json"]
    process = start(arguments, tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    try:
        assert process.stderr is not None
        assert "warning" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode in (4, 5, 130)
    assert "Traceback" not in err
    document = json.loads(out)
    assert {4: "feasible", 5: "no plan", 130: "interrupted"}[process.returncode] == document["status"]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"hard", "temporary"} | ({"kept"} if process.returncode == 4 else set())
    assert [*(tmp_path / "temporary").glob("stockpile-*")] == []
    if process.returncode == 4:
        assert Plan.read(tmp_path / "kept").summary["stopped_by"] == "interrupt"
