"""Running the program: in this process where that is enough, as a process of its own where streams and signals matter."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from stockpile.cli.app import program
from stockpile.instance import Instance
from stockpile.instance.generate import random_instance
from stockpile.instance.write import write

COMMAND = [sys.executable, "-m", "stockpile.cli"]
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "PYTHONUNBUFFERED": ""}
"""Streams are buffered, as they are for most users, whatever the machine that runs the tests prefers."""
PATIENCE = 120.0
"""Seconds after which a process hangs; no test waits for them."""


def call(*arguments: str | Path) -> int:
    """The exit status of a command run in this process; read what it wrote with ``capsys``."""
    with pytest.raises(SystemExit) as ended:
        program.main([str(argument) for argument in arguments])
    code = ended.value.code
    assert isinstance(code, int)
    return code


def start(arguments: Sequence[str | Path], folder: Path, **options: Any) -> subprocess.Popen[str]:
    """A process of the program in a folder."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.Popen(command, cwd=folder, text=True, **{"env": ENVIRONMENT, **options})


def example(help_text: str) -> list[list[str]]:
    """The commands that a help page shows."""
    names = "|".join(program.commands)
    return [shlex.split(line) for line in re.findall(rf"^ +(stockpile (?:{names}) .*)$", help_text, re.M)]


def run(*arguments: str | Path, folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """A command run to its end in a process of its own, as ``start``."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=folder,
        text=True,
        timeout=PATIENCE,
        **{"env": ENVIRONMENT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def shown(text: str) -> bool:
    """Whether a terminal shows the text and does nothing else with it."""
    return all(line.isprintable() for line in text.split("\n"))


def write_searched(folder: Path) -> Path:
    """An instance whose best plan needs a search, a short one, as a folder: progress is told."""
    write(random_instance(3, 12, 2, 2), folder / "searched")
    return folder / "searched"


def hard() -> Instance:
    """Has a first plan within a second, and cannot be proven to the last digit within minutes."""
    return random_instance(20, 40, 6, 1)


def write_hard(folder: Path) -> Path:
    """The hard instance as a folder."""
    write(hard(), folder / "hard")
    return folder / "hard"
