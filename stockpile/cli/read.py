"""Reading an instance for a command: its warnings are messages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stockpile.cli.console import Console

if TYPE_CHECKING:
    from stockpile.instance import Instance


def read_instance(console: Console, path: Path, changes: Sequence[str]) -> Instance:
    """Load an instance with some changes and pass on its warnings.  Raises DataError with every problem."""
    from stockpile.instance import load

    console.subject = path.name or str(path)
    instance = load(path, changes)
    for warning in instance.warnings:
        console.warn(str(warning))
    return instance
